"""What those see who watch the service: whether it lives and can serve, the log of its
requests, figures for Prometheus."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from service import STACK, URL, ServiceTest, make_jwt, make_tenant, make_token, new_name, new_user, patch, send, sql
from test_outage import free_port, pg_ctl, start_postgrest, stop_postgrest, wait_until

CONF = pathlib.Path(__file__).parents[2] / "conf"
LOG = STACK / "requests.log"
GRANTED = "conf/postgrest.sql grants it to the gateway, and setup.sql of scim-configure does both"


def psql(*arguments, role=None, tenant=1):
    options = "-c client_min_messages=warning -c scim.tenant=%d" % tenant + (" -c role=%s" % role if role else "")
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *map(str, arguments)],
                          env=dict(os.environ, PGOPTIONS=options), capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def parts_of(token):
    """tenant, id and secret part of scim_TENANT_ID_RANDOM"""
    return token.split("_")[1:]


class Health(ServiceTest):
    def probe(self, path, status=200, method="GET"):
        answer = send(method, path, base="")
        self.assertEqual(answer.status, status, answer.body[:500])
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Retry-After"] is not None, status == 503)
        for secret in ("PGRST", "postgrest.sock", str(STACK), "authenticator"):
            self.assertNotIn(secret, answer.text + str(answer.headers))
        return answer

    def assertNotReady(self, problem):
        answer = self.probe("/readyz", 503)
        self.assertEqual(answer.json["status"], "not ready")
        self.assertRegex(" ".join(answer.json["problems"]), problem)
        self.assertTrue(answer.headers["Retry-After"].isdigit())
        self.assertEqual(self.probe("/readyz", 503, "HEAD").body, b"")
        return answer.json

    def test_alive(self):
        self.assertEqual(self.probe("/healthz").json, {"status": "alive"})
        self.assertEqual(self.probe("/healthz?x=eq.1&limit=9").json, {"status": "alive"})
        self.assertEqual(self.probe("/healthz", method="HEAD").body, b"")

    def test_ready(self):
        ready = self.probe("/readyz?select=none").json
        self.assertEqual((ready["status"], ready["writable"], ready["problems"]), ("ready", True, []))
        self.assertGreater(ready["stores"], 0)

    def test_wrong_credentials_do_not_matter(self):
        for headers in ([("Authorization", "Bearer wrong")], [("Authorization", "Bearer " + make_jwt(exp=1))],
                        [("Accept", "text/html")], [("Range", "0-0")], [("Prefer", "count=exact")]):
            self.assertEqual(send("GET", "/readyz", headers=headers, base="").status, 200)

    def test_other_methods(self):
        for path in ("/healthz", "/readyz"):
            for method in ("POST", "PUT", "DELETE", "OPTIONS"):
                answer = send(method, path, base="")
                self.assertError(answer, 405)
                self.assertEqual(answer.headers["Allow"], "GET, HEAD")

    def test_store_of_another_version(self):
        version = sql("SELECT version FROM directory.store")
        try:
            sql("SET session_replication_role = replica; UPDATE directory.store SET version = '0.0.9'")
            self.assertTrue(self.assertNotReady('store "directory" is of version 0.0.9')["writable"])
            self.probe("/healthz")
        finally:
            sql("SET session_replication_role = replica; UPDATE directory.store SET version = '%s'" % version)
        self.probe("/readyz")

    def test_one_store_of_several(self):
        sql("SELECT scim.create_store('second')")
        try:
            self.probe("/readyz")       # nobody has granted it to the gateway
            sql("GRANT USAGE ON SCHEMA second TO scim_anon")
            self.assertNotReady('role "scim_client" lacks grants on store "second"')
            psql("-v", "store=second", "-f", CONF / "postgrest.sql")
            self.assertEqual(self.probe("/readyz").json["stores"], 2)
            sql('ALTER SCHEMA second RENAME TO "zwe\u00efte"')
            sql('SET session_replication_role = replica; UPDATE "zwe\u00efte".store SET version = \'0.0.9\'')
            self.assertNotReady('store "zwe[?]+te" is of version')
            sql('ALTER SCHEMA "zwe\u00efte" RENAME TO second')
        finally:
            sql("DROP SCHEMA second CASCADE")

    def test_stores_of_the_server(self):
        """A server that says which stores it serves is ready by these."""
        port = free_port()
        try:
            for stores, status, number, problems in (("directory", 200, 1, []), ("directory absent gone", 503, 1, ["absent", "gone"]), ("absent", 503, 0, ["absent"])):
                (STACK / "servers" / "ready.conf").write_text(
                    'server { listen 127.0.0.1:%d; set $scim_stores "%s"; include scim_server.conf; }' % (port, stores))
                os.kill(int((STACK / "nginx.pid").read_text()), signal.SIGHUP)
                wanted = (status, number, ['there is no store "%s" that may be used: scim.create_store(\'%s\') makes it, %s' % (name, name, GRANTED) for name in problems])

                def answers():
                    # the former worker of nginx may still be there
                    answer = listens(port) and send("GET", "/readyz", base="", port=port)
                    return answer and (answer.status, answer.json["stores"], answer.json["problems"]) == wanted
                wait_until(answers)
                # what the client says of it does not count
                headers = [("X-Scim-Stores", "other"), ("X-Scim-Stores", "directory")]
                wait_until(lambda: send("GET", "/readyz", headers=headers, base="", port=port).status == status)
            self.assertEqual(send("GET", "/readyz", headers=headers, base="").status, 200)
        finally:
            (STACK / "servers" / "ready.conf").unlink()
            os.kill(int((STACK / "nginx.pid").read_text()), signal.SIGHUP)

    def test_no_store(self):
        sql("ALTER SCHEMA directory RENAME TO elsewhere; REVOKE USAGE ON SCHEMA elsewhere FROM scim_anon")
        try:
            answer = self.assertNotReady("there is no store that may be used")
            self.assertEqual(answer["problems"], ["there is no store that may be used: scim.create_store() makes one, " + GRANTED])
            self.probe("/healthz")
        finally:
            sql("ALTER SCHEMA elsewhere RENAME TO directory; GRANT USAGE ON SCHEMA directory TO scim_anon")
        self.probe("/readyz")

    def test_no_extension(self):
        """What is left where it was dropped, or a database of before is behind the gateway."""
        database = sql("SELECT current_database()")
        for gone, back in (("ALTER FUNCTION scim.readiness(text, text[]) RENAME TO gone", "ALTER FUNCTION scim.gone(text, text[]) RENAME TO readiness"),
                           ("ALTER SCHEMA scim RENAME TO gone", "ALTER SCHEMA gone RENAME TO scim")):
            sql(gone)
            try:
                problem, = self.assertNotReady("without the extension")["problems"]
                self.assertEqual(problem.partition(":")[0], 'database "%s" is without the extension scim, or has one of another version' % database)
                for words in ("CREATE EXTENSION scim", "ALTER EXTENSION scim UPDATE", "conf/postgrest.sql", "setup.sql"):
                    self.assertIn(words, problem)
                self.probe("/healthz")
            finally:
                sql(back)
        self.probe("/readyz")

    def test_grants_are_missing(self):
        sql("REVOKE SELECT ON directory.member FROM scim_client")
        try:
            self.assertNotReady('role "scim_client" lacks grants on store "directory"')
        finally:
            sql("GRANT SELECT ON directory.member TO scim_client")
        self.probe("/readyz")

    def test_what_the_gateway_may(self):
        """Each right without which nobody is served, of each role: told by /readyz, and 503 to whoever comes, not that his credentials are wrong."""
        jwt = make_jwt()
        for what, whom, back, problem in (
                ("EXECUTE ON FUNCTION scim.gateway(json, bytea)", "scim_anon", "", r'role "scim_anon" lacks EXECUTE on function scim\.gateway\(json,bytea\)'),
                ("EXECUTE ON FUNCTION scim.gateway(json, bytea)", "scim_client", "", r'role "scim_client" lacks EXECUTE on function scim\.gateway\(json,bytea\)'),
                ("EXECUTE ON FUNCTION api.scim_read(bytea)", "scim_anon", "", r'role "scim_anon" lacks EXECUTE on function api\.scim_read\(bytea\)'),
                ("EXECUTE ON FUNCTION api.scim_write(bytea)", "scim_client", "", r'role "scim_client" lacks EXECUTE on function api\.scim_write\(bytea\)'),
                ("USAGE ON SCHEMA api", "scim_client", "", 'role "scim_client" lacks USAGE on schema api'),
                ("USAGE ON SCHEMA api", "scim_anon", "", "PostgREST has not found, or may not call, what conf/postgrest.sql makes"),
                ("USAGE ON SCHEMA scim", "scim_anon, scim_client, PUBLIC", "", "PostgREST has not found, or may not call, what conf/postgrest.sql makes"),
                ("scim_client", "authenticator", "", 'PostgREST may not become role "scim_client"')):
            with self.subTest(what + " from " + whom):
                sql("REVOKE %s FROM %s" % (what, whom))
                try:
                    answer = self.assertNotReady(problem)
                    self.assertIn("conf/postgrest.sql", " ".join(answer["problems"]))
                    method = "POST" if "write" in what else "GET"
                    if "scim_anon" in whom:
                        for token in (self.token, "wrong", None):
                            answer = send(method, "/Users", token=token)
                            self.assertError(answer, 503)
                            self.assertTrue(answer.headers["Retry-After"].isdigit())
                    if "gateway" in what and whom == "scim_client":
                        answer = send(method, "/Users", token=jwt)
                        self.assertError(answer, 503)
                    # what is wrong with a JSON web token stays that
                    self.assertError(send(method, "/Users", token=make_jwt(exp=1)), 401)
                finally:
                    sql("GRANT %s TO %s" % (what, whom))
        self.probe("/readyz")
        self.assertEqual(send("GET", "/Users?count=0", token=jwt).status, 200)
        self.assertError(send("GET", "/Users", token="wrong"), 401)

    def test_log_that_is_gone(self):
        """DROP EXTENSION CASCADE takes the views of the log as well, and who watches is told."""
        psql("-v", "store=directory", "-v", "file=%s" % LOG, "-f", CONF / "request_log.sql")
        warnings = "SELECT scim.readiness(stores => '{directory}') -> 'warnings'"
        self.assertEqual(sql(warnings), "[]")
        sql("DROP VIEW scim_log.directory CASCADE")
        try:
            self.assertIn('there is no view "directory.request_log", though there is the log: conf/request_log.sql makes it', sql(warnings).replace("\\", ""))
            self.probe("/readyz")
        finally:
            psql("-v", "store=directory", "-v", "file=%s" % LOG, "-f", CONF / "request_log.sql")
        self.assertEqual(sql(warnings), "[]")

    def test_no_functions(self):
        sql("ALTER FUNCTION api.scim_ready() RENAME TO scim_gone")
        try:
            self.assertNotReady("PostgREST has not found, or may not call, what conf/postgrest.sql makes: run it for each store .setup.sql of scim-configure does., and PostgREST reads it upon SIGUSR1")
        finally:
            sql("ALTER FUNCTION api.scim_gone() RENAME TO scim_ready")
        self.probe("/readyz")

    def test_postgrest_is_down(self):
        stop_postgrest()
        try:
            self.assertNotReady("PostgREST does not answer: it does not run, or waits for its database, .*setup.sql.*journalctl -u")
            self.probe("/healthz", 503)
        finally:
            start_postgrest()
        wait_until(lambda: send("GET", "/readyz", base="").status == 200)

    def test_postgresql_is_down(self):
        pg_ctl("-m", "fast", "stop")
        try:
            self.assertNotReady("PostgreSQL does not answer, or not to PostgREST: the log of either .* says why, or pg_stat_activity what all of POOL wait for")
            self.probe("/healthz", 503)
            # one that has never seen it keeps its requests
            stop_postgrest()
            start_postgrest()
            wait_until((STACK / "postgrest.sock").exists)
            began = time.monotonic()
            self.assertNotReady("PostgreSQL does not answer, or not to PostgREST")
            self.assertLess(time.monotonic() - began, 2 * 4)
        finally:
            pg_ctl("start")
            stop_postgrest()
            start_postgrest()
        wait_until(lambda: send("GET", "/readyz", base="").status == 200)


class Problems(unittest.TestCase):
    """Each text of a problem that /readyz may answer is in the table of doc/watching.md, by all its words that are always the same."""

    def test_each_is_in_the_manual(self):
        root = CONF.parent
        page = (root / "doc/watching.md").read_text()
        shown = re.findall(r"`([^`]+)`", "".join(line.rpartition("|")[0].rpartition(" | ")[0] for line in page.split("| problem | what to do |")[1].split("\n\n")[0].splitlines()))
        # what differs is ... in the table and has no blanks here, and neither has its quotes
        patterns = [re.compile(r"\S+".join(map(re.escape, text.replace('"', "").split("...")))) for text in shown]
        texts = re.findall(r'(?m)^        (?:default|"~\S+") "(Postg[^"]*)";', (CONF / "nginx.conf.in").read_text())
        self.assertEqual(len(texts), 3)
        texts += re.findall(r"format\('(database [^']*)'", re.sub(r"'\s*\n\s*'", "", (CONF / "postgrest.sql").read_text()))
        self.assertEqual(len(texts), 4)
        watch = (root / "sql/install/watch.sql").read_text()
        texts += re.findall(r"format\('((?:role|PostgREST|there is no store)[^']*)'", watch)
        texts += ["store %s: " + text for text in re.findall(r"format\('((?:trigger|rule) \"%s\" of table \"%s\" [^']*)'", watch.partition("scim_internal.unbound_rules")[0])]
        self.assertGreaterEqual(len(texts), 10)
        for name in ("version.c", "statistics.c", "store.c", "statement/tables.c"):
            source = re.sub(r'(?<!\\)"\s*\n\s*"', "", (root / "src/store" / name).read_text())
            texts += re.findall(r'"((?:store \\"%s\\" (?:is of|is being|is without|is not whole|does not say)|role \\"%s\\" lacks|schema \\"%s\\" is not a SCIM|'
                                r'extension \\"scim\\" is of|the schemas of store)(?:[^"\\]|\\.)*)"', source)
        self.assertGreaterEqual(len(texts), 20)
        for text in texts:
            said = re.sub(r'[\\\\"]', "", text.replace("%c%.*s", "x").replace("%s", "x"))
            self.assertTrue(any(pattern.match(said) for pattern in patterns), said)


class Maintenance(ServiceTest):
    """What scim-maintenance@.timer runs: what fails keeps nothing else from being done, and is told."""
    ROOT = CONF.parent

    @contextlib.contextmanager
    def configured(self, database, *stores):
        """The directory of the files of a service of these stores, before this server."""
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            root.chmod(0o755)
            cluster, settings = root / "etc/postgresql/15/main", root / "etc/scim/scim.conf"
            cluster.mkdir(parents=True)
            settings.parent.mkdir(parents=True)
            for name in ("pg_hba.conf", "pg_ident.conf"):
                (cluster / name).touch()
            text = (CONF / "scim.conf.example").read_text()
            for name, value in (("PGHOST", STACK), ("DATABASE", database), ("STORES", " ".join("%s=/%s" % (store, store) for store in stores)), ("LOG", LOG)):
                text = re.sub("(?m)^%s=.*$" % name, "%s=%s" % (name, value), text)
            settings.write_text(text)
            subprocess.run([self.ROOT / "bin/scim-configure", "--root", root, settings], check=True, stdout=subprocess.DEVNULL)
            setup = root / "etc/scim/scim/setup.sql"
            setup.write_text(setup.read_text().replace("/etc/scim/", "%s/etc/scim/" % root))
            yield root / "etc/scim/scim"

    def run_file(self, name, database, *stores):
        with self.configured(database, *stores) as directory:
            return subprocess.run(["psql", "-Xq", "-d", "postgres", "-f", directory / name], capture_output=True, text=True)

    def maintain(self, database, *stores):
        return self.run_file("maintenance.sql", database, *stores)

    def test_setup_does_each_store(self):
        """One that cannot be done keeps no other from being done; what has been taken is put back."""
        database = "scim_set_up"
        of_it = ("-d", database, "-c")
        ready = "SELECT scim.readiness('scim_client', '{one,two}') ->> 'status'"
        sql("DROP DATABASE IF EXISTS %s" % database)
        try:
            done = self.run_file("setup.sql", database, "one", "two")
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
            self.assertEqual(psql(*of_it, ready), "ready")
            self.assertEqual(psql(*of_it, "SELECT current_setting('scim.store')"), "one")
            # the extension, with all that depends on it
            psql(*of_it, "INSERT INTO two.users (data) VALUES ('{\"userName\": \"u\"}')")
            psql(*of_it, "DROP EXTENSION scim CASCADE")
            self.assertEqual(psql(*of_it, "SELECT to_regclass('two.request_log') IS NULL"), "t")
            done = self.run_file("setup.sql", database, "one", "two")
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
            self.assertEqual(psql(*of_it, ready), "ready")
            self.assertEqual(psql(*of_it, "SELECT count(*), to_regclass('two.request_log') IS NOT NULL, has_function_privilege('scim_anon', 'scim.gateway(json, bytea)', 'EXECUTE') FROM two.users"), "1|t|t")
            # a store that nothing but a backup mends
            psql(*of_it, "DROP TABLE one.resource CASCADE", "-c", "DROP VIEW two.request_log CASCADE", "-c", "REVOKE SELECT ON two.member FROM scim_client")
            done = self.run_file("setup.sql", database, "one", "two", "three")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("failed, as said above: one\n", done.stderr.replace("  ", " "))
            self.assertEqual(psql(*of_it, "SELECT scim.readiness('scim_client', '{two,three}') ->> 'status', to_regclass('two.request_log') IS NOT NULL"), "ready|t")
        finally:
            sql("DROP DATABASE IF EXISTS %s" % database)

    def test_all_but_what_fails(self):
        database = sql("SELECT current_database()")
        self.create()
        unsealed = "SELECT count(*) FROM directory.audit WHERE at > coalesce((SELECT max(horizon) FROM directory.audit_seal), '-infinity')"
        self.assertNotEqual(psql("-c", unsealed), "0")
        done = self.maintain(database, "absent", "directory")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("seal_audit of absent; apply_retention of absent;", done.stderr)
        self.assertNotIn("of directory;", done.stderr)
        self.assertEqual(psql("-c", unsealed), "0")
        done = self.maintain("nowhere", "directory")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("connection to %s:5432" % STACK, done.stderr)
        done = self.maintain(database, "directory")
        self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", ""))


def raw(data):
    """Bytes as they are, and what comes back."""
    with socket.create_connection((URL.hostname, URL.port), timeout=60) as connection:
        answer = b""
        # who closes before he has read all of it resets the connection, after his answer
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while chunk := connection.recv(65536):
                answer += chunk
    return answer


class LogTest(ServiceTest):
    def logged(self, answer):
        """The line about a request, which nginx writes after the answer."""
        request_id = answer.headers["X-Request-Id"].encode()
        wait_until(lambda: request_id in LOG.read_bytes().rpartition(b"\n")[0])
        lines = [line for line in LOG.read_bytes().splitlines() if request_id in line]
        self.assertEqual(len(lines), 1)
        return json.loads(lines[0])


class Log(LogTest):
    def test_a_line(self):
        tenant, token_id, _ = parts_of(self.token)
        user = self.create()
        line = self.logged(self.call("PATCH", "/Users/" + user["id"] + "?attributes=userName", patch(
            {"op": "add", "path": "title", "value": "x"}), headers=[("User-Agent", 'a "client" \\ of \u00e9')]))
        self.assertEqual({name: line[name] for name in ("store", "tenant", "token", "method", "path", "status", "scim_type", "detail", "agent")},
                         {"store": "directory", "tenant": tenant, "token": token_id, "method": "PATCH", "path": URL.path + "/Users/" + user["id"],
                          "status": 200, "scim_type": "", "detail": "", "agent": 'a "client" \\ of '})
        self.assertGreater(line["seconds"], 0)
        self.assertGreater(line["received"], 100)

    def test_errors(self):
        user = self.create()
        line = self.logged(self.call("POST", "/Users", new_user(user["userName"]), status=409))
        self.assertEqual((line["method"], line["status"], line["scim_type"]), ("POST", 409, "uniqueness"))
        self.assertIn("userName", line["detail"])
        line = self.logged(self.call("DELETE", "/Users/" + user["id"], headers=[("If-Match", 'W/"9"')], status=412))
        self.assertEqual((line["method"], line["status"]), ("DELETE", 412))
        line = self.logged(self.call("GET", "/Users?filter=nothing", status=400))
        self.assertEqual((line["scim_type"], line["detail"]), ("invalidFilter", ""))
        line = self.logged(send("PUT", "/nowhere", {}, base=""))
        self.assertEqual((line["method"], line["store"], line["status"]), ("PUT", "", 404))
        stop_postgrest()
        try:
            line = self.logged(send("GET", "/Users", token=self.token))
        finally:
            start_postgrest()
        self.assertEqual((line["status"], line["token"]), (503, parts_of(self.token)[1]))
        wait_until(lambda: send("GET", "/Users?count=0", token=self.token).status == 200)

    def test_no_secret(self):
        token = make_token("secret")
        _, token_id, random = parts_of(token)
        jwt = make_jwt(sub="somebody")
        mine = "correct-horse-battery"
        sql("INSERT INTO directory.authentication_scheme (scheme, keyword, credential, type) "
            "VALUES ('Basic', 'Basic', 'password', 'httpbasic') ON CONFLICT DO NOTHING")
        before = LOG.stat().st_size
        lines = {}
        for header in ("Bearer " + token, token, "bearer  " + token, "Basic " + token, "Nonsense " + token, token + token):
            lines[header] = self.logged(send("GET", "/Users?count=0&access_token=" + token, headers=[("Authorization", header)]))
            self.assertEqual(lines[header]["token"], token_id)
        for header in ("Bearer " + jwt, "Basic Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5Og==", "Bearer " + mine):
            self.assertEqual(self.logged(send("GET", "/Users?count=0", headers=[("Authorization", header)]))["token"], "")
        send("GET", "/Users/" + token, token=self.token)
        send("GET", "/" + token + "/Users", token=self.token, base="")
        send("GET", "/Users?filter=title%20eq%20%22" + mine, token=self.token)
        send("GET", "/Users", token=self.token, headers=[("User-Agent", "curl " + token), ("Cookie", mine), ("X-App-Token", mine), ("Referer", mine)])
        for body in (new_user(password=[mine]), new_user(password={"value": mine}), {"userName": [mine], "password": mine}, {mine: 1},
                     ('{"password": "%s' % mine).encode(), patch({"op": "replace", "path": "password", "value": {"a": mine}}),
                     patch({"op": mine, "path": "password", "value": mine})):
            send("POST", "/Users", body, token=self.token)
            send("PATCH", "/Users/00000000-0000-7000-8000-000000000000", body, token=self.token)
        self.logged(send("GET", "/Users?count=0", token=self.token))     # all before it is written
        written = LOG.read_bytes()[before:].decode("ascii")
        for secret in (random, mine, jwt, jwt.split(".")[2], "Y29ycmVjdC1o", "access_token", "Bearer"):
            self.assertNotIn(secret, written)

    def test_any_bytes(self):
        before = LOG.stat().st_size
        answers = [raw(data + b"Host: x\r\nConnection: close\r\n\r\n") for data in (
            b"GET /scim/v2/Users/\xff\xfe HTTP/1.1\r\n", b"GET /scim/v2/Users/a\"b\\c HTTP/1.1\r\n", b"GET /scim/v2/%00%0a\t HTTP/1.1\r\n",
            b"GET /scim/v2/Users HTTP/1.1\r\nUser-Agent: \xc3\x28\x01\r\n", b"GET http://other/scim/v2/Users HTTP/1.1\r\n",
            b"\x16\x03\x01\x02\r\n", b"GET /scim/v2/" + b"x" * 50000 + b" HTTP/1.1\r\n", b"FOO\x7f /scim/v2 HTTP/1.1\r\n",
            b"GET /scim/v2/Users HTTP/1.1\r\nAuthorization: scim_99999999999999999999_" + b"0" * 32 + b"_x\r\n")]
        self.assertTrue(any(answers))
        raw(b"GET /scim/v2/Users")      # and nothing more
        self.logged(send("GET", "/Users?count=0", token=self.token))
        written = LOG.read_bytes()[before:].decode("ascii").splitlines()
        self.assertGreater(len(written), 8)
        for line in written:
            self.assertRegex(line, "^[ -~]*$")
            json.loads(line)
        # nothing of it stands in the way of who reads it in SQL
        psql("-v", "file=%s" % LOG, "-f", CONF / "request_log.sql")
        self.assertGreater(int(sql("SELECT count(*) FROM directory.request_log")), 3)
        self.assertEqual(int(sql("SELECT count(*) FROM scim_log.request_line")), len(LOG.read_bytes().splitlines()))


class RequestLog(LogTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for script in ("request_log.sql", "roles.sql", "request_log.sql", "request_log.sql"):
            said = psql("-v", "store=directory", "-v", "file=%s" % LOG, "-f", CONF / script)
            if "ERROR" in said:
                raise AssertionError(said)

    def test_entra_says_409(self):
        token = make_token("Entra ID")
        name = sql("SELECT description FROM directory.token WHERE id = '%s'" % parts_of(token)[1])
        user = self.create()
        refused = send("POST", "/Users", new_user(user["userName"]), token=token)
        self.assertEqual(refused.status, 409)
        self.assertEqual(
            sql("SELECT request_id, method, endpoint, scim_type, detail FROM directory.request_log WHERE token = '%s' AND status = 409" % name),
            "%s|POST|Users|uniqueness|%s" % (refused.headers["X-Request-Id"], refused.json["detail"]))
        send("POST", "/Users", new_user(user["userName"]), token=token)
        send("GET", "/Users/nobody", token=token)
        self.assertEqual(
            sql("SELECT status, scim_type, requests, last_detail FROM directory.failed_request WHERE token = '%s' ORDER BY status" % name),
            '404||1|User "nobody" does not exist\n409|uniqueness|2|%s' % refused.json["detail"])
        changed = self.logged(self.call("POST", "/Users", new_user(), status=201))
        self.assertEqual(sql("SELECT l.path FROM directory.request_log l JOIN directory.audit a USING (request_id) "
                             "WHERE request_id = '%s'" % changed["request_id"]), URL.path + "/Users")

    def test_for_whom(self):
        make_tenant(31)
        theirs = make_token("theirs", 31)
        send("GET", "/Users?count=0", token=theirs)
        send("GET", "/Users?count=0", token=self.token)
        send("GET", "/Users?count=0")
        count = "SELECT count(*) FILTER (WHERE tenant_id = 1) > 0, count(*) FILTER (WHERE token_id = '%s'), " \
            "count(*) FILTER (WHERE tenant_id IS NULL) > 0 FROM directory.request_log" % parts_of(theirs)[1]
        self.assertEqual(sql(count), "t|1|t")
        sql("DO $$BEGIN CREATE ROLE auditor_31 IN ROLE scim_auditor; EXCEPTION WHEN duplicate_object THEN NULL; END$$;"
            "INSERT INTO directory.tenant_role (role, tenant_id) VALUES ('auditor_31', 31) ON CONFLICT DO NOTHING")
        self.assertEqual(psql("-c", count, role="auditor_31", tenant=31), "f|1|f")
        self.assertEqual(psql("-c", count, role="scim_auditor", tenant=31), "f|0|f")    # of whom he only says so
        self.assertEqual(psql("-c", "SELECT count(DISTINCT token) FROM directory.failed_request", role="auditor_31", tenant=31), "0")
        for role in ("scim_client", "scim_anon", "scim_application", "scim_monitor"):
            self.assertIn("permission denied", psql("-c", count, role=role))
        for role in ("scim_client", "scim_application", "scim_auditor"):
            self.assertIn("permission denied", psql("-c", "TABLE directory.request_statistics", role=role))
            self.assertIn("permission denied", psql("-c", "SELECT scim.statistics()", role=role))
        self.assertIn("permission denied", psql("-c", "TABLE scim_log.request_line", role="scim_owner"))

    def test_lines_that_are_none(self):
        lines = [b'{"time":"2026-01-01T00:00:00+00:00","at":1', b"not json", b'{"store":"directory","at":nan}', b'{"store":"directory"}', b"",
                 b'{"store":"directory","status":007}', b'[]', b'{"at":1,"store":"other","status":200,"tenant":"","token":"","path":"","base":""}']
        before = int(sql("SELECT count(*) FROM directory.request_log WHERE status IS NOT NULL"))
        with open(LOG, "ab") as log:
            log.write(b"\n".join(lines) + b"\n")
        self.assertEqual(int(sql("SELECT count(*) FROM directory.request_log WHERE status IS NOT NULL")), before)
        self.assertNotEqual(sql("SELECT count(*) FROM directory.request_statistics"), "0")

    def test_endpoints_by_name(self):
        """Of what is served without being a resource type as well; what anybody may ask for is one."""
        known = ["Users", "Groups", "GroupMemberships", "Bulk", "Me", ".search", ".preview", ".events", ".console", ".oauth", "Schemas", "ServiceProviderConfig", "openapi.json", "jwks.json"]
        for name in known + ["Nothing%d" % n for n in range(3)]:
            for method in ("GET", "POST"):
                send(method, "/%s/token" % name if name == ".oauth" else "/" + name, token=self.token)
        shown = sql("SELECT DISTINCT endpoint FROM directory.request_statistics").split()
        self.assertEqual(set(known) - set(shown), set())
        self.assertIn("other", shown)
        self.assertFalse([name for name in shown if name.startswith("Nothing")])

    def test_anothers_store(self):
        sql("SELECT scim.create_store('other_log')")
        try:
            psql("-v", "store=other_log", "-v", "file=%s" % LOG, "-f", CONF / "request_log.sql")
            self.assertEqual(sql("SELECT count(*) FROM other_log.request_log"), "0")
            self.assertNotEqual(sql("SELECT count(*) FROM directory.request_log"), "0")
            sql("SELECT scim.drop_store('other_log', true)")
        finally:
            sql("DROP SCHEMA IF EXISTS other_log CASCADE; DROP VIEW IF EXISTS scim_log.other_log")


class Figures(LogTest):
    """conf/postgres_exporter.yaml and conf/prometheus_rules.yaml"""

    @classmethod
    def setUpClass(cls):
        import yaml
        super().setUpClass()
        cls.queries = yaml.safe_load((CONF / "postgres_exporter.yaml").read_text())
        cls.rules = yaml.safe_load((CONF / "prometheus_rules.yaml").read_text())
        for script in ("roles.sql", "request_log.sql"):
            psql("-v", "store=directory", "-v", "file=%s" % LOG, "-f", CONF / script)
        # of everything something
        sql("UPDATE directory.policy SET enabled = true WHERE kind = 'events'")
        sql("SELECT scim.create_consumer('figures') WHERE NOT EXISTS (SELECT FROM directory.consumer WHERE name = 'figures')")
        sql("INSERT INTO directory.policy (tenant_id, resource_type, kind, name, settings) VALUES "
            "(1, 'User', 'guard', 'figures', '{\"on\": [\"suspend\"], \"limit\": 1, \"seconds\": 60}')")
        send("POST", "/Users", new_user(), token=cls.token)
        sql("SELECT scim.seal_audit()")

    @classmethod
    def tearDownClass(cls):
        sql("DELETE FROM directory.policy WHERE name = 'figures'; UPDATE directory.policy SET enabled = false WHERE kind = 'events'; "
            "SELECT scim.drop_consumer('figures')")

    def rows(self, query):
        said = psql("-c", "SELECT json_agg(q) FROM (%s) AS q" % query.strip(), role="scim_monitor")
        return json.loads(said) if said else []

    def test_each_query(self):
        for name, query in self.queries.items():
            with self.subTest(name):
                rows = self.rows(query["query"])
                self.assertTrue(rows)
                metrics = {key: value for metric in query["metrics"] for key, value in metric.items()}
                self.assertEqual(len(metrics), len(query["metrics"]))
                labels = [key for key, value in metrics.items() if value["usage"] == "LABEL"]
                for row in rows:
                    self.assertEqual(list(row), list(metrics))
                    for key, value in row.items():
                        if key in labels:
                            self.assertIsInstance(value, str)
                        elif value is not None:
                            self.assertIsInstance(value, (int, float))
                # one row for each set of labels, or Prometheus refuses all of them
                keys = [tuple(row[label] for label in labels) for row in rows]
                self.assertEqual(len(keys), len(set(keys)))

    def test_each_statistic_is_in_a_query(self):
        text = " ".join(query["query"] for query in self.queries.values())
        parts = set(re.findall(r"scim\.statistics\('(\w+)'\)", text))
        self.assertEqual(parts, {"people", "tokens", "events", "audit", "guards", "storage", "requests"})
        for name in sql("SELECT DISTINCT name FROM scim.statistics()").split():
            if name != "resources":     # all of its part
                self.assertIn("name = '%s'" % name, text)

    def test_rules_name_what_there_is(self):
        known = {"%s_%s" % (name, key) for name, query in self.queries.items() for metric in query["metrics"] for key in metric}
        named = {metric for group in self.rules["groups"] for rule in group["rules"] for metric in re.findall(r"\bscim_\w+", rule["expr"])}
        self.assertEqual(named - known, {"scim_type"})      # a label
        self.assertGreater(len(named), 8)

    def test_figures_are_right(self):
        token = make_token("counted")
        self.create()
        one = [row for row in self.rows(self.queries["scim_token"]["query"]) if row["id"].replace("-", "") == parts_of(token)[1]]
        self.assertEqual(one, [])       # of who has never been there nobody knows anything
        send("GET", "/Users?count=0", token=token)
        one = [row for row in self.rows(self.queries["scim_token"]["query"]) if row["id"].replace("-", "") == parts_of(token)[1]]
        self.assertLess(one[0]["idle_seconds"], 60)

        def requests():
            return sum(row["requests_total"] for row in self.rows(self.queries["scim_http"]["query"])
                       if (row["method"], row["endpoint"], row["status"], row["scim_type"]) == ("GET", "Users", "400", "invalidFilter"))

        before = requests()
        self.call("GET", "/Users?filter=x", status=400)
        self.assertEqual(requests(), before + 1)
        active = "SELECT count(*) FROM directory.users WHERE tenant_id = 1 AND status = 'ACTIVE'"
        self.assertEqual(sum(row["resources"] for row in self.rows(self.queries["scim_people"]["query"])
                             if (row["tenant"], row["resource_type"], row["status"]) == ("1", "User", "ACTIVE")), int(sql(active)))

    def test_a_guard_that_has_tripped(self):
        def tripped():
            return [row["tripped"] for row in self.rows(self.queries["scim_guard"]["query"]) if row["policy"] == "figures"]

        self.assertEqual(tripped(), [0])
        for status in (200, 503):
            self.call("PATCH", "/Users/" + self.create()["id"], patch({"op": "replace", "path": "active", "value": False}), status=status)
        self.assertEqual(tripped(), [1])
        sql("SELECT scim.release_guard('figures')")
        self.assertEqual(tripped(), [0])

    def test_what_anybody_asks_for_is_no_label(self):
        for n in range(3):
            self.call("GET", "/%s" % new_name(), status=404)
        endpoints = {row["endpoint"] for row in self.rows(self.queries["scim_http"]["query"])}
        self.assertIn("other", endpoints)
        self.assertFalse([endpoint for endpoint in endpoints if "@" in endpoint])


if __name__ == "__main__":
    unittest.main()
