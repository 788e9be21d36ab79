# shellcheck shell=bash
# test_scale.sh: a store on more than one server.  Sourced by bin/test.

# Two primaries and a standby behind one nginx: a store is moved under load, and a standby goes and comes.
part_scale() {
	local status=0 tests

	read -ra tests <<<"${SCALE_TESTS:-}"
	need_gateway scim_scale
	as_client env "SCALE_PORT=$(free_port)" "SCALE_KILLS=${SCALE_KILLS:-6}" "SCALE_USERS=${SCALE_USERS:-5000}" \
		/usr/bin/python3 -B test/scale/run.py "${tests[@]}" >"$LOG" 2>&1 || status=$?
	grep 'paused for' "$LOG" | sed 's/^ */  /' || true
	harvest "$status" '^ok ' '^not ok '
}

# citus_gateway DIRECTORY PORT: PostgREST at the first worker, and nginx before it.
citus_gateway() {
	local grant

	DATABASE=scim
	PGHOST=127.0.0.1 PGPORT=$2 PGUSER=postgres PGDATABASE=scim "$PGBIN/psql" -Xq -v ON_ERROR_STOP=1 -v store=directory -f "$ROOT/conf/postgrest.sql" >/dev/null
	for grant in "USAGE ON SCHEMA scim" "EXECUTE ON FUNCTION scim.gateway(json, bytea)"; do
		"$PGBIN/psql" -Xq -h 127.0.0.1 -p "$2" -U postgres -d scim -c "SELECT run_command_on_workers('GRANT $grant TO scim_anon, scim_client')" >/dev/null
	done
	ln -sf "$1/.s.PGSQL.$(($2 + 1))" "$STACK/.s.PGSQL.$PGPORT_PRIVATE"
	GATEWAY_PORT=$(free_port)
	SCIM_URL=http://127.0.0.1:$GATEWAY_PORT/scim/v2
	TOKEN_RATE=5000 TOKEN_BURST=5000 ADDRESS_RATE=5000 ADDRESS_BURST=5000
	gateway_configure "$GATEWAY_PORT" scim
	postgrest_start
	nginx_start "$GATEWAY_PORT"
	wait_for_gateway "$GATEWAY_PORT"
}

# citus_suites PORT: somebody else's suites, for a tenant on each worker.
citus_suites() {
	local status=0 tenant token

	need_environment "$SUITES" "$SOURCE/test/suites/requirements.txt"
	# scim2-tester knows nothing of RFC 9967
	"$PGBIN/psql" -Xq -h 127.0.0.1 -p "$1" -U postgres -d scim -c "UPDATE directory.policy SET enabled = false WHERE kind = 'events'" >/dev/null
	for tenant in 1 2; do
		token=$("$PGBIN/psql" -XqAt -h 127.0.0.1 -p "$1" -U postgres -d scim -c "SELECT scim.at_tenant($tenant, 'SELECT secret FROM scim.create_token(''suites'')') ->> 'secret'")
		printf '  scim-sanity, tenant %s:\n' "$tenant"
		status=0
		"$SUITES/bin/python" -m scim_sanity probe "$SCIM_URL" --token "$token" --strict --i-accept-side-effects >"$LOG" 2>&1 || status=$?
		harvest "$status" '^ *\[PASS\]' '^ *\[(FAIL|WARN|ERROR)\]'
		printf '  scim2-tester, tenant %s:\n' "$tenant"
		status=0
		"$PGBIN/psql" -Xq -h 127.0.0.1 -p "$1" -U postgres -d scim -c "INSERT INTO directory.setting (tenant_id, name, value) VALUES ($tenant, 'member_display', 'false')" >/dev/null
		env "SCIM_URL=$SCIM_URL" "SCIM_TOKEN=$token" "$SUITES/bin/python" -B "$SOURCE/test/suites/tester.py" >"$LOG" 2>&1 || status=$?
		harvest "$status" '^ok ' '^not ok '
	done
}

# citus_part FILE WHAT: tests of test/citus against the cluster whose coordinator is at $first.
citus_part() {
	local status=0

	printf '  %s:\n' "$2"
	env "PATH=$PGBIN:$PATH" "CITUS_PORTS=$first,$((first + 1)),$((first + 2))" "CITUS_LOGS=$directory" "SCIM_URL=${SCIM_URL:-}" \
		/usr/bin/python3 -B "$ROOT/test/citus/$1" >"$LOG" 2>&1 || status=$?
	harvest "$status" '^ok ' '^not ok '
}

# A store on a cluster of Citus, which is no package of Debian: CITUS_PG_CONFIG names the
# pg_config of a PostgreSQL that has it.
part_citus() {
	local status=0 first directory

	if [ -z "${CITUS_PG_CONFIG:-}" ]; then
		skip "a store on a cluster of Citus" "CITUS_PG_CONFIG names no PostgreSQL with Citus"
		return
	fi
	[ -e "$("$CITUS_PG_CONFIG" --sharedir)/extension/citus.control" ] || die "the PostgreSQL of $CITUS_PG_CONFIG has no Citus"
	need_packages nginx-light curl python3 gcc make
	find_postgrest
	stop_servers
	# another PostgreSQL, with a build of its own
	rm -f "$LANE/built"
	SYSTEM_PG_CONFIG=$CITUS_PG_CONFIG PREFIX=$LANE/citus
	install_prefix
	make_source clean >"$LOG" 2>&1
	build_and_install >"$LOG" 2>&1 || { tail -n 60 "$LOG"; die "the build for Citus failed"; }
	first=$(free_port)
	directory=$STACK/cluster
	as_service mkdir -p "$directory"
	as_service bash -s start "$PGBIN" "$directory" "$first" <"$ROOT/test/citus/cluster.sh" >"$LOG" 2>&1 ||
		{ cat "$LOG"; die "no cluster"; }
	env "PATH=$PGBIN:$PATH" psql -Xq -h 127.0.0.1 -p "$first" -U postgres -d scim -c "CREATE EXTENSION scim" >"$LOG" 2>&1 ||
		{ cat "$LOG"; die "no extension"; }
	citus_part run.py 'a store that is distributed'
	citus_part changes.py 'what changes afterwards'
	citus_gateway "$directory" "$first"
	printf '  what identity providers send:\n'
	status=0
	in_source env "SCIM_URL=$SCIM_URL" PGHOST=127.0.0.1 "PGPORT=$first" PGDATABASE=scim "STACK=$STACK" "JWT_KEY_FILE=$STACK/jwt.key" SCIM_DISTRIBUTED=1 \
		/usr/bin/python3 -B test/clients/run.py >"$LOG" 2>&1 || status=$?
	harvest "$status" '^ok ' '^not ok '
	citus_part by_http.py 'by HTTP'
	citus_suites "$first"
	citus_part races.py 'sessions at several nodes'
	citus_part upkeep.py 'upkeep'
	printf '  doc/citus.md:\n'
	status=0
	env "PATH=$PGBIN:$PATH" PGHOST=127.0.0.1 "PGPORT=$first" PGUSER=postgres PGDATABASE=scim /usr/bin/python3 -B "$ROOT/test/readme.py" "$ROOT/doc/citus.md" >"$LOG" 2>&1 || status=$?
	harvest "$status" '^ok ' '^not ok '
	nginx_stop
	postgrest_stop
	as_service bash -s stop "$PGBIN" "$directory" "$first" <"$ROOT/test/citus/cluster.sh" || true
	rm -f "$LANE/built"
}
