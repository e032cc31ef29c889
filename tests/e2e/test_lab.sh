#!/usr/bin/env bash
# The lab: comes up, registers and calls, reboots, stands side by side with another, and goes
# without a trace.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/lib.sh"

other=$lab-b

state_of() { # HOST
    "$vnfault" lab status --json --name "$lab" | field "$1" state
}

# Value of a field of one host in the JSON status.
field() { # HOST FIELD
    tr -d '\n ' | grep -oE "\"host\":\"$1\"[^}]*" | grep -oE "\"$2\":[^,}]*" | sed -E 's/.*://; s/"//g'
}

first_process() { "$vnfault" lab status --json --name "$lab" | field "$1" pid; }

wait_ready() { # HOST: there is no time limit but the runner's own
    until [ "$(state_of "$1")" = ready ]; do sleep 0.1; done
}

# Waits for another first process than the one given, and until the host answers.
wait_rebooted() { # HOST PID
    until [ "$(first_process "$1")" != "$2" ] && [ "$(state_of "$1")" = ready ]; do sleep 0.1; done
}

# Five registrations and five calls by SIPp on the load host of a lab; all must succeed.
calls_go_through() { # LAB
    local file
    for file in register caller callee; do
        "$vnfault" lab ssh --name "$1" load "cat >/tmp/$file.xml" \
            <"$top/sipp-scenarios/register-call/$file.xml" || return 1
    done
    "$vnfault" lab ssh --name "$1" load '
        cd /tmp || exit 1
        { echo SEQUENTIAL; sed -n 2,6p /srv/subscribers.csv; } >callees.csv
        { echo SEQUENTIAL
          paste -d ";" <(sed -n 7,11p /srv/subscribers.csv) <(sed -n 2,6p callees.csv | cut -d ";" -f 1)
        } >callers.csv
        run() { sipp -sf "$1.xml" -i 198.18.0.20 -key domain ims.test -key start $(date +%N | cut -c 1-8) -nostdin "${@:2}" 198.18.0.11:5060 >/dev/null 2>&1; }
        run register -inf callees.csv -p 5080 -m 5 -trace_stat -stf register.csv
        run callee -p 5080 &
        run caller -inf callers.csv -p 5070 -m 5 -r 5 -trace_stat -stf caller.csv
        pkill -KILL sipp
        for phase in register caller; do
            awk -F ";" -v phase=$phase "END { print phase, \"succeeded\", \$16, \"failed\", \$18; exit !(\$16 == 5 && \$18 == 0) }" $phase.csv || exit 1
        done'
}

# Zombies don't count: the machine's init collects them when it likes.
running_in() { # LAB
    local folder
    for folder in $(grep -lE "/vnfault/$1/" /proc/[0-9]*/cgroup 2>/dev/null); do
        grep -sE '^(Name|State|Pid):' "${folder%/*}/status" | paste -sd ' ' | grep -vE 'State:.[ZX]'
    done
}

# All that a lab of that name could leave. Other tests make labs of other names meanwhile.
nothing_left() { # LAB
    local left
    left=$(
        ip netns list | grep -E "^vnfault-$1-(switch|management|control|bono|sprout|homestead|load)\b"
        grep -F "vnfault-$1-" /proc/self/mountinfo
        find /sys/fs/cgroup -type d -path "*/vnfault/$1" 2>/dev/null
        ls -d "/run/vnfault/labs/$1" "/var/lib/vnfault/labs/$1" 2>/dev/null
        running_in "$1"
    )
    [ -z "$left" ] || { echo "left: $left"; return 1; }
}

network_namespaces_of_processes() { readlink /proc/[0-9]*/ns/net 2>/dev/null | sort -u; }

lab_up
check "every host is ready after up" prints '^bono +P-CSCF +198.18.0.11 +ready ' "$vnfault" lab status --name "$lab"
for host in bono sprout homestead load; do
    check "$host is ready" equals ready state_of "$host"
done
check "a second up is refused" exits_with 4 "$vnfault" lab up --name "$lab"
check "the second up did no harm" equals ready state_of bono

