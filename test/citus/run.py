#!/usr/bin/env python3
"""A store on a cluster of Citus (cluster.py): what is refused, how it is distributed, and a day of it.

One line per test, "ok" or "not ok"; exit status 1 where one failed.
"""
import concurrent.futures
import threading
import time
import urllib.parse

from cluster import BULK, GROUP, PATCH, PORTS, TENANTS, USER, SqlError, at_tenant, equal, finish, refused, request, sql, test

# ---- what is refused

@test("a store under schema-based sharding is refused, and nothing is left of it")
def _():
    refused("SET citus.enable_schema_based_sharding = on; SELECT scim.create_store('sharded')", "citus.enable_schema_based_sharding is on")
    equal(sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'sharded'"), "0")


sql("SELECT scim.create_store('directory')")
for tenant in TENANTS[1:]:
    sql("SELECT scim.create_tenant('tenant %d')" % tenant)


@test("a foreign key of an application is named and refused")
def _():
    sql("CREATE TABLE badge (id int, holder uuid CONSTRAINT badge_holder REFERENCES directory.users (id))")
    refused("SELECT scim.distribute_store()", 'constraint "badge_holder" of table public.badge refers to directory.users (id)')
    sql("DROP TABLE badge")


@test("what is unique over all tenants is named and refused")
def _():
    sql("INSERT INTO directory.policy (resource_type, kind, name, settings) "
        "VALUES ('User', 'unique', 'everywhere', '{\"attributes\": [\"nickName\"], \"scope\": \"global\"}')")
    refused("SELECT scim.distribute_store()", 'attribute "nickName" of resource type User is unique over all tenants')
    sql("DELETE FROM directory.policy WHERE name = 'everywhere'")


@test("triggers of others are named and refused")
def _():
    sql("CREATE FUNCTION public.notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
        "CREATE TRIGGER noticed AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION public.notice()")
    refused("SELECT scim.distribute_store()", 'trigger "noticed" of table directory.users')
    sql("DROP TRIGGER noticed ON directory.users; DROP FUNCTION public.notice()")


@test("whoever does not own the store may not distribute it")
def _():
    sql("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    refused("SELECT scim.distribute_store()", "permission denied", user="stranger")


# ---- a filled store

for tenant in TENANTS:
    for name in ("ann", "bob"):
        sql("INSERT INTO directory.users (tenant_id, data) VALUES (%d, '{\"userName\": \"%s\", \"title\": \"t%d\"}')" % (tenant, name, tenant), tenant=tenant)
    sql("INSERT INTO directory.groups (tenant_id, data) VALUES (%d, '{\"displayName\": \"before\"}')" % tenant, tenant=tenant)
    sql("INSERT INTO directory.member (tenant_id, group_id, member_id) SELECT g.tenant_id, g.id, u.id "
        "FROM directory.groups g JOIN directory.users u USING (tenant_id) WHERE tenant_id = %d" % tenant, tenant=tenant)
counts = {table: sql("SELECT count(*) FROM directory." + table) for table in ("resource", "member", "audit", "policy", "tenant")}


@test("a filled store is distributed")
def _():
    sql("SELECT scim.distribute_store('directory', 4)")
    refused("SELECT scim.distribute_store()", "is distributed already")


@test("all its rows are there, and its tenants are on both workers")
def _():
    for table, count in counts.items():
        equal((table, sql("SELECT count(*) FROM directory." + table)), (table, count))
    nodes = sql("SELECT count(DISTINCT p.groupid) FROM generate_series(1, 5) t "
                "JOIN pg_dist_placement p ON p.shardid = get_shard_id_for_distribution_column('directory.member', t)")
    equal(nodes, "2")


@test("whoever was there before is found at every node")
def _():
    for port in PORTS:
        for tenant in TENANTS:
            status, _, body = request("GET", "/Users?filter=title+eq+%22t" + str(tenant) + "%22&sortBy=userName", tenant=tenant, port=port)
            equal((status, [user["userName"] for user in body["Resources"]]), (200, ["ann", "bob"]))
            equal(body["Resources"][0]["groups"][0]["display"], "before")


# ---- a whole day

def day(port, tenant):
    unique = "%d-%d" % (port, tenant)

    def call(method, target, body=None, wanted=200, headers=None):
        status, headers, document = request(method, target, body, tenant, port, headers)
        if status != wanted:
            raise AssertionError("%s %s: %d, not %d: %s" % (method, target, status, wanted, document))
        return document

    ids = [call("POST", "/Users", {"schemas": [USER], "userName": "u%d-%s" % (n, unique), "title": unique, "active": True, "password": "correct horse 7 battery",
                                   "emails": [{"value": "u%d-%s@example.com" % (n, unique), "type": "work"}]}, 201)["id"] for n in range(3)]
    conflict = call("POST", "/Users", {"schemas": [USER], "userName": "U0-" + unique}, 409)
    equal(conflict["scimType"], "uniqueness")
    equal(call("GET", "/Users/" + ids[0])["userName"], "u0-" + unique)
    equal(call("GET", "/Users?filter=emails.value+eq+%22u1-" + unique + "%40example.com%22")["totalResults"], 1)
    equal([user["userName"][:2] for user in
           call("GET", "/Users?filter=title+eq+%22" + unique + "%22&sortBy=userName&sortOrder=descending")["Resources"]], ["u2", "u1", "u0"])
    seen, cursor = [], ""
    while cursor is not None:
        page = call("GET", "/Users?filter=title+eq+%22" + unique + "%22&count=2&cursor=" + urllib.parse.quote(cursor))
        seen += [user["id"] for user in page["Resources"]]
        cursor = page.get("nextCursor")
    equal(sorted(seen), sorted(ids))
    call("PATCH", "/Users/" + ids[0], {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "nickName", "value": "nick"}]})
    call("PUT", "/Users/" + ids[1], {"schemas": [USER], "userName": "u1-" + unique, "title": unique, "displayName": "One"}, headers={"If-Match": 'W/"1"'})
    call("PUT", "/Users/" + ids[1], {"schemas": [USER], "userName": "u1-" + unique}, 412, headers={"If-Match": 'W/"1"'})
    inner = call("POST", "/Groups", {"schemas": [GROUP], "displayName": "inner " + unique, "members": [{"value": ids[0]}, {"value": ids[1]}]}, 201)["id"]
    outer = call("POST", "/Groups", {"schemas": [GROUP], "displayName": "outer " + unique, "members": [{"value": inner}]}, 201)["id"]
    equal(sorted(group["display"] for group in call("GET", "/Users/" + ids[0])["groups"]), ["inner " + unique, "outer " + unique])
    call("PATCH", "/Groups/" + outer, {"schemas": [PATCH], "Operations": [{"op": "add", "path": "members", "value": [{"value": ids[2]}]}]})
    call("PATCH", "/Groups/" + inner, {"schemas": [PATCH], "Operations": [{"op": "remove", "path": 'members[value eq "%s"]' % ids[1]}]})
    equal(len(call("GET", "/Groups/" + inner)["members"]), 1)
    equal(call("GET", "/Groups?filter=members.value+eq+%22" + ids[2] + "%22")["totalResults"], 1)
    done = call("POST", "/Bulk", {"schemas": [BULK], "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"schemas": [USER], "userName": "bulk-" + unique, "title": unique}},
        {"method": "POST", "path": "/Groups", "bulkId": "y", "data": {"schemas": [GROUP], "displayName": "bulk " + unique, "members": [{"value": "bulkId:x"}]}}]})
    equal([operation["status"] for operation in done["Operations"]], ["201", "201"])
    call("DELETE", "/Users/" + ids[2], wanted=204)
    call("GET", "/Users/" + ids[2], wanted=404)
    equal(len(call("GET", "/Groups/" + outer)["members"]), 1)
    call("GET", "/Users?filter=userName+xx+1", wanted=400)
    equal(call("POST", "/.search", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'title eq "%s"' % unique})["totalResults"], 3)
    steps = at_tenant(tenant, "SELECT operation, actor, version FROM directory.audit WHERE resource_id = '%s' AND member_id IS NULL ORDER BY at" % ids[0], port)
    equal([step["operation"] for step in steps][:2], ["create", "update"])
    equal(at_tenant(tenant, "SELECT scim.verify_password('%s', 'correct horse 7 battery') AS good" % ids[0], port), [{"good": True}])
    for other in TENANTS:
        if other != tenant:
            equal(request("GET", "/Users/" + ids[0], tenant=other, port=port)[0], 404)
            equal(request("GET", "/Users?filter=title+eq+%22" + unique + "%22", tenant=other, port=port)[2]["totalResults"], 0)


