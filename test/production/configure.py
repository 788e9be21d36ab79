#!/usr/bin/env python3
"""bin/scim-configure by what it writes below a directory: all of it once, nothing twice, no
setting that could say more than it should; and nginx by whom it asks.  Output is TAP-like: "ok NAME"."""
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time

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


    def cluster(self, version, name, port):
        """A cluster that says which port it has."""
        directory = self.root / "etc/postgresql" / version / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "pg_hba.conf").write_text("# of %s\nlocal all all peer\n" % name)
        (directory / "pg_ident.conf").write_text("# MAPNAME\n")
        (directory / "postgresql.conf").write_text("#port = 1\nport = %d\t\t# (change requires restart)\n" % port)

    def relocate(self):
        """What was written for / is for the directory now; nginx.conf has all of nginx."""
        for path in self.root.glob("etc/nginx/**/*.conf"):
            path.write_text(re.sub(r"(?<![\w.])/(etc/nginx|etc/ssl|var/log/scim|run/scim)", str(self.root) + r"/\1", path.read_text()))
        (self.root / "nginx.conf").write_text(
            "%(user)spid %(r)s/nginx.pid; error_log %(r)s/error.log; events {} http { client_body_temp_path %(r)s/b; proxy_temp_path %(r)s/p; "
            "fastcgi_temp_path %(r)s/f; uwsgi_temp_path %(r)s/u; scgi_temp_path %(r)s/s; include %(r)s/etc/nginx/conf.d/*.conf; }" %
            {"user": "user root; " if os.getuid() == 0 else "", "r": self.root})
        return ["/usr/sbin/nginx", "-e", str(self.root / "error.log"), "-c", str(self.root / "nginx.conf")]

    def certificate(self):
        for directory in ("etc/ssl/scim", "var/log/scim"):
            (self.root / directory).mkdir(parents=True)
        subprocess.run([ROOT / "test/production/new_certificate", "30", self.root], check=True)

    def certificate_for(self, name):
        """Another one, of the same authority."""
        subprocess.run([ROOT / "test/production/new_certificate", "30", self.root, name], check=True)

    @contextlib.contextmanager
    def nginx(self):
        command = self.relocate()
        process = subprocess.Popen(command + ["-g", "daemon off;"], stdin=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if (self.root / "nginx.pid").exists():
                    break
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait()


class PostgREST(socketserver.ThreadingUnixStreamServer):
    """Plays it: says which one it is and what it was told, or 503 as one without its database."""
    daemon_threads = True

    def __init__(self, machine, directory, name):
        (machine.root / "run" / directory).mkdir(parents=True)
        self.name = name
        self.down = False
        super().__init__(str(machine.root / "run" / directory / "postgrest.sock"), Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """nginx has asked the next one already."""


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "nginx"

    def log_message(self, *arguments):
        pass

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({"server": self.server.name, "stores": self.headers["X-Scim-Stores"], "store": self.headers["X-Scim-Store"], "base": self.headers["X-Scim-Base-Url"],
                           "function": self.path.rpartition("/")[2]}).encode()
        self.send_response(503 if self.server.down else 200)
        self.send_header("Content-Length", str(len(body)))
        # so that one that has ended answers nobody
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer


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
    other = changed(DATABASE="other", SERVER_NAME="other.example.com", LISTEN="8443", STORES="a=/a/v2 b=/b.c/v2", MAX_BODY_BYTES=5, LOG="/var/log/scim/other.log")
    assert machine.configure(other, name="other-one")[0] == 0
    assert machine.configure(EXAMPLE, "--check")[0] == 0
    assert machine.configure(other, "--check", name="other-one")[0] == 0
    hba = machine.text("etc/postgresql/15/main/pg_hba.conf")
    assert hba.count("authenticator") == 2 and hba.endswith("local all all peer\n")
    server = machine.text("etc/nginx/conf.d/scim-other-one.conf")
    assert "zone=scim_token_other_one:10m" in server and "https://other.example.com:8443/b.c/v2" in server and r"^(/\.well-known/oauth-authorization-server)?/b\.c/v2(/|$)" in server
    assert "zone=scim_token_other_one " in machine.text("etc/nginx/scim/other-one/scim_proxy.conf")
    assert "$scim_probed scim_postgrest_other_one;" in machine.text("etc/nginx/scim/other-one/scim_server.conf")
    machine.configure(changed(DATABASE="renamed"))
    hba = machine.text("etc/postgresql/15/main/pg_hba.conf")
    assert hba.count("authenticator") == 2 and "local renamed authenticator" in hba and "local other authenticator" in hba
    assert hba.count("# of the system") == 1


def test_services_do_not_meet(machine):
    """What two services would both write is refused by the second, and nothing is written of it."""
    first = changed(LISTEN="443 [::]:443", STANDBYS="near=/var/run/postgresql:5433", ACME_ROOT="/var/lib/acme", ROUTES="eu.example.com=main")
    for port, name in ((5432, "main"), (5433, "near"), (5434, "two")):
        machine.cluster("15", name, port)
    status, said = machine.configure(first)
    assert status == 0, said
    apart = {"DATABASE": "second", "SERVER_NAME": "second.example.com", "LOG": "/var/log/scim/second.log", "STANDBYS": "", "ROUTES": ""}
    before = machine.files()
    for values, words in (
            ({"DATABASE": "scim"}, "DATABASE"),
            ({"DATABASE": "scim", "PGHOST": "/run/../var/run/postgresql"}, "DATABASE"),
            ({"DATABASE": "scim", "PGPORT": "5433"}, "DATABASE"),
            ({"DATABASE": "scim", "PGPORT": "5434", "PRIMARIES": "two=/var/run/postgresql:5432"}, "DATABASE"),
            # a pooler before the same server
            ({"DATABASE": "scim", "PGHOST": "/run/pgbouncer", "PGPORT": "6432", "PG_HBA": "/etc/postgresql/15/main/pg_hba.conf",
              "PG_IDENT": "/etc/postgresql/15/main/pg_ident.conf"}, "DATABASE"),
            ({"SERVER_NAME": "scim.example.com"}, "LISTEN"),
            ({"SERVER_NAME": "SCIM.example.com", "LISTEN": "127.0.0.1:8443 0.0.0.0:443"}, "LISTEN"),
            ({"SERVER_NAME": "eu.example.com"}, "LISTEN"),
            ({"ROUTES": "eu.example.com=main"}, "LISTEN"),
            ({"SERVER_NAME": "scim.example.com", "LISTEN": "[::]:443"}, "LISTEN"),
            ({"SERVER_NAME": "scim.example.com", "LISTEN": "8443", "ACME_ROOT": "/var/lib/other"}, "ACME_ROOT"),
            ({"LOG": "/var/log/scim/requests.log"}, "LOG"), ({"LOG": "/var/log/scim/../scim//requests.log"}, "LOG")):
        settings = changed(changed(first, **apart), **values)
        for options in ((), ("--check",)):
            status, said = machine.configure(settings, *options, name="second")
            assert status == 1 and "second.conf: %s" % words in said and "/etc/scim/scim.conf" in said, (values, status, said)
    (machine.root / "etc/scim/second.conf").unlink()
    assert machine.files() == before
    # one address and two names, one name and two ports, one name of the database on two servers
    for values in ({}, {"SERVER_NAME": "scim.example.com", "LISTEN": "8443"}, {"DATABASE": "scim", "PGPORT": "5434"}):
        status, said = machine.configure(changed(changed(first, **apart), **values), name="second")
        assert status == 0, said
        assert machine.configure(None, "--check")[0] == 0
        shutil.rmtree(machine.root / "etc/scim/second")
        (machine.root / "etc/scim/second.conf").unlink()
    # what is only begun stops nobody, nor does what is no service's; a service that is changed is as a new one
    (machine.root / "etc/scim/draft.conf").write_text(first)
    (machine.root / "etc/scim/relay-directory.conf").write_text("CONNINFO=host=/run/postgresql dbname=scim user=scim_relay\n")
    assert machine.configure(None)[0] == 0
    assert machine.configure(changed(first, **apart), name="second")[0] == 0
    status, said = machine.configure(changed(first, DATABASE="second"))
    assert status == 1 and "scim.conf: DATABASE" in said and "second.conf" in said, said
    # and what one service would say twice
    for listen in ("443 443", "443 0.0.0.0:443", "[::]:443 443 [::]:443"):
        status, said = machine.configure(changed(LISTEN=listen), name="third")
        assert status == 1 and "third.conf: LISTEN" in said, said


def test_remove(machine):
    """Nothing of it is left, but what is somebody else's, and what it leaves is said."""
    for version, name, port in (("15", "main", 5432), ("15", "near", 5433), ("15", "two", 5434)):
        machine.cluster(version, name, port)
    before = machine.files()
    directories = {path for path in machine.root.rglob("*") if path.is_dir()}
    other = changed(DATABASE="other", SERVER_NAME="o.example.com", LOG="/var/log/scim/other.log")
    for settings in (EXAMPLE, changed(CONSOLE="yes", **SERVERS)):
        status, said = machine.configure(other, name="other")
        assert status == 0, said
        alone = machine.files()
        assert machine.configure(settings)[0] == 0
        # what is not in the settings any more is its own as well
        assert machine.configure(changed(settings, CONSOLE="no", STANDBYS="near=/var/run/postgresql:5433", PRIMARIES="", ROUTES=""))[0] == 0
        own = machine.root / "etc/nginx/scim/scim/locations/own.conf"
        own.write_text("# mine\n")
        # while it runs it stays
        for running in ("run/scim-scim", "run/scim-scim@near"):
            (machine.root / running).mkdir(parents=True)
            files = machine.files()
            status, said = machine.configure(None, "--remove")
            assert status == 1 and "systemctl disable --now scim-postgrest@scim" in said, said
            assert "scim-postgrest-scim@near" in said and machine.files() == files
            (machine.root / running).rmdir()
        status, said = machine.configure(None, "--remove")
        assert status == 0, said
        left = machine.files()
        settings_file = left.pop("etc/scim/scim.conf")
        assert left.pop("etc/nginx/scim/scim/locations/own.conf") == b"# mine\n"
        assert left == alone, set(left) ^ set(alone) or [name for name in left if left[name] != alone[name]]
        for words in ("removes  /etc/nginx/conf.d/scim-scim.conf", "removes  /etc/scim/scim/jwt.key", "is left  /etc/nginx/scim/scim/locations/own.conf",
                      "is left  /etc/scim/scim.conf", "is left  /var/log/scim/requests.log", "is left  /etc/ssl/scim/scim.example.com.key",
                      "systemctl reload postgresql", "systemctl daemon-reload", "systemctl reload nginx", "dropdb", "directory"):
            assert words in said, (words, said)
        assert machine.configure(None, "--check", name="other")[0] == 0
        assert machine.configure(None, "--remove")[0] == 0 and machine.files() == dict(left, **{"etc/scim/scim.conf": settings_file, "etc/nginx/scim/scim/locations/own.conf": b"# mine\n"})
        own.unlink()
        # the last one, with what all share
        status, said = machine.configure(None, "--remove", name="other")
        assert status == 0 and "removes  /etc/nginx/conf.d/00-scim.conf" in said, said
        assert "is left  roles" in said and " scim_owner " in said and "uninstall" in said and "dropuser" in said, said
        for name in ("scim", "other"):
            (machine.root / "etc/scim" / (name + ".conf")).unlink()
        assert machine.files() == before
        assert machine.configure(EXAMPLE)[0] == 0 and machine.configure(None, "--remove")[0] == 0
        (machine.root / "etc/scim/scim.conf").unlink()
    # nor directories of its own
    left = {str(path.relative_to(machine.root)) for path in machine.root.rglob("*") if path.is_dir()} - {str(path.relative_to(machine.root)) for path in directories}
    assert not [name for name in left if "scim" in name and name != "var/log/scim"], left
    # though what it needed is gone
    assert machine.configure(EXAMPLE)[0] == 0
    for path in machine.root.glob("etc/postgresql/*/*/*"):
        path.unlink()
    status, said = machine.configure(None, "--remove")
    assert status == 0 and not [name for name in machine.files() if name != "etc/scim/scim.conf"], said
    for options in (("--remove", "--check"), ("--check", "--remove")):
        assert machine.configure(EXAMPLE, *options)[0] == 1


def openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], check=True, cwd=cwd, capture_output=True)


