-- Profiles: what a store is configured to be, as one document.

CREATE FUNCTION scim.profile_schema() RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$ SELECT document FROM scim_internal.profile_schema() $$;
COMMENT ON FUNCTION scim.profile_schema() IS
'The JSON Schema (2020-12) of profile documents, for editors and validators: what scim.apply_profile holds every document to before it looks into its schemas, policies and endpoints.';

CREATE FUNCTION scim.profiles(OUT name text, OUT description text, OUT document jsonb)
    RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 4
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
    SELECT document ->> 'name', document ->> 'description', document
    FROM scim_internal.profiles() ORDER BY document ->> 'name' COLLATE "C"
$$;
COMMENT ON FUNCTION scim.profiles() IS
'The profiles that come with scim, by name, each with its document: to be applied by scim.apply_profile(name), or to write one''s own after.';

-- An error about a document, with its place there, that is otherwise the one at hand.
CREATE FUNCTION scim_internal.profile_error(place text, state text, message text,
        detail text DEFAULT 'scimType: invalidValue', hint text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_profile_error'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.profile_error(text, text, text, text, text) IS
'Raises an error about a profile document: its place there as a JSON pointer (RFC 6901), the SQLSTATE, and what was said of it.';

-- So much of JSON Schema as profile.schema.json uses.
CREATE FUNCTION scim_internal.json_problem(rules jsonb, document jsonb, place text)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    kind text := jsonb_typeof(document);
    types text[] := ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(rules -> 'type')
        WHEN 'string' THEN jsonb_build_array(rules -> 'type') ELSE rules -> 'type' END));
    part record;
    problem text;
