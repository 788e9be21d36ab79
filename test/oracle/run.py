#!/usr/bin/env python3
"""run.py [--filters N] [--seed S] [--batch B] [--seconds T]: one filter, one meaning.

Makes random documents and random filters and compares what the filters find, by

    oracle      oracle.py, written from the RFCs
    matches     scim.matches(document, filter, 'User')
    operator    document ~ filter, sequential scan
    index       document ~ filter, by an index with scim.gin_ops, or one of those of earlier versions
    search      scim.search over a store, every second batch by its indexes
    store       scim.to_sql(filter) over the store's table
    mapped      scim.to_sql(filter, mapping) over tables of an application
    frozen      the predicate of an index of the filter alone, where it can have one

The last four see only documents that a store takes; the others also wild ones. Needs
psql and a database with the extension (PGDATABASE and so on); works in schemas
oracle_store, oracle and oracle_app of it. Prints each disagreement and then

    N filters, N agree, N disagree

Exit status 1 where something disagrees.
"""

import argparse
import json
import random
import subprocess
import sys
import time

import generate
import oracle
import schema
from oracle import JsonNumber

PSQL = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
DOCUMENTS = 24  # of each kind, per batch

MAPPING = {
    "id": {"expression": "p.id", "type": "uuid"},
    "userName": "p.login",
    "externalId": "p.external",
    "urn:ietf:params:scim:schemas:core:2.0:User:NICKNAME": {"expression": "p.nick"},
    "title": "p.title || ''",
    "active": {"expression": "p.enabled", "type": "boolean"},
    "profileUrl": "p.url",
    "meta.created": "p.created_at",
    "meta.lastModified": {"expression": "p.changed_at", "type": "dateTime"},
    "meta.resourceType": "'User'",
    "meta.version": "p.version",
    "meta.location": "p.location",
    "name.familyName": "p.family",
    "name.givenName": "p.given",
    "name.formatted": "p.formatted",
    "emails": {"from": "oracle_app.email e", "where": "e.person = p.n",
               "attributes": {"value": "e.address", "type": "e.kind",
                              "primary": {"expression": "e.main", "type": "boolean"}, "display": "e.label"}},
    "x509Certificates": {"from": "(SELECT * FROM oracle_app.certificate) c", "where": "c.person = p.n",
                         "attributes": {"value": "c.der", "type": "c.kind", "display": "c.label",
                                        "primary": "c.main"}},
    "addresses": {"expression": "p.addresses", "type": "jsonb"},
    schema.ENTERPRISE + ":department": "p.department",
    schema.ENTERPRISE + ":employeeNumber": "p.employee",
    schema.ENTERPRISE + ":manager.value": "p.manager",
    schema.PROBE + ":count": "p.counter",
    schema.PROBE + ":score": "p.score",
    schema.PROBE + ":hired": "p.hired",
    schema.PROBE + ":key": "p.key",
    schema.PROBE + ":site": "p.site",
    schema.PROBE + ":exact": {"expression": "p.exact", "caseExact": True},
    schema.PROBE + ":tags": {"from": "oracle_app.tag t", "where": "t.person = p.n",
                             "attributes": {"value": "t.tag"}},
    schema.PROBE + ":numbers": {"expression": "p.numbers", "type": "jsonb"},
    schema.PROBE + ":dates": {"expression": "p.dates", "type": "jsonb"},
    schema.PROBE + ":mixed": "p.mixed",
    schema.PROBE + ":strict": "p.strict",
    schema.PROBE + ":several": {"expression": "p.several"},
    schema.PROBE + ":blob": "p.blob",
    schema.PROBE + ":things": {"expression": "p.things", "type": "jsonb"},
    schema.PROBE + ":badge": {"attributes": {"level": "p.badge_level", "on": "p.badge_on", "note": "p.badge_note"}},
    "*": {"expression": "p.document", "type": "jsonb"},
}

