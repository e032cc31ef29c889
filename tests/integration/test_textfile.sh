#!/usr/bin/env bash
# The textfile of `status` and `run`: figures, hostile names, refusals, never half a file.
. "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run
run=$scratch/run
file=$scratch/last.prom

sql() { sqlite3 "$run/run.sqlite" "$1" >/dev/null; }
sql_says() { sqlite3 "$run/run.sqlite" "$1"; }
sample() { sed -n "s/^vnfault_last_run_$1 //p" "$file"; } # METRIC{LABELS}
sound() { promtool check metrics <"$file"; }
verdict() { "$vnfault" status "$run" --textfile "$file" >"$scratch/status" && sed -n 's/.*_verdict{campaign="[^"]*",verdict="\([a-z]*\)"} 1$/\1/p' "$file"; }

"$make_run" "$run" 10 20 1 || exit 1
check "status writes a textfile" "$vnfault" status "$run" --textfile "$file"
if command -v promtool >/dev/null; then
    check "promtool finds nothing in it" sound
else
    skip "promtool finds nothing in it" "prometheus is not installed"
fi
check "it counts experiments" equals "10 1" eval 'echo $(sample "experiments{campaign=\"fixture\",verdict=\"valid\"}") $(sample "experiments{campaign=\"fixture\",verdict=\"invalid\"}")'
check "it has the run's length" equals "$(sql_says 'SELECT (ended_ns - started_ns) / 1000000000 FROM run')" sample 'duration_seconds{campaign="fixture"}'
check "failed calls are those of windows within faults of valid experiments" equals "$(sql_says "SELECT sum(calls_failed) FROM service_sample AS s JOIN injection_edges AS i USING (experiment_id)
    JOIN experiment AS e ON e.id = s.experiment_id WHERE e.verdict = 'valid' AND window_start_ns >= applied_ns AND s.time_ns <= end_commanded_ns")" \
    sample 'failed_calls{campaign="fixture",phase="fault"}'
check "nominal calls are those of the nominal experiment" equals "$(sql_says "SELECT sum(calls_failed + calls_succeeded) FROM service_sample JOIN experiment AS e
    ON e.id = experiment_id WHERE fault_type IS NULL AND window_start_ns >= measured_from_ns AND time_ns <= measured_until_ns")" \
    sample 'ended_calls{campaign="fixture",phase="nominal"}'
check "availability is the share of seconds in which at most 5 % of calls failed" equals "$(sql_says "SELECT printf('%.9f', avg(calls_failed <= 0.05 * (calls_failed + calls_succeeded)))
    FROM service_sample JOIN experiment AS e ON e.id = experiment_id WHERE fault_type IS NOT NULL AND verdict = 'valid' AND window_start_ns >= measured_from_ns AND time_ns <= measured_until_ns")" \
    eval 'printf "%.9f\n" "$(sample "availability_ratio{campaign=\"fixture\"}")"'
check "without the exit status, which status does not know" exits_with 1 grep -q exit_status "$file"

# --- verdicts
check "a run with an invalid experiment is invalid" equals invalid verdict
sql "UPDATE experiment SET verdict = 'valid', reason = NULL"
check "one with valid ones alone is valid" equals valid verdict
sql "UPDATE run SET campaign_xml = '<campaign><service-level maximum-response-time=\"5ms\"/></campaign>'"
check "one that did not keep its service level violated it" equals violated verdict
sql "UPDATE run SET state = 'interrupted'"
check "one that was broken off is interrupted" equals interrupted verdict
sql "UPDATE run SET state = 'running', ended_ns = NULL"
check "one without an end is running" equals running verdict
check "and has no length" exits_with 1 grep -q duration_seconds "$file"
if command -v promtool >/dev/null; then check "which promtool takes too" sound; else skip "which promtool takes too" "prometheus is not installed"; fi
sql "DELETE FROM service_failure; DELETE FROM service_response; DELETE FROM service_sample"
check "without calls the share is not a number" eval '"$vnfault" status "$run" --textfile "$file" && [ "$(sample "failed_calls_ratio{campaign=\"fixture\",phase=\"fault\"}")" = NaN ]'

# --- hostile names
evil='a"} 1
vnfault_owned{x="\" 2 \\'
sql "UPDATE run SET name = '$evil' || CAST(x'fffe80' AS TEXT), testbed_path = '$evil', time_scale = '$evil', version = '$evil'"
check "hostile names give a textfile" "$vnfault" status "$run" --textfile "$file"
check "in which they add no sample" exits_with 1 grep -q '^vnfault_owned' "$file"
if command -v promtool >/dev/null; then check "and which is sound" sound; else skip "and which is sound" "prometheus is not installed"; fi

# --- refusals
check "a name that the collector does not read is refused" exits_with 64 "$vnfault" status "$run" --textfile "$scratch/last.txt"
check "so is a folder that is not there" exits_with 64 "$vnfault" status "$run" --textfile "$scratch/none/last.prom"
check "a run does not begin then" exits_with 64 "$vnfault" run "$top/campaigns/quickstart.xml" -o "$scratch/never" --textfile "$scratch/none/last.prom"
check "and leaves nothing" test ! -e "$scratch/never"
cp "$file" "$scratch/before.prom"
check "no run is no textfile" exits_with 64 "$vnfault" status "$scratch/absent" --textfile "$file"
check "what was there stays" cmp "$file" "$scratch/before.prom"
check "nothing else is left beside it" equals "before.prom last.prom" eval 'cd "$scratch" && echo *.prom*'

# --- of a run that could not begin
check "a campaign that can't be read ends run with 64" exits_with 64 "$vnfault" run "$scratch/absent.xml" --textfile "$file"
check "its textfile says so, and nothing else" equals "64" eval 'grep -v "^#" "$file" | sed "s/.* //"'
check "and names the file" grep -qF "campaign=\"$scratch/absent.xml\"" "$file"
# A campaign whose testbed can't be reached, recorded into the folder of another run.
sed "s|<testbed file=.*/>|<testbed file=\"$scratch/testbed.xml\"/>|; s|\.\./sipp-scenarios|$top/sipp-scenarios|" "$top/campaigns/quickstart.xml" >"$scratch/campaign.xml"
sed 's|/run/vnfault/labs/lab/|'"$scratch"'/none/|g; s| network-namespace="vnfault-lab-control"||' "$top/campaigns/testbeds/lab.xml" >"$scratch/testbed.xml"
refused() { local status=0; "$vnfault" run "$scratch/campaign.xml" -o "$run" --textfile "$file" || status=$?; [ "$status" = 64 ]; }
check "a run into another's folder is refused" refused
check "its textfile has nothing of that one" equals "vnfault_last_run_exit_status{campaign=\"quickstart\"} 64" grep -v '^#' "$file"

finish
