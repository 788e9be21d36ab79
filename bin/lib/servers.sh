# shellcheck shell=bash
# servers.sh: servers beside that of PGHOST, each with a PostgREST of its own: standbys, and primaries
# that have other stores (doc/scale.md).  Sourced by bin/scim-configure.

declare -A SERVER=()		# of each, main among them: HOST:PORT
declare -A PRIMARY_OF=()	# of each standby: main or the name of a primary
PRIMARIES=()
STANDBYS=()
GONE=()				# servers that the settings name no more

# read_servers: STANDBYS, PRIMARIES and ROUTES.
read_servers() {
	local host=$HOST_PATTERN path=$PATH_PATTERN
	local name='[a-z][a-z0-9]{0,20}' server from of item
	local at="=(/[A-Za-z0-9_./@+-]+|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-f:.]+\]):$PORT_PATTERN"

	must_each PRIMARIES "$name$at" "name=host:port"
	must_each STANDBYS "$name(@$name)?$at" "name=host:port or name@primary=host:port"
	must_be_addresses PRIMARIES
	must_be_addresses STANDBYS
	from="($host|$host$path|$path)=$name"
	must_each ROUTES "$from" "host=name, /path=name or host/path=name"
	SERVER[main]=${SETTING[PGHOST]}:${SETTING[PGPORT]}
	for item in ${SETTING[PRIMARIES]}; do
		add_server PRIMARIES "${item%%=*}" "${item#*=}"
		PRIMARIES+=("${item%%=*}")
	done
	for item in ${SETTING[STANDBYS]}; do
		server=${item%%=*} of=main
		[[ $server != *@* ]] || of=${server#*@}
		[ "$of" = main ] || [[ " ${PRIMARIES[*]} " = *" $of "* ]] || die "$SETTINGS: STANDBYS: there is no primary $of"
		add_server STANDBYS "${server%@*}" "${item#*=}"
		STANDBYS+=("${server%@*}")
		PRIMARY_OF[${server%@*}]=$of
	done
	for item in ${SETTING[ROUTES]}; do
		of=${item#*=} from=${item%%=*}
		[ "$of" = main ] || [[ " ${PRIMARIES[*]} " = *" $of "* ]] || die "$SETTINGS: ROUTES: there is no primary $of"
		from=${from%%/*}
		[ -z "$from" ] || [ "$from" = "${SETTING[SERVER_NAME],,}" ] || [[ " ${HOSTS[*]} ${OWN_HOSTS[*]} " = *" $from "* ]] || HOSTS+=("$from")
	done
}

# need_keys: what a server elsewhere is reached by.
need_keys() {
	local server item

	[ -n "$TARGET" ] || for server in "${!SERVER[@]}"; do
		is_here "$server" || for item in root.crt postgresql.crt postgresql.key; do
			[ -e "${SETTING[PG_TLS]}/$item" ] || die "$SETTINGS: PG_TLS: no ${SETTING[PG_TLS]}/$item, by which $server is reached"
		done
	done
}

# add_server SETTING NAME HOST:PORT
add_server() {
	local other

	[ -z "${SERVER[$2]+there}" ] || die "$SETTINGS: $1: there is a server $2 already"
	for other in "${!SERVER[@]}"; do
		[ "${SERVER[$other]}" != "$3" ] || die "$SETTINGS: $1: $2 is where $other is, $3"
	done
	SERVER[$2]=$3
}

# is_here SERVER: is it reached by its socket?
is_here() { [[ ${SERVER[$1]} = /* ]]; }

# connection SERVER: how libpq gets there.
connection() {
	local host=${SERVER[$1]%:*} port=${SERVER[$1]##*:} tls=${SETTING[PG_TLS]}

	host=${host#[} host=${host%]}
	printf 'host=%s port=%s' "$host" "$port"
	is_here "$1" || printf ' sslmode=verify-full sslrootcert=%s/root.crt sslcert=%s/postgresql.crt sslkey=%s/postgresql.key' "$tls" "$tls" "$tls"
}

# origins_of HOST: that host, or SERVER_NAME and its other names.
origins_of() { if [ -n "$1" ]; then echo "$1"; else echo "${SETTING[SERVER_NAME],,}" "${HOSTS[@]}"; fi; }

# servers_at ORIGIN PATH OWN: into AT whoever gets something of what is below the path, by the routes; the last one
# gets the rest.  OWN: the origin is a host with stores of its own.
servers_at() {
	local route from host path

	AT=()
	for route in ${SETTING[ROUTES]} =main; do
		from=${route%%=*}
		host=${from%%/*}
		path=${from#"$host"}
		# without a host it is of SERVER_NAME and its other names
		if [ -n "$host" ]; then
			[ "$host" = "$1" ] || continue
		elif [ -n "$3" ] && [ -n "$path" ]; then
			continue
		fi
		if [[ $2/ = "$path"/* ]]; then	# all of it, and no later route any
			AT+=("${route#*=}")
			return
		fi
		[[ $path/ != "$2"/* ]] || AT+=("${route#*=}")
	done
}

# serves SERVER HOST PATH: does it get any requests for what is below PATH at the host, or at SERVER_NAME and
# its other names?
serves() {
	local origin

	for origin in $(origins_of "$2"); do
		servers_at "$origin" "$3" "$2"
		[[ " ${AT[*]} " != *" $1 "* ]] || return 0
	done
	return 1
}

# stores_of SERVER [HOST]: those that it has, by the routes; only those of a host of their own.
stores_of() {
	local store host

	for store in ${SETTING[STORES]}; do
		host=$(host_of "$store")
		[ -z "${2:-}" ] || [ "$host" = "$2" ] || continue
		! serves "$1" "$host" "$(path_of "$store")" || printf '%s ' "${store%%=*}"
	done
}

# stores_to_ask PRIMARY HOST: the same without the blank at the end.
stores_to_ask() {
	local stores

	stores=$(stores_of "$1" "$2")
	printf '%s' "${stores% }"
}

# upstream_of SERVER, socket_of SERVER: of its PostgREST.
upstream_of() { printf 'scim_postgrest_%s%s' "$ID" "$([ "$1" = main ] || echo ".$1")"; }
socket_of() { printf '/run/scim-%s%s/postgrest.sock' "$NAME" "$([ "$1" = main ] || echo "@$1")"; }

# standbys_of PRIMARY
standbys_of() {
	local standby

	for standby in "${STANDBYS[@]}"; do
		[ "${PRIMARY_OF[$standby]}" != "$1" ] || printf '%s ' "$standby"
	done
}

# upstream NAME SERVER...: as nginx has it; SERVER:backup is asked where no other answers.
upstream() {
	local server

	printf 'upstream %s {\n' "$1"
	for server in "${@:2}"; do
		case $server in
		*:backup) printf '    server unix:%s backup;\n' "$(socket_of "${server%:backup}")" ;;
		*) printf '    server unix:%s;\n' "$(socket_of "$server")" ;;
		esac
	done
	printf '    keepalive 16;\n    keepalive_timeout 25s;      # PostgREST closes an idle connection after 30 s\n}\n'
}

# upstreams: who is asked, and by which host and path.
upstreams() {
	local server route from host path standbys every='[^/]*' own

	if [ ${#OWN_HOSTS[@]} -gt 0 ]; then
		own=$(IFS='|'; printf '%s' "${OWN_HOSTS[*]}")
		every="(?!(?:${own//./\\.})/)[^/]*"
	fi
	for server in main "${PRIMARIES[@]}" "${STANDBYS[@]}"; do
		upstream "$(upstream_of "$server")" "$server"
	done
	for server in main "${PRIMARIES[@]}"; do
		read -ra standbys <<<"$(standbys_of "$server")"
		[ ${#standbys[@]} = 0 ] || upstream "$(upstream_of "$server").standbys" "${standbys[@]}" "$server:backup"
	done
	cat <<-CONF
		# Which of them, by host and path, and who reads for it: the first line that fits.  Lines of your
		# own are in /etc/nginx/scim/$NAME/routes and standbys, upstreams in servers (doc/scale.md).
		include /etc/nginx/scim/$NAME/servers/*.conf;
		map "\$host\$uri" \$scim_upstream_$ID {
		    default $(upstream_of main);
		    include /etc/nginx/scim/$NAME/routes/*.conf;
	CONF
	for route in ${SETTING[ROUTES]}; do
		from=${route%%=*}
		host=${from%%/*}
		path=${from#"$host"}
		host=${host//./\\.} path=${path//./\\.}
		printf '    "~^%s(/\\.well-known/oauth-authorization-server)?%s(/|$)" %s;\n' "${host:-$every}" "$path" "$(upstream_of "${route#*=}")"
	done
	cat <<-CONF
		}
		map \$scim_upstream_$ID \$scim_standbys_$ID {
		    default "";
		    include /etc/nginx/scim/$NAME/standbys/*.conf;
	CONF
	for server in main "${PRIMARIES[@]}"; do
		[ -z "$(standbys_of "$server")" ] || printf '    %s %s.standbys;\n' "$(upstream_of "$server")" "$(upstream_of "$server")"
	done
	printf '}\n'
	[ ${#HOSTS[@]} = 0 ] || {
		printf '# The address of each name; never what the client calls it.\nmap $host $scim_origin_%s {\n    default %s;\n' "$ID" "$ORIGIN"
		for host in "${HOSTS[@]}"; do
			printf '    %s https://%s;\n' "$host" "$host${ORIGIN#"https://${SETTING[SERVER_NAME]}"}"
		done
		printf '}\n'
	}
}

# probe_of STORES: what says that a server is ready.  One that serves no store, since all have moved, or none has
# come yet, is where it answers.
probe_of() { if [ -n "$1" ]; then echo scim_ready; else echo scim_health; fi; }

# readiness_locations HOST: of each server, or of those that have stores of that host.
readiness_locations() {
	local server stores

	for server in "${PRIMARIES[@]}" "${STANDBYS[@]}"; do
		stores=$(stores_to_ask "${PRIMARY_OF[$server]:-$server}" "$1")
		[ -n "$stores" ] || [ -z "$1" ] || continue
		cat <<-CONF
			    location = /readyz/$server {
			        set \$scim_probe $(probe_of "$stores");
			        set \$scim_probed $(upstream_of "$server");
			        set \$scim_stores "$stores";
			        include /etc/nginx/scim/$NAME/scim_probe.conf;
			    }
		CONF
	done
}

# server_unit: of PostgREST before any of them; %i is its name.
server_unit() {
	printf '%s\n' "# Made by scim-configure: PostgREST before a server in $SETTINGS_NAME; %i is its name there." ''
	sed -e '1,/^$/d' -e "s|the SCIM service %i|the SCIM service $NAME before the server %i|" \
		-e "s|/etc/scim/%i/postgrest.conf|/etc/scim/$NAME/postgrest-%i.conf|" \
		-e "s|^User=scim-%i|User=scim-$NAME|" -e "s|^RuntimeDirectory=scim-%i|RuntimeDirectory=scim-$NAME@%i|" "$ROOT/conf/scim-postgrest@.service"
}

# write_servers: of each server PostgREST, of primaries what is run there.
write_servers() {
	local server directory=/etc/scim/$NAME cluster unit=/etc/systemd/system/scim-postgrest-$NAME@.service

	# one of former settings goes, too
	[[ ${#SERVER[@]} = 1 && -z $REMOVE ]] || put servers "$unit" < <(server_unit)
	for server in "${PRIMARIES[@]}" "${STANDBYS[@]}"; do
		postgrest_conf "$server" "$(dirname "$(socket_of "$server")")"
		put "postgrest@$server" "$directory/postgrest-$server.conf" 600 "scim-$NAME:scim-$NAME" <"$NEW/postgrest.conf"
		is_here "$server" || continue
		cluster=$(cluster_of "${SERVER[$server]##*:}")
		[ -z "$cluster" ] || write_access "${cluster#"$TARGET"}/pg_ident.conf" "${cluster#"$TARGET"}/pg_hba.conf"
	done
	for server in "${PRIMARIES[@]}"; do
		put "postgresql@$server" "$directory/setup-$server.sql" < <(setup_sql "$server" "setup-$server.sql")
	done
	remove_others "$directory/postgrest-" .conf "${PRIMARIES[@]}" "${STANDBYS[@]}"
	remove_others "$directory/setup-" .sql "${PRIMARIES[@]}"
}

# remove_others BEFORE AFTER SERVER...: the files that are named so and not of these servers.
remove_others() {
	local file server

	for file in "$TARGET$1"*"$2"; do
		[ -e "$file" ] || continue
		server=${file#"$TARGET$1"} server=${server%"$2"}
		[[ " ${*:3} " != *" $server "* ]] || continue
		DIFFERS=yes
		[ -z "$CHECK" ] || { say "is left  ${file#"$TARGET"}"; continue; }
		LEAVE+=("$file")
		[[ $1 != */postgrest- ]] || GONE+=("$server")
	done
}

# advise_servers: what is to be done of each.
advise_servers() {
	local server psql

	for server in "${PRIMARIES[@]}"; do
		psql="psql -X -q -d postgres -h ${SERVER[$server]%:*} -p ${SERVER[$server]##*:} -f /etc/scim/$NAME/setup-$server.sql"
		! changed "postgresql@$server" || if is_here "$server"; then say "  runuser -u postgres -- $psql"; else say "  $psql"; fi
	done
	! changed servers || changed systemd || changed path || say "  systemctl daemon-reload"
	for server in "${PRIMARIES[@]}" "${STANDBYS[@]}"; do
		! changed "postgrest@$server" || say "  systemctl enable scim-postgrest-$NAME@$server && systemctl restart scim-postgrest-$NAME@$server"
	done
}

# advise_gone: nginx asks them no more.
advise_gone() {
	local server

	for server in "${GONE[@]}"; do
		say "  systemctl disable --now scim-postgrest-$NAME@$server"
	done
}
