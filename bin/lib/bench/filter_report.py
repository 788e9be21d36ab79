"""filter_report.py RESULT PARSERS [MARKDOWN SVG]: the tables of "bin/bench filter".

Prints them and, with the two files, writes them there as a document with a plot.
PARSERS: lines of the peers' parsers, a name and the rates, with tabs between.
"""

import datetime
import html
import json
import math
import os
import platform
import sys

OURS, HAND = "scim.matches", "by hand"
PLOTTED = (("scim.matches", "#1b6ca8"), ("by hand", "#7fb069"), ("Supabase", "#e6aa68"),
           ("wadahiro", "#ca5d5d"), ("LOWER()", "#8d7b9c"))


def number(value):
    """Three digits that mean something."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(max(value, 0.001))))}f}" if value < 100 else f"{value:.0f}"


def milliseconds(times, key):
    if key not in times:
        return "–"
    return number(times[key]) if times[key] is not None else "> 60,000"


def ratio(times, of, to):
    return number(times[of] / times[to]) if times.get(of) and times.get(to) else "–"


def megabytes(size):
    return f"{size / 2**20:,.0f}"


def table(head, rows):
    """Markdown that can be read as it is."""
    rows = [head] + [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) if i == 0 else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("| " + " | ".join(cells) + " |")
    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":"
                          for i, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule] + lines[1:]) + "\n"


def parser_table(result, parsers):
    ours = result["parse"]
    rows = [["scim.filter, parse and print"] + [f"{rate:,.0f}" for rate in ours] + ["1", "1"]]
    for line in parsers:
        name, *rates = line.rstrip("\n").split("\t")
        if not rates:
            rows.append([name, "–", "–", "–", "–"])
            continue
        rates = [float(rate) for rate in rates]
        rows.append([name] + [f"{rate:,.0f}" for rate in rates] +
                    [number(our / rate) for our, rate in zip(ours, rates)])
    return table(["filters per second, one core", "simple", "longest", "ours is × faster", "× faster"], rows)


def page_table(result):
    rows = []
    for case in result["cases"]:
        times = case["times"]
        rows.append([f"`{case['title']}`", f"{case['rows']:,}",
                     milliseconds(times, "scim.search"), milliseconds(times, "scim.search, whole"),
                     milliseconds(times, "page by hand"), ratio(times, "scim.search", "page by hand"),
                     ratio(times, "scim.search, whole", "page by hand")])
    return table(["filter", "users", "search ms", "whole ms", "by hand ms", "ratio", "whole ratio"], rows)


def filter_table(result):
    rows = []
    for case in result["cases"]:
        times = case["times"]
        if OURS not in times:
            continue
        row = [f"`{case['title']}`", f"{case['rows']:,}", milliseconds(times, OURS), milliseconds(times, HAND),
               ratio(times, OURS, HAND)]
        for key in ("Supabase", "wadahiro", "LOWER()"):
            row += [milliseconds(times, key), ratio(times, key, OURS)]
        rows.append(row)
    return table(["filter", "users", "matches ms", "by hand ms", "ratio", "Supabase ms", "× ours",
                  "wadahiro ms", "× ours", "LOWER() ms", "× ours"], rows)


def index_table(result):
    bare = result["bare_insert"]
    store = result["store_index"]
    rows = [["by hand: primary key only", "–", "–", number(bare), "1"]]
    for index in result["indexes"]:
        rows.append([index["title"], megabytes(index["size"]), number(index["build"] / 1000),
                     number(index["insert"]), number(index["insert"] / bare)])
    rows.append(["the store through the door, without its GIN index", "–", "–", number(store["without"]),
                 number(store["without"] / bare)])
    rows.append(["the store through the door, with it", megabytes(store["size"]), number(store["build"] / 1000),
                 number(store["insert"]), number(store["insert"] / bare)])
    return table(["index", "MB", "built in s", "one INSERT µs", "ratio"], rows)


def plot(result):
    """Bars on a logarithmic scale, as SVG."""
    cases = [case for case in result["cases"] if OURS in case["times"]]
    left, width, bar, gap, top = 330, 640, 5, 9, 58
    group = bar * len(PLOTTED) + gap
    height = top + group * len(cases) + 30
    low, high = -2, 5 if result["users"] > 100000 else 3

    def x(value):
        return left + width * (math.log10(min(max(value, 10**low), 10**high)) - low) / (high - low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 50} {height}" '
           'font-family="sans-serif" font-size="11">',
           f'<rect width="{left + width + 50}" height="{height}" fill="white"/>',
           f'<text x="10" y="18" font-size="15">Milliseconds of one filter over {result["users"]:,} users '
           '(logarithmic, shorter is better)</text>']
    for i, (name, colour) in enumerate(PLOTTED):
        out.append(f'<rect x="{left + i * 120}" y="28" width="10" height="10" fill="{colour}"/>'
                   f'<text x="{left + i * 120 + 15}" y="37">{html.escape(name)}</text>')
    for power in range(low, high + 1):
        out.append(f'<line x1="{x(10**power):.1f}" y1="{top - 8}" x2="{x(10**power):.1f}" y2="{height - 22}" '
                   'stroke="#ddd"/>'
                   f'<text x="{x(10**power):.1f}" y="{height - 8}" text-anchor="middle">{10**power:g}</text>')
    for row, case in enumerate(cases):
        y = top + row * group
        label = case["title"] if len(case["title"]) < 54 else case["title"][:52] + "…"
        out.append(f'<text x="{left - 8}" y="{y + group / 2:.1f}" text-anchor="end">{html.escape(label)}</text>')
        for i, (name, colour) in enumerate(PLOTTED):
            if name not in case["times"]:
                continue
            value = case["times"][name]
            out.append(f'<rect x="{left}" y="{y + i * bar}" width="{max(x(value or 60000) - left, 1):.1f}" '
                       f'height="{bar - 1}" fill="{colour}"><title>{html.escape(name)}: '
                       f'{number(value) if value is not None else "more than 60,000"} ms</title></rect>')
    out.append("</svg>\n")
    return "\n".join(out)


def machine():
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GB, {platform.system()} {platform.release()}"


def document(result, tables):
    parsers, pages, filters, indexes = tables
    users = f"{result['users']:,}"
    return f"""# Benchmarks of filters

