/*
 * proof.c
 *		Who acts, where that is proved and not said: see proof.h.
 *
 * What is proved must end where the transaction ends, go where a subtransaction
 * is rolled back, and be known in parallel workers, since row-level security
 * asks for the tenant there.  A setting of the server does all that, as "role"
 * does it for the user.  So there is one, scim.proved_tenant, which nobody can
 * make but ScimProve: its check hook refuses every other source.  The rest of
 * the proof hangs on its value.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "utils/guc.h"

#include "compat.h"
#include "store/statement/proof.h"

#define SETTING "scim.proved_tenant"
#define MAX_VALUE 32
#define NOBODY "-1"

static char *proved_tenant = NULL;
static const ScimProof *proved = NULL;
/* What ScimProve is about to set. */
static const ScimProof *proving = NULL;

/* What the setting says of a proof: the tenant, and behind an @ the store. */
static void
write_value(const ScimProof *proof, char *value)
{
	snprintf(value, MAX_VALUE, "%d@%u", proof->tenant_id, proof->namespace_oid);
}

/* The bytes of a list of texts. */
static Size
scopes_size(const char *scopes)
{
	const char *end = scopes;

	if (scopes == NULL)
		return 0;
	while (*end != '\0')
		end += strlen(end) + 1;
	return end - scopes + 1;
}

/* The bytes of all that a proof points to. */
static Size
texts_size(const ScimProof *proof)
{
	return strlen(proof->actor) + 1 + strlen(proof->me) + 1 +
		   (proof->subject != NULL ? strlen(proof->subject) + 1 : 0) +
		   scopes_size(proof->scopes) + scopes_size(proof->more_scopes);
}

/* Appends the bytes of a text to those that follow a proof; NULL stays so. */
static const char *
take_along(char **end, const char *text, Size size)
{
	char *taken = *end;

	if (text == NULL)
		return NULL;
	memcpy(taken, text, size);
	*end += size;
	return taken;
}

/* A proof in one piece, in as much memory as it takes. */
static ScimProof *
fill_copy(ScimProof *copy, const ScimProof *proof)
{
	char *end = (char *) (copy + 1);

	*copy = *proof;
	copy->actor = take_along(&end, proof->actor, strlen(proof->actor) + 1);
	copy->me = take_along(&end, proof->me, strlen(proof->me) + 1);
	copy->subject = take_along(&end, proof->subject,
							   proof->subject != NULL ? strlen(proof->subject) + 1 : 0);
	copy->scopes = take_along(&end, proof->scopes, scopes_size(proof->scopes));
	copy->more_scopes =
		take_along(&end, proof->more_scopes, scopes_size(proof->more_scopes));
	return copy;
}

/* As the server keeps what hangs on a setting. */
static ScimProof *
copy_proof(const ScimProof *proof)
{
	ScimProof *copy = guc_malloc(LOG, sizeof(ScimProof) + texts_size(proof));

	return copy != NULL ? fill_copy(copy, proof) : NULL;
}

/* ScimProofCopy copies a proof; NULL is NULL. */
ScimProof *
ScimProofCopy(const ScimProof *proof)
{
	if (proof == NULL)
		return NULL;
	return fill_copy(palloc(sizeof(ScimProof) + texts_size(proof)), proof);
}

static bool
check_proved_tenant(char **newval, void **extra, GucSource source)
{
	/* a worker takes over what its leader has proved: the tenant is all it needs */
	ScimProof of_leader = {.actor = "", .me = ""};
	const ScimProof *proof = proving;
	char value[MAX_VALUE] = "";

	if (strcmp(*newval, NOBODY) == 0)
		return true;
	if (proof == NULL && InitializingParallelWorker && strchr(*newval, '@') != NULL)
	{
		of_leader.tenant_id = atoi(*newval);
		of_leader.namespace_oid = (Oid) strtoul(strchr(*newval, '@') + 1, NULL, 10);
		proof = &of_leader;
	}
	if (proof != NULL)
		write_value(proof, value);
	if (proof == NULL || strcmp(value, *newval) != 0)
	{
		GUC_check_errdetail("The tenant of a request is proved by its credentials.");
		return false;
	}
	*extra = copy_proof(proof);
	return *extra != NULL;
}

static void
assign_proved_tenant(const char *newval, void *extra)
{
	proved = extra;
}

/* The tenant, and not the store. */
static const char *
show_proved_tenant(void)
{
	static char shown[MAX_VALUE];

	if (proved == NULL)
		return NOBODY;
	snprintf(shown, sizeof(shown), "%d", proved->tenant_id);
	return shown;
}

/* ScimProofInit registers the setting behind all this. */
void
ScimProofInit(void)
{
	DefineCustomStringVariable(
		SETTING, "The tenant that the credentials of a request have proved.",
		"-1: none.  It is for reading only.", &proved_tenant, NOBODY, PGC_SUSET,
		GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE,
		check_proved_tenant, assign_proved_tenant, show_proved_tenant);
}

void
ScimProve(const ScimProof *proof)
{
	char value[MAX_VALUE] = NOBODY;

	if (proof == NULL && proved == NULL)
		return;
	if (proof != NULL)
		write_value(proof, value);
	proving = proof;
	PG_TRY();
	{
		(void) set_config_option(SETTING, value, PGC_SUSET, PGC_S_SESSION,
								 GUC_ACTION_LOCAL, true, 0, false);
	}
	PG_FINALLY();
	{
		proving = NULL;
	}
	PG_END_TRY();
}

const ScimProof *
ScimProved(void)
{
	return proved;
}
