"""GET /openapi.json of stores whose answers are not what the schemas say: of each profile, and of
policies "wire" with each attribute plain, or under another name. What is sent is a request by it,
and what is answered is an answer."""

from json_schemas import validator
from service import Samples, Store, check, discover, literal

# What policies of the profiles want besides.
BESIDES = {
    "User": {"name": {"givenName": "G", "familyName": "F"}, "title": "T", "addresses": [{"type": "home", "country": "NO"}]},
}
# What has a pattern, which discovery does not show.
VALUES = {"deviceMacAddress": "00:11:22:33:44:55", "deviceEui64Address": "00:11:22:33:44:55:66:77"}


class Values(Samples):
    """Those, and users as policies want them."""

    def value(self, resource_type, attribute, read_only=False):
        if attribute.name in VALUES:
            return VALUES[attribute.name]
        return super().value(resource_type, attribute, read_only)

    def user(self):
        name = "member%d@example.com" % self.fresh()
        document = dict({"schemas": [self.user_type.schema], "userName": name, "emails": [{"value": name, "type": "work", "primary": True}]}, **BESIDES["User"], externalId="of " + name)
        answer = self.store.request("POST", "/Users", self.complete(self.user_type, document))
        if answer.status != 201:
            raise SystemExit("no user for a member: " + answer.body)
        return answer.json["id"]


class Wired:
    def __init__(self, store):
        self.store = store
        _, types = discover(store)
        self.types = types
        self.samples = Values(store)
        self.samples.user_type = next(t for t in types if t.name == "User")
        self.reload()

    def reload(self):
        self.document = self.store.get("/openapi.json")

    def follow(self, part):
        while "$ref" in part:
            found = self.document
            for key in part["$ref"].lstrip("#/").split("/"):
                found = found[key]
            part = found
        return part

    def says(self, part):
        """The validator of a body."""
        schema = self.follow(part)["content"]["application/scim+json"]["schema"]
        return validator(dict(schema, components=self.document["components"]))

    def errors(self, part, body):
        return ["%s at %s" % (error.message[:150], error.json_path) for error in self.says(part).iter_errors(body)]

    def base(self, resource_type):
        document = {"schemas": [resource_type.schema, *resource_type.extensions]}
        number = self.samples.fresh()
        if resource_type.is_user:
            name = "who%d@example.com" % number
            document.update(userName=name, emails=[{"value": name, "type": "work", "primary": True}])
        document.update(BESIDES.get(resource_type.name, {}))
        if resource_type.is_user:
            document["externalId"] = "e%d" % number
        if resource_type.name == "GroupMembership":
            group = self.store.request("POST", "/Groups", self.base(next(t for t in self.types if t.is_group))).json["id"]
            document.update(group={"value": group}, member={"value": self.samples.user()})
        return self.samples.complete(resource_type, document)

    def ask(self, method, path, target, body=None, asked=True):
        """Problems of a request and its answer by the document, and the answer."""
        operation = self.document["paths"][path][method.lower()]
        problems = []
        if body is not None and asked:
            problems += self.errors(operation["requestBody"], body)
        answer = self.store.request(method, target, body)
        response = self.follow(operation["responses"].get(str(answer.status), operation["responses"]["default"]))
        if answer.body and "content" in response:
            problems += self.errors(response, answer.json)
        return ["%s %s %s: %s" % (method, path, answer.status, problem) for problem in problems], answer

    def walk(self, resource_type, body):
        """Of one resource: made, read, listed, put back and changed."""
        endpoint = resource_type.endpoint
        problems, answer = self.ask("POST", endpoint, endpoint, body)
        if answer.status != 201:
            return problems, answer
        one, item = "%s/%s" % (endpoint, answer.json["id"]), endpoint + "/{id}"
        for method, path, target, sent in (
                ("GET", item, one, None), ("GET", item, one + "?attributes=id", None), ("GET", endpoint, endpoint + "?count=3", None),
                ("PUT", item, one, answer.json),
                ("PATCH", item, one, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                                      "Operations": [{"op": "replace", "path": "externalId", "value": "x%d" % self.samples.fresh()}]})):
            if method.lower() not in self.document["paths"][path]:
                continue
            found, then = self.ask(method, path, target, sent, asked=method == "PATCH")
            problems += found
            if then.status != 200:
                problems.append("%s %s: %s" % (method, path, then.body[:200]))
        return problems, answer

    def check_plainly(self, name):
        """Each attribute of each type alone, in its canonical form."""
        for resource_type in self.types:
            problems, taken = [], 0
            for attribute in [None] + [a for a in resource_type.attributes if a.mutability != "readOnly"]:
                if attribute and not resource_type.is_group and attribute.path == "groups":
                    continue
                body = self.base(resource_type)
                if attribute and not attribute.values(body):
                    attribute.put(body, self.samples.value(resource_type, attribute))
                found, answer = self.walk(resource_type, body)
                # policies are stricter than schemas, but they do not speak of syntax
                if answer.status == 201 or "Syntax" in answer.body:
                    problems += found
                if answer.status == 201:
                    taken += 1
                elif attribute is None or "Syntax" in answer.body:
                    problems.append(answer.body)
            check("%s: %s: requests and answers are as openapi.json says" % (name, resource_type.name), problems or (None if taken else "none is taken"))

    def check_memberships(self, name):
        """What cannot be sent is not in it."""
        resource_type = next(t for t in self.types if t.name == "GroupMembership")
        problems, answer = self.walk(resource_type, self.base(resource_type))
        if answer.status != 201:
            problems.append(answer.body)
        for attribute in self.document["components"]["schemas"]["Answer.GroupMemberships"]["properties"]:
            if attribute == "externalId":
                problems.append("a membership has an externalId")
        check("%s: memberships are as openapi.json says" % name, problems)

    def check_forms(self, name):
        """Each attribute that has values of its own is plain, and has two other names."""
        for resource_type in [t for t in self.types if t.name == "Shape"]:
            wired = [a for a in resource_type.attributes
                     if a.mutability == "readWrite" and a.returned == "default" and a.path != "members" and not (resource_type.is_user and a.path == "groups")
                     and (a.type != "complex" or any(s.name == "value" and s.type != "complex" and s.returned == "default" and not s.multi_valued for s in a.subs))
                     and a.name not in ("userName", "emails", "active")]
            problems, taken = [], 0
            for attribute in wired:
                for answers in (False, True):
                    for settings in ({"plain": [attribute.path]}, {"plain": [attribute.path], "aliases": {"other": {"attribute": attribute.path, "answers": answers}}},
                                     {"aliases": {"other": {"attribute": attribute.path, "answers": answers}}},
                                     {"plain": [attribute.path], "aliases": {"other": {"attribute": attribute.path + ".value", "answers": answers}}} if attribute.type == "complex" else None):
                        if settings is None or (answers and "aliases" not in settings):
                            continue
                        self.store.execute("DELETE FROM %s.policy WHERE kind = 'wire'; INSERT INTO %s.policy (resource_type, kind, settings) VALUES (%s, 'wire', %s)" % (
                            self.store.name, self.store.name, literal(resource_type.name), literal(settings)))
                        self.reload()
                        whole = self.samples.value(resource_type, attribute)
                        one = whole[0] if attribute.multi_valued else whole
                        if attribute.type == "complex":
                            bare = {"value": one["value"]}
                            forms = [whole, bare, one["value"], [bare], [one["value"]]] if "plain" in settings else [whole]
                        else:
                            forms = [whole, one, [one]] if "plain" in settings else [whole]
                        if attribute.multi_valued:
                            forms += [form + [dict(form[0], value=self.samples.value(resource_type, next(s for s in attribute.subs if s.name == "value")))]
                                      for form in forms if isinstance(form, list) and isinstance(form[0], dict) and "value" in form[0] and "primary" not in form[0]]
                        for form in forms:
                            body = self.base(resource_type)
                            attribute.put(body, form)
                            found, answer = self.walk(resource_type, body)
                            taken += answer.status == 201
                            problems += ["%s as %s: %s" % (settings, form, problem) for problem in
                                         (found if answer.status == 201 else [answer.body])]
                            if "aliases" not in settings or ".value" in str(settings["aliases"]):
                                continue
                            body = self.base(resource_type)
                            attribute.put(body, None)
                            body["other"] = form
                            found, answer = self.walk(resource_type, body)
                            taken += answer.status == 201
                            problems += ["%s as %s: %s" % (settings, form, problem) for problem in
                                         (found if answer.status == 201 else [answer.body])]
            self.store.execute("DELETE FROM %s.policy WHERE kind = 'wire'" % self.store.name)
            if wired:
                check("%s: %s: plain and under other names, requests and answers are as openapi.json says" % (name, resource_type.name),
                      problems or (None if taken else "none is taken"))


