# shellcheck shell=bash
# test_quickstart.sh: "bin/test quickstart", the first command on a machine that has what it
# needs.  Sourced by bin/test; bin/lib/test_install.sh has machines that have not.

# quickstart [stop]: of the copy, with a run directory and a port of its own.
quickstart() {
	env SCIM_RUN_DIR="$QUICKSTART_RUN" SCIM_HTTP_PORT="$QUICKSTART_PORT" \
		PATH="$(dirname "$POSTGREST"):$PATH" "$SOURCE/bin/quickstart" "$@"
}

find_bjensen() (
	. "$QUICKSTART_RUN/env"
	curl -sS -H "Authorization: Bearer $SCIM_TOKEN" "$SCIM_URL/Users?filter=userName%20eq%20%22bjensen@example.com%22" |
		tee /dev/stderr | grep -q '"totalResults" *: *1\b'
)

psql_logs_in() (
	. "$QUICKSTART_RUN/env"
	"$PGBIN/psql" -X -c 'SELECT count(*) FROM directory.users'
)

# quickstart_sql [psql options]: in the database of the service, as its owner.
quickstart_sql() (
	. "$QUICKSTART_RUN/env"
	PGOPTIONS='-c client_min_messages=warning' "$PGBIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
)

nothing_runs_in() {
	local process

	for process in /proc/[0-9]*; do
		! process_is "${process#/proc/}" "$1" || { echo "process ${process#/proc/} is left"; return 1; }
	done
}

# starts_without_network: where there is a loopback only, if that can be had.
starts_without_network() {
	local command=(env SCIM_RUN_DIR="$QUICKSTART_RUN" SCIM_HTTP_PORT="$QUICKSTART_PORT"
		PATH="$(dirname "$POSTGREST"):$PATH" "$SOURCE/bin/quickstart") alone=()

	if [ "$(id -u)" = 0 ] && command -v ip >/dev/null && unshare --net true 2>/dev/null; then
		alone=(unshare --net bash -c 'ip link set lo up && "$@"' -)
	fi
	"${alone[@]}" bash -c '"$@" && "$@" stop' - "${command[@]}"
}

# keeps_its_port: a start that is told of none.
keeps_its_port() {
	env -u SCIM_HTTP_PORT SCIM_RUN_DIR="$QUICKSTART_RUN" PATH="$(dirname "$POSTGREST"):$PATH" "$SOURCE/bin/quickstart" &&
		grep -q ":$QUICKSTART_PORT/" "$QUICKSTART_RUN/env" && find_bjensen
}

# refuses PATTERN COMMAND...: it fails, says so, and what serves goes on.
refuses() {
	local output

	! output=$("${@:2}" 2>&1) || { echo "accepted: $output"; return 1; }
	echo "$output"
	grep -q "$1" <<<"$output" && ! grep -qE '^(stopped|building|installing)' <<<"$output" && find_bjensen
}

# on_port PORT [DIRECTORY]
on_port() { SCIM_RUN_DIR=${2:-$QUICKSTART_RUN} SCIM_HTTP_PORT=$1 "$SOURCE/bin/quickstart"; }

refuses_busy_port() {
	local busy status=0

	busy=$(free_port)
	/usr/bin/python3 -c 'import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(60)' "$busy" &
	wait_for 10 port_is_busy "$busy"
	refuses "port $busy .* is taken.*: [0-9]* is free" on_port "$busy" || status=1
	refuses "port $busy .* is taken.*: [0-9]* is free" on_port "$busy" "$WORK/elsewhere" || status=1
	[ ! -e "$WORK/elsewhere" ] || { echo "it has begun all the same"; status=1; }
	kill $!
	return $status
}

revoked_token_is_made_anew() {
	local former

	former=$(. "$QUICKSTART_RUN/env" && echo "$SCIM_TOKEN")
	quickstart_sql -c "SELECT scim.revoke_token(id) FROM directory.token WHERE description = 'quickstart'" >/dev/null &&
		quickstart && ! grep -q "$former" "$QUICKSTART_RUN/env" && find_bjensen || return
	# and one that nobody knows any more is no obstacle
	rm "$QUICKSTART_RUN/env"
	quickstart && find_bjensen
}

