# shellcheck shell=bash
# reference.sh: doc/reference.md, made of the comments in the catalogue.  Sourced
# after server.sh.

# reference_themes SOURCE: which part of the install script, in its order, makes which
# function: "INSERT ... VALUES (schema, name, place, heading)".  The heading is how the
# part's first comment begins.
reference_themes() (
	cd "$1"
	# shellcheck disable=SC2016 # variables of make and awk
	make -s --no-print-directory PG_CONFIG="$PG_CONFIG" \
		--eval='print-parts: ; @printf "%s\n" $(SQL_LANGUAGE) $(SQL_PARTS)' print-parts | xargs awk '
		FNR == 1 { place++; heading = substr($0, 4); sub(/(:|\. ).*|\.$/, "", heading); gsub(/\047/, "\047\047", heading) }
		/^CREATE FUNCTION / {
			name = $3
			sub(/\(.*/, "", name)
			split(name, part, ".")
			printf "INSERT INTO theme VALUES (\047%s\047, \047%s\047, %d, \047%s\047);\n", part[1], part[2], place, heading
		}'
)

# reference SOURCE: prints the page, from the extension of the database DATABASE; what
# it makes there for that is taken back.
reference() {
	{
		cat "$1/bin/lib/reference/begin.sql"
		reference_themes "$1"
		cat "$1/bin/lib/reference/print.sql"
	} | sql -f -
}
