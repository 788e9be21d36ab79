#!/usr/bin/env bash
# package.sh TOOLS [TESTS SPECS]: the archive of a release in /dist, as PGXN takes it and as the source of the Debian packages:
# built, looked at, installed, tested (by these tests, or all), brought to a newer version, removed.
set -u
. test/install/lib.sh

TESTS=${2:-} SPECS=${3:-}
VERSION=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" scim.control)
BUILD=/build/postgresql-scim-$VERSION
export DEBIAN_FRONTEND=noninteractive
compile_once

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
useradd --create-home builder
# shellcheck disable=SC2086
install_packages $1 || { echo "could not install the tools"; exit 1; }
POSTGRESQL=$(/usr/share/postgresql-common/supported-versions)
printf '# PostgreSQL %s\n' "$POSTGRESQL"

# everything that is on the disk, but for what changes by itself
files() { find / -xdev \( -path /proc -o -path /build -o -path /ccache -o -path /tmp -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/app-info -o -path /var/lib/swcatalog -o -path /var/lib/dpkg -o -path /var/log -o -path /run -o -path /home -o -path /scim -o -path /var/lib/systemd \) -prune -o -print | LC_ALL=C sort; }

build() {
	mkdir -p /build && tar -C /build -xf /dist/scim-"$VERSION".tar.gz && mv "/build/scim-$VERSION" "$BUILD" &&
		tar -C /build --exclude='./*/debian' -czf "/build/postgresql-scim_$VERSION.orig.tar.gz" "./${BUILD##*/}" &&
		(cd "$BUILD" && pg_buildext updatecontrol) && chown -R builder: /build &&
		runuser -u builder -- env -C "$BUILD" DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc
}

# what lintian has to say, all of it shown, in vain for what stands in debian
lintian_is_content() {
	local said

	ls /build/*.changes || return
	said=$(runuser -u builder -- lintian --allow-root --fail-on none --tag-display-limit 0 /build/*.changes 2>&1)
	echo "$said"
	! grep -E '^[EWC]:' <<<"$said"
}

# with_packages COMMAND...: that are built, behind it
with_packages() {
	local packages

	mapfile -t packages < <(printf '%s\n' /build/*.deb | grep -v dbgsym)
	"$@" "${packages[@]}"
}

names() { printf '%s\n' "${@##*/}" | sed 's|_.*||'; }

purge() { names "$@" | xargs apt-get -qq purge; }

holds() { dpkg-deb -c "$(printf '%s\n' /build/"$1"_*.deb)" | grep -q " \./$2"; }

# holds_all DIRECTORY IN: every file of a directory of the source, compressed or not, in usr/IN of a package
holds_all() {
	local lacks

	lacks=$(comm -23 <(cd "$1" && find . -type f ! -path './examples/*/*' | LC_ALL=C sort) \
		<(dpkg-deb -c /build/postgresql-scim-common_*.deb | sed -n "s|.* \./usr/$2/|./|p" | sed 's/\.gz$//' | LC_ALL=C sort))
	echo "$lacks"
	[ -z "$lacks" ]
}

# older VERSION PACKAGE...: the same as one before
older() {
	local package

	mkdir -p /build/older
	for package in "${@:2}"; do
		rm -rf /build/unpacked
		dpkg-deb -R "$package" /build/unpacked &&
			sed -i "s/^Version: .*/Version: $1/" /build/unpacked/DEBIAN/control &&
			dpkg-deb -b /build/unpacked /build/older || return
	done
}

run_autopkgtest() {
	autopkgtest --no-built-binaries "--env=PACKAGE_TESTS=${TESTS:-}" "--env=PACKAGE_SPECS=${SPECS:-}" "$@" /build/*.dsc -- null
}

pgxn_installs() {
	local config=/usr/lib/postgresql/${POSTGRESQL##* }/bin/pg_config

	pgxn install --yes --nosudo --pg_config "$config" /dist/scim-"$VERSION".zip || return
	test -e "$("$config" --sharedir)/extension/scim.control" && test -e "$("$config" --pkglibdir)/scim.so"
}

pgxn_loads() {
	pg_virtualenv -v "${POSTGRESQL##* }" sh -ec 'createdb scim
		pgxn load --yes -d scim /dist/scim-'"$VERSION"'.zip
		psql -X -A -t -d scim -c "SELECT extversion FROM pg_extension WHERE extname = '"'scim'"'" | grep -x '"$VERSION"
}

pgxn_uninstalls() {
	local config=/usr/lib/postgresql/${POSTGRESQL##* }/bin/pg_config

	pgxn uninstall --yes --nosudo --pg_config "$config" /dist/scim-"$VERSION".zip && ! find /usr -name 'scim*.so' | grep .
}

# what is there since, and of no other package
nothing_is_left() {
	! comm -13 /tmp/before <(files) | grep -vxFf <(cat /var/lib/dpkg/info/*.list) | grep -v __pycache__ | grep .
}

check "the packages are built" build
check "lintian has nothing to say" lintian_is_content
for version in $POSTGRESQL; do
	check "a package for PostgreSQL $version" holds "postgresql-$version-scim" "usr/lib/postgresql/$version/lib/scim.so"
done
check "configuration is in a package, all of it" holds_all conf share/postgresql-scim/conf
check "so are the profiles" holds_all sql/profiles share/postgresql-scim/profiles
check "and the manual" holds_all doc share/doc/postgresql-scim-common
for program in scim-configure scim-move scim-import; do
	check "and $program" holds postgresql-scim-common "usr/bin/$program\b"
	check "which has a page" holds postgresql-scim-common "usr/share/man/man1/$program.1.gz"
done
check "and the relay with its unit" holds postgresql-scim-relay '\(usr/\)\?lib/systemd/system/scim-relay@.service'

files >/tmp/before
check "they are an upgrade of older ones" with_packages older "$VERSION-0"
check "which are installed" apt-get -qq install --no-install-recommends /build/older/*.deb
check "and upgraded" with_packages apt-get -qq install --no-install-recommends
check "autopkgtest" with_packages run_autopkgtest
# each of its tests with what it took
sed -n 's/^autopkgtest \[[0-9:]*\]: test \([a-z]*\): \[-*$/# &/p; s/^.* of [0-9]* tests passed.*$/#&/p; s/^.*All [0-9]* tests passed.*$/#&/p' "$LOG"
check "they are purged" with_packages purge
check "and nothing of them is left" nothing_is_left

check "pgxn installs the archive" pgxn_installs
check "and loads the extension" pgxn_loads
check "and uninstalls it" pgxn_uninstalls
