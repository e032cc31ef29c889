#!/usr/bin/env bash
# The cgroup collector on a node, over SSH: it tells what this machine's files tell, finds machines, services
# and their interfaces by name, again after a restart, and whatever the node's shell does instead is a missed
# observation.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/probe.sh"
own=vnft-$$-node
machine=sprout$$
groups_down() {
    local folder
    find /sys/fs/cgroup -depth -type d -path "*/$own*" | while read -r folder; do
        until rmdir "$folder" 2>/dev/null || [ ! -d "$folder" ]; do sleep 0.05; done
    done
}
at_exit groups_down # once the node is down
target_or_skip "cgroup collector on a node"
# /sys shows the interfaces of whoever mounts it.
on_target sh -c 'mount -t sysfs sysfs /sys/kernel && mount --rbind /sys/fs/cgroup /sys/kernel/fs/cgroup &&
    mount --move /sys/kernel /sys'
source_of() { # TARGET ATTRIBUTES
    echo "<target name=\"$1\" address=\"$target_address\"><source collector=\"cgroup\" $2/></target>"
}
cat >"$scratch/testbed.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="20s"/>
  <monitoring-host name="node" address="$target_address"/>
  $(source_of here "cgroup=\"$own/plain group\"")
  $(source_of t "host=\"node\" cgroup=\"$own/plain group\" interface=\"tap$$\"")
  $(source_of machine "host=\"node\" machine=\"$machine\"")
  $(source_of wired "host=\"node\" machine=\"$machine\" interface=\"tap$$\"")
  $(source_of service "host=\"node\" service=\"s$$.service\"")
  $(source_of local "service=\"s$$.service\"")
  $(source_of nobody "host=\"node\" machine=\"nobody\"")
  $(source_of nothing "host=\"node\" cgroup=\"$own/nothing\"")
  $(source_of unwired "host=\"node\" cgroup=\"$own/plain group\" interface=\"none$$\"")
</testbed>
END
each_group() { # FOLDER COMMAND ...: for its group in each hierarchy
    local mount
    awk '$(NF - 2) ~ /^cgroup2?$/ { print $5 }' /proc/self/mountinfo | sort -u | while read -r mount; do
        "${@:2}" "$mount/$own/$1"
    done
}
make() { each_group "$1" mkdir -p; } # FOLDER
without_probe_on_target() { without_probe && on_target "$@"; }
enter() { # FOLDER COMMAND ...: on the node, in the group; $! is what ends with it
    local folders
    mapfile -t folders < <(each_group "$1" printf '%s\n')
    # shellcheck disable=SC2016 # expanded by the inner shell
    without_probe_on_target sh -c 'count=$1; shift
        while [ "$count" -gt 0 ]; do echo 0 >"$1/cgroup.procs"; shift; count=$((count - 1)); done 2>/dev/null
        exec "$@"' sh "${#folders[@]}" "${folders[@]}" "${@:2}" &
    disown
}
# Ends all processes of the group, by the machine's numbers.
end() { each_group "$1" end_one; } # FOLDER
end_one() {
    while grep -qs . "$1/cgroup.procs"; do
        xargs -r kill -KILL <"$1/cgroup.procs" 2>/dev/null
        sleep 0.02
    done
}
remove() { # FOLDER
    end "$1"
    each_group "$1" remove_one
}
remove_one() { until rmdir "$1" 2>/dev/null || [ ! -d "$1" ]; do sleep 0.02; done; }
is_entered() { # FOLDER
    local folder
    folder=$(each_group "$1" printf '%s\n' | grep -vE '/(systemd|unified)/' | head -n 1)
    grep -q . "$folder/cgroup.procs"
}
shells() { on_target pgrep -c -f 'sh -c .* vnfault-cgroup' || true; }
no_shell() { [ "$(shells)" = 0 ]; }
shell_of() { # the one that sshd started, not the one that watches it
    local process
    for process in $(on_target pgrep -f 'sh -c .* vnfault-cgroup'); do
        [ "$(on_target ps -o comm= -p "$(on_target ps -o ppid= -p "$process" | tr -d ' ')")" = sshd ] && echo "$process"
    done
}
value() { sed -n "s/^$1 $2 //p"; } # TARGET NAME

make "plain group"
enter "plain group" sleep 100000
scope="machine.slice/machine-qemu\\x2d7\\x2d$machine.scope"
make "$scope/libvirt"
make "system.slice/s$$.service"
enter "system.slice/s$$.service" sleep 100000
on_target ip tuntap add "tap$$" mode tap
# What a hypervisor does with its tap.
cat >"$scratch/hypervisor.py" <<'END'
import fcntl, os, struct, sys
tap = open("/dev/net/tun", "r+b", buffering=0)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH22x", sys.argv[1].encode(), 0x1002))
print("ready", flush=True)
while True:
    os.write(tap.fileno(), os.read(tap.fileno(), 2048))
