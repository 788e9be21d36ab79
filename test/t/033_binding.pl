# Sixteen sessions write the same people on both sides of a binding, requests and plain UPDATEs:
# some are told to try again, and in the end both sides say the same.  So they do where a dump
# of both is restored, which then follow each other there.  And sixteen that write values and members,
# too: all that anybody was told is done is there in the end, on both sides.

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

# what is acknowledged is noted in the same transaction
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE app.people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, hits int NOT NULL DEFAULT 0, enabled boolean NOT NULL DEFAULT true);
CREATE TABLE app.addresses (person int NOT NULL REFERENCES app.people ON DELETE CASCADE, address text NOT NULL);
CREATE INDEX ON app.addresses (person);
CREATE TABLE app.teams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE app.team_members (team int REFERENCES app.teams ON DELETE CASCADE, person int REFERENCES app.people ON DELETE CASCADE, PRIMARY KEY (team, person));
CREATE INDEX ON app.team_members (person);
INSERT INTO app.people (email) SELECT 'person' || n FROM generate_series(1, 12) n;
INSERT INTO app.teams (name) SELECT 'team' || n FROM generate_series(1, 6) n;
CREATE TABLE public.done (what text, key int, value text);
CREATE SEQUENCE public.numbers;
SELECT scim.create_store('second');
SET scim.store = 'second';
SELECT * FROM scim.bind_table('User', 'app.people', '{"attributes": {"userName": "email", "active": "enabled", "nickName": {"read": "hits::text"}, "emails": {"table": "app.addresses", "key": "person", "columns": {"value": "address"}}}}');
SELECT * FROM scim.bind_table('Group', 'app.teams', '{"attributes": {"displayName": "name", "members": {"table": "app.team_members", "key": "team", "member": "person", "type": "User"}}}');
CREATE FUNCTION public.patched(type text, key int, operation text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	answer scim.response;
BEGIN
	SELECT r.* INTO answer FROM second.binding_link l JOIN second.binding b ON b.id = l.binding_id, LATERAL scim.request('PATCH',
		'/' || type || 's/' || l.resource_id, '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}', operation)) r
		WHERE l.key = ARRAY[patched.key::text] AND b.resource_type = type;
	IF answer.status NOT IN (200, 503) THEN
		RAISE EXCEPTION '% %', answer.status, answer.body;
	END IF;
	RETURN answer.status = 200;
END$$;
SQL
my %scripts = (
	mail => q{INSERT INTO app.addresses VALUES (:n, 'app' || :i || '@example.com');
INSERT INTO public.done VALUES ('mail', :n, 'app' || :i || '@example.com');},
	mails => q{INSERT INTO app.addresses SELECT id, 'all' || :i || 'to' || id || '@example.com' FROM app.people WHERE id IN (:n, :m) ORDER BY id;
INSERT INTO public.done SELECT 'mail', id, 'all' || :i || 'to' || id || '@example.com' FROM app.people WHERE id IN (:n, :m);},
	hit => q{UPDATE app.people SET hits = hits + 1 WHERE id = :n;
INSERT INTO public.done VALUES ('hit', :n, NULL);},
	off => q{UPDATE app.people SET enabled = false WHERE id = :m AND :n = 1;
INSERT INTO public.done SELECT 'off', :m, NULL WHERE :n = 1;},
	join => q{INSERT INTO app.team_members VALUES (:t, :m) ON CONFLICT DO NOTHING;
INSERT INTO public.done VALUES ('join', :t, :m);},
	leave => q{DELETE FROM app.team_members WHERE team > 4 AND team = :u AND person = :n;
INSERT INTO app.team_members SELECT :u, :m WHERE :u > 4 ON CONFLICT DO NOTHING;},
	patch => q{INSERT INTO public.done SELECT 'mail', :n, 'scim' || :i || '@example.com' WHERE public.patched('User', :n, format('{"op": "add", "path": "emails", "value": [{"value": "scim%s@example.com"}]}', :i));},
	suspend => q{INSERT INTO public.done SELECT 'off', :m + 3, NULL WHERE :n = 1 AND public.patched('User', :m + 3, '{"op": "replace", "path": "active", "value": false}');},
	member => q{INSERT INTO public.done SELECT 'join', :t + 2, :m WHERE public.patched('Group', :t + 2, format('{"op": "add", "path": "members", "value": [{"value": "%s"}]}', (SELECT l.resource_id FROM second.binding_link l JOIN second.users u ON u.id = l.resource_id WHERE l.key = ARRAY[:m::text])));},
	part => q{SELECT public.patched('Group', 5 + :t % 2, format('{"op": "remove", "path": "members[value eq \"%s\"]"}', (SELECT l.resource_id FROM second.binding_link l JOIN second.users u ON u.id = l.resource_id WHERE l.key = ARRAY[:m::text])));},
);
my @files;
foreach my $name (sort keys %scripts)
{
	my $file = $node->basedir . "/$name.sql";

	append_to_file($file, "\\set n random(1, 12)\n\\set m random(1, 3)\n\\set t random(1, 2)\n\\set u random(1, 6)\nSELECT nextval('public.numbers') AS i \\gset\nBEGIN;\n$scripts{$name}\nEND;\n");
	push @files, '-f', $file;
}
$ENV{PGOPTIONS} = '-c scim.store=second';
command_ok(
	[ 'pgbench', '-n', '-c', '16', '-T', $seconds, '--max-tries', '100', @files, '-d', 'postgres', '-h', $node->host, '-p', $node->port ],
	'sixteen writers of values and members');
