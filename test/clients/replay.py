"""Exchanges of HTTP and SQL, as *.http files have them.  A file runs from top to bottom; an
exchange is

    ### what it shows
    POST /Users?count=1             the request line, sent as it is, after the base path
    Content-Type: application/json  headers; the bearer token of the tenant is added
                                    unless there is an Authorization (empty: none at all)
    {"userName": "..."}             the body, after an empty line

    HTTP 201                        the status, or several: "200 204"
    id -> user                      remember a value of the answer as {{user}}
    Location: {{base}}/Users/{{user}}   a header; "*" at the end is any rest, "-" that there is none
    emails[type=work].value = "x"   a value of the body, as JSON
    Resources[0].name.givenName = "x"
    "{{enterprise}}".department = "x"   a name with dots or colons in it
    Resources count 2               how many elements
    schemas has "urn:..."           an array with this element
    nickName absent
    body empty
    body -> copy                    the whole of it; so "body = {...}"

or, in the database, as its owner and in the tenant of the file:

    ### what it shows
    SQL
    SELECT user_name FROM directory.users

    prints text                     what psql prints, one line per row
    remembers user other            or: the columns of a row, as {{user}} and {{other}}

{{base}}, {{core}}, {{enterprise}}, {{message}} and {{unique}} (a new text per run) are
known everywhere.  Lines that begin with "# " before an exchange are comments.
"""
import json
import pathlib
import re
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))
from service import URL, make_tenant, send, sql    # noqa: E402

STEP = re.compile(r'"(?P<quoted>[^"]*)"|(?P<name>[\w$]+)|\[(?P<index>\d+)\]|'
                  r'\[(?P<key>[\w$]+)=(?P<wanted>[^\]]*)\]|(?P<dot>\.)')
EXPECTATION = re.compile(r'(?P<path>(?:"[^"]*"|\[[^\]]*\]|[\w$.])+) '
                         r'(?P<verb>=|->|has|count|absent)(?: (?P<operand>.*))?$')
HEADER = re.compile(r"(?P<name>[A-Za-z-]+): *(?P<value>.*)$")


class Failure(Exception):
    pass


def find(document, path):
    """The value at a path, or None where there is none."""
    position = 0
    while position < len(path):
        step = STEP.match(path, position)
        if not step:
            raise Failure("bad path: " + path)
        position = step.end()
        if step["dot"]:
            continue
        if step["index"]:
            index = int(step["index"])
            document = document[index] if isinstance(document, list) and index < len(document) else None
        elif step["key"]:
            found = [element for element in document or []
                     if str(element.get(step["key"])).lower() == step["wanted"].lower()]
            document = found[0] if found else None
        else:
            name = step["name"] if step["quoted"] is None else step["quoted"]
            document = document.get(name) if isinstance(document, dict) else None
        if document is None:
            return None
    return document


