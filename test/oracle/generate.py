"""Random documents and random filters about them."""

import json

import oracle
import schema
from oracle import JsonNumber

WORDS = [
    "a", "A", "b", "bjensen", "BJensen", "BJENSEN", "Bj", "sen", "work", "Work", "home", "other",
    "straße", "STRASSE", "Straẞe", "ſ", "s", "\u212a", "k", "K", "\u212b", "å", "İ", "i̇", "ı", "I",
    "ΣΑΣ", "σας", "σασ", "ﬁ", "fi", "FI", "ǅ", "ǆ", "é", "e\u0301", "É", "Jose\u0301", "jos", "a\u0301\u0327", "a\u0327\u0301", "\u1fb4", "\u03b1\u0345\u0301", "\u03b1\u0301\u03b9",
    "\uff2a\uff4f\uff53", "\uff21", "\uff76\uff9e", "\u30ab\u3099", "\u30ac", "\u3000", "\u1100\u1161\u11a8", "\uac01", "\uac00", "\u11a8", "\u13a0", "\uab70", "\u0301", "日本", "日本語", "𐐀", "𐐨", "🙂",
    "O'Malley", "'; DROP TABLE app.person; --", "a%b", "a_b", "a\\b", "\\", "\\'", "\"q\"", "$1", "E'\\x'",
    " ", " a", "a ", "a b", "\t", "\n", "\u00a0", "0", "1", "10", "9", "true", "null", "a@b.c", "A@B.C",
    "babs@jensen.org", "\U0010ffff", "\uffff", "\u0001", "z", "Z", "zz", "{}", "[1]", "NaN",
    "2819c223-7f76-453a-919d-413861904646", "2819C223-7F76-453A-919D-413861904646",
]
NUMBERS = ["0", "-0", "1", "-1", "2", "10", "9", "42", "42.0", "42.5", "4.25e1", "1e2", "100", "0.1",
           "0.10000000000000000000000001", "9007199254740993", "9007199254740992",
           "123456789012345678", "123456789012345679", "-3.5", "1E-7", "99999999999999999999"]
INSTANTS = [
    "2011-05-13T04:42:34Z", "2011-05-13T06:42:34+02:00", "2011-05-13T04:42:34.000Z",
    "2011-05-13T04:42:34.123456Z", "2011-05-13T04:42:34.1234567Z", "2011-05-13T04:42:34.123457Z",
    "2011-05-13t04:42:34.5z", "2010-01-23T04:56:22", "2012-02-29T24:00:00Z", "2012-03-01T00:00:00Z",
    "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
]
FAR_INSTANTS = ["20000-01-01T00:00:00Z", "999999999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
BASE64 = ["QQ==", "qq==", "MIIDQzCC", "miidqzcc", "AAAA"]
URIS = ["https://example.com/a", "https://EXAMPLE.com/a", "https://example.com/", "urn:a:b", "/x"]
OPS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]


def scalar(rng, type):
    if isinstance(type, tuple):
        type = rng.choice(type)
    if type == "boolean":
        return rng.random() < 0.5
    if type == "integer":
        return JsonNumber(rng.choice(["0", "1", "-1", "2", "9", "10", "42", "123456789012345678"]))
    if type == "decimal":
        return JsonNumber(rng.choice(NUMBERS))
    if type == "dateTime":
        return rng.choice(INSTANTS)
    if type == "binary":
        return rng.choice(BASE64)
    if type == "reference":
        return rng.choice(URIS)
    if rng.random() < 0.3:
        return rng.choice(WORDS) + rng.choice(WORDS)
    return rng.choice(WORDS)


def value_of(rng, attribute):
    if attribute.type != "complex":
        return scalar(rng, attribute.type)
    out = {}
    for sub in attribute.subs.values():
        if rng.random() < 0.6:
            out[sub.name] = scalar(rng, sub.type)
    return out


