# A Kubernetes of one node for the shell tests: etcd, API server, containerd and kubelet in namespaces and
# control groups of their own, an sshd and a node_exporter on the node, and a network namespace beside it where
# the runner's side is. Source it after lib.sh.
#   node_or_skip NAME        makes it, or ends the test with a skip if that can't be done here
#   on_node COMMAND          runs on the node, without SSH
#   on_runner COMMAND        runs at the runner's side
#   kubectl ...              as administrator, from there
#   pods_up FILE             the pods of that file under pods/, once they are ready
#   pod_address POD, container_id POD CONTAINER, container_process POD CONTAINER (on the node)
#   access_up                the service account of the docs: its $scratch/token, and $scratch/vnfault.conf for kubectl
#   token_of ACCOUNT         a token of the service account of that name
#   injection ...            injection_probe against $target_address (its head tells what follows KNOWN_HOSTS)
# The node is $node_address, its API server $api. All files are in $scratch; nothing is left on any way out,
# also when the test itself is killed.
build=${BUILD:-$top/build} # where the programs that the tests drive were built
kubernetes=$build/kubernetes
node_folder=$scratch/node
node_address=198.18.77.2
runner_address=198.18.77.1
api=https://$node_address:6443
kubelet=https://$node_address:10250
node_page=http://$node_address:9100/metrics
node_group=vnft-$$-node
secure_shell=(ssh -i "$scratch/key" -o "UserKnownHostsFile=$scratch/known_hosts" -o BatchMode=yes)

node_or_skip() { # NAME
    local why=
    [ "$(id -u)" = 0 ] || why="needs root for namespaces"
    [ -d /sys/fs/cgroup/cpuset ] || why="needs control groups of version 1"
    if [ -n "$why" ]; then
        skip "$1" "$why"
        finish
    fi
    node_up || { echo "not ok 1 - a node is ready"; tail -n 20 "$node_folder"/log/* "$scratch/node.log"; exit 1; }
}

node_up() {
    local process
    mkdir -p "$node_folder/log"
    image_box && image_tools && image_pause || return
    ssh_files
    # What ends the node does not depend on how the test ends.
    setsid bash "$top/tests/kubernetes/node-end" $$ "$node_group" "$scratch" </dev/null >/dev/null 2>&1 &
    node_keeper=$!
    at_exit 'kill -TERM $node_keeper; wait $node_keeper'
    unshare --net --kill-child --fork sleep infinity &
    echo $! >"$scratch/runner.holder"
    runner_pid=$(first_child $!) || return
    on_runner ip link set lo up
    node_groups || return
    (
        for process in /sys/fs/cgroup/*/"$node_group"; do echo $BASHPID >"$process/cgroup.procs"; done
        exec unshare --cgroup --net --pid --mount --uts --ipc --kill-child --fork --mount-proc \
            --propagation private bash "$top/tests/kubernetes/node-init" "$node_folder" "$node_address" \
            "$node_group" "$(cd "$kubernetes/bin" && pwd)"
    ) >"$scratch/node.log" 2>&1 &
    node_holder=$!
    echo $! >"$scratch/node.holder"
    node_pid=$(first_child $node_holder) || return
    on_runner ip link add peer0 type veth peer name eth0 netns "$node_pid"
    on_runner ip addr add $runner_address/24 dev peer0
    on_runner ip link set peer0 up
    on_runner ip route add 198.18.78.0/24 via $node_address
    touch "$node_folder/wired"
    wait_until $node_holder test -e "$node_folder/ready"
}

