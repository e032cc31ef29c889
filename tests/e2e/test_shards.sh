#!/usr/bin/env bash
# A campaign in two shards, each on a lab of its own, at once; then merged.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

# Two labs at once are busy: a fault takes its time to come in.
campaign=$(edited_campaign shards 's|duration="14s"|duration="24s"|; s|length="6s"|length="16s"|')
lab_up
first=$testbed
lab=other-$$ testbed=/run/vnfault/labs/other-$$/testbed.xml
lab_up
run_shard() { "$vnfault" run "$campaign" --shard "$1/2" --testbed "$2" -o "$scratch/shard-$1" >"$scratch/shard-$1.log" 2>&1; }

run_shard 1 "$first" &
one=$!
check "the second shard runs" run_shard 2 "$testbed"
check "and the first beside it" wait $one
check "each has its own experiment" equals "1 of 2" eval 'echo "$(query "$scratch/shard-1" "SELECT count(*) FROM experiment") of $(query "$scratch/shard-1" "SELECT experiments FROM shard")"'
check "a shard is resumed as what it is" prints "shard-1" "$vnfault" run --resume "$scratch/shard-1"
check "as another it is refused" exits_with 64 "$vnfault" run --resume "$scratch/shard-1" --shard 2/2
check "the two are merged" "$vnfault" merge "$scratch"/shard-? -o "$scratch/all"
check "all experiments, in the order of the campaign" equals "$("$vnfault" plan "$campaign" --testbed "$first" --json | python3 -c 'import json, sys
print("\n".join(e["name"] + "|valid" for e in json.load(sys.stdin)["experiments"]))')" query "$scratch/all" "SELECT name, verdict FROM experiment ORDER BY id"
check "with every observation" equals 25 query "$scratch/all" "SELECT min(n) FROM (SELECT count(*) AS n FROM observation_label GROUP BY experiment_id, target_id)"
check "of which testbed each is" equals "$first
$testbed" query "$scratch/all" "SELECT testbed_path FROM merged_run ORDER BY shard"
check "and with its labels" equals "memory|own
packet-loss|own" query "$scratch/all" "SELECT DISTINCT label, scope FROM observation_label
    WHERE target = 'sprout' AND label IN ('memory', 'packet-loss') ORDER BY label"
check "nothing is left on one testbed" is_clean sprout
lab=test-$$
check "nor on the other" is_clean sprout
finish
