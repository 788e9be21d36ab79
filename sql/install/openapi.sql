-- The HTTP API of a store as OpenAPI 3.1.

CREATE FUNCTION scim_internal.authentication_schemes() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_authentication_schemes'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.authentication_schemes() IS
'The rows of table "authentication_scheme" of the current store, the preferred one first, for scim.openapi: a client reads the function and not the table.';

CREATE FUNCTION scim_internal.membership_type() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_membership_type'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.membership_type() IS
'The resource type of memberships as /ResourceTypes shows it, for scim.openapi: no table has it. Null where the current store does not serve it (the setting group_memberships).';

CREATE FUNCTION scim_internal.partial_schema(schema jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    -- whatever is required somewhere in it: an array of names, in a text that has no other
    -- such member; but what "contains" looks for is no less than it was
    SELECT replace(regexp_replace(regexp_replace(replace(schema::text, '"contains": {"required": ', '"contains": {"sought": '),
            ', "required": \[[^]]*\]', '', 'g'), '"required": \[[^]]*\](, )?', '', 'g'), '"contains": {"sought": ', '"contains": {"required": ')::jsonb
        || coalesce((SELECT jsonb_build_object('required', jsonb_agg(name ORDER BY name))
                     FROM jsonb_array_elements_text(schema -> 'required') name WHERE name IN ('schemas', 'id')
                     HAVING count(*) > 0), '{}');
END;
COMMENT ON FUNCTION scim_internal.partial_schema(jsonb) IS
'For scim.openapi: the JSON Schema of a resource of which an answer shows what was asked for (RFC 7644 section 3.9), so that nothing is required but what is always there.';

-- What settings that a type may have for itself make of a PATCH request.
CREATE FUNCTION scim_internal.patch_schema(schema jsonb, settings jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    schema := jsonb_set(schema, '{properties,Operations,maxItems}', settings -> 'max_patch_operations');
    IF NOT settings -> 'empty_patch' = 'true' THEN
        schema := jsonb_set(schema, '{properties,Operations,minItems}', '1');
    END IF;
    IF settings -> 'patch_without_path' = 'false' THEN
        schema := jsonb_set(jsonb_set(schema, '{properties,Operations,items,required}', '["op", "path"]'),
            '{properties,Operations,items,properties,path}', '{"type": "string", "minLength": 1}');
    END IF;
    RETURN schema;
END
$function$;
COMMENT ON FUNCTION scim_internal.patch_schema(jsonb, jsonb) IS
'The JSON Schema of a PATCH request, as settings of the store or of a type would have it.';

CREATE FUNCTION scim.openapi() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    -- What is the same in every store.  Paths are relative to the base URL.  In this and
    -- the next two, "#schemas/X" stands for a reference to that component, and
    -- "content X" for a body whose schema it is, in either media type.
    api CONSTANT text := $json$
{
  "openapi": "3.1.0",
  "info": {"title": "SCIM 2.0"},
  "paths": {
    "/": {
      "get": {
        "operationId": "list",
        "summary": "Find resources of all types",
        "parameters": ["#parameters/filter", "#parameters/sortBy", "#parameters/sortOrder", "#parameters/startIndex",
                       "#parameters/count", "#parameters/cursor", "#parameters/attributes", "#parameters/excludedAttributes",
                       "#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/List", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/.search": {
      "post": {
        "operationId": "search",
        "summary": "Find resources of all types with a body",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "requestBody": "#requestBodies/SearchRequest",
        "responses": {"200": "#responses/Found", "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "413": "#responses/TooLarge",
                      "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      }
    },
    "/Bulk": {
      "post": {
        "operationId": "bulk",
        "summary": "Many operations in one request",
        "description": "Each operation has a status of its own. With \"urn:scim:params:bulk:atomic\" among the schemas of the request the first failure is the answer, and undoes everything.",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "requestBody": "#requestBodies/BulkRequest",
        "responses": {"200": "#responses/Bulk", "400": "#responses/BadRequest", "401": "#responses/Unauthorized",
                      "403": "#responses/Forbidden", "404": "#responses/NotFound", "406": "#responses/NotAcceptable",
                      "409": "#responses/Conflict", "412": "#responses/PreconditionFailed", "413": "#responses/TooLarge",
                      "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      }
    },
    "/.preview": {
      "post": {
        "operationId": "preview",
        "summary": "What a request would do, and nothing of it done",
        "description": "The request in the body is done and taken back. Its answer has a status of its own, whatever that is.",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "requestBody": "#requestBodies/PreviewRequest",
        "responses": {"200": "#responses/Preview", "400": "#responses/BadRequest", "401": "#responses/Unauthorized",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "413": "#responses/TooLarge",
                      "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      }
    },
    "/ServiceProviderConfig": {
      "get": {
        "operationId": "getServiceProviderConfig",
        "summary": "What the service can do",
        "security": [],
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/ServiceProviderConfig", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized",
                      "403": "#responses/Forbidden", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/ResourceTypes": {
      "get": {
        "operationId": "listResourceTypes",
        "summary": "All resource types",
        "security": [],
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/List", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/ResourceTypes/{name}": {
      "parameters": ["#parameters/name"],
      "get": {
        "operationId": "getResourceType",
        "summary": "One resource type",
        "security": [],
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/ResourceType", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "404": "#responses/NotFound", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/Schemas": {
      "get": {
        "operationId": "listSchemas",
        "summary": "All schemas",
        "security": [],
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/List", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/Schemas/{urn}": {
      "parameters": ["#parameters/urn"],
      "get": {
        "operationId": "getSchema",
        "summary": "One schema",
        "security": [],
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/Schema", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "404": "#responses/NotFound", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/openapi.json": {
      "get": {
        "operationId": "getOpenApi",
        "summary": "This description",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": {"description": "This description", "headers": {"ETag": "#headers/ETag"}, "content": {"application/json": {"schema": {"type": "object"}}}}, "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/jwks.json": {
      "get": {
        "operationId": "getKeys",
        "summary": "The public keys by which Security Event Tokens are verified",
        "security": [],
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": {"description": "A JWK Set (RFC 7517)", "headers": {"ETag": "#headers/ETag"}, "content": {"application/json": {"schema": "#schemas/Keys"}}}, "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    },
    "/.events/{consumer}": {
      "parameters": ["#parameters/consumer"],
      "post": {
        "operationId": "pollEvents",
        "summary": "Fetch Security Event Tokens, and acknowledge those that were fetched before",
        "description": "RFC 8936, answered at once. Who may poll is the one credential that the consumer names.",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "requestBody": {"required": true, "content": "content Poll"},
        "responses": {"200": {"description": "Tokens by their jti", "content": {"application/json": {"schema": "#schemas/Polled"}}},
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden", "404": "#responses/NotFound",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "413": "#responses/TooLarge",
                      "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      }
    }
  },
  "components": {
    "headers": {
      "ETag": {"description": "The version, as in meta.version; of what has none, a digest of the body", "schema": {"type": "string"}},
      "Location": {"description": "The URL of the resource, as in meta.location; of a search, its own", "schema": {"type": "string"}},
      "LastModified": {"description": "meta.lastModified, as an HTTP-date, where one resource is read and ETag has no digest", "schema": {"type": "string"}},
      "ContentLocation": {"description": "The URL from which a GET would get this body", "schema": {"type": "string"}},
      "PreferenceApplied": {"description": "return=minimal, where the client preferred that", "schema": {"type": "string"}},
      "Accept": {"description": "The media types that are read", "schema": {"type": "string"}},
      "AcceptEncoding": {"description": "The encodings that are read", "schema": {"type": "string"}},
      "RetryAfter": {"description": "In how many seconds to come again", "schema": {"type": "string"}},
      "WWWAuthenticate": {"description": "What is missing", "schema": {"type": "string"}}
    },
    "parameters": {
      "id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
      "name": {"name": "name", "in": "path", "required": true, "schema": {"type": "string"}},
      "consumer": {"name": "consumer", "in": "path", "required": true, "description": "The name of a consumer of events", "schema": {"type": "string"}},
      "urn": {"name": "urn", "in": "path", "required": true, "schema": {"type": "string"}},
      "filter": {"name": "filter", "in": "query", "description": "RFC 7644 section 3.4.2.2", "schema": {"type": "string"},
                 "examples": {"presence": {"value": "id pr"}, "instant": {"value": "meta.created gt \"2026-01-31T08:00:00Z\""}}},
      "sortBy": {"name": "sortBy", "in": "query", "description": "The path of an attribute", "schema": {"type": "string"}},
      "sortOrder": {"name": "sortOrder", "in": "query", "description": "Order of the attribute in sortBy",
                    "schema": {"type": "string", "enum": ["ascending", "descending"]}},
      "startIndex": {"name": "startIndex", "in": "query", "description": "The first resource of the page, counted from 1",
                     "schema": {"type": "integer"}},
      "count": {"name": "count", "in": "query", "description": "The most resources in the page", "schema": {"type": "integer"}},
      "cursor": {"name": "cursor", "in": "query", "description": "RFC 9865: empty for the first page, then nextCursor",
                 "schema": {"type": "string"}},
      "attributes": {"name": "attributes", "in": "query", "description": "Attributes to return, with commas between them",
                     "schema": {"type": "string"}},
      "excludedAttributes": {"name": "excludedAttributes", "in": "query",
                             "description": "Attributes to leave out, with commas between them", "schema": {"type": "string"}},
      "prefer": {"name": "Prefer", "in": "header", "description": "return=minimal: answer without the resource (RFC 7240)",
                 "schema": {"type": "string"}},
      "ifMatch": {"name": "If-Match", "in": "header", "description": "Only if this is the version", "schema": {"type": "string"}},
      "ifNoneMatch": {"name": "If-None-Match", "in": "header", "description": "Only if this is not the version",
                      "schema": {"type": "string"}},
      "ifModifiedSince": {"name": "If-Modified-Since", "in": "header", "description": "Only if Last-Modified is not this very HTTP-date; left aside beside If-None-Match",
                          "schema": {"type": "string"}},
      "ifUnmodifiedSince": {"name": "If-Unmodified-Since", "in": "header", "description": "Only if it was not changed after this HTTP-date; left aside beside If-Match",
                            "schema": {"type": "string"}}
    },
    "requestBodies": {
      "SearchRequest": {"required": true, "content": "content SearchRequest"},
      "PatchOp": {"required": true, "content": "content PatchOp"},
      "BulkRequest": {"required": true, "content": "content BulkRequest"},
      "PreviewRequest": {"required": true, "content": "content PreviewRequest"}
    },
    "responses": {
      "List": {"description": "A page of the list", "headers": {"ETag": "#headers/ETag"}, "content": "content ListResponse"},
      "Found": {"description": "A page of the list", "headers": {"Location": "#headers/Location"}, "content": "content ListResponse"},
      "Bulk": {"description": "What became of each operation", "content": "content BulkResponse"},
      "Preview": {"description": "What the request would be answered, and what it would change", "content": "content PreviewResponse"},
      "ServiceProviderConfig": {"description": "What the service can do", "headers": {"ETag": "#headers/ETag"}, "content": "content ServiceProviderConfig"},
      "ResourceType": {"description": "The resource type", "headers": {"ETag": "#headers/ETag"}, "content": "content ResourceType"},
      "Schema": {"description": "The schema", "headers": {"ETag": "#headers/ETag"}, "content": "content Schema"},
      "NotModified": {"description": "The version is the one in If-None-Match",
                      "headers": {"ETag": "#headers/ETag", "Content-Location": "#headers/ContentLocation",
                                  "Last-Modified": "#headers/LastModified"}},
      "Changed": {"description": "Changed, and without a body as Prefer: return=minimal or the service wants it",
                  "headers": {"ETag": "#headers/ETag", "Location": "#headers/Location", "Preference-Applied": "#headers/PreferenceApplied"}},
      "Deleted": {"description": "Deleted"},
      "BadRequest": {"description": "What was sent is wrong: scimType says how", "content": "content Error"},
      "Unauthorized": {"description": "The token is missing, wrong or expired",
                       "headers": {"WWW-Authenticate": "#headers/WWWAuthenticate"}, "content": "content Error"},
      "Forbidden": {"description": "The service does not do this for the client", "content": "content Error"},
      "NotFound": {"description": "There is no such resource", "content": "content Error"},
      "NotAcceptable": {"description": "Accept takes neither application/scim+json nor application/json", "content": "content Error"},
      "Conflict": {"description": "A value must be unique and is not, or the resource is in use", "content": "content Error"},
      "PreconditionFailed": {"description": "The version is not what If-Match and If-None-Match want it to be", "content": "content Error"},
      "TooLarge": {"description": "The body is larger than the service takes", "content": "content Error"},
      "UnsupportedMediaType": {"description": "Content-Type is neither application/scim+json nor application/json, or Content-Encoding is there",
                               "headers": {"Accept": "#headers/Accept", "Accept-Encoding": "#headers/AcceptEncoding"},
                               "content": "content Error"},
      "NotImplemented": {"description": "The service does not do this", "content": "content Error"},
      "Error": {"description": "Any other error, as in RFC 7644 section 3.12", "headers": {"Retry-After": "#headers/RetryAfter"},
                "content": "content Error"}
    },
    "schemas": {
      "Error": {
        "type": "object",
        "properties": {
          "schemas": {"const": ["urn:ietf:params:scim:api:messages:2.0:Error"]},
          "status": {"type": "string"},
          "scimType": {"enum": ["invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget",
                                "invalidValue", "invalidVers", "sensitive", "invalidCursor", "expiredCursor", "invalidCount"]},
          "detail": {"type": "string"}
        },
        "required": ["schemas", "status", "detail"],
        "examples": [{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "scimType": "invalidValue",
                      "detail": "attribute \"userName\" is required"}]
      },
      "ListResponse": {
        "type": "object",
        "properties": {
          "schemas": {"const": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]},
          "totalResults": {"type": "integer"},
          "startIndex": {"type": "integer"},
          "itemsPerPage": {"type": "integer"},
          "nextCursor": {"type": "string"},
          "Resources": {"type": "array", "items": {"type": "object"}}
        },
        "required": ["schemas", "totalResults", "itemsPerPage", "Resources"]
      },
      "SearchRequest": {
        "type": "object",
        "properties": {
          "schemas": {"type": "array", "contains": {"const": "urn:ietf:params:scim:api:messages:2.0:SearchRequest"}},
          "filter": {"type": "string"},
          "sortBy": {"type": "string"},
          "sortOrder": {"enum": ["ascending", "descending"]},
          "startIndex": {"type": "integer"},
          "count": {"type": "integer"},
          "cursor": {"type": "string"},
          "attributes": {"type": "array", "items": {"type": "string"}},
          "excludedAttributes": {"type": "array", "items": {"type": "string"}}
        },
        "required": ["schemas"],
        "examples": [{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "id pr", "count": 10}]
      },
      "PatchOp": {
        "type": "object",
        "properties": {
          "schemas": {"type": "array", "contains": {"const": "urn:ietf:params:scim:api:messages:2.0:PatchOp"}},
          "Operations": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {"op": {"enum": ["add", "remove", "replace"]}, "path": {"type": ["string", "null"]}, "value": true},
              "required": ["op"],
              "if": {"properties": {"op": {"const": "remove"}}},
              "then": {"properties": {"path": {"type": "string", "minLength": 1}}, "required": ["path"]},
              "else": {"required": ["value"],
                       "if": {"properties": {"path": {"type": "string", "minLength": 1}}, "required": ["path"]},
                       "else": {"properties": {"value": {"type": "object"}}}}
            }
          }
        },
        "required": ["schemas", "Operations"],
        "examples": [{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                      "Operations": [{"op": "replace", "path": "externalId", "value": "701984"}]}]
      },
      "BulkRequest": {
        "type": "object",
        "properties": {
          "schemas": {"type": "array", "contains": {"enum": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest",
                                                             "urn:scim:params:bulk:atomic"]}},
          "failOnErrors": {"type": "integer"},
          "Operations": {
            "type": "array",
            "minItems": 1,
            "items": {
              "type": "object",
              "properties": {
                "method": {"enum": ["POST", "PUT", "PATCH", "DELETE"]},
                "bulkId": {"type": "string"},
                "version": {"type": "string"},
                "path": {"type": "string"},
                "data": {"type": "object"},
                "location": true,
                "response": true,
                "status": true
              },
              "required": ["method", "path"],
              "allOf": [{"if": {"properties": {"method": {"const": "POST"}}}, "then": {"properties": {"bulkId": {"minLength": 1}}, "required": ["bulkId"]}},
                        {"if": {"properties": {"method": {"const": "DELETE"}}}, "else": {"required": ["data"]}}]
            }
          }
        },
        "required": ["schemas", "Operations"],
        "examples": [{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 1,
                      "Operations": [{"method": "DELETE", "path": "/Users/2819c223-7f76-453a-919d-413861904646"}]}]
      },
      "PreviewRequest": {
        "type": "object",
        "properties": {
          "schemas": {"type": "array", "contains": {"const": "urn:scim:params:preview:request"}},
          "method": {"type": "string", "minLength": 1},
          "path": {"type": "string", "minLength": 1},
          "headers": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
          "data": {"type": ["object", "null"]}
        },
        "required": ["method", "path"],
        "examples": [{"schemas": ["urn:scim:params:preview:request"],
                      "method": "DELETE", "path": "/Users/2819c223-7f76-453a-919d-413861904646"}]
      },
      "PreviewResponse": {
        "type": "object",
        "properties": {
          "schemas": {"const": ["urn:scim:params:preview:response"]},
          "status": {"type": "integer"},
          "headers": {"type": "object", "additionalProperties": {"type": "string"}},
          "body": true,
          "changes": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "resourceType": {"type": "string"},
                "id": {"type": "string"},
                "operations": {"type": "array", "items": {"type": "string"}},
                "version": {"type": "integer"},
                "password": {"const": true},
                "difference": {"type": ["array", "null"], "items": {"type": "object", "required": ["op", "path"]}}
              },
              "required": ["resourceType", "id", "operations", "difference"]
            }
          },
          "tables": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {"table": {"type": "string"}, "operation": {"enum": ["insert", "update", "delete"]},
                             "key": {"type": ["array", "null"], "items": {"type": "string"}}},
              "required": ["table", "operation", "key"]
            }
          },
          "events": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {"event": {"type": "string"}, "operation": {"type": "string"}, "resourceType": {"type": "string"},
                             "id": {"type": "string"}, "version": {"type": "integer"},
                             "attributes": {"type": "array", "items": {"type": "string"}},
                             "membersAdded": {"type": "array", "items": {"type": "string"}},
                             "membersRemoved": {"type": "array", "items": {"type": "string"}},
                             "data": true},
              "required": ["event", "operation", "resourceType", "id"]
            }
          },
          "complete": {"type": "boolean"}
        },
        "required": ["schemas", "status", "headers", "changes", "tables", "events", "complete"]
      },
      "BulkResponse": {
        "type": "object",
        "properties": {
          "schemas": {"const": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]},
          "Operations": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "method": {"type": "string"},
                "bulkId": {"type": "string"},
                "version": {"type": "string"},
                "location": {"type": "string"},
                "response": "#schemas/Error",
                "status": {"type": "string"}
              },
              "required": ["status"]
            }
          }
        },
        "required": ["schemas", "Operations"]
      },
      "Keys": {
        "type": "object",
        "properties": {"keys": {"type": "array", "items": {"type": "object", "required": ["kty", "kid", "alg", "use"]}}},
        "required": ["keys"]
      },
      "Poll": {
        "type": "object",
        "properties": {
          "maxEvents": {"type": "integer", "minimum": 0},
          "returnImmediately": {"type": "boolean"},
          "ack": {"type": "array", "items": {"type": "string"}},
          "setErrs": {"type": "object", "additionalProperties": {
            "type": "object", "properties": {"err": {"type": "string"}, "description": {"type": "string"}}}}
        },
        "examples": [{"maxEvents": 10, "returnImmediately": true}]
      },
      "Polled": {
        "type": "object",
        "properties": {"sets": {"type": "object", "additionalProperties": {"type": "string"}}, "moreAvailable": {"type": "boolean"}},
        "required": ["sets", "moreAvailable"]
      },
      "ServiceProviderConfig": {
        "type": "object",
        "properties": {"schemas": {"const": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]}},
        "required": ["schemas", "patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes", "meta"]
      },
      "ResourceType": {
        "type": "object",
        "properties": {"schemas": {"const": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"]}},
        "required": ["schemas", "id", "name", "description", "endpoint", "schema", "meta"]
      },
      "Schema": {
        "type": "object",
        "properties": {"schemas": {"const": ["urn:ietf:params:scim:schemas:core:2.0:Schema"]}},
        "required": ["schemas", "id", "name", "description", "attributes", "meta"]
      }
    }
  }
}
$json$;
    -- What each resource type adds: @E is its endpoint, @N its name, @K its key among the
    -- components, @R the key of what a client sends.
    of_type CONSTANT text := $json$
{
  "paths": {
    "@E": {
      "get": {
        "operationId": "list_@K",
        "summary": "Find resources: @N",
        "parameters": ["#parameters/filter", "#parameters/sortBy", "#parameters/sortOrder", "#parameters/startIndex",
                       "#parameters/count", "#parameters/cursor", "#parameters/attributes", "#parameters/excludedAttributes",
                       "#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "responses": {"200": "#responses/List.@K", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      },
      "post": {
        "operationId": "create_@K",
        "summary": "Create a resource: @N",
        "parameters": ["#parameters/attributes", "#parameters/excludedAttributes", "#parameters/prefer",
                       "#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "requestBody": "#requestBodies/Resource.@K",
        "responses": {"201": "#responses/Created.@K", "400": "#responses/BadRequest", "401": "#responses/Unauthorized",
                      "403": "#responses/Forbidden", "404": "#responses/NotFound", "406": "#responses/NotAcceptable",
                      "409": "#responses/Conflict", "412": "#responses/PreconditionFailed", "413": "#responses/TooLarge",
                      "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      }
    },
    "@E/.search": {
      "post": {
        "operationId": "search_@K",
        "summary": "Find resources with a body: @N",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch"],
        "requestBody": "#requestBodies/SearchRequest",
        "responses": {"200": "#responses/Found.@K", "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                      "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "413": "#responses/TooLarge",
                      "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      }
    },
    "@E/{id}": {
      "parameters": ["#parameters/id"],
      "get": {
        "operationId": "get_@K",
        "summary": "Get a resource: @N",
        "parameters": ["#parameters/attributes", "#parameters/excludedAttributes", "#parameters/ifMatch", "#parameters/ifNoneMatch", "#parameters/ifModifiedSince", "#parameters/ifUnmodifiedSince"],
        "responses": {"200": "#responses/Resource.@K", "304": "#responses/NotModified",
                      "400": "#responses/BadRequest",
                      "401": "#responses/Unauthorized", "403": "#responses/Forbidden", "404": "#responses/NotFound", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      },
      "put": {
        "operationId": "replace_@K",
        "summary": "Replace a resource: @N",
        "parameters": ["#parameters/attributes", "#parameters/excludedAttributes", "#parameters/prefer",
                       "#parameters/ifMatch", "#parameters/ifNoneMatch", "#parameters/ifUnmodifiedSince"],
        "requestBody": "#requestBodies/Resource.@K",
        "responses": {"200": "#responses/Resource.@K", "204": "#responses/Changed", "400": "#responses/BadRequest",
                      "401": "#responses/Unauthorized", "403": "#responses/Forbidden", "404": "#responses/NotFound",
                      "406": "#responses/NotAcceptable", "409": "#responses/Conflict", "412": "#responses/PreconditionFailed",
                      "413": "#responses/TooLarge", "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      },
      "patch": {
        "operationId": "patch_@K",
        "summary": "Change a resource: @N",
        "parameters": ["#parameters/attributes", "#parameters/excludedAttributes", "#parameters/prefer",
                       "#parameters/ifMatch", "#parameters/ifNoneMatch", "#parameters/ifUnmodifiedSince"],
        "requestBody": "#requestBodies/PatchOp",
        "responses": {"200": "#responses/Resource.@K", "204": "#responses/Changed", "400": "#responses/BadRequest",
                      "401": "#responses/Unauthorized", "403": "#responses/Forbidden", "404": "#responses/NotFound",
                      "406": "#responses/NotAcceptable", "409": "#responses/Conflict", "412": "#responses/PreconditionFailed",
                      "413": "#responses/TooLarge", "415": "#responses/UnsupportedMediaType", "default": "#responses/Error"}
      },
      "delete": {
        "operationId": "delete_@K",
        "summary": "Delete a resource: @N",
        "parameters": ["#parameters/ifMatch", "#parameters/ifNoneMatch", "#parameters/ifUnmodifiedSince"],
        "responses": {"204": "#responses/Deleted", "400": "#responses/BadRequest", "401": "#responses/Unauthorized",
                      "403": "#responses/Forbidden", "404": "#responses/NotFound", "406": "#responses/NotAcceptable", "409": "#responses/Conflict",
                      "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
      }
    }
  },
  "requestBodies": {
    "Resource.@K": {"required": true, "content": "content @R"}
  },
  "responses": {
    "List.@K": {"description": "A page of the list", "headers": {"ETag": "#headers/ETag"}, "content": "content List.@K"},
    "Found.@K": {"description": "A page of the list", "headers": {"Location": "#headers/Location"}, "content": "content List.@K"},
    "Created.@K": {"description": "The new resource; without a body as Prefer: return=minimal wants it",
                   "headers": {"ETag": "#headers/ETag", "Location": "#headers/Location", "Content-Location": "#headers/ContentLocation",
                               "Preference-Applied": "#headers/PreferenceApplied"},
                   "content": "content Answer.@K"},
    "Resource.@K": {"description": "The resource",
                    "headers": {"ETag": "#headers/ETag", "Location": "#headers/Location", "Content-Location": "#headers/ContentLocation",
                                "Last-Modified": "#headers/LastModified"},
                    "content": "content Answer.@K"}
  },
  "schemas": {
    "List.@K": {"allOf": ["#schemas/ListResponse", {"properties": {"Resources": {"items": "#schemas/Answer.@K"}}}]}
  }
}
$json$;
    -- and what it adds where its resources have members
    of_group CONSTANT text := $json$
{
  "@E/{id}/members": {
    "parameters": ["#parameters/id"],
    "get": {
      "operationId": "list_members_@K",
      "summary": "List the members, in pages: @N",
      "parameters": ["#parameters/filter", "#parameters/startIndex", "#parameters/count", "#parameters/cursor",
                     "#parameters/attributes", "#parameters/excludedAttributes",
                     "#parameters/ifMatch", "#parameters/ifNoneMatch"],
      "responses": {"200": "#responses/List", "304": "#responses/NotModified",
                    "400": "#responses/BadRequest", "401": "#responses/Unauthorized", "403": "#responses/Forbidden",
                    "404": "#responses/NotFound", "406": "#responses/NotAcceptable", "412": "#responses/PreconditionFailed", "default": "#responses/Error"}
    }
  }
}
$json$;
    -- creating oneself is what nobody can
    post_me CONSTANT text := $json$
{"operationId": "create_Me", "summary": "Not supported",
 "responses": {"400": "#responses/BadRequest", "401": "#responses/Unauthorized", "406": "#responses/NotAcceptable", "501": "#responses/NotImplemented",
               "default": "#responses/Error"}}
$json$;
    reference CONSTANT text := '"#([a-zA-Z]+/[^"]+)"';
    referring CONSTANT text := '{"$ref": "#/components/\1"}';
    content CONSTANT text := '"content ([^"]+)"';
    containing CONSTANT text := '{"application/scim+json": {"schema": {"$ref": "#/components/schemas/\1"}},
                                  "application/json": {"schema": {"$ref": "#/components/schemas/\1"}}}';
    result jsonb := regexp_replace(regexp_replace(api, reference, referring, 'g'), content, containing, 'g')::jsonb;
    paths jsonb := result -> 'paths';
    components jsonb := result -> 'components';
    document jsonb;
    endpoint text;
    key text;
    answered jsonb;
    sent jsonb;
    part jsonb;
    of_paths jsonb;
    parts jsonb[] := '{}';
    has_me boolean := paths ? '/Me';
    found_by text[];
    patch jsonb;
    changes jsonb;
    section text;
    settings CONSTANT jsonb := (SELECT jsonb_object_agg(s.name, s.value) FROM scim.settings() s);
    of_oauth CONSTANT jsonb := $json${
    "/.oauth/token": {
      "post": {
        "operationId": "fetchAccessToken",
        "summary": "Fetch an access token",
        "description": "RFC 6749 section 4.4. The client authenticates by Authorization: Basic, by client_id and client_secret, or by an assertion (RFC 7523).",
        "security": [],
        "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object",
            "properties": {"grant_type": {"const": "client_credentials"}, "scope": {"type": "string"}, "client_id": {"type": "string"}, "client_secret": {"type": "string"},
                           "client_assertion_type": {"const": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {"type": "string"}},
            "required": ["grant_type"]}}}},
        "responses": {"200": {"description": "The token", "content": {"application/json": {"schema": {"type": "object",
            "properties": {"access_token": {"type": "string"}, "token_type": {"const": "Bearer"}, "expires_in": {"type": "integer"}, "scope": {"type": "string"}},
            "required": ["access_token", "token_type", "expires_in", "scope"]}}}},
            "default": {"description": "An error of RFC 6749 section 5.2", "content": {"application/json": {"schema": {"type": "object",
                "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}}, "required": ["error"]}}}}}
      }
    },
    "/.oauth/revoke": {
      "post": {
        "operationId": "revokeAccessToken",
        "summary": "End an access token of the client",
        "description": "RFC 7009. The client authenticates as at the other endpoint; a token that is unknown is no error.",
        "security": [],
        "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object",
            "properties": {"token": {"type": "string"}, "token_type_hint": {"type": "string"}, "client_id": {"type": "string"}, "client_secret": {"type": "string"},
                           "client_assertion_type": {"const": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {"type": "string"}},
            "required": ["token"]}}}},
        "responses": {"200": {"description": "It is not good any more"},
            "default": {"description": "An error of RFC 6749 section 5.2", "content": {"application/json": {"schema": {"type": "object",
                "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}}, "required": ["error"]}}}}}
      }
    }}$json$;
    served_at CONSTANT text := coalesce(nullif(settings ->> 'base_url', ''), nullif(rtrim(settings ->> 'base_path', '/'), ''), '/');
    accepted CONSTANT jsonb := scim_internal.authentication_schemes();
    schemes jsonb := '{}';
    security jsonb := '[]';
BEGIN
    -- the ways to say who one is: those that the ServiceProviderConfig shows, or where it
    -- shows none, all that are accepted
    FOR key, part IN
        SELECT regexp_replace(s.scheme, '[^0-9A-Za-z._-]', '.', 'g'),
            CASE WHEN s.fetched THEN jsonb_build_object('type', 'oauth2', 'flows', jsonb_build_object('clientCredentials', jsonb_build_object(
                    'tokenUrl', rtrim(served_at, '/') || '/.oauth/token', 'scopes', '{"scim": "All that the client may"}'::jsonb)))
                WHEN lower(s.keyword) IN ('bearer', 'basic') THEN jsonb_build_object('type', 'http', 'scheme', lower(s.keyword))
                ELSE '{"type": "apiKey", "in": "header", "name": "Authorization"}' END
            || CASE WHEN s.jwt THEN '{"bearerFormat": "JWT"}' ELSE '{}' END::jsonb
            || jsonb_build_object('description', concat_ws('; ', s.name, s.description,
                'Authorization: ' || concat_ws(' ', nullif(s.keyword, ''), '<credential>')))
            || jsonb_strip_nulls(jsonb_build_object('second', s.second_header))
        FROM jsonb_array_elements(accepted) WITH ORDINALITY a (element, n),
            jsonb_to_record(a.element) AS s (scheme text, keyword text, jwt boolean, fetched boolean, second_header text, name text, description text)
        WHERE s.name IS NOT NULL OR NOT jsonb_path_exists(accepted, '$[*].name')
        ORDER BY a.n LOOP
        IF schemes ? key THEN
            key := format('%s.%s', key, jsonb_array_length(security) + 1);
        END IF;
        schemes := schemes || jsonb_build_object(key, part - 'second');
        IF part ? 'second' THEN
            -- both are needed
            schemes := schemes || jsonb_build_object(key || '.second',
                jsonb_build_object('type', 'apiKey', 'in', 'header', 'name', part -> 'second'));
            security := security || jsonb_build_array(jsonb_build_object(key, '[]'::jsonb, key || '.second', '[]'::jsonb));
        ELSE
            security := security || jsonb_build_array(jsonb_build_object(key, '[]'::jsonb));
        END IF;
    END LOOP;
    components := components || jsonb_build_object('securitySchemes', schemes);
    -- where clients get what they bear
    IF jsonb_path_exists(accepted, '$[*] ? (@.fetched == true)') THEN
        paths := paths || of_oauth;
    END IF;

    patch := components #> '{schemas,PatchOp}';
    IF settings ->> 'unknown_attributes' = 'reject' THEN
        patch := jsonb_set(jsonb_set(patch, '{additionalProperties}', 'false'), '{properties,Operations,items,additionalProperties}', 'false');
    END IF;
    components := jsonb_set(components, '{schemas,PatchOp}', scim_internal.patch_schema(patch, settings));
    FOR document IN EXECUTE format('SELECT t.document FROM (SELECT r.document, r.name FROM %I.resource_type r '
            'UNION ALL SELECT m, m ->> ''name'' FROM scim_internal.membership_type() m WHERE m IS NOT NULL) AS t '
            'ORDER BY t.name <> ''User'', t.name', scim.store()) LOOP
        endpoint := '/' || ltrim(document ->> 'endpoint', '/');
        -- from the endpoint, of which no two are the same; a key has no "~"
        key := replace(ltrim(endpoint, '/'), '~', '.');
        answered := scim_internal.wire_schema(document ->> 'name', scim.json_schema(document ->> 'name') - '$schema', false);
        sent := scim_internal.wire_schema(document ->> 'name', scim.json_schema(document ->> 'name', for_request => true) - '$schema', true);
        part := replace(replace(replace(replace(
            regexp_replace(regexp_replace(of_type, reference, referring, 'g'), content, containing, 'g'),
            '@R', CASE WHEN sent = answered THEN 'Resource.@K' ELSE 'Request.@K' END),
            '@E', endpoint), '@K', key), '@N', document ->> 'name')::jsonb;
        found_by := scim_internal.lookup_attributes(document ->> 'name');
        IF found_by IS NOT NULL THEN
            part := jsonb_set(part, ARRAY['paths', endpoint || '/{id}', 'parameters', '0'], (result #> '{components,parameters,id}') ||
                jsonb_build_object('description', 'The first of these that has it: ' || array_to_string(found_by, ', ')));
        END IF;
        IF document ->> 'schema' = 'urn:ietf:params:scim:schemas:core:2.0:GroupMembership' AND scim_internal.membership_type() IS NOT NULL THEN
            -- nothing of a membership changes
            part := part #- ARRAY['paths', endpoint || '/{id}', 'put'] #- ARRAY['paths', endpoint || '/{id}', 'patch'];
        ELSE
            -- where a type has settings of its own
            changes := scim_internal.patch_schema(patch, (SELECT jsonb_object_agg(s.name, s.value) FROM scim.settings(document ->> 'name') s));
            IF changes <> components #> '{schemas,PatchOp}' THEN
                part := jsonb_set(jsonb_set(part, ARRAY['schemas', 'PatchOp.' || key], changes), ARRAY['requestBodies', 'PatchOp.' || key],
                    replace(components #>> '{requestBodies,PatchOp}', '/PatchOp"', format('/%s"', 'PatchOp.' || key))::jsonb);
                part := jsonb_set(part, ARRAY['paths', endpoint || '/{id}', 'patch', 'requestBody', '$ref'], to_jsonb('#/components/requestBodies/PatchOp.' || key));
            END IF;
        END IF;
        part := jsonb_set(part, '{schemas}', (part -> 'schemas')
            || jsonb_build_object('Resource.' || key, answered, 'Answer.' || key, scim_internal.partial_schema(answered))
            || CASE WHEN sent <> answered THEN jsonb_build_object('Request.' || key, sent) ELSE '{}' END);
        of_paths := part -> 'paths';
        IF lower(document ->> 'schema') = 'urn:ietf:params:scim:schemas:core:2.0:group' THEN
            of_paths := of_paths || replace(replace(replace(regexp_replace(of_group, reference, referring, 'g'),
                '@E', endpoint), '@K', key), '@N', document ->> 'name')::jsonb;
        END IF;
        IF lower(document ->> 'schema') = 'urn:ietf:params:scim:schemas:core:2.0:user' AND NOT has_me THEN
            -- the user who asks: as any user, but without an id in the path, and perhaps nobody
            has_me := true;
            of_paths := of_paths || jsonb_build_object('/Me', jsonb_build_object('description',
                    'The user who asks: each answer, errors too, says in Location where that is.') ||
                (SELECT jsonb_object_agg(method, jsonb_set(
                            operation || jsonb_build_object('operationId',
                                regexp_replace(operation ->> 'operationId', '_.*', '_Me')),
                            '{responses,501}', '{"$ref": "#/components/responses/NotImplemented"}'))
                 FROM jsonb_each((of_paths -> (endpoint || '/{id}')) - 'parameters') AS o (method, operation))
                || jsonb_build_object('post', regexp_replace(post_me, reference, referring, 'g')::jsonb));
        END IF;
        parts := array_append(parts, part || jsonb_build_object('paths', of_paths));
    END LOOP;
    -- those of all types at once, since each time the whole is made anew; of two that have a key the later one holds
    FOREACH section IN ARRAY ARRAY['paths', 'requestBodies', 'responses', 'schemas'] LOOP
        part := (SELECT coalesce(jsonb_object_agg(e.key, e.value ORDER BY p.n), '{}')
            FROM unnest(parts) WITH ORDINALITY AS p (one, n), jsonb_each(p.one -> section) AS e (key, value));
        IF section = 'paths' THEN
            paths := paths || part;
        ELSE
            components := jsonb_set(components, ARRAY[section], (components -> section) || part);
        END IF;
    END LOOP;

    -- limits that are settings
    IF settings ->> 'unknown_attributes' = 'reject' THEN
        FOREACH key IN ARRAY ARRAY['SearchRequest', 'BulkRequest', 'BulkRequest,properties,Operations,items', 'PreviewRequest'] LOOP
            components := jsonb_set(components, ('{schemas,' || key || ',additionalProperties}')::text[], 'false');
        END LOOP;
    END IF;
    components := jsonb_set(components, '{schemas,BulkRequest,properties,Operations,maxItems}',
        settings -> 'max_bulk_operations');
    -- in bytes, of which a character is one at least
    components := jsonb_set(jsonb_set(components, '{parameters,filter,schema,maxLength}', settings -> 'max_filter_length'),
        '{schemas,SearchRequest,properties,filter,maxLength}', settings -> 'max_filter_length');
    RETURN result || jsonb_build_object(
        'info', (result -> 'info') || (SELECT jsonb_build_object('version', extversion) FROM pg_extension WHERE extname = 'scim'),
        'servers', jsonb_build_array(jsonb_build_object('url', served_at)),
        'security', security,
        'paths', scim_internal.add_endpoint_paths(paths),
        'components', components);
END
$function$;
COMMENT ON FUNCTION scim.openapi() IS
'The HTTP API of the current store as an OpenAPI 3.1 document, made from its registry and the settings; GET /openapi.json answers with it.';