END
machine_up() { # FOLDER
    : >"$scratch/tap"
    enter "$1" python3 "$scratch/hypervisor.py" "tap$$" >"$scratch/tap"
    wait_until $! grep -q ready "$scratch/tap"
}
machine_up "$scope/libvirt" || { echo "not ok 1 - a machine with a tap is there"; exit 1; }
on_target ip link set "tap$$" up

listing() { # TARGET: its metrics but for the interface's
    local group
    for group in cpu memory filesystem process; do read_once "$1" "@$group" none; done | grep ' virtual ' | sed 's/^[^ ]* //'
}
still() { # values that do not move while it sleeps
    read_once "$1" 'process.Vm*' process.count process.Threads 'pids.current' 'memory.*limit_in_bytes' memory.max |
        sed 's/^[^ ]* //'
}
check "a node's metrics are those of this machine" equals "$(listing here)" listing t
check "of which there are many" test "$(listing t | wc -l)" -ge 100
check "with the same values" equals "$(still here)" still t
check "and those of the tap" equals 24 eval "read_once t @network none | grep -c ' network virtual '"
check "a machine is found by its name, with its process" prints '^machine process.count 1$' read_once machine process.count
check "and its tap" prints '^machine network.transmit.bytes counter network virtual bytes$' read_once machine @network none
check "which may be named" prints '^wired network.receive.packets [0-9]' read_once wired
check "a service is found by its name" prints '^service process.count 1$' read_once service process.count
check "on this machine too" prints '^local process.count 1$' read_once local process.count
check "one that isn't there is an error" prints "no control group is of the machine 'nobody'" read_once nobody
check "which names those that are" prints "does it run\? There are: .*machine-qemu.x2d7.x2d$machine.scope" read_once nobody
check "so is a group that isn't there" prints "nothing: there is no control group /sys/fs/cgroup.*/$own/nothing" read_once nothing
check "and an interface" prints "unwired: there is no interface none$$" read_once unwired
check "no shell stays when nobody asks any more" wait_until $target_holder no_shell

pinged() { # packets through the tap are counted as the machine's own: to it, nobody answers
    local before after
    start_probe wired 'network.*.packets' >"$scratch/before"
    before=$(value wired network.receive.packets <"$scratch/before")
    on_target ip addr add 198.18.99.1/24 dev "tap$$"
    on_target ip neighbour add 198.18.99.2 lladdr 02:00:00:00:00:02 dev "tap$$"
    on_target ping -q -i 0.01 -c 20 -W 1 198.18.99.2 >/dev/null
    again >"$scratch/after"
    after=$(value wired network.receive.packets <"$scratch/after")
    end_probe
    [ $((after - before)) -ge 20 ] || { echo "$before, $after"; return 1; }
}
all_at_once() { # by one shell, twice
    start_probe t,machine,service process.count
    local first
    first=$(shell_of)
    again && [ "$(shell_of)" = "$first" ] || { echo "$(shell_of) is not '$first'"; return 1; }
    end_probe
}
# The machine is started again: another number, another scope. In between only it is missed.
machine_starts_again() {
    start_probe machine,service process.count
    remove "$scope/libvirt"
    remove "$scope"
    again >"$scratch/between"
    scope="machine.slice/machine-qemu\\x2d8\\x2d$machine.scope"
    make "$scope/libvirt"
    machine_up "$scope/libvirt"
    again >"$scratch/back"
    end_probe
    cat "$scratch/between" "$scratch/back"
    grep -q "^machine missed: no control group is of the machine" "$scratch/between" &&
        grep -q '^service process.count 1$' "$scratch/between" && grep -q '^machine process.count 1$' "$scratch/back" &&
        ! grep -q changed "$scratch/back"
}
# Without an interface it has other metrics.
machine_without_tap() {
    start_probe machine 'process.count' 'network.*'
    remove "$scope/libvirt"
    remove "$scope"
    scope="machine.slice/machine-qemu\\x2d9\\x2d$machine.scope"
    make "$scope"
    enter "$scope" sleep 100000
    wait_until $! is_entered "$scope"
    again >"$scratch/back"
    end_probe
    equals "machine changed
machine process.count 1" cat "$scratch/back"
}
check "packets through the tap are counted" pinged
check "one shell answers for all" all_at_once
check "a machine that started again is found again, and others are read meanwhile" machine_starts_again
check "one that has other metrics then is told as changed" machine_without_tap

process_ends() { # its counters stay in the sums
    start_probe t process.count process.rchar >"$scratch/before"
    end "plain group"
    again >"$scratch/after"
    end_probe
    cat "$scratch/before" "$scratch/after"
    grep -q '^t process.count 0$' "$scratch/after" &&
        [ "$(value t process.rchar <"$scratch/before")" = "$(value t process.rchar <"$scratch/after")" ]
}
check "a process that ended stays in the counters" process_ends
enter "plain group" sleep 100000
wait_until $! is_entered "plain group"

