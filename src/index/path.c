/*
 * path.c
 *		The path of an attribute in a key: a byte for each of RFC 7643, for any other a
 * hash.
 *
 * Two paths with the same hash have the same keys, which finding a key of a hashed path
 * therefore never proves anything.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "index/index.h"
#include "text/fold.h"

#define N "\1" /* between names */
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"

/* Their numbers are in indexes: this list never changes, but for another operator class.
 */
static const char *const known[] = {
	"schemas",
	"externalid",
	"username",
	"name",
	"name" N "formatted",
	"name" N "familyname",
	"name" N "givenname",
	"name" N "middlename",
	"name" N "honorificprefix",
	"name" N "honorificsuffix",
	"displayname",
	"nickname",
	"profileurl",
	"title",
	"usertype",
	"preferredlanguage",
	"locale",
	"timezone",
	"active",
	"emails",
	"emails" N "value",
	"emails" N "display",
	"emails" N "type",
	"emails" N "primary",
	"phonenumbers",
	"phonenumbers" N "value",
	"phonenumbers" N "display",
	"phonenumbers" N "type",
	"phonenumbers" N "primary",
	"ims",
	"ims" N "value",
	"ims" N "display",
	"ims" N "type",
	"ims" N "primary",
	"photos",
	"photos" N "value",
	"photos" N "display",
	"photos" N "type",
	"photos" N "primary",
	"addresses",
	"addresses" N "formatted",
	"addresses" N "streetaddress",
	"addresses" N "locality",
	"addresses" N "region",
	"addresses" N "postalcode",
	"addresses" N "country",
	"addresses" N "type",
	"addresses" N "primary",
	"entitlements",
	"entitlements" N "value",
	"entitlements" N "display",
	"entitlements" N "type",
	"entitlements" N "primary",
	"roles",
	"roles" N "value",
	"roles" N "display",
	"roles" N "type",
	"roles" N "primary",
	"x509certificates",
	"x509certificates" N "value",
	"x509certificates" N "display",
	"x509certificates" N "type",
	"x509certificates" N "primary",
	"id",
	"meta",
	"meta" N "resourcetype",
	"meta" N "created",
	"meta" N "lastmodified",
	"meta" N "location",
	"meta" N "version",
	"groups",
	"groups" N "value",
	"groups" N "$ref",
	"groups" N "display",
	"groups" N "type",
	"members",
	"members" N "value",
	"members" N "$ref",
	"members" N "display",
	"members" N "type",
	ENTERPRISE,
	ENTERPRISE N "employeenumber",
	ENTERPRISE N "costcenter",
	ENTERPRISE N "organization",
	ENTERPRISE N "division",
	ENTERPRISE N "department",
	ENTERPRISE N "manager",
	ENTERPRISE N "manager" N "value",
	ENTERPRISE N "manager" N "$ref",
	ENTERPRISE N "manager" N "displayname",
};

#define SLOTS 256

static struct
{
	bool made;
	uint8 slots[SLOTS]; /* number in "known" + 1; 0: free */
	uint8 lengths[lengthof(known)];
} table;

static void
make_table(void)
{
	StaticAssertStmt(lengthof(known) <= 128,
					 "the slots must be sparse, and a path a byte");
	for (int i = 0; i < (int) lengthof(known); i++)
	{
		int len = strlen(known[i]);
		uint32 slot = hash_bytes((const unsigned char *) known[i], len) % SLOTS;

		while (table.slots[slot] != 0)
			slot = (slot + 1) % SLOTS;
		table.slots[slot] = i + 1;
		table.lengths[i] = len;
	}
	table.made = true;
}

/*
 * ScimIndexPathBytes writes what a path, folded names with separators between, begins a
 * key with, and returns its length.
 */
int
ScimIndexPathBytes(const char *path, int path_len, char bytes[5])
{
	uint32 hash = hash_bytes((const unsigned char *) path, path_len);

	if (!table.made)
		make_table();
	for (uint32 slot = hash % SLOTS; table.slots[slot] != 0; slot = (slot + 1) % SLOTS)
	{
		int i = table.slots[slot] - 1;

		if (table.lengths[i] == path_len && memcmp(known[i], path, path_len) == 0)
		{
			bytes[0] = (char) (SCIM_PATH_KNOWN + i);
			return 1;
		}
	}
	bytes[0] = SCIM_PATH_HASHED;
	memcpy(bytes + 1, &hash, sizeof(hash));
	return 1 + sizeof(hash);
}

static bool
is_path(const char *path, int path_len, const char *wanted)
{
	return path_len == (int) strlen(wanted) && memcmp(path, wanted, path_len) == 0;
}

/*
 * ScimIndexPathShared tells whether an attribute shares the keys of its strings with
 * another one: it returns the bit of this one, or 0, and sets how these keys begin.
 */
int
ScimIndexPathShared(const char *path, int path_len, ScimIndexPath *with)
{
	*with = SCIM_PATH_ADDRESS;
	if (is_path(path, path_len, "username"))
		return 1;
	if (is_path(path, path_len, "emails" N "value"))
		return 2;
	*with = SCIM_PATH_NAME;
	if (is_path(path, path_len, "displayname"))
		return 1;
	if (is_path(path, path_len, "name" N "formatted"))
		return 2;
	return 0;
}

/*
 * ScimIndexIsUserName: is it the path of userName, or of its "value", whose strings are
 * folded as user names?
 */
bool
ScimIndexIsUserName(const char *path, int path_len)
{
	return is_path(path, path_len, "username") ||
		   is_path(path, path_len, "username" N "value");
}
