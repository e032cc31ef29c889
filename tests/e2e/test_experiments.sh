#!/usr/bin/env bash
# Experiments with several injections on a lab of their own: a profile's levels, faults that overlap on
# several targets, and a group of which one injection fails.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
campaign=$top/tests/e2e/data/experiments.xml
run=$scratch/run
check "profile and overlapping injections run" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$run"

# --- a profile ---
check "each level was asked for in its turn" equals "60.0|70.0|80.0" \
    query "$run" "SELECT group_concat(requested, '|') FROM (SELECT requested FROM injection_level ORDER BY position)"
check "each level was reached" equals 3 \
    query "$run" "SELECT count(*) FROM injection_level WHERE abs(achieved - requested) < 5 AND NOT phantom"
check "levels follow one another at their instants" equals "0|5|10" \
    query "$run" "SELECT group_concat(s, '|') FROM (SELECT (commanded_ns - measured_from_ns + 500000000) / 1000000000 - 3 AS s
        FROM injection_level JOIN injection ON injection.id = injection_id
        JOIN experiment ON experiment.id = experiment_id ORDER BY position)"
check "a window from one level to the next is ramp" equals 1 \
    query "$run" "SELECT count(*) >= 2 FROM observation_label AS o JOIN injection_level AS l
        ON l.commanded_ns BETWEEN o.window_start_ns AND o.time_ns
        WHERE l.position > 1 AND o.target = 'sprout' AND o.label = 'ramp'"
check "the level is told beside the label" equals "60.0|70.0|80.0" \
    query "$run" "SELECT group_concat(requested, '|') FROM (SELECT DISTINCT requested FROM observation_label
        JOIN experiment ON experiment.id = experiment_id
        WHERE experiment.name = 'stairs-1' AND target = 'sprout' AND label = 'memory' ORDER BY 1)"
check "the injection's figures are those of the highest level" equals 1 \
    query "$run" "SELECT requested = 80 AND abs(achieved - 80) < 5 FROM injection WHERE intensity = 'stairs'"

# --- injections that overlap ---
check "the experiment is of several faults, on no one target" equals "several|several|" \
    query "$run" "SELECT fault_type, intensity, target_id FROM experiment WHERE name = 'cascade-1'"
check "every injection is proven gone" equals 4 query "$run" "SELECT count(*) FROM injection WHERE state = 'proven'"
check "a group starts together" equals 1 \
    query "$run" "SELECT max(start_commanded_ns) - min(start_commanded_ns) < 200000000 FROM injection_edges
        WHERE fault_type = 'packet-loss'"
check "own faults are told from those elsewhere" equals "bono|packet-loss|own
homestead|packet-loss|own
sprout|memory|own" query "$run" "SELECT DISTINCT target, label, scope FROM observation_label
        JOIN experiment ON experiment.id = experiment_id
        WHERE experiment.name = 'cascade-1' AND label IN ('memory', 'packet-loss') AND scope = 'own' ORDER BY 1"
check "nothing is left anywhere" eval 'is_clean bono && is_clean sprout && is_clean homestead'
check "such a run can be evaluated" exits_with 0 "$vnfault" evaluate "$run" --detector pca --folds 2
check "and reported" exits_with 0 "$vnfault" report "$run" -o "$scratch/report"

# --- a group of which one fails ---
mkdir "$scratch/injectors"
cat >"$scratch/injectors/fragile.sh" <<'END'
# name: fragile
# summary: a process that can't be started on homestead
# unit: processes
# range: 1..1

injector_apply() {
    [ "$(uname -n)" != homestead ] || fail broken "homestead is not for it"
    fault_start sleep 1000
    pause 10
    processes_note
}

injector_verify() {
    say achieved 1
    say took_hold true
}
END
export VNFAULT_INJECTORS=$scratch/injectors
sed -E "s|\.\./\.\./\.\./|$top/|; /<injection/d; /<experiment name=\"stairs\"/,/<\/experiment>/d" "$campaign" |
    sed -E 's|<fault type="packet-loss">|<fault type="fragile"><intensity name="high" value="1processes"/></fault>&|
        s|<experiment name="cascade">|&<injection fault="fragile" intensity="high" targets="bono homestead sprout" start="4s" length="15s"/>|' \
    >"$scratch/group.xml"
group=$scratch/group
check "a group of which one fails makes its experiment invalid" exits_with 2 \
    "$vnfault" run "$scratch/group.xml" --testbed "$testbed" -o "$group"
check "the one is named" prints "homestead is not for it" query "$group" "SELECT reason FROM experiment"
check "the others were reverted at once" equals 2 \
    query "$group" "SELECT count(*) FROM injection_edges WHERE target <> 'homestead' AND state = 'proven'
        AND gone_ns - applied_ns < 8000000000"
check "each has a record of its own" equals "bono|ended early: another injection of its group failed
sprout|ended early: another injection of its group failed" \
    query "$group" "SELECT target, detail FROM injection_edges WHERE target <> 'homestead' ORDER BY 1"
check "nothing of it is left" eval 'is_clean bono && is_clean sprout && is_clean homestead'

# --- a profile of which one level does not take hold ---
cat >"$scratch/injectors/lame.sh" <<'END'
# name: lame
# summary: a process that never is more than one
# unit: processes
# range: 1..5

injector_apply() {
    fault_start sleep 1000
    pause 10
    processes_note
}

injector_verify() {
    say achieved 1
    if [ "$amount" = 1000 ]; then say took_hold true; else say took_hold false; fi
}
END
lame=$(edited_campaign lame '/type="packet-loss"/d; s|<fault type="memory">.*|<fault type="lame"><profile name="steps" from="1processes" to="3processes" step="1processes" hold="3s"/></fault>|')
"$vnfault" run "$lame" --testbed "$testbed" -o "$scratch/lame" >"$scratch/lame.log" 2>&1
check "a level that did not take hold is named" \
    prints "phantom fault: lame 2processes \(level 2 of 3\) did not take hold" query "$scratch/lame" "SELECT reason FROM experiment"
check "its figure is told as that level's" prints "1processes achieved of 2processes" cat "$scratch/lame.log"

finish
