"""dist.py TREE TARGET TIME: the archives of bin/dist, and the list of what they hold.

TREE is the directory of the release, whose name they have; TIME, in seconds, is that of
everything in them.  The list (SPDX 2.3, JSON) is in the archives, too.
"""
import gzip
import hashlib
import json
import pathlib
import re
import sys
import tarfile
import time
import uuid
import zipfile

LICENSE = "PostgreSQL"
LIST = "scim.spdx.json"

# What has something from elsewhere in it.
OTHERS = [
    (r"src/text/(fold|precis)_table\.h", "PostgreSQL AND Unicode-3.0"),     # made from the Unicode Character Database
    (r"sql/schemas/.*\.json|sql/resource_types/.*\.json|test/data/rfc7643/.*", "PostgreSQL AND BSD-3-Clause"),     # RFC 7643, section 8
]

# What is not in the archive: name, license, what for, with the relationship of SPDX.
NEEDED = [
    ("PostgreSQL", "PostgreSQL", "15 or newer, in which it runs", "RUNTIME_DEPENDENCY_OF"),
    ("OpenSSL", "Apache-2.0", "3.0 or newer, libcrypto: signs events, checks who signs", "RUNTIME_DEPENDENCY_OF"),
    ("libpq", "PostgreSQL", "of scim-relay and scim-move", "RUNTIME_DEPENDENCY_OF"),
    ("libcurl", "curl", "of scim-relay", "RUNTIME_DEPENDENCY_OF"),
    ("PostgREST", "MIT", "carries HTTP to the database", "OPTIONAL_DEPENDENCY_OF"),
    ("nginx", "BSD-2-Clause", "the gateway before PostgREST", "OPTIONAL_DEPENDENCY_OF"),
    ("psycopg", "LGPL-3.0-only", "of an example and of tests", "OPTIONAL_DEPENDENCY_OF"),
]


def digest(name, data):
    return {"algorithm": name, "checksumValue": hashlib.new(name.lower(), data).hexdigest()}


def spdx_name(text):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")


def license_of(name):
    return next((expression for pattern, expression in OTHERS if re.fullmatch(pattern, name)), LICENSE)


def kinds(path):
    if path.suffix in (".c", ".h", ".sql", ".sh", ".py", ".pl", ".spec", ".js", ".html", ".css", ".go", ".in", ".awk"):
        return ["SOURCE"]
    if path.suffix in (".md", ".1", ".svg", ".png"):
        return ["DOCUMENTATION"]
    return ["TEXT"]


def document(tree, version, created):
    files, relationships = [], []
    package = spdx_name("Package-scim")
    for number, path in enumerate(sorted(p for p in tree.rglob("*") if p.is_file() and p.name != LIST)):
        data, name = path.read_bytes(), path.relative_to(tree).as_posix()
        files.append({
            "SPDXID": f"SPDXRef-File-{number}",
            "fileName": "./" + name,
            "fileTypes": kinds(path),
            "checksums": [digest("SHA1", data), digest("SHA256", data)],
            "licenseConcluded": license_of(name),
            "licenseInfoInFiles": ["NOASSERTION"],
            "copyrightText": "NOASSERTION",
        })
        relationships.append({"spdxElementId": package, "relationshipType": "CONTAINS", "relatedSpdxElement": f"SPDXRef-File-{number}"})
    verification = hashlib.sha1("".join(sorted(f["checksums"][0]["checksumValue"] for f in files)).encode()).hexdigest()
    whole = " AND ".join(sorted(set(" AND ".join(f["licenseConcluded"] for f in files).split(" AND "))))
    packages = [{
        "SPDXID": package,
        "name": "scim",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": True,
        "packageVerificationCode": {"packageVerificationCodeValue": verification, "packageVerificationCodeExcludedFiles": ["./" + LIST]},
        "licenseConcluded": whole,
        "licenseDeclared": whole,
        "licenseInfoFromFiles": ["NOASSERTION"],
        "copyrightText": "Copyright (c) 2026, the scim authors",
        "primaryPackagePurpose": "SOURCE",
        "hasFiles": [f["SPDXID"] for f in files],
    }]
    for name, license_name, comment, relationship in NEEDED:
        packages.append({
            "SPDXID": spdx_name("Package-" + name),
            "name": name,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": license_name,
            "licenseDeclared": license_name,
            "copyrightText": "NOASSERTION",
            "comment": comment,
        })
        relationships.append({"spdxElementId": packages[-1]["SPDXID"], "relationshipType": relationship, "relatedSpdxElement": package})
    relationships.append({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": package})
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": tree.name,
        "documentNamespace": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, tree.name + verification)}",
        "creationInfo": {"created": created, "creators": ["Tool: bin/dist"]},
        "documentDescribes": [package],
        "packages": packages,
        "files": files,
        "relationships": relationships,
    }


def write_archives(tree, target, when):
    entries = sorted(p for p in tree.rglob("*") if p.is_file())
    with zipfile.ZipFile(target / f"{tree.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in entries:
            entry = zipfile.ZipInfo(f"{tree.name}/{path.relative_to(tree).as_posix()}", time.gmtime(when)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
            archive.writestr(entry, path.read_bytes())
    with open(target / f"{tree.name}.tar.gz", "wb") as raw, gzip.GzipFile("", "wb", mtime=when, fileobj=raw) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in entries:
            entry = tarfile.TarInfo(f"{tree.name}/{path.relative_to(tree).as_posix()}")
            entry.size, entry.mtime = path.stat().st_size, when
            entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with open(path, "rb") as content:
                archive.addfile(entry, content)


def main():
    tree, target, when = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))
    text = json.dumps(document(tree, tree.name.partition("-")[2], created), indent=1) + "\n"
    (tree / LIST).write_text(text)
    (target / f"{tree.name}.spdx.json").write_text(text)
    write_archives(tree, target, when)


main()
