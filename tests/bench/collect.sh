# Shared by the benchmarks of collection: a true node_exporter, its page at many addresses, a testbed of them.
# Source it after tests/lib.sh, with $page_server set.
exporter_port=19100
page_port=19101

# Waits until something listens there; false if the process ends before.
listening() { # PROCESS ADDRESS PORT
    wait_until "$1" bash -c "</dev/tcp/$2/$3" 2>/dev/null
}

addresses() { # COUNT: of this machine's own 127.0.0.0/8
    local number
    for ((number = 0; number < $1; number++)); do echo "127.77.$((number / 250)).$((number % 250 + 1))"; done
}

# serve COUNT SAMPLES: the first SAMPLES (0: all) of a page of node_exporter at COUNT addresses
serve() {
    local url="http://127.0.0.1:$exporter_port/metrics"
    [ "$2" = 0 ] || url+='?collect[]=cpu&collect[]=diskstats&collect[]=meminfo&collect[]=netdev&collect[]=vmstat'
    prometheus-node-exporter --web.listen-address=127.0.0.1:$exporter_port >"$scratch/exporter.log" 2>&1 &
    exporter=$!
    at_exit "kill $exporter; wait $exporter 2>/dev/null"
    listening $exporter 127.0.0.1 $exporter_port || return
    addresses "$1" >"$scratch/addresses"
    "$page_server" "$url" "$scratch/addresses" "$2" $page_port 2>"$scratch/server.log" &
    server=$!
    at_exit "kill $server; wait $server 2>/dev/null"
    listening $server "$(tail -n 1 "$scratch/addresses")" $page_port
}

testbed() { # FILE: a target an address
    {
        echo '<testbed name="bench" xmlns="urn:vnfault:testbed:1">'
        while read -r address; do
            echo "<target name='target-$address' address='$address'><source collector='prometheus-exporter'" \
                "url='http://$address:$page_port/metrics'/></target>"
        done <"$scratch/addresses"
        echo '</testbed>'
    } >"$1"
}

# observed NAME COMMAND ...: runs it, with its output in NAME.out and NAME.log of the scratch folder; sets
# $cpu (seconds, user and system) and $peak (MiB)
observed() {
    local name=$1 TIMEFORMAT='%U %S' user system
    shift
    { time "$@" >"$scratch/$name.out" 2>"$scratch/$name.log"; } 2>"$scratch/$name.time" &
    local timed=$! process=
    wait_until $timed process_of $timed >/dev/null || return
    process=$(process_of $timed)
    while kill -0 "$process" 2>/dev/null; do
        peak_of "$process" >"$scratch/peak.new" && mv "$scratch/peak.new" "$scratch/$name.peak"
        sleep 0.5
    done
    wait $timed || { cat "$scratch/$name.log" >&2; return 1; }
    read -r user system <"$scratch/$name.time"
    cpu=$(calculate "$user + $system")
    peak=$(cat "$scratch/$name.peak")
}
process_of() { pgrep -P "$1"; }
peak_of() { awk '$1 == "VmHWM:" { print int($2 / 1024); found = 1 } END { exit !found }' "/proc/$1/status" 2>/dev/null; }
seconds_of() { awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / tick }' "/proc/$1/stat"; }
calculate() { awk "BEGIN { print $1 }"; }
rounded() { awk "BEGIN { printf \"%.$1f\", $2 }"; }

# The run database: $samples in it, $bytes of the file, $growth: of these what observations take, with their
# index; the rest are mostly the names of metrics, a set of them a target, which stay as they are.
measure_database() { # FILE
    samples=$(sqlite3 "$1" 'SELECT sum(length(vector) / 8) FROM observation')
    bytes=$(stat -c %s "$1")
    growth=$(sqlite3 "$1" "SELECT sum(pgsize) FROM dbstat WHERE name IN ('observation', 'observation_by_experiment')")
}

# holds NAME VALUE COMPARISON GOAL: says so; counts what is missed in $missed
missed=0
holds() {
    if awk "BEGIN { exit !($2 $3 $4) }"; then
        echo "  reached: $1 $2 $3 $4"
    else
        echo "  MISSED:  $1 $2, and not $3 $4"
        missed=$((missed + 1))
    fi
}
