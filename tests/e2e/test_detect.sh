#!/usr/bin/env bash
# vnfault detect on a lab that runs: a detector trained on one run sees the fault of the next as it
# comes, and names a target that is switched off.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
model=$scratch/sprout.model
taught=$scratch/taught
met=$scratch/met
campaign=$(edited_campaign memory '/type="packet-loss"/d')
watch=("$vnfault" detect "$testbed" --model "$model")

check "a run to learn from" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$taught"
check "a detector of it" exits_with 0 "$vnfault" train "$taught" --trees 50 -o "$model"

# --- another run, watched from beside ---
"${watch[@]}" --json --every >"$scratch/seen" 2>"$scratch/seen.stderr" &
watcher=$!
check "another run" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$met"
kill -INT "$watcher"
status=0
wait "$watcher" || status=$?
check "an alarm is an exit status of 1, also after Ctrl-C" equals 1 echo "$status"
edges() { query "$met" "SELECT start_commanded_ns || ' ' || gone_ns FROM injection_edges"; }
alarm_is_in_the_fault() {
    local edges
    read -ra edges <<<"$(edges)"
    python3 - "$scratch/seen" "${edges[@]}" <<'END'
import json, sys
begin, gone = int(sys.argv[2]), int(sys.argv[3])
seen = [json.loads(line) for line in open(sys.argv[1])]
inside = [row for row in seen if begin <= row["time_ns"] <= gone]
alarms = [row for row in inside if row["alarm"] and row["fault_type"] == "memory"]
assert len(inside) >= 5 and len(alarms) >= 3, (len(inside), alarms)
assert {row["target"] for row in seen} == {"sprout"}
END
}
check "it comes in the fault, and is of its type" alarm_is_in_the_fault

# --- an end, and what can't be watched ---
check "a watch of a given length ends" prints 'sprout: [0-9]+ alarms? in [234] observations' \
    "${watch[@]}" --duration 3s
check "a target that isn't there: status" exits_with 64 "$vnfault" detect \
    "$(edited_testbed other 's/name="sprout"/name="sproud"/')" --model "$model"
check "a target that is down: status" exits_with 4 "$vnfault" detect \
    "$(edited_testbed gone 's|vnfault/test-[0-9]+/sprout|vnfault/nowhere/sprout|')" --model "$model"

# --- a target that goes ---
"${watch[@]}" --every >"$scratch/last" 2>"$scratch/last.stderr" &
watcher=$!
check "it is watched" wait_until "$watcher" grep -q sprout "$scratch/last"
"$vnfault" lab down --name "$lab" >/dev/null
check "a target that goes is named" wait_until "$watcher" grep -q "sprout can't be read" "$scratch/last.stderr"
kill -INT "$watcher"
wait "$watcher"
finish