SETUP = """
SET client_min_messages = error;
DROP SCHEMA IF EXISTS oracle, oracle_app CASCADE;
DO $$ BEGIN PERFORM scim.drop_store('oracle_store', true); EXCEPTION WHEN OTHERS THEN NULL; END $$;
DROP SCHEMA IF EXISTS oracle_store CASCADE;
SELECT scim.create_store('oracle_store');
SET scim.store = 'oracle_store';
INSERT INTO oracle_store.schema SELECT d ->> 'id', d FROM CAST(%(schema)s AS jsonb) AS d;
UPDATE oracle_store.resource_type SET document = %(type)s WHERE name = 'User';
CREATE SCHEMA oracle;
CREATE SCHEMA oracle_app;
CREATE TABLE oracle.document (n int NOT NULL, stored boolean NOT NULL, document jsonb NOT NULL);
CREATE TABLE oracle.filter (n int PRIMARY KEY, filter text NOT NULL);
CREATE TABLE oracle_app.person (n int PRIMARY KEY, id uuid, login varchar, external text, nick text, title text,
    enabled boolean, url text, created_at timestamptz, changed_at timestamptz, version text, location text,
    family text, given text, formatted text, addresses jsonb, department text, employee text, manager text,
    counter bigint, score numeric, hired timestamptz, key text, site text, exact text, numbers jsonb, dates jsonb,
    mixed jsonb, strict jsonb, several jsonb, blob jsonb, things jsonb,
    badge_level int8, badge_on boolean, badge_note text, document jsonb);
CREATE TABLE oracle_app.email (person int, address text, kind text, main boolean, label text);
CREATE TABLE oracle_app.certificate (person int, der text, kind text, main boolean, label text);
CREATE TABLE oracle_app.tag (person int, tag text);
CREATE FUNCTION oracle.rows(query text, argument text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE query INTO answer USING argument;
    RETURN coalesce(answer, '');
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLSTATE WHEN 'SCFIL' THEN 'invalid' ELSE 'error ' || SQLSTATE || ' ' || SQLERRM END;
END $$;
-- The mapped predicate is also never null.
CREATE FUNCTION oracle.mapped(filter text, mapping jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format($q$SELECT string_agg(CASE WHEN answer THEN n::text WHEN answer IS NULL THEN 'null' END, ',' ORDER BY n)
                      FROM (SELECT n, %%s AS answer FROM oracle_app.person p) x$q$,
                   scim.to_sql(filter::scim.filter, mapping)) INTO answer;
    RETURN coalesce(answer, '');
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLSTATE WHEN 'SCFIL' THEN 'invalid' ELSE 'error ' || SQLSTATE || ' ' || SQLERRM END;
END $$;
CREATE FUNCTION oracle.search(filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
BEGIN
    answer := scim.search('User', filter, count => 1000, attributes => 'id');
    IF (answer ->> 'totalResults')::int <> jsonb_array_length(answer -> 'Resources') THEN
        RETURN 'error totalResults';
    END IF;
    RETURN coalesce((SELECT string_agg(d.n::text, ',' ORDER BY d.n) FROM jsonb_array_elements(answer -> 'Resources') AS r
        JOIN oracle.document d ON d.stored AND d.document ->> 'id' = r ->> 'id'), '');
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLSTATE WHEN 'SCFIL' THEN 'invalid' ELSE 'error ' || SQLSTATE || ' ' || SQLERRM END;
END $$;
CREATE FUNCTION oracle.frozen(filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format($q$SELECT string_agg(d.n::text, ',' ORDER BY d.n) FROM oracle_store.users
        JOIN oracle.document d ON d.stored AND d.document ->> 'id' = id::text
        WHERE tenant_id = 1 AND %%s$q$, (SELECT predicate FROM scim_internal.filter_index('User', filter::scim.filter))) INTO answer;
    RETURN coalesce(answer, '');
EXCEPTION
    WHEN feature_not_supported THEN RETURN NULL;
    WHEN OTHERS THEN RETURN CASE SQLSTATE WHEN 'SCFIL' THEN 'invalid' ELSE 'error ' || SQLSTATE || ' ' || SQLERRM END;
END $$;
CREATE FUNCTION oracle.store(filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format($q$SELECT string_agg(d.n::text, ',' ORDER BY d.n) FROM oracle_store.users
        JOIN oracle.document d ON d.stored AND d.document ->> 'id' = id::text
        WHERE tenant_id = 1 AND deleted_at IS NULL AND %%s$q$, scim.to_sql(filter::scim.filter, 'User')) INTO answer;
    RETURN coalesce(answer, '');
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLSTATE WHEN 'SCFIL' THEN 'invalid' ELSE 'error ' || SQLSTATE || ' ' || SQLERRM END;
END $$;
"""

