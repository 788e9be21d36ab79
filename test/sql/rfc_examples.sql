-- The resources of RFC 7643 sections 8.1 to 8.4, created and read back.
SELECT scim.create_store('rfc_examples');
SET scim.store = 'rfc_examples';
\set minimal_user `cat "$PG_ABS_SRCDIR/data/rfc7643/minimal_user.json"`
\set full_user `cat "$PG_ABS_SRCDIR/data/rfc7643/full_user.json"`
\set enterprise_user `cat "$PG_ABS_SRCDIR/data/rfc7643/enterprise_user.json"`
\set group `cat "$PG_ABS_SRCDIR/data/rfc7643/group.json"`
\set employee `cat "$PG_ABS_SRCDIR/data/employee.json"`

-- What the server says: id, meta and groups; the manager's name is read-only; a password is never shown
CREATE FUNCTION pg_temp.client_part(resource jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT resource - 'id' - 'meta' - 'groups' - 'password'
        #- '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,$ref}'
        #- '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,displayName}'
$$;
-- All five have the same userName, so each is taken back before the next one
CREATE FUNCTION pg_temp.same(resource_type text, document jsonb, OUT created boolean, OUT read boolean, OUT stored boolean,
    OUT replaced boolean, OUT searched boolean) LANGUAGE plpgsql AS $$
DECLARE
    resource jsonb := scim.create_resource(resource_type, document);
    created_id text := resource ->> 'id';
    again jsonb;
BEGIN
    created := pg_temp.client_part(resource) = pg_temp.client_part(document);
    again := scim.get_resource(resource_type, created_id);
    read := again = resource;
    stored := (SELECT bool_and(scim.resource_json(r) = resource) FROM rfc_examples.resource r WHERE r.id::text = created_id);
    again := scim.replace_resource(resource_type, created_id, resource);
    replaced := again = resource;
    again := scim.search(resource_type, format('id eq "%s"', created_id));
    searched := again -> 'Resources' = jsonb_build_array(resource);
    PERFORM scim.delete_resource(resource_type, created_id);
END $$;
SELECT name, same.* FROM (VALUES (1, '8.1 minimal user', 'User', :'minimal_user'::jsonb), (2, '8.2 full user', 'User', :'full_user'),
    (3, '8.3 enterprise user', 'User', :'enterprise_user'), (4, 'employee', 'User', :'employee')) t (n, name, type, document),
    LATERAL pg_temp.same(type, document) ORDER BY n;

-- 8.3 keeps what the client may say of the manager
SELECT scim.create_resource('User', :'enterprise_user') -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS enterprise \gset
SELECT jsonb_pretty(:'enterprise');

-- 8.4: the members are resources here, with the ids of the example; their names are the live ones
SELECT member ->> 'value' AS id, member ->> 'display' AS display FROM jsonb_array_elements(:'group'::jsonb -> 'members') member;
INSERT INTO rfc_examples.users (id, data) SELECT (member ->> 'value')::uuid, jsonb_build_object('userName', lower(member ->> 'display'), 'displayName', member -> 'display')
FROM jsonb_array_elements(:'group'::jsonb -> 'members') member;
SET scim.base_url = 'https://example.com/v2';
SELECT scim.create_resource('Group', :'group') AS created \gset
SELECT (SELECT jsonb_agg(m - 'type') FROM jsonb_array_elements(:'created'::jsonb -> 'members') m) = :'group'::jsonb -> 'members' AS same_members,
    :'created'::jsonb - 'id' - 'meta' - 'members' = :'group'::jsonb - 'id' - 'meta' - 'members' AS same_rest,
    scim.get_resource('Group', :'created'::jsonb ->> 'id') = :'created' AS same_when_read,
    scim.replace_resource('Group', :'created'::jsonb ->> 'id', :'group') = :'created' AS same_when_replaced;
SELECT jsonb_path_query_array(:'created', '$.members[*].type') AS types;
-- and each member knows of the group
SELECT user_name, jsonb_path_query_array(resource, '$.groups[*].display') AS groups, resource #>> '{groups,0,value}' = :'created'::jsonb ->> 'id' AS same_id, resource #>> '{groups,0,type}' AS type
FROM rfc_examples.users u, scim.resource_json(u) resource WHERE resource ? 'groups' ORDER BY user_name;

RESET scim.base_url;
RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('rfc_examples', true);
