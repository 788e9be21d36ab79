-- The view leaver: access_ended is true of the steps after which somebody cannot log in any more, and of no others
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('ended');
SET scim.store = 'ended';
CREATE TEMP TABLE loss (user_name text, change uuid);
-- takes steps in somebody's life, and notes those that took the access away
CREATE PROCEDURE pg_temp.live(settings jsonb, name text, VARIADIC steps text[]) LANGUAGE plpgsql AS $$
DECLARE u uuid; step text; could boolean;
BEGIN
  UPDATE ended.policy p SET settings = live.settings WHERE kind = 'delete' AND resource_type = 'User';
  INSERT INTO ended.users (data) VALUES (jsonb_build_object('userName', name, 'active', CASE WHEN name ~ 'stated' THEN true END)) RETURNING id INTO u;
  FOREACH step IN ARRAY steps LOOP
    COMMIT;
    could := scim.record_login(u);
    EXECUTE replace(step, '$u', quote_literal(u));
    IF could AND scim.record_login(u) IS NOT TRUE THEN
      INSERT INTO loss VALUES (name, scim.change());
    END IF;
  END LOOP;
  COMMIT;
END $$;
\set suspend 'UPDATE ended.users SET active = false WHERE id = $u'
\set delete 'DELETE FROM ended.users WHERE id = $u'
\set complete 'SELECT scim.complete_offboarding($u)'
\set restore 'SELECT scim.restore_resource(''User'', $u)'
\set title 'UPDATE ended.users SET data = data || ''{"title": "x"}'' WHERE id = $u'
\set purge 'DELETE FROM ended.users WHERE id = $u'
CALL pg_temp.live('{"mode": "offboard"}', 'off', :'title', :'delete', :'title', :'complete');
CALL pg_temp.live('{"mode": "offboard"}', 'suspended', :'suspend', :'delete', :'restore', :'delete', :'complete');
CALL pg_temp.live('{"mode": "offboard"}', 'last', :'delete');
CALL pg_temp.live('{"mode": "offboard", "deactivate": false}', 'stays', :'delete', :'title', :'complete');
CALL pg_temp.live('{"mode": "offboard", "deactivate": false}', 'stays, stated', :'delete', :'complete', :'purge');
CALL pg_temp.live('{"mode": "offboard", "deactivate": false}', 'stays last', :'delete');
CALL pg_temp.live('{"mode": "offboard", "deactivate": false}', 'ended', :'delete', :'suspend', :'title', :'complete');
CALL pg_temp.live('{"mode": "offboard", "deactivate": false}', 'back', :'delete', :'restore', :'suspend', :'delete', :'complete');
CALL pg_temp.live('{"mode": "retain"}', 'retained', :'delete', :'restore', :'delete', :'purge');
CALL pg_temp.live('{"mode": "hard"}', 'hard', :'delete');
SELECT user_name, operation, status_before, status_now, access_ended FROM ended.leaver ORDER BY user_name, at;
-- of each the same
SELECT * FROM (SELECT user_name, change FROM ended.leaver WHERE access_ended) AS v FULL JOIN loss USING (user_name, change) WHERE v IS NULL OR loss IS NULL;
SELECT count(*) FROM loss;
-- of who is erased it knows what the status says
SELECT scim.erase(id) IS NOT NULL AS erased FROM ended.users WHERE user_name IN ('stays', 'ended');
SELECT operation, status_before, access_ended FROM ended.leaver WHERE user_name IS NULL ORDER BY at;
SELECT scim.drop_store('ended', true);
RESET scim.store;
