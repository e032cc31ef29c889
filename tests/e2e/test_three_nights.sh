#!/usr/bin/env bash
# Three nights on the lab, the third with a slower homestead: its gate fails, by name, and no other does.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
export VNFAULT=$vnfault
gates=$top/tests/e2e/data/nights-gates.xml

# Ends as the night does; the run is then $scratch/NAME. An experiment that a busy machine has made invalid is repeated.
night() { # NAME
    local status=0
    "$top/packaging/nightly" "$top/tests/e2e/data/nights.xml" "$testbed" "$scratch/$1-runs" || status=$?
    mv "$scratch/$1-runs/"* "$scratch/$1"
    repeat_invalid "$scratch/$1" "$status"
}
compare() { "$vnfault" compare "$scratch/$1" "$scratch/$2" --gates "$gates" "${@:3}"; }
outcomes() { # BASE NEW: of each gate, in the order of its file
    compare "$@" --json 2>/dev/null | python3 -c 'import json, sys
for gate in json.load(sys.stdin)["gates"]:
    print(gate["figure"], gate["outcome"])'
}
changes() { compare "$@" --json 2>/dev/null | python3 -c 'import json, sys; print(json.load(sys.stdin)["changes"])'; }

# The build of homestead that the testbed gets for its third night takes 100 ms longer for each of the two
# answers that a call waits for.
deploy_slower_homestead() {
    cp -r "$top/lab/configuration" "$scratch/lab/" &&
        sed -i 's/^route\[ANSWER\] {$/&\n    usleep("100000");/' "$scratch/lab/configuration/homestead.cfg" &&
        grep -q usleep "$scratch/lab/configuration/homestead.cfg" &&
        "$vnfault" lab down --name "$lab" && VNFAULT_DATA=$scratch "$vnfault" lab up --name "$lab"
}

lab_up
mkdir "$scratch/lab"
check "the first night" night first
check "the second night" night second
check "a slower homestead is deployed" deploy_slower_homestead
check "the third night is valid in itself" night third

check "the second night passes every gate" exits_with 0 compare first second
check "all of them were judged" equals "failed-calls passed
response-time passed
availability passed" outcomes first second
check "the third fails" exits_with 1 compare second third
check "by its response time alone" equals "failed-calls passed
response-time regression
availability passed" outcomes second third
check "which is named, with where and how far" prints \
    '^REGRESSION, line [0-9]+: response-time of memory high on sprout rose from [0-9.]+ ms to [23][0-9.]+ ms' compare second third
check "nothing that the runs record has told of it" equals "[]" changes second third
check "the other way round it passes" exits_with 0 compare third second
finish
