# Sourced by the tests of the Prometheus collectors, after lib.sh: a server that answers as pages say,
# testbeds of one collector, and readings of the probe that are asked for one by one.
# $collector: the one that the sources of a testbed have, unless they name one.
build=${BUILD:-$top/build}
export PAGES=$scratch/pages

serve() { # [CERTIFICATE KEY [AUTHORITY]]: $port is where
    python3 "$top/tests/integration/http_server.py" 0 word "$@" >"$scratch/port" 2>"$scratch/server.log" &
    at_exit "kill $!"
    wait_until $! test -s "$scratch/port" || cat "$scratch/server.log"
    port=$(cat "$scratch/port")
    : >"$scratch/port"
}

# testbed NAME [TARGET ATTRIBUTES] ...
testbed() {
    local file=$scratch/$1.xml
    shift
    echo '<testbed xmlns="urn:vnfault:testbed:1" name="t">' >"$file"
    while [ $# -gt 0 ]; do
        [[ $2 == *collector=* ]] || set -- "$1" "collector=\"$collector\" $2" "${@:3}"
        echo "<target name=\"$1\" address=\"198.18.0.1\"><source $2/></target>"
        shift 2
    done >>"$file"
    echo '</testbed>' >>"$file"
}

probe() { HOME=$scratch VNFAULT_DATA=$top timeout 300 "$build/tests/integration/collector_probe" "$@"; }
once() { probe "$scratch/$1.xml" "${@:2}" </dev/null; } # TESTBED TARGETS NAME ...: one reading
is_refused() { # STATUS PATTERN ATTRIBUTES
    testbed refused t "$3"
    prints "$2" exits_with "$1" once refused t
}

begin() { # TESTBED TARGETS NAME ...: readings follow one another as `reading` asks for them
    coproc probe "$scratch/$1.xml" "${@:2}"
    probing=$COPROC_PID
    until_read
}
until_read() {
    local line
    : >"$scratch/reading"
    while read -r line <&"${COPROC[0]}" && [ "$line" != read ]; do echo "$line"; done >>"$scratch/reading"
}
reading() { echo >&"${COPROC[1]}" && until_read; }
end() { # of its input, which ends the probe
    local input=${COPROC[1]} process=$probing
    exec {input}>&-
    wait "$process"
}
gave() { prints "$1" cat "$scratch/reading"; }
