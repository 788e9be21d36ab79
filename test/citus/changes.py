#!/usr/bin/env python3
"""What a distributed store is configured to be changes, when run.py has distributed it: schemas and
resource types, policies, settings, endpoints, tenants, tokens and clients, seen at every node.

One line per test, "ok" or "not ok"; exit status 1 where one failed.
"""
import json

from cluster import COORDINATOR, PATCH, PORTS, TENANTS, USER, at_tenant, equal, finish, quote, refused, request, sql, test

BADGE = "urn:example:badge"
DEVICE = "urn:example:device"


def attribute(name, **others):
    return dict({"name": name, "type": "string", "multiValued": False}, **others)


def schema(urn, *attributes):
    return {"id": urn, "name": urn.rsplit(":", 1)[1], "description": "for a test", "attributes": list(attributes)}


def register(kind, document, **options):
    return sql("SELECT scim.register_%s(%s%s)" % (kind, quote(json.dumps(document)),
                                                  "".join(", %s => %s" % option for option in options.items())))


def type_document(name):
    return json.loads(sql("SELECT document FROM directory.resource_type WHERE name = %s" % quote(name)))


def user(name, tenant, port=COORDINATOR, wanted=201, **others):
    status, _, body = request("POST", "/Users", dict({"schemas": [USER], "userName": name}, **others), tenant, port)
    if status != wanted:
        raise AssertionError("%d, not %d: %s" % (status, wanted, body))
    return body


@test("a schema that comes later is known at every node")
def _():
    register("schema", schema(BADGE, attribute("number"), attribute("floor")))
    document = type_document("User")
    document["schemaExtensions"] = document.get("schemaExtensions", []) + [{"schema": BADGE, "required": False}]
    register("resource_type", document)
    for port in PORTS:
        for tenant in TENANTS:
            name = "badge-%d-%d" % (port, tenant)
            body = user(name, tenant, port, schemas=[USER, BADGE], **{BADGE: {"number": "n-" + name, "floor": "3"}})
            equal(body[BADGE], {"number": "n-" + name, "floor": "3"})
            found = request("GET", "/Users?filter=%s:number+eq+%%22n-%s%%22" % (BADGE, name), tenant=tenant, port=port)
            equal((found[0], found[2]["totalResults"]), (200, 1))
        equal(request("GET", "/Schemas/" + BADGE, port=port)[0], 200)


@test("what is stored follows a schema that changes, on all nodes")
def _():
    register("schema", schema(BADGE, attribute("number"), attribute("floor", multiValued=True)))
    for tenant in TENANTS:
        name = "badge-%d-%d" % (PORTS[2], tenant)
        body = request("GET", "/Users?filter=userName+eq+%22" + name + "%22", tenant=tenant, port=PORTS[1])[2]["Resources"][0]
        equal(body[BADGE]["floor"], ["3"])
        equal(body["meta"]["version"].split(".")[0].strip('W/"'), "2")
        rows = at_tenant(tenant, "SELECT operation FROM directory.audit WHERE tenant_id = %d AND resource_id = '%s' ORDER BY at" % (tenant, body["id"]))
        equal([row["operation"] for row in rows], ["create", "update"])


@test("what is stored on a node and would not be valid stops a change on all of them")
def _():
    before = sql("SELECT document FROM directory.schema WHERE id = '%s'" % BADGE)
    for tenant in TENANTS:
        at_tenant(tenant, "SELECT scim.patch_resource('User', id, '[{\"op\": \"replace\", \"path\": \"%s:number\", \"value\": \"abc\"}]') "
                          "FROM directory.users WHERE tenant_id = %d AND user_name = 'badge-%d-%d'" % (BADGE, tenant, PORTS[0], tenant))
    refused("SELECT scim.register_schema(%s)" % quote(json.dumps(schema(BADGE, attribute("number", type="integer"), attribute("floor", multiValued=True)))),
            "would not be valid")
    for port in PORTS:
        equal(sql("SELECT document FROM directory.schema WHERE id = '%s'" % BADGE, port), before)
        user("still-%d" % port, 2, port, schemas=[USER, BADGE], **{BADGE: {"number": "x"}})


@test("a value that must be unique is, where its attribute has become so")
def _():
    for tenant in TENANTS[:2]:
        user("nick-a", tenant, userType="a")
        user("nick-b", tenant, userType="b")
    sql("INSERT INTO directory.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'nick', '{\"attributes\": [\"userType\"]}')")
    for port in PORTS:
        equal(user("nick-%d" % port, 1, port, 409, userType="a")["scimType"], "uniqueness")
        equal(user("nick-%d" % port, 2, port, 409, userType="b")["scimType"], "uniqueness")
    sql("DELETE FROM directory.policy WHERE name = 'nick'")
    user("nick-again", 1, userType="a")
    refused("INSERT INTO directory.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'nick', '{\"attributes\": [\"userType\"]}')",
            "would not be unique")
    refused("INSERT INTO directory.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'wide', '{\"attributes\": [\"title\"], \"scope\": \"global\"}')",
            "unique over all tenants")
    refused("SELECT scim.register_schema(%s)" % quote(json.dumps(schema(BADGE, attribute("number", uniqueness="global"), attribute("floor", multiValued=True)))),
            "unique over all tenants")


