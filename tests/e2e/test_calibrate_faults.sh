#!/usr/bin/env bash
# Calibrating faults on a lab of its own: a network fault, a fault that its target bears up to a point, and an interrupt.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/calibrate.sh"

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
check "a campaign takes the faults in" include with-faults '' '<xi:include href="faults.xml"/>'
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
