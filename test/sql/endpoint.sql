-- Endpoints of one's own: flat JSON over the resources of a store
\set VERBOSITY terse
SELECT scim.create_store('flat');
SET scim.store = 'flat';
SET scim.base_url = 'https://example.com/staff/scim/v2';
SET scim.base_path = '/staff/scim/v2';
-- status, and a body in which nothing differs from run to run
CREATE FUNCTION pg_temp.call(method text, target text, body text DEFAULT NULL, headers jsonb DEFAULT '{}')
    RETURNS text LANGUAGE sql
AS $$
    SELECT r.status || coalesce(' ' || regexp_replace(r.body,
        '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z', '...', 'g'), '')
    FROM scim.request(method, target, headers, body) r
$$;
-- an error's message
CREATE FUNCTION pg_temp.wrong(method text, target text, body text DEFAULT NULL)
    RETURNS text LANGUAGE sql
AS $$ SELECT r.status || ' ' || (r.body::jsonb ->> 'message') FROM scim.request(method, target, '{}', body) r $$;

--
-- The user API of an employee app: one row for each endpoint
--
INSERT INTO flat.endpoint (name, methods, path, resource_type, action, settings) VALUES
('user', '{get}', '/api/users/{id|externalId}', 'User', 'read', '{
    "fields": {
        "id": "id",
        "externalID": "externalId",
        "userName": "userName",
        "firstName": {"attribute": "name.givenName", "also": ["profile.firstName"]},
        "lastName": {"attribute": "name.familyName", "also": ["profile.lastName"]},
        "profile.department": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "emails": "emails",
        "email": {"attribute": "emails[primary eq true].value", "access": "read"},
        "staffbase.status": {"attribute": "active", "values": {"activated": true, "deactivated": false}, "also": ["status"]},
        "password": "password",
        "hasPassword": {"present": "password"},
        "sendMail": {"transient": true},
        "groups": {"attribute": "groups.value", "access": "read"},
        "created": {"attribute": "meta.created", "access": "read"},
        "entityType": {"constant": "user"}
    },
    "constants": {"active": true, "displayName": "{firstName} {lastName}"},
    "error": {
        "body": {"traceId": "{traceId}", "type": "{type}", "ref": "{path}", "statusCode": "{status}", "message": "{message}", "identifier": "users.{type}"},
        "status": {"uniqueness": 422, "404": 410}
    }
}'),
('users', '{GET}', '/api/users', 'User', 'list', '{
    "like": "user",
    "list": {
        "query": {"fields": ["userName", "firstName", "lastName", "emails"]},
        "body": {"total": "{total}", "limit": "{limit}", "offset": "{offset}", "data": "{items}"}
    }
}'),
('search', '{GET}', '/api/users/search', 'User', 'list', '{
    "like": "user",
    "list": {
        "paging": {"style": "cursor", "default": 2, "max": 1000},
        "body": {"data": "{items}", "next": "{cursor}", "limit": "{limit}"}
    }
}'),
('new user', '{POST}', '/api/users', 'User', 'create', '{"like": "user"}'),
(NULL, '{PUT,PATCH}', '/api/users/{id}', 'User', 'merge', '{"like": "user"}'),
(NULL, '{DELETE}', '/api/users/{id}', 'User', 'delete', '{"like": "user"}'),
(NULL, '{POST}', '/api/users/{id}/suspend', 'User', 'suspend', '{"like": "user"}'),
(NULL, '{POST}', '/api/users/{id}/activate', 'User', 'activate', '{"like": "user", "body": {"id": "{id}", "now": "{staffbase.status}"}}'),
('groups of a user', '{GET}', '/api/users/{id}/groups', 'Group', 'list', '{
    "fields": {"id": "id", "name": "displayName"},
    "error": {"body": {"message": "{message}"}},
    "list": {"owner": "User", "where": "members.value eq \"{id}\"", "body": {"data": "{items}"}}
}');
SELECT name, methods, path, action FROM flat.endpoint ORDER BY name;

-- created: with fields at other places, values of other names, constants
SELECT pg_temp.call('POST', '/staff/api/users', '{"externalID": "e1", "userName": "ada", "firstName": "Ada",
    "profile": {"lastName": "Lovelace", "department": "Engines"}, "emails": [{"value": "ada@example.com", "primary": true}], "password": "s3cret-Passphrase", "sendMail": true}');
