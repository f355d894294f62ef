#!/usr/bin/env bash
# package_test.sh SOURCE WORK: the .deb is built, its program is hardened, lintian finds nothing, and in a clean chroot
# it installs, works, is upgraded, removed and purged, after which nothing is left.
set -uo pipefail
SOURCE=$1 WORK=$2
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/checks.sh
source "$HERE/../checks.sh"
# shellcheck source=tests/packaging/chroot.sh
source "$HERE/chroot.sh"
# The exposure that systemd reports may not grow: 0 is a service that sees nothing, 10 one without any limit.
MOST_EXPOSURE=1.5
CHROOT_CHECKS=29 # those of test_in_chroot

rm -rf "$WORK"
mkdir -p "$WORK"
trap 'rm -rf "$WORK"' EXIT

build() {
    (cd "$SOURCE" && cmake --preset package -G Ninja && cmake --build --preset package -- --quiet &&
        rm -f build/package/naru_*.deb && cpack --preset deb)
}

# ---- the program ----

has() { # TEXT COMMAND...
    local text=$1 out
    shift
    out=$("$@" 2>&1)
    grep -qE "$text" <<<"$out" || {
        echo "no '$text' in:"
        tail -n 20 <<<"$out"
        return 1
    }
}

check_hardening() { # BINARY
    check "position-independent" has 'Type: +DYN .*Position-Independent Executable' readelf -hW "$1"
    check "relocations are read-only" has 'GNU_RELRO' readelf -lW "$1"
    check "and made at the start" has 'FLAGS_1.*NOW' readelf -dW "$1"
    check "no executable stack" has 'GNU_STACK .* RW ' readelf -lW "$1"
    check "guarded stacks" has '__stack_chk_fail' readelf --dyn-syms -W "$1"
    check "checked functions of the C library" has '__(memcpy|snprintf|vsnprintf|fprintf|read)_chk' readelf --dyn-syms -W "$1"
    if [[ $(uname -m) == x86_64 ]]; then
        check "control-flow marks at functions" test "$(objdump -d "$1" | grep -c endbr64)" -gt 100
        # shellcheck disable=SC2016 # assembly
        check "large stack frames are probed page by page" has 'orq? +\$0x0,.*\(%rsp\)' objdump -d "$1"
    fi
    check "no search path in it" equal '' "$(readelf -dW "$1" | grep -E 'RPATH|RUNPATH')"
    check "stripped" equal '' "$(readelf -SW "$1" | grep -E ' \.(symtab|debug_)')"
}

under_its_licence() { # as copyright(5) names it, and its text where Debian has it
    grep -qx 'License: Apache-2.0' "$WORK/unpacked/usr/share/doc/naru/copyright" &&
        silent cmp "$SOURCE/LICENSE" /usr/share/common-licenses/Apache-2.0
}

clean_by_lintian() {
    local said
    said=$(lintian --fail-on none "$1" 2>&1 | grep -E '^[EW]:')
    equal '' "$said"
}

# ---- in the chroot ----

# All paths, with the kind, owner and mode of each; without what dpkg keeps of every package.
paths() {
    (cd "$ROOT" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \
        -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \) -prune -o -printf '%p %y %U:%G %m\n' | sort)
}
# Accounts, whose files are there before and after.
accounts() { cat "$ROOT/etc/passwd" "$ROOT/etc/group" "$ROOT/etc/shadow" "$ROOT/etc/gshadow" 2>/dev/null | sort; }

installs() { in_chroot dpkg -i /naru.deb; }

works() {
    in_chroot naru --help | grep -q '^  bridge ' &&
        in_chroot sh -c 'naru generate --quiet --out - --to 1995-05-10 | naru replay - --dry-run --quiet | wc -l' | grep -qx 120
}

