#!/usr/bin/env bash
# Of every fault type: each value that it does not take is found by check, and a target that lacks one of
# its tools, or root, is told before anything is touched.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"

# --- values: nothing is connected to ----------------------------------------------------------------------
mkdir "$scratch/values"
python3 "$top/tests/integration/bad_faults.py" write "$top/injectors" "$scratch/values"
values_found() { # TYPE
    local files=$scratch/values/$1
    exits_with 64 "$vnfault" check --json "$files.xml" >"$files.json" 2>"$files.log" || { cat "$files.log"; return 1; }
    python3 "$top/tests/integration/bad_faults.py" judge "$files.json" "$files.rows"
}
for rows in "$scratch"/values/*.rows; do
    type=$(basename "$rows" .rows)
    check "$type: check finds each of $(grep -c . "$rows") bad values" values_found "$type"
done
check "that is each file under injectors/, and the fault in the load" test "$(ls "$scratch"/values/*.rows | wc -l)" = \
    $(($(grep -l '^# name: ' "$top"/injectors/*.sh | wc -l) + 1))

# --- tools: every program of the target is a link that can be taken away --------------------------------------
target_or_skip "tools and privileges of a target"
state() { on_target sh -c 'ls -A /run | grep -v "^farm\|^real"; iptables -S; tc qdisc show'; }
on_target bash -c 'for folder in bin sbin; do
        mkdir -p /run/real/$folder /run/links/$folder && mount --bind /usr/$folder /run/real/$folder &&
            find /usr/$folder -mindepth 1 -maxdepth 1 -printf "/run/real/$folder/%f\n" | xargs ln -s -t /run/links/$folder || exit
    done
    mount --bind /run/links/bin /usr/bin && mount --bind /run/links/sbin /usr/sbin'
state >"$scratch/before"
head_line() { sed -n "s/^# $2: *//p" "$top/injectors/$1.sh"; } # TYPE KEY
most() { head_line "$1" range | sed 's/.*\.\.//'; }
hide() { on_target rm -f "/run/links/bin/$1" "/run/links/sbin/$1"; }
unhide() {
    on_target bash -c 'for folder in bin sbin; do [ ! -e /run/real/$folder/$0 ] || ln -sf /run/real/$folder/$0 /run/links/$folder/$0; done' "$1"
}
number=0
lacks() { # TYPE TOOL[|TOOL ...]: refused while they are hidden, by the name of the last
    local tool status=0
    for tool in ${2//|/ }; do hide "$tool"; done
    number=$((number + 1))
    refused 4 "the target lacks ${2##*|}" "$1" "$(most "$1")" "lacking$number" 20 -- probe || status=1
    for tool in ${2//|/ }; do unhide "$tool"; done
    return $status
}
for file in "$top"/injectors/*.sh; do
    type=$(basename "$file" .sh)
    for tool in $(head_line "$type" tools); do
        check "$type: the target lacks $tool" lacks "$type" "$tool"
    done
done
for tool in setsid stat sleep ln; do # of every fault type
    check "none: the target lacks $tool" lacks none "$tool"
done

# --- privileges ------------------------------------------------------------------------------------------------
sed 's|^nobody:.*|nobody:x:65534:65534::/nonexistent:/bin/sh|' /etc/passwd >"$scratch/passwd"
on_target mount --bind "$scratch/passwd" /etc/passwd
on_target chmod 644 /run/sshd/authorized_keys
for file in "$top"/injectors/*.sh; do
    type=$(basename "$file" .sh)
    grep -q '^# name: ' "$file" || continue
    number=$((number + 1))
    target_address=nobody@$target_address check "$type: without root it is refused" \
        refused 4 'an injection needs root' "$type" "$(most "$type")" "rootless$number" 20 -- probe
done
check "nothing was touched" unchanged
finish
