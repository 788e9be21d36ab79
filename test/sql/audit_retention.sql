-- What is old goes by months and leaves its seals; the data of one person go, and the audit stays provable
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('kept');
SET scim.store = 'kept';
-- partitions: this month and the next three, and one for the rest; each a month of UTC, whatever the session has
SELECT count(*) AS months, min(begins) = date_trunc('month', now() AT TIME ZONE 'UTC') AS this_one, max(begins) = date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months' AS last, bool_and(ends = begins + interval '1 month') AS whole,
    bool_and(table_name = to_char(begins, '"audit_"YYYY_MM')) AS named, to_regclass('kept.audit_default') IS NOT NULL AS rest
FROM (SELECT table_name, begins AT TIME ZONE 'UTC' AS begins, ends AT TIME ZONE 'UTC' AS ends FROM scim_internal.audit_months('kept')) m;
SELECT scim.apply_retention();
SET timezone = 'UTC';
-- rows of before and of long after, as an old store or a clock that was wrong may have
CREATE FUNCTION pg_temp.month(n int) RETURNS text LANGUAGE sql AS $$ SELECT to_char((now() + n * interval '1 month') AT TIME ZONE 'UTC', '"audit_"YYYY_MM') $$;
CREATE PROCEDURE pg_temp.put(VARIADIC months int[]) LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    INSERT INTO kept.audit (tenant_id, at, actor, operation, resource_type, resource_id) SELECT 1, date_trunc('month', now()) + interval '10 days' + n * interval '1 month', 'x', 'log out', 'User', scim.uuid_v7() FROM unnest(months) n;
    UPDATE kept.audit a SET digest = (scim_internal.audit_digest(a)).digest WHERE digest IS NULL;
    SET LOCAL session_replication_role = origin;
END
$$;
ALTER TABLE kept.audit ADD COLUMN year int GENERATED ALWAYS AS (extract(year FROM at AT TIME ZONE 'UTC')::int) STORED;
CALL pg_temp.put(-8, -7, -1, 30, 30);
INSERT INTO kept.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "now"}');
SELECT tableoid = 'kept.audit_default'::regclass AS in_default, count(*) FROM kept.audit GROUP BY 1 ORDER BY 1;
SELECT replace(replace(replace(replace(r, pg_temp.month(-8), 'M-8'), pg_temp.month(-7), 'M-7'), pg_temp.month(-1), 'M-1'), pg_temp.month(30), 'M+30') FROM scim.apply_retention() r;
SELECT tableoid::regclass::text = 'kept.' || to_char(at AT TIME ZONE 'UTC', '"audit_"YYYY_MM') AS in_its_own, count(*) FROM kept.audit GROUP BY 1;
SELECT count(*) AS problems FROM scim.verify_audit();
SELECT scim.seal_audit();
SELECT scim.audit_head() AS head \gset
-- what is old: as the settings of the store say, and no other
INSERT INTO kept.setting (name, tenant_id, value) VALUES ('audit_retention', 1, '1');
SELECT scim.apply_retention();
INSERT INTO kept.setting (name, value) VALUES ('audit_retention', '100'), ('event_retention', '30');
UPDATE kept.policy SET enabled = true WHERE kind = 'events';
UPDATE kept.users SET version = version + 1;
INSERT INTO kept.event (tenant_id, at, event_uri, resource_type, resource_id) SELECT 1, now() - n * interval '1 day', 'urn:x', 'User', scim.uuid_v7() FROM generate_series(10, 100, 10) n;
SELECT replace(replace(r, pg_temp.month(-8), 'M-8'), pg_temp.month(-7), 'M-7') FROM scim.apply_retention() r;
SELECT count(*) FILTER (WHERE event_uri = 'urn:x') AS of_test, count(*) AS events FROM kept.event;
SELECT problem, tenant_id, seal, at = date_trunc('month', now(), 'UTC') - CASE WHEN position(replace(substr(pg_temp.month(-8), 7), '_', '-') IN detail) > 0 THEN 8 ELSE 7 END * interval '1 month' AS month,
    regexp_replace(detail, '\d{4}-\d\d(-[^ ]*)?', 'TIME', 'g') AS detail
FROM scim.verify_audit(:'head') ORDER BY at;
SELECT operation, object, detail FROM kept.audit WHERE object = 'audit' ORDER BY at, id;
SELECT scim.apply_retention();
-- a partition that somebody has taken away is there again
SELECT format('DROP TABLE kept.%s', pg_temp.month(2)) AS drop_it \gset
:drop_it;
SELECT replace(r, pg_temp.month(2), 'M+2') FROM scim.apply_retention() r;

