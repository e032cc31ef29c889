#!/usr/bin/env bash
# Containers of pods as Kubernetes has them with containerd: labels, two in one network, and one that comes
# back under another id. The pods are made by hand, as the kubelet would.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/containers.sh"
if [ "$(id -u)" != 0 ]; then
    skip "pods" "needs root for namespaces"
    finish
fi
node_up || { echo "not ok 1 - a node is there"; cat "$scratch/target.log"; exit 1; }
probe=$build/tests/integration/container_probe
node=$target_address
folder=$scratch/containerd
mkdir "$folder"
cat >"$folder/config.toml" <<END
version = 2
root = "$folder/root"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
oom_score = 0
[grpc]
  address = "/run/containerd/containerd.sock"
END
on_target containerd -c "$folder/config.toml" >"$folder/log" 2>&1 &
engine=$!
ctr() { on_target ctr -n k8s.io "$@"; }
wait_until $engine eval 'ctr version >/dev/null 2>&1' || { cat "$folder/log"; exit 1; }
podman save -q --format oci-archive -o "$scratch/box.tar" localhost/box:1
ctr images import --snapshotter native "$scratch/box.tar" >/dev/null
process_of() { ctr tasks ls | awk -v id="$1" '$1 == id { print $2 }'; } # ID

start() { # ID POD-UID POD LABEL=VALUE ... -- COMMAND ...
    local id=$1 labels=(--label "io.kubernetes.pod.uid=$2" --label "io.kubernetes.pod.name=$3" --label io.kubernetes.pod.namespace=ims)
    local options=(--memory-limit 67108864 --cpu-quota 50000 --cpu-period 100000 --cgroup "/$containers_cgroup/$1")
    [ "$id" = "$3" ] || options+=(--with-ns "network:/proc/$(process_of "$3")/ns/net")
    shift 3
    while [ "$1" != -- ]; do
        labels+=(--label "$1")
        shift
    done
    shift
    ctr run -d --snapshotter native "${labels[@]}" "${options[@]}" localhost/box:1 "$id" "$@" >/dev/null
}

# Its sandbox, which has the network and the pod's own labels.
pod() { # NAME UID ADDRESS APP
    start "$1" "$2" "$1" io.cri-containerd.kind=sandbox "app=$4" -- sleep 100000 || return
    on_target ip link add "v$1" type veth peer name eth0 netns "$(process_of "$1")"
    on_target ip link set "v$1" master pods up
    on_target nsenter -n -t "$(process_of "$1")" sh -c "ip addr add $3/24 dev eth0; ip link set eth0 up; ip link set lo up
        ip route add default via 198.18.79.1"
}
container() { start "$1" "$2" "$3" io.cri-containerd.kind=container "io.kubernetes.container.name=$4" -- "${@:5}"; } # ID UID POD NAME COMMAND ...
stop() { # ID: and forgets it
    ctr tasks kill --signal SIGKILL "$1" 2>/dev/null
    forget "$1"
}
forget() {
    until ctr tasks rm "$1" >/dev/null 2>&1 || [ -z "$(process_of "$1")" ]; do sleep 0.05; done
    ctr containers rm "$1" 2>/dev/null
}
on_target sh -c 'ip link add pods type bridge; ip addr add 198.18.79.1/24 dev pods; ip link set pods up'
if ! pod pcscf-0 11-22 198.18.79.11 pcscf >"$scratch/pod" 2>&1; then
    skip "pods" "containerd can't run one here: $(tail -n 1 "$scratch/pod")"
    finish
fi
at_exit 'for id in $(ctr tasks ls -q); do stop "$id"; done'
pod scscf-0 33-44 198.18.79.12 scscf
container web-1 11-22 pcscf-0 kamailio httpd -f -p 80 -h /srv
container media-1 11-22 pcscf-0 rtpengine sleep 100000
container web-2 33-44 scscf-0 kamailio httpd -f -p 80 -h /srv

testbed() { # NAME CONDITIONS
    cat >"$scratch/$1.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="30s"/>
  <node name="node1" address="$node"/>
  <target name="pcscf" node="node1"><container engine="containerd" $2/><source collector="cgroup"/></target>
</testbed>
END
}
reach() { VNFAULT_DATA=$top on_runner "$probe" "$scratch/$1.xml" pcscf "${@:2}"; } # TESTBED ACTION ...
testbed label 'namespace="ims" label="app=pcscf" name="kamailio"'
testbed pod 'pod="scscf-0"'
testbed wide 'label="app=pcscf"'
testbed other 'namespace="other" name="kamailio"'
check "by namespace, label and name" prints ': kamailio, web-1, process' reach label describe
check "by the pod, where it has one" prints ': kamailio, web-2, process' reach pod describe
check "two are one too many" prints '2 containers of containerd are label="app=pcscf"' reach wide describe
check "and are named" prints 'ims/pcscf-0/(kamailio, ims/pcscf-0/rtpengine|rtpengine, ims/pcscf-0/kamailio)$' reach wide describe
check "not of another namespace" exits_with 4 reach other describe
check "its network is the pod's" prints '198.18.79.11/24' reach label run ip -br address show eth0

