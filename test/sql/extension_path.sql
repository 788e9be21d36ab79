-- A value filter is of an attribute: behind the URN of a schema it belongs to no path, and to no filter
SET client_min_messages = warning;
SELECT scim.create_store('ext_path');
SET scim.store = 'ext_path';
SELECT scim.apply_profile('devices') > 0 AS applied;
SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [{"name": "code", "type": "string", "caseExact": true}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:Badge", "required": false}', true)) IS NOT NULL AS registered FROM ext_path.resource_type WHERE name = 'User';
RESET client_min_messages;
\set SHOW_CONTEXT never
\set E 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
\set user 'urn:ietf:params:scim:schemas:core:2.0:User'
\set ble 'urn:ietf:params:scim:schemas:extension:ble:2.0:Device'
\set id '00000000-0000-7000-8000-000000000001'
INSERT INTO ext_path.users (id, data) VALUES (:'id', jsonb_build_object('userName', 'ada', 'title', 'Countess', :'E', '{"department": "Engines"}'::jsonb, 'urn:example:Badge', '{"code": "New"}'::jsonb));
INSERT INTO ext_path.devices (data) VALUES (jsonb_build_object('displayName', 'Monitor', 'active', true, :'ble', '{"versionSupport": ["5.4"], "deviceMacAddress": "2C:54:91:88:C9:E2", "isRandom": false, "mobility": true, "irk": "secret-irk", "pairingMethods": ["urn:ietf:params:scim:schemas:extension:pairingJustWorks:2.0:Device"]}'::jsonb));

-- PATCH: nothing is changed, whatever stands in the brackets
CREATE TEMP TABLE operation (n serial, o jsonb);
INSERT INTO operation (o) VALUES
    (jsonb_build_object('op', 'remove', 'path', :'E' || '[department eq "nope"]')),
    (jsonb_build_object('op', 'remove', 'path', :'E' || '[department eq "Engines"]')),
    (jsonb_build_object('op', 'remove', 'path', :'E' || '[unknown eq "x"]')),
    (jsonb_build_object('op', 'replace', 'path', :'E' || '[department eq "nope"]', 'value', '{"department": "X"}'::jsonb)),
    (jsonb_build_object('op', 'add', 'path', :'E' || '[department eq "nope"]', 'value', '{"division": "X"}'::jsonb)),
    (jsonb_build_object('op', 'replace', 'path', :'E' || '[value eq "Engines"].department', 'value', 'X')),
    (jsonb_build_object('op', 'remove', 'path', :'E' || '[department eq "Engines"].department')),
    (jsonb_build_object('op', 'replace', 'path', :'user' || '[userName eq "nope"]', 'value', '{"title": "X"}'::jsonb)),
    (jsonb_build_object('op', 'replace', 'path', :'user' || '[userName eq "ada"].title', 'value', 'X')),
    (jsonb_build_object('op', 'remove', 'path', :'user' || '[value eq "Countess"].title')),
    (jsonb_build_object('op', 'replace', 'value', jsonb_build_object(:'E' || '[department eq "nope"]', '{"department": "X"}'::jsonb))),
    (jsonb_build_object('op', 'add', 'value', jsonb_build_object(:'E' || '[department eq "nope"]', NULL))),
    (jsonb_build_object('op', 'replace', 'value', jsonb_build_object(:'user' || '[userName eq "nope"]', '{"title": "X"}'::jsonb)));
CREATE FUNCTION pg_temp.patch(o jsonb) RETURNS TABLE (status int, scim_type text, detail text) LANGUAGE sql AS
    $$ SELECT r.status, r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail' FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', jsonb_build_array(o))::text) r $$;
