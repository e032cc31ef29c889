# A throw-away target for the shell tests: a host in namespaces of its own with a real sshd and a
# cgroup, and a namespace beside it where the runner's side is. Source it after lib.sh.
#   target_or_skip NAME   makes both, or ends the test with a skip if that can't be done here;
#                         $target_pid is the host's first process
#   on_target COMMAND     runs in the host, without SSH
#   on_runner COMMAND     runs at the runner's side
#   over_ssh ADDRESS ...  a command on the host by ssh from there; takes no input
#   serve COMMAND         the same beside the test and as long as it; $! is its process
#   injection ...         injection_probe against the host (its head tells what follows KNOWN_HOSTS), with
#                         the helpers of $helpers if that is set
target_address=198.18.77.2
runner_address=198.18.77.1
target_address6=fd00:77::2
runner_address6=fd00:77::1
target_quota=50000 # microseconds of each 100 ms: half a processor
target_memory=268435456
target_cgroups=()
build=${BUILD:-$top/build} # where the programs that the tests drive were built

# A cgroup under each of the controllers, v1 or v2, with half a processor and 256 MB. Its weight lets
# it have that half whatever else the machine does.
target_cgroup() { # NAME
    local controller folder
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        folder=/sys/fs/cgroup/$1
        mkdir "$folder" || return
        target_cgroups=("$folder")
        echo "$target_quota 100000" >"$folder/cpu.max"
        echo 10000 >"$folder/cpu.weight"
        echo $target_memory >"$folder/memory.max"
        return
    fi
    for controller in cpu cpuacct memory; do
        mkdir "/sys/fs/cgroup/$controller/$1" || return
        target_cgroups+=("/sys/fs/cgroup/$controller/$1")
    done
    echo $target_quota >"/sys/fs/cgroup/cpu/$1/cpu.cfs_quota_us"
    echo 102400 >"/sys/fs/cgroup/cpu/$1/cpu.shares"
    echo $target_memory >"/sys/fs/cgroup/memory/$1/memory.limit_in_bytes"
}

ssh_files() { # keys of the host and the runner, and the host's as known
    mkdir -p "$scratch/etc"
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/etc/host_key"
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
    echo "$target_address,$target_address6 $(cut -d ' ' -f 1,2 "$scratch/etc/host_key.pub")" >"$scratch/known_hosts"
}

target_up() {
    target_name=vnft-$$
    ssh_files
    target_cgroup "$target_name" || return
    at_exit target_down
    # The runner's side is a network namespace alone, held by a sleeping process.
    unshare --net --kill-child --fork sleep infinity &
    runner_holder=$!
    runner_pid=$(target_child $runner_holder)
    on_runner ip link set lo up
    target_boot
}

target_boot() { # the host, its network and its sshd
    rm -f "$scratch/wired"
    (
        for folder in "${target_cgroups[@]}"; do echo $BASHPID >"$folder/cgroup.procs"; done
        exec unshare --net --pid --mount --uts --ipc --kill-child --fork --mount-proc \
            --propagation private bash "$top/tests/target-init" "$scratch" "$target_address" "$target_address6"
    ) >>"$scratch/target.log" 2>&1 &
    target_holder=$!
    target_pid=$(target_child $target_holder)
    on_runner ip link add peer0 type veth peer name eth0 netns "$target_pid"
    on_runner ip addr add $runner_address/24 dev peer0
    on_runner ip -6 addr add $runner_address6/64 dev peer0 nodad
    on_runner ip link set peer0 up
    touch "$scratch/wired"
    wait_until $target_holder listening
}

# As by its power switch: nothing of it ends by itself. Its disk is there again when it is back.
target_reboot() {
    kill -KILL "$target_holder" "$target_pid" 2>/dev/null
    wait "$target_holder" 2>/dev/null
    while on_runner ip link show peer0 >/dev/null 2>&1; do sleep 0.02; done
    target_boot
}

target_or_skip() { # NAME
    if [ "$(id -u)" != 0 ]; then
        skip "$1" "needs root for namespaces"
        finish
    fi
    target_up || { echo "not ok 1 - a target is there"; cat "$scratch/target.log"; exit 1; }
}

listening() { on_runner bash -c "</dev/tcp/$target_address/22" 2>/dev/null; }

target_child() { # PID: its first child, once it is there and runs a program of its own
    local child=
    until [ -n "$child" ] && [ "$(readlink "/proc/$child/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
        kill -0 "$1" || return
        sleep 0.02
        child=$(tr -d ' ' <"/proc/$1/task/$1/children")
    done
    echo "$child"
}

target_down() {
    kill -KILL "$target_holder" "$runner_holder" "$target_pid" "$runner_pid" 2>/dev/null
    wait "$target_holder" "$runner_holder" 2>/dev/null
    target_cgroup_down
}

target_cgroup_down() { # once nobody is in it
    local folder
    for folder in "${target_cgroups[@]}"; do
        until rmdir "$folder" 2>/dev/null || [ ! -d "$folder" ]; do sleep 0.05; done
    done
}

on_target() { nsenter -a -t "$target_pid" "$@"; }
on_runner() { nsenter -n -t "$runner_pid" "$@"; }
secure_shell=(ssh -i "$scratch/key" -o "UserKnownHostsFile=$scratch/known_hosts" -o BatchMode=yes)
# In a loop that reads its rows from its input ssh would take the rest of them: so -n.
over_ssh() { on_runner "${secure_shell[@]}" -n "root@$1" "${@:2}"; }
serve() {
    nsenter -n -t "$runner_pid" "$@" &
    at_exit "kill $! 2>/dev/null"
}

injection() { # FAULT VALUE TOKEN LEASE [NAME=VALUE ...] -- STEP ...
    VNFAULT_DATA=$top VNFAULT_HELPERS=${helpers:-$build/helpers} on_runner "$build/tests/integration/injection_probe" \
        $target_address 22 "$scratch/key" "$scratch/known_hosts" "$@"
}