has_pages() { # each page that the program knows, where man finds it
    local page
    while read -r page; do
        [[ -s $ROOT/usr/share/man/man${page##*.}/$page.gz ]] && MANWIDTH=80 man -l "$ROOT/usr/share/man/man${page##*.}/$page.gz" |
            grep -q '^NAME' || return 1
    done < <(in_chroot naru manual --list)
}

# What the unit starts is a command line that the program takes: it stops at the first broker that does not answer.
starts_by_its_unit() {
    local command
    command=$(sed -n 's/^ExecStart=//p' "$ROOT/usr/lib/systemd/system/naru-bridge.service")
    # shellcheck disable=SC2086 # a command and its arguments
    equal "bridge.topics = Stock_Data" "$(in_chroot $command --print-config | grep -oE '^bridge.topics.*|^topics += Stock_Data' |
        sed -E 's/^topics +=/bridge.topics =/')"
}

exposure() { # UNIT: systemd's figure
    in_chroot systemd-analyze security --no-pager --offline=true "$1" | sed -nE 's/.*Overall exposure level for .*: ([0-9.]+) .*/\1/p'
}

exposure_is_low() { # UNIT
    local got
    got=$(exposure "$1")
    echo "exposure $got, at most $MOST_EXPOSURE"
    awk -v got="$got" -v most="$MOST_EXPOSURE" 'BEGIN { exit !(got != "" && got <= most) }'
}

verified() { # UNIT: nothing that systemd says is of this unit
    local said
    said=$(in_chroot systemd-analyze verify --man=no "$1" 2>&1 | grep naru)
    equal '' "$said"
}

owner() { in_chroot stat -c '%U:%G %a' "$1"; }

test_in_chroot() {
    local before accounts_before
    before=$(paths) accounts_before=$(accounts)
    cp "$DEB" "$ROOT/naru.deb"
    check "installs" installs || return
    check "works" works
    check "man pages are there" has_pages
    check "completion for bash is there" test -s "$ROOT/usr/share/bash-completion/completions/naru"
    check "completion for zsh is there" test -s "$ROOT/usr/share/zsh/vendor-completions/_naru"
    check "the configuration is root's and the service's" equal "root:naru 640" "$(owner /etc/naru/naru.conf)"
    check "so is its folder" equal "root:naru 750" "$(owner /etc/naru)"
    check "the configuration is one" equal 0 "$(in_chroot naru bridge -c /etc/naru/naru.conf --print-config >/dev/null; echo $?)"
    check "the unit's command is one" starts_by_its_unit
    check "what systemd does not start again" equal "RestartPreventExitStatus=2 3" \
        "$(grep RestartPrevent "$ROOT/usr/lib/systemd/system/naru-bridge.service")"
    check "the user cannot log in" has ':/var/lib/naru:.*nologin$' in_chroot getent passwd naru
    check "no service is enabled" equal '' "$(find "$ROOT/etc/systemd" -name 'naru*')"
    for unit in naru-bridge.service naru-bridge@orders.service; do
        check "$unit is what systemd takes" verified "$unit"
        check "$unit is hardened" exposure_is_low "$unit"
    done
    echo "exposure by systemd-analyze security: $(exposure naru-bridge.service)"
    check "it can be enabled" in_chroot systemctl --quiet enable naru-bridge.service naru-bridge@orders.service

    echo '; changed here' >>"$ROOT/etc/naru/naru.conf"
    mkdir -p "$ROOT/var/lib/naru" && echo letter >"$ROOT/var/lib/naru/dead-letters.jsonl"
    in_chroot chmod 600 /etc/naru/naru.conf
    check "installs over itself" installs
    check "what was changed stays" grep -q 'changed here' "$ROOT/etc/naru/naru.conf"
    check "and its mode too" equal "root:naru 600" "$(owner /etc/naru/naru.conf)"
    check "is removed" in_chroot dpkg -r naru
    check "the program is gone" test ! -e "$ROOT/usr/bin/naru"
    check "the configuration stays" test -s "$ROOT/etc/naru/naru.conf"
    check "dead letters stay" test -s "$ROOT/var/lib/naru/dead-letters.jsonl"
    check "is purged" in_chroot dpkg -P naru
    rm "$ROOT/naru.deb"
    check "no path is left" silent diff <(echo "$before") <(paths)
    check "no account is left" silent diff <(echo "$accounts_before") <(accounts)
}

check "the package is built" build || finish || exit 1
DEB=$(echo "$SOURCE"/build/package/naru_*.deb)
mkdir "$WORK/unpacked" && dpkg-deb -x "$DEB" "$WORK/unpacked" || exit 1
check_hardening "$WORK/unpacked/usr/bin/naru"
check "the licence is the repository's" under_its_licence
if command -v lintian >/dev/null; then
    check "lintian finds nothing" clean_by_lintian "$DEB"
else
    skip "lintian finds nothing" "lintian is not installed"
fi
if ! chroot_possible; then
    skip "checks in a clean chroot" "$CHROOT_WHY_NOT" "$CHROOT_CHECKS"
elif ROOT=$(chroot_unpack "$WORK" "$DEB"); then
    test_in_chroot
else
    skip "checks in a clean chroot" "none could be made; see above" "$CHROOT_CHECKS"
fi
finish
