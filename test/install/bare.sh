#!/usr/bin/env bash
# bare.sh: a Debian that has nothing but what every one has, and root.
set -u
. test/install/lib.sh

SERVES=tmp/quickstart/env
PORT=$(free_port)	# of the machine outside, too
export SCIM_HTTP_PORT=$PORT

for program in gcc make curl python3 sudo psql nginx npm; do
	check "there is no $program" not command -v $program
done

timed "bin/quickstart" bin/quickstart
check "a client finds bjensen" served_by $SERVES
check "npm and its packages have not come" not command -v npm
check "nothing forbids services to start" not test -e /usr/sbin/policy-rc.d
check "the system's PostgreSQL knows nothing of it" find /usr/share/postgresql /usr/lib/postgresql -name 'scim*' -exec false {} +
check "nor does it run" not runs /var/lib/postgresql
check "data lie in /var/lib/scim" test -d "$(readlink tmp/quickstart)/service/data" -a "$(dirname "$(readlink tmp/quickstart)")" = /var/lib/scim

unset SCIM_HTTP_PORT
timed "a second start, without a network" offline bin/quickstart
check "keeps its port" grep -q ":$PORT/" $SERVES
check "serves" served_by $SERVES
check "stops" bin/quickstart stop
check "nothing is left running" not runs .
check "starts again, without a network" offline bin/quickstart --systems
check "serves again" served_by $SERVES
check "stops again" bin/quickstart stop

# what was made where tmp cleaners come, by a version before
HERE=$(readlink tmp/quickstart)
FORMER=/var/tmp/scim-quickstart-0-${HERE##*-}
mv "$HERE" "$FORMER"
sed -i "s|$HERE|$FORMER|" "$FORMER/service/data/postgresql.conf" "$FORMER/env"
sed -i 's/ [^ ]*$/ other/' "$FORMER/stamp"
TOKEN=$(grep SCIM_TOKEN "$FORMER/env")
check "what is in /var/tmp is moved" bin/quickstart
check "to here" test -d "$HERE/service/data" -a ! -e "$FORMER"
check "and serves, with the same token" grep -qxF "$TOKEN" $SERVES
check "stops in the end" bin/quickstart stop
