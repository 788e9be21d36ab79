-- What makes a store of version 0.5.0 one of version 0.6.0.

-- The index on documents is of another operator class: the former one answers until then.
SELECT scim_internal.set_document_indexes_aside(tableoid) FROM @.store;

-- No end is one that never comes, and nothing was done at a time that is none.
-- The triggers want a store that is whole, and are made anew with the others.
DROP TRIGGER scim_door ON @.token;
DROP TRIGGER scim_gone ON @.token;
UPDATE @.token SET expires_at = CASE WHEN isfinite(expires_at) THEN expires_at WHEN expires_at < now() THEN created END,
    revoked_at = CASE WHEN isfinite(revoked_at) THEN revoked_at WHEN revoked_at IS NOT NULL THEN now() END,
    last_used_at = CASE WHEN isfinite(last_used_at) THEN last_used_at END
WHERE NOT (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
ALTER TABLE @.token ADD CONSTRAINT token_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
DROP TRIGGER scim_door ON @.client;
DROP TRIGGER scim_gone ON @.client;
UPDATE @.client SET expires_at = CASE WHEN isfinite(expires_at) THEN expires_at WHEN expires_at < now() THEN created END,
    revoked_at = CASE WHEN isfinite(revoked_at) THEN revoked_at WHEN revoked_at IS NOT NULL THEN now() END,
    last_used_at = CASE WHEN isfinite(last_used_at) THEN last_used_at END
WHERE NOT (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
ALTER TABLE @.client ADD CONSTRAINT client_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
DROP TRIGGER scim_check ON @.credential;
UPDATE @.credential SET changed = now() WHERE NOT isfinite(changed);
ALTER TABLE @.credential ADD CONSTRAINT credential_changed CHECK (isfinite(changed));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