def document(rng, n):
    """A User as a client may send it; the userName is unique in every case."""
    out = {"schemas": [schema.CORE], "userName": "%s %d" % (rng.choice(WORDS), n)}

    def fill(target, attributes):
        for attribute in attributes:
            if attribute.name in ("userName", "groups") or rng.random() < 0.45:
                continue
            if attribute.multi:
                values = [value_of(rng, attribute) for _ in range(rng.choice([1, 1, 2, 3]))]
                primary = False
                for value in values:  # one at most
                    if isinstance(value, dict) and value.get("primary"):
                        value["primary"] = not primary
                        primary = True
                target[attribute.name] = values
            else:
                target[attribute.name] = value_of(rng, attribute)

    fill(out, schema.USER)
    if rng.random() < 0.6:
        out["externalId"] = "%s %d" % (rng.choice(WORDS), n)
    for urn, attributes in schema.EXTENSIONS.items():
        if rng.random() < 0.8:
            out["schemas"].append(urn)
            out[urn] = {}
            fill(out[urn], attributes)
    return out


def wild(rng, value, depth=0):
    """A document that is not canonical: other types, other case of names, nothing."""
    if rng.random() < 0.04:
        return rng.choice([None, "", [], {}, "x", True, JsonNumber("5"), {"value": "x"}, ["a"],
                           "2011-05-13T04:42:34Z", "true", [None, ""], [[]]])
    if isinstance(value, dict):
        return {(k.swapcase() if rng.random() < 0.1 else k): wild(rng, v, depth + 1)
                for k, v in value.items()}
    if isinstance(value, list):
        if len(value) == 1 and rng.random() < 0.1:
            return wild(rng, value[0], depth + 1)
        out = [wild(rng, v, depth + 1) for v in value]
        return [out] if rng.random() < 0.03 else out
    return value


# ---- filters

def mangle(rng, text):
    return "".join(c.swapcase() if c.isascii() and rng.random() < 0.1 else c for c in text)


def some_attribute(rng):
    """(urn, attribute) of any schema"""
    urn = rng.choice([None, None, None, None, schema.ENTERPRISE, schema.PROBE, schema.PROBE])
    if urn is None:
        return None, rng.choice(schema.COMMON if rng.random() < 0.25 else schema.USER)
    return urn, rng.choice(schema.EXTENSIONS[urn])


def reference(rng, urn, name, sub):
    if urn is not None and rng.random() < 0.3:
        urn = None  # the name is in one extension only
    elif urn is None and rng.random() < 0.1:
        urn = schema.CORE
    return (mangle(rng, urn) if urn else None, mangle(rng, name), mangle(rng, sub) if sub else None)


def literal(rng, type, pool):
    if rng.random() < 0.05:
        return ("null", None)
    if rng.random() < 0.04:
        return ("string", "")
    if rng.random() < 0.02:  # of another type
        return rng.choice([("boolean", True), ("number", "5"), ("string", "x"), ("string", "true")])
    if type == "boolean":
        return rng.choice([("boolean", True), ("boolean", False), ("string", "True"), ("string", "fALSE")])
    if type in ("integer", "decimal"):
        return (rng.choice(["number"] * 9 + ["string"]), rng.choice(NUMBERS))
    if type == "dateTime" and rng.random() < 0.8:
        found = [v for v in pool if isinstance(v, str)]
        if found and rng.random() < 0.5:
            return ("string", rng.choice(found))
        return ("string", rng.choice(INSTANTS + FAR_INSTANTS))
    found = [v for v in pool if isinstance(v, str)]
    text = rng.choice(found) if found and rng.random() < 0.7 else scalar(rng, type)
    if not isinstance(text, str):
        text = "x"
    chance = rng.random()
    if chance < 0.25:
        text = text.swapcase()
    elif chance < 0.5 and len(text) > 1:
        at = rng.randrange(len(text))
        text = text[at:at + rng.randrange(1, 6)]
    elif chance < 0.6:
        text = text.casefold()
    return ("string", text)


def operator(rng, type):
    if rng.random() < 0.12:
        return "pr"
    if type == "boolean":
        return rng.choice(["eq", "ne"] if rng.random() < 0.95 else OPS)
    if type in ("integer", "decimal"):
        return rng.choice(["eq", "ne", "gt", "ge", "lt", "le"] if rng.random() < 0.97 else OPS)
    return rng.choice(OPS)


