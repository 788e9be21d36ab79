/*
 * flat_agree.c
 *		What several fields of a body say of one attribute: all of it holds, or none.
 *
 * The fields of an endpoint may stand for a list, and for one of its values, or for an
 * object and a part of it.  A body may have several of them, which are written one
 * after the other.  Whether they went together shows in what has become of the
 * resource: each must read there as it was said, so that nothing gets lost unnoticed.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "endpoint/flat/flat.h"
#include "text/fold.h"

/* Is what was said, in canonical form, what is there?  There may be more. */
static bool
is_found(const JsonbValue *said, const JsonbValue *found)
{
	check_stack_depth();
	if (found == NULL)
		return false;
	if (said->type == jbvArray)
	{
		for (int i = 0; i < said->val.array.nElems; i++)
		{
			bool any = false;

			if (found->type != jbvArray)
				return false;
			for (int j = 0; j < found->val.array.nElems && !any; j++)
			{
				CHECK_FOR_INTERRUPTS();
				any = is_found(&said->val.array.elems[i], &found->val.array.elems[j]);
			}
			if (!any)
				return false;
		}
		return true;
	}
	if (said->type == jbvObject)
	{
		for (int i = 0; i < said->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &said->val.object.pairs[i];

			if (found->type != jbvObject ||
				!is_found(&pair->value,
						  ScimJsonGet(found, ScimJsonStringCopy(&pair->key))))
				return false;
		}
		return true;
	}
	/* of values that differ in case only, the first stays as it was sent */
	if (said->type == jbvString && found->type == jbvString)
		return ScimFoldEqual(said->val.string.val, said->val.string.len,
							 found->val.string.val, found->val.string.len);
	return ScimJsonEqual(said, found);
}

/* What a field was said to be, as it is stored; NULL: nothing that is kept so. */
static const JsonbValue *
canonical_value(const ScimEndpoint *endpoint, const ScimFlatField *field,
				const JsonbValue *stored)
{
	const ScimAttribute *leaf = ScimFlatLeaf(&field->path);
	List *problems = NIL;
	JsonbValue *values;

	/* the list of a part of several values */
	if (stored->type == jbvArray && field->path.resolved.sub != NULL &&
		!leaf->multi_valued)
	{
		values = ScimJsonNewArray();
		for (int i = 0; i < stored->val.array.nElems; i++)
		{
			const JsonbValue *value =
				canonical_value(endpoint, field, &stored->val.array.elems[i]);

			CHECK_FOR_INTERRUPTS();
			if (value != NULL)
				ScimJsonAppend(values, value);
		}
		return values;
	}
	return ScimCanonicaliseValue(endpoint->type, leaf, stored, leaf->name, 0, &problems);
}

/* Does a body say something of an attribute by a field that is kept in the document? */
static bool
is_said(const ScimEndpoint *endpoint, const ScimFlatField *field, const JsonbValue *body)
{
	const ScimResolved *resolved = &field->path.resolved;

	return field->kind == SCIM_FIELD_ATTRIBUTE && field->writable &&
		   resolved->attribute->mutability != SCIM_WRITE_ONLY &&
		   !ScimFlatIsMembers(endpoint, resolved) && ScimFlatGiven(field, body) != NULL;
}

static bool
agrees(const ScimFlatCall *call, const ScimFlatField *field, const JsonbValue *body,
	   const JsonbValue *document)
{
	const JsonbValue *said = ScimFlatSaid(call, field, ScimFlatGiven(field, body));
	const JsonbValue *found = ScimFlatValueAt(document, &field->path, field->one);

	if (field->one && said->type == jbvArray && said->val.array.nElems == 1)
		said = &said->val.array.elems[0];
	/* what is cleared as a whole may get parts by other fields */
	if (ScimJsonIsUnassigned(said))
		return (field->path.filter == NULL && !field->one) || found == NULL ||
			   ScimJsonIsUnassigned(found);
	said = canonical_value(call->endpoint, field, said);
	if (said == NULL)
		return true;
	said = ScimWireValueStored(call->characters, &field->path.resolved, said);
	/* one value that a list may be written as */
	if (said->type != jbvArray && found != NULL && found->type == jbvArray)
	{
		JsonbValue *list = ScimJsonNewArray();

		ScimJsonAppend(list, said);
		said = list;
	}
	if (said->type == jbvArray && said->val.array.nElems == 1 && found != NULL &&
		found->type != jbvArray)
		said = &said->val.array.elems[0];
	return is_found(said, found);
}

/*
 * ScimFlatCheckAgreement raises invalidValue where fields of a body that stand for one
 * attribute have said different things: one of them does not hold in the resource that
 * has come of it.
 */
void
ScimFlatCheckAgreement(const ScimFlatCall *call, const JsonbValue *body)
{
	const ScimEndpoint *endpoint = call->endpoint;
	const JsonbValue *document = NULL;

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const ScimFlatField *other = NULL;

		CHECK_FOR_INTERRUPTS();
		if (!is_said(endpoint, field, body))
			continue;
		for (int j = 0; j < endpoint->nfields && other == NULL; j++)
		{
			const ScimFlatField *candidate = &endpoint->fields[j];

			if (j != i &&
				candidate->path.resolved.attribute == field->path.resolved.attribute &&
				(candidate->path.filter != NULL || field->path.filter != NULL ||
				 candidate->path.resolved.sub == field->path.resolved.sub ||
				 candidate->path.resolved.sub == NULL ||
				 field->path.resolved.sub == NULL) &&
				is_said(endpoint, candidate, body))
				other = candidate;
		}
		if (other == NULL)
			continue;
		if (document == NULL)
			document = ScimJsonFromJsonb(call->resource->data);
		if (!agrees(call, field, body, document))
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("fields \"%s\" and \"%s\" say different things of "
								   "\"%s\"",
								   field->name, other->name,
								   field->path.resolved.attribute->name)));
	}
}
