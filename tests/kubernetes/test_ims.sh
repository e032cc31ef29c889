#!/usr/bin/env bash
# The second paper's three scenarios, shortened, on an IMS of pods: the lab's functions by the testbed file that
# comes for them, seen by cAdvisor (virtual layer) and node_exporter (physical layer).
. "$(dirname "$0")/../lib.sh"
. "$top/tests/kubernetes/node.sh"
node_or_skip "an IMS of pods"

# --- the IMS, each function once it is known where the next one is -----------------------------------------
subscribers() {
    local number
    {
        echo 'CREATE TABLE subscriber (impi TEXT PRIMARY KEY, impu TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
            profile TEXT NOT NULL, sequence INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID; BEGIN;'
        for number in $(seq 2010000000 2010000199); do
            echo "INSERT INTO subscriber (impi, impu, password, profile)
                VALUES ('$number', 'sip:$number@ims.test', 'secret$number', 'default');"
        done
        echo 'COMMIT;'
    } | sqlite3 "$node_folder/srv/hss.db"
    for number in $(seq 2010000000 2010000199); do
        echo "$number;[authentication username=$number password=secret$number]"
    done | sed '1i SEQUENTIAL' >"$node_folder/srv/subscribers.csv"
}
function_up() { # NAME NAME-IN-THE-LAB SED-COMMAND
    sed -E "s/^(listen=[a-z]+):[0-9.]+/\1:ADDRESS/; $3" "$top/lab/configuration/$2.cfg" >"$scratch/$1.cfg" &&
        kubectl create configmap -n ims "$1" --from-file="kamailio.cfg=$scratch/$1.cfg" &&
        sed "s/NAME/$1/g" "$top/tests/kubernetes/pods/function.yaml" | kubectl apply -f - &&
        kubectl wait -n ims --for=condition=Ready "pod/$1-0" --timeout=60s
}
ims_up() {
    subscribers && function_up hss homestead '' &&
        function_up scscf sprout "s/198\.18\.0\.13/$(pod_address hss-0)/" &&
        function_up pcscf bono "s/198\.18\.0\.12/$(pod_address scscf-0)/"
}
ims_up >"$scratch/pods.log" 2>&1 && access_up >>"$scratch/pods.log" 2>&1 || { cat "$scratch/pods.log"; exit 1; }

# --- campaign and testbed: the I-CSCF is part of the lab's S-CSCF ---------------------------------------------
sed "/<target name=\"icscf\"/,/<\/target>/d; s|192\.0\.2\.3[01]|$node_address|; s|/etc/vnfault/cluster-ca.pem|$node_folder/ca.crt|
    s|/etc/vnfault/kubelet-token|$scratch/token|
    s|<ssh .*|<ssh key=\"$scratch/key\" known-hosts=\"$scratch/known_hosts\" timeout=\"30s\"/>|" \
    "$top/campaigns/testbeds/syrroca-kubernetes.xml" >"$scratch/testbed.xml"
cat >"$scratch/campaign.xml" <<END
<campaign name="pods" xmlns="urn:vnfault:campaign:1">
  <testbed file="testbed.xml"/>
  <load driver="sipp" scenario="$top/sipp-scenarios/voice-call" caller="load" callee="load" service="$(pod_address pcscf-0):5060"
        domain="ims.test" transport="udp" rate="20calls/s" call-duration="3min" subscribers="200subscribers">
    <profile file="$top/campaigns/profiles/mobile-week.csv" start="Mon 10:00"/>
    <nominal maximum-failures="10%" minimum-rate="80%"/>
  </load>
  <monitoring period="2min"/>
  <timeline warm-up="10min" duration="88min" cool-down="10min"><injection start="20min" length="50min"/></timeline>
  <matrix repetitions="0" order="listed">
    <nominal repetitions="2"/>
    <faults>
      <fault type="message-drop"><intensity name="half" value="50%"/>
        <parameter name="messages" value="ACK"/><parameter name="direction" value="out"/><parameter name="side" value="caller"/></fault>
      <fault type="overload"><profile name="more-users" from="200%" to="500%" step="100%" hold="12min"/></fault>
      <fault type="cpu"><profile name="staircase" from="10%" to="80%" step="10%" hold="450s"/></fault>
    </faults>
    <experiments>
      <experiment name="failed-calls"><injection fault="message-drop" intensity="half" start="20min" length="50min"/></experiment>
      <experiment name="overload"><injection fault="overload" intensity="more-users" start="20min"/></experiment>
      <experiment name="cpu-stress"><injection fault="cpu" intensity="staircase" targets="bono" start="15min"/></experiment>
    </experiments>
  </matrix>
  <reset method="none"/>
</campaign>
END
run=$scratch/run
ask() { sqlite3 -readonly "$run/run.sqlite" "$1"; }
vnfault() { VNFAULT_DATA=$top VNFAULT_HELPERS=$build/helpers HOME=$scratch on_runner "$vnfault" "$@"; }
within() { awk -v least="$1" -v x="$2" -v most="$3" 'BEGIN { print x; exit !(x != "" && x + 0 >= least && x + 0 <= most) }'; }

