#!/usr/bin/env python3
"""Replays what identity providers send, as run.py does, on stores that keep to a strict profile,
"interop" and "ipsie" (../../doc/conformance.md).  `bin/test clients` starts the service.

    strict.py [FILE or DIRECTORY...]

Each file is replayed three times: on a store with each profile, by a token for which its settings hold; and on
that with "interop" by a token whose settings are those of a store without a profile, which notices nothing.
strict.txt lists what a profile refuses, and why.  What is refused there, and nothing else, must be; the same is
then sent by a token with settings of its own, which is refused nothing, so that what follows finds what it needs.
One line per exchange, "ok" or "not ok"; exit status 1 where one failed.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "http"))
from replay import EXPECTATION, HEADER, Failure, Player, replay    # noqa: E402
from service import STACK, URL, reload_nginx    # noqa: E402

FIRST_TENANT = 2000
PROFILES = ("interop", "ipsie")
# What a profile excludes as a whole: policies "link" are about people whom the application has made (P3).
EXCLUDED = {"ipsie": ("entra/link.http", "okta/link.http")}
LOCATION = """
location ~ ^/%(store)s/scim/v2(/|$) {
    set $scim_store %(store)s;
    set $scim_base_url %(origin)s/%(store)s/scim/v2;
    include scim_proxy.conf;
}
"""
ORIGIN = "%s://%s" % (URL.scheme, URL.netloc)


def in_store(store, tenant, statement):
    options = "-c scim.store=%s -c scim.tenant=%d -c client_min_messages=warning" % (store, tenant)
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-v", "store=" + store, "-f", "-"], input=statement, capture_output=True,
                          text=True, env=dict(os.environ, PGOPTIONS=options))
    if done.returncode:
        raise Failure(done.stderr)
    return done.stdout.strip()


def make_store(profile):
    in_store("directory", 1, "SELECT scim.create_store('%s')" % profile)
    in_store(profile, 1, (ROOT / "conf" / "postgrest.sql").read_text())
    in_store(profile, 1, "SELECT scim.apply_profile('%s')" % profile)
    in_store(profile, 1, "UPDATE %s.policy SET settings = '{\"owner\": [\"identity provider\", \"lenient identity provider\"]}' WHERE kind = 'managed'" % profile)
    (STACK / "locations" / (profile + ".conf")).write_text(LOCATION % {"store": profile, "origin": ORIGIN})


def drop_store(profile):
    (STACK / "locations" / (profile + ".conf")).unlink()
    in_store("directory", 1, "SELECT scim.drop_store('%s', true)" % profile)


def read_refused():
    """{(profile, file, title): ("400 invalidPath", for_all)} of strict.txt."""
    refused, name = {}, None
    for line in (HERE / "strict.txt").read_text().splitlines():
        if line.startswith("    "):
            profiles, answer, for_all, title = re.match(r" +[A-Z]\d+ +(\S+) +(\d+ \w+|differs|refused|follows)( for all)?: (.*)$", line).groups()
            for profile in profiles.split("+"):
                refused[profile, name, title] = answer, for_all is not None
        elif line and not line.startswith("#"):
            name = line
    return refused


class StrictPlayer(Player):
    """One file, in a tenant of a store with a profile."""

    def __init__(self, path, name, tenant, profile, refused):
        self.read(path, name)
        self.profile, self.tenant = profile, tenant
        self.refused = refused
        self.base = "/%s/scim/v2" % profile
        self.names["base"] = ORIGIN + self.base
        in_store(profile, tenant, "INSERT INTO %s.tenant (tenant_id, name) VALUES (%d, 'tests %d')" % (profile, tenant, tenant))
        # whom the policies "managed" of ipsie let write
        self.token = self.sql("SELECT secret FROM scim.create_token('identity provider')")
        # the settings that a store has from its start, for one token
        lenient = self.sql("SELECT id, secret FROM scim.create_token('lenient identity provider')").split("|")
        self.sql("INSERT INTO %s.setting (name, token_id, value) SELECT s.name, '%s', s.default_value FROM scim.settings() AS s "
                 "WHERE s.source = 'store' AND s.value <> s.default_value" % (profile, lenient[0]))
        if profile == "ipsie":
            # there is no password (P9): who is lenient leaves it out
            self.sql("INSERT INTO ipsie.setting (name, token_id, value) VALUES ('unknown_attributes', '%s', '\"ignore\"')" % lenient[0])
        self.lenient = lenient[1]

    def sql(self, statement):
        return in_store(self.profile, self.tenant, re.sub(r"\bdirectory\.", self.profile + ".", statement))

    def by(self, token):
        self.token, token = token, self.token
        return token

    def differs(self, exchange):
        """What the profile does otherwise, it does in a preview."""
        request = self.fill(exchange.request)
        if request.startswith("SQL\n"):
            return
        head, _, body = request.partition("\n\n")
        method, target = head.split("\n")[0].split(" ", 1)
        row = self.sql("BEGIN; UPDATE %s.policy SET enabled = false WHERE kind = 'managed'; "
                       "SELECT json_build_array(status, headers, body) FROM scim.preview('%s', '%s', '{}', $body$%s$body$); ROLLBACK" % (self.profile, method, target, body))
        status, headers, body = json.loads(row)
        if str(status) not in exchange.marker.split():
            raise Failure("refused: %s %s" % (status, body))
        for line in exchange.expectations:
            line = self.fill(line)
            header, expectation = HEADER.match(line), EXPECTATION.match(line)
            if header and headers[header["name"]] != header["value"]:
                return
            if expectation and not header:
                try:
                    exchange.compare_value(self, json.loads(body), line, **expectation.groupdict())
                except Failure:
                    return
        raise Failure("strict.txt says that it differs, and it does not")

    def play(self, exchange, what):
        answer, for_all = self.refused.pop((what, self.name, exchange.title), (None, False))
        if answer is None:
            exchange.run(self)
            return
        if answer == "follows":
            return
        expected = exchange.marker, exchange.expectations
        is_sql = exchange.request.startswith("SQL\n")
        if answer == "differs":
            self.differs(exchange)
            if is_sql:
                try:
                    exchange.run(self)
                except Failure:
                    return
                raise Failure("strict.txt says that it differs, and it does not")
        elif answer == "refused":
            try:
                self.sql(self.fill(exchange.request.split("\n", 1)[1]))
            except Failure as failure:
                if "managed" not in str(failure):
                    raise
            else:
                raise Failure("strict.txt says that it is refused, and it is not")
            exchange.request = exchange.request.replace("SQL\n", "SQL\nUPDATE directory.policy SET enabled = false WHERE kind = 'managed';\n", 1).rstrip("; \n") + \
                ";\nUPDATE directory.policy SET enabled = true WHERE kind = 'managed'"
        else:
            status, scim_type = answer.split()
            exchange.marker, exchange.expectations = "HTTP " + status, ['scimType = "%s"' % scim_type] if scim_type != "-" else []
            exchange.run(self)
            exchange.marker, exchange.expectations = expected
        if for_all:
            return
        strict = self.by(self.lenient)
        try:
            exchange.run(self)
        finally:
            self.by(strict)

    def run(self):
        failed = 0
        if self.name in EXCLUDED.get(self.profile, ()):
            return 0
        what = self.profile if self.token != self.lenient else self.profile + "-token"
        for exchange in self.exchanges:
            try:
                self.play(exchange, what)
                print("ok %s %s: %s" % (what, self.name, exchange.title))
            except Exception as failure:
                failed += 1
                print("not ok %s %s: %s\n    %s" % (what, self.name, exchange.title, str(failure).replace("\n", "\n    ")))
        return failed


def main():
    refused = read_refused()
    failed = 0
    for profile in PROFILES:
        make_store(profile)
    reload_nginx()
    try:
        for number, (profile, lenient) in enumerate((("interop", False), ("ipsie", False), ("interop", True))):
            def make_player(path, name, at):
                player = StrictPlayer(path, name, FIRST_TENANT + 100 * number + at, profile, refused)
                if lenient:
                    player.by(player.lenient)
                return player
            failed += replay(sys.argv[1:], HERE, make_player)
    finally:
        for profile in PROFILES:
            drop_store(profile)
        reload_nginx()
    for what, name, title in refused if len(sys.argv) == 1 else ():
        failed += 1
        print("not ok %s %s: %s\n    there is no such exchange to be refused" % (what, name, title))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
