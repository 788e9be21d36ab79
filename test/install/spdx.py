"""spdx.py ARCHIVE: is ARCHIVE.spdx.json the list of what is in ARCHIVE.zip and ARCHIVE.tar.gz?"""
import fnmatch
import hashlib
import json
import re
import sys
import tarfile
import zipfile

LIST = "scim.spdx.json"
LICENSES = {"PostgreSQL", "Unicode-3.0", "BSD-3-Clause", "Apache-2.0", "curl", "MIT", "BSD-2-Clause", "LGPL-3.0-only"}
RELATIONSHIPS = {"CONTAINS", "DESCRIBES", "RUNTIME_DEPENDENCY_OF", "OPTIONAL_DEPENDENCY_OF"}


def contents(archive):
    """What is in both, by its name in the list."""
    top = archive.rpartition("/")[2] + "/"
    with zipfile.ZipFile(archive + ".zip") as zipped:
        by_zip = {name: zipped.read(name) for name in zipped.namelist()}
    with tarfile.open(archive + ".tar.gz") as tar:
        by_tar = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}
    assert by_zip == by_tar, "the two archives differ"
    assert all(name.startswith(top) for name in by_zip), f"not everything is in {top}"
    return {"./" + name[len(top):]: data for name, data in by_zip.items()}


def licenses(expression):
    return set(re.split(r" AND ", expression))


def of_debian(copyright):
    """The license of a file by debian/copyright, where the last paragraph that fits counts."""
    paragraphs = re.findall(r"(?ms)^Files: (.*?)\n(?=\S).*?^License: (\S+)", copyright)

    def license_of(name):
        return [license for files, license in paragraphs if any(fnmatch.fnmatch(name, pattern) for pattern in files.split())][-1]
    return license_of


def main():
    archive = sys.argv[1]
    held = contents(archive)
    with open(archive + ".spdx.json", encoding="utf-8") as file:
        document = json.load(file)
    assert json.loads(held.pop("./" + LIST)) == document, "the list in the archive is another one"
    assert document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0" and document["SPDXID"] == "SPDXRef-DOCUMENT"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["documentNamespace"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"])

    listed = {file["fileName"]: file for file in document["files"]}
    assert set(listed) == set(held), sorted(set(listed) ^ set(held))
    for name, data in held.items():
        checksums = {c["algorithm"]: c["checksumValue"] for c in listed[name]["checksums"]}
        assert checksums == {"SHA1": hashlib.sha1(data).hexdigest(), "SHA256": hashlib.sha256(data).hexdigest()}, name
        assert licenses(listed[name]["licenseConcluded"]) <= LICENSES, name

    license_of = of_debian(held["./debian/copyright"].decode())
    for name in held:
        mine = licenses(listed[name]["licenseConcluded"])
        assert (mine - {"PostgreSQL"} or mine) == {license_of(name[2:])}, (name, mine, license_of(name[2:]))

    package = document["packages"][0]
    assert package["name"] == "scim" and archive.endswith("-" + package["versionInfo"])
    code = hashlib.sha1("".join(sorted(hashlib.sha1(data).hexdigest() for data in held.values())).encode()).hexdigest()
    assert package["packageVerificationCode"]["packageVerificationCodeValue"] == code, "the verification code"
    assert set.union(*(licenses(f["licenseConcluded"]) for f in document["files"])) == licenses(package["licenseConcluded"])
    assert all(licenses(p["licenseDeclared"]) <= LICENSES for p in document["packages"])

    ids = [e["SPDXID"] for e in document["packages"] + document["files"]] + [document["SPDXID"]]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", i) for i in ids)
    for relationship in document["relationships"]:
        assert relationship["relationshipType"] in RELATIONSHIPS
        assert {relationship["spdxElementId"], relationship["relatedSpdxElement"]} <= set(ids), relationship
    assert sum(r["relationshipType"] == "CONTAINS" for r in document["relationships"]) == len(held)
    print(f"{len(held)} files")


main()
