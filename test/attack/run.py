#!/usr/bin/env python3
"""Attacks the service through nginx and PostgREST and prints what held, as a table.

    bin/test attack                     short, for every run
    ATTACK_ROUNDS=50 bin/test attack    long, on demand: rounds of crashes, restarts, races
    ATTACKS=hostile bin/test attack     those that have the word in their names

Each attack is a function that returns (cases, failures): failures are sentences.  Bounds
of time and memory hold for each hostile request; ATTACK_SECONDS and ATTACK_MEGABYTES
change them for machines that are slower or smaller than usual, ATTACK_CPU_SECONDS and
ATTACK_SHAPES the bound and the number of filters of random shapes.
"""
import os
import pathlib
import random
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import crashes      # noqa: E402  (needs the path above)
import hostile      # noqa: E402
import races        # noqa: E402
import tenants      # noqa: E402

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "2"))
SEED = int(os.environ.get("ATTACK_SEED", str(random.randrange(1 << 30))))

ATTACKS = [
    ("kill -9 of a backend under load", lambda: crashes.backend_is_killed(ROUNDS)),
    ("kill -9 of the postmaster under load", lambda: crashes.postmaster_is_killed(ROUNDS)),
    ("restart of PostgreSQL under load", lambda: crashes.postgresql_restarts(ROUNDS)),
    ("kill -9 of PostgREST under load", lambda: crashes.postgrest_is_killed(ROUNDS)),
    ("16 create the same user", lambda: races.same_user(ROUNDS)),
    ("16 replace the same version", lambda: races.same_version(ROUNDS)),
    ("16 add members to one group", lambda: races.same_group(ROUNDS)),
    ("16 patch, delete and re-create", lambda: races.patch_and_delete(ROUNDS)),
    ("members join while they are deleted", lambda: races.join_and_leave(ROUNDS)),
    ("referred to while it is deleted", lambda: races.refer_and_delete(ROUNDS)),
    ("another tenant's ids, by every door", tenants.ids),
    ("another tenant's values, in filters and sorts", tenants.filters),
    ("another tenant's cursors, members, references", tenants.references),
    ("hostile filters", hostile.filters),
    ("hostile filters of random shapes", hostile.filter_shapes),
    ("hostile sorts, cursors and names", hostile.lists),
    ("hostile bodies", hostile.bodies),
    ("hostile targets and headers", hostile.requests),
]


def main():
    wanted = os.environ.get("ATTACKS", "").split()
    random.seed(SEED)
    print("seed %d, %d rounds" % (SEED, ROUNDS))
    print("%-48s %6s %6s %8s %9s" % ("attack", "cases", "failed", "seconds", "worst (s)"))
    bad = 0
    for name, attack in ATTACKS:
        if wanted and not any(word in name for word in wanted):
            continue
        hostile.worst = 0.0
        started = time.monotonic()
        try:
            cases, failures = attack()
        except Exception as error:          # an attack that could not be run has failed
            cases, failures = 0, ["%s: %s" % (type(error).__name__, getattr(error, "stderr", None) or error)]
        seconds = time.monotonic() - started
        ok = cases > 0 and not failures
        print("%-48s %6d %6d %8.1f %9s" % (name, cases, len(failures), seconds,
                                          "%.2f" % hostile.worst if hostile.worst else ""))
        for failure in failures[:20]:
            print("    " + failure[:400])
        print(("ok " if ok else "not ok ") + name, flush=True)
        bad += not ok
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
