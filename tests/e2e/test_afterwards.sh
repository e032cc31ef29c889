#!/usr/bin/env bash
# Monitoring that is read once an experiment is over: a real Prometheus, which reads node_exporter on a target of a lab,
# and a campaign that gets its observations from there. Labels are held against what the target's counters really did.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

if ! command -v prometheus prometheus-node-exporter >/dev/null; then
    skip "monitoring that is read afterwards" "needs prometheus and prometheus-node-exporter"
    finish
fi
lab_up
control=vnfault-$lab-control
on sprout "setsid sh -c 'echo \$\$ >/tmp/node.pid; exec prometheus-node-exporter --web.listen-address=198.18.0.12:9100' </dev/null >/tmp/node.log 2>&1 &"
cat >"$scratch/prometheus.yml" <<END
global: {scrape_interval: 2s, scrape_timeout: 2s}
scrape_configs:
  - {job_name: node, static_configs: [{targets: ["198.18.0.12:9100"]}]}
END
ip netns exec "$control" prometheus --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
    --web.listen-address=127.0.0.1:9090 >"$scratch/prometheus.log" 2>&1 &
server=$!
at_exit "kill $server 2>/dev/null; wait $server 2>/dev/null"
has_data() {
    ip netns exec "$control" curl -s 'http://127.0.0.1:9090/api/v1/query?query=node_netstat_Udp_InDatagrams%5B20s%5D' | grep -qE '(\[[0-9.]+,"[0-9]+"\],?){3}'
}
wait_until $server has_data

# UDP is lost altogether on sprout, so that its counter of datagrams stands still; Prometheus comes by TCP.
campaign=$(edited_campaign afterwards 's|duration="14s"|duration="50s"|; s|start="4s" length="6s"|start="16s" length="16s"|; s|cool-down="1s"|cool-down="4s"|
    s|<monitoring period="1s"/>|<monitoring period="2s"/>|; s|reset method="reboot"|reset method="none"|; /type="memory"/d
    s|<fault type="packet-loss"><intensity name="high" value="10%"/>|<fault type="packet-loss"><intensity name="all" value="100%"/><parameter name="protocol" value="udp"/>|')
with_server=$(edited_testbed with-server 's|<source collector="cgroup" cgroup="[^"]*sprout" interface="sprout"|<source collector="prometheus-server" url="http://127.0.0.1:9090" labels="job=node, instance=198.18.0.12:9100" read="afterwards"|
    s|network-namespace="vnfault-'"$lab"'-switch"/>|&|; /collector="prometheus-server"/,/\/>/s|network-namespace="[^"]*"|network-namespace="'"$control"'"|')

# run_with RUN EDGE ACTION: the campaign, and something done once its injection has that edge.
run_with() {
    "$vnfault" run "$campaign" --testbed "$with_server" -o "$1" >"$scratch/said" 2>&1 &
    running=$!
    wait_for "$1" "$running" "SELECT count(*) FROM edge WHERE kind = '$2'"
    "$3"
    wait "$running"
}

# --- while the fault is in, the runner has no way to the server: nothing is lost by it ---
run=$scratch/run
without_way() {
    ip netns exec "$control" iptables -A INPUT -p tcp --dport 9090 -j DROP
    wait_for "$run" "$running" "SELECT count(*) FROM edge WHERE kind = 'end-commanded'"
    ip netns exec "$control" iptables -D INPUT -p tcp --dport 9090 -j DROP
}
check "it runs" exits_with 0 run_with "$run" verified without_way
cat "$scratch/said"
check "and is valid" equals valid query "$run" "SELECT verdict FROM experiment"
# Of the server's source: its observations with how much the counter rose in each.
query "$run" "CREATE TEMP TABLE rise AS SELECT v.observation_id, v.time_ns, v.value - lag(v.value) OVER (ORDER BY v.time_ns) AS datagrams,
    l.label, l.scope, l.window_start_ns, lag(v.time_ns) OVER (ORDER BY v.time_ns) AS before_ns
    FROM observation_value AS v JOIN observation_label AS l USING (observation_id) WHERE v.target = 'sprout' AND v.metric LIKE 'node_netstat_Udp_InDatagrams%';
    SELECT label, scope, (time_ns - window_start_ns) / 1e9, datagrams, (before_ns - window_start_ns) / 1e9 FROM rise ORDER BY time_ns" | tr '|' ' ' >"$scratch/rises"
cat "$scratch/rises"
rises() { awk "$1"' END { exit !('"$2"') }' "$scratch/rises"; }
check "each scrape is an observation" rises '{ n++ }' 'n >= 24 && n <= 32'
# That before took a moment of its own, which the window begins with.
check "of the time since the one before" rises 'NF == 5 { n++; if ($5 < 0 || $5 > 1 || $3 < 1 || $3 > 4) bad++ }' 'n >= 23 && !bad'
check "where the label says that the fault is in, not one datagram came" rises '$1 == "packet-loss" { n++; if ($2 != "own" || $4 != 0) bad++ }' 'n >= 5 && !bad'
check "where it says normal, some did" rises '$1 == "normal" && NF == 5 { n++; if ($4 < 10) bad++ }' 'n >= 8 && !bad'
check "where none came, it is no normal one" rises 'NF == 5 && $4 == 0 && $1 == "normal" { bad++ } { n++ }' 'n && !bad'
check "no gap, nothing missed" equals 0 query "$run" "SELECT count(*) FROM monitoring_event WHERE kind IN ('missed', 'gap')
    AND metric_set_id IN (SELECT id FROM metric_set WHERE collector = 'prometheus-server')"

# --- the exporter itself stands still for a time: that is a gap, by which the experiment is invalid ---
run=$scratch/gap
stopped() {
    on sprout 'kill -STOP $(cat /tmp/node.pid)'
    wait_for "$run" "$running" "SELECT count(*) FROM edge WHERE kind = 'end-commanded'"
    on sprout 'kill -CONT $(cat /tmp/node.pid)'
}
check "one with a gap is invalid" exits_with 2 run_with "$run" verified stopped
check "for that reason" prints 'monitoring of sprout: [0-9]+ of [0-9]+ observations are missing' cat "$scratch/said"
check "which is recorded" prints '^monitoring of sprout: ([5-9]|1[0-9]) of ' query "$run" "SELECT reason FROM experiment"
check "as one gap" prints '^([5-9]|1[0-9]) missing, ' query "$run" "SELECT detail FROM monitoring_event WHERE kind = 'gap'
    AND metric_set_id IN (SELECT id FROM metric_set WHERE collector = 'prometheus-server')"
check "which one observation spans" equals 1 query "$run" "SELECT count(*) FROM observation_label JOIN metric_set AS s ON s.id = metric_set_id
    WHERE s.collector = 'prometheus-server' AND time_ns - window_start_ns > 10e9"
check "no other target has one" equals 0 query "$run" "SELECT count(*) FROM observation_label JOIN metric_set AS s ON s.id = metric_set_id
    WHERE s.collector != 'prometheus-server' AND time_ns - window_start_ns > 10e9"
finish
