# shellcheck shell=bash
# lib.sh: what the scripts here need.  They run as root in a Debian that is theirs alone, see
# bin/lib/trees.sh; the project is in /scim.

. bin/lib/common.sh
cd "$ROOT" || exit
LOG=/tmp/log

# check NAME COMMAND...: what it prints is shown where it fails.
check() {
	local name=$1

	shift
	if "$@" >"$LOG" 2>&1; then
		printf 'ok %s\n' "$name"
	else
		printf 'not ok %s\n' "$name"
		tail -n 60 "$LOG" | sed 's/^/    /'
	fi
}

not() { ! "$@"; }

# refused PATTERN COMMAND...: it fails, and says so.
refused() {
	local output

	! output=$("${@:2}" 2>&1) || { echo "accepted: $output"; return 1; }
	echo "$output"
	grep -q "$1" <<<"$output"
}

install_packages() {
	apt-get -qq update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$@" >/dev/null 2>&1
}

# compile_once: what a former run has compiled is not compiled again.
compile_once() { export PATH=/usr/lib/ccache:$PATH CCACHE_DIR=/ccache CCACHE_UMASK=000 CCACHE_NOHASHDIR=1; }

installed() { dpkg-query -W -f '${Package} ${Version}\n' | sort; }

# offline COMMAND...: with nobody to ask for anything.
offline() { env http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 npm_config_registry=http://127.0.0.1:9/ "$@"; }

# served_by ENVIRONMENT: a client finds bjensen.
# shellcheck disable=SC1090
served_by() (
	. "$1"
	curl -sS --fail -H "Authorization: Bearer $SCIM_TOKEN" "$SCIM_URL/Users?filter=userName%20eq%20%22bjensen@example.com%22" |
		grep -q '"totalResults" *: *1\b'
)

# timed NAME COMMAND...: a check, and what it took
timed() {
	local TIMEFORMAT="# $1: %R seconds, of which the processors worked %U + %S"

	{ time check "$@"; } 2>&1
}

# the services that run, one a line
running() {
	local process

	for process in /proc/[0-9]*; do
		tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -E 'postgres|postgrest|nginx' || true
	done
}

# runs TEXT: does one with that in its command line?
runs() {
	local found

	found=$(running)
	grep -- "$1" <<<"$found"
}
