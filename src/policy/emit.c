/*
 * emit.c
 *		The policy "emit": an event of one's own when something happens.
 *
 *		{"event": "https://example.com/events/order", "on": ["create"],
 *		 "through": "urn:...:User:packageId", "matches": "automaticOrders eq true",
 *		 "data": ["userName", "addresses"]}
 *
 * "when", "through" and "matches" are those of the policy "condition"; "changed" names
 * attributes of which one must have another value than before.  "transient" is a filter
 * over what the request says that is not stored, and "data" may name that, too:
 * "transient.sendMail".  As an object, it says under which name each is told.
 */
#include "postgres.h"

#include "json/json.h"
#include "policy/policy.h"

#define TRANSIENT "transient."
#define MAX_URI 1024

/* What may stand in "on", and the operations of the audit that it means. */
static const struct
{
	const char *word;
	const char *operations[7];
} occasions[] = {
	{"create", {"create"}},
	{"update", {"update"}},
	{"delete", {"delete"}},
	{"activate", {"activate", "reactivate"}},
	{"suspend", {"suspend"}},
	{"offboard", {"offboard"}},
	{"complete", {"complete"}},
	{"restore", {"restore"}},
	{"status", {"activate", "reactivate", "suspend", "offboard", "complete", "restore"}},
	{"link", {"link"}},
	{"invite", {"invite"}},
	{"log_out", {"log out"}},
	{"recover", {"recover"}},
	{"redeem", {"redeem"}},
};

/* One of what the event tells. */
typedef struct EmitDatum
{
	const char *name;       /* in the event */
	const char *transient;  /* what the request says under that name, or NULL */
	ScimResolved *resolved; /* an attribute, where it is not that */
} EmitDatum;

static void
compile_event(const ScimRuleSource *source, ScimEmitRule *rule, const char **fault)
{
	const JsonbValue *event = ScimJsonGet(source->settings, "event");
	const char *uri = event != NULL ? ScimJsonStringCopy(event) : NULL;
	size_t scheme = 0;

	rule->uri = uri;
	if (uri != NULL)
		scheme = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
							 "0123456789+.-");
	if (scheme == 0 || uri[scheme] != ':' || uri[scheme + 1] == '\0' ||
		strlen(uri) > MAX_URI)
		*fault = "needs the setting \"event\", a URI";
	for (const char *p = uri; *fault == NULL && *p != '\0'; p++)
	{
		if (*p <= ' ' || *p > '~')
			*fault = "needs the setting \"event\", a URI";
	}
}

static void
compile_on(const ScimRuleSource *source, ScimEmitRule *rule, const char **fault)
{
	const JsonbValue *on = ScimJsonGet(source->settings, "on");

	if (on == NULL || on->type != jbvArray || on->val.array.nElems == 0)
	{
		*fault = "needs the setting \"on\", an array of what may happen";
		return;
	}
	for (int i = 0; i < on->val.array.nElems; i++)
	{
		const JsonbValue *word = &on->val.array.elems[i];
		size_t j = 0;

		while (j < lengthof(occasions) && !ScimJsonStringEquals(word, occasions[j].word))
			j++;
		if (j == lengthof(occasions))
		{
			const char *text = ScimJsonStringCopy(word);

			*fault = text != NULL
						 ? psprintf("is on \"%s\", which never happens", text)
						 : "has a setting \"on\" whose elements are not all strings";
			return;
		}
		for (size_t k = 0; k < lengthof(occasions[j].operations); k++)
		{
			if (occasions[j].operations[k] != NULL)
				rule->operations =
					lappend(rule->operations, (char *) occasions[j].operations[k]);
		}
	}
}

/* A filter over an object of which no schema is known. */
static void
compile_transient(const ScimRuleSource *source, ScimEmitRule *rule, const char **fault)
{
	const JsonbValue *value = ScimJsonGet(source->settings, "transient");
	const char *text = value != NULL ? ScimJsonStringCopy(value) : NULL;
	ScimResolveContext context = {source->registry, NULL};
	ScimProblem *problem = NULL;
	ScimFilter *filter;

	if (value == NULL)
		return;
	if (text == NULL)
	{
		*fault = "has the setting \"transient\", which is not a string";
		return;
	}
	filter = ScimFilterParse(text, strlen(text), &problem);
	if (filter != NULL)
		rule->transient =
			ScimFilterBind(filter, 0, ScimResolveForFilter, &context, NULL, &problem);
	if (rule->transient == NULL)
		*fault = psprintf("has the setting \"transient\", which is not a filter: %s",
						  problem->message);
}

