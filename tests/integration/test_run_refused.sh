#!/usr/bin/env bash
# A run that fails before its first experiment: nothing is left that stands in the way of the next.
. "$(dirname "$0")/../lib.sh"
export VNFAULT_DATA=$top

ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
: >"$scratch/known_hosts"
# Nobody listens there.
sed -E "s|/run/vnfault/labs/lab/|$scratch/|g; s|address=\"[^\"]*\"|address=\"127.0.0.1\"|
    s|network-namespace=\"vnfault-lab-control\"|port=\"1\"|" "$top/campaigns/testbeds/lab.xml" >"$scratch/testbed.xml"
run_nowhere() { "$vnfault" run "$top/campaigns/quickstart.xml" --testbed "$scratch/testbed.xml" -o "$scratch/run"; }

check "a testbed that can't be reached is refused" exits_with 4 run_nowhere
check "it is not counted what nobody began" test -z "$(run_nowhere 2>/dev/null)"
check "no database is left" test ! -e "$scratch/run/run.sqlite"
check "so the same command is refused for the same reason" exits_with 4 run_nowhere

finish