Written by `USERS={result['users']} ROUNDS={result['rounds']} bin/bench filter --write` on {datetime.date.today()};
run it to repeat them. What matters are the ratios: both sides of each were measured in one run, in turns, on the same
rows.

- Machine: {machine()}; load before the run {result.get('load_average', 'unknown')}.
- Server: {result['server']}; private, `fsync` and `jit` off, `shared_buffers` 1 GB, one session, no parallel workers.
- Rows: {users} users of {result['table_size'] / result['users']:,.0f} bytes each with their free space, loaded
  through the door at {result['load']:,.0f} users a second (audit switched off, GIN index made afterwards).
- Every statement is prepared and gets another value each time, psql measures it, the median of {result['rounds']}
  rounds is shown. Before anything is measured, all sides must find the same number of users. What takes a peer more
  than 0.3 s is executed no more than for that.

![Milliseconds of each filter](benchmarks.svg)

## Parsing

`scim.filter` reads and prints inside the server, by its casts from and to text, whose cost is counted; the peers' parsers run
in Node.js and in Python {platform.python_version()}. Simple: `{result['filters'][0]}`; longest (of RFC 7644
figure 2): `{result['filters'][1]}`.

{parsers}
## Pages of SCIM

`scim.search('User', filter, count => 20, attributes => 'userName')`, then the same with whole resources, against SQL
written by hand with an index made for that one filter. Where more than one user can match, both sides count them all
and return the first 20 in order of their ids.

{pages}
## Filters as SQL predicates

`SELECT count(*)`: of a store's users by `scim.matches(data, filter, 'User')`, all of them answered by the one index that
each store has; by hand with an index made for that one filter (`lower()` with `text_pattern_ops`, `reverse(lower())`
for ew, pg_trgm for co, jsonb_path_ops for e-mails, partial indexes for pr and not); and the SQL in the manner of

- Supabase Auth: jsonpath over a lower-cased generated column with an index of jsonb_path_ops,
- wadahiro/scim-server: `#>>`, `jsonb_array_elements` and LIKE over such a column,
- Keycloak, django-scim2, scimitar: `LOWER(column)`, columns and a table of e-mails with plain indexes, for the
  attributes that they have columns for.

–: not possible there.

{filters}
## The index

By hand: each GIN index alone on a table of {users} documents. An INSERT is one of {result['single_inserts']:,} single
statements, the clean-up of the pending list included. The table of the store takes {megabytes(result['table_size'])} MB, its other indexes
{megabytes(result['key_indexes_size'])} MB; its trigger canonicalises, validates and derives the key columns (audit
switched off).

{indexes}"""


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        parsers = file.readlines()
    tables = parser_table(result, parsers), page_table(result), filter_table(result), index_table(result)
    print("\n".join(tables))
    if len(sys.argv) > 3:
        # what other parts of bin/bench have measured stays
        with open(sys.argv[3], encoding="utf-8") as file:
            page = file.read()
        kept = min(i for i in (page.find("\n## %s\n" % title) for title in ("Views and foreign keys", "Import")) if i >= 0)
        with open(sys.argv[3], "w", encoding="utf-8") as file:
            file.write(document(result, tables) + page[kept:])
        with open(sys.argv[4], "w", encoding="utf-8") as file:
            file.write(plot(result))


if __name__ == "__main__":
    main()
