#!/usr/bin/env bash
# Kill points (kill_points.sh) on a target in namespaces (../target.sh), of the fault types that this
# machine's kernel lets happen there. Wants a mount namespace of its own.
# usage: unshare -m tests/soak/injections.sh SEED FIRST LAST STEP >points.csv
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/service.sh"
. "$top/tests/soak/kill_points.sh"
lease=3 longest_step=300

# A disk of 64 MB for the target, which is there after a reboot.
mkdir "$scratch/srv"
mount -t tmpfs -o size=64m,mode=755 tmpfs "$scratch/srv"
at_exit "umount '$scratch/srv'"

# What the target has of its own: a service, and what belongs to somebody else and must stay.
dress() {
    web_start
    on_target sh -c 'ip link set lo up
        for program in iptables ip6tables; do
            $program -w -N FOREIGN; $program -w -A FOREIGN -p udp --dport 9 -j DROP
            $program -w -I INPUT -p udp -j FOREIGN; $program -w -t mangle -A POSTROUTING -p udp --dport 9 -j MARK --set-mark 7
        done
        tc qdisc add dev lo root handle 77: pfifo limit 77
        setsid sleep 12345678 >/dev/null 2>&1 </dev/null &'
    # Whoever starts the web server has it listen a little later.
    wait_until "$target_holder" on_runner bash -c "</dev/tcp/$target_address/8080" 2>/dev/null
}
is_foreign='FOREIGN|set-xmark 0x7|pfifo 77:|sleep 12345678|foreign|mine'

view() { on_target bash "$top/tests/soak/view" | sort; }
as_now() { echo "$1"; }
boot() { echo "$target_pid"; }
unwatched() { ! on_target grep -qsE 'VNFAULT_(GUARD|STEP)=' /proc/[0-9]*/environ; }

# --- the victims: each prints what it killed ----------------------------------------------------------
kill_runner() { pkill -KILL -e -f "injection_probe .* $token "; }
kill_session() { on_target pkill -KILL -e -f '^sshd: (root|\[)'; }
kill_sshd() { on_target pkill -KILL -e -x sshd; }
kill_marked() { # NAME
    on_target bash -c 'found=$(grep -lsF "$1=$2." /proc/[0-9]*/environ | tr -dc "0-9\n")
        [ -z "$found" ] || { echo $found; kill -KILL $found; }' _ "$1" "$token" 2>/dev/null
}
kill_guard() { # NUMBER
    on_target sh -c "number=\$(cat /run/vnfault/$token/guard.$1) && kill -KILL \$number && echo \$number" 2>/dev/null
}
strike() {
    case $victim in
    network) on_runner ip link set peer0 down && echo link ;;
    target) target_reboot >&2 && dress >&2 && echo target ;;
    step) kill_marked VNFAULT_STEP ;;
    shell) on_target pkill -KILL -e -f "^sh /run/vnfault/$token/injector.sh wait" ;;
    tool) kill_marked VNFAULT_FAULT ;;
    guard-*) kill_guard "${victim#*-}" ;;
    runner+guard-*) kill_guard "${victim#*-}" && kill_runner ;;
    *) "kill_$victim" ;;
    esac
}
mend() { [ "$victim" != network ] || on_runner ip link set peer0 up; }
afresh() {
    rm -rf "$scratch"/srv/* "$scratch"/var-tmp/*
    target_reboot
    dress
}

target_up >&2 || exit
web_service
dress >&2
python=$(on_target cat "/proc/$(on_target cat /run/web.pid)/comm")
faults=(
    "cpu 60"
    "memory 50"
    "memory 50 growth=20MB/s"
    "disk 2 folder=/var/tmp"
    "disk 2 folder=/var/tmp throughput=2MB/s mode=buffered"
    "disk-fill 60 folder=/srv reserve=1MB"
    "packet-loss 30"
    "packet-loss 100 pattern=burst"
    "partition 100"
    "port-block 100 local-ports=8080"
    "connection-reset 100 local-ports=8080"
    "dns-failure 100"
    "latency 80 jitter=20ms"
    "corruption 10"
    "duplication 20"
    "reordering 30"
    "bandwidth 500"
    "process-pause 100 program=$python"
    "process-kill 100 program=$python service=web"
    "service-stop 100 service=web"
    "none 0"
)
victims=(
    "runner start probe arm apply verify revert"
    "session start probe arm apply verify revert"
    "sshd start probe arm apply verify revert"
    "network start probe arm apply verify revert"
    "target start probe arm apply verify revert"
    "step start probe arm apply verify"
    "shell arm apply verify"
    "tool apply verify"
    "guard-1 arm apply verify"
    "guard-2 arm apply verify"
    "runner+guard-1 arm apply verify"
    "runner+guard-2 arm apply verify"
)
take_points "$@"
