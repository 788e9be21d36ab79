"""Security Event Tokens as a receiver sees them: polled by HTTP (RFC 8936), verified with the
keys at /jwks.json by somebody else's library, acknowledged."""
import json
import subprocess
import unittest

import jwt

from service import STACK, reload_nginx, send, sql
from test_stores import ROOT, in_store

BASE = "https://api.example.com/feed/scim/v2"
LOCATIONS = """
location ~ ^/feed/scim/v2(/|$) {
    set $scim_store feed;
    set $scim_base_url %s;
    include scim_proxy.conf;
}
""" % BASE
EVENT = "urn:ietf:params:scim:event:prov:"


def setUpModule():
    sql("SET client_min_messages = warning; SELECT scim.create_store('feed')")
    subprocess.run(["psql", "-XqAt", "-v", "store=feed", "-f", ROOT / "conf" / "postgrest.sql"],
                   check=True, stdout=subprocess.DEVNULL)
    in_store("feed", "UPDATE feed.policy SET enabled = true WHERE kind = 'events'")
    (STACK / "locations" / "feed.conf").write_text(LOCATIONS)
    reload_nginx()


def tearDownModule():
    (STACK / "locations" / "feed.conf").unlink()
    reload_nginx()
    sql("SELECT scim.drop_store('feed', true)")


