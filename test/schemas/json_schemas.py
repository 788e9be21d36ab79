"""scim.json_schema, read by somebody else's validator: it is a JSON Schema (2020-12), what
the service answers is valid by it, and whatever it calls valid for a request the service
takes."""

import copy
import json

from jsonschema import Draft202012Validator, FormatChecker

from service import check, literal

# Put in place of each attribute, in turn.
VALUES = [
    None, "", [], {}, [""], [None], [{}], [[]], "x", "x" * 300, 7, -1, 1.0, 1.5, 1e30, True, False, "true", "7",
    [7, 8], ["x", "y"], ["x", "x"], [True], {"x": 1}, {"value": "x"}, {"value": ""}, {"value": 7},
    [{"value": "x"}], [{"value": ""}], [{"value": "x", "primary": True}], [{"value": "x", "type": "y"}] * 2,
    [{"value": "x", "primary": True}, {"value": "y", "primary": True}],
    [{"value": "x", "primary": True}, {"value": "y", "primary": False}],
    [{"$ref": "https://scim.example/Users/1"}], [{"$ref": "../Users/1"}], [{"$ref": "x"}], [{"$ref": ""}],
    [{"$ref": "https://scim.example"}], [{"value": "", "$ref": "/Users/1?x"}], [{"type": "User"}], [{"display": "x"}],
    "2026-01-31T08:00:00Z", "2026-01-31t08:00:00z", "2026-12-31T23:59:60Z", "2016-12-31T23:59:60Z", "2026-02-30T08:00:00Z",
    "2026-01-31T08:00:00.123456789+23:59", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-01-31T08:00:00-14:01", "9999-12-31T23:59:59-12:00", "2026-01-31T24:00:00Z",
    "2026-01-31T08:00Z", "2026-01-31", "abcd", "ab==", "ab=", "a", "ab", "abc", "a-_b", "a+/b", "a-/b", "a\nb", "a b=",
    "https://example.com/x", "urn:x:y", "../x y", "%zz",
]


def validator(schema):
    return Draft202012Validator(schema, format_checker=FormatChecker())


def check_one(store, resource_type, samples):
    name = "%s: the JSON Schema of %s " % (store.name, resource_type.name)
    answers = store.query("scim.json_schema(%s)" % literal(resource_type.name))
    requests = store.query("scim.json_schema(%s, for_request => true)" % literal(resource_type.name))
    for schema in (answers, requests):
        try:
            Draft202012Validator.check_schema(schema)
            problem = None
        except Exception as error:  # whatever the validator says
            problem = str(error)[:300]
        check(name + ("of answers" if schema is answers else "of requests") + " is one", problem)

    sent = [samples.document(resource_type), samples.complete(resource_type, {"schemas": [resource_type.schema]}),
            samples.document(resource_type, read_only=True)]
    problems = []
    for document in sent:
        problems += ["%s at %s" % (e.message[:100], e.json_path) for e in validator(requests).iter_errors(document)]
    check(name + "takes what is sent", problems)
    problems = []
    paths = ",".join(a.path for a in resource_type.attributes) + ",externalId,meta"
    for document in sent:
        answer = store.request("POST", resource_type.endpoint, document)
        if answer.status != 201:
            problems.append(answer.body)
            continue
        everything = store.get("%s/%s?attributes=%s" % (resource_type.endpoint, answer.json["id"], paths.replace(":", "%3A").replace("$", "%24")))
        for shown in (answer.json, everything):
            problems += ["%s at %s" % (e.message[:100], e.json_path) for e in validator(answers).iter_errors(shown)]
    check(name + "takes what is answered", problems)
    check(name + "calls nothing valid that is not", disagreements(store, resource_type, samples, requests))


def disagreements(store, resource_type, samples, schema):
    """Documents that are valid by the schema and not by scim.is_valid."""
    base = samples.complete(resource_type, {"schemas": [resource_type.schema]})
    says = validator(schema)
    documents = []
    for attribute in resource_type.all_attributes():
        whole = attribute.parent or attribute
        start = copy.deepcopy(base)
        whole.put(start, samples.value(resource_type, whole))
        for value in VALUES + [[value] for value in VALUES if attribute.multi_valued]:
            document = copy.deepcopy(start)
            attribute.put(document, value)
            documents.append(document)
    for urn in resource_type.extensions:
        for value in VALUES:
            documents.append(dict(base, **{urn: value}))
    valid = [document for document in documents if says.is_valid(document)]
    problems = []
    for start in range(0, len(valid), 200):
        part = valid[start:start + 200]
        answers = store.query("(SELECT jsonb_agg(scim.is_valid(%s, d) ORDER BY n) FROM jsonb_array_elements(%s) WITH ORDINALITY t(d, n))" % (
            literal(resource_type.name), literal(part)))
        problems += [json.dumps({k: v for k, v in document.items() if base.get(k) != v})[:300]
                     for document, answer in zip(part, answers) if not answer]
    return problems
