-- A row that comes by COPY and whose columns contradict its document: what contradiction_row has of other ways in
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('contradict_copy');
SET scim.store = 'contradict_copy';
UPDATE contradict_copy.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
COPY contradict_copy.users (user_name, status, active, data) FROM stdin;
a	SUSPENDED	true	{}
\.
COPY contradict_copy.users (user_name, external_id, data) FROM stdin;
a	x	{"externalId": "y"}
\.
SELECT count(*) FROM contradict_copy.users;
SET client_min_messages = warning;
SELECT scim.drop_store('contradict_copy', true);
