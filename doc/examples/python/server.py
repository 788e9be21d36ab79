"""scim in a Python application (WSGI): the application reads the bytes,
scim.request does the rest.  Run it with PGHOST, PGUSER, PGDATABASE and PORT; the
login role needs what conf/postgrest.sql grants to scim_client."""
import http
import json
import os
from wsgiref.simple_server import make_server

import psycopg2

database = psycopg2.connect("")


def scim(environ, start_response):
    headers = {key[5:].replace("_", "-").lower(): value
               for key, value in environ.items() if key.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    target = environ["PATH_INFO"]
    if environ["QUERY_STRING"]:
        target += "?" + environ["QUERY_STRING"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))

    with database, database.cursor() as db:     # one transaction
        db.execute("SELECT scim.authenticate(%s)", (headers.get("authorization"),))
        tenant, = db.fetchone()
        if tenant is None:
            start_response("401 Unauthorized", [("WWW-Authenticate", 'Bearer realm="scim"')])
            return []
        db.execute("SELECT set_config('scim.tenant', %s, true)", (str(tenant),))
        db.execute("SELECT status, headers, body FROM scim.request(%s, %s, %s, %s::bytea)",
                   (environ["REQUEST_METHOD"], target, json.dumps(headers), body))
        status, headers, body = db.fetchone()

    start_response("%d %s" % (status, http.HTTPStatus(status).phrase), list(headers.items()))
    return [body.encode()] if body else []


if __name__ == "__main__":
    make_server("127.0.0.1", int(os.environ.get("PORT", "8080")), scim).serve_forever()
