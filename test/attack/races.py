"""Sixteen at a time on one resource: exactly what may happen happens, and no update is lost."""
import concurrent.futures

from service import GROUP, make_token, new_name, new_user, patch, quote, send, sql

WIDTH = 16


def together(functions):
    with concurrent.futures.ThreadPoolExecutor(WIDTH) as pool:
        return [future.result() for future in [pool.submit(function) for function in functions]]


def call(token, method, path, body=None, headers=(), expected=(200, 201, 204)):
    """One request, repeated while the answer is 503, as an identity provider does."""
    for _ in range(100):
        answer = send(method, path, body, headers, token)
        if answer.status != 503:
            break
    return answer


def same_user(rounds):
    token = make_token("attack")
    failures = []
    for _ in range(rounds):
        user = new_user()
        statuses = sorted(answer.status for answer in
                          together([lambda: call(token, "POST", "/Users", user)] * WIDTH))
        if statuses != [201] + [409] * (WIDTH - 1):
            failures.append("POST of one userName: %s" % statuses)
    return rounds * WIDTH, failures


def same_version(rounds):
    token = make_token("attack")
    failures = []
    for _ in range(rounds):
        user = call(token, "POST", "/Users", new_user()).json
        path = "/Users/" + user["id"]

        def replace(n):
            return call(token, "PUT", path, dict(user, title="title %d" % n),
                        [("If-Match", user["meta"]["version"])]).status
        statuses = sorted(together([lambda n=n: replace(n) for n in range(WIDTH)]))
        if statuses != [200] + [412] * (WIDTH - 1):
            failures.append("PUT of one version: %s" % statuses)
        # without If-Match nobody fails, and every change is a version of its own
        statuses = together([lambda n=n: call(token, "PATCH", path, patch(
            {"op": "add", "path": "nickName", "value": "nick %d" % n})).status for n in range(WIDTH)])
        version = send("GET", path, token=token).json["meta"]["version"]
        if statuses != [200] * WIDTH or not version.startswith('W/"%d' % (2 + WIDTH)):
            failures.append("%d PATCH: %s, version %s" % (WIDTH, statuses, version))
    return rounds * 2 * WIDTH, failures


def same_group(rounds):
    token = make_token("attack")
    failures = []
    for _ in range(rounds):
        users = [call(token, "POST", "/Users", new_user()).json["id"] for _ in range(WIDTH)]
        group = call(token, "POST", "/Groups", {"schemas": [GROUP], "displayName": new_name()}).json
        path = "/Groups/" + group["id"]
        statuses = together([lambda user=user: call(token, "PATCH", path, patch(
            {"op": "add", "path": "members", "value": [{"value": user}]})).status for user in users])
        seen = send("GET", path, token=token).json
        if statuses != [200] * WIDTH or {member["value"] for member in seen["members"]} != set(users):
            failures.append("%d joined, %s: %d are there" % (WIDTH, statuses, len(seen["members"])))
        statuses = together([lambda user=user: call(token, "PATCH", path, patch(
            {"op": "remove", "path": 'members[value eq "%s"]' % user})).status for user in users])
        seen = send("GET", path, token=token).json
        if statuses != [200] * WIDTH or "members" in seen:
            failures.append("%d left, %s: %s are there" % (WIDTH, statuses, seen.get("members")))
    return rounds * 2 * WIDTH, failures


def patch_and_delete(rounds):
    token = make_token("attack")
    failures = []
    for _ in range(rounds):
        name = new_name()
        user = call(token, "POST", "/Users", new_user(name)).json["id"]
        work = [lambda: call(token, "PATCH", "/Users/" + user, patch(
                    {"op": "replace", "path": "active", "value": False})).status] * 5 + \
               [lambda: call(token, "DELETE", "/Users/" + user).status] * 5 + \
               [lambda: call(token, "POST", "/Users", new_user(name)).status] * 6
        statuses = together(work)
        if not set(statuses[:5]) <= {200, 404} or sorted(statuses[5:10]) != [204] + [404] * 4 or \
                not set(statuses[10:]) <= {201, 409} or statuses[10:].count(201) > 1:
            failures.append("PATCH, DELETE, POST: %s" % statuses)
        found = send("GET", "/Users?filter=" + quote('userName eq "%s"' % name), token=token).json
        if found["totalResults"] != statuses[10:].count(201):
            failures.append("%d created, %d there" % (statuses[10:].count(201), found["totalResults"]))
    return rounds * WIDTH, failures


def join_and_leave(rounds):
    token = make_token("attack")
    failures = []
    for _ in range(rounds):
        users = [call(token, "POST", "/Users", new_user()).json["id"] for _ in range(WIDTH // 2)]
        group = call(token, "POST", "/Groups", {"schemas": [GROUP], "displayName": new_name()}).json
        path = "/Groups/" + group["id"]
        statuses = together(
            [lambda user=user: call(token, "PATCH", path, patch(
                {"op": "add", "path": "members", "value": [{"value": user}]})).status for user in users] +
            [lambda user=user: call(token, "DELETE", "/Users/" + user).status for user in users])
        # who goes meanwhile is a bare reference, as one who has never been there
        joined, left = statuses[:WIDTH // 2], statuses[WIDTH // 2:]
        if set(joined) != {200} or left != [204] * (WIDTH // 2):
            failures.append("PATCH and DELETE: %s" % statuses)
        for user in users:
            if send("GET", "/Users/" + user, token=token).status != 404:
                failures.append("user %s outlived its DELETE" % user)
    return rounds * WIDTH, failures


def refer_and_delete(rounds):
    """Who is referred to stays (policy "reference", onDelete restrict): nobody refers to one who is gone."""
    token = make_token("attack")
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    failures = []
    sql("INSERT INTO directory.policy (tenant_id, resource_type, kind, name, settings) VALUES (1, 'User', 'reference', "
        "'attack', '{\"attributes\": {\"manager\": {\"type\": \"User\", \"onDelete\": \"restrict\"}}}')")
    try:
        for _ in range(rounds):
            boss = call(token, "POST", "/Users", new_user()).json["id"]
            statuses = together(
                [lambda: call(token, "POST", "/Users", new_user(**{enterprise: {"manager": {"value": boss}}})).status]
                * (WIDTH // 2) + [lambda: call(token, "DELETE", "/Users/" + boss).status] * (WIDTH // 2))
            created, deleted = statuses[:WIDTH // 2], statuses[WIDTH // 2:]
            if not set(created) <= {201, 400} or not set(deleted) <= {204, 404, 409}:
                failures.append("POST and DELETE: %s" % statuses)
            if 204 in deleted and 201 in created:
                failures.append("deleted, and referred to: %s" % statuses)
            there = send("GET", "/Users/" + boss, token=token).status
            if there != (404 if 204 in deleted else 200):
                failures.append("%d after %s" % (there, statuses))
    finally:
        sql("DELETE FROM directory.policy WHERE name = 'attack'")
    return rounds * WIDTH, failures
