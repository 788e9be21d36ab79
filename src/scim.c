/*
 * scim.c
 *		Module entry: each part sets up itself.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "binding/follow/follow.h"
#include "door/roles/roles.h"
#include "door/row/row.h"
#include "extension.h"
#include "index/index.h"
#include "protocol/protocol.h"
#include "setting/setting.h"
#include "store/configuration/configuration.h"
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
	ScimSettingInit();
	ScimSettingsInit();
	ScimNamedInit();
	ScimStoreInit();
	ScimStoreSettingInit();
	ScimRegistryInit();
	ScimIndexInit();
	ScimRowContextInit();
	ScimRolesInit();
	ScimLoadInit();
	ScimBindingInit();
	ScimProtocolInit();
	MarkGUCPrefixReserved("scim");
}
