"""What a client sees when something behind nginx is down, and when it asks too often."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

from service import SEARCH_REQUEST, STACK, URL, ServiceTest, make_tenant, make_token, new_user, patch, reload_nginx, send, sql

ROOT = pathlib.Path(__file__).resolve().parents[2]


def wait_until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def is_gone(pid):
    try:
        stat = pathlib.Path("/proc/%d/stat" % pid).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def pg_ctl(*arguments, data=STACK / "data"):
    subprocess.run(["pg_ctl", "-D", data, "-l", STACK / "postgresql.log", "-w", *arguments],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_postgrest(name="postgrest"):
    (STACK / (name + ".sock")).unlink(missing_ok=True)
    with open(STACK / (name + ".log"), "ab") as log:
        process = subprocess.Popen([STACK / "postgrest", STACK / (name + ".conf")], stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
    (STACK / (name + ".pid")).write_text("%d\n" % process.pid)
    process.returncode = 0      # it outlives this test


def stop_postgrest(number=signal.SIGTERM, name="postgrest"):
    pid = int((STACK / (name + ".pid")).read_text())
    os.kill(pid, number)
    wait_until(lambda: is_gone(pid))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return unused.getsockname()[1]


class OutageTest(ServiceTest):
    def answers(self, port=None):
        return send("GET", "/Users?count=0", token=self.token, port=port).status == 200

    def assertUnavailable(self, answer):
        self.assertError(answer, 503)
        self.assertTrue(answer.headers["Retry-After"].isdigit())

    def assertOAuthError(self, answer, status, error):
        """The shape of RFC 6749 section 5.2."""
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "application/json"), answer.body)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Pragma"], "no-cache")
        self.assertEqual(sorted(answer.json), ["error", "error_description"])
        self.assertEqual(answer.json["error"], error)
        if status in (429, 503):
            self.assertTrue(answer.headers["Retry-After"].isdigit())

    def assertAllUnavailable(self):
        for method, path in (("GET", "/Users"), ("POST", "/Users"), ("GET", "/Schemas")):
            self.assertUnavailable(send(method, path, {}, token=self.token))

    def assertOAuthUnavailable(self, port=None):
        for method, path in (("POST", "/.oauth/token"), ("POST", "/.oauth/revoke"), ("GET", "/.well-known/oauth-authorization-server")):
            if method == "POST" or port is None:
                self.assertOAuthError(send(method, path, b"x" if method == "POST" else None, port=port), 503, "temporarily_unavailable")


class Outage(OutageTest):
    def test_store_of_another_version(self):
        log = STACK / "postgresql.log"
        length = log.stat().st_size
        version = sql("SELECT version FROM directory.store")
        try:
            for other, advice in (("0.0.9", "scim.upgrade_store"), ("999.0.0", "Install version 999.0.0")):
                sql("SET session_replication_role = replica; UPDATE directory.store SET version = '%s'" % other)
                self.assertAllUnavailable()
                for token in (self.token, None):
                    answer = send("GET", "/Schemas", token=token)
                    self.assertUnavailable(answer)
                    self.assertIn("version " + other, answer.json["detail"])
                self.assertError(send("GET", "/Users", token="wrong"), 401)
                lines = log.read_bytes()[length:].decode()
                self.assertRegex(lines, 'LOG: .*store "directory" is of version ' + other)
                self.assertIn(advice, lines)
        finally:
            sql("SET session_replication_role = replica; UPDATE directory.store SET version = '%s'" % version)
        self.assertTrue(self.answers())

    def test_postgrest(self):
        stop_postgrest()
        try:
            self.assertAllUnavailable()
            self.assertOAuthUnavailable()
        finally:
            start_postgrest()
        wait_until(self.answers)

    def test_postgresql(self):
        pg_ctl("-m", "fast", "stop")
        try:
            self.assertAllUnavailable()
            self.assertOAuthUnavailable()
        finally:
            pg_ctl("start")
        wait_until(self.answers)

    def test_settings_of_the_database(self):
        """What somebody sets for the whole database is not what PostgREST's sessions go by."""
        settings = {"row_security": "off", "quote_all_identifiers": "on", "default_transaction_isolation": "serializable",
                    "default_transaction_read_only": "off", "DateStyle": "German", "bytea_output": "escape",
                    "search_path": "pg_temp", "transform_null_equals": "on", "standard_conforming_strings": "off"}
        database = sql("SELECT current_database()")
        try:
            for name, value in settings.items():
                sql("ALTER DATABASE %s SET %s = '%s'" % (database, name, value))
            stop_postgrest()
            start_postgrest()
            wait_until(self.answers)
            made = self.create()
            self.assertEqual(send("GET", "/Users/" + made["id"], token=self.token).status, 200)
            self.assertEqual(send("PATCH", "/Users/" + made["id"], patch({"op": "replace", "path": "title", "value": "x"}), token=self.token).status, 200)
        finally:
            for name in settings:
                sql("ALTER DATABASE %s RESET %s" % (database, name))
            stop_postgrest()
            start_postgrest()
            wait_until(self.answers)

    def test_a_function_is_missing(self):
        # PostgREST's 404 and 403: mistakes of the operator, not of the client
        sql("ALTER FUNCTION api.scim_write(bytea) RENAME TO scim_gone")
        try:
            self.assertUnavailable(send("POST", "/Users", new_user(), token=self.token))
        finally:
            sql("ALTER FUNCTION api.scim_gone(bytea) RENAME TO scim_write")
        self.create()


