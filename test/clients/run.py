#!/usr/bin/env python3
"""Replays what identity providers send: the exchanges of *.http below this directory,
through nginx and PostgREST.  `bin/test clients` starts the service.

    run.py [FILE or DIRECTORY...]

One line per exchange, "ok" or "not ok"; exit status 1 where one failed.  Each file has a
tenant of its own.  replay.py says how they are written.
"""
import pathlib
import sys

from replay import Player, replay    # noqa: E402
from service import DISTRIBUTED    # noqa: E402

FIRST_TENANT = 1000

# What these files configure cannot be changed once a store is distributed (doc/citus.md).
NOT_DISTRIBUTED = ("entra/link.http", "entra/validator.http", "okta/link.http", "lenient/other_forms.http")

if __name__ == "__main__":
    if DISTRIBUTED and not sys.argv[1:]:
        here = pathlib.Path(__file__).resolve().parent
        sys.argv += [str(path) for path in sorted(here.rglob("*.http")) if str(path.relative_to(here)) not in NOT_DISTRIBUTED]
    sys.exit(replay(sys.argv[1:], pathlib.Path(__file__).resolve().parent,
                    lambda path, name, number: Player(path, name, FIRST_TENANT + number)))
