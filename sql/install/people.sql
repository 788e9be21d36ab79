-- Views of resources that people read and write: a column for each attribute.  The trigger
-- is in src/operation/view.c, which says what its arguments are.

CREATE FUNCTION scim_internal.as_boolean(value jsonb) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_as_boolean'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_boolean(jsonb) IS
'A value of a document for a column of a view; NULL where it is neither true nor false.';

CREATE FUNCTION scim_internal.as_numeric(value jsonb) RETURNS numeric
    AS 'MODULE_PATHNAME', 'scim_as_numeric'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_numeric(jsonb) IS
'A value of a document for a column of a view; NULL where it is no number.';

CREATE FUNCTION scim_internal.as_bigint(value jsonb) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_as_bigint'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_bigint(jsonb) IS
'A value of a document for a column of a view; NULL where it is no integer of 64 bits.';

CREATE FUNCTION scim_internal.as_instant(value jsonb) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'scim_as_instant'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_instant(jsonb) IS
'A value of a document for a column of a view; NULL where it is no dateTime of RFC 7643.';

CREATE FUNCTION scim_internal.as_date(value jsonb) RETURNS date
    AS 'MODULE_PATHNAME', 'scim_as_date'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_date(jsonb) IS
'A value of a document for a column of a view; NULL where it is no date such as 2026-01-31.';

CREATE FUNCTION scim_internal.as_bytes(value jsonb) RETURNS bytea
    AS 'MODULE_PATHNAME', 'scim_as_bytes'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.as_bytes(jsonb) IS
'A value of a document for a column of a view; NULL where it is no base64, of either alphabet.';