for number, port in enumerate(PORTS):
    for tenant in TENANTS[:3]:
        test("a day of tenant %d by %s" % (tenant, ["the coordinator", "a worker", "the other worker"][number]))(lambda port=port, tenant=tenant: day(port, tenant))


@test("what an error ends leaves nothing on the node")
def _():
    before = sql("SELECT count(*) FROM directory.resource")
    for port in PORTS:
        for tenant in TENANTS[:3]:
            done = request("POST", "/Bulk", {"schemas": [BULK, "urn:scim:params:bulk:atomic"], "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"schemas": [USER], "userName": "all or nothing"}},
                {"method": "POST", "path": "/Users", "bulkId": "y", "data": {"schemas": [USER]}}]}, tenant, port)
            equal(done[0], 400)
    equal(sql("SELECT count(*) FROM directory.resource"), before)


@test("a transaction that is rolled back takes its requests along, of tenants on both nodes")
def _():
    before = sql("SELECT count(*) FROM directory.resource")
    sql("BEGIN; SELECT status FROM scim.request('POST', '/Users', '{}', '{\"schemas\": [\"%s\"], \"userName\": \"gone\"}');"
        "SET scim.tenant = 3; SELECT status FROM scim.request('POST', '/Users', '{}', '{\"schemas\": [\"%s\"], \"userName\": \"gone\"}'); ROLLBACK" % (USER, USER))
    equal(sql("SELECT count(*) FROM directory.resource"), before)


