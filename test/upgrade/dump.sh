#!/usr/bin/env bash
# dump.sh VERSION COMMIT: makes test/data/store-VERSION.sql, the dump of a database
# whose stores are of that version, with data of every kind: what VERSION.sql makes
# with the extension as it was at COMMIT; and store-VERSION.out, what that version
# answers (answers.sql).  To be run once, when the version moves.

set -euo pipefail
. "$(dirname "$0")/../../bin/lib/common.sh"
. "$ROOT/bin/lib/packages.sh"
. "$ROOT/bin/lib/server.sh"

[ $# = 2 ] || die "usage: $0 VERSION COMMIT"
WORK=$(mktemp -d /var/tmp/scim-dump.XXXXXX)
chmod 711 "$WORK"
STACK=$WORK/service
PREFIX=$WORK/postgresql
SOURCE=$WORK/source
DATABASE=before
export FSYNC=off LOCAL_AUTH=trust
trap 'server_stop || true; rm -rf "$WORK"' EXIT

find_pg_config
install_prefix
mkdir -m 755 "$SOURCE"
mkdir -m 700 "$STACK"
git -C "$ROOT" archive "$2" | tar -C "$SOURCE" -xf -
chown "$SERVICE_USER" "$STACK"
make -C "$SOURCE" -s -j"$(nproc)" with_llvm=no PG_CONFIG="$PG_CONFIG" >/dev/null
make -C "$SOURCE" -s with_llvm=no PG_CONFIG="$PG_CONFIG" install >/dev/null
server_init
server_start
sql -d postgres -f "$ROOT/test/upgrade/roles.sql"
sql -d postgres -c "CREATE DATABASE $DATABASE"
sql -f "$ROOT/test/upgrade/$1.sql" >/dev/null
sql -v store=directory -v base_url=https://scim.example.com/scim/v2 -f "$SOURCE/conf/postgrest.sql" >/dev/null
# psql before 15.14 does not know \restrict
as_service "$PGBIN/pg_dump" -h "$STACK" -U "$MAINTENANCE_USER" "$DATABASE" |
	sed '/^\\\(un\)\?restrict /d' >"$ROOT/test/data/store-$1.sql"
sql -f "$ROOT/test/upgrade/answers.sql" >"$ROOT/test/data/store-$1.out"