SHAPES = {"id": "urn:example:Shapes", "name": "Shapes", "attributes": [
    {"name": "label", "required": True},
    {"name": "one", "type": "complex", "subAttributes": [{"name": "value"}, {"name": "note"}]},
    {"name": "must", "type": "complex", "required": True, "subAttributes": [{"name": "value", "required": True}, {"name": "note"}]},
    {"name": "number", "type": "complex", "subAttributes": [{"name": "value", "type": "integer"}, {"name": "type"}]},
    {"name": "many", "type": "complex", "multiValued": True, "subAttributes": [{"name": "value"}, {"name": "note"}]},
    {"name": "musts", "type": "complex", "multiValued": True, "required": True, "subAttributes": [{"name": "value", "type": "decimal"}, {"name": "note"}]},
    {"name": "words", "multiValued": True}, {"name": "flag", "type": "boolean"}, {"name": "moments", "type": "dateTime", "multiValued": True}]}


def check_all(store):
    """store: some other, to ask for the profiles."""
    for profile in store.query("(SELECT json_agg(name) FROM scim.profiles())"):
        profiled = Store("wired_" + profile, {})
        profiled.execute("SELECT scim.apply_profile(%s)" % literal(profile))
        # whoever makes people there, and whatever they refer to
        profiled.execute("UPDATE %s.policy SET enabled = false WHERE kind IN ('managed', 'reference')" % profiled.name)
        Wired(profiled).check_plainly("profile " + profile)
    store = Store("wired", {"schemas": [SHAPES], "resourceTypes": [{"name": "Shape", "endpoint": "/Shapes", "schema": SHAPES["id"]}]})
    Wired(store).check_forms("wired")
    store.execute("INSERT INTO wired.setting (name, value) VALUES ('group_memberships', 'true')")
    Wired(store).check_memberships("wired")
