-- Tables of applications that are bound to resources: src/binding.

CREATE FUNCTION scim_internal.binding_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_door() IS
'BEFORE row trigger of a store''s tables "binding" and "binding_link": only scim.bind_table and scim.unbind_table write the one, since a row without its triggers would bind nothing, and the store alone the other, by which rows and resources find each other. Error 55000.';

CREATE FUNCTION scim_internal.binding_resource() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_resource'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_resource() IS
'AFTER row trigger of a table of resources whose type is bound: writes what has changed to the row of the application''s table, as the owner of that.';

CREATE FUNCTION scim_internal.binding_member() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_member'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_member() IS
'AFTER row trigger of a store''s table "member" where groups are bound with their members: writes the row of the application''s table of members, as the owner of that.';

CREATE FUNCTION scim_internal.binding_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_row() IS
'AFTER row trigger of a table that is bound, and of those that hold its multi-valued attributes and members: writes what has changed to the resource, as the owner of the store. With an argument it is never put off, and comes first: the link goes along with the key of the row, the row whose values are written is locked, and what is put off is counted.';

CREATE FUNCTION scim_internal.binding_note() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_note'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_note() IS
'BEFORE row trigger of a table of members that is bound, and, with arguments (columns that say whether a row goes), of people and groups: notes which rows a statement writes, so that the trigger that follows them changes each group once.';

CREATE FUNCTION scim_internal.binding_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_binding_truncate'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.binding_truncate() IS
'BEFORE TRUNCATE trigger of a table that is bound: refuses, since no trigger would see which rows go. Error 0A000.';

CREATE FUNCTION scim_internal.binding_problems(store regnamespace, OUT relation regclass, OUT problem text, OUT repairable boolean, OUT blocks boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_binding_problems'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.binding_problems(regnamespace) IS
'What keeps tables that are bound to a store, and resources, from following each other: triggers that are missing or switched off, mappings that do not work any more, bindings that are lost. repairable: scim.repair_store puts it right; blocks: the store is not ready with it. For scim.readiness.';

CREATE FUNCTION scim_internal.repair_binding(store regnamespace, relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_repair_binding'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION scim_internal.repair_binding(regnamespace, regclass) IS
'Makes the triggers that the tables of a binding have lost, on both sides, and switches them on; a warning says that the two sides have to be compared. For who owns both the store and the table. What scim.repair_store returns for them.';

CREATE FUNCTION scim.bind_table(resource_type text, relation regclass, mapping jsonb,
    OUT side text, OUT key text[], OUT resource_id uuid, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_bind_table'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.bind_table(text, regclass, jsonb) IS
'Binds a table of an application to the resources of a type: what is written to either is written to the other, in the same transaction, as the mapping says (doc/applications.md); of a table that is bound to them already it replaces the mapping, and keeps who is who. Takes in what is there already, and returns a row for each row ("table") or resource ("scim") that could not be, with its "problem", and for each row that a table which was not empty has got ("inserted"). Deferred constraints are checked at once, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction, but for those of the table. For who owns both the store and the table.';

CREATE FUNCTION scim.unbind_table(relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_unbind_table'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.unbind_table(regclass) IS
'Ends what scim.bind_table began: rows and resources stay as they are, and follow each other no more. Error 42704 where the table is not bound to the current store.';

CREATE FUNCTION scim.check_binding(relation regclass DEFAULT NULL,
    OUT bound regclass, OUT side text, OUT key text[], OUT resource_id uuid, OUT attribute text, OUT "column" text, OUT table_value jsonb, OUT scim_value jsonb, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_check_binding'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.check_binding(regclass) IS
'Compares a bound table, or all of the current store, with the resources: a row for each attribute that differs (side "both"), each row without a resource ("table") and each resource without a row ("scim"); "problem" says why a value cannot be read, why a row is no resource (of the first 1,000; it is tried, and undone, where you may write), that a row says no tenant of the mapping, or another one than its resource is of, that a row of members belongs to nobody, that nothing fills a column which must not be null, or that one cannot hold a word of "values"; of all tables, why one does not work any more. No rows: both sides say the same.';

CREATE FUNCTION scim.mend_binding(relation regclass, side text, resource_id uuid DEFAULT NULL, key text[] DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_mend_binding'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.mend_binding(regclass, text, uuid, text[]) IS
'Takes what scim.check_binding lists of a bound table from one side, "table" or "scim": all of it, or that of a resource or of the row of a key. Attributes, rows without a resource ("table"), resources without a row ("scim") and members; rows that have gone take their resources along. A resource without a row is linked to the one that is its own and could not be taken in, or gets a new one. A row without a resource is not deleted by "scim", nor a resource that never had a row by "table". Returns how many rows, resources and memberships have been taken; a warning tells of each that cannot be. Deferred constraints are checked at once, as SET CONSTRAINTS ALL IMMEDIATE does, which also holds for the rest of the transaction, but for those of the table. Errors 42704 where the table is not bound to the current store, 22023 for another side.';

CREATE FUNCTION scim.mend_binding(relation regclass, side text, resource_id text, key text[] DEFAULT NULL) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_mend_binding'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.mend_binding(regclass, text, text, text[]) IS
'Takes what scim.check_binding lists of a bound table from one side: as scim.mend_binding(regclass, text, uuid, text[]), with the id as a text.';
