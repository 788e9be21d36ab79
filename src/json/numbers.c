/*
 * numbers.c
 *		Numbers in a tree that are longer than they may be.
 */
#include "postgres.h"

#include "json/json.h"

#include "miscadmin.h"

#include "text/number.h"

/*
 * ScimJsonLongNumber finds the first number in a tree that has more digits than
 * SCIM_NUMBER_LIMITS says.  Returns NULL, or where it is: a path such as
 * "emails[0].value", or "" where the tree is that number.
 */
char *
ScimJsonLongNumber(const JsonbValue *tree)
{
	char *rest;

	switch (tree->type)
	{
		case jbvNumeric:
			return ScimNumberFits(tree->val.numeric) ? NULL : pstrdup("");
		case jbvArray:
			check_stack_depth();
			for (int i = 0; i < tree->val.array.nElems; i++)
			{
				CHECK_FOR_INTERRUPTS();
				rest = ScimJsonLongNumber(&tree->val.array.elems[i]);
				if (rest != NULL)
					return psprintf("[%d]%s%s", i,
									*rest == '\0' || *rest == '[' ? "" : ".", rest);
			}
			return NULL;
		case jbvObject:
			check_stack_depth();
			for (int i = 0; i < tree->val.object.nPairs; i++)
			{
				const JsonbPair *pair = &tree->val.object.pairs[i];

				CHECK_FOR_INTERRUPTS();
				rest = ScimJsonLongNumber(&pair->value);
				if (rest != NULL)
				{
					StringInfoData path;

					initStringInfo(&path);
					ScimJsonAppendKey(&path, pair->key.val.string.val,
									  pair->key.val.string.len);
					appendStringInfo(&path, "%s%s",
									 *rest == '\0' || *rest == '[' ? "" : ".", rest);
					return path.data;
				}
			}
			return NULL;
		default:
			return NULL;
	}
}

/* ScimJsonPlaceOfNumber is for messages: what ScimJsonLongNumber returns, in words. */
char *
ScimJsonPlaceOfNumber(const char *path)
{
	return *path != '\0' ? psprintf(" in \"%s\"", path) : pstrdup("");
}
