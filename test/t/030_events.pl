# Writers commit out of order, workers are killed (SIGKILL) while they have events: no
# event is lost or skipped, and each resource has its events in order.
#
# EVENTS=1000000 for the long form; the short one has 100,000.

use strict;
use warnings;

use IPC::Run qw(start);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $events = $ENV{EVENTS} || 100_000;
my ($people, $at_once, $writers, $workers) = (2000, 50, 3, 3);
my $changes = $events / $at_once / $writers;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nmax_wal_size = 4GB\n");
$node->start;
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
UPDATE directory.policy SET enabled = (kind = 'events') WHERE kind IN ('events', 'audit');
SELECT scim.create_consumer('hr');
INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'user' || n) FROM generate_series(1, $people) n;
-- what a worker has done with each event; no constraint: it may come more than once
CREATE TABLE done (number bigserial PRIMARY KEY, worker int, position bigint, id uuid, resource_id uuid, version bigint);
SQL

# A writer changes some people, waits for others to come before it, and sometimes thinks
# better of it, at once or in part.  Locks are taken in the order of ids.
my $writer = $node->basedir . '/writer.sql';
append_to_file($writer, <<"SQL");
\\set first random(1, $people - 2 * $at_once)
\\set fate random(1, 20)
\\set naptime random(0, 8)
BEGIN;
SELECT FROM directory.users WHERE user_name IN (SELECT 'user' || n FROM generate_series(:first, :first + $at_once - 1) n) ORDER BY id FOR NO KEY UPDATE;
SAVEPOINT half;
UPDATE directory.users SET version = version + 1 WHERE user_name IN (SELECT 'user' || n FROM generate_series(:first, :first + $at_once - 1) n);
\\if :fate = 1
ROLLBACK TO half;
UPDATE directory.users SET version = version + 1 WHERE user_name IN (SELECT 'user' || n FROM generate_series(:first, :first + $at_once - 1) n);
\\endif
\\if :fate > 10
\\sleep :naptime ms
\\endif
\\if :fate = 2
ROLLBACK;
\\else
COMMIT;
\\endif
SQL

# A worker: what it has, what it does, what it says of that, each in a transaction.
sub worker
{
	my ($number) = @_;
	my $round = <<"SQL";
TRUNCATE batch;
INSERT INTO batch SELECT e.position, e.id, e.resource_id, e.version, e.lease_id FROM scim.next_events('hr', 400, '2 s') e;
INSERT INTO done (worker, position, id, resource_id, version) SELECT $number, position, id, resource_id, version FROM batch ORDER BY position;
SELECT pg_sleep(random() * 0.05);
SELECT scim.acknowledge_events('hr', array_agg(id), min(lease_id::text)::uuid) FROM batch;
SELECT pg_sleep(0.2) WHERE NOT EXISTS (SELECT FROM batch);
SQL
	my $script = $node->basedir . "/worker$number.sql";

	append_to_file($script,
			"CREATE TEMP TABLE batch (position bigint, id uuid, resource_id uuid, version bigint, lease_id uuid);\n"
		  . $round x 400)
	  unless -e $script;
	return start(
		[ 'psql', '-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', $script ],
		'>', '/dev/null', '2>', $node->basedir . "/worker$number.log");
}

sub kill_now
{
	my ($handle) = @_;

	$handle->signal('KILL');
	eval { $handle->finish };
	return;
}

my $written = start(
	[   'pgbench', '-n', '-c', $writers, '-j', 1, '-t', int($changes), '-f', $writer,
		'-h', $node->host, '-p', $node->port, 'postgres' ],
	'>', '/dev/null', '2>', $node->basedir . '/writers.log');
# whether another one is killed between what it does and what it says of that is chance: this one ends there
$node->poll_query_until('postgres', 'SELECT unread > 0 FROM scim.consumers()') or die 'nothing is written';
$node->safe_psql('postgres', <<'SQL');
WITH batch AS (SELECT * FROM scim.next_events('hr', 400, '2 s'))
INSERT INTO done (worker, position, id, resource_id, version) SELECT 0, position, id, resource_id, version FROM batch ORDER BY position
SQL
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM done'), '>', 0, 'a worker has events and ends');
my %running = map { $_ => worker($_) } 1 .. $workers;
my ($kills, $begun) = (0, time);
my $left = 1;

while ($left > 0 && time - $begun < 1800)
{
	my ($number) = (1 + int(rand($workers)));

	sleep(0.5);
	# one is killed whatever it is at, and another takes its place
	if ($written->pumpable || $kills < 10)
	{
		kill_now($running{$number});
		$kills++;
		$running{$number} = worker($number);
		next;
	}
	foreach my $n (keys %running)
	{
		$running{$n} = worker($n) unless $running{$n}->pumpable;
	}
	$left = $node->safe_psql('postgres', "SELECT unread + pending FROM scim.consumers()");
}
kill_now($_) foreach values %running;
ok($written->finish, 'the writers have written');
is($left, 0, "nothing is left to do, $kills workers were killed");

is($node->safe_psql('postgres', 'SELECT (SELECT sum(version) FROM directory.users) = (SELECT count(*) FROM directory.event)'),
	't', 'each version has an event');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM directory.event'), '>', $events * 0.9, 'as many as there should be');
is($node->safe_psql('postgres', 'SELECT count(*) - max(position), min(position) FROM directory.event'), '0|1', 'positions have no gap');
is($node->safe_psql('postgres', 'SELECT count(*) FROM directory.event e WHERE NOT EXISTS (SELECT FROM done d WHERE d.id = e.id)'),
	0, 'none was lost or skipped');
is( $node->safe_psql('postgres', <<'SQL'), 0, 'each resource had its events in order');
SELECT count(*) FROM (
    SELECT version, lag(version, 1, 0::bigint) OVER (PARTITION BY resource_id ORDER BY number) AS before
    FROM (SELECT resource_id, version, min(number) AS number FROM done GROUP BY resource_id, version) first
) d WHERE version <> before + 1
SQL
is( $node->safe_psql('postgres', <<'SQL'), 0, 'and positions have that order, too');
SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY resource_id ORDER BY position) AS number FROM directory.event) e WHERE version <> number
SQL
is($node->safe_psql('postgres', "SELECT dead FROM scim.consumers()"), 0, 'none was put aside');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) - count(DISTINCT id) FROM done'), '>', 0, 'some came twice, since workers ended with them');
is($node->safe_psql('postgres', 'SELECT count(*) FROM directory.lease'), 0, 'and no lease is left');

done_testing();
