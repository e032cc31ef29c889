#!/usr/bin/env bash
# The proc collector: what a target's own /proc says, over SSH. It is right, one shell on the target answers
# for as long as it is asked, and whatever that shell does instead is a missed observation.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/probe.sh"
target_or_skip "proc collector"
cat >"$scratch/testbed.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="20s"/>
  <target name="t" address="$target_address"><source collector="proc"/></target>
</testbed>
END
shells() { on_target pgrep -c -f 'sh -c .* vnfault-proc /proc' || true; }
shell_of() { # the one that sshd started, not the one that watches it
    local process
    for process in $(on_target pgrep -f 'sh -c .* vnfault-proc /proc'); do
        [ "$(on_target ps -o comm= -p "$(on_target ps -o ppid= -p "$process" | tr -d ' ')")" = sshd ] && echo "$process"
    done
}
no_shell() { [ "$(shells)" = 0 ]; }
value() { sed -n "s/^t $1 //p"; }
at_least() { # NUMBER COMMAND ...
    local number
    number=$("${@:2}")
    [ "$number" -ge "$1" ] || { echo "got $number, expected at least $1"; return 1; }
}
in_groups() { # GROUP ...: how many metrics
    local group
    for group in "$@"; do read_once t "@$group" none; done | grep -c ' virtual '
}
real_head() { replace head <<<$'#!/bin/sh\nexec /bin/head "$@"'; }

check_values() {
    check "a target has 150 metrics and more" at_least 150 in_groups cpu memory filesystem network process
    check "of each resource group" at_least 10 in_groups cpu
    check "counters" prints '^t vmstat\.pgfault counter memory virtual events$' read_once t @memory none
    check "and gauges" prints '^t meminfo\.MemFree gauge memory virtual kB$' read_once t @memory none
    check "its memory" equals "t meminfo.MemTotal $(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
read" read_once t meminfo.MemTotal
    check "its own processes: init, sshd with its session, and those of the collector" \
        prints '^t processes [4-9]$' read_once t processes
    check "no shell stays when nobody asks any more" wait_until $target_holder no_shell
}

packets_counted() { # of 50 pings
    local before after
    start_probe t 'net.eth0.*.packets' >"$scratch/before"
    before=$(value net.eth0.receive.packets <"$scratch/before")
    on_runner ping -q -i 0.01 -c 50 $target_address >/dev/null
    again >"$scratch/after"
    after=$(value net.eth0.receive.packets <"$scratch/after")
    end_probe
    [ $((after - before)) -ge 50 ] && [ $((after - before)) -lt 150 ] || { echo "$before, $after"; return 1; }
}

one_shell() {
    start_probe t processes
    local first
    first=$(shell_of)
    again && again && [ "$(shell_of)" = "$first" ] || { echo "$(shell_of) is not $first"; return 1; }
    end_probe
}

shell_is_killed() {
    start_probe t processes
    on_target kill -KILL "$(shell_of)"
    again | grep -q '^t processes [0-9]*$'
    local result=$?
    end_probe
    return $result
}

target_reboots() {
    start_probe t processes
    target_reboot
    again | grep -q '^t processes [0-9]*$'
    local result=$?
    end_probe
    return $result
}

# A shell that is stopped is missed at the deadline; once it goes on, its late answer is not taken for a new one.
shell_hangs() {
    deadline=2 start_probe t processes
    local stopped
    stopped=$(shell_of)
    on_target kill -STOP "$stopped"
    again >"$scratch/hanging"
    on_target kill -CONT "$stopped"
    again >"$scratch/going"
    [ "$(shell_of)" = "$stopped" ] || echo "started anew" >>"$scratch/going"
    end_probe
    cat "$scratch/hanging" "$scratch/going"
    grep -q "^t missed: 'sh' has not answered for 2s" "$scratch/hanging" &&
        [ "$(grep -c . "$scratch/going")" = 1 ] && grep -q '^t processes' "$scratch/going"
}

# What `head` prints instead of the files, and what is told of it; afterwards all is as before.
head_is() { # PATTERN, program from standard input
    cat >"$scratch/head"
    real_head # shells keep in mind where a program is
    start_probe t processes
    replace head <"$scratch/head"
    again >"$scratch/instead"
    real_head
    again >"$scratch/restored"
    end_probe
    cat "$scratch/instead" "$scratch/restored"
    grep -qE "^t missed: $1" "$scratch/instead" && grep -q '^t processes [0-9]*$' "$scratch/restored"
}

# Nobody asks, but the input stays open: with a minute that is half a second long.
idle_shell_ends() {
    printf '#!/bin/sh\nexec /bin/sleep 0.5\n' | replace sleep
    start_probe t processes
    wait_until "$probe_process" no_shell || return
    restore sleep
    again | grep -q '^t processes [0-9]*$'
    local result=$?
    end_probe
    return $result
}

with_busybox() {
    printf '#!/bin/sh\nexec busybox sh "$@"\n' | replace sh
    printf '#!/bin/busybox sh\nexec busybox head "$@"\n' | replace head
    in_groups cpu memory filesystem network process
    restore sh
    restore head
}

check_life() {
    check "packets are counted" packets_counted
    check "one shell answers" one_shell
    check "one that was killed is started again" shell_is_killed
    check "one that is stopped is missed, and goes on" shell_hangs
    check "one that nobody asks ends by itself, and is started again" idle_shell_ends
    check "after a reboot it is connected and started again" target_reboots
    check "no shell stays at the end" wait_until $target_holder no_shell
}

check_hostile() {
    check "garbage" head_is 'the answer has nothing of /proc/stat any more' <<<$'#!/bin/sh\nexec /bin/head -c 20000 /dev/urandom'
    check "nothing" head_is 'the answer has nothing of /proc/stat any more' <<<$'#!/bin/sh'
    check "a part" head_is 'the answer has nothing of /proc/.* any more' <<<$'#!/bin/sh\n/bin/head "$@" | /bin/head -c 6000'
    check "endless output" head_is "'sh' printed more than 1024 kB" <<<$'#!/bin/sh\nexec yes'
    printf '#!/bin/sh\n' | replace head
    check "a target without anything in /proc is an error" exits_with 4 read_once t
    restore head
    replace sh <<<$'#!/bin/sh\ncase "$*" in *vnfault-proc*) echo no shell for you >&2; exit 3 ;; esac\nexec /bin/sh "$@"'
    check "a shell that ends is an error that quotes it" prints "t: 'sh' ended with status 3: no shell for you" read_once t
    restore sh
    check "busybox gives the same metrics" equals "$(in_groups cpu memory filesystem network process)" with_busybox
    check "no shell stays at the end" wait_until $target_holder no_shell
}

check_values
check_life
check_hostile
finish
