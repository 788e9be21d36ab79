/*
 * writes.c
 *		How many writes of resources and members there were in this session, and whose
 *		the one at hand is: a client's, the store's own, or a part of another one.
 *
 * None passes by the triggers that count them, whoever wrote: a statement, a trigger, a
 * rule or a foreign key.
 */
#include "postgres.h"

#include "commands/trigger.h"

#include "door/row/row.h"

static uint64 writes = 0;

/*
 * ScimDoorWrites returns the number.  Where it is what it was, so are all resources
 * and members.
 */
uint64
ScimDoorWrites(void)
{
	return writes;
}

/* ScimDoorCountWrite is called by the AFTER triggers, for each row or statement. */
void
ScimDoorCountWrite(void)
{
	writes++;
}

/* At which depth of triggers a client's statement runs; -1: none does. */
static int client_depth = -1;

/* The same of a statement by which the store follows up a write. */
static int store_depth = -1;

/*
 * ScimClientWriteBegin: the next statement is a client's.  Give what it returns to
 * ScimClientWriteEnd, after an error, too.
 */
int
ScimClientWriteBegin(void)
{
	int before = client_depth;

	client_depth = ScimTriggerDepth();
	return before;
}

void
ScimClientWriteEnd(int before)
{
	client_depth = before;
}

/* ScimIsClientWrite, in a trigger of a row: did a client's own statement write it? */
bool
ScimIsClientWrite(void)
{
	return client_depth >= 0 && ScimTriggerDepth() == client_depth + 1;
}

/*
 * ScimStoreWriteBegin: the next statement is the store's own, which follows from what
 * somebody else has done and is no change that a rule keeps writers from.  Give what it
 * returns to ScimStoreWriteEnd, after an error, too.
 */
int
ScimStoreWriteBegin(void)
{
	int before = store_depth;

	store_depth = ScimTriggerDepth();
	return before;
}

void
ScimStoreWriteEnd(int before)
{
	store_depth = before;
}

/*
 * ScimIsStoreWrite, in a trigger of a row: did such a statement write it, or one of
 * scim.upgrade_store()?
 */
bool
ScimIsStoreWrite(void)
{
	if (ScimStoreIsMended() && ScimTriggerDepth() == 1)
		return true;
	return store_depth >= 0 && ScimTriggerDepth() == store_depth + 1;
}

/* The depth of the outermost row trigger that writes a row otherwise; 0: none does. */
static int held = 0;

/*
 * ScimSettleHold begins a statement of the door's own.  Give what it returns to
 * ScimSettleRelease, after an error, too.
 */
int
ScimSettleHold(void)
{
	int before = held;

	if (held == 0)
		held = ScimTriggerDepth();
	return before;
}

void
ScimSettleRelease(int before)
{
	held = before;
}

/* ScimSettleDepth: to a statement at which depth belongs what a row trigger does now? */
int
ScimSettleDepth(void)
{
	return held > 0 ? held : ScimTriggerDepth();
}
