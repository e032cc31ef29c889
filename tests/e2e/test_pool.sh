#!/usr/bin/env bash
# Three shards at once and a pool of two testbeds: one of them waits, one is interrupted and resumed.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

campaign=$(edited_campaign three 's|repetitions="1" order|repetitions="4" order|; s|period="1s"|period="2s"|; s|duration="14s"|duration="22s"|')
lab_up
first=$testbed
lab=other-$$ testbed=/run/vnfault/labs/other-$$/testbed.xml
lab_up
mkdir "$scratch/pool"
ln -s "$first" "$scratch/pool/b.xml"
ln -s "$testbed" "$scratch/pool/c.xml"
# Nobody has that address of sprout's.
nowhere=$(edited_testbed nowhere 's|198.18.1.12|198.18.1.99|')
cp "$nowhere" "$scratch/pool/d.xml"
# A name that the campaign doesn't know.
sed 's|"sprout"|"spruce"|' "$first" >"$scratch/pool/a.xml"

declare -A process
for number in 1 2 3; do
    "$vnfault" run "$campaign" --shard "$number/3" --pool "$scratch/pool" -o "$scratch/shard-$number" \
        >"$scratch/shard-$number.log" 2>&1 &
    process[$number]=$!
    at_exit "kill -TERM ${process[$number]} 2>/dev/null; wait ${process[$number]}"
done
waits() { grep -q '^waiting for a testbed, [23] of 4 in use' "$scratch/shard-$1.log"; }
waiting() { local number; for number in 1 2 3; do ! waits $number || echo $number; done; }
one_waits() { [ "$(waiting | wc -l)" = 1 ]; }
has_begun() { holds "$scratch/shard-$1" "SELECT count(*) > 0 FROM experiment"; }
check "one of three waits for one of two testbeds" wait_until "${process[1]}" one_waits
third=$(waiting)
read -r kept broken < <(echo 1 2 3 | tr -d "$third" | xargs)
check "the others begin" wait_until "${process[$kept]}" has_begun "$kept"
check "both" wait_until "${process[$broken]}" has_begun "$broken"
kill -TERM "${process[$broken]}"
check "one is interrupted" exits_with 143 wait "${process[$broken]}"
check "the one that waited takes its testbed" wait_until "${process[$third]}" has_begun "$third"
check "a testbed that doesn't fit is told and passed over" prints 'pool/a.xml is passed over' cat "$scratch/shard-$third.log"
check "one with a host away is in use while another has its lock" prints 'in use by vnfault run' "$vnfault" run "$campaign" --testbed "$nowhere" -o "$scratch/fourth"
check "without --most-wait one that is in use is refused at once" exits_with 4 "$vnfault" run "$campaign" --testbed "$first" -o "$scratch/fourth"
check "nothing is left of that" test ! -e "$scratch/fourth/run.sqlite"

check "another testbed is none to resume it on" exits_with 64 "$vnfault" run --resume "$scratch/shard-$broken" --pool "$scratch/pool"
resume() { "$vnfault" run --resume "$scratch/shard-$broken" --most-wait 1h >"$scratch/resumed" 2>&1; }
check "it waits for its own" resume
check "and says so" prints '^waiting for a testbed, 1 of 1 in use' cat "$scratch/resumed"
check "the others end well" wait "${process[$kept]}"
check "both" wait "${process[$third]}"

check "all are merged" "$vnfault" merge "$scratch"/shard-[123] -o "$scratch/all"
check "every experiment is valid" equals '8|8' query "$scratch/all" "SELECT count(*), sum(verdict = 'valid') FROM last_attempt"
check "on two testbeds" equals "$scratch/pool/b.xml|$scratch/pool/c.xml" query "$scratch/all" "SELECT min(testbed_path), max(testbed_path) FROM merged_run"
check "of which one had two shards" equals 2 query "$scratch/all" "SELECT count(*) FROM merged_run GROUP BY testbed_path ORDER BY 1 DESC LIMIT 1"
check "and never two experiments at a time" equals 0 query "$scratch/all" "WITH one AS
    (SELECT e.id, e.started_ns, e.ended_ns, r.testbed_path FROM experiment e JOIN shard_cell USING (cell) JOIN merged_run r USING (shard))
    SELECT count(*) FROM one a JOIN one b ON a.testbed_path = b.testbed_path AND a.id < b.id
        AND a.started_ns < b.ended_ns AND b.started_ns < a.ended_ns"
check "nothing is left on one testbed" is_clean sprout
lab=test-$$
check "nor on the other" is_clean sprout
finish
