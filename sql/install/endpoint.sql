-- Flat endpoints: the table "endpoint" of a store, checked and described.

CREATE FUNCTION scim_internal.endpoint_lock() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_endpoint_lock'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.endpoint_lock() IS
'BEFORE statement trigger of a store''s tables "endpoint", "schema" and "resource_type": one writer of the configuration at a time, so that no two endpoints share a path; notes which endpoints do not work already.';

CREATE FUNCTION scim_internal.endpoint_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_endpoint_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.endpoint_door() IS
'BEFORE row trigger of a store''s table "endpoint": methods in upper case, and a name where there is none.';

CREATE FUNCTION scim_internal.endpoint_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_endpoint_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.endpoint_changed() IS
'AFTER statement trigger of a store''s tables "endpoint", "schema" and "resource_type": a change is refused that would leave an endpoint that cannot work, which is named with the place of its settings, and every session reads the endpoints anew at commit.';

CREATE FUNCTION scim_internal.add_endpoint_paths(paths jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_add_endpoint_paths'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.add_endpoint_paths(jsonb) IS
'The "paths" of an OpenAPI 3.1 document with the endpoints of the current store added, those of table "endpoint".';

CREATE FUNCTION scim_internal.wire_schema(resource_type text, schema jsonb, for_request boolean) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_wire_schema'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.wire_schema(text, jsonb, boolean) IS
'The JSON Schema of a resource type of the current store, as scim.json_schema gives it, made that of bodies by the policies wire; for_request: of what a client may send.';

CREATE FUNCTION scim_internal.lookup_attributes(resource_type text) RETURNS text[]
    AS 'MODULE_PATHNAME', 'scim_lookup_attributes'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.lookup_attributes(text) IS
'The attributes by which a path may name resources of a type of the current store, in their order, by the policy lookup; NULL: their ids.';

CREATE FUNCTION scim.transient() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_transient'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim.transient() IS
'What the request at hand said in transient fields of a flat endpoint, which are not stored: an object of them for triggers and events, NULL elsewhere.';
