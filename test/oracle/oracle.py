"""What a filter means: RFC 7644 section 3.4.2.2, with what the RFC leaves open as
DESIGN decides it. Written from the documents, not from the C code.

A filter is a tree of tuples:

    ("and", [f, ...])  ("or", [f, ...])  ("not", f)
    ("compare", ref, op, literal)        literal None for pr
    ("path", ref, f)                     ref[f]

ref is (urn or None, name, sub or None) as written; literal is a pair (kind, value)
with kind null, boolean, number (value is its text) or string.
"""

import re
import unicodedata
from fractions import Fraction

import schema


class Invalid(Exception):
    """400 invalidFilter"""


# ---- values

def fold_user_name(text):
    """A user name as RFC 8265 compares it, but for the case, which is folded: Unicode, D145."""
    narrow = "".join(map_width(c) for c in text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", narrow).casefold())


def map_width(character):
    kind, *to = unicodedata.decomposition(character).split() or [""]
    return chr(int(to[0], 16)) if kind in ("<wide>", "<narrow>") else character


def unassigned(value):
    """RFC 7643 section 2.5: null, and what is empty."""
    if value is None or value == "":
        return True
    if isinstance(value, dict):
        return all(unassigned(v) for v in value.values())
    if isinstance(value, list):
        return all(unassigned(v) for v in value)
    return False


INSTANT = re.compile(
    r"(\d{4,9})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?", re.A)
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def instant(text):
    """Nanoseconds since 0001-01-01T00:00:00Z of an xsd:dateTime, or None."""
    match = INSTANT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    if year == 0 or (len(match[1]) > 4 and match[1][0] == "0") or not 1 <= month <= 12:
        return None
    days_in_month = 29 if month == 2 and is_leap(year) else MONTH_DAYS[month - 1]
    fraction = int(((match[7] or "") + "000000000")[:9])
    if not 1 <= day <= days_in_month or hour > 24 or minute > 59 or second > 60:
        return None
    if hour == 24 and (minute or second or fraction):
        return None
    years = year - 1
    days = years * 365 + years // 4 - years // 100 + years // 400
    for m in range(1, month):
        days += 29 if m == 2 and is_leap(year) else MONTH_DAYS[m - 1]
    days += day - 1
    east = 0
    zone = match[8]
    if zone and zone not in "Zz":
        if int(zone[4:]) > 59:
            return None
        east = int(zone[1:3]) * 60 + int(zone[4:])
        if east > 14 * 60:
            return None
        if zone[0] == "-":
            east = -east
    return (((days * 24 + hour) * 60 + minute - east) * 60 + second) * 10**9 + fraction


NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def number(text):
    return Fraction(text)


# ---- attributes

class Unknown:
    """An attribute of no schema: compared as the literal's kind has it."""
    type = "any"
    exact = False
    multi = False
    subs = {}


def by_name(attributes, name):
    for attribute in attributes:
        if attribute.name.lower() == name.lower():
            return attribute
    return None


def resolve(ref, parent, presence):
    """(keys from the top or from one value of parent, attribute)"""
    urn, name, sub = ref
    if parent is not None:
        if urn is not None:
            raise Invalid("urn in brackets")
        if parent.type != "complex":
            if sub is not None or name.lower() != "value":
                raise Invalid("only value")
            return ["value"], parent
        attribute = parent.subs.get(name.lower())
        if attribute is None or sub is not None:
            raise Invalid("unknown in brackets")
        return [attribute.name], attribute
    keys = []
    if urn is None or urn.lower() == schema.CORE.lower():
        attribute = by_name(schema.COMMON, name) or by_name(schema.USER, name)
        if attribute is None and urn is None:
            for extension, attributes in schema.EXTENSIONS.items():
                attribute = by_name(attributes, name)
                if attribute is not None:
                    keys.append(extension)
                    break
    else:
        attribute = None
        for extension, attributes in schema.EXTENSIONS.items():
            if extension.lower() == urn.lower():
                keys.append(extension)
                attribute = by_name(attributes, name)
    if attribute is None:
        raise Invalid("unknown attribute")
    keys.append(attribute.name)
    if sub is not None:
        attribute = attribute.subs.get(sub.lower())
        if attribute is None:
            raise Invalid("unknown sub-attribute")
        keys.append(attribute.name)
    elif attribute.type == "complex" and not presence and "value" in attribute.subs:
        attribute = attribute.subs["value"]
        keys.append(attribute.name)
    return keys, attribute


def member(value, key):
    if key in value:
        return value[key]
    for k, v in value.items():
        if k.lower() == key.lower():
            return v
    return None


def reach(value, keys):
    """The assigned values at the end of keys, through every list on the way."""
    if isinstance(value, list):
        for element in value:
            yield from reach(element, keys)
    elif not keys:
        if not unassigned(value):
            yield value
    elif isinstance(value, dict):
        yield from reach(member(value, keys[0]), keys[1:])


# ---- comparison

STRINGS = {"string", "dateTime", "binary", "reference"}
NUMBERS = {"decimal", "integer"}


def test_of(attribute, op, literal):
    """A function of one assigned value, for every operator but pr and its kin."""
    if not isinstance(attribute.type, tuple):
        return test_of_type(attribute, attribute.type, op, literal)
    # The kind of the literal says of which type the values are. A string may be written for
    # something else where the attribute has no strings.
    kinds = {"string": [STRINGS, NUMBERS, {"boolean"}], "number": [NUMBERS], "boolean": [{"boolean"}]}
    for kind in kinds[literal[0]]:
        for type in set(attribute.type) & kind:
            try:
                return test_of_type(attribute, type, op, literal)
            except Invalid:
                if type == "string":
                    raise
    raise Invalid("none of the types")


def test_of_type(attribute, type, op, literal):
    kind, value = literal
    if type in ("string", "reference", "binary") or \
            (type == "dateTime" and op in ("co", "sw", "ew")):
        if kind != "string" or (type == "binary" and op in ("gt", "ge", "lt", "le")):
            raise Invalid("string")

        def key(v):
            if not isinstance(v, str):
                return None
            if attribute.name == "version":     # of meta: without the digest
                v = re.sub(r'^(W/"\d+)\.[^"]*', r"\1", v)
            if attribute.name == "userName":
                return fold_user_name(v).encode()
            return (v if attribute.exact else v.casefold()).encode()
        wanted = key(value)
    elif type == "boolean":
        if kind == "string" and value.lower() in ("true", "false"):
            kind, value = "boolean", value.lower() == "true"
        if kind != "boolean" or op not in ("eq", "ne"):
            raise Invalid("boolean")

        def key(v):
            return v if isinstance(v, bool) else None
        wanted = value
    elif type in ("integer", "decimal"):
        if kind not in ("number", "string") or not NUMBER.fullmatch(value) or \
                op in ("co", "sw", "ew"):
            raise Invalid("number")

        def key(v):
            return number(v.text) if isinstance(v, JsonNumber) else None
        wanted = number(value)
    elif type == "dateTime":
        wanted = instant(value) if kind == "string" else None
        if wanted is None:
            raise Invalid("dateTime")

        def key(v):
            return instant(v) if isinstance(v, str) else None
    else:
        raise Invalid("complex")

    tests = {
        "eq": lambda v: v == wanted, "ne": lambda v: v != wanted,
        "gt": lambda v: v > wanted, "ge": lambda v: v >= wanted,
        "lt": lambda v: v < wanted, "le": lambda v: v <= wanted,
        "co": lambda v: wanted in v, "sw": lambda v: v.startswith(wanted),
        "ew": lambda v: v.endswith(wanted),
    }

    def test(v):
        v = key(v)
        return op == "ne" if v is None else tests[op](v)
    return test


class JsonNumber:
    """A number as its text, exact."""
    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, JsonNumber) and number(self.text) == number(other.text)

    def __hash__(self):
        return hash(number(self.text))


