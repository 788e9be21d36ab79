"""What ServiceProviderConfig and the documents of discovery say, against what is."""

import json

from service import check, literal, quote

MESSAGE = "urn:ietf:params:scim:api:messages:2.0:"
TYPES = {"string": str, "reference": str, "dateTime": str, "binary": str, "boolean": bool, "integer": int,
         "decimal": (int, float), "complex": dict}


def conforms(value, definitions, path=""):
    """What is wrong with a document by the attributes of its schema."""
    known = {d["name"]: d for d in definitions}
    problems = [path + name + " is missing" for name, d in known.items() if d["required"] and name not in value]
    for name, inner in value.items():
        if path == "" and name in ("schemas", "id", "externalId", "meta"):
            continue
        if name not in known:
            problems.append(path + name + " is not in the schema")
            continue
        definition = known[name]
        if isinstance(inner, list) != definition["multiValued"]:
            problems.append(path + name + " is an array or not, unlike the schema says")
        for one in inner if isinstance(inner, list) else [inner]:
            if not isinstance(one, TYPES[definition["type"]]) or (isinstance(one, bool) and definition["type"] != "boolean"):
                problems.append("%s%s is %s" % (path, name, json.dumps(one)[:40]))
            elif definition["type"] == "complex":
                problems += conforms(one, definition["subAttributes"], path + name + ".")
            canonical = definition.get("canonicalValues")
            if canonical and one not in canonical:
                problems.append("%s%s is %s, not canonical" % (path, name, json.dumps(one)))
    return problems


def check_documents(store, schemas):
    """The documents of discovery are what their own schemas say, and lead where they say."""
    urn = "urn:ietf:params:scim:schemas:core:2.0:"
    problems = []
    documents = [store.get("/ServiceProviderConfig")] + store.get("/ResourceTypes")["Resources"] + list(schemas.values())
    for document in documents:
        kind = document["meta"]["resourceType"]
        if document["schemas"] != [urn + kind]:
            problems.append("schemas of a %s: %s" % (kind, document["schemas"]))
        # the schema of schemas has one level of sub-attributes more than it describes, in the RFC too
        if document.get("id") != urn + "Schema":
            problems += ["%s %s: %s" % (kind, document.get("id"), problem)
                         for problem in conforms(document, schemas[urn + kind]["attributes"])]
        location = document["meta"]["location"]
        if not location.startswith("https://scim.example/v2/") or store.get(location.replace("https://scim.example/v2", "")) != document:
            problems.append("%s is not at %s" % (kind, location))
        if kind != "ServiceProviderConfig" and not document.get("description"):
            problems.append("%s %s has no description" % (kind, document["id"]))
    check("%s: the documents of discovery are as their schemas say" % store.name, problems)


def check_resource_types(store, types, samples):
    problems = []
    for resource_type in types:
        if store.get(resource_type.endpoint)["schemas"] != [MESSAGE + "ListResponse"]:
            problems.append("%s does not list" % resource_type.endpoint)
        document = samples.document(resource_type)
        answer = store.request("POST", resource_type.endpoint, document)
        if answer.status != 201 or answer.json["schemas"][0] != resource_type.schema:
            problems.append("%s does not take its schema" % resource_type.name)
        elif set(answer.json["schemas"][1:]) != set(resource_type.extensions):
            problems.append("%s does not have its extensions" % resource_type.name)
        if store.request("DELETE", "%s/%s" % (resource_type.endpoint, answer.json["id"])).status != 204:
            problems.append("%s cannot be deleted" % resource_type.name)
        for urn, required in resource_type.extensions.items():
            document = samples.document(resource_type)
            del document[urn]
            status = store.request("POST", resource_type.endpoint, document).status
            if status != (400 if required else 201):
                problems.append("extension %s of %s is required %s, and without it: %d" % (urn, resource_type.name, required, status))
    check("%s: resource types are as they say" % store.name, problems)


