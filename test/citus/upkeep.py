#!/usr/bin/env python3
"""The upkeep of a distributed store: what works on all nodes, what works where a tenant is, and what
says why it does not, when run.py has distributed it.

One line per test, "ok" or "not ok"; exit status 1 where one failed.
"""
import json
import os

from cluster import COORDINATOR, PORTS, TENANTS, USER, at_tenant, equal, finish, quote, refused, request, sql, test



def one(tenant, query, port=COORDINATOR):
    rows = at_tenant(tenant, query, port)
    equal(len(rows), 1)
    return rows[0]


def create(name, tenant, port=COORDINATOR):
    status, _, body = request("POST", "/Users", {"schemas": [USER], "userName": name}, tenant, port)
    equal(status, 201)
    return body["id"]


PERSON = create("upkeep", 2)


@test("what is about a tenant is refused elsewhere, and says where it goes")
def _():
    for call in """create_token('x') create_client('c','Basic') create_consumer('k') consumers() create_resource('User','{}') get_resource('User','ID')
            replace_resource('User','ID','{}') patch_resource('User','ID','[]') delete_resource('User','ID') search('User') bulk('{}') export('User')
            export_csv('User') history('ID') resource_at('User','ID',now()) resources_at('User',now()) members_at('ID',now()) changes(now(),now())
            validate_store() preview('GET','/Users') purge('1_day') drop_events(now(),true) erase('ID') invite('ID') record_login('ID') log_out('ID')
            verify_password('ID','x') issue_recovery_code('ID') redeem_recovery_code('x') session_is_valid('ID',now()) seal_audit() verify_audit()
            audit_head() next_events('k') dead_events('k') next_deliveries() next_key_sets() guards() release_guard('x') link_candidates('User')
            revert_change('ID') restore_resource('User','ID') complete_offboarding('ID') check_binding() sync_database_roles()
            equal_user_names('directory')""".split():
        for port in PORTS[:2]:
            refused("SELECT * FROM scim." + call.replace("ID", PERSON).replace("_day", " day"), "is distributed", "at_tenant", port=port)


