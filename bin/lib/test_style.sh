# shellcheck shell=bash
# test_style.sh: what a reviewer would say first.  Sourced by bin/test.

c_files() { find src relay test -name '*.[ch]' ! -path '*/fuzz/*' | sort; }
# bin/lib is checked where it is sourced
shell_files() { printf '%s\n' .ci/run bin/dist bin/quickstart bin/reference bin/scim-configure bin/test test/fuzz/run test/production/systemctl test/production/new_certificate; find sql test doc -name '*.sh'; }

python_files() { { grep -rlE '^#!.*python' bin test doc; find bin test doc -name '*.py'; } | sort -u; }

check_symbols() {
	local stray

	stray=$(nm -D --defined-only "$SOURCE/scim.so" | awk '{ print $3 }' |
		grep -vE '^(scim_|Scim|pg_finfo_scim_|Pg_magic_func$|_PG_init$|_init$|_fini$)') || return 0
	printf 'exported without the prefix scim: %s\n' "$stray"
	return 1
}

check_install_parts() {
	local parts stray

	parts=$(make -s --no-print-directory PG_CONFIG="$PG_CONFIG" \
		--eval='print-parts: ; @printf "%s\n" $(SQL_HEADER) $(SQL_LANGUAGE) $(SQL_PARTS)' print-parts)
	stray=$(printf '%s\n' sql/install/* | grep -vxF "$parts") || return 0
	printf 'not in SQL_PARTS of the Makefile: %s\n' "$stray"
	return 1
}

# The page is made from comments, and kept in the tree to be read there.
check_reference() {
	DATABASE=scim_reference
	sql -d postgres -c "CREATE DATABASE $DATABASE" || return
	sql -c "CREATE EXTENSION scim" || return
	reference "$SOURCE" >"$LANE/reference.md" || return
	if ! diff -u "$SOURCE/doc/reference.md" "$LANE/reference.md"; then
		echo "bin/reference writes it anew"
		return 1
	fi
}

named_files_are_there() {
	local file status=0

	for file in $(grep -oE '`[a-z_/]+/[a-z_]+\.[ch]`' doc/architecture.md | tr -d '`' | sort -u); do
		[ -e "src/$file" ] || { echo "no src/$file"; status=1; }
	done
	return $status
}

# Parts that ran in this lane before have left their output beside the source: see .gitignore.
check_whitespace() {
	! grep -rnIE '[[:blank:]]+$' --exclude-dir={expected,data,results,tmp_check,tmp_check_iso,output_iso,log,node_modules} \
		--exclude={'*.md',regression.diffs,regression.out} .
}

# Triggers of the relation cache go while one looks at them: ScimTriggers copies them.
check_triggers() {
	! grep -nE -- '->trigdesc\b' src/*/*.c src/*/*/*.c | grep -vE -- '->trigdesc(->trig_|\)| [!=]= NULL)'
}

# What is read from a row has the type that its column has: store/statement/column.c compares it.
check_columns() {
	! grep -nE 'SPI_getbinval|(heap|fast|slot)_?getattr|GetAttributeBy|heap_deform_tuple' src/*/*.c src/*/*/*.c |
		grep -v '^src/store/statement/column\.c:'
}

part_style() {
	need_packages clang-format cppcheck shellcheck pyflakes3 binutils python3
	need_build
	cd "$SOURCE"
	check "clang-format" bash -c "$(declare -f c_files); c_files | xargs clang-format --dry-run -Werror"
	check "cppcheck" bash -c "$(declare -f c_files); c_files | grep '\.c\$' | xargs cppcheck --quiet --std=c11 \
		--enable=warning,portability --inline-suppr --suppressions-list=test/cppcheck.txt --error-exitcode=1 -j$(nproc) -Isrc"
	check "shellcheck" bash -c "$(declare -f shell_files); shell_files | xargs shellcheck -x -a -P SCRIPTDIR -e SC1091,SC2016"
	check "pyflakes" bash -c "$(declare -f python_files); python_files | xargs /usr/bin/python3 -m pyflakes"
	check "every sql/install file is in the Makefile" check_install_parts
	check "exported symbols begin with scim" check_symbols
	check "no trailing white space" check_whitespace
	check "values leave rows by store/statement/column.c only" check_columns
	check "triggers of a table are copied before they are looked at" check_triggers
	check "rooms of src depend downwards only" /usr/bin/python3 -B test/includes.py
	check "doc/architecture.md names files that are there" bash -c "$(declare -f named_files_are_there); named_files_are_there"
	check "links of the manual lead somewhere" /usr/bin/python3 -B test/links.py
	check "doc/conformance.md names tests that are there" /usr/bin/python3 -B test/named_tests.py
	check "doc/architecture.svg shows them" bash -c '/usr/bin/python3 -B test/includes.py --svg | diff - doc/architecture.svg'
	need_server
	check "doc/reference.md says what the catalogue does" check_reference
}
