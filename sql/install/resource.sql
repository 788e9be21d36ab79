-- Resources by SQL, in the caller's own transaction. The store is the one that
-- the setting scim.store names.

CREATE FUNCTION scim.create_resource(resource_type text, resource jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_create_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_resource(text, jsonb) IS
'Creates a resource (RFC 7644 section 3.3) and returns it as a client would get it, after all triggers but deferred ones. Errors: SCVAL and SCSYN where the document does not fit its schemas or the policies, SCUNI where userName is taken.';

CREATE FUNCTION scim.get_resource(resource_type text, id text,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_get_resource'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.get_resource(text, text, text, text) IS
'A resource (RFC 7644 section 3.4.1). attributes or excluded_attributes: comma-separated attribute paths (section 3.9). Error SC404 where it does not exist.';

CREATE FUNCTION scim.get_resource(resource_type text, id uuid,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_get_resource'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.get_resource(text, uuid, text, text) IS
'A resource (RFC 7644 section 3.4.1): as scim.get_resource(text, text, text, text), with the id as a uuid.';

CREATE FUNCTION scim.replace_resource(resource_type text, id text, resource jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_replace_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.replace_resource(text, text, jsonb, text) IS
'Replaces a resource as PUT does (RFC 7644 section 3.5.1): what the document does not state is cleared, read-only attributes are ignored. if_match: an entity-tag such as W/"3", of which what stands behind a dot does not count. Returns what is stored after all triggers but deferred ones, NULL where one of them took the resource away. Errors: SC404, SC412 where the version is another one, SCMUT where an immutable attribute would change, and those of scim.create_resource.';

CREATE FUNCTION scim.replace_resource(resource_type text, id uuid, resource jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_replace_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.replace_resource(text, uuid, jsonb, text) IS
'Replaces a resource as PUT does (RFC 7644 section 3.5.1): as scim.replace_resource(text, text, jsonb, text), with the id as a uuid.';

CREATE FUNCTION scim.patch_resource(resource_type text, id text, operations jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_patch_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.patch_resource(text, text, jsonb, text) IS
'Applies PATCH operations (RFC 7644 section 3.5.2), all or none: an array of {"op", "path", "value"}, or a whole PatchOp message. Where nothing changes, version and lastModified stay. if_match and the result are as those of scim.replace_resource. Errors: SC404, SC412, SCPTH, SCTGT, SCMUT, SCFIL and those of scim.create_resource.';

CREATE FUNCTION scim.patch_resource(resource_type text, id uuid, operations jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_patch_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.patch_resource(text, uuid, jsonb, text) IS
'Applies PATCH operations (RFC 7644 section 3.5.2), all or none: as scim.patch_resource(text, text, jsonb, text), with the id as a uuid.';

CREATE FUNCTION scim.delete_resource(resource_type text, id text, if_match text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_delete_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delete_resource(text, text, text) IS
'Deletes a resource (RFC 7644 section 3.6) as the policy "delete" says: the row goes, is kept out of sight, or off-boarding begins. Errors: SC404, SC412.';

CREATE FUNCTION scim.delete_resource(resource_type text, id uuid, if_match text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_delete_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delete_resource(text, uuid, text) IS
'Deletes a resource (RFC 7644 section 3.6) as the policy "delete" says: as scim.delete_resource(text, text, text), with the id as a uuid.';

CREATE FUNCTION scim.resource_json("row" record) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_json'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_json(record) IS
'The SCIM representation of a row of a store''s table "resource" or of one of its partitions: SELECT scim.resource_json(u) FROM directory.users u.';
