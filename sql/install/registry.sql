-- Schemas and resource types.

CREATE FUNCTION scim.validate(resource_type text, resource jsonb)
RETURNS TABLE (path text, scim_type text, message text)
AS 'MODULE_PATHNAME', 'scim_validate'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 1;
COMMENT ON FUNCTION scim.validate(text, jsonb) IS
'What is wrong with a document as a client may send it for a resource of a type: one row per problem with the attribute path, the scimType of RFC 7644 section 3.12 and a message; first by the schemas and, where they find nothing, by the policies "identity", "canonical" and "reference" of the current store and tenant. No row means valid; uniqueness and what an update may change depend on other rows and show when it is written. Errors: unknown resource type (invalidValue). RFC 7643 section 2.';

CREATE TYPE scim.problem AS (resource_type text, id uuid, rule text, path text,
        scim_type text, message text);
COMMENT ON TYPE scim.problem IS 'What is wrong with a stored resource, or with an endpoint, as scim.validate_store finds it.';
COMMENT ON COLUMN scim.problem.resource_type IS 'The name of the resource type of what is wrong.';
COMMENT ON COLUMN scim.problem.id IS 'Which resource it is, or which endpoint, by its id; null for a resource type.';
COMMENT ON COLUMN scim.problem.rule IS 'What it breaks: "schema", or the kind of a policy; "endpoint" for one that cannot work, "resource_type" for one with an endpoint that is too long.';
COMMENT ON COLUMN scim.problem.path IS 'Where in the document: the path of the attribute; of an endpoint a JSON pointer.';
COMMENT ON COLUMN scim.problem.scim_type IS 'What a client would be answered: the scimType of RFC 7644 section 3.12.';
COMMENT ON COLUMN scim.problem.message IS 'What is wrong, in words for people.';

CREATE FUNCTION scim_internal.validate_resources(resource_type text)
RETURNS SETOF scim.problem
AS 'MODULE_PATHNAME', 'scim_validate_store'
LANGUAGE C STABLE PARALLEL UNSAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION scim_internal.validate_resources(text) IS
'What of scim.validate_store is about resources.';

CREATE FUNCTION scim_internal.broken_endpoints()
RETURNS SETOF scim.problem
AS 'MODULE_PATHNAME', 'scim_broken_endpoints'
LANGUAGE C STABLE PARALLEL UNSAFE ROWS 1;
COMMENT ON FUNCTION scim_internal.broken_endpoints() IS
'Endpoints of the current store that are on and cannot work, or work without what they may not have: path is the place in the row as a JSON pointer, rule "endpoint", and the message begins with the name.';

CREATE FUNCTION scim_internal.validate_books(resource_type text)
RETURNS SETOF scim.problem
AS 'MODULE_PATHNAME', 'scim_validate_books'
LANGUAGE C STABLE PARALLEL UNSAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION scim_internal.validate_books(text) IS
'What of scim.validate_store is about tables that are derived from resources, for the owner of the store: nothing for others.';

CREATE FUNCTION scim.validate_store(resource_type text DEFAULT NULL)
RETURNS SETOF scim.problem
LANGUAGE sql STABLE PARALLEL UNSAFE COST 1000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $function$
    SELECT * FROM scim_internal.validate_resources(resource_type)
    UNION ALL
    SELECT * FROM scim_internal.validate_books(resource_type)
    UNION ALL
    SELECT * FROM scim_internal.broken_endpoints() e WHERE e.resource_type = coalesce(validate_store.resource_type, e.resource_type)
$function$;
COMMENT ON FUNCTION scim.validate_store(text) IS
'What is wrong with the stored resources of a type, or of all types, by the schemas and policies as they are now: one row per problem, in the order of the ids. A rule binds what a write changes, so these resources can be read, changed otherwise and deleted; this is the list of those to put right. What only a write past the door leaves has the rule "column": columns, times, versions and status that contradict the document or each other, a document that is no object, does not name its schemas or holds what is kept elsewhere; any UPDATE of the row mends it (doc/rules.md). Of the current tenant, without those that are deleted, and without those that the caller may not read. Behind them, for the owner of the store, rows that are missing or too many in the tables that are derived from resources, as a load without triggers leaves them: rule "unique_value", "member", "credential" or "recovery_code", without a scimType; scim.repair_store puts them right. For the owner, too, resources of tenants that are not there, with the rule "column", and settings of tokens, clients and resource types that are not there: rule "setting", the id of the row, which can be deleted. Resource types with an endpoint of more than 1,024 bytes, which are written to with 503: rule "resource_type", without an id. Then endpoints of one''s own that do not work any more, or have a status, a form of errors or a media type that does not reach clients and work without it: rule "endpoint", its id, and for path the place in the row. It can be cancelled, and its memory does not grow with the store. Errors: unknown resource type (invalidValue).';

