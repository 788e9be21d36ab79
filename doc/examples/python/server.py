"""scim in a Python application (WSGI): the application reads the bytes, scim.request does
the rest.  Run it with PGHOST, PGUSER, PGDATABASE and PORT, behind a proxy that has TLS:

    gunicorn -c doc/examples/python/gunicorn.conf.py

doc/embedding.md says what the role of PGUSER needs."""
import atexit
import contextlib
import http.client
import json
import logging
import re
import select
import urllib.parse
import uuid

import psycopg
import psycopg_pool

MAX_BODY = 10 * 1024 * 1024     # bytes; the setting max_body_size is the same
PASSED = ("Accept", "Content-Encoding", "Content-Range", "Content-Type", "Host", "If-Match", "If-Modified-Since",
          "If-None-Match", "If-Unmodified-Since", "Prefer")

# One for each process; of its threads, which are more, some wait for a connection, and not for
# long.  Without names of prepared statements (prepare_threshold) it works behind a pooler as
# well.  A connection that cannot be made is given up soon, and tried again by the next request.
pool = psycopg_pool.ConnectionPool("", min_size=1, max_size=8, timeout=5, reconnect_timeout=2,
                                   kwargs={"prepare_threshold": None, "connect_timeout": 5})
atexit.register(pool.close)


@contextlib.contextmanager
def connection():
    """A connection that lives, in a transaction.  One that PostgreSQL has ended while nobody used
    it has something to read, and the pool makes another one."""
    db = pool.getconn()
    while select.select([db], [], [], 0)[0]:
        db.close()
        pool.putconn(db)
        db = pool.getconn()
    try:
        with db:
            yield db
    finally:
        pool.putconn(db)


class Refusal(Exception):
    """What the application answers itself; it looks like an error of scim.request."""

    def __init__(self, status, detail, **headers):
        super().__init__(detail)
        document = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": detail, "status": str(status)}
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = status, {"Content-Type": "application/scim+json", **headers}, json.dumps(document)


def raw_target(environ):
    """The request target as it was sent: PATH_INFO is decoded, so that a %3F in it would
    look like the beginning of the query.  RAW_URI is gunicorn's, REQUEST_URI that of uWSGI
    and mod_wsgi."""
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is None:
        target = urllib.parse.quote(environ["PATH_INFO"], encoding="latin-1")
        if environ.get("QUERY_STRING"):
            target += "?" + environ["QUERY_STRING"]
    if not re.fullmatch("[!-~]*", target):          # no URI has others (RFC 3986)
        raise Refusal(400, "the request target holds what is not ASCII")
    return target


def header(environ, name):
    """WSGI has two that do not begin with HTTP_."""
    key = name.upper().replace("-", "_")
    return environ.get("HTTP_" + key, environ.get(key) if name == "Content-Type" else None)


def read_body(environ):
    """As bytes.  What comes in chunks has no CONTENT_LENGTH; the server knows where it ends."""
    length = environ.get("CONTENT_LENGTH")
    if length:
        wanted = int(length)
    else:
        wanted = MAX_BODY + 1 if environ.get("wsgi.input_terminated") else 0
    try:
        body = environ["wsgi.input"].read(wanted) if wanted <= MAX_BODY + 1 else b""
    except OSError:         # chunks that are none, and connections that end, are one to gunicorn
        raise Refusal(400, "the request body cannot be read")
    if max(len(body), int(length or 0)) > MAX_BODY:
        raise Refusal(413, "the request body has more than %d bytes" % MAX_BODY)
    if length and len(body) < wanted:
        raise Refusal(400, "the request body ends early")
    return body


def ask(environ, headers, body):
    """One request, one transaction.  Nothing is repeated after an error: what was sent may
    have been done, and the client knows whether it wants to come again."""
    target = raw_target(environ)
    try:
        with connection() as db:
            tenant, = db.execute("SELECT scim.authenticate(%s)", (header(environ, "Authorization"),)).fetchone()
            answer = None
            if tenant is not None:
                # who acts is proved from here on, until the transaction ends
                answer = db.execute("SELECT status, headers, body FROM scim.request(%s, %s, %s, %s::bytea)", (
                    environ["REQUEST_METHOD"], target, json.dumps(headers), body)).fetchone()
    except psycopg.Error:
        logging.exception("scim")
        raise Refusal(503, "service temporarily unavailable", Retry_After="1")
    if answer is None:
        raise Refusal(401, "missing, invalid or expired bearer token", WWW_Authenticate='Bearer realm="scim"')
    return answer               # it is committed, and may be told


def check(environ, headers):
    """What gunicorn lets in, and HTTP does not."""
    if any("\0" in value for value in (*headers.values(), header(environ, "Authorization") or "")):
        raise Refusal(400, "a header holds a NUL")
    if environ["SERVER_PROTOCOL"] == "HTTP/1.1" and "Host" not in headers:
        raise Refusal(400, "there is no header Host")


def scim(environ, start_response):
    # the proxy's, or one of our own
    request_id = header(environ, "X-Request-Id") or ""
    if not re.fullmatch("[!-~]{1,200}", request_id):
        request_id = str(uuid.uuid4())
    headers = {name: header(environ, name) for name in PASSED if header(environ, name) is not None}
    headers["X-Request-Id"] = request_id        # the audit has it
    try:
        check(environ, headers)
        status, headers, body = ask(environ, headers, read_body(environ))
    except Refusal as refusal:
        status, headers, body = refusal.answer
    except Exception:
        logging.exception("scim")
        status, headers, body = Refusal(500, "internal error").answer
    body = (body or "").encode()
    headers = {"Content-Length": str(len(body)), **headers, "X-Request-Id": request_id}
    if status in (204, 304):
        del headers["Content-Length"]
    start_response("%d %s" % (status, http.client.responses.get(status, "Unknown")), list(headers.items()))
    return [body]
