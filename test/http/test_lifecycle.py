"""The life of a user as clients of an API of one's own see it: pending, activated,
deactivated, invited, logged out, and let in again by a code; SCIM beside it."""
import subprocess
import unittest

from service import STACK, reload_nginx, send, sql
from test_stores import ROOT, in_store

LOCATIONS = """
location ~ ^/crew/(scim/v2|api)(/|$) {
    set $scim_store crew;
    set $scim_base_url https://api.example.com/crew/scim/v2;
    include scim_proxy.conf;
}
"""

CREW = """
SELECT scim.register_schema('{"id": "urn:example:crew", "name": "Crew", "attributes": [
    {"name": "status", "type": "string"}, {"name": "deactivated", "type": "dateTime", "mutability": "readOnly"}]}');
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:crew", "required": false}]}');
INSERT INTO crew.policy (resource_type, kind, name, settings) VALUES
('User', 'status', 'status', '{"attribute": "urn:example:crew:status", "pending": true, "writable": true,
    "values": {"PENDING": "pending", "ACTIVE": "activated", "SUSPENDED": "deactivated"}, "times": {"deactivated_at": "urn:example:crew:deactivated"}}'),
('User', 'emit', 'invitation', '{"event": "https://example.com/invitation", "on": ["create"], "transient": "sendMail eq true", "data": ["emails.value"]}'),
('User', 'emit', 'code', '{"event": "https://example.com/code", "on": ["recover"], "when": "emails pr", "data": ["emails.value", "transient.code"]}');
UPDATE crew.policy SET settings = '{"mode": "retain", "byStatus": {"PENDING": {"delete": "hard", "deactivate": "delete"}}}'
WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO crew.endpoint (name, methods, path, resource_type, action, settings) VALUES
('user', '{GET}', '/api/users/{id|userName}', 'User', 'read', '{"fields": {"id": "id", "login": {"attribute": "userName", "required": true},
    "mail": "emails[primary eq true].value", "status": "urn:example:crew:status", "deactivated": "urn:example:crew:deactivated", "sendMail": {"transient": true}}}'),
('make', '{POST}', '/api/users', 'User', 'create', '{"like": "user"}'),
('change', '{PUT}', '/api/users/{id|userName}', 'User', 'merge', '{"like": "user"}'),
('list', '{GET}', '/api/users', 'User', 'list', '{"like": "user", "list": {"body": {"data": "{items}"}}}'),
('invite', '{POST}', '/api/users/{id|userName}/invitation', 'User', 'invite', '{}'),
('log out', '{DELETE}', '/api/users/{id|userName}/sessions', 'User', 'log_out', '{}'),
('recovery', '{POST}', '/api/users/{id|userName}/recovery', 'User', 'issue_recovery_code', '{"reveal": "not (emails pr)", "body": {"recoveryCode": "{result}"}}'),
('redeem', '{POST}', '/api/recovery', 'User', 'redeem_recovery_code', '{"fields": {"code": {"transient": true}, "password": "password", "login": {"attribute": "userName", "access": "read"}}}');
"""


def setUpModule():
    sql("SET client_min_messages = warning; SELECT scim.create_store('crew')")
    subprocess.run(["psql", "-XqAt", "-v", "store=crew", "-f", ROOT / "conf" / "postgrest.sql"],
                   check=True, stdout=subprocess.DEVNULL)
    in_store("crew", CREW)
    (STACK / "locations" / "crew.conf").write_text(LOCATIONS)
    reload_nginx()


def tearDownModule():
    (STACK / "locations" / "crew.conf").unlink()
    reload_nginx()
    sql("SELECT scim.drop_store('crew', true)")


class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authorization = "Bearer " + in_store("crew", "SELECT secret FROM scim.create_token('tests')")

    def call(self, method, path, body=None, status=200, base="/crew/api"):
        headers = [("Authorization", self.authorization)]
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        answer = send(method, base + path, body, headers, base="")
        self.assertEqual(answer.status, status, answer.body[:500])
        return answer.json if answer.body else None

    def events(self, name):
        """What the events of somebody say, oldest first."""
        return in_store("crew", """SELECT regexp_replace(event_uri, '.*[/:]', '') || coalesce(' ' || data::text, '') FROM crew.event e
            WHERE resource_id = (SELECT id FROM crew.users WHERE user_name = '%s') ORDER BY e.id""" % name).splitlines()

    def test_from_pending_to_activated(self):
        made = self.call("POST", "/users", {"login": "ada", "mail": "ada@example.com", "sendMail": True}, status=201)
        self.assertEqual(made["status"], "pending")
        self.assertEqual(self.events("ada"), ['invitation {"emails.value": ["ada@example.com"]}'])
        self.assertEqual(in_store("crew", "SELECT scim.record_login('%s')" % made["id"]), "t")
        self.assertEqual(self.call("GET", "/users/ada")["status"], "activated")
        self.assertEqual(self.call("PUT", "/users/ada", {"status": "deactivated"})["status"], "deactivated")
        found = self.call("GET", "/users?filter=login+sw+%22a%22+and+status+eq+%22deactivated%22+and+deactivated+gt+%222022-05-30%22")["data"]
        self.assertEqual([user["login"] for user in found], ["ada"])
        self.assertEqual(self.call("PUT", "/users/ada", {"status": "activated"})["status"], "activated")
        self.call("PUT", "/users/ada", {"status": "deleted"}, status=400)
        self.assertNotIn("deactivated", self.call("GET", "/users/ada"))

    def test_deactivation_in_scim(self):
        patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations": [{"op": "replace", "path": "active", "value": False}]}
        for login, status in (("guest", 204), ("regular", 200)):
            made = self.call("POST", "/users", {"login": login}, status=201)
            if login == "regular":
                in_store("crew", "SELECT scim.record_login('%s')" % made["id"])
            self.call("PATCH", "/Users/" + made["id"], patch, status=status, base="/crew/scim/v2")
        self.call("GET", "/users/guest", status=404)
        self.assertEqual(self.call("GET", "/users/regular")["status"], "deactivated")

    def test_invitation_and_sessions(self):
        made = self.call("POST", "/users", {"login": "bob"}, status=201)
        valid = "SELECT scim.session_is_valid('%s', now() - interval '1 minute')" % made["id"]
        self.call("POST", "/users/bob/invitation", status=204)
        self.assertEqual(in_store("crew", valid), "t")
        self.call("DELETE", "/users/bob/sessions", status=204)
        self.assertEqual(in_store("crew", valid), "f")
        self.assertEqual(self.events("bob"), ["invite", "session-revoked"])
        self.call("POST", "/users/nobody/invitation", status=404)

    def test_recovery(self):
        self.call("POST", "/users", {"login": "with", "mail": "with@example.com"}, status=201)
        self.call("POST", "/users", {"login": "without"}, status=201)
        self.assertEqual(self.call("POST", "/users/with/recovery"), {})
        code = in_store("crew", "SELECT data ->> 'code' FROM crew.event WHERE event_uri ~ '/code$' ORDER BY id DESC LIMIT 1")
        self.assertEqual(self.call("POST", "/recovery", {"code": code, "password": "a new password"}), {"login": "with"})
        code = self.call("POST", "/users/without/recovery")["recoveryCode"]
        self.assertEqual(self.events("without"), ["recovery-activated"])
        # five guesses, each of which is remembered
        for _ in range(5):
            self.call("POST", "/recovery", {"code": code[:12] + "00000-00000-00000", "password": "x"}, status=403)
        self.call("POST", "/recovery", {"code": code, "password": "a new password"}, status=403)


if __name__ == "__main__":
    unittest.main()
