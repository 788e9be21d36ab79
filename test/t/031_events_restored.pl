# A dump has consumers, positions, leases and what is still to be delivered: restored into
# another server, whose transactions count from elsewhere, each goes on where he was.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
my $other = PostgreSQL::Test::Cluster->new('other');
my $dump = $node->basedir . '/dump.sql';

foreach my $server ($node, $other)
{
	$server->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
	$server->append_conf('postgresql.conf', 'fsync = off');
	$server->start;
}
$node->safe_psql('postgres', "SELECT pg_current_xact_id()") foreach 1 .. 200;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
UPDATE directory.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_consumer('hr', 'operation eq "create"'), scim.create_consumer('pushed');
INSERT INTO directory.setting (name, value) VALUES ('base_url', '"https://scim.example.com/v2"');
SELECT scim.deliver_by_push('pushed', 'https://example.com/', 'Bearer x');
INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'user' || n) FROM generate_series(1, 6) n;
SELECT scim.acknowledge_events('hr', ARRAY[id]) FROM scim.next_events('hr', 2);
SELECT FROM scim.next_events('hr', 2);
UPDATE directory.users SET active = false WHERE user_name = 'user1';
SQL
command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump ], 'dumped');
command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $other->connstr('postgres'), '-f', $dump ], 'and restored');

is( $other->safe_psql('postgres', "SELECT string_agg(position::text, ',') FROM scim.next_events('hr')"),
	'5,6', 'what nobody has is given out');
$other->safe_psql('postgres', "UPDATE directory.lease SET expires_at = now()");
is( $other->safe_psql('postgres', "SELECT string_agg(position::text, ',') FROM scim.next_events('hr')"),
	'3,4,5,6', 'and what somebody had, once his lease is over');
$other->safe_psql('postgres', q{INSERT INTO directory.users (data) VALUES ('{"userName": "later"}')});
is($other->safe_psql('postgres', "SELECT position FROM scim.next_events('hr')"), '8', 'positions go on');
is($other->safe_psql('postgres', 'SELECT count(*), count(DISTINCT lease_id) FROM scim.next_deliveries()'),
	'8|1', 'and what the relay has to send is there');

done_testing();
