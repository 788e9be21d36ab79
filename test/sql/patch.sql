-- PATCH (RFC 7644 section 3.5.2): on users; what concerns members is in group.sql.
SELECT scim.create_store('patching');
SET scim.store = 'patching';
\pset format unaligned

-- Apply operations to a new user with a document: what comes of it, or the error; and
-- whether the version moved. After an error the resource has to be what it was.
CREATE FUNCTION pg_temp.patch(document jsonb, operations jsonb, OUT result jsonb, OUT version text, OUT error text) LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := scim.create_resource('User', '{"userName": "u"}' || document);
    id text := before ->> 'id';
    after jsonb;
    scim_type text;
BEGIN
    BEGIN
        after := scim.patch_resource('User', id, operations);
        IF after <> scim.get_resource('User', id) THEN RAISE 'the answer is not what is stored'; END IF;
        IF (after = before) <> (after #>> '{meta,version}' = 'W/"1"') THEN RAISE 'version % does not tell of a change', after #>> '{meta,version}'; END IF;
        result := after - 'id' - 'meta' - 'userName' - 'schemas';
        IF after -> 'schemas' <> '["urn:ietf:params:scim:schemas:core:2.0:User"]' THEN
            result := result || jsonb_build_object('schemas', jsonb_array_length(after -> 'schemas'));
        END IF;
        IF after ->> 'userName' <> 'u' THEN result := result || jsonb_build_object('userName', after -> 'userName'); END IF;
        version := after #>> '{meta,version}';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS scim_type = PG_EXCEPTION_DETAIL;
        error := concat_ws(' ', sqlstate, replace(split_part(scim_type, E'\n', 1), 'scimType: ', ''), sqlerrm);
        after := scim.get_resource('User', id);
        IF after <> before THEN RAISE 'something is left of the failed PATCH: %', after; END IF;
    END;
    result := replace(replace(result::text, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'URN'), id, '<id>')::jsonb;
    PERFORM scim.delete_resource('User', id);
END $$;

-- The examples of the RFC
-- 3.5.2.1: add without a path
SELECT p.* FROM pg_temp.patch('{"emails": [{"value": "b@example.com", "type": "work", "primary": true}], "nickName": "B"}',
    '[{"op": "add", "value": {"emails": [{"value": "babs@jensen.org", "type": "home"}], "nickname": "Babs"}}]') p;
-- 3.5.2.2: remove by a complex filter, of one and of the last value
SELECT p.* FROM unnest(ARRAY['[{"value": "a@example.com", "type": "work"}, {"value": "a@example.org", "type": "work"}, {"value": "b@example.com", "type": "home"}]',
        '[{"value": "a@example.com", "type": "work"}]', '[{"value": "a@example.org"}]', '[]']::jsonb[]) WITH ORDINALITY t (emails, n),
    pg_temp.patch(jsonb_build_object('emails', emails), '[{"op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]"}]') p ORDER BY n;
-- 3.5.2.3: replace a whole address, which resets "primary" of the others; a street; attributes without a path
SELECT p.* FROM (VALUES
    (1, '[{"op": "replace", "path": "addresses[type eq \"work\"]", "value": {"type": "work", "streetAddress": "911 Universal City Plaza", "locality": "Hollywood",
           "region": "CA", "postalCode": "91608", "country": "US", "formatted": "911 Universal City Plaza\nHollywood, CA 91608 US", "primary": true}}]'::jsonb),
    (2, '[{"op": "replace", "path": "addresses[type eq \"work\"].streetAddress", "value": "1010 Broadway Ave"}]'),
    (3, '[{"op": "replace", "value": {"emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "type": "home"}], "nickname": "Babs"}}]')) t (n, operations),
    pg_temp.patch('{"addresses": [{"type": "home", "locality": "Los Angeles", "primary": true}, {"type": "work", "streetAddress": "100 Main", "locality": "LA"}]}', operations) p ORDER BY n;
-- figure 8: paths
SELECT path, p.* FROM unnest(ARRAY['name.familyName', 'addresses[type eq "work"]', 'addresses[type eq "work"].locality', 'addresses[type eq "work"][0]', 'addresses[', 'emails.value[type eq "x"]', 'nope', 'name.nope',
        'addresses[nope eq "x"]', 'addresses[type xx "x"]', '', 'name.', '1a']) WITH ORDINALITY t (path, n),
    pg_temp.patch('{"name": {"familyName": "J", "givenName": "B"}, "addresses": [{"type": "work", "locality": "LA"}]}',
        jsonb_build_array(jsonb_build_object('op', 'remove', 'path', path))) p ORDER BY n;