SELECT data - 'schemas' AS stored FROM flat.users;
SELECT pg_temp.call('POST', '/api/users', '{"externalID": "e2", "userName": "grace", "profile": {"firstName": "Grace"}, "lastName": "Hopper", "status": "deactivated"}');
-- a constant is what a new one has of which the body says nothing
SELECT active, display_name FROM flat.users ORDER BY id;
SELECT id AS ada FROM flat.users WHERE user_name = 'ada' \gset
SELECT id AS grace FROM flat.users WHERE user_name = 'grace' \gset

-- read: by its keys in order; words of a path in any letter case; behind any part of the base path
SELECT pg_temp.call('GET', '/staff/api/users/' || :'ada');
SELECT pg_temp.call('GET', path) = pg_temp.call('GET', '/staff/api/users/' || :'ada') AS same
FROM (VALUES ('/API/Users/e1'), ('/staff/API/Users/e1/'), ('/staff/scim/v2/api/users/e1?x=y'), ('https://example.com/staff/api/users/%65%31')) v (path);
SELECT left(pg_temp.call('HEAD', '/api/users/e1'), 10) AS head, pg_temp.call('GET', '/api/users/e9') AS absent;
SELECT pg_temp.call('GET', '/api/users/' || gen_random_uuid() || '?x=1') ~ '410 .*"ref": ?"/api/users/[0-9a-f-]*"' AS absent;

-- changed: what is said and no more
SELECT pg_temp.call('PUT', '/api/users/' || :'grace', '{"status": "activated", "userName": "grace.hopper"}');
SELECT pg_temp.call('PATCH', '/api/users/' || :'grace', '{"profile": {"department": "Navy"}, "password": "another-Passphrase"}');
SELECT pg_temp.call('PATCH', '/api/users/' || :'grace', '{"profile": {"department": null}, "id": "ignored", "entityType": "ignored"}');
SELECT version FROM flat.users WHERE id = :'grace';
SELECT pg_temp.wrong('PUT', '/api/users/' || :'grace', body)
FROM (VALUES (NULL), ('[]'), ('{'), ('{"status": "asleep"}'), ('{"status": true}'), ('{"nickname": "x"}'), ('{"profile": {"nickname": "x"}}'), ('{"profile": "x"}'),
    ('{"firstName": "A", "profile": {"firstName": "B"}}'), ('{"userName": "a", "username": "b"}'), ('{"userName": 7}'), ('{"userName": null}'),
    ('{"emails": "none"}'), ('{"emails": [{"value": "a"}, {"wrong": 1}]}')) v (body);
SELECT pg_temp.call('PUT', '/api/users/' || :'grace', '{"userName": "ADA"}');
SELECT pg_temp.wrong('PUT', '/api/users/' || :'grace', '{"firstName": "A", "profile": {"firstName": "A"}}');

-- the life-cycle
SELECT pg_temp.call('POST', '/api/users/' || :'grace' || '/suspend'), pg_temp.call('POST', '/api/users/' || gen_random_uuid() || '/suspend') LIKE '410 %' AS absent;
SELECT user_name, active, status FROM flat.users ORDER BY id;
SELECT pg_temp.call('POST', '/api/users/' || :'grace' || '/activate');
SELECT user_name, active, status FROM flat.users ORDER BY id;

-- what is said of the request only: there while it is done, and nowhere else
CREATE TABLE pg_temp.mail (user_name text, said jsonb);
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        PERFORM 1 / 0;
    EXCEPTION WHEN division_by_zero THEN NULL;
    END;
    -- requests of a trigger have said what they say themselves, whether they fail or not
    IF new.user_name <> 'inner' THEN
        PERFORM scim.request('POST', '/api/users', '{}', format('{"userName": "%s", "sendMail": {"from": "a trigger"}}', u)) FROM unnest('{inner,ada}'::text[]) AS u;
        DELETE FROM flat.users WHERE user_name = 'inner';
    END IF;
    INSERT INTO mail VALUES (NEW.user_name, scim.transient());
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE ON flat.users FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
SELECT left(pg_temp.call('POST', '/api/users', '{"userName": "alan", "firstName": "Alan", "lastName": "Turing", "sendMail": {"to": "all"}}'), 3);
SELECT left(pg_temp.call('POST', '/api/users', '{"userName": "edsger", "emails": [{"value": "e@example.com", "type": "work"}]}'), 3);
SELECT left(pg_temp.call('POST', '/api/users', '{"userName": "ada", "sendMail": true}'), 3);
UPDATE flat.users SET display_name = 'Alan T.' WHERE user_name = 'alan';
SELECT * FROM mail;
SELECT scim.transient() IS NULL AS gone;
DROP TRIGGER note ON flat.users;

