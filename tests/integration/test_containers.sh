#!/usr/bin/env bash
# Faults in one of two containers of a node, over SSH to the node, by podman: seen from outside in that
# one, not in the other and not on the node; and whatever dies, gone by the end of the lease.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/containers.sh"
if [ "$(id -u)" != 0 ]; then
    skip "containers" "needs root for namespaces"
    finish
fi
node_up || { echo "not ok 1 - a node is there"; cat "$scratch/target.log"; exit 1; }
if ! box one 198.18.78.11 --label app=pcscf --label side=left >"$scratch/box" 2>&1; then
    skip "containers" "podman can't run one here: $(tail -n 1 "$scratch/box")"
    finish
fi
box two 198.18.78.12 --label app=pcscf --init --tmpfs /srv/disk:size=16m >/dev/null
probe=$build/tests/integration/container_probe
node=$target_address

testbed() { # NAME: from standard input, what is in <target>
    cat >"$scratch/$1.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="30s"/>
  <node name="node1" address="$node"/>
  <target name="pcscf" node="node1">$(cat)<source collector="cgroup" interface="eth0"/></target>
</testbed>
END
}
testbed one <<<'<container engine="podman" name="one"/>'
reach() { VNFAULT_DATA=$top on_runner "$probe" "$scratch/$1.xml" pcscf "${@:2}"; } # TESTBED ACTION ...
# injection_probe for what the variable names: one, two or the node itself.
in_one() { target_address=podman:one@$node "$@"; }
in_two() { target_address=podman:two@$node "$@"; }

