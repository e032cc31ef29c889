#!/usr/bin/env bash
# The pages of the manual: one for each verb and file format, none that man or mandoc find wrong.
. "$(dirname "$0")/../lib.sh"

pages=${BUILD:-$top/build}/manual/pages
export LC_ALL=C.UTF-8
no_warnings() { # PAGE
    local said
    said=$(man -l --warnings -E UTF-8 "$1" 2>&1 >/dev/null)
    [ -z "$said" ] || { echo "$said"; return 1; }
}
options_of() { "$vnfault" "$1" --help | sed -n 's/^  \(--\{0,1\}[a-z-]*\) .*/\1/p'; }
# Every option in --help is an entry of the page.
has_options() { # VERB
    local option text
    text=$(man -l -E ascii "$pages/vnfault-$1.1")
    for option in $(options_of "$1" | grep '^-'); do
        grep -qE "^ +$option( |$)" <<<"$text" || { echo "no $option in:"; echo "$text"; return 1; }
    done
}
verbs=$("$vnfault" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')

for verb in $verbs; do
    check "$verb has a page with all its options" has_options "$verb"
    check "and vnfault(1) names it" prints "vnfault-$verb\(1\)" man -l -E ascii "$pages/vnfault.1"
done
for format in campaign testbed run-database evaluation injector; do
    check "vnfault-$format(5) says what it is" prints "^ +vnfault-$format - [a-zA-Z]" man -l -E ascii "$pages/vnfault-$format.5"
done
for file in "$top"/docs/*.md; do
    check "${file##*/} has a page" grep -q "^docs/${file##*/} " "$top/manual/list"
done
for page in "$pages"/*.[157]; do
    check "man finds nothing wrong with ${page##*/}" no_warnings "$page"
    check "mandoc finds no error in it" mandoc -T lint -W error "$page"
done
check "links are references" prints 'vnfault-access\(7\)' man -l -E ascii "$pages/vnfault-running.7"
check "no table is left as it was" exits_with 1 grep -l '^|' "$pages"/*.[57]
check "the version is that of the program" \
    prints "^$("$vnfault" --version)  +VNFAULT\(1\)" man -l -E ascii "$pages/vnfault.1"

finish
