#!/usr/bin/env bash
# The SIPp driver on a lab of its own, over real access: rate and counts, bad scenarios, missing
# tools and subscribers, a service that refuses, SIPp that dies or hangs, a runner that is killed.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

probe=${BUILD:-$top/build}/tests/integration/load_probe
scenario=$top/sipp-scenarios/register-call
export VNFAULT_DATA=$top
lab_up

# drive NAME SECONDS [SCENARIO [SERVICE]]: a load of 40 calls/s; its output in $scratch/NAME*.
drive() {
    mkdir -p "$scratch/$1.logs"
    "$probe" "$testbed" load load "${4:-198.18.0.11:5060}" "${3:-$scenario}" 40 60 "$2" \
        "$scratch/$1.logs" >"$scratch/$1" 2>"$scratch/$1.stderr"
}
# fails_with STATUS PATTERN NAME SECONDS ...: drive ends with the status and says the pattern.
fails_with() {
    local expected=$1 pattern=$2 status=0
    shift 2
    drive "$@" || status=$?
    cat "$scratch/$1.stderr"
    [ "$status" = "$expected" ] || { echo "exit status $status, expected $expected"; return 1; }
    grep -qE -- "$pattern" "$scratch/$1.stderr"
}
sipp_on_load() { on load 'pgrep -x sipp'; }
nothing_left() {
    local left
    left=$(on load 'pgrep -ax "sipp|timeout|tail"; ls -d /run/vnfault/load-* 2>/dev/null')
    [ -z "$left" ] || { echo "left on the load host: $left"; return 1; }
}
# Waits until the probe NAME has printed a sample; false if its process, PID, ends before.
wait_for_sample() { # NAME PID
    wait_until "$2" grep -qs '^sample' "$scratch/$1" || { cat "$scratch/$1.stderr"; return 1; }
}
# sum NAME WORD: the sum over the samples of the number behind the word.
sum() { awk -v word="$2" '{ for (i = 1; i < NF; i++) if ($i == word) n += $(i + 1) } END { print n + 0 }' "$scratch/$1"; }
# total LOGS COLUMN INSTANT: the sum since the start in that row of SIPp's own that ended then.
total() {
    awk -F ';' -v column="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { split($at["CurrentTime"], time, "\t"); apart = time[3] < last ? last - time[3] : time[3] - last
          if (nearest == "" || apart < nearest) { nearest = apart; value = $at[column] } }
        END { print value }' last="$3" "$1/sipp-caller-1.csv"
}
counts_agree() {
    local last word column
    last=$(awk '/^sample/ { last = $3 } END { print last }' "$scratch/good")
    for word in created:TotalCallCreated succeeded:'SuccessfulCall(C)' failed:'FailedCall(C)'; do
        column=${word#*:}
        [ "$(sum good "${word%%:*}")" = "$(total "$scratch/good.logs" "$column" "$last")" ] ||
            { echo "${word%%:*}: $(sum good "${word%%:*}") samples, SIPp $(total "$scratch/good.logs" "$column" "$last")"; return 1; }
    done
}
rate_reached() {
    awk '/^sample/ { created += $7; covered += $3 - $2 } END { print created / covered
        exit !(created / covered > 38 && created / covered < 42) }' "$scratch/good"
}
windows_follow() {
    awk '/^sample/ { if (n++ && $2 != end) exit 1; if ($3 <= $2) exit 1; end = $3 } END { exit !(n >= 3) }' \
        "$scratch/good"
}

# --- a good load ---
check "a load runs and ends" drive good 6
check "SIPp's version is known" grep -q '^version SIPp v3\.' "$scratch/good"
check "the rate is reached" rate_reached
check "windows follow each other" windows_follow
check "counts equal SIPp's own" counts_agree
check "each transaction has a response time" grep -qE 'register .* invite .* update .* bye .* call' "$scratch/good"
check "statistics are kept" test -s "$scratch/good.logs/sipp-caller-1.csv"
check "nothing is left after it" nothing_left
check "no password is in its output or logs" \
    sh -c "! grep -rqE 'password=|Authorization' '$scratch/good' '$scratch/good.stderr' '$scratch/good.logs'"

# --- bad scenarios ---
broken=$scratch/broken-scenario
cp -r "$scenario" "$broken"
rm "$broken/caller.xml"
check "a missing scenario file is named" fails_with 64 'caller\.xml' broken 2 "$broken"
sed 's|</scenario>||' "$scenario/caller.xml" >"$broken/caller.xml"
check "a malformed scenario is named with its line" fails_with 64 'caller\.xml:[0-9]+' broken 2 "$broken"
echo '<call/>' >"$broken/caller.xml"
check "a file that is no scenario is named" fails_with 64 '<call>, not <scenario>' broken 2 "$broken"
echo '<scenario name="x"><shout/></scenario>' >"$broken/caller.xml"
check "a scenario that SIPp refuses is named" fails_with 64 "caller.xml" broken 2 "$broken"
check "nothing is left after them" nothing_left

