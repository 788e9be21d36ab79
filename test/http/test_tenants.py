"""Tenants and tokens through the gateway: nobody crosses from one to another, whatever the
door; tokens with scopes; the last use of a token; tenants with addresses of their own."""
import json
import time
import unittest

from service import (BULK_REQUEST, GROUP, SEARCH_REQUEST, STACK, URL, ServiceTest, make_jwt, make_tenant, make_token,
                     new_name, new_user, patch, quote, reload_nginx, send, sql)

MINE, THEIRS = 31, 32

LOCATIONS = """
location ~ ^/two/scim/v2(/|$) {
    set $scim_store directory;
    set $scim_base_url https://scim.example.com/two/scim/v2;
    include scim_proxy.conf;
}
"""


def last_use(description):
    return sql("SELECT last_used_at FROM directory.token WHERE description LIKE '%s %%'" % description)


class Crossing(unittest.TestCase):
    """What one tenant has, by every door of another."""

    @classmethod
    def setUpClass(cls):
        cls.owner, cls.stranger = make_tenant(MINE), make_tenant(THEIRS)
        cls.user = send("POST", "/Users", new_user(externalId="secret-x", title="secret"), token=cls.owner).json
        cls.group = send("POST", "/Groups", {"schemas": [GROUP], "displayName": "secret " + new_name(),
                                             "members": [{"value": cls.user["id"]}]}, token=cls.owner).json

    def ask(self, method, target, body=None, status=None, headers=()):
        answer = send(method, target, body, token=self.stranger, headers=headers)
        if status is not None:
            self.assertEqual(answer.status, status, answer.text)
        for told in (self.user["userName"], "secret-x", self.group["displayName"]):
            if body is None or told not in json.dumps(body):
                self.assertNotIn(told, answer.text if told not in target else "")
        return answer

    def test_by_id(self):
        for kind, resource in (("Users", self.user), ("Groups", self.group)):
            place = "/%s/%s" % (kind, resource["id"])
            self.ask("GET", place, status=404)
            self.ask("PUT", place, new_user() if kind == "Users" else {"displayName": "x"}, status=404)
            self.ask("PATCH", place, patch({"op": "add", "path": "externalId", "value": "x"}), status=404)
            self.ask("DELETE", place, status=404)
        self.ask("GET", "/Groups/%s/members" % self.group["id"], status=404)

    def test_etags_tell_nothing(self):
        place = "/Users/" + self.user["id"]
        for name in ("If-Match", "If-None-Match"):
            for tag in ('W/"1"', "*", 'W/"99"'):
                self.ask("GET", place, status=404, headers=[(name, tag)])
                self.ask("DELETE", place, status=404, headers=[(name, tag)])

    def test_filters(self):
        for attribute, value in (("id", self.user["id"]), ("userName", self.user["userName"]), ("externalId", "secret-x"), ("title", "secret")):
            for operator in ("eq", "co", "sw"):
                answer = self.ask("GET", "/Users?filter=" + quote('%s %s "%s"' % (attribute, operator, value)), status=200)
                self.assertEqual(answer.json["totalResults"], 0)
        answer = self.ask("GET", "/Users?filter=" + quote('groups.value eq "%s"' % self.group["id"]), status=200)
        self.assertEqual(answer.json["totalResults"], 0)
        answer = self.ask("GET", "/Groups?filter=" + quote('members.value eq "%s"' % self.user["id"]), status=200)
        self.assertEqual(answer.json["totalResults"], 0)
        for target in ("/.search", "/Users/.search"):
            answer = self.ask("POST", target, {"schemas": [SEARCH_REQUEST], "filter": 'id eq "%s"' % self.user["id"]}, status=200)
            self.assertEqual(answer.json["totalResults"], 0)
        answer = self.ask("GET", "/?filter=" + quote('meta.resourceType eq "User"'), status=200)
        self.assertNotIn(self.user["id"], answer.text)

    def test_cursors(self):
        for _ in range(3):
            send("POST", "/Users", new_user(), token=self.owner)
        cursor = send("GET", "/Users?cursor=&count=1", token=self.owner).json["nextCursor"]
        self.ask("GET", "/Users?cursor=%s&count=1" % quote(cursor), status=400)

    def test_bulk(self):
        answer = self.ask("POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
            {"method": "PATCH", "path": "/Users/" + self.user["id"], "data": patch({"op": "add", "path": "title", "value": "x"})},
            {"method": "DELETE", "path": "/Groups/" + self.group["id"]},
            {"method": "PUT", "path": "/Users/" + self.user["id"], "data": new_user()}]}, status=200)
        self.assertEqual([each["status"] for each in answer.json["Operations"]], ["404"] * 3)

    def test_references_lead_nowhere(self):
        answer = self.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": new_name(),
                                              "members": [{"value": self.user["id"]}]}, status=201)
        self.assertEqual(answer.json["members"], [{"value": self.user["id"]}])
        place = "/Groups/" + answer.json["id"]
        found = self.ask("GET", "/Groups?filter=" + quote('members.display co "%s"' % self.user["userName"][:4]), status=200)
        self.assertEqual(found.json["totalResults"], 0)
        self.assertEqual(send("GET", "/Users/" + self.user["id"], token=self.owner).json["groups"],
                         [dict(value=self.group["id"], display=self.group["displayName"], type="direct",
                               **{"$ref": self.group["meta"]["location"]})])
        self.ask("DELETE", place, status=204)

    def test_names_are_free(self):
        answer = self.ask("POST", "/Users", new_user(userName=self.user["userName"]), status=201)
        self.ask("DELETE", "/Users/" + answer.json["id"], status=204)

    def test_an_id_that_is_taken_elsewhere_is_not_told(self):
        answer = self.ask("PUT", "/Users/" + self.user["id"], new_user(), status=404)
        self.assertNotIn("tenant", answer.text)

    def test_me_is_of_the_tenant(self):
        answer = send("GET", "/Me", token=make_jwt(tenant=THEIRS, scim_id=self.user["id"]))
        self.assertNotEqual(answer.status, 200)
        self.assertEqual(send("GET", "/Me", token=make_jwt(tenant=MINE, scim_id=self.user["id"])).json["id"], self.user["id"])

    def test_a_tenant_that_is_not_there(self):
        self.assertEqual(send("GET", "/Users", token=make_jwt(tenant=987654)).status, 401)

    def test_audit_says_who(self):
        self.ask("PATCH", "/Users/" + self.user["id"], patch({"op": "add", "path": "title", "value": "x"}), status=404)
        self.assertEqual(sql("SELECT count(*) FROM directory.audit WHERE resource_id = '%s' AND tenant_id <> %d" % (self.user["id"], MINE)), "0")
        self.assertEqual(sql("SELECT data ->> 'title' FROM directory.users WHERE id = '%s'" % self.user["id"]), "secret")

    def test_a_secret_of_another_tenant_is_another(self):
        moved = self.owner.replace("scim_%d_" % MINE, "scim_%d_" % THEIRS)
        self.assertNotEqual(moved, self.owner)
        self.assertEqual(send("GET", "/Users", token=moved).status, 401)


