/*
 * rights.c
 *		Whose a store is, and what its owner may do in it: what is wrong with that, and
 *		the statement that mends it.
 *
 * What is done as the owner of a store finds its tables by their names, reads and writes
 * them, and makes some.  Another one may own the schema, and an owner may revoke from
 * himself.  Then it is the store that is broken, whoever asks: that is no refusal of the
 * caller, who may have every right.
 *
 * All who say something of it take their words from here: what the store is looked at by
 * (ScimTablesRequireUsable), scim.readiness, scim.repair_store and scim.upgrade_store,
 * and a statement of ours that is refused (ScimFaultRethrow).
 */
#include "postgres.h"

#include <ctype.h>

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "store/statement/plan.h"
#include "store/statement/rights.h"
#include "store/statement/tables.h"

PG_FUNCTION_INFO_V1(scim_store_faults);
PG_FUNCTION_INFO_V1(scim_require_rights);

/* In the order in which they are told; what stands in the way of making tables as well */
static const struct
{
	AclMode right;
	const char *name;
} rights[] = {
	{ACL_SELECT, "SELECT"}, {ACL_INSERT, "INSERT"},         {ACL_UPDATE, "UPDATE"},
	{ACL_DELETE, "DELETE"}, {ACL_REFERENCES, "REFERENCES"}, {ACL_TRIGGER, "TRIGGER"},
};

/*
 * What is done as the owner where a request changes a resource, whatever the client may:
 * rows are locked, and what belongs to them is written and goes with them.
 */
static AclMode
needed_by_requests(ScimTable table)
{
	switch (table)
	{
		case SCIM_TABLE_RESOURCE:
			return ACL_UPDATE;
		case SCIM_TABLE_MEMBER:
			return ACL_DELETE;
		case SCIM_TABLE_UNIQUE_VALUE:
			return ACL_INSERT | ACL_DELETE;
		case SCIM_TABLE_CREDENTIAL:
			return ACL_INSERT | ACL_UPDATE;
		case SCIM_TABLE_AUDIT:
		case SCIM_TABLE_EVENT:
			return ACL_INSERT;
		default:
			return ACL_NO_RIGHTS;
	}
}

/* Is it a part of the audit whose month is over (scim_internal.create_audit_tables)? */
static bool
is_past(Oid relid)
{
	const char *name = get_rel_name(relid);
	struct pg_tm tm;
	fsec_t microseconds;

	/* in UTC */
	if (timestamp2tm(GetCurrentTimestamp(), NULL, &tm, &microseconds, NULL, NULL) != 0)
		return false;
	return name != NULL && strncmp(name, "audit_", strlen("audit_")) == 0 &&
		   strcmp(name, psprintf("audit_%04d_%02d", tm.tm_year, tm.tm_mon)) < 0;
}

/* What somebody may keep from himself on purpose: there are rows that nobody is to
 * change.
 */
static AclMode
may_be_kept(ScimTable table, Oid relid)
{
	if (table == SCIM_TABLE_AUDIT && is_past(relid))
		return ACL_INSERT | ACL_UPDATE | ACL_DELETE;
	return table == SCIM_TABLE_AUDIT || table == SCIM_TABLE_AUDIT_SEAL
			   ? ACL_UPDATE | ACL_DELETE
			   : ACL_NO_RIGHTS;
}

