-- One store of a service, in whichever state it is: made, brought forward, made whole, with its roles and
-- grants.  setup.sql of bin/scim-configure runs it for each store.
--
--      psql -v store=directory -f store.sql
--
-- As a superuser; it may be run again.  -v file=/var/log/scim/requests.log: the log of its requests
-- is made readable as well; -v oauth=yes: clients may fetch access tokens (doc/oauth.md).

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = pg_catalog, pg_temp;

-- What DROP EXTENSION CASCADE or somebody by hand has taken, and no backup is needed for.  A store that is
-- being restored is not done yet for all that one knows.
SELECT EXISTS (SELECT FROM jsonb_array_elements_text(scim.readiness(stores => ARRAY[:'store']) -> 'problems') AS p
    WHERE p LIKE '%scim.repair_store(%' AND p NOT LIKE '% is being restored%' AND p NOT LIKE '%from a backup%') AS lacks \gset
\if :lacks
    SELECT scim.repair_store(:'store') \gexec
    -- what goes when this is there
    SELECT scim.repair_store(:'store') \gexec
\endif
SELECT scim.upgrade_store(:'store') WHERE to_regnamespace(quote_ident(:'store')) IS NOT NULL \gexec
SELECT scim.upgrade_store(:'store') WHERE to_regnamespace(quote_ident(:'store')) IS NOT NULL \gexec
\ir roles.sql
\ir postgrest.sql
\if :{?file}
    \ir request_log.sql
\endif
\if :{?oauth}
    INSERT INTO :"store".authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri)
    SELECT 'OAuth', 'Bearer', 'access_token', 'oauth2', 'OAuth 2.0', 'Client credentials', 'https://www.rfc-editor.org/info/rfc6749'
    WHERE NOT EXISTS (SELECT FROM :"store".authentication_scheme WHERE credential = 'access_token');
\endif
