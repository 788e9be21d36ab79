/*
 * statement.c
 *		The settings that our statements are parsed, planned and executed with, whatever
 *		those of the session are, and who acted when each of them began.
 */
#include "postgres.h"

#include "access/gin.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "jit/jit.h"
#include "miscadmin.h"
#include "optimizer/cost.h"
#include "parser/parser.h"
#include "pgtime.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/bytea.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/xml.h"

#include "compat.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"

/* Nobody can put objects in front of what these hold. */
#define OWN_SEARCH_PATH "pg_catalog, pg_temp"

/*
 * ScimJitOff switches jit off until the current level of settings ends, that of a
 * subtransaction for one.  The machine code of a long filter takes minutes and
 * gigabytes to make, which nothing can interrupt, and none of our statements is
 * worth it.
 */
void
ScimJitOff(void)
{
	if (jit_enabled)
		(void) set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
}

/*
 * Who acted when each of our statements under way began, the innermost last.  What is
 * proved then is kept until the level of settings ends that began with the statement.
 */
typedef struct Begun
{
	int level;
	LocalTransactionId transaction;
	SubTransactionId subtransaction;
	const ScimProof *proof;
} Begun;

static Begun *begun = NULL;
static int nbegun = 0;
static int max_begun = 0;

static void
forget_begun(int level)
{
	while (nbegun > 0 && begun[nbegun - 1].level >= level)
		nbegun--;
}

/* The innermost statement; those that an error has ended are there no more.  Or NULL. */
static const Begun *
innermost(void)
{
	while (nbegun > 0 && (begun[nbegun - 1].transaction != ScimLocalTransaction() ||
						  !SubTransactionIsActive(begun[nbegun - 1].subtransaction)))
		nbegun--;
	return nbegun > 0 ? &begun[nbegun - 1] : NULL;
}

static void
note_begun(int level)
{
	(void) innermost();
	forget_begun(level);
	if (nbegun == max_begun)
	{
		int most = Max(max_begun * 2, 16);

		begun = begun == NULL ? MemoryContextAlloc(TopMemoryContext, sizeof(Begun) * most)
							  : repalloc(begun, sizeof(Begun) * most);
		max_begun = most;
	}
	begun[nbegun++] = (Begun){.level = level,
							  .transaction = ScimLocalTransaction(),
							  .subtransaction = GetCurrentSubTransactionId(),
							  .proof = ScimProved()};
}

/* path NULL: ours */
static void
use_settings(const char *path)
{
	if (path == NULL)
		path = OWN_SEARCH_PATH;
	if (strcmp(namespace_search_path, path) != 0)
		(void) set_config_option("search_path", path, PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	/* it would go before what a statement asks for */
	if (plan_cache_mode != PLAN_CACHE_MODE_AUTO)
		(void) set_config_option("plan_cache_mode", "auto", PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	/* a kept statement means what it did when it was parsed */
	if (!standard_conforming_strings)
		(void) set_config_option("standard_conforming_strings", "on", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	/* an index would give some of the rows, at random */
	if (GinFuzzySearchLimit != 0)
		(void) set_config_option("gin_fuzzy_search_limit", "0", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	ScimJitOff();
}

/*
 * ScimStatementBeginIn makes the settings that our statements are parsed, planned and
 * executed with, whatever those of the session are: the operators and functions
 * that a statement names are those of pg_catalog, a backslash is one, there is no jit,
 * indexes tell all, and it is up to us which plans are kept.  Returns what
 * ScimStatementEnd needs; an error in between is undone by the end of the
 * (sub)transaction.
 *
 * Triggers, defaults, checks and policies of others run with them, too, as they do with
 * those of logical replication: they say where they look for what they name.  What they
 * set ends with the statement, whatever they ask for: a search_path, a tenant, and who
 * acts, which is a setting as well (proof.c).  The session is its caller's.
 */
int
ScimStatementBeginIn(const char *path)
{
	int level = NewGUCNestLevel();

	note_begun(level);
	use_settings(path);
	return level;
}

/*
 * ScimStatementsBegin makes the same settings for many statements, each of which finds
 * them then, and has no path to look up anew.  Ends as a statement does.
 */
int
ScimStatementsBegin(void)
{
	int level = NewGUCNestLevel();

	use_settings(NULL);
	return level;
}

static bool
has_time_zone(void)
{
	const char *zone = pg_get_timezone_name(session_timezone);

	return strcmp(zone, "UTC") == 0 || strcmp(zone, "Etc/UTC") == 0;
}

void
ScimStatementFix(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
}

/* The name of pg_locale.h's variable is not to be had without ICU's headers. */
static void
fix_locale(const char *name)
{
	if (strcmp(GetConfigOption(name, false, false), "C") != 0)
		ScimStatementFix(name, "C");
}

/*
 * What rows of somebody else's table are read as, as text, must be the same in every
 * session, or what one session has written would differ in the next one: settings that
 * shape the text of values are fixed, as postgres_fdw does, for all of the statement.
 */
int
ScimStatementBeginOfText(const char *path)
{
	int level = ScimStatementBeginIn(path);

	if (extra_float_digits != 1)
		ScimStatementFix("extra_float_digits", "1");
	if (DateStyle != USE_ISO_DATES || DateOrder != DATEORDER_MDY)
		ScimStatementFix("DateStyle", "ISO, MDY");
	if (IntervalStyle != INTSTYLE_POSTGRES)
		ScimStatementFix("IntervalStyle", "postgres");
	if (!has_time_zone())
		ScimStatementFix("TimeZone", "UTC");
	if (bytea_output != BYTEA_OUTPUT_HEX)
		ScimStatementFix("bytea_output", "hex");
	if (xmlbinary != XMLBINARY_BASE64)
		ScimStatementFix("xmlbinary", "base64");
	if (quote_all_identifiers)
		ScimStatementFix("quote_all_identifiers", "off");
	fix_locale("lc_monetary");
	fix_locale("lc_numeric");
	fix_locale("lc_time");
	return level;
}

int
ScimStatementBegin(void)
{
	return ScimStatementBeginIn(NULL);
}

void
ScimStatementEnd(int level)
{
	forget_begun(level);
	AtEOXact_GUC(false, level);
}

Datum
ScimDoAsAsked(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo))
{
	const Begun *statement = innermost();
	Datum result;
	int level;

	if (statement == NULL || statement->proof == ScimProved())
		return work(fcinfo);
	level = NewGUCNestLevel();
	ScimProve(statement->proof);
	result = work(fcinfo);
	ScimStatementEnd(level);
	return result;
}

/*
 * ScimSpiBeginApart: until the level of settings ends that it returns, plans read no
 * table as a whole, where rows of others may be most of it, whatever statistics say of
 * them: they may be of before these came.
 */
int
ScimSpiBeginApart(bool apart)
{
	int level = NewGUCNestLevel();

	if (apart && enable_seqscan)
		ScimStatementFix("enable_seqscan", "off");
	return level;
}

void
ScimSpiEndApart(int level)
{
	ScimStatementEnd(level);
}