def test_certificate(machine):
    """What nginx would refuse is refused, and what clients would is told."""
    machine.certificate()
    ssl_directory = machine.root / "etc/ssl/scim"
    pem, key = ssl_directory / "scim.example.com.pem", ssl_directory / "scim.example.com.key"
    assert machine.configure(EXAMPLE)[0] == 0
    status, said = machine.configure(EXAMPLE, "--check")
    assert status == 0 and "warning" not in said, said
    good = {path: path.read_bytes() for path in (pem, key)}
    before = machine.files()
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "strange.key", cwd=ssl_directory)
    openssl("ec", "-in", key.name, "-aes128", "-passout", "pass:x", "-out", "locked.key", cwd=ssl_directory)
    for path, contents, words in ((key, (ssl_directory / "strange.key").read_bytes(), "TLS_KEY: /etc/ssl/scim/scim.example.com.key is not the key"),
                                  (key, (ssl_directory / "locked.key").read_bytes(), "TLS_KEY"), (key, b"", "TLS_KEY"), (key, good[pem], "TLS_KEY"),
                                  (pem, good[key], "TLS_CERTIFICATE: there is no certificate"), (pem, b"x", "TLS_CERTIFICATE"),
                                  # the chain the wrong way round
                                  (pem, (ssl_directory / "ca.pem").read_bytes() + good[pem], "TLS_KEY")):
        path.write_bytes(contents)
        for options in ((), ("--check",)):
            status, said = machine.configure(changed(POOL=3), *options)
            assert status == 1 and "scim.conf: " + words in said, (words, status, said)
        path.write_bytes(good[path])
        (machine.root / "etc/scim/scim.conf").write_text(EXAMPLE)
        left = machine.files()
        assert not [name for name in set(left) | set(before) if "ssl" not in name and left.get(name) != before.get(name)], left.keys()
    for name in ("strange.key", "locked.key"):
        (ssl_directory / name).unlink()
    assert machine.configure(EXAMPLE)[0] == 0 and machine.files() == before
    # names that it has not
    for values, name in (({"SERVER_NAME": "www.example.com"}, "www.example.com"), ({"ROUTES": "eu.example.com=main"}, "eu.example.com")):
        assert machine.configure(changed(**values))[0] == 0
        status, said = machine.configure(None, "--check")
        assert status == 1 and "warning  /etc/ssl/scim/scim.example.com.pem is not for %s\n" % name in said and "differs" not in said, said
    machine.configure(EXAMPLE)
    # its time
    for begins, ends, words in ((-90, 5, "is good for 4 days and 2"), (-90, -1, "has expired"), (1, 90, "is not good yet"), (-2, 4, None), (-60, 30, None), (-300, 13, "is good for 12 days")):
        at = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * 86400 - 60)) for days in (begins, ends)]
        (ssl_directory / "index.txt").write_text("")
        (ssl_directory / "ca.cnf").write_text("[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nnew_certs_dir=.\nunique_subject=no\n"
                                              "x509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:scim.example.com\n")
        openssl("req", "-new", "-key", key.name, "-subj", "/CN=scim.example.com", "-out", "x.csr", cwd=ssl_directory)
        openssl("ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", "x.csr", "-startdate", at[0], "-enddate", at[1], "-notext", "-out", pem.name, cwd=ssl_directory)
        assert machine.configure(None)[0] == 0
        status, said = machine.configure(None, "--check")
        assert status == (words is not None) and ("warning  /etc/ssl/scim/scim.example.com.pem %s" % words in said if words else "warning" not in said), (begins, ends, status, said)
        assert machine.configure(None)[0] == 0


def program(machine, name, text):
    """A program that plays another one, in a directory of PATH."""
    directory = machine.root / "programs"
    directory.mkdir(exist_ok=True)
    (directory / name).write_text("#!/bin/sh\n" + text)
    (directory / name).chmod(0o755)
    return "%s:%s" % (directory, os.environ["PATH"])


