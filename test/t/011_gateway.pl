# scim.gateway as PostgREST calls it: who acts is proved, for this transaction and no
# longer, and nothing leaves it but an answer.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
SELECT scim.create_store('other');
INSERT INTO directory.tenant VALUES (2, 'two');
INSERT INTO directory.users (tenant_id, data) VALUES
	(1, '{"userName": "one"}'), (2, '{"userName": "two"}'), (2, '{"userName": "second"}');
SQL
for my $store (qw(directory other))
{
	command_ok(
		[
			'psql', '-X', '-q', '-d', $node->connstr('postgres'), '-v', "store=$store", '-f', 'conf/postgrest.sql' ],
		"conf/postgrest.sql for $store")
	  for 1 .. 2;
}
my $one = $node->safe_psql('postgres', q{SELECT secret FROM scim.create_token('of one')});
my $two = $node->safe_psql('postgres', q{SET scim.tenant = 2; SELECT secret FROM scim.create_token('of two')});
# what PostgREST and scim.request set, each in a line
my $status = q{SELECT current_setting('response.status', true);};
my $who = q{SELECT scim.tenant(), scim.actor(), current_user;};

# request METHOD TARGET [TOKEN [BODY [HEADERS]]]: the statement for it
sub request
{
	my ($method, $target, $token, $body, $headers) = @_;
	my $authorization = defined $token ? qq{, "x-scim-authorization": "Bearer $token"} : '';

	$body    = '' unless defined $body;
	$headers = '' unless defined $headers;
	return qq{SELECT scim.gateway('{"x-scim-method": "$method", "x-scim-target": "$target"$authorization$headers}', convert_to('$body', 'UTF8'));\n};
}

# session STATEMENTS: as PostgREST's role, what they print
sub session
{
	return $node->safe_psql('postgres', "SET ROLE scim_anon;\n" . join("\n", @_));
}

# transaction STATEMENTS: without what gateway prints
sub transaction
{
	my $output = session('BEGIN;', @_, 'COMMIT;');

	return join("\n", grep { !/^(\{.*\})?$/ } split(/\n/, $output));
}

# ---- who acts

my $list = '/scim/v2/Users?count=0';
is(transaction(request('GET', $list, $two), $status, $who), "200\n2|token: of two|scim_client", 'a token proves who acts');
is(transaction(request('GET', $list, $two), q{SELECT user_name FROM directory.users ORDER BY 1;}),
	"second\ntwo", 'row-level security goes by it');
is( transaction(request('GET', $list, $two), q{SET scim.tenant = 1; SET scim.actor = 'root'; SET scim.me = 'me';}, $who),
	'2|token: of two|scim_client',
	'and no setting changes it');
is( transaction(
		'SET scim.tenant = 1;', request('GET', $list, $two), 'COMMIT;', 'SET ROLE scim_anon;', 'BEGIN;',
		q{SELECT scim.tenant(), scim.actor() = session_user, current_user;}),
	'|t|scim_anon',
	'until the transaction ends');
is( transaction(
		'SAVEPOINT s;', request('GET', $list, $two), 'ROLLBACK TO s;',
		q{SELECT scim.tenant(), scim.actor() = session_user, current_user;}),
	'|t|scim_anon',
	'or is rolled back to before it');
is( transaction(
		request('GET', $list, $one), 'SAVEPOINT s;', request('GET', $list, $two), 'ROLLBACK TO s;', $who),
	'1|token: of one|scim_client',
	'to what was proved then');
is( transaction(request('GET', $list, $one), 'SAVEPOINT s;', request('GET', $list, $two), 'RELEASE s;', $who),
	'2|token: of two|scim_client',
	'a second request proves anew');
is( transaction(request('GET', $list, $two), request('GET', $list, 'wrong'), $status, q{SELECT scim.tenant(), scim.actor() = session_user;}),
	"401\n|t",
	'and where it cannot, nothing is proved');
is( transaction(request('GET', '/scim/v2/Users/nobody', $two), $status, q{SELECT scim.tenant(), scim.actor() = session_user, current_user;}),
	"404\n|t|scim_anon",
	'nor after an error');
is( transaction(request('GET', '/scim/v2/Me', $two), $status), '501', 'a token is nobody, whatever scim.me says');

# a parallel worker knows it, too
my $parallel = $node->pg_version >= 16 ? 'debug_parallel_query' : 'force_parallel_mode';
like(
	transaction(
		request('GET', $list, $two),
		"SET LOCAL $parallel = on;",
		'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT scim.tenant();'),
	qr/Workers Launched: 1/,
	'scim.tenant() in a parallel worker');
is( transaction(
		request('GET', $list, $two),
		"SET LOCAL $parallel = on;",
		'SELECT scim.tenant();',
		'SELECT user_name FROM directory.users ORDER BY 1;'),
	"2\nsecond\ntwo",
	'says the tenant that is proved');
is( transaction("SET LOCAL $parallel = on;", 'SET scim.tenant = 2;', 'SELECT scim.tenant();'), '', 'and not what somebody says');

