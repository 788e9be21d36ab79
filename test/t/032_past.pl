# Of changes at random - creates, puts, patches, members, renames, the life-cycle, deletes,
# restores, purges, reverts, several in one transaction, by functions, plain SQL and COPY, in
# three tenants - the audit tells every version of every resource as it was, byte by byte,
# the members of every group at every instant, what there was at any, and what made it so.
#
# CHANGES=10000 for the long form; the short one has 2,000.  SEED=0.1 (from -1 to 1) for
# other ones; which one it was stands in the log.

use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $changes = $ENV{CHANGES} || 2000;
my $seed = $ENV{SEED} // sprintf('%.6f', rand(2) - 1);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nmax_wal_size = 2GB\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION scim');
$node->safe_psql('postgres', slurp_file("$FindBin::Bin/../data/past.sql"));
$node->safe_psql('postgres', 'SELECT test.prepare()');
note("SEED=$seed");
my $file = $node->basedir . '/copied';
$node->safe_psql('postgres', "SELECT setseed($seed); CALL test.run($changes, '$file')");
$node->safe_psql('postgres', 'ANALYZE');

is( $node->safe_psql('postgres', "SELECT count(*) >= $changes * 0.9 FROM test.step"),
	't', 'changes were made');
note($node->safe_psql('postgres',
	"SELECT string_agg(format('%s %s', what, n), ', ') FROM (SELECT coalesce(what, 'refused') AS what, count(*) AS n FROM test.step GROUP BY 1 ORDER BY 1) s"));
is( $node->safe_psql('postgres', "SELECT count(DISTINCT what) FROM test.step"),
	'26', 'of every kind');
my $crowds = $node->safe_psql('postgres', "SELECT count(*) FROM test.step WHERE what = 'whole crowd'");
is($crowds, int($changes / 100), 'crowds came and went at once');
cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM directory.audit WHERE member_id IS NOT NULL AND detail ? 'members'"),
	'>=', $crowds, 'each of which left a list of members in the audit');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM test.step WHERE error IS NOT NULL') / $changes,
	'<', 0.2, 'and most of them not in vain');

for my $tenant (1, 2, 3)
{
	my %least = (versions => $changes / 4, members => $changes / 20, members_of_all => 20,
		resources => 40, differences => $changes / 10);

	for my $what (sort keys %least)
	{
		my ($asked, $wrong, $first) = split /\|/, $node->safe_psql('postgres',
			"SET scim.tenant = $tenant; SELECT * FROM test.wrong_$what()"), 3;

		cmp_ok($asked, '>=', $least{$what}, "tenant $tenant: $what are asked for");
		is($wrong, '0', "tenant $tenant: $what are right") or diag("SEED=$seed: $first");
	}
}
is($node->safe_psql('postgres', 'SELECT count(*) FROM scim.verify_audit()'), '0', 'the audit holds together');

$node->stop;
done_testing();
