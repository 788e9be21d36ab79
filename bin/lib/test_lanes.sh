# shellcheck shell=bash
# test_lanes.sh: parts of bin/test, one after the other or side by side, each lane with a copy and a
# server of its own.  Sourced by bin/test.

# test_home PART...: where the tests have their files: in memory, where there is plenty of it, and no whole
# Debians among them. They make and drop thousands of tables, and a file system on a disk spends a tenth
# of the time on their files.
test_home() {
	local enough=$((16 * 1024 * 1024)) home=/dev/shm part	# kB

	for part in "$@"; do
		! is_among "$part" install package pg_upgrade production versions || home=/var/tmp
	done
	if [ "$home" != /var/tmp ] && [ -w "$home" ] && [ "$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)" -gt "$enough" ] &&
		[ "$(df --output=avail "$home" | tail -n 1)" -gt "$enough" ] && runs_programs "$home"; then
		echo "$home"
	else
		echo /var/tmp
	fi
}

# runs_programs DIRECTORY: not all are mounted so.
runs_programs() {
	local program status=0

	program=$(mktemp "$1/scim-test.XXXXXX")
	printf '#!/bin/sh\n' >"$program"
	chmod 700 "$program"
	"$program" 2>/dev/null || status=1
	rm "$program"
	return $status
}

# use_lane NUMBER: where its parts have their files.
use_lane() {
	LANE=$WORK/$1
	SOURCE=$LANE/source	# the copy, which belongs to the service
	STACK=$LANE/service
	PREFIX=$LANE/postgresql
	QUICKSTART_RUN=$LANE/quickstart
	RESULTS=$LANE/results
	LOG=$LANE/log
	SERVICE_HOME=$STACK
	PGBIN=$PREFIX$("$SYSTEM_PG_CONFIG" --bindir)
	PG_CONFIG=$PGBIN/pg_config
	# ports that no other lane takes
	FREE_PORT_FROM=$((20000 + 4000 * ($1 - 1)))
	FREE_PORT_COUNT=4000
}

is_among() { [[ " ${*:2} " = *" $1 "* ]]; }

# results_of KIND: how many there are, of all lanes.
results_of() { cat "$WORK"/[0-9]/results | grep -cx "$1" || true; }

# run_part PART: in the lane in use.
run_part() {
	local before status after

	printf '== %s\n' "$1"
	SECONDS=0
	before=$(grep -cx fail "$RESULTS") || true
	# a part that ends early is a failure, and the others go on
	set +e
	(set -e; "part_$1") </dev/null
	status=$?
	set -e
	[ $status = 0 ] || fail "$1 ended early"
	after=$(grep -cx fail "$RESULTS") || true
	if [ "$before" = "$after" ]; then
		printf '== %s: ok (%d s)\n' "$1" "$SECONDS"
	else
		printf '== %s: FAILED (%d s)\n' "$1" "$SECONDS"
	fi
}

# run_alone PART: in the lane in use. In a group of its own, as a shell waits for what is not in the
# background before it looks at a signal.
run_alone() {
	set -m
	run_part "$1" </dev/null &
	set +m
	RUNNING=($!)
	wait $! || true
	RUNNING=()
	begin_again
}

# next_part: takes the first of those that wait; fails where there is none.
next_part() {
	(
		flock 9
		[ -s "$WORK/waiting" ] || exit 1
		head -n 1 "$WORK/waiting"
		sed -i 1d "$WORK/waiting"
	) 9>"$WORK/waiting.lock"
}

# run_lane NUMBER: parts, until none is left.
run_lane() {
	local part

	use_lane "$1"
	while part=$(next_part); do
		run_part "$part" >"$LANE/output" 2>&1
		flock "$WORK/print.lock" cat "$LANE/output"
		begin_again
	done
	touch "$LANE/ended"
}

# lanes: how many. One more than there are processors for, up to three: parts wait now and then, for a second
# to pass or for a server.
lanes() { echo "${LANES:-$(($(nproc) < 2 ? 1 : 3))}"; }

# run_side_by_side PART...: in several lanes.
run_side_by_side() {
	local lane numbers

	mapfile -t numbers < <(seq "$(lanes)")

	printf '%s\n' "$@" >"$WORK/waiting"
	use_lane 1
	(need_build) || fail "the build failed"
	for lane in "${numbers[@]:1}"; do
		use_lane "$lane"
		prepare_as 1
	done
	# groups of their own, so that they can be ended with all that they have started
	set -m
	for lane in "${numbers[@]}"; do
		run_lane "$lane" </dev/null &
		RUNNING+=($!)
	done
	set +m
	for lane in "${RUNNING[@]}"; do
		wait "$lane" || true
	done
	RUNNING=()
	for lane in "${numbers[@]}"; do
		use_lane "$lane"
		[ -e "$LANE/ended" ] || fail "lane $lane ended early"
	done
	use_lane 1
}
