"""The cluster of Citus that `bin/test citus` has started: CITUS_PORTS are the ports of a coordinator
and of two workers on 127.0.0.1, SCIM_URL is where the gateway before one of the workers is."""
import json
import os
import subprocess
import sys
import traceback

PORTS = [int(port) for port in os.environ["CITUS_PORTS"].split(",")]
COORDINATOR = PORTS[0]
URL = os.environ.get("SCIM_URL")
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
TENANTS = [1, 2, 3, 4, 5]
failed = []


class SqlError(Exception):
    pass


def sql(statement, port=COORDINATOR, tenant=1, user="postgres", database="scim"):
    environment = dict(os.environ, PGOPTIONS="-c scim.tenant=%d -c client_min_messages=error" % tenant)
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", user,
                           "-d", database, "-c", statement], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SqlError(done.stderr)
    return done.stdout.strip()


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def request(method, target, body=None, tenant=1, port=COORDINATOR, headers=None):
    """scim.request at a node: status, headers and the document of the body."""
    printed = sql("SELECT to_json(r) FROM scim.request(%s, %s, %s, %s) r" % (
        quote(method), quote(target), quote(json.dumps(headers or {})),
        quote(json.dumps(body)) if body is not None else "NULL"), port, tenant)
    answer = json.loads(printed)
    return answer["status"], answer["headers"], json.loads(answer["body"]) if answer["body"] else None


def at_tenant(tenant, query, port=COORDINATOR):
    return [json.loads(line) for line in
            sql("SELECT scim.at_tenant(%d, %s)" % (tenant, quote(query)), port).split("\n") if line]


def equal(found, wanted):
    if found != wanted:
        raise AssertionError("%r, not %r" % (found, wanted))


def refused(statement, *texts, port=COORDINATOR, user="postgres"):
    try:
        sql(statement, port, user=user)
    except SqlError as error:
        for text in texts:
            if text not in str(error):
                raise AssertionError("%r is not in %s" % (text, error)) from None
        return
    raise AssertionError("not refused: " + statement)


def test(name):
    def run(function):
        try:
            function()
            print("ok", name, flush=True)
        except Exception:
            failed.append(name)
            print("not ok", name, flush=True)
            traceback.print_exc(file=sys.stdout)
        return function
    return run


def finish():
    print("%d failed" % len(failed))
    sys.exit(1 if failed else 0)