def comparison(rng, pools, inside=None):
    if inside is not None:
        urn, attribute = inside
        sub = rng.choice(list(attribute.subs.values())) if attribute.subs else None
        leaf = sub or attribute
        ref = (None, mangle(rng, sub.name if sub else "value"), None)
        pool = pools.get((urn, attribute.name, sub.name if sub else None), [])
    else:
        urn, attribute = some_attribute(rng)
        sub = None
        if attribute.subs and rng.random() < 0.85:
            sub = rng.choice(list(attribute.subs.values()))
        leaf = sub or attribute.subs.get("value") or attribute
        ref = reference(rng, urn, attribute.name, sub.name if sub else None)
        pool = pools.get((urn, attribute.name, leaf.name if attribute.subs else None), [])
        if rng.random() < 0.01:
            ref = (None, "noSuchAttribute", None)
    type = rng.choice(leaf.type) if isinstance(leaf.type, tuple) else leaf.type
    op = operator(rng, type)
    if attribute.type == "complex" and leaf is attribute and rng.random() < 0.95:
        op = "pr"
    if op == "pr":
        return ("compare", ref, op, None)
    value = literal(rng, type, pool)
    if value[0] in ("null", "boolean") and op not in ("eq", "ne"):
        op = rng.choice(["eq", "ne"])  # the grammar has nothing else
    return ("compare", ref, op, value)


def filter_tree(rng, pools, depth=0, inside=None):
    chance = rng.random()
    if depth < 4 and chance < 0.3 - depth * 0.05:
        return (rng.choice(["and", "or"]),
                [filter_tree(rng, pools, depth + 1, inside) for _ in range(rng.choice([2, 2, 3]))])
    if depth < 5 and chance < 0.4:
        return ("not", filter_tree(rng, pools, depth + 1, inside))
    if inside is None and chance < 0.55:
        urn, attribute = some_attribute(rng)
        if attribute.type == "complex" or rng.random() < 0.3:
            return ("path", reference(rng, urn, attribute.name, None),
                    filter_tree(rng, pools, depth + 2, (urn, attribute)))
    return comparison(rng, pools, inside)


def print_filter(rng, tree, outer=None):
    kind = tree[0]
    space = rng.choice([" ", " ", " ", "  ", "\t"])
    if kind in ("and", "or"):
        word = space + mangle(rng, kind) + " "
        text = word.join(print_filter(rng, part, kind) for part in tree[1])
        needed = outer == "and" and kind == "or"
        return "(" + text + ")" if needed or rng.random() < 0.2 else text
    if kind == "not":
        return mangle(rng, "not") + rng.choice(["", " "]) + "(" + print_filter(rng, tree[1]) + ")"
    urn, name, sub = tree[1]
    text = (urn + ":" if urn else "") + name + ("." + sub if sub else "")
    if kind == "path":
        return text + "[" + print_filter(rng, tree[2]) + "]"
    text += " " + mangle(rng, tree[2])
    if tree[3] is None:
        return text
    literal_kind, value = tree[3]
    if literal_kind == "number":
        return text + space + value
    return text + space + json.dumps(value, ensure_ascii=rng.random() < 0.3)


def pools_of(documents):
    """Values per attribute, for literals that match something."""
    pools = {}

    def collect(urn, attributes, holder):
        for attribute in attributes:
            for value in oracle.reach(holder, [attribute.name]):
                if not attribute.subs:
                    pools.setdefault((urn, attribute.name, None), []).append(value)
                for sub in attribute.subs.values():
                    pools.setdefault((urn, attribute.name, sub.name), []).extend(
                        oracle.reach(value, [sub.name]))

    for doc in documents:
        collect(None, schema.COMMON + schema.USER, doc)
        for urn, attributes in schema.EXTENSIONS.items():
            collect(urn, attributes, doc.get(urn, {}))
    return pools