# A service whose data a former version has made: they are as they were, and serve.
former_data_are_brought_forward() {
	local dump former

	dump=$(printf '%s\n' "$SOURCE"/test/data/store-*.sql | sort -V | tail -n 1)
	former=${dump##*/store-}
	former=${former%.sql}
	quickstart_sql -d postgres -c 'ALTER DATABASE scim ALLOW_CONNECTIONS false' \
		-c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'scim'" \
		-c 'ALTER DATABASE scim RENAME TO scim_other' -c 'CREATE DATABASE scim' \
		-f "$SOURCE/test/upgrade/roles.sql" >/dev/null || return
	quickstart_sql -c "CREATE EXTENSION scim VERSION '$former'" -f "$dump" >/dev/null || return
	# the walk is not for that store
	other_build "$former of-that-script and-library" --systems || return
	[ "$(quickstart_sql -c "SELECT string_agg(DISTINCT version, ' ') FROM (SELECT version FROM directory.store UNION ALL SELECT version FROM \"Odd \"\"Store\"\"\".store) s")" = "$(extension_version)" ] &&
		[ "$(quickstart_sql -c "SELECT count(*) >= 47 FROM directory.users")" = t ]
}

# other_build STAMP [ARGUMENT...]: a start as if another build had made the data.
other_build() { quickstart stop && printf '%s\n' "$1" >"$QUICKSTART_RUN/stamp" && quickstart "${@:2}"; }

library_is_exchanged() {
	local version sql

	read -r version sql _ <"$QUICKSTART_RUN/stamp"
	other_build "$version $sql of-another-library" && find_bjensen
}

# Same version, other SQL: there is no way from the one to the other.
other_data_are_kept_beside() {
	local beside

	other_build "$(extension_version) of-another-script and-library" || return
	beside=$(ls -d "$QUICKSTART_RUN"/service/data-*)
	[ -e "$beside/PG_VERSION" ] && find_bjensen
}

# The page for people, and a token for it; not where nobody asks for it.
has_console_when_asked() {
	local origin=http://127.0.0.1:$QUICKSTART_PORT

	[ "$(curl -s -o /dev/null -w '%{http_code}' "$origin/console")" = 404 ] &&
		SCIM_CONSOLE=yes quickstart &&
		curl -s "$origin/console" | grep -q '<title>SCIM console</title>' &&
		[ "$(curl -s "$origin/console/services.json")" = '["/scim/v2"]' ] &&
		(. "$QUICKSTART_RUN/env" && curl -s --fail -H "Authorization: Bearer $SCIM_CONSOLE_TOKEN" "$SCIM_URL/.console/people") &&
		quickstart && [ "$(curl -s -o /dev/null -w '%{http_code}' "$origin/console")" = 404 ] && find_bjensen
}

part_quickstart() {
	need_packages nginx-light:/usr/sbin/nginx curl python3:/usr/bin/python3
	find_postgrest
	QUICKSTART_PORT=$(free_port)
	check "starts" quickstart
	check "a client finds bjensen" find_bjensen
	check "psql logs in" psql_logs_in
	check "a second run is harmless" quickstart
	check "a run that is told of no port keeps the one it has" keeps_its_port
	check "a port that is taken is refused before anything else" refuses_busy_port
	check "so is one that is none" refuses "is no port" on_port 80a
	check "and a directory that is too long for a socket" refuses "too long for a socket" on_port "$(free_port)" "$WORK/$(printf 'x%.0s' {1..90})"
	check "a token that was revoked is made anew" revoked_token_is_made_anew
	check "has the page for people when asked" has_console_when_asked
	check "shows the four profiles" quickstart --systems
	check "and again" quickstart --systems
	check "stops" quickstart stop
	check "nothing is left running" nothing_runs_in "$QUICKSTART_RUN/"
	check "a second stop is harmless" quickstart stop
	check "starts and stops without a network" starts_without_network
	check "starts again on its data" quickstart
	check "a client finds bjensen again" find_bjensen
	check "another library serves the same data" library_is_exchanged
	check "data of a former version are brought forward" former_data_are_brought_forward
	check "data of another build are kept beside" other_data_are_kept_beside
	check "stops again" quickstart stop
	check "nothing is left running again" nothing_runs_in "$QUICKSTART_RUN/"
}
