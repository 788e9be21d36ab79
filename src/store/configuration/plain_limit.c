/*
 * plain_limit.c
 *		What the CHECK constraints of a store's tables ask of configuration, in words.
 *
 * Whoever states it knows columns, and arguments of functions that have their names; what
 * a constraint of ours is called tells nobody what to mend.  Those that only a row says
 * that somebody makes up, such as a hash of other than 32 bytes, are not among them.
 */
#include "postgres.h"

#include "store/configuration/configuration.h"

static const struct
{
	const char *constraint;
	const char *wanted;
} limits[] = {
	{"tenant_id", "column \"tenant_id\" must be greater than 0"},
	{"tenant_base_url",
	 "column \"base_url\" must be http:// or https://, a host and a path, without query, "
	 "fragment, white space and \"/\" at the end, in 1024 bytes at most"},
	{"policy_resource_type", "column \"resource_type\" must have at most 100 bytes"},
	{"policy_settings", "column \"settings\" must be a JSON object"},
	{"token_description", "column \"description\" must have at most 1024 bytes"},
	{"token_scopes", "column \"scopes\" must be null or hold scopes"},
	{"authentication_scheme_scheme", "column \"scheme\" must have 1 to 256 bytes"},
	{"authentication_scheme_keyword_length",
	 "column \"keyword\" must have at most 256 bytes"},
	{"authentication_scheme_keyword",
	 "column \"keyword\" must be of letters, digits and !#$%&'*+.^_`|~-, and may be "
	 "empty where the credential is a token"},
	{"authentication_scheme_credential",
	 "column \"credential\" must be token, password, jwt or access_token"},
	{"authentication_scheme_jwt",
	 "the credentials jwt and access_token need the keyword \"Bearer\", and no "
	 "second_header"},
	{"authentication_scheme_second_header",
	 "column \"second_header\" must be the name of a header in lower case, other than "
	 "authorization and those that begin with x-scim-"},
	{"authentication_scheme_type",
	 "column \"type\" must be oauth, oauth2, oauthbearertoken, httpbasic or httpdigest"},
	{"authentication_scheme_description",
	 "columns \"name\" and \"description\" must both be null, or neither"},
	{"authentication_scheme_primary", "column \"is_primary\" must be true or null"},
	{"endpoint_name", "column \"name\" must have at most 1200 bytes"},
	{"endpoint_path", "column \"path\" must have at most 1024 bytes"},
	{"client_name", "column \"name\" must have 1 to 256 bytes, and no \":\""},
	{"client_scopes", "column \"scopes\" must be null or hold scopes"},
	{"client_jwks", "column \"jwks\" must be a JSON object"},
	{"client_jwks_uri",
	 "column \"jwks_uri\" must be https:// and printable ASCII without spaces, in 2048 "
	 "bytes at most"},
	{"consumer_method", "column \"method\" must be function, poll, push or webhook"},
	{"consumer_token_id",
	 "column \"token_id\" must be there for the method poll, and null for others"},
	{"consumer_endpoint",
	 "column \"endpoint\" must be there for the methods push and webhook, and null for "
	 "others"},
	{"consumer_endpoint_url",
	 "column \"endpoint\" must be an https URL, or an http URL of this very machine, in "
	 "2048 bytes at most"},
	{"consumer_lease", "column \"lease\" must be between 1 millisecond and 7 days"},
	{"consumer_name", "column \"name\" must have 1 to 256 bytes"},
	{"consumer_channel", "column \"channel\" must have 1 to 63 bytes"},
	{"consumer_max_attempts", "column \"max_attempts\" must be between 1 and 1000"},
	{"consumer_secret_authorization",
	 "column \"authorization\" must be one line of printable ASCII characters, 4096 at "
	 "most"},
	{"consumer_secret_key", "column \"key\" must have 24 to 64 bytes"},
	{"signing_key_algorithm", "column \"algorithm\" must be ES256 or RS256"},
};

/* ScimPlainLimit is what a constraint of ours wants, for people; NULL: not said here. */
const char *
ScimPlainLimit(const char *constraint)
{
	for (size_t i = 0; i < lengthof(limits); i++)
	{
		if (strcmp(limits[i].constraint, constraint) == 0)
			return limits[i].wanted;
	}
	return NULL;
}
