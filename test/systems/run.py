#!/usr/bin/env python3
"""Replays what the documentation of four systems says: the exchanges of *.http below this
directory, through nginx and PostgREST, on stores that were made by the profiles of these
names.  `bin/test systems` starts the service.

    run.py [FILE or DIRECTORY...]

../clients/replay.py says how they are written.  A directory is a system, which is a store
and a prefix: the targets are behind it (/firstbase), {{base}} is that address, and SQL is
run in the store.  Each file has a tenant of its own, and credentials of the kind that the
system has, {{authorization}}, which are added where an exchange does not state some; so is
the Content-Type of a body, application/json but below /scim/v2.
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
from replay import Player, replay    # noqa: E402
from service import URL    # noqa: E402

FIRST_TENANT = 100
# How clients of a system say who they are.
SCHEMES = {"firstbase": "ApiKey", "firstup": "Bearer", "staffbase": "Basic", "aisera": "Bearer"}


class SystemPlayer(Player):
    """One file, in a tenant of a system's store."""

    def __init__(self, path, name, tenant):
        self.read(path, name)
        self.tenant = tenant
        self.store = path.parent.name
        self.base = "/" + self.store
        self.names["base"] = "%s://%s%s" % (URL.scheme, URL.netloc, self.base)
        self.sql("INSERT INTO %s.tenant (tenant_id, name) VALUES (%d, 'tests')" % (self.store, tenant))
        self.second = None
        if self.store == "aisera":
            secret, self.second = self.sql("SELECT secret, second_secret FROM scim.create_client('tests %d', 'Bearer')" % tenant).split("|")
        else:
            secret = self.sql("SELECT secret FROM scim.create_token('tests')")
        self.names.update(secret=secret, second=self.second or "", authorization=SCHEMES[self.store] + " " + secret)

    def headers(self, target, body):
        headers = [("Authorization", self.names["authorization"]), ("x-app-token", self.second)]
        if body:
            headers.append(("Content-Type", "application/scim+json" if target.lower().startswith("/scim/v2/") else "application/json"))
        return headers

    def sql(self, statement):
        options = "-c scim.store=%s -c scim.tenant=%d -c client_min_messages=warning" % (self.store, self.tenant)
        return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement], check=True, capture_output=True,
                              text=True, env=dict(os.environ, PGOPTIONS=options)).stdout.strip()


if __name__ == "__main__":
    sys.exit(replay(sys.argv[1:], HERE, lambda path, name, number: SystemPlayer(path, name, FIRST_TENANT + number)))
