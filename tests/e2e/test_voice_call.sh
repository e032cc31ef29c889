#!/usr/bin/env bash
# Calls that are held as long as the campaign says, at a time scale, on a lab of their own; those whose ACK
# is lost are given up by the callee and fail.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
sed "s|\.\./\.\./\.\./|$top/|" "$top/tests/e2e/data/voice-call.xml" >"$scratch/voice-call.xml"
run=$scratch/run
within() { awk -v least="$1" -v x="$2" -v most="$3" 'BEGIN { print x; exit !(x >= least && x <= most) }'; }

check "it runs, at half of the time" exits_with 0 "$vnfault" run "$scratch/voice-call.xml" --testbed "$testbed" --time-scale 1/2 -o "$run"
check "a call is held for 6 s" within 6 "$(query "$run" "SELECT min(mean_ns) / 1e9 FROM service_response AS r JOIN service_sample AS s ON s.id = r.sample_id
    JOIN injection_edges AS i USING (experiment_id) WHERE transaction_name = 'call' AND s.time_ns < start_commanded_ns")" 6.5
check "120 calls are open" within 110 "$(query "$run" "SELECT avg(calls_current) FROM service_sample AS s JOIN injection_edges AS i USING (experiment_id)
    WHERE s.time_ns < start_commanded_ns AND s.time_ns > start_commanded_ns - 5e9")" 135
# Those of the fault fail 4 s later.
check "half of the calls fail without their ACK" within 0.35 "$(query "$run" "SELECT 1.0 * sum(calls_failed) / sum(calls_created) FROM service_sample AS s
    JOIN injection_edges AS i USING (experiment_id) WHERE s.window_start_ns > verified_ns + 4e9 AND s.time_ns < end_commanded_ns + 4e9")" 0.65
check "by the callee's BYE" equals unexpected-message query "$run" "SELECT DISTINCT cause FROM service_failure"
check "without it none does" equals 0 query "$run" "SELECT sum(calls_failed) FROM service_sample AS s
    JOIN injection_edges AS i USING (experiment_id) WHERE s.time_ns < start_commanded_ns"
check "no packet of media is told of" equals 0 query "$run" "SELECT count(*) FROM service_media"

# A call of 1.5 s is over before its callee gives it up.
sed 's|call-duration="12s"|call-duration="3s"|' "$scratch/voice-call.xml" >"$scratch/short-call.xml"
run=$scratch/short
check "shorter calls run" exits_with 0 "$vnfault" run "$scratch/short-call.xml" --testbed "$testbed" --time-scale 1/2 -o "$run"
check "half of them fail, too" within 0.35 "$(query "$run" "SELECT 1.0 * sum(calls_failed) / sum(calls_created) FROM service_sample AS s
    JOIN injection_edges AS i USING (experiment_id) WHERE s.window_start_ns > verified_ns + 2e9 AND s.time_ns < end_commanded_ns")" 0.65
finish
