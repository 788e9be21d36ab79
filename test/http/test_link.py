"""An application that has its people already, and an identity provider that POSTs them all:
policy "link"; and what a request would do, before it does it: POST /.preview."""
import concurrent.futures
import json
import unittest

from service import BULK_REQUEST, ENTERPRISE, GROUP, USER, make_tenant, make_token, new_name, patch, send, sql

TENANT = 71
PEOPLE = 1000


def set_policy(resource_type="User", **settings):
    sql("DELETE FROM directory.policy WHERE tenant_id = %d AND kind = 'link' AND resource_type = '%s'" % (TENANT, resource_type), TENANT)
    sql("INSERT INTO directory.policy (tenant_id, resource_type, kind, settings) VALUES (%d, '%s', 'link', '%s')"
        % (TENANT, resource_type, json.dumps(settings)), TENANT)


def number(query):
    return int(sql(query, TENANT))


def entra(n):
    return {"schemas": [USER, ENTERPRISE], "externalId": "entra-%d" % n, "userName": "Person%d@Example.com" % n, "active": "True",
            "displayName": "Person %d" % n, "emails": [{"primary": True, "type": "work", "value": "person%d@example.com" % n}],
            "meta": {"resourceType": "User"}, "name": {"givenName": "Per", "familyName": "Son %d" % n},
            ENTERPRISE: {"department": "D%d" % (n % 7)}}


def okta(n):
    return {"schemas": [USER], "userName": "person%d@example.com" % n, "name": {"givenName": "Per", "familyName": "Son"},
            "emails": [{"primary": True, "value": "person%d@example.com" % n, "type": "work"}], "displayName": "Per Son",
            "locale": "en-US", "externalId": "00u%d" % n, "groups": [], "password": "correct horse %d" % n, "active": True}


class LinkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make_tenant(TENANT)
        cls.token = make_token("provider", TENANT)

    @classmethod
    def tearDownClass(cls):
        sql("DELETE FROM directory.policy WHERE tenant_id = %d AND kind = 'link'" % TENANT, TENANT)

    def ask(self, method, path, body=None, status=200, token=None, headers=()):
        answer = send(method, path, body, headers, token or self.token)
        self.assertEqual(answer.status, status, answer.text)
        return answer

    def together(self, function, arguments):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            return list(pool.map(function, arguments))


class Adopt(LinkTest):
    def setUp(self):
        sql("DELETE FROM directory.users WHERE tenant_id = %d; SELECT scim.purge('0')" % TENANT, TENANT)
        sql("INSERT INTO directory.users (tenant_id, data) SELECT %d, jsonb_build_object('userName', 'person' || n || '@example.com', 'title', 'Title ' || n, "
            "'emails', jsonb_build_array(jsonb_build_object('value', 'person' || n || '@example.com', 'primary', true))) FROM generate_series(1, %d) n"
            % (TENANT, PEOPLE), TENANT)
        sql("ANALYZE directory.users")

    def post_all(self, document):
        """Each POSTed twice, at the same time: one links, the other is refused."""
        ids = dict(line.split("|") for line in sql(
            "SELECT substring(user_name FROM '\\d+'), id FROM directory.users WHERE tenant_id = %d AND deleted_at IS NULL" % TENANT, TENANT).split("\n"))
        answers = self.together(lambda n: (n, send("POST", "/Users", document(n), token=self.token)), [n for n in range(1, PEOPLE + 1) for _ in (1, 2)])
        statuses = {}
        for n, answer in answers:
            statuses.setdefault(n, []).append(answer.status)
            if answer.status == 201:
                self.assertEqual(answer.json["id"], ids[str(n)])
                self.assertTrue(answer.headers["Location"].endswith("/Users/" + ids[str(n)]))
                self.assertEqual(answer.json["title"], "Title %d" % n)
                self.assertEqual(answer.json["meta"]["version"], 'W/"2"')
                self.assertEqual(answer.headers["ETag"], 'W/"2"')
            else:
                self.assertEqual(answer.json["scimType"], "uniqueness")
        self.assertEqual({tuple(sorted(s)) for s in statuses.values()}, {(201, 409)})
        self.assertEqual(number("SELECT count(*) FROM directory.users WHERE tenant_id = %d AND deleted_at IS NULL" % TENANT), PEOPLE)
        self.assertEqual(number("SELECT count(*) FROM directory.origin WHERE tenant_id = %d AND linked_at IS NOT NULL AND actor LIKE 'token: provider %%'" % TENANT), PEOPLE)

    def test_entra_posts_all(self):
        set_policy()
        linked = number("SELECT count(*) FROM directory.audit WHERE tenant_id = %d AND operation = 'link'" % TENANT)
        self.assertEqual(number("SELECT count(*) FROM scim.link_candidates('User', NULL, 'provider') WHERE action = 'link'"), PEOPLE)
        self.post_all(entra)
        self.assertEqual(number("SELECT count(*) FROM scim.link_candidates('User', NULL, 'provider') WHERE action = 'linked'"), PEOPLE)
        self.assertEqual(number("SELECT count(*) FROM directory.audit WHERE tenant_id = %d AND operation = 'link'" % TENANT), linked + PEOPLE)
        self.assertEqual(self.ask("GET", "/Users?filter=externalId%20eq%20%22entra-7%22").json["Resources"][0]["userName"], "Person7@Example.com")

    def test_okta_posts_all_by_address(self):
        set_policy(match=["externalId", "emails"])
        self.post_all(okta)

    def test_a_bulk_request(self):
        set_policy()
        answer = self.ask("POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"schemas": [GROUP], "displayName": new_name(), "members": [
                {"value": "bulkId:%d" % n} for n in range(1, 101)]}}] + [
            {"method": "POST", "path": "/Users", "bulkId": str(n), "data": entra(n)} for n in range(1, 101)]})
        self.assertEqual({o["status"] for o in answer.json["Operations"]}, {"201"})
        group = answer.json["Operations"][0]["location"].rsplit("/", 1)[1]
        self.assertEqual(number("SELECT count(*) FROM directory.member m JOIN directory.users u ON (u.tenant_id, u.id) = (m.tenant_id, m.member_id) "
                                "WHERE m.tenant_id = %d AND m.group_id = '%s' AND u.external_id LIKE 'entra-%%'" % (TENANT, group)), 100)

    def test_another_provider_takes_nobody(self):
        set_policy()
        self.ask("POST", "/Users", entra(1), 201)
        other = make_token("another", TENANT)
        self.ask("POST", "/Users", okta(1), 409, other)
        self.ask("POST", "/Users", dict(okta(2), userName="person1@example.com"), 409, other)
        self.assertEqual(number("SELECT count(*) FROM directory.users WHERE tenant_id = %d AND external_id = 'entra-1'" % TENANT), 1)


