"""Two primaries and a standby behind one nginx: a store moves between them while clients write to it, whatever
dies meanwhile; reads outlive a standby.  As `bin/test scale` has prepared it."""
import collections
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

STACK = pathlib.Path(os.environ["STACK"])
ROOT = pathlib.Path(__file__).parent.parent.parent
HOME = STACK / "scale"
PORTS = {"one": 5441, "two": 5442, "standby": 5443}
HTTP_PORT = int(os.environ["SCALE_PORT"])
failures = []


def check(condition, name):
    print("%s - %s" % ("ok" if condition else "not ok", name), flush=True)
    if not condition:
        failures.append(name)


def run(*command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise SystemExit("not ok - %s: %s" % (" ".join(map(str, command)), done.stdout[-3000:]))
    return done.stdout


def conninfo(node):
    return "host=%s port=%d user=postgres dbname=scim" % (HOME, PORTS[node])


def sql(node, statement, ok=True):
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", conninfo(node), "-c", statement],
                          env=dict(os.environ, PGOPTIONS="-c client_min_messages=warning"), capture_output=True, text=True)
    if ok and done.returncode != 0:
        raise SystemExit("not ok - %s: %s" % (node, done.stderr))
    return done.stdout.strip() if done.returncode == 0 else done.stderr


def pg_ctl(node, *arguments):
    return run("pg_ctl", "-D", HOME / node, "-w", "-l", HOME / (node + ".log"), *arguments)


def configure(node):
    with open(HOME / node / "postgresql.conf", "a") as conf:
        conf.write("port = %d\nlisten_addresses = ''\nunix_socket_directories = '%s'\nfsync = off\nwal_level = logical\n"
                   "wal_retrieve_retry_interval = 200ms\nlog_min_messages = warning\n" % (PORTS[node], HOME))


processes = {}


def postgrest(node):
    (HOME / (node + ".sock")).unlink(missing_ok=True)
    processes[node] = subprocess.Popen([STACK / "postgrest", HOME / (node + "-postgrest.conf")], stdin=subprocess.DEVNULL,
                                       stdout=open(HOME / "postgrest.log", "a"), stderr=subprocess.STDOUT)
    while not (HOME / (node + ".sock")).exists():
        time.sleep(0.1)


def route(node):
    (HOME / "routes" / "stores.conf").write_text('"~^[^/]*/scim/v2" scim_%s;\n' % node)


