-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION scim" to load this file. \quit

-- SCIM is JSON and JSON is UTF-8 (RFC 8259 section 8.1).
DO $$
BEGIN
    IF pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.<>) 'UTF8' THEN
        RAISE EXCEPTION 'scim needs a database with encoding UTF8'
            USING DETAIL = pg_catalog.format('The encoding of this database is %s.',
                pg_catalog.current_setting('server_encoding'));
    END IF;
END
$$;

CREATE SCHEMA scim;
COMMENT ON SCHEMA scim IS 'SCIM 2.0 service provider (RFC 7643, 7644): code only, the data live in stores made by scim.create_store';
GRANT USAGE ON SCHEMA scim TO PUBLIC;
-- Made by sql/schemas/install.sh from the JSON documents.

CREATE FUNCTION scim.core_schemas() RETURNS TABLE (document pg_catalog.jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
AS $function$
VALUES
(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  "name": "EnterpriseUser",
  "description": "Enterprise User",
  "attributes": [
    {
      "name": "employeeNumber",
      "type": "string",
      "multiValued": false,
      "description": "Numeric or alphanumeric identifier assigned to a person, typically based on order of hire or association with an organization.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "costCenter",
      "type": "string",
      "multiValued": false,
      "description": "Identifies the name of a cost center.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "organization",
      "type": "string",
      "multiValued": false,
      "description": "Identifies the name of an organization.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "division",
      "type": "string",
      "multiValued": false,
      "description": "Identifies the name of a division.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "department",
      "type": "string",
      "multiValued": false,
      "description": "Identifies the name of a department.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "manager",
      "type": "complex",
      "multiValued": false,
      "description": "The User's manager. A complex type that optionally allows service providers to represent organizational hierarchy by referencing the 'id' attribute of another User.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "The id of the SCIM resource representing the User's manager. REQUIRED.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "$ref",
          "type": "reference",
          "multiValued": false,
          "description": "The URI of the SCIM resource representing the User's manager. REQUIRED.",
          "required": false,
          "referenceTypes": ["User"],
          "caseExact": true,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "displayName",
          "type": "string",
          "multiValued": false,
          "description": "The displayName of the User's manager. OPTIONAL and READ-ONLY.",
          "required": false,
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:Group",
  "name": "Group",
  "description": "Group",
  "attributes": [
    {
      "name": "displayName",
      "type": "string",
      "multiValued": false,
      "description": "A human-readable name for the Group. REQUIRED.",
      "required": true,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "members",
      "type": "complex",
      "multiValued": true,
      "description": "A list of members of the Group.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "Identifier of the member of this Group.",
          "required": false,
          "caseExact": false,
          "mutability": "immutable",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "$ref",
          "type": "reference",
          "multiValued": false,
          "description": "The URI corresponding to a SCIM resource that is a member of this Group.",
          "required": false,
          "referenceTypes": ["User", "Group"],
          "caseExact": true,
          "mutability": "immutable",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the type of resource, e.g., 'User' or 'Group'.",
          "required": false,
          "canonicalValues": ["User", "Group"],
          "caseExact": false,
          "mutability": "immutable",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name for the member, primarily used for display purposes. READ-ONLY.",
          "required": false,
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
  "name": "ResourceType",
  "description": "Specifies the schema that describes a SCIM resource type",
  "attributes": [
    {
      "name": "id",
      "type": "string",
      "multiValued": false,
      "description": "The resource type's server unique id. May be the same as the 'name' attribute.",
      "required": false,
      "caseExact": true,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "name",
      "type": "string",
      "multiValued": false,
      "description": "The resource type name. When applicable, service providers MUST specify the name, e.g., 'User'.",
      "required": true,
      "caseExact": false,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "server"
    },
    {
      "name": "description",
      "type": "string",
      "multiValued": false,
      "description": "The resource type's human-readable description. When applicable, service providers MUST specify the description.",
      "required": false,
      "caseExact": false,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "endpoint",
      "type": "reference",
      "multiValued": false,
      "description": "The resource type's HTTP-addressable endpoint relative to the Base URL, e.g., '/Users'.",
      "required": true,
      "referenceTypes": ["uri"],
      "caseExact": true,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "server"
    },
    {
      "name": "schema",
      "type": "reference",
      "multiValued": false,
      "description": "The resource type's primary/base schema URI.",
      "required": true,
      "referenceTypes": ["uri"],
      "caseExact": true,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "schemaExtensions",
      "type": "complex",
      "multiValued": true,
      "description": "A list of URIs of the resource type's schema extensions.",
      "required": false,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "schema",
          "type": "reference",
          "multiValued": false,
          "description": "The URI of a schema extension.",
          "required": true,
          "referenceTypes": ["uri"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "required",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value that specifies whether or not the schema extension is required for the resource type. If true, a resource of this type MUST include this schema extension and also include any attributes declared as required in this schema extension. If false, a resource of this type MAY omit this schema extension.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:Schema",
  "name": "Schema",
  "description": "Specifies the schema that describes a SCIM schema",
  "attributes": [
    {
      "name": "id",
      "type": "string",
      "multiValued": false,
      "description": "The unique URI of the schema. When applicable, service providers MUST specify the URI.",
      "required": true,
      "caseExact": true,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "name",
      "type": "string",
      "multiValued": false,
      "description": "The schema's human-readable name. When applicable, service providers MUST specify the name, e.g., 'User'.",
      "required": true,
      "caseExact": false,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "description",
      "type": "string",
      "multiValued": false,
      "description": "The schema's human-readable name. When applicable, service providers MUST specify the name, e.g., 'User'.",
      "required": false,
      "caseExact": false,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "attributes",
      "type": "complex",
      "multiValued": true,
      "description": "A complex attribute that includes the attributes of a schema.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "name",
          "type": "string",
          "multiValued": false,
          "description": "The attribute's name.",
          "required": true,
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "The attribute's data type. Valid values include 'string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference'.",
          "required": true,
          "canonicalValues": ["string", "complex", "boolean", "decimal", "integer", "dateTime", "binary", "reference"],
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "multiValued",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating an attribute's plurality.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "description",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable description of the attribute.",
          "required": false,
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "required",
          "type": "boolean",
          "multiValued": false,
          "description": "A boolean value indicating whether or not the attribute is required.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "canonicalValues",
          "type": "string",
          "multiValued": true,
          "description": "A collection of canonical values. When applicable, service providers MUST specify the canonical types, e.g., 'work', 'home'.",
          "required": false,
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "caseExact",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating whether or not a string attribute is case sensitive.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "mutability",
          "type": "string",
          "multiValued": false,
          "description": "Indicates whether or not an attribute is modifiable.",
          "required": false,
          "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "returned",
          "type": "string",
          "multiValued": false,
          "description": "Indicates when an attribute is returned in a response (e.g., to a query).",
          "required": false,
          "canonicalValues": ["always", "never", "default", "request"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "uniqueness",
          "type": "string",
          "multiValued": false,
          "description": "Indicates how unique a value must be.",
          "required": false,
          "canonicalValues": ["none", "server", "global"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "referenceTypes",
          "type": "string",
          "multiValued": true,
          "description": "Used only with an attribute of type 'reference'. Specifies a SCIM resourceType that a reference attribute MAY refer to, e.g., 'User'.",
          "required": false,
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "subAttributes",
          "type": "complex",
          "multiValued": true,
          "description": "Used to define the sub-attributes of a complex attribute.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "subAttributes": [
            {
              "name": "name",
              "type": "string",
              "multiValued": false,
              "description": "The attribute's name.",
              "required": true,
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "type",
              "type": "string",
              "multiValued": false,
              "description": "The attribute's data type. Valid values include 'string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference'.",
              "required": true,
              "canonicalValues": ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"],
              "caseExact": false,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "multiValued",
              "type": "boolean",
              "multiValued": false,
              "description": "A Boolean value indicating an attribute's plurality.",
              "required": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "description",
              "type": "string",
              "multiValued": false,
              "description": "A human-readable description of the attribute.",
              "required": false,
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "required",
              "type": "boolean",
              "multiValued": false,
              "description": "A boolean value indicating whether or not the attribute is required.",
              "required": false,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "canonicalValues",
              "type": "string",
              "multiValued": true,
              "description": "A collection of canonical values. When applicable, service providers MUST specify the canonical types, e.g., 'work', 'home'.",
              "required": false,
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "caseExact",
              "type": "boolean",
              "multiValued": false,
              "description": "A Boolean value indicating whether or not a string attribute is case sensitive.",
              "required": false,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "mutability",
              "type": "string",
              "multiValued": false,
              "description": "Indicates whether or not an attribute is modifiable.",
              "required": false,
              "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"],
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "returned",
              "type": "string",
              "multiValued": false,
              "description": "Indicates when an attribute is returned in a response (e.g., to a query).",
              "required": false,
              "canonicalValues": ["always", "never", "default", "request"],
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "uniqueness",
              "type": "string",
              "multiValued": false,
              "description": "Indicates how unique a value must be.",
              "required": false,
              "canonicalValues": ["none", "server", "global"],
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "referenceTypes",
              "type": "string",
              "multiValued": true,
              "description": "Used only with an attribute of type 'reference'. Specifies a SCIM resourceType that a reference attribute MAY refer to, e.g., 'User'.",
              "required": false,
              "caseExact": true,
              "mutability": "readOnly",
              "returned": "default",
              "uniqueness": "none"
            }
          ]
        }
      ]
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
  "name": "Service Provider Configuration",
  "description": "Schema for representing the service provider's configuration",
  "attributes": [
    {
      "name": "documentationUri",
      "type": "reference",
      "multiValued": false,
      "description": "An HTTP-addressable URL pointing to the service provider's human-consumable help documentation.",
      "required": false,
      "referenceTypes": ["external"],
      "caseExact": true,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "patch",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies PATCH configuration options.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "supported",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying whether or not the operation is supported.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "bulk",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies bulk configuration options.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "supported",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying whether or not the operation is supported.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "maxOperations",
          "type": "integer",
          "multiValued": false,
          "description": "An integer value specifying the maximum number of operations.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "maxPayloadSize",
          "type": "integer",
          "multiValued": false,
          "description": "An integer value specifying the maximum payload size in bytes.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "filter",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies FILTER options.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "supported",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying whether or not the operation is supported.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "maxResults",
          "type": "integer",
          "multiValued": false,
          "description": "An integer value specifying the maximum number of resources returned in a response.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "changePassword",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies configuration options related to changing a password.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "supported",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying whether or not the operation is supported.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "sort",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies sort result options.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "supported",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying whether or not the operation is supported.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "etag",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies ETag configuration options.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "supported",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying whether or not the operation is supported.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "pagination",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that indicates pagination configuration options (RFC 9865).",
      "required": false,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "cursor",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying support of cursor-based pagination.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "index",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value specifying support of index-based pagination.",
          "required": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "defaultPaginationMethod",
          "type": "string",
          "multiValued": false,
          "description": "The type of pagination that the service provider defaults to when the client has not specified which method it wishes to use.",
          "required": false,
          "canonicalValues": ["cursor", "index"],
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "defaultPageSize",
          "type": "integer",
          "multiValued": false,
          "description": "The default number of results returned in a page when a count is not specified in the query.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "maxPageSize",
          "type": "integer",
          "multiValued": false,
          "description": "The maximum number of results returned in a page regardless of what is specified for the count in a query.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "cursorTimeout",
          "type": "integer",
          "multiValued": false,
          "description": "The minimum number of seconds that a cursor is valid between page requests.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "authenticationSchemes",
      "type": "complex",
      "multiValued": true,
      "description": "A complex type that specifies supported authentication scheme properties.",
      "required": true,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "The authentication scheme.",
          "required": true,
          "canonicalValues": ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"],
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "name",
          "type": "string",
          "multiValued": false,
          "description": "The common authentication scheme name, e.g., HTTP Basic.",
          "required": true,
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "description",
          "type": "string",
          "multiValued": false,
          "description": "A description of the authentication scheme.",
          "required": true,
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "specUri",
          "type": "reference",
          "multiValued": false,
          "description": "An HTTP-addressable URL pointing to the authentication scheme's specification.",
          "required": false,
          "referenceTypes": ["external"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "documentationUri",
          "type": "reference",
          "multiValued": false,
          "description": "An HTTP-addressable URL pointing to the authentication scheme's usage documentation.",
          "required": false,
          "referenceTypes": ["external"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred authentication scheme. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:User",
  "name": "User",
  "description": "User Account",
  "attributes": [
    {
      "name": "userName",
      "type": "string",
      "multiValued": false,
      "description": "Unique identifier for the User, typically used by the user to directly authenticate to the service provider. Each User MUST include a non-empty userName value. This identifier MUST be unique across the service provider's entire set of Users. REQUIRED.",
      "required": true,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "server"
    },
    {
      "name": "name",
      "type": "complex",
      "multiValued": false,
      "description": "The components of the user's real name. Providers MAY return just the full name as a single string in the formatted sub-attribute, or they MAY return just the individual component attributes using the other sub-attributes, or they MAY return both. If both variants are returned, they SHOULD be describing the same name, with the formatted name indicating how the component attributes should be combined.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "formatted",
          "type": "string",
          "multiValued": false,
          "description": "The full name, including all middle names, titles, and suffixes as appropriate, formatted for display (e.g., 'Ms. Barbara J Jensen, III').",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "familyName",
          "type": "string",
          "multiValued": false,
          "description": "The family name of the User, or last name in most Western languages (e.g., 'Jensen' given the full name 'Ms. Barbara J Jensen, III').",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "givenName",
          "type": "string",
          "multiValued": false,
          "description": "The given name of the User, or first name in most Western languages (e.g., 'Barbara' given the full name 'Ms. Barbara J Jensen, III').",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "middleName",
          "type": "string",
          "multiValued": false,
          "description": "The middle name(s) of the User (e.g., 'Jane' given the full name 'Ms. Barbara J Jensen, III').",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "honorificPrefix",
          "type": "string",
          "multiValued": false,
          "description": "The honorific prefix(es) of the User, or title in most Western languages (e.g., 'Ms.' given the full name 'Ms. Barbara J Jensen, III').",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "honorificSuffix",
          "type": "string",
          "multiValued": false,
          "description": "The honorific suffix(es) of the User, or suffix in most Western languages (e.g., 'III' given the full name 'Ms. Barbara J Jensen, III').",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "displayName",
      "type": "string",
      "multiValued": false,
      "description": "The name of the User, suitable for display to end-users. The name SHOULD be the full name of the User being described, if known.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "nickName",
      "type": "string",
      "multiValued": false,
      "description": "The casual way to address the user in real life, e.g., 'Bob' or 'Bobby' instead of 'Robert'. This attribute SHOULD NOT be used to represent a User's username (e.g., 'bjensen' or 'mpepperidge').",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "profileUrl",
      "type": "reference",
      "multiValued": false,
      "description": "A fully qualified URL pointing to a page representing the User's online profile.",
      "required": false,
      "referenceTypes": ["external"],
      "caseExact": true,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "title",
      "type": "string",
      "multiValued": false,
      "description": "The user's title, such as \"Vice President.\"",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "userType",
      "type": "string",
      "multiValued": false,
      "description": "Used to identify the relationship between the organization and the user. Typical values used might be 'Contractor', 'Employee', 'Intern', 'Temp', 'External', and 'Unknown', but any value may be used.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "preferredLanguage",
      "type": "string",
      "multiValued": false,
      "description": "Indicates the User's preferred written or spoken language. Generally used for selecting a localized user interface; e.g., 'en_US' specifies the language English and country US.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "locale",
      "type": "string",
      "multiValued": false,
      "description": "Used to indicate the User's default location for purposes of localizing items such as currency, date time format, or numerical representations.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "timezone",
      "type": "string",
      "multiValued": false,
      "description": "The User's time zone in the 'Olson' time zone database format, e.g., 'America/Los_Angeles'.",
      "required": false,
      "caseExact": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "active",
      "type": "boolean",
      "multiValued": false,
      "description": "A Boolean value indicating the User's administrative status.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "uniqueness": "none"
    },
    {
      "name": "password",
      "type": "string",
      "multiValued": false,
      "description": "The User's cleartext password. This attribute is intended to be used as a means to specify an initial password when creating a new User or to reset an existing User's password.",
      "required": false,
      "caseExact": false,
      "mutability": "writeOnly",
      "returned": "never",
      "uniqueness": "none"
    },
    {
      "name": "emails",
      "type": "complex",
      "multiValued": true,
      "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.",
          "required": false,
          "canonicalValues": ["work", "home", "other"],
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred mailing address or primary email address. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "phoneNumbers",
      "type": "complex",
      "multiValued": true,
      "description": "Phone numbers for the User. The value SHOULD be canonicalized by the service provider according to the format specified in RFC 3966, e.g., 'tel:+1-201-555-0123'. Canonical type values of 'work', 'home', 'mobile', 'fax', 'pager', and 'other'.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "Phone number of the User.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function, e.g., 'work', 'home', 'mobile'.",
          "required": false,
          "canonicalValues": ["work", "home", "mobile", "fax", "pager", "other"],
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred phone number or primary phone number. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "ims",
      "type": "complex",
      "multiValued": true,
      "description": "Instant messaging addresses for the User.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "Instant messaging address for the User.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function, e.g., 'aim', 'gtalk', 'xmpp'.",
          "required": false,
          "canonicalValues": ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred messenger or primary messenger. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "photos",
      "type": "complex",
      "multiValued": true,
      "description": "URLs of photos of the User.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "reference",
          "multiValued": false,
          "description": "URL of a photo of the User.",
          "required": false,
          "referenceTypes": ["external"],
          "caseExact": true,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function, i.e., 'photo' or 'thumbnail'.",
          "required": false,
          "canonicalValues": ["photo", "thumbnail"],
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred photo or thumbnail. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "addresses",
      "type": "complex",
      "multiValued": true,
      "description": "A physical mailing address for this User. Canonical type values of 'work', 'home', and 'other'. This attribute is a complex type with the following sub-attributes.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "formatted",
          "type": "string",
          "multiValued": false,
          "description": "The full mailing address, formatted for display or use with a mailing label. This attribute MAY contain newlines.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "streetAddress",
          "type": "string",
          "multiValued": false,
          "description": "The full street address component, which may include house number, street name, P.O. box, and multi-line extended street address information. This attribute MAY contain newlines.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "locality",
          "type": "string",
          "multiValued": false,
          "description": "The city or locality component.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "region",
          "type": "string",
          "multiValued": false,
          "description": "The state or region component.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "postalCode",
          "type": "string",
          "multiValued": false,
          "description": "The zip code or postal code component.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "country",
          "type": "string",
          "multiValued": false,
          "description": "The country name component.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.",
          "required": false,
          "canonicalValues": ["work", "home", "other"],
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred address. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "groups",
      "type": "complex",
      "multiValued": true,
      "description": "A list of groups to which the user belongs, either through direct membership, through nested groups, or dynamically calculated.",
      "required": false,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "The identifier of the User's group.",
          "required": false,
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "$ref",
          "type": "reference",
          "multiValued": false,
          "description": "The URI of the corresponding 'Group' resource to which the user belongs.",
          "required": false,
          "referenceTypes": ["Group"],
          "caseExact": true,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes. READ-ONLY.",
          "required": false,
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function, e.g., 'direct' or 'indirect'.",
          "required": false,
          "canonicalValues": ["direct", "indirect"],
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "entitlements",
      "type": "complex",
      "multiValued": true,
      "description": "A list of entitlements for the User that represent a thing the User has.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "The value of an entitlement.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "roles",
      "type": "complex",
      "multiValued": true,
      "description": "A list of roles for the User that collectively represent who the User is, e.g., 'Student', 'Faculty'.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "string",
          "multiValued": false,
          "description": "The value of a role.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    },
    {
      "name": "x509Certificates",
      "type": "complex",
      "multiValued": true,
      "description": "A list of certificates issued to the User.",
      "required": false,
      "mutability": "readWrite",
      "returned": "default",
      "subAttributes": [
        {
          "name": "value",
          "type": "binary",
          "multiValued": false,
          "description": "The value of an X.509 certificate.",
          "required": false,
          "caseExact": true,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "display",
          "type": "string",
          "multiValued": false,
          "description": "A human-readable name, primarily used for display purposes.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "type",
          "type": "string",
          "multiValued": false,
          "description": "A label indicating the attribute's function.",
          "required": false,
          "caseExact": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "primary",
          "type": "boolean",
          "multiValued": false,
          "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.",
          "required": false,
          "mutability": "readWrite",
          "returned": "default",
          "uniqueness": "none"
        }
      ]
    }
  ]
}
$json$ AS pg_catalog.jsonb))
$function$;
COMMENT ON FUNCTION scim.core_schemas() IS
'The schema documents of RFC 7643 section 8.7 with its errata, one row each, that every store starts with.';

CREATE FUNCTION scim.core_resource_types() RETURNS TABLE (document pg_catalog.jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2
AS $function$
VALUES
(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  "id": "Group",
  "name": "Group",
  "endpoint": "/Groups",
  "description": "Group",
  "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  "id": "User",
  "name": "User",
  "endpoint": "/Users",
  "description": "User Account",
  "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
  "schemaExtensions": [
    {
      "schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
      "required": false
    }
  ]
}
$json$ AS pg_catalog.jsonb))
$function$;
COMMENT ON FUNCTION scim.core_resource_types() IS
'The resource type documents of RFC 7643 section 8.6, one row each, that every store starts with.';
-- The one rule for comparing text without regard to case.

CREATE FUNCTION scim.fold(text) RETURNS text
	AS 'MODULE_PATHNAME', 'scim_fold'
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION scim.fold(text) IS
	'Folds the case of a text by Unicode default full case folding (CaseFolding.txt, statuses C and F), whatever the locale. Argument: UTF-8 text. Result: two texts are equal without regard to case when their folded texts are equal. Never raises an error. This is how attributes with caseExact false compare: RFC 7643 section 2.2.';
-- The type scim.filter: RFC 7644 section 3.4.2.2.

CREATE TYPE scim.filter;

CREATE FUNCTION scim.filter_in(cstring) RETURNS scim.filter
	AS 'MODULE_PATHNAME', 'scim_filter_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_in(cstring) IS
	'Reads the text of a filter. Result: the filter. Error: SCFIL (invalidFilter) with the character where the syntax is wrong, or when one of the settings scim.max_filter_length, scim.max_filter_depth and scim.max_filter_nodes is exceeded. RFC 7644 section 3.4.2.2.';
CREATE FUNCTION scim.filter_out(scim.filter) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_filter_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_out(scim.filter) IS
	'The canonical text of a filter, which reads back as an equal one.';
CREATE FUNCTION scim.filter_recv(internal) RETURNS scim.filter
	AS 'MODULE_PATHNAME', 'scim_filter_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_recv(internal) IS
	'Reads a filter from its binary form: a version byte, then the text.';
CREATE FUNCTION scim.filter_send(scim.filter) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_filter_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_send(scim.filter) IS
	'The binary form of a filter: a version byte, then the canonical text.';

CREATE TYPE scim.filter (
	INPUT = scim.filter_in,
	OUTPUT = scim.filter_out,
	RECEIVE = scim.filter_recv,
	SEND = scim.filter_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE scim.filter IS
	'A SCIM filter, RFC 7644 section 3.4.2.2, for instance userName eq "bjensen" and not (emails[type eq "work"]). Prints in a canonical form.';

CREATE CAST (text AS scim.filter) WITH INOUT AS ASSIGNMENT;

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE FUNCTION scim.filter_eq(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.filter_ne(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.filter_lt(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.filter_le(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.filter_gt(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.filter_ge(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_eq(scim.filter, scim.filter) IS 'Implementation of the operator =';
COMMENT ON FUNCTION scim.filter_ne(scim.filter, scim.filter) IS 'Implementation of the operator <>';
COMMENT ON FUNCTION scim.filter_lt(scim.filter, scim.filter) IS 'Implementation of the operator <';
COMMENT ON FUNCTION scim.filter_le(scim.filter, scim.filter) IS 'Implementation of the operator <=';
COMMENT ON FUNCTION scim.filter_gt(scim.filter, scim.filter) IS 'Implementation of the operator >';
COMMENT ON FUNCTION scim.filter_ge(scim.filter, scim.filter) IS 'Implementation of the operator >=';
CREATE FUNCTION scim.filter_cmp(scim.filter, scim.filter) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_filter_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_cmp(scim.filter, scim.filter) IS
	'Compares two filters for sorting: less than, equal to or greater than 0.';
CREATE FUNCTION scim.filter_hash(scim.filter) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_filter_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_hash(scim.filter) IS
	'Hash of a filter, the same for equal ones.';
CREATE FUNCTION scim.filter_hash_extended(scim.filter, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_filter_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.filter_hash_extended(scim.filter, bigint) IS
	'Seeded hash of a filter, the same for equal ones.';

CREATE OPERATOR scim.= (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim.filter_eq,
	COMMUTATOR = OPERATOR(scim.=),
	NEGATOR = OPERATOR(scim.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR scim.= (scim.filter, scim.filter) IS 'equal to';

CREATE OPERATOR scim.<> (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim.filter_ne,
	COMMUTATOR = OPERATOR(scim.<>),
	NEGATOR = OPERATOR(scim.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR scim.<> (scim.filter, scim.filter) IS 'not equal to';

CREATE OPERATOR scim.< (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim.filter_lt,
	COMMUTATOR = OPERATOR(scim.>),
	NEGATOR = OPERATOR(scim.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR scim.< (scim.filter, scim.filter) IS 'before';

CREATE OPERATOR scim.<= (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim.filter_le,
	COMMUTATOR = OPERATOR(scim.>=),
	NEGATOR = OPERATOR(scim.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR scim.<= (scim.filter, scim.filter) IS 'before or equal to';

CREATE OPERATOR scim.> (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim.filter_gt,
	COMMUTATOR = OPERATOR(scim.<),
	NEGATOR = OPERATOR(scim.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR scim.> (scim.filter, scim.filter) IS 'after';

CREATE OPERATOR scim.>= (
	LEFTARG = scim.filter,
	RIGHTARG = scim.filter,
	FUNCTION = scim.filter_ge,
	COMMUTATOR = OPERATOR(scim.<=),
	NEGATOR = OPERATOR(scim.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR scim.>= (scim.filter, scim.filter) IS 'after or equal to';

CREATE OPERATOR CLASS scim.filter_ops DEFAULT FOR TYPE scim.filter USING btree AS
	OPERATOR 1 scim.<,
	OPERATOR 2 scim.<=,
	OPERATOR 3 scim.=,
	OPERATOR 4 scim.>=,
	OPERATOR 5 scim.>,
	FUNCTION 1 scim.filter_cmp(scim.filter, scim.filter);

CREATE OPERATOR CLASS scim.filter_ops DEFAULT FOR TYPE scim.filter USING hash AS
	OPERATOR 1 scim.=,
	FUNCTION 1 scim.filter_hash(scim.filter),
	FUNCTION 2 scim.filter_hash_extended(scim.filter, bigint);
-- The type scim.path: RFC 7644 sections 3.5.2 and 3.10.

CREATE TYPE scim.path;

CREATE FUNCTION scim.path_in(cstring) RETURNS scim.path
	AS 'MODULE_PATHNAME', 'scim_path_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_in(cstring) IS
	'Reads the text of a path. Result: the path. Error: SCPTH (invalidPath) with the character where the syntax is wrong, or SCFIL (invalidFilter) when that is in the filter between the brackets. RFC 7644 section 3.5.2.';
CREATE FUNCTION scim.path_out(scim.path) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_path_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_out(scim.path) IS
	'The canonical text of a path, which reads back as an equal one.';
CREATE FUNCTION scim.path_recv(internal) RETURNS scim.path
	AS 'MODULE_PATHNAME', 'scim_path_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_recv(internal) IS
	'Reads a path from its binary form: a version byte, then the text.';
CREATE FUNCTION scim.path_send(scim.path) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_path_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_send(scim.path) IS
	'The binary form of a path: a version byte, then the canonical text.';

CREATE TYPE scim.path (
	INPUT = scim.path_in,
	OUTPUT = scim.path_out,
	RECEIVE = scim.path_recv,
	SEND = scim.path_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE scim.path IS
	'A SCIM attribute path as PATCH and "attributes" have it, RFC 7644 sections 3.5.2 and 3.10, for instance emails[type eq "work"].value. Prints in a canonical form.';

CREATE CAST (text AS scim.path) WITH INOUT AS ASSIGNMENT;

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE FUNCTION scim.path_eq(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.path_ne(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.path_lt(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.path_le(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.path_gt(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION scim.path_ge(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_eq(scim.path, scim.path) IS 'Implementation of the operator =';
COMMENT ON FUNCTION scim.path_ne(scim.path, scim.path) IS 'Implementation of the operator <>';
COMMENT ON FUNCTION scim.path_lt(scim.path, scim.path) IS 'Implementation of the operator <';
COMMENT ON FUNCTION scim.path_le(scim.path, scim.path) IS 'Implementation of the operator <=';
COMMENT ON FUNCTION scim.path_gt(scim.path, scim.path) IS 'Implementation of the operator >';
COMMENT ON FUNCTION scim.path_ge(scim.path, scim.path) IS 'Implementation of the operator >=';
CREATE FUNCTION scim.path_cmp(scim.path, scim.path) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_path_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_cmp(scim.path, scim.path) IS
	'Compares two paths for sorting: less than, equal to or greater than 0.';
CREATE FUNCTION scim.path_hash(scim.path) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_path_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_hash(scim.path) IS
	'Hash of a path, the same for equal ones.';
CREATE FUNCTION scim.path_hash_extended(scim.path, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_path_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.path_hash_extended(scim.path, bigint) IS
	'Seeded hash of a path, the same for equal ones.';

CREATE OPERATOR scim.= (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim.path_eq,
	COMMUTATOR = OPERATOR(scim.=),
	NEGATOR = OPERATOR(scim.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR scim.= (scim.path, scim.path) IS 'equal to';

CREATE OPERATOR scim.<> (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim.path_ne,
	COMMUTATOR = OPERATOR(scim.<>),
	NEGATOR = OPERATOR(scim.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR scim.<> (scim.path, scim.path) IS 'not equal to';

CREATE OPERATOR scim.< (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim.path_lt,
	COMMUTATOR = OPERATOR(scim.>),
	NEGATOR = OPERATOR(scim.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR scim.< (scim.path, scim.path) IS 'before';

CREATE OPERATOR scim.<= (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim.path_le,
	COMMUTATOR = OPERATOR(scim.>=),
	NEGATOR = OPERATOR(scim.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR scim.<= (scim.path, scim.path) IS 'before or equal to';

CREATE OPERATOR scim.> (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim.path_gt,
	COMMUTATOR = OPERATOR(scim.<),
	NEGATOR = OPERATOR(scim.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR scim.> (scim.path, scim.path) IS 'after';

CREATE OPERATOR scim.>= (
	LEFTARG = scim.path,
	RIGHTARG = scim.path,
	FUNCTION = scim.path_ge,
	COMMUTATOR = OPERATOR(scim.<=),
	NEGATOR = OPERATOR(scim.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR scim.>= (scim.path, scim.path) IS 'after or equal to';

CREATE OPERATOR CLASS scim.path_ops DEFAULT FOR TYPE scim.path USING btree AS
	OPERATOR 1 scim.<,
	OPERATOR 2 scim.<=,
	OPERATOR 3 scim.=,
	OPERATOR 4 scim.>=,
	OPERATOR 5 scim.>,
	FUNCTION 1 scim.path_cmp(scim.path, scim.path);

CREATE OPERATOR CLASS scim.path_ops DEFAULT FOR TYPE scim.path USING hash AS
	OPERATOR 1 scim.=,
	FUNCTION 1 scim.path_hash(scim.path),
	FUNCTION 2 scim.path_hash_extended(scim.path, bigint);
-- Schemas and resource types.

CREATE FUNCTION scim.validate(resource_type text, resource jsonb)
RETURNS TABLE (path text, scim_type text, message text)
AS 'MODULE_PATHNAME', 'scim_validate'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 1;
COMMENT ON FUNCTION scim.validate(text, jsonb) IS
'What is wrong with a document as a client may send it for a resource of a type: one row per problem with the attribute path, the scimType of RFC 7644 section 3.12 and a message; first by the schemas and, where they find nothing, by the policies "identity", "canonical" and "reference" of the current store and tenant. No row means valid; uniqueness and what an update may change depend on other rows and show when it is written. Errors: unknown resource type (invalidValue). RFC 7643 section 2.';

CREATE FUNCTION scim.is_valid(resource_type text, resource jsonb)
RETURNS boolean
AS 'MODULE_PATHNAME', 'scim_is_valid'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.is_valid(text, jsonb) IS
'Whether scim.validate finds nothing wrong with a document, as a condition: in a query, or in a CHECK constraint of an application''s table, where it goes by the schemas as they are when a row is written.';

CREATE FUNCTION scim.canonicalise(resource_type text, resource jsonb)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_canonicalise'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.canonicalise(text, jsonb) IS
'A document as a client may send it, in the form in which a resource of the type is stored: attribute names as the schema spells them, values of the schema''s types, extension attributes below the URN of their extension, nothing unassigned or read-only. Errors: the first problem that scim.validate reports, with the others in the detail (invalidSyntax, invalidValue). RFC 7643 section 2.';

CREATE FUNCTION scim.register_schema(document jsonb, force boolean DEFAULT false)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_register_schema'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.register_schema(jsonb, boolean) IS
'Registers a schema document (RFC 7643 section 7) in the current store, or replaces the one with its id, and returns it as registered: every characteristic stated. A resource type names it then as its base or as an extension. Stored resources that the change makes non-canonical are rewritten. Errors: SCVAL where the document is wrong, naming schema and attribute; 23514 where stored resources would not be valid, with the number and the first of them, unless force; SCUNI where they have a value twice that must be unique; 42501 for anyone but the store''s owner.';

CREATE FUNCTION scim.register_resource_type(document jsonb, force boolean DEFAULT false,
        table_name name DEFAULT NULL)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_register_resource_type'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.register_resource_type(jsonb, boolean, name) IS
'Registers a resource type document (RFC 7643 section 6) in the current store, or replaces the one with its name, and returns it as registered. A new one gets its endpoint and a table: table_name, or else the endpoint in snake_case (/CostCentres: cost_centres). Errors: those of scim.register_schema, and 42P07 where the store has a relation of that name.';

CREATE FUNCTION scim.unregister_schema(id text, force boolean DEFAULT false)
RETURNS void
AS 'MODULE_PATHNAME', 'scim_unregister_schema'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unregister_schema(text, boolean) IS
'Removes a schema from the current store, and from the resource types that have it as an extension. Errors: SC404 where it is not registered; 2BP01 where it is the base of a resource type; 23514 where stored resources have attributes of it, unless force: then nobody sees these any more, and the next change of a resource drops them.';

CREATE FUNCTION scim.unregister_resource_type(name text, force boolean DEFAULT false)
RETURNS void
AS 'MODULE_PATHNAME', 'scim_unregister_resource_type'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unregister_resource_type(text, boolean) IS
'Removes a resource type from the current store, with its endpoint and table. Errors: SC404 where it is not registered; 2BP01 where it has resources, unless force: then these go too, for good.';

CREATE FUNCTION scim.json_schema(resource_type text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_json_schema'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.json_schema(text) IS
'A resource type of the current store as a JSON Schema (2020-12), for an application that wants to check or show resources itself: the form in which the service answers. GET /openapi.json has it for every type.';
-- Functions that the tables of a store use as defaults and in policies.

CREATE FUNCTION scim.store() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_store'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim.store() IS
'The store that functions use: the setting scim.store, "directory" by default. Error 3F000 where it does not exist.';

CREATE FUNCTION scim.tenant() RETURNS int
    AS 'MODULE_PATHNAME', 'scim_tenant'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.tenant() IS
'The tenant of this session: the setting scim.tenant, 1 by default. Row-level security of every store compares tenant_id with it.';

CREATE FUNCTION scim.actor() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_actor'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim.actor() IS
'Who acts in this session, for the audit: the setting scim.actor, or the session''s user where it is empty.';

CREATE FUNCTION scim.uuid_v7() RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_uuid_v7'
    LANGUAGE C VOLATILE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.uuid_v7() IS
'A new UUID version 7 (RFC 9562 section 5.7): ids sort in the order of their creation, strictly so within a session.';

CREATE FUNCTION scim.resource_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.resource_door() IS
'BEFORE row trigger of a store''s table "resource", the one door for every write: makes the document canonical, checks it against its schemas and the store''s policies, derives the key columns, version and timestamps; a DELETE follows the policy "delete".';

CREATE FUNCTION scim.resource_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.resource_record() IS
'AFTER row trigger of a store''s table "resource": writes audit and event rows and takes a resource that has gone out of its groups.';

CREATE FUNCTION scim.resource_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_truncate'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.resource_truncate() IS
'BEFORE TRUNCATE trigger of a store''s resource tables: refuses, since TRUNCATE would pass by the policy "delete", audit and groups.';

CREATE FUNCTION scim.member_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.member_door() IS
'BEFORE UPDATE row trigger of a store''s table "member": refuses, since membership is added and removed, never changed in place (RFC 7643 section 4.2: immutable).';

CREATE FUNCTION scim.member_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.member_record() IS
'AFTER statement trigger of a store''s table "member": moves version and last_modified of each group that changed, once per statement, and writes the audit.';

CREATE FUNCTION scim.registry_lock() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_lock'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_lock() IS
'BEFORE statement trigger of a store''s tables "schema" and "resource_type": only the store''s owner may change them, and no resource is written until the end of the transaction.';

CREATE FUNCTION scim.registry_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_door() IS
'BEFORE row trigger of a store''s tables "schema" and "resource_type": checks the document against RFC 7643 sections 6 and 7 and completes it.';

CREATE FUNCTION scim.registry_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_record() IS
'AFTER row trigger of a store''s table "resource_type": makes the table of a new resource type, and drops that of one that is gone.';

CREATE FUNCTION scim.registry_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_changed() IS
'AFTER statement trigger of a store''s tables "schema", "resource_type" and "policy": makes every session read them anew, at commit. A change of schemas is refused where they do not hold together, and where stored resources would not be valid (setting scim.check_resources).';

CREATE FUNCTION scim.member_key(value text) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_member_key'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.member_key(text) IS
'The member_id of a reference to a member: the id that it is or, for a text that is no id, a uuid made from it.';

-- Makes the partition, indexes and row-level security of one resource type.
CREATE FUNCTION scim.create_resource_table(store name, table_name name, resource_type text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = store
          AND c.relname = table_name
          AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', resource_type)
    ) THEN
        RETURN;
    END IF;
    -- Attached, not made as a partition: that would make readers of the store wait.
    EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %1$I.resource INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)',
        store, table_name);
    EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN resource_type SET DEFAULT %L', store, table_name, resource_type);
    EXECUTE format('ALTER TABLE %1$I.resource ATTACH PARTITION %1$I.%2$I FOR VALUES IN (%3$L)',
        store, table_name, resource_type);
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, external_id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_external_id_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold(display_name), id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_display_name_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, last_modified, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_last_modified_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, created, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_created_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_data_idx');
    EXECUTE format('CREATE STATISTICS %1$I.%3$I ON (scim.index_keys(data)) FROM %1$I.%2$I',
        store, table_name, table_name || '_data_stats');
    EXECUTE format('CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim.resource_truncate()',
        store, table_name);
    EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    EXECUTE format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
END
$$;
COMMENT ON FUNCTION scim.create_resource_table(name, name, text) IS
'Makes the partition of a store''s table "resource" for one resource type, with its indexes, triggers and row-level security, where it is not there yet.';
-- A store: an ordinary schema of ordinary tables that belong to its maker.

CREATE FUNCTION scim.create_store(name text DEFAULT 'directory')
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    store CONSTANT text := create_store.name;
    table_name text;
BEGIN
    IF store IS NULL OR store = '' OR octet_length(store) > 63 THEN
        RAISE EXCEPTION 'invalid store name: %', coalesce(quote_literal(store), 'NULL')
            USING ERRCODE = 'invalid_name',
                  DETAIL = 'A store is a schema: its name has 1 to 63 bytes.';
    END IF;

    EXECUTE format('CREATE SCHEMA %I', store);
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', store, 'SCIM store');
    EXECUTE replace($ddl$

    CREATE TABLE @.tenant (
        tenant_id int PRIMARY KEY,
        name text NOT NULL,
        created timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON TABLE @.tenant IS 'Who shares this store; a single-tenant user has the one row 1';
    INSERT INTO @.tenant (tenant_id, name) VALUES (1, 'default');

    CREATE TABLE @.schema (
        id text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL
    );
    COMMENT ON TABLE @.schema IS 'Registered schemas, RFC 7643 section 7';

    CREATE TABLE @.resource_type (
        name text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        table_name name NOT NULL
    );
    COMMENT ON TABLE @.resource_type IS 'Registered resource types, RFC 7643 section 6, and the partition that holds each';

    CREATE TABLE @.policy (
        tenant_id int,
        resource_type text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL DEFAULT '{}',
        UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind),
        CONSTRAINT policy_kind CHECK (kind IN ('identity', 'canonical', 'reference', 'delete', 'audit', 'events')),
        CONSTRAINT policy_settings CHECK (jsonb_typeof(settings) = 'object'),
        CONSTRAINT policy_canonical CHECK (kind <> 'canonical' OR settings -> 'attributes' IS NULL
            OR jsonb_typeof(settings -> 'attributes') = 'array'),
        CONSTRAINT policy_reference CHECK (kind <> 'reference'
            OR (coalesce(jsonb_typeof(settings -> 'attributes'), '') = 'object'
                AND coalesce(settings ->> 'missing', 'invalidValue') IN ('invalidValue', 'notFound'))),
        CONSTRAINT policy_delete_mode CHECK (kind <> 'delete'
            OR coalesce(settings ->> 'mode', '') IN ('hard', 'retain', 'offboard'))
    );
    COMMENT ON TABLE @.policy IS 'What holds for every writer; a row with a tenant_id goes before the row for all tenants (NULL)';

    CREATE TABLE @.resource (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        resource_type text COLLATE "C" NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        external_id text COLLATE "C",
        user_name text COLLATE "C",
        display_name text COLLATE "C",
        active boolean,
        status text COLLATE "C" NOT NULL,
        data jsonb NOT NULL,
        version bigint NOT NULL,
        created timestamptz NOT NULL,
        last_modified timestamptz NOT NULL,
        offboarding_at timestamptz,
        deleted_at timestamptz,
        PRIMARY KEY (tenant_id, id, resource_type),
        CONSTRAINT resource_status CHECK
            (status IN ('ACTIVE', 'SUSPENDED', 'OFFBOARDING', 'OFFBOARDED', 'DELETED'))
    ) PARTITION BY LIST (resource_type);
    COMMENT ON TABLE @.resource IS 'Every resource; data is the canonical document without id, meta, groups, members and password';

    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim.resource_door();
    CREATE TRIGGER scim_record AFTER INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim.resource_record();

    CREATE TABLE @.member (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        group_id uuid NOT NULL,
        member_id uuid NOT NULL,
        member_type text COLLATE "C",
        value text COLLATE "C",
        created timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, group_id, member_id)
    );
    CREATE INDEX member_member_id_idx ON @.member (tenant_id, member_id);
    COMMENT ON TABLE @.member IS 'One row per membership; value is the reference as sent where it is no id of a resource';

    CREATE TRIGGER scim_door BEFORE UPDATE ON @.member
        FOR EACH ROW EXECUTE FUNCTION scim.member_door();
    CREATE TRIGGER scim_record_insert AFTER INSERT ON @.member
        REFERENCING NEW TABLE AS changed_member
        FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();
    CREATE TRIGGER scim_record_delete AFTER DELETE ON @.member
        REFERENCING OLD TABLE AS changed_member
        FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.member
        EXECUTE FUNCTION scim.resource_truncate();

    CREATE TABLE @.unique_value (
        tenant_id int NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        attribute text COLLATE "C" NOT NULL,
        value text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        PRIMARY KEY (tenant_id, resource_type, attribute, value)
    );
    COMMENT ON TABLE @.unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2), but for userName; tenant 0: unique among all tenants';

    CREATE TABLE @.credential (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        resource_id uuid NOT NULL,
        secret text NOT NULL,
        changed timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, resource_id)
    );
    COMMENT ON TABLE @.credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803)';

    CREATE TABLE @.token (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        hash bytea NOT NULL UNIQUE,
        description text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT token_hash CHECK (octet_length(hash) = 32)
    );
    COMMENT ON TABLE @.token IS 'Bearer tokens, only as SHA-256';

    CREATE TABLE @.secret (
        purpose text COLLATE "C" PRIMARY KEY,
        value bytea NOT NULL
    );
    COMMENT ON TABLE @.secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865';
    INSERT INTO @.secret (purpose, value)
        SELECT 'cursor', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                             || uuid_send(gen_random_uuid()));

    CREATE TABLE @.audit (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT now(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        actor text NOT NULL,
        db_user name NOT NULL DEFAULT session_user,
        operation text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        version bigint,
        member_id uuid,
        before jsonb,
        PRIMARY KEY (tenant_id, id)
    );
    CREATE INDEX audit_resource_id_idx ON @.audit (tenant_id, resource_id, id);
    COMMENT ON TABLE @.audit IS 'Who changed what and when, and what the record said before';

    CREATE TABLE @.event (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT now(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        event_uri text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        version bigint,
        PRIMARY KEY (tenant_id, id)
    );
    COMMENT ON TABLE @.event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on';

    INSERT INTO @.schema (id, document)
        SELECT document ->> 'id', document FROM scim.core_schemas();
    INSERT INTO @.resource_type (name, document, table_name)
        SELECT document ->> 'name', document,
               CASE document ->> 'name' WHEN 'User' THEN 'users' ELSE 'groups' END
        FROM scim.core_resource_types();
    INSERT INTO @.policy (resource_type, kind, enabled, settings) VALUES
        ('User', 'identity', false, '{"userName": "primaryEmail"}'),
        ('User', 'delete', true, '{"mode": "retain"}'),
        ('Group', 'delete', true, '{"mode": "hard"}'),
        ('User', 'audit', true, '{}'),
        ('Group', 'audit', true, '{}'),
        ('User', 'events', false, '{}'),
        ('Group', 'events', false, '{}');

    $ddl$, '@.', quote_ident(store) || '.');

    PERFORM scim.create_resource_table(store, 'users', 'User');
    PERFORM scim.create_resource_table(store, 'groups', 'Group');
    EXECUTE format('CREATE UNIQUE INDEX users_user_name_key ON %I.users (tenant_id, scim.fold(user_name)) WHERE deleted_at IS NULL',
        store);

    EXECUTE replace($ddl$

    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @.policy
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON @.resource_type
        FOR EACH ROW EXECUTE FUNCTION scim.registry_record();

    $ddl$, '@.', quote_ident(store) || '.');
    FOREACH table_name IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        EXECUTE replace($ddl$

    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_lock();
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH ROW EXECUTE FUNCTION scim.registry_door();
    CREATE TRIGGER scim_registry_insert AFTER INSERT ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_registry_update AFTER UPDATE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_registry_delete AFTER DELETE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @
        EXECUTE FUNCTION scim.resource_truncate();

        $ddl$, '@', format('%I.%I', store, table_name));
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['tenant', 'resource', 'member', 'unique_value', 'credential', 'token', 'audit', 'event'] LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        EXECUTE format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
    END LOOP;
    -- Registry and store-wide policies are the same for every tenant.
    FOREACH table_name IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        EXECUTE format('CREATE POLICY store_wide ON %I.%I FOR SELECT USING (true)', store, table_name);
    END LOOP;
    -- No policy: for the owner only.
    EXECUTE format('ALTER TABLE %I.secret ENABLE ROW LEVEL SECURITY', store);
    EXECUTE format('ALTER TABLE %I.policy ENABLE ROW LEVEL SECURITY', store);
    EXECUTE format('CREATE POLICY tenant ON %I.policy USING (tenant_id = scim.tenant())', store);
    EXECUTE format('CREATE POLICY store_wide ON %I.policy FOR SELECT USING (tenant_id IS NULL)', store);
END
$function$;
COMMENT ON FUNCTION scim.create_store(text) IS
'Makes a store: a schema of that name with the tables of a SCIM service provider, owned by the caller, with the core schemas User, Group and Enterprise User. The tables are ordinary ones, not members of the extension. The setting scim.store says which store the other functions use.';

CREATE FUNCTION scim.drop_store(name text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = drop_store.name
          AND c.relname = 'resource'
          AND t.tgfoid = 'scim.resource_door'::regproc
    ) THEN
        RAISE EXCEPTION 'store "%" does not exist', drop_store.name
            USING ERRCODE = 'invalid_schema_name';
    END IF;
    EXECUTE format('DROP SCHEMA %I CASCADE', drop_store.name);
END
$function$;
COMMENT ON FUNCTION scim.drop_store(text) IS
'Drops a store with all that is in it. Only the owner of its tables may; a schema that is no store is refused.';
-- Resources by SQL, in the caller's own transaction. The store is the one that
-- the setting scim.store names.

CREATE FUNCTION scim.create_resource(resource_type text, resource jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_create_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_resource(text, jsonb) IS
'Creates a resource (RFC 7644 section 3.3) and returns it as a client would get it. Errors: SCVAL and SCSYN where the document does not fit its schemas or the policies, SCUNI where userName is taken.';

CREATE FUNCTION scim.get_resource(resource_type text, id text,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_get_resource'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.get_resource(text, text, text, text) IS
'A resource (RFC 7644 section 3.4.1). attributes or excluded_attributes: comma-separated attribute paths (section 3.9). Error SC404 where it does not exist.';

CREATE FUNCTION scim.replace_resource(resource_type text, id text, resource jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_replace_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.replace_resource(text, text, jsonb, text) IS
'Replaces a resource as PUT does (RFC 7644 section 3.5.1): what the document does not state is cleared, read-only attributes are ignored. if_match: an entity-tag such as W/"3". Errors: SC404, SC412 where the version is another one, SCMUT where an immutable attribute would change, and those of scim.create_resource.';

CREATE FUNCTION scim.patch_resource(resource_type text, id text, operations jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_patch_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.patch_resource(text, text, jsonb, text) IS
'Applies PATCH operations (RFC 7644 section 3.5.2), all or none: an array of {"op", "path", "value"}, or a whole PatchOp message. Where nothing changes, version and lastModified stay. Errors: SC404, SC412, SCPTH, SCTGT, SCMUT, SCFIL and those of scim.create_resource.';

CREATE FUNCTION scim.delete_resource(resource_type text, id text, if_match text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_delete_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delete_resource(text, text, text) IS
'Deletes a resource (RFC 7644 section 3.6) as the policy "delete" says: the row goes, is kept out of sight, or off-boarding begins. Errors: SC404, SC412.';

CREATE FUNCTION scim.resource_json("row" record) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_json'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_json(record) IS
'The SCIM representation of a row of a store''s table "resource" or of one of its partitions: SELECT scim.resource_json(u) FROM directory.users u.';
-- Filters on documents and on rows.

CREATE FUNCTION scim.matches_support(internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_matches_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.matches_support(internal) IS
'Planner support of scim.matches: its selectivity, and the condition on an index of scim.gin_ops.';

CREATE FUNCTION scim.matches_selectivity(internal, oid, internal, integer)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'scim_matches_selectivity'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.matches_selectivity(internal, oid, internal, integer) IS
'Restriction selectivity of jsonb ~ scim.filter and jsonb @~ scim.index_query.';

CREATE FUNCTION scim.matches(document jsonb, filter scim.filter, resource_type text DEFAULT NULL)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_matches'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 10
    SUPPORT scim.matches_support;
COMMENT ON FUNCTION scim.matches(jsonb, scim.filter, text) IS
'Whether a document matches a filter (RFC 7644 section 3.4.2.2), true or false, never null for a document and a filter. With a resource type, an attribute that it does not know is error SCFIL; without one, the attributes of all resource types are known and others compare as the literal does, without regard to case.';

CREATE FUNCTION scim.jsonb_matches(document jsonb, filter scim.filter)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_jsonb_matches'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 10
    SUPPORT scim.matches_support;
COMMENT ON FUNCTION scim.jsonb_matches(jsonb, scim.filter) IS
'Implements the operator jsonb ~ scim.filter: scim.matches without a resource type.';

CREATE OPERATOR scim.~ (
    LEFTARG = jsonb,
    RIGHTARG = scim.filter,
    FUNCTION = scim.jsonb_matches,
    RESTRICT = scim.matches_selectivity,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR scim.~ (jsonb, scim.filter) IS 'the document matches the filter';

CREATE FUNCTION scim.to_sql(filter scim.filter, resource_type text DEFAULT 'User')
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, text) IS
'A filter as a boolean SQL expression over the columns of the current store''s table "resource", all values quoted. Its result may be null where the filter is false. Error SCFIL where the resource type does not know an attribute.';

CREATE FUNCTION scim.to_sql(filter scim.filter, mapping jsonb)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql_mapping'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, jsonb) IS
'A filter as a boolean SQL expression, never null, over the tables of an application. mapping: an object from attributes to SQL expressions, such as {"userName": "u.login", "active": {"expression": "u.enabled", "type": "boolean"}, "emails": {"from": "email e", "where": "e.user_id = u.id", "attributes": {"value": "e.address"}}}; types are string (caseExact), boolean, integer, decimal, dateTime, binary, reference, uuid, citext and jsonb, by default what the schemas say. The SQL text of the mapping is trusted, all values of the filter are quoted. Errors: SCFIL where an attribute is not in the mapping, 22023 where the mapping is wrong. See doc/filters.md.';

CREATE FUNCTION scim.sort_key(document jsonb, attribute text, resource_type text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_key'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION scim.sort_key(jsonb, text, text) IS
'A text by which documents sort as sortBy says (RFC 7644 section 3.4.2.3), in collation "C"; null where the attribute is unassigned.';

CREATE FUNCTION scim.search(resource_type text, filter text DEFAULT NULL,
        sort_by text DEFAULT NULL, sort_order text DEFAULT NULL,
        start_index bigint DEFAULT NULL, count bigint DEFAULT NULL, cursor text DEFAULT NULL,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_search'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.search(text, text, text, text, bigint, bigint, text, text, text) IS
'A ListResponse (RFC 7644 section 3.4.2). resource_type NULL: all of them. sort_order: ascending (default) or descending. start_index is 1-based. count: at most so many, 100 by default, never more than the setting scim.max_results. cursor: pages by cursor (RFC 9865) instead of start_index; an empty text asks for the first page, nextCursor of a page for the next one, until there is none. Errors: SCFIL, SCPTH, SCVAL, and SCCUR, SCEXP, SCCNT for a cursor that is not of this query, too old, or with another count.';
-- The index on documents: operator class scim.gin_ops.

CREATE TYPE scim.index_query;

CREATE FUNCTION scim.index_query_in(cstring)
    RETURNS scim.index_query
    AS 'MODULE_PATHNAME', 'scim_index_query_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.index_query_in(cstring) IS
'Refuses every text: only scim.index_query makes a value of the type.';

CREATE FUNCTION scim.index_query_out(scim.index_query)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'scim_index_query_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.index_query_out(scim.index_query) IS
'The keys that an index query looks up, one on each line.';

CREATE TYPE scim.index_query (
    INPUT = scim.index_query_in,
    OUTPUT = scim.index_query_out,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE scim.index_query IS
'What a filter asks of the keys of a document in an index of scim.gin_ops.';

CREATE FUNCTION scim.index_query(filter scim.filter, resource_type text)
    RETURNS scim.index_query
    AS 'MODULE_PATHNAME', 'scim_index_query'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim.index_query(scim.filter, text) IS
'The index query of scim.matches(document, filter, resource_type): the planner calls it. Error SCFIL as there.';

CREATE FUNCTION scim.is_candidate(document jsonb, query scim.index_query)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_candidate'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.is_candidate(jsonb, scim.index_query) IS
'Implements the operator jsonb @~ scim.index_query.';

CREATE OPERATOR scim.@~ (
    LEFTARG = jsonb,
    RIGHTARG = scim.index_query,
    FUNCTION = scim.is_candidate,
    RESTRICT = scim.matches_selectivity,
    JOIN = pg_catalog.contjoinsel
);
COMMENT ON OPERATOR scim.@~ (jsonb, scim.index_query) IS
'the keys of the document do not exclude it; always true without an index';

CREATE FUNCTION scim.gin_extract_value(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_extract_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_extract_value(jsonb, internal, internal) IS
'GIN support of scim.gin_ops: the keys of a document.';

CREATE FUNCTION scim.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_extract_query'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops: the keys that a filter or an index query looks up.';

CREATE FUNCTION scim.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal)
    RETURNS "char"
    AS 'MODULE_PATHNAME', 'scim_gin_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal) IS
'GIN support of scim.gin_ops: whether a document with these keys matches, does not, or may.';

CREATE FUNCTION scim.gin_compare_partial(bytea, bytea, smallint, internal)
    RETURNS integer
    AS 'MODULE_PATHNAME', 'scim_gin_compare_partial'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_compare_partial(bytea, bytea, smallint, internal) IS
'GIN support of scim.gin_ops: whether a key is within a range.';

CREATE FUNCTION scim.gin_options(internal)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_gin_options'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_options(internal) IS
'GIN support of scim.gin_ops: the option "substrings".';

CREATE OPERATOR CLASS scim.gin_ops FOR TYPE jsonb USING gin AS
    OPERATOR 1 scim.~ (jsonb, scim.filter),
    OPERATOR 2 scim.@~ (jsonb, scim.index_query),
    FUNCTION 2 scim.gin_extract_value(jsonb, internal, internal),
    FUNCTION 3 scim.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal),
    FUNCTION 5 scim.gin_compare_partial(bytea, bytea, smallint, internal),
    FUNCTION 6 scim.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal),
    FUNCTION 7 scim.gin_options(internal),
    STORAGE bytea;
COMMENT ON OPERATOR CLASS scim.gin_ops USING gin IS
'Every attribute and every operator of a filter, over SCIM documents. Option substrings: the attributes whose strings have trigrams for co and ew, * for all; userName,displayName,name,emails.value by default.';

-- A tenant beside the document in one index.

CREATE FUNCTION scim.gin_int4_extract_value(integer, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_int4_extract_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_int4_extract_value(integer, internal, internal) IS
'GIN support of scim.gin_int4_ops: the one key of a value.';

CREATE FUNCTION scim.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_int4_extract_query'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_int4_ops: the one key that a comparison looks up.';

CREATE FUNCTION scim.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal)
    RETURNS "char"
    AS 'MODULE_PATHNAME', 'scim_gin_int4_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal) IS
'GIN support of scim.gin_int4_ops: whether the key is there.';

CREATE OPERATOR CLASS scim.gin_int4_ops FOR TYPE integer USING gin AS
    OPERATOR 1 pg_catalog.= (integer, integer),
    FUNCTION 2 scim.gin_int4_extract_value(integer, internal, internal),
    FUNCTION 3 scim.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal),
    FUNCTION 6 scim.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal),
    STORAGE integer;
COMMENT ON OPERATOR CLASS scim.gin_int4_ops USING gin IS
'Equality of integers in a GIN index: the tenant beside scim.gin_ops.';

CREATE FUNCTION scim.index_keys(document jsonb)
    RETURNS bytea[]
    AS 'MODULE_PATHNAME', 'scim_index_keys'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.index_keys(jsonb) IS
'The keys of a document in an index of scim.gin_ops, without trigrams: for statistics, by which the planner knows how many documents match a filter.';

CREATE FUNCTION scim.explain_filter(filter scim.filter, resource_type text DEFAULT NULL,
        OUT term text, OUT mode text, OUT key text, OUT recheck boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_explain_filter'
    LANGUAGE C STABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION scim.explain_filter(scim.filter, text) IS
'How a filter maps to keys of an index with scim.gin_ops: each term with the keys it looks up, how (exact, prefix, all, from, after, up to, before, contains, ends, trigram; none: no key can tell), and whether finding one leaves the term to be checked on the document.';
-- Life-cycle: what the policies "identity" and "delete" let a caller do next.

CREATE FUNCTION scim.complete_offboarding(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(uuid) IS
'Ends the off-boarding of a user: status OFFBOARDING becomes OFFBOARDED, active becomes false, the user leaves its groups, every list and its userName. Error SC404 where no such user is being off-boarded.';

CREATE FUNCTION scim.restore_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, uuid) IS
'Brings back a resource that was deleted (mode retain) or is or was off-boarded, and returns it. It becomes active again where it was active before. Errors: SC404 where there is none, SCUNI where its userName is taken by now.';

CREATE FUNCTION scim.purge(older_than interval) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_purge'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.purge(interval) IS
'Removes for good what was deleted or off-boarded longer ago than the interval, in the current tenant of the current store. Returns the number of resources removed.';

CREATE FUNCTION scim.verify_password(id uuid, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(uuid, text) IS
'Whether this is the password of a user that is neither suspended nor deleted; false too where the user has none.';
REVOKE ALL ON FUNCTION scim.verify_password(uuid, text) FROM PUBLIC;
-- Bearer tokens: a random secret that is shown once and kept as its SHA-256.

CREATE FUNCTION scim.create_token(description text, expires_at timestamptz DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    secret CONSTANT text := encode(sha256(uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
BEGIN
    EXECUTE format('INSERT INTO %I.token (hash, description, expires_at) VALUES ($1, $2, $3)',
        scim.store()) USING sha256(convert_to(secret, 'UTF8')), description, expires_at;
    RETURN secret;
END
$$;
COMMENT ON FUNCTION scim.create_token(text, timestamptz) IS
'Makes a bearer token for the current tenant of the current store and returns it: it cannot be read again. expires_at NULL: valid until revoked.';
REVOKE ALL ON FUNCTION scim.create_token(text, timestamptz) FROM PUBLIC;

CREATE FUNCTION scim.revoke_token(token_id uuid)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    revoked bigint;
BEGIN
    EXECUTE format('UPDATE %I.token SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = scim.tenant() AND id = $1',
        scim.store()) USING token_id;
    GET DIAGNOSTICS revoked = ROW_COUNT;
    IF revoked = 0 THEN
        RAISE EXCEPTION 'token % does not exist', token_id USING ERRCODE = 'SC404';
    END IF;
END
$$;
COMMENT ON FUNCTION scim.revoke_token(uuid) IS
'Ends a bearer token of the current tenant at once. Error SC404 where there is none with that id.';
REVOKE ALL ON FUNCTION scim.revoke_token(uuid) FROM PUBLIC;

CREATE FUNCTION scim.authenticate("authorization" text)
    RETURNS int
    AS 'MODULE_PATHNAME', 'scim_authenticate'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.authenticate(text) IS
'The tenant that a bearer token belongs to, or NULL where the token is unknown, expired or revoked. Takes the value of an Authorization header, "Bearer <token>" (RFC 6750), or the bare token.';
-- The protocol: RFC 7644 as a function.

CREATE TYPE scim.response AS (status int, headers jsonb, body text);
COMMENT ON TYPE scim.response IS 'An HTTP response: status code, header fields (an object of strings), and a body or NULL';

CREATE FUNCTION scim.request(method text, target text, headers jsonb DEFAULT '{}',
        body text DEFAULT NULL)
    RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_request';
COMMENT ON FUNCTION scim.request(text, text, jsonb, text) IS
'Answers a SCIM request (RFC 7644).
method: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in upper case.
target: path and query as on the request line, percent-encoded, with or without scim.base_path; or a whole URL.
headers: an object of strings, names in any case. Used are Accept, Content-Type, If-Match, If-None-Match, Prefer, and for meta.location, where scim.base_url is empty, X-Forwarded-Proto, X-Forwarded-Host and Host.
body: JSON, up to scim.max_body_size bytes and scim.max_body_depth levels.
Result: status, headers and body; the body is NULL for 204, 304 and HEAD.
Whatever is wrong with the request is answered with a body as in RFC 7644 section 3.12 and has no other effect: commit whatever the status is. A serialization failure or deadlock is answered with 503, an unexpected error with 500 and a line in the server log. Raised are cancellation, timeouts, shutdown, corruption and lack of memory only.
GET, HEAD and .search work in a read-only transaction and on a hot standby. Every other request that succeeds has checked the deferred constraints, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction.';

CREATE FUNCTION scim.request(method text, target text, headers jsonb, body bytea)
    RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_request_bytes';
COMMENT ON FUNCTION scim.request(text, text, jsonb, bytea) IS
'Answers a SCIM request (RFC 7644) like scim.request(text, text, jsonb, text), for transports that carry bytes: a body that is not UTF-8 is answered with 400 invalidSyntax.';

CREATE FUNCTION scim.bulk(request jsonb) RETURNS jsonb
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_bulk';
COMMENT ON FUNCTION scim.bulk(jsonb) IS
'Performs a BulkRequest (RFC 7644 section 3.7) and returns the BulkResponse. Each operation succeeds or fails alone, unless schemas hold "urn:scim:params:bulk:atomic": then the first failure is raised and names its operation, so that all are done or none. bulkId references may point forwards, backwards and in circles; a circle is done as a whole. Raised too: SC413 for more operations than the setting scim.max_bulk_operations, SCSYN and SCVAL for a request that cannot be read.';
-- The HTTP API of a store as OpenAPI 3.1: what is the same in every store, what is
-- there for each resource type, and the function that puts them together.

CREATE FUNCTION scim.openapi() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- paths are relative to the base URL
    api CONSTANT jsonb := $json$
{
  "openapi": "3.1.0",
  "info": {"title": "SCIM 2.0", "version": ""},
  "servers": [],
  "security": [{"bearer": []}],
  "paths": {
    "/": {
      "get": {
        "operationId": "list",
        "summary": "Find resources of all types",
        "parameters": [
          {"$ref": "#/components/parameters/filter"},
          {"$ref": "#/components/parameters/sortBy"},
          {"$ref": "#/components/parameters/sortOrder"},
          {"$ref": "#/components/parameters/startIndex"},
          {"$ref": "#/components/parameters/count"},
          {"$ref": "#/components/parameters/cursor"},
          {"$ref": "#/components/parameters/attributes"},
          {"$ref": "#/components/parameters/excludedAttributes"}
        ],
        "responses": {
          "200": {
            "description": "A page of the list",
            "content": {
              "application/scim+json": {
                "schema": {
                  "$ref": "#/components/schemas/ListResponse"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    },
    "/.search": {
      "post": {
        "operationId": "search",
        "summary": "Find resources of all types with a body",
        "requestBody": {
          "required": true,
          "content": {
            "application/scim+json": {
              "schema": {
                "$ref": "#/components/schemas/SearchRequest"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "A page of the list",
            "content": {
              "application/scim+json": {
                "schema": {
                  "$ref": "#/components/schemas/ListResponse"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    },
    "/Bulk": {
      "post": {
        "operationId": "bulk",
        "summary": "Many operations in one request",
        "requestBody": {
          "required": true,
          "content": {
            "application/scim+json": {
              "schema": {
                "$ref": "#/components/schemas/BulkRequest"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "What became of each operation",
            "content": {
              "application/scim+json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    },
    "/ServiceProviderConfig": {
      "get": {
        "operationId": "getServiceProviderConfig",
        "summary": "What the service can do",
        "parameters": [],
        "responses": {
          "200": {
            "description": "What the service can do",
            "content": {
              "application/scim+json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {
            "$ref": "#/components/responses/Error"
          }
        }
      }
    },
    "/ResourceTypes": {
      "get": {
        "operationId": "listResourceTypes",
        "summary": "All resource types",
        "parameters": [],
        "responses": {
          "200": {
            "description": "All resource types",
            "content": {
              "application/scim+json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    },
    "/ResourceTypes/{name}": {
      "get": {
        "operationId": "getResourceType",
        "summary": "One resource type",
        "parameters": [
          {
            "name": "name",
            "in": "path",
            "required": true,
            "schema": {"type": "string"}
          }
        ],
        "responses": {
          "200": {
            "description": "One resource type",
            "content": {
              "application/scim+json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {
            "$ref": "#/components/responses/Error"
          }
        }
      }
    },
    "/Schemas": {
      "get": {
        "operationId": "listSchemas",
        "summary": "All schemas",
        "parameters": [],
        "responses": {
          "200": {
            "description": "All schemas",
            "content": {
              "application/scim+json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    },
    "/Schemas/{urn}": {
      "get": {
        "operationId": "getSchema",
        "summary": "One schema",
        "parameters": [
          {
            "name": "urn",
            "in": "path",
            "required": true,
            "schema": {"type": "string"}
          }
        ],
        "responses": {
          "200": {
            "description": "One schema",
            "content": {
              "application/scim+json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    },
    "/openapi.json": {
      "get": {
        "operationId": "getOpenApi",
        "summary": "This description",
        "responses": {
          "200": {
            "description": "This description",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "default": {"$ref": "#/components/responses/Error"}
        }
      }
    }
  },
  "components": {
    "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    "headers": {
      "ETag": {
        "description": "The version, as in meta.version",
        "schema": {"type": "string"}
      },
      "Location": {
        "description": "The URL of the resource, of a new one",
        "schema": {"type": "string"}
      }
    },
    "responses": {
      "Error": {
        "description": "RFC 7644 section 3.12",
        "content": {
          "application/scim+json": {
            "schema": {
              "$ref": "#/components/schemas/Error"
            }
          }
        }
      }
    },
    "parameters": {
      "id": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {"type": "string"}
      },
      "filter": {
        "name": "filter",
        "in": "query",
        "description": "RFC 7644 section 3.4.2.2",
        "schema": {"type": "string"}
      },
      "sortBy": {
        "name": "sortBy",
        "in": "query",
        "description": "The path of an attribute",
        "schema": {"type": "string"}
      },
      "sortOrder": {
        "name": "sortOrder",
        "in": "query",
        "description": "Order of the attribute in sortBy",
        "schema": {
          "type": "string",
          "enum": ["ascending", "descending"]
        }
      },
      "startIndex": {
        "name": "startIndex",
        "in": "query",
        "description": "The first resource of the page, counted from 1",
        "schema": {"type": "integer"}
      },
      "count": {
        "name": "count",
        "in": "query",
        "description": "The most resources in the page",
        "schema": {"type": "integer"}
      },
      "cursor": {
        "name": "cursor",
        "in": "query",
        "description": "RFC 9865: empty for the first page, then nextCursor",
        "schema": {"type": "string"}
      },
      "attributes": {
        "name": "attributes",
        "in": "query",
        "description": "Attributes to return, with commas between them",
        "schema": {"type": "string"}
      },
      "excludedAttributes": {
        "name": "excludedAttributes",
        "in": "query",
        "description": "Attributes to leave out, with commas between them",
        "schema": {"type": "string"}
      },
      "ifMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "Only if this is the version",
        "schema": {"type": "string"}
      },
      "ifNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "Only if this is not the version",
        "schema": {"type": "string"}
      }
    },
    "schemas": {
      "Error": {
        "type": "object",
        "properties": {
          "schemas": {
            "type": "array",
            "items": {
              "const": "urn:ietf:params:scim:api:messages:2.0:Error"
            },
            "minItems": 1
          },
          "status": {"type": "string"},
          "scimType": {"type": "string"},
          "detail": {"type": "string"}
        },
        "required": ["schemas", "status"]
      },
      "ListResponse": {
        "type": "object",
        "properties": {
          "schemas": {
            "type": "array",
            "items": {
              "const": "urn:ietf:params:scim:api:messages:2.0:ListResponse"
            },
            "minItems": 1
          },
          "totalResults": {"type": "integer"},
          "startIndex": {"type": "integer"},
          "itemsPerPage": {"type": "integer"},
          "nextCursor": {"type": "string"},
          "previousCursor": {"type": "string"},
          "Resources": {
            "type": "array",
            "items": {"type": "object"}
          }
        },
        "required": ["schemas"]
      },
      "SearchRequest": {
        "type": "object",
        "properties": {
          "schemas": {
            "type": "array",
            "items": {
              "const": "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
            },
            "minItems": 1
          },
          "filter": {"type": "string"},
          "sortBy": {"type": "string"},
          "sortOrder": {"type": "string"},
          "startIndex": {"type": "integer"},
          "count": {"type": "integer"},
          "cursor": {"type": "string"},
          "attributes": {
            "type": "array",
            "items": {"type": "string"}
          },
          "excludedAttributes": {
            "type": "array",
            "items": {
              "type": "string"
            }
          }
        },
        "required": ["schemas"]
      },
      "PatchOp": {
        "type": "object",
        "properties": {
          "schemas": {
            "type": "array",
            "items": {
              "const": "urn:ietf:params:scim:api:messages:2.0:PatchOp"
            },
            "minItems": 1
          },
          "Operations": {
            "type": "array",
            "minItems": 1,
            "items": {
              "type": "object",
              "properties": {
                "op": {
                  "type": "string",
                  "enum": [
                    "add",
                    "remove",
                    "replace"
                  ]
                },
                "path": {
                  "type": "string"
                },
                "value": true
              },
              "required": ["op"]
            }
          }
        },
        "required": ["schemas", "Operations"]
      },
      "BulkRequest": {
        "type": "object",
        "properties": {
          "schemas": {
            "type": "array",
            "items": {
              "const": "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
            },
            "minItems": 1
          },
          "failOnErrors": {"type": "integer"},
          "Operations": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "method": {
                  "type": "string",
                  "enum": [
                    "POST",
                    "PUT",
                    "PATCH",
                    "DELETE"
                  ]
                },
                "bulkId": {
                  "type": "string"
                },
                "version": {
                  "type": "string"
                },
                "path": {
                  "type": "string"
                },
                "data": {
                  "type": "object"
                }
              },
              "required": [
                "method",
                "path"
              ]
            }
          }
        },
        "required": ["schemas", "Operations"]
      }
    }
  }
}
$json$;
    -- @E is the endpoint, @N the name of the resource type, @K its key among the schemas
    resource_type_paths CONSTANT text := $json$
{
  "@E": {
    "get": {
      "operationId": "list_@K",
      "summary": "Find resources: @N",
      "parameters": [
        {"$ref": "#/components/parameters/filter"},
        {"$ref": "#/components/parameters/sortBy"},
        {"$ref": "#/components/parameters/sortOrder"},
        {"$ref": "#/components/parameters/startIndex"},
        {"$ref": "#/components/parameters/count"},
        {"$ref": "#/components/parameters/cursor"},
        {"$ref": "#/components/parameters/attributes"},
        {"$ref": "#/components/parameters/excludedAttributes"}
      ],
      "responses": {
        "200": {
          "description": "A page of the list",
          "content": {
            "application/scim+json": {
              "schema": {
                "allOf": [
                  {
                    "$ref": "#/components/schemas/ListResponse"
                  },
                  {
                    "type": "object",
                    "properties": {
                      "Resources": {
                        "type": "array",
                        "items": {
                          "$ref": "#/components/schemas/Resource.@K"
                        }
                      }
                    }
                  }
                ]
              }
            }
          }
        },
        "default": {"$ref": "#/components/responses/Error"}
      }
    },
    "post": {
      "operationId": "create_@K",
      "summary": "Create a resource: @N",
      "parameters": [
        {"$ref": "#/components/parameters/attributes"},
        {"$ref": "#/components/parameters/excludedAttributes"}
      ],
      "requestBody": {
        "required": true,
        "content": {
          "application/scim+json": {
            "schema": {
              "$ref": "#/components/schemas/Resource.@K"
            }
          }
        }
      },
      "responses": {
        "201": {
          "description": "The new resource",
          "headers": {
            "ETag": {"$ref": "#/components/headers/ETag"},
            "Location": {"$ref": "#/components/headers/Location"}
          },
          "content": {
            "application/scim+json": {
              "schema": {
                "$ref": "#/components/schemas/Resource.@K"
              }
            }
          }
        },
        "default": {"$ref": "#/components/responses/Error"}
      }
    }
  },
  "@E/.search": {
    "post": {
      "operationId": "search_@K",
      "summary": "Find resources with a body: @N",
      "requestBody": {
        "required": true,
        "content": {
          "application/scim+json": {
            "schema": {
              "$ref": "#/components/schemas/SearchRequest"
            }
          }
        }
      },
      "responses": {
        "200": {
          "description": "A page of the list",
          "content": {
            "application/scim+json": {
              "schema": {
                "allOf": [
                  {
                    "$ref": "#/components/schemas/ListResponse"
                  },
                  {
                    "type": "object",
                    "properties": {
                      "Resources": {
                        "type": "array",
                        "items": {
                          "$ref": "#/components/schemas/Resource.@K"
                        }
                      }
                    }
                  }
                ]
              }
            }
          }
        },
        "default": {"$ref": "#/components/responses/Error"}
      }
    }
  },
  "@E/{id}": {
    "parameters": [{"$ref": "#/components/parameters/id"}],
    "get": {
      "operationId": "get_@K",
      "summary": "Get a resource: @N",
      "parameters": [
        {"$ref": "#/components/parameters/attributes"},
        {"$ref": "#/components/parameters/excludedAttributes"},
        {"$ref": "#/components/parameters/ifNoneMatch"}
      ],
      "responses": {
        "200": {
          "description": "The resource",
          "headers": {
            "ETag": {"$ref": "#/components/headers/ETag"},
            "Location": {
              "$ref": "#/components/headers/Location"
            }
          },
          "content": {
            "application/scim+json": {
              "schema": {
                "$ref": "#/components/schemas/Resource.@K"
              }
            }
          }
        },
        "304": {"description": "The version is the one in If-None-Match"},
        "default": {"$ref": "#/components/responses/Error"}
      }
    },
    "put": {
      "operationId": "replace_@K",
      "summary": "Replace a resource: @N",
      "parameters": [
        {"$ref": "#/components/parameters/attributes"},
        {"$ref": "#/components/parameters/excludedAttributes"},
        {"$ref": "#/components/parameters/ifMatch"}
      ],
      "requestBody": {
        "required": true,
        "content": {
          "application/scim+json": {
            "schema": {
              "$ref": "#/components/schemas/Resource.@K"
            }
          }
        }
      },
      "responses": {
        "200": {
          "description": "The resource",
          "headers": {
            "ETag": {"$ref": "#/components/headers/ETag"},
            "Location": {
              "$ref": "#/components/headers/Location"
            }
          },
          "content": {
            "application/scim+json": {
              "schema": {
                "$ref": "#/components/schemas/Resource.@K"
              }
            }
          }
        },
        "default": {"$ref": "#/components/responses/Error"}
      }
    },
    "patch": {
      "operationId": "patch_@K",
      "summary": "Change a resource: @N",
      "parameters": [
        {"$ref": "#/components/parameters/attributes"},
        {"$ref": "#/components/parameters/excludedAttributes"},
        {"$ref": "#/components/parameters/ifMatch"}
      ],
      "requestBody": {
        "required": true,
        "content": {
          "application/scim+json": {
            "schema": {
              "$ref": "#/components/schemas/PatchOp"
            }
          }
        }
      },
      "responses": {
        "200": {
          "description": "The resource",
          "headers": {
            "ETag": {"$ref": "#/components/headers/ETag"},
            "Location": {
              "$ref": "#/components/headers/Location"
            }
          },
          "content": {
            "application/scim+json": {
              "schema": {
                "$ref": "#/components/schemas/Resource.@K"
              }
            }
          }
        },
        "204": {
          "description": "Changed, where Prefer: return=minimal was sent"
        },
        "default": {"$ref": "#/components/responses/Error"}
      }
    },
    "delete": {
      "operationId": "delete_@K",
      "summary": "Delete a resource: @N",
      "parameters": [{"$ref": "#/components/parameters/ifMatch"}],
      "responses": {
        "204": {"description": "Deleted"},
        "default": {"$ref": "#/components/responses/Error"}
      }
    }
  }
}
$json$;
    members_path CONSTANT text := $json$
{
  "@E/{id}/members": {
    "parameters": [{"$ref": "#/components/parameters/id"}],
    "get": {
      "operationId": "list_members_@K",
      "summary": "List the members, in pages: @N",
      "parameters": [
        {"$ref": "#/components/parameters/filter"},
        {"$ref": "#/components/parameters/startIndex"},
        {"$ref": "#/components/parameters/count"},
        {"$ref": "#/components/parameters/cursor"}
      ],
      "responses": {
        "200": {
          "description": "A page of the members",
          "content": {
            "application/scim+json": {
              "schema": {"$ref": "#/components/schemas/ListResponse"}
            }
          }
        },
        "default": {"$ref": "#/components/responses/Error"}
      }
    }
  }
}
$json$;
    document jsonb;
    paths jsonb := api -> 'paths';
    schemas jsonb := api #> '{components,schemas}';
    endpoint text;
    key text;
BEGIN
    FOR document IN EXECUTE format('SELECT document FROM %I.resource_type ORDER BY name', scim.store()) LOOP
        endpoint := '/' || ltrim(document ->> 'endpoint', '/');
        -- from the endpoint, of which no two are the same; a key has no "~"
        key := replace(ltrim(endpoint, '/'), '~', '.');
        paths := paths || replace(replace(replace(resource_type_paths,
            '@E', endpoint), '@K', key), '@N', document ->> 'name')::jsonb;
        IF lower(document ->> 'schema') = 'urn:ietf:params:scim:schemas:core:2.0:group' THEN
            paths := paths || replace(replace(replace(members_path,
                '@E', endpoint), '@K', key), '@N', document ->> 'name')::jsonb;
        ELSIF lower(document ->> 'schema') = 'urn:ietf:params:scim:schemas:core:2.0:user' THEN
            -- the user who asks: as any user, but without an id in the path
            paths := paths || jsonb_build_object('/Me', regexp_replace(
                ((paths -> (endpoint || '/{id}')) - 'parameters')::text,
                '("operationId": "[a-z]+_)[^"]*', '\1Me', 'g')::jsonb);
        END IF;
        schemas := schemas || jsonb_build_object('Resource.' || key,
            scim.json_schema(document ->> 'name') - '$schema');
    END LOOP;
    RETURN api || jsonb_build_object(
        'info', (api -> 'info') || (SELECT jsonb_build_object('version', extversion) FROM pg_extension WHERE extname = 'scim'),
        'servers', jsonb_build_array(jsonb_build_object('url', coalesce(nullif(current_setting('scim.base_url'), ''), '/'))),
        'paths', paths,
        'components', jsonb_set(api -> 'components', '{schemas}', schemas));
END
$function$;
COMMENT ON FUNCTION scim.openapi() IS
'The HTTP API of the current store as an OpenAPI 3.1 document, made from its registry; GET /openapi.json answers with it.';
