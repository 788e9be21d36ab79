"""What a client sees when something behind nginx is down, and when it asks too often."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

from service import STACK, URL, ServiceTest, patch, send, sql


def wait_until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = pathlib.Path("/proc/%d/stat" % pid).read_text()
    return stat.rpartition(")")[2].split()[0] == "Z"


class Outage(ServiceTest):
    def answers(self):
        return send("GET", "/Users?count=0", token=self.token).status == 200

    def assertUnavailable(self):
        for method, path in (("GET", "/Users"), ("POST", "/Users")):
            answer = send(method, path, {}, token=self.token)
            self.assertError(answer, 503)
            self.assertTrue(answer.headers["Retry-After"].isdigit())

    def test_store_of_another_version(self):
        log = STACK / "postgresql.log"
        length = log.stat().st_size
        version = sql("SELECT version FROM directory.store")
        try:
            for other, advice in (("0.0.9", "scim.upgrade_store"), ("999.0.0", "Install version 999.0.0")):
                sql("UPDATE directory.store SET version = '%s'" % other)
                self.assertUnavailable()
                for token in (self.token, None):
                    answer = send("GET", "/Schemas", token=token)
                    self.assertError(answer, 503)
                    self.assertIn("version " + other, answer.json["detail"])
                    self.assertTrue(answer.headers["Retry-After"].isdigit())
                self.assertError(send("GET", "/Users", token="wrong"), 401)
                lines = log.read_bytes()[length:].decode()
                self.assertRegex(lines, 'LOG: .*store "directory" is of version ' + other)
                self.assertIn(advice, lines)
        finally:
            sql("UPDATE directory.store SET version = '%s'" % version)
        self.assertTrue(self.answers())

    def test_postgrest(self):
        pid_file = STACK / "postgrest.pid"
        pid = int(pid_file.read_text())
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: is_gone(pid))
        try:
            self.assertUnavailable()
        finally:
            (STACK / "postgrest.sock").unlink(missing_ok=True)
            with open(STACK / "postgrest.log", "ab") as log:
                process = subprocess.Popen([STACK / "postgrest", STACK / "postgrest.conf"], stdout=log, stderr=log,
                                           stdin=subprocess.DEVNULL, start_new_session=True)
            pid_file.write_text("%d\n" % process.pid)
            process.returncode = 0      # it outlives this test
        wait_until(self.answers)

    def test_postgresql(self):
        def pg_ctl(*arguments):
            subprocess.run(["pg_ctl", "-D", STACK / "data", "-l", STACK / "postgresql.log", "-w", *arguments],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        pg_ctl("-m", "fast", "stop")
        try:
            self.assertUnavailable()
        finally:
            pg_ctl("start")
        wait_until(self.answers)


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


class RateLimit(ServiceTest):
    def test_too_many_requests(self):
        # the same configuration, with a limit that a test can reach
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        text = (STACK / "nginx.conf").read_text()
        text = text.replace(str(STACK / "nginx.pid"), str(STACK / "slow.pid")).replace(
            ":%d " % URL.port, ":%d " % port).replace("locations/*.conf", "slow_location.conf")
        text = re.sub(r"rate=\d+r/s", "rate=1r/s", text)
        (STACK / "slow.conf").write_text(text)
        (STACK / "slow_location.conf").write_text(
            (STACK / "locations" / "directory.conf").read_text().replace("scim_proxy.conf", "slow_proxy.conf"))
        (STACK / "slow_proxy.conf").write_text(
            re.sub(r"burst=\d+", "burst=2", (STACK / "scim_proxy.conf").read_text()))
        nginx = subprocess.Popen(["nginx", "-e", STACK / "nginx.log", "-g", "daemon off;", "-c", STACK / "slow.conf"])
        try:
            wait_until(lambda: (STACK / "slow.pid").exists())
            answers = [send("GET", "/Users?count=0", token=self.token, port=port) for _ in range(6)]
            statuses = [answer.status for answer in answers]
            self.assertEqual(statuses[:3], [200] * 3)
            self.assertIn(429, statuses)
            refused = answers[statuses.index(429)]
            self.assertError(refused, 429)
            self.assertTrue(refused.headers["Retry-After"].isdigit())
        finally:
            nginx.send_signal(signal.SIGQUIT)
            nginx.wait(10)


if __name__ == "__main__":
    unittest.main()
