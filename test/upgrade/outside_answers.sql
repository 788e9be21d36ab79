-- What the index on the table of outside.sql answers, and what a sequential scan does:
-- prints the filters of which these differ, or that it is not used for.

CREATE FUNCTION pg_temp.found(filter text, indexed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	statement CONSTANT text := format('SELECT coalesce(string_agg(id::text, '','' ORDER BY id), ''nobody'') FROM outside WHERE document OPERATOR(scim.~) %L', filter);
	result text;
	line text;
	uses boolean := false;
BEGIN
	PERFORM set_config('enable_seqscan', CASE WHEN indexed THEN 'off' ELSE 'on' END, true), set_config('enable_bitmapscan', CASE WHEN indexed THEN 'on' ELSE 'off' END, true);
	FOR line IN EXECUTE 'EXPLAIN ' || statement LOOP
		uses := uses OR line LIKE '%Bitmap Index Scan on outside_document_idx%';
	END LOOP;
	EXECUTE statement INTO result;
	RETURN CASE WHEN uses = indexed THEN result ELSE 'another plan' END;
END $$;

SELECT filter, pg_temp.found(filter, true) AS found, pg_temp.found(filter, false) AS scanned
FROM unnest(ARRAY['userName eq "USER7@example.com"', 'userName sw "user12"', 'userName co "r33"', 'userName ew "9@example.com"', 'userName gt "user45"', 'not (userName co "1")',
	'displayName pr', 'not (displayName pr)', 'displayName eq "über 3"', 'displayName ne "Über 3"', 'name.familyName co "ss"', 'name.familyName ew "e 10"', 'active eq true', 'active ne true',
	'n gt 490', 'n eq 7.5', 'at ge "2024-02-29T12:00:58Z"', 'emails[type eq "work" and value sw "user49"]', 'emails.value co "home"', 'emails.type ne "work"',
	'urn:example:Badge:badgeNumber ew "x12"', 'not (urn:example:Badge:badgeNumber pr)', 'nobody pr', 'userName pr and (active eq false or n lt 10)']) AS filter
WHERE pg_temp.found(filter, true) <> pg_temp.found(filter, false);
