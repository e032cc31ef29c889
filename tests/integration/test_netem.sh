#!/usr/bin/env bash
# Latency by tc netem from its apply to its end, whoever undoes it, and a qdisc that is somebody's own.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/netem.sh"
netem_guest "netem"

round_trip() { on_runner ping -q -i 0.2 -c 10 $target_address | sed -n 's/^rtt .* = \([0-9.]*\).*/\1/p'; }

nominal=$(round_trip)
check "netem: applied and verified" steps latency 80 netemtoken1 60 -- probe arm apply verify hold
check "netem: is the mechanism where the kernel has it" says '^probe.mechanism netem'
check "netem: took hold" says '^verify.took_hold true'
check "netem: achieved as asked for" between 79 "$(figure verify.achieved)" 93
check "netem: seen from outside" between 79 "$(round_trip)" 110
check "netem: SSH goes past it" on_guest 'tc -s filter show dev vec0 parent 7666: | grep -q "flowid 7666:1"'
check "netem: reverted and proven" steps latency 80 netemtoken1 60 -- revert prove
check "netem: its losses are recorded" says '^revert.qdisc-drops 0.000'
check "netem: the root qdisc is as before" unchanged
check "netem: the round trip is as before" between 0 "$(round_trip)" "$(awk "BEGIN { print $nominal + 40 }")"

check "the runner dies: applied" steps latency 80 netemtoken2 20 -- probe arm apply
while [ "$(round_trip | cut -d . -f 1)" -ge 79 ]; do :; done
check "the runner dies: the guard undid it" steps latency 80 netemtoken2 20 -- revert prove
check "the runner dies: it says so" says 'undone by guard'
check "the runner dies: nothing is left" unchanged

check "heal: applied" steps latency 80 netemtoken3 120 -- probe arm apply
on_guest rm -r /run/vnfault
check "heal: finds the qdisc by its handle" steps latency 80 netemtoken3 120 -- leftovers heal leftovers
check "heal: and takes it away" says '^heal removed the qdisc 7666: of vec0'
check "heal: nothing is left" unchanged

on_guest tc qdisc add dev vec0 root handle 5: tbf rate 100mbit burst 100k latency 10ms
check "a foreign root qdisc is refused by its name" refused 4 'vec0 has a root qdisc of its own: qdisc tbf 5:' \
    latency 80 netemtoken4 60 -- probe
check "the foreign qdisc is still there" on_guest 'tc qdisc show dev vec0 | grep -q "tbf 5: root"'
finish