-- CLIENTS 4.2: what is often wrong
\set document '{"title": "T", "name": {"familyName": "J", "givenName": "B"}, "emails": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home"}], "roles": [{"value": "r"}]}'
SELECT n, p.* FROM (VALUES
    -- primary moves, with and without a path, by add and replace, and back
    (1, '[{"op": "add", "path": "emails", "value": [{"value": "c", "primary": true}]}]'::jsonb),
    (2, '[{"op": "add", "value": {"emails": [{"value": "c", "primary": "true"}]}}]'),
    (3, '[{"op": "replace", "path": "emails[value eq \"b\"].primary", "value": true}]'),
    (4, '[{"op": "replace", "path": "emails[value eq \"b\"]", "value": {"value": "b2", "primary": true}}]'),
    (5, '[{"op": "add", "path": "emails[value eq \"b\"]", "value": {"primary": true}}]'),
    (6, '[{"op": "add", "path": "emails", "value": [{"value": "b", "type": "home", "primary": true}]}]'),
    (7, '[{"op": "replace", "path": "emails", "value": [{"value": "c", "primary": true}, {"value": "d", "primary": true}]}]'),
    (8, '[{"op": "replace", "path": "emails.primary", "value": true}]'),
    -- an added value without "primary" does not become it
    (9, '[{"op": "add", "path": "emails", "value": {"value": "c"}}]'),
    -- operations see what the one before has left
    (10, '[{"op": "remove", "path": "emails"}, {"op": "add", "path": "emails", "value": [{"value": "z"}]}, {"op": "replace", "path": "emails[value eq \"z\"].type", "value": "work"}]'),
    (11, '[{"op": "add", "path": "nickName", "value": "n"}, {"op": "remove", "path": "nickName"}]'),
    -- all or nothing
    (12, '[{"op": "replace", "path": "title", "value": "lost"}, {"op": "remove", "path": "userName"}]'),
    (13, '[{"op": "replace", "path": "title", "value": "lost"}, {"op": "nope", "path": "title"}]'),
    -- what is there already changes nothing
    (14, '[{"op": "add", "path": "title", "value": "T"}]'),
    (15, '[{"op": "replace", "value": {"title": "T", "name": {"familyName": "J"}}}]'),
    (16, '[{"op": "add", "path": "emails", "value": [{"value": "b", "type": "home"}]}]'),
    (17, '[{"op": "add", "path": "emails", "value": [{"value": "a", "type": "work"}]}]'),
    (18, '[{"op": "remove", "path": "nickName"}]'),
    (19, '[{"op": "remove", "path": "emails[type eq \"other\"]"}]'),
    (20, '[]'),
    -- add to a single value replaces it, to many appends, to a complex value merges
    (21, '[{"op": "add", "path": "title", "value": "U"}]'),
    (22, '[{"op": "add", "path": "roles", "value": ["s", {"value": "t"}]}]'),
    (23, '[{"op": "add", "path": "name", "value": {"givenName": "C", "middleName": "M"}}]'),
    (24, '[{"op": "replace", "path": "name", "value": {"givenName": "C", "middleName": "M"}}]'),
    (25, '[{"op": "replace", "path": "name", "value": {"givenName": null}}]'),
    (26, '[{"op": "replace", "path": "name.givenName", "value": "C"}]'),
    (27, '[{"op": "replace", "path": "nickName", "value": "new"}]'),
    (28, '[{"op": "replace", "path": "roles", "value": [{"value": "only"}]}]'),
    -- remove without a path, of what is required, of what is read-only
    (29, '[{"op": "remove"}]'), (30, '[{"op": "remove", "path": "userName"}]'), (31, '[{"op": "replace", "path": "userName", "value": null}]'), (32, '[{"op": "replace", "value": {"userName": ""}}]'),
    (33, '[{"op": "remove", "path": "id"}]'), (34, '[{"op": "replace", "path": "meta.version", "value": "x"}]'), (35, '[{"op": "add", "path": "groups", "value": [{"value": "g"}]}]'),
    (36, '[{"op": "replace", "path": "id", "value": "x"}]'),
    -- replace by a value filter: no match is noTarget
    (37, '[{"op": "replace", "path": "emails[type eq \"other\"]", "value": {"value": "x"}}]'),
    (38, '[{"op": "replace", "path": "emails[type sw \"o\"].value", "value": "x"}]'),
    (39, '[{"op": "replace", "path": "emails[type eq \"other\" or type eq \"x\"].value", "value": "x"}]'),
    (40, '[{"op": "replace", "path": "emails[type pr]", "value": {"value": "same"}}]'),
    (41, '[{"op": "replace", "path": "emails[type pr].display", "value": "d"}]'),
    -- what is malformed, of a wrong type, or no operation at all
    (42, '[{"op": "replace", "path": "title", "value": {"a": 1}}]'), (43, '[{"op": "replace", "path": "title"}]'), (44, '[{"op": "add", "value": "x"}]'), (45, '[{"op": "add"}]'), (46, '[{"op": "replace", "value": ["x"]}]'),
    (47, '[{"path": "title"}]'), (48, '[{"op": 1, "path": "title"}]'), (49, '["x"]'), (50, '"x"'), (51, '{"Operations": [{"op": "add", "path": "title", "value": "U"}]}'), (52, '{"op": "add"}'),
    (53, '[{"op": "add", "path": 1, "value": "x"}]'), (54, '[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": {"value": "x"}}]'), (55, '[{"op": "replace", "path": "active", "value": "perhaps"}]'),
    -- unassigned: null, "", [] take away
    (56, '[{"op": "replace", "path": "title", "value": null}]'), (57, '[{"op": "replace", "path": "title", "value": ""}]'), (58, '[{"op": "replace", "path": "emails", "value": []}]'),
    (59, '[{"op": "replace", "value": {"title": null, "roles": [], "name": {"givenName": ""}}}]'), (60, '[{"op": "replace", "path": "emails[type eq \"work\"].display", "value": null}]'), (61, '[{"op": "add", "path": "emails", "value": []}]'),
    (62, '[{"op": "replace", "path": "name", "value": {}}]'), (69, '[{"op": "replace", "path": "name", "value": {"givenName": null, "familyName": ""}}]'),
    -- a sub-attribute of every value, and of none
    (63, '[{"op": "remove", "path": "emails.type"}]'), (64, '[{"op": "replace", "path": "emails.type", "value": "x"}]'), (65, '[{"op": "add", "path": "photos.value", "value": "https://example.com/p"}]'), (66, '[{"op": "remove", "path": "photos.type"}]'),
    (67, '[{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]'), (68, '[{"op": "remove", "path": "emails[type eq \"work\"].primary"}]')) t (n, operations),
    pg_temp.patch(:'document', operations) p ORDER BY n;

