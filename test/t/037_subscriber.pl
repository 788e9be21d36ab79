# A publication FOR ALL TABLES of a database with a store: a subscriber has every row as the
# publisher has made it, does none of the door's work again, and its sessions see what is
# registered and configured by now.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @locale = (extra => [ '--encoding=UTF8', '--locale=C' ]);
my $publisher = PostgreSQL::Test::Cluster->new('publisher');
$publisher->init(allows_streaming => 'logical', @locale);
$publisher->start;
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init(@locale);
$subscriber->append_conf('postgresql.conf', "wal_retrieve_retry_interval = 200ms\n");
$subscriber->start;

$publisher->safe_psql(
	'postgres', q{
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
UPDATE directory.policy SET enabled = true WHERE kind = 'events';
INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'user' || i, 'externalId', 'e' || i, 'password', 't1meMa$heen' || i)
	FROM generate_series(1, 50) i;
INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', 'Everybody', 'members',
	jsonb_agg(jsonb_build_object('value', id))) FROM directory.users;
DELETE FROM directory.users WHERE user_name = 'user7';
SELECT scim.create_tenant('two');
SELECT (scim.create_token('payroll')).id, scim.create_consumer('watcher');
CREATE PUBLICATION all_of_it FOR ALL TABLES WITH (publish_via_partition_root = true);
});
is( $publisher->safe_psql(
		'postgres', q{
SELECT string_agg(c.relname, ' ') FROM pg_class c JOIN pg_publication_tables p ON (p.schemaname, p.tablename) = (c.relnamespace::regnamespace::text, c.relname)
WHERE c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)}),
	'', 'each table has a key by which rows are updated');

$publisher->command_ok([ 'pg_dump', '--schema-only', '--no-publications', '-f', $publisher->basedir . '/schema.sql', $publisher->connstr('postgres') ],
	'the tables of the publisher');
$subscriber->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $subscriber->connstr('postgres'), '-f', $publisher->basedir . '/schema.sql' ], 'are made at the subscriber');
my $connection = $publisher->connstr . ' dbname=postgres';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION follower CONNECTION '$connection' PUBLICATION all_of_it");
$subscriber->wait_for_subscription_sync($publisher, 'follower');

# every row of every table, as one text for each table
my $contents = q{
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM directory.%I t', relname, relname)
FROM pg_class WHERE relnamespace = 'directory'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname};

sub same
{
	my ($name) = @_;
	my @contents = map {
		my $node = $_;
		$node->safe_psql('postgres', join(' UNION ALL ', split(/\n/, $node->safe_psql('postgres', $contents))) . ' ORDER BY 1')
	} ($publisher, $subscriber);

	return is($contents[1], $contents[0], "$name: every row is as the publisher has it");
}
sub caught_up { return $publisher->wait_for_catchup('follower'); }
same('at first');

