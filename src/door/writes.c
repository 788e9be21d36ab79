/*
 * writes.c
 *		How many writes of resources and members there were in this session.
 *
 * None passes by the triggers that count them, whoever wrote: a statement, a trigger, a
 * rule or a foreign key.
 */
#include "postgres.h"

#include "door/door.h"

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
