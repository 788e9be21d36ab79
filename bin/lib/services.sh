# shellcheck shell=bash
# services.sh: other services of this machine, each with its own file of settings (doc/production.md).
# Sourced by bin/scim-configure.

# claims: what the service of the settings that have been read has for itself, a line each: the
# setting that says so, what it is, and whose.  No two may differ in whose alone.
claims() {
	local server host listen access name

	for server in "${!SERVER[@]}"; do
		host=${SERVER[$server]%:*}
		! is_here "$server" || host=$(realpath -m "$TARGET$host")
		printf 'DATABASE\tdatabase %s of %s:%s\t%s\n' "${SETTING[DATABASE]}" "${host#"$TARGET"}" "${SERVER[$server]##*:}" "$NAME"
	done
	# of its lines there the first counts, whichever way there leads to the server
	for access in "$(find_cluster 2>/dev/null && printf '%s' "$HBA")" \
		"$(for server in "${PRIMARIES[@]}" "${STANDBYS[@]}"; do ! is_here "$server" || cluster_of "${SERVER[$server]##*:}"; echo; done)"; do
		while read -r access; do
			[ -z "$access" ] || printf 'DATABASE\tlines of database %s in %s\t%s\n' "${SETTING[DATABASE]}" "${access%/pg_hba.conf}/pg_hba.conf" "$NAME"
		done <<<"${access//"$TARGET"/}"
	done
	for listen in ${SETTING[LISTEN]}; do
		[[ $listen != *.* || $listen = *:* ]] || listen+=:80
		[[ $listen = *:* ]] || listen=0.0.0.0:$listen
		for name in $(names); do
			printf 'LISTEN\t%s at %s\t%s\n' "$name" "$listen" "$NAME"
		done
	done
	[ -z "${SETTING[ACME_ROOT]}" ] || for name in $(names); do
		printf 'ACME_ROOT\tchallenges of %s\t%s\n' "$name" "${SETTING[ACME_ROOT]}"
	done
	name=$(realpath -m "$TARGET${SETTING[LOG]}")
	printf 'LOG\t%s\t%s\n' "${name#"$TARGET"}" "$NAME"
}

# services: the files of settings of those that scim-configure has made something of, but this one.
services() {
	local file name seen=" $NAME "

	for file in "$(dirname "$SETTINGS")"/*.conf "$TARGET"/etc/scim/*.conf; do
		name=$(basename "$file" .conf)
		if [ -e "$TARGET/etc/scim/$name/postgrest.conf" ] && [ -r "$file" ] && [[ $seen != *" $name "* ]]; then
			seen+="$name "
			printf '%s\n' "$file"
		fi
	done
}

# claims_of FILE: those of another service.
claims_of() {
	local SETTINGS=$1 NAME PRIMARIES=() STANDBYS=() HOSTS=() OWN_HOSTS=()
	local -A SETTING=() SERVER=() PRIMARY_OF=()

	NAME=$(basename "$1" .conf)
	read_settings "$1" && read_stores && read_servers && claims
}

# compare_services: nothing may be written that another service has written for itself.
compare_services() {
	local mine file theirs setting what whose other_setting other other_whose

	mine=$(claims)
	what=$(grep ^LISTEN <<<"$mine" | cut -f 2 | sort | uniq -d | head -n 1)
	[ -z "$what" ] || die "$SETTINGS: LISTEN has one address twice: ${what#* at }"
	while read -r file; do
		theirs=$(claims_of "$file") || die "$file: this service of the same machine cannot be compared with $SETTINGS"
		while IFS=$'\t' read -r setting what whose; do
			while IFS=$'\t' read -r other_setting other other_whose; do
				[ "$setting $what" = "$other_setting $other" ] || continue
				[ "$whose" != "$other_whose" ] || continue
				case $setting in
				DATABASE) what+=", and a service has its database for itself: name another, or have that one serve this name, too, by ROUTES" ;;
				LISTEN) what+=": say another name in SERVER_NAME or listen elsewhere" ;;
				ACME_ROOT) what+=": name the same directory or none" ;;
				esac
				die "$SETTINGS: $setting: ${file#"$TARGET"} has $what"
			done <<<"$theirs"
		done <<<"$mine"
	done < <(services)
}

# take_away KIND FILE
take_away() {
	[ -e "$TARGET$2" ] || return 0
	say "removes  $2"
	CHANGED+=("$1")
	rm "$TARGET$2"
}

# units_of_service: what systemd runs of it.
units_of_service() {
	local file

	printf 'scim-postgrest@%s scim-maintenance@%s.timer scim-certificate-%s.path' "$NAME" "$NAME" "$NAME"
	for file in "$TARGET/etc/scim/$NAME"/postgrest-*.conf; do
		[ ! -e "$file" ] || printf ' scim-postgrest-%s@%s' "$NAME" "$(basename "${file#*/postgrest-}" .conf)"
	done
}

