-- What makes a store of version 0.11.0 one of version 0.12.0.

-- What writes the audit is the first of the AFTER triggers of each table, and is called otherwise; of members it is one of rows.
DROP TRIGGER IF EXISTS scim_record_insert ON @.member;
DROP TRIGGER IF EXISTS scim_record_delete ON @.member;
DROP TRIGGER IF EXISTS scim_record ON @.credential;
DROP TRIGGER IF EXISTS scim_audit ON @.tenant;
DROP TRIGGER IF EXISTS scim_audit ON @.schema;
DROP TRIGGER IF EXISTS scim_audit ON @.resource_type;
DROP TRIGGER IF EXISTS scim_audit ON @.policy;
DROP TRIGGER IF EXISTS scim_audit ON @.setting;
DROP TRIGGER IF EXISTS scim_audit ON @.endpoint;
DROP TRIGGER IF EXISTS scim_audit ON @.authentication_scheme;
DROP TRIGGER IF EXISTS scim_audit ON @.token;
DROP TRIGGER IF EXISTS scim_audit ON @.client;
DROP TRIGGER IF EXISTS scim_audit ON @.secret;
DROP TRIGGER IF EXISTS scim_audit ON @.tenant_role;
DROP TRIGGER IF EXISTS scim_audit ON @.binding;
DROP TRIGGER IF EXISTS scim_audit ON @.consumer;
DROP TRIGGER IF EXISTS scim_audit ON @.consumer_secret;
DROP TRIGGER IF EXISTS scim_audit ON @.signing_key;
DROP TRIGGER IF EXISTS scim_audit ON @.guard;