@test("and one that is committed, too")
def _():
    before = int(sql("SELECT count(*) FROM directory.resource"))
    sql("BEGIN; SELECT status FROM scim.request('POST', '/Users', '{}', '{\"schemas\": [\"%s\"], \"userName\": \"both\"}');"
        "SET scim.tenant = 3; SELECT status FROM scim.request('POST', '/Users', '{}', '{\"schemas\": [\"%s\"], \"userName\": \"both\"}'); COMMIT" % (USER, USER))
    equal(int(sql("SELECT count(*) FROM directory.resource")), before + 2)


@test("of those who want the same name at the same time, one gets it")
def _():
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: request("POST", "/Users", {"schemas": [USER], "userName": "wanted"}, 2, PORTS[n % 3])[0], range(6)))
    equal(sorted(answers), [201, 409, 409, 409, 409, 409])


@test("members that come by all nodes at once are all there")
def _():
    ids = [request("POST", "/Users", {"schemas": [USER], "userName": "m%d" % n}, 3)[2]["id"] for n in range(12)]
    group = request("POST", "/Groups", {"schemas": [GROUP], "displayName": "all"}, 3)[2]["id"]

    def add(n):
        status = 503
        while status == 503:
            status, _, _ = request("PATCH", "/Groups/" + group, {"schemas": [PATCH], "Operations": [
                {"op": "add", "path": "members", "value": [{"value": ids[n]}]}]}, 3, PORTS[n % 3])
        return status
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        equal(list(pool.map(add, range(12))), [200] * 12)
    _, _, body = request("GET", "/Groups/" + group, tenant=3)
    equal((len(body["members"]), body["meta"]["version"].split(".")[0].strip('W/"')), (12, "13"))


# ---- events, and what is configured

@test("events are read where the tenant is")
def _():
    sql("UPDATE directory.policy SET enabled = true, settings = '{\"mode\": \"notice\"}' WHERE kind = 'events' AND resource_type = 'User'")
    if sql("SELECT count(*) FROM directory.policy WHERE kind = 'events' AND resource_type = 'User'") == "0":
        sql("INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'events', '{\"mode\": \"notice\"}')")
    at_tenant(4, "SELECT scim.create_consumer('reader')")
    name = request("POST", "/Users", {"schemas": [USER], "userName": "told"}, 4, PORTS[1])
    equal(name[0], 201)
    events = at_tenant(4, "SELECT e.event_uri, e.resource_id FROM scim.next_events('reader') e", PORTS[2])
    equal([event["resource_id"] for event in events], [name[2]["id"]])


