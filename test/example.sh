#!/bin/sh
# example.sh COMMAND...: starts an application of doc/examples on $PORT and talks
# SCIM to it: without a token, a POST, a GET of what was made, targets and bodies
# that an application may get wrong, and after its connections have died.
set -eu
url=http://127.0.0.1:$PORT/scim/v2
name=example-$PORT
type=application/scim+json
error=urn:ietf:params:scim:api:messages:2.0:Error

"$@" &
application=$!
trap 'kill "$application"' EXIT

for _ in $(seq 100); do
	curl -s -o /dev/null "$url/Users" && break
	sleep 0.1
done

# answers STATUS TEXT CURL-ARGUMENTS...: TEXT is in the headers or the body
answers() {
	expected=$1 text=$2
	shift 2
	answer=$(curl -sS -i "$@") &&
		printf '%s\n' "$answer" &&
		printf '%s\n' "$answer" | head -n 1 | grep -q "^HTTP/[0-9.]* $expected " &&
		printf '%s\n' "$answer" | grep -qi "$text" &&
		printf '%s\n' "$answer" | grep -qi "^content-type: *$type" &&
		{ printf '%s\n' "$answer" | head -n 1 | grep -q '^[^ ]* 2' || printf '%s\n' "$answer" | grep -q "$error"; }
}

# known STATUS TEXT CURL-ARGUMENTS...: the same with a token
known() {
	expected=$1 text=$2
	shift 2
	answers "$expected" "$text" -H "Authorization: Bearer $SCIM_TOKEN" "$@"
}

user='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"'"$name"'"}'

answers 401 '^www-authenticate: *Bearer' "$url/Users"
answers 401 '"status" *: *"401"' -H 'Authorization: Bearer wrong' "$url/Users"
known 201 "\"userName\" *: *\"$name\"" -H "Content-Type: $type" "$url/Users" -d "$user"
known 200 '"totalResults" *: *1' "$url/Users?filter=userName%20eq%20%22$name%22"
known 409 '"scimType" *: *"uniqueness"' -H "Content-Type: $type" "$url/Users" -d "$user"
# the target as it was sent: neither of these is the list
known 404 'User' "$url/Users/%3Fcount=0"
known 404 'User' "$url/Users/a%2Fb"
known 404 'User' "$url/Users/%C3%A9"
known 200 '"id" *: *"urn:' "$url/Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser"
# headers and bodies, byte by byte
known 415 '^accept-encoding: *identity' -H "Content-Type: $type" -H 'Content-Encoding: gzip' "$url/Users" -d "$user"
printf '{"userName": "\377"}' | known 400 'UTF-8' -H "Content-Type: $type" "$url/Users" --data-binary @-
# when its connections have died: the application goes on, and says so if it must
psql -XqAt -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
	WHERE pid <> pg_backend_pid() AND datname = current_database()"
known '\(200\|503\)' '"totalResults"\|^retry-after' "$url/Users?count=0"
known 200 '"totalResults"' "$url/Users?count=0"
