#!/usr/bin/env bash
# Control groups of version 2, with all of their controllers, in a User-mode Linux guest: the lab's
# caps and the collector there.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/guest.sh"
guest_or_skip "version 2"
guest_boot 1024M veth,bridge,loop,sch_netem "" \
    env TMPDIR=/run VNFAULT="$vnfault" BUILD="${BUILD:-$top/build}" bash "$top/tests/guest-lab" &
guest_holder=$!
at_exit 'kill -KILL $guest_holder 2>/dev/null'
wait $guest_holder
# The guest's own results, without what its kernel says.
grep -E '^(ok|not ok|#|1\.\.) ?' "$scratch/guest.log"
if ! grep -q '^1\.\.' "$scratch/guest.log"; then
    echo "not ok - the guest ran to its end"
    sed 's/^/# /' "$scratch/guest.log"
fi
! grep -q '^not ok' "$scratch/guest.log"
