"""What /Schemas says of each attribute, against what the service does with it."""

import copy
import json

from service import check, literal, quote

WRONG = {"string": 7, "boolean": "perhaps", "decimal": "much", "integer": 1.5, "dateTime": "today",
         "binary": "%%%", "reference": 7, "complex": 7}


class Walk:
    """The attributes of one resource type, one after the other."""

    def __init__(self, store, resource_type, samples):
        self.store = store
        self.type = resource_type
        self.samples = samples

    def document(self):
        return self.samples.document(self.type)

    def post(self, document):
        return self.store.request("POST", self.type.endpoint, document)

    def shown(self, resource, query=""):
        return self.store.get("%s/%s%s" % (self.type.endpoint, resource["id"], query))

    def finds(self, filter, resource):
        """Does a filter find a resource?  None where it is refused."""
        answer = self.store.request("GET", "%s?filter=%s" % (
            self.type.endpoint, quote("%s and id eq \"%s\"" % (filter, resource["id"]))))
        if answer.status != 200:
            return None
        return answer.json["totalResults"] == 1

    def everything(self):
        """A resource that has every attribute, those that only the service writes too,
        as it is answered to who asks for nothing in particular."""
        document = self.samples.document(self.type, read_only=True)
        self.store.execute("SET scim.write_read_only = on")
        resource = self.store.query("scim.create_resource(%s, %s)" % (literal(self.type.name), literal(document)))
        self.store.execute("SET scim.write_read_only = off")
        if self.type.is_user:
            groups = [self.store.request("POST", "/Groups", {"displayName": "aB%d" % self.samples.fresh(), "members": [
                {"value": resource["id"]}]}).json["id"]]
            self.store.request("POST", "/Groups", {"displayName": "aB%d" % self.samples.fresh(), "members": [
                {"value": groups[0]}]})
        return document, self.shown(resource)

    # ---- one characteristic of one attribute each; what is wrong, as a list

    def returned(self, attribute):
        resource = self.rich
        effective = [a.returned for a in (attribute.parent, attribute) if a]
        views = {
            "as it is": "",
            "when asked for": "?attributes=" + quote(attribute.path),
            "when excluded": "?excludedAttributes=" + quote(attribute.path),
            "when another is asked for": "?attributes=id",
        }
        expected = {
            "as it is": all(r in ("default", "always") for r in effective),
            "when asked for": "never" not in effective,
            "when excluded": all(r in ("default", "always") for r in effective[:-1]) and effective[-1] == "always",
            "when another is asked for": all(r == "always" for r in effective),
        }
        return ["returned %s, but it %s there %s" % (attribute.returned, "is not" if wanted else "is", view)
                for view, wanted in expected.items()
                if bool(attribute.values(self.shown(resource, views[view]))) != wanted]

    def required(self, attribute):
        if attribute.mutability == "readOnly":
            return []
        problems = []
        empty = [None, [] if attribute.multi_valued else {} if attribute.type == "complex" else ""]
        for value in empty:
            document = self.document()
            attribute.put(document, value)
            if attribute.parent and not any(attribute.complex_values(document)):
                continue    # nothing is left of what would require it
            answer = self.post(document)
            if answer.status != (400 if attribute.required else 201):
                problems.append("required %s, and %s is answered %d" % (attribute.required, json.dumps(value), answer.status))
        return problems

    def mutability_of(self, attribute):
        kind = attribute.mutability
        document = self.document()
        if kind == "readOnly":
            attribute.put(document, self.samples.value(self.type, attribute))
        resource = self.post(document).json
        before = attribute.values(self.shown(resource, "?attributes=" + quote(attribute.path)))
        if kind == "readOnly" and any(value in attribute.values(document) for value in before):
            return ["readOnly, and a client writes it with POST"]
        changed = copy.deepcopy(document)
        value = self.samples.value(self.type, attribute)
        if attribute.type == "boolean" and kind != "readOnly":
            value = not attribute.values(document)[0]
        if attribute.type == "complex" and not attribute.multi_valued and kind == "readWrite":
            # what is immutable in it is another matter
            for sub in attribute.subs:
                if sub.mutability == "immutable":
                    value[sub.name] = attribute.values(document)[0][sub.name]
        attribute.put(changed, value)
        problems = []
        target = "%s/%s" % (self.type.endpoint, resource["id"])
        # who is in an array is known by what it holds: another value is another element
        if kind != "immutable" or not attribute.parent or attribute.parent.mutability == kind or not attribute.parent.multi_valued:
            problems += self.changes(attribute, self.store.request("PUT", target, changed), changed, before, kind == "immutable", "PUT")
        if kind == "immutable":
            same = self.store.request("PUT", target, document)
            if same.status != 200:
                problems.append("immutable, and PUT of the same value is answered %d" % same.status)
        self.store.request("PUT", target, document)
        patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations": [{"op": "replace", "path": attribute.path, "value": value}]}
        # what only clients write is kept sealed, a complex value as a whole: nobody knows its parts
        sealed_part = attribute.parent and attribute.parent.mutability == "writeOnly"
        problems += self.changes(attribute, self.store.request("PATCH", target, patch), changed, before,
                                 kind in ("immutable", "readOnly") or sealed_part, "PATCH")
        return problems

    def changes(self, attribute, answer, document, before, refused, method):
        if refused:
            if (answer.status, answer.scim_type) != (400, "mutability"):
                return ["%s, and %s is answered %d %s" % (attribute.mutability, method, answer.status, answer.scim_type)]
            return []
        if answer.status not in (200, 204):
            return ["%s, and %s is answered %s" % (attribute.mutability, method, answer.body)]
        resource = self.shown({"id": self.store_id(answer)}, "?attributes=" + quote(attribute.path))
        after = attribute.values(resource)
        if attribute.mutability == "readOnly":
            return [] if after == before else ["readOnly, and %s changes it" % method]
        if attribute.mutability == "writeOnly" or "never" in (attribute.returned, attribute.parent and attribute.parent.returned):
            return [] if not after else ["%s, and it is shown" % attribute.mutability]
        if not same_values(attribute, after, attribute.values(document)):
            return ["%s, and %s does not change it: %s" % (attribute.mutability, method, json.dumps(after))]
        return []

    def store_id(self, answer):
        return answer.json["id"]

    def case(self, attribute):
        if "caseExact" not in attribute.definition or "never" in (attribute.returned, attribute.parent and attribute.parent.returned):
            return []
        exact = attribute.definition["caseExact"]
        value = str(attribute.values(self.rich_all)[0])
        swapped = value.swapcase()
        problems = []
        if not self.finds("%s eq %s" % (attribute.path, json.dumps(value)), self.rich):
            problems.append("a filter with its value %s does not find it" % json.dumps(value))
        if swapped != value and self.finds("%s eq %s" % (attribute.path, json.dumps(swapped)), self.rich) != (not exact):
            problems.append("caseExact %s, and a filter with %s tells otherwise" % (exact, json.dumps(swapped)))
        return problems

    def uniqueness(self, attribute):
        if "uniqueness" not in attribute.definition or attribute.mutability == "readOnly" or attribute.type == "boolean":
            return []
        kind = attribute.definition["uniqueness"]
        document = self.document()
        self.post(document)
        problems = []

        def again(value, expected, where):
            other = self.document()
            attribute.put(other, [value] if attribute.multi_valued else value)
            answer = self.post(other)
            if answer.status != expected or (expected == 409 and answer.scim_type != "uniqueness"):
                problems.append("uniqueness %s, and the same value %s is answered %d" % (kind, where, answer.status))

        value = attribute.values(document)[0]
        again(value, 201 if kind == "none" else 409, "again")
        if attribute.type == "string" and value.swapcase() != value:
            again(value.swapcase(), 409 if kind != "none" and not attribute.definition["caseExact"] else 201, "in other letter case")
        if not self.type.is_group:
            self.store.execute("SET scim.tenant = 2")
            again(value, 409 if kind == "global" else 201, "in another tenant")
            self.store.execute("SET scim.tenant = 1")
        return problems

    def canonical(self, attribute):
        canonical = attribute.definition.get("canonicalValues")
        if not canonical or attribute.mutability == "readOnly":
            return []
        problems = []

        def take(value, expected, how):
            document = self.document()
            attribute.put(document, [value] if attribute.multi_valued else value)
            if attribute.path == "members.type":
                # who is there has one type only
                document["members"] = [{"value": "nobody", "type": value}]
            answer = self.post(document)
            if answer.status != expected:
                problems.append("%s is answered %d %s" % (json.dumps(value), answer.status, how))

        take("no such value", 201, "without the policy")
        self.store.execute("INSERT INTO %s.policy (resource_type, kind) VALUES (%s, 'canonical')" % (
            self.store.name, literal(self.type.name)))
        take("no such value", 400, "with the policy \"canonical\"")
        for value in canonical:
            take(value, 201, "with the policy \"canonical\"")
            if value.swapcase() != value:
                take(value.swapcase(), 400 if attribute.definition["caseExact"] else 201, "with the policy \"canonical\"")
        self.store.execute("DELETE FROM %s.policy WHERE kind = 'canonical'" % self.store.name)
        return problems

    def typed(self, attribute):
        if attribute.mutability == "readOnly":
            return []
        problems = []
        two = [self.samples.value(self.type, attribute) for _ in range(2)]
        if attribute.multi_valued:
            two = [value[0] for value in two]
        if attribute.type == "complex":
            two[1].pop("primary", None)
        tries = [(WRONG[attribute.type], 400), (two, 201 if attribute.multi_valued else 400)]
        if attribute.type == "boolean":
            tries.pop()     # twice the same value is one
        for value, expected in tries:
            document = self.document()
            attribute.put(document, value)
            answer = self.post(document)
            if answer.status != expected:
                problems.append("%s%s, and %s is answered %d" % (
                    attribute.type, ", multi-valued" if attribute.multi_valued else "", json.dumps(value)[:80], answer.status))
        return problems

    def described(self, attribute):
        return [] if attribute.definition.get("description") else ["it has no description"]

    def filtered_and_sorted(self, attribute):
        hidden = any(a and (a.returned == "never" or a.mutability == "writeOnly") for a in (attribute, attribute.parent))
        present = self.finds(attribute.path + " pr", self.rich)
        problems = []
        if present is not (None if hidden else True):
            problems.append("a filter with \"pr\" finds it: %s" % present)
        if attribute.type != "complex":
            answer = self.store.request("GET", "%s?count=1&sortBy=%s" % (self.type.endpoint, quote(attribute.path)))
            if answer.status != (400 if hidden else 200):
                problems.append("sortBy is answered %d" % answer.status)
        return problems

    def walk(self, attributes):
        self.sent, self.rich = self.everything()
        paths = ",".join(a.path for a in self.type.attributes)
        self.rich_all = self.shown(self.rich, "?attributes=" + quote(paths + ",meta,externalId"))
        for attribute in (one for a in attributes for one in (a, *a.subs)):
            problems = []
            for characteristic in (self.returned, self.required, self.mutability_of, self.case, self.uniqueness,
                                   self.canonical, self.typed, self.described, self.filtered_and_sorted):
                problems += characteristic(attribute)
            check("%s: %s %s does what its schema says" % (self.store.name, self.type.name, attribute.path), problems)
        self.leaves()

    def leaves(self):
        """Each value that is shown is found by a filter that states it."""
        problems = []
        for path, value in leaf_values(self.rich_all):
            if self.finds("%s eq %s" % (path, json.dumps(value)), self.rich) is not True:
                problems.append("%s eq %s" % (path, json.dumps(value)))
        check("%s: every value shown of a %s is found by a filter" % (self.store.name, self.type.name), problems)


def leaf_values(document):
    for key, value in document.items():
        urn = ":" in key
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                for inner, leaf in leaf_values(one):
                    yield key + (":" if urn else ".") + inner, leaf
                    if isinstance(value, list):
                        yield "%s[%s eq %s].%s" % (key, inner, json.dumps(leaf), inner), leaf
            else:
                yield key, one


def same_values(attribute, found, wanted):
    if attribute.type != "complex":
        return found == wanted
    return len(found) == len(wanted) and all(
        all(f.get(k) == v for k, v in w.items() if k in f) for f, w in zip(found, wanted))
