/*
 * scalar.c
 *		The values of the simple types (RFC 7643 section 2.3), and of attributes
 *		that have several of them, a "format" or a "pattern".
 *
 * Values stay as sent, but where real clients send a string for what has a JSON
 * type of its own: "True" and "42" become true and 42.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "fmgr.h"

#include "text/text.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

static const char *
canonicalise_several(ScimTypes types, const JsonbValue *value, JsonbValue *canonical);
static bool read_boolean(const JsonbValue *value, JsonbValue *canonical);
static bool read_number(const JsonbValue *value, JsonbValue *canonical);
static bool make_integral(JsonbValue *number);
static bool is_json_number(const char *text, int len);
static const char *skip_digits(const char *p, const char *end);
static bool is_base64(const char *text, int len);

/*
 * ScimCanonicaliseScalar puts the canonical form of a value of a simple type
 * into *canonical; it may point into value.  Returns NULL, or what the value
 * should have been, as in 'must be "a string"'.
 */
const char *
ScimCanonicaliseScalar(ScimType type, const JsonbValue *value, JsonbValue *canonical)
{
	bool is_string = value->type == jbvString;
	const char *text = is_string ? value->val.string.val : NULL;
	int len = is_string ? value->val.string.len : 0;
	ScimInstant instant;

	*canonical = *value;
	switch (type)
	{
		case SCIM_TYPE_STRING:
			return is_string ? NULL : "a string";
		case SCIM_TYPE_BOOLEAN:
			return read_boolean(value, canonical) ? NULL : "true or false";
		case SCIM_TYPE_DECIMAL:
			if (!read_number(value, canonical))
				return "a number";
			return canonical->val.numeric != NULL ? NULL
												  : "a number of " SCIM_NUMBER_LIMITS;
		case SCIM_TYPE_INTEGER:
			if (!read_number(value, canonical))
				return "an integer";
			if (canonical->val.numeric == NULL)
				return "an integer of " SCIM_NUMBER_LIMITS;
			return make_integral(canonical) ? NULL : "an integer";
		case SCIM_TYPE_DATETIME:
			if (is_string && ScimInstantParse(text, len, &instant))
				return NULL;
			return "a date and time such as \"2026-01-31T08:00:00Z\"";
		case SCIM_TYPE_BINARY:
			return is_string && is_base64(text, len) ? NULL : "a base64 string";
		case SCIM_TYPE_REFERENCE:
			return is_string && len > 0 ? NULL : "a URI";
		case SCIM_TYPE_COMPLEX:
		case SCIM_TYPE_SEVERAL:
		case SCIM_TYPE_ANY:
			break;
	}
	elog(ERROR, "attribute type %d is not simple", (int) type);
	return NULL;
}

/* ScimHasType says whether an attribute is of a type, or of that and others. */
bool
ScimHasType(const ScimAttribute *attribute, ScimType type)
{
	if (attribute->type == SCIM_TYPE_SEVERAL)
		return (attribute->types & SCIM_TYPE_BIT(type)) != 0;
	return attribute->type == type;
}

/*
 * ScimCanonicaliseSimple does so for the type or types of an attribute, and its
 * "format" and "pattern".
 */
const char *
ScimCanonicaliseSimple(const ScimAttribute *attribute, const JsonbValue *value,
					   JsonbValue *canonical)
{
	const char *expected =
		attribute->type == SCIM_TYPE_SEVERAL
			? canonicalise_several(attribute->types, value, canonical)
			: ScimCanonicaliseScalar(attribute->type, value, canonical);

	if (expected != NULL || canonical->type != jbvString)
		return expected;
	if (attribute->date &&
		!ScimDateIsValid(canonical->val.string.val, canonical->val.string.len))
		return "a date such as \"2026-01-31\"";
	if (attribute->pattern != NULL &&
		!ScimPatternMatches(attribute->pattern, canonical->val.string.val,
							canonical->val.string.len))
		return psprintf("a string that matches \"%s\"",
						ScimPatternText(attribute->pattern));
	return NULL;
}

