#!/usr/bin/env python3
"""doc/conformance.md names tests that are there, and each row names one: what it says is tested."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROW = re.compile(r"\| ([IPG]\d+) \|.*\| ([^|]*) \|$")
WANTED = ["I%d" % n for n in range(1, 18)] + ["P%d" % n for n in range(1, 14)] + ["G%d" % n for n in range(1, 8)]


def main():
    problems, rows = [], []
    for line in (ROOT / "doc" / "conformance.md").read_text().splitlines():
        row = ROW.match(line)
        if not row:
            continue
        rows.append(row[1])
        names = re.findall(r"`([^`]+)`", row[2])
        if not names:
            problems.append("row %s names no test" % row[1])
        problems += ["row %s: there is no test/%s" % (row[1], name) for name in names if not (ROOT / "test" / name).is_file()]
        for name in names:
            # what is compared has to be there as well
            expected = ROOT / "expected" / (pathlib.Path(name).stem + ".out")
            if name.startswith(("sql/", "specs/")) and not expected.is_file():
                problems.append("row %s: %s expects nothing" % (row[1], name))
    if rows != WANTED:
        problems.append("rows are %s, not %s" % (" ".join(rows), " ".join(WANTED)))
    print("\n".join(problems), end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
