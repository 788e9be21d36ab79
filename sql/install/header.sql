-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION scim" to load this file. \quit

-- SCIM is JSON and JSON is UTF-8 (RFC 8259 section 8.1).
DO $$
BEGIN
    IF pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.<>) 'UTF8' THEN
        RAISE EXCEPTION 'scim needs a database with encoding UTF8'
            USING DETAIL = pg_catalog.format('The encoding of this database is %s.',
                pg_catalog.current_setting('server_encoding'));
    END IF;
    -- It is read as it is written, whoever makes the extension.
    IF pg_catalog.current_setting('standard_conforming_strings') OPERATOR(pg_catalog.<>) 'on' THEN
        RAISE EXCEPTION 'scim needs standard_conforming_strings = on';
    END IF;
END
$$;

CREATE SCHEMA scim;
COMMENT ON SCHEMA scim IS 'SCIM 2.0 service provider (RFC 7643, 7644): code only, the data live in stores made by scim.create_store.';
GRANT USAGE ON SCHEMA scim TO PUBLIC;

CREATE SCHEMA scim_internal;
COMMENT ON SCHEMA scim_internal IS 'What the types, operators and operator classes of scim and the tables of its stores need: nothing here is to be called by people.';
GRANT USAGE ON SCHEMA scim_internal TO PUBLIC;