# ask SERVER DATABASE STATEMENT: what psql says as the superuser of a server of this machine; below a directory
# of one that has its socket there.
ask() {
	local host=${SERVER[$1]%:*} port=${SERVER[$1]##*:} psql=(psql -XAtq -w -v ON_ERROR_STOP=1)

	is_here "$1" || return 1
	if [ -z "$TARGET" ]; then
		(cd / && runuser -u postgres -- "${psql[@]}" -d "$2" -h "$host" -p "$port" -c "$3")
	else
		[ -S "$TARGET$host/.s.PGSQL.$port" ] && "${psql[@]}" -U postgres -d "$2" -h "$TARGET$host" -p "$port" -c "$3"
	fi
}

# stores_in SERVER: those that its database has, which may be more than the settings name; as these do
# where it cannot be asked.
stores_in() {
	local found

	if found=$(ask "$1" "${SETTING[DATABASE]}" "
		SELECT coalesce(string_agg(n.nspname, ' ' ORDER BY n.nspname), 'none') FROM pg_catalog.pg_namespace n
		WHERE (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND (c.relname, c.relkind) IN (('store', 'r'), ('resource', 'p'))) = 2" 2>/dev/null); then
		printf '%s' "$found"
	else
		stores_of "$1"
	fi
}

# remove_service: all that scim-configure has made of the settings.  It has to be stopped, while
# systemd has the units by which it knows it.
remove_service() {
	local file directory begin="# scim-configure $NAME: begin" server host port drop role stores

	for file in "$TARGET/run/scim-$NAME" "$TARGET/run/scim-$NAME"@* "$TARGET"/etc/systemd/system/*.wants/{scim-postgrest{,-"$NAME"}@*,scim-maintenance@"$NAME".timer,scim-certificate-"$NAME".path}; do
		case $file in
		*/scim-postgrest@*) [ "${file##*/}" = "scim-postgrest@$NAME.service" ] || continue ;;
		esac
		[[ ! -e $file && ! -L $file ]] || die "it runs, or is to run: systemctl disable --now $(units_of_service)"
	done
	for file in "$TARGET"/etc/postgresql/*/*/pg_{ident,hba}.conf "$TARGET${SETTING[PG_IDENT]:-/}" "$TARGET${SETTING[PG_HBA]:-/}"; do
		if [ -f "$file" ] && grep -qx "$begin" "$file"; then
			put_lines access "${file#"$TARGET"}" </dev/null
		fi
	done
	SETTING[CONSOLE]=yes	# it may have been
	write_files
	place_files
	directory=/etc/nginx/scim/$NAME
	for file in "$TARGET$directory"/{locations,servers,routes,standbys,console,certificates,hosts/*,hosts} "$TARGET$directory" "$TARGET/etc/scim/$NAME"/{sql,} "$TARGET/etc/nginx/scim"; do
		[ ! -d "$file" ] || rmdir --ignore-fail-on-non-empty "$file"
	done
	if [ -z "$TARGET" ] && getent passwd "scim-$NAME" >/dev/null; then
		say "removes  user scim-$NAME"
		userdel "scim-$NAME"
	fi
	# what is not its own
	for file in "$TARGET$directory" "$TARGET/etc/scim/$NAME"; do
		[ ! -d "$file" ] || find "$file" -type f -printf '%p\n' | sort | while read -r file; do
			say "is left  ${file#"$TARGET"}"
		done
	done
	for file in "$SETTINGS_NAME" $(certificates | cut -d ' ' -f 1 | tr : ' '); do
		say "is left  $file"
	done
	say "is left  ${SETTING[LOG]}, and what logrotate has made of it"
	[ -n "$(services)" ] || say "is left  /usr/local/bin/postgrest"
	for server in main "${PRIMARIES[@]}"; do
		host=${SERVER[$server]%:*} port=${SERVER[$server]##*:}
		read -ra stores <<<"$(stores_in "$server")"
		drop="dropdb -h $host -p $port ${SETTING[DATABASE]}"
		! is_here "$server" || drop="runuser -u postgres -- $drop"
		say "is left  database ${SETTING[DATABASE]} of $host:$port, with the stores ${stores[*]}; to drop all that is in it:"
		say "  $drop"
	done
	# of all databases of a server; whoever has some there goes on with them
	[ -n "$(services)" ] || {
		say "is left  roles authenticator scim_anon scim_client scim_owner scim_application scim_auditor scim_operator scim_worker scim_monitor; when no database has stores any more:"
		drop="-h ${SETTING[PGHOST]} -p ${SETTING[PGPORT]}"
		for role in authenticator scim_anon scim_client scim_application scim_auditor scim_operator scim_worker scim_monitor scim_owner; do
			say "  $(! is_here main || printf 'runuser -u postgres -- ')dropuser --if-exists $drop $role"
		done
		say "is left  the extension: make uninstall, as it was installed, or apt-get purge"
	}
	[ ${#CHANGED[@]} -gt 0 ] || return 0
	say "now:"
	! changed access || say "  systemctl reload postgresql"
	if changed systemd || changed path; then
		say "  systemctl daemon-reload"
	fi
	! changed nginx || say "  nginx -t && systemctl reload nginx"
}
