"""meta.py ARCHIVE.zip: is META.json what the specification of PGXN wants, and does the archive hold what it names?"""
import json
import re
import sys
import zipfile

REQUIRED = {"name", "version", "abstract", "maintainer", "license", "provides", "meta-spec"}
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def main():
    with zipfile.ZipFile(sys.argv[1]) as archive:
        names = archive.namelist()
        top = names[0].partition("/")[0]
        meta = json.loads(archive.read(f"{top}/META.json"))
        control = archive.read(f"{top}/scim.control").decode()
        changelog = archive.read(f"{top}/debian/changelog").decode()
    version = re.search(r"^default_version = '(.*)'$", control, re.M).group(1)
    assert REQUIRED <= set(meta), REQUIRED - set(meta)
    assert meta["version"] == version and VERSION.fullmatch(version)
    assert top == f"{meta['name']}-{version}", top
    assert meta["meta-spec"]["version"] == "1.0.0"
    for name, provided in meta["provides"].items():
        assert re.fullmatch(r"[^\s/\\]{2,}", name)
        assert provided["version"] == version
        for key in ("file", "docfile"):
            assert f"{top}/{provided[key]}" in names, provided[key]
    for file in ("scim.control", "Makefile", "LICENSE", "README.md", f"sql/scim--{version}.sql"):
        assert f"{top}/{file}" in names, file
    assert any(re.fullmatch(rf"{top}/sql/scim--[0-9.]+--{version}\.sql", name) for name in names), "no way from the version before"
    assert not [name for name in names if re.search(r"\.(o|so|bc|pyc)$|/tmp/|/results/", name)]
    assert changelog.startswith(f"postgresql-scim ({version}-"), "debian/changelog is of another version"


main()
