#!/usr/bin/env bash
# pg_upgrade.sh make BINDIR DIRECTORY: on the server whose socket is in DIRECTORY, the stores of the
#	dumps of the two newest versions that are frozen, brought forward, and what they answer
#	(DIRECTORY/answers.pg_upgrade)
# pg_upgrade.sh upgrade OLD NEW: in a Debian with both servers, as root: /upgrade/OLD becomes
#	/upgrade/NEW by pg_upgrade, and answers the same
# pg_upgrade.sh dump OLD NEW: the same by a dump
# pg_upgrade.sh plain OLD NEW: whether pg_upgrade takes a table that has nothing to do with us; a
#	server may be older than the release of the other one that it was made with

set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
export PGTZ=UTC

versions() { find "$HERE/../data" -name 'store-*.sql' | sed 's/.*store-//; s/\.sql$//' | sort -V | tail -n 2; }
databases() { versions | sed 's/^/stores_/; s/\./_/g'; }
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
gexec() { printf '%s \\gexec\n' "$2" | ask -d "$1" -f -; }
upgrade_stores() { gexec "$1" "SELECT scim.upgrade_store(name) FROM unnest(ARRAY['directory', 'Odd \"Store\"']) name"; }

# What people and auditors see, and what a new write does.
answers() {
	ask -d "$1" -f "$HERE/answers.sql"
	ask -d "$1" -c "SELECT count(*) FROM scim.verify_audit() WHERE problem IS NOT NULL" \
		-c "BEGIN; INSERT INTO directory.users (data) VALUES ('{\"userName\": \"new@example.com\", \"emails\": [{\"value\": \"new@example.com\", \"primary\": true}]}') RETURNING version, status; ROLLBACK"
}

# What is there; questions are asked afterwards, since some leave rows in the audit.
rows() {
	ask -d "$1" -c "SELECT format('%s %s', count(*), md5(string_agg(a::text, '' ORDER BY a::text))) FROM directory.audit a" \
		-c "SELECT format('%s %s', count(*), md5(string_agg(m::text, '' ORDER BY m::text))) FROM directory.member m" \
		-c "SELECT format('%s %s', count(*), md5(string_agg(r::text, '' ORDER BY r::text))) FROM directory.resource r"
}

every() {
	local database

	for database in $(databases); do "$1" "$database"; done
}

# ---- in the Debian, as the owner of the data

start() {
	started=$1
	printf "listen_addresses = ''\nunix_socket_directories = '/upgrade'\nfsync = off\n" >>"/upgrade/$1/postgresql.conf"
	"$(bin "$1")/pg_ctl" -D "/upgrade/$1" -l /upgrade/log -w start >/dev/null || { tail -n 20 /upgrade/log; return 1; }
}
stop() { "$(bin "$1")/pg_ctl" -D "/upgrade/$1" -m fast -w stop >/dev/null; }
bin() { echo "/usr/lib/postgresql/$1/bin"; }

# new_data VERSION DIRECTORY: as the quickstart of Debian 12 has made it; checksums are the default of 18
new_data() {
	local options=(-U postgres -E UTF8 --locale=C.UTF-8 --no-sync)

	[ "$1" -lt 18 ] || options+=(--no-data-checksums)
	rm -rf "$2"
	"$(bin "$1")/initdb" -D "$2" "${options[@]}" >/dev/null
	settings "$2"
}

settings() {
	printf "local all all trust\n" >"$1/pg_hba.conf"
	sed -i "s|^unix_socket_directories = .*|unix_socket_directories = '/upgrade'|" "$1/postgresql.conf"
	# whatever /dev/shm is here
	printf "dynamic_shared_memory_type = mmap\n" >>"$1/postgresql.conf"
}

