#!/usr/bin/env bash
# vnfault report on synthetic runs: plain, nominal only, all invalid, hostile names.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../browser.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run

sql() { sqlite3 "$1/run.sqlite" "$2" >/dev/null; }
sql_says() { sqlite3 "$1/run.sqlite" "$2"; }

well_formed() { xmllint --noout --nonet "$1/report/index.html"; }

# Nothing in the page, or in a figure, may make a browser fetch or run something.
self_contained() {
    local found
    found=$(sed 's|xmlns\(:xlink\)\?="[^"]*"||g' "$1/report/index.html" |
        grep -noiE '(https?:|file:|//[a-z0-9.-]+\.[a-z]{2,}/|<script|<iframe|<object|<embed|<link|<img|@import|url\([^#)]*\)|[ "]on[a-z]+=)' | head -n 5)
    [ -z "$found" ] || { echo "$found"; return 1; }
}

# Every script has its SVG, PDF and data; every figure of the page is among them.
figures_complete() {
    local script base count=0
    for script in "$1"/report/figures/*.gp; do
        base=${script%.gp}
        [ "${base##*/}" = style ] && continue
        count=$((count + 1))
        xmllint --noout --nonet "$base.svg" || return 1
        [ "$(head -c 5 "$base.pdf")" = %PDF- ] || { echo "$base.pdf is no PDF"; return 1; }
        [ -f "$base.csv" ] || { echo "no $base.csv"; return 1; }
    done
    [ "$count" = "$(grep -c '<svg ' "$1/report/index.html")" ] && [ "$count" -gt 0 ]
}

same_twice() { # RUN
    "$vnfault" report "$1" && cp -r "$1/report" "$1/first" && "$vnfault" report "$1" &&
        diff -r "$1/first" "$1/report"
}

# An author's re-run in a copy of the folder draws the same SVG.
scripts_run_in_place() { # RUN
    local copy=$1/copy script
    cp -r "$1/report/figures" "$copy" || return 1
    rm "$copy"/*.svg "$copy"/*.pdf
    for script in "$copy"/*.gp; do
        [ "${script##*/}" = style.gp ] || (cd "$copy" && gnuplot -d "${script##*/}") || return 1
    done
    for script in "$1"/report/figures/*.svg; do cmp "$script" "$copy/${script##*/}" || return 1; done
    [ "$(ls "$copy"/*.pdf | wc -l)" = "$(ls "$copy"/*.svg | wc -l)" ]
}

page_says() { grep -qE -- "$2" "$1/report/index.html" || { echo "the page lacks '$2'"; return 1; }; }
equals_output() { [ "$("${@:2}" 2>&1)" = "$1" ] || { "${@:2}"; return 1; }; }
not_on_page() { ! grep -qF -- "$2" "$1/report/index.html"; }

json_holds() { # RUN PYTHON-EXPRESSION over the object `d`
    "$vnfault" report "$1" --json >"$scratch/summary.json" || [ $? = 2 ] || return 1
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not eval("(" + sys.argv[2] + ")"))' "$scratch/summary.json" "$2"
}

# --- a plain run
run=$scratch/plain
"$make_run" "$run" 15 30 2 || exit 1
sql "$run" "UPDATE run SET time_scale = '1/15', campaign_xml =
    '<campaign><description>What it is for</description><service-level maximum-failures=\"1%\" maximum-response-time=\"5ms\"/></campaign>'"
check "a plain run gives a report" "$vnfault" report "$run"
check "its page is well-formed" well_formed "$run"
check "its page is self-contained" self_contained "$run"
check "its figures are there as SVG and PDF with their data" figures_complete "$run"
check "its scripts run in place" scripts_run_in_place "$run"
check "the same run gives the same bytes" same_twice "$run"
check "a pointer over a curve shows no name of gnuplot's" not_on_page "$run" '<title>gnuplot'
check "it says how many experiments are valid" page_says "$run" '14 of 16 experiments are valid'
check "it says why one is not" page_says "$run" 'the fault did not take hold'
check "it says the time scale" page_says "$run" 'Time scale 1/15'
check "it has the curves of both splits" page_says "$run" 'id="roc-sprout-experiment".*|id="roc-sprout-stratified"'
check "it holds the service level against the nominal experiment" page_says "$run" 'violated'
check "the evaluation was kept" test -s "$run/evaluation.json"
check "JSON tells the impact of a fault" json_holds "$run" \
    'd["experiments"][0]["injections"][0]["impact"]["before"]["failed_share"] == 0 and
     0.1 <= d["experiments"][0]["injections"][0]["impact"]["during"]["failed_share"] <= 0.3'