class Preview(LinkTest):
    def preview(self, method, path, data=None, headers=None, status=200, token=None):
        body = {"schemas": ["urn:scim:params:preview:request"], "method": method, "path": path}
        if data is not None:
            body["data"] = data
        if headers is not None:
            body["headers"] = headers
        return self.ask("POST", "/.preview", body, status, token).json

    def state(self):
        return sql("SELECT (SELECT md5(string_agg(r::text, ' ' ORDER BY id)) FROM directory.resource r WHERE tenant_id = %(t)d), "
                   "(SELECT count(*) FROM directory.audit WHERE tenant_id = %(t)d), (SELECT count(*) FROM directory.event WHERE tenant_id = %(t)d), "
                   "(SELECT count(*) FROM directory.member WHERE tenant_id = %(t)d), (SELECT count(*) FROM directory.credential WHERE tenant_id = %(t)d)" % {"t": TENANT}, TENANT)

    def test_it_is_what_the_request_answers(self):
        name = new_name()
        user = {"schemas": [USER], "userName": name, "password": "correct horse battery"}
        before = self.state()
        told = self.preview("POST", "/Users", user)
        self.assertEqual(self.state(), before)
        done = self.ask("POST", "/Users", user, 201)
        self.assertEqual((told["status"], told["body"]["userName"], told["changes"][0]["operations"]), (201, name, ["create"]))
        self.assertTrue(told["changes"][0]["password"])
        self.assertNotIn("battery", json.dumps(told))
        path = "/Users/" + done.json["id"]
        change = patch({"op": "add", "path": "title", "value": "T"})
        before = self.state()
        told = self.preview("PATCH", path, change)
        self.assertEqual(self.state(), before)
        self.assertEqual(told["changes"][0]["difference"], [{"op": "add", "path": "/title", "value": "T"}])
        self.assertEqual(told["headers"]["ETag"], self.ask("PATCH", path, change).headers["ETag"])
        self.assertEqual(self.preview("PATCH", path, change, {"If-Match": 'W/"1"'})["status"], 412)
        self.assertEqual(self.preview("GET", path)["body"]["title"], "T")
        self.assertEqual(self.preview("DELETE", path)["status"], 204)
        self.assertEqual(self.preview("GET", "/Users/nobody")["status"], 404)
        self.ask("GET", path)

    def test_what_is_no_preview(self):
        for body in ({}, {"method": "GET"}, {"method": "GET", "path": "/Users", "dryRun": True}, {"method": 1, "path": "/"}):
            self.ask("POST", "/.preview", body, 400)
        self.assertEqual(self.preview("POST", "/.preview", {"method": "GET", "path": "/"})["status"], 400)
        answer = send("GET", "/.preview", token=self.token)
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST, OPTIONS"))
        self.assertEqual(send("POST", "/.preview", {"method": "GET", "path": "/Users"}).status, 401)

    def test_scopes_bind(self):
        reader = sql("SELECT secret FROM scim.create_token('reads', scopes => '{User:read}')", TENANT)
        self.assertEqual(self.preview("POST", "/Users", {"schemas": [USER], "userName": new_name()}, token=reader)["status"], 403)
        self.assertEqual(self.preview("GET", "/Users?count=1", token=reader)["status"], 200)

    def test_together_with_the_request(self):
        """Previews beside writes of the same person: each is the one or the other."""
        path = "/Users/" + self.ask("POST", "/Users", {"schemas": [USER], "userName": new_name()}, 201).json["id"]

        def one(n):
            change = patch({"op": "replace", "path": "title", "value": "T%d" % n})
            if n % 2:
                return self.preview("PATCH", path, change)["status"]
            return send("PATCH", path, change, token=self.token).status
        self.assertEqual(set(self.together(one, range(60))), {200})
        version = self.ask("GET", path).json["meta"]["version"]
        self.assertEqual(version, 'W/"31"')


if __name__ == "__main__":
    unittest.main()
