#!/usr/bin/env bash
# 500 VMs of one vCenter, at the 20 s of a real one: how many calls a reading takes, and how long.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/vcenter.sh"
count=500
make_certificates
vcenter_up -vms first -count $((count - 1)) || { echo "not ok 1 - a vCenter is there"; exit 1; }
mapfile -t here < <(source_here timeout=10min | tr ' ' '\n')
mapfile -t names < <(echo first; seq -f 'vm-%g' $((count - 1)))
opens() { probe_up "${here[@]}" -- "${names[@]}" || { cat "$scratch/said" "$scratch/probe.log"; return 1; }; }
check "$count VMs are found by name" opens
check "in one pass over the VMs" test "$(grep -c '^CreateContainerView' "$log")" = 1

: >"$log"
ask "read 600000" >"$scratch/samples"
calls() { grep -c "^$1 " "$log"; }
sources() { grep "^$1 " "$scratch/samples" | cut -d ' ' -f 2 | sort -u | wc -l; }
check "each gives a sample" test "$(sources sample)" = $count
check "none is missed" test "$(sources missed)" = 0
check "with all its values" awk '$1 == "sample" && ($5 != $6 || $5 < 130) { exit 1 }' "$scratch/samples"
# 132 series each, 20,000 values a call: 151 VMs.
check "in four calls" test "$(calls QueryPerf)" = 4
check "each VM is asked for once" test "$(awk '$1 == "QueryPerf" { n += $2 } END { print n }' "$log")" = $count
check "no VM's series are listed again" test "$(calls QueryAvailablePerfMetric)" = 0
check "the server's time is asked for once" test "$(calls CurrentTime)" = 1
awk -v count=$count '$1 == "took" { printf "# %d VMs, %d calls: %.2f s, %.3f of the period of 20 s\n", count, calls, $2 / 1000, $2 / 20000 }' \
    calls="$(wc -l <"$log")" "$scratch/samples"
probe_down
vcenter_down
finish