class Exchange:
    def __init__(self, title, text):
        self.title = title
        try:
            request, self.marker, expectations = re.split(r"^(HTTP .*|prints(?: .*)?|remembers .*)$", text, maxsplit=1, flags=re.M)
        except ValueError:
            raise SystemExit("%s: it is not said what to expect" % title)
        self.request = request.strip("\n")
        self.expectations = [line for line in expectations.split("\n") if line]

    def run(self, player):
        request = player.fill(self.request)
        if request.split("\n", 1)[0] == "SQL":
            self.run_sql(player, request.split("\n", 1)[1])
            return
        head, _, body = request.partition("\n\n")
        first, *lines = head.split("\n")
        method, target = first.split(" ", 1)
        headers = [(name, value.strip()) for name, value in (line.split(":", 1) for line in lines)]
        headers += [(name, value) for name, value in player.headers(target, body)
                    if name.lower() not in [stated.lower() for stated, _ in headers]]
        headers = [(name, value) for name, value in headers if value]
        answer = send(method, target, body.encode() if body else None, headers, base=player.base)
        try:
            self.compare(player, answer)
        except Failure as failure:
            raise Failure("%s\n%s %s\n-> %d %s" % (failure, method, target, answer.status,
                                                   answer.body[:1500].decode(errors="replace")))

    def run_sql(self, player, statement):
        printed = player.sql(statement)
        if self.marker.startswith("remembers "):
            player.names.update(zip(self.marker.split()[1:], printed.split("|"), strict=True))
            return
        expected = player.fill("\n".join([self.marker[len("prints "):]] + self.expectations))
        if printed != expected:
            raise Failure("psql prints\n%s\nnot\n%s" % (printed, expected))

    def compare(self, player, answer):
        if str(answer.status) not in self.marker.split()[1:]:
            raise Failure("status %d, not %s" % (answer.status, self.marker))
        document = json.loads(answer.body) if answer.body else None
        for line in self.expectations:
            line = player.fill(line)
            header, expectation = HEADER.match(line), EXPECTATION.match(line)
            if line == "body empty":
                if answer.body:
                    raise Failure("there is a body")
            elif header:
                found = answer.headers[header["name"]]
                if header["value"] == "-" and found is None:
                    continue
                if header["value"].endswith("*") and found and found.startswith(header["value"][:-1]):
                    continue
                if found != header["value"]:
                    raise Failure("header %s: %s, not %s" % (header["name"], found, header["value"]))
            elif expectation:
                self.compare_value(player, document, line, **expectation.groupdict())
            else:
                raise Failure("cannot read: " + line)

    def compare_value(self, player, document, line, path, verb, operand):
        found = document if path == "body" else find(document, path)
        if verb == "->":
            if found is None:
                raise Failure(path + " is absent")
            player.names[operand] = found if isinstance(found, str) else json.dumps(found)
        elif verb == "absent":
            if found is not None:
                raise Failure("%s is %s" % (path, json.dumps(found)))
        else:
            wanted = json.loads(operand)
            if wanted is None:
                raise Failure('say "absent", not null')
            right = (len(found or []) == wanted if verb == "count" else
                     wanted in (found or []) if verb == "has" else
                     found == wanted and isinstance(found, bool) == isinstance(wanted, bool))
            if not right:
                raise Failure("%s is %s, expected: %s" % (path, json.dumps(found, ensure_ascii=False), line))


class Player:
    """One file, in a tenant of its own."""
    base = URL.path

    def __init__(self, path, name, tenant):
        self.read(path, name)
        self.tenant = tenant
        self.token = make_tenant(tenant)

    def headers(self, target, body):
        """Those of every request that does not state them."""
        return [("Authorization", "Bearer " + self.token)]

    def sql(self, statement):
        return sql(statement, self.tenant)

    def read(self, path, name):
        self.name = name
        self.names = {"base": URL.geturl(), "core": "urn:ietf:params:scim:schemas:core:2.0",
                      "enterprise": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                      "message": "urn:ietf:params:scim:api:messages:2.0", "unique": uuid.uuid4().hex[:12]}
        parts = re.split(r"^### (.*)$", path.read_text(), flags=re.M)
        self.exchanges = [Exchange(title, re.sub(r"^# .*\n", "", text, flags=re.M))
                          for title, text in zip(parts[1::2], parts[2::2])]

    def fill(self, text):
        def replace(match):
            if match[1] not in self.names:
                raise Failure("{{%s}} is not known yet" % match[1])
            return self.names[match[1]]
        return re.sub(r"\{\{(\w+)\}\}", replace, text)

    def run(self):
        """The number of exchanges that failed."""
        failed = 0
        for exchange in self.exchanges:
            try:
                exchange.run(self)
                print("ok %s: %s" % (self.name, exchange.title))
            except Exception as failure:
                failed += 1
                print("not ok %s: %s\n    %s" % (self.name, exchange.title, str(failure).replace("\n", "\n    ")))
        return failed


def replay(arguments, here, make_player):
    """Runs the files that arguments name, or those below here, each by the player that
    make_player(path, name, number) makes; the exit status."""
    files = []
    for argument in map(pathlib.Path, arguments or [here]):
        files += sorted(argument.resolve().rglob("*.http")) if argument.is_dir() else [argument.resolve()]
    failed = sum(make_player(path, str(path.relative_to(here)), number).run() for number, path in enumerate(files))
    return 1 if failed or not files else 0