/* The types whose values are in JSON what this value is. */
static ScimTypes
types_of_kind(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return SCIM_TYPES_OF_STRINGS;
		case jbvNumeric:
			return SCIM_TYPES_OF_NUMBERS;
		case jbvBool:
			return SCIM_TYPE_BIT(SCIM_TYPE_BOOLEAN);
		default:
			return 0;
	}
}

/*
 * The type that the value has in JSON, if it is one of them: "42" is a string.  Or
 * else any that it can be read as.
 */
static const char *
canonicalise_several(ScimTypes types, const JsonbValue *value, JsonbValue *canonical)
{
	ScimTypes own = types & types_of_kind(value);
	StringInfoData expected;

	for (int type = 0; own != 0 && type < SCIM_TYPE_SEVERAL; type++)
	{
		if ((own & SCIM_TYPE_BIT(type)) != 0 &&
			ScimCanonicaliseScalar((ScimType) type, value, canonical) == NULL)
			return NULL;
	}
	initStringInfo(&expected);
	for (int type = 0; type < SCIM_TYPE_SEVERAL; type++)
	{
		const char *one;

		if ((types & SCIM_TYPE_BIT(type)) == 0)
			continue;
		one = ScimCanonicaliseScalar((ScimType) type, value, canonical);
		if (one == NULL)
			return NULL;
		appendStringInfo(&expected, "%s%s", expected.len > 0 ? " or " : "", one);
	}
	return expected.data;
}

static bool
read_boolean(const JsonbValue *value, JsonbValue *canonical)
{
	bool is_true;

	if (value->type == jbvBool)
		return true;
	if (value->type != jbvString)
		return false;
	is_true = ScimNameEqualN(value->val.string.val, value->val.string.len, "true", 4);
	if (!is_true &&
		!ScimNameEqualN(value->val.string.val, value->val.string.len, "false", 5))
		return false;
	canonical->type = jbvBool;
	canonical->val.boolean = is_true;
	return true;
}

/* One that is too long is NULL. */
static bool
read_number(const JsonbValue *value, JsonbValue *canonical)
{
	if (value->type == jbvNumeric)
	{
		if (!ScimNumberFits(value->val.numeric))
			canonical->val.numeric = NULL;
		return true;
	}
	if (value->type != jbvString ||
		!is_json_number(value->val.string.val, value->val.string.len))
		return false;
	canonical->type = jbvNumeric;
	canonical->val.numeric =
		ScimNumberRead(pnstrdup(value->val.string.val, value->val.string.len));
	return true;
}

/* 1.0 becomes 1; false if there is a fraction. */
static bool
make_integral(JsonbValue *number)
{
	Datum value = NumericGetDatum(number->val.numeric);
	Datum integral = DirectFunctionCall2(numeric_trunc, value, Int32GetDatum(0));

	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, value, integral)))
		return false;
	number->val.numeric = DatumGetNumeric(integral);
	return true;
}

/* RFC 8259 section 6. */
static bool
is_json_number(const char *text, int len)
{
	const char *p = text;
	const char *end = text + len;
	const char *digits;

	if (p < end && *p == '-')
		p++;
	digits = p;
	p = skip_digits(p, end);
	if (p == digits || (*digits == '0' && p > digits + 1))
		return false;
	if (p < end && *p == '.')
	{
		digits = ++p;
		p = skip_digits(p, end);
		if (p == digits)
			return false;
	}
	if (p < end && (*p == 'e' || *p == 'E'))
	{
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		digits = p;
		p = skip_digits(p, end);
		if (p == digits)
			return false;
	}
	return p == end;
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/*
 * RFC 4648 sections 4 and 5: either alphabet, not both; padding may be left
 * out, but what there is must be right.
 */
static bool
is_base64(const char *text, int len)
{
	bool standard = false;
	bool urlsafe = false;
	int digits = len;

	while (digits > 0 && len - digits < 2 && text[digits - 1] == '=')
		digits--;
	if (digits % 4 == 1 || (digits < len && len % 4 != 0))
		return false;
	for (int i = 0; i < digits; i++)
	{
		char c = text[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			continue;
		if (c == '+' || c == '/')
			standard = true;
		else if (c == '-' || c == '_')
			urlsafe = true;
		else
			return false;
	}
	return !(standard && urlsafe);
}