/* name NULL: that of what is told */
static void
add_datum(const ScimRuleSource *source, ScimEmitRule *rule, const char *name,
		  const char *path, const char **fault)
{
	EmitDatum *datum = palloc0(sizeof(EmitDatum));

	if (path == NULL)
	{
		*fault = "has a setting \"data\" whose elements are not all strings";
		return;
	}
	datum->name = path;
	if (strncmp(path, TRANSIENT, strlen(TRANSIENT)) == 0 &&
		path[strlen(TRANSIENT)] != '\0')
		datum->name = datum->transient = path + strlen(TRANSIENT);
	else
	{
		datum->resolved = palloc0(sizeof(ScimResolved));
		*fault = ScimShownFault(source->type, path, datum->resolved);
	}
	if (name != NULL)
		datum->name = name;
	rule->data = lappend(rule->data, datum);
}

static void
compile_data(const ScimRuleSource *source, ScimEmitRule *rule, const char **fault)
{
	const JsonbValue *data = ScimJsonGet(source->settings, "data");

	if (data == NULL)
		return;
	if (data->type == jbvObject)
	{
		for (int i = 0; *fault == NULL && i < data->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &data->val.object.pairs[i];

			add_datum(source, rule, ScimJsonStringCopy(&pair->key),
					  ScimJsonStringCopy(&pair->value), fault);
		}
		return;
	}
	if (data->type != jbvArray)
		*fault = "has the setting \"data\", which is neither an array nor an object";
	for (int i = 0; *fault == NULL && i < data->val.array.nElems; i++)
		add_datum(source, rule, NULL, ScimJsonStringCopy(&data->val.array.elems[i]),
				  fault);
}

/* ScimEmitCompile makes a ScimEmitRule. */
void *
ScimEmitCompile(const ScimRuleSource *source, const char **fault)
{
	ScimEmitRule *rule = palloc0(sizeof(ScimEmitRule));

	compile_event(source, rule, fault);
	if (*fault == NULL)
		compile_on(source, rule, fault);
	if (*fault == NULL)
		rule->scope = ScimConditionScope(source, fault);
	if (*fault == NULL && ScimJsonGet(source->settings, "changed") != NULL)
		rule->changed = ScimRuleAttributes(source, "changed", fault);
	if (*fault == NULL)
		compile_transient(source, rule, fault);
	if (*fault == NULL)
		compile_data(source, rule, fault);
	return rule;
}

/* Is one of what must have changed another than before? */
static bool
has_changed(const ScimEmitRule *rule, const JsonbValue *before,
			const JsonbValue *document)
{
	const ListCell *lc;

	if (rule->changed == NIL)
		return true;
	foreach (lc, rule->changed)
	{
		const JsonbValue *was = before ? ScimRuleWhole(lfirst(lc), before) : NULL;
		const JsonbValue *is = ScimRuleWhole(lfirst(lc), document);

		if (!ScimJsonSame(was, is))
			return true;
	}
	return false;
}

/*
 * ScimEmitApplies: does a rule want an event of an operation, a word of the audit, as
 * far as this can be told without looking for what the document refers to?  before
 * and transient, what the request says that is not stored, may be NULL.
 */
bool
ScimEmitApplies(const ScimEmitRule *rule, const char *operation, const JsonbValue *before,
				const JsonbValue *document, const JsonbValue *transient)
{
	bool wanted = false;
	const ListCell *lc;

	foreach (lc, rule->operations)
		wanted = wanted || strcmp(lfirst(lc), operation) == 0;
	if (!wanted || !has_changed(rule, before, document))
		return false;
	if (rule->transient == NULL)
		return true;
	if (transient == NULL)
		transient = ScimJsonNewObject();
	return ScimFilterMatch(rule->transient,
						   &ScimJsonToJsonb(ScimJsonCopy(transient))->root);
}

/* The values that are named, an array where there may be several; NULL: none. */
static const JsonbValue *
named_value(const ScimResolved *resolved, const JsonbValue *document)
{
	List *values;
	JsonbValue *array;
	const ListCell *lc;

	if (resolved->sub == NULL || !resolved->attribute->multi_valued)
		return ScimRuleWhole(resolved, document);
	values = ScimRuleValues(resolved, document);
	if (values == NIL)
		return NULL;
	array = ScimJsonNewArray();
	foreach (lc, values)
		ScimJsonAppend(array, lfirst(lc));
	return array;
}

/* ScimEmitData makes what the event tells, an object; NULL: the rule names nothing. */
Jsonb *
ScimEmitData(const ScimEmitRule *rule, const JsonbValue *document,
			 const JsonbValue *transient)
{
	JsonbValue *object = ScimJsonNewObject();
	const ListCell *lc;

	if (rule->data == NIL)
		return NULL;
	foreach (lc, rule->data)
	{
		const EmitDatum *datum = lfirst(lc);
		const JsonbValue *value = NULL;

		if (datum->resolved != NULL)
			value = named_value(datum->resolved, document);
		else if (transient != NULL)
			value = ScimJsonGet(transient, datum->transient);
		if (value != NULL)
			ScimJsonSet(object, datum->name, value);
	}
	return ScimJsonToJsonb(ScimJsonCopy(object));
}
