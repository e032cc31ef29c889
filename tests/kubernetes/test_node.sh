#!/usr/bin/env bash
# The node of the other tests: however its test ends, nothing of it stays.
. "$(dirname "$0")/../lib.sh"
if [ "$(id -u)" != 0 ]; then
    skip "a node" "needs root for namespaces"
    finish
fi
settings=(vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys
    kernel/keys/root_maxbytes net/ipv4/ip_forward)
# It tells what there is of it, to be looked for afterwards.
test_with_node() { # HOW-IT-ENDS
    TMPDIR=$scratch bash -c '. "$1/tests/lib.sh"; . "$1/tests/kubernetes/node.sh"; node_or_skip node
        kubectl run -n ims left --image=localhost/box:1 --image-pull-policy=Never --overrides="{\"spec\": {\"nodeName\": \"node1\",
            \"automountServiceAccountToken\": false}}" -- sleep 100000
        kubectl wait -n ims --for=condition=Ready pod/left --timeout=60s >&2
        for folder in /sys/fs/cgroup/*/"$node_group"/kubepods; do echo "$folder"; done >"$TMPDIR/groups"
        on_node ls -d /var/lib/kubelet /var/log/pods /var/lib/cni >"$TMPDIR/folders"
        echo $$ $node_pid $node_keeper >"$TMPDIR/processes"
        '"$1" _ "$top" >"$scratch/node.out" 2>&1
    return 0
}
state() {
    (cd /proc/sys && grep . "${settings[@]}")
    ls -d /var/lib/kubelet /var/log/pods /var/log/containers /var/lib/cni /run/containerd 2>&1
    cut -d ' ' -f 5 /proc/self/mountinfo | grep -E 'kube|containerd|^/proc|^/sys|^/var|^/run/[^v]' | sort
    ip -o link | grep -E 'pods0|peer0|cni'
}
is_gone() {
    local group process
    while read -r group; do [ ! -e "${group%/kubepods}" ] || { echo "left: $group"; return 1; }; done <"$scratch/groups"
    for process in $(cat "$scratch/processes"); do [ ! -e "/proc/$process" ] || { echo "left: $process"; return 1; }; done
    ! pgrep -af "$scratch/vnfault-test" || return
    ! ls -d "$scratch"/vnfault-test.* 2>/dev/null
}

state >"$scratch/before"
for end in exit 'kill -TERM $$; sleep 100' 'kill -KILL $$'; do
    rm -f "$scratch/groups"
    test_with_node "$end"
    check "${end%;*}: the node was there, with a pod" test -s "$scratch/groups"
    [ -s "$scratch/groups" ] || sed 's/^/# /' "$scratch/node.out"
    check "${end%;*}: with its folders" equals 3 grep -c . "$scratch/folders"
    # After the last of them its end is not the test's.
    wait_until $$ eval 'is_gone >/dev/null'
    check "${end%;*}: nothing of it is left" is_gone
    check "${end%;*}: the machine is as before" diff "$scratch/before" <(state)
done
finish
