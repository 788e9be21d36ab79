/*
 * flat_operations.c
 *		What a body says, as operations of a PATCH (RFC 7644 section 3.5.2).
 *
 * Also for a new resource, where they apply to an empty document: so there is one way in
 * which a value gets to where a path points.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "endpoint/flat/flat.h"
#include "resource/patch/patch.h"

/* The text of a path without what stands behind the last of some characters. */
static char *
text_before_last(const char *text, char c, bool keep)
{
	const char *last = strrchr(text, c);

	return last == NULL ? pstrdup(text) : pnstrdup(text, last - text + keep);
}

/* A list of values where the attribute has objects with more in them. */
static JsonbValue *
wrap_values(const ScimAttribute *sub, const JsonbValue *values)
{
	JsonbValue *list = ScimJsonNewArray();

	for (int i = 0; i < values->val.array.nElems; i++)
	{
		JsonbValue *element = ScimJsonNewObject();

		CHECK_FOR_INTERRUPTS();
		ScimJsonSet(element, sub->name, &values->val.array.elems[i]);
		ScimJsonAppend(list, element);
	}
	return list;
}

/* A list, which may be said as the only value of it, or as nothing. */
static const JsonbValue *
as_list(const JsonbValue *said)
{
	JsonbValue *list;

	if (said != NULL && said->type == jbvArray)
		return said;
	list = ScimJsonNewArray();
	if (said != NULL && !ScimJsonIsUnassigned(said))
		ScimJsonAppend(list, said);
	return list;
}

/*
 * Appends the operation by which a value gets to a path.  Two fields may stand for
 * the same, but then they must say the same.  field: whose it is, or the name of a
 * constant.
 */
static void
add_operation(JsonbValue *operations, const char *field, const char *op, const char *path,
			  const JsonbValue *value)
{
	JsonbValue *operation = ScimJsonNewObject();

	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		const JsonbValue *other = &operations->val.array.elems[i];

		if (!ScimJsonStringEquals(ScimJsonGet(other, "op"), "remove") &&
			ScimJsonStringEquals(ScimJsonGet(other, "path"), path))
		{
			const JsonbValue *said = ScimJsonGet(other, "value");

			if (strcmp(op, "remove") == 0 || !ScimJsonEqual(said, value))
				ereport(ERROR,
						(ScimErr(SCIM_INVALID_VALUE),
						 errmsg("fields \"%s\" and \"%s\" say different things",
								ScimJsonStringCopy(ScimJsonGet(other, SCIM_PATCH_FIELD)),
								field)));
			if (ScimJsonStringEquals(ScimJsonGet(other, "op"), op))
				return;
		}
	}
	ScimJsonSet(operation, "op", ScimJsonNewString(op));
	ScimJsonSet(operation, "path", ScimJsonNewString(path));
	if (value != NULL)
		ScimJsonSet(operation, "value", value);
	ScimJsonSet(operation, SCIM_PATCH_FIELD, ScimJsonNewString(field));
	ScimJsonAppend(operations, operation);
}

/* Does a path lead to one part of each of several values? */
static bool
is_list_of_parts(const ScimFlatPath *path)
{
	return path->resolved.attribute->multi_valued && path->filter == NULL &&
		   path->resolved.sub != NULL;
}

/*
 * Is an attribute written as a whole only?  The members of a group are no part of its
 * document, and of what is sealed nobody knows the parts.
 */
static bool
has_no_parts(const ScimEndpoint *endpoint, const ScimFlatPath *path)
{
	return ScimFlatIsMembers(endpoint, &path->resolved) ||
		   path->resolved.attribute->sealed;
}