-- lists: envelope, pages, order
CREATE FUNCTION pg_temp.names(target text) RETURNS text LANGUAGE sql
AS $$
    SELECT r.status || ' ' || CASE r.status WHEN 200 THEN ((r.body::jsonb) - 'data')::text || ' ' ||
            coalesce((SELECT string_agg(coalesce(d ->> 'userName', d ->> 'name'), ' ' ORDER BY n) FROM jsonb_array_elements(r.body::jsonb -> 'data') WITH ORDINALITY x (d, n)), '')
        ELSE r.body::jsonb ->> 'message' END
    FROM scim.request('GET', target) r
$$;
SELECT pg_temp.names('/api/users' || query)
FROM (VALUES (''), ('?limit=2'), ('?limit=2&offset=2'), ('?limit=2&offset=4'), ('?limit=0'), ('?offset=99999999999999999999'), ('?limit=99999999999999999999'),
    ('?limit=-1'), ('?limit=x'), ('?offset='), ('?limit=1&limit=2'),
    ('?sort=userName_ASC'), ('?sort=userName_desc&limit=2'), ('?sort=userName'), ('?sort=lastName_ASC'), ('?sort=profile.department_DESC&limit=1'),
    ('?sort=password_ASC'), ('?sort=_ASC'), ('?sort=nothing_ASC'), ('?sort=email_ASC'), ('?SORT=staffbase.status_ASC&LIMIT=1')) v (query);
SELECT query, pg_temp.names('/api/users?query=' || query) FROM (VALUES ('ada'), ('LOVE'), ('e%40example'), ('%22'), ('+'), ('')) v (query);

