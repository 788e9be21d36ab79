-- The roles that the databases here refer to.
SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['app', 'auditor', 'analyst', 'store owner', 'authenticator', 'scim_anon', 'scim_client']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
