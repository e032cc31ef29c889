#!/usr/bin/env bash
# The collector prometheus-exporter on a real kubelet and its cAdvisor: through TLS and token, with the pages'
# own times, each container apart; and through the API server's proxy. Beside it node_exporter, of the node itself.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/kubernetes/node.sh"
. "$top/tests/probe.sh"
node_or_skip "pages of a kubelet"
pods_up ims.yaml >"$scratch/pods.log" 2>&1 && access_up >>"$scratch/pods.log" 2>&1 || { cat "$scratch/pods.log"; exit 1; }
kubectl create serviceaccount -n vnfault nobody >/dev/null
token_of nobody >"$scratch/nobody"

page=$kubelet/metrics/cadvisor
by_proxy=$api/api/v1/nodes/node1/proxy/metrics/cadvisor
trust="ca-file=\"$node_folder/ca.crt\""
secure="$trust token-file=\"$scratch/token\""
changes='id=~.*, name=~.*, image=~.*' # with each container that is made

target() { # NAME URL ATTRIBUTES [LABELS]
    echo "<target name=\"$1\" address=\"$node_address\">
    <source collector=\"prometheus-exporter\" url=\"$2\" $3 ${4:+labels=\"$4\"}/></target>"
}
{
    echo '<testbed xmlns="urn:vnfault:testbed:1" name="pods">'
    echo "<ssh key=\"$scratch/key\" known-hosts=\"$scratch/known_hosts\"/>"
    target kamailio "$page" "$secure" "namespace=ims, pod=~bono-.*, container=kamailio, $changes"
    target web "$page" "$secure" "namespace=ims, pod=~bono-.*, container=web, $changes"
    target pod "$page" "$secure" "namespace=ims, pod=~bono-.*, container=, image=, id=~.*, name=~.*"
    target pause "$page" "$secure" "namespace=ims, pod=~bono-.*, container=, image!=, id=~.*, name=~.*"
    target proxied "$by_proxy" "$secure" "namespace=ims, pod=~bono-.*, container=web, $changes"
    target own "$kubelet/metrics" "$secure"
    target node "$node_page" ""
    target resource "$kubelet/metrics/resource" "$secure" "namespace=ims, pod=~bono-.*, container=web"
    target anonymous "$page" "$trust"
    target nobody "$page" "$trust token-file=\"$scratch/nobody\""
    target nobody-by-proxy "$by_proxy" "$trust token-file=\"$scratch/nobody\""
    target stranger "$page" "token-file=\"$scratch/token\""
    target both "$page" "$secure" "namespace=ims, pod=~bono-.*, image!=, container=~.*, $changes"
    echo '</testbed>'
} >"$scratch/testbed.xml"
gives() { prints "^$1 $2\$" read_once "$1" "${@:3}"; } # TARGET PATTERN [NAME ...]
is_refused() { prints "$2" exits_with 4 read_once "$1"; } # TARGET PATTERN

# --- what belongs to whom ----------------------------------------------------------------------------
limit=container_spec_memory_limit_bytes
check "a container's limit" gives kamailio "$limit 134217728" $limit
check "the other's of the pod" gives web "$limit 67108864" $limit
check "the pod's own" gives pod "$limit 201326592" $limit
check "the pause container's is none" gives pause "$limit 0" $limit
check "through the API server's proxy" gives proxied "$limit 67108864" $limit
check "the kubelet's summary of resources" gives resource 'container_memory_working_set_bytes [1-9][0-9]*'
check "the kubelet's own page" gives own 'kubelet_running_pods 2' kubelet_running_pods
check "several containers are told from one" is_refused both "several series of one name: container_"
for row in 'kamailio @cpu container_cpu_usage_seconds_total.cpu="total". counter cpu virtual s' \
    'kamailio @cpu container_cpu_cfs_throttled_periods_total counter cpu virtual events' \
    'kamailio @memory container_memory_rss gauge memory virtual bytes' \
    'kamailio @process container_threads gauge process virtual tasks' \
    'pause @network container_network_receive_bytes_total.interface="eth0". counter network virtual bytes' \
    'pause @network container_network_transmit_packets_total.interface="eth0". counter network virtual packets' \
    'node @cpu node_cpu_seconds_total.cpu="0",mode="user". counter cpu physical s' \
    'node @memory node_memory_MemAvailable_bytes gauge memory physical bytes' \
    'node @network node_network_receive_bytes_total.device="pods0". counter network physical bytes'; do
    read -r who group what <<<"$row"
    check "$who: $what" gives "$who" "$what" "$group"
done

