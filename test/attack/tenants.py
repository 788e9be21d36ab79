"""What tenant 2 can learn of tenant 1, or do to it: nothing."""
import json

from service import (BULK_REQUEST, GROUP, SEARCH_REQUEST, make_tenant, new_name, new_user, patch, quote, send)

MINE = 91
THEIRS = 92


class Two:
    """A user and a group of one tenant, and the token of another."""

    def __init__(self):
        self.owner = make_tenant(MINE)
        self.token = make_tenant(THEIRS)
        self.name = new_name()
        self.user = send("POST", "/Users", new_user(self.name, externalId="x-" + self.name), token=self.owner).json
        self.group = send("POST", "/Groups", {"schemas": [GROUP], "displayName": "group of " + self.name,
                                              "members": [{"value": self.user["id"]}]}, token=self.owner).json
        self.before = self.state()
        self.failures = []
        self.cases = 0

    def state(self):
        return [send("GET", path, token=self.owner).json for path in
                ("/Users/" + self.user["id"], "/Groups/" + self.group["id"])]

    def expect(self, status, method, path, body=None, headers=()):
        answer = send(method, path, body, headers, self.token)
        self.cases += 1
        statuses = status if isinstance(status, tuple) else (status,)
        if answer.status not in statuses:
            self.failures.append("%s %s: %d, not %s: %s" % (method, path, answer.status, statuses, answer.body[:200]))
        # what was sent may be quoted; what was not may not be told
        if self.name.encode() in answer.body and self.name not in path + json.dumps(body):
            self.failures.append("%s %s tells %s" % (method, path, self.name))
        return answer

    def end(self):
        if self.state() != self.before:
            self.failures.append("something has changed")
        return self.cases, self.failures


def ids():
    two = Two()
    change = patch({"op": "replace", "path": "displayName", "value": "x"})
    for path in ("/Users/" + two.user["id"], "/Groups/" + two.group["id"]):
        for headers in ([], [("If-Match", "*")], [("If-None-Match", "*")], [("If-Match", 'W/"1"')]):
            two.expect(404, "GET", path, headers=headers)
            two.expect((404, 412), "PUT", path, new_user() if "Users" in path else
                       {"schemas": [GROUP], "displayName": "x"}, headers)
            two.expect((404, 412), "PATCH", path, change, headers)
            two.expect((404, 412), "DELETE", path, headers=headers)
        whole = new_user() if "Users" in path else {"schemas": [GROUP], "displayName": "x"}
        for method, body in (("PUT", whole), ("PATCH", change), ("DELETE", None)):
            operation = {"method": method, "path": path}
            if body:
                operation["data"] = body
            answer = two.expect(200, "POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [operation]})
            if answer.status == 200 and answer.json["Operations"][0]["status"] != "404":
                two.failures.append("bulk %s: %s" % (method, answer.body[:200]))
    two.expect(404, "GET", "/Groups/%s/members" % two.group["id"])
    # the name is free here, and an id of one's own making is not
    two.expect(201, "POST", "/Users", new_user(two.name))
    return two.end()


def filters():
    two = Two()
    for filter in ('userName eq "%s"' % two.name, 'userName sw "u"', 'externalId eq "x-%s"' % two.name,
                   'id eq "%s"' % two.user["id"], 'emails.value co "example"', 'emails[value eq "%s"]' % two.name,
                   'groups.value eq "%s"' % two.group["id"], 'groups.display sw "group of"',
                   'meta.resourceType eq "User"', 'not (userName eq "x")', 'userName pr'):
        for sort in ("", "&sortBy=userName", "&sortBy=meta.created&sortOrder=descending", "&attributes=userName"):
            answer = two.expect(200, "GET", "/Users?filter=%s%s" % (quote(filter), sort))
            if answer.status == 200 and two.user["id"].encode() in answer.body:
                two.failures.append("%s finds %s" % (filter, two.user["id"]))
        two.expect(200, "POST", "/Users/.search", {"schemas": [SEARCH_REQUEST], "filter": filter})
    for filter in ('members.value eq "%s"' % two.user["id"], 'displayName sw "group of"',
                   'members.display eq "%s"' % two.name):
        answer = two.expect(200, "GET", "/Groups?filter=" + quote(filter))
        if answer.status == 200 and answer.json["totalResults"] != 0:
            two.failures.append("%s finds %s" % (filter, answer.body[:200]))
        two.expect((200, 400), "GET", "/?filter=" + quote(filter))
    return two.end()


def references():
    two = Two()
    for n in range(3):
        send("POST", "/Users", new_user(), token=two.owner)
    cursor = send("GET", "/Users?count=1&cursor", token=two.owner).json.get("nextCursor")
    if cursor is None:
        two.failures.append("no cursor to try")
    else:
        two.expect(400, "GET", "/Users?count=1&cursor=" + quote(cursor))
    group = two.expect(201, "POST", "/Groups", {"schemas": [GROUP], "displayName": "thieves",
                                                "members": [{"value": two.user["id"]}]})
    if group.status == 201:
        # a reference to nobody here: without a name, a type, a place
        for member in group.json.get("members", []):
            if set(member) & {"display", "type", "$ref"}:
                two.failures.append("a foreign member is shown as %s" % member)
        found = two.expect(200, "GET", "/Groups/%s/members" % group.json["id"])
        if found.status == 200 and two.name.encode() in found.body:
            two.failures.append("members tell the name")
        two.expect(200, "PATCH", "/Groups/" + group.json["id"], patch(
            {"op": "remove", "path": 'members[value eq "%s"]' % two.user["id"]}))
        two.expect(200, "PATCH", "/Groups/" + group.json["id"], patch(
            {"op": "add", "path": "members", "value": [{"value": two.group["id"]}]}))
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    managed = two.expect((201, 400), "POST", "/Users", dict(
        new_user(), **{enterprise: {"manager": {"value": two.user["id"]}}}))
    if managed.status == 201 and "displayName" in managed.json[enterprise]["manager"]:
        two.failures.append("a foreign manager is shown: %s" % managed.json[enterprise])
    return two.end()
