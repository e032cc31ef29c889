#!/usr/bin/env bash
# vnfault check and plan, as a user and a program see them. Nothing is connected to.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
data=tests/unit/data/campaigns

check 'a good campaign is ok' prints '^campaigns/quickstart.xml: ok: campaign quickstart, 6 experiments' \
    "$vnfault" check campaigns/quickstart.xml
check 'a good campaign exits with 0' exits_with 0 "$vnfault" check campaigns/quickstart.xml
check "the first paper's campaign fits a testbed like the paper's" prints ': ok: campaign sauvanaud-2016, 30 experiments' \
    "$vnfault" check --testbed campaigns/testbeds/clearwater-vsphere.xml campaigns/sauvanaud-2016.xml
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

# --- several errors at once: all are told, each with its file and line, in their order ---
mkdir -p "$scratch/wrong/testbeds"
cat >"$scratch/wrong/campaign.xml" <<END
<campaign name="wrong" xmlns="urn:vnfault:campaign:1">
  <testbed file="testbeds/testbed.xml"/>
  <load driver="sipp" scenario="$top/sipp-scenarios/register-call" caller="load" callee="lode"
        service="198.18.0.11:5060" domain="ims.test" transport="udp" rate="40calls/s" subscribers="400subscribers"/>
  <monitoring period="1"/>
  <timeline warm-up="2s" duration="60s" cool-down="1s">
    <injection start="20s" length="6m"/>
  </timeline>
  <matrix repetitions="1" order="listed">
    <targets>
      <target name="sprut"/>
    </targets>
    <faults>
      <fault type="memry"><intensity name="high" value="90%"/></fault>
      <fault type="cpu"><intensity name="high" value="190%"/></fault>
    </faults>
  </matrix>
  <reset method="rebot"/>
</campaign>
END
cat >"$scratch/wrong/testbeds/testbed.xml" <<'END'
<testbed xmlns="urn:vnfault:testbed:1" name="wrong">
  <ssh user="root" key="key" known-hosts="known_hosts" port="99999"/>
  <target name="sprout" role="S-CSCF" address="198.18.0.12">
    <source collector="cgrup" cgroup="vnfault/lab/sprout"/>
  </target>
  <target name="sprout" role="HSS" address="198.18.0.13">
    <source collector="libvirt" domian="homestead"/>
  </target>
  <load-host name="load"/>
</testbed>
END
# The lines that begin with a file's name, without what is said there; the program's own last line is left out.
places() { (cd "$scratch/wrong" && "$vnfault" check "$@" 2>&1) | sed -nE 's|^([a-z/-]+\.xml:[0-9]+: [a-z-]+): .*|\1|p'; }
testbed_places='testbeds/testbed.xml:2: ssh
testbeds/testbed.xml:4: source
testbeds/testbed.xml:6: target
testbeds/testbed.xml:7: source
testbeds/testbed.xml:9: load-host'
check 'all errors of a testbed file are told' equals "$testbed_places" places testbeds/testbed.xml
check 'all of a campaign file and of its testbed file' equals "campaign.xml:5: monitoring
campaign.xml:7: injection
campaign.xml:14: fault
campaign.xml:15: intensity
campaign.xml:18: reset
$testbed_places" places campaign.xml
check 'with their number' prints '^vnfault: campaign.xml: 10 errors$' env -C "$scratch/wrong" "$vnfault" check campaign.xml
check 'once its testbed is sound, what of the campaign does not go with it, too' equals 'campaign.xml:3: load
campaign.xml:5: monitoring
campaign.xml:7: injection
campaign.xml:11: target
campaign.xml:14: fault
campaign.xml:15: intensity
campaign.xml:18: reset' places campaign.xml --testbed "$top/campaigns/testbeds/lab.xml"
check 'run tells the same, and begins nothing' equals '10 64' eval '(cd "$scratch/wrong" && "$vnfault" run campaign.xml -o run 2>../said
    status=$?; echo "$(grep -cE "^(campaign|testbeds/testbed).xml:[0-9]+: " ../said) $status"; [ ! -e run ] || echo "a run")'

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
