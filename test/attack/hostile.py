"""Filters, bodies and requests that nobody sends in good faith: each is answered as SCIM
within a bound of time and of memory, and the service goes on."""
import json
import os
import pathlib
import random
import time

import shapes
from service import (BULK_REQUEST, GROUP, PATCH_OP, SCIM_JSON, SEARCH_REQUEST, USER, make_token, new_name,
                     new_user, send, sql)

SECONDS = float(os.environ.get("ATTACK_SECONDS", "10"))
MEGABYTES = float(os.environ.get("ATTACK_MEGABYTES", "700"))
CPU_SECONDS = float(os.environ.get("ATTACK_CPU_SECONDS", "2"))      # of one filter of 8 KB
SHAPES = int(os.environ.get("ATTACK_SHAPES", "100"))
worst = 0.0


def backends():
    return [int(pid) for pid in sql("SELECT pid FROM pg_stat_activity WHERE usename = 'authenticator'").split()]


def forget_peaks():
    for pid in backends():
        try:
            pathlib.Path("/proc/%d/clear_refs" % pid).write_text("5")
        except OSError:
            pass


def peak():
    """The most memory that a backend has held, in MB."""
    highest = 0
    for pid in backends():
        try:
            status = pathlib.Path("/proc/%d/status" % pid).read_text()
            highest = max(highest, int(status.partition("VmHWM:")[2].split()[0]) / 1024)
        except (OSError, IndexError):
            pass
    return highest


def cpu():
    """Seconds of CPU that the backends have used."""
    ticks = 0
    for pid in backends():
        try:
            stat = pathlib.Path("/proc/%d/stat" % pid).read_text()
            ticks += sum(int(field) for field in stat.rpartition(")")[2].split()[11:13])
        except (OSError, IndexError):
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def attack(cases, statuses, cpu_seconds=None):
    """cases: (name, method, path, body, headers)."""
    global worst
    token = make_token("attack")
    failures = []
    for name, method, path, body, headers in cases:
        forget_peaks()
        used = cpu() if cpu_seconds else 0
        started = time.monotonic()
        try:
            answer = send(method, path, body, headers, token)
        except OSError as error:
            failures.append("%s: no answer: %s" % (name, error))
            continue
        seconds = time.monotonic() - started
        spent = cpu() - used if cpu_seconds else 0
        if cpu_seconds and spent > cpu_seconds / 2:
            # a backend that has just begun has read, and planned, all that it needs: what the request takes is told by the next one
            used = cpu()
            send(method, path, body, headers, token)
            spent = min(spent, cpu() - used)
        memory = peak()
        worst = max(worst, seconds)
        if answer.status not in statuses:
            failures.append("%s: %d %s" % (name, answer.status, answer.body[:200]))
        if answer.status >= 400 and (answer.headers["Content-Type"] != SCIM_JSON or "detail" not in answer.json):
            failures.append("%s: %d is no SCIM error: %s" % (name, answer.status, answer.body[:200]))
        if seconds > SECONDS:
            failures.append("%s: %.1f s" % (name, seconds))
        if cpu_seconds and spent > cpu_seconds:
            failures.append("%s: %.1f s of CPU: %s" % (name, spent, body))
        if memory > MEGABYTES:
            failures.append("%s: %.0f MB" % (name, memory))
    if send("GET", "/Users?count=1", token=token).status != 200:
        failures.append("the service is gone")
    return len(cases), failures