-- Extensions: "schemas" follows
SELECT n, p.* FROM (VALUES
    (1, '{}'::jsonb, '[{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "D"}]'::jsonb),
    (2, '{}', '[{"op": "replace", "path": "URN:IETF:params:scim:schemas:extension:enterprise:2.0:user", "value": {"department": "D", "division": "V"}}]'),
    (3, '{}', '[{"op": "add", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}}]'),
    (4, '{}', '[{"op": "add", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "D"}}]'),
    (5, '{}', '[{"op": "add", "path": "department", "value": "D"}]'),
    (6, '{"department": "X"}', '[{"op": "remove", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"}]'),
    (7, '{"department": "X", "division": "V"}', '[{"op": "remove", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}]'),
    (8, '{"department": "X", "division": "V"}', '[{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": {"department": "D"}}]'),
    (9, '{}', '[{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "T"}]'),
    (10, '{}', '[{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", "value": "G"}]'),
    (11, '{}', '[{"op": "add", "path": "urn:example:nope:attribute", "value": "x"}]'),
    (12, '{}', '[{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:nope", "value": "x"}]'),
    (13, '{}', '[{"op": "replace", "value": {"schemas": ["urn:x"], "title": "T"}}]'),
    (14, '{}', '[{"op": "remove", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"}]'),
    (15, '{}', '[{"op": "add", "value": {"urn:ietf:params:scim:schemas:core:2.0:User": {"title": "T"}}}]'),
    (16, '{}', '[{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User", "value": {"title": "T"}}]'),
    (17, '{"title": "T"}', '[{"op": "remove", "path": "urn:ietf:params:scim:schemas:core:2.0:User"}]')) t (n, document, operations), pg_temp.patch(document, operations) p ORDER BY n;

