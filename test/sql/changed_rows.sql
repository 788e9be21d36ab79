-- Triggers of the owner's on other tables of a store: what is stored is what was written, or the write is refused
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('rows');
SET scim.store = 'rows';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    EXECUTE statement;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, CASE WHEN detail LIKE '%\\x%' OR detail LIKE '%SCRAM%' THEN 'SHOWS A SECRET' END);
END
$$;
\set user1 00000000-0000-7000-8000-000000000001
\set group1 00000000-0000-7000-8000-00000000000a
\set group2 00000000-0000-7000-8000-00000000000b
INSERT INTO rows.users (id, data) VALUES (:'user1', '{"userName": "one"}');
INSERT INTO rows.groups (id, data) VALUES (:'group1', '{"displayName": "one"}'), (:'group2', '{"displayName": "two"}');
CREATE FUNCTION rows.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION rows.as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION rows.other_type() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.member_type := 'Group'; RETURN new; END $$;
CREATE FUNCTION rows.other_group() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.group_id := '00000000-0000-7000-8000-00000000000b'; RETURN new; END $$;
CREATE FUNCTION rows.other_scopes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.scopes := '{bogus,5}'; RETURN new; END $$;
CREATE FUNCTION rows.other_hash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.hash := sha256('mine'); RETURN new; END $$;
CREATE FUNCTION rows.other_secret() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.secret := 'SCRAM-nonsense'; RETURN new; END $$;

-- with a trigger of each kind on each table: the ways to write there
CREATE FUNCTION pg_temp.with(relation text, function text, VARIADIC statements text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE statement text;
BEGIN
    EXECUTE format('CREATE TRIGGER a_own BEFORE INSERT ON rows.%I FOR EACH ROW EXECUTE FUNCTION rows.%I()', relation, function);
    FOREACH statement IN ARRAY statements LOOP
        RETURN NEXT pg_temp.try(statement);
    END LOOP;
    EXECUTE format('DROP TRIGGER a_own ON rows.%I', relation);
END
$$;
SELECT f.function, pg_temp.with('member', f.function,
    $$SELECT scim.create_resource('Group', '{"displayName": "new", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}')$$,
    $$SELECT scim.patch_resource('Group', '00000000-0000-7000-8000-00000000000a', '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000001"}]}]')$$)
FROM unnest('{nothing,other_type,other_group,as_it_is}'::text[]) f (function);
SELECT group_id = :'group1' AS group1, group_id = :'group2' AS group2, member_type FROM rows.member ORDER BY 1, 2;
SELECT f.function, pg_temp.with('credential', f.function,
    $$SELECT scim.create_resource('User', '{"userName": "new", "password": "t1meMa$heen"}')$$,
    $$UPDATE rows.users SET data = data || '{"password": "t1meMa$heen"}' WHERE user_name = 'one'$$)
FROM unnest('{nothing,other_secret,as_it_is}'::text[]) f (function);
SELECT count(*) FROM rows.credential;
SELECT f.function, pg_temp.with('token', f.function, format($$SELECT scim.create_token('%s')$$, f.function))
FROM unnest('{nothing,other_scopes,other_hash,as_it_is}'::text[]) f (function);
SELECT description, scopes FROM rows.token;
SELECT f.function, pg_temp.with('client', f.function, format($$SELECT scim.create_client('%s', 'bearer')$$, f.function))
FROM unnest('{nothing,other_scopes,other_hash,as_it_is}'::text[]) f (function);
SELECT f.function, pg_temp.with('audit', f.function,
    format($$SELECT scim.create_resource('User', '{"userName": "%s"}')$$, f.function), $$INSERT INTO rows.setting (name, value) VALUES ('max_results', '7')$$)
FROM unnest('{nothing,as_it_is}'::text[]) f (function);
SELECT user_name FROM rows.users ORDER BY 1;

-- over HTTP, and in scim.verify_audit
CREATE TRIGGER a_own BEFORE INSERT ON rows.audit FOR EACH ROW EXECUTE FUNCTION rows.nothing();
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "http"}');
SELECT problem, detail FROM scim.verify_audit();
DROP TRIGGER a_own ON rows.audit;
SELECT problem, detail FROM scim.verify_audit();
CREATE TRIGGER a_own BEFORE INSERT ON rows.credential FOR EACH ROW EXECUTE FUNCTION rows.nothing();
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "http", "password": "t1meMa$heen"}');
SELECT scim.drop_store('rows');
