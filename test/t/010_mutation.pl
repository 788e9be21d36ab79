# Mutated filters, paths and requests: each works or is refused with an error of
# SCIM, and the server stays up.  SCIM_MUTATIONS is how many of each, SCIM_SEED
# where the random numbers begin.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rounds = $ENV{SCIM_MUTATIONS} || 4000;
my $seed = $ENV{SCIM_SEED} || 20261121;
srand($seed);
note("seed $seed, $rounds of each");

my $user = 'urn:ietf:params:scim:schemas:core:2.0:User';
my $id = '00000000-0000-7000-8000-0000000000b1';

my @filters = (
	'userName eq "bjensen"',
	'emails[type eq "w\u00e4\ud83d\ude00" and value co "@"].value eq "x"',
	"$user:name.familyName sw \"J\" or not (title pr and active eq true)",
	'meta.lastModified gt "2011-05-13T04:42:34.123Z" and id ne null',
	'groups.display co "a" or members[value eq "1"]',
	'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value sw "2"]',
	'((((displayName ew "x"))))',
	'x509Certificates.value eq "QQ==" or photos[not (value pr)]',
	'meta[created lt "9999-12-31T23:59:59Z" and resourceType eq "User"]');
my @paths = (
	'emails[type eq "work"].value', 'name.familyName', 'members[value eq "1"]',
	"$user:emails", 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
	'addresses[type eq "home" and not (primary eq true)]');
my @bodies = (
	'{"schemas": ["' . $user . '"], "userName": "bjensen", "active": "True", "emails": [{"value": "a@b.c", "primary": true}]}',
	'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "x"}, {"op": "add", "value": {"title": "t", "name.givenName": "g"}}, {"op": "remove", "path": "nickName"}]}',
	'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName pr", "count": 5, "startIndex": 1, "attributes": ["userName"], "sortBy": "name.familyName"}',
	'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 1, "Operations": [{"method": "POST", "path": "/Users", "bulkId": "q", "data": {"userName": "q"}}, {"method": "PATCH", "path": "/Users/bulkId:q", "data": {"Operations": [{"op": "replace", "value": {"active": false}}]}}]}',
	'{"displayName": "G", "members": [{"value": "' . $id . '"}]}');
my @tokens = (
	' and ', ' or ', 'not(', ' pr', ' eq ', ' gt ', '(', ')', '[', ']', '].', '.', ':', '"', '""', '\\', "\\u0000", "\\ud800",
	"\\ud83d\\ude00", 'null', 'true', '-1e99999', '1e5', '9999999999999999999999', ' ', "\t", "\n", "'", '$', '%00', '%', '&', '?', '/', '..',
	'{', '}', ',', '[[[[[[[[', '{"a":{"a":{"a":', "\xc3\xa4", "\xf0\x9f\x99\x82", '$ref', 'password', 'members', 'groups', 'schemas', 'meta', 'id',
	'A' x 300);

sub mutate
{
	my ($text) = @_;

	foreach (1 .. 1 + int(rand(4)))
	{
		my $at = int(rand(length($text) + 1));
		my $kind = int(rand(4));

		if ($kind == 0)
		{
			substr($text, $at, 0) = $tokens[ rand @tokens ];
		}
		elsif ($kind == 1)
		{
			substr($text, $at, int(rand(5))) = '';
		}
		elsif ($kind == 2 && $at < length($text))
		{
			substr($text, $at, 1) = chr(32 + int(rand(95)));
		}
		else
		{
			substr($text, $at, 0) = substr($text, int(rand(length($text))), int(rand(20)));
		}
	}
	return $text;
}

# Bytes in hexadecimal, so that nothing in between takes offence at them.
sub hex_of
{
	my ($text) = @_;

	return unpack('H*', $text);
}

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\n");
$node->start;
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
INSERT INTO directory.users (id, data) VALUES ('$id', '{"userName": "bjensen", "emails": [{"value": "a\@b.c", "type": "work"}]}');
CREATE TABLE input (n serial, kind text, target text, bytes bytea);

-- What became of an input: "ok", the SQLSTATE of an error, or a status.
CREATE FUNCTION outcome(kind text, target text, bytes bytea) RETURNS text LANGUAGE plpgsql AS \$\$
DECLARE
	answer scim.response;
	input text;
	filter scim.filter;
