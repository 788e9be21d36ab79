-- Audit: sealed, verified, kept as long as it has to be.

CREATE FUNCTION scim.seal_audit() RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_seal_audit'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.seal_audit() IS
'Chains what is committed and not sealed yet of the audit of the current store into its table "audit_seal", for each tenant, and returns how many rows that were. Writers never wait for it; it waits up to a second for those who are at it. To be called every minute or hour, by the owner of the store. Errors: 42501 for anybody else, 25001 in a transaction that is not READ COMMITTED.';

CREATE FUNCTION scim_internal.audit_seal_rows(rows bytea, OUT at timestamptz, OUT id uuid, OUT digest bytea)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_audit_seal_rows'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION scim_internal.audit_seal_rows(bytea) IS
'The rows that a link of the table "audit_seal" seals, by its column "rows".';

CREATE FUNCTION scim_internal.audit_seal_digest(tenant_id int, "position" bigint, sealed_at timestamptz, horizon timestamptz,
    first_at timestamptz, last_at timestamptz, row_count int, total bigint, rows bytea, previous bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'scim_audit_seal_digest'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.audit_seal_digest(int, bigint, timestamptz, timestamptz, timestamptz, timestamptz, int, bigint, bytea, bytea) IS
'The digest that a link of the table "audit_seal" has to have, by its other columns.';

CREATE FUNCTION scim_internal.audit_prints(locator bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'scim_audit_prints'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.audit_prints(bytea) IS
'What scim.audit_head tells of the column "locator" of a seal: 16 bytes for the rows in which a bit of the id is 0, and for those in which it is 1, of 60 bits.';

CREATE FUNCTION scim_internal.audit_sums(store name, tenant_id int, horizon timestamptz, begins timestamptz, OUT locator bytea, OUT row_count bigint)
    AS 'MODULE_PATHNAME', 'scim_audit_sums'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.audit_sums(name, int, timestamptz, timestamptz) IS
'The column "locator" of a seal as the rows of the audit have it now: of those until the horizon, and of what was sealed from before the audit begins.';

CREATE FUNCTION scim_internal.audit_months(store name, OUT table_name name, OUT begins timestamptz, OUT ends timestamptz)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET "DateStyle" = 'ISO'
BEGIN ATOMIC
    SELECT b.relname, b.bounds[1]::timestamptz, b.bounds[2]::timestamptz
    FROM (SELECT c.relname, regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') AS bounds
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = to_regclass(format('%I.audit', store))) AS b
    WHERE b.bounds IS NOT NULL;
END;
COMMENT ON FUNCTION scim_internal.audit_months(name) IS
'The partitions of a store''s table "audit" that are of a time, and of which.';

CREATE FUNCTION scim_internal.audit_begins(store name) RETURNS timestamptz
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT coalesce(min(m.begins), '-infinity') FROM scim_internal.audit_months(store) m;
END;
COMMENT ON FUNCTION scim_internal.audit_begins(name) IS
'The beginning of the first month for which a store''s table "audit" has a partition.';

CREATE FUNCTION scim_internal.require_select(store name, VARIADIC tables name[]) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY tables LOOP
        IF NOT has_any_column_privilege(format('%I.%I', store, relation), 'SELECT') THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %I', relation);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.require_select(name, name[]) IS
'An error where the current user may read nothing of a table of a store, without the statement that would find that out.';

CREATE FUNCTION scim.audit_head() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    head jsonb;
BEGIN
    PERFORM scim_internal.require_select(scim.store(), 'audit_seal');
    PERFORM scim_internal.refuse_spread(scim.store()::name);
    EXECUTE scim_internal.of_shards(format($query$
        SELECT jsonb_agg(jsonb_build_object('store', %1$L, 'tenant', s.tenant_id, 'position', s.position, 'sealed_at', s.sealed_at, 'horizon', s.horizon,
            'rows', (SELECT count(*) FROM %2$I.audit_seal o, scim_internal.audit_seal_rows(o.rows) e
                     WHERE o.tenant_id = s.tenant_id AND o.last_at > s.horizon AND e.at > s.horizon) * -1 + s.total,
            'digest', encode(s.digest, 'hex'), 'locator', translate(encode(scim_internal.audit_prints(s.locator), 'base64'), E'\n', ''))
            ORDER BY s.tenant_id)
        FROM (SELECT DISTINCT ON (tenant_id) * FROM %2$I.audit_seal ORDER BY tenant_id, position DESC) AS s
        $query$, scim.store(), scim.store())) INTO head;
    RETURN coalesce(head, '[]');
END
$function$;
COMMENT ON FUNCTION scim.audit_head() IS
'What to keep outside of the database, so that scim.verify_audit sees what was altered even where somebody has made the whole chain of seals anew: an array with the last seal of each tenant that the caller sees, about 3 kB each.';

CREATE FUNCTION scim_internal.store_triggers(store name, OUT relation regclass, OUT name name, OUT definition text, OUT always boolean)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH part (of, relation, name) AS (
        SELECT p.name, c.oid, c.relname FROM unnest('{audit,resource}'::text[]) AS p (name)
        JOIN pg_inherits i ON i.inhparent = to_regclass(format('%I.%I', store, p.name)) JOIN pg_class c ON c.oid = i.inhrelid
    ), statement (statement) AS MATERIALIZED (
        SELECT s FROM scim_internal.store_statements(store) AS s
        UNION ALL SELECT s FROM part p, scim_internal.audit_table_statements(store, p.name, '') AS s WHERE p.of = 'audit'
        UNION ALL SELECT s FROM part p, scim_internal.resource_table_statements(store, p.name, '') AS s WHERE p.of = 'resource'
    ), spelled (definition) AS (
        -- as pg_get_triggerdef does
        SELECT regexp_replace(regexp_replace(replace(regexp_replace(s.statement, '\n\s*', ' ', 'g'), ' UPDATE OR DELETE ON ', ' DELETE OR UPDATE ON '),
            '(NEW TABLE AS \w+) (OLD TABLE AS \w+)', '\2 \1'), '^((?!.* FOR EACH ).*) EXECUTE FUNCTION ', '\1 FOR EACH STATEMENT EXECUTE FUNCTION ')
        FROM statement s WHERE s.statement ~ '^CREATE (CONSTRAINT )?TRIGGER '
    ), made (name, relation, definition) AS MATERIALIZED (
        SELECT m[1], m[2], s.definition
        FROM spelled s, regexp_match(s.definition, '^CREATE (?:CONSTRAINT )?TRIGGER ("(?:[^"]|"")+"|\S+) (?:BEFORE|AFTER) [\w ,]+ ON ((?:"(?:[^"]|"")+"|\w+)\.(?:"(?:[^"]|"")+"|\w+)) ') AS m
    )
    SELECT t.relation, (parse_ident(t.name))[1]::name, t.definition,
        EXISTS (SELECT FROM statement s WHERE s.statement = format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %s', t.relation_name, t.name))
    FROM (SELECT m.name, m.relation AS relation_name, to_regclass(m.relation) AS relation, m.definition FROM made m
          UNION ALL
          -- of rows each partition has them
          SELECT m.name, m.relation, p.relation, replace(m.definition, format(' ON %I.%I ', store, p.of), format(' ON %I.%I ', store, p.name))
          FROM made m JOIN part p ON m.relation = format('%I.%I', store, p.of) WHERE m.definition ~ ' FOR EACH ROW ') AS t
    WHERE t.relation IS NOT NULL;
END;
COMMENT ON FUNCTION scim_internal.store_triggers(name) IS
'The triggers that a store has to have, as pg_get_triggerdef tells of each, and whether it has to fire for what replication applies, too.';

CREATE FUNCTION scim_internal.audit_triggers(store name, OUT relation text, OUT detail text)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    WITH wanted AS MATERIALIZED (
        SELECT * FROM scim_internal.store_triggers(store)
    ), audit (relation) AS (
        SELECT r FROM unnest(ARRAY[to_regclass(format('%I.audit', store)), to_regclass(format('%I.audit_seal', store))]) AS r
        UNION ALL SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = to_regclass(format('%I.audit', store))
    )
    SELECT w.relation::text,
        CASE WHEN t.oid IS NULL THEN format('trigger %I is missing', w.name)
            WHEN t.tgparentid = 0 AND pg_get_triggerdef(t.oid) <> w.definition THEN format('trigger %I is another: %s', w.name, pg_get_triggerdef(t.oid))
            ELSE format('trigger %I is not enabled', w.name) END
    FROM wanted w
    LEFT JOIN pg_trigger t ON t.tgrelid = w.relation AND t.tgname = w.name
    -- those of a partition are as the table's
    WHERE t.oid IS NULL OR t.tgparentid = 0 AND pg_get_triggerdef(t.oid) <> w.definition OR NOT (t.tgenabled = 'A' OR t.tgenabled = 'O' AND NOT w.always)
    UNION ALL
    SELECT t.tgrelid::regclass::text, format('trigger %I acts before rows are written', t.tgname)
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid IN (SELECT a.relation FROM audit a)
      AND (t.tgtype & 3) = 3 AND t.tgparentid = 0 AND t.tgenabled <> 'D' AND p.pronamespace <> 'scim_internal'::regnamespace
    UNION ALL
    SELECT r.ev_class::regclass::text, format('rule %I acts in place of what is written', r.rulename)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relkind IN ('r', 'p') AND c.oid IN (SELECT w.relation FROM wanted w);
END;
COMMENT ON FUNCTION scim_internal.audit_triggers(name) IS
'What is wrong with the triggers of a store, by which its audit is written and kept: which are missing, not enabled, or not what the store has made.';

CREATE FUNCTION scim_internal.unaudited(store name, OUT tenant_id int, OUT at timestamptz, OUT id uuid, OUT detail text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        WITH policy AS MATERIALIZED (
            SELECT p.tenant_id, p.at, p.before ->> 'resource_type' AS was_for, p.detail -> 'after' ->> 'resource_type' AS is_for FROM %1$I.audit p
            WHERE p.object = 'policy' AND 'audit' IN (p.before ->> 'kind', p.detail -> 'after' ->> 'kind')
        ), step AS (
            SELECT a.tenant_id, a.resource_type, a.resource_id, a.at, a.id, a.operation, a.version,
                a.operation = 'purge' OR a.operation = 'delete' AND coalesce(a.detail -> 'was' ? 'last_modified', false) AS removes,
                lead(a.operation) OVER w AS next_operation, lead(a.version) OVER w AS next_version, lead(a.at) OVER w AS next_at
            FROM %1$I.audit a
            WHERE a.resource_id IS NOT NULL AND a.member_id IS NULL
              AND a.operation IN ('create', 'update', 'activate', 'suspend', 'reactivate', 'offboard', 'complete', 'restore', 'delete', 'purge')
            WINDOW w AS (PARTITION BY a.tenant_id, a.resource_id ORDER BY a.at, a.id)
        ), found AS (
            SELECT s.*, s.next_version AS version_now FROM step s
            WHERE s.next_operation IS NOT NULL AND NOT CASE
                WHEN s.next_operation = 'create' THEN s.operation IN ('delete', 'purge')
                WHEN s.removes THEN false
                WHEN s.next_operation IN ('delete', 'purge') THEN s.next_version IN (s.version, s.version + 1)
                ELSE s.next_version = s.version + 1 END
            %2$s
        )
        SELECT f.tenant_id, f.at, f.id, format('after this row there are changes of %%s %%s that the audit does not tell of: version %%s was followed by %%s',
            f.resource_type, f.resource_id, f.version, coalesce(f.version_now::text, 'none'))
        FROM found f
        WHERE NOT EXISTS (SELECT FROM policy p WHERE p.tenant_id IN (0, f.tenant_id) AND f.resource_type IN (p.was_for, p.is_for)
                          AND p.at >= f.at AND (f.next_at IS NULL OR p.at <= f.next_at)) $query$, store,
        CASE WHEN has_table_privilege(format('%I.resource', store), 'SELECT') THEN format($query$
            UNION ALL
            SELECT s.*, r.version FROM step s LEFT JOIN %I.resource r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id
            WHERE s.next_operation IS NULL
              AND CASE WHEN r.id IS NULL THEN s.operation NOT IN ('delete', 'purge') ELSE s.removes OR r.version <> s.version END $query$, store) END));
END
$function$;
COMMENT ON FUNCTION scim_internal.unaudited(name) IS
'Rows of the audit of a store after which a version of the resource is not there, or the resource itself, though the policy "audit" was not changed until the next: what was done meanwhile was not audited.';

CREATE FUNCTION scim_internal.sees_audit_of(store name, tenant_id int) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT coalesce(bool_and(NOT row_security_active(t.relation)
            OR sees_audit_of.tenant_id = 0 OR sees_audit_of.tenant_id IS NOT DISTINCT FROM scim.tenant(quote_ident(sees_audit_of.store)::regnamespace)
            -- whom somebody lets see more by a policy of his own
            OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.relation AND p.polpermissive AND p.polcmd IN ('r', '*') AND p.polname <> 'tenant'
                       AND EXISTS (SELECT FROM unnest(p.polroles) AS r (role) WHERE r.role = 0 OR pg_has_role(r.role, 'USAGE')))), true)
    FROM (SELECT to_regclass(format('%I.%I', sees_audit_of.store, n.name)) AS relation FROM unnest('{audit,audit_seal}'::text[]) AS n (name)) AS t;
END;
COMMENT ON FUNCTION scim_internal.sees_audit_of(name, int) IS
'Whether row-level security lets the caller see the audit of a tenant and its seals, so that he can tell whether something is missing.';

CREATE FUNCTION scim.verify_audit(head jsonb DEFAULT NULL)
    RETURNS TABLE (problem text, tenant_id int, seal bigint, at timestamptz, id uuid, detail text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := scim.store();
    begins CONSTANT timestamptz := scim_internal.audit_begins(store);
    one jsonb;
    passed_over boolean;
BEGIN
    PERFORM scim_internal.require_select(store, 'audit', 'audit_seal');
    PERFORM scim_internal.refuse_spread(store);
    IF head = '[]' THEN
        RAISE EXCEPTION 'the head is empty: it knows of no row' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'scim.audit_head() makes one once scim.seal_audit() was called.';
    END IF;
    RETURN QUERY SELECT 'trigger', NULL::int, NULL::bigint, NULL::timestamptz, NULL::uuid, format('%s: %s', t.relation, t.detail)
        FROM scim_internal.audit_triggers(store) AS t ORDER BY 6;
    -- each link, and that it follows the one before
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'chain', s.tenant_id, s.position, s.sealed_at, NULL::uuid, CASE
            WHEN s.position <> s.number THEN format('seal %%s is missing', s.number)
            WHEN s.previous <> s.digest_before THEN 'the seal does not follow the one before it'
            WHEN s.total <> s.sum THEN 'the seal counts other rows than there are'
            ELSE 'the seal is not what its digest says' END
        FROM (SELECT *, row_number() OVER w AS number, sum(l.row_count) OVER w AS sum, lag(l.digest, 1, decode(repeat('00', 32), 'hex')) OVER w AS digest_before
              FROM %1$I.audit_seal l WINDOW w AS (PARTITION BY l.tenant_id ORDER BY l.position)) AS s
        WHERE s.position <> s.number OR s.previous <> s.digest_before OR s.total <> s.sum OR s.row_count * 56 <> octet_length(s.rows)
           OR s.digest IS DISTINCT FROM scim_internal.audit_seal_digest(s.tenant_id, s.position, s.sealed_at, s.horizon, s.first_at, s.last_at, s.row_count, s.total, s.rows, s.previous)
        ORDER BY 2, 3 $query$, store));
    -- each row by itself
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'altered', a.tenant_id, NULL::bigint, a.at, a.id, CASE
            WHEN a.digest IS NULL THEN 'the row has no digest: the store has not written it'
            WHEN a.digest IS DISTINCT FROM d.digest THEN 'the row is not what its digest says'
            WHEN a.content_digest IS DISTINCT FROM d.content_digest THEN 'the content of the row is not what its digest says'
            WHEN a.salt IS NULL AND num_nonnulls(a.before, a.detail) > 0 THEN 'the row has content that its digest does not know of'
            ELSE 'the content of the row is gone, and scim.erase has not taken it' END
        FROM %1$I.audit a, scim_internal.audit_digest(a) d
        WHERE a.digest IS DISTINCT FROM d.digest OR a.content_digest IS DISTINCT FROM d.content_digest
           OR (a.salt IS NULL AND num_nonnulls(a.before, a.detail) > 0)
           OR (a.salt IS NULL AND a.content_digest IS NOT NULL AND NOT EXISTS (
               SELECT FROM %1$I.audit e WHERE e.tenant_id = a.tenant_id AND e.operation = 'erase'
               AND (e.resource_id = a.resource_id AND e.at >= a.at OR e.detail -> 'rows' ? a.id::text)))
        ORDER BY 2, 4, 5 $query$, store));
    -- each row as it was sealed
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT CASE WHEN a.id IS NULL THEN 'missing' ELSE 'altered' END, s.tenant_id, s.position, e.at, e.id,
            CASE WHEN a.id IS NULL THEN 'the row was sealed, and is not there' ELSE 'the row is not the one that was sealed' END
        FROM %1$I.audit_seal s CROSS JOIN LATERAL scim_internal.audit_seal_rows(s.rows) e
        LEFT JOIN %1$I.audit a ON a.tenant_id = s.tenant_id AND a.at = e.at AND a.id = e.id
        WHERE (a.id IS NULL AND e.at >= $1) OR a.digest <> e.digest
        ORDER BY 2, 4, 5 $query$, store)) USING begins;
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT CASE WHEN d.at IS NULL THEN 'missing' ELSE 'gone' END, g.tenant_id, g.seal, g.month, NULL::uuid,
            format('%%s rows of %%s are not there any more%%s', g.count, to_char(g.month AT TIME ZONE 'UTC', 'YYYY-MM'),
                CASE WHEN d.at IS NULL THEN ', and scim.apply_retention has not dropped them' ELSE ' since ' || to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END)
        FROM (SELECT s.tenant_id, max(s.position) AS seal, date_trunc('month', e.at, 'UTC') AS month, count(*) AS count
              FROM %1$I.audit_seal s, scim_internal.audit_seal_rows(s.rows) e
              WHERE s.first_at < $1 AND e.at < $1 AND NOT EXISTS (SELECT FROM %1$I.audit a WHERE a.tenant_id = s.tenant_id AND a.at = e.at AND a.id = e.id)
              GROUP BY 1, 3) AS g
        -- of a store that is distributed it says so where the tenant is
        LEFT JOIN LATERAL (SELECT min(a.at) AS at FROM %1$I.audit a WHERE a.tenant_id IN (0, g.tenant_id) AND a.object = 'audit'
            AND a.key = to_char(g.month AT TIME ZONE 'UTC', '"audit_"YYYY_MM') AND a.operation = 'drop audit') AS d ON true
        ORDER BY 2, 4 $query$, store)) USING begins;
    -- rows that no seal knows of, though everything was sealed until then
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'added', a.tenant_id, NULL::bigint, a.at, a.id, format('the row is in no seal, and everything until %%s was sealed', to_char(h.horizon AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        FROM (SELECT l.tenant_id, max(l.horizon) AS horizon FROM %1$I.audit_seal l GROUP BY 1) AS h
        JOIN %1$I.audit a ON a.tenant_id = h.tenant_id AND a.at <= h.horizon
        LEFT JOIN (SELECT s.tenant_id, e.at, e.id FROM %1$I.audit_seal s, scim_internal.audit_seal_rows(s.rows) e) AS sealed
            ON sealed.tenant_id = a.tenant_id AND sealed.at = a.at AND sealed.id = a.id
        WHERE sealed.id IS NULL
        ORDER BY 2, 4, 5 $query$, store));
    -- versions that no row tells of, though the policy was not switched off meanwhile
    -- (of one that is distributed, what was changed for all tenants is not known here)
    RETURN QUERY SELECT 'unaudited', u.tenant_id, NULL::bigint, u.at, u.id, u.detail FROM scim_internal.unaudited(store) AS u
        WHERE NOT scim_internal.is_distributed(to_regclass(format('%I.audit', store))) ORDER BY 2, 4, 5;
    FOR one IN SELECT jsonb_array_elements(CASE WHEN head IS NULL THEN '[]' WHEN jsonb_typeof(head) = 'array' THEN head ELSE jsonb_build_array(head) END) LOOP
        RETURN QUERY SELECT * FROM scim_internal.verify_audit_head(store, begins, one);
        passed_over := coalesce(passed_over, true) AND NOT scim_internal.sees_audit_of(store, (one ->> 'tenant')::int);
    END LOOP;
    IF passed_over THEN
        RAISE EXCEPTION 'the head knows of no tenant whose audit you see' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'What scim.audit_head() says to the owner of the store has an entry for each tenant.';
    END IF;
