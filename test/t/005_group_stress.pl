# Sixteen connections change the members of one group, and their own users in it,
# all at once: nobody is lost, nobody stays behind, nothing deadlocks, and the
# version counts each change.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($clients, $each) = (16, 40);
my $group = '00000000-0000-7000-8000-0000000000a1';

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->append_conf('postgresql.conf', "fsync = off\ndeadlock_timeout = 100ms\n");
$node->start;
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
CREATE FUNCTION user_id(n int) RETURNS text LANGUAGE sql
RETURN '00000000-0000-7000-9000-' || lpad(n::text, 12, '0');
INSERT INTO directory.users (id, data)
SELECT user_id(n)::uuid, jsonb_build_object('userName', 'user' || n)
FROM generate_series(0, $clients * $each) n;
INSERT INTO directory.groups (id, data) VALUES ('$group', '{"displayName": "Everybody at once"}');

CREATE PROCEDURE patch(type text, id text, operation text) LANGUAGE plpgsql AS \$\$
DECLARE
	answer scim.response;
BEGIN
	SELECT * INTO answer FROM scim.request('PATCH', '/' || type || '/' || id, '{"prefer": "return=minimal"}',
		'{"Operations": [' || operation || ']}');
	IF answer.status <> 204 THEN
		RAISE '% % answers % %', type, operation, answer.status, answer.body;
	END IF;
END \$\$;
SQL

# Each client adds its own users one by one, renames them, and takes every second
# one out again.
my $script = $node->basedir . '/stress.sql';
append_to_file($script, <<"SQL");
\\set i :i + 1
\\set n :client_id * $each + :i
CALL patch('Groups', '$group', format('{"op": "add", "path": "members", "value": [{"value": "%s"}]}', user_id(:n)));
CALL patch('Users', user_id(:n), '{"op": "replace", "path": "displayName", "value": "Name :n"}');
\\if :i % 2 = 0
CALL patch('Groups', '$group', format('{"op": "remove", "path": "members[value eq \\"%s\\"]"}', user_id(:n)));
\\endif
SQL
$node->command_ok(
	[ 'pgbench', '-n', '-c', $clients, '-j', 2, '-t', $each, '-D', 'i=0', '-f', $script, 'postgres' ],
	'every request is answered by 204');

is($node->safe_psql('postgres', "SELECT count(*) FROM directory.member WHERE group_id = '$group'"),
	$clients * $each / 2, 'as many members as have come and not gone');
is( $node->safe_psql('postgres', <<"SQL"), 0, 'and none that has gone');
SELECT count(*) FROM directory.member JOIN directory.users ON id = member_id
WHERE (substr(user_name, 5)::int - 1) % $each % 2 = 1
SQL
is($node->safe_psql('postgres', "SELECT version FROM directory.groups WHERE id = '$group'"),
	1 + $clients * $each * 3 / 2, 'the version counts each change');
unlike(slurp_file($node->logfile), qr/deadlock detected/, 'no deadlock');

done_testing();
