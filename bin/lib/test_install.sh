# shellcheck shell=bash
# test_install.sh: "bin/test install", the first command on machines that have nothing yet, each a
# tree.  Sourced by bin/test.

part_install() {
	local titles=("a bare Debian 12" "a bare Debian 13" "a user with sudo, a server without its headers") title reason

	if reason=$(no_trees); then
		for title in "${titles[@]}"; do
			skip "$title" "$reason"
		done
		return
	fi
	test_in_tree "${titles[0]}" bookworm bookworm bare.sh
	test_in_tree "${titles[1]}" trixie trixie bare.sh
	test_in_tree "${titles[2]}" sudo bookworm sudo.sh
}
