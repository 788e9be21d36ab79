"""OAuth 2.0 through the gateway: access tokens as Entra ID and Okta fetch them, by secrets and by signed assertions,
their end, what there is (RFC 8414), and whoever tries to get one that he should not have."""
import base64
import collections
import concurrent.futures
import hashlib
import hmac
import json
import pathlib
import random
import subprocess
import time
import unittest
import urllib.parse
import uuid

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from service import STACK, URL, new_user, reload_nginx, send, sql

TOKEN, REVOKE = "/.oauth/token", "/.oauth/revoke"
METADATA = "/.well-known/oauth-authorization-server"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BASE = URL.geturl()
KEYS = {"RS256": rsa.generate_private_key(65537, 2048), "PS256": rsa.generate_private_key(65537, 2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()), "EdDSA": ed25519.Ed25519PrivateKey.generate()}

LOCATION = r"""
location ~ ^(/\.well-known/oauth-authorization-server)?/granted/scim/v2(/|$) {
    set $scim_store granted;
    set $scim_base_url %s/granted/scim/v2;
    include scim_proxy.conf;
}
""" % BASE.rpartition(URL.path)[0]


def key_set(*names):
    make = {"RS256": RSAAlgorithm, "PS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}
    keys = []
    for name in names or KEYS:
        key = json.loads(make[name].to_jwk(KEYS[name].public_key()))
        keys.append(dict(key, kid=name, use="sig", alg=name))
        keys[-1].pop("key_ops", None)
    return {"keys": keys}


def name():
    return "client-" + uuid.uuid4().hex[:12]


def switch_on(store="directory"):
    sql("INSERT INTO %s.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri) "
        "VALUES ('OAuth', 'Bearer', 'access_token', 'oauth2', 'OAuth 2.0', 'Client credentials', 'https://www.rfc-editor.org/info/rfc6749') "
        "ON CONFLICT DO NOTHING" % store)


def switch_off():
    """The store is as it was for the tests of others."""
    sql("DELETE FROM directory.client WHERE scheme = 'OAuth'")
    sql("DELETE FROM directory.authentication_scheme WHERE scheme = 'OAuth'")
    sql("DELETE FROM directory.client_failure")


def with_secret(client, scopes="NULL", store="directory"):
    return sql("SET scim.store = '%s'; SELECT secret FROM scim.create_oauth_client('%s', scopes => %s)" % (store, client, scopes))


def with_keys(client, keys=None, store="directory"):
    sql("SET scim.store = '%s'; SELECT scim.create_oauth_client('%s', '%s')" % (store, client, json.dumps(keys or key_set())))


def form(**parameters):
    return urllib.parse.urlencode({"grant_type": "client_credentials", **parameters}).encode()


def basic(client, secret):
    text = "%s:%s" % (urllib.parse.quote_plus(client), urllib.parse.quote_plus(secret))
    return ("Authorization", "Basic " + base64.b64encode(text.encode()).decode())


def ask(body, *headers, path=TOKEN, **more):
    return send("POST", path, body, [FORM, *headers], **more)


def assertion(client, algorithm="ES256", key=None, headers=None, **claims):
    now = int(time.time())
    everything = {"iss": client, "sub": client, "aud": BASE + TOKEN, "iat": now, "exp": now + 300, "jti": uuid.uuid4().hex, **claims}
    return jwt.encode({name: value for name, value in everything.items() if value is not None}, key or KEYS[algorithm],
                      algorithm, headers={"kid": algorithm, **(headers or {})})


def signed(text, **more):
    return form(client_assertion_type=ASSERTION, client_assertion=text, **more)


class OAuth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        switch_on()

    @classmethod
    def tearDownClass(cls):
        switch_off()

    def setUp(self):
        sql("DELETE FROM directory.client_failure")

    def token(self, *arguments, **more):
        answer = ask(*arguments, **more)
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Pragma"], "no-cache")
        document = answer.json
        self.assertEqual((document["token_type"], document["expires_in"]), ("Bearer", 3600))
        return document["access_token"]

    def assertRefused(self, answer, error, status=400):
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "application/json"), answer.text)
        self.assertEqual(set(answer.json), {"error", "error_description"})
        self.assertEqual(answer.json["error"], error, answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    # ---- as they do it

    def test_as_entra_does(self):
        """client_secret_post, and the token for everything."""
        client = name()
        secret = with_secret(client)
        body = "client_id=%s&client_secret=%s&grant_type=client_credentials&scope=scim" % (client, secret)
        token = self.token(body.encode(), ("Accept", "application/json"), ("User-Agent", "Microsoft.Azure.SyncFabric"))
        self.assertEqual(send("GET", "/Users?filter=userName+eq+%22" + uuid.uuid4().hex + "%22", token=token).json["totalResults"], 0)
        user = send("POST", "/Users", new_user(), token=token)
        self.assertEqual(user.status, 201)
        self.assertEqual(sql("SELECT actor FROM directory.audit WHERE resource_id = '%s'" % user.json["id"]), "client: " + client)

    def test_as_okta_does(self):
        """client_secret_basic, and private_key_jwt for the URL of the endpoint."""
        client = name()
        token = self.token(form(scope="scim"), basic(client, with_secret(client)), ("Accept", "application/json"), ("User-Agent", "Okta SCIM Client 1.0.0"))
        self.assertEqual(send("GET", "/Users?startIndex=1&count=1", token=token).status, 200)
        client = name()
        with_keys(client, key_set("RS256"))
        token = self.token(signed(assertion(client, "RS256"), scope="scim"))
        self.assertEqual(send("GET", "/Users?startIndex=1&count=1", token=token).status, 200)

    def test_forms_of_entra(self):
        """The fields of its provisioning page are tenant URL, token endpoint, client identifier, client secret and, at will, a scope."""
        client = name()
        secret = with_secret(client)
        pair = "client_id=%s&client_secret=%s" % (client, secret)
        for body in ("grant_type=client_credentials&" + pair, pair + "&grant_type=client_credentials&scope=", pair + "&grant_type=client_credentials&scope=scim",
                     "grant_type=client_credentials&%s&scope=scim&resource=%s" % (pair, urllib.parse.quote_plus(BASE))):
            for kind in (FORM[1], FORM[1] + "; charset=utf-8", FORM[1].upper()):
                with self.subTest(body=body, kind=kind):
                    answer = send("POST", TOKEN, body.encode(), [("Content-Type", kind), ("Accept", "application/json"), ("Connection", "keep-alive")])
                    self.assertEqual((answer.status, answer.json["scope"]), (200, "scim"), answer.text)
                    self.assertEqual(send("GET", "/Users?count=1", token=answer.json["access_token"]).status, 200)
        self.assertRefused(ask(("grant_type=client_credentials&%s1" % pair).encode()), "invalid_client")

    def test_forms_of_okta(self):
        """As its pages "Client authentication methods" and "Build a JWT for client authentication" have them."""
        more = ("Accept", "application/json"), ("Cache-Control", "no-cache")
        client = name()
        secret = with_secret(client)
        for body in (form(), form(scope="scim"), b"scope=scim&grant_type=client_credentials"):
            self.token(body, basic(client, secret), *more)
        client = name()
        with_keys(client, {"keys": [dict(key, kid="okta-1") for key in key_set("RS256")["keys"]]})
        now = int(time.time())
        for claims, headers in (({}, {"kid": "okta-1"}), ({"iat": None}, {"kid": "okta-1"}), ({"exp": now + 3600}, {"kid": "okta-1"}),
                                ({"aud": [BASE + TOKEN]}, {"kid": "okta-1"}), ({}, {"kid": None}), ({}, {"kid": None, "typ": None})):
            for body in (lambda text: signed(text, scope="scim"), lambda text: signed(text, client_id=client),
                         lambda text: ("scope=scim&client_assertion=%s&client_assertion_type=%s&grant_type=client_credentials"
                                       % (text, urllib.parse.quote_plus(ASSERTION))).encode()):
                with self.subTest(claims=claims, headers=headers):
                    text = jwt.encode({key: value for key, value in {"aud": BASE + TOKEN, "iss": client, "sub": client, "iat": now, "exp": now + 300,
                                                                     "jti": uuid.uuid4().hex, **claims}.items() if value is not None},
                                      KEYS["RS256"], "RS256", headers={key: value for key, value in headers.items() if value is not None})
                    token = self.token(body(text), *more)
                    self.assertEqual(send("GET", "/Groups?count=1", token=token).status, 200)
                    self.assertRefused(ask(body(text), *more), "invalid_client")
        # it may leave out the jti, and this service may not: once is not known without
        self.assertRefused(ask(signed(assertion(client, "RS256", headers={"kid": "okta-1"}, jti=None)), *more), "invalid_client")

    def test_what_there_is(self):
        origin = BASE.rpartition(URL.path)[0]
        for base, path in ((METADATA + URL.path, ""), (URL.path, METADATA)):
            answer = send("GET", path, base=base)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/json"), answer.text)
            self.assertEqual(answer.json["issuer"], BASE)
            self.assertEqual(answer.json["token_endpoint"], origin + URL.path + TOKEN)
            self.assertIn("private_key_jwt", answer.json["token_endpoint_auth_methods_supported"])
            self.assertEqual(send("HEAD", path, base=base).status, 200)
        self.assertEqual(send("GET", "", base=METADATA + "/other").status, 404)
        self.assertEqual(send("POST", "", b"", [FORM], base=METADATA + URL.path).status, 405)
        schemes = send("GET", "/ServiceProviderConfig").json["authenticationSchemes"]
        self.assertIn("oauth2", [scheme["type"] for scheme in schemes])

    def test_methods_and_contents(self):
        client = name()
        secret = with_secret(client)
        answer = send("GET", TOKEN)
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST, OPTIONS"))
        self.assertEqual(send("OPTIONS", TOKEN).headers["Allow"], "POST, OPTIONS")
        answer = send("POST", TOKEN, {"grant_type": "client_credentials"}, headers=[basic(client, secret)])
        self.assertRefused(answer, "invalid_request", 415)
        self.assertEqual(answer.headers["Accept"], "application/x-www-form-urlencoded")
        self.assertRefused(ask(b"x" * 70000, basic(client, secret)), "invalid_request", 413)
        self.assertRefused(ask(b"x" * 11000000, basic(client, secret)), "invalid_request", 413)
        # of these nginx itself
        self.assertRefused(send("TRACE", TOKEN), "invalid_request", 405)
        self.assertRefused(ask(b"x", ("Accept", "\u00e9")), "invalid_request", 400)
        self.assertRefused(ask(b"x", ("X-Long", "x" * 50000)), "invalid_request", 431)
        self.assertRefused(ask(b"", basic(client, secret)), "invalid_request")
        self.assertRefused(ask(b"\xff\xfe\x00", basic(client, secret)), "invalid_request")
        self.assertRefused(ask(form(), basic(client, secret), path=TOKEN + "?grant_type=client_credentials"), "invalid_request")

    def test_store_that_cannot_be_used(self):
        version = sql("SELECT version FROM directory.store")
        try:
            sql("SET session_replication_role = replica; UPDATE directory.store SET version = '999.0.0'")
            answers = [ask(b"x"), send("GET", METADATA)]
        finally:
            sql("SET session_replication_role = replica; UPDATE directory.store SET version = '%s'" % version)
        for answer in answers:
            self.assertRefused(answer, "temporarily_unavailable", 503)

    def test_challenge(self):
        answer = ask(form(), basic("nobody", "x"))
        self.assertRefused(answer, "invalid_client", 401)
        self.assertEqual(answer.headers.get_all("WWW-Authenticate"), ['Basic realm="scim", charset="UTF-8"'])
        answer = ask(form(client_id="nobody", client_secret="x"))
        self.assertRefused(answer, "invalid_client")
        self.assertIsNone(answer.headers["WWW-Authenticate"])
        # what nginx and PostgREST would take for a way of their own
        for authorization in ("Bearer x", "Bearer eyJhbGciOiJub25lIn0.e30.", "Digest x", "scim_1_x"):
            answer = ask(form(), ("Authorization", authorization))
            self.assertIn(answer.status, (400, 401))
            self.assertIn(answer.json["error"], ("invalid_client", "invalid_request"))
        answer = ask(form(), ("Authorization", "Bearer " + jwt.encode({"role": "scim_client", "store": "directory", "tenant": 1, "aud": "scim", "exp": time.time() + 300},
                                                                      (STACK / "jwt.key").read_bytes(), "HS256")))
        self.assertRefused(answer, "invalid_client", 401)

    def test_end_of_a_token(self):
        client, other = name(), name()
        secret, others = with_secret(client), with_secret(other)
        token = self.token(form(), basic(client, secret))
        self.assertEqual(ask(urllib.parse.urlencode({"token": token}).encode(), basic(other, others), path=REVOKE).status, 200)
        self.assertEqual(send("GET", "/Users", token=token).status, 200)
        answer = ask(urllib.parse.urlencode({"token": token, "token_type_hint": "access_token"}).encode(), basic(client, secret), path=REVOKE)
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(send("GET", "/Users", token=token).status, 401)
        self.assertEqual(ask(b"token=unknown", basic(client, secret), path=REVOKE).status, 200)
        self.assertRefused(ask(b"token=unknown", basic(client, "x"), path=REVOKE), "invalid_client", 401)
        token = self.token(form(), basic(client, secret))
        sql("SELECT scim.revoke_client(id) FROM directory.client WHERE name = '%s'" % client)
        self.assertEqual(send("GET", "/Users", token=token).status, 401)

    def test_scopes(self):
        client = name()
        secret = with_secret(client, "'{User}'")
        token = self.token(form(scope="scim:User:read"), basic(client, secret))
        self.assertEqual(send("GET", "/Users", token=token).status, 200)
        self.assertEqual(send("POST", "/Users", new_user(), token=token).status, 403)
        self.assertEqual(send("GET", "/Groups", token=token).status, 403)
        self.assertRefused(ask(form(scope="scim:Group"), basic(client, secret)), "invalid_scope")
        self.assertEqual(ask(form(), basic(client, secret)).json["scope"], "scim:User")

    # ---- assertions

    def test_each_algorithm(self):
        client = name()
        with_keys(client)
        for algorithm in KEYS:
            self.token(signed(assertion(client, algorithm)))
            self.token(signed(assertion(client, algorithm, aud=BASE)))
            self.token(signed(assertion(client, algorithm, aud=["https://other.example", BASE]), client_id=client))

    def test_what_an_assertion_says(self):
        client = name()
        with_keys(client)
        now = int(time.time())
        for claims in ({"aud": "https://other.example/scim/v2"}, {"aud": None}, {"aud": BASE + "/"}, {"aud": [[BASE]]}, {"exp": None}, {"exp": now - 120}, {"exp": now + 7200},
                       {"exp": str(now + 60)}, {"nbf": now + 300}, {"iat": now + 300}, {"jti": None}, {"jti": ""}, {"jti": 7}, {"jti": "x" * 1025}, {"iss": "other"},
                       {"sub": None}, {"sub": "other", "iss": "other"}, {"exp": -1e300}, {"exp": True}, {"nbf": "x"}):
            if "exp" in claims and isinstance(claims["exp"], (str, bool)) or "nbf" in claims and isinstance(claims["nbf"], str) or isinstance(claims.get("jti"), int) or "iss" in claims or claims.get("exp", 0) == -1e300:
                # jwt.encode would not make it
                everything = {"iss": client, "sub": client, "aud": BASE, "exp": now + 300, "jti": uuid.uuid4().hex, **claims}
                token = jwt.api_jws.encode(json.dumps(everything).encode(), KEYS["ES256"], "ES256", headers={"kid": "ES256"})
            else:
                token = assertion(client, **claims)
            self.assertRefused(ask(signed(token)), "invalid_client")
        self.token(signed(assertion(client, exp=now - 30)))         # clocks differ
        self.token(signed(assertion(client, nbf=now + 30, iat=now + 30)))

    def test_keys_of_others(self):
        client, other = name(), name()
        with_keys(client, key_set("RS256", "ES256"))
        with_keys(other, {"keys": [dict(key_set("EdDSA")["keys"][0], kid="RS256")]})
        encode = lambda value: base64.urlsafe_b64encode(value).rstrip(b"=").decode()
        public = KEYS["RS256"].public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        good = assertion(client, "RS256")
        head, body, signature = good.split(".")
        none = encode(b'{"alg":"none"}') + "." + body + "."
        confused = encode(b'{"alg":"HS256","kid":"RS256"}') + "." + body
        confused += "." + encode(hmac.new(public, confused.encode(), hashlib.sha256).digest())
        for token in (none, none + signature, confused, assertion(client, "RS256", key=rsa.generate_private_key(65537, 2048)), assertion(client, "RS256", headers={"kid": "ES256"}),
                      assertion(client, "EdDSA"), assertion(other, "RS256"), assertion(other, "ES256", headers={"kid": "RS256"}), assertion(client, "PS256", key=KEYS["RS256"], headers={"kid": "RS256"}),
                      assertion(client, "RS256", headers={"crit": ["x"], "x": 1}), assertion(client, "RS256", headers={"jwk": key_set("EdDSA")["keys"][0], "kid": "x"}), good + "=", good[:-1], good + ".x"):
            self.assertRefused(ask(signed(token)), "invalid_client")
        self.token(signed(good))
        # a client with keys has no secret, and one with a secret no keys
        self.assertRefused(ask(form(client_id=client, client_secret="")), "invalid_client")
        self.assertRefused(ask(form(client_id=client, client_secret="x")), "invalid_client")
        client = name()
        with_secret(client)
        self.assertRefused(ask(signed(assertion(client))), "invalid_client")

    def test_each_assertion_once(self):
        client = name()
        with_keys(client)
        text = assertion(client)
        self.token(signed(text))
        answer = ask(signed(text))
        self.assertRefused(answer, "invalid_client")
        self.assertIn("jti", answer.json["error_description"])
        self.assertRefused(ask(signed(text, token="x"), path=REVOKE), "invalid_client")
        # of many that come at the same time one is accepted
        for _ in range(5):
            text = assertion(client)
            with concurrent.futures.ThreadPoolExecutor(20) as pool:
                statuses = collections.Counter(answer.status for answer in pool.map(lambda _: ask(signed(text)), range(20)))
            self.assertEqual(statuses, {200: 1, 400: 19})
        self.assertEqual(sql("SELECT count(*) FROM directory.client_assertion a JOIN directory.client c ON c.id = a.client_id WHERE c.name = '%s'" % client), "6")

    def test_a_thousand_at_once(self):
        client = name()
        with_keys(client)
        texts = [signed(assertion(client)) for _ in range(1000)]
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(ask, texts))
        self.assertEqual(collections.Counter(answer.status for answer in answers), {200: 1000})
        self.assertEqual(len({answer.json["access_token"] for answer in answers}), 1000)
        self.assertEqual(sql("SELECT count(*) <= 1000 FROM directory.token t JOIN directory.client c ON c.id = t.client_id WHERE c.name = '%s'" % client), "t")
        self.assertEqual(sql("SELECT count(*) FROM directory.audit WHERE operation = 'create token' AND detail #>> '{after,description}' LIKE '%s %%'" % client), "0")
        self.assertEqual(send("GET", "/Users?count=0", token=answers[-1].json["access_token"]).status, 200)

    def test_what_is_none(self):
        """Assertions that are changed here and there, and forms of any bytes: refused, and the service goes on."""
        client = name()
        with_keys(client)
        dice = random.Random(7)
        for _ in range(300):
            sql("DELETE FROM directory.client_failure") if dice.random() < 0.1 else None
            text = list(assertion(client, dice.choice(list(KEYS))))
            for _ in range(dice.randint(1, 4)):
                place = dice.randrange(len(text))
                change = dice.random()
                if change < 0.4:
                    text[place] = dice.choice("AZaz09-_.=+/%{}\"")
                elif change < 0.7:
                    del text[place]
                else:
                    text[place:place] = dice.choice(["A", ".", "eyJ", "AAAA", "e30"])
            answer = ask(signed("".join(text)))
            # what base64 leaves open, and a change that is none
            self.assertIn(answer.status, (200, 400, 429), answer.text)
        for _ in range(100):
            answer = ask(bytes(dice.choice(b"&=%+;grant_type\x00\xff\xc3\xa9client0123456789abcdef") for _ in range(dice.randint(0, 300))))
            self.assertIn(answer.status, (400, 429), answer.text)
        sql("DELETE FROM directory.client_failure")
        self.token(signed(assertion(client)))

    # ---- whoever guesses

    def test_guesses_are_slowed_down(self):
        client = name()
        secret = with_secret(client)
        statuses = [ask(form(), basic(client, "guess %d" % i)).status for i in range(60)]
        self.assertEqual(set(statuses[:20]), {401})
        self.assertEqual(set(statuses[-20:]), {401, 429} if 401 in statuses[-20:] else {429})
        self.assertLess(statuses.count(401), 30)
        answer = ask(form(), basic(client, secret))
        self.assertEqual((answer.status, answer.json["error"]), (429, "temporarily_unavailable"))
        self.assertEqual(answer.headers["Retry-After"], "10")
        # who is there already is not held up; and the count is kept where a restart does not empty it
        self.assertEqual(sql("SELECT count(*) FROM directory.client_failure WHERE key = 'address 127.0.0.1'"), "1")
        sql("UPDATE directory.client_failure SET at = at - interval '2 minutes'")
        self.token(form(), basic(client, secret))

    def test_the_address_is_not_the_clients_to_say(self):
        client = name()
        with_secret(client)
        for header in ("X-Real-IP", "X-Forwarded-For", "X-Scim-X-Real-IP", "Forwarded"):
            ask(form(), basic(client, "x"), (header, "192.0.2.7"))
        self.assertEqual(sql("SELECT string_agg(key, ',') FROM directory.client_failure WHERE tenant_id = 0"), "address 127.0.0.1")