/* value NULL: it is to go; field: whose it is, or the name of a constant */
static void
change_path(const ScimEndpoint *endpoint, JsonbValue *operations, const char *field,
			const ScimFlatPath *path, const JsonbValue *value)
{
	static JsonbValue null = {.type = jbvNull};
	const ScimAttribute *sub = path->resolved.sub;

	if (is_list_of_parts(path))
	{
		value = as_list(value);
		if (has_no_parts(endpoint, path))
			add_operation(operations, field, "replace",
						  text_before_last(path->text, '.', false),
						  wrap_values(sub, value));
		else
			add_operation(operations, field, SCIM_PATCH_LIST, path->text, value);
		return;
	}
	/* a list of one is that one where there can be no more */
	if (value != NULL && value->type == jbvArray && value->val.array.nElems == 1 &&
		!path->several)
		value = &value->val.array.elems[0];
	if (value != NULL && ScimJsonIsUnassigned(value))
		value = NULL;
	if (path->filter != NULL && sub != NULL && !has_no_parts(endpoint, path))
		add_operation(operations, field, SCIM_PATCH_SHOW, path->text,
					  value ? value : &null);
	/* a whole value stays the one that its filter describes */
	else if (path->filter != NULL && value != NULL)
		add_operation(operations, field, SCIM_PATCH_CHOOSE, path->text, value);
	else if (path->filter != NULL)
		add_operation(operations, field, "remove",
					  text_before_last(path->text, ']', true), NULL);
	else
		add_operation(operations, field, "replace", path->text, value ? value : &null);
}

/* Does a field set all of an attribute, which others may then set parts of? */
static bool
is_whole(const ScimFlatField *field)
{
	const ScimResolved *resolved = &field->path.resolved;

	return !field->one && field->path.filter == NULL &&
		   (resolved->sub == NULL || resolved->attribute->multi_valued);
}

/* Is a field a list that a body has of the attribute of another one? */
static bool
is_given_list(const ScimFlatField *field, const ScimFlatField *other,
			  const JsonbValue *body)
{
	return field->kind == SCIM_FIELD_ATTRIBUTE && field->writable && is_whole(field) &&
		   field->path.resolved.attribute == other->path.resolved.attribute &&
		   ScimFlatGiven(field, body) != NULL;
}

/*
 * Is a field one value of a list that a body has as well?  By a filter it is one of a
 * list of the same part; a list of another part says nothing of it.
 */
static bool
is_one_of_given(const ScimEndpoint *endpoint, const ScimFlatField *one,
				const JsonbValue *body)
{
	const ScimAttribute *part = one->path.resolved.sub;

	if (!one->one && (one->path.filter == NULL || part == NULL))
		return false;
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const ScimAttribute *listed = field->path.resolved.sub;

		if (is_given_list(field, one, body) &&
			(listed == part || (one->one && listed == NULL) ||
			 (part == NULL && strcmp(listed->name, "value") == 0)))
			return true;
	}
	return false;
}

/* Has a body a list of another part that the one is to be a part of? */
static bool
is_beside_parts(const ScimEndpoint *endpoint, const ScimFlatField *one,
				const JsonbValue *body)
{
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];

		if (is_given_list(field, one, body) && is_list_of_parts(&field->path) &&
			field->path.resolved.sub != one->path.resolved.sub &&
			!ScimJsonIsUnassigned(ScimFlatGiven(field, body)))
			return true;
	}
	return false;
}

/* By a whole value, and by its "value", is known which one it is, before its parts. */
static int
rank_of(const ScimFlatField *one)
{
	const ScimAttribute *part = one->path.resolved.sub;

	if (part == NULL)
		return 0;
	return strcmp(part->name, "value") == 0 ? 1 : 2;
}

/* Has a body another part of the same one, which is written before? */
static bool
is_further(const ScimEndpoint *endpoint, const ScimFlatField *one, const JsonbValue *body)
{
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *said;

		if (field->kind != SCIM_FIELD_ATTRIBUTE || !field->writable || !field->one ||
			field->path.resolved.attribute != one->path.resolved.attribute ||
			field->path.resolved.sub == one->path.resolved.sub)
			continue;
		if (rank_of(field) > rank_of(one) ||
			(rank_of(field) == rank_of(one) && field > one))
			continue;
		said = ScimFlatGiven(field, body);
		if (said != NULL && !ScimJsonIsUnassigned(said))
			return true;
	}
	return false;
}

/*
 * Makes that value of a list which a body has the one.  That it is in the list is seen
 * when all is done (flat_agree.c).  value NULL: none is.
 */
