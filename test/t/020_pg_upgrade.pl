# pg_upgrade of a server whose stores are of an earlier version: the new server has the
# new library, and brings them forward afterwards.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @locale = (extra => [ '--encoding=UTF8', '--locale=C' ]);
my $old = PostgreSQL::Test::Cluster->new('old');
$old->init(@locale);
$old->start;
$old->command_ok([ 'psql', '-X', '-q', '-f', 'test/upgrade/roles.sql', '-d', $old->connstr('postgres') ], 'roles');
$old->safe_psql('postgres', 'CREATE DATABASE stores');
$old->safe_psql('stores', q{CREATE EXTENSION scim VERSION '0.1.0'});
$old->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', 'test/data/store-0.1.0.sql', '-d', $old->connstr('stores') ],
	'a store of version 0.1.0');
$old->stop;

my $new = PostgreSQL::Test::Cluster->new('new');
$new->init(@locale);
my $bindir = $new->config_data('--bindir');
command_ok(
	[
		'pg_upgrade', '--no-sync', '--old-datadir', $old->data_dir, '--new-datadir', $new->data_dir,
		'--old-bindir', $bindir, '--new-bindir', $bindir,
		'--socketdir', $new->host, '--old-port', $old->port, '--new-port', $new->port
	],
	'pg_upgrade');
$new->start;

is($new->safe_psql('stores', q{SELECT status FROM scim.request('GET', '/Users')}),
	'503', 'not served before it is brought forward');
$new->safe_psql('stores', 'ALTER EXTENSION scim UPDATE');
my $log = -s $new->logfile;
$new->safe_psql('stores', q{SELECT status FROM scim.request('GET', '/Users'); SELECT status FROM scim.request('GET', '/Groups');});
my @lines = (substr(slurp_file($new->logfile), $log) =~ /LOG: +store "directory" is of version 0\.1\.0/g);
is(scalar @lines, 1, 'the log of the server says so, once for a session');
my $name = qr/\w+|"(?:""|[^"])+"/;
my $concurrently = qr/CONCURRENTLY IF (?:NOT )?EXISTS/;
my %left = (
	'indexes are left to make' => qr/^(CREATE (UNIQUE )?INDEX $concurrently $name ON [^\n]*\n?)+$/,
	'and then former ones to drop' => qr/^(DROP INDEX $concurrently $name\.$name\n?)+$/);
for my $what ('indexes are left to make', 'and then former ones to drop')
{
	my $left = $new->safe_psql('stores', q{SELECT scim.upgrade_store(name) FROM unnest(ARRAY['directory', 'Odd "Store"']) name});
	like($left, $left{$what}, $what);
	$new->safe_psql('stores', $left =~ s/$/;/mgr);
}
is($new->safe_psql('stores', q{SELECT scim.upgrade_store(name) FROM unnest(ARRAY['directory', 'Odd "Store"']) name}),
	'', 'nothing is left to do');
my ($result, $answers) = $new->psql('stores', slurp_file('test/upgrade/answers.sql'));
is($answers . "\n", slurp_file('test/data/store-0.1.0.out'), 'nobody is lost');

$new->stop;
done_testing();
