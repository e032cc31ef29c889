#!/usr/bin/env bash
# A run that is interrupted or terminated: what it leaves on the target, and how it goes on.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

campaign=$top/tests/e2e/data/short.xml
lab_up
run_campaign=("$vnfault" run "$campaign" --testbed "$testbed")

# --- Ctrl-C in the middle of an injection ---
torn=$scratch/torn
torn_campaign=$(edited_campaign torn 's/duration="14s"/duration="26s"/; s/length="6s"/length="18s"/')
"$vnfault" run "$torn_campaign" --testbed "$testbed" -o "$torn" >"$scratch/torn.log" 2>&1 &
runner=$!
wait_for "$torn" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
check "another run on the same targets is refused" exits_with 4 "${run_campaign[@]}" -o "$scratch/second"
check "and told who holds them" prints "in use by vnfault run .*:$torn, process $runner started" "${run_campaign[@]}" -o "$scratch/third"
check "heal is refused too" exits_with 4 "$vnfault" heal "$testbed"
kill -INT $runner
wait $runner
check "an interrupted run ends with 130" equals 130 echo $?
check "it is told what is left to do" prints "^0 valid, 0 invalid, 1 torn, 2 left$" cat "$scratch/torn.log"
check "nothing is left on the target" is_clean sprout
check "the experiment is torn" equals torn query "$torn" "SELECT state FROM experiment"
sed -i 's/rate="40calls/rate="41calls/' "$torn_campaign"
check "to go on by another campaign is refused" prints "the campaign file $torn_campaign differs from the one that $torn began with" "$vnfault" run --resume "$torn"
sed -i 's/rate="41calls/rate="40calls/' "$torn_campaign"
check "the run can be resumed" prints '^\{"event":"experiment","position":2,"total":2,.*"verdict":"valid"' \
    "$vnfault" run --resume "$torn" --json
check "the torn cell was done again" equals "torn|1
done|2
done|1" query "$torn" "SELECT state, attempt FROM experiment ORDER BY id"

# --- its time is up in the middle of an injection: the signal of the clock, sent when it is there ---
up=$scratch/up
"$vnfault" run "$torn_campaign" --testbed "$testbed" -o "$up" --most-time 10h >"$scratch/up.log" 2>&1 &
runner=$!
wait_for "$up" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
kill -ALRM $runner
wait $runner
check "a run whose time is up ends with 2" equals 2 echo $?
check "says so" prints "the time of the run is up; every fault was reverted" cat "$scratch/up.log"
check "and how it goes on" prints "run --resume $up" cat "$scratch/up.log"
check "nothing is left on the target then" is_clean sprout
check "one that has no time at all ends so, too" exits_with 2 "${run_campaign[@]}" -o "$scratch/none" --most-time 1ms
check "and leaves no run" exits_with 64 "$vnfault" status "$scratch/none"
check "a bare number is no time" exits_with 64 "${run_campaign[@]}" -o "$scratch/none" --most-time 5

# --- SIGTERM, in the last experiment ---
"$vnfault" run "$(edited_campaign last '/type="packet-loss"/d')" --testbed "$testbed" -o "$scratch/terminated" >"$scratch/terminated.log" 2>&1 &
runner=$!
wait_for "$scratch/terminated" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
kill -TERM $runner
wait $runner
check "a terminated run ends with 143" equals 143 echo $?
check "nothing is left then" is_clean sprout
check "and the run is not complete" prints "^short: interrupted" "$vnfault" status "$scratch/terminated"

finish
