-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION scim UPDATE TO '0.18.0'" to load this file. \quit

-- complain if script is sourced in psql, rather than via CREATE EXTENSION

-- SCIM is JSON and JSON is UTF-8 (RFC 8259 section 8.1).
DO $$
BEGIN
    IF pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.<>) 'UTF8' THEN
        RAISE EXCEPTION 'scim needs a database with encoding UTF8'
            USING DETAIL = pg_catalog.format('The encoding of this database is %s.',
                pg_catalog.current_setting('server_encoding'));
    END IF;
    -- It is read as it is written, whoever makes the extension.
    IF pg_catalog.current_setting('standard_conforming_strings') OPERATOR(pg_catalog.<>) 'on' THEN
        RAISE EXCEPTION 'scim needs standard_conforming_strings = on';
    END IF;
END
$$;

COMMENT ON SCHEMA scim IS 'SCIM 2.0 service provider (RFC 7643, 7644): code only, the data live in stores made by scim.create_store.';
GRANT USAGE ON SCHEMA scim TO PUBLIC;

COMMENT ON SCHEMA scim_internal IS 'What the types, operators and operator classes of scim and the tables of its stores need: nothing here is to be called by people.';
GRANT USAGE ON SCHEMA scim_internal TO PUBLIC;
-- Made by sql/schemas/install.sh from the JSON documents.

CREATE OR REPLACE FUNCTION scim_internal.core_schemas() RETURNS TABLE (document pg_catalog.jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
SET search_path = pg_catalog, pg_temp
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
      "name": "securityEvents",
      "type": "complex",
      "multiValued": false,
      "description": "A complex type that specifies the available capabilities related to Security Event Tokens (RFC 9967).",
      "required": false,
      "mutability": "readOnly",
      "returned": "default",
      "subAttributes": [
        {
          "name": "asyncRequest",
          "type": "string",
          "multiValued": false,
          "description": "Whether requests are completed asynchronously: none, long or request.",
          "required": true,
          "canonicalValues": ["none", "long", "request"],
          "caseExact": false,
          "mutability": "readOnly",
          "returned": "default",
          "uniqueness": "none"
        },
        {
          "name": "eventUris",
          "type": "string",
          "multiValued": true,
          "description": "The URIs of the events that the service provider generates.",
          "required": false,
          "caseExact": true,
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
    },
    {
      "name": "interopProfileConformant",
      "type": "boolean",
      "multiValued": false,
      "description": "A Boolean value specifying that the service provider conforms to the interoperability profile (draft-zollner-scim-interop-profile).",
      "required": false,
      "mutability": "readOnly",
      "returned": "default",
      "uniqueness": "none"
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
COMMENT ON FUNCTION scim_internal.core_schemas() IS
'The schema documents of RFC 7643 section 8.7 with its errata, one row each, that every store starts with.';

CREATE OR REPLACE FUNCTION scim_internal.core_resource_types() RETURNS TABLE (document pg_catalog.jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, pg_temp
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
COMMENT ON FUNCTION scim_internal.core_resource_types() IS
'The resource type documents of RFC 7643 section 8.6, one row each, that every store starts with.';

CREATE OR REPLACE FUNCTION scim_internal.profiles() RETURNS TABLE (document pg_catalog.jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 7
SET search_path = pg_catalog, pg_temp
AS $function$
VALUES
(CAST($json$
{
  "scim": "profile/1",
  "name": "aisera",
  "description": "Administrators of a bot platform: three calls, two secrets.",
  "complete": ["authenticationSchemes"],
  "policies": [
    {"resourceType": "User", "kind": "unique", "settings": {"attributes": ["emails.value"], "primary": true}},
    {"resourceType": "User", "kind": "events"}
  ],
  "endpoints": [
    {
      "name": "provision user", "methods": ["POST", "PUT"], "path": "/scim/provision-user", "resourceType": "User", "action": "create",
      "settings": {
        "fields": {
          "username": {"attribute": "userName", "required": true},
          "firstName": "name.givenName",
          "lastName": "name.familyName",
          "email": {"attribute": "emails[primary eq true].value", "required": true},
          "password": "password",
          "role": {"attribute": "roles.value", "one": true, "access": "write"},
          "roles": "roles.value"
        },
        "constants": {"active": true},
        "error": {"body": {"status": "{status}", "error": "{type}", "message": "{message}"}}
      }
    },
    {
      "name": "update user", "methods": ["POST", "PUT"], "path": "/scim/update-user/{emails.value}", "resourceType": "User", "action": "merge",
      "settings": {"like": "provision user"}
    },
    {
      "name": "de-provision user", "methods": ["POST", "DELETE"], "path": "/scim/de-provision-user/{emails.value}", "resourceType": "User", "action": "delete",
      "settings": {"like": "provision user"}
    }
  ],
  "authenticationSchemes": [
    {
      "scheme": "Bearer", "keyword": "Bearer", "credential": "token", "secondHeader": "x-app-token", "type": "oauthbearertoken", "primary": true,
      "name": "Bearer token and application token", "description": "A token in the header Authorization: Bearer, and that of the application in x-app-token"
    },
    {
      "scheme": "Basic", "keyword": "Basic", "credential": "password", "secondHeader": "x-app-token", "type": "httpbasic",
      "name": "HTTP Basic and application token", "description": "Name and password of a client, and the token of the application in x-app-token"
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "scim": "profile/1",
  "name": "devices",
  "description": "Devices and the applications that use them: RFC 9944, with what is secret kept sealed.",
  "schemas": [
    {
      "id": "urn:ietf:params:scim:schemas:core:2.0:Device",
      "name": "Device",
      "description": "What is known of any device (RFC 9944 section 3).",
      "attributes": [
        {"name": "displayName", "type": "string", "multiValued": false, "description": "A name of the device for people.", "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "active", "type": "boolean", "multiValued": false, "description": "Whether the device is to be in use: of one that is not, no command is taken.", "required": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "mudUrl", "type": "reference", "multiValued": false, "description": "Where the Manufacturer Usage Description of the device is (RFC 8520).", "required": false, "caseExact": true, "referenceTypes": ["external"], "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "groups", "type": "complex", "multiValued": true, "description": "The groups that the device is in, directly or through others.", "required": false, "mutability": "readOnly", "returned": "default", "subAttributes": [
          {"name": "value", "type": "string", "multiValued": false, "description": "The id of the group.", "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
          {"name": "$ref", "type": "reference", "multiValued": false, "description": "The URI of the group.", "required": false, "caseExact": false, "referenceTypes": ["Group"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
          {"name": "display", "type": "string", "multiValued": false, "description": "A name of the group for people.", "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
          {"name": "type", "type": "string", "multiValued": false, "description": "How it is in the group: direct or indirect.", "required": false, "caseExact": false, "canonicalValues": ["direct", "indirect"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
        ]}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:core:2.0:EndpointApp",
      "name": "EndpointApp",
      "description": "An application that controls devices or receives what they send (RFC 9944 section 6).",
      "attributes": [
        {"name": "applicationType", "type": "string", "multiValued": false, "description": "What the application does: it controls devices or receives telemetry of them.", "required": true, "caseExact": false, "canonicalValues": ["deviceControl", "telemetry"], "mutability": "immutable", "returned": "default", "uniqueness": "none"},
        {"name": "applicationName", "type": "string", "multiValued": false, "description": "A name of the application for people.", "required": true, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "certificateInfo", "type": "complex", "multiValued": false, "description": "By which X.509 certificate the application is known.", "required": false, "mutability": "readWrite", "returned": "default", "subAttributes": [
          {"name": "rootCA", "type": "string", "multiValued": false, "description": "The certificate of the authority that is trusted for it: DER in base64.", "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
          {"name": "subjectName", "type": "string", "multiValued": false, "description": "The distinguished name of its subject, or a dnsName of its alternative names.", "required": true, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
        ]},
        {"name": "clientToken", "type": "string", "multiValued": false, "description": "A token by which the application is known, of up to 500 characters, which the service gives out where there is no certificateInfo.", "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
        {"name": "groups", "type": "complex", "multiValued": true, "description": "The groups that the application is in, directly or through others.", "required": false, "mutability": "readOnly", "returned": "default", "subAttributes": [
          {"name": "value", "type": "string", "multiValued": false, "description": "The id of the group.", "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
          {"name": "$ref", "type": "reference", "multiValued": false, "description": "The URI of the group.", "required": false, "caseExact": false, "referenceTypes": ["Group"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
          {"name": "display", "type": "string", "multiValued": false, "description": "A name of the group for people.", "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
          {"name": "type", "type": "string", "multiValued": false, "description": "How it is in the group: direct or indirect.", "required": false, "caseExact": false, "canonicalValues": ["direct", "indirect"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
        ]}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:ble:2.0:Device",
      "name": "BLE Extension",
      "description": "A device that speaks Bluetooth Low Energy (RFC 9944 section 7.1).",
      "attributes": [
        {"name": "versionSupport", "type": "string", "multiValued": true, "description": "The versions of BLE that the device speaks, such as 5.3.", "required": true, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "deviceMacAddress", "type": "string", "multiValued": false, "description": "The public MAC address that the manufacturer has given it.", "required": true, "caseExact": false, "pattern": "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", "mutability": "readWrite", "returned": "default", "uniqueness": "server"},
        {"name": "isRandom", "type": "boolean", "multiValued": false, "description": "Whether the address is a random one: with an irk it is resolved by that, else it is static. False where it is not said.", "required": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "separateBroadcastAddress", "type": "string", "multiValued": true, "description": "The addresses that it broadcasts from, where these are others. Not together with irk.", "required": false, "caseExact": false, "pattern": "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "irk", "type": "string", "multiValued": false, "description": "The Identity Resolving Key, by which its random addresses are resolved. Not together with separateBroadcastAddress.", "required": false, "caseExact": false, "mutability": "writeOnly", "returned": "never", "uniqueness": "none"},
        {"name": "mobility", "type": "boolean", "multiValued": false, "description": "Whether the device moves from one access point to another.", "required": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "pairingMethods", "type": "string", "multiValued": true, "description": "How the device is paired: the URNs of the attributes that say more of it.", "required": true, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "urn:ietf:params:scim:schemas:extension:pairingJustWorks:2.0:Device", "type": "complex", "multiValued": false, "description": "Pairing without a key.", "required": false, "mutability": "readWrite", "returned": "default", "subAttributes": [
          {"name": "key", "type": "integer", "multiValued": false, "description": "There is none: null.", "required": false, "mutability": "immutable", "returned": "default", "uniqueness": "none"}
        ]},
        {"name": "urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device", "type": "complex", "multiValued": false, "description": "Pairing by a passkey.", "required": false, "mutability": "readWrite", "returned": "default", "subAttributes": [
          {"name": "key", "type": "integer", "multiValued": false, "description": "The passkey, a number of six digits.", "required": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
        ]},
        {"name": "urn:ietf:params:scim:schemas:extension:pairingOOB:2.0:Device", "type": "complex", "multiValued": false, "description": "Pairing by a key that comes some other way, such as NFC.", "required": false, "mutability": "readWrite", "returned": "default", "subAttributes": [
          {"name": "key", "type": "string", "multiValued": false, "description": "The key.", "required": true, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
          {"name": "randomNumber", "type": "integer", "multiValued": false, "description": "A nonce that goes with the key.", "required": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
          {"name": "confirmationNumber", "type": "integer", "multiValued": false, "description": "A number that some devices want to see in confirmation.", "required": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
        ]}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device",
      "name": "Wi-Fi Easy Connect",
      "description": "A device that is brought into a network by Wi-Fi Easy Connect, the Device Provisioning Protocol (RFC 9944 section 7.2).",
      "attributes": [
        {"name": "dppVersion", "type": "integer", "multiValued": false, "description": "The version of DPP that the device speaks.", "required": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "bootstrappingMethod", "type": "string", "multiValued": true, "description": "How the device can be bootstrapped, such as QR or NFC.", "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "bootstrapKey", "type": "string", "multiValued": false, "description": "A public key for ECDH on P-256, P-384 or P-521, in base64.", "required": true, "caseExact": true, "mutability": "writeOnly", "returned": "never", "uniqueness": "none"},
        {"name": "deviceMacAddress", "type": "string", "multiValued": false, "description": "The MAC address that the manufacturer has given it.", "required": false, "caseExact": false, "pattern": "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", "mutability": "readWrite", "returned": "default", "uniqueness": "server"},
        {"name": "classChannel", "type": "string", "multiValued": true, "description": "Operating classes and channels, such as 81/1.", "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "serialNumber", "type": "string", "multiValued": false, "description": "A serial number that may go along when the device is bootstrapped.", "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device",
      "name": "Ethernet MAB",
      "description": "A device that is let into a wired network by its address, MAC Authenticated Bypass (RFC 9944 section 7.3).",
      "attributes": [
        {"name": "deviceMacAddress", "type": "string", "multiValued": false, "description": "The MAC address that the manufacturer has given it.", "required": true, "caseExact": false, "pattern": "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:fido-device-onboard:2.0:Device",
      "name": "FIDO Device Onboard",
      "description": "A device that comes with a voucher of FIDO Device Onboard (RFC 9944 section 7.4).",
      "attributes": [
        {"name": "fdoVoucher", "type": "string", "multiValued": false, "description": "The voucher, in PEM.", "required": true, "caseExact": false, "mutability": "writeOnly", "returned": "never", "uniqueness": "none"}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:zigbee:2.0:Device",
      "name": "Zigbee",
      "description": "A device that speaks Zigbee (RFC 9944 section 7.5).",
      "attributes": [
        {"name": "versionSupport", "type": "string", "multiValued": true, "description": "The versions of Zigbee that the device speaks, such as 3.0.", "required": true, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
        {"name": "deviceEui64Address", "type": "string", "multiValued": false, "description": "Its 64-bit Extended Unique Identifier.", "required": true, "caseExact": false, "pattern": "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){7}", "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device",
      "name": "Application Endpoint Extension",
      "description": "The applications that control a device or receive what it sends (RFC 9944 section 7.6).",
      "attributes": [
        {"name": "applications", "type": "complex", "multiValued": true, "description": "The applications.", "required": true, "mutability": "readWrite", "returned": "default", "subAttributes": [
          {"name": "value", "type": "string", "multiValued": false, "description": "The id of the EndpointApp.", "required": true, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
          {"name": "$ref", "type": "reference", "multiValued": false, "description": "The URI of the EndpointApp.", "required": false, "caseExact": true, "referenceTypes": ["EndpointApp"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
        ]},
        {"name": "deviceControlEnterpriseEndpoint", "type": "reference", "multiValued": false, "description": "Where the gateway of the enterprise takes commands; the service says so.", "required": true, "caseExact": true, "referenceTypes": ["external"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
        {"name": "telemetryEnterpriseEndpoint", "type": "reference", "multiValued": false, "description": "Where the gateway of the enterprise gives out telemetry, if it does; the service says so.", "required": false, "caseExact": true, "referenceTypes": ["external"], "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
      ]
    }
  ],
  "resourceTypes": [
    {
      "name": "EndpointApp",
      "description": "Applications that use devices.",
      "endpoint": "/EndpointApps",
      "schema": "urn:ietf:params:scim:schemas:core:2.0:EndpointApp",
      "table": "endpoint_apps"
    },
    {
      "name": "Device",
      "description": "Devices.",
      "endpoint": "/Devices",
      "schema": "urn:ietf:params:scim:schemas:core:2.0:Device",
      "schemaExtensions": [
        {"schema": "urn:ietf:params:scim:schemas:extension:ble:2.0:Device", "required": false},
        {"schema": "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device", "required": false},
        {"schema": "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device", "required": false},
        {"schema": "urn:ietf:params:scim:schemas:extension:fido-device-onboard:2.0:Device", "required": false},
        {"schema": "urn:ietf:params:scim:schemas:extension:zigbee:2.0:Device", "required": false},
        {"schema": "urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device", "required": false}
      ],
      "table": "devices"
    }
  ],
  "policies": [
    {"resourceType": "EndpointApp", "kind": "canonical", "settings": {"attributes": ["applicationType"]}},
    {"resourceType": "Device", "kind": "reference", "name": "applications", "settings": {"attributes": {"urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device:applications": "EndpointApp"}}}
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "scim": "profile/1",
  "name": "firstbase",
  "description": "Equipment for employees: packages, orders, and off-boarding that waits for returns.",
  "schemas": [
    {
      "id": "urn:ietf:params:scim:schemas:core:2.0:User",
      "amend": {
        "userName": {"returned": "always"}
      }
    },
    {
      "id": "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User",
      "name": "FirstbaseUser",
      "description": "Equipment of an employee",
      "attributes": [
        {"name": "packageId", "type": "reference", "referenceTypes": ["Package"], "description": "The id of the package that the employee gets"},
        {"name": "startDate", "type": "string", "format": "date", "description": "The first day at work, as in 2022-02-01"},
        {"name": "status", "type": "string", "mutability": "readOnly", "canonicalValues": ["ACTIVE", "INACTIVE", "OFFBOARDING", "OFFBOARDED"], "description": "Where the employee is in the life-cycle"},
        {"name": "skipUserActivation", "type": "boolean", "description": "Whether the employee is not asked to log in for the first time"}
      ]
    },
    {
      "id": "urn:ietf:params:scim:schemas:firstbase:1.0:Package",
      "name": "Package",
      "description": "A set of equipment that an employee can be given",
      "attributes": [
        {"name": "name", "type": "string", "required": true, "uniqueness": "server", "description": "What people call the package"},
        {"name": "description", "type": "string", "description": "What is in it"},
        {"name": "automaticOrdering", "type": "boolean", "description": "Whether an order is placed as soon as an employee gets the package"}
      ]
    }
  ],
  "resourceTypes": [
    {"name": "Package", "endpoint": "/Packages", "description": "Package", "schema": "urn:ietf:params:scim:schemas:firstbase:1.0:Package"},
    {
      "name": "User", "endpoint": "/Users", "description": "User Account",
      "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
      "schemaExtensions": [
        {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false},
        {"schema": "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User", "required": false}
      ]
    }
  ],
  "policies": [
    {"resourceType": "User", "kind": "schemas", "settings": {"required": true}},
    {"resourceType": "User", "kind": "identity", "settings": {"userName": "primaryEmail"}},
    {"resourceType": "User", "kind": "delete", "settings": {"mode": "offboard", "deactivate": false}},
    {"resourceType": "User", "kind": "events"},
    {
      "resourceType": "User", "kind": "status",
      "settings": {
        "attribute": "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:status",
        "values": {"SUSPENDED": "INACTIVE"}
      }
    },
    {
      "resourceType": "User", "kind": "reference",
      "settings": {
        "attributes": {"urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:packageId": {"type": "Package", "onDelete": "restrict"}},
        "missing": "notFound"
      }
    },
    {
      "resourceType": "User", "kind": "condition", "name": "country",
      "settings": {
        "require": "addresses[country pr]",
        "message": "the country of residence is required"
      }
    },
    {
      "resourceType": "User", "kind": "condition", "name": "mailing address",
      "settings": {
        "through": "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:packageId",
        "matches": "automaticOrdering eq true",
        "require": "addresses[streetAddress pr and locality pr and postalCode pr and country pr]",
        "message": "a full mailing address is required, since the package is ordered automatically"
      }
    },
    {
      "resourceType": "User", "kind": "condition", "name": "no new orders",
      "settings": {
        "when": "status eq \"OFFBOARDING\"",
        "keep": ["urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:packageId"],
        "clear": true,
        "message": "no new orders while off-boarding"
      }
    },
    {
      "resourceType": "User", "kind": "condition", "name": "work e-mail",
      "settings": {
        "when": "emails[type eq \"work\"]",
        "require": "not (emails[primary eq true and type eq \"home\"])",
        "message": "a personal e-mail is not the primary one where there is a work e-mail"
      }
    },
    {
      "resourceType": "User", "kind": "emit", "name": "order",
      "settings": {
        "event": "urn:firstbase:event:order",
        "on": ["create"],
        "through": "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:packageId",
        "matches": "automaticOrdering eq true",
        "data": ["urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:packageId", "addresses"]
      }
    },
    {
      "resourceType": "User", "kind": "emit", "name": "return instructions",
      "settings": {
        "event": "urn:firstbase:event:return",
        "on": ["offboard"],
        "data": ["userName", "name", "addresses"]
      }
    }
  ],
  "settings": [
    {"name": "max_results", "resourceType": "User", "value": 50}
  ],
  "endpoints": [
    {
      "name": "packages", "methods": ["GET"], "path": "/api/packages", "resourceType": "Package", "action": "list",
      "settings": {
        "fields": {
          "id": {"attribute": "id", "access": "read"},
          "name": "name",
          "description": "description",
          "automaticOrdering": "automaticOrdering"
        },
        "list": {
          "paging": {"style": "page", "page": "page", "size": "size", "first": 1, "default": 100},
          "body": {
            "data": "{items}",
            "pagination": {"totalRecords": "{total}", "totalPages": "{pages}", "currentPage": "{page}", "pageSize": "{limit}"}
          }
        },
        "error": {"body": {"error": {"code": "{type}", "message": "{message}"}}}
      }
    }
  ],
  "authenticationSchemes": [
    {
      "scheme": "ApiKey", "keyword": "ApiKey", "credential": "token", "type": "oauthbearertoken",
      "name": "API key", "description": "A key in the header Authorization, alone or behind the word ApiKey"
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "scim": "profile/1",
  "name": "firstup",
  "description": "Employee communication: people found by any of their names, attributes of the customer's own, groups by user names.",
  "schemas": [
    {
      "id": "urn:ietf:params:scim:schemas:core:2.0:User",
      "amend": {
        "roles": {"multiValued": false},
        "addresses.country": {"pattern": "[A-Za-z]{2}"}
      }
    },
    {
      "id": "urn:SocialChorus:1.0:User",
      "name": "SocialChorusUser",
      "description": "Employee communication",
      "attributes": [
        {"name": "businessUnit", "description": "The business unit of the employee"},
        {"name": "gender", "description": "The gender of the employee"},
        {"name": "managerName", "description": "The name of the employee's manager"},
        {"name": "workLocation", "description": "Where the employee works"},
        {"name": "birthDate", "type": "dateTime", "description": "When the employee was born"},
        {"name": "hireDate", "type": "dateTime", "description": "When the employee was hired"},
        {"name": "promotionDate", "type": "dateTime", "description": "When the employee was promoted"},
        {"name": "requisitionApprovalDate", "type": "dateTime", "description": "When the position was approved"},
        {"name": "lastAccessedAt", "type": "dateTime", "description": "When the employee last used the service"},
        {
          "name": "customAttributes", "type": "complex", "multiValued": true, "description": "What customers add of their own",
          "subAttributes": [
            {"name": "name", "required": true, "caseExact": true, "description": "The name of the attribute, in which letter case counts"},
            {"name": "value", "type": ["string", "decimal", "boolean"], "caseExact": true, "description": "Its value"}
          ]
        }
      ]
    },
    {
      "id": "SocialChorus:1.0:Group",
      "name": "SocialChorusGroup",
      "description": "Groups of employee communication",
      "attributes": [
        {"name": "identifierField", "canonicalValues": ["id", "email", "userName"], "description": "By what the members of the group are named"},
        {"name": "name", "mutability": "readOnly", "description": "The name of the group, made of displayName"},
        {"name": "description", "description": "What the group is for"}
      ]
    }
  ],
  "resourceTypes": [
    {
      "name": "User", "endpoint": "/Users", "description": "User Account",
      "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
      "schemaExtensions": [
        {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false},
        {"schema": "urn:SocialChorus:1.0:User", "required": false}
      ]
    },
    {
      "name": "Group", "endpoint": "/Groups", "description": "Group",
      "schema": "urn:ietf:params:scim:schemas:core:2.0:Group",
      "schemaExtensions": [
        {"schema": "SocialChorus:1.0:Group", "required": false}
      ]
    }
  ],
  "policies": [
    {
      "resourceType": "User", "kind": "condition", "name": "names",
      "settings": {"require": "name.givenName pr and name.familyName pr", "message": "name.givenName and name.familyName are required"}
    },
    {"resourceType": "User", "kind": "default", "settings": {"attributes": {"roles": {"value": "member"}}, "on": ["create", "remove"]}},
    {"resourceType": "User", "kind": "generate", "settings": {"attributes": {"displayName": "{nickName|name.givenName} {name.familyName}"}}},
    {"resourceType": "Group", "kind": "generate", "settings": {"attributes": {"SocialChorus:1.0:Group:name": "{displayName}"}}},
    {"resourceType": "Group", "kind": "default", "settings": {"attributes": {"SocialChorus:1.0:Group:identifierField": "userName"}}},
    {
      "resourceType": "Group", "kind": "canonical",
      "settings": {"attributes": ["SocialChorus:1.0:Group:identifierField"]}
    },
    {
      "resourceType": "User", "kind": "violation",
      "settings": {"attributes": {"urn:SocialChorus:1.0:User:customAttributes": {"status": 422}}}
    },
    {"resourceType": "User", "kind": "lookup", "settings": {"attributes": ["id", "userName", "emails.value", "externalId"]}},
    {
      "resourceType": "User", "kind": "wire",
      "settings": {
        "aliases": {"role": "roles.value"},
        "colons": true,
        "plain": ["roles"],
        "nested": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "urn:SocialChorus:1.0:User"},
        "bareOperation": true
      }
    },
    {
      "resourceType": "Group", "kind": "wire",
      "settings": {
        "identifier": {
          "attribute": "members",
          "by": "SocialChorus:1.0:Group:identifierField",
          "default": "userName",
          "values": {"id": "id", "email": "emails.value", "userName": "userName"}
        },
        "bareOperation": true
      }
    }
  ],
  "authenticationSchemes": [
    {
      "scheme": "Bearer", "keyword": "Bearer", "credential": "token", "type": "oauthbearertoken", "primary": true,
      "name": "OAuth Bearer Token", "description": "A token in the header Authorization: Bearer", "specUri": "https://www.rfc-editor.org/info/rfc6750"
    }
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "scim": "profile/1",
  "name": "interop",
  "description": "SCIM to the letter of draft-zollner-scim-interop-profile-01: what is vague is refused.",
  "schemas": [
    {
      "id": "urn:ietf:params:scim:schemas:core:2.0:User",
      "amend": {
        "entitlements.type": {"canonicalValues": ["work", "home", "other"]},
        "roles.type": {"canonicalValues": ["work", "home", "other"]},
        "x509Certificates.type": {"canonicalValues": ["work", "home", "other"]}
      }
    }
  ],
  "policies": [
    {"resourceType": "User", "kind": "delete", "settings": {"mode": "hard"}},
    {"resourceType": "Group", "kind": "delete", "settings": {"mode": "hard"}}
  ],
  "settings": [
    {"name": "unknown_attributes", "value": "reject"},
    {"name": "unknown_schemas", "value": "reject"},
    {"name": "create_on_absent", "value": false},
    {"name": "patch_without_path", "value": false},
    {"name": "patch_replace_merges", "value": false},
    {"name": "patch_selects_values", "value": false},
    {"name": "default_results", "value": 100},
    {"name": "max_results", "value": 1000},
    {"name": "group_memberships", "value": true}
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "scim": "profile/1",
  "name": "ipsie",
  "description": "The IPSIE AL SCIM profile, AL1 and AL2: interop, without credentials, and written by the identity provider alone.",
  "schemas": [
    {
      "id": "urn:ietf:params:scim:schemas:core:2.0:User",
      "amend": {
        "password": null,
        "x509Certificates": null,
        "entitlements.type": {"canonicalValues": ["work", "home", "other"]},
        "roles.type": {"canonicalValues": ["work", "home", "other"]}
      }
    }
  ],
  "policies": [
    {"resourceType": "User", "kind": "delete", "settings": {"mode": "hard"}},
    {"resourceType": "Group", "kind": "delete", "settings": {"mode": "hard"}},
    {"resourceType": "User", "kind": "events"},
    {"resourceType": "Group", "kind": "events"},
    {"resourceType": "Group", "kind": "unique", "name": "displayName", "settings": {"attributes": ["displayName"]}},
    {"resourceType": "User", "kind": "managed", "name": "no local modifications", "settings": {"owner": ["identity provider"]}, "keep": ["owner"]},
    {"resourceType": "Group", "kind": "managed", "name": "no local modifications", "settings": {"owner": ["identity provider"]}, "keep": ["owner"]}
  ],
  "settings": [
    {"name": "unknown_attributes", "value": "reject"},
    {"name": "unknown_schemas", "value": "reject"},
    {"name": "create_on_absent", "value": false},
    {"name": "patch_without_path", "value": false},
    {"name": "patch_replace_merges", "value": false},
    {"name": "patch_selects_values", "value": false},
    {"name": "default_results", "value": 100},
    {"name": "max_results", "value": 1000},
    {"name": "group_memberships", "value": true}
  ]
}
$json$ AS pg_catalog.jsonb))
,(CAST($json$
{
  "scim": "profile/1",
  "name": "staffbase",
  "description": "An employee app: a flat user API and SCIM over the same people, who are invited, log in, and are logged out.",
  "schemas": [
    {
      "id": "urn:staffbase:1.0:User",
      "name": "StaffbaseUser",
      "description": "Employee app",
      "attributes": [
        {"name": "status", "canonicalValues": ["pending", "activated", "deactivated"], "description": "Where the user is in the life-cycle"},
        {"name": "activated", "type": "dateTime", "mutability": "readOnly", "description": "When the user was activated"},
        {"name": "deactivated", "type": "dateTime", "mutability": "readOnly", "description": "When the user was deactivated"},
        {"name": "recoveryCode", "mutability": "readOnly", "returned": "never", "description": "Whether there is a recovery code can be asked, and no more"},
        {"name": "source", "canonicalValues": ["api"], "returned": "request", "description": "Who made the user: the user API, or SCIM where there is none"}
      ]
    }
  ],
  "resourceTypes": [
    {
      "name": "User", "endpoint": "/Users", "description": "User Account",
      "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
      "schemaExtensions": [
        {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false},
        {"schema": "urn:staffbase:1.0:User", "required": false}
      ]
    }
  ],
  "policies": [
    {
      "resourceType": "User", "kind": "condition", "name": "externalId",
      "settings": {
        "when": "not (urn:staffbase:1.0:User:source eq \"api\")",
        "require": "externalId pr",
        "message": "externalId is required"
      }
    },
    {"resourceType": "User", "kind": "unique", "name": "externalId", "settings": {"attributes": ["externalId"]}},
    {"resourceType": "User", "kind": "unique", "name": "primary e-mail", "settings": {"attributes": ["emails.value"], "primary": true}},
    {
      "resourceType": "User", "kind": "status",
      "settings": {
        "attribute": "urn:staffbase:1.0:User:status",
        "values": {"PENDING": "pending", "ACTIVE": "activated", "SUSPENDED": "deactivated"},
        "pending": true,
        "writable": true,
        "times": {"activated_at": "urn:staffbase:1.0:User:activated", "deactivated_at": "urn:staffbase:1.0:User:deactivated"}
      }
    },
    {
      "resourceType": "User", "kind": "delete",
      "settings": {"mode": "hard", "byStatus": {"PENDING": {"deactivate": "delete"}, "ACTIVE": {"deactivate": "suspend"}}}
    },
    {"resourceType": "User", "kind": "events"},
    {
      "resourceType": "User", "kind": "emit", "name": "invitation",
      "settings": {
        "event": "urn:staffbase:event:invitation",
        "on": ["create"],
        "transient": "sendMail eq true",
        "data": ["emails", "name"]
      }
    },
    {
      "resourceType": "User", "kind": "emit", "name": "recovery code",
      "settings": {
        "event": "urn:staffbase:event:recovery",
        "on": ["recover"],
        "when": "emails pr",
        "data": ["emails", "transient.code"]
      }
    },
    {"resourceType": "User", "kind": "wire", "settings": {"characters": {"userName": {"@": "[at]"}}}}
  ],
  "settings": [
    {"name": "max_results", "value": 1000}
  ],
  "endpoints": [
    {
      "name": "user", "methods": ["GET"], "path": "/api/users/{id}", "resourceType": "User", "action": "read",
      "settings": {
        "fields": {
          "id": {"attribute": "id", "access": "read"},
          "externalID": "externalId",
          "userName": {"attribute": "userName", "required": true},
          "firstName": {"attribute": "name.givenName", "also": ["profile.firstName"]},
          "lastName": {"attribute": "name.familyName", "also": ["profile.lastName"]},
          "profile.department": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
          "profile.position": "title",
          "profile.location": "addresses[type eq \"work\"].locality",
          "profile.phoneNumber": "phoneNumbers[type eq \"mobile\"].value",
          "emails": "emails",
          "password": "password",
          "status": {"attribute": "urn:staffbase:1.0:User:status", "also": ["staffbase.status"]},
          "staffbase.recoveryCode": "urn:staffbase:1.0:User:recoveryCode",
          "groups": {"attribute": "groups.value", "access": "read"},
          "created": {"attribute": "meta.created", "access": "read"},
          "updated": {"attribute": "meta.lastModified", "access": "read"},
          "deactivated": {"attribute": "urn:staffbase:1.0:User:deactivated", "access": "read"},
          "sendMail": {"transient": true}
        },
        "constants": {"urn:staffbase:1.0:User:source": "api"},
        "error": {
          "body": {
            "traceId": "{traceId}", "type": "{type}", "ref": "{path}",
            "statusCode": "{status}", "message": "{message}", "identifier": "users.{type}"
          }
        }
      }
    },
    {
      "name": "users", "methods": ["GET"], "path": "/api/users", "resourceType": "User", "action": "list",
      "settings": {
        "like": "user",
        "list": {
          "query": {"fields": ["userName", "firstName", "lastName", "emails"]},
          "paging": {"style": "offset", "default": 100},
          "body": {"total": "{total}", "limit": "{limit}", "offset": "{offset}", "data": "{items}"}
        }
      }
    },
    {
      "name": "search", "methods": ["GET"], "path": "/api/users/search", "resourceType": "User", "action": "list",
      "settings": {
        "like": "user",
        "list": {
          "query": {"fields": ["userName", "firstName", "lastName", "emails"]},
          "paging": {"style": "cursor", "default": 100, "max": 1000},
          "body": {"total": "{total}", "limit": "{limit}", "cursor": "{cursor}", "data": "{items}"}
        }
      }
    },
    {"name": "new user", "methods": ["POST"], "path": "/api/users", "resourceType": "User", "action": "create", "settings": {"like": "user"}},
    {"name": "change user", "methods": ["PUT"], "path": "/api/users/{id}", "resourceType": "User", "action": "merge", "settings": {"like": "user"}},
    {"name": "delete user", "methods": ["DELETE"], "path": "/api/users/{id}", "resourceType": "User", "action": "delete", "settings": {"like": "user"}},
    {
      "name": "recovery", "methods": ["POST"], "path": "/api/users/{id}/recovery", "resourceType": "User", "action": "issue_recovery_code",
      "settings": {"like": "user", "reveal": "not (emails pr)", "status": 200, "body": {"recoveryCode": "{result}"}}
    },
    {
      "name": "sessions", "methods": ["DELETE"], "path": "/api/users/{id}/sessions", "resourceType": "User", "action": "log_out",
      "settings": {"like": "user"}
    },
    {
      "name": "groups of a user", "methods": ["GET"], "path": "/api/users/{id}/groups", "resourceType": "Group", "action": "list",
      "settings": {
        "fields": {"id": {"attribute": "id", "access": "read"}, "name": "displayName"},
        "list": {
          "owner": "User", "where": "members.value eq \"{id}\"",
          "paging": {"style": "offset", "default": 100},
          "body": {"total": "{total}", "limit": "{limit}", "offset": "{offset}", "data": "{items}"}
        },
        "error": {
          "body": {
            "traceId": "{traceId}", "type": "{type}", "ref": "{path}",
            "statusCode": "{status}", "message": "{message}", "identifier": "groups.{type}"
          }
        }
      }
    }
  ],
  "authenticationSchemes": [
    {
      "scheme": "Basic", "keyword": "Basic", "credential": "token", "type": "httpbasic",
      "name": "Token behind Basic", "description": "A token in the header Authorization: Basic, as it is"
    }
  ]
}
$json$ AS pg_catalog.jsonb))
$function$;
COMMENT ON FUNCTION scim_internal.profiles() IS
'The profile documents that come with scim, one row each.';

CREATE OR REPLACE FUNCTION scim_internal.profile_schema() RETURNS TABLE (document pg_catalog.jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $function$
VALUES
(CAST($json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:scim:profile:1",
  "title": "Profile",
  "description": "What a store is configured to be, as scim.apply_profile takes it and scim.export_profile gives it.",
  "type": "object",
  "properties": {
    "$schema": {"type": "string", "description": "For editors; not looked at"},
    "scim": {"type": "string", "enum": ["profile/1"], "description": "The form of the document"},
    "name": {"type": "string", "description": "What people call the profile"},
    "description": {"type": "string", "description": "What it makes of a store"},
    "complete": {
      "type": ["boolean", "array"],
      "description": "What the document does not name goes: of everything (true), or of the lists named here",
      "items": {"type": "string", "enum": ["schemas", "resourceTypes", "policies", "settings", "endpoints", "authenticationSchemes"]}
    },
    "tenants": {
      "type": "array",
      "description": "The tenants that policies and settings below name; one that is not there is made, and none is removed",
      "items": {
        "type": "object",
        "properties": {
          "tenant": {"type": "integer", "description": "Its number"},
          "name": {"type": "string", "description": "What people call it"}
        },
        "required": ["tenant"],
        "additionalProperties": false
      }
    },
    "schemas": {
      "type": "array",
      "description": "Documents of schemas (RFC 7643 section 7)",
      "items": {
        "type": "object",
        "properties": {
          "id": {"type": "string", "description": "The URN of the schema"},
          "name": {"type": "string"},
          "description": {"type": "string"},
          "attributes": {"type": "array", "items": {"type": "object"}},
          "amend": {
            "type": "object",
            "description": "Instead of attributes: what is different from the schema that the store has, as in {\"addresses.country\": {\"pattern\": \"[A-Z]{2}\"}}; null takes a characteristic away, or, in place of an object, the attribute",
            "additionalProperties": {"type": ["object", "null"]}
          }
        }
      }
    },
    "resourceTypes": {
      "type": "array",
      "description": "Documents of resource types (RFC 7643 section 6)",
      "items": {
        "type": "object",
        "properties": {
          "name": {"type": "string"},
          "endpoint": {"type": "string", "description": "Its path, as in /Users"},
          "schema": {"type": "string", "description": "The URN of its base schema"},
          "schemaExtensions": {"type": "array", "items": {"type": "object"}},
          "table": {"type": "string", "minLength": 1, "description": "The table of its resources; without it named after the endpoint"}
        }
      }
    },
    "policies": {
      "type": "array",
      "description": "Rows of the table policy: rules for every writer",
      "items": {
        "type": "object",
        "properties": {
          "resourceType": {"type": "string", "description": "The name of the resource type that it binds"},
          "kind": {"type": "string", "description": "What is regulated"},
          "name": {"type": "string", "description": "Tells several of one kind apart; without it the kind"},
          "enabled": {"type": "boolean", "description": "Whether it holds; true without it"},
          "settings": {"type": "object", "description": "What the kind says"},
          "keep": {"type": "array", "items": {"type": "string"}, "description": "Members of settings that stay as they are where the policy is there already and has them"},
          "tenant": {"type": "integer", "description": "The tenant for whom it holds; without it all"}
        },
        "required": ["resourceType", "kind"],
        "additionalProperties": false
      }
    },
    "settings": {
      "type": "array",
      "description": "Rows of the table setting",
      "items": {
        "type": "object",
        "properties": {
          "name": {"type": "string", "description": "The setting, without the prefix scim."},
          "resourceType": {"type": "string", "description": "The resource type for which it holds; without it all"},
          "tenant": {"type": "integer", "description": "The tenant for whom it holds; without it all"},
          "value": {"type": ["boolean", "integer", "number", "string", "array", "object"], "description": "Its value"}
        },
        "required": ["name", "value"],
        "additionalProperties": false
      }
    },
    "endpoints": {
      "type": "array",
      "description": "Rows of the table endpoint: flat JSON beside SCIM",
      "items": {
        "type": "object",
        "properties": {
          "name": {"type": "string", "description": "What other rows and errors call it; without it methods and path"},
          "methods": {"type": "array", "items": {"type": "string"}},
          "path": {"type": "string"},
          "resourceType": {"type": "string", "description": "The resource type that it is about"},
          "action": {"type": "string", "description": "What is done"},
          "enabled": {"type": "boolean", "description": "Whether it is there; true without it"},
          "settings": {"description": "Fields, lists, errors and the rest: an object"}
        },
        "required": ["methods", "path", "resourceType", "action"],
        "additionalProperties": false
      }
    },
    "authenticationSchemes": {
      "type": "array",
      "description": "Rows of the table authentication_scheme: how clients say who they are; no secrets",
      "items": {
        "type": "object",
        "properties": {
          "scheme": {"type": "string", "minLength": 1, "description": "What scim.create_client calls it"},
          "keyword": {"type": "string", "description": "What stands before the credential in Authorization; empty: nothing"},
          "credential": {"type": "string", "enum": ["token", "password", "jwt", "access_token"]},
          "secondHeader": {"type": "string", "description": "The header of a second secret, in lower case"},
          "type": {"type": "string", "enum": ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]},
          "name": {"type": "string"},
          "description": {"type": "string"},
          "specUri": {"type": "string"},
          "primary": {"type": "boolean"}
        },
        "required": ["scheme", "keyword", "credential", "type"],
        "additionalProperties": false
      }
    }
  },
  "additionalProperties": false
}
$json$ AS pg_catalog.jsonb))
$function$;
COMMENT ON FUNCTION scim_internal.profile_schema() IS
'The JSON Schema of profile documents, in one row.';
-- Made by sql/store/install.sh from the steps.

CREATE OR REPLACE FUNCTION scim_internal.store_steps(OUT from_version text, OUT to_version text, OUT script text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
VALUES
('0.1.0', '0.2.0', $step$
-- What makes a store of version 0.1.0 one of version 0.2.0.

CREATE TABLE @.store (
    id int PRIMARY KEY DEFAULT 1,
    version text COLLATE "C" NOT NULL,
    CONSTRAINT store_one_row CHECK (id = 1)
);
INSERT INTO @.store (version) VALUES ('0.1.0');
ALTER TABLE @.store ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.store FOR SELECT USING (true);

-- What was written before has none.
ALTER TABLE @.audit ADD COLUMN change uuid;
ALTER TABLE @.audit ALTER COLUMN change SET DEFAULT scim.change();
COMMENT ON COLUMN @.audit.change IS 'The same for all rows of audit and event that one transaction writes';
ALTER TABLE @.event ADD COLUMN change uuid;
ALTER TABLE @.event ALTER COLUMN change SET DEFAULT scim.change();
COMMENT ON COLUMN @.event.change IS 'The same for all rows of audit and event that one transaction writes';

CREATE TABLE @.authentication_scheme (
    scheme text COLLATE "C" PRIMARY KEY,
    keyword text COLLATE "C" NOT NULL,
    credential text COLLATE "C" NOT NULL,
    second_header text COLLATE "C",
    type text COLLATE "C" NOT NULL,
    name text,
    description text,
    spec_uri text,
    is_primary boolean UNIQUE,
    UNIQUE (keyword, credential),
    CONSTRAINT authentication_scheme_keyword CHECK (keyword ~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]*$'
        AND (keyword <> '' OR credential = 'token')),
    CONSTRAINT authentication_scheme_credential CHECK (credential IN ('token', 'password', 'jwt')),
    CONSTRAINT authentication_scheme_jwt CHECK (credential <> 'jwt'
        OR (keyword = 'Bearer' AND second_header IS NULL)),
    CONSTRAINT authentication_scheme_second_header CHECK (second_header ~ '^[0-9a-z][0-9a-z-]*$'
        AND second_header !~ '^x-scim-|^authorization$'),
    CONSTRAINT authentication_scheme_type CHECK
        (type IN ('oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest')),
    CONSTRAINT authentication_scheme_description CHECK ((name IS NULL) = (description IS NULL)),
    CONSTRAINT authentication_scheme_primary CHECK (is_primary)
);

CREATE TABLE @.client (
    tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL,
    scheme text COLLATE "C" NOT NULL REFERENCES @.authentication_scheme ON UPDATE CASCADE,
    hash bytea UNIQUE,
    secret text,
    second_hash bytea,
    created timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT client_name CHECK (name <> '' AND octet_length(name) <= 256 AND position(':' IN name) = 0),
    CONSTRAINT client_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT client_secret CHECK
        (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'),
    CONSTRAINT client_one_secret CHECK (num_nonnulls(hash, secret) = 1),
    CONSTRAINT client_second_hash CHECK (octet_length(second_hash) = 32)
);
INSERT INTO @.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri, is_primary) VALUES
    ('Bearer', 'Bearer', 'token', 'oauthbearertoken', 'OAuth Bearer Token', 'A token in the header Authorization: Bearer',
     'https://www.rfc-editor.org/info/rfc6750', true),
    ('bare', '', 'token', 'oauthbearertoken', NULL, NULL, NULL, NULL),
    ('JWT', 'Bearer', 'jwt', 'oauthbearertoken', NULL, NULL, NULL, NULL);
ALTER TABLE @.authentication_scheme ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.authentication_scheme FOR SELECT USING (true);
ALTER TABLE @.client ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.client USING (tenant_id = scim.tenant());

-- Rows say one thing and lead somewhere.  Tenants had not to be in their table.
INSERT INTO @.tenant (tenant_id, name)
    SELECT tenant_id, 'tenant ' || tenant_id
    FROM (SELECT tenant_id FROM @.resource UNION SELECT tenant_id FROM @.policy UNION SELECT tenant_id FROM @.token) AS had
    WHERE tenant_id IS NOT NULL
    ON CONFLICT DO NOTHING;
ALTER TABLE @.tenant ADD CONSTRAINT tenant_id CHECK (tenant_id > 0);
ALTER TABLE @.schema ADD CONSTRAINT schema_id CHECK (document ->> 'id' = id);
ALTER TABLE @.resource_type ADD CONSTRAINT resource_type_name CHECK (document ->> 'name' = name);
ALTER TABLE @.policy ADD FOREIGN KEY (tenant_id) REFERENCES @.tenant;
ALTER TABLE @.member ADD CONSTRAINT member_value CHECK (member_id = scim.member_key(value));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE OR DELETE ON @.unique_value
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_unique_value();
ALTER TABLE @.credential ADD CONSTRAINT credential_secret CHECK
    (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$');
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
ALTER TABLE @.token ADD FOREIGN KEY (tenant_id) REFERENCES @.tenant;
ALTER TABLE @.secret ADD CONSTRAINT secret_cursor CHECK (purpose <> 'cursor' OR octet_length(value) = 32);
$step$)
,('0.10.0', '0.11.0', $step$
-- What makes a store of version 0.10.0 one of version 0.11.0.

-- Lists are sorted by no more of a value than an index takes: those that scim.create_sort_index has made hold longer ones that compress well.
DO $$
DECLARE
    index pg_catalog.regclass;
BEGIN
    FOR index IN
        SELECT i.indexrelid FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        WHERE c.relkind = 'i' AND c.relnamespace = (SELECT t.relnamespace FROM @.store AS s JOIN pg_catalog.pg_class AS t ON t.oid = s.tableoid)
          AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
              AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid = 'scim_internal.sort_text(jsonb, text[], text)'::pg_catalog.regprocedure)
    LOOP
        EXECUTE pg_catalog.format('REINDEX INDEX %s', index);
    END LOOP;
END
$$;
$step$)
,('0.11.0', '0.12.0', $step$
-- What makes a store of version 0.11.0 one of version 0.12.0.

-- What writes the audit is the first of the AFTER triggers of each table, and is called otherwise; of members it is one of rows.
DROP TRIGGER IF EXISTS scim_record_insert ON @.member;
DROP TRIGGER IF EXISTS scim_record_delete ON @.member;
DROP TRIGGER IF EXISTS scim_record ON @.credential;
DROP TRIGGER IF EXISTS scim_audit ON @.tenant;
DROP TRIGGER IF EXISTS scim_audit ON @.schema;
DROP TRIGGER IF EXISTS scim_audit ON @.resource_type;
DROP TRIGGER IF EXISTS scim_audit ON @.policy;
DROP TRIGGER IF EXISTS scim_audit ON @.setting;
DROP TRIGGER IF EXISTS scim_audit ON @.endpoint;
DROP TRIGGER IF EXISTS scim_audit ON @.authentication_scheme;
DROP TRIGGER IF EXISTS scim_audit ON @.token;
DROP TRIGGER IF EXISTS scim_audit ON @.client;
DROP TRIGGER IF EXISTS scim_audit ON @.secret;
DROP TRIGGER IF EXISTS scim_audit ON @.tenant_role;
DROP TRIGGER IF EXISTS scim_audit ON @.binding;
DROP TRIGGER IF EXISTS scim_audit ON @.consumer;
DROP TRIGGER IF EXISTS scim_audit ON @.consumer_secret;
DROP TRIGGER IF EXISTS scim_audit ON @.signing_key;
DROP TRIGGER IF EXISTS scim_audit ON @.guard;
$step$)
,('0.12.0', '0.13.0', $step$
-- What makes a store of version 0.12.0 one of version 0.13.0.
$step$)
,('0.13.0', '0.14.0', $step$
-- What makes a store of version 0.13.0 one of version 0.14.0.
$step$)
,('0.14.0', '0.15.0', $step$
-- What makes a store of version 0.14.0 one of version 0.15.0.
$step$)
,('0.15.0', '0.16.0', $step$
-- What makes a store of version 0.15.0 one of version 0.16.0.
$step$)
,('0.16.0', '0.17.0', $step$
-- What makes a store of version 0.15.0 one of version 0.16.0.
$step$)
,('0.17.0', '0.18.0', $step$
-- What makes a store of version 0.17.0 one of version 0.18.0.
$step$)
,('0.2.0', '0.3.0', $step$
-- What makes a store of version 0.2.0 one of version 0.3.0.

CREATE TABLE @.endpoint (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL UNIQUE,
    methods text[] COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    settings jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT endpoint_name CHECK (octet_length(name) <= 1200),
    CONSTRAINT endpoint_path CHECK (octet_length(path) <= 1024)
);
ALTER TABLE @.endpoint ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.endpoint FOR SELECT USING (true);

CREATE TABLE @.setting (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C",
    tenant_id int REFERENCES @.tenant,
    token_id uuid,
    value jsonb NOT NULL,
    UNIQUE NULLS NOT DISTINCT (name, resource_type, tenant_id, token_id)
);
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.setting
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_setting();
ALTER TABLE @.setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.setting USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.setting FOR SELECT USING (tenant_id IS NULL);

ALTER TABLE @.resource ADD COLUMN activated_at timestamptz,
    ADD COLUMN deactivated_at timestamptz,
    ADD COLUMN sessions_valid_after timestamptz;
ALTER TABLE @.resource DROP CONSTRAINT resource_status;
ALTER TABLE @.resource ADD CONSTRAINT resource_status CHECK
    (status IN ('PENDING', 'ACTIVE', 'SUSPENDED', 'OFFBOARDING', 'OFFBOARDED', 'DELETED'));
ALTER TABLE @.event ADD COLUMN data jsonb;

CREATE TABLE @.recovery_code (
    tenant_id int NOT NULL,
    resource_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    failures int NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, resource_id),
    UNIQUE (tenant_id, name),
    CONSTRAINT recovery_code_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT recovery_code_failures CHECK (failures BETWEEN 0 AND 5),
    CONSTRAINT recovery_code_issued_at CHECK (isfinite(issued_at)),
    CONSTRAINT recovery_code_expires_at CHECK (isfinite(expires_at))
);
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.recovery_code
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
ALTER TABLE @.recovery_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.recovery_code FOR SELECT USING (tenant_id = scim.tenant());

-- Several policies of a kind, told apart by their names.  Kinds and settings are checked
-- by triggers, and so are not by constraints.
ALTER TABLE @.policy
    DROP CONSTRAINT policy_kind,
    DROP CONSTRAINT policy_canonical,
    DROP CONSTRAINT policy_reference,
    DROP CONSTRAINT policy_delete_mode,
    DROP CONSTRAINT policy_tenant_id_resource_type_kind_key,
    ADD COLUMN id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    ADD COLUMN name text COLLATE "C";
ALTER TABLE @.policy
    ALTER COLUMN name TYPE text COLLATE "C" USING kind,
    ALTER COLUMN name SET NOT NULL,
    ADD UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind, name);

-- What is indexed has a length.
ALTER TABLE @.policy
    ADD CONSTRAINT policy_resource_type CHECK (octet_length(resource_type) <= 100);
ALTER TABLE @.unique_value
    ADD CONSTRAINT unique_value_attribute CHECK (octet_length(attribute) <= 1300),
    ADD CONSTRAINT unique_value_resource_type CHECK (octet_length(resource_type) <= 100),
    ADD CONSTRAINT unique_value_value CHECK (octet_length(value) <= 512);
ALTER TABLE @.authentication_scheme
    ADD CONSTRAINT authentication_scheme_scheme CHECK (octet_length(scheme) BETWEEN 1 AND 256),
    ADD CONSTRAINT authentication_scheme_keyword_length CHECK (octet_length(keyword) <= 256);
ALTER TABLE @.secret
    ADD CONSTRAINT secret_purpose CHECK (octet_length(purpose) <= 256);

-- It is the first of the AFTER triggers now, and is called otherwise.
DROP TRIGGER IF EXISTS scim_record ON @.resource;

-- Rows that do not contradict each other.
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.client
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
CREATE CONSTRAINT TRIGGER scim_check AFTER UPDATE ON @.authentication_scheme
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
UPDATE @.tenant SET created = now() WHERE NOT isfinite(created);
UPDATE @.token SET created = now() WHERE NOT isfinite(created);
UPDATE @.client SET created = now() WHERE NOT isfinite(created);
ALTER TABLE @.tenant ADD CONSTRAINT tenant_created CHECK (isfinite(created));
ALTER TABLE @.token ADD CONSTRAINT token_created CHECK (isfinite(created));
ALTER TABLE @.client ADD CONSTRAINT client_created CHECK (isfinite(created));

-- Audit and events are written by the store only.
DROP POLICY tenant ON @.audit;
CREATE POLICY tenant ON @.audit FOR SELECT USING (tenant_id = scim.tenant());
DROP POLICY tenant ON @.event;
CREATE POLICY tenant ON @.event FOR SELECT USING (tenant_id = scim.tenant());
CREATE POLICY sent ON @.event FOR DELETE USING (tenant_id = scim.tenant());
$step$)
,('0.3.0', '0.4.0', $step$
-- What makes a store of version 0.3.0 one of version 0.4.0.

-- unique by its digest, so that no error shows the name of a code
ALTER TABLE @.recovery_code DROP CONSTRAINT recovery_code_tenant_id_name_key;

-- A constraint is read from the catalog by every statement that writes: a short one.
ALTER TABLE @.resource DROP CONSTRAINT resource_status;
ALTER TABLE @.resource ADD CONSTRAINT resource_status CHECK (scim_internal.is_status(status));

-- Events: what they tell, who reads them.  The events of before tell nothing more; they have
-- no position yet, and get one when somebody reads.
ALTER TABLE @.event ADD COLUMN operation text COLLATE "C",
    ADD COLUMN actor text,
    ADD COLUMN external_id text,
    ADD COLUMN attributes text[] COLLATE "C",
    ADD COLUMN members_added uuid[],
    ADD COLUMN members_removed uuid[],
    ADD COLUMN position bigint;
ALTER TABLE @.event ALTER COLUMN at SET DEFAULT clock_timestamp();

CREATE TABLE @.event_position (
    tenant_id int PRIMARY KEY,
    last bigint NOT NULL
);
ALTER TABLE @.event_position ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.event_position USING (tenant_id = scim.tenant());

CREATE TABLE @.consumer (
    tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL,
    filter text,
    event_uris text[] COLLATE "C",
    resource_types text[] COLLATE "C",
    channel text COLLATE "C",
    max_attempts int NOT NULL DEFAULT 10,
    created timestamptz NOT NULL DEFAULT now(),
    method text COLLATE "C" NOT NULL DEFAULT 'function',
    token_id uuid,
    endpoint text COLLATE "C",
    audience text[] COLLATE "C",
    lease interval NOT NULL DEFAULT '1 minute',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name),
    CONSTRAINT consumer_method CHECK (method IN ('function', 'poll', 'push', 'webhook')),
    CONSTRAINT consumer_token_id CHECK ((method = 'poll') = (token_id IS NOT NULL)),
    CONSTRAINT consumer_endpoint CHECK ((method IN ('push', 'webhook')) = (endpoint IS NOT NULL)),
    CONSTRAINT consumer_endpoint_url CHECK (octet_length(endpoint) <= 2048 AND endpoint ~
        '^(https://[0-9A-Za-z][0-9A-Za-z.-]*|http://(localhost|127[.]0[.]0[.]1|\[::1\]))(:[0-9]{1,5})?(/[!-~]*)?$'),
    CONSTRAINT consumer_lease CHECK (lease BETWEEN '1 millisecond' AND '7 days'),
    CONSTRAINT consumer_name CHECK (octet_length(name) BETWEEN 1 AND 256),
    CONSTRAINT consumer_channel CHECK (octet_length(channel) BETWEEN 1 AND 63),
    CONSTRAINT consumer_max_attempts CHECK (max_attempts BETWEEN 1 AND 1000)
);
ALTER TABLE @.consumer ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.consumer USING (tenant_id = scim.tenant());

CREATE TABLE @.consumer_secret (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    "authorization" text,
    key bytea,
    PRIMARY KEY (tenant_id, consumer_id),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE,
    CONSTRAINT consumer_secret_authorization CHECK (octet_length("authorization") <= 4096 AND "authorization" ~ '^[ -~]+$'),
    CONSTRAINT consumer_secret_key CHECK (octet_length(key) BETWEEN 24 AND 64)
);
ALTER TABLE @.consumer_secret ENABLE ROW LEVEL SECURITY;

CREATE TABLE @.signing_key (
    id uuid PRIMARY KEY,
    algorithm text COLLATE "C" NOT NULL,
    private_key bytea NOT NULL,
    public_key jsonb NOT NULL,
    use_from timestamptz NOT NULL DEFAULT now(),
    created timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signing_key_algorithm CHECK (algorithm IN ('ES256', 'RS256'))
);
ALTER TABLE @.signing_key ENABLE ROW LEVEL SECURITY;

CREATE TABLE @.consumer_position (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (tenant_id, consumer_id),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
);
ALTER TABLE @.consumer_position ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.consumer_position USING (tenant_id = scim.tenant());

CREATE TABLE @.delivery (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    lease_id uuid,
    attempts int NOT NULL DEFAULT 0,
    failures int NOT NULL DEFAULT 0,
    last_attempt_at timestamptz,
    next_attempt_at timestamptz,
    last_error text,
    dead_at timestamptz,
    PRIMARY KEY (tenant_id, consumer_id, position),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
) WITH (fillfactor = 80);
ALTER TABLE @.delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.delivery USING (tenant_id = scim.tenant());

CREATE TABLE @.lease (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, consumer_id, resource_id),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
) WITH (fillfactor = 80);
ALTER TABLE @.lease ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.lease USING (tenant_id = scim.tenant());

-- Instants are those of the clock.
ALTER TABLE @.member ALTER COLUMN created SET DEFAULT clock_timestamp();

-- The audit has a partition for each month, and says more.
SELECT scim_internal.partition_audit($table$@.audit$table$);

CREATE TABLE @.audit_seal (
    tenant_id int NOT NULL,
    position bigint NOT NULL,
    sealed_at timestamptz NOT NULL,
    horizon timestamptz NOT NULL,
    first_at timestamptz,
    last_at timestamptz,
    row_count int NOT NULL,
    total bigint NOT NULL,
    rows bytea NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    locator bytea,
    PRIMARY KEY (tenant_id, position)
);
ALTER TABLE @.audit_seal ALTER COLUMN rows SET STORAGE EXTERNAL;
ALTER TABLE @.audit_seal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.audit_seal FOR SELECT USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.audit_seal FOR SELECT USING (tenant_id = 0);

-- Who acts for whom.
ALTER TABLE @.tenant ADD COLUMN base_url text COLLATE "C" UNIQUE,
    ADD CONSTRAINT tenant_base_url CHECK (base_url ~ '^https?://[^/?#[:space:]]+(/[^/?#[:space:]]+)*$' AND octet_length(base_url) <= 1024);
CREATE TABLE @.tenant_role (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    role name NOT NULL,
    tenant_id int REFERENCES @.tenant,
    UNIQUE NULLS NOT DISTINCT (role, tenant_id)
);
ALTER TABLE @.tenant_role ENABLE ROW LEVEL SECURITY;

-- A secret names its row; the former ones are found by their hash.  No two live tokens of a
-- tenant have the same description.
ALTER TABLE @.token DROP CONSTRAINT token_hash_key,
    ADD COLUMN scopes text[] COLLATE "C",
    ADD COLUMN former_hash bytea,
    ADD COLUMN former_until timestamptz,
    ADD COLUMN last_used_at timestamptz,
    ADD CONSTRAINT token_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
    ADD CONSTRAINT token_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
    ADD CONSTRAINT token_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL));
ALTER TABLE @.client DROP CONSTRAINT client_hash_key,
    ADD COLUMN scopes text[] COLLATE "C",
    ADD COLUMN former_hash bytea,
    ADD COLUMN former_until timestamptz,
    ADD COLUMN former_second_hash bytea,
    ADD COLUMN last_used_at timestamptz,
    ADD CONSTRAINT client_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
    ADD CONSTRAINT client_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
    ADD CONSTRAINT client_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL)),
    ADD CONSTRAINT client_former_second CHECK (former_second_hash IS NULL OR (octet_length(former_second_hash) = 32 AND former_hash IS NOT NULL));
UPDATE @.token SET description = left(description, 200) || ' (' || id || ')' WHERE octet_length(description) > 1024;
UPDATE @.token SET description = left(description, 200) || ' (' || id || ')'
    FROM (SELECT tenant_id AS of_tenant, id AS of_id, row_number() OVER (PARTITION BY tenant_id, description ORDER BY created, id) AS number
        FROM @.token WHERE revoked_at IS NULL) AS live
    WHERE (tenant_id, id) = (of_tenant, of_id) AND number > 1;
ALTER TABLE @.token ADD CONSTRAINT token_description CHECK (octet_length(description) <= 1024);

-- Each store asks for its own tenant.
SELECT scim_internal.name_tenants(tableoid), scim_internal.let_owner(tableoid) FROM @.store;
$step$)
,('0.4.0', '0.5.0', $step$
-- What makes a store of version 0.4.0 one of version 0.5.0.

-- What policies "guard" count, and which token made what, for policies "managed".
CREATE TABLE @.guard (
    tenant_id int NOT NULL,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    policy_id uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    actor text,
    used bigint NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    tripped_at timestamptz,
    tripped_by text,
    resource_id uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (policy_id, tenant_id, key)
) WITH (fillfactor = 50);
ALTER TABLE @.guard ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.guard USING (tenant_id = scim.tenant());

CREATE TABLE @.guard_count (
    tenant_id int NOT NULL,
    guard_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    at timestamptz NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (tenant_id, guard_id, at, id),
    FOREIGN KEY (tenant_id, guard_id) REFERENCES @.guard ON DELETE CASCADE
);
ALTER TABLE @.guard_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.guard_count USING (tenant_id = scim.tenant());

CREATE TABLE @.origin (
    tenant_id int NOT NULL,
    resource_id uuid NOT NULL,
    token_id uuid,
    actor text NOT NULL,
    linked_at timestamptz,
    released_at timestamptz,
    PRIMARY KEY (tenant_id, resource_id)
);
ALTER TABLE @.origin ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.origin USING (tenant_id = scim.tenant());

-- The tenant is in every index, so that row-level security is a condition of all, and
-- EXPLAIN counts no rows of other tenants.  Indexes that are missing are made anew later,
-- but for those without which something would be taken twice.
SELECT scim_internal.hide_tenants(tableoid) FROM @.store;
CREATE UNIQUE INDEX tenant_base_url_key ON @.tenant (substr(base_url, 1));
CREATE UNIQUE INDEX client_name_key ON @.client (substr(name, 1)) WHERE revoked_at IS NULL;

-- Endpoints of consumers in upper case, with an IPv6 address or a query without a path.
ALTER TABLE @.consumer DROP CONSTRAINT consumer_endpoint_url,
    ADD CONSTRAINT consumer_endpoint_url CHECK (octet_length(endpoint) <= 2048 AND endpoint ~*
        '^(https://([0-9a-z][0-9a-z.-]*|\[[0-9a-f:.]+\])|http://(localhost|127[.]0[.]0[.]1|\[::1\]))(:[0-9]{1,5})?([/?][!-~]*)?$');

-- Tables of applications that are bound to resources.
CREATE TABLE @.binding (
    tenant_id int REFERENCES @.tenant,
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    resource_type text COLLATE "C" NOT NULL REFERENCES @.resource_type,
    relation regclass NOT NULL UNIQUE,
    others regclass[] NOT NULL DEFAULT '{}',
    mapping jsonb NOT NULL,
    created timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE @.binding ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.binding USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.binding FOR SELECT USING (tenant_id IS NULL);
CREATE TABLE @.binding_link (
    tenant_id int NOT NULL,
    binding_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    key text[] COLLATE "C",
    detached timestamptz,
    PRIMARY KEY (tenant_id, binding_id, resource_id)
);
ALTER TABLE @.binding_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.binding_link USING (tenant_id = scim.tenant());
-- Which roles of the database people log in as.
CREATE TABLE @.database_role (
    tenant_id int NOT NULL,
    resource_id uuid NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    role_id oid NOT NULL,
    database_id oid NOT NULL,
    made boolean NOT NULL,
    login boolean NOT NULL,
    granted text[] COLLATE "C" NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_sessions_before timestamptz,
    server_id bigint NOT NULL,
    PRIMARY KEY (tenant_id, resource_id),
    UNIQUE (tenant_id, role)
);
ALTER TABLE @.database_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.database_role FOR SELECT USING (tenant_id = scim.tenant());
SELECT scim_internal.let_owner(tableoid) FROM @.store;

-- Views that people read and write.
SELECT scim_internal.first_views(tableoid) FROM @.store;
$step$)
,('0.5.0', '0.6.0', $step$
-- What makes a store of version 0.5.0 one of version 0.6.0.

-- The index on documents is of another operator class: the former one answers until then.
SELECT scim_internal.set_document_indexes_aside(tableoid) FROM @.store;
$step$)
,('0.6.0', '0.7.0', $step$
-- What makes a store of version 0.6.0 one of version 0.7.0.

-- No end is one that never comes, and nothing was done at a time that is none. The triggers want a store that is whole, or would
-- refuse or tell of what is mended: they are made anew with the others.
DROP TRIGGER IF EXISTS scim_door ON @.token;
DROP TRIGGER IF EXISTS scim_gone ON @.token;
UPDATE @.token SET expires_at = CASE WHEN isfinite(expires_at) THEN expires_at WHEN expires_at < now() THEN created END,
    revoked_at = CASE WHEN isfinite(revoked_at) THEN revoked_at WHEN revoked_at IS NOT NULL THEN now() END,
    last_used_at = CASE WHEN isfinite(last_used_at) THEN last_used_at END
WHERE NOT (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
ALTER TABLE @.token ADD CONSTRAINT token_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
DROP TRIGGER IF EXISTS scim_door ON @.client;
DROP TRIGGER IF EXISTS scim_gone ON @.client;
UPDATE @.client SET expires_at = CASE WHEN isfinite(expires_at) THEN expires_at WHEN expires_at < now() THEN created END,
    revoked_at = CASE WHEN isfinite(revoked_at) THEN revoked_at WHEN revoked_at IS NOT NULL THEN now() END,
    last_used_at = CASE WHEN isfinite(last_used_at) THEN last_used_at END
WHERE NOT (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
ALTER TABLE @.client ADD CONSTRAINT client_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
DROP TRIGGER IF EXISTS scim_check ON @.credential;
UPDATE @.credential SET changed = now() WHERE NOT isfinite(changed);
ALTER TABLE @.credential ADD CONSTRAINT credential_changed CHECK (isfinite(changed));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();

-- Instants and numbers of the others that are none.
DROP TRIGGER IF EXISTS scim_door ON @.member;
UPDATE @.member SET created = now() WHERE NOT isfinite(created);
UPDATE @.event_position SET last = 0 WHERE last < 0;
ALTER TABLE @.event_position ADD CONSTRAINT event_position_last CHECK (last >= 0);
DROP TRIGGER IF EXISTS scim_door ON @.consumer;
DROP TRIGGER IF EXISTS scim_registry ON @.consumer;
DROP TRIGGER IF EXISTS scim_audit ON @.consumer;
UPDATE @.consumer SET created = now() WHERE NOT isfinite(created);
ALTER TABLE @.consumer ADD CONSTRAINT consumer_created CHECK (isfinite(created));
UPDATE @.origin SET linked_at = CASE WHEN isfinite(linked_at) THEN linked_at WHEN linked_at IS NOT NULL THEN now() END,
    released_at = CASE WHEN isfinite(released_at) THEN released_at WHEN released_at IS NOT NULL THEN now() END
WHERE NOT (isfinite(linked_at) AND isfinite(released_at));
ALTER TABLE @.origin ADD CONSTRAINT origin_finite CHECK (isfinite(linked_at) AND isfinite(released_at));
UPDATE @.binding_link SET detached = now() WHERE NOT isfinite(detached);
ALTER TABLE @.binding_link ADD CONSTRAINT binding_link_detached CHECK (isfinite(detached));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.origin
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_origin();
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.binding_link
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_origin();

-- A dump of the data alone is taken as it is.
ALTER TABLE @.store ADD COLUMN restoring boolean NOT NULL DEFAULT false;

-- Stores that were brought forward under quote_all_identifiers kept what asks for the tenant
-- of the store that the setting scim.store names.
SELECT scim_internal.name_tenants(tableoid) FROM @.store;
$step$)
,('0.7.0', '0.8.0', $step$
-- What makes a store of version 0.7.0 one of version 0.8.0.

-- OAuth 2.0: access tokens, keys of clients, and what is kept of those who ask for tokens.
ALTER TABLE @.token ADD COLUMN client_id uuid;
ALTER TABLE @.token ADD CONSTRAINT token_of_client CHECK (client_id IS NULL OR (expires_at IS NOT NULL AND former_hash IS NULL));
ALTER TABLE @.authentication_scheme DROP CONSTRAINT authentication_scheme_credential;
ALTER TABLE @.authentication_scheme ADD CONSTRAINT authentication_scheme_credential CHECK (credential IN ('token', 'password', 'jwt', 'access_token'));
ALTER TABLE @.authentication_scheme DROP CONSTRAINT authentication_scheme_jwt;
ALTER TABLE @.authentication_scheme ADD CONSTRAINT authentication_scheme_jwt CHECK (credential NOT IN ('jwt', 'access_token')
    OR (keyword = 'Bearer' AND second_header IS NULL));
ALTER TABLE @.client ADD COLUMN jwks jsonb;
ALTER TABLE @.client ADD COLUMN jwks_uri text COLLATE "C";
ALTER TABLE @.client ADD COLUMN jwks_fetched_at timestamptz;
ALTER TABLE @.client ADD COLUMN jwks_tried_at timestamptz;
ALTER TABLE @.client ADD COLUMN jwks_wanted_at timestamptz;
ALTER TABLE @.client ADD COLUMN jwks_error text;
ALTER TABLE @.client DROP CONSTRAINT client_one_secret;
ALTER TABLE @.client ADD CONSTRAINT client_one_secret CHECK (num_nonnulls(hash, secret) + (num_nonnulls(jwks, jwks_uri) > 0)::int = 1);
ALTER TABLE @.client ADD CONSTRAINT client_jwks CHECK (jsonb_typeof(jwks) = 'object');
ALTER TABLE @.client ADD CONSTRAINT client_jwks_uri CHECK (jwks_uri ~ '^https://[0-9A-Za-z[][!-~]*$' AND octet_length(jwks_uri) <= 2048);
ALTER TABLE @.client ADD CONSTRAINT client_jwks_at CHECK (isfinite(jwks_fetched_at) AND isfinite(jwks_tried_at) AND isfinite(jwks_wanted_at));
ALTER TABLE @.token ADD CONSTRAINT token_client FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE;
CREATE TABLE @.client_assertion (
    tenant_id int NOT NULL,
    client_id uuid NOT NULL,
    jti bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, client_id, jti),
    FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE,
    CONSTRAINT client_assertion_jti CHECK (octet_length(jti) = 32),
    CONSTRAINT client_assertion_expires_at CHECK (isfinite(expires_at))
);
CREATE TABLE @.client_failure (
    tenant_id int NOT NULL,
    key text COLLATE "C" NOT NULL,
    failures real NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key),
    CONSTRAINT client_failure_failures CHECK (failures >= 0 AND failures < 'Infinity'),
    CONSTRAINT client_failure_at CHECK (isfinite(at))
);
ALTER TABLE @.client_assertion ENABLE ROW LEVEL SECURITY;
ALTER TABLE @.client_failure ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.client_assertion FOR SELECT USING (tenant_id = scim.tenant());
CREATE POLICY tenant ON @.client_failure FOR SELECT USING (tenant_id = scim.tenant());

-- Small tables, which are locked anyway: their indexes need not be made apart from that, by two sessions at a time perhaps.
CREATE INDEX token_client_idx ON @.token (tenant_id, client_id, expires_at) WHERE client_id IS NOT NULL;
CREATE INDEX client_jwks_uri_idx ON @.client (tenant_id, jwks_tried_at) WHERE jwks_uri IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX client_assertion_expires_at_idx ON @.client_assertion (tenant_id, expires_at);
CREATE INDEX client_failure_at_idx ON @.client_failure (tenant_id, at);
$step$)
,('0.8.0', '0.9.0', $step$
-- What makes a store of version 0.8.0 one of version 0.9.0.

-- The index on documents is of another operator class: the former one answers until there is one.
SELECT scim_internal.set_document_indexes_aside(tableoid) FROM @.store;

-- Statistics of user names are of how they are folded now.
SELECT scim_internal.drop_name_statistics(tableoid) FROM @.store;

-- The unique index on user names follows when the triggers are those of this version: see scim_internal.fold_user_names_anew.

-- Links are written by the store only, which knows of whom they are.
DROP TRIGGER IF EXISTS scim_check ON @.binding_link;

-- Links have keys in the canonical spelling of their columns: citext in lower case, numeric without zeros behind. Where two would be the same then,
-- one of a row that has gone lets go of it.
CREATE VIEW @.link_spelt AS WITH RECURSIVE key_column AS (
    SELECT b.id, c.n, t.oid AS type_oid, t.typtype, t.typbasetype
    FROM @.binding AS b CROSS JOIN jsonb_array_elements_text(b.mapping -> 'key') WITH ORDINALITY AS c (name, n)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = b.relation::oid AND a.attname = c.name AND NOT a.attisdropped
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    UNION ALL
    SELECT k.id, k.n, t.oid, t.typtype, t.typbasetype FROM key_column AS k JOIN pg_catalog.pg_type AS t ON t.oid = k.typbasetype WHERE k.typtype = 'd'
), spelt AS (
    SELECT k.id, k.n, k.type_oid = 'pg_catalog.numeric'::regtype AS is_number
    FROM key_column AS k
    WHERE k.type_oid = 'pg_catalog.numeric'::regtype OR EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_extension'::regclass
        JOIN pg_catalog.pg_type AS t ON t.oid = d.objid AND d.classid = 'pg_catalog.pg_type'::regclass
        WHERE d.deptype = 'e' AND e.extname = 'citext' AND t.oid = k.type_oid AND t.typname = 'citext')
), renamed AS (
    SELECT l.tenant_id, l.binding_id, l.resource_id, l.key, l.detached, (
        SELECT array_agg(CASE WHEN s.n IS NULL THEN e.part WHEN s.is_number THEN trim_scale(e.part::numeric)::text ELSE lower(e.part COLLATE "default") END ORDER BY e.n)
        FROM unnest(l.key) WITH ORDINALITY AS e (part, n) LEFT JOIN spelt AS s ON s.id = l.binding_id AND s.n = e.n) COLLATE "C" AS new_key
    FROM @.binding_link AS l WHERE l.key IS NOT NULL AND EXISTS (SELECT FROM spelt AS s WHERE s.id = l.binding_id)
)
SELECT r.*, row_number() OVER (PARTITION BY r.tenant_id, r.binding_id, r.new_key ORDER BY r.detached DESC NULLS FIRST, r.resource_id DESC) AS place FROM renamed AS r;
UPDATE @.binding_link AS l SET key = NULL, detached = coalesce(l.detached, now())
FROM @.link_spelt AS s WHERE l.tenant_id = s.tenant_id AND l.binding_id = s.binding_id AND l.resource_id = s.resource_id AND s.place > 1;
UPDATE @.binding_link AS l SET key = s.new_key
FROM @.link_spelt AS s WHERE l.tenant_id = s.tenant_id AND l.binding_id = s.binding_id AND l.resource_id = s.resource_id AND s.key <> s.new_key;
DROP VIEW @.link_spelt;

-- When the secret before the last rotation was last used.
ALTER TABLE @.token ADD COLUMN former_used_at timestamptz,
    ADD CONSTRAINT token_former_used CHECK (isfinite(former_used_at));
ALTER TABLE @.client ADD COLUMN former_used_at timestamptz,
    ADD CONSTRAINT client_former_used CHECK (isfinite(former_used_at));
$step$)
,('0.9.0', '0.10.0', $step$
-- What makes a store of version 0.9.0 one of version 0.10.0.
$step$)
$function$;
COMMENT ON FUNCTION scim_internal.store_steps() IS
'What scim.upgrade_store does to the tables and rows of a store, from each version to the next; "@." stands for the store.';

CREATE OR REPLACE FUNCTION scim_internal.store_version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (SELECT to_version FROM scim_internal.store_steps() ORDER BY string_to_array(to_version, '.')::int[] DESC LIMIT 1);
COMMENT ON FUNCTION scim_internal.store_version() IS
'The version of the stores that this version of the extension makes, reads and writes.';
-- The types whose values are written in a language, filter and path: a template that
-- the Makefile fills in for each of them (filter).  What only one of them has is said
-- in filter.sql and path.sql.


CREATE OR REPLACE FUNCTION scim_internal.filter_in(cstring) RETURNS scim.filter
	AS 'MODULE_PATHNAME', 'scim_filter_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.filter_out(scim.filter) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_filter_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_out(scim.filter) IS
	'The canonical text of a filter, which reads back as an equal one.';
CREATE OR REPLACE FUNCTION scim_internal.filter_recv(internal) RETURNS scim.filter
	AS 'MODULE_PATHNAME', 'scim_filter_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_recv(internal) IS
	'Reads a filter from its binary form: a version byte, then the text.';
CREATE OR REPLACE FUNCTION scim_internal.filter_send(scim.filter) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_filter_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_send(scim.filter) IS
	'The binary form of a filter: a version byte, then the canonical text.';


COMMENT ON CAST (text AS scim.filter) IS
	'Reads the text of a filter where one is assigned to a column or argument of that type.';

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE OR REPLACE FUNCTION scim_internal.filter_eq(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.filter_ne(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.filter_lt(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.filter_le(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.filter_gt(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.filter_ge(scim.filter, scim.filter) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_filter_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_eq(scim.filter, scim.filter) IS
	'Implements the operator = of filters.';
COMMENT ON FUNCTION scim_internal.filter_ne(scim.filter, scim.filter) IS
	'Implements the operator <> of filters.';
COMMENT ON FUNCTION scim_internal.filter_lt(scim.filter, scim.filter) IS
	'Implements the operator < of filters.';
COMMENT ON FUNCTION scim_internal.filter_le(scim.filter, scim.filter) IS
	'Implements the operator <= of filters.';
COMMENT ON FUNCTION scim_internal.filter_gt(scim.filter, scim.filter) IS
	'Implements the operator > of filters.';
COMMENT ON FUNCTION scim_internal.filter_ge(scim.filter, scim.filter) IS
	'Implements the operator >= of filters.';
CREATE OR REPLACE FUNCTION scim_internal.filter_cmp(scim.filter, scim.filter) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_filter_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_cmp(scim.filter, scim.filter) IS
	'Compares two filters for sorting, in an order that is fixed but means nothing: less than, equal to or greater than 0.';
CREATE OR REPLACE FUNCTION scim_internal.filter_hash(scim.filter) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_filter_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_hash(scim.filter) IS
	'Hash of a filter, the same for equal ones.';
CREATE OR REPLACE FUNCTION scim_internal.filter_hash_extended(scim.filter, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_filter_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_hash_extended(scim.filter, bigint) IS
	'Seeded hash of a filter, the same for equal ones.';

COMMENT ON OPERATOR scim.= (scim.filter, scim.filter) IS
	'Whether two filters are equal: names and URNs in any letter case, values exactly.';

COMMENT ON OPERATOR scim.<> (scim.filter, scim.filter) IS
	'Whether two filters differ in more than the letter case of names and URNs.';

COMMENT ON OPERATOR scim.< (scim.filter, scim.filter) IS
	'Whether a filter comes before another one in the order of scim_internal.filter_cmp.';

COMMENT ON OPERATOR scim.<= (scim.filter, scim.filter) IS
	'Whether a filter comes before another one in the order of scim_internal.filter_cmp, or equals it.';

COMMENT ON OPERATOR scim.> (scim.filter, scim.filter) IS
	'Whether a filter comes after another one in the order of scim_internal.filter_cmp.';

COMMENT ON OPERATOR scim.>= (scim.filter, scim.filter) IS
	'Whether a filter comes after another one in the order of scim_internal.filter_cmp, or equals it.';


COMMENT ON OPERATOR CLASS scim.filter_ops USING btree IS
	'Lets filters be sorted, compared and kept unique, with or without an index.';
COMMENT ON OPERATOR FAMILY scim.filter_ops USING btree IS
	'The order of filters, for sorting and B-tree indexes.';

COMMENT ON OPERATOR CLASS scim.filter_ops USING hash IS
	'Lets filters be hashed: for joins, GROUP BY, DISTINCT, hash indexes and hash partitions.';
COMMENT ON OPERATOR FAMILY scim.filter_ops USING hash IS
	'The hash of filters, for joins, aggregates and hash indexes.';
-- The types whose values are written in a language, filter and path: a template that
-- the Makefile fills in for each of them (path).  What only one of them has is said
-- in filter.sql and path.sql.


CREATE OR REPLACE FUNCTION scim_internal.path_in(cstring) RETURNS scim.path
	AS 'MODULE_PATHNAME', 'scim_path_in'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.path_out(scim.path) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scim_path_out'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_out(scim.path) IS
	'The canonical text of a path, which reads back as an equal one.';
CREATE OR REPLACE FUNCTION scim_internal.path_recv(internal) RETURNS scim.path
	AS 'MODULE_PATHNAME', 'scim_path_recv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_recv(internal) IS
	'Reads a path from its binary form: a version byte, then the text.';
CREATE OR REPLACE FUNCTION scim_internal.path_send(scim.path) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scim_path_send'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_send(scim.path) IS
	'The binary form of a path: a version byte, then the canonical text.';


COMMENT ON CAST (text AS scim.path) IS
	'Reads the text of a path where one is assigned to a column or argument of that type.';

-- Comparison: names of attributes and URNs without regard to case, the rest exactly.

CREATE OR REPLACE FUNCTION scim_internal.path_eq(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_eq'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.path_ne(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_ne'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.path_lt(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_lt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.path_le(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_le'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.path_gt(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_gt'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OR REPLACE FUNCTION scim_internal.path_ge(scim.path, scim.path) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scim_path_ge'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_eq(scim.path, scim.path) IS
	'Implements the operator = of paths.';
COMMENT ON FUNCTION scim_internal.path_ne(scim.path, scim.path) IS
	'Implements the operator <> of paths.';
COMMENT ON FUNCTION scim_internal.path_lt(scim.path, scim.path) IS
	'Implements the operator < of paths.';
COMMENT ON FUNCTION scim_internal.path_le(scim.path, scim.path) IS
	'Implements the operator <= of paths.';
COMMENT ON FUNCTION scim_internal.path_gt(scim.path, scim.path) IS
	'Implements the operator > of paths.';
COMMENT ON FUNCTION scim_internal.path_ge(scim.path, scim.path) IS
	'Implements the operator >= of paths.';
CREATE OR REPLACE FUNCTION scim_internal.path_cmp(scim.path, scim.path) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_path_cmp'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_cmp(scim.path, scim.path) IS
	'Compares two paths for sorting, in an order that is fixed but means nothing: less than, equal to or greater than 0.';
CREATE OR REPLACE FUNCTION scim_internal.path_hash(scim.path) RETURNS integer
	AS 'MODULE_PATHNAME', 'scim_path_hash'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_hash(scim.path) IS
	'Hash of a path, the same for equal ones.';
CREATE OR REPLACE FUNCTION scim_internal.path_hash_extended(scim.path, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scim_path_hash_extended'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.path_hash_extended(scim.path, bigint) IS
	'Seeded hash of a path, the same for equal ones.';

COMMENT ON OPERATOR scim.= (scim.path, scim.path) IS
	'Whether two paths are equal: names and URNs in any letter case, values exactly.';

COMMENT ON OPERATOR scim.<> (scim.path, scim.path) IS
	'Whether two paths differ in more than the letter case of names and URNs.';

COMMENT ON OPERATOR scim.< (scim.path, scim.path) IS
	'Whether a path comes before another one in the order of scim_internal.path_cmp.';

COMMENT ON OPERATOR scim.<= (scim.path, scim.path) IS
	'Whether a path comes before another one in the order of scim_internal.path_cmp, or equals it.';

COMMENT ON OPERATOR scim.> (scim.path, scim.path) IS
	'Whether a path comes after another one in the order of scim_internal.path_cmp.';

COMMENT ON OPERATOR scim.>= (scim.path, scim.path) IS
	'Whether a path comes after another one in the order of scim_internal.path_cmp, or equals it.';


COMMENT ON OPERATOR CLASS scim.path_ops USING btree IS
	'Lets paths be sorted, compared and kept unique, with or without an index.';
COMMENT ON OPERATOR FAMILY scim.path_ops USING btree IS
	'The order of paths, for sorting and B-tree indexes.';

COMMENT ON OPERATOR CLASS scim.path_ops USING hash IS
	'Lets paths be hashed: for joins, GROUP BY, DISTINCT, hash indexes and hash partitions.';
COMMENT ON OPERATOR FAMILY scim.path_ops USING hash IS
	'The hash of paths, for joins, aggregates and hash indexes.';
-- The rules for comparing text: without regard to case, and as a user name.

CREATE OR REPLACE FUNCTION scim.fold(value text) RETURNS text
	AS 'MODULE_PATHNAME', 'scim_fold'
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION scim.fold(text) IS
	'Folds the case of a text by Unicode default full case folding (CaseFolding.txt, statuses C and F), whatever the locale. Argument: UTF-8 text. Result: two texts are equal without regard to case when their folded texts are equal. Never raises an error. This is how attributes with caseExact false compare: RFC 7643 section 2.2.';

CREATE OR REPLACE FUNCTION scim.fold_user_name(value text) RETURNS text
	AS 'MODULE_PATHNAME', 'scim_fold_user_name'
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION scim.fold_user_name(text) IS
	'Folds a user name as RFC 7644 section 5 wants names compared: the width mapping, case and normalisation (NFC) of profile UsernameCaseMapped of RFC 8265, by the tables of Unicode 14.0.0, whatever server and locale; code points that are not assigned there stay as they are. The case is folded as scim.fold does it, where RFC 8265 makes small letters: ß equals ss. Argument: UTF-8 text. Result: two names are the same where their folded texts are. Never raises an error. userName does not compare so yet but by scim.fold; a later version will, and scim.equal_user_names lists whose names are the same one by then.';
-- The type scim.filter: RFC 7644 section 3.4.2.2.  language.sql makes it.

COMMENT ON TYPE scim.filter IS
	'A SCIM filter, RFC 7644 section 3.4.2.2, for instance userName eq "bjensen" and not (emails[type eq "work"]). Prints in a canonical form.';

COMMENT ON FUNCTION scim_internal.filter_in(cstring) IS
	'Reads the text of a filter. Result: the filter. Error: SCFIL (invalidFilter) with the character where the syntax is wrong, or when one of the settings scim.max_filter_length, scim.max_filter_depth and scim.max_filter_nodes is exceeded. RFC 7644 section 3.4.2.2.';

CREATE OR REPLACE FUNCTION scim_internal.stored_filter(filter text) RETURNS scim.filter
    AS 'MODULE_PATHNAME', 'scim_stored_filter'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.stored_filter(text) IS
'A filter that a store holds, or one of ours: it was within the limits of its time, and those of the session are not asked. Error: SCFIL.';
-- The type scim.path: RFC 7644 sections 3.5.2 and 3.10.  language.sql makes it.

COMMENT ON TYPE scim.path IS
	'A SCIM attribute path as PATCH and "attributes" have it, RFC 7644 sections 3.5.2 and 3.10, for instance emails[type eq "work"].value. Prints in a canonical form.';

COMMENT ON FUNCTION scim_internal.path_in(cstring) IS
	'Reads the text of a path. Result: the path. Error: SCPTH (invalidPath) with the character where the syntax is wrong, or SCFIL (invalidFilter) when that is in the filter between the brackets. RFC 7644 section 3.5.2.';
-- Schemas and resource types.

CREATE OR REPLACE FUNCTION scim.validate(resource_type text, resource jsonb)
RETURNS TABLE (path text, scim_type text, message text)
AS 'MODULE_PATHNAME', 'scim_validate'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 1;
COMMENT ON FUNCTION scim.validate(text, jsonb) IS
'What is wrong with a document as a client may send it for a resource of a type: one row per problem with the attribute path, the scimType of RFC 7644 section 3.12 and a message; first by the schemas and, where they find nothing, by the policies "identity", "canonical" and "reference" of the current store and tenant. No row means valid; uniqueness and what an update may change depend on other rows and show when it is written. Errors: unknown resource type (invalidValue). RFC 7643 section 2.';

COMMENT ON TYPE scim.problem IS 'What is wrong with a stored resource, or with an endpoint, as scim.validate_store finds it.';
COMMENT ON COLUMN scim.problem.resource_type IS 'The name of the resource type of what is wrong.';
COMMENT ON COLUMN scim.problem.id IS 'Which resource it is, or which endpoint, by its id; null for a resource type.';
COMMENT ON COLUMN scim.problem.rule IS 'What it breaks: "schema", or the kind of a policy; "endpoint" for one that cannot work, "resource_type" for one with an endpoint that is too long.';
COMMENT ON COLUMN scim.problem.path IS 'Where in the document: the path of the attribute; of an endpoint a JSON pointer.';
COMMENT ON COLUMN scim.problem.scim_type IS 'What a client would be answered: the scimType of RFC 7644 section 3.12.';
COMMENT ON COLUMN scim.problem.message IS 'What is wrong, in words for people.';

CREATE OR REPLACE FUNCTION scim_internal.validate_resources(resource_type text)
RETURNS SETOF scim.problem
AS 'MODULE_PATHNAME', 'scim_validate_store'
LANGUAGE C STABLE PARALLEL UNSAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION scim_internal.validate_resources(text) IS
'What of scim.validate_store is about resources.';

CREATE OR REPLACE FUNCTION scim_internal.broken_endpoints()
RETURNS SETOF scim.problem
AS 'MODULE_PATHNAME', 'scim_broken_endpoints'
LANGUAGE C STABLE PARALLEL UNSAFE ROWS 1;
COMMENT ON FUNCTION scim_internal.broken_endpoints() IS
'Endpoints of the current store that are on and cannot work, or work without what they may not have: path is the place in the row as a JSON pointer, rule "endpoint", and the message begins with the name.';

CREATE OR REPLACE FUNCTION scim_internal.validate_books(resource_type text)
RETURNS SETOF scim.problem
AS 'MODULE_PATHNAME', 'scim_validate_books'
LANGUAGE C STABLE PARALLEL UNSAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION scim_internal.validate_books(text) IS
'What of scim.validate_store is about tables that are derived from resources, for the owner of the store: nothing for others.';

CREATE OR REPLACE FUNCTION scim.validate_store(resource_type text DEFAULT NULL)
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

CREATE OR REPLACE FUNCTION scim.is_valid(resource_type text, resource jsonb)
RETURNS boolean
AS 'MODULE_PATHNAME', 'scim_is_valid'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.is_valid(text, jsonb) IS
'Whether scim.validate finds nothing wrong with a document, as a condition: in a query, or in a CHECK constraint of an application''s table, where it goes by the schemas as they are when a row is written. Null while the store is being restored, which a constraint lets be: rows that were good when they were written come back, whichever table is restored first (doc/schemas.md).';

CREATE OR REPLACE FUNCTION scim.canonicalise(resource_type text, resource jsonb)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_canonicalise'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.canonicalise(text, jsonb) IS
'A document as a client may send it, in the form in which a resource of the type is stored: attribute names as the schema spells them, values of the schema''s types, extension attributes below the URN of their extension, nothing unassigned or read-only. Errors: the first problem that scim.validate reports, with the others in the detail (invalidSyntax, invalidValue). RFC 7643 section 2.';

CREATE OR REPLACE FUNCTION scim.register_schema(document jsonb, force boolean DEFAULT false)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_register_schema'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.register_schema(jsonb, boolean) IS
'Registers a schema document (RFC 7643 section 7) in the current store, or replaces the one with its id, and returns it as registered: every characteristic stated. A resource type names it then as its base or as an extension. Stored resources that the change makes non-canonical are rewritten. Errors: SCVAL where the document is wrong, naming schema and attribute; 23514 where stored resources would not be valid, with the number and the first of them, unless force; SCUNI where they have a value twice that must be unique; 42501 for anyone but the store''s owner.';

CREATE OR REPLACE FUNCTION scim.register_resource_type(document jsonb, force boolean DEFAULT false,
        table_name name DEFAULT NULL)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_register_resource_type'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.register_resource_type(jsonb, boolean, name) IS
'Registers a resource type document (RFC 7643 section 6) in the current store, or replaces the one with its name, and returns it as registered. A new one gets its endpoint and a table: table_name, or else the endpoint in snake_case (/CostCentres: cost_centres). Errors: those of scim.register_schema, and 42P07 where the store has a relation of that name.';

CREATE OR REPLACE FUNCTION scim.unregister_schema(schema text, force boolean DEFAULT false)
RETURNS void
AS 'MODULE_PATHNAME', 'scim_unregister_schema'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unregister_schema(text, boolean) IS
'Removes a schema, named by its URN, from the current store, and from the resource types that have it as an extension. Errors: SC404 where it is not registered; 2BP01 where it is the base of a resource type; 23514 where stored resources have attributes of it, unless force: then nobody sees these any more, and the next change of a resource drops them.';

CREATE OR REPLACE FUNCTION scim.unregister_resource_type(resource_type text, force boolean DEFAULT false)
RETURNS void
AS 'MODULE_PATHNAME', 'scim_unregister_resource_type'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unregister_resource_type(text, boolean) IS
'Removes a resource type, named by its name, from the current store, with its endpoint and table. Errors: SC404 where it is not registered; 2BP01 where it has resources, or a table is bound to it, unless force: then these go too, for good, whatever the policy "delete" says, and the audit, consumers and groups are told of each as of any that is deleted; what keeps one of them, such as a guard or a reference that restricts, keeps the type.';

CREATE OR REPLACE FUNCTION scim.json_schema(resource_type text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_json_schema'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.json_schema(text) IS
'A resource type of the current store as a JSON Schema (2020-12), for an application that wants to check or show resources itself: the form in which the service answers. GET /openapi.json has it for every type.';

CREATE OR REPLACE FUNCTION scim.json_schema(resource_type text, for_request boolean)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'scim_json_schema'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim.json_schema(text, boolean) IS
'A resource type as a JSON Schema of what a client sends, where for_request is true: it has to send a required password, for instance, which no answer shows. Whatever this calls valid, scim.is_valid does too, policies and limits of size apart. Where for_request is false: scim.json_schema(text).';
-- Tables of resource types and of the audit, functions of triggers, constraints and defaults of a
-- store, and what a session acts for: store, tenant, actor, change.
-- The other tables are in store.sql.

CREATE OR REPLACE FUNCTION scim.store() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_store'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim.store() IS
'The store that functions use: the setting scim.store, "directory" by default. Error 3F000 where it does not exist.';

CREATE OR REPLACE FUNCTION scim.tenant() RETURNS int
    AS 'MODULE_PATHNAME', 'scim_tenant'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.tenant() IS
'Who acts here acts for this tenant of the current store: the one that credentials have proved in this transaction; or the setting scim.tenant of a role that may say it; or the only one that there is. NULL: for none.';

CREATE OR REPLACE FUNCTION scim.tenant(store regnamespace) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_tenant_of_store'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.tenant(regnamespace) IS
'The same of the store that a schema is. Row-level security of every store compares tenant_id with it; policies of your own should, too, since anybody may set scim.store.';

CREATE OR REPLACE FUNCTION scim_internal.is_owner(store regnamespace) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_owner'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim_internal.is_owner(regnamespace) IS
'Whether the current user has the privileges of the owner of the store that a schema is.';

CREATE OR REPLACE FUNCTION scim_internal.keeps_access(store regnamespace, tenant_id int, resource_type text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_keeps_access'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.keeps_access(regnamespace, int, text) IS
'Whether who is being off-boarded in a tenant of the store that a schema is, and has no attribute active that is false, still has access: where the resource type has such an attribute, and where its policy "delete" says so.';

-- ScimMayAct of C, for views: one expression, of which the planner makes part of theirs
CREATE OR REPLACE FUNCTION scim_internal.may_act(store regnamespace, tenant_id int, resource_type text, status text, active boolean, deactivated_at timestamptz, offboarding_at timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN active IS NOT FALSE
    AND (status IN ('ACTIVE', 'PENDING')
        OR status = 'OFFBOARDING' AND coalesce(active, scim_internal.keeps_access(store, tenant_id, resource_type) AND (deactivated_at < offboarding_at) IS NOT TRUE));
COMMENT ON FUNCTION scim_internal.may_act(regnamespace, int, text, text, boolean, timestamptz, timestamptz) IS
'Whether a resource in sight, of which these are columns, may act, by the rule of scim.record_login; null where it is of no type.';

CREATE OR REPLACE FUNCTION scim.actor() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_actor'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim.actor() IS
'Who acts, for the audit of the current store: the bearer or subject that credentials have proved in this transaction, or the setting scim.actor, or the session''s user where it is empty. What a role says that may not say for which tenant it acts is told as its word: role NAME: ...';

CREATE OR REPLACE FUNCTION scim.uuid_v7() RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_uuid_v7'
    LANGUAGE C VOLATILE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.uuid_v7() IS
'A new UUID version 7 (RFC 9562 section 5.7): ids sort in the order of their creation, strictly so within a session.';

-- Foreign keys of applications have an id and no tenant: so its index has no tenant either.
-- It is good for "=" and nothing else: what is in order of ids takes an index that begins
-- with the tenant, and nobody counts rows of others on the way.
COMMENT ON OPERATOR scim.~<~ (uuid, uuid) IS 'Less, of two ids, in the order of an index that no query is to use for its order.';
COMMENT ON OPERATOR scim.~<=~ (uuid, uuid) IS 'Less or equal, of two ids, in the order of an index that no query is to use for its order.';
COMMENT ON OPERATOR scim.~>=~ (uuid, uuid) IS 'Greater or equal, of two ids, in the order of an index that no query is to use for its order.';
COMMENT ON OPERATOR scim.~>~ (uuid, uuid) IS 'Greater, of two ids, in the order of an index that no query is to use for its order.';
COMMENT ON OPERATOR FAMILY scim.uuid_key_ops USING btree IS
'What the operator class of the same name consists of.';
COMMENT ON OPERATOR CLASS scim.uuid_key_ops USING btree IS
'Of the unique index on the ids of a table of resources, to which foreign keys refer: it finds an id, and is no order of them.';

CREATE OR REPLACE FUNCTION scim.change() RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_change'
    LANGUAGE C STABLE PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION scim.change() IS
'What everything that this transaction changes has in common: a UUID version 7, the same throughout the transaction, in the column "change" of audit and event.';

CREATE OR REPLACE FUNCTION scim_internal.is_status(status text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_status'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.is_status(text) IS
'Whether a text is a status that a resource may have: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';

CREATE OR REPLACE FUNCTION scim_internal.resource_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.resource_door() IS
'BEFORE row trigger of a store''s table "resource", the one door for every write: makes the document canonical, checks it against its schemas and the store''s policies, derives the key columns, version and timestamps; a DELETE follows the policy "delete". A trigger of one''s own that changes rows sorts before it.';

CREATE OR REPLACE FUNCTION scim_internal.resource_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.resource_record() IS
'AFTER row trigger of a store''s table "resource": writes audit and event rows, unique values, password and members, and takes a resource that has gone out of its groups and of what refers to it. Error 27000 where another BEFORE trigger has changed what the door made of the row.';

CREATE OR REPLACE FUNCTION scim_internal.resource_settle() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_settle'
    LANGUAGE C;
COMMENT ON FUNCTION scim_internal.resource_settle() IS
'Trigger of a store''s table "resource" and its partitions: what follows for others from resources that have gone, once all that a statement takes away are gone; and the audit of a load (scim.begin_load).';

CREATE OR REPLACE FUNCTION scim_internal.has_door(relation oid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_has_door'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.has_door(oid) IS
'Whether the store to which a table belongs has the triggers by which it holds together.';

CREATE OR REPLACE FUNCTION scim_internal.resource_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_truncate'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.resource_truncate() IS
'BEFORE TRUNCATE trigger of a store''s tables of resources and of "member", "unique_value" and others: refuses, since TRUNCATE would pass by what their row triggers see to, such as the policy "delete", audit and versions.';

CREATE OR REPLACE FUNCTION scim_internal.scope_statement() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_scope_statement'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.scope_statement() IS
'BEFORE DELETE and BEFORE TRUNCATE trigger of the tables that a store keeps for itself, such as "event": refuses with SC403 whom scopes bind (scim.authenticate).';

CREATE OR REPLACE FUNCTION scim_internal.refuse_scopes(store regnamespace, what text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_refuse_scopes'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.refuse_scopes(regnamespace, text) IS
'SC403 where scopes bind who acts in a store (scim.authenticate). store: null: in any. what: what he would do, in words that end the message.';

CREATE OR REPLACE FUNCTION scim_internal.member_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.member_door() IS
'BEFORE UPDATE row trigger of a store''s table "member": refuses, since membership is added and removed, never changed in place (RFC 7643 section 4.2: immutable).';

CREATE OR REPLACE FUNCTION scim_internal.member_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.member_record() IS
'AFTER row trigger of a store''s table "member", with a transition table "changed_member": for the first row of a statement, it moves version and last_modified of each group that changed, once, and writes the audit of all rows.';

CREATE OR REPLACE FUNCTION scim_internal.registry_lock() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_lock'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_lock() IS
'BEFORE statement trigger of a store''s tables "schema", "resource_type", "policy" and "setting": one session at a time writes what the store is configured to be, until the end of its transaction; of the first two, only the store''s owner may change them, and no resource is written meanwhile.';

CREATE OR REPLACE FUNCTION scim_internal.registry_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_door() IS
'BEFORE row trigger of a store''s tables "schema" and "resource_type": checks the document against RFC 7643 sections 6 and 7 and completes it.';

CREATE OR REPLACE FUNCTION scim_internal.registry_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_record() IS
'AFTER row trigger of a store''s table "resource_type": makes the table of a new resource type, and drops that of one that is gone.';

CREATE OR REPLACE FUNCTION scim_internal.registry_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_changed() IS
'AFTER statement trigger of a store''s tables "schema", "resource_type", "policy", "authentication_scheme", "setting", "tenant", "tenant_role" and "store": makes every session read them anew, at commit. A change of schemas is refused where they do not hold together, and where stored resources would not be valid (setting scim.check_resources).';

CREATE OR REPLACE FUNCTION scim_internal.registry_replicated() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_replicated'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_replicated() IS
'AFTER row trigger, ENABLE ALWAYS, of a store''s tables of which sessions remember something: makes every session read anew what logical replication has changed. It checks nothing.';

CREATE OR REPLACE FUNCTION scim_internal.store_moved() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_store_moved'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.store_moved() IS
'Trigger of the tables of a store that bin/scim-move moves to another server, or has moved: refuses every write, with SC503. Arguments: moving, moved or arriving; the other server; until when, in seconds since 1970, or nothing.';

CREATE OR REPLACE FUNCTION scim_internal.store_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_store_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.store_row() IS
'BEFORE row trigger of a store''s table "store": a row that comes when the triggers are there comes out of a dump of the data alone, and the store is being restored until scim.repair_store() is called. It is neither deleted nor changed (0A000) but by that and by scim.upgrade_store().';

CREATE OR REPLACE FUNCTION scim_internal.policy_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_policy_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.policy_door() IS
'BEFORE row trigger of a store''s table "policy": the kind is one that there is, and a policy without a name has that of its kind.';

CREATE OR REPLACE FUNCTION scim_internal.check_tenant() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_tenant'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_tenant() IS
'AFTER row trigger of a store''s table "tenant": a tenant that has resources is neither removed nor renumbered. Error 23503.';

CREATE OR REPLACE FUNCTION scim_internal.check_credential() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_credential'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_credential() IS
'Constraint trigger of a store''s tables "credential" and "recovery_code": a password or code is that of a resource that is there, and a password of one whose type has passwords. Error 23503.';

CREATE OR REPLACE FUNCTION scim_internal.check_client() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_client'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_client() IS
'Constraint trigger of a store''s tables "client" and "authentication_scheme": a client that is not revoked has the secrets that its scheme wants. Error 23514.';

CREATE OR REPLACE FUNCTION scim_internal.check_setting() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_setting'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_setting() IS
'Constraint trigger of a store''s table "setting": token_id is that of a token or client which is there, of the tenant that the setting is for. Error 23503.';

CREATE OR REPLACE FUNCTION scim_internal.token_gone() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_token_gone'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.token_gone() IS
'AFTER row trigger of a store''s tables "token" and "client", and BEFORE TRUNCATE: takes the settings of one that is deleted along. Error 23503 where one that has settings would get another id or tenant.';

CREATE OR REPLACE FUNCTION scim_internal.token_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_token_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.token_row() IS
'BEFORE row trigger of a store''s tables "token" and "client": what is revoked stays so (55000), scopes are ones that there are and a new row does not end before it was made (22023), what was done was not done in the future or before that (22023), the hash is nobody else''s (23505), and created, last_used_at and former_used_at are the store''s to write (42501), but for its owner.';

CREATE OR REPLACE FUNCTION scim_internal.credential_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_credential_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.credential_record() IS
'AFTER row trigger of a store''s table "credential": a password that somebody writes there himself is a change of its resource, with a version, in the audit and in events, like one by its document.';

CREATE OR REPLACE FUNCTION scim_internal.check_origin() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_origin'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_origin() IS
'Constraint trigger of a store''s table "origin": the resource is there. Error 23503.';

CREATE OR REPLACE FUNCTION scim_internal.event_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_event_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.event_row() IS
'BEFORE row trigger of a store''s table "event": what somebody writes there himself has a tenant and resource type that are there (23503), an instant, a URI, and a version and position from 1 (23514). Errors name the row and show no secret.';

CREATE OR REPLACE FUNCTION scim_internal.plain_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_plain_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.plain_row() IS
'BEFORE row trigger of a store''s tables of credentials, "tenant", "tenant_role", "authentication_scheme", "consumer" and those in which the store keeps its books: what their constraints refuse is refused here, with the same SQLSTATE, naming the row and without what else it holds, which may be a secret; and in "tenant_role" a role that does not exist (42704).';

CREATE OR REPLACE FUNCTION scim_internal.member_value() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_value'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.member_value() IS
'BEFORE INSERT row trigger of a store''s table "member": a value that is the id of the member, however it is written, is left out, and what constraints refuse is refused here, with the same SQLSTATE, naming the row; so is a time at which no membership can have begun (SCVAL).';

CREATE OR REPLACE FUNCTION scim_internal.check_unique_value() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_unique_value'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_unique_value() IS
'Constraint trigger of a store''s table "unique_value": its rows are what the resources that are there have, all of it and no more. Error 23503.';

CREATE OR REPLACE FUNCTION scim_internal.audit_digest(audit record, OUT content_digest bytea, OUT digest bytea)
    AS 'MODULE_PATHNAME', 'scim_audit_digest'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.audit_digest(record) IS
'The digests that a row of a store''s table "audit" has to carry, by what it says; of content that is gone, the one that it has.';

CREATE OR REPLACE FUNCTION scim_internal.audit_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_audit_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.audit_door() IS
'BEFORE INSERT row trigger of a store''s table "audit": gives a row its digests, and refuses rows that the store has not written itself. Error 42501.';

CREATE OR REPLACE FUNCTION scim_internal.audit_guard() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_audit_guard'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.audit_guard() IS
'BEFORE trigger of a store''s tables "audit" and "audit_seal": refuses to alter or remove what is written, whoever wants to. Error 42501.';

CREATE OR REPLACE FUNCTION scim_internal.audit_change() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_audit_change'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.audit_change() IS
'AFTER row trigger, and BEFORE TRUNCATE, of a store''s tables of configuration, such as "policy" and "token": writes the audit of what was changed, without secrets. Its arguments name columns that hold some, or with "-" in front those that are no configuration.';

CREATE OR REPLACE FUNCTION scim.member_key(value uuid) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN value;
COMMENT ON FUNCTION scim.member_key(uuid) IS
'scim.member_key(text) with the id as a uuid, which it is.';

CREATE OR REPLACE FUNCTION scim.member_key(value text) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_member_key'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.member_key(text) IS
'The member_id of a reference to a member: the id that it is or, for a text that is no id, a uuid made from it.';

-- What the planner takes for true until the first ANALYZE: keys are unique, nobody is
-- deleted, and a tenant may have all rows.  If it knew nothing at all, every index that
-- begins with tenant_id would seem as good as the primary key.
CREATE OR REPLACE FUNCTION scim_internal.presume_statistics(relation regclass, resource_type text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id SET (n_distinct = 1)', relation);
    IF resource_type IS NULL THEN
        EXECUTE format('INSERT INTO %s (tenant_id, group_id, member_id) SELECT n, scim.uuid_v7(), scim.uuid_v7() FROM generate_series(1, 2) n',
            relation);
    ELSE
        EXECUTE format('INSERT INTO %s (tenant_id, resource_type, external_id, user_name, display_name, active, status, data, version, created, last_modified) '
            'SELECT n, %L, n, n, n, true, ''ACTIVE'', ''{}'', 1, to_timestamp(n), to_timestamp(n) FROM generate_series(1, 2) n',
            relation, resource_type);
    END IF;
    EXECUTE format('ANALYZE %s', relation);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id RESET (n_distinct)', relation);
    -- In a subtransaction of its own TRUNCATE makes a new file, of which the planner does
    -- not know that it is empty.
    BEGIN
        EXECUTE format('TRUNCATE %s', relation);
    EXCEPTION WHEN object_in_use THEN
        RAISE;
    END;
END
$$;
COMMENT ON FUNCTION scim_internal.presume_statistics(regclass, text) IS
'Gives a new and empty table of a store, "member" or one of resources of a type, the statistics that the planner starts with.';

-- What makes the table of a resource type, one statement each, in order.  All but
-- the table itself scim.upgrade_store says again where it is missing.
CREATE OR REPLACE FUNCTION scim_internal.resource_table_statements(store name, table_name name, resource_type text)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $$
BEGIN
    -- Attached, not made as a partition: that would make readers of the store wait.
    -- Not logged at first: what its statistics are made of is nobody's row, and no subscriber's.
    RETURN NEXT format('CREATE UNLOGGED TABLE %1$I.%2$I (LIKE %1$I.resource INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)',
        store, table_name);
    RETURN NEXT format('COMMENT ON TABLE %I.%I IS %L', store, table_name,
        format('The resources of type %s: a partition of resource, to be read and written like it.', resource_type));
    RETURN QUERY SELECT scim_internal.resource_comments(store, table_name);
    RETURN NEXT format('ALTER TABLE %I.%I ALTER COLUMN resource_type SET DEFAULT %L', store, table_name, resource_type);
    RETURN NEXT format('CREATE STATISTICS %1$I.%3$I ON (scim_internal.index_keys(data)) FROM %1$I.%2$I',
        store, table_name, table_name || '_data_stats');
    -- Of what an index is over that leaves out the deleted, the planner asks nothing else.
    RETURN NEXT format('CREATE STATISTICS %1$I.%3$I ON (scim.fold_user_name(user_name)) FROM %1$I.%2$I',
        store, table_name, table_name || '_user_name_stats');
    RETURN NEXT format('CREATE STATISTICS %1$I.%3$I ON (scim.fold(display_name)) FROM %1$I.%2$I',
        store, table_name, table_name || '_display_name_stats');
    RETURN NEXT format('SELECT scim_internal.presume_statistics(%L, %L)', format('%I.%I', store, table_name), resource_type);
    RETURN NEXT format('ALTER TABLE %I.%I SET LOGGED', store, table_name);
    RETURN NEXT format('ALTER TABLE %1$I.resource ATTACH PARTITION %1$I.%2$I FOR VALUES IN (%3$L)',
        store, table_name, resource_type);
    RETURN NEXT format('CREATE UNIQUE INDEX %3$I ON %1$I.%2$I (id scim.uuid_key_ops)',
        store, table_name, left(table_name, 56) || '_id_key');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, external_id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_external_id_idx');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold(display_name), id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_display_name_idx');
    -- How many there are, and where a page begins, is told by this alone: queries say
    -- resource_type = '...', which an index that has no such column must imply.
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, id) WHERE deleted_at IS NULL AND resource_type = %4$L',
        store, table_name, table_name || '_list_idx', resource_type);
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, last_modified, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_last_modified_idx');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, created, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_created_idx');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_data_idx');
    RETURN NEXT format('CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim_internal.resource_truncate()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_truncate ON %I.%I IS %L', store, table_name,
        'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.');
    RETURN NEXT format('CREATE TRIGGER scim_settle AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_settle ON %I.%I IS %L', store, table_name,
        'What follows for others from those who have gone: references to them, memberships.');
    RETURN NEXT format('CREATE TRIGGER scim_has_door BEFORE INSERT OR UPDATE OR DELETE ON %1$I.%2$I EXECUTE FUNCTION %1$I.refuse_without_door()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_has_door ON %I.%I IS %L', store, table_name,
        'Refuses every write where the triggers of the extension are gone.');
    RETURN NEXT format('CREATE TRIGGER scim_has_door_truncate BEFORE TRUNCATE ON %1$I.%2$I EXECUTE FUNCTION %1$I.refuse_without_door()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_has_door_truncate ON %I.%I IS %L', store, table_name,
        'Refuses TRUNCATE where the triggers of the extension are gone.');
    RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    RETURN NEXT format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
        'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.');
    IF resource_type = 'User' THEN
        -- For people, who write user_name = '...' and no tenant.  Row-level security asks for
        -- the tenant: if that were no part of the index, EXPLAIN would count rows of others.
        RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (user_name, tenant_id)',
            store, table_name, table_name || '_user_name_idx');
        RETURN NEXT format('CREATE UNIQUE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL',
            store, table_name, table_name || '_user_name_key');
    ELSE
        -- Another type may be one of people, too: "unique_value" has what is unique of them.
        RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL AND user_name IS NOT NULL',
            store, table_name, table_name || '_user_name_idx');
    END IF;
END
$$;
COMMENT ON FUNCTION scim_internal.resource_table_statements(name, name, text) IS
'The statements that make the partition of a store''s table "resource" for one resource type, with its indexes, triggers and row-level security.';

CREATE OR REPLACE FUNCTION scim_internal.create_resource_table(store name, table_name name, resource_type text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    distributed CONSTANT boolean := scim_internal.is_distributed(to_regclass(format('%I.resource', store)));
    statement text;
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
    IF distributed THEN
        PERFORM set_config('citus.enable_unsafe_triggers', 'on', true), set_config('citus.multi_shard_modify_mode', 'sequential', true);
    END IF;
    FOR statement IN SELECT scim_internal.resource_table_statements(store, table_name, resource_type) LOOP
        -- nothing is unique over the nodes of a cluster
        CONTINUE WHEN distributed AND statement ~ '^CREATE UNIQUE INDEX [^(]* ON [^(]*\(id ';
        EXECUTE scim_internal.of_store(statement, store);
    END LOOP;
    PERFORM scim_internal.force_row_security(store);
END
$$;
COMMENT ON FUNCTION scim_internal.create_resource_table(name, name, text) IS
'Makes the partition of a store''s table "resource" for one resource type, with its indexes, triggers and row-level security, where it is not there yet.';

-- What makes a partition of a store's table "audit"; all but the table itself
-- scim.upgrade_store says again.
CREATE OR REPLACE FUNCTION scim_internal.audit_table_statements(store name, table_name name, bounds text)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
BEGIN
    -- Attached, not made as a partition: that would make writers of the store wait.
    RETURN NEXT format('CREATE TABLE %1$I.%2$I (LIKE %1$I.audit INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS)',
        store, table_name);
    RETURN NEXT format('COMMENT ON TABLE %I.%I IS %L', store, table_name, CASE table_name
        WHEN 'audit_default' THEN 'What no other partition of audit has room for, until scim.apply_retention makes one.'
        ELSE 'What was changed in one month of UTC, as the name says: a partition of audit, to be read like it.' END);
    RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    RETURN NEXT format('CREATE POLICY tenant ON %I.%I FOR SELECT USING (tenant_id = ANY (ARRAY[0, scim.tenant(%L::regnamespace)]))', store, table_name, quote_ident(store));
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
        'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one and what was changed for all tenants, 0; the store writes them.');
    RETURN NEXT format('CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim_internal.audit_guard()', store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_truncate ON %I.%I IS %L', store, table_name, 'Refuses TRUNCATE: what is written stays.');
    RETURN NEXT format('ALTER TABLE %1$I.audit ATTACH PARTITION %1$I.%2$I %3$s', store, table_name, bounds);
END
$$;
COMMENT ON FUNCTION scim_internal.audit_table_statements(name, name, text) IS
'The statements that make one partition of a store''s table "audit", with its row-level security.';

CREATE OR REPLACE FUNCTION scim_internal.audit_month_bounds(month timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET "DateStyle" = 'ISO'
    SET "TimeZone" = 'UTC'
BEGIN ATOMIC
    SELECT format('FOR VALUES FROM (%L) TO (%L)', month, month + interval '1 month');
END;
COMMENT ON FUNCTION scim_internal.audit_month_bounds(timestamptz) IS
'The bounds of the partition of a store''s table "audit" for the month that begins at an instant.';

CREATE OR REPLACE FUNCTION scim_internal.audit_months_ahead() RETURNS SETOF timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    SET "TimeZone" = 'UTC'
BEGIN ATOMIC
    SELECT generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months', interval '1 month');
END;
COMMENT ON FUNCTION scim_internal.audit_months_ahead() IS
'The months for which a store''s table "audit" has partitions at least, by their beginnings: this one and the next three, of UTC.';

CREATE OR REPLACE FUNCTION scim_internal.create_audit_tables(store name)
    RETURNS SETOF name
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    SET "TimeZone" = 'UTC'
AS $$
DECLARE
    wanted record;
    statement text;
BEGIN
    IF scim_internal.is_distributed(to_regclass(format('%I.audit', store))) THEN
        PERFORM set_config('citus.enable_unsafe_triggers', 'on', true), set_config('citus.multi_shard_modify_mode', 'sequential', true);
    END IF;
    FOR wanted IN
        SELECT to_char(month, '"audit_"YYYY_MM') AS table_name, scim_internal.audit_month_bounds(month) AS bounds
        FROM scim_internal.audit_months_ahead() AS month
        UNION ALL
        -- last, or each of the others would have it looked through and told of
        SELECT 'audit_default', 'DEFAULT'
    LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', store, wanted.table_name)) IS NOT NULL;
        FOR statement IN SELECT scim_internal.audit_table_statements(store, wanted.table_name, wanted.bounds) LOOP
            EXECUTE statement;
        END LOOP;
        RETURN NEXT wanted.table_name;
    END LOOP;
END
$$;
COMMENT ON FUNCTION scim_internal.create_audit_tables(name) IS
'Makes the partitions of a store''s table "audit" that are missing: those of this month and the next three, and the default one. Returns their names.';
-- A store: an ordinary schema of ordinary tables that belong to its maker.

CREATE OR REPLACE FUNCTION scim_internal.split_statements(script text) RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    line text;
    statement text := '';
    quoted boolean := false;
BEGIN
    FOREACH line IN ARRAY string_to_array(script, E'\n') LOOP
        CONTINUE WHEN statement = '' AND line ~ '^\s*(--.*)?$';
        statement := statement || line || E'\n';
        IF regexp_count(line, '\$[a-z]*\$') % 2 = 1 THEN
            quoted := NOT quoted;
        END IF;
        IF NOT quoted AND line ~ ';\s*$' THEN
            RETURN NEXT rtrim(btrim(statement), E'; \n');
            statement := '';
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.split_statements(text) IS
'The statements of a script, without comments between them: each ends with a semicolon at the end of a line that is not within $$.';

CREATE OR REPLACE FUNCTION scim_internal.of_store(statement text, store name) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace(replace(replace(replace(replace(statement, '@.', quote_ident(store) || '.'),
        '@::regnamespace', format('%L::regnamespace', quote_ident(store))),
        '= scim.tenant()', format('= scim.tenant(%L::regnamespace)', quote_ident(store))),
        '[0, scim.tenant()]', format('[0, scim.tenant(%L::regnamespace)]', quote_ident(store))),
        'DEFAULT scim.tenant()', format('DEFAULT scim.tenant(%L::regnamespace)', quote_ident(store)));
COMMENT ON FUNCTION scim_internal.of_store(text, name) IS
'A statement about the store "@.", and "@::regnamespace", as one about a certain store: of which scim.tenant() is, too, in row-level security and defaults.';

-- Partitions have the same columns, and say the same of them.
CREATE OR REPLACE FUNCTION scim_internal.resource_comments(store name, table_name name) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', store, table_name, c.name, c.comment)
    FROM (VALUES
        ('tenant_id', 'The tenant whose resource it is: whoever acts for another sees nothing of it.'),
        ('resource_type', 'The name of the resource type, which decides on the partition.'),
        ('id', 'The SCIM id: by default a UUID version 7, so that ids sort by creation.'),
        ('external_id', 'The attribute externalId; whichever of the two is written, the other follows.'),
        ('user_name', 'The attribute userName, as sent; no two users that are there have the same by scim.fold_user_name.'),
        ('display_name', 'The attribute displayName; whichever of the two is written, the other follows.'),
        ('active', 'The attribute active; to write it suspends or reactivates.'),
        ('status', 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.'),
        ('data', 'The canonical SCIM document, without id, meta, groups, members and password.'),
        ('version', 'Counts the changes from 1 on; clients see it in meta.version and ETag.'),
        ('created', 'When the resource was created, as in meta.created.'),
        ('last_modified', 'When the resource last changed, as in meta.lastModified.'),
        ('offboarding_at', 'When off-boarding began; null where it did not.'),
        ('deleted_at', 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.'),
        ('activated_at', 'When the resource last became ACTIVE; null where it never did.'),
        ('deactivated_at', 'When the resource last ceased to be ACTIVE or PENDING; null while it is.'),
        ('sessions_valid_after', 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.')
    ) AS c (name, comment);
END;
COMMENT ON FUNCTION scim_internal.resource_comments(name, name) IS
'The statements that say of each column of a store''s table "resource", or of a partition of it, what it has.';

-- What makes a store but the tables of its resource types, one statement each, in
-- order.  Tables and rows apart, scim.upgrade_store says it again.
CREATE OR REPLACE FUNCTION scim_internal.store_statements(store name)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    table_name text;
    arguments text;
BEGIN
    RETURN NEXT format('CREATE SCHEMA %I', store);
    RETURN NEXT format('COMMENT ON SCHEMA %I IS %L', store,
        'A SCIM store: the tables of one service provider, made by scim.create_store.');
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    CREATE TABLE @.store (
        id int PRIMARY KEY DEFAULT 1,
        version text COLLATE "C" NOT NULL,
        restoring boolean NOT NULL DEFAULT false,
        CONSTRAINT store_one_row CHECK (id = 1)
    );
    COMMENT ON TABLE @.store IS 'One row: the version of scim that these tables are of.';
    COMMENT ON COLUMN @.store.id IS 'Always 1, so that there is one row only.';
    COMMENT ON COLUMN @.store.version IS 'Which version of scim made the tables or last brought them forward.';
    COMMENT ON COLUMN @.store.restoring IS 'Whether the row came out of a dump of the data alone: rows are taken as they are, of the owner only, until scim.repair_store is called.';
    INSERT INTO @.store (version) VALUES (scim_internal.store_version());

    CREATE TABLE @.tenant (
        tenant_id int PRIMARY KEY,
        name text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        base_url text COLLATE "C",
        CONSTRAINT tenant_id CHECK (tenant_id > 0),
        CONSTRAINT tenant_created CHECK (isfinite(created)),
        CONSTRAINT tenant_base_url CHECK (base_url ~ '^https?://[^/?#[:space:]]+(/[^/?#[:space:]]+)*$' AND octet_length(base_url) <= 1024)
    );
    COMMENT ON TABLE @.tenant IS 'Who shares this store: a row for each tenant; who is alone in it has the one row 1 and never notices.';
    COMMENT ON COLUMN @.tenant.tenant_id IS 'The number of the tenant, which leads every key of the store.';
    COMMENT ON COLUMN @.tenant.name IS 'What people call the tenant; nothing depends on it.';
    COMMENT ON COLUMN @.tenant.created IS 'When the tenant was added to the store.';
    COMMENT ON COLUMN @.tenant.base_url IS 'Where this tenant is served, as https://two.example.com/scim/v2: there nobody else is, and he nowhere else; null: wherever the store is.';
    CREATE UNIQUE INDEX tenant_base_url_key ON @.tenant (substr(base_url, 1));
    INSERT INTO @.tenant (tenant_id, name) VALUES (1, 'default');
    CREATE TRIGGER scim_check AFTER UPDATE OR DELETE ON @.tenant
        FOR EACH ROW EXECUTE FUNCTION scim_internal.check_tenant();
    COMMENT ON TRIGGER scim_check ON @.tenant IS 'Who has resources is neither removed nor renumbered.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.tenant
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.tenant IS 'Refuses TRUNCATE, which would leave resources without their tenants.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.tenant
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.tenant IS 'Makes every session look again which tenants there are.';

    CREATE TABLE @.tenant_role (
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        role name NOT NULL,
        tenant_id int REFERENCES @.tenant,
        UNIQUE NULLS NOT DISTINCT (role, tenant_id)
    );
    COMMENT ON TABLE @.tenant_role IS 'Which roles of the database may say for which tenant, as whom and for whom they act: whose settings scim.tenant, scim.actor and scim.me count (doc/security.md). Those of the owner of the store always do.';
    COMMENT ON COLUMN @.tenant_role.id IS 'What the audit calls the row; nothing else refers to it.';
    COMMENT ON COLUMN @.tenant_role.role IS 'The name of a role that is there; it holds for roles that inherit from it, too.';
    COMMENT ON COLUMN @.tenant_role.tenant_id IS 'The tenant for whom the role may act; null: for any.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.tenant_role
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.tenant_role IS 'Makes every session look again who may act for whom.';

    CREATE TABLE @.schema (
        id text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        CONSTRAINT schema_id CHECK (document ->> 'id' = id)
    );
    COMMENT ON TABLE @.schema IS 'Registered schemas (RFC 7643 section 7); scim.register_schema writes them.';
    COMMENT ON COLUMN @.schema.id IS 'The URN of the schema, as its document says it.';
    COMMENT ON COLUMN @.schema.document IS 'The schema as GET /Schemas shows it (RFC 7643 section 7), with every characteristic stated.';

    CREATE TABLE @.resource_type (
        name text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        table_name name NOT NULL,
        CONSTRAINT resource_type_name CHECK (document ->> 'name' = name)
    );
    COMMENT ON TABLE @.resource_type IS 'Registered resource types (RFC 7643 section 6), and the partition that holds each.';
    COMMENT ON COLUMN @.resource_type.name IS 'The name of the resource type, which resource.resource_type repeats.';
    COMMENT ON COLUMN @.resource_type.document IS 'The resource type as GET /ResourceTypes shows it (RFC 7643 section 6).';
    COMMENT ON COLUMN @.resource_type.table_name IS 'The partition of resource that holds the resources of this type.';

    CREATE TABLE @.policy (
        tenant_id int REFERENCES @.tenant,
        resource_type text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL DEFAULT '{}',
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind, name),
        CONSTRAINT policy_resource_type CHECK (octet_length(resource_type) <= 100),
        CONSTRAINT policy_settings CHECK (jsonb_typeof(settings) = 'object')
    );
    COMMENT ON TABLE @.policy IS 'What holds for every writer beyond the schemas; a row with a tenant_id goes before the row of the same name for all tenants.';
    COMMENT ON COLUMN @.policy.tenant_id IS 'The tenant to whom it applies, in place of the row for all; null: all tenants.';
    COMMENT ON COLUMN @.policy.resource_type IS 'The name of the resource type to which it applies.';
    COMMENT ON COLUMN @.policy.kind IS 'What is regulated, one of the kinds of doc/policies.md: identity, reference, delete, ...';
    COMMENT ON COLUMN @.policy.enabled IS 'Whether the rule holds; false in the row of a tenant switches the one for all off for him.';
    COMMENT ON COLUMN @.policy.settings IS 'An object that depends on the kind, such as {"mode": "retain"} of delete.';
    COMMENT ON COLUMN @.policy.id IS 'What the audit and, of a policy guard, the table guard call the row.';
    COMMENT ON COLUMN @.policy.name IS 'What tells several of a kind apart, and the order in which they apply; where none is given, the kind.';

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
        activated_at timestamptz,
        deactivated_at timestamptz,
        sessions_valid_after timestamptz,
        PRIMARY KEY (tenant_id, id, resource_type),
        CONSTRAINT resource_status CHECK (scim_internal.is_status(status))
    ) PARTITION BY LIST (resource_type);
    COMMENT ON TABLE @.resource IS 'Every resource of every type. INSERT, UPDATE and DELETE are as good as requests: a trigger makes documents canonical, checks them and keeps the columns.';

    $ddl$) AS statement;
    RETURN QUERY SELECT scim_internal.resource_comments(store, 'resource');
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    CREATE FUNCTION @.refuse_without_door() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF pg_catalog.to_regproc('scim_internal.has_door') IS NULL THEN
            RAISE EXCEPTION 'store "%" is without its door', TG_TABLE_SCHEMA
                USING ERRCODE = 'SC503', DETAIL = 'The extension scim has been dropped, and with it the triggers of the store.',
                      HINT = pg_catalog.format('CREATE EXTENSION scim, and then SELECT scim.repair_store(%L) \gexec in psql.', TG_TABLE_SCHEMA);
        ELSIF NOT scim_internal.has_door(TG_RELID) THEN
            RAISE EXCEPTION 'store "%" is without its door', TG_TABLE_SCHEMA
                USING ERRCODE = 'SC503', DETAIL = pg_catalog.format('Table "%s" lacks triggers of the store.', TG_TABLE_NAME),
                      HINT = pg_catalog.format('SELECT scim.repair_store(%L) \gexec in psql puts back what is missing.', TG_TABLE_SCHEMA);
        END IF;
        RETURN NULL;
    END
    $$;
    COMMENT ON FUNCTION @.refuse_without_door() IS 'Trigger of the store''s tables of resources and members: refuses every write where those of the extension are gone. It belongs to the store, and stays where the extension is dropped.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();
    COMMENT ON TRIGGER scim_door ON @.resource IS 'The one door for every write: canonical form, schemas, policies, key columns, version.';
    CREATE TRIGGER "0_scim_record" AFTER INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_record();
    COMMENT ON TRIGGER "0_scim_record" ON @.resource IS 'What follows from a write: audit, event, unique values, passwords, memberships; before the AFTER triggers of others.';
    CREATE TRIGGER scim_settle AFTER INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();
    COMMENT ON TRIGGER scim_settle ON @.resource IS 'What follows for others from those who have gone: references to them, memberships.';
    CREATE TRIGGER scim_has_door BEFORE INSERT OR UPDATE OR DELETE ON @.resource
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door ON @.resource IS 'Refuses every write where the triggers of the extension are gone.';
    CREATE TRIGGER scim_has_door_truncate BEFORE TRUNCATE ON @.resource
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door_truncate ON @.resource IS 'Refuses TRUNCATE where the triggers of the extension are gone.';

    CREATE TABLE @.member (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        group_id uuid NOT NULL,
        member_id uuid NOT NULL,
        member_type text COLLATE "C",
        value text COLLATE "C",
        created timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, group_id, member_id),
        CONSTRAINT member_value CHECK (member_id = scim.member_key(value))
    );
    CREATE INDEX member_member_id_idx ON @.member (tenant_id, member_id);

    $ddl$) AS statement;
    RETURN NEXT format('SELECT scim_internal.presume_statistics(%L)', format('%I.member', store));
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    COMMENT ON TABLE @.member IS 'One row for each membership of a group; users do not have their groups in their documents.';
    COMMENT ON COLUMN @.member.tenant_id IS 'The tenant to whom the group belongs.';
    COMMENT ON COLUMN @.member.group_id IS 'Which group has the member: the id of its row in resource.';
    COMMENT ON COLUMN @.member.member_id IS 'The id of the member; where value is given, a uuid made of it by scim.member_key.';
    COMMENT ON COLUMN @.member.member_type IS 'The type as the client sent it; that of a resource which is there goes before it.';
    COMMENT ON COLUMN @.member.value IS 'The reference as the client sent it, where it cannot be the id of a resource here; else null.';
    COMMENT ON COLUMN @.member.created IS 'When the membership began.';

    CREATE TRIGGER scim_door BEFORE UPDATE ON @.member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_door();
    COMMENT ON TRIGGER scim_door ON @.member IS 'Memberships are added and removed, never changed in place.';
    CREATE TRIGGER scim_value BEFORE INSERT ON @.member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_value();
    COMMENT ON TRIGGER scim_value ON @.member IS 'A reference that is an id is that of the member, and no value.';
    CREATE TRIGGER "0_scim_record_insert" AFTER INSERT ON @.member
        REFERENCING NEW TABLE AS changed_member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_record();
    COMMENT ON TRIGGER "0_scim_record_insert" ON @.member IS 'Version and audit of the groups that got members, by the first row of a statement for all of them, before the AFTER triggers of others.';
    CREATE TRIGGER "0_scim_record_delete" AFTER DELETE ON @.member
        REFERENCING OLD TABLE AS changed_member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_record();
    COMMENT ON TRIGGER "0_scim_record_delete" ON @.member IS 'Version and audit of the groups that lost members, by the first row of a statement for all of them, before the AFTER triggers of others.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.member
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.member IS 'Refuses TRUNCATE, which would pass by versions and audit.';
    CREATE TRIGGER scim_has_door BEFORE INSERT OR UPDATE OR DELETE ON @.member
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door ON @.member IS 'Refuses every write where the triggers of the extension are gone.';
    CREATE TRIGGER scim_has_door_truncate BEFORE TRUNCATE ON @.member
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door_truncate ON @.member IS 'Refuses TRUNCATE where the triggers of the extension are gone.';

    CREATE TABLE @.unique_value (
        tenant_id int NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        attribute text COLLATE "C" NOT NULL,
        value text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        PRIMARY KEY (tenant_id, resource_type, attribute, value),
        CONSTRAINT unique_value_attribute CHECK (octet_length(attribute) <= 1300),
        CONSTRAINT unique_value_resource_type CHECK (octet_length(resource_type) <= 100),
        CONSTRAINT unique_value_value CHECK (octet_length(value) <= 512)
    );
    COMMENT ON TABLE @.unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2) but for userName, kept by a trigger.';
    COMMENT ON COLUMN @.unique_value.tenant_id IS 'The tenant within which the value is unique; 0: within the whole store.';
    COMMENT ON COLUMN @.unique_value.resource_type IS 'The name of the resource type that has the attribute.';
    COMMENT ON COLUMN @.unique_value.attribute IS 'The path of the attribute, such as emails.value.';
    COMMENT ON COLUMN @.unique_value.value IS 'A text that is the same for equal values: folded unless caseExact, and hashed where it is long.';
    COMMENT ON COLUMN @.unique_value.resource_id IS 'Whose value it is: the id of a row in resource.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE OR DELETE ON @.unique_value
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_unique_value();
    COMMENT ON TRIGGER scim_check ON @.unique_value IS 'Its rows are what the resources that are there have, all of it and no more.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.unique_value
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.unique_value IS 'Refuses TRUNCATE, after which a second resource could have what the first has.';

    CREATE TABLE @.credential (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        resource_id uuid NOT NULL,
        secret text NOT NULL,
        changed timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT credential_secret CHECK
            (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'),
        CONSTRAINT credential_changed CHECK (isfinite(changed))
    );
    COMMENT ON TABLE @.credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803), for scim.verify_password.';
    COMMENT ON COLUMN @.credential.tenant_id IS 'The tenant to whom the user belongs.';
    COMMENT ON COLUMN @.credential.resource_id IS 'The id of the user whose password it is.';
    COMMENT ON COLUMN @.credential.secret IS 'What is kept of the password: salt, iterations and keys of SCRAM-SHA-256.';
    COMMENT ON COLUMN @.credential.changed IS 'When the password was last set.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
    COMMENT ON TRIGGER scim_check ON @.credential IS 'A password is that of a resource which is there.';
    CREATE TRIGGER "0_scim_record" AFTER INSERT OR UPDATE OR DELETE ON @.credential
        FOR EACH ROW EXECUTE FUNCTION scim_internal.credential_record();
    COMMENT ON TRIGGER "0_scim_record" ON @.credential IS 'Counts up the version of whose password somebody else than the store writes, which the audit and events tell.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.credential
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.credential IS 'Refuses TRUNCATE, after which nobody had a password and no audit said so.';

    CREATE TABLE @.recovery_code (
        tenant_id int NOT NULL,
        resource_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        hash bytea NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        failures int NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT recovery_code_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT recovery_code_failures CHECK (failures BETWEEN 0 AND 5),
        CONSTRAINT recovery_code_issued_at CHECK (isfinite(issued_at)),
        CONSTRAINT recovery_code_expires_at CHECK (isfinite(expires_at))
    );
    CREATE UNIQUE INDEX recovery_code_name_key ON @.recovery_code (tenant_id, sha256(name::bytea));
    COMMENT ON TABLE @.recovery_code IS 'Codes by which people get back in, one for each at most and only as SHA-256; for the owner of the store, by scim.issue_recovery_code and scim.redeem_recovery_code.';
    COMMENT ON COLUMN @.recovery_code.tenant_id IS 'The tenant to whom the user belongs.';
    COMMENT ON COLUMN @.recovery_code.resource_id IS 'The id of the user who gets back in by it.';
    COMMENT ON COLUMN @.recovery_code.name IS 'The first ten characters of the code, by which it is found.';
    COMMENT ON COLUMN @.recovery_code.hash IS 'The SHA-256 of the whole code, which is not kept.';
    COMMENT ON COLUMN @.recovery_code.issued_at IS 'When scim.issue_recovery_code made it.';
    COMMENT ON COLUMN @.recovery_code.expires_at IS 'From when on it is not good any more.';
    COMMENT ON COLUMN @.recovery_code.failures IS 'How often somebody knew its name, but not the rest; after the fifth time it is gone.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.recovery_code
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
    COMMENT ON TRIGGER scim_check ON @.recovery_code IS 'A code is that of a resource which is there.';

    CREATE TABLE @.token (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        hash bytea NOT NULL,
        description text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        scopes text[] COLLATE "C",
        former_hash bytea,
        former_until timestamptz,
        last_used_at timestamptz,
        client_id uuid,
        former_used_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT token_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT token_created CHECK (isfinite(created)),
        CONSTRAINT token_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at)),
        CONSTRAINT token_description CHECK (octet_length(description) <= 1024),
        CONSTRAINT token_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
        CONSTRAINT token_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
        CONSTRAINT token_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL)),
        CONSTRAINT token_former_used CHECK (isfinite(former_used_at)),
        CONSTRAINT token_of_client CHECK (client_id IS NULL OR (expires_at IS NOT NULL AND former_hash IS NULL))
    );
    CREATE UNIQUE INDEX token_description_key ON @.token (tenant_id, description) WHERE revoked_at IS NULL;
    CREATE INDEX token_client_idx ON @.token (tenant_id, client_id, expires_at) WHERE client_id IS NOT NULL;
    CREATE INDEX token_hash_idx ON @.token (hash, tenant_id);
    CREATE INDEX token_former_hash_idx ON @.token (former_hash, tenant_id) WHERE former_hash IS NOT NULL;
    COMMENT ON TABLE @.token IS 'Bearer tokens of clients, only as SHA-256.';
    COMMENT ON COLUMN @.token.tenant_id IS 'The tenant for whom its bearer acts.';
    COMMENT ON COLUMN @.token.id IS 'By what scim.revoke_token knows the token.';
    COMMENT ON COLUMN @.token.hash IS 'The SHA-256 of the token, of which nothing else is kept.';
    COMMENT ON COLUMN @.token.description IS 'Whom the token was made for; the audit shows it as the actor. Unique among those of a tenant that are not revoked. Of an access token: its client and its id.';
    COMMENT ON COLUMN @.token.created IS 'When scim.create_token made it.';
    COMMENT ON COLUMN @.token.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';
    COMMENT ON COLUMN @.token.revoked_at IS 'When scim.revoke_token ended it; null where nobody did.';
    COMMENT ON COLUMN @.token.scopes IS 'What it is good for, as {read,User}: read or write, names of resource types, endpoint:NAME (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.token.former_hash IS 'The SHA-256 of the secret before scim.rotate_token, which is good until former_until.';
    COMMENT ON COLUMN @.token.former_until IS 'Until when the secret before scim.rotate_token is good.';
    COMMENT ON COLUMN @.token.last_used_at IS 'When a request with it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.token.former_used_at IS 'When a request with the secret before the last rotation was last let in, or up to an hour before that; null where none was since the rotation.';
    COMMENT ON COLUMN @.token.client_id IS 'Of an access token (RFC 6749): the client that fetched it, as which its bearer acts; null: scim.create_token made it.';
    CREATE TRIGGER scim_gone AFTER UPDATE OR DELETE ON @.token
        FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone ON @.token IS 'Settings of a token that is deleted go with it.';
    CREATE TRIGGER scim_gone_truncate BEFORE TRUNCATE ON @.token
        EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone_truncate ON @.token IS 'Settings of all that go by TRUNCATE go with them.';

    CREATE TABLE @.authentication_scheme (
        scheme text COLLATE "C" PRIMARY KEY,
        keyword text COLLATE "C" NOT NULL,
        credential text COLLATE "C" NOT NULL,
        second_header text COLLATE "C",
        type text COLLATE "C" NOT NULL,
        name text,
        description text,
        spec_uri text,
        is_primary boolean UNIQUE,
        UNIQUE (keyword, credential),
        CONSTRAINT authentication_scheme_scheme CHECK (octet_length(scheme) BETWEEN 1 AND 256),
        CONSTRAINT authentication_scheme_keyword_length CHECK (octet_length(keyword) <= 256),
        CONSTRAINT authentication_scheme_keyword CHECK (keyword ~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]*$'
            AND (keyword <> '' OR credential = 'token')),
        CONSTRAINT authentication_scheme_credential CHECK (credential IN ('token', 'password', 'jwt', 'access_token')),
        CONSTRAINT authentication_scheme_jwt CHECK (credential NOT IN ('jwt', 'access_token')
            OR (keyword = 'Bearer' AND second_header IS NULL)),
        CONSTRAINT authentication_scheme_second_header CHECK (second_header ~ '^[0-9a-z][0-9a-z-]*$'
            AND second_header !~ '^x-scim-|^authorization$'),
        CONSTRAINT authentication_scheme_type CHECK
            (type IN ('oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest')),
        CONSTRAINT authentication_scheme_description CHECK ((name IS NULL) = (description IS NULL)),
        CONSTRAINT authentication_scheme_primary CHECK (is_primary)
    );
    CREATE UNIQUE INDEX authentication_scheme_keyword_idx ON @.authentication_scheme (lower(keyword), credential);
    CREATE UNIQUE INDEX authentication_scheme_scheme_idx ON @.authentication_scheme (lower(scheme));
    COMMENT ON TABLE @.authentication_scheme IS 'The ways in which a client may say who it is, and what the ServiceProviderConfig tells of them.';
    COMMENT ON COLUMN @.authentication_scheme.scheme IS 'What scim.create_client and the table "client" call it.';
    COMMENT ON COLUMN @.authentication_scheme.keyword IS 'What stands before the credential in the header Authorization, in any letter case; empty: nothing.';
    COMMENT ON COLUMN @.authentication_scheme.credential IS 'token: a random secret, of table "token" or "client"; password: base64 of name:password of a client (RFC 7617); jwt: a JSON web token that the gateway has verified; access_token: what a client fetches at /.oauth/token (RFC 6749).';
    COMMENT ON COLUMN @.authentication_scheme.second_header IS 'The header, in lower case, in which a second secret of the client has to come along; null: none has to.';
    COMMENT ON COLUMN @.authentication_scheme.type IS 'The type that authenticationSchemes of the ServiceProviderConfig shows (RFC 7643 section 5).';
    COMMENT ON COLUMN @.authentication_scheme.name IS 'The name that authenticationSchemes shows; null: accepted, but not shown there.';
    COMMENT ON COLUMN @.authentication_scheme.description IS 'The description that authenticationSchemes shows.';
    COMMENT ON COLUMN @.authentication_scheme.spec_uri IS 'The specUri that authenticationSchemes shows.';
    COMMENT ON COLUMN @.authentication_scheme.is_primary IS 'Whether authenticationSchemes shows it as the preferred one: true in one row at most, null in the others.';

    CREATE TABLE @.endpoint (
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL UNIQUE,
        methods text[] COLLATE "C" NOT NULL,
        path text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        action text COLLATE "C" NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT endpoint_name CHECK (octet_length(name) <= 1200),
        CONSTRAINT endpoint_path CHECK (octet_length(path) <= 1024)
    );
    COMMENT ON TABLE @.endpoint IS 'Endpoints of one''s own beside those of SCIM: flat JSON over the resources of the store (doc/endpoints.md).';
    COMMENT ON COLUMN @.endpoint.id IS 'What the audit calls the row; nothing else refers to it.';
    COMMENT ON COLUMN @.endpoint.name IS 'What errors and other rows call it; where none is given, methods and path.';
    COMMENT ON COLUMN @.endpoint.methods IS 'Of GET, POST, PUT, PATCH and DELETE; HEAD goes with GET, and OPTIONS is always there.';
    COMMENT ON COLUMN @.endpoint.path IS 'Words, in any letter case, and one part in braces with the attributes that find a resource, as in /api/users/{id|emails.value}.';
    COMMENT ON COLUMN @.endpoint.resource_type IS 'The name of the resource type that it is about.';
    COMMENT ON COLUMN @.endpoint.action IS 'What is done: create, read, list, replace, merge, delete, or a step of the life-cycle such as suspend.';
    COMMENT ON COLUMN @.endpoint.enabled IS 'Whether it is there; one that is not is not checked either.';
    COMMENT ON COLUMN @.endpoint.settings IS 'Fields, lists, errors and all the rest, as doc/endpoints.md says.';

    CREATE TABLE @.setting (
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C",
        tenant_id int REFERENCES @.tenant,
        token_id uuid,
        value jsonb NOT NULL,
        UNIQUE NULLS NOT DISTINCT (name, resource_type, tenant_id, token_id)
    );
    COMMENT ON TABLE @.setting IS 'What this store has different from the defaults; scim.settings() lists all settings, and what holds.';
    COMMENT ON COLUMN @.setting.id IS 'What the audit calls the row; nothing else refers to it.';
    COMMENT ON COLUMN @.setting.name IS 'Which setting, as max_results; the setting of a session with scim. in front goes before all rows.';
    COMMENT ON COLUMN @.setting.resource_type IS 'The name of the resource type to which it applies; null: all.';
    COMMENT ON COLUMN @.setting.tenant_id IS 'The tenant to whom it applies; null: all.';
    COMMENT ON COLUMN @.setting.token_id IS 'The token or client, by its id, to whose requests it applies; null: to everything.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.setting
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_setting();
    COMMENT ON TRIGGER scim_check ON @.setting IS 'A setting for a token or client is for one that is there.';
    COMMENT ON COLUMN @.setting.value IS 'The value: a number, true or false, or a string, as the setting has it.';

    CREATE TABLE @.binding (
        tenant_id int REFERENCES @.tenant,
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        resource_type text COLLATE "C" NOT NULL REFERENCES @.resource_type,
        relation regclass NOT NULL UNIQUE,
        others regclass[] NOT NULL DEFAULT '{}',
        mapping jsonb NOT NULL,
        created timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON TABLE @.binding IS 'Tables of applications that are bound to resources of a type, by scim.bind_table (doc/applications.md).';
    COMMENT ON COLUMN @.binding.tenant_id IS 'The tenant whose resources the rows are; null: a column of the table says it.';
    COMMENT ON COLUMN @.binding.id IS 'By what binding_link knows it.';
    COMMENT ON COLUMN @.binding.resource_type IS 'The name of the resource type that is bound.';
    COMMENT ON COLUMN @.binding.relation IS 'The table that is bound, whatever it is called by now.';
    COMMENT ON COLUMN @.binding.others IS 'The tables that hold its multi-valued attributes and members, in the order of their attributes.';
    COMMENT ON COLUMN @.binding.mapping IS 'Which attribute is which column, and the rest that scim.bind_table was given.';
    COMMENT ON COLUMN @.binding.created IS 'When scim.bind_table made it.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.binding
        FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_door();
    COMMENT ON TRIGGER scim_door ON @.binding IS 'Lets only scim.bind_table and scim.unbind_table write it.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.binding
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.binding IS 'Refuses TRUNCATE, which would leave triggers without what they follow.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.binding
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.binding IS 'Makes every session read the bindings anew, once they are committed.';

    CREATE TABLE @.binding_link (
        tenant_id int NOT NULL,
        binding_id uuid NOT NULL,
        resource_id uuid NOT NULL,
        key text[] COLLATE "C",
        detached timestamptz,
        PRIMARY KEY (tenant_id, binding_id, resource_id),
        CONSTRAINT binding_link_detached CHECK (isfinite(detached))
    );
    -- Partial, lest the planner take it for a resource: before there are statistics, both look the same to it.
    CREATE UNIQUE INDEX binding_link_key_key ON @.binding_link (tenant_id, binding_id, key) WHERE key IS NOT NULL;
    COMMENT ON TABLE @.binding_link IS 'Which row of a bound table is which resource; kept by the triggers of both.';
    COMMENT ON COLUMN @.binding_link.tenant_id IS 'The tenant whose resource the row is.';
    COMMENT ON COLUMN @.binding_link.binding_id IS 'By which binding: the id of a row in binding.';
    COMMENT ON COLUMN @.binding_link.resource_id IS 'Which resource the row is, or was: an id of resource.';
    COMMENT ON COLUMN @.binding_link.key IS 'The key of the row, as text; null: the row has gone, and the resource was kept.';
    COMMENT ON COLUMN @.binding_link.detached IS 'Since when one of the two has gone and the other was kept; null: both are there.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.binding_link
        FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_door();
    COMMENT ON TRIGGER scim_door ON @.binding_link IS 'Lets only the store write it.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.binding_link
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.binding_link IS 'Refuses TRUNCATE, after which nobody knew which row is which resource.';

    CREATE TABLE @.database_role (
        tenant_id int NOT NULL,
        resource_id uuid NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        role text COLLATE "C" NOT NULL,
        role_id oid NOT NULL,
        database_id oid NOT NULL,
        made boolean NOT NULL,
        login boolean NOT NULL,
        granted text[] COLLATE "C" NOT NULL DEFAULT '{}',
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        ends_sessions_before timestamptz,
        server_id bigint NOT NULL,
        PRIMARY KEY (tenant_id, resource_id),
        UNIQUE (tenant_id, role)
    );
    COMMENT ON TABLE @.database_role IS 'Which roles of the database people log in as, by the policies "database_roles", and what these have done to them; the store writes it.';
    COMMENT ON COLUMN @.database_role.tenant_id IS 'The tenant whose person it is.';
    COMMENT ON COLUMN @.database_role.resource_id IS 'The person, who may be gone by now: an id of resource.';
    COMMENT ON COLUMN @.database_role.resource_type IS 'Of which type the person is, be he gone by now: a name in resource_type.';
    COMMENT ON COLUMN @.database_role.role IS 'By which name the person logs in to the database, as the store has left it.';
    COMMENT ON COLUMN @.database_role.role_id IS 'Its oid: another role of that name is not the one that is meant, and the same by another name is.';
    COMMENT ON COLUMN @.database_role.database_id IS 'The oid of the database: in a copy of it no role is the one that is meant.';
    COMMENT ON COLUMN @.database_role.made IS 'Whether the store has made the role, or scim.adopt_database_role() has given it to the person.';
    COMMENT ON COLUMN @.database_role.login IS 'Whether the person may log in, as the policy has left it.';
    COMMENT ON COLUMN @.database_role.granted IS 'The roles that the policy has granted.';
    COMMENT ON COLUMN @.database_role.since IS 'Since when the role is that of the person.';
    COMMENT ON COLUMN @.database_role.ends_sessions_before IS 'When the person last lost a role or the leave to log in: scim.end_database_sessions() ends sessions that began before.';
    COMMENT ON COLUMN @.database_role.server_id IS 'The system identifier of the server: on another one, as behind pg_upgrade, only a role that has that name, too, is the one that is meant.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.database_role
        FOR EACH ROW EXECUTE FUNCTION scim_internal.database_role_door();
    COMMENT ON TRIGGER scim_door ON @.database_role IS 'Lets only the store write it.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.database_role
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.database_role IS 'Refuses TRUNCATE, after which roles would follow nobody any more.';

    CREATE TABLE @.client (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        scheme text COLLATE "C" NOT NULL REFERENCES @.authentication_scheme ON UPDATE CASCADE,
        hash bytea,
        secret text,
        second_hash bytea,
        created timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        scopes text[] COLLATE "C",
        former_hash bytea,
        former_until timestamptz,
        former_second_hash bytea,
        last_used_at timestamptz,
        jwks jsonb,
        jwks_uri text COLLATE "C",
        jwks_fetched_at timestamptz,
        jwks_tried_at timestamptz,
        jwks_wanted_at timestamptz,
        jwks_error text,
        former_used_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT client_name CHECK (name <> '' AND octet_length(name) <= 256 AND position(':' IN name) = 0),
        CONSTRAINT client_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT client_secret CHECK
            (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'),
        CONSTRAINT client_one_secret CHECK (num_nonnulls(hash, secret) + (num_nonnulls(jwks, jwks_uri) > 0)::int = 1),
        CONSTRAINT client_second_hash CHECK (octet_length(second_hash) = 32),
        CONSTRAINT client_created CHECK (isfinite(created)),
        CONSTRAINT client_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at)),
        CONSTRAINT client_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
        CONSTRAINT client_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
        CONSTRAINT client_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL)),
        CONSTRAINT client_former_second CHECK (former_second_hash IS NULL OR (octet_length(former_second_hash) = 32 AND former_hash IS NOT NULL)),
        CONSTRAINT client_former_used CHECK (isfinite(former_used_at)),
        CONSTRAINT client_jwks CHECK (jsonb_typeof(jwks) = 'object'),
        CONSTRAINT client_jwks_uri CHECK (jwks_uri ~ '^https://[0-9A-Za-z[][!-~]*$' AND octet_length(jwks_uri) <= 2048),
        CONSTRAINT client_jwks_at CHECK (isfinite(jwks_fetched_at) AND isfinite(jwks_tried_at) AND isfinite(jwks_wanted_at))
    );
    CREATE INDEX client_hash_idx ON @.client (hash, tenant_id);
    CREATE INDEX client_former_hash_idx ON @.client (former_hash, tenant_id) WHERE former_hash IS NOT NULL;
    CREATE INDEX client_jwks_uri_idx ON @.client (tenant_id, jwks_tried_at) WHERE jwks_uri IS NOT NULL AND revoked_at IS NULL;
    CREATE UNIQUE INDEX client_name_key ON @.client (substr(name, 1)) WHERE revoked_at IS NULL;
    CREATE INDEX client_name_idx ON @.client (name, tenant_id) WHERE revoked_at IS NULL;
    COMMENT ON TABLE @.client IS 'Who may authenticate by a name or with two secrets; a bearer token needs no client.';
    COMMENT ON COLUMN @.client.tenant_id IS 'The tenant for which the client acts.';
    COMMENT ON COLUMN @.client.id IS 'By what scim.revoke_client knows the client.';
    COMMENT ON COLUMN @.client.name IS 'What the audit calls the client, and with a password the name that it logs in by; in OAuth 2.0 its client_id. Unique among those that are not revoked.';
    COMMENT ON COLUMN @.client.scheme IS 'The one way in which this client authenticates.';
    COMMENT ON COLUMN @.client.hash IS 'SHA-256 of a secret that was made by scim.create_client.';
    COMMENT ON COLUMN @.client.secret IS 'SCRAM-SHA-256 secret (RFC 5803) of a password that was chosen.';
    COMMENT ON COLUMN @.client.second_hash IS 'SHA-256 of the second secret, where the scheme wants one.';
    COMMENT ON COLUMN @.client.created IS 'When scim.create_client made it.';
    COMMENT ON COLUMN @.client.expires_at IS 'From when on its secrets are not good any more; null: no end.';
    COMMENT ON COLUMN @.client.revoked_at IS 'When scim.revoke_client ended it; null where nobody did.';
    COMMENT ON COLUMN @.client.scopes IS 'What it is good for, as {read,User}: read or write, names of resource types, endpoint:NAME (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.client.former_hash IS 'The SHA-256 of the secret before scim.rotate_client, which is good until former_until.';
    COMMENT ON COLUMN @.client.former_until IS 'Until when the secrets before scim.rotate_client are good.';
    COMMENT ON COLUMN @.client.former_second_hash IS 'The SHA-256 of the second secret before scim.rotate_client, which goes with former_hash.';
    COMMENT ON COLUMN @.client.last_used_at IS 'When a request of it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.client.former_used_at IS 'When a request with the secrets before the last rotation was last let in, or up to an hour before that; null where none was since the rotation.';
    COMMENT ON COLUMN @.client.jwks IS 'The public keys (RFC 7517) by which it signs who it is (RFC 7523), in place of a secret; of one with jwks_uri, those that were fetched last.';
    COMMENT ON COLUMN @.client.jwks_uri IS 'Where scim-relay fetches jwks from; null: it is set by hand.';
    COMMENT ON COLUMN @.client.jwks_fetched_at IS 'When jwks was fetched last; null: never.';
    COMMENT ON COLUMN @.client.jwks_tried_at IS 'When scim-relay was told to fetch jwks last.';
    COMMENT ON COLUMN @.client.jwks_wanted_at IS 'When somebody signed last by a key that jwks has not, so that it is worth to fetch it anew.';
    COMMENT ON COLUMN @.client.jwks_error IS 'Why jwks could not be fetched the last time; null: it could. What was fetched before stays good.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.client
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
    COMMENT ON TRIGGER scim_check ON @.client IS 'A client has the secrets that its scheme wants.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER UPDATE ON @.authentication_scheme
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
    COMMENT ON TRIGGER scim_check ON @.authentication_scheme IS 'A scheme that changes wants no other secrets than its clients have.';
    CREATE TRIGGER scim_gone AFTER UPDATE OR DELETE ON @.client
        FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone ON @.client IS 'Settings of a client that is deleted go with it.';
    CREATE TRIGGER scim_gone_truncate BEFORE TRUNCATE ON @.client
        EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone_truncate ON @.client IS 'Settings of all that go by TRUNCATE go with them.';
    ALTER TABLE @.token ADD CONSTRAINT token_client FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE;

    CREATE TABLE @.client_assertion (
        tenant_id int NOT NULL,
        client_id uuid NOT NULL,
        jti bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, client_id, jti),
        FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE,
        CONSTRAINT client_assertion_jti CHECK (octet_length(jti) = 32),
        CONSTRAINT client_assertion_expires_at CHECK (isfinite(expires_at))
    );
    CREATE INDEX client_assertion_expires_at_idx ON @.client_assertion (tenant_id, expires_at);
    COMMENT ON TABLE @.client_assertion IS 'Assertions (RFC 7523) that were accepted, each once: kept as long as they would be good. Only the store writes them.';
    COMMENT ON COLUMN @.client_assertion.tenant_id IS 'Whose the client is that has signed it.';
    COMMENT ON COLUMN @.client_assertion.client_id IS 'The client that has signed it: an id of client.';
    COMMENT ON COLUMN @.client_assertion.jti IS 'SHA-256 of its claim jti.';
    COMMENT ON COLUMN @.client_assertion.expires_at IS 'From when on it would not be accepted anyway, and the row may go.';

    CREATE TABLE @.client_failure (
        tenant_id int NOT NULL,
        key text COLLATE "C" NOT NULL,
        failures real NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key),
        CONSTRAINT client_failure_failures CHECK (failures >= 0 AND failures < 'Infinity'),
        CONSTRAINT client_failure_at CHECK (isfinite(at))
    );
    CREATE INDEX client_failure_at_idx ON @.client_failure (tenant_id, at);
    COMMENT ON TABLE @.client_failure IS 'How often somebody could not prove at /.oauth/token who he is, of late. Only the store writes it.';
    COMMENT ON COLUMN @.client_failure.tenant_id IS 'The tenant of the client; 0 where it is counted by address.';
    COMMENT ON COLUMN @.client_failure.key IS 'Of what it is counted: "client " and the id of a client, or "address " and that from which the requests came, of IPv6 the first half.';
    COMMENT ON COLUMN @.client_failure.failures IS 'How many there were at that time, of which one every six seconds is forgotten.';
    COMMENT ON COLUMN @.client_failure.at IS 'When the last one was.';

    CREATE TABLE @.secret (
        purpose text COLLATE "C" PRIMARY KEY,
        value bytea NOT NULL,
        CONSTRAINT secret_purpose CHECK (octet_length(purpose) <= 256),
        CONSTRAINT secret_cursor CHECK (purpose <> 'cursor' OR octet_length(value) = 32)
    );
    COMMENT ON TABLE @.secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865, "sealing" are the keys of scim.sealing_keys().';
    COMMENT ON COLUMN @.secret.purpose IS 'What the key is for, such as cursor.';
    COMMENT ON COLUMN @.secret.value IS 'The random bytes of the key, which nobody needs to know; of "sealing" a JWK Set (RFC 7517), the key that seals first, with the private parts of those that were made here.';
    INSERT INTO @.secret (purpose, value)
        SELECT 'cursor', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                             || uuid_send(gen_random_uuid()));

    CREATE TABLE @.audit (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        actor text NOT NULL,
        db_user name NOT NULL DEFAULT session_user,
        operation text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C",
        resource_id uuid,
        version bigint,
        member_id uuid,
        before jsonb,
        change uuid DEFAULT scim.change(),
        token_id uuid,
        subject text,
        role name,
        request_id text,
        object text COLLATE "C",
        key text COLLATE "C",
        status text COLLATE "C",
        detail jsonb,
        salt bytea,
        content_digest bytea,
        digest bytea,
        PRIMARY KEY (tenant_id, at, id)
    ) PARTITION BY RANGE (at);
    CREATE INDEX audit_resource_id_idx ON @.audit (tenant_id, resource_id, at, id);
    CREATE INDEX audit_change_idx ON @.audit (tenant_id, change);
    CREATE INDEX audit_member_id_idx ON @.audit (tenant_id, member_id, at) WHERE member_id IS NOT NULL;
    CREATE INDEX audit_members_idx ON @.audit (tenant_id, resource_id, at, id) WHERE member_id IS NOT NULL AND detail IS NOT NULL;
    CREATE INDEX audit_object_idx ON @.audit (tenant_id, object, key, at) WHERE object IS NOT NULL;
    COMMENT ON TABLE @.audit IS 'Who changed what and when, and what the record said before; partitioned by the months of UTC.';
    COMMENT ON COLUMN @.audit.tenant_id IS 'The tenant whose resource or configuration was changed; 0: what is the same for all tenants was.';
    COMMENT ON COLUMN @.audit.id IS 'A UUID version 7: rows sort in the order in which they were written.';
    COMMENT ON COLUMN @.audit.at IS 'When it was changed, by the clock, while its row was locked; as last_modified it rises with the version.';
    COMMENT ON COLUMN @.audit.transaction_id IS 'The transaction of the change: rows with the same number were one.';
    COMMENT ON COLUMN @.audit.actor IS 'Who acted, as scim.actor() says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.audit.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.audit.operation IS 'What was done: create, update, activate, suspend, reactivate, offboard, complete, restore, delete, purge, add member or remove member; invite, log out, recover or redeem, which change no document; break glass, beside what was done in spite of a policy managed; import, beside what scim.import has done; load, in place of a row create for each of those that a statement of scim.begin_load has made; link and unlink, beside what a policy link has made of a POST; database role, what a policy database_roles has done for the person; erase; unseal, of who has read what is kept sealed; of configuration create, update or delete and the name of the table.';
    COMMENT ON COLUMN @.audit.resource_type IS 'The name of the resource type of what was changed; null for configuration.';
    COMMENT ON COLUMN @.audit.resource_id IS 'The id of the resource that was changed; of the group, where a member came or went; null for configuration.';
    COMMENT ON COLUMN @.audit.version IS 'Which version the resource has since; null for members.';
    COMMENT ON COLUMN @.audit.member_id IS 'The id of the member that came or went; null for other changes.';
    COMMENT ON COLUMN @.audit.before IS 'What data held before the change, or the row of configuration without its secrets; null where there was nothing.';
    COMMENT ON COLUMN @.audit.change IS 'The same for all rows of audit and event that one transaction writes.';
    COMMENT ON COLUMN @.audit.token_id IS 'The id of the token or client by whose secret the request was let in; null where there was none.';
    COMMENT ON COLUMN @.audit.subject IS 'The subject of the JSON web token by which the request was let in; null where there was none.';
    COMMENT ON COLUMN @.audit.role IS 'The database role as which the statement was executed.';
    COMMENT ON COLUMN @.audit.request_id IS 'The id that the gateway gave the request, as in its log; null outside of one.';
    COMMENT ON COLUMN @.audit.object IS 'The table of configuration that was changed, such as policy; null for resources.';
    COMMENT ON COLUMN @.audit.key IS 'Which row of that table, by its primary key without the tenant; null for resources.';
    COMMENT ON COLUMN @.audit.status IS 'Where the resource was in its life before the change, or as it went; null for what was not there and for members.';
    COMMENT ON COLUMN @.audit.detail IS 'What else there is to know, as doc/audit.md says: "password", "was" with columns before the change, "members" of a group since then, "after" of configuration.';
    COMMENT ON COLUMN @.audit.salt IS 'Random bytes that content_digest begins with; gone with the content that scim.erase takes away.';
    COMMENT ON COLUMN @.audit.content_digest IS 'SHA-256 of salt, before and detail; null where there was no content.';
    COMMENT ON COLUMN @.audit.digest IS 'SHA-256 of all that the row says but the content, of which it is content_digest.';
    CREATE TRIGGER scim_door BEFORE INSERT ON @.audit
        FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_door();
    COMMENT ON TRIGGER scim_door ON @.audit IS 'Gives each row its digests, and lets only the store write any.';
    CREATE TRIGGER scim_guard BEFORE UPDATE OR DELETE ON @.audit
        FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_guard ON @.audit IS 'Refuses UPDATE and DELETE: what is written stays.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.audit
        EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_truncate ON @.audit IS 'Refuses TRUNCATE: what is written stays.';

    CREATE TABLE @.audit_seal (
        tenant_id int NOT NULL,
        position bigint NOT NULL,
        sealed_at timestamptz NOT NULL,
        horizon timestamptz NOT NULL,
        first_at timestamptz,
        last_at timestamptz,
        row_count int NOT NULL,
        total bigint NOT NULL,
        rows bytea NOT NULL,
        previous bytea NOT NULL,
        digest bytea NOT NULL,
        locator bytea,
        PRIMARY KEY (tenant_id, position)
    );
    ALTER TABLE @.audit_seal ALTER COLUMN rows SET STORAGE EXTERNAL;
    CREATE INDEX audit_seal_horizon_idx ON @.audit_seal (tenant_id, horizon);
    CREATE INDEX audit_seal_last_at_idx ON @.audit_seal (tenant_id, last_at);
    COMMENT ON TABLE @.audit_seal IS 'Links of a chain over the audit of each tenant, made by scim.seal_audit: from them scim.verify_audit sees what was altered, removed or added.';
    COMMENT ON COLUMN @.audit_seal.tenant_id IS 'Whose rows of the audit are sealed; 0: those of the configuration for all tenants.';
    COMMENT ON COLUMN @.audit_seal.position IS 'Which link of the chain it is, from 1 on.';
    COMMENT ON COLUMN @.audit_seal.sealed_at IS 'When scim.seal_audit made the link.';
    COMMENT ON COLUMN @.audit_seal.horizon IS 'No row with an instant until then was still to come: all of them are in this link or an earlier one.';
    COMMENT ON COLUMN @.audit_seal.first_at IS 'The first instant among its rows; null where it has none.';
    COMMENT ON COLUMN @.audit_seal.last_at IS 'The last instant among its rows; null where it has none.';
    COMMENT ON COLUMN @.audit_seal.row_count IS 'How many rows it seals; none where it says only that the horizon has moved.';
    COMMENT ON COLUMN @.audit_seal.total IS 'How many rows are sealed by it and the earlier ones.';
    COMMENT ON COLUMN @.audit_seal.rows IS 'The rows, 56 bytes for each: instant (timestamptz_send), id and digest; they stay when the month is dropped.';
    COMMENT ON COLUMN @.audit_seal.previous IS 'The digest of the link before; 32 bytes of zero for the first.';
    COMMENT ON COLUMN @.audit_seal.digest IS 'SHA-256 of the link: of all columns but this and locator, in their order, encoded as doc/audit.md says.';
    COMMENT ON COLUMN @.audit_seal.locator IS 'Of the newest link of a tenant: sums over all rows until the horizon, of which scim.audit_head makes what finds an altered row.';
    CREATE TRIGGER scim_guard BEFORE INSERT OR UPDATE OR DELETE ON @.audit_seal
        FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_guard ON @.audit_seal IS 'Lets only scim.seal_audit write links.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.audit_seal
        EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_truncate ON @.audit_seal IS 'Refuses TRUNCATE: what is sealed stays.';

    CREATE TABLE @.event (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        event_uri text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        version bigint,
        change uuid DEFAULT scim.change(),
        data jsonb,
        operation text COLLATE "C",
        actor text,
        external_id text,
        attributes text[] COLLATE "C",
        members_added uuid[],
        members_removed uuid[],
        position bigint,
        PRIMARY KEY (tenant_id, id)
    );
    CREATE UNIQUE INDEX event_position_key ON @.event (tenant_id, position) WHERE position IS NOT NULL;
    CREATE INDEX event_unread_idx ON @.event (tenant_id, at, id) WHERE position IS NULL;
    COMMENT ON TABLE @.event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on, or a policy "emit" asks for one; those of scim.invite and its like always.';
    COMMENT ON COLUMN @.event.tenant_id IS 'The tenant whose resource was changed.';
    COMMENT ON COLUMN @.event.id IS 'A UUID version 7; position, not this, is the order in which events are read.';
    COMMENT ON COLUMN @.event.at IS 'When it happened, by the clock, as in the audit.';
    COMMENT ON COLUMN @.event.transaction_id IS 'The transaction of the change: what is not committed yet may have lower ids than what is.';
    COMMENT ON COLUMN @.event.event_uri IS 'What happened: a name of RFC 9967 section 7, of OpenID''s CAEP or RISC, or of a policy "emit".';
    COMMENT ON COLUMN @.event.resource_type IS 'The name of the resource type of what was changed.';
    COMMENT ON COLUMN @.event.resource_id IS 'The id of the resource that was changed.';
    COMMENT ON COLUMN @.event.version IS 'Which version the resource has since the change.';
    COMMENT ON COLUMN @.event.change IS 'The same for all rows of audit and event that one transaction writes.';
    COMMENT ON COLUMN @.event.data IS 'What the event tells: the attributes that a policy "emit" names; where the policy "events" is "full", the resource as it was created or replaced, or the operations of the PATCH that makes the same change.';
    COMMENT ON COLUMN @.event.operation IS 'What was done, in the words of the audit; a policy "emit" tells of the same.';
    COMMENT ON COLUMN @.event.actor IS 'Who acted, as scim.actor() says; null in rows of versions before 0.4.0.';
    COMMENT ON COLUMN @.event.external_id IS 'The externalId of the resource, where it has one.';
    COMMENT ON COLUMN @.event.attributes IS 'Paths of the attributes that have another value since, never their values; null where the document is as it was.';
    COMMENT ON COLUMN @.event.members_added IS 'The ids of who became a member, of the first 1,000; null: nobody.';
    COMMENT ON COLUMN @.event.members_removed IS 'The ids of who is a member no more, of the first 1,000; null: nobody.';
    COMMENT ON COLUMN @.event.position IS 'Where the event stands among those of its tenant, from 1: given by the first reader after its commit; null until then.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.event
        FOR EACH ROW EXECUTE FUNCTION scim_internal.event_row();
    COMMENT ON TRIGGER scim_door ON @.event IS 'Refuses rows that the store could not have written, naming the row and showing no secret.';

    CREATE TABLE @.event_position (
        tenant_id int PRIMARY KEY,
        last bigint NOT NULL,
        CONSTRAINT event_position_last CHECK (last >= 0)
    );
    COMMENT ON TABLE @.event_position IS 'How far the events of each tenant are numbered; it outlives the events.';
    COMMENT ON COLUMN @.event_position.tenant_id IS 'The tenant whose events are counted.';
    COMMENT ON COLUMN @.event_position.last IS 'The highest position that was given.';

    CREATE TABLE @.consumer (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        filter text,
        event_uris text[] COLLATE "C",
        resource_types text[] COLLATE "C",
        channel text COLLATE "C",
        max_attempts int NOT NULL DEFAULT 10,
        created timestamptz NOT NULL DEFAULT now(),
        method text COLLATE "C" NOT NULL DEFAULT 'function',
        token_id uuid,
        endpoint text COLLATE "C",
        audience text[] COLLATE "C",
        lease interval NOT NULL DEFAULT '1 minute',
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name),
        CONSTRAINT consumer_method CHECK (method IN ('function', 'poll', 'push', 'webhook')),
        CONSTRAINT consumer_token_id CHECK ((method = 'poll') = (token_id IS NOT NULL)),
        CONSTRAINT consumer_endpoint CHECK ((method IN ('push', 'webhook')) = (endpoint IS NOT NULL)),
        CONSTRAINT consumer_endpoint_url CHECK (octet_length(endpoint) <= 2048 AND endpoint ~*
            '^(https://([0-9a-z][0-9a-z.-]*|\[[0-9a-f:.]+\])|http://(localhost|127[.]0[.]0[.]1|\[::1\]))(:[0-9]{1,5})?([/?][!-~]*)?$'),
        CONSTRAINT consumer_lease CHECK (lease BETWEEN '1 millisecond' AND '7 days'),
        CONSTRAINT consumer_name CHECK (octet_length(name) BETWEEN 1 AND 256),
        CONSTRAINT consumer_channel CHECK (octet_length(channel) BETWEEN 1 AND 63),
        CONSTRAINT consumer_max_attempts CHECK (max_attempts BETWEEN 1 AND 1000),
        CONSTRAINT consumer_created CHECK (isfinite(created))
    );
    COMMENT ON TABLE @.consumer IS 'Who reads events, each at a pace of his own (doc/events.md); made by scim.create_consumer.';
    COMMENT ON COLUMN @.consumer.tenant_id IS 'The tenant whose events he reads.';
    COMMENT ON COLUMN @.consumer.id IS 'By what the other tables know the consumer.';
    COMMENT ON COLUMN @.consumer.name IS 'What scim.next_events and its like call him.';
    COMMENT ON COLUMN @.consumer.filter IS 'A SCIM filter over events, such as operation eq "offboard"; null: all.';
    COMMENT ON COLUMN @.consumer.event_uris IS 'The event URIs that he wants, where * at the end stands for anything; null: all.';
    COMMENT ON COLUMN @.consumer.resource_types IS 'The names of the resource types whose events he wants; null: all.';
    COMMENT ON COLUMN @.consumer.channel IS 'The channel that is notified, without a payload, by each transaction that writes an event; null: nobody is.';
    COMMENT ON COLUMN @.consumer.max_attempts IS 'After so many failures an event is put aside as a dead letter.';
    COMMENT ON COLUMN @.consumer.method IS 'How he gets them: function, by scim.next_events; poll, by HTTP (RFC 8936); push (RFC 8935) or webhook, from the relay.';
    COMMENT ON COLUMN @.consumer.token_id IS 'The id of the token or client that may poll; null for other methods.';
    COMMENT ON COLUMN @.consumer.endpoint IS 'The URL that the relay sends events to, https or of this very machine; null for other methods.';
    COMMENT ON COLUMN @.consumer.audience IS 'What the claim aud of his Security Event Tokens holds; null: his name.';
    COMMENT ON COLUMN @.consumer.lease IS 'How long who polls, or the relay, has events until they are given out again.';
    COMMENT ON COLUMN @.consumer.created IS 'When scim.create_consumer made it.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.consumer
        FOR EACH ROW EXECUTE FUNCTION scim_internal.consumer_door();
    COMMENT ON TRIGGER scim_door ON @.consumer IS 'Refuses who could never be told anything, and an endpoint or audience that is none.';
    CREATE TRIGGER scim_wants AFTER UPDATE OF filter, event_uris, resource_types ON @.consumer
        FOR EACH ROW EXECUTE FUNCTION scim_internal.consumer_wants();
    COMMENT ON TRIGGER scim_wants ON @.consumer IS 'What he has not been given yet and does not want any more is none of his.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.consumer
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.consumer IS 'Makes every session read the channels anew, once they are committed.';

    CREATE TABLE @.consumer_secret (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        "authorization" text,
        key bytea,
        PRIMARY KEY (tenant_id, consumer_id),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE,
        CONSTRAINT consumer_secret_authorization CHECK (octet_length("authorization") <= 4096 AND "authorization" ~ '^[ -~]+$'),
        CONSTRAINT consumer_secret_key CHECK (octet_length(key) BETWEEN 24 AND 64)
    );
    COMMENT ON TABLE @.consumer_secret IS 'What nobody but the owner may know of consumers that the relay sends to.';
    COMMENT ON COLUMN @.consumer_secret.tenant_id IS 'The tenant whose events are sent.';
    COMMENT ON COLUMN @.consumer_secret.consumer_id IS 'Whose secrets these are: the id of a row of table consumer.';
    COMMENT ON COLUMN @.consumer_secret."authorization" IS 'The header Authorization that his endpoint wants to see; null: none.';
    COMMENT ON COLUMN @.consumer_secret.key IS 'With what the messages of a webhook are signed (HMAC-SHA-256).';

    CREATE TABLE @.signing_key (
        id uuid PRIMARY KEY,
        algorithm text COLLATE "C" NOT NULL,
        private_key bytea NOT NULL,
        public_key jsonb NOT NULL,
        use_from timestamptz NOT NULL DEFAULT now(),
        created timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT signing_key_algorithm CHECK (algorithm IN ('ES256', 'RS256'))
    );
    COMMENT ON TABLE @.signing_key IS 'Keys that sign Security Event Tokens, for the owner of the store only; the newest that may be used does.';
    COMMENT ON COLUMN @.signing_key.id IS 'By what receivers know the key: kid in its tokens.';
    COMMENT ON COLUMN @.signing_key.algorithm IS 'ES256 or RS256, as RFC 7518 calls what it signs by.';
    COMMENT ON COLUMN @.signing_key.private_key IS 'What signs, in DER: no function shows it.';
    COMMENT ON COLUMN @.signing_key.public_key IS 'What verifies, as scim.jwks() shows it (RFC 7517).';
    COMMENT ON COLUMN @.signing_key.use_from IS 'Not before does it sign, so that receivers know it by then.';
    COMMENT ON COLUMN @.signing_key.created IS 'When scim.create_signing_key made it.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.signing_key
        FOR EACH ROW EXECUTE FUNCTION scim_internal.signing_key_row();
    COMMENT ON TRIGGER scim_door ON @.signing_key IS 'A pair of keys is one: what is published verifies what is signed.';

    CREATE TABLE @.consumer_position (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        position bigint NOT NULL,
        PRIMARY KEY (tenant_id, consumer_id),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
    );
    COMMENT ON TABLE @.consumer_position IS 'How far each consumer has come; whoever gives him events locks his row.';
    COMMENT ON COLUMN @.consumer_position.tenant_id IS 'The tenant whose events he reads.';
    COMMENT ON COLUMN @.consumer_position.consumer_id IS 'Who reads: the id of a row of the table of that name.';
    COMMENT ON COLUMN @.consumer_position.position IS 'Events up to this one have been looked at: those that he wants and has not acknowledged are in the table delivery.';

    CREATE TABLE @.delivery (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        position bigint NOT NULL,
        event_id uuid NOT NULL,
        resource_id uuid NOT NULL,
        lease_id uuid,
        attempts int NOT NULL DEFAULT 0,
        failures int NOT NULL DEFAULT 0,
        last_attempt_at timestamptz,
        next_attempt_at timestamptz,
        last_error text,
        dead_at timestamptz,
        PRIMARY KEY (tenant_id, consumer_id, position),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
    ) WITH (fillfactor = 80);
    CREATE INDEX delivery_resource_id_idx ON @.delivery (tenant_id, consumer_id, resource_id, position);
    CREATE INDEX delivery_event_id_idx ON @.delivery (tenant_id, event_id);
    CREATE INDEX delivery_next_attempt_at_idx ON @.delivery (tenant_id, consumer_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL AND dead_at IS NULL;
    COMMENT ON TABLE @.delivery IS 'Events that a consumer wants and has not acknowledged, dead letters included.';
    COMMENT ON COLUMN @.delivery.tenant_id IS 'The tenant of the consumer and of the event.';
    COMMENT ON COLUMN @.delivery.consumer_id IS 'The id of the consumer who wants it.';
    COMMENT ON COLUMN @.delivery.position IS 'The position of the event, in which order it is given out.';
    COMMENT ON COLUMN @.delivery.event_id IS 'What is to be given out: the id of a row of the table of that name.';
    COMMENT ON COLUMN @.delivery.resource_id IS 'The resource that the event is about, of which one worker at a time has events.';
    COMMENT ON COLUMN @.delivery.lease_id IS 'The lease under which a worker has it, or had it until that expired; null: nobody has.';
    COMMENT ON COLUMN @.delivery.attempts IS 'How often it was given out.';
    COMMENT ON COLUMN @.delivery.failures IS 'How often a worker said that it failed.';
    COMMENT ON COLUMN @.delivery.last_attempt_at IS 'When it was given out last.';
    COMMENT ON COLUMN @.delivery.next_attempt_at IS 'Not before is it given out again; null: at once.';
    COMMENT ON COLUMN @.delivery.last_error IS 'What a worker said of its last failure.';
    COMMENT ON COLUMN @.delivery.dead_at IS 'Since when it is a dead letter, which is given out no more; null: it is none.';

    CREATE TABLE @.lease (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        resource_id uuid NOT NULL,
        id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, consumer_id, resource_id),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
    ) WITH (fillfactor = 80);
    COMMENT ON TABLE @.lease IS 'Resources whose events a worker of a consumer has, so that no other has them.';
    COMMENT ON COLUMN @.lease.tenant_id IS 'The tenant whose events are given out.';
    COMMENT ON COLUMN @.lease.consumer_id IS 'Whose worker has them: the id of a row of table consumer.';
    COMMENT ON COLUMN @.lease.resource_id IS 'Which events a worker has: all of the resource with this id that were given out.';
    COMMENT ON COLUMN @.lease.id IS 'The same for all that one call of scim.next_events gave.';
    COMMENT ON COLUMN @.lease.expires_at IS 'From when on another worker may take the resource over.';

    CREATE TABLE @.guard (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        policy_id uuid NOT NULL,
        key text COLLATE "C" NOT NULL,
        actor text,
        used bigint NOT NULL DEFAULT 0,
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        tripped_at timestamptz,
        tripped_by text,
        resource_id uuid,
        PRIMARY KEY (tenant_id, id),
        UNIQUE (policy_id, tenant_id, key)
    ) WITH (fillfactor = 50);
    COMMENT ON TABLE @.guard IS 'Where the policies "guard" are: a row for each that has counted something, by tenant or by who acts; scim.guards() shows them, scim.release_guard() sets them going again.';
    COMMENT ON COLUMN @.guard.tenant_id IS 'The tenant in whom it is counted.';
    COMMENT ON COLUMN @.guard.id IS 'By what guard_count knows the row.';
    COMMENT ON COLUMN @.guard.policy_id IS 'The policy whose guard it is; where that goes, the row does.';
    COMMENT ON COLUMN @.guard.key IS 'Of whom it is counted: empty, of all in the tenant; or the id of a token or client, "subject: " or "role: " and a name.';
    COMMENT ON COLUMN @.guard.actor IS 'Who that is, as scim.actor() said when it was first counted; null: all in the tenant.';
    COMMENT ON COLUMN @.guard.used IS 'How many were counted; what is too long ago is taken off when the next is.';
    COMMENT ON COLUMN @.guard.changed_at IS 'When it last counted, or was looked at to keep the last holder.';
    COMMENT ON COLUMN @.guard.tripped_at IS 'Since when it refuses everything that it counts; null: it does not.';
    COMMENT ON COLUMN @.guard.tripped_by IS 'Who made it trip, as scim.actor() said.';
    COMMENT ON COLUMN @.guard.resource_id IS 'The id of the resource with which it tripped.';

    CREATE TABLE @.guard_count (
        tenant_id int NOT NULL,
        guard_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL,
        amount bigint NOT NULL,
        PRIMARY KEY (tenant_id, guard_id, at, id),
        FOREIGN KEY (tenant_id, guard_id) REFERENCES @.guard ON DELETE CASCADE
    );
    COMMENT ON TABLE @.guard_count IS 'What guards have counted, a row for each statement, until it is too long ago.';
    COMMENT ON COLUMN @.guard_count.tenant_id IS 'The tenant in whom it is counted.';
    COMMENT ON COLUMN @.guard_count.guard_id IS 'Which guard has counted it: the id of a row of that table.';
    COMMENT ON COLUMN @.guard_count.id IS 'Tells apart what was counted at the same instant.';
    COMMENT ON COLUMN @.guard_count.at IS 'When it was counted, by the clock.';
    COMMENT ON COLUMN @.guard_count.amount IS 'By how many resources, of those that the guard counts, one statement brought the count up.';

    CREATE TABLE @.origin (
        tenant_id int NOT NULL,
        resource_id uuid NOT NULL,
        token_id uuid,
        actor text NOT NULL,
        linked_at timestamptz,
        released_at timestamptz,
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT origin_finite CHECK (isfinite(linked_at) AND isfinite(released_at))
    );
    COMMENT ON TABLE @.origin IS 'Whose a resource is: which token made or linked it. For policies "managed" that are about what their owner has made, and "link", whose resources are nobody''s until then.';
    COMMENT ON COLUMN @.origin.tenant_id IS 'The tenant whose resource it is.';
    COMMENT ON COLUMN @.origin.resource_id IS 'What was made or linked: the id of a row of resource, for as long as that is there.';
    COMMENT ON COLUMN @.origin.token_id IS 'The id of the token or client that made or linked it; null: who did had a JSON web token, or no credentials.';
    COMMENT ON COLUMN @.origin.actor IS 'Who that was, as scim.actor() said; without credentials, "role: " and the role of the database.';
    COMMENT ON COLUMN @.origin.linked_at IS 'When it was linked, by the policy "link" or with an externalId that the token gave it; null: it was made by it.';
    COMMENT ON COLUMN @.origin.released_at IS 'When it became nobody''s again, by scim.unlink_resource; null: it is somebody''s.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.origin
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_origin();
    COMMENT ON TRIGGER scim_check ON @.origin IS 'What is somebody''s is a resource which is there.';

    INSERT INTO @.schema (id, document)
        SELECT document ->> 'id', document FROM scim_internal.core_schemas();
    INSERT INTO @.resource_type (name, document, table_name)
        SELECT document ->> 'name', document,
               CASE document ->> 'name' WHEN 'User' THEN 'users' ELSE 'groups' END
        FROM scim_internal.core_resource_types();
    INSERT INTO @.policy (resource_type, kind, name, enabled, settings) VALUES
        ('User', 'identity', 'identity', false, '{"userName": "primaryEmail"}'),
        ('User', 'delete', 'delete', true, '{"mode": "retain"}'),
        ('Group', 'delete', 'delete', true, '{"mode": "hard"}'),
        ('User', 'audit', 'audit', true, '{}'),
        ('Group', 'audit', 'audit', true, '{}'),
        ('User', 'events', 'events', false, '{}'),
        ('Group', 'events', 'events', false, '{}');
    INSERT INTO @.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri, is_primary) VALUES
        ('Bearer', 'Bearer', 'token', 'oauthbearertoken', 'OAuth Bearer Token', 'A token in the header Authorization: Bearer',
         'https://www.rfc-editor.org/info/rfc6750', true),
        ('bare', '', 'token', 'oauthbearertoken', NULL, NULL, NULL, NULL),
        ('JWT', 'Bearer', 'jwt', 'oauthbearertoken', NULL, NULL, NULL, NULL);

    $ddl$) AS statement;
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.store
        FOR EACH ROW EXECUTE FUNCTION scim_internal.store_row();
    COMMENT ON TRIGGER scim_door ON @.store IS 'A row that comes while this is here comes out of a dump of the data alone; it stays, and says what scim.upgrade_store says.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.store
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.store IS 'Refuses TRUNCATE, after which nobody knew what the store is.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.store
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.store IS 'Makes every session look again which version the store is of.';
    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE OR DELETE ON @.policy
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();
    COMMENT ON TRIGGER scim_lock ON @.policy IS 'Lets one session at a time write what the store is configured to be.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.policy
        FOR EACH ROW EXECUTE FUNCTION scim_internal.policy_door();
    COMMENT ON TRIGGER scim_door ON @.policy IS 'Refuses a kind that there is not, and gives a policy without a name that of its kind.';
    CREATE TRIGGER scim_registry AFTER TRUNCATE ON @.policy
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.policy IS 'Makes every session read the policies anew, once they are committed.';
    CREATE TRIGGER scim_registry_delete AFTER DELETE ON @.policy REFERENCING OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_delete ON @.policy IS 'The same; what was unique by one that is gone is so no more.';
    CREATE TRIGGER scim_registry_insert AFTER INSERT ON @.policy REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_insert ON @.policy IS 'Checks new policies, and makes every session read them.';
    CREATE TRIGGER scim_registry_update AFTER UPDATE ON @.policy REFERENCING NEW TABLE AS changed OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_update ON @.policy IS 'Checks changed policies, and makes every session read them.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.authentication_scheme
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.authentication_scheme IS 'Makes every session read the ways of authentication anew, once they are committed.';
    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON @.setting
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();
    COMMENT ON TRIGGER scim_lock ON @.setting IS 'Lets one session at a time write what the store is configured to be.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.setting
        FOR EACH ROW EXECUTE FUNCTION scim_internal.setting_door();
    COMMENT ON TRIGGER scim_door ON @.setting IS 'Refuses what is no setting, and values that one cannot have.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.setting
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.setting IS 'Makes every session read the settings anew, once they are committed.';
    CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON @.resource_type
        FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_record();
    COMMENT ON TRIGGER scim_record ON @.resource_type IS 'Makes the partition of a new resource type, and drops that of one that is gone.';
    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON @.endpoint
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();
    COMMENT ON TRIGGER scim_lock ON @.endpoint IS 'Lets one session at a time write what the store is configured to be, so that no two endpoints share a path.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.endpoint
        FOR EACH ROW EXECUTE FUNCTION scim_internal.endpoint_door();
    COMMENT ON TRIGGER scim_door ON @.endpoint IS 'Writes methods in upper case, and a name where there is none.';
    CREATE TRIGGER scim_served AFTER INSERT OR UPDATE OR DELETE ON @.endpoint
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();
    COMMENT ON TRIGGER scim_served ON @.endpoint IS 'Refuses endpoints that cannot work, and makes every session read them anew, once they are committed.';
    CREATE TRIGGER scim_served_before BEFORE INSERT OR UPDATE OR DELETE ON @.schema
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();
    COMMENT ON TRIGGER scim_served_before ON @.schema IS 'Notes which endpoints do not work already.';
    CREATE TRIGGER scim_served_before BEFORE INSERT OR UPDATE OR DELETE ON @.resource_type
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();
    COMMENT ON TRIGGER scim_served_before ON @.resource_type IS 'Notes which endpoints do not work already.';
    CREATE TRIGGER scim_served AFTER INSERT OR UPDATE OR DELETE ON @.schema
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();
    COMMENT ON TRIGGER scim_served ON @.schema IS 'Refuses a change that would leave an endpoint without what it names.';
    CREATE TRIGGER scim_served AFTER INSERT OR UPDATE OR DELETE ON @.resource_type
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();
    COMMENT ON TRIGGER scim_served ON @.resource_type IS 'Refuses a change that would leave an endpoint without what it names.';

    $ddl$) AS statement;
    -- What the store is configured to be, with the columns that hold secrets.
    FOR table_name, arguments IN VALUES ('tenant', ''), ('schema', ''), ('resource_type', ''), ('policy', ''), ('setting', ''), ('endpoint', ''),
        ('authentication_scheme', ''), ('token', '''hash'', ''former_hash'', ''-last_used_at'', ''-former_used_at'', ''!client_id'''),
        ('client', '''hash'', ''secret'', ''second_hash'', ''former_hash'', ''former_second_hash'', ''-last_used_at'', ''-former_used_at'', ''-jwks_fetched_at'', ''-jwks_tried_at'', ''-jwks_wanted_at'', ''-jwks_error'''), ('secret', '''value'''),
        ('tenant_role', ''), ('binding', ''), ('consumer', ''), ('consumer_secret', '''authorization'', ''key'''), ('signing_key', '''private_key'''),
        ('guard', '''-used'', ''-changed_at'', ''+tripped_at''')
    LOOP
        RETURN NEXT format('CREATE TRIGGER "0_scim_audit" AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_change(%s)',
            store, table_name, arguments);
        RETURN NEXT format('COMMENT ON TRIGGER "0_scim_audit" ON %I.%I IS %L', store, table_name, 'Writes the audit of each change, without secrets, before the AFTER triggers of others.');
        CONTINUE WHEN table_name IN ('tenant', 'schema', 'resource_type', 'binding');
        RETURN NEXT format('CREATE TRIGGER scim_audit_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim_internal.audit_change(%s)',
            store, table_name, arguments);
        RETURN NEXT format('COMMENT ON TRIGGER scim_audit_truncate ON %I.%I IS %L', store, table_name, 'Writes the audit of all rows that go.');
    END LOOP;
    -- The others do not fire for what logical replication applies, which has been checked where it was written.
    FOREACH table_name IN ARRAY ARRAY['tenant', 'tenant_role', 'schema', 'resource_type', 'policy', 'setting', 'authentication_scheme', 'endpoint', 'consumer', 'binding', 'store'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_replicated AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_replicated()', store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_replicated ON %I.%I IS %L', store, table_name, 'Makes every session read anew what logical replication has changed.');
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER scim_replicated', store, table_name);
    END LOOP;
    -- One of its own, as a distributed engine wants it.
    FOREACH table_name IN ARRAY ARRAY['tenant_role', 'consumer', 'store', 'authentication_scheme', 'setting', 'endpoint'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_truncated AFTER TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.%I()', store, table_name,
            CASE table_name WHEN 'endpoint' THEN 'endpoint_changed' ELSE 'registry_changed' END);
        RETURN NEXT format('COMMENT ON TRIGGER scim_truncated ON %I.%I IS %L', store, table_name, 'Makes every session read the table anew, of which nothing is left.');
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        RETURN QUERY SELECT replace(statement, '@', format('%I.%I', store, table_name)) FROM scim_internal.split_statements($ddl$

    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();
    COMMENT ON TRIGGER scim_lock ON @ IS 'Only the owner of the store changes this, and nobody writes resources meanwhile.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_door();
    COMMENT ON TRIGGER scim_door ON @ IS 'Checks the document by RFC 7643 sections 6 and 7, and completes it.';
    CREATE TRIGGER scim_registry_insert AFTER INSERT ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_insert ON @ IS 'Checks that the registry holds together, and makes every session read it anew.';
    CREATE TRIGGER scim_registry_update AFTER UPDATE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_update ON @ IS 'The same after a change, by which stored resources must stay valid.';
    CREATE TRIGGER scim_registry_delete AFTER DELETE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_delete ON @ IS 'The same after a removal, by which stored resources must stay valid.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @ IS 'Refuses TRUNCATE, which would leave resources without their schemas.';

        $ddl$) AS statement;
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['token', 'client'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.token_row()',
            store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_door ON %I.%I IS %L', store, table_name,
            'Holds rows that somebody writes himself to what scim.create_token and its like do.');
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['tenant', 'credential', 'recovery_code', 'token', 'authentication_scheme', 'client', 'secret', 'signing_key', 'consumer', 'consumer_secret', 'tenant_role', 'origin',
            'store', 'delivery', 'lease', 'guard', 'guard_count', 'unique_value', 'consumer_position', 'event_position', 'binding_link', 'client_assertion', 'client_failure'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_row BEFORE INSERT OR UPDATE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.plain_row()',
            store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_row ON %I.%I IS %L', store, table_name,
            'Refuses what constraints refuse, naming the row and showing no secret.');
    END LOOP;
    -- Those whose rows go without a trigger of theirs; apart, as a distributed engine wants it.
    FOREACH table_name IN ARRAY ARRAY['recovery_code', 'origin', 'event', 'event_position', 'consumer_position', 'delivery', 'lease', 'guard_count', 'client_assertion', 'client_failure'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_scope BEFORE DELETE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.scope_statement()', store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_scope ON %I.%I IS %L', store, table_name, 'Refuses whom scopes bind.');
        RETURN NEXT format('CREATE TRIGGER scim_scope_truncate BEFORE TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.scope_statement()', store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_scope_truncate ON %I.%I IS %L', store, table_name, 'Refuses whom scopes bind.');
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['tenant', 'resource', 'member', 'unique_value', 'credential', 'token', 'client', 'consumer', 'consumer_position', 'delivery', 'lease', 'event_position', 'guard', 'guard_count', 'origin', 'binding_link'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.');
    END LOOP;
    -- Written by the store only; events that are sent may be deleted.
    RETURN NEXT format('ALTER TABLE %I.event ENABLE ROW LEVEL SECURITY', store);
    RETURN NEXT format('CREATE POLICY tenant ON %I.event FOR SELECT USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.event IS %L', store,
        'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; the store writes them.');
    -- One condition, which an index takes: of two, EXPLAIN would count the rows of others.
    FOREACH table_name IN ARRAY ARRAY['audit', 'audit_seal'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I FOR SELECT USING (tenant_id = ANY (ARRAY[0, scim.tenant()]))', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one and what was changed for all tenants, 0; the store writes them.');
    END LOOP;
    RETURN NEXT format('CREATE POLICY sent ON %I.event FOR DELETE USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY sent ON %I.event IS %L', store,
        'Whoever has sent events of his tenant may delete them.');
    -- Registry and store-wide policies are the same for every tenant.
    FOREACH table_name IN ARRAY ARRAY['store', 'schema', 'resource_type', 'authentication_scheme', 'endpoint'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY store_wide ON %I.%I FOR SELECT USING (true)', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY store_wide ON %I.%I IS %L', store, table_name,
            'The same for every tenant: all may read it, only the owner changes it.');
    END LOOP;
    -- Where row-level security is forced upon the owner, he still sees to what the store is.
    FOREACH table_name IN ARRAY ARRAY['store', 'schema', 'resource_type', 'authentication_scheme', 'endpoint', 'secret', 'consumer_secret', 'signing_key', 'tenant_role', 'tenant', 'policy', 'setting', 'binding'] LOOP
        RETURN NEXT format('CREATE POLICY owner ON %I.%I USING (scim_internal.is_owner(%L::regnamespace))', store, table_name, quote_ident(store));
        RETURN NEXT format('COMMENT ON POLICY owner ON %I.%I IS %L', store, table_name,
            'What the store is configured to be is up to its owner, also where row-level security is forced upon him.');
    END LOOP;
    -- No other policy: for the owner only.
    FOREACH table_name IN ARRAY ARRAY['secret', 'consumer_secret', 'signing_key', 'tenant_role'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    END LOOP;
    -- That somebody has a code may be seen, where columns are granted; what it is, by nobody.
    RETURN NEXT format('ALTER TABLE %I.recovery_code ENABLE ROW LEVEL SECURITY', store);
    RETURN NEXT format('CREATE POLICY tenant ON %I.recovery_code FOR SELECT USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.recovery_code IS %L', store,
        'Whoever acts for a tenant, by scim.tenant(), sees whose codes there are; only the owner writes them.');
    FOREACH table_name IN ARRAY ARRAY['client_assertion', 'client_failure'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I FOR SELECT USING (tenant_id = scim.tenant())', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; only the store writes them.');
    END LOOP;
    -- Who could write it would have the owner of the store change roles that are none of its people.
    RETURN NEXT format('ALTER TABLE %I.database_role ENABLE ROW LEVEL SECURITY', store);
    RETURN NEXT format('CREATE POLICY tenant ON %I.database_role FOR SELECT USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.database_role IS %L', store,
        'Whoever acts for a tenant, by scim.tenant(), sees the roles of its people; only the store writes them.');
    FOREACH table_name IN ARRAY ARRAY['policy', 'setting', 'binding'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.');
        RETURN NEXT format('CREATE POLICY store_wide ON %I.%I FOR SELECT USING (tenant_id IS NULL)', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY store_wide ON %I.%I IS %L', store, table_name,
            'What holds for all tenants may be read by all of them.');
    END LOOP;
    RETURN QUERY SELECT scim_internal.view_statements(store);
END
$function$;
COMMENT ON FUNCTION scim_internal.store_statements(name) IS
'The statements that make a store, but for the tables of its resource types: scim_internal.resource_table_statements has those.';

CREATE OR REPLACE FUNCTION scim_internal.force_row_security(store name)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT c.oid
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relrowsecurity AND NOT c.relforcerowsecurity
          AND EXISTS (SELECT FROM pg_class r WHERE r.relnamespace = c.relnamespace AND r.relname = 'resource' AND r.relforcerowsecurity)
    LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.force_row_security(name) IS
'Where the table "resource" of a store has its row-level security forced upon its owner, all others that have row-level security get the same.';

CREATE OR REPLACE FUNCTION scim.create_store(name text DEFAULT 'directory')
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    store CONSTANT text := create_store.name;
    statement text;
BEGIN
    IF store IS NULL OR store = '' OR octet_length(store) > 63 THEN
        RAISE EXCEPTION 'invalid store name: %', coalesce(quote_literal(store), 'NULL')
            USING ERRCODE = 'invalid_name',
                  DETAIL = 'A store is a schema: its name has 1 to 63 bytes.';
    END IF;
    PERFORM scim_internal.refuse_scopes(NULL, 'make stores');
    -- Citus would take each table for one of a tenant of its own, whose triggers it drops.
    IF scim_internal.distributor() AND coalesce(nullif(current_setting('citus.enable_schema_based_sharding', true), ''), 'off')::boolean THEN
        RAISE EXCEPTION 'store "%" is no schema that Citus may shard', store
            USING ERRCODE = 'feature_not_supported', DETAIL = 'The setting citus.enable_schema_based_sharding is on.',
                  HINT = 'SET citus.enable_schema_based_sharding = off; scim.distribute_store() distributes a store by its tenants.';
    END IF;
    FOR statement IN SELECT scim_internal.store_statements(store) LOOP
        EXECUTE scim_internal.of_store(statement, store);
    END LOOP;
    PERFORM scim_internal.create_resource_table(store, 'users', 'User');
    PERFORM scim_internal.create_resource_table(store, 'groups', 'Group');
    PERFORM scim_internal.first_views(to_regclass(format('%I.store', store)));
    PERFORM scim_internal.create_audit_tables(store);
    IF coalesce(nullif(current_setting('scim.force_row_security', true), ''), 'off')::boolean THEN
        EXECUTE format('ALTER TABLE %I.resource FORCE ROW LEVEL SECURITY', store);
        PERFORM scim_internal.force_row_security(store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim.create_store(text) IS
'Makes a store: a schema of that name with the tables of a SCIM service provider, owned by the caller, with the core schemas User, Group and Enterprise User. The tables are ordinary ones, not members of the extension. The setting scim.store says which store the other functions use. With the setting scim.force_row_security row-level security binds the owner, too.';
-- Views in each store, for those who audit it.

CREATE OR REPLACE FUNCTION scim_internal.text_at(document jsonb, path text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN path ~* '^urn:' AND path !~* '^urn:ietf:params:scim:schemas:core:'
        THEN (SELECT e.value #>> string_to_array(substr(path, length(e.key) + 2), '.')
              FROM jsonb_each(CASE jsonb_typeof(document) WHEN 'object' THEN document END) AS e
              WHERE starts_with(lower(path), lower(e.key) || ':') AND jsonb_typeof(e.value) = 'object' LIMIT 1)
        ELSE document #>> string_to_array(substring(path FROM '[^:]*$'), '.') END;
COMMENT ON FUNCTION scim_internal.text_at(jsonb, text) IS
'What a document holds at a path, which spells the attribute as the schema does; NULL where it holds nothing.';

CREATE OR REPLACE FUNCTION scim_internal.ends_at(said text) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'scim_ends_at'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.ends_at(text) IS
'The instant that a text states, of a date the end of that day of UTC; NULL where it states none.';

CREATE OR REPLACE FUNCTION scim_internal.referred(reference jsonb) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_referred'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.referred(jsonb) IS
'The id of whom a reference names, such as the attribute manager: its value or, without one, its $ref, itself or the end of a URL; what it says else; NULL where it says nothing.';

CREATE OR REPLACE FUNCTION scim_internal.active_in(document jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE document -> 'active' WHEN 'true' THEN true WHEN 'false' THEN false END;
COMMENT ON FUNCTION scim_internal.active_in(jsonb) IS
'What a document says of "active"; NULL where it says nothing, or something else.';

-- What a view calls for each row begins no subtransaction: there is none in a parallel plan.
CREATE OR REPLACE FUNCTION scim_internal.end_at(document jsonb, path text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN scim_internal.ends_at(scim_internal.text_at(document, path));
COMMENT ON FUNCTION scim_internal.end_at(jsonb, text) IS
'The instant that a document states at a path, of a date the end of that day of UTC; NULL where it states none.';

-- No view names a table of a resource type but "resource", which is always there.  "{name
-- of tenant}" stands for a setting of a tenant.  What is added to a view of an
-- earlier version stands last.
CREATE OR REPLACE FUNCTION scim_internal.view_statements(store name)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
BEGIN
    RETURN QUERY SELECT scim_internal.of_store(regexp_replace(statement, '\{(\w+) of ([^}]+)\}',
            $$coalesce(nullif(nullif(current_setting('scim.\1', true), 'unset'), '-1'), (SELECT s.value #>> '{}' FROM @.setting s
            WHERE s.name = '\1' AND s.token_id IS NULL AND s.resource_type IS NULL AND (s.tenant_id = \2 OR s.tenant_id IS NULL)
            ORDER BY s.tenant_id LIMIT 1))$$, 'g'), store)
        FROM scim_internal.split_statements($ddl$

    CREATE OR REPLACE VIEW @.activity WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.actor, a.operation, a.resource_type, a.resource_id,
            coalesce(r.user_name, r.display_name, CASE WHEN r.id IS NULL THEN (SELECT coalesce(d.before ->> 'userName', d.before ->> 'displayName') FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.resource_id AND d.member_id IS NULL AND d.before IS NOT NULL ORDER BY d.at DESC, d.id DESC LIMIT 1) END) AS name,
            a.member_id, coalesce(m.user_name, m.display_name, CASE WHEN m.id IS NULL THEN (SELECT coalesce(d.before ->> 'userName', d.before ->> 'displayName') FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.member_id AND d.member_id IS NULL AND d.before IS NOT NULL ORDER BY d.at DESC, d.id DESC LIMIT 1) END) AS member_name,
            a.object, a.key, a.version,
            a.token_id, coalesce(
                (SELECT t.description FROM @.token t WHERE t.tenant_id = a.tenant_id AND t.id = a.token_id),
                (SELECT c.name FROM @.client c WHERE c.tenant_id = a.tenant_id AND c.id = a.token_id)) AS token,
            a.subject, a.db_user, a.role, a.request_id, a.change,
            a.detail -> 'password' = 'true' AS password_set
        FROM @.audit a
        LEFT JOIN @.resource r ON r.tenant_id = a.tenant_id AND r.id = a.resource_id
        LEFT JOIN @.resource m ON m.tenant_id = a.tenant_id AND m.id = a.member_id;
    COMMENT ON VIEW @.activity IS 'The audit with names: who did what to whom, and when; ask for a time, for whom or for what it was done to.';
    COMMENT ON COLUMN @.activity.tenant_id IS 'The tenant whose resource or configuration was changed; 0: what is the same for all tenants was.';
    COMMENT ON COLUMN @.activity.at IS 'When it was done, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.activity.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.activity.operation IS 'What was done, in the words of the audit: create, update, suspend, add member, update policy, ...';
    COMMENT ON COLUMN @.activity.resource_type IS 'The name of the resource type of what was changed; null for configuration.';
    COMMENT ON COLUMN @.activity.resource_id IS 'The id of the resource that was changed; of the group, where a member came or went.';
    COMMENT ON COLUMN @.activity.name IS 'What the resource is called today, or was before it went: userName, or displayName; null once it is erased.';
    COMMENT ON COLUMN @.activity.member_id IS 'The id of the member that came or went; null for other changes.';
    COMMENT ON COLUMN @.activity.member_name IS 'What that member is called today, or was before it went; null once it is erased.';
    COMMENT ON COLUMN @.activity.object IS 'The table of configuration that was changed, such as policy; null for resources.';
    COMMENT ON COLUMN @.activity.key IS 'Which row of that table, by its primary key without the tenant.';
    COMMENT ON COLUMN @.activity.version IS 'Which version the resource has since; null for members and configuration.';
    COMMENT ON COLUMN @.activity.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.activity.token IS 'What this token or client is called today, by description or name; actor has what it was called then.';
    COMMENT ON COLUMN @.activity.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.activity.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.activity.role IS 'The database role as which the statement was executed.';
    COMMENT ON COLUMN @.activity.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.activity.change IS 'What all that one transaction did has in common.';
    COMMENT ON COLUMN @.activity.password_set IS 'Whether a password was set, too; null where nothing became of one.';

    CREATE OR REPLACE VIEW @.leaver WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.resource_id AS id,
            coalesce(u.user_name, a.before ->> 'userName') AS user_name,
            coalesce(u.display_name, a.before ->> 'displayName') AS display_name,
            a.operation, a.status AS status_before, u.status AS status_now,
            scim_internal.text_at(a.before, s.path) AS leaving_date,
            a.at - scim_internal.end_at(a.before, s.path) AS delay,
            a.actor, a.token_id, a.subject, a.db_user, a.request_id, a.change,
            -- who is off-boarded may act still, by what the document said next; and whose document has been erased, nobody knows
            CASE WHEN a.before IS NOT NULL OR a.operation = 'suspend' OR a.operation = 'delete' AND a.status <> 'OFFBOARDING' THEN t.could AND CASE WHEN a.operation = 'offboard' THEN
                NOT scim_internal.may_act(@::regnamespace, a.tenant_id, 'User', 'OFFBOARDING', scim_internal.active_in(n.document), NULL, NULL) ELSE true END END AS access_ended
        FROM @.audit a
        LEFT JOIN @.resource u ON u.tenant_id = a.tenant_id AND u.id = a.resource_id AND u.resource_type = 'User'
        CROSS JOIN LATERAL (SELECT {leaving_date of a.tenant_id}) AS s (path)
        CROSS JOIN LATERAL (SELECT scim_internal.may_act(@::regnamespace, a.tenant_id, 'User', a.status, scim_internal.active_in(a.before), u.deactivated_at, u.offboarding_at)) AS t (could)
        CROSS JOIN LATERAL (SELECT CASE WHEN a.operation = 'offboard' THEN coalesce((SELECT d.before FROM @.audit d
            WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.resource_id AND d.member_id IS NULL AND d.before IS NOT NULL AND d.at >= a.at AND (d.at, d.id) > (a.at, a.id)
            ORDER BY d.at, d.id LIMIT 1), u.data) END OFFSET 0) AS n (document)
        WHERE a.resource_type = 'User' AND (a.operation IN ('suspend', 'offboard', 'delete') OR a.operation = 'complete' AND a.before IS NOT NULL AND t.could);
    COMMENT ON VIEW @.leaver IS 'Whom somebody has suspended, off-boarded or deleted: who left, when, by whose hand, and how long after the day that was said.';
    COMMENT ON COLUMN @.leaver.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.leaver.at IS 'When it was done, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.leaver.id IS 'The id of the person who left.';
    COMMENT ON COLUMN @.leaver.user_name IS 'The attribute userName of today, or of before where the row is gone; null once the person is erased.';
    COMMENT ON COLUMN @.leaver.display_name IS 'The attribute displayName, likewise; null where there is none.';
    COMMENT ON COLUMN @.leaver.operation IS 'Which step was taken: suspend, offboard or delete; complete where access lasted until off-boarding ended.';
    COMMENT ON COLUMN @.leaver.status_before IS 'The status until then.';
    COMMENT ON COLUMN @.leaver.status_now IS 'The status that the person has today; null where the row is gone.';
    COMMENT ON COLUMN @.leaver.leaving_date IS 'Until when the person was to stay, by the attribute that the setting "leaving_date" names; null where that says nothing.';
    COMMENT ON COLUMN @.leaver.delay IS 'How long after that it was done, a date counting to the end of its day (UTC); negative: before.';
    COMMENT ON COLUMN @.leaver.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.leaver.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.leaver.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.leaver.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.leaver.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.leaver.change IS 'What all that one transaction did has in common.';
    COMMENT ON COLUMN @.leaver.access_ended IS 'Whether it was this step that took the access away, as scim.record_login says: not of who had none, nor of who is off-boarded and may log in until that ends; null of who has been erased, where nobody knows.';

    CREATE OR REPLACE VIEW @.active_leaver WITH (security_invoker = true) AS
        WITH said (filter, path) AS MATERIALIZED (
            SELECT scim_internal.view_filter(nullif({leaver_filter of scim.tenant()}, '')), nullif({leaving_date of scim.tenant()}, '')
        ), setting (filter, path, past) AS MATERIALIZED (
            -- what an index answers, of texts and dates or of dateTimes, in whatever zone; when it is past is asked below
            SELECT filter, path, scim_internal.view_filter(path || to_char(now() + interval '2 days', '" lt \""YYYY-MM-DD"\""'),
                path || to_char(now() + interval '2 days', '" lt \""YYYY-MM-DD"T00:00:00Z\""')) FROM said)
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status, u.reason, scim_internal.text_at(u.data, s.path) AS leaving_date,
            CASE u.reason WHEN 'leaving_date' THEN scim_internal.end_at(u.data, s.path) WHEN 'status' THEN u.offboarding_at END AS since
        FROM (
            SELECT r.tenant_id, r.id, r.user_name, r.display_name, r.status, r.active, r.data, r.offboarding_at, r.deactivated_at, 'leaver_filter' AS reason
            FROM @.resource r
            WHERE r.tenant_id = scim.tenant() AND r.resource_type = 'User' AND r.deleted_at IS NULL
              AND r.data OPERATOR(scim.~) (SELECT filter FROM setting)
            UNION ALL
            SELECT r.tenant_id, r.id, r.user_name, r.display_name, r.status, r.active, r.data, r.offboarding_at, r.deactivated_at, 'leaving_date'
            FROM @.resource r
            WHERE r.tenant_id = scim.tenant() AND r.resource_type = 'User' AND r.deleted_at IS NULL
              AND r.data OPERATOR(scim.~) (SELECT past FROM setting)
            UNION ALL
            SELECT r.tenant_id, r.id, r.user_name, r.display_name, r.status, r.active, r.data, r.offboarding_at, r.deactivated_at, 'status'
            FROM @.resource r
            WHERE r.tenant_id = scim.tenant() AND r.resource_type = 'User' AND r.deleted_at IS NULL AND r.status = 'OFFBOARDING'
            ) AS u
        CROSS JOIN setting s
        WHERE scim_internal.may_act(@::regnamespace, u.tenant_id, 'User', u.status, u.active, u.deactivated_at, u.offboarding_at)
          AND (u.reason <> 'leaving_date' OR scim_internal.end_at(u.data, s.path) <= now());
    COMMENT ON VIEW @.active_leaver IS 'Accounts that can still be used although an attribute, a date or the status says that the person has left, of the tenant for whom you act; one row for each of these reasons.';
    COMMENT ON COLUMN @.active_leaver.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.active_leaver.id IS 'The id of the person whose account it is.';
    COMMENT ON COLUMN @.active_leaver.user_name IS 'The attribute userName of the account.';
    COMMENT ON COLUMN @.active_leaver.display_name IS 'The attribute displayName of the account; null where there is none.';
    COMMENT ON COLUMN @.active_leaver.status IS 'Where the account is in its life: ACTIVE, PENDING, or OFFBOARDING without having been deactivated.';
    COMMENT ON COLUMN @.active_leaver.reason IS 'What says that the person has left: leaver_filter or leaving_date, which are settings, or status.';
    COMMENT ON COLUMN @.active_leaver.leaving_date IS 'What the attribute holds that the setting "leaving_date" names; null where that says nothing.';
    COMMENT ON COLUMN @.active_leaver.since IS 'From when on the account should not have been used: the end of that date, or the beginning of off-boarding; null where nobody knows.';

    CREATE OR REPLACE VIEW @.manager_left WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, k.manager AS manager_id, m.user_name AS manager_user_name,
            m.display_name AS manager_display_name, m.status AS manager_status, m.deactivated_at AS since
        FROM @.resource u
        CROSS JOIN LATERAL (SELECT scim_internal.referred(u.data #> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}') AS manager OFFSET 0) AS k
        CROSS JOIN LATERAL (SELECT scim.member_key(k.manager) AS id OFFSET 0) AS i
        LEFT JOIN @.resource m ON m.tenant_id = u.tenant_id AND m.id = i.id AND m.resource_type = 'User'
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL AND u.status IN ('ACTIVE', 'PENDING')
          AND k.manager IS NOT NULL AND (m.status IN ('ACTIVE', 'PENDING')) IS NOT TRUE;
    COMMENT ON VIEW @.manager_left IS 'Active people whose manager is suspended, off-boarded, deleted or nobody at all.';
    COMMENT ON COLUMN @.manager_left.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.manager_left.id IS 'The id of the person who needs another manager.';
    COMMENT ON COLUMN @.manager_left.user_name IS 'The attribute userName of this person.';
    COMMENT ON COLUMN @.manager_left.display_name IS 'The attribute displayName of this person; null where there is none.';
    COMMENT ON COLUMN @.manager_left.manager_id IS 'Whom the attribute manager of the enterprise extension names, by its value or, without one, its $ref: the id, or what it says else.';
    COMMENT ON COLUMN @.manager_left.manager_user_name IS 'What the former manager is called, by userName; null where nobody with this id is left.';
    COMMENT ON COLUMN @.manager_left.manager_display_name IS 'What the former manager is called, by displayName.';
    COMMENT ON COLUMN @.manager_left.manager_status IS 'Where the manager is in life: SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED; null where nobody with this id is left.';
    COMMENT ON COLUMN @.manager_left.since IS 'When the manager ceased to be active; null where nobody knows.';

    CREATE OR REPLACE VIEW @.missing_primary_email WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status,
            CASE WHEN jsonb_typeof(u.data -> 'emails') = 'array' THEN jsonb_array_length(u.data -> 'emails') ELSE 0 END AS emails, u.created, u.last_modified
        FROM @.resource u
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL
          -- whatever the schema of today makes of e-mails
          AND NOT EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(u.data -> 'emails') = 'array' THEN u.data -> 'emails' END) AS e
              WHERE e -> 'primary' = 'true' AND e -> 'value' IS NOT NULL);
    COMMENT ON VIEW @.missing_primary_email IS 'People of whom no e-mail address is the primary one.';
    COMMENT ON COLUMN @.missing_primary_email.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.missing_primary_email.id IS 'The id of the person who has none.';
    COMMENT ON COLUMN @.missing_primary_email.user_name IS 'The attribute userName of this person.';
    COMMENT ON COLUMN @.missing_primary_email.display_name IS 'The attribute displayName of this person; null where there is none.';
    COMMENT ON COLUMN @.missing_primary_email.status IS 'Where the person is in life: PENDING, ACTIVE, SUSPENDED or OFFBOARDING.';
    COMMENT ON COLUMN @.missing_primary_email.emails IS 'How many e-mail addresses there are, none of them primary.';
    COMMENT ON COLUMN @.missing_primary_email.created IS 'When the person was created, as in meta.created.';
    COMMENT ON COLUMN @.missing_primary_email.last_modified IS 'When the person last changed, as in meta.lastModified.';

    -- OFFSET 0: row by row, by the primary key, whatever the planner thinks of recursion.
    CREATE OR REPLACE VIEW @.effective_member WITH (security_invoker = true) AS
        SELECT g.tenant_id, g.id AS group_id, g.display_name AS group_name, e.member_id, coalesce(r.resource_type, e.member_type) AS member_type,
            r.user_name, r.display_name, r.status,
            scim_internal.may_act(@::regnamespace, g.tenant_id, r.resource_type, r.status, r.active, r.deactivated_at, r.offboarding_at) AS has_access,
            e.direct, e.since, e.through
        FROM @.resource g
        CROSS JOIN LATERAL (
            WITH RECURSIVE nested (id, name) AS (
                SELECT g.id, g.display_name
                UNION
                SELECT n.id, n.display_name
                FROM nested o
                CROSS JOIN LATERAL (SELECT i.member_id FROM @.member i WHERE i.tenant_id = g.tenant_id AND i.group_id = o.id OFFSET 0) AS m
                CROSS JOIN LATERAL (
                    SELECT i.id, i.display_name FROM @.resource i
                    WHERE i.tenant_id = g.tenant_id AND i.id = m.member_id AND i.resource_type = 'Group' AND i.deleted_at IS NULL OFFSET 0) AS n)
            SELECT m.member_id, min(m.member_type) AS member_type, bool_or(n.id = g.id) AS direct,
                min(m.created) FILTER (WHERE n.id = g.id) AS since,
                array_agg(n.name ORDER BY n.name) FILTER (WHERE n.id <> g.id) AS through
            FROM nested n
            CROSS JOIN LATERAL (
                SELECT i.member_id, i.member_type, i.created FROM @.member i
                WHERE i.tenant_id = g.tenant_id AND i.group_id = n.id OFFSET 0) AS m
            GROUP BY m.member_id) AS e
        LEFT JOIN LATERAL (
            SELECT i.resource_type, i.user_name, i.display_name, i.status, i.active, i.deactivated_at, i.offboarding_at FROM @.resource i
            WHERE i.tenant_id = g.tenant_id AND i.id = e.member_id AND i.deleted_at IS NULL OFFSET 0) AS r ON true
        WHERE g.resource_type = 'Group' AND g.deleted_at IS NULL;
    COMMENT ON VIEW @.effective_member IS 'Who is in each group, directly or by a group within it; ask for a group, by group_id or group_name.';
    COMMENT ON COLUMN @.effective_member.tenant_id IS 'The tenant to whom the group belongs.';
    COMMENT ON COLUMN @.effective_member.group_id IS 'The id of the group that somebody belongs to.';
    COMMENT ON COLUMN @.effective_member.group_name IS 'The attribute displayName of the group.';
    COMMENT ON COLUMN @.effective_member.member_id IS 'The id of who is in it: a person, a group, whatever resource there is.';
    COMMENT ON COLUMN @.effective_member.member_type IS 'The name of the resource type of the member, as User or Group.';
    COMMENT ON COLUMN @.effective_member.user_name IS 'The attribute userName of the member; null for groups, and where nobody with this id is there.';
    COMMENT ON COLUMN @.effective_member.display_name IS 'The attribute displayName of the member; null where there is none.';
    COMMENT ON COLUMN @.effective_member.status IS 'Where the member is in its life; null where nobody with this id is there.';
    COMMENT ON COLUMN @.effective_member.has_access IS 'Whether the member may log in, as scim.record_login would say, so that the membership gives something: being ACTIVE or PENDING, or OFFBOARDING without having been deactivated; null where nobody with this id is there.';
    COMMENT ON COLUMN @.effective_member.direct IS 'Whether the group itself names the member; false: only groups within it do.';
    COMMENT ON COLUMN @.effective_member.since IS 'When the direct membership began; null where there is none.';
    COMMENT ON COLUMN @.effective_member.through IS 'The names of the groups within the group by which the member is in it, too; null: by none.';

    CREATE OR REPLACE VIEW @.effective_group WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status,
            scim_internal.may_act(@::regnamespace, u.tenant_id, 'User', u.status, u.active, u.deactivated_at, u.offboarding_at) AS has_access,
            e.id AS group_id, e.name AS group_name, d.created IS NOT NULL AS direct, d.created AS since, e.through
        FROM @.resource u
        CROSS JOIN LATERAL (
            -- beside each group the one by which it was come to
            WITH RECURSIVE above (id, name, first_id, first) AS (
                SELECT u.id, NULL::text COLLATE "C", NULL::uuid, NULL::text COLLATE "C"
                UNION
                SELECT n.id, n.display_name, coalesce(o.first_id, n.id), CASE WHEN o.first_id IS NULL THEN n.display_name ELSE o.first END
                FROM above o
                CROSS JOIN LATERAL (SELECT i.group_id FROM @.member i WHERE i.tenant_id = u.tenant_id AND i.member_id = o.id OFFSET 0) AS m
                CROSS JOIN LATERAL (
                    SELECT i.id, i.display_name FROM @.resource i
                    WHERE i.tenant_id = u.tenant_id AND i.id = m.group_id AND i.resource_type = 'Group' AND i.deleted_at IS NULL OFFSET 0) AS n)
            SELECT a.id, a.name, array_agg(a.first ORDER BY a.first) FILTER (WHERE a.first_id <> a.id) AS through
            FROM above a WHERE a.id <> u.id GROUP BY a.id, a.name) AS e
        LEFT JOIN LATERAL (
            SELECT i.created FROM @.member i WHERE i.tenant_id = u.tenant_id AND i.group_id = e.id AND i.member_id = u.id OFFSET 0) AS d ON true
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL;
    COMMENT ON VIEW @.effective_group IS 'Which groups each person is in, directly or by groups that these are in; ask for a person, by id or user_name.';
    COMMENT ON COLUMN @.effective_group.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.effective_group.id IS 'The id of the person who is in a group.';
    COMMENT ON COLUMN @.effective_group.user_name IS 'The attribute userName of this person.';
    COMMENT ON COLUMN @.effective_group.display_name IS 'The attribute displayName of this person; null where there is none.';
    COMMENT ON COLUMN @.effective_group.status IS 'Where the person is in life: PENDING, ACTIVE, SUSPENDED or OFFBOARDING.';
    COMMENT ON COLUMN @.effective_group.has_access IS 'Whether the person may log in, as scim.record_login would say, so that the membership gives something: being ACTIVE or PENDING, or OFFBOARDING without having been deactivated.';
    COMMENT ON COLUMN @.effective_group.group_id IS 'The id of what the person belongs to.';
    COMMENT ON COLUMN @.effective_group.group_name IS 'The attribute displayName of that group.';
    COMMENT ON COLUMN @.effective_group.direct IS 'Whether that group itself names the person; false: only groups within it do.';
    COMMENT ON COLUMN @.effective_group.since IS 'When the direct membership began; null where there is none.';
    COMMENT ON COLUMN @.effective_group.through IS 'The names of the groups within that group that name the person, so that the person is in it by them, too; null: by none.';

    CREATE OR REPLACE VIEW @.membership_change WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.resource_id AS group_id, coalesce(g.display_name, (
                SELECT d.before ->> 'displayName' FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.resource_id AND d.before ? 'displayName' ORDER BY d.at DESC LIMIT 1)) AS group_name,
            a.operation, a.member_id, coalesce(m.user_name, m.display_name, CASE WHEN m.id IS NULL THEN (SELECT coalesce(d.before ->> 'userName', d.before ->> 'displayName') FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.member_id AND d.member_id IS NULL AND d.before IS NOT NULL ORDER BY d.at DESC, d.id DESC LIMIT 1) END) AS member_name,
            a.actor, a.token_id, a.subject, a.db_user, a.request_id, a.change
        FROM @.audit a
        LEFT JOIN @.resource g ON g.tenant_id = a.tenant_id AND g.id = a.resource_id AND g.resource_type = 'Group'
        LEFT JOIN @.resource m ON m.tenant_id = a.tenant_id AND m.id = a.member_id
        WHERE a.member_id IS NOT NULL;
    COMMENT ON VIEW @.membership_change IS 'Who came to a group or left it, when, and by whose hand; ask for a time, a group or a member.';
    COMMENT ON COLUMN @.membership_change.tenant_id IS 'The tenant to whom the group belongs.';
    COMMENT ON COLUMN @.membership_change.at IS 'When it was done, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.membership_change.group_id IS 'The id of the group that somebody came to or left.';
    COMMENT ON COLUMN @.membership_change.group_name IS 'What the group is called today, or was before it went.';
    COMMENT ON COLUMN @.membership_change.operation IS 'What was done, in the words of the audit: add member or remove member.';
    COMMENT ON COLUMN @.membership_change.member_id IS 'The id of who came or went.';
    COMMENT ON COLUMN @.membership_change.member_name IS 'What that member is called today, by userName or displayName, or was before it went; null once it is erased.';
    COMMENT ON COLUMN @.membership_change.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.membership_change.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.membership_change.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.membership_change.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.membership_change.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.membership_change.change IS 'What all that one transaction did has in common.';

    CREATE OR REPLACE VIEW @.configuration_change WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.object, a.key, a.operation, a.before, a.detail -> 'after' AS after, a.detail -> 'secrets' AS secrets,
            a.actor, a.token_id, a.subject, a.db_user, a.role, a.request_id, a.change
        FROM @.audit a
        WHERE a.object IS NOT NULL AND a.object <> 'load';
    COMMENT ON VIEW @.configuration_change IS 'Who changed policies, settings, tokens, schemas and whatever else a store is configured to be; ask for an object, or a time.';
    COMMENT ON COLUMN @.configuration_change.tenant_id IS 'The tenant whose configuration it is; 0: it is the same for all of them.';
    COMMENT ON COLUMN @.configuration_change.at IS 'When it was changed, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.configuration_change.object IS 'The table that was changed, such as policy or token.';
    COMMENT ON COLUMN @.configuration_change.key IS 'Which row of that table, by its primary key without the tenant.';
    COMMENT ON COLUMN @.configuration_change.operation IS 'What was done: create, update or delete and the name of the table; drop audit; erase.';
    COMMENT ON COLUMN @.configuration_change.before IS 'The row as it was, without its secrets; null where it is new.';
    COMMENT ON COLUMN @.configuration_change.after IS 'The row as it has become, without its secrets; null where it is gone.';
    COMMENT ON COLUMN @.configuration_change.secrets IS 'The names of columns with secrets that have changed, as for a token that was rotated.';
    COMMENT ON COLUMN @.configuration_change.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.configuration_change.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.configuration_change.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.configuration_change.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.configuration_change.role IS 'The database role as which the statement was executed.';
    COMMENT ON COLUMN @.configuration_change.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.configuration_change.change IS 'What all that one transaction did has in common.';

    CREATE OR REPLACE VIEW @.token_use WITH (security_invoker = true) AS
        SELECT c.tenant_id, c.kind, c.id, c.name, c.scopes, c.created, c.last_used_at, c.expires_at, c.revoked_at, c.former_until,
            CASE WHEN c.revoked_at IS NOT NULL THEN 'revoked' WHEN c.expires_at <= now() THEN 'expired' ELSE 'valid' END AS state,
            CASE WHEN isfinite(coalesce(c.last_used_at, c.created)) THEN extract(day FROM now() - coalesce(c.last_used_at, c.created))::int END AS days_unused,
            CASE WHEN isfinite(c.expires_at) THEN extract(day FROM c.expires_at - now())::int END AS days_left,
            c.former_used_at
        FROM (
            SELECT t.tenant_id, 'token' AS kind, t.id, t.description AS name, t.scopes, t.created, t.last_used_at, t.expires_at, t.revoked_at, t.former_until, t.former_used_at
            FROM @.token t
            WHERE t.client_id IS NULL
            UNION ALL
            SELECT l.tenant_id, 'client', l.id, l.name, l.scopes, l.created, l.last_used_at, l.expires_at, l.revoked_at, l.former_until, l.former_used_at
            FROM @.client l) AS c;
    COMMENT ON VIEW @.token_use IS 'Tokens and clients with their last use and their end, and nothing of their secrets. Access tokens are those of their client, and not shown.';
    COMMENT ON COLUMN @.token_use.tenant_id IS 'The tenant for whom its bearer acts.';
    COMMENT ON COLUMN @.token_use.kind IS 'Which table it is a row of: token or client.';
    COMMENT ON COLUMN @.token_use.id IS 'The id of the row, as token_id of the audit has it.';
    COMMENT ON COLUMN @.token_use.name IS 'Whom a token was made for, by its description; what a client is called.';
    COMMENT ON COLUMN @.token_use.scopes IS 'What it is good for (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.token_use.created IS 'When it was made; scim.rotate_token leaves that as it is.';
    COMMENT ON COLUMN @.token_use.last_used_at IS 'When a request with it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.token_use.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';
    COMMENT ON COLUMN @.token_use.revoked_at IS 'When somebody revoked it; null where nobody did.';
    COMMENT ON COLUMN @.token_use.former_until IS 'Until when its secret before the last rotation is good, too; null where it was never rotated.';
    COMMENT ON COLUMN @.token_use.state IS 'Whether it is valid today, or else expired or revoked.';
    COMMENT ON COLUMN @.token_use.days_unused IS 'How many whole days ago it was last used, or made where it never was.';
    COMMENT ON COLUMN @.token_use.days_left IS 'In how many whole days it expires, negative once it has; null: never.';
    COMMENT ON COLUMN @.token_use.former_used_at IS 'When its secret before the last rotation was last used, or up to an hour before that; null where it was not since. Where it is the same as last_used_at, nobody has come with the new one since.';

    CREATE OR REPLACE VIEW @.dormant_token WITH (security_invoker = true) AS
        SELECT t.tenant_id, t.kind, t.id, t.name, t.scopes, t.created, t.last_used_at, t.expires_at, t.days_unused, d.days AS dormant_after
        FROM @.token_use t
        CROSS JOIN LATERAL (SELECT coalesce({dormant_after of t.tenant_id}, '90')::int) AS d (days)
        WHERE t.state = 'valid' AND t.days_unused >= d.days;
    COMMENT ON VIEW @.dormant_token IS 'Tokens and clients that are good and that nobody has used for as many days as the setting "dormant_after" says, 90 unless it says otherwise.';
    COMMENT ON COLUMN @.dormant_token.tenant_id IS 'The tenant for whom its bearer acts.';
    COMMENT ON COLUMN @.dormant_token.kind IS 'Which table it is a row of: token or client.';
    COMMENT ON COLUMN @.dormant_token.id IS 'The id of the row, for scim.revoke_token or scim.revoke_client.';
    COMMENT ON COLUMN @.dormant_token.name IS 'Whom a token was made for, by its description; what a client is called.';
    COMMENT ON COLUMN @.dormant_token.scopes IS 'What it is good for (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.dormant_token.created IS 'When it was made; scim.rotate_token leaves that as it is.';
    COMMENT ON COLUMN @.dormant_token.last_used_at IS 'When a request with it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.dormant_token.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';
    COMMENT ON COLUMN @.dormant_token.days_unused IS 'How many whole days ago it was last used, or made where it never was.';
    COMMENT ON COLUMN @.dormant_token.dormant_after IS 'After how many days it is shown here, by the setting of that name.';

    -- The last creation is joined: looked up for each person, it would be in each month.
    CREATE OR REPLACE VIEW @.account_origin WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status, u.external_id, u.created,
            a.token_id IS NULL AND a.subject IS NULL AND a.at IS NOT NULL AS by_hand,
            a.at, a.actor, a.token_id, a.subject, a.db_user, a.request_id, a.change
        FROM @.resource u
        LEFT JOIN @.audit l ON l.tenant_id = u.tenant_id AND l.object = 'load' AND l.key = u.resource_type AND l.at = u.created
            AND (l.detail ->> 'first')::uuid <= u.id AND (l.detail ->> 'last')::uuid >= u.id
        LEFT JOIN @.audit c ON c.tenant_id = u.tenant_id AND c.resource_id = u.id AND c.operation = 'create'
            AND NOT EXISTS (SELECT FROM @.audit d WHERE d.tenant_id = c.tenant_id AND d.resource_id = c.resource_id AND d.operation = 'create' AND (d.at, d.id) > (c.at, c.id))
        CROSS JOIN LATERAL (SELECT greatest(l.at, c.at) AS at,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.actor ELSE l.actor END AS actor,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.token_id ELSE l.token_id END AS token_id,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.subject ELSE l.subject END AS subject,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.db_user ELSE l.db_user END AS db_user,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.request_id ELSE l.request_id END AS request_id,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.change ELSE l.change END AS change) AS a
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL;
    COMMENT ON VIEW @.account_origin IS 'Who made the account of each person who is there: an identity provider with its token, or somebody by hand.';
    COMMENT ON COLUMN @.account_origin.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.account_origin.id IS 'The id of the person whose account it is.';
    COMMENT ON COLUMN @.account_origin.user_name IS 'The attribute userName of the account.';
    COMMENT ON COLUMN @.account_origin.display_name IS 'The attribute displayName of the account; null where there is none.';
    COMMENT ON COLUMN @.account_origin.status IS 'Where the account is in its life: PENDING, ACTIVE, SUSPENDED or OFFBOARDING.';
    COMMENT ON COLUMN @.account_origin.external_id IS 'The attribute externalId, by which an identity provider knows the account; null: none does.';
    COMMENT ON COLUMN @.account_origin.created IS 'When the account was created, as in meta.created.';
    COMMENT ON COLUMN @.account_origin.by_hand IS 'Whether it was made without a token or client and without a subject: in SQL; false where the audit does not say.';
    COMMENT ON COLUMN @.account_origin.at IS 'When it was made, by the audit; null where that does not say.';
    COMMENT ON COLUMN @.account_origin.actor IS 'Who made it: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.account_origin.token_id IS 'The id of the token or client by whose secret it was made; null where there was none.';
    COMMENT ON COLUMN @.account_origin.subject IS 'The subject of the JSON web token by which it was made; null where there was none.';
    COMMENT ON COLUMN @.account_origin.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.account_origin.request_id IS 'Which request made it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.account_origin.change IS 'What all that one transaction did has in common.';

    CREATE OR REPLACE VIEW @.orphan_account WITH (security_invoker = true) AS
        SELECT o.tenant_id, o.id, o.user_name, o.display_name, o.status, o.created, o.by_hand, o.actor
        FROM @.account_origin o
        WHERE o.external_id IS NULL AND o.status IN ('ACTIVE', 'PENDING');
    COMMENT ON VIEW @.orphan_account IS 'Active accounts without an externalId, so that no identity provider answers for them.';
    COMMENT ON COLUMN @.orphan_account.tenant_id IS 'The tenant to whom the account belongs.';
    COMMENT ON COLUMN @.orphan_account.id IS 'The id of the person, or whatever it is, whose account it is.';
    COMMENT ON COLUMN @.orphan_account.user_name IS 'The attribute userName of the account.';
    COMMENT ON COLUMN @.orphan_account.display_name IS 'The attribute displayName of the account; null where there is none.';
    COMMENT ON COLUMN @.orphan_account.status IS 'Where the account is in its life: PENDING or ACTIVE.';
    COMMENT ON COLUMN @.orphan_account.created IS 'When the account was created, as in meta.created.';
    COMMENT ON COLUMN @.orphan_account.by_hand IS 'Whether it was made in SQL; false: by a request, or the audit does not say.';
    COMMENT ON COLUMN @.orphan_account.actor IS 'Who made it: the bearer of a token, a subject, a database user; null where the audit does not say.';

    CREATE OR REPLACE VIEW @.last_seal WITH (security_invoker = true) AS
        SELECT DISTINCT ON (s.tenant_id) s.tenant_id, s.position, s.sealed_at, s.horizon, s.total, (
            SELECT count(*) FROM @.audit a WHERE a.tenant_id = s.tenant_id AND a.at > s.horizon) AS unsealed
        FROM @.audit_seal s
        ORDER BY s.tenant_id, s.position DESC;
    COMMENT ON VIEW @.last_seal IS 'How far the audit of each tenant is sealed; an old one means that nobody calls scim.seal_audit.';
    COMMENT ON COLUMN @.last_seal.tenant_id IS 'Whose audit it is; 0: that of the configuration for all tenants.';
    COMMENT ON COLUMN @.last_seal.position IS 'The number of the last seal of the tenant, counted from 1: as many the chain of seals has.';
    COMMENT ON COLUMN @.last_seal.sealed_at IS 'When scim.seal_audit made the last one.';
    COMMENT ON COLUMN @.last_seal.horizon IS 'Until when everything is sealed.';
    COMMENT ON COLUMN @.last_seal.total IS 'How many rows of the audit are sealed, those of dropped months included.';
    COMMENT ON COLUMN @.last_seal.unsealed IS 'How many rows have been written since, and are to be sealed.';

    $ddl$) AS statement;
END
$function$;
COMMENT ON FUNCTION scim_internal.view_statements(name) IS
'The statements that make the views of a store: whom an auditor asks about every week.';
-- Views of resources that people read and write: a column for each attribute.  The trigger
-- is in src/operation/view.c, which says what its arguments are.

CREATE OR REPLACE FUNCTION scim_internal.as_boolean(value jsonb) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_as_boolean'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_boolean(jsonb) IS
'A value of a document for a column of a view; NULL where it is neither true nor false.';

CREATE OR REPLACE FUNCTION scim_internal.as_numeric(value jsonb) RETURNS numeric
    AS 'MODULE_PATHNAME', 'scim_as_numeric'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_numeric(jsonb) IS
'A value of a document for a column of a view; NULL where it is no number.';

CREATE OR REPLACE FUNCTION scim_internal.as_bigint(value jsonb) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_as_bigint'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_bigint(jsonb) IS
'A value of a document for a column of a view; NULL where it is no integer of 64 bits.';

CREATE OR REPLACE FUNCTION scim_internal.as_instant(value jsonb) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'scim_as_instant'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_instant(jsonb) IS
'A value of a document for a column of a view; NULL where it is no dateTime of RFC 7643.';

CREATE OR REPLACE FUNCTION scim_internal.as_date(value jsonb) RETURNS date
    AS 'MODULE_PATHNAME', 'scim_as_date'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_date(jsonb) IS
'A value of a document for a column of a view; NULL where it is no date such as 2026-01-31.';

CREATE OR REPLACE FUNCTION scim_internal.as_bytes(value jsonb) RETURNS bytea
    AS 'MODULE_PATHNAME', 'scim_as_bytes'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_bytes(jsonb) IS
'A value of a document for a column of a view; NULL where it is no base64, of either alphabet.';

CREATE OR REPLACE FUNCTION scim_internal.chosen_element(elements jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_chosen_element'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.chosen_element(jsonb) IS
'Of the values of a multi-valued attribute the primary one, or else the first; NULL where there is none.';

CREATE OR REPLACE FUNCTION scim_internal.view_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_view_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.view_row() IS
'INSTEAD OF row trigger of a view that scim.create_view has made: writes what is new in a row to the table of the store, as whoever writes, and gives back what is stored. Its arguments are the resource type, and for each column what it is.';

CREATE OR REPLACE FUNCTION scim_internal.view_paths(view regclass) RETURNS text[]
    AS 'MODULE_PATHNAME', 'scim_view_paths'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION scim_internal.view_paths(regclass) IS
'What each column of a view is, as its trigger is told; NULL where scim.create_view has not made it.';

CREATE OR REPLACE FUNCTION scim_internal.view_table(view regclass) RETURNS regclass
    AS 'MODULE_PATHNAME', 'scim_view_table'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION scim_internal.view_table(regclass) IS
'The one table that a view reads; NULL where it reads none or several.';

CREATE OR REPLACE FUNCTION scim_internal.column_name(attribute text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT btrim(regexp_replace(lower(regexp_replace(regexp_replace(attribute COLLATE "C",
        '([a-z0-9])([A-Z])', '\1_\2', 'g'), '([A-Z])([A-Z][a-z])', '\1_\2', 'g')), '[^a-z0-9]+', '_', 'g'), '_');
END;
COMMENT ON FUNCTION scim_internal.column_name(text) IS
'The name of an attribute as one of a column: costCenter is cost_center.';

CREATE OR REPLACE FUNCTION scim_internal.singular(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN name ~ '[^aeiou]ies$' THEN regexp_replace(name, 'ies$', 'y')
        WHEN name ~ '(ss|sh|ch|x|us)es$' THEN left(name, -2)
        WHEN name ~ '[^su]s$' THEN left(name, -1)
        ELSE 'primary_' || name END;
END;
COMMENT ON FUNCTION scim_internal.singular(text) IS
'The name of a column for one of several values: of emails it is email.';

CREATE OR REPLACE FUNCTION scim_internal.column_type(attribute jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN attribute -> 'multiValued' = 'true' OR attribute ? 'types' OR jsonb_typeof(attribute -> 'type') <> 'string' THEN 'jsonb'
        ELSE CASE coalesce(lower(attribute ->> 'type'), 'string')
            WHEN 'boolean' THEN 'boolean' WHEN 'decimal' THEN 'numeric' WHEN 'integer' THEN 'bigint'
            WHEN 'datetime' THEN 'timestamptz' WHEN 'binary' THEN 'bytea' WHEN 'complex' THEN 'jsonb'
            ELSE CASE WHEN attribute ->> 'format' = 'date' THEN 'date' ELSE 'text' END END END;
END;
COMMENT ON FUNCTION scim_internal.column_type(jsonb) IS
'The type of the column that holds an attribute, which is given as its schema defines it.';

CREATE OR REPLACE FUNCTION scim_internal.column_expression(path text[], type text, chosen boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    expression text := 'r.data';
    step text;
    last CONSTANT text := path[cardinality(path)];
BEGIN
    FOREACH step IN ARRAY path[:cardinality(path) - 1] LOOP
        expression := format('%s -> %L', expression, step);
    END LOOP;
    IF chosen THEN
        expression := format('scim_internal.chosen_element(%s)', expression);
    END IF;
    RETURN CASE type
        WHEN 'text' THEN format('%s ->> %L', expression, last)
        WHEN 'jsonb' THEN format('%s -> %L', expression, last)
        ELSE format('scim_internal.as_%s(%s -> %L)', CASE type WHEN 'timestamptz' THEN 'instant' WHEN 'bytea' THEN 'bytes' ELSE type END, expression, last) END;
END
$$;
COMMENT ON FUNCTION scim_internal.column_expression(text[], text, boolean) IS
'How a view reads what stands at a path of the document, or of the primary one of several values there, as a value of a type.';

-- All that a view of a type may show, by the schemas of the store as they are, in the order
-- of the columns; names: what the column is called, by whichever is free first, in the order
-- of claim.
CREATE OR REPLACE FUNCTION scim_internal.view_columns(store name, resource_type text,
    OUT place int, OUT claim int, OUT path text, OUT names text[], OUT type text, OUT expression text, OUT comment text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    of_type jsonb;
    schemas jsonb;
BEGIN
    -- apart: Citus does not take what follows about tables of its own
    EXECUTE format('SELECT t.document FROM %I.resource_type t WHERE t.name = $1', store) INTO of_type USING resource_type;
    EXECUTE format('SELECT jsonb_agg(s.document) FROM %I.schema s', store) INTO schemas;
    RETURN QUERY EXECUTE $query$
        WITH of_type (document) AS (
            SELECT $1 WHERE $1 IS NOT NULL
        ), schema (id, document) AS (
            SELECT s ->> 'id', s FROM jsonb_array_elements($2) AS s
        ), of_schema (place, urn, id, name, document) AS (
            SELECT 0::bigint, NULL, s.id, s.document ->> 'name', s.document
            FROM of_type t JOIN schema s ON scim.fold(s.id) = scim.fold(t.document ->> 'schema')
            UNION ALL
            SELECT e.place, s.id, s.id, s.document ->> 'name', s.document
            FROM of_type t, jsonb_path_query(t.document, '$.schemaExtensions[*]') WITH ORDINALITY AS e (extension, place)
            JOIN schema s ON scim.fold(s.id) = scim.fold(e.extension ->> 'schema')
        ), attribute (place, urn, prefix, at, name, document, column_name) AS (
            SELECT s.place, s.urn, coalesce(nullif(scim_internal.column_name(coalesce(s.name, '')), ''), 'extension'), a.at, a.document ->> 'name', a.document,
                scim_internal.column_name(a.document ->> 'name')
            FROM of_schema s, jsonb_path_query(s.document, '$.attributes[*]') WITH ORDINALITY AS a (document, at)
            WHERE scim_internal.is_shown(a.document)
              -- what is derived, or lives in the table "member"
              AND (lower(s.id), a.document ->> 'name') NOT IN (('urn:ietf:params:scim:schemas:core:2.0:user', 'groups'), ('urn:ietf:params:scim:schemas:core:2.0:group', 'members'))
        ), part (place, urn, prefix, at, name, document, column_name, sub_at, sub, sub_name) AS (
            SELECT a.*, b.at, b.document, scim_internal.column_name(b.document ->> 'name')
            FROM attribute a, jsonb_path_query(a.document, '$.subAttributes[*]') WITH ORDINALITY AS b (document, at)
            WHERE lower(a.document ->> 'type') = 'complex' AND scim_internal.is_shown(b.document)
        ), shown (place, at, sub_at, chosen, urn, prefix, steps, column_name, document) AS (
            -- whole attributes, as jsonb where they have several values
            SELECT a.place, a.at, 0::bigint, false, a.urn, a.prefix, ARRAY[a.name], a.column_name, a.document
            FROM attribute a WHERE a.document -> 'multiValued' = 'true' OR lower(a.document ->> 'type') IS DISTINCT FROM 'complex'
            UNION ALL
            -- the parts of complex ones
            SELECT p.place, p.at, p.sub_at, false, p.urn, p.prefix, ARRAY[p.name, p.sub ->> 'name'],
                CASE WHEN p.sub_name = 'value' THEN p.column_name
                    WHEN right(p.sub_name, length(p.column_name) + 1) = '_' || p.column_name THEN p.sub_name
                    ELSE p.column_name || '_' || p.sub_name END, p.sub
            FROM part p WHERE p.document -> 'multiValued' IS DISTINCT FROM 'true'
            UNION ALL
            -- of several values the primary one
            SELECT p.place, p.at, -1, true, p.urn, p.prefix, ARRAY[p.name, 'value'], scim_internal.singular(p.column_name), p.sub
            FROM part p WHERE p.document -> 'multiValued' = 'true' AND p.sub ->> 'name' = 'value' AND scim_internal.column_type(p.sub) <> 'jsonb'
        ), found (place, claim, path, names, type, expression, comment) AS (
            SELECT 100 + row_number() OVER (ORDER BY s.place, s.at, s.sub_at), 100 + row_number() OVER (ORDER BY s.place, s.chosen, s.at, s.sub_at), p.path,
                ARRAY[s.column_name, s.prefix || '_' || s.column_name], t.type,
                CASE WHEN p.path = 'userName' AND t.type = 'text' THEN 'r.user_name'
                    WHEN p.path = 'displayName' AND t.type = 'text' THEN 'r.display_name'
                    WHEN p.path = 'active' AND t.type = 'boolean' THEN 'r.active'
                    ELSE scim_internal.column_expression(array_remove(s.urn || s.steps, NULL), t.type, s.chosen) END,
                -- the first sentence, and what has no end
                coalesce(nullif(rtrim(coalesce(substring(s.document ->> 'description' FROM '^(.*?[a-z)''"]{3})[.]( |$)'), s.document ->> 'description'), '. '), '') || ': ', 'As it is stored: ') || CASE WHEN s.chosen THEN 'of the primary one, or else the first, ' ELSE '' END
                    || 'attribute ' || p.path || '.'
            FROM shown s,
            LATERAL (SELECT coalesce(s.urn || ':', '') || s.steps[1] || CASE WHEN s.chosen THEN '[primary eq true]' ELSE '' END || coalesce('.' || s.steps[2], '')) AS p (path),
            LATERAL (SELECT scim_internal.column_type(s.document)) AS t (type)
            UNION ALL
            SELECT v.* FROM (VALUES
                (1, 1, '@id', ARRAY['id'], 'uuid', 'r.id', 'The id of the resource, as clients know it.'),
                (2, 2, 'externalId', ARRAY['external_id'], 'text', 'r.external_id', 'What the identity provider knows the resource by: attribute externalId.'),
                (10001, 3, '@status', ARRAY['status'], 'text', 'r.status', 'Where the resource is in its life, such as ACTIVE or SUSPENDED.'),
                (10002, 4, '@version', ARRAY['version'], 'bigint', 'r.version', 'How often the resource was written: what meta.version says.'),
                (10003, 5, '@created', ARRAY['created'], 'timestamptz', 'r.created', 'When the resource was made: what meta.created says.'),
                (10004, 6, '@last_modified', ARRAY['last_modified'], 'timestamptz', 'r.last_modified', 'When the resource was last written: what meta.lastModified says.'),
                (10005, 7, '@tenant_id', ARRAY['tenant_id'], 'integer', 'r.tenant_id', 'The tenant to whom the resource belongs, for whom you act.'),
                (10006, 8, '@data', ARRAY['data'], 'jsonb', 'r.data', 'The whole document, as the table has it: what scim.matches takes.')
            ) AS v (place, claim, path, names, type, expression, comment)
        )
        SELECT f.place::int, f.claim::int, f.path, f.names, f.type, f.expression, f.comment FROM found f ORDER BY f.place
    $query$ USING of_type, schemas;
END
$function$;
COMMENT ON FUNCTION scim_internal.view_columns(name, text) IS
'The columns that a view of a resource type may have, by the schemas of the store as they are: place, what each is, what it may be called, its type, how it is read, and its comment. claim is the order in which names are taken.';

CREATE OR REPLACE FUNCTION scim_internal.is_shown(attribute jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(lower(attribute ->> 'mutability'), '') <> 'writeonly' AND coalesce(lower(attribute ->> 'returned'), '') <> 'never';
END;
COMMENT ON FUNCTION scim_internal.is_shown(jsonb) IS
'Whether a view may show an attribute, which is given as its schema defines it: secrets are not shown.';

-- The most that a view may have; what is more is in "data".
CREATE OR REPLACE FUNCTION scim_internal.max_view_columns() RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1500;
COMMENT ON FUNCTION scim_internal.max_view_columns() IS
'How many columns a view of resources has at most: the server allows some more.';

CREATE OR REPLACE FUNCTION scim_internal.view_definition(store name, resource_type text, relation regclass,
    OUT place int, OUT path text, OUT name name, OUT type text, OUT expression text, OUT comment text, OUT is_new boolean)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    SET plan_cache_mode = force_custom_plan -- which knows how many there are
AS $function$
DECLARE
    wanted record;
    candidate text;
    taken text[] := '{}';
    paths text[] := '{}';
    number int;
    before CONSTANT text[] := CASE WHEN relation IS NULL THEN '{}' ELSE scim_internal.view_paths(relation) END;
    there CONSTANT text[] := ARRAY(SELECT ltrim(p, '-') FROM unnest(before) WITH ORDINALITY AS b (p, n) ORDER BY n);
    -- all that there may be, looked for once
    places int[]; claims int[]; found text[]; names text[]; second_names text[]; types text[]; expressions text[]; comments text[];
BEGIN
    SELECT array_agg(c.place), array_agg(c.claim), array_agg(c.path), array_agg(c.names[1]), array_agg(c.names[2]), array_agg(c.type), array_agg(c.expression), array_agg(c.comment)
    INTO places, claims, found, names, second_names, types, expressions, comments FROM scim_internal.view_columns(store, resource_type) c;
    -- those that the view has keep place, name and type
    FOR place, path, name, type, expression, comment, is_new IN
        SELECT b.n, CASE WHEN e.same THEN b.path ELSE '-' || b.path END, a.attname, format_type(a.atttypid, a.atttypmod),
            -- columns of the table have a collation of their own, and what is in documents has the usual one
            CASE WHEN a.attcollation IN (0, CASE WHEN e.expression ~ '^r\.\w+$' THEN '"C"'::regcollation ELSE '"default"'::regcollation END) THEN e.expression
                ELSE format('(%s) COLLATE %s', e.expression, a.attcollation::regcollation) END,
            c.comment, false
        FROM unnest(there) WITH ORDINALITY AS b (path, n)
        JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = b.n
        LEFT JOIN unnest(found, types, expressions, comments) AS c (path, type, expression, comment) ON c.path = b.path
        CROSS JOIN LATERAL (SELECT CASE WHEN c.type::regtype = a.atttypid THEN c.expression ELSE format('NULL::%s', format_type(a.atttypid, a.atttypmod)) END,
            coalesce(c.type::regtype = a.atttypid, false)) AS e (expression, same)
        ORDER BY b.n
    LOOP
        taken := array_append(taken, name::text);
        RETURN NEXT;
    END LOOP;
    -- What has no room stays away.  Names are taken in one order, and columns stand in another.
    FOR wanted IN
        SELECT c.* FROM (
            SELECT w.* FROM unnest(places, claims, found, names, second_names) AS w (place, claim, path, name, second_name) WHERE w.path NOT IN (SELECT unnest(there))
            ORDER BY NOT starts_with(w.path, '@'), w.place LIMIT greatest(scim_internal.max_view_columns() - cardinality(before), 0)) AS c
        ORDER BY c.claim
    LOOP
        number := 1;
        candidate := left(wanted.name, 63);
        WHILE candidate = '' OR candidate = ANY (taken) LOOP
            number := number + 1;
            candidate := CASE number WHEN 2 THEN left(coalesce(wanted.second_name, wanted.name), 63)
                ELSE left(coalesce(wanted.second_name, wanted.name), 57) || '_' || number - 1 END;
        END LOOP;
        taken := array_append(taken, candidate);
        paths := array_append(paths, wanted.path);
    END LOOP;
    RETURN QUERY SELECT (cardinality(before) + row_number() OVER (ORDER BY c.place))::int, c.path, n.name::name, c.type, c.expression, c.comment, true
        FROM unnest(paths, taken[cardinality(before) + 1 :]) AS n (path, name)
        JOIN unnest(places, found, types, expressions, comments) AS c (place, path, type, expression, comment) ON c.path = n.path;
END
$function$;
COMMENT ON FUNCTION scim_internal.view_definition(name, text, regclass) IS
'The columns of a view of a resource type: those that it has already, NULL where the attribute is gone or of another type, and then what is new.';

-- A view of which the columns are those of view_definition, made or replaced.
CREATE OR REPLACE FUNCTION scim_internal.put_view(store name, resource_type text, table_name regclass, view text, relation regclass, options text[], only_new boolean)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    one record;
    of_type text;
    columns text := '';
    arguments text := quote_literal(resource_type);
    comments text[] := '{}';
BEGIN
    FOR one IN SELECT * FROM scim_internal.view_definition(store, resource_type, relation) d ORDER BY d.place LOOP
        columns := columns || CASE WHEN columns = '' THEN '' ELSE ', ' END || format('%s AS %I', one.expression, one.name);
        arguments := arguments || ', ' || quote_literal(one.path);
        IF one.comment IS NOT NULL AND (one.is_new OR NOT only_new) THEN
            comments := comments || format('COMMENT ON COLUMN %s.%I IS %L', view, one.name, one.comment);
        END IF;
    END LOOP;
    EXECUTE format('CREATE OR REPLACE VIEW %s WITH (%s) AS SELECT %s FROM %s AS r WHERE r.tenant_id = scim.tenant(%L::regnamespace) AND r.deleted_at IS NULL',
        view, array_to_string(options, ', '), columns, table_name, quote_ident(store));
    EXECUTE format('CREATE OR REPLACE TRIGGER scim_view INSTEAD OF INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION scim_internal.view_row(%s)',
        view, arguments);
    IF relation IS NULL THEN
        EXECUTE format('COMMENT ON TRIGGER scim_view ON %s IS %L', view, 'Writes what is new in a row to the store, through its door.');
        EXECUTE format('COMMENT ON VIEW %s IS %L', view,
            format('The resources of type %s that are there, of the tenant for whom you act: a column for each attribute, to be read and written (scim.create_view).', resource_type));
    END IF;
    FOREACH of_type IN ARRAY comments LOOP
        EXECUTE of_type;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_view(name, text, regclass, text, regclass, text[], boolean) IS
'Makes a view of the resources of a type, or gives one that is there the columns that it lacks, with its trigger and comments, or only those of what is new.';

-- By what it takes in, whatever somebody calls it and wherever he has put it.
CREATE OR REPLACE FUNCTION scim_internal.table_of_type(store name, resource_type text) RETURNS regclass
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    found regclass := (SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(format('%I.resource', store)) AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', resource_type));
BEGIN
    -- one that is no such partition has nothing but its name
    IF found IS NULL THEN
        EXECUTE format('SELECT to_regclass(format(%L, %L, t.table_name)) FROM %I.resource_type t WHERE t.name = $1', '%I.%I', store, store) INTO found USING resource_type;
    END IF;
    RETURN found;
END
$function$;
COMMENT ON FUNCTION scim_internal.table_of_type(name, text) IS
'The table that holds the resources of a type of a store; NULL where there is none.';

-- The views of a store, whatever they are called and wherever they are.
CREATE OR REPLACE FUNCTION scim_internal.views_of(store_table regclass) RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT c.oid::regclass
    FROM pg_class c
    WHERE c.relkind = 'v'
      AND c.oid IN (
          SELECT w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
          WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = store_table)
      AND c.oid IN (SELECT t.tgrelid FROM pg_trigger t WHERE t.tgfoid = 'scim_internal.view_row()'::regprocedure)
      AND scim_internal.view_table(c.oid) = store_table
    ORDER BY c.oid;
END;
COMMENT ON FUNCTION scim_internal.views_of(regclass) IS
'The views that scim.create_view has made of a table of resources.';

CREATE OR REPLACE FUNCTION scim_internal.refresh_views(store name, again boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    one record;
    lacking text;
BEGIN
    FOR one IN EXECUTE format($query$
        SELECT t.name AS resource_type, p.oid::regclass AS table_name, c.oid::regclass AS view, c.relowner, c.reloptions, c.relnamespace,
            c.relnatts, scim_internal.view_paths(c.oid) AS paths
        FROM %1$I.resource_type t
        JOIN pg_class p ON p.oid = scim_internal.table_of_type(%2$L, t.name)
        CROSS JOIN LATERAL scim_internal.views_of(p.oid) AS v (view)
        JOIN pg_class c ON c.oid = v.view
        ORDER BY t.name, c.oid$query$, store, store)
    LOOP
        CONTINUE WHEN NOT again AND one.paths = ARRAY(SELECT d.path FROM scim_internal.view_definition(store, one.resource_type, one.view) d ORDER BY d.place);
        lacking := CASE WHEN cardinality(one.paths) <> one.relnatts THEN 'it has columns of its own'
            WHEN NOT pg_has_role(one.relowner, 'USAGE') THEN 'it belongs to somebody else'
            WHEN NOT has_schema_privilege(one.relnamespace, 'CREATE') THEN 'the owner of the store may make nothing in its schema' END;
        IF lacking IS NOT NULL THEN
            RAISE WARNING 'view % does not follow the schemas of store "%": %', one.view, store, lacking;
            CONTINUE;
        END IF;
        -- no schema waits for what somebody has made of a view; what may work when it is tried again is told
        BEGIN
            PERFORM scim_internal.put_view(store, one.resource_type, one.table_name, one.view::text, one.view, one.reloptions, NOT again);
        EXCEPTION WHEN OTHERS THEN
            IF sqlstate ~ '^(40|53|55|57|58|XX)' THEN
                RAISE;
            END IF;
            RAISE WARNING 'view % does not follow the schemas of store "%": %', one.view, store, sqlerrm;
        END;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.refresh_views(name, boolean) IS
'Gives the views that scim.create_view has made of a store the columns of attributes that are new, and NULL for those that are gone; again: makes all of them as this version does.';

CREATE OR REPLACE FUNCTION scim_internal.drop_views(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    view regclass;
BEGIN
    FOR view IN SELECT scim_internal.views_of(store_table) LOOP
        EXECUTE format('DROP VIEW %s', view);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.drop_views(oid) IS
'Drops the views that scim.create_view has made of a table of resources, which is about to go. Error 2BP01 where others depend on one.';

-- The views that a store comes with are in nobody's way.
CREATE OR REPLACE FUNCTION scim_internal.yield_view(store name, name name) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    view CONSTANT text := format('%I.%I', store, name);
BEGIN
    IF name NOT IN ('people', 'teams') OR scim_internal.view_paths(to_regclass(view)) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP VIEW %s', view);
    RAISE NOTICE 'the view % is gone: a table of resources has its name', view
        USING HINT = 'scim.create_view makes it under another name.';
    RETURN true;
END
$function$;
COMMENT ON FUNCTION scim_internal.yield_view(name, name) IS
'Drops the view people or teams that a store came with, since a table of resources is to have its name; returns whether there was such a view. Error 2BP01 where others depend on it.';

-- What of a view stays when it is made anew: who may do what with it, options, defaults, and triggers of others.
CREATE OR REPLACE FUNCTION scim_internal.made_on_view(relation regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, relation, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = relation AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, relation, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE c.oid = relation AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', relation, t.attname, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d JOIN pg_attribute t ON (t.attrelid, t.attnum) = (d.adrelid, d.adnum) WHERE d.adrelid = relation
    UNION ALL
    SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
    WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgfoid <> 'scim_internal.view_row()'::regprocedure;
END;
COMMENT ON FUNCTION scim_internal.made_on_view(regclass) IS
'The statements that give a view again what people have given it: grants, defaults of columns, and triggers of their own.';

-- Called by scim.create_view and scim.create_store, as the owner of the store.
CREATE OR REPLACE FUNCTION scim_internal.create_view(store name, resource_type text, schema name, name name) RETURNS regclass
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    view CONSTANT text := format('%I.%I', schema, name);
    relation regclass;
    of_table regclass;
    paths text[];
    options text[] := '{security_invoker=true}';
    again text[] := '{}';
    statement text;
    others text;
BEGIN
    IF name IS NULL OR name = '' OR schema IS NULL OR schema = '' THEN
        RAISE EXCEPTION 'a view needs a name' USING ERRCODE = 'invalid_name';
    END IF;
    -- schemas stay what they are until the view is there
    EXECUTE format('LOCK TABLE %1$I.schema, %1$I.resource_type IN SHARE ROW EXCLUSIVE MODE', store);
    of_table := scim_internal.table_of_type(store, resource_type);
    relation := to_regclass(view);
    IF relation IS NOT NULL THEN
        paths := scim_internal.view_paths(relation);
        IF paths IS NULL OR relation NOT IN (
            SELECT v FROM pg_class p, scim_internal.views_of(p.oid) AS v WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND p.relkind = 'r')
        THEN
            RAISE EXCEPTION 'relation % exists already', view
                USING ERRCODE = 'duplicate_table', DETAIL = format('It is no view that scim.create_view has made of store "%s".', store);
        ELSIF scim_internal.view_table(relation) <> of_table THEN
            RAISE EXCEPTION 'relation % exists already', view
                USING ERRCODE = 'duplicate_table', DETAIL = format('It is a view of another resource type: of table %s.', scim_internal.view_table(relation));
        END IF;
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', view);
        options := (SELECT coalesce(c.reloptions, '{}') FROM pg_class c WHERE c.oid = relation);
        -- what is there may be the beginning of what is to be
        IF NOT EXISTS (
            SELECT FROM pg_attribute a
            LEFT JOIN scim_internal.view_definition(store, resource_type, NULL) d ON d.place = a.attnum
            WHERE a.attrelid = relation AND a.attnum > 0
              AND (d.place IS NULL OR d.name <> a.attname OR d.type::regtype <> a.atttypid OR d.path IS DISTINCT FROM paths[a.attnum]))
        THEN
            PERFORM scim_internal.put_view(store, resource_type, of_table, view, relation, options, false);
            RETURN relation;
        END IF;
        again := ARRAY(SELECT scim_internal.made_on_view(relation));
        BEGIN
            EXECUTE format('DROP VIEW %s', view);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            GET STACKED DIAGNOSTICS others = PG_EXCEPTION_DETAIL;
            RAISE EXCEPTION 'view % cannot be made anew while others depend on it', view
                USING ERRCODE = 'dependent_objects_still_exist', DETAIL = others,
                      HINT = 'Drop them before, and make them again afterwards; or make a view of another name.';
        END;
    END IF;
    PERFORM scim_internal.put_view(store, resource_type, of_table, view, NULL, options, false);
    FOREACH statement IN ARRAY again LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN undefined_column THEN
            RAISE WARNING 'left out, since there is no such column any more: %', statement;
        END;
    END LOOP;
    RETURN to_regclass(view);
END
$function$;
COMMENT ON FUNCTION scim_internal.create_view(name, text, name, name) IS
'What scim.create_view does, once it is known whose store it is.';

CREATE OR REPLACE FUNCTION scim.create_view(resource_type text, name text) RETURNS regclass
    AS 'MODULE_PATHNAME', 'scim_create_view'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_view(text, text) IS
'Makes a view of the resources of a type of the current store, in its schema where the name says no other: a column for each attribute, to be read and written through the door (doc/views.md). A view of that name that it has made before is made anew, with its grants. Registered schemas append columns to it. For the owner of the store, to whom the view belongs. Errors: SCVAL for an unknown resource type; 42P07 where something else has the name; 2BP01 where others depend on a view that has to be made anew; 42501.';

-- The two that a store comes with, where their names are free.
CREATE OR REPLACE FUNCTION scim_internal.first_views(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    wanted record;
BEGIN
    FOR wanted IN VALUES ('User', 'people'), ('Group', 'teams') LOOP
        CONTINUE WHEN scim_internal.table_of_type(store, wanted.column1) IS NULL;
        IF to_regclass(format('%I.%I', store, wanted.column2)) IS NOT NULL THEN
            RAISE WARNING 'there is no view %: the store has a relation of that name', format('%I.%I', store, wanted.column2)
                USING HINT = format('scim.create_view(%L, ...) makes it under another name.', wanted.column1);
            CONTINUE;
        END IF;
        PERFORM scim_internal.create_view(store, wanted.column1, store, wanted.column2::name);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.first_views(oid) IS
'Makes the views people and teams of the store one of whose tables is given, where nothing else has their names.';
-- Indexes of a store: which are there, and what makes those that are missing while it is in use.

CREATE OR REPLACE FUNCTION scim_internal.index_shape(said text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT regexp_replace(regexp_replace(said, ' WITH [(][^)]*[)]|::[a-z]+( [a-z]+)*', '', 'g'), '[() "]', '', 'g');
END;
COMMENT ON FUNCTION scim_internal.index_shape(text) IS
'What an index is over, as its definition says it behind the name of the table, after UNIQUE where it is unique, without what the server adds to what was said, and without storage parameters, which are anybody''s to change.';

CREATE OR REPLACE FUNCTION scim_internal.index_shape_of(index regclass) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT scim_internal.index_shape(u.is_unique || substr(pg_get_indexdef(c.oid), 1 + length(format('CREATE %sINDEX %I ON %s%s USING ',
        u.is_unique, c.relname, CASE c.relkind WHEN 'I' THEN 'ONLY ' END, i.indrelid::regclass))))
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid,
    LATERAL (SELECT CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END AS is_unique) AS u
    WHERE c.oid = index;
END;
COMMENT ON FUNCTION scim_internal.index_shape_of(regclass) IS
'The same of an index that is there; NULL of what is no index.';

CREATE OR REPLACE FUNCTION scim_internal.index_said(statement text, OUT made text, OUT is_unique text, OUT name text, OUT relation text, OUT said text, OUT shape text)
    RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT m.part[1], m.part[2], m.part[3], m.part[4], m.part[5],
        scim_internal.index_shape(concat(m.part[2], regexp_replace(regexp_replace(m.part[5], '^\(', 'btree ('), '^USING ', '')))
    FROM regexp_match(statement, '^(CREATE (UNIQUE )?INDEX) ("(?:[^"]|"")+"|\S+) ON ((?:"(?:[^"]|"")+"|[^".]+)\.(?:"(?:[^"]|"")+"|[^" ]+)) (.*)$') AS m (part)
    WHERE m.part IS NOT NULL;
END;
COMMENT ON FUNCTION scim_internal.index_said(text) IS
'What a statement of a store that makes an index says: made, CREATE INDEX or CREATE UNIQUE INDEX; is_unique, "UNIQUE " or NULL; the name and the table as they are quoted there; said, what comes behind the table; shape, as of scim_internal.index_shape. NULL each of another statement.';

-- Literals and quoted names are not looked into.
CREATE OR REPLACE FUNCTION scim_internal.qualified(statement text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(CASE WHEN p.part[1] ~ '^[''"]' THEN p.part[1] ELSE
            regexp_replace(regexp_replace(regexp_replace(regexp_replace(p.part[1],
                ' (=|OPERATOR[(][^()]*[.]=[)]) (E?)$', ' OPERATOR(pg_catalog.=) \2'),
                '(^|[^.[:alnum:]_])(lower|substr|sha256)(?=[(])', '\1pg_catalog.\2', 'g'),
                '::(text|bytea)(?![.[:alnum:]_])', '::pg_catalog.\1', 'g'),
                'COLLATE $', 'COLLATE pg_catalog.')
        END, '' ORDER BY p.n)
    FROM regexp_matches(statement, '''(?:[^'']|'''')*''|"(?:[^"]|"")*"|[^''"]+', 'g') WITH ORDINALITY AS p (part, n);
END;
COMMENT ON FUNCTION scim_internal.qualified(text) IS
'A statement that makes an index of a store, as it is handed out to be executed by somebody whose search_path may hold anything: operators, functions, types and collations of the server are named with their schema.';

CREATE OR REPLACE FUNCTION scim_internal.is_of_others(index regclass) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = index AND d.refclassid IN ('pg_operator'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_collation'::regclass)
          AND NOT EXISTS (SELECT FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid AND x.extname = 'scim'
                          WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'));
END;
COMMENT ON FUNCTION scim_internal.is_of_others(regclass) IS
'Whether an index is by an operator, function, type or collation that is neither the server''s nor of the extension: a statement that makes one of a store, executed with a search_path that has others of the same name in front, has made it so, and nothing is found by it.';

CREATE OR REPLACE FUNCTION scim_internal.indexes_without_tenant(store oid) RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT c.oid::regclass
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN (VALUES
        ('token', 'token_hash_idx', 'btree (hash)'),
        ('token', 'token_former_hash_idx', 'btree (former_hash) WHERE former_hash IS NOT NULL'),
        ('client', 'client_hash_idx', 'btree (hash)'),
        ('client', 'client_former_hash_idx', 'btree (former_hash) WHERE former_hash IS NOT NULL'),
        ('client', 'client_name_key', 'UNIQUE btree (name) WHERE revoked_at IS NULL'),
        ('audit_seal', 'audit_seal_horizon_idx', 'btree (horizon)'),
        ('audit_seal', 'audit_seal_last_at_idx', 'btree (last_at)')
    ) AS made (of_table, index, said) ON made.of_table = t.relname AND made.index = c.relname
    WHERE t.relnamespace = store
      AND scim_internal.index_shape_of(c.oid::regclass) = scim_internal.index_shape(made.said)
    UNION ALL
    SELECT c.oid::regclass
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = store AND c.relname = (t.relname || '_user_name_idx')::name
      AND pg_get_expr(t.relpartbound, t.oid) = 'FOR VALUES IN (''User'')'
      AND scim_internal.index_shape_of(c.oid::regclass) = scim_internal.index_shape('btree (user_name)');
END;
COMMENT ON FUNCTION scim_internal.indexes_without_tenant(oid) IS
'Indexes of a store that version 0.4.0 made without the tenant, and later ones make with it.';

CREATE OR REPLACE FUNCTION scim_internal.former_document_indexes(store oid, OUT relation regclass, OUT table_name name, OUT aside name)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT i.indexrelid::regclass, t.relname, named.aside
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_inherits h ON h.inhrelid = t.oid
    JOIN pg_class resource ON resource.oid = h.inhparent
    CROSS JOIN LATERAL (SELECT (left(t.relname, 51) || '_data_former')::name AS aside) AS named
    WHERE resource.relnamespace = store AND resource.relname = 'resource' AND t.relnamespace = store
      AND c.relname IN ((t.relname || '_data_idx')::name, named.aside)
      AND EXISTS (SELECT FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
                  WHERE o.oid = ANY (i.indclass::oid[]) AND n.nspname = 'scim' AND o.opcname IN ('gin_ops_1', 'gin_ops_2'));
END;
COMMENT ON FUNCTION scim_internal.former_document_indexes(oid) IS
'Indexes on the documents of a store of the operator classes scim.gin_ops_1 and scim.gin_ops_2, and under which name each answers until one of scim.gin_ops has taken its place.';

CREATE OR REPLACE FUNCTION scim_internal.set_document_indexes_aside(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    former record;
BEGIN
    FOR former IN
        SELECT f.relation, f.aside, i.indisvalid, c.relname = f.aside AS is_aside, count(*) OVER w > 1 AND c.relname = f.aside AS is_older,
            bool_and(i.indisvalid OR c.relname = f.aside) OVER w AS has_later
        FROM pg_class t, scim_internal.former_document_indexes(t.relnamespace) AS f JOIN pg_index i ON i.indexrelid = f.relation JOIN pg_class c ON c.oid = f.relation
        WHERE t.oid = store_table
        WINDOW w AS (PARTITION BY f.table_name)
        ORDER BY NOT c.relname = f.aside
    LOOP
        -- of two, the one that was to take the place of the other has it, if it is whole
        IF former.is_older AND former.has_later OR NOT former.is_aside AND NOT former.indisvalid THEN
            EXECUTE format('DROP INDEX %s', former.relation);
        ELSIF NOT former.is_aside THEN
            EXECUTE format('ALTER INDEX %s RENAME TO %I', former.relation, former.aside);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.set_document_indexes_aside(oid) IS
'Renames the former indexes on the documents of the store, one of whose tables is given, so that new ones can have their names.';

CREATE OR REPLACE FUNCTION scim_internal.is_of_folded_names(index regclass, shape text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT shape ~ 'scim[.]fold_user_name' AND coalesce(scim_internal.index_shape_of(index) = replace(shape, 'scim.fold_user_name', 'scim.fold'), false);
END;
COMMENT ON FUNCTION scim_internal.is_of_folded_names(regclass, text) IS
'Whether an index is the one that versions until 0.8.0 made in the place of one on user names that is of a shape.';

CREATE OR REPLACE FUNCTION scim_internal.is_being_made(relation regclass) RETURNS boolean
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        WHERE l.locktype = 'relation' AND l.relation = is_being_made.relation AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_backend_pid());
END;
COMMENT ON FUNCTION scim_internal.is_being_made(regclass) IS
'Whether another session may be at work on an index of a table, CONCURRENTLY: it holds the lock for that.';

-- An index is ours by what it is over; one that only has the name stays what it is.
CREATE OR REPLACE FUNCTION scim_internal.index_repairs(store name, statement text) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    part CONSTANT record := scim_internal.index_said(statement);
    name CONSTANT text := format('%I.%s', store, part.name);
    shape CONSTANT text := part.shape;
    of_table CONSTANT regclass := to_regclass(part.relation);
    kind CONSTANT "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = of_table);
    index regclass := to_regclass(name);
    partition record;
    twice uuid;
    is_amiss boolean;
BEGIN
    -- nothing is unique over the nodes of a cluster; names of clients are so within a tenant
    IF part.is_unique IS NOT NULL AND strpos(part.said, 'tenant_id') = 0 AND scim_internal.is_distributed(of_table) THEN
        RETURN;
    END IF;
    -- mostly it is there; those below are over something else
    IF EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = index AND i.indrelid = of_table AND i.indisvalid AND scim_internal.index_shape_of(index) = shape) THEN
        RETURN;
    END IF;
    -- which the step of its version will have made room for
    IF index IN (SELECT scim_internal.indexes_without_tenant(to_regnamespace(quote_ident(store)))
                 UNION ALL SELECT f.relation FROM scim_internal.former_document_indexes(to_regnamespace(quote_ident(store))) AS f)
        OR scim_internal.is_of_folded_names(index, shape)
    THEN
        index := NULL;
    END IF;
    -- ours, but that another search_path has put others in the place of what the statement names
    is_amiss := kind = 'r' AND coalesce(scim_internal.is_of_others(index) AND of_table = (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = index)
        AND regexp_replace(scim_internal.index_shape_of(index), 'OPERATOR[^=]*[.](=)|[[:alnum:]_$]+[.](lower|substr|sha256)', '\1\2', 'g') = shape, false);
    IF part.relation = format('%I.audit', store) AND kind = 'r' THEN
        -- all of its indexes are made with its partitions
        RETURN;
    ELSIF index IS NOT NULL AND (of_table IS DISTINCT FROM (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = index)
                                 OR shape IS DISTINCT FROM scim_internal.index_shape_of(index) AND NOT is_amiss)
    THEN
        RAISE WARNING 'there is no index %: the store has another relation of that name', name
            USING HINT = format('Give it another name, and call scim.upgrade_store(%L) again.', store);
        RETURN;
    ELSIF NOT is_amiss AND (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = index) THEN
        RETURN;
    ELSIF kind = 'p' THEN
        IF index IS NOT NULL THEN
            -- one of a partition was not finished, which cannot be let go alone
            RETURN NEXT format('DROP INDEX %s', name);
            RETURN;
        END IF;
        FOR partition IN
            SELECT p.relation, p.index, p.name, coalesce(i.indisvalid, false) AS is_there
            FROM scim_internal.partition_indexes(of_table, shape, part.said) AS p
            LEFT JOIN pg_index i ON i.indexrelid = p.index
        LOOP
            CONTINUE WHEN partition.is_there;
            IF scim_internal.is_being_made(partition.relation) THEN
                RAISE WARNING 'index % is missing, but % may be getting one from another session: call again', name, partition.relation;
                RETURN;
            ELSIF partition.index IS NOT NULL THEN
                RETURN NEXT format('DROP INDEX CONCURRENTLY IF EXISTS %s', partition.index);
            END IF;
            RETURN NEXT scim_internal.qualified(format('%s CONCURRENTLY IF NOT EXISTS %s ON %s %s', part.made, partition.name, partition.relation, part.said));
            index := partition.relation;
        END LOOP;
        -- which takes those of the partitions, and so is made when these are there
        IF index IS NULL THEN
            RETURN NEXT scim_internal.qualified(format('%s IF NOT EXISTS %s ON %s %s', part.made, part.name, part.relation, part.said));
        END IF;
        RETURN;
    ELSIF index IS NOT NULL THEN
        -- CONCURRENTLY that failed leaves an index that is not valid, and until it ends, too
        IF scim_internal.is_being_made(of_table) THEN
            RAISE WARNING 'index % is not valid, but may be in the making by another session: call again', name;
            RETURN;
        ELSIF NOT is_amiss AND (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = index) THEN
            -- as it is since
            RETURN;
        END IF;
        RETURN NEXT format('DROP INDEX CONCURRENTLY IF EXISTS %s', name);
    END IF;
    -- earlier versions let two tenants have the same id, where somebody gave it
    IF part.said = '(id scim.uuid_key_ops)' AND of_table IS NOT NULL THEN
        EXECUTE format('SELECT id FROM %s GROUP BY id HAVING count(*) > 1 LIMIT 1', of_table) INTO twice;
        IF twice IS NOT NULL THEN
            RAISE WARNING 'there is no index %: two tenants have the same id, such as %', name, twice
                USING HINT = 'No table can refer to this one by the id alone.';
            RETURN;
        END IF;
    END IF;
    RETURN NEXT scim_internal.qualified(format('%s CONCURRENTLY IF NOT EXISTS %s ON %s %s', part.made, part.name, part.relation, part.said));
END
$function$;
COMMENT ON FUNCTION scim_internal.index_repairs(name, text) IS
'The statements that make an index of a store, given by the statement that makes it in a new one, where it is missing or not valid: without writers having to wait, of a table with partitions one partition after the other. Nothing, and a warning, where something else has its name.';

CREATE OR REPLACE FUNCTION scim_internal.partition_indexes(of_table regclass, shape text, said text, OUT relation regclass, OUT index regclass, OUT name text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    columns CONSTANT text := (SELECT string_agg(btrim(split_part(btrim(c), ' ', 1), '"'), '_' ORDER BY n) FROM regexp_split_to_table(substring(said FROM '\(([^)]*)\)'), ',') WITH ORDINALITY AS c (c, n));
    partition record;
    number int;
BEGIN
    FOR partition IN
        SELECT c.oid, c.relname, n.nspname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE h.inhparent = of_table ORDER BY c.relname COLLATE "C"
    LOOP
        relation := partition.oid;
        -- one that is of another index of the whole table can be of no second one
        index := (SELECT i.indexrelid FROM pg_index i
            WHERE i.indrelid = relation AND scim_internal.index_shape_of(i.indexrelid::regclass) = shape
              AND NOT EXISTS (SELECT FROM pg_inherits a WHERE a.inhrelid = i.indexrelid)
            ORDER BY i.indisvalid DESC LIMIT 1);
        -- as the server would call it
        number := 0;
        LOOP
            name := quote_ident(concat(left(concat(partition.relname, '_', columns), 58), '_idx', nullif(number, 0)));
            EXIT WHEN coalesce(to_regclass(format('%I.%s', partition.nspname, name)) = index, to_regclass(format('%I.%s', partition.nspname, name)) IS NULL);
            number := number + 1;
        END LOOP;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.partition_indexes(regclass, text, text) IS
'The partitions of a table, which index of a shape each has, and how it is to be called; said: the index as CREATE INDEX says it behind the name of the table.';

CREATE OR REPLACE FUNCTION scim_internal.former_index_repairs(store name) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', store, f.aside)
    FROM scim_internal.former_document_indexes(to_regnamespace(quote_ident(store))) AS f
    JOIN pg_index i ON i.indexrelid = to_regclass(format('%I.%I', store, f.table_name || '_data_idx'))
    WHERE i.indisvalid AND i.indexrelid <> f.relation
      AND EXISTS (SELECT FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
                  WHERE o.oid = ANY (i.indclass::oid[]) AND n.nspname = 'scim' AND o.opcname = 'gin_ops');
END;
COMMENT ON FUNCTION scim_internal.former_index_repairs(name) IS
'The statements that drop the former indexes on the documents of a store, each once the one that takes its place is whole.';

-- What CREATE INDEX and REINDEX leave that were CONCURRENTLY and broken off, but for those of every store on tables of resources (scim_internal.missing_indexes).
CREATE OR REPLACE FUNCTION scim_internal.unfinished_indexes(store name, OUT relation regclass, OUT index regclass, OUT kind text, OUT twin name)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    resource CONSTANT regclass := to_regclass(format('%I.resource', store));
    root regclass;
    called name;
    made text;
BEGIN
    FOR relation, index, called, root, made IN
        SELECT i.indrelid, i.indexrelid, c.relname, coalesce(h.inhparent, i.indrelid), substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' ON '))
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i' AND NOT c.relispartition
        JOIN pg_class t ON t.oid = i.indrelid AND t.relkind = 'r'
        LEFT JOIN pg_inherits h ON h.inhrelid = t.oid
        WHERE t.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND NOT i.indisvalid
        ORDER BY t.relname, c.relname
    LOOP
        twin := (SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid, pg_index u
            WHERE u.indexrelid = index AND i.indrelid = relation AND i.indisvalid AND (i.indisunique OR NOT u.indisunique)
              AND substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' ON ')) = made
            ORDER BY c.relname LIMIT 1);
        kind := CASE WHEN twin IS NOT NULL THEN 'copy'
            WHEN root = resource AND (called ~ '^scim_[0-9a-f]{16}_filter$' AND strpos(made, 'scim_internal.holds(') > 0
                OR called ~ '_[0-9a-f]{6}_sort$' AND strpos(made, 'scim_internal.sort_text(') > 0) THEN 'asked'
            WHEN EXISTS (SELECT FROM scim_internal.all_statements(store) AS s, LATERAL scim_internal.index_said(s) AS w
                WHERE to_regclass(w.relation) IN (unfinished_indexes.relation, root) AND w.shape = scim_internal.index_shape_of(index)) THEN 'store'
            ELSE 'other' END;
        CONTINUE WHEN kind = 'store' AND root = resource;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.unfinished_indexes(name) IS
'Indexes of tables of a store that are not valid, so that they are written and not read. kind: "copy" of a valid one, the twin, as REINDEX leaves it; "asked", of scim.create_sort_index or scim.create_filter_index; "store", which every store has; "other", of somebody else. Those that every store has on tables of resources are told of by scim_internal.missing_indexes.';

CREATE OR REPLACE FUNCTION scim_internal.unfinished_index_repairs(store name) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    unfinished record;
BEGIN
    FOR unfinished IN SELECT * FROM scim_internal.unfinished_indexes(store) AS u WHERE u.kind IN ('copy', 'asked') LOOP
        IF scim_internal.is_being_made(unfinished.relation) THEN
            RAISE WARNING 'index % is not valid, but may be in the making by another session: call again', unfinished.index;
            CONTINUE;
        END IF;
        RETURN NEXT format('DROP INDEX CONCURRENTLY IF EXISTS %s', unfinished.index);
        IF unfinished.kind = 'asked' THEN
            RETURN NEXT scim_internal.qualified(regexp_replace(pg_get_indexdef(unfinished.index), '^CREATE INDEX ', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS '));
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.unfinished_index_repairs(name) IS
'The statements that drop copies of indexes of a store that REINDEX has left, and make those of scim.create_sort_index and scim.create_filter_index again that are not valid.';
-- A store of an earlier version becomes one of this version.

CREATE OR REPLACE FUNCTION scim_internal.is_store(schema name) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = schema AND c.relname = 'resource'
          -- the tables tell of a store that has lost its triggers
          AND (EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = 'scim_internal.resource_door'::regproc)
               OR c.relkind = 'p' AND (SELECT count(*) FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
                   WHERE t.relnamespace = n.oid AND t.relowner = c.relowner AND t.relkind IN ('r', 'p')
                     AND (t.relname, a.attname, a.atttypid) IN (('store', 'version', 'text'::regtype), ('schema', 'document', 'jsonb'::regtype),
                         ('resource_type', 'table_name', 'name'::regtype), ('member', 'member_id', 'uuid'::regtype), ('audit', 'resource_id', 'uuid'::regtype))) = 5));
END;
COMMENT ON FUNCTION scim_internal.is_store(name) IS
'Whether a schema is a store, with or without the triggers by which it holds together.';

CREATE OR REPLACE FUNCTION scim_internal.store_version_of(store name) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    version text;
    missing text;
BEGIN
    IF NOT scim_internal.is_store(store) THEN
        RAISE EXCEPTION 'store "%" does not exist', store USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.store', store)) AND a.attname = 'version'
    ) THEN
        EXECUTE format('SELECT version FROM %I.store', store) INTO version;
        IF version IS NULL THEN
            RAISE EXCEPTION 'store "%" does not say of which version it is', store
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      DETAIL = format('Its table %I.store has no row.', store);
        END IF;
        RETURN version;
    END IF;
    -- Version 0.1.0 did not say so; what came before it had not all of this.
    SELECT string_agg(wanted.relation || '.' || wanted.attribute, ', ')
    INTO missing
    FROM (VALUES
        ('tenant', '{tenant_id,name,created}'),
        ('schema', '{id,document}'),
        ('resource_type', '{name,document,table_name}'),
        ('policy', '{tenant_id,resource_type,kind,enabled,settings}'),
        ('resource', '{tenant_id,resource_type,id,external_id,user_name,display_name,active,status,data,version,created,last_modified,offboarding_at,deleted_at}'),
        ('member', '{tenant_id,group_id,member_id,member_type,value,created}'),
        ('unique_value', '{tenant_id,resource_type,attribute,value,resource_id}'),
        ('credential', '{tenant_id,resource_id,secret,changed}'),
        ('token', '{tenant_id,id,hash,description,created,expires_at,revoked_at}'),
        ('secret', '{purpose,value}'),
        ('audit', '{tenant_id,id,at,transaction_id,actor,db_user,operation,resource_type,resource_id,version,member_id,before}'),
        ('event', '{tenant_id,id,at,transaction_id,event_uri,resource_type,resource_id,version}')
    ) shape (relation, attributes), unnest(shape.attributes::text[]) attribute,
    LATERAL (SELECT shape.relation, attribute) wanted
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.%I', store, wanted.relation))
          AND a.attname = wanted.attribute
          AND NOT a.attisdropped);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'store "%" is of no version that can be brought forward', store
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('Version 0.1.0 is the first that can; what it had and this store has not: %s.', missing);
    END IF;
    RETURN '0.1.0';
END
$function$;
COMMENT ON FUNCTION scim_internal.store_version_of(name) IS
'The version that a store is of, by its table "store" or, for 0.1.0, by its shape. Errors: 3F000 where there is no such store, 55000 where it is older.';

-- Until version 0.3.0 row-level security and defaults asked for the tenant of the store
-- that the setting scim.store names.
CREATE OR REPLACE FUNCTION scim_internal.name_tenants(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    store CONSTANT oid := (SELECT relnamespace FROM pg_class WHERE pg_class.oid = store_table);
    whose CONSTANT text := format('scim.tenant(%L::regnamespace)', store::regnamespace);
    found record;
BEGIN
    FOR found IN
        SELECT p.polname, p.polrelid::regclass AS relation,
            pg_get_expr(p.polqual, p.polrelid) AS is_visible, pg_get_expr(p.polwithcheck, p.polrelid) AS is_written
        FROM pg_policy p
        JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = store
          AND concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) LIKE '%scim.tenant()%'
    LOOP
        EXECUTE format('ALTER POLICY %I ON %s', found.polname, found.relation)
            || coalesce(' USING (' || replace(found.is_visible, 'scim.tenant()', whose) || ')', '')
            || coalesce(' WITH CHECK (' || replace(found.is_written, 'scim.tenant()', whose) || ')', '');
    END LOOP;
    FOR found IN
        SELECT a.attname, d.adrelid::regclass AS relation, pg_get_expr(d.adbin, d.adrelid) AS usual
        FROM pg_attrdef d
        JOIN pg_class c ON c.oid = d.adrelid
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
        WHERE c.relnamespace = store AND a.attgenerated = '' AND pg_get_expr(d.adbin, d.adrelid) LIKE '%scim.tenant()%'
    LOOP
        EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT ', found.relation, found.attname)
            || replace(found.usual, 'scim.tenant()', whose);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.name_tenants(oid) IS
'Makes row-level security and defaults of the store, one of whose tables is given, ask for the tenant of this store, whatever the setting scim.store says.';

CREATE OR REPLACE FUNCTION scim_internal.let_owner(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    store CONSTANT name := (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    begins CONSTANT text := 'CREATE POLICY owner ON ';
    ends CONSTANT text := format(' USING (scim_internal.is_owner(%L::regnamespace))', quote_ident(store));
    statement text;
    relation regclass;
BEGIN
    FOR statement IN SELECT s FROM scim_internal.store_statements(store) s WHERE starts_with(s, begins) LOOP
        -- those that a later step makes have no table yet
        relation := to_regclass(left(substr(statement, length(begins) + 1), -length(ends)));
        CONTINUE WHEN relation IS NULL OR EXISTS (SELECT FROM pg_policy WHERE polrelid = relation AND polname = 'owner');
        EXECUTE statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.let_owner(oid) IS
'Gives the store, one of whose tables is given, the row-level security by which its owner sees to what it is configured to be.';

CREATE OR REPLACE FUNCTION scim_internal.hide_tenants(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    store CONSTANT oid := (SELECT relnamespace FROM pg_class WHERE pg_class.oid = store_table);
    whose CONSTANT text := format('scim.tenant(%L::regnamespace)', store::regnamespace);
    found record;
BEGIN
    FOR found IN SELECT relation FROM scim_internal.indexes_without_tenant(store) AS relation LOOP
        EXECUTE format('DROP INDEX %s', found.relation);
    END LOOP;
    EXECUTE format('ALTER TABLE %s.tenant DROP CONSTRAINT IF EXISTS tenant_base_url_key', store::regnamespace);
    FOR found IN
        SELECT c.oid::regclass AS relation
        FROM pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        WHERE c.relnamespace = store AND c.relkind IN ('r', 'p')
          AND (c.relname IN ('audit', 'audit_seal') OR i.inhparent = to_regclass(format('%s.audit', store::regnamespace)))
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS store_wide ON %s', found.relation);
        EXECUTE format('ALTER POLICY tenant ON %s USING (tenant_id = ANY (ARRAY[0, %s]))', found.relation, whose);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.hide_tenants(oid) IS
'Makes the tenant a part of each index and condition by which a statement under row-level security could count rows of others, in the store one of whose tables is given. Indexes that it drops scim.upgrade_store makes anew.';

-- What makes a store as it is by now, with the tables of all its resource types and months.
CREATE OR REPLACE FUNCTION scim_internal.all_statements(store name) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    statements text[] := ARRAY(SELECT scim_internal.store_statements(store));
    of_audit CONSTANT text := format('COMMENT ON COLUMN %I.audit.', store);
    comments CONSTANT text[] := ARRAY(SELECT s FROM unnest(statements) AS s WHERE starts_with(s, of_audit));
    resource_type record;
BEGIN
    FOR resource_type IN EXECUTE format('SELECT name, table_name FROM %I.resource_type ORDER BY name <> ''User'', name', store) LOOP
        statements := statements || ARRAY(
            SELECT scim_internal.resource_table_statements(store, resource_type.table_name, resource_type.name));
    END LOOP;
    statements := statements || ARRAY(
        SELECT s.statement
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, LATERAL (
            SELECT scim_internal.audit_table_statements(store, c.relname, '')
            UNION ALL
            -- of the same columns the same
            SELECT replace(comment, of_audit, format('COMMENT ON COLUMN %I.%I.', store, c.relname))
            FROM unnest(comments) AS comment
        ) AS s (statement)
        WHERE i.inhparent = to_regclass(format('%I.audit', store)));
    RETURN QUERY SELECT unnest(statements);
END
$function$;
COMMENT ON FUNCTION scim_internal.all_statements(name) IS
'The statements that make a store, with the tables of its resource types and the partitions of its audit that are there.';

-- What a store that has its tables can be told again: triggers, comments and
-- privileges, and what makes it fast where that is missing.
CREATE OR REPLACE FUNCTION scim_internal.store_repairs(store name, OUT statement text, OUT online boolean)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    statements CONSTANT text[] := ARRAY(SELECT scim_internal.all_statements(store));
    taken text[];
BEGIN
    -- A relation of theirs that has the name of a view stays what it is, and there is no such view.
    taken := ARRAY(
        SELECT format('%I.%I', store, c.relname)
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
          AND format('CREATE OR REPLACE VIEW %I.%I ', store, c.relname) IN (SELECT left(s, strpos(s, ' WITH ')) FROM unnest(statements) s WHERE starts_with(s, 'CREATE OR REPLACE VIEW '))
          -- ours say what each column is, but for those that version 0.9.0 has distributed
          AND (c.relkind <> 'v' OR 'security_invoker=true' <> ALL (coalesce(c.reloptions, '{}'))
               OR col_description(c.oid, 1) IS NULL AND NOT scim_internal.is_distributed(to_regclass(format('%I.resource', store)))));
    FOREACH statement IN ARRAY taken LOOP
        RAISE WARNING 'there is no view %: the store has a relation of that name', statement;
    END LOOP;
    FOREACH statement IN ARRAY statements LOOP
        online := false;
        IF taken <> '{}' THEN
            CONTINUE WHEN EXISTS (SELECT FROM unnest(taken) AS name
                WHERE starts_with(statement, format('CREATE OR REPLACE VIEW %s ', name)) OR starts_with(statement, format('COMMENT ON VIEW %s ', name)) OR starts_with(statement, format('COMMENT ON COLUMN %s.', name)));
        END IF;
        IF statement ~ '^(COMMENT|GRANT|REVOKE|CREATE OR REPLACE VIEW) ' OR statement ~ ' ENABLE ALWAYS TRIGGER scim_replicated$' THEN
            RETURN NEXT;
        ELSIF statement ~ '^CREATE (TRIGGER|FUNCTION) ' THEN
            statement := regexp_replace(statement, '^CREATE', 'CREATE OR REPLACE');
            RETURN NEXT;
        ELSIF statement ~ '^CREATE STATISTICS ' THEN
            statement := regexp_replace(statement, '^CREATE STATISTICS', 'CREATE STATISTICS IF NOT EXISTS');
            RETURN NEXT;
        ELSIF statement ~ '^CREATE (UNIQUE )?INDEX ' THEN
            online := true;
            FOR statement IN SELECT scim_internal.index_repairs(store, statement) LOOP
                RETURN NEXT;
            END LOOP;
        END IF;
    END LOOP;
    online := true;
    FOR statement IN SELECT scim_internal.former_index_repairs(store) UNION ALL SELECT scim_internal.unfinished_index_repairs(store) LOOP
        RETURN NEXT;
    END LOOP;
    online := false;
    -- what discovery says of itself is this version's
    statement := format($update$UPDATE %I.schema s SET document = c.document FROM scim_internal.core_schemas() AS c (document)
        WHERE s.id = c.document ->> 'id' AND s.document <> c.document AND s.id = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'$update$, store);
    RETURN NEXT;
    -- the door of the registry completes documents: by descriptions, which version 0.1.0
    -- did not ask for
    FOREACH statement IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        statement := format($update$UPDATE %I.%I SET document = document
            WHERE NOT document ? 'description'
            OR jsonb_path_exists(document, '$.attributes[*] ? (!exists(@.description))')
            OR jsonb_path_exists(document, '$.attributes[*].subAttributes[*] ? (!exists(@.description))')$update$, store, statement);
        RETURN NEXT;
    END LOOP;
    statement := format('SELECT scim_internal.refresh_views(%L, true)', store);
    RETURN NEXT;
END
$function$;
COMMENT ON FUNCTION scim_internal.store_repairs(name) IS
'The statements that give a store, whose tables are there, the triggers, comments and privileges of a new one, the statistics and indexes that it lacks, and complete documents; online: an index, which is made outside of a transaction.';

-- All tables at once, and never waiting for one while others wait for another: who holds some of
-- them already, in whatever order, goes on.
CREATE OR REPLACE FUNCTION scim_internal.lock_store(store name, caller text) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    -- sessions that wait look for a deadlock after that, and it must not be us whom they find
    patience CONSTANT interval := least(interval '0.3 s', current_setting('deadlock_timeout')::interval / 3);
    given CONSTANT text := current_setting('lock_timeout');
    ends CONSTANT timestamptz := clock_timestamp() + coalesce(nullif(given::interval, '0'), '1 minute');
    began timestamptz;
    relation regclass;
BEGIN
    LOOP
        BEGIN
            began := NULL;
            FOR relation IN
                SELECT c.oid
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = store AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND c.relowner = (SELECT r.relowner FROM pg_class r WHERE r.relnamespace = n.oid AND r.relname = 'resource')
                ORDER BY c.relname <> 'resource', c.relname <> 'member', c.relname
            LOOP
                PERFORM set_config('lock_timeout', greatest(1, 1000 * extract(epoch FROM patience - coalesce(clock_timestamp() - began, '0')))::int || 'ms', true);
                EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
                began := coalesce(began, clock_timestamp());
            END LOOP;
            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            IF clock_timestamp() >= ends THEN
                RAISE EXCEPTION 'store "%" is in use', store USING ERRCODE = 'lock_not_available',
                    DETAIL = format('Table %s could not be locked.', relation),
                    HINT = format('Nothing has happened. Call scim.%s(%L) again when no long transaction reads or writes the store.', caller, store);
            END IF;
        END;
        PERFORM pg_sleep(0.2 * random());
    END LOOP;
    PERFORM set_config('lock_timeout', given, true);
END
$function$;
COMMENT ON FUNCTION scim_internal.lock_store(name, text) IS
'Locks all tables of a store, once nobody else holds one; error 55P03 where that takes longer than lock_timeout, or a minute where there is none. caller: the function of schema scim that the hint says to call again.';

-- At once: of some hundred each by itself would take longer than all the rest of a repair.
CREATE OR REPLACE FUNCTION scim_internal.put_comments(comments text[]) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
BEGIN
    EXECUTE array_to_string(comments, ';');
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_comments(text[]) IS
'Executes the statements COMMENT ON of a store; false, and nothing is done, where one of them is an error: who executes each by itself learns which.';

-- One statement of an upgrade.  Whom it meets with something of his own is told what to do.
CREATE OR REPLACE FUNCTION scim_internal.upgrade_by(store name, statement text) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    said text;
    detail text;
BEGIN
    EXECUTE statement;
EXCEPTION
    WHEN duplicate_column OR duplicate_table OR duplicate_object OR dependent_objects_still_exist OR invalid_table_definition
        OR wrong_object_type OR lock_not_available OR deadlock_detected
    THEN
        GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
        RAISE EXCEPTION USING ERRCODE = sqlstate, MESSAGE = said, DETAIL = concat_ws(E'\n', nullif(detail, ''), format('The upgrade of store "%s" came to: %s', store, left(split_part(statement, E'\n', 1), 200))),
            HINT = CASE
                WHEN sqlstate = '2BP01' THEN 'The store is as it was. Drop what depends on it before, and make it again afterwards.'
                WHEN sqlstate IN ('55P03', '40P01') THEN format('The store is as it was. Call scim.upgrade_store(%L) again.', store)
                ELSE 'The store is as it was. What has a name there that this version uses for its own needs another one, or has to be dropped before.' END;
END
$function$;
COMMENT ON FUNCTION scim_internal.upgrade_by(name, text) IS
'Executes a statement of scim.upgrade_store; errors by names that others have taken, or by what depends on something of the store''s, say what to do.';

-- Called by scim.upgrade_store, as the owner of the store.
CREATE OR REPLACE FUNCTION scim_internal.upgrade_store(store name, dry_run boolean, caller_is_owner boolean, user_names jsonb)
    RETURNS TABLE (statement text)
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET client_min_messages = warning
AS $function$
DECLARE
    comments text[] := '{}';
    wanted CONSTANT text := scim_internal.store_version();
    current text;
    is_old boolean;
    precedes_0_9 boolean;
    forced regclass[];
    step record;
    repair record;
BEGIN
    -- one upgrade at a time: who waits for the other has read nothing yet that he locks
    IF NOT dry_run AND NOT pg_is_in_recovery() AND to_regclass(format('%I.resource_type', store)) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I.resource_type IN SHARE UPDATE EXCLUSIVE MODE', store);
    END IF;
    current := scim_internal.store_version_of(store);
    IF current <> wanted AND NOT dry_run THEN
        -- no reader or writer until it is whole
        PERFORM scim_internal.lock_store(store, 'upgrade_store');
    END IF;
    is_old := current <> wanted;
    IF is_old AND scim_internal.is_distributed(format('%I.resource', store)::regclass) THEN
        -- what Citus makes on all nodes
        PERFORM set_config('citus.enable_unsafe_triggers', 'on', true);
    END IF;
    precedes_0_9 := EXISTS (SELECT FROM scim_internal.store_steps() s WHERE s.from_version = current)
        AND string_to_array(current, '.')::int[] < '{0,9,0}';
    IF precedes_0_9 AND NOT dry_run THEN
        forced := scim_internal.let_owner_see_names(store);
        PERFORM scim_internal.require_other_names(store, user_names);
        PERFORM scim_internal.force_again(forced);
    ELSIF precedes_0_9 THEN
        -- where row-level security hides rows from the owner nothing is said beforehand
        IF NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relname IN ('resource', 'unique_value', 'resource_type', 'schema') AND c.relforcerowsecurity) THEN
            PERFORM scim_internal.require_other_names(store, user_names);
        END IF;
    ELSIF user_names <> '{}' THEN
        RAISE EXCEPTION 'no user names of store "%" have to become others', store USING ERRCODE = 'invalid_parameter_value',
            DETAIL = format('user_names is for stores of versions before 0.9.0, and this one is of version %s.', current);
    END IF;
    IF is_old AND dry_run AND NOT caller_is_owner THEN
        statement := format('SET ROLE %I', current_user);
        RETURN NEXT;
    END IF;
    WHILE current <> wanted LOOP
        SELECT s.* INTO step FROM scim_internal.store_steps() s WHERE s.from_version = current;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'store "%" is of version %, which this version of scim does not know', store, current
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('It knows stores of the versions %s and %s: a later version of the extension may know more.',
                          (SELECT string_agg(s.from_version, ', ' ORDER BY string_to_array(s.from_version, '.')::int[]) FROM scim_internal.store_steps() s), wanted);
        END IF;
        FOR statement IN
            SELECT scim_internal.of_store(of_step, store) FROM scim_internal.split_statements(step.script) AS of_step
            UNION ALL
            SELECT format('UPDATE %I.store SET version = %L', store, step.to_version)
        LOOP
            IF dry_run THEN
                RETURN NEXT;
            ELSE
                PERFORM scim_internal.upgrade_by(store, statement);
            END IF;
        END LOOP;
        current := step.to_version;
    END LOOP;
    IF is_old AND NOT dry_run THEN
        PERFORM scim_internal.force_row_security(store);
    END IF;
    FOR repair IN SELECT * FROM scim_internal.refused_triggers(store) LOOP
        RAISE WARNING '%: nothing is written with it', repair.problem
            USING HINT = 'Make it an AFTER trigger, whose function belongs to the owner of the table.';
    END LOOP;
    IF is_old THEN
        FOR statement IN
            SELECT r.statement FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number) WHERE NOT r.online ORDER BY r.number
        LOOP
            IF dry_run THEN
                RETURN NEXT;
            ELSIF starts_with(statement, 'COMMENT ') THEN
                comments := array_append(comments, statement);
            ELSE
                PERFORM scim_internal.upgrade_by(store, statement);
            END IF;
        END LOOP;
        IF NOT scim_internal.put_comments(comments) THEN
            FOREACH statement IN ARRAY comments LOOP
                PERFORM scim_internal.upgrade_by(store, statement);
            END LOOP;
        END IF;
    END IF;
    -- names that become others pass the door, which is there by now
    IF precedes_0_9 THEN
        statement := format('SELECT scim_internal.fold_user_names_anew(tableoid, %L) FROM %I.store', user_names, store);
        IF dry_run THEN
            RETURN NEXT;
        ELSE
            PERFORM scim_internal.upgrade_by(store, statement);
        END IF;
    END IF;
    -- writeOnly values were kept in clear
    IF precedes_0_9 THEN
        statement := format('SELECT scim_internal.seal_stored(%L)', store);
        IF dry_run THEN
            RETURN NEXT;
        ELSE
            PERFORM scim_internal.upgrade_by(store, statement);
        END IF;
    END IF;
    RETURN QUERY SELECT r.statement FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number) WHERE r.online ORDER BY r.number;
    -- triggers of tables that are bound, of which earlier versions had less, are made by who owns these
    IF NOT (is_old AND dry_run) THEN
        RETURN QUERY SELECT DISTINCT format('SELECT scim_internal.repair_binding(%L, %L)', quote_ident(store), b.relation)
            FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE b.repairable;
    END IF;
    IF is_old AND dry_run AND NOT caller_is_owner THEN
        statement := format('SET ROLE %s', quote_ident(current_setting('role')));
        RETURN NEXT;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.upgrade_store(name, boolean, boolean, jsonb) IS
'What scim.upgrade_store does, as whoever calls it.';

CREATE OR REPLACE FUNCTION scim.upgrade_store(name text, dry_run boolean DEFAULT false, user_names jsonb DEFAULT '{}')
    RETURNS TABLE (statement text)
    AS 'MODULE_PATHNAME', 'scim_upgrade_store'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.upgrade_store(text, boolean, jsonb) IS
E'Brings a store of an earlier version forward to that of the extension, in one transaction, and returns what is left to do outside of it, the making of indexes and of triggers of bound tables, as statements for psql''s \\gexec: until then the store answers rightly, if slower. To be called again until it says nothing: what an index takes the place of goes once it is whole, and a table with partitions gets one after these. Of two at a time one waits. dry_run: does nothing, and returns all that would be done. user_names: where a store of a version before 0.9.0 has names that are the same one by now (scim.equal_user_names), ids of resources to the userName that each is to have from then on; it is written with audit, version and event as any other, but no policy refuses it. Errors: 23505 where names are the same, with a list, 22023 where user_names has others than these, and nothing has happened then; 3F000 where there is no such store, 55000 where its version is unknown, 42501 for who is not its owner; 55P03 where somebody else uses the store for longer than lock_timeout, or a minute; 2BP01, 42701, 42P07 and their like, with a hint, where something of somebody''s stands in the way; SC503 before ALTER EXTENSION scim UPDATE. A superuser acts as the owner.';
-- The table "audit" of version 0.3.0 is made one of partitions: the rows that it has move,
-- and what people have made on it is made again.  Views stay what they are and read the new
-- table; what can neither stay nor be made again has the upgrade refused by the server, since
-- nothing is dropped by CASCADE.
CREATE OR REPLACE FUNCTION scim_internal.views_on_table(relation regclass, kind "char") RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT v.oid::regclass
    FROM pg_class v
    WHERE v.relkind = kind AND v.relowner = (SELECT relowner FROM pg_class WHERE pg_class.oid = relation)
      AND v.oid IN (SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
                    WHERE (d.classid, d.refclassid, d.refobjid) = ('pg_rewrite'::regclass, 'pg_class'::regclass, relation));
END;
COMMENT ON FUNCTION scim_internal.views_on_table(regclass, "char") IS
'Views, or materialized views, that read a table and have the same owner; kind is that of pg_class.';

CREATE OR REPLACE FUNCTION scim_internal.column_options(options text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(o, ', ') FROM unnest(options) AS o WHERE starts_with(o, 'n_distinct');
END;
COMMENT ON FUNCTION scim_internal.column_options(text[]) IS
'Which options of a column somebody has set: n_distinct and n_distinct_inherited.';

CREATE OR REPLACE FUNCTION scim_internal.turned_views(relation regclass)
    RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass, ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid))
    FROM pg_class v
    WHERE v.oid IN (SELECT scim_internal.views_on_table(relation, 'v'));
END;
COMMENT ON FUNCTION scim_internal.turned_views(regclass) IS
'The statements that have the views on a table of a store, of the same owner, read the one that takes its place: they stay what they are, and so does what is made on them.';

CREATE OR REPLACE FUNCTION scim_internal.taken_index_names(relation regclass, OUT index regclass, OUT free_name name)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT c.oid::regclass, (left(c.relname, 59) || '_own')::name
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indrelid = relation
      AND EXISTS (SELECT FROM scim_internal.store_statements(n.nspname) AS s WHERE starts_with(s, format('CREATE INDEX %I ON %s (', c.relname, relation)));
END;
COMMENT ON FUNCTION scim_internal.taken_index_names(regclass) IS
'Indexes of a table of a store that have names which the store uses for its own, and what else they can be called.';

CREATE OR REPLACE FUNCTION scim_internal.made_on_table(relation regclass)
    RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    -- columns of one's own come along with the others
    WITH named AS (
        SELECT c.*, c.oid = relation AS is_table, c.oid::regclass::text AS name
        FROM pg_class c
        WHERE c.oid = relation OR c.oid IN (SELECT scim_internal.views_on_table(relation, 'm'))
    ), own_index AS (
        SELECT n.relnamespace, c.oid, c.relname, i.indisunique, coalesce(k.free_name, c.relname) AS new_name
        FROM named n
        JOIN pg_index i ON i.indrelid = n.oid
        JOIN pg_class c ON c.oid = i.indexrelid
        LEFT JOIN scim_internal.taken_index_names(relation) AS k ON k.index = c.oid
        WHERE NOT i.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid AND conrelid = n.oid)
          -- the store's own
          AND NOT (n.is_table AND pg_get_indexdef(c.oid) = format('CREATE INDEX audit_resource_id_idx ON %s USING btree (tenant_id, resource_id, id)', n.name))
    ), own_trigger AS (
        SELECT n.name AS of_name, t.* FROM named n JOIN pg_trigger t ON t.tgrelid = n.oid WHERE n.is_table AND NOT t.tgisinternal
    ), made (step, statement) AS (
        SELECT 1, format('CREATE MATERIALIZED VIEW %s%s AS %s%s', n.name, ' WITH (' || array_to_string(n.reloptions, ', ') || ')',
            rtrim(pg_get_viewdef(n.oid), ';'), CASE WHEN NOT n.relispopulated THEN ' WITH NO DATA' END)
        FROM named n WHERE NOT n.is_table
        UNION ALL
        SELECT 2, format('GRANT %s ON %s TO %s%s', a.privilege_type, n.name,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM named n, aclexplode(n.relacl) a WHERE a.grantee <> n.relowner
        UNION ALL
        SELECT 2, format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, n.name,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid, aclexplode(t.attacl) a
        UNION ALL
        SELECT 2, format('COMMENT ON MATERIALIZED VIEW %s IS %L', n.name, obj_description(n.oid, 'pg_class'))
        FROM named n WHERE NOT n.is_table AND obj_description(n.oid, 'pg_class') IS NOT NULL
        UNION ALL
        SELECT 2, format('COMMENT ON COLUMN %s.%I IS %L', n.name, t.attname, col_description(n.oid, t.attnum))
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid WHERE NOT n.is_table AND col_description(n.oid, t.attnum) IS NOT NULL
        UNION ALL
        SELECT 2, format('SECURITY LABEL FOR %I ON %s %s IS %L', l.provider, upper(l.objtype), l.objname, l.label)
        FROM named n JOIN pg_seclabels l ON (l.classoid, l.objoid) = ('pg_class'::regclass, n.oid)
        UNION ALL
        SELECT 3, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', n.name) FROM named n WHERE n.is_table AND n.relforcerowsecurity
        UNION ALL
        SELECT 3, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, n.name, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ') FROM unnest(p.polroles) r),
            ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
        FROM named n JOIN pg_policy p ON p.polrelid = n.oid WHERE n.is_table AND p.polname <> 'tenant'
        UNION ALL
        SELECT 4, format('COMMENT ON POLICY %I ON %s IS %L', p.polname, n.name, obj_description(p.oid, 'pg_policy'))
        FROM named n JOIN pg_policy p ON p.polrelid = n.oid WHERE n.is_table AND p.polname <> 'tenant' AND obj_description(p.oid, 'pg_policy') IS NOT NULL
        UNION ALL
        SELECT 5, overlay(pg_get_indexdef(i.oid) PLACING format('CREATE%s INDEX %I', u.is_unique, i.new_name)
            FROM 1 FOR length(format('CREATE%s INDEX %I', u.is_unique, i.relname)))
        FROM own_index i, LATERAL (SELECT CASE WHEN i.indisunique THEN ' UNIQUE' END AS is_unique) AS u
        UNION ALL
        SELECT 5, format('ALTER TABLE %s ADD CONSTRAINT %I %s', n.name, o.conname, pg_get_constraintdef(o.oid))
        FROM named n JOIN pg_constraint o ON o.conrelid = n.oid WHERE n.is_table AND o.contype IN ('f', 'u', 'x')
        UNION ALL
        SELECT 5, pg_get_statisticsobjdef(e.oid) FROM named n JOIN pg_statistic_ext e ON e.stxrelid = n.oid
        UNION ALL
        SELECT 6, format('COMMENT ON INDEX %s.%I IS %L', i.relnamespace::regnamespace, i.new_name, obj_description(i.oid, 'pg_class'))
        FROM own_index i WHERE obj_description(i.oid, 'pg_class') IS NOT NULL
        UNION ALL
        SELECT 6, format('COMMENT ON CONSTRAINT %I ON %s IS %L', o.conname, n.name, obj_description(o.oid, 'pg_constraint'))
        FROM named n JOIN pg_constraint o ON o.conrelid = n.oid WHERE n.is_table AND o.contype IN ('f', 'u', 'x') AND obj_description(o.oid, 'pg_constraint') IS NOT NULL
        UNION ALL
        SELECT 6, format('COMMENT ON STATISTICS %s.%I IS %L', e.stxnamespace::regnamespace, e.stxname, obj_description(e.oid, 'pg_statistic_ext'))
        FROM named n JOIN pg_statistic_ext e ON e.stxrelid = n.oid WHERE obj_description(e.oid, 'pg_statistic_ext') IS NOT NULL
        UNION ALL
        SELECT 6, format('ALTER STATISTICS %s.%I SET STATISTICS %s', e.stxnamespace::regnamespace, e.stxname, e.stxstattarget)
        FROM named n JOIN pg_statistic_ext e ON e.stxrelid = n.oid WHERE e.stxstattarget >= 0
        UNION ALL
        SELECT 6, format('ALTER %s %s ALTER COLUMN %I SET STATISTICS %s', CASE WHEN n.is_table THEN 'TABLE' ELSE 'MATERIALIZED VIEW' END, n.name, t.attname, t.attstattarget)
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid WHERE t.attnum > 0 AND NOT t.attisdropped AND t.attstattarget >= 0
        UNION ALL
        SELECT 6, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', n.name, t.attname, o.options)
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid, scim_internal.column_options(t.attoptions) AS o (options) WHERE n.is_table AND t.attnum > 0 AND NOT t.attisdropped AND o.options <> ''
        UNION ALL
        SELECT 6, CASE n.relreplident WHEN 'f' THEN format('ALTER TABLE %s REPLICA IDENTITY FULL', n.name)
            WHEN 'n' THEN format('ALTER TABLE %s REPLICA IDENTITY NOTHING', n.name)
            ELSE (SELECT format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', n.name, c.relname)
                  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = n.oid AND i.indisreplident AND NOT i.indisprimary) END
        FROM named n WHERE n.is_table AND n.relreplident <> 'd'
        UNION ALL
        SELECT 6, format('ALTER PUBLICATION %I ADD TABLE %s%s%s', p.pubname, n.name,
            ' (' || (SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum) FROM pg_attribute t WHERE t.attrelid = n.oid AND t.attnum = ANY (m.prattrs)) || ')',
            ' WHERE (' || pg_get_expr(m.prqual, m.prrelid) || ')')
        FROM named n JOIN pg_publication_rel m ON m.prrelid = n.oid JOIN pg_publication p ON p.oid = m.prpubid WHERE n.is_table
        UNION ALL
        SELECT 7, pg_get_triggerdef(t.oid) FROM own_trigger t
        UNION ALL
        SELECT 7, pg_get_ruledef(r.oid) FROM named n JOIN pg_rewrite r ON r.ev_class = n.oid WHERE n.is_table
        UNION ALL
        SELECT 8, format('ALTER TABLE %s %s TRIGGER %I', t.of_name,
            CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
        FROM own_trigger t WHERE t.tgenabled <> 'O'
        UNION ALL
        SELECT 8, format('ALTER TABLE %s %s RULE %I', n.name,
            CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename)
        FROM named n JOIN pg_rewrite r ON r.ev_class = n.oid WHERE n.is_table AND r.ev_enabled <> 'O'
        UNION ALL
        SELECT 8, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.of_name, obj_description(t.oid, 'pg_trigger'))
        FROM own_trigger t WHERE obj_description(t.oid, 'pg_trigger') IS NOT NULL
        UNION ALL
        SELECT 8, format('COMMENT ON RULE %I ON %s IS %L', r.rulename, n.name, obj_description(r.oid, 'pg_rewrite'))
        FROM named n JOIN pg_rewrite r ON r.ev_class = n.oid WHERE n.is_table AND obj_description(r.oid, 'pg_rewrite') IS NOT NULL
    )
    SELECT statement FROM made ORDER BY step;
END;
COMMENT ON FUNCTION scim_internal.made_on_table(regclass) IS
'The statements that make again what people have made on a table of a store, for one that takes its place: grants, policies, indexes, constraints, statistics, triggers, rules, publications, and materialized views of the same owner.';

-- Partitions have no identity columns before PostgreSQL 17: a sequence of the same name goes on
-- as the default of the column.
CREATE OR REPLACE FUNCTION scim_internal.free_identity(relation regclass) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    identity record;
    statement text;
BEGIN
    FOR identity IN
        SELECT a.attname, c.oid::regclass::text AS sequence, s.*, pg_sequence_last_value(s.seqrelid) AS last, obj_description(c.oid, 'pg_class') AS comment
        FROM pg_attribute a
        JOIN pg_depend d ON (d.classid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype) = ('pg_class'::regclass, 'pg_class'::regclass, relation, a.attnum, 'i')
        JOIN pg_class c ON c.oid = d.objid
        JOIN pg_sequence s ON s.seqrelid = c.oid
        WHERE a.attrelid = relation AND a.attidentity <> ''
    LOOP
        RAISE WARNING 'column "%" of % is no identity column any more, but has values of sequence % as its default', identity.attname, relation, identity.sequence;
        FOR statement IN VALUES
            (format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', relation, identity.attname)),
            (format('CREATE SEQUENCE %s AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', identity.sequence, identity.seqtypid::regtype, identity.seqincrement,
                identity.seqmin, identity.seqmax, identity.seqstart, identity.seqcache, CASE WHEN identity.seqcycle THEN ' CYCLE' END)),
            (format('COMMENT ON SEQUENCE %s IS %L', identity.sequence, identity.comment)),
            (format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT nextval(%L::regclass)', relation, identity.attname, identity.sequence)),
            (format('ALTER SEQUENCE %s OWNED BY %s.%I', identity.sequence, relation, identity.attname)),
            (format('SELECT setval(%L, %s)', identity.sequence, identity.last))
        LOOP
            -- a sequence that has given no value
            CONTINUE WHEN statement IS NULL;
            EXECUTE statement;
        END LOOP;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.free_identity(regclass) IS
'Makes identity columns of a table ones with a sequence as their default, which goes on where it was.';

-- What each partition needs by itself.
CREATE OR REPLACE FUNCTION scim_internal.told_to_partitions(relation regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT format('SET (%s)', array_to_string(c.reloptions, ', ')) FROM pg_class c WHERE c.oid = relation AND c.reloptions <> '{}'
    UNION ALL
    SELECT format('SET TABLESPACE %I', s.spcname) FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace WHERE c.oid = relation
    UNION ALL
    SELECT format('ALTER COLUMN %I SET (%s)', t.attname, o.options)
    FROM pg_attribute t, scim_internal.column_options(t.attoptions) AS o (options)
    WHERE t.attrelid = relation AND t.attnum > 0 AND NOT t.attisdropped AND o.options <> ''
    UNION ALL
    SELECT CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' ELSE 'REPLICA IDENTITY NOTHING' END
    FROM pg_class c WHERE c.oid = relation AND c.relreplident IN ('f', 'n');
END;
COMMENT ON FUNCTION scim_internal.told_to_partitions(regclass) IS
'What of a table its partitions do not inherit, as the ends of statements ALTER TABLE.';

CREATE OR REPLACE FUNCTION scim_internal.partition_audit(old_audit regclass)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET "TimeZone" = 'UTC'
AS $function$
DECLARE
    store CONSTANT name := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = old_audit);
    of_table CONSTANT text := old_audit;
    columns text;
    views text[];
    again text[];
    of_partitions text[];
    taken record;
    month record;
    statement text;
    others text;
BEGIN
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', of_table);
    IF EXISTS (SELECT FROM pg_inherits WHERE old_audit IN (inhrelid, inhparent)) THEN
        RAISE EXCEPTION 'table % inherits from another, or another from it', of_table USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'It becomes one of partitions, for which that cannot be: ALTER TABLE ... NO INHERIT before.';
    END IF;
    PERFORM scim_internal.free_identity(old_audit);
    columns := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = old_audit AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
    views := ARRAY(SELECT scim_internal.turned_views(old_audit));
    again := ARRAY(SELECT scim_internal.made_on_table(old_audit));
    of_partitions := ARRAY(SELECT scim_internal.told_to_partitions(old_audit));
    FOR taken IN
        SELECT k.* FROM scim_internal.taken_index_names(old_audit) AS k
        WHERE EXISTS (SELECT FROM unnest(again) AS s WHERE s ~ format('^CREATE (UNIQUE )?INDEX %I ON ', k.free_name))
    LOOP
        RAISE WARNING 'index % is called % now: the store has an index of that name', taken.index, taken.free_name;
    END LOOP;
    -- so that the names are free
    FOR statement IN
        SELECT format('DROP MATERIALIZED VIEW %s', v) FROM scim_internal.views_on_table(old_audit, 'm') AS v
        UNION ALL
        SELECT format('ALTER TABLE %s RENAME TO %I', of_table, 'audit_before')
        UNION ALL
        SELECT format('ALTER INDEX %s RENAME TO %I', indexrelid::regclass, 'audit_before_' || row_number() OVER ()) FROM pg_index WHERE indrelid = old_audit
        UNION ALL
        SELECT format('ALTER STATISTICS %s.%I RENAME TO %I', stxnamespace::regnamespace, stxname, 'audit_before_' || row_number() OVER ()) FROM pg_statistic_ext WHERE stxrelid = old_audit
    LOOP
        EXECUTE statement;
    END LOOP;
    FOR statement IN SELECT replace(s, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$
        CREATE TABLE @.audit (LIKE @.audit_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS)
            PARTITION BY RANGE (at);
        ALTER TABLE @.audit
            ALTER COLUMN at SET DEFAULT clock_timestamp(),
            ALTER COLUMN resource_type DROP NOT NULL,
            ALTER COLUMN resource_id DROP NOT NULL,
            ADD COLUMN token_id uuid,
            ADD COLUMN subject text,
            ADD COLUMN role name,
            ADD COLUMN request_id text,
            ADD COLUMN object text COLLATE "C",
            ADD COLUMN key text COLLATE "C",
            ADD COLUMN status text COLLATE "C",
            ADD COLUMN detail jsonb,
            ADD COLUMN salt bytea,
            ADD COLUMN content_digest bytea,
            ADD COLUMN digest bytea;
        ALTER TABLE @.audit ADD PRIMARY KEY (tenant_id, at, id);
        CREATE INDEX audit_resource_id_idx ON @.audit (tenant_id, resource_id, at, id);
        CREATE INDEX audit_change_idx ON @.audit (tenant_id, change);
        CREATE INDEX audit_member_id_idx ON @.audit (tenant_id, member_id, at) WHERE member_id IS NOT NULL;
        CREATE INDEX audit_members_idx ON @.audit (tenant_id, resource_id, at, id) WHERE member_id IS NOT NULL AND detail IS NOT NULL;
        CREATE INDEX audit_object_idx ON @.audit (tenant_id, object, key, at) WHERE object IS NOT NULL;
        ALTER TABLE @.audit ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON @.audit FOR SELECT USING (tenant_id = scim.tenant());
        CREATE POLICY store_wide ON @.audit FOR SELECT USING (tenant_id = 0);
        $ddl$) AS s
    LOOP
        EXECUTE statement;
    END LOOP;
    -- which partitions take over
    FOR statement IN SELECT s FROM scim_internal.store_statements(store) AS s WHERE starts_with(s, format('COMMENT ON COLUMN %I.audit.', store)) LOOP
        EXECUTE statement;
    END LOOP;
    -- A partition gets its rows before its indexes.
    FOR month IN EXECUTE format('SELECT ''audit_default'' AS table_name, ''DEFAULT'' AS bounds, ''at < ''''1000-01-01'''' OR at >= ''''9999-12-01'''''' AS condition UNION ALL '
        'SELECT to_char(at, ''"audit_"YYYY_MM''), scim_internal.audit_month_bounds(at), format(''at >= %%L AND at < %%L'', at, at + interval ''1 month'') '
        'FROM (SELECT DISTINCT date_trunc(''month'', at) AS at FROM %I.audit_before WHERE at >= ''1000-01-01'' AND at < ''9999-12-01'') AS m', store)
    LOOP
        FOR statement IN SELECT scim_internal.audit_table_statements(store, month.table_name, month.bounds) LOOP
            IF statement ~ ' ATTACH PARTITION ' THEN
                EXECUTE format('INSERT INTO %1$I.%2$I (%3$s, salt, content_digest, digest) SELECT %3$s, r.salt, d.content_digest, d.digest FROM '
                    '(SELECT *, NULL::uuid AS token_id, NULL::text AS subject, NULL::name AS role, NULL::text AS request_id, NULL::text AS object, '
                    'NULL::text AS key, NULL::text AS status, NULL::jsonb AS detail, CASE WHEN before IS NOT NULL THEN uuid_send(gen_random_uuid()) END AS salt, '
                    'NULL::bytea AS content_digest FROM %1$I.audit_before WHERE %4$s) AS r, scim_internal.audit_digest(r) AS d',
                    store, month.table_name, columns, month.condition);
            END IF;
            EXECUTE statement;
        END LOOP;
    END LOOP;
    PERFORM scim_internal.create_audit_tables(store);
    FOR statement IN
        SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', d.objid::regclass, of_table, a.attname)
        FROM pg_depend d
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)
        WHERE (d.classid, d.refclassid, d.refobjid, d.deptype) = ('pg_class'::regclass, 'pg_class'::regclass, old_audit, 'a')
          AND EXISTS (SELECT FROM pg_sequence WHERE seqrelid = d.objid)
        UNION ALL
        SELECT s FROM unnest(views) AS s
    LOOP
        EXECUTE statement;
    END LOOP;
    EXECUTE format('DROP TABLE %I.audit_before', store);
    FOREACH statement IN ARRAY again LOOP
        EXECUTE statement;
    END LOOP;
    FOR statement IN
        SELECT format('ALTER TABLE %s %s', i.inhrelid::regclass, s) FROM pg_inherits i, unnest(of_partitions) AS s WHERE i.inhparent = of_table::regclass
        UNION ALL
        SELECT format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', p.indrelid::regclass, c.relname)
        FROM pg_index i JOIN pg_inherits h ON h.inhparent = i.indexrelid JOIN pg_index p ON p.indexrelid = h.inhrelid JOIN pg_class c ON c.oid = p.indexrelid
        WHERE i.indrelid = of_table::regclass AND i.indisreplident
    LOOP
        EXECUTE statement;
    END LOOP;
    IF of_partitions <> '{}' THEN
        RAISE WARNING 'partitions of % that are made later have to be told: %', of_table, array_to_string(of_partitions, ', ');
    END IF;
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS others = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION 'table % becomes one of partitions, and something depends on it that cannot be made again', of_table
        USING ERRCODE = 'dependent_objects_still_exist', DETAIL = replace(others, 'audit_before', 'audit'),
              HINT = 'Drop it before, and make it again afterwards.';
END
$function$;
COMMENT ON FUNCTION scim_internal.partition_audit(regclass) IS
'Makes of the table "audit" of a store of version 0.3.0 one of partitions by month, with the rows and all that people have made on it. Error 2BP01, which names them, where others depend on it in a way that cannot be made again.';
-- What somebody has taken from a store is put back; and a store is dropped.

-- By where they stand: a pattern for such a statement as a whole took a third of the time of a repair.
CREATE OR REPLACE FUNCTION scim_internal.trigger_said(statement text, store name, OUT name text, OUT relation text)
    RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT substring(statement FROM '^CREATE (?:CONSTRAINT )?TRIGGER ("(?:[^"]|"")+"|\S+)'),
        concat(quote_ident(store), '.', substring(split_part(translate(statement, E'\n', ' '), concat(' ON ', quote_ident(store), '.'), 2) FROM '^(?:"(?:[^"]|"")+"|\S+)'));
END;
COMMENT ON FUNCTION scim_internal.trigger_said(text, name) IS
'Of which trigger and which table of a store a statement that makes the trigger is, both quoted as there.';

CREATE OR REPLACE FUNCTION scim_internal.missing_parts(store name, pattern name) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    quoted CONSTANT text := '(?:"(?:[^"]|"")+"|[^ ".]+)';
    -- [name, relation] of a policy; the relation of row-level security
    of_policy CONSTANT text := format('^CREATE POLICY (%1$s) ON (%1$s\.%1$s) ', quoted);
    of_security CONSTANT text := format('^ALTER TABLE (%1$s\.%1$s) ENABLE ROW LEVEL SECURITY$', quoted);
    of_default CONSTANT text := format('^ALTER TABLE (%1$s\.%1$s) ALTER COLUMN resource_type SET DEFAULT ', quoted);
    statement text;
    part text[];
BEGIN
    RETURN QUERY
        WITH twin AS (
            SELECT p.oid AS made, t.oid, t.oid::regclass AS relation, of_root.is_partition
            FROM pg_class p
            JOIN pg_class root ON root.relname = p.relname AND root.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
            CROSS JOIN LATERAL (SELECT root.oid, false UNION ALL SELECT i.inhrelid, true FROM pg_inherits i WHERE i.inhparent = root.oid) AS of_root (oid, is_partition)
            JOIN pg_class t ON t.oid = of_root.oid
            WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND t.relkind IN ('r', 'p')
        ), part (step, statement) AS (
            SELECT 1, format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', t.relation, a.attname, pg_get_expr(d.adbin, d.adrelid))
            FROM twin t JOIN pg_attrdef d ON d.adrelid = t.made
            JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
            JOIN pg_attribute has ON (has.attrelid, has.attname) = (t.oid, a.attname) AND NOT has.atthasdef AND has.attidentity = ''
            UNION ALL
            SELECT 1, format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', t.relation, a.attname)
            FROM twin t JOIN pg_attribute a ON a.attrelid = t.made AND a.attnum > 0 AND a.attnotnull
            JOIN pg_attribute has ON (has.attrelid, has.attname) = (t.oid, a.attname) AND NOT has.attnotnull
            WHERE NOT t.is_partition
            UNION ALL
            SELECT CASE o.contype WHEN 'f' THEN 3 ELSE 2 END,
                -- one that has another name is there, and gets its own again
                CASE WHEN other.conname IS NULL THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.relation, o.conname, pg_get_constraintdef(o.oid))
                ELSE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', t.relation, other.conname, o.conname) END
            FROM twin t JOIN pg_constraint o ON o.conrelid = t.made AND o.contype IN ('c', 'p', 'u', 'f')
            LEFT JOIN LATERAL (
                SELECT has.conname FROM pg_constraint has
                WHERE has.conrelid = t.oid AND has.contype = o.contype AND pg_get_constraintdef(has.oid) = replace(pg_get_constraintdef(o.oid), quote_ident(missing_parts.pattern) || '.', quote_ident(store) || '.')
                  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE (p.conrelid, p.conname) = (t.made, has.conname))
                ORDER BY 1 LIMIT 1) AS other ON true
            WHERE NOT t.is_partition AND NOT EXISTS (SELECT FROM pg_constraint has WHERE (has.conrelid, has.conname) = (t.oid, o.conname))
        )
        SELECT replace(replace(p.statement, quote_ident(pattern) || '.', quote_ident(store) || '.'),
            quote_literal(pattern) || '::regnamespace', quote_literal(quote_ident(store)) || '::regnamespace')
        FROM part p ORDER BY p.step;
    -- most of them are comments
    FOR statement IN SELECT scim_internal.of_store(s, store) FROM scim_internal.all_statements(store) AS s WHERE s ~ '^(ALTER|CREATE) ' LOOP
        IF statement ~ '^CREATE (CONSTRAINT )?TRIGGER ' THEN
            part := (SELECT ARRAY[t.name, t.relation] FROM scim_internal.trigger_said(statement, store) AS t);
            IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(part[2]) AND quote_ident(tgname) = part[1]) THEN
                CONTINUE WHEN NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(part[2]) AND quote_ident(tgname) = part[1] AND tgenabled = 'D');
                statement := format('ALTER TABLE %s ENABLE TRIGGER %s', part[2], part[1]);
            ELSE
                -- the others scim_internal.store_repairs makes, each after what it calls
                CONTINUE WHEN NOT starts_with(statement, 'CREATE CONSTRAINT ');
            END IF;
        ELSIF statement ~ of_security THEN
            part := regexp_match(statement, of_security);
            CONTINUE WHEN (SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(part[1]));
        ELSIF statement ~ of_policy THEN
            part := regexp_match(statement, of_policy);
            CONTINUE WHEN EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass(part[2]) AND quote_ident(polname) = part[1]);
        ELSIF statement ~ of_default THEN
            part := regexp_match(statement, of_default);
            CONTINUE WHEN (SELECT atthasdef FROM pg_attribute WHERE attrelid = to_regclass(part[1]) AND attname = 'resource_type');
        ELSE
            CONTINUE;
        END IF;
        RETURN NEXT statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.missing_parts(name, name) IS
'The statements that give a store, whose tables are there, the defaults, constraints, row-level security and constraint triggers of a new one that it lacks, and switch its triggers on. pattern: a schema that has the tables of a new store.';

-- What is unique of a document, as the table of that has it.
CREATE OR REPLACE FUNCTION scim_internal.unique_values(store name, tenant int, resource_type text, data jsonb, OUT tenant_id int, OUT attribute text, OUT value text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_unique_values'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED ROWS 1;
COMMENT ON FUNCTION scim_internal.unique_values(name, int, text, jsonb) IS
'The rows that the table "unique_value" of a store has of a resource with this document, but for its id.';

-- tenant NULL: all of them
CREATE OR REPLACE FUNCTION scim_internal.book_errors(store name, tenant int,
        OUT book text, OUT is_missing boolean, OUT owner_id int, OUT resource_type text, OUT id uuid, OUT tenant_id int, OUT attribute text, OUT value text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'unique_value', true, r.tenant_id, r.resource_type, r.id, v.tenant_id, v.attribute, v.value
        FROM %1$I.resource r CROSS JOIN LATERAL scim_internal.unique_values($1, r.tenant_id, r.resource_type, r.data) v
        WHERE r.deleted_at IS NULL AND ($2 IS NULL OR r.tenant_id = $2)
          AND NOT EXISTS (SELECT FROM %1$I.unique_value u WHERE u.tenant_id = v.tenant_id AND u.resource_type = r.resource_type AND u.attribute = v.attribute AND u.value = v.value AND u.resource_id = r.id)
        UNION ALL
        -- what is unique in the whole store is of whoever has it, or of nobody
        SELECT 'unique_value', false, o.tenant_id, u.resource_type, u.resource_id, u.tenant_id, u.attribute, u.value
        FROM %1$I.unique_value u
        CROSS JOIN LATERAL (SELECT min(r.tenant_id) AS tenant_id FROM %1$I.resource r
            WHERE r.tenant_id IN (SELECT t.tenant_id FROM %1$I.tenant t WHERE u.tenant_id IN (0, t.tenant_id)) AND r.resource_type = u.resource_type AND r.id = u.resource_id AND r.deleted_at IS NULL) o
        WHERE ($2 IS NULL OR u.tenant_id IN (0, $2)) AND coalesce(o.tenant_id, $2) IS NOT DISTINCT FROM coalesce($2, o.tenant_id)
          AND NOT EXISTS (SELECT FROM %1$I.resource r CROSS JOIN LATERAL scim_internal.unique_values($1, r.tenant_id, r.resource_type, r.data) v
            WHERE r.tenant_id IN (SELECT t.tenant_id FROM %1$I.tenant t WHERE u.tenant_id IN (0, t.tenant_id)) AND r.resource_type = u.resource_type AND r.id = u.resource_id AND r.deleted_at IS NULL
              AND v.tenant_id = u.tenant_id AND v.attribute = u.attribute AND v.value = u.value)
        UNION ALL
        SELECT 'member', false, m.tenant_id, NULL, m.group_id, m.tenant_id, NULL, m.member_id::text
        FROM %1$I.member m
        WHERE ($2 IS NULL OR m.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$I.resource g WHERE g.tenant_id = m.tenant_id AND g.id = m.group_id)
        UNION ALL
        SELECT 'credential', false, c.tenant_id, NULL, c.resource_id, c.tenant_id, NULL, NULL
        FROM %1$I.credential c
        WHERE ($2 IS NULL OR c.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = c.tenant_id AND r.id = c.resource_id)
        UNION ALL
        SELECT 'recovery_code', false, c.tenant_id, NULL, c.resource_id, c.tenant_id, NULL, NULL
        FROM %1$I.recovery_code c
        WHERE ($2 IS NULL OR c.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = c.tenant_id AND r.id = c.resource_id)
        $query$, store)) USING store, tenant;
END
$function$;
COMMENT ON FUNCTION scim_internal.book_errors(name, int) IS
'What the tables of a store that are derived from resources have too little (is_missing) or too much, of a tenant, or of all: book is the table, owner_id the tenant of the resource, tenant_id that of the row.';

CREATE OR REPLACE FUNCTION scim_internal.wrong_books(store name, tenant int) RETURNS SETOF scim.problem
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT ROW(e.resource_type, e.id, e.book, e.attribute, NULL, CASE
        WHEN e.book <> 'unique_value' THEN format('the table "%s" has a row of a resource that is not there', e.book)
        WHEN e.is_missing THEN format('its %s is not in the table "unique_value": another one could have the same', e.attribute)
        ELSE format('the table "unique_value" has a value of its %s that it does not have', e.attribute) END)::scim.problem
    FROM scim_internal.book_errors(store, tenant) e
    ORDER BY e.book DESC, e.id, e.attribute, e.is_missing DESC;
END;
COMMENT ON FUNCTION scim_internal.wrong_books(name, int) IS
'The same as problems of scim.validate_store.';

CREATE OR REPLACE FUNCTION scim_internal.repair_books(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    wrong record;
    doubles text;
BEGIN
    FOR wrong IN SELECT * FROM scim_internal.book_errors(store, NULL) AS e WHERE NOT e.is_missing LOOP
        CASE wrong.book
        WHEN 'unique_value' THEN
            EXECUTE format('DELETE FROM %I.unique_value WHERE tenant_id = $1 AND resource_type = $2 AND attribute = $3 AND value = $4', store)
            USING wrong.tenant_id, wrong.resource_type, wrong.attribute, wrong.value;
        WHEN 'member' THEN
            EXECUTE format('DELETE FROM %I.member WHERE tenant_id = $1 AND group_id = $2 AND member_id = $3', store) USING wrong.tenant_id, wrong.id, wrong.value::uuid;
        ELSE
            EXECUTE format('DELETE FROM %I.%I WHERE tenant_id = $1 AND resource_id = $2', store, wrong.book) USING wrong.tenant_id, wrong.id;
        END CASE;
    END LOOP;
    EXECUTE format($query$
        WITH missing AS MATERIALIZED (
            SELECT * FROM scim_internal.book_errors($1, NULL) AS e WHERE e.is_missing
        ), put AS (
            INSERT INTO %1$I.unique_value (tenant_id, resource_type, attribute, value, resource_id)
            SELECT tenant_id, resource_type, attribute, value, id FROM missing ORDER BY tenant_id, resource_type, attribute, value, id
            ON CONFLICT DO NOTHING RETURNING tenant_id, resource_type, attribute, value, resource_id
        )
        SELECT string_agg(format('%%s of %%s %%s', m.attribute, m.resource_type, m.id), E'
' ORDER BY m.attribute, m.id)
        FROM (SELECT * FROM missing m WHERE NOT EXISTS (SELECT FROM put p WHERE (p.tenant_id, p.resource_type, p.attribute, p.value, p.resource_id) = (m.tenant_id, m.resource_type, m.attribute, m.value, m.id))
            ORDER BY m.attribute, m.id LIMIT 20) AS m
        $query$, store) INTO doubles USING store;
    IF doubles IS NOT NULL THEN
        RAISE EXCEPTION 'resources of store "%" have values that others have, and only one may', store
            USING ERRCODE = 'unique_violation', DETAIL = doubles;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.repair_books(name) IS
'Makes the tables of a store that are derived from resources what these say. Error 23505 where two have what only one may, with the first of them in the detail.';

-- What tells of a table that has another name by now: its columns, and a trigger of ours.
CREATE OR REPLACE FUNCTION scim_internal.put_names_back(store name, pattern name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    missing record;
    found regclass[];
BEGIN
    -- those that have just the columns first; a table may have more
    FOR missing IN
        SELECT p.oid, p.relname, p.relkind, e.exactly
        FROM pg_class p, (VALUES (true), (false)) AS e (exactly)
        WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND to_regclass(format('%I.%I', store, p.relname)) IS NULL
        ORDER BY e.exactly DESC, p.relname
    LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', store, missing.relname)) IS NOT NULL;
        found := ARRAY(
            SELECT c.oid FROM pg_class c
            WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind = missing.relkind AND NOT c.relispartition AND pg_has_role(c.relowner, 'USAGE')
              AND NOT EXISTS (SELECT FROM pg_class p WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relname = c.relname)
              AND EXISTS (SELECT FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid WHERE t.tgrelid = c.oid AND f.pronamespace = 'scim_internal'::regnamespace)
              AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = missing.oid AND a.attnum > 0
                  AND NOT EXISTS (SELECT FROM pg_attribute has WHERE (has.attrelid, has.attname, has.atttypid) = (c.oid, a.attname, a.atttypid)))
              AND NOT (missing.exactly AND EXISTS (SELECT FROM pg_attribute has WHERE has.attrelid = c.oid AND has.attnum > 0 AND NOT has.attisdropped
                  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE (a.attrelid, a.attname) = (missing.oid, has.attname)))));
        IF cardinality(found) = 1 THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', found[1], missing.relname);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_names_back(name, name) IS
'Gives tables of a store that have been renamed their names again. pattern: a schema that has the tables of a new store.';

CREATE OR REPLACE FUNCTION scim_internal.put_trigger_names_back(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    quoted CONSTANT text := '(?:"(?:[^"]|"")+"|[^ ".]+)';
    found record;
BEGIN
    FOR found IN
        WITH wanted AS MATERIALIZED (
            SELECT s AS statement, to_regclass(w.relation) AS relation, (parse_ident(w.name))[1]::name AS name
            FROM scim_internal.all_statements(store) AS s, LATERAL scim_internal.trigger_said(s, store) AS w
            WHERE s ~ '^CREATE (CONSTRAINT )?TRIGGER '
        ), missing AS MATERIALIZED (
            SELECT w.* FROM wanted w WHERE NOT EXISTS (SELECT FROM pg_trigger has WHERE (has.tgrelid, has.tgname) = (w.relation, w.name))
        ), shaped AS MATERIALIZED (
            SELECT m.relation, m.name, to_regproc(w.part[4]) AS function,
                (w.part[1] = 'BEFORE')::int * 2 + coalesce(w.part[3] = 'ROW', false)::int + (w.part[2] ~ 'INSERT')::int * 4 + (w.part[2] ~ 'DELETE')::int * 8 + (w.part[2] ~ 'UPDATE')::int * 16 + (w.part[2] ~ 'TRUNCATE')::int * 32 AS type
            FROM missing m,
                regexp_match(m.statement, format('^CREATE (?:CONSTRAINT )?TRIGGER %1$s\s+(BEFORE|AFTER) (.*?)\sON %1$s\.%1$s\s.*?(?:FOR EACH (ROW|STATEMENT)\s+)?EXECUTE FUNCTION (%1$s\.%1$s)\(', quoted)) AS w (part)
            WHERE w.part IS NOT NULL
        )
        SELECT w.relation, w.name, min(t.tgname) AS other
        FROM shaped w
        JOIN pg_trigger t ON t.tgrelid = w.relation AND t.tgfoid = w.function AND t.tgtype = w.type AND NOT t.tgisinternal AND t.tgparentid = 0
        WHERE NOT EXISTS (SELECT FROM wanted o WHERE (o.relation, o.name) = (w.relation, t.tgname))
        GROUP BY w.relation, w.name
    LOOP
        EXECUTE format('ALTER TRIGGER %I ON %s RENAME TO %I', found.other, found.relation, found.name);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_trigger_names_back(name) IS
'Gives triggers of a store that have been renamed their names again, so that no second one does the same.';

CREATE OR REPLACE FUNCTION scim_internal.put_index_names_back(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    found record;
BEGIN
    FOR found IN
        WITH wanted AS (
            SELECT to_regclass(w.relation) AS relation, (parse_ident(w.name))[1]::name AS name, w.shape
            FROM scim_internal.all_statements(store) AS s, LATERAL scim_internal.index_said(s) AS w
            WHERE s ~ '^CREATE (UNIQUE )?INDEX ' AND w.shape IS NOT NULL
        )
        SELECT w.name, min(c.oid)::regclass AS other
        FROM wanted w
        JOIN pg_index i ON i.indrelid = w.relation AND i.indisvalid
        JOIN pg_class c ON c.oid = i.indexrelid AND NOT c.relispartition
        WHERE to_regclass(format('%I.%I', store, w.name)) IS NULL AND scim_internal.index_shape_of(i.indexrelid::regclass) = w.shape
          AND NOT EXISTS (SELECT FROM wanted o WHERE o.name = c.relname)
        GROUP BY w.name
    LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', found.other, found.name);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_index_names_back(name) IS
'Gives indexes of a store that have been renamed their names again, so that none is made twice.';

-- What no statement puts back.
CREATE OR REPLACE FUNCTION scim_internal.refuse_lost(store name, pattern name) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    lost text;
    statements text;
    nothing CONSTANT text := 'Nothing has happened.';
BEGIN
    IF to_regclass(format('%I.resource', store)) IS NULL THEN
        RAISE EXCEPTION 'store "%" has lost its table "resource"', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = nothing,
                  HINT = 'All resources were in it and its partitions. Restore the store from a backup.';
    END IF;
    SELECT string_agg(format('Table "%s" has no column "%s" of type %s.', p.relname, a.attname, format_type(a.atttypid, a.atttypmod)), E'\n' ORDER BY p.relname, a.attnum),
        string_agg(CASE WHEN has.attname IS NULL THEN format('ALTER TABLE %I.%I ADD COLUMN %I %s;', store, p.relname, a.attname, format_type(a.atttypid, a.atttypmod))
            ELSE format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE %s USING ...;', store, p.relname, a.attname, format_type(a.atttypid, a.atttypmod)) END, ' ' ORDER BY p.relname, a.attnum)
    INTO lost, statements
    FROM pg_class p
    JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', store, p.relname))
    LEFT JOIN pg_attribute has ON (has.attrelid, has.attname) = (c.oid, a.attname)
    WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND has.atttypid IS DISTINCT FROM a.atttypid;
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'store "%" has lost columns of its tables', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost),
                  HINT = format('What they held is in a backup only. Add each, with what it held, and call scim.repair_store(%L) again: %s', store, statements);
    END IF;
    SELECT string_agg(format('Table "%s" has %s.', p.relname, CASE WHEN c.relkind <> p.relkind THEN CASE p.relkind WHEN 'p' THEN 'no partitions any more' ELSE 'another form' END
            ELSE format('%s as its primary key "%s"', pg_get_constraintdef(has.oid), has.conname) END), E'\n' ORDER BY p.relname)
    INTO lost
    FROM pg_class p
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', store, p.relname))
    LEFT JOIN pg_constraint o ON o.conrelid = p.oid AND o.contype = 'p'
    LEFT JOIN pg_constraint has ON has.conrelid = c.oid AND has.contype = 'p'
    WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p')
      AND (c.relkind <> p.relkind OR pg_get_constraintdef(has.oid) <> pg_get_constraintdef(o.oid) AND has.conname <> o.conname);
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'tables of store "%" are others than those of a store', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost),
                  HINT = format('Drop the key, or restore the table from a backup, and call scim.repair_store(%L) again.', store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.refuse_lost(name, name) IS
'Error 55000 where a store has lost what no statement puts back: the table "resource", columns, with what they held. pattern: a schema that has the tables of a new store.';

-- Called while the tables are locked, before anything is made of the registry.
CREATE OR REPLACE FUNCTION scim_internal.remake_tables(store name, pattern name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    hint CONSTANT text := format('Restore the table from a backup (pg_restore --table), and call scim.repair_store(%L) again.', store);
    nothing CONSTANT text := 'Nothing has happened.';
    missing CONSTANT name[] := ARRAY(SELECT p.relname FROM pg_class p WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND to_regclass(format('%I.%I', store, p.relname)) IS NULL ORDER BY 1);
    made name[] := missing;
    of_table CONSTANT text := format('^(?:CREATE TABLE|CREATE (?:UNIQUE )?INDEX \S+ ON|INSERT INTO) %s\.([a-z_]+) ', replace(quote_ident(store), '\', '\\'));
    is_empty boolean;
    statement text;
    other name;
    lost text;
    tenants int[] := '{}';
    tenant int;
    forced regclass[];
BEGIN
    forced := scim_internal.let_owner_see_names(store);
    -- without rows these are as good as gone
    FOREACH other IN ARRAY ARRAY['schema', 'resource_type', 'tenant'] LOOP
        CONTINUE WHEN other = ANY (missing);
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.%I)', store, other) INTO is_empty;
        IF is_empty THEN
            made := made || other;
        END IF;
    END LOOP;
    -- with the rows that a new store has, before there are triggers that would look at them
    FOR statement IN
        SELECT s FROM scim_internal.store_statements(store) AS s
        WHERE substring(s FROM of_table) = ANY (CASE WHEN starts_with(s, 'INSERT ') THEN made ELSE missing END::text[])
    LOOP
        EXECUTE scim_internal.of_store(statement, store);
    END LOOP;
    IF 'schema' = ANY (made) OR 'resource_type' = ANY (made) THEN
        EXECUTE format($query$
            SELECT string_agg(DISTINCT format('Resource type "%%s" has the schema "%%s".', t.name, u.id), E'\n')
            FROM %1$I.resource_type t, LATERAL (SELECT t.document ->> 'schema' UNION SELECT e ->> 'schema' FROM jsonb_path_query(t.document, '$.schemaExtensions[*]') AS e) AS u (id)
            WHERE NOT EXISTS (SELECT FROM %1$I.schema s WHERE lower(s.id) = lower(u.id))$query$, store) INTO lost;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION 'store "%" has lost schemas', store USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost), HINT = hint;
        END IF;
    END IF;
    IF 'resource_type' = ANY (made) THEN
        EXECUTE format($query$
            SELECT string_agg(format('Table "%%s" has the resources of another one.', c.relname), E'\n' ORDER BY c.relname)
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = %2$L::regclass AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
              AND NOT EXISTS (SELECT FROM %1$I.resource_type t WHERE pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%%L)', t.name))$query$, store, format('%I.resource', store)) INTO lost;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION 'store "%" has lost resource types', store USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost), HINT = hint;
        END IF;
    END IF;
    IF 'tenant' = ANY (made) THEN
        FOR other IN SELECT p.relname FROM pg_class p JOIN pg_attribute a ON a.attrelid = p.oid AND a.attname = 'tenant_id' WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND p.relname <> 'tenant' LOOP
            tenant := 0;
            LOOP
                EXECUTE format('SELECT min(tenant_id) FROM %I.%I WHERE tenant_id > $1', store, other) INTO tenant USING tenant;
                EXIT WHEN tenant IS NULL;
                tenants := tenants || tenant;
            END LOOP;
        END LOOP;
        EXECUTE format('INSERT INTO %I.tenant (tenant_id, name) SELECT DISTINCT t, format(''tenant %%s'', t) FROM unnest($1) AS t ON CONFLICT DO NOTHING', store) USING tenants;
    END IF;
    PERFORM scim_internal.force_again(forced);
    IF made = '{}' THEN
        RETURN;
    END IF;
    RAISE WARNING 'tables of store "%" were not there, and have been made anew: %', store, array_to_string(made, ', ')
        USING DETAIL = concat_ws(E'\n', 'They have what those of a new store have. What they held besides is in a backup only.',
            CASE WHEN 'tenant' = ANY (made) THEN 'There are the tenants that rows tell of; names and base URLs of tenants are lost.' END,
            CASE WHEN 'schema' = ANY (made) THEN 'Schemas are those of RFC 7643; what was changed of them is lost.' END);
END
$function$;
COMMENT ON FUNCTION scim_internal.remake_tables(name, name) IS
'Makes the tables that a store has lost, with the rows that those of a new one have, and the tenants that others tell of; a warning names them. Error 55000 where resource types or schemas are lost that resources have. pattern: a schema that has the tables of a new store.';

CREATE OR REPLACE FUNCTION scim_internal.put_audit_back(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET "DateStyle" = 'ISO'
    SET "TimeZone" = 'UTC'
AS $function$
DECLARE
    wanted record;
    part regclass;
BEGIN
    FOR wanted IN
        SELECT m.name, to_regclass(format('%I.%I', store, m.name)) AS named, m.bounds, m.is_written
        FROM (SELECT 'audit_default'::name AS name, 'DEFAULT' AS bounds, true AS is_written
            UNION ALL SELECT to_char(month, '"audit_"YYYY_MM'), scim_internal.audit_month_bounds(month), month >= date_trunc('month', now())
            FROM (SELECT to_timestamp(substring(c.relname FROM '^audit_(\d{4}_\d\d)$'), 'YYYY_MM') FROM pg_class c WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind = 'r' AND c.relname ~ '^audit_\d{4}_\d\d$'
                UNION SELECT month FROM scim_internal.audit_months_ahead() AS month) AS t (month)) AS m
        ORDER BY m.bounds = 'DEFAULT', m.name
    LOOP
        part := (SELECT i.inhrelid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass(format('%I.audit', store)) AND c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND pg_get_expr(c.relpartbound, c.oid) = wanted.bounds);
        IF part IS NOT NULL AND wanted.named IS NULL THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', part, wanted.name);
        ELSIF part IS NULL AND wanted.is_written AND wanted.named IS NOT NULL AND NOT (SELECT relispartition FROM pg_class WHERE oid = wanted.named)
            -- a month that is over may have been put aside
            AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = wanted.named AND t.tgfoid = 'scim_internal.audit_guard'::regproc)
        THEN
            PERFORM scim_internal.repair_by(store, format('ALTER TABLE %I.audit ATTACH PARTITION %s %s', store, wanted.named, wanted.bounds));
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_audit_back(name) IS
'Gives partitions of the audit of a store that have been renamed their names again, and attaches those that have been detached.';

-- Of statements that a row stands in the way of, people are told which row.
CREATE OR REPLACE FUNCTION scim_internal.repair_by(store name, statement text) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    said text;
    detail text;
BEGIN
    EXECUTE statement;
EXCEPTION
    WHEN integrity_constraint_violation OR syntax_error_or_access_rule_violation OR object_not_in_prerequisite_state OR feature_not_supported OR dependent_objects_still_exist THEN
        IF sqlstate IN ('23505', '42501') THEN
            RAISE;
        END IF;
        GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
        RAISE EXCEPTION 'store "%" cannot be repaired: %', store, said
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat_ws(E'\n', nullif(detail, ''), format('Nothing has happened. The repair came to: %s', left(statement, 300))),
                  HINT = format('Mend what stands in its way, or restore the table from a backup, and call scim.repair_store(%L) again.', store);
END
$function$;
COMMENT ON FUNCTION scim_internal.repair_by(name, text) IS
'Executes a statement of scim.repair_store; an error by rows or definitions that stand in its way says so (55000).';

-- Called by scim.repair_store, as the owner of the store.
CREATE OR REPLACE FUNCTION scim_internal.repair_store(store name, pattern name) RETURNS TABLE (statement text)
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET client_min_messages = warning
AS $function$
DECLARE
    current text;
    resource_type record;
    part regclass;
    named regclass;
    repair record;
    binding record;
    comments text[] := '{}';
BEGIN
    -- What tables, defaults and constraints there are is told by those of a new store.
    FOR statement IN SELECT s FROM scim_internal.store_statements(pattern) AS s WHERE s ~ '^(CREATE TABLE |ALTER TABLE \S+ ADD CONSTRAINT )' LOOP
        EXECUTE scim_internal.of_store(statement, pattern);
    END LOOP;
    PERFORM scim_internal.put_names_back(store, pattern);
    IF to_regclass(format('%I.store', store)) IS NULL AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(format('%I.resource', store)) AND attname = 'sessions_valid_after') OR to_regclass(format('%I.resource', store)) IS NULL THEN
        -- nothing but its tables says of which version it is; those of this version say so
        PERFORM scim_internal.refuse_lost(store, pattern);
        current := scim_internal.store_version();
    ELSE
        current := scim_internal.store_version_of(store);
    END IF;
    IF current <> scim_internal.store_version() THEN
        RAISE EXCEPTION 'store "%" is of version %, but the extension makes stores of version %', store, current, scim_internal.store_version()
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = format('Bring it forward first: SELECT scim.upgrade_store(%L) \gexec in psql.', store);
    END IF;
    PERFORM scim_internal.refuse_spread(store, 'repaired', 'What one node has lost the others may have, and Citus makes nothing on one of them.',
        'Put back what is missing by hand, as pg_dump of a new store says it, or restore all nodes to one point in time.');
    -- nobody writes meanwhile
    PERFORM scim_internal.lock_store(store, 'repair_store');
    -- a store one of whose triggers is disabled, a binding's among them, does nothing of what follows
    FOR statement IN
        SELECT format('ALTER TABLE %s ENABLE %s %I', t.tgrelid::regclass, CASE f.proname WHEN 'registry_replicated' THEN 'ALWAYS TRIGGER' ELSE 'TRIGGER' END, t.tgname)
        FROM pg_trigger t
        JOIN pg_class r ON r.oid = t.tgrelid
        LEFT JOIN pg_inherits i ON i.inhrelid = r.oid
        LEFT JOIN pg_class root ON root.oid = i.inhparent
        JOIN pg_proc f ON f.oid = t.tgfoid AND f.pronamespace = 'scim_internal'::regnamespace
        WHERE (SELECT to_regnamespace(quote_ident(store))) IN (r.relnamespace, root.relnamespace) AND t.tgenabled IN ('D', 'R') AND NOT t.tgisinternal
    LOOP
        EXECUTE statement;
    END LOOP;
    PERFORM scim_internal.refuse_lost(store, pattern);
    PERFORM scim_internal.remake_tables(store, pattern);
    IF to_regprocedure(format('%I.refuse_without_door()', store)) IS NULL THEN
        EXECUTE (SELECT s FROM scim_internal.store_statements(store) AS s WHERE starts_with(s, 'CREATE FUNCTION '));
    END IF;
    FOR resource_type IN EXECUTE format('SELECT name, table_name FROM %I.resource_type ORDER BY name <> ''User'', name', store) LOOP
        part := (SELECT i.inhrelid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
            WHERE i.inhparent = to_regclass(format('%I.resource', store)) AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', resource_type.name));
        named := to_regclass(format('%I.%I', store, resource_type.table_name));
        IF part IS NOT NULL AND part IS DISTINCT FROM named THEN
            -- statements that make it, and its indexes, are about the name that the registry has
            EXECUTE format('ALTER TABLE %s RENAME TO %I', part, resource_type.table_name);
        ELSIF part IS NULL AND named IS NULL THEN
            PERFORM scim_internal.create_resource_table(store, resource_type.table_name, resource_type.name);
        ELSIF part IS NULL AND NOT (SELECT relispartition FROM pg_class WHERE oid = named) THEN
            PERFORM scim_internal.repair_by(store, format('ALTER TABLE %I.resource ATTACH PARTITION %s FOR VALUES IN (%L)', store, named, resource_type.name));
        END IF;
    END LOOP;
    PERFORM scim_internal.put_audit_back(store);
    PERFORM scim_internal.create_audit_tables(store);
    -- rows without which nothing goes on: a key, and where consumers are, who are given again what they had, rather than not at all what they had not
    EXECUTE format('DELETE FROM %I.secret WHERE purpose = ''cursor'' AND octet_length(value) <> 32', store);
    EXECUTE format('INSERT INTO %I.secret (purpose, value) SELECT ''cursor'', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        WHERE NOT EXISTS (SELECT FROM %1$I.secret WHERE purpose = ''cursor'')', store);
    EXECUTE format('INSERT INTO %1$I.consumer_position (tenant_id, consumer_id, position) SELECT c.tenant_id, c.id, coalesce((SELECT max(d.position) FROM %1$I.delivery d WHERE (d.tenant_id, d.consumer_id) = (c.tenant_id, c.id)), 0) FROM %1$I.consumer c
        WHERE NOT EXISTS (SELECT FROM %1$I.consumer_position p WHERE (p.tenant_id, p.consumer_id) = (c.tenant_id, c.id))', store);
    PERFORM scim_internal.drop_lost_deliveries(store);
    PERFORM scim_internal.put_trigger_names_back(store);
    PERFORM scim_internal.put_index_names_back(store);
    FOR statement IN SELECT scim_internal.missing_parts(store, pattern) LOOP
        PERFORM scim_internal.repair_by(store, statement);
    END LOOP;
    EXECUTE format('DROP SCHEMA %I CASCADE', pattern);
    PERFORM scim_internal.force_row_security(store);
    EXECUTE format('UPDATE %I.store SET restoring = false WHERE restoring', store);
    FOR repair IN
        SELECT r.*, r.statement ~ '^CREATE UNIQUE INDEX ' OR r.statement ~ '^DROP INDEX CONCURRENTLY ' AND coalesce(lead(r.statement) OVER (ORDER BY r.number) ~ '^CREATE UNIQUE INDEX ', false) AS is_rule
        FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number) ORDER BY r.online, r.number
    LOOP
        IF repair.is_rule THEN
            -- what is unique binds from the first write on; one that is not valid goes before
            PERFORM scim_internal.repair_by(store, replace(repair.statement, ' INDEX CONCURRENTLY ', ' INDEX '));
        ELSIF repair.online THEN
            statement := repair.statement;
            RETURN NEXT;
        ELSIF starts_with(repair.statement, 'COMMENT ') THEN
            comments := array_append(comments, repair.statement);
        ELSE
            PERFORM scim_internal.repair_by(store, repair.statement);
        END IF;
    END LOOP;
    IF NOT scim_internal.put_comments(comments) THEN
        FOREACH statement IN ARRAY comments LOOP
            PERFORM scim_internal.repair_by(store, statement);
        END LOOP;
    END IF;
    -- a load without triggers leaves what they would have derived
    PERFORM scim_internal.repair_books(store);
    FOR resource_type IN VALUES ('User', 'people'), ('Group', 'teams') LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', store, resource_type.column2)) IS NOT NULL OR scim_internal.table_of_type(store, resource_type.column1) IS NULL;
        PERFORM scim_internal.create_view(store, resource_type.column1, store, resource_type.column2::name);
    END LOOP;
    -- A table of an application takes its triggers from its owner, and is locked with them.
    FOR binding IN SELECT DISTINCT b.relation FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE b.repairable ORDER BY 1 LOOP
        statement := format('SELECT scim_internal.repair_binding(%L, %L)', quote_ident(store), binding.relation);
        RETURN NEXT;
    END LOOP;
    FOR binding IN SELECT b.problem FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE NOT b.repairable LOOP
        RAISE WARNING '%', binding.problem;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.repair_store(name, name) IS
'What scim.repair_store does, as the owner of the store; pattern: an empty schema, which is gone afterwards.';

CREATE OR REPLACE FUNCTION scim.repair_store(name text) RETURNS TABLE (statement text)
    AS 'MODULE_PATHNAME', 'scim_repair_store'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.repair_store(text) IS
'Puts back what a store has lost, by DROP EXTENSION CASCADE, by a restore that failed, or by hand: tables, defaults, constraints, triggers (which it switches on), row-level security, indexes (those of scim.create_sort_index and scim.create_filter_index where they are not valid), statistics, views and comments; what has another name gets its own again, and else what is there stays as it is. A table that is gone is made with the rows that a new store has, and a warning says so: what it held is in a backup only. Rows are not touched but for those of tables that are derived from resources, where they are missing or too many (unique values, members and passwords of nobody); those are added that no store can be without: the key of cursors, and where consumers are in their events, which is behind what they have been given and not acknowledged, or at the beginning. It ends the restore of a dump of the data alone. In one transaction but for indexes that make it fast and tables of applications that are bound: it returns these as statements for psql''s \gexec. Tables that are bound have to be compared afterwards (scim.check_binding, scim.mend_binding): what was written while triggers were missing stays as it is on each side. A warning tells of bindings that are lost. Errors: 3F000 where there is no such store, 55000 where it is of another version, has lost what no statement puts back (columns, the table "resource", schemas and resource types of one''s own), or has rows that a constraint does not allow, 23505 where two have what only one may, 42501 for who is not its owner; it takes CREATE on the database.';

-- What depends on what is in a schema, and is not in it itself.
CREATE OR REPLACE FUNCTION scim_internal.depends_on_schema(schema oid) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH RECURSIVE inside (classid, objid) AS (
        SELECT d.classid, d.objid FROM pg_depend d WHERE (d.refclassid, d.refobjid) = ('pg_namespace'::regclass, schema)
        UNION
        -- what belongs to something inside
        SELECT d.classid, d.objid
        FROM inside i JOIN pg_depend d ON (d.refclassid, d.refobjid) = (i.classid, i.objid) AND d.deptype IN ('a', 'i', 'P', 'S')
        -- a partition may lie elsewhere
        WHERE NOT (d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relnamespace <> schema AND c.relkind IN ('r', 'p', 'f')))
    ), outside AS (
        SELECT d.classid, d.objid, d.objsubid
        FROM inside i JOIN pg_depend d ON (d.refclassid, d.refobjid) = (i.classid, i.objid)
        WHERE NOT EXISTS (SELECT FROM inside o WHERE (o.classid, o.objid) = (d.classid, d.objid))
    )
    SELECT DISTINCT CASE o.classid
            -- a view is told by its name, not by its rule
            WHEN 'pg_rewrite'::regclass THEN (SELECT pg_describe_object('pg_class'::regclass, r.ev_class, 0) FROM pg_rewrite r WHERE r.oid = o.objid)
            ELSE pg_describe_object(o.classid, o.objid, o.objsubid) END
    FROM outside o
    WHERE o.classid NOT IN ('pg_type'::regclass)
      -- a clone of a key on a partition is part of it
      AND NOT (o.classid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint c WHERE c.oid = o.objid AND c.conparentid <> 0))
      AND NOT (o.classid = 'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger t WHERE t.oid = o.objid AND t.tgisinternal))
    ORDER BY 1;
END;
COMMENT ON FUNCTION scim_internal.depends_on_schema(oid) IS
'Descriptions of what is outside of a schema and depends on something in it: foreign keys, views, functions, policies, defaults.';

CREATE OR REPLACE FUNCTION scim_internal.require_seen(store regnamespace, tables name[]) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_require_seen'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.require_seen(regnamespace, name[]) IS
'Error 40001 where a transaction of REPEATABLE READ or SERIALIZABLE does not see all that a store consists of, what depends on its tables, or all rows of some of them.';

CREATE OR REPLACE FUNCTION scim.drop_store(name text, force boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    -- of what it drops there is no end
    SET client_min_messages = warning
AS $function$
DECLARE
    store CONSTANT text := drop_store.name;
    resource CONSTANT oid := (SELECT oid FROM pg_class WHERE relname = 'resource' AND relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = drop_store.name));
    people text;
    credentials text;
    part text;
    sealed text;
    others text[];
    found text[];
    held regclass;
BEGIN
    IF drop_store.name IS NULL THEN
        RAISE EXCEPTION 'name must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    IF force IS NULL THEN
        RAISE EXCEPTION 'force must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    IF NOT scim_internal.is_store(store) THEN
        RAISE EXCEPTION 'store "%" does not exist', store
            USING ERRCODE = 'invalid_schema_name';
    END IF;
    -- the second where tables are missing
    IF NOT (scim_internal.is_owner(quote_ident(store)::regnamespace) OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = resource), 'USAGE')) THEN
        RAISE EXCEPTION 'must be owner of store "%"', store
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'drop the store');
    IF scim_internal.is_distributed(resource) THEN
        -- from here on, or Citus has counted on other connections than it drops on
        PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true), set_config('citus.max_adaptive_executor_pool_size', '1', true);
    END IF;
    IF NOT force THEN
        -- nobody comes in between what is found and what is dropped; resources first, as writers do
        FOR held IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                    AND pg_has_role(c.relowner, 'USAGE') ORDER BY c.relname <> 'resource', c.relname LOOP
            EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', held);
        END LOOP;
        PERFORM scim_internal.require_seen(quote_ident(store)::regnamespace, '{resource,token,client,audit,audit_seal,binding,database_role}');
        EXECUTE format('SELECT string_agg(concat_ws('' '', n, resource_type), '', '' ORDER BY resource_type) FROM (SELECT resource_type, count(*) AS n FROM %s GROUP BY 1) AS t', resource::regclass)
        INTO people;
        others := ARRAY(SELECT scim_internal.depends_on_schema(to_regnamespace(quote_ident(store))));
        IF to_regclass(format('%I.binding', store)) IS NOT NULL THEN
            EXECUTE format('SELECT array_agg(''bound table '' || b.relation::text ORDER BY 1) FROM (SELECT DISTINCT relation FROM %I.binding JOIN pg_class c ON c.oid = relation) AS b', store) INTO found;
            others := others || found;
        END IF;
        IF to_regclass(format('%I.database_role', store)) IS NOT NULL THEN
            EXECUTE format('SELECT array_agg(''role '' || quote_ident(r.role) ORDER BY 1) FROM (SELECT DISTINCT role FROM %I.database_role WHERE role IS NOT NULL) AS r', store) INTO found;
            others := others || found;
        END IF;
        -- access tokens go with their client
        FOR part IN SELECT t FROM unnest('{token,client}'::text[]) AS t WHERE to_regclass(format('%I.%I', store, t)) IS NOT NULL LOOP
            EXECUTE format('SELECT array_agg(format(''%%s %%s'', %2$L, to_json(c.%3$I)) ORDER BY c.%3$I) FROM %1$I.%2$I AS c WHERE c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp()) AND (to_jsonb(c) ->> ''client_id'') IS NULL',
                store, part, CASE part WHEN 'token' THEN 'description' ELSE 'name' END) INTO found;
            credentials := concat_ws(', ', credentials, nullif(array_to_string(found[:20] || CASE WHEN cardinality(found) > 20 THEN ARRAY[format('and %s more', cardinality(found) - 20)] END, ', '), ''));
        END LOOP;
        IF to_regclass(format('%I.audit_seal', store)) IS NOT NULL AND to_regclass(format('%I.audit', store)) IS NOT NULL THEN
            EXECUTE format('SELECT ''from '' || to_char(min(a.at) AT TIME ZONE ''UTC'', ''YYYY-MM-DD'') || '' on'' FROM %1$I.audit AS a WHERE a.at <= (SELECT max(s.last_at) FROM %1$I.audit_seal AS s) HAVING count(*) > 0', store) INTO sealed;
        END IF;
        IF num_nonnulls(people, nullif(credentials, ''), sealed) > 0 OR cardinality(others) > 0 THEN
            RAISE EXCEPTION 'cannot drop store "%": %', store,
                concat_ws(', and ', CASE WHEN people IS NOT NULL THEN 'there are resources in it' END, CASE WHEN credentials <> '' THEN 'somebody may come with credentials of it' END,
                    CASE WHEN sealed IS NOT NULL THEN 'it has audit that is sealed' END, CASE WHEN cardinality(others) > 0 THEN 'others depend on it' END)
                USING ERRCODE = 'dependent_objects_still_exist',
                      DETAIL = concat_ws(E'\n', 'In it: ' || people || '.', 'Good: ' || nullif(credentials, '') || '.', 'Sealed audit that retention has not let go: ' || sealed || '.', 'Depending on it: ' || nullif(array_to_string(others[:20]
                          || CASE WHEN cardinality(others) > 20 THEN ARRAY[format('and %s more', cardinality(others) - 20)] END, ', '), '') || '.'),
                      HINT = format('SELECT scim.drop_store(%L, force => true) drops it nevertheless, and with it what depends on it.', store);
        END IF;
    END IF;
    EXECUTE format('DROP SCHEMA %I CASCADE', store);
END
$function$;
COMMENT ON FUNCTION scim.drop_store(text, boolean) IS
'Drops a store with all that is in it. Only the owner of its tables may; a schema that is no store is refused. Where resources are in it, tokens or clients that are good, or audit that is sealed, or foreign keys, views, functions, policies, bound tables or roles of people depend on it, it is refused as well and names them (error 2BP01), unless force; who is writing the store is waited for before that is looked at. Error 40001 in a transaction of REPEATABLE READ or SERIALIZABLE that does not see all of it.';
-- Resources by SQL, in the caller's own transaction. The store is the one that
-- the setting scim.store names.

CREATE OR REPLACE FUNCTION scim.create_resource(resource_type text, resource jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_create_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_resource(text, jsonb) IS
'Creates a resource (RFC 7644 section 3.3) and returns it as a client would get it, after all triggers but deferred ones. Errors: SCVAL and SCSYN where the document does not fit its schemas or the policies, SCUNI where userName is taken.';

CREATE OR REPLACE FUNCTION scim.get_resource(resource_type text, id text,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_get_resource'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.get_resource(text, text, text, text) IS
'A resource (RFC 7644 section 3.4.1). attributes or excluded_attributes: comma-separated attribute paths (section 3.9). Error SC404 where it does not exist.';

CREATE OR REPLACE FUNCTION scim.get_resource(resource_type text, id uuid,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_get_resource'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.get_resource(text, uuid, text, text) IS
'A resource (RFC 7644 section 3.4.1): as scim.get_resource(text, text, text, text), with the id as a uuid.';

CREATE OR REPLACE FUNCTION scim.replace_resource(resource_type text, id text, resource jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_replace_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.replace_resource(text, text, jsonb, text) IS
'Replaces a resource as PUT does (RFC 7644 section 3.5.1): what the document does not state is cleared, read-only attributes are ignored. if_match: an entity-tag such as W/"3", of which what stands behind a dot does not count. Returns what is stored after all triggers but deferred ones, NULL where one of them took the resource away. Errors: SC404, SC412 where the version is another one, SCMUT where an immutable attribute would change, and those of scim.create_resource.';

CREATE OR REPLACE FUNCTION scim.replace_resource(resource_type text, id uuid, resource jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_replace_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.replace_resource(text, uuid, jsonb, text) IS
'Replaces a resource as PUT does (RFC 7644 section 3.5.1): as scim.replace_resource(text, text, jsonb, text), with the id as a uuid.';

CREATE OR REPLACE FUNCTION scim.patch_resource(resource_type text, id text, operations jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_patch_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.patch_resource(text, text, jsonb, text) IS
'Applies PATCH operations (RFC 7644 section 3.5.2), all or none: an array of {"op", "path", "value"}, or a whole PatchOp message. Where nothing changes, version and lastModified stay. if_match and the result are as those of scim.replace_resource. Errors: SC404, SC412, SCPTH, SCTGT, SCMUT, SCFIL and those of scim.create_resource.';

CREATE OR REPLACE FUNCTION scim.patch_resource(resource_type text, id uuid, operations jsonb,
        if_match text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_patch_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.patch_resource(text, uuid, jsonb, text) IS
'Applies PATCH operations (RFC 7644 section 3.5.2), all or none: as scim.patch_resource(text, text, jsonb, text), with the id as a uuid.';

CREATE OR REPLACE FUNCTION scim.delete_resource(resource_type text, id text, if_match text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_delete_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delete_resource(text, text, text) IS
'Deletes a resource (RFC 7644 section 3.6) as the policy "delete" says: the row goes, is kept out of sight, or off-boarding begins. Errors: SC404, SC412.';

CREATE OR REPLACE FUNCTION scim.delete_resource(resource_type text, id uuid, if_match text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_delete_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delete_resource(text, uuid, text) IS
'Deletes a resource (RFC 7644 section 3.6) as the policy "delete" says: as scim.delete_resource(text, text, text), with the id as a uuid.';

CREATE OR REPLACE FUNCTION scim.resource_json("row" record) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_json'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_json(record) IS
'The SCIM representation of a row of a store''s table "resource" or of one of its partitions: SELECT scim.resource_json(u) FROM directory.users u.';
-- Filters on documents and on rows.

CREATE OR REPLACE FUNCTION scim_internal.matches_support(internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_matches_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.matches_support(internal) IS
'Planner support of scim.matches: its selectivity, and the condition on an index of scim.gin_ops.';

CREATE OR REPLACE FUNCTION scim_internal.matches_selectivity(internal, oid, internal, integer)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'scim_matches_selectivity'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.matches_selectivity(internal, oid, internal, integer) IS
'Restriction selectivity of jsonb ~ scim.filter and jsonb @~ scim.index_query.';

CREATE OR REPLACE FUNCTION scim.matches(document jsonb, filter scim.filter, resource_type text DEFAULT NULL)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_matches'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 10
    SUPPORT scim_internal.matches_support;
COMMENT ON FUNCTION scim.matches(jsonb, scim.filter, text) IS
'Whether a document matches a filter (RFC 7644 section 3.4.2.2), true or false, never null for a document and a filter but while the store is being restored and has no resource types yet. With a resource type, an attribute that it does not know is error SCFIL; without one, the attributes of all resource types are known and others compare as the literal does, without regard to case.';

CREATE OR REPLACE FUNCTION scim_internal.jsonb_matches(document jsonb, filter scim.filter)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_jsonb_matches'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 10
    SUPPORT scim_internal.matches_support;
COMMENT ON FUNCTION scim_internal.jsonb_matches(jsonb, scim.filter) IS
'Implements the operator jsonb ~ scim.filter: scim.matches without a resource type.';

CREATE OR REPLACE FUNCTION scim_internal.view_filter(filter text, otherwise text DEFAULT NULL) RETURNS scim.filter
    AS 'MODULE_PATHNAME', 'scim_view_filter'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.view_filter(text, text) IS
'A filter that a view makes of settings, to be compared by the operator jsonb ~ scim.filter: the first of the two that the schemas allow; NULL, with a warning, where they allow none.';

COMMENT ON OPERATOR scim.~ (jsonb, scim.filter) IS
'Whether a document matches a filter, as scim.matches says without a resource type; an index of scim.gin_ops answers it.';

CREATE OR REPLACE FUNCTION scim.to_sql(filter scim.filter, resource_type text DEFAULT 'User')
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, text) IS
'A filter as a boolean SQL expression over the columns of the current store''s table "resource", all values quoted. Its result may be null where the filter is false. The operators and functions of pg_catalog in it have no schema: run it with a search_path that has nothing before them. Error SCFIL where the resource type does not know an attribute.';

CREATE OR REPLACE FUNCTION scim.to_sql(filter scim.filter, mapping jsonb)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql_mapping'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, jsonb) IS
'A filter as a boolean SQL expression, never null, over the tables of an application. mapping: an object from attributes to SQL expressions, such as {"userName": "u.login", "active": {"expression": "u.enabled", "type": "boolean"}, "emails": {"from": "email e", "where": "e.user_id = u.id", "attributes": {"value": "e.address"}}}; types are string (caseExact), boolean, integer, decimal, dateTime, binary, reference, uuid, citext and jsonb, by default what the schemas say. The SQL text of the mapping is trusted, all values of the filter are quoted. Run it with a search_path that has nothing before pg_catalog, where the expressions allow. Errors: SCFIL where an attribute is not in the mapping, 22023 where the mapping is wrong. See doc/filters.md.';

CREATE OR REPLACE FUNCTION scim_internal.sort_key(document jsonb, sort_by text, resource_type text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_key'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION scim_internal.sort_key(jsonb, text, text) IS
'A text by which documents sort as sortBy says (RFC 7644 section 3.4.2.3), in collation "C"; null where the attribute is unassigned.';

CREATE OR REPLACE FUNCTION scim_internal.sort_text(document jsonb, path text[], kind text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_text'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION scim_internal.sort_text(jsonb, text[], text) IS
'The same for what stands at a path, by no more than its arguments: what searches sort by and indexes are over. kind: folded, user name, exact or instant, with "several " before it where values are of several types. Error 22023 where it is none of these.';

CREATE OR REPLACE FUNCTION scim_internal.sort_expression(resource_type text, sort_by text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_expression'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.sort_expression(text, text) IS
'The expression over a row by which searches of the current store sort as sortBy says. Error SCPTH where the attribute is unknown.';

CREATE OR REPLACE FUNCTION scim_internal.make_index(relation regclass, index_name text, said text, online boolean) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    unfinished CONSTANT text := (SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = relation AND c.relname = index_name AND (NOT i.indisvalid OR scim_internal.is_of_others(i.indexrelid)));
BEGIN
    -- CONCURRENTLY that failed leaves an index that is not valid, and until it ends, too; or it is by what stood in a search_path
    IF unfinished IS NOT NULL THEN
        IF scim_internal.is_being_made(relation) THEN
            RAISE EXCEPTION 'index % is not valid, and another session may be making it', unfinished USING ERRCODE = 'object_in_use',
                HINT = 'Call again when that is done.';
        ELSIF online THEN
            RETURN NEXT 'DROP INDEX CONCURRENTLY IF EXISTS ' || unfinished;
        ELSE
            EXECUTE 'DROP INDEX IF EXISTS ' || unfinished;
        END IF;
    END IF;
    IF online THEN
        RETURN NEXT scim_internal.qualified(format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %I ON %s %s', index_name, relation, said));
    ELSE
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s %s', index_name, relation, said);
    END IF;
END
$$;
COMMENT ON FUNCTION scim_internal.make_index(regclass, text, text, boolean) IS
'Makes an index of a table, or returns the statements that do, where it is missing or not valid; said: what CREATE INDEX says of it behind the name of the table. Error 55006 where another session may be making it.';

CREATE OR REPLACE FUNCTION scim.create_sort_index(resource_type text, sort_by text, online boolean DEFAULT false)
    RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    store CONSTANT name := scim.store();
    expression CONSTANT text := scim_internal.sort_expression(resource_type, sort_by);
    relation CONSTANT regclass := scim_internal.table_of_type(store, resource_type);
    index_name text := (SELECT relname FROM pg_class WHERE oid = relation);
    of_schema text;
    serves text;
BEGIN
    IF num_nulls(resource_type, sort_by, online) > 0 THEN
        RAISE EXCEPTION 'resource_type, sort_by and online must not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'make indexes');
    EXECUTE format('SELECT scim.fold(document ->> ''schema'') FROM %I.resource_type WHERE scim.fold(name) = scim.fold($1)', store) INTO of_schema USING resource_type;
    IF of_schema = scim.fold('urn:ietf:params:scim:schemas:core:2.0:User') AND expression ~ 'ARRAY\[''groups''' OR of_schema = scim.fold('urn:ietf:params:scim:schemas:core:2.0:Group') AND expression ~ 'ARRAY\[''members''' THEN
        RAISE EXCEPTION 'no index can sort by "%": it is no part of the rows of "%"', sort_by, resource_type USING ERRCODE = 'feature_not_supported',
            DETAIL = 'It is made from the table "member" as it is shown, and lists are not sorted by it.';
    ELSIF expression = 'id' THEN
        RAISE EXCEPTION 'no index is needed to sort by "%"', sort_by USING ERRCODE = 'duplicate_object', DETAIL = 'Lists are in the order of id by themselves.';
    END IF;
    -- what it is over is in its name: another one beside it, where the schema has changed
    index_name := left(index_name || '_' || lower(regexp_replace(sort_by, '[^A-Za-z0-9]+', '_', 'g')), 47)
        || '_' || left(md5(expression), 6) || '_sort';
    SELECT i.indexrelid::regclass::text INTO serves
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid,
        LATERAL (SELECT replace(scim_internal.index_shape_of(i.indexrelid), 'UNIQUE', '') AS shape) AS s
    WHERE i.indrelid = relation AND i.indisvalid AND c.relname <> index_name
      AND s.shape = ANY (ARRAY[scim_internal.index_shape(format('btree (tenant_id, (%s), id) WHERE (deleted_at IS NULL)', expression)),
                               scim_internal.index_shape(format('btree (tenant_id, (%s)) WHERE (deleted_at IS NULL)', expression))])
    ORDER BY i.indexrelid LIMIT 1;
    IF serves IS NOT NULL THEN
        RAISE EXCEPTION 'no index is needed to sort by "%"', sort_by USING ERRCODE = 'duplicate_object', DETAIL = format('Lists are sorted by it from index %s.', serves);
    END IF;
    RETURN QUERY SELECT scim_internal.make_index(relation, index_name, format('(tenant_id, (%s), id) WHERE deleted_at IS NULL', expression), online);
END
$$;
COMMENT ON FUNCTION scim.create_sort_index(text, text, boolean) IS
E'Makes an index of the current store by which lists of a resource type are sorted by an attribute that has no column, such as name.familyName: a page of such a list is read from it. online: returns the statements, for \\gexec, which do not make writers wait. The owner of the table may. What the schema says of the attribute is part of the index: when that changes, it is made again; one that is there by the same name stays, but one whose making was broken off, which is not valid, is dropped and made again. Errors: SCPTH where the attribute is unknown; 42710 where lists are sorted by it already, from the index that the detail names, such as by userName; 55006 where another session may be making it; 0A000 for groups and members, which are no part of rows. Lists are sorted by the first 2,600 bytes of a value, which is what an index takes, and a longer one is refused by none.';

CREATE OR REPLACE FUNCTION scim_internal.holds(document jsonb, filter text, attributes text)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_holds'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.holds(jsonb, text, text) IS
'Whether a document matches a filter, as scim.matches says, by no more than its arguments. attributes: for each attribute of the filter what its schema says, as scim_internal.filter_index writes it. Error 22023 where it is anything else.';

CREATE OR REPLACE FUNCTION scim_internal.filter_index(resource_type text, filter scim.filter, OUT name text, OUT predicate text)
    AS 'MODULE_PATHNAME', 'scim_filter_index'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.filter_index(text, scim.filter) IS
'The name and the predicate of the index that searches of the current store look for, for a filter. Errors: SCFIL where the resource type does not know an attribute, 0A000 where a filter can have none, 54000 where it is too long for that.';

CREATE OR REPLACE FUNCTION scim.create_filter_index(resource_type text, filter scim.filter, online boolean DEFAULT false)
    RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    store CONSTANT name := scim.store();
    relation CONSTANT regclass := scim_internal.table_of_type(store, resource_type);
    wanted record;
BEGIN
    IF num_nulls(resource_type, filter, online) > 0 THEN
        RAISE EXCEPTION 'resource_type, filter and online must not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'make indexes');
    SELECT * INTO wanted FROM scim_internal.filter_index(resource_type, filter);
    RETURN QUERY SELECT scim_internal.make_index(relation, wanted.name, '(tenant_id, id) WHERE ' || wanted.predicate, online);
END
$$;
COMMENT ON FUNCTION scim.create_filter_index(text, scim.filter, boolean) IS
E'Makes an index of the current store of the resources that match a filter, in the order of lists: scim.search and GET count and read the list of this filter from it, whatever it asks for of documents, "not" and "ne" of what most have, too. It is for the whole filter, whatever the case of names in it and whether they have their schema before them. online: returns the statements, for \\gexec, which do not make writers wait. The owner of the table may. What the schemas say of its attributes is part of the index: when that changes, searches do not use it any more, and it is made again; one that is there stays, but one whose making was broken off, which is not valid, is dropped and made again. Errors: 55006 where another session may be making it; SCFIL where the resource type does not know an attribute; 0A000 where it asks for what is no part of documents, or has more than 50 terms and operators; 54000 where it has more than 4,000 bytes, as scim.filter shows it.';

CREATE OR REPLACE FUNCTION scim_internal.groups_found(found bytea, groups uuid[])
    RETURNS boolean[]
    AS 'MODULE_PATHNAME', 'scim_groups_found'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.groups_found(bytea, uuid[]) IS
'For each group that a search looks up, whether one is among these groups, or above them. found: what the search has found of all groups beforehand.';

CREATE OR REPLACE FUNCTION scim_internal.texts_hold(program bytea, texts text[])
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_texts_hold'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.texts_hold(bytea, text[]) IS
'Whether what a filter asks of texts holds for these. program: what it asks, as a search has written it. What a statement compares so is bounded: the setting max_filter_visits, SCMNY.';

CREATE OR REPLACE FUNCTION scim_internal.texts_answers(program bytea, texts text[])
    RETURNS boolean[]
    AS 'MODULE_PATHNAME', 'scim_texts_answers'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.texts_answers(bytea, text[]) IS
'For each question of a program, as of texts_hold, whether it holds for the texts of one of these rows.';

CREATE OR REPLACE FUNCTION scim_internal.filter_visits(visits integer)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_filter_visits'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_visits(integer) IS
'True, until the rows of a statement come to more visits than the setting max_filter_visits allows: SCMNY.';

CREATE OR REPLACE FUNCTION scim.search(resource_type text, filter text DEFAULT NULL,
        sort_by text DEFAULT NULL, sort_order text DEFAULT NULL,
        start_index bigint DEFAULT NULL, count bigint DEFAULT NULL, cursor text DEFAULT NULL,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_search'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.search(text, text, text, text, bigint, bigint, text, text, text) IS
'A ListResponse (RFC 7644 section 3.4.2). resource_type NULL: all of them. sort_order: ascending (default) or descending. start_index is 1-based. count: at most so many, 100 by default, never more than the setting scim.max_results. cursor: pages by cursor (RFC 9865) instead of start_index; an empty text asks for the first page, nextCursor of a page for the next one, until there is none. Errors: SCFIL, SCPTH, SCVAL, and SCCUR, SCEXP, SCCNT for a cursor that is not of this query, too old, or with another count.';
-- The index on documents: operator class scim.gin_ops, and the former ones, scim.gin_ops_1 and scim.gin_ops_2.


CREATE OR REPLACE FUNCTION scim_internal.index_query_in(cstring)
    RETURNS scim.index_query
    AS 'MODULE_PATHNAME', 'scim_index_query_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_query_in(cstring) IS
'Refuses every text: only scim_internal.index_query makes a value of the type.';

CREATE OR REPLACE FUNCTION scim_internal.index_query_out(scim.index_query)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'scim_index_query_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_query_out(scim.index_query) IS
'The keys that an index query looks up, one on each line.';

COMMENT ON TYPE scim.index_query IS
'What a filter asks of the keys of a document in an index of scim.gin_ops.';

CREATE OR REPLACE FUNCTION scim_internal.index_query(filter scim.filter, resource_type text)
    RETURNS scim.index_query
    AS 'MODULE_PATHNAME', 'scim_index_query'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_query(scim.filter, text) IS
'The index query of scim.matches(document, filter, resource_type): the planner calls it, and what counts. Error SCFIL as there.';

CREATE OR REPLACE FUNCTION scim_internal.is_candidate(document jsonb, query scim.index_query)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_candidate'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 10;
COMMENT ON FUNCTION scim_internal.is_candidate(jsonb, scim.index_query) IS
'Implements the operator jsonb @~ scim.index_query.';

COMMENT ON OPERATOR scim.@~ (jsonb, scim.index_query) IS
'Whether a document matches the filter that an index query was made of, as scim.matches says; an index of scim.gin_ops answers it, and where its keys tell all, without a look at the document.';

CREATE OR REPLACE FUNCTION scim_internal.gin_keys_of_document(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_keys_of_document'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_keys_of_document(jsonb, internal, internal) IS
'GIN support of scim.gin_ops: the keys of a document.';

CREATE OR REPLACE FUNCTION scim_internal.gin_keys_of_filter(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_keys_of_filter'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_keys_of_filter(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops: the keys that a filter or an index query looks up.';

CREATE OR REPLACE FUNCTION scim_internal.gin_document_keys(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_document_keys'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_document_keys(jsonb, internal, internal) IS
'GIN support of scim.gin_ops_2: the keys of a document.';

CREATE OR REPLACE FUNCTION scim_internal.gin_filter_keys(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_filter_keys'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_filter_keys(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops_2: the keys that a filter or an index query looks up.';

CREATE OR REPLACE FUNCTION scim_internal.gin_extract_value(jsonb, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_extract_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_extract_value(jsonb, internal, internal) IS
'GIN support of scim.gin_ops_1: the keys of a document.';

CREATE OR REPLACE FUNCTION scim_internal.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_extract_query'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_extract_query(jsonb, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_ops_1: the keys that a filter or an index query looks up.';

CREATE OR REPLACE FUNCTION scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal)
    RETURNS "char"
    AS 'MODULE_PATHNAME', 'scim_gin_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_triconsistent(internal, smallint, jsonb, integer, internal, internal, internal) IS
'GIN support of scim.gin_ops: whether a document with these keys matches, does not, or may.';

CREATE OR REPLACE FUNCTION scim_internal.gin_compare(bytea, bytea)
    RETURNS integer
    AS 'MODULE_PATHNAME', 'scim_gin_compare'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_compare(bytea, bytea) IS
'GIN support of scim.gin_ops: the order of keys, which is that of bytea.';

CREATE OR REPLACE FUNCTION scim_internal.gin_compare_partial(bytea, bytea, smallint, internal)
    RETURNS integer
    AS 'MODULE_PATHNAME', 'scim_gin_compare_partial'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_compare_partial(bytea, bytea, smallint, internal) IS
'GIN support of scim.gin_ops: whether a key is within a range.';

CREATE OR REPLACE FUNCTION scim_internal.gin_options(internal)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_gin_options'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_options(internal) IS
'GIN support of scim.gin_ops: the option "substrings".';

COMMENT ON OPERATOR FAMILY scim.gin_ops USING gin IS
'Filters over SCIM documents, by their keys in a GIN index.';
COMMENT ON OPERATOR CLASS scim.gin_ops USING gin IS
'Every attribute and every operator of a filter, over SCIM documents. Option substrings: the attributes whose strings have grams for co and ew, * for all; userName,displayName,name,emails.value by default.';

-- In versions 0.6.0 to 0.8.0 this was scim.gin_ops, and until version 0.5.0 the next one: indexes that were made then are of it.
COMMENT ON OPERATOR FAMILY scim.gin_ops_2 USING gin IS
'What scim.gin_ops was in versions 0.6.0 to 0.8.0.';
COMMENT ON OPERATOR CLASS scim.gin_ops_2 USING gin IS
'What scim.gin_ops was in versions 0.6.0 to 0.8.0, with userName folded as any other string: for indexes that were made then. They answer as those of scim.gin_ops do, what is asked of userName more slowly, until they are made anew.';

COMMENT ON OPERATOR FAMILY scim.gin_ops_1 USING gin IS
'What scim.gin_ops was until version 0.5.0.';
COMMENT ON OPERATOR CLASS scim.gin_ops_1 USING gin IS
'What scim.gin_ops was until version 0.5.0, larger and slower to write: for indexes that were made then. They answer as those of scim.gin_ops do, until they are made anew.';

-- A tenant beside the document in one index.

CREATE OR REPLACE FUNCTION scim_internal.gin_int4_extract_value(integer, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_int4_extract_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_int4_extract_value(integer, internal, internal) IS
'GIN support of scim.gin_int4_ops: the one key of a value.';

CREATE OR REPLACE FUNCTION scim_internal.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_gin_int4_extract_query'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_int4_extract_query(integer, internal, smallint, internal, internal, internal, internal) IS
'GIN support of scim.gin_int4_ops: the one key that a comparison looks up.';

CREATE OR REPLACE FUNCTION scim_internal.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal)
    RETURNS "char"
    AS 'MODULE_PATHNAME', 'scim_gin_int4_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.gin_int4_triconsistent(internal, smallint, integer, integer, internal, internal, internal) IS
'GIN support of scim.gin_int4_ops: whether the key is there.';

COMMENT ON OPERATOR FAMILY scim.gin_int4_ops USING gin IS
'Integers beside documents in one GIN index.';
COMMENT ON OPERATOR CLASS scim.gin_int4_ops USING gin IS
'Equality of integers in a GIN index: the tenant beside scim.gin_ops.';

CREATE OR REPLACE FUNCTION scim_internal.index_keys(document jsonb)
    RETURNS bytea[]
    AS 'MODULE_PATHNAME', 'scim_index_keys'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.index_keys(jsonb) IS
'The keys of a document in an index of scim.gin_ops_1, without trigrams: for statistics, by which the planner knows how many documents match a filter.';

CREATE OR REPLACE FUNCTION scim.explain_filter(filter scim.filter, resource_type text DEFAULT NULL,
        OUT term text, OUT mode text, OUT key text, OUT recheck boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_explain_filter'
    LANGUAGE C STABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION scim.explain_filter(scim.filter, text) IS
'How a filter maps to keys of an index with scim.gin_ops: each term with the keys it looks up, how (exact, prefix, all, from, after, up to, before, contains, ends, gram; none: no key can tell), and whether finding one leaves the term to be checked on the document.';
-- Events (RFC 9967): who reads them, and how they are given out.

CREATE OR REPLACE FUNCTION scim_internal.unknown_of_event(filter scim.filter) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_unknown_of_event'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.unknown_of_event(scim.filter) IS
'The first attribute in a filter that no event has; null: there is none.';

CREATE OR REPLACE FUNCTION scim_internal.endpoint_problem(endpoint text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    authority CONSTANT text := substring(endpoint from '^[^:]*://([^/?#]*)');
    host CONSTANT text := regexp_replace(authority, ':[0-9]*$', '');
    port CONSTANT text := substring(authority from ':([0-9]*)$');
BEGIN
    IF octet_length(endpoint) > 2048 THEN
        RETURN 'it is longer than 2048 bytes';
    ELSIF endpoint !~ '^[!-~]+$' THEN
        RETURN 'it has characters that stand in no URL';
    ELSIF authority IS NULL OR endpoint !~* '^https?://' THEN
        RETURN 'it does not begin with https://';
    ELSIF strpos(authority, '@') > 0 THEN
        RETURN 'it names a user';
    ELSIF strpos(endpoint, '#') > 0 THEN
        RETURN 'it has a fragment';
    ELSIF port IS NOT NULL AND (port !~ '^[0-9]{1,5}$' OR port::int NOT BETWEEN 1 AND 65535) THEN
        RETURN 'its port is not between 1 and 65535';
    ELSIF endpoint ~* '^http:' AND host !~* '^(localhost|127[.]0[.]0[.]1|\[::1\])$' THEN
        RETURN 'it is plain http to another machine';
    ELSIF host ~ '^\[.*\]$' THEN
        BEGIN
            IF host ~ '^\[[0-9A-Fa-f:.]+\]$' AND family(btrim(host, '[]')::inet) = 6 THEN
                RETURN NULL;
            END IF;
        EXCEPTION WHEN invalid_text_representation THEN
            NULL;
        END;
        RETURN 'its host is no IPv6 address';
    ELSIF host !~ '^[0-9A-Za-z][0-9A-Za-z.-]*$' THEN
        RETURN 'it has no host';
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION scim_internal.endpoint_problem(text) IS
'Why events are not sent to a URL; null: they are.';

CREATE OR REPLACE FUNCTION scim_internal.known_event(store name, tenant_id int, uri text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    is_known boolean;
BEGIN
    EXECUTE format($$SELECT EXISTS (SELECT FROM (SELECT 'urn:ietf:params:scim:event:' || e FROM unnest('{prov:create:notice,prov:create:full,prov:put:notice,
            prov:put:full,prov:patch:notice,prov:patch:full,prov:activate,prov:deactivate,prov:delete,misc:guard-tripped,misc:guard-released,misc:database-role,
            misc:break-glass,misc:invite,misc:recover}'::text[]) e
        UNION ALL SELECT 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'
        UNION ALL SELECT 'https://schemas.openid.net/secevent/risc/event-type/recovery-activated'
        UNION ALL SELECT p.settings ->> 'event' FROM %1$I.policy p WHERE p.kind = 'emit') u (uri)
        WHERE CASE WHEN right($2, 1) = '*' THEN starts_with(u.uri, left($2, -1)) ELSE u.uri = $2 END)
        OR EXISTS (SELECT FROM %1$I.event e WHERE e.tenant_id = $1
            AND CASE WHEN right($2, 1) = '*' THEN starts_with(e.event_uri, left($2, -1)) ELSE e.event_uri = $2 END)$$, store)
        INTO is_known USING tenant_id, uri;
    RETURN is_known;
END
$function$;
COMMENT ON FUNCTION scim_internal.known_event(name, int, text) IS
'Whether a store has events with that URI (or with a beginning, before *), by itself, by a policy emit, or from before.';

CREATE OR REPLACE FUNCTION scim_internal.consumer_check() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    problem text;
BEGIN
    -- what stays was within the limits of its time
    IF tg_op = 'INSERT' OR new.filter IS DISTINCT FROM old.filter THEN
        problem := scim_internal.unknown_of_event(new.filter::scim.filter);
    END IF;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'events have no attribute "%"', problem USING ERRCODE = 'SCFIL';
    END IF;
    SELECT c.name INTO problem FROM (VALUES ('resource_types', new.resource_types, tg_op = 'INSERT' OR new.resource_types IS DISTINCT FROM old.resource_types),
        ('event_uris', new.event_uris, tg_op = 'INSERT' OR new.event_uris IS DISTINCT FROM old.event_uris),
        ('audience', new.audience, tg_op = 'INSERT' OR new.audience IS DISTINCT FROM old.audience)) AS c (name, value, is_new)
    WHERE c.is_new AND (cardinality(c.value) = 0 OR array_ndims(c.value) > 1 OR array_lower(c.value, 1) <> 1) LIMIT 1;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION '% must be a list of one dimension that is not empty', problem USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Null stands for ' || CASE problem WHEN 'audience' THEN 'the name of the consumer.' ELSE 'all.' END;
    END IF;
    IF new.resource_types IS NOT NULL AND (tg_op = 'INSERT' OR new.resource_types IS DISTINCT FROM old.resource_types) THEN
        EXECUTE format('SELECT coalesce(t.name, ''NULL'') FROM unnest($1) AS t (name)
            WHERE NOT EXISTS (SELECT FROM %I.resource_type r WHERE r.name = t.name) LIMIT 1', tg_table_schema)
            INTO problem USING new.resource_types;
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'resource type "%" does not exist', problem USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Without resource_types a consumer is told of all.';
        END IF;
    END IF;
    IF new.event_uris IS NOT NULL AND (tg_op = 'INSERT' OR new.event_uris IS DISTINCT FROM old.event_uris) THEN
        SELECT coalesce(uri, 'NULL') INTO problem FROM unnest(new.event_uris) AS uri
        WHERE scim_internal.known_event(tg_table_schema, new.tenant_id, uri) IS NOT TRUE LIMIT 1;
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'no event has the URI "%"', problem USING ERRCODE = 'invalid_parameter_value',
                HINT = 'doc/events.md lists them; those of policies "emit" are known once there is the policy.';
        END IF;
    END IF;
    IF new.endpoint IS NOT NULL AND (tg_op = 'INSERT' OR new.endpoint IS DISTINCT FROM old.endpoint) THEN
        problem := scim_internal.endpoint_problem(new.endpoint);
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'events are not sent to the endpoint of consumer "%": %', new.name, problem USING ERRCODE = 'check_violation',
                HINT = 'It is an https URL, or plain http of localhost, 127.0.0.1 or [::1].';
        END IF;
    END IF;
    IF (tg_op = 'INSERT' OR new.audience IS DISTINCT FROM old.audience)
        AND (new.audience && ARRAY[''] OR array_position(new.audience, NULL) IS NOT NULL) THEN
        RAISE EXCEPTION 'an audience must not be null or empty' USING ERRCODE = 'check_violation',
            HINT = 'Without audience the claim aud is the name of the consumer.';
    END IF;
    RETURN new;
END
$function$;
COMMENT ON FUNCTION scim_internal.consumer_check() IS
'What consumer_door calls: refuses a consumer whose filter is none or names what no event has (SCFIL), who wants events or resource types that there are not (22023), or whose endpoint or audience is none (23514).';

CREATE OR REPLACE FUNCTION scim_internal.consumer_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_consumer_door'
    LANGUAGE C;
COMMENT ON FUNCTION scim_internal.consumer_door() IS
'BEFORE row trigger of a store''s table "consumer": consumer_check, whose errors name the row.';

CREATE OR REPLACE FUNCTION scim_internal.consumer_wants() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_consumer_wants'
    LANGUAGE C;
COMMENT ON FUNCTION scim_internal.consumer_wants() IS
'Trigger: takes from a consumer what he has not been given yet and does not want any more.';

CREATE OR REPLACE FUNCTION scim.create_consumer(name text, filter text DEFAULT NULL, event_uris text[] DEFAULT NULL,
        resource_types text[] DEFAULT NULL, from_start boolean DEFAULT false, channel text DEFAULT NULL,
        max_attempts int DEFAULT 10) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_create_consumer'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_consumer(text, text, text[], text[], boolean, text, int) IS
'Makes a consumer of the current tenant''s events, and returns his id. He gets the events that commit from now on or, with from_start, all that are kept; of these those that have one of event_uris (where * at the end stands for anything), that are of one of resource_types, and that match filter, a SCIM filter over the event such as actor ne "sync" and attributes eq "userName". channel: each transaction with an event notifies it, without a payload. After max_attempts failures an event is put aside. Errors: SC403 where the tenant is not there, 23505 where there is one of that name, SCFIL where filter is none or names what no event has, 22023 for a resource type or an event URI that there is not, 23514 for a channel of other than 1 to 63 bytes and max_attempts other than 1 to 1,000.';

CREATE OR REPLACE FUNCTION scim.drop_consumer(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_consumer'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_consumer(text) IS
'Drops a consumer of the current tenant, with what he has not acknowledged and his dead letters. Error SC404 where there is none of that name.';

CREATE OR REPLACE FUNCTION scim.consumers(
        OUT name text, OUT "position" bigint, OUT unread bigint, OUT pending bigint, OUT leased bigint,
        OUT dead bigint, OUT oldest timestamptz, OUT problem text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_consumers'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.consumers() IS
'The consumers of the current tenant: position, up to which events were looked at for him; unread, how many come behind it, wanted or not; pending, how many he wants and has not acknowledged; leased, of how many resources workers have events; dead, how many were put aside; oldest, from when the oldest pending one is; problem, why who should poll cannot: his token or client is not there, revoked or expired, or its scopes do not cover what the consumer is told of; or why the relay sends him nothing: no base_url, or no key.';

CREATE OR REPLACE FUNCTION scim.next_events(consumer text, max int DEFAULT 100, lease interval DEFAULT '1 minute',
        OUT "position" bigint, OUT id uuid, OUT at timestamptz, OUT event_uri text, OUT operation text,
        OUT resource_type text, OUT resource_id uuid, OUT external_id text, OUT version bigint, OUT txn uuid,
        OUT actor text, OUT attributes text[], OUT members_added uuid[], OUT members_removed uuid[],
        OUT data jsonb, OUT attempt int, OUT lease_id uuid, OUT lease_expires_at timestamptz) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_next_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.next_events(text, int, interval) IS
'Gives out events of a consumer, max at most, in the order of their positions; for as long as lease they are nobody else''s, nor are other events of the same resources. At least once: those that are not acknowledged come again. Commit at once and acknowledge later, or do all in one transaction, for which other workers of this consumer wait. attempt: how often it was given out by now. Errors: SC404 where there is no such consumer, 22023 for a max that is not between 1 and 10,000 and a lease of more than 7 days.';

CREATE OR REPLACE FUNCTION scim.acknowledge_events(consumer text, ids uuid[], lease_id uuid DEFAULT NULL) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_acknowledge_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.acknowledge_events(text, uuid[], uuid) IS
'A consumer is done with these events, dead letters among them, and never gets them again; returns how many there were. What he has not been given, or has given back by scim.fail_events, does not count. With lease_id: only those that this lease has still. Error SC404 where there is no such consumer.';

CREATE OR REPLACE FUNCTION scim.fail_events(consumer text, ids uuid[], error text DEFAULT NULL,
        retry_after interval DEFAULT NULL, lease_id uuid DEFAULT NULL) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_fail_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.fail_events(text, uuid[], text, interval, uuid) IS
'These events could not be dealt with; returns how many there were, each once for each time that it was given out. Each is given out again after retry_after or, where that is null, after 1, 2, 4 seconds and so on to an hour, give or take a half; other events of the same resource wait for it. After the consumer''s max_attempts failures it is a dead letter, and they go on. With lease_id: only those that this lease has still. Error SC404 where there is no such consumer.';

CREATE OR REPLACE FUNCTION scim.dead_events(consumer text,
        OUT "position" bigint, OUT id uuid, OUT at timestamptz, OUT event_uri text, OUT resource_type text,
        OUT resource_id uuid, OUT attempts int, OUT failures int, OUT last_error text, OUT dead_at timestamptz)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_dead_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.dead_events(text) IS
'The dead letters of a consumer: events that failed too often, with what was said of the last failure. scim.retry_events gives them out again, scim.acknowledge_events does without them. Error SC404 where there is no such consumer.';

CREATE OR REPLACE FUNCTION scim.retry_events(consumer text, ids uuid[] DEFAULT NULL) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_retry_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.retry_events(text, uuid[]) IS
'Dead letters of a consumer are given out again, as if they never had been, and events that wait for their next attempt come at once; ids NULL: all of them. Returns how many there were. Later events of the same resources may have gone before. Error SC404 where there is no such consumer.';

REVOKE ALL ON FUNCTION scim.create_consumer(text, text, text[], text[], boolean, text, int), scim.drop_consumer(text),
    scim.consumers(), scim.next_events(text, int, interval), scim.acknowledge_events(text, uuid[], uuid),
    scim.fail_events(text, uuid[], text, interval, uuid), scim.dead_events(text),
    scim.retry_events(text, uuid[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim_internal.drop_lost_deliveries(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    EXECUTE scim_internal.of_shards(format('DELETE FROM %1$I.delivery d WHERE NOT EXISTS (SELECT FROM %1$I.event e
        WHERE e.tenant_id = d.tenant_id AND e.id = d.event_id)', store));
    -- by its id: a worker takes a lease anew meanwhile
    EXECUTE scim_internal.of_shards(format('WITH lost AS MATERIALIZED (SELECT l.tenant_id, l.consumer_id, l.resource_id, l.id FROM %1$I.lease l
            WHERE NOT EXISTS (SELECT FROM %1$I.delivery d WHERE d.tenant_id = l.tenant_id AND d.consumer_id = l.consumer_id AND d.resource_id = l.resource_id
                AND d.lease_id = l.id AND d.dead_at IS NULL))
        DELETE FROM %1$I.lease l USING lost o WHERE l.tenant_id = o.tenant_id AND l.consumer_id = o.consumer_id AND l.resource_id = o.resource_id AND l.id = o.id', store));
END
$function$;
COMMENT ON FUNCTION scim_internal.drop_lost_deliveries(name) IS
'Deletes what waits for consumers of events that are not there any more, and the leases of workers who have none of what they were given.';

CREATE OR REPLACE FUNCTION scim.drop_events(before timestamptz, force boolean DEFAULT false)
    RETURNS TABLE (tenant_id int, consumer text, dropped bigint, kept bigint)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT text := quote_ident(scim.store());
    -- of an event e: who has still to get it, of a consumer c with the position p
    undelivered CONSTANT text := format('(e.position IS NULL OR e.position > coalesce(p.position, 0) OR EXISTS (SELECT FROM %s.delivery d
        WHERE d.tenant_id = c.tenant_id AND d.consumer_id = c.id AND d.event_id = e.id))', store);
    consumers CONSTANT text := format('%1$s.consumer c LEFT JOIN %1$s.consumer_position p ON p.tenant_id = c.tenant_id AND p.consumer_id = c.id', store);
BEGIN
    PERFORM scim_internal.refuse_spread(scim.store()::name);
    IF before IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE scim_internal.of_shards(format('SELECT c.tenant_id, c.name, CASE WHEN $2 THEN count(*) ELSE 0 END, CASE WHEN $2 THEN 0 ELSE count(*) END
        FROM %2$s JOIN %1$s.event e ON e.tenant_id = c.tenant_id WHERE e.at < $1 AND %3$s GROUP BY c.tenant_id, c.name ORDER BY 1, 2',
        store, consumers, undelivered)) USING before, force;
    RETURN QUERY EXECUTE scim_internal.of_shards(format('WITH gone AS (DELETE FROM %1$s.event e WHERE e.at < $1
            AND ($2 OR NOT EXISTS (SELECT FROM %2$s WHERE c.tenant_id = e.tenant_id AND %3$s)) RETURNING e.tenant_id)
        SELECT g.tenant_id, NULL::text, count(*), 0::bigint FROM gone g GROUP BY g.tenant_id ORDER BY 1',
        store, consumers, undelivered)) USING before, force;
    PERFORM scim_internal.drop_lost_deliveries(scim.store()::name);
END
$function$;
COMMENT ON FUNCTION scim.drop_events(timestamptz, boolean) IS
'Deletes the events of before, of all tenants, but for those that a consumer has not had or keeps as dead letters; with force, these as well. Returns for each tenant how many were dropped (consumer null), and for each consumer how many are kept for him or, with force, were dropped although he had not had them. For the owner of the store.';
REVOKE ALL ON FUNCTION scim.drop_events(timestamptz, boolean) FROM PUBLIC;

-- How a consumer gets his events other than by scim.next_events.

CREATE OR REPLACE FUNCTION scim.deliver_by_poll(consumer text, token_id uuid, audience text[] DEFAULT NULL,
        lease interval DEFAULT '1 minute') RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    IF token_id IS NULL THEN
        RAISE EXCEPTION 'token_id must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    PERFORM scim_internal.deliver(consumer, 'poll', token_id, NULL, audience, lease);
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_poll(text, uuid, text[], interval) IS
'From now on a consumer fetches his events as Security Event Tokens (RFC 8936): POST /.events/<consumer> with the token or client of that id. audience: the claim aud; null: the name of the consumer. lease: how long he has them until they come again. Errors: SC404 where there is no such consumer, and no token or client of the tenant with that id that is good; 22023 where its scopes do not allow to read all types of resources that the consumer is told of; 23514 for a lease that is not between 1 millisecond and 7 days.';

CREATE OR REPLACE FUNCTION scim.deliver_by_poll(consumer text, token_id text, audience text[] DEFAULT NULL,
        lease interval DEFAULT '1 minute') RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    IF token_id IS NULL THEN
        RAISE EXCEPTION 'token_id must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    PERFORM scim_internal.deliver(consumer, 'poll', token_id::uuid, NULL, audience, lease);
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_poll(text, text, text[], interval) IS
'From now on a consumer fetches his events as Security Event Tokens (RFC 8936): as scim.deliver_by_poll(text, uuid, text[], interval), with the id as a text; error 22P02 where that is none.';

CREATE OR REPLACE FUNCTION scim.deliver_by_push(consumer text, endpoint text, "authorization" text DEFAULT NULL,
        audience text[] DEFAULT NULL, lease interval DEFAULT '1 minute') RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    PERFORM scim_internal.deliver(consumer, 'push', NULL, endpoint, audience, lease, "authorization");
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_push(text, text, text, text[], interval) IS
'From now on the relay sends a consumer his events as Security Event Tokens (RFC 8935) to endpoint, an https URL or one of this very machine. authorization: the header of that name, which nobody reads again. audience: the claim aud; null: the name of the consumer. lease: how long the relay takes for one at most. Errors: SC404 where there is no such consumer, 22004 for a null, 23514 for an endpoint or header that is none and a lease that is not between 1 millisecond and 7 days, 55000 where neither the store nor the tenant has a base_url, which issues the tokens.';

CREATE OR REPLACE FUNCTION scim.deliver_by_webhook(consumer text, endpoint text, "authorization" text DEFAULT NULL,
        lease interval DEFAULT '1 minute') RETURNS text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    key CONSTANT bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid()));
BEGIN
    PERFORM scim_internal.deliver(consumer, 'webhook', NULL, endpoint, NULL, lease, "authorization", key);
    RETURN 'whsec_' || encode(key, 'base64');
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_webhook(text, text, text, interval) IS
'From now on the relay sends a consumer his events as plain JSON to endpoint, signed as Standard Webhooks say (HMAC-SHA-256); returns the secret by which he verifies them, which nobody reads again. The rest is as in scim.deliver_by_push.';

CREATE OR REPLACE FUNCTION scim_internal.scopes_read(scopes text[], resource_type text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_scopes_read'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.scopes_read(text[], text) IS
'Whether scopes of a token allow to read resources of a type; null: of all types.';

CREATE OR REPLACE FUNCTION scim_internal.poller_problem(tenant_id int, token_id uuid, resource_types text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    poller record;
    missing text[];
BEGIN
    EXECUTE scim_internal.of_shards(format('SELECT p.* FROM (SELECT t.tenant_id, t.id, t.revoked_at, t.expires_at, t.scopes FROM %1$I.token t
            UNION ALL SELECT c.tenant_id, c.id, c.revoked_at, c.expires_at, c.scopes FROM %1$I.client c) p
        WHERE p.tenant_id = $1 AND p.id = $2', scim.store())) INTO poller USING tenant_id, token_id;
    IF poller.id IS NULL THEN
        RETURN 'it does not exist';
    ELSIF poller.revoked_at IS NOT NULL THEN
        RETURN 'it is revoked';
    ELSIF poller.expires_at <= clock_timestamp() THEN
        RETURN 'it has expired';
    END IF;
    SELECT array_agg(coalesce(name, 'any type')) INTO missing FROM unnest(coalesce(resource_types, ARRAY[NULL::text])) AS name
    WHERE NOT scim_internal.scopes_read(poller.scopes, name);
    RETURN 'its scopes do not allow to read ' || array_to_string(missing, ', ');
END
$function$;
COMMENT ON FUNCTION scim_internal.poller_problem(int, uuid, text[]) IS
'Why a token or client, by its id, cannot poll events of resource types, null: of all; null: nothing stands in its way.';

CREATE OR REPLACE FUNCTION scim_internal.issuer() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_issuer'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.issuer() IS
'The base_url of the current tenant or store, which is the claim iss of Security Event Tokens; null: there is none.';

CREATE OR REPLACE FUNCTION scim_internal.deliver(consumer text, method text, token_id uuid, endpoint text, audience text[],
        lease interval, "authorization" text DEFAULT NULL, key bytea DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    id uuid;
    resource_types text[];
    problem text;
    written bigint;
BEGIN
    PERFORM scim_internal.refuse_spread(scim.store()::name);
    problem := CASE WHEN consumer IS NULL THEN 'consumer' WHEN lease IS NULL THEN 'lease' WHEN method = 'poll' AND token_id IS NULL THEN 'token_id'
        WHEN method <> 'poll' AND endpoint IS NULL THEN 'endpoint' END;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION '% must not be null', problem USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF octet_length("authorization") > 4096 OR "authorization" !~ '^[ -~]+$' THEN
        RAISE EXCEPTION 'the header Authorization is one line of printable ASCII characters, not more than 4096'
            USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        EXECUTE scim_internal.of_shards(format('UPDATE %I.consumer SET method = $1, token_id = $2, endpoint = $3, audience = $4, lease = $5
            WHERE tenant_id = scim.tenant() AND name = $6', scim.store())) USING method, token_id, endpoint, audience, lease, consumer;
        GET DIAGNOSTICS written = ROW_COUNT;
    EXCEPTION WHEN foreign_key_violation THEN
        IF method = 'poll' AND scim_internal.poller_problem(scim.tenant(), token_id, '{}') IS NOT NULL THEN
            RAISE EXCEPTION 'token or client "%" cannot poll events of "%": it does not exist', token_id, consumer USING ERRCODE = 'SC404';
        END IF;
        RAISE;
    END;
    EXECUTE scim_internal.of_shards(format('SELECT c.id, c.resource_types FROM %I.consumer c WHERE c.tenant_id = scim.tenant() AND c.name = $1', scim.store()))
        INTO id, resource_types USING consumer;
    IF id IS NULL THEN
        RAISE EXCEPTION 'consumer "%" does not exist', consumer USING ERRCODE = 'SC404';
    ELSIF written = 0 THEN
        RAISE EXCEPTION 'a trigger or rule of table "consumer" keeps the store from writing it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF method = 'poll' THEN
        problem := scim_internal.poller_problem(scim.tenant(), token_id, resource_types);
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'token or client "%" cannot poll events of "%": %', token_id, consumer, problem
                USING ERRCODE = CASE WHEN starts_with(problem, 'its scopes') THEN 'invalid_parameter_value' ELSE 'SC404' END;
        END IF;
    END IF;
    IF method = 'push' AND scim_internal.issuer() IS NULL THEN
        RAISE EXCEPTION 'tokens are issued by the base_url of the store or the tenant, and neither has one'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('INSERT INTO %I.setting (name, value) VALUES (''base_url'', ''"https://scim.example.com/v2"'');', scim.store());
    END IF;
    IF method IN ('poll', 'push') THEN
        EXECUTE scim_internal.of_shards(format('SELECT scim.create_signing_key() WHERE NOT EXISTS (SELECT FROM %I.signing_key)', scim.store()));
    END IF;
    EXECUTE scim_internal.of_shards(format('DELETE FROM %I.consumer_secret WHERE tenant_id = scim.tenant() AND consumer_id = $1', scim.store()))
        USING id;
    IF "authorization" IS NULL AND key IS NULL THEN
        RETURN;
    END IF;
    EXECUTE scim_internal.of_shards(format('INSERT INTO %I.consumer_secret (tenant_id, consumer_id, "authorization", key)
        VALUES (scim.tenant(), $1, $2, $3)', scim.store())) USING id, "authorization", key;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written = 0 THEN
        RAISE EXCEPTION 'a trigger or rule of table "consumer_secret" keeps the store from writing it' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.deliver(text, text, uuid, text, text[], interval, text, bytea) IS
'What scim.deliver_by_poll and its like do, as whoever calls them, the owner of the store; tokens get a key that signs them where there is none.';

CREATE OR REPLACE FUNCTION scim_internal.signing_key_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_signing_key_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.signing_key_row() IS
'BEFORE row trigger of a store''s table "signing_key": refuses a private key that does not sign by its algorithm, and a public key that is not its public part (22023).';

CREATE OR REPLACE FUNCTION scim.create_signing_key(algorithm text DEFAULT 'ES256', use_from timestamptz DEFAULT now()) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_create_signing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_signing_key(text, timestamptz) IS
'Makes a key that signs Security Event Tokens from use_from on, by ES256 or RS256, and returns its id, the kid of RFC 7515. Receivers find it at once in GET /jwks.json; of several the one that may be used last signs. The private key never leaves the table signing_key. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.drop_signing_key(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_signing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_signing_key(uuid) IS
'Ends a key: what it has signed cannot be verified any more by who asks for the keys anew. For the owner of the store. Errors: SC404 where there is none with that id, 55000 for the one that signs now and the last while a consumer is told by tokens.';

CREATE OR REPLACE FUNCTION scim.drop_signing_key(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_signing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_signing_key(text) IS
'Ends a key: as scim.drop_signing_key(uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.jwks() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_jwks'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.jwks() IS
'The public keys by which the Security Event Tokens of the current store are verified, as a JWK Set (RFC 7517 section 5); GET /jwks.json answers with it.';

REVOKE ALL ON FUNCTION scim.deliver_by_poll(text, uuid, text[], interval), scim.deliver_by_poll(text, text, text[], interval),
    scim.deliver_by_push(text, text, text, text[], interval), scim.deliver_by_webhook(text, text, text, interval),
    scim.create_signing_key(text, timestamptz), scim.drop_signing_key(uuid), scim.drop_signing_key(text) FROM PUBLIC;

-- For the relay, which sends events of all tenants of a store.

CREATE OR REPLACE FUNCTION scim.next_deliveries(max int DEFAULT 50, busy uuid[] DEFAULT '{}',
        OUT tenant_id int, OUT consumer_id uuid, OUT id uuid, OUT resource_id uuid, OUT lease_id uuid,
        OUT expires_at timestamptz, OUT url text, OUT headers text, OUT body text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_next_deliveries'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.next_deliveries(int, uuid[]) IS
'For the relay: what is to be sent to consumers with the methods push and webhook, of all tenants, max events of each at most; busy: consumers to be left out, by their ids. headers: one a line. Events of one resource are to be sent one after the other.';

CREATE OR REPLACE FUNCTION scim.delivered(tenant_id int, consumer_id uuid, ids uuid[], lease_id uuid) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_delivered'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delivered(int, uuid, uuid[], uuid) IS
'For the relay: these events have arrived; returns how many the lease had still.';

CREATE OR REPLACE FUNCTION scim.delivery_failed(tenant_id int, consumer_id uuid, event_id uuid, error text, retry_after interval,
        lease_id uuid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_delivery_failed'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delivery_failed(int, uuid, uuid, text, interval, uuid) IS
'For the relay: this event has not arrived, and why; it and others of the same resource come again as scim.fail_events says.';

REVOKE ALL ON FUNCTION scim.next_deliveries(int, uuid[]), scim.delivered(int, uuid, uuid[], uuid),
    scim.delivery_failed(int, uuid, uuid, text, interval, uuid) FROM PUBLIC;
-- What policies let a caller do: the life-cycle, passwords and logging in, recovery codes, purging,
-- guards, links, and roles of the database.

CREATE OR REPLACE FUNCTION scim.complete_offboarding(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(uuid) IS
'Ends the off-boarding of a user, or any other resource: status OFFBOARDING becomes OFFBOARDED, active becomes false, the user leaves its groups, every list and its userName. Error SC404 where no such one is being off-boarded.';

CREATE OR REPLACE FUNCTION scim.complete_offboarding(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_complete_offboarding'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.complete_offboarding(text) IS
'Ends the off-boarding of a user, or any other resource: as scim.complete_offboarding(uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.restore_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, uuid) IS
'Brings back a resource that was deleted (mode retain) or is or was off-boarded, and returns it. It becomes active again where it was active before. Errors: SC404 where there is none, SCUNI where its userName is taken by now.';

CREATE OR REPLACE FUNCTION scim.restore_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_restore_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.restore_resource(text, text) IS
'Brings back a resource that was deleted (mode retain) or is or was off-boarded, and returns it: as scim.restore_resource(text, uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.purge(older_than interval) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_purge'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.purge(interval) IS
'Removes for good what was deleted or off-boarded longer ago than the interval, in the current tenant of the current store. Returns the number of resources removed. One that a foreign key still refers to, or that a trigger keeps, stays, and a WARNING names it and says why. Deferred constraints are checked at once, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction.';

CREATE OR REPLACE FUNCTION scim.verify_password(id uuid, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(uuid, text) IS
'Whether this is the password of a user that is neither suspended nor deleted; false too where the user has none, and where the schema of users has no password, so that none is kept.';

CREATE OR REPLACE FUNCTION scim.verify_password(id text, password text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_verify_password'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.verify_password(text, text) IS
'Whether this is the password of a user that is neither suspended nor deleted: as scim.verify_password(uuid, text), with the id as a text.';
REVOKE ALL ON FUNCTION scim.verify_password(uuid, text), scim.verify_password(text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.suspend_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_suspend_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.suspend_resource(text, uuid) IS
'Ends the access of somebody, and his sessions, and returns the resource: status PENDING or ACTIVE becomes SUSPENDED, active becomes false where the type has it. Who is suspended already, or is being off-boarded, stays so. Errors: SC404 where there is none, SCMUT of who is being off-boarded with access and has no active that would end it.';

CREATE OR REPLACE FUNCTION scim.suspend_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_suspend_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.suspend_resource(text, text) IS
'Ends the access of somebody, and his sessions, and returns the resource: as scim.suspend_resource(text, uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.activate_resource(resource_type text, id uuid) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_activate_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.activate_resource(text, uuid) IS
'Gives somebody access, and returns the resource: status PENDING, SUSPENDED or OFFBOARDING becomes ACTIVE, active becomes true where the type has it. Error SC404 where there is none.';

CREATE OR REPLACE FUNCTION scim.activate_resource(resource_type text, id text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_activate_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.activate_resource(text, text) IS
'Gives somebody access, and returns the resource: as scim.activate_resource(text, uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.invite(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_invite'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.invite(uuid) IS
'Writes the event upon which whoever sends invitations sends one to this user. Errors: SC404 where there is none, SCVAL where he is not active.';

CREATE OR REPLACE FUNCTION scim.invite(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_invite'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.invite(text) IS
'Writes the event upon which whoever sends invitations sends one to this user: as scim.invite(uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.record_login(id uuid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_record_login'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.record_login(uuid) IS
'Whether a user who has proved who he is may log in: he is there, and not suspended. With his first login status PENDING becomes ACTIVE. Waits for whoever suspends him at the moment.';

CREATE OR REPLACE FUNCTION scim.record_login(id text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_record_login'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.record_login(text) IS
'Whether a user who has proved who he is may log in: as scim.record_login(uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.log_out(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_log_out'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.log_out(uuid) IS
'Logs a user out everywhere: no session that has begun until now is valid any more, as scim.session_is_valid says. Error SC404 where there is none.';

CREATE OR REPLACE FUNCTION scim.log_out(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_log_out'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.log_out(text) IS
'Logs a user out everywhere: as scim.log_out(uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.session_is_valid(id uuid, issued_at timestamptz) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_session_is_valid'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.session_is_valid(uuid, timestamptz) IS
'Whether a session of a user, or a token, that was issued at that instant is still good: he is there and not suspended, and has not been logged out since.';

CREATE OR REPLACE FUNCTION scim.session_is_valid(id text, issued_at timestamptz) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_session_is_valid'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.session_is_valid(text, timestamptz) IS
'Whether a session of a user, or a token, that was issued at that instant is still good: as scim.session_is_valid(uuid, timestamptz), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.issue_recovery_code(id uuid, valid_for interval DEFAULT '1 hour') RETURNS text
    AS 'MODULE_PATHNAME', 'scim_issue_recovery_code'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.issue_recovery_code(uuid, interval) IS
'A code by which a user gets back in who has lost his password, in place of one that he may have. It is shown here only, good once and for as long as is said, 30 days at most; kept is its SHA-256. Errors: SC404 where there is no such user, SCVAL where he is not active.';

CREATE OR REPLACE FUNCTION scim.issue_recovery_code(id text, valid_for interval DEFAULT '1 hour') RETURNS text
    AS 'MODULE_PATHNAME', 'scim_issue_recovery_code'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.issue_recovery_code(text, interval) IS
'A code by which a user gets back in who has lost his password, in place of one that he may have: as scim.issue_recovery_code(uuid, interval), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.redeem_recovery_code(code text) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_redeem_recovery_code'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.redeem_recovery_code(text) IS
'Uses a recovery code up, and returns the id of the user who may choose a new password by it. Null where it is not good, or not any more; five wrong guesses that begin like a code end it. Letter case, hyphens and spaces do not count.';
REVOKE ALL ON FUNCTION scim.session_is_valid(uuid, timestamptz), scim.session_is_valid(text, timestamptz),
    scim.issue_recovery_code(uuid, interval), scim.issue_recovery_code(text, interval),
    scim.redeem_recovery_code(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.guards(
        OUT name text, OUT resource_type text, OUT key text, OUT actor text, OUT state text, OUT used bigint,
        OUT at_most bigint, OUT within interval, OUT at_least bigint, OUT since timestamptz,
        OUT tripped_at timestamptz, OUT tripped_by text, OUT resource_id uuid) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_guards'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.guards() IS
'The policies "guard" that hold in the current tenant, a row for each by whom it counts: key, empty for all in the tenant, the id of a token or client, "subject: " or "role: " and a name, null where it has counted nothing yet; actor, who that is; state, armed or tripped; used, how many were counted since, of at_most within that time; or at_least, how many must stay; since when it has tripped, by whom, and with which resource.';

CREATE OR REPLACE FUNCTION scim.release_guard(name text DEFAULT NULL, resource_type text DEFAULT NULL, key text DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_release_guard'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.release_guard(text, text, text) IS
'Sets the guards of the current tenant going again that have tripped: the one of that name, resource type and key as scim.guards() shows them, where they are given. They count from nothing; the audit and an event tell. Returns how many there were. Error SC404 where there is no guard of that name.';
REVOKE ALL ON FUNCTION scim.guards(), scim.release_guard(text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.link_candidates(resource_type text, candidates jsonb DEFAULT NULL, writer text DEFAULT NULL, settings jsonb DEFAULT NULL)
    RETURNS TABLE (candidate jsonb, action text, resource_id uuid, matched_by text, reason text)
    AS 'MODULE_PATHNAME', 'scim_link_candidates'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.link_candidates(text, jsonb, text, jsonb) IS
'What the policy "link" would do with those whom somebody POSTs, a row for each: nothing is linked.
candidates: an array of texts, each of which stands for userName, e-mail address and whatever else the policy compares, and of resources as they would be POSTed. Null: each resource that is there, such as those of a bound table, as if somebody POSTed the same of it.
writer: who POSTs, by the description of a token, the name of a client, the id of either, or "subject: ..." or "role: ..."; null: who calls.
settings: those of a policy to try, in place of the one that holds.
Result: the candidate; the action: "create", "link", "conflict" (409), "refuse" (403), "invalid", or of a resource "linked"; the resource that is met; the attribute by which; and why it is not linked.
To be called by whoever may SELECT from "origin". Errors: SC404 where there is no policy for the writer, SCVAL where the settings are wrong.';

CREATE OR REPLACE FUNCTION scim.unlink_resource(resource_type text, id uuid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_unlink_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unlink_resource(text, uuid) IS
'Makes a resource nobody''s again: its externalId goes, and the next POST that meets it may link it (policy "link"). Returns whether it was somebody''s. The audit and an event tell. Errors: SC404 where there is none; SC403 where it is its owner''s by a policy "managed" about what he has made, and who calls is neither he nor the owner of the store, nor may break the glass.';

CREATE OR REPLACE FUNCTION scim.unlink_resource(resource_type text, id text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_unlink_resource'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unlink_resource(text, text) IS
'Makes a resource nobody''s again: as scim.unlink_resource(text, uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.unlink_resource(text, uuid), scim.unlink_resource(text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim_internal.database_role_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_database_role_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.database_role_door() IS
'BEFORE row trigger of a store''s table "database_role": only the store writes it, since by its rows roles are altered and sessions ended. Error 55000.';

CREATE OR REPLACE FUNCTION scim.check_database_roles(
        OUT resource_id uuid, OUT name text, OUT login_role text, OUT action text, OUT role text, OUT problem text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_check_database_roles'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.check_database_roles() IS
'In what the roles of the database differ from what the policies "database_roles" of the current tenant make of its groups (doc/database-roles.md), a row for each: whose it is, and what people call him, null for members of granted roles who are nobody in the store; the role that he logs in as; the action that is missing: create, rename, login, no login, grant or revoke; the role that is to be granted or revoked; and the problem, why that cannot be: null where scim.sync_database_roles() does it. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.sync_database_roles(dry_run boolean DEFAULT false,
        OUT resource_id uuid, OUT name text, OUT login_role text, OUT action text, OUT role text, OUT problem text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_sync_database_roles'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.sync_database_roles(boolean) IS
'Brings the roles of the database in line with the groups of the current tenant, as far as it can, and returns what was done and, with a problem, what could not be: rows as of scim.check_database_roles(). With dry_run it only says. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.adopt_database_role(id uuid, role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_adopt_database_role'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.adopt_database_role(uuid, text) IS
'Makes a role of the database that is there already the one that a person logs in as: from now on it follows his groups and his leave to log in, as far as the policies "database_roles" say. Refused are superusers, roles with CREATEROLE, CREATEDB, REPLICATION or BYPASSRLS, those of server and product, the owner of the store, members of superusers, the owner and roles of the product (42501), and one that is somebody else''s, in this store or another one (SC409). Of nobody who is there: SC404, as of who is deleted. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.adopt_database_role(id text, role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_adopt_database_role'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.adopt_database_role(text, text) IS
'Makes a role of the database that is there already the one that a person logs in as: as scim.adopt_database_role(uuid, text), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.release_database_role(role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_release_database_role'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.release_database_role(text) IS
'Ends that a role of the database is the one of a person of the current tenant: it stays as it is, with what it was granted, and the policies "database_roles" do not touch it any more. Error SC404 where it is nobody''s. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.end_database_sessions(
        OUT pid int, OUT login_role text, OUT database text, OUT resource_id uuid, OUT ended boolean) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_end_database_sessions'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.end_database_sessions() IS
'Ends the sessions, in all databases of the server, of those people of the current store, of whatever tenant, who may not log in any more by the policies "database_roles", and those that began before their person lost a role. Returns a row for each: ended is whether it could be told, false where the owner of the store may not alter the role. To be called in a transaction of its own, when an event urn:ietf:params:scim:event:misc:database-role has come and every now and then. Takes pg_signal_backend and pg_read_all_stats.';
REVOKE ALL ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean), scim.adopt_database_role(uuid, text),
    scim.adopt_database_role(text, text), scim.release_database_role(text), scim.end_database_sessions() FROM PUBLIC;
-- Audit: sealed, verified, kept as long as it has to be.

CREATE OR REPLACE FUNCTION scim.seal_audit() RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_seal_audit'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.seal_audit() IS
'Chains what is committed and not sealed yet of the audit of the current store into its table "audit_seal", for each tenant, and returns how many rows that were. Writers never wait for it; it waits up to a second for those who are at it. To be called every minute or hour, by the owner of the store. Errors: 42501 for anybody else, 25001 in a transaction that is not READ COMMITTED.';

CREATE OR REPLACE FUNCTION scim_internal.audit_seal_rows(rows bytea, OUT at timestamptz, OUT id uuid, OUT digest bytea)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_audit_seal_rows'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION scim_internal.audit_seal_rows(bytea) IS
'The rows that a link of the table "audit_seal" seals, by its column "rows".';

CREATE OR REPLACE FUNCTION scim_internal.audit_seal_digest(tenant_id int, "position" bigint, sealed_at timestamptz, horizon timestamptz,
    first_at timestamptz, last_at timestamptz, row_count int, total bigint, rows bytea, previous bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'scim_audit_seal_digest'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.audit_seal_digest(int, bigint, timestamptz, timestamptz, timestamptz, timestamptz, int, bigint, bytea, bytea) IS
'The digest that a link of the table "audit_seal" has to have, by its other columns.';

CREATE OR REPLACE FUNCTION scim_internal.audit_prints(locator bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'scim_audit_prints'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.audit_prints(bytea) IS
'What scim.audit_head tells of the column "locator" of a seal: 16 bytes for the rows in which a bit of the id is 0, and for those in which it is 1, of 60 bits.';

CREATE OR REPLACE FUNCTION scim_internal.audit_sums(store name, tenant_id int, horizon timestamptz, begins timestamptz, OUT locator bytea, OUT row_count bigint)
    AS 'MODULE_PATHNAME', 'scim_audit_sums'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.audit_sums(name, int, timestamptz, timestamptz) IS
'The column "locator" of a seal as the rows of the audit have it now: of those until the horizon, and of what was sealed from before the audit begins.';

CREATE OR REPLACE FUNCTION scim_internal.audit_months(store name, OUT table_name name, OUT begins timestamptz, OUT ends timestamptz)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET "DateStyle" = 'ISO'
BEGIN ATOMIC
    SELECT b.relname, b.bounds[1]::timestamptz, b.bounds[2]::timestamptz
    FROM (SELECT c.relname, regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') AS bounds
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = to_regclass(format('%I.audit', store))) AS b
    WHERE b.bounds IS NOT NULL;
END;
COMMENT ON FUNCTION scim_internal.audit_months(name) IS
'The partitions of a store''s table "audit" that are of a time, and of which.';

CREATE OR REPLACE FUNCTION scim_internal.audit_begins(store name) RETURNS timestamptz
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT coalesce(min(m.begins), '-infinity') FROM scim_internal.audit_months(store) m;
END;
COMMENT ON FUNCTION scim_internal.audit_begins(name) IS
'The beginning of the first month for which a store''s table "audit" has a partition.';

CREATE OR REPLACE FUNCTION scim_internal.require_select(store name, VARIADIC tables name[]) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY tables LOOP
        IF NOT has_any_column_privilege(format('%I.%I', store, relation), 'SELECT') THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %I', relation);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.require_select(name, name[]) IS
'An error where the current user may read nothing of a table of a store, without the statement that would find that out.';

CREATE OR REPLACE FUNCTION scim.audit_head() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    head jsonb;
BEGIN
    PERFORM scim_internal.require_select(scim.store(), 'audit_seal');
    PERFORM scim_internal.refuse_spread(scim.store()::name);
    EXECUTE scim_internal.of_shards(format($query$
        SELECT jsonb_agg(jsonb_build_object('store', %1$L, 'tenant', s.tenant_id, 'position', s.position, 'sealed_at', s.sealed_at, 'horizon', s.horizon,
            'rows', (SELECT count(*) FROM %2$I.audit_seal o, scim_internal.audit_seal_rows(o.rows) e
                     WHERE o.tenant_id = s.tenant_id AND o.last_at > s.horizon AND e.at > s.horizon) * -1 + s.total,
            'digest', encode(s.digest, 'hex'), 'locator', translate(encode(scim_internal.audit_prints(s.locator), 'base64'), E'\n', ''))
            ORDER BY s.tenant_id)
        FROM (SELECT DISTINCT ON (tenant_id) * FROM %2$I.audit_seal ORDER BY tenant_id, position DESC) AS s
        $query$, scim.store(), scim.store())) INTO head;
    RETURN coalesce(head, '[]');
END
$function$;
COMMENT ON FUNCTION scim.audit_head() IS
'What to keep outside of the database, so that scim.verify_audit sees what was altered even where somebody has made the whole chain of seals anew: an array with the last seal of each tenant that the caller sees, about 3 kB each.';

CREATE OR REPLACE FUNCTION scim_internal.store_triggers(store name, OUT relation regclass, OUT name name, OUT definition text, OUT always boolean)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH part (of, relation, name) AS (
        SELECT p.name, c.oid, c.relname FROM unnest('{audit,resource}'::text[]) AS p (name)
        JOIN pg_inherits i ON i.inhparent = to_regclass(format('%I.%I', store, p.name)) JOIN pg_class c ON c.oid = i.inhrelid
    ), statement (statement) AS MATERIALIZED (
        SELECT s FROM scim_internal.store_statements(store) AS s
        UNION ALL SELECT s FROM part p, scim_internal.audit_table_statements(store, p.name, '') AS s WHERE p.of = 'audit'
        UNION ALL SELECT s FROM part p, scim_internal.resource_table_statements(store, p.name, '') AS s WHERE p.of = 'resource'
    ), spelled (definition) AS (
        -- as pg_get_triggerdef does
        SELECT regexp_replace(regexp_replace(replace(regexp_replace(s.statement, '\n\s*', ' ', 'g'), ' UPDATE OR DELETE ON ', ' DELETE OR UPDATE ON '),
            '(NEW TABLE AS \w+) (OLD TABLE AS \w+)', '\2 \1'), '^((?!.* FOR EACH ).*) EXECUTE FUNCTION ', '\1 FOR EACH STATEMENT EXECUTE FUNCTION ')
        FROM statement s WHERE s.statement ~ '^CREATE (CONSTRAINT )?TRIGGER '
    ), made (name, relation, definition) AS MATERIALIZED (
        SELECT m[1], m[2], s.definition
        FROM spelled s, regexp_match(s.definition, '^CREATE (?:CONSTRAINT )?TRIGGER ("(?:[^"]|"")+"|\S+) (?:BEFORE|AFTER) [\w ,]+ ON ((?:"(?:[^"]|"")+"|\w+)\.(?:"(?:[^"]|"")+"|\w+)) ') AS m
    )
    SELECT t.relation, (parse_ident(t.name))[1]::name, t.definition,
        EXISTS (SELECT FROM statement s WHERE s.statement = format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %s', t.relation_name, t.name))
    FROM (SELECT m.name, m.relation AS relation_name, to_regclass(m.relation) AS relation, m.definition FROM made m
          UNION ALL
          -- of rows each partition has them
          SELECT m.name, m.relation, p.relation, replace(m.definition, format(' ON %I.%I ', store, p.of), format(' ON %I.%I ', store, p.name))
          FROM made m JOIN part p ON m.relation = format('%I.%I', store, p.of) WHERE m.definition ~ ' FOR EACH ROW ') AS t
    WHERE t.relation IS NOT NULL;
END;
COMMENT ON FUNCTION scim_internal.store_triggers(name) IS
'The triggers that a store has to have, as pg_get_triggerdef tells of each, and whether it has to fire for what replication applies, too.';

CREATE OR REPLACE FUNCTION scim_internal.audit_triggers(store name, OUT relation text, OUT detail text)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    WITH wanted AS MATERIALIZED (
        SELECT * FROM scim_internal.store_triggers(store)
    ), audit (relation) AS (
        SELECT r FROM unnest(ARRAY[to_regclass(format('%I.audit', store)), to_regclass(format('%I.audit_seal', store))]) AS r
        UNION ALL SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = to_regclass(format('%I.audit', store))
    )
    SELECT w.relation::text,
        CASE WHEN t.oid IS NULL THEN format('trigger %I is missing', w.name)
            WHEN t.tgparentid = 0 AND pg_get_triggerdef(t.oid) <> w.definition THEN format('trigger %I is another: %s', w.name, pg_get_triggerdef(t.oid))
            ELSE format('trigger %I is not enabled', w.name) END
    FROM wanted w
    LEFT JOIN pg_trigger t ON t.tgrelid = w.relation AND t.tgname = w.name
    -- those of a partition are as the table's
    WHERE t.oid IS NULL OR t.tgparentid = 0 AND pg_get_triggerdef(t.oid) <> w.definition OR NOT (t.tgenabled = 'A' OR t.tgenabled = 'O' AND NOT w.always)
    UNION ALL
    SELECT t.tgrelid::regclass::text, format('trigger %I acts before rows are written', t.tgname)
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid IN (SELECT a.relation FROM audit a)
      AND (t.tgtype & 3) = 3 AND t.tgparentid = 0 AND t.tgenabled <> 'D' AND p.pronamespace <> 'scim_internal'::regnamespace
    UNION ALL
    SELECT r.ev_class::regclass::text, format('rule %I acts in place of what is written', r.rulename)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relkind IN ('r', 'p') AND c.oid IN (SELECT w.relation FROM wanted w);
END;
COMMENT ON FUNCTION scim_internal.audit_triggers(name) IS
'What is wrong with the triggers of a store, by which its audit is written and kept: which are missing, not enabled, or not what the store has made.';

CREATE OR REPLACE FUNCTION scim_internal.unaudited(store name, OUT tenant_id int, OUT at timestamptz, OUT id uuid, OUT detail text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        WITH policy AS MATERIALIZED (
            SELECT p.tenant_id, p.at, p.before ->> 'resource_type' AS was_for, p.detail -> 'after' ->> 'resource_type' AS is_for FROM %1$I.audit p
            WHERE p.object = 'policy' AND 'audit' IN (p.before ->> 'kind', p.detail -> 'after' ->> 'kind')
        ), step AS (
            SELECT a.tenant_id, a.resource_type, a.resource_id, a.at, a.id, a.operation, a.version,
                a.operation = 'purge' OR a.operation = 'delete' AND coalesce(a.detail -> 'was' ? 'last_modified', false) AS removes,
                lead(a.operation) OVER w AS next_operation, lead(a.version) OVER w AS next_version, lead(a.at) OVER w AS next_at
            FROM %1$I.audit a
            WHERE a.resource_id IS NOT NULL AND a.member_id IS NULL
              AND a.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge')
            WINDOW w AS (PARTITION BY a.tenant_id, a.resource_id ORDER BY a.at, a.id)
        ), found AS (
            SELECT s.*, s.next_version AS version_now FROM step s
            WHERE s.next_operation IS NOT NULL AND NOT CASE
                WHEN s.next_operation = 'create' THEN s.operation IN ('delete', 'purge')
                WHEN s.removes THEN false
                WHEN s.next_operation IN ('delete', 'purge') THEN s.next_version IN (s.version, s.version + 1)
                ELSE s.next_version = s.version + 1 END
            %2$s
        )
        SELECT f.tenant_id, f.at, f.id, format('after this row there are changes of %%s %%s that the audit does not tell of: version %%s was followed by %%s',
            f.resource_type, f.resource_id, f.version, coalesce(f.version_now::text, 'none'))
        FROM found f
        WHERE NOT EXISTS (SELECT FROM policy p WHERE p.tenant_id IN (0, f.tenant_id) AND f.resource_type IN (p.was_for, p.is_for)
                          AND p.at >= f.at AND (f.next_at IS NULL OR p.at <= f.next_at)) $query$, store,
        CASE WHEN has_table_privilege(format('%I.resource', store), 'SELECT') THEN format($query$
            UNION ALL
            SELECT s.*, r.version FROM step s LEFT JOIN %I.resource r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id
            WHERE s.next_operation IS NULL
              AND CASE WHEN r.id IS NULL THEN s.operation NOT IN ('delete', 'purge') ELSE s.removes OR r.version <> s.version END $query$, store) END));
END
$function$;
COMMENT ON FUNCTION scim_internal.unaudited(name) IS
'Rows of the audit of a store after which a version of the resource is not there, or the resource itself, though the policy "audit" was not changed until the next: what was done meanwhile was not audited.';

CREATE OR REPLACE FUNCTION scim_internal.sees_audit_of(store name, tenant_id int) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT coalesce(bool_and(NOT row_security_active(t.relation)
            OR sees_audit_of.tenant_id = 0 OR sees_audit_of.tenant_id IS NOT DISTINCT FROM scim.tenant(quote_ident(sees_audit_of.store)::regnamespace)
            -- whom somebody lets see more by a policy of his own
            OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.relation AND p.polpermissive AND p.polcmd IN ('r', '*') AND p.polname <> 'tenant'
                       AND EXISTS (SELECT FROM unnest(p.polroles) AS r (role) WHERE r.role = 0 OR pg_has_role(r.role, 'USAGE')))), true)
    FROM (SELECT to_regclass(format('%I.%I', sees_audit_of.store, n.name)) AS relation FROM unnest('{audit,audit_seal}'::text[]) AS n (name)) AS t;
END;
COMMENT ON FUNCTION scim_internal.sees_audit_of(name, int) IS
'Whether row-level security lets the caller see the audit of a tenant and its seals, so that he can tell whether something is missing.';

CREATE OR REPLACE FUNCTION scim.verify_audit(head jsonb DEFAULT NULL)
    RETURNS TABLE (problem text, tenant_id int, seal bigint, at timestamptz, id uuid, detail text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := scim.store();
    begins CONSTANT timestamptz := scim_internal.audit_begins(store);
    one jsonb;
    passed_over boolean;
BEGIN
    PERFORM scim_internal.require_select(store, 'audit', 'audit_seal');
    PERFORM scim_internal.refuse_spread(store);
    IF head = '[]' THEN
        RAISE EXCEPTION 'the head is empty: it knows of no row' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'scim.audit_head() makes one once scim.seal_audit() was called.';
    END IF;
    RETURN QUERY SELECT 'trigger', NULL::int, NULL::bigint, NULL::timestamptz, NULL::uuid, format('%s: %s', t.relation, t.detail)
        FROM scim_internal.audit_triggers(store) AS t ORDER BY 6;
    -- each link, and that it follows the one before
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'chain', s.tenant_id, s.position, s.sealed_at, NULL::uuid, CASE
            WHEN s.position <> s.number THEN format('seal %%s is missing', s.number)
            WHEN s.previous <> s.digest_before THEN 'the seal does not follow the one before it'
            WHEN s.total <> s.sum THEN 'the seal counts other rows than there are'
            ELSE 'the seal is not what its digest says' END
        FROM (SELECT *, row_number() OVER w AS number, sum(l.row_count) OVER w AS sum, lag(l.digest, 1, decode(repeat('00', 32), 'hex')) OVER w AS digest_before
              FROM %1$I.audit_seal l WINDOW w AS (PARTITION BY l.tenant_id ORDER BY l.position)) AS s
        WHERE s.position <> s.number OR s.previous <> s.digest_before OR s.total <> s.sum OR s.row_count * 56 <> octet_length(s.rows)
           OR s.digest IS DISTINCT FROM scim_internal.audit_seal_digest(s.tenant_id, s.position, s.sealed_at, s.horizon, s.first_at, s.last_at, s.row_count, s.total, s.rows, s.previous)
        ORDER BY 2, 3 $query$, store));
    -- each row by itself
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'altered', a.tenant_id, NULL::bigint, a.at, a.id, CASE
            WHEN a.digest IS NULL THEN 'the row has no digest: the store has not written it'
            WHEN a.digest IS DISTINCT FROM d.digest THEN 'the row is not what its digest says'
            WHEN a.content_digest IS DISTINCT FROM d.content_digest THEN 'the content of the row is not what its digest says'
            WHEN a.salt IS NULL AND num_nonnulls(a.before, a.detail) > 0 THEN 'the row has content that its digest does not know of'
            ELSE 'the content of the row is gone, and scim.erase has not taken it' END
        FROM %1$I.audit a, scim_internal.audit_digest(a) d
        WHERE a.digest IS DISTINCT FROM d.digest OR a.content_digest IS DISTINCT FROM d.content_digest
           OR (a.salt IS NULL AND num_nonnulls(a.before, a.detail) > 0)
           OR (a.salt IS NULL AND a.content_digest IS NOT NULL AND NOT EXISTS (
               SELECT FROM %1$I.audit e WHERE e.tenant_id = a.tenant_id AND e.operation = 'erase'
               AND (e.resource_id = a.resource_id AND e.at >= a.at OR e.detail -> 'rows' ? a.id::text)))
        ORDER BY 2, 4, 5 $query$, store));
    -- each row as it was sealed
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT CASE WHEN a.id IS NULL THEN 'missing' ELSE 'altered' END, s.tenant_id, s.position, e.at, e.id,
            CASE WHEN a.id IS NULL THEN 'the row was sealed, and is not there' ELSE 'the row is not the one that was sealed' END
        FROM %1$I.audit_seal s CROSS JOIN LATERAL scim_internal.audit_seal_rows(s.rows) e
        LEFT JOIN %1$I.audit a ON a.tenant_id = s.tenant_id AND a.at = e.at AND a.id = e.id
        WHERE (a.id IS NULL AND e.at >= $1) OR a.digest <> e.digest
        ORDER BY 2, 4, 5 $query$, store)) USING begins;
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT CASE WHEN d.at IS NULL THEN 'missing' ELSE 'gone' END, g.tenant_id, g.seal, g.month, NULL::uuid,
            format('%%s rows of %%s are not there any more%%s', g.count, to_char(g.month AT TIME ZONE 'UTC', 'YYYY-MM'),
                CASE WHEN d.at IS NULL THEN ', and scim.apply_retention has not dropped them' ELSE ' since ' || to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END)
        FROM (SELECT s.tenant_id, max(s.position) AS seal, date_trunc('month', e.at, 'UTC') AS month, count(*) AS count
              FROM %1$I.audit_seal s, scim_internal.audit_seal_rows(s.rows) e
              WHERE s.first_at < $1 AND e.at < $1 AND NOT EXISTS (SELECT FROM %1$I.audit a WHERE a.tenant_id = s.tenant_id AND a.at = e.at AND a.id = e.id)
              GROUP BY 1, 3) AS g
        -- of a store that is distributed it says so where the tenant is
        LEFT JOIN LATERAL (SELECT min(a.at) AS at FROM %1$I.audit a WHERE a.tenant_id IN (0, g.tenant_id) AND a.object = 'audit'
            AND a.key = to_char(g.month AT TIME ZONE 'UTC', '"audit_"YYYY_MM') AND a.operation = 'drop audit') AS d ON true
        ORDER BY 2, 4 $query$, store)) USING begins;
    -- rows that no seal knows of, though everything was sealed until then
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'added', a.tenant_id, NULL::bigint, a.at, a.id, format('the row is in no seal, and everything until %%s was sealed', to_char(h.horizon AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        FROM (SELECT l.tenant_id, max(l.horizon) AS horizon FROM %1$I.audit_seal l GROUP BY 1) AS h
        JOIN %1$I.audit a ON a.tenant_id = h.tenant_id AND a.at <= h.horizon
        LEFT JOIN (SELECT s.tenant_id, e.at, e.id FROM %1$I.audit_seal s, scim_internal.audit_seal_rows(s.rows) e) AS sealed
            ON sealed.tenant_id = a.tenant_id AND sealed.at = a.at AND sealed.id = a.id
        WHERE sealed.id IS NULL
        ORDER BY 2, 4, 5 $query$, store));
    -- versions that no row tells of, though the policy was not switched off meanwhile
    -- (of one that is distributed, what was changed for all tenants is not known here)
    RETURN QUERY SELECT 'unaudited', u.tenant_id, NULL::bigint, u.at, u.id, u.detail FROM scim_internal.unaudited(store) AS u
        WHERE NOT scim_internal.is_distributed(to_regclass(format('%I.audit', store))) ORDER BY 2, 4, 5;
    FOR one IN SELECT jsonb_array_elements(CASE WHEN head IS NULL THEN '[]' WHEN jsonb_typeof(head) = 'array' THEN head ELSE jsonb_build_array(head) END) LOOP
        RETURN QUERY SELECT * FROM scim_internal.verify_audit_head(store, begins, one);
        passed_over := coalesce(passed_over, true) AND NOT scim_internal.sees_audit_of(store, (one ->> 'tenant')::int);
    END LOOP;
    IF passed_over THEN
        RAISE EXCEPTION 'the head knows of no tenant whose audit you see' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'What scim.audit_head() says to the owner of the store has an entry for each tenant.';
    END IF;
END
$function$;
COMMENT ON FUNCTION scim.verify_audit(jsonb) IS
'What is wrong with the audit of the current store, as far as the caller sees it, a row for each: nothing where it is as it was written and sealed. problem: altered, missing, added (a row), chain (a seal), head (what scim.audit_head said once, given as the argument), trigger (by which it is written and kept), unaudited (a row after which a resource was changed and nothing tells of it); and gone, which is no fault: a month that scim.apply_retention has dropped. Of a head what is of tenants whose audit the caller does not see is passed over; error 22023 where that is all of it. Whoever may SELECT from "audit" and "audit_seal" can call it.';

CREATE OR REPLACE FUNCTION scim_internal.verify_audit_head(store name, begins timestamptz, head jsonb)
    RETURNS TABLE (problem text, tenant_id int, seal bigint, at timestamptz, id uuid, detail text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    tenant CONSTANT int := head ->> 'tenant';
    horizon CONSTANT timestamptz := head ->> 'horizon';
    were CONSTANT bytea := decode(head ->> 'locator', 'base64');
    sums record;
    prints bytea;
    digest bytea;
    bits bit(60) := repeat('0', 60)::bit(60);
    known bit(60) := repeat('0', 60)::bit(60);
    zero boolean;
    one boolean;
    found_rows bigint;
    clue text;
BEGIN
    IF tenant IS NULL OR horizon IS NULL OR octet_length(were) IS DISTINCT FROM 1920 OR head ->> 'store' IS NULL THEN
        RAISE EXCEPTION 'this is not a head of an audit' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'scim.audit_head() makes one.';
    END IF;
    -- of a tenant of others everything seems to be missing
    IF NOT scim_internal.sees_audit_of(store, tenant) THEN
        RETURN;
    END IF;
    EXECUTE scim_internal.of_shards(format('SELECT s.digest FROM %I.audit_seal s WHERE s.tenant_id = $1 AND s.position = $2', store))
        INTO digest USING tenant, (head ->> 'position')::bigint;
    -- a store may have been renamed since: the seal says whose the head is
    IF head ->> 'store' <> store AND encode(digest, 'hex') IS DISTINCT FROM head ->> 'digest' THEN
        RAISE EXCEPTION 'this is a head of the audit of store "%", and not of "%"', head ->> 'store', store USING ERRCODE = 'invalid_parameter_value',
            HINT = 'No seal of this store is the one of the head. Where the store had that name, and has lost its seals, name it in "store" of the head as it is called now.';
    END IF;
    IF digest IS NULL OR encode(digest, 'hex') <> head ->> 'digest' THEN
        RETURN QUERY SELECT 'head', tenant, (head ->> 'position')::bigint, NULL::timestamptz, NULL::uuid,
            CASE WHEN digest IS NULL THEN 'the seal of the head is not there' ELSE 'the seal is not the one of the head: the chain was made anew' END;
    END IF;
    SELECT * INTO sums FROM scim_internal.audit_sums(store, tenant, horizon, begins);
    prints := scim_internal.audit_prints(sums.locator);
    IF prints = were THEN
        RETURN;
    END IF;
    -- of each bit: which of the two groups of rows differ
    FOR i IN 0 .. 59 LOOP
        zero := substr(prints, 32 * i + 1, 16) <> substr(were, 32 * i + 1, 16);
        one := substr(prints, 32 * i + 17, 16) <> substr(were, 32 * i + 17, 16);
        IF zero <> one THEN
            known := set_bit(known, i, 1);
            bits := set_bit(bits, i, one::int);
        END IF;
    END LOOP;
    clue := CASE WHEN sums.row_count > (head ->> 'rows')::bigint THEN format('%s rows more than at the head', sums.row_count - (head ->> 'rows')::bigint)
        WHEN sums.row_count < (head ->> 'rows')::bigint THEN format('%s rows fewer than at the head', (head ->> 'rows')::bigint - sums.row_count)
        ELSE 'as many rows as at the head' END;
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT CASE WHEN $4 THEN CASE WHEN $5 > 0 THEN 'added' ELSE 'altered' END ELSE 'head' END, a.tenant_id, NULL::bigint, a.at, a.id,
            CASE WHEN $4 THEN 'the row is not as it was at the head: ' ELSE 'one of several rows that may not be as they were at the head: ' END || $6
        FROM (SELECT r.tenant_id, r.at, r.id, ('x' || replace(r.id::text, '-', ''))::bit(128) AS b FROM %I.audit r WHERE r.tenant_id = $1 AND r.at <= $7) AS a
        WHERE (substring(a.b FROM 1 FOR 48) || substring(a.b FROM 53 FOR 12)) & $2 = $3
        ORDER BY a.at, a.id LIMIT 1000 $query$, store))
        USING tenant, known, bits, known = ~repeat('0', 60)::bit(60), sums.row_count - (head ->> 'rows')::bigint, clue, horizon;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows = 0 THEN
        RETURN QUERY SELECT 'missing', tenant, NULL::bigint,
            CASE WHEN substring(known FROM 1 FOR 48) = ~repeat('0', 48)::bit(48) THEN
                to_timestamp(substring(bits FROM 1 FOR 48)::bigint / 1000.0) END,
            NULL::uuid,
            format('a row is not there any more, whose id began with %s: %s', CASE WHEN known = ~repeat('0', 60)::bit(60) THEN
                (SELECT regexp_replace(string_agg(to_hex(substring(bits FROM 4 * n + 1 FOR 4)::int), '' ORDER BY n), '^(.{8})(.{4})(.{3})$', '\1-\2-7\3') FROM generate_series(0, 14) n)
                ELSE 'what several have in common' END, clue);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.verify_audit_head(name, timestamptz, jsonb) IS
'What does not match one head of the audit that was kept, as rows of scim.verify_audit.';

CREATE OR REPLACE FUNCTION scim.apply_retention() RETURNS SETOF text
    AS 'MODULE_PATHNAME', 'scim_apply_retention'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.apply_retention() IS
'Drops what settings of the current store say is old: whole months of the audit (audit_retention), which are sealed before, and events (event_retention). Makes the partitions of the audit for this month and the next three, and moves what "audit_default" has taken in to partitions of its months. Returns what was done. To be called every day, by the owner of the store. A month that is in use goes the next time, with a WARNING. Error 42501 for anybody else.';

CREATE OR REPLACE FUNCTION scim.erase(id uuid) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_erase'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.erase(uuid) IS
'Takes the data of one person, or any other resource, of the current tenant out of the current store: the resource goes for good, whatever the policy "delete" says, and leaves groups and the documents that refer to it; the audit keeps what was done when and by whom, and its digests, but no content; events lose their data. Returns of how many rows of the audit the content is gone. It reads all documents of the tenant once. Errors: SC404 where there is no such resource and never was, SC409 where a policy "reference" of those who refer to it, or a table that is bound, does not let it go, 42501 for who is not the owner of the store.';

CREATE OR REPLACE FUNCTION scim.erase(id text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_erase'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.erase(text) IS
'Takes the data of one person, or any other resource, of the current tenant out of the current store: as scim.erase(uuid), with the id as a text.';
-- The past, from the audit: what was, who changed it, and how it is changed back.

CREATE OR REPLACE FUNCTION scim.history(id uuid)
    RETURNS TABLE (at timestamptz, change uuid, version bigint, operation text, actor text, token_id uuid, subject text, db_user text, request_id text, difference jsonb)
    AS 'MODULE_PATHNAME', 'scim_history'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION scim.history(uuid) IS
'What has become of one resource of the current tenant, from the first row of the audit on: when, in which transaction, who (as in the table "audit"), and as "difference" the operations of RFC 6902 that made its document of the one before: [] where the document stayed as it was, null where nobody knows, since changes before or after it were not audited or were erased. A document that comes or goes has the path "". Who comes to a group or leaves it has a row of his own, with the path /members/ID. Of passwords and other secrets it tells that they changed, with null in their place. To be read by whoever may SELECT from "audit".';

CREATE OR REPLACE FUNCTION scim.history(id text)
    RETURNS TABLE (at timestamptz, change uuid, version bigint, operation text, actor text, token_id uuid, subject text, db_user text, request_id text, difference jsonb)
    AS 'MODULE_PATHNAME', 'scim_history'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION scim.history(text) IS
'What has become of one resource of the current tenant, from the first row of the audit on: as scim.history(uuid), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.resource_at(resource_type text, id uuid, instant timestamptz) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_at(text, uuid, timestamptz) IS
'A resource of the current tenant as scim.get_resource showed it at an instant, but for "groups" and "members" (scim.members_at), with meta.version and meta.lastModified of then. meta.version is without the digest of derived values, and so no entity-tag of a client: it is what stands before the dot of that. meta.lastModified and meta.created are left out where the audit does not have the step any more that would say them. NULL where it was not there: not yet, or not any more. Errors: SC404 where that is unknown, since changes between the instant and the next step in the audit were not audited, or their months have been dropped, and where it has been erased; SCVAL where an argument is null; SC403 where the role acts for no tenant or scopes do not allow to read the type.';

CREATE OR REPLACE FUNCTION scim.resource_at(resource_type text, id text, instant timestamptz) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_at(text, text, timestamptz) IS
'A resource of the current tenant as scim.get_resource showed it at an instant, but for "groups" and "members" (scim.members_at), with meta.version and meta.lastModified of then: as scim.resource_at(text, uuid, timestamptz), with the id as a text.';

CREATE OR REPLACE FUNCTION scim.resources_at(resource_type text, instant timestamptz, filter text DEFAULT NULL) RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_resources_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resources_at(text, timestamptz, text) IS
'The resources of a type and the current tenant that were there at an instant and matched a filter then (RFC 7644 section 3.4.2.2), each as scim.resource_at shows it, in no particular order. It takes back what has changed since then, and so takes the longer the more that is. A filter cannot ask for "groups" and "members". Of what has been erased only {"id": ...} is told, and nothing where there is a filter: whether it matched nobody knows. Errors: SC404 where the policy "audit" was off since then, or months have been dropped that came after it, SCFIL where the filter is wrong, SCVAL where type or instant is null.';

CREATE OR REPLACE FUNCTION scim.members_at(group_id uuid, instant timestamptz)
    RETURNS TABLE (value uuid, type text, display text, direct boolean)
    AS 'MODULE_PATHNAME', 'scim_members_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.members_at(uuid, timestamptz) IS
'Who was in a group at an instant: by ids, with the resource type and the displayName or userName of then; and who was in it by way of groups within it, for whom "direct" is false. Nobody where the group was not there. Of members whose type scopes do not allow to read there is the id only, and of groups among them no members. Errors: SC404 where that is unknown, as for scim.resource_at; SCVAL where an argument is null.';

CREATE OR REPLACE FUNCTION scim.members_at(group_id text, instant timestamptz)
    RETURNS TABLE (value uuid, type text, display text, direct boolean)
    AS 'MODULE_PATHNAME', 'scim_members_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.members_at(text, timestamptz) IS
'Who was in a group at an instant: as scim.members_at(uuid, timestamptz), with the id as a text.';

CREATE OR REPLACE FUNCTION scim_internal.changes_asked(resource_type text) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_changes_asked'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.changes_asked(text) IS
'The name of a resource type as it is spelled, where the caller may ask scim.changes for it; null: for all.';

CREATE OR REPLACE FUNCTION scim_internal.audit_rows(since timestamptz, until timestamptz, of_actor text, of_type text)
    RETURNS TABLE (at timestamptz, change uuid, actor text, token_id uuid, subject text, db_user text, request_id text, resource_type text, resource_id uuid, operation text, version bigint, member_id uuid, object text, key text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := scim.store();
    -- what is called so today, as far as the caller may know
    called text;
BEGIN
    of_type := scim_internal.changes_asked(of_type);
    IF of_actor IS NOT NULL THEN
        SELECT string_agg(format('a.token_id IN (SELECT c.id FROM %I.%I c WHERE c.tenant_id = scim.tenant() AND $3 IN (c.%I, %L || c.%I))', store, v.kind, v.name, v.kind || ': ', v.name), ' OR ')
        INTO called FROM (VALUES ('token', 'description'), ('client', 'name')) AS v (kind, name)
        WHERE NOT EXISTS (SELECT FROM unnest(ARRAY['tenant_id', 'id', v.name]) AS n (name) WHERE NOT has_column_privilege(format('%I.%I', store, v.kind), n.name, 'SELECT'));
    END IF;
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT a.at, a.change, a.actor, a.token_id, a.subject, a.db_user::text, a.request_id, a.resource_type::text, a.resource_id, a.operation::text, a.version, a.member_id, a.object::text, a.key::text
        FROM %I.audit a
        WHERE a.tenant_id IN (0, scim.tenant()) %s %s %s %s
        ORDER BY a.at, a.id $query$, store,
        CASE WHEN since IS NOT NULL THEN 'AND a.at >= $1' END, CASE WHEN until IS NOT NULL THEN 'AND a.at < $2' END,
        CASE WHEN of_actor IS NOT NULL THEN concat_ws(' OR ', 'AND ($3 IN (a.actor, a.subject, a.token_id::text)', 'a.actor IN (''token: '' || $3, ''client: '' || $3)', called) || ')' END,
        CASE WHEN of_type IS NOT NULL THEN 'AND a.resource_type = $4' END))
        USING since, until, of_actor, of_type;
END
$function$;
COMMENT ON FUNCTION scim_internal.audit_rows(timestamptz, timestamptz, text, text) IS
'Shows what scim.changes does: the rows of the audit, without documents.';

CREATE OR REPLACE FUNCTION scim.changes(from_time timestamptz, to_time timestamptz, actor text DEFAULT NULL, resource_type text DEFAULT NULL)
    RETURNS TABLE (at timestamptz, change uuid, actor text, token_id uuid, subject text, db_user text, request_id text, resource_type text, resource_id uuid, operation text, version bigint, member_id uuid, object text, key text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM scim_internal.audit_rows($1, $2, $3, $4);
END;
COMMENT ON FUNCTION scim.changes(timestamptz, timestamptz, text, text) IS
'What was changed from one instant on until before another, of resources of the current tenant and of configuration: the rows of the table "audit" without documents. A null instant: from the first, until the last. actor: of one only, by the actor, the subject, the id of the token, or what a token or client was called then or, for whoever may read that, is called today (Okta for token: Okta). resource_type: of one type only, and no configuration; an unknown one is error SCVAL. Error SC403 where the role acts for no tenant, or scopes do not allow to read the type; without a type, all.';

CREATE OR REPLACE FUNCTION scim_internal.document_difference(resource_type text, before jsonb, after jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_document_difference'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.document_difference(text, jsonb, jsonb) IS
'The operations of RFC 6902 that make a document of another, without secrets; null is a document that is not there.';

CREATE OR REPLACE FUNCTION scim_internal.take_back(before jsonb, after jsonb, current jsonb, OUT document jsonb, OUT conflicts text[])
    AS 'MODULE_PATHNAME', 'scim_take_back'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.take_back(jsonb, jsonb, jsonb) IS
'A document in which is undone what was changed when "before" became "after", and the paths of what has become something else since, which stays.';

CREATE OR REPLACE FUNCTION scim_internal.without_references(resource_type text, document jsonb, ids uuid[]) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_without_references'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.without_references(text, jsonb, uuid[]) IS
'A document without its references to resources with these ids.';

CREATE OR REPLACE FUNCTION scim_internal.known_document(resource_type text, document jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_known_document'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.known_document(text, jsonb) IS
'A document without what the schemas of its type, of today, do not know.';

CREATE OR REPLACE FUNCTION scim_internal.without_times(resource_type text, document jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_without_times'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.without_times(text, jsonb) IS
'A document without the times of its life, which the policy "status" shows in it: these are those of the row.';

-- What a transaction did, as what has to be done: a row for each resource, and for each
-- member of a group.  was: of what comes back the columns of then, of what changes the
-- document of now.  conflict: why nothing of it can be; note: what else is to be said.
CREATE OR REPLACE FUNCTION scim_internal.undo_steps(change uuid)
    RETURNS TABLE (step int, resource_type text, resource_id uuid, member_id uuid, action text, version bigint, document jsonb, status text, was jsonb, difference jsonb, conflict text, note text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        WITH row AS MATERIALIZED (
            SELECT * FROM %1$I.audit a WHERE a.tenant_id = scim.tenant() AND a.change = $1
        ), step AS (
            SELECT r.*, row_number() OVER w AS n, last_value(r.operation) OVER w AS last_operation, last_value(r.version) OVER w AS last_version, last_value(r.at) OVER w AS last_at,
                last_value(r.detail -> 'was') OVER w AS was, count(*) OVER w AS steps, last_value(r.content_digest IS NOT NULL AND r.salt IS NULL) OVER w AS last_erased,
                bool_or(r.detail ? 'password') OVER w AS password, bool_or(r.operation = 'erase') OVER w AS erases,
                r.content_digest IS NOT NULL AND r.salt IS NULL AS erased
            FROM row r WHERE r.member_id IS NULL
            AND r.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase')
            WINDOW w AS (PARTITION BY r.resource_id ORDER BY r.at, r.id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        ), ended AS (
            SELECT f.tenant_id, f.resource_type, f.resource_id, f.operation = 'create' AS creates,
                f.erases OR f.last_operation = 'purge' OR f.last_operation = 'delete' AND CASE WHEN f.last_erased THEN now.id IS NULL ELSE coalesce(f.was ? 'last_modified', false) END AS removes,
                f.before, f.status, f.erased OR f.erases AS erased, f.password, f.last_version AS version, f.last_at AS at,
                -- what several steps have moved was as the first of them says
                CASE WHEN f.steps = 1 THEN f.was ELSE (SELECT jsonb_object_agg(t.key, t.value ORDER BY a.at DESC, a.id DESC) FROM %1$I.audit a, jsonb_each(a.detail -> 'was') t
                    WHERE a.tenant_id = f.tenant_id AND a.resource_id = f.resource_id AND a.at BETWEEN f.at AND f.last_at AND a.change = $1 AND a.member_id IS NULL) END AS was,
                now.version AS version_now, now.data AS data_now, now.status AS status_now,
                now.version IS DISTINCT FROM f.last_version AS is_later
            FROM step f LEFT JOIN %1$I.resource now ON now.tenant_id = f.tenant_id AND now.id = f.resource_id AND now.resource_type = f.resource_type
            WHERE f.n = 1
        ), member AS (
            SELECT DISTINCT ON (r.resource_id, r.member_id) r.resource_type, r.resource_id, r.member_id, r.operation, r.tenant_id,
                max(r.at) OVER (PARTITION BY r.resource_id, r.member_id) AS last
            FROM row r WHERE r.member_id IS NOT NULL ORDER BY r.resource_id, r.member_id, r.at, r.id
        ), named AS (
            -- whom what comes back would lead to
            SELECT e.resource_id, m[1]::uuid AS id FROM ended e, regexp_matches(e.before::text, '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', 'g') AS m
            WHERE NOT e.creates AND e.before IS DISTINCT FROM e.data_now
            UNION SELECT m.resource_id, m.member_id FROM member m WHERE m.operation = 'remove member'
        ), lost AS MATERIALIZED (
            -- those of them whom nobody brings back
            SELECT c.id, (SELECT bool_or(x.operation = 'erase') FROM %1$I.audit x WHERE x.tenant_id = scim.tenant() AND x.resource_id = c.id AND x.member_id IS NULL) AS erased
            FROM (SELECT DISTINCT n.id FROM named n) c
            WHERE NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = scim.tenant() AND r.id = c.id)
              AND NOT EXISTS (SELECT FROM ended e WHERE e.resource_id = c.id AND e.removes AND NOT e.creates AND NOT e.erased AND e.before IS NOT NULL)
        ), leads AS (
            -- by id, for to join what the planner takes for one row with the same takes for ever
            SELECT jsonb_object_agg(g.resource_id, g.ids) AS ids, jsonb_object_agg(g.resource_id, g.erased) AS erased, (SELECT jsonb_object_agg(l.id, l.erased) FROM lost l) AS lost
            FROM (SELECT n.resource_id, array_agg(l.id) AS ids, bool_or(l.erased) AS erased FROM named n JOIN lost l USING (id) WHERE l.erased IS NOT NULL GROUP BY 1) AS g
        ), led AS (
            SELECT e.*, t.led, scim_internal.known_document(e.resource_type, t.led) AS wanted, g.erased AS leads_to_erased
            FROM ended e CROSS JOIN LATERAL (SELECT (SELECT l.ids FROM leads l) -> e.resource_id::text AS ids, ((SELECT l.erased FROM leads l) -> e.resource_id::text)::boolean AS erased) AS g
            CROSS JOIN LATERAL (SELECT CASE WHEN g.ids IS NULL THEN e.before ELSE scim_internal.without_references(e.resource_type, e.before, ARRAY(SELECT jsonb_array_elements_text(g.ids)::uuid)) END AS led) AS t
        ), found AS (
            SELECT e.tenant_id, e.resource_type, e.resource_id, e.creates, e.removes, e.wanted AS before,
                e.status, e.erased, e.password, e.version, e.was, e.version_now, e.data_now, e.status_now,
                scim_internal.known_document(e.resource_type, coalesce(n.before, e.data_now)) AS after, coalesce(n.status, e.status_now) AS status_after, coalesce(n.erased, false) AS after_erased,
                NOT e.is_later OR coalesce(n.version = e.version + 1 OR n.operation IN ('delete', 'purge') AND n.version = e.version, false) AS after_known,
                CASE WHEN e.led IS DISTINCT FROM e.wanted AND scim_internal.known_document(e.resource_type, e.data_now) IS NOT DISTINCT FROM e.data_now
                    THEN 'without what no schema knows any more' END AS unknown,
                CASE WHEN e.before IS DISTINCT FROM e.led
                    THEN CASE WHEN e.leads_to_erased THEN 'without references to those who have been erased' ELSE 'without references to what is gone for good' END END AS without,
                CASE WHEN e.is_later THEN (SELECT format('changed later: %%s by %%s at %%s', x.operation, x.actor, to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                 FROM %1$I.audit x WHERE x.tenant_id = e.tenant_id AND x.resource_id = e.resource_id AND x.at > e.at AND x.member_id IS NULL
                 AND x.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase')
                 ORDER BY x.at DESC, x.id DESC LIMIT 1) END AS later
            FROM led e
            LEFT JOIN LATERAL (SELECT x.version, x.operation, x.before, x.status, x.content_digest IS NOT NULL AND x.salt IS NULL AS erased FROM %1$I.audit x
                WHERE e.is_later AND x.tenant_id = e.tenant_id AND x.resource_id = e.resource_id AND x.at > e.at AND x.member_id IS NULL
                AND x.operation IN ('update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge')
                ORDER BY x.at, x.id LIMIT 1) AS n ON true
        ), undone AS (
            SELECT f.*, t.document, t.conflicts, f.status IS DISTINCT FROM f.status_after AS steps,
                f.status_now IS NOT DISTINCT FROM f.status_after AS may_step
            FROM found f CROSS JOIN LATERAL scim_internal.take_back(scim_internal.without_times(f.resource_type, f.before), scim_internal.without_times(f.resource_type, f.after), f.data_now) AS t
            -- a group that is touched, for instance, is what it was
            WHERE NOT f.creates AND NOT f.removes
            AND (f.erased OR f.password OR f.before IS DISTINCT FROM f.after OR f.status IS DISTINCT FROM f.status_after OR f.without IS NOT NULL)
        )
        -- what came goes
        SELECT 4, f.resource_type::text, f.resource_id, NULL::uuid, 'delete', f.version, f.data_now, NULL::text, NULL::jsonb,
            scim_internal.document_difference(f.resource_type, f.data_now, NULL), CASE WHEN f.version_now <> f.version THEN coalesce(f.later, 'changed later') END, NULL::text
        FROM found f WHERE f.creates AND NOT f.removes AND f.version_now IS NOT NULL AND f.status_now NOT IN ('DELETED', 'OFFBOARDING', 'OFFBOARDED')
        UNION ALL
        SELECT 6, f.resource_type, f.resource_id, NULL, 'leave', NULL, NULL, NULL, NULL, NULL,
            CASE WHEN f.status_now IN ('OFFBOARDING', 'OFFBOARDED') THEN 'off-boarded already' ELSE 'gone already' END, NULL
        FROM found f WHERE f.creates AND (f.removes OR f.version_now IS NULL OR f.status_now IN ('DELETED', 'OFFBOARDING', 'OFFBOARDED'))
        UNION ALL
        -- what went comes back
        SELECT 3, f.resource_type, f.resource_id, NULL, 'create', f.version, f.before, f.status, f.was,
            scim_internal.document_difference(f.resource_type, NULL, f.before),
            CASE WHEN f.version_now IS NOT NULL THEN coalesce(f.later, 'there again') WHEN f.erased OR f.before IS NULL OR f.later ^@ 'changed later: erase ' THEN 'has been erased' END,
            nullif(concat_ws('; ', CASE WHEN f.status IN ('DELETED', 'OFFBOARDED') THEN format('comes back in status %%s, as it was', f.status) END, f.without, f.unknown), '')
        FROM found f WHERE NOT f.creates AND f.removes
        UNION ALL
        -- what became something else is again what it was
        SELECT 2, u.resource_type, u.resource_id, NULL,
            CASE WHEN NOT (u.steps AND u.may_step) THEN 'update' WHEN u.status_after IN ('DELETED', 'OFFBOARDED') THEN 'restore'
                WHEN u.status = 'ACTIVE' THEN 'reactivate' WHEN u.status = 'SUSPENDED' THEN 'suspend' WHEN u.status = 'OFFBOARDING' THEN 'offboard'
                WHEN u.status IN ('DELETED', 'OFFBOARDED') THEN 'delete' ELSE 'update' END,
            u.version_now, u.document, CASE WHEN u.steps AND u.may_step THEN u.status END, u.data_now,
            scim_internal.document_difference(u.resource_type, u.data_now, u.document),
            CASE WHEN u.version_now IS NULL AND u.later ^@ 'changed later: erase ' OR u.erased AND u.version_now IS NULL THEN 'has been erased'
                WHEN u.version_now IS NULL THEN coalesce(u.later, 'gone later') WHEN u.erased OR u.after_erased THEN 'what was changed has been erased'
                WHEN NOT u.after_known THEN 'changed later, and the audit does not tell how' END,
            nullif(concat_ws('; ', CASE WHEN u.version_now IS NOT NULL AND cardinality(u.conflicts) > 0 THEN format('%%s %%s', array_to_string(u.conflicts, ', '), coalesce(u.later, 'changed later')) END,
                CASE WHEN u.version_now IS NOT NULL AND u.steps AND NOT u.may_step AND u.status_now IS DISTINCT FROM u.status THEN format('status %%s', coalesce(u.later, 'changed later')) END,
                u.without, u.unknown, CASE WHEN u.password THEN 'what the password was is not known' END), '')
        FROM undone u
        UNION ALL
        -- who came to a group leaves it, and who left it comes back
        SELECT CASE WHEN (m.operation = 'add member') <> m.is_in THEN 6 WHEN m.is_in THEN 1 ELSE 5 END, m.resource_type, m.resource_id, m.member_id,
            CASE WHEN (m.operation = 'add member') <> m.is_in THEN 'leave' WHEN m.is_in THEN 'remove member' ELSE 'add member' END, NULL, NULL, NULL, NULL,
            jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('op', CASE m.operation WHEN 'add member' THEN 'remove' ELSE 'add' END, 'path', '/members/' || m.member_id,
                'value', CASE m.operation WHEN 'remove member' THEN jsonb_build_object('value', m.member_id) END))),
            CASE WHEN (m.operation = 'add member') <> m.is_in THEN 'so already' ELSE
            coalesce((SELECT format('changed later: %%s by %%s at %%s', x.operation, x.actor, to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                 FROM %1$I.audit x WHERE x.tenant_id = m.tenant_id AND x.resource_id = m.resource_id AND x.member_id = m.member_id AND x.at > m.last
                 ORDER BY x.at DESC, x.id DESC LIMIT 1),
                CASE WHEN m.operation = 'remove member' THEN CASE m.lost WHEN 'true' THEN 'the member has been erased' WHEN 'false' THEN 'the member is gone for good'
                    WHEN 'null' THEN CASE WHEN substring(m.member_id::text FROM 15 FOR 1) = '8' THEN 'what the member was called is not known' END END END) END, NULL
        FROM (SELECT m.*, EXISTS (SELECT FROM %1$I.member p WHERE p.tenant_id = m.tenant_id AND p.group_id = m.resource_id AND p.member_id = m.member_id) AS is_in,
                  (SELECT l.lost FROM leads l) -> m.member_id::text AS lost FROM member m) AS m
        WHERE NOT EXISTS (SELECT FROM found f WHERE f.resource_id = m.resource_id AND (f.creates OR f.erased))
        UNION ALL
        SELECT 6, NULL, NULL, NULL, 'leave', NULL, NULL, NULL, NULL, NULL, format('configuration is not undone: %%s', r.operation), NULL
        FROM %1$I.audit r WHERE r.tenant_id IN (0, scim.tenant()) AND r.change = $1 AND r.object NOT IN ('audit', 'change', 'guard', 'load')
        UNION ALL
        SELECT 6, r.resource_type, NULL, NULL, 'leave', NULL, NULL, NULL, NULL, NULL, format('a load is not undone: %%s resources from %%s to %%s', r.detail -> 'count', r.detail ->> 'first', r.detail ->> 'last'), NULL
        FROM row r WHERE r.operation = 'load'
        ORDER BY 1, 2, 3, 4 $query$, scim.store())) USING $1;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_steps(uuid) IS
'What scim.revert_change has to do, in order, and what is in its way as far as the audit tells.';

CREATE OR REPLACE FUNCTION scim_internal.undo_batch(store name, step int, resource_type text, ids uuid[], members uuid[], versions bigint[], documents jsonb[], statuses text[], was jsonb[])
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    done bigint;
    left_over bigint;
BEGIN
    CASE step
    WHEN 1 THEN
        EXECUTE scim_internal.of_shards(format('DELETE FROM %I.member m USING unnest($1, $2) AS u (id, member_id) WHERE m.tenant_id = scim.tenant() AND m.group_id = u.id AND m.member_id = u.member_id', store))
            USING ids, members;
        RETURN;
    WHEN 5 THEN
        EXECUTE scim_internal.of_shards(format('INSERT INTO %I.member (tenant_id, group_id, member_id) SELECT scim.tenant(), u.id, u.member_id FROM unnest($1, $2) AS u (id, member_id) ON CONFLICT DO NOTHING', store))
            USING ids, members;
        RETURN;
    WHEN 2 THEN
        EXECUTE scim_internal.of_shards(format('UPDATE %I.resource r SET data = u.document, status = coalesce(u.status, r.status) FROM unnest($2, $3, $4, $5) AS u (id, version, document, status) '
            'WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1 AND r.id = u.id AND r.version = u.version', store))
            USING resource_type, ids, versions, documents, statuses;
        GET DIAGNOSTICS done = ROW_COUNT;
    WHEN 3 THEN
        EXECUTE scim_internal.of_shards(format('INSERT INTO %I.resource (tenant_id, resource_type, id, data, status, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after) '
            'SELECT scim.tenant(), $1, u.id, u.document, u.status, u.version + 1, coalesce((u.was ->> ''created'')::timestamptz, clock_timestamp()), clock_timestamp(), '
            '(u.was ->> ''offboarding_at'')::timestamptz, (u.was ->> ''deleted_at'')::timestamptz, (u.was ->> ''activated_at'')::timestamptz, '
            '(u.was ->> ''deactivated_at'')::timestamptz, (u.was ->> ''sessions_valid_after'')::timestamptz '
            'FROM unnest($2, $3, $4, $5, $6) AS u (id, version, document, status, was)', store))
            USING resource_type, ids, versions, documents, statuses, was;
        GET DIAGNOSTICS done = ROW_COUNT;
    WHEN 4 THEN
        -- only what is as it was; and the policy "delete" may keep the row, and then none is deleted
        EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM %I.resource r JOIN unnest($2, $3) AS u (id, version) ON r.id = u.id AND r.version = u.version WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1', store))
            INTO done USING resource_type, ids, versions;
        IF done = cardinality(ids) THEN
            EXECUTE scim_internal.of_shards(format('DELETE FROM %I.resource r USING unnest($2, $3) AS u (id, version) WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1 AND r.id = u.id AND r.version = u.version', store))
                USING resource_type, ids, versions;
            EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM %I.resource r JOIN unnest($2, $3) AS u (id, version) ON r.id = u.id AND r.version = u.version WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1', store))
                INTO left_over USING resource_type, ids, versions;
            done := done - left_over;
        END IF;
    END CASE;
    IF done < cardinality(ids) THEN
        EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM %I.resource r JOIN unnest($2, $3) AS u (id, version) ON r.id = u.id AND r.version = u.version WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1', store))
            INTO left_over USING resource_type, ids, versions;
        RAISE EXCEPTION USING ERRCODE = 'SC409', MESSAGE = CASE WHEN left_over > 0 OR step = 3 THEN 'not to be changed by the current user' ELSE 'changed meanwhile: call again' END;
    END IF;
    -- what is to be there again is, when all triggers have had their turn
    IF step IN (2, 3) THEN
        EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM unnest($2, $3) AS u (id, status) WHERE u.status NOT IN (''DELETED'', ''OFFBOARDED'') '
            'AND NOT EXISTS (SELECT FROM %I.resource r WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1 AND r.id = u.id AND r.deleted_at IS NULL)', store))
            INTO left_over USING resource_type, ids, statuses;
        IF left_over > 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'SC403', MESSAGE = 'a trigger or policy of the store refused it';
        END IF;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_batch(name, int, text, uuid[], uuid[], bigint[], jsonb[], text[], jsonb[]) IS
'What scim.revert_change does by one statement, as the caller and through the door; an error where not all of it is done.';

CREATE OR REPLACE FUNCTION scim_internal.try_undo(store name, step int, resource_type text, ids uuid[], members uuid[], versions bigint[], documents jsonb[], statuses text[], was jsonb[],
    OUT guarded boolean, OUT problem text)
    LANGUAGE C VOLATILE
    AS 'MODULE_PATHNAME', 'scim_try_undo';
COMMENT ON FUNCTION scim_internal.try_undo(name, int, text, uuid[], uuid[], bigint[], jsonb[], text[], jsonb[]) IS
'scim_internal.undo_batch, or what is against it, in the words in which a client would be told; what is not about its rows is an error.';

CREATE OR REPLACE FUNCTION scim_internal.undo_change(change uuid, preview boolean)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    -- what the store itself writes comes back as it was (it counts for the owner)
    SET scim.write_read_only = on
AS $function$
#variable_conflict use_column
DECLARE
    store CONSTANT name := scim.store();
    known boolean;
    missing text;
    -- what there is to do, whose documents stay on disk; a statement does so many of the
    -- rows, with so many bytes of documents, unless they are one unit
    most_rows CONSTANT int := 1000;
    most_bytes CONSTANT int := 4 * 1024 * 1024;
    todo refcursor;
    one record;
    -- of each row of the result
    n int := 0;
    units int[] := '{}';
    steps int[] := '{}';
    types text[] := '{}';
    ids uuid[] := '{}';
    members uuid[] := '{}';
    actions text[] := '{}';
    versions bigint[] := '{}';
    statuses text[] := '{}';
    notes text[] := '{}';
    opens boolean[] := '{}';
    sizes int[] := '{}';
    -- the unit that brings the member back; null: he is there, or nothing does
    awaits int[] := '{}';
    -- what has become another difference
    differences jsonb[] := '{}';
    -- of what it is not again
    left_as_is text[] := '{}';
    -- of each unit: what is done as a whole or not at all, a resource or the members of a group
    first_row int[] := '{}';
    last_row int[] := '{}';
    open boolean[] := '{}';
    failed text[] := '{}';
    -- units that are still to be done, from one to another, the next one at the end
    lows int[];
    highs int[];
    top int;
    low int;
    high int;
    a int;
    -- of one statement: units, rows, and what these say
    tried int[];
    nth int;
    rows int[];
    bytes bigint;
    some_ids uuid[];
    some_members uuid[];
    some_versions bigint[];
    some_statuses text[];
    documents jsonb[];
    was jsonb[];
    -- has what stands together been several statements, and is it tried as one?
    is_split boolean := false;
    together boolean;
    progress boolean := true;
    -- is it known who does not come back?
    settled boolean := false;
    guarded text;
    refused boolean;
    problem text;
    kept record;
BEGIN
    SELECT string_agg(t, ', ' ORDER BY t) INTO missing FROM unnest('{audit,member,resource}'::text[]) AS t WHERE NOT has_table_privilege(format('%I.%I', store, t), 'SELECT');
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'to revert a change, or to preview that, takes SELECT on % of store "%"', missing, store USING ERRCODE = '42501';
    END IF;
    EXECUTE scim_internal.of_shards(format('SELECT EXISTS (SELECT FROM %I.audit a WHERE a.tenant_id IN (0, scim.tenant()) AND a.change = $1)', store)) INTO known USING change;
    IF NOT known THEN
        RAISE EXCEPTION 'change % is not in the audit', change USING ERRCODE = 'SC404';
    END IF;
    OPEN todo SCROLL FOR
        SELECT u.unit, u.step, u.resource_type, u.resource_id, u.member_id, u.action, u.version, u.document, u.status, u.was, CASE WHEN NOT u.blocked THEN u.difference END AS difference,
            nullif(concat_ws('; ', u.conflict, u.note), '') AS note, NOT u.blocked AS open
        FROM (SELECT s.step, s.resource_type, s.resource_id, s.member_id, CASE WHEN s.same AND s.note IS NULL THEN 'leave' ELSE s.action END AS action, s.version, s.document, s.status, s.was, s.difference,
                  CASE WHEN s.same AND s.note IS NULL THEN 'so already' ELSE s.conflict END AS conflict, s.note, s.blocked,
                  dense_rank() OVER (ORDER BY s.step, s.resource_type, s.resource_id, s.blocked) AS unit
              FROM (SELECT s.*, s.conflict IS NULL AND s.difference = '[]' AND s.status IS NULL AS same, s.conflict IS NOT NULL OR s.difference = '[]' AND s.status IS NULL AS blocked
                    FROM scim_internal.undo_steps(change) AS s) AS s
              ORDER BY unit, s.member_id) AS u;
    LOOP
        FETCH todo INTO one;
        EXIT WHEN NOT FOUND;
        n := n + 1;
        units[n] := one.unit;
        steps[n] := one.step;
        types[n] := one.resource_type;
        ids[n] := one.resource_id;
        members[n] := one.member_id;
        actions[n] := one.action;
        versions[n] := one.version;
        statuses[n] := one.status;
        notes[n] := one.note;
        opens[n] := one.open;
        -- as long as they are in memory
        sizes[n] := coalesce(pg_column_size(one.document || '{}'), 0) + coalesce(pg_column_size(one.was || '{}'), 0);
        differences[n] := NULL;
        left_as_is[n] := NULL;
        IF n = 1 OR units[n - 1] <> one.unit THEN
            first_row[one.unit] := n;
            open[one.unit] := one.open;
            failed[one.unit] := NULL;
        END IF;
        last_row[one.unit] := n;
    END LOOP;
    IF n = 0 THEN
        CLOSE todo;
        RETURN;
    END IF;
    awaits := ARRAY(SELECT c.unit FROM unnest(steps, members) WITH ORDINALITY AS m (step, id, n)
        LEFT JOIN unnest(steps, ids, units, opens) AS c (step, id, unit, open) ON (m.step, c.step, c.id) = (5, 3, m.id) AND c.open ORDER BY m.n);
    SELECT string_agg(format('%s on %s', v.privilege, v.name), ', ' ORDER BY v.step) INTO missing
    FROM (VALUES (1, 'DELETE', 'member'), (2, 'UPDATE', 'resource'), (3, 'INSERT', 'resource'), (4, 'DELETE', 'resource'), (5, 'INSERT', 'member')) AS v (step, privilege, name)
    WHERE EXISTS (SELECT FROM unnest(steps, opens) AS u (step, open) WHERE u.step = v.step AND u.open)
      AND NOT has_table_privilege(format('%I.%I', store, v.name), v.privilege)
      AND (v.privilege = 'DELETE' OR NOT has_any_column_privilege(format('%I.%I', store, v.name), v.privilege));
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'to revert this change, or to preview that, takes % of store "%"', missing, store USING ERRCODE = '42501';
    END IF;
    BEGIN
        -- what one needs another may bring: until nothing more can be done
        <<rounds>>
        WHILE progress OR is_split AND NOT together OR NOT settled LOOP
            IF NOT progress AND (together OR NOT is_split) THEN
                settled := true;
                -- nobody joins a group who does not come back
                FOR i IN 1 .. n LOOP
                    CONTINUE WHEN NOT opens[i] OR awaits[i] IS NULL OR NOT open[awaits[i]];
                    opens[i] := false;
                    notes[i] := concat_ws('; ', notes[i], 'the member is gone for good');
                    progress := true;
                END LOOP;
                EXIT WHEN NOT progress;
                FOR i IN 1 .. cardinality(open) LOOP
                    open[i] := open[i] AND steps[first_row[i]] = 5 AND true = ANY (opens[first_row[i] : last_row[i]]);
                END LOOP;
            END IF;
            together := NOT progress;
            progress := false;
            -- what stands together and is of one kind is one statement, of the size that one has
            lows := '{}';
            highs := '{}';
            top := 0;
            FOR i IN REVERSE cardinality(open) .. 1 LOOP
                CONTINUE WHEN NOT open[i] OR together;
                IF top > 0 AND lows[top] = i + 1 AND steps[first_row[i]] = steps[first_row[i + 1]] AND types[first_row[i]] = types[first_row[i + 1]] THEN
                    IF last_row[highs[top]] - first_row[i] < most_rows AND bytes + sizes[first_row[i]] <= most_bytes THEN
                        lows[top] := i;
                        bytes := bytes + sizes[first_row[i]];
                        CONTINUE;
                    END IF;
                    is_split := true;
                END IF;
                top := top + 1;
                lows[top] := i;
                highs[top] := i;
                bytes := sizes[first_row[i]];
            END LOOP;
            IF together THEN
                top := 1;
                lows[top] := 0;
                highs[top] := 1;
            END IF;
            WHILE top > 0 LOOP
                low := lows[top];
                high := highs[top];
                top := top - 1;
                tried := '{}';
                IF low > 0 AND steps[first_row[low]] = 5 THEN
                    -- once those are there who come back
                    tried := ARRAY(SELECT u FROM generate_series(low, high) AS u WHERE NOT EXISTS (SELECT FROM generate_series(first_row[u], last_row[u]) AS r WHERE opens[r] AND open[awaits[r]]));
                    CONTINUE WHEN tried = '{}';
                ELSIF low > 0 THEN
                    tried := ARRAY(SELECT generate_series(low, high));
                ELSE
                    -- what is left of one kind: some may need each other
                    bytes := 0;
                    WHILE high <= cardinality(open) LOOP
                        IF open[high] AND (steps[first_row[high]] <> 5 OR settled) THEN
                            bytes := bytes + sizes[first_row[high]];
                            EXIT WHEN tried <> '{}' AND (cardinality(tried) = most_rows OR bytes > most_bytes
                                OR steps[first_row[high]] <> steps[first_row[tried[1]]] OR types[first_row[high]] <> types[first_row[tried[1]]]);
                            tried[cardinality(tried) + 1] := high;
                        END IF;
                        high := high + 1;
                    END LOOP;
                    IF high <= cardinality(open) THEN
                        top := top + 1;
                        lows[top] := 0;
                        highs[top] := high;
                    END IF;
                    CONTINUE WHEN cardinality(tried) < 2;
                END IF;
                rows := ARRAY(SELECT r FROM unnest(tried) AS u (unit), generate_series(first_row[u.unit], last_row[u.unit]) AS r WHERE opens[r] ORDER BY r);
                a := rows[1];
                SELECT array_agg(ids[r] ORDER BY r), array_agg(members[r] ORDER BY r), array_agg(versions[r] ORDER BY r), array_agg(statuses[r] ORDER BY r)
                INTO some_ids, some_members, some_versions, some_statuses FROM unnest(rows) AS r;
                documents := array_fill(NULL::jsonb, ARRAY[cardinality(rows)]);
                was := documents;
                FOR i IN 1 .. cardinality(rows) LOOP
                    EXIT WHEN steps[a] IN (1, 5);
                    FETCH ABSOLUTE rows[i] FROM todo INTO one;
                    documents[i] := one.document;
                    was[i] := one.was;
                END LOOP;
                SELECT t.guarded, t.problem INTO refused, problem
                FROM scim_internal.try_undo(store, steps[a], types[a], some_ids, some_members, some_versions, documents, some_statuses, was) AS t;
                IF problem IS NULL THEN
                    -- what the door, the policy "delete" or a trigger has made of them
                    FOR kept IN EXECUTE scim_internal.of_shards(format('SELECT u.n, r.data, r.status, r.version FROM unnest($1) WITH ORDINALITY AS u (id, n) JOIN %I.resource r ON r.tenant_id = scim.tenant() AND r.resource_type = $2 AND r.id = u.id', store))
                        USING some_ids, types[a]
                    LOOP
                        nth := rows[kept.n];
                        IF steps[a] = 4 THEN
                            CONTINUE WHEN kept.status NOT IN ('OFFBOARDING', 'OFFBOARDED');
                            actions[nth] := 'offboard';
                            differences[nth] := scim_internal.document_difference(types[a], documents[kept.n], kept.data);
                        ELSIF steps[a] IN (2, 3) AND kept.data IS DISTINCT FROM documents[kept.n] THEN
                            differences[nth] := scim_internal.document_difference(types[a], CASE steps[a] WHEN 2 THEN was[kept.n] END, kept.data);
                            left_as_is[nth] := (SELECT format(CASE count(DISTINCT p.path) WHEN 1 THEN '%s is not as it was: the door or a trigger has made it so' WHEN 0 THEN NULL ELSE '%s are not as they were: the door or a trigger has made them so' END, string_agg(DISTINCT p.path, ', '))
                                FROM jsonb_array_elements(scim_internal.document_difference(types[a], scim_internal.without_times(types[a], kept.data), scim_internal.without_times(types[a], documents[kept.n]))) AS d,
                                    -- an attribute, be it one of an extension
                                    LATERAL (SELECT replace(replace(replace(substring(d ->> 'path' FROM '^/([^/:]*:[^/]*(?:/[^/]+)?|[^/]*)'), '/', ':'), '~1', '/'), '~0', '~') AS path) AS p
                                WHERE p.path <> 'schemas');
                            IF steps[a] = 2 AND differences[nth] = '[]' AND kept.version = versions[nth] THEN
                                actions[nth] := 'leave';
                            END IF;
                        END IF;
                    END LOOP;
                    FOREACH nth IN ARRAY tried LOOP
                        open[nth] := false;
                        failed[nth] := NULL;
                    END LOOP;
                    progress := true;
                ELSIF refused THEN
                    guarded := problem;
                    EXIT rounds;
                ELSIF low = 0 THEN
                    NULL;
                ELSIF low = high THEN
                    failed[low] := regexp_replace(problem, format(', and "%1$s" is none| ?"?%1$s"?', ids[a]), '', 'g');
                ELSE
                    -- which of them it is, the halves tell
                    lows[top + 1] := (low + high) / 2 + 1;
                    highs[top + 1] := high;
                    lows[top + 2] := low;
                    highs[top + 2] := (low + high) / 2;
                    top := top + 2;
                END IF;
            END LOOP;
        END LOOP;
        IF guarded IS NOT NULL AND NOT preview THEN
            RAISE EXCEPTION 'nothing is reverted: %', guarded USING ERRCODE = 'SCGRD', HINT = 'Release the guard first: scim.release_guard().';
        END IF;
        IF preview THEN
            RAISE EXCEPTION 'preview' USING ERRCODE = 'SCPRE';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'SCPRE' THEN NULL;
    END;
    FOR i IN 1 .. n LOOP
        FETCH ABSOLUTE i FROM todo INTO one;
        resource_type := types[i];
        resource_id := ids[i];
        action := actions[i];
        difference := CASE WHEN guarded IS NULL AND opens[i] AND failed[units[i]] IS NULL AND action <> 'leave' THEN coalesce(differences[i], one.difference) END;
        conflict := nullif(concat_ws('; ', notes[i], left_as_is[i], CASE WHEN guarded IS NULL THEN failed[units[i]] WHEN opens[i] THEN format('nothing is reverted before the guard is released: %s', guarded) END), '');
        RETURN NEXT;
    END LOOP;
    CLOSE todo;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_change(uuid, boolean) IS
'What scim.revert_change does but for its row of the audit; with dry_run it is done and taken back.';

CREATE OR REPLACE FUNCTION scim.revert_change(change uuid, dry_run boolean DEFAULT false)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    AS 'MODULE_PATHNAME', 'scim_revert_change'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revert_change(uuid, boolean) IS
'Changes back what one transaction changed, by its "change" in the audit, of resources of the current tenant: what was changed is again as it was, what was deleted comes back with its id and times, what was created is deleted or off-boarded as the policy "delete" says, who came to a group leaves it and who left it comes back. All that goes through the door, as the caller, is audited and can be reverted; the audit has a row of operation "revert" besides. A row for each resource and member, with what is done as "action" and operations of RFC 6902; action "leave" where nothing is to be done. What was changed later by others stays as it is, as does what cannot be undone, such as passwords, configuration and who has been erased: "conflict" says why, and difference is null where nothing at all is done. With dry_run it is done and taken back, without a trace. Errors: SC404 where the audit does not know the change, SCGRD where a guard keeps part of it from being done, and so all, 42501 where the caller may not do what the undoing needs, SC403 where the role acts for no tenant or scopes do not allow to write all types that it was about.';

CREATE OR REPLACE FUNCTION scim.revert_change(change text, dry_run boolean DEFAULT false)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    AS 'MODULE_PATHNAME', 'scim_revert_change'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revert_change(text, boolean) IS
'scim.revert_change(uuid, boolean) with the change as a text.';
-- Settings: the table "setting" of a store, checked and shown.

CREATE OR REPLACE FUNCTION scim_internal.setting_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_setting_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.setting_door() IS
'BEFORE row trigger of a store''s table "setting": a name that is no setting, a value that the setting cannot have and a resource type that there is not are refused.';

CREATE OR REPLACE FUNCTION scim.settings(
    resource_type text DEFAULT NULL,
    OUT name text, OUT value jsonb, OUT source text, OUT default_value jsonb,
    OUT minimum int, OUT maximum int, OUT by_type boolean, OUT is_bound boolean, OUT description text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_settings'
    LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 24;
COMMENT ON FUNCTION scim.settings(text) IS
'Every setting of the current store: the value that holds here and now, for a resource type or where none plays a part (NULL), and its source: session, token, tenant and type, tenant, type, store or default, the first of them that there is. by_type: a row may be of one resource type. is_bound: an upper bound, which the row of the store caps.';
-- Tenants, and bearer tokens: a random secret that is shown once and kept as its SHA-256.

CREATE OR REPLACE FUNCTION scim.create_token(description text, expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_token(text, timestamptz, text[]) IS
'Makes a bearer token for the current tenant of the current store and returns its id and its secret, scim_TENANT_ID_RANDOM, which cannot be read again. expires_at NULL: valid until revoked. scopes: what it is good for, as {read,User}; NULL: everything (doc/security.md). Errors: SC403 where the tenant is not there, 23505 where a token of the tenant that is still good has that description, 22023 for an expiry in the past and for what is no scope.';

CREATE OR REPLACE FUNCTION scim.rotate_token(INOUT id uuid, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_token(uuid, interval, timestamptz) IS
'A new secret for a bearer token of the current tenant, which keeps id, scopes and settings. The former secret is good for the time of the overlap, and not longer than the token; one before that no more. expires_at: until when it is good from now on; NULL: as before, with a notice where that ends within 30 days. Warns where the secret before the former one was still good, and ends. Errors: SC404 where there is none with that id that is still good, 22023 for an overlap that is negative and for an expiry in the past.';

CREATE OR REPLACE FUNCTION scim.rotate_token(INOUT id text, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_token(text, interval, timestamptz) IS
'A new secret for a bearer token of the current tenant, which keeps id, scopes and settings: as scim.rotate_token(uuid, interval, timestamptz), with the id as a text.';
REVOKE ALL ON FUNCTION scim.create_token(text, timestamptz, text[]), scim.rotate_token(uuid, interval, timestamptz),
    scim.rotate_token(text, interval, timestamptz) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.revoke_token(id uuid)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_token(uuid) IS
'Ends a bearer token of the current tenant at once. Error SC404 where there is none with that id.';

CREATE OR REPLACE FUNCTION scim.revoke_token(id text)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_token(text) IS
'Ends a bearer token of the current tenant at once: as scim.revoke_token(uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_token(uuid), scim.revoke_token(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.authenticate("authorization" text)
    RETURNS int
    AS 'MODULE_PATHNAME', 'scim_authenticate'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.authenticate(text) IS
'Proves by credentials who acts, from here to the end of the transaction, and returns the tenant; NULL, and nothing is proved any more, where they are unknown, expired or revoked. Takes the value of an Authorization header as the store''s table "authentication_scheme" accepts it: at first "Bearer <token>" (RFC 6750) and the bare token. A scheme that wants a second header is refused here.';

-- Tenants.

CREATE OR REPLACE FUNCTION scim.create_tenant(name text, base_url text DEFAULT NULL)
    RETURNS int
    AS 'MODULE_PATHNAME', 'scim_create_tenant'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_tenant(text, text) IS
'Makes a tenant of the current store and returns its number, which nobody had before of whom audit or events still tell. base_url: where it is served, and nobody else. For the owner of the store. Errors: 23505 where that address is taken, 23514 where it is none.';

CREATE OR REPLACE FUNCTION scim.drop_tenant(tenant_id int)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_tenant'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_tenant(int) IS
'Removes a tenant of the current store with its tokens, clients, policies, settings and consumers of events; audit and events stay. For the owner of the store. Writers of resources wait meanwhile. Errors: 23503 where it still has resources, those that are deleted or off-boarded included (scim.purge removes them for good), SC404 where there is no such tenant, 55000 where it is the only one.';
REVOKE ALL ON FUNCTION scim.create_tenant(text, text), scim.drop_tenant(int) FROM PUBLIC;
-- Clients: who may authenticate by a name, or with a second secret beside the first.

CREATE OR REPLACE FUNCTION scim.create_client(name text, scheme text DEFAULT 'Basic', password text DEFAULT NULL,
        expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_client(text, text, text, timestamptz, text[]) IS
'Makes a client of the current tenant of the current store, which authenticates by one of the store''s schemes, and returns its secrets: they cannot be read again. secret is made where no password is given; second_secret belongs into the header that the scheme names, and is null where it names none. expires_at NULL: valid until revoked. scopes: what the client may do, as {read,User}; NULL: everything (doc/security.md). Errors: SC403 where the tenant is not there; 22023 for a scheme that the store does not accept, for a password where the scheme wants a random secret, for an expiry in the past and for what is no scope; 23505 where a client of that name is there.';
REVOKE ALL ON FUNCTION scim.create_client(text, text, text, timestamptz, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.create_oauth_client(name text, jwks jsonb DEFAULT NULL, jwks_uri text DEFAULT NULL,
        expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_oauth_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_oauth_client(text, jsonb, text, timestamptz, text[]) IS
'Makes a client of the current tenant of the current store, which fetches access tokens at /.oauth/token (RFC 6749) with name for its client_id. With jwks, a JWK Set of public keys (RFC 7517), or with jwks_uri, an https address where scim-relay fetches that, it signs who it is (private_key_jwt, RFC 7523); without, a secret is made and returned, which cannot be read again. expires_at and scopes are as in scim.create_client. Errors: SC403 where the tenant is not there; 22023 where the store has no scheme for access tokens, for what is no key set and no such address, for an expiry in the past and for what is no scope; 23505 where a client of that name is there.';
REVOKE ALL ON FUNCTION scim.create_oauth_client(text, jsonb, text, timestamptz, text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.set_client_keys(id uuid, jwks jsonb DEFAULT NULL, jwks_uri text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_set_client_keys'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.set_client_keys(uuid, jsonb, text) IS
'From now on a client of the current tenant that fetches access tokens signs who it is by these keys, a JWK Set, or by those that scim-relay fetches from jwks_uri, in place of a secret or of other keys. Access tokens that it has stay good. Errors: SC404 where there is none with that id that is still good, 22023 for what is no key set and no https address, where neither is given, and for a client of another scheme.';

CREATE OR REPLACE FUNCTION scim.set_client_keys(id text, jwks jsonb DEFAULT NULL, jwks_uri text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_set_client_keys'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.set_client_keys(text, jsonb, text) IS
'Keys of a client of the current tenant that fetches access tokens: as scim.set_client_keys(uuid, jsonb, text), with the id as a text.';
REVOKE ALL ON FUNCTION scim.set_client_keys(uuid, jsonb, text), scim.set_client_keys(text, jsonb, text) FROM PUBLIC;

-- For the relay, which fetches keys of clients of all tenants of a store.

CREATE OR REPLACE FUNCTION scim.next_key_sets(max int DEFAULT 10, OUT tenant_id int, OUT client_id uuid, OUT url text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_next_key_sets'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.next_key_sets(int) IS
'For the relay: key sets of clients that are to be fetched now, max at most: those that never were, once an hour all others, and after a minute at the earliest those that could not be fetched, or by whose keys somebody has not signed. They are not given out again within that minute.';

CREATE OR REPLACE FUNCTION scim.keep_key_set(tenant_id int, client_id uuid, url text, body text) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_keep_key_set'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.keep_key_set(int, uuid, text, text) IS
'For the relay: what it has fetched from an address, as the keys of the client whose address that is still. Returns NULL, or what is wrong with it; then those that were fetched before stay good.';

CREATE OR REPLACE FUNCTION scim.key_set_failed(tenant_id int, client_id uuid, url text, error text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_key_set_failed'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.key_set_failed(int, uuid, text, text) IS
'For the relay: why the keys of a client could not be fetched from an address; those that were fetched before stay good.';
REVOKE ALL ON FUNCTION scim.next_key_sets(int), scim.keep_key_set(int, uuid, text, text),
    scim.key_set_failed(int, uuid, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.rotate_client(INOUT id uuid, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_client(uuid, interval, timestamptz) IS
'New secrets for a client of the current tenant whose secret was made here. The former ones, both together, are good for the time of the overlap, and not longer than the client; those before that no more. expires_at: until when it is good from now on; NULL: as before, with a notice where that ends within 30 days. Warns where the secret before the former one was still good, and ends. Errors: SC404 where there is none with that id that is still good, 22023 for one whose password was chosen, for an overlap that is negative and for an expiry in the past.';

CREATE OR REPLACE FUNCTION scim.rotate_client(INOUT id text, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_client(text, interval, timestamptz) IS
'New secrets for a client of the current tenant whose secret was made here: as scim.rotate_client(uuid, interval, timestamptz), with the id as a text.';
REVOKE ALL ON FUNCTION scim.rotate_client(uuid, interval, timestamptz), scim.rotate_client(text, interval, timestamptz) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim.revoke_client(id uuid)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_client(uuid) IS
'Ends all secrets of a client of the current tenant at once; its name is free again. Error SC404 where there is none with that id.';

CREATE OR REPLACE FUNCTION scim.revoke_client(id text)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_client(text) IS
'Ends all secrets of a client of the current tenant at once: as scim.revoke_client(uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_client(uuid), scim.revoke_client(text) FROM PUBLIC;
-- The protocol: RFC 7644 as a function.

COMMENT ON TYPE scim.response IS 'An HTTP response, as scim.request makes it for a transport to send.';
COMMENT ON COLUMN scim.response.status IS 'The HTTP status code, such as 200.';
COMMENT ON COLUMN scim.response.headers IS 'The header fields to send: an object of strings.';
COMMENT ON COLUMN scim.response.body IS 'The JSON text to send; NULL where there is none to send, as with 204 and HEAD.';

CREATE OR REPLACE FUNCTION scim.request(method text, target text, headers jsonb DEFAULT '{}',
        body text DEFAULT NULL)
    RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_request';
COMMENT ON FUNCTION scim.request(text, text, jsonb, text) IS
'Answers a SCIM request (RFC 7644).
method: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in upper case.
target: path and query as on the request line, percent-encoded, with or without scim.base_path; or a whole URL.
headers: an object of strings, names in any case. Used are Accept, Content-Type, Content-Encoding, If-Match, If-None-Match, Prefer, and for meta.location, where scim.base_url is empty, X-Forwarded-Proto, X-Forwarded-Host and Host.
body: JSON, up to scim.max_body_size bytes and scim.max_body_depth levels.
Result: status, headers and body; the body is NULL for 204, 304 and HEAD.
Whatever is wrong with the request is answered with a body as in RFC 7644 section 3.12 and has no other effect: commit whatever the status is. A serialization failure, a deadlock, a lock that is not to be had, a read-only transaction and lacking resources are answered with 503 and Retry-After, an unexpected error with 500 and a line in the server log. Raised are cancellation, timeouts, shutdown, corruption and lack of memory only.
GET, HEAD and .search work in a read-only transaction and on a hot standby. Every other request that succeeds has checked the deferred constraints, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction.';

CREATE OR REPLACE FUNCTION scim.request(method text, target text, headers jsonb, body bytea)
    RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_request_bytes';
COMMENT ON FUNCTION scim.request(text, text, jsonb, bytea) IS
'Answers a SCIM request (RFC 7644) like scim.request(text, text, jsonb, text), for transports that carry bytes: a body that is not UTF-8 is answered with 400 invalidSyntax.';

COMMENT ON TYPE scim.previewed IS 'What a request would be answered, and what it would change, as scim.preview says.';
COMMENT ON COLUMN scim.previewed.status IS 'The HTTP status code that scim.request would answer.';
COMMENT ON COLUMN scim.previewed.headers IS 'The header fields of that answer: an object of strings.';
COMMENT ON COLUMN scim.previewed.body IS 'The JSON text of that answer; NULL where there is none.';
COMMENT ON COLUMN scim.previewed.changes IS 'An array of resources that would change: resourceType, id, operations (words of the audit, in their order), version, and as difference the operations of RFC 6902 from what it is to what it would be, members included; null where the caller may not read it. password is true where that would change.';
COMMENT ON COLUMN scim.previewed.tables IS 'An array of rows of bound tables that would be written: table, operation, key.';
COMMENT ON COLUMN scim.previewed.events IS 'An array of rows of "event" that would be written: event, operation, resourceType, id, version, attributes, membersAdded, membersRemoved, data.';
COMMENT ON COLUMN scim.previewed.complete IS 'Whether these are all: false where there are more than 10,000, or of more than 64 MB.';

CREATE OR REPLACE FUNCTION scim.preview(method text, target text, headers jsonb DEFAULT '{}', body text DEFAULT NULL)
    RETURNS scim.previewed
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_preview';
COMMENT ON FUNCTION scim.preview(text, text, jsonb, text) IS
'What scim.request would answer to a request, and what that would change: it is done, as the caller, through the door, with deferred constraints checked, and taken back. Nothing stays, and nothing is sent: no audit, event, notification, count of a guard. What triggers do outside of the database is done, and sequences go on. Locks that it takes are held until it ends. Arguments are those of scim.request; an error of the request is its status. Raised is what scim.request raises, SCVAL within another preview, and SCSYN where method or target is null. Of a write in a read-only transaction the status is 503.';

CREATE OR REPLACE FUNCTION scim.bulk(request jsonb) RETURNS jsonb
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_bulk';
COMMENT ON FUNCTION scim.bulk(jsonb) IS
'Performs a BulkRequest (RFC 7644 section 3.7) and returns the BulkResponse. Each operation succeeds or fails alone, unless schemas hold "urn:scim:params:bulk:atomic": then the first failure is raised and names its operation, so that all are done or none. bulkId references may point forwards, backwards and in circles; a circle is done as a whole. Raised too: SC413 for more operations than the setting scim.max_bulk_operations, SCSYN and SCVAL for a request that cannot be read.';

CREATE OR REPLACE FUNCTION scim.gateway(headers json, body bytea) RETURNS text
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000
    AS 'MODULE_PATHNAME', 'scim_gateway';
COMMENT ON FUNCTION scim.gateway(json, bytea) IS
'Answers a request as nginx and PostgREST bring it (doc/gateway.md): checks the credentials, becomes role scim_client and the tenant of these until the end of the transaction, and does what scim.request does.
headers: those that nginx has set, an object of strings: X-Scim-Method, X-Scim-Target, X-Scim-Store, X-Scim-Base-Url, X-Scim-Authorization, and every header H of the client that counts as X-Scim-H. Without X-Scim-Store and X-Scim-Base-Url the settings scim.store, scim.base_url and scim.base_path hold. The claims of a JSON web token are those of the setting request.jwt.claims.
Result: the body; status and headers are in the settings response.status and response.headers, as PostgREST reads them. Where the status is 400 or more the result is empty and the body is the header X-Scim-Error; Content-Type is X-Scim-Content-Type, and 503 is 504.
Whoever may execute this function is believed what the headers and the claims say: grant it to the roles of PostgREST only.';
REVOKE ALL ON FUNCTION scim.gateway(json, bytea) FROM PUBLIC;
-- Flat endpoints: the table "endpoint" of a store, checked and described.

CREATE OR REPLACE FUNCTION scim_internal.endpoint_lock() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_endpoint_lock'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.endpoint_lock() IS
'BEFORE statement trigger of a store''s tables "endpoint", "schema" and "resource_type": one writer of the configuration at a time, so that no two endpoints share a path; notes which endpoints do not work already.';

CREATE OR REPLACE FUNCTION scim_internal.endpoint_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_endpoint_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.endpoint_door() IS
'BEFORE row trigger of a store''s table "endpoint": methods in upper case, and a name where there is none.';

CREATE OR REPLACE FUNCTION scim_internal.endpoint_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_endpoint_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.endpoint_changed() IS
'AFTER statement trigger of a store''s tables "endpoint", "schema" and "resource_type": a change is refused that would leave an endpoint that cannot work, which is named with the place of its settings, and every session reads the endpoints anew at commit.';

CREATE OR REPLACE FUNCTION scim_internal.add_endpoint_paths(paths jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_add_endpoint_paths'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.add_endpoint_paths(jsonb) IS
'The "paths" of an OpenAPI 3.1 document with the endpoints of the current store added, those of table "endpoint".';

CREATE OR REPLACE FUNCTION scim_internal.wire_schema(resource_type text, schema jsonb, for_request boolean) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_wire_schema'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.wire_schema(text, jsonb, boolean) IS
'The JSON Schema of a resource type of the current store, as scim.json_schema gives it, made that of bodies by the policies wire; for_request: of what a client may send.';

CREATE OR REPLACE FUNCTION scim_internal.lookup_attributes(resource_type text) RETURNS text[]
    AS 'MODULE_PATHNAME', 'scim_lookup_attributes'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.lookup_attributes(text) IS
'The attributes by which a path may name resources of a type of the current store, in their order, by the policy lookup; NULL: their ids.';

CREATE OR REPLACE FUNCTION scim.transient() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_transient'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim.transient() IS
'What the request at hand said in transient fields of a flat endpoint, which are not stored: an object of them for triggers and events, NULL elsewhere.';
-- The HTTP API of a store as OpenAPI 3.1.

CREATE OR REPLACE FUNCTION scim_internal.authentication_schemes() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_authentication_schemes'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.authentication_schemes() IS
'The rows of table "authentication_scheme" of the current store, the preferred one first, for scim.openapi: a client reads the function and not the table.';

CREATE OR REPLACE FUNCTION scim_internal.membership_type() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_membership_type'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.membership_type() IS
'The resource type of memberships as /ResourceTypes shows it, for scim.openapi: no table has it. Null where the current store does not serve it (the setting group_memberships).';

CREATE OR REPLACE FUNCTION scim_internal.partial_schema(schema jsonb) RETURNS jsonb
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
CREATE OR REPLACE FUNCTION scim_internal.patch_schema(schema jsonb, settings jsonb) RETURNS jsonb
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

CREATE OR REPLACE FUNCTION scim.openapi() RETURNS jsonb
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
-- Profiles: what a store is configured to be, as one document.

CREATE OR REPLACE FUNCTION scim.profile_schema() RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$ SELECT document FROM scim_internal.profile_schema() $$;
COMMENT ON FUNCTION scim.profile_schema() IS
'The JSON Schema (2020-12) of profile documents, for editors and validators: what scim.apply_profile holds every document to before it looks into its schemas, policies and endpoints.';

CREATE OR REPLACE FUNCTION scim.profiles(OUT name text, OUT description text, OUT document jsonb)
    RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 4
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
    SELECT document ->> 'name', document ->> 'description', document
    FROM scim_internal.profiles() ORDER BY document ->> 'name' COLLATE "C"
$$;
COMMENT ON FUNCTION scim.profiles() IS
'The profiles that come with scim, by name, each with its document: to be applied by scim.apply_profile(name), or to write one''s own after.';

-- An error about a document, with its place there, that is otherwise the one at hand.
CREATE OR REPLACE FUNCTION scim_internal.profile_error(place text, state text, message text,
        detail text DEFAULT 'scimType: invalidValue', hint text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_profile_error'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.profile_error(text, text, text, text, text) IS
'Raises an error about a profile document: its place there as a JSON pointer (RFC 6901), the SQLSTATE, and what was said of it.';

-- So much of JSON Schema as profile.schema.json uses.
CREATE OR REPLACE FUNCTION scim_internal.json_problem(rules jsonb, document jsonb, place text)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    kind text := jsonb_typeof(document);
    types text[] := ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(rules -> 'type')
        WHEN 'string' THEN jsonb_build_array(rules -> 'type') ELSE rules -> 'type' END));
    part record;
    problem text;
BEGIN
    IF kind = 'number' AND 'integer' = ANY (types) AND document::numeric = trunc(document::numeric) THEN
        kind := 'integer';
    END IF;
    IF types <> '{}' AND kind <> ALL (types) THEN
        RETURN format('%s: must be %s, not %s', place, array_to_string(types, ' or '), coalesce(kind, 'nothing'));
    END IF;
    IF rules ? 'enum' AND NOT rules -> 'enum' @> document THEN
        RETURN format('%s: must be one of %s, not %s', place,
            (SELECT string_agg(e::text, ', ') FROM jsonb_array_elements(rules -> 'enum') e), document);
    END IF;
    IF kind = 'string' AND rules ? 'pattern' AND document #>> '{}' !~ (rules ->> 'pattern')
       OR kind = 'string' AND length(document #>> '{}') < (rules ->> 'minLength')::int THEN
        RETURN format('%s: must not be %s', place, document);
    END IF;
    IF kind = 'array' AND jsonb_array_length(document) < (rules ->> 'minItems')::int THEN
        RETURN format('%s: must not be empty', place);
    END IF;
    IF kind = 'object' THEN
        FOR part IN SELECT m AS name FROM jsonb_array_elements_text(rules -> 'required') m WHERE NOT document ? m LOOP
            RETURN format('%s: %s is missing', coalesce(nullif(place, ''), 'the document'), to_json(part.name));
        END LOOP;
        FOR part IN SELECT m.key, m.value, rules #> ARRAY['properties', m.key] AS rules,
                place || '/' || replace(replace(m.key, '~', '~0'), '/', '~1') AS place FROM jsonb_each(document) m LOOP
            IF part.rules IS NOT NULL THEN
                problem := scim_internal.json_problem(part.rules, part.value, part.place);
            ELSIF rules -> 'additionalProperties' = 'false' THEN
                problem := format('%s: there is no such member', part.place);
            ELSIF rules ? 'additionalProperties' THEN
                problem := scim_internal.json_problem(rules -> 'additionalProperties', part.value, part.place);
            END IF;
            IF problem IS NOT NULL THEN
                RETURN problem;
            END IF;
        END LOOP;
    ELSIF kind = 'array' AND rules ? 'items' THEN
        FOR part IN SELECT e.value, e.n - 1 AS n FROM jsonb_array_elements(document) WITH ORDINALITY e (value, n) LOOP
            problem := scim_internal.json_problem(rules -> 'items', part.value, format('%s/%s', place, part.n));
            IF problem IS NOT NULL THEN
                RETURN problem;
            END IF;
        END LOOP;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION scim_internal.json_problem(jsonb, jsonb, text) IS
'The first thing by which a value differs from a JSON Schema, with its place as a JSON pointer behind the one given; NULL: nothing. Of the language it knows what scim.profile_schema() uses.';

CREATE OR REPLACE FUNCTION scim_internal.registered_form(resource_type boolean, document jsonb)
    RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_registered_form'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.registered_form(boolean, jsonb) IS
'The document of a resource type, or else of a schema, in the form in which it is registered. Errors: SCVAL where it cannot be.';

CREATE OR REPLACE FUNCTION scim_internal.setting_form(name text, value jsonb)
    RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_setting_form'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.setting_form(text, jsonb) IS
'The form in which the table "setting" would hold a value of a setting; what it would refuse is returned as it is.';

-- Of these letter case does not count; rows of the other tables may differ in it.
CREATE OR REPLACE FUNCTION scim_internal.profile_same(part text, key text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$ SELECT CASE WHEN part IN ('policy', 'setting', 'endpoint') THEN key ELSE scim.fold(key) END $$;
COMMENT ON FUNCTION scim_internal.profile_same(text, text) IS
'What the keys of two parts of one kind have in common where both are the same: the key or, where letter case does not count, the key folded.';

-- What the parts of a document and of a store are compared by: a key that people can
-- read, and the part in the form in which it is exported.
CREATE OR REPLACE FUNCTION scim_internal.profile_key(VARIADIC words text[])
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
    SELECT string_agg(CASE WHEN word ~ '^[[:alnum:]_.:-]+$' THEN word ELSE to_json(word)::text END, ' ' ORDER BY n)
    FROM unnest(words) WITH ORDINALITY w (word, n) WHERE word IS NOT NULL
$$;
COMMENT ON FUNCTION scim_internal.profile_key(text[]) IS
'Words one after the other, each quoted that would not end by itself.';

CREATE OR REPLACE FUNCTION scim_internal.protocol_schemas()
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '{urn:ietf:params:scim:schemas:core:2.0:Schema,urn:ietf:params:scim:schemas:core:2.0:ResourceType,urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig}'::text[];
COMMENT ON FUNCTION scim_internal.protocol_schemas() IS
'The schemas by which discovery describes itself (RFC 7643 sections 5 to 7): no part of any profile.';

CREATE OR REPLACE FUNCTION scim_internal.profile_of_store(store name)
    RETURNS TABLE (part text, key text, item jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY EXECUTE replace($sql$
        -- those of discovery itself are the protocol's; what a store begins with may leave something out
        SELECT 'schema', id, scim_internal.registered_form(false, document) FROM @.schema
        WHERE id <> ALL (scim_internal.protocol_schemas())
        UNION ALL
        SELECT 'resourceType', name, scim_internal.registered_form(true, document) || jsonb_build_object('table', table_name) FROM @.resource_type
        UNION ALL
        SELECT 'policy', scim_internal.profile_key(resource_type, kind, nullif(name, kind), 'tenant ' || tenant_id),
            jsonb_build_object('resourceType', resource_type, 'kind', kind, 'name', name, 'enabled', enabled, 'settings', settings)
                || jsonb_strip_nulls(jsonb_build_object('tenant', tenant_id))
        FROM @.policy
        UNION ALL
        SELECT 'setting', scim_internal.profile_key(name, resource_type, 'tenant ' || tenant_id),
            jsonb_build_object('name', name, 'value', value)
                || jsonb_strip_nulls(jsonb_build_object('resourceType', resource_type, 'tenant', tenant_id))
        FROM @.setting WHERE token_id IS NULL
        UNION ALL
        SELECT 'endpoint', name, jsonb_build_object('name', name, 'methods', methods, 'path', path,
            'resourceType', resource_type, 'action', action, 'enabled', enabled, 'settings', settings)
        FROM @.endpoint
        UNION ALL
        SELECT 'authenticationScheme', scheme, jsonb_strip_nulls(jsonb_build_object('scheme', scheme, 'keyword', keyword,
            'credential', credential, 'secondHeader', second_header, 'type', type, 'name', name,
            'description', description, 'specUri', spec_uri, 'primary', is_primary))
        FROM @.authentication_scheme
        UNION ALL
        SELECT 'tenant', tenant_id::text, jsonb_build_object('tenant', tenant_id, 'name', name)
        FROM @.tenant
    $sql$, '@.', quote_ident(store) || '.');
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_of_store(name) IS
'What a store is configured to be, a row for each part, as scim.export_profile puts it together: no people, no secrets, nothing of single tokens; and all tenants.';

CREATE OR REPLACE FUNCTION scim_internal.amended_schema(schema jsonb, amend jsonb, place text)
    RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    path text;
    characteristics jsonb;
    word text;
    key text;
    way text[];
    found text;
BEGIN
    FOR path, characteristics IN SELECT * FROM jsonb_each(amend) LOOP
        way := '{}';
        IF path = '' OR jsonb_typeof(characteristics) = 'object' AND scim.fold(characteristics ->> 'name') <> scim.fold(regexp_replace(path, '^.*\.', '')) THEN
            PERFORM scim_internal.profile_error(format('%s/%s', place, replace(replace(path, '~', '~0'), '/', '~1')), 'SCVAL',
                CASE path WHEN '' THEN 'there is no attribute without a name' ELSE 'an attribute keeps its name' END);
        END IF;
        FOREACH word IN ARRAY string_to_array(path, '.') LOOP
            key := CASE WHEN way = '{}' THEN 'attributes' ELSE 'subAttributes' END;
            SELECT n - 1 INTO found FROM jsonb_array_elements(schema #> (way || key)) WITH ORDINALITY a (document, n)
            WHERE scim.fold(document ->> 'name') = scim.fold(word);
            IF found IS NULL THEN
                -- it is gone already
                EXIT WHEN jsonb_typeof(characteristics) = 'null';
                PERFORM scim_internal.profile_error(format('%s/%s', place, replace(replace(path, '~', '~0'), '/', '~1')), 'SCVAL',
                    format('schema "%s" has no attribute "%s"', schema ->> 'id', path));
            END IF;
            way := way || key || found;
        END LOOP;
        schema := CASE WHEN jsonb_typeof(characteristics) = 'object' THEN jsonb_set(schema, way, jsonb_strip_nulls((schema #> way) || characteristics))
            WHEN found IS NULL THEN schema ELSE schema #- way END;
    END LOOP;
    RETURN schema;
END
$function$;
COMMENT ON FUNCTION scim_internal.amended_schema(jsonb, jsonb, text) IS
'The document of a schema with characteristics of some of its attributes replaced, by their paths; null takes one away, or an attribute as a whole. Error SCVAL where there is no such attribute, naming the place.';

CREATE OR REPLACE FUNCTION scim_internal.profile_of_document(document jsonb, store name)
    RETURNS TABLE (part text, key text, item jsonb, place text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    problem text := scim_internal.json_problem(scim.profile_schema(), document, '');
    element jsonb;
    list text;
    -- grown in place: copied for each element, they would take a time that grows with its square
    said text[] := '{}';
    places text[] := '{}';
    again record;
    spelled text;
    present jsonb;
    kept jsonb;
    detail text;
    hint text;
BEGIN
    IF problem IS NOT NULL THEN
        PERFORM scim_internal.profile_error(regexp_replace(substr(problem, 1, position(': ' IN problem) - 1), '^$', 'the document'),
            'SCVAL', substr(problem, position(': ' IN problem) + 2));
    END IF;
    -- without these nobody is there, and nobody comes in
    FOREACH list IN ARRAY ARRAY['resourceTypes', 'authenticationSchemes'] LOOP
        IF jsonb_typeof(document -> 'complete') = 'array' AND document -> 'complete' ? list AND NOT document ? list THEN
            PERFORM scim_internal.profile_error('/complete', 'SCVAL', format('"%s" needs the list of what is to stay', list));
        END IF;
    END LOOP;
    FOR list, part IN VALUES ('tenants', 'tenant'), ('schemas', 'schema'), ('resourceTypes', 'resourceType'),
            ('authenticationSchemes', 'authenticationScheme'), ('settings', 'setting'), ('policies', 'policy'), ('endpoints', 'endpoint') LOOP
        FOR element, place IN SELECT e, format('/%s/%s', list, n - 1)
                FROM jsonb_array_elements(document -> list) WITH ORDINALITY x (e, n) LOOP
            -- a number is the same however it is written
            item := element || CASE WHEN element ? 'tenant' THEN jsonb_build_object('tenant', trunc((element ->> 'tenant')::numeric)) ELSE '{}' END;
            CASE part
            WHEN 'tenant' THEN
                item := '{"name": ""}' || item;
                key := item ->> 'tenant';
            WHEN 'schema', 'resourceType' THEN
                IF part = 'schema' AND scim.fold(element ->> 'id') = ANY (ARRAY(SELECT scim.fold(p) FROM unnest(scim_internal.protocol_schemas()) p)) THEN
                    PERFORM scim_internal.profile_error(place || '/id', 'SCVAL', format('schema "%s" is the protocol''s own', element ->> 'id'));
                END IF;
                IF part = 'schema' AND element ? 'amend' THEN
                    EXECUTE format('SELECT document FROM %I.schema WHERE scim.fold(id) = scim.fold($1)', store) INTO item USING element ->> 'id';
                    IF item IS NULL THEN
                        PERFORM scim_internal.profile_error(place || '/amend', 'SCVAL', format('there is no schema "%s" to amend', element ->> 'id'));
                    END IF;
                    element := scim_internal.amended_schema(item || (element - 'amend'), element -> 'amend', place || '/amend');
                END IF;
                BEGIN
                    item := scim_internal.registered_form(part = 'resourceType', element - 'table')
                        || jsonb_strip_nulls(jsonb_build_object('table', element -> 'table'));
                EXCEPTION WHEN OTHERS THEN
                    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
                    PERFORM scim_internal.profile_error(place, sqlstate, sqlerrm, detail, hint);
                END;
                key := item ->> CASE part WHEN 'schema' THEN 'id' ELSE 'name' END;
            WHEN 'authenticationScheme' THEN
                -- what is not so is not said
                item := CASE WHEN item -> 'primary' = 'false' THEN item - 'primary' ELSE item END;
                key := item ->> 'scheme';
            WHEN 'setting' THEN
                item := item || jsonb_build_object('value', scim_internal.setting_form(item ->> 'name', item -> 'value'));
                IF item ? 'resourceType' THEN
                    -- as the table spells it
                    EXECUTE format('SELECT name FROM %I.resource_type WHERE scim.fold(name) = scim.fold($1)', store) INTO spelled USING item ->> 'resourceType';
                    item := item || jsonb_build_object('resourceType', coalesce(spelled, (SELECT t ->> 'name' FROM jsonb_array_elements(document -> 'resourceTypes') t
                        WHERE scim.fold(t ->> 'name') = scim.fold(item ->> 'resourceType') LIMIT 1), item ->> 'resourceType'));
                END IF;
                key := scim_internal.profile_key(item ->> 'name', item ->> 'resourceType', 'tenant ' || (item ->> 'tenant'));
            WHEN 'policy' THEN
                item := jsonb_build_object('name', item -> 'kind', 'enabled', true, 'settings', '{}'::jsonb) || item;
                key := scim_internal.profile_key(item ->> 'resourceType', item ->> 'kind',
                    nullif(item ->> 'name', item ->> 'kind'), 'tenant ' || (item ->> 'tenant'));
                IF item ? 'keep' THEN
                    -- what is the store's own to say
                    IF present IS NULL THEN
                        SELECT coalesce(jsonb_object_agg(p.key, p.item -> 'settings'), '{}') INTO present FROM scim_internal.profile_of_store(store) p WHERE p.part = 'policy';
                    END IF;
                    kept := present -> key;
                    item := jsonb_set(item, '{settings}', item -> 'settings' || coalesce((SELECT jsonb_object_agg(k, kept -> k)
                        FROM jsonb_array_elements_text(item -> 'keep') k WHERE kept ? k), '{}')) - 'keep';
                END IF;
            WHEN 'endpoint' THEN
                item := item || jsonb_build_object('methods', upper(item ->> 'methods')::jsonb);
                item := jsonb_build_object('enabled', true, 'settings', '{}'::jsonb, 'name',
                    coalesce((SELECT string_agg(m, ',') FROM jsonb_array_elements_text(item -> 'methods') m), '') || ' ' || (item ->> 'path')) || item;
                key := item ->> 'name';
            END CASE;
            said := array_append(said, part || ' ' || scim_internal.profile_same(part, key));
            places := array_append(places, place);
            RETURN NEXT;
        END LOOP;
    END LOOP;
    SELECT s.place, s.first INTO again
    FROM (SELECT u.n, u.place, first_value(u.place) OVER w AS first, row_number() OVER w AS number
        FROM unnest(said, places) WITH ORDINALITY AS u (said, place, n) WINDOW w AS (PARTITION BY u.said COLLATE "C" ORDER BY u.n)) AS s
    WHERE s.number > 1 ORDER BY s.n LIMIT 1;
    IF FOUND THEN
        PERFORM scim_internal.profile_error(again.place, 'SCVAL', format('says again what is said at %s', again.first));
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_of_document(jsonb, name) IS
'What a profile document says, a row for each part, with everything that it leaves to defaults and its place as a JSON pointer. Errors: SCVAL, naming the place.';

-- step: in which order it is done.
CREATE OR REPLACE FUNCTION scim_internal.profile_changes(document jsonb, store name)
    RETURNS TABLE (step int, part text, key text, change text, "from" jsonb, "to" jsonb, place text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    WITH wanted AS (
        SELECT w.*, scim_internal.profile_same(w.part, w.key) AS folded FROM scim_internal.profile_of_document(document, store) WITH ORDINALITY w (part, key, item, place, n)
    ), present AS (
        SELECT p.*, scim_internal.profile_same(p.part, p.key) AS folded FROM scim_internal.profile_of_store(store) p
    ), list (part, name) AS (
        VALUES ('schema', 'schemas'), ('resourceType', 'resourceTypes'), ('policy', 'policies'),
            ('setting', 'settings'), ('endpoint', 'endpoints'), ('authenticationScheme', 'authenticationSchemes')
    ), complete AS (
        SELECT part, document ? name AS said FROM list
        WHERE document -> 'complete' = 'true' OR jsonb_typeof(document -> 'complete') = 'array' AND document -> 'complete' ? name
    ), stays AS (
        -- of what is not named, although the document is complete: the resource types that every store
        -- begins with and its ways of authentication, where nothing is said of any, and ...
        SELECT p.* FROM present p JOIN complete c USING (part)
        WHERE NOT c.said AND document -> 'complete' = 'true'
          AND (p.part = 'authenticationScheme'
               OR p.part = 'resourceType' AND p.key IN (SELECT t.document ->> 'name' FROM scim_internal.core_resource_types() t))
    ), type AS (
        SELECT item FROM wanted WHERE part = 'resourceType'
        UNION ALL
        SELECT item FROM stays WHERE part = 'resourceType'
    ), used AS (
        -- ... schemas that a resource type names
        SELECT scim.fold(item ->> 'schema') AS id FROM type
        UNION
        SELECT scim.fold(e ->> 'schema') FROM type, jsonb_array_elements(item -> 'schemaExtensions') e
    ), change AS (
        SELECT part, coalesce(p.key, w.key) AS key, p.item AS "from",
            -- what a document leaves open is as it is
            w.item || CASE WHEN part = 'resourceType' AND NOT w.item ? 'table' AND p.item ? 'table'
                THEN jsonb_build_object('table', p.item -> 'table') ELSE '{}' END AS "to",
            w.place, w.n
        FROM wanted w FULL JOIN present p USING (part, folded)
        WHERE w.key IS NOT NULL OR (EXISTS (SELECT FROM complete c WHERE c.part = p.part)
            AND NOT EXISTS (SELECT FROM stays s WHERE (s.part, s.key) = (p.part, p.key))
            AND NOT (p.part = 'schema' AND p.folded IN (SELECT id FROM used)))
        UNION ALL
        -- one way of authentication is the primary one
        SELECT p.part, p.key, p.item, p.item - 'primary', w.place, w.n
        FROM wanted w, present p
        WHERE w.part = 'authenticationScheme' AND w.item ? 'primary' AND p.part = w.part AND p.item ? 'primary'
          AND NOT EXISTS (SELECT FROM wanted x WHERE (x.part, x.folded) = (p.part, p.folded))
          AND NOT EXISTS (SELECT FROM complete c WHERE c.part = p.part)
    )
    SELECT CASE
            WHEN "to" IS NULL THEN CASE part WHEN 'policy' THEN 1 WHEN 'setting' THEN 2 WHEN 'resourceType' THEN 6
                WHEN 'schema' THEN 7 WHEN 'authenticationScheme' THEN 8 ELSE 20 END
            ELSE CASE part WHEN 'tenant' THEN 3 WHEN 'schema' THEN 4 WHEN 'resourceType' THEN 5
                -- the primary one last, when the other one is not so any more
                WHEN 'authenticationScheme' THEN CASE WHEN "to" ? 'primary' THEN 10 ELSE 9 END
                -- what shows the life-cycle, and what is a reference, is named by other policies
                WHEN 'setting' THEN 11 WHEN 'policy' THEN CASE WHEN "to" ->> 'kind' IN ('status', 'reference') THEN 12 ELSE 13 END ELSE 20 END
        END,
        part, key, CASE WHEN "from" IS NULL THEN 'add' WHEN "to" IS NULL THEN 'remove' ELSE 'change' END,
        "from", "to", place
    FROM change
    -- a tenant has to be there; its name is the store's own
    WHERE CASE part WHEN 'tenant' THEN "from" IS NULL ELSE "from" IS DISTINCT FROM "to" END
    ORDER BY 1, n, key COLLATE "C"
$function$;
COMMENT ON FUNCTION scim_internal.profile_changes(jsonb, name) IS
'What makes a store what a profile document says, a row for each change, in the order in which it can be done.';

CREATE OR REPLACE FUNCTION scim.export_profile() RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    WITH part AS (
        SELECT * FROM scim_internal.profile_of_store(scim.store()::name)
    ), list (name, part) AS (
        VALUES ('tenants', 'tenant'), ('schemas', 'schema'), ('resourceTypes', 'resourceType'), ('policies', 'policy'),
            ('settings', 'setting'), ('endpoints', 'endpoint'), ('authenticationSchemes', 'authenticationScheme')
    )
    SELECT '{"scim": "profile/1", "complete": true}'::jsonb || jsonb_object_agg(l.name, coalesce(
        (SELECT jsonb_agg(p.item ORDER BY p.key COLLATE "C") FROM part p WHERE p.part = l.part
            AND (p.part <> 'tenant' OR EXISTS (SELECT FROM part o WHERE o.part IN ('policy', 'setting') AND o.item -> 'tenant' = p.item -> 'tenant'))),
        '[]'))
    FROM list l
$function$;
COMMENT ON FUNCTION scim.export_profile() IS
'What the current store is configured to be, as a profile document: schemas, resource types, policies, settings, endpoints, ways of authentication, and the tenants that these name. Nobody''s data and no secrets; settings of single tokens stay behind. It says "complete", so that another store to which it is applied becomes the same.';

CREATE OR REPLACE FUNCTION scim.diff_profile(document jsonb)
    RETURNS TABLE (part text, key text, action text, "from" jsonb, "to" jsonb)
    LANGUAGE sql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    SELECT c.part, c.key, c.change, c."from", c."to" FROM scim_internal.profile_changes(document, scim.store()::name) c ORDER BY c.step
$function$;
COMMENT ON FUNCTION scim.diff_profile(jsonb) IS
'What scim.apply_profile would change in the current store, in the order in which it does: part (schema, resourceType, policy, setting, endpoint, authenticationScheme or tenant), key, action (add, change or remove), what is there and what would be. No row: the store is what the document says. Errors: SCVAL where the document is wrong, naming the place as a JSON pointer; what only the store''s triggers find is found by scim.apply_profile. Others than the owner see what differs of what they may read.';

CREATE OR REPLACE FUNCTION scim_internal.profile_named(profile text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    found jsonb;
BEGIN
    IF profile ~ '^\s*\{' THEN
        RETURN profile;
    END IF;
    SELECT p.document INTO found FROM scim.profiles() p WHERE p.name = profile;
    IF found IS NULL THEN
        RAISE EXCEPTION 'there is no profile "%"', profile
            USING ERRCODE = 'undefined_object',
                  HINT = format('There are: %s. A document begins with {.', (SELECT string_agg(p.name, ', ') FROM scim.profiles() p));
    END IF;
    RETURN found;
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_named(text) IS
'The profile document that a text is or, where it does not begin with {, names. Error 42704 where there is no profile of that name.';

CREATE OR REPLACE FUNCTION scim.diff_profile(name text)
    RETURNS TABLE (part text, key text, action text, "from" jsonb, "to" jsonb)
    LANGUAGE sql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$ SELECT * FROM scim.diff_profile(scim_internal.profile_named(name)) $function$;
COMMENT ON FUNCTION scim.diff_profile(text) IS
'scim.diff_profile(jsonb) with the name of one of scim.profiles(), or with a document as a text.';

-- One change of a row or of a document, as the triggers of its table let it pass.
CREATE OR REPLACE FUNCTION scim_internal.profile_change(store name, part text, change text, before jsonb, item jsonb)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    CASE part
    WHEN 'schema' THEN
        IF change = 'remove' THEN
            PERFORM scim.unregister_schema(before ->> 'id');
        ELSE
            PERFORM scim.register_schema(item);
        END IF;
    WHEN 'resourceType' THEN
        IF change = 'remove' THEN
            PERFORM scim.unregister_resource_type(before ->> 'name');
        ELSE
            PERFORM scim.register_resource_type(item - 'table', table_name => (item ->> 'table')::name);
        END IF;
    WHEN 'tenant' THEN
        EXECUTE format('INSERT INTO %I.tenant (tenant_id, name) VALUES ($1, $2)', store)
            USING (item ->> 'tenant')::int, coalesce(nullif(item ->> 'name', ''), 'tenant ' || (item ->> 'tenant'));
    WHEN 'policy' THEN
        CASE change
        WHEN 'add' THEN
            EXECUTE format('INSERT INTO %I.policy (resource_type, kind, name, enabled, settings, tenant_id) VALUES ($1, $2, $3, $4, $5, $6)', store)
                USING item ->> 'resourceType', item ->> 'kind', item ->> 'name', (item ->> 'enabled')::boolean, item -> 'settings', (item ->> 'tenant')::int;
        WHEN 'change' THEN
            EXECUTE format('UPDATE %I.policy SET enabled = $4, settings = $5 WHERE resource_type = $1 AND kind = $2 AND name = $3 AND tenant_id IS NOT DISTINCT FROM $6', store)
                USING before ->> 'resourceType', before ->> 'kind', before ->> 'name', (item ->> 'enabled')::boolean, item -> 'settings', (before ->> 'tenant')::int;
        ELSE
            EXECUTE format('DELETE FROM %I.policy WHERE resource_type = $1 AND kind = $2 AND name = $3 AND tenant_id IS NOT DISTINCT FROM $4', store)
                USING before ->> 'resourceType', before ->> 'kind', before ->> 'name', (before ->> 'tenant')::int;
        END CASE;
    WHEN 'setting' THEN
        CASE change
        WHEN 'add' THEN
            EXECUTE format('INSERT INTO %I.setting (name, resource_type, tenant_id, value) VALUES ($1, $2, $3, $4)', store)
                USING item ->> 'name', item ->> 'resourceType', (item ->> 'tenant')::int, item -> 'value';
        WHEN 'change' THEN
            EXECUTE format('UPDATE %I.setting SET value = $4 WHERE name = $1 AND resource_type IS NOT DISTINCT FROM $2 AND tenant_id IS NOT DISTINCT FROM $3 AND token_id IS NULL', store)
                USING before ->> 'name', before ->> 'resourceType', (before ->> 'tenant')::int, item -> 'value';
        ELSE
            EXECUTE format('DELETE FROM %I.setting WHERE name = $1 AND resource_type IS NOT DISTINCT FROM $2 AND tenant_id IS NOT DISTINCT FROM $3 AND token_id IS NULL', store)
                USING before ->> 'name', before ->> 'resourceType', (before ->> 'tenant')::int;
        END CASE;
    WHEN 'authenticationScheme' THEN
        IF change = 'remove' THEN
            EXECUTE format('DELETE FROM %I.authentication_scheme WHERE scheme = $1', store) USING before ->> 'scheme';
        ELSE
            EXECUTE format('INSERT INTO %I.authentication_scheme (scheme, keyword, credential, second_header, type, name, description, spec_uri, is_primary)
                SELECT i.scheme, i.keyword, i.credential, i."secondHeader", i.type, i.name, i.description, i."specUri", i."primary"
                FROM jsonb_to_record($1) i (scheme text, keyword text, credential text, "secondHeader" text, type text,
                    name text, description text, "specUri" text, "primary" boolean)
                ON CONFLICT (scheme) DO UPDATE SET keyword = excluded.keyword, credential = excluded.credential,
                    second_header = excluded.second_header, type = excluded.type, name = excluded.name,
                    description = excluded.description, spec_uri = excluded.spec_uri, is_primary = excluded.is_primary', store)
                USING item;
        END IF;
    END CASE;
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_change(name, text, text, jsonb, jsonb) IS
'Does one of the changes of scim_internal.profile_changes; those of endpoints are done together.';

CREATE OR REPLACE FUNCTION scim.apply_profile(document jsonb) RETURNS int
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := scim.store();
    changed int;
    registry boolean;
    asleep text[] := '{}';
    keys uuid[];
    endpoints jsonb := '[]';
    gone text[] := '{}';
    c record;
    state text;
    detail text;
    hint text;
    name text;
    other text;
    pointer text;
BEGIN
    IF document IS NULL THEN
        RAISE EXCEPTION 'document must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    -- from others row-level security hides rows, and an UPDATE of them does nothing and says nothing
    IF NOT scim_internal.is_owner(quote_ident(store)::regnamespace) THEN
        RAISE EXCEPTION 'must be owner of store "%" to apply a profile to it', store
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM scim_internal.profile_changes(document, store)) THEN
        RETURN 0;
    END IF;
    -- one at a time, as whoever writes what the store is configured to be; somebody else may have done it meanwhile
    EXECUTE format('LOCK TABLE %I.schema IN SHARE UPDATE EXCLUSIVE MODE', store);
    SELECT count(*), coalesce(bool_or(x.part IN ('schema', 'resourceType')), false) INTO changed, registry
    FROM scim_internal.profile_changes(document, store) x;
    IF registry THEN
        -- What will be another policy or endpoint need not fit the schemas on the way there;
        -- what does not work already stands in nobody's way.
        -- which they are is found out apart: Citus has a statement executed on all nodes, function calls and all
        keys := ARRAY(SELECT b.id FROM scim_internal.broken_endpoints() b);
        EXECUTE format('SELECT coalesce(array_agg(e.name), ''{}'') FROM %I.endpoint e WHERE e.enabled AND e.id <> ALL ($1)', store) INTO asleep USING keys;
        IF asleep <> '{}' THEN
            EXECUTE format('UPDATE %I.endpoint SET enabled = false WHERE name = ANY ($1)', store) USING asleep;
        END IF;
        EXECUTE format('SELECT array_agg(p.id) FROM %I.policy p WHERE p.enabled AND scim_internal.profile_key(p.resource_type, p.kind, nullif(p.name, p.kind), ''tenant '' || p.tenant_id) = ANY ($1)', store)
            INTO keys USING ARRAY(SELECT x.key FROM scim_internal.profile_changes(document, store) x WHERE x.part = 'policy' AND x.change = 'change');
        IF keys IS NOT NULL THEN
            EXECUTE format('UPDATE %I.policy p SET enabled = false WHERE p.id = ANY ($1)', store) USING keys;
        END IF;
    END IF;
    -- A resource type brings policies with it, so that what is left is looked for behind it.
    FOR pass IN CASE WHEN registry THEN 1 ELSE 2 END .. 2 LOOP
        FOR c IN SELECT * FROM scim_internal.profile_changes(document, store) x
                WHERE pass = 2 OR x.part IN ('tenant', 'schema', 'resourceType') OR x.part = 'policy' AND x.change = 'remove'
                ORDER BY x.step LOOP
            IF c.part = 'endpoint' AND c.change = 'remove' THEN
                gone := gone || c.key;
            ELSIF c.part = 'endpoint' THEN
                endpoints := endpoints || (c."to" || jsonb_build_object('place', c.place));
            ELSE
                BEGIN
                    PERFORM scim_internal.profile_change(store, c.part, c.change, c."from", c."to");
                EXCEPTION WHEN OTHERS THEN
                    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, name = CONSTRAINT_NAME;
                    -- somebody has done it meanwhile, which this transaction cannot see
                    state := CASE WHEN sqlstate = '23505' AND current_setting('transaction_isolation') <> 'read committed'
                        THEN '40001' ELSE sqlstate END;
                    PERFORM scim_internal.profile_error(coalesce(c.place, '/complete'), state,
                        CASE WHEN c.place IS NULL THEN format('it names no %s %s: ', c.part, to_json(c.key)) ELSE '' END || CASE name
                            WHEN 'authentication_scheme_keyword_credential_key' THEN 'another scheme has the same keyword and credential'
                            WHEN 'authentication_scheme_keyword_idx' THEN 'another scheme has the same keyword and credential'
                            WHEN 'authentication_scheme_scheme_idx' THEN 'another scheme is called the same in other letters'
                            WHEN 'authentication_scheme_is_primary_key' THEN 'another scheme is the primary one'
                            WHEN 'tenant_base_url_key' THEN 'another tenant is served at the same base_url'
                            ELSE sqlerrm END,
                        detail, hint);
                END;
            END IF;
        END LOOP;
    END LOOP;
    IF endpoints <> '[]' OR gone <> '{}' OR asleep <> '{}' THEN
        -- one statement, since endpoints lean on each other
        BEGIN
            EXECUTE format('WITH gone AS (
                    DELETE FROM %1$I.endpoint WHERE name = ANY ($2)
                ), awake AS (
                    UPDATE %1$I.endpoint SET enabled = true
                    WHERE name = ANY ($3) AND name <> ALL ($2) AND name NOT IN (SELECT e ->> ''name'' FROM jsonb_array_elements($1) e)
                )
                INSERT INTO %1$I.endpoint (name, methods, path, resource_type, action, enabled, settings)
                SELECT e ->> ''name'', ARRAY(SELECT jsonb_array_elements_text(e -> ''methods'')), e ->> ''path'', e ->> ''resourceType'',
                    e ->> ''action'', (e ->> ''enabled'')::boolean, e -> ''settings''
                FROM jsonb_array_elements($1) e
                ON CONFLICT (name) DO UPDATE SET methods = excluded.methods, path = excluded.path, resource_type = excluded.resource_type,
                    action = excluded.action, enabled = excluded.enabled, settings = excluded.settings', store)
                USING endpoints, gone, asleep;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
                name = PG_DATATYPE_NAME, pointer = COLUMN_NAME, other = TABLE_NAME;
            -- of two that share a path, or of one that is like another, the one that the document has
            SELECT d.place || CASE WHEN d.key = name OR pointer = '/path' THEN pointer ELSE '/settings/like' END INTO pointer FROM scim_internal.profile_of_document(document, store) d
            WHERE d.part = 'endpoint' AND d.key IN (name, other) ORDER BY d.key = name DESC LIMIT 1;
            PERFORM scim_internal.profile_error(coalesce(pointer, '/endpoints'), sqlstate,
                CASE WHEN pointer IS NULL THEN regexp_replace(sqlerrm, '^endpoint ', 'the store''s endpoint ') ELSE sqlerrm END, detail, hint);
        END;
    END IF;
    -- what has been written is there, unless a trigger or rule of somebody's keeps it from being so
    SELECT x.part, x.key, x.place INTO c FROM scim_internal.profile_changes(document, store) x ORDER BY x.step LIMIT 1;
    IF FOUND THEN
        PERFORM scim_internal.profile_error(coalesce(c.place, '/complete'), '42501',
            format('a trigger or rule of table "%s" keeps the store from writing %s', CASE c.part WHEN 'resourceType' THEN 'resource_type'
                WHEN 'authenticationScheme' THEN 'authentication_scheme' ELSE c.part END, to_json(c.key)), NULL, NULL);
    END IF;
    RETURN changed;
END
$function$;
COMMENT ON FUNCTION scim.apply_profile(jsonb) IS
'Makes the current store what a profile document says, and returns the number of changes: 0 where it is that already, and then nothing is written. What the document does not name stays, unless it says "complete": then that goes, too, but for a resource type that has resources, which is an error. All of it is done or nothing. Errors: 42501 for others than the owner of the store, SCVAL where the document is wrong and whatever a change of the tables raises, each beginning with the place in the document as a JSON pointer. scim.diff_profile shows the changes before.';

CREATE OR REPLACE FUNCTION scim.apply_profile(name text) RETURNS int
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$ SELECT scim.apply_profile(scim_internal.profile_named(name)) $function$;
COMMENT ON FUNCTION scim.apply_profile(text) IS
'scim.apply_profile(jsonb) with the name of one of scim.profiles(), or with a document as a text.';
-- Tables of applications that are bound to resources: src/binding.

CREATE OR REPLACE FUNCTION scim_internal.binding_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_door() IS
'BEFORE row trigger of a store''s tables "binding" and "binding_link": only scim.bind_table and scim.unbind_table write the one, since a row without its triggers would bind nothing, and the store alone the other, by which rows and resources find each other. Error 55000.';

CREATE OR REPLACE FUNCTION scim_internal.binding_resource() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_resource'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_resource() IS
'AFTER row trigger of a table of resources whose type is bound: writes what has changed to the row of the application''s table, as the owner of that.';

CREATE OR REPLACE FUNCTION scim_internal.binding_member() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_member'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_member() IS
'AFTER row trigger of a store''s table "member" where groups are bound with their members: writes the row of the application''s table of members, as the owner of that.';

CREATE OR REPLACE FUNCTION scim_internal.binding_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_row() IS
'AFTER row trigger of a table that is bound, and of those that hold its multi-valued attributes and members: writes what has changed to the resource, as the owner of the store. With an argument it is never put off, and comes first: the link goes along with the key of the row, the row whose values are written is locked, and what is put off is counted.';

CREATE OR REPLACE FUNCTION scim_internal.binding_note() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_note'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_note() IS
'BEFORE row trigger of a table of members that is bound, and, with arguments (columns that say whether a row goes), of people and groups: notes which rows a statement writes, so that the trigger that follows them changes each group once.';

CREATE OR REPLACE FUNCTION scim_internal.binding_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_truncate'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_truncate() IS
'BEFORE TRUNCATE trigger of a table that is bound: refuses, since no trigger would see which rows go. Error 0A000.';

CREATE OR REPLACE FUNCTION scim_internal.binding_problems(store regnamespace, OUT relation regclass, OUT problem text, OUT repairable boolean, OUT blocks boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_binding_problems'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.binding_problems(regnamespace) IS
'What keeps tables that are bound to a store, and resources, from following each other: triggers that are missing or switched off, mappings that do not work any more, bindings that are lost. repairable: scim.repair_store puts it right; blocks: the store is not ready with it. For scim.readiness.';

CREATE OR REPLACE FUNCTION scim_internal.repair_binding(store regnamespace, relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_repair_binding'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION scim_internal.repair_binding(regnamespace, regclass) IS
'Makes the triggers that the tables of a binding have lost, on both sides, and switches them on; a warning says that the two sides have to be compared. For who owns both the store and the table. What scim.repair_store returns for them.';

CREATE OR REPLACE FUNCTION scim.bind_table(resource_type text, relation regclass, mapping jsonb,
    OUT side text, OUT key text[], OUT resource_id uuid, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_bind_table'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.bind_table(text, regclass, jsonb) IS
'Binds a table of an application to the resources of a type: what is written to either is written to the other, in the same transaction, as the mapping says (doc/applications.md); of a table that is bound to them already it replaces the mapping, and keeps who is who. Takes in what is there already, and returns a row for each row ("table") or resource ("scim") that could not be, with its "problem", and for each row that a table which was not empty has got ("inserted"). For who owns both the store and the table.';

CREATE OR REPLACE FUNCTION scim.unbind_table(relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_unbind_table'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.unbind_table(regclass) IS
'Ends what scim.bind_table began: rows and resources stay as they are, and follow each other no more. Error 42704 where the table is not bound to the current store.';

CREATE OR REPLACE FUNCTION scim.check_binding(relation regclass DEFAULT NULL,
    OUT bound regclass, OUT side text, OUT key text[], OUT resource_id uuid, OUT attribute text, OUT "column" text, OUT table_value jsonb, OUT scim_value jsonb, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_check_binding'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.check_binding(regclass) IS
'Compares a bound table, or all of the current store, with the resources: a row for each attribute that differs (side "both"), each row without a resource ("table") and each resource without a row ("scim"); "problem" says why a value cannot be read, why a row is no resource (of the first 1,000; it is tried, and undone, where you may write), that a row says no tenant of the mapping, or another one than its resource is of, that a row of members belongs to nobody, that nothing fills a column which must not be null, or that one cannot hold a word of "values"; of all tables, why one does not work any more. No rows: both sides say the same.';

CREATE OR REPLACE FUNCTION scim.mend_binding(relation regclass, side text, resource_id uuid DEFAULT NULL, key text[] DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_mend_binding'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.mend_binding(regclass, text, uuid, text[]) IS
'Takes what scim.check_binding lists of a bound table from one side, "table" or "scim": all of it, or that of a resource or of the row of a key. Attributes, rows without a resource ("table"), resources without a row ("scim") and members; rows that have gone take their resources along. A resource without a row is linked to the one that is its own and could not be taken in, or gets a new one. A row without a resource is not deleted by "scim", nor a resource that never had a row by "table". Returns how many rows, resources and memberships have been taken; a warning tells of each that cannot be. Errors 42704 where the table is not bound to the current store, 22023 for another side.';

CREATE OR REPLACE FUNCTION scim.mend_binding(relation regclass, side text, resource_id text, key text[] DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_mend_binding'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.mend_binding(regclass, text, text, text[]) IS
'Takes what scim.check_binding lists of a bound table from one side: as scim.mend_binding(regclass, text, uuid, text[]), with the id as a text.';
-- Many resources at once: src/import.

CREATE OR REPLACE FUNCTION scim.import(resource_type text, source text, mode text DEFAULT 'delta', apply boolean DEFAULT false, match text DEFAULT NULL,
    mapping jsonb DEFAULT NULL, missing text DEFAULT NULL, scope text DEFAULT NULL, invalid text DEFAULT 'skip', empty text DEFAULT 'clear',
    passwords text DEFAULT 'new', members text DEFAULT 'userName', separator text DEFAULT ';', max_missing text DEFAULT '10%',
    max_changed text DEFAULT '50%', force boolean DEFAULT false)
    RETURNS TABLE (line bigint, key text, resource_id uuid, action text, version bigint, difference jsonb, problems jsonb)
    AS 'MODULE_PATHNAME', 'scim_import'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.import(text, text, text, boolean, text, jsonb, text, text, text, text, text, text, text, text, text, boolean) IS
'Compares the rows of a table or query with the resources of a type and tenant and, with apply, makes these what the rows say, as the caller and through the door (doc/import.md). A row for each row of the source and, in mode "full", each resource that is not in it: what is or would be done (create, change, deactivate, delete, unchanged; invalid and conflict, with problems; refused: all of it, since it would be too much), the version it was compared in, or has since, and the difference as operations of RFC 6902, without secrets. Errors: SC409 where too much would end or change, or rows are invalid that must not be; SCVAL where an argument or column is wrong; SC403 where scopes do not allow it, or the tenant is not there.';

CREATE OR REPLACE FUNCTION scim.import(resource_type text, source regclass, mode text DEFAULT 'delta', apply boolean DEFAULT false, match text DEFAULT NULL,
    mapping jsonb DEFAULT NULL, missing text DEFAULT NULL, scope text DEFAULT NULL, invalid text DEFAULT 'skip', empty text DEFAULT 'clear',
    passwords text DEFAULT 'new', members text DEFAULT 'userName', separator text DEFAULT ';', max_missing text DEFAULT '10%',
    max_changed text DEFAULT '50%', force boolean DEFAULT false)
    RETURNS TABLE (line bigint, key text, resource_id uuid, action text, version bigint, difference jsonb, problems jsonb)
    AS 'MODULE_PATHNAME', 'scim_import_relation'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.import(text, regclass, text, boolean, text, jsonb, text, text, text, text, text, text, text, text, text, boolean) IS
'scim.import(text, text, ...) of a table or view.';

CREATE OR REPLACE FUNCTION scim.export(resource_type text, filter text DEFAULT NULL, attributes text DEFAULT NULL, members text DEFAULT 'id')
    RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_export'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.export(text, text, text, text) IS
'The resources of a type and the current tenant, in the order of their ids, as documents that scim.import takes: with id, without meta, schemas, groups and secrets. filter: those that match (RFC 7644 section 3.4.2.2); attributes: these only, with a comma in between. members: what members of groups are named by: "id", or an attribute of people such as userName, and then groups among them by displayName.';

CREATE OR REPLACE FUNCTION scim.export_csv(resource_type text, filter text DEFAULT NULL, columns text[] DEFAULT NULL, members text DEFAULT 'id')
    RETURNS SETOF text
    AS 'MODULE_PATHNAME', 'scim_export_csv'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.export_csv(text, text, text[], text) IS
'The same as lines of CSV (RFC 4180), the first of which names the columns: each the path of an attribute, as in name.givenName or emails[type eq "work"].value; where none are given, all that a client may write; or _version. What has several values, or parts, is JSON in its cell.';
-- Loads of very many new resources: src/door/row/load.c.

CREATE OR REPLACE FUNCTION scim_internal.load_begin(relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_load_begin'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.load_begin(regclass) IS
'From now on this session loads a table of resources of a store, for scim.begin_load.';

CREATE OR REPLACE FUNCTION scim_internal.load_end(relation regclass)
    RETURNS TABLE (line bigint, key text, problems jsonb)
    AS 'MODULE_PATHNAME', 'scim_load_end'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.load_end(regclass) IS
'This session loads that table no more; the rows that were left out.';

-- The indexes that a load makes do without: all of ours that keep nothing unique.
CREATE OR REPLACE FUNCTION scim_internal.load_indexes(resource_type text)
    RETURNS TABLE (store name, table_name name, index_name name, statement text, is_there boolean)
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    store name := scim.store();
    type record;
BEGIN
    IF NOT scim_internal.is_owner(quote_ident(store)::regnamespace) THEN
        RAISE EXCEPTION 'must be owner of store "%"', store USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'load resources');
    PERFORM scim_internal.refuse_spread(store, 'loaded', 'COPY and INSERT reach none of its tables of resources.',
        'scim.import() takes many at a time, executed by scim.at_tenant().');
    EXECUTE format('SELECT t.name, t.table_name FROM %I.resource_type t WHERE t.name = $1', store) INTO type USING resource_type;
    IF type.name IS NULL THEN
        RAISE EXCEPTION 'unknown resource type "%"', resource_type USING ERRCODE = 'SC404';
    END IF;
    IF to_regclass(format('%I.%I', store, type.table_name)) IS NULL THEN
        RAISE EXCEPTION 'store "%" has no table "%"', store, type.table_name USING ERRCODE = 'SC503',
            HINT = format('SELECT scim.repair_store(%L) \gexec in psql gives it its name again, or makes it.', store);
    END IF;
    RETURN QUERY SELECT store, type.table_name::name, i.name, i.statement, to_regclass(format('%I.%I', store, i.name)) IS NOT NULL
            AND NOT EXISTS (SELECT FROM pg_index u WHERE u.indexrelid = to_regclass(format('%I.%I', store, i.name)) AND NOT u.indisvalid)
        FROM (SELECT s.statement, (parse_ident(substring(s.statement FROM '^CREATE INDEX (.+?) ON ')))[1]::name AS name
              FROM scim_internal.resource_table_statements(store, type.table_name, type.name) AS s (statement)
              WHERE starts_with(s.statement, 'CREATE INDEX ')) AS i;
END
$$;
COMMENT ON FUNCTION scim_internal.load_indexes(text) IS
'The indexes of a store''s table of resources of a type that scim.begin_load drops and scim.end_load makes, and whether they are there and valid.';

CREATE OR REPLACE FUNCTION scim.begin_load(resource_type text, drop_indexes boolean DEFAULT true) RETURNS SETOF name
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    index record;
BEGIN
    IF resource_type IS NULL THEN
        RAISE EXCEPTION 'resource_type must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    IF drop_indexes IS NULL THEN
        RAISE EXCEPTION 'drop_indexes must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    -- The lock that dropping takes, before any weaker one that another session may wait behind; and then who is there.
    FOR index IN SELECT DISTINCT i.store, i.table_name FROM scim_internal.load_indexes(resource_type) AS i WHERE drop_indexes AND to_regclass(format('%I.%I', i.store, i.index_name)) IS NOT NULL LOOP
        EXECUTE format('LOCK TABLE ONLY %I.%I IN ACCESS EXCLUSIVE MODE', index.store, index.table_name);
    END LOOP;
    FOR index IN SELECT * FROM scim_internal.load_indexes(resource_type) LOOP
        PERFORM scim_internal.load_begin(format('%I.%I', index.store, index.table_name)::regclass);
        IF drop_indexes AND to_regclass(format('%I.%I', index.store, index.index_name)) IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I.%I', index.store, index.index_name);
            RETURN NEXT index.index_name;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION scim.begin_load(text, boolean) IS
'Prepares this session to load very many new resources of a type into the current store, by COPY or INSERT into its table, until scim.end_load (doc/performance.md): a row that breaks a rule is left out and not the end of all, the audit has one row for all that a statement creates, and the indexes of the table that keep nothing unique are dropped, whose names are returned; searches are right without them, and slow. For the owner of the store. As part of a transaction it is undone with it; committed, others may read and write meanwhile, and what was interrupted goes on with another begin_load. Of two sessions that begin at once the second waits.';

CREATE OR REPLACE FUNCTION scim.end_load(resource_type text)
    RETURNS TABLE (line bigint, key text, problems jsonb)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    index record;
    relation text;
    missing boolean;
    unfinished boolean;
BEGIN
    IF resource_type IS NULL THEN
        RAISE EXCEPTION 'resource_type must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    -- One ends at a time.  Two that make the same index would be in each other's way, and so would two that have both kept writers out already.
    SELECT format('%I.%I', min(i.store), min(i.table_name)), NOT bool_and(i.is_there), bool_or(NOT i.is_there AND to_regclass(format('%I.%I', i.store, i.index_name)) IS NOT NULL)
    INTO relation, missing, unfinished FROM scim_internal.load_indexes(resource_type) AS i;
    EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', relation, CASE WHEN unfinished THEN 'ACCESS EXCLUSIVE' WHEN missing THEN 'SHARE ROW EXCLUSIVE' ELSE 'SHARE UPDATE EXCLUSIVE' END);
    FOR index IN SELECT * FROM scim_internal.load_indexes(resource_type) LOOP
        -- what another session has dropped just now, it makes again
        IF missing AND NOT index.is_there THEN
            -- one whose making was broken off goes before
            IF to_regclass(format('%I.%I', index.store, index.index_name)) IS NOT NULL THEN
                EXECUTE format('DROP INDEX %I.%I', index.store, index.index_name);
            END IF;
            EXECUTE index.statement;
        END IF;
    END LOOP;
    EXECUTE format('ANALYZE %s', relation);
    RETURN QUERY SELECT * FROM scim_internal.load_end(relation::regclass);
END
$$;
COMMENT ON FUNCTION scim.end_load(text) IS
'Ends what scim.begin_load began, in this session or in another one that was lost: makes the indexes that are missing, and statistics, and returns the rows that this session has left out: the number of the row, counted from 1 since begin_load, what it is called, and what is wrong with it. Rows of statements that were rolled back count, and are told of, too. Of two sessions that end at once the second waits; where it fails, it can be called again. For the owner of the store.';
-- Names of people that are one by scim.fold_user_name, and stores in which they were compared otherwise.

CREATE OR REPLACE FUNCTION scim_internal.unique_key(folded text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN octet_length(folded) <= 512 THEN folded ELSE 'sha256:' || encode(sha256(convert_to(folded, 'UTF8')), 'hex') END;
END;
COMMENT ON FUNCTION scim_internal.unique_key(text) IS
'The key in table "unique_value" of a string that is folded already.';

CREATE OR REPLACE FUNCTION scim_internal.equal_user_names(store name, other_names jsonb, OUT tenant_id int, OUT resource_type text, OUT folded text, OUT ids uuid[], OUT user_names text[])
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET row_security = off
AS $function$
BEGIN
    PERFORM scim_internal.refuse_spread(store);
    RETURN QUERY EXECUTE format($query$
        SELECT r.tenant_id, r.resource_type::text, scim.fold_user_name(n.name)::text COLLATE "C", array_agg(r.id ORDER BY r.id), array_agg(n.name ORDER BY r.id)
        FROM %1$I.resource r, LATERAL (SELECT coalesce($1 ->> r.id::text, r.user_name)::text AS name) AS n
        WHERE r.deleted_at IS NULL AND r.user_name IS NOT NULL
          AND (r.resource_type = 'User' OR EXISTS (SELECT FROM %1$I.unique_value u
                   WHERE u.resource_type = r.resource_type AND u.resource_id = r.id AND u.attribute ~ '^(policy .* )?userName$')
               -- of a type where it is caseExact, names that are written otherwise are others
               AND NOT EXISTS (SELECT FROM %1$I.resource_type t JOIN %1$I.schema s ON scim.fold(s.id) = scim.fold(t.document ->> 'schema'), jsonb_array_elements(s.document -> 'attributes') AS a
                   WHERE t.name = r.resource_type AND lower(a ->> 'name') = 'username' AND a -> 'caseExact' = 'true'))
        GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 1, 2, 3$query$, store) USING other_names;
END
$function$;
COMMENT ON FUNCTION scim_internal.equal_user_names(name, jsonb) IS
'What scim.equal_user_names says of a store; other_names: ids of resources to the names that they are taken to have.';

CREATE OR REPLACE FUNCTION scim.equal_user_names(name text, OUT tenant_id int, OUT resource_type text, OUT folded text, OUT ids uuid[], OUT user_names text[])
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET row_security = off
AS $function$
BEGIN
    IF NOT scim_internal.is_store(equal_user_names.name::name) THEN
        RAISE EXCEPTION 'store "%" does not exist', equal_user_names.name USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = equal_user_names.name), 'USAGE') THEN
        RAISE EXCEPTION 'must be owner of store "%"', equal_user_names.name USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT e.* FROM scim_internal.equal_user_names(equal_user_names.name::name, '{}') AS e;
END
$function$;
COMMENT ON FUNCTION scim.equal_user_names(text) IS
'The user names of a store of version 0.8.0 or earlier of which there may be one only, that differ by scim.fold, as they were compared there, and are the same by scim.fold_user_name, as they are compared by now (RFC 7644 section 5): by tenant and resource type what they are folded to, the ids of those who have them, and how each is written. Without those who are deleted. None of them is there in a store of this version. Changes nothing. Errors: 3F000 where there is no such store; 42501 for anyone but its owner, and for him where row-level security hides rows from him, too.';

-- Who upgrades sees all rows, of whatever tenant, and the tables are locked.
CREATE OR REPLACE FUNCTION scim_internal.let_owner_see_names(store name) RETURNS regclass[]
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    forced CONSTANT regclass[] := ARRAY(SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relname IN ('resource', 'unique_value', 'resource_type', 'schema') AND c.relforcerowsecurity ORDER BY c.relname);
    relation regclass;
BEGIN
    FOREACH relation IN ARRAY forced LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', relation);
    END LOOP;
    RETURN forced;
END
$function$;
COMMENT ON FUNCTION scim_internal.let_owner_see_names(name) IS
'Takes row-level security from the owner of the tables of a store that tell who has which name, where it is forced upon him; and returns these, upon which it is to be forced again.';

CREATE OR REPLACE FUNCTION scim_internal.force_again(forced regclass[]) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    relation regclass;
BEGIN
    FOREACH relation IN ARRAY forced LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.force_again(regclass[]) IS
'Forces row-level security upon the owner of these tables again.';

-- Before anything of the store is changed.
CREATE OR REPLACE FUNCTION scim_internal.require_other_names(store name, other_names jsonb) RETURNS void
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    equals CONSTANT uuid[] := ARRAY(SELECT unnest(e.ids) FROM scim_internal.equal_user_names(store, '{}') AS e);
    said text;
    sets bigint;
BEGIN
    SELECT string_agg(key, ', ') INTO said FROM jsonb_each(other_names)
    WHERE key <> ALL (ARRAY(SELECT id::text FROM unnest(equals) AS id)) OR jsonb_typeof(value) <> 'string' OR value = '""';
    IF said IS NOT NULL THEN
        RAISE EXCEPTION 'user_names has what is no name for one whose name others have: %', left(said, 200) USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'It is an object: the ids of resources that scim.equal_user_names lists, as text, to the userName that each is to have.';
    END IF;
    SELECT count(*), string_agg(format('tenant %s, %s: %s', e.tenant_id, e.resource_type,
            (SELECT string_agg(format('"%s" (%s)', left(e.user_names[i], 64), e.ids[i]), ', ') FROM generate_subscripts(e.ids[:10], 1) AS i)), E'\n') FILTER (WHERE e.number <= 20)
    INTO sets, said
    FROM scim_internal.equal_user_names(store, other_names) WITH ORDINALITY AS e (tenant_id, resource_type, folded, ids, user_names, number);
    IF sets > 0 THEN
        RAISE EXCEPTION 'store "%" has user names that are the same one by now: % of them', store, sets
            USING ERRCODE = 'unique_violation', DETAIL = said || CASE WHEN sets > 20 THEN E'\n...' ELSE '' END,
                  HINT = format('The store is as it was. SELECT * FROM scim.equal_user_names(%1$L) lists them all. Say which other names people get on the way: SELECT scim.upgrade_store(%1$L, user_names => ''{"ID": "another name", ...}'') \gexec in psql.', store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.require_other_names(name, jsonb) IS
'Error 23505 where a store of an earlier version has user names that are one by scim.fold_user_name, once resources have the names that other_names gives their ids; 22023 where it gives one to somebody else.';

-- A step of a store to version 0.9.0.
CREATE OR REPLACE FUNCTION scim_internal.fold_user_names_anew(store_table oid, other_names jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    store CONSTANT name := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    forced CONSTANT regclass[] := scim_internal.let_owner_see_names(store);
    former jsonb;
    part record;
    statement text;
    index text;
BEGIN
    PERFORM scim_internal.require_other_names(store, other_names);
    IF other_names <> '{}' THEN
        EXECUTE format($query$SELECT jsonb_object_agg(id, user_name) FROM %I.resource WHERE id = ANY (ARRAY(SELECT key::uuid FROM jsonb_object_keys($1) AS key)) AND deleted_at IS NULL$query$, store)
        INTO former USING other_names;
        EXECUTE format($update$UPDATE %I.resource SET data = jsonb_set(data, '{userName}', $1 -> id::text)
            WHERE id = ANY (ARRAY(SELECT key::uuid FROM jsonb_object_keys($1) AS key)) AND deleted_at IS NULL$update$, store) USING other_names;
        -- what was kept of the former name is not found by how it is folded now
        EXECUTE format($delete$DELETE FROM %1$I.unique_value u USING jsonb_each_text($1) AS n (id, name), %1$I.resource r
            WHERE u.resource_id = n.id::uuid AND u.attribute ~ '^(policy .* )?userName$' AND u.value = scim_internal.unique_key(scim.fold(n.name))
              AND r.resource_type = u.resource_type AND r.id = u.resource_id AND u.value <> scim_internal.unique_key(scim.fold_user_name(r.user_name))$delete$, store) USING former;
    END IF;
    FOR part IN
        SELECT t.relname AS table_name, substring(pg_get_expr(t.relpartbound, t.oid) FROM '^FOR VALUES IN \(''(.*)''\)$') AS resource_type
        FROM pg_inherits h JOIN pg_class t ON t.oid = h.inhrelid
        WHERE h.inhparent = to_regclass(format('%I.resource', store)) AND t.relnamespace = (SELECT to_regnamespace(quote_ident(store))) ORDER BY t.relname
    LOOP
        FOR statement IN
            SELECT scim_internal.of_store(s, store) FROM scim_internal.resource_table_statements(store, part.table_name, replace(part.resource_type, '''''', '''')) AS s
            WHERE s ~ '^CREATE (UNIQUE )?INDEX ' AND s ~ 'scim[.]fold_user_name\(user_name\)'
        LOOP
            index := format('%I.%s', store, (regexp_match(statement, '^CREATE (?:UNIQUE )?INDEX ("(?:[^"]|"")+"|\S+) ON '))[1]);
            IF scim_internal.is_of_folded_names(to_regclass(index), scim_internal.index_shape(regexp_replace(statement, '^CREATE (UNIQUE )?INDEX .*? \((tenant_id, .*)$', '\1btree (\2'))) THEN
                EXECUTE format('DROP INDEX %s', index);
            END IF;
            -- what is unique binds from the first write on; one that only has the name stays, and is told of
            IF statement ~ '^CREATE UNIQUE ' AND to_regclass(index) IS NULL THEN
                EXECUTE statement;
            END IF;
        END LOOP;
        EXECUTE format('ANALYZE %I.%I (user_name)', store, part.table_name);
    END LOOP;
    -- of other types
    EXECUTE format($update$
        UPDATE %1$I.unique_value u SET value = scim_internal.unique_key(scim.fold_user_name(v.value))
        FROM %1$I.resource r, LATERAL (
            SELECT p.path, e #>> '{}' AS value FROM (VALUES ('userName'), ('userName.value')) AS p (path), LATERAL jsonb_path_query(r.data, ('lax $.' || p.path || ' ? (@.type() == "string")')::jsonpath) AS e) AS v
        WHERE u.attribute ~ '^(policy .* )?userName([.]value)?$' AND r.resource_type = u.resource_type AND r.id = u.resource_id AND r.deleted_at IS NULL
          AND right(u.attribute, length(v.path)) = v.path AND u.value = scim_internal.unique_key(scim.fold(v.value)) AND u.value <> scim_internal.unique_key(scim.fold_user_name(v.value))
          AND NOT EXISTS (SELECT FROM %1$I.resource_type t JOIN %1$I.schema s ON scim.fold(s.id) = scim.fold(t.document ->> 'schema'), jsonb_array_elements(s.document -> 'attributes') AS a
              WHERE t.name = u.resource_type AND lower(a ->> 'name') = 'username' AND a -> 'caseExact' = 'true')$update$, store);
    PERFORM scim_internal.force_again(forced);
END
$function$;
COMMENT ON FUNCTION scim_internal.fold_user_names_anew(oid, jsonb) IS
'The last step of a store to version 0.9.0, one of whose tables is given: resources whose ids other_names has get the names that it says, and what is kept of names that are folded is so by scim.fold_user_name, the unique index and unique values; indexes that only make it fast are dropped, and made anew by what scim.upgrade_store returns. Errors as scim_internal.require_other_names has them.';

CREATE OR REPLACE FUNCTION scim_internal.drop_name_statistics(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    former record;
BEGIN
    FOR former IN
        SELECT n.nspname, s.stxname
        FROM pg_class of_store JOIN pg_namespace n ON n.oid = of_store.relnamespace JOIN pg_statistic_ext s ON s.stxnamespace = n.oid JOIN pg_class t ON t.oid = s.stxrelid
        WHERE of_store.oid = store_table AND t.relnamespace = n.oid AND s.stxname = (t.relname || '_user_name_stats')::name
          AND pg_get_statisticsobjdef_expressions(s.oid) = ARRAY['scim.fold(user_name)']
    LOOP
        EXECUTE format('DROP STATISTICS %I.%I', former.nspname, former.stxname);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.drop_name_statistics(oid) IS
'Drops the statistics on user names that versions until 0.8.0 made, in the store one of whose tables is given; those of this version are made with what else is made anew.';
-- What writeOnly attributes have is kept sealed: keys, and what they open.

CREATE OR REPLACE FUNCTION scim.set_sealing_key(jwk jsonb) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_set_sealing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.set_sealing_key(jsonb) IS
'Sets the key to which the current store seals what writeOnly attributes have from now on, and returns its kid: a public JWK (RFC 7517) on P-256 or X25519, whose private part stays with whoever opens the values. Its kid is its thumbprint (RFC 7638) where it has none. Keys from before stay known, and what is sealed to them stays as it is; one that is known already seals again. For the owner of the store. Errors: 22023 for what is no such key or has a private part, 42710 where another key has its kid.';

CREATE OR REPLACE FUNCTION scim.create_sealing_key() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_create_sealing_key'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_sealing_key() IS
'Makes a key on P-256 to which the current store seals from now on, and returns its kid. Both parts are in the table secret of the store, which its owner alone reads, and in dumps; scim.unseal opens what is sealed to it. A store that has no key makes one when there is something to seal. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.drop_sealing_key(kid text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_sealing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_sealing_key(text) IS
'Forgets a key, and with it the private part where the store has it: what is sealed to it is opened by nobody who has not the key elsewhere. For the owner of the store. Errors: SC404 where there is none with that kid, 55000 for the one that seals now.';

CREATE OR REPLACE FUNCTION scim.sealing_keys() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_sealing_keys'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.sealing_keys() IS
'The public keys to which the current store has sealed, as a JWK Set (RFC 7517 section 5): the first is the one that seals now. For the owner of the store.';

CREATE OR REPLACE FUNCTION scim.unseal(sealed text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_unseal'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unseal(text) IS
'What is in a sealed value, such as data has in the place of a writeOnly one; the audit says who has opened one. For the owner of the store. Errors: 22023 for what is no sealed value, 55000 where the store has not the private part of its key.';

CREATE OR REPLACE FUNCTION scim.unseal_value(id uuid, path text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_unseal_value'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unseal_value(uuid, text) IS
'What a writeOnly attribute or sub-attribute of a resource has, by its path; of several values an array, null where it has none. The audit says who has opened it, and where. For the owner of the store. Errors: SC404 where there is no such resource, SC400 (invalidPath) where the path names no such attribute, 55000 as with scim.unseal.';

CREATE OR REPLACE FUNCTION scim.unseal_value(id text, path text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_unseal_value'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unseal_value(text, text) IS
'What a writeOnly attribute of a resource has: as scim.unseal_value(uuid, text), with the id as a text.';

CREATE OR REPLACE FUNCTION scim_internal.seal_stored(store name) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_seal_stored'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.seal_stored(name) IS
'Seals what writeOnly attributes of stored resources of all tenants have in clear, as versions before 0.9.0 have left it, and returns of how many resources; no version of any changes. scim.upgrade_store does so. For the owner of the store, also where row-level security is forced upon him.';

REVOKE ALL ON FUNCTION scim.set_sealing_key(jsonb), scim.create_sealing_key(), scim.drop_sealing_key(text), scim.sealing_keys(),
    scim.unseal(text), scim.unseal_value(uuid, text), scim.unseal_value(text, text) FROM PUBLIC;
-- What a store tells who watches it: whether it can serve, and how it is.

CREATE OR REPLACE FUNCTION scim_internal.require_ready(role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_require_ready'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.require_ready(text) IS
'An error (SC503) where the current store cannot serve requests: it is of another version, something of it is missing, or a role lacks grants of conf/postgrest.sql; NULL: no role is looked at.';

CREATE OR REPLACE FUNCTION scim_internal.is_of_books(table_name name) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_of_books'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.is_of_books(name) IS
'Whether a table of a store is one in which it keeps its books: nobody else writes it, and it has no BEFORE row trigger or rule but the store''s own.';

CREATE OR REPLACE FUNCTION scim_internal.refused_triggers(store name, OUT relation regclass, OUT problem text)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH of_store AS (
        SELECT c.oid, c.relname, c.relowner, coalesce(p.relname, c.relname) AS table_name
        FROM pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        LEFT JOIN pg_class p ON p.oid = i.inhparent
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
    )
    SELECT s.oid::regclass, CASE WHEN w.not_owner THEN format('trigger "%s" of table "%s" must not run as "%s"', t.tgname, s.relname, s.relowner::regrole)
        ELSE format('trigger "%s" of table "%s" must not act before rows are written', t.tgname, s.relname) END
    FROM of_store s
    JOIN pg_trigger t ON t.tgrelid = s.oid
    JOIN pg_proc f ON f.oid = t.tgfoid
    JOIN pg_roles o ON o.oid = f.proowner
    -- below that are the server's own
    CROSS JOIN LATERAL (SELECT f.oid >= 16384 AND f.proowner <> s.relowner AND NOT o.rolsuper AS not_owner) AS w
    WHERE t.tgparentid = 0 AND t.tgenabled <> 'D'
      AND (w.not_owner OR (t.tgtype & 3) = 3 AND f.pronamespace <> 'scim_internal'::regnamespace AND scim_internal.is_of_books(s.table_name))
    UNION ALL
    SELECT s.oid::regclass, format('rule "%s" of table "%s" keeps the store from writing it', r.rulename, s.relname)
    FROM of_store s
    JOIN pg_rewrite r ON r.ev_class = s.oid
    WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D' AND scim_internal.is_of_books(s.table_name)
    ORDER BY 2;
END;
COMMENT ON FUNCTION scim_internal.refused_triggers(name) IS
'Triggers and rules that people have made on tables of a store with which it does not write them, error 42501 (doc/rules.md).';

CREATE OR REPLACE FUNCTION scim_internal.unbound_rules(store name, OUT relation regclass, OUT problem text)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH of_store AS (
        SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
    ), partition AS (
        SELECT s.oid, s.relname, s.relrowsecurity, s.relforcerowsecurity, p.oid AS parent, p.relname AS parent_name,
            p.relforcerowsecurity AS parent_forces
        FROM of_store s
        JOIN pg_inherits i ON i.inhrelid = s.oid
        JOIN of_store p ON p.oid = i.inhparent
    )
    SELECT s.oid::regclass, format('policy "%s" of table "%s" does not bind what goes by table "%s", as all requests do', l.polname, s.relname, s.parent_name)
    FROM partition s
    JOIN pg_policy l ON l.polrelid = s.oid
    WHERE NOT EXISTS (SELECT FROM pg_policy o WHERE o.polrelid = s.parent AND o.polname = l.polname)
    UNION ALL
    SELECT s.oid::regclass, format('policy "%s" of table "%s" does not bind what goes by table "%s"', l.polname, s.parent_name, s.relname)
    FROM partition s
    JOIN pg_policy l ON l.polrelid = s.parent
    WHERE NOT EXISTS (SELECT FROM pg_policy o WHERE o.polrelid = s.oid AND o.polname = l.polname)
    UNION ALL
    SELECT s.oid::regclass, format('trigger "%s" of table "%s" is not called for what goes by table "%s", as all requests do', t.tgname, s.relname, s.parent_name)
    FROM partition s
    JOIN pg_trigger t ON t.tgrelid = s.oid
    JOIN pg_proc f ON f.oid = t.tgfoid
    WHERE (t.tgtype & 1) = 0 AND t.tgenabled <> 'D' AND NOT t.tgisinternal AND f.pronamespace <> 'scim_internal'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_trigger o WHERE o.tgrelid = s.parent AND o.tgname = t.tgname)
    UNION ALL
    SELECT s.oid::regclass, format('rule "%s" of table "%s" does not rewrite what goes by table "%s", as all requests do', r.rulename, s.relname, s.parent_name)
    FROM partition s
    JOIN pg_rewrite r ON r.ev_class = s.oid
    WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D'
      AND NOT EXISTS (SELECT FROM pg_rewrite o WHERE o.ev_class = s.parent AND o.rulename = r.rulename)
    UNION ALL
    SELECT s.oid::regclass, format('trigger "%s" of table "%s" is called before "%s" of the store, so that what it writes is recorded before what it is called for', t.tgname, s.relname, o.tgname)
    FROM of_store s
    JOIN pg_trigger t ON t.tgrelid = s.oid
    JOIN pg_trigger o ON o.tgrelid = s.oid AND o.tgname > t.tgname
    JOIN pg_proc f ON f.oid = o.tgfoid AND f.pronamespace = 'scim_internal'::regnamespace AND f.proname IN ('resource_record', 'member_record', 'credential_record', 'audit_change')
    -- AFTER row triggers, for an event that both are called for
    WHERE (t.tgtype & 3) = 1 AND (o.tgtype & 3) = 1 AND (t.tgtype & o.tgtype & 28) <> 0 AND t.tgenabled <> 'D' AND NOT t.tgisinternal AND t.tgparentid = 0 AND NOT t.tginitdeferred
    UNION ALL
    SELECT s.oid::regclass, format('row-level security of table "%s" has policies and is off', s.relname)
    FROM of_store s
    WHERE NOT s.relrowsecurity AND EXISTS (SELECT FROM pg_policy l WHERE l.polrelid = s.oid)
    UNION ALL
    SELECT s.oid::regclass, CASE WHEN s.parent_forces THEN format('row-level security of table "%s" binds its owner, and that of table "%s" does not', s.parent_name, s.relname)
        ELSE format('row-level security of table "%s" binds its owner, and that of table "%s" does not', s.relname, s.parent_name) END
    FROM partition s
    WHERE s.relforcerowsecurity <> s.parent_forces
    ORDER BY 2;
END;
COMMENT ON FUNCTION scim_internal.unbound_rules(name) IS
'Policies of row-level security, triggers of statements and rules that people have made on a partition or its parent, and that bind only what names that very table; AFTER triggers that come before the store''s own (doc/rules.md).';

CREATE OR REPLACE FUNCTION scim_internal.missing_indexes(store name, OUT table_name name, OUT resource_type text, OUT index_name name)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    relation oid;
    part record;
BEGIN
    FOR relation, table_name, resource_type IN
        SELECT t.oid, t.relname, replace(substring(pg_get_expr(t.relpartbound, t.oid) FROM '^FOR VALUES IN \(''(.*)''\)$'), '''''', '''')
        FROM pg_inherits h JOIN pg_class t ON t.oid = h.inhrelid
        WHERE h.inhparent = to_regclass(format('%I.resource', store)) AND t.relnamespace = (SELECT to_regnamespace(quote_ident(store))) ORDER BY t.relname
    LOOP
        FOR part IN
            SELECT i.name, i.shape FROM scim_internal.resource_table_statements(store, table_name, resource_type) AS s, LATERAL scim_internal.index_said(s) AS i WHERE i.shape IS NOT NULL
        LOOP
            index_name := (parse_ident(part.name))[1];
            -- two tenants of an earlier version may have the same id
            CONTINUE WHEN index_name = (table_name || '_id_key')::name
                -- whatever it is called: a table that has another name has its indexes
                OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisvalid AND scim_internal.index_shape_of(i.indexrelid::regclass) = part.shape);
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.missing_indexes(name) IS
'Indexes of the tables of resources of a store that are not there or not valid: a load that goes on or was broken off has dropped them, an upgrade is not done, or somebody has taken them away.';

CREATE OR REPLACE FUNCTION scim_internal.gateway_problems() RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH of_gateway (kind, oid, name, privilege) AS (
        SELECT 'schema', n.oid, n.oid::regnamespace::text, 'USAGE'
        FROM pg_namespace n
        WHERE n.nspname IN ('api', 'scim', 'scim_internal')
        UNION ALL
        SELECT 'function', p.oid, p.oid::regprocedure::text, 'EXECUTE'
        FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE (n.nspname, p.proname) IN (('api', 'scim_read'), ('api', 'scim_write'), ('api', 'scim_ready'), ('scim', 'gateway'))
    ), grantee AS (
        SELECT r.oid, r.rolname FROM pg_roles r WHERE r.rolname IN ('scim_anon', 'scim_client')
    )
    SELECT format('%s: conf/postgrest.sql grants it for each store (setup.sql of scim-configure does)', lack)
    FROM (
        SELECT format('role "%s" lacks %s on %s %s', g.rolname, o.privilege, o.kind, o.name)
        FROM grantee g CROSS JOIN of_gateway o
        WHERE NOT CASE o.kind WHEN 'schema' THEN has_schema_privilege(g.oid, o.oid, o.privilege) ELSE has_function_privilege(g.oid, o.oid, o.privilege) END
        UNION ALL
        SELECT format('PostgREST may not become role "%s"', g.rolname)
        FROM grantee g CROSS JOIN pg_roles a
        WHERE a.rolname = 'authenticator' AND NOT pg_has_role(a.oid, g.oid, 'MEMBER')) AS l (lack)
    -- a gateway of one's own has other roles
    WHERE EXISTS (SELECT FROM of_gateway o WHERE o.name LIKE 'api.scim_%')
    ORDER BY 1;
END;
COMMENT ON FUNCTION scim_internal.gateway_problems() IS
'What the roles of the gateway that conf/postgrest.sql makes lack without which nobody is served: USAGE of schemas, EXECUTE on the functions that PostgREST calls and on what these call, membership. Nothing where it has not been run in this database.';

CREATE OR REPLACE FUNCTION scim_internal.missing_log(store name) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT format('there is no view "%s.%s", though there is the log: conf/request_log.sql makes it (setup.sql of scim-configure does)', store, v.name)
    FROM unnest('{request_log,failed_request,request_statistics,refused_credential}'::name[]) WITH ORDINALITY AS v (name, number)
    WHERE EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'scim_log' AND c.relname = 'request_line')
      AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = store AND c.relname = v.name AND c.relkind = 'v')
    ORDER BY v.number;
END;
COMMENT ON FUNCTION scim_internal.missing_log(name) IS
'The views of conf/request_log.sql that a store lacks in a database that has the log, such as those that DROP EXTENSION CASCADE has taken.';

-- Requests, views and indexes go on with another name; loads, and what tells which indexes there are, ask by that of the registry.
CREATE OR REPLACE FUNCTION scim_internal.renamed_tables(store name, OUT problem text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    -- who watches need not read what the store is configured to be
    IF NOT has_table_privilege(to_regclass(format('%I.resource_type', store)), 'SELECT') THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($query$
        SELECT format('the table of resource type "%%s" is %%s and not "%%s", until scim.repair_store(%%L) gives it its name again', t.name, c.oid::regclass, t.table_name, %1$L)
        FROM %1$I.resource_type t JOIN pg_class c ON c.oid = scim_internal.table_of_type(%1$L, t.name)
        WHERE c.oid IS DISTINCT FROM to_regclass(format('%%I.%%I', %1$L, t.table_name)) ORDER BY t.name$query$, store);
END
$function$;
COMMENT ON FUNCTION scim_internal.renamed_tables(name) IS
'Tables of resources of a store that have another name than its registry says, or stand in another schema.';

CREATE OR REPLACE FUNCTION scim_internal.lost_roles(store name, OUT problem text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    -- a store of a version that has no such table; and who watches need not read it
    IF has_table_privilege(to_regclass(format('%I.tenant_role', store)), 'SELECT') IS NOT TRUE THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($query$
        SELECT format('table "tenant_role" names the role "%%s", which is not there: whoever makes a role of that name lets it act for %%s', r.role,
            CASE WHEN bool_or(r.tenant_id IS NULL) THEN 'all tenants' ELSE concat('tenant ', string_agg(r.tenant_id::text, ', ' ORDER BY r.tenant_id)) END)
        FROM %1$I.tenant_role r WHERE NOT EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r.role) GROUP BY r.role ORDER BY r.role$query$, store);
END
$function$;
COMMENT ON FUNCTION scim_internal.lost_roles(name) IS
'Roles that the table tenant_role of a store names and that have been dropped or renamed since.';

CREATE OR REPLACE FUNCTION scim.readiness(role text DEFAULT NULL, stores text[] DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    -- put back at the end, whatever it is meanwhile
    SET scim.store = 'directory'
AS $function$
DECLARE
    store name;
    seen text[] := '{}';
    detail text;
    hint text;
    problems text[] := '{}';
    warnings text[] := '{}';
    granted CONSTANT text := 'conf/postgrest.sql grants it to the gateway, and setup.sql of scim-configure does both';
BEGIN
    FOR store IN
        SELECT n.nspname
        FROM pg_namespace n
        WHERE has_schema_privilege(n.oid, 'USAGE')
          AND (EXISTS (SELECT FROM pg_class c JOIN pg_class r ON r.relnamespace = c.relnamespace AND r.relname = 'resource' AND r.relkind = 'p' WHERE c.relnamespace = n.oid AND c.relname = 'store' AND c.relkind = 'r')
              -- one that has lost one of them has doors nevertheless
              OR EXISTS (SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = n.oid AND t.tgparentid = 0
                  AND t.tgfoid IN ('scim_internal.resource_door'::regproc, 'scim_internal.member_door'::regproc, 'scim_internal.store_row'::regproc)))
          AND (stores IS NULL OR n.nspname = ANY (stores))
        ORDER BY 1
    LOOP
        seen := seen || store::text;
        BEGIN
            PERFORM set_config('scim.store', store, true);
            PERFORM scim_internal.require_ready(role);
            -- it is read, and not written
            problems := problems || ARRAY(SELECT format('store "%s": %s', store, t.problem) FROM scim_internal.refused_triggers(store) AS t)
                || ARRAY(SELECT format('store "%s": %s', store, b.problem) FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE b.blocks);
            IF NOT EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = to_regclass(format('%I.audit', store)) AND p.partdefid <> 0)
                AND to_regclass(format('%I.audit', store)) IS NOT NULL THEN
                -- what is of no month that there is goes nowhere
                IF EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = to_regclass(format('%I.audit', store)) AND c.relname = to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM')) THEN
                    warnings := warnings || CASE WHEN role IS NULL THEN ARRAY[format('store "%s": table "audit" lacks its partition "audit_default", and nothing is written once its months are over, until scim.repair_store(%L) makes it', store, store)] ELSE '{}' END;
                ELSE
                    problems := problems || format('store "%s": table "audit" has no partition for what is written now: scim.repair_store(%L) makes it', store, store);
                END IF;
            END IF;
            IF role IS NULL THEN
                warnings := warnings || ARRAY(SELECT format('store "%s": %s', store, u.problem) FROM scim_internal.unbound_rules(store) AS u)
                    || ARRAY(SELECT format('store "%s": %s', store, b.problem) FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE NOT b.blocks AND NOT b.repairable)
                    || ARRAY(SELECT format('store "%s": %s', store, l) FROM scim_internal.missing_log(store) AS l)
                    || ARRAY(SELECT format('store "%s": %s', store, r.problem) FROM scim_internal.renamed_tables(store) AS r)
                    || ARRAY(SELECT format('store "%s": %s', store, r.problem) FROM scim_internal.lost_roles(store) AS r)
                    || ARRAY(SELECT format('store "%s": table "%s" lacks the index%s %s, and searches of it may read all of it, until scim.end_load(%L) or scim.repair_store(%L) makes %s', store, m.table_name,
                            CASE WHEN count(*) > 1 THEN 'es' END, string_agg(format('"%s"', m.index_name), ', ' ORDER BY m.index_name), m.resource_type, store, CASE WHEN count(*) > 1 THEN 'them' ELSE 'it' END)
                        FROM scim_internal.missing_indexes(store) AS m GROUP BY m.table_name, m.resource_type ORDER BY m.table_name)
                    || ARRAY(SELECT format('store "%s": index %s is not valid, since its making goes on or was broken off: it is written and not read, until %s', store, u.index,
                            CASE u.kind WHEN 'copy' THEN format('scim.repair_store(%L) drops it, as there is "%s"', store, u.twin) WHEN 'other' THEN 'its owner drops it and makes it again' ELSE format('scim.repair_store(%L) makes it again', store) END)
                        FROM scim_internal.unfinished_indexes(store) AS u);
            END IF;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            IF sqlstate = '42P01' THEN
                -- which table it is that a schema lacks to be one
                problems := problems || format('%s: %s Put that right, what is gone from a backup, and then SELECT scim.repair_store(%L) \gexec in psql.', sqlerrm, detail, store);
            ELSE
                problems := problems || concat_ws('. ', sqlerrm, nullif(hint, ''));
            END IF;
        END;
    END LOOP;
    problems := problems || ARRAY(SELECT format('there is no store "%s" that may be used: scim.create_store(%L) makes it, %s', w, w, granted) FROM unnest(stores) AS w WHERE w <> ALL (seen) ORDER BY 1);
    IF role = 'scim_client' THEN
        problems := ARRAY(SELECT scim_internal.gateway_problems()) || problems;
    END IF;
    IF seen = '{}' AND problems = '{}' THEN
        problems := problems || concat('there is no store that may be used: scim.create_store() makes one, ', granted);
    END IF;
    RETURN jsonb_build_object('status', CASE WHEN problems = '{}' THEN 'ready' ELSE 'not ready' END,
        'writable', NOT pg_is_in_recovery(), 'stores', cardinality(seen), 'problems', problems)
        || CASE WHEN role IS NULL THEN jsonb_build_object('warnings', warnings) ELSE '{}' END;
END
$function$;
COMMENT ON FUNCTION scim.readiness(text, text[]) IS
'Whether the stores that the caller may use can serve requests, or those of them that are named, each of which has to be there: an object with status, "ready" or "not ready"; writable, false on a standby; stores, how many there are; problems, what stands in the way of each that cannot. role: the one as which requests are served, whose grants are looked at, too, and of scim_client those of the gateway that conf/postgrest.sql makes; NULL: none, and there are warnings as well: what its owner has put on one table of a store that does not bind what goes by another, or is called before its own triggers (doc/rules.md), views of the log of requests that are gone, values of a mapping that their column cannot hold any more (doc/applications.md), and indexes that are missing, such as those of a load that was broken off, or not valid, such as those whose making was, which keeps no store from serving and is nothing for clients. stores: of which it is asked; NULL: of all. GET /readyz of the gateway answers with it (doc/watching.md).';

CREATE OR REPLACE FUNCTION scim_internal.index_pending_pages(index regclass) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_index_pending_pages'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_pending_pages(regclass) IS
'How many pages of a GIN index wait to be sorted in, which every search reads one by one; NULL where it is none, or the caller may not read its table.';

CREATE OR REPLACE FUNCTION scim_internal.store_statistics(store name, wanted text)
    RETURNS TABLE (name text, labels jsonb, value float8)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    IF wanted IS NULL OR wanted = 'people' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT 'resources', jsonb_build_object('tenant', r.tenant_id, 'resource_type', r.resource_type, 'status', r.status), count(*)::float8
            FROM %1$I.resource r
            GROUP BY r.tenant_id, r.resource_type, r.status
            ORDER BY r.tenant_id, r.resource_type, r.status
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'tokens' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            WITH credential AS (
                SELECT tenant_id, 'token' AS kind, id, description AS name, expires_at, last_used_at, former_until, former_used_at,
                    CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired'
                        WHEN last_used_at IS NULL THEN 'unused' ELSE 'used' END AS state
                FROM %1$I.token WHERE client_id IS NULL
                UNION ALL
                SELECT tenant_id, 'client', id, name, expires_at, last_used_at, former_until, former_used_at,
                    CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired'
                        WHEN last_used_at IS NULL THEN 'unused' ELSE 'used' END
                FROM %1$I.client)
            (SELECT 'tokens', jsonb_build_object('tenant', tenant_id, 'kind', kind, 'state', state), count(*)::float8
             FROM credential GROUP BY tenant_id, kind, state ORDER BY tenant_id, kind, state)
            UNION ALL
            (SELECT m.name, jsonb_build_object('tenant', c.tenant_id, 'kind', c.kind, 'id', c.id, 'name', c.name), extract(epoch FROM m.value)::float8
             FROM credential c, LATERAL (VALUES ('token_idle_seconds', CASE WHEN isfinite(c.last_used_at) THEN clock_timestamp() - c.last_used_at END),
                 ('token_expires_in_seconds', CASE WHEN isfinite(c.expires_at) THEN c.expires_at - clock_timestamp() END),
                 -- somebody has come with it, and with no other since, or lately
                 ('token_former_ends_in_seconds', CASE WHEN c.state = 'used' AND c.former_until > clock_timestamp()
                     AND (c.former_used_at >= c.last_used_at OR c.former_used_at > clock_timestamp() - interval '2 hours') THEN c.former_until - clock_timestamp() END)) AS m (name, value)
             -- one that has expired does not end what is told of it, as long as somebody may wonder
             WHERE (c.state IN ('used', 'unused') OR c.state = 'expired' AND c.expires_at > clock_timestamp() - interval '30 days') AND isfinite(m.value)
             ORDER BY c.tenant_id, c.kind, c.id, m.name)
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'events' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT m.name, jsonb_build_object('tenant', c.tenant_id, 'consumer', c.name), coalesce(m.value, 0)::float8
            FROM %1$I.consumer c
            LEFT JOIN %1$I.consumer_position p ON p.tenant_id = c.tenant_id AND p.consumer_id = c.id
            LEFT JOIN %1$I.event_position l ON l.tenant_id = c.tenant_id
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE d.dead_at IS NULL) AS pending, count(*) FILTER (WHERE d.dead_at IS NOT NULL) AS dead
                FROM %1$I.delivery d WHERE d.tenant_id = c.tenant_id AND d.consumer_id = c.id) AS given
            CROSS JOIN LATERAL (
                SELECT count(*) AS events, min(e.at) AS at FROM %1$I.event e WHERE e.tenant_id = c.tenant_id AND e.position IS NULL) AS unnumbered
            CROSS JOIN LATERAL (SELECT least(unnumbered.at,
                (SELECT e.at FROM %1$I.event e WHERE e.tenant_id = c.tenant_id AND e.position > coalesce(p.position, 0) ORDER BY e.position LIMIT 1),
                (SELECT e.at FROM %1$I.delivery d JOIN %1$I.event e ON e.tenant_id = d.tenant_id AND e.id = d.event_id
                 WHERE d.tenant_id = c.tenant_id AND d.consumer_id = c.id AND d.dead_at IS NULL ORDER BY d.position LIMIT 1)) AS at) AS oldest
            CROSS JOIN LATERAL (VALUES (1, 'consumer_unread_events', greatest(l.last - coalesce(p.position, 0), 0) + unnumbered.events), (2, 'consumer_pending_events', given.pending),
                (3, 'consumer_dead_events', given.dead), (4, 'consumer_oldest_seconds', CASE WHEN isfinite(oldest.at) THEN extract(epoch FROM clock_timestamp() - oldest.at) END)) AS m (n, name, value)
            ORDER BY c.tenant_id, c.name, m.n
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'audit' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            WITH kept (what, days) AS (
                SELECT n.what, coalesce((SELECT (s.value #>> '{}')::int FROM %1$I.setting s WHERE s.name = n.what || '_retention'
                    AND s.tenant_id IS NULL AND s.token_id IS NULL AND s.resource_type IS NULL), 0)
                FROM unnest('{audit,event}'::text[]) AS n (what)
            ), oldest (what, at) AS (
                SELECT 'audit', min(m.ends) FROM scim_internal.audit_months(%1$L) m
                UNION ALL
                SELECT 'event', min(e.at) FROM %1$I.tenant t CROSS JOIN LATERAL (
                    SELECT e.at FROM %1$I.event e WHERE e.tenant_id = t.tenant_id ORDER BY e.id LIMIT 1) AS e
            )
            (SELECT 'audit_seals', jsonb_build_object('tenant', t.tenant_id), coalesce(s.position, 0)::float8
             FROM (SELECT 0 AS tenant_id UNION ALL SELECT tenant_id FROM %1$I.tenant) AS t
             LEFT JOIN LATERAL (SELECT position FROM %1$I.audit_seal s WHERE s.tenant_id = t.tenant_id ORDER BY position DESC LIMIT 1) AS s ON true
             ORDER BY t.tenant_id)
            UNION ALL
            (SELECT 'audit_unsealed_seconds', jsonb_build_object('tenant', t.tenant_id), coalesce(CASE WHEN isfinite(a.at) THEN extract(epoch FROM clock_timestamp() - a.at) END, 0)::float8
             FROM (SELECT 0 AS tenant_id UNION ALL SELECT tenant_id FROM %1$I.tenant) AS t
             LEFT JOIN LATERAL (SELECT horizon FROM %1$I.audit_seal s WHERE s.tenant_id = t.tenant_id ORDER BY position DESC LIMIT 1) AS s ON true
             LEFT JOIN LATERAL (SELECT at FROM %1$I.audit a WHERE a.tenant_id = t.tenant_id AND a.at > coalesce(s.horizon, '-infinity') ORDER BY at LIMIT 1) AS a ON true
             ORDER BY t.tenant_id)
            UNION ALL
            SELECT 'audit_months_ahead', '{}', count(*)::float8 FROM scim_internal.audit_months(%1$L) m WHERE m.begins > now()
            UNION ALL
            SELECT 'retention_overdue_seconds', jsonb_build_object('what', k.what),
                CASE WHEN k.days = 0 THEN 0 ELSE greatest(coalesce(CASE WHEN isfinite(o.at) THEN extract(epoch FROM now() - o.at) END - k.days * 86400.0, 0), 0) END::float8
            FROM kept k JOIN oldest o USING (what)
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'guards' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT m.name, jsonb_build_object('tenant', t.tenant_id, 'resource_type', p.resource_type, 'policy', p.name), m.value::float8
            FROM %1$I.policy p
            JOIN %1$I.tenant t ON t.tenant_id = p.tenant_id OR p.tenant_id IS NULL AND NOT EXISTS (
                SELECT FROM %1$I.policy o WHERE o.tenant_id = t.tenant_id AND o.resource_type = p.resource_type AND o.kind = p.kind AND o.name = p.name)
            CROSS JOIN LATERAL (
                SELECT count(g.tripped_at) AS tripped, max(extract(epoch FROM clock_timestamp() - g.tripped_at)) FILTER (WHERE isfinite(g.tripped_at)) AS since
                FROM %1$I.guard g WHERE g.policy_id = p.id AND g.tenant_id = t.tenant_id) AS g
            CROSS JOIN LATERAL (VALUES ('guard_tripped', g.tripped), ('guard_tripped_seconds', coalesce(g.since, 0))) AS m (name, value)
            WHERE p.kind = 'guard' AND p.enabled
            ORDER BY t.tenant_id, p.resource_type, p.name, m.name
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'storage' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            WITH relation AS (
                SELECT coalesce(i.inhparent, c.oid) AS relid, c.oid, c.reltuples
                FROM pg_class c
                LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
                WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(%1$L))) AND c.relkind = 'r')
            (SELECT m.name, jsonb_build_object('table', c.relname), m.value::float8
             FROM (SELECT relid, sum(pg_total_relation_size(oid)) AS bytes, sum(greatest(reltuples, 0)) AS rows FROM relation GROUP BY relid) AS r
             JOIN pg_class c ON c.oid = r.relid
             CROSS JOIN LATERAL (VALUES ('table_bytes', r.bytes), ('table_rows_estimate', r.rows)) AS m (name, value)
             WHERE m.value > 0
             ORDER BY m.name, c.relname)
            UNION ALL
            (SELECT 'index_pending_pages', jsonb_build_object('index', c.relname), scim_internal.index_pending_pages(c.oid)::float8
             FROM pg_index x JOIN relation r ON r.oid = x.indrelid JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_am a ON a.oid = c.relam
             WHERE a.amname = 'gin'
             ORDER BY c.relname)
            UNION ALL
            (SELECT 'missing_indexes', jsonb_build_object('table', c.relname), count(m.index_name)::float8
             FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid LEFT JOIN scim_internal.missing_indexes(%1$L) m ON m.table_name = c.relname
             WHERE h.inhparent = to_regclass(format('%%I.resource', %1$L))
             GROUP BY c.relname ORDER BY c.relname)
            $query$, store));
    END IF;
    -- what conf/request_log.sql has made, where somebody has run it
    IF (wanted IS NULL OR wanted = 'requests') AND to_regclass(format('%I.request_statistics', store)) IS NOT NULL THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT m.name, jsonb_build_object('method', s.method, 'endpoint', s.endpoint, 'status', s.status, 'scim_type', s.scim_type), m.value::float8
            FROM %1$I.request_statistics s
            CROSS JOIN LATERAL (VALUES (1, 'requests', s.requests), (2, 'request_seconds', s.seconds)) AS m (n, name, value)
            ORDER BY s.endpoint, s.method, s.status, s.scim_type, m.n
            $query$, store));
    END IF;
    IF (wanted IS NULL OR wanted = 'requests') AND to_regclass(format('%I.refused_credential', store)) IS NOT NULL THEN
        RETURN QUERY EXECUTE format($query$
            SELECT m.name, jsonb_build_object('reason', r.reason) || CASE WHEN r.token_id IS NULL THEN '{}' ELSE jsonb_build_object('tenant', r.tenant_id, 'kind', r.kind, 'id', r.token_id, 'name', r.token) END, m.value::float8
            FROM %1$I.refused_credential r, LATERAL (VALUES ('credentials_refused', r.requests), ('credentials_refused_ago_seconds', extract(epoch FROM clock_timestamp() - r.last_at))) AS m (name, value)
            ORDER BY r.reason, r.tenant_id, r.token_id, m.name
            $query$, store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.store_statistics(name, text) IS
'The rows of scim.statistics of a store, as somebody who may read all of it.';

CREATE OR REPLACE FUNCTION scim_internal.log_entry(line text, OUT at timestamptz, OUT request_id text, OUT tenant_id int, OUT token_id uuid,
        OUT address text, OUT method text, OUT path text, OUT endpoint text, OUT status int, OUT scim_type text, OUT detail text,
        OUT seconds float8, OUT received bigint, OUT sent bigint, OUT agent text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_log_entry'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.log_entry(text) IS
'A line of the log of the gateway, as log_format of conf/nginx.conf.in makes it; NULL where it is none, or not whole yet. For conf/request_log.sql.';

CREATE OR REPLACE FUNCTION scim.statistics(part text DEFAULT NULL, OUT store text, OUT name text, OUT labels jsonb, OUT value float8)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_statistics'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.statistics(text) IS
'Figures of the current store for who watches it, of all tenants and without names of people: a row for each, with its name and what it is about. part: people, tokens, events, audit, guards, storage or requests; NULL: all of them. doc/watching.md explains each. Errors: 42501 for who may not read the table "store", 22023 for a part that there is not.';
REVOKE ALL ON FUNCTION scim.statistics(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim_internal.console(store name, part text, tenant int, types text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET "TimeZone" = 'UTC'
    SET "DateStyle" = 'ISO'
AS $function$
DECLARE
    query text;
    answer jsonb;
BEGIN
    CASE part
    WHEN 'people' THEN
        query := $query$
            SELECT r.resource_type AS type, r.status, count(*) AS count
            FROM %1$I.resource r
            WHERE r.tenant_id = $1 AND ($2 IS NULL OR r.resource_type = ANY ($2))
            GROUP BY 1, 2 ORDER BY 1, 2
            $query$;
    WHEN 'changes' THEN
        -- the newest, and then their names
        query := $query$
            SELECT a.at, a.actor, a.token, a.operation, a.resource_type AS type, a.resource_id AS id, a.name, a.member_id,
                CASE WHEN $2 IS NULL OR (SELECT m.resource_type FROM %1$I.resource m WHERE m.tenant_id = a.tenant_id AND m.id = a.member_id) = ANY ($2) THEN a.member_name END AS member_name,
                a.object, a.key, a.version, a.request_id
            FROM %1$I.activity a
            WHERE a.tenant_id = $1 AND ($2 IS NULL OR a.resource_type IS NULL OR a.resource_type = ANY ($2))
            ORDER BY a.at DESC, a.resource_id DESC, a.member_id NULLS LAST, a.object, a.key LIMIT 100
            $query$;
    WHEN 'requests' THEN
        IF to_regclass(format('%I.failed_request', store)) IS NULL THEN
            RETURN jsonb_build_object('part', part, 'at', now(), 'available', false, 'rows', '[]'::jsonb);
        END IF;
        -- what showed no token is of who is alone in the store
        query := $query$
            SELECT f.last_at AS at, f.first_at, coalesce(f.token, f.token_id::text) AS token, f.method, f.endpoint, f.status, f.scim_type, f.requests, f.last_detail AS detail, f.last_request_id AS request_id
            FROM %1$I.failed_request f
            WHERE f.tenant_id = $1 OR f.tenant_id IS NULL AND (SELECT count(*) FROM %1$I.tenant) = 1
            ORDER BY f.last_at DESC LIMIT 100
            $query$;
    WHEN 'tokens' THEN
        query := $query$
            SELECT c.*, CASE WHEN c.revoked_at IS NOT NULL THEN 'revoked' WHEN c.expires_at <= clock_timestamp() THEN 'expired'
                WHEN c.last_used_at IS NULL THEN 'unused' ELSE 'used' END AS state
            FROM (SELECT 'token' AS kind, id, description AS name, scopes, created, expires_at, revoked_at, last_used_at FROM %1$I.token WHERE tenant_id = $1
                UNION ALL
                SELECT 'client', id, name, scopes, created, expires_at, revoked_at, last_used_at FROM %1$I.client WHERE tenant_id = $1) AS c
            ORDER BY c.revoked_at IS NOT NULL, c.last_used_at DESC NULLS LAST, c.name LIMIT 200
            $query$;
    WHEN 'leaving' THEN
        query := $query$
            (SELECT 'OFFBOARDING' AS step, r.resource_type AS type, r.id, coalesce(r.user_name, r.display_name) AS name, r.display_name, r.deactivated_at AS at, NULL AS actor
             FROM %1$I.resource r
             WHERE r.tenant_id = $1 AND r.status = 'OFFBOARDING' AND ($2 IS NULL OR r.resource_type = ANY ($2))
             ORDER BY r.deactivated_at NULLS FIRST, r.id LIMIT 200)
            UNION ALL
            (SELECT l.operation, 'User', l.id, l.user_name, l.display_name, l.at, l.actor
             FROM %1$I.leaver l
             WHERE l.tenant_id = $1 AND l.at > now() - interval '30 days' AND ($2 IS NULL OR 'User' = ANY ($2))
             ORDER BY l.at DESC LIMIT 100)
            $query$;
    END CASE;
    EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(q)), ''[]'') FROM (%s) AS q', format(query, store)) INTO answer USING tenant, types;
    RETURN jsonb_build_object('part', part, 'at', now(), 'available', true, 'rows', answer);
END
$function$;
COMMENT ON FUNCTION scim_internal.console(name, text, int, text[]) IS
'What GET /.console/PART answers (doc/console.md), of a tenant of a store: people by status, the newest changes, requests that failed, tokens and clients with their last use, who is leaving and who left in the last 30 days. types: those of whose resources it tells; NULL: all.';
-- A store that Citus distributes over the nodes of a cluster: doc/citus.md.

CREATE OR REPLACE FUNCTION scim.at_tenant(tenant_id int, query text, VARIADIC arguments text[] DEFAULT '{}')
    RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_at_tenant'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.at_tenant(int, text, text[]) IS
'Executes a query for a tenant of the current store, as the caller, and returns its rows as JSON objects. Of a store that scim.distribute_store() has distributed it does so on the node where the tenant''s rows are, in the same transaction; of any other here. Names in the query have their schema; $1, $2, ... are the arguments, all of type text. Errors: SC404 where there is no such tenant, SC403 for who may act for another one only.';

CREATE OR REPLACE FUNCTION scim_internal.at_shards(store regnamespace, tenant_id int, said jsonb, query text, arguments text[])
    RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_at_shards'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.at_shards(regnamespace, int, jsonb, text, text[]) IS
'What at_tenant() of a distributed store calls on the node of a tenant: makes settings of what was said, takes the shards of the tenant for the tables of the store, and executes a query. Errors: 42501 for who may not execute that function, 40001 where the shards are on another node.';

CREATE OR REPLACE FUNCTION scim_internal.gateway_answer(headers json, body bytea) RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_gateway_answer';
COMMENT ON FUNCTION scim_internal.gateway_answer(json, bytea) IS
'What scim.gateway() calls on the node of a tenant: the same, with the answer as a row.';
REVOKE ALL ON FUNCTION scim_internal.gateway_answer(json, bytea) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim_internal.audit_config(operation text, object text, key text, before jsonb, detail jsonb) RETURNS void
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_audit_config';
COMMENT ON FUNCTION scim_internal.audit_config(text, text, text, jsonb, jsonb) IS
'What a change of configuration calls on the node of the tenant whom it is about: writes the row of the audit. Error 42501 elsewhere, and for who is not the owner of the store.';
REVOKE ALL ON FUNCTION scim_internal.audit_config(text, text, text, jsonb, jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION scim_internal.follow_types(resource_types text[], refuse boolean) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_follow_types';
COMMENT ON FUNCTION scim_internal.follow_types(text[], boolean) IS
'What a change of the registry of a distributed store calls on the nodes, for one tenant of each shard: checks the stored resources of some types, and rewrites what is not canonical any more. refuse: an error where one would not be valid. Error 42501 elsewhere, and for who is not the owner of the store.';

CREATE OR REPLACE FUNCTION scim_internal.remove_resources(resource_type text) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_remove_resources';
COMMENT ON FUNCTION scim_internal.remove_resources(text) IS
'The same before a resource type goes: its resources are deleted, each audited and told of.';

CREATE OR REPLACE FUNCTION scim_internal.forget_type(resource_type text, table_name text) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_forget_type';
COMMENT ON FUNCTION scim_internal.forget_type(text, text) IS
'The same where a resource type goes: what belonged to its resources goes, but for their rows.';

CREATE OR REPLACE FUNCTION scim_internal.follow_policies(changed jsonb, unique_types text[], deleted boolean) RETURNS void
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_follow_policies';
COMMENT ON FUNCTION scim_internal.follow_policies(jsonb, text[], boolean) IS
'The same where policies are written: what is stored follows those that changed, an array of their rows; what is unique of some types is made anew; deleted: what guards have counted that are gone is forgotten.';

CREATE OR REPLACE FUNCTION scim_internal.retain_shards() RETURNS SETOF text
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_retain_shards';
COMMENT ON FUNCTION scim_internal.retain_shards() IS
'What scim.apply_retention() calls for one tenant of each shard of a distributed store: removes events and access tokens, seals what is to go, and returns what it did.';

CREATE OR REPLACE FUNCTION scim_internal.spread_statistics(store name, wanted text)
    RETURNS TABLE (name text, labels jsonb, value float8)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    anchor CONSTANT text := format('%I.member', store);
    one text;
    tenant int;
BEGIN
    -- first, since Citus measures nothing behind what may have been written
    IF wanted IS NULL OR wanted = 'storage' THEN
        RETURN QUERY EXECUTE $query$
            SELECT 'table_bytes', jsonb_build_object('table', c.relname), sum(citus_total_relation_size(p.logicalrelid))::float8
            FROM pg_dist_partition p JOIN pg_class t ON t.oid = p.logicalrelid AND t.relkind = 'r'
            LEFT JOIN pg_inherits i ON i.inhrelid = t.oid JOIN pg_class c ON c.oid = coalesce(i.inhparent, t.oid)
            WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident($1)))
            GROUP BY c.relname ORDER BY c.relname $query$ USING store;
    END IF;
    FOREACH one IN ARRAY CASE WHEN wanted IS NULL THEN '{people,tokens,events,audit,guards}' WHEN wanted IN ('storage', 'requests') THEN '{}' ELSE ARRAY[wanted] END LOOP
        FOR tenant IN EXECUTE format('SELECT min(t.tenant_id) FROM (SELECT tenant_id FROM %I.tenant UNION ALL SELECT 0) AS t
            GROUP BY get_shard_id_for_distribution_column(%L, t.tenant_id) ORDER BY 1', store, anchor) LOOP
            -- of the tenants whose rows are there; what is about none is the same for all
            RETURN QUERY SELECT s.row ->> 'name', s.row -> 'labels', (s.row ->> 'value')::float8 FROM scim.at_tenant(tenant, $query$
                SELECT s.name, s.labels, s.value FROM scim_internal.store_statistics($1::name, $2) AS s
                WHERE CASE WHEN s.labels ? 'tenant' THEN pg_catalog.get_shard_id_for_distribution_column($3::regclass, (s.labels ->> 'tenant')::int)
                    = pg_catalog.get_shard_id_for_distribution_column($3::regclass, $4::int) ELSE $4 = '0' END$query$, store::text, one, anchor, tenant::text) AS s (row);
        END LOOP;
    END LOOP;
    IF wanted IS NULL OR wanted = 'requests' THEN
        RETURN QUERY SELECT * FROM scim_internal.store_statistics(store, 'requests');
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.spread_statistics(name, text) IS
'The same as scim_internal.store_statistics of a store that is distributed: gathered from the nodes; of storage, the bytes of its tables on all of them; of requests, those that this node has noted.';

CREATE OR REPLACE FUNCTION scim_internal.forget_tenant(tenant int) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_forget_tenant';
COMMENT ON FUNCTION scim_internal.forget_tenant(int) IS
'What scim.drop_tenant() calls on the node of the tenant: deletes what else is stored for him. Error 23503 where he has resources.';

CREATE OR REPLACE FUNCTION scim_internal.of_shards(query text) RETURNS text
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_of_shards';
COMMENT ON FUNCTION scim_internal.of_shards(text) IS
'A statement that names tables of a store: where something is done for a tenant of one that is distributed, about the shards in their place.';

CREATE OR REPLACE FUNCTION scim_internal.refuse_spread(store name, what text DEFAULT NULL, detail text DEFAULT NULL, hint text DEFAULT NULL) RETURNS void
    LANGUAGE C STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_refuse_spread';
COMMENT ON FUNCTION scim_internal.refuse_spread(name, text, text, text) IS
'An error (0A000) where a store is distributed and nothing is done for a tenant of it: it is not (what), or what it keeps for a tenant is on his node.';

CREATE OR REPLACE FUNCTION scim_internal.distributor() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    RETURN EXISTS (SELECT FROM pg_extension e
        JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
        JOIN pg_proc p ON p.oid = d.objid
        WHERE e.extname = 'citus' AND p.proname = 'create_distributed_table' AND p.pronamespace = 'pg_catalog'::regnamespace);
COMMENT ON FUNCTION scim_internal.distributor() IS
'Whether the database has Citus: its functions, as members of the extension of that name.';

CREATE OR REPLACE FUNCTION scim_internal.distribution_problems(store name)
    RETURNS TABLE (problem text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
BEGIN
    -- A foreign key has an id and no tenant: no shard could tell where to look.
    RETURN QUERY
        SELECT format('constraint "%s" of table %s refers to %s (%s)', k.conname, k.conrelid::regclass, k.confrelid::regclass,
                   (SELECT string_agg(a.attname, ', ' ORDER BY n.n) FROM unnest(k.confkey) WITH ORDINALITY AS n (attnum, n)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.attnum)),
               'Drop it: a table on one node cannot refer to rows on all of them.'
        FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND k.conparentid = 0 AND r.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
          AND c.relnamespace <> r.relnamespace
        ORDER BY 1;
    RETURN QUERY EXECUTE format(
        $$SELECT format('table %%s is bound to resources of type %%s', b.relation, b.resource_type), 'scim.unbind_table() ends it.'
          FROM %1$I.binding b ORDER BY 1$$, store);
    RETURN QUERY EXECUTE format(
        $$SELECT format('attribute "%%s" of resource type %%s is unique over all tenants', u.attribute, u.resource_type),
              'Make its uniqueness "server": nothing is unique over the nodes of a cluster.'
          FROM scim_internal.unique_over_tenants(%1$L) u ORDER BY 1$$, store);
    RETURN QUERY EXECUTE format(
        $$SELECT format('policy "%%s" of kind %%s for %%s makes roles of the database, which are not those of one node', p.name, p.kind, p.resource_type), 'Delete it.'
          FROM %1$I.policy p WHERE p.kind = 'database_roles' AND p.enabled ORDER BY 1$$, store);
    RETURN QUERY
        SELECT format('trigger "%s" of table %s is not the store''s', t.tgname, t.tgrelid::regclass),
               'Drop it: what it calls would have to be on all nodes, and find its tables there.'
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
          AND p.pronamespace NOT IN ('scim_internal'::regnamespace, c.relnamespace)
        ORDER BY 1;
    RETURN QUERY
        SELECT format('table %s had a column that was dropped', c.oid::regclass), 'Move the rows to a new store.'
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attisdropped)
        ORDER BY 1;
END
$function$;
COMMENT ON FUNCTION scim_internal.distribution_problems(name) IS
'Why scim.distribute_store() would refuse a store, and what to do about it.';

CREATE OR REPLACE FUNCTION scim.distribute_store(name text DEFAULT 'directory', shards int DEFAULT 32)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET client_min_messages = warning
AS $function$
DECLARE
    store CONSTANT text := distribute_store.name;
    on_all_nodes CONSTANT text[] := ARRAY['tenant', 'store', 'tenant_role', 'schema', 'resource_type', 'policy', 'authentication_scheme', 'endpoint',
        'setting', 'binding', 'secret', 'signing_key'];
    -- The first is what all others lie beside; who is referred to comes before who refers.
    of_tenants CONSTANT text[] := ARRAY['member', 'resource', 'client', 'token', 'consumer', 'unique_value', 'credential', 'recovery_code', 'client_assertion',
        'client_failure', 'audit', 'audit_seal', 'event', 'event_position', 'consumer_position', 'delivery', 'lease', 'consumer_secret', 'guard',
        'guard_count', 'origin', 'binding_link', 'database_role'];
    refused record;
    table_name text;
    triggers text[];
    drops text[];
    keys text[];
    views text[];
    problems text;
    hints text;
BEGIN
    IF num_nulls(store, shards) > 0 THEN
        RAISE EXCEPTION 'name and shards must not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF NOT scim_internal.is_owner(quote_ident(store)::regnamespace) THEN
        RAISE EXCEPTION 'must be owner of store "%"', store USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'distribute the store');
    IF NOT scim_internal.distributor() THEN
        RAISE EXCEPTION 'store "%" cannot be distributed', store
            USING ERRCODE = 'feature_not_supported', DETAIL = 'The database has no extension citus.', HINT = 'doc/citus.md says how it gets one.';
    END IF;
    IF shards IS NULL OR shards NOT BETWEEN 1 AND 64000 THEN
        RAISE EXCEPTION 'a store has from 1 to 64000 shards' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT scim_internal.is_distributed(format('%I.resource', store)::regclass) THEN
        EXECUTE format('LOCK TABLE %1$I.schema, %1$I.resource, %1$I.tenant IN ACCESS EXCLUSIVE MODE', store);
    END IF;
    IF scim_internal.is_distributed(format('%I.resource', store)::regclass) THEN
        RAISE EXCEPTION 'store "%" is distributed already', store USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT string_agg(p.problem, '; '), string_agg(DISTINCT p.hint, ' ') INTO problems, hints FROM scim_internal.distribution_problems(store) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'store "%" cannot be distributed', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = problems || '.', HINT = hints;
    END IF;

    -- Triggers are made on the shards when there are such, and rows are there before: they have been through the door.
    SELECT array_agg(s.statement ORDER BY t.oid, s.n) FILTER (WHERE s.n > 0), array_agg(s.statement ORDER BY t.oid) FILTER (WHERE s.n = 0)
    INTO triggers, drops
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    CROSS JOIN LATERAL (VALUES
        (0, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)),
        (1, pg_get_triggerdef(t.oid)),
        (2, CASE t.tgenabled WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname) END),
        (3, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.tgrelid::regclass, obj_description(t.oid, 'pg_trigger')))) AS s (n, statement)
    WHERE s.statement IS NOT NULL AND NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p');
    SELECT array_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) ORDER BY k.oid),
           drops || array_agg(format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) ORDER BY k.oid)
    INTO keys, drops
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid
    WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = quote_ident(store)::regnamespace AND c.relname = ANY (of_tenants);
    -- Citus makes views anew, of which it forgets who may read them and what they are.
    SELECT array_agg(s.statement) INTO views
    FROM pg_class c CROSS JOIN LATERAL (
        SELECT made FROM scim_internal.made_on_view(c.oid) AS made WHERE NOT starts_with(made, 'CREATE ')
        UNION ALL
        SELECT format('COMMENT ON VIEW %s IS %L', c.oid::regclass, obj_description(c.oid, 'pg_class'))
        UNION ALL
        SELECT format('COMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, t.attname, d.description)
        FROM pg_attribute t JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = t.attrelid AND d.objsubid = t.attnum WHERE t.attrelid = c.oid) AS s (statement)
    WHERE c.relnamespace = quote_ident(store)::regnamespace AND c.relkind = 'v';
    -- What is unique over all nodes without its tenant: ids of resources, which nothing refers to, and names of clients.
    SELECT drops || coalesce(array_agg(format('DROP INDEX %s', i.indexrelid::regclass) ORDER BY i.indexrelid), '{}')
    INTO drops
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisunique AND c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relname = ANY (on_all_nodes)
      AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey));
    PERFORM scim_internal.execute_all(drops);
    EXECUTE format('CREATE UNIQUE INDEX client_name_key ON %I.client (tenant_id, name) WHERE revoked_at IS NULL', store);

    PERFORM set_config('citus.enable_unsafe_triggers', 'on', true);
    FOREACH table_name IN ARRAY on_all_nodes LOOP
        EXECUTE format('SELECT create_reference_table(%L::regclass)', format('%I.%I', store, table_name));
    END LOOP;
    FOREACH table_name IN ARRAY of_tenants LOOP
        IF table_name = of_tenants[1] THEN
            EXECUTE format('SELECT create_distributed_table(%L::regclass, %L, shard_count := %s, colocate_with := %L)',
                format('%I.%I', store, table_name), 'tenant_id', shards, 'none');
        ELSE
            EXECUTE format('SELECT create_distributed_table(%L::regclass, %L, colocate_with := %L)',
                format('%I.%I', store, table_name), 'tenant_id', format('%I.%I', store, of_tenants[1]));
        END IF;
    END LOOP;
    PERFORM scim_internal.execute_all(keys);
    PERFORM scim_internal.execute_all(triggers);
    PERFORM scim_internal.execute_all(views);

    EXECUTE format($$
        CREATE FUNCTION %1$I.at_tenant(tenant_id int, said jsonb, query text, arguments text[]) RETURNS SETOF jsonb
        LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
        AS $body$ BEGIN RETURN QUERY SELECT * FROM scim_internal.at_shards(%2$L::regnamespace, tenant_id, said, query, arguments); END $body$;
        COMMENT ON FUNCTION %1$I.at_tenant(int, jsonb, text, text[]) IS 'Citus calls it on the node where the rows of the tenant are: what scim.at_tenant() and requests go through. It belongs to the store.';
        REVOKE ALL ON FUNCTION %1$I.at_tenant(int, jsonb, text, text[]) FROM PUBLIC $$, store, quote_ident(store));
    EXECUTE format('SELECT create_distributed_function(%L, %L, colocate_with := %L, force_delegation := true)',
        format('%I.at_tenant(int, jsonb, text, text[])', store), 'tenant_id', format('%I.%I', store, of_tenants[1]));
END
$function$;
COMMENT ON FUNCTION scim.distribute_store(text, int) IS
'Distributes a store over the nodes of a cluster of Citus (doc/citus.md): the rows of each tenant lie together on one of them, what the store is configured to be is on all. The rows that there are go along. Errors: 0A000 without Citus; 55000 for what could not be held to over several nodes, each thing named: foreign keys of others to resources, bound tables, attributes that are unique over all tenants, triggers of others. There is no way back.';

CREATE OR REPLACE FUNCTION scim_internal.execute_all(statements text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP
        EXECUTE statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.execute_all(text[]) IS 'Executes statements, one after the other.';

CREATE OR REPLACE FUNCTION scim_internal.is_distributed(relation regclass) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_distributed'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.is_distributed(regclass) IS
'Whether Citus has distributed a table over the nodes of a cluster.';

CREATE OR REPLACE FUNCTION scim_internal.unique_over_tenants(store name)
    RETURNS TABLE (resource_type text, attribute text)
    AS 'MODULE_PATHNAME', 'scim_unique_over_tenants'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.unique_over_tenants(name) IS
'Attributes of a store''s resource types that are unique over all tenants, by a schema or a policy "unique".';
REVOKE ALL ON FUNCTION scim.distribute_store(text, int) FROM PUBLIC;
-- What is nobody's at first is the database owner's to call and to grant, whoever ran CREATE
-- EXTENSION: the functions belong to a superuser, who need not be at hand.  In a store they are
-- worth what its owner has granted there.
GRANT USAGE ON SCHEMA scim TO pg_database_owner WITH GRANT OPTION;
DO $$
DECLARE
    function pg_catalog.regprocedure;
BEGIN
    FOR function IN
        SELECT p.oid FROM pg_catalog.pg_proc p
        WHERE p.pronamespace OPERATOR(pg_catalog.=) 'scim'::pg_catalog.regnamespace
          AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
              WHERE a.grantee OPERATOR(pg_catalog.=) ANY (ARRAY[0, 'pg_database_owner'::pg_catalog.regrole]::pg_catalog.oid[]))
    LOOP
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO pg_database_owner WITH GRANT OPTION', function);
    END LOOP;
END
$$;

-- What others have granted is not what the extension comes with.  An update that says its
-- privileges again notes it so, and pg_dump would leave it out.
DO $$
DECLARE
    extension CONSTANT oid := (SELECT e.oid FROM pg_catalog.pg_extension e WHERE e.extname OPERATOR(pg_catalog.=) 'scim');
    noted record;
    ours aclitem[];
BEGIN
    FOR noted IN
        SELECT i.* FROM pg_catalog.pg_init_privs i JOIN pg_catalog.pg_depend d ON (d.classid, d.objid) OPERATOR(pg_catalog.=) (i.classoid, i.objoid)
        WHERE (d.refclassid, d.refobjid) OPERATOR(pg_catalog.=) ('pg_catalog.pg_extension'::pg_catalog.regclass, extension)
          AND d.deptype OPERATOR(pg_catalog.=) 'e'
    LOOP
        ours := ARRAY(SELECT item FROM pg_catalog.unnest(noted.initprivs) AS item, pg_catalog.aclexplode(ARRAY[item]) AS a
            GROUP BY item HAVING pg_catalog.bool_and(a.grantee OPERATOR(pg_catalog.=) ANY (ARRAY[0, a.grantor, 'pg_database_owner'::pg_catalog.regrole]::pg_catalog.oid[])));
        CONTINUE WHEN pg_catalog.cardinality(ours) OPERATOR(pg_catalog.=) pg_catalog.cardinality(noted.initprivs);
        UPDATE pg_catalog.pg_init_privs i SET initprivs = ours
        WHERE (i.classoid, i.objoid, i.objsubid) OPERATOR(pg_catalog.=) (noted.classoid, noted.objoid, noted.objsubid);
        -- from version 17 on their roles are noted as well
        DELETE FROM pg_catalog.pg_shdepend s
        WHERE s.dbid OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
          AND (s.classid, s.objid) OPERATOR(pg_catalog.=) (noted.classoid, noted.objoid) AND s.deptype OPERATOR(pg_catalog.=) 'i';
    END LOOP;
END
$$;
