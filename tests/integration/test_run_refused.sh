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

# Killed while it still looks for a testbed, which a run is bound to from its database on.
mkdir "$scratch/silent"
sed -E "s|port=\"1\"|port=\"$((20000 + $$ % 10000))\"|" "$scratch/testbed.xml" >"$scratch/silent/testbed.xml"
python3 -c 'import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
open(sys.argv[2], "w").close()
connection = listener.accept()
open(sys.argv[3], "w").close()
time.sleep(2**31)' $((20000 + $$ % 10000)) "$scratch/listens" "$scratch/asked" &
listener=$!
at_exit "kill $listener 2>/dev/null"
wait_until $listener test -e "$scratch/listens"
"$vnfault" run "$top/campaigns/quickstart.xml" --pool "$scratch/silent" -o "$scratch/killed" 2>/dev/null &
wait_until $! test -e "$scratch/asked"
check "there is no database before the testbed is taken" test ! -e "$scratch/killed/run.sqlite"
{ kill -KILL $! && wait $!; } 2>/dev/null
check "so who is killed before can be started by the same command" exits_with 4 \
    "$vnfault" run "$top/campaigns/quickstart.xml" --testbed "$scratch/testbed.xml" -o "$scratch/killed"
touch "$scratch/killed/run.sqlite"
check "a folder that holds a run is refused before a testbed is looked for" exits_with 64 \
    "$vnfault" run "$top/campaigns/quickstart.xml" --testbed "$scratch/testbed.xml" -o "$scratch/killed"

# Which testbed of a pool.
mkdir "$scratch/pool"
run_in_pool() { "$vnfault" run "$top/campaigns/quickstart.xml" --pool "$scratch/pool" -o "$scratch/run" "$@"; }
check "a pool without a testbed is refused" exits_with 64 run_in_pool
cp "$scratch/testbed.xml" "$scratch/pool/one.xml"
sed 's|name="sprout"|name="spruce"|' "$scratch/testbed.xml" >"$scratch/pool/two.xml"
check "so is one with none that can be reached" exits_with 4 run_in_pool
check "which says why of each" equals 2 eval 'run_in_pool 2>&1 | grep -c "is passed over"'
check "and what it comes to" prints "no testbed of $scratch/pool can be used" run_in_pool
rm "$scratch/pool/one.xml"
check "one with no file that fits is refused as a bad file" exits_with 64 run_in_pool
check "with what is wrong in it" prints 'known: .*spruce' run_in_pool
check "a testbed and a pool are refused" exits_with 64 run_in_pool --testbed "$scratch/testbed.xml"
check "what is no time to wait is refused" exits_with 64 run_in_pool --most-wait 0s

finish
