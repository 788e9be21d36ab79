#!/usr/bin/env python3
"""Filters that cost much, made at random, each of one shape and as long as wanted.

A shape is a handful of terms, each an attribute (of the resource, of its members or
groups, of what is derived from others) with an operator, one value or a new one each
time; how many of them stand in a unit, joined and negated how; what joins the units; and
whether all of them stand in the brackets of one attribute.  It is repeated until the filter
is long enough.  How the list is sorted, paged and shown is random, too.

    PGDATABASE=... test/attack/shapes.py [--number N] [--seed N] [--bytes N] [--top N] [--only TEXT]

searches the store "directory" of a database with them and prints those that took most:
seconds of the backend's CPU, megabytes, how many they found, filter.
"""
import argparse
import collections
import random
import re
import subprocess

TEXT = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "eq null")
EQUAL = ("eq", "ne", "pr", "eq null")
ORDER = ("eq", "ne", "gt", "ge", "lt", "le", "co", "sw", "ew")
PLAIN = {
    "id": TEXT, "externalId": TEXT, "displayName": TEXT, "meta.location": TEXT, "meta.version": TEXT,
    "meta.created": ORDER, "meta.lastModified": ORDER, "meta.resourceType": TEXT, "schemas": TEXT,
}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:"
OF_USER = {
    "userName": TEXT, "title": TEXT, "active": EQUAL, "emails.value": TEXT, "emails": TEXT, "name.familyName": TEXT,
    "emails[type %s and value %s]": ("co", "eq", "ne", "sw"), "meta[version %s or location %s]": ("co", "ne", "sw"),
    "emails[type %s and not (value %s)]": ("co", "eq", "gt"), "userName[value %s or value %s]": ("co", "sw", "eq", "le"),
    "emails.primary": EQUAL, "phoneNumbers.type": TEXT, "name[familyName %s and givenName %s]": ("co", "ne"),
    ENTERPRISE + "department": TEXT, ENTERPRISE + "manager.displayName": TEXT, ENTERPRISE + "manager.value": TEXT,
}
PARTS = {"value": TEXT, "display": TEXT, "$ref": TEXT, "type": TEXT}
INSIDE = ("%s and %s", "%s or %s", "not (%s) and %s", "not (%s or %s)", "%s and not (%s and %s)", "%s and display pr",
          "%s and (%s or %s)", "not (not (%s) or value pr)", '%s and type eq "User"')
# brackets in which all stands, and what may stand there
AROUND = {
    "members": PARTS, "groups": PARTS, "emails": {"value": TEXT, "type": TEXT, "display": TEXT, "primary": EQUAL},
    "meta": {"version": TEXT, "location": TEXT, "created": ORDER, "lastModified": ORDER, "resourceType": TEXT},
}
REQUESTS = ({}, {}, {}, {"count": 0}, {"sortBy": "userName"}, {"sortBy": "meta.lastModified", "sortOrder": "descending"},
            {"sortBy": "emails.value"}, {"sortBy": "id", "startIndex": 1000}, {"cursor": ""}, {"count": 200, "attributes": None})


class Shape:
    """The terms of a unit, and how units are joined."""

    def __init__(self, chance, ids):
        self.chance = chance
        self.ids = ids
        self.path = chance.choice(("/Users", "/Users", "/Groups", "/Groups", ""))
        relations = {"/Users": ("groups",), "/Groups": ("members",), "": ("groups", "members")}[self.path]
        related = chance.choice((0.2, 0.6, 0.6, 1))
        self.relations = relations
        self.terms = [self.relation_term() if chance.random() < related else self.plain_term()
                      for _ in range(chance.choice((1, 1, 1, 2, 2, 2, 3, 4)))]
        self.inner, self.outer = chance.choice(((" and ", " or "), (" or ", " and "), (" and ", " and "), (" or ", " or ")))
        self.negate = chance.choice((0, 0, 0.5, 1))
        self.around = None
        if chance.random() < 0.2:
            self.around = chance.choice(relations + ("meta",) + (("emails",) if self.path == "/Users" else ()))
            self.terms = [self.part_of(AROUND[self.around]) for _ in range(chance.choice((1, 1, 2, 3)))]
        self.nested = chance.choice((1, 1, 1, 5, 30))

    def value(self):
        """A function of n: the text of a value."""
        chance = self.chance
        kind = chance.randrange(7)
        some = chance.choice(self.ids)
        return [lambda n: self.ids[n % len(self.ids)], lambda n: self.ids[n % len(self.ids)], lambda n: str(n),
                lambda n: "hostile %d" % n, lambda n: "x%d" % n, lambda n: some,
                lambda n: ("direct", "indirect", "User", "Group", "0", "1", "e")[n % 7]][kind]

    def comparison(self, name, operators):
        operator = self.chance.choice(operators)
        if operator in ("pr", "eq null"):
            return lambda n: "%s %s" % (name, operator)
        if name in ("active", "primary", "emails.primary"):
            return lambda n: "%s %s %s" % (name, operator, ("true", "false")[n % 2])
        if name.rpartition(".")[2] in ("created", "lastModified"):
            return lambda n: '%s %s "20%02d-01-%02dT00:00:00Z"' % (name, operator, n % 90, 1 + n % 28)
        value = self.value()
        return lambda n: '%s %s "%s"' % (name, operator, value(n))

    def plain_term(self):
        attributes = dict(PLAIN, **(OF_USER if self.path != "/Groups" else {}))
        name = self.chance.choice(sorted(attributes))
        if "%" not in name:
            return self.comparison(name, attributes[name])
        tests = [self.comparison("@", attributes[name]) for _ in range(2)]
        return lambda n: name % tuple(test(n)[2:] for test in tests)

    def part_of(self, parts):
        name = self.chance.choice(sorted(parts))
        return self.comparison(name, parts[name])

    def part(self):
        name = self.chance.choice(sorted(PARTS))
        if name == "type" and self.chance.random() < 0.6:
            kind = self.chance.choice(("direct", "indirect", "User", "Group"))
            return lambda n: 'type eq "%s"' % kind
        return self.comparison(name, PARTS[name])

    def relation_term(self):
        relation = self.chance.choice(self.relations)
        if self.chance.random() < 0.6:
            part = self.part()
            return lambda n: "%s.%s" % (relation, part(n))
        inside = self.chance.choice(INSIDE)
        parts = [self.part() for _ in range(inside.count("%s"))]
        return lambda n: "%s[%s]" % (relation, inside % tuple(part(n) for part in parts))

    def unit(self, n):
        terms = ["not (%s)" % term(n) if self.chance.random() < self.negate / 2 else term(n) for term in self.terms]
        text = self.inner.join(terms)
        if self.chance.random() < self.negate:
            return "not (%s)" % text
        return "(%s)" % text if len(terms) > 1 and self.inner != self.outer else text

    def filter(self, length):
        if self.around:
            return "%s[%s]" % (self.around, self.fill(length))
        return self.fill(length)

    def fill(self, length):
        text = ""
        n = 0
        while True:
            outer = self.outer if n % self.nested == 0 else self.inner
            longer = text + (outer if text else "") + self.unit(n)
            if self.nested > 1 and n % self.nested == 0 and n > 0:
                longer = "(%s)%s%s" % (text, outer, self.unit(n))
            if len(longer) > length:
                return text
            text = longer
            n += 1


