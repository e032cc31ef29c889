#!/usr/bin/env bash
# vnfault import: a CSV file becomes a run that detectors can be evaluated on; what is wrong with a
# file is said with row and column.
. "$(dirname "$0")/../lib.sh"

# 8 experiments of two targets; a fault in the middle of each, on web only, which moves load.
awk 'BEGIN {
    srand(1); print "time,target,experiment,state,\"load, 1 min\",net_bytes,host"
    for (e = 0; e < 8; e++) for (i = 0; i < 30; i++) for (t = 0; t < 2; t++) {
        fault = t == 0 && i >= 10 && i < 20
        label = fault ? (i == 10 ? "ramp" : e % 2 ? "cpu" : "disk") : "normal"
        bytes[t] += 1000 + int(100 * rand())
        printf "%d.25,%s,e%d,%s,%s,%d,\"a \"\"b\"\"\"\n", 1700000000 + e * 1000 + 5 * i, t ? "db" : "web", e, label,
            i == 3 ? "NA" : rand() + 3 * fault, bytes[t]
    } }' >"$scratch/data.csv"
run=$scratch/run
import() { "$vnfault" import --csv "$scratch/data.csv" --time time --label state "$@"; }
query() { sqlite3 -readonly "$run/run.sqlite" "$1"; }

check "a file becomes a run" prints '^472 observations of 2 metrics, 16 experiments, 8 injections; 16 values are missing, 8 observations left out' \
    import --target target --experiment experiment --ignore 'ho*' --counters 'net_*,x' -o "$run"
check "labels are the file's" equals "db|normal|none|240
web|cpu|own|36
web|disk|own|36
web|normal|none|160" query "SELECT target, label, scope, count(*) FROM observation_label GROUP BY 1, 2, 3"
check "instants are the file's" equals 1700000000250000000 query "SELECT min(time_ns) FROM observation"
check "values are the file's" equals "$(awk -F, 'NR == 2 { print $6 }' "$scratch/data.csv")" \
    query "SELECT CAST(value AS INTEGER) FROM observation_value WHERE metric = 'net_bytes' ORDER BY observation_id LIMIT 1"
check "counters are told apart" equals "load, 1 min|gauge|other
net_bytes|counter|network" query "SELECT DISTINCT name, kind, resource_group FROM metric ORDER BY name"
check "the run can be evaluated" prints '^web: 224 observations of 8 experiments' "$vnfault" evaluate "$run" --threads 1
check "and the faults are found, also by experiment" python3 -c '
import json, sys
for split in json.load(open(sys.argv[1]))["targets"][0]["splits"][:2]:
    assert split["classes"][0]["roc"]["area"] > 0.95, split["name"]' "$run/evaluation.json"
check "it has a status" prints '16 valid, 0 invalid' "$vnfault" status "$run"
check "a report can be made" "$vnfault" report "$run" -o "$scratch/report"
check "it is not written over" exits_with 64 import --target target -o "$run"

nothing_is_normal() { # a file whose observations without a fault are labelled 'none'
    sed 's/,normal,/,none,/' "$scratch/data.csv" >"$scratch/none.csv"
    "$vnfault" import --csv "$scratch/none.csv" --time time --label state --target target --experiment experiment \
        --ignore 'ho*' -o "$scratch/none" >/dev/null &&
        [ "$(sqlite3 -readonly "$scratch/none/run.sqlite" "SELECT count(*) FROM observation_label WHERE label = 'normal'")" = 400 ]
}
check "the label none is normal, too" nothing_is_normal

# What isn't UTF-8 would be another name in JSON, and so in a model's file.
refused_as_latin_1() { # SED-SCRIPT
    sed "$1" "$scratch/data.csv" | iconv -f UTF-8 -t LATIN1 >"$scratch/latin.csv"
    "$vnfault" import --csv "$scratch/latin.csv" --time time --label state --target target --experiment experiment \
        --ignore 'ho*' -o "$scratch/latin" 2>&1
    [ $? = 64 ] && [ ! -e "$scratch/latin/run.sqlite" ]
}
check "a metric's name that isn't UTF-8 is refused" prints 'column 6 has a name that is not UTF-8' refused_as_latin_1 '1s/net_/né_/'
check "a label, too" prints "row 12: the label 'd" refused_as_latin_1 '12,20s/normal/défaut/'
check "with what helps" prints 'iconv -f LATIN1 -t UTF-8' refused_as_latin_1 '12,20s/normal/défaut/'
check "a target, too" prints "row 2: the target '" refused_as_latin_1 '2s/,web,/,é,/'
check "what is ignored may be anything" eval "sed 's/\"a /\"é /' '$scratch/data.csv' | iconv -f UTF-8 -t LATIN1 >'$scratch/any.csv' &&
    '$vnfault' import --csv '$scratch/any.csv' --time time --label state --target target --ignore 'ho*' --experiment experiment -o '$scratch/any'"

