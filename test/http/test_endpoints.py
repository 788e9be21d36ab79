"""Endpoints of one's own as their clients see them: three services beside SCIM, each a
store with a prefix and credentials of its own, made by rows alone."""
import json
import re
import subprocess
import time
import unittest

from service import STACK, reload_nginx, send, sql
from test_stores import ROOT, basic, in_store

# One store behind several prefixes: the same two lines in each location.
LOCATIONS = """
location ~ ^/equipment/(scim/v2|api)(/|$) {
    set $scim_store equipment;
    set $scim_base_url https://api.example.com/equipment/scim/v2;
    include scim_proxy.conf;
}
location ~ ^/app/scim(/|$) {
    set $scim_store employees;
    set $scim_base_url https://api.example.com/app/scim;
    include scim_proxy.conf;
}
location ~ ^/app/api(/|$) {
    set $scim_store employees;
    set $scim_base_url https://api.example.com/app/scim;
    include scim_proxy.conf;
}
location ~ ^/bots/scim(/|$) {
    set $scim_store bots;
    set $scim_base_url https://api.example.com/bots/scim/v2;
    proxy_set_header X-Scim-X-App-Token $scim_app_token;
    include scim_proxy.conf;
}
"""

EQUIPMENT = """
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [
    {"name": "title", "required": true}, {"name": "automaticOrders", "type": "boolean"}]}');
SELECT scim.register_resource_type('{"name": "Package", "endpoint": "/Packages", "schema": "urn:example:Package"}');
INSERT INTO equipment.authentication_scheme (scheme, keyword, credential, type) VALUES ('ApiKey', 'ApiKey', 'token', 'oauthbearertoken');
INSERT INTO equipment.endpoint (methods, path, resource_type, action, settings) VALUES
('{GET}', '/api/packages', 'Package', 'list', '{
    "fields": {"id": "id", "name": "title", "automaticOrders": "automaticOrders"},
    "list": {
        "paging": {"style": "page", "size": "size", "default": 100},
        "sort": {"default": "name"},
        "body": {"data": "{items}", "pagination": {"totalRecords": "{total}", "totalPages": "{pages}", "currentPage": "{page}", "pageSize": "{limit}"}}
    },
    "error": {"body": {"error": {"code": "{type}", "message": "{message}"}}}
}');
INSERT INTO equipment.packages (data) SELECT jsonb_build_object('title', 'Package ' || i, 'automaticOrders', i = 1) FROM generate_series(1, 5) i;
"""

EMPLOYEES = """
INSERT INTO employees.authentication_scheme (scheme, keyword, credential, type) VALUES ('Basic token', 'Basic', 'token', 'httpbasic');
INSERT INTO employees.endpoint (name, methods, path, resource_type, action, settings) VALUES
('user', '{GET}', '/api/users/{id}', 'User', 'read', '{
    "fields": {
        "id": "id",
        "externalID": "externalId",
        "userName": {"attribute": "userName", "required": true},
        "firstName": {"attribute": "name.givenName", "also": ["profile.firstName"]},
        "lastName": {"attribute": "name.familyName", "also": ["profile.lastName"]},
        "emails": "emails",
        "status": {"attribute": "active", "values": {"activated": true, "deactivated": false}, "also": ["staffbase.status"]},
        "password": "password",
        "sendMail": {"transient": true},
        "created": {"attribute": "meta.created", "access": "read"},
        "updated": {"attribute": "meta.lastModified", "access": "read"}
    },
    "constants": {"active": true},
    "error": {
        "body": {"traceId": "{traceId}", "type": "{type}", "ref": "{path}", "statusCode": "{status}", "message": "{message}", "identifier": "{type}"}
    }
}'),
('users', '{GET}', '/api/users', 'User', 'list', '{
    "like": "user",
    "list": {"query": {"fields": ["userName", "firstName", "lastName", "emails"]},
             "body": {"total": "{total}", "limit": "{limit}", "offset": "{offset}", "data": "{items}"}}
}'),
('search', '{GET}', '/api/users/search', 'User', 'list', '{
    "like": "user",
    "list": {"paging": {"style": "cursor", "max": 1000}, "body": {"data": "{items}", "cursor": "{cursor}"}}
}'),
('create', '{POST}', '/api/users', 'User', 'create', '{"like": "user"}'),
('update', '{PUT}', '/api/users/{id}', 'User', 'merge', '{"like": "user"}'),
('delete', '{DELETE}', '/api/users/{id}', 'User', 'delete', '{"like": "user"}'),
('groups', '{GET}', '/api/users/{id}/groups', 'Group', 'list', '{
    "fields": {"id": "id", "name": "displayName"},
    "list": {"owner": "User", "where": "members.value eq \\"{id}\\"", "body": {"total": "{total}", "data": "{items}"}}
}');
"""