class Load:
    """Clients that create users and look at lists, until they are told to stop."""

    def __init__(self, token, clients=8):
        self.token = token
        self.stopped = threading.Event()
        self.answers = []       # (user name or None, answer)
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(clients)]

    def run(self, number):
        while not self.stopped.is_set():
            user = new_user() if number % 2 else None
            answer = send("POST" if user else "GET", "/Users" if user else "/Users?count=1", user, token=self.token)
            self.answers.append((user and user["userName"], answer))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


class Crashes(OutageTest):
    """Whatever dies, clients are told to come again and never that their request is wrong,
    and what they were told to be stored is stored."""
    tenant = 8

    def backends(self):
        return [int(pid) for pid in
                sql("SELECT pid FROM pg_stat_activity WHERE usename = 'authenticator'").split()]

    def kill_backend(self):
        backends = self.backends()
        os.kill(backends[0], signal.SIGKILL)
        wait_until(lambda: all(map(is_gone, backends)))     # PostgreSQL ends the others, and recovers

    def terminate_backends(self):
        backends = self.backends()
        for pid in backends:
            with contextlib.suppress(ProcessLookupError):   # one may end by itself
                os.kill(pid, signal.SIGTERM)
        wait_until(lambda: all(map(is_gone, backends)))

    def restart_at_once(self):
        pg_ctl("-m", "immediate", "restart")

    def kill_postmaster(self):
        pid = int((STACK / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid))
        for attempt in range(50):       # its children go when they notice
            try:
                return pg_ctl("start")
            except subprocess.CalledProcessError:
                time.sleep(0.1)
        self.fail("PostgreSQL does not start")

    def kill_postgrest(self):
        stop_postgrest(signal.SIGKILL)
        start_postgrest()

    def test_under_load(self):
        rounds = int(os.environ.get("SCIM_CRASHES", "1"))
        for event in [self.kill_backend, self.terminate_backends, self.restart_at_once, self.kill_postmaster,
                      self.kill_postgrest] * rounds:
            with self.subTest(event.__name__), Load(self.token) as load:
                wait_until(lambda: len(load.answers) > 50)
                sql("CHECKPOINT")       # or recovery replays what other tests wrote in this server
                event()
                wait_until(lambda: subprocess.run(["pg_isready", "-q"]).returncode == 0 and self.answers())
                before = len(load.answers)
                wait_until(lambda: len(load.answers) > before + 50)
            created = []
            for name, answer in load.answers:
                if answer.status >= 400:
                    self.assertUnavailable(answer)
                elif name:
                    self.assertEqual(answer.status, 201)
                    created.append(name)
            # a transaction may be committed without an answer, not the other way round
            stored = sql("SELECT user_name FROM directory.users", self.tenant).split()
            self.assertEqual(set(created) - set(stored), set())
            self.assertTrue(created)
            self.seen = getattr(self, "seen", 0) + sum(answer.status == 503 for _, answer in load.answers)
        self.assertGreater(self.seen, 0)