@test("and so is what row-level security or a view would answer with nobody")
def _():
    for port in PORTS[:1]:
        refused("SELECT count(*) FROM directory.people", "is distributed", port=port)
    sql("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        "GRANT USAGE ON SCHEMA directory, scim TO stranger; GRANT SELECT ON ALL TABLES IN SCHEMA directory TO stranger")
    for port in PORTS:
        refused("SELECT count(*) FROM directory.users", "is distributed", port=port, user="stranger")


@test("it works where the tenant is")
def _():
    for port in PORTS:
        for tenant in TENANTS[:3]:
            name = "there-%d-%d" % (port, tenant)
            there = one(tenant, "SELECT scim.create_resource('User', '{\"userName\": \"%s\"}') AS r" % name, port)["r"]["id"]
            equal([row["operation"] for row in at_tenant(tenant, "SELECT operation FROM scim.history('%s')" % there, port)], ["create"])
            equal(len(at_tenant(tenant, "SELECT FROM scim.changes(now() - interval '1 minute', 'infinity') WHERE resource_id = '%s'" % there, port)), 1)
            change = at_tenant(tenant, "SELECT change FROM directory.audit WHERE tenant_id = %d AND resource_id = '%s'" % (tenant, there), port)[0]["change"]
            one(tenant, "SELECT scim.suspend_resource('User', '%s')" % there, port)
            equal(at_tenant(tenant, "SELECT FROM scim.validate_store('Group')", port), [])
            one(tenant, "SELECT scim.delete_resource('User', '%s')" % there, port)
            equal(at_tenant(tenant, "SELECT FROM scim.revert_change('%s')" % change, port) is not None, True)
            equal(one(tenant, "SELECT scim.purge('0 seconds') >= 1 AS some", port)["some"], True)


@test("the audit of a tenant is sealed and verified where he is")
def _():
    for tenant in [0] + TENANTS:
        at_tenant(tenant, "SELECT scim.seal_audit()")
        equal(at_tenant(tenant, "SELECT * FROM scim.verify_audit() WHERE problem <> 'trigger'"), [])
        equal(at_tenant(tenant, "SELECT * FROM scim.verify_audit()"), [])
    head = one(2, "SELECT scim.audit_head() AS head")["head"]
    equal(2 in [seal["tenant"] for seal in head], True)
    equal(at_tenant(2, "SELECT * FROM scim.verify_audit('%s')" % json.dumps([seal for seal in head if seal["tenant"] == 2])), [])


@test("statistics are of all nodes, by each of them")
def _():
    wanted = sql("SELECT tenant_id, count(*) FROM directory.resource GROUP BY 1 ORDER BY 1")
    for port in PORTS:
        equal(sql("SELECT (labels ->> 'tenant')::int, sum(value) FROM scim.statistics('people') WHERE name = 'resources' GROUP BY 1 ORDER BY 1", port), wanted)
        equal(sql("SELECT string_agg(labels ->> 'tenant', ',' ORDER BY (labels ->> 'tenant')::int) FROM scim.statistics('audit') WHERE name = 'audit_seals'", port),
              sql("SELECT string_agg(tenant_id::text, ',' ORDER BY tenant_id) FROM (SELECT 0 AS tenant_id UNION ALL SELECT tenant_id FROM directory.tenant) t"))
        equal(sql("SELECT value > 100000 FROM scim.statistics() WHERE name = 'table_bytes' AND labels ->> 'table' = 'resource'", port), "t")
        equal(sql("SELECT count(*) FROM scim.statistics() GROUP BY name, labels HAVING count(*) > 1", port), "")


@test("retention is applied on all nodes, and the audit says so")
def _():
    old = "date_trunc('month', now()) - interval '3 years'"
    month = sql("SELECT to_char(%s, '\"audit_\"YYYY_MM')" % old)
    sql("SET citus.enable_unsafe_triggers = on; SET citus.multi_shard_modify_mode = 'sequential'; DO $do$ DECLARE s text; BEGIN "
        "FOR s IN SELECT scim_internal.audit_table_statements('directory', '%s', scim_internal.audit_month_bounds(%s)) LOOP EXECUTE s; END LOOP; END $do$" % (month, old))
    sql("DROP TABLE directory.audit_default; ")
    equal(sql("SELECT string_agg(t, ', ') FROM scim.apply_retention() t"), "audit_default made")
    refused("SELECT scim.apply_retention()", "at the coordinator", port=PORTS[1])
    sql("INSERT INTO directory.setting (name, value) VALUES ('audit_retention', '400'), ('event_retention', '400')")
    equal(month + " dropped" in sql("SELECT string_agg(t, ', ') FROM scim.apply_retention() t"), True)
    for port in PORTS:
        equal(sql("SELECT to_regclass('directory.%s') IS NULL" % month, port), "t")
    equal([row["key"] for row in at_tenant(0, "SELECT key FROM directory.audit WHERE tenant_id = 0 AND operation = 'drop audit'")], [month])
    sql("DELETE FROM directory.setting WHERE name IN ('audit_retention', 'event_retention')")


@test("a tenant goes with what was stored for him, and not before his resources")
def _():
    for port in PORTS[:2]:
        tenant = int(sql("SELECT scim.create_tenant('brief')", port))
        at_tenant(tenant, "SELECT scim.create_token('brief')")
        at_tenant(tenant, "SELECT scim.create_consumer('brief')")
        sql("INSERT INTO directory.setting (tenant_id, name, value) VALUES (%d, 'max_results', '3')" % tenant)
        id = create("brief", tenant, port)
        refused("SELECT scim.drop_tenant(%d)" % tenant, "still has resources", port=port)
        refused("DELETE FROM directory.tenant WHERE tenant_id = %d" % tenant, "tenant", port=port)
        at_tenant(tenant, "SELECT scim.delete_resource('User', '%s')" % id)
        at_tenant(tenant, "SELECT scim.purge('0 seconds')")
        sql("SELECT scim.drop_tenant(%d)" % tenant, port)
        for table in ("tenant", "token", "consumer", "setting"):
            equal((table, sql("SELECT count(*) FROM directory.%s WHERE tenant_id = %d" % (table, tenant))), (table, "0"))
        for other in PORTS:
            equal(request("GET", "/Users", tenant=tenant, port=other)[2]["totalResults"], 0)
        refused("SELECT scim.drop_tenant(%d)" % tenant, "does not exist", port=port)


@test("secrets of attributes are sealed on all nodes, by keys that are the same")
def _():
    urn = "urn:example:locker"
    sql("SELECT scim.create_sealing_key()")
    sql("SELECT scim.register_schema(%s)" % quote(json.dumps({"id": urn, "name": "locker", "description": "x", "attributes": [
        {"name": "combination", "type": "string", "multiValued": False, "mutability": "writeOnly", "returned": "never"}]})))
    document = json.loads(sql("SELECT document FROM directory.resource_type WHERE name = 'User'"))
    document["schemaExtensions"] = document.get("schemaExtensions", []) + [{"schema": urn, "required": False}]
    sql("SELECT scim.register_resource_type(%s, true)" % quote(json.dumps(document)))
    for port in PORTS:
        for tenant in TENANTS[:3]:
            name = "locker-%d-%d" % (port, tenant)
            status, _, body = request("POST", "/Users", {"schemas": [USER, urn], "userName": name, urn: {"combination": name}}, tenant, port)
            equal(status, 201)
            equal(at_tenant(tenant, "SELECT FROM directory.users WHERE tenant_id = %d AND id = '%s' AND data::text LIKE '%%\"combination\": \"locker%%'" % (tenant, body["id"])), [])
            equal(one(tenant, "SELECT scim.unseal_value('%s', '%s:combination') AS value" % (body["id"], urn))["value"], name)
    sql("SELECT scim.unregister_schema('%s', true)" % urn)


@test("profiles are compared and applied")
def _():
    before = sql("SELECT scim.export_profile()")
    for port in PORTS:
        equal(sql("SELECT count(*) FROM scim.diff_profile((SELECT scim.export_profile()))", port), "0")
        equal(sql("SELECT scim.export_profile()", port), before)
    sql("SELECT scim.apply_profile('devices')")
    equal(sql("SELECT count(*) FROM scim.diff_profile('devices')"), "0")
    for port in PORTS:
        equal(request("GET", "/Devices", tenant=2, port=port)[0], 200)


@test("what a distributed store cannot do says why")
def _():
    refused("SELECT scim.repair_store('directory')", "is not repaired")
    refused("SELECT scim.begin_load('User')", "is not loaded")
    refused("SELECT scim.end_load('User')", "is not loaded")
    refused("CREATE TABLE public.staff (id int PRIMARY KEY, login text); SELECT scim.bind_table('User', 'public.staff', '{\"userName\": \"login\"}')", "has no bound tables")
    refused("SELECT scim.distribute_store('directory')", "is distributed already")
    refused("SELECT scim.at_tenant(2, 'SELECT scim.distribute_store()')", "is distributed already")
    equal(sql("SELECT count(*) FROM scim.upgrade_store('directory')"), "0")


@test("an index for sorting is made on all shards")
def _():
    sql("SELECT scim.create_sort_index('User', 'title')")
    index = sql("SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'directory.users'::regclass AND indexrelid::regclass::text LIKE '%sort'").split(".")[-1]
    found = sum(int(sql("SELECT count(*) FROM pg_index WHERE indexrelid::regclass::text ~ '%s_[0-9]+$'" % index, port)) for port in PORTS)
    equal(str(found), sql("SELECT count(*) FROM pg_dist_shard WHERE logicalrelid = 'directory.users'::regclass"))


@test("what fails on a node leaves no secret in its log")
def _():
    logs = os.environ.get("CITUS_LOGS")
    if not logs:
        return
    secret = "a secret of nobody else"
    refused("SELECT scim.at_tenant(2, 'SELECT scim.create_resource(''User'', $1::jsonb)', '{\"userName\": \"x y\", \"password\": \"%s\", \"nothing\": 1}')" % secret, "nothing")
    for port in PORTS:
        refused("SELECT scim.at_tenant(2, 'SELECT 1 / $1::int', '0', '%s')" % secret, "division by zero", port=port)
    for node in ("near", "far"):
        with open(os.path.join(logs, node + ".log"), encoding="utf-8", errors="replace") as lines:
            for line in lines:
                # whoever is logged in there himself is told what he has sent
                if secret in line and "pg_catalog" not in line and "at_tenant(tenant_id" not in line and "scim.at_tenant(" in line:
                    continue
                if secret in line or "correct horse 7 battery" in line:
                    raise AssertionError(line[:300])


# who may read the views of a store, and what they are
VIEWS = """SELECT string_agg(format('%s %s %s', relname, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) a WHERE a::text !~ '^keeper'),
    (SELECT string_agg(d.description, ',' ORDER BY d.objsubid) FROM pg_description d WHERE d.objoid = c.oid AND d.classoid = 'pg_class'::regclass)), E'\\n' ORDER BY relname)
    FROM pg_class c WHERE relkind = 'v' AND relnamespace = 'kept'::regnamespace"""


@test("an owner who is no superuser has a store distributed, and a gateway before it")
def _():
    sql("CREATE ROLE keeper LOGIN")
    sql("DO $$ BEGIN CREATE ROLE scim_client; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    grants = ("GRANT CREATE ON DATABASE scim TO keeper", "GRANT USAGE ON SCHEMA scim, scim_internal TO keeper",
              "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim, scim_internal TO keeper",
              "GRANT USAGE ON SCHEMA scim TO scim_client", "GRANT EXECUTE ON FUNCTION scim.gateway(json, bytea) TO scim_client")
    for grant in grants:
        sql(grant)
        sql("SELECT run_command_on_workers(%s)" % quote(grant))
    sql("GRANT scim_client TO keeper")
    sql("SELECT scim.create_store('kept'); SET scim.store = 'kept'; SELECT scim.create_tenant('second'); GRANT SELECT ON kept.leaver, kept.people TO scim_client", user="keeper")
    described = sql(VIEWS)
    sql("SELECT scim.distribute_store('kept', 2)", user="keeper")
    equal(sql(VIEWS), described)
    sql("GRANT USAGE ON SCHEMA scim, kept TO scim_client; GRANT SELECT ON kept.schema, kept.resource_type TO scim_client; "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON kept.resource, kept.member, kept.users, kept.groups TO scim_client")
    sql("SET scim.store = 'kept'; SELECT scim.register_schema('{\"id\": \"urn:x:kept\", \"name\": \"kept\", \"attributes\": [{\"name\": \"z\"}]}');"
        "SELECT scim.register_resource_type('{\"name\": \"Thing\", \"endpoint\": \"/Things\", \"schema\": \"urn:x:kept\"}')", user="keeper")
    for tenant in (1, 2):
        token = sql("SET scim.store = 'kept'; SELECT scim.at_tenant(%d, 'SELECT secret FROM scim.create_token(''kept'')') ->> 'secret'" % tenant, user="keeper")
        for port in PORTS:
            user = '{"schemas": ["%s"], "userName": "kept%d"}' % (USER, port)
            equal(sql("SET scim.store = 'kept'; SELECT status FROM scim.request('POST', '/Users', '{}', %s)" % quote(user), port, tenant, "keeper"), "201")
            headers = {"x-scim-method": "GET", "x-scim-target": "/scim/v2/Users", "x-scim-store": "kept", "x-scim-base-url": "http://x/scim/v2", "x-scim-authorization": "Bearer " + token}
            answer = json.loads(sql("SET ROLE scim_client; SELECT scim.gateway(%s, NULL)" % quote(json.dumps(headers)), port))
            equal(answer["totalResults"], 1 + PORTS.index(port))
    # what a later version finds
    create = "SET scim.store = 'kept'; SELECT status FROM scim.request('POST', '/Users', '{}', '{\"schemas\": [\"%s\"], \"userName\": \"later%%d\"}')" % USER
    sql("ALTER ROLE keeper SET citus.enable_unsafe_triggers = on")
    for lost in ("DROP TRIGGER scim_value ON kept.member", "DROP TRIGGER scim_door ON kept.setting", "COMMENT ON VIEW kept.leaver IS NULL"):
        sql(lost, user="keeper")
    sql("ALTER ROLE keeper RESET citus.enable_unsafe_triggers")
    shard = sql("SELECT shardid FROM pg_dist_shard WHERE logicalrelid = 'kept.store'::regclass")
    for port in PORTS:
        sql("SET session_replication_role = replica; UPDATE kept.store_%s SET version = '0.9.0'" % shard, port)
    for port in PORTS:
        equal(sql(create % port, port, user="keeper"), "503")
    dry = sql("SELECT count(*) FROM scim.upgrade_store('kept', true)", user="keeper")
    equal(int(dry) > 100, True)
    sql("SELECT scim.upgrade_store('kept')", user="keeper")
    equal(sql("SELECT count(*) FROM scim.upgrade_store('kept')", user="keeper"), "0")
    equal(sql(VIEWS), described)
    for port in PORTS:
        equal(sql("SELECT count(DISTINCT version), min(version) = scim_internal.store_version() FROM kept.store", port), "1|t")
        equal(sql("SET citus.override_table_visibility = off; SELECT count(*) FROM pg_class c WHERE relnamespace = 'kept'::regnamespace AND relkind = 'r' AND relname ~ '^(member|setting)(_[0-9]+)?$'"
                  " AND NOT EXISTS (SELECT FROM pg_trigger t WHERE tgrelid = c.oid AND tgname ~ CASE WHEN relname ~ '^member' THEN '^scim_value' ELSE '^scim_door' END)", port), "0")
        for tenant in (1, 2):
            equal(sql(create % port, port, tenant, "keeper"), "201")
    sql("SET scim.store = 'kept'; SELECT scim.drop_store('kept', true)", user="keeper")


@test("a store is dropped at the coordinator, from all nodes")
def _():
    sql("SELECT scim.create_store('brief'); SET scim.store = 'brief'; SELECT scim.distribute_store('brief', 2)")
    for port in PORTS[1:]:
        refused("SELECT scim.drop_store('brief')", "coordinator", port=port)
    sql("SELECT scim.drop_store('brief')")
    for port in PORTS:
        equal(sql("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'brief'", port), "0")


finish()