# --- what goes wrong ---
shell_is_killed() {
    start_probe t process.count
    on_target kill -KILL "$(shell_of)"
    again | grep -q '^t process.count 1$'
    local result=$?
    end_probe
    return $result
}
# The connection dies while the answer is on its way, as the node's sshd does.
connection_dies() {
    replace head <<<$'#!/bin/sh\n/bin/head "$@"\n[ ! -e /run/dying ] || { rm /run/dying; kill -KILL $(ps -o ppid= -p "$(ps -o ppid= -p $PPID)"); sleep 1; }'
    start_probe t process.count
    on_target touch /run/dying
    again >"$scratch/dying"
    again >"$scratch/again"
    end_probe
    restore head
    cat "$scratch/dying" "$scratch/again"
    on_target test ! -e /run/dying && grep -q '^t process.count 1$' "$scratch/again"
}
# A shell that is stopped is missed at the deadline, all of its sources; once it goes on, its late answer is
# not taken for a new one.
shell_hangs() {
    deadline=2 start_probe t,service process.count
    local stopped
    stopped=$(shell_of)
    on_target kill -STOP "$stopped"
    again >"$scratch/hanging"
    on_target kill -CONT "$stopped"
    again >"$scratch/going"
    end_probe
    cat "$scratch/hanging" "$scratch/going"
    grep -q "^t missed: 'sh' has not answered for 2s" "$scratch/hanging" &&
        grep -q "^service missed: 'sh' has not answered" "$scratch/hanging" &&
        equals "t process.count 1
service process.count 1" cat "$scratch/going"
}
# What `head` prints instead of the files, and what is told of it; afterwards all is as before.
head_is() { # PATTERN, program from standard input
    cat >"$scratch/head"
    replace head <<<$'#!/bin/sh\nexec /bin/head "$@"' # shells keep in mind where a program is
    start_probe t process.count
    replace head <"$scratch/head"
    again >"$scratch/instead"
    replace head <<<$'#!/bin/sh\nexec /bin/head "$@"'
    again >"$scratch/restored"
    end_probe
    cat "$scratch/instead" "$scratch/restored"
    grep -qE "^t missed: $1" "$scratch/instead" && grep -q '^t process.count 1$' "$scratch/restored"
}
check "a shell that was killed is started again" shell_is_killed
check "a connection that dies in the middle is made again" connection_dies
check "a shell that is stopped is missed, and goes on" shell_hangs
check "garbage" head_is 'there is no control group' <<<$'#!/bin/sh\nexec /bin/head -c 20000 /dev/urandom'
check "nothing" head_is 'there is no control group' <<<$'#!/bin/sh'
check "a part" head_is 'there is no control group|there is no interface' <<<$'#!/bin/sh\n/bin/head "$@" | /bin/head -c 2000'
check "endless output" head_is "'sh' printed more than 8192 kB" <<<$'#!/bin/sh\nexec yes'
replace sh <<<$'#!/bin/sh\ncase "$*" in *vnfault-cgroup*) echo no shell for you >&2; exit 3 ;; esac\nexec /bin/sh "$@"'
check "a shell that ends is an error that quotes it" prints "'sh' ended with status 3: no shell for you" read_once t
restore sh
restore head
with_busybox() {
    printf '#!/bin/sh\nexec busybox sh "$@"\n' | replace sh
    printf '#!/bin/busybox sh\nexec busybox head "$@"\n' | replace head
    still t
    restore sh
    restore head
}
check "busybox tells the same" equals "$(still here)" with_busybox
check "no shell stays at the end" wait_until $target_holder no_shell

wrong() { # ATTRIBUTES
    cat >"$scratch/wrong.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="20s"/>
  <monitoring-host name="node" address="$target_address"/>
  $(source_of t "$1")
</testbed>
END
    on_runner "$build/tests/integration/collector_probe" "$scratch/wrong.xml" t </dev/null
}
check "a group needs a name" prints 'the attribute cgroup is missing' wrong 'host="node"'
check "and just one" prints 'named by one of cgroup, machine' wrong 'host="node" machine="a" service="b"'
check "a pod has a namespace" prints "'bono' is not NAMESPACE/NAME of a pod" wrong 'host="node" pod="bono"'
check "an engine is known" prints "unknown container engine 'rkt'" wrong 'host="node" container="a" engine="rkt"'
check "an interface is no path" prints 'not a name of an interface' wrong "host=\"node\" cgroup=\"$own\" interface=\"../lo\""
check "a network namespace is of this machine" prints 'network-namespace is for' wrong 'host="node" cgroup="a" network-namespace="b"'
check "each is an input error" exits_with 64 wrong 'host="node" cgroup="../a"'
finish
