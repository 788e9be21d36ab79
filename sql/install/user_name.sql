-- Whose names a later version takes for one.

CREATE FUNCTION scim.equal_user_names(name text, OUT tenant_id int, OUT resource_type text, OUT folded text, OUT ids uuid[], OUT user_names text[])
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET row_security = off
AS $function$
BEGIN
    IF NOT scim_internal.is_store(equal_user_names.name::name) THEN
        RAISE EXCEPTION 'store "%" does not exist', equal_user_names.name USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = equal_user_names.name), 'USAGE') THEN
        RAISE EXCEPTION 'must be owner of store "%"', equal_user_names.name USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY EXECUTE format($query$
        SELECT r.tenant_id, r.resource_type::text, scim.fold_user_name(r.user_name)::text COLLATE "C", array_agg(r.id ORDER BY r.id), array_agg(r.user_name::text ORDER BY r.id)
        FROM %1$I.resource r
        WHERE r.deleted_at IS NULL AND r.user_name IS NOT NULL
          AND (r.resource_type = 'User' OR EXISTS (SELECT FROM %1$I.unique_value u
              WHERE u.resource_type = r.resource_type AND u.resource_id = r.id AND u.attribute ~ '^(policy .* )?userName$'))
        GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 1, 2, 3$query$, equal_user_names.name);
END
$function$;
COMMENT ON FUNCTION scim.equal_user_names(text) IS
'The user names of a store of which there may be one only, that differ as they are compared today (scim.fold) and are the same by scim.fold_user_name, as a later version compares them (RFC 7644 section 5): by tenant and resource type what they are folded to, the ids of those who have them, and how each is written. Without those who are deleted. Changes nothing. Errors: 3F000 where there is no such store; 42501 for anyone but its owner, and for him where row-level security hides rows from him, too.';
