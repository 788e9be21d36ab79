/*
 * spent.c
 *		What one request has had done that takes long for few bytes: passwords hashed,
 *		values sealed, members written, values looked at.  A bulk request is one.
 *
 * Only requests are counted: who writes SQL knows what he does.  What an operation has
 * spent stays so, whether it fails or not.
 */
#include "postgres.h"

#include "error.h"
#include "setting/setting.h"

/* SCRAM hashes a password anew in each of its iterations, in blocks of this size. */
#define PASSWORD_BLOCK 64

static ScimSpent spent;

/* ScimSpendingBegin begins to count, and says whether it does: not within another one. */
bool
ScimSpendingBegin(void)
{
	if (spent.counting)
		return false;
	spent = (ScimSpent){.counting = true};
	return true;
}

/* ScimSpendingEnd ends what ScimSpendingBegin has begun; began: what that has said. */
void
ScimSpendingEnd(bool began)
{
	if (began)
		spent.counting = false;
}

/* ScimSpentNow: what has been spent so far, for ScimSpentRestore. */
ScimSpent
ScimSpentNow(void)
{
	return spent;
}

/* ScimSpentRestore: what was spent since then was only tried, and does not count. */
void
ScimSpentRestore(const ScimSpent *before)
{
	spent = *before;
}

/* ScimSpendPassword counts a password that is to be hashed. */
void
ScimSpendPassword(size_t len)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_BODY_PASSWORDS, NULL);

	spent.passwords += 1 + len / PASSWORD_BLOCK;
	if (spent.counting && spent.passwords > max)
		ereport(
			ERROR,
			(ScimErr(SCIM_TOO_LARGE),
			 errmsg(
				 "a request may set %d passwords, each %d bytes of a longer one counted",
				 max, PASSWORD_BLOCK),
			 errhint("The setting max_body_passwords is the limit.")));
}

/* ScimSpendSealed counts values that are to be sealed, or come so and are looked at. */
void
ScimSpendSealed(int64 values)
{
	int max;

	if (values == 0)
		return;
	max = ScimSettingInForce(SCIM_SETTING_MAX_BODY_SEALED, NULL);
	spent.sealed += values;
	if (spent.counting && spent.sealed > max)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("a request may set %d values that are kept sealed", max),
						errhint("The setting max_body_sealed is the limit.")));
}

/* ScimSpendMembers counts members that are named to be added or removed. */
void
ScimSpendMembers(int64 named)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_BODY_MEMBERS, NULL);

	spent.members += named;
	if (spent.counting && spent.members > max)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("a request may name %d members of groups", max),
						errhint("The setting max_body_members is the limit.")));
}

/* ScimSpendVisits counts values that a change looks at, or makes anew. */
void
ScimSpendVisits(int64 more)
{
	spent.visits += more;
}

/*
 * ScimCheckVisits raises an error where the changes before have looked at too much.  A
 * change by itself is bounded by limits of its own.
 */
void
ScimCheckVisits(void)
{
	int max = ScimSettingInForce(SCIM_SETTING_MAX_BODY_VISITS, NULL);

	if (spent.counting && spent.visits > max)
		ereport(ERROR,
				(ScimErr(SCIM_TOO_LARGE),
				 errmsg("the operations of a request may look at %d values in all", max),
				 errhint("The setting max_body_visits is the limit.")));
}