static void
choose_one(const ScimEndpoint *endpoint, JsonbValue *operations,
		   const ScimFlatField *field, const char *op, const JsonbValue *value)
{
	static const JsonbValue null = {.type = jbvNull};
	JsonbValue *operation = ScimJsonNewObject();

	if (value != NULL && value->type == jbvArray && value->val.array.nElems == 1 &&
		!(field->path.filter != NULL && field->path.several))
		value = &value->val.array.elems[0];
	/* without a filter, none needs no operation, which would contradict a list */
	if (has_no_parts(endpoint, &field->path) ||
		((value == NULL || ScimJsonIsUnassigned(value)) && field->path.filter == NULL))
		return;
	ScimJsonSet(operation, "op", ScimJsonNewString(op));
	ScimJsonSet(operation, "path", ScimJsonNewString(field->path.text));
	ScimJsonSet(operation, "value", value != NULL ? value : &null);
	ScimJsonSet(operation, SCIM_PATCH_FIELD, ScimJsonNewString(field->name));
	ScimJsonAppend(operations, operation);
}

/*
 * Is a field one of several values, of which a body knows others by filters?  It is no
 * reason for these to go that the one is what it was.
 */
static bool
is_one_beside(const ScimEndpoint *endpoint, const ScimFlatField *one,
			  const JsonbValue *body)
{
	const ScimResolved *resolved = &one->path.resolved;

	if (resolved->sub != NULL && resolved->sub->multi_valued)
		return false;
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *said;

		if (field->kind != SCIM_FIELD_ATTRIBUTE || !field->writable ||
			field->path.filter == NULL ||
			field->path.resolved.attribute != resolved->attribute)
			continue;
		said = ScimFlatGiven(field, body);
		if (said != NULL && !ScimJsonIsUnassigned(said))
			return true;
	}
	return false;
}

/* How a field is written beside others that a body has of its attribute. */
typedef enum Manner
{
	WRITES,  /* what is at its path */
	STAYS,   /* the only value, unless it is the one already */
	CHOOSES, /* which of the values of a list is the one */
	JOINS,   /* the same; where none of them has the part, the one gets it */
	GIVES    /* the one gets a part */
} Manner;

/* said NULL: it is to be cleared */
static Manner
manner_of(const ScimEndpoint *endpoint, const ScimFlatField *field,
		  const JsonbValue *body, const JsonbValue *said)
{
	const ScimResolved *resolved = &field->path.resolved;

	if (!resolved->attribute->multi_valued || has_no_parts(endpoint, &field->path))
		return WRITES;
	if (is_one_of_given(endpoint, field, body))
		return CHOOSES;
	if (!field->one)
		return WRITES;
	if (said == NULL || ScimJsonIsUnassigned(said))
		return STAYS;
	if (is_further(endpoint, field, body))
		return GIVES;
	if (is_beside_parts(endpoint, field, body))
		return resolved->sub != NULL ? JOINS : STAYS;
	return is_one_beside(endpoint, field, body) ? STAYS : WRITES;
}

/* In so many turns the fields of a body are written. */
#define TURNS 7
#define TURN_OF_ONE 3

/*
 * When one of them is: whole attributes first, so that parts of them are not lost; the
 * one value that there is to be, and lists by which values are known; lists of other
 * parts; which of all these is the one, and parts of it; and then what filters select.
 */
static int
turn_of(const ScimFlatField *field, Manner manner)
{
	const ScimAttribute *part = field->path.resolved.sub;

	if (is_whole(field) && !is_list_of_parts(&field->path))
		return 0;
	if (is_whole(field))
		return strcmp(part->name, "value") == 0 ? 1 : 2;
	if (field->one && (manner == WRITES || manner == STAYS))
		return 1;
	if (field->one)
		return manner == GIVES ? TURN_OF_ONE + 1 : TURN_OF_ONE;
	return manner == CHOOSES ? 5 : 6;
}

