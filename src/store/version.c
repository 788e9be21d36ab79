/*
 * version.c
 *		Whether this library, the objects of the extension and the tables of a
 *		store are of one version.
 *
 * They are not from the day a package is installed or an old dump restored until
 * ALTER EXTENSION scim UPDATE and scim.upgrade_store().  In between a store is not
 * served: what this library would write there is not what that version wrote.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "error.h"
#include "extension.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* Is the extension known to be of the version of this library? */
static bool extension_fits = false;

/* No update of the extension leaves all its functions as they are. */
static void
functions_invalidated(Datum arg, int cacheid, uint32 hashvalue)
{
	extension_fits = false;
}

/* ScimVersionInit registers a callback. */
void
ScimVersionInit(void)
{
	CacheRegisterSyscacheCallback(PROCOID, functions_invalidated, (Datum) 0);
}

/* Less than, equal to or greater than 0, as version a is of b: 0.9.0 before 0.10.0. */
static int
compare_versions(const char *a, const char *b)
{
	for (;;)
	{
		char *a_end;
		char *b_end;
		long x = strtol(a, &a_end, 10);
		long y = strtol(b, &b_end, 10);

		if (x != y)
			return x < y ? -1 : 1;
		if (*a_end != '.' || *b_end != '.')
			return strcmp(a_end, b_end);
		a = a_end + 1;
		b = b_end + 1;
	}
}

/*
 * ScimStoreMayBecome: is a version of a store a step forward, to one that this library
 * knows?  So it is where people execute what scim.upgrade_store() says with dry_run.
 */
bool
ScimStoreMayBecome(const char *from, const char *to)
{
	return compare_versions(from, to) < 0 &&
		   compare_versions(to, SCIM_STORE_VERSION) <= 0;
}

/*
 * Raise the error.  Over HTTP it becomes a 503, which nobody at the server sees:
 * so it is in the log as well, once for each session and store.
 */
static void
refuse(bool *complained, const char *message, const char *hint)
{
	if (!*complained)
		ereport(LOG_SERVER_ONLY,
				(errmsg_internal("%s", message), errhint("%s", hint), errhidestmt(true)));
	*complained = true;
	ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE), errmsg_internal("%s", message),
					errhint("%s", hint)));
}

/* What is wrong with a store that lacks a trigger, and what is to be done. */
static char *
without_door(const ScimTables *tables, const char *lack)
{
	/* a sentence becomes part of one */
	return psprintf("store \"%s\" is without its door: %c%.*s",
					get_namespace_name(tables->namespace_oid),
					pg_tolower((unsigned char) lack[0]), (int) strlen(lack) - 2,
					lack + 1);
}

static char *
repair_hint(const ScimTables *tables)
{
	return psprintf(
		"SELECT scim.repair_store(%s) \\gexec in psql puts back what is missing.",
		quote_literal_cstr(get_namespace_name(tables->namespace_oid)));
}

/*
 * ScimExtensionRequireFit raises an error where the objects of the extension are not of
 * the version of this library; store: the name of the one that somebody is at,
 * complained: whether the log has been told.
 */
void
ScimExtensionRequireFit(const char *store, bool *complained)
{
	char *version;

	if (extension_fits)
		return;
	version = ScimExtensionVersion();
	if (version == NULL || strcmp(version, SCIM_VERSION) == 0)
		extension_fits = true;
	else if (compare_versions(version, SCIM_VERSION) < 0)
		refuse(complained,
			   psprintf("extension \"scim\" is of version %s in this database, but "
						"version %s is installed on this server",
						version, SCIM_VERSION),
			   psprintf("Run ALTER EXTENSION scim UPDATE, and then SELECT "
						"scim.upgrade_store(%s) \\gexec in psql.",
						quote_literal_cstr(store)));
	else
		refuse(complained,
			   psprintf("extension \"scim\" is of version %s in this database, but this "
						"session has loaded version %s",
						version, SCIM_VERSION),
			   psprintf("Connect again; where that does not help, install version %s on "
						"this server.",
						version));
}

/* Are scim.upgrade_store or scim.repair_store at work, in this session? */
static bool mended = false;

/* ScimStoreMend says whether they are from now on, and returns whether they were. */
bool
ScimStoreMend(bool now)
{
	bool before = mended;

	mended = now;
	return before;
}

/* ScimStoreIsMended: does a trigger meet what scim.upgrade_store or its like writes? */
bool
ScimStoreIsMended(void)
{
	return mended;
}