-- filters in names of fields; a date is one; a password can be there or not
SELECT filter, pg_temp.names('/api/users?filter=' || replace(replace(replace(filter, '+', '%2B'), ' ', '+'), '"', '%22'))
FROM (VALUES ('userName eq "ADA"'), ('username sw "a" and not (firstName pr)'), ('externalId pr and not (password pr)'), ('externalID pr and password pr'),
    ('password pr or userName eq "alan"'), ('hasPassword eq true'), ('hasPassword ne "true"'), ('hasPassword pr'), ('hasPassword gt true'),
    ('staffbase.status eq "activated"'), ('status ne "activated"'), ('status pr'), ('status eq "asleep"'), ('status co "act"'), ('status eq null'),
    ('profile.department eq "engines"'), ('profile.firstName eq "Grace" or profile.lastName eq "Turing"'),
    ('email eq "ada@example.com"'), ('email pr'), ('emails.value ew "example.com"'), ('emails[type eq "work"]'), ('emails[type eq "work" and value co "@"]'), ('emails co "ada"'),
    ('created gt "2020-01-01"'), ('created lt "2020-01-01T00:00:00+02:00"'), ('created le "2020-02-28"'), ('created gt "2020-02-30"'), ('created gt "2020-2-3"'), ('groups eq "x"'), ('groups pr'),
    ('id eq "x"'), ('not (userName pr or id pr)'), ('(userName eq "ada" or userName eq "alan") and lastName pr'),
    ('password eq "x"'), ('password sw "s"'), ('password eq null'), ('password[value pr]'), ('emails.nothing pr'), ('name.givenName pr'), ('nothing eq 1'), ('sendMail pr'), ('entityType eq "user"'),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName pr'), ('userName eq'), ('userName[value eq "ada"]')) v (filter);

-- by cursor
SELECT (body::jsonb) - 'next' - 'data' AS rest, jsonb_array_length(body::jsonb -> 'data') AS n, body::jsonb ->> 'next' AS next FROM scim.request('GET', '/api/users/search?sort=userName_ASC&limit=3') \gset
SELECT :'rest', :n;
SELECT pg_temp.names('/api/users/search?sort=userName_ASC&limit=3&cursor=' || :'next');
SELECT pg_temp.names('/api/users/search?cursor=nonsense');

-- the list of another's
INSERT INTO flat.groups (data) VALUES ('{"displayName": "Pioneers"}'), ('{"displayName": "Nobody"}');
INSERT INTO flat.member (group_id, member_id) SELECT g.id, :'ada' FROM flat.groups g WHERE display_name = 'Pioneers';
SELECT pg_temp.names('/api/users/' || :'ada' || '/groups'), pg_temp.names('/api/users/' || :'grace' || '/groups');
SELECT pg_temp.call('GET', '/api/users/nobody/groups');
SELECT pg_temp.call('GET', '/api/users/e1') ~ '"groups":\["..."\]' AS in_group;

-- methods, and paths that nobody has
SELECT r.status, r.headers ->> 'Allow' AS allow, r.headers ->> 'Content-Type' AS type, r.body::jsonb ->> 'message' AS message
FROM (VALUES ('PATCH', '/api/users'), ('POST', '/api/users/1'), ('OPTIONS', '/api/users/1'), ('OPTIONS', '/api/users/search'), ('DELETE', '/api/users/search'),
    ('PUT', '/api/users/1/suspend'), ('GET', '/staff/api/nothing'), ('GET', '/api'), ('GET', '/api/users/1/2/3')) v (m, t), scim.request(m, t) r;
-- those of SCIM are where they were, with errors of their own
SELECT status, left(body, 80) FROM (VALUES ('/Users?count=0'), ('/staff/scim/v2/users?count=0'), ('/staff/scim/v2/Nothing'), ('/Nothing'), ('/staff/scim/v2/Schemas/x'), ('/staff/scim/v1/Users')) v (t), scim.request('GET', t);
SELECT pg_temp.call('DELETE', '/api/users/' || :'grace'), pg_temp.call('GET', '/api/users/' || :'grace') LIKE '410 %' AS gone;

-- conditions are heard; a transaction that is read-only reads
SELECT r.status, r.body IS NULL AS empty FROM scim.request('GET', '/api/users/e1') e, scim.request('GET', '/api/users/e1', jsonb_build_object('If-None-Match', e.headers ->> 'ETag')) r;
SELECT left(pg_temp.call('GET', '/api/users/e1', NULL, '{"If-Match": "W/\"77\""}'), 3);
BEGIN READ ONLY;
SELECT left(pg_temp.call('GET', '/api/users/e1'), 3) AS get, pg_temp.wrong('PUT', '/api/users/' || :'ada', '{"lastName": "King"}');
COMMIT;
SELECT left(pg_temp.call('PUT', '/api/users/' || :'ada', '{"lastName": "King"}', '{"If-Match": "W/\"77\""}'), 3);

--
-- Three calls of an admin console
--
INSERT INTO flat.endpoint (name, methods, path, resource_type, action, settings) VALUES
('provision', '{POST,PUT}', '/scim/provision-user', 'User', 'create', '{
    "fields": {
        "username": {"attribute": "userName", "required": true},
        "firstName": "name.givenName",
        "lastName": "name.familyName",
        "email": {"attribute": "emails[primary eq true].value", "required": true},
        "password": "password",
        "role": {"attribute": "roles.value", "one": true, "access": "write"},
        "roles": "roles.value"
    },
    "status": 200,
    "body": {"status": "ok", "user": "{item}", "note": "{username} has {roles}, {{really}}"}
}'),
('update', '{POST,PUT}', '/scim/update-user/{emails.value}', 'User', 'replace', '{"like": "provision", "unknown": "ignore", "body": null}'),
('de-provision', '{POST,DELETE}', '/scim/de-provision-user/{emails.value}', 'User', 'delete', '{"like": "provision", "body": {"deleted": "{username}"}}');
SELECT pg_temp.call('POST', '/staff/scim/provision-user', '{"username": "Dr Strange", "firstName": "Stephen", "lastName": "Strange", "email": "s@example.com", "password": "s3cret-Passphrase", "role": "Admin"}');
SELECT user_name, data -> 'roles' AS roles, data -> 'emails' AS emails FROM flat.users WHERE user_name = 'Dr Strange';
SELECT pg_temp.wrong('POST', '/scim/provision-user', body)
FROM (VALUES ('{"username": "x"}'), ('{"username": "", "email": "x@example.com"}'), ('{"username": "x", "email": "x@example.com", "role": ["a", "b"]}'),
    ('{"username": "x", "email": "x@example.com", "role": "a", "roles": ["b"]}'), ('{"username": "dr strange", "email": "x@example.com"}')) v (body);
SELECT left(pg_temp.call('PUT', '/scim/provision-user', '{"username": "x", "email": "x@example.com", "role": "a", "roles": ["a"]}'), 3);
-- replaced: what the fields show and the body does not say is cleared, all else stays
SELECT pg_temp.call('PUT', '/scim/update-user/S%40example.com', '{"username": "Dr Strange", "email": "s@example.com", "roles": ["Agent", "Viewer"], "unknown": 1}');
SELECT user_name, data -> 'roles' AS roles, data -> 'emails' AS emails, data -> 'name' AS name,
    EXISTS (SELECT FROM flat.credential c WHERE c.resource_id = u.id) AS password FROM flat.users u WHERE user_name = 'Dr Strange';
SELECT pg_temp.wrong('PUT', '/scim/update-user/s@example.com', '{"username": "Dr Strange"}');
INSERT INTO flat.users (data) VALUES ('{"userName": "twin", "emails": [{"value": "s@example.com"}]}');
SELECT pg_temp.wrong('POST', '/scim/de-provision-user/s@example.com');
DELETE FROM flat.users WHERE user_name = 'twin';
SELECT pg_temp.call('POST', '/scim/de-provision-user/s@example.com'), pg_temp.call('DELETE', '/scim/de-provision-user/s@example.com');
SELECT pg_temp.wrong('GET', '/staff/scim/nothing');
-- nothing of a password in audit and events
SELECT count(*) FROM flat.audit WHERE before::text LIKE '%Passphrase%';

-- the end of a life
UPDATE flat.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO flat.endpoint (name, methods, path, resource_type, action, settings) VALUES
('end', '{POST}', '/scim/end/{userName}', 'User', 'complete_offboarding', '{"like": "provision", "body": {"was": "{username}"}}'),
('leave', '{POST}', '/scim/leave/{userName}', 'User', 'delete', '{"like": "provision", "status": 202}');
INSERT INTO flat.users (data) VALUES ('{"userName": "leaver"}');
SELECT pg_temp.call('POST', path) FROM (VALUES ('/scim/end/leaver'), ('/scim/leave/leaver'), ('/scim/end/Leaver'), ('/scim/end/leaver')) v (path);
SELECT status FROM flat.users WHERE user_name = 'leaver';
DELETE FROM flat.endpoint WHERE name IN ('end', 'leave');

--
-- A catalogue, in pages by number
--
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "title", "required": true}, {"name": "automatic", "type": "boolean"}, {"name": "code", "mutability": "immutable"}]}');
SELECT scim.register_resource_type('{"name": "Package", "endpoint": "/Packages", "schema": "urn:example:Package"}');
INSERT INTO flat.endpoint (name, methods, path, resource_type, action, settings) VALUES
('packages', '{GET}', '/api/packages', 'Package', 'list', '{
    "fields": {"id": "id", "name": "title", "automaticOrders": "automatic", "code": "code"},
    "absent": "null",
    "list": {
        "paging": {"style": "page", "default": 100, "max": 3},
        "sort": {"parameter": "sortBy", "order": "order", "default": "name"},
        "filter": null,
        "body": {"data": "{items}", "pagination": {"totalRecords": "{total}", "totalPages": "{pages}", "currentPage": "{page}", "pageSize": "{limit}"}}
    }
}'),
('package', '{PUT}', '/api/packages/{id}', 'Package', 'replace', '{"like": "packages", "mediaType": "application/vnd.example+json"}'),
('bare', '{GET}', '/api/package-names', 'Package', 'list', '{"fields": {"name": "title"}, "list": {"where": "automatic eq true"}}');
INSERT INTO flat.packages (data) SELECT jsonb_build_object('title', 'P' || i, 'automatic', i % 2 = 0, 'code', 'c' || i) FROM generate_series(1, 7) i;
SELECT pg_temp.call('GET', '/api/packages?page=1&size=2&sortBy=name&order=DESC');
SELECT pg_temp.names('/api/packages' || query)
FROM (VALUES (''), ('?page=3'), ('?page=9'), ('?size=1&page=9223372036854775807'), ('?size=2&page=2&filter=nonsense'), ('?page=0'), ('?order=sideways'), ('?size=0')) v (query);
SELECT pg_temp.call('GET', '/api/package-names');
SELECT r.status, r.headers ->> 'Content-Type' AS type, r.body::jsonb - 'id' AS body FROM flat.packages p, scim.request('PUT', '/api/packages/' || p.id, '{}', '{"name": "Renamed"}') r WHERE p.data ->> 'title' = 'P7';

