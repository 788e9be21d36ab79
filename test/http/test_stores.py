"""Several stores behind one gateway on one port: by path, by host, each with its own
credentials."""
import base64
import pathlib
import subprocess
import time
import unittest

from service import STACK, URL, ServiceTest, make_jwt, new_user, quote, reload_nginx, send, sql

ROOT = pathlib.Path(__file__).parent.parent.parent
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
HOST = "staff.example.com"

# What an operator writes: a store by a path, one by a path without a version that
# wants a second secret, and one by the name of its host.
LOCATIONS = """
location ~ ^/other/scim/v2(/|$) {
    set $scim_store other;
    set $scim_base_url https://scim.example.com/other/scim/v2;
    include scim_proxy.conf;
}
location ~ ^/app/scim(/|$) {
    set $scim_store "The App";
    set $scim_base_url https://scim.example.com/app/scim;
    proxy_set_header X-Scim-X-App-Token $scim_app_token;
    include scim_proxy.conf;
}
location ~ ^/set/scim/v2(/|$) {
    set $scim_store other;
    set $scim_base_url "";
    include scim_proxy.conf;
}
location ~ ^/nowhere(/|$) {
    set $scim_store nowhere;
    set $scim_base_url https://scim.example.com/nowhere;
    include scim_proxy.conf;
}
"""
SERVERS = """
server {
    listen 127.0.0.1:%d;
    server_name staff.example.com;
    include scim_server.conf;
    location ~ ^/scim/v2(/|$) {
        set $scim_store other;
        set $scim_base_url https://staff.example.com/scim/v2;
        include scim_proxy.conf;
    }
    location / {
        return 404;
    }
}
""" % URL.port


def in_store(store, statement):
    return sql('SET scim.store = "%s"; %s' % (store, statement))


def basic(name, password):
    return "Basic " + base64.b64encode(("%s:%s" % (name, password)).encode()).decode()


def setUpModule():
    for store in ("other", "The App"):
        in_store(store, "SELECT scim.create_store('%s')" % store)
        subprocess.run(["psql", "-XqAt", "-v", "store=" + store, "-f", ROOT / "conf" / "postgrest.sql"],
                       check=True, stdout=subprocess.DEVNULL)
    in_store("other", """
        INSERT INTO other.authentication_scheme (scheme, keyword, credential, type, name, description) VALUES
            ('ApiKey', 'ApiKey', 'token', 'oauthbearertoken', 'API key', 'A key in the header Authorization: ApiKey'),
            ('Basic', 'Basic', 'password', 'httpbasic', 'HTTP Basic', 'Name and password of a client')""")
    in_store("The App", """
        DELETE FROM "The App".authentication_scheme;
        INSERT INTO "The App".authentication_scheme
            (scheme, keyword, credential, second_header, type, name, description, is_primary) VALUES
            ('Bearer', 'Bearer', 'token', 'x-app-token', 'oauthbearertoken', 'Two tokens', 'Bearer and x-app-token', true),
            ('Basic', 'Basic', 'password', 'x-app-token', 'httpbasic', 'HTTP Basic', 'Basic and x-app-token', NULL),
            ('Basic token', 'Basic', 'token', NULL, 'httpbasic', NULL, NULL, NULL)""")
    (STACK / "locations" / "others.conf").write_text(LOCATIONS)
    (STACK / "servers" / "staff.conf").write_text(SERVERS)
    reload_nginx()


def tearDownModule():
    (STACK / "locations" / "others.conf").unlink()
    (STACK / "servers" / "staff.conf").unlink()
    reload_nginx()
    for store in ("other", "The App"):
        sql("SELECT scim.drop_store('%s', true)" % store)


def to_other(method, path, body=None, headers=(), token=None):
    return send(method, path, body, headers, token, base="/other/scim/v2")


def to_staff(method, path, body=None, headers=(), token=None):
    return send(method, path, body, [("Host", HOST), *headers], token)


def to_app(method, path, body=None, headers=(), token=None):
    return send(method, path, body, headers, token, base="/app/scim")


