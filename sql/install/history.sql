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
'scim.history(uuid) with the id as a text.';

CREATE FUNCTION scim.resource_at(resource_type text, id uuid, instant timestamptz) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_at(text, uuid, timestamptz) IS
'A resource of the current tenant as scim.get_resource showed it at an instant, but for "groups" and "members" (scim.members_at), with meta.version and meta.lastModified of then. meta.version is without the digest of derived values, and so no entity-tag of a client: it is what stands before the dot of that. meta.lastModified and meta.created are left out where the audit does not have the step any more that would say them. NULL where it was not there: not yet, or not any more. Errors: SC404 where that is unknown, since changes between the instant and the next step in the audit were not audited, or their months have been dropped, and where it has been erased; SCVAL where an argument is null; SC403 where the role acts for no tenant or scopes do not allow to read the type.';

CREATE FUNCTION scim.resource_at(resource_type text, id text, instant timestamptz) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_resource_at'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.resource_at(text, text, timestamptz) IS
'scim.resource_at(text, uuid, timestamptz) with the id as a text.';

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
'scim.members_at(uuid, timestamptz) with the id as a text.';

CREATE FUNCTION scim_internal.changes_asked(resource_type text) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_changes_asked'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.changes_asked(text) IS
'The name of a resource type as it is spelled, where the caller may ask scim.changes for it; null: for all.';

