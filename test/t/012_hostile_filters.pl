# Measures time: bin/test runs it while nothing else runs.
#
# Filters as long as they may be, on 10,000 people in 5,700 groups: all are answered, soon
# and in little memory, whether the planner has statistics or not, with jit on; and
# whatever runs long ends within a second of statement_timeout and pg_terminate_backend.
#
# The bounds are several times what a slow machine needs, and less than a bad plan does.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $seconds   = $ENV{SCIM_FILTER_SECONDS} || 5;
my $megabytes = 400;
my $late      = $ENV{SCIM_CANCEL_SECONDS} || 1;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\njit = on\nmax_parallel_workers_per_gather = 0\n");
$node->start;
# a group of everybody, 5,000 of ten, and 699 that hold one of these
$node->safe_psql(
	'postgres', q{
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
INSERT INTO directory.users (data)
SELECT jsonb_build_object('userName', 'user' || i || '@example.com', 'externalId', 'hr-' || i, 'displayName', 'User ' || i,
	'active', i % 20 <> 0, 'title', 'Title ' || i % 50, 'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com')))
FROM generate_series(1, 10000) i;
INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', 'Group ' || i) FROM generate_series(1, 5700) i;
CREATE TABLE u AS SELECT id, row_number() OVER (ORDER BY id) n FROM directory.users;
CREATE TABLE g AS SELECT id, row_number() OVER (ORDER BY id) n FROM directory.groups;
CREATE INDEX ON u (n);
INSERT INTO directory.member (group_id, member_id) SELECT g.id, u.id FROM g, u WHERE g.n = 1;
INSERT INTO directory.member (group_id, member_id)
SELECT g.id, u.id FROM g CROSS JOIN generate_series(1, 10) k JOIN u ON u.n = 1 + (g.n * 7919 + k * 104729) % 10000 WHERE g.n BETWEEN 2 AND 5000;
INSERT INTO directory.member (group_id, member_id) SELECT p.id, c.id FROM g p JOIN g c ON c.n = (p.n - 5000) * 3 + 1 WHERE p.n > 5000;
});
my @users  = split /\n/, $node->safe_psql('postgres', 'SELECT id FROM u ORDER BY n LIMIT 800');
my @groups = split /\n/, $node->safe_psql('postgres', 'SELECT id FROM g ORDER BY n LIMIT 800');

