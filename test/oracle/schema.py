"""The attributes that filters are made of: User, Enterprise User, and a schema that
has every type, as single and as multi-valued attribute, and attributes of several types."""

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PROBE = "urn:example:params:scim:schemas:extension:probe:2.0:User"


class Attribute:
    def __init__(self, name, type="string", multi=False, exact=False, subs=()):
        self.name = name
        self.type = type    # or a tuple of several
        self.multi = multi
        types = type if isinstance(type, tuple) else (type,)
        # RFC 7643 section 2.3.6 and 2.3.7: binary and reference are case-exact
        self.exact = exact or "binary" in types or "reference" in types
        self.subs = {sub.name.lower(): sub for sub in subs}


A = Attribute


def values_of(value_type="string", *more):
    return (A("value", value_type), A("display"), A("type"), A("primary", "boolean")) + more


COMMON = [
    A("schemas", "reference", multi=True),
    A("id", exact=True),
    A("externalId", exact=True),
    A("meta", "complex", subs=(
        A("resourceType", exact=True), A("created", "dateTime"), A("lastModified", "dateTime"),
        A("location", "reference"), A("version", exact=True))),
]
USER = [
    A("userName"), A("displayName"), A("nickName"), A("title"), A("userType"),
    A("profileUrl", "reference"), A("active", "boolean"),
    A("name", "complex", subs=(A("formatted"), A("familyName"), A("givenName"))),
    A("emails", "complex", multi=True, subs=values_of()),
    A("photos", "complex", multi=True, subs=values_of("reference")),
    A("x509Certificates", "complex", multi=True, subs=values_of("binary")),
    A("addresses", "complex", multi=True, subs=(
        A("locality"), A("country"), A("type"), A("primary", "boolean"))),
    A("groups", "complex", multi=True, subs=(A("value"), A("display"))),
]
EXTENSIONS = {
    ENTERPRISE: [
        A("employeeNumber"), A("department"),
        A("manager", "complex", subs=(A("value"),)),
    ],
    PROBE: [
        A("count", "integer"), A("score", "decimal"), A("hired", "dateTime"),
        A("key", "binary"), A("site", "reference"), A("exact", exact=True),
        A("tags", multi=True), A("numbers", "decimal", multi=True),
        A("dates", "dateTime", multi=True),
        A("mixed", ("string", "decimal", "boolean")), A("strict", ("integer", "string"), exact=True),
        A("several", ("boolean", "decimal", "dateTime"), multi=True), A("blob", ("binary", "integer")),
        A("things", "complex", multi=True, subs=(
            A("name", exact=True), A("value", ("string", "decimal", "boolean")), A("site", ("reference", "boolean")))),
        A("badge", "complex", subs=(A("level", "integer"), A("on", "boolean"), A("note"))),
    ],
}


def probe_document():
    """PROBE as RFC 7643 section 7 writes a schema."""
    def attribute(a):
        types = a.type if isinstance(a.type, tuple) else (a.type,)
        out = {"name": a.name, "type": a.type, "multiValued": a.multi,
               "mutability": "readWrite", "returned": "default"}
        if {"string", "reference", "binary"} & set(types):
            out["caseExact"] = a.exact
        if a.type == "reference":
            out["referenceTypes"] = ["external"]
        if a.subs:
            out["subAttributes"] = [attribute(sub) for sub in a.subs.values()]
        return out
    return {"id": PROBE, "name": "Probe", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "attributes": [attribute(a) for a in EXTENSIONS[PROBE]]}


def user_type_document():
    return {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "User", "name": "User", "endpoint": "/Users", "schema": CORE,
            "schemaExtensions": [{"schema": urn, "required": False} for urn in EXTENSIONS]}
