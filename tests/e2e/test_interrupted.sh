#!/usr/bin/env bash
# A run that ends before its end: interrupted, its runner killed, terminated; what is left on the
# target, how the run goes on, and what heal does.
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
check "to go on by another campaign is refused" prints 'the campaign file is not the one' "$vnfault" run --resume "$torn"
sed -i 's/rate="41calls/rate="40calls/' "$torn_campaign"
check "the run can be resumed" prints '^\{"event":"experiment","position":2,"total":2,.*"verdict":"valid"' \
    "$vnfault" run --resume "$torn" --json
check "the torn cell was done again" equals "torn|1
done|2
done|1" query "$torn" "SELECT state, attempt FROM experiment ORDER BY id"

# --- the runner dies ---
killed=$scratch/killed
"${run_campaign[@]}" -o "$killed" --lease 5 >"$scratch/killed.log" 2>&1 &
runner=$!
wait_for "$killed" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
check "status shows it under way" prints '^under way: ' "$vnfault" status "$killed"
check "and what is left" prints '^2 of 2 experiments left$' "$vnfault" status "$killed"
kill -KILL $runner
wait $runner 2>/dev/null
check "status says that its runner is gone" prints "^its runner is gone" "$vnfault" status "$killed"
check "and tells a program" prints '"runner_gone": true' "$vnfault" status --json "$killed"
# Nobody renews the lease now: the guards undo the fault and go.
while on sprout "pgrep -f '[i]njector.sh guard'" >/dev/null; do sleep 0.2; done
check "the fault is gone when its lease is over" has_no_fault sprout
check "a run that died can be resumed" exits_with 0 "$vnfault" run --resume "$killed"
check "its cells are all done" equals 2 \
    query "$killed" "SELECT count(*) FROM experiment WHERE verdict = 'valid'"
check "and the torn one says why" equals "the runner died" \
    query "$killed" "SELECT reason FROM experiment WHERE state = 'torn'"
check "nothing is left on the target" is_clean sprout

# --- SIGTERM, in the last experiment ---
"$vnfault" run "$(edited_campaign last '/type="packet-loss"/d')" --testbed "$testbed" -o "$scratch/terminated" >"$scratch/terminated.log" 2>&1 &
runner=$!
wait_for "$scratch/terminated" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
kill -TERM $runner
wait $runner
check "a terminated run ends with 143" equals 143 echo $?
check "nothing is left then" is_clean sprout
check "and the run is not complete" prints "^short: interrupted" "$vnfault" status "$scratch/terminated"

# --- the runner dies, and somebody heals before the lease is over ---
"${run_campaign[@]}" -o "$scratch/healed" --lease 600 >"$scratch/healed.log" 2>&1 &
runner=$!
wait_for "$scratch/healed" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
kill -KILL $runner
wait $runner 2>/dev/null
check "heal takes over the lock of the dead, reverts and proves" \
    prints "^ +reverted [a-z0-9]+ and proved it$" "$vnfault" heal "$testbed"
check "nothing is left after it" is_clean sprout

check "heal finds the testbed clean" exits_with 0 "$vnfault" heal "$testbed"
check "and tells a program" prints '^\{"host":"sprout","state":"clean","actions":\[\]\}$' "$vnfault" heal --json "$testbed"
on sprout "mkdir -p /run/vnfault; echo '99999999999 vnfault run elsewhere:/x' >/run/vnfault/lock"
check "of a runner elsewhere it can't know" prints "in use by vnfault run elsewhere:/x" "$vnfault" heal "$testbed"
check "told to, it heals there too" exits_with 0 "$vnfault" heal --force "$testbed"
on sprout rm /run/vnfault/lock
finish
