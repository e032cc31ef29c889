#!/usr/bin/env bash
# A few kill points of the guest's soak (`make soak-kill-guest`): each fault once, whatever it hangs on killed
# at an instant by chance from a fixed seed; nothing may be left.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/guest.sh"
guest_or_skip "kill points in a guest"
if ! command -v dmsetup >/dev/null || ! command -v mkfs.ext4 >/dev/null; then
    skip "kill points in a guest" "needs dmsetup and mkfs.ext4"
    finish
fi
workers=3 points=9
for ((worker = 0; worker < workers; worker++)); do
    SOAK_PATIENCE=yes "$top/tests/soak/guest_injections.sh" 11 $worker $((points - 1)) $workers \
        >"$scratch/points.$worker" 2>"$scratch/problems.$worker" &
done
wait
sort -n "$scratch"/points.* >"$scratch/points.csv"
told() { "$@" || { cat "$scratch/points.csv" "$scratch"/problems.*; return 1; }; }
while IFS=, read -r point fault victim after delay hit status gone left differences foreign; do
    check "$fault, $victim killed $delay ms after $after ($hit): nothing is left" told test "$left/$differences/$foreign" = 0/0/0
done <"$scratch/points.csv"
check "all were taken" told equals $points grep -c . "$scratch/points.csv"
check "at most of them there was something to be killed" told test "$(grep -c ',hit,' "$scratch/points.csv")" -ge $((points * 2 / 3))
finish
