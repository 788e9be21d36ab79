/*
 * right.c
 *		What the caller may do in a store, where we do it as its owner.
 *
 * EXECUTE on a function is a right in all stores of a database.  So a function that acts
 * as the owner of a store asks for a privilege in that store, too: the one that the same
 * would take in SQL or, where SQL would then let the caller do more than the function
 * does, one on a column that is nobody's harm.  USAGE of the schema is asked for already
 * (ScimStoreCurrent).
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "store/store.h"

static bool
is_owner(const ScimStore *store)
{
	return has_privs_of_role(GetUserId(), store->owner);
}

/*
 * ScimRelationNamed finds a relation by its name, as it stands in SQL, and locks it as
 * who reads it does, so that it stays.  regclass would take a number for one, and says of
 * a schema that is not there something else in each version.
 */
Oid
ScimRelationNamed(const char *name)
{
	List *names = textToQualifiedNameList(cstring_to_text(name));

	return RangeVarGetRelid(makeRangeVarFromNameList(names), AccessShareLock, false);
}

/*
 * ScimRequireTable raises an error where the current user has a privilege on no column of
 * a table, without the statement that would find that out.
 */
void
ScimRequireTable(const ScimStore *store, ScimTable table, AclMode privilege)
{
	Oid relid = store->tables.relid[table];

	if (!is_owner(store) &&
		pg_class_aclcheck(relid, GetUserId(), privilege) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(relid, GetUserId(), privilege, ACLMASK_ANY) !=
			ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, get_rel_name(relid));
}

void
ScimRequireSelect(const ScimStore *store, ScimTable table)
{
	ScimRequireTable(store, table, ACL_SELECT);
}

/* ScimMayWrite: may the current user write this column, by "INSERT" or "UPDATE"? */
bool
ScimMayWrite(const ScimStore *store, ScimTable table, const char *column,
			 const char *privilege)
{
	return is_owner(store) ||
		   DatumGetBool(DirectFunctionCall3(
			   has_column_privilege_id_name, ObjectIdGetDatum(store->tables.relid[table]),
			   CStringGetTextDatum(column), CStringGetTextDatum(privilege)));
}

/* ScimRequireWrite raises an error where not. */
void
ScimRequireWrite(const ScimStore *store, ScimTable table, const char *column,
				 const char *privilege)
{
	if (!ScimMayWrite(store, table, column, privilege))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for table %s",
						get_rel_name(store->tables.relid[table])),
				 errdetail("It takes %s of its column \"%s\".", privilege, column)));
}
