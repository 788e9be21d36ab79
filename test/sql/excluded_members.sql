-- What does not show the members of a group does not read them.
SELECT scim.create_store('unread');
SET scim.store = 'unread';
INSERT INTO unread.groups (id, data)
SELECT '2819c223-7f76-453a-919d-000000000002', jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', 'm' || i)))
FROM generate_series(1, 500) i;

-- What a request reads of the table "member": the rows, as this transaction's statistics count them
CREATE FUNCTION pg_temp.rows_read() RETURNS bigint LANGUAGE sql AS $$
    SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relid = 'unread.member'::regclass
$$;
CREATE FUNCTION pg_temp.cost(method text, target text, body text, OUT status int, OUT shown int, OUT read bigint) LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    before bigint := pg_temp.rows_read();
BEGIN
    SELECT r.status, r.body INTO status, answer FROM scim.request(method, target, '{}', cost.body) r;
    shown := jsonb_array_length(coalesce(answer -> 'members', answer #> '{Resources,0,members}'));
    read := pg_temp.rows_read() - before;
END $$;

\set group '/Groups/2819c223-7f76-453a-919d-000000000002'
SELECT method, replace(target, :'group', '/Groups/g') AS target, c.status, c.shown,
    CASE c.read WHEN 0 THEN 'none' WHEN 500 THEN 'each once' ELSE 'a few' END AS read
FROM (VALUES
    (1, 'GET', :'group', NULL),
    (2, 'GET', :'group' || '?excludedAttributes=members', NULL),
    (3, 'GET', :'group' || '?attributes=displayName', NULL),
    (4, 'GET', '/Groups?filter=displayName+eq+%22g%22', NULL),
    (5, 'GET', '/Groups?filter=displayName+eq+%22g%22&excludedAttributes=members', NULL),
    (6, 'POST', '/Groups/.search', '{"excludedAttributes": ["members"]}'),
    (7, 'PATCH', :'group' || '?excludedAttributes=members', '{"Operations": [{"op": "replace", "path": "displayName", "value": "h"}]}'),
    (8, 'GET', '/?excludedAttributes=members', NULL)) t (n, method, target, body),
    LATERAL pg_temp.cost(method, target, t.body) c ORDER BY n;

SET client_min_messages = warning;
SELECT scim.drop_store('unread', true);
