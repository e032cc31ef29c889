#!/usr/bin/env bash
# Kill points (kill_points.sh) in a User-mode Linux guest (../guest.sh), of the faults that this machine's
# kernel can't have, or can't have for one target alone: of the clock, of a disk's latency, by tc netem, and
# reboots. The guest is killed and reboots, too: its disk stays.
# usage: tests/soak/guest_injections.sh SEED FIRST LAST STEP >points.csv
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/guest.sh"
. "$top/tests/soak/kill_points.sh"
# A step takes the guest seconds, as a program takes it 30 ms to start.
lease=10 longest_step=2500
target_memory=536870912
target_cgroup vnft-$$ || exit
at_exit target_cgroup_down
export TARGET_REBOOT='poweroff -f'
is_foreign='theirs|pfifo 77:|sleep 12345678|foreign|/srv/data|clock'

on_target() { # again, if the guest ended meanwhile
    local text status=255
    while [ $status = 255 ]; do
        text=$(on_console "$@")
        status=$?
    done
    [ -z "$text" ] || printf '%s\n' "$text"
    return $status
}
boot() { on_target cat /proc/sys/kernel/random/boot_id; }

# --- the clock -------------------------------------------------------------------------------------------
# Sets ahead, by how many microseconds the guest's time of day is before this machine's, and bound, which that
# is wrong by at most.
clock_look() {
    local from guest
    bound=1000000000
    while [ $bound -gt 50000 ]; do
        from=${EPOCHREALTIME/./}
        guest=$(on_console eval 'echo $EPOCHREALTIME') || continue
        bound=$(((${EPOCHREALTIME/./} - from) / 2))
        ahead=$((${guest/./} - from - bound))
    done
}
# Sets base, by how much it was ahead when it was first looked at in this boot.
clock_base() {
    local note
    note=$scratch/base.$(boot)
    [ -s "$note" ] || { clock_look && echo $ahead >"$note"; }
    base=$(cat "$note")
}
# As it boots a guest that gets little time loses some, never as much as the least step.
clock_view() {
    local base ahead bound
    clock_base
    clock_look
    clock_tell "clock at boot" $((base - 1000000000)) 30000000
    clock_tell "clock" $((ahead - base)) 100000
}
clock_tell() { # NAME MICROSECONDS BOUND
    if [ $(($2 < 0 ? -$2 : $2)) -lt "$3" ]; then echo "$1 right"; else echo "$1 off by $(($2 / 1000)) ms"; fi
}
as_now() { # MILLISECONDS
    local base
    clock_base
    echo $(($1 - base / 1000))
}

view() {
    local text=''
    # The last line tells how many there are: by the serial line some may be lost.
    until [ "$(tail -n 1 <<<"$text")" = "lines $(($(wc -l <<<"$text") - 1))" ]; do
        text=$(on_target bash "$top/tests/soak/guest-view")
    done
    {
        clock_view
        printf '%s\n' "$text"
    } | grep -v '^lines ' | sort
}
unwatched() { ! on_target eval 'grep -qsE "VNFAULT_(GUARD|STEP)=" /proc/[0-9]*/environ'; }

# --- the victims: each prints what it killed ----------------------------------------------------------
kill_runner() { pkill -KILL -e -f "injection_probe .* $token "; }
kill_guard() { # NUMBER
    on_console eval "read -r number </run/vnfault/$token/guard.$1 && kill -KILL \$number && echo \$number"
}
strike() {
    case $victim in
    runner) kill_runner ;;
    session) on_console pkill -KILL -e -f '^sshd: (root|\[)' ;;
    sshd) on_console pkill -KILL -e -x sshd ;;
    network) on_runner iptables -I INPUT -i tap0 -j DROP && on_runner iptables -I OUTPUT -o tap0 -j DROP && echo network ;;
    target) guest_cut && echo target ;;
    reboot)
        on_console poweroff -f
        echo target
        ;;
    step) on_console eval "found=\$(grep -lsF VNFAULT_STEP=$token. /proc/[0-9]*/environ | tr -dc '0-9\n')
        [ -z \"\$found\" ] || { echo \$found; kill -KILL \$found; }" ;;
    guard-*) kill_guard "${victim#*-}" ;;
    runner+guard-*) kill_guard "${victim#*-}" && kill_runner ;;
    esac
}
mend() {
    [ "$victim" != network ] || { on_runner iptables -D INPUT 1 && on_runner iptables -D OUTPUT 1; }
    guest_await
}
afresh() {
    on_target eval 'rm -rf /srv/vnfault-* /srv/foreign-*; sync'
    guest_cut
    guest_await
}

# Of a reboot the runner waits for the target, whatever ended the connection.
goes_on() {
    case "$fault $victim" in
    *' runner'* | *' network') false ;;
    'reboot 100 '* | *' step' | *' guard-'*) ;;
    *) false ;;
    esac
}
course() {
    steps=(probe arm ready apply verify hold:2 revert prove)
    [ "$fault" != "reboot 100" ] || {
        steps=(probe arm apply await:60 "lock:soak:$token" returned revert prove)
        after=${after/verify/await}
    }
}
faults=(
    "clock-skew 90"
    "io-latency 50 folder=/srv"
    "reboot 100"
    "latency 80 jitter=20ms mechanism=netem"
    "clock-skew 3600 direction=behind"
    "corruption 10 mechanism=netem"
    "duplication 20 mechanism=netem"
    "reordering 30 mechanism=netem"
    "bandwidth 500 mechanism=netem"
)
victims=(
    "runner start probe arm apply verify revert"
    "session start probe arm apply verify revert"
    "sshd start probe arm apply verify revert"
    "network start probe arm apply verify revert"
    "target start probe arm apply verify revert"
    "reboot start probe arm apply verify revert"
    "step start probe arm apply verify"
    "guard-1 arm apply verify"
    "guard-2 arm apply verify"
    "runner+guard-1 arm apply verify"
    "runner+guard-2 arm apply verify"
)

truncate -s 80M "$scratch/disk"
ln -s "$top/tests/soak/guest-dress" "$scratch/boot"
guest_keep dm-mod,dm-delay,sch_netem,sch_prio,cls_u32 >&2 || exit
touch "$scratch/formatted"
take_points "$@"