class Stores(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = in_store("other", "SELECT secret FROM scim.create_token('other')")

    def test_each_has_its_own_people(self):
        user = new_user()
        here = self.create(user)
        answer = to_other("POST", "/Users", user, token=self.other)
        self.assertEqual(answer.status, 201, answer.body)
        there = answer.json
        self.assertError(to_other("GET", "/Users/" + here["id"], token=self.other), 404)
        self.assertError(send("GET", "/Users/" + there["id"], token=self.token), 404)
        self.assertEqual(sql("SELECT count(*) FROM other.users WHERE id = '%s'" % there["id"]), "1")

    def test_a_token_is_good_in_its_own_store_only(self):
        self.assertError(to_other("GET", "/Users", token=self.token), 401)
        self.assertError(to_staff("GET", "/Users", token=self.token), 401)
        self.assertError(send("GET", "/Users", token=self.other), 401)
        self.assertEqual(to_staff("GET", "/Users", token=self.other).status, 200)

    def test_a_web_token_names_its_store(self):
        self.assertError(to_other("GET", "/Users", token=make_jwt()), 401)
        self.assertError(send("GET", "/Users", token=make_jwt(store="other")), 401)
        self.assertError(send("GET", "/Users", token=make_jwt(store=None)), 401)
        for store in (["directory"], {"a": "directory"}, 1, ""):
            self.assertError(send("GET", "/Users", token=make_jwt(store=store)), 401)
        self.assertEqual(to_other("GET", "/Users", token=make_jwt(store="other")).status, 200)

    def test_where_it_is_served(self):
        # every way in which an answer says where something is
        for to, base in ((to_other, "https://scim.example.com/other/scim/v2"), (to_staff, "https://staff.example.com/scim/v2")):
            with self.subTest(base):
                made = to("POST", "/Users", new_user(), token=self.other)
                location = base + "/Users/" + made.json["id"]
                self.assertEqual(made.headers["Location"], location)
                self.assertEqual(made.json["meta"]["location"], location)
                filter = quote('userName eq "%s"' % made.json["userName"])
                found = to("GET", "/Users?filter=" + filter, token=self.other).json["Resources"][0]
                self.assertEqual(found["meta"]["location"], location)
                group = to("POST", "/Groups", {"schemas": [CORE_GROUP], "displayName": "G",
                                               "members": [{"value": made.json["id"]}]}, token=self.other)
                self.assertEqual(group.json["members"][0]["$ref"], location)
                for endpoint in ("/ServiceProviderConfig", "/ResourceTypes/User", "/Schemas/" + CORE_GROUP):
                    self.assertEqual(to("GET", endpoint).json["meta"]["location"], base + endpoint)
                self.assertEqual(to("GET", "/openapi.json", token=self.other).json["servers"], [{"url": base}])
                bulk = to("POST", "/Bulk", {"Operations": [{"method": "DELETE", "path": "/Users/" + made.json["id"]}]},
                          token=self.other)
                self.assertEqual(bulk.json["Operations"][0]["location"], location)

    def test_the_path_of_the_store_is_stripped(self):
        for path in ("/Users?count=0", "/Users/?count=0", "//Users?count=0", "/users?count=0", "?count=0", "/?count=0"):
            with self.subTest(path):
                self.assertEqual(to_other("GET", path, token=self.other).status, 200)
        # a path that leads out of one store leads into no other
        for path in ("/scim/v2/../../other/scim/v2/Users", "/other/scim/v2/../../../scim/v2/Users"):
            with self.subTest(path):
                for token in (self.token, self.other):
                    self.assertIn(send("GET", path, token=token, base="").status, (400, 401, 404))

    def test_nothing_else_is_served(self):
        for path in ("/other", "/other/scim", "/other/scim/v2x/Users", "/Users", "/scim/v2Users", "/.scim_error", "/rpc/scim_read"):
            with self.subTest(path):
                self.assertError(send("GET", path, token=self.other, base=""), 404)

    def test_a_store_that_is_not_there(self):
        answer = send("GET", "/Users", token=self.other, base="/nowhere")
        self.assertError(answer, 503)
        self.assertIn("Retry-After", answer.headers)

    def test_the_client_chooses_nothing(self):
        forged = [("X-Scim-Store", "other"), ("X-Scim-Base-Url", "https://evil.example"), ("X-Forwarded-Host", "evil.example"),
                  ("X-Forwarded-Proto", "https"), ("Forwarded", "host=evil.example"), ("X-Forwarded-Prefix", "/evil"),
                  ("X-Scim-Method", "DELETE"), ("X-Scim-Target", "/other/scim/v2/Users")]
        self.assertError(send("GET", "/Users", token=self.other, headers=forged), 401)
        user = self.create()
        answer = send("GET", "/Users/" + user["id"], token=self.token, headers=forged)
        self.assertEqual(answer.json, user)
        # a name of which nginx knows nothing is the first server's, and is not believed
        answer = send("GET", "/Users/" + user["id"], token=self.token, headers=[("Host", "evil.example")])
        self.assertEqual(answer.json, user)

    def test_errors_of_nginx_have_a_body_everywhere(self):
        for to in (to_other, to_staff):
            self.assertError(to("POST", "/Users", b"x" * (11 * 1024 * 1024), token=self.other), 413)
            self.assertError(to("GET", "/Users", headers=[("Authorization", b"Bearer \xe9")]), 400)
        self.assertError(to_staff("GET", "/Users", headers=[], token="wrong"), 401)


class Schemes(ServiceTest):
    """Which credentials a store takes is said by its rows."""

    def status(self, *headers, to=to_other):
        answer = to("GET", "/Users?count=0", headers=headers)
        if answer.status != 200:
            self.assertError(answer, 401)
            self.challenge = answer.headers["WWW-Authenticate"]
            self.assertEqual(len(answer.headers.get_all("WWW-Authenticate")), 1)
        return answer.status

    def test_api_key(self):
        key = in_store("other", "SELECT secret FROM scim.create_token('key')")
        for value in ("ApiKey " + key, "apikey  " + key, "Bearer " + key, key):
            with self.subTest(value):
                self.assertEqual(self.status(("Authorization", value)), 200)
        for value in ("ApiKey", "ApiKey ", "ApiKey x" + key, "ApiKey %s %s" % (key, key), "Key " + key, "Basic " + key):
            with self.subTest(value):
                self.assertEqual(self.status(("Authorization", value)), 401)
        # what one store takes, another need not
        self.assertError(send("GET", "/Users", headers=[("Authorization", "ApiKey " + self.token)]), 401)
        in_store("other", "SELECT scim.revoke_token(id) FROM other.token WHERE description = 'key'")
        self.assertEqual(self.status(("Authorization", "ApiKey " + key)), 401)

    def test_basic(self):
        secret = in_store("other", "SELECT secret FROM scim.create_client('hr')")
        in_store("other", "SELECT scim.create_client('payroll', password => 'pass:wörd')")
        for value in (basic("hr", secret), basic("payroll", "pass:wörd"), basic("hr", secret).replace("Basic", "basic")):
            with self.subTest(value):
                self.assertEqual(self.status(("Authorization", value)), 200)
        for value in (basic("hr", "wrong"), basic("nobody", secret), basic("payroll", secret), basic("hr", ""), basic("", secret),
                      "Basic", "Basic !", "Basic " + secret, "Bearer " + secret, "ApiKey " + secret, secret):
            with self.subTest(value):
                self.assertEqual(self.status(("Authorization", value)), 401)
        in_store("other", "SELECT scim.revoke_client(id) FROM other.client WHERE name = 'hr'")
        self.assertEqual(self.status(("Authorization", basic("hr", secret))), 401)

    def test_a_person_is_no_client(self):
        key = in_store("other", "SELECT secret FROM scim.create_token('person')")
        user = new_user(password="t1meMa$heen")
        self.assertEqual(to_other("POST", "/Users", user, token=key).status, 201)
        self.assertEqual(self.status(("Authorization", basic(user["userName"], "t1meMa$heen"))), 401)

    def test_the_client_is_who_acts(self):
        secret = in_store("other", "SELECT secret FROM scim.create_client('auditee')")
        made = to_other("POST", "/Users", new_user(), [("Authorization", basic("auditee", secret))])
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(sql("SELECT actor FROM other.audit WHERE resource_id = '%s'" % made.json["id"]), "client: auditee")

    def test_challenge(self):
        self.status()
        self.assertEqual(self.challenge, 'Bearer realm="scim", ApiKey realm="scim", Basic realm="scim", charset="UTF-8"')
        self.status(("Authorization", "ApiKey wrong"))
        self.assertEqual(self.challenge, 'Bearer realm="scim", error="invalid_token", ApiKey realm="scim", '
                                         'Basic realm="scim", charset="UTF-8"')

    def test_discovery_shows_them(self):
        schemes = to_other("GET", "/ServiceProviderConfig").json["authenticationSchemes"]
        self.assertEqual([(s["name"], s["type"], s.get("primary", False)) for s in schemes],
                         [("OAuth Bearer Token", "oauthbearertoken", True), ("API key", "oauthbearertoken", False),
                          ("HTTP Basic", "httpbasic", False)])
        self.assertError(to_other("GET", "/ServiceProviderConfig", headers=[("Authorization", "ApiKey wrong")]), 401)

    def test_two_secrets(self):
        for scheme, name in (("Bearer", "two tokens"), ("Basic", "two passwords")):
            secret, second = in_store("The App", "SELECT secret, second_secret FROM scim.create_client('%s', '%s')"
                                      % (name, scheme)).split("|")
            first = ("Authorization", "Bearer " + secret if scheme == "Bearer" else basic(name, secret))
            with self.subTest(scheme):
                self.assertEqual(self.status(first, ("x-app-token", second), to=to_app), 200)
                self.assertEqual(self.status(first, ("X-App-Token", second), to=to_app), 200)
                # neither alone, nor one for the other
                self.assertEqual(self.status(first, to=to_app), 401)
                self.assertEqual(self.status(("x-app-token", second), to=to_app), 401)
                self.assertEqual(self.status(first, ("x-app-token", secret), to=to_app), 401)
                self.assertEqual(self.status(first, ("x-app-token", ""), to=to_app), 401)
                self.assertEqual(self.status(first, ("x-app-token", b"\xe9"), to=to_app), 401)
                self.assertEqual(self.status(first, ("x-app-token", second + " " + second), to=to_app), 401)
                self.assertEqual(self.status(("Authorization", "Bearer wrong"), ("x-app-token", second), to=to_app), 401)
                self.assertEqual(self.status(first, ("X-Scim-X-App-Token", second), to=to_app), 401)
                # and only as what it was made for
                self.assertEqual(self.status(("Authorization", "Basic " + secret), ("x-app-token", second), to=to_app), 401)

    def test_a_token_has_no_second_secret(self):
        token = in_store("The App", "SELECT secret FROM scim.create_token('one')")
        second = in_store("The App", "SELECT second_secret FROM scim.create_client('another', 'Bearer')")
        self.assertEqual(self.status(("Authorization", "Bearer " + token), ("x-app-token", second), to=to_app), 401)
        # but a scheme beside it may ask for none
        self.assertEqual(self.status(("Authorization", "Basic " + token), to=to_app), 200)

    def test_a_store_may_refuse_web_tokens(self):
        self.assertEqual(self.status(("Authorization", "Bearer " + make_jwt(store="The App")), to=to_app), 401)

    def test_a_change_counts_at_once(self):
        key = in_store("other", "SELECT secret FROM scim.create_token('at once')")
        self.assertEqual(self.status(("Authorization", "SSWS " + key)), 401)
        in_store("other", "INSERT INTO other.authentication_scheme (scheme, keyword, credential, type) "
                          "VALUES ('SSWS', 'SSWS', 'token', 'oauthbearertoken')")
        self.assertEqual(self.status(("Authorization", "SSWS " + key)), 200)
        in_store("other", "DELETE FROM other.authentication_scheme WHERE scheme = 'SSWS'")
        self.assertEqual(self.status(("Authorization", "SSWS " + key)), 401)

    def test_a_long_secret_costs_nothing(self):
        start = time.monotonic()
        for _ in range(20):
            self.assertEqual(self.status(("Authorization", basic("payroll", "x" * 20000))), 401)
        self.assertLess(time.monotonic() - start, 10)


class Settings(ServiceTest):
    """What one store has set is nothing to the others, though one server and one PostgREST serve
    all of them, over the same connections."""

    def setUp(self):
        self.other = in_store("other", "SELECT secret FROM scim.create_token('settings ' || scim.uuid_v7())")
        sql("""INSERT INTO other.setting (name, resource_type, value) VALUES
                ('max_results', NULL, '3'), ('max_results', 'Group', '2'), ('default_results', NULL, '1'),
                ('unknown_attributes', NULL, '"ignore"'), ('max_bulk_operations', NULL, '1'), ('max_values', 'User', '1'),
                ('patch_no_content', 'User', 'true'), ('max_body_size', NULL, '2000')""")

    def tearDown(self):
        sql("DELETE FROM other.setting")

    def both(self, method, path, body=None):
        return (to_other(method, path, body, token=self.other), send(method, path, body, token=self.token))

    def test_each_has_its_own(self):
        for _ in range(10):  # more often than there are connections
            for there, here in (self.both("GET", "/Users?count=1000"),):
                self.assertEqual((there.status, here.status), (200, 200))
                self.assertLessEqual(there.json["itemsPerPage"], 3)
        for _ in range(4):
            self.create()
            there = to_other("POST", "/Users", dict(new_user(), colour="red"), token=self.other)
            self.assertEqual(there.status, 201, there.body)
            self.assertNotIn("colour", there.json)
            self.assertError(send("POST", "/Users", dict(new_user(), colour="red"), token=self.token), 400, "invalidSyntax")
        there, here = self.both("GET", "/Users?count=1000")
        self.assertEqual(there.json["itemsPerPage"], 3)
        self.assertGreater(here.json["itemsPerPage"], 3)
        there, here = self.both("GET", "/Users")
        self.assertEqual(there.json["itemsPerPage"], 1)
        self.assertGreater(here.json["itemsPerPage"], 1)
        for n in range(3):
            to_other("POST", "/Groups", {"schemas": [CORE_GROUP], "displayName": "S%d" % n}, token=self.other)
        self.assertEqual(to_other("GET", "/Groups?count=1000", token=self.other).json["itemsPerPage"], 2)
        there, here = self.both("POST", "/Users", new_user(emails=[{"value": "a@x.example"}, {"value": "b@x.example"}]))
        self.assertError(there, 400, "invalidValue")
        self.assertEqual(here.status, 201, here.body)
        patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations": [{"op": "replace", "path": "displayName", "value": "P"}]}
        user = to_other("POST", "/Users", new_user(), token=self.other).json
        self.assertEqual(to_other("PATCH", "/Users/" + user["id"], patch, token=self.other).status, 204)
        self.assertEqual(send("PATCH", "/Users/" + self.create()["id"], patch, token=self.token).status, 200)
        there, here = self.both("POST", "/Users", new_user(title="x" * 3000))
        self.assertError(there, 413)
        self.assertEqual(here.status, 201, here.body)

    def test_discovery_shows_them(self):
        there, here = self.both("GET", "/ServiceProviderConfig")
        self.assertEqual((there.json["filter"]["maxResults"], here.json["filter"]["maxResults"]), (3, 200))
        self.assertEqual((there.json["bulk"]["maxOperations"], here.json["bulk"]["maxOperations"]), (1, 1000))
        self.assertEqual((there.json["bulk"]["maxPayloadSize"], here.json["bulk"]["maxPayloadSize"]), (2000, 10485760))
        self.assertEqual(there.json["pagination"]["defaultPageSize"], 1)

    def test_a_token_has_its_own(self):
        sql("""INSERT INTO other.setting (name, token_id, value)
               SELECT 'max_results', id, '2' FROM other.token WHERE hash = sha256('%s')""" % self.other)
        second = in_store("other", "SELECT secret FROM scim.create_token('of all')")
        for _ in range(3):
            to_other("POST", "/Users", new_user(), token=second)
        for token, size in ((self.other, 2), (second, 3), (self.other, 2)):
            self.assertEqual(to_other("GET", "/Users?count=100", token=token).json["itemsPerPage"], size)
        # the row of the store is the most that there is
        sql("UPDATE other.setting SET value = '1' WHERE name = 'max_results' AND resource_type IS NULL AND token_id IS NULL")
        for token in (self.other, second):
            self.assertEqual(to_other("GET", "/Users?count=100", token=token).json["itemsPerPage"], 1)

    def test_the_address_may_be_a_setting(self):
        sql("INSERT INTO other.setting (name, value) VALUES ('base_url', '\"https://set.example.com/set/scim/v2\"')")
        # what nginx states goes before it
        answer = to_other("GET", "/ServiceProviderConfig", token=self.other)
        self.assertEqual(answer.json["meta"]["location"], "https://scim.example.com/other/scim/v2/ServiceProviderConfig")
        answer = send("POST", "/Users", new_user(), token=self.other, base="/set/scim/v2")
        self.assertEqual(answer.status, 201, answer.body)
        location = "https://set.example.com/set/scim/v2/Users/" + answer.json["id"]
        self.assertEqual((answer.headers["Location"], answer.json["meta"]["location"]), (location, location))


if __name__ == "__main__":
    unittest.main()
