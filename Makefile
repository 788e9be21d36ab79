# scim: SCIM 2.0 inside PostgreSQL.
#
#   make && make install       build and install for the server of PG_CONFIG
#   make installcheck          pg_regress and isolation tests on a running server
#   make prove                 TAP tests, which start servers of their own
#   bin/test                   all of it on a fresh machine

EXTENSION  = scim
MODULE_big = scim
PGFILEDESC = "scim - SCIM 2.0 inside PostgreSQL"

# scim.control holds the version; nothing else repeats it.
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" scim.control)

SRCS := $(sort $(wildcard src/*.c src/*/*.c))
HDRS := $(wildcard src/*.h src/*/*.h)
OBJS  = $(SRCS:.c=.o)
PG_CPPFLAGS = -I$(srcdir)/src -DSCIM_VERSION=\"$(EXTVERSION)\"

# The install script is these parts in this order, with the core schemas of
# RFC 7643 (JSON files) and the two types that are written as text behind the header.
SCHEMA_DOCUMENTS = $(sort $(wildcard sql/schemas/*.json sql/resource_types/*.json))
SQL_HEADER     = sql/install/header.sql
SQL_LANGUAGE   = sql/install/language.sql
LANGUAGE_TYPES = filter path
SQL_PARTS      = $(addprefix sql/install/, \
	fold.sql filter.sql path.sql registry.sql tables.sql store.sql resource.sql \
	search.sql index.sql policy.sql token.sql protocol.sql openapi.sql)

DATA       = $(wildcard sql/scim--*--*.sql)
DATA_built = sql/scim--$(EXTVERSION).sql

REGRESS        = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS   = --inputdir=test --encoding=UTF8 --load-extension=$(EXTENSION)
ISOLATION      = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=. --encoding=UTF8 --load-extension=$(EXTENSION)
PROVE_TESTS   ?= test/t/*.pl

PG_CONFIG ?= pg_config
PGXS      := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(DATA_built): $(SQL_HEADER) $(SQL_LANGUAGE) $(SQL_PARTS) $(SCHEMA_DOCUMENTS) sql/schemas/install.sh scim.control
	{ cat $(SQL_HEADER) && sh sql/schemas/install.sh $(SCHEMA_DOCUMENTS) && \
	  for type in $(LANGUAGE_TYPES); do sed "s/@type@/$$type/g" $(SQL_LANGUAGE) || exit 1; done && \
	  cat $(SQL_PARTS); } > $@.tmp
	mv $@.tmp $@

$(OBJS) $(OBJS:.o=.bc): $(HDRS)     # PGXS does not track headers

.PHONY: prove
prove:                              # TAP, on servers of its own: install first
	$(prove_installcheck)
