-- An AFTER trigger of one's own that is faster than ours: what follows from a row follows from what is there by then.
SELECT scim.create_store('fast');
SET scim.store = 'fast';
\pset format unaligned
\pset tuples_only on
SELECT scim.register_schema('{"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "badge", "uniqueness": "server"}, {"name": "what"}]}') ->> 'id';
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}') ->> 'id';
INSERT INTO fast.users (data) VALUES ('{"userName": "u"}') RETURNING id AS u \gset
-- what it does is said by the row
CREATE FUNCTION fast.does() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE coalesce(NEW.data ->> 'what', NEW.display_name)
    WHEN 'delete' THEN EXECUTE format('DELETE FROM fast.%I WHERE id = $1', TG_TABLE_NAME) USING NEW.id;
    WHEN 'delete the others' THEN EXECUTE format('DELETE FROM fast.%I WHERE id <> $1 AND deleted_at IS NULL', TG_TABLE_NAME) USING NEW.id;
    WHEN 'other badge' THEN UPDATE fast.things SET data = data || '{"badge": "other", "what": "done"}' WHERE id = NEW.id;
    WHEN 'same badge' THEN UPDATE fast.things SET data = data || '{"what": "done"}' WHERE id = NEW.id;
    ELSE NULL;
    END CASE;
    RETURN NULL;
END $$;
CREATE FUNCTION fast.left() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(', ', (SELECT count(*) FROM fast.groups) || ' groups', (SELECT count(*) FROM fast.member m WHERE NOT EXISTS (SELECT FROM fast.resource r WHERE r.id = m.group_id AND r.deleted_at IS NULL)) || ' lost members',
        (SELECT string_agg(data ->> 'badge', ' ' ORDER BY data ->> 'badge') FROM fast.things WHERE deleted_at IS NULL), 'kept: ' || (SELECT string_agg(value, ' ' ORDER BY value) FROM fast.unique_value),
        (SELECT count(*) FROM fast.credential c WHERE NOT EXISTS (SELECT FROM fast.resource r WHERE r.id = c.resource_id)) || ' lost passwords')
$$;
SELECT format('CREATE TRIGGER %I AFTER INSERT OR UPDATE ON fast.%I FOR EACH ROW EXECUTE FUNCTION fast.does()', '!fast', t) FROM unnest(ARRAY['users', 'groups', 'things']) t \gexec

-- a group with members, taken away at once, in each mode of deletion, or by the trigger of another row
INSERT INTO fast.groups (data) VALUES (jsonb_build_object('displayName', 'delete', 'members', jsonb_build_array(jsonb_build_object('value', :'u'))));
SELECT fast.left();
INSERT INTO fast.groups (data) SELECT jsonb_build_object('displayName', name, 'members', jsonb_build_array(jsonb_build_object('value', :'u'))) FROM unnest(ARRAY['delete the others', 'stays', 'too']) name;
SELECT fast.left();
DELETE FROM fast.groups;
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Groups', '{}', jsonb_build_object('displayName', 'delete', 'members', jsonb_build_array(jsonb_build_object('value', :'u')))::text);
SELECT fast.left();
-- users with passwords
INSERT INTO fast.users (data) VALUES ('{"userName": "p", "displayName": "delete", "password": "s3cret-Passphrase"}');
SELECT fast.left(), (SELECT count(*) FROM fast.users WHERE user_name = 'p' AND deleted_at IS NULL);
-- unique values: of who is gone, or has others by now
INSERT INTO fast.things (data) VALUES ('{"badge": "b1", "what": "delete"}');
SELECT fast.left();
INSERT INTO fast.things (data) VALUES ('{"badge": "b1", "what": "other badge"}');
SELECT fast.left();
INSERT INTO fast.things (data) VALUES ('{"badge": "b1", "what": "same badge"}');
SELECT fast.left();
INSERT INTO fast.things (data) VALUES ('{"badge": "b1"}');
UPDATE fast.things SET data = data || '{"badge": "b2", "what": "same badge"}' WHERE data ->> 'badge' = 'b1';
SELECT fast.left();
UPDATE fast.things SET data = data || '{"badge": "b3", "what": "delete"}' WHERE data ->> 'badge' = 'b2';
SELECT fast.left();
UPDATE fast.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete';
UPDATE fast.things SET data = data || '{"badge": "b4", "what": "delete"}' WHERE data ->> 'badge' = 'other';
INSERT INTO fast.groups (data) VALUES (jsonb_build_object('displayName', 'delete', 'members', jsonb_build_array(jsonb_build_object('value', :'u'))));
SELECT fast.left();
SELECT scim.get_resource('User', :'u') -> 'groups';

-- The schema of schemas, as it is
UPDATE fast.schema SET document = document;
UPDATE fast.resource_type SET document = document;
SELECT scim.register_schema(document) = document FROM fast.schema WHERE id LIKE '%core:2.0:Schema';

SET client_min_messages = warning;
SELECT scim.drop_store('fast', true);
