#!/usr/bin/env bash
# A recorded run as a source: detect finds in it what scoring the run does, without any host.
. "$(dirname "$0")/../lib.sh"
build=${BUILD:-$top/build}
export VNFAULT_DATA=$top

"$build/tests/integration/report_run" "$scratch/run" 3 40 0
"$vnfault" train "$scratch/run" --target sprout --trees 30 -o "$scratch/forest" >/dev/null

# testbed NAME ATTRIBUTES: of a source of a host that isn't there.
testbed() {
    printf '<testbed xmlns="urn:vnfault:testbed:1" name="t"><target name="sprout" address="198.18.0.1">
        <source collector="replay" %s/></target></testbed>' "$2" >"$scratch/$1.xml"
}
probe() { timeout 100 "$build/tests/integration/collector_probe" "$scratch/$1.xml" sprout "${@:2}"; }
recorded() { sqlite3 -readonly "$scratch/$1/run.sqlite" "$2"; }
observe() { timeout 100 "$vnfault" observe "$scratch/$1.xml" -o "$scratch/$2" "${@:3}"; }
is_refused() { # STATUS PATTERN ATTRIBUTES
    testbed refused "$3"
    prints "$2" exits_with "$1" probe refused </dev/null
}

# Watches until the replay says that it is over; what it saw is in $scratch/NAME.seen.
detect() { # NAME
    "$vnfault" detect "$scratch/$1.xml" --model "$scratch/forest" --period 50ms --json --every \
        >"$scratch/$1.seen" 2>"$scratch/$1.log" &
    local watcher=$!
    wait_until $watcher grep -q 'the replay is over' "$scratch/$1.log"
    kill -INT $watcher
    wait $watcher
}

# The instants are those of the recording, moved: by the same for all.
scores_are_the_same() {
    "$vnfault" score "$scratch/run" --model "$scratch/forest" -o "$scratch/scores.csv" || return
    python3 - "$scratch/scores.csv" "$scratch/one.seen" <<'END'
import csv, json, sys
scores = {int(row["time_ns"]): float(row["binary"]) for row in csv.DictReader(open(sys.argv[1]))
          if row["experiment"] == "cpu-high-sprout-1"}
seen = {row["time_ns"]: row for row in map(json.loads, open(sys.argv[2]))}
assert len(seen) == 40, len(seen)
moved = max(seen) - max(scores)
for time, score in scores.items():
    row = seen[time + moved]
    assert row["score"] == score and row["alarm"] == (score >= 0.5), (row, score)
assert sum(row["alarm"] for row in seen.values()) >= 10
END
}

testbed one "run=\"$scratch/run\" experiment=\"cpu-high-sprout-1\" time-scale=\"1/20\""
check "detect on a replay ends with an alarm" exits_with 1 detect one
check "and its scores and alarms are those of the run" scores_are_the_same
check "the end is told, with how many there were" grep -q 'all 40 observations were given' "$scratch/one.log"

# --- what was recorded, as of its own time ---
testbed past "run=\"run\" experiment=\"memory-high-sprout-1\""
from=$(recorded run "SELECT measured_from_ns FROM experiment WHERE name = 'memory-high-sprout-1'")
check "observe records what was then" prints '^1 targets, 1 sources, 20 metrics: 40 observations$' \
    observe past copy --from "${from::10}" --until "$((${from::10} + 40))" --period 1s
check "with its instants and values" equals 40 recorded copy "ATTACH '$scratch/run/run.sqlite' AS run;
    SELECT count(*) FROM main.observation JOIN run.observation USING (time_ns, vector)"
check "and its metrics" equals 20 recorded copy "ATTACH '$scratch/run/run.sqlite' AS run;
    SELECT count(*) FROM main.metric AS one JOIN run.metric AS other USING (position, name, kind, resource_group, layer, unit)
    JOIN run.metric_set AS s ON s.id = other.metric_set_id JOIN run.target AS t ON t.id = s.target_id WHERE t.name = 'sprout'"
check "at a longer period fewer" prints ' 8 observations$' \
    observe past fewer --from "${from::10}" --until "$((${from::10} + 40))" --period 5s
check "nothing of another time" prints 'no observation of that time' exits_with 2 \
    observe past none --from 2020-01-01T00:00:00Z --until 2020-01-01T00:01:00Z
check "it is observed as it comes, too" prints ' [3-5] observations$' observe past live --period 1s --duration 3s
check "by the runner's clock" equals 1 recorded live "SELECT min(time_ns) > (unixepoch() - 300) * 1000000000 FROM observation"