/* Is it for the client to clear, by leaving it out? */
static bool
is_clearable(const ScimFlatField *field)
{
	const ScimResolved *resolved = &field->path.resolved;

	return field->kind == SCIM_FIELD_ATTRIBUTE && field->readable && field->writable &&
		   resolved->attribute->mutability != SCIM_IMMUTABLE &&
		   (resolved->sub == NULL || resolved->sub->mutability != SCIM_IMMUTABLE);
}

/* Does another field that is given stand for the same? */
static bool
is_given_otherwise(const ScimEndpoint *endpoint, const ScimFlatField *field,
				   const JsonbValue *body)
{
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *other = &endpoint->fields[i];

		if (other != field && other->kind == SCIM_FIELD_ATTRIBUTE && other->writable &&
			strcmp(other->path.text, field->path.text) == 0 &&
			ScimFlatGiven(other, body) != NULL)
			return true;
	}
	return false;
}

/*
 * Is this a field of members that can be listed, but not changed?  Nor can one of a list
 * that a body has.
 */
static bool
is_of_members(const ScimEndpoint *endpoint, const ScimFlatField *field,
			  const JsonbValue *body)
{
	const ScimFlatPath *path = &field->path;

	return ScimFlatIsMembers(endpoint, &path->resolved) &&
		   (path->filter != NULL ||
			(path->resolved.sub != NULL &&
			 strcmp(path->resolved.sub->name, "value") != 0) ||
			is_one_of_given(endpoint, field, body));
}

/*
 * Does a body say of members by such fields what is shown of them?  They are no part of
 * the document of which operations know what it says.
 */
static bool
leaves_members(const ScimFlatCall *call, const JsonbValue *body, bool whole)
{
	const ScimEndpoint *endpoint = call->endpoint;
	const JsonbValue *document = NULL;

	for (int i = 0; i < endpoint->nfields && call->id != NULL; i++)
	{
		if (is_of_members(endpoint, &endpoint->fields[i], body) &&
			endpoint->fields[i].writable &&
			ScimFlatGiven(&endpoint->fields[i], body) != NULL)
			document = ScimFlatDocument(
				call, ScimGetResource(call->store, call->type, call->id), NULL);
		if (document != NULL)
			break;
	}
	for (int i = 0; i < endpoint->nfields && document != NULL; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const JsonbValue *said;

		if (field->kind != SCIM_FIELD_ATTRIBUTE || !field->writable ||
			!ScimFlatIsMembers(endpoint, &field->path.resolved))
			continue;
		said = ScimFlatGiven(field, body);
		if (said == NULL && !(whole && is_clearable(field)))
			continue;
		if (!ScimFlatIsShown(call, field, document, said))
			return false;
	}
	return document != NULL;
}

/* Is a field one value, which others that stay may not go before? */
static bool
becomes_one(const ScimEndpoint *endpoint, const ScimFlatField *field)
{
	return field->one && field->path.resolved.attribute->multi_valued &&
		   !has_no_parts(endpoint, &field->path);
}

/* value NULL: it is to go */
static void
write_field(const ScimFlatCall *call, JsonbValue *operations, const ScimFlatField *field,
			Manner manner, const JsonbValue *value)
{
	const ScimEndpoint *endpoint = call->endpoint;

	if (manner == CHOOSES || manner == JOINS)
		choose_one(endpoint, operations, field, SCIM_PATCH_CHOOSE, value);
	if (manner == JOINS || manner == GIVES)
		choose_one(endpoint, operations, field, SCIM_PATCH_GIVE, value);
	else if (manner == STAYS && call->id != NULL &&
			 !(field->path.resolved.sub == NULL &&
			   (value == NULL || ScimJsonIsUnassigned(value))))
		add_operation(operations, field->name, SCIM_PATCH_ONLY, field->path.text,
					  as_list(value));
	else if (manner == WRITES || manner == STAYS)
		change_path(endpoint, operations, field->name, &field->path, value);
}

/*
 * ScimFlatOperations makes operations of a PATCH of what a body says.  whole: what it
 * does not say is cleared, as far as the endpoint shows it; what no field stands for
 * stays.
 */
