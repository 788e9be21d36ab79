#!/usr/bin/env python3
"""Sessions at several nodes that want the same at once, as test/specs has them of one server, when
run.py has distributed the store: each step waits for another one, or does not.

One line per test, "ok" or "not ok"; exit status 1 where one failed.
"""
import concurrent.futures
import json
import os
import subprocess
import threading
import time

from cluster import COORDINATOR, GROUP, PATCH, PORTS, USER, at_tenant, equal, finish, quote, request, sql, test

NEAR, FAR = PORTS[1:]
TENANT = 3


class Session:
    """A session at a node that goes on: send() a statement, answer() waits for what it prints."""

    def __init__(self, port, tenant=TENANT):
        self.psql = subprocess.Popen(["psql", "-XqAt", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", "scim"],
                                     env=dict(os.environ, PGOPTIONS="-c scim.tenant=%d -c client_min_messages=error" % tenant),
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines, self.pool = None, concurrent.futures.ThreadPoolExecutor(1)

    def read(self):
        lines = []
        for line in self.psql.stdout:
            if line == "-- done\n":
                return lines
            lines.append(line.rstrip("\n"))
        return lines

    def send(self, statement):
        self.psql.stdin.write(statement + ";\n\\echo -- done\n")
        self.psql.stdin.flush()
        self.lines = self.pool.submit(self.read)

    def waits(self, seconds=0.3):
        return not concurrent.futures.wait([self.lines], seconds).done

    def answer(self):
        return self.lines.result(30)

    def run(self, statement):
        self.send(statement)
        return self.answer()

    def ask(self, method, target, body=None, headers=None):
        self.send("SELECT to_json(r) FROM scim.request(%s, %s, %s, %s) r" % (
            quote(method), quote(target), quote(json.dumps(headers or {})), quote(json.dumps(body)) if body is not None else "NULL"))

    def status(self):
        lines = self.answer()
        return json.loads(lines[0])["status"] if lines and lines[0].startswith("{") else lines

    def end(self):
        self.psql.stdin.close()
        self.psql.wait(30)
        self.pool.shutdown()


def create(name, **others):
    return request("POST", "/Users", dict({"schemas": [USER], "userName": name}, **others), TENANT)[2]["id"]


def replace(path, value):
    return {"schemas": [PATCH], "Operations": [{"op": "replace", "path": path, "value": value}]}


def again(session, *arguments):
    """A write that finds another one at its row is waited for, or told to come again."""
    for _ in range(40):
        session.ask(*arguments)
        status = session.status()
        if status != 503:
            return status
        time.sleep(0.1)
    return 503


def race(first, second, ends, test_second):
    """first does something in a transaction, second wants the same meanwhile; then the first one ends."""
    one, two = Session(NEAR), Session(FAR)
    try:
        one.run("BEGIN")
        one.ask(*first)
        begun = one.status()
        two.ask(*second)
        waited = two.waits()
        one.run(ends)
        status = two.status()
        if status == 503:
            status = again(two, *second)
        test_second(begun, waited, status)
    finally:
        one.end()
        two.end()


@test("of two with the same name the second one waits, and goes by what becomes of the first")
def _():
    body = {"schemas": [USER], "userName": "race"}
    race(("POST", "/Users", body), ("POST", "/Users", body), "ROLLBACK", lambda *found: equal(found, (201, True, 201)))
    body = {"schemas": [USER], "userName": "race two"}
    race(("POST", "/Users", body), ("POST", "/Users", dict(body, userName="RACE TWO")), "COMMIT", lambda *found: equal(found, (201, True, 409)))


@test("of two who rename somebody to the same one gets it")
def _():
    one, two = create("rename a"), create("rename b")
    race(("PATCH", "/Users/" + one, replace("userName", "renamed")), ("PATCH", "/Users/" + two, replace("userName", "renamed")), "COMMIT",
         lambda *found: equal(found, (200, True, 409)))


@test("two patches of one person are both kept")
def _():
    person = create("patched")
    race(("PATCH", "/Users/" + person, replace("title", "one")), ("PATCH", "/Users/" + person, replace("nickName", "two")), "COMMIT",
         lambda *found: equal(found, (200, True, 200)))
    body = request("GET", "/Users/" + person, tenant=TENANT)[2]
    equal((body["title"], body["nickName"], body["meta"]["version"].split(".")[0].strip('W/"')), ("one", "two", "3"))


@test("a second one that says which version it knows is refused")
def _():
    person = create("versioned")
    race(("PUT", "/Users/" + person, {"schemas": [USER], "userName": "versioned", "title": "a"}, {"If-Match": 'W/"1"'}),
         ("PUT", "/Users/" + person, {"schemas": [USER], "userName": "versioned", "title": "b"}, {"If-Match": 'W/"1"'}), "COMMIT",
         lambda *found: equal(found, (200, True, 412)))


@test("who is deleted is patched no more, and is there again where that is taken back")
def _():
    person = create("deleted")
    race(("DELETE", "/Users/" + person), ("PATCH", "/Users/" + person, replace("title", "x")), "ROLLBACK", lambda *found: equal(found, (204, True, 200)))
    race(("DELETE", "/Users/" + person), ("PATCH", "/Users/" + person, replace("title", "y")), "COMMIT", lambda *found: equal(found, (204, True, 404)))


@test("who goes while he becomes a member is a bare reference, and who went afterwards no member")
def _():
    person = create("member who goes")
    group = request("POST", "/Groups", {"schemas": [GROUP], "displayName": "of one who goes"}, TENANT)[2]["id"]
    add = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "members", "value": [{"value": person}]}]}
    race(("DELETE", "/Users/" + person), ("PATCH", "/Groups/" + group, add), "COMMIT", lambda begun, waited, status: equal((begun, status), (204, 200)))
    # who is added is nobody any more, and a bare reference, as of one server (test/specs/membership_gone.spec)
    equal(request("GET", "/Groups/" + group, tenant=TENANT)[2]["members"], [{"value": person}])
    person = create("member who goes later")
    add["Operations"][0]["value"][0]["value"] = person
    race(("PATCH", "/Groups/" + group, add), ("DELETE", "/Users/" + person), "COMMIT", lambda begun, waited, status: equal((begun, status), (200, 204)))
    equal([member for member in request("GET", "/Groups/" + group, tenant=TENANT)[2].get("members", []) if member["value"] == person], [])