@test("a tenant, a setting and a policy hold on all nodes, and are in the audit once")
def _():
    tenant = int(sql("SELECT scim.create_tenant('later')", PORTS[0]))
    sql("INSERT INTO directory.setting (name, tenant_id, value) VALUES ('max_results', %d, '1')" % tenant)
    sql("INSERT INTO directory.policy (tenant_id, resource_type, kind, settings) VALUES (%d, 'User', 'default', '{\"attributes\": {\"title\": \"given\"}}')" % tenant)
    for port in PORTS:
        status, _, body = request("POST", "/Users", {"schemas": [USER], "userName": "p%d" % port}, tenant, port)
        equal((status, body.get("title")), (201, "given"))
        equal(request("GET", "/Users", tenant=tenant, port=port)[2]["itemsPerPage"], 1)
    equal([row["operation"] for row in at_tenant(tenant, "SELECT operation FROM directory.audit WHERE tenant_id = %d AND object IS NOT NULL ORDER BY at" % tenant)],
          ["create tenant", "create setting", "create policy"])


@test("roles of the database are refused")
def _():
    refused("INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'database_roles', '{\"role\": \"userName\"}')", "database_roles")


@test("rows of tenants are written by requests only, and configuration by no tenant")
def _():
    for port in PORTS:
        for tenant in TENANTS[:3]:
            refused("INSERT INTO directory.users (tenant_id, data) VALUES (%d, '{\"userName\": \"raw\"}')" % tenant, "is distributed", port=port)
        refused("UPDATE directory.users SET active = false", "is distributed", port=port)
        refused("DELETE FROM directory.member", "is distributed", port=port)
        refused("SELECT scim.at_tenant(1, 'SELECT scim.create_tenant(''x'')')", "is the same on all nodes", port=port)


@test("a role with all rights on the tables sees no tenant")
def _():
    sql("GRANT USAGE ON SCHEMA directory, scim TO stranger; GRANT SELECT ON ALL TABLES IN SCHEMA directory TO stranger")
    for port in PORTS:
        refused("SET scim.tenant = 2; SELECT count(*) FROM directory.users", "is distributed", port=port, user="stranger")
        refused("SELECT * FROM directory.at_tenant(2, '{}', 'SELECT 1', '{}')", "permission denied", port=port, user="stranger")
        refused("SELECT * FROM scim_internal.at_shards('directory', 2, '{}', 'SELECT 1', '{}')", "permission denied", port=port, user="stranger")


# ---- shards that move

def wait_for_cleanup():
    """Citus drops what a move has left behind a moment later."""
    for _ in range(60):
        sql("CALL citus_cleanup_orphaned_resources()")
        if sql("SELECT count(*) FROM pg_dist_cleanup") == "0":
            return
        time.sleep(0.5)


@test("nothing is lost where shards are moved under load")
def _():
    stop, created, problems = threading.Event(), [], []

    def load(number):
        n = 0
        while not stop.is_set():
            name = "load-%d-%d" % (number, n)
            try:
                status, _, body = request("POST", "/Users", {"schemas": [USER], "userName": name}, 5, PORTS[number % 3])
            except SqlError as error:
                # by HTTP it is 503, as every 40P01
                if "distributed deadlock" not in str(error):
                    raise
                status, body = 503, None
            if status == 201:
                created.append(name)
            elif status != 503:
                problems.append((status, body))
            n += status != 503
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        running = [pool.submit(load, number) for number in range(3)]
        try:
            for mode in ("force_logical", "block_writes"):
                shard, here = sql("SELECT p.shardid, n.nodeport FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid) "
                                  "WHERE p.shardid = get_shard_id_for_distribution_column('directory.member', 5)").split("|")
                there = PORTS[2] if int(here) == PORTS[1] else PORTS[1]
                move = "SELECT citus_move_shard_placement(%s, '127.0.0.1', %s, '127.0.0.1', %d, shard_transfer_mode := '%s')" % (shard, here, there, mode)
                # Citus may take the move itself for the one of a deadlock who goes
                for attempt in range(5):
                    wait_for_cleanup()
                    try:
                        sql(move)
                        break
                    except SqlError as error:
                        if "distributed deadlock" not in str(error) or attempt == 4:
                            raise
                time.sleep(1)
        finally:
            stop.set()
        for job in running:
            job.result()
    equal(problems, [])
    equal(len(created) > 20, True)
    there = {row["user_name"] for row in at_tenant(5, "SELECT user_name FROM directory.users WHERE tenant_id = 5 AND user_name LIKE 'load-%'")}
    equal(sorted(set(created) - there), [])
    equal(int(sql("SELECT count(*) FROM directory.users WHERE user_name LIKE 'load-%'")), len(there))
    equal(request("GET", "/Users?filter=userName+sw+%22load-%22&count=0", tenant=5)[2]["totalResults"], len(there))


finish()