# What must be the same before and after, on the node and in both.
state() {
    local place
    for place in one two; do in_network $place bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        tc qdisc show'; done 2>/dev/null
    on_target bash -c 'iptables -S; iptables -t mangle -S; tc qdisc show dev lo; ls -A /run /srv /var/tmp
        ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash|conmon|sort" | sort'
}
lost() { on_target ping -q -i 0.01 -c 100 -W 1 "198.18.78.$1" | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p'; }
round_trip() { on_target ping -q -i 0.01 -c 20 "198.18.78.$1" | sed -n 's/^rtt .* = \([0-9.]*\).*/\1/p'; }
group_of() { # CONTAINER CONTROLLER
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        echo "/sys/fs/cgroup/$containers_cgroup/libpod-$(podman inspect --format '{{.Id}}' "$1")"
    else
        echo "/sys/fs/cgroup/$2/$containers_cgroup/libpod-$(podman inspect --format '{{.Id}}' "$1")"
    fi
}
cpu_time() { # CONTAINER: microseconds
    local group
    group=$(group_of "$1" cpuacct)
    if [ -f "$group/cpu.stat" ] && grep -q usage_usec "$group/cpu.stat"; then
        sed -n 's/^usage_usec //p' "$group/cpu.stat"
    else
        echo $(($(cat "$group/cpuacct.usage") / 1000))
    fi
}
cpu_share() { # CONTAINER: per cent of its half a processor, over two seconds
    local from start
    start=${EPOCHREALTIME/./} from=$(cpu_time "$1")
    sleep 2
    echo $((($(cpu_time "$1") - from) * 200 / (${EPOCHREALTIME/./} - start)))
}
memory_share() { # CONTAINER: per cent of its 64 MB
    local group
    group=$(group_of "$1" memory)
    echo $(($(cat "$group/memory.current" "$group/memory.usage_in_bytes" 2>/dev/null) * 100 / 67108864))
}
answers() { on_target curl -sf -m 2 "http://198.18.78.$1/" >/dev/null; }
state >"$scratch/before"

# --- which one ------------------------------------------------------------------------------------
check "reached by name" prints "container as root; podman on $node: one, .* process [0-9]+ " reach one describe
testbed labels <<<'<container engine="podman" label="app=pcscf,side=left"/>'
check "reached by labels" prints ": one, " reach labels describe
testbed nosuch <<<'<container engine="podman" name="three"/>'
check "one that isn't there is exit status 4" exits_with 4 reach nosuch describe
check "it is told what there is" prints 'no container of podman that runs is name="three".*' reach nosuch describe
check "by name" prints 'these run: (one, two|two, one)' reach nosuch describe
testbed both <<<'<container engine="podman" label="app=pcscf"/>'
check "two that fit are none" exits_with 4 reach both describe
check "it is told which" prints '2 containers of podman are label="app=pcscf"' reach both describe
testbed docker <<<'<container engine="docker" name="one"/>'
check "an engine that isn't there is told" prints 'docker on .*(not found|connect)' reach docker describe
check "its network is seen" prints '198.18.78.11/24' reach one run ip -br address show eth0
check "so are its interfaces" prints 'eth0' reach one run ls /sys/class/net
check "and the control groups" prints 'memory' reach one run cat /proc/self/cgroup
check "but with the node's files" prints "$scratch" reach one run ls -d "$scratch"
check "a status comes back" prints 'status 7' reach one run sh -c 'exit 7'
check "an odd word does, too" prints "^it's \"\\\$HOME\" \*;" reach one run echo 'it'\''s "$HOME" *;'
# On the node, whose control groups are read there.
check "check --targets knows them" env VNFAULT_DATA="$top" nsenter -n -t "$target_pid" "$vnfault" check --targets "$scratch/one.xml"
sed -n 's/^.*access  *//p' "$scratch/output" >"$scratch/access"
check "and how they are reached" prints 'ok .*podman on .*: one, ' cat "$scratch/access"

# --- each kind of fault: there, not elsewhere, and gone ---------------------------------------------
check "packet-loss 100%: applied" in_one steps packet-loss 100 losstoken01 20 -- probe arm ready apply verify
check "packet-loss 100%: took hold" took_hold
check "packet-loss 100%: seen from outside" between 100 "$(lost 11)" 100
check "packet-loss 100%: not in the other" between 0 "$(lost 12)" 0
check "packet-loss 100%: nor on the node" test -z "$(on_target iptables -S | grep VNFAULT)"
check "packet-loss 100%: reverted" in_one steps packet-loss 100 losstoken01 20 -- hold revert prove
check "packet-loss 100%: nothing is left" unchanged

check "latency: applied" in_one steps latency 60 delaytoken1 20 mechanism=nfqueue -- probe arm ready apply verify
check "latency: took hold" took_hold
check "latency: seen from outside" between 59 "$(round_trip 11)" 90
check "latency: not in the other" between 0 "$(round_trip 12)" 30
check "latency: reverted" in_one steps latency 60 delaytoken1 20 -- hold revert prove
check "latency: nothing is left" unchanged

check "cpu: applied" in_one steps cpu 70 cputoken001 40 -- probe arm ready apply verify
check "cpu: took hold" took_hold
check "cpu: of the container's half a processor" says '^probe.cpu-capacity 0.500 '
check "cpu: achieved as asked for" between 63 "$(figure verify.achieved)" 82
check "cpu: seen from outside" between 35 "$(for _ in 1 2 3; do cpu_share one; done | sort -n | tail -n 1)" 99
check "cpu: not in the other" between 0 "$(cpu_share two)" 5
check "cpu: the container sees the fault's processes" prints stress-ng podman exec one ps
check "cpu: the other doesn't" test -z "$(podman exec two ps | grep stress-ng)"
check "cpu: the container's limits hold for it" test "$(on_target sh -c "cat /proc/\$(pgrep -x -o stress-ng)/cgroup" | sort)" = "$(sort "/proc/$(first_of one)/cgroup")"
check "cpu: reverted" in_one steps cpu 70 cputoken001 40 -- hold revert prove
check "cpu: nothing is left" unchanged
check "cpu: nor for the container to wait for" test -z "$(podman exec one ps | grep -E 'stress-ng|unshare')"

check "memory: applied" in_one steps memory 70 memorytoken1 30 -- probe arm ready apply verify
check "memory: took hold" took_hold
check "memory: of the container's limit" says '^probe.memory-limit 67108864'
check "memory: seen from outside" between 66 "$(memory_share one)" 90
check "memory: not in the other" between 0 "$(memory_share two)" 20
check "memory: reverted" in_one steps memory 70 memorytoken1 30 -- hold revert prove
check "memory: nothing is left" unchanged

check "disk: applied" in_one steps disk 2 disktoken01 30 folder=/var/tmp -- probe arm ready apply verify
check "disk: took hold" took_hold
check "disk: writes into the container's own folder" podman exec one ls -d /var/tmp/vnfault-disktoken01
check "disk: not into the node's" test -z "$(on_target ls /var/tmp)"
check "disk: reverted" in_one steps disk 2 disktoken01 30 folder=/var/tmp -- hold revert prove
check "disk: nothing is left" unchanged
check "disk: nor in the container" test -z "$(podman exec one ls /var/tmp)"

check "process-pause: applied" in_one steps process-pause 100 pausetoken1 20 program=httpd -- probe arm ready apply verify
check "process-pause: took hold" took_hold
check "process-pause: does not answer" exits_with 28 answers 11
check "process-pause: the other does, of the same name" answers 12
check "process-pause: reverted" in_one steps process-pause 100 pausetoken1 20 program=httpd -- hold revert prove
check "process-pause: answers" answers 11
check "clock-skew is not of the node" in_one refused 4 'a container has the clock of its node' clock-skew 60 clocktoken1 20 -- probe
check "io-latency is not of the node" in_one refused 4 'a container is one of its node' io-latency 60 disklatency1 20 -- probe
check "reboot is not of the node" in_one refused 4 'to reboot a container is to reboot its node' reboot 100 reboottoken1 20 -- probe
check "service-stop is not of the node" in_one refused 4 'a container has no services' service-stop 100 servicetok1 20 service=ssh -- probe

check "disk-fill: applied" in_two steps disk-fill 50 filltoken01 20 folder=/srv/disk reserve=1MB -- probe arm ready apply verify
check "disk-fill: took hold" took_hold
check "disk-fill: the container sees it" prints ' (49|50|51)% /srv/disk' podman exec two df /srv/disk
check "disk-fill: reverted" in_two steps disk-fill 50 filltoken01 20 folder=/srv/disk reserve=1MB -- hold revert prove
check "dns-failure: applied" in_one steps dns-failure 100 dnstoken001 20 peers=198.18.78.1 -- probe arm ready apply verify
check "dns-failure: took hold, at the container's name server" took_hold
check "dns-failure: reverted" in_one steps dns-failure 100 dnstoken001 20 peers=198.18.78.1 -- hold revert prove
check "none: nothing changes" in_one steps none 0 nonetoken01 20 -- probe arm ready apply verify hold revert prove
check "none: took hold" took_hold
check "those: nothing is left" unchanged

# Others of their kind: on some of the processors, on the node's own network; and over sudo.
podman run -d --name three --network host --cpuset-cpus 0 --cgroup-parent "/$containers_cgroup" --stop-timeout 1 localhost/box:1 sleep 100000 >/dev/null
in_three() { target_address=podman:three@$node "$@"; }
testbed three <<<'<container engine="podman" name="three"/>'
check "the node's own network is told of" prints "three, .* on the node's own network" reach three describe
check "the node's own network: the connection is exempt" in_three steps packet-loss 100 hosttoken01 20 -- probe arm apply verify
check "the node's own network: took hold" took_hold
check "the node's own network: it is the node's" exits_with 1 on_runner ping -q -c 3 -i 0.1 -W 1 "$node"
check "the node's own network: reverted" in_three steps packet-loss 100 hosttoken01 20 -- hold revert prove
check "one of the processors" in_three steps cpu 50 cpusettok01 20 -- probe
check "one of the processors: is told" says '^probe.cpu-capacity 1.000 '
podman rm -f -t 0 three >/dev/null
on_target sh -c 'printf "#!/bin/sh\n[ \$1 = -n ] && [ \$2 = -- ] && shift 2 && touch /run/bin/by-sudo && exec \"\$@\"\n" >/run/bin/sudo; chmod +x /run/bin/sudo'
sed 's/<ssh /<ssh sudo="true" /' "$scratch/one.xml" >"$scratch/sudo.xml"
check "over sudo" prints eth0 reach sudo run ls /sys/class/net
check "over sudo: it was" on_target rm /run/bin/sudo /run/bin/by-sudo
check "those: nothing is left" unchanged

# The real sudo, which asks for a password: a user of the node's own.
if [ -x /usr/bin/sudo ]; then
    password='a b"$c\d'
    echo "$password" >"$scratch/password"
    echo mistaken >"$scratch/wrong"
    hash=$(perl -e 'print crypt($ARGV[0], q($6$saltsalt$))' "$password")
    printf '%s\n' root:x:0:0::/root:/bin/sh sshd:x:100:65534::/run/sshd:/usr/sbin/nologin \
        asked:x:4006:4006::/tmp:/bin/sh >"$scratch/passwd"
    printf '%s\n' 'root:*:19000::::::' 'sshd:*:19000::::::' "asked:$hash:19000::::::" >"$scratch/shadow"
    printf '%s\n' 'Defaults secure_path=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin' 'asked ALL=(ALL) ALL' >"$scratch/sudoers"
    chmod 440 "$scratch/sudoers"
    chmod 711 "$scratch"
    for file in passwd shadow sudoers; do on_target mount --bind "$scratch/$file" /etc/$file; done
    on_target chmod 644 /run/sshd/authorized_keys
    # What sudo itself keeps is no fault.
    on_target mkdir -p /run/sudo/ts
    state >"$scratch/before"
    asked() { BY_SUDO=asked in_one steps "$@" 3<"$scratch/password"; }
    refuses() { BY_SUDO=asked in_one refused 4 "$1" packet-loss 100 asktoken000 20 -- probe 3<"$2"; } # TEXT FILE
    check "sudo with a password: no other one" refuses "sudo refused the password of user 'asked'" "$scratch/wrong"
    check "sudo with a password: packet-loss applied" asked packet-loss 100 asktoken001 20 -- "lock:runner A" probe arm ready apply verify
    check "sudo with a password: took hold" took_hold
    check "sudo with a password: seen from outside" between 100 "$(lost 11)" 100
    check "sudo with a password: not in the other" between 0 "$(lost 12)" 0
    check "sudo with a password: nobody on the node sees it" test -z "$(on_target sh -c 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ' | tr '\0' '\n' | grep -F "$password")"
    check "sudo with a password: reverted by another connection" asked packet-loss 100 asktoken001 20 -- hold revert prove "unlock:runner A"
    check "sudo with a password: a tool of the fault: applied" asked memory 70 asktoken002 40 -- probe arm ready apply verify
    check "sudo with a password: a tool of the fault: took hold" took_hold
    check "sudo with a password: a tool of the fault: the container sees it" prints stress-ng podman exec one ps
    check "sudo with a password: a tool of the fault: reverted" asked memory 70 asktoken002 40 -- hold revert prove
    check "sudo with a password: the helper is sent: applied" asked latency 60 asktoken003 20 mechanism=nfqueue -- probe arm ready apply verify
    check "sudo with a password: the helper is sent: took hold" took_hold
    check "sudo with a password: heal" asked latency 60 asktoken003 20 -- heal
    check "sudo with a password: nothing is left" unchanged
    asked packet-loss 20 asktoken004 4 -- probe arm apply
    wait_until "$target_holder" eval '! on_target pgrep -f "[i]njector.sh guard" >/dev/null || ! in_network one iptables -S 2>/dev/null | grep -q VNFAULT'
    check "sudo with a password: the runner dies: undone" asked packet-loss 20 asktoken004 4 -- revert prove
    check "sudo with a password: the runner dies: it says so" says 'revert.detail undone by guard'
    check "sudo with a password: the runner dies: nothing is left" unchanged
    sed "s/<ssh /<ssh user=\"asked\" sudo=\"true\" /" "$scratch/one.xml" >"$scratch/asked.xml"
    by_password() { VNFAULT_DATA=$top nsenter -n -t "$target_pid" "$vnfault" "$1" --sudo-password-fd 3 "${@:2}" "$scratch/asked.xml" 3<"$scratch/password"; }
    check "sudo with a password: check --targets" by_password check --targets
    check "sudo with a password: heal of the testbed" prints '^pcscf +clean' by_password heal
    on_target sh -c 'umount /etc/passwd /etc/shadow /etc/sudoers; rm -rf /run/sudo'
    state >"$scratch/before"
else
    skip "sudo with a password" "sudo is not installed"
fi

# Tools of the node that do nothing.
on_target sh -c 'for t in stress-ng iptables-restore ip6tables-restore; do printf "#!/bin/sh\nexit 0\n" >/run/bin/$t; chmod +x /run/bin/$t; done'
check "stress-ng does nothing: cpu runs through" in_one steps cpu 50 liar0000001 20 -- probe arm apply verify revert prove
check "stress-ng does nothing: a phantom" phantom
check "iptables does nothing: packet-loss runs through" in_one steps packet-loss 50 liar0000002 20 -- probe arm apply verify revert prove
check "iptables does nothing: a phantom" phantom
on_target sh -c 'rm /run/bin/stress-ng /run/bin/ip*'
check "that: nothing is left" unchanged

# --- whatever dies ----------------------------------------------------------------------------------
record_of() { echo "/run/vnfault/containers/$(podman inspect --format '{{.Id}}' "$1" | cut -c 1-24)"; } # CONTAINER
uptime_node() { awk '{ printf "%d", $1 * 100 }' /proc/uptime; }
faulted() { in_network "$1" iptables -S 2>/dev/null | grep -q VNFAULT; } # CONTAINER
guarded() { on_target pgrep -f '[i]njector.sh guard' >/dev/null; }
gone_in_time() { # CONTAINER TOKEN
    local deadline now
    deadline=$(on_target cat "$(record_of "$1")/$2/lease") || return
    faulted "$1" || { echo "the fault was gone at once"; return 1; }
    while faulted "$1"; do guarded || ! faulted "$1" || { echo "no guard is left"; return 1; }; sleep 0.1; done
    now=$(uptime_node)
    between 0 $((now - deadline)) 200
}
clean_after() { in_one steps packet-loss 20 "$1" 4 -- revert prove && says 'revert.detail undone by guard' && unchanged; } # TOKEN

in_one steps packet-loss 20 deadrunner1 4 -- probe arm apply
check "the runner dies: gone in time" gone_in_time one deadrunner1
check "the runner dies: proven by the next" clean_after deadrunner1
in_one steps packet-loss 20 deadguard01 4 -- probe arm apply
on_target sh -c "kill -KILL \$(cat $(record_of one)/deadguard01/guard.1)"
check "a guard dies: gone in time" gone_in_time one deadguard01
check "a guard dies: clean after" clean_after deadguard01

# The container is killed, and nobody starts it: what is kept of it goes with the lease.
in_one steps cpu 1 deadbox0001 8 -- "lock:a runner that dies"
in_one steps cpu 50 deadbox0001 15 -- probe arm apply
in_one steps packet-loss 20 deadbox0002 15 -- probe arm apply
podman kill one >/dev/null
check "the container dies: the fault ends with it" test -z "$(on_target pgrep -x stress-ng)"
check "the container dies: its record is there" on_target test -d "$(record_of one)/deadbox0001"
guards_end() { ! guarded; }
wait_until "$target_holder" guards_end
check "the container dies: the guards leave nothing on the node" test ! -e "/proc/$target_pid/root/run/vnfault"
check "the container dies: it is no target then" exits_with 4 reach one describe
podman start one >/dev/null
wait_until "$target_holder" answers 11
check "the container dies: a later revert and proof are no error" in_one steps cpu 50 deadbox0001 15 -- revert prove
check "the container dies: nothing is left" unchanged

# Where systemd is the first process of the node the second guard is in a scope: a stand-in that starts it.
on_target sh -c 'mkdir -p /run/systemd/system; cat >/run/bin/systemd-run; chmod +x /run/bin/systemd-run' <<'END'
#!/bin/sh
while :; do
    case $1 in
    --scope) touch /run/bin/scope ;;
    --*) ;;
    *) break ;;
    esac
    shift
