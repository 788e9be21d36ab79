"""parsers.py DIRECTORY SECONDS FILTER...: filters per second of the parser in DIRECTORY."""
import sys
import time

directory, seconds, *filters = sys.argv[1:]
sys.path.insert(0, directory)

from scim2_filter_parser.lexer import SCIMLexer  # noqa: E402
from scim2_filter_parser.parser import SCIMParser  # noqa: E402


def rate(text):
    count, start, elapsed = 0, time.perf_counter(), 0
    while elapsed < float(seconds):
        for _ in range(10):
            SCIMParser().parse(SCIMLexer().tokenize(text))
        count += 10
        elapsed = time.perf_counter() - start
    return f"{count / elapsed:.0f}"


print("scim2-filter-parser (PyPI), parse", *map(rate, filters), sep="\t")