@test("a change of a schema waits for who writes, and who writes for it")
def _():
    urn = "urn:example:raced"
    document = {"id": urn, "name": "raced", "description": "x", "attributes": [{"name": "size", "type": "string", "multiValued": False}]}
    sql("SELECT scim.register_schema(%s)" % quote(json.dumps(document)))
    extended = json.loads(sql("SELECT document FROM directory.resource_type WHERE name = 'User'"))
    extended["schemaExtensions"] = extended.get("schemaExtensions", []) + [{"schema": urn, "required": False}]
    sql("SELECT scim.register_resource_type(%s, true)" % quote(json.dumps(extended)))
    document["attributes"][0]["multiValued"] = True
    change = "SELECT scim.register_schema(%s, true)"
    one, two, three = Session(NEAR), Session(COORDINATOR), Session(FAR)
    try:
        one.run("BEGIN")
        one.ask("POST", "/Users", {"schemas": [USER, urn], "userName": "before-change", urn: {"size": "s"}})
        equal(one.status(), 201)
        two.send(change % quote(json.dumps(document)))
        equal(two.waits(1), True)
        one.run("COMMIT")
        equal(len(two.answer()), 1)
        # and the other way round
        document["attributes"].append({"name": "colour", "type": "string", "multiValued": False})
        two.run("BEGIN")
        two.run(change % quote(json.dumps(document)))
        three.ask("POST", "/Users", {"schemas": [USER, urn], "userName": "behind-change", urn: {"colour": "red"}})
        three.waits(0.2)
        two.run("COMMIT")
        status = three.status()
        if status == 503:
            status = again(three, "POST", "/Users", {"schemas": [USER, urn], "userName": "behind-change", urn: {"colour": "red"}})
        equal(status, 201)
    finally:
        for session in (one, two, three):
            session.end()
    found = request("GET", "/Users?filter=userName+eq+%22before-change%22", tenant=TENANT, port=FAR)[2]["Resources"][0]
    equal(found[urn]["size"], ["s"])
    sql("SELECT scim.unregister_schema('%s', true)" % urn)


@test("schemas change under load, and nothing that was answered is lost")
def _():
    urn = "urn:example:load"
    stop, created, others = threading.Event(), [], []

    def load(number):
        n = 0
        while not stop.is_set():
            name = "raced-%d-%d" % (number, n)
            status = request("POST", "/Users", {"schemas": [USER], "userName": name}, 1 + number % 3, PORTS[number % 3])[0]
            if status == 201:
                created.append((1 + number % 3, name))
            elif status != 503:
                others.append(status)
            n += status != 503
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        running = [pool.submit(load, number) for number in range(3)]
        try:
            for n in range(4):
                sql("SELECT scim.register_schema(%s)" % quote(json.dumps({"id": urn, "name": "load", "description": "x", "attributes": [
                    {"name": "a%d" % k, "type": "string", "multiValued": False} for k in range(n + 1)]})))
                sql("SELECT scim.register_resource_type(%s)" % quote(json.dumps({"name": "Load%d" % n, "endpoint": "/Loads%d" % n, "schema": urn})))
        finally:
            stop.set()
        for job in running:
            job.result()
    equal(others, [])
    equal(len(created) > 5, True)
    for tenant in (1, 2, 3):
        there = {row["user_name"] for row in at_tenant(tenant, "SELECT user_name FROM directory.users WHERE tenant_id = %d AND user_name LIKE 'raced-%%'" % tenant)}
        equal({name for who, name in created if who == tenant} - there, set())
    for n in range(4):
        sql("SELECT scim.unregister_resource_type('Load%d', true)" % n)
    sql("SELECT scim.unregister_schema('%s', true)" % urn)


finish()
