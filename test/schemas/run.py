#!/usr/bin/env python3
"""run.py: what the registry says of itself, against what the service does.

Makes stores with core, custom and generated schemas and walks through every statement of

    /Schemas                each attribute: returned, mutability, required, type, caseExact,
                            uniqueness, canonicalValues; that it can be filtered and sorted
    /ResourceTypes          endpoint, schema, extensions
    /ServiceProviderConfig  limits and features
    scim.json_schema(type)  a JSON Schema (2020-12), to somebody else's validator
    GET /openapi.json       an OpenAPI 3.1 description: each operation, each of its statuses
    scim.profile_schema()   the JSON Schema of profile documents, to that validator
    policies "wire"         openapi.json of profiles, and of attributes plain and under other names

Needs psql, a database with the extension (PGDATABASE and so on), and the packages of
requirements.txt. Prints "ok NAME" or "not ok NAME" per check.
"""

import json
import os
import sys

import attributes
import config
import generated
import json_schemas
import openapi
import profiles
import service
import wired

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")


def load(*path):
    with open(os.path.join(DATA, *path), encoding="utf-8") as file:
        return json.load(file)


def systems():
    """Names of stores and what is registered in them."""
    yield "core", {}
    sample = load("characteristics.json")
    yield "sample", {"schemas": [sample], "resourceTypes": [
        {"name": "Sample~Type", "endpoint": "/Samples~x", "schema": sample["id"]}]}
    for name in sorted(os.listdir(os.path.join(DATA, "systems"))):
        yield name[:-5], load("systems", name)
    yield "generated", generated.documents()


def main():
    for name, documents in systems():
        store = service.Store("schemas_" + name, documents)
        schemas, types = service.discover(store)
        samples = service.Samples(store)
        samples.user_type = next(t for t in types if t.name == "User")
        config.check_documents(store, schemas)
        config.check_resource_types(store, types, samples)
        registered = {document["id"] for document in documents.get("schemas", [])}
        for resource_type in types:
            json_schemas.check_one(store, resource_type, samples)
            # the core schemas are the same in every store
            walked = [a for a in resource_type.attributes if name == "core" or (a.urn or resource_type.schema) in registered]
            if walked:
                attributes.Walk(store, resource_type, samples).walk(walked)
        api = openapi.OpenApi(store, types, samples)
        api.check_document()
        if name in ("core", "sample"):
            config.check_service_provider_config(store, types, samples)
            api.check_allow()
            api.check_operations()
        if name == "core":
            profiles.check_all(store)
            wired.check_all(store)
    json_schemas.check_beyond(service.Store("schemas_beyond", {}))
    sys.exit(1 if service.failed else 0)


main()
