#!/usr/bin/env python3
"""Writes precis_table.h: width mapping and canonical normalisation of Unicode.

    python3 src/text/precis_table.py > src/text/precis_table.h

Everything is of the version of Unicode that fold_table.h is of, or nothing is written:
names that compare equal are one person's, so it is one version for all of the rule.
Code points that are not assigned in it have no entry, and stay as they are.  Hangul is
left out: precis.c does it by arithmetic.
"""
import os
import re
import sys
import unicodedata

CODES = [c for c in range(0x80, sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xAC00 + 11172)


def folded_version():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fold_table.h"), encoding="ascii") as table:
        return re.search(r"Unicode (\d+\.\d+\.\d+)", table.read()).group(1)


def widths():
    for code in CODES:
        kind, *to = unicodedata.decomposition(chr(code)).split() or [""]
        if kind in ("<wide>", "<narrow>"):
            assert len(to) == 1
            yield code, int(to[0], 16)


def decompositions():
    for code in CODES:
        to = [ord(c) for c in unicodedata.normalize("NFD", chr(code))]
        if to != [code] and code not in HANGUL:
            yield code, to


def compositions():
    """Pairs that NFC makes one of: what is excluded from that has its pair taken apart."""
    for code in CODES:
        kind, *rest = unicodedata.decomposition(chr(code)).split() or [""]
        if kind and not kind.startswith("<") and rest and code not in HANGUL \
                and unicodedata.normalize("NFC", chr(code)) == chr(code):
            yield int(kind, 16), int(rest[0], 16), code


def classes():
    """Runs of code points with the same canonical combining class, which is not 0."""
    runs = []
    for code in CODES:
        value = unicodedata.combining(chr(code))
        if value == 0:
            continue
        if runs and runs[-1][1] == code - 1 and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], code, value)
        else:
            runs.append((code, code, value))
    return runs


def width_runs():
    runs = []
    for code, to in widths():
        if runs and runs[-1][1] == code - 1 and runs[-1][2] == to - code:
            runs[-1] = (runs[-1][0], code, to - code)
        else:
            runs.append((code, code, to - code))
    return runs


def main():
    version = unicodedata.unidata_version
    if version != folded_version():
        sys.exit(f"this Python has Unicode {version}, but fold_table.h is of {folded_version()}")
    print(f"""/*
 * precis_table.h
 *		Width mapping and canonical normalisation of Unicode {version}, written by
 *		precis_table.py: do not edit.
 */
/* clang-format off */
/* First and last code point, what to add to one that is wide or narrow. */
static const WidthRange width_ranges[] = {{""")
    for first, last, delta in width_runs():
        print(f"\t{{0x{first:04X}, 0x{last:04X}, {delta}}},")
    print("""};

/* First and last code point, their canonical combining class; 0 is left out. */
static const ClassRange class_ranges[] = {""")
    for first, last, value in classes():
        print(f"\t{{0x{first:04X}, 0x{last:04X}, {value}}},")
    table = list(decompositions())
    print("""};

/* What a code point is made of in the end, and how many those are. */
static const Decomposition decompositions[] = {""")
    for code, to in table:
        count = len(to)
        to = ", ".join(f"0x{c:04X}" for c in to)
        print(f"\t{{0x{code:04X}, {count}, {{{to}}}}},")
    print("""};

/* Pairs in order, and what they make together. */
static const Composition compositions[] = {""")
    for first, second, code in sorted(compositions()):
        print(f"\t{{0x{first:04X}, 0x{second:04X}, 0x{code:04X}}},")
    print("};\n/* clang-format on */")


main()
