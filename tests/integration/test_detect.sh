#!/usr/bin/env bash
# vnfault detect on recorded runs: scores as of `score`, alarms, exit statuses, bad input.
source "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run

"$make_run" "$scratch/run" 10 40 0
"$make_run" "$scratch/nominal" 0 20 0
"$vnfault" train "$scratch/run" --target sprout --trees 30 -o "$scratch/forest" >/dev/null
cp -r "$scratch/nominal" "$scratch/renamed"
sqlite3 "$scratch/renamed/run.sqlite" "UPDATE metric SET name = 'other' WHERE name = 'cpu.usage'"

# The stream makes the same rows as the data set, and so the same scores.
replay_scores_the_same() {
    "$vnfault" score "$scratch/run" --model "$scratch/forest" -o "$scratch/scores.csv" || return 1
    "$vnfault" detect --replay "$scratch/run" --model "$scratch/forest" --json --every >"$scratch/seen"
    python3 - "$scratch/scores.csv" "$scratch/seen" <<'END'
import csv, json, sys
scores = {int(row["time_ns"]): float(row["binary"]) for row in csv.DictReader(open(sys.argv[1]))}
seen = {row["time_ns"]: row for row in map(json.loads, open(sys.argv[2]))}
assert len(scores) > 300 and all(seen[time]["score"] == score for time, score in scores.items())
first = [row for row in seen.values() if row["score"] is None]
assert len(first) == len({row["experiment"] for row in seen.values()}) == 11, len(first)
for row in seen.values():
    assert row["alarm"] == (row["score"] is not None and row["score"] >= 0.5), row
    if row["fault_type"] is not None and row["label"] not in ("normal", "ramp", "cool-down"):
        assert row["fault_type"] == row["label"], row
END
}
alarms_begin_and_end() {
    "$vnfault" detect --replay "$scratch/run" --model "$scratch/forest" >"$scratch/text" 2>/dev/null
    [ "$(grep -c ' ALARM ' "$scratch/text")" = "$(grep -c ' clear .* after ' "$scratch/text")" ] &&
        grep -q "^sprout: $(grep -c ' ALARM ' "$scratch/text") alarms in 440 observations" "$scratch/text" &&
        grep -qE 'ALARM .* cpu 0\.[0-9]+  \[cpu-high-sprout-1: ' "$scratch/text"
}
check 'a replay scores as score does' replay_scores_the_same

# One forest over all labels names the likeliest type in every alarm, even where it has less than half.
joint_alarms_name_the_likeliest() {
    "$vnfault" train "$scratch/run" --target sprout --trees 30 --detector forest:classes=joint \
        -o "$scratch/joint" >/dev/null &&
        "$vnfault" score "$scratch/run" --model "$scratch/joint" -o "$scratch/joint.csv" || return 1
    "$vnfault" detect --replay "$scratch/run" --model "$scratch/joint" --threshold 0.2 --json --every >"$scratch/joint.seen"
    python3 - "$scratch/joint.csv" "$scratch/joint.seen" <<'END'
import csv, json, sys
scores = {int(row["time_ns"]): row for row in csv.DictReader(open(sys.argv[1]))}
seen = {row["time_ns"]: row for row in map(json.loads, open(sys.argv[2]))}
types = ["cpu", "disk", "latency", "memory", "packet-loss"]
unsure = 0
for time, row in scores.items():
    shares = {name: float(row[name]) for name in types}
    of = seen[time]
    assert of["score"] == float(row["binary"])
    if of["alarm"]:
        assert of["fault_score"] == max(shares.values()) == shares[of["fault_type"]], (of, shares)
        unsure += of["fault_score"] < 0.5
    else:
        assert of["fault_type"] is None and of["fault_score"] is None, of
assert unsure > 0
END
}
check 'alarms of a joint forest name the likeliest type' joint_alarms_name_the_likeliest

# Also through means over longer times and features from the rows before. The last period of an
# experiment has no end in a stream.
pipeline_scores_the_same() {
    "$vnfault" train "$scratch/run" --target sprout --trees 30 --resample 3s --lags 2 --changes \
        -o "$scratch/piped" >/dev/null || return 1
    "$vnfault" score "$scratch/run" --model "$scratch/piped" -o "$scratch/piped.csv" || return 1
    "$vnfault" detect --replay "$scratch/run" --model "$scratch/piped" --json --every >"$scratch/piped.seen"
    python3 - "$scratch/piped.csv" "$scratch/piped.seen" <<'END'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1])))
seen = {row["time_ns"]: row["score"] for row in map(json.loads, open(sys.argv[2])) if row["score"] is not None}
last = {row["experiment"]: int(row["time_ns"]) for row in rows}
compared = [row for row in rows if int(row["time_ns"]) != last[row["experiment"]]]
assert 60 < len(compared) < 150, len(compared)
assert all(seen[int(row["time_ns"])] == float(row["binary"]) for row in compared)
END
}
check 'also through a pipeline' pipeline_scores_the_same
check 'alarms begin and end' alarms_begin_and_end

# A detector that reconstructs says where its error comes from.
alarms_are_explained() {
    "$vnfault" train "$scratch/nominal" --target sprout --detector pca:variance=0.8 -o "$scratch/pca" >/dev/null || return 1
    "$vnfault" detect --replay "$scratch/run" --model "$scratch/pca" --json >"$scratch/explained" 2>/dev/null
    python3 - "$scratch/explained" <<'END'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
alarms = [row for row in rows if row["alarm"]]
assert len(alarms) > 5 and all("metrics" not in row for row in rows if not row["alarm"])
for row in alarms:
    shares = [metric["share"] for metric in row["metrics"]]
    assert row["ratio"] >= 1 and sum(shares) >= 0.9 and shares == sorted(shares, reverse=True), row
END
}
if ldconfig -p | grep -q libopenblas.so.0; then
    check 'alarms are explained' alarms_are_explained
else
    skip 'alarms are explained' 'libopenblas0 is not installed'
fi

# What is asked, the exit status, and what is said.
while IFS='|' read -r name status pattern words; do
    read -ra words <<<"$words"
    check "$name: status" exits_with "$status" "$vnfault" detect "${words[@]}"
    check "$name: message" prints "$pattern" "$vnfault" detect "${words[@]}"
done <<END
faults|1|alarms|--replay $scratch/run --model $scratch/forest
no faults|0|sprout: 0 alarms in 20 observations|--replay $scratch/nominal --model $scratch/forest --threshold 0.9
a threshold that all reach|1|1 alarm in 20|--replay $scratch/nominal --model $scratch/forest --threshold 0
no model|64|needs --model|--replay $scratch/run
no testbed|64|needs a testbed|--model $scratch/forest
both|64|needs a testbed, or --replay|--replay $scratch/run --model $scratch/forest $scratch/testbed.xml
a model that isn't there|64|$scratch/nowhere|--replay $scratch/run --model $scratch/nowhere
one of two models that isn't there|64|$scratch/nowhere|--replay $scratch/run --model $scratch/forest,$scratch/nowhere
a run that isn't there|64|$scratch/nowhere|--replay $scratch/nowhere --model $scratch/forest
other metrics|64|needs the counter 'cpu.usage', which no source has|--replay $scratch/renamed --model $scratch/forest
no testbed file|64|$scratch/nowhere|--model $scratch/forest $scratch/nowhere
a period without a unit|64|.5. has no unit|--model $scratch/forest --period 5 $scratch/nowhere
no time to go by|64|'0s' is no time|--model $scratch/forest --duration 0s $scratch/nowhere
END
finish