BOTS = """
DELETE FROM bots.authentication_scheme;
INSERT INTO bots.authentication_scheme (scheme, keyword, credential, second_header, type) VALUES
    ('Bearer', 'Bearer', 'token', 'x-app-token', 'oauthbearertoken'), ('Basic', 'Basic', 'password', 'x-app-token', 'httpbasic');
INSERT INTO bots.endpoint (name, methods, path, resource_type, action, settings) VALUES
('provision', '{POST,PUT}', '/scim/provision-user', 'User', 'create', '{
    "fields": {
        "username": {"attribute": "userName", "required": true}, "firstName": "name.givenName", "lastName": "name.familyName",
        "email": "emails[primary eq true].value", "password": "password",
        "role": {"attribute": "roles.value", "one": true, "access": "write"}, "roles": "roles.value"
    },
    "error": {"status": {"unauthorized": 401, "400": 422}}
}'),
('update', '{POST,PUT}', '/scim/update-user/{emails.value}', 'User', 'merge', '{"like": "provision"}'),
('de-provision', '{POST,DELETE}', '/scim/de-provision-user/{emails.value}', 'User', 'delete', '{"like": "provision"}');
"""


def setUpModule():
    for store, rows in (("equipment", EQUIPMENT), ("employees", EMPLOYEES), ("bots", BOTS)):
        sql("SET client_min_messages = warning; SELECT scim.create_store('%s')" % store)
        subprocess.run(["psql", "-XqAt", "-v", "store=" + store, "-f", ROOT / "conf" / "postgrest.sql"],
                       check=True, stdout=subprocess.DEVNULL)
        in_store(store, rows)
    (STACK / "locations" / "endpoints.conf").write_text(LOCATIONS)
    reload_nginx()


def tearDownModule():
    (STACK / "locations" / "endpoints.conf").unlink()
    reload_nginx()
    for store in ("equipment", "employees", "bots"):
        sql("SELECT scim.drop_store('%s', true)" % store)


class EndpointTest(unittest.TestCase):
    maxDiff = None

    def call(self, method, path, body=None, status=200, **options):
        headers = [("Authorization", self.authorization), *options.pop("headers", ())]
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        answer = send(method, path, body, headers, base="")
        self.assertEqual(answer.status, status, answer.body[:500])
        if answer.body:
            self.assertEqual(answer.headers["Content-Type"], "application/json")
            self.assertEqual(answer.headers["Content-Length"], str(len(answer.body)))
        return answer.json if answer.body else None


class Equipment(EndpointTest):
    """Packages, in pages by number, beside SCIM with the same key."""

    @classmethod
    def setUpClass(cls):
        cls.authorization = "ApiKey " + in_store("equipment", "SELECT secret FROM scim.create_token('tests')")

    def test_pages(self):
        body = self.call("GET", "/equipment/api/packages?page=2&size=2")
        self.assertEqual([item["name"] for item in body["data"]], ["Package 3", "Package 4"])
        self.assertEqual(set(body["data"][0]), {"id", "name", "automaticOrders"})
        self.assertEqual(body["pagination"], {"totalRecords": 5, "totalPages": 3, "currentPage": 2, "pageSize": 2})
        body = self.call("GET", "/equipment/api/packages")
        self.assertEqual(len(body["data"]), 5)
        self.assertEqual(body["pagination"], {"totalRecords": 5, "totalPages": 1, "currentPage": 1, "pageSize": 100})

    def test_errors(self):
        for path, status, code in (("/equipment/api/packages?page=x", 400, "invalidValue"),
                                   ("/equipment/api/packages/1", 404, "notFound"),
                                   ("/equipment/api/packages?filter=color+pr", 400, "invalidFilter")):
            self.assertEqual(self.call("GET", path, status=status)["error"]["code"], code)

    def test_the_key(self):
        for authorization in ((), [("Authorization", "ApiKey wrong")], [("Authorization", "")]):
            answer = send("GET", "/equipment/api/packages", headers=authorization, base="")
            self.assertEqual(answer.status, 401)
            self.assertEqual(answer.json["error"]["code"], "unauthorized")
            self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
            self.assertEqual(answer.headers["Content-Type"], "application/json")
        bare = self.authorization.split()[1]
        self.assertEqual(send("GET", "/equipment/api/packages", headers=[("Authorization", bare)], base="").status, 200)

    def test_scim_is_beside_it(self):
        headers = [("Authorization", self.authorization)]
        answer = send("GET", "/equipment/scim/v2/Packages?count=1", headers=headers, base="")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.json["Resources"][0]["meta"]["location"].startswith("https://api.example.com/equipment/scim/v2/Packages/"))
        answer = send("GET", "/equipment/scim/v2/Nothing", headers=headers, base="")
        self.assertEqual((answer.status, answer.json["schemas"]), (404, ["urn:ietf:params:scim:api:messages:2.0:Error"]))
        self.assertEqual(send("GET", "/equipment/scim/v2/ServiceProviderConfig", base="").status, 200)
        openapi = send("GET", "/equipment/scim/v2/openapi.json", headers=headers, base="").json
        self.assertIn("get", openapi["paths"]["/api/packages"])
        # what OpenAPI says is there, behind its server
        self.call("GET", "/equipment/scim/v2/api/packages")


