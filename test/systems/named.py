#!/usr/bin/env python3
"""named.py: the tests that the table of systems in ../README.md names are there.

An exchange is named as in `users.http` "found by id"; "..." at its end stands for the rest.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLE = re.compile(r"^## Systems\n(.*?)^## ", re.M | re.S)


def titles(path):
    return re.findall(r"^### (.*)$", path.read_text(), flags=re.M)


def missing():
    named = 0
    system = None
    text = (HERE.parent / "README.md").read_text()
    for row in re.findall(r"^\| (.*?) \| (.*?) \| (.*) \|$|^\| \| (.*?) \| (.*) \|$", TABLE.search(text)[1], flags=re.M):
        system = row[0].strip() or system
        tests = row[2] or row[4]
        for file, exchanges in re.findall(r'`([\w./]+)`((?: "[^"]*"(?:, (?=")| to (?="))?)*)', tests.replace('", "', '" "').replace('" to "', '" "')):
            path = HERE / system / file if file.endswith(".http") else HERE.parent / "sql" / file if file.endswith(".sql") else HERE / file
            if not path.exists() and not (HERE.parent.parent / file).exists():
                yield "%s: no %s" % (system, file)
                continue
            for name in re.findall(r'"([^"]*)"', exchanges) if file.endswith(".http") else []:
                named += 1
                if not any(title == name or name.endswith(" ...") and title.startswith(name[:-4]) for title in titles(path)):
                    yield '%s: no exchange "%s" in %s' % (system, name, file)
    if named < 50:
        yield "only %d exchanges are named" % named


problems = list(missing())
print("\n".join(problems) or "all are there")
sys.exit(1 if problems else 0)
