"""scim-relay against receivers that are real: HTTP and HTTPS servers that answer, are slow, are
down, send it elsewhere.  `bin/test relay` starts the server and builds the program (RELAY)."""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

RELAY = os.environ["RELAY"]
CONF = pathlib.Path(__file__).resolve().parent.parent.parent / "conf"


def sql(statement):
    """What psql prints, unaligned, without headings."""
    result = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement], capture_output=True, text=True,
                            env=dict(os.environ, PGOPTIONS="-c client_min_messages=warning"))
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return result.stdout.strip()


class Receiver:
    """A server that keeps what it gets.  answer(request) returns status, headers and body."""

    def __init__(self, answer=lambda request: (202, {}, b""), port=0, certificate=None):
        self.requests = []
        self.lock = threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                request = {"path": self.path, "headers": self.headers, "begun": time.time(),
                           "body": self.rfile.read(int(self.headers["Content-Length"] or 0))}
                with receiver.lock:
                    receiver.requests.append(request)
                status, headers, body = answer(request)
                request["status"] = status
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                request["ended"] = time.time()

            do_GET = do_POST

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path="/", scheme="http", host="127.0.0.1"):
        return "%s://%s:%d%s" % (scheme, host, self.port, path)


class Relay(unittest.TestCase):
    def setUp(self):
        self.name = self.id().rpartition(".")[2]
        self.running = []
        self.receivers = []
        sql("SET client_min_messages = warning; SELECT scim.create_store('relayed')")
        subprocess.run(["psql", "-Xq", "-v", "store=relayed", "-f", CONF / "relay.sql"], check=True)
        self.sql("UPDATE relayed.policy SET enabled = (kind = 'events') WHERE kind IN ('events', 'audit')")
        self.sql("INSERT INTO relayed.setting (name, value) VALUES ('base_url', '\"https://scim.example.com/v2\"')")

    def tearDown(self):
        for relay in self.running:
            relay.kill()
            relay.wait()
            relay.stderr.close()
        for receiver in self.receivers:
            receiver.close()
        sql("SET client_min_messages = warning; SELECT scim.drop_store('relayed', true)")

    def sql(self, statement):
        return sql("SET scim.store = 'relayed'; " + statement)

    def receiver(self, *arguments, **more):
        self.receivers.append(Receiver(*arguments, **more))
        return self.receivers[-1]

    def relay(self, *options):
        log = tempfile.TemporaryFile("w+")
        relay = subprocess.Popen([RELAY, "-s", "relayed", *options, "user=scim_relay"], stderr=log)
        relay.stderr = log
        self.running.append(relay)
        return relay

    def said(self, relay):
        relay.stderr.seek(0)
        return relay.stderr.read()

    def push(self, name, url, **more):
        self.sql("SELECT scim.create_consumer('%s', channel => 'scim_events')" % name)
        arguments = "".join(", %s => %s" % item for item in more.items())
        self.sql("SELECT scim.deliver_by_push('%s', '%s', lease => '2 s'%s)" % (name, url, arguments))

    def people(self, n):
        self.sql("INSERT INTO relayed.users (data) SELECT jsonb_build_object('userName', 'user' || n) FROM generate_series(1, %d) n" % n)

    def change(self, times):
        for _ in range(times):
            self.sql("UPDATE relayed.users SET version = version + 1")

    def wait(self, condition, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            if condition():
                return
            time.sleep(0.05)
        self.fail("it takes too long: " + "; ".join(self.said(relay) for relay in self.running)
                  + self.sql("SELECT json_agg(d) FROM relayed.delivery d LIMIT 5"))

    def pending(self):
        return int(self.sql("SELECT sum(unread + pending) FROM scim.consumers()"))

    def tokens(self, receiver, path=None):
        keys = jwt.PyJWKSet.from_dict(json.loads(self.sql("SELECT scim.jwks()")))
        key = {key.key_id: key for key in keys.keys}
        return [jwt.decode(request["body"], key[jwt.get_unverified_header(request["body"])["kid"]].key,
                           algorithms=["ES256"], options={"verify_aud": False})
                for request in receiver.requests if path in (None, request["path"])]

    def check_everything_came(self, receiver):
        """Each event once at least, and each resource's events in order; none was put aside."""
        self.assertEqual(self.sql("SELECT d.* FROM relayed.delivery d"), "")
        claims = self.tokens(receiver)
        wanted = set(self.sql("SELECT id FROM relayed.event").splitlines())
        self.assertEqual({claim["jti"] for claim in claims}, wanted)
        versions = {}
        for claim in claims:
            (event, payload), = claim["events"].items()
            seen = versions.setdefault(claim["sub_id"]["id"], [])
            version = int(payload["version"].strip('W/"'))
            if version not in seen:
                seen.append(version)
        for seen in versions.values():
            self.assertEqual(seen, sorted(seen))

    def test_security_event_tokens_are_pushed(self):
        receiver = self.receiver()
        self.push("hr", receiver.url("/events?a=b"), authorization="'Bearer s3cret'", audience="ARRAY['https://receiver.example.com']")
        relay = self.relay()
        self.people(3)
        self.wait(lambda: self.pending() == 0)
        self.assertEqual(len(receiver.requests), 3)
        for request in receiver.requests:
            self.assertEqual(request["path"], "/events?a=b")
            self.assertEqual(request["headers"]["Content-Type"], "application/secevent+jwt")
            self.assertEqual(request["headers"]["Accept"], "application/json")
            self.assertEqual(request["headers"]["Authorization"], "Bearer s3cret")
        for claims in self.tokens(receiver):
            self.assertEqual(claims["aud"], ["https://receiver.example.com"])
            self.assertEqual(claims["iss"], "https://scim.example.com/v2")
            self.assertEqual(list(claims["events"]), ["urn:ietf:params:scim:event:prov:create:notice"])
        # it ends when it is told to, and says nothing of secrets
        relay.send_signal(signal.SIGTERM)
        self.assertEqual(relay.wait(10), 0)
        self.assertNotIn("s3cret", self.said(relay))

    def test_all_tenants_of_a_store(self):
        statuses = iter([202])
        first, second = self.receiver(), self.receiver(lambda request: (next(statuses, 400), {}, b""))
        self.push("hr", first.url())
        self.sql("SELECT scim.create_tenant('two', 'https://two.example.com/v2')")
        self.sql("SET scim.tenant = 2; SELECT scim.create_consumer('hr')")
        self.sql("SET scim.tenant = 2; SELECT scim.deliver_by_push('hr', '%s')" % second.url())
        relay = self.relay()
        self.people(1)
        self.sql("SET scim.tenant = 2; INSERT INTO relayed.users (data) VALUES ('{\"userName\": \"only of two\"}')")
        self.wait(lambda: (len(first.requests), len(second.requests)) == (1, 1))
        self.wait(lambda: self.sql("SELECT count(*) FROM relayed.delivery") == "0")
        self.assertEqual([claims["iss"] for claims in self.tokens(second)], ["https://two.example.com/v2"])
        self.assertNotIn("ERROR", self.said(relay))
        # a failure is told for the tenant whose it is
        self.sql("SET scim.tenant = 2; UPDATE relayed.users SET version = version + 1")
        self.wait(lambda: self.sql("SELECT tenant_id, failures > 0 FROM relayed.delivery") == "2|t")
        self.assertNotIn("ERROR", self.said(relay))

    def test_no_token_without_an_issuer(self):
        receiver = self.receiver()
        self.push("hr", receiver.url())
        self.sql("DELETE FROM relayed.setting WHERE name = 'base_url'")
        relay = self.relay()
        self.people(1)
        self.wait(lambda: "base_url" in self.said(relay))
        self.assertEqual(receiver.requests, [])
        self.sql("UPDATE relayed.tenant SET base_url = 'https://one.example.com/v2'")
        self.wait(lambda: self.pending() == 0)
        self.assertEqual([claims["iss"] for claims in self.tokens(receiver)], ["https://one.example.com/v2"])

    def test_webhooks_are_signed(self):
        receiver = self.receiver(lambda request: (200, {}, b"thanks"))
        self.sql("SELECT scim.create_consumer('app')")
        secret = self.sql("SELECT scim.deliver_by_webhook('app', '%s')" % receiver.url("/hook"))
        self.people(2)
        self.sql("UPDATE relayed.users SET active = false WHERE user_name = 'user1'")
        self.relay()
        self.wait(lambda: self.pending() == 0)
        key = base64.b64decode(secret.removeprefix("whsec_"))
        for request in receiver.requests:
            headers = request["headers"]
            text = b"%s.%s.%s" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), request["body"])
            signature = "v1," + base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
            self.assertEqual(headers["webhook-signature"], signature)
            self.assertLess(abs(int(headers["webhook-timestamp"]) - time.time()), 60)
            self.assertEqual(headers["Content-Type"], "application/json")
            self.assertIsNone(headers["Authorization"])
            self.assertEqual(json.loads(request["body"])["id"], headers["webhook-id"])
        told = [json.loads(request["body"]) for request in receiver.requests]
        self.assertEqual(sorted(event["operation"] for event in told), ["create", "create", "suspend"])

    def test_a_receiver_that_is_down(self):
        receiver = Receiver()
        port = receiver.port
        receiver.close()
        self.push("hr", receiver.url())
        self.relay()
        self.people(5)
        self.change(2)
        self.wait(lambda: self.sql("SELECT bool_and(failures > 0 AND last_error ~ 'connect' AND next_attempt_at IS NOT NULL) FROM relayed.delivery "
                                   "WHERE position IN (SELECT min(position) FROM relayed.delivery GROUP BY resource_id)") == "t")
        receiver = self.receiver(port=port)
        self.wait(lambda: self.pending() == 0)
        self.check_everything_came(receiver)
        self.assertEqual(self.sql("SELECT sum(dead) FROM scim.consumers()"), "0")

    def test_kill_9(self):
        receiver = self.receiver(lambda request: (time.sleep(random.random() / 50), (202, {}, b""))[1])
        self.push("hr", receiver.url())
        self.people(20)
        self.change(14)
        begun = time.time()
        while time.time() < begun + 60 and self.pending() > 0:
            relay = self.relay()
            time.sleep(0.2 + random.random() / 2)
            relay.kill()
        self.relay()
        self.wait(lambda: self.pending() == 0)
        self.check_everything_came(receiver)
        self.assertGreater(len(self.running), 2)

    def test_several_relays(self):
        receiver = self.receiver(lambda request: (time.sleep(random.random() / 100), (202, {}, b""))[1])
        for name in "one", "two", "three":
            self.push(name, receiver.url("/" + name))
        relays = [self.relay() for _ in range(3)]
        self.people(20)
        self.change(5)
        self.wait(lambda: self.pending() == 0)
        for name in "one", "two", "three":
            claims = self.tokens(receiver, "/" + name)
            self.assertEqual(len(claims), 120)
            self.assertEqual(len({claim["jti"] for claim in claims}), 120)
        self.check_everything_came(receiver)
        for relay in relays:
            self.assertNotIn("ERROR", self.said(relay))

    def test_nobody_is_sent_elsewhere(self):
        elsewhere = self.receiver()
        receiver = self.receiver(lambda request: (307, {"Location": elsewhere.url("/there")}, b""))
        self.push("hr", receiver.url())
        self.relay()
        self.people(1)
        self.wait(lambda: self.sql("SELECT max(failures) FROM relayed.delivery") not in ("", "0"))
        self.assertEqual(elsewhere.requests, [])
        self.assertIn("HTTP 307", self.sql("SELECT last_error FROM relayed.delivery"))
        # nor by a proxy that the environment names
        self.push("other", receiver.url("/proxied"))
        self.running[0].kill()
        os.environ.update(http_proxy=elsewhere.url(), all_proxy=elsewhere.url())
        try:
            self.relay()
        finally:
            del os.environ["http_proxy"], os.environ["all_proxy"]
        self.change(1)
        self.wait(lambda: any(request["path"] == "/proxied" for request in receiver.requests))
        self.assertEqual(elsewhere.requests, [])

    def test_certificates_are_verified(self):
        with tempfile.TemporaryDirectory() as directory:
            certificate = pathlib.Path(directory) / "certificate.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", directory + "/key.pem", "-out", directory + "/cert.pem",
                            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
            certificate.write_text(pathlib.Path(directory, "key.pem").read_text() + pathlib.Path(directory, "cert.pem").read_text())
            receiver = self.receiver(certificate=certificate)
            self.push("hr", receiver.url(scheme="https", host="localhost"))
            self.push("misnamed", receiver.url(scheme="https"))
            relay = self.relay()
            self.people(1)
            self.wait(lambda: self.sql("SELECT min(failures) FROM relayed.delivery") not in ("", "0"))
            self.assertEqual(receiver.requests, [])
            self.assertEqual(self.sql("SELECT bool_and(last_error ~* 'certificate') FROM relayed.delivery"), "t")
            relay.kill()
            self.relay("-a", directory + "/cert.pem")
            # the name has to be that of the certificate, too
            self.wait(lambda: len(receiver.requests) == 1)
            self.wait(lambda: self.sql("SELECT count(*), min(failures) > 1, bool_and(last_error ~* 'name|subject') FROM relayed.delivery") == "1|t|t")

    # ---- keys of clients

    def certificate(self, directory):
        """One for localhost; its path, and that of key and certificate in one file."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", directory + "/key.pem", "-out", directory + "/cert.pem",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        both = pathlib.Path(directory) / "both.pem"
        both.write_text(pathlib.Path(directory, "key.pem").read_text() + pathlib.Path(directory, "cert.pem").read_text())
        return directory + "/cert.pem", both

    def keys(self, *kids):
        """A key set, and what has signed by it: {kid: private key}."""
        private = {kid: ec.generate_private_key(ec.SECP256R1()) for kid in kids}
        return {"keys": [dict(json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())), kid=kid, use="sig") for kid, key in private.items()]}, private

    def client(self, name, url):
        self.sql("INSERT INTO relayed.authentication_scheme (scheme, keyword, credential, type) VALUES ('OAuth', 'Bearer', 'access_token', 'oauth2') ON CONFLICT DO NOTHING")
        return self.sql("SELECT id FROM scim.create_oauth_client('%s', jwks_uri => '%s')" % (name, url))

    def kids(self, name):
        return self.sql("SELECT string_agg(k ->> 'kid', ',') FROM relayed.client, jsonb_array_elements(jwks -> 'keys') k WHERE name = '%s'" % name)

    def problem(self, name):
        return self.sql("SELECT coalesce(jwks_error, '') FROM relayed.client WHERE name = '%s'" % name)

    def asks(self, name, kid, key):
        """The status of a request for a token."""
        now = int(time.time())
        text = jwt.encode({"iss": name, "sub": name, "aud": "https://scim.example.com/v2", "exp": now + 60, "jti": str(random.random())}, key, "ES256", headers={"kid": kid})
        return self.sql("SELECT status FROM scim.request('POST', '/.oauth/token', '{\"Content-Type\": \"application/x-www-form-urlencoded\"}', 'grant_type=client_credentials"
                        "&client_assertion_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-bearer&client_assertion=%s')" % text)

    def later(self, seconds):
        self.sql("UPDATE relayed.client SET jwks_tried_at = jwks_tried_at - interval '%d seconds', jwks_fetched_at = jwks_fetched_at - interval '%d seconds'" % (seconds, seconds))

    def test_keys_of_clients(self):
        answers = []
        with tempfile.TemporaryDirectory() as directory:
            certificate, both = self.certificate(directory)
            receiver = self.receiver(lambda request: answers[-1], certificate=both)
            url = receiver.url("/keys", scheme="https", host="localhost")
            first, private = self.keys("a")
            answers.append((200, {"Content-Type": "application/jwk-set+json"}, json.dumps(first).encode()))
            self.client("idp", url)
            self.assertEqual(self.asks("idp", "a", private["a"]), "400")
            self.relay("-a", certificate, "-p")
            self.wait(lambda: self.kids("idp") == "a")
            self.assertEqual(self.asks("idp", "a", private["a"]), "200")
            self.assertEqual(self.problem("idp"), "")
            time.sleep(2.5)
            self.assertEqual(len(receiver.requests), 1)

            # the client signs by another key: it is fetched after a minute, and then is as good
            second, new = self.keys("b")
            answers.append((200, {}, json.dumps({"keys": first["keys"] + second["keys"]}).encode()))
            self.assertEqual(self.asks("idp", "b", new["b"]), "400")
            time.sleep(2.5)
            self.assertEqual(len(receiver.requests), 1)
            self.later(61)
            self.wait(lambda: self.kids("idp") == "a,b")
            self.assertEqual(self.asks("idp", "b", new["b"]), "200")
            self.assertEqual(self.asks("idp", "a", private["a"]), "200")

            # what is none leaves those that there are
            for n, (answer, why) in enumerate((((500, {}, b""), "HTTP 500"), ((404, {}, json.dumps(first).encode()), "HTTP 404"), ((302, {"Location": url}, b""), "HTTP 302"),
                                              ((200, {}, b"<html>"), "not JSON"), ((200, {}, b'{"keys": []}'), "has no key"), ((200, {}, b"{" + b" " * 70000 + b"}"), "longer than"),
                                              ((200, {}, b'{"keys": "\xff"}'), "database"), ((200, {}, b'{"keys": \x00}'), "no text"))):
                answers.append(answer)
                self.later(3700)
                self.wait(lambda: why in self.problem("idp"))
                self.assertEqual(self.kids("idp"), "a,b")
            self.assertEqual(self.asks("idp", "b", new["b"]), "200")
            # once an hour, whether somebody asks or not: a key that is gone is not good any more
            answers.append((200, {}, json.dumps(second).encode()))
            self.later(3700)
            self.wait(lambda: self.kids("idp") == "b")
            self.assertEqual(self.problem("idp"), "")
            self.assertEqual(self.asks("idp", "a", private["a"]), "400")

    def test_keys_from_where_nobody_may_look(self):
        with tempfile.TemporaryDirectory() as directory:
            certificate, both = self.certificate(directory)
            receiver = self.receiver(lambda request: (200, {}, json.dumps(self.keys("a")[0]).encode()), certificate=both)
            for name, host in (("named", "localhost"), ("numbered", "127.0.0.1"), ("mapped", "[::ffff:127.0.0.1]"), ("private", "10.0.0.1"), ("link", "169.254.169.254"), ("six", "[fd00::1]"), ("self", "[::1]"), ("zero", "0.0.0.0")):
                self.client(name, receiver.url("/keys", scheme="https", host=host))
            relay = self.relay("-a", certificate)
            self.wait(lambda: self.sql("SELECT count(*) FROM relayed.client WHERE jwks_error IS NULL") == "0")
            self.assertEqual(self.sql("SELECT string_agg(DISTINCT jwks_error, ',') FROM relayed.client"), "the address is that of a private network", self.said(relay))
            self.assertEqual(receiver.requests, [])
            # and from there only with a certificate that is good
            relay.kill()
            self.sql("UPDATE relayed.client SET jwks_tried_at = NULL, revoked_at = CASE WHEN name IN ('named', 'numbered') THEN NULL ELSE now() END")
            self.relay("-p")
            self.wait(lambda: "certificate" in self.problem("named"))
            self.assertEqual(receiver.requests, [])

    def test_keys_that_never_come(self):
        """Who does not answer holds up neither other keys nor events."""
        with tempfile.TemporaryDirectory() as directory:
            certificate, both = self.certificate(directory)
            stuck = socket.create_server(("127.0.0.1", 0))
            self.addCleanup(stuck.close)
            good = self.receiver(lambda request: (200, {}, json.dumps(self.keys("a")[0]).encode()), certificate=both)
            events = self.receiver()
            self.client("stuck", "https://localhost:%d/" % stuck.getsockname()[1])
            self.client("good", good.url(scheme="https", host="localhost"))
            self.push("hr", events.url())
            self.relay("-a", certificate, "-p", "-t", "3")
            self.wait(lambda: self.kids("good") == "a")
            self.people(1)
            self.wait(lambda: len(events.requests) == 1)
            self.wait(lambda: "time" in self.problem("stuck").lower())

    def test_what_the_receiver_says_is_kept(self):
        receiver = self.receiver(lambda request: (400, {}, b'{"err": "invalid_audience",\n "description": "\xff not for me"}'))
        self.push("hr", receiver.url())
        self.sql("UPDATE relayed.consumer SET max_attempts = 1")
        self.relay()
        self.people(1)
        self.wait(lambda: self.sql("SELECT count(*) FROM scim.dead_events('hr')") == "1")
        error = self.sql("SELECT last_error FROM scim.dead_events('hr')")
        self.assertTrue(error.startswith('HTTP 400: {"err": "invalid_audience"'), error)
        self.assertEqual(len(receiver.requests), 1)

    def raw(self, status, then):
        """A receiver that answers with headers, and then as it likes; returns its port and what it has got."""
        listener = socket.create_server(("127.0.0.1", 0))
        got = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, contextlib.suppress(OSError):
                        got.append(connection.recv(65536))
                        connection.sendall(b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" % status)
                        then(connection)

        thread = threading.Thread(target=serve, daemon=True)

        def close():
            # who waits in accept() would go on with whatever has the number of the socket next: another test's receiver
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            listener.close()

        self.addCleanup(close)
        thread.start()
        return listener.getsockname()[1], got

    def test_an_answer_without_end(self):
        sent = []

        def flood(connection):
            sent.append(0)
            while sent[-1] < 500_000_000:
                connection.sendall(b"x" * 65536)
                sent[-1] += 65536

        port, got = self.raw(b"202 Accepted", flood)
        self.push("hr", "http://127.0.0.1:%d/" % port)
        refusing, _ = self.raw(b"400 Bad Request", flood)
        self.push("refused", "http://127.0.0.1:%d/" % refusing)
        silent, _ = self.raw(b"202 Accepted", lambda connection: time.sleep(5))
        self.push("slow", "http://127.0.0.1:%d/" % silent)
        self.sql("UPDATE relayed.consumer SET max_attempts = 1, lease = '1 minute'")
        self.relay("-t", "2")
        self.people(1)
        # the status counts, whatever follows
        self.wait(lambda: self.sql("SELECT string_agg(name || ' ' || unread + pending || ' ' || dead, ', ' ORDER BY name) FROM scim.consumers()")
                  == "hr 0 0, refused 0 1, slow 0 0", 20)
        self.assertEqual(len(got), 1)
        self.assertLess(sum(sent), 50_000_000)
        self.assertTrue(self.sql("SELECT last_error FROM scim.dead_events('refused')").startswith("HTTP 400: xxx"))

    def test_retry_after(self):
        answers = iter([(503, {"Retry-After": "3"}, b"")])
        receiver = self.receiver(lambda request: next(answers, (202, {}, b"")))
        self.push("hr", receiver.url())
        self.relay()
        self.people(1)
        self.wait(lambda: self.pending() == 0)
        self.assertGreater(receiver.requests[1]["begun"] - receiver.requests[0]["begun"], 2.9)

    def test_who_is_slow_holds_up_nobody_else(self):
        slow = self.receiver(lambda request: (time.sleep(3), (202, {}, b""))[1])
        fast = self.receiver()
        self.push("slow", slow.url())
        self.push("fast", fast.url())
        self.relay("-t", "1")
        self.people(10)
        self.wait(lambda: len(slow.requests) > 0 and len(fast.requests) == 10, 10)
        self.wait(lambda: "imed out" in self.sql("SELECT max(last_error) FROM relayed.delivery"))

    def test_the_database_goes_away(self):
        receiver = self.receiver()
        self.push("hr", receiver.url())
        self.relay()
        self.people(1)
        self.wait(lambda: self.pending() == 0)
        self.assertEqual(self.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'scim_relay'"), "1")
        self.change(1)
        self.wait(lambda: self.pending() == 0)
        self.check_everything_came(receiver)


if __name__ == "__main__":
    unittest.main(verbosity=2)
