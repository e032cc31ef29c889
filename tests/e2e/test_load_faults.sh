#!/usr/bin/env bash
# Faults in the load itself on a lab of their own: another load rate, by a profile, with labels on every
# target; and a SIPp that doesn't do what it is told.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
campaign=$top/tests/e2e/data/load-faults.xml
run=$scratch/run

# only NAME: the campaign with that experiment alone.
only() {
    sed -E "s|\.\./\.\./\.\./|$top/|; /<matrix/s/repetitions=\"1\"/repetitions=\"0\"/
        /<experiment name=\"$1\"/,/<\/experiment>/!{/<experiment name/,/<\/experiment>/d}" "$campaign" >"$scratch/$1.xml"
    echo "$scratch/$1.xml"
}
sipp_on_load() { on load 'pgrep -x sipp'; }
nothing_left() {
    local left
    left=$(on load 'pgrep -ax "sipp|timeout|tail"; ls -d /run/vnfault/load-* 2>/dev/null')
    [ -z "$left" ] || { echo "left on the load host: $left"; return 1; }
    is_clean load
}

check "what they need is looked at on the load host" prints 'load +overload low +ok ' \
    "$vnfault" check "$campaign" --testbed "$testbed" --targets
check "they run" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$run"

# --- overload ---
check "each level's calls were made" equals "150.0|300.0" \
    query "$run" "SELECT group_concat(requested, '|') FROM (SELECT l.requested FROM injection_level AS l JOIN injection ON injection.id = injection_id
        WHERE fault_type = 'overload' AND abs(l.achieved - l.requested) <= 0.05 * l.requested + 5 AND NOT l.phantom ORDER BY position)"
# The offered rate is what SIPp says it goes by, the calls are what it made.
check "SIPp made the calls that each level asks for" equals "1" \
    query "$run" "SELECT min(abs(made - asked) <= 0.1 * asked) AND count(*) = 2 FROM (
        SELECT sum(calls_created) * 1e9 / sum(time_ns - window_start_ns) AS made, 20 * l.requested / 100 AS asked
        FROM injection_level AS l JOIN injection AS i ON i.id = l.injection_id
        JOIN service_sample AS s ON s.experiment_id = i.experiment_id
        WHERE i.fault_type = 'overload' AND s.window_start_ns >= l.applied_ns - 50000000 AND s.time_ns <= l.applied_ns + 5000000000
        GROUP BY l.position)"
check "and goes by the campaign's rate before and after it" equals "20.0|20.0" \
    query "$run" "SELECT max(CASE WHEN time_ns < start_commanded_ns THEN offered_rate END), max(CASE WHEN window_start_ns > gone_ns THEN offered_rate END)
        FROM service_sample AS s JOIN injection_edges AS i ON i.experiment_id = s.experiment_id WHERE i.fault_type = 'overload' AND intensity = 'stairs'"
check "less than the campaign's rate is another load too" equals 1 \
    query "$run" "SELECT abs(achieved - 50) < 5 FROM injection WHERE fault_type = 'overload' AND intensity = 'low'"
check "edges are in their order" equals 0 \
    query "$run" "SELECT count(*) FROM injection_edges WHERE NOT (start_commanded_ns < applied_ns AND applied_ns < verified_ns
        AND verified_ns < end_commanded_ns AND end_commanded_ns < gone_ns)"
check "the mechanism is recorded" equals "SIPp's control port" \
    query "$run" "SELECT DISTINCT mechanism FROM injection WHERE fault_type = 'overload'"

# --- all of them ---
check "they have no target" equals "||load" \
    query "$run" "SELECT DISTINCT injection.target_id, experiment.target_id, substr(name, -6, 4) FROM injection
        JOIN experiment ON experiment.id = experiment_id WHERE name NOT LIKE 'surge%'"
check "every target's observations have their label" equals 3 \
    query "$run" "SELECT count(*) FROM (SELECT target FROM observation_label WHERE label = 'overload' AND scope = 'own'
        AND fault_target IS NULL AND requested = 300 GROUP BY target HAVING count(*) >= 4)"
check "none has them elsewhere" equals 0 query "$run" "SELECT count(*) FROM observation_label WHERE scope = 'elsewhere'"
check "nothing is left of them" nothing_left
check "such a run can be evaluated" exits_with 0 "$vnfault" evaluate "$run" --detector pca --folds 2
check "and reported" exits_with 0 "$vnfault" report "$run" -o "$scratch/report"
check "and exported" eval '"$vnfault" export "$run" -o "$scratch/export" && ls "$scratch/export"'

# --- a SIPp that doesn't hear ---
on load 'mkdir -p /run/real && cp /usr/bin/sipp /run/real/sipp
    cat >/run/deaf && chmod +x /run/deaf && mount --bind /run/deaf /usr/bin/sipp' <<'END'
#!/bin/sh
case $* in
*caller.xml*) exec /run/real/sipp "$@" -cp 9990 ;;
*) exec /run/real/sipp "$@" ;;
esac
END
deaf=$scratch/deaf
check "a SIPp that does not hear of the rate makes the experiment invalid" exits_with 2 \
    "$vnfault" run "$(only surge)" --testbed "$testbed" -o "$deaf"
check "it is a phantom, with what was reached" prints 'phantom fault: overload did not take hold .the load made (19|20)\.[0-9] calls/s where 60.0 were asked for' \
    query "$deaf" "SELECT reason FROM experiment"
check "and recorded as one" equals "1|1" query "$deaf" "SELECT phantom, abs(achieved - 100) < 5 FROM injection"
check "no observation is labelled by it" equals 0 query "$deaf" "SELECT count(*) FROM observation_label WHERE label <> 'invalid'"
on load umount /usr/bin/sipp

# --- the runner dies in the middle of it ---
"$vnfault" run "$(only surge)" --testbed "$testbed" -o "$scratch/killed" >/dev/null 2>&1 &
wait_for "$scratch/killed" $! "SELECT count(*) FROM injection WHERE state = 'verified'"
kill -KILL $!
wait $! 2>/dev/null
until ! sipp_on_load >/dev/null; do sleep 0.2; done
check "the load ends with the runner, and its rate with it" exits_with 1 sipp_on_load
check "heal removes what is left" exits_with 0 "$vnfault" heal "$testbed" --force
check "nothing is left after it" nothing_left

finish