check "check --targets finds all ready" exits_with 0 vnfault check --targets "$scratch/campaign.xml"
vnfault run "$scratch/campaign.xml" --time-scale 1/120 -o "$run" >"$scratch/run.log" 2>&1
status=$?
check "the run ends with 0" test $status = 0
[ $status = 0 ] || sed 's/^/# /' "$scratch/run.log"
check "all experiments are valid" equals "" ask "SELECT name || ': ' || reason FROM experiment WHERE verdict <> 'valid'"
check "there are five" equals 5 ask "SELECT count(*) FROM experiment"
check "each fault is proven gone" equals "3|3" ask "SELECT count(*), sum(state = 'proven') FROM injection"

# --- what the paper sees in each ------------------------------------------------------------------------------
inside="FROM service_sample AS s JOIN injection_edges AS i USING (experiment_id) WHERE i.fault_type"
check "scenario 1: half of the calls fail" within 0.3 "$(ask "SELECT 1.0 * sum(calls_failed) / sum(calls_created) $inside = 'message-drop'
    AND s.window_start_ns > verified_ns + 4e9 AND s.time_ns < end_commanded_ns")" 0.7
check "scenario 2: the last level is five times the load" within 4 "$(ask "SELECT max(s.calls_created * 1e9 / (s.time_ns - s.window_start_ns)) /
    (SELECT avg(s.calls_created * 1e9 / (s.time_ns - s.window_start_ns)) $inside = 'overload' AND s.time_ns < start_commanded_ns)
    $inside = 'overload' AND s.window_start_ns > verified_ns AND s.time_ns < end_commanded_ns")" 8
# The means of a counter's rate before the fault and in its last levels, and of the CPU of each level, as cAdvisor's
# instants have them, which are a second or two apart.
cat >"$scratch/rates.py" <<'END'
import sqlite3, sys
database, target, experiment, metric = sys.argv[1:5]
database = sqlite3.connect("file:%s?mode=ro" % database, uri=True)
rows = database.execute("SELECT time_ns, sum(value) FROM observation_value WHERE target = ? AND experiment LIKE ? AND metric LIKE ? "
                        "AND value IS NOT NULL GROUP BY time_ns ORDER BY time_ns", (target, experiment, metric)).fetchall()
def at(time):
    for (start, first), (end, last) in zip(rows, rows[1:]):
        if start <= time <= end:
            return first + (last - first) * (time - start) / (end - start)
    sys.exit("nothing known at %d, of %d samples" % (time, len(rows)))
def rate(start, end):
    return (at(end) - at(start)) * 1e9 / (end - start)
begin, end = database.execute("SELECT start_commanded_ns, end_commanded_ns FROM injection_edges WHERE experiment LIKE ?", (experiment,)).fetchone()
if sys.argv[5] == "before-and-last":
    print("%.2f" % (rate(begin + (end - begin) // 2, end) / rate(begin - 5 * 10**9, begin)))
else:
    levels = database.execute("SELECT l.requested, l.applied_ns, coalesce(lead(l.commanded_ns) OVER (ORDER BY l.position), ?) "
        "FROM injection_level AS l JOIN injection_edges AS i USING (injection_id) WHERE i.experiment LIKE ? ORDER BY l.position", (end, experiment)).fetchall()
    rates = [rate(start, end) for _, start, end in levels]
    print("%d levels:" % len(levels), *("%.3f" % one for one in rates), file=sys.stderr)
    order = sorted(range(len(rates)), key=rates.__getitem__)
    squares = sum((place - order.index(place)) ** 2 for place in range(len(rates)))
    print("%.3f" % (1 - 6 * squares / (len(rates) * (len(rates) ** 2 - 1))))
END
rates() { python3 "$scratch/rates.py" "$run/run.sqlite" "$@" || echo none; } # TARGET EXPERIMENT METRIC WHAT
for target in bono sprout; do
    check "scenario 2: cAdvisor sees more packets on $target" within 1.8 \
        "$(rates $target 'overload%' 'container_network_receive_packets_total%' before-and-last)" 12
done
check "scenario 3: the CPU that cAdvisor sees rises with the step" within 0.9 \
    "$(rates bono 'cpu-stress%' 'container_cpu_usage_seconds_total%' levels 2>"$scratch/levels")" 1
sed 's/^/# /' "$scratch/levels"
check "bono is seen in both layers" equals "physical virtual" eval \
    'ask "SELECT DISTINCT layer FROM metric AS m JOIN metric_set AS s ON s.id = metric_set_id JOIN target AS t ON t.id = target_id
        WHERE t.name = '"'bono'"' ORDER BY 1" | paste -sd " "'

check "a detector is trained on the nominal time and tried on the scenarios" exits_with 0 vnfault evaluate "$run" --detector pca --split experiment
layers() { python3 -c 'import json, sys
print(*sorted({g["resource_group"] for t in json.load(open(sys.argv[1]))["targets"] if t["target"] == "bono"
    for s in t["splits"] if s["detection"] for f in s["detection"]["faults"] for g in f["groups"]}), sep="\n")' "$run/evaluation.json"; }
for group in "physical cpu" "virtual cpu" "virtual network" "virtual memory"; do
    check "bono: it tells the error of: $group" prints "^$group\$" layers
done
check "a report" exits_with 0 vnfault report "$run"
finish
