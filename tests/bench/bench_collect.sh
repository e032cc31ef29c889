#!/usr/bin/env bash
# Scraping many exporters beside Debian's Prometheus, both at once and of the same servers; parsing by itself.
# usage: tests/bench/bench_collect.sh BINARY PAGE-SERVER EXPOSITION-PROBE [TARGETS [SECONDS]]    200 and 60
# In a network namespace of its own, so that every port is free.
[ "${BENCH_NAMESPACE:-}" = own ] || BENCH_NAMESPACE=own exec unshare --net "$0" "$@"
ip link set lo up
. "$(dirname "$0")/../lib.sh"
export VNFAULT_DATA=$top
vnfault=$(readlink -f "$1")
page_server=$(readlink -f "$2")
exposition_probe=$(readlink -f "$3")
targets=${4:-200}
seconds=${5:-60}
prometheus_port=19102
. "$top/tests/bench/collect.sh"

start_prometheus() {
    {
        printf 'global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n'
        printf -- '- job_name: bench\n  static_configs:\n  - targets: ['
        sed "s/.*/'&:$page_port'/" "$scratch/addresses" | paste -sd ,
        echo ']'
    } >"$scratch/prometheus.yml"
    prometheus --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/tsdb" \
        --web.listen-address=127.0.0.1:$prometheus_port >"$scratch/prometheus.log" 2>&1 &
    prometheus=$!
    at_exit "kill -KILL $prometheus; wait $prometheus 2>/dev/null"
    listening $prometheus 127.0.0.1 $prometheus_port
}

prometheus_samples() {
    curl -s "http://127.0.0.1:$prometheus_port/metrics" |
        awk '/^prometheus_tsdb_head_samples_appended_total/ { sum += $2 } END { printf "%d\n", sum }'
}

serve "$targets" 0 && testbed "$scratch/testbed.xml" && start_prometheus || exit 1
sleep 5 # Prometheus spreads its first scrapes over one interval, and makes its series with them
samples_before=$(prometheus_samples)
cpu_before=$(seconds_of "$prometheus")
observed ours "$vnfault" observe "$scratch/testbed.xml" -o "$scratch/run" --period 1s --duration "${seconds}s" || exit 1
their_cpu=$(calculate "$(seconds_of "$prometheus") - $cpu_before")
their_samples=$(calculate "$(prometheus_samples) - $samples_before")
their_peak=$(peak_of "$prometheus")

run=$scratch/run/run.sqlite
observations=$(sqlite3 "$run" 'SELECT count(*) FROM observation')
measure_database "$run"
ours=$(calculate "$cpu / $samples * 1e6")
theirs=$(calculate "$their_cpu / $their_samples * 1e6")
ratio=$(rounded 2 "$ours / $theirs")
page=$(curl -s "http://$(head -n 1 "$scratch/addresses"):$page_port/metrics" | tee "$scratch/page.txt" | wc -c)

echo "$targets targets each second for $seconds s; a page has $(calculate "int($samples / $observations)") values, $page bytes"
echo "  pages of a true node_exporter, read from it once a second and served at every address by tests/bench/page_server.c,"
echo "  gzip for both; both scrape at the same time"
printf '  %-52s %10s %10s\n' '' vnfault Prometheus
printf '  %-52s %10s %10s\n' 'CPU, us a sample (user and system)' "$(rounded 3 "$ours")" "$(rounded 3 "$theirs")"
printf '  %-52s %10s %10s\n' 'CPU, share of one core' "$(rounded 3 "$cpu / $seconds")" "$(rounded 3 "$their_cpu / $seconds")"
printf '  %-52s %10s %10s\n' 'samples' "$samples" "$their_samples"
printf '  %-52s %10s %10s\n' 'most memory, MiB' "$peak" "$their_peak"
printf '  %-52s %10s\n' 'missed readings' "$(sqlite3 "$run" "SELECT count(*) FROM monitoring_event WHERE kind IN ('missed', 'gap')")"
printf '  %-52s %10s\n' 'growth of the run database, bytes a sample' "$(rounded 2 "$growth / $samples")" \
    'the whole file, with the names of all metrics' "$(rounded 2 "$bytes / $samples")"
kill -STOP "$prometheus" # its work is done; parsing is measured by itself
"$exposition_probe" "$scratch/page.txt" "$top/tests/unit/data/exposition/"*.txt | sed "s|$scratch/||; s|$top/||; s/^/  parsing alone: /" | tee "$scratch/parsing"

holds 'CPU a sample, of that of Prometheus' "$ratio" '<=' 0.33
holds 'MB/s of parsing the page again' "$(sed -n 's/.*page.txt: \([0-9]*\) MB.*/\1/p' "$scratch/parsing")" '>=' 500
[ $missed = 0 ]
