# shellcheck shell=bash
# bench_million.sh: "bin/bench million", people in groups, each question and write against SQL
# written by hand with an index made for it.  Sourced by bin/bench:
#
#	million_data.sql	people of two tenants, in the store and by hand
#	million.sql		the questions, in turns, and the tables

part_million() {
	local options=(-X -q -v "ON_ERROR_STOP=1" -v "users=$FILTER_USERS" -v "rounds=$ROUNDS")

	say "million: $FILTER_USERS people, in groups"
	sql -d postgres -c 'CREATE DATABASE scim_bench_million'
	# shellcheck disable=SC2153 # PGPORT_PRIVATE is of server.sh
	export PGHOST=$STACK PGPORT=$PGPORT_PRIVATE PGUSER=$MAINTENANCE_USER PGDATABASE=scim_bench_million
	PGOPTIONS='-c client_min_messages=warning -c maintenance_work_mem=512MB' \
		"$PGBIN/psql" "${options[@]}" -f "$ROOT/bin/lib/bench/million_data.sql" >/dev/null
	say "million: questions"
	"$PGBIN/psql" "${options[@]}" -f "$ROOT/bin/lib/bench/million.sql"
	unset PGHOST PGPORT PGUSER PGDATABASE
	sql -d postgres -c 'DROP DATABASE scim_bench_million'
}
