#!/usr/bin/env bash
# A container of docker as a target: found by a label, faulted, started again.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/containers.sh"
if [ "$(id -u)" != 0 ]; then
    skip "docker" "needs root for namespaces"
    finish
fi
node_up || { echo "not ok 1 - a node is there"; cat "$scratch/target.log"; exit 1; }
probe=$build/tests/integration/container_probe
node=$target_address
mkdir "$scratch/docker"
# It knows only one version of control groups.
on_target sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null'
on_target dockerd --data-root "$scratch/docker/data" --exec-root /run/docker -H unix:///run/docker.sock \
    -p /run/dockerd.pid --iptables=false --bridge=none --storage-driver vfs \
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$containers_cgroup" >"$scratch/docker/log" 2>&1 &
daemon=$!
docker() { on_target docker "$@"; }
if ! wait_until $daemon eval 'docker version >/dev/null 2>&1' ||
    ! { docker import "$scratch/image.tar" box:1 && docker run -d --name web --label app=pcscf --stop-timeout 1 \
        --network none --memory 64m --cpus 0.5 box:1 httpd -f -p 80 -h /srv; } >"$scratch/run" 2>&1; then
    skip "docker" "it can't run here: $(tail -n 1 "$scratch/docker/log")"
    finish
fi
at_exit 'docker rm -f web >/dev/null'
cat >"$scratch/testbed.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="30s"/>
  <node name="node1" address="$node"/>
  <target name="pcscf" node="node1"><container engine="docker" label="app=pcscf"/><source collector="cgroup"/></target>
</testbed>
END
reach() { VNFAULT_DATA=$top on_runner "$probe" "$scratch/testbed.xml" pcscf "$@"; }
check "found by its label" prints 'docker on .*: web, ' reach describe
before=$(cat "$scratch/output")
check "its network is its own" equals $'lo\nstatus 0' reach run ls /sys/class/net
in_web() { target_address=docker:web@$node "$@"; }
check "memory: applied" in_web steps memory 70 memorytoken1 30 -- probe arm apply verify
check "memory: took hold" took_hold
check "memory: of the container's limit" says '^probe.memory-limit 67108864'
check "memory: the container sees it" prints stress-ng docker exec web ps
check "memory: reverted" in_web steps memory 70 memorytoken1 30 -- hold revert prove
check "packet-loss: applied" in_web steps packet-loss 50 losstoken01 30 -- probe arm apply hold
check "packet-loss: in its network" prints VNFAULT reach run iptables -S
check "packet-loss: not in the node's" test -z "$(on_target iptables -S | grep VNFAULT)"
check "packet-loss: reverted" in_web steps packet-loss 50 losstoken01 30 -- revert prove
check "reset: started again" reach restart
check "reset: it is another one" test "$before" != "$(cat "$scratch/output")"
check "nothing is left on the node" test ! -e "/proc/$target_pid/root/run/vnfault"
finish
