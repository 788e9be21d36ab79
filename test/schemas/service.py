"""A store as the tests of its self-description use it: one session of psql, in which
requests are answered, statements run and settings last.  Needs PGDATABASE and so on."""

import json
import subprocess
import urllib.parse

failed = False


def check(name, problem):
    """One test: problem is what is wrong, a text or a list of them, or nothing."""
    global failed
    if isinstance(problem, list):
        problem = "; ".join(problem[:5])
    failed = failed or bool(problem)
    print("%s %s%s" % ("not ok" if problem else "ok", name, ": %s" % problem if problem else ""))


def literal(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return "'" + text.replace("'", "''") + "'"


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def scim_type(self):
        return self.json.get("scimType") if self.status >= 400 else None


class Store:
    """Makes a store of that name and works in it as its owner."""

    def __init__(self, name, documents):
        self.name = name
        self.seen = set()   # (method, path, status) of each request
        self.psql = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8")
        self.execute("SET client_min_messages = warning")
        self.execute("SELECT scim.create_store(%s)" % literal(name))
        self.execute("INSERT INTO %s.tenant (tenant_id, name) VALUES (2, 'another')" % name)
        self.execute("SET scim.store = %s" % literal(name))
        self.execute("SET scim.base_url = 'https://scim.example/v2'")
        for document in documents.get("schemas", []):
            self.execute("SELECT scim.register_schema(%s)" % literal(document))
        for document in documents.get("resourceTypes", []):
            self.execute("SELECT scim.register_resource_type(%s)" % literal(document))

    def lines(self, statement):
        self.psql.stdin.write(statement + "\n;\n\\echo =end=\n")
        self.psql.stdin.flush()
        lines = []
        for line in iter(self.psql.stdout.readline, "=end=\n"):
            if line == "":
                raise SystemExit("psql ended: " + "\n".join(lines))
            lines.append(line.rstrip("\n"))
        return lines

    def execute(self, statement):
        lines = self.lines(statement)
        if any(line.startswith("ERROR:") for line in lines):
            raise SystemExit("%s\n%s" % (statement[:500], "\n".join(lines)))

    def query(self, expression):
        """The value of an SQL expression that is JSON or can be."""
        lines = self.lines("SELECT to_json(%s)" % expression)
        try:
            return json.loads("".join(lines))
        except ValueError:
            raise SystemExit("%s\n%s" % (expression[:500], "\n".join(lines)))

    def request(self, method, target, body=None, **headers):
        """body: a document, or text as it is; headers: If_Match and the like."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        row = self.query("(SELECT r FROM scim.request(%s, %s, %s, %s) r)" % (
            literal(method), literal(target), literal(headers), "NULL::text" if body is None else literal(body)))
        self.seen.add((method, target.split("?")[0], row["status"]))
        return Answer(row["status"], row["headers"], row["body"])

    def get(self, target):
        """The body of a GET that has to succeed."""
        answer = self.request("GET", target)
        if answer.status != 200:
            raise SystemExit("GET %s: %s" % (target, answer.body))
        return answer.json


def quote(text):
    return urllib.parse.quote(text, safe="")


class Attribute:
    """An attribute or sub-attribute of a resource type, as /Schemas shows it."""

    def __init__(self, definition, urn=None, parent=None):
        self.definition = definition
        self.urn = urn          # of the extension, or None
        self.parent = parent
        self.name = definition["name"]
        if parent:
            self.path = parent.path + "." + self.name
        else:
            self.path = urn + ":" + self.name if urn else self.name
        self.type = definition["type"]
        self.multi_valued = definition["multiValued"]
        self.required = definition["required"]
        self.mutability = definition["mutability"]
        if parent and parent.mutability != "readWrite":
            self.mutability = parent.mutability     # nothing of it can be changed otherwise
        self.returned = definition["returned"]
        self.subs = [Attribute(sub, urn, self) for sub in definition.get("subAttributes", [])]

    def holder(self, document, make=False):
        """The object in which the attribute stands; make: also where there is none."""
        if self.urn is None:
            return document
        return document.setdefault(self.urn, {}) if make else document.get(self.urn, {})

    def complex_values(self, document):
        value = self.parent.holder(document).get(self.parent.name, [])
        return value if isinstance(value, list) else [value]

    def values(self, document):
        """All values that a document has of it, as a flat list."""
        if self.parent:
            found = [element[self.name] for element in self.complex_values(document)
                     if isinstance(element, dict) and self.name in element]
        else:
            found = [self.holder(document)[self.name]] if self.name in self.holder(document) else []
        return [value for one in found for value in (one if isinstance(one, list) else [one])]

    def put(self, document, value):
        """Sets it, in each value of a complex attribute; None removes it."""
        for holder in self.complex_values(document) if self.parent else [self.holder(document, make=True)]:
            if value is None:
                holder.pop(self.name, None)
            else:
                holder[self.name] = value
                # the parts of a member are about one resource
                if self.path == "members.value" and value:
                    holder.pop("$ref", None)
                elif self.path == "members.$ref" and "/Users/" in str(value):
                    holder.pop("value", None)


class ResourceType:
    """A resource type with its attributes, as discovery shows them."""

    def __init__(self, document, schemas):
        self.name = document["name"]
        self.endpoint = document["endpoint"]
        self.schema = document["schema"]
        self.extensions = {e["schema"]: e["required"] for e in document.get("schemaExtensions", [])}
        self.attributes = [Attribute(a) for a in schemas[self.schema]["attributes"]
                           if a["name"] not in ("schemas", "id", "externalId", "meta")]
        for urn in self.extensions:
            self.attributes += [Attribute(a, urn) for a in schemas[urn]["attributes"]]
        self.is_group = self.schema.lower() == "urn:ietf:params:scim:schemas:core:2.0:group"
        self.is_user = self.schema.lower() == "urn:ietf:params:scim:schemas:core:2.0:user"

    def all_attributes(self):
        for attribute in self.attributes:
            yield attribute
            yield from attribute.subs


def discover(store):
    """The schemas by id, and the resource types."""
    schemas = {s["id"]: s for s in store.get("/Schemas")["Resources"]}
    return schemas, [ResourceType(t, schemas) for t in store.get("/ResourceTypes")["Resources"]]


class Samples:
    """Values, and documents made of them, of which no two are the same."""

    def __init__(self, store):
        self.store = store
        self.number = 0
        self.users = []

    def fresh(self):
        self.number += 1
        return self.number

    def user(self):
        """The id of a User who is nobody else's member yet."""
        name = "Member%d@example.com" % self.fresh()
        answer = self.store.request("POST", "/Users", self.complete(self.user_type, {"userName": name}))
        if answer.status != 201:
            raise SystemExit("no user for a member: " + answer.body)
        return answer.json["id"]

    def simple(self, kind):
        number = self.fresh()
        return {
            "string": "aB%d" % number,
            "boolean": True,
            "decimal": number + 0.5,
            "integer": number,
            "dateTime": "20%02d-01-31T%02d:%02d:00Z" % (number % 90 + 10, number // 90 % 24, number // 2160 % 60),
            "binary": "aB%06d" % number,
            "reference": "https://example.com/aB%d" % number,
        }[kind]

    def value(self, resource_type, attribute, read_only=False):
        """What a document may hold of an attribute; multi-valued ones are arrays."""
        if resource_type.is_group and attribute.path == "members":
            user = self.user()
            one = {"value": user, "$ref": "https://scim.example/v2/Users/" + user, "type": "User"}
        elif attribute.type == "complex":
            one = {sub.name: self.value(resource_type, sub, read_only) for sub in attribute.subs
                   if read_only or sub.mutability != "readOnly"}
        elif attribute.definition.get("canonicalValues"):
            one = attribute.definition["canonicalValues"][0]
        else:
            one = self.simple(attribute.type)
        return [one] if attribute.multi_valued else one

    def document(self, resource_type, read_only=False):
        """All attributes that a client writes or, read_only, the service."""
        document = {"schemas": [resource_type.schema, *resource_type.extensions]}
        for attribute in resource_type.attributes:
            if attribute.mutability != "readOnly" or (read_only and not (resource_type.is_user and attribute.path == "groups")):
                attribute.put(document, self.value(resource_type, attribute, read_only))
        return document

    def complete(self, resource_type, document):
        """A document with what is required besides."""
        for attribute in resource_type.attributes:
            needed = attribute.required or resource_type.extensions.get(attribute.urn)
            if needed and attribute.mutability != "readOnly" and not attribute.values(document):
                attribute.put(document, self.value(resource_type, attribute))
        return document