check "JSON tells validity and AUC" json_holds "$run" \
    'd["run"]["experiments"] == {"valid": 14, "invalid": 2, "torn": 0, "running": 0} and
     d["detectors"][0]["splits"][0]["classes"][0]["roc_auc"]["mean"] > 0.5'
check "the report goes where it is told to" "$vnfault" report "$run" -o "$scratch/else where" --no-evaluation
check "and says that detectors were left out" grep -q 'without an evaluation' "$scratch/else where/index.html"

# Somebody's own files are not a report to be written anew.
own_folder_is_refused() {
    mkdir -p "$scratch/own/figures" && echo mine | tee "$scratch/own/index.html" >"$scratch/own/figures/mine.txt" || return 1
    exits_with 64 "$vnfault" report "$run" -o "$scratch/own" --no-evaluation &&
        [ "$(cat "$scratch/own/index.html" "$scratch/own/figures/mine.txt")" = $'mine\nmine' ] && rm "$scratch/own/index.html" &&
        exits_with 64 "$vnfault" report "$run" -o "$scratch/own" --no-evaluation && [ -s "$scratch/own/figures/mine.txt" ]
}
check "a folder with something of one's own is refused and stays" own_folder_is_refused
check "an earlier report is written anew" "$vnfault" report "$run" -o "$scratch/else where" --no-evaluation
check "an empty folder will do" eval 'mkdir "$scratch/empty" && "$vnfault" report "$run" -o "$scratch/empty" --no-evaluation'

check "it says what became of each fault" page_says "$run" 'id="scores-sprout-experiment"'
check "and how soon" page_says "$run" 'id="delays-sprout-repetition"'
check "a forest has trees" page_says "$run" 'Detector <code>forest:bins=0,classes=each</code>, 10 trees'
check "and a model for each question" page_says "$run" 'One binary model \(injection or none\) and one model per'
check "and no radiographies" page_says "$run" 'a detector that reconstructs observations; this one does not'
check "one target has no propagation" page_says "$run" 'Propagation needs two targets'
check "delays at a time scale are told to be so" page_says "$run" 'At its time scale of 1/15'
check "JSON tells of detection over time" json_holds "$run" \
    'd["detector"] == "forest:bins=0,classes=each" and d["propagation"] == [] and d["localisation"] is None and
     d["detectors"][0]["splits"][0]["detection"]["unavailable"] is not None and
     all(len(f["experiment"]) and f["verdict"] in ("found", "missed") and f["resource_group"] is None
         for f in d["detectors"][0]["splits"][1]["detection"]["faults"])'

# The mean call time of a fault is one figure: on the page, by the reference's SQL, and in the tables kept there.
one_mean_call() {
    local kept=$top/results/reference/quickstart
    mkdir "$scratch/kept" && zstd -dqc "$kept/run.sqlite.zst" >"$scratch/kept/run.sqlite" &&
        sqlite3 -readonly "$scratch/kept/run.sqlite" <"$kept/../injections.sql" >"$scratch/kept/table" &&
        "$vnfault" report --json --no-evaluation "$scratch/kept" >"$scratch/kept/json" && python3 - "$scratch/kept" "$kept/README.md" <<'END'
import json, sys
cells = lambda line: [cell.strip() for cell in line.strip().strip("|").split("|")]
rows = [cells(line) for line in open(sys.argv[1] + "/table")][2:]
kept = [cells(line) for line in open(sys.argv[2])]
for experiment in json.load(open(sys.argv[1] + "/json"))["experiments"]:
    for injection in experiment["injections"]:
        row, = (row for row in rows if row[0] == injection["fault_type"])
        before, during = (injection["impact"][phase]["response_time_s"] * 1e3 for phase in ("before", "during"))
        assert row[7] == f"{before:.1f} → {during:.1f} ms", (row, before, during)
        assert row in kept, row
END
}
if command -v zstd >/dev/null; then
    check "the mean call time is one figure everywhere" one_mean_call