# With a digit more in the process number every message would be longer, which a detector sees.
check "no message tells the process number" exits_with 1 grep -rE --include='*.xml' '\[(pid|branch)\]' "$top/sipp-scenarios"

# --- a registrar that is busy ---
# Both sides on the load host, without the lab's IMS.
register_at_busy_one() { # ANSWER to the second try
    sed "s/200 OK/$1/" "$top/tests/e2e/data/busy-registrar.xml" | on load 'cat >/tmp/busy-registrar.xml'
    on load "sed -n 1,2p /srv/subscribers.csv >/tmp/one.csv
        cd /tmp; sipp -sf busy-registrar.xml -i 198.18.0.20 -p 5099 -m 1 -nostdin >/dev/null 2>&1 &
        until ss -Hlun sport = :5099 | grep -q .; do kill -0 \$! || exit 9; sleep 0.1; done
        sipp -sf register.xml -inf one.csv -i 198.18.0.20 -p 5080 -m 1 -nostdin -key domain ims.test -key start 00000001 198.18.0.20:5099 2>&1
        status=\$?; kill \$!; wait; exit \$status"
}
on load 'cat >/tmp/register.xml' <"$scenario/register.xml"
check "a registrar that is busy once is asked again" exits_with 0 register_at_busy_one "200 OK"
check "and not for ever" exits_with 1 register_at_busy_one "503 Service Unavailable"

# --- what the load host lacks ---
on load mv /srv/subscribers.csv /srv/kept.csv
check "missing subscribers are named" fails_with 64 '/srv/subscribers\.csv' lacking 2
on load 'printf "SEQUENTIAL\n1;[authentication username=1 password=secret]\n" >/srv/subscribers.csv'
check "too few subscribers are counted" fails_with 64 'has 1 subscribers, not 60' lacking 2
on load 'printf "SEQUENTIAL\n1;password secret\n" >/srv/subscribers.csv'
check "a bad line is named, not quoted" fails_with 64 'csv:2: not NUMBER' lacking 2
check "its password is not shown" sh -c "! grep -q secret '$scratch/lacking.stderr'"
on load 'sed "s/password=[^]]*/password=wrong/" /srv/kept.csv >/srv/subscribers.csv'
check "the answer of a service that refuses is quoted" \
    fails_with 2 '0 of 30 registrations succeeded; the last failure: SIP/2.0 401' refused 2
check "nothing is left after it" nothing_left
on load mv /srv/kept.csv /srv/subscribers.csv
on load ': >/run/empty; mount --bind /run/empty /usr/bin/sipp'
check "a missing SIPp is named" fails_with 4 'sipp is not installed' lacking 2
on load umount /usr/bin/sipp

# --- SIPp dies, hangs; the runner dies ---
drive killed 60 &
wait_for_sample killed $!
on load "pkill -KILL -f '^sipp .*caller.xml'"
wait $!
check "a SIPp that dies is inconclusive" equals 2 echo $?
check "a killed SIPp is named" grep -q 'SIPp (caller) was ended by signal 9' "$scratch/killed.stderr"
drive deaf 60 &
wait_for_sample deaf $!
on load "pkill -KILL -f '^sipp .*callee.xml'"
wait $!
check "a killed callee is named" grep -q 'SIPp (callee) was ended by signal 9' "$scratch/deaf.stderr"
drive hanging 60 &
wait_for_sample hanging $!
on load "pkill -STOP -f '^sipp .*caller.xml'"
wait $!
check "a hanging SIPp is named" grep -q 'SIPp (caller) hangs' "$scratch/hanging.stderr"
drive cut 60 &
wait_for_sample cut $!
on load "pkill -KILL -f '^sshd: root'" 2>/dev/null
wait $!
check "a lost connection ends the load" equals 4 echo $?
check "nothing is left after them" nothing_left

drive orphan 60 &
wait_for_sample orphan $!
check "SIPp runs before the runner dies" sipp_on_load
pkill -KILL -P $! -x load_probe
wait $! 2>/dev/null
until ! sipp_on_load >/dev/null; do sleep 0.2; done
check "SIPp ends when the runner is killed" exits_with 1 sipp_on_load
check "heal removes what its load left" prints 'removed what the load [0-9a-z]+-caller left' "$vnfault" heal "$testbed"
check "nothing is left after heal" nothing_left

finish