@test("a resource type that comes later has its table on all nodes")
def _():
    register("schema", schema(DEVICE, attribute("serial", required=True, uniqueness="server"), attribute("label")))
    register("resource_type", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "name": "Device", "endpoint": "/Devices", "schema": DEVICE})
    equal(sql("SELECT count(*) FROM citus_shards WHERE table_name::text = 'directory.devices'"),
          sql("SELECT count(*) FROM citus_shards WHERE table_name::text = 'directory.users'"))
    for port in PORTS:
        for tenant in TENANTS:
            serial = "s-%d-%d" % (port, tenant)
            status, _, body = request("POST", "/Devices", {"schemas": [DEVICE], "serial": serial, "label": "x"}, tenant, port)
            equal((status, body.get("serial")), (201, serial))
            equal(request("POST", "/Devices", {"schemas": [DEVICE], "serial": serial}, tenant, port)[0], 409)
            equal(request("PATCH", "/Devices/" + body["id"], {"schemas": [PATCH], "Operations": [
                {"op": "replace", "path": "label", "value": "y"}]}, tenant, port)[0], 200)
            found = request("GET", "/Devices?filter=label+eq+%22y%22+and+serial+eq+%22" + serial + "%22", tenant=tenant, port=port)
            equal((found[0], found[2]["totalResults"]), (200, 1))
            rows = at_tenant(tenant, "SELECT operation FROM directory.audit WHERE tenant_id = %d AND resource_id = '%s' ORDER BY at" % (tenant, body["id"]))
            equal([row["operation"] for row in rows], ["create", "update"])
    equal(sql("SELECT count(*) FROM directory.devices"), str(len(PORTS) * len(TENANTS)))
    # what a move has left of a shard is no shard
    sql("CALL citus_cleanup_orphaned_resources()")
    # triggers and row-level security are those of a type that was there, but for TRUNCATE, which a shard that was moved lacks
    for what in ("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 = 0 AND tgrelid = ANY (SELECT to_regclass(shard_name(logicalrelid, shardid)) FROM pg_dist_shard "
                 "WHERE logicalrelid = 'directory.%s'::regclass)",
                 "SELECT count(*) FROM pg_policy WHERE polrelid = ANY (SELECT to_regclass(shard_name(logicalrelid, shardid)) FROM pg_dist_shard "
                 "WHERE logicalrelid = 'directory.%s'::regclass)"):
        for port in PORTS:
            equal(sql(what % "devices", port), sql(what % "groups", port))


@test("a type with resources is not unregistered, and with force on all nodes")
def _():
    refused("SELECT scim.unregister_resource_type('Device')", "still has resources: %d" % (len(PORTS) * len(TENANTS)))
    for port in PORTS:
        equal(request("GET", "/Devices", tenant=2, port=port)[0], 200)
    sql("SELECT scim.unregister_resource_type('Device', true)")
    for port in PORTS:
        equal(request("GET", "/Devices", tenant=2, port=port)[0], 404)
        equal(sql("SELECT to_regclass('directory.devices') IS NULL", port), "t")
    equal(sql("SELECT count(*) FROM directory.unique_value WHERE resource_type = 'Device'"), "0")
    equal(sql("SELECT count(*) FROM directory.policy WHERE resource_type = 'Device'"), "0")
    sql("SELECT scim.unregister_schema('%s')" % DEVICE)


@test("a schema goes, and what is stored follows on all nodes")
def _():
    refused("SELECT scim.unregister_schema('%s')" % BADGE, "would not be valid")
    sql("SELECT scim.unregister_schema('%s', true)" % BADGE)
    for port in PORTS:
        equal(request("GET", "/Schemas/" + BADGE, port=port)[0], 404)
        equal(user("no-badge-%d" % port, 3, port, 400, schemas=[USER, BADGE], **{BADGE: {"number": "x"}})["status"], "400")


@test("at a worker schemas and types are refused with what to do")
def _():
    for port in PORTS[1:]:
        refused("SELECT scim.register_schema(%s)" % quote(json.dumps(schema("urn:example:x", attribute("y")))), "at the coordinator", port=port)
        refused("SELECT scim.unregister_schema('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User')", "at the coordinator", port=port)


finish()
