"""The service under test, as `bin/test http` has started it: how to talk to it by
HTTP, byte for byte, and by SQL beside it."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time
import unittest
import urllib.parse
import uuid

try:
    URL = urllib.parse.urlsplit(os.environ["SCIM_URL"])
    STACK = pathlib.Path(os.environ["STACK"])
    JWT_KEY = pathlib.Path(os.environ["JWT_KEY_FILE"]).read_bytes()
except KeyError as missing:
    raise SystemExit("%s is not set: run bin/test http" % missing)

DATA = pathlib.Path(__file__).parent.parent / "data"
SCIM_JSON = "application/scim+json"
BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


# The store is distributed (doc/citus.md): what is asked of a tenant is asked where he is.
DISTRIBUTED = "SCIM_DISTRIBUTED" in os.environ


def at_tenant(query, tenant):
    """What psql would print of a query there, whose columns keep their order."""
    def printed(value):
        return {None: "", "true": "t", "false": "f"}.get(value, value)

    rows = "SELECT ARRAY(SELECT value FROM json_each_text(row_to_json(q)) WITH ORDINALITY AS c (name, value, n) ORDER BY n) AS v FROM (%s) q" % query
    answer = sql("SELECT scim.at_tenant(%d, $query$%s$query$)" % (tenant, rows), tenant, False)
    return "\n".join("|".join(map(printed, json.loads(line)["v"])) for line in answer.split("\n") if line)


def sql(statement, tenant=1, distributed=DISTRIBUTED):
    """What psql prints, unaligned, without headings."""
    if distributed and statement.lstrip().startswith(("SELECT", "WITH")) and ";" not in statement:
        return at_tenant(statement, tenant)
    environment = dict(os.environ, PGOPTIONS="-c scim.tenant=%d -c client_min_messages=warning" % tenant)
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement], env=environment,
                          check=True, capture_output=True, text=True).stdout.strip()


def make_token(description, tenant=1, expires="NULL"):
    return sql("SELECT secret FROM scim.create_token('%s', %s)" % (description + " " + uuid.uuid4().hex, expires), tenant)


def make_tenant(tenant):
    sql("INSERT INTO directory.tenant (tenant_id, name) VALUES (%d, 'tenant %d') "
        "ON CONFLICT DO NOTHING" % (tenant, tenant))
    return make_token("tests of tenant %d" % tenant, tenant)


def make_jwt(algorithm="HS256", key=JWT_KEY, **claims):
    """A JSON web token (RFC 7519); a claim given as None is left out."""
    def encode(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    everything = dict(role="scim_client", store="directory", tenant=1, aud="scim", exp=int(time.time()) + 300)
    everything.update(claims)
    everything = {name: value for name, value in everything.items() if value is not None}
    signed = encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()) + b"." + \
        encode(json.dumps(everything).encode())
    signature = b"" if algorithm == "none" else hmac.new(key, signed, hashlib.sha256).digest()
    return (signed + b"." + encode(signature)).decode()


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def send(method, path, body=None, headers=(), token=None, base=None, port=None):
    """One request on a connection of its own.  path goes out as it is, after the base
    path; body: bytes, or a document; headers: (name, value) pairs, sent as they are."""
    connection = http.client.HTTPConnection(URL.hostname, port or URL.port, timeout=60)
    try:
        headers = list(headers)
        names = [name.lower() for name, _ in headers]
        if token is not None:
            headers.append(("Authorization", "Bearer " + token))
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None and "content-type" not in names:
            headers.append(("Content-Type", SCIM_JSON))
        if body is not None and "content-length" not in names and "transfer-encoding" not in names:
            headers.append(("Content-Length", str(len(body))))
        connection.putrequest(method, (URL.path if base is None else base) + path,
                              skip_host="host" in names, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        if body:
            try:
                connection.send(body)
            except (BrokenPipeError, ConnectionResetError):
                pass    # refused before the end: the answer is there to be read
        return Answer(connection.getresponse())
    finally:
        connection.close()


def new_name():
    return "u%s@example.com" % uuid.uuid4().hex[:12]


def new_user(name=None, **attributes):
    name = name or new_name()
    return {"schemas": [USER], "userName": name,
            "emails": [{"value": name, "type": "work", "primary": True}], **attributes}


def patch(*operations):
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def quote(text):
    return urllib.parse.quote(text, safe="")


def reload_nginx():
    """Returns when nobody answers by the old configuration any more."""
    pid = int((STACK / "nginx.pid").read_text())
    workers = pathlib.Path("/proc/%d/task/%d/children" % (pid, pid)).read_text().split()
    os.kill(pid, signal.SIGHUP)
    for _ in range(200):
        if not any(pathlib.Path("/proc", worker).exists() for worker in workers):
            return
        time.sleep(0.1)
    raise AssertionError("the old workers of nginx stay")


class ServiceTest(unittest.TestCase):
    """Tests of one tenant, 1 unless the class says otherwise."""
    tenant = 1

    @classmethod
    def setUpClass(cls):
        cls.token = make_tenant(cls.tenant)

    def call(self, method, path, body=None, headers=(), status=200):
        answer = send(method, path, body, headers, self.token)
        self.assertEqual(answer.status, status, answer.body[:500])
        return answer

    def create(self, document=None, path="/Users"):
        return self.call("POST", path, document or new_user(), status=201).json

    def find(self, filter, path="/Users"):
        return self.call("GET", path + "?filter=" + quote(filter)).json

    def assertError(self, answer, status, scim_type=None):
        """The shape of RFC 7644 section 3.12, whoever has answered."""
        self.assertEqual(answer.status, status, answer.body[:500])
        self.assertEqual(answer.headers["Content-Type"], SCIM_JSON)
        self.assertEqual(answer.headers["Content-Length"], str(len(answer.body)))
        error = answer.json
        self.assertEqual(error["schemas"], [ERROR])
        self.assertEqual(error["status"], str(status))
        self.assertTrue(error["detail"])
        if scim_type:
            self.assertEqual(error.get("scimType"), scim_type)
        self.assertIsNone(answer.headers["X-Scim-Error"])
        for secret in ("PGRST", "postgrest", "relation", "PL/pgSQL"):
            self.assertNotIn(secret, answer.body.decode())
        return error
