-- The past, from the audit: what was, who changed it, and how it is changed back.

CREATE FUNCTION scim.history(id uuid)
    RETURNS TABLE (at timestamptz, change uuid, version bigint, operation text, actor text, token_id uuid, subject text, db_user text, request_id text, difference jsonb)
    AS 'MODULE_PATHNAME', 'scim_history'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION scim.history(uuid) IS
'What has become of one resource of the current tenant, from the first row of the audit on: when, in which transaction, who (as in the table "audit"), and as "difference" the operations of RFC 6902 that made its document of the one before: [] where the document stayed as it was, null where nobody knows, since changes before or after it were not audited or were erased. A document that comes or goes has the path "". Who comes to a group or leaves it has a row of his own, with the path /members/ID. Of passwords and other secrets it tells that they changed, with null in their place. To be read by whoever may SELECT from "audit".';

CREATE FUNCTION scim.history(id text)
    RETURNS TABLE (at timestamptz, change uuid, version bigint, operation text, actor text, token_id uuid, subject text, db_user text, request_id text, difference jsonb)
    AS 'MODULE_PATHNAME', 'scim_history'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION scim.history(text) IS
'What has become of one resource of the current tenant, from the first row of the audit on: as scim.history(uuid), with the id as a text.';

CREATE FUNCTION scim.resource_at(resource_type text, id uuid, instant timestamptz) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_at(text, uuid, timestamptz) IS
'A resource of the current tenant as scim.get_resource showed it at an instant, but for "groups" and "members" (scim.members_at), with meta.version and meta.lastModified of then. meta.version is without the digest of derived values, and so no entity-tag of a client: it is what stands before the dot of that. meta.lastModified and meta.created are left out where the audit does not have the step any more that would say them. NULL where it was not there: not yet, or not any more. Errors: SC404 where that is unknown, since changes between the instant and the next step in the audit were not audited, or their months have been dropped, and where it has been erased; SCVAL where an argument is null; SC403 where the role acts for no tenant or scopes do not allow to read the type.';

CREATE FUNCTION scim.resource_at(resource_type text, id text, instant timestamptz) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_at(text, text, timestamptz) IS
'A resource of the current tenant as scim.get_resource showed it at an instant, but for "groups" and "members" (scim.members_at), with meta.version and meta.lastModified of then: as scim.resource_at(text, uuid, timestamptz), with the id as a text.';

CREATE FUNCTION scim.resources_at(resource_type text, instant timestamptz, filter text DEFAULT NULL) RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_resources_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resources_at(text, timestamptz, text) IS
'The resources of a type and the current tenant that were there at an instant and matched a filter then (RFC 7644 section 3.4.2.2), each as scim.resource_at shows it, in no particular order. It takes back what has changed since then, and so takes the longer the more that is. A filter cannot ask for "groups" and "members". Of what has been erased only {"id": ...} is told, and nothing where there is a filter: whether it matched nobody knows. Errors: SC404 where the policy "audit" was off since then, or months have been dropped that came after it, SCFIL where the filter is wrong, SCVAL where type or instant is null.';

CREATE FUNCTION scim.members_at(group_id uuid, instant timestamptz)
    RETURNS TABLE (value uuid, type text, display text, direct boolean)
    AS 'MODULE_PATHNAME', 'scim_members_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.members_at(uuid, timestamptz) IS
'Who was in a group at an instant: by ids, with the resource type and the displayName or userName of then; and who was in it by way of groups within it, for whom "direct" is false. Nobody where the group was not there. Of members whose type scopes do not allow to read there is the id only, and of groups among them no members. Errors: SC404 where that is unknown, as for scim.resource_at; SCVAL where an argument is null.';

CREATE FUNCTION scim.members_at(group_id text, instant timestamptz)
    RETURNS TABLE (value uuid, type text, display text, direct boolean)
    AS 'MODULE_PATHNAME', 'scim_members_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.members_at(text, timestamptz) IS
'Who was in a group at an instant: as scim.members_at(uuid, timestamptz), with the id as a text.';

CREATE FUNCTION scim_internal.changes_asked(resource_type text) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_changes_asked'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.changes_asked(text) IS
'The name of a resource type as it is spelled, where the caller may ask scim.changes for it; null: for all.';

CREATE FUNCTION scim_internal.audit_rows(since timestamptz, until timestamptz, of_actor text, of_type text)
    RETURNS TABLE (at timestamptz, change uuid, actor text, token_id uuid, subject text, db_user text, request_id text, resource_type text, resource_id uuid, operation text, version bigint, member_id uuid, object text, key text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := scim.store();
    -- what is called so today, as far as the caller may know
    called text;
BEGIN
    of_type := scim_internal.changes_asked(of_type);
    IF of_actor IS NOT NULL THEN
        SELECT string_agg(format('a.token_id IN (SELECT c.id FROM %I.%I c WHERE c.tenant_id = scim.tenant() AND $3 IN (c.%I, %L || c.%I))', store, v.kind, v.name, v.kind || ': ', v.name), ' OR ')
        INTO called FROM (VALUES ('token', 'description'), ('client', 'name')) AS v (kind, name)
        WHERE NOT EXISTS (SELECT FROM unnest(ARRAY['tenant_id', 'id', v.name]) AS n (name) WHERE NOT has_column_privilege(format('%I.%I', store, v.kind), n.name, 'SELECT'));
    END IF;
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT a.at, a.change, a.actor, a.token_id, a.subject, a.db_user::text, a.request_id, a.resource_type::text, a.resource_id, a.operation::text, a.version, a.member_id, a.object::text, a.key::text
        FROM %I.audit a
        WHERE a.tenant_id IN (0, scim.tenant()) %s %s %s %s
        ORDER BY a.at, a.id $query$, store,
        CASE WHEN since IS NOT NULL THEN 'AND a.at >= $1' END, CASE WHEN until IS NOT NULL THEN 'AND a.at < $2' END,
        CASE WHEN of_actor IS NOT NULL THEN concat_ws(' OR ', 'AND ($3 IN (a.actor, a.subject, a.token_id::text)', 'a.actor IN (''token: '' || $3, ''client: '' || $3)', called) || ')' END,
        CASE WHEN of_type IS NOT NULL THEN 'AND a.resource_type = $4' END))
        USING since, until, of_actor, of_type;
