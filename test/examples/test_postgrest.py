"""PostgREST behind pgbouncer in transaction mode: nginx as bin/test has started it, and a
PostgREST in the place of its own, with one connection of the server for all."""
import http.client
import json
import os
import re
import subprocess
import threading
import time
import unittest
import urllib.parse
import uuid

from harness import SCIM_JSON, STACK, USER, PgBouncer, make_token, sql

URL = urllib.parse.urlsplit(os.environ["SCIM_URL"])


def send(method, path, token, body=None):
    connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=60)
    try:
        connection.request(method, URL.path + path, body and json.dumps(body),
                           {"Authorization": "Bearer " + token, "Content-Type": SCIM_JSON})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


class PostgREST(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pooler = PgBouncer(max_client_conn=100)
        configuration = (STACK / "postgrest.conf").read_text()
        changes = {"db-uri": '"host=%s port=%d user=authenticator dbname=pooled_authenticator"' % (cls.pooler.directory, cls.pooler.port),
                   "db-prepared-statements": "false", "db-channel-enabled": "false"}
        for name, value in changes.items():
            configuration, found = re.subn("(?m)^%s = .*$" % name, "%s = %s" % (name, value), configuration)
            assert found == 1, name
        (cls.pooler.directory / "postgrest.conf").write_text(configuration)
        (STACK / "postgrest.sock").unlink(missing_ok=True)
        cls.log = open(cls.pooler.directory / "postgrest.log", "w")
        cls.process = subprocess.Popen([STACK / "postgrest", cls.pooler.directory / "postgrest.conf"], stdin=subprocess.DEVNULL,
                                       stdout=cls.log, stderr=cls.log)
        for _ in range(300):
            if send("GET", "/ServiceProviderConfig", make_token())[0] == 200:
                return
            time.sleep(0.1)
        raise SystemExit((cls.pooler.directory / "postgrest.log").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(30)
        cls.log.close()
        cls.pooler.stop()

    def test_tenants_at_the_same_time(self):
        tenants = 1, int(sql("SELECT scim.create_tenant('%s')" % uuid.uuid4().hex))
        mark, wrong = uuid.uuid4().hex, []

        def client(tenant, token):
            for _ in range(10):
                name = "%s-%d-%s" % (mark, tenant, uuid.uuid4().hex)
                status, body = send("POST", "/Users", token, {"schemas": [USER], "userName": name})
                if status != 201:
                    wrong.append(body)
                status, body = send("GET", "/Users?count=200&filter=userName+sw+%22" + mark + "%22", token)
                names = [r["userName"] for r in json.loads(body).get("Resources", [])]
                if name not in names or not all(n.startswith("%s-%d-" % (mark, tenant)) for n in names):
                    wrong.append(names)
                status, body = send("GET", "/Users", "wrong")
                if status != 401:
                    wrong.append(body)

        clients = [threading.Thread(target=client, args=(tenant, token))
                   for tenant in tenants for token in [make_token(tenant)] * 3]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual(sql("SELECT tenant_id, count(*) FROM directory.users WHERE user_name LIKE '%s%%' GROUP BY 1 ORDER BY 1" % mark),
                         "1|30\n%d|30" % tenants[1])
        self.assertEqual(sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'authenticator'"), "1")

    def test_bounds_of_time_hold(self):
        """ALTER ROLE authenticator SET: on the connection of the server."""
        user = json.loads(send("POST", "/Users", make_token(), {"schemas": [USER], "userName": uuid.uuid4().hex})[1])["id"]
        session = subprocess.Popen(["psql", "-Xq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stdin.write("BEGIN; SELECT 'locked' FROM directory.users WHERE id = '%s' FOR UPDATE;\n" % user)
        session.stdin.flush()
        while "locked" not in session.stdout.readline():
            pass
        began = time.monotonic()
        self.assertEqual(send("DELETE", "/Users/" + user, make_token())[0], 503)
        self.assertTrue(3 < time.monotonic() - began < 20)
        session.communicate()
        self.assertEqual(send("DELETE", "/Users/" + user, make_token())[0], 204)


if __name__ == "__main__":
    unittest.main(verbosity=2)
