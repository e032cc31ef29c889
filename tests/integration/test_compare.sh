#!/usr/bin/env bash
# Synthetic nights compared: a planted regression is named, and like with like raises no alarm.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/../browser.sh"
build=${BUILD:-$top/build}
pairs=20

make_night() { # NAME SEED [OUTAGE [FAILURES]]
    "$build/tests/integration/report_run" "$scratch/$1" 15 30 0 0 "$2" "${3:-0}" "${4:-0}"
}

compare() { "$vnfault" compare "$@"; }

no_alarm() { # SEED
    make_night "base-$1" "$1" && make_night "new-$1" "$((1000 + $1))" &&
        compare "$scratch/base-$1" "$scratch/new-$1" --gates "$scratch/tests.xml" >/dev/null
}

gates() { # NAME GATE ...: writes a gates file
    local name=$1
    shift
    printf '<gates xmlns="urn:vnfault:gates:1">%s</gates>\n' "$*" >"$scratch/$name.xml"
}

gates tests '<gate figure="failed-calls" groups="together" significance="5%"/>' \
    '<gate figure="availability" groups="together" significance="5%"/>' \
    '<gate figure="time-to-recover" groups="together" significance="5%"/>'
gates each '<gate figure="failed-calls" significance="5%"/>'
gates threshold '<gate figure="failed-calls" absolute="15%"/>' '<gate figure="time-to-recover" absolute="2s"/>'
gates latency '<gate figure="failed-calls" fault="latency" absolute="15%"/>' \
    '<gate figure="failed-calls" fault="cpu" absolute="15%"/>'
gates detector '<gate figure="time-to-detect" absolute="1s"/>' '<gate figure="roc-auc" absolute="5%"/>'

for seed in $(seq 1 "$pairs"); do
    check "no alarm in like with like, $seed of $pairs" no_alarm "$seed"
done

base=$scratch/base-1
check "the first night" make_night first 11
check "the second night is as good" exits_with 0 compare "$base" "$scratch/first" --gates "$scratch/threshold.xml"
check "a night with a slower recovery" make_night slow 12 5
check "is a regression" exits_with 1 compare "$base" "$scratch/slow" --gates "$scratch/tests.xml"
check "the figure is named, and by how much" prints \
    'REGRESSION, line 1: time-to-recover of all faults rose from 0 s to 5.000 s' \
    compare "$base" "$scratch/slow" --gates "$scratch/tests.xml"
# Of five experiments the outage of 5 s is followed by a bad second, 9 s after its end or 12 s after.
recoveries() { # SECOND_AFTER_GONE: how long they took, by the report
    "$build/tests/integration/report_run" "$scratch/late-$1" 5 90 0 0 14 5 0
    sqlite3 "$scratch/late-$1/run.sqlite" "UPDATE service_sample SET calls_failed = 100, calls_succeeded = 0 WHERE id IN
        (SELECT s.id FROM service_sample AS s JOIN injection_edges AS i USING (experiment_id) WHERE s.time_ns = i.gone_ns + $1 * 1000000000)"
    "$vnfault" report "$scratch/late-$1" --json --no-evaluation | python3 -c 'import json, sys
print(*sorted({i["time_to_recover_s"] for e in json.load(sys.stdin)["experiments"] for i in e["injections"]}))'
}
check "a bad second before it was up for 10 s is part of the recovery" equals 14.0 recoveries 14
check "one after that is not" equals 5.0 recoveries 17

check "a night in which latency fails more calls" make_night worse 13 0 30
check "is one of latency alone" prints '^gates: 9 passed, 1 regressed, 0 not judged' \
    compare "$base" "$scratch/worse" --gates "$scratch/threshold.xml"
check "by name, on standard error too" prints \
    '1 regression: failed-calls of latency high on sprout rose from' \
    compare "$base" "$scratch/worse" --gates "$scratch/threshold.xml" --json
check "3 against 3 can't tell of one group, and say so" exits_with 2 \
    compare "$base" "$scratch/worse" --gates "$scratch/each.xml"
check "with the reason" prints '3 against 3 experiments are too few: whatever is measured' \
    compare "$base" "$scratch/worse" --gates "$scratch/each.xml"
check "the table says it without gates" prints 'could show no difference, however large' \
    compare "$base" "$scratch/worse"
check "the other way round it is none" exits_with 0 \
    compare "$scratch/worse" "$base" --gates "$scratch/latency.xml"

junit=$scratch/junit.xml
check "JUnit XML is written with exit 1" exits_with 1 \
    compare "$base" "$scratch/worse" --gates "$scratch/latency.xml" --junit "$junit"
check "it is well-formed" xmllint --noout "$junit"
check "with one failure of two" equals "2 1 0" \
    xmllint --xpath 'concat(/testsuite/@tests, " ", /testsuite/@failures, " ", /testsuite/@errors)' "$junit"
check "whose message names the figure" prints 'failed-calls of latency high on sprout rose' \
    xmllint --xpath 'string(//failure/@message)' "$junit"
check "--junit wants gates" exits_with 64 compare "$base" "$scratch/worse" --junit "$junit"

