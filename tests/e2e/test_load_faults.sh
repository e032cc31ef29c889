#!/usr/bin/env bash
# Faults in the load itself on a lab of their own: messages that it loses, another load rate, both by
# profiles, with labels on every target.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/load_faults.sh"

lab_up
run=$scratch/run

# INVITEs from the load are counted where they come in, twice a second: 'INSTANT SUM'.
on bono 'iptables -A INPUT -s 198.18.0.20 -p udp --dport 5060 -m string --algo bm --from 28 --to 40 --string "INVITE sip" -m comment --comment outside'
on bono 'while sleep 0.5; do echo "$(date +%s%N) $(iptables -v -S INPUT | sed -n "s/.*--comment outside -c \([0-9]*\) .*/\1/p")"; done' >"$scratch/invites" 2>/dev/null &
at_exit "kill $! 2>/dev/null"
# Those that came between two instants, a second; instants are of the machine that all hosts are on.
invites_between() { # FROM UNTIL
    awk -v from="$1" -v until="$2" '$1 >= from && $1 <= until { if (!n++) { first = $2; begin = $1 } last = $2; end = $1 }
        END { printf "%.1f\n", (n > 1 ? (last - first) * 1e9 / (end - begin) : -1) }' "$scratch/invites"
}
level_span() { # POSITION: its instants
    query "$run" "SELECT l.applied_ns + 100000000, coalesce((SELECT commanded_ns FROM injection_level AS n
        WHERE n.injection_id = l.injection_id AND n.position = l.position + 1), end_commanded_ns)
        FROM injection_level AS l JOIN injection_edges AS i USING (injection_id) WHERE fault_type = 'message-drop' AND position = $1" | tr '|' ' '
}
between() { awk -v x="$2" -v a="$1" -v b="$3" 'BEGIN { exit !(x >= a && x <= b) }' || { echo "$2 is not in $1 .. $3"; return 1; }; }

check "what they need is looked at on the load host" prints 'load +message-drop invites +ok .*u32' \
    "$vnfault" check "$campaign" --testbed "$testbed" --targets
check "they run" exits_with 0 "$vnfault" run "$campaign" --testbed "$testbed" -o "$run"

# --- message-drop ---
check "half of the INVITEs, then all are dropped" equals "50|1
100|1" query "$run" "SELECT CAST(l.requested AS INTEGER), abs(l.achieved - l.requested) < 25 AND NOT l.phantom FROM injection_level AS l
        JOIN injection AS i ON i.id = injection_id WHERE fault_type = 'message-drop' ORDER BY position"
# shellcheck disable=SC2046 # two numbers
check "a part of them comes to the P-CSCF" between 3 "$(invites_between $(level_span 1))" 40
# shellcheck disable=SC2046 # two numbers
check "then none" equals 0.0 invites_between $(level_span 2)
check "calls don't come through" equals 1 \
    query "$run" "SELECT max(calls_current) > 80 AND sum(calls_succeeded) < 0.3 * sum(calls_created) FROM service_sample AS s
        JOIN injection_edges AS i USING (experiment_id) JOIN injection_level AS l USING (injection_id)
        WHERE fault_type = 'message-drop' AND position = 2 AND window_start_ns > l.applied_ns + 1000000000 AND s.time_ns < end_commanded_ns"
check "SIPp is told nothing of it" equals 0 query "$run" "SELECT count(*) FROM service_failure WHERE cause = 'cannot-send'"

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
check "the mechanism is recorded" equals "SIPp's control port" \
    query "$run" "SELECT DISTINCT mechanism FROM injection WHERE fault_type = 'overload'"

# --- all of them ---
check "edges are in their order" equals 0 \
    query "$run" "SELECT count(*) FROM injection_edges WHERE NOT (start_commanded_ns < applied_ns AND applied_ns < verified_ns
        AND verified_ns < end_commanded_ns AND end_commanded_ns < gone_ns)"
check "they have no target" equals "||load" \
    query "$run" "SELECT DISTINCT injection.target_id, experiment.target_id, substr(name, -6, 4) FROM injection
        JOIN experiment ON experiment.id = experiment_id"
check "every target's observations have their label" equals "message-drop|3
overload|3" query "$run" "SELECT label, count(*) FROM (SELECT label, target FROM observation_label WHERE scope = 'own' AND fault_target IS NULL
        AND label IN ('message-drop', 'overload') GROUP BY label, target HAVING count(*) >= 8) GROUP BY label"
check "with the level that each is of" equals "100.0|300.0" \
    query "$run" "SELECT max(CASE label WHEN 'message-drop' THEN requested END), max(CASE label WHEN 'overload' THEN requested END) FROM observation_label"
check "none has them elsewhere" equals 0 query "$run" "SELECT count(*) FROM observation_label WHERE scope = 'elsewhere'"
check "nothing is left of them" nothing_left
check "such a run can be evaluated" exits_with 0 "$vnfault" evaluate "$run" --detector pca --folds 2
check "and reported" exits_with 0 "$vnfault" report "$run" -o "$scratch/report"
check "and exported" exits_with 0 "$vnfault" export "$run" -o "$scratch/export"

finish
