#!/usr/bin/env bash
# The run from campaign file to labelled database on a lab of its own: all fault types, without
# faults, and at another scale.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

campaign=$top/tests/e2e/data/short.xml
lab_up
run_campaign=("$vnfault" run "$campaign" --testbed "$testbed")

# --- a good run ---
good=$scratch/good
good_run() { "${run_campaign[@]}" -o "$good" >"$scratch/good.log" 2>&1 || { cat "$scratch/good.log"; return 1; }; }
check "a run ends with 0" good_run
check "where there is no terminal, each experiment is told as it begins" equals "packet-loss-high-sprout-1
memory-high-sprout-1" sed -n 's|^\[[12]/2\] \(.*\) \.\.\.  .* left$|\1|p' "$scratch/good.log"
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
check "and to a program" prints '"valid": 2' "$vnfault" status "$good" --json
check "a second run in its folder is refused" exits_with 64 "${run_campaign[@]}" -o "$good"

# --- the other fault types of the first paper ---
others=$scratch/others
faults='<fault type="cpu"><intensity name="high" value="80%"/></fault>
    <fault type="disk"><intensity name="medium" value="8workers"/></fault>
    <fault type="latency"><intensity name="medium" value="50ms"/></fault>'
campaign=$(edited_campaign others '/type="packet-loss"/d')
sed -i "s|<fault type=\"memory\".*|${faults//$'\n'/}|" "$campaign"
run_others() {
    local status=0
    "$vnfault" run "$campaign" --testbed "$testbed" -o "$others" || status=$?
    repeat_invalid "$others" "$status"
}
check "cpu, disk and latency run" run_others
check "all are valid, and what was measured is near what was asked for" equals "cpu|1|proven
disk|1|proven
latency|1|proven" query "$others" "SELECT injection.fault_type, achieved BETWEEN requested * 0.5 AND requested * 1.2, injection.state
    FROM injection JOIN experiment ON experiment.id = experiment_id WHERE verdict = 'valid' ORDER BY injection.fault_type"
check "nothing of them is left" is_clean sprout

# --- without faults, at another scale ---
nominal=$scratch/nominal
check "a run without faults" exits_with 0 "${run_campaign[@]}" -o "$nominal" --no-faults --time-scale 1/2
check "has none" equals 0 query "$nominal" "SELECT count(*) FROM injection"
check "all of it is normal" equals normal query "$nominal" "SELECT DISTINCT label FROM observation_label"
check "it is as short as was asked for" equals 7000000000 \
    query "$nominal" "SELECT DISTINCT measured_until_ns - measured_from_ns FROM experiment"
check "to go on at another scale is refused" prints 'began with the time scale 1/2, not with 1/3' \
    "$vnfault" run --resume "$nominal" --time-scale 1/3

finish