class Poll(unittest.TestCase):
    def setUp(self):
        self.name = self.id().rpartition(".")[2]
        secret = in_store("feed", "SELECT secret FROM scim.create_token('%s')" % self.name)
        self.authorization = "Bearer " + secret.strip("()").rpartition(",")[2]
        in_store("feed", """SELECT scim.create_consumer('%(name)s');
            SELECT scim.deliver_by_poll('%(name)s', (SELECT id FROM feed.token WHERE description = '%(name)s'), ARRAY['https://receiver.example.com'])
            """ % {"name": self.name})

    def tearDown(self):
        in_store("feed", "SELECT scim.drop_consumer('%s'); UPDATE feed.policy SET settings = '{}' WHERE kind = 'events'" % self.name)

    def send(self, method, path, body=None, authorization=None, **more):
        headers = [("Authorization", authorization or self.authorization)]
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        return send(method, "/feed/scim/v2" + path, body, headers, base="", **more)

    def poll(self, status=200, **body):
        answer = self.send("POST", "/.events/" + self.name, body)
        self.assertEqual(answer.status, status, answer.body[:500])
        return answer.json

    def person(self, name, **more):
        return self.send("POST", "/Users", dict(userName=name, **more)).json["id"]

    def claims(self, token):
        keys = jwt.PyJWKSet.from_dict(send("GET", "/feed/scim/v2/jwks.json", base="").json)
        header = jwt.get_unverified_header(token)
        self.assertEqual(header["typ"], "secevent+jwt")
        key = {key.key_id: key for key in keys.keys}[header["kid"]]
        return jwt.decode(token, key.key, algorithms=[header["alg"]], audience="https://receiver.example.com", issuer=BASE)

    def test_a_token_is_what_rfc_9967_says(self):
        person = self.person(self.name, externalId="A1")
        (identifier, token), = self.poll()["sets"].items()
        claims = self.claims(token)
        self.assertEqual(claims["jti"], identifier)
        self.assertEqual(claims["sub_id"], {"format": "scim", "uri": "/Users/" + person, "id": person, "externalId": "A1"})
        self.assertNotIn("sub", claims)
        self.assertNotIn("exp", claims)
        self.assertEqual(list(claims["events"]), [EVENT + "create:notice"])
        self.assertEqual(claims["events"][EVENT + "create:notice"]["attributes"], ["id", "userName", "externalId"])
        self.assertEqual(claims["txn"], in_store("feed", "SELECT change FROM feed.event WHERE id = '%s'" % identifier))
        self.assertLessEqual(claims["toe"], claims["iat"])

    def test_full_and_what_comes_with_a_step_of_life(self):
        in_store("feed", "UPDATE feed.policy SET settings = '{\"mode\": \"full\"}' WHERE kind = 'events'")
        person = self.person(self.name, password="s3cret-of-hers")
        self.send("PATCH", "/Users/" + person, {"Operations": [{"op": "replace", "value": {"active": False, "title": "gone"}}]})
        self.send("DELETE", "/Users/" + person)
        sets = [self.claims(token)["events"] for token in self.poll()["sets"].values()]
        self.assertEqual([sorted(events) for events in sets], [[EVENT + "create:full"], [EVENT + "deactivate", EVENT + "patch:full"], [EVENT + "delete"]])
        self.assertEqual(sets[0][EVENT + "create:full"]["data"]["userName"], self.name)
        self.assertEqual(sets[0][EVENT + "create:full"]["version"], 'W/"1"')
        self.assertEqual(sets[1][EVENT + "deactivate"], {"version": 'W/"2"', "operation": "suspend"})
        self.assertEqual({o["path"]: o["value"] for o in sets[1][EVENT + "patch:full"]["data"]["Operations"]}, {"active": False, "title": "gone"})
        self.assertEqual(sets[2][EVENT + "delete"], {})
        self.assertNotIn("s3cret", json.dumps(sets))

    def test_acknowledged_ones_are_gone_and_others_come_again(self):
        for i in range(3):
            self.person("%s%d" % (self.name, i))
        first = self.poll(maxEvents=2)
        self.assertEqual((len(first["sets"]), first["moreAvailable"]), (2, True))
        one, two = first["sets"]
        second = self.poll(ack=[one, "no id of ours"], maxEvents=5, returnImmediately=True)
        self.assertEqual((len(second["sets"]), second["moreAvailable"]), (1, False))
        # only acknowledged, and nothing fetched
        self.assertEqual(self.poll(ack=list(second["sets"]), maxEvents=0), {"sets": {}, "moreAvailable": False})
        in_store("feed", "UPDATE feed.lease SET expires_at = now()")
        self.assertEqual(list(self.poll()["sets"]), [two])
        self.assertEqual(self.poll(ack=[two])["sets"], {})
        self.assertEqual(in_store("feed", "SELECT pending FROM scim.consumers() WHERE name = '%s'" % self.name), "0")

    def test_errors_are_kept_and_end_as_dead_letters(self):
        in_store("feed", "UPDATE feed.consumer SET max_attempts = 1 WHERE name = '%s'" % self.name)
        self.person(self.name)
        (identifier, _), = self.poll()["sets"].items()
        self.poll(setErrs={identifier: {"err": "invalid_key", "description": "never heard of it"}, "x": {}}, maxEvents=0)
        self.assertEqual(in_store("feed", "SELECT last_error FROM scim.dead_events('%s')" % self.name), "invalid_key: never heard of it")

    def test_nobody_else_may(self):
        other = in_store("feed", "SELECT secret FROM scim.create_token('other of %s')" % self.name)
        other = "Bearer " + other.strip("()").rpartition(",")[2]
        path = "/.events/" + self.name
        self.assertEqual(self.send("POST", path, {}, authorization=other).status, 403)
        self.assertEqual(self.send("POST", path, {}, authorization="Bearer nobody").status, 401)
        # nor he himself, with scopes for less than he would be told
        in_store("feed", "UPDATE feed.token SET scopes = '{User}' WHERE description = '%s'" % self.name)
        self.assertEqual(self.send("POST", path, {}).status, 403)
        in_store("feed", "UPDATE feed.token SET scopes = NULL WHERE description = '%s'" % self.name)
        self.assertEqual(self.send("POST", path, {}).status, 200)
        self.assertEqual(send("POST", "/feed/scim/v2" + path, {}, [("Content-Type", "application/json")], base="").status, 401)
        self.assertEqual(self.send("POST", "/.events/nobody", {}).status, 404)
        self.assertEqual(self.send("POST", "/.events", {}).status, 404)
        in_store("feed", "UPDATE feed.consumer SET method = 'function', token_id = NULL WHERE name = '%s'" % self.name)
        self.assertEqual(self.send("POST", path, {}).status, 403)

    def test_what_is_no_poll(self):
        path = "/.events/" + self.name
        for body in ({"maxEvents": -1}, {"maxEvents": "x"}, {"ack": "x"}, {"setErrs": []}):
            self.assertEqual(self.send("POST", path, body).status, 400, body)
        errors = {"00000000-0000-7000-8000-%012d" % number: {"err": "x"} for number in range(1001)}
        self.assertEqual(self.send("POST", path, {"setErrs": errors}).status, 413)
        errors.popitem()
        self.assertEqual(self.send("POST", path, {"setErrs": errors, "maxEvents": 0}).status, 200)
        answer = self.send("GET", path)
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST, OPTIONS"))
        self.assertEqual(self.send("POST", path).status, 400)

    def test_a_key_is_known_before_it_signs_and_as_long_as_it_is_kept(self):
        made = in_store("feed", "SELECT scim.create_signing_key('RS256', now() + interval '1 hour')")
        self.person(self.name + "1")
        _, before = self.poll()["sets"].popitem()
        self.assertNotEqual(jwt.get_unverified_header(before)["kid"], made)
        self.assertIn(made, [key["kid"] for key in send("GET", "/feed/scim/v2/jwks.json", base="").json["keys"]])
        in_store("feed", "UPDATE feed.signing_key SET use_from = now() WHERE id = '%s'" % made)
        self.person(self.name + "2")
        _, after = self.poll()["sets"].popitem()
        self.assertEqual((jwt.get_unverified_header(after)["kid"], jwt.get_unverified_header(after)["alg"]), (made, "RS256"))
        self.claims(before)
        self.claims(after)
        # the one that signs stays
        in_store("feed", "UPDATE feed.signing_key SET use_from = use_from - interval '1 year' WHERE id = '%s'" % made)
        in_store("feed", "SELECT scim.drop_signing_key('%s')" % made)
        keys = send("GET", "/feed/scim/v2/jwks.json", base="")
        self.assertNotIn(made, [key["kid"] for key in keys.json["keys"]])
        self.assertEqual(keys.headers["Content-Type"], "application/json")
        for key in keys.json["keys"]:
            self.assertLessEqual(set(key), {"kty", "kid", "use", "alg", "crv", "x", "y", "n", "e"})

    def test_service_provider_config_tells(self):
        config = send("GET", "/feed/scim/v2/ServiceProviderConfig", base="").json
        self.assertEqual(config["securityEvents"]["asyncRequest"], "none")
        self.assertIn(EVENT + "patch:notice", config["securityEvents"]["eventUris"])
        self.assertNotIn(EVENT + "patch:full", config["securityEvents"]["eventUris"])
        schema = send("GET", "/feed/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig", base="").json
        self.assertIn("securityEvents", [attribute["name"] for attribute in schema["attributes"]])
