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
        'paths', scim_internal.add_endpoint_paths(paths),
        'components', jsonb_set(api -> 'components', '{schemas}', schemas));
END
$function$;
COMMENT ON FUNCTION scim.openapi() IS
'The HTTP API of the current store as an OpenAPI 3.1 document, made from its registry; GET /openapi.json answers with it.';
