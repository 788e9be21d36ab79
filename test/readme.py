#!/usr/bin/env python3
"""Runs the commands of a Markdown file and compares what they print.

    readme.py README.md...

A block fenced as ```sh or ```sql is run, in order, in one shell for all the files (```sql by psql);
a ```text block right after it is what it must print.  A line "..." there stands for
any lines.  README_SHELL is another command than bash.  A block after the comment <!-- not run: why --> is left out,
one after <!-- by a superuser --> where README_OWNER is set.  Output
is TAP-like: "ok LINE first line of the block".
"""
import os
import re
import subprocess
import sys

MARK = "==readme-%d=="
LEFT_OUT = ("<!-- not run", "<!-- by a superuser") if os.environ.get("README_OWNER") else ("<!-- not run",)


class Shell:
    def __init__(self):
        self.process = subprocess.Popen(
            os.environ.get("README_SHELL", "bash").split(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.number = 0

    def run(self, commands):
        """The exit status and the output of commands, in the shell's own state."""
        self.number += 1
        mark = MARK % self.number
        self.process.stdin.write("{ %s\n} </dev/null\nprintf '\\n%s%%d\\n' $?\n" % (commands, mark))
        self.process.stdin.flush()
        output = []
        for line in self.process.stdout:
            if line.startswith(mark):
                return int(line[len(mark):]), "".join(output).removesuffix("\n")
            output.append(line)
        return self.process.wait(), "".join(output)


def blocks(text):
    """(line number, language, content, skipped) of each fenced block."""
    previous = ""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        fence = re.match(r"```(\w*)", line)
        if fence:
            content = []
            for _, inner in lines:
                if inner.startswith("```"):
                    break
                content.append(inner)
            yield number, fence[1], "\n".join(content), previous.startswith(LEFT_OUT)
            previous = ""
        elif line.strip():
            previous = line


def matches(expected, output):
    pattern = "".join("(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + "\n"
                      for line in expected.splitlines())
    output = "".join(line.rstrip() + "\n" for line in output.strip("\n").splitlines())
    return re.fullmatch(pattern, output) is not None


def main():
    shell = Shell()
    failed = 0
    for page in sys.argv[1:]:
        if len(sys.argv) > 2:
            print(page)
        failed += run_page(shell, page)
    sys.exit(failed > 0)


def run_page(shell, page):
    """How many blocks of it have failed."""
    with open(page, encoding="utf-8") as file:
        found = list(blocks(file.read()))
    failed = 0
    for at, (number, language, content, skipped) in enumerate(found):
        if language not in ("sh", "sql") or skipped:
            continue
        commands = content
        if language == "sql":
            commands = "psql -X -q -v ON_ERROR_STOP=1 <<'END-OF-SQL'\n%s\nEND-OF-SQL" % content
        status, output = shell.run(commands)
        good = status == 0
        if at + 1 < len(found) and found[at + 1][1] == "text":
            good = good and matches(found[at + 1][2], output)
        print("%s %d %s" % ("ok" if good else "not ok", number, content.splitlines()[0]))
        if not good:
            failed += 1
            print("".join("    " + line + "\n" for line in output.splitlines()))
            print("    exit status %d" % status)
    return failed


main()
