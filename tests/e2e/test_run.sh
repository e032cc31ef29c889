#!/usr/bin/env bash
# The run from campaign file to labelled database on a lab of its own: a good run, one that is
# interrupted, one whose runner is killed, and the resumption of each.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

campaign=$top/tests/e2e/data/short.xml
lab_up
run_campaign=("$vnfault" run "$campaign" --testbed "$testbed")

# --- a good run ---
good=$scratch/good
check "a run ends with 0" exits_with 0 "${run_campaign[@]}" -o "$good"
check "both experiments are valid" equals 2 \
    query "$good" "SELECT count(*) FROM experiment WHERE verdict = 'valid'"
check "every target has every observation" equals 15 \
    query "$good" "SELECT min(n) FROM (SELECT count(*) AS n FROM observation_label
                   GROUP BY experiment_id, target_id)"
check "a vector has at least 150 metrics" equals 1 \
    query "$good" "SELECT min(length(vector)) / 8 >= 150 FROM observation"
check "each injection has its five edges in order" equals 2 \
    query "$good" "SELECT count(*) FROM injection_edges WHERE start_commanded_ns < applied_ns
                   AND applied_ns <= verified_ns AND verified_ns < end_commanded_ns
                   AND end_commanded_ns <= gone_ns"
check "every injection is proven gone" equals proven \
    query "$good" "SELECT DISTINCT state FROM injection"
check "labels hold the fault on its target" equals "memory|own
packet-loss|own" query "$good" "SELECT DISTINCT label, scope FROM observation_label
                   WHERE target = 'sprout' AND label IN ('memory', 'packet-loss') ORDER BY label"
check "the other targets see it elsewhere" equals elsewhere \
    query "$good" "SELECT DISTINCT scope FROM observation_label
                   WHERE target <> 'sprout' AND label IN ('memory', 'packet-loss')"
check "packet loss makes calls fail" equals 1 \
    query "$good" "SELECT sum(calls_failed) + sum(retransmissions) > 0 FROM service_sample
                   JOIN experiment ON experiment.id = experiment_id
                   WHERE fault_type = 'packet-loss'"
check "every action has its outcome" equals 0 \
    query "$good" "SELECT count(*) FROM journal WHERE outcome IS NOT 'ok'"
check "the status says so" prints "2 valid, 0 invalid, 0 torn" "$vnfault" status "$good"
check "a second run in its folder is refused" exits_with 64 "${run_campaign[@]}" -o "$good"

# --- Ctrl-C in the middle of an injection ---
torn=$scratch/torn
"${run_campaign[@]}" -o "$torn" >"$scratch/torn.log" 2>&1 &
runner=$!
wait_for "$torn" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
check "another run on the same targets is refused" exits_with 4 "${run_campaign[@]}" -o "$scratch/second"
kill -INT $runner
wait $runner
check "an interrupted run ends with 130" equals 130 echo $?
check "nothing is left on the target" is_clean sprout
check "the experiment is torn" equals torn query "$torn" "SELECT state FROM experiment"
check "the run can be resumed" exits_with 0 "$vnfault" run --resume "$torn"
check "the torn cell was done again" equals "torn|1
done|2
done|1" query "$torn" "SELECT state, attempt FROM experiment ORDER BY id"

# --- the runner dies ---
killed=$scratch/killed
"${run_campaign[@]}" -o "$killed" --lease 5 >"$scratch/killed.log" 2>&1 &
runner=$!
wait_for "$killed" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
kill -KILL $runner
wait $runner 2>/dev/null
# Nobody renews the lease now: the guards undo the fault and go.
while on sprout "pgrep -f '[i]njector.sh guard'" >/dev/null; do sleep 0.2; done
check "the fault is gone when its lease is over" has_no_fault sprout
check "a run that died can be resumed" exits_with 0 "$vnfault" run --resume "$killed"
check "its cells are all done" equals 2 \
    query "$killed" "SELECT count(*) FROM experiment WHERE verdict = 'valid'"

check "heal finds the testbed clean" exits_with 0 "$vnfault" heal "$testbed"
finish
