"""compose.py COMPOSE DOCKERFILE: does the one fit the other, and is it open to this machine only?"""
import re
import sys

import yaml

# of the Compose specification, as far as they are used
KEYS = {"build", "ports", "volumes", "shm_size", "stop_grace_period", "healthcheck"}
HEALTHCHECK = {"test", "interval", "start_period", "timeout", "retries"}


def steps(path):
    with open(path, encoding="utf-8") as file:
        return [line.split(None, 1) for line in file.read().splitlines() if line and not line.startswith("#")]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        compose = yaml.safe_load(file)
    dockerfile = steps(sys.argv[2])
    port = next(rest for word, rest in dockerfile if word == "EXPOSE")
    place = next(rest for word, rest in dockerfile if word == "VOLUME")
    environment = dict(rest.split("=") for word, rest in dockerfile if word == "ENV")

    assert set(compose) == {"services", "volumes"} and set(compose["services"]) == {"scim"}
    service = compose["services"]["scim"]
    assert set(service) <= KEYS and set(service["healthcheck"]) <= HEALTHCHECK, set(service) - KEYS
    assert service["build"] == "."
    assert environment["SCIM_HTTP_PORT"] == port
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"], "everybody could come"
    name, _, at = service["volumes"][0].partition(":")
    assert name in compose["volumes"] and at == place
    kind, program, *arguments = service["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "curl") and arguments[-1] == f"http://127.0.0.1:{port}/scim/v2/ServiceProviderConfig"
    for duration in (service["stop_grace_period"], service["healthcheck"]["interval"], service["healthcheck"]["start_period"]):
        assert re.fullmatch(r"\d+s", duration), duration


main()
