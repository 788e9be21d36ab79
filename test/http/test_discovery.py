"""What may be known before logging in, and that the service says so itself."""
import unittest

from service import ServiceTest, send


class Security(ServiceTest):
    def operations(self):
        """Each operation of /openapi.json as (method, path, needs a token)."""
        document = self.call("GET", "/openapi.json").json
        for path, item in document["paths"].items():
            for name, value in (("id", "nobody"), ("name", "User"), ("urn", "urn:ietf:params:scim:schemas:core:2.0:User"),
                                ("consumer", "nobody")):
                path = path.replace("{%s}" % name, value)
            for method, operation in item.items():
                if method not in ("parameters", "description"):
                    yield method.upper(), path, bool(operation.get("security", document["security"])), operation

    def test_without_a_token(self):
        found = set()
        for method, path, needs_token, operation in self.operations():
            found.add(needs_token)
            with self.subTest(method + " " + path):
                answer = send(method, path, None if method in ("GET", "DELETE") else {})
                if needs_token:
                    self.assertError(answer, 401)
                    self.assertTrue(answer.headers["WWW-Authenticate"])
                else:
                    self.assertEqual(answer.status, 200, answer.body)
                self.assertIn(str(answer.status), operation["responses"])
        self.assertEqual(found, {False, True})

    def test_with_a_wrong_token(self):
        for method, path, _, operation in self.operations():
            with self.subTest(method + " " + path):
                self.assertError(send(method, path, None if method in ("GET", "DELETE") else {}, token="wrong"), 401)
                self.assertIn("401", operation["responses"])

    def test_authentication_schemes(self):
        schemes = self.call("GET", "/ServiceProviderConfig").json["authenticationSchemes"]
        self.assertEqual([scheme["type"] for scheme in schemes], ["oauthbearertoken"])
        self.assertEqual(send("GET", "/Users?count=0", token=self.token).status, 200)
        self.assertEqual(send("GET", "/Users?count=0", headers=[("Authorization", "Basic dTpw")]).status, 401)


if __name__ == "__main__":
    unittest.main()
