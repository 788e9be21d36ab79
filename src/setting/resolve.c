/*
 * resolve.c
 *		Which value of a setting holds.
 */
#include "postgres.h"

#include "filter/filter.h"
#include "setting/setting.h"
#include "text/fold.h"

/* So many callers and types at a time have their values remembered. */
#define REMEMBERED 8

/* What holds for one caller and type, by the rows alone, as far as it was asked for. */
typedef struct Remembered
{
	bool used;
	ScimSettingCaller caller;
	char type[NAMEDATALEN * 2]; /* "": NULL */
	uint64 known;               /* a bit for each ScimSettingId */
	ScimSettingValue values[SCIM_SETTINGS];
	ScimSettingSource sources[SCIM_SETTINGS];
} Remembered;

StaticAssertDecl(SCIM_SETTINGS <= 64, "a bit for each setting");

struct ScimSettings
{
	List *rows[SCIM_SETTINGS]; /* of ScimSettingRow * */
	int next;                  /* in remembered, to be forgotten */
	Remembered remembered[REMEMBERED];
};

void (*ScimSettingCallerHook)(ScimSettingCaller *caller) = NULL;

static ScimSettings *in_force = NULL;

/* ScimSettingsMake compiles the rows of a store, in the current memory context. */
ScimSettings *
ScimSettingsMake(List *rows)
{
	ScimSettings *settings;
	ListCell *lc;

	if (rows == NIL)
		return NULL;
	settings = palloc0(sizeof(ScimSettings));
	foreach (lc, rows)
	{
		ScimSettingRow *row = lfirst(lc);

		settings->rows[row->id] = lappend(settings->rows[row->id], row);
	}
	return settings;
}

/* Where a row stands in the order, or -1 where it is not for these. */
static int
rank_of(const ScimSettingRow *row, const ScimSettingCaller *caller, const char *type)
{
	if ((!row->every_tenant && row->tenant_id != caller->tenant_id) ||
		(!row->any_token &&
		 (!caller->has_token ||
		  memcmp(&row->token_id, &caller->token_id, sizeof(pg_uuid_t)) != 0)) ||
		(row->resource_type != NULL &&
		 (type == NULL || !ScimNameEqual(row->resource_type, type))))
		return -1;
	return (row->any_token ? 0 : 4) + (row->every_tenant ? 0 : 2) +
		   (row->resource_type == NULL ? 0 : 1);
}

/* What the rows say, or the default. */
static void
find_row(const ScimSettings *settings, ScimSettingId id, const ScimSettingCaller *caller,
		 const char *type, ScimSettingValue *value, ScimSettingSource *source)
{
	static const ScimSettingSource sources[] = {
		SCIM_SETTING_STORE,           SCIM_SETTING_TYPE,  SCIM_SETTING_TENANT,
		SCIM_SETTING_TENANT_AND_TYPE, SCIM_SETTING_TOKEN, SCIM_SETTING_TOKEN,
		SCIM_SETTING_TOKEN,           SCIM_SETTING_TOKEN};
	const ScimSettingDefinition *setting = ScimSettingDefined(id);
	int best = -1;
	ListCell *lc;

	value->number = setting->number;
	value->text = setting->text;
	*source = SCIM_SETTING_DEFAULT;
	foreach (lc, settings->rows[id])
	{
		const ScimSettingRow *row = lfirst(lc);
		int rank = rank_of(row, caller, type);

		if (rank <= best)
			continue;
		best = rank;
		*value = row->value;
		*source = sources[rank];
	}
}