def people():
    """Enough people and groups, some of them in others and one of all, for a bad plan to be noticed."""
    sql("INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'h' || n || '@example.com', "
        "'title', 't' || n % 50, 'name', jsonb_build_object('familyName', 'f' || n)) FROM generate_series(1, 3000) n "
        "WHERE NOT EXISTS (SELECT FROM directory.users WHERE user_name = 'h1@example.com')")
    sql("INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', 'hostile ' || n) "
        "FROM generate_series(1, 1500) n "
        "WHERE NOT EXISTS (SELECT FROM directory.groups WHERE display_name = 'hostile 1')")
    sql("INSERT INTO directory.member (group_id, member_id) SELECT g.id, u.id FROM "
        "(SELECT id, row_number() OVER () AS n FROM directory.groups WHERE tenant_id = 1 AND deleted_at IS NULL) g JOIN "
        "(SELECT id, row_number() OVER () AS n FROM directory.users WHERE tenant_id = 1 AND deleted_at IS NULL) u ON u.n % 1500 = g.n "
        "ON CONFLICT DO NOTHING")
    sql("INSERT INTO directory.member (group_id, member_id) SELECT g.id, x.id FROM directory.groups g JOIN directory.groups x "
        "ON x.display_name = 'hostile ' || substr(g.display_name, 9)::int - 1200 WHERE g.display_name ~ '^hostile 1[2-4]..$' "
        "AND x.tenant_id = g.tenant_id AND g.tenant_id = 1 ON CONFLICT DO NOTHING")
    sql("INSERT INTO directory.member (group_id, member_id) SELECT g.id, u.id FROM directory.groups g JOIN directory.users u "
        "ON u.tenant_id = g.tenant_id WHERE g.display_name = 'hostile 1' AND g.tenant_id = 1 ON CONFLICT DO NOTHING")
    ids = sql("SELECT id FROM directory.users WHERE tenant_id = 1 AND deleted_at IS NULL LIMIT 400").split()
    groups = sql("SELECT id FROM directory.groups WHERE tenant_id = 1 AND deleted_at IS NULL LIMIT 400").split()
    return ids, groups


def filter_shapes():
    ids, groups = people()
    cases = [("%s %s" % (path, text[:60]), "POST", path + "/.search",
              dict({"schemas": [SEARCH_REQUEST], "filter": text}, **request), ())
             for path, text, request in shapes.shapes(random, ids + groups, SHAPES, 8000)]
    return attack(cases, (200, 400), CPU_SECONDS)


