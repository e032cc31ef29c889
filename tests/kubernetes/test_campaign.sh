#!/usr/bin/env bash
# A small campaign on pods, one reached through its node, one by kubectl, with cAdvisor and node_exporter as sources and
# SIPp as load; then an evaluation and a report of it.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/kubernetes/node.sh"
node_or_skip "a campaign on pods"
pods_up ims.yaml >"$scratch/pods.log" 2>&1 && access_up >>"$scratch/pods.log" 2>&1 || { cat "$scratch/pods.log"; exit 1; }

for number in $(seq 2010000000 2010000039); do echo "$number;[authentication username=$number password=secret]"; done |
    sed '1i SEQUENTIAL' >"$node_folder/srv/subscribers.csv"
source_of() { # LABELS
    echo "<source collector=\"prometheus-exporter\" url=\"$kubelet/metrics/cadvisor\" ca-file=\"$node_folder/ca.crt\"
        token-file=\"$scratch/token\" labels=\"namespace=ims, $1, id=~.*, name=~.*, image=~.*\"/>"
}
cat >"$scratch/testbed.xml" <<END
<testbed name="pods" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" timeout="30s"/>
  <node name="node1" address="$node_address"/>
  <target name="bono" role="P-CSCF" node="node1" service-processes="kamailio">
    <container engine="containerd" namespace="ims" label="app=bono" name="kamailio"/>
    $(source_of "pod=~bono-.*, container=kamailio")
    $(source_of "pod=~bono-.*, container=, image!=, interface=eth0")
    <source collector="prometheus-exporter" url="$node_page"/>
  </target>
  <target name="sprout" role="S-CSCF"><kubectl kubeconfig="$scratch/vnfault.conf" label="app=sprout"/>
    $(source_of "pod=~sprout-.*, container=scscf")
  </target>
  <load-host name="load" address="$node_address"/>
</testbed>
END
cat >"$scratch/campaign.xml" <<END
<campaign name="pods" xmlns="urn:vnfault:campaign:1">
  <testbed file="testbed.xml"/>
  <load driver="sipp" scenario="$top/tests/kubernetes/scenario" caller="load" callee="load"
        service="$(pod_address bono-0):5060" domain="ims.test" transport="udp" rate="20calls/s" subscribers="40subscribers">
    <nominal maximum-failures="20%" minimum-rate="50%"/>
  </load>
  <monitoring period="1s"/>
  <timeline warm-up="2s" duration="32s" cool-down="1s"><injection start="10s" length="14s"/></timeline>
  <matrix repetitions="1" order="listed">
    <nominal repetitions="1"/>
    <targets><target name="bono"/><target name="sprout"/></targets>
    <faults>
      <fault type="memory"><intensity name="high" value="70%"/></fault>
      <fault type="packet-loss"><intensity name="high" value="30%"/></fault>
    </faults>
  </matrix>
  <reset method="none"/>
</campaign>
END
run=$scratch/run
ask() { sqlite3 -readonly "$run/run.sqlite" "$1"; }
vnfault() { VNFAULT_DATA=$top VNFAULT_HELPERS=$build/helpers HOME=$scratch on_runner "$vnfault" "$@"; }

check "check --targets finds all ready" exits_with 0 vnfault check --targets "$scratch/campaign.xml"
vnfault run "$scratch/campaign.xml" -o "$run" >"$scratch/run.log" 2>&1
status=$?
check "the run ends with 0" test $status = 0
[ $status = 0 ] || sed 's/^/# /' "$scratch/run.log"
check "all experiments are valid" equals "" ask "SELECT name || ': ' || reason FROM experiment WHERE verdict <> 'valid'"
check "there are five" equals 5 ask "SELECT count(*) FROM experiment"
check "each fault took hold and is proven gone" equals "4|4" ask "SELECT count(*), sum(state = 'proven' AND achieved BETWEEN requested * 0.5 AND requested * 1.5) FROM injection"

# What cAdvisor saw of the faults: per cent of the 128 MB that each may have. One that sleeps it looks at seldom.
memory() { # TARGET EXPERIMENT LABEL: the most of the observations of that label
    ask "SELECT CAST(max(v.value) * 100 / 134217728 AS INTEGER) FROM observation_value AS v
        JOIN observation_label AS l ON l.observation_id = v.observation_id
        WHERE v.target = '$1' AND v.experiment = '$2' AND l.label = '$3' AND v.metric LIKE 'container_memory_usage_bytes%'"
}
between() { [ -n "$2" ] && [ "$2" -ge "$1" ] && [ "$2" -le "$3" ] || { echo "'$2' is not in $1 .. $3"; return 1; }; }
for target in bono sprout; do
    check "$target: each experiment has observations" between 2 "$(ask "SELECT min(n) FROM (SELECT count(*) AS n FROM observation_label
        WHERE target = '$target' GROUP BY experiment_id)")" 200
    check "$target: cAdvisor saw the memory used" between 55 "$(memory $target memory-high-$target-1 memory)" 95
    check "$target: and not in the nominal experiment" between 0 "$(memory $target nominal-1 normal)" 30
done
check "bono: none is counted twice" equals 0 ask "SELECT count(*) FROM (SELECT time_ns - lag(time_ns) OVER
    (PARTITION BY experiment_id, metric_set_id ORDER BY time_ns) AS apart FROM observation) WHERE apart < 900000000"
check "duplicates are told" prints '^[1-9]' ask "SELECT count(*) FROM monitoring_event WHERE kind = 'duplicate'"
check "nothing is left on the node" test -z "$(on_node ls -A /run/vnfault 2>/dev/null | grep -v containers)"

check "bono: the node as well, each second" between 100 "$(ask "SELECT count(*) FROM observation AS o WHERE o.metric_set_id IN
    (SELECT metric_set_id FROM metric WHERE layer = 'physical' AND name LIKE 'node_cpu_%')")" 165

check "an evaluation" exits_with 0 vnfault evaluate "$run"
evaluated() { python3 -c 'import json, sys
print(*(f"{t[sys.argv[2]]}" for t in json.load(open(sys.argv[1]))["targets"] if t["target"] == "bono"))' "$run/evaluation.json" "$1"; }
check "of bono, with the metrics of all its sources" equals None evaluated unavailable
check "whose counters never began anew" equals 0 evaluated counter_resets
check "a report" exits_with 0 vnfault report "$run"
check "which is well-formed" xmllint --noout --nonet "$run/report/index.html"
check "and shows what cAdvisor says" grep -q container_memory_ "$run/report/index.html"
finish
