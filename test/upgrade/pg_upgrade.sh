#!/usr/bin/env bash
# pg_upgrade.sh make BINDIR DIRECTORY: on the server whose socket is in DIRECTORY, the stores of the
#	dump of version 0.6.0, brought forward, and what they answer (DIRECTORY/data/answers)
# pg_upgrade.sh upgrade OLD NEW: in a Debian with both servers, as root: /upgrade/OLD becomes
#	/upgrade/NEW, and answers the same

set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
NAME=stores
export PGTZ=UTC

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
gexec() { printf '%s \\gexec\n' "$1" | ask -d "$NAME" -f -; }

# What people and auditors see, and what a new write does.
answers() {
	ask -d "$NAME" -f "$HERE/answers.sql"
	ask -d "$NAME" -c "SELECT count(*) FROM scim.verify_audit() WHERE problem IS NOT NULL" \
		-c "BEGIN; INSERT INTO directory.users (data) VALUES ('{\"userName\": \"new@example.com\", \"emails\": [{\"value\": \"new@example.com\", \"primary\": true}]}') RETURNING version, status; ROLLBACK"
}

# What is there; questions are asked afterwards, since some leave rows in the audit.
rows() {
	ask -d "$NAME" -c "SELECT format('%s %s', count(*), md5(string_agg(a::text, '' ORDER BY a::text))) FROM directory.audit a" \
		-c "SELECT format('%s %s', count(*), md5(string_agg(m::text, '' ORDER BY m::text))) FROM directory.member m" \
		-c "SELECT format('%s %s', count(*), md5(string_agg(r::text, '' ORDER BY r::text))) FROM directory.resource r"
}

case $1 in
make)
	export PATH=$2:$PATH PGHOST=$3 PGPORT=5432 PGUSER=postgres PGOPTIONS='-c client_min_messages=warning'
	ask -d postgres -f "$HERE/roles.sql"
	ask -d postgres -c "CREATE DATABASE $NAME TEMPLATE template0"
	ask -d "$NAME" -c "CREATE EXTENSION scim VERSION '0.6.0'" -f "$HERE/../data/store-0.6.0.sql" >/dev/null
	ask -d "$NAME" -c "ALTER EXTENSION scim UPDATE"
	gexec "SELECT scim.upgrade_store(name) FROM unnest(ARRAY['directory', 'Odd \"Store\"']) name"
	answers >"$3/answers.pg_upgrade"
	rows >"$3/rows.pg_upgrade"
	;;
upgrade)
	old=/usr/lib/postgresql/$2/bin new=/usr/lib/postgresql/$3/bin
	cd /scim
	make -s -j2 with_llvm=no PG_CONFIG="$new/pg_config" PG_CFLAGS="$STRICT"
	make -s with_llvm=no PG_CONFIG="$new/pg_config" PG_CFLAGS="$STRICT" install
	chown -R postgres /scim
	cat >/upgrade/run <<-RUN
		cd /upgrade
		export PATH=$new:\$PATH PGHOST=/upgrade PGPORT=5432 PGOPTIONS="-c client_min_messages=warning"
		# as the quickstart of Debian 12 has made it; checksums are the default of 18
		options=(-U postgres -E UTF8 --locale=C.UTF-8 --no-sync)
		[ $3 -lt 18 ] || options+=(--no-data-checksums)
		initdb -D /upgrade/$3 "\${options[@]}" >/dev/null
		for data in $2 $3; do
			printf "local all all trust\n" >/upgrade/\$data/pg_hba.conf
			sed -i "s|^unix_socket_directories = .*|unix_socket_directories = '/upgrade'|" /upgrade/\$data/postgresql.conf
			# whatever /dev/shm is here
			printf "dynamic_shared_memory_type = mmap\n" >>/upgrade/\$data/postgresql.conf
		done
		pg_upgrade -U postgres --no-sync -b $old -B $new -d /upgrade/$2 -D /upgrade/$3 --socketdir /upgrade ||
			{ tail -n 15 /upgrade/$3/pg_upgrade_output.d/*/log/*.log; exit 1; }
		printf "listen_addresses = ''\nunix_socket_directories = '/upgrade'\nfsync = off\n" >>/upgrade/$3/postgresql.conf
		pg_ctl -D /upgrade/$3 -l /upgrade/log -w start >/dev/null
		trap 'pg_ctl -D /upgrade/$3 -m fast -w stop >/dev/null' EXIT
		export PGUSER=postgres PGTZ=UTC
		$(declare -f ask gexec answers rows)
		HERE=$HERE NAME=$NAME
		rows | diff /upgrade/$2/rows -
		answers >/upgrade/$3/answers
		diff /upgrade/$2/answers /upgrade/$3/answers
		rows >/upgrade/$3/rows
		test -z "\$(gexec "SELECT scim.upgrade_store(name) FROM unnest(ARRAY['directory', 'Odd \"Store\"']) name")"
		# and back and forth as a dump
		pg_dump -f /upgrade/dump.sql $NAME
		ask -d postgres -c "CREATE DATABASE restored TEMPLATE template0"
		ask -d restored -f /upgrade/dump.sql >/dev/null
		NAME=restored rows | diff /upgrade/$3/rows -
		NAME=restored answers | diff /upgrade/$3/answers -
		ask -d postgres -c "DROP DATABASE restored"
	RUN
	runuser -u postgres -- bash -euo pipefail /upgrade/run
	;;
esac
