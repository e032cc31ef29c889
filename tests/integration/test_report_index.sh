#!/usr/bin/env bash
# vnfault report --index: runs of several nights, what can't be read, hostile names, links, a browser.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../browser.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run
results=$scratch/results

sql() { sqlite3 "$1/run.sqlite" "$2" >/dev/null; }
well_formed() { xmllint --noout --nonet "$1/index.html"; }
page_says() { grep -qE -- "$2" "$1/index.html" || { echo "the page lacks '$2'"; return 1; }; }
not_on_page() { ! grep -qF -- "$2" "$1/index.html"; }

# Nothing in the page may make a browser fetch or run something; it may lead to reports.
self_contained() {
    local found
    found=$(sed 's|xmlns\(:xlink\)\?="[^"]*"||g' "$1/index.html" |
        grep -noiE '(https?:|file:|//[a-z0-9.-]+\.[a-z]{2,}/|<script|<iframe|<object|<embed|<link|<img|@import|url\([^#)]*\)|[ "]on[a-z]+=)' | head -n 5)
    [ -z "$found" ] || { echo "$found"; return 1; }
}
# The page may be opened anywhere: what it leads to is there, seen from the page.
links_lead_somewhere() { # FOLDER NUMBER
    python3 - "$1" "$2" <<'END'
import os, sys, urllib.parse, xml.etree.ElementTree as tree
page = tree.parse(sys.argv[1] + "/index.html")
links = [a.get("href") for a in page.iter("{http://www.w3.org/1999/xhtml}a") if not a.get("href").startswith("#")]
print(links)
ok = all(not urllib.parse.urlparse(link).scheme and os.path.isfile(os.path.join(sys.argv[1], urllib.parse.unquote(link))) for link in links)
sys.exit(not (ok and len(links) == int(sys.argv[2])))
END
}
# Each figure of the page has its data, script and both drawings, a description, and none is left over.
figures_complete() {
    local script base count=0
    for script in "$1"/figures/*.gp; do
        base=${script%.gp}
        [ "${base##*/}" = style ] && continue
        count=$((count + 1))
        xmllint --noout --nonet "$base.svg" && [ -s "$base.csv" ] && [ "$(head -c 5 "$base.pdf")" = %PDF- ] || return 1
    done
    [ "$count" -gt 0 ] && python3 - "$1/index.html" "$count" <<'END'
import sys, xml.etree.ElementTree as tree
drawings = list(tree.parse(sys.argv[1]).iter("{http://www.w3.org/2000/svg}svg"))
print(len(drawings), [d.get("aria-label") for d in drawings])
sys.exit(not (len(drawings) == int(sys.argv[2]) and all(d.get("role") == "img" and d.get("aria-label").startswith("Trend over the runs of") for d in drawings)))
END
}
json_holds() { # RESULTS PYTHON-EXPRESSION over the object `d`
    "$vnfault" report --index "$1" --json >"$scratch/index.json" || return 1
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not eval("(" + sys.argv[2] + ")"))' "$scratch/index.json" "$2"
}
night() { # NUMBER: a run of the same campaign, a day later, with ever more failed calls
    local run="$results/nightly $1"
    "$make_run" "$run" 10 20 0 && sql "$run" "UPDATE run SET name = 'nightly', started_ns = started_ns + $1 * 86400000000000, ended_ns = ended_ns + $1 * 86400000000000;
        UPDATE service_sample SET calls_failed = calls_failed * $1 / 4, calls_succeeded = calls_succeeded + calls_failed - calls_failed * $1 / 4;
        UPDATE experiment SET intensity = 'medium', name = name || '-medium' WHERE repetition = 2 AND fault_type = 'cpu';
        UPDATE injection SET intensity = 'medium' WHERE experiment_id IN (SELECT id FROM experiment WHERE intensity = 'medium')"
}

# --- nights, one with a report
mkdir "$results"
for number in 3 1 2; do night $number || exit 1; done
"$vnfault" report "$results/nightly 2" --no-evaluation >/dev/null || exit 1
"$vnfault" evaluate "$results/nightly 3" --folds 2 >/dev/null || exit 1
mkdir -p "$results/deep/er"
"$make_run" "$results/deep/er/other" 5 20 1 || exit 1
check "runs give an index" "$vnfault" report --index "$results"
page=$results/index
check "it is well-formed" well_formed "$page"
check "it is self-contained" self_contained "$page"
check "its figures are complete" figures_complete "$page"
check "it leads to the one report that there is" links_lead_somewhere "$page" 1
check "it counts the runs" page_says "$page" '4 runs, of which 3 are valid'
check "a run at any depth is found" page_says "$page" '>deep/er/other<'
check "runs are numbered by their start" json_holds "$results" '[r["folder"] for r in d["runs"]] == ["deep/er/other", "nightly 1", "nightly 2", "nightly 3"] and
    [r["number"] for r in d["runs"]] == [1, 2, 3, 4]'