/*
 * ScimStoreRequireWhole raises an error where a store is not of the version that this
 * library reads and writes, SCIM_STORE_VERSION, the last one that changed what a store
 * is; or where its tables lack triggers.  in_use: or something else that one has, but for
 * who is about to put it back.
 */
void
ScimStoreRequireWhole(ScimStore *store, bool in_use)
{
	const char *version = store->version;
	const char *lack;

	ScimExtensionRequireFit(store->name, &store->complained);
	if (version == NULL && !OidIsValid(store->tables.relid[SCIM_TABLE_STORE]))
		refuse(
			&store->complained,
			psprintf("store \"%s\" is not whole: it has no table \"store\"", store->name),
			repair_hint(&store->tables));
	else if (version == NULL)
		refuse(&store->complained,
			   psprintf("store \"%s\" does not say of which version it is", store->name),
			   psprintf("Its table \"store\" needs one row, for instance: INSERT INTO "
						"%s.store (version) VALUES ('%s').",
						store->quoted_name, SCIM_STORE_VERSION));
	else if (strcmp(version, SCIM_STORE_VERSION) == 0)
		; /* as it should be */
	else if (compare_versions(version, SCIM_STORE_VERSION) < 0)
		refuse(
			&store->complained,
			psprintf("store \"%s\" is of version %s, but the extension needs version "
					 "%s",
					 store->name, version, SCIM_STORE_VERSION),
			psprintf("Bring it forward: SELECT scim.upgrade_store(%s) \\gexec in psql.",
					 quote_literal_cstr(store->name)));
	else if (compare_versions(version, SCIM_STORE_VERSION) > 0)
		refuse(
			&store->complained,
			psprintf("store \"%s\" is of version %s, but the extension knows stores of "
					 "up to version %s",
					 store->name, version, SCIM_STORE_VERSION),
			psprintf("Install version %s or later on this server, and run ALTER "
					 "EXTENSION scim UPDATE.",
					 version));
	if (store->restoring)
		refuse(
			&store->complained, psprintf("store \"%s\" is being restored", store->name),
			psprintf("When all rows are there: SELECT scim.repair_store(%s) \\gexec in "
					 "psql.",
					 quote_literal_cstr(store->name)));
	lack = ScimTablesLack(&store->tables);
	if (lack != NULL)
		refuse(&store->complained, without_door(&store->tables, lack),
			   repair_hint(&store->tables));
	if (store->lack != NULL && in_use && !ScimStoreIsMended())
		refuse(&store->complained,
			   psprintf("store \"%s\" is not whole: %s", store->name, store->lack),
			   store->lack_hint);
}

/* The same error, of a store that is not looked for. */
static void
require_triggers(const ScimTables *tables)
{
	const char *lack = ScimTablesLack(tables);

	if (lack != NULL)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg_internal("%s", without_door(tables, lack)),
						errhint("%s", repair_hint(tables))));
}

/*
 * ScimTablesOfTrigger finds the tables of the store on one of which a trigger was
 * called, without its registry, which may be what is wrong with it.
 */
void
ScimTablesOfTrigger(const TriggerData *trigger, ScimTable table, ScimTables *found)
{
	Oid root = ScimTriggerRoot(trigger, table);

	if (OidIsValid(root))
	{
		(void) ScimTablesFind(get_rel_namespace(root), found, false);
		require_triggers(found);
	}
	ScimTriggerCheck(trigger, table, root, OidIsValid(root) ? found : NULL);
}

/*
 * ScimIsBeingRestored: does the table "store" say so, or has it never had a row?  One
 * that somebody has deleted leaves its page.
 */
bool
ScimIsBeingRestored(const ScimTables *tables)
{
	Oid relid = tables->relid[SCIM_TABLE_STORE];
	Relation relation;
	ScimIdentity caller;
	bool restoring;

	/* an earlier version did not take rows so */
	if (!OidIsValid(relid) ||
		get_atttype(relid, get_attnum(relid, "restoring")) != BOOLOID)
		return false;
	ScimTablesRequireUsable(tables);
	caller = ScimBeReader(tables->owner);
	SPI_connect();
	ScimSpiExecuteOnce(
		psprintf("SELECT restoring FROM %s.store",
				 quote_identifier(get_namespace_name(tables->namespace_oid))),
		NULL, true, 1);
	if (SPI_processed > 0)
		restoring = DatumGetBool(ScimResultValue(0, 1, BOOLOID));
	else
	{
		relation = table_open(relid, AccessShareLock);
		restoring = RelationGetNumberOfBlocks(relation) == 0;
		table_close(relation, AccessShareLock);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return restoring;
}
