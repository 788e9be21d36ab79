"""scim.json_schema, read by somebody else's validator: it is a JSON Schema (2020-12), what
the service answers is valid by it, and whatever it calls valid for a request the service
takes."""

import copy
import json
import random

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


# ---- attributes of several types, with a format or a pattern: /Schemas shows their first type

BEYOND = {
    "several": {"type": ["string", "decimal", "boolean"]},
    "moment": {"type": ["boolean", "dateTime"]},
    "blob": {"type": ["integer", "binary"]},
    "link": {"type": ["reference", "integer"], "required": True},
    "many": {"type": ["boolean", "decimal"], "multiValued": True},
    "words": {"type": ["string", "integer"], "multiValued": True, "required": True},
    "day": {"format": "date"},
    "days": {"format": "date", "pattern": "20.*", "multiValued": True},
    "code": {"pattern": "[A-Z]{2}-?[0-9a]+|x.y"},
}
DAYS = ["2026-02-28", "2024-02-29", "2026-02-29", "0001-01-01", "0000-01-01", "1999-12-31", "20240229", "2026-W01-1", "2026-1-1"]
CODES = ["AB1", "AB-1a", "ab1", "xzy", "x\ny", "AB1x", "xAB1", "", "fade", "FADE"]

# A pattern is made of these.  What PostgreSQL does not take is not registered.
PARTS = ["a", "b", "ä", "1", " ", "_", "-", ".", "\\.", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[ab]", "[^ab]", "[a-c1]",
         "[\\w.]", "[^\\d\\s]", "[-a]", "[a\\]]", "[.]", "(", "(?:", ")", "|", "*", "+", "?", "*?", "{2}", "{1,2}", "{0,}",
         "^", "$", "{", "}", "]", "\\-", "\\{", "/", "&", "~"]
TEXTS = ["", "a", "b", "ab", "aa", "a1", "ä", "1", "1a", " ", "_", "-", ".", "a.b", "aab", "bba", "a\nb", "\n", "a b", "{", "}", "]",
         "a]", "11", "é", "\u0661", "\u00a0", "{2}", "/", "&", "~", "abab", "-1", "a-"]


def check_beyond(store, seed=1, patterns=600):
    """The same for them, and for random patterns: a text is valid by the schema where it is
    valid by scim.is_valid, and only there."""
    attributes = [dict(characteristics, name=name) for name, characteristics in BEYOND.items()]
    store.query("scim.register_schema(%s)" % literal({"id": "urn:example:Beyond", "name": "Beyond", "attributes": attributes}))
    store.query("scim.register_resource_type(%s)" % literal(
        {"name": "Beyond", "endpoint": "/Beyond", "schema": "urn:example:Beyond"}))
    base = {"schemas": ["urn:example:Beyond"], "link": "x", "words": ["x"]}
    schema = store.query("scim.json_schema('Beyond', for_request => true)")
    documents = [dict(base, **{name: value}) for name in BEYOND
                 for one in VALUES + DAYS + CODES for value in (one, [one])]
    says = validator(schema)
    valid = [document for document in documents if says.is_valid(document)]
    answers = store.query("(SELECT jsonb_agg(scim.is_valid('Beyond', d) ORDER BY n) FROM jsonb_array_elements(%s) WITH ORDINALITY t(d, n))"
                          % literal(valid))
    check("several types, formats and patterns: the JSON Schema calls nothing valid that is not",
          [json.dumps(d) for d, answer in zip(valid, answers) if not answer])
    check("several types, formats and patterns: it tells values apart",
          [] if len(base) * 10 < len(valid) < len(documents) * 9 // 10 else [str(len(valid))])

    rng = random.Random(seed)
    store.execute("""CREATE FUNCTION pg_temp.try_pattern(pattern text, texts jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM scim.register_schema(jsonb_build_object('id', 'urn:example:Tried', 'name', 'Tried', 'attributes',
                jsonb_build_array(jsonb_build_object('name', 'p', 'pattern', pattern))));
            PERFORM scim.register_resource_type('{"name": "Tried", "endpoint": "/Tried", "schema": "urn:example:Tried"}');
            RETURN jsonb_build_array(scim.json_schema('Tried') #> '{properties,p,pattern}', (SELECT jsonb_agg(scim.is_valid('Tried',
                jsonb_build_object('p', t)) ORDER BY n) FROM jsonb_array_elements(texts) WITH ORDINALITY x(t, n)));
        EXCEPTION WHEN SQLSTATE 'SCVAL' THEN RETURN NULL;
        END $$""")
    tried = ["".join(rng.choice(PARTS) for _ in range(rng.randrange(1, 6))) for _ in range(patterns)]
    answers = store.query("(SELECT jsonb_agg(pg_temp.try_pattern(p, %s) ORDER BY n) FROM jsonb_array_elements_text(%s) WITH ORDINALITY t(p, n))"
                          % (literal(TEXTS), literal(tried)))
    translated = 0
    problems = []
    for pattern, answer in zip(tried, answers):
        if answer is None or answer[0] is None:
            continue
        translated += 1
        says = Draft202012Validator({"type": "string", "pattern": answer[0]})
        for text, valid in zip(TEXTS, answer[1]):
            # an empty string is no value, and Python's $ is before a newline, too
            if text and not text.endswith("\n") and says.is_valid(text) != valid:
                problems.append("%s is %s: %s, %s" % (pattern, answer[0], json.dumps(text), valid))
    check("patterns mean in JSON Schema what they mean in PostgreSQL", problems)
    check("patterns can be said in JSON Schema", [] if translated > patterns // 4 else [str(translated)])
