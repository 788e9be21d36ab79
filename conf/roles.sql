-- The roles of those who work with a store, each with what it needs and no more.
--
--      psql -v store=directory -f roles.sql
--
-- Run it for each store; it may be run again, and after an update of the extension or a
-- new resource type it should be.  The store is made where it is not there yet, and
-- belongs to scim_owner then.  doc/security.md says what each role may do.  Those of the
-- gateway are made by postgrest.sql.
--
--      scim_owner          owns stores, and may all in them
--      scim_application    reads and writes people and groups, in SQL
--      scim_auditor        reads: audit and events, people, configuration; no secrets
--      scim_operator       makes, changes and ends tokens and clients: whoever may make a
--                          token may by it what that may, so grant it like what it opens
--      scim_worker         gets events of consumers that are there, and says what became of them
--      scim_monitor        reads figures of the store: scim.statistics, of all tenants
--
-- They cannot log in: grant them to who can.  In a store of several tenants its table
-- tenant_role says for which of them a role may act.
--
-- A superuser may run it, or a role that may create roles and is the owner of the store.
-- What takes more than he has is left out, with a warning that says what it is.

\set ON_ERROR_STOP on
\if :{?store} \else \set store directory \endif
BEGIN;
-- whatever the session's own search_path holds
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FUNCTION pg_temp.try(statement text) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
    RAISE WARNING 'left out, since you may not: %', statement USING DETAIL = sqlerrm;
END
$$;

SELECT count(pg_temp.try(format('CREATE ROLE %I NOLOGIN', name))) AS done
FROM unnest(ARRAY['scim_owner', 'scim_application', 'scim_auditor', 'scim_operator', 'scim_worker', 'scim_monitor']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gset

-- the store
SELECT to_regnamespace(quote_ident(:'store')) IS NULL AS is_new \gset
-- a database that was restored has lost it
SELECT count(pg_temp.try(format('GRANT CREATE ON DATABASE %I TO scim_owner', current_database()))) AS done
FROM pg_roles AS r WHERE r.rolname = 'scim_owner' AND NOT has_database_privilege(r.oid, current_database(), 'CREATE')
  AND (:'is_new' OR EXISTS (SELECT FROM pg_namespace WHERE nspname = :'store' AND nspowner = r.oid)) \gset
\if :is_new
    -- who has made scim_owner may become it, but for a superuser only once it is granted
    SELECT count(pg_temp.try(format('GRANT scim_owner TO %I', current_user))) AS done
    WHERE NOT pg_has_role(current_user, 'scim_owner', 'MEMBER') \gset
    SET LOCAL ROLE scim_owner;
    SELECT count(scim.create_store(:'store')) AS done \gset
    RESET ROLE;
\endif

-- What was granted before and is not named below goes.
SELECT count(pg_temp.try(format(statement, :'store'))) AS done
FROM unnest(ARRAY['REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM scim_application, scim_auditor, scim_operator, scim_worker, scim_monitor',
    'GRANT USAGE ON SCHEMA %I TO scim_application, scim_auditor, scim_operator, scim_worker, scim_monitor']) AS statement \gset

-- Which tables and views each gets, by their names where the store has them; "resource" is that and
-- the tables of all resource types.
SELECT count(pg_temp.try(format('GRANT %s ON %s TO %I', wanted.privileges, t.relation, wanted.grantee))) AS done
FROM (VALUES
        ('scim_application', 'SELECT, INSERT, UPDATE, DELETE', '{resource,member,people,teams}'::name[]),
        ('scim_application', 'SELECT', '{schema,resource_type}'),
        ('scim_auditor', 'SELECT', '{resource,member,schema,resource_type,store,tenant,policy,setting,endpoint,binding,database_role,guard,authentication_scheme,audit,audit_seal,event}'),
        ('scim_auditor', 'SELECT', '{account_origin,active_leaver,activity,configuration_change,dormant_token,effective_group,effective_member,last_seal,leaver,manager_left,membership_change,missing_primary_email,orphan_account,people,teams,token_use}'),
        ('scim_operator', 'SELECT', '{schema,resource_type,store,tenant,setting,endpoint,guard,authentication_scheme}'),
        ('scim_operator', 'SELECT', '{dormant_token,token_use}'),
        ('scim_worker', 'SELECT', '{consumer}'),
        -- of request_log.sql, where somebody has run it
        ('scim_auditor', 'SELECT', '{request_log,failed_request}'),
        ('scim_operator', 'SELECT', '{request_log,failed_request}'),
        ('scim_monitor', 'SELECT', '{store,request_statistics,refused_credential}')) AS wanted (grantee, privileges, names),
    LATERAL (
        SELECT c.oid::regclass AS relation
        FROM pg_class c
        WHERE c.relnamespace = to_regnamespace(quote_ident(:'store')) AND c.relkind IN ('r', 'p', 'v') AND c.relname = ANY (wanted.names)
        UNION ALL
        SELECT i.inhrelid::regclass
        FROM pg_inherits i
        WHERE i.inhparent = to_regclass(quote_ident(:'store') || '.resource') AND 'resource' = ANY (wanted.names)) AS t \gset

-- Of tokens and clients all but what is kept of secrets, for auditor and operator.
SELECT count(pg_temp.try(statement)) AS done
FROM (
    SELECT format('GRANT SELECT (%s) ON %s TO scim_auditor, scim_operator', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), a.attrelid::regclass)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = to_regnamespace(quote_ident(:'store')) AND c.relname IN ('token', 'client')
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attname !~ 'hash|secret'
    GROUP BY a.attrelid) AS of_columns (statement) \gset

