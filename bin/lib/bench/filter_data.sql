-- What fills the store that "bin/bench filter" measures.

CREATE SCHEMA bench;

-- Everything that an attribute can be: unique, common, rare, absent, many-valued.
CREATE FUNCTION bench.document(i int) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User',
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'),
        'userName', 'user' || n || '@example.com',
        'externalId', 'hr-' || n,
        'displayName', given || ' ' || family,
        'name', jsonb_build_object('givenName', given, 'familyName', family),
        'nickName', CASE WHEN i % 1000 = 0 THEN 'Nick' || n END,
        'title', CASE WHEN i % 4 = 0 THEN 'Title ' || i % 50 END,
        'userType', CASE WHEN i % 100 = 1 THEN 'Contractor' ELSE 'Employee' END,
        'active', i % 100 <> 0,
        'emails', jsonb_build_array(jsonb_build_object(
            'value', 'user' || n || '@example.com', 'type', 'work', 'primary', true)) ||
            CASE WHEN i % 2 = 0 THEN jsonb_build_array(jsonb_build_object(
                'value', 'home' || n || '@mail.example.net', 'type', 'home'))
            ELSE '[]' END,
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object(
            'employeeNumber', 'E' || n,
            'costCenter', CASE WHEN i % 10 = 0 THEN 'CC' || i % 70 END,
            'department', 'Department ' || lpad((i % 1000)::text, 3, '0'))))
    FROM (SELECT lpad(i::text, 7, '0') AS n, 'Given' || lpad((i % 997)::text, 4, '0') AS given,
                 'Family' || lpad((i % 5000)::text, 4, '0') AS family) AS part
$$;

-- One statement for each row, as clients write, without their round trips.
CREATE PROCEDURE bench.insert_singly(target text, first int, last int)
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN first .. last LOOP
        EXECUTE format('INSERT INTO %s (data) VALUES ($1)', target) USING bench.document(i);
    END LOOP;
END
$$;
