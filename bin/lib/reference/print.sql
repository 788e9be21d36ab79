-- Prints doc/reference.md: every function, type, operator, table and setting with its
-- comment, from the catalogue.
SELECT scim.create_store('a store') \g /dev/null

-- A text as Markdown shows it.
CREATE FUNCTION pg_temp.markdown(text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace($1, '([\\`*<>|~]|(?<!\w)_)', '\\\1', 'g')
$$;
CREATE FUNCTION pg_temp.code(text) RETURNS text LANGUAGE sql AS $$
    SELECT '`' || replace($1, '|', '\|') || '`'
$$;
-- A comment of several lines as one item of a list.
CREATE FUNCTION pg_temp.item(term text, comment text) RETURNS text LANGUAGE sql AS $$
    SELECT format(E'- %s  \n  %s', pg_temp.code(term),
        replace(pg_temp.markdown(coalesce(comment, 'NO COMMENT')), E'\n', E'  \n  '))
$$;
-- Types and defaults as people write them.
CREATE FUNCTION pg_temp.short(text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(replace($1, 'timestamp with time zone', 'timestamptz'), '(DEFAULT [^,:]*)::\w+(\[\])?', '\1', 'g')
$$;

\qecho '# Reference'
\qecho
\qecho 'Made by `bin/reference` from the comments in the catalogue, which psql shows too: `\\df+ scim.*`,'
\qecho '`\\dT+ scim.*`, `\\d+ directory.*`. What these things are for is told in [README.md](../README.md).'
\qecho
\qecho '## Functions'

SELECT line FROM (
    SELECT DISTINCT t.place, '' AS name, '' AS arguments, format(E'\n### %s\n', t.heading) AS line
    FROM theme t JOIN pg_proc p ON p.proname = t.name AND p.pronamespace = 'scim'::regnamespace WHERE t.schema = 'scim'
    UNION ALL
    SELECT t.place, p.proname, p.arguments,
        pg_temp.item(format('%I.%I(%s) → %s', n.nspname, p.proname,
            pg_temp.short(p.arguments), pg_temp.short(pg_get_function_result(p.oid))), obj_description(p.oid, 'pg_proc'))
    FROM (SELECT *, pg_get_function_arguments(oid) AS arguments FROM pg_proc) p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    LEFT JOIN (SELECT DISTINCT schema, name, place FROM theme) t ON (t.schema, t.name) = (n.nspname, p.proname)
    WHERE n.nspname = 'scim'
) l ORDER BY place, name COLLATE "C", arguments COLLATE "C";

\qecho
\qecho '## Types and operators'
\qecho
SELECT pg_temp.item(format('%I.%I', n.nspname, t.typname), obj_description(t.oid, 'pg_type'))
    || coalesce(E'\n\n' || (SELECT string_agg(format('  - %s: %s',
            pg_temp.code(format('%I %s', a.attname, pg_temp.short(format_type(a.atttypid, a.atttypmod)))),
            pg_temp.markdown(coalesce(col_description(t.typrelid, a.attnum), 'NO COMMENT'))), E'\n' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0) || E'\n', '')
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname LIKE 'scim%' AND t.typelem = 0 AND t.typcategory <> 'A' ORDER BY t.typname COLLATE "C";
SELECT pg_temp.item(format('%s %I.%s %s', o.oprleft::regtype, n.nspname, o.oprname, o.oprright::regtype), obj_description(o.oid, 'pg_operator'))
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE n.nspname LIKE 'scim%' ORDER BY o.oprleft::regtype::text COLLATE "C", o.oprname COLLATE "C", o.oprright::regtype::text COLLATE "C";
SELECT pg_temp.item(format('%s::%s', c.castsource::regtype, c.casttarget::regtype), obj_description(c.oid, 'pg_cast'))
FROM pg_cast c JOIN pg_type t ON t.oid = c.casttarget JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname LIKE 'scim%' ORDER BY t.typname COLLATE "C";
SELECT pg_temp.item(format('%I.%I for %s using %s%s', n.nspname, c.opcname, c.opcintype::regtype, m.amname,
        CASE WHEN c.opcdefault THEN ', the default' END), obj_description(c.oid, 'pg_opclass'))
FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
WHERE n.nspname LIKE 'scim%' ORDER BY c.opcname COLLATE "C", m.amname;

\qecho
\qecho '## Tables of a store'
\qecho
\qecho 'In the schema that `scim.create_store` makes. Each resource type has a partition of `resource`'
\qecho 'with the same columns.'
SELECT format(E'\n### %s\n\n%s\n\n| column | type | |\n|---|---|---|\n%s', c.relname,
        pg_temp.markdown(coalesce(obj_description(c.oid, 'pg_class'), 'NO COMMENT')),
        (SELECT string_agg(format('| %s | %s | %s |', pg_temp.code(quote_ident(a.attname)), pg_temp.short(format_type(a.atttypid, a.atttypmod)),
                pg_temp.markdown(coalesce(col_description(c.oid, a.attnum), 'NO COMMENT'))), E'\n' ORDER BY a.attnum)
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'a store' AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition ORDER BY c.relname COLLATE "C";
\qecho
SELECT pg_temp.item(format('%I', c.relname), obj_description(c.oid, 'pg_class'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'a store' AND c.relispartition AND c.relkind = 'r' AND c.relname !~ '^audit_' ORDER BY c.relname COLLATE "C";

\qecho
\qecho '## Settings'
\qecho
\qecho 'Those with a store are rows of its table `setting` as well, without the `scim.`; as settings of the'
\qecho 'session they are unset (`-1` or `unset`) by default.'
\qecho
\qecho '| setting | type | default | of | |'
\qecho '|---|---|---|---|---|'
SET scim.store = 'a store';
SELECT format('| %s | %s | %s | %s | %s |', pg_temp.code(g.name),
    CASE WHEN enumvals <> '{unset,on,off}' THEN array_to_string(array_remove(enumvals, 'unset'), ', ') WHEN enumvals IS NOT NULL THEN 'bool' ELSE vartype END
        || coalesce(', in ' || CASE unit WHEN 'B' THEN 'bytes' ELSE unit END, ''),
    CASE WHEN s.name IS NULL THEN CASE WHEN boot_val <> '' THEN pg_temp.code(boot_val) END
         WHEN s.default_value <> '""' THEN pg_temp.code(s.default_value #>> '{}') END,
    concat_ws(', ', CASE WHEN s.name IS NOT NULL THEN 'store' END, CASE WHEN s.by_type THEN 'type' END, CASE WHEN s.is_bound THEN 'bound' END),
    pg_temp.markdown(concat_ws(' ', short_desc, extra_desc)))
FROM pg_settings g LEFT JOIN scim.settings() s ON g.name = 'scim.' || s.name WHERE g.name LIKE 'scim.%' ORDER BY g.name COLLATE "C";

\qecho
\qecho '## Support'
\qecho
\qecho 'What types, operators, indexes and the tables of stores need, in the schema `scim_internal`.'
\qecho 'Nobody calls these.'
\qecho
SELECT pg_temp.item(format('%s(%s) → %s', p.proname, pg_temp.short(pg_get_function_arguments(p.oid)), pg_temp.short(pg_get_function_result(p.oid))),
    obj_description(p.oid, 'pg_proc'))
FROM pg_proc p WHERE p.pronamespace = to_regnamespace('scim_internal') ORDER BY p.proname COLLATE "C", pg_get_function_arguments(p.oid) COLLATE "C";
ROLLBACK;
