/*
 * setting.h
 *		Settings: what a store, a tenant, a resource type, a token or a session may
 *		have different.
 *
 *		table.c		the settings there are, each a line of one table; those of the
 *					session; a value checked
 *		resolve.c	which value holds
 *		spent.c		what one request has had done, which some of them bound
 *
 * A setting "max_results" is a row of a store's table "setting" and, as
 * scim.max_results, a setting of the session, which is unset unless somebody makes
 * it.  What holds is the first that is there of: the session, the token, tenant and
 * type, tenant, type, the store, the default.  An upper bound is capped by the row of
 * the store, the one for all tenants and types, whatever comes before it.
 *
 * Nothing here reads a table: rows come from store/configuration/setting.c, which is also
 * the one who knows who acts.
 */
#ifndef SCIM_SETTING_H
#define SCIM_SETTING_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

typedef enum ScimSettingId
{
	SCIM_SETTING_ACCESS_TOKEN_LIFETIME,
	SCIM_SETTING_ADVERTISE_PAGINATION,
	SCIM_SETTING_ADVERTISE_TYPES,
	SCIM_SETTING_AUDIT_RETENTION,
	SCIM_SETTING_BASE_PATH,
	SCIM_SETTING_BASE_URL,
	SCIM_SETTING_CREATE_ON_ABSENT,
	SCIM_SETTING_CURSOR_TIMEOUT,
	SCIM_SETTING_DEFAULT_RESULTS,
	SCIM_SETTING_DORMANT_AFTER,
	SCIM_SETTING_EMPTY_PATCH,
	SCIM_SETTING_EVENT_RETENTION,
	SCIM_SETTING_GROUP_MEMBERSHIPS,
	SCIM_SETTING_LEAVER_FILTER,
	SCIM_SETTING_LEAVING_DATE,
	SCIM_SETTING_MAX_ANSWER_SIZE,
	SCIM_SETTING_MAX_BODY_DEPTH,
	SCIM_SETTING_MAX_BODY_MEMBERS,
	SCIM_SETTING_MAX_BODY_PASSWORDS,
	SCIM_SETTING_MAX_BODY_SEALED,
	SCIM_SETTING_MAX_BODY_SIZE,
	SCIM_SETTING_MAX_BODY_VALUES,
	SCIM_SETTING_MAX_BODY_VISITS,
	SCIM_SETTING_MAX_BULK_OPERATIONS,
	SCIM_SETTING_MAX_FILTER_DEPTH,
	SCIM_SETTING_MAX_FILTER_LENGTH,
	SCIM_SETTING_MAX_FILTER_LOOKUPS,
	SCIM_SETTING_MAX_FILTER_NODES,
	SCIM_SETTING_MAX_FILTER_VISITS,
	SCIM_SETTING_MAX_PATCH_OPERATIONS,
	SCIM_SETTING_MAX_PATCH_VISITS,
	SCIM_SETTING_MAX_RESOURCE_SIZE,
	SCIM_SETTING_MAX_RESULTS,
	SCIM_SETTING_MAX_SCHEMA_ATTRIBUTES,
	SCIM_SETTING_MAX_VALUES,
	SCIM_SETTING_MEMBER_DISPLAY,
	SCIM_SETTING_PATCH_NO_CONTENT,
	SCIM_SETTING_PATCH_REPLACE_MERGES,
	SCIM_SETTING_PATCH_SELECTS_VALUES,
	SCIM_SETTING_PATCH_WITHOUT_PATH,
	SCIM_SETTING_UNKNOWN_ATTRIBUTES,
	SCIM_SETTING_UNKNOWN_SCHEMAS
} ScimSettingId;
#define SCIM_SETTINGS (SCIM_SETTING_UNKNOWN_SCHEMAS + 1)

/* Bytes of base_url, which stands in headers such as Location. */
#define SCIM_MAX_BASE_URL 2048

/* The most that max_filter_lookups may be: columns of a subquery, of which 1664 fit. */
#define SCIM_MAX_FILTER_LOOKUPS_MAX 1500

/* What unknown_attributes and unknown_schemas may be. */
#define SCIM_UNKNOWN_REJECT 0
#define SCIM_UNKNOWN_IGNORE 1

