#!/usr/bin/env bash
# The Prometheus server collector: hostile answers, many targets of one server, and a real Prometheus that
# reads a real node_exporter.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../readings.sh"
collector=prometheus-server

observe() { # TESTBED RUN OPTION ...
    env HOME="$scratch" VNFAULT_DATA="$top" timeout 300 "$vnfault" observe "$scratch/$1.xml" -o "$scratch/$2" "${@:3}"
}
recorded() { sqlite3 -readonly "$scratch/$1/run.sqlite" "$2"; }
read_until() { # PATTERN: readings until one matches, or the probe has ended
    until grep -qE "$1" "$scratch/reading"; do
        kill -0 "$probing" 2>/dev/null || return
        reading
    done
}

# page NAME RESULT: what a query is answered. `fixed_page` writes instants as they are now.
fixed_page() { page "$1" "$(perl -MTime::HiRes=time -pe 's/@(-?[\d.]+)@/sprintf "%.3f", time + $1/ge' <<<"$2")"; }
page() { printf '{"status":"success","data":{"resultType":"matrix","result":[%s]}}' "$2" >"$PAGES/$1"; }
# series LABELS SAMPLE ...: '3 7' is the value 7 three seconds ago.
series() {
    local samples=() sample
    for sample in "${@:2}"; do samples+=("[@-${sample% *}@,\"${sample#* }\"]"); done
    local IFS=,
    printf '{"metric":{%s},"values":[%s]}' "$1" "${samples[*]}"
}
labelled() { printf '"__name__":"%s","job":"node","instance":"%s"' "$1" "$2"; }

check_answers() {
    local manner one='labels="instance=t"' good
    good=$(series "$(labelled load t)" '2 7')
    testbed one t "url=\"$url/prometheus/one\" timeout=\"3s\" $one"
    for manner in hang garbage unavailable redirect word; do
        echo "!$manner" >"$PAGES/one"
        check "$manner: the source is not there" prints '^vnfault: t: ' exits_with 4 once one t
    done
    page one "$good"
    begin one t
    for manner in hang slow endless bomb cut closing garbage headers_without_end unavailable redirect word; do
        echo "!$manner" >"$PAGES/one"
        reading
        check "$manner: a reading is missed" gave '^t missed: '
    done
    page one "$good"
    reading
    check "and what is good is read again" gave '^t load\{job="node"\} 7$'
    while IFS='|' read -r name pattern answer; do
        echo "$answer" >"$PAGES/one"
        reading
        check "$name" gave "^t missed: .*$pattern"
    done <<'END'
half an answer|malformed|{"status":"success","data":{"resultType":"matrix","result":[
no object|says|{"status":"error","errorType":"internal","error":"says no"}
no status|status 200|{"data":[]}
no data|no data|{"status":"success"}
data of another type|no list of series|{"status":"success","data":7}
a series of another type|without labels|{"status":"success","data":{"result":[7]}}
a label of another type|no string|{"status":"success","data":{"result":[{"metric":{"__name__":1},"values":[]}]}}
a series without a name|without a name|{"status":"success","data":{"result":[{"metric":{"instance":"t"},"values":[]}]}}
values of another type|no list|{"status":"success","data":{"result":[{"metric":{"__name__":"a"},"values":{}}]}}
a sample of another type|samples of|{"status":"success","data":{"result":[{"metric":{"__name__":"a"},"values":[7]}]}}
a value that is no string|samples of|{"status":"success","data":{"result":[{"metric":{"__name__":"a"},"values":[[@0@,7]]}]}}
a value that is no number|samples of|{"status":"success","data":{"result":[{"metric":{"__name__":"a"},"values":[[@0@,"x"]]}]}}
an instant beyond all|samples of|{"status":"success","data":{"result":[{"metric":{"__name__":"a"},"values":[[1e300,"1"]]}]}}
instants that go back|samples of|{"status":"success","data":{"result":[{"metric":{"__name__":"a"},"values":[[@-1@,"1"],[@-2@,"1"]]}]}}
END
    python3 -c 'print("[" * 1000000)' >"$PAGES/one"
    reading
    check "a million brackets" gave '^t missed: .*malformed'
    printf '{"status":"success","data":\xff}' >"$PAGES/one"
    reading
    check "bytes that are no text" gave '^t missed: '
    page one "$(series "$(labelled load t)" '1 8'),$(series "$(labelled load t),\"pod\":\"b\"" '1 9')"
    reading
    check "other series are told" gave '^t changed$'
    end
    echo '!bad_data' >"$PAGES/one"
    check "what the server can't make sense of is a bad file" is_refused 64 'says: parse error: \?\[31mno\?$' \
        "url=\"$url/prometheus/one\" labels=\"a=x\""
}

check_readings() {
    fixed_page one "$(series "$(labelled load t)" '7 1' '2 2'),$(series "$(labelled other t)" '7 5' '2 6')"
    begin one t
    check "the newest is given first" equals $'t load{job="node"} 2\nt other{job="node"} 6' cat "$scratch/reading"
    reading
    check "what is not new is given as what was last" equals $'t load{job="node"} 2\nt other{job="node"} 6' cat "$scratch/reading"
    fixed_page one "$(series "$(labelled load t)" '3 2' '0.1 3'),$(series "$(labelled other t)" '3 6')"
    read_until 'nan|missed'
    check "a series that ended is not known" equals $'t load{job="node"} 3\nt other{job="node"} nan' cat "$scratch/reading"
    page one ''
    read_until 'newest sample'
    check "and when nothing comes any more it is missed" gave "^t missed: the server's newest sample of it is [0-9]+\.[0-9] s old"
    end
    page one "$(series "$(labelled load t),\"pod\":\"a\"" '3 1'),$(series "$(labelled load t),\"pod\":\"b\"" '3 2')"
    testbed two t "url=\"$url/prometheus/one\" labels=\"job=node, instance=t, pod=~.*\""
    check "two series of one name at once are refused" prints 't missed: .*several series of one name: load$' once two t
    page one "$(series "$(labelled load t),\"pod\":\"a\"" '3 1'),$(series "$(labelled load t),\"pod\":\"b\"" '2 2')"
    check "one after the other they are one metric" equals $'t load 2\nread' once two t
}

