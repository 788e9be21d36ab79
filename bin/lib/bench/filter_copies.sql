-- The same rows for those that the store is compared with.

-- By hand: the documents, and an index for each purpose.
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), data jsonb NOT NULL, last_modified timestamptz);
INSERT INTO by_hand.users SELECT id, data, last_modified FROM directory.users ORDER BY id;

-- Supabase Auth and wadahiro/scim-server: a lower-cased copy beside each document.
CREATE SCHEMA lowered;
CREATE TABLE lowered.users (id uuid PRIMARY KEY, data jsonb NOT NULL, last_modified timestamptz, deleted_at timestamptz,
    norm jsonb GENERATED ALWAYS AS (lower(data::text)::jsonb) STORED);
INSERT INTO lowered.users SELECT id, data, last_modified FROM directory.users ORDER BY id;

-- Keycloak, django-scim2, scimitar: columns, plain indexes, LOWER() or UPPER() in the query.
CREATE SCHEMA plain;
CREATE TABLE plain.users (id uuid PRIMARY KEY, user_name text, external_id text, title text, nick_name text,
    user_type text, active boolean, given_name text, family_name text, last_modified timestamptz);
INSERT INTO plain.users
SELECT id, data ->> 'userName', data ->> 'externalId', data ->> 'title', data ->> 'nickName', data ->> 'userType',
       (data ->> 'active')::boolean, data #>> '{name,givenName}', data #>> '{name,familyName}', last_modified
FROM directory.users ORDER BY id;
CREATE INDEX ON plain.users (user_name);
CREATE INDEX ON plain.users (external_id);
CREATE INDEX ON plain.users (family_name);
CREATE TABLE plain.emails (user_id uuid NOT NULL, type text, value text);
INSERT INTO plain.emails
SELECT id, e ->> 'type', e ->> 'value' FROM directory.users, jsonb_array_elements(data -> 'emails') e;
CREATE INDEX ON plain.emails (value);
CREATE INDEX ON plain.emails (user_id);
