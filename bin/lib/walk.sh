# shellcheck shell=bash
# walk.sh: a working day of SCIM over HTTP: joiner, mover, leaver.  Sourced by
# bin/quickstart; needs SCIM_URL and SCIM_TOKEN.  Each step checks its answer.

SCIM_CORE=urn:ietf:params:scim:schemas:core:2.0
SCIM_MESSAGE=urn:ietf:params:scim:api:messages:2.0
SCIM_ENTERPRISE=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
EXCHANGE=$(mktemp -d)
trap 'rm -rf "$EXCHANGE"' EXIT

# pretty: JSON on standard input, cut to a screenful; what fits on a line is on one.
pretty() {
	/usr/bin/python3 -c '
import json, sys

def lines(value, indent, prefix=""):
    text = prefix + json.dumps(value, ensure_ascii=False)
    if len(indent) + len(text) <= 92 or not isinstance(value, (dict, list)):
        return [indent + text]
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    inner = []
    for key, item in pairs:
        more = lines(item, indent + "  ", "" if key is None else json.dumps(key) + ": ")
        inner += more[:-1] + [more[-1] + ","]
    inner[-1] = inner[-1][:-1]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return [indent + prefix + left] + inner + [indent + right]

text = sys.stdin.read()
if text.strip():
    shown = lines(json.loads(text), "    ")
    print("\n".join(shown[:24]))
    if len(shown) > 24:
        print("    ... %d more lines" % (len(shown) - 24))'
}

# field PATH: of the last answer, e.g. field Resources.0.id
field() {
	/usr/bin/python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."):
    value = value[int(key)] if isinstance(value, list) else value[key]
print(json.dumps(value) if isinstance(value, (dict, list, bool)) else value)' "$EXCHANGE/body" "$1"
}

header() { tr -d '\r' <"$EXCHANGE/head" | sed -n "s/^$1: //Ip" | tail -n 1; }

# call "STATUS..." METHOD PATH [BODY [HEADER]]: one request, shown with its answer;
# ends the walk unless the status is one of those.
call() {
	local expected=$1 method=$2 path=$3 body=${4:-} extra=${5:-} arguments=()

	[ -z "$body" ] || arguments+=(-H 'Content-Type: application/scim+json' --data-binary "$body")
	[ -z "$extra" ] || arguments+=(-H "$extra")
	printf '  %s %s\n' "$method" "$path"
	[ -z "$extra" ] || printf '  %s\n' "$extra"
	[ -z "$body" ] || pretty <<<"$body"
	: >"$EXCHANGE/body"
	STATUS=$(curl -sS -X "$method" -H "Authorization: Bearer $SCIM_TOKEN" "${arguments[@]}" \
		-D "$EXCHANGE/head" -o "$EXCHANGE/body" -w '%{http_code}' "$SCIM_URL$path") ||
		die "$method $path: no answer"
	printf '  -> %s\n' "$(head -n 1 "$EXCHANGE/head" | tr -d '\r')"
	pretty <"$EXCHANGE/body"
	case " $expected " in
	*" $STATUS "*) ;;
	*) die "$method $path answered $STATUS, expected $expected" ;;
	esac
}

# expect PATH VALUE: of the last answer.
expect() {
	local found

	found=$(field "$1" 2>/dev/null) || found="nothing"
	[ "$found" = "$2" ] || die "$1 is $found, expected $2"
}

step() { printf '\n%s\n' "$*"; }

# user NAME GIVEN FAMILY TITLE: a User, whose userName is the work e-mail.
user() {
	printf '{"schemas":["%s:User","%s"],"userName":"%s","externalId":"hr-%s",' \
		"$SCIM_CORE" "$SCIM_ENTERPRISE" "$1" "${1%%@*}"
	printf '"name":{"givenName":"%s","familyName":"%s"},"title":"%s","active":true,' "$2" "$3" "$4"
	printf '"emails":[{"value":"%s","type":"work","primary":true}],' "$1"
	printf '"addresses":[{"type":"work","country":"US"}],'
	printf '"%s":{"employeeNumber":"701984","department":"Tours"}}' "$SCIM_ENTERPRISE"
}

