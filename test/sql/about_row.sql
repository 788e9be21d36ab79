-- What is wrong with one of many rows is told of that row, whatever SQLSTATE a trigger
-- raises, and the others are done: scim.purge, scim.import, scim.revert_change.
SET client_min_messages = warning;
SELECT scim.create_store('rows');
SET scim.store = 'rows';
\set VERBOSITY terse
CREATE TABLE public.states (name text PRIMARY KEY, state text);
INSERT INTO public.states VALUES ('p01', 'MY001'), ('p02', '55000'), ('p03', '0A000'), ('p04', 'P0002'), ('p05', '27000'), ('p06', 'XX000'), ('p07', '42501'), ('p08', '42P01'), ('p09', 'SC500'),
    ('p10', '22023'), ('p11', 'P0001'), ('p12', '40001'), ('p13', '55P03'), ('p14', '57014'), ('p15', '53200'), ('p16', '08006'), ('p17', 'SC503');
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    n CONSTANT text := CASE TG_OP WHEN 'DELETE' THEN old.user_name ELSE new.data ->> 'userName' END;
    s text := (SELECT state FROM public.states WHERE name = n);
BEGIN
    IF s IS NOT NULL THEN
        RAISE EXCEPTION 'not %', n USING ERRCODE = s;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN old ELSE new END;
END $$;

-- purge
INSERT INTO rows.users (id, data) SELECT format('00000000-0000-7000-8000-0000000000%s', lpad(n::text, 2, '0'))::uuid, jsonb_build_object('userName', 'p' || lpad(n::text, 2, '0')) FROM generate_series(1, 20) n;
DELETE FROM rows.users;
CREATE TRIGGER zz_refuse BEFORE DELETE ON rows.users FOR EACH ROW EXECUTE FUNCTION public.refuse();
CREATE FUNCTION public.purged() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.purge('0 s');
EXCEPTION WHEN OTHERS OR query_canceled THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
UPDATE public.states SET state = NULL WHERE name > 'p11';
SELECT public.purged();
SELECT count(*) FROM rows.users;
-- what somebody else is to blame for, or would come again, ends it
DELETE FROM public.states WHERE name <= 'p11';
INSERT INTO rows.users (data) SELECT jsonb_build_object('userName', name) FROM public.states;
DELETE FROM rows.users WHERE deleted_at IS NULL;
CREATE FUNCTION public.purged_with(name text, state text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r text;
BEGIN
    UPDATE public.states s SET state = purged_with.state WHERE s.name = purged_with.name;
    r := public.purged();
    UPDATE public.states s SET state = NULL;
    RETURN r;
END $$;
SELECT public.purged_with('p12', s) FROM unnest('{40001,55P03,57014,53200,08006,SC503}'::text[]) AS s;
SELECT public.purged();
DROP TRIGGER zz_refuse ON rows.users;

-- import
CREATE TRIGGER zz_refuse BEFORE INSERT ON rows.users FOR EACH ROW EXECUTE FUNCTION public.refuse();
DELETE FROM public.states;
INSERT INTO public.states VALUES ('i1', 'MY001'), ('i2', 'XX000'), ('i3', 'P0001'), ('i4', '23514');
SELECT line, key, action, problems FROM scim.import('User', $$SELECT 'i' || n AS "userName" FROM generate_series(1, 5) n$$, apply => true) ORDER BY line;
UPDATE public.states SET state = '55P03' WHERE name = 'i1';
SELECT line, key, action, problems FROM scim.import('User', $$SELECT 'i' || n AS "userName" FROM generate_series(1, 5) n$$, apply => true) ORDER BY line;
DELETE FROM public.states;

UPDATE rows.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';

-- violations are told as a client would be told
CREATE TABLE public.lap (holder uuid, CONSTRAINT lap_holder_fkey FOREIGN KEY (holder) REFERENCES rows.users (id));
ALTER TABLE rows.users ADD CONSTRAINT loc CHECK (data ->> 'locale' <> 'xx');
CREATE UNIQUE INDEX own ON rows.users (tenant_id, (data ->> 'nickName'));
CREATE INDEX family ON rows.users ((data #>> '{name,familyName}'));
INSERT INTO rows.users (data) VALUES ('{"userName": "held", "nickName": "h"}'), ('{"userName": "free"}');
INSERT INTO public.lap SELECT id FROM rows.users WHERE user_name = 'held';
SELECT line, key, action, problems FROM scim.import('User', $$
    SELECT 'one' AS "userName", 'xx' AS locale, NULL AS "nickName", NULL AS "name.familyName"
    UNION ALL SELECT 'two', NULL, 'h', NULL
    UNION ALL SELECT 'three', NULL, NULL, (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 300) n)
    UNION ALL SELECT 'four', 'en', NULL, NULL$$, apply => true) ORDER BY line;
SELECT key, action, problems FROM scim.import('User', $$SELECT 'four' AS "userName"$$, mode => 'full', missing => 'delete', force => true, apply => true) ORDER BY key COLLATE "C";

-- and so is who undoes a change
BEGIN;
SELECT scim.change() AS change \gset
INSERT INTO rows.users (data) VALUES ('{"userName": "u1"}'), ('{"userName": "u2"}'), ('{"userName": "u3"}');
UPDATE rows.users SET data = data || '{"locale": "de"}' WHERE user_name = 'four';
COMMIT;
INSERT INTO public.lap SELECT id FROM rows.users WHERE user_name = 'u1';
CREATE TRIGGER zz_refuse_too BEFORE DELETE ON rows.users FOR EACH ROW EXECUTE FUNCTION public.refuse();
INSERT INTO public.states VALUES ('u2', 'XX000');
SELECT (SELECT coalesce(u.user_name, 'gone') FROM rows.users u WHERE u.id = r.resource_id) AS who, r.action, r.conflict FROM scim.revert_change(:'change') r ORDER BY 1, 2;
UPDATE public.states SET state = '55P03' WHERE name = 'u2';
SELECT action, conflict FROM scim.revert_change(:'change');
DROP TABLE public.lap;
SELECT scim.drop_store('rows', true);
DROP TABLE public.states;
DROP FUNCTION public.refuse(), public.purged(), public.purged_with(text, text);