class Scopes(ServiceTest):
    def test_read(self):
        token = sql("SELECT secret FROM scim.create_token('%s', scopes => '{read,User}')" % new_name())
        self.assertEqual(send("GET", "/Users", token=token).status, 200)
        answer = send("POST", "/Users", new_user(), token=token)
        self.assertEqual((answer.status, answer.json["detail"]),
                         (403, 'the scopes of these credentials do not allow to write resources of type "User"'))
        self.assertEqual(send("GET", "/Groups", token=token).status, 403)
        self.assertEqual(send("GET", "/ServiceProviderConfig", token=token).status, 200)

    def test_claims(self):
        self.assertEqual(send("GET", "/Users", token=make_jwt(scim_scopes=["read"])).status, 200)
        self.assertEqual(send("POST", "/Users", new_user(), token=make_jwt(scim_scopes=["read"])).status, 403)
        self.assertEqual(send("GET", "/Users", token=make_jwt(scim_scopes="Group")).status, 403)
        self.assertEqual(send("GET", "/Users", token=make_jwt(scim_scopes=[])).status, 403)
        self.assertEqual(send("GET", "/Users", token=make_jwt(scim_scopes={"x": 1})).status, 403)


class LastUse(ServiceTest):
    def test_of_a_reader(self):
        token = make_token("reader")
        self.assertEqual(last_use("reader"), "")
        answer = send("GET", "/Users?count=1", token=token)
        self.assertEqual((answer.status, answer.json["itemsPerPage"] <= 1), (200, True), answer.text)
        first = last_use("reader")
        self.assertNotEqual(first, "")
        # once an hour
        self.assertEqual(send("GET", "/Users?count=1", token=token).status, 200)
        self.assertEqual(last_use("reader"), first)
        sql("UPDATE directory.token SET created = created - interval '61 minutes', last_used_at = last_used_at - interval '61 minutes' WHERE description LIKE 'reader %'")
        self.assertEqual(send("GET", "/Users?count=1", token=token).status, 200)
        self.assertGreaterEqual(last_use("reader"), first)

    def test_of_every_reader(self):
        user = self.create(new_user())
        for method, target, body, status in (("GET", "/Users/" + user["id"], None, 200), ("HEAD", "/Users/" + user["id"], None, 200),
                                             ("GET", "/Users/nobody", None, 404), ("GET", "/Users?filter=x%20eq", None, 400),
                                             ("POST", "/Users/.search", {"schemas": [SEARCH_REQUEST], "count": 1, "filter": 'id eq "%s"' % user["id"]}, 200),
                                             ("POST", "/Users", {"schemas": []}, 400)):
            name = new_name().replace("_", "-")
            token = make_token(name)
            answer = send(method, target, body, token=token)
            self.assertEqual(answer.status, status, (method, target, answer.text))
            if method == "POST" and status == 200:
                self.assertEqual(answer.json["totalResults"], 1)
            if status >= 400:
                self.assertEqual(answer.json["status"], str(status))
            self.assertNotEqual(last_use(name), "", (method, target))

    def test_not_of_who_is_refused(self):
        token = make_token("refused")
        self.assertEqual(send("GET", "/Users", token=token + "x").status, 401)
        self.assertEqual(last_use("refused"), "")

    def test_where_nothing_can_be_written(self):
        """The function that writes is not there, as with a primary that is down."""
        token = make_token("no primary")
        sql("ALTER FUNCTION api.scim_write(bytea) RENAME TO scim_write_away")
        sql("NOTIFY pgrst, 'reload schema'")
        try:
            time.sleep(1)
            user = send("GET", "/Users?count=1", token=token)
            self.assertEqual(user.status, 200, user.text)
            answer = send("POST", "/Users/.search", {"schemas": [SEARCH_REQUEST], "count": 0}, token=token)
            self.assertEqual(answer.status, 200, answer.text)
            self.assertEqual(send("GET", "/Users/nobody", token=token).status, 404)
            self.assertEqual(send("POST", "/Users", new_user(), token=token).status, 503)
            self.assertEqual(last_use("no primary"), "")
        finally:
            sql("ALTER FUNCTION api.scim_write_away(bytea) RENAME TO scim_write")
            sql("NOTIFY pgrst, 'reload schema'")
            time.sleep(1)