class Standby(OutageTest):
    """The same configuration before a hot standby: it reads, and says where writes do not belong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = send("POST", "/Users", new_user(), token=cls.token).json
        # a copy of the running server, which goes on from its write-ahead log
        data = STACK / "standby"
        with subprocess.Popen(["psql", "-XqAt"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as backup:
            def run(statement):
                backup.stdin.write(statement + "\\echo done\n")
                backup.stdin.flush()
                lines = list(iter(lambda: backup.stdout.readline().strip(), "done"))
                return "\n".join(lines)

            run("SELECT pg_backup_start('standby', fast => true);\n")
            shutil.copytree(STACK / "data", data, ignore=shutil.ignore_patterns("postmaster.*", "pg_internal.init"))
            label = run("SELECT labelfile FROM pg_backup_stop();\n")
            backup.stdin.close()
        (data / "backup_label").write_text(label.strip() + "\n")
        (data / "standby.signal").touch()
        with open(data / "postgresql.conf", "a") as conf:
            conf.write("port = 5433\nrestore_command = 'cp %s/data/pg_wal/%%f %%p'\n" % STACK)
        sql("SELECT pg_switch_wal()")
        data.chmod(0o700)
        pg_ctl("start", data=data)

        cls.port = free_port()
        text = (STACK / "postgrest.conf").read_text()
        (STACK / "standby.conf").write_text(
            text.replace("port=5432", "port=5433").replace("postgrest.sock", "standby.sock").replace(
                "db-channel-enabled = true", "db-channel-enabled = false"))
        start_postgrest("standby")
        text = (STACK / "nginx.conf").read_text()
        (STACK / "standby_nginx.conf").write_text(
            text.replace("nginx.pid", "standby_nginx.pid").replace(":%d " % URL.port, ":%d " % cls.port).replace(
                "postgrest.sock", "standby.sock"))
        cls.nginx = subprocess.Popen(
            ["nginx", "-e", STACK / "nginx.log", "-g", "daemon off;", "-c", STACK / "standby_nginx.conf"])
        wait_until(lambda: (STACK / "standby_nginx.pid").exists() and
                   send("GET", "/Schemas", port=cls.port).status == 200)

    @classmethod
    def tearDownClass(cls):
        cls.nginx.send_signal(signal.SIGQUIT)
        cls.nginx.wait(10)
        stop_postgrest(name="standby")
        pg_ctl("-m", "immediate", "stop", data=STACK / "standby")
        shutil.rmtree(STACK / "standby")

    def test_reads(self):
        path = "/Users/" + self.user["id"]
        self.assertEqual(send("GET", path, token=self.token, port=self.port).json, self.user)
        for method, path in (("HEAD", path), ("GET", "/Users?count=1"), ("POST", "/Users/.search"), ("POST", "/.search/")):
            self.assertEqual(send(method, path, {} if method == "POST" else None, token=self.token,
                                  port=self.port).status, 200)
        self.assertEqual(send("OPTIONS", "/Users", token=self.token, port=self.port).status, 204)
        self.assertError(send("FOO", "/Users", token=self.token, port=self.port), 405)

    def test_ready(self):
        ready = send("GET", "/readyz", base="", port=self.port)
        self.assertEqual((ready.status, ready.json["status"], ready.json["writable"]), (200, "ready", False))
        self.assertEqual(send("GET", "/healthz", base="", port=self.port).status, 200)

    def test_credentials_that_it_does_not_know_yet(self):
        """Before both servers: what a standby does not know is asked of the primary."""
        upstream, standbys = STACK / "servers" / "near.conf", STACK / "standbys" / "near.conf"
        upstream.write_text("upstream scim_near {\n    server unix:%s;\n}\n" % (STACK / "standby.sock"))
        standbys.write_text("scim_postgrest scim_near;\n")
        try:
            reload_nginx()
            token = make_token("of a moment ago")       # the standby reads what is archived, and that is not
            for method, path in (("GET", "/Users?count=1"), ("HEAD", "/Users?count=1"), ("POST", "/.search")):
                body = {"schemas": [SEARCH_REQUEST]} if method == "POST" else None
                self.assertEqual(send(method, path, body, token=token, port=self.port).status, 401)
                self.assertEqual(send(method, path, body, token=token).status, 200)
            self.assertError(send("GET", "/Users?count=1", token=token + "x"), 401)
            self.assertError(send("GET", "/Users?count=1"), 401)
            self.assertEqual(send("GET", "/Users?count=1", token=self.token).status, 200)
        finally:
            upstream.unlink()
            standbys.unlink()
            reload_nginx()

    def test_writes(self):
        path = "/Users/" + self.user["id"]
        for method, path, body in (("POST", "/Users", new_user()), ("PUT", path, new_user()), ("DELETE", path, None),
                                   ("PATCH", path, patch({"op": "add", "path": "title", "value": "x"})),
                                   ("POST", "/Bulk", {"Operations": [{"method": "DELETE", "path": path}]})):
            with self.subTest(method + " " + path):
                self.assertUnavailable(send(method, path, body, token=self.token, port=self.port))
        self.assertOAuthUnavailable(self.port)


class Locks(ServiceTest):
    def test_a_row_that_stays_locked(self):
        user = self.create()
        holder = subprocess.Popen(["psql", "-XqAt"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            holder.stdin.write("BEGIN;\nSELECT id FROM directory.users WHERE id = '%s' FOR UPDATE;\n" % user["id"])
            holder.stdin.flush()
            self.assertEqual(holder.stdout.readline().strip(), user["id"])
            answer = send("PATCH", "/Users/" + user["id"], patch({"op": "add", "path": "title", "value": "x"}),
                          token=self.token)
            self.assertError(answer, 503)
            self.assertTrue(answer.headers["Retry-After"].isdigit())
        finally:
            holder.communicate("ROLLBACK;\n")
        self.call("PATCH", "/Users/" + user["id"], patch({"op": "add", "path": "title", "value": "x"}))


class RateLimit(OutageTest):
    @contextlib.contextmanager
    def limited(self, rate, burst):
        """The same configuration with other limits; gives the port."""
        port = free_port()
        text = (STACK / "nginx.conf").read_text()
        text = text.replace(str(STACK / "nginx.pid"), str(STACK / "slow.pid")).replace(
            ":%d " % URL.port, ":%d " % port).replace("locations/*.conf", "slow_location.conf")
        text = re.sub(r"rate=\d+r/s", "rate=%dr/s" % rate, text)
        (STACK / "slow.conf").write_text(text)
        (STACK / "slow_location.conf").write_text(
            (STACK / "locations" / "directory.conf").read_text().replace("scim_proxy.conf", "slow_proxy.conf"))
        (STACK / "slow_proxy.conf").write_text(
            re.sub(r"burst=\d+", "burst=%d" % burst, (STACK / "scim_proxy.conf").read_text()))
        nginx = subprocess.Popen(["nginx", "-e", STACK / "nginx.log", "-g", "daemon off;", "-c", STACK / "slow.conf"])
        try:
            wait_until(lambda: (STACK / "slow.pid").exists())
            yield port
        finally:
            nginx.send_signal(signal.SIGQUIT)
            nginx.wait(10)

    def test_too_many_requests(self):
        with self.limited(1, 2) as port:
            answers = [send("GET", "/Users?count=0", token=self.token, port=port) for _ in range(6)]
        statuses = [answer.status for answer in answers]
        self.assertEqual(statuses[:3], [200] * 3)
        self.assertIn(429, statuses)
        refused = answers[statuses.index(429)]
        self.assertError(refused, 429)
        self.assertTrue(refused.headers["Retry-After"].isdigit())

    def test_too_many_requests_for_tokens(self):
        with self.limited(1, 2) as port:
            answers = [send("POST", "/.oauth/token", b"x", port=port) for _ in range(6)]
        self.assertOAuthError(next(answer for answer in answers if answer.status == 429), 429, "temporarily_unavailable")

    def test_a_token_is_one_however_it_is_written(self):
        spellings = [name + " " * blanks + self.token for name in ("Bearer", "bearer", "BEARER") for blanks in (1, 2)] + [self.token]
        with self.limited(1, 2) as port:
            text = (STACK / "slow_proxy.conf").read_text()
            (STACK / "slow_proxy.conf").write_text(re.sub(r".*zone=scim_address.*\n", "", text))
            os.kill(int((STACK / "slow.pid").read_text()), signal.SIGHUP)
            time.sleep(1)
            statuses = [send("GET", "/Users?count=0", headers=[("Authorization", spelling)], port=port).status
                        for spelling in spellings]
        self.assertEqual(statuses[:3], [200] * 3)
        self.assertIn(429, statuses)

    def test_probes_are_answered_whoever_else_asks(self):
        with self.limited(1, 30) as port:
            statuses = [send("GET", "/ServiceProviderConfig", port=port).status for _ in range(40)]
            self.assertIn(429, statuses)
            for path in ("/healthz", "/readyz") * 5:
                self.assertEqual(send("GET", path, base="", port=port).status, 200)

    def test_what_is_set_lets_25_a_second_in(self):
        """As conf/scim.conf.example has it, of each of two tenants at once."""
        example = (ROOT / "conf" / "scim.conf.example").read_text()
        rate, burst = (int(re.search(r"(?m)^%s=(\d+)$" % name, example).group(1)) for name in ("TOKEN_RATE", "TOKEN_BURST"))
        self.assertGreaterEqual(rate, 25)
        tokens = [self.token, make_tenant(77)]
        with self.limited(rate, burst) as port:
            for _ in range(3):
                started = time.monotonic()
                answers = [send("GET", "/Users?count=0", token=token, port=port).status for _ in range(25) for token in tokens]
                self.assertEqual(answers, [200] * 50)
                time.sleep(max(0, started + 1 - time.monotonic()))


if __name__ == "__main__":
    unittest.main()
