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

# --- a management network --------------------------------------------------------------------------
# The runner comes by one interface, the service is on the other, and there is no default route.
on_runner ip link add peer1 type veth peer name eth1 netns "$target_pid"
on_runner ip addr add 198.18.78.1/24 dev peer1
on_runner ip link set peer1 up
on_target ip addr add 198.18.78.2/24 dev eth1
on_target ip link set eth1 up
wait_until "$target_holder" on_target ping -q -c 1 -W 1 198.18.78.1 >/dev/null # a neighbour that can be pinged
round_trips() { on_runner ping -q -i 0.05 -c 40 -W 3 "${pinged:-$target_address}"; }
check "no single interface: refused" refused 4 "the target has no interface all" latency 80 service000 20 interface=all mechanism=nfqueue -- probe
check "management network: applied" shape latency 80 service001
check "management network: took hold" took_hold
check "management network: the service's packets are held" between 79 "$(pinged=198.18.78.2 least)" 130
check "management network: the runner's are not" between 0 "$(least)" 40
check "management network: reverted" unshape latency 80 service001
on_runner ip link delete peer1
check "management network: nothing is left" unchanged

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