# --- the page
page=$scratch/page.html
page_says() { grep -qE -- "$1" "$page" || { echo "the page lacks '$1'"; return 1; }; }
page_lacks() { ! grep -qF -- "$1" "$page"; }
# Nothing in the page may make a browser fetch or run something.
self_contained() {
    local found
    found=$(sed 's|xmlns\(:xlink\)\?="[^"]*"||g' "$page" |
        grep -noiE '(https?:|file:|//[a-z0-9.-]+\.[a-z]{2,}/|<script|<iframe|<object|<embed|<link|<img|@import|url\([^#)]*\)|[ "]on[a-z]+=|href="[^#])' | head -n 5)
    [ -z "$found" ] || { echo "$found"; return 1; }
}
rows_are() { # SECTION EXPECTED: rows of its table's body that are no remarks
    equals "$2" xmllint --xpath "count(//*[local-name()='section'][@id='$1']//*[local-name()='tbody']/*[local-name()='tr'][not(@class='remark')])" "$page"
}
check "a page is written with exit 1" exits_with 1 \
    compare "$base" "$scratch/worse" --gates "$scratch/latency.xml" --html "$page"
check "it is well-formed" xmllint --noout --nonet "$page"
check "it is self-contained" self_contained
check "its verdict is the regression" page_says '<p class="verdict bad">1 regression: failed-calls of latency high on sprout rose from'
check "each gate has its outcome, the regression first" equals "regression passed" eval \
    'echo $(grep -oE "badge (valid|invalid|torn)\">(regression|passed|not judged)" "$page" | sed "s/.*>//")'
check "with what it asks for" page_says 'higher by more than 15 percentage points'
check "it has every figure of the JSON" rows_are figures "$(compare "$base" "$scratch/worse" --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["figures"]))')"
check "nothing differs between how these were made" page_says 'The same way: '
check "a gate that is not judged says why" exits_with 2 compare "$base" "$scratch/worse" --gates "$scratch/each.xml" --html "$page"
check "in a row of its own" page_says '3 against 3 experiments are too few: whatever is measured'
check "without gates it says what differs" exits_with 0 compare "$base" "$scratch/worse" --html "$page"
check "in its verdict" page_says '[0-9]+ of [0-9]+ tested figures differs? at 5 %. No gates say'
check "a page for a folder that is not there is bad input" exits_with 64 compare "$base" "$scratch/first" --html "$scratch/none/page.html"
check_drawn "$page" 3000 60000

evil="<script>alert(1)</script>\"''; & ]]> --><b>"
quoted=${evil//\'/\'\'}
cp -r "$scratch/worse" "$scratch/ev<i>l & \"quoted'"
check "a run of hostile names, made otherwise" sqlite3 "$scratch/ev<i>l & \"quoted'/run.sqlite" "UPDATE run SET name = '$quoted', time_scale = '$quoted', version = '$quoted';
    UPDATE experiment SET intensity = '$quoted' WHERE fault_type = 'cpu'; UPDATE target SET name = name || '$quoted', role = '$quoted';
    UPDATE injection SET intensity = '$quoted' WHERE fault_type = 'cpu'; INSERT INTO fact VALUES ('$quoted', '$quoted', '$quoted')"
check "compared with itself" exits_with 0 compare "$scratch/ev<i>l & \"quoted'" "$scratch/ev<i>l & \"quoted'" --gates "$scratch/threshold.xml" --html "$page"
check "gives a page that is well-formed" xmllint --noout --nonet "$page"
check "and self-contained" self_contained
check "no script came through" page_lacks '<script'
check "compared with another" exits_with 2 compare "$base" "$scratch/ev<i>l & \"quoted'" --gates "$scratch/latency.xml" --html "$page"
check "is well-formed too" xmllint --noout --nonet "$page"
check "and names the time scale among what differs" page_says '<td class="name">time scale</td>'
check "none of it as markup" page_lacks '<b>'

check "without an evaluation its gates are not judged" exits_with 2 \
    compare "$base" "$scratch/first" --gates "$scratch/detector.xml"
for night in base-1 first; do
    check "$night is evaluated" "$vnfault" evaluate "$scratch/$night" --folds 3
done
check "then they are" exits_with 0 compare "$base" "$scratch/first" --gates "$scratch/detector.xml"
check "and the table has the areas" prints '^roc-auc' compare "$base" "$scratch/first"

json() { compare "$base" "$scratch/worse" --json | python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
check "JSON has the runs" equals "16 0" json '"%d %d" % (d["base"]["valid"], d["base"]["invalid"])'
check "a row has what its experiments allow" equals "0.1" \
    json '[round(f["least_p"], 6) for f in d["figures"] if f["fault_type"] == "cpu"][0]'
check "and no gates without a file" equals "None" json 'd["gates"]'

sed 's/failed-calls/failed-cals/' "$scratch/latency.xml" >"$scratch/bad.xml"
check "a bad gates file is refused" exits_with 64 compare "$base" "$scratch/first" --gates "$scratch/bad.xml"
check "with what was meant" prints 'bad.xml:1: gate: unknown figure' \
    compare "$base" "$scratch/first" --gates "$scratch/bad.xml"
check "one that isn't there too" exits_with 64 compare "$base" "$scratch/first" --gates "$scratch/none.xml"
check "what is no run is refused" exits_with 64 compare "$base" "$scratch"
check "a bad share is refused" exits_with 64 compare "$base" "$scratch/first" --maximum-failures 5

finish