cmp_ok($node->safe_psql('postgres', "SELECT count(DISTINCT what || (value LIKE 'scim%')::text) FROM public.done"), '>=', 3, 'all kinds of writes are acknowledged');
is($node->safe_psql('postgres', 'SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding()'), '', 'both sides say the same');
is($node->safe_psql('postgres', "SELECT d.key, d.value FROM public.done d WHERE what = 'mail' AND NOT EXISTS (SELECT FROM app.addresses a WHERE a.person = d.key AND a.address = d.value)"),
	'', 'no e-mail address is lost');
is($node->safe_psql('postgres', "SELECT count(*) = (SELECT count(*) FROM app.addresses) FROM public.done WHERE what = 'mail'"), 't', 'nor is there one that nobody was told of');
is($node->safe_psql('postgres', "SELECT id, hits FROM app.people p WHERE hits <> (SELECT count(*) FROM public.done d WHERE d.what = 'hit' AND d.key = p.id)"), '', 'nor a count');
is($node->safe_psql('postgres', "SELECT id FROM app.people p WHERE enabled = EXISTS (SELECT FROM public.done d WHERE d.what = 'off' AND d.key = p.id)"), '', 'who is suspended stays so');
is($node->safe_psql('postgres', "SELECT d.key, d.value FROM public.done d WHERE what = 'join' AND NOT EXISTS (SELECT FROM app.team_members m WHERE m.team = d.key AND m.person = d.value::int)"),
	'', 'who is a member stays so');
is($node->safe_psql('postgres', 'SELECT count(*) FROM second.resource r WHERE version <> (SELECT count(DISTINCT version) FROM second.audit a WHERE a.resource_id = r.id)'),
	'0', 'every version is in the audit');
delete $ENV{PGOPTIONS};

command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump ], 'dumped');
command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $other->connstr('postgres'), '-f', $dump ], 'and restored');
is($other->safe_psql('postgres', $check), '0', 'they still do');
is($other->safe_psql('postgres', "SET scim.store = 'second'; $check"), '0', 'of values and members as well');
$other->safe_psql('postgres', "UPDATE app.users SET given = 'From the table' WHERE id = 1");
is($other->safe_psql('postgres', "SELECT data #>> '{name,givenName}' FROM directory.users WHERE user_name = 'user1'"),
	'From the table', 'a row is followed');
$other->safe_psql('postgres', q(INSERT INTO directory.users (data) VALUES ('{"userName": "new"}')));
is($other->safe_psql('postgres', "SELECT count(*) FROM app.users WHERE email = 'new'"), '1', 'and a resource');

done_testing();
