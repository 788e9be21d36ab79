# A store is the user's data: pg_dump carries all of it, with what the user has
# added to its tables, and the door is there again after the restore.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->start;

$node->safe_psql('postgres', 'CREATE DATABASE before');
$node->safe_psql(
	'before', q{
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
SELECT scim.create_store('My Store');
INSERT INTO directory.users (user_name, data)
	SELECT 'user' || i, jsonb_build_object('externalId', 'e' || i, 'active', i % 3 <> 0,
		'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'primary', true)))
	FROM generate_series(1, 100) i;
INSERT INTO directory.users (id, data) VALUES
	('00000000-0000-7000-8000-000000000001', '{"userName": "secret", "password": "t1meMa$heen"}');
INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', 'Everybody', 'members',
	jsonb_agg(jsonb_build_object('value', id))) FROM directory.users;
DELETE FROM directory.users WHERE user_name = 'user7';
UPDATE directory.policy SET enabled = true WHERE kind = 'events';
UPDATE directory.schema SET document = jsonb_set(document, '{attributes,-1}',
	'{"name": "shoeSize", "type": "integer", "multiValued": false, "uniqueness": "server"}', true) WHERE id LIKE '%:core:2.0:User';
UPDATE directory.users SET data = data || '{"shoeSize": 43}' WHERE user_name = 'user8';
INSERT INTO "My Store".users (data) VALUES ('{"userName": "odd"}');
INSERT INTO directory.authentication_scheme (scheme, keyword, credential, second_header, type) VALUES
	('Basic', 'Basic', 'password', NULL, 'httpbasic'), ('App', 'App', 'token', 'x-app-token', 'oauthbearertoken');
SELECT scim.create_client('payroll', password => 'correct horse'), scim.create_client('app', 'App');
SELECT scim.create_consumer('hr'), scim.create_token('provider');
SELECT count(*) FROM scim.next_events('hr', 3);
SELECT scim.seal_audit();

-- what the user has added
CREATE TABLE public.log (what text);
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS
	$$BEGIN INSERT INTO public.log VALUES (NEW.user_name); RETURN NULL; END$$;
CREATE TRIGGER z_note AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION public.note();
CREATE INDEX title_idx ON directory.users ((data ->> 'title'));
CREATE POLICY no_secrets ON directory.users AS RESTRICTIVE USING (user_name <> 'secret');
ALTER TABLE directory.resource ADD COLUMN cost_centre int;
UPDATE directory.users SET cost_centre = 7 WHERE user_name = 'user1';
CREATE TABLE public.laptop (owner uuid, tenant_id int DEFAULT 1, resource_type text DEFAULT 'User',
	FOREIGN KEY (tenant_id, owner, resource_type) REFERENCES directory.resource (tenant_id, id, resource_type));
INSERT INTO public.laptop (owner) VALUES ('00000000-0000-7000-8000-000000000001');
CREATE TABLE public.badge (owner uuid REFERENCES directory.users (id));
INSERT INTO public.badge VALUES ('00000000-0000-7000-8000-000000000001');
SELECT scim.create_view('User', 'public.staff');
ALTER VIEW public.staff RENAME COLUMN given_name TO first_name;
CREATE VIEW public.phone_book AS SELECT user_name, phone_number FROM public.staff;

-- constraints that ask a store: the rows of one schema are restored before it, those of the other behind; one is not valid by now
CREATE SCHEMA app_before;
CREATE SCHEMA late_behind;
CREATE DOMAIN app_before.person AS jsonb CHECK (scim.is_valid('User', VALUE));
CREATE FUNCTION app_before.is_odd(document jsonb) RETURNS boolean LANGUAGE sql STABLE SET scim.store = 'My Store' AS
	$$SELECT scim.is_valid('User', document)$$;
CREATE TABLE app_before.draft (document jsonb CHECK (scim.is_valid('User', document)), person app_before.person,
	odd jsonb CHECK (app_before.is_odd(odd)), chosen jsonb CHECK (scim.matches(chosen, 'shoeSize eq 43', 'User')), filtered jsonb CHECK (filtered OPERATOR(scim.~) 'shoeSize eq 43'));
CREATE TABLE late_behind.draft (LIKE app_before.draft INCLUDING ALL);
INSERT INTO app_before.draft SELECT d, d, d - 'shoeSize', d, d FROM jsonb(
	'{"userName": "draft", "shoeSize": 43}') d;
INSERT INTO app_before.draft (document) VALUES ('{"userName": "draft", "title": "soon wrong"}');
INSERT INTO late_behind.draft TABLE app_before.draft;
INSERT INTO directory.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'title', '{"when": "title pr", "require": "title ne \\"soon wrong\\""}');
});
$node->safe_psql('postgres', 'CREATE ROLE app');
$node->safe_psql(
	'before', q{
GRANT USAGE ON SCHEMA directory TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory.resource, directory.users, directory.groups, directory.member TO app;
INSERT INTO directory.tenant (tenant_id, name) VALUES (2, 'two');
INSERT INTO directory.tenant_role (role) VALUES ('app');
GRANT SELECT, INSERT ON public.staff TO app;
GRANT INSERT ON public.log TO app;
});

