#!/usr/bin/env bash
# Faults of packets that go out, by the delay line on a real target: seen from outside, taken back, and
# told apart from what a filter leaves out. By netem: test_netem_*.sh.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/shaping.sh"
target_or_skip "shaping"
mechanism=nfqueue

state() {
    on_target bash -c 'for i in iptables ip6tables; do $i -t mangle -S; done; tc qdisc show
        ls -A /run; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}
state >"$scratch/before"
latency_faults
packet_faults

check "duplication of IPv6: applied" shape duplication 50 duplicate6
check "duplication of IPv6: pings are answered twice" between 10 "$(doubles $target_address6)" 90
check "duplication of IPv6: reverted" unshape duplication 50 duplicate6

# --- whatever dies -------------------------------------------------------------------------------
check "the delay line dies: applied" shape bandwidth 64 deadline01
on_target pkill -KILL delay-line
check "the delay line dies: the traffic is free" between 0 "$(large)" 100
check "the delay line dies: that is noticed" steps bandwidth 64 deadline01 20 mechanism=nfqueue -- hold
check "the delay line dies: as having died early" says '^hold.took_hold false'
check "the delay line dies: reverted" unshape bandwidth 64 deadline01

# --- sabotage --------------------------------------------------------------------------------------
on_target sh -c 'for tool in iptables iptables-restore ip6tables ip6tables-restore; do
    printf "#!/bin/sh\nexit 0\n" >/run/bin/$tool; chmod +x /run/bin/$tool; done'
for fault in "latency 50 jitter=10ms" "corruption 20" "duplication 20" "reordering 20" "bandwidth 64"; do
    # shellcheck disable=SC2086 # words
    set -- $fault
    check "iptables does nothing: $1 runs through" steps "$1" "$2" sabotage01 20 mechanism=nfqueue "${@:3}" -- probe arm apply verify revert prove
    check "iptables does nothing: $1 is a phantom" phantom
done
on_target sh -c 'rm /run/bin/*'
check "sabotage: nothing is left" unchanged
finish