done
exec "$@"
END
in_one steps packet-loss 20 systemd001 4 -- probe arm apply
check "systemd: the second guard is in a scope" on_target rm /run/bin/scope
on_target sh -c "kill -KILL \$(cat $(record_of one)/systemd001/guard.1)"
check "systemd: it undoes the fault" gone_in_time one systemd001
on_target rm -r /run/systemd /run/bin/systemd-run
check "systemd: clean after" clean_after systemd001

# --- started again in the middle ---------------------------------------------------------------------
mkfifo "$scratch/line"
reach one twice hostname <"$scratch/line" >"$scratch/twice" 2>&1 &
exec 5>"$scratch/line"
wait_until $! grep -q status "$scratch/twice"
podman restart one >/dev/null 2>&1
echo >&5
check "started again: noticed" exits_with 4 wait $!
exec 5>&-
check "started again: told" prints "podman's container one: it has ended, or was started again" cat "$scratch/twice"
in_one steps packet-loss 20 restarted01 20 -- probe arm apply
in_one steps disk 2 restarted02 20 folder=/var/tmp -- probe arm apply
podman restart one >/dev/null 2>&1
check "started again: the fault is gone" exits_with 1 faulted one
check "started again: reverted and proven" in_one steps packet-loss 20 restarted01 20 -- revert prove
check "started again: its files, too" in_one steps disk 2 restarted02 20 folder=/var/tmp -- revert prove
check "started again: in the container" test -z "$(podman exec one ls /var/tmp)"
check "started again: nothing is left" unchanged
before=$(reach one describe)
check "reset: the engine starts it again" reach one restart
check "reset: it is another one" test "$before" != "$(cat "$scratch/output")"
wait_until "$target_holder" answers 11