def test_certificate_of_one(machine):
    """What is wrong with one certificate keeps no other from being taken, nor nginx from starting: the last good one stays."""
    machine.certificate()
    machine.certificate_for("acme.example.com")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    settings = changed(LISTEN="127.0.0.1:%d" % port, STORES="directory=/scim/v2 acme=acme.example.com/scim/v2",
                       CERTIFICATES="acme.example.com=/etc/ssl/scim/acme.example.com.pem:/etc/ssl/scim/acme.example.com.key")
    status, said = machine.configure(settings)
    assert status == 0, said
    copies = {name: machine.root / "etc/nginx/scim/scim/certificates" / (name + ".pem") for name in ("scim.example.com", "acme.example.com")}
    for copy in copies.values():
        assert copy.stat().st_mode & 0o777 == 0o600
    assert "/etc/ssl" not in machine.text("etc/nginx/conf.d/scim-scim.conf")
    files = {name: (machine.root / "etc/ssl/scim" / (name + ".pem"), machine.root / "etc/ssl/scim" / (name + ".key")) for name in copies}
    script = machine.root / "certificates.sh"
    script.write_text(re.sub(r"(?<![\w.])/etc/", "%s/etc/" % machine.root, machine.text("etc/scim/scim/certificates.sh")))
    path = program(machine, "systemctl", 'echo "$@" >>%s/systemctl\n' % machine.root)

    def take():
        (machine.root / "systemctl").unlink(missing_ok=True)
        done = subprocess.run(["/bin/sh", script], env={"PATH": path}, capture_output=True, text=True)
        assert machine.text("systemctl") == "reload nginx.service\n", done
        return done.returncode, done.stdout + done.stderr

    def whole(pair):
        certificate, key = pair
        return key.read_bytes().rstrip() + b"\n" + certificate.read_bytes().rstrip() + b"\n"

    assert take()[0] == 0 and all(copies[name].read_bytes() == whole(files[name]) for name in copies)
    context = ssl.create_default_context(cafile=str(machine.root / "etc/ssl/scim/ca.pem"))
    acme, good = files["acme.example.com"], [path.read_bytes() for path in files["acme.example.com"]]
    kept = copies["acme.example.com"].read_bytes()
    for number, wrong in enumerate((lambda: acme[1].write_bytes(files["scim.example.com"][1].read_bytes()), lambda: acme[0].unlink(), lambda: acme[1].unlink(),
                                    lambda: acme[0].write_bytes(b"x"), lambda: acme[0].write_bytes(b""))):
        wrong()
        # the other one is renewed meanwhile
        machine.certificate_for("scim.example.com")
        status, said = take()
        assert status == 1 and "acme.example.com.pem and its key are not taken" in said and "scim.example.com.pem and" not in said, said
        assert copies["acme.example.com"].read_bytes() == kept and copies["scim.example.com"].read_bytes() == whole(files["scim.example.com"])
        if number == 0:
            with machine.nginx():
                for name in copies:
                    with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=name) as connection:
                        assert ("DNS", name) in connection.getpeercert()["subjectAltName"]
        for path_of, contents in zip(acme, good):
            path_of.write_bytes(contents)
    assert take()[0] == 0
    # a host that goes takes its copy along
    machine.configure(changed(settings, STORES="directory=/scim/v2", CERTIFICATES=""))
    assert not copies["acme.example.com"].exists() and copies["scim.example.com"].exists()
    # whoever waits for the files of before is started anew
    status, said = machine.configure(settings)
    assert status == 0 and "systemctl restart scim-certificate-scim.path" in said, said


def test_key_for_everybody(machine):
    machine.certificate()
    key = machine.root / "etc/ssl/scim/scim.example.com.key"
    assert machine.configure(EXAMPLE)[0] == 0
    for mode, told in ((0o600, False), (0o640, False), (0o644, True), (0o604, True)):
        key.chmod(mode)
        status, said = machine.configure(None, "--check")
        assert (status == 1) == told and ("warning  /etc/ssl/scim/scim.example.com.key is %o" % mode in said) == told, (mode, said)


def test_mode_of_files(machine):
    machine.configure(EXAMPLE)
    (machine.root / "etc/scim/scim/jwt.key").chmod(0o644)
    status, said = machine.configure(None, "--check")
    assert status == 1 and "differs  /etc/scim/scim/jwt.key\n  it is 644, and should be 600\n" in said, said
    assert machine.configure(None)[0] == 0 and (machine.root / "etc/scim/scim/jwt.key").stat().st_mode & 0o777 == 0o600


def test_path_within_another(machine):
    """Whichever is named first: a request goes to the store whose path fits best."""
    for stores in ("staff=/scim directory=/scim/v2 deep=/scim/v2/x", "deep=/scim/v2/x directory=/scim/v2 staff=/scim"):
        assert machine.configure(changed(STORES=stores))[0] == 0
        locations = re.findall(r"(?m)^    location ~ (\S+) \{\n        set \$scim_store (\w+);", machine.text("etc/nginx/conf.d/scim-scim.conf"))
        for uri, store in (("/scim/v2/Users", "directory"), ("/scim/v2", "directory"), ("/scim/Users", "staff"), ("/scim/v22/Users", "staff"), ("/scim/v2/x/Users", "deep"),
                           ("/.well-known/oauth-authorization-server/scim/v2", "directory")):
            assert next(name for pattern, name in locations if re.search(pattern, uri)) == store, (stores, uri, locations)


def test_wrong_word(machine):
    """Of a list the word that is wrong is shown, and not the others."""
    for name, value, words in (
            ("STORES", "directory=/scim/v2 a=ACME.example.com/x", '"a=ACME.example.com/x", which is not store=/path or store=host/path: it is written in small letters'),
            ("STORES", "directory=/scim/v2 a=acme.example.com:8443/x", '"a=acme.example.com:8443/x", which is not store=/path or store=host/path: the port is that of LISTEN'),
            ("STORES", "directory=/scim/v2,a=/x", '"directory=/scim/v2,a=/x", which is not store=/path or store=host/path: they are parted by blanks, not by commas'),
            ("STORES", "directory=/scim/v2 a=*.example.com/x", '"a=*.example.com/x", which is not store=/path or store=host/path: each is named'),
            ("STORES", "directory=/scim/v2 public=/x", '"public=/x": public is a schema that is no store\'s'),
            ("STORES", "pg_x=/x", '"pg_x=/x": pg_x is a schema'), ("STORES", "scim_internal=/x", '"scim_internal=/x": scim_internal is a schema'), ("STORES", "api=/x", '"api=/x": api is a schema'),
            ("LISTEN", "443 localhost", '"localhost", which is not where nginx can listen'), ("ROUTES", "eu.example.com=main x", '"x", which is not host=name'),
            ("LISTEN", "443 70000", '"70000", which is not where nginx can listen'), ("LISTEN", "65536", '"65536", which'), ("LISTEN", "999.1.1.1:443", '"999.1.1.1:443", which'),
            ("LISTEN", "[1:2:3]:443", '"[1:2:3]:443", which is no address of IPv6'), ("LISTEN", "[1::2::3]:443", '"[1::2::3]:443", which is no address'), ("LISTEN", "[::12345]:443", '"[::12345]:443", which'),
            ("STANDBYS", "b=db2:65536", '"b=db2:65536", which is not name=host:port'), ("PRIMARIES", "b=[:::1]:5432", '"b=[:::1]:5432", which is no address'),
            ("CERTIFICATES", "a.example.com=/a:/b x", '"x", which is not host=certificate:key'), ("STANDBYS", "b=db2:5432 x", '"x", which is not name=host:port')):
        status, said = machine.configure(changed(**{name: value}))
        assert status == 1 and ": %s has %s" % (name, words) in said, (value, said)
        assert said.count("directory=/scim/v2") == words.count("directory=/scim/v2"), said
    for listen in ("65535", "255.255.255.255:65535", "[::]:443", "[2001:db8::1]:443", "[1:2:3:4:5:6:7:8]:443", "[::ffff:192.0.2.1]:443"):
        status, said = machine.configure(changed(LISTEN=listen))
        assert status == 0, said
    status, said = machine.configure(changed(PGPORT="65536"))
    assert status == 1 and 'PGPORT is not a port: "65536"' in said, said
    for name in ("postgres", "template0", "template1"):
        status, said = machine.configure(changed(DATABASE=name))
        assert status == 1 and ': DATABASE is a database for stores alone, and "%s" is one of the server\'s own' % name in said, said


def test_database_that_is_another(machine):
    """Whoever mistypes DATABASE is told; so is who looks whether it serves."""
    machine.configure(EXAMPLE)
    (machine.root / "var/run/postgresql").mkdir(parents=True)
    status, said = machine.configure(None, "--check")
    assert status == 1 and "warning  PostgreSQL does not answer at /var/run/postgresql:5432" in said, said
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(machine.root / "var/run/postgresql/.s.PGSQL.5432"))
    databases = {"scim": []}

    def server():
        """psql, of a server that has these databases, with what readiness says in each."""
        return program(machine, "psql", "for last; do :; done\nwhile [ $# -gt 0 ]; do [ \"$1\" != -d ] || d=$2; shift; done\ncase $last in\n" + "".join(
            "*\"datname = '%s'\"*) case $last in *count*) echo 1 ;; *) echo there ;; esac; exit ;;\n" % name for name in databases) +
            "*count*datname*) echo 0; exit ;;\n*datname*) echo missing; exit ;;\n*max_connections*) echo 97; exit ;;\nesac\ncase $d-$last in\n" + "".join(
                "%s-*to_regprocedure*) echo %s ;;\n%s-*readiness*) printf '%%s' '%s' ;;\n" % (name, "f" if said is None else "t", name, "".join(line + "\n" for line in said or ()))
                for name, said in databases.items()) + "*) echo 'no such database' >&2; exit 2 ;;\nesac\n")

    def configure(*arguments):
        before, os.environ["PATH"] = os.environ["PATH"], server()
        try:
            return machine.configure(*arguments)
        finally:
            os.environ["PATH"] = before

    status, said = configure(None, "--check")
    assert status == 0 and "warning" not in said, said
    for name, words in (("scmi", "has served database scim until now; scmi does not exist, and setup.sql will make it"), ("SCIM", "SCIM does not exist")):
        status, said = configure(changed(DATABASE=name), "--check")
        assert status == 1 and words in said and "there is no database %s at" % name in said, said
    # without the file that has changed, too
    status, said = configure(changed(DATABASE="scmi"))
    assert status == 0 and "warning  DATABASE: this service has served database scim until now" in said, said
    status, said = configure(None)
    assert status == 0 and re.findall("(?m)^  .*", said) == ["  runuser -u postgres -- psql -X -q -d postgres -p 5432 -f /etc/scim/scim/setup.sql"], said
    databases["scmi"] = []
    status, said = configure(None)
    assert status == 0 and "everything is as" in said, said
    databases["scmi"] = ['store "directory" is without its door. SELECT scim.repair_store(...)', "another one"]
    status, said = configure(None, "--check")
    assert status == 1 and re.findall("(?m)^warning  (.*)", said) == ["database scmi: " + problem for problem in databases["scmi"]], said
    databases["scmi"] = None
    status, said = configure(None, "--check")
    assert status == 1 and "database scmi at /var/run/postgresql:5432 is without the extension scim" in said, said
    listening.close()


