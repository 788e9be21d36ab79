/*
 * text_program.h
 *		A condition on texts as a program, which texts.c writes and text_program.c runs.
 *
 * It travels as a parameter, a bytea that only we read: this head; nanswers roots;
 * the nodes, in preorder; the literals; their bytes.
 */
#ifndef SCIM_TEXT_PROGRAM_H
#define SCIM_TEXT_PROGRAM_H

#include "postgres.h"

typedef enum TextNodeKind
{
	TEXT_NODE_FALSE,
	TEXT_NODE_AND,
	TEXT_NODE_OR,
	TEXT_NODE_NOT,
	TEXT_NODE_COMPARE, /* as op says, with a literal */
	TEXT_NODE_EQUAL,   /* with one of some literals, in the order of ScimTextOrder */
	TEXT_NODE_PRESENT
} TextNodeKind;

typedef struct TextNode
{
	uint8 kind;
	uint8 op;     /* COMPARE: ScimOp, not eq or pr */
	uint16 text;  /* COMPARE, EQUAL, PRESENT: of which text */
	uint32 size;  /* nodes, itself and those below it */
	uint32 first; /* COMPARE, EQUAL: the literal, or the first of those */
	uint32 nliterals;
} TextNode;

typedef struct TextLiteral
{
	uint32 offset;
	uint32 len;
} TextLiteral;

typedef struct TextProgram
{
	int32 vl_len_;
	uint32 nanswers;
	uint32 ntexts;
	uint32 nnodes;
	uint32 nliterals;
	uint32 nbytes;
} TextProgram;

/* By length, then by bytes. */
static inline int
ScimTextOrder(const char *a, size_t alen, const char *b, size_t blen)
{
	if (alen != blen)
		return alen < blen ? -1 : 1;
	return memcmp(a, b, alen);
}

#endif /* SCIM_TEXT_PROGRAM_H */
