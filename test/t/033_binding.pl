# Sixteen sessions write the same people on both sides of a binding, requests and plain UPDATEs:
# some are told to try again, and in the end both sides say the same.  So they do where a dump
# of both is restored, which then follow each other there.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
my $other = PostgreSQL::Test::Cluster->new('other');
my $dump = $node->basedir . '/dump.sql';
my $seconds = $ENV{BINDING_SECONDS} || 5;

foreach my $server ($node, $other)
{
	$server->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
	$server->append_conf('postgresql.conf', "fsync = off\ndeadlock_timeout = 50ms\nmax_connections = 40");
	$server->start;
}
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
SELECT scim.create_store();
CREATE SCHEMA app;
CREATE TABLE app.users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, given text, family text);
INSERT INTO app.users (email) SELECT 'user' || n FROM generate_series(1, 50) n;
SELECT * FROM scim.bind_table('User', 'app.users', '{"attributes": {"userName": "email", "name.givenName": "given", "name.familyName": "family"}}');
CREATE TABLE public.answers (status int);
SQL

my $check = 'SELECT count(*) FROM scim.check_binding()';
my $update = $node->basedir . '/update.sql';
my $request = $node->basedir . '/request.sql';
append_to_file($update, <<'SQL');
\set n random(1, 50)
UPDATE app.users SET given = random()::text, family = random()::text WHERE id = :n;
SQL
append_to_file($request, <<'SQL');
\set n random(1, 50)
INSERT INTO public.answers SELECT r.status FROM directory.binding_link l, LATERAL scim.request('PATCH', '/Users/' || l.resource_id, '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "name.givenName", "value": "%s"}]}', random())) r WHERE l.key = ARRAY[:n::text];
SQL
command_ok(
	[ 'pgbench', '-n', '-c', '16', '-T', $seconds, '--max-tries', '100', '-f', $update, '-f', $request, '-d', 'postgres', '-h', $node->host, '-p', $node->port ],
	'sixteen writers');
is($node->safe_psql('postgres', $check), '0', 'both sides say the same');
is($node->safe_psql('postgres', 'SELECT count(*) FROM public.answers WHERE status NOT IN (200, 503)'),
	'0', 'requests are answered, or told to come again');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM public.answers WHERE status = 200'), '>', 10, 'many are answered');
is($node->safe_psql('postgres', 'SELECT count(*) FROM directory.users r WHERE version <> (SELECT count(DISTINCT version) FROM directory.audit a WHERE a.resource_id = r.id)'),
	'0', 'every version is in the audit');

command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump ], 'dumped');
command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $other->connstr('postgres'), '-f', $dump ], 'and restored');
is($other->safe_psql('postgres', $check), '0', 'they still do');
$other->safe_psql('postgres', "UPDATE app.users SET given = 'From the table' WHERE id = 1");
is($other->safe_psql('postgres', "SELECT data #>> '{name,givenName}' FROM directory.users WHERE user_name = 'user1'"),
	'From the table', 'a row is followed');
$other->safe_psql('postgres', q(INSERT INTO directory.users (data) VALUES ('{"userName": "new"}')));
is($other->safe_psql('postgres', "SELECT count(*) FROM app.users WHERE email = 'new'"), '1', 'and a resource');

done_testing();
