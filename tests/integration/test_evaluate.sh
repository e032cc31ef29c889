#!/usr/bin/env bash
# vnfault train and evaluate on synthetic runs: figures, files, exit statuses, bad input.
source "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run

"$make_run" "$scratch/run" 10 40 0
"$make_run" "$scratch/nominal" 0 20 0
"$make_run" "$scratch/broken" 5 40 5
cp -r "$scratch/broken" "$scratch/empty"
sqlite3 "$scratch/empty/run.sqlite" "UPDATE experiment SET verdict = 'invalid', reason = 'test'"
cp -r "$scratch/broken" "$scratch/renamed"
sqlite3 "$scratch/renamed/run.sqlite" "UPDATE metric SET name = 'other' WHERE name = 'cpu.usage'"

same_for_any_threads() {
    local threads
    for threads in 1 2 7; do
        "$vnfault" evaluate --threads "$threads" "$scratch/run" >"$scratch/table-$threads" &&
            cp "$scratch/run/evaluation.json" "$scratch/evaluation-$threads" &&
            "$vnfault" train --threads "$threads" -o "$scratch/model-$threads" "$scratch/run" || return 1
    done
    for threads in 2 7; do
        cmp "$scratch/table-1" "$scratch/table-$threads" &&
            cmp "$scratch/evaluation-1" "$scratch/evaluation-$threads" &&
            cmp "$scratch/model-1" "$scratch/model-$threads" || return 1
    done
}

json_is_the_file() {
    "$vnfault" evaluate --json "$scratch/run" >"$scratch/printed" &&
        python3 - "$scratch/printed" "$scratch/run/evaluation.json" <<'END'
import json, sys
printed, stored = (json.load(open(path)) for path in sys.argv[1:])
assert printed == stored
splits = stored["targets"][0]["splits"]
assert [split["name"] for split in splits] == ["stratified", "experiment", "intensity", "repetition"]
assert splits[0]["classes"][0]["roc_auc"]["mean"] > 0.8
assert sum(map(sum, splits[0]["confusion"])) == stored["targets"][0]["observations"]
# Over time: every fault has its verdict, and a delay if it was found.
assert splits[0]["detection"]["unavailable"] is not None
detection = splits[1]["detection"]
assert len(detection["faults"]) == 10 == detection["found"] + detection["missed"] + detection["unknown"]
assert detection["found"] >= 8 and detection["nominal_s"] > 200
for fault in detection["faults"]:
    assert (fault["verdict"] == "found") == (fault["delay_s"] is not None), fault
    assert fault["delay_s"] is None or 0 <= fault["delay_s"] <= 12, fault
assert detection["point_adjusted"]["recall"] >= detection["plain"]["recall"]
assert [seen["target"] for seen in detection["seen"]] == ["sprout"] * 10
assert stored["propagation"] == []
END
}

train_says_what_it_did() {
    "$vnfault" train --json -o "$scratch/model" "$scratch/run" >"$scratch/trained" &&
        python3 - "$scratch/trained" "$scratch/model" <<'END'
import json, os, sys
trained = json.load(open(sys.argv[1]))
assert trained["model_bytes"] == os.path.getsize(sys.argv[2]) and trained["fit_seconds"] > 0
assert trained["rows"] > 0 and trained["metrics"] > 0 and len(trained["classes"]) == 6
assert all(0 <= entry["out_of_bag_error"] <= 1 for entry in trained["classes"])
END
}

# Scored by what it was trained on, a forest is nearly right about every observation.
scores_are_of_the_model() {
    "$vnfault" train "$scratch/run" -o "$scratch/kept.model" >/dev/null &&
        "$vnfault" score "$scratch/run" --model "$scratch/kept.model" -o "$scratch/scores.csv" || return 1
    python3 - "$scratch/scores.csv" "$scratch/run/evaluation.json" <<'END'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert len(rows) == json.load(open(sys.argv[2]))["targets"][0]["observations"], len(rows)
wrong = sum((float(row["binary"]) >= 0.5) != (row["label"] != "normal") for row in rows)
assert wrong <= len(rows) / 50, wrong
assert all(0 <= float(row[name]) <= 1 for row in rows for name in ("cpu", "disk", "latency"))
assert {row["target"] for row in rows} == {"sprout"} and rows[0]["experiment"] == "cpu-high-sprout-1"
END
}

check 'same bytes with 1, 2 and 7 threads' same_for_any_threads
check 'the table shows both splits' prints 'stratified, 10 folds +by experiment, 10 folds' \
    "$vnfault" evaluate "$scratch/run"
