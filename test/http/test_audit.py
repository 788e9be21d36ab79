"""What the audit says of requests: by which token or subject, and which request it was."""
import json
import unittest

from service import BULK_REQUEST, GROUP, ServiceTest, make_jwt, make_tenant, new_name, new_user, patch, send, sql


def audit(id, tenant=1):
    """The rows of the audit about a resource, in the order in which they were written."""
    return json.loads(sql("SELECT coalesce(json_agg(a ORDER BY a.at, a.id), '[]') FROM directory.audit a "
                          "WHERE tenant_id = %d AND resource_id = '%s'" % (tenant, id)))


class Requests(ServiceTest):
    @classmethod
    def setUpClass(cls):
        cls.name = new_name()
        cls.token_id, cls.token = sql("SELECT id, secret FROM scim.create_token('%s')" % cls.name).split("|")

    def assertWritten(self, row, answer, **wanted):
        wanted = dict(dict(actor="token: " + self.name, token_id=self.token_id, subject=None, db_user="authenticator",
                           role="scim_client", request_id=answer.headers["X-Request-Id"]), **wanted)
        self.assertEqual({name: row[name] for name in wanted}, wanted)

    def test_a_token(self):
        created = self.call("POST", "/Users", new_user(), status=201)
        place = "/Users/" + created.json["id"]
        changed = self.call("PATCH", place, patch({"op": "add", "path": "title", "value": "x"}))
        replaced = self.call("PUT", place, dict(created.json, title="y"))
        gone = self.call("DELETE", place, status=204)
        rows = audit(created.json["id"])
        self.assertEqual([row["operation"] for row in rows], ["create", "update", "update", "delete"])
        for row, answer in zip(rows, (created, changed, replaced, gone)):
            self.assertRegex(answer.headers["X-Request-Id"], "^[0-9a-f]{32}$")
            self.assertWritten(row, answer)
        self.assertEqual(len({row["request_id"] for row in rows}), 4)
        self.assertEqual(len({row["change"] for row in rows}), 4)

    def test_a_subject(self):
        answer = send("POST", "/Users", new_user(), token=make_jwt(sub="alice@example.com"))
        self.assertEqual(answer.status, 201)
        row, = audit(answer.json["id"])
        self.assertWritten(row, answer, actor="subject: alice@example.com", token_id=None, subject="alice@example.com")

    def test_a_client(self):
        name = "client-" + new_name().split("@")[0]
        id, secret = sql("SELECT id, secret FROM scim.create_client('%s', 'bare')" % name).split("|")
        answer = send("POST", "/Users", new_user(), headers=[("Authorization", secret)])
        self.assertEqual(answer.status, 201, answer.text)
        row, = audit(answer.json["id"])
        self.assertWritten(row, answer, actor="client: " + name, token_id=id)
        self.assertEqual(sql("SELECT token FROM directory.activity WHERE tenant_id = 1 AND resource_id = '%s'" % answer.json["id"]), name)

    def test_what_the_client_says_is_not_believed(self):
        for header in ("X-Request-Id", "X-Scim-X-Request-Id", "X-Scim-Request-Id"):
            answer = self.call("POST", "/Users", new_user(), headers=[(header, "mine")], status=201)
            row, = audit(answer.json["id"])
            self.assertNotEqual(row["request_id"], "mine")
            self.assertWritten(row, answer)
        self.assertEqual(sql("SELECT count(*) FROM directory.audit WHERE request_id = 'mine'"), "0")

    def test_members_and_bulk_are_one_request(self):
        user, group = self.create(), self.call("POST", "/Groups", {"schemas": [GROUP], "displayName": new_name()}, status=201)
        id = group.json["id"]
        answer = self.call("POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
            {"method": "PATCH", "path": "/Groups/" + id, "data": patch({"op": "add", "path": "members", "value": [{"value": user["id"]}]})},
            {"method": "PATCH", "path": "/Users/" + user["id"], "data": patch({"op": "add", "path": "title", "value": "x"})}]})
        self.assertEqual([each["status"] for each in answer.json["Operations"]], ["200", "200"])
        rows = [row for row in audit(id) + audit(user["id"]) if row["operation"] != "create"]
        self.assertEqual(sorted(row["operation"] for row in rows), ["add member", "update", "update"])
        for row in rows:
            self.assertWritten(row, answer)
        self.assertEqual(len({row["change"] for row in rows}), 1)

    def test_nobody_inherits_a_request(self):
        """PostgREST keeps its connections: what one request states is gone with it."""
        for _ in range(8):
            first = self.call("POST", "/Users", new_user(), status=201)
            second = send("POST", "/Users", new_user(), token=make_jwt(sub="bob"))
            self.assertWritten(audit(first.json["id"])[0], first)
            self.assertWritten(audit(second.json["id"])[0], second, actor="subject: bob", token_id=None, subject="bob")

    def test_every_answer_says_which_request_it_was(self):
        ids = set()
        for method, path, status in (("GET", "/Users?count=0", 200), ("HEAD", "/Users?count=0", 200), ("GET", "/Users/none", 404), ("GET", "/Nothing", 404),
                                     ("GET", "/Users?filter=x", 400), ("TRACE", "/Users", 405), ("GET", "/ServiceProviderConfig", 200)):
            answer = self.call(method, path, status=status)
            self.assertEqual(len(answer.headers.get_all("X-Request-Id")), 1)
            ids.add(answer.headers["X-Request-Id"])
        self.assertEqual(send("GET", "/Users", token="wrong").status, 401)
        self.assertEqual(len(ids), 7)

    def test_of_a_failure_nothing_is_told(self):
        answer = self.call("POST", "/Users", {"schemas": []}, status=400)
        self.assertEqual(sql("SELECT count(*) FROM directory.audit WHERE request_id = '%s'" % answer.headers["X-Request-Id"]), "0")


class OtherTenant(ServiceTest):
    tenant = 41

    @classmethod
    def setUpClass(cls):
        make_tenant(cls.tenant)
        cls.token_id, cls.token = sql("SELECT id, secret FROM scim.create_token('%s')" % new_name(), cls.tenant).split("|")

    def test_is_told_where_it_belongs(self):
        answer = self.call("POST", "/Users", new_user(), status=201)
        row, = audit(answer.json["id"], self.tenant)
        self.assertEqual((row["token_id"], row["request_id"]), (self.token_id, answer.headers["X-Request-Id"]))
        self.assertEqual(audit(answer.json["id"]), [])


if __name__ == "__main__":
    unittest.main()
