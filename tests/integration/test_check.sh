#!/usr/bin/env bash
# vnfault check and plan, as a user and a program see them. Nothing is connected to.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
data=tests/unit/data/campaigns

check 'a good campaign is ok' prints '^campaigns/quickstart.xml: ok: campaign quickstart, 6 experiments' \
    "$vnfault" check campaigns/quickstart.xml
check 'a good campaign exits with 0' exits_with 0 "$vnfault" check campaigns/quickstart.xml
check 'a good testbed is ok' prints '^campaigns/testbeds/lab.xml: ok: testbed lab, 3 targets, 1 load host$' \
    "$vnfault" check campaigns/testbeds/lab.xml
check 'a bad campaign exits with 64' exits_with 64 "$vnfault" check $data/units.xml
check 'a finding has file, line and element' prints "^$data/units.xml:7: monitoring: \"15\" has no unit\$" \
    "$vnfault" check $data/units.xml
check 'a hint follows it' prints '^ +a duration is written like 15s; units: ms, s, min, h$' \
    "$vnfault" check $data/units.xml
check 'a bad testbed exits with 64' exits_with 64 "$vnfault" check $data/testbed_errors.xml
check 'a missing file exits with 64' exits_with 64 "$vnfault" check "$scratch/nowhere.xml"
check 'a missing file is named' prints "$scratch/nowhere.xml: No such file" \
    "$vnfault" check "$scratch/nowhere.xml"
check 'without a line, as it has none' prints "^$scratch/nowhere.xml: can't open" "$vnfault" check "$scratch/nowhere.xml"
check 'a fault type that is not there may be one of their own' prints '\$VNFAULT_INJECTORS' "$vnfault" check $data/faults.xml
check 'another testbed is taken' prints "^$data/testbed_errors.xml:10: source: unknown collector" \
    "$vnfault" check --testbed $data/testbed_errors.xml campaigns/quickstart.xml
check 'no operand exits with 64' exits_with 64 "$vnfault" check

json() { # STATUS PYTHON_CONDITION COMMAND ...: exit status and the parsed output `o`
    local expected=$1 condition=$2 status=0
    shift 2
    "$@" >"$scratch/json" 2>"$scratch/errors" || status=$?
    [ "$status" = "$expected" ] || { echo "exit status $status"; return 1; }
    python3 -c "import json,sys; o = json.load(open(sys.argv[1])); sys.exit(not ($condition))" "$scratch/json"
}
check 'findings as JSON' json 64 \
    'not o["ok"] and len(o["findings"]) == 12 and o["findings"][4]["line"] == 7 and o["findings"][4]["element"] == "monitoring"' \
    "$vnfault" check --json $data/units.xml
check 'a good campaign as JSON' json 0 'o["ok"] and o["findings"] == [] and o["experiments"] == 30' \
    "$vnfault" check --json campaigns/sauvanaud-2016.xml

printf '<campaign name="\xff" \x1b/>\n' >"$scratch/bytes.xml"
check 'bytes that are no text are reported as JSON' json 64 'len(o["findings"]) == 1' \
    "$vnfault" check --json "$scratch/bytes.xml"

check 'the plan lists each experiment' prints '^ *6  latency-high-sprout-1 +sprout +latency +high +100ms +1  at 25s for 15s$' \
    "$vnfault" plan campaigns/quickstart.xml
check 'the plan ends with the total' prints '^30 experiments of 1h 20min after 1min 00s warm-up, an observation every 15s: 40h 30min, a run takes about 40h 34min without resets$' \
    "$vnfault" plan campaigns/sauvanaud-2016.xml
check 'a scale divides times, not values' prints '^ *3  cpu-medium-homestead-1 +homestead +cpu +medium +70% +1  at 2min 40s for 12s$' \
    "$vnfault" plan --time-scale 1/15 campaigns/sauvanaud-2016.xml
check 'a plan by a load profile says where in it each experiment begins' prints '^ *16  overload-1 +load +overload .*, 7 steps, load from Mon 00:00$' \
    "$vnfault" plan campaigns/syrroca-2021/campaign.xml
check 'nominal ones go on in it' prints '^ *7  nominal-7  load from Sun 00:00$' "$vnfault" plan campaigns/syrroca-2021/campaign.xml
check 'and what the load is' prints 'mobile-week.csv: 2.4 to 60 calls/s, 20 on average, again after 168h 00min$' "$vnfault" plan campaigns/syrroca-2021/campaign.xml
check 'a profile in the plan as JSON' json 0 \
    'o["load"]["rate"] == 60 and o["load"]["profile_period_ns"] == 7 * 86400 * 10**9 and o["experiments"][1]["profile_start_ns"] == 86400 * 10**9' \
    "$vnfault" plan --json campaigns/syrroca-2021/nominal.xml
check 'a scale that is none exits with 64' exits_with 64 "$vnfault" plan --time-scale 15x campaigns/quickstart.xml
check 'a scale that is too small exits with 64' exits_with 64 "$vnfault" plan --time-scale 1/100 campaigns/quickstart.xml
check 'a plan of a bad campaign exits with 64' exits_with 64 "$vnfault" plan $data/faults.xml
check 'the plan as JSON' json 0 \
    'len(o["experiments"]) == 6 and o["experiments"][0]["injections"] == [] and o["experiments"][5]["injections"][0]["unit"] == "ms" and o["length_ns"] == 390 * 10**9' \
    "$vnfault" plan --json campaigns/quickstart.xml

# A reader that has seen enough, as head does, and is gone before anything is written.
gone() {
    local status
    exec 3> >(:)
    wait $!
    "$vnfault" plan campaigns/quickstart.xml >&3 2>"$scratch/gone"
    status=$?
    exec 3>&-
    [ "$(cat "$scratch/gone")" = "" ] || { cat "$scratch/gone"; return 1; }
    [ $status = 141 ] || { echo "exit status $status"; return 1; }
}
check 'a reader that is gone ends it quietly, by SIGPIPE' gone
check 'other output that fails is told' prints "can't write to standard output" eval '"$vnfault" plan campaigns/quickstart.xml >/dev/full'
finish
