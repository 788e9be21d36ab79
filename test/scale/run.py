"""Two primaries and a standby behind one nginx: a store moves between them while clients write to it, whatever
dies meanwhile; reads outlive a standby.  As `bin/test scale` has prepared it."""
import collections
import itertools
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


LOADS = itertools.count(1)


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
        self.mine = next(LOADS)     # an address may be that of one before
        self.threads = [threading.Thread(target=self.write) for _ in range(writers)] + [threading.Thread(target=self.read) for _ in range(readers)]

    def write(self):
        since = None
        while not self.stopped.is_set():
            with self.lock:
                self.number += 1
                name = "load%d.%d" % (self.mine, self.number)
            try:
                status, headers, body = send("POST", "/scim/v2/Users", self.token, {"userName": name, "title": "t"})
            except OSError:
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


def move(command, *arguments, source="one", target="two"):
    return [str(ROOT / "bin/scim-move"), command, "directory", "--from", conninfo(source), "--to", conninfo(target), *arguments]


def leading(source, target):
    """A command of --switch, for a move from one server to another."""
    return "printf '\"~^[^/]*/scim/v2\" scim_%%s;\\n' \"$(test $SCIM_MOVED_TO = from && echo %s || echo %s)\" >'%s/routes/stores.conf' && kill -HUP $(cat '%s/nginx.pid')" % (
        source, target, HOME, HOME)


SWITCH = leading("one", "two")


