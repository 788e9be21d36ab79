-- Filters on documents and on rows.

CREATE FUNCTION scim_internal.matches_support(internal)
    RETURNS internal
    AS 'MODULE_PATHNAME', 'scim_matches_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.matches_support(internal) IS
'Planner support of scim.matches: its selectivity, and the condition on an index of scim.gin_ops.';

CREATE FUNCTION scim_internal.matches_selectivity(internal, oid, internal, integer)
    RETURNS double precision
    AS 'MODULE_PATHNAME', 'scim_matches_selectivity'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.matches_selectivity(internal, oid, internal, integer) IS
'Restriction selectivity of jsonb ~ scim.filter and jsonb @~ scim.index_query.';

CREATE FUNCTION scim.matches(document jsonb, filter scim.filter, resource_type text DEFAULT NULL)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_matches'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 10
    SUPPORT scim_internal.matches_support;
COMMENT ON FUNCTION scim.matches(jsonb, scim.filter, text) IS
'Whether a document matches a filter (RFC 7644 section 3.4.2.2), true or false, never null for a document and a filter but while the store is being restored and has no resource types yet. With a resource type, an attribute that it does not know is error SCFIL; without one, the attributes of all resource types are known and others compare as the literal does, without regard to case.';

CREATE FUNCTION scim_internal.jsonb_matches(document jsonb, filter scim.filter)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_jsonb_matches'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 10
    SUPPORT scim_internal.matches_support;
COMMENT ON FUNCTION scim_internal.jsonb_matches(jsonb, scim.filter) IS
'Implements the operator jsonb ~ scim.filter: scim.matches without a resource type.';

CREATE FUNCTION scim_internal.view_filter(filter text, otherwise text DEFAULT NULL) RETURNS scim.filter
    AS 'MODULE_PATHNAME', 'scim_view_filter'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.view_filter(text, text) IS
'A filter that a view makes of settings, to be compared by the operator jsonb ~ scim.filter: the first of the two that the schemas allow; NULL, with a warning, where they allow none.';

CREATE OPERATOR scim.~ (
    LEFTARG = jsonb,
    RIGHTARG = scim.filter,
    FUNCTION = scim_internal.jsonb_matches,
    RESTRICT = scim_internal.matches_selectivity,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR scim.~ (jsonb, scim.filter) IS
'Whether a document matches a filter, as scim.matches says without a resource type; an index of scim.gin_ops answers it.';

CREATE FUNCTION scim.to_sql(filter scim.filter, resource_type text DEFAULT 'User')
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, text) IS
'A filter as a boolean SQL expression over the columns of the current store''s table "resource", all values quoted. Its result may be null where the filter is false. The operators and functions of pg_catalog in it have no schema: run it with a search_path that has nothing before them. Error SCFIL where the resource type does not know an attribute.';

CREATE FUNCTION scim.to_sql(filter scim.filter, mapping jsonb)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_to_sql_mapping'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.to_sql(scim.filter, jsonb) IS
'A filter as a boolean SQL expression, never null, over the tables of an application. mapping: an object from attributes to SQL expressions, such as {"userName": "u.login", "active": {"expression": "u.enabled", "type": "boolean"}, "emails": {"from": "email e", "where": "e.user_id = u.id", "attributes": {"value": "e.address"}}}; types are string (caseExact), boolean, integer, decimal, dateTime, binary, reference, uuid, citext and jsonb, by default what the schemas say. The SQL text of the mapping is trusted, all values of the filter are quoted. Run it with a search_path that has nothing before pg_catalog, where the expressions allow. Errors: SCFIL where an attribute is not in the mapping, 22023 where the mapping is wrong. See doc/filters.md.';

