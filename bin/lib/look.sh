# shellcheck shell=bash
# look.sh: what scim-configure has not written, and would find out too late: the certificate, who
# listens, the directory of the socket.  Sourced by bin/scim-configure.

# warn TEXT: nothing that scim-configure could mend; with --check a difference.
warn() {
	say "warning  $*"
	DIFFERS=yes
}

# check_certificates: nginx refuses a key of another one, and then everything else as well.
check_certificates() {
	local pair certificate key of_certificate of_key public name

	while read -r pair name _; do
		certificate=${pair%:*} key=${pair#*:} of_certificate=TLS_CERTIFICATE of_key=TLS_KEY
		[ -z "${CERTIFICATE[$name]+there}" ] || of_certificate="CERTIFICATES: $name" of_key="CERTIFICATES: $name"
		[ -n "$TARGET" ] || [ -r "$certificate" ] || die "$SETTINGS: $of_certificate: no $certificate"
		[ -n "$TARGET" ] || [ -r "$key" ] || die "$SETTINGS: $of_key: no $key"
		if [ ! -r "$TARGET$certificate" ] || [ ! -r "$TARGET$key" ] || ! command -v openssl >/dev/null; then
			continue
		fi
		public=$(openssl x509 -in "$TARGET$certificate" -noout -pubkey 2>/dev/null) ||
			die "$SETTINGS: $of_certificate: there is no certificate in $certificate"
		[ "$(openssl pkey -in "$TARGET$key" -passin pass: -pubout 2>/dev/null </dev/null)" = "$public" ] ||
			die "$SETTINGS: $of_key: $key is not the key of the first certificate in $certificate"
	done < <(certificates)
}

# look_at_certificates: nginx shows what nobody trusts.
look_at_certificates() {
	local pair shown

	while read -r pair shown; do
		look_at_certificate "${pair%:*}" "${pair#*:}" "$shown"
	done < <(certificates)
}

# look_at_certificate CERTIFICATE KEY NAMES
look_at_certificate() {
	local certificate=$1 key=$2 name begins ends now left life

	[ -r "$TARGET$certificate" ] && [ -r "$TARGET$key" ] || return 0
	[ $((8#$(stat -L -c %a "$TARGET$key") & 8#007)) = 0 ] || warn "$key is $(stat -L -c %a "$TARGET$key"): everybody on this machine may read the key; chmod 600"
	command -v openssl >/dev/null || { say "warning  no openssl: nobody has looked at $certificate"; return; }
	for name in $3; do
		openssl x509 -in "$TARGET$certificate" -noout -checkhost "$name" 2>/dev/null | grep -q ' does match ' ||
			warn "$certificate is not for $name"
	done
	begins=$(date -d "$(openssl x509 -in "$TARGET$certificate" -noout -startdate | cut -d = -f 2)" +%s)
	ends=$(date -d "$(openssl x509 -in "$TARGET$certificate" -noout -enddate | cut -d = -f 2)" +%s)
	now=$(date +%s) left=$((ends - now)) life=$((ends - begins))
	if [ "$left" -le 0 ]; then
		warn "$certificate has expired"
	elif [ "$begins" -gt "$now" ]; then
		warn "$certificate is not good yet"
	elif [ "$left" -lt $((14 * 86400)) ] && [ $((left * 3)) -lt "$life" ]; then
		# whatever renews it has done so by the last third
		warn "$certificate is good for $((left / 86400)) days and $((left % 86400 / 3600)) hours only"
	fi
}

# listeners: who accepts connections, a line each: 4 or 6, the address and the port as the kernel
# has them, and the inode of the socket.
listeners() {
	local family

	for family in 4 6; do
		awk -v family="$family" 'FNR > 1 && $4 == "0A" { split($2, at, ":"); print family, at[1], at[2], $10 }' \
			"$TARGET/proc/net/tcp${family#4}" 2>/dev/null || true
	done
}

# look_at_ports: nginx says that it has read its files, and tells its log alone that somebody else
# has the port.
look_at_ports() {
	local all listen port address family theirs_family theirs their_port inode process program heard bytes

	all=$(listeners)
	[ -n "$all" ] || return 0
	for listen in ${SETTING[LISTEN]}; do
		address='' port=${listen##*:} family=4 heard=''
		case $listen in
		\[*) family=6 address=${listen%:*} ;;
		*.*:*) address=${listen%:*} ;;
		*.*) address=$listen port=80 ;;
		esac
		# as the kernel has it: the bytes of an IPv4 address from the last on; of all there is nothing to compare
		case $address in
		0.0.0.0 | \[*) address='' ;;
		*.*)
			IFS=. read -ra bytes <<<"$address"
			address=$(printf '%02X%02X%02X%02X' "${bytes[3]}" "${bytes[2]}" "${bytes[1]}" "${bytes[0]}")
			;;
		esac
		port=$(printf '%04X' "$port")
		while read -r theirs_family theirs their_port inode; do
			[ "$port" = "$their_port" ] || continue
			# an address of IPv6 that is all of them may have those of IPv4, too
			[[ $family = "$theirs_family" || $theirs_family = 6 && ! $theirs =~ [^0] ]] || continue
			[[ -z $address || $theirs = "$address" || ! $theirs =~ [^0] ]] || continue
			process=$(find "$TARGET"/proc/[0-9]*/fd -lname "socket:\\[$inode\\]" 2>/dev/null | head -n 1) || true
			process=${process#"$TARGET/proc/"} process=${process%%/*}
			program=$(cat "$TARGET/proc/${process:-none}/comm" 2>/dev/null) || program="another program"
			if [ "$program" = nginx ]; then
				heard=yes
			else
				warn "$program${process:+ (process $process)} listens at $listen: nginx cannot, and tells only /var/log/nginx/error.log so"
				heard=yes
				break
			fi
		done <<<"$all"
		[ -n "$heard" ] || [ -z "$CHECK" ] || [ ! -s "$TARGET/run/nginx.pid" ] ||
			warn "nginx runs and does not listen at $listen: it has not read its files again, or /var/log/nginx/error.log says why it could not"
	done
}

# look_at_sockets: who may go in there may say who he is (doc/production.md).
look_at_sockets() {
	local server directory is should_be

	for server in "${!SERVER[@]}"; do
		directory=$(dirname "$(socket_of "$server")")
		[ -d "$TARGET$directory" ] || continue
		is=$(stat -c '%a %U:%G' "$TARGET$directory") should_be="750 scim-$NAME:www-data"
		[ -z "$TARGET" ] || is=${is%% *} should_be=${should_be%% *}
		[ "$is" = "$should_be" ] || warn "$directory is $is, and should be $should_be: whoever goes in there is believed who he is"
	done
}

# look_at_group: who is in the group whom the socket lets in.
look_at_group() {
	local group name='' member

	group=$(if [ -n "$TARGET" ]; then grep -s '^www-data:' "$TARGET/etc/group"; else getent group www-data; fi) || return 0
	# of those that have it as their first group /etc/passwd tells
	for member in $(cut -d : -f 4 <<<"$group" | tr , ' ') \
		$(if [ -n "$TARGET" ]; then cat "$TARGET/etc/passwd" 2>/dev/null; else getent passwd; fi | awk -F : -v group="$(cut -d : -f 3 <<<"$group")" '$4 == group { print $1 }'); do
		[ "$member" = www-data ] || [[ " $name " = *" $member "* ]] || name+="${name:+ }$member"
	done
	[ -z "$name" ] || warn "in group www-data is not nginx alone, but $name: whoever is in it may connect to PostgREST, and is believed who he is"
}

# look_at_pool: more connections than the server takes are refused, and what waits for them too.
look_at_pool() {
	local most cluster

	is_here main || return 0
	most=$(ask main postgres "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int" 2>/dev/null) || most=
	if [ -z "$most" ]; then
		cluster=$(cluster_of "${SETTING[PGPORT]}")
		[ -n "$cluster" ] || return 0
		most=$(sed -nE 's/^[[:space:]]*max_connections[[:space:]]*=?[[:space:]]*([0-9]+).*/\1/p' "$cluster/postgresql.conf" | tail -n 1)
		most=$((${most:-100} - 3))
	fi
	[ "${SETTING[POOL]}" -le "$most" ] || warn "POOL=${SETTING[POOL]} is more than the $most connections that PostgreSQL has for others than superusers (max_connections)"
}

# state_of_database: missing, there, or nothing where nobody could ask.
state_of_database() {
	ask main postgres "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = '${SETTING[DATABASE]}') THEN 'there' ELSE 'missing' END" 2>/dev/null || true
}

# look_at_former_database: what was served until now would be served no more.
look_at_former_database() {
	local former

	former=$(sed -n 's/^db-uri = .* dbname=\([A-Za-z0-9_]*\)".*/\1/p' "$TARGET/etc/scim/$NAME/postgrest.conf" 2>/dev/null) || true
	[ -n "$former" ] && [ "$former" != "${SETTING[DATABASE]}" ] || return 0
	case $(state_of_database) in
	missing) warn "DATABASE: this service has served database $former until now; ${SETTING[DATABASE]} does not exist, and setup.sql will make it, with stores that are empty" ;;
	*) warn "DATABASE: this service has served database $former until now, and will serve ${SETTING[DATABASE]}" ;;
	esac
}

# look_at_database: can it serve?  With --check, since before setup.sql it cannot.
look_at_database() {
	local server said problem

	[ -n "$CHECK" ] || return 0
	for server in main "${PRIMARIES[@]}"; do
		is_here "$server" || continue
		[ -z "$TARGET" ] || [ -d "$TARGET${SERVER[$server]%:*}" ] || continue
		if ! said=$(ask "$server" postgres "SELECT count(*) FROM pg_catalog.pg_database WHERE datname = '${SETTING[DATABASE]}'" 2>&1); then
			warn "PostgreSQL does not answer at ${SERVER[$server]}, or not to postgres: $(head -n 1 <<<"$said")"
			continue
		fi
		if [ "$said" = 0 ]; then
			warn "there is no database ${SETTING[DATABASE]} at ${SERVER[$server]}: setup.sql makes it, and stores that are empty; is it the right name?"
			continue
		fi
		if ! said=$(ask "$server" "${SETTING[DATABASE]}" "
			SELECT pg_catalog.to_regprocedure('scim.readiness(text, text[])') IS NOT NULL" 2>&1); then
			warn "database ${SETTING[DATABASE]} at ${SERVER[$server]} does not answer: $(head -n 1 <<<"$said")"
			continue
		fi
		if [ "$said" != t ]; then
			warn "database ${SETTING[DATABASE]} at ${SERVER[$server]} is without the extension scim, or has one of another version: run setup.sql"
			continue
		fi
		said=$(ask "$server" "${SETTING[DATABASE]}" "
			SELECT pg_catalog.jsonb_array_elements_text(r -> 'problems') FROM scim.readiness('scim_client', pg_catalog.string_to_array('$(stores_to_ask "$server" "")', ' ')) AS r
			UNION ALL SELECT pg_catalog.jsonb_array_elements_text(r -> 'warnings') FROM scim.readiness(NULL, pg_catalog.string_to_array('$(stores_to_ask "$server" "")', ' ')) AS r" 2>&1) ||
			said="it does not say whether it can serve: $(head -n 1 <<<"$said")"
		[ -z "$said" ] || while read -r problem; do
			warn "database ${SETTING[DATABASE]}: $problem"
		done <<<"$said"
	done
}

# look_at_nginx: files of others, and locations of one's own, keep it from reading what is here.
look_at_nginx() {
	local said

	[ -n "$CHECK" ] && [ -z "$TARGET" ] || return 0
	command -v nginx >/dev/null || { warn "there is no nginx"; return; }
	said=$(nginx -q -t 2>&1) || warn "nginx does not take its files: $(grep -m 1 -E 'emerg|error' <<<"$said" || head -n 1 <<<"$said")"
}

look() {
	look_at_routes
	look_at_nginx
	look_at_database
	look_at_certificates
	look_at_group
	look_at_pool
	look_at_ports
	look_at_sockets
}