CREATE FUNCTION scim_internal.chosen_element(elements jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_chosen_element'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.chosen_element(jsonb) IS
'Of the values of a multi-valued attribute the primary one, or else the first; NULL where there is none.';

CREATE FUNCTION scim_internal.view_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_view_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.view_row() IS
'INSTEAD OF row trigger of a view that scim.create_view has made: writes what is new in a row to the table of the store, as whoever writes, and gives back what is stored. Its arguments are the resource type, and for each column what it is.';

CREATE FUNCTION scim_internal.view_paths(view regclass) RETURNS text[]
    AS 'MODULE_PATHNAME', 'scim_view_paths'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION scim_internal.view_paths(regclass) IS
'What each column of a view is, as its trigger is told; NULL where scim.create_view has not made it.';

CREATE FUNCTION scim_internal.view_table(view regclass) RETURNS regclass
    AS 'MODULE_PATHNAME', 'scim_view_table'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION scim_internal.view_table(regclass) IS
'The one table that a view reads; NULL where it reads none or several.';

CREATE FUNCTION scim_internal.column_name(attribute text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT btrim(regexp_replace(lower(regexp_replace(regexp_replace(attribute COLLATE "C",
        '([a-z0-9])([A-Z])', '\1_\2', 'g'), '([A-Z])([A-Z][a-z])', '\1_\2', 'g')), '[^a-z0-9]+', '_', 'g'), '_');
END;
COMMENT ON FUNCTION scim_internal.column_name(text) IS
'The name of an attribute as one of a column: costCenter is cost_center.';

CREATE FUNCTION scim_internal.singular(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN name ~ '[^aeiou]ies$' THEN regexp_replace(name, 'ies$', 'y')
        WHEN name ~ '(ss|sh|ch|x|us)es$' THEN left(name, -2)
        WHEN name ~ '[^su]s$' THEN left(name, -1)
        ELSE 'primary_' || name END;
END;
COMMENT ON FUNCTION scim_internal.singular(text) IS
'The name of a column for one of several values: of emails it is email.';

CREATE FUNCTION scim_internal.column_type(attribute jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN attribute -> 'multiValued' = 'true' OR attribute ? 'types' OR jsonb_typeof(attribute -> 'type') <> 'string' THEN 'jsonb'
        ELSE CASE coalesce(lower(attribute ->> 'type'), 'string')
            WHEN 'boolean' THEN 'boolean' WHEN 'decimal' THEN 'numeric' WHEN 'integer' THEN 'bigint'
            WHEN 'datetime' THEN 'timestamptz' WHEN 'binary' THEN 'bytea' WHEN 'complex' THEN 'jsonb'
            ELSE CASE WHEN attribute ->> 'format' = 'date' THEN 'date' ELSE 'text' END END END;
END;
COMMENT ON FUNCTION scim_internal.column_type(jsonb) IS
'The type of the column that holds an attribute, which is given as its schema defines it.';

CREATE FUNCTION scim_internal.column_expression(path text[], type text, chosen boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    expression text := 'r.data';
    step text;
    last CONSTANT text := path[cardinality(path)];
BEGIN
    FOREACH step IN ARRAY path[:cardinality(path) - 1] LOOP
        expression := format('%s -> %L', expression, step);
    END LOOP;
    IF chosen THEN
        expression := format('scim_internal.chosen_element(%s)', expression);
    END IF;
    RETURN CASE type
        WHEN 'text' THEN format('%s ->> %L', expression, last)
        WHEN 'jsonb' THEN format('%s -> %L', expression, last)
        ELSE format('scim_internal.as_%s(%s -> %L)', CASE type WHEN 'timestamptz' THEN 'instant' WHEN 'bytea' THEN 'bytes' ELSE type END, expression, last) END;
END
$$;
COMMENT ON FUNCTION scim_internal.column_expression(text[], text, boolean) IS
'How a view reads what stands at a path of the document, or of the primary one of several values there, as a value of a type.';

-- All that a view of a type may show, by the schemas of the store as they are, in the order
-- of the columns; names: what the column is called, by whichever is free first, in the order
-- of claim.
CREATE FUNCTION scim_internal.view_columns(store name, resource_type text,
    OUT place int, OUT claim int, OUT path text, OUT names text[], OUT type text, OUT expression text, OUT comment text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    of_type jsonb;
    schemas jsonb;
BEGIN
    -- apart: Citus does not take what follows about tables of its own
    EXECUTE format('SELECT t.document FROM %I.resource_type t WHERE t.name = $1', store) INTO of_type USING resource_type;
    EXECUTE format('SELECT jsonb_agg(s.document) FROM %I.schema s', store) INTO schemas;
    RETURN QUERY EXECUTE $query$
        WITH of_type (document) AS (
            SELECT $1 WHERE $1 IS NOT NULL
        ), schema (id, document) AS (
            SELECT s ->> 'id', s FROM jsonb_array_elements($2) AS s
        ), of_schema (place, urn, id, name, document) AS (
            SELECT 0::bigint, NULL, s.id, s.document ->> 'name', s.document
            FROM of_type t JOIN schema s ON scim.fold(s.id) = scim.fold(t.document ->> 'schema')
            UNION ALL
            SELECT e.place, s.id, s.id, s.document ->> 'name', s.document
            FROM of_type t, jsonb_path_query(t.document, '$.schemaExtensions[*]') WITH ORDINALITY AS e (extension, place)
            JOIN schema s ON scim.fold(s.id) = scim.fold(e.extension ->> 'schema')
        ), attribute (place, urn, prefix, at, name, document, column_name) AS (
            SELECT s.place, s.urn, coalesce(nullif(scim_internal.column_name(coalesce(s.name, '')), ''), 'extension'), a.at, a.document ->> 'name', a.document,
                scim_internal.column_name(a.document ->> 'name')
            FROM of_schema s, jsonb_path_query(s.document, '$.attributes[*]') WITH ORDINALITY AS a (document, at)
            WHERE scim_internal.is_shown(a.document)
              -- what is derived, or lives in the table "member"
              AND (lower(s.id), a.document ->> 'name') NOT IN (('urn:ietf:params:scim:schemas:core:2.0:user', 'groups'), ('urn:ietf:params:scim:schemas:core:2.0:group', 'members'))
        ), part (place, urn, prefix, at, name, document, column_name, sub_at, sub, sub_name) AS (
            SELECT a.*, b.at, b.document, scim_internal.column_name(b.document ->> 'name')
            FROM attribute a, jsonb_path_query(a.document, '$.subAttributes[*]') WITH ORDINALITY AS b (document, at)
            WHERE lower(a.document ->> 'type') = 'complex' AND scim_internal.is_shown(b.document)
        ), shown (place, at, sub_at, chosen, urn, prefix, steps, column_name, document) AS (
            -- whole attributes, as jsonb where they have several values
            SELECT a.place, a.at, 0::bigint, false, a.urn, a.prefix, ARRAY[a.name], a.column_name, a.document
            FROM attribute a WHERE a.document -> 'multiValued' = 'true' OR lower(a.document ->> 'type') IS DISTINCT FROM 'complex'
            UNION ALL
            -- the parts of complex ones
            SELECT p.place, p.at, p.sub_at, false, p.urn, p.prefix, ARRAY[p.name, p.sub ->> 'name'],
                CASE WHEN p.sub_name = 'value' THEN p.column_name
                    WHEN right(p.sub_name, length(p.column_name) + 1) = '_' || p.column_name THEN p.sub_name
                    ELSE p.column_name || '_' || p.sub_name END, p.sub
            FROM part p WHERE p.document -> 'multiValued' IS DISTINCT FROM 'true'
            UNION ALL
            -- of several values the primary one
            SELECT p.place, p.at, -1, true, p.urn, p.prefix, ARRAY[p.name, 'value'], scim_internal.singular(p.column_name), p.sub
            FROM part p WHERE p.document -> 'multiValued' = 'true' AND p.sub ->> 'name' = 'value' AND scim_internal.column_type(p.sub) <> 'jsonb'
        ), found (place, claim, path, names, type, expression, comment) AS (
            SELECT 100 + row_number() OVER (ORDER BY s.place, s.at, s.sub_at), 100 + row_number() OVER (ORDER BY s.place, s.chosen, s.at, s.sub_at), p.path,
                ARRAY[s.column_name, s.prefix || '_' || s.column_name], t.type,
                CASE WHEN p.path = 'userName' AND t.type = 'text' THEN 'r.user_name'
                    WHEN p.path = 'displayName' AND t.type = 'text' THEN 'r.display_name'
                    WHEN p.path = 'active' AND t.type = 'boolean' THEN 'r.active'
                    ELSE scim_internal.column_expression(array_remove(s.urn || s.steps, NULL), t.type, s.chosen) END,
                -- the first sentence, and what has no end
                coalesce(nullif(rtrim(coalesce(substring(s.document ->> 'description' FROM '^(.*?[a-z)''"]{3})[.]( |$)'), s.document ->> 'description'), '. '), '') || ': ', 'As it is stored: ') || CASE WHEN s.chosen THEN 'of the primary one, or else the first, ' ELSE '' END
                    || 'attribute ' || p.path || '.'
            FROM shown s,
            LATERAL (SELECT coalesce(s.urn || ':', '') || s.steps[1] || CASE WHEN s.chosen THEN '[primary eq true]' ELSE '' END || coalesce('.' || s.steps[2], '')) AS p (path),
            LATERAL (SELECT scim_internal.column_type(s.document)) AS t (type)
            UNION ALL
            SELECT v.* FROM (VALUES
                (1, 1, '@id', ARRAY['id'], 'uuid', 'r.id', 'The id of the resource, as clients know it.'),
                (2, 2, 'externalId', ARRAY['external_id'], 'text', 'r.external_id', 'What the identity provider knows the resource by: attribute externalId.'),
                (10001, 3, '@status', ARRAY['status'], 'text', 'r.status', 'Where the resource is in its life, such as ACTIVE or SUSPENDED.'),
                (10002, 4, '@version', ARRAY['version'], 'bigint', 'r.version', 'How often the resource was written: what meta.version says.'),
                (10003, 5, '@created', ARRAY['created'], 'timestamptz', 'r.created', 'When the resource was made: what meta.created says.'),
                (10004, 6, '@last_modified', ARRAY['last_modified'], 'timestamptz', 'r.last_modified', 'When the resource was last written: what meta.lastModified says.'),
                (10005, 7, '@tenant_id', ARRAY['tenant_id'], 'integer', 'r.tenant_id', 'The tenant to whom the resource belongs, for whom you act.'),
                (10006, 8, '@data', ARRAY['data'], 'jsonb', 'r.data', 'The whole document, as the table has it: what scim.matches takes.')
            ) AS v (place, claim, path, names, type, expression, comment)
        )
        SELECT f.place::int, f.claim::int, f.path, f.names, f.type, f.expression, f.comment FROM found f ORDER BY f.place
    $query$ USING of_type, schemas;
END
$function$;
COMMENT ON FUNCTION scim_internal.view_columns(name, text) IS
'The columns that a view of a resource type may have, by the schemas of the store as they are: place, what each is, what it may be called, its type, how it is read, and its comment. claim is the order in which names are taken.';

CREATE FUNCTION scim_internal.is_shown(attribute jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(lower(attribute ->> 'mutability'), '') <> 'writeonly' AND coalesce(lower(attribute ->> 'returned'), '') <> 'never';
END;
COMMENT ON FUNCTION scim_internal.is_shown(jsonb) IS
'Whether a view may show an attribute, which is given as its schema defines it: secrets are not shown.';

-- The most that a view may have; what is more is in "data".
CREATE FUNCTION scim_internal.max_view_columns() RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1500;
COMMENT ON FUNCTION scim_internal.max_view_columns() IS
'How many columns a view of resources has at most: the server allows some more.';

CREATE FUNCTION scim_internal.view_definition(store name, resource_type text, relation regclass,
    OUT place int, OUT path text, OUT name name, OUT type text, OUT expression text, OUT comment text, OUT is_new boolean)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    SET plan_cache_mode = force_custom_plan -- which knows how many there are
AS $function$
DECLARE
    wanted record;
    candidate text;
    taken text[] := '{}';
    paths text[] := '{}';
    number int;
    before CONSTANT text[] := CASE WHEN relation IS NULL THEN '{}' ELSE scim_internal.view_paths(relation) END;
    there CONSTANT text[] := ARRAY(SELECT ltrim(p, '-') FROM unnest(before) WITH ORDINALITY AS b (p, n) ORDER BY n);
    -- all that there may be, looked for once
    places int[]; claims int[]; found text[]; names text[]; second_names text[]; types text[]; expressions text[]; comments text[];
BEGIN
    SELECT array_agg(c.place), array_agg(c.claim), array_agg(c.path), array_agg(c.names[1]), array_agg(c.names[2]), array_agg(c.type), array_agg(c.expression), array_agg(c.comment)
    INTO places, claims, found, names, second_names, types, expressions, comments FROM scim_internal.view_columns(store, resource_type) c;
    -- those that the view has keep place, name and type
    FOR place, path, name, type, expression, comment, is_new IN
        SELECT b.n, CASE WHEN e.same THEN b.path ELSE '-' || b.path END, a.attname, format_type(a.atttypid, a.atttypmod),
            -- columns of the table have a collation of their own, and what is in documents has the usual one
            CASE WHEN a.attcollation IN (0, CASE WHEN e.expression ~ '^r\.\w+$' THEN '"C"'::regcollation ELSE '"default"'::regcollation END) THEN e.expression
                ELSE format('(%s) COLLATE %s', e.expression, a.attcollation::regcollation) END,
            c.comment, false
        FROM unnest(there) WITH ORDINALITY AS b (path, n)
        JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = b.n
        LEFT JOIN unnest(found, types, expressions, comments) AS c (path, type, expression, comment) ON c.path = b.path
        CROSS JOIN LATERAL (SELECT CASE WHEN c.type::regtype = a.atttypid THEN c.expression ELSE format('NULL::%s', format_type(a.atttypid, a.atttypmod)) END,
            coalesce(c.type::regtype = a.atttypid, false)) AS e (expression, same)
        ORDER BY b.n
    LOOP
        taken := array_append(taken, name::text);
        RETURN NEXT;
    END LOOP;
    -- What has no room stays away.  Names are taken in one order, and columns stand in another.
    FOR wanted IN
        SELECT c.* FROM (
            SELECT w.* FROM unnest(places, claims, found, names, second_names) AS w (place, claim, path, name, second_name) WHERE w.path NOT IN (SELECT unnest(there))
            ORDER BY NOT starts_with(w.path, '@'), w.place LIMIT greatest(scim_internal.max_view_columns() - cardinality(before), 0)) AS c
        ORDER BY c.claim
    LOOP
        number := 1;
        candidate := left(wanted.name, 63);
        WHILE candidate = '' OR candidate = ANY (taken) LOOP
            number := number + 1;
            candidate := CASE number WHEN 2 THEN left(coalesce(wanted.second_name, wanted.name), 63)
                ELSE left(coalesce(wanted.second_name, wanted.name), 57) || '_' || number - 1 END;
        END LOOP;
        taken := array_append(taken, candidate);
        paths := array_append(paths, wanted.path);
    END LOOP;
    RETURN QUERY SELECT (cardinality(before) + row_number() OVER (ORDER BY c.place))::int, c.path, n.name::name, c.type, c.expression, c.comment, true
        FROM unnest(paths, taken[cardinality(before) + 1 :]) AS n (path, name)
        JOIN unnest(places, found, types, expressions, comments) AS c (place, path, type, expression, comment) ON c.path = n.path;
END
$function$;
COMMENT ON FUNCTION scim_internal.view_definition(name, text, regclass) IS
'The columns of a view of a resource type: those that it has already, NULL where the attribute is gone or of another type, and then what is new.';

-- A view of which the columns are those of view_definition, made or replaced.
CREATE FUNCTION scim_internal.put_view(store name, resource_type text, table_name regclass, view text, relation regclass, options text[], only_new boolean)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    one record;
    of_type text;
    columns text := '';
    arguments text := quote_literal(resource_type);
    comments text[] := '{}';
BEGIN
    FOR one IN SELECT * FROM scim_internal.view_definition(store, resource_type, relation) d ORDER BY d.place LOOP
        columns := columns || CASE WHEN columns = '' THEN '' ELSE ', ' END || format('%s AS %I', one.expression, one.name);
        arguments := arguments || ', ' || quote_literal(one.path);
        IF one.comment IS NOT NULL AND (one.is_new OR NOT only_new) THEN
            comments := comments || format('COMMENT ON COLUMN %s.%I IS %L', view, one.name, one.comment);
        END IF;
    END LOOP;
    EXECUTE format('CREATE OR REPLACE VIEW %s WITH (%s) AS SELECT %s FROM %s AS r WHERE r.tenant_id = scim.tenant(%L::regnamespace) AND r.deleted_at IS NULL',
        view, array_to_string(options, ', '), columns, table_name, quote_ident(store));
    EXECUTE format('CREATE OR REPLACE TRIGGER scim_view INSTEAD OF INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION scim_internal.view_row(%s)',
        view, arguments);
    IF relation IS NULL OR NOT only_new AND obj_description(relation, 'pg_class') IS NULL THEN
        EXECUTE format('COMMENT ON TRIGGER scim_view ON %s IS %L', view, 'Writes what is new in a row to the store, through its door.');
        EXECUTE format('COMMENT ON VIEW %s IS %L', view,
            format('The resources of type %s that are there, of the tenant for whom you act: a column for each attribute, to be read and written (scim.create_view).', resource_type));
    END IF;
    FOREACH of_type IN ARRAY comments LOOP
        EXECUTE of_type;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_view(name, text, regclass, text, regclass, text[], boolean) IS
'Makes a view of the resources of a type, or gives one that is there the columns that it lacks, with its trigger and comments, or only those of what is new.';

-- By what it takes in, whatever somebody calls it and wherever he has put it.
CREATE FUNCTION scim_internal.table_of_type(store name, resource_type text) RETURNS regclass
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    found regclass := (SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(format('%I.resource', store)) AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', resource_type));
BEGIN
    -- one that is no such partition has nothing but its name
    IF found IS NULL THEN
        EXECUTE format('SELECT to_regclass(format(%L, %L, t.table_name)) FROM %I.resource_type t WHERE t.name = $1', '%I.%I', store, store) INTO found USING resource_type;
    END IF;
    RETURN found;
END
$function$;
COMMENT ON FUNCTION scim_internal.table_of_type(name, text) IS
'The table that holds the resources of a type of a store; NULL where there is none.';

-- The views of a store, whatever they are called and wherever they are.
CREATE FUNCTION scim_internal.views_of(store_table regclass) RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT c.oid::regclass
    FROM pg_class c
    WHERE c.relkind = 'v'
      AND c.oid IN (
          SELECT w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
          WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = store_table)
      AND c.oid IN (SELECT t.tgrelid FROM pg_trigger t WHERE t.tgfoid = 'scim_internal.view_row()'::regprocedure)
      AND scim_internal.view_table(c.oid) = store_table
    ORDER BY c.oid;
END;
COMMENT ON FUNCTION scim_internal.views_of(regclass) IS
'The views that scim.create_view has made of a table of resources.';

CREATE FUNCTION scim_internal.refresh_views(store name, again boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    one record;
    lacking text;
BEGIN
    FOR one IN EXECUTE format($query$
        SELECT t.name AS resource_type, p.oid::regclass AS table_name, c.oid::regclass AS view, c.relowner, c.reloptions, c.relnamespace,
            c.relnatts, scim_internal.view_paths(c.oid) AS paths
        FROM %1$I.resource_type t
        JOIN pg_class p ON p.oid = scim_internal.table_of_type(%2$L, t.name)
        CROSS JOIN LATERAL scim_internal.views_of(p.oid) AS v (view)
        JOIN pg_class c ON c.oid = v.view
        ORDER BY t.name, c.oid$query$, store, store)
    LOOP
        CONTINUE WHEN NOT again AND one.paths = ARRAY(SELECT d.path FROM scim_internal.view_definition(store, one.resource_type, one.view) d ORDER BY d.place);
        lacking := CASE WHEN cardinality(one.paths) <> one.relnatts THEN 'it has columns of its own'
            WHEN NOT pg_has_role(one.relowner, 'USAGE') THEN 'it belongs to somebody else'
            WHEN NOT has_schema_privilege(one.relnamespace, 'CREATE') THEN 'the owner of the store may make nothing in its schema' END;
        IF lacking IS NOT NULL THEN
            RAISE WARNING 'view % does not follow the schemas of store "%": %', one.view, store, lacking;
            CONTINUE;
        END IF;
        -- no schema waits for what somebody has made of a view; what may work when it is tried again is told
        BEGIN
            PERFORM scim_internal.put_view(store, one.resource_type, one.table_name, one.view::text, one.view, one.reloptions, NOT again);
        EXCEPTION WHEN OTHERS THEN
            IF sqlstate ~ '^(40|53|55|57|58|XX)' THEN
                RAISE;
            END IF;
            RAISE WARNING 'view % does not follow the schemas of store "%": %', one.view, store, sqlerrm;
        END;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.refresh_views(name, boolean) IS
'Gives the views that scim.create_view has made of a store the columns of attributes that are new, and NULL for those that are gone; again: makes all of them as this version does.';

CREATE FUNCTION scim_internal.drop_views(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    view regclass;
BEGIN
    FOR view IN SELECT scim_internal.views_of(store_table) LOOP
        EXECUTE format('DROP VIEW %s', view);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.drop_views(oid) IS
'Drops the views that scim.create_view has made of a table of resources, which is about to go. Error 2BP01 where others depend on one.';

-- The views that a store comes with are in nobody's way.
CREATE FUNCTION scim_internal.yield_view(store name, name name) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    view CONSTANT text := format('%I.%I', store, name);
BEGIN
    IF name NOT IN ('people', 'teams') OR scim_internal.view_paths(to_regclass(view)) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP VIEW %s', view);
    RAISE NOTICE 'the view % is gone: a table of resources has its name', view
        USING HINT = 'scim.create_view makes it under another name.';
    RETURN true;
END
$function$;
COMMENT ON FUNCTION scim_internal.yield_view(name, name) IS
'Drops the view people or teams that a store came with, since a table of resources is to have its name; returns whether there was such a view. Error 2BP01 where others depend on it.';

-- What of a view stays when it is made anew: who may do what with it, options, defaults, and triggers of others.
CREATE FUNCTION scim_internal.made_on_view(relation regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, relation, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = relation AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, relation, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE c.oid = relation AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', relation, t.attname, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d JOIN pg_attribute t ON (t.attrelid, t.attnum) = (d.adrelid, d.adnum) WHERE d.adrelid = relation
    UNION ALL
    SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
    WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgfoid <> 'scim_internal.view_row()'::regprocedure;
END;
COMMENT ON FUNCTION scim_internal.made_on_view(regclass) IS
'The statements that give a view again what people have given it: grants, defaults of columns, and triggers of their own.';

-- Called by scim.create_view and scim.create_store, as the owner of the store.
CREATE FUNCTION scim_internal.create_view(store name, resource_type text, schema name, name name) RETURNS regclass
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    view CONSTANT text := format('%I.%I', schema, name);
    relation regclass;
    of_table regclass;
    paths text[];
    options text[] := '{security_invoker=true}';
    again text[] := '{}';
    statement text;
    others text;
BEGIN
    IF name IS NULL OR name = '' OR schema IS NULL OR schema = '' THEN
        RAISE EXCEPTION 'a view needs a name' USING ERRCODE = 'invalid_name';
    END IF;
    -- schemas stay what they are until the view is there
    EXECUTE format('LOCK TABLE %1$I.schema, %1$I.resource_type IN SHARE ROW EXCLUSIVE MODE', store);
    of_table := scim_internal.table_of_type(store, resource_type);
    relation := to_regclass(view);
    IF relation IS NOT NULL THEN
        paths := scim_internal.view_paths(relation);
        IF paths IS NULL OR relation NOT IN (
            SELECT v FROM pg_class p, scim_internal.views_of(p.oid) AS v WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND p.relkind = 'r')
        THEN
            RAISE EXCEPTION 'relation % exists already', view
                USING ERRCODE = 'duplicate_table', DETAIL = format('It is no view that scim.create_view has made of store "%s".', store);
        ELSIF scim_internal.view_table(relation) <> of_table THEN
            RAISE EXCEPTION 'relation % exists already', view
                USING ERRCODE = 'duplicate_table', DETAIL = format('It is a view of another resource type: of table %s.', scim_internal.view_table(relation));
        END IF;
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', view);
        options := (SELECT coalesce(c.reloptions, '{}') FROM pg_class c WHERE c.oid = relation);
        -- what is there may be the beginning of what is to be
        IF NOT EXISTS (
            SELECT FROM pg_attribute a
            LEFT JOIN scim_internal.view_definition(store, resource_type, NULL) d ON d.place = a.attnum
            WHERE a.attrelid = relation AND a.attnum > 0
              AND (d.place IS NULL OR d.name <> a.attname OR d.type::regtype <> a.atttypid OR d.path IS DISTINCT FROM paths[a.attnum]))
        THEN
            PERFORM scim_internal.put_view(store, resource_type, of_table, view, relation, options, false);
            RETURN relation;
        END IF;
        again := ARRAY(SELECT scim_internal.made_on_view(relation));
        BEGIN
            EXECUTE format('DROP VIEW %s', view);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            GET STACKED DIAGNOSTICS others = PG_EXCEPTION_DETAIL;
            RAISE EXCEPTION 'view % cannot be made anew while others depend on it', view
                USING ERRCODE = 'dependent_objects_still_exist', DETAIL = others,
                      HINT = 'Drop them before, and make them again afterwards; or make a view of another name.';
        END;
    END IF;
    PERFORM scim_internal.put_view(store, resource_type, of_table, view, NULL, options, false);
    FOREACH statement IN ARRAY again LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN undefined_column THEN
            RAISE WARNING 'left out, since there is no such column any more: %', statement;
        END;
    END LOOP;
    RETURN to_regclass(view);
END
$function$;
COMMENT ON FUNCTION scim_internal.create_view(name, text, name, name) IS
'What scim.create_view does, once it is known whose store it is.';

CREATE FUNCTION scim.create_view(resource_type text, name text) RETURNS regclass
    AS 'MODULE_PATHNAME', 'scim_create_view'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_view(text, text) IS
'Makes a view of the resources of a type of the current store, in its schema where the name says no other: a column for each attribute, to be read and written through the door (doc/views.md). A view of that name that it has made before is made anew, with its grants. Registered schemas append columns to it. For the owner of the store, to whom the view belongs. Errors: SCVAL for an unknown resource type; 42P07 where something else has the name; 2BP01 where others depend on a view that has to be made anew; 42501; 55000 where the owner of the store may make nothing in its schema.';

-- The two that a store comes with, where their names are free.
CREATE FUNCTION scim_internal.first_views(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    wanted record;
BEGIN
    FOR wanted IN VALUES ('User', 'people'), ('Group', 'teams') LOOP
        CONTINUE WHEN scim_internal.table_of_type(store, wanted.column1) IS NULL;
        IF to_regclass(format('%I.%I', store, wanted.column2)) IS NOT NULL THEN
            RAISE WARNING 'there is no view %: the store has a relation of that name', format('%I.%I', store, wanted.column2)
                USING HINT = format('scim.create_view(%L, ...) makes it under another name.', wanted.column1);
            CONTINUE;
        END IF;
        PERFORM scim_internal.create_view(store, wanted.column1, store, wanted.column2::name);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.first_views(oid) IS
'Makes the views people and teams of the store one of whose tables is given, where nothing else has their names.';