check "each has its verdict" json_holds "$results" '[r["verdict"] for r in d["runs"]] == ["invalid", "valid", "valid", "valid"]'
check "failed calls rise from night to night" json_holds "$results" '(lambda s: s[0] < s[1] < s[2])([r["fault_calls"]["failed_share"] for r in d["runs"][1:]])'
check "a figure is the same as that of compare" eval '"$vnfault" compare "$results/nightly 1" "$results/nightly 3" --json >"$scratch/compare.json"; python3 - "$scratch/index.json" "$scratch/compare.json" <<END
import json, sys
runs = json.load(open(sys.argv[1]))["runs"]
compared = json.load(open(sys.argv[2]))
key = lambda g: (g["fault_type"], g["intensity"], g["target"])
groups = {key(g): g["figures"] for g in runs[3]["groups"]}
rows = [r for r in compared["figures"] if r["figure"] == "failed-calls" and r.get("groups") == 1 and r["fault_type"]]
assert rows
for row in rows:
    mine = groups[key(row)]["failed-calls"]
    for name in ("value", "lower", "upper"):
        theirs = row["new"][name]
        assert (mine[name] is None) == (theirs is None) and (theirs is None or abs(mine[name] - theirs) < 1e-9), (row, mine)
END'
check "a testbed without a name goes by its file" json_holds "$results" '[r["testbed"] for r in d["runs"]] == [r["testbed_file"] for r in d["runs"]] == ["testbed.xml"] * 4'
sql "$results/nightly 2" "UPDATE run SET testbed_xml = '<testbed name=\"core &lt;1&gt;\"/>'" || exit 1
check "one with a name by that" json_holds "$results" '(d["runs"][2]["testbed"], d["runs"][2]["testbed_file"]) == ("core <1>", "testbed.xml")'
sql "$results/nightly 2" "UPDATE run SET testbed_xml = '<testbed/>'" || exit 1
check "a report has the same time to recover and availability as compare" eval '"$vnfault" report "$results/nightly 1" --json --no-evaluation >"$scratch/report.json"; python3 - "$scratch/report.json" "$scratch/compare.json" <<END
import json, sys
experiments = [e for e in json.load(open(sys.argv[1]))["experiments"] if e["fault_type"]]
checked = 0
for row in json.load(open(sys.argv[2]))["figures"]:
    if row["figure"] not in ("availability", "time-to-recover") or row["groups"] != 1 or not row["fault_type"]:
        continue
    kin = [e for e in experiments if (e["fault_type"], e["intensity"]) == (row["fault_type"], row["intensity"])]
    values = [e["availability"] if row["figure"] == "availability" else e["injections"][0]["time_to_recover_s"] for e in kin]
    assert abs(sum(values) / len(values) - row["base"]["value"]) < 1e-9, (row, values)
    checked += 1
assert checked >= 10, checked
END'
check "on its page too" eval 'grep -q "<h2>Availability and recovery</h2>" "$results/nightly 2/report/index.html" && [ "$(sed -n "/id=\"recovery\"/,/<.section>/p" "$results/nightly 2/report/index.html" | grep -cE "^<tr>.*[0-9] %.*</tr>$")" -ge 15 ]'
check "areas are those of the evaluation" json_holds "$results" 'len(d["runs"][3]["detectors"]) == 1 and 0.5 < d["runs"][3]["detectors"][0]["roc-auc"]["value"] <= 1 and d["runs"][1]["detectors"] == []'
check "one experiment has no interval, two have" json_holds "$results" 'all((f["lower"] is None) == (f["experiments"] == 1)
    for g in d["runs"][1]["groups"] for f in g["figures"].values() if f)'
check "a figure has a line an intensity" eval 'grep -l "medium" "$page"/figures/trend-nightly-cpu-on-sprout-*.csv'
check "and a campaign with one run has no trend" eval 'page_says "$page" "a trend takes two" && ! ls "$page"/figures/trend-fixture* 2>/dev/null'
check "every table has heads for its columns and rows" eval '[ "$(grep -o "<th scope=\"row\"" "$page/index.html" | wc -l)" = 4 ] && ! grep -qE "<thead>.*<th( class=\"[a-z]*\")?>" "$page/index.html"'
check "the same runs give the same bytes" eval 'cp -r "$page" "$scratch/first" && "$vnfault" report --index "$results" && diff -r "$scratch/first" "$page"'
check "the index is no run that can't be read" json_holds "$results" 'd["unread"] == []'
check "a run at another time scale is not in the trend" eval 'sql "$results/nightly 1" "UPDATE run SET time_scale = '"'1/15'"'" && "$vnfault" report --index "$results" &&
    page_says "$page" "nightly at time scale 1/15" && [ "$(cut -d, -f1 "$page/figures/trend-nightly-nominal.csv" | tail -n +2 | xargs)" = "1 2" ]'