def filters():
    ids, groups = people()

    def joined(template, values, word=" or "):
        return word.join(template % value for value in values)

    texts = []
    for n in (20, 200, 400):
        texts += [("/Groups", joined('members.value eq "%s"', ids[:n])),
                  ("/Users", joined('groups.value eq "%s"', groups[:n])),
                  ("/Users", joined('groups.display eq "hostile %d"', range(n))),
                  ("/Users", joined('groups.display co "%d"', range(n))),
                  ("/Users", joined('not (groups.display sw "hostile %d")', range(n), " and ")),
                  ("/Groups", joined('members[value eq "%s"]', ids[:n])),
                  ("/Groups", joined('members.display co "%d"', range(n))),
                  ("/Users", joined('emails.value eq "h%d@example.com"', range(n))),
                  ("/Users", joined('emails[type eq "work" and value co "%d"]', range(n))),
                  ("/Users", joined('title co "%d"', range(n))),
                  ("/Users", joined('userName ne "h%d"', range(n), " and ")),
                  ("", joined('displayName co "%d"', range(n))),
                  ("", joined('groups.display co "%d"', range(n)))]
    # as many terms as fit: what they compare is counted, or found by one search
    for template in ('members.value co "x%d"', 'members.value sw "x%d"', 'members.display co "x%d"'):
        texts.append(("/Groups", joined(template, range(2000))))
    texts.append(("/Groups", joined('not (members.value co "x%d")', range(1500), " and ")))
    texts += [("/Users", joined('emails.value %s "x%%d"' % operator, range(2000))) for operator in ("co", "eq")]
    texts.append(("/Users", joined('not (emails.value eq "x%d")', range(1500), " and ")))
    texts += [("/Users", "(" * n + "title pr" + ")" * n) for n in (20, 1000)]
    texts += [("/Users", "not (" * n + "title pr" + ")" * n) for n in (20, 1000)]
    texts += [("/Users", 'title co "%s"' % ("a" * n)) for n in (1000, 100000)]
    texts += [("/Users", 'title co "%s"' % text) for text in ("%", "_", "\\\\", "%%%_%", "\u0130", "\U0001f600")]
    texts += [("/Users", 'meta.created gt "%s"' % text) for text in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z")]
    texts += [("/Users", text) for text in ("", " ", "userName", "userName eq", 'userName eq "', "userName eq 1e400",
                                            'userName eq "a" or', "emails[", "emails[type eq]", "a.b.c.d eq 1",
                                            "urn: eq 1", "\x00", 'password eq "x"', "groups pr and not (members pr)")]
    cases = [("%s %s" % (path, text[:60]), "POST", path + "/.search",
              {"schemas": [SEARCH_REQUEST], "filter": text}, ()) for path, text in texts]
    return attack(cases, (200, 400, 413))


def lists():
    """What members are asked beside sorts, cursors and names, and what is shown of many."""
    ids, groups = people()
    many = ["a%d" % n for n in range(100000)]
    members = " and ".join('members.display ne "%d"' % n for n in range(300))
    inside = " or ".join('not (members[not (display co "%d") and $ref co "x"])' % n for n in range(200))
    requests = [
        ("names that there are not, shown", "/Users", {"attributes": many, "count": 200}),
        ("names that there are not, left out", "/Users", {"excludedAttributes": many, "count": 200}),
        ("one name, often", "/Users", {"excludedAttributes": ["emails.value"] * 100000, "count": 200}),
        ("a long sort", "/Users", {"sortBy": "a." * 100000}),
        ("a cursor that was not given", "/Users", {"cursor": "A" * 100000}),
        ("schemas", "/Users", {"schemas": [SEARCH_REQUEST] + many}),
    ]
    for more in ({"sortBy": "displayName", "cursor": ""}, {"sortBy": "meta.lastModified", "sortOrder": "descending", "cursor": ""},
                 {"cursor": ""}, {"sortBy": "members.value", "count": 200}):
        requests += [("members %s" % more, path, dict({"filter": text, "attributes": ["id"], "count": 2}, **more))
                     for text in (members, inside, "not (%s)" % members) for path in ("/Groups", "")]
    return attack([(name, "POST", path + "/.search", dict({"schemas": [SEARCH_REQUEST]}, **request), ())
                   for name, path, request in requests], (200, 400, 413), CPU_SECONDS * 2)


def bodies():
    user = new_user()
    many = 100000

    def document(**attributes):
        return new_user(**attributes)

    cases = [
        ("emails", document(emails=[{"value": "a%d@b.c" % n} for n in range(many)])),
        ("the same e-mail", document(emails=[{"value": "a@b.c"}] * many)),
        ("primary e-mails", document(emails=[{"value": "a%d@b.c" % n, "primary": True} for n in range(20000)])),
        ("a long password", document(password="x" * 3000000)),
        ("a long userName", document(userName="x" * 1000000)),
        ("a long name", document(name={"familyName": "y" * 1000000})),
        ("a long externalId", document(externalId="".join(random.choice("abcdef0123") for _ in range(10000)))),
        ("unknown attributes", document(**{"x%d" % n: n for n in range(many)})),
        ("deep", document(name={"givenName": "a"}, x=json.loads("[" * 900 + "]" * 900))),
        ("schemas", dict(user, schemas=[USER] * many)),
        ("unknown schemas", dict(user, schemas=[USER] + ["urn:x:%d" % n for n in range(20000)])),
        ("wrong types", document(emails={"a": {"b": [1]}}, name=7, active=[True])),
    ]
    result = [(name, "POST", "/Users", body, ()) for name, body in cases]
    result += [("members", "POST", "/Groups", {"schemas": [GROUP], "displayName": "g", "members":
               [{"value": "00000000-0000-7000-8000-%012d" % n} for n in range(many)]}, ())]
    result += [("bare members", "POST", "/Groups", {"schemas": [GROUP], "displayName": "g", "members":
               ["%d" % n for n in range(450000)]}, ())]
    created = send("POST", "/Users", new_user(), token=make_token("attack")).json
    group = send("POST", "/Groups", {"schemas": [GROUP], "displayName": new_name()}, token=make_token("attack")).json
    path = "/Users/" + created["id"]
    operations = {
        "value paths": [{"op": "add", "path": 'emails[type eq "t%d"].value' % n, "value": "a%d@b.c" % n}
                        for n in range(3000)],
        "adds to one attribute": [{"op": "add", "path": "emails", "value": [{"value": "a%d@b.c" % n}]}
                                  for n in range(3000)],
        "replaces of one attribute": [{"op": "replace", "path": "title", "value": "t%d" % n} for n in range(20000)],
        "removes of nothing": [{"op": "remove", "path": 'emails[value eq "z%d"]' % n} for n in range(5000)],
        "one add of many": [{"op": "add", "path": "emails", "value": [{"value": "a%d@b.c" % n}
                                                                     for n in range(20000)]}],
        "bad operations": [{"op": "explode"}] * 20000,
    }
    result += [("PATCH: " + name, "PATCH", path, {"schemas": [PATCH_OP], "Operations": value}, ())
               for name, value in operations.items()]
    result += [("PATCH: members removed one by one", "PATCH", "/Groups/" + group["id"], {
        "schemas": [PATCH_OP], "Operations": [
            {"op": "remove", "path": 'members[value eq "00000000-0000-7000-8000-%012d"]' % n} for n in range(6000)]}, ())]
    result += [("bulk: references", "POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {
            "schemas": [GROUP], "displayName": "g", "members": [{"value": "bulkId:u%d" % n} for n in range(many)]}}]}, ())]
    slight = "/Users/" + send("POST", "/Users", new_user(), token=make_token("attack")).json["id"]
    result += [("bulk: long passwords", "POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
        {"method": "PATCH", "path": slight, "data": {"schemas": [PATCH_OP], "Operations": [
            {"op": "replace", "path": "password", "value": "p" * 1000}]}} for _ in range(1000)]}, ())]
    people()
    everybody = "/Groups/" + sql("SELECT id FROM directory.groups WHERE display_name = 'hostile 1' AND tenant_id = 1").split()[0]
    result += [("bulk: filters of members", "POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
        {"method": "PATCH", "path": everybody, "data": {"schemas": [PATCH_OP], "Operations": [
            {"op": "remove", "path": 'members[value co "z%d"]' % n}]}} for n in range(1000)]}, ())]
    raw = [b"", b"{", b"[" * 100000, b'{"a":' * 100000, b"\xff\xfe", b"\x00", b"null", b"1e999999", b'"' + b"x" * 1000000 + b'"',
           b'{"userName":"a","username":"b"}', b'{"userName":"\\ud800"}', b'{"userName":"\\u0000"}', b"{}" + b" " * 5000000,
           b"[]", b"true", b'{"schemas":"x"}']
    result += [("raw %r" % body[:20], method, target, body, ()) for body in raw
               for method, target in (("POST", "/Users"), ("PATCH", path), ("POST", "/Bulk"))]
    return attack(result, (200, 201, 204, 400, 409, 413))


