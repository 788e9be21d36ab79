# The memory of a backend does not grow with the number of requests.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rounds = $ENV{SCIM_MEMORY_ROUNDS} || 1000; # of 36 requests

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\nshared_buffers = 16MB\n");
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
UPDATE directory.policy SET enabled = true WHERE kind = 'events';
INSERT INTO directory.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "G"}');
INSERT INTO directory.token (hash, description) VALUES (sha256('secret'), 'memory');
CREATE ROLE scim_client;
GRANT USAGE ON SCHEMA directory TO scim_client;
GRANT SELECT ON ALL TABLES IN SCHEMA directory TO scim_client;
GRANT EXECUTE ON FUNCTION scim.gateway(json, bytea) TO scim_client;

CREATE FUNCTION expect(expected int, method text, target text, headers jsonb DEFAULT '{}', body text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	answer CONSTANT scim.response := scim.request(method, target, headers, body);
BEGIN
	IF answer.status <> expected THEN
		RAISE '% %: % %', method, target, answer.status, answer.body;
	END IF;
END
$$;

-- One round: every method, errors included, with filters that differ in text.
CREATE PROCEDURE round(n int) LANGUAGE plpgsql AS $$
DECLARE
	answer scim.response;
	patch CONSTANT text := '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}';
	location text;
BEGIN
	answer := scim.request('POST', '/Users', '{}', format('{"userName": "user%s", "password": "p", "emails": [{"value": "u%s@example.com"}]}', n, n));
	IF answer.status <> 201 THEN
		RAISE 'POST: %', answer;
	END IF;
	location := '/Users/' || (answer.body::jsonb ->> 'id');
	FOR i IN 1..4 LOOP
		PERFORM expect(200, 'GET', location);
		PERFORM expect(200, 'GET', '/Users?filter=' || format('userName%%20eq%%20%%22user%s%%22', n));
		PERFORM expect(200, 'GET', '/Users?count=2&filter=' || format('emails%%5Bvalue%%20sw%%20%%22u%s%%22%%5D%%20or%%20title%%20pr', n + i));
		PERFORM expect(200, 'PATCH', location, '{}', format(patch, format('{"op": "replace", "path": "title", "value": "t%s"}', i)));
	END LOOP;
	PERFORM expect(200, 'PUT', location, '{}', format('{"userName": "user%s", "title": "put"}', n));
	PERFORM expect(200, 'PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}',
		format(patch, format('{"op": "add", "path": "members", "value": [{"value": "%s"}]}', split_part(location, '/', 3))));
	PERFORM expect(200, 'GET', '/Groups');
	PERFORM expect(200, 'GET', '/Schemas');
	-- errors
	PERFORM expect(409, 'POST', '/Users', '{}', format('{"userName": "USER%s", "password": "p"}', n));
	PERFORM expect(400, 'POST', '/Users', '{}', '{"userName": ');
	PERFORM expect(400, 'POST', '/Users', '{}', '{"active": 5}');
	PERFORM expect(400, 'GET', '/Users?filter=' || format('nothing%s%%20eq%%201', n));
	PERFORM expect(404, 'GET', '/Users/nobody');
	PERFORM expect(412, 'PATCH', location, '{"If-Match": "W/\"99\""}', format(patch, '{"op": "remove", "path": "title"}'));
	PERFORM expect(405, 'BREW', '/Users');
	PERFORM expect(204, 'DELETE', location);
	PERFORM expect(404, 'GET', location);
	-- the last ones, since they change the role until the end of the transaction
	FOR i IN 1..3 LOOP
		PERFORM scim.gateway(format('{"x-scim-method": "GET", "x-scim-target": "/s%s/Groups", "x-scim-store": "directory",
			"x-scim-base-url": "https://example.com/s%s", "x-scim-authorization": "Bearer secret"}', n, n)::json, '');
		IF current_setting('response.status') <> '200' OR current_user <> 'scim_client' THEN
			RAISE 'gateway: %', current_setting('response.headers');
		END IF;
		PERFORM scim.gateway(format('{"x-scim-method": "GET", "x-scim-target": "/Users", "x-scim-authorization": "Bearer wrong%s"}', n)::json, '');
	END LOOP;
END
$$;
CREATE PROCEDURE rounds(first int, last int) LANGUAGE plpgsql AS $$
BEGIN
	FOR n IN first..last LOOP
		CALL round(n);
		COMMIT;
		IF n % 100 = 0 THEN
			DELETE FROM directory.users;
			COMMIT;
		END IF;
	END LOOP;
END
$$;
SQL

# One session, which tells after each part how much memory it holds.
my $total = q{SELECT sum(total_bytes) FROM pg_backend_memory_contexts;};
my $warm = int($rounds / 4);
my $half = int($rounds / 2);
my $script = "CALL rounds(1, $warm); $total CALL rounds($warm + 1, $half); $total CALL rounds($half + 1, $rounds); $total\n";
my $top = q{SELECT name, sum(total_bytes) FROM pg_backend_memory_contexts GROUP BY 1 ORDER BY 2 DESC LIMIT 12;};
my $output = $node->safe_psql('postgres', $script . $top);
my @lines = split /\n/, $output;
my ($first, $second, $third) = splice @lines, 0, 3;

note "after $warm, $half and $rounds rounds: $first, $second, $third bytes";
note join("\n", @lines);
cmp_ok($third, '<', $second * 1.02, 'memory is flat over the second half')
  or diag join("\n", "after $warm, $half and $rounds rounds: $first, $second, $third bytes", @lines);
cmp_ok($third, '<', 64 * 1024 * 1024, 'and little');

# A change that is taken back, of few and of many documents, each in a session of its own.
$node->safe_psql('postgres', q{UPDATE directory.policy SET enabled = false WHERE kind = 'events'});

sub peak
{
	my ($n, $preview) = @_;
	return $node->safe_psql('postgres', <<"SQL");
SELECT count(*) FROM scim.revert_change((SELECT change FROM directory.audit WHERE operation = 'update' AND before ->> 'userName' = 'memory-$n-1'), $preview) WHERE action = 'update' \\gset
SELECT CASE WHEN :count = $n THEN (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/status'), 'VmHWM:\\s+(\\d+)'))[1] ELSE 'of :count' END;
SQL
}
my %peak;
for my $n (500, 2000)
{
	$node->safe_psql('postgres', qq{INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', 'memory-$n-' || i, 'title', 't', 'displayName', t, 'nickName', t, 'userType', t, 'name', jsonb_build_object('formatted', t)) FROM generate_series(1, $n) i, LATERAL (SELECT string_agg(md5(i::text || j), '') FROM generate_series(1, 31) j) AS s (t)});
	$node->safe_psql('postgres', qq{UPDATE directory.users SET data = data || '{"title": "u"}' WHERE user_name LIKE 'memory-$n-%'});
	$node->safe_psql('postgres', 'ANALYZE directory.users, directory.audit');
	$peak{$n}{$_} = peak($n, $_) for 'true', 'false';
}
cmp_ok($peak{2000}{$_} - $peak{500}{$_}, '<', 20000, "to take back 2,000 changes of 4 kB takes little more memory than 500, dry run $_: $peak{500}{$_} kB, $peak{2000}{$_} kB") for 'true', 'false';

# A report on one, and on all of them.
my @reported = map {
	$node->safe_psql('postgres', <<"SQL");
SELECT count(*) FROM scim.link_candidates('User', candidates => $_, settings => '{"match": ["userName", "emails"]}');
SELECT (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/status'), 'VmHWM:\\s+(\\d+)'))[1];
SQL
} q{'["memory-2000-1"]'}, 'NULL';
my ($one, $all) = map { (split /\n/)[1] } @reported;
cmp_ok($all - $one, '<', 40000, "scim.link_candidates of all takes little more memory than of one: $one kB, $all kB");

# Many changes of what a store is configured to be, in one transaction.
my @configured = map {
	$node->safe_psql('postgres', <<"SQL");
SELECT count(scim.create_consumer('$_ ' || n)) FROM generate_series(1, $_) n;
SELECT (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/status'), 'VmHWM:\\s+(\\d+)'))[1];
SQL
} 1, 400;
($one, my $many) = map { (split /\n/)[1] } @configured;
cmp_ok($many - $one, '<', 30000, "400 consumers take little more memory than one: $one kB, $many kB");

$node->stop;
done_testing();
