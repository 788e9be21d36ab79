# scim: SCIM 2.0 inside PostgreSQL.
#
#   make && make install       build and install for the server of PG_CONFIG
#   make installcheck          pg_regress and isolation tests on a running server
#   make prove                 TAP tests, which start servers of their own
#   make dist                  the archives of a release
#   bin/test                   all of it on a fresh machine

EXTENSION  = scim
MODULE_big = scim
PGFILEDESC = "scim - SCIM 2.0 inside PostgreSQL"

# scim.control holds the version; nothing else repeats it.
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" scim.control)
# The version whose stores this library reads and writes: that of the last step.
STOREVERSION := $(shell ls sql/store | sed -n 's/^.*--\(.*\)\.sql$$/\1/p' | sort -V | tail -n 1)

SRCS := $(sort $(wildcard src/*.c src/*/*.c src/*/*/*.c))
HDRS := $(wildcard src/*.h src/*/*.h src/*/*/*.h)
OBJS  = $(SRCS:.c=.o)
# the OpenSSL that the server has: it signs events
SHLIB_LINK = -lcrypto
PG_CPPFLAGS = -I$(srcdir)/src -DSCIM_VERSION=\"$(EXTVERSION)\" \
	-DSCIM_STORE_VERSION=\"$(STOREVERSION)\"

# The install script is these parts in this order, with the core schemas of
# RFC 7643 and the profiles (JSON files), the steps of stores from version to version, and the two types
# that are written as text, behind the header.
SCHEMA_DOCUMENTS = $(sort $(wildcard sql/schemas/*.json sql/resource_types/*.json sql/profiles/*.json))
STORE_STEPS    = $(sort $(wildcard sql/store/*--*.sql))
SQL_HEADER     = sql/install/header.sql
SQL_LANGUAGE   = sql/install/language.sql
LANGUAGE_TYPES = filter path
SQL_PARTS      = $(addprefix sql/install/, \
	fold.sql filter.sql path.sql registry.sql tables.sql store.sql view.sql people.sql upgrade_index.sql upgrade.sql upgrade_audit.sql repair.sql resource.sql \
	search.sql index.sql event.sql policy.sql audit.sql history.sql setting.sql token.sql client.sql protocol.sql endpoint.sql \
	openapi.sql profile.sql binding.sql import.sql load.sql user_name.sql sealing.sql watch.sql distribute.sql owner.sql)

# What brings the previous version to this one says by hand what happens to objects
# that are there; every function is said again as it is now.
SQL_UPDATE_SOURCE = $(wildcard sql/update/*--$(EXTVERSION).sql.in)
SQL_UPDATE        = $(SQL_UPDATE_SOURCE:sql/update/%.sql.in=sql/scim--%.sql)

# Scripts of earlier versions are frozen.  Before the version moves, those that are
# made here are: git add --force sql/scim--*.sql
SQL_INSTALL       = sql/scim--$(EXTVERSION).sql
DATA       = $(filter-out %--$(EXTVERSION).sql,$(wildcard sql/scim--*.sql))
DATA_built = $(SQL_INSTALL) $(SQL_UPDATE)

REGRESS        = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS   = --inputdir=test --encoding=UTF8 --load-extension=$(EXTENSION)
ISOLATION      = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=. --encoding=UTF8 --load-extension=$(EXTENSION)
PROVE_TESTS   ?= test/t/*.pl

PG_CONFIG ?= pg_config
PGXS      := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(SQL_INSTALL): $(SQL_HEADER) $(SQL_LANGUAGE) $(SQL_PARTS) $(SCHEMA_DOCUMENTS) sql/schemas/install.sh \
		$(STORE_STEPS) sql/store/install.sh scim.control
	{ cat $(SQL_HEADER) && sh sql/schemas/install.sh $(SCHEMA_DOCUMENTS) && \
		sh sql/store/install.sh $(STORE_STEPS) && \
		for type in $(LANGUAGE_TYPES); do sed "s/@type@/$$type/g" $(SQL_LANGUAGE) || exit 1; done && \
		cat $(SQL_PARTS); } > $@.tmp
	mv $@.tmp $@

$(SQL_UPDATE): $(SQL_INSTALL) $(SQL_UPDATE_SOURCE) sql/update/fill.awk
	awk -f sql/update/fill.awk $(SQL_INSTALL) $(SQL_UPDATE_SOURCE) > $@.tmp
	mv $@.tmp $@

# PGXS does not track headers, nor what stands in PG_CPPFLAGS
$(OBJS) $(OBJS:.o=.bc): $(HDRS) scim.control

.PHONY: prove
prove:                              # TAP, on servers of its own: install first
	$(prove_installcheck)

.PHONY: dist dist-scripts
dist:                               # scim-VERSION.zip for PGXN, .tar.gz, .spdx.json
	PG_CONFIG='$(PG_CONFIG)' bin/dist

dist-scripts: $(DATA_built)
