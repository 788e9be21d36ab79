"""The measurements of "bin/bench filter" in a private server, as JSON.

filter.py USERS ROUNDS OUTPUT FILTER...: the filters are for the parser.  The
environment says how psql reaches the server.
Every statement is prepared and gets another value each time; psql measures.
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys

from filter_cases import cases

HERE = os.path.dirname(os.path.abspath(__file__))
PSQL = os.environ.get("PSQL", "psql")
TABLES = {"by hand": "by_hand.users", "Supabase": "lowered.users",
          "wadahiro": "lowered.users", "LOWER()": "plain.users"}
SETTINGS = r"""
\set ON_ERROR_STOP 0
SET statement_timeout = '60s';
SET max_parallel_workers_per_gather = 0;
SET work_mem = '64MB';
"""
SINGLE_INSERTS = 5000


def say(text):
    print(text, file=sys.stderr, flush=True)


def psql(script, *options):
    """What a script prints; dies where it fails otherwise than by running too long."""
    result = subprocess.run([PSQL, "-X", "-q", "-A", "-t", *options], input=script, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    for line in result.stdout.splitlines():
        if ("ERROR:" in line or "FATAL:" in line) and "statement timeout" not in line:
            sys.exit(f"filter.py: {line}")
    if result.returncode != 0:
        sys.exit(f"filter.py: psql failed: {result.stdout[-2000:]}")
    return result.stdout


def query(sql):
    return psql(sql, "-v", "ON_ERROR_STOP=1").strip()


def run_file(name, **variables):
    options = [f"-v{key}={value}" for key, value in variables.items()]
    psql("", "-v", "ON_ERROR_STOP=1", *options, "-f", os.path.join(HERE, name))


TIME = re.compile(r"^Time: ([0-9.]+) ms")


def times(output):
    return [float(match[1]) for match in map(TIME.match, output.splitlines()) if match]


def timed(sql):
    """Milliseconds of one statement."""
    return times(psql("\\timing on\n" + sql, "-v", "ON_ERROR_STOP=1"))[-1]


def literal(text):
    return "'" + text.replace("'", "''") + "'"


# (a) parsing and printing


def parse_rate(text, repeats=200_000):
    """Filters per second in one backend: with the casts, less the same without them."""
    source = (f"FROM generate_series(1, {repeats}) i, "
              f"LATERAL (SELECT (ARRAY[{literal(text)}, {literal(text)}])[i % 2 + 1] AS t OFFSET 0) v")
    best = []
    for _ in range(5):
        with_casts = timed(f"SELECT count(t::scim.filter::text) {source};")
        without = timed(f"SELECT count(t) {source};")
        best.append(with_casts - without)
    return repeats / statistics.median(best) * 1000


# (c) indexes


def insert_cost(table, first, index=None):
    """Microseconds of one INSERT: SINGLE_INSERTS statements, undone afterwards, thrice."""
    clean = f"SELECT gin_clean_pending_list('{index}');" if index else "SELECT 1;"
    costs = []
    for _ in range(3):
        output = psql(f"BEGIN;\n\\timing on\nCALL bench.insert_singly('{table}', {first}, "
                      f"{first + SINGLE_INSERTS - 1});\n{clean}\nROLLBACK;", "-v", "ON_ERROR_STOP=1")
        costs.append(sum(times(output)[:2]) / SINGLE_INSERTS * 1000)
    return statistics.median(costs)


def index_size(index):
    return int(query(f"SELECT pg_relation_size('{index}')"))


def load_store(users, result):
    """The store, through the door while its index is absent, then the index."""
    run_file("filter_data.sql")
    psql("CREATE EXTENSION pg_trgm; CREATE EXTENSION scim; SELECT scim.create_store('directory');"
         "UPDATE directory.policy SET enabled = false WHERE kind = 'audit';", "-v", "ON_ERROR_STOP=1")
    definition = query("SELECT pg_get_indexdef('directory.users_data_idx'::regclass)")
    query("DROP INDEX directory.users_data_idx")
    say(f"filter: {users} users through the door")
    milliseconds = timed("INSERT INTO directory.users (data) "
                         f"SELECT bench.document(i) FROM generate_series(1, {users}) i;")
    result["load"] = users / milliseconds * 1000
    first = users + 1
    without = insert_cost("directory.users", first)
    say("filter: the index of the store")
    build = timed(definition + ";")
    psql("UPDATE directory.users SET data = data || '{\"preferredLanguage\": \"en\"}' "
         f"WHERE id IN (SELECT id FROM directory.users ORDER BY id LIMIT {max(users // 10000, 5)});"
         "VACUUM ANALYZE directory.users;", "-v", "ON_ERROR_STOP=1")
    size = index_size("directory.users_data_idx")
    with_index = insert_cost("directory.users", first, "directory.users_data_idx")
    result["table_size"] = int(query("SELECT pg_table_size('directory.users')"))
    result["key_indexes_size"] = int(query("SELECT pg_indexes_size('directory.users')")) - size
    result["store_index"] = {"size": size, "build": build, "insert": with_index, "without": without}


# What pg_trgm would have to be given for co on the attributes that scim.gin_ops has by default.
TRIGRAMS = ("lower(coalesce(data ->> 'userName', '') || E'\\x01' || coalesce(data ->> 'displayName', '') "
            "|| E'\\x01' || coalesce(data ->> 'name', '') || E'\\x01' "
            "|| jsonb_path_query_array(data, '$.emails[*].value')::text) gin_trgm_ops")
INDEXES = (("pg_trgm over userName, displayName, name and e-mails", TRIGRAMS, False),
           ("jsonb_path_ops", "data jsonb_path_ops", True))


def compare_indexes(users, result):
    """Each GIN index that one would make by hand, alone on the same bare table."""
    result["bare_insert"] = insert_cost("by_hand.users", users + 1)
    result["indexes"] = []
    for title, columns, keep in INDEXES:
        say(f"filter: index {title}")
        build = timed(f"CREATE INDEX users_gin ON by_hand.users USING gin ({columns});")
        result["indexes"].append({"title": title, "build": build,
                                  "size": index_size("by_hand.users_gin"),
                                  "insert": insert_cost("by_hand.users", users + 1, "by_hand.users_gin")})
        if not keep:
            query("DROP INDEX by_hand.users_gin")
    query("VACUUM by_hand.users")


# (b) filters


class Side:
    """One prepared statement, and how to execute it for a value."""

    def __init__(self, name, key, sql, argument):
        self.name, self.key, self.sql, self.argument = name, key, sql, argument

    def prepare(self):
        return f"PREPARE {self.name} AS {self.sql};"

    def execute(self, value):
        argument = self.argument(value)
        return f"EXECUTE {self.name}" + (f"({literal(argument)});" if argument is not None else ";")


def sides(case):
    """The statements of a case; the first two are a page as SCIM, the others counts."""
    uses = "$1" in case.conditions["by hand"]
    plain = (lambda value: value) if uses else (lambda value: None)
    hand = case.conditions["by hand"]
    if case.one:
        page = f"SELECT data FROM by_hand.users WHERE {hand}"
    elif case.broad:
        page = ("SELECT (SELECT jsonb_agg(data) FROM (SELECT data FROM by_hand.users "
                f"WHERE {hand} ORDER BY id LIMIT 20) page), "
                f"(SELECT count(*) FROM by_hand.users WHERE {hand})")
    else:
        page = (f"WITH found AS MATERIALIZED (SELECT id, data FROM by_hand.users WHERE {hand}) "
                "SELECT (SELECT jsonb_agg(data) FROM (SELECT data FROM found ORDER BY id LIMIT 20) page), "
                "(SELECT count(*) FROM found)")

    def filter_text(value):
        return case.filter.replace("{v}", value or "")

    yield Side("search", "scim.search", "SELECT scim.search('User', $1, count => 20, attributes => 'userName')",
               filter_text)
    yield Side("whole", "scim.search, whole", "SELECT scim.search('User', $1, count => 20)", filter_text)
    yield Side("page", "page by hand", page, plain)
    if case.matches:
        yield Side("matches", "scim.matches",
                   "SELECT count(*) FROM directory.users WHERE tenant_id = 1 AND deleted_at IS NULL "
                   "AND scim.matches(data, $1, 'User')", filter_text)
    for key, condition in case.conditions.items():
        if condition is None:
            continue
        if key == "Supabase":
            def argument(value):
                return case.jsonpath.replace("{v}", (value or "").lower().replace(".", "\\\\.")
                                             if "like_regex" in case.jsonpath and 'flag "q"' not in case.jsonpath
                                             else (value or "").lower())
        elif "$1" in condition:
            argument = str.lower if key == "wadahiro" else plain
        else:
            def argument(value):
                return None
        yield Side(re.sub(r"\W", "", key.lower()), key,
                   f"SELECT count(*) FROM {TABLES[key]} WHERE {condition}", argument)


def check_and_pilot(case, statements, value):
    """Every side once: milliseconds by key, and that all find the same number."""
    script = [SETTINGS]
    for side in statements:
        script.append(side.prepare())
    script.append("\\timing on")
    for side in statements:
        script.append(f"\\echo @{side.key}")
        if side.key in ("scim.search, whole", "page by hand"):
            script.append("\\o /dev/null\n" + side.execute(value) + "\n\\o")
        elif side.key == "scim.search":
            # the length of the list, from the answer itself
            script.append(side.execute(value).rstrip(";") + " \\gset\n"
                          "SELECT :'search'::jsonb ->> 'totalResults' AS total \\gset\n\\echo =:total")
        else:
            script.append(side.execute(value).rstrip(";") + " \\gset\n\\echo =:count")
    found, pilot, key = {}, {}, None
    for line in psql("\n".join(script) + "\n").splitlines():
        match = TIME.match(line)
        if line.startswith("@"):
            key = line[1:]
        elif "statement timeout" in line:
            pilot[key] = None
        elif line.startswith("=") and not (key in pilot and pilot[key] is None):
            found[key] = line[1:]
        elif match and key not in pilot:
            pilot[key] = float(match[1])
    if len(set(found.values())) != 1 or "scim.search" not in found or "by hand" not in found:
        sys.exit(f"filter.py: {case.filter} with {value}: the sides do not agree: {found}")
    return int(found["by hand"]), pilot


def repetitions(milliseconds):
    """How often one round executes what took so long."""
    return 20 if milliseconds < 2 else 5 if milliseconds < 20 else 1


def measure(case, rounds):
    """Rows of a case and the median milliseconds of each side, which take turns."""
    statements = list(sides(case))
    values = [case.value() if case.value else None for _ in range(50)]
    rows, pilot = check_and_pilot(case, statements, values[0])
    fast = [side for side in statements if pilot[side.key] is not None and pilot[side.key] < 1000]
    if {"search", "byhand"} <= {side.name for side in fast}:
        rows, second = check_and_pilot(case, fast, values[1])
        pilot.update(second)
    if (rows == 0) != case.empty:
        sys.exit(f"filter.py: {case.filter} with {values[1]} finds {rows} users")
    result = {key: [ms] if ms is not None else None for key, ms in pilot.items()}
    # What takes seconds is not asked again, but of our own and of what we compare with.
    ours = ("scim.search", "scim.search, whole", "page by hand", "scim.matches", "by hand")
    again = [side for side in statements if pilot[side.key] is not None and
             (pilot[side.key] < 300 or side.key in ours and pilot[side.key] < 5000)]
    script = [SETTINGS] + [side.prepare() for side in again]
    script.append("\\timing on\n\\o /dev/null")
    order = []
    for side in again:
        # plans become generic, or not, at the sixth execution
        for value in values[:6 if pilot[side.key] < 300 else 0]:
            script.append(side.execute(value))
            order.append(None)
    for turn in range(rounds):
        for side in again:
            if pilot[side.key] >= 300 and turn > 2:
                continue
            for _ in range(repetitions(pilot[side.key])):
                script.append(side.execute(random.choice(values)))
                order.append(side.key)
    measured = times(psql("\n".join(script) + "\n"))
    del measured[:len(measured) - len(order)]
    if len(measured) != len(order):
        sys.exit(f"filter.py: {case.filter}: {len(measured)} times for {len(order)} statements")
    for side in again:
        result[side.key] = [ms for key, ms in zip(order, measured) if key == side.key]
    return rows, {key: statistics.median(ms) if ms else None for key, ms in result.items()}


def main():
    users, rounds, output = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    random.seed(7643)
    result = {"users": users, "rounds": rounds, "filters": sys.argv[4:],
              "single_inserts": SINGLE_INSERTS, "load_average": f"{os.getloadavg()[0]:.1f}"}
    load_store(users, result)
    say("filter: parsing")
    result["parse"] = [parse_rate(text) for text in result["filters"]]
    say("filter: the tables that it is compared with")
    run_file("filter_copies.sql")
    compare_indexes(users, result)
    say("filter: their indexes")
    run_file("filter_by_hand.sql")
    query("CREATE INDEX users_norm ON lowered.users USING gin (norm jsonb_path_ops) WHERE deleted_at IS NULL")
    psql("VACUUM ANALYZE;", "-v", "ON_ERROR_STOP=1")
    ids = query("SELECT id FROM by_hand.users ORDER BY random() LIMIT 200").split()
    result["cases"] = []
    for case in cases(users, ids):
        rows, medians = measure(case, rounds)
        say(f"filter: {case.title}: {rows} rows, " + ", ".join(
            f"{key} {ms:.3f}" if ms is not None else f"{key} > 60 s" for key, ms in medians.items()))
        result["cases"].append({"title": case.title, "rows": rows, "one": case.one, "times": medians})
    result["server"] = query("SELECT version()")
    with open(output, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)


if __name__ == "__main__":
    main()
