-- A bulk request of which all is done or nothing, and what waits for its end: triggers that
-- write again, and constraints that refuse it.
SET client_min_messages = warning;
SELECT scim.create_store('whole');
SET scim.store = 'whole';
CREATE FUNCTION public.asked(operations jsonb, by_preview boolean DEFAULT false) RETURNS TABLE (n bigint, status text, version text, detail text) LANGUAGE sql AS $$
    WITH body (b) AS (SELECT jsonb_build_object('schemas', '["urn:scim:params:bulk:atomic"]'::jsonb, 'Operations', operations)::text),
    answer (status, body) AS MATERIALIZED (
        SELECT r.status, r.body::jsonb FROM body, scim.request('POST', '/Bulk', '{}', b) r WHERE NOT by_preview
        UNION ALL SELECT p.status, p.body::jsonb FROM body, scim.preview('POST', '/Bulk', '{}', b) p WHERE by_preview)
    SELECT o.n, coalesce(o.r ->> 'status', answer.status::text), o.r ->> 'version', CASE WHEN o.r IS NULL THEN answer.body ->> 'detail' END
    FROM answer LEFT JOIN jsonb_array_elements(answer.body -> 'Operations') WITH ORDINALITY AS o (r, n) ON true ORDER BY 1
$$;
INSERT INTO whole.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "u1"}');
INSERT INTO whole.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "held"}'), ('00000000-0000-7000-8000-000000000003', '{"displayName": "free"}');

-- the versions are those that are stored
CREATE FUNCTION public.later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.data ->> 'title' IS DISTINCT FROM 'later' AND new.deleted_at IS NULL THEN
        UPDATE whole.users SET data = data || '{"title": "later"}' WHERE tenant_id = 1 AND id = new.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT OR UPDATE ON whole.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.later();
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "w4"}},
    {"method": "PATCH", "path": "/Users/00000000-0000-7000-8000-000000000001", "data": {"Operations": [{"op": "replace", "path": "title", "value": "new"}]}},
    {"method": "PATCH", "path": "/Users/00000000-0000-7000-8000-000000000001", "data": {"Operations": [{"op": "replace", "path": "nickName", "value": "new"}]}}]', true);
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "w4"}},
    {"method": "PATCH", "path": "/Users/00000000-0000-7000-8000-000000000001", "data": {"Operations": [{"op": "replace", "path": "title", "value": "new"}]}},
    {"method": "PATCH", "path": "/Users/00000000-0000-7000-8000-000000000001", "data": {"Operations": [{"op": "replace", "path": "nickName", "value": "new"}]}}]');
SELECT user_name, version, data ->> 'title' AS title FROM whole.users ORDER BY 1;
DROP TRIGGER later ON whole.users;

-- the operation that a constraint refuses is named
CREATE TABLE public.lap (grp uuid REFERENCES whole.groups (id) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO public.lap VALUES ('00000000-0000-7000-8000-000000000002');
SELECT * FROM public.asked('[{"method": "DELETE", "path": "/Groups/00000000-0000-7000-8000-000000000003"}, {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ok"}},
    {"method": "DELETE", "path": "/Groups/00000000-0000-7000-8000-000000000002"}, {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "ok2"}}]');
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ok"}}, {"method": "DELETE", "path": "/Groups/00000000-0000-7000-8000-000000000002"}]', true);
-- also where a later one is wrong by itself
CREATE FUNCTION public.no_bad() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.user_name ~ 'bad' THEN
        RAISE EXCEPTION 'no %', new.user_name USING ERRCODE = CASE new.user_name WHEN 'bad' THEN 'P0001' ELSE 'MY001' END;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER no_bad AFTER INSERT ON whole.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.no_bad();
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bad"}}, {"method": "POST", "path": "/Users", "bulkId": "b", "data": {}}]');
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "good"}}, {"method": "POST", "path": "/Users", "bulkId": "b", "data": {}}]');
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "good"}}, {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "very bad"}}]');
-- those of a circle, and of one that comes first because others need it
SELECT * FROM public.asked('[{"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "g", "members": [{"value": "bulkId:u"}]}}, {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "bad"}}]');
-- what a later operation mends is no failure
ALTER TABLE whole.users ADD CONSTRAINT one_external_id EXCLUDE (external_id WITH =) DEFERRABLE INITIALLY DEFERRED;
SELECT * FROM public.asked('[{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "d3", "externalId": "e"}}, {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "d4", "externalId": "e"}},
    {"method": "PATCH", "path": "/Users/bulkId:1", "data": [{"op": "remove", "path": "externalId"}]}]');
SELECT user_name FROM whole.users ORDER BY 1;
DROP TABLE public.lap;
SELECT scim.drop_store('whole', true);
DROP FUNCTION public.asked(jsonb, boolean), public.later(), public.no_bad();
