-- What the store "Odd ""Store""" has registered.

SELECT scim.register_schema('{"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "label", "uniqueness": "global"}]}');
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}');
