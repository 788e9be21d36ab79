-- Audit and events stand in the order of the writes, where an AFTER trigger of one's own writes
-- the row again, whatever its name
SET client_min_messages = warning;
SELECT scim.create_store('ordered');
SET scim.store = 'ordered';
UPDATE ordered.policy SET enabled = true WHERE kind = 'events';
CREATE FUNCTION ordered.again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ordered.users SET data = data || '{"title": "t"}' WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE FUNCTION ordered.say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ordered.groups SET data = data || jsonb_build_object('externalId', (SELECT count(*) FROM ordered.member WHERE group_id = NEW.id)::text) WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER a_again AFTER INSERT ON ordered.users FOR EACH ROW EXECUTE FUNCTION ordered.again();
CREATE TRIGGER "_again" AFTER UPDATE OF display_name ON ordered.users FOR EACH ROW EXECUTE FUNCTION ordered.again();
CREATE TRIGGER "Say" AFTER INSERT ON ordered.groups FOR EACH ROW EXECUTE FUNCTION ordered.say();
INSERT INTO ordered.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen", "password": "correct horse"}');
UPDATE ordered.users SET data = (data - 'title') || '{"displayName": "Babs"}', display_name = 'Babs';
INSERT INTO ordered.groups (data) VALUES ('{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
DELETE FROM ordered.users;
SELECT operation, resource_type, version FROM ordered.audit WHERE object IS NULL ORDER BY tenant_id, id;
SELECT regexp_replace(event_uri, '.*:event:', '') AS event, resource_type, version FROM ordered.event ORDER BY tenant_id, id;
-- the trigger finds what the row came with
SELECT external_id AS members FROM ordered.groups;
SELECT scim.drop_store('ordered', true);