else
    skip "the mean call time is one figure everywhere" "zstd is not installed"
fi

# Each alarm of the evaluation is among the drawn points: a run this short has less than one observation
# in the width of a pixel.
alarms_are_drawn() {
    python3 - "$1" <<'END'
import csv, json, sys
folder = sys.argv[1]
splits = json.load(open(folder + "/evaluation.json"))["targets"][0]["splits"]
series = next(s for s in splits if s["name"] == "experiment")["detection"]["series"]
rows = list(csv.DictReader(open(folder + "/report/figures/scores-sprout-experiment.csv")))
for experiment in series:
    alarms = sum(score is not None and score >= 0.5 for score in experiment["scores"])
    drawn = sum(row["experiment"] == experiment["experiment"] and row["series"] == "score" and
                row["alarm"] == "1" for row in rows)
    assert alarms == drawn, (experiment["experiment"], alarms, drawn)
END
}
# Timelines show the target's use of CPU and memory also where other metrics are more telling.
use_is_drawn() {
    cp -r "$run" "$scratch/use" && rm "$scratch/use/evaluation.json" && sql "$scratch/use" "UPDATE metric SET name =
        CASE name WHEN 'cpu.usage' THEN 'cpu.x' WHEN 'cpu.throttled' THEN 'cpu.usage' WHEN 'memory.usage' THEN 'memory.x'
        WHEN 'memory.cache' THEN 'memory.usage' ELSE name END,
        unit = CASE name WHEN 'memory.cache' THEN 'kB' ELSE unit END" && "$vnfault" report "$scratch/use" && python3 - "$scratch/use" <<'END'
import csv, glob, json, sys
most = json.load(open(sys.argv[1] + "/evaluation.json"))["targets"][0]["importance"][0]["metric"]
for path in glob.glob(sys.argv[1] + "/report/figures/timeline-*-metrics.csv"):
    drawn = {row["metric"] for row in csv.DictReader(open(path))}
    assert {"cpu.usage", "memory.usage", most} <= drawn, (path, drawn, most)
END
}
check "timelines have CPU and memory use, and the most telling metric" use_is_drawn
check "memory in kB is shown in MB as the rest" grep -q 'memory.usage (MB)' "$scratch/use/report/figures/timeline-001-"*.gp
check "no alarm is lost in the figure" alarms_are_drawn "$run"

# --- one experiment a fault type
run=$scratch/single
"$make_run" "$run" 5 30 0 || exit 1
check "one experiment a fault type gives a report" "$vnfault" report "$run"
check "by experiment no matrix of zeros is shown" not_on_page "$run" 'id="confusion-sprout-experiment"'
check "and why is said" page_says "$run" 'by experiment has no confusion of the classes'
check "stratified there is one" page_says "$run" 'id="confusion-sprout-stratified"'

# --- one forest over all labels
run=$scratch/joint
"$make_run" "$run" 15 30 2 || exit 1
"$vnfault" evaluate "$run" --detector forest:classes=joint >/dev/null
check "a joint forest gives a report" "$vnfault" report "$run"
check "which is well-formed" well_formed "$run"
check "it says that one model tells classes apart" page_says "$run" 'One model tells normal observations and those of each fault type apart'
check "what the confusion takes for the prediction" page_says "$run" 'normal where the binary score is below'
check "and whose metric importance it is" page_says "$run" 'contributes to the model of all classes'

# --- a run that was resumed after its evaluation
run=$scratch/resumed
"$make_run" "$run" 15 30 2 || exit 1
"$vnfault" evaluate "$run" --trees 7 >/dev/null
sql "$run" "UPDATE run SET ended_ns = ended_ns + 60000000000;
    UPDATE experiment SET verdict = 'invalid', reason = 'monitoring had a gap' WHERE cell = 3"
check "a run that went on is evaluated anew" prints 'may have gone on since it was evaluated' "$vnfault" report "$run"
check "in the same way" prints '"trees": 7' cat "$run/evaluation.json"
check "without what is no longer valid" json_holds "$run" 'd["run"]["experiments"]["valid"] == 13'
check "and then kept" equals_output "$run/report/index.html" "$vnfault" report "$run"

