"""peers.py USERS CALLS ROUNDS TOKEN NAME=URL=PID[,PID...]...: whole servers, by what one client sees over HTTP.

Fills each server with USERS people and a group of a quarter of them, and then has them take turns, ROUNDS times:
CALLS requests of a kind over one connection that is kept. Prints the medians: milliseconds until the answer is there,
and the CPU in milliseconds that the server's processes (PID and their descendants) need for one. What a server
refuses is said with its status.
"""
import http.client
import json
import os
import pathlib
import statistics
import sys
import time
import urllib.parse

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TICK = 1000 / os.sysconf("SC_CLK_TCK")


def person(number):
    name = f"user{number}@example.com"
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "externalId": f"hr-{number}",
        "displayName": f"User {number}",
        "title": f"Title {number % 50}",
        "active": True,
        "name": {"givenName": f"Given{number % 100}", "familyName": f"Family{number % 500}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        ENTERPRISE: {"employeeNumber": str(number), "department": f"Department {number % 100}"},
    }


def processes(roots):
    """The processes and their descendants, with their CPU in ticks; ended children count for who has waited for them."""
    parents, ticks = {}, {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        ticks[int(entry.name)] = sum(int(field) for field in fields[11:15])
    known = set(roots)
    while True:
        more = {pid for pid, parent in parents.items() if parent in known} - known
        if not more:
            return sum(ticks.get(pid, 0) for pid in known)
        known |= more


class Server:
    def __init__(self, argument, token):
        self.name, url, pids = argument.rsplit("=", 2)
        self.pids = [int(pid) for pid in pids.split(",")]
        parts = urllib.parse.urlsplit(url)
        self.base = parts.path
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        self.ids = []
        self.made = 0

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body)
        self.connection.request(method, self.base + path, data, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def fill(self, users):
        for number in range(users):
            status, body = self.call("POST", "/Users", person(number))
            if status != 201:
                sys.exit(f"{self.name}: POST /Users: {status} {body[:300]!r}")
            self.ids.append(json.loads(body)["id"])
        members = [{"value": member} for member in self.ids[: users // 4]]
        status, body = self.call("POST", "/Groups", {"schemas": [GROUP], "displayName": "Quarter", "members": members})
        if status != 201:
            sys.exit(f"{self.name}: POST /Groups: {status} {body[:300]!r}")
        self.group = json.loads(body)["id"]
        self.outside = users // 4

    def new_number(self):
        self.made += 1
        return 10_000_000 + self.made


def search(text, count=""):
    return "/Users?" + urllib.parse.urlencode({"filter": text}, quote_via=urllib.parse.quote) + count


def kinds(users):
    """What is asked: a title and a function of server and turn that makes a request."""

    def one(server, turn):
        return server.ids[turn * 7919 % users]

    def add_member(server, turn):
        value = server.ids[server.outside]
        server.outside += 1
        operation = {"op": "add", "path": "members", "value": [{"value": value}]}
        return "PATCH", f"/Groups/{server.group}", {"schemas": [PATCH_OP], "Operations": [operation]}

    def patch(server, turn):
        operation = {"op": "replace", "path": "title", "value": f"Title of turn {turn}"}
        return "PATCH", f"/Users/{one(server, turn)}", {"schemas": [PATCH_OP], "Operations": [operation]}

    return [
        ("GET of a person", lambda server, turn: ("GET", f"/Users/{one(server, turn)}", None)),
        ("userName eq", lambda server, turn: ("GET", search(f'userName eq "user{turn * 7919 % users}@example.com"'), None)),
        ("emails.value eq", lambda server, turn: ("GET", search(f'emails.value eq "user{turn * 7919 % users}@example.com"'), None)),
        ("page of 100", lambda server, turn: ("GET", "/Users?startIndex=1&count=100", None)),
        ("POST of a person", lambda server, turn: ("POST", "/Users", person(server.new_number()))),
        ("PATCH of a title", patch),
        ("PATCH, one member more", add_member),
    ]


def measure(server, make, calls, first):
    walls = []
    server.connection.close()  # who has waited for the others may have been let go
    before = processes(server.pids)
    for turn in range(first, first + calls):
        request = make(server, turn)
        start = time.perf_counter()
        status, body = server.call(*request)
        walls.append((time.perf_counter() - start) * 1000)
        if status not in (200, 201, 204):
            return status, body
    return statistics.median(walls), (processes(server.pids) - before) * TICK / calls


def main():
    users, calls, rounds = (int(argument) for argument in sys.argv[1:4])
    servers = [Server(argument, sys.argv[4]) for argument in sys.argv[5:]]
    for server in servers:
        server.fill(users)
    print(f"{users} people, one group of {users // 4}; ms until the answer (ms of CPU), medians of {rounds} rounds of {calls} calls")
    print("\t".join(["", *(server.name for server in servers)]))
    for title, make in kinds(users):
        taken = {server: [] for server in servers}
        for number in range(rounds):
            for server in servers:
                taken[server].append(measure(server, make, calls, number * calls))
        row = [title]
        for server in servers:
            refused = [result for result in taken[server] if isinstance(result[1], bytes)]
            if refused:
                print(f"# {server.name}, {title}: {refused[0][0]} {refused[0][1][:200]!r}", file=sys.stderr)
                row.append(f"answers {refused[0][0]}")
            else:
                row.append("{:.2f} ({:.2f})".format(*(statistics.median(values) for values in zip(*taken[server]))))
        print("\t".join(row), flush=True)


main()
