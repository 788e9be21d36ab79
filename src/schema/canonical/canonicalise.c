/*
 * canonicalise.c
 *		A client's document -> the canonical document, or problems.
 *
 * Canonical means: attribute names in the spelling of the schema, each where it
 * belongs (an extension's below the extension's URN), values of the schema's
 * types, arrays for the multi-valued and only for them, nothing unassigned,
 * nothing readOnly, "schemas" as the document is.  What clients send instead,
 * and this accepts, is known from Entra, Okta and others; for instance
 *
 *		{"USERNAME": "a", "emails": {"value": "a@b.c", "primary": "True"},
 *		 "department": "x", "title": "", "id": "7"}
 *
 * becomes
 *
 *		{"schemas": ["urn:...:core:2.0:User", "urn:...:enterprise:2.0:User"],
 *		 "userName": "a", "emails": [{"value": "a@b.c", "primary": true}],
 *		 "urn:...:enterprise:2.0:User": {"department": "x"}}
 */
#include "postgres.h"

#include "schema/canonical/canonical.h"

#include "json/json.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"

#include "schema/canonical/value.h"
#include "text/fold.h"
#include "text/text.h"

/* The object for a schema's attributes in the output. */
typedef struct Target
{
	const ScimSchema *schema;
	JsonbValue *object;
	Bitmapset *seen;   /* attributes that the input has, dropped ones too */
	Bitmapset *failed; /* of them, those with a problem */
} Target;

typedef struct Canonicaliser
{
	ScimValueContext context;
	Target common;
	Target base;        /* writes to the same object as common */
	Target *extensions; /* in the order of the type's extensions */
} Canonicaliser;

static void put_member(Canonicaliser *state, const JsonbPair *pair);
static void
put_urn_member(Canonicaliser *state, const JsonbPair *pair, const ScimPlace *outer);
static void put_extension(Canonicaliser *state, Target *target, const JsonbValue *value);
static void
put_attribute(Canonicaliser *state, Target *target, const ScimAttribute *attribute,
			  const JsonbValue *value, const ScimPlace *place);
static void
check_parts(Canonicaliser *state, const JsonbValue *object, const ScimPlace *outer);
static bool is_part(const ScimSchema *schema, const char *key, int len);
static Target *extension_with_attribute(Canonicaliser *state, const JsonbValue *key,
										const ScimAttribute **attribute);
static void
check_schemas(Canonicaliser *state, const JsonbValue *value, const ScimPlace *place);
static void check_required(Canonicaliser *state);
static bool has_writable(const Target *target);
static void
check_required_in(Canonicaliser *state, const Target *target, const ScimPlace *outer);

/*
 * ScimCanonicalise makes the canonical form of a resource of a type.  Returns a
 * new tree whose strings may point into document, or NULL after appending what
 * is wrong with it to *problems (invalidSyntax, invalidValue): all with the option
 * SCIM_ALL_PROBLEMS, else the first SCIM_MAX_PROBLEMS.  Attributes
 * that only the service provider writes (readOnly, id, meta) are dropped: RFC
 * 7644 section 3.3; with the option SCIM_BY_SERVICE only id, meta and what is
 * derived from other rows.  With SCIM_KEEP_WRONG the tree is returned whatever is
 * wrong with it, wrong values as they are.
 */
JsonbValue *
ScimCanonicalise(const ScimResourceType *type, const JsonbValue *document, int options,
				 List **problems)
{
	Canonicaliser state = {.context = {type, problems, options}};
	JsonbValue *result = ScimJsonNewObject();
	int before = list_length(*problems);

	/* no use in reading on: nobody knows what such a document means */
	ScimCheckDistinctKeys(document, problems);
	if (list_length(*problems) > before)
		return NULL;
	if (document->type != jbvObject)
	{
		*problems =
			lappend(*problems, ScimProblemMake(SCIM_INVALID_SYNTAX, NULL,
											   "a resource must be a JSON object, not %s",
											   ScimDescribeValue(document)));
		return NULL;
	}
	ScimJsonSet(result, "schemas", ScimJsonNewArray());
	state.common = (Target){.schema = type->common, .object = result};
	state.base = (Target){.schema = type->schema, .object = result};
	state.extensions = palloc0(type->nextensions * sizeof(Target));
	for (int i = 0; i < type->nextensions; i++)
	{
		state.extensions[i].schema = type->extensions[i].schema;
		state.extensions[i].object = ScimJsonNewObject();
	}

	check_parts(&state, document, NULL);
	for (int i = 0; i < document->val.object.nPairs && !ScimProblemsFull(&state.context);
		 i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_member(&state, &document->val.object.pairs[i]);
	}
	for (int i = 0; i < type->nextensions; i++)
	{
		const Target *target = &state.extensions[i];

		if (target->object->val.object.nPairs > 0)
			ScimJsonSetN(result, target->schema->id, target->schema->id_len,
						 target->object);
	}
	check_required(&state);
	if ((options & SCIM_KEEP_WRONG) == 0 && list_length(*problems) > before)
		return NULL;
	ScimSetSchemas(type, result);
	return result;
}