Oid
ScimRelationOwner(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

static List *
add_fault(List *faults, ScimFaultKind kind, Oid namespace_oid, Oid relid, char *what,
		  char *mend)
{
	ScimFault *fault = palloc(sizeof(ScimFault));

	fault->kind = kind;
	fault->namespace_oid = namespace_oid;
	fault->relid = relid;
	fault->what = what;
	fault->mend = mend;
	return lappend(faults, fault);
}

/* What is wrong with the schema of the tables. */
static List *
add_schema(List *faults, Oid namespace_oid, Oid owner)
{
	const char *store = get_namespace_name(namespace_oid);
	const char *schema = quote_identifier(store);
	const char *name = quote_identifier(GetUserNameFromId(owner, false));
	Oid other = ScimSchemaOwner(namespace_oid);
	bool used = object_aclcheck(NamespaceRelationId, namespace_oid, owner, ACL_USAGE) ==
				ACLCHECK_OK;
	bool made = object_aclcheck(NamespaceRelationId, namespace_oid, owner, ACL_CREATE) ==
				ACLCHECK_OK;
	ScimFaultKind kind = used ? SCIM_FAULT_OTHER : SCIM_FAULT_READING;

	if (!has_privs_of_role(owner, other))
		return add_fault(
			faults, kind, namespace_oid, InvalidOid,
			psprintf("schema %s does not belong to the owner of store \"%s\", but to "
					 "\"%s\"",
					 schema, store, GetUserNameFromId(other, false)),
			psprintf("ALTER SCHEMA %s OWNER TO %s", schema, name));
	if (!used || !made)
		return add_fault(faults, kind, namespace_oid, InvalidOid,
						 psprintf("the owner of store \"%s\" may not use its schema, or "
								  "make tables there",
								  store),
						 psprintf("GRANT ALL ON SCHEMA %s TO %s", schema, name));
	return faults;
}

/* ... with whose a table, or a part of one, is. */
static List *
add_foreign(List *faults, Oid namespace_oid, Oid relid, Oid owner)
{
	Oid other = ScimRelationOwner(relid);
	const char *table;

	if (!OidIsValid(other) || other == owner)
		return faults;
	table = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									   get_rel_name(relid));
	return add_fault(
		faults, SCIM_FAULT_READING, namespace_oid, relid,
		psprintf("table %s does not belong to the owner of store \"%s\", but to \"%s\"",
				 table, get_namespace_name(namespace_oid),
				 GetUserNameFromId(other, false)),
		psprintf("ALTER TABLE %s OWNER TO %s", table,
				 quote_identifier(GetUserNameFromId(owner, false))));
}

/* ... with what its owner may do with it; reading: nothing else is asked for. */
static List *
add_lacking(List *faults, Oid namespace_oid, ScimTable number, Oid relid, Oid owner,
			bool reading)
{
	const char *store = get_namespace_name(namespace_oid);
	AclMode wanted = ACL_NO_RIGHTS;
	AclMode lacks;
	ScimFaultKind kind;
	StringInfoData names;

	/* what is no table is said of it elsewhere */
	reading |= get_rel_relkind(relid) != RELKIND_RELATION &&
			   get_rel_relkind(relid) != RELKIND_PARTITIONED_TABLE;
	for (size_t i = 0; i < (reading ? 1 : lengthof(rights)); i++)
		wanted |= rights[i].right;
	lacks = wanted & ~pg_class_aclmask(relid, owner, wanted, ACLMASK_ALL);
	if (lacks == ACL_NO_RIGHTS)
		return faults;
	initStringInfo(&names);
	for (size_t i = 0; i < lengthof(rights); i++)
	{
		if (lacks & rights[i].right)
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", rights[i].name);
	}
	if (lacks & ACL_SELECT)
		kind = SCIM_FAULT_READING;
	else if ((lacks & ~may_be_kept(number, relid)) == ACL_NO_RIGHTS)
		kind = SCIM_FAULT_KEPT;
	else if (lacks & needed_by_requests(number))
		kind = SCIM_FAULT_WRITING;
	else
		kind = SCIM_FAULT_OTHER;
	return add_fault(
		faults, kind, namespace_oid, relid,
		lacks & ACL_SELECT
			? psprintf("the owner of store \"%s\" may not read its table \"%s\"", store,
					   get_rel_name(relid))
			: psprintf("the owner of store \"%s\" lacks %s on its table \"%s\"", store,
					   names.data, get_rel_name(relid)),
		psprintf("GRANT ALL ON %s TO %s",
				 quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
											get_rel_name(relid)),
				 quote_identifier(GetUserNameFromId(owner, false))));
}

/* A table and its parts, of which some may go meanwhile; InvalidOid: there is none. */
static List *
parts_of(Oid relid)
{
	return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid))
			   ? find_all_inheritors(relid, NoLock, NULL)
			   : NIL;
}

/* ScimFaultSentence: a fault as the detail of an error. */
char *
ScimFaultSentence(const ScimFault *fault)
{
	return psprintf("%c%s: %s.", toupper((unsigned char) *fault->what), fault->what + 1,
					fault->mend);
}

/* ScimTableForeign: that a table of a store is somebody else's, as a sentence, or NULL.
 */
