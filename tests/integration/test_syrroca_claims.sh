#!/usr/bin/env bash
# What the second paper claims of its scenarios (tests/reference/syrroca_claims.py), on a run made up for it: one in
# which all of it holds, and others in which one thing each does not.
source "$(dirname "$0")/../lib.sh"
command -v python3 >/dev/null || skip "no python3"

# Three experiments of 200 s from 1000, 2000 and 3000 s on, the fault from 50 to 150 s. Ratios of error to threshold
# are 0.5 without a fault. A scene is changed by assignments in Python.
make_run() { # FOLDER [PYTHON]
    mkdir -p "$1"
    python3 - "$1" "${2:-}" <<'END'
import json, sqlite3, sys
folder, change = sys.argv[1:]
times = [float(second) for second in range(200)]
inside = lambda time: 50 <= time <= 150
level = lambda time: int((time - 50) / 12.5) + 1 if inside(time) else 0
quiet = lambda time: 0.5
loud = lambda time: 3.0 + time / 100 if inside(time) else 0.5
failed = lambda time: 10 if inside(time) else 0
scenes = {
    "failed-calls-1": dict(fault="message-drop", network=loud, filesystem=quiet, cpu=quiet, memory=quiet),
    "overload-1": dict(fault="overload", network=loud, filesystem=quiet, cpu=loud, memory=loud),
    "cpu-stress-1": dict(fault="cpu", network=quiet, filesystem=quiet, memory=quiet, cpu=lambda t: 1.5 + level(t) if inside(t) else 0.5),
}
metrics = dict(network=["net.receive.packets", "net.transmit.bytes"], filesystem=["io.bytes"], cpu=["cpu.stat.usage_usec"], memory=["memory.current"])
verdict = "valid"
exec(change)
database = sqlite3.connect(folder + "/run.sqlite")
database.executescript("""CREATE TABLE target (name, role); CREATE TABLE run (cool_down_ns);
CREATE TABLE experiment (id, name, verdict); CREATE TABLE injection_level (injection_id, position, requested, applied_ns, commanded_ns);
CREATE TABLE injection_edges (injection_id, experiment_id, experiment, fault_type, applied_ns, gone_ns);
CREATE TABLE service_sample (experiment_id, window_start_ns, time_ns, calls_failed);
INSERT INTO target VALUES ('bono', 'P-CSCF'), ('sprout', 'S-CSCF'); INSERT INTO run VALUES (5000000000);""")
put = lambda table, *row: database.execute("INSERT INTO %s VALUES (%s)" % (table, ",".join("?" * len(row))), row)
ns = lambda seconds: int(seconds * 1e9)
series, faults = [], []
for number, (name, scene) in enumerate(scenes.items(), 1):
    base = 1000 * number
    put("experiment", number, name, verdict)
    put("injection_edges", number, number, name, scene["fault"], ns(base + 50), ns(base + 150))
    for time in times:
        put("service_sample", number, ns(base + time - 0.5), ns(base + time + 0.5), failed(time) if scene["fault"] == "message-drop" else 0)
    if scene["fault"] == "cpu":
        for step in range(8):
            put("injection_level", number, step + 1, 10 * (step + 1), ns(base + 50 + 12.5 * step), ns(base + 50 + 12.5 * step))
    groups = [group for group in scene if group != "fault"]
    series.append(dict(experiment=name, times_s=[base + time for time in times],
                       groups=[dict(resource_group="virtual " + group, ratios=[scene[group](time) for time in times]) for group in groups]))
    faults.append(dict(experiment=name, groups=[dict(resource_group="virtual " + group, ratio=1.0,
                       metrics=[dict(metric=metric, share=0.5) for metric in metrics[group]]) for group in groups]))
database.commit()
detection = dict(unavailable=None, faults=faults, series=series)
json.dump(dict(targets=[dict(target=target, splits=[dict(name="experiment", detection=detection)]) for target in ("bono", "sprout")]),
          open(folder + "/evaluation.json", "w"))
END
}
claims() { # NAME [PYTHON]
    make_run "$scratch/$1" "${2:-}" && "$top/tests/reference/syrroca_claims.py" "$scratch/$1"
}
says_of() { # NAME PYTHON WHAT: just this does not hold
    claims "$1" "$2" >"$scratch/$1.tap"
    equals "$3" sed -n 's/^not ok [0-9]* - \(.*\) #.*/\1/p' "$scratch/$1.tap"
}

check "all of it can hold" exits_with 0 claims good
check "and each claim is told" equals 19 grep -c '^ok' <("$top/tests/reference/syrroca_claims.py" "$scratch/good")
check "a network group that is quiet" says_of network 'scenes["failed-calls-1"]["network"] = quiet' \
    "scenario 1: the network group's radiography has a dense zone at many failed calls"
check "one that deviates where no call fails" says_of before 'scenes["failed-calls-1"]["network"] = lambda t: 2.0 + t / 100 if t < 50 else 0.5' \
    "scenario 1: the network group's radiography has a dense zone at many failed calls"
check "one that deviates as often without failed calls" says_of chance 'scenes["failed-calls-1"]["network"] = lambda t: 2.0 + t / 100 if t % 3 else 0.5' \
    "scenario 1: the network group's radiography has a dense zone at many failed calls"
check "a file system that does so" exits_with 0 claims both 'scenes["failed-calls-1"]["filesystem"] = lambda t: 2.0 + t / 100 if t % 3 else 0.5'
check "a file system behind the failed calls" says_of disk 'scenes["failed-calls-1"]["filesystem"] = loud' "scenario 1: the file system group's has none there, but by chance"
check "a feature set without packets" says_of features 'metrics["network"] = ["net.transmit.bytes"]' \
    "scenario 1: the feature set names packet counters of bono
scenario 1: the feature set names packet counters of sprout"
check "an overload that memory does not see" says_of memory 'scenes["overload-1"]["memory"] = quiet' "scenario 2: the memory group deviates"
check "one that the file system sees" says_of overload 'scenes["overload-1"]["filesystem"] = loud' "scenario 2: the file system group does not"
check "an error that falls with the step" says_of falling 'scenes["cpu-stress-1"]["cpu"] = lambda t: 12 - level(t) if inside(t) else 0.5' \
    "scenario 3: the error rises with the step"
check "a step that is not detected" says_of step 'scenes["cpu-stress-1"]["cpu"] = lambda t: 0.5 + 0.6 * level(t) - 0.2' \
    "scenario 3: the step of 10 is detected"
check "an error that stays" says_of stays 'scenes["cpu-stress-1"]["cpu"] = lambda t: 1.5 + level(t) if inside(t) else 1.1 * (t > 150)' \
    "scenario 3: it is below the threshold after the end"
check "another metric than the use of the CPU" says_of usage 'metrics["cpu"] = ["cpu.pressure"]' "scenario 3: the feature set names the use of the P-CSCF's CPU"
check "a run without a valid scenario can't tell" exits_with 2 claims invalid 'verdict = "invalid"'
check "nor can a folder that is no run" exits_with 2 "$top/tests/reference/syrroca_claims.py" "$scratch"
reference=$top/results/reference/syrroca-2021
if [ -e "$reference/run.sqlite.zst" ]; then
    for file in run.sqlite evaluation.json; do zstd -q -d "$reference/$file.zst" -o "$scratch/$file"; done
    check "the reference run holds what the paper claims" exits_with 0 "$top/tests/reference/syrroca_claims.py" "$scratch"
fi
finish
