-- Events (RFC 9967): who reads them, and how they are given out.

CREATE FUNCTION scim_internal.unknown_of_event(filter scim.filter) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_unknown_of_event'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.unknown_of_event(scim.filter) IS
'The first attribute in a filter that no event has; null: there is none.';

CREATE FUNCTION scim_internal.endpoint_problem(endpoint text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    authority CONSTANT text := substring(endpoint from '^[^:]*://([^/?#]*)');
    host CONSTANT text := regexp_replace(authority, ':[0-9]*$', '');
    port CONSTANT text := substring(authority from ':([0-9]*)$');
BEGIN
    IF octet_length(endpoint) > 2048 THEN
        RETURN 'it is longer than 2048 bytes';
    ELSIF endpoint !~ '^[!-~]+$' THEN
        RETURN 'it has characters that stand in no URL';
    ELSIF authority IS NULL OR endpoint !~* '^https?://' THEN
        RETURN 'it does not begin with https://';
    ELSIF strpos(authority, '@') > 0 THEN
        RETURN 'it names a user';
    ELSIF strpos(endpoint, '#') > 0 THEN
        RETURN 'it has a fragment';
    ELSIF port IS NOT NULL AND (port !~ '^[0-9]{1,5}$' OR port::int NOT BETWEEN 1 AND 65535) THEN
        RETURN 'its port is not between 1 and 65535';
    ELSIF endpoint ~* '^http:' AND host !~* '^(localhost|127[.]0[.]0[.]1|\[::1\])$' THEN
        RETURN 'it is plain http to another machine';
    ELSIF host ~ '^\[.*\]$' THEN
        BEGIN
            IF host ~ '^\[[0-9A-Fa-f:.]+\]$' AND family(btrim(host, '[]')::inet) = 6 THEN
                RETURN NULL;
            END IF;
        EXCEPTION WHEN invalid_text_representation THEN
            NULL;
        END;
        RETURN 'its host is no IPv6 address';
    ELSIF host !~ '^[0-9A-Za-z][0-9A-Za-z.-]*$' THEN
        RETURN 'it has no host';
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION scim_internal.endpoint_problem(text) IS
'Why events are not sent to a URL; null: they are.';

CREATE FUNCTION scim_internal.known_event(store name, tenant_id int, uri text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    is_known boolean;
BEGIN
    EXECUTE format($$SELECT EXISTS (SELECT FROM (SELECT 'urn:ietf:params:scim:event:' || e FROM unnest('{prov:create:notice,prov:create:full,prov:put:notice,
            prov:put:full,prov:patch:notice,prov:patch:full,prov:activate,prov:deactivate,prov:delete,misc:guard-tripped,misc:guard-released,misc:database-role,
            misc:break-glass,misc:invite,misc:recover}'::text[]) e
        UNION ALL SELECT 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'
        UNION ALL SELECT 'https://schemas.openid.net/secevent/risc/event-type/recovery-activated'
        UNION ALL SELECT p.settings ->> 'event' FROM %1$I.policy p WHERE p.kind = 'emit') u (uri)
        WHERE CASE WHEN right($2, 1) = '*' THEN starts_with(u.uri, left($2, -1)) ELSE u.uri = $2 END)
        OR EXISTS (SELECT FROM %1$I.event e WHERE e.tenant_id = $1
            AND CASE WHEN right($2, 1) = '*' THEN starts_with(e.event_uri, left($2, -1)) ELSE e.event_uri = $2 END)$$, store)
        INTO is_known USING tenant_id, uri;
    RETURN is_known;
END
$function$;
COMMENT ON FUNCTION scim_internal.known_event(name, int, text) IS
'Whether a store has events with that URI (or with a beginning, before *), by itself, by a policy emit, or from before.';

CREATE FUNCTION scim_internal.consumer_check() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    problem text;
BEGIN
    -- what stays was within the limits of its time
    IF tg_op = 'INSERT' OR new.filter IS DISTINCT FROM old.filter THEN
        problem := scim_internal.unknown_of_event(new.filter::scim.filter);
    END IF;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'events have no attribute "%"', problem USING ERRCODE = 'SCFIL';
    END IF;
    SELECT c.name INTO problem FROM (VALUES ('resource_types', new.resource_types, tg_op = 'INSERT' OR new.resource_types IS DISTINCT FROM old.resource_types),
        ('event_uris', new.event_uris, tg_op = 'INSERT' OR new.event_uris IS DISTINCT FROM old.event_uris),
        ('audience', new.audience, tg_op = 'INSERT' OR new.audience IS DISTINCT FROM old.audience)) AS c (name, value, is_new)
    WHERE c.is_new AND (cardinality(c.value) = 0 OR array_ndims(c.value) > 1 OR array_lower(c.value, 1) <> 1) LIMIT 1;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION '% must be a list of one dimension that is not empty', problem USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Null stands for ' || CASE problem WHEN 'audience' THEN 'the name of the consumer.' ELSE 'all.' END;
    END IF;
    IF new.resource_types IS NOT NULL AND (tg_op = 'INSERT' OR new.resource_types IS DISTINCT FROM old.resource_types) THEN
        EXECUTE format('SELECT coalesce(t.name, ''NULL'') FROM unnest($1) AS t (name)
            WHERE NOT EXISTS (SELECT FROM %I.resource_type r WHERE r.name = t.name) LIMIT 1', tg_table_schema)
            INTO problem USING new.resource_types;
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'resource type "%" does not exist', problem USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Without resource_types a consumer is told of all.';
        END IF;
    END IF;
    IF new.event_uris IS NOT NULL AND (tg_op = 'INSERT' OR new.event_uris IS DISTINCT FROM old.event_uris) THEN
        SELECT coalesce(uri, 'NULL') INTO problem FROM unnest(new.event_uris) AS uri
        WHERE scim_internal.known_event(tg_table_schema, new.tenant_id, uri) IS NOT TRUE LIMIT 1;
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'no event has the URI "%"', problem USING ERRCODE = 'invalid_parameter_value',
                HINT = 'doc/events.md lists them; those of policies "emit" are known once there is the policy.';
        END IF;
    END IF;
    IF new.endpoint IS NOT NULL AND (tg_op = 'INSERT' OR new.endpoint IS DISTINCT FROM old.endpoint) THEN
        problem := scim_internal.endpoint_problem(new.endpoint);
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'events are not sent to the endpoint of consumer "%": %', new.name, problem USING ERRCODE = 'check_violation',
                HINT = 'It is an https URL, or plain http of localhost, 127.0.0.1 or [::1].';
        END IF;
    END IF;
    IF (tg_op = 'INSERT' OR new.audience IS DISTINCT FROM old.audience)
        AND (new.audience && ARRAY[''] OR array_position(new.audience, NULL) IS NOT NULL) THEN
        RAISE EXCEPTION 'an audience must not be null or empty' USING ERRCODE = 'check_violation',
            HINT = 'Without audience the claim aud is the name of the consumer.';
    END IF;
    RETURN new;
END
$function$;
COMMENT ON FUNCTION scim_internal.consumer_check() IS
'What consumer_door calls: refuses a consumer whose filter is none or names what no event has (SCFIL), who wants events or resource types that there are not (22023), or whose endpoint or audience is none (23514).';

CREATE FUNCTION scim_internal.consumer_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_consumer_door'
    LANGUAGE C;
COMMENT ON FUNCTION scim_internal.consumer_door() IS
'BEFORE row trigger of a store''s table "consumer": consumer_check, whose errors name the row.';

CREATE FUNCTION scim_internal.consumer_wants() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_consumer_wants'
    LANGUAGE C;
COMMENT ON FUNCTION scim_internal.consumer_wants() IS
'Trigger: takes from a consumer what he has not been given yet and does not want any more.';

CREATE FUNCTION scim.create_consumer(name text, filter text DEFAULT NULL, event_uris text[] DEFAULT NULL,
        resource_types text[] DEFAULT NULL, from_start boolean DEFAULT false, channel text DEFAULT NULL,
        max_attempts int DEFAULT 10) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_create_consumer'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_consumer(text, text, text[], text[], boolean, text, int) IS
'Makes a consumer of the current tenant''s events, and returns his id. He gets the events that commit from now on or, with from_start, all that are kept; of these those that have one of event_uris (where * at the end stands for anything), that are of one of resource_types, and that match filter, a SCIM filter over the event such as actor ne "sync" and attributes eq "userName". channel: each transaction with an event notifies it, without a payload. After max_attempts failures an event is put aside. Errors: SC403 where the tenant is not there, 23505 where there is one of that name, or 40001 in a transaction of REPEATABLE READ or SERIALIZABLE that does not see it, SCFIL where filter is none or names what no event has, 22023 for a resource type or an event URI that there is not, 23514 for a channel of other than 1 to 63 bytes and max_attempts other than 1 to 1,000.';

CREATE FUNCTION scim.drop_consumer(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_consumer'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_consumer(text) IS
'Drops a consumer of the current tenant, with what he has not acknowledged and his dead letters. Error SC404 where there is none of that name.';

CREATE FUNCTION scim.consumers(
        OUT name text, OUT "position" bigint, OUT unread bigint, OUT pending bigint, OUT leased bigint,
        OUT dead bigint, OUT oldest timestamptz, OUT problem text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_consumers'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.consumers() IS
'The consumers of the current tenant: position, up to which events were looked at for him; unread, how many come behind it, wanted or not; pending, how many he wants and has not acknowledged; leased, of how many resources workers have events; dead, how many were put aside; oldest, from when the oldest pending one is; problem, why who should poll cannot: his token or client is not there, revoked or expired, or its scopes do not cover what the consumer is told of; or why the relay sends him nothing: no base_url, or no key.';

CREATE FUNCTION scim.next_events(consumer text, max int DEFAULT 100, lease interval DEFAULT '1 minute',
        OUT "position" bigint, OUT id uuid, OUT at timestamptz, OUT event_uri text, OUT operation text,
        OUT resource_type text, OUT resource_id uuid, OUT external_id text, OUT version bigint, OUT txn uuid,
        OUT actor text, OUT attributes text[], OUT members_added uuid[], OUT members_removed uuid[],
        OUT data jsonb, OUT attempt int, OUT lease_id uuid, OUT lease_expires_at timestamptz) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_next_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.next_events(text, int, interval) IS
'Gives out events of a consumer, max at most, in the order of their positions; for as long as lease they are nobody else''s, nor are other events of the same resources. At least once: those that are not acknowledged come again. Commit at once and acknowledge later, or do all in one transaction, for which other workers of this consumer wait. attempt: how often it was given out by now. Errors: SC404 where there is no such consumer, 22023 for a max that is not between 1 and 10,000 and a lease of more than 7 days.';

CREATE FUNCTION scim.acknowledge_events(consumer text, ids uuid[], lease_id uuid DEFAULT NULL) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_acknowledge_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.acknowledge_events(text, uuid[], uuid) IS
'A consumer is done with these events, dead letters among them, and never gets them again; returns how many there were. What he has not been given, or has given back by scim.fail_events, does not count. With lease_id: only those that this lease has still. Error SC404 where there is no such consumer.';

CREATE FUNCTION scim.fail_events(consumer text, ids uuid[], error text DEFAULT NULL,
        retry_after interval DEFAULT NULL, lease_id uuid DEFAULT NULL) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_fail_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.fail_events(text, uuid[], text, interval, uuid) IS
'These events could not be dealt with; returns how many there were, each once for each time that it was given out. Each is given out again after retry_after or, where that is null, after 1, 2, 4 seconds and so on to an hour, give or take a half; later events of the same resource are given back and wait for it, those before it stay with who has them. After the consumer''s max_attempts failures it is a dead letter, and they go on. With lease_id: only those that this lease has still. Error SC404 where there is no such consumer.';

CREATE FUNCTION scim.dead_events(consumer text,
        OUT "position" bigint, OUT id uuid, OUT at timestamptz, OUT event_uri text, OUT resource_type text,
        OUT resource_id uuid, OUT attempts int, OUT failures int, OUT last_error text, OUT dead_at timestamptz)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_dead_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.dead_events(text) IS
'The dead letters of a consumer: events that failed too often, with what was said of the last failure. scim.retry_events gives them out again, scim.acknowledge_events does without them. Error SC404 where there is no such consumer.';

CREATE FUNCTION scim.retry_events(consumer text, ids uuid[] DEFAULT NULL) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_retry_events'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.retry_events(text, uuid[]) IS
'Dead letters of a consumer are given out again, as if they never had been, and events that wait for their next attempt come at once; ids NULL: all of them. Returns how many there were. Later events of the same resources may have gone before. Error SC404 where there is no such consumer.';

REVOKE ALL ON FUNCTION scim.create_consumer(text, text, text[], text[], boolean, text, int), scim.drop_consumer(text),
    scim.consumers(), scim.next_events(text, int, interval), scim.acknowledge_events(text, uuid[], uuid),
    scim.fail_events(text, uuid[], text, interval, uuid), scim.dead_events(text),
    scim.retry_events(text, uuid[]) FROM PUBLIC;

CREATE FUNCTION scim_internal.drop_lost_deliveries(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    EXECUTE scim_internal.of_shards(format('DELETE FROM %1$I.delivery d WHERE NOT EXISTS (SELECT FROM %1$I.event e
        WHERE e.tenant_id = d.tenant_id AND e.id = d.event_id)', store));
    -- by its id: a worker takes a lease anew meanwhile
    EXECUTE scim_internal.of_shards(format('WITH lost AS MATERIALIZED (SELECT l.tenant_id, l.consumer_id, l.resource_id, l.id FROM %1$I.lease l
            WHERE NOT EXISTS (SELECT FROM %1$I.delivery d WHERE d.tenant_id = l.tenant_id AND d.consumer_id = l.consumer_id AND d.resource_id = l.resource_id
                AND d.lease_id = l.id AND d.dead_at IS NULL))
        DELETE FROM %1$I.lease l USING lost o WHERE l.tenant_id = o.tenant_id AND l.consumer_id = o.consumer_id AND l.resource_id = o.resource_id AND l.id = o.id', store));
END
$function$;
COMMENT ON FUNCTION scim_internal.drop_lost_deliveries(name) IS
'Deletes what waits for consumers of events that are not there any more, and the leases of workers who have none of what they were given.';

CREATE FUNCTION scim.drop_events(before timestamptz, force boolean DEFAULT false)
    RETURNS TABLE (tenant_id int, consumer text, dropped bigint, kept bigint)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT text := quote_ident(scim.store());
    -- of an event e: who has still to get it, of a consumer c with the position p
    undelivered CONSTANT text := format('(e.position IS NULL OR e.position > coalesce(p.position, 0) OR EXISTS (SELECT FROM %s.delivery d
        WHERE d.tenant_id = c.tenant_id AND d.consumer_id = c.id AND d.event_id = e.id))', store);
    consumers CONSTANT text := format('%1$s.consumer c LEFT JOIN %1$s.consumer_position p ON p.tenant_id = c.tenant_id AND p.consumer_id = c.id', store);
BEGIN
    PERFORM scim_internal.refuse_spread(scim.store()::name);
    IF before IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE scim_internal.of_shards(format('SELECT c.tenant_id, c.name, CASE WHEN $2 THEN count(*) ELSE 0 END, CASE WHEN $2 THEN 0 ELSE count(*) END
        FROM %2$s JOIN %1$s.event e ON e.tenant_id = c.tenant_id WHERE e.at < $1 AND %3$s GROUP BY c.tenant_id, c.name ORDER BY 1, 2',
        store, consumers, undelivered)) USING before, force;
    RETURN QUERY EXECUTE scim_internal.of_shards(format('WITH gone AS (DELETE FROM %1$s.event e WHERE e.at < $1
            AND ($2 OR NOT EXISTS (SELECT FROM %2$s WHERE c.tenant_id = e.tenant_id AND %3$s)) RETURNING e.tenant_id)
        SELECT g.tenant_id, NULL::text, count(*), 0::bigint FROM gone g GROUP BY g.tenant_id ORDER BY 1',
        store, consumers, undelivered)) USING before, force;
    PERFORM scim_internal.drop_lost_deliveries(scim.store()::name);
END
$function$;
COMMENT ON FUNCTION scim.drop_events(timestamptz, boolean) IS
'Deletes the events of before, of all tenants, but for those that a consumer has not had or keeps as dead letters; with force, these as well. Returns for each tenant how many were dropped (consumer null), and for each consumer how many are kept for him or, with force, were dropped although he had not had them. For the owner of the store.';
REVOKE ALL ON FUNCTION scim.drop_events(timestamptz, boolean) FROM PUBLIC;

-- How a consumer gets his events other than by scim.next_events.

CREATE FUNCTION scim.deliver_by_poll(consumer text, token_id uuid, audience text[] DEFAULT NULL,
        lease interval DEFAULT '1 minute') RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    IF token_id IS NULL THEN
        RAISE EXCEPTION 'token_id must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    PERFORM scim_internal.deliver(consumer, 'poll', token_id, NULL, audience, lease);
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_poll(text, uuid, text[], interval) IS
'From now on a consumer fetches his events as Security Event Tokens (RFC 8936): POST /.events/<consumer> with the token or client of that id. audience: the claim aud; null: the name of the consumer. lease: how long he has them until they come again. Errors: SC404 where there is no such consumer, and no token or client of the tenant with that id that is good; 22023 where its scopes do not allow to read all types of resources that the consumer is told of; 23514 for a lease that is not between 1 millisecond and 7 days.';

CREATE FUNCTION scim.deliver_by_poll(consumer text, token_id text, audience text[] DEFAULT NULL,
        lease interval DEFAULT '1 minute') RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    IF token_id IS NULL THEN
        RAISE EXCEPTION 'token_id must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    PERFORM scim_internal.deliver(consumer, 'poll', token_id::uuid, NULL, audience, lease);
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_poll(text, text, text[], interval) IS
'From now on a consumer fetches his events as Security Event Tokens (RFC 8936): as scim.deliver_by_poll(text, uuid, text[], interval), with the id as a text; error 22P02 where that is none.';

CREATE FUNCTION scim.deliver_by_push(consumer text, endpoint text, "authorization" text DEFAULT NULL,
        audience text[] DEFAULT NULL, lease interval DEFAULT '1 minute') RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    PERFORM scim_internal.deliver(consumer, 'push', NULL, endpoint, audience, lease, "authorization");
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_push(text, text, text, text[], interval) IS
'From now on the relay sends a consumer his events as Security Event Tokens (RFC 8935) to endpoint, an https URL or one of this very machine. authorization: the header of that name, which nobody reads again. audience: the claim aud; null: the name of the consumer. lease: how long the relay takes for one at most. Errors: SC404 where there is no such consumer, 22004 for a null, 23514 for an endpoint or header that is none and a lease that is not between 1 millisecond and 7 days, 55000 where neither the store nor the tenant has a base_url, which issues the tokens.';

CREATE FUNCTION scim.deliver_by_webhook(consumer text, endpoint text, "authorization" text DEFAULT NULL,
        lease interval DEFAULT '1 minute') RETURNS text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    key CONSTANT bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid()));
BEGIN
    PERFORM scim_internal.deliver(consumer, 'webhook', NULL, endpoint, NULL, lease, "authorization", key);
    RETURN 'whsec_' || encode(key, 'base64');
END
$function$;
COMMENT ON FUNCTION scim.deliver_by_webhook(text, text, text, interval) IS
'From now on the relay sends a consumer his events as plain JSON to endpoint, signed as Standard Webhooks say (HMAC-SHA-256); returns the secret by which he verifies them, which nobody reads again. The rest is as in scim.deliver_by_push.';

CREATE FUNCTION scim_internal.scopes_read(scopes text[], resource_type text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_scopes_read'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.scopes_read(text[], text) IS
'Whether scopes of a token allow to read resources of a type; null: of all types.';

CREATE FUNCTION scim_internal.poller_problem(tenant_id int, token_id uuid, resource_types text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    poller record;
    missing text[];
BEGIN
    EXECUTE scim_internal.of_shards(format('SELECT p.* FROM (SELECT t.tenant_id, t.id, t.revoked_at, t.expires_at, t.scopes FROM %1$I.token t
            UNION ALL SELECT c.tenant_id, c.id, c.revoked_at, c.expires_at, c.scopes FROM %1$I.client c) p
        WHERE p.tenant_id = $1 AND p.id = $2', scim.store())) INTO poller USING tenant_id, token_id;
    IF poller.id IS NULL THEN
        RETURN 'it does not exist';
    ELSIF poller.revoked_at IS NOT NULL THEN
        RETURN 'it is revoked';
    ELSIF poller.expires_at <= clock_timestamp() THEN
        RETURN 'it has expired';
    END IF;
    SELECT array_agg(coalesce(name, 'any type')) INTO missing FROM unnest(coalesce(resource_types, ARRAY[NULL::text])) AS name
    WHERE NOT scim_internal.scopes_read(poller.scopes, name);
    RETURN 'its scopes do not allow to read ' || array_to_string(missing, ', ');
END
$function$;
COMMENT ON FUNCTION scim_internal.poller_problem(int, uuid, text[]) IS
'Why a token or client, by its id, cannot poll events of resource types, null: of all; null: nothing stands in its way.';

CREATE FUNCTION scim_internal.issuer() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_issuer'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.issuer() IS
'The base_url of the current tenant or store, which is the claim iss of Security Event Tokens; null: there is none.';

CREATE FUNCTION scim_internal.deliver(consumer text, method text, token_id uuid, endpoint text, audience text[],
        lease interval, "authorization" text DEFAULT NULL, key bytea DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    id uuid;
    resource_types text[];
    problem text;
    written bigint;
BEGIN
    PERFORM scim_internal.refuse_spread(scim.store()::name);
    problem := CASE WHEN consumer IS NULL THEN 'consumer' WHEN lease IS NULL THEN 'lease' WHEN method = 'poll' AND token_id IS NULL THEN 'token_id'
        WHEN method <> 'poll' AND endpoint IS NULL THEN 'endpoint' END;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION '% must not be null', problem USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF octet_length("authorization") > 4096 OR "authorization" !~ '^[ -~]+$' THEN
        RAISE EXCEPTION 'the header Authorization is one line of printable ASCII characters, not more than 4096'
            USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        EXECUTE scim_internal.of_shards(format('UPDATE %I.consumer SET method = $1, token_id = $2, endpoint = $3, audience = $4, lease = $5
            WHERE tenant_id = scim.tenant() AND name = $6', scim.store())) USING method, token_id, endpoint, audience, lease, consumer;
        GET DIAGNOSTICS written = ROW_COUNT;
    EXCEPTION WHEN foreign_key_violation THEN
        IF method = 'poll' AND scim_internal.poller_problem(scim.tenant(), token_id, '{}') IS NOT NULL THEN
            RAISE EXCEPTION 'token or client "%" cannot poll events of "%": it does not exist', token_id, consumer USING ERRCODE = 'SC404';
        END IF;
        RAISE;
    END;
    EXECUTE scim_internal.of_shards(format('SELECT c.id, c.resource_types FROM %I.consumer c WHERE c.tenant_id = scim.tenant() AND c.name = $1', scim.store()))
        INTO id, resource_types USING consumer;
    IF id IS NULL THEN
        RAISE EXCEPTION 'consumer "%" does not exist', consumer USING ERRCODE = 'SC404';
    ELSIF written = 0 THEN
        RAISE EXCEPTION 'a trigger or rule of table "consumer" keeps the store from writing it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF method = 'poll' THEN
        problem := scim_internal.poller_problem(scim.tenant(), token_id, resource_types);
        IF problem IS NOT NULL THEN
            RAISE EXCEPTION 'token or client "%" cannot poll events of "%": %', token_id, consumer, problem
                USING ERRCODE = CASE WHEN starts_with(problem, 'its scopes') THEN 'invalid_parameter_value' ELSE 'SC404' END;
        END IF;
    END IF;
    IF method = 'push' AND scim_internal.issuer() IS NULL THEN
        RAISE EXCEPTION 'tokens are issued by the base_url of the store or the tenant, and neither has one'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('INSERT INTO %I.setting (name, value) VALUES (''base_url'', ''"https://scim.example.com/v2"'');', scim.store());
    END IF;
    IF method IN ('poll', 'push') THEN
        EXECUTE scim_internal.of_shards(format('SELECT scim.create_signing_key() WHERE NOT EXISTS (SELECT FROM %I.signing_key)', scim.store()));
    END IF;
    EXECUTE scim_internal.of_shards(format('DELETE FROM %I.consumer_secret WHERE tenant_id = scim.tenant() AND consumer_id = $1', scim.store()))
        USING id;
    IF "authorization" IS NULL AND key IS NULL THEN
        RETURN;
    END IF;
    EXECUTE scim_internal.of_shards(format('INSERT INTO %I.consumer_secret (tenant_id, consumer_id, "authorization", key)
        VALUES (scim.tenant(), $1, $2, $3)', scim.store())) USING id, "authorization", key;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written = 0 THEN
        RAISE EXCEPTION 'a trigger or rule of table "consumer_secret" keeps the store from writing it' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.deliver(text, text, uuid, text, text[], interval, text, bytea) IS
'What scim.deliver_by_poll and its like do, as whoever calls them, the owner of the store; tokens get a key that signs them where there is none.';

CREATE FUNCTION scim_internal.signing_key_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_signing_key_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.signing_key_row() IS
'BEFORE row trigger of a store''s table "signing_key": refuses a private key that does not sign by its algorithm, and a public key that is not its public part (22023).';

CREATE FUNCTION scim.create_signing_key(algorithm text DEFAULT 'ES256', use_from timestamptz DEFAULT now()) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_create_signing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_signing_key(text, timestamptz) IS
'Makes a key that signs Security Event Tokens from use_from on, by ES256 or RS256, and returns its id, the kid of RFC 7515. Receivers find it at once in GET /jwks.json; of several the one that may be used last signs. The private key never leaves the table signing_key. For the owner of the store.';

CREATE FUNCTION scim.drop_signing_key(id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_signing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_signing_key(uuid) IS
'Ends a key: what it has signed cannot be verified any more by who asks for the keys anew. For the owner of the store. Errors: SC404 where there is none with that id, 55000 for the one that signs now and the last while a consumer is told by tokens.';

CREATE FUNCTION scim.drop_signing_key(id text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_signing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_signing_key(text) IS
'Ends a key: as scim.drop_signing_key(uuid), with the id as a text.';

CREATE FUNCTION scim.jwks() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_jwks'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.jwks() IS
'The public keys by which the Security Event Tokens of the current store are verified, as a JWK Set (RFC 7517 section 5); GET /jwks.json answers with it.';

REVOKE ALL ON FUNCTION scim.deliver_by_poll(text, uuid, text[], interval), scim.deliver_by_poll(text, text, text[], interval),
    scim.deliver_by_push(text, text, text, text[], interval), scim.deliver_by_webhook(text, text, text, interval),
    scim.create_signing_key(text, timestamptz), scim.drop_signing_key(uuid), scim.drop_signing_key(text) FROM PUBLIC;

-- For the relay, which sends events of all tenants of a store.

CREATE FUNCTION scim.next_deliveries(max int DEFAULT 50, busy uuid[] DEFAULT '{}',
        OUT tenant_id int, OUT consumer_id uuid, OUT id uuid, OUT resource_id uuid, OUT lease_id uuid,
        OUT expires_at timestamptz, OUT url text, OUT headers text, OUT body text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_next_deliveries'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.next_deliveries(int, uuid[]) IS
'For the relay: what is to be sent to consumers with the methods push and webhook, of all tenants, max events of each at most; busy: consumers to be left out, by their ids. headers: one a line. Events of one resource are to be sent one after the other.';

CREATE FUNCTION scim.delivered(tenant_id int, consumer_id uuid, ids uuid[], lease_id uuid) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_delivered'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delivered(int, uuid, uuid[], uuid) IS
'For the relay: these events have arrived; returns how many the lease had still.';

CREATE FUNCTION scim.delivery_failed(tenant_id int, consumer_id uuid, event_id uuid, error text, retry_after interval,
        lease_id uuid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_delivery_failed'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.delivery_failed(int, uuid, uuid, text, interval, uuid) IS
'For the relay: this event has not arrived, and why; it and later ones of the same resource come again as scim.fail_events says.';

REVOKE ALL ON FUNCTION scim.next_deliveries(int, uuid[]), scim.delivered(int, uuid, uuid[], uuid),
    scim.delivery_failed(int, uuid, uuid, text, interval, uuid) FROM PUBLIC;
