#!/usr/bin/env bash
# A night on the lab whose time is up at once: the testbed is proven clean before and after.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
export VNFAULT=$vnfault
night() { "$top/packaging/nightly" "$top/tests/e2e/data/short.xml" "$testbed" "$scratch/nights" --most-time 1ms; }
proofs() { night 2>/dev/null | grep -c "^sprout  *clean$"; }

check "a night without time ends with 2" exits_with 2 night
check "sprout is proven clean twice" equals 2 proofs
cp "$testbed" "$scratch/testbed.xml"
"$vnfault" lab down --name "$lab" >/dev/null
testbed=$scratch/testbed.xml
check "a testbed that isn't there ends it with 4" exits_with 4 night

finish
