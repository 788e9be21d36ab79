-- The answer to a write is what is stored after all triggers, whether or not the row has
-- to be read again for it.
SET client_min_messages = warning;
SELECT scim.create_store('answers');
SET scim.store = 'answers';

CREATE FUNCTION public.shown(r jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' | ', r ->> 'userName', r ->> 'title', split_part(r #>> '{meta,version}', '.', 1), r #>> '{groups,0,display}')
$$;
CREATE FUNCTION public.person(name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('userName', name, 'title', 'new')
$$;
CREATE FUNCTION public.id_of(name text) RETURNS text LANGUAGE sql AS $$
    SELECT id FROM answers.users WHERE user_name = name AND deleted_at IS NULL
$$;
CREATE FUNCTION public.posted(name text) RETURNS text LANGUAGE sql AS $$
    SELECT status || ' ' || public.shown(body::jsonb) FROM scim.request('POST', '/Users', '{}', public.person(name)::text)
$$;
INSERT INTO answers.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"displayName": "Everybody"}');

-- nobody else
SELECT public.shown(scim.create_resource('User', public.person('plain')));
SELECT public.posted('plain2');
SELECT public.shown(scim.patch_resource('User', public.id_of('plain'), '[{"op": "replace", "path": "title", "value": "old"}]'));
SELECT public.shown(scim.replace_resource('User', public.id_of('plain'), public.person('plain')));
SELECT public.shown(scim.create_resource('Group', '{"displayName": "Few"}'));

-- a row of its own is written again, at once
CREATE FUNCTION public.again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.data ->> 'title' <> 'changed' THEN
        UPDATE answers.users SET data = data || '{"title": "changed"}' WHERE tenant_id = NEW.tenant_id AND id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER again AFTER INSERT OR UPDATE ON answers.users FOR EACH ROW EXECUTE FUNCTION public.again();
SELECT public.shown(scim.create_resource('User', public.person('again')));
SELECT public.posted('again2');
SELECT public.shown(scim.patch_resource('User', public.id_of('again'), '[{"op": "replace", "path": "title", "value": "old"}]'));
SELECT public.shown(scim.replace_resource('User', public.id_of('again'), public.person('again')));
DROP TRIGGER again ON answers.users;

-- and once the transaction is about to end: so for a request, not for a function
CREATE CONSTRAINT TRIGGER again AFTER INSERT ON answers.users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.again();
SELECT public.shown(scim.create_resource('User', public.person('late')));
SELECT public.posted('late2');
DROP TRIGGER again ON answers.users;

-- by a statement trigger, of the table "resource"
CREATE FUNCTION public.all_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE answers.users SET data = data || '{"title": "all"}' WHERE tenant_id = 1 AND data ->> 'title' = 'new';
    RETURN NULL;
END $$;
CREATE TRIGGER all_again AFTER INSERT ON answers.resource EXECUTE FUNCTION public.all_again();
SELECT public.shown(scim.create_resource('User', public.person('statement')));
SELECT public.posted('statement2');
DROP TRIGGER all_again ON answers.resource;

-- by a trigger of a table that follows from the write
CREATE TRIGGER all_again AFTER INSERT ON answers.audit EXECUTE FUNCTION public.all_again();
SELECT public.shown(scim.create_resource('User', public.person('audited')));
SELECT public.posted('audited2');
DROP TRIGGER all_again ON answers.audit;

-- who is new gets into a group, before or after
CREATE FUNCTION public.join_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO answers.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-000000000001', NEW.id);
    RETURN NEW;
END $$;
CREATE TRIGGER join_all AFTER INSERT ON answers.users FOR EACH ROW EXECUTE FUNCTION public.join_all();
SELECT public.shown(scim.create_resource('User', public.person('joins')));
SELECT public.posted('joins2');
DROP TRIGGER join_all ON answers.users;
CREATE TRIGGER a_join_all BEFORE INSERT ON answers.users FOR EACH ROW EXECUTE FUNCTION public.join_all();
SELECT public.shown(scim.create_resource('User', public.person('joined')));
SELECT public.posted('joined2');
DROP TRIGGER a_join_all ON answers.users;

-- who gets another id is who was a member before
INSERT INTO answers.member (group_id, member_id)
VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002');
CREATE FUNCTION public.other_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.id := '00000000-0000-7000-8000-000000000002';
    RETURN NEW;
END $$;
CREATE TRIGGER a_other_id BEFORE INSERT ON answers.users FOR EACH ROW EXECUTE FUNCTION public.other_id();
SELECT public.shown(scim.create_resource('User', public.person('other')));
DROP TRIGGER a_other_id ON answers.users;

-- who is taken away again
CREATE FUNCTION public.away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM answers.users WHERE tenant_id = NEW.tenant_id AND id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER away AFTER INSERT OR UPDATE ON answers.users FOR EACH ROW WHEN (NEW.deleted_at IS NULL)
    EXECUTE FUNCTION public.away();
SELECT public.shown(scim.create_resource('User', public.person('away')));
SELECT scim.patch_resource('User', public.id_of('plain'), '[{"op": "replace", "path": "title", "value": "old"}]') IS NULL AS away;
DROP TRIGGER away ON answers.users;

-- The statuses that there are, also where no trigger looks.
SET session_replication_role = replica;
DO $$
DECLARE
    word text;
BEGIN
    FOREACH word IN ARRAY '{PENDING,ACTIVE,SUSPENDED,OFFBOARDING,OFFBOARDED,DELETED,Active,GONE,""}'::text[] LOOP
        BEGIN
            UPDATE answers.users SET status = word WHERE tenant_id = 1 AND user_name = 'joins';
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING '"%" violates a constraint', word;
        END;
    END LOOP;
END $$;
RESET session_replication_role;

DROP FUNCTION public.shown, public.person, public.id_of, public.posted, public.again, public.all_again, public.join_all, public.other_id, public.away CASCADE;
SELECT scim.drop_store('answers', true);