class Arrives(EndpointTest):
    """What an endpoint may be set to answer comes through nginx as it is."""

    @classmethod
    def setUpClass(cls):
        cls.authorization = "ApiKey " + in_store("equipment", "SELECT secret FROM scim.create_token('arrives')")
        in_store("equipment", """INSERT INTO equipment.endpoint (name, methods, path, resource_type, action) VALUES
            ('one', '{GET}', '/api/one/{id}', 'Package', 'read')""")

    @classmethod
    def tearDownClass(cls):
        in_store("equipment", "DELETE FROM equipment.endpoint WHERE name = 'one'")

    def set(self, settings):
        in_store("equipment", "UPDATE equipment.endpoint SET settings = '%s' WHERE name = 'one'" % json.dumps(settings))

    def test_statuses(self):
        pages = re.search(r"error_page (400 [0-9\s]*) /", (ROOT / "conf" / "scim_server.conf").read_text())[1]
        for status in sorted(set(map(int, pages.split())) - {408}):
            self.set({"error": {"status": {"notFound": status}}})
            self.assertEqual(self.call("GET", "/equipment/api/one/x", status=status),
                             {"type": "notFound", "status": status, "message": 'Package "x" does not exist'})

    def test_large(self):
        """The largest error, with the most that it can tell, and the longest media type."""
        texts = ["{message}", "{path}"] * 9
        self.set({"error": {"body": texts + ["k" * (8192 - 18 * 259 - 900)], "status": {"notFound": 401}},
                  "mediaType": "application/" + "x" * 243})
        for name in ("x", "x" * 3000, "'" * 3000, '%22' * 900, "%01" * 900):
            answer = send("GET", "/equipment/api/one/" + name, headers=[("Authorization", self.authorization)], base="")
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (401, "application/" + "x" * 243))
            self.assertEqual(len(answer.json), 19)

    def test_long_endpoint(self):
        """The headers of a write hold the longest endpoint of a resource type twice."""
        endpoint = "/" + "T" * 1023
        in_store("equipment", "SELECT scim.register_resource_type('%s')" % json.dumps(
            {"name": "Long", "endpoint": endpoint, "schema": "urn:example:Package"}))
        answer = send("POST", "/equipment/scim/v2" + endpoint, {"schemas": ["urn:example:Package"], "title": "t"},
                      [("Authorization", self.authorization)], base="")
        self.assertEqual(answer.status, 201, answer.body[:300])
        self.assertEqual(answer.headers["Location"], answer.headers["Content-Location"])


