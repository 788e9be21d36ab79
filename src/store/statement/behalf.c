/*
 * behalf.c
 *		Under which identity statements run, and on whose behalf: the owner of a store
 *		does what its triggers have to, whatever the caller may.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "store/statement/plan.h"
#include "store/statement/proof.h"

/*
 * On whose behalf we are the owner of a store, the innermost last.  After an error the
 * end of the (sub)transaction takes away what began in it.
 */
typedef struct Behalf
{
	Oid owner;
	Oid role;
	int nest_level;
	bool restricts;         /* what the owner of a store does meanwhile need not be */
	bool lends;             /* of ScimBeOwnerFor */
	const ScimProof *proof; /* who acted when it began; it is kept until it ends */
} Behalf;

static Behalf *behalves = NULL;
static int nbehalves = 0;
static int max_behalves = 0;

static void
end_behalves(int nest_level)
{
	while (nbehalves > 0 && behalves[nbehalves - 1].nest_level >= nest_level)
		nbehalves--;
}

static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		end_behalves(GetCurrentTransactionNestLevel());
}

static void
transaction_ends(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_PRE_COMMIT && event != XACT_EVENT_PARALLEL_PRE_COMMIT &&
		event != XACT_EVENT_PRE_PREPARE)
		nbehalves = 0;
}

/* Of a type that has just been made, which no catalogue cache shows yet. */
static bool
type_is_temporary(Oid type)
{
	Relation types = table_open(TypeRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	bool is_temporary;

	ScanKeyInit(&key, Anum_pg_type_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(type));
	scan = systable_beginscan(types, TypeOidIndexId, true, SnapshotSelf, 1, &key);
	tuple = systable_getnext(scan);
	is_temporary = HeapTupleIsValid(tuple) &&
				   isAnyTempNamespace(((Form_pg_type) GETSTRUCT(tuple))->typnamespace);
	systable_endscan(scan);
	table_close(types, AccessShareLock);
	return is_temporary;
}

static object_access_hook_type others_hook = NULL;

/*
 * Where code is confined it makes nothing that statements of the session find by name
 * afterwards: relations the server refuses, and types, whose checks would run as whoever
 * comes, only since its releases of November 2026.
 */
static void
object_is_accessed(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id,
				   void *arg)
{
	if (access == OAT_POST_CREATE && class_id == TypeRelationId && nbehalves > 0 &&
		InSecurityRestrictedOperation() && type_is_temporary(object_id))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("cannot create a type in a temporary schema within "
							   "security-restricted operation")));
	if (others_hook != NULL)
		others_hook(access, class_id, object_id, sub_id, arg);
}

bool
ScimIsOnBehalf(void)
{
	Oid user;
	int security_context;

	GetUserIdAndSecContext(&user, &security_context);
	return nbehalves > 0 && (security_context & SECURITY_LOCAL_USERID_CHANGE) != 0 &&
		   behalves[nbehalves - 1].owner == user;
}

Oid
ScimActingRole(void)
{
	return ScimIsOnBehalf() ? behalves[nbehalves - 1].role : GetUserId();
}

/*
 * ScimMayRead: may whoever acts read all of a table, so that errors may show what is in
 * it?  Where row-level security binds him, the tenant is another question.
 */
bool
ScimMayRead(Oid relid)
{
	Oid role = ScimActingRole();

	return pg_class_aclcheck(relid, role, ACL_SELECT) == ACLCHECK_OK ||
		   pg_attribute_aclcheck_all(relid, role, ACL_SELECT, ACLMASK_ALL) == ACLCHECK_OK;
}

static void
act_on_behalf(Oid owner)
{
	Oid role = ScimActingRole();

	if (nbehalves == max_behalves)
	{
		if (behalves == NULL)
		{
			behalves = MemoryContextAlloc(TopMemoryContext, sizeof(Behalf) * 8);
			max_behalves = 8;
			RegisterXactCallback(transaction_ends, NULL);
			RegisterSubXactCallback(subtransaction_ends, NULL);
			others_hook = object_access_hook;
			object_access_hook = object_is_accessed;
		}
		else
		{
			behalves = repalloc(behalves, sizeof(Behalf) * max_behalves * 2);
			max_behalves *= 2;
		}
	}
	behalves[nbehalves].owner = owner;
	behalves[nbehalves].role = role;
	behalves[nbehalves].nest_level = GetCurrentTransactionNestLevel();
	behalves[nbehalves].restricts = false;
	behalves[nbehalves].lends = false;
	behalves[nbehalves].proof = ScimProved();
	nbehalves++;
}