# --- nominal experiments only
run=$scratch/nominal
"$make_run" "$run" 0 20 0 || exit 1
check "a nominal run is inconclusive" exits_with 2 "$vnfault" report "$run"
check "its page is well-formed too" well_formed "$run"
check "it says that there is no injection" page_says "$run" 'The run has no injection'
check "it says that nothing could be evaluated" page_says "$run" 'could not be evaluated'
check "and that there is no detection over time" page_says "$run" 'Without an evaluation there is no detection over time'
check "without an evaluation it is a success" "$vnfault" report "$run" --no-evaluation

# --- nothing valid
run=$scratch/invalid
"$make_run" "$run" 5 20 0 || exit 1
sql "$run" "UPDATE experiment SET verdict = 'invalid', reason = 'monitoring had a gap'"
check "a run without a valid experiment is inconclusive" exits_with 2 "$vnfault" report "$run"
check "its page says so" page_says "$run" 'None of the 6 experiments is valid'
check "and is well-formed" well_formed "$run"

# --- torn and empty
run=$scratch/torn
"$make_run" "$run" 5 20 0 || exit 1
sql "$run" "UPDATE experiment SET state = 'torn', verdict = NULL, ended_ns = NULL, measured_until_ns = NULL, reason = 'the runner died' WHERE cell = 2;
    DELETE FROM edge WHERE kind IN ('end-commanded', 'gone') AND injection_id = 3;
    UPDATE run SET state = 'interrupted'"
check "a torn experiment is shown" exits_with 0 "$vnfault" report "$run" --no-evaluation
check "with its reason" page_says "$run" 'the runner died'
check "and the page is well-formed" well_formed "$run"
run=$scratch/empty
"$make_run" "$run" 0 20 0 || exit 1
sql "$run" "DELETE FROM service_failure; DELETE FROM service_response; DELETE FROM service_sample;
    DELETE FROM observation; DELETE FROM experiment"
check "a run without experiments is inconclusive" exits_with 2 "$vnfault" report "$run"
check "and its page says so" page_says "$run" 'holds no experiment'

