#!/usr/bin/env bash
# A run whose runner is killed: what it leaves on the target, how the run goes on, and what heal does.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

campaign=$top/tests/e2e/data/short.xml
lab_up
run_campaign=("$vnfault" run "$campaign" --testbed "$testbed")

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