-- The manager, a single complex value: string, object, array of one; a filter on it selects it or nothing
SELECT n, p.* FROM (VALUES
    (1, '{}'::jsonb, '[{"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": "271"}]'::jsonb),
    (2, '{}', '[{"op": "Add", "path": "manager", "value": [{"$ref": "x", "value": "271"}]}]'),
    (3, '{}', '[{"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager", "value": "271"}]'),
    (4, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager", "value": {"value": "271", "displayName": "ignored"}}]'),
    (5, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager.value", "value": "271"}]'),
    (6, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager", "value": ""}]'),
    (7, '{"manager": {"value": "1", "$ref": "../Users/1"}}', '[{"op": "replace", "path": "manager", "value": {"value": ""}}]'),
    (8, '{"manager": {"value": "1"}}', '[{"op": "remove", "path": "manager"}]'),
    (9, '{"manager": {"value": "1"}}', '[{"op": "remove", "path": "manager[value eq \"1\"]"}]'),
    (10, '{"manager": {"value": "1"}}', '[{"op": "remove", "path": "manager[value eq \"2\"]"}]'),
    (11, '{}', '[{"op": "remove", "path": "manager[value eq \"2\"]"}]'),
    (12, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager[value eq \"1\"]", "value": {"value": "3"}}]'),
    (13, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager[value eq \"2\"]", "value": {"value": "3"}}]'),
    (14, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager[value eq \"1\"].value", "value": "3"}]'),
    (15, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager[value eq \"2\"].value", "value": "3"}]'),
    (16, '{}', '[{"op": "replace", "path": "manager[value eq \"2\"].$ref", "value": "../Users/2"}]'),
    (17, '{}', '[{"op": "replace", "path": "manager[value co \"2\"].$ref", "value": "../Users/2"}]'),
    (18, '{"manager": {"value": "1"}}', '[{"op": "remove", "path": "manager[value eq \"1\"].value"}]'),
    (19, '{"manager": {"value": "1"}}', '[{"op": "remove", "path": "manager[nope eq \"1\"]"}]'),
    (20, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager.displayName", "value": "x"}]'),
    (21, '{"manager": {"value": "1"}}', '[{"op": "replace", "path": "manager[value eq \"1\"].displayName", "value": "x"}]'),
    (22, '{"name": {"givenName": "A", "familyName": "B"}}', '[{"op": "remove", "path": "name[givenName eq \"A\"].familyName"}]'),
    (23, '{"name": {"givenName": "A", "familyName": "B"}}', '[{"op": "remove", "path": "name[givenName eq \"X\"].familyName"}]'),
    (24, '{"title": "T"}', '[{"op": "remove", "path": "title[value eq \"t\"]"}]'),
    (25, '{"title": "T"}', '[{"op": "remove", "path": "title[value eq \"u\"]"}]'),
    (26, '{"title": "T"}', '[{"op": "replace", "path": "title[value eq \"u\"]", "value": "x"}]')) t (n, document, operations), pg_temp.patch(document, operations) p ORDER BY n;

-- What Entra ID sends
SELECT n, p.* FROM (VALUES
    (1, '{"active": true}'::jsonb, '[{"op": "Replace", "path": "active", "value": "False"}]'::jsonb),
    (2, '{}', '[{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "w@example.com"}]'),
    (3, '{}', '[{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "w@example.com"}]'),
    (4, '{"emails": [{"value": "old", "type": "work", "primary": true}]}', '[{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "w@example.com"}]'),
    (5, '{}', '[{"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin"}, {"op": "Add", "path": "roles[primary eq \"True\"].display", "value": "Admin"}]'),
    (6, '{}', '[{"op": "replace", "value": {"name.givenName": "G", "displayName": "D", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "7", "emails[type eq \"work\"].value": "w", "active": true}}]'),
    (7, '{}', '[{"op": "Add", "value": {"addresses[type eq \"work\"].streetAddress": "S", "addresses[type eq \"work\"].locality": "L", "phoneNumbers[type eq \"mobile\"].value": "1"}}]'),
    (8, '{"emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}]}', '[{"op": "Remove", "path": "emails", "value": [{"value": "a"}]}]'),
    (9, '{"emails": [{"value": "a", "type": "work"}, {"value": "a", "type": "home"}]}', '[{"op": "Remove", "path": "emails", "value": {"value": "a", "type": "home"}}]'),
    (10, '{"emails": [{"value": "a", "type": "work"}]}', '[{"op": "Remove", "path": "emails", "value": []}]'),
    (11, '{"emails": [{"value": "a", "type": "work"}]}', '[{"op": "Remove", "path": "emails", "value": null}]'),
    (12, '{"roles": [{"value": "a"}, {"value": "b"}]}', '[{"op": "Remove", "path": "roles", "value": ["b", "c"]}]'),
    (13, '{"title": "T"}', '[{"op": "Remove", "path": "title", "value": "T"}]'),
    (14, '{"addresses": [{"type": "work", "locality": "L"}]}', '[{"op": "Remove", "path": "addresses[type eq \"work\"].locality"}]'),
    (15, '{}', '[{"OP": "ADD", "PATH": "title", "Value": "T"}]'),
    (16, '{}', '[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": ""}]'),
    (17, '{}', '[{"op": "add", "path": "emails[type eq \"work\" and primary eq true].value", "value": "w"}]')) t (n, document, operations), pg_temp.patch(document, operations) p ORDER BY n;
-- A remove says which values, by a list, or all, without one or with null; an empty list is of none, and what else is empty an error
SELECT value, p.* FROM unnest(ARRAY['null', '[]', '""', '{}', '[""]', '[{}]', '[null]', '[[]]', '[[""]]', '{"value": ""}', '{"value": null, "type": ""}', '[{"value": "a"}, {}]', '[{"value": {}}]', '{"value": "a"}', '["b", "b"]']) WITH ORDINALITY t (value, n),
    pg_temp.patch('{"emails": [{"value": "a"}, {"value": "b"}]}', format('[{"op": "remove", "path": "emails", "value": %s}]', value)::jsonb) p ORDER BY n;
-- add and replace change the parts that a value names, of a complex attribute, an extension and a value path: null and "" unassign these, the others stay;
-- replacing by nothing at all clears, adding nothing changes nothing
\set document '{"title": "T", "name": {"familyName": "J", "givenName": "B"}, "department": "D", "manager": {"value": "1", "$ref": "../Users/1"}, "addresses": [{"type": "work", "region": "R", "locality": "L"}], "phoneNumbers": [{"type": "work", "value": "1", "display": "d"}]}'
SELECT n, op, operation, p.* FROM (VALUES
    (1, '{"value": {"URN": {"costCenter": ""}}}'::jsonb), (2, '{"path": "URN", "value": {"costCenter": null}}'), (3, '{"value": {"URN": {"department": ""}}}'), (4, '{"path": "URN", "value": [{"manager": {"value": null}}]}'),
    (5, '{"path": "URN", "value": {"department": "", "manager": ""}}'), (6, '{"path": "URN", "value": {}}'), (7, '{"value": {"URN": ""}}'), (8, '{"path": "URN", "value": null}'), (9, '{"value": {"URN": {"manager": {}}}}'),
    (10, '{"path": "name", "value": {"middleName": ""}}'), (11, '{"path": "name", "value": {"givenName": null}}'), (12, '{"path": "name", "value": [{"givenName": "", "familyName": "K"}]}'), (13, '{"path": "name", "value": {}}'), (14, '{"value": {"name": ""}}'), (15, '{"path": "name", "value": [{}]}'),
    (16, '{"path": "addresses[type eq \"work\"]", "value": {"region": ""}}'), (17, '{"path": "addresses[type eq \"work\"]", "value": {"region": null, "locality": "M"}}'), (18, '{"path": "addresses[type eq \"work\"]", "value": {"country": ""}}'), (19, '{"value": {"addresses[type eq \"work\"]": {"region": ""}}}'),
    (20, '{"path": "addresses[type eq \"work\"]", "value": {"type": "", "region": "", "locality": ""}}'), (21, '{"path": "phoneNumbers[type eq \"work\"]", "value": {"display": ""}}'), (22, '{"path": "phoneNumbers[type eq \"work\"]", "value": {}}'), (23, '{"path": "phoneNumbers[type eq \"work\"]", "value": ""}'), (24, '{"path": "phoneNumbers[type eq \"home\"]", "value": {"display": ""}}'),
    (25, '{"path": "manager", "value": {"value": ""}}'), (26, '{"path": "manager", "value": ""}'), (27, '{"path": "manager", "value": {"$ref": null}}'), (28, '{"path": "title", "value": ""}'), (29, '{"path": "phoneNumbers", "value": [{}]}')) t (n, operation), (VALUES ('add'), ('replace')) o (op),
    pg_temp.patch(:'document', replace(jsonb_build_array(jsonb_build_object('op', op) || operation)::text, 'URN', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User')::jsonb) p ORDER BY op, n;
-- The value of a remove says what is removed, wherever the path leads: only what is that
SELECT n, operation, p.* FROM (VALUES
    (1, '{"path": "title", "value": "x"}'::jsonb), (2, '{"path": "title", "value": "T"}'), (3, '{"path": "title", "value": ["T"]}'), (4, '{"path": "title", "value": null}'), (5, '{"path": "title", "value": ""}'), (6, '{"path": "title", "value": []}'), (7, '{"path": "title", "value": {"a": 1}}'),
    (8, '{"path": "URN:manager", "value": {"value": "other"}}'), (9, '{"path": "URN:manager", "value": {"value": "1", "displayName": "ignored"}}'), (10, '{"path": "manager", "value": "1"}'), (11, '{"path": "manager[value eq \"1\"]", "value": "2"}'), (12, '{"path": "manager.value", "value": "2"}'),
    (13, '{"path": "URN", "value": {"department": "E"}}'), (14, '{"path": "URN", "value": {"department": "D"}}'), (15, '{"path": "URN", "value": {"department": null}}'), (16, '{"path": "URN", "value": {}}'), (17, '{"path": "URN", "value": []}'), (18, '{"path": "URN", "value": null}'), (19, '{"path": "URN", "value": "D"}'),
    (20, '{"path": "name", "value": {"familyName": "K"}}'), (21, '{"path": "name", "value": {"familyName": "J"}}'), (22, '{"path": "name.familyName", "value": "K"}'), (23, '{"path": "name.familyName", "value": "J"}'), (24, '{"path": "manager", "value": {"displayName": "x"}}'),
    (25, '{"path": "phoneNumbers[type eq \"work\"]", "value": {"value": "zzz"}}'), (26, '{"path": "phoneNumbers[type eq \"work\"]", "value": {"value": "1"}}'), (27, '{"path": "phoneNumbers[type eq \"work\"]", "value": [{"value": "2"}, "1"]}'), (28, '{"path": "phoneNumbers[type eq \"work\"]", "value": {}}'), (29, '{"path": "phoneNumbers[type eq \"work\"]", "value": []}'), (30, '{"path": "phoneNumbers[type eq \"work\"]", "value": null}'),
    (31, '{"path": "phoneNumbers.type", "value": "zz"}'), (32, '{"path": "phoneNumbers.type", "value": "work"}'), (33, '{"path": "phoneNumbers[type eq \"work\"].value", "value": "2"}'), (34, '{"path": "phoneNumbers[type eq \"work\"].display", "value": "d"}'), (35, '{"path": "phoneNumbers.display", "value": ""}'),
    -- of one complex value, the parts that equal what is stated
    (36, '{"path": "name", "value": {"familyName": "J", "givenName": "B"}}'), (37, '{"path": "name", "value": [{"FAMILYNAME": "J", "givenName": "Z", "middleName": "M"}]}'), (38, '{"path": "name", "value": {"familyName": "J", "givenName": null}}'), (39, '{"path": "name", "value": {"familyName": "J", "givenName": ""}}'),
    (40, '{"path": "name[familyName eq \"J\"]", "value": {"givenName": "B"}}'), (41, '{"path": "name", "value": {"givenName": null}}'), (42, '{"path": "name", "value": {"nothing": "x", "givenName": "B"}}'), (43, '{"path": "name", "value": {}}'),
    -- a list of nothing is no empty list, and nor is an object that names no attribute of an extension
    (44, '{"path": "URN", "value": [""]}'), (45, '{"path": "URN", "value": [null]}'), (46, '{"path": "URN", "value": [{}]}'), (47, '{"path": "URN", "value": [[]]}'), (48, '{"path": "URN", "value": {"value": ""}}'),
    (49, '{"path": "URN", "value": {"value": null}}'), (50, '{"path": "URN", "value": [{"value": ""}]}'), (51, '{"path": "URN", "value": ["", null]}'), (52, '{"path": "URN", "value": {"familyName": null}}'), (53, '{"path": "URN", "value": {"schemas": []}}')) t (n, operation),
    pg_temp.patch(:'document', replace(jsonb_build_array('{"op": "remove"}' || operation)::text, 'URN', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User')::jsonb) p ORDER BY n;
-- What all values have in common by one operation makes one of them: after it, whatever comes of the first ones meanwhile
SELECT n, scim.patch_resource('User', u.id, operations) -> 'emails' AS emails FROM (VALUES
    (1, '[{"op": "remove", "path": "emails.type"}]'::jsonb), (2, '[{"op": "remove", "path": "emails[type pr].type"}]'), (3, '[{"op": "replace", "path": "emails.type", "value": "x"}]'), (4, '[{"op": "replace", "path": "emails[value eq \"b\"]", "value": {"value": "a", "type": "t2", "display": "new"}}]'),
    (5, '[{"op": "replace", "path": "emails[value eq \"b\"].value", "value": "A"}]'), (6, '[{"op": "add", "path": "emails[value eq \"a\"]", "value": {"display": "each"}}, {"op": "replace", "path": "emails[display eq \"each\" and type eq \"t2\"].display", "value": "one"}]'),
    (7, '[{"op": "add", "path": "emails", "value": [{"value": "a", "display": "any"}, {"value": "a", "type": "T3", "display": "third"}, {"value": "c", "type": "t1"}]}]'), (8, '[{"op": "remove", "path": "emails", "value": [{"value": "a", "type": "t2"}, {"value": "b"}, {"type": "t3"}]}]')) t (n, operations),
    LATERAL (SELECT scim.create_resource('User', jsonb_build_object('userName', 'twins' || n, 'emails', '[{"value": "b", "display": "other"}]' || (SELECT jsonb_agg(jsonb_build_object('value', 'a', 'type', 't' || i, 'display', 'd' || i)) FROM generate_series(1, 3) i))) ->> 'id') u (id) ORDER BY n;
-- the same of many, where they are found by hash
SELECT n, jsonb_array_length(e) AS emails, e -> 0 AS first, e -> -1 AS last FROM (VALUES
    (1, '[{"op": "remove", "path": "emails.type"}]'::jsonb), (2, '[{"op": "remove", "path": "emails[type pr].type"}]'), (3, '[{"op": "replace", "path": "emails.type", "value": "x"}]'), (4, '[{"op": "replace", "path": "emails[value eq \"b\"]", "value": {"value": "a", "type": "t2", "display": "new"}}]'),
    (5, '[{"op": "replace", "path": "emails[value eq \"b\"].value", "value": "A"}]'), (6, '[{"op": "add", "path": "emails[value eq \"a\"]", "value": {"display": "each"}}, {"op": "replace", "path": "emails[display eq \"each\" and type eq \"t30\"].display", "value": "one"}]'),
    (7, '[{"op": "add", "path": "emails", "value": [{"value": "a", "display": "any"}, {"value": "a", "type": "T30", "display": "third"}, {"value": "c", "type": "t1"}]}]'), (8, '[{"op": "remove", "path": "emails", "value": [{"value": "a", "type": "t2"}, {"value": "b"}, {"type": "t30"}]}]')) t (n, operations),
    LATERAL (SELECT scim.create_resource('User', jsonb_build_object('userName', 'many twins' || n, 'emails', '[{"value": "b", "display": "other"}]' || (SELECT jsonb_agg(jsonb_build_object('value', 'a', 'type', 't' || i, 'display', 'd' || i)) FROM generate_series(1, 30) i))) ->> 'id') u (id),
    LATERAL (SELECT scim.patch_resource('User', u.id, operations) -> 'emails') p (e) ORDER BY n;
-- Okta and OneLogin
SELECT n, p.* FROM (VALUES
    (1, '{"active": true}'::jsonb, '[{"op": "replace", "value": {"active": false}}]'::jsonb),
    (2, '{"active": true}', '[{"op": "replace", "value": {"active": "false", "id": "x", "meta": {"version": "y"}, "groups": [{"value": "g"}], "schemas": []}}]'),
    (3, '{"active": true}', '[{"op": "replace", "path": "active", "value": [false]}]'),
    (4, '{"title": "T", "nickName": "N"}', '[{"op": "replace", "value": {"title": null, "nickName": ""}}]'),
    (5, '{}', '[{"op": "replace", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "9", "displayName": "x"}, "costCenter": null}}}]')) t (n, document, operations),
    pg_temp.patch(document, operations) p ORDER BY n;

-- The password is stored, not shown, and counts as a change
SELECT scim.create_resource('User', '{"userName": "p"}') ->> 'id' AS id \gset
SELECT scim.patch_resource('User', :'id', '[{"op": "replace", "path": "password", "value": "secret"}]') - 'id' - 'meta' AS resource;
SELECT (SELECT version FROM patching.users WHERE id = :'id') AS version, count(*) AS secrets FROM patching.credential WHERE resource_id = :'id';
-- The instant of the last change moves with the version
SELECT version = 2 AND last_modified > created AS moved FROM patching.users WHERE id = :'id';

-- Immutable: may be given once (RFC 7644 section 3.5.2)
INSERT INTO patching.schema (id, document) VALUES ('urn:example:Asset', '{"id": "urn:example:Asset", "name": "Asset", "attributes": [{"name": "label", "required": true},
    {"name": "serial", "mutability": "immutable"}, {"name": "seal", "mutability": "readOnly"}, {"name": "tags", "multiValued": true}, {"name": "made", "type": "complex", "subAttributes": [{"name": "by", "mutability": "immutable"}, {"name": "note"}, {"name": "marks", "multiValued": true}]},
    {"name": "parts", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "marks", "multiValued": true}, {"name": "seen", "mutability": "readOnly"}]}]}');
INSERT INTO patching.resource_type (name, document, table_name) VALUES ('Asset', '{"name": "Asset", "endpoint": "/Assets", "schema": "urn:example:Asset"}', 'assets');
SELECT scim_internal.create_resource_table('patching', 'assets', 'Asset');
SELECT scim.create_resource('Asset', '{"label": "a", "tags": ["x", "y"]}') ->> 'id' AS asset \gset
CREATE FUNCTION pg_temp.patch_asset(id text, operations jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.patch_resource('Asset', id, operations) - 'id' - 'meta' - 'schemas';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "serial", "value": "1"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "serial", "value": "1"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "serial", "value": "2"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "serial"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "value": {"serial": null}}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "seal", "value": "2"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "made", "value": {"by": "me", "note": "n"}}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "made.by", "value": "you"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "made.by"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "made", "value": {"by": null}}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "made.note", "value": "m"}]');
-- a multi-valued simple attribute
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "tags", "value": ["y", "z"]}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "tags[value eq \"y\"]"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "tags[value eq \"z\"]", "value": "w"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "tags", "value": ["x"]}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "replace", "path": "tags", "value": "one"}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "tags", "value": ""}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "tags", "value": ["one", ""]}]');
-- a multi-valued sub-attribute, of one value and of each of several
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "made.marks", "value": ["a", "b"]}, {"op": "add", "path": "made.marks", "value": "b"}, {"op": "replace", "path": "made.note", "value": "n"}, {"op": "add", "path": "made.marks", "value": ["c"]}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "made.marks", "value": ["a", "x"]}, {"op": "remove", "path": "made.marks", "value": []}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "made.marks", "value": ""}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "made.marks", "value": []}, {"op": "remove", "path": "made.marks", "value": null}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "add", "path": "parts", "value": [{"value": "1", "marks": ["a", "b"]}, {"value": "2", "marks": ["b"]}]}, {"op": "add", "path": "parts.marks", "value": "c"}, {"op": "remove", "path": "parts[value eq \"2\"].marks", "value": ["b"]}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "parts.marks", "value": ["c"]}, {"op": "remove", "path": "parts", "value": [{"marks": ["a", "b"]}]}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "parts", "value": [{"seen": "s"}]}]');
SELECT pg_temp.patch_asset(:'asset', '[{"op": "remove", "path": "made"}, {"op": "remove", "path": "parts"}]');
-- PUT: an equal value may be stated, another not, none keeps it (RFC 7644 section 3.5.1, RFC 7643 section 7)
SELECT scim.replace_resource('Asset', :'asset', '{"label": "b", "serial": "1"}') - 'id' - 'meta' - 'schemas' AS replaced;
SELECT scim.replace_resource('Asset', :'asset', '{"label": "c"}') - 'id' - 'meta' - 'schemas' AS replaced;
\set VERBOSITY terse
SELECT scim.replace_resource('Asset', :'asset', '{"label": "d", "serial": "2"}') - 'id' - 'meta' - 'schemas' AS replaced;
\set VERBOSITY default

RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('patching', true);