generated=$(sed -E "s/$lab/lab/g" "$testbed" | grep -v '^<?xml' | tr -s ' \n' ' ')
shipped=$(sed -E 's/<!--.*-->//' "$top/campaigns/testbeds/lab.xml" | grep -v '^<?xml' | tr -s ' \n' ' ')
check "its testbed file is the one that is shipped" [ "${generated# }" = "${shipped# }" ]
check "the key is private" equals 600 stat -c %a "/run/vnfault/labs/$lab/key"

check "a session finds the tools of root" prints '^/.*sbin/iptables$' on bono 'command -v iptables'
check "a host has its own process numbers" equals 1 on bono 'pgrep -o -x init-bono'
check "a host has its own name" equals sprout on sprout hostname
check "a host sees its own cgroup as the root" prints ':/$' on bono 'grep -E ":(memory:)?/" /proc/self/cgroup | head -n 1'
check "a host sees its memory limit" equals 536870912 on bono \
    'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null'
check "a session is in the host's cgroup" prints '^[1-9]' on bono \
    'grep -cx $$ /sys/fs/cgroup/pids/cgroup.procs /sys/fs/cgroup/cgroup.procs 2>/dev/null | sed "s/.*://" | sort -n | tail -n 1'
check "a host can't change the machine's files" exits_with 1 on bono 'touch /usr/touched /etc/touched 2>/dev/null'
check "a host does not see the lab's key" exits_with 2 on bono 'ls /run/vnfault/labs /var/lib/vnfault/labs 2>/dev/null'

check "no host has a default route" equals "" on load 'ip route show default; ip -6 route show default'
check "nothing beyond the lab can be reached" prints 'unreachable' on load 'ip route get 192.0.2.1'
check "no namespace forwards" equals 0 ip netns exec "vnfault-$lab-control" cat /proc/sys/net/ipv4/ip_forward
for bridge in switch management; do
    check "the namespace of the bridge $bridge has no address" equals "" ip -n "vnfault-$lab-$bridge" -4 addr show scope global
done

# What the runner does comes by a network of its own, so that it isn't among what the service's cables count.
packets() { ip netns exec "vnfault-$lab-$1" cat /sys/class/net/sprout/statistics/{rx,tx}_packets | paste -sd ' '; }
service_before=$(packets switch)
management_before=$(packets management)
on sprout true
check "a session is not among the service's packets" equals "$service_before" packets switch
check "but among those of the management network" [ "$(packets management)" != "$management_before" ]

check "registrations and calls go through" calls_go_through "$lab"
check "homestead has written to its disk" prints '^[0-9]+$' on homestead 'sqlite3 -readonly /srv/hss.db "SELECT sum(sequence) FROM subscriber"'

# Reboot typed on the host: only what is on its disk stays.
before=$(first_process bono)
on bono 'touch /run/mark /tmp/mark /srv/mark
    iptables -A INPUT -p tcp --dport 9 -j DROP
    setsid sleep 1000 >/dev/null 2>&1 &'
on bono reboot >/dev/null 2>&1
wait_rebooted bono "$before"
check "a reboot empties /run and /tmp" equals "" on bono 'ls -d /run/mark /tmp/mark 2>/dev/null'
check "a reboot keeps /srv" equals /srv/mark on bono 'ls /srv/mark'
check "a reboot ends every process" exits_with 1 on bono 'pgrep -f "sleep 1000"'
check "a reboot removes rules" exits_with 1 on bono 'iptables-save | grep -- "--dport 9"'

before=$(first_process sprout)
check "the verb reboots" prints '^sprout is ready again' "$vnfault" lab reboot sprout --name "$lab"
check "the verb gave it another first process" [ "$(first_process sprout)" != "$before" ]
check "registrations and calls go through after reboots" calls_go_through "$lab"

before=$(first_process homestead)
kill -KILL "$before"
wait_rebooted homestead "$before"
check "a host whose first process was killed comes back" equals ready state_of homestead

on homestead 'pkill -KILL kamailio'
wait_ready homestead
check "a killed kamailio comes back" prints . on homestead 'pgrep kamailio'
on load 'pkill -KILL -f "sshd.*listener"'
wait_ready load
check "a killed sshd comes back" equals load on load hostname

