#!/usr/bin/env bash
# tree.sh WORK POSTGREST COMMAND...: COMMAND is run with README_SHELL, a shell in a bare Debian
# of its own, 12 unless TREE_SUITE says otherwise, which is gone afterwards, in WORK.  As root.
#
# What debootstrap makes is kept in $SCIM_TREES (/var/cache/scim-test), and so are packages.  The
# shell has a network of its own, with itself alone; so packages are fetched before.  The
# release is in /usr/src/scim, and DNS, certificate and PostgREST are what doc/production.md
# and doc/scale.md take for granted.  TREE_EXTRA is a directory of what else is there, such as objects that are
# compiled already; TREE_NAME tells two of one suite apart.
set -euo pipefail

WORK=$1 POSTGREST=$2
shift 2
TREES=${SCIM_TREES:-/var/cache/scim-test}
SUITE=${TREE_SUITE:-bookworm}
case $SUITE in bookworm) VERSION=15 ;; *) VERSION=17 ;; esac
PACKAGES="postgresql-$VERSION postgresql-server-dev-$VERSION make gcc nginx-light curl logrotate python3"
HERE=$(cd "$(dirname "$0")" && pwd -P)
SOURCE=$(cd "$HERE/../.." && pwd -P)
COPY=$WORK/production-$SUITE${TREE_NAME:+-$TREE_NAME}

# within namespaces of its own, of which the mounts are gone with it
if [ "${TREE_INSIDE:-}" = "" ]; then
	mkdir -p "$TREES/archives-$SUITE"
	(
		flock 9
		if [ ! -e "$TREES/$SUITE" ]; then
			new=$(mktemp -d "$TREES/new.XXXXXX")
			chmod 755 "$new"
			debootstrap --variant=minbase "$SUITE" "$new" >/dev/null || { rm -rf "$new"; exit 1; }
			mv "$new" "$TREES/$SUITE"
		fi
	) 9>"$TREES/lock-$SUITE"
	export TREE_INSIDE=yes
	exec unshare --mount --fork --kill-child --pid --propagation private "$0" "$WORK" "$POSTGREST" "$@"
fi

mkdir -p "$COPY"/{root,upper,work}
upper=$COPY/upper root=$COPY/root
chmod 755 "$COPY" "$upper" "$root"
mkdir -p "$upper"/{usr/src/scim,usr/local/bin,etc/ssl/scim,etc/dpkg/dpkg.cfg.d,var/cache/apt/archives/partial}
tar -C "$SOURCE" --exclude='*.o' --exclude='*.so' --exclude='*.bc' --exclude=./tmp --exclude=./.git -cf - . |
	tar -C "$upper/usr/src/scim" --no-same-owner -xf -
[ -z "${TREE_EXTRA:-}" ] || cp -a "$TREE_EXTRA/." "$upper"
cp "$HERE/systemctl" "$HERE/new_certificate" "$upper/usr/local/bin"
install -m 755 "$POSTGREST" "$upper/usr/local/bin/postgrest"
"$HERE/new_certificate" 30 "$upper"
echo force-unsafe-io >"$upper/etc/dpkg/dpkg.cfg.d/unsafe"
printf '127.0.0.1 localhost scim.example.com acme.example.com\n' >"$upper/etc/hosts"
cp -f "$TREES/archives-$SUITE"/*.deb "$upper/var/cache/apt/archives" 2>/dev/null || true

if ! mount -t overlay overlay -o "lowerdir=$TREES/$SUITE,upperdir=$upper,workdir=$COPY/work" "$root" 2>/dev/null; then
	cp -a "$TREES/$SUITE/." "$root"
	cp -a "$upper/." "$root"
fi
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mkdir -p "$root/run/lock"

inside() {
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} chroot "$root" "$@"
}
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
# shellcheck disable=SC2086
inside sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends --download-only $PACKAGES" </dev/null >&2
find "$root/var/cache/apt/archives" -maxdepth 1 -name '*.deb' -exec cp -n -t "$TREES/archives-$SUITE" {} +

cat >"$COPY/shell" <<SHELL
#!/bin/sh
ip link set lo up
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
	DEBIAN_FRONTEND=noninteractive CURL_CA_BUNDLE=/etc/ssl/scim/ca.pem chroot "$root" bash
SHELL
chmod 755 "$COPY/shell"
export README_SHELL="unshare --net $COPY/shell" ROOT_OF_TREE=$root
"$@"
