#!/usr/bin/env bash
# Opening many sources: side by side, with as many open files as that takes, and each named that can't be.
. "$(dirname "$0")/../lib.sh"
export VNFAULT_DATA=$top
export PAGES=$scratch/pages
mkdir "$PAGES"
cp "$top/tests/unit/data/exposition/node-exporter.txt" "$PAGES/node"
printf '!unavailable' >"$PAGES/busy"

python3 "$top/tests/integration/http_server.py" 0 word >"$scratch/port" 2>"$scratch/server.log" &
at_exit "kill $!"
wait_until $! test -s "$scratch/port" || cat "$scratch/server.log"
url=http://127.0.0.1:$(cat "$scratch/port")

testbed() { # NAME TARGETS: what stands in the testbed
    echo "<testbed xmlns=\"urn:vnfault:testbed:1\" name=\"t\">$2</testbed>" >"$scratch/$1.xml"
}
exporter() { # TARGET PAGE
    echo "<target name=\"$1\" address=\"198.18.0.1\"><source collector=\"prometheus-exporter\" timeout=\"100s\" url=\"$url/pages/$2\"/></target>"
}
observe() { # TESTBED [OPTION ...]
    rm -rf "$scratch/run"
    HOME=$scratch "$vnfault" observe "$scratch/$1.xml" -o "$scratch/run" --period 100s --duration 1s "${@:2}"
}
sum() { sqlite3 "$scratch/run/run.sqlite" "$1"; }

pages=
for ((i = 0; i < 300; i++)); do pages+=$(exporter "n$i" "node/$i"); done
testbed many "$pages"
under_soft_limit() { (ulimit -Sn 40 && observe many); }
under_hard_limit() { (ulimit -n 200 && observe many); }

check "300 exporters are opened with a soft limit of 40 files" under_soft_limit
check "each of them gave its observation" equals 300 sum \
    "SELECT count(*) FROM (SELECT 1 FROM observation GROUP BY metric_set_id HAVING count(*) = 1)"
check "a hard limit that is too low is an error that says how much is needed" \
    prints 'connections to 300 exporters need [0-9]+ open files .* the hard limit is 200' exits_with 70 under_hard_limit
check "... and what to do" prints 'ulimit -Hn [0-9]+' under_hard_limit

testbed some "$(exporter good node)$(exporter one busy)$(exporter two busy/2)"
check "an exporter that can't be read is named" prints 'one: .*/pages/busy answers with status 503' exits_with 4 observe some
check "and so is every other one" prints 'two: .*/pages/busy/2 answers with status 503' observe some
check "those that can be are not" exits_with 1 prints 'good' observe some
check "their number is told" prints '2 of 3 sources can.t be opened' observe some
check "one alone is the error itself" prints '^vnfault: .*one: .*status 503' observe some --targets good,one

# It says nothing, and ends all connections when there are ten at once: if they came one after the other, the first
# would end only after the timeout, with another error.
python3 - >"$scratch/silent" <<'END' &
import socket

server = socket.create_server(("127.0.0.1", 0), backlog=32)
print(server.getsockname()[1], flush=True)
while True:
    for peer in [server.accept()[0] for _ in range(10)]:
        peer.close()
END
at_exit "kill $!"
wait_until $! test -s "$scratch/silent"
ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
: >"$scratch/known_hosts"
hosts="<ssh user=\"root\" port=\"$(cat "$scratch/silent")\" key=\"$scratch/key\" known-hosts=\"$scratch/known_hosts\" timeout=\"100s\"/>"
for ((i = 0; i < 10; i++)); do
    hosts+="<target name=\"host$i\" address=\"127.0.0.1\"><source collector=\"proc\"/></target>"
done
testbed hosts "$hosts"
exits_with 4 observe hosts >"$scratch/hosts.log" 2>&1
check "sources on ten hosts are opened at once" exits_with 1 grep 'no answer' "$scratch/hosts.log"
check "each that could not be is named" equals 10 grep -cE '(host[0-9]): ' "$scratch/hosts.log"
check "and told how many there are" grep -q "10 of 10 groups of sources can't be opened" "$scratch/hosts.log"
finish
