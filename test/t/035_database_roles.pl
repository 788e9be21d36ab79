# Sixteen sessions add and remove members of groups that give roles of the database, suspend people
# and call them otherwise, while an owner without superuser rights owns the store: nobody is
# told anything but to come again, and in the end the database says what the groups say.
# Sessions end when their person leaves; a dump of the roles brings them to another server,
# where nothing is touched until the owner says that they are the same.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
my $other = PostgreSQL::Test::Cluster->new('other');
my $seconds = $ENV{ROLES_SECONDS} || 5;

foreach my $server ($node, $other)
{
	$server->init(extra => [ '--encoding=UTF8', '--locale=C', '--auth=trust' ]);
	$server->append_conf('postgresql.conf', "fsync = off\ndeadlock_timeout = 50ms\nmax_connections = 40");
	$server->start;
}
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
CREATE ROLE keeper LOGIN CREATEROLE;
CREATE ROLE usher LOGIN IN ROLE pg_signal_backend, pg_read_all_stats;
CREATE ROLE analyst;
CREATE ROLE editor;
GRANT analyst, editor TO keeper WITH ADMIN OPTION;
GRANT CREATE ON DATABASE postgres TO keeper;
GRANT CREATE ON SCHEMA public TO keeper;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO keeper;
GRANT EXECUTE ON FUNCTION scim.end_database_sessions() TO usher;
SET SESSION AUTHORIZATION keeper;
SELECT scim.create_store();
GRANT USAGE ON SCHEMA directory TO usher;
INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'p' || n, 'externalId', n::text) FROM generate_series(1, 40) n;
INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', name) FROM unnest('{Analysts,Editors,More,Inner}'::text[]) name;
INSERT INTO directory.member (group_id, member_id) SELECT o.id, i.id FROM directory.groups o, directory.groups i WHERE o.display_name = 'Editors' AND i.display_name = 'Inner';
INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'database_roles', '{"missing": "create", "grants": [
	{"group": "displayName eq \"Analysts\" or displayName eq \"More\"", "roles": ["analyst"]}, {"group": "displayName eq \"Editors\"", "roles": ["editor", "analyst"]}]}');
CREATE TABLE public.answers (status int, detail text);
SQL

# what each of sixteen does, one of them after the other
my @files;
my $scripts = {
	join => q(INSERT INTO public.answers SELECT r.status, r.body FROM (SELECT id FROM directory.groups ORDER BY display_name OFFSET :g LIMIT 1) g, (SELECT id FROM directory.users WHERE external_id = :n::text) u, scim.request('PATCH', '/Groups/' || g.id, '{}', format('{"Operations": [{"op": "add", "path": "members", "value": [{"value": "%s"}]}]}', u.id)) r;),
	leave => q(INSERT INTO public.answers SELECT r.status, r.body FROM (SELECT id FROM directory.groups ORDER BY display_name OFFSET :g LIMIT 1) g, (SELECT id FROM directory.users WHERE external_id = :n::text) u, scim.request('PATCH', '/Groups/' || g.id, '{}', format('{"Operations": [{"op": "remove", "path": "members[value eq \"%s\"]"}]}', u.id)) r;),
	rows => q(DELETE FROM directory.member WHERE member_id = (SELECT id FROM directory.users WHERE external_id = :n::text) AND group_id = (SELECT id FROM directory.groups ORDER BY display_name OFFSET :g LIMIT 1);),
	life => q(UPDATE directory.users SET active = :n % 3 <> 0, user_name = 'p' || :n || repeat('x', :g) WHERE external_id = :n::text;),
};
foreach my $name (sort keys %$scripts)
{
	my $file = $node->basedir . "/$name.sql";
	append_to_file($file, "\\set n random(1, 40)\n\\set g random(0, 3)\n" . $scripts->{$name} . "\n");
	push @files, '-f', $file;
}
command_ok(
	[ 'pgbench', '-n', '-c', '16', '-T', $seconds, '--max-tries', '100', @files, '-U', 'keeper', '-d', 'postgres', '-h', $node->host, '-p', $node->port ],
	'sixteen writers');