by_pg_upgrade() {
	cd /upgrade
	"$(bin "$2")/pg_upgrade" -U postgres --no-sync -b "$(bin "$1")" -B "$(bin "$2")" -d "$3" -D "$4" --socketdir /upgrade && return
	# what the server said, whichever of the files has it
	grep -rhE -m 5 'ERROR|FATAL|error:' "$4"/pg_upgrade_output.d/*/log || true
	tail -n 15 "$4"/pg_upgrade_output.d/*/log/*.log
	return 1
}

by_dump() {
	local database

	start "$1"
	trap 'stop "$started"' EXIT
	# by the programs of the old one: they alone know what it keeps for itself
	"$(bin "$1")/pg_dumpall" --globals-only | grep -vE '^(CREATE|ALTER) ROLE postgres\b' >/upgrade/globals.sql
	for database in $(databases); do "$(bin "$1")/pg_dump" -f "/upgrade/$database.sql" "$database"; done
	stop "$1"
	trap - EXIT
	start "$2"
	ask -d postgres -f /upgrade/globals.sql
	for database in $(databases); do
		ask -d postgres -c "CREATE DATABASE $database TEMPLATE template0"
		ask -d "$database" -f "/upgrade/$database.sql" >/dev/null
	done
	stop "$2"
}

compare() {
	start "$2"
	trap 'stop "$started"' EXIT
	every rows | diff "/upgrade/$1/rows" -
	every answers >"/upgrade/$2/answers"
	diff "/upgrade/$1/answers" "/upgrade/$2/answers"
	test -z "$(every upgrade_stores)"
	# and back and forth as a dump
	for database in $(databases); do
		pg_dump -f /upgrade/dump.sql "$database"
		ask -d postgres -c "CREATE DATABASE restored TEMPLATE template0"
		ask -d restored -f /upgrade/dump.sql >/dev/null
		rows "$database" | diff - <(rows restored)
		answers "$database" | diff - <(answers restored)
		ask -d postgres -c "DROP DATABASE restored"
	done
	every rows >"/upgrade/$2/rows"
}

in_debian() {
	PATH=$(bin "$3"):$PATH
	export PATH PGHOST=/upgrade PGPORT=5432 PGUSER=postgres PGOPTIONS="-c client_min_messages=warning"
	case $1 in
	plain)
		new_data "$2" /upgrade/plain
		"$(bin "$2")/pg_ctl" -D /upgrade/plain -l /upgrade/log -o "-c listen_addresses= -c unix_socket_directories=/upgrade" -w start >/dev/null
		ask -d postgres -c "CREATE TABLE t (a int)" -c "ALTER TABLE t ADD b text"
		"$(bin "$2")/pg_ctl" -D /upgrade/plain -m fast -w stop >/dev/null
		new_data "$3" /upgrade/plain-new
		by_pg_upgrade "$2" "$3" /upgrade/plain /upgrade/plain-new
		;;
	*)
		settings "/upgrade/$2"
		new_data "$3" "/upgrade/$3"
		if [ "$1" = dump ]; then by_dump "$2" "$3"; else by_pg_upgrade "$2" "$3" "/upgrade/$2" "/upgrade/$3"; fi
		compare "$2" "$3"
		;;
	esac
}

case $1 in
make)
	export PATH=$2:$PATH PGHOST=$3 PGPORT=5432 PGUSER=postgres PGOPTIONS='-c client_min_messages=warning'
	ask -d postgres -f "$HERE/roles.sql"
	for version in $(versions); do
		database=stores_${version//./_}
		ask -d postgres -c "CREATE DATABASE $database TEMPLATE template0"
		ask -d "$database" -c "CREATE EXTENSION scim VERSION '$version'" -f "$HERE/../data/store-$version.sql" >/dev/null
		ask -d "$database" -c "ALTER EXTENSION scim UPDATE"
		upgrade_stores "$database"
	done
	every answers >"$3/answers.pg_upgrade"
	every rows >"$3/rows.pg_upgrade"
	;;
plain | upgrade | dump)
	if [ "$(id -u)" = 0 ]; then
		cd /scim
		make -s -j2 with_llvm=no PG_CONFIG="/usr/lib/postgresql/$3/bin/pg_config" PG_CFLAGS="$STRICT"
		make -s with_llvm=no PG_CONFIG="/usr/lib/postgresql/$3/bin/pg_config" PG_CFLAGS="$STRICT" install
		chown -R postgres /scim /upgrade
		exec runuser -u postgres -- "$HERE/pg_upgrade.sh" "$@"
	fi
	in_debian "$@"
	;;
esac