# --- gaps, changes ---
cp -r "$scratch/run" "$scratch/holes"
sqlite3 "$scratch/holes/run.sqlite" "DELETE FROM observation WHERE time_ns BETWEEN $from + 10000000000 AND $from + 20000000000"
testbed holes "run=\"holes\" experiment=\"memory-high-sprout-1\" time-scale=\"1/20\""
coproc probe holes cpu.usage
: >"$scratch/readings"
while read -r line <&"${COPROC[0]}"; do
    echo "$line" >>"$scratch/readings"
    [ "$line" != read ] || grep -q 'is over' "$scratch/readings" || { sleep 0.05 && echo >&"${COPROC[1]}"; } || break
    ! grep -q 'is over' "$scratch/readings" || break
done
check "a gap is missed readings" grep -qE '^sprout missed: the recorded run has a gap here, of 1[12]\.0 s$' "$scratch/readings"
check "observe finds it too" prints ' [0-9]+ observations, 1[01] missing$' exits_with 2 \
    observe holes holed --from "${from::10}" --until "$((${from::10} + 40))" --period 1s
cp -r "$scratch/run" "$scratch/changing"
set=$(recorded run "SELECT s.id FROM metric_set AS s JOIN target AS t ON t.id = s.target_id WHERE t.name = 'sprout'")
target=$(recorded run "SELECT id FROM target WHERE name = 'sprout'")
sqlite3 "$scratch/changing/run.sqlite" "INSERT INTO metric_set VALUES (90, $target, 'cgroup');
    INSERT INTO metric VALUES (90, 0, 'alone', 'gauge', 'other', 'virtual', '');
    UPDATE observation SET metric_set_id = 90, vector = substr(vector, 1, 8)
    WHERE metric_set_id = $set AND time_ns > $from + 20000000000"
testbed changing "run=\"changing\" experiment=\"memory-high-sprout-1\""
check "other metrics come as other metrics" prints ' 40 observations$' \
    observe changing changed --from "${from::10}" --until "$((${from::10} + 40))" --period 1s
check "and are told" equals '1 metrics; there were 20' recorded changed "SELECT detail FROM monitoring_event WHERE kind = 'changed'"

# --- what can't be replayed ---
cp -r "$scratch/run" "$scratch/two"
sqlite3 "$scratch/two/run.sqlite" "INSERT INTO metric_set VALUES (90, $target, 'proc');
    INSERT INTO metric VALUES (90, 0, 'alone', 'gauge', 'other', 'virtual', '');
    INSERT INTO observation SELECT id + 100000, experiment_id, 90, window_start_ns, time_ns + 1000, substr(vector, 1, 8)
    FROM observation WHERE metric_set_id = $set"
cp -r "$scratch/run" "$scratch/never"
sqlite3 "$scratch/never/run.sqlite" "UPDATE observation SET time_ns = -9223372036854775808
    WHERE id = (SELECT min(id) FROM observation WHERE metric_set_id = $set)"
cp -r "$scratch/run" "$scratch/empty"
sqlite3 "$scratch/empty/run.sqlite" "PRAGMA foreign_keys = OFF; UPDATE metric_set SET id = 0 WHERE id = $set;
    UPDATE metric SET metric_set_id = 0 WHERE metric_set_id = $set;
    UPDATE observation SET metric_set_id = 0, vector = x'' WHERE metric_set_id = $set"
gzip -c "$scratch/run/run.sqlite" >"$scratch/packed"
while IFS='|' read -r name status pattern attributes; do
    check "$name" is_refused "$status" "$pattern" "$attributes"
done <<END
no run|64|the attribute run is missing|target="sprout"
a run that isn't there|64|no run database at|run="nowhere"
one that is compressed|64|packed|run="packed"
a target that isn't there|64|no target 'sprouts'.*|run="run" target="sprouts"
an experiment that isn't there|64|did you mean 'nominal-1'|run="run" experiment="nominal-2"
a metric set that is none|64|'x' is no metric set|run="run" metric-set="x"
another target's metric set|64|no such metric set|run="run" metric-set="$((set % 3 + 1))"
no time scale|64|"fast" is not a time scale|run="run" time-scale="fast"
a time before all times|64|an observation of the run .* has no possible time|run="never"
observations without their values|64|has 0 bytes, but its metric set has 20 metrics|run="empty"
two sources at once|64|say which: metric-set="$set" \(cgroup, 20 metrics\) or metric-set="90" \(proc, 1 metrics\)|run="two"
END
testbed chosen 'run="two" metric-set="90"'
check "one of two sources can be chosen" prints '^sprout alone ' probe chosen </dev/null
check "check --targets says what it gives" prints 'source replay +ok +20 metrics .* s old, its clock unknown and taken for the runner.s' \
    timeout 100 "$vnfault" check --targets "$scratch/past.xml"
finish
