# shellcheck shell=bash
# trees.sh: Debians of their own, to install in.  Sourced by bin/test.
#
# A tree is what debootstrap makes, kept in $SCIM_TREES (/var/cache/scim-test) with the packages
# that were fetched for it, and what compilers made for who asks for ccache.  A script runs in a copy of it, which is an overlay where that is to be
# had, within namespaces of its own: when it ends, its mounts and processes are gone.

TREES=${SCIM_TREES:-/var/cache/scim-test}

# no_trees: why there can be none; fails where there can.
no_trees() {
	if [ "$(id -u)" != 0 ]; then
		echo "needs root"
	elif ! command -v debootstrap >/dev/null; then
		echo "needs debootstrap"
	elif ! unshare --mount --pid --fork true 2>/dev/null; then
		echo "needs namespaces"
	else
		return 1
	fi
}

# make_tree SUITE: nothing in it but what every Debian has.
make_tree() (
	mkdir -p "$TREES/archives-$1" "$TREES/ccache-$1"
	chmod 1777 "$TREES/ccache-$1"
	exec 9>"$TREES/lock-$1"
	flock 9
	[ ! -e "$TREES/$1" ] || exit 0
	new=$(mktemp -d "$TREES/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	chmod 755 "$new"
	debootstrap --variant=minbase "$1" "$new" || exit
	mv "$new" "$TREES/$1"
)

# in_tree NAME SUITE SCRIPT [ARGUMENT...]: runs SCRIPT, of test/install, as root in a copy of the
# tree.  The project is there in /scim, and whatever is in $WORK/tree-NAME/upper.
in_tree() {
	local copy=$WORK/tree-$1 tree=$TREES/$2 archives=$TREES/archives-$2 status=0 name settings=() certificates
	local fetched=$copy/upper/var/cache/apt/archives

	make_tree "$2" || return
	mkdir -p "$copy"/{upper/scim,upper/ccache,work,root} "$fetched/partial"
	chmod 755 "$copy" "$copy/upper" "$copy/root"
	tar -C "$SOURCE" --exclude='*.o' --exclude='*.so' --exclude='*.bc' --exclude=./tmp -cf - . |
		tar -C "$copy/upper/scim" --no-same-owner -xf -
	# it is thrown away
	mkdir -p "$copy/upper/etc/dpkg/dpkg.cfg.d"
	echo force-unsafe-io >"$copy/upper/etc/dpkg/dpkg.cfg.d/unsafe"
	# what every Debian that is looked after has, and no debootstrap brings
	[ "$2" = sid ] || { mkdir -p "$copy/upper/etc/apt/sources.list.d" &&
		echo "deb http://deb.debian.org/debian-security $2-security main" >"$copy/upper/etc/apt/sources.list.d/security.list"; }
	# the packages as links: each apt has a directory of its own, and locks it
	find "$archives" -name '*.deb' -exec ln -f -t "$fetched" {} + 2>/dev/null || cp -f "$archives"/*.deb "$fetched" || true
	# how this machine reaches the world
	certificates=$(npm_setting cafile)
	cat "${certificates:-/etc/ssl/certs/ca-certificates.crt}" >"$copy/upper/certificates.crt"
	for name in http_proxy https_proxy no_proxy npm_config_registry; do
		[ -z "${!name:-}" ] || settings+=("$name=${!name}")
	done
	unshare --mount --pid --fork --kill-child --propagation private bash -c '
		set -e
		copy=$1 tree=$2 ccache=$3
		shift 3
		if ! mount -t overlay overlay -o "lowerdir=$tree,upperdir=$copy/upper,workdir=$copy/work" "$copy/root" 2>/dev/null; then
			cp -a "$tree/." "$copy/root"
			cp -a "$copy/upper/." "$copy/root"
		fi
		mount -t proc proc "$copy/root/proc"
		mount -t tmpfs -o mode=1777 tmpfs "$copy/root/dev/shm"
		mount --bind "$ccache" "$copy/root/ccache"
		exec chroot "$copy/root" "$@"
	' - "$copy" "$tree" "$TREES/ccache-$2" \
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		npm_config_cafile=/certificates.crt "${settings[@]}" bash -c 'cd /scim && exec bash test/install/"$0" "$@"' "${@:3}" </dev/null || status=$?
	find "$fetched" -maxdepth 1 -name '*.deb' -links 1 -exec cp -n -t "$archives" {} +
	return $status
}

# end_tree TITLE LOG STATUS: its lines "ok" and "not ok" are tests.
end_tree() {
	local LOG=$2

	printf '  %s:\n' "$1"
	sed -n 's/^# /    /p' "$LOG"
	harvest "$3" '^ok ' '^not ok '
}

# test_in_tree TITLE NAME SUITE SCRIPT [ARGUMENT...]
test_in_tree() {
	local status=0

	in_tree "${@:2}" >"$LOG" 2>&1 || status=$?
	end_tree "$1" "$LOG" "$status"
}

# begin_tree TITLE NAME SUITE SCRIPT [ARGUMENT...]: the same beside others, which is over with end_trees; one after the other
# where there is one processor, or LANES=1.  In a shell of their own, which ends them where it is ended itself.
BEGUN=()	# of each: process group, name, title
begin_tree() {
	if [ "${LANES:-$(nproc)}" -lt 2 ]; then
		test_in_tree "$@"
		return
	fi
	trap kill_trees EXIT
	trap 'exit 130' INT TERM
	set -m
	in_tree "${@:2}" >"$WORK/tree-$2.log" 2>&1 </dev/null &
	BEGUN+=("$!" "$2" "$1")
	set +m
}

# kill_trees: by the signal that cannot be ignored: unshare, and the first process of a tree, do not heed others.
kill_trees() {
	local i

	for ((i = 0; i < ${#BEGUN[@]}; i += 3)); do
		kill -KILL -- "-${BEGUN[i]}" 2>/dev/null
	done
}

end_trees() {
	local i status

	for ((i = 0; i < ${#BEGUN[@]}; i += 3)); do
		status=0
		wait "${BEGUN[i]}" || status=$?
		end_tree "${BEGUN[i + 2]}" "$WORK/tree-${BEGUN[i + 1]}.log" "$status"
	done
	BEGUN=()
}