sub joined
{
	my ($word, $term, @values) = @_;
	return join " $word ", map { my $text = $term; $text =~ s/#/$_/g; $text } @values;
}

# As many terms as fit into the longest filter.
sub filled
{
	my ($word, $term) = @_;
	my $n = int(60000 / (length($term) + length($word) + 6));
	return joined($word, $term, 1 .. $n);
}

# type, filter, and how many it finds where that is certain
my @filters = (
	# terms about one relation
	(map { [ 'Group', joined('or', 'members.value eq "#"', @users[ 0 .. $_ - 1 ]) ] } 20, 200, 400, 800),
	(map { [ 'User', joined('or', 'groups.value eq "#"', @groups[ 1 .. $_ ]) ] } 20, 200, 400),
	[ 'Group', joined('and', 'members.value eq "#"', @users[ 0 .. 199 ]), 1 ],
	[ 'User', joined('and', 'groups.value eq "#"', @groups[ 0 .. 199 ]), 0 ],
	[ 'User', joined('and', 'not (groups.value eq "#")', @groups[ 0 .. 199 ]), 0 ],
	[ 'Group', joined('or', 'not (members.value eq "#")', @users[ 0 .. 199 ]), 5699 ],
	(map { [ 'Group', joined('or', 'members.display co "user 1#"', 1 .. $_) ], [ 'User', joined('or', 'groups.display co "group 1#"', 1 .. $_) ] } 20, 200),
	[ 'User', joined('or', 'groups.display co "x#"', 1 .. 800), 0 ],
	[ 'User', joined('or', 'groups.display eq "group #"', 1 .. 800) ],
	[ 'User', joined('or', 'groups.display sw "group 1#"', 1 .. 200) ],
	[ 'User', joined('or', 'groups.display ew "#"', 1 .. 200) ],
	[ 'User', joined('or', 'groups.$ref ew "#"', @groups[ 1 .. 200 ]) ],
	[ 'Group', joined('or', 'members.$ref eq "/Users/#"', @users[ 0 .. 199 ]) ],
	[ 'Group', joined('or', 'members.type co "x#"', 1 .. 200), 0 ],
	[ 'User', joined('or', 'groups.type sw "x#"', 1 .. 200), 0 ],
	[ 'Group', joined('or', 'members[value eq "#" and type eq "User"]', @users[ 0 .. 199 ]) ],
	[ 'User', joined('or', 'groups[value eq "#" and type eq "direct"]', @groups[ 1 .. 200 ]) ],
	[ 'User', 'groups[' . joined('or', 'display co "x#"', 1 .. 2000) . ']', 0 ],
	[ 'User', joined('and', 'groups.value ne "#"', @groups[ 1 .. 20 ]), 10000 ],
	[ 'Group', joined('and', 'members.value ne "#"', @users[ 0 .. 99 ]) ],
	[ 'User', 'groups pr',                       10000 ],
	[ 'User', "groups.value eq \"$groups[0]\"",  10000 ],
	[ 'User', "groups.value eq \"$groups[9]\"" ],
	[ 'User', 'groups.display eq "group 5001"',  10 ],
	[ 'User', 'groups.type eq "indirect"' ],
	# pairs of terms about one relation
	[ 'User', joined('or', '(groups.type eq "indirect" and groups.display eq "x#")', 1 .. 100), 0 ],
	[ 'User', joined('and', 'not (groups.type eq "indirect" and groups.display eq "x#")', 1 .. 100), 10000 ],
	[ 'User', joined('or', '(groups.display ne "x#" and groups.display co "#")', 1 .. 100) ],
	[ 'User', joined('or', '(groups.value eq "#" and title pr)', @groups[ 0 .. 199 ]), 10000 ],
	[ 'User', joined('or', 'not (groups.value eq "#")', @groups[ 0 .. 199 ]), 10000 ],
	[ 'User', joined('and', 'groups.value ne "#"', @groups[ 1 .. 200 ]), 10000 ],
	[ 'User', joined('and', 'groups[type eq "direct" and not (display ew "x#")]', 1 .. 150), 10000 ],
	[ 'Group', joined('or', '(members.type eq "User" and members.value eq "#")', @users[ 0 .. 199 ]) ],
	[ 'Group', joined('and', 'members.display co "#"', 1 .. 200) ],
	[ 'Group', joined('or', 'members[display co "user" and value ew "x#"]', 1 .. 200), 0 ],
	[ undef, joined('or', '(groups.type eq "indirect" and members.$ref co "x#")', 1 .. 150), 0 ],
	# of the members of each group: fetched one by one, whatever the statistics say
	[ 'Group', joined('and', 'members.type ne "#"', 0 .. 4) ],
	[ 'Group', joined('and', 'members.display pr', 1 .. 7) ],
	[ 'Group', joined('and', 'members.display co "#"', 1 .. 7) ],
	[ 'Group', joined('and', 'members.$ref co "#"', 1 .. 7) ],
	[ 'Group', joined('and', 'members.display gt "#"', 1 .. 500) ],
	[ 'Group', joined('or', 'not (members.display co "x#")', 1 .. 500) ],
	[ undef, joined('and', 'members.type ne "#"', 0 .. 4) ],
	# texts of members, together with others, or not
	[ 'Group', joined('or', 'members[value co "x#" and display pr]', 1 .. 500), 0 ],
	[ 'Group', joined('or', '(members.value co "x#" and displayName pr)', 1 .. 300), 0 ],
	[ 'Group', 'members[' . joined('and', 'not (display eq "x#")', 1 .. 2000) . ']' ],
	[ 'Group', joined('or', 'members[type eq "User" and display eq "x#"]', 1 .. 1000), 0 ],
	[ 'Group', 'members[(' . joined(') or (', 'display sw "x#" and display sw "y#" and value gt "z"', 1 .. 600) . ')]', 0 ],
	[ 'User', joined('and', 'not (meta.location co "x#")', 1 .. 1500), 10000 ],
	[ 'User', joined('and', 'not (userName eq "x#")', 1 .. 2000), 10000 ],
	[ 'User', joined('or', '(meta.location eq "x#" and userName pr)', 1 .. 1200), 0 ],
	# "or" within "and" within "or"
	(map { my $term = $_; [ 'User', ('(' x 60) . $term . join('', map { ($_ % 2 ? ' or ' : ' and ') . joined('or', 'meta.version ew "x#"', 1 .. 4) . " or $term)" } 1 .. 60), 0 ] }
		'meta.location ew "x"', 'displayName gt "~"', 'groups.display co "x"'),
	# mixed with others, nested
	[ 'User', joined('or', "(title eq \"title #\" and groups.value eq \"$groups[3]\")", 1 .. 200) ],
	[ 'User', joined('or', '(title eq "x#" and groups.display sw "group #")', 1 .. 200), 0 ],
	[ 'User', joined('and', "(title pr or not (groups.value eq \"$groups[3]\" and title eq \"#\"))", 1 .. 100), 10000 ],
	[ 'User', ('not (' x 98) . joined('or', 'title eq "#"', 1 .. 3000) . ' or groups pr' . (')' x 98), 10000 ],
	[ 'User', ('(title eq "a" or (userName eq "b" and ' x 49) . 'groups pr' . ('))' x 49), 0 ],
	# at the root of the server
	[ undef, joined('or', 'members.value eq "#"', @users[ 0 .. 199 ]) ],
	[ undef, joined('or', 'groups.display co "group 1#"', 1 .. 20) ],
	[ undef, joined('or', "(displayName eq \"x#\" and (members.value eq \"$users[0]\" or groups.value eq \"$groups[0]\"))", 1 .. 100), 0 ],
	[ undef, filled('or', 'displayName co "x#"'), 0 ],
	# terms of columns and of the document
	[ 'User', filled('or', 'userName eq "x#"'), 0 ],
	[ 'User', filled('or', 'id eq "#"'), 0 ],
	[ 'User', joined('or', 'id eq "#"', @users), 800 ],
	[ 'User', filled('or', 'externalId sw "x#"'), 0 ],
	[ 'User', filled('or', '(userName eq "x#" and externalId eq "y#")'), 0 ],
	[ 'User', filled('or', '(userName eq "x#" and title eq "y#")'), 0 ],
	[ 'User', filled('and', '(userName eq "x#" or externalId eq "y#" or title eq "z#")'), 0 ],
	[ 'User', joined('or', 'title eq "x#"', 1 .. 800), 0 ],
	[ 'User', joined('or', 'emails[type eq "x" and value co "#"]', 1 .. 400), 0 ],
	[ 'User', joined('or', 'meta.location co "x#"', 1 .. 800), 0 ],
	[ 'User', joined('or', 'meta.created co "x#"', 1 .. 800), 0 ],
	[ 'User', joined('or', 'id sw "x#"', 1 .. 800), 0 ]);

sub quoted
{
	my ($text) = @_;
	return defined $text ? '$text$' . $text . '$text$' : 'NULL';
}

# user and system time of the session, in ticks of 10 ms
my $used = q{SELECT f[12]::int + f[13]::int FROM string_to_array(regexp_replace(pg_read_file('/proc/self/stat', 0, 4096), '^.*\) ', ''), ' ') f;};

for my $analyzed (0, 1)
{
	$node->safe_psql('postgres', 'VACUUM ANALYZE') if $analyzed;
	for my $case (@filters)
	{
		my ($type, $filter, $total) = @$case;
		my $name = sprintf '%s, %d bytes%s: %.60s', $type // 'any', length $filter, $analyzed ? ', analyzed' : '', $filter;
		my $output = eval {
			$node->safe_psql(
				'postgres',
				"SET statement_timeout = '@{[10 * $seconds]}s';\n$used\nSELECT scim.search(@{[quoted($type)]}, @{[quoted($filter)]}, count => 2, attributes => 'id') ->> 'totalResults';\n$used\n"
				  . q{SELECT coalesce((regexp_match(pg_read_file('/proc/self/status', 0, 10000), 'VmHWM:\s+(\d+)'))[1], '0');});
		};
		my ($before, $found, $after, $peak) = defined $output ? split(/\n/, $output) : (0, "error: $@", 0, 0);
		my $timed = ($after - $before) / 100;
		ok( $found =~ /^\d+$/ && (!defined $total || $found == $total) && $timed < $seconds && $peak / 1024 < $megabytes, $name)
		  or diag(sprintf '%s instead of %s, %.1f s, %d MB', $found, $total // 'a number', $timed, $peak / 1024);
	}
}

# What is beyond the bounds is refused with their names.
for my $refused (
	[ joined('and', 'emails[type pr or not (value co "x#")]', 1 .. 1500), qr/terms of the filter look at more than 50000000 values/ ],
	[ joined('and', '(meta.created lt "2020-01-01T00:00:00.#Z" or active eq true or meta.created gt "2020-01-01T00:00:00.#Z")', 1 .. 500), qr/terms of the filter look at more than 50000000 values/ ],
	[ joined('and', 'groups.value eq "#"', @groups[ 0 .. 500 ]), qr/filter looks up members and groups 501 times: it may do so 500 times/ ],
	[ joined('or', 'userName sw "#"', 1 .. 10001), qr/filter has 10001 terms that are not of the document: a search takes no more than 10000/ ])
{
	my ($filter, $message) = @$refused;
	my ($result, $stdout, $stderr) =
	  $node->psql('postgres', "SET scim.max_filter_length = '1MB'; SET scim.max_filter_nodes = 100000; SELECT scim.search('User', @{[quoted($filter)]});");
	like($stderr, $message, 'a filter of too many terms is refused');
}

# Whatever takes long ends when it is told to: by statement_timeout at any time of it.
my $limits = "SET scim.max_filter_length = '16MB'; SET scim.max_filter_nodes = 1000000; SET scim.max_filter_lookups = 1500;";
my $many = sub { my ($term, $n) = @_; "(SELECT string_agg(replace(\$text\$$term\$text\$, '#', i::text), ' or ') FROM generate_series(1, $n) i)" };
my %long = (
	'a filter is read'                 => "SELECT length((@{[$many->('title co \"x#\"', 700000)]})::scim.filter::text)",
	'a filter is explained'            => "SELECT count(*) FROM scim.explain_filter((@{[$many->('title co \"x#\"', 700000)]})::scim.filter, 'User')",
	'a filter becomes SQL'             => "SELECT length(scim.to_sql((@{[$many->('(title eq \"#\" and userName eq \"#\")', 300000)]})::scim.filter, 'User'))",
	'a filter becomes mapped SQL'      => "SELECT length(scim.to_sql((@{[$many->('(title eq \"#\" and userName eq \"#\")', 300000)]})::scim.filter, '{\"title\": \"t\", \"userName\": \"u\"}'::jsonb))",
	'a search is planned'              => "SELECT scim.search('User', @{[$many->('(userName sw \"#\" and externalId sw \"#\")', 4000)]}) FROM generate_series(1, 1000)",
	'a search reads documents'         => "SELECT scim.search('User', @{[$many->('title co \"x#\"', 100000)]})",
	'a search looks up groups'         => "SELECT scim.search('User', @{[$many->('groups.display co \"x#\"', 9000)]})",
	'a search looks up many groups'    => "SELECT scim.search('User', @{[$many->('(title eq \"#\" and groups.display co \"1\")', 1400)]})",
	'a search looks up members'        => "SELECT scim.search('Group', @{[$many->('members.display co \"x#\"', 9000)]})",
	'a search looks up many members'   => "SELECT scim.search('Group', @{[$many->('(externalId eq \"#\" and members.display co \"x\")', 1400)]})",
	'a search sorts'                   => "SELECT scim.search('User', sort_by => 'emails.value') FROM generate_series(1, 1000)",
	'attributes are named'             => "SELECT length(scim.search('User', attributes => repeat('userName,emails.value,', 3000000))::text)",
	'a cursor is opened'               => "SELECT scim.search('User', cursor => repeat('A', 100000000))",
	'a document is matched'            => "SELECT scim.matches(d, (@{[$many->('emails.value co \"x#\"', 1000)]})::scim.filter) FROM big",
	'a document is not matched'        => "SELECT scim.matches(d, 'not (emails[value pr or not (value pr)])') FROM big, generate_series(1, 1000)",
	'a wide document is matched'       => "SELECT scim.matches(d, (@{[$many->('x# eq 1', 1000)]})::scim.filter) FROM wide",
	'a long string is matched'         => "SELECT scim.matches(d, (@{[$many->('title co \"x#\"', 1000)]})::scim.filter) FROM long",
	'a document has its sort key'      => "SELECT scim_internal.sort_key(d, 'emails.value', 'User') FROM big, generate_series(1, 100)",
	'a document has its keys'          => "SELECT scim_internal.index_keys(d) FROM big, generate_series(1, 100)",
	'an index of documents is made'    => "CREATE INDEX ON big USING gin (d scim.gin_ops)",
	'an index of long strings is made' => "CREATE INDEX ON long USING gin (d scim.gin_ops)");
$node->safe_psql(
	'postgres', q{
CREATE TABLE big AS SELECT jsonb_build_object('emails', (SELECT jsonb_agg(jsonb_build_object('value', md5(i::text))) FROM generate_series(1, 500000) i)) d;
CREATE TABLE wide AS SELECT jsonb_object_agg('k' || i, i) d FROM generate_series(1, 500000) i;
CREATE TABLE long AS SELECT jsonb_build_object('title', repeat('É', 50000000)) d;
});
for my $name (sort keys %long)
{
	my $worst = 0;
	for my $timeout (0.3, 1.5)
	{
		my $start = time;
		my ($result, $stdout, $stderr) = $node->psql('postgres', "$limits SET statement_timeout = '" . $timeout * 1000 . "ms'; $long{$name};");
		my $late_by = time - $start - $timeout;

		$worst = $late_by if $late_by > $worst;
		# what is done, or refused, before that has no later moment
		last unless $stderr =~ /statement timeout/;
	}
	cmp_ok($worst, '<', $late + 1, "$name, until statement_timeout") or diag("$worst s too late");
}

# and by pg_terminate_backend
for my $name ('a search is planned', 'a search looks up many groups', 'an index of documents is made')
{
	my $session = IPC::Run::start(
		[ 'psql', '-X', '-q', '-d', $node->connstr('postgres'), '-c', "SET application_name = 'long'; $limits $long{$name}" ],
		'>', \my $out, '2>', \my $err);
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'long' AND state = 'active' AND clock_timestamp() - query_start > '0.5 s'})
	  or note("$name: over before it could be ended");
	my $start = time;
	$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'long'});
	$node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'long'});
	cmp_ok(time - $start, '<', $late + 1, "$name, until pg_terminate_backend");
	$session->finish;
}

$node->stop;
done_testing();
