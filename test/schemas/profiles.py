"""The JSON Schema of profile documents, read by somebody else's validator: those that come
with scim and those that stores export are valid by it, and it and scim.apply_profile call
the same documents wrong."""

import copy

from jsonschema import Draft202012Validator

from service import check, literal

# Put in place of each value, in turn, and beside the members of each object.
VALUES = [None, "", "x", 7, 1.5, True, [], {}, [[]], ["x"], {"x": 1}]


def places(value, path=()):
    """Paths of all values within one."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        # what stands in settings, schemas and the like is for others to say
        if len(path) < 3:
            yield from places(member, path + (key,))


def changed(document):
    for path in places(document):
        for value in VALUES:
            copied = {"root": copy.deepcopy(document)}
            parent, key = copied, "root"
            for step in path:
                parent, key = parent[key], step
            parent[key] = value
            yield copied["root"]
        copied = copy.deepcopy(document)
        parent = copied
        for step in path:
            parent = parent[step]
        if isinstance(parent, dict):
            yield from ({k: v for k, v in parent.items() if k != key} for key in parent) if not path else ()
            parent["no/such~member"] = True
            yield copied


def check_all(store):
    schema = store.query("scim.profile_schema()")
    try:
        Draft202012Validator.check_schema(schema)
        problem = None
    except Exception as error:  # whatever the validator says
        problem = str(error)[:300]
    check("the JSON Schema of profiles is one", problem)
    validator = Draft202012Validator(schema)

    profiles = {name: store.query("(SELECT document FROM scim.profiles() WHERE name = %s)" % literal(name))
                for name in store.query("(SELECT json_agg(name) FROM scim.profiles())")}
    check("there are profiles", None if profiles else "none")
    for name, document in profiles.items():
        check("profile %s is valid" % name, [e.message[:100] + " at " + e.json_path for e in validator.iter_errors(document)])
        store.execute("SELECT scim.create_store('export'); SET scim.store = 'export'; SELECT scim.apply_profile(%s)" % literal(name))
        exported = store.query("scim.export_profile()")
        check("what a store of profile %s exports is valid" % name,
              [e.message[:100] + " at " + e.json_path for e in validator.iter_errors(exported)])
        store.execute("SET scim.store = %s; SELECT scim.drop_store('export', true)" % literal(store.name))

    for name, document in profiles.items():
        documents = list(changed(document))
        problems = store.query("(SELECT jsonb_agg(scim_internal.json_problem(scim.profile_schema(), d, '') ORDER BY n) "
                               "FROM jsonb_array_elements(%s) WITH ORDINALITY x (d, n))" % literal(documents))
        wrong = ["%s of %s" % (problem, str(wrong)[:200]) for wrong, problem in zip(documents, problems)
                 if validator.is_valid(wrong) != (problem is None)]
        check("of %d changed documents of %s both say the same" % (len(documents), name), wrong)
