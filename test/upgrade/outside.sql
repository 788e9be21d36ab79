-- A table outside of any store with an index on documents, as an earlier version makes it.

CREATE TABLE outside (id int PRIMARY KEY, document jsonb);
INSERT INTO outside SELECT i, jsonb_build_object('userName', 'User' || i || '@example.com', 'active', i % 3 = 0, 'displayName', 'Über ' || i % 7,
    'name', jsonb_build_object('familyName', 'Straße ' || i % 11), 'n', i + 0.5, 'at', '2024-02-29T12:00:' || lpad((i % 60)::text, 2, '0') || 'Z',
    'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'type', 'work'), jsonb_build_object('value', 'home' || i % 5 || '@x.org')),
    'urn:example:Badge', jsonb_build_object('badgeNumber', repeat('x', 60) || i % 13)) - CASE i % 4 WHEN 0 THEN 'displayName' ELSE '' END
    FROM generate_series(1, 500) AS i;
CREATE INDEX outside_document_idx ON outside USING gin (document scim.gin_ops);
-- some are in the pending list
INSERT INTO outside SELECT 1000 + id, document FROM outside WHERE id % 50 = 0;
