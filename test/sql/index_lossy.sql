-- Ranges of keys whose rows do not fit into work_mem: GIN knows pages then, and passes over rows of some of them.
-- Whatever it passes over, nobody is missed.
SET client_min_messages = warning;
SELECT scim.create_store('lossy');
RESET client_min_messages;
SET scim.store = 'lossy';
UPDATE lossy.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO lossy.users (data)
SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'user' || n || '@example.com', 'displayName', repeat('of some length ', 20) || n,
  'title', CASE WHEN n % 4 = 0 THEN 'Title ' || n END, 'nickName', CASE WHEN n % 37 = 0 THEN 'Nick' || n END, 'userType', CASE WHEN n % 30 = 0 THEN 'Contractor' ELSE 'Employee' END,
  'name', jsonb_build_object('givenName', 'G' || n % 50, 'familyName', CASE WHEN n % 3 = 0 THEN 'Müller' ELSE 'Family' || n % 100 END),
  'emails', jsonb_build_array(jsonb_build_object('value', 'user' || n || '@example.com', 'type', 'work'), jsonb_build_object('value', 'home' || n || '@example.org', 'type', 'home'))))
FROM generate_series(1, 12000) n;
VACUUM ANALYZE lossy.users;
CREATE TEMP TABLE asked (n serial, filter text);
INSERT INTO asked (filter) VALUES
  ('name.givenName eq "G7" or title sw "title" and emails.value sw "user1"'),
  ('name.givenName eq "G7" or title pr and title ge "title 4"'),
  ('nickName pr or title sw "title" and emails.value sw "user1"'),
  ('nickName pr or emails[type sw "ho" and value sw "home1"] and name.familyName sw "m"'),
  ('name.givenName eq "G7" or userName gt "user3" and title gt "title 2"'),
  ('userType eq "Contractor" or userName gt "user2" and not (emails.value sw "user3")'),
  ('userType eq "Contractor" and (userName gt "user2" or name.familyName sw "m")'),
  ('not (userType eq "Contractor" or userName gt "user2" and emails.value sw "user3")'),
  ('(nickName pr or userName lt "user3") and (title pr or name.familyName lt "g") and (emails.value sw "user" or name.givenName eq "G9")'),
  ('emails.value co "er1" or userName co "ser2" and title pr'),
  ('userName ew "7@example.com" or title co "le 1" and emails.value co "home1"');
-- by every other row
SET enable_indexscan = off;
SET enable_bitmapscan = off;
CREATE TEMP TABLE told AS SELECT a.*, (SELECT count(*) FROM lossy.users u WHERE u.deleted_at IS NULL AND scim.matches(u.data, a.filter::scim.filter, 'User')) AS found FROM asked a;
RESET enable_indexscan;
RESET enable_bitmapscan;
SELECT n, filter, found FROM told ORDER BY n;
-- by the index, with much memory and with hardly any
CREATE FUNCTION pg_temp.compare(memory text) RETURNS TABLE (n int, filter text, told bigint, listed bigint, matched bigint) LANGUAGE plpgsql SET enable_seqscan = off SET enable_indexscan = off AS $$
BEGIN
  PERFORM set_config('work_mem', memory, true);
  FOR n, filter, told IN SELECT t.n, t.filter, t.found FROM told t ORDER BY t.n LOOP
    listed := scim.search('User', filter, count => 0) -> 'totalResults';
    EXECUTE format('SELECT count(*) FROM lossy.users u WHERE u.tenant_id = 1 AND u.deleted_at IS NULL AND scim.matches(u.data, %L, ''User'')', filter) INTO matched;
    IF told <> listed OR told <> matched THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;
SELECT * FROM pg_temp.compare('64MB');
SELECT * FROM pg_temp.compare('256kB');
SELECT * FROM pg_temp.compare('128kB');
SELECT * FROM pg_temp.compare('64kB');
-- and pages are known only, of which this is about
SET work_mem = '64kB';
SET enable_seqscan = off;
CREATE FUNCTION pg_temp.lossy_pages(filter text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE format('EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT id FROM lossy.users u WHERE u.tenant_id = 1 AND u.deleted_at IS NULL AND scim.matches(u.data, %L, ''User'')', filter) LOOP
    IF line ~ 'lossy=' THEN
      RETURN true;
    END IF;
  END LOOP;
  RETURN false;
END $$;
SELECT pg_temp.lossy_pages(filter) FROM asked WHERE n = 1;
RESET work_mem;
RESET enable_seqscan;
SET client_min_messages = warning;
SELECT scim.drop_store('lossy', true);
