#!/usr/bin/env python3
"""Writes fold_table.h: Unicode default full case folding, from str.casefold.

    python3 src/text/fold_table.py > src/text/fold_table.h

str.casefold is CaseFolding.txt with the statuses C and F, code point by code
point.  ASCII is left out: fold.c does it by itself.
"""
import sys
import unicodedata


def folds():
    for code in range(0x80, sys.maxunicode + 1):
        if 0xD800 <= code <= 0xDFFF:
            continue
        folded = chr(code).casefold()
        if folded != chr(code):
            yield code, [ord(c) for c in folded]


def ranges(simple):
    """Runs of code points with one distance, at every or every other place."""
    out = []
    for code, to in simple:
        delta = to - code
        if out:
            first, last, step, d = out[-1]
            gap = code - last
            if d == delta and (gap == step or (first == last and gap in (1, 2))):
                out[-1] = (first, code, gap, d)
                continue
        out.append((code, code, 1, delta))
    return out


def main():
    table = list(folds())
    simple = [(code, to[0]) for code, to in table if len(to) == 1]
    full = [(code, to) for code, to in table if len(to) > 1]
    print(f"""/*
 * fold_table.h
 *		Full case folding of Unicode {unicodedata.unidata_version}, written by fold_table.py: do
 *		not edit.
 */
/* clang-format off */
/* First and last code point, distance between them, what to add to fold one. */
static const FoldRange fold_ranges[] = {{""")
    for first, last, step, delta in ranges(simple):
        print(f"\t{{0x{first:04X}, 0x{last:04X}, {step}, {delta}}},")
    print("""};

/* Code points that fold to two or three. */
static const FoldFull fold_fulls[] = {""")
    for code, to in full:
        to = ", ".join(f"0x{c:04X}" for c in to + [0] * (3 - len(to)))
        print(f"\t{{0x{code:04X}, {{{to}}}}},")
    print("};\n/* clang-format on */")


main()
