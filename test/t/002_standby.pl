# A hot standby answers what only reads, and says no to what writes, as SCIM does.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, extra => ['--encoding=UTF8', '--locale=C']);
$primary->start;
my $id = '00000000-0000-7000-8000-000000000001';
$primary->safe_psql(
	'postgres', qq{
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
INSERT INTO directory.users (id, data) VALUES ('$id', '{"userName": "bjensen", "password": "t1meMa\$heen"}');
INSERT INTO directory.groups (data) VALUES ('{"displayName": "G", "members": [{"value": "$id"}]}');
});
my $token = $primary->safe_psql('postgres', q{SELECT secret FROM scim.create_token('standby')});
# the role as which a request of the gateway runs
$primary->safe_psql(
	'postgres', q{
CREATE ROLE scim_client;
GRANT USAGE ON SCHEMA directory TO scim_client;
GRANT SELECT ON ALL TABLES IN SCHEMA directory TO scim_client;
});

$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

sub on_standby
{
	my ($query) = @_;
	return $standby->safe_psql('postgres', $query);
}

is(on_standby('SELECT pg_is_in_recovery()'), 't', 'the standby is one');
is( on_standby(qq{SELECT status, body::jsonb ->> 'userName', jsonb_array_length(body::jsonb -> 'groups') FROM scim.request('GET', '/Users/$id')}),
	'200|bjensen|1',
	'GET of a resource');
is( on_standby(q{SELECT status, body::jsonb -> 'totalResults' FROM scim.request('GET', '/Users?filter=userName%20eq%20%22BJENSEN%22')}),
	'200|1',
	'GET of a list');
is( on_standby(q{SELECT status, body::jsonb -> 'totalResults' FROM scim.request('POST', '/.search', '{}',
	'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName pr"}')}),
	'200|1',
	'.search');
is(on_standby(qq{SELECT status, body FROM scim.request('HEAD', '/Users/$id')}), '200|', 'HEAD');
is(on_standby(qq{SELECT status, changes FROM scim.preview('GET', '/Users/$id')}), '200|[]', 'the preview of a GET');
is(on_standby(qq{SELECT status, changes FROM scim.preview('DELETE', '/Users/$id')}), '503|[]', 'and of a DELETE');
is( on_standby(qq{SELECT again.status FROM scim.request('GET', '/Users/$id') first,
	scim.request('GET', '/Users/$id', jsonb_build_object('If-None-Match', first.headers ->> 'ETag')) again}),
	'304', 'GET with If-None-Match');
for my $endpoint (qw(ServiceProviderConfig ResourceTypes Schemas))
{
	is(on_standby(qq{SELECT status FROM scim.request('GET', '/$endpoint')}), '200', "GET /$endpoint");
}
is(on_standby(qq{SELECT status FROM scim.request('GET', '/Users/00000000-0000-7000-8000-00000000ffff')}),
	'404', 'a resource that is not there');
is(on_standby(qq{SELECT scim.get_resource('User', '$id') ->> 'userName'}), 'bjensen', 'scim.get_resource');
is(on_standby(q{SELECT scim.search('User', 'userName sw "b"') -> 'totalResults'}), '1', 'scim.search');
is(on_standby(q{SELECT scim.search(NULL, sort_by => 'meta.created') -> 'totalResults'}), '2', 'scim.search, sorted');
is(on_standby(q{SELECT scim.resource_json(u) ->> 'userName' FROM directory.users u}), 'bjensen', 'scim.resource_json');
is(on_standby(q{SELECT action FROM scim.import('User', $$ SELECT 'bjensen' AS "userName", 'Boss' AS title $$)}), 'change', 'scim.import, the difference');
is(on_standby(q{SELECT user_name FROM directory.users WHERE scim.matches(data, 'userName eq "bjensen"', 'User')}),
	'bjensen', 'scim.matches');
is(on_standby(qq{SELECT scim.verify_password('$id', 't1meMa\$heen')}), 't', 'scim.verify_password');
is(on_standby(qq{SELECT scim.authenticate('Bearer $token')}), '1', 'scim.authenticate');
is( on_standby(
		qq{BEGIN; SELECT scim.gateway('{"x-scim-method": "GET", "x-scim-target": "/scim/v2/Users/$id", "x-scim-authorization": "Bearer $token"}', '')::json ->> 'userName';
	SELECT current_setting('response.status'), scim.actor(), current_user; COMMIT;}),
	"bjensen\n200|token: standby|scim_client",
	'scim.gateway');

# what writes
my $body = '{"userName": "bjensen", "title": "T"}';
my $patch = '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "T"}]}';
for my $request (
	[ 'POST',   '/Users',     '{"userName": "new"}' ],
	[ 'PUT',    "/Users/$id", $body ],
	[ 'PATCH',  "/Users/$id", $patch ],
	[ 'DELETE', "/Users/$id", '' ],
	[ 'POST', '/Bulk', qq({"Operations": [{"method": "DELETE", "path": "/Users/$id"}]}) ])
{
	my ($method, $target, $content) = @$request;
	my $sql_body = $content eq '' ? 'NULL' : "'$content'";
	is( on_standby(
			qq{SELECT status, body::jsonb ->> 'status', headers ->> 'Retry-After', body::jsonb ->> 'detail' FROM scim.request('$method', '$target', '{}', $sql_body)}),
		'503|503|1|nothing can be changed here: the transaction or the server is read-only',
		"$method is refused");
}
my ($result, $stdout, $stderr) =
  $standby->psql('postgres', q{SELECT scim.create_resource('User', '{"userName": "new"}')});
isnt($result, 0, 'scim.create_resource fails');
like($stderr, qr/read-only transaction/, 'and says why');

# what the primary changes is seen, the registry included
my $session;
$session = $standby->background_psql('postgres') if $standby->pg_version >= 16;
is($session->query(q{SELECT scim.search('User') -> 'totalResults'}), '1', 'a session caches the registry') if $session;
$primary->safe_psql(
	'postgres', q{
UPDATE directory.schema SET document = jsonb_set(document, '{attributes,-1}',
	'{"name": "shoeSize", "type": "integer", "multiValued": false}', true) WHERE id LIKE '%:core:2.0:User';
UPDATE directory.users SET data = data || '{"shoeSize": 43}';
});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
my $shoes = q{SELECT scim.search('User', 'shoeSize gt 40') -> 'totalResults'};
is($session ? $session->query($shoes) : on_standby($shoes), '1', 'the registry follows the primary');
$session->quit if $session;

# and in a read-only transaction of the primary
is( $primary->safe_psql(
		'postgres', qq{
BEGIN READ ONLY;
SELECT status FROM scim.request('GET', '/Users/$id');
SELECT status FROM scim.request('PUT', '/Users/$id', '{}', '$body');
SELECT status FROM scim.request('GET', '/Users/$id');
COMMIT}),
	"200\n503\n200", 'a read-only transaction goes on after a refusal');

$standby->promote;
is( $standby->safe_psql('postgres', qq{SELECT status FROM scim.request('PATCH', '/Users/$id', '{}', '$patch')}),
	'200', 'after promotion it writes');

$standby->stop;
$primary->stop;
done_testing();