def test_new_key(machine):
    """A new certificate may come before its key or behind it: nginx is told of either."""
    machine.configure(EXAMPLE)
    assert re.findall("(?m)^PathChanged=(.*)$", machine.text("etc/systemd/system/scim-certificate-scim.path")) == [
        "/etc/ssl/scim/scim.example.com.pem", "/etc/ssl/scim/scim.example.com.key"]


def test_port_that_is_taken(machine):
    """By the files of the kernel below the directory."""
    proc = machine.root / "proc"

    def kernel(*sockets):
        shutil.rmtree(proc, ignore_errors=True)
        (proc / "net").mkdir(parents=True)
        for name in ("tcp", "tcp6"):
            (proc / "net" / name).write_text("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" + "".join(
                "   %d: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 %d 1 0 100 0\n" % (n, at, state, 7000 + n)
                for n, (file, at, state, program) in enumerate(sockets) if file == name))
        for n, (_, _, _, program) in enumerate(sockets):
            if program:
                (proc / str(100 + n) / "fd").mkdir(parents=True)
                (proc / str(100 + n) / "comm").write_text(program + "\n")
                (proc / str(100 + n) / "fd" / "3").symlink_to("socket:[%d]" % (7000 + n))

    every = "0" * 32
    machine.configure(EXAMPLE)
    for listen, sockets, words in (
            ("443 [::]:443", [], None),
            ("443 [::]:443", [("tcp", "00000000:01BB", "0A", "nginx"), ("tcp6", every + ":01BB", "0A", "nginx")], None),
            ("443 [::]:443", [("tcp", "00000000:01BB", "0A", "apache2")], "apache2 (process 100) listens at 443"),
            ("443", [("tcp", "00000000:0016", "0A", "sshd"), ("tcp6", every + ":01BB", "0A", "java")], "java (process 101) listens at 443"),
            ("443", [("tcp", "0100007F:01BB", "0A", "")], "another program listens at 443"),
            ("443", [("tcp", "0100007F:01BB", "01", "curl"), ("tcp", "00000000:01BC", "0A", "x"), ("tcp", "00000000:1BB0", "0A", "y")], None),
            ("127.0.0.1:8443", [("tcp", "0100007F:20FB", "0A", "x")], "x (process 100) listens at 127.0.0.1:8443"),
            ("127.0.0.1:8443", [("tcp", "0200007F:20FB", "0A", "x")], None),
            ("127.0.0.1:8443", [("tcp", "00000000:20FB", "0A", "x")], "x (process 100) listens at 127.0.0.1:8443"),
            ("[::]:443", [("tcp", "00000000:01BB", "0A", "x")], None)):
        kernel(*sockets)
        status, said = machine.configure(changed(LISTEN=listen))
        assert status == 0 and ("warning  " + words in said if words else "warning" not in said), (listen, sockets, said)
        status, said = machine.configure(None, "--check")
        assert status == (words is not None), (listen, sockets, said)
    # nginx has said nothing and does not listen
    kernel(("tcp", "00000000:01BB", "0A", "nginx"))
    assert machine.configure(changed(LISTEN="8443"))[0] == 0
    assert machine.configure(None, "--check")[0] == 0
    (machine.root / "run").mkdir()
    (machine.root / "run/nginx.pid").write_text("1\n")
    status, said = machine.configure(None, "--check")
    assert status == 1 and "nginx runs and does not listen at 8443" in said and "error.log" in said, said
    assert "warning" not in machine.configure(None)[1]


def test_directory_of_the_socket(machine):
    machine.configure(changed(STANDBYS="near=/var/run/postgresql:5433"))
    for name in ("scim-scim", "scim-scim@near"):
        directory = machine.root / "run" / name
        directory.mkdir(parents=True)
        for mode, well in ((0o750, True), (0o755, False), (0o770, False), (0o700, False)):
            directory.chmod(mode)
            status, said = machine.configure(None, "--check")
            assert (status == 0) == well and ("warning  /run/%s is %o" % (name, mode) in said) != well, said
        directory.chmod(0o750)


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


SERVERS = {"STANDBYS": "near=/var/run/postgresql:5433 far=db3.example.com:5432 other@two=[::1]:5435", "PRIMARIES": "two=/var/run/postgresql:5434 three=db4:5432",
           "ROUTES": "/staff.x/v2=two eu.example.com/scim/v2/acme=two eu.example.com=three us.example.com/scim/v2=main us.example.com=two", "PG_TLS": "/etc/scim/keys",
           "STORES": "directory=/scim/v2 staff=/staff.x/v2 third=/third"}


def test_servers(machine):
    """Standbys and other primaries: PostgREST and its unit, access, and what is run where."""
    machine.cluster("15", "main", 5432)
    machine.cluster("15", "near", 5433)
    machine.cluster("15", "two", 5434)
    machine.cluster("16", "stranger", 5436)
    status, said = machine.configure(changed(**SERVERS))
    assert status == 0, said
    for words in ("enable scim-postgrest-scim@near && systemctl restart scim-postgrest-scim@near", "enable scim-postgrest-scim@other",
                  "runuser -u postgres -- psql -X -q -d postgres -h /var/run/postgresql -p 5434 -f /etc/scim/scim/setup-two.sql",
                  "\n  psql -X -q -d postgres -h db4 -p 5432 -f /etc/scim/scim/setup-three.sql", "systemctl daemon-reload"):
        assert words in said, (words, said)
    uri = {name: re.search('db-uri = "(.*)"', machine.text("etc/scim/scim/postgrest%s.conf" % name))[1] for name in ("", "-near", "-far", "-other", "-two", "-three")}
    assert uri["-near"] == "host=/var/run/postgresql port=5433 user=authenticator dbname=scim", uri
    tls = " sslmode=verify-full sslrootcert=/etc/scim/keys/root.crt sslcert=/etc/scim/keys/postgresql.crt sslkey=/etc/scim/keys/postgresql.key user=authenticator dbname=scim"
    assert uri["-far"] == "host=db3.example.com port=5432" + tls and uri["-other"] == "host=::1 port=5435" + tls and uri["-three"] == "host=db4 port=5432" + tls, uri
    for name in uri:
        text = machine.text("etc/scim/scim/postgrest%s.conf" % name)
        assert ("db-channel-enabled = false" in text) == (name in ("-near", "-far", "-other")), name
        assert "/run/scim-scim%s/postgrest.sock" % name.replace("-", "@") in text and "/etc/scim/scim/jwt.key" in text, text
        assert (machine.root / ("etc/scim/scim/postgrest%s.conf" % name)).stat().st_mode & 0o777 == 0o600
    unit = machine.text("etc/systemd/system/scim-postgrest-scim@.service")
    for line in ("ExecStart=/usr/local/bin/postgrest /etc/scim/scim/postgrest-%i.conf", "User=scim-scim", "RuntimeDirectory=scim-scim@%i", "Group=www-data"):
        assert "\n%s\n" % line in unit, unit
    for cluster, there in (("15/main", True), ("15/near", True), ("15/two", True), ("16/stranger", False), ("13/main", False)):
        assert ("local scim authenticator peer map=scim-scim" in machine.text("etc/postgresql/%s/pg_hba.conf" % cluster)) == there, cluster
        assert ("scim-scim scim-scim authenticator" in machine.text("etc/postgresql/%s/pg_ident.conf" % cluster)) == there, cluster
    # each store where routes lead to it
    for file, stores in (("setup", "directory third"), ("setup-two", "directory staff third"), ("setup-three", "directory third")):
        text = machine.text("etc/scim/scim/%s.sql" % file)
        assert " ".join(re.findall(r"(?m)^\\set store (\w+)$", text)) == stores, (file, text)
        assert ("-v file=" in text) == (file != "setup-three"), file
    maintenance = machine.text("etc/scim/scim/maintenance.sql")
    assert re.findall(r"(?m)^\\connect .* port=([0-9]+)", maintenance) == ["5432", "5434"] and maintenance.count("scim.apply_retention()") == 5, maintenance
    before = machine.files()
    assert machine.configure(None)[0] == 0 and machine.configure(None, "--check")[0] == 0 and machine.files() == before
    # of what goes, too
    settings = changed(**dict(SERVERS, STANDBYS="near=/var/run/postgresql:5433", PRIMARIES="three=db4:5432", ROUTES=""))
    status, said = machine.configure(settings, "--check")
    assert status == 1 and "is left  /etc/scim/scim/postgrest-far.conf" in said and "is left  /etc/scim/scim/setup-two.sql" in said, said
    (machine.root / "etc/scim/scim.conf").write_text(changed(**SERVERS))
    assert machine.files() == before
    status, said = machine.configure(settings)
    assert status == 0 and set(re.findall("disable --now scim-postgrest-scim@(.*)", said)) == {"far", "other", "two"}, said
    assert {name for name in machine.files() if name.startswith(("etc/scim/scim/postgrest", "etc/scim/scim/setup"))} == {
        "etc/scim/scim/" + name for name in ("postgrest.conf", "postgrest-near.conf", "postgrest-three.conf", "setup.sql", "setup-three.sql")}
    assert machine.configure(None, "--check")[0] == 0


