/*
 * extension.c
 *		The extension as the database has it.  See extension.h.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "commands/extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "extension.h"

#define MAX_CALLBACKS 8

static Oid internal_namespace = InvalidOid;
static void (*callbacks[MAX_CALLBACKS])(Oid relid);
static int ncallbacks = 0;

static void
namespace_invalidated(Datum arg, int cacheid, uint32 hashvalue)
{
	internal_namespace = InvalidOid;
}

static void
relation_changes(Datum arg, Oid relid)
{
	for (int i = 0; i < ncallbacks; i++)
		callbacks[i](relid);
}

void
ScimWhenRelationChanges(void (*callback)(Oid relid))
{
	if (ncallbacks == MAX_CALLBACKS)
		elog(ERROR, "too many callbacks for changes of relations");
	if (ncallbacks == 0)
		CacheRegisterRelcacheCallback(relation_changes, (Datum) 0);
	callbacks[ncallbacks++] = callback;
}

/* ScimExtensionInit registers a callback. */
void
ScimExtensionInit(void)
{
	CacheRegisterSyscacheCallback(NAMESPACEOID, namespace_invalidated, (Datum) 0);
}

/*
 * ScimInternalNamespace returns the schema scim_internal of the extension.  Before
 * version 0.2.0 there was none and its functions were in scim; a schema of that
 * name which somebody else has made is not taken for it.
 */
Oid
ScimInternalNamespace(void)
{
	Oid namespace_oid;

	if (OidIsValid(internal_namespace))
		return internal_namespace;
	namespace_oid = get_namespace_oid("scim_internal", true);
	if (!OidIsValid(namespace_oid) ||
		getExtensionOfObject(NamespaceRelationId, namespace_oid) !=
			get_extension_oid("scim", true))
		return get_namespace_oid("scim", true);
	internal_namespace = namespace_oid;
	return namespace_oid;
}

/* ScimInternalFunction finds a function of that schema by name and argument types. */
Oid
ScimInternalFunction(const char *name, int nargs, const Oid *types)
{
	return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
						   PointerGetDatum(buildoidvector(types, nargs)),
						   ObjectIdGetDatum(ScimInternalNamespace()));
}

/* ScimExtensionVersion reads pg_extension.extversion. */
char *
ScimExtensionVersion(void)
{
	Relation relation = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	char *version = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum("scim"));
	scan = systable_beginscan(relation, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool isnull;
		Datum value = heap_getattr(tuple, Anum_pg_extension_extversion,
								   RelationGetDescr(relation), &isnull);

		if (!isnull)
			version = TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return version;
}
