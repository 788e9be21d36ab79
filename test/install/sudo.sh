#!/usr/bin/env bash
# sudo.sh: a Debian 12 that serves a database already, without the headers, and a port that is taken; a
# user who may use sudo.
set -u
. test/install/lib.sh

install_packages postgresql-15 postgresql-client-15 libpq-dev python3 sudo ccache || exit
compile_once
useradd --create-home --shell /bin/bash alice
echo 'alice ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/alice
cp -r /scim /home/alice/scim
chown -R alice: /home/alice/scim
HERE=/home/alice/scim
SERVES=$HERE/tmp/quickstart/env
BUSY=$(free_port)
PORT=$(free_port)
OTHER=$(free_port)

# alice COMMAND...: in her checkout
alice() { runuser -u alice -- env -C $HERE HOME=/home/alice "$@"; }
quickstart() { alice bin/quickstart "$@"; }
quickstart_at() { alice SCIM_HTTP_PORT="$1" bin/quickstart "${@:2}"; }

# whose the services in her home are
only_alice_runs() {
	local process owners

	owners=$(for process in /proc/[0-9]*; do
		tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -qE '(postgres|postgrest|nginx).*/home/alice' && stat -c %U "$process"
	done | sort -u)
	[ "$owners" = alice ] || { echo "owners: $owners"; return 1; }
}

# the server that was there, and what it has
pg_conftool 15 main set listen_addresses ''
pg_ctlcluster 15 main start
server() { cat /run/postgresql/15-main.pid && runuser -u postgres -- psql -X -A -t -c 'SELECT pg_postmaster_start_time()' -c 'SHOW port'; }
BEFORE=$(server)
same_server() { diff <(printf '%s\n' "$BEFORE") <(server); }
check "PostgreSQL is there" grep -q 5432 <<<"$BEFORE"
check "its client has brought pg_config" test -x /usr/lib/postgresql/15/bin/pg_config
check "but there are no headers" not test -e /usr/include/postgresql/15/server/postgres.h

python3 -c 'import socket, sys, time
listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
time.sleep(3600)' "$BUSY" &
INSTALLED=$(installed)
sleep 1
check "a port that is taken is refused" refused "port $BUSY .* is taken.* [0-9]* is free" quickstart_at "$BUSY"
check "before anything is installed" diff <(printf '%s\n' "$INSTALLED") <(installed)
check "or made" not test -e /home/alice/.local -o -e $HERE/tmp
if [ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 80 ]; then
	check "a port of root's is refused" refused 'only root may listen on port 80' quickstart_at 80
fi

timed "bin/quickstart on another" quickstart_at "$PORT"
check "a client finds bjensen" alice bash -c '. test/install/lib.sh; served_by tmp/quickstart/env'
check "the headers are those of the server that was there" test -e /usr/include/postgresql/15/server/postgres.h
check "which has not been touched" same_server
check "and knows nothing of it" find /usr/share/postgresql /usr/lib/postgresql -name 'scim*' -exec false {} +
check "data lie in ~/.local/state" test -d /home/alice/.local/state/scim/quickstart-*/service/data
check "everything runs as alice" only_alice_runs
check "a second start, without a network and sudo" alice env PATH=/usr/bin:/bin http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 bin/quickstart
check "keeps its port" grep -q ":$PORT/" $SERVES
check "another port is taken on request" quickstart_at "$OTHER"
check "and kept" quickstart
check "and kept indeed" grep -q ":$OTHER/" $SERVES
check "stops" quickstart stop
check "nothing of it is left running" not runs alice
check "the server that was there still runs" same_server