class Places(unittest.TestCase):
    """A tenant with an address of its own."""

    @classmethod
    def setUpClass(cls):
        (STACK / "locations" / "two.conf").write_text(LOCATIONS)
        reload_nginx()
        cls.here, cls.there = make_tenant(41), make_tenant(42)
        sql("UPDATE directory.tenant SET base_url = 'https://scim.example.com/two/scim/v2' WHERE tenant_id = 42")

    @classmethod
    def tearDownClass(cls):
        sql("UPDATE directory.tenant SET base_url = NULL WHERE tenant_id = 42")
        (STACK / "locations" / "two.conf").unlink()
        reload_nginx()

    def status(self, base, token):
        return send("GET", base + "/Users", token=token, base="").status

    def test_each_at_its_place(self):
        self.assertEqual(self.status("/two/scim/v2", self.there), 200)
        self.assertEqual(self.status(URL.path, self.here), 200)
        self.assertEqual(self.status("/two/scim/v2", self.here), 401)
        self.assertEqual(self.status(URL.path, self.there), 401)
        self.assertEqual(self.status("/two/scim/v2", make_jwt(tenant=41)), 401)
        self.assertEqual(self.status("/two/scim/v2", make_jwt(tenant=42)), 200)

    def test_location(self):
        answer = send("POST", "/two/scim/v2/Users", new_user(), token=self.there, base="")
        self.assertTrue(answer.json["meta"]["location"].startswith("https://scim.example.com/two/scim/v2/Users/"))

    def test_discovery_tells_strangers_of_the_tenant(self):
        sql("INSERT INTO directory.setting (name, tenant_id, value) VALUES ('max_results', 42, '7'), ('max_bulk_operations', 42, '8'), ('advertise_pagination', 42, 'false')")
        sql("INSERT INTO directory.policy (tenant_id, resource_type, kind, name, settings) VALUES (42, 'User', 'unique', 'at its place', '{\"attributes\": [\"nickName\"]}')")
        try:
            for path in ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes"):
                with self.subTest(path=path):
                    known = send("GET", "/two/scim/v2" + path, token=self.there, base="")
                    stranger = send("GET", "/two/scim/v2" + path, token=None, base="")
                    self.assertEqual((stranger.status, stranger.json), (200, known.json))
            config = send("GET", "/two/scim/v2/ServiceProviderConfig", token=None, base="").json
            self.assertEqual((config["filter"]["maxResults"], config["bulk"]["maxOperations"]), (7, 8))
            config = send("GET", "/ServiceProviderConfig", token=None).json
            self.assertNotEqual(config["filter"]["maxResults"], 7)
        finally:
            sql("DELETE FROM directory.setting WHERE tenant_id = 42")
            sql("DELETE FROM directory.policy WHERE tenant_id = 42")


if __name__ == "__main__":
    unittest.main()