ROWS = "SELECT string_agg(n::text, ',' ORDER BY n) FROM oracle.document WHERE %s"
ANSWERS = """
SET scim.store = 'oracle_store';
SET jit = off;
SET enable_indexscan = off; SET enable_bitmapscan = off;
CREATE TEMP TABLE answer AS SELECT n, filter,
    oracle.rows($$""" + ROWS % "scim.matches(document, $1::scim.filter, 'User')" + """$$, filter) AS matches,
    oracle.rows($$""" + ROWS % "document OPERATOR(scim.~) $1::scim.filter" + """$$, filter) AS operator
    FROM oracle.filter ORDER BY n;
RESET enable_indexscan; RESET enable_bitmapscan;
SET enable_seqscan = off;
CREATE TEMP TABLE by_index AS SELECT n,
    CASE WHEN %(index)s THEN oracle.rows($$""" + ROWS % "document OPERATOR(scim.~) $1::scim.filter" + """$$, filter) END AS index
    FROM oracle.filter ORDER BY n;
SET enable_seqscan = %(seqscan)s;
SELECT jsonb_build_array(n, matches, operator, index, oracle.search(filter), oracle.store(filter),
                         oracle.mapped(filter, %(mapping)s), oracle.frozen(filter))
FROM answer JOIN by_index USING (n) ORDER BY n;
"""
PATHS = ["matches", "operator", "index", "search", "store", "mapped", "frozen"]
OVER_STORE = {"search", "store", "mapped", "frozen"}


