"""One application of doc/examples, by the same requests as the others.

    test_application.py COMMAND...          the command serves on $PORT
"""
import json
import subprocess
import sys
import threading
import time
import unittest
import uuid

from harness import ERROR, PATCH_OP, SCIM_JSON, USER, Application, make_token, restart, sql

COMMAND = sys.argv[1:]
GO = any("/go/" in word for word in COMMAND)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.application = Application(COMMAND)
        cls.token = make_token()

    @classmethod
    def tearDownClass(cls):
        status = cls.application.stop()
        if status != 0:
            raise SystemExit("it ended with %d:\n%s" % (status, cls.application.said))

    def send(self, *arguments, **options):
        return self.application.send(*arguments, **{"token": self.token, **options})

    def create(self, **attributes):
        answer = self.send("POST", "/Users", {"schemas": [USER], "userName": uuid.uuid4().hex, **attributes})
        self.assertEqual(answer.status, 201, answer.body)
        return answer

    def raw(self, method, target, *lines, body=b""):
        """A request whose lines are bytes; the status of the answer, and all of it."""
        answer = self.application.raw(b"\r\n".join((
            b"%s /scim/v2%s HTTP/1.1" % (method, target), b"Host: a", b"Connection: close", b"Content-Length: %d" % len(body), *lines, b"", body)))
        self.assertRegex(answer, rb"^HTTP/1\.1 \d\d\d ")
        return int(answer[9:12]), answer

    @property
    def bearer(self):
        return b"Authorization: Bearer " + self.token.encode()

    def refused(self, answer, status):
        """An error as RFC 7644 has it."""
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], SCIM_JSON)
        self.assertIn(ERROR, answer.json["schemas"])
        self.assertEqual(answer.json["status"], str(status))
        self.assertTrue(answer.json["detail"])
        if status == 503:
            self.assertGreater(int(answer.headers["Retry-After"]), 0)


class Credentials(Case):
    def test_none_and_wrong_ones(self):
        for headers in {}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic d3Jvbmc6d3Jvbmc="}, {"Authorization": "Bearer"}:
            for method, path in ("GET", "/Users"), ("GET", "/nowhere"), ("DELETE", "/Users/1"), ("POST", "/Bulk"):
                answer = self.send(method, path, headers=headers, token=None)
                self.refused(answer, 401)
                self.assertTrue(answer.headers["WWW-Authenticate"].startswith("Bearer"))

    def test_bytes_that_are_no_text(self):
        for value in b"Bearer \xe9", "Bearer \u00e9".encode(), b"Bearer \xff\xfe":
            self.assertEqual(self.raw(b"GET", b"/Users", b"Authorization: " + value)[0], 401, value)
        self.assertEqual(self.raw(b"GET", b"/Users", b"Authorization: Bearer a\0b")[0], 400)

    def test_twice(self):
        self.assertEqual(self.raw(b"GET", b"/Users?count=0", self.bearer)[0], 200)
        self.assertEqual(self.raw(b"GET", b"/Users?count=0", self.bearer, b"Authorization: Bearer wrong")[0], 401)

    def test_revoked(self):
        token = make_token()
        self.assertEqual(self.send("GET", "/Users?count=0", token=token).status, 200)
        sql("SELECT scim.revoke_token('%s')" % sql("SELECT id FROM directory.token ORDER BY created DESC LIMIT 1"))
        self.refused(self.send("GET", "/Users?count=0", token=token), 401)

    def test_scopes(self):
        token = sql("SELECT secret FROM scim.create_token('%s', scopes => '{Group}')" % uuid.uuid4().hex)
        self.refused(self.send("GET", "/Users", token=token), 403)
        self.assertEqual(self.send("GET", "/Groups?count=0", token=token).status, 200)


