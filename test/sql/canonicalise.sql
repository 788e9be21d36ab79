-- What clients send becomes the canonical form, or a list of problems.
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('directory');

-- names in any case, values wrapped and unwrapped, nothing unassigned or read-only
SELECT scim.canonicalise('User', '{"USERNAME": "a", "emails": {"Value": "a@b.c", "primary": "True"},
  "name": [{"GIVENNAME": "A"}], "title": "", "nickName": null, "photos": [], "ims": [{}, null, {"value": ""}],
  "id": "7", "meta": {"version": "x"}, "groups": [{"value": "g"}], "externalId": "E1"}');
SELECT scim.canonicalise('user', '{"userName": "a", "roles": "publisher"}');
SELECT scim.canonicalise('User', '{"userName": "a", "roles": ["x", {"value": "y", "type": null}, "x", {"value": "x"}]}');
SELECT scim.canonicalise('Group', '{"displayName": "g", "members": ["id1", {"value": "id2", "display": "D", "type": "User"}]}');
SELECT scim.canonicalise('User', '{"userName": "  A b ", "password": "s", "displayName": "\u00e9"}');

-- "schemas" follows from the rest
SELECT scim.canonicalise('User', '{"schemas": ["urn:scim:schemas:core:1.0", ""], "userName": "a"}');
SELECT scim.canonicalise('User', '{"schemas": null, "userName": "a",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": ""}}');
SELECT message FROM scim.validate('User', '{"schemas": "urn:x", "userName": "a"}');
SELECT message FROM scim.validate('User', '{"schemas": [1], "userName": "a"}');

-- extension attributes: below the URN, without it, with it as a prefix
SELECT scim.canonicalise('User', '{"userName": "a",
  "URN:ietf:params:scim:schemas:extension:enterprise:2.0:user": {"DEPARTMENT": "d", "manager": "271"}}')
  -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
SELECT scim.canonicalise('User', '{"userName": "a", "department": "d",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:Division": "v",
  "manager": [{"value": "271", "displayName": "dropped"}]}')
  -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
SELECT scim.canonicalise('User', '{"urn:ietf:params:scim:schemas:core:2.0:User:userName": "a"}');
SELECT * FROM scim.validate('User', '{"userName": "a", "department": "x",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "x"}}');
SELECT * FROM scim.validate('User', '{"userName": "a",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": 7}, "userName": "b"}}');
SELECT * FROM scim.validate('User', '{"userName": "a",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "x", "urn:example:foo": {"a": 1}, "urn:example:bar": {"a": null}}');

-- all problems at once, each with its path
SELECT * FROM scim.validate('User', '{"userName": 42, "active": "maybe", "emails": [{"type": "work"}, {"type": 1, "foo": "x"}],
  "foo": 1, "bar": null, "name": "A B", "title": ["a", "b"], "photos": [{"value": true}], "x509Certificates": ["***"]}');
SELECT * FROM scim.validate('User', '{"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": "TRUE"}]}');
SELECT * FROM scim.validate('User', '{"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": false}], "userName": ""}');
SELECT * FROM scim.validate('User', '{"userName": "a", "USERNAME": "a", "emails": [{"value": "x", "VALUE": null}]}');
SELECT * FROM scim.validate('User', '["userName"]');
SELECT * FROM scim.validate('Group', '{"members": [["a"]]}');
SELECT * FROM scim.validate('User', jsonb_build_object('userName', 'a', 'active', repeat('é', 50)));
SELECT count(*) FROM scim.validate('User', '{"userName": "a"}');

-- canonicalise raises the first and names the others
SELECT scim.canonicalise('User', '{"foo": 1, "active": 2}');
SELECT scim.canonicalise('Nobody', '{}');
-- and what validate refuses of a document that has a canonical form
SELECT scim.canonicalise('User', jsonb_build_object('userName', 'a', 'password', repeat('x', 1025)));
SELECT scim.canonicalise('User', jsonb_build_object('userName', repeat('x', 1025), 'externalId', repeat('x', 3025)));

-- the setting scim.unknown_attributes
SET scim.unknown_attributes = 'ignore';
SELECT scim.canonicalise('User', '{"userName": "a", "foo": 1, "emails": [{"value": "x", "foo": {"a": 1}}],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"foo": 1}, "urn:example:foo": {"a": 1}}');
RESET scim.unknown_attributes;

-- a canonical document stays as it is
SELECT c = scim.canonicalise('User', c) FROM scim.canonicalise('User',
  '{"userName": "a", "emails": "x", "department": "d", "active": "false", "password": "p"}') c;

-- equal values once, in arrays small and large
SELECT n, jsonb_array_length(scim.canonicalise('Group', jsonb_build_object('displayName', 'g', 'members', members)) -> 'members')
FROM (VALUES (14, 7), (10000, 9000)) v (n, d),
  LATERAL (SELECT jsonb_agg(jsonb_build_object('value', (i % d)::text, 'type', 'User')) FROM generate_series(1, n) i) m (members);

