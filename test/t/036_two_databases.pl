# Who owns a database and is no superuser has all that scim has, and two databases of a server do
# not meet, whose stores and roles are called the same.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->start;
$node->safe_psql(
	'postgres', q{
CREATE ROLE keeper LOGIN CREATEROLE;
CREATE ROLE guest LOGIN;
CREATE DATABASE one OWNER keeper;
CREATE DATABASE two OWNER keeper;
});

# what psql prints as somebody, errors and warnings included
sub as
{
	my ($role, $database, $statements, %options) = @_;
	my ($result, $output, $errors) =
	  $node->psql($database, "SET client_min_messages = warning;\n$statements", extra_params => [ '-U', $role, '-q', @{ $options{params} // [] } ]);

	$errors =~ s/^psql:\S+: //mg;
	return join("\n", grep { $_ ne '' } $output, $errors);
}

# a file of conf/, which says nothing where all went well
sub conf
{
	my ($role, $database, $name, @params) = @_;
	my @command = ('psql', '-X', '-q', '-U', $role, '-d', $node->connstr($database),
		'-v', 'store=directory', @params, '-f', "conf/$name.sql");
	my ($output, $errors);

	my $result = IPC::Run::run(\@command, '>', \$output, '2>', \$errors);
	is("$result$output$errors", '1', "$role in $database: conf/$name.sql says nothing");
	return;
}

like(as('guest', 'one', 'CREATE EXTENSION scim'), qr/permission denied/, 'who may make nothing in a database may not make the extension');
for my $database ('one', 'two')
{
	is(as('keeper', $database, 'CREATE EXTENSION scim'), '', "$database: the owner makes the extension");
	is(as('keeper', $database, q{SELECT scim.create_store('directory')}), '', "$database: and a store");
	for my $again (1, 2)
	{
		conf('keeper', $database, 'roles');
		conf('keeper', $database, 'postgrest');
		conf('keeper', $database, 'relay');
		conf('keeper', $database, 'request_log', '-v', 'table=on');
	}
}

# What the extension has made belongs to the superuser.
is( $node->safe_psql(
		'one', q{
SELECT count(*) FILTER (WHERE proowner <> 10), bool_or(prosecdef), count(*) > 300
FROM pg_proc WHERE pronamespace IN ('scim'::regnamespace, 'scim_internal'::regnamespace)}),
	'0|f|t', 'functions belong to the superuser, and none is SECURITY DEFINER');
for my $statement (
	'ALTER FUNCTION scim.fold(text) CALLED ON NULL INPUT',
	'CREATE OR REPLACE FUNCTION scim.fold(text) RETURNS text LANGUAGE sql AS $$ SELECT $1 $$',
	'CREATE FUNCTION scim.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
	'CREATE FUNCTION public.mine(text) RETURNS text LANGUAGE c STRICT AS $$$libdir/scim$$, $$scim_fold$$',
	'ALTER OPERATOR CLASS scim.gin_ops USING gin RENAME TO mine',
	'ALTER TYPE scim.filter SET (STORAGE = plain)',
	'ALTER EXTENSION scim DROP FUNCTION scim.fold(text)',
	'ALTER SCHEMA scim RENAME TO mine',
	q{SELECT scim.fold(''); SET scim.proved_tenant = 1})
{
	like(as('keeper', 'one', $statement), qr/must be owner|permission denied|cannot|needs to be/, "refused: $statement");
}

# What is granted to nobody else.
is(as('keeper', 'one', q{SELECT length(secret) FROM scim.create_token('first')}), '104', 'the owner makes a token');
is(as('keeper', 'one', q{SELECT scim.revoke_token(id) FROM directory.token WHERE description = 'first'}), '', 'and revokes it');
is( as('keeper', 'one',
		q{SELECT scim.create_resource('User', '{"userName": "ann", "password": "t1meMa$heen"}') IS NOT NULL; SELECT scim.verify_password(id, 't1meMa$heen') FROM directory.users}),
	"t\nt", 'and checks a password');
is(as('guest', 'one', q{SELECT scim.create_token('no')}), 'ERROR:  permission denied for function create_token', 'nobody else does');
is(as('keeper', 'one', 'GRANT EXECUTE ON FUNCTION scim.create_token(text, timestamptz, text[]) TO guest'), '', 'he grants it');
like(as('guest', 'one', q{SELECT scim.create_token('no')}), qr/permission denied for schema directory/, 'which is worth nothing without a right in the store');
like(as('guest', 'two', q{SELECT scim.create_token('no')}), qr/permission denied for function create_token/, 'nor in the other database');
is(as('keeper', 'one', 'CREATE ROLE operator LOGIN IN ROLE scim_operator; CREATE ROLE app LOGIN IN ROLE scim_application'), '', 'the owner grants roles of conf/roles.sql');
is(as('operator', 'one', q{SELECT length(secret) FROM scim.create_token('second')}), '104', 'who may make tokens makes one');
is(as('app', 'one', q{SELECT scim.verify_password(id, 'wrong') FROM directory.users}), 'f', 'who may check passwords does');
my $requests = '{"at": "2026-01-01T00:00:00+00:00", "store":"directory", "method": "GET", "path": "/Users", "status": "200"}';
is( as('keeper', 'one', "INSERT INTO scim_log.request_line VALUES ('$requests'); SELECT count(*) FROM directory.request_log"),
	$node->safe_psql('one', 'SELECT count(*) FROM scim_log.directory'), 'the log is a table');

# A dump has who was granted what, and takes an owner that is another one.
$node->safe_psql('postgres', 'CREATE ROLE heir LOGIN; CREATE DATABASE three OWNER heir');
command_ok([ 'pg_dump', '-f', $node->basedir . '/one.sql', $node->connstr('one') ], 'pg_dump');
command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('three'), '-f', $node->basedir . '/one.sql' ], 'restored');
is( $node->safe_psql('three', q{SELECT has_function_privilege('guest', 'scim.create_token(text, timestamptz, text[])', 'EXECUTE'),
	has_function_privilege('heir', 'scim.create_token(text, timestamptz, text[])', 'EXECUTE'),
	has_function_privilege('scim_operator', 'scim.create_token(text, timestamptz, text[])', 'EXECUTE')}),
	't|t|t', 'privileges are in the dump, and the owner of the new database has his');

# An update says privileges again, and takes none of those that others have granted.
$node->safe_psql(
	'postgres', q{
CREATE DATABASE older OWNER keeper;
CREATE DATABASE older_restored;
});
$node->safe_psql(
	'older', q{
CREATE EXTENSION scim VERSION '0.6.0';
GRANT EXECUTE ON FUNCTION scim.create_token(text, timestamptz, text[]) TO guest;
GRANT USAGE ON SCHEMA scim TO guest;
ALTER EXTENSION scim UPDATE;
});
command_ok([ 'pg_dump', '-f', $node->basedir . '/older.sql', $node->connstr('older') ], 'pg_dump after an update');
command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('older_restored'), '-f', $node->basedir . '/older.sql' ], 'restored');
is( $node->safe_psql('older_restored', q{SELECT proacl::text ~ 'guest=X' FROM pg_proc WHERE oid = 'scim.create_token(text, timestamptz, text[])'::regprocedure
	UNION ALL SELECT nspacl::text ~ 'guest=U' FROM pg_namespace WHERE nspname = 'scim'}), "t\nt", 'what was granted before an update is in a dump after it');