def prepare():
    HOME.mkdir(mode=0o700)
    for directory in ("nginx", "locations", "servers", "routes", "standbys"):
        (HOME / directory).mkdir()
    for node in ("one", "two"):
        run("initdb", "-D", HOME / node, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-A", "trust")
        configure(node)
        pg_ctl(node, "start")
        run("psql", "-Xq", "-d", conninfo(node).replace("dbname=scim", "dbname=postgres"), "-c", "CREATE DATABASE scim")
        sql(node, "CREATE EXTENSION scim")
        sql(node, "SELECT scim.create_store('%s')" % ("directory" if node == "one" else "other"))
        store = "directory" if node == "one" else "other"
        run("psql", "-Xq", "-d", conninfo(node), "-v", "store=" + store, "-f", ROOT / "conf/roles.sql", "-f", ROOT / "conf/postgrest.sql")
    # a standby of the first
    run("pg_basebackup", "-R", "-c", "fast", "-X", "stream", "-D", HOME / "standby", "-d", conninfo("one").replace("dbname=scim", ""))
    configure("standby")
    pg_ctl("standby", "start")
    text = (STACK / "postgrest.conf").read_text()
    for node in PORTS:
        (HOME / (node + "-postgrest.conf")).write_text(
            re.sub(r'server-unix-socket = "[^"]*"', 'server-unix-socket = "%s/%s.sock"' % (HOME, node), re.sub(
                r'db-uri = "[^"]*"', 'db-uri = "host=%s port=%d user=authenticator dbname=scim"' % (HOME, PORTS[node]), text)).replace(
                    "db-channel-enabled = true", "db-channel-enabled = %s" % ("false" if node == "standby" else "true")))
        postgrest(node)
    for file in STACK.glob("scim_*.conf"):
        shutil.copy(file, HOME)
    for name, path in (("directory", "/scim/v2"), ("other", "/other/v2")):
        (HOME / "locations" / (name + ".conf")).write_text(
            "location ~ ^%s(/|$) {\n set $scim_store %s;\n set $scim_base_url http://127.0.0.1:%d%s;\n include scim_proxy.conf;\n}\n" % (path, name, HTTP_PORT, path))
    route("one")
    (HOME / "routes" / "other.conf").write_text('"~^[^/]*/other/v2" scim_two;\n')
    conf = (STACK / "nginx.conf").read_text().replace(str(STACK), str(HOME))
    conf = re.sub(r"listen \S+ default_server", "listen 127.0.0.1:%d default_server" % HTTP_PORT, conf)
    conf = conf.replace("    upstream scim_postgrest {", "".join(
        "    upstream scim_%s {\n        server unix:%s/%s.sock;\n        keepalive 16;\n        keepalive_timeout 25s;\n    }\n" % (node, HOME, node) for node in ("one", "two")) +
        "    upstream scim_one_read {\n        server unix:%s/standby.sock;\n        server unix:%s/one.sock backup;\n        keepalive 16;\n        keepalive_timeout 25s;\n    }\n" % (HOME, HOME) +
        "    upstream scim_postgrest {")
    (HOME / "nginx.conf").write_text(conf.replace("server unix:%s/postgrest.sock" % HOME, "server unix:%s/one.sock" % HOME))
    processes["nginx"] = subprocess.Popen(["nginx", "-e", HOME / "nginx.log", "-g", "daemon off;", "-c", HOME / "nginx.conf"])
    for path in ("/scim/v2", "/other/v2"):
        for _ in range(100):
            try:
                if send("GET", path + "/Schemas", None)[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.2)
        else:
            raise SystemExit("not ok - no answer at " + path)


def reload_nginx():
    os.kill(int((HOME / "nginx.pid").read_text()), signal.SIGHUP)
    time.sleep(0.3)


def send(method, path, token, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", HTTP_PORT, timeout=30)
    try:
        headers = {"Content-Type": "application/scim+json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, dict(answer.getheaders()), json.loads(text) if text else None
    finally:
        connection.close()


class Load:
    """Clients that write and read until they are told to stop."""

    def __init__(self, token, writers=4, readers=2):
        self.stopped = threading.Event()
        self.token = token
        self.written = {}       # user name: (id, title) as acknowledged
        self.unknown = set()    # names whose request had no answer, or an error
        self.statuses = collections.Counter()
        self.unavailable = []   # (from, to) of writes that were told 503
        self.without_retry = 0
        self.read_failures = []
        self.lock = threading.Lock()
        self.number = 0
        self.threads = [threading.Thread(target=self.write) for _ in range(writers)] + [threading.Thread(target=self.read) for _ in range(readers)]

    def write(self):
        since = None
        while not self.stopped.is_set():
            with self.lock:
                self.number += 1
                name = "load%d.%d" % (id(self), self.number)
            try:
                status, headers, body = send("POST", "/scim/v2/Users", self.token, {"userName": name, "title": "t"})
            except OSError as error:
                status, headers, body = 0, {}, None
            self.statuses[status] += 1
            if status == 201:
                self.written[name] = body["id"]
                time.sleep(0.05)
                if since:
                    self.unavailable.append((since, time.monotonic()))
                    since = None
            else:
                since = since or time.monotonic()
                if status == 503 and not headers.get("Retry-After", "").isdigit():
                    self.without_retry += 1
                if status != 503:
                    self.unknown.add(name)
                time.sleep(0.02)

    def read(self):
        while not self.stopped.is_set():
            names = list(self.written.items())[:200]
            if not names:
                time.sleep(0.05)
                continue
            name, user = random.choice(names)
            try:
                status = send("GET", "/scim/v2/Users/" + user, self.token)[0]
            except OSError as error:
                status = error
            if status != 200:
                self.read_failures.append(status)
            time.sleep(0.03)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def pause(self):
        return max([end - begin for begin, end in self.unavailable] or [0])


def move(command, *arguments, **options):
    return [str(ROOT / "bin/scim-move"), command, "directory", "--from", conninfo("one"), "--to", conninfo("two"), *arguments]


SWITCH = "printf '\"~^[^/]*/scim/v2\" scim_%%s;\\n' \"$(test $SCIM_MOVED_TO = from && echo one || echo two)\" >'%s/routes/stores.conf' && kill -HUP $(cat '%s/nginx.pid')" % (HOME, HOME)


def moved(command, *arguments):
    done = subprocess.run(move(command, "--switch", SWITCH, "--pause-limit", os.environ.get("SCALE_PAUSE", "2"), *arguments), capture_output=True, text=True)
    for line in (done.stdout + done.stderr).splitlines():
        print("  " + line, flush=True)
    return done


def takes_writes(node):
    return "ERROR" not in sql(node, "BEGIN; INSERT INTO directory.users (data) VALUES ('{\"userName\": \"try %f\"}'); ROLLBACK" % time.time(), ok=False)


def nothing_is_lost(load, node, name):
    stored = sql(node, "SELECT user_name FROM directory.users WHERE user_name LIKE 'load%'").split()
    check(not set(load.written) - set(stored), "%s: no write that was acknowledged is lost (%d)" % (name, len(load.written)))
    check(len(stored) == len(set(stored)), name + ": none is there twice")
    audit = sql(node, "SELECT count(*) FROM (SELECT resource_id FROM directory.audit WHERE operation = 'create' AND resource_type = 'User' GROUP BY 1 HAVING count(*) > 1) x")
    check(audit == "0", name + ": nor in the audit")
    check(sql(node, "SELECT count(*) FROM scim.verify_audit() WHERE problem IS NOT NULL") == "0", name + ": the audit holds together")


def test_move(token):
    sql("one", "INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'old' || i, 'password', 't1meMa$heen') FROM generate_series(1, 20) i;"
        "INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'older' || i) FROM generate_series(1, %s) i" % os.environ.get("SCALE_USERS", "5000"))
    sql("one", "SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'all', 'members', jsonb_agg(jsonb_build_object('value', id)))) FROM directory.users; SELECT scim.seal_audit()")
    done = moved("status")
    check(done.returncode == 0 and "takes writes" in done.stdout, "status before")
    sql("one", "CREATE ROLE reader; CREATE ROLE writer; ALTER DATABASE scim SET scim.store = 'directory'; ALTER ROLE reader SET scim.tenant = '7'; ALTER ROLE writer SET scim.tenant = '7';"
        "ALTER DATABASE postgres SET scim.store = 'elsewhere'; ALTER ROLE reader IN DATABASE postgres SET scim.tenant = '8'")
    sql("two", "CREATE ROLE writer; ALTER ROLE writer SET scim.tenant = '7'")
    for step, (command, node, left) in enumerate((("start", "two", "one"), ("back", "one", "two"), ("start", "two", "one"))):
        name = "%d %s" % (step + 1, command)
        with Load(token) as load:
            time.sleep(2)
            done = moved(command)
            time.sleep(1.5)
        check(done.returncode == 0, name + " is done")
        if step == 0:
            notes = re.findall("note: (.*)", done.stdout)
            check(notes == ["scim.store=directory is set for every role at from, and not at to", "scim.tenant=7 is set for role reader at from, and not at to"],
                  name + ": it says which settings of sessions do not move %s" % notes)
        pause = re.search(r"paused for (\d+) ms", done.stdout)
        print("  %s: paused for %s ms, as clients see it at most %.0f ms; %s" % (name, pause and pause[1], 1000 * load.pause(), dict(load.statuses)))
        check(pause and int(pause[1]) < 2000, name + ": writes were paused for less than 2 seconds")
        check(set(load.statuses) <= {201, 503}, name + ": clients were told 201 or 503")
        check(load.without_retry == 0, name + ": and when to come again")
        check(not load.read_failures, name + ": reads went on " + str(load.read_failures[:5]))
        nothing_is_lost(load, node, name)
        check(takes_writes(node) and not takes_writes(left), name + ": one side takes writes")
        for statement in ("INSERT INTO directory.users (data) VALUES ('{\"userName\": \"x\"}')", "DELETE FROM directory.member", "UPDATE directory.setting SET value = value",
                          "SELECT scim.create_resource('User', '{\"userName\": \"x\"}')", "TRUNCATE directory.event", "SELECT (scim.create_token('x')).secret", "INSERT INTO directory.audit DEFAULT VALUES"):
            answer = sql(left, statement, ok=False)
            check("has moved" in answer and "port=%d" % PORTS[node] in answer, "%s: the other refuses and says where: %s" % (name, statement))
        check(sql(left, "SELECT status FROM scim.request('POST', '/Users', '{}', '{\"userName\": \"x\"}'::text)") == "503", name + ": 503 there")
        check(sql(left, "SELECT status FROM scim.request('GET', '/Users?count=1')") == "200", name + ": and 200 for reads")
        count = "SELECT count(*) FROM directory.users"
        for _ in range(100):
            if sql("one", count) == sql("two", count):
                break
            time.sleep(0.1)
        check(sql("one", count) == sql("two", count), name + ": the side that was left follows")
    check(sql("two", "SELECT scim.verify_password(id, 't1meMa$heen') FROM directory.users WHERE user_name = 'old1'") == "t", "passwords have moved, too")
    done = moved("abort")
    check(done.returncode == 1, "what has moved is not undone by abort")


def test_torn():
    """It dies while it makes the tables: psql gets the beginning of what it is to do, and makes nothing."""
    torn = HOME / "torn"
    torn.mkdir()
    done = HOME / "torn.done"
    (torn / "psql").write_text("#!/bin/sh\nkill -9 $PPID\nsed '/^CREATE SCHEMA/q' | %s \"$@\"\ntouch %s\n" % (shutil.which("psql"), done))
    (torn / "psql").chmod(0o755)
    subprocess.run(move("start", "--switch", SWITCH), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env=dict(os.environ, PATH="%s:%s" % (torn, os.environ["PATH"])))
    for _ in range(100):
        if done.exists():
            break
        time.sleep(0.1)
    check(done.exists() and sql("two", "SELECT to_regnamespace('directory') IS NULL") == "t", "killed while it makes the tables: there is none")


def test_kill(token):
    """Whenever it dies: run again, it ends; or abort."""
    moved("back")
    moved("finish")
    sql("two", "SELECT scim.drop_store('directory', true)")
    test_torn()
    # from here the side that was left is gone, and made again each time
    for number in range(int(os.environ.get("SCALE_KILLS", "6"))):
        sql("two", "SELECT scim.drop_store('directory', true) WHERE to_regnamespace('directory') IS NOT NULL")
        with Load(token, writers=3, readers=1) as load:
            process = subprocess.Popen(move("start", "--switch", SWITCH), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if number % 2:          # some time in the copy, or in the pause
                for line in process.stdout:
                    if "paused" in line:
                        break
                time.sleep(random.uniform(0, 0.4))
            else:
                time.sleep(random.uniform(0.3, 3))
            process.kill()
            process.wait()
            time.sleep(0.2)
            sides = [node for node in ("one", "two") if takes_writes(node)]
            check(len(sides) < 2, "%d killed: never do two sides take writes (%s)" % (number, sides))
            done = moved("abort" if number % 3 == 2 else "start")
            time.sleep(0.5)
        gone = done.returncode != 0 and number % 3 == 2     # it was past the switch
        node = "one" if number % 3 == 2 and not gone else "two"
        check(done.returncode == 0 or gone, "%d: %s after it" % (number, "abort" if number % 3 == 2 else "start again"))
        nothing_is_lost(load, node, "%d killed" % number)
        check(takes_writes(node), "%d killed: %s takes writes" % (number, node))
        if node == "one":
            left = sql("two", "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'directory') + (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_subscription)")
            check(left == "0" and sql("one", "SELECT count(*) FROM pg_publication") == "0" and
                  sql("one", "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical'") == "0", "%d: nothing is left of it" % number)
        else:
            check(moved("back").returncode == 0, "%d: and back" % number)
            moved("finish")


def test_standby(token):
    (HOME / "standbys" / "one.conf").write_text("scim_one scim_one_read;\n")
    reload_nginx()
    for _ in range(100):
        if sql("standby", "SELECT pg_last_wal_replay_lsn() >= '%s'" % sql("one", "SELECT pg_current_wal_insert_lsn()")) == "t":
            break
        time.sleep(0.1)
    user = send("POST", "/scim/v2/Users", token, {"userName": "standby%f" % time.time()})[2]["id"]
    time.sleep(0.5)
    before = sql("standby", "SELECT clock_timestamp()")
    answers = [send("GET", "/scim/v2/Users/" + user, token)[0] for _ in range(20)] + [
        send("POST", "/scim/v2/Users/.search", token, {"count": 1})[0] for _ in range(5)]
    check(answers == [200] * 25, "reads and searches are answered %s" % answers)
    asked = "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'authenticator' AND query_start > '%s'" % before
    check(sql("standby", asked) == "t" and sql("one", asked) == "f", "by the standby, and not by the primary")
    with Load(token) as load:
        time.sleep(1)
        for mode in ("fast", "immediate"):
            pg_ctl("standby", "-m", mode, "stop")
            time.sleep(1)
            pg_ctl("standby", "start")
            time.sleep(1)
        processes["standby"].kill()
        processes["standby"].wait()
        time.sleep(1)
        postgrest("standby")
        time.sleep(1)
    # somebody who has just been made may not be at the standby yet
    failed = [status for status in load.read_failures if status != 404]
    print("  standby: %s, not there yet %d" % (dict(load.statuses), len(load.read_failures) - len(failed)))
    check(not failed, "a standby that goes and comes costs no read %s" % failed[:5])
    check(set(load.statuses) == {201}, "and no write")
    nothing_is_lost(load, "one", "standby")
    # read your writes: whoever writes waits until the standby shows it
    sql("one", "ALTER SYSTEM SET synchronous_standby_names = '*'")
    sql("one", "SELECT pg_reload_conf()")
    sql("one", "ALTER ROLE authenticator IN DATABASE scim SET synchronous_commit = remote_apply")
    processes["one"].terminate()
    processes["one"].wait()
    postgrest("one")
    time.sleep(2)
    seen = []
    for n in range(100):
        status, _, body = send("POST", "/scim/v2/Users", token, {"userName": "mine%d.%f" % (n, time.time())})
        seen.append((status, send("GET", "/scim/v2/Users/" + body["id"], token)[0] if status == 201 else None))
    check(seen == [(201, 200)] * 100, "with remote_apply whoever writes reads it at once %s" % collections.Counter(seen))
    sql("one", "ALTER SYSTEM RESET synchronous_standby_names")
    sql("one", "SELECT pg_reload_conf()")
    sql("one", "ALTER ROLE authenticator IN DATABASE scim RESET synchronous_commit")
    (HOME / "standbys" / "one.conf").unlink()
    reload_nginx()


def test_routes(token, other):
    check(send("GET", "/scim/v2/Users?count=0", token)[0] == 200 and send("GET", "/other/v2/Users?count=0", other)[0] == 200, "each store is served, by path")
    check(send("GET", "/other/v2/Users?count=0", token)[0] == 401 and send("GET", "/scim/v2/Users?count=0", other)[0] == 401, "each by its own tokens")
    user = send("POST", "/other/v2/Users", other, {"userName": "there"})[2]
    check(sql("two", "SELECT count(*) FROM other.users WHERE user_name = 'there'") == "1" and user["meta"]["location"].startswith("http://127.0.0.1:%d/other/v2/" % HTTP_PORT),
          "what is written is in the other server")


def main():
    try:
        prepare()
        token = sql("one", "SELECT secret FROM scim.create_token('load')")
        other = sql("two", "SET scim.store = 'other'; SELECT secret FROM scim.create_token('load')")
        test_routes(token, other)
        for name in (sys.argv[1:] or ("standby", "move", "kill")):
            globals()["test_" + name](token)
    finally:
        for process in processes.values():
            process.terminate()
            process.wait()
        for node in PORTS:
            if (HOME / node / "postmaster.pid").exists():
                pg_ctl(node, "-m", "immediate", "stop")
        if not os.environ.get("SCALE_KEEP"):
            shutil.rmtree(HOME)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