-- erase: who is in groups, a manager, in documents of others, in audit and events
SELECT scim.register_schema('{"id": "urn:example:mentor", "name": "Mentor", "attributes": [{"name": "mentor", "type": "complex", "subAttributes": [{"name": "value"}, {"name": "display"}]}, {"name": "mentees", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "display"}]}]}') IS NOT NULL AS schema;
UPDATE kept.resource_type SET document = jsonb_set(document, '{schemaExtensions}', (document -> 'schemaExtensions') || '[{"schema": "urn:example:mentor", "required": false}]') WHERE name = 'User';
INSERT INTO kept.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'hello', '{"on": ["create", "update"], "event": "urn:example:hello", "data": {"who": "displayName"}}');
\set ann '''00000000-0000-7000-8000-00000000000a'''
INSERT INTO kept.users (id, data) VALUES (:ann, '{"userName": "ann@example.com", "displayName": "Ann Example", "name": {"familyName": "Example"}, "emails": [{"value": "ann@home.example"}], "password": "s3cret s3cret"}'),
    ('00000000-0000-7000-8000-00000000000b', '{"userName": "bob", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "00000000-0000-7000-8000-00000000000a"}},
      "urn:example:mentor": {"mentor": {"value": "00000000-0000-7000-8000-00000000000a", "display": "Ann Example"}, "mentees": [{"value": "00000000-0000-7000-8000-00000000000a", "display": "Ann Example"}, {"value": "x"}]}}');