/*
 * Row-level security that is forced upon the owner of a store is not forced upon us: a
 * trigger writes the audit whatever he may see himself.
 */
static ScimIdentity
be_owner(Oid owner, int restrictions, int allows)
{
	ScimIdentity caller;

	act_on_behalf(owner);
	GetUserIdAndSecContext(&caller.user, &caller.security_context);
	SetUserIdAndSecContext(owner, (caller.security_context & ~allows) | restrictions |
									  SECURITY_LOCAL_USERID_CHANGE |
									  SECURITY_NOFORCE_RLS);
	caller.guc_level = ScimStatementBegin();
	return caller;
}

/* Is it one of ours, of ScimBeOwnerFor, that statements are restricted? */
static bool
is_restricted_here(void)
{
	for (int i = 0; i < nbehalves; i++)
	{
		if (behalves[i].restricts)
			return true;
	}
	return false;
}

ScimIdentity
ScimBeOwner(Oid owner)
{
	return be_owner(owner, 0, is_restricted_here() ? SECURITY_RESTRICTED_OPERATION : 0);
}

ScimIdentity
ScimBeReader(Oid owner)
{
	return be_owner(owner, SECURITY_RESTRICTED_OPERATION, 0);
}

/* Owners whose code runs in this session anyway, by a statement that is being followed.
 */
static ScimOpen *opened = NULL;

ScimOpen *
ScimOpenTo(ScimOpen *open, Oid owner)
{
	ScimOpen *before = opened;

	/* what it could do here is only what it does where it is confined */
	open->owner = InSecurityRestrictedOperation() ? InvalidOid : owner;
	open->outer = before;
	opened = open;
	return before;
}

void
ScimOpenEnd(ScimOpen *before)
{
	opened = before;
}

/*
 * ScimIsExposedTo: could code of the owner of a table do something in this session that
 * he may not do anyway?  What it puts off until the end of the transaction the server
 * does as whoever is there then (before version 18), who may have SET ROLE, and what it
 * makes in the session all of them find there: so he has to have the rights of each. That
 * they have his is nothing to it.  Who has SET ROLE to the owner himself runs his code by
 * all that he does.
 */
bool
ScimIsExposedTo(Oid owner)
{
	Oid outer = GetOuterUserId();

	for (const ScimOpen *open = opened; open != NULL; open = open->outer)
	{
		if (open->owner == owner)
			return false;
	}
	return !has_privs_of_role(owner, outer) ||
		   !has_privs_of_role(owner, ScimActingRole()) ||
		   (outer != owner && !has_privs_of_role(owner, GetSessionUserId()));
}

ScimIdentity
ScimBeOwnerFor(Oid owner)
{
	bool exposed = ScimIsExposedTo(owner);
	ScimIdentity caller = be_owner(owner, exposed ? SECURITY_RESTRICTED_OPERATION : 0, 0);

	behalves[nbehalves - 1].lends = true;
	behalves[nbehalves - 1].restricts =
		exposed && (caller.security_context & SECURITY_RESTRICTED_OPERATION) == 0;
	return caller;
}

bool
ScimIsConfined(void)
{
	return is_restricted_here();
}

bool
ScimEndsConfinement(void)
{
	int n = 0;

	for (int i = 0; i < nbehalves; i++)
		n += behalves[i].restricts;
	return n == 1 && behalves[nbehalves - 1].restricts;
}

void
ScimBeCaller(ScimIdentity caller)
{
	ScimStatementEnd(caller.guc_level);
	SetUserIdAndSecContext(caller.user, caller.security_context);
	nbehalves--;
}

int
ScimActAsBegun(void)
{
	const ScimProof *proof = nbehalves > 0 ? behalves[nbehalves - 1].proof : NULL;
	int level = NewGUCNestLevel();

	if (nbehalves > 0 && behalves[nbehalves - 1].lends && proof != ScimProved())
		ScimProve(proof);
	return level;
}

void
ScimActAsBefore(int level)
{
	ScimStatementEnd(level);
}