def requests():
    cases = []
    for target in ("/Users/" + "x" * 4000, "/Users/%00", "/Users/%ff", "/Users/..%2f..", "/Users//", "/%2e%2e/Users",
                   "/Users?count=99999999999999999999", "/Users?startIndex=-9", "/Users?count=x", "/Users?sortBy=" + "a." * 500,
                   "/Users?attributes=" + ",".join("a%d" % n for n in range(1000)), "/Users?cursor=" + "A" * 2000,
                   "/Users?filter=" + "%28" * 1000, "/Users?" + "&".join("a%d=1" % n for n in range(500)), "/Users?%zz",
                   "/Users/" + "%41" * 36, "/users/.SEARCH", "/Me", "/Schemas/" + "u" * 2000):
        cases += [(method + " " + target[:40], method, target, None, ()) for method in ("GET", "DELETE")]
    for name, value in (("If-Match", '"' * 1000), ("If-None-Match", ",".join('W/"%d"' % n for n in range(500))),
                        ("Accept", "text/plain"), ("Accept", "*/*;q=" + "0" * 500), ("Prefer", "return=" + "x" * 1000),
                        ("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Scim-Method", "DELETE"),
                        ("X-Scim-Target", "/Groups"), ("X-HTTP-Method-Override", "DELETE"), ("Range", "bytes=0-1"),
                        ("Expect", "100-continue")):
        cases += [("%s: %s" % (name, value[:30]), "GET", "/Users?count=1", None, [(name, value)]),
                  ("POST %s: %s" % (name, value[:30]), "POST", "/Users", new_user(), [(name, value)])]
    cases += [("method " + method, method, "/Users", None, ()) for method in
              ("TRACE", "CONNECT", "PROPFIND", "OPTIONS", "get", "X" * 100)]
    return attack(cases, (200, 201, 204, 304, 400, 403, 404, 405, 406, 409, 412, 413, 414, 415, 417, 431, 501))