# Everything that is there, as one text: all tables of both stores, and what the user has added.
my $tables = $node->safe_psql('before', q{SELECT string_agg(format('SELECT %L, count(*), md5(string_agg(r::text, E''\n'' ORDER BY r::text COLLATE "C")) FROM %s r', c.oid::regclass, c.oid::regclass), ' UNION ALL ' ORDER BY c.oid::regclass::text)
	FROM pg_class c WHERE c.relnamespace IN ('directory'::regnamespace, '"My Store"'::regnamespace) AND c.relkind IN ('r', 'p') AND (NOT c.relispartition OR c.relname = 'users')});
my $contents = "$tables UNION ALL SELECT 'log', count(*), md5(string_agg(r::text, E'\\n')) FROM public.log r ORDER BY 1";
# Its definitions likewise: triggers, policies, indexes, constraints.
my $definitions = q{
SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
	WHERE c.relnamespace IN ('directory'::regnamespace, '"My Store"'::regnamespace) AND NOT tgisinternal UNION ALL
SELECT p::text FROM pg_policies p UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname IN ('directory', 'My Store') UNION ALL
SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
	WHERE connamespace IN ('directory'::regnamespace, '"My Store"'::regnamespace) UNION ALL
SELECT oid::regclass || ' ' || relrowsecurity FROM pg_class WHERE relnamespace = 'directory'::regnamespace UNION ALL
SELECT oid::regclass || ' ' || pg_get_viewdef(oid) || reloptions::text FROM pg_class WHERE oid IN ('directory.people'::regclass, 'directory.teams'::regclass, 'public.staff'::regclass) UNION ALL
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'public.staff'::regclass UNION ALL
SELECT string_agg(col_description(attrelid, attnum), ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'directory.people'::regclass
ORDER BY 1
};
my $contents_before = $node->safe_psql('before', $contents);
my $definitions_before = $node->safe_psql('before', $definitions);
like($contents_before, qr/^directory\.member\|100\|/m, 'there is something to dump');
like($definitions_before, qr/z_note.*/, 'and something of the user');

sub check
{
	my ($name, $database) = @_;

	is($node->safe_psql($database, $contents), $contents_before, "$name: every row is there");
	is($node->safe_psql($database, $definitions), $definitions_before,
		"$name: every definition is there");

	is($node->safe_psql($database, 'SELECT (SELECT count(*) FROM app_before.draft), (SELECT count(*) FROM late_behind.draft)'),
		'2|2', "$name: so are rows that the store was asked about");
	my ($refused, undef, $why) = $node->psql($database, q{INSERT INTO app_before.draft (document) VALUES ('{"userName": "x", "title": "soon wrong"}')});
	like($why, qr/violates check constraint/, "$name: which it is again");

	# and in force
	is( $node->safe_psql(
			$database,
			q{SELECT scim.search('User', 'shoeSize eq 43') #>> '{Resources,0,userName}'}),
		'user8', "$name: the registry is there");
	is($node->safe_psql($database, q{SELECT scim.verify_password('00000000-0000-7000-8000-000000000001', 't1meMa$heen')}),
		't', "$name: passwords are there");
	is( $node->safe_psql(
			$database,
			q{SELECT scim.authenticate('Basic ' || encode('payroll:correct horse', 'base64'))}),
		'1', "$name: clients are there");
	is( $node->safe_psql(
			$database,
			q{SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "USER1"}')}),
		'409', "$name: userName is unique");
	is( $node->safe_psql(
			$database,
			q{SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "big", "shoeSize": "43"}')}),
		'409', "$name: what was registered as unique is");
	is( $node->safe_psql(
			$database,
			q{SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "fresh", "active": "perhaps"}')}),
		'400', "$name: documents are checked");
	is( $node->safe_psql(
			$database, q{
INSERT INTO directory.users (data) VALUES ('{"USERNAME": "fresh"}') RETURNING user_name, version, status}),
		'fresh|1|ACTIVE', "$name: a fresh row passes the door");
	is($node->safe_psql($database, q{SELECT what FROM public.log WHERE what = 'fresh'}),
		'fresh', "$name: the user's trigger fires");
	is( $node->safe_psql(
			$database, q{
DELETE FROM directory.users WHERE user_name = 'fresh';
SELECT status, (SELECT string_agg(operation, ',' ORDER BY id) FROM directory.audit WHERE resource_id = u.id)
FROM directory.users u WHERE user_name = 'fresh'}),
		'DELETED|create,delete', "$name: policies and audit are in force");
	my ($result, $stdout, $stderr) =
	  $node->psql($database, 'TRUNCATE directory.users CASCADE');
	like($stderr, qr/cannot be truncated/, "$name: TRUNCATE is refused");
	is( $node->safe_psql(
			$database, q{
SET ROLE app;
SELECT count(*) FILTER (WHERE user_name = 'secret'), count(*) FROM directory.users;
SET scim.tenant = 2;
SELECT count(*) FROM directory.users}),
		"0|101\n0", "$name: row-level security, the store's and the user's, is in force");
	is( $node->safe_psql(
			$database,
			q{SELECT jsonb_array_length(scim.search('Group') #> '{Resources,0,members}')}),
		'100', "$name: groups have their members");
	is( $node->safe_psql(
			$database,
			q{SET scim.store = 'My Store'; SELECT scim.search('User') #>> '{Resources,0,userName}'}),
		'odd', "$name: the other store is there too");
	is( $node->safe_psql(
			$database, q{
SET ROLE app;
INSERT INTO public.staff (user_name, first_name, shoe_size) VALUES ('viewed', 'V', 44) RETURNING first_name, shoe_size, version}),
		'V|44|1', "$name: views are there, and written");
	is( $node->safe_psql(
			$database, q{
SET scim.store = 'directory';
SELECT scim.register_schema(jsonb_set(document, '{attributes}', document -> 'attributes' || '{"name": "hatSize", "type": "integer"}')) IS NOT NULL FROM directory.schema WHERE id LIKE '%:core:2.0:User';
UPDATE public.staff SET hat_size = 57 WHERE user_name = 'viewed' RETURNING hat_size}),
		"t\n57", "$name: and follow the schemas");
	($result, $stdout, $stderr) = $node->psql($database, "INSERT INTO public.badge VALUES ('00000000-0000-7000-8000-000000000002')");
	like($stderr, qr/violates foreign key/, "$name: foreign keys hold");
	($result, $stdout, $stderr) = $node->psql($database, 'DROP EXTENSION scim');
	like($stderr, qr/other objects depend on it/, "$name: the extension cannot be dropped");
	return;
}

my $dir = PostgreSQL::Test::Utils::tempdir;

$node->command_ok([ 'pg_dump', '-f', "$dir/plain.sql", $node->connstr('before') ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE plain TEMPLATE template0');
$node->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/plain.sql", '-d', $node->connstr('plain') ],
	'restore with psql');
check('plain', 'plain');

$node->command_ok([ 'pg_dump', '-Fc', '-f', "$dir/custom.dump", $node->connstr('before') ],
	'pg_dump -Fc');
$node->safe_psql('postgres', 'CREATE DATABASE custom TEMPLATE template0');
$node->command_ok(
	[ 'pg_restore', '-e', '-j', '2', '-d', $node->connstr('custom'), "$dir/custom.dump" ],
	'pg_restore in parallel');
check('custom', 'custom');

# By sections, each by itself.
$node->safe_psql('postgres', 'CREATE DATABASE sections TEMPLATE template0');
for my $section ('pre-data', 'data', 'post-data')
{
	$node->command_ok([ 'pg_restore', '-e', "--section=$section", '-d', $node->connstr('sections'), "$dir/custom.dump" ],
		"pg_restore --section=$section");
}
check('sections', 'sections');

# Tables first and data later, with the triggers of the store in place: all that is ours to
# disable is none of the store's.
for my $way (['apart', '--data-only'], ['inserts', '--data-only', '--rows-per-insert=7'])
{
	my ($database, @options) = @$way;

	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0");
	$node->command_ok([ 'pg_dump', '--schema-only', '-f', "$dir/schema.sql", $node->connstr('before') ], 'pg_dump --schema-only');
	$node->command_ok([ 'pg_dump', @options, '-f', "$dir/data.sql", $node->connstr('before') ], "pg_dump @options");
	$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/schema.sql", '-d', $node->connstr($database) ], "$database: the tables");
	$node->safe_psql($database, 'ALTER TABLE directory.users DISABLE TRIGGER z_note');
	$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/data.sql", '-d', $node->connstr($database) ], "$database: the data");
	$node->safe_psql($database, 'ALTER TABLE directory.users ENABLE TRIGGER z_note');
	is($node->safe_psql($database, q{SELECT r.status, r.body ~ 'is being restored' FROM scim.request('GET', '/Users') r}), '503|t', "$database: not served until it is whole");
	my ($result, $stdout, $stderr) = $node->psql($database, q{UPDATE directory.users SET active = false});
	like($stderr, qr/is being restored/, "$database: nor changed");
	($result, $stdout, $stderr) = $node->psql($database, q{SET ROLE app; INSERT INTO directory.users (data) VALUES ('{"userName": "x"}')});
	like($stderr, qr/is being restored/, "$database: nor written by somebody else");
	is($node->safe_psql($database, q{SELECT scim.repair_store(name) FROM unnest(ARRAY['directory', 'My Store']) name}), '', "$database: nothing is missing");
	check($database, $database);
}

# Only the data, into a store that is made anew: triggers would write audit and
# move versions, so the documented way is without them.
$node->safe_psql('postgres', 'CREATE DATABASE fresh TEMPLATE template0');
$node->safe_psql(
	'fresh', q{
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
ALTER TABLE directory.resource ADD COLUMN cost_centre int;
SET session_replication_role = replica;
DELETE FROM directory.store; DELETE FROM directory.tenant; DELETE FROM directory.secret; DELETE FROM directory.schema; DELETE FROM directory.resource_type; DELETE FROM directory.policy; DELETE FROM directory.authentication_scheme;
});
$node->command_ok(
	[ 'pg_restore', '-e', '--data-only', '--disable-triggers', '-n', 'directory', '-d', $node->connstr('fresh'), "$dir/custom.dump" ],
	'pg_restore --data-only');
my @only = grep { /^directory\./ } split /\n/, $contents_before;
my $directory_only = join(' UNION ALL ', grep { /FROM directory\./ } split / UNION ALL /, $contents) . ' ORDER BY 1';
is($node->safe_psql('fresh', $directory_only), join("\n", @only), 'data only: every row is there');
is( $node->safe_psql('fresh', q{SELECT scim.search('User', 'shoeSize eq 43') -> 'totalResults'}),
	'1', 'data only: the registry too');

$node->stop;
done_testing();