INSERT INTO kept.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000001a', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-00000000000a"}, {"value": "00000000-0000-7000-8000-00000000000b"}]}');
UPDATE kept.users SET data = data || '{"title": "t"}';
SELECT scim.seal_audit() > 0 AS sealed;
SELECT scim.audit_head() AS head \gset
SELECT count(*) AS named FROM kept.audit a WHERE a::text ~* 'ann|home';
SELECT count(*) AS named FROM kept.event e WHERE e::text ~* 'ann';
SELECT scim.erase(:ann::uuid);
SELECT id, version, data FROM kept.resource WHERE data ->> 'userName' = 'bob' OR id = :ann ORDER BY id;
SELECT scim.get_resource('Group', '00000000-0000-7000-8000-00000000001a') -> 'members' #>> '{0,display}' AS member, (SELECT count(*) FROM kept.credential) AS passwords, (SELECT count(*) FROM kept.unique_value WHERE resource_id = :ann) AS unique_values;
SELECT count(*) AS named FROM kept.audit a WHERE a::text ~* 'ann@|ann example|home.example';
SELECT count(*) AS named FROM kept.event e WHERE e::text ~* 'ann';
SELECT operation, version, before, detail ? 'rows' AS detail, salt IS NULL AS unsalted, content_digest IS NOT NULL AS had_content FROM kept.audit WHERE resource_id = :ann ORDER BY at, id;
SELECT operation, resource_id, before IS NULL AS gone FROM kept.audit a WHERE a.salt IS NULL AND a.content_digest IS NOT NULL AND resource_id <> :ann;
SELECT detail -> 'rows' = (SELECT jsonb_agg(id ORDER BY at, id) FROM kept.audit a WHERE a.salt IS NULL AND a.content_digest IS NOT NULL AND resource_id <> :ann) AS told FROM kept.audit WHERE operation = 'erase';
SELECT problem, detail FROM scim.verify_audit(:'head') WHERE problem <> 'gone';
SELECT scim.seal_audit() > 0 AS sealed;
SELECT problem, detail FROM scim.verify_audit(scim.audit_head()) WHERE problem <> 'gone';
-- again, one who was gone before, one who never was, and no id
SELECT scim.erase(:ann);
INSERT INTO kept.users (id, data) VALUES ('00000000-0000-7000-8000-00000000000c', '{"userName": "gone"}');
DELETE FROM kept.users WHERE user_name = 'gone';
SELECT scim.purge('0 s');
SELECT scim.erase('00000000-0000-7000-8000-00000000000c');
SELECT count(*) AS named FROM kept.audit a WHERE a::text ~ '"gone"';
SELECT scim.erase('00000000-0000-7000-8000-0000000000ff');
SELECT scim.erase('x');
-- one whom the policy keeps for a while, and a group
UPDATE kept.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT scim.erase('00000000-0000-7000-8000-00000000000b');
SELECT scim.erase('00000000-0000-7000-8000-00000000001a');
SELECT count(*) FROM kept.resource WHERE id IN ('00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-00000000001a');
SELECT problem, detail FROM scim.verify_audit(:'head') WHERE problem <> 'gone';
-- what others say of the person beside the id: within longer texts, by externalId, phone number and the like; in events; and what receivers say of these
UPDATE kept.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE kept.policy SET settings = '{"mode": "full"}', enabled = true WHERE kind = 'events';
\set eve '''00000000-0000-7000-8000-00000000000e'''
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT format('00000000-0000-7000-8000-%s', lpad((700 + n)::text, 12, '0'))::uuid $$;
INSERT INTO kept.users (id, data) VALUES (:eve, '{"userName": "zz\"victim", "externalId": "HR.4711", "nickName": "Al", "phoneNumbers": [{"value": "+49 (30) 1234", "type": "work"}], "addresses": [{"streetAddress": "Hay Street 7", "country": "US", "type": "work"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "E-99"}}');
INSERT INTO kept.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'o' || n, 'nickName', nick, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', '{"manager": {"value": "00000000-0000-7000-8000-00000000000e"}}'::jsonb)
FROM (VALUES (1, 'assistant of ZZ"Victim'), (2, 'see HR.4711, please'), (3, 'calls +49 (30) 1234'), (4, 'lives in Hay Street 7'), (5, 'replaces E-99'), (6, 'Al''s'), (7, 'HRx4711 in the US at work; also')) AS v (n, nick);
INSERT INTO kept.users (id, data) VALUES (pg_temp.id(8), '{"userName": "o8", "nickName": "knows HR.4711"}');
-- one who has had the reference, and what he says since
UPDATE kept.users SET data = data - 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' WHERE id = pg_temp.id(1);
UPDATE kept.users SET data = data || '{"title": "t"}' WHERE id IN (pg_temp.id(1), pg_temp.id(8));
INSERT INTO kept.groups (id, data) VALUES (pg_temp.id(9), '{"displayName": "late", "members": [{"value": "00000000-0000-7000-8000-000000000708"}]}');
INSERT INTO kept.member (group_id, member_id) VALUES (pg_temp.id(9), :eve);
SELECT scim.create_consumer('c', from_start => true) IS NOT NULL AS made;
SELECT count(*) > 10 AS failed FROM scim.next_events('c', 1000) e, scim.fail_events('c', ARRAY[e.id], CASE WHEN e.resource_id = pg_temp.id(8) THEN 'no such address' ELSE 'unknown here' END, '0 s');
SELECT scim.fail_events('c', ARRAY[e.id], 'who is zz"victim?', '0 s') AS failed FROM scim.next_events('c', 1000) e WHERE resource_id = pg_temp.id(8) AND version = 2;
SELECT scim.erase(:eve) > 0 AS erased;
SELECT right(a.resource_id::text, 1) AS id, string_agg(a.operation || CASE WHEN a.salt IS NULL THEN ' -' ELSE ' +' END, ', ' ORDER BY at, a.id) AS operations FROM kept.audit a WHERE a.resource_id BETWEEN pg_temp.id(1) AND pg_temp.id(9) AND a.content_digest IS NOT NULL GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM kept.audit a WHERE a.resource_id <> pg_temp.id(8) AND concat(a.before, a.detail) ~ '(zz|ZZ).*[vV]ictim|HR\.4711|[(]30[)] 1234|Hay Street|E-99|Al''s';
SELECT e.resource_id, e.data FROM kept.event e WHERE e.resource_id <> pg_temp.id(8) AND e.data::text ~ '(zz|ZZ).*[vV]ictim|HR\.4711|[(]30[)] 1234|Hay Street|E-99|Al''s';
SELECT count(*) FILTER (WHERE data IS NOT NULL) > 0 AS others_told FROM kept.event e WHERE e.resource_id IN (pg_temp.id(7), pg_temp.id(8));
SELECT right(e.resource_id::text, 1) AS id, e.operation, e.version, d.last_error FROM kept.delivery d JOIN kept.event e ON e.id = d.event_id WHERE d.last_error IS NOT NULL AND e.resource_id BETWEEN pg_temp.id(1) AND pg_temp.id(9) ORDER BY d.position;
SELECT problem, detail FROM scim.verify_audit(:'head') WHERE problem <> 'gone';
SELECT scim.drop_store('kept', true);