# Another lab at the same addresses.
at_exit "'$vnfault' lab down --force --name '$other' >/dev/null"
check "another lab comes up beside it" prints "^lab '$other' is up" "$vnfault" lab up --name "$other"
check "calls go through in the other lab" calls_go_through "$other"
check "calls still go through in the first" calls_go_through "$lab"
list() { "$vnfault" lab ssh --name "$1" load 'md5sum </srv/subscribers.csv'; }
check "each lab has passwords of its own" [ "$(list "$lab")" != "$(list "$other")" ]
check "the other goes" exits_with 0 "$vnfault" lab down --name "$other"
check "the other leaves nothing" nothing_left "$other"
check "the first stays" equals ready state_of bono

# What the kernel would keep of it: its processes and its network namespaces.
processes=$(cat /sys/fs/cgroup/pids/vnfault/"$lab"/*/cgroup.procs /sys/fs/cgroup/vnfault/"$lab"/*/cgroup.procs 2>/dev/null)
namespaces=$(for process in $processes; do readlink "/proc/$process/ns/net"; done | sort -u | grep -vxF "$(readlink /proc/self/ns/net)")
check "the lab had processes and namespaces" [ -n "$processes" ] && [ -n "$namespaces" ]
on sprout "mkdir /run/vnfault; echo '99999999999 vnfault run elsewhere:/x' >/run/vnfault/lock"
check "it stays while a run is using it" exits_with 4 "$vnfault" lab down --name "$lab"
check "that is told" prints "sprout is in use by vnfault run elsewhere:/x" "$vnfault" lab down --name "$lab"
check "told to, it goes" prints "^lab '$lab' is down" "$vnfault" lab down --force --name "$lab"
check "it leaves nothing" nothing_left "$lab"
still_there() { for process in $processes; do grep -sE '^State:.[^ZX]' "/proc/$process/status"; done; }
check "its processes are gone" equals "" still_there
check "no process is in its network" equals "" grep -xF "$namespaces" <(network_namespaces_of_processes)
check "down of nothing is fine" exits_with 0 "$vnfault" lab down --name "$lab"
check "status of nothing is an error" exits_with 4 "$vnfault" lab status --name "$lab"
check "ssh to nothing is an error" exits_with 4 "$vnfault" lab ssh --name "$lab" bono true

# Interrupted at some moment, or killed: nothing is left, at the latest after down.
for moment in 0.01 0.05 0.1 0.2; do
    "$vnfault" lab up --name "$other" >/dev/null 2>&1 &
    sleep "$moment"
    kill -TERM $!
    wait $!
    status=$?
    echo "# up interrupted after $moment s ended with $status"
    # It may have been up before the signal came.
    [ $status != 0 ] || "$vnfault" lab down --name "$other" >/dev/null
    check "up interrupted after $moment s leaves nothing" nothing_left "$other"
    "$vnfault" lab up --name "$other" >/dev/null 2>&1 &
    sleep "$moment"
    kill -KILL $!
    wait $! 2>/dev/null
    check "down clears what up killed after $moment s left" exits_with 0 "$vnfault" lab down --name "$other"
    check "nothing is left of up killed after $moment s" nothing_left "$other"
done

check "check finds nothing missing" exits_with 0 "$vnfault" lab check
missing() { PATH='' "$vnfault" lab check; }
check "check without tools fails" exits_with 4 missing
for package in iproute2 iptables kamailio sip-tester sqlite3 openssh-client openssh-server stress-ng; do
    check "check names $package" prints "apt-get install $package\$" missing
done
chmod 711 "$scratch"
cp "$vnfault" "$scratch/vnfault"
check "who is not root is told that only root can see it" prints "^vnfault: only root can see whether lab '$lab' is up" \
    setpriv --reuid=65534 --regid=65534 --clear-groups "$scratch/vnfault" lab status --name "$lab"
check "a bad name is refused" exits_with 64 "$vnfault" lab up --name ../x
check "an unknown host is refused" prints "did you mean 'bono'" "$vnfault" lab reboot bonno
check "an unknown action is refused" exits_with 64 "$vnfault" lab upp
finish
