#!/usr/bin/env python3
"""bin/scim-configure by what it writes below a directory: all of it once, nothing twice, no
setting that could say more than it should.  Output is TAP-like: "ok NAME"."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "conf" / "scim.conf.example").read_text()


class Machine:
    """A directory with a cluster of PostgreSQL in it, and settings."""

    def __init__(self, directory):
        self.root = pathlib.Path(directory)
        (self.root / "etc/scim").mkdir(parents=True)
        for version in ("9.6", "13", "15"):
            cluster = self.root / "etc/postgresql" / version / "main"
            cluster.mkdir(parents=True)
            (cluster / "pg_hba.conf").write_text("# of the system\nlocal all postgres peer\nlocal all all peer\n")
            (cluster / "pg_ident.conf").write_text("# MAPNAME\n")

    def configure(self, settings=None, *options, name="scim"):
        file = self.root / "etc/scim" / (name + ".conf")
        if settings is not None:
            file.write_text(settings)
        done = subprocess.run([ROOT / "bin/scim-configure", *options, "--root", self.root, file],
                              capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def files(self):
        return {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def text(self, name):
        return (self.root / name).read_text()


def changed(settings=EXAMPLE, **values):
    for name, value in values.items():
        settings = re.sub("(?m)^%s=.*$" % name, lambda _: "%s=%s" % (name, value), settings)
    return settings


def test_all_of_it(machine):
    status, said = machine.configure(EXAMPLE)
    assert status == 0, said
    files = machine.files()
    for name in files:
        if not name.startswith(("etc/postgresql", "etc/scim/scim.conf", "etc/scim/scim/sql")):
            assert not re.search(rb"@[A-Z_]+@", files[name]), name
            assert "writes   /" + name in said, name
    assert (machine.root / "etc/scim/scim/jwt.key").stat().st_mode & 0o777 == 0o600
    assert (machine.root / "etc/scim/scim/postgrest.conf").stat().st_mode & 0o777 == 0o600
    assert len(files["etc/scim/scim/jwt.key"]) == 64
    hba = machine.text("etc/postgresql/15/main/pg_hba.conf")
    assert hba.index("local scim authenticator peer map=scim-scim") < hba.index("local all all peer")
    assert "scim-scim scim-scim authenticator" in machine.text("etc/postgresql/15/main/pg_ident.conf")
    assert "authenticator" not in machine.text("etc/postgresql/13/main/pg_hba.conf")
    for word in ("systemctl reload postgresql", "setup.sql", "daemon-reload", "enable --now scim-postgrest@scim", "nginx -t"):
        assert word in said, word


def test_tls(machine):
    """Nothing is listened to without TLS but what renews certificates, and nothing older than TLS 1.2."""
    machine.configure(EXAMPLE)
    server = machine.text("etc/nginx/conf.d/scim-scim.conf")
    assert re.findall(r"(?m)^\s*ssl_protocols\s+(.*);", server) == ["TLSv1.2 TLSv1.3"], server
    listens = re.findall(r"(?m)^\s*listen\s+(.*);", server)
    assert listens and all(listen.endswith(" ssl") for listen in listens), listens


def test_nothing_twice(machine):
    machine.configure(EXAMPLE)
    before = machine.files()
    for options in ((), ("--check",)):
        status, said = machine.configure(EXAMPLE, *options)
        assert status == 0 and "everything is as" in said and "writes" not in said, said
        assert machine.files() == before


def test_check_writes_nothing(machine):
    (machine.root / "etc/scim/scim.conf").write_text(EXAMPLE)
    before = machine.files()
    status, said = machine.configure(EXAMPLE, "--check")
    assert status == 1 and "differs  /etc/nginx/conf.d/scim-scim.conf" in said, said
    assert machine.files() == before
    machine.configure(EXAMPLE)
    key = machine.text("etc/scim/scim/jwt.key")
    (machine.root / "etc/scim/scim/jwt.key").chmod(0o600)
    status, said = machine.configure(changed(POOL=3), "--check")
    assert status == 1 and re.findall("(?m)^differs .*$", said) == ["differs  /etc/scim/scim/postgrest.conf"], said
    assert key not in said


def test_only_what_changes(machine):
    machine.configure(EXAMPLE)
    for name, value, written in (("POOL", "7", "postgrest.conf"), ("TOKEN_BURST", "7", "scim_standby.conf scim_proxy.conf"), ("TOKEN_RATE", "7", "scim-scim.conf"),
                                 ("LOG_DAYS", "30", "logrotate.d/scim-scim"), ("MAX_BODY_BYTES", "99", "scim-scim.conf"),
                                 ("PREPARED_STATEMENTS", "no", "postgrest.conf"), ("LISTEN_CHANNEL", "no", "postgrest.conf")):
        machine.configure(EXAMPLE)
        status, said = machine.configure(changed(**{name: value}))
        assert status == 0, said
        written_files = re.findall("(?m)^writes .*/(.*)$", said)
        assert written_files == [file.rpartition("/")[2] for file in written.split()], (name, written_files)
    assert "db-prepared-statements = true" in machine.text("etc/scim/scim/postgrest.conf")


def test_key_stays(machine):
    machine.configure(EXAMPLE)
    key = machine.text("etc/scim/scim/jwt.key")
    machine.configure(changed(POOL=3, DATABASE="other"))
    assert machine.text("etc/scim/scim/jwt.key") == key


def test_several(machine):
    machine.configure(EXAMPLE)
    other = changed(DATABASE="other", SERVER_NAME="other.example.com", LISTEN="8443", STORES="a=/a/v2 b=/b.c/v2", MAX_BODY_BYTES=5)
    assert machine.configure(other, name="other-one")[0] == 0
    assert machine.configure(EXAMPLE, "--check")[0] == 0
    assert machine.configure(other, "--check", name="other-one")[0] == 0
    hba = machine.text("etc/postgresql/15/main/pg_hba.conf")
    assert hba.count("authenticator") == 2 and hba.endswith("local all all peer\n")
    server = machine.text("etc/nginx/conf.d/scim-other-one.conf")
    assert "zone=scim_token_other_one:10m" in server and "https://other.example.com:8443/b.c/v2" in server and r"^(/\.well-known/oauth-authorization-server)?/b\.c/v2(/|$)" in server
    assert "zone=scim_token_other_one " in machine.text("etc/nginx/scim/other-one/scim_proxy.conf")
    assert "scim_postgrest_other_one/rpc" in machine.text("etc/nginx/scim/other-one/scim_probe.conf")
    machine.configure(changed(DATABASE="renamed"))
    hba = machine.text("etc/postgresql/15/main/pg_hba.conf")
    assert hba.count("authenticator") == 2 and "local renamed authenticator" in hba and "local other authenticator" in hba
    assert hba.count("# of the system") == 1


def test_acme(machine):
    machine.configure(EXAMPLE)
    assert "listen 80" not in machine.text("etc/nginx/conf.d/scim-scim.conf")
    machine.configure(changed(ACME_ROOT="/var/lib/acme"))
    assert "root /var/lib/acme;" in machine.text("etc/nginx/conf.d/scim-scim.conf")


def test_console(machine):
    """The page for people: where it is asked for, and nowhere else."""
    machine.configure(EXAMPLE)
    assert not [name for name in machine.files() if "console" in name]
    assert "console" not in machine.text("etc/nginx/conf.d/scim-scim.conf")
    status, said = machine.configure(changed(CONSOLE="yes", STORES="directory=/scim/v2 staff=/staff.x/v2"))
    assert status == 0, said
    assert "include /etc/nginx/scim/scim/scim_console.conf;" in machine.text("etc/nginx/conf.d/scim-scim.conf")
    location = machine.text("etc/nginx/scim/scim/scim_console.conf")
    assert """return 200 '["/scim/v2", "/staff.x/v2"]';""" in location and "include /etc/nginx/scim/scim/scim_console_headers.conf;" in location
    for name in re.findall(r"alias /(.*);", location):
        assert (machine.root / name).read_bytes() == (ROOT / "conf/console" / name.rpartition("/")[2]).read_bytes()
    assert machine.configure(None, "--check")[0] == 0
    machine.configure(EXAMPLE)
    assert "console" not in machine.text("etc/nginx/conf.d/scim-scim.conf")


def test_refused(machine):
    machine.configure(EXAMPLE)
    before = machine.files()
    for name, values in {
            "SERVER_NAME": ["", "a b", "x;y", "*", "x}", "-x", "$host", "x\u00e4"], "LISTEN": ["", "443;", "443 ssl", "localhost", "443 {"],
            "TLS_CERTIFICATE": ["", "x", "/a b", "/x;", "data:x", "/$x"], "LOG": ["", "syslog:server=x", "/x;y", "/a'b"],
            "ACME_ROOT": ["x", "/x}"], "DATABASE": ["", "a b", "a'b", 'a"b', "a;b", "all b", "1a"],
            "STORES": ["", "directory", "directory=", "directory=x", "directory=/", "a=/x a=/y", "a=/x b=/x", "A=/x", "a=/x;", "a=/x y", "a'b=/x", "a=/(x"],
            "POOL": ["", "0", "-1", "x", "1;", "99999999999"], "TOKEN_RATE": ["0", "1.5"], "PREPARED_STATEMENTS": ["", "true", "YES"], "CONSOLE": ["", "true", "on"],
            "PGHOST": ["", "x", "/a b", "/x'"], "PGPORT": ["", "x"], "PG_HBA": ["x"]}.items():
        for value in values:
            status, said = machine.configure(changed(**{name: value}))
            assert status == 1 and ": %s" % name in said, (name, value, status, said)
    (machine.root / "etc/scim/scim.conf").write_text(EXAMPLE)
    assert machine.files() == before
    for more, words in (("NOTHING=1", "there is no setting NOTHING"), ("x", "this is no setting"), ("export POOL=1", "this is no setting"),
                        ("POOL =1", "this is no setting")):
        status, said = machine.configure(EXAMPLE + more + "\n")
        assert status == 1 and words in said and re.search(r"scim\.conf:\d+:", said), said
    for store in ("directory=/console", "a=/x b=/console/v2"):
        status, said = machine.configure(changed(CONSOLE="yes", STORES=store))
        assert status == 1 and "/console" in said, said
        assert machine.configure(changed(STORES=store), "--check")[0] == 1
    for name in ("Scim", "1", "a b", "a;b", "x" * 30):
        status, said = machine.configure(EXAMPLE, name=name)
        assert status == 1 and "its name is no name" in said, said


def test_settings_are_not_run(machine):
    mark = machine.root / "mark"
    for value in ("$(touch %s)" % mark, "`touch %s`" % mark, "x; touch %s" % mark):
        machine.configure(changed(SERVER_NAME=value))
        machine.configure(EXAMPLE + value + "\n")
    assert not mark.exists()


def test_form(machine):
    # no line at the end, ends of lines of other systems, blanks, no setting but one
    status, said = machine.configure("SERVER_NAME=x.example.com  \r\n\r\n  # a comment\r\nPOOL=5")
    assert status == 0, said
    assert "server_name x.example.com;" in machine.text("etc/nginx/conf.d/scim-scim.conf")
    assert "db-pool = 5\n" in machine.text("etc/scim/scim/postgrest.conf")


def test_nginx_takes_it(machine):
    """With its paths below the directory, and a certificate."""
    root = str(machine.root)
    subprocess.run(["mkdir", "-p", root + "/etc/ssl/scim", root + "/var/log/scim"], check=True)
    subprocess.run([ROOT / "test/production/new_certificate", "30", root], check=True)
    other = changed(DATABASE="other", LISTEN="127.0.0.1:8443", ACME_ROOT="", SERVER_NAME="o.example.com")
    for settings, name in ((changed(LISTEN="127.0.0.1:8442", CONSOLE="yes", STORES="directory=/scim/v2 staff=/staff.x/scim/v2"), "scim"), (other, "other")):
        status, said = machine.configure(settings, name=name)
        assert status == 0, said
    for path in machine.root.glob("etc/nginx/**/*.conf"):
        path.write_text(re.sub(r"(?<![\w.])/(etc/nginx|etc/ssl|var/log/scim|run/scim)", root + r"/\1", path.read_text()))
    (machine.root / "nginx.conf").write_text(
        "pid %(r)s/nginx.pid; error_log %(r)s/error.log; events {} http { client_body_temp_path %(r)s/b; proxy_temp_path %(r)s/p; "
        "fastcgi_temp_path %(r)s/f; uwsgi_temp_path %(r)s/u; scgi_temp_path %(r)s/s; include %(r)s/etc/nginx/conf.d/*.conf; }" % {"r": root})
    done = subprocess.run(["/usr/sbin/nginx", "-t", "-e", root + "/error.log", "-c", root + "/nginx.conf"], capture_output=True, text=True)
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


def test_systemd_takes_it(machine):
    if shutil.which("systemd-analyze") is None:
        raise AssertionError("no systemd-analyze: install systemd")
    machine.configure(EXAMPLE)
    root = machine.root
    for program in ("usr/local/bin/postgrest", "usr/bin/psql", "bin/sh", "bin/systemctl", "usr/local/bin/scim-relay"):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    units = root / "etc/systemd/system"
    shutil.copy(ROOT / "conf/scim-relay@.service", units)
    for name in ("sysinit", "basic", "shutdown", "multi-user", "timers", "paths", "network", "network-online"):
        (units / (name + ".target")).write_text("[Unit]\nDescription=%s\n" % name)
    (units / "postgresql.service").write_text("[Unit]\nDescription=x\n[Service]\nExecStart=/usr/bin/psql\n")
    for unit in ("scim-postgrest@scim.service", "scim-maintenance@scim.service", "scim-maintenance@scim.timer", "scim-certificate-scim.path",
                 "scim-certificate-scim.service", "scim-relay@directory.service"):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--generators=no", "--recursive-errors=one", "--root", root, unit],
                              capture_output=True, text=True)
        about = [line for line in done.stderr.splitlines() if "scim" in line]
        assert not about and done.returncode == 0, (unit, done.returncode, done.stderr)


def main():
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            try:
                test(Machine(directory))
                print("ok " + name[5:].replace("_", " "))
            except AssertionError as error:
                failed += 1
                print("not ok %s: %s" % (name[5:].replace("_", " "), error))
    sys.exit(failed > 0)


main()
