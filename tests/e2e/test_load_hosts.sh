#!/usr/bin/env bash
# A load of several load hosts, with SIPp on two hosts of a lab: they share rate and subscribers, what they
# count is summed exactly, one that dies or lags is named, and another rate reaches all of them.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

probe=${BUILD:-$top/build}/tests/integration/load_probe
export VNFAULT_DATA=$top
lab_up
on load cat /srv/subscribers.csv >"$scratch/subscribers.csv"
on homestead 'umask 077; cat >/srv/subscribers.csv' <"$scratch/subscribers.csv"

# drive NAME SECONDS: a load of 40 calls/s; its output in $scratch/NAME*.
drive() {
    mkdir -p "$scratch/$1.logs"
    "$probe" "$testbed" load,homestead load,homestead 198.18.0.11:5060 "$top/sipp-scenarios/register-call" 40 61 "$2" \
        "$scratch/$1.logs" >"$scratch/$1" 2>"$scratch/$1.stderr"
}
from_both() { grep -qs '^sample.* host load$' "$scratch/$1" && grep -qs '^sample.* host homestead$' "$scratch/$1"; }
wait_for_samples() { # NAME PID
    wait_until "$2" from_both "$1" || { cat "$scratch/$1.stderr"; return 1; }
}
nothing_left() {
    local host left
    for host in load homestead; do
        left=$(on $host 'pgrep -ax "sipp|timeout|tail"; ls -d /run/vnfault/load-* 2>/dev/null')
        [ -z "$left" ] || { echo "left on $host: $left"; return 1; }
    done
}
# Injection files of the load that runs: of both hosts together.
files() { # NAME.csv SIDE
    local host
    for host in load homestead; do on $host "sed 1d /run/vnfault/load-*-$2/$1 | cut -d ';' -f 1"; done
}
# sum NAME HOST WORD: the sum over the samples of the number behind the word.
sum() { awk -v host="$2" -v word="$3" '$NF == host { for (i = 1; i < NF; i++) if ($i == word) n += $(i + 1) } END { print n + 0 }' "$scratch/$1"; }
# total LOGS HOST COLUMN INSTANT: the sum since the start in SIPp's own row that ended last before.
total() {
    awk -F ';' -v column="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { split($at["CurrentTime"], time, "\t"); if (time[3] <= last + 0.05) value = $at[column] }
        END { print value }' last="$4" "$1/sipp-caller-$2-1.csv"
}
counts_agree() {
    local host last word
    for host in load homestead; do
        last=$(awk -v host=$host '$NF == host { last = $3 } END { print last }' "$scratch/good")
        for word in created:TotalCallCreated succeeded:'SuccessfulCall(C)' failed:'FailedCall(C)'; do
            [ "$(sum good $host "${word%%:*}")" = "$(total "$scratch/good.logs" $host "${word#*:}" "$last")" ] ||
                { echo "$host: ${word%%:*} $(sum good $host "${word%%:*}"), SIPp $(total "$scratch/good.logs" $host "${word#*:}" "$last")"; return 1; }
        done
    done
}
# Each makes half of the rate.
rate_shared() {
    awk '/^sample/ { created[$NF] += $7; covered[$NF] += $3 - $2; if ($5 != 20) wrong = 1 }
        END { for (host in created) { n++; print host, created[host] / covered[host]
            if (created[host] / covered[host] < 18 || created[host] / covered[host] > 22) wrong = 1 }
        exit n != 2 || wrong }' "$scratch/good"
}
windows_follow() {
    awk '/^sample/ { if ($NF in end && $2 != end[$NF] || $3 <= $2) exit 1; end[$NF] = $3 }' "$scratch/good"
}

check "a load of two hosts runs and ends" drive good 10
check "the rate is shared" rate_shared
check "windows of each host follow each other" windows_follow
check "counts equal SIPp's own, on each host" counts_agree
check "statistics are kept for each side of each host" eval \
    'test -s $scratch/good.logs/sipp-caller-load-1.csv && test -s $scratch/good.logs/sipp-caller-homestead-1.csv'
check "nothing is left" nothing_left

# --- one of them ---
drive killed 120 &
wait_for_samples killed $!
check "all subscribers of a side are shared out, each to one host" equals "30 30" \
    eval 'echo $(files callers.csv caller | wc -l) $(files callers.csv caller | sort -u | wc -l)'
check "on the side that is called too" equals "30 30" \
    eval 'echo $(files callees.csv callee | wc -l) $(files callees.csv callee | sort -u | wc -l)'
on homestead "pkill -KILL -f '^sipp .*caller.xml'"
wait $!
check "one that dies ends the load" equals 2 echo $?
check "and is named" grep -q 'homestead.*SIPp (caller) was ended by signal 9' "$scratch/killed.stderr"
drive deaf 60 &
wait_for_samples deaf $!
on homestead "pkill -KILL -f '^sipp .*callee.xml'"
wait $!
check "so is one that is called" grep -q 'homestead.*SIPp (callee) was ended by signal 9' "$scratch/deaf.stderr"
drive lagging 60 &
wait_for_samples lagging $!
on homestead "pkill -STOP -f '^sipp .*caller.xml'"
wait $!
check "so is one that hangs" grep -q 'homestead.*SIPp (caller) hangs' "$scratch/lagging.stderr"
drive cut 60 &
wait_for_samples cut $!
on homestead "pkill -KILL -f '^sshd: root'" 2>/dev/null
wait $!
check "a lost connection to one ends the load" equals 4 echo $?
check "nothing is left after them" nothing_left

# --- a run ---
# homestead as a load host in place of a target.
edited_testbed two '/<target name="homestead"/,/<\/target>/d; s|(<load-host name="load".*)|\1<load-host name="load2" address="198.18.1.13"/>|' >/dev/null
two=$scratch/two-testbed.xml
run=$scratch/run
# Who is called is another host's now: that it is there is forgotten.
"$vnfault" lab reboot --name "$lab" sprout >/dev/null
only_overload() { # CALLERS [SED-SCRIPT]
    sed -E "s|\.\./\.\./\.\./|$top/|; /<fault type=\"message-drop\"/,/<\/fault>/d; /<intensity/d
        s|<profile.*|<intensity name=\"one\" value=\"150%\"/>|; s|caller=\"load\" callee=\"load\"|caller=\"$1\" callee=\"$1\"|; ${2:-}" \
        "$top/tests/e2e/data/load-faults.xml" >"$scratch/two.xml"
    echo "$scratch/two.xml"
}
campaign=$(only_overload "load load2")
check "a campaign with two load hosts runs" exits_with 0 "$vnfault" run "$campaign" --testbed "$two" -o "$run"
check "both have samples" equals "load|load2" query "$run" \
    "SELECT group_concat(load_host, '|') FROM (SELECT DISTINCT load_host FROM service_sample ORDER BY 1)"
check "each goes by half of each rate" equals "10.0,15.0|10.0,15.0" query "$run" \
    "SELECT group_concat(rates, '|') FROM (SELECT min(offered_rate) || ',' || max(offered_rate) AS rates FROM service_sample GROUP BY load_host)"
check "together they reach the level" equals 1 query "$run" "SELECT abs(achieved - 150) < 10 AND NOT phantom FROM injection"
reported() { # the rate before the fault is that of both
    "$vnfault" report "$run" --no-evaluation --json >"$scratch/report.json" || return
    python3 - "$scratch/report.json" <<'END'
import json, sys
def rates(node):
    if isinstance(node, dict):
        if "offered_rate" in node: yield node["offered_rate"]
        for value in node.values(): yield from rates(value)
    elif isinstance(node, list):
        for value in node: yield from rates(value)
found = [rate for rate in rates(json.load(open(sys.argv[1]))) if rate]
print(found)
sys.exit(not found or min(found) < 15)
END
}
check "the report sums them up" reported
check "message-drop needs one caller" prints "message-drop can't be in a load of several load hosts" "$vnfault" check \
    "$(sed -E "s|\.\./\.\./\.\./|$top/|; s|caller=\"load\"|caller=\"load load2\"|" "$top/tests/e2e/data/load-faults.xml" >"$scratch/drop.xml"; echo "$scratch/drop.xml")" --testbed "$two"
check "a load host is named once" prints 'the load host "load" is there already' "$vnfault" check "$(only_overload "load load")" --testbed "$two"
check "and known" prints 'load3' "$vnfault" check "$(only_overload "load load3")" --testbed "$two"
finish
