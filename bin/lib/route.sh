# shellcheck shell=bash
# route.sh: a store gets another server: what --route of bin/scim-configure does while bin/scim-move holds
# all writers (doc/scale.md).  Sourced by bin/scim-configure.

# route_store STORE SERVER: in ROUTES, in what nginx reads, and in nginx.
route_store() {
	local item host='' path='' origin file=/etc/nginx/conf.d/scim-$NAME.conf before after was origins kept
	local -A to=()

	for item in ${SETTING[STORES]}; do
		[ "${item%%=*}" != "$1" ] || host=$(host_of "$item") path=$(path_of "$item")
	done
	[ -n "$path" ] || die "$SETTINGS: STORES has no store $1"
	[ "$2" = main ] || [[ " ${PRIMARIES[*]} " = *" $2 "* ]] || die "$SETTINGS: there is no primary $2"
	[ -e "$TARGET$file" ] || die "no $TARGET$file: scim-configure makes it first"
	# other names of the service that lead to the same server lead to the same store
	read -r -a origins <<<"$(origins_of "$host")"
	for origin in "${origins[@]}"; do
		to[$origin]=$(at_last "$origin" "$path" "$host")
	done
	was=${to[${origins[0]}]}
	for origin in "${origins[@]}"; do
		[ "${to[$origin]}" != "$was" ] || to[$origin]=$2
	done
	before=$(where_others_are "$1")
	add_route "${origins[0]}" "$path" "$2" "$host"
	for origin in "${origins[@]}"; do
		if [ "$(at_last "$origin" "$path" "$host")" != "${to[$origin]}" ]; then
			kept=()
			for item in ${SETTING[ROUTES]}; do
				[ "${item%=*}" = "$origin$path" ] || kept+=("$item")
			done
			SETTING[ROUTES]="$origin$path=${to[$origin]}${kept[*]:+ ${kept[*]}}"
		fi
		servers_at "$origin" "$path" "$host"
		[ "$(printf '%s\n' "${AT[@]}" | sort -u)" = "${to[$origin]}" ] ||
			die "$SETTINGS: ROUTES leads what is below $host$path to other servers: change it there, and run scim-configure"
	done
	after=$(where_others_are "$1")
	[ "$before" = "$after" ] ||
		die "$SETTINGS: this would lead elsewhere what is below $host$path, which needs a route of its own first: $(diff <(echo "$before") <(echo "$after") | sed -n 's/^> //p;' | head -n 1)"
	settings_with_routes >"$NEW/settings"
	put nginx "$file" < <(server_block)
	# the settings first: wherever this ends, scim-configure makes the rest of them
	if ! cmp -s "$NEW/settings" "$SETTINGS"; then
		write_settings || die "$SETTINGS cannot be written"
		say "writes   $SETTINGS_NAME: ROUTES=${SETTING[ROUTES]}"
	fi
	place_files
	# one that was ended behind the files has not done this
	[ -n "$TARGET" ] || systemctl reload nginx.service || die "nginx has not read its files: nginx -t says why"
}

# at_last ORIGIN PATH OWN: who gets the path itself.
at_last() {
	servers_at "$@"
	echo "${AT[-1]}"
}

# add_route ORIGIN PATH SERVER OWN: in front of the first route that is for it as well, or instead of it.
add_route() {
	local route from host path routes=() put=''

	for route in ${SETTING[ROUTES]}; do
		from=${route%%=*} host=${route%%[/=]*}
		path=${from#"$host"}
		if [ -z "$put" ] && { [ "$host" = "$1" ] || [ -z "$host$4" ]; } && [[ $2/ = "$path"/* ]]; then
			put=yes
			routes+=("$host$2=$3")
			# what said so of the same is said anew
			[ "$path" != "$2" ] || continue
		fi
		routes+=("$route")
	done
	[ -n "$put" ] || routes+=("$4$2=$3")
	SETTING[ROUTES]="${routes[*]}"
}

# where_others_are STORE: each other store, and its primary, by all names.
where_others_are() {
	local item host path origin

	for item in ${SETTING[STORES]}; do
		[ "${item%%=*}" != "$1" ] || continue
		host=$(host_of "$item") path=$(path_of "$item")
		for origin in $(origins_of "$host"); do
			echo "${item%%=*} at $(at_last "$origin" "$path" "$host")"
		done
	done
}

# write_settings: what has been made of them takes the place of the file, which a link may lead to.
write_settings() {
	local file

	file=$(readlink -f "$SETTINGS") && cp -p "$file" "$file.new" && cat "$NEW/settings" >"$file.new" && mv "$file.new" "$file"
}

# settings_with_routes: the file of settings, with these.
settings_with_routes() {
	if grep -q '^ROUTES=' "$SETTINGS"; then
		awk -v routes="${SETTING[ROUTES]}" '/^ROUTES=/ { print "ROUTES=" routes; next } { print }' "$SETTINGS"
	else
		cat "$SETTINGS"
		printf 'ROUTES=%s\n' "${SETTING[ROUTES]}"
	fi
}

# look_at_routes: a path that no store has is none that anybody asks for, most likely a wrong one.
look_at_routes() {
	local route from host path item of found at own

	for route in ${SETTING[ROUTES]}; do
		from=${route%%=*} host=${route%%[/=]*}
		path=${from#"$host"}
		[ -n "$path" ] || continue
		found=''
		for item in ${SETTING[STORES]}; do
			of=$(host_of "$item") at=$(path_of "$item") own=''
			[[ " ${OWN_HOSTS[*]} " != *" $host "* ]] || own=$host
			[ "$own" = "$of" ] || continue
			[[ $at/ != "$path"/* && $path/ != "$at"/* ]] || found=yes
		done
		# locations of one's own may be anything
		[ -n "$found" ] || ! none_of_ones_own || warn "ROUTES has $from, where no store is"
	done
}

# none_of_ones_own: there are no locations beside those of STORES.
none_of_ones_own() { [ -z "$(find "$TARGET/etc/nginx/scim/$NAME/locations" "$TARGET/etc/nginx/scim/$NAME/hosts" -name '*.conf' 2>/dev/null | head -n 1)" ]; }