BEGIN
    IF kind = 'number' AND 'integer' = ANY (types) AND document::numeric = trunc(document::numeric) THEN
        kind := 'integer';
    END IF;
    IF types <> '{}' AND kind <> ALL (types) THEN
        RETURN format('%s: must be %s, not %s', place, array_to_string(types, ' or '), coalesce(kind, 'nothing'));
    END IF;
    IF rules ? 'enum' AND NOT rules -> 'enum' @> document THEN
        RETURN format('%s: must be one of %s, not %s', place,
            (SELECT string_agg(e::text, ', ') FROM jsonb_array_elements(rules -> 'enum') e), document);
    END IF;
    IF kind = 'string' AND rules ? 'pattern' AND document #>> '{}' !~ (rules ->> 'pattern')
       OR kind = 'string' AND length(document #>> '{}') < (rules ->> 'minLength')::int THEN
        RETURN format('%s: must not be %s', place, document);
    END IF;
    IF kind = 'array' AND jsonb_array_length(document) < (rules ->> 'minItems')::int THEN
        RETURN format('%s: must not be empty', place);
    END IF;
    IF kind = 'object' THEN
        FOR part IN SELECT m AS name FROM jsonb_array_elements_text(rules -> 'required') m WHERE NOT document ? m LOOP
            RETURN format('%s: %s is missing', coalesce(nullif(place, ''), 'the document'), to_json(part.name));
        END LOOP;
        FOR part IN SELECT m.key, m.value, rules #> ARRAY['properties', m.key] AS rules,
                place || '/' || replace(replace(m.key, '~', '~0'), '/', '~1') AS place FROM jsonb_each(document) m LOOP
            IF part.rules IS NOT NULL THEN
                problem := scim_internal.json_problem(part.rules, part.value, part.place);
            ELSIF rules -> 'additionalProperties' = 'false' THEN
                problem := format('%s: there is no such member', part.place);
            ELSIF rules ? 'additionalProperties' THEN
                problem := scim_internal.json_problem(rules -> 'additionalProperties', part.value, part.place);
            END IF;
            IF problem IS NOT NULL THEN
                RETURN problem;
            END IF;
        END LOOP;
    ELSIF kind = 'array' AND rules ? 'items' THEN
        FOR part IN SELECT e.value, e.n - 1 AS n FROM jsonb_array_elements(document) WITH ORDINALITY e (value, n) LOOP
            problem := scim_internal.json_problem(rules -> 'items', part.value, format('%s/%s', place, part.n));
            IF problem IS NOT NULL THEN
                RETURN problem;
            END IF;
        END LOOP;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION scim_internal.json_problem(jsonb, jsonb, text) IS
'The first thing by which a value differs from a JSON Schema, with its place as a JSON pointer behind the one given; NULL: nothing. Of the language it knows what scim.profile_schema() uses.';

CREATE FUNCTION scim_internal.registered_form(resource_type boolean, document jsonb)
    RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_registered_form'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.registered_form(boolean, jsonb) IS
'The document of a resource type, or else of a schema, in the form in which it is registered. Errors: SCVAL where it cannot be.';

CREATE FUNCTION scim_internal.setting_form(name text, value jsonb)
    RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_setting_form'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.setting_form(text, jsonb) IS
'The form in which the table "setting" would hold a value of a setting; what it would refuse is returned as it is.';

-- Of these letter case does not count; rows of the other tables may differ in it.
CREATE FUNCTION scim_internal.profile_same(part text, key text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$ SELECT CASE WHEN part IN ('policy', 'setting', 'endpoint') THEN key ELSE scim.fold(key) END $$;
COMMENT ON FUNCTION scim_internal.profile_same(text, text) IS
'What the keys of two parts of one kind have in common where both are the same: the key or, where letter case does not count, the key folded.';

-- What the parts of a document and of a store are compared by: a key that people can
-- read, and the part in the form in which it is exported.
CREATE FUNCTION scim_internal.profile_key(VARIADIC words text[])
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
    SELECT string_agg(CASE WHEN word ~ '^[[:alnum:]_.:-]+$' THEN word ELSE to_json(word)::text END, ' ' ORDER BY n)
    FROM unnest(words) WITH ORDINALITY w (word, n) WHERE word IS NOT NULL
$$;
COMMENT ON FUNCTION scim_internal.profile_key(text[]) IS
'Words one after the other, each quoted that would not end by itself.';

CREATE FUNCTION scim_internal.protocol_schemas()
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '{urn:ietf:params:scim:schemas:core:2.0:Schema,urn:ietf:params:scim:schemas:core:2.0:ResourceType,urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig}'::text[];
COMMENT ON FUNCTION scim_internal.protocol_schemas() IS
'The schemas by which discovery describes itself (RFC 7643 sections 5 to 7): no part of any profile.';

CREATE FUNCTION scim_internal.profile_of_store(store name)
    RETURNS TABLE (part text, key text, item jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY EXECUTE replace($sql$
        -- those of discovery itself are the protocol's; what a store begins with may leave something out
        SELECT 'schema', id, scim_internal.registered_form(false, document) FROM @.schema
        WHERE id <> ALL (scim_internal.protocol_schemas())
        UNION ALL
        SELECT 'resourceType', name, scim_internal.registered_form(true, document) || jsonb_build_object('table', table_name) FROM @.resource_type
        UNION ALL
        SELECT 'policy', scim_internal.profile_key(resource_type, kind, nullif(name, kind), 'tenant ' || tenant_id),
            jsonb_build_object('resourceType', resource_type, 'kind', kind, 'name', name, 'enabled', enabled, 'settings', settings)
                || jsonb_strip_nulls(jsonb_build_object('tenant', tenant_id))
        FROM @.policy
        UNION ALL
        SELECT 'setting', scim_internal.profile_key(name, resource_type, 'tenant ' || tenant_id),
            jsonb_build_object('name', name, 'value', value)
                || jsonb_strip_nulls(jsonb_build_object('resourceType', resource_type, 'tenant', tenant_id))
        FROM @.setting WHERE token_id IS NULL
        UNION ALL
        SELECT 'endpoint', name, jsonb_build_object('name', name, 'methods', methods, 'path', path,
            'resourceType', resource_type, 'action', action, 'enabled', enabled, 'settings', settings)
        FROM @.endpoint
        UNION ALL
        SELECT 'authenticationScheme', scheme, jsonb_strip_nulls(jsonb_build_object('scheme', scheme, 'keyword', keyword,
            'credential', credential, 'secondHeader', second_header, 'type', type, 'name', name,
            'description', description, 'specUri', spec_uri, 'primary', is_primary))
        FROM @.authentication_scheme
        UNION ALL
        SELECT 'tenant', tenant_id::text, jsonb_build_object('tenant', tenant_id, 'name', name)
        FROM @.tenant
    $sql$, '@.', quote_ident(store) || '.');
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_of_store(name) IS
'What a store is configured to be, a row for each part, as scim.export_profile puts it together: no people, no secrets, nothing of single tokens; and all tenants.';

CREATE FUNCTION scim_internal.amended_schema(schema jsonb, amend jsonb, place text)
    RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    path text;
    characteristics jsonb;
    word text;
    key text;
    way text[];
    found text;
BEGIN
    FOR path, characteristics IN SELECT * FROM jsonb_each(amend) LOOP
        way := '{}';
        IF path = '' OR jsonb_typeof(characteristics) = 'object' AND scim.fold(characteristics ->> 'name') <> scim.fold(regexp_replace(path, '^.*\.', '')) THEN
            PERFORM scim_internal.profile_error(format('%s/%s', place, replace(replace(path, '~', '~0'), '/', '~1')), 'SCVAL',
                CASE path WHEN '' THEN 'there is no attribute without a name' ELSE 'an attribute keeps its name' END);
        END IF;
        FOREACH word IN ARRAY string_to_array(path, '.') LOOP
            key := CASE WHEN way = '{}' THEN 'attributes' ELSE 'subAttributes' END;
            SELECT n - 1 INTO found FROM jsonb_array_elements(schema #> (way || key)) WITH ORDINALITY a (document, n)
            WHERE scim.fold(document ->> 'name') = scim.fold(word);
            IF found IS NULL THEN
                -- it is gone already
                EXIT WHEN jsonb_typeof(characteristics) = 'null';
                PERFORM scim_internal.profile_error(format('%s/%s', place, replace(replace(path, '~', '~0'), '/', '~1')), 'SCVAL',
                    format('schema "%s" has no attribute "%s"', schema ->> 'id', path));
            END IF;
            way := way || key || found;
        END LOOP;
        schema := CASE WHEN jsonb_typeof(characteristics) = 'object' THEN jsonb_set(schema, way, jsonb_strip_nulls((schema #> way) || characteristics))
            WHEN found IS NULL THEN schema ELSE schema #- way END;
    END LOOP;
    RETURN schema;
END
$function$;
COMMENT ON FUNCTION scim_internal.amended_schema(jsonb, jsonb, text) IS
'The document of a schema with characteristics of some of its attributes replaced, by their paths; null takes one away, or an attribute as a whole. Error SCVAL where there is no such attribute, naming the place.';

CREATE FUNCTION scim_internal.profile_of_document(document jsonb, store name)
    RETURNS TABLE (part text, key text, item jsonb, place text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    problem text := scim_internal.json_problem(scim.profile_schema(), document, '');
    element jsonb;
    list text;
    -- grown in place: copied for each element, they would take a time that grows with its square
    said text[] := '{}';
    places text[] := '{}';
    again record;
    spelled text;
    present jsonb;
    kept jsonb;
    detail text;
    hint text;
BEGIN
    IF problem IS NOT NULL THEN
        PERFORM scim_internal.profile_error(regexp_replace(substr(problem, 1, position(': ' IN problem) - 1), '^$', 'the document'),
            'SCVAL', substr(problem, position(': ' IN problem) + 2));
    END IF;
    -- without these nobody is there, and nobody comes in
    FOREACH list IN ARRAY ARRAY['resourceTypes', 'authenticationSchemes'] LOOP
        IF jsonb_typeof(document -> 'complete') = 'array' AND document -> 'complete' ? list AND NOT document ? list THEN
            PERFORM scim_internal.profile_error('/complete', 'SCVAL', format('"%s" needs the list of what is to stay', list));
        END IF;
    END LOOP;
    FOR list, part IN VALUES ('tenants', 'tenant'), ('schemas', 'schema'), ('resourceTypes', 'resourceType'),
            ('authenticationSchemes', 'authenticationScheme'), ('settings', 'setting'), ('policies', 'policy'), ('endpoints', 'endpoint') LOOP
        FOR element, place IN SELECT e, format('/%s/%s', list, n - 1)
                FROM jsonb_array_elements(document -> list) WITH ORDINALITY x (e, n) LOOP
            -- a number is the same however it is written
            item := element || CASE WHEN element ? 'tenant' THEN jsonb_build_object('tenant', trunc((element ->> 'tenant')::numeric)) ELSE '{}' END;
            CASE part
            WHEN 'tenant' THEN
                item := '{"name": ""}' || item;
                key := item ->> 'tenant';
            WHEN 'schema', 'resourceType' THEN
                IF part = 'schema' AND scim.fold(element ->> 'id') = ANY (ARRAY(SELECT scim.fold(p) FROM unnest(scim_internal.protocol_schemas()) p)) THEN
                    PERFORM scim_internal.profile_error(place || '/id', 'SCVAL', format('schema "%s" is the protocol''s own', element ->> 'id'));
                END IF;
                IF part = 'schema' AND element ? 'amend' THEN
                    EXECUTE format('SELECT document FROM %I.schema WHERE scim.fold(id) = scim.fold($1)', store) INTO item USING element ->> 'id';
                    IF item IS NULL THEN
                        PERFORM scim_internal.profile_error(place || '/amend', 'SCVAL', format('there is no schema "%s" to amend', element ->> 'id'));
                    END IF;
                    element := scim_internal.amended_schema(item || (element - 'amend'), element -> 'amend', place || '/amend');
                END IF;
                BEGIN
                    item := scim_internal.registered_form(part = 'resourceType', element - 'table')
                        || jsonb_strip_nulls(jsonb_build_object('table', element -> 'table'));
                EXCEPTION WHEN OTHERS THEN
                    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
                    PERFORM scim_internal.profile_error(place, sqlstate, sqlerrm, detail, hint);
                END;
                key := item ->> CASE part WHEN 'schema' THEN 'id' ELSE 'name' END;
            WHEN 'authenticationScheme' THEN
                -- what is not so is not said
                item := CASE WHEN item -> 'primary' = 'false' THEN item - 'primary' ELSE item END;
                key := item ->> 'scheme';
            WHEN 'setting' THEN
                item := item || jsonb_build_object('value', scim_internal.setting_form(item ->> 'name', item -> 'value'));
                IF item ? 'resourceType' THEN
                    -- as the table spells it
                    EXECUTE format('SELECT name FROM %I.resource_type WHERE scim.fold(name) = scim.fold($1)', store) INTO spelled USING item ->> 'resourceType';
                    item := item || jsonb_build_object('resourceType', coalesce(spelled, (SELECT t ->> 'name' FROM jsonb_array_elements(document -> 'resourceTypes') t
                        WHERE scim.fold(t ->> 'name') = scim.fold(item ->> 'resourceType') LIMIT 1), item ->> 'resourceType'));
                END IF;
                key := scim_internal.profile_key(item ->> 'name', item ->> 'resourceType', 'tenant ' || (item ->> 'tenant'));
            WHEN 'policy' THEN
                item := jsonb_build_object('name', item -> 'kind', 'enabled', true, 'settings', '{}'::jsonb) || item;
                key := scim_internal.profile_key(item ->> 'resourceType', item ->> 'kind',
                    nullif(item ->> 'name', item ->> 'kind'), 'tenant ' || (item ->> 'tenant'));
                IF item ? 'keep' THEN
                    -- what is the store's own to say
                    IF present IS NULL THEN
                        SELECT coalesce(jsonb_object_agg(p.key, p.item -> 'settings'), '{}') INTO present FROM scim_internal.profile_of_store(store) p WHERE p.part = 'policy';
                    END IF;
                    kept := present -> key;
                    item := jsonb_set(item, '{settings}', item -> 'settings' || coalesce((SELECT jsonb_object_agg(k, kept -> k)
                        FROM jsonb_array_elements_text(item -> 'keep') k WHERE kept ? k), '{}')) - 'keep';
                END IF;
            WHEN 'endpoint' THEN
                item := item || jsonb_build_object('methods', upper(item ->> 'methods')::jsonb);
                item := jsonb_build_object('enabled', true, 'settings', '{}'::jsonb, 'name',
                    coalesce((SELECT string_agg(m, ',') FROM jsonb_array_elements_text(item -> 'methods') m), '') || ' ' || (item ->> 'path')) || item;
                key := item ->> 'name';
            END CASE;
            said := array_append(said, part || ' ' || scim_internal.profile_same(part, key));
            places := array_append(places, place);
            RETURN NEXT;
        END LOOP;
    END LOOP;
    SELECT s.place, s.first INTO again
    FROM (SELECT u.n, u.place, first_value(u.place) OVER w AS first, row_number() OVER w AS number
        FROM unnest(said, places) WITH ORDINALITY AS u (said, place, n) WINDOW w AS (PARTITION BY u.said COLLATE "C" ORDER BY u.n)) AS s
    WHERE s.number > 1 ORDER BY s.n LIMIT 1;
    IF FOUND THEN
        PERFORM scim_internal.profile_error(again.place, 'SCVAL', format('says again what is said at %s', again.first));
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_of_document(jsonb, name) IS
'What a profile document says, a row for each part, with everything that it leaves to defaults and its place as a JSON pointer. Errors: SCVAL, naming the place.';

-- step: in which order it is done.
CREATE FUNCTION scim_internal.profile_changes(document jsonb, store name)
    RETURNS TABLE (step int, part text, key text, change text, "from" jsonb, "to" jsonb, place text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    WITH wanted AS (
        SELECT w.*, scim_internal.profile_same(w.part, w.key) AS folded FROM scim_internal.profile_of_document(document, store) WITH ORDINALITY w (part, key, item, place, n)
    ), present AS (
        SELECT p.*, scim_internal.profile_same(p.part, p.key) AS folded FROM scim_internal.profile_of_store(store) p
    ), list (part, name) AS (
        VALUES ('schema', 'schemas'), ('resourceType', 'resourceTypes'), ('policy', 'policies'),
            ('setting', 'settings'), ('endpoint', 'endpoints'), ('authenticationScheme', 'authenticationSchemes')
    ), complete AS (
        SELECT part, document ? name AS said FROM list
        WHERE document -> 'complete' = 'true' OR jsonb_typeof(document -> 'complete') = 'array' AND document -> 'complete' ? name
    ), stays AS (
        -- of what is not named, although the document is complete: the resource types that every store
        -- begins with and its ways of authentication, where nothing is said of any, and ...
        SELECT p.* FROM present p JOIN complete c USING (part)
        WHERE NOT c.said AND document -> 'complete' = 'true'
          AND (p.part = 'authenticationScheme'
               OR p.part = 'resourceType' AND p.key IN (SELECT t.document ->> 'name' FROM scim_internal.core_resource_types() t))
    ), type AS (
        SELECT item FROM wanted WHERE part = 'resourceType'
        UNION ALL
        SELECT item FROM stays WHERE part = 'resourceType'
    ), used AS (
        -- ... schemas that a resource type names
        SELECT scim.fold(item ->> 'schema') AS id FROM type
        UNION
        SELECT scim.fold(e ->> 'schema') FROM type, jsonb_array_elements(item -> 'schemaExtensions') e
    ), change AS (
        SELECT part, coalesce(p.key, w.key) AS key, p.item AS "from",
            -- what a document leaves open is as it is
            w.item || CASE WHEN part = 'resourceType' AND NOT w.item ? 'table' AND p.item ? 'table'
                THEN jsonb_build_object('table', p.item -> 'table') ELSE '{}' END AS "to",
            w.place, w.n
        FROM wanted w FULL JOIN present p USING (part, folded)
        WHERE w.key IS NOT NULL OR (EXISTS (SELECT FROM complete c WHERE c.part = p.part)
            AND NOT EXISTS (SELECT FROM stays s WHERE (s.part, s.key) = (p.part, p.key))
            AND NOT (p.part = 'schema' AND p.folded IN (SELECT id FROM used)))
        UNION ALL
        -- one way of authentication is the primary one
        SELECT p.part, p.key, p.item, p.item - 'primary', w.place, w.n
        FROM wanted w, present p
        WHERE w.part = 'authenticationScheme' AND w.item ? 'primary' AND p.part = w.part AND p.item ? 'primary'
          AND NOT EXISTS (SELECT FROM wanted x WHERE (x.part, x.folded) = (p.part, p.folded))
          AND NOT EXISTS (SELECT FROM complete c WHERE c.part = p.part)
    )
    SELECT CASE
            WHEN "to" IS NULL THEN CASE part WHEN 'policy' THEN 1 WHEN 'setting' THEN 2 WHEN 'resourceType' THEN 6
                WHEN 'schema' THEN 7 WHEN 'authenticationScheme' THEN 8 ELSE 20 END
            ELSE CASE part WHEN 'tenant' THEN 3 WHEN 'schema' THEN 4 WHEN 'resourceType' THEN 5
                -- the primary one last, when the other one is not so any more
                WHEN 'authenticationScheme' THEN CASE WHEN "to" ? 'primary' THEN 10 ELSE 9 END
                -- what shows the life-cycle, and what is a reference, is named by other policies
                WHEN 'setting' THEN 11 WHEN 'policy' THEN CASE WHEN "to" ->> 'kind' IN ('status', 'reference') THEN 12 ELSE 13 END ELSE 20 END
        END,
        part, key, CASE WHEN "from" IS NULL THEN 'add' WHEN "to" IS NULL THEN 'remove' ELSE 'change' END,
        "from", "to", place
    FROM change
    -- a tenant has to be there; its name is the store's own
    WHERE CASE part WHEN 'tenant' THEN "from" IS NULL ELSE "from" IS DISTINCT FROM "to" END
    ORDER BY 1, n, key COLLATE "C"
$function$;
COMMENT ON FUNCTION scim_internal.profile_changes(jsonb, name) IS
'What makes a store what a profile document says, a row for each change, in the order in which it can be done.';

CREATE FUNCTION scim.export_profile() RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    WITH part AS (
        SELECT * FROM scim_internal.profile_of_store(scim.store()::name)
    ), list (name, part) AS (
        VALUES ('tenants', 'tenant'), ('schemas', 'schema'), ('resourceTypes', 'resourceType'), ('policies', 'policy'),
            ('settings', 'setting'), ('endpoints', 'endpoint'), ('authenticationSchemes', 'authenticationScheme')
    )
    SELECT '{"scim": "profile/1", "complete": true}'::jsonb || jsonb_object_agg(l.name, coalesce(
        (SELECT jsonb_agg(p.item ORDER BY p.key COLLATE "C") FROM part p WHERE p.part = l.part
            AND (p.part <> 'tenant' OR EXISTS (SELECT FROM part o WHERE o.part IN ('policy', 'setting') AND o.item -> 'tenant' = p.item -> 'tenant'))),
        '[]'))
    FROM list l
$function$;
COMMENT ON FUNCTION scim.export_profile() IS
'What the current store is configured to be, as a profile document: schemas, resource types, policies, settings, endpoints, ways of authentication, and the tenants that these name. Nobody''s data and no secrets; settings of single tokens stay behind. It says "complete", so that another store to which it is applied becomes the same.';

CREATE FUNCTION scim.diff_profile(document jsonb)
    RETURNS TABLE (part text, key text, action text, "from" jsonb, "to" jsonb)
    LANGUAGE sql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    SELECT c.part, c.key, c.change, c."from", c."to" FROM scim_internal.profile_changes(document, scim.store()::name) c ORDER BY c.step
$function$;
COMMENT ON FUNCTION scim.diff_profile(jsonb) IS
'What scim.apply_profile would change in the current store, in the order in which it does: part (schema, resourceType, policy, setting, endpoint, authenticationScheme or tenant), key, action (add, change or remove), what is there and what would be. No row: the store is what the document says. Errors: SCVAL where the document is wrong, naming the place as a JSON pointer; what only the store''s triggers find is found by scim.apply_profile. Others than the owner see what differs of what they may read.';

CREATE FUNCTION scim_internal.profile_named(profile text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    found jsonb;
BEGIN
    IF profile ~ '^\s*\{' THEN
        RETURN profile;
    END IF;
    SELECT p.document INTO found FROM scim.profiles() p WHERE p.name = profile;
    IF found IS NULL THEN
        RAISE EXCEPTION 'there is no profile "%"', profile
            USING ERRCODE = 'undefined_object',
                  HINT = format('There are: %s. A document begins with {.', (SELECT string_agg(p.name, ', ') FROM scim.profiles() p));
    END IF;
    RETURN found;
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_named(text) IS
'The profile document that a text is or, where it does not begin with {, names. Error 42704 where there is no profile of that name.';

CREATE FUNCTION scim.diff_profile(name text)
    RETURNS TABLE (part text, key text, action text, "from" jsonb, "to" jsonb)
    LANGUAGE sql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$ SELECT * FROM scim.diff_profile(scim_internal.profile_named(name)) $function$;
COMMENT ON FUNCTION scim.diff_profile(text) IS
'scim.diff_profile(jsonb) with the name of one of scim.profiles(), or with a document as a text.';

-- One change of a row or of a document, as the triggers of its table let it pass.
CREATE FUNCTION scim_internal.profile_change(store name, part text, change text, before jsonb, item jsonb)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    CASE part
    WHEN 'schema' THEN
        IF change = 'remove' THEN
            PERFORM scim.unregister_schema(before ->> 'id');
        ELSE
            PERFORM scim.register_schema(item);
        END IF;
    WHEN 'resourceType' THEN
        IF change = 'remove' THEN
            PERFORM scim.unregister_resource_type(before ->> 'name');
        ELSE
            PERFORM scim.register_resource_type(item - 'table', table_name => (item ->> 'table')::name);
        END IF;
    WHEN 'tenant' THEN
        EXECUTE format('INSERT INTO %I.tenant (tenant_id, name) VALUES ($1, $2)', store)
            USING (item ->> 'tenant')::int, coalesce(nullif(item ->> 'name', ''), 'tenant ' || (item ->> 'tenant'));
    WHEN 'policy' THEN
        CASE change
        WHEN 'add' THEN
            EXECUTE format('INSERT INTO %I.policy (resource_type, kind, name, enabled, settings, tenant_id) VALUES ($1, $2, $3, $4, $5, $6)', store)
                USING item ->> 'resourceType', item ->> 'kind', item ->> 'name', (item ->> 'enabled')::boolean, item -> 'settings', (item ->> 'tenant')::int;
        WHEN 'change' THEN
            EXECUTE format('UPDATE %I.policy SET enabled = $4, settings = $5 WHERE resource_type = $1 AND kind = $2 AND name = $3 AND tenant_id IS NOT DISTINCT FROM $6', store)
                USING before ->> 'resourceType', before ->> 'kind', before ->> 'name', (item ->> 'enabled')::boolean, item -> 'settings', (before ->> 'tenant')::int;
        ELSE
            EXECUTE format('DELETE FROM %I.policy WHERE resource_type = $1 AND kind = $2 AND name = $3 AND tenant_id IS NOT DISTINCT FROM $4', store)
                USING before ->> 'resourceType', before ->> 'kind', before ->> 'name', (before ->> 'tenant')::int;
        END CASE;
    WHEN 'setting' THEN
        CASE change
        WHEN 'add' THEN
            EXECUTE format('INSERT INTO %I.setting (name, resource_type, tenant_id, value) VALUES ($1, $2, $3, $4)', store)
                USING item ->> 'name', item ->> 'resourceType', (item ->> 'tenant')::int, item -> 'value';
        WHEN 'change' THEN
            EXECUTE format('UPDATE %I.setting SET value = $4 WHERE name = $1 AND resource_type IS NOT DISTINCT FROM $2 AND tenant_id IS NOT DISTINCT FROM $3 AND token_id IS NULL', store)
                USING before ->> 'name', before ->> 'resourceType', (before ->> 'tenant')::int, item -> 'value';
        ELSE
            EXECUTE format('DELETE FROM %I.setting WHERE name = $1 AND resource_type IS NOT DISTINCT FROM $2 AND tenant_id IS NOT DISTINCT FROM $3 AND token_id IS NULL', store)
                USING before ->> 'name', before ->> 'resourceType', (before ->> 'tenant')::int;
        END CASE;
    WHEN 'authenticationScheme' THEN
        IF change = 'remove' THEN
            EXECUTE format('DELETE FROM %I.authentication_scheme WHERE scheme = $1', store) USING before ->> 'scheme';
        ELSE
            EXECUTE format('INSERT INTO %I.authentication_scheme (scheme, keyword, credential, second_header, type, name, description, spec_uri, is_primary)
                SELECT i.scheme, i.keyword, i.credential, i."secondHeader", i.type, i.name, i.description, i."specUri", i."primary"
                FROM jsonb_to_record($1) i (scheme text, keyword text, credential text, "secondHeader" text, type text,
                    name text, description text, "specUri" text, "primary" boolean)
                ON CONFLICT (scheme) DO UPDATE SET keyword = excluded.keyword, credential = excluded.credential,
                    second_header = excluded.second_header, type = excluded.type, name = excluded.name,
                    description = excluded.description, spec_uri = excluded.spec_uri, is_primary = excluded.is_primary', store)
                USING item;
        END IF;
    END CASE;
END
$function$;
COMMENT ON FUNCTION scim_internal.profile_change(name, text, text, jsonb, jsonb) IS
'Does one of the changes of scim_internal.profile_changes; those of endpoints are done together.';

CREATE FUNCTION scim.apply_profile(document jsonb) RETURNS int
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    store CONSTANT name := scim.store();
    changed int;
    registry boolean;
    asleep text[] := '{}';
    keys uuid[];
    endpoints jsonb := '[]';
    gone text[] := '{}';
    c record;
    state text;
    detail text;
    hint text;
    name text;
    other text;
    pointer text;
BEGIN
    IF document IS NULL THEN
        RAISE EXCEPTION 'document must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    -- from others row-level security hides rows, and an UPDATE of them does nothing and says nothing
    IF NOT scim_internal.is_owner(quote_ident(store)::regnamespace) THEN
        RAISE EXCEPTION 'must be owner of store "%" to apply a profile to it', store
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM scim_internal.profile_changes(document, store)) THEN
        RETURN 0;
    END IF;
    -- one at a time, as whoever writes what the store is configured to be; somebody else may have done it meanwhile
    EXECUTE format('LOCK TABLE %I.schema IN SHARE UPDATE EXCLUSIVE MODE', store);
    SELECT count(*), coalesce(bool_or(x.part IN ('schema', 'resourceType')), false) INTO changed, registry
    FROM scim_internal.profile_changes(document, store) x;
    IF registry THEN
        -- What will be another policy or endpoint need not fit the schemas on the way there;
        -- what does not work already stands in nobody's way.
        -- which they are is found out apart: Citus has a statement executed on all nodes, function calls and all
        keys := ARRAY(SELECT b.id FROM scim_internal.broken_endpoints() b);
        EXECUTE format('SELECT coalesce(array_agg(e.name), ''{}'') FROM %I.endpoint e WHERE e.enabled AND e.id <> ALL ($1)', store) INTO asleep USING keys;
        IF asleep <> '{}' THEN
            EXECUTE format('UPDATE %I.endpoint SET enabled = false WHERE name = ANY ($1)', store) USING asleep;
        END IF;
        EXECUTE format('SELECT array_agg(p.id) FROM %I.policy p WHERE p.enabled AND scim_internal.profile_key(p.resource_type, p.kind, nullif(p.name, p.kind), ''tenant '' || p.tenant_id) = ANY ($1)', store)
            INTO keys USING ARRAY(SELECT x.key FROM scim_internal.profile_changes(document, store) x WHERE x.part = 'policy' AND x.change = 'change');
        IF keys IS NOT NULL THEN
            EXECUTE format('UPDATE %I.policy p SET enabled = false WHERE p.id = ANY ($1)', store) USING keys;
        END IF;
    END IF;
    -- A resource type brings policies with it, so that what is left is looked for behind it.
    FOR pass IN CASE WHEN registry THEN 1 ELSE 2 END .. 2 LOOP
        FOR c IN SELECT * FROM scim_internal.profile_changes(document, store) x
                WHERE pass = 2 OR x.part IN ('tenant', 'schema', 'resourceType') OR x.part = 'policy' AND x.change = 'remove'
                ORDER BY x.step LOOP
            IF c.part = 'endpoint' AND c.change = 'remove' THEN
                gone := gone || c.key;
            ELSIF c.part = 'endpoint' THEN
                endpoints := endpoints || (c."to" || jsonb_build_object('place', c.place));
            ELSE
                BEGIN
                    PERFORM scim_internal.profile_change(store, c.part, c.change, c."from", c."to");
                EXCEPTION WHEN OTHERS THEN
                    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, name = CONSTRAINT_NAME;
                    -- somebody has done it meanwhile, which this transaction cannot see
                    state := CASE WHEN sqlstate = '23505' AND current_setting('transaction_isolation') <> 'read committed'
                        THEN '40001' ELSE sqlstate END;
                    PERFORM scim_internal.profile_error(coalesce(c.place, '/complete'), state,
                        CASE WHEN c.place IS NULL THEN format('it names no %s %s: ', c.part, to_json(c.key)) ELSE '' END || CASE name
                            WHEN 'authentication_scheme_keyword_credential_key' THEN 'another scheme has the same keyword and credential'
                            WHEN 'authentication_scheme_keyword_idx' THEN 'another scheme has the same keyword and credential'
                            WHEN 'authentication_scheme_scheme_idx' THEN 'another scheme is called the same in other letters'
                            WHEN 'authentication_scheme_is_primary_key' THEN 'another scheme is the primary one'
                            WHEN 'tenant_base_url_key' THEN 'another tenant is served at the same base_url'
                            ELSE sqlerrm END,
                        detail, hint);
                END;
            END IF;
        END LOOP;
    END LOOP;
    IF endpoints <> '[]' OR gone <> '{}' OR asleep <> '{}' THEN
        -- one statement, since endpoints lean on each other
        BEGIN
            EXECUTE format('WITH gone AS (
                    DELETE FROM %1$I.endpoint WHERE name = ANY ($2)
                ), awake AS (
                    UPDATE %1$I.endpoint SET enabled = true
                    WHERE name = ANY ($3) AND name <> ALL ($2) AND name NOT IN (SELECT e ->> ''name'' FROM jsonb_array_elements($1) e)
                )
                INSERT INTO %1$I.endpoint (name, methods, path, resource_type, action, enabled, settings)
                SELECT e ->> ''name'', ARRAY(SELECT jsonb_array_elements_text(e -> ''methods'')), e ->> ''path'', e ->> ''resourceType'',
                    e ->> ''action'', (e ->> ''enabled'')::boolean, e -> ''settings''
                FROM jsonb_array_elements($1) e
                ON CONFLICT (name) DO UPDATE SET methods = excluded.methods, path = excluded.path, resource_type = excluded.resource_type,
                    action = excluded.action, enabled = excluded.enabled, settings = excluded.settings', store)
                USING endpoints, gone, asleep;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
                name = PG_DATATYPE_NAME, pointer = COLUMN_NAME, other = TABLE_NAME;
            -- of two that share a path, or of one that is like another, the one that the document has
            SELECT d.place || CASE WHEN d.key = name OR pointer = '/path' THEN pointer ELSE '/settings/like' END INTO pointer FROM scim_internal.profile_of_document(document, store) d
            WHERE d.part = 'endpoint' AND d.key IN (name, other) ORDER BY d.key = name DESC LIMIT 1;
            PERFORM scim_internal.profile_error(coalesce(pointer, '/endpoints'), sqlstate,
                CASE WHEN pointer IS NULL THEN regexp_replace(sqlerrm, '^endpoint ', 'the store''s endpoint ') ELSE sqlerrm END, detail, hint);
        END;
    END IF;
    -- what has been written is there, unless a trigger or rule of somebody's keeps it from being so
    SELECT x.part, x.key, x.place INTO c FROM scim_internal.profile_changes(document, store) x ORDER BY x.step LIMIT 1;
    IF FOUND THEN
        PERFORM scim_internal.profile_error(coalesce(c.place, '/complete'), '42501',
            format('a trigger or rule of table "%s" keeps the store from writing %s', CASE c.part WHEN 'resourceType' THEN 'resource_type'
                WHEN 'authenticationScheme' THEN 'authentication_scheme' ELSE c.part END, to_json(c.key)), NULL, NULL);
    END IF;
    RETURN changed;
END
$function$;
COMMENT ON FUNCTION scim.apply_profile(jsonb) IS
'Makes the current store what a profile document says, and returns the number of changes: 0 where it is that already, and then nothing is written. What the document does not name stays, unless it says "complete": then that goes, too, but for a resource type that has resources, which is an error. All of it is done or nothing. Errors: 42501 for others than the owner of the store, SCVAL where the document is wrong and whatever a change of the tables raises, each beginning with the place in the document as a JSON pointer. scim.diff_profile shows the changes before.';

CREATE FUNCTION scim.apply_profile(name text) RETURNS int
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$ SELECT scim.apply_profile(scim_internal.profile_named(name)) $function$;
COMMENT ON FUNCTION scim.apply_profile(text) IS
'scim.apply_profile(jsonb) with the name of one of scim.profiles(), or with a document as a text.';
