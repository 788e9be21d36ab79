/*
 * check.c
 *		What a document must obey beyond its schemas: the store's policies.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "door/door.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/plan.h"
#include "store/store.h"

static void
check_references(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				 const Jsonb *settings, const JsonbValue *document,
				 const JsonbValue *old_document, bool lock, List **problems);
static bool resource_exists(ScimStore *store, int32 tenant_id,
							const ScimReference *reference, bool lock);
static bool has_reference(List *references, const ScimReference *wanted);

/*
 * ScimCheckPolicies appends what is wrong with a canonical document by the
 * policies "identity", "canonical" and "reference".  A reference that
 * old_document (NULL for a new resource) has too is not looked up again.  lock:
 * what is referred to must stay until the end of the transaction.
 */
void
ScimCheckPolicies(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				  const JsonbValue *document, const JsonbValue *old_document, bool lock,
				  List **problems)
{
	const ScimPolicy *policy;

	if (ScimPolicyFind(store, tenant_id, type->name, "identity") != NULL)
		ScimCheckIdentity(document, problems);
	policy = ScimPolicyFind(store, tenant_id, type->name, "canonical");
	if (policy != NULL)
		ScimCheckCanonicalValues(type, policy->settings, document, problems);
	policy = ScimPolicyFind(store, tenant_id, type->name, "reference");
	if (policy != NULL)
		check_references(store, tenant_id, type, policy->settings, document, old_document,
						 lock, problems);
}

static void
check_references(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
				 const Jsonb *settings, const JsonbValue *document,
				 const JsonbValue *old_document, bool lock, List **problems)
{
	List *references = ScimReferences(type, settings, document);
	List *before =
		old_document != NULL ? ScimReferences(type, settings, old_document) : NIL;
	ListCell *lc;

	foreach (lc, references)
	{
		const ScimReference *reference = lfirst(lc);

		if (has_reference(before, reference) ||
			resource_exists(store, tenant_id, reference, lock))
			continue;
		*problems = lappend(
			*problems,
			ScimProblemMake(ScimMissingReferenceError(settings), reference->path,
							"attribute \"%s\" refers to %s \"%s\", which does not exist",
							reference->path, reference->target, reference->value));
	}
}

static bool
resource_exists(ScimStore *store, int32 tenant_id, const ScimReference *reference,
				bool lock)
{
	const ScimResourceType *target = ScimRegistryType(store->registry, reference->target);
	const char *slash = strrchr(reference->value, '/');
	ScimIdentity caller;
	ScimParams params;
	pg_uuid_t id;
	bool found;

	if (target == NULL || !ScimUuidParse(slash ? slash + 1 : reference->value, &id))
		return false;
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&id), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE resource_type = %s "
							"AND tenant_id = $1 AND id = $2 AND deleted_at IS NULL%s",
							store->quoted_name, quote_literal_cstr(target->name),
							lock ? " FOR KEY SHARE" : ""),
				   &params, !lock, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

static bool
has_reference(List *references, const ScimReference *wanted)
{
	ListCell *lc;

	foreach (lc, references)
	{
		const ScimReference *reference = lfirst(lc);

		if (strcmp(reference->path, wanted->path) == 0 &&
			strcmp(reference->value, wanted->value) == 0)
			return true;
	}
	return false;
}