# The one that no other pod has one named as.
in_media() { target_address=containerd:rtpengine@$node "$@"; }
lost() { on_target ping -q -i 0.01 -c 100 -W 1 "198.18.79.$1" | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p'; }
group() { # CONTROLLER ID FILE
    local folder=/sys/fs/cgroup
    [ -f $folder/cgroup.controllers ] || folder=$folder/$1
    cat "$folder/$containers_cgroup/$2/$3"
}
cpu_time() { group cpuacct "$1" cpuacct.usage 2>/dev/null || group '' "$1" cpu.stat | sed -n 's/^usage_usec \(.*\)/\1000/p'; }
cpu_share() { # ID: per cent of half a processor over two seconds
    local from start
    start=${EPOCHREALTIME/./} from=$(cpu_time "$1")
    sleep 2
    echo $((($(cpu_time "$1") - from) / 5 / (${EPOCHREALTIME/./} - start)))
}
check "packet-loss: applied" in_media steps packet-loss 100 losstoken01 20 -- probe arm apply verify
check "packet-loss: took hold" took_hold
check "packet-loss: seen from outside" between 100 "$(lost 11)" 100
check "packet-loss: not in the other pod" between 0 "$(lost 12)" 0
check "packet-loss: reverted" in_media steps packet-loss 100 losstoken01 20 -- hold revert prove
check "packet-loss: gone" between 0 "$(lost 11)" 0
check "cpu: applied" in_media steps cpu 70 cputoken001 40 -- probe arm apply verify
check "cpu: took hold" took_hold
check "cpu: seen from outside" between 63 "$(for _ in 1 2 3; do cpu_share media-1; done | sort -n | tail -n 1)" 99
check "cpu: not in the other container of the pod" between 0 "$(cpu_share web-1)" 5
check "cpu: reverted" in_media steps cpu 70 cputoken001 40 -- hold revert prove

# The kubelet starts a container that ended under another id: to us it is the same one.
in_media steps packet-loss 100 restarted01 30 -- probe arm apply
stop media-1
container media-2 11-22 pcscf-0 rtpengine sleep 100000
check "another id: the pod's network has the fault still" between 100 "$(lost 11)" 100
check "another id: reverted and proven" in_media steps packet-loss 100 restarted01 30 -- revert prove
check "another id: gone" between 0 "$(lost 11)" 0
replace() { # what the kubelet does when it ends
    while ctr tasks ls | grep -q 'web-2 .*RUNNING'; do sleep 0.05; done
    forget web-2
    container web-3 33-44 scscf-0 kamailio httpd -f -p 80 -h /srv
}
replace &
check "reset: ended, and found again" prints ': kamailio, web-3, process' reach pod restart
wait $!

# --- the metrics of its control group, read on the node ---
. "$top/tests/probe.sh"
# /sys shows the interfaces of whoever mounts it.
on_target sh -c 'mount -t sysfs sysfs /sys/kernel && mount --rbind /sys/fs/cgroup /sys/kernel/fs/cgroup &&
    mount --move /sys/kernel /sys'
cat >"$scratch/testbed.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="30s"/>
  <monitoring-host name="node" address="$node"/>
  <node name="node1" address="$node"/>
  <target name="named" address="$node">
    <source collector="cgroup" host="node" pod="ims/scscf-0" container="kamailio" interface="eth0"/></target>
  <target name="other" address="$node">
    <source collector="cgroup" host="node" pod="ims/pcscf-0" container="kamailio"/></target>
  <target name="own" node="node1"><container engine="containerd" pod="scscf-0"/><source collector="cgroup"/></target>
  <target name="wrong" address="$node">
    <source collector="cgroup" host="node" pod="ims/scscf-0" container="rtpengine"/></target>
</testbed>
END
value() { sed -n "s/^$1 $2 //p"; } # TARGET NAME
received() { # packets of the pod's own interface, by 50 pings
    local before after
    start_probe named 'network.receive.packets' >"$scratch/before"
    before=$(value named network.receive.packets <"$scratch/before")
    on_target ping -q -i 0.01 -c 50 198.18.79.12 >/dev/null
    again >"$scratch/after"
    after=$(value named network.receive.packets <"$scratch/after")
    end_probe
    [ $((after - before)) -ge 50 ] && [ $((after - before)) -lt 100 ] || { echo "$before, $after"; return 1; }
}
comes_back() { # as another container, another control group
    start_probe named,other process.count
    stop web-3
    again >"$scratch/between"
    (without_probe && container web-4 33-44 scscf-0 kamailio httpd -f -p 80 -h /srv)
    again >"$scratch/back"
    end_probe
    cat "$scratch/between" "$scratch/back"
    grep -q '^named missed: no container of containerd that runs is' "$scratch/between" &&
        grep -q '^other process.count 1$' "$scratch/between" && grep -q '^named process.count 1$' "$scratch/back"
}
check "a container is found by its pod and name" prints '^named process.count 1$' read_once named process.count
check "as its target finds it" equals "$(read_once own 'process.Vm*' 'memory*limit*' memory.max | sed 's/^[^ ]* //')" \
    eval "read_once named 'process.Vm*' 'memory*limit*' memory.max | sed 's/^[^ ]* //'"
check "with the node's end of the pod's interface" received
check "one that isn't there is told, with what is" prints 'no container of containerd that runs is namespace="ims" pod="scscf-0" name="rtpengine"' \
    read_once wrong
check "one that comes back is found again, and others are read meanwhile" comes_back
# The node has control groups of its own, as another machine has: then it is read there.
on_target sh -c 'printf "#!/bin/sh\ncase \$* in */ns/cgroup) echo cgroup:[1] ;; *) exec /bin/readlink \"\$@\" ;; esac\n" >/run/bin/readlink
    chmod +x /run/bin/readlink'
check "a target on another machine is read on its node" prints '^own process.count 1$' read_once own process.count
on_target rm /run/bin/readlink

check "nothing is left on the node" test ! -e "/proc/$target_pid/root/run/vnfault"
finish
