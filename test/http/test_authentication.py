"""Who may do what: RFC 7644 section 2, RFC 6750, RFC 7519."""
import time
import unittest

from service import ServiceTest, make_jwt, make_tenant, make_token, new_user, send, sql


class Authentication(ServiceTest):
    def assertRefused(self, *headers, path="/Users"):
        answer = send("GET", path, headers=headers)
        self.assertError(answer, 401)
        self.assertEqual(len(answer.headers.get_all("WWW-Authenticate")), 1)
        self.assertTrue(answer.headers["WWW-Authenticate"].startswith("Bearer"))

    def assertAccepted(self, *headers):
        self.assertEqual(send("GET", "/Users?count=0", headers=headers).status, 200)

    def test_no_token(self):
        self.assertRefused()

    def test_wrong_token(self):
        self.assertRefused(("Authorization", "Bearer wrong"))

    def test_empty_token(self):
        self.assertRefused(("Authorization", "Bearer "))
        self.assertRefused(("Authorization", "Bearer"))

    def test_wrong_token_that_is_no_bearer(self):
        # step 11 of Okta's test
        self.assertRefused(("Authorization", "non-token"))

    def test_expired_token(self):
        token = make_token("expires", expires="now() + interval '1 second'")
        self.assertAccepted(("Authorization", "Bearer " + token))
        time.sleep(1.2)
        self.assertRefused(("Authorization", "Bearer " + token))

    def test_revoked_token(self):
        token = make_token("revoke me")
        self.assertAccepted(("Authorization", "Bearer " + token))
        sql("SELECT scim.revoke_token(id) FROM directory.token WHERE description LIKE 'revoke me %'")
        self.assertRefused(("Authorization", "Bearer " + token))

    def test_bare_token(self):
        self.assertAccepted(("Authorization", self.token))

    def test_scheme_in_any_case(self):
        self.assertAccepted(("Authorization", "bearer " + self.token))
        self.assertAccepted(("Authorization", "BEARER " + self.token))

    def test_basic(self):
        self.assertRefused(("Authorization", "Basic dXNlcjpwYXNzd29yZA=="))
        self.assertRefused(("Authorization", "Basic " + self.token))

    def test_two_authorization_headers(self):
        answer = send("GET", "/Users", headers=[("Authorization", "Bearer " + self.token),
                                                ("Authorization", "Bearer " + make_jwt())])
        self.assertError(answer, 400)

    def test_headers_of_the_gateway_cannot_be_forged(self):
        self.assertRefused(("X-Scim-Authorization", "Bearer " + self.token))
        answer = send("GET", "/Users", token=self.token, headers=[
            ("X-Scim-Method", "DELETE"), ("X-Scim-Target", "/scim/v2/Groups/x"), ("Accept-Profile", "scim"),
            ("Prefer", "tx=rollback"), ("Range", "0-0")])
        self.assertEqual(answer.status, 200)

    def test_nothing_is_written_without_a_token(self):
        user = new_user()
        self.assertError(send("POST", "/Users", user), 401)
        self.assertEqual(self.find('userName eq "%s"' % user["userName"])["totalResults"], 0)


class Discovery(ServiceTest):
    """RFC 7643 section 5: it may be read without authentication."""

    def test_open_to_anyone(self):
        for path in ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/ResourceTypes/User",
                     "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/ServiceProviderConfig/",
                     "/ServiceProviderConfig?x=1"):
            with self.subTest(path):
                self.assertEqual(send("GET", path).status, 200)

    def test_but_not_with_wrong_credentials(self):
        self.assertError(send("GET", "/ServiceProviderConfig", token="wrong"), 401)
        self.assertError(send("GET", "/ServiceProviderConfig", token=make_jwt(role=None)), 401)

    def test_nothing_else_is(self):
        for method, path in (("GET", "/Users"), ("GET", "/Users?x=/Schemas"), ("GET", "/Users/Schemas"),
                             ("GET", "/Me/Schemas"), ("GET", "/Groups/1/Schemas"), ("GET", "/Users/ResourceTypes/User"),
                             ("HEAD", "/Users/ServiceProviderConfig"), ("GET", "/ServiceProviderConfig/Schemas"),
                             ("GET", "/nothing/Schemas"), ("GET", "/nothing"), ("GET", "/Schemas%2FUsers"), ("GET", "/"),
                             ("GET", "/Groups"), ("POST", "/ServiceProviderConfig"), ("POST", "/.search"),
                             ("GET", "/Me"), ("POST", "/Bulk"), ("DELETE", "/Schemas/x"), ("OPTIONS", "/Users")):
            with self.subTest(method + " " + path):
                answer = send(method, path)
                if method == "HEAD":
                    self.assertEqual(answer.status, 401)
                else:
                    self.assertError(answer, 401)
                self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer realm="scim"')

    def test_paths_that_are_none(self):
        for path in ("/Users/Schemas/../x", "/Schemas/../Users", "/Schemas/%2e%2e/Users", "/Schemas/%zz"):
            with self.subTest(path):
                self.assertError(send("GET", path), 400, "invalidSyntax")


