# conf/postgrest.sql means what it says whatever the superuser's search_path holds who runs
# it, and so do its functions with what PostgREST's connection has.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ['--encoding=UTF8', '--locale=C']);
$node->start;

$node->safe_psql(
	'postgres', q{
CREATE EXTENSION scim;
SELECT scim.create_store('directory');
CREATE SCHEMA lure;
GRANT USAGE ON SCHEMA lure TO PUBLIC;
CREATE FUNCTION lure.lured() RETURNS void LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'lured as %', current_user; END$$;
DO $do$
DECLARE
	o record;
	number int := 0;
BEGIN
	FOR o IN SELECT * FROM unnest('{=,=,=,=,=,=,<>,~,->>,->,>,<,>=,<=,||,||,@>,-,-,~*,!~}'::text[],
		'{text,name,oid,int4,jsonb,bool,text,text,json,json,int4,int4,int4,int4,text,jsonb,jsonb,jsonb,int4,text,text}'::regtype[],
		'{text,text,oid,int4,jsonb,bool,text,text,text,text,int4,int4,int4,int4,text,jsonb,jsonb,text,int4,text,text}'::regtype[],
		'{bool,bool,bool,bool,bool,bool,bool,bool,text,json,bool,bool,bool,bool,text,jsonb,bool,jsonb,int4,bool,bool}'::regtype[]) AS o (name, l, r, result)
	LOOP
		number := number + 1;
		EXECUTE format('CREATE FUNCTION lure.f%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS $f$BEGIN PERFORM lure.lured(); RETURN NULL; END$f$',
			number, o.l, o.r, o.result);
		EXECUTE format('CREATE OPERATOR lure.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = lure.f%s)', o.name, o.l, o.r, number);
	END LOOP;
	FOR o IN SELECT p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result
		FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provariadic = 0 AND NOT p.proretset
		  AND p.proname IN ('set_config', 'current_setting', 'lower', 'left', 'octet_length', 'to_regtype', 'to_regclass', 'quote_ident', 'sha256', 'convert_to')
	LOOP
		EXECUTE format('CREATE FUNCTION lure.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$BEGIN PERFORM lure.lured(); RETURN NULL; END$f$',
			o.name, o.arguments, o.result);
	END LOOP;
END
$do$;
CREATE TABLE lure.pg_roles (rolname text);
CREATE TABLE lure.pg_inherits (inhrelid oid, inhparent oid);
CREATE DOMAIN lure.text AS int;
CREATE DOMAIN lure.regclass AS int;
ALTER ROLE CURRENT_USER SET search_path = lure, pg_catalog;
});
my ($result, $stdout, $stderr) = $node->psql('postgres', 'SELECT 1 = 1');
like($stderr, qr/lured/, 'the path leads astray');

my @conf = ('-f', 'conf/postgrest.sql', '-v', 'store=directory', '-v', 'base_url=https://example.com/scim/v2');
for my $time ('once', 'again')
{
	$node->command_ok(
		[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), @conf ],
		"conf/postgrest.sql runs $time");
}
my $token = $node->safe_psql('postgres',
	q{SET scim.store = 'directory'; SELECT secret FROM scim.create_token('Okta')});

# what PostgREST does with a request
sub request
{
	my ($function, $method, $target, $authorization, $body) = @_;
	my $headers = sprintf('{"x-scim-method": "%s", "x-scim-target": "%s", "x-scim-authorization": "%s", "x-scim-content-type": "application/scim+json"}',
		$method, $target, $authorization);

	return $node->safe_psql(
		'postgres', qq{
BEGIN;
SET LOCAL scim.store = 'directory';
SET LOCAL role = 'scim_anon';
SET LOCAL request.headers = '$headers';
SET LOCAL search_path = lure, pg_catalog;
SELECT api.$function('$body') IS NULL;
SELECT pg_catalog.current_setting('response.status'), current_user;
COMMIT;
});
}

is(request('scim_write', 'POST', '/scim/v2/Users', "Bearer $token", '{"userName": "bjensen"}'),
	"f\n201|scim_client", 'a write');
is(request('scim_read', 'GET', '/scim/v2/Users?filter=userName%20eq%20%22bjensen%22', "Bearer $token", ''),
	"f\n200|scim_client", 'a read');
is(request('scim_read', 'GET', '/scim/v2/Users', 'Bearer wrong', ''), "f\n401|scim_anon", 'a wrong token');
is(request('scim_read', 'GET', '/scim/v2/Schemas', '', ''), "f\n200|scim_anon", 'discovery');
is(request('scim_read', 'GET', '/scim/v2/Users', '', ''), "f\n401|scim_anon", 'nobody');

$node->stop;
done_testing();
