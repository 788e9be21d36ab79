-- Settings: the table "setting" of a store, checked and shown.

CREATE FUNCTION scim_internal.setting_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_setting_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.setting_door() IS
'BEFORE row trigger of a store''s table "setting": a name that is no setting, a value that the setting cannot have and a resource type that there is not are refused.';

CREATE FUNCTION scim.settings(
    resource_type text DEFAULT NULL,
    OUT name text, OUT value jsonb, OUT source text, OUT default_value jsonb,
    OUT minimum int, OUT maximum int, OUT by_type boolean, OUT is_bound boolean, OUT description text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_settings'
    LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 24;
COMMENT ON FUNCTION scim.settings(text) IS
'Every setting of the current store: the value that holds here and now, for a resource type or where none plays a part (NULL), and its source: session, token, tenant and type, tenant, type, store or default, the first of them that there is. by_type: a row may be of one resource type. is_bound: an upper bound, which the row of the store caps.';
