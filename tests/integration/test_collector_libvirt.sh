#!/usr/bin/env bash
# The libvirt collector against a real libvirtd with QEMU, over SSH: values are right, a domain that is off, gone or
# hangs harms no other, and whatever is there instead of virsh is a missed observation.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/hypervisor.sh"
. "$top/tests/probe.sh"
target_or_skip "libvirt collector"
hypervisor_up || { echo "not ok 1 - a hypervisor is there"; cat "$scratch/libvirtd.log"; exit 1; }
domain busy '\xeb\xfe' >/dev/null
domain idle >/dev/null
cat >"$scratch/testbed.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="20s"/>
  <monitoring-host name="kvm" address="$target_address"/>
  <target name="busy" address="192.0.2.1"><source collector="libvirt" host="kvm" domain="busy"/></target>
  <target name="idle" address="192.0.2.2"><source collector="libvirt" host="kvm" domain="idle"/></target>
  <target name="here" address="192.0.2.4"><source collector="libvirt" domain="busy"/></target>
  <target name="other" address="192.0.2.5"><source collector="libvirt" domain="test" uri="test:///default"/></target>
  <target name="none" address="192.0.2.3"><source collector="libvirt" host="kvm" domain="no such one"/></target>
</testbed>
END
virsh_processes() { on_target pgrep -c -x virsh || true; }
no_virsh() { [ "$(virsh_processes)" = 0 ]; }
value() { sed -n "s/^$1 $2 //p" "$scratch/$3"; } # TARGET NAME READING

check_values() {
    check "processor time is a counter of ns" prints '^busy cpu\.time counter cpu virtual ns$' read_once busy @cpu none
    check "the balloon a gauge of kB" prints '^busy balloon\.rss gauge memory virtual kB$' read_once busy @memory none
    check "disks and interfaces are named" equals 'busy net.tap-busy.rx.bytes counter network virtual bytes' \
        grep -F 'rx.bytes' <(read_once busy @network none)
    check "their bytes" prints '^busy block\.hda\.capacity 1048576$' read_once busy
    check "of each resource group" prints '^busy state\.state 1$' read_once busy
    check "a domain that is not there is exit status 4" exits_with 4 read_once none
    check "and named" prints "none: virsh says nothing of the domain 'no such one': error: failed to get domain" read_once none
    check "without a host it is this machine's" prints '^here block.hda.capacity 1048576$' \
        on_target "$build/tests/integration/collector_probe" "$scratch/testbed.xml" here
    check "any of its hypervisors" prints '^other state.state 1$' read_once other
    check "no history is left" equals '' on_target find /root -type f
    check "no virsh stays" wait_until $target_holder no_virsh
}

# The one that computes uses a processor, the one that halts does not; in between two readings.
processors_count() {
    start_probe busy,idle vcpu.0.time >"$scratch/before"
    on_target sleep 2
    again >"$scratch/after"
    end_probe
    local busy=$(($(value busy vcpu.0.time after) - $(value busy vcpu.0.time before)))
    local idle=$(($(value idle vcpu.0.time after) - $(value idle vcpu.0.time before)))
    [ $busy -gt 200000000 ] && [ $idle -lt $((busy / 4)) ] || { echo "$busy, $idle"; return 1; }
}

one_virsh() {
    start_probe busy,idle state.state
    again >"$scratch/again"
    local processes
    processes=$(virsh_processes)
    end_probe
    [ "$processes" = 1 ] && grep -q '^idle state.state 1$' "$scratch/again"
}

# reads_after COMMAND ...: of both domains, before and after it; then RESTORE is run.
reads_after() {
    deadline=${deadline:-20} start_probe busy,idle >"$scratch/before"
    "$@" >/dev/null
    again >"$scratch/after"
    again >"$scratch/again"
    eval "$restore"
    again >"$scratch/restored"
    end_probe
    cat "$scratch/after"
}