CREATE FUNCTION scim_internal.audit_rows(since timestamptz, until timestamptz, of_actor text, of_type text)
    RETURNS TABLE (at timestamptz, change uuid, actor text, token_id uuid, subject text, db_user text, request_id text, resource_type text, resource_id uuid, operation text, version bigint, member_id uuid, object text, key text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    of_type := scim_internal.changes_asked(of_type);
    RETURN QUERY EXECUTE format($query$
        SELECT a.at, a.change, a.actor, a.token_id, a.subject, a.db_user::text, a.request_id, a.resource_type::text, a.resource_id, a.operation::text, a.version, a.member_id, a.object::text, a.key::text
        FROM %I.audit a
        WHERE a.tenant_id IN (0, scim.tenant()) %s %s %s %s
        ORDER BY a.at, a.id $query$, scim.store(),
        CASE WHEN since IS NOT NULL THEN 'AND a.at >= $1' END, CASE WHEN until IS NOT NULL THEN 'AND a.at < $2' END,
        CASE WHEN of_actor IS NOT NULL THEN 'AND ($3 IN (a.actor, a.subject, a.token_id::text) OR a.actor IN (''token: '' || $3, ''client: '' || $3))' END,
        CASE WHEN of_type IS NOT NULL THEN 'AND a.resource_type = $4' END)
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
'What was changed from one instant on until before another, of resources of the current tenant and of configuration: the rows of the table "audit" without documents. A null instant: from the first, until the last. actor: of one only, by the actor, the subject, the id of the token, or what a token or client is called (Okta for token: Okta). resource_type: of one type only, and no configuration; an unknown one is error SCVAL. Error SC403 where the role acts for no tenant, or scopes do not allow to read the type; without a type, all.';

CREATE FUNCTION scim_internal.document_difference(resource_type text, before jsonb, after jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_document_difference'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.document_difference(text, jsonb, jsonb) IS
'The operations of RFC 6902 that make a document of another, without secrets; null is a document that is not there.';

CREATE FUNCTION scim_internal.take_back(before jsonb, after jsonb, current jsonb, OUT document jsonb, OUT conflicts text[])
    AS 'MODULE_PATHNAME', 'scim_take_back'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.take_back(jsonb, jsonb, jsonb) IS
'A document in which is undone what was changed when "before" became "after", and the paths of what has become something else since, which stays.';

-- What a transaction did, as what has to be done: a row for each resource, and for each
-- member of a group.
CREATE FUNCTION scim_internal.undo_steps(change uuid)
    RETURNS TABLE (step int, resource_type text, resource_id uuid, member_id uuid, action text, version bigint, document jsonb, status text, was jsonb, difference jsonb, conflict text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY EXECUTE format($query$
        WITH row AS MATERIALIZED (
            SELECT * FROM %1$I.audit a WHERE a.tenant_id = scim.tenant() AND a.change = $1
        ), step AS (
            SELECT r.*, row_number() OVER (PARTITION BY r.resource_id ORDER BY r.at, r.id) AS n, row_number() OVER (PARTITION BY r.resource_id ORDER BY r.at DESC, r.id DESC) AS n_last,
                bool_or(r.detail ? 'password') OVER (PARTITION BY r.resource_id) AS password,
                r.operation = 'purge' OR r.operation = 'delete' AND r.detail -> 'was' ? 'last_modified' AS removes,
                r.content_digest IS NOT NULL AND r.salt IS NULL AS erased
            FROM row r WHERE r.member_id IS NULL
            AND r.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge')
        ), found AS (
            SELECT f.resource_type, f.resource_id, f.operation = 'create' AS creates, l.removes, f.before, f.status, f.erased, f.password, l.version,
                l.detail -> 'was' AS was, now.version AS version_now, now.data AS data_now, now.status AS status_now,
                coalesce(n.before, now.data) AS after, coalesce(n.status, now.status) AS status_after,
                (SELECT format('changed later: %%s by %%s at %%s', x.operation, x.actor, to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                 FROM %1$I.audit x WHERE x.tenant_id = l.tenant_id AND x.resource_id = l.resource_id AND x.at > l.at AND x.member_id IS NULL
                 AND x.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge', 'erase')
                 ORDER BY x.at DESC, x.id DESC LIMIT 1) AS later
            FROM step f JOIN step l ON l.resource_id = f.resource_id AND l.n_last = 1
            LEFT JOIN %1$I.resource now ON now.tenant_id = f.tenant_id AND now.id = f.resource_id AND now.resource_type = f.resource_type
            LEFT JOIN LATERAL (SELECT x.before, x.status FROM %1$I.audit x
                WHERE x.tenant_id = l.tenant_id AND x.resource_id = l.resource_id AND x.at > l.at AND x.member_id IS NULL
                AND x.operation IN ('update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge')
                ORDER BY x.at, x.id LIMIT 1) AS n ON true
            WHERE f.n = 1
        ), undone AS (
            SELECT f.*, t.document, t.conflicts, f.status IS DISTINCT FROM f.status_after AS steps,
                f.status_now IS NOT DISTINCT FROM f.status_after AS may_step
            FROM found f CROSS JOIN LATERAL scim_internal.take_back(f.before, f.after, f.data_now) AS t
            WHERE NOT f.creates AND NOT f.removes
        ), member AS (
            SELECT DISTINCT ON (r.resource_id, r.member_id) r.resource_type, r.resource_id, r.member_id, r.operation, r.tenant_id,
                (SELECT max(x.at) FROM row x WHERE x.resource_id = r.resource_id AND x.member_id = r.member_id) AS last
            FROM row r WHERE r.member_id IS NOT NULL ORDER BY r.resource_id, r.member_id, r.at, r.id
        )
        -- what came goes
        SELECT 4, f.resource_type::text, f.resource_id, NULL::uuid, 'delete', f.version, NULL::jsonb, NULL::text, NULL::jsonb,
            scim_internal.document_difference(f.resource_type, f.data_now, NULL), CASE WHEN f.version_now <> f.version THEN coalesce(f.later, 'changed later') END
        FROM found f WHERE f.creates AND NOT f.removes AND f.version_now IS NOT NULL AND f.status_now NOT IN ('DELETED', 'OFFBOARDED')
        UNION ALL
        -- what went comes back
        SELECT 3, f.resource_type, f.resource_id, NULL, 'create', f.version, f.before, f.status, f.was,
            scim_internal.document_difference(f.resource_type, NULL, f.before),
            CASE WHEN f.version_now IS NOT NULL THEN coalesce(f.later, 'there again') WHEN f.erased OR f.before IS NULL THEN 'erased' END
        FROM found f WHERE NOT f.creates AND f.removes
        UNION ALL
        -- what became something else is again what it was
        SELECT 2, u.resource_type, u.resource_id, NULL,
            CASE WHEN NOT (u.steps AND u.may_step) THEN 'update' WHEN u.status_after IN ('DELETED', 'OFFBOARDED') THEN 'restore'
                WHEN u.status = 'ACTIVE' THEN 'reactivate' WHEN u.status = 'SUSPENDED' THEN 'suspend' WHEN u.status = 'OFFBOARDING' THEN 'offboard'
                WHEN u.status IN ('DELETED', 'OFFBOARDED') THEN 'delete' ELSE 'update' END,
            u.version_now, u.document, CASE WHEN u.steps AND u.may_step THEN u.status END, NULL,
            scim_internal.document_difference(u.resource_type, u.data_now, u.document),
            nullif(concat_ws('; ', CASE WHEN u.version_now IS NULL THEN coalesce(u.later, 'gone later') WHEN u.erased THEN 'erased' END,
                CASE WHEN u.version_now IS NOT NULL AND cardinality(u.conflicts) > 0 THEN format('%%s %%s', array_to_string(u.conflicts, ', '), coalesce(u.later, 'changed later')) END,
                CASE WHEN u.version_now IS NOT NULL AND u.steps AND NOT u.may_step AND u.status_now IS DISTINCT FROM u.status THEN format('status %%s', coalesce(u.later, 'changed later')) END,
                CASE WHEN u.password THEN 'what the password was is not known' END), '')
        FROM undone u
        UNION ALL
        -- who came to a group leaves it, and who left it comes back
        SELECT CASE m.operation WHEN 'add member' THEN 1 ELSE 5 END, m.resource_type, m.resource_id, m.member_id,
            CASE m.operation WHEN 'add member' THEN 'remove member' ELSE 'add member' END, NULL, NULL, NULL, NULL,
            jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('op', CASE m.operation WHEN 'add member' THEN 'remove' ELSE 'add' END, 'path', '/members/' || m.member_id,
                'value', CASE m.operation WHEN 'remove member' THEN jsonb_build_object('value', m.member_id) END))),
            coalesce((SELECT format('changed later: %%s by %%s at %%s', x.operation, x.actor, to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                 FROM %1$I.audit x WHERE x.tenant_id = m.tenant_id AND x.resource_id = m.resource_id AND x.member_id = m.member_id AND x.at > m.last
                 ORDER BY x.at DESC, x.id DESC LIMIT 1),
                CASE WHEN m.operation = 'remove member' AND substring(m.member_id::text FROM 15 FOR 1) = '8'
                    AND NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = m.tenant_id AND r.id = m.member_id) THEN 'what the member was called is not known' END)
        FROM member m
        WHERE (m.operation = 'add member') = EXISTS (SELECT FROM %1$I.member p WHERE p.tenant_id = m.tenant_id AND p.group_id = m.resource_id AND p.member_id = m.member_id)
          AND NOT EXISTS (SELECT FROM found f WHERE f.resource_id = m.resource_id AND f.creates)
        UNION ALL
        SELECT 6, NULL, NULL, NULL, 'leave', NULL, NULL, NULL, NULL, NULL, format('%%s of %%s "%%s" is not undone: configuration', r.operation, r.object, r.key)
        FROM %1$I.audit r WHERE r.tenant_id IN (0, scim.tenant()) AND r.change = $1 AND r.object NOT IN ('audit', 'change')
        ORDER BY 1, 2, 3, 4 $query$, scim.store()) USING $1;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_steps(uuid) IS
'What scim.revert_change has to do, in order, and what is in its way as far as the audit tells.';

CREATE FUNCTION scim_internal.undo_step(store name, action text, resource_type text, resource_id uuid, members uuid[], version bigint, document jsonb, status text, was jsonb)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    done bigint;
BEGIN
    IF action = 'remove member' THEN
        EXECUTE format('DELETE FROM %I.member WHERE tenant_id = scim.tenant() AND group_id = $1 AND member_id = ANY ($2)', store)
            USING resource_id, members;
        RETURN;
    ELSIF action = 'add member' THEN
        EXECUTE format('INSERT INTO %I.member (tenant_id, group_id, member_id) SELECT scim.tenant(), $1, m FROM unnest($2) AS m ON CONFLICT DO NOTHING', store)
            USING resource_id, members;
        RETURN;
    ELSIF action = 'delete' AND document IS NULL THEN
        -- the policy "delete" may keep the row, and then none is deleted
        EXECUTE format('DELETE FROM %I.resource WHERE tenant_id = scim.tenant() AND resource_type = $1 AND id = $2 AND version = $3', store)
            USING resource_type, resource_id, version;
        EXECUTE format('SELECT count(*) FROM %I.resource WHERE tenant_id = scim.tenant() AND resource_type = $1 AND id = $2 AND version = $3 AND status <> ''OFFBOARDING''', store)
            INTO done USING resource_type, resource_id, version;
        done := 1 - done;
    ELSIF action = 'create' THEN
        EXECUTE format('INSERT INTO %I.resource (tenant_id, resource_type, id, data, status, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after) '
            'VALUES (scim.tenant(), $1, $2, $3, $4, $5 + 1, coalesce($6, clock_timestamp()), clock_timestamp(), $7, $8, $9, $10, $11)', store)
            USING resource_type, resource_id, document, status, version, (was ->> 'created')::timestamptz, (was ->> 'offboarding_at')::timestamptz, (was ->> 'deleted_at')::timestamptz,
                (was ->> 'activated_at')::timestamptz, (was ->> 'deactivated_at')::timestamptz, (was ->> 'sessions_valid_after')::timestamptz;
        GET DIAGNOSTICS done = ROW_COUNT;
    ELSE
        EXECUTE format('UPDATE %I.resource SET data = $1, status = coalesce($2, status) WHERE tenant_id = scim.tenant() AND resource_type = $3 AND id = $4 AND version = $5', store)
            USING document, status, resource_type, resource_id, version;
        GET DIAGNOSTICS done = ROW_COUNT;
    END IF;
    IF done = 0 THEN
        RAISE EXCEPTION 'changed meanwhile, or not to be changed by the current user' USING ERRCODE = 'SC409';
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_step(name, text, text, uuid, uuid[], bigint, jsonb, text, jsonb) IS
'One thing that scim.revert_change does, as the caller and through the door.';

CREATE FUNCTION scim_internal.undo_change(change uuid, preview boolean)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    -- what the store itself writes comes back as it was (it counts for the owner)
    SET scim.write_read_only = on
AS $function$
#variable_conflict use_column
DECLARE
    store CONSTANT name := scim.store();
    steps record;
    known boolean;
    open boolean[];
    failed text[];
    progress boolean := true;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.audit a WHERE a.tenant_id IN (0, scim.tenant()) AND a.change = $1)', store) INTO known USING change;
    IF NOT known THEN
        RAISE EXCEPTION 'change % is not in the audit', change USING ERRCODE = 'SC404';
    END IF;
    -- of a group, the members that come or go are one thing to do
    SELECT array_agg(g.action ORDER BY g.n) AS action, array_agg(g.resource_type ORDER BY g.n) AS resource_type, array_agg(g.resource_id ORDER BY g.n) AS resource_id,
        jsonb_agg(g.members ORDER BY g.n) AS members, array_agg(g.version ORDER BY g.n) AS version, array_agg(g.document ORDER BY g.n) AS document,
        array_agg(g.status ORDER BY g.n) AS status, array_agg(g.was ORDER BY g.n) AS was, jsonb_agg(g.rows ORDER BY g.n) AS rows,
        array_agg(g.is_open ORDER BY g.n) AS is_open
    INTO steps
    FROM (
        SELECT row_number() OVER (ORDER BY u.step, u.resource_type, u.resource_id, u.blocked) AS n, u.action, u.resource_type, u.resource_id,
            jsonb_agg(u.member_id) AS members, min(u.version) AS version, (array_agg(u.document))[1] AS document, min(u.status) AS status, (array_agg(u.was))[1] AS was,
            jsonb_agg(jsonb_build_object('difference', CASE WHEN NOT u.blocked THEN u.difference END, 'conflict', u.conflict) ORDER BY u.member_id) AS rows,
            NOT u.blocked AS is_open
        FROM (SELECT s.*, s.conflict IS NOT NULL AND NOT (s.step = 2 AND s.version IS NOT NULL AND (s.difference <> '[]' OR s.status IS NOT NULL)) AS blocked
              FROM scim_internal.undo_steps(change) AS s
              WHERE s.conflict IS NOT NULL OR s.difference <> '[]' OR s.status IS NOT NULL) AS u
        GROUP BY u.step, u.action, u.resource_type, u.resource_id, u.blocked
    ) AS g;
    IF steps.action IS NULL THEN
        RETURN;
    END IF;
    open := steps.is_open;
    failed := array_fill(NULL::text, ARRAY[cardinality(open)]);
    BEGIN
        -- what one needs another may bring: until nothing more can be done
        WHILE progress LOOP
            progress := false;
            FOR i IN 1 .. cardinality(open) LOOP
                CONTINUE WHEN NOT open[i];
                BEGIN
                    PERFORM scim_internal.undo_step(store, steps.action[i], steps.resource_type[i], steps.resource_id[i],
                        ARRAY(SELECT m::uuid FROM jsonb_array_elements_text(steps.members -> i - 1) AS m), steps.version[i], steps.document[i], steps.status[i], steps.was[i]);
                    open[i] := false;
                    failed[i] := NULL;
                    progress := true;
                EXCEPTION
                    WHEN insufficient_privilege THEN RAISE;
                    WHEN OTHERS THEN
                        -- of the server or the transaction, and not of what is written
                        IF SQLSTATE ~ '^(25|40|53|54|57|58|XX)' THEN
                            RAISE;
                        END IF;
                        failed[i] := SQLERRM;
                END;
            END LOOP;
        END LOOP;
        IF preview THEN
            RAISE EXCEPTION 'preview' USING ERRCODE = 'SCPRE';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'SCPRE' THEN NULL;
    END;
    RETURN QUERY
        SELECT steps.resource_type[i], steps.resource_id[i], steps.action[i], CASE WHEN failed[i] IS NULL THEN nullif(r -> 'difference', 'null') END,
            nullif(concat_ws('; ', r ->> 'conflict', failed[i]), '')
        FROM generate_subscripts(open, 1) AS i, jsonb_array_elements(steps.rows -> i - 1) WITH ORDINALITY AS e (r, n)
        ORDER BY i, n;
END
$function$;
COMMENT ON FUNCTION scim_internal.undo_change(uuid, boolean) IS
'What scim.revert_change does but for its row of the audit; with preview it is done and taken back.';

CREATE FUNCTION scim.revert_change(change uuid, preview boolean DEFAULT false)
    RETURNS TABLE (resource_type text, resource_id uuid, action text, difference jsonb, conflict text)
    AS 'MODULE_PATHNAME', 'scim_revert_change'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revert_change(uuid, boolean) IS
'Changes back what one transaction changed, by its "change" in the audit, of resources of the current tenant: what was changed is again as it was, what was deleted comes back with its id and times, what was created is deleted as the policy "delete" says, who came to a group leaves it and who left it comes back. All that goes through the door, as the caller, is audited and can be reverted; the audit has a row of operation "revert" besides. A row for each resource and member, with what is done as "action" and operations of RFC 6902. What was changed later by others stays as it is, as does what cannot be undone, such as passwords and configuration: "conflict" says why, and difference is null where nothing at all is done. With preview it is done and taken back. Errors: SC404 where the audit does not know the change, 42501 where the caller may not write, SC403 where the role acts for no tenant or scopes do not allow to write all types that it was about.';