-- the examples of RFC 7643 section 8 lose nothing but what is read-only
\getenv srcdir PG_ABS_SRCDIR
\set file :srcdir '/data/rfc7643/minimal_user.json'
\set document `cat :'file'`
SELECT scim.canonicalise('User', :'document') = :'document'::jsonb - '{id,meta}'::text[];
\set file :srcdir '/data/rfc7643/full_user.json'
\set document `cat :'file'`
SELECT scim.canonicalise('User', :'document') = :'document'::jsonb - '{id,meta,groups}'::text[];
\set file :srcdir '/data/rfc7643/enterprise_user.json'
\set document `cat :'file'`
SELECT scim.canonicalise('User', :'document') = :'document'::jsonb - '{id,meta,groups}'::text[]
  #- '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,displayName}';
\set file :srcdir '/data/rfc7643/group.json'
\set document `cat :'file'`
SELECT scim.canonicalise('Group', :'document');
\set file :srcdir '/data/employee.json'
\set document `cat :'file'`
SELECT scim.canonicalise('User', :'document') = :'document'::jsonb;

-- a resource type of one's own, with every type of attribute
INSERT INTO directory.schema (id, document)
SELECT document ->> 'id', document FROM (VALUES (jsonb '{"id": "urn:example:Thing", "name": "Thing", "attributes": [
    {"name": "label", "required": true}, {"name": "size", "type": "integer"}, {"name": "weight", "type": "decimal"},
    {"name": "made", "type": "dateTime"}, {"name": "image", "type": "binary"}, {"name": "link", "type": "reference"},
    {"name": "numbers", "type": "integer", "multiValued": true}, {"name": "serial", "mutability": "immutable"},
    {"name": "seal", "required": true, "mutability": "readOnly"},
    {"name": "part", "type": "complex", "subAttributes": [{"name": "code", "required": true}, {"name": "note"}]}]}'),
  (jsonb '{"id": "urn:example:A", "name": "A", "attributes": [
    {"name": "shared"}, {"name": "alpha", "required": true}, {"name": "label"}]}'),
  (jsonb '{"id": "urn:example:B", "name": "B", "attributes": [
    {"name": "shared"}, {"name": "beta"}]}')) AS t (document);
INSERT INTO directory.resource_type (name, document, table_name) VALUES ('Thing', '{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing",
    "schemaExtensions": [{"schema": "urn:example:A", "required": false}, {"schema": "urn:example:B", "required": true}]}', 'things');
SELECT scim_internal.create_resource_table('directory', 'things', 'Thing');
SELECT value, scim.canonicalise('Thing', jsonb_build_object('label', 'x', 'beta', 'y', 'size', value)) -> 'size'
FROM jsonb_array_elements('[7, "42", 1.0, -0, "1e3", "", null, [5]]');
SELECT value, (scim.validate('Thing', jsonb_build_object('label', 'x', 'beta', 'y', 'size', value))).message
FROM jsonb_array_elements('[1.5, "1.5", "07", "x", "1e9999", " 1", "+1", true, [1, 2], {"a": 1}]');
SELECT value, scim.canonicalise('Thing', jsonb_build_object('label', 'x', 'beta', 'y', 'weight', value)) -> 'weight'
FROM jsonb_array_elements('[7.25, "-1.5e-3", 0]');
SELECT value, (scim.validate('Thing', jsonb_build_object('label', 'x', 'beta', 'y', 'made', value))).message
FROM jsonb_array_elements('["2026-01-31T08:00:00Z", "2015-10-10T14:38:21.8617979-07:00", "2026-01-31", "2026-02-30T00:00:00Z", 5]');
SELECT value, (scim.validate('Thing', jsonb_build_object('label', 'x', 'beta', 'y', 'image', value))).message
FROM jsonb_array_elements('["YQ==", "YQ", "-_8=", "+/8", "YQ=", "Y", "Y===", "+_8=", "a b=", 1]');
SELECT value, (scim.validate('Thing', jsonb_build_object('label', 'x', 'beta', 'y', 'link', value))).message
FROM jsonb_array_elements('["https://example.com", "../Users/1", 5]');
SELECT scim.canonicalise('Thing', '{"label": "x", "beta": "y", "numbers": ["1", 1, null, 2, 1.0]}') -> 'numbers';

-- required: attributes, sub-attributes where their parent is, extensions
SELECT * FROM scim.validate('Thing', '{}');
SELECT * FROM scim.validate('Thing', '{"label": "x", "part": {"note": "n"}, "urn:example:B": {"beta": "y"}, "urn:example:A": {"shared": "s"}}');
SELECT * FROM scim.validate('Thing', '{"label": "x", "part": {"note": ""}, "beta": "y"}');

-- an attribute of two extensions needs its URN; one extension inside another moves out
SELECT * FROM scim.validate('Thing', '{"label": "x", "beta": "y", "shared": "s"}');
SELECT scim.canonicalise('Thing', '{"label": "x", "urn:example:A": {"alpha": "a", "label": "inner",
  "URN:EXAMPLE:B": {"beta": "y", "shared": "s"}}}');
SELECT * FROM scim.validate('Thing', '{"label": "x", "urn:example:A": {"alpha": "a", "urn:example:B": {"beta": 1, "gamma": 2}}}');

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