class AnotherStore(unittest.TestCase):
    """A store of its own at a path of its own: its clients are nobody elsewhere."""

    @classmethod
    def setUpClass(cls):
        sql("SELECT scim.create_store('granted')")
        subprocess.run(["psql", "-Xq", "-v", "store=granted", "-f", pathlib.Path(__file__).resolve().parents[2] / "conf" / "postgrest.sql"], check=True)
        (STACK / "locations" / "granted.conf").write_text(LOCATION)
        reload_nginx()
        switch_on()

    @classmethod
    def tearDownClass(cls):
        (STACK / "locations" / "granted.conf").unlink()
        reload_nginx()
        sql("SELECT scim.drop_store('granted', true)")
        switch_off()

    def test_clients_of_another_store(self):
        base = "/granted/scim/v2"
        self.assertEqual(send("GET", "", base=METADATA + base).status, 401)      # it has none, and says no more
        self.assertEqual(ask(form(), base=base).status, 401)
        switch_on("granted")
        self.assertEqual(send("GET", "", base=METADATA + base).json["issuer"], BASE.rpartition(URL.path)[0] + base)
        client = name()
        secret = with_secret(client, store="granted")
        token = ask(form(), basic(client, secret), base=base).json["access_token"]
        self.assertEqual(send("GET", "/Users", token=token, base=base).status, 200)
        self.assertEqual(send("GET", "/Users", token=token).status, 401)
        self.assertEqual(ask(form(), basic(client, secret)).status, 401)
        # one that is signed for this store is not for that one
        client = name()
        with_keys(client)
        with_keys(client, store="granted")
        self.assertEqual(ask(signed(assertion(client)), base=base).status, 400)
        self.assertEqual(ask(signed(assertion(client))).status, 200)


if __name__ == "__main__":
    unittest.main()
