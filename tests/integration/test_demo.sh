#!/usr/bin/env bash
# What the demo does with a run that is not valid or was broken off: it takes its lab down, and tells how to go on.
. "$(dirname "$0")/../lib.sh"

# A stand-in for vnfault: notes what it is asked, makes the run's database and ends as it is told.
mkdir "$scratch/lab"
cp "$top/lab/demo" "$scratch/lab"
cat >"$scratch/vnfault" <<'END'
#!/bin/sh
echo "$*" >>asked
[ "$1" != run ] || { mkdir first; touch first/run.sqlite; exit "$(cat made)"; }
END
chmod +x "$scratch/vnfault"
demo() { # STATUS of its run
    rm -rf "$scratch/asked" "$scratch/first"
    echo "$1" >"$scratch/made"
    "$scratch/lab/demo" first
}
asked() { cut -d ' ' -f 1,2 "$scratch/asked"; }
tells() { prints "^    ./vnfault $1\$" demo "$2"; } # COMMAND STATUS

check "a valid run ends it with 0" exits_with 0 demo 0
check "the lab goes up, and down at its end" equals "lab check
lab up
plan campaigns/quickstart.xml
run campaigns/quickstart.xml
evaluate first
report first
lab down" asked
check "and nothing is left to go on with" exits_with 1 grep -q 'go on' <(demo 0)
check "an invalid experiment is its exit status" exits_with 2 demo 2
check "the others are evaluated all the same" prints '^report first' asked
check "how to try it again begins with the lab" tells "lab up --name demo" 2
check "goes on with the run" tells "run --resume first --repeat-invalid" 2
check "and ends with the lab" tells "lab down --name demo" 2
check "a run that does not keep its service level is done" exits_with 1 grep -q 'go on' <(demo 1)
check "a run that was interrupted is told how to go on" tells "run --resume first" 130
check "and is not evaluated" exits_with 1 grep -q evaluate "$scratch/asked"
check "its status is the demo's" exits_with 130 demo 130
check "the lab is down then, too" prints '^lab down' asked
check "make demo says that it builds, which takes a while" prints '^echo "building' make -n -C "$top" demo
finish
