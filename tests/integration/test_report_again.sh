#!/usr/bin/env bash
# What a report says of how its detectors were evaluated is enough to do it again, and it is done again in the same way.
. "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run
run=$scratch/run
page=$run/report/index.html

"$make_run" "$run" 15 40 0 || exit 1

# The evaluation of the page's own command line is the one that the page shows.
same_by_command() { # OPTION ...
    local command
    "$vnfault" evaluate "$run" "$@" >/dev/null && "$vnfault" report "$run" >/dev/null || return 1
    command=$(python3 -c 'import html, re, sys
print(re.search(r"vnfault (evaluate RUN.*)", html.unescape(open(sys.argv[1]).read())).group(1))' "$page")
    eval "set -- ${command//RUN/\"\$run\"}"
    "$vnfault" "$@" -o "$scratch/again.json" >/dev/null && cmp "$run/evaluation.json" "$scratch/again.json" || {
        echo "$command"
        return 1
    }
}
check "the command on the page makes its evaluation" same_by_command --folds 5 --seed 3
check "with every option" same_by_command --detector pca:variance=0.8 --split experiment --folds 4 --threshold 0.3 \
    --resample 2500ms --lags 1 --changes --target sprout --balanced
check "and by a split that is made when asked for" same_by_command --detector pca --split nominal --threshold 0.7

splits() { python3 -c 'import json, sys
print(*[split["name"] for split in json.load(open(sys.argv[1]))["targets"][0]["splits"]])' "$run/evaluation.json"; }
sqlite3 "$run/run.sqlite" "UPDATE run SET ended_ns = ended_ns + 60000000000"
check "a run that went on is evaluated anew" prints 'may have gone on since it was evaluated' "$vnfault" report "$run"
check "by the split that was asked for" equals nominal splits

importance_is_said() { # OPTION ...: what the page says that the metrics were shuffled by
    "$vnfault" evaluate "$run" "$@" >/dev/null && "$vnfault" report "$run" >/dev/null &&
        grep -oE 'Then, [a-z ]+, how much average precision' "$page"
}
check "metrics are shuffled by experiment" equals 'Then, by experiment, how much average precision' importance_is_said
check "or by the only split" equals 'Then, by repetition, how much average precision' importance_is_said --split repetition


sed -i 's/"name": "repetition"/"name": "another"/' "$run/evaluation.json"
check "an evaluation with a split of an unknown name is refused" exits_with 64 "$vnfault" report "$run"
check "by name" prints "there is no split 'another'" "$vnfault" report "$run"

finish
