# A User-mode Linux guest: a kernel of its own, with what the machine's may lack (netem, control
# groups of version 2). Source it after lib.sh, and target.sh for guest_target.
#   guest_or_skip NAME      ends the test with a skip if none can be booted here
#   guest_target [MODULES]  boots one as a target, which on_runner and injection then reach
#   guest_boot ...          boots one that runs a program; ends with it, if that ends by poweroff
# It sees the machine's files read-only; what it writes goes into its own memory.
guest_modules=$(echo /usr/lib/uml/modules/*)

guest_missing() { # prints what; empty if nothing is
    command -v linux.uml >/dev/null || echo "the package user-mode-linux"
    command -v modprobe >/dev/null || echo "the package kmod"
    [ -e /dev/net/tun ] || echo "/dev/net/tun"
}

guest_or_skip() { # NAME
    local missing
    if [ "$(id -u)" != 0 ]; then
        skip "$1" "needs root for namespaces"
        finish
    fi
    missing=$(guest_missing)
    if [ -n "$missing" ]; then
        skip "$1" "the guest needs $missing"
        finish
    fi
}

# In the runner's network, if there is one. In a PID namespace, so that all of its processes go with
# it; not as its first process, which could not abort when the guest's kernel panics.
guest_boot() { # MEMORY MODULE,... "KERNEL PARAMETER ..." PROGRAM ARGUMENT ...; writes $scratch/guest.log
    local memory=$1 wanted=$2 parameters=$3
    shift 3
    mkdir -p "$scratch/uml"
    # shellcheck disable=SC2086 # a list of words
    TMPDIR=/dev/shm exec nsenter -n -t "${runner_pid:-$$}" \
        unshare --pid --mount-proc --kill-child --fork sh -c 'LD_PRELOAD=$0 "$@"; exit $?' \
        "${BUILD:-$top/build}/tests/guest/processor_state.so" \
        linux.uml mem="$memory" uml_dir="$scratch/uml" umid=guest \
        root=/dev/root rootfstype=hostfs rootflags=/ ro quiet con=null con0=null,fd:1 $parameters \
        init="$top/tests/guest-init" -- "$guest_modules" "$wanted" "$@" \
        >"$scratch/guest.log" 2>&1 </dev/null
}

guest_target() { # [MODULE,...]
    ssh_files
    unshare --net --kill-child --fork sleep infinity &
    runner_holder=$!
    at_exit guest_down
    runner_pid=$(target_child $runner_holder)
    on_runner ip tuntap add dev tap0 mode tap
    on_runner ip addr add $runner_address/24 dev tap0
    # A packet larger than a frame is lost by the guest's driver.
    on_runner ip link set tap0 up gso_max_segs 1
    on_runner ip link set lo up
    guest_modules_wanted=${1:-sch_netem,sch_prio,cls_u32,sch_tbf}
    guest_start
    wait_until $guest_holder listening
}

guest_start() { # also again, once it has ended
    guest_boot 192M "$guest_modules_wanted" "vec0:transport=tap,ifname=tap0,depth=64" \
        "$top/tests/guest-target" "$scratch" "$target_address" &
    guest_holder=$!
}

guest_down() {
    kill -KILL "$guest_holder" "$runner_holder" "$runner_pid" 2>/dev/null
    wait "$guest_holder" "$runner_holder" 2>/dev/null
}
