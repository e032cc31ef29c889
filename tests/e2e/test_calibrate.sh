#!/usr/bin/env bash
# Calibrating on a lab of its own: a service that is saturated by its cable, a network fault, a fault
# that its target bears up to a point, and an interrupt.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
export VNFAULT_DATA=$top

lab_up
# Nothing is rebooted between steps: the narrow cable stays, and time is saved.
campaign=$(edited_campaign base 's/reset method="reboot"/reset method="none"/; s/maximum-failures="20%"/maximum-failures="10%"/')
calibrate=("$vnfault" calibrate "$campaign" --testbed "$testbed" --calls 100 --length 10 --precision 100%)
figures() { # NAME PYTHON-CONDITION: of the JSON lines, as lists `steps` and `found`
    python3 - "$scratch/$1.json" "$2" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
steps = [line for line in lines if line["event"] == "step"]
found = [line for line in lines if line["event"] == "found"]
sys.exit(not eval(sys.argv[2]))
END
}
include() { # NAME LOAD FAULTS: a campaign with these in place of its load and faults
    sed -E "/<load/,/<\/load>/c $2" "$campaign" | sed -E "/<faults>/,/<\/faults>/c $3" |
        sed -E 's|<campaign |&xmlns:xi="http://www.w3.org/2001/XInclude" |' >"$scratch/$1.xml"
    "$vnfault" check "$scratch/$1.xml" --testbed "$testbed"
}

# --- the load: bono's cable takes what 40 calls a second need, not what 160 do ---
ip netns exec "vnfault-$lab-switch" tc qdisc add dev bono root tbf rate 4mbit burst 20kb limit 40kb
"${calibrate[@]}" --run "$scratch/load" --load --share-of-saturation 80% --settling 2 -o "$scratch/load.xml" --json >"$scratch/load.json" 2>"$scratch/load.errors"
check "the load is calibrated" equals 0 echo $?
ip netns exec "vnfault-$lab-switch" tc qdisc del dev bono root
check "saturation is where the cable is full" figures load \
    'found[0]["goal"] == "saturation" and 40 <= found[0]["value"] < 160 and found[0]["limit"] == "failures"'
check "the rate is at most that share of it" figures load \
    'found[1]["goal"] == "rate" and 10 < found[1]["value"] <= 0.8 * found[0]["value"]'
check "its failures are surely within the bound" figures load \
    'found[1]["failures"]["most"] <= 0.1 and found[1]["failures"]["calls"] >= 200 and found[1]["steps"] >= 2'
check "it was reached" figures load 'found[1]["rate"] >= 0.95 * found[1]["value"]'
check "each step is an experiment" eval '[ "$(query "$scratch/load" "SELECT count(*) FROM experiment")" = "$(grep -c '"'\"event\":\"step\"'"' "$scratch/load.json")" ]'
check "at its rate" equals 0 query "$scratch/load" "SELECT count(*) FROM experiment JOIN service_sample ON experiment_id = experiment.id
    WHERE experiment.name NOT LIKE 'load-' || CAST(offered_rate AS INTEGER) || '-%'"
check "the figures are kept" equals "rate
saturation" query "$scratch/load" "SELECT name FROM fact WHERE subject = 'calibration' ORDER BY name"
check "the run is complete" prints 'complete' "$vnfault" status "$scratch/load"
check "but there is nothing to resume" exits_with 64 "$vnfault" run --resume "$scratch/load"
check "a campaign takes the load in" include with-load '<xi:include href="load.xml"/>' '<faults><fault type="cpu"><intensity name="x" value="9%"/></fault></faults>'
check "with that rate" figures load '"rate=\"%gcalls/s\"" % found[1]["value"] in open(sys.argv[1].replace(".json", ".xml")).read()'

# --- a load that follows a profile: it is held at the peak, which is half of the rate ---
printf 'time,share\n00:00,5%%\n12:00,50%%\n' >"$scratch/profile.csv"
mkdir "$scratch/parts"
sed -E 's|rate="[0-9]+calls/s"|rate="40calls/s"|; s|<nominal maximum|<profile file="profile.csv"/>&|' "$campaign" >"$scratch/profile.xml"
ip netns exec "vnfault-$lab-switch" tc qdisc add dev bono root tbf rate 4mbit burst 20kb limit 40kb
check "the load of a profile is calibrated" eval '"$vnfault" calibrate "$scratch/profile.xml" --testbed "$testbed" --calls 100 --length 10 --precision 100% --run "$scratch/profile" \
    --load --settling 2 -o "$scratch/parts/profile.xml" --json >"$scratch/profile.json"'
