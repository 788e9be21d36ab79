# shellcheck shell=bash
# bench_growth.sh: "bin/bench growth", what a store costs as it grows: SIZES people in one
# tenant, and TENANTS tenants of 100 people each; each size in a database of its own, and a
# standby beside it.  The last column is how many times a figure becomes with ten times as
# many.  Sourced by bin/bench:
#
#	growth.sql	one size

SIZES=${SIZES:-10000 100000}
TENANTS=${TENANTS:-1 100 1000}
CALLS=${CALLS:-200}

# growth_lag: the longest time by which a standby was behind, in ms, while a client
# creates people as fast as it can.
growth_lag() {
	local standby=$STACK/standby port most=0 lag pid

	# a standby is as large as the server
	if [ "$(df --output=avail -k "$STACK" | tail -n 1)" -lt "$(($(du -sk "$STACK/data" | cut -f1) * 11 / 10))" ]; then
		say "growth: no room on the disk for a standby: how far it is behind is not measured" >&2
		return
	fi
	port=$(free_port)
	as_service rm -rf "$standby"
	as_service "$PGBIN/pg_basebackup" -h "$STACK" -p "$PGPORT_PRIVATE" -U "$MAINTENANCE_USER" -D "$standby" -R -c fast
	as_service "$PGBIN/pg_ctl" -D "$standby" -o "-p $port -k $STACK" -l "$STACK/standby.log" -w start >/dev/null
	printf '%s\n' "SELECT scim.create_resource('User', growth.person(1) || jsonb_build_object('userName', gen_random_uuid(), 'externalId', gen_random_uuid()));" |
		as_service sh -c 'cat >"$1"' - "$STACK/growth_lag.sql"
	as_service "$PGBIN/pgbench" -h "$STACK" -p "$PGPORT_PRIVATE" -U "$MAINTENANCE_USER" -n -c 1 -T "$SECONDS_EACH" -f "$STACK/growth_lag.sql" "$PGDATABASE" >/dev/null 2>&1 &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		lag=$("$PGBIN/psql" -X -q -At -c "SELECT coalesce(round(extract(epoch FROM replay_lag) * 1000, 1), 0) FROM pg_stat_replication")
		most=$(printf '%s\n%s\n' "$most" "${lag:-0}" | sort -g | tail -n 1)
		sleep 0.2
	done
	wait "$pid"
	as_service "$PGBIN/pg_ctl" -D "$standby" -m immediate -w stop >/dev/null
	as_service rm -rf "$standby"
	printf 'standby behind at most, while people are created|%s|ms\n' "$most"
}

# growth_at PEOPLE TENANTS: writes the figures of that size to $WORK/growth.PEOPLE.TENANTS
growth_at() {
	local out=$WORK/growth.$1.$2

	say "growth: $1 people, $2 tenants"
	sql -d postgres -c 'CREATE DATABASE scim_bench_growth'
	# shellcheck disable=SC2153 # PGPORT_PRIVATE is of server.sh
	export PGHOST=$STACK PGPORT=$PGPORT_PRIVATE PGUSER=$MAINTENANCE_USER PGDATABASE=scim_bench_growth
	"$PGBIN/psql" -X -q -At -v "users=$1" -v "tenants=$2" -v "calls=$CALLS" -o /dev/null -f "$ROOT/bin/lib/bench/growth.sql" >"$out"
	# what took hours is not lost with what comes after it
	sed 's/^/  /' "$out" >&2
	growth_lag >>"$out"
	unset PGHOST PGPORT PGUSER PGDATABASE
	sql -d postgres -c 'DROP DATABASE scim_bench_growth'
}

# growth_table LABEL FILE...: a row for each figure, a column for each file, and by how much
# it grows.  The label of a column is the first or second part of its file's name.
growth_table() {
	local label=$1

	shift
	awk -F '|' -v label="$label" '
		FNR == 1 { column++; n = split(FILENAME, part, "."); size[column] = part[label == "people" ? n - 1 : n] }
		column == 1 { name[++names] = $1; unit[$1] = $3 }
		{ value[$1, column] = $2 }
		function grouped(number,  text) {
			for (text = ""; number >= 1000; number = int(number / 1000)) text = sprintf(",%03d", number % 1000) text
			return int(number) text
		}
		function shown(number) { return number >= 100 ? grouped(number + 0.5) : sprintf("%.3g", number) }
		END {
			printf "| %s |", label == "people" ? "people in one tenant" : "tenants of 100 people"
			for (c = 1; c <= column; c++) printf " %s |", grouped(size[c])
			printf " with ten times as many |\n|---|"
			for (c = 1; c <= column; c++) printf "--:|"
			print "--:|"
			for (i = 1; i <= names; i++) {
				printf "| %s, %s |", name[i], unit[name[i]]
				for (c = 1; c <= column; c++) printf " %s |", (name[i], c) in value ? shown(value[name[i], c]) : "–"
				first = value[name[i], 1]; last = value[name[i], column]
				if (column > 1 && first > 0 && last > 0)
					printf " × %.2f |\n", exp(log(last / first) / (log(size[column] / size[1]) / log(10)))
				else
					print " |"
			}
			print ""
		}' "$@"
}

part_growth() {
	local size files=()

	printf 'local replication all trust\n' | as_service sh -c 'cat >>"$1"' - "$STACK/data/pg_hba.conf"
	sql -d postgres -c 'SELECT pg_reload_conf()' >/dev/null
	for size in $SIZES; do
		growth_at "$size" 1
		files+=("$WORK/growth.$size.1")
	done
	growth_table people "${files[@]}"
	files=()
	for size in $TENANTS; do
		growth_at $((size * 100)) "$size"
		files+=("$WORK/growth.$((size * 100)).$size")
	done
	growth_table tenants "${files[@]}"
}
