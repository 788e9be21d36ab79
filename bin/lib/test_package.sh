# shellcheck shell=bash
# test_package.sh: "bin/test package", the archive of a release, and packages built, installed, tested
# and removed in trees, side by side (their tests are one session each).  Sourced by bin/test; PACKAGE_SUITES
# names Debians (bookworm trixie; sid).  What is installed is tested by some of the regression tests, of each
# room of the source, since "regress" and "versions" have all of them: PACKAGE_TESTS=all takes ten
# minutes more for each Debian, most of it in hostile_tables.

# what builds and looks at packages
PACKAGE_TOOLS="build-essential ccache debhelper lintian autopkgtest pgxnclient unzip libcurl4-openssl-dev libpq-dev libssl-dev postgresql-server-dev-all postgresql-contrib python3 systemd"

# by what autopkgtest looks at what is installed
PACKAGE_TESTS=${PACKAGE_TESTS:-fold filter index index_keys json_schema register resource patch membership group search_path people policy lifecycle profile_ipsie token oauth audit event event_token endpoint binding import tenant functions function_rights request_users request_errors request_discovery watch upgrade}
PACKAGE_SPECS=${PACKAGE_SPECS:-create_same_user patch_group unique_value}

# make_dist: the archives in $WORK/dist, of the checkout, which git knows.
make_dist() {
	mkdir -p "$WORK/dist" "$WORK/again" &&
		PG_CONFIG=$SYSTEM_PG_CONFIG "$ROOT/bin/dist" "$WORK/dist" && PG_CONFIG=$SYSTEM_PG_CONFIG "$ROOT/bin/dist" "$WORK/again"
}

same_bytes() { diff -r "$WORK/dist" "$WORK/again"; }

part_package() {
	local suite reason

	[ "$PACKAGE_TESTS" != all ] || PACKAGE_TESTS='' PACKAGE_SPECS=''
	need_packages git python3 python3-yaml
	check "make dist" make_dist
	check "the same checkout makes the same bytes" same_bytes
	check "the list of what a release holds is true" /usr/bin/python3 -B "$SOURCE/test/install/spdx.py" "$WORK/dist/scim-$(extension_version)"
	check "META.json is as PGXN wants it" /usr/bin/python3 -B "$SOURCE/test/install/meta.py" "$WORK/dist/scim-$(extension_version).zip"
	check "compose.yaml fits the Dockerfile" /usr/bin/python3 -B "$SOURCE/test/install/compose.py" "$SOURCE/compose.yaml" "$SOURCE/Dockerfile"
	for suite in ${PACKAGE_SUITES:-bookworm trixie}; do
		if reason=$(no_trees); then
			skip "packages on Debian $suite" "$reason"
			continue
		fi
		mkdir -p "$WORK/tree-$suite/upper"
		cp -r "$WORK/dist" "$WORK/tree-$suite/upper"
		begin_tree "packages on Debian $suite" "$suite" "$suite" package.sh "$PACKAGE_TOOLS" "$PACKAGE_TESTS" "$PACKAGE_SPECS"
	done
	if reason=$(no_trees); then
		skip "the steps of the Dockerfile" "$reason"
	else
		begin_tree "the steps of the Dockerfile" docker bookworm docker.sh
	fi
	end_trees
}
