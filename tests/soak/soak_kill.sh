#!/usr/bin/env bash
# Kills whatever an injection hangs on at random instants, and writes what was left into a folder:
# points.csv, runs.csv if there are any, table.md, and problems.log if there were any. False if anything was
# left. TAKER takes the points: injections.sh or guest_injections.sh.
# usage: tests/soak/soak_kill.sh TAKER FOLDER POINTS RUNS SEED WORKERS
set -u
soak=$(dirname "$(readlink -f "$0")")
taker=$1 folder=$2 points=$3 runs=$4 seed=$5 workers=$6
mkdir -p "$folder"
parts=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$parts"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for ((worker = 0; worker < workers; worker++)); do
    unshare --mount --propagation private "$soak/$taker" "$seed" $worker $((points - 1)) "$workers" \
        >"$parts/points.$worker" 2>"$parts/problems.$worker" &
done
: >"$parts/runs"
[ "$runs" = 0 ] || "$soak/runs.sh" "$seed" "$runs" >"$parts/runs" 2>"$parts/problems.runs" &

while [ -n "$(jobs -rp)" ]; do
    sleep 1
    [ ! -t 1 ] || printf '\r%d of %d points, %d of %d runs' "$(cat "$parts"/points.* | wc -l)" "$points" "$(wc -l <"$parts/runs")" "$runs"
done
[ ! -t 1 ] || echo

sort -n "$parts"/points.* >"$folder/points.csv"
[ "$runs" = 0 ] || sort -n "$parts/runs" >"$folder/runs.csv"
# The shell tells of each process that was killed, as it was to be.
cat "$parts"/problems.* | grep -E '^(point |[<>] |at the end|the runner|vnfault:|left on|the last run)' >"$folder/problems.log"
[ -s "$folder/problems.log" ] || rm "$folder/problems.log"
"$soak/table.sh" "$folder/points.csv" "$parts/runs" >"$folder/table.md" || result=1
cat "$folder/table.md"
[ "$(wc -l <"$folder/points.csv")" = "$points" ] && [ "$(wc -l <"$parts/runs")" = "$runs" ] || { echo "not all points were taken: see $folder" >&2; result=1; }
exit "${result:-0}"
