#!/usr/bin/env bash
# Whatever dies, the fault is gone by the end of its lease plus 2 s; and not before, while it is renewed.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "leases"

# What must be the same before and after: rules, qdiscs, files, processes.
state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        tc qdisc show; ls -A /run /srv /var/tmp; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}

state >"$scratch/before"

uptime_target() { on_target awk '{ printf "%d", $1 * 100 }' /proc/uptime; }
guarded() { on_target pgrep -f '[i]njector.sh guard' >/dev/null; }
# Waits until a command is true; false if it isn't and nobody is left who would see to it.
wait_for_guards() { until "$@"; do guarded || "$@" || { echo "no guard is left"; return 1; }; sleep 0.1; done; }
gone() { ! faulted; }
# Until both guards have tried to undo.
wait_past_lease() { while [ "$(uptime_target)" -lt $(($(on_target cat "/run/vnfault/$1/lease") + 300)) ]; do sleep 0.1; done; }
faulted() { on_target iptables -S | grep -q VNFAULT || on_target pgrep -x stress-ng >/dev/null; }

# Waits until the fault is gone and checks that this was before its lease plus 2 s, not sooner.
gone_in_time() { # TOKEN
    local deadline now
    deadline=$(on_target cat "/run/vnfault/$1/lease") || return
    faulted || { echo "the fault was gone at once"; return 1; }
    wait_for_guards gone || return
    now=$(uptime_target)
    echo "gone $((now - deadline)) hundredths of a second after the lease"
    between 0 $((now - deadline)) 200
}

# Whoever takes a fault away notes it a moment later: a revert in between would do it once more, and say so.
noted() { on_target test -e "/run/vnfault/$1/gone"; }

inject_and_leave() { steps packet-loss 20 "$1" 4 -- probe arm apply; }
clean_after() { wait_for_guards noted "$1" && steps packet-loss 20 "$1" 4 -- revert prove && says 'revert.detail undone by guard' && unchanged; }

check "the runner dies: applied" inject_and_leave deadrunner01
check "the runner dies: gone in time" gone_in_time deadrunner01
check "the runner dies: proven by the next" clean_after deadrunner01

for guard in 1 2; do
    inject_and_leave deadguard0$guard
    on_target sh -c "kill -KILL \$(cat /run/vnfault/deadguard0$guard/guard.$guard)"
    check "guard $guard dies: gone in time" gone_in_time deadguard0$guard
    check "guard $guard dies: clean after" clean_after deadguard0$guard
done

# Both are dead: the next renewal brings them back.
steps packet-loss 20 deadguards1 6 -- probe arm apply
on_target sh -c 'kill -KILL $(cat /run/vnfault/deadguards1/guard.1 /run/vnfault/deadguards1/guard.2)'
check "both guards die: the fault is held" steps packet-loss 20 deadguards1 6 -- hold
check "both guards die: gone in time" gone_in_time deadguards1
check "both guards die: clean after" clean_after deadguards1

# Nothing can be noted in the undo record, as when the disk is full.
inject_and_leave fullrecord1
on_target mkdir /run/vnfault/fullrecord1/expired
check "the guard can't note that the lease ended: gone in time" gone_in_time fullrecord1
check "the guard can't note that the lease ended: clean after" clean_after fullrecord1

# iptables can't tell what is there: nobody may take that for nothing.
inject_and_leave blindguard1
on_target sh -c 'printf "#!/bin/sh\nexit 4\n" >/run/bin/iptables; chmod +x /run/bin/iptables'
check "iptables fails: revert doesn't pass" refused 3 "still there: .*iptables can't read the table" packet-loss 20 blindguard1 4 -- revert
wait_past_lease blindguard1
on_target rm /run/bin/iptables
check "iptables fails while the lease ends: the guards go on until it works" wait_for_guards gone
check "iptables fails while the lease ends: clean after" clean_after blindguard1