class Targets(Case):
    def test_encoded_ids(self):
        for path in "/Users/%3Fcount=0", "/Users/a%2Fb", "/Users/%C3%A9", "/Users/%2e%2e", "/Users/%00", "/Users/%FF":
            answer = self.send("GET", path)
            self.assertIn(answer.status, (400, 404), path)
            self.refused(answer, answer.status)
        answer = self.send("GET", "/Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser")
        self.assertEqual((answer.status, answer.json["id"]), (200, USER))
        created = self.create().json["id"]
        encoded = "".join("%%%02X" % ord(character) for character in created)
        self.assertEqual(self.send("GET", "/Users/" + encoded).json["id"], created)

    def test_nothing_is_cleaned(self):
        for path in "//Users", "/Users/../Users", "/Users/./x":
            answer = self.send("GET", path)
            self.assertNotIn(answer.status, (301, 302, 307, 308, 500, 503), path)

    def test_bytes_that_are_no_text(self):
        for target in b"/scim/v2/Users/\xff", b"/scim/v2/Users?filter=\xc3\x28":
            answer = self.application.raw(b"GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n" % (
                target, self.token.encode()))
            self.assertRegex(answer, rb"^HTTP/1\.1 4\d\d ", target)

    def test_what_is_not_ascii(self):
        for target in b"/Users\0", b"/Users?\x01", b"/Users?\x7f", b"/Users?a\tb", '/Users?filter=userName+eq+"\u00e9"'.encode():
            self.assertEqual(self.raw(b"GET", target, self.bearer)[0], 400, target)

    def test_plus_and_space(self):
        mark = uuid.uuid4().hex
        for name in "a b", "a+b":
            self.create(displayName=name + mark)

        def found(query):
            return [r["displayName"].removesuffix(mark) for r in self.send("GET", "/Users?filter=" + query).json["Resources"]]

        self.assertEqual(found("displayName+eq+%22a+b" + mark + "%22"), ["a b"])
        self.assertEqual(found("displayName+eq+%22a%2Bb" + mark + "%22"), ["a+b"])
        self.assertEqual(found("displayName%20eq%20%22a%20b" + mark + "%22"), ["a b"])
        self.assertEqual(found("displayName%20eq%20%22a+b" + mark + "%22"), ["a+b"])

    def test_a_long_filter(self):
        query = "+or+".join("userName+eq+%22" + uuid.uuid4().hex + "%22" for _ in range(100))
        self.assertEqual(self.send("GET", "/Users?filter=" + query).json["totalResults"], 0)


class Bodies(Case):
    def test_a_megabyte(self):
        title = "\u00e9\u4e2d\U0001f600 x" * 100000
        for chunked in False, True:
            answer = self.send("POST", "/Users", {"schemas": [USER], "userName": uuid.uuid4().hex, "title": title}, chunked=chunked)
            self.assertEqual(answer.status, 201, answer.body[:300])
            self.assertEqual(self.send("GET", "/Users/" + answer.json["id"]).json["title"], title)

    def test_too_long(self):
        for chunked in False, True:
            self.refused(self.send("POST", "/Users", b" " * 11000000, chunked=chunked), 413)
        self.assertEqual(self.send("GET", "/Users?count=0").status, 200)

    def test_what_is_cut_off(self):
        head = b"POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: application/scim+json\r\n" % (
            self.token.encode())
        name = uuid.uuid4().hex
        document = json.dumps({"schemas": [USER], "userName": name}).encode()
        for data in (b"Content-Length: %d\r\n\r\n%s" % (len(document) + 10, document),
                     b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(document), document),
                     b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nno chunk\r\n" % (len(document), document)):
            answer = self.application.raw(head + data, end=True)
            self.assertRegex(answer, rb"^(HTTP/1\.1 400 |$)", data)     # who has gone may get none
        self.assertEqual(sql("SELECT count(*) FROM directory.users WHERE user_name = '%s'" % name), "0")

    def test_bytes_that_are_no_text(self):
        answer = self.send("POST", "/Users", b'{"userName": "\xff"}')
        self.refused(answer, 400)
        self.assertIn("UTF-8", answer.json["detail"])

    def test_what_is_not_taken(self):
        answer = self.send("POST", "/Users", b"{}", {"Content-Encoding": "gzip"})
        self.refused(answer, 415)
        self.assertEqual(answer.headers["Accept-Encoding"], "identity")
        self.refused(self.send("POST", "/Users", b"<xml/>", {"Content-Type": "text/xml"}), 415)
        self.refused(self.send("POST", "/Users", b"{"), 400)
        self.refused(self.send("POST", "/Users", b""), 400)

    def test_a_part_is_not_the_whole(self):
        created = self.create(title="x")
        answer = self.send("PUT", "/Users/" + created.json["id"], {"schemas": [USER], "userName": "part"}, {"Content-Range": "bytes 0-5/1000"})
        self.refused(answer, 400)
        self.assertEqual(self.send("GET", "/Users/" + created.json["id"]).json["title"], "x")

    def test_bulk(self):
        answer = self.send("POST", "/Bulk", {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"schemas": [USER], "userName": uuid.uuid4().hex}},
                {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "g", "members": [{"value": "bulkId:u"}]}},
                {"method": "DELETE", "path": "/Users/" + str(uuid.uuid4())}]})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual([operation["status"] for operation in answer.json["Operations"]], ["201", "201", "404"])
        group = self.send("GET", answer.json["Operations"][1]["location"].partition("/scim/v2")[2])
        self.assertEqual(len(group.json["members"]), 1)


