#!/usr/bin/env bash
# Measures the lab and prints the tables of docs/lab.md: times, capacity, effect of faults.
# usage: tests/bench/bench_lab.sh [times] [load] [faults]     all three by default, 6 minutes
. "$(dirname "$0")/../lib.sh"

lab=bench-$$
rate=160
seconds=10
groups=/sys/fs/cgroup/cpuacct
[ -d $groups ] || groups=/sys/fs/cgroup

on() { "$vnfault" lab ssh --name "$lab" "$@"; }

cpu_time() { # HOST, in seconds
    awk '/^usage_usec/ { print $2 / 1e6 } NF == 1 { print $1 / 1e9 }' \
        $groups/vnfault/"$lab"/"$1"/cpuacct.usage $groups/vnfault/"$lab"/"$1"/cpu.stat 2>/dev/null | head -n 1
}

prepare() {
    local file
    "$vnfault" lab up --name "$lab" >/dev/null || exit 1
    at_exit "'$vnfault' lab down --force --name '$lab' >/dev/null"
    for file in register caller callee; do
        on load "cat >/tmp/$file.xml" <"$top/sipp-scenarios/register-call/$file.xml"
    done
    on load 'cd /tmp
        { echo SEQUENTIAL; sed -n 2,501p /srv/subscribers.csv; } >callees.csv
        { echo SEQUENTIAL
          paste -d ";" <(sed -n 502,1001p /srv/subscribers.csv) <(sed 1d callees.csv | cut -d ";" -f 1)
        } >callers.csv'
    register
}

# After a reboot of sprout, too.
register() {
    on load 'cd /tmp; sipp -sf register.xml -inf callees.csv -i 198.18.0.20 -p 5080 -r 60 -m 500 \
        -key domain ims.test -key start $(date +%N | cut -c 1-8) -nostdin 198.18.0.11:5060 >/dev/null 2>&1'
}

calls() { # RATE: statistics file of SIPp
    on load "cd /tmp; ulimit -n 8192
        sipp -sf callee.xml -i 198.18.0.20 -p 5080 -nostdin -key domain ims.test -key start $(date +%N | cut -c 1-8) >/dev/null 2>&1 &
        sipp -sf caller.xml -inf callers.csv -i 198.18.0.20 -p 5070 -key domain ims.test -key start $(date +%N | cut -c 1-8) -nostdin \
            -r $1 -m $(($1 * seconds)) -l 5000 -trace_stat -fd 1 -stf calls.csv 198.18.0.11:5060 >/dev/null 2>&1
        pkill -KILL sipp
        head -n 1 calls.csv; tail -n 1 calls.csv" 2>/dev/null
}

# One row: what the calls came to, and the share of a core, its CPU limit, that each host used.
row() { # NAME RATE
    local host before=() begin statistics window shares=
    for host in bono sprout homestead load; do before+=("$(cpu_time $host)"); done
    begin=$(date +%s.%N)
    statistics=$(calls "$2")
    window=$(echo "$(date +%s.%N) - $begin" | bc)
    for host in bono sprout homestead load; do
        shares+=" $(echo "100 * ($(cpu_time $host) - ${before[0]}) / $window " | bc -l)"
        before=("${before[@]:1}")
    done
    awk -F ';' -v name="$1" -v shares="$shares" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        function milliseconds(field,  part) { split($column[field], part, ":"); return (part[1] * 3600 + part[2] * 60 + part[3]) * 1000 + part[4] / 1000 }
        { failed = $column["FailedCall(C)"]; all = failed + $column["SuccessfulCall(C)"]
          split(shares, share, " ")
          printf "| %s | %.1f %% | %.0f ms | %.0f ms | %.0f %% | %.0f %% | %.0f %% | %.0f %% |\n", name, 100 * failed / all,
              milliseconds("ResponseTimeregister(C)"), milliseconds("ResponseTimeinvite(C)"), share[1], share[2], share[3], share[4] }
        ' <<<"$statistics"
}

head_row() {
    echo "| $1 | failed calls | REGISTER | INVITE | bono | sprout | homestead | load, of a core |"
    echo '|---|---|---|---|---|---|---|---|'
}

# Load under a stress-ng that runs a little longer.
stressed() { # NAME HOST ARGUMENTS
    on "$2" "mkdir -p /srv/stress; cd /srv/stress; timeout $((seconds * 2 + 4)) stress-ng $3 >/dev/null 2>&1" 2>/dev/null &
    sleep 3
    row "$1" $rate
    on "$2" 'pkill -KILL stress-ng; rm -rf /srv/stress'
    wait
    sleep 2
}

measure_times() {
    local i host
    for i in 1 2 3 4 5; do
        "$vnfault" lab up --name "$lab"
        for host in bono sprout homestead load; do "$vnfault" lab reboot $host --name "$lab"; done
        "$vnfault" lab down --name "$lab"
    done | sed "s/'$lab' //; s/; testbed.*//" | sort | uniq -c
}

measure_load() {
    local step
    head_row 'calls/s'
    for step in 160 240 320 480 640 800 1000 1100 1200 1400; do row $step $step; done
}

measure_faults() {
    local host percent
    head_row "fault at $rate calls/s"
    row none $rate
    for host in bono sprout homestead; do
        for percent in 70 97; do
            stressed "$host, CPU $percent %" $host \
                "--cpu 1 --cpu-method loop --cpu-load $percent"
        done
    done
    for percent in 70 97; do
        stressed "sprout, memory $percent %" sprout \
            "--vm 1 --vm-keep --vm-hang 0 --vm-populate --vm-bytes $((536870912 / 100 * percent - 45000000))"
    done
    for workers in 40 60; do
        stressed "homestead, $workers disk workers" homestead \
            "--hdd $workers --hdd-bytes 4M --hdd-write-size 65536 --hdd-opts direct"
    done
}

parts=("$@")
[ $# -gt 0 ] || parts=(times load faults)
uptime
for part in "${parts[@]}"; do
    [ "$part" = times ] || [ -d "/run/vnfault/labs/$lab" ] || prepare
    "measure_$part"
done
