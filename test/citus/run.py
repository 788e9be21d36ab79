#!/usr/bin/env python3
"""A store on a cluster of Citus: a coordinator and two workers, which `bin/test citus` starts.

One line per test, "ok" or "not ok"; exit status 1 where one failed.  CITUS_PORTS are the ports of
the three on 127.0.0.1; where SCIM_URL is set, a gateway stands before one of the workers.
"""
import base64
import concurrent.futures
import json
import os
import subprocess
import sys
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

PORTS = [int(port) for port in os.environ["CITUS_PORTS"].split(",")]
COORDINATOR = PORTS[0]
URL = os.environ.get("SCIM_URL")
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
TENANTS = [1, 2, 3, 4, 5]
failed = []


class SqlError(Exception):
    pass


def sql(statement, port=COORDINATOR, tenant=1, user="postgres", database="scim"):
    environment = dict(os.environ, PGOPTIONS="-c scim.tenant=%d -c client_min_messages=error" % tenant)
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", user,
                           "-d", database, "-c", statement], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SqlError(done.stderr)
    return done.stdout.strip()


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def request(method, target, body=None, tenant=1, port=COORDINATOR, headers=None):
    """scim.request at a node: status, headers and the document of the body."""
    printed = sql("SELECT to_json(r) FROM scim.request(%s, %s, %s, %s) r" % (
        quote(method), quote(target), quote(json.dumps(headers or {})),
        quote(json.dumps(body)) if body is not None else "NULL"), port, tenant)
    answer = json.loads(printed)
    return answer["status"], answer["headers"], json.loads(answer["body"]) if answer["body"] else None


def at_tenant(tenant, query, port=COORDINATOR):
    return [json.loads(line) for line in
            sql("SELECT scim.at_tenant(%d, %s)" % (tenant, quote(query)), port).split("\n") if line]


def equal(found, wanted):
    if found != wanted:
        raise AssertionError("%r, not %r" % (found, wanted))


def refused(statement, *texts, port=COORDINATOR, user="postgres"):
    try:
        sql(statement, port, user=user)
    except SqlError as error:
        for text in texts:
            if text not in str(error):
                raise AssertionError("%r is not in %s" % (text, error)) from None
        return
    raise AssertionError("not refused: " + statement)


def test(name):
    def run(function):
        try:
            function()
            print("ok", name, flush=True)
        except Exception:
            failed.append(name)
            print("not ok", name, flush=True)
            traceback.print_exc(file=sys.stdout)
        return function
    return run


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


@test("what could not follow on all nodes is refused")
def _():
    refused("SELECT scim.register_schema('{\"id\": \"urn:x:y\", \"name\": \"y\", \"attributes\": [{\"name\": \"z\"}]}')", "its schemas and resource types stay")
    refused("INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{\"attributes\": [\"nickName\"]}')", "What is stored would have to follow")


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
        equal(sql("SET scim.tenant = 2; SELECT count(*) FROM directory.users", port, user="stranger"), "0")
        refused("SELECT * FROM directory.at_tenant(2, '{}', 'SELECT 1', '{}')", "permission denied", port=port, user="stranger")


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
            status, _, body = request("POST", "/Users", {"schemas": [USER], "userName": name}, 5, PORTS[number % 3])
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
                wait_for_cleanup()
                sql("SELECT citus_move_shard_placement(%s, '127.0.0.1', %s, '127.0.0.1', %d, shard_transfer_mode := '%s')" % (shard, here, there, mode))
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


# ---- by HTTP

def http(method, path, token=None, body=None, headers=None, basic=None, form=None):
    headers = dict(headers or {})
    if token:
        headers["Authorization"] = "Bearer " + token
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(basic.encode()).decode()
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/scim+json")
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        with urllib.request.urlopen(urllib.request.Request(URL + path, data, headers, method=method)) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as answer:
        text = answer.read()
        return answer.code, json.loads(text) if text else None


if URL:
    @test("by HTTP every tenant is served by a token of his, wherever he is")
    def _():
        for tenant in TENANTS:
            token = at_tenant(tenant, "SELECT secret FROM scim.create_token('http')")[0]["secret"]
            status, body = http("POST", "/Users", token, {"schemas": [USER], "userName": "http"})
            equal((status, body.get("userName")), (201, "http"))
            equal(http("GET", "/Users/" + body["id"], token)[0], 200)
            equal(http("PATCH", "/Users/" + body["id"], token, {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "title", "value": "x"}]})[0], 200)
            rows = at_tenant(tenant, "SELECT actor, role, token_id IS NOT NULL AS known FROM directory.audit WHERE resource_id = '%s'" % body["id"])
            equal(rows[0], {"actor": "token: http", "role": "scim_client", "known": True})
            equal(len(at_tenant(tenant, "SELECT FROM directory.token WHERE tenant_id = %d AND description = 'http' AND last_used_at IS NOT NULL" % tenant)), 1)
            equal(http("DELETE", "/Users/" + body["id"], token)[0], 204)
            at_tenant(tenant, "SELECT scim.revoke_token(id) FROM directory.token WHERE tenant_id = %d AND description = 'http'" % tenant)
            equal(http("GET", "/Users", token)[0], 401)

    @test("wrong credentials and none are refused, and discovery is open")
    def _():
        equal(http("GET", "/Users", "scim_2_00000000000000000000000000000000_00")[0], 401)
        equal(http("GET", "/Users", "anything")[0], 401)
        equal(http("GET", "/Users")[0], 401)
        equal(http("GET", "/ServiceProviderConfig")[0], 200)
        equal(http("GET", "/Schemas")[1]["totalResults"] >= 3, True)

    @test("clients by name and OAuth 2.0 are found on their nodes")
    def _():
        for tenant in TENANTS[1:4]:
            name = "basic%d" % tenant
            sql("SELECT 1")
            secret = at_tenant(tenant, "SELECT secret FROM scim.create_client('%s', 'httpbasic')" % name)[0]["secret"]
            equal(http("GET", "/Users?count=0", basic="%s:%s" % (name, secret))[0], 200)
            equal(http("GET", "/Users?count=0", basic="%s:wrong" % name)[0], 401)
            name = "fetcher%d" % tenant
            secret = at_tenant(tenant, "SELECT secret FROM scim.create_client('%s', 'oauth2')" % name)[0]["secret"]
            status, body = http("POST", "/.oauth/token", form={"grant_type": "client_credentials", "client_id": name, "client_secret": secret})
            equal(status, 200)
            equal(http("POST", "/Users", body["access_token"], {"schemas": [USER], "userName": "by oauth"})[0], 201)

print("%d failed" % len(failed))
sys.exit(1 if failed else 0)
