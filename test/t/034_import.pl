# bin/import: whatever stops it, it is run again, and in the end each row is there once.  Killed,
# without its connection, and with a server that crashes; files of every kind; a whole store there
# and back again; and memory that does not grow with the number of rows.

use strict;
use warnings;

use IPC::Run qw(start);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $rows = $ENV{IMPORT_ROWS} || 6000;
my $node = PostgreSQL::Test::Cluster->new('main');
my $base = $node->basedir;

$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\nshared_buffers = 16MB\nrestart_after_crash = on\n");
$node->start;
$node->safe_psql('postgres', "CREATE EXTENSION scim; SELECT scim.create_store('directory')");
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{PGDATABASE} = 'postgres';
delete $ENV{PGAPPNAME};

sub count
{
	my ($filter) = @_;
	return $node->safe_psql('postgres', "SELECT count(*) FROM directory.users WHERE user_name LIKE '$filter'");
}

# In the server, where it takes no time to look.
sub wait_until
{
	my ($condition) = @_;
	$node->safe_psql('postgres', "DO \$\$ BEGIN FOR i IN 1..6000 LOOP EXIT WHEN $condition; COMMIT; PERFORM pg_sleep(0.005); END LOOP; END \$\$");
	return;
}

# Exit status, output and errors.
sub import
{
	my ($out, $err) = ('', '');
	my $harness = start([ 'bin/import', @_ ], '<', \undef, '>', \$out, '2>', \$err);
	$harness->finish;
	return ($harness->result(0) // 0, $out, $err);
}

sub people
{
	my ($name, $n) = @_;
	my $file = "$base/$name.csv";
	open my $out, '>', $file or die $!;
	print $out qq(userName,externalId,name.familyName,"emails[type eq ""work""].value",title\n);
	print $out "$name$_,hr-$name-$_,\"Doe, $_\",$name$_\@example.com,Title\n" for 1 .. $n;
	close $out;
	return $file;
}

# Starts an import, and returns once some of it is there.
sub begin_import
{
	my ($name, $file) = @_;
	my ($out, $err) = ('', '');
	my $harness = start([ 'bin/import', $file, '--apply', '--batch', '100' ], '<', \undef, '>', \$out, '2>', \$err);
	wait_until("(SELECT count(*) FROM directory.users WHERE user_name LIKE '$name%') >= 200");
	return ($harness, \$out, \$err);
}

sub all_there
{
	my ($name, $what) = @_;
	my ($status, $out, $err) = import("$base/$name.csv", '--apply');

	is($status, 0, "$what: run again") or diag($out . $err);
	like($out, qr/unchanged/, 'what was done is unchanged');
	is(count("$name%"), $rows, 'all are there');
	is( $node->safe_psql('postgres', "SELECT count(*), max(a.version) FROM directory.audit a JOIN directory.users u ON u.id = a.resource_id "
			. "WHERE u.user_name LIKE '$name%' AND a.operation = 'create'"), "$rows|1", 'each was made once');
	($status, $out) = import("$base/$name.csv");
	is($status, 0, 'a third time');
	is($out, sprintf("%9s unchanged\n", $rows =~ s/(\d)(?=(\d{3})+$)/$1,/gr), 'there is nothing to do');
	return;
}

# ---- what stops it

my ($harness, $out, $err) = begin_import('killed', people('killed', $rows));
$harness->signal('KILL');
$harness->finish;
$node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'scim import'");
my $part = count('killed%');
cmp_ok($part, '<', $rows, "killed when $part were there");
is($part % 100, 0, 'in whole batches');
all_there('killed', 'killed');

($harness, $out, $err) = begin_import('lost', people('lost', $rows));
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'scim import'");
$harness->finish;
is($harness->result(0) // 0, 0, 'without its connection it tries again') or diag($$err);
like($$err, qr/trying again/, 'and says so');
like($$out, qr/unchanged/, 'from where it was');
all_there('lost', 'lost');

($harness, $out, $err) = begin_import('crashed', people('crashed', $rows));
$node->stop('immediate');
sleep 1;
$node->start;
$harness->finish;
is($harness->result(0) // 0, 0, 'a server that crashes is waited for') or diag($$err);
like($$err, qr/trying again/, 'and says so');
all_there('crashed', 'crashed');

# all or nothing
($harness, $out, $err) = (start([ 'bin/import', people('once', $rows), '--apply', '--batch', '0' ], '<', \undef, '>', \my $o, '2>', \my $e));
wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'scim import' AND query ~ 'import_done' AND state = 'active')");
$harness->signal('KILL');
$harness->finish;
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'scim import'");
is(count('once%'), 0, 'of one transaction nothing is there');

# who is killed does not leave the server to it
SKIP:
{
	skip 'the server does not see that', 2 if $^O ne 'linux';
	$node->safe_psql('postgres', q(CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.01); RETURN new; END';
		CREATE TRIGGER slow BEFORE INSERT ON directory.users FOR EACH ROW WHEN (new.data ->> 'userName' LIKE 'slow%') EXECUTE FUNCTION slow()));
	$harness = start([ 'bin/import', people('slow', 6000), '--apply', '--batch', '0' ], '<', \undef, '>', \my $said, '2>', \my $complained);
	wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'scim import' AND query ~ 'import_done' AND state = 'active')");
	$harness->signal('KILL');
	$harness->finish;
	my $killed = time;
	$node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'scim import'");
	cmp_ok(time - $killed, '<', 30, 'killed in a statement of a minute: the server ends it');
	is(count('slow%'), 0, 'and takes it back');
	$node->safe_psql('postgres', 'DROP FUNCTION slow() CASCADE');
}

