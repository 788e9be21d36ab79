-- Whose user names are one by RFC 8265 (user_name), before names compare so
SET client_min_messages = warning;
SELECT scim.create_store('names_of');
SET scim.store = 'names_of';
-- Two people today
INSERT INTO names_of.users (data) SELECT jsonb_build_object('userName', u) FROM unnest(ARRAY[U&'Jos\00E9', 'other']) u;
SELECT count(*) AS none FROM scim.equal_user_names('names_of');
INSERT INTO names_of.users (data) VALUES (jsonb_build_object('userName', U&'JOSE\0301'));
INSERT INTO names_of.users (data) VALUES (jsonb_build_object('userName', U&'\FF2Aose\0301'));
SELECT tenant_id, resource_type, folded = U&'jos\00E9' AS folded, cardinality(ids) AS ids, ids = ARRAY(SELECT id FROM names_of.users WHERE user_name <> 'other' ORDER BY id) AS who, cardinality(user_names) AS names FROM scim.equal_user_names('names_of');
-- not for others
CREATE ROLE regress_names;
GRANT USAGE ON SCHEMA names_of TO regress_names;
GRANT SELECT ON ALL TABLES IN SCHEMA names_of TO regress_names;
SET ROLE regress_names;
SELECT * FROM scim.equal_user_names('names_of');
RESET ROLE;
SELECT * FROM scim.equal_user_names('no_store');
-- resolved
UPDATE names_of.users SET data = jsonb_set(data, '{userName}', '"jose2"') WHERE user_name = U&'JOSE\0301';
DELETE FROM names_of.users WHERE user_name = U&'\FF2Aose\0301';
SELECT count(*) AS none FROM scim.equal_user_names('names_of');
RESET scim.store;
SELECT scim.drop_store('names_of', true);
DROP OWNED BY regress_names;
DROP ROLE regress_names;
