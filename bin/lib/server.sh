# shellcheck shell=bash
# server.sh: a private PostgreSQL with the extension in it, and PostgREST and
# nginx before it.  Sourced after common.sh and packages.sh.
#
#	STACK	directory of the servers: data, sockets, logs; SERVICE_USER's, 0700
#	PREFIX	a private copy of the PostgreSQL installation
#
# Nothing is installed into the system's PostgreSQL and nothing listens on TCP
# but nginx, on 127.0.0.1.  The three programs run as SERVICE_USER.

PGPORT_PRIVATE=5432	# names the socket file only
MAINTENANCE_USER=postgres

# install_prefix: PostgreSQL finds its files relative to its programs, so a tree
# of links around real copies of the programs is an installation of its own, in
# which "make install" touches nothing of the system's.  Sets PG_CONFIG, PGBIN.
install_prefix() {
	local bindir dir

	bindir=$("$SYSTEM_PG_CONFIG" --bindir)
	if ! cmp -s "$bindir/postgres" "$PREFIX$bindir/postgres"; then
		for dir in --pkglibdir --sharedir --pkgincludedir --includedir-server; do
			dir=$("$SYSTEM_PG_CONFIG" "$dir")
			mkdir -p "$PREFIX$dir"
			cp -rsf "$dir/." "$PREFIX$dir"
		done
		mkdir -p "$PREFIX$bindir"
		cp --remove-destination "$bindir"/* "$PREFIX$bindir"
	fi
	PG_CONFIG=$PREFIX$bindir/pg_config
	PGBIN=$PREFIX$bindir
}

server_is_running() { as_service "$PGBIN/pg_ctl" -D "$STACK/data" status >/dev/null 2>&1; }

# write_as_service FILE: standard input into FILE, readable by the service only.
write_as_service() { as_service sh -c 'umask 077; cat >"$1"' - "$1"; }

# server_init: an empty cluster.  The caller and SERVICE_USER may log in through
# the socket; nobody else reaches it.
server_init() {
	local output

	output=$(as_service "$PGBIN/initdb" -D "$STACK/data" -U "$MAINTENANCE_USER" -E UTF8 \
		--locale=C.UTF-8 --auth-local=peer --auth-host=reject --no-sync 2>&1) ||
		die "initdb failed: $output"
	write_as_service "$STACK/data/pg_hba.conf" <<-CONF
		local all all ${LOCAL_AUTH:-peer map=private}
	CONF
	write_as_service "$STACK/data/pg_ident.conf" <<-CONF
		private $(id -un) $MAINTENANCE_USER
		private $SERVICE_USER $MAINTENANCE_USER
		private $SERVICE_USER authenticator
		${OWNER:+private $(id -un) $OWNER}
	CONF
	as_service sh -c 'cat >>"$1"' - "$STACK/data/postgresql.conf" <<-CONF
		listen_addresses = ''
		port = $PGPORT_PRIVATE
		unix_socket_directories = '$STACK'
		unix_socket_permissions = 0700
		fsync = ${FSYNC:-on}
		log_min_messages = warning
	CONF
}

# server_start: returns when it accepts connections.
server_start() {
	server_is_running && return 0
	as_service "$PGBIN/pg_ctl" -D "$STACK/data" -l "$STACK/postgresql.log" -w -t 60 start \
		>/dev/null 2>&1 </dev/null ||
		{ tail -n 20 "$STACK/postgresql.log" >&2; die "PostgreSQL did not start"; }
}

server_stop() {
	[ -e "$STACK/data/postmaster.pid" ] && server_is_running || return 0
	as_service "$PGBIN/pg_ctl" -D "$STACK/data" -m fast -w stop >/dev/null 2>&1
}

# sql [psql options]: as the superuser, or who MAINTENANCE_USER is by now.
sql() {
	PGHOST=$STACK PGPORT=$PGPORT_PRIVATE PGUSER=$MAINTENANCE_USER PGDATABASE=${DATABASE:-postgres} \
		PGOPTIONS='-c client_min_messages=warning' \
		"$PGBIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# fill_in TEMPLATE FILE NAME=VALUE...: replaces each @NAME@.
fill_in() {
	local template=$1 file=$2 pair expressions=()

	shift 2
	for pair in "$@"; do
		expressions+=(-e "s|@${pair%%=*}@|${pair#*=}|g")
	done
	sed "${expressions[@]}" "$template" | write_as_service "$file"
	! grep -q '@[A-Z_]*@' "$file" || die "$file: a word between @ signs is left"
}

# gateway_configure PORT DATABASE: the files of nginx and PostgREST, and the key
# that JSON web tokens are signed with; the store "directory" is served.
gateway_configure() {
	as_service sh -c 'umask 077
		mkdir -p "$1/nginx" "$1/locations" "$1/servers" "$1/routes" "$1/standbys"
		[ -s "$1/jwt.key" ] || od -An -N32 -tx1 /dev/urandom | tr -d " \n" >"$1/jwt.key"' - "$STACK"
	fill_in "$ROOT/conf/postgrest.conf.in" "$STACK/postgrest.conf" \
		"DB_URI=host=$STACK port=$PGPORT_PRIVATE user=authenticator dbname=$2" \
		"JWT_KEY_FILE=$STACK/jwt.key" "SOCKET=$STACK/postgrest.sock"
	write_as_service "$STACK/scim_server.conf" <"$ROOT/conf/scim_server.conf"
	write_as_service "$STACK/scim_probe.conf" <"$ROOT/conf/scim_probe.conf"
	fill_in "$ROOT/conf/scim_proxy.conf.in" "$STACK/scim_proxy.conf" \
		"TOKEN_BURST=${TOKEN_BURST:-100}" "ADDRESS_BURST=${ADDRESS_BURST:-200}"
	write_as_service "$STACK/scim_request.conf" <"$ROOT/conf/scim_request.conf"
	fill_in "$ROOT/conf/scim_standby.conf.in" "$STACK/scim_standby.conf" \
		"TOKEN_BURST=${TOKEN_BURST:-100}" "ADDRESS_BURST=${ADDRESS_BURST:-200}"
	gateway_serve directory "http://127.0.0.1:$1" /scim/v2
	fill_in "$ROOT/conf/nginx.conf.in" "$STACK/nginx.conf" \
		"RUN_DIR=$STACK" "SOCKET=$STACK/postgrest.sock" "LISTEN=${SCIM_HTTP_ADDRESS:-127.0.0.1}:$1" \
		"SERVER_NAME=localhost" "MAX_BODY_BYTES=10485760" \
		"TOKEN_RATE=${TOKEN_RATE:-50}" "ADDRESS_RATE=${ADDRESS_RATE:-100}"
}

# gateway_console PATH...: the page for people, of stores at these paths (doc/console.md).
gateway_console() {
	local file services

	as_service mkdir -p "$STACK/console"
	for file in index.html console.css console.js; do
		write_as_service "$STACK/console/$file" <"$ROOT/conf/console/$file"
	done
	write_as_service "$STACK/scim_console_headers.conf" <"$ROOT/conf/scim_console_headers.conf"
	services=$(printf ', "%s"' "$@")
	fill_in "$ROOT/conf/scim_console.conf.in" "$STACK/locations/.console.conf" \
		"CONSOLE_DIR=$STACK/console" "CONSOLE_SERVICES=[${services#, }]"
	as_service mv "$STACK/locations/.console.conf" "$STACK/locations/console.conf"
}

# gateway_serve STORE ORIGIN PATH: a location of nginx, which takes it when it starts.
gateway_serve() {
	write_as_service "$STACK/locations/$1.conf" <<-CONF
		location ~ ^(/\.well-known/oauth-authorization-server)?$3(/|\$) {
		    set \$scim_store $1;
		    set \$scim_base_url $2$3;
		    include scim_proxy.conf;
		}
	CONF
}

postgrest_pid() { cat "$STACK/postgrest.pid" 2>/dev/null; }
postgrest_is_running() { process_is "$(postgrest_pid)" "$STACK/postgrest.conf"; }

postgrest_start() {
	postgrest_is_running && return 0
	# The checkout may be out of the service's reach: run a copy.
	cmp -s "$POSTGREST" "$STACK/postgrest" ||
		as_service sh -c 'cat >"$1.new" && chmod 700 "$1.new" && mv "$1.new" "$1"' - \
			"$STACK/postgrest" <"$POSTGREST"
	as_service sh -c 'rm -f "$1/postgrest.sock"
		setsid "$1/postgrest" "$1/postgrest.conf" >"$1/postgrest.log" 2>&1 </dev/null &
		echo $! >"$1/postgrest.pid"' - "$STACK"
	wait_for 20 test -S "$STACK/postgrest.sock" ||
		{ tail -n 20 "$STACK/postgrest.log" >&2; die "PostgREST did not start"; }
}

postgrest_stop() { stop_process "$(postgrest_pid)" "$STACK/postgrest.conf" TERM; }

nginx_pid() { cat "$STACK/nginx.pid" 2>/dev/null; }
nginx_is_running() { process_is "$(nginx_pid)" "$STACK/nginx.conf"; }

require_port() {
	! port_is_busy "$1" ||
		die "port $1 of 127.0.0.1 is taken by another program; choose one with SCIM_HTTP_PORT"
}

# nginx_start PORT
nginx_start() {
	local output

	nginx_is_running && return 0
	require_port "$1"
	output=$(as_service /usr/sbin/nginx -e "$STACK/nginx.log" -c "$STACK/nginx.conf" 2>&1 </dev/null) ||
		die "nginx did not start: $output"
}

nginx_stop() { stop_process "$(nginx_pid)" "$STACK/nginx.conf" QUIT; }

# wait_for_gateway PORT: PostgREST answers once it has read the database schema.
wait_for_gateway() {
	wait_for 30 curl -sf --max-time 5 -o /dev/null "http://127.0.0.1:$1/scim/v2/ServiceProviderConfig" ||
		{ tail -n 20 "$STACK/postgrest.log" "$STACK/nginx.log" >&2; die "no answer over HTTP"; }
}
