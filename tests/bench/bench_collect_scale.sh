#!/usr/bin/env bash
# 1,000 targets of 150 metrics every 5 s, on one core: whether any observation is missing, what it costs and
# how much the run database grows. The folder is kept if it is named.
# usage: tests/bench/bench_collect_scale.sh BINARY PAGE-SERVER SECONDS CORE [TARGETS [RUN]]
# In a network namespace of its own, so that every port is free.
[ "${BENCH_NAMESPACE:-}" = own ] || BENCH_NAMESPACE=own exec unshare --net "$0" "$@"
ip link set lo up
. "$(dirname "$0")/../lib.sh"
export VNFAULT_DATA=$top
vnfault=$(readlink -f "$1")
page_server=$(readlink -f "$2")
seconds=$3
core=$4
targets=${5:-1000}
run_folder=${6:-$scratch/run}
metrics=150
period=5
. "$top/tests/bench/collect.sh"

sum() { sqlite3 "$run_folder/run.sqlite" "$1"; }

serve "$targets" $metrics && testbed "$scratch/testbed.xml" || exit 1
began=$(date -u +%FT%TZ)
observed ours taskset -c "$core" "$vnfault" observe "$scratch/testbed.xml" -o "$run_folder" --period ${period}s \
    --duration "${seconds}s" || exit 1
observations=$(sum 'SELECT count(*) FROM observation')
measure_database "$run_folder/run.sqlite"
due=$((targets * (seconds / period + 1)))

echo "$targets targets of $metrics metrics every $period s for $seconds s from $began, vnfault on core $core alone"
echo "  the first $metrics values of a page of a true node_exporter, read from it once a second and served at"
echo "  every address by tests/bench/page_server.c, gzip; other work on the machine: load $(cut -d ' ' -f 1-3 /proc/loadavg) at the end"
printf '  %-46s %s\n' 'CPU, share of the core' "$(rounded 3 "$cpu / $seconds")" \
    'CPU, us a sample' "$(rounded 3 "$cpu / $samples * 1e6")" \
    'most memory, MiB' "$peak" \
    'observations in the database' "$observations of $due" \
    'samples' "$samples" \
    'run database, bytes' "$bytes" \
    'the whole file, with the names of all metrics' "$(rounded 2 "$bytes / $samples")" \
    'growth, bytes a sample' "$(rounded 2 "$growth / $samples")" \
    'experiments' "$(sum "SELECT group_concat(name || ' ' || verdict, ', ') FROM experiment")" \
    'integrity' "$(sum 'PRAGMA integrity_check')"
sum "SELECT '  event ' || kind || ': ' || sum(samples) || ', the first: ' || min(detail) FROM monitoring_event GROUP BY kind"
holds 'observations' "$observations" '==' "$due"
holds 'gaps and missed readings' "$(sum "SELECT count(*) FROM monitoring_event WHERE kind IN ('missed', 'gap')")" '==' 0
holds 'growth in bytes a sample' "$(rounded 2 "$growth / $samples")" '<=' 9
holds 'CPU, share of one core' "$(rounded 3 "$cpu / $seconds")" '<' 1
[ $missed = 0 ]
