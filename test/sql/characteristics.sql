-- Every characteristic of an attribute (RFC 7643 section 2.2), on every way in:
-- HTTP, the SQL function, INSERT or UPDATE, and COPY do the same.
SELECT scim.create_store('characteristics');
SET scim.store = 'characteristics';
\set schema `cat "$PG_ABS_SRCDIR/data/characteristics.json"`
SELECT scim.register_schema(:'schema') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:example:More", "name": "More", "attributes": [{"name": "extra", "uniqueness": "server"}, {"name": "must", "type": "boolean", "required": true}, {"name": "status", "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Sample", "endpoint": "/Samples", "schema": "urn:example:Sample", "schemaExtensions": [{"schema": "urn:example:More"}]}') ->> 'id' AS resource_type;

-- What a write does, by one of the ways: the stored document, or scimType and message.
-- Nothing of it stays.
CREATE FUNCTION pg_temp.by(way text, document text, before text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  sample CONSTANT uuid := '00000000-0000-4000-8000-000000000001';
  answer scim.response;
  made uuid;
  result text;
  problem text;
BEGIN
  BEGIN
    IF before IS NOT NULL THEN
      INSERT INTO characteristics.samples (id, data) VALUES (sample, before::jsonb);
    END IF;
    CASE
    WHEN way = 'http' AND before IS NULL THEN answer := scim.request('POST', '/Samples', '{}', document);
    WHEN way = 'http' THEN answer := scim.request('PUT', '/Samples/' || sample, '{}', document);
    WHEN way = 'function' AND before IS NULL THEN made := scim.create_resource('Sample', document::jsonb) ->> 'id';
    WHEN way = 'function' THEN made := scim.replace_resource('Sample', sample::text, document::jsonb) ->> 'id';
    WHEN way = 'dml' AND before IS NULL THEN INSERT INTO characteristics.samples (data) VALUES (document::jsonb) RETURNING id INTO made;
    WHEN way = 'dml' THEN UPDATE characteristics.samples SET data = document::jsonb WHERE id = sample RETURNING id INTO made;
    WHEN way = 'copy' THEN
      EXECUTE format('COPY characteristics.samples (id, data) FROM PROGRAM %L', format($p$printf '%%s\t%%s\n' '%s' '%s'$p$, sample, replace(document, '\', '\\')));
      made := sample;
    END CASE;
    IF way = 'http' AND answer.status < 300 THEN
      made := answer.body::jsonb ->> 'id';
    ELSIF way = 'http' THEN
      result := concat_ws(': ', answer.body::jsonb ->> 'scimType', answer.body::jsonb ->> 'detail');
    END IF;
    IF result IS NULL THEN
      SELECT (data - 'schemas')::text INTO result FROM characteristics.samples WHERE id = made;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
  EXCEPTION
    WHEN SQLSTATE 'ZZZZZ' THEN NULL;
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS problem = PG_EXCEPTION_DETAIL;
      result := replace(split_part(problem, E'\n', 1), 'scimType: ', '') || ': ' || SQLERRM;
  END;
  RETURN result;
END $$;
CREATE FUNCTION pg_temp.create(document text, OUT result text, OUT same boolean) LANGUAGE sql AS $$
  SELECT min(r), count(DISTINCT r) = 1 AND count(r) = 4
  FROM unnest(ARRAY['http', 'function', 'dml', 'copy']) way, pg_temp.by(way, document) r
$$;
CREATE FUNCTION pg_temp.replace(before text, document text, OUT result text, OUT same boolean) LANGUAGE sql AS $$
  SELECT min(r), count(DISTINCT r) = 1 AND count(r) = 3
  FROM unnest(ARRAY['http', 'function', 'dml']) way, pg_temp.by(way, document, before) r
$$;
CREATE FUNCTION pg_temp.member(m text) RETURNS text LANGUAGE sql AS $$ SELECT '{"label": "x", ' || m || '}' $$;

\pset format unaligned
\pset tuples_only on
-- types
SELECT m, r.* FROM unnest(ARRAY[
  '"text": "a"', '"TEXT": "a"', '"text": 1', '"text": true', '"text": ["a"]', '"text": ["a", "b"]', '"text": {"a": 1}', '"text": ""', '"text": null', '"text": []', '"text": {}',
  '"flag": true', '"flag": "True"', '"flag": "false"', '"flag": "yes"', '"flag": 1',
  '"amount": 1.50', '"amount": "1.50"', '"amount": "1,5"', '"amount": "NaN"', '"amount": true',
  '"size": 42', '"size": 42.0', '"size": "42"', '"size": 4.2', '"size": "many"',
  '"moment": "2026-11-21T10:00:00Z"', '"moment": "2026-11-21T10:00:00.1234567+02:00"', '"moment": "2026-11-21 10:00:00"', '"moment": "2026-11-21"', '"moment": "2026-13-21T10:00:00Z"', '"moment": 1',
  '"bytes": "YWJj"', '"bytes": "YQ=="', '"bytes": "_-8"', '"bytes": "a b"', '"bytes": "Y"',
  '"link": "https://example.com/Samples/1"', '"link": "../Samples/1"', '"link": 1',
  '"part": {"code": "a"}', '"part": [{"code": "a"}]', '"part": {"CODE": "a"}', '"part": "a"', '"part": {"code": "a", "other": 1}', '"part": {"fixed": "f"}', '"part": {}', '"part": {"code": null}',
  '"unknown": 1', '"unknown": null', '"text": "a", "Text": "b"']) m, pg_temp.create(pg_temp.member(m)) r;
-- multiValued
SELECT m, r.* FROM unnest(ARRAY[
  '"words": ["a", "b"]', '"words": "a"', '"words": ["a", "a", null, ""]', '"words": []', '"words": ["a", 1]', '"counts": [1, "2", 2.0]', '"counts": [1, "x"]',
  '"phones": {"value": "1"}', '"phones": ["1", {"value": "2", "type": "home"}]', '"phones": [{"value": "1", "primary": true}, {"value": "2", "primary": "True"}]',
  '"phones": [{"value": "1", "type": "work"}, {"value": "1", "type": "home"}]',
  '"phones": [{"value": "A", "type": "work", "display": "x"}, {"value": "b"}, {"value": "a", "type": "WORK", "display": "y", "primary": true}]',
  '"phones": [{"value": "1", "type": "work", "primary": true}, {"value": "1", "type": "work", "primary": true}]']) m, pg_temp.create(pg_temp.member(m)) r;
-- required
SELECT d, r.* FROM unnest(ARRAY['{}', '{"label": ""}', '{"label": null}', '{"text": "a"}', '{"label": "x", "urn:example:More": {"extra": "e"}}', '{"label": "x", "must": "true"}', '{"label": "x", "urn:example:more:must": false}']) d, pg_temp.create(d) r;
-- mutability: readOnly is ignored, writeOnly and immutable are set
SELECT m, r.* FROM unnest(ARRAY['"state": "x"', '"state": {"anything": 1}', '"id": "x", "meta": {"version": 1}', '"part": {"code": "a", "made": "x"}', '"urn:example:More": {"must": true, "status": "x"}', '"phones": [{"value": "1", "made": "x"}]', '"serial": "1"']) m, pg_temp.create(pg_temp.member(m)) r;
SELECT way, regexp_replace(r, '"eyJ[^"]+"', 'SEALED') AS sealed FROM unnest(ARRAY['http', 'function', 'dml', 'copy']) way, pg_temp.by(way, pg_temp.member('"serial": "1", "secret": "s"')) r;
SELECT b, m, r.* FROM (VALUES
  ('"serial": "1"', '"serial": "1"'), ('"serial": "1"', '"text": "a"'), ('"serial": "1"', '"serial": "2"'), ('"serial": "1"', '"serial": null'), ('"text": "a"', '"serial": "2"'),
  ('"part": {"code": "a", "fixed": "f"}', '"part": {"code": "b"}'), ('"part": {"code": "a", "fixed": "f"}', '"part": {"code": "a", "fixed": "g"}'),
  ('"part": {"code": "a", "fixed": "f"}', '"text": "a"'),
  ('"text": "a", "words": ["b"]', '"flag": true'), ('"text": "a"', '"text": null')) t (b, m), pg_temp.replace(pg_temp.member(b), pg_temp.member(m)) r;
-- canonicalValues are suggestions, in any letter case
SELECT m, r.* FROM unnest(ARRAY['"colour": "RED"', '"colour": "blue"', '"grade": "a"']) m, pg_temp.create(pg_temp.member(m)) r;
-- unless the policy "canonical" says otherwise, for some or for all
INSERT INTO characteristics.policy (resource_type, kind, settings) VALUES ('Sample', 'canonical', '{"attributes": ["colour"]}');
SELECT m, r.* FROM unnest(ARRAY['"colour": "RED"', '"colour": "blue"', '"grade": "a"']) m, pg_temp.create(pg_temp.member(m)) r;
UPDATE characteristics.policy SET settings = '{}' WHERE kind = 'canonical';
SELECT m, r.* FROM unnest(ARRAY['"colour": "RED"', '"colour": "blue"', '"grade": "a"', '"grade": "A"', '"phones": [{"value": "1", "type": "car"}, {"value": "2"}]']) m, pg_temp.create(pg_temp.member(m)) r;
UPDATE characteristics.policy SET settings = '{"attributes": ["color"]}' WHERE kind = 'canonical';
DELETE FROM characteristics.policy WHERE kind = 'canonical';
-- references: any by default; those that the policy "reference" names lead somewhere
SELECT m, r.* FROM unnest(ARRAY['"link": "/Samples/00000000-0000-4000-8000-00000000000a"']) m, pg_temp.create(pg_temp.member(m)) r;
INSERT INTO characteristics.samples (id, data) VALUES ('00000000-0000-4000-8000-00000000000b', '{"label": "there"}'), ('00000000-0000-4000-8000-00000000000c', '{"label": "points nowhere", "link": "/Samples/x"}');
INSERT INTO characteristics.policy (resource_type, kind, settings) VALUES ('Sample', 'reference', '{"attributes": {"link": "Sample"}}');
SELECT m, r.* FROM unnest(ARRAY['"link": "/Samples/00000000-0000-4000-8000-00000000000a"', '"link": "https://example.com/Samples/00000000-0000-4000-8000-00000000000b"', '"link": "00000000-0000-4000-8000-00000000000b"', '"link": "b"']) m, pg_temp.create(pg_temp.member(m)) r;
-- one that was there before the policy does not stand in the way
SELECT scim.patch_resource('Sample', '00000000-0000-4000-8000-00000000000c', '[{"op": "add", "path": "text", "value": "changed"}]') - 'meta';
-- nobody else's resource will do
INSERT INTO characteristics.tenant VALUES (2, 'other');
SET scim.tenant = 2;
SELECT r.* FROM pg_temp.create('{"label": "x", "link": "00000000-0000-4000-8000-00000000000b"}') r;
RESET scim.tenant;
UPDATE characteristics.policy SET settings = settings || '{"missing": "notFound"}' WHERE kind = 'reference';
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Samples', '{}', '{"label": "x", "link": "00000000-0000-4000-8000-00000000000a"}');
UPDATE characteristics.policy SET settings = '{"attributes": {"link": "Nothing"}}' WHERE kind = 'reference';
UPDATE characteristics.policy SET settings = '{"attributes": ["link"]}' WHERE kind = 'reference';
DELETE FROM characteristics.policy WHERE kind = 'reference';
-- uniqueness: by caseExact, as numbers and as instants, in extensions, sub-attributes and all elements
INSERT INTO characteristics.samples (id, data) VALUES ('00000000-0000-4000-8000-00000000000d', '{"label": "taken", "badge": "Bäd", "token": "T", "number": 1.50, "instant": "2026-01-01T00:00:00Z", "globe": "g", "cards": ["c1", "c2"], "extra": "E", "must": true}');
SELECT attribute, value, tenant_id FROM characteristics.unique_value ORDER BY 1, 2;
SELECT m, r.* FROM unnest(ARRAY['"badge": "bÄD"', '"badge": "bad"', '"token": "T"', '"token": "t"', '"number": "1.5"', '"number": 15e-1', '"number": 1.51', '"instant": "2026-01-01T01:00:00.000+01:00"', '"instant": "2026-01-01T01:00:00Z"',
  '"cards": [{"value": "c9"}, {"value": "C2"}]', '"cards": [{"value": "c9", "note": "a"}, {"value": "c9", "note": "b"}]', '"extra": "e", "must": true', '"urn:example:More:extra": "f", "must": false', '"globe": "G"']) m, pg_temp.create(pg_temp.member(m)) r;
SELECT b, m, r.* FROM (VALUES ('"badge": "b"', '"badge": "BÄD"'), ('"badge": "b"', '"badge": "B"'), ('"badge": "b"', '"text": "x"')) t (b, m), pg_temp.replace(pg_temp.member(b), pg_temp.member(m)) r;
-- in another tenant it is free, unless it is global
SET scim.tenant = 2;
SELECT m, r.* FROM unnest(ARRAY['"badge": "bÄD"', '"globe": "G"']) m, pg_temp.create(pg_temp.member(m)) r;
RESET scim.tenant;
-- it is free again after a change, after DELETE in each mode, and taken again by a restored resource
UPDATE characteristics.samples SET data = data || '{"badge": "other"}' WHERE id = '00000000-0000-4000-8000-00000000000d';
SELECT value FROM characteristics.unique_value WHERE attribute = 'badge';
UPDATE characteristics.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'Sample' AND kind = 'delete';
DELETE FROM characteristics.samples WHERE id = '00000000-0000-4000-8000-00000000000d';
SELECT count(*) FROM characteristics.unique_value;
INSERT INTO characteristics.samples (id, data) VALUES ('00000000-0000-4000-8000-00000000000e', '{"label": "x", "badge": "OTHER"}');
SELECT scim.restore_resource('Sample', '00000000-0000-4000-8000-00000000000d');
UPDATE characteristics.samples SET data = data - 'badge' WHERE id = '00000000-0000-4000-8000-00000000000e';
SELECT scim.restore_resource('Sample', '00000000-0000-4000-8000-00000000000d') -> 'badge';
UPDATE characteristics.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'Sample' AND kind = 'delete';
DELETE FROM characteristics.samples WHERE id = '00000000-0000-4000-8000-00000000000d';
SELECT count(*) FROM characteristics.unique_value;
-- a long value is unique too, and the message does not repeat it
INSERT INTO characteristics.samples (data) VALUES (jsonb_build_object('label', 'long', 'badge', repeat('x', 100000)));
INSERT INTO characteristics.samples (data) VALUES (jsonb_build_object('label', 'long', 'badge', repeat('X', 100000)));
SELECT value FROM characteristics.unique_value;
DELETE FROM characteristics.samples;

-- The service itself sets what is readOnly to clients: the owner, with a setting
SET scim.write_read_only = on;
INSERT INTO characteristics.samples (id, data) VALUES ('00000000-0000-4000-8000-000000000001', '{"label": "x", "state": "new", "part": {"code": "c", "made": "m"}, "phones": [{"value": "1", "made": "m"}, {"value": "2"}], "must": true, "urn:example:More:status": "ACTIVE", "id": "y", "meta": {}}');
SELECT data - 'schemas' FROM characteristics.samples;
RESET scim.write_read_only;
-- then it stays through every write of a client
SELECT scim.replace_resource('Sample', '00000000-0000-4000-8000-000000000001', '{"label": "y", "state": "old", "part": {"code": "d"}, "phones": [{"value": "2"}, {"value": "1"}, {"value": "3"}], "must": true}') - 'meta' - 'id' - 'schemas';
SELECT scim.patch_resource('Sample', '00000000-0000-4000-8000-000000000001', '[{"op": "remove", "path": "part"}, {"op": "remove", "path": "urn:example:More"}]') - 'meta' - 'id';
UPDATE characteristics.samples SET data = '{"label": "z", "state": "mine"}';
SELECT data FROM characteristics.samples;
SELECT status, body::jsonb ->> 'scimType' FROM scim.request('PATCH', '/Samples/00000000-0000-4000-8000-000000000001', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "state", "value": "x"}]}');
SET scim.write_read_only = on;
UPDATE characteristics.samples SET data = jsonb_set(data, '{state}', '"retired"');
UPDATE characteristics.samples SET data = data - 'urn:example:More';
SELECT data - 'schemas' FROM characteristics.samples;
-- the setting does nothing for others
CREATE ROLE regress_scim_client;
INSERT INTO characteristics.tenant_role (role, tenant_id) VALUES ('regress_scim_client', 1);
GRANT USAGE ON SCHEMA characteristics TO regress_scim_client;
GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA characteristics TO regress_scim_client;
SET ROLE regress_scim_client;
UPDATE characteristics.samples SET data = jsonb_set(data, '{state}', '"forged"');
SELECT data - 'schemas' FROM characteristics.samples;
RESET ROLE;
RESET scim.write_read_only;
DROP OWNED BY regress_scim_client;
DROP ROLE regress_scim_client;

-- returned
SELECT scim.replace_resource('Sample', '00000000-0000-4000-8000-000000000001', '{"label": "x", "stamp": "s", "hidden": "h", "detail": "d", "secret": "p", "text": "t"}') - 'meta' - 'id' - 'schemas';
SELECT q, body::jsonb - 'meta' - 'id' - 'schemas' FROM unnest(ARRAY['', '?attributes=text', '?attributes=detail', '?attributes=hidden,secret', '?attributes=urn:example:sample:detail', '?excludedAttributes=text', '?excludedAttributes=stamp,label']) q,
  scim.request('GET', '/Samples/00000000-0000-4000-8000-000000000001' || q);
SELECT f, status, body::jsonb ->> 'scimType' FROM unnest(ARRAY['hidden+eq+%22h%22', 'secret+pr', 'detail+eq+%22D%22', 'stamp+eq+%22s%22']) f, scim.request('GET', '/Samples?filter=' || f);

-- scim.validate lists all problems, in the order of the document
SELECT * FROM scim.validate('Sample', '{"flag": "maybe", "size": 1.5, "words": ["a", 1], "part": {"fixed": "x"}, "phones": [{"value": 1}, {"colour": "red"}], "urn:example:More": {"extra": 1}, "none": 1}');
SELECT * FROM scim.validate('Sample', '{"label": "x", "state": {"ignored": 1}}');
INSERT INTO characteristics.policy (resource_type, kind, settings) VALUES ('Sample', 'canonical', '{}'), ('Sample', 'reference', '{"attributes": {"link": "Sample"}}');
SELECT * FROM scim.validate('Sample', '{"label": "x", "link": "nowhere", "colour": "blue", "phones": [{"value": "1", "type": "car"}]}');
-- the door reports the first, with the others in the detail
INSERT INTO characteristics.samples (data) VALUES ('{"label": "x", "link": "nowhere", "colour": "blue"}');
-- as a condition of an application's own table
CREATE TABLE characteristics.inbox (sample jsonb CHECK (scim.is_valid('Sample', sample)));
INSERT INTO characteristics.inbox VALUES ('{"label": "x", "colour": "red"}');
INSERT INTO characteristics.inbox VALUES ('{"label": "x", "colour": "blue"}');
SELECT scim.is_valid('Sample', NULL) IS NULL;

SET client_min_messages = warning;
SELECT scim.drop_store('characteristics', true);
