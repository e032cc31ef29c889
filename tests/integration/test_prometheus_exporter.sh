#!/usr/bin/env bash
# The Prometheus exporter collector: hundreds of pages at once, hostile ones among them, and a real
# node_exporter.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../readings.sh"
collector=prometheus-exporter
data=$top/tests/unit/data/exposition

check_many() {
    local names=hung,large i manner
    local targets=(hung "timeout=\"4s\" url=\"$url/pages/flip/1\"" large "timeout=\"9s\" url=\"$url/pages/flip/2\"")
    for ((i = 0; i < 300; i++)); do
        targets+=("n$i" "url=\"$url/pages/node/$i\"")
        names+=,n$i
    done
    testbed many "${targets[@]}"
    cp "$data/node-exporter.txt" "$PAGES/node"
    cp "$data/node-exporter.txt" "$PAGES/flip"
    begin many $names node_load1
    check "302 pages are read" equals 302 grep -c ' node_load1 ' "$scratch/reading"
    sed -i 's/^node_load1 .*/node_load1 77.25/' "$PAGES/node"
    for manner in hang slow endless bomb cut closing garbage headers_without_end unavailable redirect word; do
        echo "!$manner" >"$PAGES/flip"
        reading
        check "$manner: two are missed" equals 2 grep -cE '^(hung|large) missed: ' "$scratch/reading"
        check "$manner: the others are read" equals 300 grep -c ' node_load1 77.25$' "$scratch/reading"
    done
    echo '!hang' >"$PAGES/flip"
    reading
    check "one that hangs is told last, and was asked for among the first" equals 'large missed' last_of_reading
    cp "$data/node-exporter.txt" "$PAGES/flip"
    reading
    check "and all are read again" equals 302 grep -c ' node_load1 ' "$scratch/reading"
    end
}
last_of_reading() { tail -n 1 "$scratch/reading" | cut -d : -f 1; }

check_selection() {
    cp "$data/cadvisor.txt" "$PAGES/cadvisor"
    local page="url=\"$url/pages/cadvisor\"" left_out='id=~.*, name=~.*, image=~.*'
    testbed pods sprout "$page labels=\"pod=sprout-0, container=sprout, $left_out\"" \
        sidecar "$page labels=\"pod=sprout-0, container=sidecar, $left_out\"" \
        two "$page labels=\"pod=sprout-0, container=~sprout|sidecar, $left_out\"" none "$page labels=\"pod=sprout-9\""
    : >"$PAGES.log"
    begin pods sprout,sidecar 'container_memory_usage_bytes*' 'container_cpu_usage_seconds_total*'
    check "one page is asked for once for its two targets" equals 2 grep -c cadvisor "$PAGES.log"
    check "a container's values" gave "^sprout container_memory_usage_bytes\{namespace=\"default\"\} $(value_of sprout)\$"
    check "the other's" gave "^sidecar container_memory_usage_bytes\{namespace=\"default\"\} $(value_of sidecar)\$"
    sed -i -E 's/95f28e2d[0-9a-f]+/99887766/g' "$PAGES/cadvisor"
    reading
    check "a container that was made anew has the same metrics" lacks ' changed$'
    grep -v 'container="sprout"' "$data/cadvisor.txt" >"$PAGES/cadvisor"
    reading
    check "one that is gone is missed" gave "^sprout missed: its metrics hold no series that 'labels' selects"
    check "and the other is not" gave '^sidecar container_memory_usage_bytes'
    sed 's/^container_memory_usage_bytes{container="sprout"/container_memory_new_bytes{container="sprout"/' \
        "$data/cadvisor.txt" >"$PAGES/cadvisor"
    reading
    check "other series are told" gave '^sprout changed$'
    end
    check "two containers can't be one target" prints "several series of one name: container_" exits_with 4 once pods two
    check "nor can none be" prints "vnfault: none: its metrics hold no series that 'labels' selects" exits_with 4 once pods none
}
# As the page has it, exactly.
value_of() {
    grep "^container_memory_usage_bytes{container=\"$1\"" "$data/cadvisor.txt" | sed 's/.*} //; s/ .*//' |
        python3 -c 'print(int(float(input())))'
}
lacks() { ! grep -E "$1" "$scratch/reading"; }

check_formats() {
    printf '# TYPE a counter\n# UNIT a_seconds seconds\na_total{x="1"} 5 %s # {t="1"} 1\n# TYPE h histogram\nh_bucket{le="1"} 7\n# EOF\n' \
        "$(date +%s.%N)" >"$PAGES/new.openmetrics"
    testbed formats t "url=\"$url/pages/new.openmetrics\""
    check "OpenMetrics" prints '^t a_total\{x="1"\} 5$' once formats t
    check "its kinds" prints '^t h_bucket\{le="1"\} counter other virtual events$' once formats t @other
    check "check --targets says how old they are, and by whose clock" \
        prints 'source prometheus-exporter.* [0-9.]+ s old, its clock [+-][0-9.]+ ms from the runner.s, wrong by [0-9.]+ ms at most' \
        env HOME="$scratch" VNFAULT_DATA="$top" timeout 100 "$vnfault" check --targets "$scratch/formats.xml"
    printf 'a 1\nb' >"$PAGES/cut"
    testbed cut t "url=\"$url/pages/cut\""
    check "half a page is none" prints 'line 2 of its metrics is malformed' exits_with 4 once cut t
}