# What is new in each walk is named after its hour, so that a walk can be repeated.
WALK=$(date +%m%d-%H%M%S)

step "1. An identity provider asks what the service can do."
call 200 GET /ServiceProviderConfig
expect patch.supported true

step "2. Joiner: Barbara Jensen is hired."
call "201 409" POST /Users "$(user bjensen@example.com Barbara Jensen 'Tour Guide')"
[ "$STATUS" = 201 ] || say "  (She was hired in an earlier walk: a userName is unique.)"

step "3. She is found by the name that the identity provider knows."
call 200 GET '/Users?filter=userName%20eq%20%22bjensen@example.com%22'
expect totalResults 1
BARBARA=$(field Resources.0.id)
OLD_VERSION=$(field Resources.0.meta.version)

step "4. Mover: a new title and another department."
call 200 PATCH "/Users/$BARBARA" '{"schemas":["'$SCIM_MESSAGE':PatchOp"],"Operations":[
	{"op":"replace","path":"title","value":"Tour Manager"},
	{"op":"replace","path":"'$SCIM_ENTERPRISE':department","value":"Operations"},
	{"op":"replace","path":"'$SCIM_ENTERPRISE':costCenter","value":"'"$WALK"'"}]}'
expect title "Tour Manager"

step "5. A change made from a stale copy is refused, not lost."
call 412 PATCH "/Users/$BARBARA" '{"schemas":["'$SCIM_MESSAGE':PatchOp"],"Operations":[
	{"op":"replace","path":"title","value":"Tour Guide"}]}' "If-Match: $OLD_VERSION"

step "6. So is a userName that is not the primary e-mail address: a policy of this store."
call 400 PATCH "/Users/$BARBARA" '{"schemas":["'$SCIM_MESSAGE':PatchOp"],"Operations":[
	{"op":"replace","path":"userName","value":"barbara@example.com"}]}'
expect scimType invalidValue

step "7. A group, and Barbara in it."
call 201 POST /Groups '{"schemas":["'$SCIM_CORE':Group"],"displayName":"Tour Managers '"$WALK"'"}'
GROUP=$(field id)
call 200 PATCH "/Groups/$GROUP" '{"schemas":["'$SCIM_MESSAGE':PatchOp"],"Operations":[
	{"op":"add","path":"members","value":[{"value":"'"$BARBARA"'"}]}]}'
call 200 GET "/Groups/$GROUP"
expect members.0.value "$BARBARA"

step "8. Leaver: John Smith joins and leaves.  The policy makes DELETE begin his off-boarding."
call 201 POST /Users "$(user "jsmith-$WALK@example.com" John Smith 'Tour Guide')"
LEAVER=$(field id)
call 204 DELETE "/Users/$LEAVER"
call 200 GET "/Users/$LEAVER"

step "9. The auditor asks in SQL: who did what, when, and what did the record say before?"
show_sql() {
	say "  $1"
	"$PGBIN/psql" -X -v ON_ERROR_STOP=1 -c "$1" >"$EXCHANGE/rows" || die "this query failed: $1"
	sed 's/^/    /' "$EXCHANGE/rows"
}
show_sql "SELECT user_name, status, offboarding_at FROM directory.users WHERE id = '$LEAVER'"
grep -q OFFBOARDING "$EXCHANGE/rows" || die "$LEAVER is not being off-boarded"
show_sql "SELECT a.at::timestamp(0), a.actor, a.operation, coalesce(r.user_name, r.display_name) AS resource,
         a.before ->> 'title' AS title_before
  FROM directory.audit a LEFT JOIN directory.resource r ON r.id = a.resource_id
  ORDER BY a.id DESC LIMIT 6"
grep -q 'token: quickstart *| offboard' "$EXCHANGE/rows" || die "the audit does not name the off-boarding"