check_many() {
    local targets=() names=a0 all='' i
    for ((i = 0; i < 40; i++)); do
        targets+=("a$i" "url=\"$url/prometheus/many\" labels=\"job=node, instance=10.0.0.$i:9100\"")
        names+=${names:+,a$i}
        all+=${all:+,}$(series "$(labelled load "10.0.0.$i:9100")" "1 $i")
    done
    names=${names#a0,}
    testbed many "${targets[@]}"
    page many "$all"
    : >"$PAGES.log"
    once many "$names" >"$scratch/values"
    check "40 targets are read" equals 40 grep -c ' load ' "$scratch/values"
    check "each has its own value" grep -qx 'a37 load 37' "$scratch/values"
    check "by two queries a reading" equals 2 grep -c '^many query {.*}\[' "$PAGES.log"
    check "their labels are quoted" grep -qF 'instance=~"10\\.0\\.0\\.0:9100|10' "$PAGES.log"
}

check_refused() {
    local good="url=\"$url/prometheus/one\"" label='labels="a=b"'
    page one "$(series "$(labelled load t)" '2 7')"
    check "no URL" is_refused 64 "the attribute url is missing" "collector=\"prometheus-server\" $label"
    check "a URL with a query" is_refused 64 "has no query" "url=\"$url/x?y\" $label"
    check "no labels" is_refused 64 "does not say which series" "$good"
    check "labels that hold for all" is_refused 64 "does not say which series" "$good labels=\"a=~.*, b!=c\""
    check "no such time to read" is_refused 64 "read is live or afterwards, not 'later'" "$good $label read=\"later\""
    check "a token over plain HTTP" is_refused 64 'only sent over https' "$good $label token-file=\"$scratch/token\""
    check "no server there" is_refused 4 "can't connect to http://127.0.0.1:1/" "url=\"http://127.0.0.1:1\" $label"
    page one ''
    check "no series" is_refused 4 "vnfault: t: the server has no series now that 'labels' selects" "$good $label"
    page one "$(series "$(labelled load t)" '2 7')"
    testbed cgroup t "collector=\"proc\""
    check "a source that keeps nothing has no past" prints 'keeps nothing of the past' exits_with 64 \
        observe cgroup none --from 10s
    check "a past that is to come" prints 'is no time in the past' exits_with 64 observe one none --from 2030-01-01T00:00:00Z
    check "no instant" prints "'yesterday' is no instant" exits_with 64 observe one none --from yesterday
}

check_secrets() {
    echo good-token >"$scratch/token"
    echo bad-token >"$scratch/other"
    page guarded "$(series "$(labelled load t)" '2 7')"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=me -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$scratch/key" -out "$scratch/certificate" 2>/dev/null
    openssl req -new -key "$scratch/key" -subj /CN=me -out "$scratch/request" 2>/dev/null
    openssl x509 -req -in "$scratch/request" -signkey "$scratch/key" -days -1 -out "$scratch/expired" \
        -extfile <(echo subjectAltName=IP:127.0.0.1) 2>/dev/null
    serve "$scratch/certificate" "$scratch/key"
    local server="url=\"https://127.0.0.1:$port/prometheus/guarded\" labels=\"instance=t\" ca-file=\"certificate\""
    testbed tls token "$server token-file=\"token\"" other "$server token-file=\"~/other\""
    check "a token, over TLS" prints '^token load\{job="node"\} 7$' once tls token
    check "a token that is refused" prints "answers with status 401" exits_with 4 once tls other
    check "and is not shown" fails_to_show bad-token
    serve "$scratch/expired" "$scratch/key"
    check "a certificate that has expired" is_refused 4 "certificate has expired" \
        "url=\"https://127.0.0.1:$port/prometheus/guarded\" labels=\"instance=t\" ca-file=\"expired\""
}
fails_to_show() { ! once tls other 2>&1 | grep "$1"; }

# A past that the test says: a sample each second, but for some.
check_past() {
    local samples=() i
    for ((i = 60; i > 0; i--)); do
        [ "$i" -gt 20 ] || [ "$i" -le 10 ] || continue
        samples+=("$i $((100 - i))")
    done
    fixed_page past "$(series "$(labelled calls_total t)" "${samples[@]}")"
    printf '{"status":"success","data":[{%s}]}' "$(labelled calls_total t)" >"$PAGES/past.series"
    printf '{"status":"success","data":{"calls_total":[{"type":"counter","help":"","unit":""}]}}' >"$PAGES/past.metadata"
    testbed past t "url=\"$url/prometheus/past\" labels=\"instance=t\""
    check "what is kept is recorded, with what is missing" prints '49 observations, 10 missing' exits_with 2 \
        observe past past --from 59s --until 1s --period 1s
    check "with its kind" equals 'calls_total{job="node"}|counter' recorded past 'SELECT name, kind FROM metric'
    check "the gap is told" equals 'gap|10 missing, 11.0 s' recorded past 'SELECT kind, detail FROM monitoring_event'
    check "what is after it is invalid" equals 1 recorded past "SELECT count(*) FROM monitoring_event WHERE kind = 'gap'"
    check "at a longer period there are fewer" prints '^1 targets, 1 sources, 1 metrics: 5 observations$' \
        observe past longer --from 58s --until 38s --period 5s
    check "none of that time" prints "0 observations" exits_with 2 observe past before --from 5min --until 4min
    page past.now ''
    echo '!too_much' >"$PAGES/past"
    check "a server that gives less at once is asked for less, and at last missed" exits_with 2 \
        observe past much --from 59s --period 1s
    check "and what it says is kept" prints 'too many samples' recorded much "SELECT detail FROM monitoring_event WHERE kind = 'missed'"
    page past ''
    printf '{"status":"success","data":[]}' >"$PAGES/past.series"
    check "a target that is gone by now need not be there" exits_with 2 observe past gone --from 59s
}

check_real() {
    network=vnfault-prometheus-$$
    if [ "$(id -u)" != 0 ] || ! command -v prometheus prometheus-node-exporter >/dev/null; then
        skip "a real Prometheus" "needs root, prometheus and prometheus-node-exporter"
        return
    fi
    ip netns add "$network" && at_exit "ip netns delete $network"
    ip -n "$network" link set lo up
    begin_exporter
    cat >"$scratch/prometheus.yml" <<'END'
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs: [{job_name: node, static_configs: [{targets: ['127.0.0.1:9100']}]}]
END
    ip netns exec "$network" prometheus --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
        --web.listen-address=127.0.0.1:9090 >"$scratch/prometheus.log" 2>&1 &
    local server=$!
    at_exit "kill $server"
    local attributes="labels=\"job=node, instance=127.0.0.1:9100\" network-namespace=\"$network\""
    testbed real node "url=\"http://127.0.0.1:9090\" $attributes"
    testbed page node "collector=\"prometheus-exporter\" url=\"http://127.0.0.1:9100/metrics\" network-namespace=\"$network\""
    wait_until $server has_data
    check "its metrics are those of the page, of the same kinds, and no others" same_metrics
    check "memory is what the page says" diff <(once page node node_memory_MemTotal_bytes) <(once real node node_memory_MemTotal_bytes)
    check_recording "$attributes"
    begin real node node_load1
    kill "$exporter"
    read_until 'newest sample'
    check "an exporter that is gone is told" gave "node missed: the server's newest sample of it"
    begin_exporter
    : >"$scratch/reading"
    read_until '^node node_load1'
    check "and that it is there again" gave '^node node_load1 '
    end
}
begin_exporter() {
    ip netns exec "$network" prometheus-node-exporter --web.listen-address=127.0.0.1:9100 >"$scratch/node.log" 2>&1 &
    exporter=$!
    at_exit "kill $exporter 2>/dev/null"
}
has_data() { once real node node_load1 2>&1 | grep -q '^node node_load1'; }
kinds_of() { # TESTBED
    once "$1" node @cpu @memory @network @filesystem @process @other | awk 'NF == 6 || NF == 5' | LC_ALL=C sort
}
same_metrics() {
    # A first reading makes series of the exporter's own handler appear.
    kinds_of page >"$scratch/first"
    # An empty label is none to a Prometheus server.
    kinds_of page | sed -E 's/,[a-z_]+=""//g' >"$scratch/of-page"
    kinds_of real >"$scratch/of-server"
    diff "$scratch/of-page" "$scratch/of-server" && [ "$(wc -l <"$scratch/of-page")" -gt 300 ]
}

check_recording() {
    check "it is observed as it comes" prints '^1 targets, 1 sources, [0-9]+ metrics: [1-9] observations' \
        observe real live --period 1s --duration 5s
    testbed later node "url=\"http://127.0.0.1:9090\" $1 read=\"afterwards\""
    check "or afterwards" prints '^1 targets, 1 sources, [0-9]+ metrics: [1-9] observations' \
        observe later later --period 1s --duration 5s
    check "and all of it later on" prints 'metrics: [1-9][0-9]* observations' observe real night --from 5min --period 1s
    check "what came live is in that, to the last bit" equals 1 recorded night "ATTACH '$scratch/live/run.sqlite' AS live;
        SELECT count(*) = (SELECT count(*) FROM live.observation) FROM live.observation WHERE vector IN (SELECT vector FROM main.observation)"
    check "so is what was read afterwards" equals 1 recorded night "ATTACH '$scratch/later/run.sqlite' AS later;
        SELECT count(*) = (SELECT count(*) FROM later.observation) FROM later.observation
        WHERE vector IN (SELECT vector FROM main.observation)"
    check "at the same instants" equals 1 recorded night "ATTACH '$scratch/later/run.sqlite' AS later;
        SELECT max(abs(one.time_ns - other.time_ns)) < 100000000 FROM main.observation AS one
        JOIN later.observation AS other ON other.vector = one.vector"
    check "check --targets says what it gives" prints 'source prometheus-server.* metrics \(.*cpu [0-9]+.*counters.* s old, its clock [+-][0-9.]+ ms from the runner.s, wrong by [0-9.]+ ms at most' \
        env HOME="$scratch" VNFAULT_DATA="$top" timeout 100 "$vnfault" check --targets "$scratch/real.xml"
}

mkdir "$PAGES"
serve
url=http://127.0.0.1:$port
echo good-token >"$scratch/token"
check_answers
check_readings
check_many
check_refused
check_past
check_secrets
check_real
finish
