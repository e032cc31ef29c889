#!/usr/bin/env bash
# Faults of processes, services, processors, memory and disks on a real target: seen from outside, undone,
# and nothing stays behind. The five of the first paper: test_injectors.sh.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/service.sh"
target_or_skip "host faults"

on_target sh -c 'mkdir /run/disk; mount -t tmpfs -o size=64m,mode=755 tmpfs /run/disk'
web_service
web_start
answers() { on_runner curl -s -o /dev/null --noproxy '*' --max-time "${1:-3}" http://$target_address:8080/; }
wait_until "$target_holder" answers
python=$(on_target cat "/proc/$(on_target cat /run/web.pid)/comm")
runs() { [ "$(on_target pgrep -xc "$python")" -ge 1 ]; }
in_state() { on_target sh -c "grep -q '^State:.$1' /proc/\$(cat /run/web.pid)/status"; }
no() { ! "$@"; }
state() {
    on_target bash -c 'ls -A /run /run/disk /srv /var/tmp; /etc/init.d/web status; echo web $?
        ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}
inject() { steps "$@" -- probe arm apply verify; }
revert() { steps "$@" -- hold revert prove; }
state >"$scratch/before"

# --- none ----------------------------------------------------------------------------------------------
# The machine's other control groups come and go with other tests: those the target does not see meanwhile.
on_target mount -t tmpfs -o size=64k,mode=755 groups /sys/fs/cgroup
check "none: runs" steps none 0 nothing001 20 -- probe arm apply verify hold revert prove
check "none: is verified to do nothing" took_hold
check "none: nothing is left" unchanged
steps none 0 nothing002 20 -- probe arm apply
on_target iptables -A INPUT -p tcp --dport 9 -j DROP
check "none: what changed meanwhile is told" steps none 0 nothing002 20 -- verify
check "none: it did not take hold then" phantom
check "none: it says what" says 'verify.detail something changed: .*dport 9'
on_target iptables -D INPUT -p tcp --dport 9 -j DROP
check "none: reverted" revert none 0 nothing002 20
# What bears its own name counts, another injection's doesn't.
steps none 0 nothing003 20 -- probe arm apply
on_target iptables -N VNFAULT-i-another0001
check "none: another injection's chain is no matter" eval 'steps none 0 nothing003 20 -- verify && took_hold'
on_target iptables -N VNFAULT-i-nothing003
check "none: one of its own is" eval 'steps none 0 nothing003 20 -- verify && phantom'
on_target sh -c 'iptables -X VNFAULT-i-nothing003; iptables -X VNFAULT-i-another0001'
check "none: reverted again" revert none 0 nothing003 20
on_target umount /sys/fs/cgroup

# --- process-pause ---------------------------------------------------------------------------------------
check "process-pause: applied" inject process-pause 100 pause00001 20 "program=$python"
check "process-pause: took hold" took_hold
check "process-pause: the service does not answer" exits_with 28 answers 1
check "process-pause: reverted" revert process-pause 100 pause00001 20
check "process-pause: the service answers" answers
check "process-pause: nothing is left" unchanged
check "process-pause: the runner is gone: applied" steps process-pause 100 pause00002 4 "program=$python" -- probe arm apply
wait_until "$target_holder" answers
check "process-pause: the runner is gone: the guard undid it" steps process-pause 100 pause00002 4 -- revert prove
check "process-pause: it says so" says 'undone by guard'
on_target sh -c 'kill -STOP $(cat /run/web.pid)'
check "process-pause: one that was stopped before: a phantom" eval 'inject process-pause 100 pause00003 20 "program=$python" && phantom'
check "process-pause: one that was stopped before: reverted" revert process-pause 100 pause00003 20
check "process-pause: one that was stopped before: stays so" in_state T
on_target sh -c 'kill -CONT $(cat /run/web.pid)'
check "process-pause: one that goes on is noticed" eval 'inject process-pause 100 pause00004 20 "program=$python" &&
    on_target sh -c "kill -CONT \$(cat /run/web.pid)" && wait_until "$target_holder" in_state S &&
    steps process-pause 100 pause00004 20 -- hold && says "^hold.took_hold false"'
check "process-pause: reverted all the same" steps process-pause 100 pause00004 20 -- revert prove
check "process-pause: of a program that isn't there" refused 4 'no process of nosuch runs' process-pause 100 pause00005 20 program=nosuch -- probe

# --- process-kill, service-stop -------------------------------------------------------------------------
check "process-kill: applied" inject process-kill 100 kill000001 20 "program=$python" service=web
check "process-kill: took hold" took_hold
check "process-kill: the program is gone" no runs
check "process-kill: reverted" revert process-kill 100 kill000001 20
check "process-kill: the service runs again" answers
check "process-kill: nothing is left" unchanged
check "process-kill by TERM, left to whoever looks after it: applied" inject process-kill 100 kill000002 20 "program=$python" signal=TERM
check "process-kill by TERM: took hold" took_hold
check "process-kill by TERM: reverted" revert process-kill 100 kill000002 20
check "process-kill by TERM: it is still gone" no runs
on_target /etc/init.d/web start
wait_until "$target_holder" answers
check "service-stop: applied" inject service-stop 100 service001 20 service=web
check "service-stop: took hold" took_hold
check "service-stop: by init script" says '^probe.mechanism sysv'
check "service-stop: nobody answers" exits_with 7 answers
check "service-stop: reverted" revert service-stop 100 service001 20
check "service-stop: the service runs again" answers
check "service-stop: nothing is left" unchanged
check "service-stop: the runner is gone: applied" steps service-stop 100 service002 4 service=web -- probe arm apply
wait_until "$target_holder" answers
check "service-stop: the runner is gone: the guard started it" steps service-stop 100 service002 4 -- revert prove
check "service-stop: and it outlives the guard" answers
# What a process ignores its children ignore for ever: SIGHUP, SIGINT and SIGTERM are bits 0, 1 and 14.
stoppable() { [ $((0x$(on_target sed -n 's/^SigIgn:[^0-9a-f]*//p' "/proc/$(on_target cat /run/web.pid)/status") & 0x4003)) = 0 ]; }
check "service-stop: and can be stopped by a signal" stoppable
# Its runner dies in the middle of a stop that takes longer than the lease.
sed -i '2i [ "$1" != stop ] || [ ! -e /run/slow-stop ] || sleep 6.5' "$scratch/init.d/web"
stopping() { on_target pgrep -f '^sleep 6.5' >/dev/null; }
watched() { on_target pgrep -f '[i]njector.sh guard' >/dev/null || stopping; }
on_target touch /run/slow-stop
steps service-stop 100 slowstop01 4 service=web -- probe arm apply >/dev/null 2>&1 &
wait_until $! stopping
on_target rm /run/slow-stop
pkill -KILL -f 'injection_probe .* slowstop01 '
wait_until "$target_holder" no watched
check "service-stop: a stop that was under way as the runner died is brought to its end" answers
check "service-stop: by the guard" steps service-stop 100 slowstop01 4 -- revert prove
check "service-stop: nothing is left of it" unchanged
check "service-stop: one that is started meanwhile is noticed" eval 'inject service-stop 100 service003 20 service=web &&
    on_target /etc/init.d/web start && steps service-stop 100 service003 20 -- hold && says "^hold.took_hold false"'
check "service-stop: reverted all the same" steps service-stop 100 service003 20 -- revert prove
check "service-stop: of none that there is" refused 4 'no service nosuch' service-stop 100 service004 20 service=nosuch -- probe
check "services: nothing is left" unchanged

# --- clock-skew: on a machine of its own in test_clock_skew.sh ----------------------------------------------
check "clock-skew: a clock that others share is refused" refused 4 'pid namespace of its own: it shares its clock' \
    clock-skew 60 clock00001 20 -- probe

# --- disk-fill ---------------------------------------------------------------------------------------------
used() { on_target df -Pk /run/disk | awk 'END { printf "%d", 100 * $3 / ($3 + $4) }'; }
check "disk-fill: applied" inject disk-fill 70 fill000001 20 folder=/run/disk
check "disk-fill: took hold" took_hold
check "disk-fill: achieved as asked for" between 69 "$(figure verify.achieved)" 71
check "disk-fill: seen from outside" between 68 "$(used)" 72
check "disk-fill: to another level" eval 'steps disk-fill 70 fill000001 20 -- change:30 verify && took_hold && between 28 "$(used)" 32'
check "disk-fill: reverted" revert disk-fill 70 fill000001 20
check "disk-fill: nothing is left" unchanged
check "disk-fill: full, but for the reserve" inject disk-fill 100 fill000002 4 folder=/run/disk reserve=8MB
check "disk-fill: the reserve is free" between 8000000 "$(figure verify.disk-free)" 8500000
wait_until "$target_holder" eval '[ "$(used)" -lt 5 ]'
check "disk-fill: the runner is gone: the guard undid it" steps disk-fill 100 fill000002 4 -- revert prove
check "disk-fill: its process dies" eval 'inject disk-fill 70 fill000004 20 folder=/run/disk && on_target pkill -KILL -xf "sleep 2147483647"'
wait_until "$target_holder" no on_target pgrep -xf "sleep 2147483647" >/dev/null
check "disk-fill: the room is there again" between 0 "$(used)" 5
check "disk-fill: that is noticed" eval 'steps disk-fill 70 fill000004 20 folder=/run/disk -- hold revert prove && says "hold.took_hold false"'
check "disk-fill: what is in use already counts" eval 'on_target dd if=/dev/zero of=/run/disk/mine bs=1M count=32 2>/dev/null &&
    refused 64 "that much in use" disk-fill 20 fill000003 20 folder=/run/disk -- probe arm apply'
steps disk-fill 20 fill000003 20 folder=/run/disk -- revert prove
on_target rm /run/disk/mine
check "disk-fill: nothing is left of that either" unchanged

# --- disk, memory and processors in other ways ---------------------------------------------------------
check "disk at a pace: applied" inject disk 4 paced00001 30 throughput=5MB/s
check "disk at a pace: took hold" took_hold
check "disk at a pace: no more is written" between 100000 "$(figure verify.bytes-written)" 6250000
check "disk at a pace: reverted" revert disk 4 paced00001 30
for mode in fsync buffered; do
    check "disk, $mode: applied" inject disk 4 disk$mode 30 mode=$mode
    check "disk, $mode: took hold" took_hold
    check "disk, $mode: reverted" revert disk 4 disk$mode 30
done
check "memory that leaks: applied" inject memory 70 leak000001 30 growth=20MB/s
check "memory that leaks: took hold" took_hold
check "memory that leaks: at its rate" between 15000000 "$(figure verify.memory-growth)" 25000000
check "memory that leaks: is held" steps memory 70 leak000001 30 -- hold
check "memory that leaks: reverted" steps memory 70 leak000001 30 -- revert prove
check "more processors than there are" refused 64 'has 0.500 processors, not 1' cpu 50 cores00001 20 cores=1 -- probe
check "all that: nothing is left" unchanged

# --- sabotage -------------------------------------------------------------------------------------------
# A shell's own kill can't be taken away: a program that nobody can end stands for it.
on_target sh -c 'for tool in fallocate dd stress-ng; do printf "#!/bin/sh\nexit 0\n" >/run/bin/$tool; chmod +x /run/bin/$tool; done
    printf "#!/bin/sh\ntrap \"\" TERM\nwhile :; do sleep 600; done\n" >/run/bin/stubborn; chmod +x /run/bin/stubborn
    setsid /run/bin/stubborn </dev/null >/dev/null 2>&1 &'
wait_until "$target_holder" on_target pgrep -x stubborn >/dev/null
check "nothing fills: runs through" steps disk-fill 70 sabotage01 20 folder=/run/disk -- probe arm apply verify revert prove
check "nothing fills: a phantom" phantom
check "nobody ends: runs through" steps process-kill 100 sabotage02 20 program=stubborn signal=TERM -- probe arm apply verify revert prove
check "nobody ends: a phantom" phantom
cp "$scratch/init.d/web" "$scratch/init.d/lazy"
sed -i '/^stop/d' "$scratch/init.d/lazy"
check "nobody stops the service: runs through" steps service-stop 100 sabotage03 20 service=lazy -- probe arm apply verify revert prove
check "nobody stops the service: a phantom" phantom
rm "$scratch/init.d/lazy"
on_target sh -c 'pkill -KILL -x stubborn; pkill -KILL -f "^sleep 600"; rm /run/bin/*'
check "sabotage: nothing is left" unchanged
finish
