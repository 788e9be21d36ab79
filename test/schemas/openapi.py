"""GET /openapi.json: that it is OpenAPI 3.1, and that each of its operations answers what it
says, with each of its statuses."""

import re

from openapi_spec_validator import OpenAPIV31SpecValidator

from json_schemas import validator
from service import check, literal

BASE = "https://scim.example/v2"
MESSAGE = "urn:ietf:params:scim:api:messages:2.0:"
# What a gateway answers, where there is one: bin/test http has it.
OF_THE_GATEWAY = {"401"}


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


class OpenApi:
    def __init__(self, store, types, samples):
        self.store = store
        self.types = {t.endpoint: t for t in types}
        self.samples = samples
        self.document = store.get("/openapi.json")
        # somebody to poll
        store.execute("SELECT scim.create_consumer('polled'), scim.create_token('polls')")
        store.execute("UPDATE %s.consumer SET method = 'poll', audience = '{a}', token_id = "
                      "(SELECT id FROM %s.token WHERE description = 'polls')" % (store.name, store.name))

    def follow(self, part):
        while "$ref" in part:
            found = self.document
            for key in part["$ref"].lstrip("#/").split("/"):
                found = found[key]
            part = found
        return part

    def operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if method not in ("parameters", "description"):
                    yield path, method.upper(), operation

    def check_document(self):
        name = self.store.name
        errors = ["%s at %s" % (error.message, list(error.absolute_path))
                  for error in OpenAPIV31SpecValidator(self.document).iter_errors()]
        check("%s: openapi.json is OpenAPI 3.1" % name, errors)
        wanted = set()
        for endpoint in self.types:
            wanted |= {endpoint, endpoint + "/{id}", endpoint + "/.search"}
        check("%s: every endpoint is in it" % name, sorted(wanted - set(self.document["paths"])))
        missing, used = [], set()
        for reference in references(self.document):
            section, key = reference.split("/")[-2:]
            used.add((section, key))
            if key not in self.document["components"].get(section, {}):
                missing.append(reference)
        check("%s: every reference leads somewhere" % name, missing)
        unused = ["%s/%s" % (section, key) for section, parts in self.document["components"].items()
                  for key in parts if section != "securitySchemes" and (section, key) not in used
                  and not key.startswith("Resource.")]     # the whole of it, for who generates types
        check("%s: every component is used" % name, unused)
        ids = [operation["operationId"] for _, _, operation in self.operations()]
        check("%s: every operationId is there once" % name, len(ids) != len(set(ids)))
        self.check_examples()

    def check_examples(self):
        problems = []
        for key, schema in self.document["components"]["schemas"].items():
            for example in schema.get("examples", []):
                problems += [error.message for error in self.validator(schema).iter_errors(example)]
        for example in self.document["components"]["parameters"]["filter"]["examples"].values():
            answer = self.store.request("GET", "/?filter=" + example["value"].replace(" ", "+").replace('"', "%22").replace(":", "%3A"))
            if answer.status != 200:
                problems.append(answer.body)
        check("%s: its examples are right" % self.store.name, problems)

    def validator(self, schema):
        """Of a schema among the components, with those that it refers to."""
        return validator(dict(schema, components=self.document["components"]))

    def check_allow(self):
        """OPTIONS says of each path what the document does."""
        problems = []
        self.store.execute("SET scim.me = %s" % literal(self.samples.user()))
        for path, item in self.document["paths"].items():
            answer = self.store.request("OPTIONS", self.fill(path))
            says = set(re.split(", *", answer.headers["Allow"])) - {"OPTIONS", "HEAD"}
            wanted = {method.upper() for method, operation in item.items() if method not in ("parameters", "description") and
                      any(status.startswith("2") for status in operation["responses"])}
            if says != wanted:
                problems.append("%s: Allow says %s, the document %s" % (path, sorted(says), sorted(wanted)))
        self.store.execute("RESET scim.me")
        check("%s: OPTIONS says the same" % self.store.name, problems)

    def fill(self, path):
        """A path with something in the place of its parameters."""
        for name, value in (("id", "nobody"), ("name", "User"), ("urn", "urn:ietf:params:scim:schemas:core:2.0:User"), ("consumer", "polled")):
            path = path.replace("{%s}" % name, value)
        return path

    # ---- operations and their statuses

    def check_operations(self):
        for path, method, operation in self.operations():
            problems = []
            for status, response in operation["responses"].items():
                if status == "default" or status in OF_THE_GATEWAY:
                    continue
                problems += self.check_response(path, method, status, self.follow(response))
            check("%s: %s %s answers what it says" % (self.store.name, method, path), problems)
        self.check_seen()

    def check_response(self, path, method, status, response):
        answer = Provoke(self, path, method).answer(status)
        if answer is None:
            return ["nobody knows how to make it answer %s" % status]
        if str(answer.status) != status:
            return ["%d instead of %s: %s" % (answer.status, status, (answer.body or "")[:200])]
        says, has = set(response.get("headers", {})), set(answer.headers) - {"Content-Type"}
        if path == "/Me":
            says |= {"Location"}    # as its description tells, of any answer
        sometimes = {"Content-Location", "Preference-Applied", "Last-Modified"} | ({"Location"} if "ETag" not in says else set())
        problems = ["%s and its headers: %s or %s" % (status, sorted(says), sorted(has))] if has - says or says - sometimes - has else []
        content = response.get("content")
        if not content:
            return problems + (["%s has a body" % status] if answer.body else [])
        media_type = answer.headers["Content-Type"]
        if media_type not in content:
            return problems + ["%s is %s" % (status, media_type)]
        schema = content[media_type]["schema"]
        return problems + ["%s at %s" % (error.message[:200], error.json_path)
                           for error in self.validator(schema).iter_errors(answer.json)]

    def check_seen(self):
        """No status has been seen, in all these tests, that is not in the document."""
        patterns = [(re.compile(re.sub(r"\{[a-z]+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + "$", re.I),
                     path.count("{"), method, operation) for path, method, operation in self.operations()]
        patterns.sort(key=lambda pattern: pattern[1])   # /Users/.search is no /Users/{id}
        problems = []
        for method, target, status in sorted(self.store.seen):
            for pattern, _, of_method, operation in patterns:
                if of_method == method and pattern.match(target):
                    if str(status) not in operation["responses"]:
                        problems.append("%s %s answers %d" % (method, target, status))
                    break
        check("%s: no status is seen that it does not name" % self.store.name, problems)


class Provoke:
    """Makes an operation answer with a status."""

    def __init__(self, api, path, method):
        self.api = api
        self.store = api.store
        self.path = path
        self.method = method
        self.kind = "/" + path.strip("/").split("/")[0]
        self.type = api.types.get("/Users" if self.kind == "/Me" else self.kind)
        self.is_me = self.kind == "/Me"
        self.is_search = path.endswith("/.search")
        self.is_members = path.endswith("/members")
        self.is_item = self.is_me or path.endswith("/{id}")
        self.writes = method != "GET" and not self.is_search

    def answer(self, status):
        provoke = getattr(self, "status_" + status, None)
        return provoke() if provoke else None

    def resource(self):
        document = self.api.samples.complete(self.type, {"schemas": [self.type.schema]})
        answer = self.store.request("POST", self.type.endpoint, document)
        if answer.status != 201:
            raise SystemExit(answer.body)
        return answer.json

    def send(self, body=None, query="", target=None, **headers):
        """The operation, on a new resource where it takes one, with a body that is right."""
        if target is None and self.is_item:
            resource = self.resource()
            target = "/Me" if self.is_me else "%s/%s" % (self.kind, resource["id"])
            if self.is_me:
                self.store.execute("SET scim.me = %s" % literal(resource["id"]))
        elif target is None and self.is_members:
            target = "%s/%s/members" % (self.kind, self.resource()["id"])
        elif target is None:
            target = self.api.fill(self.path)
        answer = self.store.request(self.method, target + query, self.body() if body is None else body, **headers)
        self.store.execute("RESET scim.me")
        return answer

    def body(self):
        if self.is_search:
            return {"schemas": [MESSAGE + "SearchRequest"], "count": 1}
        if self.kind == "/Bulk":
            return {"schemas": [MESSAGE + "BulkRequest"], "Operations": [
                {"method": "DELETE", "path": "/Users/nobody"}]}
        if self.kind == "/.preview":
            return {"schemas": ["urn:scim:params:preview:request"], "method": "POST", "path": "/Users", "data": self.user()}
        if self.kind == "/.events":
            return {"maxEvents": 0}
        if self.method == "PATCH":
            return {"schemas": [MESSAGE + "PatchOp"], "Operations": [{"op": "replace", "path": "externalId", "value": "e"}]}
        if self.method in ("POST", "PUT"):
            return self.api.samples.complete(self.type, {"schemas": [self.type.schema], "externalId": "e%d" % self.api.samples.fresh()})
        return None

    def atomic(self, method, path, data=None, **more):
        """A bulk request whose one operation is its answer."""
        operation = dict({"method": method, "path": path, "bulkId": "b"}, **more)
        if data:
            operation["data"] = data
        return self.store.request("POST", "/Bulk", {"schemas": ["urn:scim:params:bulk:atomic"], "Operations": [operation]})

    def user(self, **more):
        users = self.api.types["/Users"]
        return self.api.samples.complete(users, dict({"schemas": [users.schema]}, **more))

    def setting(self, name, value, provoke):
        self.store.execute("SET %s = %s" % (name, literal(value)))
        answer = provoke()
        self.store.execute("RESET %s" % name)
        return answer

    def status_200(self):
        return self.send()

    status_201 = status_200

    def status_204(self):
        return self.send() if self.method == "DELETE" else self.send(Prefer="return=minimal")

    def status_304(self):
        if not self.is_item:
            return self.send(If_None_Match="*")
        resource = self.resource()
        if self.is_me:
            self.store.execute("SET scim.me = %s" % literal(resource["id"]))
        target = "/Me" if self.is_me else "%s/%s" % (self.kind, resource["id"])
        return self.send(target=target, If_None_Match=self.store.request("GET", target).headers["ETag"])

    def status_400(self):
        if self.method == "DELETE" or self.path == "/Me" and self.method == "POST" or self.kind in (
                "/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/openapi.json", "/jwks.json"):
            return self.send(If_None_Match="no entity-tag")
        if self.kind == "/.events":
            return self.send({"maxEvents": "some"})
        if self.kind == "/Bulk":
            return self.send({"schemas": [MESSAGE + "BulkRequest"], "Operations": []})
        if self.is_search:
            return self.send({"schemas": [MESSAGE + "SearchRequest"], "filter": "nope"})
        if self.is_item and self.method == "GET":
            return self.send(query="?attributes=id&excludedAttributes=id")
        if self.method == "GET":
            return self.send(query="?filter=nope")
        return self.send({"schemas": [MESSAGE + "PatchOp"], "Operations": []} if self.method == "PATCH" else {"noSuchAttribute": 1})

    def status_403(self):
        if not self.writes and self.kind in ("/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/openapi.json", "/jwks.json"):
            return self.send(query="?filter=id+pr")
        name = self.store.name + "_reader"
        self.store.execute("CREATE ROLE %s" % name)
        # whose word it takes who /Me is
        self.store.execute("INSERT INTO %s.tenant_role (role, tenant_id) VALUES ('%s', 1)" % (self.store.name, name))
        self.store.execute("GRANT USAGE ON SCHEMA %s TO %s" % (self.store.name, name))
        if self.writes:     # who may not even read is refused a read
            self.store.execute("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s" % (self.store.name, name))
        target, resource = None, self.resource() if self.is_item else None
        if resource:
            target = "/Me" if self.is_me else "%s/%s" % (self.kind, resource["id"])
            self.store.execute("SET scim.me = %s" % literal(resource["id"]))
        elif self.is_members:
            target = "%s/%s/members" % (self.kind, self.resource()["id"])
        body = self.body()
        self.store.execute("SET ROLE %s" % name)
        answer = self.atomic("POST", "/Users", self.user()) if self.kind == "/Bulk" else \
            self.store.request(self.method, target or self.api.fill(self.path), body)
        self.store.execute("RESET ROLE; RESET scim.me; DELETE FROM %s.tenant_role; DROP OWNED BY %s; DROP ROLE %s" % (self.store.name, name, name))
        return answer

    def status_404(self):
        if self.kind == "/Bulk":
            return self.atomic("DELETE", "/Users/nobody")
        if self.kind == "/.events":
            return self.send(target="/.events/nobody")
        if self.is_me:
            return self.setting("scim.me", "nobody", lambda: self.send(target="/Me"))
        if self.method == "POST":
            # a policy may say so of a reference that leads nowhere
            self.store.execute(
                "INSERT INTO %s.policy (resource_type, kind, settings) VALUES (%s, 'reference', %s)" % (
                    self.store.name, literal(self.type.name),
                    literal({"attributes": {"externalId": self.type.name}, "missing": "notFound"})))
            answer = self.send()
            self.store.execute("DELETE FROM %s.policy WHERE kind = 'reference'" % self.store.name)
            return answer
        return self.send(target=self.path.replace("{id}", "nobody").replace("{name}", "nobody").replace("{urn}", "urn:nobody"))

    def status_406(self):
        return self.send(Accept="text/html")

    def status_409(self):
        if self.kind == "/Bulk":
            name = self.user()
            self.store.request("POST", "/Users", name)
            return self.atomic("POST", "/Users", name)
        table = "%s.%s" % (self.store.name, self.store.query(
            "(SELECT table_name FROM %s.resource_type WHERE name = %s)" % (self.store.name, literal(self.type.name))))
        if self.method == "DELETE":
            resource = self.resource()
            self.store.execute("CREATE TABLE %s.badge (tenant_id int, id uuid, resource_type text, "
                               "FOREIGN KEY (tenant_id, id, resource_type) REFERENCES %s.resource)" % (self.store.name, self.store.name))
            self.store.execute("INSERT INTO %s.badge VALUES (1, %s, %s)" % (
                self.store.name, literal(resource["id"]), literal(self.type.name)))
            self.store.execute("UPDATE %s.policy SET settings = '{\"mode\": \"hard\"}' WHERE kind = 'delete'" % self.store.name)
            self.store.execute("SET scim.me = %s" % literal(resource["id"]))
            answer = self.store.request("DELETE", "/Me" if self.is_me else "%s/%s" % (self.kind, resource["id"]))
            self.store.execute("RESET scim.me; DROP TABLE %s.badge" % self.store.name)
            return answer
        # a unique index of the user's own
        self.store.execute("CREATE UNIQUE INDEX own ON %s (tenant_id, external_id) WHERE external_id = 'taken'" % table)
        other = self.resource()
        body = self.api.samples.complete(self.type, {"schemas": [self.type.schema], "externalId": "taken"})
        self.store.request("PUT", "%s/%s" % (self.type.endpoint, other["id"]), body)
        body = self.api.samples.complete(self.type, {"schemas": [self.type.schema], "externalId": "taken"})
        if self.method == "PATCH":
            body = {"schemas": [MESSAGE + "PatchOp"], "Operations": [{"op": "add", "path": "externalId", "value": "taken"}]}
        answer = self.send(body)
        self.store.execute("DROP INDEX %s.own" % self.store.name)
        return answer

    def status_412(self):
        if self.kind == "/Bulk":
            user = self.store.request("POST", "/Users", self.user()).json
            return self.atomic("DELETE", "/Users/" + user["id"], version='W/"99"')
        return self.send(If_Match='W/"99"')

    def status_413(self):
        if not self.is_item:
            return self.setting("scim.max_body_size", "10", self.send)
        target = "/Me" if self.is_me else "%s/%s" % (self.kind, self.resource()["id"])
        self.store.execute("SET scim.me = %s" % literal(self.resource()["id"]) if self.is_me else "")
        body = self.body()
        answer = self.setting("scim.max_body_size", "10", lambda: self.store.request(self.method, target, body))
        self.store.execute("RESET scim.me")
        return answer

    def status_415(self):
        return self.send(Content_Type="text/plain")

    def status_501(self):
        return self.store.request(self.method, "/Me", {})
