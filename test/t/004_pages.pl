# Pages by cursor: an index leads to each, and a walk through all of them while
# others write meets everything that nobody touches exactly once.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->append_conf('postgresql.conf', <<'CONF');
fsync = off
jit = off
session_preload_libraries = 'auto_explain'
CONF
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
-- half of them stay as they are; displayName is missing here and there
INSERT INTO directory.users (data)
SELECT jsonb_strip_nulls(jsonb_build_object(
	'userName', CASE WHEN i % 2 = 0 THEN 'stay' ELSE 'move' END || i,
	'externalId', 'e' || i * 7919 % 20000,
	'displayName', CASE WHEN i % 11 <> 0 THEN 'Name ' || i * 104729 % 5000 END))
FROM generate_series(1, 20000) i;
INSERT INTO directory.groups (id, data)
SELECT ('00000000-0000-7000-8000-0000000000a' || i)::uuid, jsonb_build_object('displayName', 'Big ' || i) FROM generate_series(1, 4) i;
INSERT INTO directory.member (group_id, member_id) SELECT g.id, u.id FROM directory.groups g, directory.users u;
VACUUM ANALYZE;

-- The list by one order, page after page, each in a transaction of its own
CREATE TABLE met (walk int, id uuid);
CREATE PROCEDURE walk(walk int, sort_by text, sort_order text, OUT npages int) LANGUAGE plpgsql AS $$
DECLARE
	page jsonb;
	cursor text := '';
BEGIN
	npages := 0;
	WHILE cursor IS NOT NULL LOOP
		page := scim.search('User', NULL, sort_by, sort_order, NULL, 100, cursor, 'id');
		INSERT INTO met SELECT walk, (r ->> 'id')::uuid FROM jsonb_array_elements(page -> 'Resources') r;
		cursor := page ->> 'nextCursor';
		npages := npages + 1;
		COMMIT;
	END LOOP;
END
$$;

-- What others do meanwhile: come, go, and change their places in every order
CREATE TABLE stop ();
CREATE PROCEDURE write() LANGUAGE plpgsql AS $$
DECLARE
	victim uuid;
BEGIN
	LOOP
		EXIT WHEN EXISTS (SELECT FROM pg_class WHERE relname = 'stopped');
		INSERT INTO directory.users (data) VALUES (jsonb_build_object('userName', 'move' || gen_random_uuid(), 'displayName', 'Name ' || floor(random() * 5000)));
		UPDATE directory.users SET user_name = 'move' || gen_random_uuid(), display_name = CASE WHEN random() < 0.9 THEN 'Name ' || floor(random() * 5000) END,
			external_id = 'e' || floor(random() * 20000)
		WHERE id = (SELECT id FROM directory.users WHERE user_name LIKE 'move%' AND deleted_at IS NULL OFFSET floor(random() * 500) LIMIT 1);
		DELETE FROM directory.users
		WHERE id = (SELECT id FROM directory.users WHERE user_name LIKE 'move%' AND deleted_at IS NULL ORDER BY id DESC OFFSET floor(random() * 500) LIMIT 1);
		COMMIT;
	END LOOP;
END
$$;
SQL

