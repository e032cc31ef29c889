#!/usr/bin/env bash
# What `vnfault calibrate` refuses before it touches a testbed, and what is left when none answers.
. "$(dirname "$0")/../lib.sh"
export VNFAULT_DATA=$top

campaign=$top/campaigns/quickstart.xml
calibrate() { "$vnfault" calibrate "$@" --run "$scratch/run"; }

refused() { # PATTERN ARGUMENT ...: with 64, for that reason, and no run is left
    local pattern=$1 status=0
    shift
    calibrate "$@" >"$scratch/said" 2>&1 || status=$?
    cat "$scratch/said"
    [ "$status" = 64 ] || { echo "exit status $status"; return 1; }
    grep -qE -- "$pattern" "$scratch/said" || { echo "no match of '$pattern'"; return 1; }
    [ ! -e "$scratch/run/run.sqlite" ]
}

check "neither load nor faults" refused 'load or --fault is needed' "$campaign"
check "load and faults at once" refused "don't go together" "$campaign" --load --fault cpu
check "targets without a fault" refused 'target goes with --fault' "$campaign" --load --target sprout
check "a share of saturation without the load" refused 'goes with --load' "$campaign" --fault cpu --share-of-saturation 80%
check "a share without its unit" refused 'share-of-saturation.*0\.8' "$campaign" --load --share-of-saturation 0.8
check "a share of nothing" refused 'more than 0%' "$campaign" --load --share-of-saturation 0%
check "a share over all" refused '120%' "$campaign" --load --share-of-saturation 120%
check "an unknown fault type" refused 'did you mean "latency"' "$campaign" --fault latenzy
check "no fault type at all" refused 'names no fault type' "$campaign" --fault ,
check "no target at all" refused 'no targets, and none is given' "$campaign" --fault cpu --target ''
check "an unknown target" refused 'did you mean "sprout"' "$campaign" --fault cpu --target sprut
check "a load host as target" refused 'unknown target "load"' "$campaign" --fault cpu --target load
check "a fault in the load" refused 'fault in the load' "$campaign" --fault overload
check "a fault of one intensity" refused 'one intensity only, 100%' "$campaign" --fault partition
check "a fault type twice" refused 'cpu is there twice' "$campaign" --fault cpu,cpu
check "too few calls to tell" refused 'calls takes a whole number' "$campaign" --load --calls 5
check "a testbed file" refused 'give a campaign file' "$top/campaigns/testbeds/lab.xml" --load
check "a file that is not there" refused 'nowhere.xml' "$scratch/nowhere.xml" --load
check "a fragment that can't be written" refused "can't write $scratch/no/x.xml" "$campaign" --load -o "$scratch/no/x.xml"
sed 's/caller="load"/caller="laod"/' "$campaign" >"$scratch/hosts.xml"
sed -i "s|=\"testbeds/|=\"$top/campaigns/testbeds/|; s|\.\./sipp-scenarios|$top/sipp-scenarios|" "$scratch/hosts.xml"
check "a load host that is not there" refused 'did you mean "load"' "$scratch/hosts.xml" --load

# A load that follows a profile: of rates there is none to be found.
followed() { # FIRST-LINE VALUE ATTRIBUTES: a campaign of the quick start whose load does
    printf '%s\n00:00,%s\n12:00,%s\n' "$1" "$2" "$2" >"$scratch/profile.csv"
    sed -E "s|rate=\"160calls/s\"|$3|; s|<nominal maximum|<profile file=\"profile.csv\"/>\n&|; s|=\"testbeds/|=\"$top/campaigns/testbeds/|
        s|\.\./sipp-scenarios|$top/sipp-scenarios|" "$campaign" >"$scratch/profile.xml"
}
followed time,rate 12calls/s ''
check "a profile of rates" refused "profile.csv is one of rates, which leave none to be found" "$scratch/profile.xml" --load
check "its way out" prints "give it a column 'share'" cat "$scratch/said"

# Nobody listens there.
ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
: >"$scratch/known_hosts"
sed -E "s|/run/vnfault/labs/lab/|$scratch/|g; s|address=\"[^\"]*\"|address=\"127.0.0.1\"|
    s|network-namespace=\"vnfault-lab-control\"|port=\"1\"|" "$top/campaigns/testbeds/lab.xml" >"$scratch/testbed.xml"
check "a testbed that can't be reached" exits_with 4 \
    calibrate "$campaign" --testbed "$scratch/testbed.xml" --load -o "$scratch/load.xml"
check "leaves no database" test ! -e "$scratch/run/run.sqlite"
check "and no fragment" test ! -e "$scratch/load.xml"

finish