/*
 * ScimSetSchemas sets "schemas" of a document: the URN of the base schema and
 * those of the extensions whose object is there (RFC 7643 section 3).
 */
void
ScimSetSchemas(const ScimResourceType *type, JsonbValue *document)
{
	JsonbValue *schemas = ScimJsonNewArray();

	ScimJsonAppend(schemas, ScimJsonNewStringN(type->schema->id, type->schema->id_len));
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;

		if (ScimJsonGet(document, schema->id) != NULL)
			ScimJsonAppend(schemas, ScimJsonNewStringN(schema->id, schema->id_len));
	}
	ScimJsonSet(document, "schemas", schemas);
}

/* One member at the top of the document. */
static void
put_member(Canonicaliser *state, const JsonbPair *pair)
{
	const char *name = pair->key.val.string.val;
	int len = pair->key.val.string.len;
	const ScimAttribute *attribute;
	Target *target = &state->common;
	ScimPlace place = ScimPlaceOf(NULL, name, len);

	if (memchr(name, ':', len) != NULL)
	{
		put_urn_member(state, pair, NULL);
		return;
	}
	attribute = ScimSchemaAttribute(state->common.schema, name, len);
	if (attribute == NULL)
	{
		target = &state->base;
		attribute = ScimSchemaAttribute(state->base.schema, name, len);
	}
	if (attribute == NULL)
		target = ScimRefusesUnknown(state->context.type)
					 ? NULL
					 : extension_with_attribute(state, &pair->key, &attribute);
	if (target == NULL)
		ScimUnknownMember(&state->context, pair, NULL);
	else
		put_attribute(state, target, attribute, &pair->value, &place);
}

/*
 * A member whose key is an extension's URN, or a URN and an attribute of that
 * schema.  outer is the extension in whose object it stands, or NULL; where it
 * belongs does not depend on that.
 */
static void
put_urn_member(Canonicaliser *state, const JsonbPair *pair, const ScimPlace *outer)
{
	const char *key = pair->key.val.string.val;
	int len = pair->key.val.string.len;

	for (int i = 0; i < state->context.type->nextensions; i++)
	{
		Target *target = &state->extensions[i];

		if (ScimNameEqualN(target->schema->id, target->schema->id_len, key, len))
		{
			put_extension(state, target, &pair->value);
			return;
		}
	}
	for (int i = -1; i < state->context.type->nextensions; i++)
	{
		Target *target = i < 0 ? &state->base : &state->extensions[i];
		int urn_len = target->schema->id_len;
		const ScimAttribute *attribute;
		ScimPlace place = ScimPlaceOf(NULL, key, len);

		if (len <= urn_len + 1 || key[urn_len] != ':' ||
			!ScimNameEqualN(target->schema->id, urn_len, key, urn_len))
			continue;
		key += urn_len + 1;
		len -= urn_len + 1;
		attribute = ScimSchemaAttribute(target->schema, key, len);
		if (attribute == NULL && i < 0)
		{
			target = &state->common;
			attribute = ScimSchemaAttribute(target->schema, key, len);
		}
		if (attribute != NULL)
		{
			put_attribute(state, target, attribute, &pair->value, &place);
			return;
		}
		key = pair->key.val.string.val;
		len = pair->key.val.string.len;
	}
	for (int i = 0; i < state->context.type->nextensions; i++)
	{
		/* an extension within this one, which some write beside it */
		Target *target = &state->extensions[i];
		const ScimAttribute *attribute = ScimSchemaAttribute(target->schema, key, len);
		ScimPlace place = ScimPlaceOf(NULL, key, len);

		if (attribute == NULL)
			continue;
		put_attribute(state, target, attribute, &pair->value, &place);
		return;
	}
	ScimUnknownMember(&state->context, pair, outer);
}

/* Is what is given for an extension, in which there is no value, not even read? */
static bool
says_nothing_of(const Canonicaliser *state, const ScimSchema *schema,
				const JsonbValue *value)
{
	bool strict = ScimRefusesUnknown(state->context.type);

	if (value->type != jbvObject)
		return !strict || !ScimJsonHoldsObject(value);
	if (strict || (state->context.options & SCIM_NULL_REMOVES) != 0)
		return false;
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const ScimAttribute *attribute = ScimSchemaAttribute(
			schema, pair->key.val.string.val, pair->key.val.string.len);

		CHECK_FOR_INTERRUPTS();
		if (attribute != NULL && attribute->mutability != SCIM_READ_ONLY &&
			!ScimIsNone(attribute, &pair->value))
			return false;
	}
	return true;
}

