# shellcheck shell=bash
# A clean system of this machine's own release in a folder: made once by mmdebstrap, from where this machine gets its
# packages, and kept packed among the other downloads. It has what the package needs, so that installing it needs no
# network, and nothing else.
# shellcheck disable=SC2034 # for those who source this
CHROOT_WHY_NOT=
CHROOT_CACHE=${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}

chroot_possible() {
    if [[ $(id -u) != 0 ]]; then
        CHROOT_WHY_NOT="only root may make a chroot"
    elif ! command -v mmdebstrap >/dev/null; then
        CHROOT_WHY_NOT="mmdebstrap is not installed"
    elif ! unshare --mount true 2>/dev/null; then
        CHROOT_WHY_NOT="this machine lets nobody mount"
    else
        return 0
    fi
    return 1
}

# in_chroot COMMAND...: in $ROOT, with /proc and /dev/null, which vanish with the command.
in_chroot() {
    # shellcheck disable=SC2016 # for the other shell
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 unshare --mount bash -c '
        mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"' "$ROOT" "$@"
}

# The names of the packages that a .deb depends on, the first of each alternative.
chroot_needs() { # DEB
    dpkg-deb -f "$1" Depends | tr ',' '\n' | sed -E 's/[|(].*//; s/ //g' | sort | paste -sd,
}

# One line for each place where this machine gets its distribution's own packages.
chroot_sources() {
    # shellcheck disable=SC2016 # apt-get puts these in
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT) $(LABEL)' 'Created-By: Packages' |
        awk '$4 ~ /^(Debian|Debian-Security|Ubuntu)$/ { print "deb", $1, $2, $3 }' | sort -u
}

# chroot_unpack WORK DEB: prints the folder.
chroot_unpack() {
    local needs base codename
    needs=$(chroot_needs "$2")
    # shellcheck disable=SC1091 # the machine's
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    base=$CHROOT_CACHE/chroot-$codename-$(md5sum <<<"$needs" | cut -c1-12).tar
    if [[ ! -s $base ]]; then
        mkdir -p "$CHROOT_CACHE"
        chroot_sources >"$1/sources.list"
        apt-config dump Acquire >"$1/apt.conf"
        mmdebstrap --quiet --format=tar --variant=minbase --aptopt="$1/apt.conf" --include="$needs" "$codename" "$base.part" \
            "$1/sources.list" >&2 && mv "$base.part" "$base" || return 1
    fi
    mkdir "$1/root" && tar -C "$1/root" --exclude='./dev/*' -xpf "$base" && echo "$1/root"
}
