#!/bin/sh
# example.sh COMMAND...: starts an application of doc/examples on $PORT and talks
# SCIM to it: without a token, a POST, and a GET of what was made.
set -eu
url=http://127.0.0.1:$PORT/scim/v2
name=example-$PORT

"$@" &
application=$!
trap 'kill "$application"' EXIT

for _ in $(seq 100); do
	curl -s -o /dev/null "$url/Users" && break
	sleep 0.1
done

# answers STATUS TEXT CURL-ARGUMENTS...
answers() {
	expected=$1 text=$2
	shift 2
	answer=$(curl -sS -w '\n%{http_code}' "$@")
	printf '%s\n' "$answer"
	[ "$(printf '%s\n' "$answer" | tail -n 1)" = "$expected" ]
	printf '%s\n' "$answer" | grep -q "$text"
}

answers 401 '' "$url/Users"
answers 201 "\"userName\" *: *\"$name\"" -H "Authorization: Bearer $SCIM_TOKEN" \
	-H 'Content-Type: application/scim+json' "$url/Users" \
	-d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"'"$name"'"}'
answers 200 '"totalResults" *: *1' -H "Authorization: Bearer $SCIM_TOKEN" \
	"$url/Users?filter=userName%20eq%20%22$name%22"
answers 409 '"scimType" *: *"uniqueness"' -H "Authorization: Bearer $SCIM_TOKEN" \
	-H 'Content-Type: application/scim+json' "$url/Users" \
	-d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"'"$name"'"}'
