"""scim in a Python application (WSGI): the application reads the bytes,
scim.request does the rest.  Run it with PGHOST, PGUSER, PGDATABASE and PORT; the
login role needs what conf/postgrest.sql grants to scim_client."""
import http
import json
import logging
import os
import urllib.parse
from wsgiref.simple_server import WSGIRequestHandler, make_server

import psycopg2

database = None


def raw_target(environ):
    """The request target as it was sent: PATH_INFO is decoded, so that a %3F in it
    would look like the beginning of the query.  RAW_URI is gunicorn's (and that of the
    server below), REQUEST_URI that of uWSGI and mod_wsgi."""
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is None:
        target = urllib.parse.quote(environ["PATH_INFO"], encoding="latin-1")
        if environ.get("QUERY_STRING"):
            target += "?" + environ["QUERY_STRING"]
    return target


def ask(environ, headers, body):
    """The answer of scim.request, or None to a client that is not known; one transaction."""
    global database
    if database is None or database.closed:
        database = psycopg2.connect("")
    with database, database.cursor() as db:
        db.execute("SELECT scim.authenticate(%s)", (headers.get("authorization"),))
        if db.fetchone() == (None,):
            return None
        # who acts is proved from here on, until the transaction ends
        db.execute("SELECT status, headers, body FROM scim.request(%s, %s, %s, %s::bytea)",
                   (environ["REQUEST_METHOD"], raw_target(environ), json.dumps(headers), body))
        return db.fetchone()


def error(status, detail, **headers):
    """An error of the application's own, which looks like those of scim.request."""
    document = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": detail, "status": str(status)}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "application/scim+json", **headers}, json.dumps(document)


def scim(environ, start_response):
    headers = {key[5:].replace("_", "-").lower(): value
               for key, value in environ.items() if key.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        answer = ask(environ, headers, body) or error(
            401, "missing, invalid or expired bearer token", WWW_Authenticate='Bearer realm="scim"')
    except psycopg2.Error:
        logging.exception("scim")
        answer = error(503, "service temporarily unavailable", Retry_After="1")
    status, headers, body = answer
    start_response("%d %s" % (status, http.HTTPStatus(status).phrase), list(headers.items()))
    return [body.encode()] if body else []


class Handler(WSGIRequestHandler):
    def get_environ(self):
        return {**super().get_environ(), "RAW_URI": self.path}


if __name__ == "__main__":
    make_server("127.0.0.1", int(os.environ.get("PORT", "8080")), scim, handler_class=Handler).serve_forever()