--
-- Bad rows: refused, with the row and the place
--
CREATE FUNCTION pg_temp.refused(settings jsonb, path text DEFAULT '/bad/{id}', action text DEFAULT 'read', methods text[] DEFAULT NULL, resource_type text DEFAULT 'User')
    RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO flat.endpoint (name, methods, path, resource_type, action, settings)
    VALUES ('bad', coalesce(methods, CASE WHEN action IN ('read', 'list') THEN '{GET}'::text[] ELSE '{POST}' END), path, resource_type, action, settings);
    DELETE FROM flat.endpoint WHERE name = 'bad';
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT pg_temp.refused(settings::jsonb) FROM (VALUES ('{}'), ('[]'), ('7'), ('{"fieldz": {}}'), ('{"fields": []}'), ('{"fields": {"a": "emial"}}'), ('{"fields": {"a": "emails["}}'),
    ('{"fields": {"a": "emails[nothing eq 1].value"}}'), ('{"fields": {"a": "name[formatted pr]"}}'), ('{"fields": {"a": "urn:ietf:params:scim:schemas:core:2.0:User"}}'),
    ('{"fields": {"a": 1}}'), ('{"fields": {"a": {}}}'), ('{"fields": {"a": {"attribute": "title", "constant": 1}}}'), ('{"fields": {"a": {"atribute": "title"}}}'), ('{"fields": {"a": {"attribute": 1}}}'),
    ('{"fields": {"a": {"attribute": "title", "access": "never"}}}'), ('{"fields": {"a": {"attribute": "password", "access": "read"}}}'), ('{"fields": {"a": {"attribute": "password", "access": "both"}}}'),
    ('{"fields": {"a": {"attribute": "id", "access": "write"}}}'), ('{"fields": {"a": {"attribute": "id", "required": true}}}'), ('{"fields": {"a": {"attribute": "title", "required": "yes"}}}'),
    ('{"fields": {"a": {"attribute": "title", "one": true}}}'), ('{"fields": {"a": {"attribute": "title", "values": []}}}'), ('{"fields": {"a": {"attribute": "active", "values": {"x": true, "y": true}}}}'),
    ('{"fields": {"a": {"attribute": "active", "values": {"x": {}}}}}'), ('{"fields": {"a": {"transient": true, "values": {"x": 1}}}}'), ('{"fields": {"a": {"attribute": "title", "also": "b"}}}'),
    ('{"fields": {"a": {"attribute": "title", "also": ["b."]}}}'), ('{"fields": {"a": "title", "A.b": "nickName"}}'), ('{"fields": {"a": {"attribute": "title", "also": ["b"]}, "b": "nickName"}}'),
    ('{"fields": {"": "title"}}'), ('{"fields": {"a..b": "title"}}'), ('{"constants": []}'), ('{"constants": {"titel": "x"}}'), ('{"constants": {"title": "{nothing}"}}'), ('{"constants": {"title": "{"}}'), ('{"constants": {"id": "x"}}'),
    ('{"unknown": "what"}'), ('{"absent": 1}'), ('{"mediaType": "json"}'), ('{"mediaType": 1}'), ('{"status": 404}'), ('{"status": "200"}'), ('{"status": 204, "body": {}}'), ('{"body": "{nothing}"}'), ('{"body": {"a": ["}"]}}'),
    ('{"error": {"bodi": 1}}'), ('{"error": {"body": {"a": "{item}"}}}'), ('{"error": {"status": {"nonsense": 400}}}'), ('{"error": {"status": {"notFound": 200}}}'), ('{"error": {"status": []}}'),
    ('{"list": {}}'), ('{"shadows": "x"}'), ('{"like": 1}'), ('{"like": "nobody"}'), ('{"like": "bad"}')) v (settings);
