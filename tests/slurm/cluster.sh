# A Slurm of three nodes on this machine for the shell tests: slurmctld, three slurmd and munge in a network namespace of
# their own, as root. Source it after lib.sh.
#   cluster_up           makes it; false, with the daemons' logs printed, if it doesn't get ready
#   slurm COMMAND ...    runs one of Slurm's commands there
#   kill_node NODE       kill -9 of a node's slurmd and of all its jobs' processes, as when its machine dies
# $cluster_process is slurmctld's. All files are in $scratch; at exit nothing is left, whatever the jobs began.
network=vnft-$$-slurm
configuration=$scratch/slurm.conf

# (With the mount namespace of `ip netns exec` the control groups would be out of sight.)
slurm() { SLURM_CONF=$configuration nsenter --net="/run/netns/$network" "$@"; }

# Processes with that in their environment, an extended regex for a whole variable.
processes_with() { grep -lzxE "$1" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3; }

cluster_end() {
    local left
    while mapfile -t left < <(processes_with "SLURM_CONF=$configuration") && [ ${#left[@]} -gt 0 ]; do
        kill -KILL "${left[@]}" 2>/dev/null
        sleep 0.1
    done
    ip netns delete "$network"
}

write_configuration() {
    cat >"$configuration" <<END
ClusterName=$network
SlurmctldHost=$(hostname)(198.18.88.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$scratch/munge/socket,cred_expire=5
StateSaveLocation=$scratch/slurmctld
SlurmdSpoolDir=$scratch/slurmd/%n
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd-%n.pid
SlurmctldLogFile=$scratch/slurmctld.log
SlurmdLogFile=$scratch/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=1
SlurmdTimeout=10
JobRequeue=1
MinJobAge=86400
NodeName=node[1-3] NodeHostname=$(hostname) NodeAddr=198.18.88.1 Port=[17001-17003] CPUs=1
PartitionName=all Nodes=ALL Default=YES State=UP
END
}

nodes_are_idle() { [ "$(slurm sinfo -h -t idle -o %D 2>/dev/null)" = 3 ]; }

cluster_up() {
    local node
    ip netns add "$network" && at_exit cluster_end || return
    # Slurm looks names up, which needs an address that is not the loopback's.
    ip -n "$network" link add lan type bridge && ip -n "$network" address add 198.18.88.1/24 dev lan &&
        ip -n "$network" link set lan up && ip -n "$network" link set lo up || return
    mkdir -p "$scratch/munge" "$scratch/slurmctld" "$scratch"/slurmd/node{1,2,3}
    head -c 1024 /dev/urandom >"$scratch/munge.key"
    chmod 400 "$scratch/munge.key"
    write_configuration
    slurm munged --force --foreground --key-file="$scratch/munge.key" --socket="$scratch/munge/socket" \
        --pid-file="$scratch/munge/pid" --seed-file="$scratch/munge/seed" --log-file="$scratch/munge/log" >"$scratch/munged.log" 2>&1 &
    wait_until $! test -S "$scratch/munge/socket" || return
    slurm slurmctld -D >"$scratch/slurmctld.out" 2>&1 &
    cluster_process=$!
    for node in node1 node2 node3; do
        slurm slurmd -D -N $node >"$scratch/$node.out" 2>&1 &
    done
    wait_until $cluster_process nodes_are_idle || { tail -n 20 "$scratch"/*.log "$scratch"/*.out; return 1; }
}

kill_node() { # NODE
    local of_jobs steps
    mapfile -t of_jobs < <(processes_with "SLURMD_NODENAME=$1")
    mapfile -t steps < <(ps -o ppid= -p "${of_jobs[*]}" | tr -d ' ' | while read -r parent; do
        [ "$(cat "/proc/$parent/comm")" != slurmstepd ] || echo "$parent"
    done)
    kill -KILL "$(cat "$scratch/slurmd-$1.pid")" "${steps[@]}" "${of_jobs[@]}"
}
