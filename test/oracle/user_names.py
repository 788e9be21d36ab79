#!/usr/bin/env python3
"""user_names.py [--sequences N] [--seed S]: scim.fold_user_name against Python's unicodedata.

Width mapping, full case folding and normalisation of every code point, of random sequences
of those that mean something to each other (marks, Hangul, what does not compose), and of
long ones; and what has to hold whatever the tables say: a folded name stays as it is, and
texts that are canonically equivalent fold to the same.  Needs psql and a database with the
extension.  Prints each disagreement and then

    N texts, N agree, N disagree

Where this Python has another version of Unicode than the tables, code points that only one
of them knows are left out, and counted.
"""

import argparse
import random
import subprocess
import sys
import unicodedata

from oracle import fold_user_name as expected

PSQL = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
SHOWN = 20


def folded(texts):
    """What the server makes of them, each as hexadecimal bytes of UTF-8."""
    # the last newline must not be one of the text's
    script = "CREATE TEMP TABLE given (n serial, text text);\nCOPY given (text) FROM stdin;\n" \
        + "".join(t.encode().hex() + "\n" for t in texts) + "\\.\n" \
        "SELECT encode(convert_to(scim.fold_user_name(convert_from(decode(text, 'hex'), 'UTF8')), 'UTF8'), 'hex') FROM given ORDER BY n;\n"
    done = subprocess.run(PSQL, input=script.encode(), stdout=subprocess.PIPE, check=True)
    lines = done.stdout.decode().split("\n")[:-1]
    assert len(lines) == len(texts), (len(lines), len(texts))
    return [bytes.fromhex(line).decode() for line in lines]


def shuffled(text, rng):
    """Another text that is canonically equivalent."""
    out = []
    marks = []
    for c in unicodedata.normalize("NFD", text) + "\0":
        if unicodedata.combining(c):
            marks.append(c)
            continue
        # of one class they stay in their order
        classes = [unicodedata.combining(m) for m in marks]
        rng.shuffle(classes)
        by_class = {k: [m for m in marks if unicodedata.combining(m) == k] for k in set(classes)}
        out += [by_class[k].pop(0) for k in classes]
        out.append(c)
        marks = []
    return "".join(out[:-1])


def sequences(known, rng, number):
    marks = [c for c in known if unicodedata.combining(c)]
    apart = [c for c in known if unicodedata.decomposition(c)]
    hangul = [chr(c) for c in [*range(0x1100, 0x1200), *range(0xAC00, 0xAC00 + 200), *range(0xD789, 0xD7A4)] if chr(c) in known]
    # both halves of all pairs, what folds to marks, U+0345 among others
    second = sorted({unicodedata.normalize("NFD", c)[-1] for c in apart} & known)
    first = sorted({unicodedata.normalize("NFD", c)[0] for c in apart} & known)
    kinds = [marks, apart, hangul, second, first, sorted(known), list("aAſKkßſıİ\u0345\u0301\u0327ιΙ"), list("abcXYZ0 .@-_")]
    for _ in range(number):
        yield "".join(rng.choice(rng.choice(kinds)) for _ in range(rng.randint(1, rng.choice((3, 6, 40)))))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sequences", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)

    every = [chr(c) for c in range(1, sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
    # made there: a million lines on their way take longer than all else
    done = subprocess.run([*PSQL, "-c", "SELECT encode(convert_to(scim.fold_user_name(chr(c)), 'UTF8'), 'hex') FROM generate_series(1, 1114111) AS c WHERE c NOT BETWEEN 55296 AND 57343 ORDER BY c"], stdout=subprocess.PIPE, check=True)
    singles = [bytes.fromhex(line).decode() for line in done.stdout.decode().split("\n")[:-1]]
    assert len(singles) == len(every)
    version = subprocess.run([*PSQL, "-c", "SELECT obj_description('scim.fold_user_name(text)'::regprocedure)"], stdout=subprocess.PIPE, check=True).stdout.decode()
    same = f"Unicode {unicodedata.unidata_version}" in version
    known = {c for c, f in zip(every, singles) if same or f == expected(c)}
    # of what stays as it is and means nothing to others there is no more to ask
    texts = [c for c, f in zip(every, singles) if c in known and (f != c or expected(c) != c or unicodedata.combining(c) or unicodedata.decomposition(c))]
    asked = set(texts)
    plain = sum(1 for c in every if c in known and c not in asked)
    # a code point that this Python knows and the tables do not stays as it is
    unknown = [(c, f) for c, f in zip(every, singles) if c not in known]

    texts += sequences(known, rng, arguments.sequences)
    # Python sorts marks in quadratic time
    texts += ["a" + "\u0301" * 1000 + "\u0327" * 1000, "가" * 10000, "\u0344\u0345" * 500, "e\u0301" * 10000,
              "Ａｶﾞ" * 5000, "".join(rng.choice("\u0301\u0316\u0345\u05b0\u3099") for _ in range(2000))]
    wanted = [expected(t) for t in texts]
    checks = [("fold", texts, wanted), ("again", wanted, wanted)]
    equivalent = [shuffled(t, rng) for t in texts]
    # without its own width mapping, which is no canonical equivalence
    checks.append(("equivalent", equivalent, [expected(e) for e in equivalent]))
    composed = [unicodedata.normalize("NFC", t) for t in texts]
    checks.append(("composed", composed, wanted))
    checks.append(("decomposed", equivalent, wanted))

    number = plain
    wrong = 0
    for what, given, right in checks:
        for text, found, want in zip(given, folded(given), right):
            number += 1
            if found != want:
                wrong += 1
                if wrong <= SHOWN:
                    print(f"{what}: {ascii(text[:60])} is {ascii(found[:60])}, not {ascii(want[:60])}")
    for text, found in unknown:
        number += 1
        if found != text:
            wrong += 1
            print(f"unknown: {ascii(text)} is {ascii(found)}")
    if unknown:
        print(f"{len(unknown)} code points that Unicode {unicodedata.unidata_version} knows and the tables do not")
    print(f"{number} texts, {number - wrong} agree, {wrong} disagree")
    sys.exit(wrong != 0)


main()
