# A list is walked by index and by cursor while others delete and create: by cursor nobody
# who stayed is missed; by index each deletion of one who was listed already hides another.
#
# WALKED_USERS (2252): how many users there are; published for another server were 20252,
# of whom 50 deletions hid 50.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $users = $ENV{WALKED_USERS} || 2252;
my $deletions = 50;
my $count = $users >= 20000 ? 200 : 30;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->append_conf('postgresql.conf', "fsync = off\njit = off\n");
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
CREATE TABLE met (walk text, id uuid);
CREATE TABLE was_there (walk text, id uuid);

-- One page is one request; between two of them others delete one who has been listed, as
-- many as they may, and create somebody.
CREATE PROCEDURE walk(walk text, by_cursor boolean, wanted int, INOUT deletions int, INOUT pages int) LANGUAGE plpgsql AS $$
DECLARE
	left_to_delete int := deletions;
	answer scim.response;
	page jsonb;
	place text := CASE WHEN by_cursor THEN 'cursor=' ELSE 'startIndex=1' END;
	seen int := 0;
	victim uuid;
BEGIN
	pages := 0;
	deletions := 0;
	INSERT INTO was_there SELECT walk, id FROM directory.users WHERE deleted_at IS NULL;
	COMMIT;
	LOOP
		answer := scim.request('GET', format('/Users?%s&count=%s&attributes=id', place, wanted));
		IF answer.status <> 200 THEN
			RAISE EXCEPTION '%', answer.body;
		END IF;
		page := answer.body::jsonb;
		INSERT INTO met SELECT walk, (r ->> 'id')::uuid FROM jsonb_array_elements(page -> 'Resources') r;
		pages := pages + 1;
		seen := seen + jsonb_array_length(coalesce(page -> 'Resources', '[]'));
		COMMIT;
		IF by_cursor THEN
			EXIT WHEN page ->> 'nextCursor' IS NULL;
			place := 'cursor=' || (page ->> 'nextCursor');
		ELSE
			EXIT WHEN jsonb_array_length(coalesce(page -> 'Resources', '[]')) < wanted;
			place := 'startIndex=' || seen + 1;
		END IF;
		IF left_to_delete > 0 THEN
			SELECT u.id INTO victim FROM directory.users u WHERE u.deleted_at IS NULL AND EXISTS (SELECT FROM met m WHERE m.walk = walk.walk AND m.id = u.id) ORDER BY u.id LIMIT 1;
			answer := scim.request('DELETE', '/Users/' || victim);
			deletions := deletions + 1;
			left_to_delete := left_to_delete - 1;
		END IF;
		answer := scim.request('POST', '/Users', '{}', jsonb_build_object('schemas', ARRAY['urn:ietf:params:scim:schemas:core:2.0:User'], 'userName', gen_random_uuid())::text);
		IF answer.status <> 201 THEN
			RAISE EXCEPTION '%', answer.body;
		END IF;
		COMMIT;
	END LOOP;
END
$$;
SQL

# Who was there before and after, and was not met.
sub walk
{
	my ($name, $by_cursor) = @_;

	$node->safe_psql('postgres',
		"TRUNCATE met, was_there; DELETE FROM directory.users WHERE deleted_at IS NULL;"
		. "INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', '$name ' || i) FROM generate_series(1, $users) i;"
		. "VACUUM ANALYZE directory.users");
	my $done = $node->safe_psql('postgres', "CALL walk('$name', $by_cursor, $count, $deletions, 0)");
	my ($deleted, $pages) = split /\|/, $done;
	my $missed = $node->safe_psql('postgres', <<'SQL');
SELECT count(*) FROM was_there w WHERE EXISTS (SELECT FROM directory.users u WHERE u.id = w.id AND u.deleted_at IS NULL) AND NOT EXISTS (SELECT FROM met m WHERE m.id = w.id)
SQL
	my $twice = $node->safe_psql('postgres', 'SELECT count(*) - count(DISTINCT id) FROM met');

	is($deleted, $deletions, "$name: $deletions were deleted meanwhile");
	note "$name: $users users on $pages pages of $count, $deleted deleted on the way: $missed of those who stayed are missed";
	return ($missed, $twice);
}

my ($missed, $twice) = walk('by cursor', 'true');
is($missed, 0, 'by cursor nobody who stayed is missed');
is($twice, 0, 'and nobody is met twice');

# That is no fault of ours, and not mended by any server: an index counts from the start.
($missed, $twice) = walk('by index', 'false');
is($missed, $deletions, 'by index each deletion hides somebody');
is($twice, 0, 'and nobody is met twice');

$node->stop;
done_testing();