check '--json prints what evaluation.json holds' json_is_the_file
one_split_is_that_of_all() {
    "$vnfault" evaluate --json "$scratch/run" >"$scratch/all" &&
        "$vnfault" evaluate --json --split experiment "$scratch/run" >"$scratch/one" &&
        python3 - "$scratch/all" "$scratch/one" <<'END'
import json, sys
every, one = (json.load(open(path))["targets"][0] for path in sys.argv[1:])
assert one["splits"] == [split for split in every["splits"] if split["name"] == "experiment"]
assert one["importance"] == every["importance"]
END
}
check '--split makes one, the same as among all' one_split_is_that_of_all
check 'a split that there is not' prints 'one of stratified, experiment' "$vnfault" evaluate --split experment "$scratch/run"
check 'is a bad argument' exits_with 64 "$vnfault" evaluate --split experment "$scratch/run"
check 'two runs have a split of their own' exits_with 64 \
    "$vnfault" evaluate --split experiment --train "$scratch/run" --test "$scratch/run"
check 'a report of one split' eval '"$vnfault" evaluate --split stratified "$scratch/run" >/dev/null && "$vnfault" report "$scratch/run" -o "$scratch/one-split"'
"$vnfault" evaluate "$scratch/run" >/dev/null
check 'train --json tells rows, metrics, seconds and size' train_says_what_it_did
"$make_run" "$scratch/other" 6 30 0
check 'one run against another' prints 'on another run, 1 fold ' "$vnfault" evaluate --train "$scratch/run" --test "$scratch/other"
check 'one against itself is refused' prints 'are the same run' \
    "$vnfault" evaluate --train "$scratch/run" --test "$scratch/../${scratch##*/}/run"
check 'leaves a file of its own' [ -s "$scratch/other/evaluation-trained-on-run.json" ]
check 'a saved model scores a run' scores_are_of_the_model
check 'a balanced forest of other size' exits_with 0 \
    "$vnfault" evaluate --balanced --trees 3 --folds 3 --seed 7 --target sprout "$scratch/run"
check 'an AUC reached' exits_with 0 "$vnfault" evaluate --minimum-auc 0.5 "$scratch/run"
check 'an AUC not reached' exits_with 1 "$vnfault" evaluate --minimum-auc 1 "$scratch/run"