# ---- files

sub file_is
{
	my ($name, $bytes, $options, $status, $expected, $what) = @_;
	my $file = "$base/$name";
	open my $file_out, '>:raw', $file or die $!;
	print $file_out $bytes;
	close $file_out;
	my ($got, $said, $complained) = import($file, @$options);
	is($got, $status, "$what: exit status") or diag($said . $complained);
	like($said . $complained, $expected, $what);
	return;
}

file_is('bom.csv', "\xef\xbb\xbfuserName,title\r\nbom1,\"a\r\nb\"\r\n\r\nbom2,\r\n", ['--apply'], 0, qr/^        2 create\n$/, 'a byte order mark, CRLF, a line end in quotes, an empty line');
is($node->safe_psql('postgres', "SELECT data ->> 'title' = E'a\\r\\nb' FROM directory.users WHERE user_name = 'bom1'"), 't', 'which stays as it is');
file_is('utf16.csv', "\xff\xfeu\0s\0e\0r\0N\0a\0m\0e\0\n\0j\0\xf6\0\n\0", ['--apply'], 0, qr/1 create/, 'UTF-16');
is(count("j\xc3\xb6"), 1, 'is read');
file_is('latin1.csv', "userName,title\na1,b\nj\xf6,c\n", [], 2, qr/latin1\.csv: line 3: byte 0xf6 at 2 is not UTF-8/, 'a byte that is not UTF-8');
file_is('latin1.csv', "userName,title\na1,b\nj\xf6,c\n", ['--encoding', 'latin1'], 0, qr/1 create\n +1 change/, 'but of another encoding');
file_is('cells.csv', "userName,title\na,b\nc\nd,e,f\n\"g,h\n", [], 2, qr/line 3: 1 cells.*line 4: 3 cells.*line 5: /s, 'lines that are wrong');
file_is('nul.csv', "userName,title\na,b\0c\n", [], 2, qr/line 2/, 'U+0000');
file_is('empty.csv', '', [], 2, qr/must name the columns/, 'nothing at all');
file_is('none.csv', "userName\n", [ '--mode', 'full', '--apply' ], 3, qr/refused: the source is empty/, 'nobody');
cmp_ok(count('%'), '>', $rows, 'and everybody is there still');
file_is('twice.csv', "userName,userName\na,b\n", [], 2, qr/line 1: there is more than one column 'userName'/, 'a column twice');
file_is('unknown.csv', "userName,Colour\na,b\n", [], 2, qr/column "Colour" of the source.*--map 'Colour='/s, 'a column that is no attribute');
file_is('unknown.csv', "userName,Colour\nbom1,b\n", [ '--map', 'Colour=nickName' ], 0, qr/1 change/, 'which is mapped');
file_is('broken.jsonl', qq({"userName": "x"}\n{"userName":}\n[]\n{"a": 1, "a": 2}\n{"a": "\\u0000"}\n{"a": "\\ud800"}\n{"a": NaN}\n), [], 2,
	qr/line 2: character 13.*line 3: it is no JSON object.*line 4: key 'a' is there twice.*line 5: .*U\+0000.*line 6: .*surrogate.*line 7: NaN/s, 'JSON that is none');
