"""A resource type whose attributes have every characteristic in every place: at the top, in
a single value and in many, in the base schema and in an extension."""

SIMPLE = ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"]


def characteristics():
    """Attributes without names."""
    for kind in SIMPLE:
        for multi_valued in (False, True):
            yield {"type": kind, "multiValued": multi_valued}
            yield {"type": kind, "multiValued": multi_valued, "required": True}
    for mutability in ("readOnly", "readWrite", "immutable"):
        for returned in ("always", "never", "default", "request"):
            yield {"mutability": mutability, "returned": returned}
    yield {"mutability": "writeOnly"}
    yield {"mutability": "writeOnly", "required": True}
    yield {"returned": "never", "required": True}
    yield {"returned": "request", "required": True}
    for uniqueness in ("server", "global"):
        for case_exact in (False, True):
            yield {"uniqueness": uniqueness, "caseExact": case_exact}
        for kind in ("decimal", "integer", "dateTime", "reference", "binary"):
            yield {"uniqueness": uniqueness, "type": kind}
    for case_exact in (False, True):
        yield {"caseExact": case_exact, "canonicalValues": ["Red", "green"]}
        yield {"caseExact": case_exact, "multiValued": True, "canonicalValues": ["Red", "green"]}


def places():
    """Lists of attributes by the place that they try."""
    simple = [dict(a, name="simple%d" % number) for number, a in enumerate(characteristics())]
    # an array of simple values below another array is more than RFC 7643 knows
    subs = [dict(a, name="sub%d" % number) for number, a in enumerate(characteristics()) if not a.get("multiValued")]
    small = [{"name": "value"}, {"name": "code", "returned": "always"}]
    whole = []
    for characteristic, values in (("returned", ("always", "never", "request")),
                                   ("mutability", ("readOnly", "immutable", "writeOnly")), ("required", (True,))):
        for value in values:
            for multi_valued in (False, True):
                whole.append({"name": "whole%d" % len(whole), characteristic: value, "multiValued": multi_valued,
                              "type": "complex", "subAttributes": small})
    return {
        "Top": simple,
        "One": [{"name": "one", "type": "complex", "subAttributes": subs}],
        "Many": [{"name": "many", "type": "complex", "multiValued": True, "subAttributes": subs + [
            {"name": "value"}, {"name": "primary", "type": "boolean"}]}],
        "Whole": whole,
    }


def documents():
    """What is to be registered."""
    schemas = [{"id": "urn:example:Small", "name": "Small", "attributes": [{"name": "label"}]}]
    types = []
    for place, attributes in places().items():
        for extension in (False, True):
            name = place + ("Extension" if extension else "")
            schemas.append({"id": "urn:example:" + name, "name": name, "attributes": attributes})
            types.append({"name": name, "endpoint": "/" + name, "schema": "urn:example:" + name})
            if extension:
                types[-1].update(schema="urn:example:Small", schemaExtensions=[
                    {"schema": "urn:example:" + name, "required": place == "Whole"}])
    return {"schemas": schemas, "resourceTypes": types}
