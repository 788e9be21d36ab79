-- The version that scim.import tells is the one that is stored, whatever triggers write
-- after it.
SET client_min_messages = warning;
SELECT scim.create_store('told');
SET scim.store = 'told';
CREATE FUNCTION public.again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.data -> 'externalId' IS DISTINCT FROM '"again"' AND new.deleted_at IS NULL THEN
        UPDATE told.resource SET data = data || '{"externalId": "again"}' WHERE tenant_id = 1 AND id = new.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TABLE public.answer (key text, action text, version bigint, resource_id uuid);
CREATE FUNCTION public.versions() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', t.key, t.action, CASE WHEN t.version = r.version OR r.version IS NULL THEN t.version || ' as stored' ELSE t.version || ' but ' || r.version END)
    FROM public.answer t LEFT JOIN told.resource r ON r.id = t.resource_id ORDER BY t.key COLLATE "C"
$$;

CREATE TRIGGER zz_again AFTER INSERT OR UPDATE ON told.users FOR EACH ROW EXECUTE FUNCTION public.again();
CREATE TRIGGER zz_again AFTER INSERT OR UPDATE ON told.groups FOR EACH ROW EXECUTE FUNCTION public.again();
INSERT INTO public.answer SELECT key, action, version, resource_id FROM scim.import('User', $$SELECT 'n' || n AS "userName" FROM generate_series(1, 3) n$$, apply => true);
INSERT INTO public.answer SELECT key, action, version, resource_id FROM scim.import('Group', $$SELECT 'g' AS "displayName"$$, apply => true, match => 'displayName');
SELECT public.versions();
-- and so does the feed that comes next
SELECT key, action, version FROM scim.import('User', $$SELECT 'n1' AS "userName", 'title' AS title, 2 AS "_version"$$, apply => true);
DROP TRIGGER zz_again ON told.users;
DROP TRIGGER zz_again ON told.groups;

-- when the transaction ends
CREATE CONSTRAINT TRIGGER zz_again AFTER INSERT OR UPDATE ON told.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.again();
TRUNCATE public.answer;
INSERT INTO public.answer SELECT key, action, version, resource_id FROM scim.import('User', $$SELECT 'n4' AS "userName", NULL AS "externalId" UNION ALL SELECT 'n2', 'other'$$, apply => true);
SELECT public.versions();
DROP TRIGGER zz_again ON told.users;

-- those who go and are kept, and those who are deactivated
TRUNCATE public.answer;
INSERT INTO public.answer SELECT key, action, version, resource_id FROM scim.import('User', $$SELECT 'n1' AS "userName" UNION ALL SELECT 'n2' UNION ALL SELECT 'n3'$$, mode => 'full', missing => 'delete', force => true, apply => true);
SELECT public.versions();
TRUNCATE public.answer;
INSERT INTO public.answer SELECT key, action, version, resource_id FROM scim.import('User', $$SELECT 'n1' AS "userName" UNION ALL SELECT 'n2'$$, mode => 'full', missing => 'deactivate', force => true, apply => true);
SELECT public.versions();

-- those who are written again since somebody to whom they refer goes, later in the same import
INSERT INTO told.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000a', '{"displayName": "inner"}');
INSERT INTO told.groups (data) VALUES ('{"displayName": "outer", "members": [{"value": "00000000-0000-7000-8000-00000000000a"}]}');
TRUNCATE public.answer;
INSERT INTO public.answer SELECT key, action, version, resource_id FROM scim.import('Group', $$SELECT 'outer' AS "displayName", 'x' AS "externalId"$$, match => 'displayName', mode => 'full', missing => 'delete', force => true, apply => true);
SELECT public.versions();
DROP TABLE public.answer;
SELECT scim.drop_store('told', true);
DROP FUNCTION public.again(), public.versions();
