#!/usr/bin/env bash
# The Debian package: built twice it is the same file; in a clean root it installs, works, upgrades and goes.
# Needs root and the machine's own Debian mirror; some minutes. usage: make test-package
. "$(dirname "$0")/../lib.sh"

export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
root=$scratch/root
deb() { echo "$scratch/$1"/vnfault_*.deb; }
# With a view of its own processes: by it the program finds what was installed beside it.
inside() { unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
# The same, where apt reaches the mirror as it does outside.
apt_inside() { chroot "$root" apt-get -q -y --no-install-recommends "$@"; }
# Every file but the package manager's own records.
files() {
    (cd "$root" && find . -path ./var/lib/dpkg -prune -o -path ./var/log -prune -o -path ./var/cache -prune -o \
        -path ./var/lib/apt -prune -o -path ./proc -prune -o -print | sort)
}
make_root() {
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Codename: bookworm" | head -n 1)
    unshare --mount debootstrap --variant=minbase bookworm "$root" "${mirror%/}"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service is started in a test
    chmod +x "$root/usr/sbin/policy-rc.d"
    ! [ -e /etc/apt/apt.conf ] || cp /etc/apt/apt.conf "$root/etc/apt/apt.conf"
}
# What it depends on stays when it goes, so it is there before files are counted.
install_dependencies() {
    local names
    names=$(dpkg-deb -f "$(deb one)" Depends | tr ',' '\n' | sed -E 's/^ *([^ |(]+).*/\1/' | xargs)
    # shellcheck disable=SC2086 # a list of words
    apt_inside install $names
}
install_one() {
    cp "$(deb one)" "$root/tmp/one.deb"
    inside dpkg -i /tmp/one.deb
    rm "$root/tmp/one.deb"
}
# The same package with a higher version, and without one of its files.
upgrade() {
    dpkg-deb -R "$(deb one)" "$scratch/next" &&
        sed -i 's/^Version: .*/&+next/' "$scratch/next/DEBIAN/control" &&
        rm "$scratch/next/usr/share/man/man1/vnfault-score.1.gz" &&
        dpkg-deb --root-owner-group -b "$scratch/next" "$root/tmp/next.deb" &&
        inside dpkg -i /tmp/next.deb
    rm -f "$root/tmp/next.deb"
}
depends_on() { dpkg-deb -f "$(deb one)" "$1" | tr ',' '\n' | grep -qE "^ *$2( |$)"; } # FIELD PACKAGE
gone() { files | diff "$scratch/before" -; }
is_enabled() { find "$root/etc/systemd" -name 'vnfault*' | grep -q .; }

check "the package is built" "$top/packaging/build-deb" "$scratch/one"
check "and again, elsewhere" "$top/packaging/build-deb" "$scratch/a-longer-way-to/two"
check "byte by byte the same" cmp "$(deb one)" "$scratch"/a-longer-way-to/two/vnfault_*.deb
check "lintian finds no error" lintian --fail-on error "$(deb one)"
check "its version is that of the program" \
    equals "$(sed -n 's/^#define VNFAULT_VERSION "\(.*\)"/\1/p' "$top/cli/verb.h")" dpkg-deb -f "$(deb one)" Version
check "it depends on the libraries" depends_on Depends 'libssh-4'
check "and recommends what loads and draws" depends_on Recommends sip-tester
check "a clean root is made" make_root
check "what it depends on is installed" install_dependencies
files >"$scratch/before"

check "it installs" install_one
check "it runs" prints '^vnfault [0-9]' inside vnfault --version
check "the quick start is good" prints 'ok: campaign quickstart' inside vnfault check /usr/share/vnfault/campaigns/quickstart.xml
check "its plan is made" prints '^[0-9]+ experiments' inside vnfault plan /usr/share/vnfault/campaigns/quickstart.xml
check "it is among the examples" inside test -s /usr/share/doc/vnfault/examples/quickstart.xml
check "every verb has its page" [ -s "$root/usr/share/man/man1/vnfault-run.1.gz" ]
check "bash can complete" inside bash -c '. /usr/share/bash-completion/completions/vnfault && complete -p vnfault'
check "the timer is there" [ -s "$root/lib/systemd/system/vnfault-nightly@.timer" ]
check "and not enabled" exits_with 1 is_enabled
check "it upgrades" upgrade
check "what the new one lacks is gone" [ ! -e "$root/usr/share/man/man1/vnfault-score.1.gz" ]
check "and still runs" prints 'ok: campaign quickstart' inside vnfault check /usr/share/vnfault/campaigns/quickstart.xml
check "it is purged" inside dpkg --purge vnfault
check "and nothing is left" gone

finish
