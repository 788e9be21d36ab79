-- The beginning of what bin/reference sends to psql; who made which function follows.
BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;
CREATE TEMP TABLE theme (schema name, name name, place int, heading text) ON COMMIT DROP;
