#!/usr/bin/env python3
"""The same by HTTP, through a gateway before a worker, when run.py has distributed the store.

One line per test, "ok" or "not ok"; exit status 1 where one failed.
"""
import base64
import json
import urllib.error
import urllib.parse
import urllib.request

from cluster import PATCH, TENANTS, URL, USER, at_tenant, equal, finish, sql, test


def http(method, path, token=None, body=None, headers=None, basic=None, form=None):
    headers = dict(headers or {})
    if token:
        headers["Authorization"] = "Bearer " + token
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(basic.encode()).decode()
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/scim+json")
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        with urllib.request.urlopen(urllib.request.Request(URL + path, data, headers, method=method)) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as answer:
        text = answer.read()
        return answer.code, json.loads(text) if text else None


@test("by HTTP every tenant is served by a token of his, wherever he is")
def _():
    for tenant in TENANTS:
        token = at_tenant(tenant, "SELECT secret FROM scim.create_token('http')")[0]["secret"]
        status, body = http("POST", "/Users", token, {"schemas": [USER], "userName": "http"})
        equal((status, body.get("userName")), (201, "http"))
        equal(http("GET", "/Users/" + body["id"], token)[0], 200)
        equal(http("PATCH", "/Users/" + body["id"], token, {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "title", "value": "x"}]})[0], 200)
        rows = at_tenant(tenant, "SELECT actor, role, token_id IS NOT NULL AS known FROM directory.audit WHERE resource_id = '%s'" % body["id"])
        equal(rows[0], {"actor": "token: http", "role": "scim_client", "known": True})
        equal(len(at_tenant(tenant, "SELECT FROM directory.token WHERE tenant_id = %d AND description = 'http' AND last_used_at IS NOT NULL" % tenant)), 1)
        equal(http("DELETE", "/Users/" + body["id"], token)[0], 204)
        at_tenant(tenant, "SELECT scim.revoke_token(id) FROM directory.token WHERE tenant_id = %d AND description = 'http'" % tenant)
        equal(http("GET", "/Users", token)[0], 401)


@test("wrong credentials and none are refused, and discovery is open")
def _():
    equal(http("GET", "/Users", "scim_2_00000000000000000000000000000000_00")[0], 401)
    equal(http("GET", "/Users", "anything")[0], 401)
    equal(http("GET", "/Users")[0], 401)
    equal(http("GET", "/ServiceProviderConfig")[0], 200)
    equal(http("GET", "/Schemas")[1]["totalResults"] >= 3, True)


@test("clients by name and OAuth 2.0 are found on their nodes")
def _():
    sql("INSERT INTO directory.authentication_scheme (scheme, keyword, credential, type, name, description) VALUES "
        "('Basic', 'Basic', 'password', 'httpbasic', 'HTTP Basic', 'Name and password'), "
        "('OAuth', 'Bearer', 'access_token', 'oauth2', 'OAuth 2.0', 'Client credentials')")
    for tenant in TENANTS[1:4]:
        name = "basic%d" % tenant
        secret = at_tenant(tenant, "SELECT secret FROM scim.create_client('%s', 'Basic')" % name)[0]["secret"]
        equal(http("GET", "/Users?count=0", basic="%s:%s" % (name, secret))[0], 200)
        equal(http("GET", "/Users?count=0", basic="%s:wrong" % name)[0], 401)
        name = "fetcher%d" % tenant
        secret = at_tenant(tenant, "SELECT secret FROM scim.create_client('%s', 'OAuth')" % name)[0]["secret"]
        status, body = http("POST", "/.oauth/token", form={"grant_type": "client_credentials", "client_id": name, "client_secret": secret})
        equal(status, 200)
        equal(http("POST", "/Users", body["access_token"], {"schemas": [USER], "userName": "by oauth"})[0], 201)


finish()
