#!/usr/bin/env python3
"""run.py: what the registry says of itself, read by somebody else's validators.

Makes stores with core and custom schemas and checks that

    scim.json_schema(type)  is a JSON Schema (2020-12), takes what the service answers,
                            and calls the same documents valid as scim.is_valid
    GET /openapi.json       is an OpenAPI 3.1 description that names every endpoint

Needs psql, a database with the extension (PGDATABASE and so on), and the packages of
requirements.txt. Prints "ok NAME" or "not ok NAME" per check.
"""

import copy
import json
import os
import subprocess
import sys

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data")
PSQL = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
failed = False


def check(name, problem):
    global failed
    failed = failed or bool(problem)
    print("%s %s%s" % ("not ok" if problem else "ok", name, ": %s" % problem if problem else ""))


def psql(script):
    run = subprocess.run(PSQL, input=script.encode("utf-8"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit("psql failed:\n" + run.stderr.decode("utf-8", "replace")[-3000:])
    return run.stdout.decode("utf-8")


def literal(value):
    return "'" + json.dumps(value).replace("'", "''") + "'"


def load(*path):
    with open(os.path.join(DATA, *path), encoding="utf-8") as file:
        return json.load(file)


def store_queries(store, queries):
    """The JSON values of queries, in a store."""
    out = psql("SELECT set_config('scim.store', '%s', false) IS NULL;\n" % store + "".join(
        "SELECT to_json((%s)::text);\n" % query for query in queries))
    return [json.loads(json.loads(line)) for line in out.splitlines()[1:]]


def make_stores():
    """Names of stores and their resource types' names."""
    systems = {name[:-5]: load("systems", name) for name in sorted(os.listdir(os.path.join(DATA, "systems")))}
    sample = load("characteristics.json")
    systems["sample"] = {
        "schemas": [sample],
        "resourceTypes": [{"name": "Sample~Type", "endpoint": "/Samples~x", "schema": sample["id"]}]}
    systems["core"] = {"schemas": [], "resourceTypes": []}
    script = ""
    for store, documents in systems.items():
        script += "SELECT scim.create_store('schemas_%s'); SET scim.store = 'schemas_%s';\n" % (store, store)
        script += "".join("SELECT scim.register_schema(%s);\n" % literal(d) for d in documents["schemas"])
        script += "".join("SELECT scim.register_resource_type(%s);\n" % literal(d) for d in documents["resourceTypes"])
    psql(script)
    return ["schemas_" + store for store in systems]


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def check_openapi(store):
    document, types = store_queries(store, [
        "SELECT body FROM scim.request('GET', '/openapi.json', '{\"Host\": \"scim.example\"}')",
        "SELECT body FROM scim.request('GET', '/ResourceTypes')"])
    errors = ["%s at %s" % (error.message, list(error.absolute_path)) for error in
              OpenAPIV31SpecValidator(document).iter_errors()]
    check("%s: openapi.json is OpenAPI 3.1" % store, "; ".join(errors[:3]))
    wanted = set()
    for resource in types["Resources"]:
        wanted |= {resource["endpoint"], resource["endpoint"] + "/{id}", resource["endpoint"] + "/.search"}
    check("%s: every endpoint is in it" % store, ", ".join(sorted(wanted - set(document["paths"]))))
    missing = [ref for ref in references(document["paths"])
               if ref.split("/")[-1] not in document["components"].get(ref.split("/")[-2], {})]
    check("%s: every reference leads somewhere" % store, ", ".join(missing))
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()
           if isinstance(operation, dict)]
    check("%s: every operationId is there once" % store, len(ids) != len(set(ids)))


def validator(schema):
    return Draft202012Validator(schema, format_checker=FormatChecker())


def check_json_schemas(store):
    names, = store_queries(store, ["SELECT json_agg(name) FROM %s.resource_type" % store])
    schemas = store_queries(store, ["scim.json_schema(%s)" % ("'%s'" % name) for name in names])
    for name, schema in zip(names, schemas):
        try:
            Draft202012Validator.check_schema(schema)
            problem = None
        except Exception as error:  # whatever the validator says
            problem = str(error)[:300]
        check("%s: the JSON Schema of %s is one" % (store, name), problem)
    return dict(zip(names, schemas))


def check_answers(store, name, schema, documents):
    """What the service answers to a write is valid by the schema."""
    answers = store_queries(store, ["scim.create_resource('%s', %s)" % (name, literal(d)) for d in documents])
    for number, answer in enumerate(answers):
        errors = [error.message for error in validator(schema).iter_errors(answer)]
        check("%s: answer %d is a valid %s" % (store, number, name), "; ".join(errors[:3]))


def check_agreement(store, name, schema, documents):
    """The schema and scim.is_valid call the same documents valid."""
    answers = store_queries(store, ["scim.is_valid('%s', %s)" % (name, literal(d)) for d in documents])
    for document, answer in zip(documents, answers):
        says = validator(schema).is_valid(document)
        check("%s: is this a valid %s? %s" % (store, name, json.dumps(document)[:120]),
              says != answer and "the schema says %s, scim.is_valid %s" % (says, answer))


def changed(document, **members):
    result = copy.deepcopy(document)
    for key, value in members.items():
        if value is None:
            del result[key]
        else:
            result[key] = value
    return result


def main():
    for store in make_stores():
        schemas = check_json_schemas(store)
        check_openapi(store)
        if store == "schemas_core":
            check_answers(store, "User", schemas["User"], [
                load("rfc7643", name + ".json") for name in ("enterprise_user",)] + [
                {"userName": "x", "emails": "x@example.com", "active": "True", "manager": "7", "password": "secret"}])
            check_answers(store, "Group", schemas["Group"], [{"displayName": "g", "members": ["a"]}])
            user = {"schemas": [USER], "userName": "jd"}
            check_agreement(store, "User", schemas["User"], [
                user, changed(user, userName=None), changed(user, userName=7), changed(user, active=True),
                changed(user, active="perhaps"), changed(user, none=1), changed(user, emails=[{"value": "a"}]),
                changed(user, emails=[{"value": 1}]), changed(user, emails=[{"colour": "red"}]),
                changed(user, name={"givenName": "a"}), changed(user, name={"first": "a"}),
                changed(user, **{ENTERPRISE: {"department": "a"}}), changed(user, **{ENTERPRISE: {"department": 1}}),
                changed(user, **{ENTERPRISE: {"other": "a"}}), changed(user, profileUrl="https://example.com/x")])
        if store == "schemas_sample":
            sample = {"schemas": ["urn:example:Sample"], "label": "x"}
            values = {
                "flag": [True, 1], "amount": [1.5, True], "size": [1, 1.5], "moment": ["2026-01-31T08:00:00Z", "today"],
                "link": ["/Samples/1", 1], "part": [{"code": "a"}, {"fixed": "a"}, {"code": "a", "x": 1}],
                "words": [["a"], ["a", 1]], "counts": [[1, 2], [1.5]], "phones": [[{"value": "a"}], [{"x": "a"}]],
                "colour": ["blue"]}
            documents = [changed(sample, **{key: value}) for key in values for value in values[key]]
            check_answers(store, "Sample~Type", schemas["Sample~Type"], [
                sample, changed(sample, **{key: value[0] for key, value in values.items()})])
            check_agreement(store, "Sample~Type", schemas["Sample~Type"], documents)
    sys.exit(1 if failed else 0)


main()