def shapes(chance, ids, number, length):
    """Yields (path, filter, what else a SearchRequest says)."""
    for _ in range(number):
        shape = Shape(chance, ids)
        request = dict({"count": 2, "attributes": ["id"]}, **chance.choice(REQUESTS))
        yield shape.path, shape.filter(length), {name: value for name, value in request.items() if value is not None}


def query(*statements):
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=0"], input="\n".join(statements),
                          capture_output=True, text=True)


ARGUMENTS = {"count": "count", "sortBy": "sort_by", "sortOrder": "sort_order", "startIndex": "start_index", "cursor": "cursor",
             "attributes": "attributes"}


def measure(path, text, request):
    """(seconds, megabytes, what was answered)"""
    arguments = "".join(", %s => '%s'" % (ARGUMENTS[name], "id" if name == "attributes" else value)
                        for name, value in request.items())
    kind = {"/Users": "'User'", "/Groups": "'Group'", "": "NULL"}[path]
    done = query(
        "SET statement_timeout = '20s';"
        "SELECT pg_backend_pid() AS pid, scim.search('User', 'userName eq \"a\"') IS NULL AS warm \\gset",
        "SELECT 'stat ' || pg_read_file('/proc/' || :pid || '/stat');",
        "SELECT 'found ' || (scim.search(%s, $text$%s$text$%s) ->> 'totalResults');" % (kind, text, arguments),
        "SELECT 'stat ' || pg_read_file('/proc/' || :pid || '/stat');",
        "SELECT pg_read_file('/proc/' || :pid || '/status');")
    ticks = [sum(map(int, line.rpartition(")")[2].split()[11:13])) for line in re.findall("^stat (.*)", done.stdout, re.M)]
    answer = re.search("^found (.*)", done.stdout, re.M)
    memory = re.search(r"^VmHWM:\s+(\d+)", done.stdout, re.M)
    return (ticks[1] - ticks[0]) / 100, int(memory.group(1)) / 1024, answer.group(1) if answer else done.stderr.partition("\n")[0][:200]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bytes", type=int, default=8000)
    parser.add_argument("--top", type=int, default=20)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    ids = query("(SELECT id FROM directory.users WHERE deleted_at IS NULL ORDER BY id LIMIT 400) UNION ALL "
                "(SELECT id FROM directory.groups WHERE deleted_at IS NULL ORDER BY id LIMIT 400)").stdout.split()
    chance.shuffle(ids)
    measured = []
    refused = collections.Counter()
    for path, text, request in shapes(chance, ids, arguments.number, arguments.bytes):
        if arguments.only not in text:
            continue
        seconds, megabytes, answer = measure(path, text, request)
        measured.append((seconds, megabytes, answer, path, text))
        if not answer.isdigit():
            refused[re.sub(r"\d+", "N", answer)[:90]] += 1
    measured.sort(reverse=True)
    for seconds, megabytes, answer, path, text in measured[:arguments.top]:
        print("%6.2f s %5.0f MB %7s %s %.240s" % (seconds, megabytes, answer[:90], path or "/", text))
    print("%d filters, %.1f s, most memory %.0f MB" % (
        len(measured), sum(m[0] for m in measured), max(m[1] for m in measured)))
    for answer, number in refused.most_common(20):
        print("%5d %s" % (number, answer))


if __name__ == "__main__":
    main()
