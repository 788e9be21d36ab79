-- Views in each store, for those who audit it.

CREATE FUNCTION scim_internal.text_at(document jsonb, path text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN path ~* '^urn:' AND path !~* '^urn:ietf:params:scim:schemas:core:'
        THEN (SELECT e.value #>> string_to_array(substr(path, length(e.key) + 2), '.')
              FROM jsonb_each(CASE jsonb_typeof(document) WHEN 'object' THEN document END) AS e
              WHERE starts_with(lower(path), lower(e.key) || ':') AND jsonb_typeof(e.value) = 'object' LIMIT 1)
        ELSE document #>> string_to_array(substring(path FROM '[^:]*$'), '.') END;
COMMENT ON FUNCTION scim_internal.text_at(jsonb, text) IS
'What a document holds at a path, which spells the attribute as the schema does; NULL where it holds nothing.';

CREATE FUNCTION scim_internal.ends_at(said text) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'scim_ends_at'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.ends_at(text) IS
'The instant that a text states, of a date the end of that day of UTC; NULL where it states none.';

CREATE FUNCTION scim_internal.referred(reference jsonb) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_referred'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.referred(jsonb) IS
'The id of whom a reference names, such as the attribute manager: its value or, without one, its $ref, itself or the end of a URL; what it says else; NULL where it says nothing.';

CREATE FUNCTION scim_internal.active_in(document jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE document -> 'active' WHEN 'true' THEN true WHEN 'false' THEN false END;
COMMENT ON FUNCTION scim_internal.active_in(jsonb) IS
'What a document says of "active"; NULL where it says nothing, or something else.';

-- What a view calls for each row begins no subtransaction: there is none in a parallel plan.
CREATE FUNCTION scim_internal.end_at(document jsonb, path text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN scim_internal.ends_at(scim_internal.text_at(document, path));
COMMENT ON FUNCTION scim_internal.end_at(jsonb, text) IS
'The instant that a document states at a path, of a date the end of that day of UTC; NULL where it states none.';

-- No view names a table of a resource type but "resource", which is always there.  "{name
-- of tenant}" stands for a setting of a tenant.  What is added to a view of an
-- earlier version stands last.
CREATE FUNCTION scim_internal.view_statements(store name)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
BEGIN
    RETURN QUERY SELECT scim_internal.of_store(regexp_replace(statement, '\{(\w+) of ([^}]+)\}',
            $$coalesce(nullif(nullif(current_setting('scim.\1', true), 'unset'), '-1'), (SELECT s.value #>> '{}' FROM @.setting s
            WHERE s.name = '\1' AND s.token_id IS NULL AND s.resource_type IS NULL AND (s.tenant_id = \2 OR s.tenant_id IS NULL)
            ORDER BY s.tenant_id LIMIT 1))$$, 'g'), store)
        FROM scim_internal.split_statements($ddl$

    CREATE OR REPLACE VIEW @.activity WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.actor, a.operation, a.resource_type, a.resource_id,
            coalesce(r.user_name, r.display_name, CASE WHEN r.id IS NULL THEN (SELECT coalesce(d.before ->> 'userName', d.before ->> 'displayName') FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.resource_id AND d.member_id IS NULL AND d.before IS NOT NULL ORDER BY d.at DESC, d.id DESC LIMIT 1) END) AS name,
            a.member_id, coalesce(m.user_name, m.display_name, CASE WHEN m.id IS NULL THEN (SELECT coalesce(d.before ->> 'userName', d.before ->> 'displayName') FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.member_id AND d.member_id IS NULL AND d.before IS NOT NULL ORDER BY d.at DESC, d.id DESC LIMIT 1) END) AS member_name,
            a.object, a.key, a.version,
            a.token_id, coalesce(
                (SELECT t.description FROM @.token t WHERE t.tenant_id = a.tenant_id AND t.id = a.token_id),
                (SELECT c.name FROM @.client c WHERE c.tenant_id = a.tenant_id AND c.id = a.token_id)) AS token,
            a.subject, a.db_user, a.role, a.request_id, a.change,
            a.detail -> 'password' = 'true' AS password_set
        FROM @.audit a
        LEFT JOIN @.resource r ON r.tenant_id = a.tenant_id AND r.id = a.resource_id
        LEFT JOIN @.resource m ON m.tenant_id = a.tenant_id AND m.id = a.member_id;
    COMMENT ON VIEW @.activity IS 'The audit with names: who did what to whom, and when; ask for a time, for whom or for what it was done to.';
    COMMENT ON COLUMN @.activity.tenant_id IS 'The tenant whose resource or configuration was changed; 0: what is the same for all tenants was.';
    COMMENT ON COLUMN @.activity.at IS 'When it was done, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.activity.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.activity.operation IS 'What was done, in the words of the audit: create, update, suspend, add member, update policy, ...';
    COMMENT ON COLUMN @.activity.resource_type IS 'The name of the resource type of what was changed; null for configuration.';
    COMMENT ON COLUMN @.activity.resource_id IS 'The id of the resource that was changed; of the group, where a member came or went.';
    COMMENT ON COLUMN @.activity.name IS 'What the resource is called today, or was before it went: userName, or displayName; null once it is erased.';
    COMMENT ON COLUMN @.activity.member_id IS 'The id of the member that came or went; null for other changes.';
    COMMENT ON COLUMN @.activity.member_name IS 'What that member is called today, or was before it went; null once it is erased.';
    COMMENT ON COLUMN @.activity.object IS 'The table of configuration that was changed, such as policy; null for resources.';
    COMMENT ON COLUMN @.activity.key IS 'Which row of that table, by its primary key without the tenant.';
    COMMENT ON COLUMN @.activity.version IS 'Which version the resource has since; null for members and configuration.';
    COMMENT ON COLUMN @.activity.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.activity.token IS 'What this token or client is called today, by description or name; actor has what it was called then.';
    COMMENT ON COLUMN @.activity.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.activity.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.activity.role IS 'The database role as which the statement was executed.';
    COMMENT ON COLUMN @.activity.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.activity.change IS 'What all that one transaction did has in common.';
    COMMENT ON COLUMN @.activity.password_set IS 'Whether a password was set, too; null where nothing became of one.';

    CREATE OR REPLACE VIEW @.leaver WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.resource_id AS id,
            coalesce(u.user_name, a.before ->> 'userName') AS user_name,
            coalesce(u.display_name, a.before ->> 'displayName') AS display_name,
            a.operation, a.status AS status_before, u.status AS status_now,
            scim_internal.text_at(a.before, s.path) AS leaving_date,
            a.at - scim_internal.end_at(a.before, s.path) AS delay,
            a.actor, a.token_id, a.subject, a.db_user, a.request_id, a.change,
            -- who is off-boarded may act still, by what the document said next; and whose document has been erased, nobody knows
            CASE WHEN a.before IS NOT NULL OR a.operation = 'suspend' OR a.operation = 'delete' AND a.status <> 'OFFBOARDING' THEN t.could AND CASE WHEN a.operation = 'offboard' THEN
                NOT scim_internal.may_act(@::regnamespace, a.tenant_id, 'User', 'OFFBOARDING', scim_internal.active_in(n.document), NULL, NULL) ELSE true END END AS access_ended
        FROM @.audit a
        LEFT JOIN @.resource u ON u.tenant_id = a.tenant_id AND u.id = a.resource_id AND u.resource_type = 'User'
        CROSS JOIN LATERAL (SELECT {leaving_date of a.tenant_id}) AS s (path)
        CROSS JOIN LATERAL (SELECT scim_internal.may_act(@::regnamespace, a.tenant_id, 'User', a.status, scim_internal.active_in(a.before), u.deactivated_at, u.offboarding_at)) AS t (could)
        CROSS JOIN LATERAL (SELECT CASE WHEN a.operation = 'offboard' THEN coalesce((SELECT d.before FROM @.audit d
            WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.resource_id AND d.member_id IS NULL AND d.before IS NOT NULL AND d.at >= a.at AND (d.at, d.id) > (a.at, a.id)
            ORDER BY d.at, d.id LIMIT 1), u.data) END OFFSET 0) AS n (document)
        WHERE a.resource_type = 'User' AND (a.operation IN ('suspend', 'offboard', 'delete') OR a.operation = 'complete' AND a.before IS NOT NULL AND t.could);
    COMMENT ON VIEW @.leaver IS 'Whom somebody has suspended, off-boarded or deleted: who left, when, by whose hand, and how long after the day that was said.';
    COMMENT ON COLUMN @.leaver.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.leaver.at IS 'When it was done, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.leaver.id IS 'The id of the person who left.';
    COMMENT ON COLUMN @.leaver.user_name IS 'The attribute userName of today, or of before where the row is gone; null once the person is erased.';
    COMMENT ON COLUMN @.leaver.display_name IS 'The attribute displayName, likewise; null where there is none.';
    COMMENT ON COLUMN @.leaver.operation IS 'Which step was taken: suspend, offboard or delete; complete where access lasted until off-boarding ended.';
    COMMENT ON COLUMN @.leaver.status_before IS 'The status until then.';
    COMMENT ON COLUMN @.leaver.status_now IS 'The status that the person has today; null where the row is gone.';
    COMMENT ON COLUMN @.leaver.leaving_date IS 'Until when the person was to stay, by the attribute that the setting "leaving_date" names; null where that says nothing.';
    COMMENT ON COLUMN @.leaver.delay IS 'How long after that it was done, a date counting to the end of its day (UTC); negative: before.';
    COMMENT ON COLUMN @.leaver.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.leaver.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.leaver.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.leaver.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.leaver.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.leaver.change IS 'What all that one transaction did has in common.';
    COMMENT ON COLUMN @.leaver.access_ended IS 'Whether it was this step that took the access away, as scim.record_login says: not of who had none, nor of who is off-boarded and may log in until that ends; null of who has been erased, where nobody knows.';

    CREATE OR REPLACE VIEW @.active_leaver WITH (security_invoker = true) AS
        WITH said (filter, path) AS MATERIALIZED (
            SELECT scim_internal.view_filter(nullif({leaver_filter of scim.tenant()}, '')), nullif({leaving_date of scim.tenant()}, '')
        ), setting (filter, path, past) AS MATERIALIZED (
            -- what an index answers, of texts and dates or of dateTimes, in whatever zone; when it is past is asked below
            SELECT filter, path, scim_internal.view_filter(path || to_char(now() + interval '2 days', '" lt \""YYYY-MM-DD"\""'),
                path || to_char(now() + interval '2 days', '" lt \""YYYY-MM-DD"T00:00:00Z\""')) FROM said)
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status, u.reason, scim_internal.text_at(u.data, s.path) AS leaving_date,
            CASE u.reason WHEN 'leaving_date' THEN scim_internal.end_at(u.data, s.path) WHEN 'status' THEN u.offboarding_at END AS since
        FROM (
            SELECT r.tenant_id, r.id, r.user_name, r.display_name, r.status, r.active, r.data, r.offboarding_at, r.deactivated_at, 'leaver_filter' AS reason
            FROM @.resource r
            WHERE r.tenant_id = scim.tenant() AND r.resource_type = 'User' AND r.deleted_at IS NULL
              AND r.data OPERATOR(scim.~) (SELECT filter FROM setting)
            UNION ALL
            SELECT r.tenant_id, r.id, r.user_name, r.display_name, r.status, r.active, r.data, r.offboarding_at, r.deactivated_at, 'leaving_date'
            FROM @.resource r
            WHERE r.tenant_id = scim.tenant() AND r.resource_type = 'User' AND r.deleted_at IS NULL
              AND r.data OPERATOR(scim.~) (SELECT past FROM setting)
            UNION ALL
            SELECT r.tenant_id, r.id, r.user_name, r.display_name, r.status, r.active, r.data, r.offboarding_at, r.deactivated_at, 'status'
            FROM @.resource r
            WHERE r.tenant_id = scim.tenant() AND r.resource_type = 'User' AND r.deleted_at IS NULL AND r.status = 'OFFBOARDING'
            ) AS u
        CROSS JOIN setting s
        WHERE scim_internal.may_act(@::regnamespace, u.tenant_id, 'User', u.status, u.active, u.deactivated_at, u.offboarding_at)
          AND (u.reason <> 'leaving_date' OR scim_internal.end_at(u.data, s.path) <= now());
    COMMENT ON VIEW @.active_leaver IS 'Accounts that can still be used although an attribute, a date or the status says that the person has left, of the tenant for whom you act; one row for each of these reasons.';
    COMMENT ON COLUMN @.active_leaver.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.active_leaver.id IS 'The id of the person whose account it is.';
    COMMENT ON COLUMN @.active_leaver.user_name IS 'The attribute userName of the account.';
    COMMENT ON COLUMN @.active_leaver.display_name IS 'The attribute displayName of the account; null where there is none.';
    COMMENT ON COLUMN @.active_leaver.status IS 'Where the account is in its life: ACTIVE, PENDING, or OFFBOARDING without having been deactivated.';
    COMMENT ON COLUMN @.active_leaver.reason IS 'What says that the person has left: leaver_filter or leaving_date, which are settings, or status.';
    COMMENT ON COLUMN @.active_leaver.leaving_date IS 'What the attribute holds that the setting "leaving_date" names; null where that says nothing.';
    COMMENT ON COLUMN @.active_leaver.since IS 'From when on the account should not have been used: the end of that date, or the beginning of off-boarding; null where nobody knows.';

    CREATE OR REPLACE VIEW @.manager_left WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, k.manager AS manager_id, m.user_name AS manager_user_name,
            m.display_name AS manager_display_name, m.status AS manager_status, m.deactivated_at AS since
        FROM @.resource u
        CROSS JOIN LATERAL (SELECT scim_internal.referred(u.data #> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}') AS manager OFFSET 0) AS k
        CROSS JOIN LATERAL (SELECT scim.member_key(k.manager) AS id OFFSET 0) AS i
        LEFT JOIN @.resource m ON m.tenant_id = u.tenant_id AND m.id = i.id AND m.resource_type = 'User'
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL AND u.status IN ('ACTIVE', 'PENDING')
          AND k.manager IS NOT NULL AND (m.status IN ('ACTIVE', 'PENDING')) IS NOT TRUE;
    COMMENT ON VIEW @.manager_left IS 'Active people whose manager is suspended, off-boarded, deleted or nobody at all.';
    COMMENT ON COLUMN @.manager_left.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.manager_left.id IS 'The id of the person who needs another manager.';
    COMMENT ON COLUMN @.manager_left.user_name IS 'The attribute userName of this person.';
    COMMENT ON COLUMN @.manager_left.display_name IS 'The attribute displayName of this person; null where there is none.';
    COMMENT ON COLUMN @.manager_left.manager_id IS 'Whom the attribute manager of the enterprise extension names, by its value or, without one, its $ref: the id, or what it says else.';
    COMMENT ON COLUMN @.manager_left.manager_user_name IS 'What the former manager is called, by userName; null where nobody with this id is left.';
    COMMENT ON COLUMN @.manager_left.manager_display_name IS 'What the former manager is called, by displayName.';
    COMMENT ON COLUMN @.manager_left.manager_status IS 'Where the manager is in life: SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED; null where nobody with this id is left.';
    COMMENT ON COLUMN @.manager_left.since IS 'When the manager ceased to be active; null where nobody knows.';

    CREATE OR REPLACE VIEW @.missing_primary_email WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status,
            CASE WHEN jsonb_typeof(u.data -> 'emails') = 'array' THEN jsonb_array_length(u.data -> 'emails') ELSE 0 END AS emails, u.created, u.last_modified
        FROM @.resource u
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL
          -- whatever the schema of today makes of e-mails
          AND NOT EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(u.data -> 'emails') = 'array' THEN u.data -> 'emails' END) AS e
              WHERE e -> 'primary' = 'true' AND e -> 'value' IS NOT NULL);
    COMMENT ON VIEW @.missing_primary_email IS 'People of whom no e-mail address is the primary one.';
    COMMENT ON COLUMN @.missing_primary_email.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.missing_primary_email.id IS 'The id of the person who has none.';
    COMMENT ON COLUMN @.missing_primary_email.user_name IS 'The attribute userName of this person.';
    COMMENT ON COLUMN @.missing_primary_email.display_name IS 'The attribute displayName of this person; null where there is none.';
    COMMENT ON COLUMN @.missing_primary_email.status IS 'Where the person is in life: PENDING, ACTIVE, SUSPENDED or OFFBOARDING.';
    COMMENT ON COLUMN @.missing_primary_email.emails IS 'How many e-mail addresses there are, none of them primary.';
    COMMENT ON COLUMN @.missing_primary_email.created IS 'When the person was created, as in meta.created.';
    COMMENT ON COLUMN @.missing_primary_email.last_modified IS 'When the person last changed, as in meta.lastModified.';

    -- OFFSET 0: row by row, by the primary key, whatever the planner thinks of recursion.
    CREATE OR REPLACE VIEW @.effective_member WITH (security_invoker = true) AS
        SELECT g.tenant_id, g.id AS group_id, g.display_name AS group_name, e.member_id, coalesce(r.resource_type, e.member_type) AS member_type,
            r.user_name, r.display_name, r.status,
            scim_internal.may_act(@::regnamespace, g.tenant_id, r.resource_type, r.status, r.active, r.deactivated_at, r.offboarding_at) AS has_access,
            e.direct, e.since, e.through
        FROM @.resource g
        CROSS JOIN LATERAL (
            WITH RECURSIVE nested (id, name) AS (
                SELECT g.id, g.display_name
                UNION
                SELECT n.id, n.display_name
                FROM nested o
                CROSS JOIN LATERAL (SELECT i.member_id FROM @.member i WHERE i.tenant_id = g.tenant_id AND i.group_id = o.id OFFSET 0) AS m
                CROSS JOIN LATERAL (
                    SELECT i.id, i.display_name FROM @.resource i
                    WHERE i.tenant_id = g.tenant_id AND i.id = m.member_id AND i.resource_type = 'Group' AND i.deleted_at IS NULL OFFSET 0) AS n)
            SELECT m.member_id, min(m.member_type) AS member_type, bool_or(n.id = g.id) AS direct,
                min(m.created) FILTER (WHERE n.id = g.id) AS since,
                array_agg(n.name ORDER BY n.name) FILTER (WHERE n.id <> g.id) AS through
            FROM nested n
            CROSS JOIN LATERAL (
                SELECT i.member_id, i.member_type, i.created FROM @.member i
                WHERE i.tenant_id = g.tenant_id AND i.group_id = n.id OFFSET 0) AS m
            GROUP BY m.member_id) AS e
        LEFT JOIN LATERAL (
            SELECT i.resource_type, i.user_name, i.display_name, i.status, i.active, i.deactivated_at, i.offboarding_at FROM @.resource i
            WHERE i.tenant_id = g.tenant_id AND i.id = e.member_id AND i.deleted_at IS NULL OFFSET 0) AS r ON true
        WHERE g.resource_type = 'Group' AND g.deleted_at IS NULL;
    COMMENT ON VIEW @.effective_member IS 'Who is in each group, directly or by a group within it; ask for a group, by group_id or group_name.';
    COMMENT ON COLUMN @.effective_member.tenant_id IS 'The tenant to whom the group belongs.';
    COMMENT ON COLUMN @.effective_member.group_id IS 'The id of the group that somebody belongs to.';
    COMMENT ON COLUMN @.effective_member.group_name IS 'The attribute displayName of the group.';
    COMMENT ON COLUMN @.effective_member.member_id IS 'The id of who is in it: a person, a group, whatever resource there is.';
    COMMENT ON COLUMN @.effective_member.member_type IS 'The name of the resource type of the member, as User or Group.';
    COMMENT ON COLUMN @.effective_member.user_name IS 'The attribute userName of the member; null for groups, and where nobody with this id is there.';
    COMMENT ON COLUMN @.effective_member.display_name IS 'The attribute displayName of the member; null where there is none.';
    COMMENT ON COLUMN @.effective_member.status IS 'Where the member is in its life; null where nobody with this id is there.';
    COMMENT ON COLUMN @.effective_member.has_access IS 'Whether the member may log in, as scim.record_login would say, so that the membership gives something: being ACTIVE or PENDING, or OFFBOARDING without having been deactivated; null where nobody with this id is there.';
    COMMENT ON COLUMN @.effective_member.direct IS 'Whether the group itself names the member; false: only groups within it do.';
    COMMENT ON COLUMN @.effective_member.since IS 'When the direct membership began; null where there is none.';
    COMMENT ON COLUMN @.effective_member.through IS 'The names of the groups within the group by which the member is in it, too; null: by none.';

    CREATE OR REPLACE VIEW @.effective_group WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status,
            scim_internal.may_act(@::regnamespace, u.tenant_id, 'User', u.status, u.active, u.deactivated_at, u.offboarding_at) AS has_access,
            e.id AS group_id, e.name AS group_name, d.created IS NOT NULL AS direct, d.created AS since, e.through
        FROM @.resource u
        CROSS JOIN LATERAL (
            -- beside each group the one by which it was come to
            WITH RECURSIVE above (id, name, first_id, first) AS (
                SELECT u.id, NULL::text COLLATE "C", NULL::uuid, NULL::text COLLATE "C"
                UNION
                SELECT n.id, n.display_name, coalesce(o.first_id, n.id), CASE WHEN o.first_id IS NULL THEN n.display_name ELSE o.first END
                FROM above o
                CROSS JOIN LATERAL (SELECT i.group_id FROM @.member i WHERE i.tenant_id = u.tenant_id AND i.member_id = o.id OFFSET 0) AS m
                CROSS JOIN LATERAL (
                    SELECT i.id, i.display_name FROM @.resource i
                    WHERE i.tenant_id = u.tenant_id AND i.id = m.group_id AND i.resource_type = 'Group' AND i.deleted_at IS NULL OFFSET 0) AS n)
            SELECT a.id, a.name, array_agg(a.first ORDER BY a.first) FILTER (WHERE a.first_id <> a.id) AS through
            FROM above a WHERE a.id <> u.id GROUP BY a.id, a.name) AS e
        LEFT JOIN LATERAL (
            SELECT i.created FROM @.member i WHERE i.tenant_id = u.tenant_id AND i.group_id = e.id AND i.member_id = u.id OFFSET 0) AS d ON true
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL;
    COMMENT ON VIEW @.effective_group IS 'Which groups each person is in, directly or by groups that these are in; ask for a person, by id or user_name.';
    COMMENT ON COLUMN @.effective_group.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.effective_group.id IS 'The id of the person who is in a group.';
    COMMENT ON COLUMN @.effective_group.user_name IS 'The attribute userName of this person.';
    COMMENT ON COLUMN @.effective_group.display_name IS 'The attribute displayName of this person; null where there is none.';
    COMMENT ON COLUMN @.effective_group.status IS 'Where the person is in life: PENDING, ACTIVE, SUSPENDED or OFFBOARDING.';
    COMMENT ON COLUMN @.effective_group.has_access IS 'Whether the person may log in, as scim.record_login would say, so that the membership gives something: being ACTIVE or PENDING, or OFFBOARDING without having been deactivated.';
    COMMENT ON COLUMN @.effective_group.group_id IS 'The id of what the person belongs to.';
    COMMENT ON COLUMN @.effective_group.group_name IS 'The attribute displayName of that group.';
    COMMENT ON COLUMN @.effective_group.direct IS 'Whether that group itself names the person; false: only groups within it do.';
    COMMENT ON COLUMN @.effective_group.since IS 'When the direct membership began; null where there is none.';
    COMMENT ON COLUMN @.effective_group.through IS 'The names of the groups within that group that name the person, so that the person is in it by them, too; null: by none.';

    CREATE OR REPLACE VIEW @.membership_change WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.resource_id AS group_id, coalesce(g.display_name, (
                SELECT d.before ->> 'displayName' FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.resource_id AND d.before ? 'displayName' ORDER BY d.at DESC LIMIT 1)) AS group_name,
            a.operation, a.member_id, coalesce(m.user_name, m.display_name, CASE WHEN m.id IS NULL THEN (SELECT coalesce(d.before ->> 'userName', d.before ->> 'displayName') FROM @.audit d
                WHERE d.tenant_id = a.tenant_id AND d.resource_id = a.member_id AND d.member_id IS NULL AND d.before IS NOT NULL ORDER BY d.at DESC, d.id DESC LIMIT 1) END) AS member_name,
            a.actor, a.token_id, a.subject, a.db_user, a.request_id, a.change
        FROM @.audit a
        LEFT JOIN @.resource g ON g.tenant_id = a.tenant_id AND g.id = a.resource_id AND g.resource_type = 'Group'
        LEFT JOIN @.resource m ON m.tenant_id = a.tenant_id AND m.id = a.member_id
        WHERE a.member_id IS NOT NULL;
    COMMENT ON VIEW @.membership_change IS 'Who came to a group or left it, when, and by whose hand; ask for a time, a group or a member.';
    COMMENT ON COLUMN @.membership_change.tenant_id IS 'The tenant to whom the group belongs.';
    COMMENT ON COLUMN @.membership_change.at IS 'When it was done, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.membership_change.group_id IS 'The id of the group that somebody came to or left.';
    COMMENT ON COLUMN @.membership_change.group_name IS 'What the group is called today, or was before it went.';
    COMMENT ON COLUMN @.membership_change.operation IS 'What was done, in the words of the audit: add member or remove member.';
    COMMENT ON COLUMN @.membership_change.member_id IS 'The id of who came or went.';
    COMMENT ON COLUMN @.membership_change.member_name IS 'What that member is called today, by userName or displayName, or was before it went; null once it is erased.';
    COMMENT ON COLUMN @.membership_change.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.membership_change.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.membership_change.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.membership_change.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.membership_change.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.membership_change.change IS 'What all that one transaction did has in common.';

    CREATE OR REPLACE VIEW @.configuration_change WITH (security_invoker = true) AS
        SELECT a.tenant_id, a.at, a.object, a.key, a.operation, a.before, a.detail -> 'after' AS after, a.detail -> 'secrets' AS secrets,
            a.actor, a.token_id, a.subject, a.db_user, a.role, a.request_id, a.change
        FROM @.audit a
        WHERE a.object IS NOT NULL AND a.object <> 'load';
    COMMENT ON VIEW @.configuration_change IS 'Who changed policies, settings, tokens, schemas and whatever else a store is configured to be; ask for an object, or a time.';
    COMMENT ON COLUMN @.configuration_change.tenant_id IS 'The tenant whose configuration it is; 0: it is the same for all of them.';
    COMMENT ON COLUMN @.configuration_change.at IS 'When it was changed, by the clock; a condition on it reads these months only.';
    COMMENT ON COLUMN @.configuration_change.object IS 'The table that was changed, such as policy or token.';
    COMMENT ON COLUMN @.configuration_change.key IS 'Which row of that table, by its primary key without the tenant.';
    COMMENT ON COLUMN @.configuration_change.operation IS 'What was done: create, update or delete and the name of the table; drop audit; erase.';
    COMMENT ON COLUMN @.configuration_change.before IS 'The row as it was, without its secrets; null where it is new.';
    COMMENT ON COLUMN @.configuration_change.after IS 'The row as it has become, without its secrets; null where it is gone.';
    COMMENT ON COLUMN @.configuration_change.secrets IS 'The names of columns with secrets that have changed, as for a token that was rotated.';
    COMMENT ON COLUMN @.configuration_change.actor IS 'Who acted, as the audit says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.configuration_change.token_id IS 'The id of the token or client by whose secret it was done; null where there was none.';
    COMMENT ON COLUMN @.configuration_change.subject IS 'The subject of the JSON web token by which it was done; null where there was none.';
    COMMENT ON COLUMN @.configuration_change.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.configuration_change.role IS 'The database role as which the statement was executed.';
    COMMENT ON COLUMN @.configuration_change.request_id IS 'Which request did it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.configuration_change.change IS 'What all that one transaction did has in common.';

    CREATE OR REPLACE VIEW @.token_use WITH (security_invoker = true) AS
        SELECT c.tenant_id, c.kind, c.id, c.name, c.scopes, c.created, c.last_used_at, c.expires_at, c.revoked_at, c.former_until,
            CASE WHEN c.revoked_at IS NOT NULL THEN 'revoked' WHEN c.expires_at <= now() THEN 'expired' ELSE 'valid' END AS state,
            CASE WHEN isfinite(coalesce(c.last_used_at, c.created)) THEN extract(day FROM now() - coalesce(c.last_used_at, c.created))::int END AS days_unused,
            CASE WHEN isfinite(c.expires_at) THEN extract(day FROM c.expires_at - now())::int END AS days_left,
            c.former_used_at
        FROM (
            SELECT t.tenant_id, 'token' AS kind, t.id, t.description AS name, t.scopes, t.created, t.last_used_at, t.expires_at, t.revoked_at, t.former_until, t.former_used_at
            FROM @.token t
            WHERE t.client_id IS NULL
            UNION ALL
            SELECT l.tenant_id, 'client', l.id, l.name, l.scopes, l.created, l.last_used_at, l.expires_at, l.revoked_at, l.former_until, l.former_used_at
            FROM @.client l) AS c;
    COMMENT ON VIEW @.token_use IS 'Tokens and clients with their last use and their end, and nothing of their secrets. Access tokens are those of their client, and not shown.';
    COMMENT ON COLUMN @.token_use.tenant_id IS 'The tenant for whom its bearer acts.';
    COMMENT ON COLUMN @.token_use.kind IS 'Which table it is a row of: token or client.';
    COMMENT ON COLUMN @.token_use.id IS 'The id of the row, as token_id of the audit has it.';
    COMMENT ON COLUMN @.token_use.name IS 'Whom a token was made for, by its description; what a client is called.';
    COMMENT ON COLUMN @.token_use.scopes IS 'What it is good for (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.token_use.created IS 'When it was made; scim.rotate_token leaves that as it is.';
    COMMENT ON COLUMN @.token_use.last_used_at IS 'When a request with it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.token_use.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';
    COMMENT ON COLUMN @.token_use.revoked_at IS 'When somebody revoked it; null where nobody did.';
    COMMENT ON COLUMN @.token_use.former_until IS 'Until when its secret before the last rotation is good, too; null where it was never rotated.';
    COMMENT ON COLUMN @.token_use.state IS 'Whether it is valid today, or else expired or revoked.';
    COMMENT ON COLUMN @.token_use.days_unused IS 'How many whole days ago it was last used, or made where it never was.';
    COMMENT ON COLUMN @.token_use.days_left IS 'In how many whole days it expires, negative once it has; null: never.';
    COMMENT ON COLUMN @.token_use.former_used_at IS 'When its secret before the last rotation was last used, or up to an hour before that; null where it was not since. Where it is the same as last_used_at, nobody has come with the new one since.';

    CREATE OR REPLACE VIEW @.dormant_token WITH (security_invoker = true) AS
        SELECT t.tenant_id, t.kind, t.id, t.name, t.scopes, t.created, t.last_used_at, t.expires_at, t.days_unused, d.days AS dormant_after
        FROM @.token_use t
        CROSS JOIN LATERAL (SELECT coalesce({dormant_after of t.tenant_id}, '90')::int) AS d (days)
        WHERE t.state = 'valid' AND t.days_unused >= d.days;
    COMMENT ON VIEW @.dormant_token IS 'Tokens and clients that are good and that nobody has used for as many days as the setting "dormant_after" says, 90 unless it says otherwise.';
    COMMENT ON COLUMN @.dormant_token.tenant_id IS 'The tenant for whom its bearer acts.';
    COMMENT ON COLUMN @.dormant_token.kind IS 'Which table it is a row of: token or client.';
    COMMENT ON COLUMN @.dormant_token.id IS 'The id of the row, for scim.revoke_token or scim.revoke_client.';
    COMMENT ON COLUMN @.dormant_token.name IS 'Whom a token was made for, by its description; what a client is called.';
    COMMENT ON COLUMN @.dormant_token.scopes IS 'What it is good for (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.dormant_token.created IS 'When it was made; scim.rotate_token leaves that as it is.';
    COMMENT ON COLUMN @.dormant_token.last_used_at IS 'When a request with it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.dormant_token.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';
    COMMENT ON COLUMN @.dormant_token.days_unused IS 'How many whole days ago it was last used, or made where it never was.';
    COMMENT ON COLUMN @.dormant_token.dormant_after IS 'After how many days it is shown here, by the setting of that name.';

    -- The last creation is joined: looked up for each person, it would be in each month.
    CREATE OR REPLACE VIEW @.account_origin WITH (security_invoker = true) AS
        SELECT u.tenant_id, u.id, u.user_name, u.display_name, u.status, u.external_id, u.created,
            a.token_id IS NULL AND a.subject IS NULL AND a.at IS NOT NULL AS by_hand,
            a.at, a.actor, a.token_id, a.subject, a.db_user, a.request_id, a.change
        FROM @.resource u
        LEFT JOIN @.audit l ON l.tenant_id = u.tenant_id AND l.object = 'load' AND l.key = u.resource_type AND l.at = u.created
            AND (l.detail ->> 'first')::uuid <= u.id AND (l.detail ->> 'last')::uuid >= u.id
        LEFT JOIN @.audit c ON c.tenant_id = u.tenant_id AND c.resource_id = u.id AND c.operation = 'create'
            AND NOT EXISTS (SELECT FROM @.audit d WHERE d.tenant_id = c.tenant_id AND d.resource_id = c.resource_id AND d.operation = 'create' AND (d.at, d.id) > (c.at, c.id))
        CROSS JOIN LATERAL (SELECT greatest(l.at, c.at) AS at,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.actor ELSE l.actor END AS actor,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.token_id ELSE l.token_id END AS token_id,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.subject ELSE l.subject END AS subject,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.db_user ELSE l.db_user END AS db_user,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.request_id ELSE l.request_id END AS request_id,
            CASE WHEN l.at IS NULL OR c.at > l.at THEN c.change ELSE l.change END AS change) AS a
        WHERE u.resource_type = 'User' AND u.deleted_at IS NULL;
    COMMENT ON VIEW @.account_origin IS 'Who made the account of each person who is there: an identity provider with its token, or somebody by hand.';
    COMMENT ON COLUMN @.account_origin.tenant_id IS 'The tenant to whom the person belongs.';
    COMMENT ON COLUMN @.account_origin.id IS 'The id of the person whose account it is.';
    COMMENT ON COLUMN @.account_origin.user_name IS 'The attribute userName of the account.';
    COMMENT ON COLUMN @.account_origin.display_name IS 'The attribute displayName of the account; null where there is none.';
    COMMENT ON COLUMN @.account_origin.status IS 'Where the account is in its life: PENDING, ACTIVE, SUSPENDED or OFFBOARDING.';
    COMMENT ON COLUMN @.account_origin.external_id IS 'The attribute externalId, by which an identity provider knows the account; null: none does.';
    COMMENT ON COLUMN @.account_origin.created IS 'When the account was created, as in meta.created.';
    COMMENT ON COLUMN @.account_origin.by_hand IS 'Whether it was made without a token or client and without a subject: in SQL; false where the audit does not say.';
    COMMENT ON COLUMN @.account_origin.at IS 'When it was made, by the audit; null where that does not say.';
    COMMENT ON COLUMN @.account_origin.actor IS 'Who made it: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.account_origin.token_id IS 'The id of the token or client by whose secret it was made; null where there was none.';
    COMMENT ON COLUMN @.account_origin.subject IS 'The subject of the JSON web token by which it was made; null where there was none.';
    COMMENT ON COLUMN @.account_origin.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.account_origin.request_id IS 'Which request made it, as in the log of the gateway; null outside of one.';
    COMMENT ON COLUMN @.account_origin.change IS 'What all that one transaction did has in common.';

    CREATE OR REPLACE VIEW @.orphan_account WITH (security_invoker = true) AS
        SELECT o.tenant_id, o.id, o.user_name, o.display_name, o.status, o.created, o.by_hand, o.actor
        FROM @.account_origin o
        WHERE o.external_id IS NULL AND o.status IN ('ACTIVE', 'PENDING');
    COMMENT ON VIEW @.orphan_account IS 'Active accounts without an externalId, so that no identity provider answers for them.';
    COMMENT ON COLUMN @.orphan_account.tenant_id IS 'The tenant to whom the account belongs.';
    COMMENT ON COLUMN @.orphan_account.id IS 'The id of the person, or whatever it is, whose account it is.';
    COMMENT ON COLUMN @.orphan_account.user_name IS 'The attribute userName of the account.';
    COMMENT ON COLUMN @.orphan_account.display_name IS 'The attribute displayName of the account; null where there is none.';
    COMMENT ON COLUMN @.orphan_account.status IS 'Where the account is in its life: PENDING or ACTIVE.';
    COMMENT ON COLUMN @.orphan_account.created IS 'When the account was created, as in meta.created.';
    COMMENT ON COLUMN @.orphan_account.by_hand IS 'Whether it was made in SQL; false: by a request, or the audit does not say.';
    COMMENT ON COLUMN @.orphan_account.actor IS 'Who made it: the bearer of a token, a subject, a database user; null where the audit does not say.';

    CREATE OR REPLACE VIEW @.last_seal WITH (security_invoker = true) AS
        SELECT DISTINCT ON (s.tenant_id) s.tenant_id, s.position, s.sealed_at, s.horizon, s.total, (
            SELECT count(*) FROM @.audit a WHERE a.tenant_id = s.tenant_id AND a.at > s.horizon) AS unsealed
        FROM @.audit_seal s
        ORDER BY s.tenant_id, s.position DESC;
    COMMENT ON VIEW @.last_seal IS 'How far the audit of each tenant is sealed; an old one means that nobody calls scim.seal_audit.';
    COMMENT ON COLUMN @.last_seal.tenant_id IS 'Whose audit it is; 0: that of the configuration for all tenants.';
    COMMENT ON COLUMN @.last_seal.position IS 'The number of the last seal of the tenant, counted from 1: as many the chain of seals has.';
    COMMENT ON COLUMN @.last_seal.sealed_at IS 'When scim.seal_audit made the last one.';
    COMMENT ON COLUMN @.last_seal.horizon IS 'Until when everything is sealed.';
    COMMENT ON COLUMN @.last_seal.total IS 'How many rows of the audit are sealed, those of dropped months included.';
    COMMENT ON COLUMN @.last_seal.unsealed IS 'How many rows have been written since, and are to be sealed.';

    $ddl$) AS statement;
END
$function$;
COMMENT ON FUNCTION scim_internal.view_statements(name) IS
'The statements that make the views of a store: whom an auditor asks about every week.';
