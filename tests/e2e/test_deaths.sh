#!/usr/bin/env bash
# What dies in the middle of an experiment gets a named verdict, leaves no fault behind, and the
# campaign can be completed: SIPp, the fault's own tool, the IMS, the SSH daemon.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

campaign=$(edited_campaign both '')
lab_up

# Runs the campaign, and the command on the host once the fault is in, or when the statement gives 1.
run_and_disturb() { # NAME HOST COMMAND [EXIT_STATUS [SQL]]
    local run=$scratch/$1 runner status=0
    local instant=${5:-"SELECT count(*) > 0 FROM injection WHERE state = 'verified'"}
    "$vnfault" run "$campaign" --testbed "$testbed" -o "$run" >"$scratch/$1.log" 2>&1 &
    runner=$!
    wait_for "$run" $runner "$instant" ||
        { cat "$scratch/$1.log"; return 1; }
    on "$2" "$3"
    wait $runner || status=$?
    [ "$status" = "${4:-2}" ] || { echo "the run ended with $status"; cat "$scratch/$1.log"; return 1; }
}
reason() { query "$scratch/$1" "SELECT reason FROM experiment WHERE verdict = 'invalid'"; }
# As the run itself advises.
complete() {
    local advice
    advice=$(sed -n "s/^ *'vnfault \(.*\)' tries them again$/\1/p" "$scratch/$1.log")
    # shellcheck disable=SC2086 # words of a command
    "$vnfault" $advice
}

check "SIPp killed: the run is inconclusive" \
    run_and_disturb sipp load "pkill -KILL -x sipp"
check "SIPp killed: the verdict names it" prints "SIPp" reason sipp
check "SIPp killed: the campaign went on with its next cell" equals "invalid
valid" query "$scratch/sipp" "SELECT verdict FROM experiment ORDER BY id"
check "SIPp killed: no fault is left" is_clean sprout
check "SIPp killed: the campaign is completed" exits_with 0 complete sipp

# One experiment is enough for the others.
campaign=$(edited_campaign memory '/type="packet-loss"/d')
check "stress-ng killed: the run is inconclusive" \
    run_and_disturb tool sprout "pkill -KILL stress-ng"
check "stress-ng killed: the verdict names it" prints "ended before its time" reason tool
check "stress-ng killed: no fault is left" is_clean sprout
check "stress-ng killed: the campaign is completed" exits_with 0 complete tool

# Also the session that says so goes.
check "sshd killed: the run is inconclusive" \
    run_and_disturb sshd sprout "pkill -KILL sshd"
check "sshd killed: the verdict names it" prints "connection|SSH" reason sshd
check "sshd killed: no fault is left" is_clean sprout
check "sshd killed: the campaign is completed" exits_with 0 complete sshd

# sprout comes back without its registrations: calls fail until the reset.
campaign=$(edited_campaign longer '/type="packet-loss"/d; s/duration="14s"/duration="20s"/')
check "kamailio killed: the run is inconclusive" \
    run_and_disturb ims sprout "pkill -KILL kamailio"
check "kamailio killed: the verdict names it" prints "did not recover" reason ims
check "kamailio killed: no fault is left" is_clean sprout
check "kamailio killed: the campaign is completed" exits_with 0 complete ims

# bono comes back at once, and has no state to lose: nothing but its processes tells.
noted() { query "$scratch/$1" "SELECT note FROM experiment WHERE verdict = 'valid'"; }
campaign=$(edited_campaign brief '/type="packet-loss"/d')
check "kamailio killed in a fault on another host: the run passes" \
    run_and_disturb pcscf bono "pkill -KILL kamailio" 0
check "and the experiment has a note of it" \
    prints "kamailio on bono ended within a fault and was started again at [0-9.]+ s" noted pcscf
check "so has the report" prints "kamailio on bono ended within a fault" \
    "$vnfault" report "$scratch/pcscf" --json

check "kamailio killed before the fault: the run is inconclusive" \
    run_and_disturb early bono "pkill -KILL kamailio" 2 "SELECT count(*) > 0 FROM observation"
check "kamailio killed before the fault: the verdict names it" \
    prints "kamailio on bono ended outside of a fault" reason early

# The clock of a target is put an hour ahead: by a date of its own, as the lab's hosts have one clock.
clock_ahead() { # CONDITION in the shell
    echo "cp /usr/bin/date /run/real-date
        printf '%s\n' '#!/bin/sh' 'now=\$(/run/real-date \"\$@\")' '$1 && now=\$((now + 3600000000000))' 'echo \$now' >/run/date
        chmod +x /run/date; mount --bind /run/date /usr/bin/date"
}
check "a clock that is set in a fault: the run passes" run_and_disturb set sprout "$(clock_ahead true)" 0
check "and the edges are where they were" equals 1 query "$scratch/set" \
    "SELECT gone_ns BETWEEN end_commanded_ns AND measured_until_ns FROM injection_edges JOIN experiment ON id = experiment_id"
check "a clock that is another to the fault's steps: the run is inconclusive" \
    run_and_disturb lying sprout "$(clock_ahead '[ -n "$VNFAULT_STEP" ]')" 2 "SELECT count(*) > 0 FROM observation"
check "and the verdict names it" prints "outside of its step by the target's clock" reason lying

finish
