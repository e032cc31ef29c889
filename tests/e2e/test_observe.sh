#!/usr/bin/env bash
# vnfault observe on a lab: what the sources say, recorded without a campaign, and used as nominal data.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/lib.sh"

if [ "$(id -u)" != 0 ]; then
    skip "observe" "it takes root to bring up a lab"
    finish
fi
lab_up
run=$scratch/observed
ask() { sqlite3 "$run/run.sqlite" "$1"; }

check "each host is observed for as long as was asked" prints '^3 targets, 3 sources, [0-9]+ metrics: 18 observations$' \
    "$vnfault" observe "$testbed" -o "$run" --period 1s --duration 5s
check "the run is complete" equals "complete|0|" ask "SELECT state, faults, campaign_xml FROM run"
check "its experiment is valid" equals "observed-1|done|valid" ask "SELECT name, state, verdict FROM experiment"
check "its observations are normal" equals "normal|18" \
    ask "SELECT label, count(*) FROM observation_label GROUP BY 1"
check "status tells of it" prints "complete" "$vnfault" status "$run"
check "a detector is trained on it" exits_with 0 "$vnfault" train "$run" --detector pca --target sprout -o "$scratch/model"
check "it is exported" exits_with 0 "$vnfault" export "$run" -o "$scratch/exported"
check "with its name" grep -rq "observed-1" "$scratch/exported"

check "one target alone" prints '^1 targets, 1 sources' \
    "$vnfault" observe "$testbed" -o "$scratch/one" --targets bono --period 1s --duration 2s
check "an unknown target is named, with the nearest" exits_with 64 \
    "$vnfault" observe "$testbed" -o "$scratch/none" --targets bone --duration 1s
check "and nothing is left of the run" test ! -e "$scratch/none/run.sqlite"
check "a run is not written over" exits_with 64 "$vnfault" observe "$testbed" -o "$run" --duration 1s
check "without a folder it says so" exits_with 64 "$vnfault" observe "$testbed"
check "a period without a unit is refused" exits_with 64 "$vnfault" observe "$testbed" -o "$scratch/none" --period 5

"$vnfault" observe "$testbed" -o "$scratch/open" --period 1s >"$scratch/said" 2>&1 &
observer=$!
wait_for "$scratch/open" $observer "SELECT count(*) > 5 FROM observation"
kill -INT $observer
check "without a duration Ctrl-C is its end" wait $observer
check "and what was seen is normal" equals "normal" \
    sqlite3 -readonly "$scratch/open/run.sqlite" "SELECT DISTINCT label FROM observation_label"

# A source that can't be read for a while has a gap; the others go on.
take_away() { ip -n "vnfault-$lab-switch" link delete sprout; }
bring_back() { "$vnfault" lab reboot sprout --name "$lab" >/dev/null; }
gap_query() { sqlite3 -readonly "$scratch/gap/run.sqlite" "$1" 2>/dev/null || echo 0; }
events_of="FROM monitoring_event AS m JOIN metric_set AS s ON s.id = m.metric_set_id JOIN target AS t ON t.id = s.target_id WHERE t.name = 'sprout'"
events() { gap_query "SELECT count(*) $events_of AND m.kind = '$1' AND m.time_ns > $away_ns"; }
others_meanwhile() {
    gap_query "SELECT count(DISTINCT t.name) FROM observation AS o JOIN metric_set AS s ON s.id = o.metric_set_id
        JOIN target AS t ON t.id = s.target_id, (SELECT min(m.time_ns) AS from_ns, max(m.time_ns) AS until_ns
            $events_of AND m.kind = 'missed' AND m.time_ns > $away_ns)
        WHERE t.name <> 'sprout' AND o.time_ns BETWEEN from_ns AND until_ns"
}
"$vnfault" observe "$testbed" -o "$scratch/gap" --period 100ms >"$scratch/said" 2>&1 &
observer=$!
wait_for "$scratch/gap" $observer "SELECT count(*) > 5 FROM observation"
take_away
away_ns=$(gap_query "SELECT max(time_ns) FROM observation")
# On a busy machine all of them may miss some at first: it is away for long enough that the others need not.
away_for_long() { [ "$(others_meanwhile)" = 2 ] || [ "$(events missed)" -gt 100 ]; }
wait_until $observer away_for_long
bring_back
gap_seen() { [ "$(events gap)" -gt 0 ]; }
wait_until $observer gap_seen
kill -INT $observer
wait $observer
check "a source that was away has a gap" test "$(events gap)" -gt 0
check "what is next to it is invalid, or all of it" equals "gap" sqlite3 -readonly "$scratch/gap/run.sqlite" \
    "SELECT DISTINCT m.kind FROM observation_label AS o JOIN monitoring_event AS m
        ON m.metric_set_id = o.metric_set_id AND m.time_ns = o.time_ns AND m.kind = 'gap' WHERE o.label = 'invalid'"
check "the others go on meanwhile" equals 2 others_meanwhile
finish