check_domains() {
    check "processors are counted" processors_count
    check "one virsh answers for all" one_virsh
    restore='virsh_there resume idle' check "one that is paused is told as it is" \
        prints '^idle state.state 3$' reads_after virsh_there suspend idle
    restore='virsh_there start idle' check "so is one that is shut off" \
        prints '^idle state.state 5$' reads_after virsh_there destroy idle
    check "what it doesn't have then is unknown" prints '^idle vcpu.0.time -?nan$' cat "$scratch/after"
    check "started again, its counters begin anew" \
        test "$(value idle vcpu.0.time restored)" -lt "$(value idle vcpu.0.time before)"
    restore='domain idle' check "one that was undefined is missed" \
        prints "^idle missed: virsh says nothing of the domain 'idle': error: failed to get domain" \
        reads_after sh_of 'virsh_there destroy idle; virsh_there undefine idle'
    check "which is nothing to the other" prints '^busy state.state 1$' cat "$scratch/after"
    check "and it comes back" prints '^idle state.state 1$' cat "$scratch/restored"
}
sh_of() { eval "$1"; }

# What has no disk while it is off gets it when it is on.
starts_later() {
    virsh_there destroy idle >/dev/null
    start_probe idle >"$scratch/before"
    virsh_there start idle >/dev/null
    again >"$scratch/after"
    again >"$scratch/again"
    end_probe
    cat "$scratch/after"
    ! grep -q vcpu.0.time "$scratch/before" && [ "$(head -n 1 "$scratch/after")" = 'idle changed' ] &&
        grep -q '^idle vcpu.0.time [0-9]' "$scratch/after" && ! grep -q changed "$scratch/again"
}

# A QEMU that hangs: what libvirt has of it is told, or it is missed; the other one is there again at last.
hangs() {
    local process
    process=$(on_target pgrep -f 'guest=idle')
    deadline=3 start_probe busy,idle state.state >"$scratch/before"
    on_target kill -STOP "$process"
    local tries=0
    until again >"$scratch/after" && grep -q '^busy state.state 1$' "$scratch/after" || [ $tries = 20 ]; do
        tries=$((tries + 1))
    done
    on_target kill -CONT "$process"
    again >"$scratch/going"
    end_probe
    echo "$tries"; cat "$scratch/after" "$scratch/going"
    grep -q '^busy state.state 1$' "$scratch/after" && grep -q '^idle state.state 1$' "$scratch/going"
}

libvirtd_restarts() {
    start_probe busy state.state >"$scratch/before"
    on_target pkill -x libvirtd
    wait $libvirtd_process
    again >"$scratch/after"
    libvirtd_start
    again >"$scratch/going"
    again >"$scratch/restored"
    end_probe
    cat "$scratch/after" "$scratch/going" "$scratch/restored"
    grep -q '^busy missed: virsh says nothing of the domain' "$scratch/after" &&
        grep -q '^busy state.state 1$' "$scratch/restored"
}

virsh_is_killed() {
    start_probe busy state.state >"$scratch/before"
    on_target pkill -KILL -x virsh
    again >"$scratch/after"
    end_probe
    cat "$scratch/after"
    grep -q '^busy state.state 1$' "$scratch/after"
}

# virsh_is PATTERN: error of a reading with that program in its place, from standard input.
virsh_is() {
    replace virsh
    DEADLINE=2 read_once busy >"$scratch/instead" 2>&1
    restore virsh
    cat "$scratch/instead"
    grep -qE "$1" "$scratch/instead"
}

check_hostile() {
    check "metrics that come later are told" starts_later
    check "a domain that hangs does not keep the others from being read" hangs
    check "libvirtd that is started again is found again" libvirtd_restarts
    check "virsh that was killed is started again" virsh_is_killed
    check "garbage" virsh_is "kvm: 'virsh' ended with status 0" <<<$'#!/bin/sh\nexec head -c 20000 /dev/urandom'
    check "endless output" virsh_is "'virsh' printed more than 8192 kB" <<<$'#!/bin/sh\nexec yes'
    check "an end" virsh_is "'virsh' ended with status 3: no such thing" <<<$'#!/bin/sh\necho no such thing >&2; exit 3'
    check "marks alone" virsh_is "virsh says nothing of the domain 'busy'" <<<$'#!/bin/sh\nwhile read -r word rest; do echo "$rest"; done'
    sed -i 's/timeout="20s"/timeout="2s"/' "$scratch/testbed.xml"
    check "silence" virsh_is "'virsh' has not answered for 2s" <<<$'#!/bin/sh\nexec sleep 60'
}

check_values
check_domains
check_hostile
finish