JsonbValue *
ScimFlatOperations(const ScimFlatCall *call, const JsonbValue *body, bool whole)
{
	const ScimEndpoint *endpoint = call->endpoint;
	JsonbValue *operations = ScimJsonNewArray();
	JsonbValue *changes = ScimJsonNewArray();
	bool same_members = leaves_members(call, body, whole);
	const JsonbValue **given = palloc0((endpoint->nfields + 1) * sizeof(JsonbValue *));
	Manner *manners = palloc0((endpoint->nfields + 1) * sizeof(Manner));

	for (int i = 0; i < endpoint->nfields && whole; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];

		if (!is_clearable(field) || ScimFlatGiven(field, body) != NULL ||
			is_given_otherwise(endpoint, field, body))
			continue;
		/* of members the list says which there are */
		if (is_one_of_given(endpoint, field, body))
			choose_one(endpoint, operations, field, SCIM_PATCH_CHOOSE, NULL);
		else
			write_field(call, operations, field, manner_of(endpoint, field, body, NULL),
						NULL);
	}
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];

		if (field->kind != SCIM_FIELD_ATTRIBUTE || !field->writable ||
			(same_members && is_of_members(endpoint, field, body)))
			continue;
		given[i] = ScimFlatGiven(field, body);
		if (given[i] != NULL)
			manners[i] = manner_of(endpoint, field, body, given[i]);
	}
	for (int turn = 0; turn < TURNS; turn++)
	{
		for (int i = 0; i < endpoint->nfields; i++)
		{
			const ScimFlatField *field = &endpoint->fields[i];
			const JsonbValue *value = given[i];
			int at = value != NULL ? turn_of(field, manners[i]) : -1;

			if (at != turn && !(turn == TURN_OF_ONE && at >= 0 && at < turn &&
								becomes_one(endpoint, field)))
				continue;
			value = ScimFlatSaid(call, field, value);
			/* which values are meant is known by what is stored of them */
			if (field->path.resolved.attribute->multi_valued)
				value =
					ScimWireValueStored(call->characters, &field->path.resolved, value);
			if (at == turn)
				write_field(call, changes, field, manners[i], value);
			else
				choose_one(endpoint, changes, field, SCIM_PATCH_CHOOSE, value);
		}
	}
	for (int i = 0; i < changes->val.array.nElems; i++)
		ScimJsonAppend(operations, &changes->val.array.elems[i]);
	return operations;
}

/* What a constant may be made of. */
typedef struct Body
{
	const ScimEndpoint *endpoint;
	const JsonbValue *body;
} Body;

static const JsonbValue *
body_place(void *context, const char *name)
{
	const Body *body = context;
	const ScimFlatField *field = ScimFlatFieldByName(body->endpoint, name);

	return field == NULL ? NULL : ScimFlatGiven(field, body->body);
}

/* The attribute that an operation sets, or the part of it. */
static const char *
set_path(const JsonbValue *operation)
{
	const char *path = ScimJsonStringCopy(ScimJsonGet(operation, "path"));

	/* who lists a part of several values says which these are */
	return ScimJsonStringEquals(ScimJsonGet(operation, "op"), SCIM_PATCH_LIST)
			   ? text_before_last(path, '.', false)
			   : path;
}

/* Do operations set what this one sets? */
static bool
is_set(const JsonbValue *operations, const JsonbValue *operation)
{
	const char *path = set_path(operation);

	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		const JsonbValue *other = &operations->val.array.elems[i];
		const JsonbValue *value = ScimJsonGet(other, "value");

		if (value != NULL && !ScimJsonIsUnassigned(value) &&
			strcmp(set_path(other), path) == 0)
			return true;
	}
	return false;
}

/* Does a constant set what others may then set parts of? */
static bool
is_whole_constant(const ScimFlatConstant *constant)
{
	const ScimResolved *resolved = &constant->path.resolved;

	return constant->path.filter == NULL &&
		   (resolved->sub == NULL || resolved->attribute->multi_valued);
}

