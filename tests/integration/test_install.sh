#!/usr/bin/env bash
# make install: what is installed works from wherever it is put, and uninstall leaves nothing.
. "$(dirname "$0")/../lib.sh"

build=${BUILD:-$top/build}
unset VNFAULT_DATA VNFAULT_HELPERS
install() { # TARGET
    make --silent -C "$top" BUILD="$build" BINARY="$vnfault" DESTDIR="$scratch/root" PREFIX=/opt/vnfault "$1"
}
installed=$scratch/root/opt/vnfault
uninstalled() { [ -z "$(find "$scratch/root" -type f)" ]; }

check "install" install install
cd "$scratch" || exit 70
check "an installed campaign is good" prints 'ok: campaign quickstart' \
    "$installed/bin/vnfault" check "$installed/share/vnfault/campaigns/quickstart.xml"
check "so is it once moved" prints 'ok: campaign quickstart' bash -c \
    "mv '$installed' '$scratch/elsewhere' && '$scratch/elsewhere/bin/vnfault' check '$scratch/elsewhere/share/vnfault/campaigns/quickstart.xml'"
check "the injectors are there" diff -r "$top/injectors/contract" "$scratch/elsewhere/share/vnfault/injectors/contract"
check "the helpers are there" [ -x "$scratch/elsewhere/libexec/vnfault/delay-line" ]
check "the manual is there" [ -s "$scratch/elsewhere/share/doc/vnfault/docs/campaign-file.md" ]
check "so are the pages, where man looks for them" prints 'VNFAULT-RUN\(1\)' man -M "$scratch/elsewhere/share/man" 1 vnfault-run
check "and of file formats" prints 'VNFAULT-CAMPAIGN\(5\)' man -M "$scratch/elsewhere/share/man" 5 vnfault-campaign
check "the completion is there" bash -n "$scratch/elsewhere/share/bash-completion/completions/vnfault"
mv "$scratch/elsewhere" "$installed"
check "uninstall" install uninstall
check "nothing is left" uninstalled

finish