class Employees(EndpointTest):
    """A user API and SCIM over the same people; the base path has no version."""

    @classmethod
    def setUpClass(cls):
        cls.authorization = "Basic " + in_store("employees", "SELECT secret FROM scim.create_token('tests')")

    def test_a_life(self):
        made = self.call("POST", "/app/api/users", {
            "externalID": "e-1", "userName": "ada", "profile": {"firstName": "Ada", "lastName": "Lovelace"},
            "emails": [{"value": "ada@example.com", "primary": True}], "sendMail": True}, status=201)
        self.assertEqual((made["firstName"], made["status"]), ("Ada", "activated"))
        self.assertNotIn("sendMail", made)
        self.assertEqual(self.call("GET", "/app/api/users/" + made["id"]), made)
        self.assertEqual(self.call("PUT", "/app/api/users/" + made["id"], {"status": "deactivated"})["status"], "deactivated")
        scim = send("GET", "/app/scim/Users/" + made["id"], headers=[("Authorization", self.authorization)], base="").json
        self.assertEqual((scim["active"], scim["name"]["familyName"]), (False, "Lovelace"))
        error = self.call("POST", "/app/api/users", {"userName": "ADA"}, status=409)
        self.assertEqual((error["type"], error["statusCode"], error["ref"]), ("uniqueness", 409, "/app/api/users"))
        self.assertEqual(self.call("GET", "/app/api/users/%s/groups" % made["id"]), {"total": 0, "data": []})
        self.call("DELETE", "/app/api/users/" + made["id"], status=204)
        self.assertEqual(self.call("GET", "/app/api/users/" + made["id"], status=404)["identifier"], "notFound")

    def test_lists(self):
        today = time.strftime("%Y-%m-%d", time.gmtime())
        for name, last in (("l1", "Ábel"), ("l2", "Zed"), ("l3", "Mid")):
            self.call("POST", "/app/api/users", {"userName": name, "lastName": last, "password": "s3cret-of-" + name}
                      if name == "l2" else {"userName": name, "lastName": last, "externalID": "x" + name}, status=201)

        def names(query):
            return [user["userName"] for user in self.call("GET", "/app/api/users?" + query)["data"]]

        self.assertEqual(names("query=l&sort=lastName_ASC"), ["l3", "l2", "l1"])
        self.assertEqual(names("sort=lastName_DESC&limit=1&offset=1&query=l"), ["l2"])
        self.assertEqual(names("query=zed"), ["l2"])
        self.assertEqual(names("filter=externalId+pr+and+not+(password+pr)&sort=userName_DESC"), ["l3", "l1"])
        self.assertEqual(names("filter=password+pr"), ["l2"])
        self.assertEqual(names("filter=created+gt+%22{0}%22+and+userName+sw+%22l%22+and+staffbase.status+eq+%22activated%22&sort=userName".format(today)),
                         ["l1", "l2", "l3"])
        self.assertEqual(names("filter=updated+lt+%222022-05-30%22"), [])
        page = self.call("GET", "/app/api/users/search?limit=2&sort=userName_ASC&filter=userName+sw+%22l%22")
        self.assertEqual([user["userName"] for user in page["data"]], ["l1", "l2"])
        page = self.call("GET", "/app/api/users/search?limit=2&sort=userName_ASC&filter=userName+sw+%22l%22&cursor=" + page["cursor"])
        self.assertEqual([user["userName"] for user in page["data"]], ["l3"])
        self.assertNotIn("cursor", page)

    def test_errors_name_the_request(self):
        seen = set()
        for method, path, status, kind in (("GET", "/app/api/users/nobody", 404, "notFound"), ("GET", "/app/api/nothing", 404, "notFound"),
                                           ("DELETE", "/app/api/users", 405, "methodNotAllowed"),
                                           ("GET", "/app/api/users?filter=password+eq+%22x%22", 400, "invalidFilter")):
            error = self.call(method, path, status=status)
            self.assertEqual(set(error), {"traceId", "type", "ref", "statusCode", "message", "identifier"})
            self.assertEqual((error["type"], error["statusCode"], error["ref"]), (kind, status, path.split("?")[0]))
            self.assertRegex(error["traceId"], "^[0-9a-f]{32}$")    # as nginx calls it
            seen.add(error["traceId"])
        self.assertEqual(len(seen), 4)
        answer = send("DELETE", "/app/api/users", headers=[("Authorization", self.authorization)], base="")
        self.assertEqual(answer.headers["Allow"], "GET, HEAD, POST, OPTIONS")
        answer = send("OPTIONS", "/app/api/users/1", headers=[("Authorization", self.authorization)], base="")
        self.assertEqual((answer.status, answer.headers["Allow"]), (204, "GET, HEAD, PUT, DELETE, OPTIONS"))
        answer = send("GET", "/app/api/users", base="")
        self.assertEqual((answer.status, answer.json["statusCode"]), (401, 401))
        answer = send("POST", "/app/api/users", b"{", [("Authorization", self.authorization)], base="")
        self.assertEqual((answer.status, answer.json["type"]), (400, "invalidSyntax"))
        answer = send("POST", "/app/api/users", b"a=b", [("Authorization", self.authorization), ("Content-Type", "application/x-www-form-urlencoded")], base="")
        self.assertEqual((answer.status, answer.json["type"]), (415, "unsupportedMediaType"))
        head = send("HEAD", "/app/api/users?limit=0", headers=[("Authorization", self.authorization)], base="")
        full = send("GET", "/app/api/users?limit=0", headers=[("Authorization", self.authorization)], base="")
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(full.body))))

    def test_new_rows_hold_at_once(self):
        self.call("GET", "/app/api/people", status=404)
        in_store("employees", """INSERT INTO employees.endpoint (name, methods, path, resource_type, action, settings)
            VALUES ('people', '{GET}', '/api/people', 'User', 'list', '{"like": "user", "list": {}}')""")
        self.assertIsInstance(self.call("GET", "/app/api/people"), list)
        in_store("employees", "UPDATE employees.endpoint SET path = '/api/folk' WHERE name = 'people'")
        self.call("GET", "/app/api/people", status=404)
        self.assertIsInstance(self.call("GET", "/app/api/FOLK"), list)
        in_store("employees", "DELETE FROM employees.endpoint WHERE name = 'people'")
        self.call("GET", "/app/api/folk", status=404)

    def test_a_path_that_ends_as_a_search(self):
        """nginx brings it to the function that reads, which cannot know that it writes."""
        in_store("employees", """INSERT INTO employees.endpoint (name, methods, path, resource_type, action, settings)
            VALUES ('noted', '{POST}', '/api/people/.search', 'User', 'create', '{"fields": {"login": "userName"}}')""")
        for name in ("searched1", "searched2"):
            self.assertEqual(self.call("POST", "/app/api/people/.search", {"login": name}, status=201), {"login": name})
        in_store("employees", "DELETE FROM employees.endpoint WHERE name = 'noted'; DELETE FROM employees.users WHERE user_name LIKE 'searched_'")