def test_route(machine):
    """--route leads a store elsewhere by what scim-configure would have written, whatever ROUTES was, or says why not."""
    two = {"PRIMARIES": "two=/var/run/postgresql:5434 three=db4:5432", "STORES": "directory=/scim/v2 staff=/staff/v2 acme=acme.example.com/scim/v2"}
    nginx = "etc/nginx/conf.d/scim-scim.conf"

    def routes():
        return re.search("(?m)^ROUTES=(.*)$", machine.text("etc/scim/scim.conf"))[1]

    assert machine.configure(changed(**two), "--route", "directory=two")[0] == 1, "there is nothing yet"
    for before, store, after in (("", "directory", "/scim/v2=two"), ("/scim/v2=main", "directory", "/scim/v2=two"), ("/scim/v2=three /staff/v2=main", "directory", "/scim/v2=two /staff/v2=main"),
                                 ("/scim=main /staff=three", "directory", "/scim/v2=two /scim=main /staff=three"), ("/staff/v2=three", "directory", "/staff/v2=three /scim/v2=two"),
                                 ("scim.example.com/scim/v2=main", "directory", "scim.example.com/scim/v2=two"), ("/scim/v2=two", "directory", "/scim/v2=two"),
                                 # other names of the same store, and of another one
                                 ("eu.example.com=main", "directory", "eu.example.com/scim/v2=two eu.example.com=main /scim/v2=two"),
                                 ("eu.example.com=three", "directory", "eu.example.com=three /scim/v2=two"),
                                 ("eu.example.com/scim/v2=main eu.example.com=main", "directory", "eu.example.com/scim/v2=two eu.example.com=main /scim/v2=two"),
                                 # of a host with stores of its own
                                 ("/scim/v2=main", "acme", "/scim/v2=main acme.example.com/scim/v2=two"), ("acme.example.com=main", "acme", "acme.example.com/scim/v2=two acme.example.com=main")):
        assert machine.configure(changed(**two, ROUTES=before))[0] == 0, before
        status, said = machine.configure(None, "--route", store + "=two")
        assert status == 0 and routes() == after, (before, routes(), said)
        written = machine.text(nginx)
        assert ("writes   /%s" % nginx in said) == (before != after) and "setup" not in said, said
        machine.configure(None)
        assert machine.text(nginx) == written, before
        if before not in ("", "/scim=main /staff=three", "eu.example.com=main", "acme.example.com=main"):
            continue
        # once more, and there and back
        again = machine.files()
        assert machine.configure(None, "--route", store + "=two")[0] == 0 and machine.files() == again, before
        assert machine.configure(None, "--route", store + "=main")[0] == 0 and machine.configure(None, "--route", store + "=two")[0] == 0
        assert sorted(routes().split()) == sorted(after.split()) and "#" in machine.text("etc/scim/scim.conf"), (before, routes())
    # a file of settings that says nothing of it
    machine.configure("\n".join(line for line in changed(**two).split("\n") if not line.startswith("ROUTES=")))
    assert machine.configure(None, "--route", "staff=two")[0] == 0 and routes() == "/staff/v2=two"
    inner = dict(two, STORES="directory=/scim/v2 inner=/scim/v2/inner staff=/staff/v2")
    for settings, route, words in ((two, "nobody=two", "no store nobody"), (two, "directory=four", "no primary four"), (inner, "directory=two", "inner"),
                                   (dict(two, ROUTES="/scim/v2/x=three"), "directory=two", "ROUTES leads"), (two, "x", "usage")):
        machine.configure(changed(**settings))
        before = machine.files()
        status, said = machine.configure(None, "--route", route)
        assert status == 1 and words in said and machine.files() == before, (route, said)
    machine.configure(changed(**dict(inner, ROUTES="/scim/v2/inner=main")))
    assert machine.configure(None, "--route", "inner=two")[0] == 0 and routes() == "/scim/v2/inner=two"


def test_routes_to_nothing(machine):
    """A path in ROUTES that no store has is warned of, unless there are locations of one's own."""
    settings = dict(PRIMARIES="two=/var/run/postgresql:5434", STORES="directory=/scim/v2 acme=acme.example.com/scim/v2")
    for routes, wrong in (("/scim/v2=two", ""), ("/scim=two", ""), ("/scim/v2/Users=two", ""), ("eu.example.com=two", ""), ("eu.example.com/scim/v2=two", ""), ("acme.example.com/scim/v2=two", ""),
                          ("/scim/v1=two", "/scim/v1"), ("/scim/v2=main /scim/v22=two", "/scim/v22"), ("eu.example.com/scm=two", "eu.example.com/scm"), ("acme.example.com/x=two", "acme.example.com/x")):
        status, said = machine.configure(changed(**settings, ROUTES=routes))
        assert status == 0 and re.findall("warning  ROUTES has (.*), where no store is", said) == wrong.split(), (routes, said)
        assert machine.configure(None, "--check")[0] == (1 if wrong else 0), routes
    (machine.root / "etc/nginx/scim/scim/locations").mkdir(exist_ok=True, parents=True)
    (machine.root / "etc/nginx/scim/scim/locations/own.conf").write_text("# locations\n")
    assert "where no store is" not in machine.configure(None)[1]


def test_server_without_stores(machine):
    """A server whose stores have all gone is ready where it answers."""
    settings = dict(PRIMARIES="two=/var/run/postgresql:5434", STANDBYS="near=/var/run/postgresql:5433")

    def asked():
        text = machine.text("etc/nginx/scim/scim/scim_server.conf") + machine.text("etc/nginx/conf.d/scim-scim.conf")
        return {path: probe for path, probe in re.findall(r"location = (/readyz\S*) \{\s+set \$scim_probe (\w+);", text)}

    for routes, empty in (("", {"/readyz/two"}), ("/scim/v2=two", {"/readyz", "/readyz/near"}), ("/scim/v2/Users=two", set())):
        assert machine.configure(changed(**settings, ROUTES=routes))[0] == 0
        assert {path for path, probe in asked().items() if probe == "scim_health"} == empty and len(asked()) == 3, (routes, asked())


def test_store_goes_to_another_server(machine):
    """All of it by a route: it is made there and not here."""
    machine.configure(changed(PRIMARIES="two=/var/run/postgresql:5434", ROUTES="/scim=two"))
    assert "store" not in re.sub("(?m)^--.*", "", machine.text("etc/scim/scim/setup.sql")), machine.text("etc/scim/scim/setup.sql")
    assert "\\set store directory\n" in machine.text("etc/scim/scim/setup-two.sql")
    assert "SET scim.store = 'directory'" in machine.text("etc/scim/scim/setup-two.sql")


def test_cluster_by_its_port(machine):
    machine.cluster("15", "standby", 5433)
    machine.cluster("15", "main", 5432)
    machine.configure(EXAMPLE)
    assert "authenticator" in machine.text("etc/postgresql/15/main/pg_hba.conf") and "authenticator" not in machine.text("etc/postgresql/15/standby/pg_hba.conf")
    machine.configure(changed(PGPORT=5433))
    assert "authenticator" in machine.text("etc/postgresql/15/standby/pg_hba.conf")


def test_maintenance_of_another_port(machine):
    """Where the server is not the one that psql takes by itself."""
    status, said = machine.configure(changed(PGHOST="/run/elsewhere", PGPORT="5477"))
    assert "psql -X -q -d postgres -h /run/elsewhere -p 5477 -f /etc/scim/scim/setup.sql" in said, said
    name = re.search("(?m)^EnvironmentFile=-?/(.*)$", machine.text("etc/systemd/system/scim-maintenance@.service"))[1].replace("%i", "scim")
    assert machine.text(name).splitlines() == ["PGHOST=/run/elsewhere", "PGPORT=5477", "PGDATABASE=postgres"]
    status, said = machine.configure(None)
    assert status == 0 and "everything is as" in said, said


def test_oauth(machine):
    machine.configure(EXAMPLE)
    assert "oauth" not in machine.text("etc/scim/scim/setup.sql")
    machine.configure(changed(OAUTH="yes", STORES="directory=/scim/v2 staff=/staff/scim/v2"))
    for store in ("directory", "staff"):
        assert re.search(r"(?m)^\\set store %s\n\\set done .* -v oauth=yes " % store, machine.text("etc/scim/scim/setup.sql")), machine.text("etc/scim/scim/setup.sql")