# Its processor time as its control group has it, before and after.
processor_time() {
    local process
    process=$(container_process bono-0 kamailio)
    on_node cat "/sys/fs/cgroup/cpuacct$(on_node sed -nE 's/^[0-9]+:([^:]*,)?cpuacct(,[^:]*)?://p' "/proc/$process/cgroup")/cpuacct.usage"
}
used() { read_once kamailio 'container_cpu_usage_seconds_total*' | awk '$1 == "kamailio" { printf "%.0f", $3 * 1e9 }'; }
first=$(processor_time)
until value=$(used) && [ "$value" -ge "$first" ]; do sleep 0.5; done
check "processor time is the control group's" test "$value" -le "$(processor_time)"

# What the pods sent to the node: by its bridge, before and after.
sent() { on_node sed -n 's/^ *pods0: *\([0-9]*\) .*/\1/p' /proc/net/dev; }
first=$(sent)
on_runner ping -q -c 5 -i 0.01 "$(pod_address bono-0)" >"$scratch/ping"
value=$(read_once node 'node_network_receive_bytes_total*' | sed -n 's/^node .*device="pods0".* //p')
check "the node's network is counted, pods' too" test "${value%.*}" -gt "$first" -a "${value%.*}" -le "$(sent)"

# --- who may ask ----------------------------------------------------------------------------------------
check "without a token: 401" is_refused anonymous "vnfault: anonymous: $page answers with status 401"
check "and what to do" is_refused anonymous "'token-file'"
check "without the role: 403" is_refused nobody "vnfault: nobody: $page answers with status 403"
check "and which" is_refused nobody "'get' of nodes/metrics"
check "by the proxy, too" is_refused nobody-by-proxy "answers with status 403"
check "a certificate of an authority that is not trusted" is_refused stranger "SSL certificate problem"
check_targets() { VNFAULT_DATA=$top HOME=$scratch on_runner "$vnfault" check --targets "$scratch/testbed.xml"; }
check_targets >"$scratch/checked" 2>&1
lacks() { ! grep -F "$1" "$2"; }
row() { prints "^$1 +source prometheus-exporter +$2" cat "$scratch/checked"; } # TARGET PATTERN
check "check --targets: a container" row kamailio 'ok +(37|41) metrics \(cpu 10, .*memory 15.*\), 1[15] of them counters, (37|41) known now, .* [0-9.]+ s old'
check "check --targets: the pause container with the network" row pause 'ok +[0-9]+ metrics .*network 9'
check "check --targets: through the proxy" row proxied 'ok +(37|41) metrics'
check "check --targets: the node" row node 'ok +[0-9]+ metrics \(.*cpu [1-9]'
check "check --targets: who may not" row nobody 'FAILED .*403'
check "check --targets: no token is shown" lacks "$(cut -c 1-30 "$scratch/token")" "$scratch/checked"

# --- when -------------------------------------------------------------------------------------------------
# The kubelet looks each second, at the earliest; idle containers less often, which web is now.
run=$scratch/run
observe() { VNFAULT_DATA=$top on_runner "$vnfault" observe "$scratch/testbed.xml" -o "$run" --targets "$@"; }
ask() { sqlite3 -readonly "$run/run.sqlite" "$1"; }
of="JOIN metric_set AS s ON s.id = metric_set_id JOIN target AS t ON t.id = s.target_id WHERE t.name"
check "a run is recorded" exits_with 0 observe kamailio,web,pause --period 2s --duration 40s
check "it is valid" equals valid ask "SELECT verdict FROM experiment"
check "what has not been looked at again is a duplicate" test "$(ask "SELECT count(*) FROM monitoring_event $of = 'web' AND kind = 'duplicate'")" -gt 0
check "and no observation: they are as far apart as cAdvisor looks" equals 0 ask "SELECT count(*) FROM
    (SELECT time_ns - lag(time_ns) OVER (PARTITION BY metric_set_id ORDER BY time_ns) AS apart FROM observation) WHERE apart < 900000000"
check "no value is unknown" equals 0 ask "SELECT count(*) FROM observation_value WHERE value IS NULL"

# The kubelet starts a container that dies again, under another id.
run=$scratch/killed
observe kamailio --period 1s >"$scratch/observed" 2>&1 &
observer=$!
count() { [ "$(ask "SELECT count(*) FROM $1" 2>/dev/null || echo 0)" -ge "$2" ]; } # TABLE-AND-CONDITION LEAST
wait_until $observer count observation 3
on_node kill -KILL "$(container_process bono-0 kamailio)"
# cAdvisor shows reads and writes only of a container that has done some: one whose files are in the cache has fewer metrics.
anew="monitoring_event WHERE kind = 'counter-reset' OR kind = 'changed'"
wait_until $observer count "$anew" 1
wait_until $observer count "observation WHERE time_ns > (SELECT min(time_ns) FROM $anew)" 1
pkill -INT -P $observer -x vnfault
check "a container that died is observed again when it is back" wait $observer
check "that its counters began anew is told, or that its metrics are others" prints \
    '^([0-9]+, container_cpu_.*|[0-9]+ metrics; there were [0-9]+)$' ask "SELECT detail FROM $anew LIMIT 1"
finish