typedef enum ScimSettingKind
{
	SCIM_SETTING_INTEGER,
	SCIM_SETTING_BOOLEAN,
	SCIM_SETTING_CHOICE, /* one of some words */
	SCIM_SETTING_TEXT,
	SCIM_SETTING_OF_TYPE /* a boolean; that of the session names the types that have it */
} ScimSettingKind;

typedef struct ScimSettingDefinition
{
	const char *guc; /* "scim." and the name */
	ScimSettingKind kind;
	int number; /* the default, of an integer, boolean or choice */
	int min;
	int max;
	int unit;         /* GUC_UNIT_..., or 0 */
	bool is_bound;    /* an upper bound, capped by the row of the store */
	bool by_type;     /* rows may be of a resource type */
	const char *text; /* the default of a text */
	const char *description;
	const char *detail; /* or NULL */
} ScimSettingDefinition;

/* The value of any: a number, which a boolean and a choice are, too, or a text. */
typedef struct ScimSettingValue
{
	int number;
	const char *text;
} ScimSettingValue;

/* A row of a store's table "setting". */
typedef struct ScimSettingRow
{
	ScimSettingId id;
	const char *resource_type; /* NULL: all */
	bool every_tenant;
	int32 tenant_id;
	bool any_token;
	pg_uuid_t token_id;
	ScimSettingValue value;
} ScimSettingRow;

/* Where the value that holds comes from. */
typedef enum ScimSettingSource
{
	SCIM_SETTING_DEFAULT,
	SCIM_SETTING_STORE,
	SCIM_SETTING_TYPE,
	SCIM_SETTING_TENANT,
	SCIM_SETTING_TENANT_AND_TYPE,
	SCIM_SETTING_TOKEN,
	SCIM_SETTING_SESSION
} ScimSettingSource;

/* Who acts, as far as settings depend on it. */
typedef struct ScimSettingCaller
{
	int32 tenant_id;
	bool has_token;
	pg_uuid_t token_id;
} ScimSettingCaller;

/* Those of a store, compiled. */
typedef struct ScimSettings ScimSettings;

/* table.c */
extern void ScimSettingInit(void);
extern const ScimSettingDefinition *ScimSettingDefined(ScimSettingId id);
extern const char *ScimSettingName(ScimSettingId id);
extern bool ScimSettingFind(const char *name, ScimSettingId *id);
/* Reads a value; NULL, or what is wrong with it, as in "it %s". */
extern const char *
ScimSettingRead(ScimSettingId id, const JsonbValue *json, ScimSettingValue *value);
/* The canonical form of a value. */
extern void
ScimSettingWrite(ScimSettingId id, const ScimSettingValue *value, JsonbValue *json);
/* The one of the session; false: it is unset. */
extern bool
ScimSettingOfSession(ScimSettingId id, const char *type, ScimSettingValue *value);

/* resolve.c */
extern void ScimSettingsInit(void);
/* Set by whoever knows. */
extern void (*ScimSettingCallerHook)(ScimSettingCaller *caller);
/* Of rows, ScimSettingRow *, which must live as long. */
extern ScimSettings *ScimSettingsMake(List *rows);
/*
 * What holds, with settings NULL without any store, and with type NULL for what is of
 * no particular resource type.
 */
extern ScimSettingValue ScimSettingValueOf(ScimSettings *settings, ScimSettingId id,
										   const char *type, ScimSettingSource *source);
extern int ScimSettingInt(ScimSettings *settings, ScimSettingId id, const char *type);
extern bool ScimSettingBool(ScimSettings *settings, ScimSettingId id, const char *type);

/*
 * The settings in force: for what works on one document or text and knows no store.
 * Whoever does know it says so before, and looking for a store does as well.
 */
extern void ScimSettingsUse(ScimSettings *settings);
extern int ScimSettingInForce(ScimSettingId id, const char *type);

/* spent.c */
typedef struct ScimSpent
{
	bool counting;
	int64 passwords;
	int64 sealed;
	int64 members;
	int64 visits;
} ScimSpent;

extern bool ScimSpendingBegin(void);
extern void ScimSpendingEnd(bool began);
extern ScimSpent ScimSpentNow(void);
extern void ScimSpentRestore(const ScimSpent *before);
extern void ScimSpendPassword(size_t len);
extern void ScimSpendSealed(int64 values);
extern void ScimSpendMembers(int64 named);
extern void ScimSpendVisits(int64 more);
extern void ScimCheckVisits(void);

#endif /* SCIM_SETTING_H */
