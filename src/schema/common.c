/*
 * common.c
 *		The attributes that every resource has (RFC 7643 section 3.1).
 *
 * They belong to no schema document, so they are written down here.
 */
#include "postgres.h"

#include "schema/schema.h"

#define NAME(text) .name = (text), .name_len = sizeof(text) - 1
#define META &common_attributes[3]

static const ScimAttribute common_attributes[4];

static const ScimAttribute meta_attributes[] = {
	{NAME("resourceType"), .description = "The name of the resource type.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	{NAME("created"), .description = "When the resource was created.",
	 .type = SCIM_TYPE_DATETIME, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	{NAME("lastModified"), .description = "When the resource was last changed.",
	 .type = SCIM_TYPE_DATETIME, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	{NAME("location"), .description = "The URI of the resource.",
	 .type = SCIM_TYPE_REFERENCE, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	/* the last: ScimIsVersion */
	{NAME("version"),
	 .description = "The version of the resource, as in the header ETag.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
};

static const ScimAttribute common_attributes[4] = {
	{NAME("schemas"),
	 .description = "The URNs of the schemas of the attributes that are there.",
	 .type = SCIM_TYPE_REFERENCE, .multi_valued = true, .required = true,
	 .case_exact = true, .mutability = SCIM_READ_WRITE, .returned = SCIM_RETURNED_ALWAYS},
	{NAME("id"), .description = "The id that the service gave to the resource.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_ALWAYS, .uniqueness = SCIM_UNIQUENESS_SERVER},
	{NAME("externalId"), .description = "The id that the client gave to the resource.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_WRITE,
	 .returned = SCIM_RETURNED_DEFAULT},
	{NAME("meta"), .description = "What the service says about the resource.",
	 .type = SCIM_TYPE_COMPLEX, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .nsubs = lengthof(meta_attributes),
	 .subs = (ScimAttribute *) meta_attributes},
};

/*
 * ScimCommonSchema returns schemas, id, externalId and meta as if they were a
 * schema; it has no URN.
 */
const ScimSchema *
ScimCommonSchema(void)
{
	static const ScimSchema common = {
		.id = "",
		.name = "common",
		.nattributes = lengthof(common_attributes),
		.attributes = (ScimAttribute *) common_attributes,
	};

	return &common;
}

/* ScimIsVersion: is this attribute meta.version? */
bool
ScimIsVersion(const ScimAttribute *attribute)
{
	return attribute == &meta_attributes[lengthof(meta_attributes) - 1];
}