json_of() { # VERB ...: the names of what it prints as JSON
    "$vnfault" "$@" --json | python3 -c 'import json, sys; print(*json.load(sys.stdin))'
}
check "JSON is JSON in a folder whose name isn't UTF-8" prints '^observations .* run$' \
    json_of import --csv "$scratch/data.csv" --time time --label state --target target --experiment experiment \
    --ignore 'ho*' -o "$scratch/"$'\xff'
check "so is that of train" prints '^target detector .* model model_bytes classes' \
    json_of train "$run" --target web -o "$scratch/"$'\xff.model'

# Rows in any order give the same run.
{ head -n 1 "$scratch/data.csv"; tail -n +2 "$scratch/data.csv" | sort -R --random-source="$top/LICENSE"; } >"$scratch/shuffled.csv"
mv "$scratch/data.csv" "$scratch/ordered.csv"
mv "$scratch/shuffled.csv" "$scratch/data.csv"
run=$scratch/shuffled
check "rows may be in any order" import --target target --experiment experiment --ignore host --counters 'net_*' -o "$run"
check "and give the same labels" equals "web|cpu|36
web|disk|36" query "SELECT target, label, count(*) FROM observation_label WHERE label <> 'normal' GROUP BY 1, 2"
mv "$scratch/ordered.csv" "$scratch/data.csv"

# name | what it says | option ... ; then what sed does to the file
refused() { # PATTERN SED OPTION ...
    local pattern=$1 status=0
    sed -E "$2" "$scratch/data.csv" >"$scratch/bad.csv"
    shift 2
    "$vnfault" import --csv "$scratch/bad.csv" "$@" -o "$scratch/refused" >"$scratch/said" 2>&1 || status=$?
    cat "$scratch/said"
    [ "$status" = 64 ] || { echo "exit status $status"; return 1; }
    grep -qE -- "$pattern" "$scratch/said" || { echo "no match of '$pattern'"; return 1; }
    [ ! -e "$scratch/refused/run.sqlite" ] || { echo "a database is left"; return 1; }
}
usual=(--time time --label state --target target --experiment experiment --ignore host)
check "an unknown column" refused "no column 'stat'" '' --time time --label stat
check "with the nearest named" refused "did you mean 'state'" '' --time time --label stat
check "a column of text" refused "row 2, column 'host': 'a \"b\"' is no number" '' --time time --label state --target target --experiment experiment
check "a field that is no number" refused "row 7, column 'net_bytes': '12x' is no number" '7s/,[0-9]+,"a/,12x,"a/' "${usual[@]}"
check "a time that is none" refused "row 5: 'noon' is no time" '5s/^[^,]*/noon/' "${usual[@]}"
check "an empty label" refused "row 6 has no label" '6s/normal//' "${usual[@]}"
check "a row that is too short" refused "row 9 has 1 fields, the first has 7" '9s/.*/1/' "${usual[@]}"
check "two rows at once" refused "rows [0-9]+ and [0-9]+ are of one target at the same time" '' --time time --label state --ignore 'host,target,experiment'
check "a quote that doesn't end" refused "bad.csv" '11s/"//' "${usual[@]}"
check "no rows" refused "no observation" '2,$d' "${usual[@]}"
check "no metric" refused "no column is left" '' --time time --label state --ignore '*'
check "two columns of one name" refused "both called 'net_bytes'" '1s/host/net_bytes/' "${usual[@]}"
check "labels by the thousand" refused "is 'net_bytes' the column" '' --time time --label net_bytes --target target --experiment experiment --ignore 'host,state'
check "a fault that is called like a question" refused "no fault can be called 'binary'" 's/disk/binary/' "${usual[@]}"
check "a fault that is called normal" refused "no fault can be called 'normal'" '' "${usual[@]}" --normal cpu
check "a pipe" exits_with 64 bash -c "'$vnfault' import --csv <(cat '$scratch/data.csv') ${usual[*]} -o '$scratch/refused'"
check "no file" exits_with 64 "$vnfault" import --csv "$scratch/nowhere" "${usual[@]}" -o "$scratch/refused"
check "an option that is missing" prints 'import needs --label' "$vnfault" import --csv "$scratch/data.csv" --time time -o "$scratch/refused"
check "an unknown unit" prints "unknown unit 'h'" import --time-unit h -o "$scratch/refused"

finish