-- What an operator may write himself.  For all else there are the functions, which write as
-- the owner of the store; that they may do so in this one, these privileges say.
SELECT count(pg_temp.try(format('GRANT INSERT (%1$I), UPDATE (%1$I, expires_at) ON %2$s TO scim_operator', wanted.name, c.oid::regclass))) AS done
FROM (VALUES ('token', 'description'), ('client', 'name')) AS wanted (relation, name)
JOIN pg_class c ON c.relname = wanted.relation AND c.relnamespace = to_regnamespace(quote_ident(:'store')) \gset
-- So do these, of columns that nobody is harmed by.
SELECT count(pg_temp.try(format('GRANT UPDATE (%I) ON %s TO %I', wanted.name, c.oid::regclass, wanted.grantee))) AS done
FROM (VALUES ('scim_operator', 'guard', 'changed_at'), ('scim_worker', 'delivery', 'last_error')) AS wanted (grantee, relation, name)
JOIN pg_class c ON c.relname = wanted.relation AND c.relnamespace = to_regnamespace(quote_ident(:'store')) \gset

-- Functions that are not everybody's.
SELECT count(pg_temp.try(format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, wanted.grantee))) AS done
FROM (VALUES
        ('scim_owner', '{create_token,rotate_token,revoke_token,create_client,create_oauth_client,set_client_keys,rotate_client,revoke_client,create_tenant,drop_tenant,verify_password,session_is_valid,issue_recovery_code,redeem_recovery_code,guards,release_guard,unlink_resource,check_database_roles,sync_database_roles,adopt_database_role,release_database_role,end_database_sessions,create_consumer,drop_consumer,consumers,next_events,acknowledge_events,fail_events,dead_events,retry_events,drop_events,deliver_by_poll,deliver_by_push,deliver_by_webhook,create_signing_key,drop_signing_key,set_sealing_key,create_sealing_key,drop_sealing_key,sealing_keys,unseal,unseal_value,statistics}'::name[]),
        ('scim_application', '{verify_password,session_is_valid,issue_recovery_code,redeem_recovery_code}'),
        ('scim_auditor', '{guards}'),
        ('scim_operator', '{create_token,rotate_token,revoke_token,create_client,create_oauth_client,set_client_keys,rotate_client,revoke_client,guards,release_guard}'),
        ('scim_worker', '{consumers,next_events,acknowledge_events,fail_events,dead_events,retry_events}'),
        ('scim_monitor', '{statistics}')) AS wanted (grantee, names)
JOIN pg_proc p ON p.proname = ANY (wanted.names) AND p.pronamespace = to_regnamespace('scim')
WHERE NOT has_function_privilege(wanted.grantee, p.oid, 'EXECUTE') \gset

DROP FUNCTION pg_temp.try(text);
COMMIT;
