"""Settings of strictness are those of one token, through nginx and PostgREST; memberships as resources."""
import unittest

from service import GROUP, SEARCH_REQUEST, USER, ServiceTest, make_token, new_name, new_user, patch, quote, send, sql

MEMBERSHIP = "urn:ietf:params:scim:schemas:core:2.0:GroupMembership"


class Strict(ServiceTest):
    """A token of tenant 41 with the settings of the profile "interop", beside one with none."""
    tenant = 41

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lenient = cls.token
        cls.token = make_token("strict", cls.tenant)
        sql("INSERT INTO directory.setting (name, token_id, value) SELECT s ->> 'name', t.id, s -> 'value' "
            "FROM scim.profiles() p, jsonb_array_elements(p.document -> 'settings') s, directory.token t "
            "WHERE p.name = 'interop' AND t.hash = sha256('%s')" % cls.token, cls.tenant)

    def both(self, method, path, body, strict, lenient, scim_type=None):
        answer = send(method, path, body, token=self.token)
        if strict >= 400:
            self.assertError(answer, strict, scim_type)
        else:
            self.assertEqual(answer.status, strict, answer.body)
        self.assertEqual(send(method, path, body, token=self.lenient).status, lenient)

    def test_unknown_schema(self):
        self.both("POST", "/Users", {**new_user(), "schemas": [USER, "urn:example:unknown"]}, 400, 201, "invalidSyntax")

    def test_patch(self):
        user = self.create({**new_user(), "name": {"givenName": "A", "familyName": "B"}})
        path = "/Users/" + user["id"]
        self.both("PATCH", path, patch({"op": "replace", "value": {"title": "x"}}), 400, 200, "invalidSyntax")
        self.both("PATCH", path, patch({"op": "replace", "path": 'emails[type eq "work"]', "value": {"value": "a@example.com", "type": "work"}}),
                  400, 200, "invalidPath")
        lenient = send("PATCH", path, patch({"op": "replace", "path": "name", "value": {"middleName": "M"}}), token=self.lenient)
        self.assertEqual(lenient.json["name"], {"givenName": "A", "middleName": "M", "familyName": "B"})
        strict = self.call("PATCH", path, patch({"op": "replace", "path": "name", "value": {"familyName": "C"}}))
        self.assertEqual(strict.json["name"], {"familyName": "C"})

    def test_memberships(self):
        user, group = self.create(), self.create({"schemas": [GROUP], "displayName": new_name()}, "/Groups")
        body = {"schemas": [MEMBERSHIP], "group": {"value": group["id"]}, "member": {"value": user["id"]}}
        self.assertEqual(send("POST", "/GroupMemberships", body, token=self.lenient).status, 404)
        made = self.call("POST", "/GroupMemberships", body, status=201)
        path = "/GroupMemberships/" + made.json["id"]
        self.assertTrue(made.headers["Location"].endswith(path))
        self.assertError(send("POST", "/GroupMemberships", body, token=self.token), 409, "uniqueness")
        self.assertEqual(self.call("GET", path).json, made.json)
        self.assertEqual(self.call("GET", "/Groups/" + group["id"]).json["members"], [made.json["member"]])
        found = self.call("GET", "/GroupMemberships?filter=" + quote('group.value eq "%s"' % group["id"])).json
        self.assertEqual([found["totalResults"], found["Resources"]], [1, [made.json]])
        found = self.call("POST", "/GroupMemberships/.search",
                          {"schemas": [SEARCH_REQUEST], "filter": 'member.value eq "%s"' % user["id"], "attributes": ["group.display"]}).json
        self.assertEqual(found["Resources"][0]["group"], {"display": group["displayName"]})
        self.assertEqual(send("PUT", path, body, token=self.token).status, 405)
        self.assertIn("/GroupMemberships", self.call("GET", "/openapi.json").json["paths"])
        self.call("DELETE", path, status=204)
        self.call("GET", path, status=404)
        self.assertNotIn("members", self.call("GET", "/Groups/" + group["id"]).json)


if __name__ == "__main__":
    unittest.main()
