# shellcheck shell=bash
# systems.sh: the four profiles that come with scim, each a store of its own, side by
# side in one database on one port.  Sourced after server.sh; doc/profiles.md tells of
# them.

SYSTEMS=(aisera firstbase firstup staffbase)

# system_location STORE ORIGIN: what nginx is told of a store; its SCIM and whatever
# endpoints it has beside that are behind a prefix of its own.
system_location() {
	local scim=scim/v2 second=

	[ "$1" != staffbase ] || scim=scim
	[ "$1" != aisera ] || second='proxy_set_header X-Scim-X-App-Token $scim_app_token;'
	cat <<-CONF
		location ~* ^(/\.well-known/oauth-authorization-server)?/$1/(scim|api)(/|\$) {
		    set \$scim_store $1;
		    set \$scim_base_url $2/$1/$scim;
		    $second
		    include scim_proxy.conf;
		}
	CONF
}

# systems_create: the stores, by their documents alone, and their grants.
systems_create() {
	local store

	for store in "${SYSTEMS[@]}"; do
		sql >/dev/null <<-SQL
			SELECT scim.create_store('$store') WHERE to_regnamespace('$store') IS NULL;
			SET scim.store = '$store';
			SELECT scim.apply_profile('$store');
		SQL
		sql -v store="$store" -f "$ROOT/conf/postgrest.sql" >/dev/null
	done
}

# systems_configure ORIGIN: their locations, which nginx takes when it starts.
systems_configure() {
	local store

	for store in "${SYSTEMS[@]}"; do
		system_location "$store" "$1" | write_as_service "$STACK/locations/$store.conf"
	done
}

# shellcheck disable=SC2034 # for the caller
# system_credentials STORE NAME: sets AUTHORIZATION, and SECOND to the second secret.
system_credentials() {
	local made

	case $1 in
	aisera)
		made=$(sql -c "SET scim.store = '$1'" -c "SELECT secret, second_secret FROM scim.create_client('$2', 'Bearer')")
		AUTHORIZATION="Bearer ${made%|*}" SECOND=${made#*|}
		;;
	*)
		made=$(sql -c "SET scim.store = '$1'" -c "SELECT secret FROM scim.create_token('$2')")
		case $1 in
		firstbase) AUTHORIZATION="ApiKey $made" ;;
		staffbase) AUTHORIZATION="Basic $made" ;;
		*) AUTHORIZATION="Bearer $made" ;;
		esac
		SECOND=
		;;
	esac
}

# system_example STORE: something to GET there.
system_example() {
	case $1 in
	firstbase) echo /api/packages ;;
	staffbase) echo /api/users ;;
	*) echo '/scim/v2/Users?count=1' ;;
	esac
}
