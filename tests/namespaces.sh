# Steps of an injection in namespaces of this machine, without SSH and by the script alone. Source it after lib.sh.
#   namespaces_or_skip NAME [OPTIONS]   makes them, /run a file system in memory with these options of mount
#   on_host COMMAND ...                 runs in them
#   put FAULT TOKEN                     the script, as the runner sends it
#   arm FAULT TOKEN LEASE AMOUNT KEY=VALUE ...
#   step TOKEN STEP ...                 any other step
namespaces_or_skip() {
    if ! unshare --mount --net --pid --fork true 2>/dev/null || ! command -v iptables-restore >/dev/null; then
        skip "$1" "needs root, namespaces and iptables"
        finish
    fi
    unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
        sh -c 'mount -t tmpfs -o "$0" none /run && touch /run/there && exec sleep 2147483647' "${2:-size=16m}" &
    holder=$!
    disown # nothing is to tell that it was killed
    at_exit "kill -KILL $holder 2>/dev/null"
    wait_until $holder pgrep -P $holder >/dev/null
    inside=$(pgrep -P $holder)
    wait_until $holder on_host test -e /run/there
}
on_host() { nsenter -t "$inside" --mount --net --pid "$@"; }

join() { # FAULT: the script that goes to a target; without a fault type that of a service
    awk 'FNR == 1 { print "" } { print }' "$top/injectors/contract.sh" "$top"/injectors/contract/*.sh ${1:+"$top/injectors/$1.sh"}
    printf '\ncontract_main "$@"\n'
}
put() { join "$1" | on_host sh -c 'mkdir -p "/run/vnfault/$0" && cat >"/run/vnfault/$0/injector.sh"' "$2"; } # FAULT TOKEN
step() { on_host sh "/run/vnfault/$1/injector.sh" "${@:2}" 2>&1; } # TOKEN STEP ...
arm() { # FAULT TOKEN LEASE AMOUNT KEY=VALUE ...
    step "$2" arm token="$2" fault="$1" lease="$3" amount="$4" most="$4" length=60 "${@:5}"
}
loss="parameter.direction=both parameter.interface=all parameter.peers=any parameter.protocol=any
parameter.local-ports=any parameter.remote-ports=any parameter.pattern=random parameter.peer=auto"
# shellcheck disable=SC2086 # words
arm_loss() { put packet-loss "$1" && arm packet-loss "$1" "$2" 20000 $loss; } # TOKEN LEASE
heal() { join '' | on_host sh -s heal 2>&1; }
no() { ! "$@"; }
faulted() { on_host iptables -S | grep -q VNFAULT; }
recorded() { on_host test -e "/run/vnfault/$1"; } # TOKEN
guarded() { on_host pgrep -f '[i]njector.sh guard' >/dev/null; }
