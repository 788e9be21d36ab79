# Each query of the manual that looks for something in a store finds it by an index, on
# 5,000 people, whoever asks: the owner, who sees all tenants, with the tenant in the
# query or without it, and a role to which row-level security adds it.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $tables = qr/users|groups|resource|member|audit|event/;

# The statements in ```sql blocks of a page, without comments.
sub statements
{
	my ($page) = @_;
	my $text = slurp_file($page);
	my @statements;

	while ($text =~ /^```sql\n(.*?)^```/msg)
	{
		my $block = $1;
		$block =~ s/--[^\n]*//g;
		# what psql is told, but for \gset
		$block =~ s/^\\(?!gset)\w[^\n]*\n//mg;
		# a semicolon in a string ends no line
		push @statements, grep { /\S/ } split /(?:;|\\gset)[ \t]*(?:\n|$)/, $block;
	}
	s/^\s+|\s+$//g for @statements;
	return @statements;
}

# Does a statement look for rows of a store, among others than all that are there?
sub looks_for
{
	my ($statement) = @_;

	# what is called app is the reader's own, and not there
	return 0 if $statement =~ /\b(?:FROM|UPDATE|JOIN)\s+app\./;
	return 0 unless $statement =~ /\b(?:FROM|UPDATE|JOIN)\s+\w+\.(?:$tables)\b/ && $statement =~ /\b(?:WHERE|ON)\b(.*)/s;
	my $condition = $1;
	# all of one tenant are all, unless some of them are enough
	return $condition !~ /^\s*(?:deleted_at IS NULL\s*(?:ORDER BY[^()]*)?|tenant_id = 1\s*(?:ORDER BY [\w ]*)?(?<!LIMIT 1))$/;
}

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\n");
$node->start;
$node->safe_psql(
	'postgres', q{
CREATE EXTENSION scim;
SELECT scim.create_store('manual');
SET scim.store = 'manual';
UPDATE manual.policy SET enabled = true WHERE kind = 'events';
INSERT INTO manual.users (data)
SELECT jsonb_build_object('userName', 'user' || i || '@example.com', 'displayName', 'User ' || i, 'title', 'Title ' || i % 50,
	'name', jsonb_build_object('familyName', 'Family' || i), 'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@x' || i % 500 || '.org')))
FROM generate_series(1, 5000) i;
INSERT INTO manual.groups (data) SELECT jsonb_build_object('displayName', 'Group ' || i) FROM generate_series(1, 5000) i;
CREATE ROLE reader;
GRANT USAGE ON SCHEMA manual TO reader;
GRANT ALL ON ALL TABLES IN SCHEMA manual TO reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO reader;
});

# what \gset has kept of a statement before
my $kept = join '', map { "\\set $_\n" } q(session '2026-01-01 00:00:00Z'), q(code 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA'),
  q(director '00000000-0000-7000-8000-000000000001'),
  q(d '2026-01-01 00:00:00Z');

my %checked;

# No scan of a statement reads all of a table of the store.
sub check
{
	my ($name, $statement, $who) = @_;
	my $plan = $node->safe_psql('postgres', "${kept}SET scim.store = 'manual'; SET ROLE $who;\nEXPLAIN (COSTS OFF) $statement");
	my $scans = join ', ', $plan =~ /Seq Scan on ((?:$tables)\b)/g;

	is($scans, '', "$name, $who") or diag("$statement\n$plan");
}

for my $analyzed (0, 1)
{
	$node->safe_psql('postgres', 'ANALYZE') if $analyzed;
	for my $page ('README.md', sort glob 'doc/*.md')
	{
		next if $page =~ /reference/;    # no queries: a list of tables and functions
		my $n = 0;
		for my $statement (statements($page))
		{
			next unless looks_for($statement);
			$n++;
			$statement =~ s/\b\w+\.(?=(?:$tables)\b)/manual./g;
			# what is inserted into tables of the reader's own comes from a query
			$statement =~ s/^INSERT INTO \w+\.\w+ \([^)]*\)\s*(?=SELECT)//;
			# the row whose tenant is named: the first one that is of the store
			my ($row) = $statement =~ /\b(?:FROM|UPDATE)\s+manual\.\w+(?:\s+(?!WHERE|JOIN|SET|ORDER)(\w+))?/;
			my $tenant = ($row ? "$row." : '') . 'tenant_id = 1';
			(my $with_tenant = $statement) =~ s/\bWHERE\b/WHERE $tenant AND/;
			my $name = sprintf '%s, query %d%s', $page, $n, $analyzed ? ', analyzed' : '';

			check($name, $statement, 'postgres');
			check("$name, with its tenant", $with_tenant, 'postgres') if $with_tenant ne $statement;
			check($name, $statement, 'reader');
		}
		$checked{$page} = $n;
	}
}
note map { "$_: $checked{$_}\n" } sort keys %checked;
cmp_ok($checked{'README.md'}, '>=', 5, 'the README has queries');
cmp_ok($checked{'doc/filters.md'}, '>=', 2, 'the page about filters has, too');
cmp_ok($checked{"doc/$_.md"}, '>=', 1, "and that about $_") for qw(lifecycle policies profiles);

# and this is what the pages warn of
like( $node->safe_psql('postgres', q{EXPLAIN (COSTS OFF) SELECT FROM manual.users WHERE scim.matches(data, 'title eq "x"')}),
	qr/Seq Scan on users/, 'without deleted_at IS NULL all of the table is read');

$node->stop;
done_testing();