# The plans of a page in the middle, as the server makes them for the second one.
my $show_plans = 'SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; SET client_min_messages = log;';
foreach my $order (
	[ 'NULL', 'ascending', 'users_list_idx' ],
	[ "'id'", 'descending', 'users_list_idx' ],
	[ "'userName'", 'ascending', 'users_user_name_key' ],
	[ "'userName'", 'descending', 'users_user_name_key' ],
	[ "'displayName'", 'ascending', 'users_display_name_idx' ],
	[ "'displayName'", 'descending', 'users_display_name_idx' ],
	[ "'externalId'", 'ascending', 'users_external_id_idx' ],
	[ "'externalId'", 'descending', 'users_external_id_idx' ])
{
	my ($sort_by, $direction, $index) = @$order;
	my $name = "$sort_by $direction";
	my $query = "scim.search('User', NULL, $sort_by, '$direction', NULL, 50, %s, 'id')";
	my $first = sprintf $query, "''";

	my (undef, undef, $plans) = $node->psql('postgres',
		sprintf "SELECT %s ->> 'nextCursor' AS next \\gset\n$show_plans\nSELECT %s;",
		$first, sprintf($query, ":'next'"));
	my ($plan) = $plans =~ /(Query Text: SELECT r\.tenant_id.*?)(?=psql:|\z)/s;
	ok(defined $plan, "$name: a page is fetched");
	like($plan, qr/Index (?:Only )?Scan (?:Backward )?using \Q$index\E.*Index Cond: [^\n]*tenant_id[^\n]*\bid|Index (?:Only )?Scan (?:Backward )?using \Q$index\E.*Index Cond: [^\n]*(?:user_name|display_name|external_id)/s,
		"$name: $index leads to it");
	unlike($plan, qr/Seq Scan on users|(?<!Incremental )Sort  \(/, "$name: nothing is sorted but ties");
}

# A page of members
my $members = "'/Groups/00000000-0000-7000-8000-0000000000a1/members?count=50&cursor='";
my (undef, undef, $plans) = $node->psql('postgres',
	"SELECT body::jsonb ->> 'nextCursor' AS next FROM scim.request('GET', $members) \\gset\n$show_plans\nSELECT status FROM scim.request('GET', $members || :'next');");
my ($plan) = $plans =~ /(Query Text: SELECT coalesce\(m\.value.*?)(?=psql:|\z)/s;
like($plan, qr/using member_pkey on member m_?\d*  [^\n]*\n\s*Index Cond: [^\n]*member_id >/, 'members: the primary key leads to a page');
unlike($plan, qr/Hash|Seq Scan on (?:users|member)/, 'members: only those of the page are looked at');

# The walk
my $writers = 3;
my @writing;
foreach my $i (1 .. $writers)
{
	my ($in, $out, $err) = ('', '', '');
	push @writing, IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', 'CALL write()' ],
		'<', \$in, '>', \$out, '2>', \$err);
}
my $written = 'SELECT count(*) FROM directory.audit';
my $walk = 0;
foreach my $order (
	[ 'NULL', 'ascending' ], [ "'id'", 'descending' ],
	[ "'userName'", 'descending' ],
	[ "'displayName'", 'ascending' ], [ "'displayName'", 'descending' ],
	[ "'externalId'", 'ascending' ],
	[ "'meta.lastModified'", 'ascending' ])
{
	my ($sort_by, $direction) = @$order;
	my $before = $node->safe_psql('postgres', $written);

	$walk++;
	my $npages = $node->safe_psql('postgres', "CALL walk($walk, $sort_by, '$direction', NULL)");
	my $after = $node->safe_psql('postgres', $written);
	is($node->safe_psql('postgres', <<SQL), '0|0', "walk by $sort_by $direction");
SELECT count(*) FILTER (WHERE times IS NULL), count(*) FILTER (WHERE times > 1)
FROM directory.users u
	LEFT JOIN (SELECT id, count(*) AS times FROM met WHERE walk = $walk GROUP BY 1) m USING (id)
WHERE user_name LIKE 'stay%'
SQL
	cmp_ok($after - $before, '>', 10, "$npages pages, others wrote meanwhile");
}
$node->safe_psql('postgres', 'ALTER TABLE stop RENAME TO stopped');
$_->finish foreach @writing;

# Pages by index have no such promise: the same resources would be skipped when
# what stands before them goes.  The totals agree where nobody writes.
is($node->safe_psql('postgres', "SELECT scim.search('User', count => 0, cursor => '') -> 'totalResults' = to_jsonb(count(*)) FROM directory.users WHERE deleted_at IS NULL"),
	't', 'totalResults');

done_testing();