# One under each controller, as the root of all that the node has. Its weight lets pods have what they may,
# whatever else the machine does.
node_groups() {
    local folder
    for folder in /sys/fs/cgroup/*; do
        if [ -L "$folder" ] || [ "$folder" = /sys/fs/cgroup/unified ]; then continue; fi
        mkdir "$folder/$node_group" || return
    done
    for folder in cpus mems; do
        cat "/sys/fs/cgroup/cpuset/cpuset.$folder" >"/sys/fs/cgroup/cpuset/$node_group/cpuset.$folder"
    done
    echo 102400 >"/sys/fs/cgroup/cpu/$node_group/cpu.shares"
}

ssh_files() { # keys of the node and the runner, and the node's as known
    ssh-keygen -q -t ed25519 -N '' -f "$node_folder/host_key"
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
    cp "$scratch/key.pub" "$node_folder/"
    echo "$node_address $(cut -d ' ' -f 1,2 "$node_folder/host_key.pub")" >"$scratch/known_hosts"
}

first_child() { # PID: its first child, once that has a network namespace of its own
    local child='' namespace=''
    # A shell's own short-lived child can be gone when it is looked at: it has none.
    until [ -n "$namespace" ] && [ "$namespace" != "$(readlink /proc/self/ns/net)" ]; do
        kill -0 "$1" || return
        sleep 0.02
        child=$(tr -d ' ' <"/proc/$1/task/$1/children")
        namespace=$(readlink "/proc/$child/ns/net")
    done
    echo "$child"
}

on_node() { nsenter -a -t "$node_pid" "$@"; }
on_runner() { nsenter -n -t "$runner_pid" "$@"; }
kubectl() { on_runner env HOME="$scratch" KUBECONFIG="$node_folder/admin.conf" kubectl "$@"; }

injection() { # FAULT VALUE TOKEN LEASE [NAME=VALUE ...] -- STEP ...
    VNFAULT_DATA=$top VNFAULT_HELPERS=$build/helpers KUBECONFIG=$scratch/vnfault.conf HOME=$scratch on_runner \
        "$build/tests/integration/injection_probe" "$target_address" 22 "$scratch/key" "$scratch/known_hosts" "$@"
}

# --- images: archives as 'docker save' makes them ---

image() { # NAME ROOT
    local folder=$scratch/image-$1 layer config
    mkdir -p "$folder" "$node_folder/images"
    tar -C "$2" --mtime=@0 --owner=0 --group=0 -cf "$folder/layer.tar" . || return
    layer=$(sha256sum "$folder/layer.tar" | cut -d ' ' -f 1)
    echo "{\"architecture\": \"amd64\", \"os\": \"linux\", \"config\": {\"Cmd\": [\"/pause\"], \"Env\": [\"PATH=/usr/sbin:/usr/bin:/sbin:/bin\"]},
        \"rootfs\": {\"type\": \"layers\", \"diff_ids\": [\"sha256:$layer\"]}}" >"$folder/config.json"
    config=$(sha256sum "$folder/config.json" | cut -d ' ' -f 1)
    mv "$folder/config.json" "$folder/$config.json"
    echo "[{\"Config\": \"$config.json\", \"RepoTags\": [\"localhost/$1:1\"], \"Layers\": [\"layer.tar\"]}]" >"$folder/manifest.json"
    tar -C "$folder" -cf "$node_folder/images/$1.tar" manifest.json "$config.json" layer.tar
}

# The container that holds a pod's namespaces.
image_pause() {
    mkdir -p "$scratch/pause"
    gcc -std=c11 -O2 -static -s -o "$scratch/pause/pause" "$top/tests/kubernetes/pause.c" && image pause "$scratch/pause"
}

# Only busybox, and what it is linked with.
image_box() {
    local root=$scratch/box applet library
    mkdir -p "$root"/{bin,tmp,proc,sys,dev,etc,run,srv,usr,var/tmp}
    cp "$(command -v busybox)" "$root/bin/"
    for library in $(ldd "$(command -v busybox)" | grep -o '/[^ ]*'); do
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
    done
    for applet in sh cat sleep httpd wget dd; do ln -s busybox "$root/bin/$applet"; done
    echo root:x:0:0::/:/bin/sh >"$root/etc/passwd"
    echo alive >"$root/srv/index.html"
    image box "$root"
}

# The machine's tools, which the pod mounts at /usr.
image_tools() {
    local root=$scratch/tools folder
    mkdir -p "$root"/{tmp,proc,sys,dev,etc/alternatives,run,srv,usr,var/tmp}
    for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
    echo root:x:0:0::/:/bin/sh >"$root/etc/passwd"
    echo alive >"$root/srv/index.html"
    image tools "$root"
}

# --- pods ---

pods_up() { # FILE
    kubectl apply -f "$top/tests/kubernetes/pods/$1" && kubectl wait --for=condition=Ready pod --all -n ims --timeout=60s
}

pod_address() { kubectl get pod -n ims "$1" -o 'jsonpath={.status.podIP}'; }

container_id() { # POD CONTAINER
    kubectl get pod -n ims "$1" -o "jsonpath={.status.containerStatuses[?(@.name=='$2')].containerID}" | sed 's|.*//||'
}

container_process() { # POD CONTAINER
    local id
    id=$(container_id "$@")
    on_node ctr -n k8s.io tasks ls | awk -v id="$id" '$1 == id { print $2 }'
}

access_up() {
    kubectl apply -f "$top/campaigns/testbeds/kubernetes-access.yaml" || return
    token_of vnfault >"$scratch/token"
    sed "s|token: .*}}|tokenFile: $scratch/token}}|; s|context: {cluster|context: {namespace: ims, cluster|" \
        "$node_folder/admin.conf" >"$scratch/vnfault.conf"
}

token_of() { # ACCOUNT
    echo '{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}' >"$scratch/request.json"
    kubectl create --raw "/api/v1/namespaces/vnfault/serviceaccounts/$1/token" -f "$scratch/request.json" |
        sed -n 's/.*"token":"\([^"]*\)".*/\1/p'
}