# --- two at once, locks, heal -------------------------------------------------------------------------
in_one steps packet-loss 30 both0000001 60 -- probe arm apply
in_two steps packet-loss 100 both0000002 60 -- probe arm apply
in_two steps cpu 50 both0000003 60 -- probe arm apply
check "leftovers are of one" in_one steps cpu 1 healtoken01 20 -- leftovers
check "leftovers: one" says '^leftovers 1$'
check "leftovers: by name" says '^leftover both0000001 packet-loss live'
check "heal takes those of one" in_one steps cpu 1 healtoken01 20 -- heal
check "heal: the other's stay" eval 'faulted two && on_target pgrep -x stress-ng'
check "heal of the node leaves them" steps cpu 1 healtoken01 20 -- heal
check "heal of the node: they are there" eval 'faulted two && on_target pgrep -x stress-ng && guarded'
on_target rm -r "$(record_of two)/both0000002" "$(record_of two)/both0000003"
check "heal finds what has no record" in_two steps cpu 1 healtoken01 20 -- heal
check "heal: nothing is left" unchanged
check "lock: of one" in_one steps cpu 1 locktoken01 20 -- "lock:runner A"
check "lock: of the other" in_two steps cpu 1 locktoken01 20 -- "lock:runner B"
check "lock: refused to another" in_one refused 4 'in use by runner A' cpu 1 locktoken01 20 -- "lock:runner B"
check "lock: the node's is its own" steps cpu 1 locktoken01 20 -- "lock:runner C" "unlock:runner C"
in_one steps cpu 1 locktoken01 20 -- "unlock:runner A"
in_two steps cpu 1 locktoken01 20 -- "unlock:runner B"
check "lock: leaves nothing" unchanged

