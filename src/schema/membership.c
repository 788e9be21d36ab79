/*
 * membership.c
 *		The resource type GroupMembership: draft-zollner-scim-group-members.
 *
 * Its resources are the rows of a store's table "member", so that it has no table,
 * policies, indexes or audit of its own: all of that is the group's.  That is why it is
 * no row of the table "resource_type" either.  It is there where the setting
 * group_memberships is on and no registered type or schema has its name, endpoint or URN.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/json.h"

#define VALUE(described)                                                       \
	"{\"name\":\"value\",\"type\":\"string\",\"multiValued\":false,"           \
	"\"description\":\"" described "\",\"required\":true,\"caseExact\":false," \
	"\"mutability\":\"immutable\",\"returned\":\"default\",\"uniqueness\":\"none\"}"
#define REF(types)                                                                   \
	"{\"name\":\"$ref\",\"type\":\"reference\",\"multiValued\":false,"               \
	"\"description\":\"The URI of the resource.\",\"required\":false,"               \
	"\"referenceTypes\":[" types "],\"caseExact\":true,\"mutability\":\"readOnly\"," \
	"\"returned\":\"default\",\"uniqueness\":\"none\"}"
#define TYPE                                                                           \
	"{\"name\":\"type\",\"type\":\"string\",\"multiValued\":false,"                    \
	"\"description\":\"The type of the resource, e.g., 'User' or 'Group'.\","          \
	"\"required\":false,\"canonicalValues\":[\"User\",\"Group\"],\"caseExact\":false," \
	"\"mutability\":\"readOnly\",\"returned\":\"default\",\"uniqueness\":\"none\"}"
#define DISPLAY                                                                    \
	"{\"name\":\"display\",\"type\":\"string\",\"multiValued\":false,"             \
	"\"description\":\"A name of the resource, primarily for display purposes.\"," \
	"\"required\":false,\"caseExact\":false,\"mutability\":\"readOnly\","          \
	"\"returned\":\"default\",\"uniqueness\":\"none\"}"
#define COMPLEX(name, described, subs)                                               \
	"{\"name\":\"" name "\",\"type\":\"complex\",\"multiValued\":false,"             \
	"\"description\":\"" described "\",\"required\":true,"                           \
	"\"mutability\":\"immutable\",\"returned\":\"default\",\"subAttributes\":[" subs \
	"]}"

static const char schema_text[] =
	"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Schema\"],"
	"\"id\":\"" SCIM_URN_MEMBERSHIP "\",\"name\":\"GroupMembership\","
	"\"description\":\"That a resource is a direct member of a group\","
	"\"attributes\":[" COMPLEX(
		"group", "The group.",
		VALUE("The id of the group.") "," REF(
			"\"Group\"") "," DISPLAY) "," COMPLEX("member", "The member.",
												  VALUE("The id of the member.") "," REF(
													  "\"User\",\"Group\"") "," TYPE
																			"," DISPLAY) "]}";

static const char type_text[] =
	"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:ResourceType\"],"
	"\"id\":\"" SCIM_MEMBERSHIP "\",\"name\":\"" SCIM_MEMBERSHIP "\","
	"\"endpoint\":\"" SCIM_MEMBERSHIP_ENDPOINT "\","
	"\"description\":\"Direct memberships of groups\","
	"\"schema\":\"" SCIM_URN_MEMBERSHIP "\"}";

/* ScimMembershipSchema is the document of its schema, as discovery shows it. */
Jsonb *
ScimMembershipSchema(void)
{
	return ScimJsonTextToJsonb(schema_text, strlen(schema_text));
}

/* ScimMembershipType is that of the resource type. */
Jsonb *
ScimMembershipType(void)
{
	return ScimJsonTextToJsonb(type_text, strlen(type_text));
}