/* The same, found before or now. */
static void
look_up(ScimSettings *settings, ScimSettingId id, const char *type,
		ScimSettingValue *value, ScimSettingSource *source)
{
	ScimSettingCaller caller = {0};
	Remembered *remembered = NULL;

	ScimSettingCallerHook(&caller);
	if (type == NULL)
		type = "";
	if (strlen(type) >= sizeof(remembered->type))
	{
		find_row(settings, id, &caller, type, value, source);
		return;
	}
	for (int i = 0; i < REMEMBERED && remembered == NULL; i++)
	{
		Remembered *one = &settings->remembered[i];

		if (one->used && one->caller.tenant_id == caller.tenant_id &&
			one->caller.has_token == caller.has_token && strcmp(one->type, type) == 0 &&
			(!caller.has_token ||
			 memcmp(&one->caller.token_id, &caller.token_id, sizeof(pg_uuid_t)) == 0))
			remembered = one;
	}
	if (remembered == NULL)
	{
		remembered = &settings->remembered[settings->next];
		settings->next = (settings->next + 1) % REMEMBERED;
		remembered->used = true;
		remembered->caller = caller;
		strlcpy(remembered->type, type, sizeof(remembered->type));
		remembered->known = 0;
	}
	if ((remembered->known & (UINT64CONST(1) << id)) == 0)
	{
		find_row(settings, id, &caller, type[0] == '\0' ? NULL : type,
				 &remembered->values[id], &remembered->sources[id]);
		remembered->known |= UINT64CONST(1) << id;
	}
	*value = remembered->values[id];
	*source = remembered->sources[id];
}

/* Caps an upper bound by the row of the store, where there is one. */
static void
cap(const ScimSettings *settings, ScimSettingId id, ScimSettingValue *value,
	ScimSettingSource *source)
{
	ListCell *lc;

	foreach (lc, settings->rows[id])
	{
		const ScimSettingRow *row = lfirst(lc);

		if (row->every_tenant && row->any_token && row->resource_type == NULL &&
			row->value.number < value->number)
		{
			*value = row->value;
			*source = SCIM_SETTING_STORE;
		}
	}
}

ScimSettingValue
ScimSettingValueOf(ScimSettings *settings, ScimSettingId id, const char *type,
				   ScimSettingSource *source)
{
	const ScimSettingDefinition *setting = ScimSettingDefined(id);
	ScimSettingValue value = {setting->number, setting->text};

	*source = SCIM_SETTING_DEFAULT;
	if (ScimSettingOfSession(id, type, &value))
		*source = SCIM_SETTING_SESSION;
	else if (settings != NULL && settings->rows[id] != NIL)
		look_up(settings, id, type, &value, source);
	else
	{
		value.number = setting->number;
		value.text = setting->text;
	}
	if (setting->is_bound && settings != NULL && settings->rows[id] != NIL)
		cap(settings, id, &value, source);
	return value;
}

int
ScimSettingInt(ScimSettings *settings, ScimSettingId id, const char *type)
{
	ScimSettingSource source;

	return ScimSettingValueOf(settings, id, type, &source).number;
}

bool
ScimSettingBool(ScimSettings *settings, ScimSettingId id, const char *type)
{
	return ScimSettingInt(settings, id, type) != 0;
}

static void
use_filter_limits(ScimSettings *settings)
{
	scim_max_filter_length =
		ScimSettingInt(settings, SCIM_SETTING_MAX_FILTER_LENGTH, NULL);
	scim_max_filter_depth = ScimSettingInt(settings, SCIM_SETTING_MAX_FILTER_DEPTH, NULL);
	scim_max_filter_nodes = ScimSettingInt(settings, SCIM_SETTING_MAX_FILTER_NODES, NULL);
	scim_max_filter_visits =
		ScimSettingInt(settings, SCIM_SETTING_MAX_FILTER_VISITS, NULL);
}

/* The hook of filter/. */
static void
use_filter_limits_of_session(void)
{
	use_filter_limits(NULL);
}

/* ScimSettingsInit makes the limits of the session those of scim.filter's input. */
void
ScimSettingsInit(void)
{
	ScimFilterLimitsHook = use_filter_limits_of_session;
	ScimSettingsUse(NULL);
}

/* ScimSettingsUse puts settings in force; NULL: those of the session alone. */
void
ScimSettingsUse(ScimSettings *settings)
{
	in_force = settings;
	use_filter_limits(settings);
}

int
ScimSettingInForce(ScimSettingId id, const char *type)
{
	return ScimSettingInt(in_force, id, type);
}