file_is('huge.jsonl', qq({"userName": "x"}\n{"userName": "y", "title": 1e500000}\n), [], 4, qr/in record 2 of the file/, 'a number that is too large');
file_is('line.csv', "userName,_line\nx,7\n", [], 2, qr/_line/, 'a column of lines');
file_is('version.csv', "userName,title\nversion1,a\nversion2,a\n", ['--apply'], 0, qr/2 create/, 'two with versions');
foreach my $batch (5000, 0)
{
	my @apply = ('--apply', '--batch', $batch);

	file_is('version.csv', "_version,userName,title\n$_->[0],version1,$_->[1]\n9,version2,$_->[1]\n", \@apply, 1, qr/ 1 $_->[2]\n +1 conflict\n/, "a version that is not there (batches of $batch): $_->[2]")
		foreach ($batch ? ([ 1, 'b', 'change' ], [ 1, 'b', 'unchanged' ]) : ([ 2, 'c', 'change' ], [ 2, 'c', 'unchanged' ]));
	file_is('version.jsonl', qq({"userName": "version2", "title": "lost", "_version": 9}\n), \@apply, 1, qr/^ +1 conflict/, "in JSONL (batches of $batch)");
	is($node->safe_psql('postgres', "SELECT data ->> 'title' FROM directory.users WHERE user_name = 'version2'"), 'a', 'who is in conflict is left alone');
}
open my $export, '>', "$base/export.csv" or die $!;
print $export $node->safe_psql('postgres', "SELECT scim.export_csv('User', 'userName sw \"version\"', '{id,_version,userName,title}')"), "\n";
close $export;
is((import("$base/export.csv", '--apply'))[1], "        2 unchanged\n", 'what was exported comes back');
file_is('about.csv', "userName,_id\na,b\n", [], 2, qr/column "_id" of the source: there is no "_id" of a row/, 'a column about the row that there is none');
file_is('deep.jsonl', '{"a": ' . '[' x 100000 . ']' x 100000 . "}\n", [], 2, qr/deep\.jsonl: line 1: it is nested too deeply$/m, 'JSON that is too deep');
file_is('map.csv', "userName\na\n", [ '--mapping', "$base/deep.jsonl" ], 2, qr/deep\.jsonl: it is nested too deeply$/m, 'and a mapping');
file_is('digits.jsonl', '{"userName": "digits", "title": ' . '7' x 5000 . "}\n", [], 1, qr/digits: invalid: title: /, 'a number of many digits');
file_is('good.jsonl', qq({"userName": "json1", "emails": ["a\\\\b\@x.org"], "title": "tab\\t, \\u00e9, back\\\\slash"}\r\n\n{"userName": "json2"}), ['--apply'], 0, qr/2 create/, 'JSONL');
is($node->safe_psql('postgres', "SELECT data ->> 'title' FROM directory.users WHERE user_name = 'json1'"), "tab\t, \xc3\xa9, back\\slash", 'as it was');
file_is('x.dat', 'x', [], 2, qr/say --format/, 'a file of another name');
is((import("$base/not-there.csv"))[0], 2, 'no file');
is((import("$base/good.jsonl", '--type', 'Nothing'))[0], 2, 'no such type');
is((import("$base/good.jsonl", '--store', 'nothing'))[0], 2, 'no such store');
foreach my $apply ([], ['--apply'])
{
	my ($status, $out, $err) = import("$base/good.jsonl", '--tenant', 9, @$apply);
	is($status, 2, "no such tenant (@$apply)") or diag($out);
	like($err, qr/^import: ERROR:  tenant 9 does not exist\nHINT:  Insert it into directory\.tenant first\.$/, 'as all that writes says it');
}
is((import("$base/good.jsonl", '--scope', 'nothing eq'))[0], 2, 'a scope that is none');
file_is('semicolon.csv', "userName;title\na;b\n", ['--apply'], 2, qr/column "userName;title" of the source/, 'another delimiter');
file_is('case.csv', "userName,USERNAME\na,b\n", ['--apply'], 2, qr/column "USERNAME" of the source: "USERNAME" is column "userName" already/, 'an attribute in two columns');
is((import("$base/good.jsonl", '--batch', '10', '--invalid', 'refuse'))[0], 2, 'options that contradict each other');
{
	local $ENV{PGPORT} = 1;
	is((import("$base/good.jsonl"))[0], 4, 'no server');
}
file_is('escape.csv', "userName,active\n\e[31mred,perhaps\n", [], 1, qr/line 2, \\x1b\[31mred: invalid/, 'what a file says does nothing to a terminal');
is(system(q(printf '{"userName": "piped"}' | bin/import - --format jsonl --apply >) . "$base/piped.out"), 0, 'standard input');
is(count('piped'), 1, 'is read');
is(system("bash", "-c", "bin/import <(echo userName; echo piped) --format csv >$base/piped.out"), 0, 'and so is a pipe');
# nothing but errors on what is no terminal
is((import("$base/good.jsonl"))[2], '', 'no progress bar in a log');
my $terminal = '';
my $bar = start([ 'bin/import', "$base/killed.csv" ], '<', \undef, '>', \my $ignored, '2>pty>', \$terminal);
$bar->finish;
like($terminal, qr/reading +\[#+\.*\] +\d+%/, 'but on a terminal');

# names that change hands, in whatever batch
file_is('first.csv', "externalId,userName\nh1,hand1\nh2,hand2\n", [ '--match', 'externalId', '--apply' ], 0, qr/2 create/, 'two');
file_is('second.csv', "externalId,userName\nh1,hand3\nh2,hand4\nh3,hand5\n", [ '--match', 'externalId', '--apply', '--batch', '1' ], 0, qr/1 create\n +2 change/, 'one row at a time');
file_is('teams.csv', "displayName,members\nOuter,\"[{\"\"displayName\"\": \"\"Inner\"\"}]\"\nInner,hand3;hand4\n", [ '--type', 'Group', '--apply', '--batch', '1' ], 0, qr/2 create/, 'a group before its member');
is($node->safe_psql('postgres', 'SELECT count(*) FROM directory.member m JOIN directory.resource r ON r.id = m.member_id'), '3', 'which are those');

# what constraints put off until the end is told by line, whatever the batch
$node->safe_psql('postgres', q{
	CREATE SCHEMA later_app;
	CREATE TABLE later_app.people (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, email text NOT NULL, nick text UNIQUE DEFERRABLE INITIALLY DEFERRED);
	SELECT scim.create_store('later');
	SET scim.store = 'later';
	SELECT scim.bind_table('User', 'later_app.people', '{"attributes": {"userName": "email", "nickName": "nick"}}')});
for my $batch (0, 1, 3)
{
	file_is("later$batch.csv", "userName,nickName\n" . join('', map { "put$batch-$_,nick$batch-" . ($_ == 4 ? 2 : $_) . "\n" } 1 .. 6),
		[ '--store', 'later', '--apply', '--batch', $batch ], 1,
		qr/^ +5 create\n +1 invalid\n  line 5, put$batch-4: invalid: table "later_app\.people" refuses nickName \(nick\): duplicate key .*"people_nick_key" \(uniqueness\)\n$/,
		"put off, batches of $batch");
}
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT nick) FROM later_app.people'), '15|15', 'all others are in');

# ---- there and back again

$node->safe_psql('postgres', q{UPDATE directory.users SET data = data || '{"displayName": "a, \"b\"\n\tc\\\\", "roles": [{"value": "x;y"}], "addresses": [{"type": "work", "locality": "München"}]}' WHERE user_name LIKE 'killed1%'});
for my $type ('User', 'Group')
{
	my @missing = $type eq 'Group' ? ('--missing', 'delete') : ();
	my $documents = "$base/$type.jsonl";
	my $lines = "$base/$type.csv";
	append_to_file($documents, $node->safe_psql('postgres', "SELECT scim.export('$type')") . "\n");
	append_to_file($lines, $node->safe_psql('postgres', "SELECT scim.export_csv('$type')") . "\n");
	for my $file ($documents, $lines)
	{
		my ($status, $said, $complained) = import($file, '--type', $type, '--mode', 'full', @missing);
		is($status, 0, "$file is taken back") or diag($said . $complained);
		like($said, qr/^ *[\d,]+ unchanged\n$/, 'and nothing has changed');
	}
}
# into another store, where ids are others
$node->safe_psql('postgres', "SELECT scim.create_store('other')");
unlink "$base/Group.jsonl";
append_to_file("$base/Group.jsonl", $node->safe_psql('postgres', q{SELECT scim.export('Group', members => 'userName')}) . "\n");
is((import("$base/User.csv", '--store', 'other', '--apply'))[0], 0, 'people in another store');
is((import("$base/Group.jsonl", '--store', 'other', '--apply', '--type', 'Group'))[0], 0, 'and groups');
is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT doc - 'id' FROM scim.export('User') doc EXCEPT SELECT doc - 'id' FROM (SELECT set_config('scim.store', 'other', false)) s, scim.export('User') doc) d}), '0', 'are the same');

# ---- memory

sub peak
{
	my ($n, $apply) = @_;
	return $node->safe_psql('postgres', <<"SQL");
SET work_mem = '4MB';
SELECT count(*) FROM scim.import('User', 'SELECT ''memory'' || i AS "userName", repeat(''x'', 500) AS title FROM generate_series(1, $n) i', apply => $apply) \\gset
SELECT (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/status'), 'VmHWM:\\s+(\\d+)'))[1];
SQL
}
my ($few, $many) = (peak(2000, 'false'), peak(100000, 'false'));
cmp_ok($many - $few, '<', 40000, "the difference of 100,000 rows takes little more memory than that of 2,000: $few kB, $many kB");
($few, $many) = (peak(2000, 'true'), peak(12000, 'true'));
cmp_ok($many - $few, '<', 40000, "nor do more rows that are written: $few kB, $many kB");

$node->stop;
done_testing();
