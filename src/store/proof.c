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
#include "store/proof.h"

#define SETTING "scim.proved_tenant"
#define NOBODY (-1)

static int proved_tenant = NOBODY;
static const ScimProof *proved = NULL;
/* What ScimProve is about to set. */
static const ScimProof *proving = NULL;

/* The proof in one piece, as the server keeps what hangs on a setting. */
static ScimProof *
copy_proof(const ScimProof *proof)
{
	Size actor_size = strlen(proof->actor) + 1;
	Size me_size = strlen(proof->me) + 1;
	Size subject_size = proof->subject != NULL ? strlen(proof->subject) + 1 : 0;
	ScimProof *copy =
		guc_malloc(LOG, sizeof(ScimProof) + actor_size + me_size + subject_size);
	char *text;

	if (copy == NULL)
		return NULL;
	*copy = *proof;
	text = (char *) (copy + 1);
	copy->actor = memcpy(text, proof->actor, actor_size);
	copy->me = memcpy(text + actor_size, proof->me, me_size);
	if (proof->subject != NULL)
		copy->subject = memcpy(text + actor_size + me_size, proof->subject, subject_size);
	return copy;
}

static bool
check_proved_tenant(int *newval, void **extra, GucSource source)
{
	/* a worker takes over what its leader has proved: the tenant is all it needs */
	ScimProof of_leader = {.tenant_id = *newval, .actor = "", .me = ""};
	const ScimProof *proof = proving;

	if (*newval == NOBODY)
		return true;
	if (proof == NULL && InitializingParallelWorker)
		proof = &of_leader;
	if (proof == NULL || proof->tenant_id != *newval)
	{
		GUC_check_errdetail("The tenant of a request is proved by its credentials.");
		return false;
	}
	*extra = copy_proof(proof);
	return *extra != NULL;
}

static void
assign_proved_tenant(int newval, void *extra)
{
	proved = extra;
}

/* ScimProofInit registers the setting behind all this. */
void
ScimProofInit(void)
{
	DefineCustomIntVariable(
		SETTING, "The tenant that the credentials of a request have proved.",
		"-1: none.  It is for reading only.", &proved_tenant, NOBODY, NOBODY, INT_MAX,
		PGC_SUSET,
		GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE,
		check_proved_tenant, assign_proved_tenant, NULL);
}

void
ScimProve(const ScimProof *proof)
{
	char value[12];

	if (proof == NULL && proved == NULL)
		return;
	snprintf(value, sizeof(value), "%d", proof != NULL ? proof->tenant_id : NOBODY);
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
