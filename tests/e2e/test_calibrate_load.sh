#!/usr/bin/env bash
# Calibrating the load on a lab of its own: a service that is saturated by its cable, at a constant rate and along a profile.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/calibrate.sh"

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


finish