/* Is an operation of a body about the attribute of one of some constants? */
static bool
is_about(const ScimEndpoint *endpoint, const JsonbValue *operation,
		 const ScimFlatConstant **constants, int n)
{
	const ScimFlatField *field = ScimFlatFieldByName(
		endpoint, ScimJsonStringCopy(ScimJsonGet(operation, SCIM_PATCH_FIELD)));

	for (int i = 0; field != NULL && i < n; i++)
	{
		if (constants[i]->path.resolved.attribute == field->path.resolved.attribute)
			return true;
	}
	return false;
}

/*
 * Of constants that are written after what a body says, and their operations, those that
 * the body takes away: they go where that is done last.
 */
static bool *
find_cleared(const ScimFlatCall *call, const ScimFlatConstant **constants,
			 const JsonbValue *written, const JsonbValue *operations)
{
	int n = written->val.array.nElems;
	bool *cleared = palloc0((n + 1) * sizeof(bool));
	JsonbValue *sets = ScimJsonNewArray();
	JsonbValue *clears = ScimJsonNewArray();
	List *members = NIL;
	const JsonbValue *before;
	const JsonbValue *after;

	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		const JsonbValue *operation = &operations->val.array.elems[i];
		const JsonbValue *value = ScimJsonGet(operation, "value");

		if (is_about(call->endpoint, operation, constants, n))
			ScimJsonAppend(value == NULL || ScimJsonIsUnassigned(value) ? clears : sets,
						   operation);
	}
	if (clears->val.array.nElems == 0)
		return cleared;
	for (int i = 0; i < n; i++)
		ScimJsonAppend(sets, &written->val.array.elems[i]);
	before = ScimPatchDocument(call->store, call->type, ScimJsonNewObject(), sets, false,
							   &members);
	after = ScimPatchDocument(call->store, call->type, before, clears, false, &members);
	for (int i = 0; i < n; i++)
	{
		const JsonbValue *had = ScimFlatValueAt(before, &constants[i]->path, false);
		const JsonbValue *has = ScimFlatValueAt(after, &constants[i]->path, false);

		cleared[i] = had != NULL && (has == NULL || !ScimJsonEqual(had, has));
	}
	return cleared;
}

/*
 * ScimFlatWithConstants returns operations with what a new resource gets beside what the
 * body says: where the body says something of the same, that holds, also that there is
 * to be nothing.  What it says of parts holds too: whole attributes come before.
 */
JsonbValue *
ScimFlatWithConstants(const ScimFlatCall *call, const JsonbValue *body,
					  const JsonbValue *operations)
{
	const ScimEndpoint *endpoint = call->endpoint;
	Body context = {endpoint, body};
	JsonbValue *before = ScimJsonNewArray();
	JsonbValue *after = ScimJsonNewArray();
	JsonbValue *unset = ScimJsonNewArray();
	JsonbValue *all = ScimJsonNewArray();
	const ScimFlatConstant **constants =
		palloc((endpoint->nconstants + 1) * sizeof(ScimFlatConstant *));
	int nunset = 0;
	const bool *cleared;

	for (int i = 0; i < endpoint->nconstants; i++)
	{
		const ScimFlatConstant *constant = &endpoint->constants[i];
		const JsonbValue *value = ScimTemplateFill(constant->value, body_place, &context);
		JsonbValue *place = is_whole_constant(constant) ? before : after;
		int n = place->val.array.nElems;

		if (value == NULL || ScimJsonIsUnassigned(value))
			continue;
		change_path(endpoint, place, constant->name, &constant->path, value);
		if (place == after && after->val.array.nElems > n &&
			!is_set(operations, &after->val.array.elems[n]))
		{
			ScimJsonAppend(unset, &after->val.array.elems[n]);
			constants[nunset++] = constant;
		}
	}
	for (int i = 0; i < before->val.array.nElems; i++)
	{
		if (!is_set(operations, &before->val.array.elems[i]))
			ScimJsonAppend(all, &before->val.array.elems[i]);
	}
	for (int i = 0; i < operations->val.array.nElems; i++)
		ScimJsonAppend(all, &operations->val.array.elems[i]);
	cleared = find_cleared(call, constants, unset, operations);
	for (int i = 0; i < nunset; i++)
	{
		if (!cleared[i])
			ScimJsonAppend(all, &unset->val.array.elems[i]);
	}
	return all;
}
