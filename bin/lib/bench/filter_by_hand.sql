-- What one would index by hand: an index for each filter.  The one of
-- jsonb_path_ops is there already: its size is measured.
CREATE UNIQUE INDEX ON by_hand.users (lower(data ->> 'userName') text_pattern_ops);
CREATE INDEX ON by_hand.users (reverse(lower(data ->> 'userName')) text_pattern_ops);
CREATE INDEX ON by_hand.users ((data ->> 'externalId'));
CREATE INDEX ON by_hand.users (lower(data #>> '{name,familyName}') text_pattern_ops);
CREATE INDEX ON by_hand.users (id) WHERE data ? 'title';
CREATE INDEX ON by_hand.users (id) WHERE data ? 'nickName';
CREATE INDEX ON by_hand.users (id) WHERE NOT (data ->> 'active')::boolean;
CREATE INDEX ON by_hand.users (lower(data ->> 'userType'), lower(data #>> '{name,familyName}'));
CREATE INDEX ON by_hand.users (id) WHERE lower(data ->> 'userType') <> 'employee';
CREATE INDEX ON by_hand.users (last_modified);
CREATE INDEX ON by_hand.users (lower(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,employeeNumber}') text_pattern_ops);
CREATE INDEX ON by_hand.users (reverse(lower(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,employeeNumber}')) text_pattern_ops);
CREATE INDEX ON by_hand.users USING gin (lower(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,employeeNumber}') gin_trgm_ops);
CREATE INDEX ON by_hand.users (lower(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,department}'));
CREATE INDEX ON by_hand.users (id) WHERE data #> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User}' ? 'costCenter';
CREATE INDEX ON by_hand.users USING gin (lower(jsonb_path_query_array(data, '$.emails[*].value')::text) gin_trgm_ops);
CREATE INDEX ON by_hand.users USING gin (lower((data ->> 'userName')) gin_trgm_ops);
