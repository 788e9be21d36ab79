-- What makes a store of version 0.6.0 one of version 0.7.0.

-- No end is one that never comes, and nothing was done at a time that is none. The triggers want a store that is whole, or would
-- refuse or tell of what is mended: they are made anew with the others.
DROP TRIGGER IF EXISTS scim_door ON @.token;
DROP TRIGGER IF EXISTS scim_gone ON @.token;
UPDATE @.token SET expires_at = CASE WHEN isfinite(expires_at) THEN expires_at WHEN expires_at < now() THEN created END,
    revoked_at = CASE WHEN isfinite(revoked_at) THEN revoked_at WHEN revoked_at IS NOT NULL THEN now() END,
    last_used_at = CASE WHEN isfinite(last_used_at) THEN last_used_at END
WHERE NOT (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
ALTER TABLE @.token ADD CONSTRAINT token_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
DROP TRIGGER IF EXISTS scim_door ON @.client;
DROP TRIGGER IF EXISTS scim_gone ON @.client;
UPDATE @.client SET expires_at = CASE WHEN isfinite(expires_at) THEN expires_at WHEN expires_at < now() THEN created END,
    revoked_at = CASE WHEN isfinite(revoked_at) THEN revoked_at WHEN revoked_at IS NOT NULL THEN now() END,
    last_used_at = CASE WHEN isfinite(last_used_at) THEN last_used_at END
WHERE NOT (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
ALTER TABLE @.client ADD CONSTRAINT client_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at));
DROP TRIGGER IF EXISTS scim_check ON @.credential;
UPDATE @.credential SET changed = now() WHERE NOT isfinite(changed);
ALTER TABLE @.credential ADD CONSTRAINT credential_changed CHECK (isfinite(changed));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();

-- Instants and numbers of the others that are none.
DROP TRIGGER IF EXISTS scim_door ON @.member;
UPDATE @.member SET created = now() WHERE NOT isfinite(created);
UPDATE @.event_position SET last = 0 WHERE last < 0;
ALTER TABLE @.event_position ADD CONSTRAINT event_position_last CHECK (last >= 0);
DROP TRIGGER IF EXISTS scim_door ON @.consumer;
DROP TRIGGER IF EXISTS scim_registry ON @.consumer;
DROP TRIGGER IF EXISTS scim_audit ON @.consumer;
UPDATE @.consumer SET created = now() WHERE NOT isfinite(created);
ALTER TABLE @.consumer ADD CONSTRAINT consumer_created CHECK (isfinite(created));
UPDATE @.origin SET linked_at = CASE WHEN isfinite(linked_at) THEN linked_at WHEN linked_at IS NOT NULL THEN now() END,
    released_at = CASE WHEN isfinite(released_at) THEN released_at WHEN released_at IS NOT NULL THEN now() END
WHERE NOT (isfinite(linked_at) AND isfinite(released_at));
ALTER TABLE @.origin ADD CONSTRAINT origin_finite CHECK (isfinite(linked_at) AND isfinite(released_at));
UPDATE @.binding_link SET detached = now() WHERE NOT isfinite(detached);
ALTER TABLE @.binding_link ADD CONSTRAINT binding_link_detached CHECK (isfinite(detached));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.origin
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_origin();
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.binding_link
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_origin();
