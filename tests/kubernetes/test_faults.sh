#!/usr/bin/env bash
# Faults in containers of real pods, by the node's containerd and by kubectl exec: seen from outside the pod,
# gone afterwards, and so when a container is killed and the kubelet starts it again.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/kubernetes/node.sh"
. "$top/tests/steps.sh"
node_or_skip "faults in pods"
pods_up ims.yaml >"$scratch/pods.log" 2>&1 && access_up >>"$scratch/pods.log" 2>&1 || { cat "$scratch/pods.log"; exit 1; }

cat >"$scratch/testbed.xml" <<END
<testbed name="pods" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="30s"/>
  <node name="node1" address="$node_address"/>
  <target name="bono" node="node1"><container engine="containerd" namespace="ims" label="app=bono" name="web"/>
    <source collector="proc"/></target>
  <target name="sprout"><kubectl kubeconfig="$scratch/vnfault.conf" label="app=sprout"/><source collector="proc"/></target>
</testbed>
END
reach() { VNFAULT_DATA=$top HOME=$scratch on_runner "$build/tests/integration/container_probe" "$scratch/testbed.xml" "$@"; } # TARGET ACTION ...

# The two ways to one container each.
use() { # bono or sprout
    way=$1
    case $way in
    bono) pod=bono-0 container=web target_address=containerd:web@$node_address ;;
    sprout) pod=sprout-0 container=scscf target_address=kubectl:scscf@ ;;
    esac
    address=$(pod_address $pod)
}
in_pod() { on_node nsenter -n -t "$(container_process $pod $container)" "$@"; }
group() { # CONTROLLER FILE: of the container
    on_node cat "/sys/fs/cgroup/$1$(on_node sed -nE "s/^[0-9]+:([^:]*,)?$1(,[^:]*)?://p" "/proc/$(container_process $pod $container)/cgroup")/$2"
}
# What must be the same before and after.
state() {
    local place
    for place in bono sprout; do
        use $place
        in_pod bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done; tc qdisc show'
        group cpu cpu.cfs_quota_us
        group memory memory.limit_in_bytes
        group freezer freezer.state
        for process in $(group memory cgroup.procs); do on_node cat "/proc/$process/comm"; done
    done
    on_node bash -c 'iptables -S; iptables -t mangle -S; ls -A /run /srv /var/tmp'
    on_node ls -A "/proc/$(container_process sprout-0 scscf)/root/run"
}
share() { # CONTROLLER FILE: per cent of half a processor over two seconds
    local from start
    start=${EPOCHREALTIME/./} from=$(group cpuacct cpuacct.usage)
    sleep 2
    echo $((($(group cpuacct cpuacct.usage) - from) / 5 / (${EPOCHREALTIME/./} - start)))
}
lost() { on_runner ping -q -i 0.01 -c "$1" -W 1 "$address" | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p'; } # COUNT
answers() { on_runner curl -sf -m 2 "http://$address/" >/dev/null; }
fault_in() { check "$way: $1: applied" steps "$@" -- probe arm apply verify && check "$way: $1: took hold" took_hold; }
fault_out() { check "$way: $1: reverted and proven" steps "$@" -- hold revert prove; check "$way: $1: nothing is left" unchanged_here; }
unchanged_here() {
    local now=$way status=0
    unchanged || status=$?
    use "$now"
    return $status
}

check_faults() {
    use "$1"
    fault_in packet-loss 100 losstoken01 30
    check "$way: packet-loss: seen from outside" between 100 "$(lost 100)" 100
    fault_out packet-loss 100 losstoken01 30
    check "$way: packet-loss: gone, from outside" between 0 "$(lost 100)" 0
    fault_in packet-loss 30 losstoken02 60
    # Of requests and of answers: 51 % are lost.
    check "$way: packet-loss 30%: seen from outside" between 42 "$(lost 400)" 60
    fault_out packet-loss 30 losstoken02 60
    while :; do answers; done &
    fault_in port-block 100 blocktoken1 30 local-ports=80
    kill $!
    check "$way: port-block: does not answer" exits_with 28 answers
    check "$way: port-block: to anything else, it does" between 0 "$(lost 20)" 0
    fault_out port-block 100 blocktoken1 30 local-ports=80
    check "$way: port-block: answers" answers
    fault_in partition 100 parttoken01 30 peers=$runner_address
    check "$way: partition: no way there" between 100 "$(lost 20)" 100
    check "$way: partition: but from the node" on_node curl -sf -m 5 "http://$address/"
    fault_out partition 100 parttoken01 30 peers=$runner_address
    fault_in process-pause 100 pausetoken1 30 program="$2"
    check "$way: process-pause: does not answer" exits_with 28 answers
    fault_out process-pause 100 pausetoken1 30 program="$2"
    check "$way: process-pause: answers" answers
    fault_in cpu 70 cputoken001 60
    check "$way: cpu: of half a processor" says '^probe.cpu-capacity 0.500 '
    check "$way: cpu: seen from outside" between 63 "$(for _ in 1 2 3; do share; done | sort -n | tail -n 1)" 99
    fault_out cpu 70 cputoken001 60
    fault_in memory 70 memorytoken1 60
    check "$way: memory: seen from outside" between 66 "$(($(group memory memory.usage_in_bytes) * 100 / $(group memory memory.limit_in_bytes)))" 95
    fault_out memory 70 memorytoken1 60
}

# What the kubelet does when a container dies: the same pod and network, another container.
check_killed() {
    use "$1"
    local before
    before=$(container_id $pod $container)
    check "$way: killed: packet-loss before" steps packet-loss 100 killtoken01 600 -- probe arm apply
    on_node kill -KILL "$(container_process $pod $container)"
    wait_until "$node_holder" started_again "$before"
    check "$way: killed: the kubelet started it again" test "$before" != "$(container_id $pod $container)"
    check "$way: killed: the pod's network has the fault still" between 100 "$(lost 20)" 100
}
started_again() { # ID
    local now
    now=$(container_id $pod $container)
    [ -n "$now" ] && [ "$now" != "$1" ] && [ -n "$(container_process $pod $container)" ]
}
heal() { VNFAULT_DATA=$top HOME=$scratch on_runner "$vnfault" heal "$scratch/testbed.xml"; }

check "by label, through containerd" prints 'containerd on .*: web, .* process [0-9]+ ' reach bono describe
check "by label, through kubectl" prints "kubectl exec in ims/sprout-0/scscf, $(container_id sprout-0 scscf | cut -c 1-12)" reach sprout describe
state >"$scratch/before"
check_faults bono httpd
check_faults sprout busybox
check "sprout: process 1 can't be stopped from within" refused 4 'sh is process 1' process-pause 100 pausetoken2 30 program=sh -- probe
check_killed bono
check "heal, of nothing but the testbed" heal
check "bono: healed: seen from outside" between 0 "$(lost 20)" 0
check_killed sprout
check "heal, of nothing but the testbed" heal
check "sprout: healed: seen from outside" between 0 "$(lost 20)" 0
check "nothing is left" unchanged
finish
