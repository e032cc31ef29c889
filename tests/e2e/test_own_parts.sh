#!/usr/bin/env bash
# What the manual has people write themselves: the scenario of docs/writing-a-scenario.md and the injector of
# injectors/README.md, word for word, in a campaign on the lab.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

page=$top/docs/writing-a-scenario.md
scenario=$scratch/short-call
mkdir "$scenario" "$scratch/injectors"
for file in register caller callee; do # the block behind the file's name
    awk -v name="$file.xml" 'index($0, "`" name "`:") { wanted = 1 } /^```$/ { if (inside) exit } inside
        /^```xml/ && wanted { inside = 1 }' "$page" >"$scenario/$file.xml"
done
awk '/^## An example/ { wanted = 1 } /^```$/ { if (inside) exit } inside; /^```sh/ && wanted { inside = 1 }' \
    "$top/injectors/README.md" >"$scratch/injectors/stopped.sh"
export VNFAULT_INJECTORS=$scratch/injectors

# As the page tries it: nominal experiments alone.
# A longer period than the short campaign's: a busy machine is late now and then.
load="s|scenario=\"[^\"]*\"|scenario=\"$scenario\"|; s/period=\"1s\"/period=\"2s\"/; s/duration=\"14s\"/duration=\"26s\"/"
nominal=$(edited_campaign nominal "$load; /<injection/d; /<targets>/,/<\/faults>/d; s|(<matrix .*>)|\1<nominal repetitions=\"1\"/>|")
faults=$(edited_campaign faults "$load; s|<fault type=\"packet-loss\">.*|<fault type=\"stopped\"><intensity name=\"all\" value=\"100%\"/></fault>|
    /type=\"memory\"/d")
lab_up
query_run() { query "$scratch/$1" "$2"; }

check "the scenario is one" "$vnfault" check "$nominal" --testbed "$testbed"
check "a nominal experiment with it is valid" prints '^1 valid, 0 invalid$' \
    "$vnfault" run "$nominal" --testbed "$testbed" -o "$scratch/nominal"
queries=$(sed -n 's|^    sqlite3 results/try/run.sqlite "\(.*\)"$|\1|p' "$page")
check "calls succeed, and none fails" prints '^[1-9][0-9]+\|0$' query_run nominal "$(head -n 1 <<<"$queries")"
check "its response times have the names that it gives them" equals "bye call invite" eval \
    'query_run nominal "$(tail -n 1 <<<"$queries")" | cut -d "|" -f 1 | xargs'
check "the load left nothing" is_clean load

check "the injector is known, and the targets have what it needs" "$vnfault" check "$faults" --testbed "$testbed" --targets
check "an experiment with it is valid" prints '^1 valid, 0 invalid$' \
    "$vnfault" run "$faults" --testbed "$testbed" -o "$scratch/faults"
check "all processes were stopped" equals "stopped|100.0|SIGSTOP|proven" query_run faults "SELECT fault_type, achieved, mechanism, state FROM injection"
check "and calls failed by that" equals 1 query_run faults "SELECT sum(calls_failed) > 0 FROM service_sample"
check "nothing is left of it" is_clean sprout

finish
