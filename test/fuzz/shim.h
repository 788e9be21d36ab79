/*
 * shim.h
 *		As much of a server as parsers need, for fuzzing them by themselves.
 */
#ifndef SCIM_FUZZ_SHIM_H
#define SCIM_FUZZ_SHIM_H

#include "postgres.h"
#include "utils/jsonb.h"

/* Frees everything that was allocated since the last call. */
extern void shim_reset(void);
/* Says what is wrong, with the input's text, and aborts. */
extern void shim_fail(const char *what, const char *detail) pg_attribute_noreturn();

/* Runs something that may raise an error; false: it did. */
extern bool shim_try(void (*run)(void *argument), void *argument);

/*
 * Makes a jsonb out of any bytes: each picks a kind of value, a key or the
 * length of a string.  The root is an object.
 */
extern JsonbContainer *shim_document(const uint8 *data, size_t size);

#endif /* SCIM_FUZZ_SHIM_H */