END
$function$;
COMMENT ON FUNCTION scim.verify_audit(jsonb) IS
'What is wrong with the audit of the current store, as far as the caller sees it, a row for each: nothing where it is as it was written and sealed. problem: altered, missing, added (a row), chain (a seal), head (what scim.audit_head said once, given as the argument), trigger (by which it is written and kept), unaudited (a row after which a resource was changed and nothing tells of it); and gone, which is no fault: a month that scim.apply_retention has dropped. Of a head what is of tenants whose audit the caller does not see is passed over; error 22023 where that is all of it. Whoever may SELECT from "audit" and "audit_seal" can call it.';

CREATE FUNCTION scim_internal.verify_audit_head(store name, begins timestamptz, head jsonb)
    RETURNS TABLE (problem text, tenant_id int, seal bigint, at timestamptz, id uuid, detail text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    tenant CONSTANT int := head ->> 'tenant';
    horizon CONSTANT timestamptz := head ->> 'horizon';
    were CONSTANT bytea := decode(head ->> 'locator', 'base64');
    sums record;
    prints bytea;
    digest bytea;
    bits bit(60) := repeat('0', 60)::bit(60);
    known bit(60) := repeat('0', 60)::bit(60);
    zero boolean;
    one boolean;
    found_rows bigint;
    clue text;
BEGIN
    IF tenant IS NULL OR horizon IS NULL OR octet_length(were) IS DISTINCT FROM 1920 OR head ->> 'store' IS NULL THEN
        RAISE EXCEPTION 'this is not a head of an audit' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'scim.audit_head() makes one.';
    END IF;
    -- of a tenant of others everything seems to be missing
    IF NOT scim_internal.sees_audit_of(store, tenant) THEN
        RETURN;
    END IF;
    EXECUTE scim_internal.of_shards(format('SELECT s.digest FROM %I.audit_seal s WHERE s.tenant_id = $1 AND s.position = $2', store))
        INTO digest USING tenant, (head ->> 'position')::bigint;
    -- a store may have been renamed since: the seal says whose the head is
    IF head ->> 'store' <> store AND encode(digest, 'hex') IS DISTINCT FROM head ->> 'digest' THEN
        RAISE EXCEPTION 'this is a head of the audit of store "%", and not of "%"', head ->> 'store', store USING ERRCODE = 'invalid_parameter_value',
            HINT = 'No seal of this store is the one of the head. Where the store had that name, and has lost its seals, name it in "store" of the head as it is called now.';
    END IF;
    IF digest IS NULL OR encode(digest, 'hex') <> head ->> 'digest' THEN
        RETURN QUERY SELECT 'head', tenant, (head ->> 'position')::bigint, NULL::timestamptz, NULL::uuid,
            CASE WHEN digest IS NULL THEN 'the seal of the head is not there' ELSE 'the seal is not the one of the head: the chain was made anew' END;
    END IF;
    SELECT * INTO sums FROM scim_internal.audit_sums(store, tenant, horizon, begins);
    prints := scim_internal.audit_prints(sums.locator);
    IF prints = were THEN
        RETURN;
    END IF;
    -- of each bit: which of the two groups of rows differ
    FOR i IN 0 .. 59 LOOP
        zero := substr(prints, 32 * i + 1, 16) <> substr(were, 32 * i + 1, 16);
        one := substr(prints, 32 * i + 17, 16) <> substr(were, 32 * i + 17, 16);
        IF zero <> one THEN
            known := set_bit(known, i, 1);
            bits := set_bit(bits, i, one::int);
        END IF;
    END LOOP;
    clue := CASE WHEN sums.row_count > (head ->> 'rows')::bigint THEN format('%s rows more than at the head', sums.row_count - (head ->> 'rows')::bigint)
        WHEN sums.row_count < (head ->> 'rows')::bigint THEN format('%s rows fewer than at the head', (head ->> 'rows')::bigint - sums.row_count)
        ELSE 'as many rows as at the head' END;
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT CASE WHEN $4 THEN CASE WHEN $5 > 0 THEN 'added' ELSE 'altered' END ELSE 'head' END, a.tenant_id, NULL::bigint, a.at, a.id,
            CASE WHEN $4 THEN 'the row is not as it was at the head: ' ELSE 'one of several rows that may not be as they were at the head: ' END || $6
        FROM (SELECT r.tenant_id, r.at, r.id, ('x' || replace(r.id::text, '-', ''))::bit(128) AS b FROM %I.audit r WHERE r.tenant_id = $1 AND r.at <= $7) AS a
        WHERE (substring(a.b FROM 1 FOR 48) || substring(a.b FROM 53 FOR 12)) & $2 = $3
        ORDER BY a.at, a.id LIMIT 1000 $query$, store))
        USING tenant, known, bits, known = ~repeat('0', 60)::bit(60), sums.row_count - (head ->> 'rows')::bigint, clue, horizon;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows = 0 THEN
        RETURN QUERY SELECT 'missing', tenant, NULL::bigint,
            CASE WHEN substring(known FROM 1 FOR 48) = ~repeat('0', 48)::bit(48) THEN
                to_timestamp(substring(bits FROM 1 FOR 48)::bigint / 1000.0) END,
            NULL::uuid,
            format('a row is not there any more, whose id began with %s: %s', CASE WHEN known = ~repeat('0', 60)::bit(60) THEN
                (SELECT regexp_replace(string_agg(to_hex(substring(bits FROM 4 * n + 1 FOR 4)::int), '' ORDER BY n), '^(.{8})(.{4})(.{3})$', '\1-\2-7\3') FROM generate_series(0, 14) n)
                ELSE 'what several have in common' END, clue);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.verify_audit_head(name, timestamptz, jsonb) IS