# One split that passes does not hide one that fails.
every_split_counts() {
    local between highest
    "$vnfault" evaluate "$scratch/run" >/dev/null && read -r highest between < <(python3 -c '
import json, sys
split = lambda s: (s["classes"][0]["roc_auc"]["mean"], s["name"])
splits = sorted(split(s) for s in json.load(open(sys.argv[1]))["targets"][0]["splits"] if s["classes"])
assert splits[0][0] < splits[-1][0], splits
print(splits[-1][1], (splits[0][0] + splits[-1][0]) / 2)' "$scratch/run/evaluation.json") &&
        exits_with 1 "$vnfault" evaluate --minimum-auc "$between" "$scratch/run" &&
        exits_with 0 "$vnfault" evaluate --minimum-auc "$between" --split "$highest" "$scratch/run"
}
check 'every split that is shown has to reach it' every_split_counts

# Half of its experiments are another target's, and none of those is valid.
"$make_run" "$scratch/half" 10 40 0
sqlite3 "$scratch/half/run.sqlite" "UPDATE injection SET target_id = (SELECT id FROM target WHERE name = 'bono')
    WHERE id % 2 = 0; UPDATE experiment SET verdict = 'invalid', reason = 'test' WHERE id IN
    (SELECT experiment_id FROM injection WHERE id % 2 = 0)"
check 'a target without an AUC: evaluated as far as it goes' exits_with 0 "$vnfault" evaluate "$scratch/half"
check 'the table has no figure that is not known' exits_with 1 grep -qE '\bnan\b|0 metrics' <("$vnfault" evaluate "$scratch/half")
check 'a target without an AUC is not over a threshold' exits_with 2 \
    "$vnfault" evaluate --minimum-auc 0.1 "$scratch/half"

# One forest over all labels: in any threads the same, exact and with bins.
joint_is_the_same_for_any_threads() {
    local threads bins
    for bins in 0 30; do
        for threads in 1 2 7; do
            "$vnfault" train --threads "$threads" --detector "forest:classes=joint,bins=$bins" \
                -o "$scratch/joint-$threads" "$scratch/run" >/dev/null || return 1
        done
        cmp "$scratch/joint-1" "$scratch/joint-2" && cmp "$scratch/joint-1" "$scratch/joint-7" || return 1
    done
}

# Trained, it says how often it calls the label wrongly; scores of types share what is not normal.
joint_scores_are_shares() {
    "$vnfault" train "$scratch/run" --detector forest:classes=joint --json -o "$scratch/joint.model" \
        >"$scratch/joint" &&
        "$vnfault" score "$scratch/run" --model "$scratch/joint.model" -o "$scratch/joint.csv" || return 1
    python3 - "$scratch/joint" "$scratch/trained" "$scratch/joint.csv" <<'END'
import csv, json, sys
joint, each = (json.load(open(path)) for path in sys.argv[1:3])
assert 0 < joint["class_error"] < 0.2 and each["class_error"] is None
assert [entry["class"] for entry in joint["classes"]] == [entry["class"] for entry in each["classes"]]
assert all(0 <= entry["out_of_bag_error"] <= joint["class_error"] + 0.05 for entry in joint["classes"])
rows = list(csv.DictReader(open(sys.argv[3])))
types = [entry["class"] for entry in joint["classes"] if entry["class"] != "binary"]
for row in rows:
    assert abs(sum(float(row[name]) for name in types) - float(row["binary"])) < 1e-9, row
right = sum(row["label"] == (max(types, key=lambda name: float(row[name])) if float(row["binary"]) >= 0.5 else "normal")
            for row in rows)
assert right >= 0.98 * len(rows), right
END
}

# The confusion parts normal from faults as the binary score does.
joint_is_evaluated() {
    cp -r "$scratch/run" "$scratch/joint-run"
    "$vnfault" evaluate "$scratch/joint-run" --detector forest:classes=joint --balanced --json >"$scratch/jointly" || return 1
    python3 - "$scratch/jointly" <<'END'
import json, sys
evaluation = json.load(open(sys.argv[1]))
assert evaluation["setting"]["detector"] == "forest:bins=0,classes=joint"
target = evaluation["targets"][0]
assert abs(sum(metric["importance"] for metric in target["importance"]) - 1) < 1e-9
assert any(metric["permutation"] > 0 for metric in target["importance"])
for split in target["splits"]:
    if split["unavailable"] is not None:
        continue
    binary, confusion = split["classes"][0], split["confusion"]
    assert [entry["name"] for entry in split["classes"][1:]] == split["labels"][1:]
    assert all(entry["roc_auc"]["mean"] > 0.8 for entry in split["classes"]), split["name"]
    assert confusion[0][0] == binary["true_negatives"]
    assert sum(confusion[0][1:]) == binary["false_positives"]
    assert sum(row[0] for row in confusion[1:]) == binary["false_negatives"]
    assert sum(sum(row[1:]) for row in confusion[1:]) == binary["true_positives"]
    right = sum(confusion[i][i] for i in range(len(confusion)))
    assert right > 0.85 * sum(map(sum, confusion)), (split["name"], right)
END
}
check 'a joint forest is the same for any threads' joint_is_the_same_for_any_threads
check 'its scores are shares' joint_scores_are_shares
check 'train says how often it calls the label wrongly' prints 'all labels +out-of-bag error' \
    "$vnfault" train "$scratch/run" --detector forest:classes=joint -o "$scratch/joint.model"
check 'it is evaluated by class and in all' joint_is_evaluated
check 'on another run, too' prints 'on another run, 1 fold ' "$vnfault" evaluate --detector forest:classes=joint \
    --train "$scratch/run" --test "$scratch/other"

components_are_there() {
    ldconfig -p | grep -q libopenblas.so.0
}

# Trained on a run without injections, components see the faults of another; and normal observations
# of the other score higher than those trained on, but not by much.
components_see_what_they_never_saw() {
    "$vnfault" evaluate --train "$scratch/nominal" --test "$scratch/run" --target sprout \
        --detector pca:variance=0.8 --json >"$scratch/components" || return 1
    python3 - "$scratch/components" <<'END'
import json, sys
evaluation = json.load(open(sys.argv[1]))
assert evaluation["setting"]["detector"] == "pca:scaling=minmax,quantile=0.99,variance=0.8"
target = evaluation["targets"][0]
split = target["splits"][0]
classes = {entry["name"]: entry for entry in split["classes"]}
assert classes["binary"]["roc"]["area"] > 0.7 and classes["cpu"]["roc"]["area"] > 0.7, classes
assert classes["cpu"]["negatives"] == classes["binary"]["negatives"]
assert split["labels"] == ["normal", "anomaly"] and sum(map(sum, split["confusion"])) == target["observations"]
assert target["importance"] == []
# The synthetic faults move metrics of all groups; each says which moved most.
assert split["detection"]["unavailable"] is None and len(split["detection"]["faults"]) == 10
assert len(split["detection"]["series"]) == 11
for fault in split["detection"]["faults"]:
    assert fault["resource_group"] in ("cpu", "memory", "network", "filesystem", "process"), fault
    assert sum(metric["share"] for metric in fault["metrics"]) >= 0.9, fault
    assert max(fault["groups"], key=lambda group: group["ratio"])["resource_group"] == fault["resource_group"], fault
    for group in fault["groups"]:
        assert sum(metric["share"] for metric in group["metrics"]) >= 0.9, group
        assert group["resource_group"] != fault["resource_group"] or group["metrics"] == fault["metrics"], group
END
}

same_components_for_any_threads() {
    local threads
    for threads in 1 2 7; do
        "$vnfault" train --detector pca --target sprout --threads "$threads" \
            -o "$scratch/components-$threads" "$scratch/run" || return 1
    done >/dev/null
    cmp "$scratch/components-1" "$scratch/components-2" && cmp "$scratch/components-1" "$scratch/components-7"
}

# What an unsupervised detector is trained on holds no fault, ramp or cool-down.
only_normal_is_learned() {
    "$vnfault" train --detector pca --target sprout --json -o "$scratch/normal" "$scratch/run" >"$scratch/learned" &&
        python3 - "$scratch/learned" "$scratch/run/evaluation.json" <<'END'
import json, sys
learned, evaluation = (json.load(open(path)) for path in sys.argv[1:])
labels = {entry["label"]: entry for entry in evaluation["targets"][0]["labels"]}
assert learned["rows"] == labels["normal"]["used"]
assert all(learned["left_out"][name] == entry["observations"] for name, entry in labels.items() if name != "normal")
END
}

# An autoencoder needs windows, so that it can't be tested on single observations.
autoencoder_goes_by_windows() {
    "$vnfault" evaluate "$scratch/run" --folds 3 --json \
        --detector autoencoder:window=4,epochs=10,rate=0.02 >"$scratch/windows" || return 1
    python3 - "$scratch/windows" <<'END'
import json, sys
target = json.load(open(sys.argv[1]))["targets"][0]
splits = {split["name"]: split for split in target["splits"]}
assert "neighbours" in splits["stratified"]["unavailable"]
binary = splits["experiment"]["classes"][0]
assert binary["roc"]["area"] > 0.6, binary["roc"]["area"]
# The first three after the start of each of 11 experiments have no window.
assert binary["positives"] + binary["negatives"] == target["observations"] - 3 * 11
END
}

# As SYRROCA was: on nominal experiments alone, against those with faults.
nominal_trains() {
    "$vnfault" evaluate "$scratch/run" --split nominal --detector pca --json >"$scratch/faultless" &&
        "$vnfault" evaluate "$scratch/run" --split nominal --json >"$scratch/unlearned" || return 1
    python3 - "$scratch/faultless" "$scratch/unlearned" "$(sqlite3 -readonly "$scratch/run/run.sqlite" "SELECT count(*)
        FROM last_attempt WHERE verdict = 'valid' AND fault_type IS NOT NULL")" <<'END'
import json, sys
faultless, unlearned = (json.load(open(path)) for path in sys.argv[1:3])
target = faultless["targets"][0]
split, = target["splits"]
assert (split["name"], split["folds"], split["unavailable"]) == ("nominal", 1, None), split
binary = split["classes"][0]
assert 0 < binary["positives"] and 0 < binary["negatives"]
assert binary["positives"] + binary["negatives"] < target["observations"]
assert len(split["detection"]["series"]) == int(sys.argv[3]), len(split["detection"]["series"])
split, = unlearned["targets"][0]["splits"]
assert "trains on none" in split["unavailable"], split["unavailable"]
END
}

# Ctrl-C ends a training that would take hours, and says so.
training_is_interrupted() {
    local status=0
    "$vnfault" train "$scratch/run" --target sprout --detector autoencoder:window=4,epochs=1000000,patience=1000000 \
        -o "$scratch/never" 2>"$scratch/interrupted" &
    local trainer=$!
    wait_until "$trainer" grep -q libopenblas "/proc/$trainer/maps" || return 1
    kill -INT "$trainer"
    wait "$trainer" || status=$?
    [ "$status" = 130 ] && grep -q interrupted "$scratch/interrupted" && [ ! -e "$scratch/never" ]
}

if components_are_there; then
    check 'a long training can be interrupted' training_is_interrupted
    check 'only normal observations are learned' only_normal_is_learned
    check 'an autoencoder goes by windows' autoencoder_goes_by_windows
    check 'nominal experiments are trained on, where that is asked for' nominal_trains
    check 'components see faults they were never shown' components_see_what_they_never_saw
    check 'components are the same for any threads' same_components_for_any_threads
else
    skip 'a long training can be interrupted' 'libopenblas0 is not installed'
    skip 'only normal observations are learned' 'libopenblas0 is not installed'
    skip 'an autoencoder goes by windows' 'libopenblas0 is not installed'
    skip 'components see faults they were never shown' 'libopenblas0 is not installed'
    skip 'components are the same for any threads' 'libopenblas0 is not installed'
fi

# A higher threshold finds no more, and raises no more false alarms.
thresholds_trade() {
    local threshold
    for threshold in 0.3 0.9; do
        "$vnfault" evaluate "$scratch/run" --threshold $threshold --json >"$scratch/at-$threshold" || return 1
    done
    python3 - "$scratch/at-0.3" "$scratch/at-0.9" <<'END'
import json, sys
low, high = (json.load(open(path)) for path in sys.argv[1:])
assert (low["setting"]["threshold"], high["setting"]["threshold"]) == (0.3, 0.9)
for below, above in zip(low["targets"][0]["splits"], high["targets"][0]["splits"]):
    for a, b in zip(below["classes"], above["classes"]):
        assert a["true_positives"] >= b["true_positives"] and a["false_positives"] >= b["false_positives"]
        assert a["roc"]["area"] == b["roc"]["area"] or a["roc"]["area"] is None
    if below["detection"]["unavailable"] is None:
        assert below["detection"]["threshold"] == 0.3 and below["detection"]["found"] >= above["detection"]["found"]
assert low["targets"][0]["splits"][0]["classes"][0]["false_positives"] > high["targets"][0]["splits"][0]["classes"][0]["false_positives"]
END
}
check 'a threshold trades finds for false alarms' thresholds_trade

# What is asked, the exit status, and what the error says.
while IFS='|' read -r name status pattern words; do
    read -ra words <<<"$words"
    check "$name: status" exits_with "$status" "$vnfault" "${words[@]}"
    check "$name: message" prints "$pattern" "$vnfault" "${words[@]}"
done <<END
nominal run|2|no injection to detect|evaluate $scratch/nominal
nominal run to train on|2|no injection to train on|train $scratch/nominal
no valid experiment with a fault|2|all normal|evaluate $scratch/broken
target that nothing was injected into|2|bono.*all normal|evaluate --target bono $scratch/run
fewer positives than folds|2|too few for 900 folds|evaluate --folds 900 $scratch/run
several targets and none chosen|64|choose one with --target: .*, .*|train $scratch/half
unknown target|64|did you mean 'sprout'|evaluate --target sprowt $scratch/run
unknown detector|64|detectors: forest, autoencoder, pca|train --detector oracle $scratch/run
unknown parameter|64|did you mean 'variance'|evaluate --detector pca:varianse=1 $scratch/run
value out of range|64|variance .0 to 1.: share|train --detector pca:variance=2 $scratch/run
a window longer than any sequence|2|follow each other|train --target sprout --detector autoencoder:window=900 $scratch/run
half an observation|64|a whole number|train --target sprout --detector autoencoder:window=1.5 $scratch/run
other ways to part classes|64|classes .each, joint.: a forest each|train --detector forest:classes=some $scratch/run
parameter of no forest|64|bins .0 to 255|train --detector forest:trees=2 $scratch/run
components of no target in particular|64|has 3 targets|train --detector pca $scratch/run
no trees|64|--trees takes a whole number|evaluate --trees 0 $scratch/run
one fold|64|--folds takes a whole number|evaluate --folds 1 $scratch/run
not a run|64|$scratch/nothing|evaluate $scratch/nothing
a model that is none|64|LICENSE|score $scratch/run --model $top/LICENSE
one run of two|64|a run, or --train and --test|evaluate --train $scratch/run
both ways at once|64|a run, or --train and --test|evaluate --train $scratch/run --test $scratch/run $scratch/run
runs of other metrics|64|no counter 'cpu.usage'|evaluate --train $scratch/run --test $scratch/renamed --target sprout
no model named|64|needs --model|score $scratch/run
a model of other metrics|64|metric 1 is the counter 'cpu.usage' in the model and the counter 'other' in the data|score $scratch/renamed --model $scratch/kept.model
nothing to score|2|no observation to score|score $scratch/empty --model $scratch/kept.model
folder of the model not there|64|$scratch/nowhere|train -o $scratch/nowhere/m $scratch/run
END
finish