def moved(command, *arguments, source="one", target="two", switch=None):
    done = subprocess.run(move(command, "--switch", switch or leading(source, target), "--pause-limit", os.environ.get("SCALE_PAUSE", "2"), *arguments, source=source, target=target),
                          capture_output=True, text=True)
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
            check(notes == ["scim.store=directory is set for every role at from, and not at to: it does not move; functions that are told of no store use another one there",
                            "scim.tenant=7 is set for role reader at from, and not at to: it does not move"],
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


def nothing_left(node, name):
    left = sql(node, "SELECT (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_subscription) + (SELECT count(*) FROM pg_replication_slots WHERE slot_name ~ '^scim_move|_sync_')"
               " + (SELECT count(*) FROM pg_trigger WHERE tgname = '0_scim_moved')")
    check(left == "0", name + ": nothing is left of it")


def forget_move(node):
    """What a move has left there of replication goes."""
    if sql(node, "SELECT count(*) FROM pg_subscription") != "0":
        sql(node, "ALTER SUBSCRIPTION scim_move_directory DISABLE")
        sql(node, "ALTER SUBSCRIPTION scim_move_directory SET (slot_name = NONE)")
        sql(node, "DROP SUBSCRIPTION scim_move_directory")
    sql(node, "DROP PUBLICATION IF EXISTS scim_move_directory; SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name ~ '^scim_move'")


def only_at_one():
    """The store is at the first server, and nothing at the other one."""
    if takes_writes("two"):
        moved("back")
        moved("finish")
    forget_move("two")
    sql("two", "DROP SCHEMA IF EXISTS directory CASCADE")
    check(takes_writes("one"), "the first server has the store")
    route("one")
    reload_nginx()


def served_by(node, token, name):
    """Until nginx has read its files."""
    for _ in range(50):
        user = "served%f" % time.time()
        if send("POST", "/scim/v2/Users", token, {"userName": user})[0] == 201:
            break
        time.sleep(0.1)
    check(sql(node, "SELECT count(*) FROM directory.users WHERE user_name = '%s'" % user) == "1", "%s: clients write at %s" % (name, node))


def follows(active, left):
    count = "SELECT count(*) FROM directory.users"
    for _ in range(300):
        if sql(active, count) == sql(left, count):
            return
        time.sleep(0.1)
    check(False, "%s follows %s" % (left, active))


def test_switch(token):
    """A command of --switch that fails, takes too long or is ended costs a pause and nothing more."""
    only_at_one()
    done = moved("check")
    check(done.returncode == 0 and "nothing stands in the way" in done.stdout and sql("two", "SELECT to_regnamespace('directory') IS NULL") == "t", "check moves nothing")
    done = moved("check", switch="exit 7")
    check(done.returncode == 1 and "ended with 7" in done.stderr, "and says that the switch does not work")
    done = moved("start", switch="exit 7")
    check(done.returncode == 1 and "paused" not in done.stdout, "a switch that never works is found before the pause")
    mark = HOME / "switching"
    for name, switch in (("fails", SWITCH + "; test $SCIM_MOVED_TO = from"), ("takes too long", SWITCH + "; test $SCIM_MOVED_TO = from || sleep 60"),
                         ("is ended", SWITCH + "; test $SCIM_MOVED_TO = from || { touch '%s'; sleep 60; }" % mark)):
        name = "a switch that " + name
        mark.unlink(missing_ok=True)
        with Load(token) as load:
            time.sleep(1)
            if "ended" in name:
                process = subprocess.Popen(move("start", "--switch", switch, "--pause-limit", "5"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                for _ in range(600):
                    if mark.exists() or process.poll() is not None:
                        break
                    time.sleep(0.1)
                process.terminate()
                print("  " + process.communicate()[0].replace("\n", "\n  "))
                status, limit = process.returncode, 5
                check(status == 130 and mark.exists(), name + ": it says so")
            else:
                done = moved("start", "--attempts", "1", switch=switch)
                check(done.returncode == 1 and "writes go on as before" in done.stderr, name + ": it is not done, and says so")
                limit = float(os.environ.get("SCALE_PAUSE", "2"))
            served_by("one", token, name)
            time.sleep(0.5)
        check(not takes_writes("two"), name + ": nobody writes at the other side")
        print("  as clients see it paused for %.0f ms; %s" % (1000 * load.pause(), dict(load.statuses)))
        check(load.pause() < limit + 2, name + ": the pause was no longer than the limit")
        check(set(load.statuses) <= {201, 503} and not load.read_failures, "%s: clients were told 201 or 503 %s" % (name, load.read_failures[:3]))
        nothing_is_lost(load, "one", name)
    check(moved("start").returncode == 0, "and one that works moves it")
    served_by("two", token, "and one that works")
    check(moved("back").returncode == 0 and moved("finish").returncode == 0, "and back")


def test_finished(token):
    """What a move has left when it is finished."""
    only_at_one()
    moved("start")
    check(sql("one", "SELECT status FROM scim.request('GET', '/Users?count=1')") == "200", "until it is finished the side that was left is read")
    done = moved("finish")
    check(done.returncode == 0 and "503" in done.stdout, "it is finished")
    answer = sql("one", "SELECT status, headers ->> 'Retry-After' IS NOT NULL, body FROM scim.request('GET', '/Users?count=1')")
    check(answer.startswith("503|t|") and "has moved" in answer, "then the side that was left does not answer reads either: " + answer[:100])
    route("one")
    reload_nginx()
    for bearer in (token, "nobody", None):
        for _ in range(50):     # until nginx has read its files
            status = send("GET", "/scim/v2/Users?count=1", bearer)[0]
            if status == 503:
                break
            time.sleep(0.1)
        check(status == 503, "nor those of clients, whoever they are")
    check(send("GET", "/scim/v2/ServiceProviderConfig", None)[0] == 503, "nor what anybody may know")
    for command in ("back", "start", "abort"):
        done = moved(command)
        check(done.returncode == 1 and "is finished" in done.stderr and "--drop" in done.stderr, command + " after it says what is to be done")
    check(sql("one", "SELECT count(*) FROM pg_subscription") == "0", "and begins nothing anew")
    done = moved("finish")
    check(done.returncode == 0 and "follows it" not in done.stdout, "finish once more changes nothing")
    done = moved("finish", "--drop")
    check(done.returncode == 0 and "follows" not in done.stdout and sql("one", "SELECT to_regnamespace('directory') IS NULL") == "t", "and with --drop drops it")
    check(moved("start", source="two", target="one").returncode == 0, "it moves there again, the other way round")
    check(moved("finish", "--drop", source="two", target="one").returncode == 0, "and that is finished")
    served_by("one", token, "the other way round")
    nothing_left("one", "the other way round")


def test_only(token):
    """One of the two servers is gone for good."""
    only_at_one()
    process = subprocess.Popen(move("start", "--switch", SWITCH), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        if "rows are copied" in line:
            break
    while sql("one", "SELECT obj_description(oid, 'pg_publication') IS NOT NULL FROM pg_publication") != "t":
        time.sleep(0.05)
    process.kill()
    process.wait()
    # of a table that was being copied, and of somebody else's
    follower = sql("two", "SELECT s.oid || '_sync_123_' || system_identifier FROM pg_subscription s, pg_control_system()")
    for slot in ("pg_" + follower, "pg_9_sync_123_9"):
        sql("one", "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')" % slot)
    done = moved("abort", "--only", "from")
    check(done.returncode == 1 and "answers" in done.stderr, "--only is refused while both are there")
    pg_ctl("two", "-m", "immediate", "stop")
    done = moved("abort")
    check(done.returncode == 1 and "--only" in done.stderr, "without it nothing is done, and it is named")
    check(moved("status", "--only", "from").returncode == 0, "status is told of one side")
    done = moved("abort", "--only", "from")
    check(done.returncode == 0 and "pg_9_sync_123_9" in done.stdout, "abort at the side that is there")
    check(sql("one", "SELECT string_agg(slot_name, ' ') FROM pg_replication_slots WHERE slot_type = 'logical'") == "pg_9_sync_123_9", "no slot of it keeps the log, and one of somebody else stays")
    sql("one", "SELECT pg_drop_replication_slot('pg_9_sync_123_9')")
    nothing_left("one", "aborted at one side")
    served_by("one", token, "aborted at one side")
    pg_ctl("two", "start")

    # after the switch, the side that was left dies
    only_at_one()
    moved("start")
    pg_ctl("one", "-m", "immediate", "stop")
    check(moved("finish", "--only", "to").returncode == 0, "finish at the side that has it")
    nothing_left("two", "finished at one side")
    served_by("two", token, "finished at one side")
    pg_ctl("one", "start")
    check(not takes_writes("one"), "what comes back takes no writes")
    forget_move("one")
    sql("one", "SELECT scim.drop_store('directory', true)")
    check(moved("start", source="two", target="one").returncode == 0 and moved("finish", "--drop", source="two", target="one").returncode == 0, "and is moved to again")

    # after the switch, the side that has it dies
    moved("start")
    with Load(token) as load:
        time.sleep(2)
    follows("two", "one")
    pg_ctl("two", "-m", "immediate", "stop")
    done = moved("finish", "--only", "from")
    check(done.returncode == 1 and "--take-over" in done.stderr and not takes_writes("one"), "a side that follows does not take over by itself")
    check(moved("finish", "--only", "from", "--take-over").returncode == 0, "but when it is told to")
    nothing_left("one", "taken over")
    served_by("one", token, "taken over")
    nothing_is_lost(load, "one", "taken over")
    pg_ctl("two", "start")
    only_at_one()


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


def test_hang(token):
    """A standby that hangs costs a read that comes to it 40 s, and those that follow nothing."""
    (HOME / "standbys" / "one.conf").write_text("scim_one scim_one_read;\n")
    reload_nginx()
    time.sleep(2)
    check(send("GET", "/scim/v2/Users?count=0", token)[0] == 200, "a standby is read")
    parent = int((HOME / "standby" / "postmaster.pid").read_text().split()[0])
    hung = [parent] + [int(pid) for pid in run("ps", "-o", "pid=", "--ppid", str(parent)).split()]
    reads = []

    def read():
        connection = http.client.HTTPConnection("127.0.0.1", HTTP_PORT, timeout=90)
        began = time.monotonic()
        connection.request("GET", "/scim/v2/Users?count=0", None, {"Authorization": "Bearer " + token})
        reads.append((connection.getresponse().status, time.monotonic() - began))
        connection.close()

    try:
        for pid in hung:
            os.kill(pid, signal.SIGSTOP)
        first = threading.Thread(target=read)
        first.start()
        time.sleep(1)
        began = time.monotonic()
        written = send("POST", "/scim/v2/Users", token, {"userName": "hang%f" % time.time()})[0]
        check(written == 201 and time.monotonic() - began < 10, "writes do not wait for a standby that hangs")
        first.join()
        for _ in range(4):
            read()
    finally:
        for pid in hung:
            os.kill(pid, signal.SIGCONT)
        (HOME / "standbys" / "one.conf").unlink()
        reload_nginx()
    print("  hang: %s" % ", ".join("%d in %.1f s" % pair for pair in reads))
    check(all(status == 200 for status, _ in reads) and 38 < reads[0][1] < 60, "a read that comes to it is late, and answered %s" % reads[:1])
    # each worker of nginx finds out by itself
    check(min(seconds for _, seconds in reads[1:]) < 5, "and those that follow are not")


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
        for name in (sys.argv[1:] or ("standby", "hang", "move", "kill", "switch", "finished", "only")):
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