ip netns exec "vnfault-$lab-switch" tc qdisc del dev bono root
check "from its peak on" figures profile 'steps[0]["value"] == 20'
check "at a constant load" equals 0 query "$scratch/profile" "SELECT count(*) FROM experiment JOIN service_sample ON experiment_id = experiment.id
    WHERE experiment.name NOT LIKE 'load-' || CAST(offered_rate AS INTEGER) || '-%'"
check "which is reached" figures profile 'found[1]["rate"] >= 0.95 * found[1]["value"] > 10'
check "a campaign takes the profile in" include with-profile '<xi:include href="parts/profile.xml"/>' '<faults><fault type="cpu"><intensity name="x" value="9%"/></fault></faults>'
check "with a rate of which it is the peak" figures profile '"rate=\"%gcalls/s\"" % (2 * found[1]["value"]) in open(sys.argv[1].replace("profile.json", "parts/profile.xml")).read()'
check "and its file by the path from there" prints 'file="../profile.csv"/>' cat "$scratch/parts/profile.xml"

# --- a network fault, by the calls that fail; and one that its target bears up to 60 % ---
mkdir "$scratch/injectors"
cat >"$scratch/injectors/fragile.sh" <<'END'
# name: fragile
# summary: nothing, but over 60 % it does not take hold
# unit: %
# range: 20..80

injector_probe() {
    say mechanism none
}

injector_alive() { [ "$amount" -le 60000 ]; }

injector_verify() {
    say achieved 60
    if injector_alive; then say took_hold true; else say took_hold false; fi
}
END
export VNFAULT_INJECTORS=$scratch/injectors
"${calibrate[@]}" --run "$scratch/faults" --fault packet-loss,fragile --target sprout --most-failures 75% --settling 6 -o "$scratch/faults.xml" --json \
    >"$scratch/faults.json" 2>"$scratch/faults.errors"
check "faults are calibrated" equals 0 echo $?
check "packet loss ends where three of four calls fail" figures faults \
    'found[0]["fault_type"] == "packet-loss" and found[0]["limit"] == "failures" and found[0]["failures"]["most"] <= 0.75'
check "more of it fails more" figures faults 'any(step["answer"] == "beyond" and (step["decisive"]["least"] or 0) > 0.75 for step in steps)'
check "what is not borne is found too" figures faults \
    'found[1]["limit"] == "refused" and 20 < found[1]["value"] <= 60 < found[1]["beyond"] and "phantom" in found[1]["reason"]'
check "the steps that were not borne are invalid" equals invalid query "$scratch/faults" \
    "SELECT DISTINCT verdict FROM experiment JOIN injection ON experiment_id = experiment.id WHERE phantom"
check "every fault was proven gone" equals 0 query "$scratch/faults" "SELECT count(*) FROM injection WHERE state NOT IN ('proven', 'failed')"
check "a campaign takes the faults in" include with-faults '<xi:include href="load.xml"/>' '<xi:include href="faults.xml"/>'
check "nothing is left on the target" is_clean sprout

# --- Ctrl-C in the middle of a fault ---
"${calibrate[@]}" --run "$scratch/torn" --fault packet-loss -o "$scratch/torn.xml" >"$scratch/torn.log" 2>&1 &
runner=$!
wait_for "$scratch/torn" $runner "SELECT count(*) > 0 FROM injection WHERE state = 'verified'"
check "the testbed is locked meanwhile" exits_with 4 "${calibrate[@]}" --run "$scratch/second" --load
kill -INT $runner
wait $runner
check "an interrupted calibration ends with 130" equals 130 echo $?
check "after the revert" is_clean sprout
check "it says so, and of no resumption" eval 'prints "every fault was reverted" cat "$scratch/torn.log" && ! grep resume "$scratch/torn.log"'
check "and writes no fragment" test ! -e "$scratch/torn.xml"

finish