def test_who_is_asked(machine):
    """nginx, before what plays PostgREST of each server: by host and path, and what only reads by standbys."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    machine.certificate()
    status, said = machine.configure(changed(LISTEN="127.0.0.1:%d" % port, ADDRESS_RATE="1000", **SERVERS))
    assert status == 0, said
    servers = {name: PostgREST(machine, "scim-scim" + ("" if name == "main" else "@" + name), name) for name in ("main", "near", "far", "other", "two", "three")}
    context = ssl.create_default_context(cafile=str(machine.root / "etc/ssl/scim/ca.pem"))

    def ask(method, host, path, wanted=200):
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
        # the certificate has one name
        connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="scim.example.com")
        connection.request(method, path, "{}" if method == "POST" else None, {"Host": host, "Content-Type": "application/scim+json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == wanted, (method, host, path, answer.status, text)
        return json.loads(text)

    scim, eu, us = "scim.example.com", "eu.example.com", "us.example.com"
    with machine.nginx():
        for host, path, server, store, base in (
                (scim, "/scim/v2/Users", "main", "directory", scim + ":%d/scim/v2" % port),
                ("EVIL.example.net", "/scim/v2/Users", "main", "directory", scim + ":%d/scim/v2" % port),
                (scim, "/staff.x/v2/Users", "two", "staff", scim + ":%d/staff.x/v2" % port),
                (scim, "/staff.x/v2", "two", "staff", scim + ":%d/staff.x/v2" % port),
                (scim, "/third/Users", "main", "third", scim + ":%d/third" % port),
                (eu, "/scim/v2/Users", "three", "directory", eu + ":%d/scim/v2" % port),
                (eu.upper() + ":%d" % port, "/scim/v2/Users", "three", "directory", eu + ":%d/scim/v2" % port),
                (eu, "/scim/v2/acme/x", "two", "directory", eu + ":%d/scim/v2" % port),
                (eu, "/scim/v2/acmes", "three", "directory", eu + ":%d/scim/v2" % port),
                (eu, "/staff.x/v2/Users", "two", "staff", eu + ":%d/staff.x/v2" % port),
                (us, "/scim/v2/Users", "main", "directory", us + ":%d/scim/v2" % port),
                (us, "/third/Users", "two", "third", us + ":%d/third" % port)):
            said = ask("POST", host, path)
            assert said == {"server": server, "store": store, "base": "https://" + base, "function": "scim_write", "stores": None}, (host, path, said)
            if path.startswith("/staff"):
                # where OAuth 2.0 looks for what there is: at the same server
                said = ask("GET", host, "/.well-known/oauth-authorization-server/staff.x/v2")
                assert said["server"] == "other" and said["store"] == "staff", said
        assert ask("POST", scim, "/staffyx/v2/Users", 404)
        # reads, by what reads for each
        seen = {ask("GET", scim, "/scim/v2/Users")["server"] for _ in range(10)}
        assert seen == {"near", "far"}, seen
        assert ask("POST", scim, "/scim/v2/Users/.search")["server"] in seen
        assert ask("GET", scim, "/staff.x/v2/Users") == {"server": "other", "store": "staff", "base": "https://%s:%d/staff.x/v2" % (scim, port), "function": "scim_read", "stores": None}
        assert ask("GET", eu, "/scim/v2/Users")["server"] == "three"
        # of each whether it is ready
        assert ask("GET", scim, "/readyz")["server"] == "main" and ask("GET", scim, "/healthz")["server"] == "main"
        # by the stores that it has for this service
        assert ask("GET", scim, "/readyz")["stores"] == "directory third"
        for name, stores in {"near": "directory third", "far": "directory third", "other": "directory staff third", "two": "directory staff third", "three": "directory third"}.items():
            assert ask("GET", scim, "/readyz/" + name) == {"server": name, "store": None, "base": None, "function": "scim_ready", "stores": stores}
        servers["far"].down = True
        assert ask("GET", scim, "/readyz/far", 503) and ask("GET", scim, "/readyz/nobody", 404)
        assert {ask("GET", scim, "/scim/v2/Users")["server"] for _ in range(10)} == {"near"}
        servers["near"].shutdown()
        servers["near"].server_close()
        assert {ask("GET", scim, "/scim/v2/Users")["server"] for _ in range(10)} == {"main"}
        servers["other"].down = True
        assert ask("GET", scim, "/staff.x/v2/Users")["server"] == "two"
        # and nobody but the primary of what writes
        assert {ask("POST", scim, "/scim/v2/Users")["server"] for _ in range(5)} == {"main"}
    for server in servers.values():
        server.shutdown()
        server.server_close()


HOSTS = {"STORES": "directory=/scim/v2 acme=acme.example.com/scim/v2 acme_staff=acme.example.com/staff/v2 globex=globex.example.com/scim/v2",
         "PRIMARIES": "two=/var/run/postgresql:5434", "STANDBYS": "near=/var/run/postgresql:5433",
         "ROUTES": "eu.example.com=main de.example.com=main globex.example.com=two",
         "CERTIFICATES": "acme.example.com=/etc/ssl/scim/acme.example.com.pem:/etc/ssl/scim/acme.example.com.key eu.example.com=/etc/ssl/scim/eu.example.com.pem:/etc/ssl/scim/eu.example.com.key",
         "CONSOLE": "yes", "ACME_ROOT": "/var/lib/acme"}


def test_hosts(machine):
    """Stores with hosts of their own, and certificates of each, in one service."""
    machine.cluster("15", "main", 5432)
    machine.cluster("15", "two", 5434)
    before = machine.files()
    # what names no host is of SERVER_NAME, which has no such store
    status, said = machine.configure(changed(**dict(HOSTS, ROUTES=HOSTS["ROUTES"] + " /staff/v2=two")))
    assert status == 0 and "ROUTES has /staff/v2, where no store is" in said, said
    assert machine.configure(changed(**HOSTS))[0] == 0
    # each where routes lead to it, once
    for file, stores in (("setup", "directory acme acme_staff"), ("setup-two", "globex")):
        assert " ".join(re.findall(r"(?m)^\\set store (\w+)$", machine.text("etc/scim/scim/%s.sql" % file))) == stores, file
    server = machine.text("etc/nginx/conf.d/scim-scim.conf")
    assert re.findall(r"(?m)^ *server_name (.*);", server) == ["scim.example.com de.example.com", "eu.example.com", "acme.example.com", "globex.example.com",
                                                              "scim.example.com eu.example.com de.example.com acme.example.com globex.example.com"], server
    # part of a host, and a path of SERVER_NAME that it has as well
    assert machine.configure(changed(**dict(HOSTS, CERTIFICATES="", ROUTES="/scim/v2=two acme.example.com/staff/v2=two")))[0] == 0
    for file, stores in (("setup", "acme globex"), ("setup-two", "directory acme_staff")):
        assert " ".join(re.findall(r"(?m)^\\set store (\w+)$", machine.text("etc/scim/scim/%s.sql" % file))) == stores, file
    assert machine.configure(changed(**HOSTS))[0] == 0
    # nginx is told of a new certificate of any
    for name in ("scim.example.com", "eu.example.com", "acme.example.com"):
        for end in ("pem", "key"):
            assert machine.text("etc/systemd/system/scim-certificate-scim.path").count("PathChanged=/etc/ssl/scim/%s.%s\n" % (name, end)) == 1
    assert machine.configure(None)[0] == 0 and machine.configure(None, "--check")[0] == 0
    # of SERVER_NAME it may be said
    assert machine.configure(changed(STORES="directory=scim.example.com/scim/v2"))[0] == 0
    said_so = machine.text("etc/nginx/conf.d/scim-scim.conf")
    assert machine.configure(changed(STORES="directory=/scim/v2"))[0] == 0
    assert machine.text("etc/nginx/conf.d/scim-scim.conf") == said_so
    # nobody else has the host
    assert machine.configure(changed(**HOSTS))[0] == 0
    for values in ({"SERVER_NAME": "acme.example.com"}, {"STORES": "directory=acme.example.com/x"}, {"ROUTES": "globex.example.com=main"}):
        status, said = machine.configure(changed(DATABASE="other", LOG="/var/log/scim/other.log", **{"SERVER_NAME": "o.example.com", **values}), name="other")
        assert status == 1 and "other.conf: LISTEN" in said and "/etc/scim/scim.conf" in said, said
    (machine.root / "etc/scim/other.conf").unlink()
    # what goes
    own = machine.root / "etc/nginx/scim/scim/hosts/acme.example.com/own.conf"
    own.write_text("# mine\n")
    settings = changed(**dict(HOSTS, STORES="directory=/scim/v2 acme=acme.example.com/scim/v2", ROUTES="", CERTIFICATES=""))
    status, said = machine.configure(settings, "--check")
    assert status == 1 and "is left  /etc/nginx/scim/scim/scim_server-two.conf" in said and "is left  /etc/nginx/scim/scim/scim_console-globex.example.com.conf" in said, said
    status, said = machine.configure(settings)
    assert status == 0 and "disable" not in said, said
    assert not [name for name in machine.files() if "globex" in name or "scim_server-" in name]
    assert machine.configure(None, "--check")[0] == 0
    assert machine.configure(changed(**HOSTS))[0] == 0
    status, said = machine.configure(None, "--remove")
    assert status == 0 and "is left  /etc/nginx/scim/scim/hosts/acme.example.com/own.conf" in said and "is left  /etc/ssl/scim/acme.example.com.key" in said, said
    own.unlink()
    machine.configure(changed(**HOSTS))
    assert machine.configure(None, "--remove")[0] == 0
    (machine.root / "etc/scim/scim.conf").unlink()
    assert machine.files() == before and not (machine.root / "etc/nginx/scim").exists()


def test_certificates_of_hosts(machine):
    """Each is looked at, with the names that it is shown to."""
    machine.certificate()
    for name in ("acme.example.com", "eu.example.com"):
        machine.certificate_for(name)
    directory = machine.root / "etc/ssl/scim"
    assert machine.configure(changed(**HOSTS))[0] == 0
    status, said = machine.configure(None, "--check")
    assert status == 1 and re.findall("(?m)^warning .*$", said) == ["warning  /etc/ssl/scim/scim.example.com.pem is not for %s.example.com" % name for name in ("de", "globex")], said
    before = machine.files()
    for file, words in (("acme.example.com.key", "CERTIFICATES: acme.example.com: /etc/ssl/scim/acme.example.com.key is not the key"),
                        ("eu.example.com.pem", "CERTIFICATES: eu.example.com: there is no certificate in /etc/ssl/scim/eu.example.com.pem")):
        good = (directory / file).read_bytes()
        (directory / file).write_bytes((directory / "scim.example.com.key").read_bytes())
        status, said = machine.configure(changed(POOL=3, **HOSTS))
        assert status == 1 and words in said, said
        (directory / file).write_bytes(good)
        machine.configure(changed(**HOSTS))
        assert machine.files() == before


def test_who_answers_at_hosts(machine):
    """nginx, by SNI and Host: the certificate, the store and the address of each, and nothing of another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    machine.certificate()
    for name in ("acme.example.com", "eu.example.com"):
        machine.certificate_for(name)
    status, said = machine.configure(changed(LISTEN="127.0.0.1:%d" % port, **dict(HOSTS, ACME_ROOT="")))
    assert status == 0, said
    for name, place in (("acme.example.com", "hosts/acme.example.com"), ("scim.example.com", "locations")):
        (machine.root / "etc/nginx/scim/scim" / place / "own.conf").write_text("location = /own {\n    return 200 '{\"own\": \"%s\"}';\n}\n" % name)
    done = subprocess.run(machine.relocate() + ["-t"], capture_output=True, text=True)
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr
    (machine.root / "nginx.pid").unlink(missing_ok=True)
    servers = {name: PostgREST(machine, "scim-scim" + ("" if name == "main" else "@" + name), name) for name in ("main", "near", "two")}
    context = ssl.create_default_context(cafile=str(machine.root / "etc/ssl/scim/ca.pem"))
    context.check_hostname = False

    def ask(method, host, path, wanted=200, sni=None):
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
        connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=sni or host)
        shown = connection.sock.getpeercert()["subjectAltName"][0][1]
        connection.request(method, path, "{}" if method == "POST" else None, {"Host": host, "Content-Type": "application/scim+json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == wanted, (method, host, path, answer.status, text)
        return shown, json.loads(text)

    first = "scim.example.com"
    with machine.nginx():
        for host, path, shown, server, store in (
                (first, "/scim/v2/Users", first, "main", "directory"), ("de.example.com", "/scim/v2/Users", first, "main", "directory"),
                ("eu.example.com", "/scim/v2/Users", "eu.example.com", "main", "directory"),
                ("acme.example.com", "/scim/v2/Users", "acme.example.com", "main", "acme"), ("acme.example.com", "/staff/v2/Users", "acme.example.com", "main", "acme_staff"),
                ("globex.example.com", "/scim/v2/Users", first, "two", "globex")):
            base = "https://%s:%d%s" % (host, port, path[:-len("/Users")])
            assert ask("POST", host, path) == (shown, {"server": server, "store": store, "base": base, "function": "scim_write", "stores": None}), host
            # whatever the handshake said, Host is what is asked for
            assert ask("POST", host, path, sni="eu.example.com")[1]["base"] == base
            assert ask("GET", host, "/.well-known/oauth-authorization-server" + path[:-len("/Users")])[1]["store"] == store
        assert ask("GET", "acme.example.com", "/scim/v2/Users")[1]["server"] == "near" and ask("GET", "globex.example.com", "/scim/v2/Users")[1]["server"] == "two"
        # nobody finds a store at another host
        for host in (first, "eu.example.com", "globex.example.com"):
            ask("POST", host, "/staff/v2/Users", 404)
        # a name that there is not has the stores and the address of the first
        assert ask("POST", "evil.example.net", "/scim/v2/Users")[1]["base"] == "https://%s:%d/scim/v2" % (first, port)
        # the first host knows of all, the others of themselves
        for host, path, server, stores in ((first, "/readyz", "main", "directory acme acme_staff"), (first, "/readyz/two", "two", "globex"),
                                           ("acme.example.com", "/readyz", "main", "acme acme_staff"), ("acme.example.com", "/readyz/near", "near", "acme acme_staff"),
                                           ("globex.example.com", "/readyz", "two", "globex"), ("globex.example.com", "/readyz/two", "two", "globex")):
            said = ask("GET", host, path)[1]
            assert (said["server"], said["stores"]) == (server, stores), (host, path, said)
        for host, path in (("acme.example.com", "/readyz/two"), ("globex.example.com", "/readyz/near")):
            ask("GET", host, path, 404)
        assert ask("GET", "globex.example.com", "/healthz")[1]["server"] == "two"
        for host, stores in ((first, ["/scim/v2"]), ("eu.example.com", ["/scim/v2"]), ("acme.example.com", ["/scim/v2", "/staff/v2"]), ("globex.example.com", ["/scim/v2"])):
            assert ask("GET", host, "/console/services.json")[1] == stores
        assert ask("GET", first, "/own")[1] == {"own": first} and ask("GET", "eu.example.com", "/own")[1] == {"own": first}
        assert ask("GET", "acme.example.com", "/own")[1] == {"own": "acme.example.com"}
        ask("GET", "globex.example.com", "/own", 404)
    for server in servers.values():
        server.shutdown()
        server.server_close()


def test_refused(machine):
    machine.configure(EXAMPLE)
    before = machine.files()
    for name, values in {
            "SERVER_NAME": ["", "a b", "x;y", "*", "x}", "-x", "$host", "x\u00e4"], "LISTEN": ["", "443;", "443 ssl", "localhost", "443 {", "1.2", "...", "1.2.3:443", "0443", "1.2.3.4:", "127.0.0.08:443", "[::]", "443443"],
            "TLS_CERTIFICATE": ["", "x", "/a b", "/x;", "data:x", "/$x"], "LOG": ["", "syslog:server=x", "/x;y", "/a'b"],
            "ACME_ROOT": ["x", "/x}"], "DATABASE": ["", "a b", "a'b", 'a"b', "a;b", "all b", "1a"],
            "STORES": ["", "directory", "directory=", "directory=x", "directory=/", "a=/x a=/y", "a=/x b=/x", "A=/x", "a=/x;", "a=/x y", "a'b=/x", "a=/(x",
                       "a=acme/x", "a=ACME.example.com/x", "a=acme.example.com", "a=acme.example.com/", "a=acme.example.com:8443/x", "a=acme..com/x", "a=*.example.com/x", "a=$host.x/x",
                       "a=acme.example.com/x b=acme.example.com/x", "a=/x b=scim.example.com/x", "a=/x a=acme.example.com/x"],
            "CERTIFICATES": ["x", "acme.example.com=/x:/y", "scim.example.com=/x:/y", "acme.example.com=/x", "acme.example.com=x:y", "acme.example.com=/x:/y;", "=/x:/y"],
            "POOL": ["", "0", "-1", "x", "1;", "99999999999"], "TOKEN_RATE": ["0", "1.5"], "PREPARED_STATEMENTS": ["", "true", "YES"], "CONSOLE": ["", "true", "on"], "OAUTH": ["", "true"],
            "STANDBYS": ["db2:5432", "b=db2", "b=db2:0", "b=db2:5432;", "b=:5432", "B=db2:5432", "b@=x:1", "b@two=x:1", "b=x:1 b=y:1", "b=x:1 c=x:1", "main=x:1", "b=/a b:1",
                         "b=/var/run/postgresql:5432", "b=x;y:1", "b=x:123456", "../b=x:1", "b=x sslmode=disable:1"],
            "PRIMARIES": ["two", "two=x:1 two=y:1", "main=x:1", "two@main=x:1", "two=x'y:1", "two=/var/run/postgresql:5432"],
            "ROUTES": ["/x=two", "two", "=main", "/=main", "host=main", "EU.example.com=main", "eu.example.com/=main", "eu.example.com:8443=main", "*.example.com=main",
                       "/x;=main", "/a b=main", "/(x=main", "-x.example.com=main", "$host/x=main"],
            "PG_TLS": ["", "x", "/a b", "/x'"],
            "PGHOST": ["", "x", "/a b", "/x'"], "PGPORT": ["", "x"], "PG_HBA": ["x"]}.items():
        for value in values:
            status, said = machine.configure(changed(**{name: value}))
            assert status == 1 and ": %s" % name in said, (name, value, status, said)
    (machine.root / "etc/scim/scim.conf").write_text(EXAMPLE)
    assert machine.files() == before
    for more, words in (("NOTHING=1", "there is no setting NOTHING"), ("POOL=3\nPOOL=4", "POOL is said twice, in line"), ("x", "this is no setting"), ("export POOL=1", "this is no setting"),
                        ("POOL =1", "this is no setting")):
        status, said = machine.configure(EXAMPLE + more + "\n")
        assert status == 1 and words in said and re.search(r"scim\.conf:\d+:", said), said
    for store in ("directory=/console", "a=/x b=/console/v2", "a=/x b=acme.example.com/console/v2"):
        status, said = machine.configure(changed(CONSOLE="yes", STORES=store))
        assert status == 1 and "/console" in said, said
        assert machine.configure(changed(STORES=store), "--check")[0] == 1
    for name in ("Scim", "1", "a b", "a;b", "x" * 30):
        status, said = machine.configure(EXAMPLE, name=name)
        assert status == 1 and "its name is no name" in said, said


def test_all_or_nothing(machine):
    """What can only be found out on the way changes no file either, of a service that is there or is not."""
    hba = machine.root / "etc/postgresql/15/main/pg_hba.conf"
    for there in (False, True):
        if there:
            assert machine.configure(EXAMPLE)[0] == 0
        (machine.root / "etc/scim/scim.conf").write_text(changed(POOL=3, CONSOLE="yes"))
        hba.rename(hba.with_suffix(".away"))
        before = machine.files()
        # neither the first nor the last of what is read
        status, said = machine.configure(changed(POOL=3, CONSOLE="yes", PG_HBA="/etc/postgresql/15/main/pg_hba.conf", PG_IDENT="/etc/postgresql/15/main/pg_ident.conf"))
        assert status == 1 and "no such file" in said and "writes" not in said, said
        (machine.root / "etc/scim/scim.conf").write_text(changed(POOL=3, CONSOLE="yes"))
        assert machine.files() == before
        hba.with_suffix(".away").rename(hba)
        # a file that cannot be written, the last of all
        place = machine.root / "etc/logrotate.d"
        aside = place.with_suffix(".away")
        if place.exists():
            place.rename(aside)
        place.write_text("a file\n")
        before = machine.files()
        status, said = machine.configure(changed(POOL=4, CONSOLE="yes", LOG_DAYS=3))
        assert status == 1 and "no file has been changed" in said and "writes" not in said, said
        (machine.root / "etc/scim/scim.conf").write_text(changed(POOL=3, CONSOLE="yes"))
        assert machine.files() == before, set(machine.files()) ^ set(before)
        place.unlink()
        if aside.exists():
            aside.rename(place)
    assert machine.configure(changed(POOL=4, CONSOLE="yes"))[0] == 0


def test_group_and_pool(machine):
    """Who else the socket lets in, and more connections than there are."""
    machine.cluster("15", "main", 5432)
    assert machine.configure(EXAMPLE)[0] == 0
    (machine.root / "etc/group").write_text("root:x:0:\nwww-data:x:33:www-data\nstaff:x:50:eve\n")
    (machine.root / "etc/passwd").write_text("www-data:x:33:33::/:/bin/sh\neve:x:1000:50::/:/bin/sh\n")
    status, said = machine.configure(None, "--check")
    assert status == 0, said
    for group, passwd, who in (("www-data:x:33:www-data,php,deploy", "", "php deploy"), ("www-data:x:33:", "cgi:x:1001:33::/:/bin/sh\n", "cgi")):
        (machine.root / "etc/group").write_text(group + "\n")
        (machine.root / "etc/passwd").write_text("www-data:x:33:33::/:/bin/sh\n" + passwd)
        status, said = machine.configure(None, "--check")
        assert status == 1 and "not nginx alone, but %s:" % who in said, said
    (machine.root / "etc/group").write_text("www-data:x:33:\n")
    (machine.root / "etc/passwd").write_text("")
    for line, pool, most in (("", 97, None), ("", 98, 97), ("#max_connections = 500\nmax_connections = 20\t# few\n", 18, 17), ("max_connections = 200\n", 150, None)):
        configuration = machine.root / "etc/postgresql/15/main/postgresql.conf"
        configuration.write_text("port = 5432\n" + line)
        assert machine.configure(changed(POOL=pool))[0] == 0
        status, said = machine.configure(None, "--check")
        assert status == (most is not None) and (most is None or "POOL=%d is more than the %d connections" % (pool, most) in said), said


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
    machine.certificate()
    other = changed(DATABASE="other", LISTEN="127.0.0.1:8443", ACME_ROOT="", SERVER_NAME="o.example.com", LOG="/var/log/scim/other.log")
    for settings, name in ((changed(LISTEN="127.0.0.1:8442", CONSOLE="yes", STORES="directory=/scim/v2 staff=/staff.x/scim/v2"), "scim"), (other, "other")):
        status, said = machine.configure(settings, name=name)
        assert status == 0, said
    done = subprocess.run(machine.relocate() + ["-t"], capture_output=True, text=True)
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


def test_other_names(machine):
    """Who asks for a name that there is not may be refused, as doc/production.md says."""
    page = (ROOT / "doc/production.md").read_text()
    others = re.search(r"conf\.d/others\.conf <<END\n(.*?)END\n", page, re.S)[1]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    machine.certificate()
    assert machine.configure(changed(LISTEN="127.0.0.1:%d" % port))[0] == 0
    context = ssl.create_default_context(cafile=str(machine.root / "etc/ssl/scim/ca.pem"))
    context.check_hostname = False

    def shown(name):
        try:
            with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=name) as connection:
                return connection.getpeercert() is not None
        except ssl.SSLError as error:
            return error.reason
    with machine.nginx():
        assert shown("scim.example.com") is True and shown("localhost") is True
    (machine.root / "nginx.pid").unlink(missing_ok=True)
    (machine.root / "etc/nginx/conf.d/others.conf").write_text(others.replace(" listen [::]:443 ssl default_server;", "").replace("listen 443", "listen 127.0.0.1:%d" % port))
    with machine.nginx():
        assert shown("scim.example.com") is True and shown("localhost") == "TLSV1_UNRECOGNIZED_NAME", shown("localhost")


def test_not_started_in_vain(machine):
    """PostgREST is started where its server lets it in, and else says why not."""
    machine.cluster("15", "near", 5433)
    machine.configure(changed(STANDBYS="near=/var/run/postgresql:5433"))
    programs = machine.root / "programs"
    programs.mkdir()
    for unit, instance, port in (("scim-postgrest@", "scim", 5432), ("scim-postgrest-scim@", "near", 5433)):
        text = machine.text("etc/systemd/system/%s.service" % unit)
        assert "StartLimitIntervalSec=0" in text.partition("[Service]")[0], text
        command = re.findall("(?m)^ExecStartPre=/bin/sh -c '(.*)'$", text)[0]
        # as systemd reads it
        command = command.replace("$$", "$").replace("\\\\", "\\").replace("%i", instance).replace("/etc/", "%s/etc/" % machine.root)
        for status in (0, 2):
            (programs / "psql").write_text("#!/bin/sh\nprintf '<%%s>' \"$@\"\nexit %d\n" % status)
            (programs / "psql").chmod(0o755)
            done = subprocess.run(["/bin/sh", "-c", command], env={"PATH": "%s:/usr/bin:/bin" % programs}, capture_output=True, text=True)
            assert done.returncode == status, done
            assert done.stdout == "<-X><-q><-w><-d><host=/var/run/postgresql port=%d user=authenticator dbname=scim><-c><>" % port, done


def test_systemd_takes_it(machine):
    if shutil.which("systemd-analyze") is None:
        raise AssertionError("no systemd-analyze: install systemd")
    machine.configure(changed(**SERVERS))
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
    for unit in ("scim-postgrest@scim.service", "scim-postgrest-scim@near.service", "scim-maintenance@scim.service", "scim-maintenance@scim.timer", "scim-certificate-scim.path",
                 "scim-certificate-scim.service", "scim-relay@directory.service"):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--generators=no", "--recursive-errors=one", "--root", root, unit],
                              capture_output=True, text=True)
        about = [line for line in done.stderr.splitlines() if "scim" in line]
        assert not about and done.returncode == 0, (unit, done.returncode, done.stderr)


def main():
    failed = 0
    # all, or those that have a word of the command line in their name
    for name, test in list(globals().items()):
        if not name.startswith("test_") or sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
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
