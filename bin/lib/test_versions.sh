# shellcheck shell=bash
# test_versions.sh: "bin/test versions" and "bin/test pg_upgrade", PostgreSQL 17 and 18, each in a Debian of its
# own.  Sourced by bin/test.

unmount_chroots() {
	local proc

	for proc in "$CHROOTS"/*/proc; do
		! mountpoint -q "$proc" || umount "$proc"
	done
}

# make_chroot VERSION SUITE: that Debian, with that PostgreSQL, and the extension built and installed in it.
make_chroot() {
	local chroot=$CHROOTS/$2

	if [ ! -e "$chroot/ready" ]; then
		rm -rf "$chroot"
		mkdir -p "$chroot"
		debootstrap --variant=minbase --include="make,gcc,libc6-dev,ca-certificates,postgresql-$1,postgresql-server-dev-$1" \
			"$2" "$chroot" >"$LOG" 2>&1 || { tail -n 20 "$LOG"; die "debootstrap failed"; }
		touch "$chroot/ready"
	fi
	rm -rf "$chroot/scim"
	cp -r "$SOURCE" "$chroot/scim"
	find "$chroot/scim" \( -name '*.o' -o -name '*.so' \) -delete
	mountpoint -q "$chroot/proc" || mount -t proc proc "$chroot/proc"
}

# in_chroot SUITE SCRIPT [ARGUMENT...]: runs it as root in that Debian.
in_chroot() {
	chroot "$CHROOTS/$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/tmp STRICT="$STRICT" bash "${@:2}" </dev/null
}

# test_version VERSION SUITE: the regression and isolation tests in that Debian.
test_version() {
	local chroot=$CHROOTS/$2 status=0

	printf '  PostgreSQL %s:\n' "$1"
	make_chroot "$1" "$2"
	cat >"$chroot/scim/run" <<-'RUN'
		set -eu
		cd /scim
		export PG_CONFIG=/usr/lib/postgresql/$VERSION/bin/pg_config
		make -s -j2 with_llvm=no PG_CFLAGS="$STRICT"
		make -s with_llvm=no PG_CFLAGS="$STRICT" install
		chown -R postgres /scim
		status=0
		# one without the other: what fails in the first does not hide the second
		for none in ISOLATION REGRESS; do
			runuser -u postgres -- make -s with_llvm=no PG_CFLAGS="$STRICT" "$none=" installcheck \
				EXTRA_REGRESS_OPTS="--temp-instance=/scim/tmp_instance --encoding=UTF8" || status=1
		done
		[ $status = 0 ] || cat regression.diffs output_iso/regression.diffs 2>/dev/null || true
		exit $status
	RUN
	# pg_regress drops LC_ALL, and letters are no letters in C
	chroot "$chroot" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 LC_ALL=C.UTF-8 HOME=/tmp STRICT="$STRICT" VERSION="$1" \
		bash /scim/run >"$LOG" 2>&1 </dev/null || status=$?
	unmount_chroots
	harvest "$status" "$HARNESS_OK" "$HARNESS_FAILED"
}

# hand_over FROM VERSION SUITE DATA: DATA of the server of VERSION, whose files are below FROM, into that Debian, with
# the programs of that version and the libraries that are not there.
hand_over() {
	local chroot=$CHROOTS/$3 library

	rm -rf "$chroot/upgrade" "$chroot/usr/lib/postgresql/$2" "$chroot/usr/share/postgresql/$2"
	mkdir -p "$chroot/upgrade" "$chroot/usr/local/lib" "$chroot/usr/lib/postgresql/$2" "$chroot/usr/share/postgresql/$2"
	cp -a "$4" "$chroot/upgrade/$2"
	cp -rL "$1/usr/lib/postgresql/$2/." "$chroot/usr/lib/postgresql/$2"
	cp -rL "$1/usr/share/postgresql/$2/." "$chroot/usr/share/postgresql/$2"
	# those of one may need others
	for _ in 1 2 3; do
		chroot "$chroot" sh -c "ldd /usr/lib/postgresql/$2/bin/postgres /usr/lib/postgresql/$2/bin/pg_ctl /usr/lib/postgresql/$2/bin/pg_controldata" |
			sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | sort -u | while read -r library; do
			find "${5:-/usr/lib}" /usr/lib/x86_64-linux-gnu -name "${library%.so*}*.so*" -exec cp -L -n {} "$chroot/usr/local/lib" \; 2>/dev/null
		done
		chroot "$chroot" ldconfig
	done
	chroot "$chroot" chown -R postgres /upgrade
}

# server_release SUITE VERSION: as in 17.6
server_release() { chroot "$CHROOTS/$1" "/usr/lib/postgresql/$2/bin/postgres" --version | sed 's/^[^0-9]*\([0-9.]*\).*/\1/'; }

# Stores that were brought forward, and what pg_upgrade makes of them: 15 to 17 to 18.
part_pg_upgrade() {
	[ "$(id -u)" = 0 ] || die "pg_upgrade needs root, for chroot"
	need_packages debootstrap
	need_server
	check "a store of an earlier version, brought forward" "$SOURCE/test/upgrade/pg_upgrade.sh" make "$PGBIN" "$STACK"
	server_stop
	cp "$STACK/answers.pg_upgrade" "$STACK/data/answers"
	cp "$STACK/rows.pg_upgrade" "$STACK/data/rows"
	check "Debian 13 with PostgreSQL 17" make_chroot 17 trixie
	check "the data of 15 there" hand_over "$PREFIX" 15 trixie "$STACK/data"
	check "pg_upgrade from 15 to 17" in_chroot trixie /scim/test/upgrade/pg_upgrade.sh upgrade 15 17
	check "Debian sid with PostgreSQL 18" make_chroot 18 sid
	check "the data of 17 there" hand_over "$CHROOTS/trixie" 17 sid "$CHROOTS/trixie/upgrade/17" "$CHROOTS/trixie/usr/lib"
	# sid may have a server that is older than that of Debian 13, whose tables it then does not take, whoever made them
	if in_chroot sid /scim/test/upgrade/pg_upgrade.sh plain 17 18 >"$LOG" 2>&1; then
		check "pg_upgrade from 17 to 18" in_chroot sid /scim/test/upgrade/pg_upgrade.sh upgrade 17 18
	else
		skip "pg_upgrade from 17 to 18" "PostgreSQL $(server_release sid 18) does not take a table of $(server_release trixie 17): $(grep -m 1 -E 'ERROR|error:' "$LOG" | sed 's/.*\(ERROR\|error\): *//')"
	fi
	check "a dump from 17 to 18" in_chroot sid /scim/test/upgrade/pg_upgrade.sh dump 17 18
	rm -rf "$CHROOTS"/{trixie,sid}/upgrade
	unmount_chroots
}

part_versions() {
	[ "$(id -u)" = 0 ] || die "versions needs root, for chroot"
	need_packages debootstrap
	test_version 17 trixie
	test_version 18 sid
}
