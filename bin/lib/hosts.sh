# shellcheck shell=bash
# hosts.sh: names of a service beside SERVER_NAME: other names of the same stores, those of ROUTES;
# hosts that have stores of their own, those of STORES; and certificates of either
# (doc/production.md).  Sourced by bin/scim-configure.

HOSTS=()			# of ROUTES: names beside SERVER_NAME
OWN_HOSTS=()			# of STORES
declare -A CERTIFICATE=()	# of those that have one of their own: CERTIFICATE:KEY
HOST_PATTERN='[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+'
PATH_PATTERN='/[A-Za-z0-9_./-]*[A-Za-z0-9_-]'

# host_of STORE=[HOST]/PATH: nothing for SERVER_NAME.  path_of: /PATH.
host_of() {
	local host=${1#*=}

	host=${host%%/*}
	[ "$host" = "${SETTING[SERVER_NAME],,}" ] || printf '%s' "$host"
}
path_of() { printf '/%s' "${1#*/}"; }

# read_stores: STORES.
read_stores() {
	local item host path one="[a-z_][a-z0-9_]{0,62}=($HOST_PATTERN)?$PATH_PATTERN" what seen=" "

	must STORES "$one( +$one)*" "a list of store=/path or store=host/path"
	for item in ${SETTING[STORES]}; do
		host=$(host_of "$item") path=$(path_of "$item")
		for what in "${item%%=*}" "$host$path"; do
			[[ $seen != *" $what "* ]] || die "$SETTINGS: STORES has $what twice"
			seen+="$what "
		done
		[[ ${SETTING[CONSOLE]} = no || $path/ != /console* ]] || die "$SETTINGS: STORES has what CONSOLE=yes takes: $path"
		[ -z "$host" ] || [[ " ${OWN_HOSTS[*]} " = *" $host "* ]] || OWN_HOSTS+=("$host")
	done
}

# read_certificates: CERTIFICATES, of names that there are.
read_certificates() {
	local item host path='/[A-Za-z0-9_./@+-]*' one

	one="$HOST_PATTERN=$path:$path"
	must CERTIFICATES "($one( +$one)*)?" "a list of host=certificate:key"
	for item in ${SETTING[CERTIFICATES]}; do
		host=${item%%=*}
		[ "$host" != "${SETTING[SERVER_NAME],,}" ] || die "$SETTINGS: CERTIFICATES: that of SERVER_NAME is TLS_CERTIFICATE"
		[[ " ${HOSTS[*]} ${OWN_HOSTS[*]} " = *" $host "* ]] || die "$SETTINGS: CERTIFICATES: neither STORES nor ROUTES have the host $host"
		[ -z "${CERTIFICATE[$host]+there}" ] || die "$SETTINGS: CERTIFICATES has $host twice"
		CERTIFICATE[$host]=${item#*=}
	done
}

# names: all of the service.
names() { printf '%s\n' "${SETTING[SERVER_NAME],,}" "${HOSTS[@]}" "${OWN_HOSTS[@]}"; }

# certificate_of HOST: CERTIFICATE:KEY that nginx shows there.
certificate_of() { printf '%s' "${CERTIFICATE[$1]:-${SETTING[TLS_CERTIFICATE]}:${SETTING[TLS_KEY]}}"; }

# certificates: each once, with the names that it is shown to: CERTIFICATE:KEY NAME...
certificates() {
	local name

	while read -r name; do
		printf '%s %s\n' "$(certificate_of "$name")" "$name"
	done < <(names) | awk '{ if (! ($1 in shown)) order[++n] = $1; shown[$1] = shown[$1] " " $2 } END { for (i = 1; i <= n; i++) print order[i] shown[order[i]] }'
}

# shared_names: of ROUTES that have no certificate of their own, so that they are shown that of SERVER_NAME.
shared_names() {
	local host

	for host in "${HOSTS[@]}"; do
		[ -n "${CERTIFICATE[$host]+there}" ] || printf ' %s' "$host"
	done
}

# main_of HOST: the primary that a host with stores of its own asks whether it is ready.
main_of() {
	local server

	[ -z "$1" ] || for server in main "${PRIMARIES[@]}"; do
		[ -z "$(stores_of "$server" "$1")" ] || { printf '%s' "$server"; return; }
	done
	printf main
}

# server_file HOST: scim_server.conf, or what asks another primary than main.
server_file() {
	local server

	server=$(main_of "$1")
	printf 'scim_server%s.conf' "$([ "$server" = main ] || echo "-$server")"
}

# write_server_files: those that ask another primary than main.
write_server_files() {
	local host server needed=()

	for host in "${OWN_HOSTS[@]}"; do
		server=$(main_of "$host")
		[[ $server != main && " ${needed[*]} " != *" $server "* ]] || continue
		needed+=("$server")
		put nginx "/etc/nginx/scim/$NAME/scim_server-$server.conf" < <(of_service <"$ROOT/conf/scim_server.conf" |
			sed "s|set \$scim_probed .*;|set \$scim_probed $(upstream_of "$server");|")
	done
	remove_others "/etc/nginx/scim/$NAME/scim_server-" .conf "${needed[@]}"
}

# server_at HOST NAME...: what nginx serves by these names, which are those of SERVER_NAME where HOST
# is nothing, and else a host with stores of its own.
server_at() {
	local host=$1 listen item path origin certificate here=locations

	certificate=$(certificate_of "$2")
	[ -z "$host" ] || here=hosts/$host
	printf '\nserver {\n'
	for listen in ${SETTING[LISTEN]}; do
		printf '    listen %s ssl;\n' "$listen"
	done
	cat <<-CONF
		    server_name ${*:2};
		    ssl_certificate ${certificate%:*};
		    ssl_certificate_key ${certificate#*:};
		    ssl_protocols TLSv1.2 TLSv1.3;
		    ssl_session_cache shared:scim_$ID:2m;
		    ssl_session_timeout 1d;
		    ssl_session_tickets off;
		    server_tokens off;
		    access_log ${SETTING[LOG]} scim;

		    # one buffer for all headers, since PostgREST takes 50 KB of them
		    client_header_buffer_size 4k;
		    large_client_header_buffers 1 40k;
		    client_max_body_size ${SETTING[MAX_BODY_BYTES]};
		    client_body_buffer_size 256k;
		    limit_req_status 429;
		    set \$scim_upstream \$scim_upstream_$ID;
		    set \$scim_standbys \$scim_standbys_$ID;
		    set \$scim_max_body ${SETTING[MAX_BODY_BYTES]};
		    set \$scim_stores "$(stores_to_ask "$(main_of "$host")" "$host")";

		    include /etc/nginx/scim/$NAME/$(server_file "$host");
	CONF
	for item in ${SETTING[STORES]}; do
		[ "$(host_of "$item")" = "$host" ] || continue
		path=$(path_of "$item")
		origin=https://$host$PORT_OF_ORIGIN
		[ -n "$host" ] || origin=$ORIGIN
		[ -n "$host" ] || [ ${#HOSTS[@]} = 0 ] || origin="\$scim_origin_$ID"
		cat <<-CONF
			    location ~ ^(/\.well-known/oauth-authorization-server)?${path//./\\.}(/|\$) {
			        set \$scim_store ${item%%=*};
			        set \$scim_base_url $origin$path;
			        include /etc/nginx/scim/$NAME/scim_proxy.conf;
			    }
		CONF
	done
	readiness_locations "$host"
	[ "${SETTING[CONSOLE]}" = no ] || printf '    include /etc/nginx/scim/%s/scim_console%s.conf;\n' "$NAME" "${host:+-$host}"
	cat <<-CONF
		    # locations of your own
		    include /etc/nginx/scim/$NAME/$here/*.conf;
		    location / {
		        return 404;
		    }
		}
	CONF
}