class Headers(Case):
    def test_location_and_version(self):
        created = self.create()
        self.assertEqual(created.headers["Location"], created.json["meta"]["location"])
        self.assertTrue(created.headers["Location"].startswith("http"))
        self.assertEqual(created.headers["ETag"], 'W/"1"')
        self.refused(self.send("POST", "/Users", {"schemas": [USER], "userName": created.json["userName"]}), 409)

    def test_conditions(self):
        created = self.create()
        path, tag = "/Users/" + created.json["id"], created.headers["ETag"]
        change = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "title", "value": "x"}]}
        answer = self.send("GET", path, headers={"If-None-Match": tag})
        self.assertEqual((answer.status, answer.body, answer.headers["ETag"]), (304, b"", tag))
        self.refused(self.send("PATCH", path, change, {"If-Match": 'W/"7"'}), 412)
        self.refused(self.send("DELETE", path, headers={"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}), 412)
        answer = self.send("PATCH", path, change, {"If-Match": tag})
        self.assertEqual((answer.status, answer.headers["ETag"]), (200, 'W/"2"'))
        self.assertEqual(self.send("GET", path, headers={"If-None-Match": tag}).status, 200)
        self.assertEqual(self.send("GET", path, headers={"If-None-Match": 'W/"9", W/"2"'}).status, 304)
        self.refused(self.send("PUT", path, {"schemas": [USER], "userName": "x"}, {"If-None-Match": "*"}), 412)

    def test_two_lines(self):
        """They are one list (RFC 9110 section 5.3)."""
        path = b"/Users/" + self.create().json["id"].encode()
        change = json.dumps({"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "title", "value": "x"}]}).encode()
        json_type, other_type = b"Content-Type: application/scim+json", b"Content-Type: text/html"

        def status(method, *lines, body=b""):
            return self.raw(method, path, self.bearer, *lines, body=body)[0]

        self.assertEqual(status(b"GET", b"Accept: text/html", b"Accept: application/scim+json"), 200)
        self.assertEqual(status(b"GET", b"Accept: application/scim+json", b"Accept: text/html"), 200)
        self.assertEqual(status(b"GET", b"Accept: text/html"), 406)
        self.assertEqual(status(b"GET", b'If-None-Match: W/"9"', b'If-None-Match: W/"1"'), 304)
        self.assertEqual(status(b"PATCH", json_type, other_type, body=change), 415)
        self.assertEqual(status(b"PATCH", other_type, json_type, body=change), 415)
        self.assertEqual(status(b"PATCH", json_type, b"Content-Encoding: identity", b"Content-Encoding: gzip", body=change), 415)
        self.assertEqual(status(b"PATCH", json_type, b'If-Match: W/"9"', b'If-Match: W/"8"', body=change), 412)
        self.assertEqual(status(b"PATCH", json_type, b'If-Match: W/"9"', b'If-Match: W/"1"', body=change), 200)
        self.assertEqual(status(b"PATCH", json_type, b"Prefer: handling=lenient", b"Prefer: return=minimal", body=change.replace(b'"x"', b'"y"')), 204)

    def test_minimal(self):
        path = "/Users/" + self.create().json["id"]
        answer = self.send("PATCH", path, {"schemas": [PATCH_OP], "Operations": [
            {"op": "replace", "path": "title", "value": "x"}]}, {"Prefer": "return=minimal"})
        self.assertEqual((answer.status, answer.body), (204, b""))
        answer = self.send("DELETE", path)
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.refused(self.send("GET", path), 404)

    def test_request_id(self):
        given = uuid.uuid4().hex
        answer = self.send("POST", "/Users", {"schemas": [USER], "userName": given}, {"X-Request-Id": given})
        self.assertEqual(answer.headers["X-Request-Id"], given)
        self.assertEqual(sql("SELECT name FROM directory.activity WHERE request_id = '%s'" % given), given)
        for odd in {}, {"X-Request-Id": "\u00e9"}, {"X-Request-Id": "x" * 300}:
            answer = self.send("POST", "/Users", {"schemas": [USER], "userName": uuid.uuid4().hex}, odd)
            made = answer.headers["X-Request-Id"]
            self.assertTrue(16 <= len(made) <= 200 and made.isascii(), made)
            self.assertEqual(sql("SELECT count(*) FROM directory.activity WHERE request_id = '%s'" % made), "1")
        self.assertTrue(self.send("GET", "/Users", token=None).headers["X-Request-Id"])

    def test_who_did_it(self):
        name = self.create().json["userName"]
        self.assertEqual(sql("SELECT db_user, token IS NOT NULL FROM directory.activity WHERE name = '%s'" % name), "portal|t")


class Methods(Case):
    def test_head(self):
        path = "/Users/" + self.create().json["id"]
        connection = self.application.connect()
        got = self.send("GET", path, connection=connection)
        answer = self.send("HEAD", path, connection=connection)
        self.assertEqual((answer.status, answer.body, answer.headers["ETag"]), (200, b"", got.headers["ETag"]))
        self.assertEqual(int(answer.headers["Content-Length"]), len(got.body))
        # the connection is good for the next one
        self.assertEqual(self.send("GET", path, connection=connection).body, got.body)
        answer = self.send("HEAD", "/Users/" + str(uuid.uuid4()), connection=connection)
        self.assertEqual((answer.status, answer.body), (404, b""))
        self.assertEqual(self.send("GET", path, connection=connection).status, 200)
        connection.close()

    def test_others(self):
        answer = self.send("OPTIONS", "/Users")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertIn("POST", answer.headers["Allow"])
        for method in "TRACE", "PUT", "DELETE", "PROPFIND", "FOO":
            answer = self.send(method, "/Users")
            self.refused(answer, 405)
            self.assertIn("POST", answer.headers["Allow"])

    def test_a_status_of_ones_own(self):
        """An endpoint may answer one that has no name."""
        sql("""INSERT INTO directory.endpoint (name, methods, path, resource_type, action, settings) VALUES
            ('hire', '{POST}', '/hire', 'User', 'create', '{"fields": {"login": "userName"}, "status": 299}')""")
        name = uuid.uuid4().hex
        body = json.dumps({"login": name}).encode()
        answer = self.application.raw(b"POST /hire HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
            self.bearer, len(body), body))
        sql("DELETE FROM directory.endpoint WHERE name = 'hire'")
        self.assertRegex(answer, rb"^HTTP/1\.1 299 ")
        self.assertEqual(sql("SELECT count(*) FROM directory.users WHERE user_name = '%s'" % name), "1")

    def test_what_is_no_request(self):
        for data in (b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 2000000 + b"\r\n\r\n",
                     b"GET /scim/v2/Users?" + b"x" * 2000000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                     b"GET /scim/v2/Users HTTP/1.1\r\n%s\r\n\r\n" % self.bearer,
                     b"NO HTTP\r\n\r\n"):
            answer = self.application.raw(data)
            self.assertRegex(answer, rb"^HTTP/1\.1 4(31|14) " if len(data) > 1000000 else rb"^HTTP/1\.1 4\d\d ", data[:40])
            # what Go's library refuses before there is a request has its own body
            if not GO or data.startswith(b"CONNECT"):
                self.assertIn(ERROR.encode(), answer, data[:40])


class Database(Case):
    """What becomes of requests while connections and servers die."""
    restarts = []

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        print("\n".join(cls.restarts), flush=True)

    def load(self, meanwhile):
        """Eight clients at a time that create people; the answers that they got."""
        answers, failures, ended = [], [], threading.Event()

        def client():
            while not ended.is_set():
                name = uuid.uuid4().hex
                try:
                    answer = self.send("POST", "/Users", {"schemas": [USER], "userName": name})
                    answers.append((name, answer))
                    if answer.status == 503:
                        ended.wait(0.1)
                except Exception as error:
                    failures.append(repr(error))

        clients = [threading.Thread(target=client) for _ in range(8)]
        for thread in clients:
            thread.start()
        try:
            meanwhile()
        finally:
            ended.set()
            for thread in clients:
                thread.join()
        self.assertEqual(failures[:3], [])
        return answers

    def judge(self, answers):
        """No acknowledged write is lost, and there is no other answer than 201 and 503."""
        for _, answer in answers:
            if answer.status != 201:
                self.refused(answer, 503)
        made = {name for name, answer in answers if answer.status == 201}
        self.assertTrue(made)
        kept = sql("SELECT count(*) FROM directory.users WHERE deleted_at IS NULL AND user_name IN ('%s')" % "','".join(made))
        self.assertEqual(int(kept), len(made))
        return sum(answer.status == 503 for _, answer in answers)

    def back(self):
        """It answers again within seconds, and then goes on to."""
        for _ in range(100):
            answer = self.send("GET", "/Users?count=0")
            if answer.status == 200:
                break
            self.refused(answer, 503)
            time.sleep(0.1)
        time.sleep(3)
        for _ in range(30):
            self.assertEqual(self.send("GET", "/Users?count=0").status, 200)

    def test_restart_under_load(self):
        for mode in "fast", "immediate":
            def meanwhile():
                time.sleep(2)
                restart(mode)
                time.sleep(3)

            answers = self.load(meanwhile)
            refused = self.judge(answers)
            self.assertEqual(answers[-1][1].status, 201)
            self.restarts.append("%s restart: %d answers, %d of them 503" % (mode, len(answers), refused))
            self.back()

    def test_connections_die(self):
        def meanwhile():
            for _ in range(20):
                sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'portal'")
                time.sleep(0.1)

        self.judge(self.load(meanwhile))
        self.back()

    def test_the_first_after_a_restart(self):
        for _ in range(30):         # all processes have connections
            self.assertEqual(self.send("GET", "/Users?count=0").status, 200)
        restart("fast")
        time.sleep(1)
        self.assertEqual([self.send("GET", "/Users?count=0").status for _ in range(30)], [200] * 30)

    def test_who_waits_too_long(self):
        """For a connection five seconds, while others have it for longer."""
        sql("CREATE FUNCTION directory.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(7); RETURN NULL; END'",
            "CREATE TRIGGER slow AFTER INSERT ON directory.users FOR EACH ROW WHEN (new.user_name LIKE 'slow-%') EXECUTE FUNCTION directory.slow()")
        answers = []

        def ask():
            began = time.monotonic()
            answer = self.send("POST", "/Users", {"schemas": [USER], "userName": "slow-" + uuid.uuid4().hex})
            answers.append((answer, time.monotonic() - began))

        clients = [threading.Thread(target=ask) for _ in range(24)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        sql("DROP FUNCTION directory.slow() CASCADE")
        waited = [seconds for answer, seconds in answers if answer.status != 201]
        self.assertGreaterEqual(len(waited), 24 - 16)       # Python has eight for each of two processes
        self.assertLess(max(waited), 6.5)
        self.assertLess(max(seconds for _, seconds in answers), 6.5 + 7)
        for answer, _ in answers:
            if answer.status != 201:
                self.refused(answer, 503)

    def test_more_than_connections(self):
        results = []

        def ask():
            results.append(self.send("GET", "/Users?count=0").status)

        clients = [threading.Thread(target=ask) for _ in range(60)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        self.assertEqual(results, [200] * 60)

    def locked(self, path):
        """A session that keeps somebody locked until its standard input ends."""
        session = subprocess.Popen(["psql", "-Xq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stdin.write("BEGIN; SELECT 'locked' FROM directory.users WHERE id = '%s' FOR UPDATE;\n" % path.rpartition("/")[2])
        session.stdin.flush()
        while "locked" not in session.stdout.readline():
            pass
        return session

    def test_a_lock(self):
        path = "/Users/" + self.create().json["id"]
        session = self.locked(path)
        try:
            self.refused(self.send("DELETE", path), 503)
        finally:
            session.communicate()
        self.assertEqual(self.send("DELETE", path).status, 204)

    def test_ends_when_all_is_answered(self):
        application = Application(COMMAND)
        path = "/Users/" + self.create().json["id"]
        session = self.locked(path)
        answers = []
        client = threading.Thread(target=lambda: answers.append(application.send("DELETE", path, token=self.token)))
        client.start()
        time.sleep(0.5)
        application.process.terminate()
        time.sleep(0.5)
        self.assertIsNone(application.process.poll())
        session.communicate()
        client.join()
        self.assertEqual([answer.status for answer in answers], [204], application.output())
        self.assertEqual(application.process.wait(30), 0, application.output())
        application.log.close()
        with self.assertRaises(ConnectionRefusedError):
            application.send("GET", "/Users")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
