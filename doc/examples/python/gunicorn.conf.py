"""gunicorn as server.py wants it; https://docs.gunicorn.org has all settings."""
import http.client
import json
import os
import sys

import gunicorn.util

chdir = os.path.dirname(os.path.abspath(__file__))
wsgi_app = "server:scim"
bind = "127.0.0.1:" + os.environ.get("PORT", "8080")
workers = 2
worker_class = "gthread"
threads = 32                    # more than connections (server.py): who waits is told so after a while
graceful_timeout = 40           # requests that are there are answered before the end
limit_request_line = 8190       # the most that it takes: filters may be long
limit_request_field_size = 8190


STATUSES = {"LimitRequestLine": 414, "LimitRequestHeaders": 431, "UnsupportedTransferCoding": 501}


def pre_request(worker, request):
    """WSGI joins the lines of a header, but of this one it keeps the last."""
    types = [value for name, value in request.headers if name == "CONTENT-TYPE"]
    if len(types) > 1:
        request.headers = [header for header in request.headers if header[0] != "CONTENT-TYPE"]
        request.headers.append(("CONTENT-TYPE", ", ".join(types)))


def write_error(client, status, reason, message):
    """What is no request never gets to the application: bytes that are no HTTP, headers
    that are too long.  It is answered with a body as RFC 7644 has it, too, and with a status
    of its own where gunicorn says 400 or 500 of all."""
    error = sys.exc_info()[0]
    status = STATUSES.get(error.__name__ if error else "", status)
    reason = http.client.responses[status]
    body = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                       "detail": reason, "status": str(status)})
    gunicorn.util.write_nonblock(client, (
        "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: application/scim+json\r\nContent-Length: %d\r\n\r\n%s"
        % (status, reason, len(body), body)).encode("ascii", "replace"))


gunicorn.util.write_error = write_error
