#!/usr/bin/env bash
# Kill points of whole runs, on a lab of this worker's own: a campaign is run, its runner killed at a
# random instant, gone on with, killed again, until all its cells are done; then the next run. Observations
# that another reader saw before the kill must be there afterwards.
# usage: tests/soak/runs.sh SEED COUNT >runs.csv
#   one line a point: number, milliseconds after which the runner was killed, whether it still ran,
#   observations and service samples that were committed by then, how many of them are lost, whether the
#   database is sound, hosts with faults left when the lease and two seconds were over
. "$(dirname "$0")/../lib.sh"
. "$top/tests/e2e/lib.sh"
. "$top/tests/soak/points.sh"
seed=$1 lease=5

lab_up >&2
more=
while read -r type value; do
    more+="<fault type=\"$type\"><intensity name=\"high\" value=\"$value\"/></fault>"
done <<'END'
cpu 70%
latency 50ms
disk 2workers
END
campaign=$(edited_campaign soak "s|<fault type=\"memory\">|$more&|")

committed() { # RUN: its rows, as any reader finds them
    query "$1" "SELECT 'observation', id, experiment_id, metric_set_id, time_ns, hex(vector) FROM observation
        UNION ALL SELECT 'sample', id, experiment_id, time_ns, calls_created, calls_succeeded FROM service_sample" 2>/dev/null | sort
}
hosts_with_faults() {
    local host
    for host in bono sprout homestead load; do has_no_fault $host >&2 || echo $host; done
}

run='' number_of_runs=0
start_or_go_on() {
    if [ -z "$run" ]; then
        number_of_runs=$((number_of_runs + 1))
        run=$scratch/run$number_of_runs
        "$vnfault" run "$campaign" --testbed "$testbed" --lease $lease -o "$run" >>"$scratch/log" 2>&1 &
    else
        "$vnfault" run --resume "$run" --lease $lease >>"$scratch/log" 2>&1 &
    fi
    runner=$!
}

take_point() { # POINT
    local delay hit=missed status=0 sound left
    delay=$(number "$seed run $1" 24000)
    start_or_go_on
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
    committed "$run" >"$scratch/seen"
    ! kill -KILL $runner 2>/dev/null || hit=hit
    wait $runner 2>/dev/null || status=$?
    [ $hit = missed ] || sleep $((lease + 2))
    left=$(hosts_with_faults | grep -c .)
    committed "$run" >"$scratch/kept"
    sound=$(query "$run" "PRAGMA integrity_check" 2>/dev/null)
    # A run that was killed before it had its database is begun anew.
    [ -s "$run/run.sqlite" ] || { rm -rf "$run"; run='' sound=${sound:-ok}; }
    printf '%s,%s,%s,%s,%s,%s,%s,%s\n' "$1" "$delay" "$hit" "$status" "$(grep -c . "$scratch/seen")" \
        "$(comm -23 "$scratch/seen" "$scratch/kept" | grep -c .)" "$sound" "$left"
    [ $hit = hit ] || run=''
}

for ((point = 0; point < $2; point++)); do
    take_point $point
done
# What was begun is brought to its end, and every cell must be done.
if [ -n "$run" ]; then
    "$vnfault" run --resume "$run" >>"$scratch/log" 2>&1 || echo "the last run ended with $?" >&2
fi
"$vnfault" heal "$testbed" >&2
