# For the tests of calibrate on a lab: sets $campaign and the command `calibrate`. Source it after lib.sh; it brings the lab up.
export VNFAULT_DATA=$top

lab_up
# Nothing is rebooted between steps: the narrow cable stays, and time is saved.
campaign=$(edited_campaign base 's/reset method="reboot"/reset method="none"/; s/maximum-failures="20%"/maximum-failures="10%"/')
calibrate=("$vnfault" calibrate "$campaign" --testbed "$testbed" --calls 100 --length 10 --precision 100%)
figures() { # NAME PYTHON-CONDITION: of the JSON lines, as lists `steps` and `found`
    python3 - "$scratch/$1.json" "$2" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
steps = [line for line in lines if line["event"] == "step"]
found = [line for line in lines if line["event"] == "found"]
sys.exit(not eval(sys.argv[2]))
END
}
include() { # NAME LOAD FAULTS: a campaign with these in place of its load, unless that is empty, and faults
    sed -E "${2:+/<load/,/<\/load>/c $2}" "$campaign" | sed -E "/<faults>/,/<\/faults>/c $3" |
        sed -E 's|<campaign |&xmlns:xi="http://www.w3.org/2001/XInclude" |' >"$scratch/$1.xml"
    "$vnfault" check "$scratch/$1.xml" --testbed "$testbed"
}