char *
ScimTableForeign(Oid namespace_oid, Oid relid, Oid owner)
{
	List *faults = add_foreign(NIL, namespace_oid, relid, owner);

	return faults != NIL ? ScimFaultSentence(linitial(faults)) : NULL;
}

/*
 * ScimStoreFaults: what is wrong with the owners and the rights of a store, ScimFault *,
 * the worst first as scim.repair_store needs it: whose the tables are, the schema, what
 * the owner may do with each.  It need not be of this version.
 */
List *
ScimStoreFaults(Oid namespace_oid, Oid owner)
{
	List *faults = NIL;

	/* a temporary one is no store, and says so */
	if (isAnyTempNamespace(namespace_oid))
		return NIL;
	for (int step = 0; step < 2; step++)
	{
		if (step == 1)
			faults = add_schema(faults, namespace_oid, owner);
		for (int number = 0; number < SCIM_TABLES; number++)
		{
			Oid relid = get_relname_relid(ScimTableName(number), namespace_oid);
			ListCell *lc;

			foreach (lc, parts_of(relid))
				faults = step == 0
							 ? add_foreign(faults, namespace_oid, lfirst_oid(lc), owner)
							 : add_lacking(faults, namespace_oid, number, lfirst_oid(lc),
										   owner, false);
		}
	}
	return faults;
}

/*
 * ScimTablesRequireUsable: an error where the owner of a store cannot find or read what
 * it consists of.  What he may write is asked where it is written.
 */
void
ScimTablesRequireUsable(const ScimTables *found)
{
	Oid namespace_oid = found->namespace_oid;
	List *faults = add_schema(NIL, namespace_oid, found->owner);
	ListCell *lc;

	for (int i = 0; i < SCIM_TABLES; i++)
	{
		if (OidIsValid(found->relid[i]))
			faults = add_lacking(faults, namespace_oid, (ScimTable) i, found->relid[i],
								 found->owner, true);
	}
	foreach (lc, faults)
	{
		const ScimFault *fault = lfirst(lc);

		if (fault->kind == SCIM_FAULT_READING)
			ScimRaiseNoStore(namespace_oid, ScimFaultSentence(fault));
	}
}

/* ScimFaultRaise raises the error of a fault; denied NULL: nothing was refused yet. */
void
ScimFaultRaise(const ScimFault *fault, const char *denied)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("%s", fault->what),
			 denied != NULL ? errdetail_internal("%s", denied) : 0,
			 errhint("%s", fault->mend),
			 err_generic_string(PG_DIAG_SCHEMA_NAME,
								get_namespace_name(fault->namespace_oid))));
}

/* ScimErrorIsFault: is it an error of ScimFaultRaise? */
bool
ScimErrorIsFault(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE &&
		   error->schema_name != NULL;
}

/* Is something named in what the server says, in whatever language, of a lack of rights?
 */
static bool
is_named(const char *message, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(message, name); at != NULL; at = strstr(at + 1, name))
	{
		char before = at == message ? ' ' : at[-1];

		if (!isalnum((unsigned char) before) && before != '_' &&
			!isalnum((unsigned char) at[length]) && at[length] != '_')
			return true;
	}
	return false;
}

/* The fault of a store by which its owner was denied something, or NULL. */
static const ScimFault *
fault_behind(Oid namespace_oid, Oid owner, const ErrorData *error)
{
	bool of_schema = strstr(error->message_id, " schema ") != NULL;
	ListCell *lc;

	foreach (lc, ScimStoreFaults(namespace_oid, owner))
	{
		const ScimFault *fault = lfirst(lc);
		const char *name =
			of_schema ? get_namespace_name(namespace_oid) : get_rel_name(fault->relid);

		if (OidIsValid(fault->relid) != of_schema && name != NULL &&
			is_named(error->message, name))
			return fault;
	}
	return NULL;
}

/* The owner of the store that a schema is; InvalidOid where it is none. */
static Oid
owner_of_store(Oid namespace_oid)
{
	ScimTables found;

	return OidIsValid(namespace_oid) && ScimTablesFind(namespace_oid, &found, true)
			   ? found.owner
			   : InvalidOid;
}

/*
 * ScimFaultBehind: is a lack of rights that of the owner of a store, as whom something
 * was done, so that nobody but he can mend it?  user: as whom the server said it, which
 * is known in PG_CATCH().  The client as whom requests are served is another one, and
 * what he lacks is told to him.  everywhere: also of other stores than the one at hand.
 */
