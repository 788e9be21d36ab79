-- What is told of a step that leaves the document as it was: the step, and no PATCH without operations
SET client_min_messages = warning;
SELECT scim.create_store('statuses');
SET scim.store = 'statuses';
UPDATE statuses.policy SET settings = '{"mode": "offboard"}' WHERE (kind, resource_type) = ('delete', 'User');
CREATE FUNCTION pg_temp.life(mode text) RETURNS TABLE (operation text, event text, attributes text[], data jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  who uuid;
  team uuid;
BEGIN
  UPDATE statuses.policy SET enabled = true, settings = jsonb_build_object('mode', mode) WHERE kind = 'events';
  INSERT INTO statuses.users (data) VALUES (jsonb_build_object('userName', mode)) RETURNING id INTO who;
  INSERT INTO statuses.groups (data) VALUES (jsonb_build_object('displayName', mode)) RETURNING id INTO team;
  PERFORM scim.suspend_resource('User', who);
  DELETE FROM statuses.users WHERE id = who;
  PERFORM scim.restore_resource('User', who);
  PERFORM scim.suspend_resource('Group', team);
  PERFORM scim.activate_resource('Group', team);
  UPDATE statuses.groups SET status = 'SUSPENDED', data = data || '{"externalId": "x"}' WHERE id = team;
  RETURN QUERY SELECT e.operation, regexp_replace(e.event_uri, '.*:event:', ''), e.attributes, e.data - '{id,schemas}'::text[] FROM statuses.event e WHERE e.resource_id IN (who, team) ORDER BY e.at, e.id;
END $$;
SELECT * FROM pg_temp.life('full');
SELECT * FROM pg_temp.life('notice');
-- who is to leave, and stays active until then, is not told of as inactive; as soon as he is, he is
UPDATE statuses.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE (kind, resource_type) = ('delete', 'User');
CREATE FUNCTION pg_temp.leaving(mode text) RETURNS TABLE (operation text, event text, attributes text[], data jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  who uuid[];
BEGIN
  UPDATE statuses.policy SET settings = jsonb_build_object('mode', mode) WHERE kind = 'events';
  WITH new AS (INSERT INTO statuses.users (data, status) VALUES (jsonb_build_object('userName', mode || ' leaver', 'active', true), 'ACTIVE'),
    (jsonb_build_object('userName', mode || ' newcomer'), 'OFFBOARDING') RETURNING id) SELECT array_agg(id) INTO who FROM new;
  PERFORM scim.delete_resource('User', who[1]);
  PERFORM scim.patch_resource('User', who[1], '[{"op": "replace", "path": "active", "value": false}]');
  RETURN QUERY SELECT e.operation, regexp_replace(e.event_uri, '.*:event:', ''), e.attributes, e.data - '{id,schemas}'::text[] FROM statuses.event e WHERE e.resource_id = ANY (who) ORDER BY array_position(who, e.resource_id), e.at, e.id;
END $$;
SELECT * FROM pg_temp.leaving('full');
SELECT * FROM pg_temp.leaving('notice');
SELECT count(*) FROM statuses.event WHERE data -> 'Operations' = '[]' OR attributes = '{}';
SELECT scim.drop_store('statuses', true);
