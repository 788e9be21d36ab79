#!/usr/bin/env bash
# docker.sh: the steps of the Dockerfile, in a Debian as it begins from, one after the other; what it says
# is run when a container starts runs here, too, and is told to stop as Docker tells it.
set -u
. test/install/lib.sh

install_packages ccache || exit
compile_once

# the words that this knows; another one is an error
step() {
	local word=$1 rest=$2 from to

	case $word in
	FROM) [ "$rest" = debian:bookworm-slim ] && grep -q bookworm /etc/os-release ;;
	COPY) # without what .dockerignore names
		read -r from to <<<"$rest"
		[ "$from" = . ] && mkdir -p "$to" && tar -C /scim -X <(sed 's|^\*\*/||' /scim/.dockerignore) -cf - . | tar -C "$to" -xf -
		;;
	WORKDIR) cd "$rest" || return ;;
	RUN) sh -c "$rest" ;;
	ENV) export "${rest?}" ;;
	EXPOSE) [ "$rest" = "$SCIM_HTTP_PORT" ] ;;
	VOLUME) VOLUME=$rest ;;
	STOPSIGNAL) STOPSIGNAL=$rest ;;
	CMD) COMMAND=$(tr -d '[]",' <<<"$rest") ;;
	*) echo "no step is called $word"; return 1 ;;
	esac
}

VOLUME='' STOPSIGNAL=TERM COMMAND=
while read -r word rest; do
	case $word in
	'' | '#'*) ;;
	*)
		step "$word" "$rest" >$LOG 2>&1
		check "$word $rest" test $? = 0
		;;
	esac
done </scim/Dockerfile

# not the port of the machine outside
SCIM_HTTP_PORT=$(free_port)
$COMMAND >/tmp/container 2>&1 &
CONTAINER=$!
for ((i = 0; i < 120; i++)); do
	grep -q 'The service is running' /tmp/container && break
	sleep 1
done
cat /tmp/container
check "a container says that it serves" grep 'The service is running' /tmp/container
check "it listens beyond the loopback" grep -q "listen 0.0.0.0:$SCIM_HTTP_PORT" tmp/quickstart/service/nginx.conf
check "the token is good" bash -c '. tmp/quickstart/env && curl -sS --fail -o /dev/null -H "Authorization: Bearer $SCIM_TOKEN" "$SCIM_URL/Users"'
check "data are in the volume" bash -c '[[ $(readlink tmp/quickstart) = '"$VOLUME"'/* ]]'
kill -s "${STOPSIGNAL#SIG}" $CONTAINER
wait $CONTAINER
check "it stops when it is told to" test $? = 0
check "with all that it has started" not runs .