check "it goes where it is told to" eval '"$vnfault" report --index "$results/" -o "$scratch/else where/page" && links_lead_somewhere "$scratch/else where/page" 1'
check "an evaluation of an earlier state of the run is not shown" eval 'sql "$results/nightly 3" "UPDATE run SET ended_ns = ended_ns + 1" && "$vnfault" report --index "$results" &&
    page_says "$page" "the run has gone on since it was evaluated"'

# --- what can't be read
mkdir "$results/empty" "$results/half" "$results/later" "$results/odd" "$results/.vnfault-removed-x"
echo half >"$results/half/run.sqlite"
sqlite3 "$results/later/run.sqlite" "PRAGMA application_id = 0x766e6674; PRAGMA user_version = 99; CREATE TABLE run (id INTEGER)"
mkfifo "$results/odd/run.sqlite" "$results/nightly 2/evaluation.json"
ln -s "$results/nightly 1" "$results/again"
ln -s . "$results/loop"
mkdir "$scratch/apart" && cp "$results/nightly 1/run.sqlite" "$scratch/apart/" && mkdir "$results/linked" && ln -s "$scratch/apart/run.sqlite" "$results/linked/run.sqlite"
check "what can't be read does not end it" "$vnfault" report --index "$results"
check "the runs are still there, no link is followed" json_holds "$results" 'len(d["runs"]) == 4'
check "each is listed with why" json_holds "$results" '{u["folder"]: u["why"] for u in d["unread"]} == {"empty": "it holds no run.sqlite", "half": "not a run database",
    "later": "run database of version 99; this vnfault reads versions 1 to 6", "odd": "run.sqlite is not a regular file", "linked": "run.sqlite is not a regular file",
    "again": "a symbolic link, which is not followed", "loop": "a symbolic link, which is not followed",
    ".vnfault-removed-x": "its removal was cut short; \x27vnfault prune\x27 ends it"}'
check "slashes at the end of the folder are nothing" eval '"$vnfault" report --index "$results////" --json >"$scratch/slashes.json" && cmp "$scratch/index.json" "$scratch/slashes.json"'
check "on the page too" eval 'page_says "$page" "8 folders could not be read" && page_says "$page" "run database of version 99"'
check "an evaluation that is no file is said" json_holds "$results" 'd["runs"][2]["no_evaluation"] == "evaluation.json is not a regular file"'

# --- bad input
check "a folder that is not there is bad input" exits_with 64 "$vnfault" report --index "$scratch/absent"
check "so is a run itself" exits_with 64 "$vnfault" report --index "$results/nightly 1"
check "and evaluating is not what an index does" exits_with 64 "$vnfault" report --index "$results" --no-evaluation
check "a folder of one's own is refused" exits_with 64 "$vnfault" report --index "$results" -o "$results"
check "so is that of a run's report" exits_with 64 "$vnfault" report --index "$results" -o "$results/nightly 2/report"
mkdir "$scratch/nothing"
check "no runs are an index too" eval '"$vnfault" report --index "$scratch/nothing" && well_formed "$scratch/nothing/index" && page_says "$scratch/nothing/index" "0 runs"'

# --- hostile names
hostile="$scratch/<script>alert(1)<|script>\"'; touch owned #%41"
mkdir "$hostile"
evil="<script>alert(1)</script>\"''; system('touch $scratch/owned') # } \`touch $scratch/owned\`@{x}_^%s
set output 'x' ]]> &amp; ../../"
quoted=${evil//\'/\'\'}
for number in 1 2; do
    "$make_run" "$hostile/run '\"<b>?#%41&$number" 5 20 0 || exit 1
    sql "$hostile/run '\"<b>?#%41&$number" "UPDATE run SET name = '$quoted', testbed_path = '$quoted', time_scale = '$quoted';
        UPDATE target SET name = name || '$quoted'; UPDATE experiment SET intensity = '$quoted' WHERE fault_type IS NOT NULL;
        UPDATE injection SET fault_type = '$quoted', intensity = '$quoted'"
    "$vnfault" report "$hostile/run '\"<b>?#%41&$number" --no-evaluation >/dev/null || exit 1
done
check "hostile names give an index" "$vnfault" report --index "$hostile"
check "it is well-formed" well_formed "$hostile/index"
check "it is self-contained" self_contained "$hostile/index"
check "its figures are complete" figures_complete "$hostile/index"
check "its links lead to the reports" links_lead_somewhere "$hostile/index" 2
check "no script came through" not_on_page "$hostile/index" '<script>'
check "nothing in a name was run" test ! -e "$scratch/owned"
check "file names are plain" eval '! ls "$hostile/index/figures" | grep -vE "^[a-z0-9.-]*$"'
check "JSON is valid" json_holds "$hostile" 'len(d["runs"]) == 2'

# --- seen by a browser
check_drawn "$page/index.html" 3000 80000
finish
