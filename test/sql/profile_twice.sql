-- Applying a document twice changes nothing, however it is spelled; and what is exported can be applied
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('twice');
SET scim.store = 'twice';
RESET client_min_messages;
CREATE FUNCTION pg_temp.a(d text) returns text language plpgsql as $$ declare n int; m int; x jsonb; begin n := scim.apply_profile(d::jsonb); m := scim.apply_profile(d::jsonb); x := scim.export_profile(); raise exception using errcode='P0009', message='APPLIED '||n||' again '||m||' export '||scim.apply_profile(x); exception when others then return sqlstate||' '||left(sqlerrm,230); end $$;
select left(d,130), pg_temp.a(d) from unnest(array[
'{"tenants":[{"tenant":2.0}]}','{"tenants":[{"tenant":2,"name":""}]}','{"policies":[{"resourceType":"user","kind":"audit"}]}','{"policies":[{"resourceType":"User","kind":"AUDIT"}]}','{"policies":[{"resourceType":"user","kind":"unique","settings":{"attributes":["title"]}}]}',
'{"policies":[{"resourceType":"User","kind":"unique","name":"a","settings":{"attributes":["title"]}},{"resourceType":"User","kind":"unique","name":"A","settings":{"attributes":["nickName"]}}]}',
'{"settings":[{"name":"max_results","value":"50"}]}','{"settings":[{"name":"max_results","value":50.0}]}','{"settings":[{"name":"max_results","resourceType":"user","value":50}]}','{"settings":[{"name":"empty_patch","value":"on"}]}',
'{"schemas":[{"id":"urn:ietf:params:scim:schemas:core:2.0:Schema","name":"x","attributes":[{"name":"a"}]}]}','{"schemas":[{"id":"URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER","amend":{"USERNAME":{"description":"x"}}}]}','{"schemas":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","amend":{"userName":{"required":null}}}]}','{"schemas":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","amend":{"":{"required":true}}}]}','{"schemas":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","amend":{"title":{"name":"login"}}}]}','{"schemas":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","amend":{"title":{"name":"TITLE"}}}]}','{"schemas":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","amend":{"title":{"description":null}}}]}',
'{"resourceTypes":[{"name":"R","endpoint":"/Rs","schema":"urn:ietf:params:scim:schemas:core:2.0:User","table":""}]}','{"resourceTypes":[{"name":"R","endpoint":"Rs","schema":"URN:ietf:params:scim:schemas:core:2.0:User"}]}',
'{"endpoints":[{"name":"a","methods":["GET"],"path":"/a","resourceType":"user","action":"list"},{"name":"A","methods":["GET"],"path":"/b","resourceType":"User","action":"list"}]}','{"endpoints":[{"methods":["get"],"path":"/a","resourceType":"User","action":"list","enabled":false,"settings":7}]}',
'{"authenticationSchemes":[{"scheme":"bearer","keyword":"X","credential":"token","type":"oauth"}]}','{"authenticationSchemes":[{"scheme":"Q","keyword":"X","credential":"token","type":"oauth","primary":false}]}'
]) d;
SET client_min_messages = warning;
SELECT scim.drop_store('twice', true);