my $check = 'SELECT name, login_role, action, role, problem FROM scim.check_database_roles()';
sub keeper { return $node->safe_psql('postgres', shift, extra_params => [ '-U', 'keeper' ]); }
is(keeper($check), '', 'the database says what the groups say');
is(keeper('SELECT DISTINCT status, detail FROM public.answers WHERE status NOT IN (200, 503)'), '', 'requests are answered, or told to come again');
cmp_ok(keeper('SELECT count(*) FROM public.answers WHERE status = 200'), '>', 20, 'many are answered');
unlike(slurp_file($node->logfile), qr/concurrently updated/, 'no tuple is updated concurrently');
is(keeper("SELECT count(*) FROM directory.database_role d JOIN pg_roles r ON r.rolname = d.role WHERE d.login <> r.rolcanlogin OR r.oid <> d.role_id OR r.rolsuper OR r.rolcreaterole"),
	'0', 'the table says what is');
is(keeper("SELECT count(*) FROM directory.database_role d WHERE (SELECT count(*) FROM directory.audit a WHERE a.resource_id = d.resource_id AND a.operation = 'database role') = 0"),
	'0', 'and the audit how it came');

# sessions
keeper(<<'SQL');
UPDATE directory.users SET user_name = 'q' || external_id, active = true;
DELETE FROM directory.member WHERE group_id <> (SELECT id FROM directory.groups WHERE display_name = 'Editors');
INSERT INTO directory.member (group_id, member_id) SELECT g.id, u.id FROM directory.groups g, directory.users u WHERE g.display_name = 'Analysts' AND u.external_id IN ('1', '2', '3');
SQL
my %session = map { $_ => $node->background_psql('postgres', on_error_stop => 0, extra_params => [ '-U', $_ ]) } qw(q1 q2 q3 keeper);
is($session{q1}->query('SELECT current_user'), 'q1', 'people log in');
my $end = 'SELECT login_role, ended FROM scim.end_database_sessions() ORDER BY 1';
sub usher { return $node->safe_psql('postgres', shift, extra_params => [ '-U', 'usher' ]); }
is(usher($end), '', 'nobody has to go');
keeper("BEGIN; UPDATE directory.users SET active = false WHERE user_name = 'q1'; ROLLBACK");
is(usher($end), '', 'what is rolled back ends nothing');
keeper("UPDATE directory.users SET active = false WHERE user_name = 'q1'");
keeper("DELETE FROM directory.member WHERE member_id = (SELECT id FROM directory.users WHERE user_name = 'q2')");
is(usher($end), "q1|t\nq2|t", 'who may not log in, and who has lost a role');
ok($node->poll_query_until('postgres', "SELECT count(*) = 2 FROM pg_stat_activity WHERE usename IN ('q1', 'q2', 'q3', 'keeper')"), 'their sessions are over');
is($session{q3}->query('SELECT current_user'), 'q3', 'the others go on');
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE weak;
GRANT CREATE ON DATABASE postgres TO weak;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO weak;
SET SESSION AUTHORIZATION weak;
SELECT scim.create_store('weakly');
GRANT USAGE ON SCHEMA weakly TO usher;
ALTER TABLE weakly.database_role DISABLE TRIGGER scim_door;
INSERT INTO weakly.database_role (tenant_id, resource_id, resource_type, role, role_id, database_id, made, login, ends_sessions_before, server_id)
SELECT 1, gen_random_uuid(), 'User', rolname, oid, (SELECT oid FROM pg_database WHERE datname = 'postgres'), false, false, clock_timestamp(), 0 FROM pg_roles WHERE rolname IN ('q3', 'weak');
ALTER TABLE weakly.database_role ENABLE TRIGGER scim_door;
SQL
is(usher("SET scim.store = 'weakly'; $end"), 'q3|f', 'whose role the owner of a store may not alter is not his to send away');
is($session{q3}->query('SELECT current_user'), 'q3', 'and stays');
$node->safe_psql('postgres', "SELECT scim.drop_store('weakly', true); DROP OWNED BY weak; DROP ROLE weak");
my ($status, $out, $err) = $node->psql('postgres', 'SELECT 1', extra_params => [ '-U', 'q1' ]);
like($err, qr/not permitted to log in/, 'who may not log in does not');
is($node->safe_psql('postgres', 'SELECT current_user', extra_params => [ '-U', 'q2' ]), 'q2', 'who has lost a role comes back without it');
($status, $out, $err) = $node->psql('postgres', 'SET ROLE analyst', extra_params => [ '-U', 'q2' ]);
like($err, qr/permission denied/, 'without it');
is(usher($end), '', 'a session that begins later is left alone');
($status, $out, $err) = $node->psql('postgres', $end, extra_params => [ '-U', 'q3' ]);
like($err, qr/permission denied/, 'who may not end sessions does not');
$session{$_}->{run}->kill_kill foreach keys %session;