'What does not match one head of the audit that was kept, as rows of scim.verify_audit.';

CREATE FUNCTION scim.apply_retention() RETURNS SETOF text
    AS 'MODULE_PATHNAME', 'scim_apply_retention'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.apply_retention() IS
'Drops what settings of the current store say is old: whole months of the audit (audit_retention), which are sealed before, and events (event_retention). Makes the partitions of the audit for this month and the next three, and moves what "audit_default" has taken in to partitions of its months. Returns what was done. To be called every day, by the owner of the store. A month that is in use goes the next time, with a WARNING. Error 42501 for anybody else.';

CREATE FUNCTION scim.erase(id uuid) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_erase'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.erase(uuid) IS
'Takes the data of one person, or any other resource, of the current tenant out of the current store: the resource goes for good, whatever the policy "delete" says, and leaves groups and the documents that refer to it; the audit keeps what was done when and by whom, and its digests, but no content; events lose their data. Returns of how many rows of the audit the content is gone. It reads all documents of the tenant once. Errors: SC404 where there is no such resource and never was, SC409 where a policy "reference" of those who refer to it, or a table that is bound, does not let it go, 42501 for who is not the owner of the store.';

CREATE FUNCTION scim.erase(id text) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_erase'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.erase(text) IS
'Takes the data of one person, or any other resource, of the current tenant out of the current store: as scim.erase(uuid), with the id as a text.';