# a session that has read all of it, and goes on
my $session = $subscriber->background_psql('postgres', on_error_stop => 0);
my $ask = q{SELECT scim.search('User', 'shoeSize eq 43') #>> '{Resources,0,userName}'};
is($session->query_safe(q{SELECT scim.search('User', 'userName eq "USER9"') ->> 'totalResults'}), '1', 'people are found');
$session->query($ask);
like($session->{stderr}, qr/shoeSize/, 'what is not registered is refused');
$session->{stderr} = '';
is($session->query_safe(q{SELECT r.status FROM scim.request('GET', '/Users?count=1') r}), '200', 'and requests answered');

$publisher->safe_psql(
	'postgres', q{
UPDATE directory.schema SET document = jsonb_set(document, '{attributes,-1}',
	'{"name": "shoeSize", "type": "integer", "multiValued": false, "uniqueness": "server"}', true) WHERE id LIKE '%:core:2.0:User';
UPDATE directory.users SET data = data || '{"shoeSize": 43}' WHERE user_name = 'user8';
INSERT INTO directory.setting (name, value) VALUES ('max_results', '7');
UPDATE directory.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT scim.patch_resource('Group', id, jsonb_build_array(jsonb_build_object('op', 'remove', 'path', 'members[value eq "' ||
	(SELECT id FROM directory.users WHERE user_name = 'user9') || '"]'))) FROM directory.groups;
DELETE FROM directory.users WHERE user_name = 'user10';
SELECT scim.revoke_token(id) FROM directory.token;
INSERT INTO directory.endpoint (name, methods, path, resource_type, action) VALUES ('flat', '{GET}', '/flat/{id}', 'User', 'read');
});
caught_up();
same('after changes');
is($session->query_safe($ask), 'user8', 'a new attribute is known in filters');
is($session->query_safe(q{SELECT r.body::jsonb #>> '{Resources,0,shoeSize}' FROM scim.request('GET', '/Users?filter=userName%20eq%20%22user8%22') r}),
	'43', 'and in answers');
is($session->query_safe(q{SELECT jsonb_array_length(scim.search('User', count => 20) -> 'Resources')}), '7', 'a setting is in force');
is($session->query_safe(q{SELECT scim.export_profile() #>> '{policies,0,kind}' IS NOT NULL, count(*) FROM directory.policy WHERE settings ->> 'mode' = 'hard' AND resource_type = 'User'}),
	't|1', 'and a policy');
is($session->query_safe(q{SELECT status FROM scim.request('GET', '/flat/' || (SELECT id FROM directory.users WHERE user_name = 'user8'))}), '200', 'and an endpoint');
is($session->query_safe(q{SELECT count(*) FROM directory.users WHERE user_name = 'user10'}), '0', 'who is gone is gone');
is($session->query_safe(q{SELECT scim.verify_password(id, 't1meMa$heen8') FROM directory.users WHERE user_name = 'user8'}), 't', 'passwords are there');

# what is sealed is verified
$publisher->safe_psql('postgres', 'SELECT scim.seal_audit()');
caught_up();
same('sealed');
is( $subscriber->safe_psql('postgres', q{SELECT count(*) FROM scim.verify_audit() WHERE problem IS NOT NULL}),
	$publisher->safe_psql('postgres', q{SELECT count(*) FROM scim.verify_audit() WHERE problem IS NOT NULL}), 'the audit is verified there, too');

# A resource type of its own has no table there until somebody makes it: nothing is lost meanwhile.
my $log = -s $subscriber->logfile;
$publisher->safe_psql(
	'postgres', q{
SELECT scim.register_schema('{"id": "urn:example:Device", "name": "Device", "attributes": [{"name": "serial", "uniqueness": "server"}]}');
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}');
INSERT INTO directory.devices (data) SELECT jsonb_build_object('serial', i::text) FROM generate_series(1, 5) i});
ok($subscriber->wait_for_log(qr/no partition of relation "resource" found/, $log), 'replication waits for the table of a new resource type');
$subscriber->poll_query_until('postgres', q{SELECT count(*) = 1 FROM directory.resource_type WHERE name = 'Device'});
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM scim.repair_store('directory')}), '0', 'which scim.repair_store makes');
caught_up();
same('with a new resource type');
is($session->query_safe(q{SELECT scim.search('Device', 'serial eq "3"') ->> 'totalResults'}), '1', 'whose resources are found');

# By parts, not by the table that they are parts of.
$session->quit;
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION follower');
$publisher->safe_psql('postgres', 'ALTER PUBLICATION all_of_it SET (publish_via_partition_root = false)');
$subscriber->safe_psql('postgres', q{CREATE DATABASE parts});
$publisher->command_ok([ 'pg_dump', '--schema-only', '--no-publications', '-f', $publisher->basedir . '/schema.sql', $publisher->connstr('postgres') ],
	'the tables as they are by now');
$subscriber->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $subscriber->connstr('parts'), '-f', $publisher->basedir . '/schema.sql' ], 'are made in another database');
$subscriber->safe_psql('parts', "CREATE SUBSCRIPTION follower CONNECTION '$connection' PUBLICATION all_of_it");
$subscriber->wait_for_subscription_sync($publisher, 'follower', 'parts');
$publisher->safe_psql('postgres', q{INSERT INTO directory.users (data) VALUES ('{"userName": "last"}')});
caught_up();
is($subscriber->safe_psql('parts', q{SELECT scim.search('User', 'userName eq "last"') ->> 'totalResults'}), '1', 'the same by parts');
$subscriber->safe_psql('parts', 'DROP SUBSCRIPTION follower');

$subscriber->stop;
$publisher->stop;
done_testing();