CREATE FUNCTION scim_internal.sort_key(document jsonb, sort_by text, resource_type text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_key'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION scim_internal.sort_key(jsonb, text, text) IS
'A text by which documents sort as sortBy says (RFC 7644 section 3.4.2.3), in collation "C"; null where the attribute is unassigned.';

CREATE FUNCTION scim_internal.sort_text(document jsonb, path text[], kind text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_text'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION scim_internal.sort_text(jsonb, text[], text) IS
'The same for what stands at a path, by no more than its arguments: what searches sort by and indexes are over. kind: folded, user name, exact or instant, with "several " before it where values are of several types. Error 22023 where it is none of these.';

CREATE FUNCTION scim_internal.sort_expression(resource_type text, sort_by text)
    RETURNS text
    AS 'MODULE_PATHNAME', 'scim_sort_expression'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.sort_expression(text, text) IS
'The expression over a row by which searches of the current store sort as sortBy says. Error SCPTH where the attribute is unknown.';

CREATE FUNCTION scim_internal.ask_constraints(relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_ask_constraints'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.ask_constraints(regclass) IS
'Does SET CONSTRAINTS ALL IMMEDIATE where a row of a table, or of a partition of it, waits for a constraint or trigger that is put off: PostgreSQL does not drop the table then, nor makes or drops an index of it.';

CREATE FUNCTION scim_internal.make_index(relation regclass, index_name text, said text, online boolean) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    unfinished CONSTANT text := (SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = relation AND c.relname = index_name AND (NOT i.indisvalid OR scim_internal.is_of_others(i.indexrelid)));
BEGIN
    IF NOT online THEN
        PERFORM scim_internal.ask_constraints(relation);
    END IF;
    -- CONCURRENTLY that failed leaves an index that is not valid, and until it ends, too; or it is by what stood in a search_path
    IF unfinished IS NOT NULL THEN
        IF scim_internal.is_being_made(relation) THEN
            RAISE EXCEPTION 'index % is not valid, and another session may be making it', unfinished USING ERRCODE = 'object_in_use',
                HINT = 'Call again when that is done.';
        ELSIF online THEN
            RETURN NEXT 'DROP INDEX CONCURRENTLY IF EXISTS ' || unfinished;
        ELSE
            EXECUTE 'DROP INDEX IF EXISTS ' || unfinished;
        END IF;
    END IF;
    IF online THEN
        RETURN NEXT scim_internal.qualified(format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %I ON %s %s', index_name, relation, said));
    ELSE
        -- who makes the same one is waited for; IF NOT EXISTS alone finds him at the end, in the words of an index of the catalogue
        EXECUTE format('LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE', relation);
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s %s', index_name, relation, said);
    END IF;
END
$$;
COMMENT ON FUNCTION scim_internal.make_index(regclass, text, text, boolean) IS
'Makes an index of a table, or returns the statements that do, where it is missing or not valid; said: what CREATE INDEX says of it behind the name of the table. Error 55006 where another session may be making it.';

CREATE FUNCTION scim.create_sort_index(resource_type text, sort_by text, online boolean DEFAULT false)
    RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    store CONSTANT name := scim.store();
    expression CONSTANT text := scim_internal.sort_expression(resource_type, sort_by);
    relation CONSTANT regclass := scim_internal.table_of_type(store, resource_type);
    index_name text := (SELECT relname FROM pg_class WHERE oid = relation);
    of_schema text;
    serves text;
BEGIN
    IF num_nulls(resource_type, sort_by, online) > 0 THEN
        RAISE EXCEPTION 'resource_type, sort_by and online must not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'make indexes'), scim_internal.require_rights(quote_ident(store)::regnamespace, false);
    EXECUTE format('SELECT scim.fold(document ->> ''schema'') FROM %I.resource_type WHERE scim.fold(name) = scim.fold($1)', store) INTO of_schema USING resource_type;
    IF of_schema = scim.fold('urn:ietf:params:scim:schemas:core:2.0:User') AND expression ~ 'ARRAY\[''groups''' OR of_schema = scim.fold('urn:ietf:params:scim:schemas:core:2.0:Group') AND expression ~ 'ARRAY\[''members''' THEN
        RAISE EXCEPTION 'no index can sort by "%": it is no part of the rows of "%"', sort_by, resource_type USING ERRCODE = 'feature_not_supported',
            DETAIL = 'It is made from the table "member" as it is shown, and lists are not sorted by it.';
    ELSIF expression = 'id' THEN
        RAISE EXCEPTION 'no index is needed to sort by "%"', sort_by USING ERRCODE = 'duplicate_object', DETAIL = 'Lists are in the order of id by themselves.';
    END IF;
    -- what it is over is in its name: another one beside it, where the schema has changed
    index_name := left(index_name || '_' || lower(regexp_replace(sort_by, '[^A-Za-z0-9]+', '_', 'g')), 47)
        || '_' || left(md5(expression), 6) || '_sort';
    SELECT i.indexrelid::regclass::text INTO serves
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid,
        LATERAL (SELECT replace(scim_internal.index_shape_of(i.indexrelid), 'UNIQUE', '') AS shape) AS s
    WHERE i.indrelid = relation AND i.indisvalid
      AND NOT EXISTS (SELECT FROM pg_index own JOIN pg_class o ON o.oid = own.indexrelid WHERE own.indrelid = relation AND o.relname = index_name)
      AND s.shape = ANY (ARRAY[scim_internal.index_shape(format('btree (tenant_id, (%s), id) WHERE (deleted_at IS NULL)', expression)),
                               scim_internal.index_shape(format('btree (tenant_id, (%s)) WHERE (deleted_at IS NULL)', expression))])
    ORDER BY i.indexrelid LIMIT 1;
    IF serves IS NOT NULL THEN
        RAISE EXCEPTION 'no index is needed to sort by "%"', sort_by USING ERRCODE = 'duplicate_object', DETAIL = format('Lists are sorted by it from index %s.', serves);
    END IF;
    RETURN QUERY SELECT scim_internal.make_index(relation, index_name, format('(tenant_id, (%s), id) WHERE deleted_at IS NULL', expression), online);
END
$$;
COMMENT ON FUNCTION scim.create_sort_index(text, text, boolean) IS
E'Makes an index of the current store by which lists of a resource type are sorted by an attribute that has no column, such as name.familyName: a page of such a list is read from it. online: returns the statements, for \\gexec, which do not make writers wait. Otherwise constraints that rows of the table wait for are asked before, as SET CONSTRAINTS ALL IMMEDIATE does. The owner of the table may. What the schema says of the attribute is part of the index: when that changes, it is made again; one that is there by the same name stays, but one whose making was broken off, which is not valid, is dropped and made again. Errors: SCPTH where the attribute is unknown; 42710 where lists are sorted by it already, from the index that the detail names, such as by userName; 55006 where another session may be making it; 0A000 for groups and members, which are no part of rows; 55000 where the owner of the store may make nothing in its schema. Lists are sorted by the first 2,600 bytes of a value, which is what an index takes, and a longer one is refused by none.';

CREATE FUNCTION scim_internal.holds(document jsonb, filter text, attributes text)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_holds'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.holds(jsonb, text, text) IS
'Whether a document matches a filter, as scim.matches says, by no more than its arguments. attributes: for each attribute of the filter what its schema says, as scim_internal.filter_index writes it. Error 22023 where it is anything else.';

CREATE FUNCTION scim_internal.filter_index(resource_type text, filter scim.filter, OUT name text, OUT predicate text)
    AS 'MODULE_PATHNAME', 'scim_filter_index'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.filter_index(text, scim.filter) IS
'The name and the predicate of the index that searches of the current store look for, for a filter. Errors: SCFIL where the resource type does not know an attribute, 0A000 where a filter can have none, 54000 where it is too long for that.';

CREATE FUNCTION scim.create_filter_index(resource_type text, filter scim.filter, online boolean DEFAULT false)
    RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    store CONSTANT name := scim.store();
    relation CONSTANT regclass := scim_internal.table_of_type(store, resource_type);
    wanted record;
BEGIN
    IF num_nulls(resource_type, filter, online) > 0 THEN
        RAISE EXCEPTION 'resource_type, filter and online must not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'make indexes'), scim_internal.require_rights(quote_ident(store)::regnamespace, false);
    SELECT * INTO wanted FROM scim_internal.filter_index(resource_type, filter);
    RETURN QUERY SELECT scim_internal.make_index(relation, wanted.name, '(tenant_id, id) WHERE ' || wanted.predicate, online);
END
$$;
COMMENT ON FUNCTION scim.create_filter_index(text, scim.filter, boolean) IS
E'Makes an index of the current store of the resources that match a filter, in the order of lists: scim.search and GET count and read the list of this filter from it, whatever it asks for of documents, "not" and "ne" of what most have, too. It is for the whole filter, whatever the case of names in it and whether they have their schema before them. online: returns the statements, for \\gexec, which do not make writers wait. Otherwise constraints that rows of the table wait for are asked before, as SET CONSTRAINTS ALL IMMEDIATE does. The owner of the table may. What the schemas say of its attributes is part of the index: when that changes, searches do not use it any more, and it is made again; one that is there stays, but one whose making was broken off, which is not valid, is dropped and made again. Errors: 55006 where another session may be making it; SCFIL where the resource type does not know an attribute; 0A000 where it asks for what is no part of documents, or has more than 50 terms and operators; 54000 where it has more than 4,000 bytes, as scim.filter shows it.';

CREATE FUNCTION scim_internal.groups_found(found bytea, groups uuid[])
    RETURNS boolean[]
    AS 'MODULE_PATHNAME', 'scim_groups_found'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.groups_found(bytea, uuid[]) IS
'For each group that a search looks up, whether one is among these groups, or above them. found: what the search has found of all groups beforehand.';

CREATE FUNCTION scim_internal.texts_hold(program bytea, texts text[])
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_texts_hold'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.texts_hold(bytea, text[]) IS
'Whether what a filter asks of texts holds for these. program: what it asks, as a search has written it. What a statement compares so is bounded: the setting max_filter_visits, SCMNY.';

CREATE FUNCTION scim_internal.texts_answers(program bytea, texts text[])
    RETURNS boolean[]
    AS 'MODULE_PATHNAME', 'scim_texts_answers'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION scim_internal.texts_answers(bytea, text[]) IS
'For each question of a program, as of texts_hold, whether it holds for the texts of one of these rows.';

CREATE FUNCTION scim_internal.filter_visits(visits integer)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_filter_visits'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.filter_visits(integer) IS
'True, until the rows of a statement come to more visits than the setting max_filter_visits allows: SCMNY.';

CREATE FUNCTION scim.search(resource_type text, filter text DEFAULT NULL,
        sort_by text DEFAULT NULL, sort_order text DEFAULT NULL,
        start_index bigint DEFAULT NULL, count bigint DEFAULT NULL, cursor text DEFAULT NULL,
        attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_search'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.search(text, text, text, text, bigint, bigint, text, text, text) IS
'A ListResponse (RFC 7644 section 3.4.2). resource_type NULL: all of them. sort_order: ascending (default) or descending. start_index is 1-based. count: at most so many, 100 by default, never more than the setting scim.max_results. cursor: pages by cursor (RFC 9865) instead of start_index; an empty text asks for the first page, nextCursor of a page for the next one, until there is none. Errors: SCFIL, SCPTH, SCVAL, and SCCUR, SCEXP, SCCNT for a cursor that is not of this query, too old, or with another count.';