SELECT n, p.* FROM operation, pg_temp.patch(o) p ORDER BY n;
-- also where unknown attributes are ignored
SET scim.unknown_attributes = 'ignore';
SELECT status, scim_type, count(*) FROM operation, pg_temp.patch(o) p GROUP BY 1, 2 ORDER BY 1, 2;
RESET scim.unknown_attributes;
-- in Bulk, and from SQL
SELECT DISTINCT o.value ->> 'status' AS status, o.value #>> '{response,scimType}' AS scim_type
FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations',
    (SELECT jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'id', 'data', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', jsonb_build_array(operation.o)))) FROM operation))::text) r, jsonb_array_elements(r.body::jsonb -> 'Operations') o;
SELECT scim.patch_resource('User', :'id', jsonb_build_array(o)) FROM operation WHERE n = 1;
SELECT version, data ->> 'title' AS title, data -> :'E' AS enterprise FROM ext_path.users;

-- filters: of no schema, and so nobody asks by them what may not be asked
CREATE TEMP TABLE asked (n serial, type text, filter text);
INSERT INTO asked (type, filter) VALUES ('Device', :'ble' || '[irk pr]'), ('Device', 'active eq true and not (' || :'ble' || '[irk eq "secret-irk"])'), ('User', :'E' || '[department eq "Engines"]'), ('User', :'E' || '[foo eq "x"]'), ('User', :'E' || '[userName pr]'), ('User', :'E' || '[department eq 5]'),
    ('User', 'urn:example:Badge[code eq "new"]'), ('User', 'urn:example:badge[code pr] or userName pr'), ('User', :'user' || '[userName pr]');
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE query INTO result;
    RETURN coalesce(result, 'null');
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT n, g.status AS get, p.status AS post, root.status AS root, g.body::jsonb ->> 'scimType' AS scim_type, g.body::jsonb ->> 'detail' AS detail
FROM asked, scim.request('GET', '/' || type || 's?filter=' || replace(replace(replace(filter, ' ', '%20'), '"', '%22'), '#', '%23')) g,
    scim.request('POST', '/' || type || 's/.search', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]'::jsonb, 'filter', filter)::text) p,
    scim.request('POST', '/.search', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]'::jsonb, 'filter', filter)::text) root ORDER BY n;
SELECT n, pg_temp.refused(format('SELECT count(*) FROM ext_path.users WHERE data OPERATOR(scim.~) %L::scim.filter', filter)) LIKE 'SC% is a schema, not an attribute%' AS operator, pg_temp.refused(format('SELECT count(*) FROM ext_path.resource WHERE scim.matches(data, %L)', filter)) LIKE 'SC% is a schema, not an attribute%' AS matches,
    pg_temp.refused(format('SELECT count(*) FROM ext_path.resource WHERE scim.matches(data, %L, %L)', filter, type)) LIKE 'SC% is a schema, not an attribute%' AS typed, pg_temp.refused(format('SELECT scim.to_sql(%L::scim.filter, %L)', filter, type)) LIKE 'SC% is a schema, not an attribute%' AS to_sql, pg_temp.refused(format('SELECT scim.search(%L, %L)', type, filter)) LIKE 'SC% is a schema, not an attribute%' AS search
FROM asked ORDER BY n;
SELECT pg_temp.refused(format('SELECT scim.to_sql(%L::scim.filter, %L::jsonb)', filter, mapping)) FROM (VALUES (:'E' || '[department eq "Engines"]'), ('urn:example:other:Thing[code eq "x"]')) f (filter),
    (VALUES (jsonb_build_object(:'E' || ':department', 'd.name', 'urn:example:other:Thing:code', 't.code')), (jsonb_build_object(:'E', '{"expression": "d.document", "type": "jsonb"}'::jsonb, 'urn:example:other:Thing', '{"expression": "t.document", "type": "jsonb"}'::jsonb))) m (mapping);
INSERT INTO ext_path.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'one', jsonb_build_object('when', :'E' || '[department eq "x"]', 'require', 'nickName pr'));
INSERT INTO ext_path.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'two', jsonb_build_object('require', :'E' || '[unknown pr]'));
SELECT kind FROM ext_path.policy WHERE settings::text LIKE '%[department%';

-- what is shown, and what is sorted by
SELECT query, status, body::jsonb ->> 'scimType' AS scim_type FROM unnest(ARRAY['attributes=' || :'E' || '[department%20pr]', 'attributes=' || :'user' || '[userName%20pr]', 'excludedAttributes=' || :'E' || '[department%20pr]', 'sortBy=' || :'E' || '[department%20pr]', 'attributes=' || :'E', 'attributes=emails[type%20eq%20%22work%22]']) query, scim.request('GET', '/Users?' || query);
-- attributes of extensions are asked about by their names
SELECT scim.search('User', filter) -> 'totalResults' AS found FROM unnest(ARRAY[:'E' || ':department eq "engines"', 'urn:example:Badge:code eq "new"', 'urn:example:Badge:code eq "New"', :'E' || ' pr']) filter;
SET client_min_messages = warning;
SELECT scim.drop_store('ext_path', true);