inject_and_leave deadsshd01
on_target touch /run/no-sshd
on_target pkill -KILL sshd
check "sshd dies: gone in time" gone_in_time deadsshd01
on_target rm /run/no-sshd
wait_until "$target_holder" listening
check "sshd dies: clean after" clean_after deadsshd01

# Where systemd is the first process the second guard is a unit of its own: a stand-in that starts it.
on_target sh -c 'mkdir -p /run/systemd/system; cat >/run/bin/systemd-run; chmod +x /run/bin/systemd-run' <<'END'
#!/bin/sh
while :; do
    case $1 in
    --setenv=*) mark=${1#--setenv=} ;;
    --unit=*) echo "${1#--unit=}" >/run/bin/unit ;;
    --*) ;;
    *) break ;;
    esac
    shift
done
env -u VNFAULT_STEP "$mark" setsid "$@" &
END
inject_and_leave systemd001
check "systemd: the second guard is a unit of its own" on_target grep -qx vnfault-systemd001 /run/bin/unit
on_target sh -c 'kill -KILL $(cat /run/vnfault/systemd001/guard.1)'
check "systemd: its unit undoes the fault" gone_in_time systemd001
on_target rm -r /run/systemd /run/bin/systemd-run /run/bin/unit
check "systemd: clean after" clean_after systemd001

injection packet-loss 20 killedrunner 4 -- probe arm apply hold:600 >"$scratch/steps" 2>&1 &
wait_until $! faulted
pkill -KILL -f "injection_probe .* killedrunner "
wait $! 2>/dev/null
check "the runner is killed while it holds: gone in time" gone_in_time killedrunner
check "the runner is killed while it holds: clean after" clean_after killedrunner

steps cpu 50 expiredcpu01 3 -- probe arm apply
check "a lease ends under stress-ng: gone in time" gone_in_time expiredcpu01
check "hold tells who undid it" steps cpu 50 expiredcpu01 3 -- hold
check "hold says that it died" says 'hold.detail the lease ended and the fault was undone by guard'
check "an expired fault is not applied again" refused 4 'its lease ended' cpu 50 expiredcpu01 3 -- apply
check "an expired fault is proven gone" steps cpu 50 expiredcpu01 3 -- revert prove

# A lease that is renewed does not end.
check "a held lease does not end" steps cpu 20 heldcpu01 7 -- probe arm apply hold:10 verify revert prove
check "a held fault is there after its first lease" took_hold
check "a step that takes longer than the lease is renewed beside" \
    steps latency 1500 longstep001 3 mechanism=nfqueue -- probe arm apply verify revert prove
check "a step that takes longer than the lease: took hold" took_hold
# Only the runner renews: an arm goes on to its end although its runner has died.
check "a lease begins before the fault is prepared" steps packet-loss 20 longarm001 600 -- probe arm
check "and is not renewed by arm itself" on_target test /run/vnfault/longarm001/lease -ot /run/vnfault/longarm001/armed
check "an injection that was only armed is reverted" steps packet-loss 20 longarm001 600 -- revert prove
check "held: nothing is left" unchanged

# An apply that is killed half-way is undone by revert.
on_target sh -c 'printf "#!/bin/sh\nexec sleep 600\n" >/run/bin/iptables-restore; chmod +x /run/bin/iptables-restore'
injection packet-loss 20 halfway01 4 direction=in -- arm apply >"$scratch/steps" 2>&1 &
hanging() { on_target pgrep -f 'sleep 600' >/dev/null; }
wait_until $! hanging
on_target rm /run/bin/iptables-restore
pkill -KILL -f "injection_probe .* halfway01 "
no_longer() { ! "$@"; }
check "a step that hangs is ended by the guards once nobody renews the lease" wait_until "$target_holder" no_longer hanging
check "half-way: reverted and proven" steps packet-loss 20 halfway01 4 -- revert prove
check "half-way: nothing is left" unchanged
finish