BEGIN
	IF kind IN ('filter', 'path') THEN
		BEGIN
			input := convert_from(bytes, 'UTF8');
		EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
			RETURN 'ok';	-- text of SQL cannot hold it
		END;
	END IF;
	IF kind = 'filter' THEN
		filter := input;
		IF filter::text::scim.filter OPERATOR(scim.<>) filter THEN
			RETURN 'prints as another filter';
		END IF;
		PERFORM count(*) FROM directory.users u WHERE scim.matches(scim.resource_json(u), filter, 'User')
			IS DISTINCT FROM NOT scim.matches(scim.resource_json(u), ('not (' || filter::text || ')')::scim.filter, 'User');
		PERFORM scim.search('User', input);
		PERFORM scim.to_sql(filter, '{"*": {"expression": "data", "type": "jsonb"}, "userName": "user_name"}'::jsonb);
	ELSIF kind = 'path' THEN
		IF input::scim.path::text::scim.path::text <> input::scim.path::text THEN
			RETURN 'prints as another path';
		END IF;
		PERFORM scim.patch_resource('User', '$id', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', input, 'value', 'x')));
	ELSE
		answer := scim.request(kind, target, '{"Content-Type": "application/scim+json"}', bytes);
		IF answer.status >= 400 AND (answer.body::jsonb ->> 'status' IS DISTINCT FROM answer.status::text OR answer.status >= 500) THEN
			RETURN answer.status || ' ' || coalesce(answer.body, '');
		END IF;
	END IF;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN CASE WHEN SQLSTATE LIKE 'SC%' AND SQLSTATE NOT LIKE 'SC5%' THEN 'ok' ELSE SQLSTATE || ' ' || SQLERRM END;
END
\$\$;
SQL

my @inputs;
foreach (1 .. $rounds)
{
	my ($method, $target) = @{
		(   [ 'POST', '/Users' ], [ 'PUT', "/Users/$id" ], [ 'PATCH', "/Users/$id" ], [ 'POST', '/Users/.search' ],
			[ 'POST', '/Bulk' ], [ 'POST', '/Groups' ], [ 'GET', '/Users?filter=userName%20pr&count=2&sortBy=title' ],
			[ 'GET', "/Users/$id?attributes=emails.value,name" ])[ rand 8 ]
	};

	push @inputs, [ 'filter', '', mutate($filters[ rand @filters ]) ];
	push @inputs, [ 'path', '', mutate($paths[ rand @paths ]) ];
	push @inputs,
	  [ $method, rand() < 0.3 ? mutate($target) : $target, $method eq 'GET' ? '' : mutate($bodies[ rand @bodies ]) ];
}
$node->safe_psql(
	'postgres',
	"COPY input (kind, target, bytes) FROM STDIN;\n"
	  . join('',
		map { my ($kind, $target, $bytes) = @$_; $target =~ s/[^\x20-\x7e]|\\/?/g; "$kind\t$target\t\\\\x" . hex_of($bytes) . "\n" } @inputs)
	  . "\\.\n");

# One transaction for each, so that nothing is left of one that fails.
my $output = $node->safe_psql('postgres', <<'SQL');
CREATE TABLE outcome (n int, outcome text);
DO $$
DECLARE
	input record;
BEGIN
	FOR input IN SELECT * FROM input ORDER BY n LOOP
		INSERT INTO outcome VALUES (input.n, outcome(input.kind, input.target, input.bytes));
		COMMIT;
	END LOOP;
END
$$;
SELECT count(*) FROM outcome;
SQL
is($output, 3 * $rounds, 'every input has an outcome');
foreach my $kind ('filter', 'path', 'request')
{
	my $condition = $kind eq 'request' ? "kind NOT IN ('filter', 'path')" : "kind = '$kind'";

	is($node->safe_psql(
			'postgres',
			"SELECT outcome, kind, target, encode(bytes, 'escape') FROM outcome JOIN input USING (n) WHERE outcome <> 'ok' AND $condition ORDER BY n LIMIT 5"
		),
		'',
		"$kind: works or is refused with an error of SCIM");
}

# hostile by size
my %hostile = (
	'nested parentheses' => '(' x 10000 . 'a pr' . ')' x 10000,
	'nested negations' => 'not(' x 10000 . 'a pr' . ')' x 10000,
	'64 KB of value' => 'userName eq "' . 'x' x 65000 . '"',
	'a megabyte' => 'userName eq "' . 'x' x 1000000 . '"',
	'lone surrogate' => 'userName eq "\ud800"',
	'NUL' => 'userName eq "\u0000"',
	'opening brackets' => 'emails[' x 5000);
foreach my $name (sort keys %hostile)
{
	my $answer = $node->safe_psql('postgres',
		"SET statement_timeout = '2s'; SELECT outcome('filter', '', '\\x" . hex_of($hostile{$name}) . "')");

	is($answer, 'ok', "hostile filter: $name");
}
is( $node->safe_psql(
		'postgres',
		"SET statement_timeout = '5s'; SELECT outcome('filter', '', convert_to((SELECT string_agg('title eq \"' || i || '\"', ' or ') FROM generate_series(1, 10000) AS i), 'UTF8'))"
	),
	'ok',
	'hostile filter: 10,000 terms');
is($node->safe_psql('postgres', 'SELECT 1'), '1', 'the server is up');
ok(!$node->log_contains('PANIC|TRAP|was terminated by signal'), 'nothing crashed');
$node->stop;

done_testing();
