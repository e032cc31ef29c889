#!/usr/bin/env bash
# The five fault types on a real target over SSH: applied, seen from outside, and gone; tools that lie, the
# lock, and heal. Whatever dies: test_leases.sh.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "injectors"

# What must be the same before and after: rules, qdiscs, files, processes.
state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        tc qdisc show; ls -A /run /srv /var/tmp; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}

# Share of pings lost, and the least round trip in ms, from the runner's side.
pings() { on_runner ping -q -i 0.01 -c "$1" -W 2 $target_address; }
loss_outside() { pings 300 | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p'; }
round_trip_outside() { pings 20 | sed -n 's/^rtt .* = \([0-9.]*\).*/\1/p'; }
# The least time in ms that a connection to the SSH port takes.
connecting_outside() {
    on_runner bash -c 'for i in {1..10}; do
        from=${EPOCHREALTIME/./}; exec 3<>"/dev/tcp/$0/22"; echo $(((${EPOCHREALTIME/./} - from) / 1000))
    done' $target_address | sort -n | head -n 1
}
cgroup_value() { # V1-CONTROLLER V1-FILE V2-FILE V2-FIELD
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        sed -n "s/^$4//p" "${target_cgroups[0]}/$3"
    else
        cat "/sys/fs/cgroup/$1/vnft-$$/$2"
    fi
}
cpu_outside() { # per cent of its quota over two seconds
    local from to start end
    start=${EPOCHREALTIME/./} from=$(cgroup_value cpuacct cpuacct.usage cpu.stat 'usage_usec ')
    sleep 2
    end=${EPOCHREALTIME/./} to=$(cgroup_value cpuacct cpuacct.usage cpu.stat 'usage_usec ')
    [ -f /sys/fs/cgroup/cgroup.controllers ] || { from=$((from / 1000)) to=$((to / 1000)); }
    echo $(((to - from) * 200 / (end - start)))
}
# The most of three looks: another that uses this machine can only take away from it.
cpu_outside_most() { for _ in 1 2 3; do cpu_outside; done | sort -n | tail -n 1; }
memory_outside() { echo $(($(cgroup_value memory memory.usage_in_bytes memory.current '') * 100 / target_memory)); }

state >"$scratch/before"

# --- each fault type: applied, seen, gone ---------------------------------------------------------
check "packet-loss: applied and verified" steps packet-loss 20 losstoken01 20 -- probe arm apply verify
check "packet-loss: took hold" took_hold
check "packet-loss: seen from outside, both ways together" between 22 "$(loss_outside)" 52
check "packet-loss: is reverted and proven" steps packet-loss 20 losstoken01 20 -- hold revert prove
check "packet-loss: nothing is left" unchanged
check "packet-loss: nothing is lost any more" between 0 "$(loss_outside)" 0
check "packet-loss: reverting again is no error" steps packet-loss 20 losstoken01 20 -- revert prove

check "packet-loss 100%: new SSH connections still work" steps packet-loss 100 losstoken02 20 -- probe arm apply verify
check "packet-loss 100%: took hold" took_hold
check "packet-loss 100%: seen from outside" between 100 "$(loss_outside)" 100
check "packet-loss 100%: is held and reverted" steps packet-loss 100 losstoken02 20 -- hold revert prove
check "packet-loss 100%: nothing is left" unchanged

check "packet-loss in: applied" steps packet-loss 30 losstoken03 20 direction=in interface=eth0 -- probe arm apply verify
check "packet-loss in: one direction only" says '^verify.share-in '
check "packet-loss in: not out" exits_with 1 grep -q '^verify.share-out' "$scratch/steps"
check "packet-loss in: reverted" steps packet-loss 30 losstoken03 20 -- revert prove

nominal=$(round_trip_outside)
check "latency: applied by the delay line" steps latency 60 delaytoken01 20 mechanism=nfqueue -- probe arm apply verify
check "latency: took hold" took_hold
check "latency: achieved as asked for" between 59 "$(figure verify.achieved)" 70
check "latency: seen from outside" between 59 "$(round_trip_outside)" 75
check "latency: the control channel is not delayed" between 0 "$(connecting_outside)" 50
on_target pkill -KILL delay-line
check "latency: the death of the delay line frees the traffic" between 0 "$(round_trip_outside)" 30
check "latency: and is noticed" steps latency 60 delaytoken01 20 -- hold
check "latency: as having died early" says '^hold.took_hold false'
check "latency: reverted" steps latency 60 delaytoken01 20 -- revert prove
check "latency: nothing is left" unchanged
check "latency: the round trip is as before" between 0 "$(round_trip_outside)" "$(awk "BEGIN { print $nominal + 30 }")"

check "latency 4 s: applied and verified" steps latency 4000 delaytoken02 40 mechanism=nfqueue -- probe arm apply verify
check "latency 4 s: took hold" took_hold
check "latency 4 s: reverted" steps latency 4000 delaytoken02 40 -- revert prove

check "cpu: applied and verified" steps cpu 70 cputoken01 40 -- probe arm apply verify
check "cpu: took hold" took_hold
check "cpu: knows the quota" says '^probe.cpu-capacity 0.500 '
check "cpu: achieved as asked for" between 63 "$(figure verify.achieved)" 82
check "cpu: seen from outside, with the guards and the look itself" between 63 "$(cpu_outside_most)" 99
check "cpu: reverted" steps cpu 70 cputoken01 40 -- hold revert prove
check "cpu: nothing is left" unchanged
check "cpu: the processor is free again" between 0 "$(cpu_outside)" 15

check "memory: applied and verified" steps memory 70 memorytoken01 30 -- probe arm apply verify
check "memory: took hold" took_hold
check "memory: achieved as asked for" between 67 "$(figure verify.achieved)" 73
check "memory: seen from outside" between 65 "$(memory_outside)" 100
check "memory: burns no processor time" between 0 "$(cpu_outside)" 15
on_target pkill -KILL stress-ng
check "memory: killing stress-ng is noticed" steps memory 70 memorytoken01 30 -- hold
check "memory: as having died early" says '^hold.took_hold false'
check "memory: reverted" steps memory 70 memorytoken01 30 -- revert prove
check "memory: nothing is left" unchanged

check "disk: applied and verified" steps disk 8 disktoken01 30 folder=/var/tmp -- probe arm apply verify
check "disk: took hold" took_hold
check "disk: all workers" says '^verify.achieved 8.000'
check "disk: writes where it was told" on_target test -d /var/tmp/vnfault-disktoken01
check "disk: reverted" steps disk 8 disktoken01 30 -- hold revert prove
check "disk: nothing is left" unchanged

# A reboot takes the undo record and the processes, not a folder on the disk.
on_target mkdir /var/tmp/deep
steps disk 2 disktoken02 30 folder=/var/tmp/deep -- probe arm apply
on_target sh -c "pkill -KILL -f '[i]njector.sh guard'; pkill -KILL 'stress-ng|sleep'; rm -r /run/vnfault"
check "disk: reverted after a reboot" steps disk 2 disktoken02 30 folder=/var/tmp/deep -- revert prove
check "disk: the folder is gone, wherever it was" on_target rmdir /var/tmp/deep
check "disk: nothing is left of that either" unchanged

# --- tools that lie, lack or clash -------------------------------------------------------------------
sabotage() { for tool; do on_target sh -c "printf '#!/bin/sh\nexit 0\n' >/run/bin/$tool; chmod +x /run/bin/$tool"; done; }
sabotage stress-ng
check "stress-ng does nothing: cpu runs through" steps cpu 50 liar0001 20 -- probe arm apply verify revert prove
check "stress-ng does nothing: cpu is a phantom" says '^verify.took_hold false'
on_target sh -c "printf '#!/bin/sh\n[ \$1 = --version ] || exec sleep 600\n' >/run/bin/stress-ng"
check "stress-ng sleeps: cpu runs through" steps cpu 50 liar0006 20 -- probe arm apply verify revert prove
check "stress-ng sleeps: cpu is a phantom" says '^verify.took_hold false'
check "stress-ng sleeps: what was measured is told" says '^verify.detail the fault uses 0.000%, waits for 0'
sabotage stress-ng
check "stress-ng does nothing: memory is a phantom" steps memory 50 liar0002 20 -- probe arm apply verify revert prove
check "stress-ng does nothing: memory did not take hold" says '^verify.took_hold false'
check "stress-ng does nothing: disk runs through" steps disk 4 liar0003 20 -- probe arm apply verify revert prove
check "stress-ng does nothing: disk did not take hold" says '^verify.took_hold false'
sabotage iptables iptables-restore ip6tables ip6tables-restore
check "iptables does nothing: packet-loss runs through" steps packet-loss 20 liar0004 20 -- probe arm apply verify revert prove
check "iptables does nothing: packet-loss did not take hold" says '^verify.took_hold false'
check "iptables does nothing: latency runs through" steps latency 50 liar0005 20 mechanism=nfqueue -- probe arm apply verify revert prove
check "iptables does nothing: latency did not take hold" says '^verify.took_hold false'
on_target sh -c 'rm -f /run/bin/*'
check "sabotage: nothing is left" unchanged

mkdir "$scratch/injectors"
cat >"$scratch/injectors/toolless.sh" <<'END'
# name: toolless
# summary: nothing, by a tool that isn't there
# unit: %
# range: 1..100
# tools: no-such-tool|nor-this-one sh
END
export VNFAULT_INJECTORS=$scratch/injectors
check "a missing tool is named" refused 4 'the target lacks nor-this-one' toolless 5 missing01 20 -- probe

# The example of the reference is a fault type that works.
sed -n '/^## An example/,$p' "$top/injectors/README.md" | sed -n '/^```sh/,/^```/p' | sed '/^```/d' >"$scratch/injectors/stopped.sh"
on_target sh -c 'cp "$(command -v sleep)" /run/bin/dozer; for i in 1 2 3; do setsid /run/bin/dozer 600 </dev/null >/dev/null 2>&1 & done'
dozers() { # STATE: all three are in it
    on_target sh -c '[ "$(for i in $(pgrep -x dozer); do grep "^State:.'"$1"'" "/proc/$i/status"; done | wc -l)" = 3 ]'
}
check "the example of injectors/README.md: runs" steps stopped 100 example01 20 program=dozer -- probe arm apply verify hold
check "the example: took hold" took_hold
check "the example: achieved what was asked, in its unit" between 100 "$(figure verify.achieved)" 100
check "the example: seen from outside" dozers T
check "the example: reverted and proven" steps stopped 100 example01 20 program=dozer -- revert prove
check "the example: gone" dozers S
on_target pkill -x dozer
on_target rm /run/bin/dozer
unset VNFAULT_INJECTORS
check "an intensity out of range is refused" refused 64 'cpu can.t be 101%' cpu 101 range0001 20 -- probe
check "a value of a parameter that is not allowed is refused" refused 64 'direction can.t be' packet-loss 5 param0001 20 direction=up -- probe
check "a value that a shell would act on is refused" refused 64 'interface can.t be' packet-loss 5 param0002 20 'interface=$(id)' -- probe
check "memory that is in use already is told" refused 64 'of its memory in use' memory 1 full00001 20 -- probe arm apply
steps memory 1 full00001 20 -- revert prove
check "refusals leave nothing" unchanged

# --- lock ----------------------------------------------------------------------------------------
lock() { steps cpu 1 locktoken01 "$1" -- "$2"; }
check "lock: taken" lock 20 "lock:runner A of test"
check "lock: refused to another, its owner named" refused 4 'in use by runner A of test' cpu 1 locktoken01 20 -- "lock:runner B"
check "lock: renewed by its owner" lock 1 "lock:runner A of test"
on_target sleep 1.2
check "lock: one that has lapsed is taken over" lock 20 "lock:runner B"
check "lock: the first owner can't renew it then" refused 4 'in use by runner B' cpu 1 locktoken01 20 -- "lock:runner A of test"
check "lock: unlocking another's does nothing" lock 20 "unlock:runner A of test"
check "lock: still held" refused 4 'in use by runner B' cpu 1 locktoken01 20 -- "lock:runner C"
check "lock: released" lock 20 "unlock:runner B"
check "lock: leaves nothing" unchanged
on_target sh -c 'mkdir /run/vnfault; mount -t tmpfs -o ro none /run/vnfault'
check "lock: one that can't be written is told as such" refused 4 "the lock can.t be written: .*[Rr]ead-only" cpu 1 locktoken01 20 -- "lock:runner C"
on_target sh -c 'umount /run/vnfault; rmdir /run/vnfault'
for runner in 1 2 3 4 5; do injection cpu 1 locktoken01 20 -- "lock:racer $runner" >"$scratch/race.$runner" 2>&1 && touch "$scratch/won.$runner" & racers[runner]=$!; done
wait "${racers[@]}"
check "lock: of five at once just one gets it" test "$(ls "$scratch"/won.* | wc -l)" = 1
lock 20 "unlock:racer $(ls "$scratch"/won.* | sed 's/.*\.//')"

# --- heal ----------------------------------------------------------------------------------------
heal() { steps cpu 1 healtoken0 20 -- "$1"; }
steps packet-loss 20 healtoken1 60 -- probe arm apply
steps disk 2 healtoken2 60 -- probe arm apply
check "heal: leftovers are listed" heal leftovers
check "heal: with token, fault type and runner" says '^leftover healtoken1 packet-loss live process [0-9]+ on '
check "heal: reverts what has a record" heal heal
check "heal: nothing is left" unchanged
on_target sh -c 'mkdir -p /run/vnfault/unwritten001 /run/vnfault/unwritten002; : >/run/vnfault/unwritten002/injector.sh.vnfault-77'
check "heal: removes a record whose script did not get there" heal heal
check "heal: nothing is left of it" unchanged
steps packet-loss 20 healtoken3 60 -- probe arm apply
steps disk 2 healtoken4 60 -- probe arm apply
on_target rm -r /run/vnfault
check "heal: what has no record is listed" heal leftovers
check "heal: by the names it has" says '^leftover healtoken3 unknown'
check "heal: removes what has no record" heal heal
check "heal: nothing is left of that either" unchanged
check "heal: on a clean target is no error" heal heal

# Somebody works on the firewall meanwhile: that is told, and isn't ours.
steps packet-loss 20 foreign0001 30 -- probe arm apply
on_target iptables -A INPUT -p tcp --dport 9 -j DROP
check "a foreign rule that is new doesn't make it unclean" steps packet-loss 20 foreign0001 30 -- revert prove
check "and it is told" says 'detail changed meanwhile, not by the injection: .*dport 9'
steps packet-loss 20 foreign0002 30 -- probe arm apply
on_target iptables -D INPUT -p tcp --dport 9 -j DROP
check "a rule that is gone is not clean" refused 3 'not as before, this is gone: .*dport 9' packet-loss 20 foreign0002 30 -- revert prove
check "heal tells of it, once" refused 3 'not as before' packet-loss 20 foreign0002 30 -- heal
check "and is clean then" heal heal
check "a foreign change: nothing of ours is left" unchanged

# --- another shell -------------------------------------------------------------------------------
if command -v busybox >/dev/null; then
    on_target sh -c 'for tool in $(busybox --list); do
        case $tool in ip|tc|ping|su*|login|mount|ps|nsenter) ;; *) ln -s "$(command -v busybox)" "/run/bin/$tool" ;; esac; done'
    check "busybox: packet-loss" steps packet-loss 20 busytoken01 20 -- probe arm apply verify hold revert prove
    check "busybox: packet-loss took hold" took_hold
    check "busybox: its instants are of this year" between 1700000000000000000 "$(figure apply.instant)" 4000000000000000000
    check "busybox: cpu" steps cpu 60 busytoken02 20 -- probe arm apply verify hold revert prove
    check "busybox: cpu is there" between 40 "$(figure verify.achieved)" 80
    on_target find /run/bin -type l -delete
    check "busybox: nothing is left" unchanged
else
    skip "busybox" "busybox is not installed"
fi
finish
