/*
 * scim.c
 *		Module entry: each part sets up itself.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "extension.h"
#include "filter/filter.h"
#include "protocol/protocol.h"
#include "query/query.h"
#include "resource/resource.h"
#include "schema/schema.h"
#include "store/store.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "scim", .version = SCIM_VERSION);
#else
PG_MODULE_MAGIC;
#endif

void _PG_init(void);

void
_PG_init(void)
{
	ScimExtensionInit();
	ScimFilterInit();
	ScimSchemaInit();
	ScimLimitsInit();
	ScimPatchInit();
	ScimStoreInit();
	ScimRegistryInit();
	ScimPredicateInit();
	ScimCursorInit();
	ScimProtocolInit();
	MarkGUCPrefixReserved("scim");
}