CREATE FUNCTION scim.is_valid(resource_type text, resource jsonb)
RETURNS boolean
AS 'MODULE_PATHNAME', 'scim_is_valid'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.is_valid(text, jsonb) IS
'Whether scim.validate finds nothing wrong with a document, as a condition: in a query, or in a CHECK constraint of an application''s table, where it goes by the schemas as they are when a row is written. Null while the store is being restored, which a constraint lets be: rows that were good when they were written come back, whichever table is restored first (doc/schemas.md).';

CREATE FUNCTION scim.canonicalise(resource_type text, resource jsonb)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_canonicalise'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.canonicalise(text, jsonb) IS
'A document as a client may send it, in the form in which a resource of the type is stored: attribute names as the schema spells them, values of the schema''s types, extension attributes below the URN of their extension, nothing unassigned or read-only. Errors: the first problem that scim.validate reports, with the others in the detail (invalidSyntax, invalidValue). RFC 7643 section 2.';

CREATE FUNCTION scim.register_schema(document jsonb, force boolean DEFAULT false)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_register_schema'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.register_schema(jsonb, boolean) IS
'Registers a schema document (RFC 7643 section 7) in the current store, or replaces the one with its id, and returns it as registered: every characteristic stated. A resource type names it then as its base or as an extension. Stored resources that the change makes non-canonical are rewritten. Errors: SCVAL where the document is wrong, naming schema and attribute; 23514 where stored resources would not be valid, with the number and the first of them, unless force; SCUNI where they have a value twice that must be unique; 42501 for anyone but the store''s owner.';

CREATE FUNCTION scim.register_resource_type(document jsonb, force boolean DEFAULT false,
        table_name name DEFAULT NULL)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_register_resource_type'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.register_resource_type(jsonb, boolean, name) IS
'Registers a resource type document (RFC 7643 section 6) in the current store, or replaces the one with its name, and returns it as registered. A new one gets its endpoint and a table: table_name, or else the endpoint in snake_case (/CostCentres: cost_centres). Errors: those of scim.register_schema, and 42P07 where the store has a relation of that name.';

CREATE FUNCTION scim.unregister_schema(schema text, force boolean DEFAULT false)
RETURNS void
AS 'MODULE_PATHNAME', 'scim_unregister_schema'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unregister_schema(text, boolean) IS
'Removes a schema, named by its URN, from the current store, and from the resource types that have it as an extension. Errors: SC404 where it is not registered; 2BP01 where it is the base of a resource type; 23514 where stored resources have attributes of it, unless force: then nobody sees these any more, and the next change of a resource drops them.';

CREATE FUNCTION scim.unregister_resource_type(resource_type text, force boolean DEFAULT false)
RETURNS void
AS 'MODULE_PATHNAME', 'scim_unregister_resource_type'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unregister_resource_type(text, boolean) IS
'Removes a resource type, named by its name, from the current store, with its endpoint and table. Errors: SC404 where it is not registered; 2BP01 where it has resources, or a table is bound to it, unless force: then these go too, for good, whatever the policy "delete" says, and the audit, consumers and groups are told of each as of any that is deleted; what keeps one of them, such as a guard or a reference that restricts, keeps the type.';

CREATE FUNCTION scim.json_schema(resource_type text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_json_schema'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.json_schema(text) IS
'A resource type of the current store as a JSON Schema (2020-12), for an application that wants to check or show resources itself: the form in which the service answers. GET /openapi.json has it for every type.';

CREATE FUNCTION scim.json_schema(resource_type text, for_request boolean)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_json_schema'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.json_schema(text, boolean) IS
'A resource type as a JSON Schema of what a client sends, where for_request is true: it has to send a required password, for instance, which no answer shows. Whatever this calls valid, scim.is_valid does too, policies, limits of size and a member whose value and $ref are of two resources apart. Where for_request is false: scim.json_schema(text).';