class JsonWebToken(ServiceTest):
    def status(self, **claims):
        answer = send("GET", "/Users?count=0", token=make_jwt(**claims))
        if answer.status != 200:
            self.assertError(answer, answer.status)
            self.assertTrue(answer.headers["WWW-Authenticate"] or answer.status != 401)
        return answer.status

    def test_valid(self):
        self.assertEqual(self.status(), 200)
        self.assertEqual(self.status(aud=["scim", "other"]), 200)

    def test_expired(self):
        self.assertEqual(self.status(exp=int(time.time()) - 3600), 401)

    def test_just_expired(self):
        # PostgREST alone lets half a minute pass
        self.assertEqual(self.status(exp=int(time.time()) - 2), 401)

    def test_not_signed(self):
        self.assertEqual(self.status(algorithm="none"), 401)

    def test_signed_with_another_key(self):
        self.assertEqual(self.status(key=b"another key of thirty-two letters"), 401)

    def test_not_yet_valid(self):
        self.assertEqual(self.status(nbf=int(time.time()) + 3600), 401)

    def test_without_role(self):
        self.assertEqual(self.status(role=None), 401)

    def test_with_another_role(self):
        self.assertEqual(self.status(role="scim_anon"), 401)
        self.assertIn(self.status(role="postgres"), (401, 403))
        # of these PostgREST answers 400, as when its connection dies
        for role in ("nobody", "SCIM_CLIENT", "scim-client", "", [], {}, 1, True, "a\0b", "\0", ["scim_client"]):
            for more in range(3):       # base64 falls otherwise
                with self.subTest(role, more=more):
                    self.assertEqual(self.status(role=role, a="x" * more), 403)
        for more in range(3):
            self.assertEqual(self.status(a="x" * more), 200)

    def test_without_exp(self):
        self.assertEqual(self.status(exp=None), 401)

    def test_without_tenant(self):
        self.assertEqual(self.status(tenant=None), 401)

    def test_with_an_impossible_tenant(self):
        for tenant in ("", "x", "1; DROP", -1, 1.5, [1], {"a": 1}, 10**12):
            with self.subTest(tenant):
                self.assertEqual(self.status(tenant=tenant), 401)

    def test_claims_that_the_database_cannot_hold(self):
        for claims in ({"sub": "a\0b"}, {"scim_id": "\0"}, {"scim_scopes": ["\0"]}, {"store": "directory\0"}, {"tenant": "\0"},
                       {"any": {"deep": ["\0"]}}, {"a\0b": 1}, {"any": "\ud800"}, {"exp": "\0"}):
            with self.subTest(claims):
                self.assertEqual(self.status(**claims), 401)
        self.assertEqual(self.status(sub="\u00e9"), 200)

    def test_audience(self):
        self.assertEqual(self.status(aud=None), 401)
        self.assertEqual(self.status(aud="other"), 401)

    def test_tenant_of_the_claim(self):
        make_tenant(2)
        user = new_user()
        self.create(user)
        for tenant, found in ((1, 1), (2, 0)):
            answer = send("GET", '/Users?filter=userName%%20eq%%20%%22%s%%22' % user["userName"],
                          token=make_jwt(tenant=tenant))
            self.assertEqual(answer.json["totalResults"], found)


class Tenants(ServiceTest):
    """Two tokens, two tenants, and nothing in common."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = make_tenant(2)

    def test_the_same_user_name_in_both(self):
        user = new_user()
        self.create(user)
        self.assertEqual(send("POST", "/Users", user, token=self.other).status, 201)

    def test_reading_and_writing_across(self):
        user = self.create(new_user(title="mine"))
        path = "/Users/" + user["id"]
        self.assertError(send("GET", path, token=self.other), 404)
        self.assertError(send("PUT", path, new_user(), token=self.other), 404)
        self.assertError(send("PATCH", path, {"Operations": [{"op": "remove", "path": "title"}]},
                              token=self.other), 404)
        self.assertError(send("DELETE", path, token=self.other), 404)
        self.assertEqual(self.call("GET", path).json, user)

    def test_search_across(self):
        user = self.create()
        for filter in ('id eq "%s"' % user["id"], 'userName eq "%s"' % user["userName"], "userName pr"):
            answer = send("GET", "/Users?count=1000&filter=" + filter.replace(" ", "+").replace('"', "%22"),
                          token=self.other)
            self.assertNotIn(user["id"], answer.body.decode())


if __name__ == "__main__":
    unittest.main()