END
$function$;
COMMENT ON FUNCTION scim_internal.audit_rows(timestamptz, timestamptz, text, text) IS
'Shows what scim.changes does: the rows of the audit, without documents.';

CREATE FUNCTION scim.changes(from_time timestamptz, to_time timestamptz, actor text DEFAULT NULL, resource_type text DEFAULT NULL)
    RETURNS TABLE (at timestamptz, change uuid, actor text, token_id uuid, subject text, db_user text, request_id text, resource_type text, resource_id uuid, operation text, version bigint, member_id uuid, object text, key text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM scim_internal.audit_rows($1, $2, $3, $4);
END;
COMMENT ON FUNCTION scim.changes(timestamptz, timestamptz, text, text) IS
'What was changed from one instant on until before another, of resources of the current tenant and of configuration: the rows of the table "audit" without documents. A null instant: from the first, until the last. actor: of one only, by the actor, the subject, the id of the token, or what a token or client was called then or, for whoever may read that, is called today (Okta for token: Okta). resource_type: of one type only, and no configuration; an unknown one is error SCVAL. Error SC403 where the role acts for no tenant, or scopes do not allow to read the type; without a type, all.';

CREATE FUNCTION scim_internal.document_difference(resource_type text, before jsonb, after jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_document_difference'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.document_difference(text, jsonb, jsonb) IS
'The operations of RFC 6902 that make a document of another, without secrets; null is a document that is not there.';

CREATE FUNCTION scim_internal.take_back(before jsonb, after jsonb, current jsonb, later jsonb, OUT document jsonb, OUT conflicts text[])
    AS 'MODULE_PATHNAME', 'scim_take_back'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.take_back(jsonb, jsonb, jsonb, jsonb) IS
'A document in which is undone what was changed when "before" became "after", and the paths of what has become something else since, which stays, as does what others changed since until it was the same again: later, pairs of what was before and after them.';

CREATE FUNCTION scim_internal.without_references(resource_type text, document jsonb, ids uuid[]) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_without_references'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.without_references(text, jsonb, uuid[]) IS
'A document without its references to resources with these ids.';

CREATE FUNCTION scim_internal.known_document(resource_type text, document jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_known_document'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.known_document(text, jsonb) IS
'A document without what the schemas of its type, of today, do not know.';

CREATE FUNCTION scim_internal.without_times(resource_type text, document jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_without_times'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.without_times(text, jsonb) IS
'A document without the times of its life, which the policy "status" shows in it: these are those of the row.';

-- What has been reverted later does not hold, nor what reverted it.
CREATE FUNCTION scim_internal.changed_by(resource_type text, steps jsonb, document jsonb, status text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    one record;
    holding text[] := '{}';
    undone text[] := '{}';
BEGIN
    -- the latest first: a revert that was reverted undoes nothing
    FOR one IN SELECT s ->> 'change' AS change, ARRAY(SELECT jsonb_array_elements_text(s -> 'reverts')) AS reverts FROM jsonb_array_elements(steps) AS s LOOP
        IF one.reverts && holding THEN
            undone := undone || one.change || ARRAY(SELECT r FROM unnest(one.reverts) AS r WHERE r = ANY (holding));
        ELSE
            holding := holding || one.change;
        END IF;
    END LOOP;
    RETURN (SELECT jsonb_build_object('holds', count(*) > 0, 'steps', coalesce(bool_or(c.status IS DISTINCT FROM c.status_after), false),
            'changes', coalesce(jsonb_agg(jsonb_build_array(scim_internal.without_times($1, scim_internal.known_document($1, c.before)), scim_internal.without_times($1, scim_internal.known_document($1, c.after))))
                FILTER (WHERE c.before IS DISTINCT FROM c.after), '[]'))
        FROM (SELECT s.step ->> 'change' AS change, nullif(s.step -> 'before', 'null') AS before, s.step ->> 'status' AS status,
                  lag(nullif(s.step -> 'before', 'null'), 1, $3) OVER w AS after, lag(s.step ->> 'status', 1, $4) OVER w AS status_after
              FROM jsonb_array_elements($2) WITH ORDINALITY AS s (step, n) WINDOW w AS (ORDER BY s.n)) AS c
        WHERE c.change <> ALL (undone));
END
$function$;
COMMENT ON FUNCTION scim_internal.changed_by(text, jsonb, jsonb, text) IS
'What steps of a resource, the latest first, have made of it, whose document and status are now these; each with the document and status before it, and the changes that reverted it. Without those that have been reverted and what reverted them: "holds", is there any; "steps", did the status change; "changes", pairs of documents.';

-- What a transaction did, as what has to be done: a row for each resource, and for each
-- member of a group.  was: of what comes back the columns of then, of what changes the
-- document of now.  conflict: why nothing of it can be; note: what else is to be said.
CREATE FUNCTION scim_internal.undo_steps(change uuid)
    RETURNS TABLE (step int, resource_type text, resource_id uuid, member_id uuid, action text, version bigint, document jsonb, status text, was jsonb, difference jsonb, conflict text, note text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        WITH row AS MATERIALIZED (
            SELECT * FROM %1$I.audit a WHERE a.tenant_id = scim.tenant() AND a.change = $1
        ), step AS (
            SELECT r.*, row_number() OVER w AS n, last_value(r.operation) OVER w AS last_operation, last_value(r.version) OVER w AS last_version, last_value(r.at) OVER w AS last_at,
                last_value(r.detail -> 'was') OVER w AS was, count(*) OVER w AS steps, last_value(r.content_digest IS NOT NULL AND r.salt IS NULL) OVER w AS last_erased,
                bool_or(r.detail ? 'password') OVER w AS password, bool_or(r.operation = 'erase') OVER w AS erases,
                r.content_digest IS NOT NULL AND r.salt IS NULL AS erased
            FROM row r WHERE r.member_id IS NULL
            AND r.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase')
            WINDOW w AS (PARTITION BY r.resource_id ORDER BY r.at, r.id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        ), ended AS (
            SELECT f.tenant_id, f.resource_type, f.resource_id, f.operation = 'create' AS creates,
                f.erases OR f.last_operation = 'purge' OR f.last_operation = 'delete' AND CASE WHEN f.last_erased THEN now.id IS NULL ELSE coalesce(f.was ? 'last_modified', false) END AS removes,
                f.before, f.status, f.erased OR f.erases AS erased, f.password, f.last_version AS version, f.last_at AS at,
                -- what several steps have moved was as the first of them says
                CASE WHEN f.steps = 1 THEN f.was ELSE (SELECT jsonb_object_agg(t.key, t.value ORDER BY a.at DESC, a.id DESC) FROM %1$I.audit a, jsonb_each(a.detail -> 'was') t
                    WHERE a.tenant_id = f.tenant_id AND a.resource_id = f.resource_id AND a.at BETWEEN f.at AND f.last_at AND a.change = $1 AND a.member_id IS NULL) END AS was,
                now.version AS version_now, now.data AS data_now, now.status AS status_now,
                now.version IS DISTINCT FROM f.last_version OR l.count > 0 AS is_later, l.count > 0 AS has_later,
                -- one step leaves nothing as it was
                CASE WHEN l.count > 1 AND f.operation <> 'create' THEN scim_internal.changed_by(f.resource_type,
                    (SELECT jsonb_agg(jsonb_build_object('change', x.change, 'before', x.before, 'status', x.status,
                         'reverts', ARRAY(SELECT r.change FROM %1$I.audit r WHERE r.tenant_id = f.tenant_id AND r.object = 'change' AND r.key = x.change::text AND r.operation = 'revert' AND r.at > x.at)) ORDER BY x.at DESC, x.id DESC)
                     FROM %1$I.audit x WHERE x.tenant_id = f.tenant_id AND x.resource_id = f.resource_id AND x.at > f.last_at AND x.member_id IS NULL
                     AND x.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase')),
                    now.data, now.status) END AS since
            FROM step f LEFT JOIN %1$I.resource now ON now.tenant_id = f.tenant_id AND now.id = f.resource_id AND now.resource_type = f.resource_type
            -- who went for good and came again may have the same version
            CROSS JOIN LATERAL (SELECT count(*) FROM (SELECT FROM %1$I.audit x WHERE x.tenant_id = f.tenant_id AND x.resource_id = f.resource_id AND x.at > f.last_at AND x.member_id IS NULL
                AND x.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase') LIMIT 2) AS x) AS l
            WHERE f.n = 1
        ), member AS (
            SELECT DISTINCT ON (r.resource_id, r.member_id) r.resource_type, r.resource_id, r.member_id, r.operation, r.tenant_id,
                max(r.at) OVER (PARTITION BY r.resource_id, r.member_id) AS last
            FROM row r WHERE r.member_id IS NOT NULL ORDER BY r.resource_id, r.member_id, r.at, r.id
        ), named AS (
            -- whom what comes back would lead to
            SELECT e.resource_id, m[1]::uuid AS id FROM ended e, regexp_matches(e.before::text, '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', 'g') AS m
            WHERE NOT e.creates AND e.before IS DISTINCT FROM e.data_now
            UNION SELECT m.resource_id, m.member_id FROM member m WHERE m.operation = 'remove member'
        ), lost AS MATERIALIZED (
            -- those of them whom nobody brings back
            SELECT c.id, (SELECT bool_or(x.operation = 'erase') FROM %1$I.audit x WHERE x.tenant_id = scim.tenant() AND x.resource_id = c.id AND x.member_id IS NULL) AS erased
            FROM (SELECT DISTINCT n.id FROM named n) c
            WHERE NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = scim.tenant() AND r.id = c.id)
              AND NOT EXISTS (SELECT FROM ended e WHERE e.resource_id = c.id AND e.removes AND NOT e.creates AND NOT e.erased AND e.before IS NOT NULL AND NOT coalesce((e.since -> 'holds')::boolean, false))
        ), leads AS (
            -- by id, for to join what the planner takes for one row with the same takes for ever
            SELECT jsonb_object_agg(g.resource_id, g.ids) AS ids, jsonb_object_agg(g.resource_id, g.erased) AS erased, (SELECT jsonb_object_agg(l.id, l.erased) FROM lost l) AS lost
            FROM (SELECT n.resource_id, array_agg(l.id) AS ids, bool_or(l.erased) AS erased FROM named n JOIN lost l USING (id) WHERE l.erased IS NOT NULL GROUP BY 1) AS g
        ), led AS (
            SELECT e.*, t.led, scim_internal.known_document(e.resource_type, t.led) AS wanted, g.erased AS leads_to_erased
            FROM ended e CROSS JOIN LATERAL (SELECT (SELECT l.ids FROM leads l) -> e.resource_id::text AS ids, ((SELECT l.erased FROM leads l) -> e.resource_id::text)::boolean AS erased) AS g
            CROSS JOIN LATERAL (SELECT CASE WHEN g.ids IS NULL THEN e.before ELSE scim_internal.without_references(e.resource_type, e.before, ARRAY(SELECT jsonb_array_elements_text(g.ids)::uuid)) END AS led) AS t
        ), found AS (
            SELECT e.tenant_id, e.resource_type, e.resource_id, e.creates, e.removes, e.wanted AS before,
                e.status, e.erased, e.password, e.version, e.was, e.version_now, e.data_now, e.status_now, e.has_later, e.since,
                scim_internal.known_document(e.resource_type, coalesce(n.before, e.data_now)) AS after, coalesce(n.status, e.status_now) AS status_after, coalesce(n.erased, false) AS after_erased,
                NOT e.is_later OR coalesce(n.version = e.version + 1 OR n.operation IN ('delete', 'purge') AND n.version = e.version, false) AS after_known,
                CASE WHEN e.led IS DISTINCT FROM e.wanted AND scim_internal.known_document(e.resource_type, e.data_now) IS NOT DISTINCT FROM e.data_now
                    THEN 'without what no schema knows any more' END AS unknown,
                CASE WHEN e.before IS DISTINCT FROM e.led
                    THEN CASE WHEN e.leads_to_erased THEN 'without references to those who have been erased' ELSE 'without references to what is gone for good' END END AS without,
                CASE WHEN e.is_later THEN (SELECT format('changed later: %%s by %%s at %%s', x.operation, x.actor, to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                 FROM %1$I.audit x WHERE x.tenant_id = e.tenant_id AND x.resource_id = e.resource_id AND x.at > e.at AND x.member_id IS NULL
                 AND x.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase')
                 ORDER BY x.at DESC, x.id DESC LIMIT 1) END AS later
            FROM led e
            LEFT JOIN LATERAL (SELECT x.version, x.operation, x.before, x.status, x.content_digest IS NOT NULL AND x.salt IS NULL AS erased FROM %1$I.audit x
                WHERE e.is_later AND x.tenant_id = e.tenant_id AND x.resource_id = e.resource_id AND x.at > e.at AND x.member_id IS NULL
                AND x.operation IN ('update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge')
                ORDER BY x.at, x.id LIMIT 1) AS n ON true
        ), undone AS (
            SELECT f.*, t.document, t.conflicts, f.status IS DISTINCT FROM f.status_after AS steps,
                f.status_now IS NOT DISTINCT FROM f.status_after AND NOT coalesce((f.since -> 'steps')::boolean, false) AS may_step
            FROM found f CROSS JOIN LATERAL scim_internal.take_back(scim_internal.without_times(f.resource_type, f.before), scim_internal.without_times(f.resource_type, f.after), f.data_now, f.since -> 'changes') AS t
            -- a group that is touched, for instance, is what it was
            WHERE NOT f.creates AND NOT f.removes
            AND (f.erased OR f.password OR f.before IS DISTINCT FROM f.after OR f.status IS DISTINCT FROM f.status_after OR f.without IS NOT NULL)
        )
        -- what came goes
        SELECT 4, f.resource_type::text, f.resource_id, NULL::uuid, 'delete', f.version, f.data_now, NULL::text, NULL::jsonb,
            scim_internal.document_difference(f.resource_type, f.data_now, NULL), CASE WHEN f.version_now <> f.version OR f.has_later THEN coalesce(f.later, 'changed later') END, NULL::text
        FROM found f WHERE f.creates AND NOT f.removes AND f.version_now IS NOT NULL AND f.status_now NOT IN ('DELETED', 'OFFBOARDING', 'OFFBOARDED')
        UNION ALL
        SELECT 6, f.resource_type, f.resource_id, NULL, 'leave', NULL, NULL, NULL, NULL, NULL,
            CASE WHEN f.status_now IN ('OFFBOARDING', 'OFFBOARDED') THEN 'off-boarded already' ELSE 'gone already' END, NULL
        FROM found f WHERE f.creates AND (f.removes OR f.version_now IS NULL OR f.status_now IN ('DELETED', 'OFFBOARDING', 'OFFBOARDED'))
        UNION ALL
        -- what went comes back
        SELECT 3, f.resource_type, f.resource_id, NULL, 'create',
            -- it may have come and gone at other versions, and none is said of two states
            (SELECT greatest(max(x.version), f.version) FROM %1$I.audit x WHERE x.tenant_id = f.tenant_id AND x.resource_id = f.resource_id AND x.member_id IS NULL),
            f.before, f.status, f.was,
            scim_internal.document_difference(f.resource_type, NULL, f.before),
            CASE WHEN f.version_now IS NOT NULL THEN coalesce(f.later, 'there again') WHEN f.erased OR f.before IS NULL OR f.later ^@ 'changed later: erase ' THEN 'has been erased'
                WHEN (f.since -> 'holds')::boolean THEN f.later END,
            nullif(concat_ws('; ', CASE WHEN f.status IN ('DELETED', 'OFFBOARDED') THEN format('comes back in status %%s, as it was', f.status) END, f.without, f.unknown), '')
        FROM found f WHERE NOT f.creates AND f.removes
        UNION ALL
        -- what became something else is again what it was
        SELECT 2, u.resource_type, u.resource_id, NULL,
            CASE WHEN u.version_now IS NOT NULL AND u.document IS NOT DISTINCT FROM u.data_now AND NOT (u.steps AND u.may_step) AND (u.steps OR cardinality(u.conflicts) > 0) THEN 'leave'
                WHEN NOT (u.steps AND u.may_step) THEN 'update' WHEN u.status_after IN ('DELETED', 'OFFBOARDED') THEN 'restore'
                WHEN u.status = 'ACTIVE' THEN 'reactivate' WHEN u.status = 'SUSPENDED' THEN 'suspend' WHEN u.status = 'OFFBOARDING' THEN 'offboard'
                WHEN u.status IN ('DELETED', 'OFFBOARDED') THEN 'delete' ELSE 'update' END,
            u.version_now, u.document, CASE WHEN u.steps AND u.may_step THEN u.status END, u.data_now,
            scim_internal.document_difference(u.resource_type, u.data_now, u.document),
            CASE WHEN u.version_now IS NULL AND u.later ^@ 'changed later: erase ' OR u.erased AND u.version_now IS NULL THEN 'has been erased'
                WHEN u.version_now IS NULL THEN coalesce(u.later, 'gone later') WHEN u.erased OR u.after_erased THEN 'what was changed has been erased'
                WHEN NOT u.after_known THEN 'changed later, and the audit does not tell how' END,
            nullif(concat_ws('; ', CASE WHEN u.version_now IS NOT NULL AND cardinality(u.conflicts) > 0 THEN format('%%s %%s', array_to_string(u.conflicts, ', '), coalesce(u.later, 'changed later')) END,
                CASE WHEN u.version_now IS NOT NULL AND u.steps AND NOT u.may_step AND u.status_now IS DISTINCT FROM u.status THEN format('status %%s', coalesce(u.later, 'changed later')) END,
                u.without, u.unknown, CASE WHEN u.password THEN 'what the password was is not known' END), '')
        FROM undone u
        UNION ALL
        -- who came to a group leaves it, and who left it comes back
        SELECT CASE WHEN (m.operation = 'add member') <> m.is_in THEN 6 WHEN m.is_in THEN 1 ELSE 5 END, m.resource_type, m.resource_id, m.member_id,
            CASE WHEN (m.operation = 'add member') <> m.is_in THEN 'leave' WHEN m.is_in THEN 'remove member' ELSE 'add member' END, NULL, NULL, NULL, NULL,
            jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('op', CASE m.operation WHEN 'add member' THEN 'remove' ELSE 'add' END, 'path', '/members/' || m.member_id,
                'value', CASE m.operation WHEN 'remove member' THEN jsonb_build_object('value', m.member_id) END))),
            CASE WHEN (m.operation = 'add member') <> m.is_in THEN 'so already' ELSE
            coalesce((SELECT format('changed later: %%s by %%s at %%s', x.operation, x.actor, to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                 FROM %1$I.audit x WHERE x.tenant_id = m.tenant_id AND x.resource_id = m.resource_id AND x.member_id = m.member_id AND x.at > m.last
                 ORDER BY x.at DESC, x.id DESC LIMIT 1),
                CASE WHEN m.operation = 'remove member' THEN CASE m.lost WHEN 'true' THEN 'the member has been erased' WHEN 'false' THEN 'the member is gone for good'
                    WHEN 'null' THEN CASE WHEN substring(m.member_id::text FROM 15 FOR 1) = '8' THEN 'what the member was called is not known' END END END) END, NULL
        FROM (SELECT m.*, EXISTS (SELECT FROM %1$I.member p WHERE p.tenant_id = m.tenant_id AND p.group_id = m.resource_id AND p.member_id = m.member_id) AS is_in,
                  (SELECT l.lost FROM leads l) -> m.member_id::text AS lost FROM member m) AS m
        WHERE NOT EXISTS (SELECT FROM found f WHERE f.resource_id = m.resource_id AND (f.creates OR f.erased))
        UNION ALL
        SELECT 6, NULL, NULL, NULL, 'leave', NULL, NULL, NULL, NULL, NULL, format('configuration is not undone: %%s', r.operation), NULL
        FROM %1$I.audit r WHERE r.tenant_id IN (0, scim.tenant()) AND r.change = $1 AND r.object NOT IN ('audit', 'change', 'guard', 'load')
        UNION ALL
        SELECT 6, r.resource_type, NULL, NULL, 'leave', NULL, NULL, NULL, NULL, NULL, format('a load is not undone: %%s resources from %%s to %%s', r.detail -> 'count', r.detail ->> 'first', r.detail ->> 'last'), NULL
        FROM row r WHERE r.operation = 'load'
        ORDER BY 1, 2, 3, 4 $query$, scim.store())) USING $1;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_steps(uuid) IS
'What scim.revert_change has to do, in order, and what is in its way as far as the audit tells.';

CREATE FUNCTION scim_internal.undo_batch(store name, step int, resource_type text, ids uuid[], members uuid[], versions bigint[], documents jsonb[], statuses text[], was jsonb[])
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    done bigint;
    left_over bigint;
BEGIN
    CASE step
    WHEN 1 THEN
        EXECUTE scim_internal.of_shards(format('DELETE FROM %I.member m USING unnest($1, $2) AS u (id, member_id) WHERE m.tenant_id = scim.tenant() AND m.group_id = u.id AND m.member_id = u.member_id', store))
            USING ids, members;
        RETURN;
    WHEN 5 THEN
        EXECUTE scim_internal.of_shards(format('INSERT INTO %I.member (tenant_id, group_id, member_id) SELECT scim.tenant(), u.id, u.member_id FROM unnest($1, $2) AS u (id, member_id) ON CONFLICT DO NOTHING', store))
            USING ids, members;
        RETURN;
    WHEN 2 THEN
        EXECUTE scim_internal.of_shards(format('UPDATE %I.resource r SET data = u.document, status = coalesce(u.status, r.status) FROM unnest($2, $3, $4, $5) AS u (id, version, document, status) '
            'WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1 AND r.id = u.id AND r.version = u.version', store))
            USING resource_type, ids, versions, documents, statuses;
        GET DIAGNOSTICS done = ROW_COUNT;
    WHEN 3 THEN
        EXECUTE scim_internal.of_shards(format('INSERT INTO %I.resource (tenant_id, resource_type, id, data, status, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after) '
            'SELECT scim.tenant(), $1, u.id, u.document, u.status, u.version + 1, coalesce((u.was ->> ''created'')::timestamptz, clock_timestamp()), clock_timestamp(), '
            '(u.was ->> ''offboarding_at'')::timestamptz, (u.was ->> ''deleted_at'')::timestamptz, (u.was ->> ''activated_at'')::timestamptz, '
            '(u.was ->> ''deactivated_at'')::timestamptz, (u.was ->> ''sessions_valid_after'')::timestamptz '
            'FROM unnest($2, $3, $4, $5, $6) AS u (id, version, document, status, was)', store))
            USING resource_type, ids, versions, documents, statuses, was;
        GET DIAGNOSTICS done = ROW_COUNT;
    WHEN 4 THEN
        -- only what is as it was; and the policy "delete" may keep the row, and then none is deleted
        EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM %I.resource r JOIN unnest($2, $3) AS u (id, version) ON r.id = u.id AND r.version = u.version WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1', store))
            INTO done USING resource_type, ids, versions;
        IF done = cardinality(ids) THEN
            EXECUTE scim_internal.of_shards(format('DELETE FROM %I.resource r USING unnest($2, $3) AS u (id, version) WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1 AND r.id = u.id AND r.version = u.version', store))
                USING resource_type, ids, versions;
            EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM %I.resource r JOIN unnest($2, $3) AS u (id, version) ON r.id = u.id AND r.version = u.version WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1', store))
                INTO left_over USING resource_type, ids, versions;
            done := done - left_over;
        END IF;
    END CASE;
    IF done < cardinality(ids) THEN
        EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM %I.resource r JOIN unnest($2, $3) AS u (id, version) ON r.id = u.id AND r.version = u.version WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1', store))
            INTO left_over USING resource_type, ids, versions;
        RAISE EXCEPTION USING ERRCODE = 'SC409', MESSAGE = CASE WHEN left_over > 0 OR step = 3 THEN 'not to be changed by the current user' ELSE 'changed meanwhile: call again' END;
    END IF;
    -- what is to be there again is, when all triggers have had their turn
    IF step IN (2, 3) THEN
        EXECUTE scim_internal.of_shards(format('SELECT count(*) FROM unnest($2, $3) AS u (id, status) WHERE u.status NOT IN (''DELETED'', ''OFFBOARDED'') '
            'AND NOT EXISTS (SELECT FROM %I.resource r WHERE r.tenant_id = scim.tenant() AND r.resource_type = $1 AND r.id = u.id AND r.deleted_at IS NULL)', store))
            INTO left_over USING resource_type, ids, statuses;
        IF left_over > 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'SC403', MESSAGE = 'a trigger or policy of the store refused it';
        END IF;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_batch(name, int, text, uuid[], uuid[], bigint[], jsonb[], text[], jsonb[]) IS
'What scim.revert_change does by one statement, as the caller and through the door; an error where not all of it is done.';

CREATE FUNCTION scim_internal.try_undo(store name, step int, resource_type text, ids uuid[], members uuid[], versions bigint[], documents jsonb[], statuses text[], was jsonb[], asks boolean,
    OUT guarded boolean, OUT problem text)
    LANGUAGE C VOLATILE
    AS 'MODULE_PATHNAME', 'scim_try_undo';
COMMENT ON FUNCTION scim_internal.try_undo(name, int, text, uuid[], uuid[], bigint[], jsonb[], text[], jsonb[], boolean) IS
'scim_internal.undo_batch, or what is against it, in the words in which a client would be told; asks: constraints that are put off, too. What is not about its rows is an error.';

CREATE FUNCTION scim_internal.ask_undone() RETURNS boolean
    LANGUAGE C VOLATILE
    AS 'MODULE_PATHNAME', 'scim_ask_undone';
COMMENT ON FUNCTION scim_internal.ask_undone() IS
'Whether no constraint that is put off has anything against what has been written, for scim.revert_change; all of them wait still.';

CREATE FUNCTION scim_internal.undo_change(change uuid, preview boolean, asks boolean DEFAULT false)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    -- what the store itself writes comes back as it was (it counts for the owner)
    SET scim.write_read_only = on
AS $function$
#variable_conflict use_column
DECLARE
    store CONSTANT name := scim.store();
    known boolean;
    missing text;
    -- what there is to do, whose documents stay on disk; a statement does so many of the
    -- rows, with so many bytes of documents, unless they are one unit
    most_rows CONSTANT int := 1000;
    most_bytes CONSTANT int := 4 * 1024 * 1024;
    todo refcursor;
    one record;
    -- of each row of the result
    n int := 0;
    units int[] := '{}';
    steps int[] := '{}';
    types text[] := '{}';
    ids uuid[] := '{}';
    members uuid[] := '{}';
    actions text[] := '{}';
    versions bigint[] := '{}';
    statuses text[] := '{}';
    notes text[] := '{}';
    opens boolean[] := '{}';
    sizes int[] := '{}';
    -- the unit that brings the member back; null: he is there, or nothing does
    awaits int[] := '{}';
    -- what has become another difference
    differences jsonb[] := '{}';
    -- of what it is not again
    left_as_is text[] := '{}';
    -- of each unit: what is done as a whole or not at all, a resource or the members of a group
    first_row int[] := '{}';
    last_row int[] := '{}';
    open boolean[] := '{}';
    failed text[] := '{}';
    -- units that are still to be done, from one to another, the next one at the end
    lows int[];
    highs int[];
    top int;
    low int;
    high int;
    a int;
    -- of one statement: units, rows, and what these say
    tried int[];
    nth int;
    rows int[];
    bytes bigint;
    some_ids uuid[];
    some_members uuid[];
    some_versions bigint[];
    some_statuses text[];
    documents jsonb[];
    was jsonb[];
    -- has what stands together been several statements, and is it tried as one?
    is_split boolean := false;
    together boolean;
    progress boolean := true;
    -- is it known who does not come back?
    settled boolean := false;
    guarded text;
    refused boolean;
    problem text;
    kept record;
    allowed boolean := true;
BEGIN
    SELECT string_agg(t, ', ' ORDER BY t) INTO missing FROM unnest('{audit,member,resource}'::text[]) AS t WHERE NOT has_table_privilege(format('%I.%I', store, t), 'SELECT');
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'to revert a change, or to preview that, takes SELECT on % of store "%"', missing, store USING ERRCODE = '42501';
    END IF;
    EXECUTE scim_internal.of_shards(format('SELECT EXISTS (SELECT FROM %I.audit a WHERE a.tenant_id IN (0, scim.tenant()) AND a.change = $1)', store)) INTO known USING change;
    IF NOT known THEN
        RAISE EXCEPTION 'change % is not in the audit', change USING ERRCODE = 'SC404';
    END IF;
    OPEN todo SCROLL FOR
        SELECT u.unit, u.step, u.resource_type, u.resource_id, u.member_id, u.action, u.version, u.document, u.status, u.was, CASE WHEN NOT u.blocked THEN u.difference END AS difference,
            nullif(concat_ws('; ', u.conflict, u.note), '') AS note, NOT u.blocked AS open
        FROM (SELECT s.step, s.resource_type, s.resource_id, s.member_id, CASE WHEN s.same AND s.note IS NULL THEN 'leave' ELSE s.action END AS action, s.version, s.document, s.status, s.was, s.difference,
                  CASE WHEN s.same AND s.note IS NULL THEN 'so already' ELSE s.conflict END AS conflict, s.note, s.blocked,
                  dense_rank() OVER (ORDER BY s.step, s.resource_type, s.resource_id, s.blocked) AS unit
              FROM (SELECT s.*, s.conflict IS NULL AND s.difference = '[]' AND s.status IS NULL AS same, s.conflict IS NOT NULL OR s.difference = '[]' AND s.status IS NULL AS blocked
                    FROM scim_internal.undo_steps(change) AS s) AS s
              ORDER BY unit, s.member_id) AS u;
    LOOP
        FETCH todo INTO one;
        EXIT WHEN NOT FOUND;
        n := n + 1;
        units[n] := one.unit;
        steps[n] := one.step;
        types[n] := one.resource_type;
        ids[n] := one.resource_id;
        members[n] := one.member_id;
        actions[n] := one.action;
        versions[n] := one.version;
        statuses[n] := one.status;
        notes[n] := one.note;
        opens[n] := one.open;
        -- as long as they are in memory
        sizes[n] := coalesce(pg_column_size(one.document || '{}'), 0) + coalesce(pg_column_size(one.was || '{}'), 0);
        differences[n] := NULL;
        left_as_is[n] := NULL;
        IF n = 1 OR units[n - 1] <> one.unit THEN
            first_row[one.unit] := n;
            open[one.unit] := one.open;
            failed[one.unit] := NULL;
        END IF;
        last_row[one.unit] := n;
    END LOOP;
    IF n = 0 THEN
        CLOSE todo;
        RETURN;
    END IF;
    awaits := ARRAY(SELECT c.unit FROM unnest(steps, members) WITH ORDINALITY AS m (step, id, n)
        LEFT JOIN unnest(steps, ids, units, opens) AS c (step, id, unit, open) ON (m.step, c.step, c.id) = (5, 3, m.id) AND c.open ORDER BY m.n);
    SELECT string_agg(format('%s on %s', v.privilege, v.name), ', ' ORDER BY v.step) INTO missing
    FROM (VALUES (1, 'DELETE', 'member'), (2, 'UPDATE', 'resource'), (3, 'INSERT', 'resource'), (4, 'DELETE', 'resource'), (5, 'INSERT', 'member')) AS v (step, privilege, name)
    WHERE EXISTS (SELECT FROM unnest(steps, opens) AS u (step, open) WHERE u.step = v.step AND u.open)
      AND NOT has_table_privilege(format('%I.%I', store, v.name), v.privilege)
      AND (v.privilege = 'DELETE' OR NOT has_any_column_privilege(format('%I.%I', store, v.name), v.privilege));
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'to revert this change, or to preview that, takes % of store "%"', missing, store USING ERRCODE = '42501';
    END IF;
    BEGIN
        -- what was written before is no fault of what is to be done
        IF asks THEN
            SET CONSTRAINTS ALL IMMEDIATE;
        END IF;
        -- what one needs another may bring: until nothing more can be done
        <<rounds>>
        WHILE progress OR is_split AND NOT together OR NOT settled LOOP
            IF NOT progress AND (together OR NOT is_split) THEN
                settled := true;
                -- nobody joins a group who does not come back
                FOR i IN 1 .. n LOOP
                    CONTINUE WHEN NOT opens[i] OR awaits[i] IS NULL OR NOT open[awaits[i]];
                    opens[i] := false;
                    notes[i] := concat_ws('; ', notes[i], 'the member is gone for good');
                    progress := true;
                END LOOP;
                EXIT WHEN NOT progress;
                FOR i IN 1 .. cardinality(open) LOOP
                    open[i] := open[i] AND steps[first_row[i]] = 5 AND true = ANY (opens[first_row[i] : last_row[i]]);
                END LOOP;
            END IF;
            together := NOT progress;
            progress := false;
            -- what stands together and is of one kind is one statement, of the size that one has
            lows := '{}';
            highs := '{}';
            top := 0;
            FOR i IN REVERSE cardinality(open) .. 1 LOOP
                CONTINUE WHEN NOT open[i] OR together;
                IF top > 0 AND lows[top] = i + 1 AND steps[first_row[i]] = steps[first_row[i + 1]] AND types[first_row[i]] = types[first_row[i + 1]] THEN
                    IF last_row[highs[top]] - first_row[i] < most_rows AND bytes + sizes[first_row[i]] <= most_bytes THEN
                        lows[top] := i;
                        bytes := bytes + sizes[first_row[i]];
                        CONTINUE;
                    END IF;
                    is_split := true;
                END IF;
                top := top + 1;
                lows[top] := i;
                highs[top] := i;
                bytes := sizes[first_row[i]];
            END LOOP;
            IF together THEN
                top := 1;
                lows[top] := 0;
                highs[top] := 1;
            END IF;
            WHILE top > 0 LOOP
                low := lows[top];
                high := highs[top];
                top := top - 1;
                tried := '{}';
                IF low > 0 AND steps[first_row[low]] = 5 THEN
                    -- once those are there who come back
                    tried := ARRAY(SELECT u FROM generate_series(low, high) AS u WHERE NOT EXISTS (SELECT FROM generate_series(first_row[u], last_row[u]) AS r WHERE opens[r] AND open[awaits[r]]));
                    CONTINUE WHEN tried = '{}';
                ELSIF low > 0 THEN
                    tried := ARRAY(SELECT generate_series(low, high));
                ELSE
                    -- what is left of one kind: some may need each other
                    bytes := 0;
                    WHILE high <= cardinality(open) LOOP
                        IF open[high] AND (steps[first_row[high]] <> 5 OR settled) THEN
                            bytes := bytes + sizes[first_row[high]];
                            EXIT WHEN tried <> '{}' AND (cardinality(tried) = most_rows OR bytes > most_bytes
                                OR steps[first_row[high]] <> steps[first_row[tried[1]]] OR types[first_row[high]] <> types[first_row[tried[1]]]);
                            tried[cardinality(tried) + 1] := high;
                        END IF;
                        high := high + 1;
                    END LOOP;
                    IF high <= cardinality(open) THEN
                        top := top + 1;
                        lows[top] := 0;
                        highs[top] := high;
                    END IF;
                    CONTINUE WHEN cardinality(tried) < 2;
                END IF;
                rows := ARRAY(SELECT r FROM unnest(tried) AS u (unit), generate_series(first_row[u.unit], last_row[u.unit]) AS r WHERE opens[r] ORDER BY r);
                a := rows[1];
                SELECT array_agg(ids[r] ORDER BY r), array_agg(members[r] ORDER BY r), array_agg(versions[r] ORDER BY r), array_agg(statuses[r] ORDER BY r)
                INTO some_ids, some_members, some_versions, some_statuses FROM unnest(rows) AS r;
                documents := array_fill(NULL::jsonb, ARRAY[cardinality(rows)]);
                was := documents;
                FOR i IN 1 .. cardinality(rows) LOOP
                    EXIT WHEN steps[a] IN (1, 5);
                    FETCH ABSOLUTE rows[i] FROM todo INTO one;
                    documents[i] := one.document;
                    was[i] := one.was;
                END LOOP;
                SELECT t.guarded, t.problem INTO refused, problem
                FROM scim_internal.try_undo(store, steps[a], types[a], some_ids, some_members, some_versions, documents, some_statuses, was, asks) AS t;
                IF problem IS NULL THEN
                    -- what the door, the policy "delete" or a trigger has made of them
                    FOR kept IN EXECUTE scim_internal.of_shards(format('SELECT u.n, r.data, r.status, r.version FROM unnest($1) WITH ORDINALITY AS u (id, n) JOIN %I.resource r ON r.tenant_id = scim.tenant() AND r.resource_type = $2 AND r.id = u.id', store))
                        USING some_ids, types[a]
                    LOOP
                        nth := rows[kept.n];
                        IF steps[a] = 4 THEN
                            CONTINUE WHEN kept.status NOT IN ('OFFBOARDING', 'OFFBOARDED');
                            actions[nth] := 'offboard';
                            differences[nth] := scim_internal.document_difference(types[a], documents[kept.n], kept.data);
                        ELSIF steps[a] IN (2, 3) AND kept.data IS DISTINCT FROM documents[kept.n] THEN
                            differences[nth] := scim_internal.document_difference(types[a], CASE steps[a] WHEN 2 THEN was[kept.n] END, kept.data);
                            left_as_is[nth] := (SELECT format(CASE count(DISTINCT p.path) WHEN 1 THEN '%s is not as it was: the door or a trigger has made it so' WHEN 0 THEN NULL ELSE '%s are not as they were: the door or a trigger has made them so' END, string_agg(DISTINCT p.path, ', '))
                                FROM jsonb_array_elements(scim_internal.document_difference(types[a], scim_internal.without_times(types[a], kept.data), scim_internal.without_times(types[a], documents[kept.n]))) AS d,
                                    -- an attribute, be it one of an extension
                                    LATERAL (SELECT replace(replace(replace(substring(d ->> 'path' FROM '^/([^/:]*:[^/]*(?:/[^/]+)?|[^/]*)'), '/', ':'), '~1', '/'), '~0', '~') AS path) AS p
                                WHERE p.path <> 'schemas');
                            IF steps[a] = 2 AND differences[nth] = '[]' AND kept.version = versions[nth] THEN
                                actions[nth] := 'leave';
                            END IF;
                        END IF;
                    END LOOP;
                    FOREACH nth IN ARRAY tried LOOP
                        open[nth] := false;
                        failed[nth] := NULL;
                    END LOOP;
                    progress := true;
                ELSIF refused THEN
                    guarded := problem;
                    EXIT rounds;
                ELSIF low = 0 THEN
                    NULL;
                ELSIF low = high THEN
                    failed[low] := regexp_replace(problem, format(', and "%1$s" is none| ?"?%1$s"?', ids[a]), '', 'g');
                ELSE
                    -- which of them it is, the halves tell
                    lows[top + 1] := (low + high) / 2 + 1;
                    highs[top + 1] := high;
                    lows[top + 2] := low;
                    highs[top + 2] := (low + high) / 2;
                    top := top + 2;
                END IF;
            END LOOP;
        END LOOP;
        IF guarded IS NOT NULL AND NOT preview THEN
            RAISE EXCEPTION 'nothing is reverted: %', guarded USING ERRCODE = 'SCGRD', HINT = 'Release the guard first: scim.release_guard().';
        END IF;
        allowed := asks OR guarded IS NOT NULL OR scim_internal.ask_undone();
        IF preview OR NOT allowed THEN
            RAISE EXCEPTION 'preview' USING ERRCODE = 'SCPRE';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'SCPRE' THEN NULL;
    END;
    -- what is put off may need all of it, so it is asked once; which rows it is against, each statement tells
    IF NOT allowed THEN
        CLOSE todo;
        RETURN QUERY SELECT * FROM scim_internal.undo_change(change, preview, true);
        RETURN;
    END IF;
    FOR i IN 1 .. n LOOP
        FETCH ABSOLUTE i FROM todo INTO one;
        resource_type := types[i];
        resource_id := ids[i];
        action := actions[i];
        difference := CASE WHEN guarded IS NULL AND opens[i] AND failed[units[i]] IS NULL AND action <> 'leave' THEN coalesce(differences[i], one.difference) END;
        conflict := nullif(concat_ws('; ', notes[i], left_as_is[i], CASE WHEN guarded IS NULL THEN failed[units[i]] WHEN opens[i] THEN format('nothing is reverted before the guard is released: %s', guarded) END), '');
        RETURN NEXT;
    END LOOP;
    CLOSE todo;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_change(uuid, boolean, boolean) IS
'What scim.revert_change does but for its row of the audit; with dry_run it is done and taken back.';

CREATE FUNCTION scim.revert_change(change uuid, dry_run boolean DEFAULT false)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    AS 'MODULE_PATHNAME', 'scim_revert_change'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revert_change(uuid, boolean) IS
'Changes back what one transaction changed, by its "change" in the audit, of resources of the current tenant: what was changed is again as it was, what was deleted comes back with its id and times, and a version that it has not had, what was created is deleted or off-boarded as the policy "delete" says, who came to a group leaves it and who left it comes back. All that goes through the door, as the caller, is audited and can be reverted; the audit has a row of operation "revert" besides. A row for each resource and member, with what is done as "action" and operations of RFC 6902; action "leave" where nothing is to be done. What was changed later by others stays as it is, and be it the same again, unless that was reverted, as does what cannot be undone, such as passwords, configuration and who has been erased: "conflict" says why, and difference is null where nothing at all is done. What a constraint or trigger refuses, one that is put off, too, stays as well, and the others are changed back; where one that is put off refuses, all are asked at once for the rest of the transaction, as SET CONSTRAINTS ALL IMMEDIATE does. With dry_run it is done and taken back, without a trace. Errors: SC404 where the audit does not know the change, SCGRD where a guard keeps part of it from being done, and so all, 42501 where the caller may not do what the undoing needs, SC403 where the role acts for no tenant or scopes do not allow to write all types that it was about.';

CREATE FUNCTION scim.revert_change(change text, dry_run boolean DEFAULT false)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    AS 'MODULE_PATHNAME', 'scim_revert_change'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revert_change(text, boolean) IS
'scim.revert_change(uuid, boolean) with the change as a text.';
