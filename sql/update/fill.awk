# fill.awk: awk -f fill.awk INSTALL_SCRIPT UPDATE_SOURCE
#
# Prints the update script: its source, with the functions of the install script,
# their comments and privileges, in place of the line @FUNCTIONS@.  What cannot be
# said twice (schemas, types, operators, ...) is left out: where one is new, the
# source makes it.

function say_again(line) {
	if (once) {
		once = line !~ /;$/
		return
	}
	if (line ~ /^\\/)
		return
	if (line ~ /^CREATE (SCHEMA|TYPE|CAST|OPERATOR|OPERATOR CLASS) /) {
		once = line !~ /;$/
		return
	}
	sub(/^CREATE FUNCTION /, "CREATE OR REPLACE FUNCTION ", line)
	functions = functions line "\n"
}

FILENAME == ARGV[1] { say_again($0); next }
/^@FUNCTIONS@$/ { printf "%s", functions; next }
{ print }
