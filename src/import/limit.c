/*
 * limit.c
 *		How much may come to an end or change, so that a file that is cut off, or of
 *		something else, does not empty a directory.
 */
#include "postgres.h"

#include "import/import.h"

/* Of ten there is no share: a change of two people in three is nothing remarkable. */
#define FEW 10

/* ScimLimitRead: "250", or "10%"; NULL: none. */
void
ScimLimitRead(ScimLimit *limit, const char *argument, const char *text)
{
	char *end;
	double number;

	memset(limit, 0, sizeof(ScimLimit));
	limit->argument = argument;
	limit->text = text;
	limit->percent = -1;
	if (text == NULL)
		return;
	number = strtod(text, &end);
	if (end == text || strspn(text, "0123456789.") != (size_t) (end - text) ||
		(strcmp(end, "") != 0 && strcmp(end, "%") != 0) ||
		(*end == '\0' && (strchr(text, '.') != NULL || number > 1e15)))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s must be a number or a percentage, such as \"250\" or "
							   "\"10%%\", not \"%s\"",
							   argument, text)));
	if (*end == '%')
		limit->percent = number;
	else
		limit->number = (int64) number;
}

/* Are so many of all too many? */
static bool
is_too_many(const ScimLimit *limit, int64 number, int64 of)
{
	if (limit->text == NULL)
		return false;
	if (limit->percent < 0)
		return number > limit->number;
	return (double) number * 100 > (double) of * limit->percent;
}

/* ScimImportTooMuch: see import.h */
char *
ScimImportTooMuch(ScimImport *import)
{
	const char *name = import->type->name;
	int64 gone =
		import->counts[SCIM_IMPORT_DEACTIVATE] + import->counts[SCIM_IMPORT_DELETE];
	int64 changed = import->counts[SCIM_IMPORT_CHANGE];
	int64 of;

	if (import->force)
		return NULL;
	if (import->full && import->nsource == 0)
		return pstrdup("the source is empty");
	if (import->full && import->nkeyless > 0)
		return psprintf("of " INT64_FORMAT
						" rows nobody knows whom they mean, and so who "
						"is missing",
						import->nkeyless);
	if (gone == 0 && changed == 0)
		return NULL;
	of = ScimCountInScope(import, true);
	if (is_too_many(&import->max_missing, gone, of))
		return psprintf(INT64_FORMAT " of " INT64_FORMAT " resources of type %s would be "
									 "%s, and max_missing is %s",
						gone, of, name,
						import->counts[SCIM_IMPORT_DELETE] == 0 ? "deactivated"
						: import->counts[SCIM_IMPORT_DEACTIVATE] == 0
							? "deleted"
							: "deactivated or deleted",
						import->max_missing.text);
	/* who is changed may be one who could not go */
	of = ScimCountInScope(import, false);
	if ((import->max_changed.percent < 0 || changed > FEW) &&
		is_too_many(&import->max_changed, changed, of))
		return psprintf(INT64_FORMAT " of " INT64_FORMAT " resources of type %s would be "
									 "changed, and max_changed is %s",
						changed, of, name, import->max_changed.text);
	return NULL;
}