class Bots(EndpointTest):
    """Three calls, with two secrets."""

    @classmethod
    def setUpClass(cls):
        secret, cls.second = in_store("bots", "SELECT secret, second_secret FROM scim.create_client('console', 'Bearer')").split("|")
        cls.authorization = "Bearer " + secret

    def call(self, method, path, body=None, status=200, **options):
        return super().call(method, "/bots/scim" + path, body, status, headers=[("x-app-token", self.second)])

    def test_three_calls(self):
        user = {"username": "Dr Strange", "firstName": "Stephen", "lastName": "Strange", "email": "dr@example.com",
                "password": "s3cret-of-the-doctor", "role": "Admin"}
        made = self.call("POST", "/provision-user", user, status=201)
        self.assertEqual(made, {"username": "Dr Strange", "firstName": "Stephen", "lastName": "Strange",
                                "email": "dr@example.com", "roles": ["Admin"]})
        for path in ("/update-user/dr@example.com", "/update-user/DR%40example.com"):
            made = self.call("PUT", path, {"username": "Dr  Strange", "roles": ["Agent", "Viewer"]})
            self.assertEqual((made["username"], made["roles"], made["firstName"]), ("Dr  Strange", ["Agent", "Viewer"], "Stephen"))
        self.assertEqual(in_store("bots", "SELECT scim.verify_password(id, 's3cret-of-the-doctor') FROM bots.users"), "t")
        for table in ("audit", "event"):
            self.assertEqual(in_store("bots", "SELECT count(*) FROM bots.%s x WHERE x::text LIKE '%%s3cret%%'" % table), "0")
        self.call("POST", "/de-provision-user/dr@example.com", status=204)
        self.assertEqual(self.call("DELETE", "/de-provision-user/dr@example.com", status=404)["type"], "notFound")
        self.assertEqual(self.call("POST", "/provision-user", {"firstName": "Nobody"}, status=422)["type"], "invalidValue")

    def test_both_secrets_are_needed(self):
        for headers in ([("Authorization", self.authorization)], [("x-app-token", self.second)],
                        [("Authorization", self.authorization), ("x-app-token", "wrong")],
                        [("Authorization", basic("console", "wrong")), ("x-app-token", self.second)]):
            answer = send("POST", "/bots/scim/provision-user", {"username": "x"}, headers, base="")
            self.assertEqual((answer.status, answer.json["type"]), (401, "unauthorized"))
            self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(in_store("bots", "SELECT count(*) FROM bots.users WHERE user_name = 'x'"), "0")


if __name__ == "__main__":
    unittest.main()
