# shellcheck shell=bash
# bench_filter.sh: "bin/bench filter", filters against what peers make of them.
# Sourced by bin/bench; the work is done by the programs in bin/lib/bench:
#
#	filter_data.sql, filter_copies.sql, filter_by_hand.sql	what is measured
#	filter_cases.py		the filters, and the SQL of each side
#	filter.py		measures
#	filter_report.py	prints the tables, writes the document and its plot
#	parsers.js, parsers.py	the parsers of peers
#
# The parsers are installed in tmp/bench and kept there.

FILTER_PROGRAMS=$ROOT/bin/lib/bench
PEERS=$ROOT/tmp/bench
NPM_PARSERS=(scim2-parse-filter@0.2.10 scim-query-filter-parser@2.0.4)
PYPI_PARSERS=(scim2-filter-parser==0.7.0)
# The second is the longest of RFC 7644 figure 2.
PARSED_FILTERS=('userName eq "bjensen"'
	'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]')

# peer_rates FILTER...: a line for each parser, its name and a rate for each
# filter with tabs between; the name only where it could not be had.
peer_rates() {
	local output

	mkdir -p "$PEERS"
	if [ -d "$PEERS/node_modules" ] || output=$(npm install --prefix "$PEERS" --no-audit --no-fund \
		"${NPM_PARSERS[@]}" 2>&1 </dev/null); then
		node "$FILTER_PROGRAMS/parsers.js" "$PEERS" "$SECONDS_EACH" "$@"
	else
		say "no parsers from npm, skipped: ${output##*$'\n'}" >&2
		printf '%s (npm): could not be installed\n' "${NPM_PARSERS[@]}"
	fi
	if [ -d "$PEERS/python" ] || output=$(python3 -m pip install --quiet --disable-pip-version-check \
		--root-user-action ignore --target "$PEERS/python" "${PYPI_PARSERS[@]}" 2>&1 </dev/null); then
		python3 "$FILTER_PROGRAMS/parsers.py" "$PEERS/python" "$SECONDS_EACH" "$@"
	else
		say "no parser from PyPI, skipped: ${output##*$'\n'}" >&2
		printf '%s (PyPI): could not be installed\n' "${PYPI_PARSERS[@]}"
	fi
}

part_filter() {
	local result=$WORK/filter.json rates=$WORK/parsers documents=()

	command -v python3 >/dev/null || need_packages python3
	export PYTHONDONTWRITEBYTECODE=1
	say "filter: $FILTER_USERS users"
	sql -d postgres -c 'CREATE DATABASE scim_bench_filter'
	PSQL=$PGBIN/psql PGHOST=$STACK PGPORT=$PGPORT_PRIVATE PGUSER=$MAINTENANCE_USER \
		PGDATABASE=scim_bench_filter \
		PGOPTIONS='-c client_min_messages=warning -c maintenance_work_mem=512MB' \
		python3 "$FILTER_PROGRAMS/filter.py" "$FILTER_USERS" "$ROUNDS" "$result" "${PARSED_FILTERS[@]}"
	sql -d postgres -c 'DROP DATABASE scim_bench_filter'
	peer_rates "${PARSED_FILTERS[@]}" >"$rates"
	[ -z "$WRITE" ] || documents=("$ROOT/doc/benchmarks.md" "$ROOT/doc/benchmarks.svg")
	python3 "$FILTER_PROGRAMS/filter_report.py" "$result" "$rates" "${documents[@]}"
}
