-- Many resources at once: src/import.

CREATE FUNCTION scim.import(resource_type text, source text, mode text DEFAULT 'delta', apply boolean DEFAULT false, match text DEFAULT NULL,
    mapping jsonb DEFAULT NULL, missing text DEFAULT NULL, scope text DEFAULT NULL, invalid text DEFAULT 'skip', empty text DEFAULT 'clear',
    passwords text DEFAULT 'new', members text DEFAULT 'userName', separator text DEFAULT ';', max_missing text DEFAULT '10%',
    max_changed text DEFAULT '50%', force boolean DEFAULT false)
    RETURNS TABLE (line bigint, key text, resource_id uuid, action text, version bigint, difference jsonb, problems jsonb)
    AS 'MODULE_PATHNAME', 'scim_import'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.import(text, text, text, boolean, text, jsonb, text, text, text, text, text, text, text, text, text, boolean) IS
'Compares the rows of a table or query with the resources of a type and tenant and, with apply, makes these what the rows say, as the caller and through the door (doc/import.md). A row for each row of the source and, in mode "full", each resource that is not in it: what is or would be done (create, change, deactivate, delete, unchanged; invalid and conflict, with problems; refused: all of it, since it would be too much), the version it was compared in, or has since, and the difference as operations of RFC 6902, without secrets. Errors: SC409 where too much would end or change, or rows are invalid that must not be; SCVAL where an argument or column is wrong; SC403 where scopes do not allow it, or the tenant is not there.';

CREATE FUNCTION scim.import(resource_type text, source regclass, mode text DEFAULT 'delta', apply boolean DEFAULT false, match text DEFAULT NULL,
    mapping jsonb DEFAULT NULL, missing text DEFAULT NULL, scope text DEFAULT NULL, invalid text DEFAULT 'skip', empty text DEFAULT 'clear',
    passwords text DEFAULT 'new', members text DEFAULT 'userName', separator text DEFAULT ';', max_missing text DEFAULT '10%',
    max_changed text DEFAULT '50%', force boolean DEFAULT false)
    RETURNS TABLE (line bigint, key text, resource_id uuid, action text, version bigint, difference jsonb, problems jsonb)
    AS 'MODULE_PATHNAME', 'scim_import_relation'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.import(text, regclass, text, boolean, text, jsonb, text, text, text, text, text, text, text, text, text, boolean) IS
'scim.import(text, text, ...) of a table or view.';

CREATE FUNCTION scim.export(resource_type text, filter text DEFAULT NULL, attributes text DEFAULT NULL, members text DEFAULT 'id')
    RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_export'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.export(text, text, text, text) IS
'The resources of a type and the current tenant, in the order of their ids, as documents that scim.import takes: with id, without meta, schemas, groups and secrets. filter: those that match (RFC 7644 section 3.4.2.2); attributes: these only, with a comma in between. members: what members of groups are named by: "id", or an attribute of people such as userName, and then groups among them by displayName.';

CREATE FUNCTION scim.export_csv(resource_type text, filter text DEFAULT NULL, columns text[] DEFAULT NULL, members text DEFAULT 'id')
    RETURNS SETOF text
    AS 'MODULE_PATHNAME', 'scim_export_csv'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.export_csv(text, text, text[], text) IS
'The same as lines of CSV (RFC 4180), the first of which names the columns: each the path of an attribute, as in name.givenName or emails[type eq "work"].value; where none are given, all that a client may write; or _version. What has several values, or parts, is JSON in its cell.';
