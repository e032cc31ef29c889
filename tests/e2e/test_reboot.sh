#!/usr/bin/env bash
# A target that a fault reboots in the middle of an experiment is away, comes back by itself, and is one of
# the run again: with its lock, its clock, its service and its metrics.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
fault='<fault type="reboot"><intensity name="full" value="100%"/></fault>'
campaign=$(edited_campaign reboot "s|<fault type=\"memory\".*|$fault|; /type=\"packet-loss\"/d; s/name=\"sprout\"/name=\"bono\"/")
rebooted=$scratch/rebooted
check "the run passes" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$rebooted"
check "the experiment is valid" equals "valid" query "$rebooted" "SELECT verdict FROM experiment"
check "the fault took hold and is gone" equals "proven|0|100.0|reboot command" \
    query "$rebooted" "SELECT state, phantom, achieved, mechanism FROM injection"
check "its edges are in order, and it is over once the target is back" equals 1 query "$rebooted" \
    "SELECT start_commanded_ns < applied_ns AND applied_ns < verified_ns AND verified_ns <= end_commanded_ns
         AND end_commanded_ns <= gone_ns AND gone_ns < measured_until_ns
     FROM injection_edges JOIN experiment ON experiment.id = experiment_id"
check "how long it was away is measured" equals 1 \
    query "$rebooted" "SELECT count(*) FROM measurement WHERE name = 'absence' AND value > 0 AND unit = 's'"
check "its service was started again, as the note says" prints 'kamailio on bono ended within a fault' \
    query "$rebooted" "SELECT note FROM experiment"
check "every action has its outcome" equals 0 \
    query "$rebooted" "SELECT count(*) FROM journal WHERE outcome IS NOT 'ok'"
check "metrics of it go on after that" equals 1 \
    query "$rebooted" "SELECT count(*) > 3 FROM observation_label WHERE target = 'bono' AND label = 'normal' AND time_ns > (SELECT gone_ns FROM injection_edges)"
check "nothing is left" is_clean bono
check "neither is the lock" eval '! on bono "ls /run/vnfault" 2>/dev/null'

# --- sabotage ---
phantom=$scratch/phantom
edited=$(edited_testbed phantom 's/<target name="bono"/& reboot="true"/')
sed -i 's/<reset method="reboot"/<reset method="none"/' "$campaign"
check "nobody reboots it: the run is inconclusive" \
    exits_with 2 "$vnfault" run "$campaign" --testbed "$edited" -o "$phantom"
check "nobody reboots it: the verdict says so" prints 'phantom fault: reboot did not take hold' \
    query "$phantom" "SELECT reason FROM experiment WHERE verdict = 'invalid'"
check "nobody reboots it: nothing is left" is_clean bono
finish