# Another implementation, on the pages of real exporters.
check_values() {
    local page
    if ! /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null; then
        skip "the values that prometheus_client reads" "needs python3-prometheus-client"
        return
    fi
    for page in node-exporter cadvisor cadvisor-pods kubelet; do
        cp "$data/$page.txt" "$PAGES/all"
        testbed all t "url=\"$url/pages/all\""
        once all t | sed -n 's/^t //p' | LC_ALL=C sort >"$scratch/values"
        check "$page: every value is the one that prometheus_client reads, to the last bit" \
            diff "$scratch/values" <(/usr/bin/python3 "$top/tests/integration/page_values.py" "$data/$page.txt" |
                grep -v '^container_last_seen' | LC_ALL=C sort)
    done
}

check_refused() {
    local good="url=\"$url/pages/node\""
    check "no URL" is_refused 64 "the attribute url is missing" ''
    check "no good one" is_refused 64 "vnfault: t: 'ftp://x/' is not a URL of http" 'url="ftp://x/"'
    check "an attribute that isn't there" is_refused 64 "labls.*|did you mean 'labels'" "$good labls=\"a=b\""
    check "no condition" is_refused 64 "'pod:x' is not a condition on a label" "$good labels=\"pod:x\""
    check "no timeout" is_refused 64 '"5" has no unit' "$good timeout=\"5\""
    check "a long one" is_refused 64 'a timeout is from 1ms to 10min, not 1h' "$good timeout=\"1h\""
    check "no authority" is_refused 64 "vnfault: t: can't read /none" "$good ca-file=\"/none\""
    check "a token over plain HTTP" is_refused 64 'only sent over https' "$good token-file=\"$scratch/token\""
    check "no such page" is_refused 4 "vnfault: t: $url/unavailable answers with status 503" "url=\"$url/unavailable\""
    check "nobody listens" is_refused 4 "vnfault: t: can't connect to http://127.0.0.1:1/: Connection refused" 'url="http://127.0.0.1:1/"'
}

check_secrets() {
    echo good-token >"$scratch/token"
    echo bad-token >"$scratch/other"
    echo 'pass word' >"$scratch/password"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=me -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$scratch/key" -out "$scratch/certificate" 2>/dev/null
    serve "$scratch/certificate" "$scratch/key" "$scratch/certificate"
    local page="url=\"https://127.0.0.1:$port/guarded\" ca-file=\"certificate\" certificate=\"certificate\" key=\"key\""
    testbed tls token "$page token-file=\"token\"" user "$page user=\"me\" password-file=\"$scratch/password\"" \
        other "$page token-file=\"~/other\""
    check "a token, over TLS with a certificate on both sides" prints '^token up 1$' once tls token
    check "a user and a password" prints '^user up 1$' once tls user
    check "a token that is refused" prints "answers with status 401" exits_with 4 once tls other
    check "and is not shown" fails_to_show bad-token
}
fails_to_show() { ! once tls other 2>&1 | grep "$1"; }

# In a network namespace network, netstat, sockstat and uname are the host's own.
check_node_exporter() {
    local network=vnfault-node-$$
    if [ "$(id -u)" != 0 ] || ! command -v prometheus-node-exporter >/dev/null; then
        skip "node_exporter" "needs root and prometheus-node-exporter"
        return
    fi
    ip netns add "$network" && at_exit "ip netns delete $network"
    ip -n "$network" link set lo up
    ip netns exec "$network" prometheus-node-exporter --web.listen-address=127.0.0.1:9100 >"$scratch/node.log" 2>&1 &
    at_exit "kill $!"
    local page=http://127.0.0.1:9100/metrics
    wait_until $! ip netns exec "$network" curl -s -o "$scratch/page" $page
    testbed node node "url=\"$page\" network-namespace=\"$network\""
    # A first scrape makes series of its own handler appear.
    ip netns exec "$network" curl -s -o "$scratch/page" $page
    check "each series of the page is a metric" equals "$(grep -vc '^#' "$scratch/page")" metric_count
    local memory=$(($(awk '/^MemTotal/ { print $2 }' /proc/meminfo) * 1024))
    check "memory is the machine's" prints "^node node_memory_MemTotal_bytes $memory\$" \
        once node node node_memory_MemTotal_bytes
    check "processors count" prints '^node node_cpu_seconds_total\{cpu="0",mode="user"\} counter cpu physical s$' once node node @cpu
    check "a run is recorded of it" env VNFAULT_DATA="$top" "$vnfault" observe -o "$scratch/run" --period 1s --duration 4s "$scratch/node.xml"
    check "its observations are there" prints '^[3-9]$' recorded 'SELECT COUNT(*) FROM observation'
    check "with all the metrics" equals "$(grep -vc '^#' "$scratch/page")" recorded 'SELECT COUNT(*) FROM metric'
}
metric_count() { once node node | grep -vc '^read$'; }
recorded() { sqlite3 "$scratch"/run/*.sqlite "$1" || ls "$scratch/run"; }

mkdir "$PAGES"
serve
check "the example is a good testbed" env VNFAULT_DATA="$top" "$vnfault" check "$top/campaigns/testbeds/exporters.xml"
url=http://127.0.0.1:$port
check_many
check_selection
check_formats
check_values
echo good-token >"$scratch/token"
check_refused
check_secrets
check_node_exporter
finish
