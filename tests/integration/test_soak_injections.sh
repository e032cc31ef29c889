#!/usr/bin/env bash
# A few kill points of the soak (`make soak-kill`): each fault type once, whatever it hangs on killed at an
# instant by chance from a fixed seed; nothing may be left.
. "$(dirname "$0")/../lib.sh"
if [ "$(id -u)" != 0 ]; then
    skip "kill points" "needs root for namespaces"
    finish
fi
workers=3 points=21
for ((worker = 0; worker < workers; worker++)); do
    SOAK_PATIENCE=yes unshare --mount --propagation private "$top/tests/soak/injections.sh" 11 $worker $((points - 1)) $workers \
        >"$scratch/points.$worker" 2>"$scratch/problems.$worker" &
done
wait
sort -n "$scratch"/points.* >"$scratch/points.csv"
: >"$scratch/runs.csv"
told() { "$@" || { cat "$scratch/points.csv" "$scratch"/problems.*; return 1; }; }
while IFS=, read -r point fault victim after delay hit status gone left differences foreign; do
    check "$fault, $victim killed $delay ms after $after ($hit): nothing is left" told test "$left/$differences/$foreign" = 0/0/0
done <"$scratch/points.csv"
check "all were taken" told equals $points grep -c . "$scratch/points.csv"
check "at most of them there was something to be killed" told test "$(grep -c ',hit,' "$scratch/points.csv")" -ge $((points * 2 / 3))
check "the table says so" prints '\| all \| 21 \| [0-9]+ \| 0 \| 0 \| 0 \|' "$top/tests/soak/table.sh" "$scratch/points.csv" "$scratch/runs.csv"
check "with a fault left it says that, and is false" eval 'sed -i "1s/,0,0,0\$/,2,0,0/" "$scratch/points.csv" &&
    ! "$top/tests/soak/table.sh" "$scratch/points.csv" "$scratch/runs.csv" >"$scratch/table" && grep -q "all | 21 | .* | 1 | 0 | 0 |" "$scratch/table"'
finish