is(as('keeper', 'older', q{SELECT scim.create_store(); SELECT length(secret) FROM scim.create_token('first')}), "\n104", 'and the owner has his');

# Settings of a role are those of a database.
is( $node->safe_psql('postgres', q{SELECT count(*) FILTER (WHERE setdatabase = 0), count(*) FROM pg_db_role_setting}),
	'0|2', 'conf/ sets nothing for all databases');
is( as( 'keeper', 'one', q{
SELECT scim.create_store('staff');
ALTER ROLE app IN DATABASE one SET scim.store = 'staff';
GRANT USAGE ON SCHEMA staff TO app}),
	'', 'a store of its own for a role');
is(as('app', 'one', 'SELECT scim.store()'), 'staff', 'in one database');
is(as('app', 'two', 'SELECT scim.store()'), 'directory', 'and not in the other');

# Data, credentials and people.
my $secret = as('keeper', 'one', q{SELECT secret FROM scim.create_token('third')});
is(as('keeper', 'one', "SELECT scim.authenticate('Bearer $secret') IS NOT NULL"), 't', 'a token is good in its database');
is(as('keeper', 'two', "SELECT scim.authenticate('Bearer $secret') IS NOT NULL"), 'f', 'and in no other');
is(as('keeper', 'two', q{SELECT scim.search('User') -> 'totalResults'}), '0', 'nobody comes across');
is(as('keeper', 'two', q{SELECT scim.create_resource('User', '{"userName": "ann"}') ->> 'userName'}), 'ann', 'whose name is free there');
is( as( 'keeper', 'one', q{
SELECT scim.register_schema('{"id": "urn:example:x", "name": "X", "attributes": [{"name": "colour"}]}') IS NOT NULL;
SELECT scim.register_resource_type('{"name": "X", "endpoint": "/Xs", "schema": "urn:example:x"}') IS NOT NULL}),
	"t\nt", 'a schema is registered');
