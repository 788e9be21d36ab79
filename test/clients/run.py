#!/usr/bin/env python3
"""Replays what identity providers send: the exchanges of *.http below this directory,
through nginx and PostgREST.  `bin/test clients` starts the service.

    run.py [FILE or DIRECTORY...]

One line per exchange, "ok" or "not ok"; exit status 1 where one failed.  Each file has a
tenant of its own.  replay.py says how they are written.
"""
import pathlib
import sys

from replay import Player, replay

FIRST_TENANT = 1000

if __name__ == "__main__":
    sys.exit(replay(sys.argv[1:], pathlib.Path(__file__).resolve().parent,
                    lambda path, name, number: Player(path, name, FIRST_TENANT + number)))