# --- metrics --------------------------------------------------------------------------------------------
# On the node, as the collector reads its own machine.
measure() {
    VNFAULT_DATA=$top nsenter -n -t "$target_pid" "$build/tests/integration/collector_probe" "$scratch/one.xml" pcscf "$@"
}
mkfifo "$scratch/again"
measure process.count network.transmit.packets <"$scratch/again" >"$scratch/values" 2>&1 &
exec 6>"$scratch/again"
wait_until $! grep -q network "$scratch/values"
podman restart one >/dev/null 2>&1
on_target ping -q -c 5 -i 0.01 198.18.78.11 >/dev/null
echo >&6
exec 6>&-
check "metrics: read again after a restart" wait $!
check "metrics: of its processes" test "$(grep -c 'process.count 1$' "$scratch/values")" = 2
check "metrics: and of its interface" between 5 "$(sed -n 's/^pcscf network.* //p' "$scratch/values" | tail -n 1)" 200

# --- a pod: its containers share a network, which outlives each of them ---------------------------------
podman pod create --name pod1 --network test --ip 198.18.78.21 --cgroup-parent "/$containers_cgroup" >/dev/null
podman run -d --pod pod1 --name left --stop-timeout 1 localhost/box:1 httpd -f -p 80 -h /srv >/dev/null
podman run -d --pod pod1 --name right --stop-timeout 1 localhost/box:1 sleep 100000 >/dev/null
in_left() { target_address=podman:left@$node "$@"; }
in_right() { target_address=podman:right@$node "$@"; }
check "pod: applied" in_left steps packet-loss 100 podtoken001 20 -- probe arm ready apply verify
check "pod: took hold" took_hold
check "pod: seen from outside" between 100 "$(lost 21)" 100
check "pod: heal of its other container leaves it" in_right steps cpu 1 healtoken01 20 -- heal
check "pod: still there" between 100 "$(lost 21)" 100
check "pod: reverted" in_left steps packet-loss 100 podtoken001 20 -- hold revert prove
check "pod: cpu in one of its containers" in_left steps process-pause 100 podtoken002 20 program=httpd -- probe arm ready apply verify revert prove
check "pod: took hold" took_hold
in_left steps packet-loss 100 podtoken003 4 -- probe arm apply
podman kill left >/dev/null
check "pod: the container dies: its network has the fault until the lease ends" between 100 "$(lost 21)" 100
pod_is_free() { [ "$(lost 21)" = 0 ]; }
wait_until "$target_holder" guards_end
check "pod: the container dies: then it is gone" pod_is_free
check "pod: the container dies: and all of it" test ! -e "/proc/$target_pid/root/run/vnfault"
podman pod rm -f -t 0 pod1 >/dev/null
check "nothing is left of anything" unchanged
finish
