"""What dies under load: no acknowledged write is lost, nobody is told a lie.

Writers create users one after another.  While something dies, an answer may be 503 with
Retry-After; the writer repeats, as an identity provider does, and 409 then says that the
first try was committed.  Any other answer is a failure: identity providers do not repeat
a 400.
"""
import os
import pathlib
import signal
import subprocess
import threading
import time

from service import STACK, make_token, new_name, new_user, send, sql

WRITERS = 8


class Load:
    """Writers in threads, from `with` to its end."""

    def __init__(self):
        self.token = make_token("attack")
        self.acknowledged = []
        self.failures = []
        self.answers = 0
        self.unavailable = 0
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.write) for _ in range(WRITERS)]

    def write(self):
        while not self.ending.is_set():
            name = new_name()
            first = True
            for _ in range(600):
                try:
                    answer = send("POST", "/Users", new_user(name), token=self.token)
                except OSError as error:
                    self.failures.append("no answer: %s" % error)
                    return
                self.answers += 1
                if answer.status == 503:
                    self.unavailable += 1
                    if not (answer.headers["Retry-After"] or "").isdigit():
                        self.failures.append("503 without Retry-After")
                    first = False
                    time.sleep(0.1)
                    continue
                if answer.status == 201 or (answer.status == 409 and not first):
                    self.acknowledged.append(name)
                else:
                    self.failures.append("%d %s" % (answer.status, answer.body[:200]))
                break
            else:
                self.failures.append("still 503 after a minute")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        if exception[0] is not None:
            return
        names = "\n".join(self.acknowledged)
        found = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-v", "names=" + names, "-f", "-"],
                               input="SELECT count(*) FROM directory.users WHERE deleted_at IS NULL "
                                     "AND user_name = ANY (string_to_array(:'names', E'\\n'));",
                               check=True, capture_output=True, text=True).stdout.strip()
        if int(found) != len(self.acknowledged):
            self.failures.append("%d users acknowledged, %s there" % (len(self.acknowledged), found))
        if not self.acknowledged:
            self.failures.append("nobody was created")


def is_running(pid):
    try:
        return pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pg_ctl(*arguments):
    log = STACK / "postgresql.log"
    seen = log.stat().st_size
    try:
        subprocess.run(["pg_ctl", "-D", STACK / "data", "-l", log, "-w", *arguments],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise RuntimeError("%s; %s" % (error, log.read_bytes()[seen:].decode()[-2000:])) from error


def wait_for_service(load):
    for _ in range(300):
        if send("GET", "/Users?count=0", token=load.token).status == 200:
            return
        time.sleep(0.1)
    load.failures.append("the service did not come back within 30 seconds")


def under_load(rounds, harm):
    cases = 0
    failures = []
    for _ in range(rounds):
        with Load() as load:
            time.sleep(0.5)
            harm(load)
            wait_for_service(load)
            time.sleep(0.5)
        cases += load.answers
        failures += load.failures
    return cases, failures


def backend_is_killed(rounds):
    def harm(load):
        pid = sql("SELECT pid FROM pg_stat_activity WHERE usename = 'authenticator' AND state = 'active' "
                  "UNION ALL SELECT pid FROM pg_stat_activity WHERE usename = 'authenticator' LIMIT 1")
        os.kill(int(pid), signal.SIGKILL)
    return under_load(rounds, harm)


def postmaster_is_killed(rounds):
    def harm(load):
        pid = int((STACK / "data/postmaster.pid").read_text().split()[0])
        children = [int(child) for child in
                    pathlib.Path("/proc/%d/task/%d/children" % (pid, pid)).read_text().split()]
        os.kill(pid, signal.SIGKILL)
        while any(is_running(child) for child in [pid] + children):
            time.sleep(0.05)
        # where nobody collects the dead at once, the number still looks taken
        for lock in [STACK / "data/postmaster.pid", *STACK.glob(".s.PGSQL.*.lock")]:
            lock.unlink(missing_ok=True)
        pg_ctl("start")
    return under_load(rounds, harm)


def postgresql_restarts(rounds):
    modes = ["fast", "immediate"]
    return under_load(rounds, lambda load: pg_ctl("-m", modes[load.answers % 2], "restart"))


def postgrest_is_killed(rounds):
    def harm(load):
        pid_file = STACK / "postgrest.pid"
        pid = int(pid_file.read_text())
        os.kill(pid, signal.SIGKILL)
        while is_running(pid):
            time.sleep(0.05)
        (STACK / "postgrest.sock").unlink(missing_ok=True)
        with open(STACK / "postgrest.log", "ab") as log:
            process = subprocess.Popen([STACK / "postgrest", STACK / "postgrest.conf"], stdout=log, stderr=log,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
        pid_file.write_text("%d\n" % process.pid)
        process.returncode = 0      # it outlives this attack
    return under_load(rounds, harm)
