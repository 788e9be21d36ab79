# shellcheck shell=bash
# common.sh: what every script here needs.  Sourced, never run.
#
# ROOT is the checkout.  SERVICE_USER is who the servers run as: PostgreSQL
# refuses to run as root, so root steps down to "postgres"; anyone else runs
# them as himself.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# The services here are local, whatever proxy the machine has for the world.
export no_proxy="127.0.0.1${no_proxy:+,$no_proxy}"

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

if [ "$(id -u)" = 0 ]; then
	SERVICE_USER=postgres
else
	SERVICE_USER=$(id -un)
fi

# require_root WHAT: dies unless as_root will do; sudo asks for a password where somebody
# is there to give it.
require_root() {
	if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then
		return
	fi
	command -v sudo >/dev/null || die "only root can $1"
	if ! { [ -t 2 ] && sudo -v; }; then
		die "sudo does not let $(id -un) $1; do that as root"
	fi
}

# as_root COMMAND...: for apt only; after require_root.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

# as_service COMMAND...: as SERVICE_USER, with a working directory and a HOME
# that it can read, and without the caller's PostgreSQL settings.
as_service() {
	local clean=(env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGPASSWORD -u PGOPTIONS
		-u PGSERVICE -C / "HOME=${SERVICE_HOME:-/}" LC_ALL=C.UTF-8)

	if [ "$(id -u)" = 0 ]; then
		runuser -u "$SERVICE_USER" -- "${clean[@]}" "$@"
	else
		"${clean[@]}" "$@"
	fi
}

# process_is PID TEXT: does PID run, with TEXT in its command line?  A pid file
# that outlived its process may name somebody else's by now.
process_is() {
	[ -n "$1" ] && [ -r "/proc/$1/cmdline" ] &&
		tr '\0' ' ' <"/proc/$1/cmdline" | grep -qF -- "$2"
}

# stop_process PID TEXT SIGNAL: end it and wait until it is gone.
stop_process() {
	local i

	process_is "$1" "$2" || return 0
	kill -s "$3" "$1"
	for ((i = 0; i < 100; i++)); do
		process_is "$1" "$2" || return 0
		sleep 0.1
	done
	kill -s KILL "$1" 2>/dev/null || true
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds.
wait_for() {
	local i tries=$(($1 * 10))

	shift
	for ((i = 0; i < tries; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}

port_is_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: one of FREE_PORT_COUNT from FREE_PORT_FROM on.
free_port() {
	local port

	while :; do
		port=$((${FREE_PORT_FROM:-20000} + RANDOM % ${FREE_PORT_COUNT:-12000}))
		port_is_busy "$port" || { echo "$port"; return; }
	done
}