like(as('keeper', 'two', q{SELECT scim.search('X')}), qr/unknown resource type/, 'in one database');
is(as('keeper', 'two', q{SELECT max_results FROM (SELECT value AS max_results FROM directory.setting WHERE name = 'max_results') AS s}), '', 'settings are rows of a store');

# who writes the registry here keeps nobody waiting there
my $writer = $node->background_psql('one');
$writer->query_safe(q{BEGIN; UPDATE directory.policy SET enabled = enabled; SELECT scim.create_resource('User', '{"userName": "late"}')});
is( as( 'keeper', 'two', q{
SET lock_timeout = '5s';
UPDATE directory.policy SET enabled = enabled;
SELECT scim.create_resource('User', '{"userName": "late"}') ->> 'userName'}),
	'late', 'no lock of one database is in the way of another');
$writer->query_safe('ROLLBACK');
$writer->quit;

# Roles of people belong to the server: a person of another database does not get one.
is(as('keeper', 'postgres', 'CREATE ROLE readers'), '', 'a role to be granted');
for my $database ('one', 'two')
{
	is( as('keeper', $database,
			q{INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'database_roles', '{"login": "userName", "missing": "create", "grants": [{"group": "displayName eq \"Readers\"", "roles": ["readers"]}]}')}),
		'', "$database: people have roles of the database");
}
my $pia = q{WITH pia AS (SELECT scim.create_resource('User', '{"userName": "pia"}') ->> 'id' AS id)
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'Readers', 'members', jsonb_build_array(jsonb_build_object('value', id)))) ->> 'displayName' FROM pia};
is(as('keeper', 'one', $pia), 'Readers', 'somebody in a group gets a role');
is($node->safe_psql('postgres', q{SELECT rolcanlogin FROM pg_roles WHERE rolname = 'pia'}), 't', 'which is there');
like(as('keeper', 'two', $pia), qr/role "pia"/, 'somebody of that name in another database does not get it');
is($node->safe_psql('two', q{SELECT count(*) FROM directory.users WHERE user_name = 'pia'}), '0', 'and is not made');

# A person's role is told of before its store goes.
like(as('keeper', 'one', q{SELECT scim.drop_store('directory')}), qr/Depending on it: .*role pia/, 'drop_store names the roles of people');
is(as('keeper', 'one', q{SELECT scim.drop_store('directory', force => true)}), '', 'and drops the store');
is($node->safe_psql('two', q{SELECT count(*) > 0 FROM directory.users}), 't', 'of one database');

$node->stop;
done_testing();
