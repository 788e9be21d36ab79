-- What makes a store of version 0.8.0 one of version 0.9.0.

-- The index on documents is of another operator class: the former one answers until there is one.
SELECT scim_internal.set_document_indexes_aside(tableoid) FROM @.store;

-- Statistics of user names are of how they are folded now.
SELECT scim_internal.drop_name_statistics(tableoid) FROM @.store;

-- The unique index on user names follows when the triggers are those of this version: see scim_internal.fold_user_names_anew.

-- Links are written by the store only, which knows of whom they are.
DROP TRIGGER IF EXISTS scim_check ON @.binding_link;

-- Links have keys in the canonical spelling of their columns: citext in lower case, numeric without zeros behind. Where two would be the same then,
-- one of a row that has gone lets go of it.
CREATE VIEW @.link_spelt AS WITH RECURSIVE key_column AS (
    SELECT b.id, c.n, t.oid AS type_oid, t.typtype, t.typbasetype
    FROM @.binding AS b CROSS JOIN jsonb_array_elements_text(b.mapping -> 'key') WITH ORDINALITY AS c (name, n)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = b.relation::oid AND a.attname = c.name AND NOT a.attisdropped
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    UNION ALL
    SELECT k.id, k.n, t.oid, t.typtype, t.typbasetype FROM key_column AS k JOIN pg_catalog.pg_type AS t ON t.oid = k.typbasetype WHERE k.typtype = 'd'
), spelt AS (
    SELECT k.id, k.n, k.type_oid = 'pg_catalog.numeric'::regtype AS is_number
    FROM key_column AS k
    WHERE k.type_oid = 'pg_catalog.numeric'::regtype OR EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_extension'::regclass
        JOIN pg_catalog.pg_type AS t ON t.oid = d.objid AND d.classid = 'pg_catalog.pg_type'::regclass
        WHERE d.deptype = 'e' AND e.extname = 'citext' AND t.oid = k.type_oid AND t.typname = 'citext')
), renamed AS (
    SELECT l.tenant_id, l.binding_id, l.resource_id, l.key, l.detached, (
        SELECT array_agg(CASE WHEN s.n IS NULL THEN e.part WHEN s.is_number THEN trim_scale(e.part::numeric)::text ELSE lower(e.part COLLATE "default") END ORDER BY e.n)
        FROM unnest(l.key) WITH ORDINALITY AS e (part, n) LEFT JOIN spelt AS s ON s.id = l.binding_id AND s.n = e.n) COLLATE "C" AS new_key
    FROM @.binding_link AS l WHERE l.key IS NOT NULL AND EXISTS (SELECT FROM spelt AS s WHERE s.id = l.binding_id)
)
SELECT r.*, row_number() OVER (PARTITION BY r.tenant_id, r.binding_id, r.new_key ORDER BY r.detached DESC NULLS FIRST, r.resource_id DESC) AS place FROM renamed AS r;
UPDATE @.binding_link AS l SET key = NULL, detached = coalesce(l.detached, now())
FROM @.link_spelt AS s WHERE l.tenant_id = s.tenant_id AND l.binding_id = s.binding_id AND l.resource_id = s.resource_id AND s.place > 1;
UPDATE @.binding_link AS l SET key = s.new_key
FROM @.link_spelt AS s WHERE l.tenant_id = s.tenant_id AND l.binding_id = s.binding_id AND l.resource_id = s.resource_id AND s.key <> s.new_key;
DROP VIEW @.link_spelt;

-- When the secret before the last rotation was last used.
ALTER TABLE @.token ADD COLUMN former_used_at timestamptz,
    ADD CONSTRAINT token_former_used CHECK (isfinite(former_used_at));
ALTER TABLE @.client ADD COLUMN former_used_at timestamptz,
    ADD CONSTRAINT client_former_used CHECK (isfinite(former_used_at));