# who says it before this library is loaded does not say it as whose function has it loaded
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE shop LOGIN;
GRANT USAGE ON SCHEMA directory TO shop;
CREATE FUNCTION lent() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS $$ SELECT concat_ws('|', scim.tenant(), scim.actor()) $$;
SQL
my @as_shop = (extra_params => [ '-U', 'shop' ]);
is($node->safe_psql('postgres', q{SET scim.tenant = 2; SET scim.actor = 'root'; SELECT lent();}, @as_shop),
	'1|role shop: root', 'by a setting that is made first');
{
	local $ENV{PGOPTIONS} = '-c scim.tenant=2 -c scim.actor=root';
	is($node->safe_psql('postgres', 'SELECT lent();', @as_shop), '1|role shop: root', 'by options');
	is($node->safe_psql('postgres', 'SELECT scim.tenant();'), '2', 'but whoever may say it says it so, too');
}
$node->safe_psql('postgres', q{ALTER ROLE shop SET scim.tenant = 2; ALTER ROLE shop SET scim.actor = 'root';});
is($node->safe_psql('postgres', 'SELECT lent();', @as_shop), '1|role shop: root', 'nor by a setting of its role');
$node->safe_psql('postgres', q{INSERT INTO directory.tenant_role (role) VALUES ('shop')});
is($node->safe_psql('postgres', 'SELECT scim.tenant(), scim.actor();', @as_shop), '2|root', 'unless the store names it');
$node->safe_psql('postgres', q{ALTER ROLE shop RESET ALL; DELETE FROM directory.tenant_role});

# code that runs within the request can say nothing else
$node->safe_psql('postgres', <<'SQL');
CREATE FUNCTION pretend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('scim.tenant', '1', true), set_config('scim.actor', 'somebody else', true);
	IF NEW.user_name LIKE 'busy%' THEN
		RAISE serialization_failure;
	ELSIF NEW.user_name LIKE 'slow%' THEN
		PERFORM pg_sleep(20);
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER pretend AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION pretend();
SQL
is(transaction(request('POST', '/scim/v2/Users', $two, '{"userName": "new"}'), $status), '201', 'POST');
is( $node->safe_psql('postgres', q{SELECT u.tenant_id, a.actor FROM directory.users u JOIN directory.audit a ON a.resource_id = u.id WHERE u.user_name = 'new'}),
	'2|token: of two',
	'the row and its audit are of who was proved');

# ---- which store, and where

is( transaction(request('GET', $list, $one, '', ', "x-scim-store": "other"'), $status), '401', 'a token of one store in another');
my $other = $node->safe_psql('postgres', q{SET scim.store = 'other'; SELECT secret FROM scim.create_token('of other')});
is( transaction(
		request('POST', '/o/v2/Users', $other, '{"userName": "o"}', ', "x-scim-store": "other", "x-scim-base-url": "https://o.example/o/v2"'),
		$status, 'SHOW scim.store;', 'SHOW scim.base_url;', 'SHOW scim.base_path;'),
	"201\ndirectory\nunset\nunset",
	'store and address hold for the request only');
is( $node->safe_psql('postgres', q{SELECT user_name FROM other.users}), 'o', 'and reach it');
like(
	session('BEGIN;', request('GET', '/o/v2/Users', $other, '', ', "x-scim-store": "other", "x-scim-base-url": "https://o.example/o/v2"'), 'COMMIT;'),
	qr{"location":"https://o.example/o/v2/Users/},
	'locations begin with the address');
# a store may be on its way; PostgREST has a 503 of its own, and nginx makes one of 504
is(transaction(request('GET', $list, $one, '', qq(, "x-scim-store": "$_")), $status), '504', "store $_ is not there")
  for qw(nowhere pg_catalog);
for my $bad ('"x-scim-base-url": "https://o.example/"', '"x-scim-base-url": "https://o.example/a b"')
{
	is(transaction(request('GET', $list, $one, '', ", $bad"), $status), '500', "$bad is the gateway's mistake");
}

# ---- nothing but an answer

my $post = request('POST', '/scim/v2/Users', $two, '{"userName": "busy"}');
is(transaction($post, $status), '504', 'a serialization failure does not leave it: PostgREST would repeat without end');
$post = request('POST', '/scim/v2/Users', $two, '{"userName": "slow"}');
is( transaction(q{SET LOCAL statement_timeout = '200ms';}, $post, 'SET LOCAL statement_timeout = 0;', $status,
		q{SELECT (current_setting('response.headers')::json -> 2 ->> 'X-Scim-Error')::json ->> 'detail';}),
	"504\nthe request took too long",
	'nor does a timeout');
is( $node->safe_psql('postgres', q{SELECT count(*) FROM directory.users WHERE user_name ~ 'busy|slow'}), '0', 'and nothing is left of either');

for my $headers ('NULL', q{'null'}, q{'[]'}, q{'"x"'}, q{'{}'}, q{'{"x-scim-method": "GET"}'}, q{'{"x-scim-method": 1, "x-scim-target": []}'})
{
	is(transaction("SELECT scim.gateway($headers, NULL);", $status), '400', "headers $headers");
}
is(transaction(request('GET', $list, $one) =~ s/convert_to\(.*\)\)/NULL)/r, $status), '200', 'no body');
is(transaction(request('HEAD', $list, $one), $status), '200', 'HEAD');
is(transaction(request('GET', $list), $status), '401', 'nobody');
is(transaction(request('GET', '/scim/v2/Schemas'), $status), '200', 'discovery');
is(transaction(request('GET', '/scim/v2/Users/Schemas'), $status), '401', 'what only looks like it');
is(transaction(request('POST', '/scim/v2/Schemas'), $status), '401', 'not to be written');
is(transaction(request('GET', '/scim/v2/Users?filter=%zz', $one), $status), '400', 'a bad target');

# a role that may not execute it cannot speak for anybody
my ($ret, $stdout, $stderr) = $node->psql('postgres',
	q{CREATE ROLE app; GRANT USAGE ON SCHEMA directory TO app; SET SESSION AUTHORIZATION app; SET request.jwt.claims = '{"role": "scim_client", "tenant": 2}';} . request('GET', $list));
like($stderr, qr/permission denied for function gateway/, 'EXECUTE is for the roles of PostgREST');

$node->stop;
done_testing();