def compile_filter(tree, parent=None):
    """The filter as a function of a document, or of one value of parent."""
    kind = tree[0]
    if kind in ("and", "or"):
        parts = [compile_filter(part, parent) for part in tree[1]]
        join = all if kind == "and" else any
        return lambda doc: join(part(doc) for part in parts)
    if kind == "not":
        inner = compile_filter(tree[1], parent)
        return lambda doc: not inner(doc)
    if kind == "path":
        if parent is not None:
            raise Invalid("brackets in brackets")
        keys, attribute = resolve(tree[1], None, True)
        inner = compile_filter(tree[2], attribute)
        return lambda doc: any(inner(value) for value in reach(doc, keys))

    _, ref, op, literal = tree
    presence = op == "pr" or literal[0] == "null"
    keys, attribute = resolve(ref, parent, presence)

    def values(doc):
        if parent is not None and keys == ["value"] and not isinstance(doc, dict):
            return [doc]
        return list(reach(doc, keys))

    if not presence and attribute.type == "complex":
        raise Invalid("complex")
    if presence or (literal == ("string", "") and op in ("eq", "ne")):
        if op == "eq":
            return lambda doc: not values(doc)
        return lambda doc: bool(values(doc))
    test = test_of(attribute, op, literal)
    if literal == ("string", "") and op in ("co", "sw", "ew"):
        return lambda doc: bool(values(doc))  # decided: every value has the empty string in it
    if op == "ne":
        def differs(doc):
            found = values(doc)
            return not found or any(test(v) for v in found)
        return differs
    return lambda doc: any(test(v) for v in values(doc))
