# A User-mode Linux guest: a kernel of its own, with what the machine's may lack (netem, control
# groups of version 2). Source it after lib.sh, and target.sh for guest_target.
#   guest_or_skip NAME      ends the test with a skip if none can be booted here
#   guest_target [MODULES]  boots one as a target, which on_runner and injection then reach
#   guest_boot ...          boots one that runs a program; ends with it, if that ends by poweroff
#   guest_keep [MODULES]    a target that is booted again whenever it ends; guest_cut ends it as by its power switch
#   on_console COMMAND ...  runs in that one, by a serial line: whatever becomes of its network and its sshd;
#                           255 if the guest ended meanwhile
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

guest_network() { # the runner's side of it
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
}

guest_target() { # [MODULE,...]
    guest_network
    guest_modules_wanted=${1:-sch_netem,sch_prio,cls_u32,sch_tbf}
    guest_start
    wait_until $guest_holder listening
}

# Also again, once it has ended. Its hardware address stays what it was: nobody has to ask for it anew.
guest_start() { # [KERNEL PARAMETER ...]
    guest_in_cgroup 192M "$guest_modules_wanted" "vec0:transport=tap,ifname=tap0,depth=64,mac=02:00:00:00:00:02 $*" \
        "$top/tests/guest-target" "$scratch" "$target_address" &
    guest_holder=$!
}

guest_in_cgroup() { # of the test's, if it has made one (target_cgroup)
    local folder
    for folder in "${target_cgroups[@]}"; do echo $BASHPID >"$folder/cgroup.procs"; done
    guest_boot "$@"
}

guest_down() {
    kill -KILL ${guest_holder:-} "$runner_holder" "$runner_pid" 2>/dev/null
    wait ${guest_holder:-} "$runner_holder" 2>/dev/null
}

# --- a target that comes back whenever it ends --------------------------------------------------------
# $scratch/disk is its disk, /dev/ubda; $scratch/boot a script that it runs as it boots, with $scratch as argument.
guest_keep() { # [MODULE,...]
    guest_network
    guest_modules_wanted=$1
    mkfifo "$scratch/to_guest" "$scratch/from_guest"
    exec 8<>"$scratch/to_guest" 9<>"$scratch/from_guest"
    echo 0 >"$scratch/boots"
    guest_power &
    target_holder=$!
    at_exit "kill -KILL $target_holder; wait $target_holder; guest_cut" # before the network goes
    guest_await
}

guest_power() {
    local boots=0
    trap - EXIT
    while :; do
        # What was sent to it while it was away it must not be told.
        while read -r -t 0.01 -u 8; do :; done
        # Opened anew, as it makes what it is given non-blocking.
        guest_start "ubd0=$scratch/disk ssl0=fd:8,fd:9" 8<>"$scratch/to_guest" 9<>"$scratch/from_guest"
        echo $guest_holder >"$scratch/guest.number"
        boots=$((boots + 1))
        echo $boots >"$scratch/boots.new"
        mv "$scratch/boots.new" "$scratch/boots"
        printf '\nboot %d\n' $boots >&9 # whoever waits for an answer of the boot before need not wait
        wait $guest_holder
    done
}

guest_cut() { kill -KILL "$(cat "$scratch/guest.number")" 2>/dev/null; }
guest_boots() { cat "$scratch/boots"; }
guest_await() { # until it has booted, and lets people in
    until on_console true; do sleep 0.1; done
    wait_until "$target_holder" listening
}

# The guest's side is guest-console. What it said before it was asked this is not the answer.
on_console() { # COMMAND ...
    local mark=$BASHPID.$EPOCHREALTIME.$RANDOM boots line asked=''
    boots=$(guest_boots)
    printf '%s\n%s\n' "$mark" "${*@Q}" >&8
    while read -r -u 9 line; do
        if [ "$line" = "$mark" ]; then
            asked=yes
        elif [[ $line == 'boot '* ]] && [ "${line#boot }" -gt "$boots" ]; then
            return 255
        elif [ -n "$asked" ] && [[ $line == "$mark "* ]]; then
            return "${line##* }"
        elif [ -n "$asked" ]; then
            printf '%s\n' "$line"
        fi
    done
}