def check_service_provider_config(store, types, samples):
    """Each statement, under settings that are small enough to be tried."""
    users = next(t for t in types if t.is_user)
    for name, value in (("scim.max_bulk_operations", 3), ("scim.max_body_size", 2000), ("scim.max_results", 4)):
        store.execute("SET %s = %d" % (name, value))
    config = store.get("/ServiceProviderConfig")

    def create(**more):
        return store.request("POST", "/Users", samples.complete(users, dict({"schemas": [users.schema]}, **more)))

    def verdict(name, problem):
        check("%s: ServiceProviderConfig %s" % (store.name, name), problem)

    def bulk(operations, padding=0):
        body = json.dumps({"schemas": [MESSAGE + "BulkRequest"], "Operations": [
            {"method": "DELETE", "path": "/Users/nobody"}] * operations})
        return store.request("POST", "/Bulk", body + " " * max(padding - len(body), 0)).status

    most, largest = config["bulk"]["maxOperations"], config["bulk"]["maxPayloadSize"]
    found = [bulk(most), bulk(most + 1), bulk(1, largest), bulk(1, largest + 1)]
    verdict("bulk", config["bulk"]["supported"] is not True or found != [200, 413, 200, 413] and str(found))

    made = [create(externalId="z%d" % (9 - n), password="secret%d" % n).json for n in range(config["filter"]["maxResults"] + 2)]
    page = store.get("/Users?count=1000&filter=" + quote('externalId sw "z"'))
    verdict("filter", config["filter"]["supported"] is not True or len(page["Resources"]) != config["filter"]["maxResults"]
            or page["totalResults"] < len(made))
    order = [store.get("/Users?sortBy=externalId&sortOrder=%s&filter=%s" % (direction, quote('externalId sw "z"')))["Resources"][0]["externalId"]
             for direction in ("ascending", "descending")]
    verdict("sort", config["sort"]["supported"] is not True or order != ["z%d" % (9 - len(made) + 1), "z9"] and str(order))

    target = "/Users/" + made[0]["id"]
    operation = {"schemas": [MESSAGE + "PatchOp"], "Operations": [{"op": "replace", "path": "password", "value": "changed"}]}
    patched = store.request("PATCH", target, operation)
    verdict("patch", config["patch"]["supported"] is not True or patched.status != 200 and patched.body)
    right = store.query("scim.verify_password(%s, 'changed')" % literal(made[0]["id"]))
    verdict("changePassword", config["changePassword"]["supported"] is not True or right is not True)
    answers = [store.request("GET", target, If_None_Match=patched.headers["ETag"]).status,
               store.request("PUT", target, made[0], If_Match='W/"99"').status,
               store.get(target)["meta"]["version"] == patched.headers["ETag"]]
    verdict("etag", config["etag"]["supported"] is not True or answers != [304, 412, True] and str(answers))

    pagination = config["pagination"]
    first = store.get("/Users?cursor=&count=2")
    second = store.get("/Users?cursor=%s&count=2" % quote(first["nextCursor"]))
    by_index = store.get("/Users?startIndex=3&count=2")
    problems = []
    if not pagination["cursor"] or not pagination["index"] or second["Resources"] != by_index["Resources"]:
        problems.append("pages by cursor and by index differ")
    plain = store.get("/Users")
    if pagination["defaultPaginationMethod"] != "index" or "startIndex" not in plain or "nextCursor" in plain:
        problems.append("the default is not by index")
    if len(plain["Resources"]) != pagination["defaultPageSize"] or len(page["Resources"]) != pagination["maxPageSize"]:
        problems.append("pages have other sizes")
    store.execute("SET scim.cursor_timeout = 1")
    timeout = store.get("/ServiceProviderConfig")["pagination"]["cursorTimeout"]
    store.execute("SELECT pg_sleep(%d + 0.2)" % timeout)
    late = store.request("GET", "/Users?cursor=%s&count=2" % quote(first["nextCursor"]))
    if (late.status, late.scim_type) != (400, "expiredCursor"):
        problems.append("a cursor is good for longer than cursorTimeout: %s" % late.body)
    verdict("pagination", problems)
    store.execute("RESET ALL; SET scim.store = %s; SET scim.base_url = 'https://scim.example/v2'" % literal(store.name))
    known = {"schemas", "meta", "bulk", "filter", "sort", "patch", "changePassword", "etag", "pagination", "authenticationSchemes"}
    verdict("says nothing else", sorted(set(config) - known))