SELECT pg_temp.refused(('{"list": ' || list || ', "fields": {"title": "title", "active": "active"}}')::jsonb, '/bad', 'list') FROM (VALUES ('{}'), ('[]'), ('{"pages": 1}'), ('{"paging": {"style": "scroll"}}'), ('{"paging": {"max": 0}}'), ('{"paging": {"max": 1000000}}'),
    ('{"paging": {"default": 1.5}}'), ('{"paging": {"seize": "x"}}'), ('{"paging": {"limit": 1}}'), ('{"sort": {"ascending": "up"}}'), ('{"sort": {"descending": null}}'), ('{"sort": 1}'), ('{"query": {}}'), ('{"query": {"fields": ["active"]}}'), ('{"query": {"fields": ["nobody"]}}'),
    ('{"where": "titel pr"}'), ('{"where": "title eq"}'), ('{"owner": "Nobody"}'), ('{"owner": "User"}'), ('{"body": "{item}"}'), ('{"filter": 7}')) v (list);
SELECT path, pg_temp.refused('{}', path) FROM (VALUES ('bad'), ('/'), ('/bad'), ('/bad//x/{id}'), ('/bad/{id}/{userName}'), ('/bad/x{id}'), ('/bad/{}'), ('/bad/{emial}'), ('/bad/{emails}'), ('/bad/{name}'), ('/bad/{active}'), ('/bad/{password}'),
    ('/bad/{id|}'), ('/bad/{userName|externalId|id}'), ('/bad/%41/{id}'), ('/bad/{id}?x'), ('/Users/{id}'), ('/users/{userName}'), ('/staff/scim/v2/Users/{id}'), ('/schemas/{id}'), ('/api/users/{userName}'), ('/Api/USERS/{id}')) v (path);