# --- hostile names
run=$scratch/hostile
"$make_run" "$run" 5 20 1 || exit 1
evil="<script>alert(1)</script>\"''; system('touch $scratch/owned') # } \`touch $scratch/owned\`@{x}_^%s\$(touch $scratch/owned)
set output 'x' ]]> &amp; ../../"
quoted=${evil//\'/\'\'}
sql "$run" "UPDATE run SET name = '$quoted', campaign_path = '$quoted', testbed_path = '$quoted', time_scale = '$quoted', version = '$quoted', campaign_xml = '$quoted';
    UPDATE fact SET subject = '$quoted', name = '$quoted', value = '$quoted' || CAST(x'fffe80' AS TEXT);
    UPDATE target SET name = name || '$quoted', role = '$quoted', address = '$quoted';
    UPDATE metric SET name = position || '$quoted', resource_group = '$quoted', unit = '$quoted';
    UPDATE experiment SET name = cell || '$quoted', intensity = '$quoted', reason = '$quoted' WHERE fault_type IS NOT NULL;
    UPDATE experiment SET fault_type = '$quoted' WHERE fault_type = 'cpu';
    UPDATE injection SET fault_type = '$quoted' WHERE fault_type = 'cpu';
    UPDATE injection SET intensity = '$quoted', unit = '$quoted', mechanism = '$quoted', detail = '$quoted', state = 'failed';
    UPDATE service_failure SET cause = '$quoted';
    UPDATE service_response SET transaction_name = '$quoted' WHERE transaction_name = 'call';
    DELETE FROM service_response WHERE transaction_name = 'invite'"
hostile_report() { "$vnfault" report "$1" || [ $? = 2 ]; }
check "hostile names give a report" hostile_report "$run"
check "its page is well-formed" well_formed "$run"
check "its page is self-contained" self_contained "$run"
check "its figures are complete" figures_complete "$run"
check "no script came through" not_on_page "$run" '<script>'
check "nothing in a name was run" test ! -e "$scratch/owned"
only_plain_names() { ! find "$1/report" | sed "s|^$1||" | grep -vE '^[a-z0-9./-]*$'; }
check "file names are plain" only_plain_names "$run"
check "its scripts run in place" scripts_run_in_place "$run"
check "nothing in a name was run there" test ! -e "$scratch/owned"
check "JSON is valid" json_holds "$run" 'len(d["experiments"]) == 6'

# --- profiles, and faults on several targets of an experiment
run=$scratch/levels
"$make_run" "$run" 2 60 0 4 || exit 1
sql "$run" "UPDATE injection_level SET phantom = 1 WHERE injection_id = 2 AND position = 3;
    INSERT INTO injection (experiment_id, target_id, token, fault_type, intensity, requested, unit, state, phantom, lease_ns)
        SELECT experiment_id, 1, 'another00001', 'latency', 'low', 20, 'ms', 'proven', 0, 1 FROM injection WHERE id = 1"
check "a run with profiles gives a report" "$vnfault" report "$run" --no-evaluation
check "it is whole" eval 'well_formed "$run" && self_contained "$run" && figures_complete "$run"'
levels=$run/report/figures/levels-001-cpu-high-sprout-1-fixture000001.csv
check "each level is in the figure's data" equals "1 24.2500 24.0075 90 0
2 48.5000 48.0150 90 0
3 72.7500 72.0225 90 0
4 97.0000 96.0300 90 0" awk -F, 'NR > 1 { printf "%d %.4f %.4f %d %d\n", $1, $2, $3, $5, $6 }' "$levels"
check "its share of failed calls is that of its windows" equals "$(sql_says "$run" "SELECT printf('%.9f', 100.0 * sum(calls_failed) / sum(calls_failed + calls_succeeded))
    FROM service_sample JOIN injection_level AS l ON l.injection_id = 1 AND l.position = 2 JOIN injection_level AS n ON n.injection_id = 1 AND n.position = 3
    WHERE window_start_ns >= l.applied_ns AND time_ns <= n.commanded_ns")" awk -F, '$1 == 2 { printf "%.9f\n", $4 }' "$levels"
check "a level that did not take hold is told" page_says "$run" 'This level did not take hold'
check "an experiment with faults on two targets has a timeline for each" test -f "$run/report/figures/timeline-001-cpu-high-sprout-1-bono.svg" -a \
    -f "$run/report/figures/timeline-001-cpu-high-sprout-1-sprout.svg"
check "a run without profiles says so" page_says "$scratch/plain" 'No injection of this run has an intensity profile'

# --- a profile that was cut short at its first level
run=$scratch/short
"$make_run" "$run" 2 60 0 4 || exit 1
sql "$run" "DELETE FROM injection_level WHERE injection_id = 2 AND position > 1;
    UPDATE injection_level SET phantom = 1, achieved = 11 WHERE injection_id = 2;
    UPDATE injection SET phantom = 1, achieved = 11, detail = 'eleven instead' WHERE id = 2;
    UPDATE experiment SET verdict = 'invalid', reason = 'phantom: eleven instead'
        WHERE id = (SELECT experiment_id FROM injection WHERE id = 2);
    UPDATE experiment SET verdict = 'invalid', reason = 'test' WHERE name = 'nominal-1'"
check "a profile that was cut short gives a report" "$vnfault" report "$run" --no-evaluation
check "what was achieved stands beside what that level asked for" page_says "$run" '"n">24.2 %</td><td class="n">11 %</td>'
check "one experiment is valid, not are" page_says "$run" '1 of 3 experiments is valid'
check "the reason stands there once" equals_output 1 eval 'grep -o "eleven instead" "$run/report/index.html" | wc -l'
check "there is no empty figure of levels" exits_with 1 eval 'ls "$run"/report/figures | grep -q levels-002'

# --- two targets with faults
run=$scratch/two
"$make_run" "$run" 20 30 0 || exit 1
sql "$run" "UPDATE injection SET target_id = (SELECT id FROM target WHERE name = 'bono') WHERE experiment_id % 2 = 0;
    UPDATE experiment SET target_id = (SELECT id FROM target WHERE name = 'bono') WHERE id IN
    (SELECT experiment_id FROM injection WHERE experiment_id % 2 = 0)"
check "a run with faults on two targets gives a report" "$vnfault" report "$run"
check "its page is well-formed" well_formed "$run"
check "it shows from where faults are seen" page_says "$run" 'seen from'
check "it says where the first alarm was" page_says "$run" 'Where the first alarm was, of 20 faults'
check "JSON has the matrix" json_holds "$run" \
    'len(d["propagation"]) == 4 and sum(d["localisation"].values()) == 20'

# --- a detector that reconstructs
reconstructed() { # RUN: evaluates it by components and writes its report
    "$vnfault" evaluate "$1" --detector pca:variance=0.8 >/dev/null && hostile_report "$1"
}
# An evaluation in which a list, a name or a time of the first series is amiss is bad input.
damaged_is_refused() { # RUN
    local change
    cp "$1/evaluation.json" "$scratch/sound.json"
    for change in 'series["groups"][0]["ratios"].append(1)' 'series["experiment"] = None' \
        'series["times_s"][0] = None' 'series["scores"].pop()'; do
        python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
series = d["targets"][0]["splits"][1]["detection"]["series"][0]
exec(sys.argv[3])
json.dump(d, open(sys.argv[2], "w"))' "$scratch/sound.json" "$1/evaluation.json" "$change" &&
            exits_with 64 "$vnfault" report "$1" || { echo "after $change"; return 1; }
    done
    mv "$scratch/sound.json" "$1/evaluation.json"
}
components() {
    local run=$scratch/components
    "$make_run" "$run" 10 40 0 || exit 1
    check "principal components give a report" reconstructed "$run"
    check "its page is well-formed" well_formed "$run"
    check "its page is self-contained" self_contained "$run"
    check "its figures are there as SVG and PDF with their data" figures_complete "$run"
    check "its scripts run in place" scripts_run_in_place "$run"
    check "it says what it was trained on" page_says "$run" 'trained on normal observations alone, never on a fault'
    check "it has no trees" not_on_page "$run" '10 trees'
    check "it says why there is no importance" page_says "$run" 'there is no metric importance'
    check "it has a radiography a resource group" page_says "$run" 'id="radiography-sprout-network"'
    check "it names the metrics behind a fault" page_says "$run" 'share of its error'
    check "no alarm is lost in the figure" alarms_are_drawn "$run"
    check "JSON has the metrics behind a fault" json_holds "$run" \
        'sum(m["share"] for m in d["detectors"][0]["splits"][1]["detection"]["faults"][0]["metrics"]) > 0.89'
    check "a damaged evaluation is refused" damaged_is_refused "$run"
    sql "$run" "DELETE FROM service_failure; UPDATE service_sample SET calls_failed = 0"
    check "without failed calls it is a report too" "$vnfault" report "$run"
    check "and says why there is no density" page_says "$run" 'no density can be estimated, the same value in all'
    sql "$run" "DELETE FROM service_response; DELETE FROM service_sample"
    check "without a service it is a report too" "$vnfault" report "$run"
    check "and says so" page_says "$run" 'no figures of the service to set the errors against'
    rm -r "$scratch/hostile/report" "$scratch/hostile/copy"
    check "hostile names give a report of components" reconstructed "$scratch/hostile"
    check "its page is well-formed" well_formed "$scratch/hostile"
    check "its page is self-contained" self_contained "$scratch/hostile"
    check "its figures are complete" figures_complete "$scratch/hostile"
    check "radiographies are among them" page_says "$scratch/hostile" 'id="radiography-'
    check "file names are plain" only_plain_names "$scratch/hostile"
    check "its scripts run in place" scripts_run_in_place "$scratch/hostile"
    check "no script came through" not_on_page "$scratch/hostile" '<script>'
    check "nothing in a name was run" test ! -e "$scratch/owned"
}
if ldconfig -p | grep -q libopenblas.so.0; then
    components
else
    skip "principal components give a report" "libopenblas0 is not installed"
fi

# --- what is not a run, what is missing
mkdir "$scratch/nothing"
check "a folder without a run is bad input" exits_with 64 "$vnfault" report "$scratch/nothing"
check "so is what is not there" exits_with 64 "$vnfault" report "$scratch/absent"
mkdir "$scratch/tools"
ln -s "$(command -v env)" "$scratch/tools/env"
check "missing gnuplot is named with its package" prints 'apt-get install gnuplot-nox' \
    env PATH="$scratch/tools" "$vnfault" report "$scratch/plain"
check "and is exit status 4" exits_with 4 env PATH="$scratch/tools" "$vnfault" report "$scratch/plain"

# --- seen by a browser
check_drawn "$scratch/plain/report/index.html" 4000 100000
finish
