-- Schemas and resource types.

CREATE FUNCTION scim.validate(resource_type text, resource jsonb)
RETURNS TABLE (path text, scim_type text, message text)
AS 'MODULE_PATHNAME', 'scim_validate'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 1;
COMMENT ON FUNCTION scim.validate(text, jsonb) IS
'What is wrong with a document as a client may send it for a resource of a type: one row per problem with the attribute path, the scimType of RFC 7644 section 3.12 and a message. No row means valid. Errors: unknown resource type (invalidValue). RFC 7643 section 2.';

CREATE FUNCTION scim.canonicalise(resource_type text, resource jsonb)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_canonicalise'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.canonicalise(text, jsonb) IS
'A document as a client may send it, in the form in which a resource of the type is stored: attribute names as the schema spells them, values of the schema''s types, extension attributes below the URN of their extension, nothing unassigned or read-only. Errors: the first problem that scim.validate reports, with the others in the detail (invalidSyntax, invalidValue). RFC 7643 section 2.';