SELECT pg_temp.refused('{"shadows": true}', '/Users/{id}'), pg_temp.refused('{}', '/bad/{x}', 'list'), pg_temp.refused('{"list": {"where": "title eq \"{x}\""}}', '/bad/{x}', 'list'), pg_temp.refused('{"list": {"where": "title pr"}}', '/bad/{x}', 'list');
SELECT action, pg_temp.refused('{}', '/bad/{id}', action) FROM (VALUES ('fly'), ('create'), ('delete'), ('suspend'), ('complete_offboarding')) v (action);
SELECT methods, pg_temp.refused('{}', '/bad/{id}', 'delete', methods::text[]) FROM (VALUES ('{}'), ('{GET}'), ('{LINK}'), ('{post,POST}'), ('{HEAD}'), ('{NULL}')) v (methods);
SELECT pg_temp.refused('{}', '/bad/{id}', 'merge', '{DELETE}'), pg_temp.refused('{}', '/bad/{id}', 'suspend', NULL, 'Group'), pg_temp.refused('{}', '/bad/{id}', 'read', NULL, 'Nobody');
-- two of one statement share a path; one that is off may
INSERT INTO flat.endpoint (methods, path, resource_type, action) VALUES ('{GET,POST}', '/twice', 'User', 'list'), ('{GET}', '/Twice/', 'Group', 'list');
INSERT INTO flat.endpoint (methods, path, resource_type, action, enabled) VALUES ('{GET,POST}', '/twice', 'User', 'list', true), ('{GET}', '/Twice/', 'Group', 'list', false), ('{GET}', '/wrong', 'Nobody', 'fly', false);
UPDATE flat.endpoint SET enabled = true WHERE path = '/Twice/';
DELETE FROM flat.endpoint WHERE path IN ('/twice', '/Twice/', '/wrong');
-- others lean on it, and it leans on the schemas
DELETE FROM flat.endpoint WHERE name = 'user';
UPDATE flat.endpoint SET settings = settings || '{"like": "users"}' WHERE name = 'user';
DELETE FROM flat.packages;
SELECT scim.unregister_resource_type('Package');
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "title"}]}');
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "title"}]}', force => true) ->> 'id' AS schema;
UPDATE flat.endpoint SET enabled = false WHERE resource_type = 'Package';
SELECT scim.unregister_resource_type('Package', force => true);
SELECT pg_temp.wrong('GET', '/api/packages');