/*
 * The object of an extension.  Another extension's object inside of it is moved
 * to where it belongs: some clients write it so.
 */
static void
put_extension(Canonicaliser *state, Target *target, const JsonbValue *value)
{
	ScimPlace place = ScimPlaceOf(NULL, target->schema->id, target->schema->id_len);

	check_stack_depth();

	place.is_urn = true;
	/* of nulls that remove what is sealed, or name what nobody knows, each is read */
	if (ScimJsonIsUnassigned(value) && says_nothing_of(state, target->schema, value))
		return;
	if (value->type != jbvObject)
	{
		ScimPlaceProblem(
			&state->context, SCIM_INVALID_VALUE, &place,
			psprintf("must be a JSON object, not %s",
					 value->type == jbvString && ScimHasSealed(target->schema)
						 ? "what was given"
						 : ScimDescribeValue(value)));
		return;
	}
	check_parts(state, value, &place);
	for (int i = 0; i < value->val.object.nPairs && !ScimProblemsFull(&state->context);
		 i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const char *name = pair->key.val.string.val;
		int len = pair->key.val.string.len;
		const ScimAttribute *attribute = ScimSchemaAttribute(target->schema, name, len);
		ScimPlace inner = ScimPlaceOf(&place, name, len);

		CHECK_FOR_INTERRUPTS();
		if (attribute != NULL)
			put_attribute(state, target, attribute, &pair->value, &inner);
		else if (memchr(name, ':', len) != NULL)
			put_urn_member(state, pair, &place);
		else if (!ScimNameEqualN(name, len, "schemas", strlen("schemas")))
			ScimUnknownMember(&state->context, pair, &place);
	}
}

static void
put_attribute(Canonicaliser *state, Target *target, const ScimAttribute *attribute,
			  const JsonbValue *value, const ScimPlace *place)
{
	int number = attribute - target->schema->attributes;
	int before = list_length(*state->context.problems);
	JsonbValue canonical;

	if (bms_is_member(number, target->seen))
	{
		ScimPlaceProblem(&state->context, SCIM_INVALID_SYNTAX, place, "is given twice");
		return;
	}
	target->seen = bms_add_member(target->seen, number);
	if (attribute->mutability == SCIM_READ_ONLY &&
		((state->context.options & SCIM_BY_SERVICE) == 0 || target == &state->common ||
		 (state->context.type->has_groups && target == &state->base &&
		  strcmp(attribute->name, "groups") == 0)))
	{
		ScimCheckKnown(&state->context, attribute, value, place);
		return;
	}
	if (target == &state->common && strcmp(attribute->name, "schemas") == 0)
		check_schemas(state, value, place);
	else if (ScimCanonicaliseAttribute(&state->context, attribute, value, place,
									   &canonical))
		ScimJsonSetN(target->object, attribute->name, attribute->name_len, &canonical);
	if (list_length(*state->context.problems) > before)
		target->failed = bms_add_member(target->failed, number);
}

/*
 * check_parts appends a problem for each member of an object that is a part of what
 * another one states as a whole: an attribute under the URN of an extension beside the
 * extension's object.  Without the URN some clients put it at the top.
 */
static void
check_parts(Canonicaliser *state, const JsonbValue *object, const ScimPlace *outer)
{
	for (int i = 0; i < state->context.type->nextensions; i++)
	{
		const ScimSchema *extension = state->extensions[i].schema;

		if (ScimJsonGetFolded(object, extension->id) == NULL)
			continue;
		for (int j = 0; j < object->val.object.nPairs; j++)
		{
			const JsonbValue *key = &object->val.object.pairs[j].key;
			ScimPlace place =
				ScimPlaceOf(outer, key->val.string.val, key->val.string.len);

			CHECK_FOR_INTERRUPTS();
			if (is_part(extension, key->val.string.val, key->val.string.len))
				ScimPlaceProblem(&state->context, SCIM_INVALID_SYNTAX, &place,
								 psprintf("is a part of \"%s\", which is given as well",
										  extension->id));
		}
	}
}

/* Does a key name an attribute of this schema by its URN? */
static bool
is_part(const ScimSchema *schema, const char *key, int len)
{
	int urn_len = schema->id_len;

	return len > urn_len + 1 && key[urn_len] == ':' &&
		   ScimNameEqualN(schema->id, urn_len, key, urn_len) &&
		   ScimSchemaAttribute(schema, key + urn_len + 1, len - urn_len - 1) != NULL;
}

/*
 * The one extension that has an attribute of this name, for attributes that
 * stand at the top without their URN; NULL if there is none or more than one.
 */