# a role that another grantor gave, a copy of the database, another server
$node->safe_psql('postgres', 'GRANT editor TO q2');
is(keeper("SELECT name, action, role FROM scim.check_database_roles()"), 'q2|revoke|editor', 'a grant by hand is found');
keeper('SELECT * FROM scim.sync_database_roles()');
my $left = keeper("SELECT count(*) FROM scim.check_database_roles()");
my $version = $node->safe_psql('postgres', "SELECT current_setting('server_version_num')::int / 10000");
is($left, $version >= 16 ? '1' : '0', 'and is taken back where it is ours to take');
$node->safe_psql('postgres', 'REVOKE editor FROM q2');
is(keeper("SELECT count(*) FROM scim.check_database_roles()"), '0', 'nothing is left');
my $before = $node->safe_psql('postgres', 'SELECT roleid::regrole, member::regrole FROM pg_auth_members ORDER BY 1, 2');
my $dump = $node->basedir . '/dump.sql';
my $roles = $node->basedir . '/roles.sql';
command_ok([ 'pg_dump', '-d', $node->connstr('postgres'), '-f', $dump ], 'dumped');
command_ok([ 'pg_dumpall', '--roles-only', '-h', $node->host, '-p', $node->port, '-f', $roles ], 'with the roles');
$node->safe_psql('postgres', 'CREATE DATABASE copy');
command_ok([ 'psql', '-X', '-q', '-d', $node->connstr('copy'), '-f', $dump ], 'restored beside it');
($status, $out, $err) = $node->psql('copy', "UPDATE directory.users SET active = false WHERE user_name = 'q3'", extra_params => [ '-U', 'keeper' ]);
is($node->safe_psql('postgres', "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'q3'"), 't', 'a copy touches nothing');
($status, $out, $err) = $node->psql('copy', "INSERT INTO directory.member (group_id, member_id) SELECT g.id, u.id FROM directory.groups g, directory.users u WHERE g.display_name = 'Analysts' AND u.user_name = 'q2'", extra_params => [ '-U', 'keeper' ]);
like($err, qr/another one than was made or adopted/, 'nor does it grant anything');
is($node->safe_psql('postgres', 'SELECT roleid::regrole, member::regrole FROM pg_auth_members ORDER BY 1, 2'), $before, 'all is as it was');
command_ok([ 'psql', '-X', '-q', '-d', $other->connstr('postgres'), '-f', $roles ], 'roles elsewhere');
command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $other->connstr('postgres'), '-f', $dump ], 'and the store');
my @elsewhere = (extra_params => [ '-U', 'keeper' ]);
cmp_ok($other->safe_psql('postgres', 'SELECT count(*) FROM scim.check_database_roles() WHERE problem IS NOT NULL', @elsewhere), '>', 0, 'no role is the one that is meant');
$other->safe_psql('postgres', 'SELECT scim.adopt_database_role(d.resource_id, d.role) FROM directory.database_role d JOIN directory.users u ON u.id = d.resource_id', @elsewhere);
$other->safe_psql('postgres', 'SELECT * FROM scim.sync_database_roles()', @elsewhere);
is($other->safe_psql('postgres', $check, @elsewhere), '', 'adopted, they are');
$other->safe_psql('postgres', "DELETE FROM directory.users WHERE user_name = 'q3'", @elsewhere);
is($other->safe_psql('postgres', "SELECT rolcanlogin, (SELECT count(*) FROM pg_auth_members a WHERE a.member = r.oid) FROM pg_roles r WHERE rolname = 'q3'"), 'f|0', 'and follow');

done_testing();
