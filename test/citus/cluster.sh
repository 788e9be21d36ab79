#!/usr/bin/env bash
# cluster.sh start|stop BINDIR DIRECTORY PORT: a coordinator at PORT of 127.0.0.1 and two
# workers at the next two, in data directories of their own below DIRECTORY.  Run as the user
# whose the servers are to be.  The PostgreSQL of BINDIR has Citus and scim installed.
set -euo pipefail

action=$1 bindir=$2 directory=$3 port=$4
nodes=(coordinator near far)

sql() {
	"$bindir/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U postgres -d "${DATABASE:-postgres}" -c "$2"
}

case $action in
start)
	mkdir -p "$directory"
	for i in 0 1 2; do
		data=$directory/${nodes[i]}
		if [ ! -d "$data" ]; then
			"$bindir/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync >/dev/null
			cat >>"$data/postgresql.conf" <<-CONF
				listen_addresses = '127.0.0.1'
				port = $((port + i))
				unix_socket_directories = '$directory'
				shared_preload_libraries = 'citus'
				shared_buffers = 32MB
				max_connections = 60
				max_prepared_transactions = 60
				max_worker_processes = 8
				fsync = off
				wal_level = logical
				log_min_messages = warning
				citus.local_hostname = '127.0.0.1'
				citus.node_conninfo = 'sslmode=disable'
				citus.enable_statistics_collection = off
				ssl = off
			CONF
		fi
		"$bindir/pg_ctl" -D "$data" status >/dev/null ||
			"$bindir/pg_ctl" -D "$data" -l "$directory/${nodes[i]}.log" -w -t 60 start >/dev/null </dev/null
	done
	for i in 0 1 2; do
		DATABASE=postgres sql $((port + i)) "CREATE DATABASE scim" 2>/dev/null || true
		DATABASE=scim sql $((port + i)) "CREATE EXTENSION IF NOT EXISTS citus"
	done
	DATABASE=scim sql "$port" "SELECT FROM citus_set_coordinator_host('127.0.0.1', $port)"
	for i in 1 2; do
		DATABASE=scim sql "$port" "SELECT FROM citus_add_node('127.0.0.1', $((port + i)))"
	done
	;;
stop)
	for node in "${nodes[@]}"; do
		"$bindir/pg_ctl" -D "$directory/$node" -m fast -w stop >/dev/null 2>&1 || true
	done
	;;
esac
