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

	must STORES '.+' "a list of store=/path or store=host/path"
	must_each STORES "$one" "store=/path or store=host/path"
	for item in ${SETTING[STORES]}; do
		host=$(host_of "$item") path=$(path_of "$item")
		# schemas of others
		[[ ! ${item%%=*} =~ ^(pg_.*|information_schema|public|api|scim|scim_internal|scim_log)$ ]] ||
			die "$SETTINGS: STORES has \"$item\": ${item%%=*} is a schema that is no store's; name the store otherwise"
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
	must_each CERTIFICATES "$one" "host=certificate:key"
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

# copy_of CERTIFICATE:KEY: where nginx reads it, key and chain in one file, so that they are never of two.
copy_of() {
	local pair name

	while read -r pair name _; do
		[ "$pair" != "$1" ] || printf '/etc/nginx/scim/%s/certificates/%s.pem' "$NAME" "$name"
	done < <(certificates)
}

# write_certificates: what nginx reads of each pair, and what takes the new ones there.
write_certificates() {
	local pair name names=() file

	[ -z "$REMOVE" ] || for file in "$TARGET/etc/nginx/scim/$NAME/certificates"/*.pem; do
		take_away nginx "${file#"$TARGET"}"
	done
	put certificates "/etc/scim/$NAME/certificates.sh" < <(certificates_sh)
	while read -r pair name _; do
		names+=("$name")
		if [ -z "$REMOVE" ] && [ -r "$TARGET${pair%:*}" ] && [ -r "$TARGET${pair#*:}" ]; then
			put nginx "$(copy_of "$pair")" 600 < <(printf '%s\n' "$(cat "$TARGET${pair#*:}")"; [ "${pair%:*}" = "${pair#*:}" ] || printf '%s\n' "$(cat "$TARGET${pair%:*}")")
		fi
	done < <(certificates)
	[ -n "$REMOVE" ] || remove_others "/etc/nginx/scim/$NAME/certificates/" .pem "${names[@]}"
}

# certificates_sh: what scim-certificate-NAME.service runs.
certificates_sh() {
	local pair

	cat <<-SH
		# Made by scim-configure of $SETTINGS_NAME: what nginx shows of its certificates is a copy, of the
		# last one that was whole.  One that nginx would not take, and with it nothing else, stays outside.
		umask 077
		status=0
		work=\$(mktemp -d) || exit 1
		trap 'rm -rf "\$work"' EXIT

		# take CERTIFICATE KEY COPY
		take() {
		    cat "\$1" "\$2" >/dev/null || return 1
		    { printf '%s\n' "\$(cat "\$2")"; [ "\$1" = "\$2" ] || printf '%s\n' "\$(cat "\$1")"; } >"\$work/pair.pem"
		    cmp -s "\$work/pair.pem" "\$3" && return 0
		    cat >"\$work/nginx.conf" <<CONF
		pid \$work/nginx.pid;
		error_log stderr;
		events {}
		http {
		    access_log off;
		    client_body_temp_path \$work/b; proxy_temp_path \$work/p; fastcgi_temp_path \$work/f; uwsgi_temp_path \$work/u; scgi_temp_path \$work/s;
		    server { listen unix:\$work/socket ssl; ssl_certificate \$work/pair.pem; ssl_certificate_key \$work/pair.pem; }
		}
		CONF
		    PATH=\$PATH:/usr/sbin nginx -q -t -e stderr -c "\$work/nginx.conf" </dev/null || return 1
		    mkdir -p "\$(dirname "\$3")" && cp "\$work/pair.pem" "\$3.new" && mv "\$3.new" "\$3" && echo "taken: \$1"
		}
	SH
	while read -r pair _; do
		printf 'take %s %s %s ||\n    { echo "%s and its key are not taken, and nginx stays with the ones of before" >&2; status=1; }\n' \
			"${pair%:*}" "${pair#*:}" "$(copy_of "$pair")" "${pair%:*}"
	done < <(certificates)
	cat <<-'SH'
		systemctl reload nginx.service || status=1
		exit $status
	SH
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

# longest_first: STORES by the length of their paths.
longest_first() {
	local store path

	for store in ${SETTING[STORES]}; do
		path=$(path_of "$store")
		printf '%s %s\n' "${#path}" "$store"
	done | sort -s -k 1,1nr | cut -d ' ' -f 2
}

# server_at HOST NAME...: what nginx serves by these names, which are those of SERVER_NAME where HOST
# is nothing, and else a host with stores of its own.
server_at() {
	local host=$1 listen item path origin copy here=locations

	copy=$(copy_of "$(certificate_of "$2")")
	[ -z "$host" ] || here=hosts/$host
	printf '\nserver {\n'
	for listen in ${SETTING[LISTEN]}; do
		printf '    listen %s ssl;\n' "$listen"
	done
	cat <<-CONF
		    server_name ${*:2};
		    ssl_certificate $copy;
		    ssl_certificate_key $copy;
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
	# the first location that fits is the one that counts, so that what is within another comes before it
	for item in $(longest_first); do
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
