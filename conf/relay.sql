-- The role that scim-relay connects as: it may fetch what is to be sent, say what became
-- of it, do the same of keys of clients, and nothing else.
--
--      psql -v store=directory -f relay.sql
--
-- Run it once per store, as a superuser or as the owner of store and database who may create
-- roles; it may be run again.

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = warning;

SELECT 'CREATE ROLE scim_relay LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'scim_relay') \gexec

GRANT USAGE ON SCHEMA scim, :"store" TO scim_relay;
GRANT EXECUTE ON FUNCTION scim.next_deliveries(int, uuid[]), scim.delivered(int, uuid, uuid[], uuid),
    scim.delivery_failed(int, uuid, uuid, text, interval, uuid), scim.next_key_sets(int),
    scim.keep_key_set(int, uuid, text, text), scim.key_set_failed(int, uuid, text, text) TO scim_relay;
-- EXECUTE holds for all stores of the database: by this they know whose relay it is.
GRANT UPDATE (last_attempt_at) ON :"store".delivery TO scim_relay;
GRANT UPDATE (jwks_tried_at) ON :"store".client TO scim_relay;
COMMIT;
