-- What is stored comes back as it is, whatever its characters and numbers look like in the text of an answer.
\pset format unaligned
SET client_min_messages = warning;
SELECT scim.create_store('texts');
SET scim.store = 'texts';
SELECT count(*) FROM (VALUES
    (scim.register_schema('{"id": "urn:example:things", "name": "Thing", "attributes": [
        {"name": "title", "type": "string", "caseExact": true}, {"name": "lines", "type": "string", "multiValued": true, "caseExact": true},
        {"name": "whole", "type": "integer"}, {"name": "part", "type": "decimal"}, {"name": "yes", "type": "boolean"},
        {"name": "pieces", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "caseExact": true}, {"name": "size", "type": "integer"}]}]}')),
    (scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:things"}'))) v (r);

-- Each character of some that the text of an answer escapes, and of some that it does not
CREATE TEMP TABLE sent AS
SELECT jsonb_build_object('title', 'c' || chr(n) || chr(n) || 'd', 'lines', jsonb_build_array(chr(n) || 'x', 'x' || chr(n), '\u0041' || chr(n)), 'whole', n) AS thing
FROM generate_series(1, 300) n WHERE n NOT BETWEEN 55296 AND 57343
UNION ALL SELECT jsonb_build_object('title', t, 'lines', jsonb_build_array(t, t || t)) FROM (VALUES ('"'), ('\'), ('\\"\'), ('"}],[{"'), ('😀 \ud83d'), (repeat('"\', 5000)), (repeat(chr(1), 5000))) v (t)
UNION ALL SELECT jsonb_build_object('title', 'n', 'whole', w, 'part', p, 'yes', w > 0) FROM (VALUES
    (0, 0.5), (-1, -0.001), (9223372036854775807, 1e30), (-9223372036854775808, 123456789012345678901234567890.125), (999999999999999999, 1.0), (1000000000000000000, 100)) v (w, p)
UNION ALL SELECT jsonb_build_object('title', 'p' || n, 'pieces', (SELECT jsonb_agg(jsonb_build_object('value', 'v' || i, 'size', i)) FROM generate_series(1, n) i)) FROM (VALUES (1), (2), (31), (32), (33), (64), (65), (1000)) v (n);
CREATE TEMP TABLE created AS SELECT thing, scim.create_resource('Thing', thing) AS answer FROM sent;

-- The answer has all that was sent, is what the same text would be, and is the same each way.
SELECT count(*) AS things,
    count(*) FILTER (WHERE NOT answer @> thing) AS others,
    count(*) FILTER (WHERE answer::text IS DISTINCT FROM answer::text::jsonb::text OR answer <> answer::text::jsonb) AS no_jsonb,
    count(*) FILTER (WHERE answer IS DISTINCT FROM scim.get_resource('Thing', answer ->> 'id')) AS not_got,
    count(*) FILTER (WHERE answer - 'meta' IS DISTINCT FROM (SELECT body::jsonb - 'meta' FROM scim.request('GET', '/Things/' || (answer ->> 'id'), '{}', NULL::text) WHERE status = 200)) AS not_requested,
    count(*) FILTER (WHERE (SELECT count(*) FROM jsonb_object_keys(answer) k WHERE answer ? k AND answer -> k IS NOT NULL) <> (SELECT count(*) FROM jsonb_object_keys(answer))) AS keys_not_found
FROM created;
SELECT (l ->> 'totalResults')::int AS total, count(*) FILTER (WHERE t = c.answer) AS same
FROM scim.search('Thing', count => 200) l, jsonb_array_elements(l -> 'Resources') t JOIN created c ON c.answer ->> 'id' = t ->> 'id' GROUP BY 1;
-- No thing at all, and a page that holds nothing
SELECT scim.search('Thing', 'title eq "nobody has this"');
SELECT scim.search('Thing', start_index => 5000, count => 1) - 'totalResults';

SELECT scim.drop_store('texts', true);