static Target *
extension_with_attribute(Canonicaliser *state, const JsonbValue *key,
						 const ScimAttribute **attribute)
{
	Target *found = NULL;

	for (int i = 0; i < state->context.type->nextensions; i++)
	{
		Target *target = &state->extensions[i];
		const ScimAttribute *candidate =
			ScimSchemaAttribute(target->schema, key->val.string.val, key->val.string.len);

		if (candidate == NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = target;
		*attribute = candidate;
	}
	return found;
}

/* "schemas" of the input may name anything, since it follows from the rest. */
static void
check_schemas(Canonicaliser *state, const JsonbValue *value, const ScimPlace *place)
{
	bool valid = value->type == jbvArray;

	if (value->type == jbvNull)
		return;
	for (int i = 0; valid && i < value->val.array.nElems; i++)
		valid = value->val.array.elems[i].type == jbvString;
	if (!valid)
		ScimPlaceProblem(&state->context, SCIM_INVALID_SYNTAX, place,
						 "must be an array of strings");
}

/* Required attributes, and extensions: RFC 7643 sections 2.2 and 6. */
static void
check_required(Canonicaliser *state)
{
	check_required_in(state, &state->base, NULL);
	for (int i = 0; i < state->context.type->nextensions; i++)
	{
		const Target *target = &state->extensions[i];
		ScimPlace place = ScimPlaceOf(NULL, target->schema->id, target->schema->id_len);

		place.is_urn = true;
		if (has_writable(target))
			check_required_in(state, target, &place);
		else if (state->context.type->extensions[i].required &&
				 bms_is_empty(target->failed))
		{
			ScimProblem *problem =
				ScimProblemMake(SCIM_INVALID_VALUE, target->schema->id,
								"extension \"%s\" is required", target->schema->id);

			problem->about = target->schema;
			*state->context.problems = lappend(*state->context.problems, problem);
		}
	}
}

/* The nulls by which sealed values are removed. */
static bool
says_nothing(const JsonbValue *value)
{
	return value->type == jbvNull || ScimJsonIsUnassigned(value);
}

/* What only the service sets does not make an extension one that a client uses. */
static bool
has_writable(const Target *target)
{
	for (int i = 0; i < target->object->val.object.nPairs; i++)
	{
		const JsonbValue *key = &target->object->val.object.pairs[i].key;
		const ScimAttribute *attribute =
			ScimSchemaAttribute(target->schema, key->val.string.val, key->val.string.len);

		if (!says_nothing(&target->object->val.object.pairs[i].value) &&
			(attribute == NULL || attribute->mutability != SCIM_READ_ONLY))
			return true;
	}
	return false;
}

/* What a resource must have is not empty (section 4.1.1): somebody can see it. */
static void
check_seen(Canonicaliser *state, const ScimAttribute *attribute, const JsonbValue *value,
		   const ScimPlace *place)
{
	ScimProblem *problem;

	if (!ScimJsonIsBlank(value))
		return;
	problem = ScimPlaceProblem(&state->context, SCIM_INVALID_VALUE, place, "is blank");
	problem->about = attribute;
	problem->value = ScimJsonCopy(value);
}

static void
check_required_in(Canonicaliser *state, const Target *target, const ScimPlace *outer)
{
	bool is_base = target == &state->base;

	for (int i = 0; i < target->schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &target->schema->attributes[i];
		ScimPlace place = ScimPlaceOf(outer, attribute->name, attribute->name_len);
		const JsonbValue *value;
		ScimProblem *problem;

		if (!attribute->required || attribute->mutability == SCIM_READ_ONLY ||
			bms_is_member(i, target->failed))
			continue;
		value = ScimJsonGet(target->object, attribute->name);
		if (value != NULL)
		{
			check_seen(state, attribute, value, &place);
			continue;
		}
		/*
		 * A client cannot send back what it never sees, so that the value stays
		 * as it is (mutability.c); members are kept elsewhere.
		 */
		if ((state->context.options & SCIM_OF_STORED) != 0 &&
			((attribute->returned == SCIM_RETURNED_NEVER &&
			  (!attribute->sealed ||
			   (state->context.options & SCIM_SEALED_STATED) == 0)) ||
			 (is_base && state->context.type->has_password &&
			  strcmp(attribute->name, "password") == 0) ||
			 ScimIsMembers(state->context.type, attribute)))
			continue;
		/* some base schemas list id and the like too: not theirs */
		if (is_base && ScimSchemaAttribute(state->common.schema, attribute->name,
										   attribute->name_len) != NULL)
			continue;
		problem =
			ScimPlaceProblem(&state->context, SCIM_INVALID_VALUE, &place, "is required");
		problem->about = attribute;
	}
}