def psql(script):
    run = subprocess.run(PSQL, input=script.encode("utf-8"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit("psql failed:\n" + run.stderr.decode("utf-8", "replace")[-3000:])
    return run.stdout.decode("utf-8")


def encode(value):
    """JSON text, in which numbers keep their digits."""
    if isinstance(value, JsonNumber):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(k) + ":" + encode(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    return json.dumps(value)


def decode(text):
    return json.loads(text, parse_int=JsonNumber, parse_float=JsonNumber)


def literal(text):
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def copy_field(value):
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, JsonNumber):
        return value.text
    for char, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        value = value.replace(char, escape)
    return value


def copy(table, rows):
    return "COPY %s FROM STDIN;\n%s\\.\n" % (
        table, "".join("\t".join(map(copy_field, row)) + "\n" for row in rows))


def number(n):
    return JsonNumber(str(n))


def app_tables(stored):
    """The same people in the tables of an application."""
    people, emails, certificates, tags = [], [], [], []
    for n, doc in stored:
        meta, name = doc["meta"], doc.get("name", {})
        work, probe = doc.get(schema.ENTERPRISE, {}), doc.get(schema.PROBE, {})
        badge = probe.get("badge", {})

        def nested(holder, key):
            return encode(holder[key]) if key in holder else None

        def moment(text):  # xsd:dateTime has more forms than timestamptz reads
            return None if text is None else timestamp(oracle.instant(text))

        people.append([
            number(n), doc["id"], doc["userName"], doc.get("externalId"), doc.get("nickName"), doc.get("title", ""),
            doc.get("active"), doc.get("profileUrl"), meta["created"], meta["lastModified"], meta["version"],
            meta["location"], name.get("familyName"), name.get("givenName"), name.get("formatted"),
            nested(doc, "addresses"), work.get("department"), work.get("employeeNumber"),
            work.get("manager", {}).get("value"), probe.get("count"), probe.get("score"), moment(probe.get("hired")),
            probe.get("key"), probe.get("site"), probe.get("exact"), nested(probe, "numbers"), nested(probe, "dates"),
            *(nested(probe, key) for key in ("mixed", "strict", "several", "blob", "things")),
            badge.get("level"), badge.get("on"), badge.get("note"), encode(doc)])
        for rows, key in ((emails, "emails"), (certificates, "x509Certificates")):
            for value in doc.get(key, []):
                rows.append([number(n)] + [value.get(k) for k in ("value", "type", "primary", "display")])
        if len(emails) % 3 == 0:
            emails.append([number(n), None, "", None, ""])  # a row without a value is none
        tags.extend([number(n), tag] for tag in probe.get("tags", []))
    return (copy("oracle_app.person", people) + copy("oracle_app.email", emails) +
            copy("oracle_app.certificate", certificates) + copy("oracle_app.tag", tags))


def timestamp(nanoseconds):
    """An instant as PostgreSQL reads it; the days since 0001-01-01 it counts itself."""
    seconds, rest = divmod(nanoseconds, 10**9)
    days, second = divmod(seconds, 86400)
    year = 1
    while days >= 365 + oracle.is_leap(year):
        days -= 365 + oracle.is_leap(year)
        year += 1
    month = 0
    while days >= oracle.MONTH_DAYS[month] + (month == 1 and oracle.is_leap(year)):
        days -= oracle.MONTH_DAYS[month] + (month == 1 and oracle.is_leap(year))
        month += 1
    return "%04d-%02d-%02d %02d:%02d:%02d.%06d+00" % (
        year, month + 1, days + 1, second // 3600, second // 60 % 60, second % 60, rest // 1000)


def as_timestamp(doc):
    """A column of type timestamptz gives an instant back in one form only."""
    probe = doc.get(schema.PROBE, {})
    if "hired" in probe:
        date, clock = timestamp(oracle.instant(probe["hired"])).split(" ")
        probe["hired"] = date + "T" + clock.replace("+00", "Z")
    return doc


def load(rng):
    """Replaces all documents; returns them as the database holds them: [(n, stored, doc)]."""
    sent = [as_timestamp(generate.document(rng, n)) for n in range(DOCUMENTS)]
    inserts = ["INSERT INTO oracle_store.users (data) VALUES (%s);" % literal(encode(doc)) for doc in sent]
    text = psql("""
        SET scim.store = 'oracle_store';
        DELETE FROM oracle_store.groups; DELETE FROM oracle_store.users;
        TRUNCATE oracle.document, oracle_app.person, oracle_app.email, oracle_app.certificate, oracle_app.tag;
        BEGIN;
        %s
        COMMIT;
        SELECT setseed(%s);
        SELECT NULL FROM (SELECT scim.create_resource('Group', jsonb_build_object('displayName', g, 'members',
            (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM oracle_store.users WHERE random() < 0.3)))
            FROM unnest(ARRAY['Admins', 'straße', 'bjensen']) AS g) AS made;
        SELECT encode(convert_to(scim.resource_json(u)::text, 'UTF8'), 'hex') FROM oracle_store.users u WHERE deleted_at IS NULL ORDER BY id;
        """ % ("\n".join(inserts), rng.random()))
    # in hex, since psql leaves some characters out
    stored = [decode(bytes.fromhex(line).decode("utf-8")) for line in text.split()]
    if len(stored) != DOCUMENTS:
        sys.exit("the store has %d documents instead of %d" % (len(stored), DOCUMENTS))
    documents = [(n, True, doc) for n, doc in enumerate(stored)]
    documents += [(DOCUMENTS + n, False, generate.wild(rng, doc)) for n, doc in enumerate(stored)]
    documents = [d for d in documents if isinstance(d[2], dict)]
    psql(copy("oracle.document", [[number(n), is_stored, encode(doc)] for n, is_stored, doc in documents]) +
         app_tables([(n, doc) for n, is_stored, doc in documents if is_stored]) + "ANALYZE oracle.document;")
    return documents


def expected_of(tree, documents):
    try:
        test = oracle.compile_filter(tree)
    except oracle.Invalid:
        return None
    return [(n, is_stored) for n, is_stored, doc in documents if test(doc)]


def names_unknown(tree):
    if tree[0] in ("and", "or"):
        return any(map(names_unknown, tree[1]))
    if tree[0] == "not":
        return names_unknown(tree[1])
    return tree[1][1] == "noSuchAttribute"


def disagreements(tree, documents, answers):
    """[(path, what it should have been, what it was)]"""
    wanted = expected_of(tree, documents)
    out = []
    for path, answer in zip(PATHS, answers):
        if answer is None:  # there is no index, or can be none
            continue
        if names_unknown(tree) and path not in ("matches", "search", "store", "frozen"):
            continue  # no resource type, so any name will do
        if wanted is None:
            should = "invalid"
        else:
            should = ",".join(str(n) for n, is_stored in wanted if is_stored or path not in OVER_STORE)
        if answer != should:
            out.append((path, should, answer))
    return out


def report(text, found, documents):
    print("filter      %s" % text)
    by_number = {n: doc for n, _, doc in documents}
    for path, should, answer in found:
        print("  %-9s %s, oracle: %s" % (path, answer or "(none)", should or "(none)"))
    path, should, answer = found[0]
    differing = set(should.split(",")) ^ set(answer.split(","))
    for n in sorted(differing & set(map(str, by_number)))[:1]:
        print("  document %s %s" % (n, encode(by_number[int(n)])))


def run_batch(rng, size, has_index, seqscan, mapping):
    documents = load(rng)
    pools = generate.pools_of(doc for _, is_stored, doc in documents if is_stored)
    trees = [generate.filter_tree(rng, pools) for _ in range(size)]
    texts = [generate.print_filter(rng, tree) for tree in trees]
    out = psql("TRUNCATE oracle.filter;\n" + copy("oracle.filter", [[number(n), t] for n, t in enumerate(texts)]) +
               ANSWERS % {"index": "true" if has_index else "false",
                          "seqscan": "on" if seqscan else "off", "mapping": literal(mapping) + "::jsonb"})
    bad = matched = invalid = 0
    for line in filter(None, out.split("\n")):
        n, *answers = json.loads(line)
        matched += answers[0] not in ("", "invalid")
        invalid += answers[0] == "invalid"
        found = disagreements(trees[n], documents, answers)
        if found:
            bad += 1
            report(texts[n], found, documents)
    return bad, matched, invalid


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--filters", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=None, help="stop after so long")
    options = parser.parse_args()
    rng = random.Random(options.seed)

    psql(SETUP % {"schema": literal(json.dumps(schema.probe_document())),
                  "type": literal(json.dumps(schema.user_type_document()))})
    classes = psql("SELECT c.opcname FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace "
                   "WHERE c.opcname ~ '^gin_ops(_[0-9]+)?$' AND n.nspname = 'scim' ORDER BY 1;").split()
    print("# seed %d, index: %s" % (options.seed, ", ".join(classes) or "none"), flush=True)

    start = time.monotonic()
    done = bad = matched = invalid = 0
    mapping = json.dumps(MAPPING)
    while done < options.filters:
        size = min(options.batch, options.filters - done)
        # a store this small is scanned unless that is off
        number_of_batch = done // options.batch
        if classes:
            # every second time the present one, in between those of earlier versions
            which = classes[0] if number_of_batch % 2 == 0 else classes[number_of_batch // 2 % len(classes)]
            psql("DROP INDEX IF EXISTS oracle.document_idx; CREATE INDEX document_idx ON oracle.document USING gin (document scim.%s);" % which)
        result = run_batch(rng, size, bool(classes), number_of_batch % 2 == 0, mapping)
        done += size
        bad, matched, invalid = (a + b for a, b in zip((bad, matched, invalid), result))
        if options.seconds is not None and time.monotonic() - start > options.seconds:
            break
    print("# %.0f s; %d filters match something, %d are invalid" % (time.monotonic() - start, matched, invalid))
    print("%d filters, %d agree, %d disagree" % (done, done - bad, bad))
    return 1 if bad or matched < done / 10 else 0


if __name__ == "__main__":
    sys.exit(main())