-- an endpoint of SCIM that is shadowed, and is there again
INSERT INTO flat.endpoint (name, methods, path, resource_type, action, settings) VALUES ('shadow', '{GET}', '/Users', 'User', 'list', '{"shadows": true, "fields": {"n": "userName"}}');
SELECT pg_temp.call('GET', '/Users?sort=n_ASC&limit=2'), pg_temp.call('GET', '/staff/scim/v2/users?sort=n_ASC&limit=2');
SELECT left(pg_temp.call('POST', '/Users', '{"userName": "x2"}'), 3) AS only_get, left(pg_temp.call('OPTIONS', '/Users'), 3);
SELECT jsonb_object_keys(scim.openapi() #> '{paths,/Users}') AS method;
DELETE FROM flat.endpoint WHERE name = 'shadow';
SELECT left(pg_temp.call('GET', '/Users?count=0'), 60);

-- what comes past the triggers, as from a dump, is told to the operator and hurts nobody else
ALTER TABLE flat.endpoint DISABLE TRIGGER USER;
INSERT INTO flat.endpoint (name, methods, path, resource_type, action) VALUES ('broken', '{GET}', '/broken', 'Nobody', 'list');
ALTER TABLE flat.endpoint ENABLE TRIGGER USER;
SELECT pg_temp.call('GET', '/api/users?limit=0');
BEGIN;
UPDATE flat.endpoint SET name = name;
ROLLBACK;
DELETE FROM flat.endpoint WHERE name = 'broken';

-- row-level security: anyone may read, only the owner may write
CREATE ROLE regress_scim_endpoint;
GRANT USAGE ON SCHEMA flat TO regress_scim_endpoint;
GRANT SELECT, INSERT, UPDATE, DELETE ON flat.endpoint, flat.resource, flat.member TO regress_scim_endpoint;
SET ROLE regress_scim_endpoint;
SELECT count(*) > 5 AS read FROM flat.endpoint;
INSERT INTO flat.endpoint (methods, path, resource_type, action) VALUES ('{GET}', '/mine', 'User', 'list');
WITH u AS (UPDATE flat.endpoint SET enabled = false RETURNING 1), d AS (DELETE FROM flat.endpoint RETURNING 1) SELECT (SELECT count(*) FROM u) AS updated, (SELECT count(*) FROM d) AS deleted;
-- to ask for a password needs a grant on the columns that say whose it is
SELECT pg_temp.wrong('GET', '/api/users?filter=password+pr');
RESET ROLE;
GRANT SELECT (tenant_id, resource_id) ON flat.credential TO regress_scim_endpoint;
SET ROLE regress_scim_endpoint;
SELECT left(pg_temp.call('GET', '/api/users?limit=0&filter=password+pr'), 20);
RESET ROLE;

-- OpenAPI
SELECT count(*) FILTER (WHERE path LIKE '/api/%') AS own, count(*) FILTER (WHERE path LIKE '/Users%') AS of_scim FROM jsonb_object_keys(scim.openapi() -> 'paths') path;
SELECT path, string_agg(operation ->> 'operationId', ', ' ORDER BY method) AS operations
FROM jsonb_each(scim_internal.add_endpoint_paths('{}')) p (path, item), jsonb_each(item) o (method, operation) WHERE method <> 'parameters' GROUP BY path ORDER BY path;
SELECT jsonb_pretty(scim_internal.add_endpoint_paths('{}') -> '/scim/update-user/{emails.value}' -> 'put') AS put;
SELECT coalesce(p ->> 'name', p ->> '$ref') AS name, p #>> '{schema,type}' AS type FROM jsonb_array_elements(scim_internal.add_endpoint_paths('{}') #> '{/api/users,get,parameters}') p;
SELECT scim_internal.add_endpoint_paths('{}') #> '{/api/users,get,responses,304}' AS unchanged;

DROP OWNED BY regress_scim_endpoint;
DROP ROLE regress_scim_endpoint;
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('flat', true);
