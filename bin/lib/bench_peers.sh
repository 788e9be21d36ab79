# shellcheck shell=bash
# bench_peers.sh: "bin/bench peers", whole servers over HTTP, this one beside those of others that can be had from
# npm and PyPI. Sourced by bin/bench; the work is done by the programs in bin/lib/bench:
#
#	peers.py	fills and asks
#	scimmy.js	SCIMMY (npm) behind express, in memory
#
# scim2-server (PyPI) keeps what it has in memory, too. Installed in tmp/bench/servers and kept there.
# SCIMServer of pranems (TypeScript, PostgreSQL) is in no registry: it takes part where SCIMSERVER names the directory "api" of
# a checkout in which "npm ci", "prisma generate" and "npm run build" were run, and SCIMSERVER_NODE a Node.js of 24 or later.

PEER_SERVERS=$ROOT/tmp/bench/servers
NPM_SERVERS=(scimmy@1.3.5 scimmy-routers@1.3.2 express@4)
PYPI_SERVERS=(scim2-server==0.8.3)
PEER_USERS=${PEER_USERS:-2000}
PEER_CALLS=${PEER_CALLS:-50}
PEERS_STARTED=()

# stop_peers: those that were started.
stop_peers() {
	local pid

	for pid in "${PEERS_STARTED[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	PEERS_STARTED=()
}

# start_peer NAME PORT COMMAND...: adds NAME=URL=PID to PEER_ARGUMENTS once it answers.
start_peer() {
	local name=$1 port=$2 pid

	shift 2
	"$@" >"$WORK/peer.log" 2>&1 </dev/null &
	pid=$!
	PEERS_STARTED+=("$pid")
	for ((i = 0; i < 100; i++)); do
		if curl -s -o "$WORK/peer.answer" -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:$port$PEER_BASE/ServiceProviderConfig"; then
			PEER_ARGUMENTS+=("$name=http://127.0.0.1:$port$PEER_BASE=$pid")
			return
		fi
		sleep 0.1
	done
	cat "$WORK/peer.log" >&2
	die "$name does not start"
}

# start_scimserver PORT: SCIMServer, with a database beside ours, in the same server, whose CPU counts for whoever asks it.
start_scimserver() {
	local port=$1 url=http://127.0.0.1:$1/scim postmaster migration id

	postmaster=$(head -n 1 "$STACK/data/postmaster.pid")
	sql -d postgres -c 'CREATE DATABASE scim_bench_scimserver'
	for migration in "$SCIMSERVER"/prisma/migrations/*/migration.sql; do
		DATABASE=scim_bench_scimserver sql <"$migration" >/dev/null 2>&1 || die "$migration fails"
	done
	PEER_BASE=/scim/v2 start_peer SCIMServer "$port" env -C "$SCIMSERVER" NODE_ENV=production LOG_LEVEL=ERROR "PORT=$port" PERSISTENCE_BACKEND=prisma \
		"SCIM_SHARED_SECRET=$TOKEN" "JWT_SECRET=$TOKEN$TOKEN" "OAUTH_CLIENT_SECRET=$TOKEN" \
		"DATABASE_URL=postgresql://$MAINTENANCE_USER@localhost:$PGPORT_PRIVATE/scim_bench_scimserver?host=$STACK" \
		"${SCIMSERVER_NODE:-node}" dist/main.js
	id=$(curl -s -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
		-d '{"name": "bench", "profilePreset": "rfc-standard"}' "$url/admin/endpoints" | jq -r .id)
	PEER_ARGUMENTS[-1]="SCIMServer=$url/endpoints/$id=${PEERS_STARTED[-1]},$postmaster"
}

part_peers() {
	local output port pids
	PEER_ARGUMENTS=()

	command -v python3 >/dev/null || need_packages python3
	DATABASE=scim_bench_peers
	sql -d postgres -c "CREATE DATABASE $DATABASE"
	sql -c 'CREATE EXTENSION scim' -c "SELECT scim.create_store('directory')" >/dev/null
	serve_http
	pids=$(head -n 1 "$STACK/data/postmaster.pid"),$(cat "$STACK/postgrest.pid"),$(cat "$STACK/nginx.pid")
	PEER_ARGUMENTS=("scim=$SCIM_URL=$pids")
	mkdir -p "$PEER_SERVERS"
	if [ -d "$PEER_SERVERS/node_modules" ] || output=$(npm install --prefix "$PEER_SERVERS" --no-audit --no-fund "${NPM_SERVERS[@]}" 2>&1 </dev/null); then
		port=$(free_port)
		PEER_BASE=/scim/v2 start_peer "${NPM_SERVERS[0]}" "$port" node "$ROOT/bin/lib/bench/scimmy.js" "$PEER_SERVERS" "$port" "$TOKEN"
	else
		say "${NPM_SERVERS[0]} is not to be had, skipped: ${output##*$'\n'}" >&2
	fi
	if [ -d "$PEER_SERVERS/python" ] || output=$(python3 -m pip install --quiet --disable-pip-version-check \
		--root-user-action ignore --target "$PEER_SERVERS/python" "${PYPI_SERVERS[@]}" 2>&1 </dev/null); then
		port=$(free_port)
		PEER_BASE=/v2 start_peer "${PYPI_SERVERS[0]}" "$port" env "PYTHONPATH=$PEER_SERVERS/python" PYTHONDONTWRITEBYTECODE=1 \
			python3 "$PEER_SERVERS/python/bin/scim2-server" --port "$port" --bearer-token "$TOKEN"
	else
		say "${PYPI_SERVERS[0]} is not to be had, skipped: ${output##*$'\n'}" >&2
	fi
	[ -z "${SCIMSERVER:-}" ] || start_scimserver "$(free_port)"
	python3 "$ROOT/bin/lib/bench/peers.py" "$PEER_USERS" "$PEER_CALLS" "$ROUNDS" "$TOKEN" "${PEER_ARGUMENTS[@]}" |
		{ IFS= read -r output && printf '%s\n' "$output" && column -t -s "$(printf '\t')"; }
	stop_peers
}