const ScimFault *
ScimFaultBehind(const ErrorData *error, Oid user, bool everywhere)
{
	static const char template[] = "permission denied for ";
	const char *name = GetConfigOption("scim.store", true, false);
	Oid current = name != NULL ? get_namespace_oid(name, true) : InvalidOid;
	const ScimFault *fault = NULL;
	CatCList *list;

	/* no more than the server itself says, in its words */
	if (error->sqlerrcode != ERRCODE_INSUFFICIENT_PRIVILEGE ||
		error->message_id == NULL ||
		strncmp(error->message_id, template, strlen(template)) != 0)
		return NULL;
	if (owner_of_store(current) == user)
		fault = fault_behind(current, user, error);
	if (fault != NULL || !everywhere)
		return fault;
	list = SearchSysCacheList1(RELNAMENSP,
							   CStringGetDatum(ScimTableName(SCIM_TABLE_RESOURCE)));
	for (int i = 0; i < list->n_members && fault == NULL; i++)
	{
		Form_pg_class table = (Form_pg_class) GETSTRUCT(&list->members[i]->tuple);

		if (table->relowner == user && owner_of_store(table->relnamespace) == user)
			fault = fault_behind(table->relnamespace, user, error);
	}
	ReleaseSysCacheList(list);
	return fault;
}

/*
 * ScimFaultRethrow, in PG_CATCH() around a statement: raises the error of a fault where
 * that is behind the one at hand, and returns otherwise.
 */
void
ScimFaultRethrow(MemoryContext caller)
{
	MemoryContext before;
	ErrorData *error;
	const ScimFault *fault;

	if (geterrcode() != ERRCODE_INSUFFICIENT_PRIVILEGE)
		return;
	before = MemoryContextSwitchTo(caller);
	error = CopyErrorData();
	fault = ScimFaultBehind(error, GetUserId(), ScimIsOnBehalf());
	if (fault != NULL)
	{
		FlushErrorState();
		ScimFaultRaise(fault, error->message);
	}
	FreeErrorData(error);
	MemoryContextSwitchTo(before);
}

/*
 * scim_internal.store_faults(store regnamespace, OUT problem text, OUT blocks boolean)
 * returns setof record: nothing where the schema is no store.
 */
Datum
scim_store_faults(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid namespace_oid = PG_GETARG_OID(0);
	Oid owner = owner_of_store(namespace_oid);
	ListCell *lc;

	InitMaterializedSRF(fcinfo, 0);
	foreach (lc, OidIsValid(owner) ? ScimStoreFaults(namespace_oid, owner) : NIL)
	{
		const ScimFault *fault = lfirst(lc);
		bool nulls[2] = {false, false};
		Datum values[2];

		values[0] = CStringGetTextDatum(psprintf("%s: %s", fault->what, fault->mend));
		values[1] = BoolGetDatum(fault->kind == SCIM_FAULT_READING ||
								 fault->kind == SCIM_FAULT_WRITING);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * scim_internal.require_rights(store regnamespace, of_tables boolean) returns void: for
 * functions in SQL that do something with a store as their caller.
 */
Datum
scim_require_rights(PG_FUNCTION_ARGS)
{
	Oid namespace_oid = PG_GETARG_OID(0);
	bool of_tables = PG_GETARG_BOOL(1);
	Oid owner = owner_of_store(namespace_oid);
	ListCell *lc;

	/* he lacks nothing */
	if (superuser() || !OidIsValid(owner) || !has_privs_of_role(GetUserId(), owner))
		PG_RETURN_VOID();
	foreach (lc, ScimStoreFaults(namespace_oid, owner))
	{
		const ScimFault *fault = lfirst(lc);
		bool of_schema = !OidIsValid(fault->relid);

		/* somebody with more rights than the owner makes it */
		if (of_schema && object_aclcheck(NamespaceRelationId, namespace_oid, GetUserId(),
										 ACL_CREATE) == ACLCHECK_OK)
			continue;
		if (fault->kind != SCIM_FAULT_KEPT && (of_schema || of_tables))
			ScimFaultRaise(fault, NULL);
	}
	PG_RETURN_VOID();
}
