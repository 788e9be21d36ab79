"""What the tests of doc/examples share: the database beside the application, the application
as a process, requests byte by byte, and pgbouncer.  `bin/test examples` sets the environment:
PGHOST, PGPORT, PGDATABASE, and STACK, the directory of the server."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

STACK = pathlib.Path(os.environ["STACK"])
ROLE = "portal"         # who the applications are
SCIM_JSON = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PGBOUNCER = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")


def sql(*statements):
    """What psql prints, unaligned, without headings."""
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1"], input=";\n".join(statements) + ";\n",
                          env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"},
                          check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def make_token(tenant=1):
    return sql("SET scim.tenant = %d" % tenant, "SELECT secret FROM scim.create_token('%s')" % uuid.uuid4().hex)


def restart(mode):
    """The server of the database, as an administrator does it (fast), or as it dies (immediate)."""
    subprocess.run(["pg_ctl", "-D", STACK / "data", "-l", STACK / "postgresql.log", "-m", mode, "-w", "restart"],
                   check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Application:
    """A command that serves on $PORT; what it prints is in a file."""

    def __init__(self, command, **environment):
        self.port = free_port()
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env={
            **os.environ, "PGUSER": ROLE, "PORT": str(self.port), **environment})
        for _ in range(200):
            try:
                self.send("GET", "/Users")
                return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise SystemExit("%s did not start:\n%s" % (" ".join(command), self.output()))

    def output(self):
        self.log.seek(0)
        return self.log.read()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def send(self, method, path, body=None, headers=(), token=None, connection=None, chunked=False):
        """One request.  path goes out as it is after /scim/v2, bytes as well; body: bytes or a document."""
        own = connection is None
        connection = connection or self.connect()
        try:
            headers = dict(headers)
            if token is not None:
                headers["Authorization"] = "Bearer " + token
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body).encode()
            if body is not None:
                headers.setdefault("Content-Type", SCIM_JSON)
            if chunked:
                headers["Transfer-Encoding"] = "chunked"
            elif body is not None:
                headers["Content-Length"] = str(len(body))
            connection.putrequest(method, "/scim/v2" + path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            try:
                for start in range(0, len(body or b""), 65536):
                    piece = body[start:start + 65536]
                    connection.send(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
                if chunked:
                    connection.send(b"0\r\n\r\n")
            except (BrokenPipeError, ConnectionResetError):
                pass    # refused before the end: the answer is there to be read
            return Answer(connection.getresponse())
        finally:
            if own:
                connection.close()

    def raw(self, data, end=False):
        """Bytes there, and no more where that is the end; bytes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as stream:
            stream.sendall(data)
            if end:
                stream.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while True:
                    piece = stream.recv(65536)
                    if not piece:
                        return answer
                    answer += piece
                    head, _, body = answer.partition(b"\r\n\r\n")
                    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                    if length and len(body) >= int(length[1]):
                        return answer
            except ConnectionResetError:
                return answer

    def stop(self):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.said = self.output()
            self.log.close()


class PgBouncer:
    """In transaction mode, before the server of the tests."""

    def __init__(self, port=6432, **settings):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="pgbouncer.", dir=STACK))
        self.port = port
        everything = {"listen_port": port, "unix_socket_dir": self.directory, "auth_type": "any", "pool_mode": "transaction",
                      "ignore_startup_parameters": "extra_float_digits", "default_pool_size": 1, **settings}
        if self.version() >= (1, 21):       # before, there is no such setting
            everything.setdefault("max_prepared_statements", 100)
        (self.directory / "pgbouncer.ini").write_text(
            # auth_type "any" lets everybody in as the user that is named here
            "[databases]\n%s[pgbouncer]\n" % "".join("%s = host=%s port=%s dbname=%s user=%s\n" % (
                name, os.environ["PGHOST"], os.environ["PGPORT"], os.environ["PGDATABASE"], user)
                for name, user in (("pooled", ROLE), ("pooled_authenticator", "authenticator"))) +
            "".join("%s = %s\n" % item for item in everything.items()))
        self.log = open(self.directory / "log", "w")
        self.process = subprocess.Popen([PGBOUNCER, self.directory / "pgbouncer.ini"], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        for _ in range(200):
            try:
                with socket.socket(socket.AF_UNIX) as stream:
                    stream.connect(str(self.directory / (".s.PGSQL.%d" % port)))
                return
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(0.1)
        raise SystemExit("pgbouncer did not start: " + (self.directory / "log").read_text())

    @property
    def environment(self):
        return {"PGHOST": str(self.directory), "PGPORT": str(self.port), "PGDATABASE": "pooled", "PGUSER": ROLE}

    @staticmethod
    def version():
        printed = subprocess.run([PGBOUNCER, "--version"], capture_output=True, text=True).stdout
        return tuple(int(number) for number in re.search(r"(\d+)\.(\d+)", printed).groups())

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        shutil.rmtree(self.directory)
