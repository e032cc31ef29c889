#!/usr/bin/env bash
# The vSphere collector on a vCenter simulator: what it reads is what the server has, each sample once
# and at its time; VMs that move, change, stop and go; and a server that ends sessions, refuses,
# tears answers off, or sends what no server should.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/vcenter.sh"
check "the example is a good testbed" prints ': ok: testbed clearwater-vsphere, 4 targets' \
    env VNFAULT_DATA="$top" "$vnfault" check "$top/campaigns/testbeds/clearwater-vsphere.xml"
make_certificates
# 2 is cpu.usage.average.
mkdir "$scratch/values"
printf '2\t\ttime\n12\t0\t-1\n12\t\t77\n' >"$scratch/values/sprout.tsv"
vcenter_up -interval 1 -values "$scratch/values" || { echo "not ok 1 - a vCenter is there"; exit 1; }
mapfile -t here < <(source_here timeout=10min | tr ' ' '\n')

# --- what is read
opens() { probe_up "${here[@]}" -- "$@" || { cat "$scratch/said" "$scratch/probe.log"; return 1; }; }
check "VMs are found by name and by inventory path" opens bono /DC0/vm/sprout DC0/vm/homestead
ask "metrics 0" >"$scratch/metrics"
check "a VM has as many metrics as the hypervisor has figures" test "$(wc -l <"$scratch/metrics")" -ge 130
check "a rate is a gauge of its group, with its unit" \
    grep -qx "metric cpu.usage.average gauge cpu virtual '0.01%'" "$scratch/metrics"
check "a sum over an interval is a gauge, by processor" \
    grep -qx "metric cpu.ready.summation.0 gauge cpu virtual 'ms'" "$scratch/metrics"
check "memory is memory" grep -qx "metric mem.active.average gauge memory virtual 'kB'" "$scratch/metrics"
check "net is network" grep -qE "^metric net.bytesRx.average(\.[0-9]+)? gauge network virtual 'kB/s'" "$scratch/metrics"
check "virtual disks are filesystem" grep -qE "^metric virtualDisk\..* gauge filesystem virtual" "$scratch/metrics"
check "what is none of these is other" grep -qx "metric sys.uptime.latest gauge other virtual 's'" "$scratch/metrics"
check "no name is there twice" test -z "$(awk '{ print $2 }' "$scratch/metrics" | sort | uniq -d)"

# Reads until every source has given samples, at least so many.
samples() { # SOURCE COUNT
    until [ "$(grep -c "^sample $1 " "$scratch/samples")" -ge "$2" ]; do
        ask read >>"$scratch/samples" || return 1
        sleep 0.1
    done
}
: >"$scratch/samples"
samples 1 5
times() { awk -v source="$1" '$1 == "sample" && $2 == source' "$scratch/samples"; }
steady() { # each sample a second after the one before, at its instant, none twice
    times "$1" | awk '{ if (NR > 1 && ($3 - last < 0.9e9 || $3 - last > 1.1e9)) exit 1
                        last = $3 }'
}
check "each sample comes once, in order, none left out" steady 1
check "sources of one vCenter are read together" steady 0
# The value is the number of its interval, here its time in seconds.
check "a value belongs to its instant" awk '$1 == "sample" && $2 == 1 {
    off = $3 / 1e9 - $7; if (off < 0) off = -off; if (off > 0.001 + $4 / 1e9) exit 1 }' "$scratch/samples"
check "an instant is known to within a fraction of a second" awk '$1 == "sample" && ($4 <= 0 || $4 > 0.5e9) { exit 1 }' "$scratch/samples"
check "nothing is missed" test -z "$(grep -E '^(missed|changed|error)' "$scratch/samples")"
check "all values are known" awk '$1 == "sample" && $2 != 1 && $5 != $6 { exit 1 }' "$scratch/samples"
check "a value that the server hasn't is unknown" awk '$1 == "sample" && $2 == 1 && $5 != $6 - 1 { exit 1 }' "$scratch/samples"

cat >"$scratch/testbed.xml" <<END
<testbed xmlns="urn:vnfault:testbed:1" name="t">
  <target name="sprout" address="198.18.0.1">
    <source collector="vsphere" url="$url" user="vnfault@vsphere.local" password-file="password" ca-file="certificate.pem"/>
  </target>
</testbed>
END
check "check --targets says how old they are, and by whose clock" \
    prints 'source vsphere +ok .* s old, its clock [+-][0-9.]+ ms from the runner.s, wrong by [0-9.]+ ms at most' \
    env HOME="$scratch" VNFAULT_DATA="$top" timeout 100 "$vnfault" check --targets "$scratch/testbed.xml"

# --- what is slept through comes later
sleep 3
: >"$scratch/samples"
ask read >>"$scratch/samples"
check "samples of the time in between are given, oldest first" test "$(times 1 | wc -l)" -ge 3
check "of these none is left out" steady 1

# --- VMs that change
last_of() { grep "^$1 $2" "$scratch/samples" | tail -n 1; }
until_said() { # PATTERN: reads until it says so
    : >"$scratch/samples"
    until grep -qE "$1" "$scratch/samples"; do
        ask read >>"$scratch/samples" || return 1
        sleep 0.1
    done
}
tell move vm=bono
check "a VM that moved goes on" until_said '^sample 0 '
tell rename vm=bono to=bono-2
check "a VM that was renamed goes on" until_said '^sample 0 '
check "neither was missed" test -z "$(grep -E '^missed' "$scratch/samples")"
before=$(ask "metrics 0" | wc -l)
tell processors vm=bono-2 to=4
check "a VM with more processors has other metrics" until_said '^changed 0 '
check "which are more" test "$(ask "metrics 0" | wc -l)" -gt "$before"
check "and are read" until_said '^sample 0 '
check "all of them" test "$(last_of sample 0 | awk '{ print $5 == $6 }')" = 1
check "a VM asked for again stays as it is" test -z "$(ask "reopen 0")"
tell off vm=homestead
check "a VM that is off is missed, and named" until_said "^missed 2 VM 'DC0/vm/homestead' is powered off \(target-2\)"
check "the others go on" until_said '^sample 1 '
check "it can't be opened again" prints '^error 2 .*powered off' ask "reopen 2"
tell on vm=homestead
check "once it is on it is read again" until_said '^sample 2 '
tell remove vm=homestead
check "a VM that is gone is missed" until_said '^missed 2 '
check "then it is not found" prints "^missed 2 there is no VM 'DC0/vm/homestead'" ask read
check "the others go on without it" until_said '^sample 1 '
: >"$log"
tell rename vm=unused-3 to=homestead
check "a VM made anew under its name is read" until_said '^sample 2 '

# --- a server that misbehaves
tell expire
check "a session that the server ended is begun anew" until_said '^sample 1 '
check "without a miss" test -z "$(grep '^missed' "$scratch/samples")"
misses() { # HOW METHOD PATTERN: that is what is missed, in all sources, and then it goes on
    tell behave "method=$2" "how=$1" times=1 || return 1
    ask read >"$scratch/missed" || return 1
    [ "$(grep -cE "^missed [012] .*$3" "$scratch/missed")" = 3 ] || { cat "$scratch/missed"; return 1; }
    until_said '^sample 1 '
}
check "an answer cut off is missed" misses truncated CurrentTime "CurrentTime|closed|transfer"
check "an answer that ends too early is missed" misses torn CurrentTime 'not SOAP'
check "a page for people is missed" misses html CurrentTime 'root element is <html>'
check "an empty answer is missed" misses empty CurrentTime 'it is empty'
check "another's answer is missed" misses other CurrentTime 'not one to CurrentTime'
check "bytes of no encoding are missed" misses charset RetrievePropertiesEx 'not SOAP'
check "a bomb of entities is missed" misses bomb CurrentTime 'a DOCTYPE is not allowed'
check "elements without end are missed" misses deep CurrentTime 'nested too deeply'
check "an answer without end is missed" misses huge CurrentTime 'bytes|large|more than'
check "a server that is busy is missed" misses busy CurrentTime 'HTTP status 503'
tell behave method=RetrievePropertiesEx "how=fault HostCommunication" times=-1
check "a fault is told with its text" until_said '^missed 1 .*HostCommunication: A specified thing was not correct <as told>'
check "after a call for all, for halves and for each" test "$(tail -n 6 "$log" | grep -c '^RetrievePropertiesEx')" = 5
tell behave method=RetrievePropertiesEx how= times=0
check "and is over when the server says so" until_said '^sample 1 '
# The first call for all at once is refused, then those for each by itself are not.
tell behave method=QueryPerf "how=fault InvalidArgument" times=1
check "a call that is refused is split" until_said '^sample 1 '
check "and nothing is missed" test -z "$(grep '^missed' "$scratch/samples")"
tell behave method=QueryPerf "how=fault NoPermission" times=-1
check "what the user may not do is told, with a hint" until_said '^missed 1 .*NoPermission.*Read-only'
tell behave method=QueryPerf how= times=0
check "and read once it is allowed" until_said '^sample 1 '
# Its own timeout is of ten minutes.
tell behave method=QueryPerf how=silent times=1
ask "read 500" >>"$scratch/samples"
check "a server that is silent is waited for until the deadline" grep -q '^missed 1 ' "$scratch/samples"
check "and then asked again" until_said '^sample 1 '
check "no error and no log holds the password" test -z "$(grep -rF 'ss wörd' "$scratch"/{said,samples,missed,probe.log,vcenter.log})"
probe_down
check "the session is ended" grep -q '^Logout' "$log"

# --- what can't be opened
refused() { # STATUS PATTERN ATTRIBUTE ... -- VM ...: ends so and says so
    local status=$1 pattern=$2
    shift 2
    "$probe" "$watched" "$@" </dev/null >"$scratch/said" 2>>"$scratch/probe.log"
    [ $? = "$status" ] && grep -qE "$pattern" "$scratch/said" && ! grep -qF 'ss wörd' "$scratch/said" ||
        { cat "$scratch/said"; return 1; }
}
check "a VM that isn't there" refused 4 "target-0: there is no VM 'nobody'" "${here[@]}" -- nobody
tell double vm=homestead to=sprout
check "a name that two VMs bear" refused 64 "2 VMs are called 'sprout'" "${here[@]}" -- sprout
check "a path that is no VM's" refused 4 'there is no VM' "${here[@]}" -- DC0/vm
printf 'wrong\n' >"$scratch/wrong"
: >"$log"
check "a wrong password" refused 4 'user name or password is wrong' "${here[@]:0:2}" "password-file=$scratch/wrong" "${here[3]}" -- bono-2
check "is tried once" test "$(grep -c '^Login' "$log")" = 1
check "a password that isn't there" refused 64 'nothing' "${here[@]:0:2}" "password-file=$scratch/nothing" "${here[3]}" -- bono-2
check "a server that isn't trusted" refused 4 'certificate' "${here[@]:0:3}" -- bono-2
check "a server that isn't there" refused 4 'onnect' "url=https://127.0.0.1:1/sdk" "${here[@]:1}" -- bono-2
check "a URL without encryption" refused 64 'not an https' "url=http://127.0.0.1/sdk" "${here[@]:1}" -- bono-2
check "an attribute that is missing" refused 64 'attribute url is missing' "${here[@]:1}" -- bono-2
check "a timeout without unit" refused 64 'timeout' "${here[@]:0:4}" timeout=5 -- bono-2
vcenter_down

# --- a server as the simulator is by itself
vcenter_up -interval 1 -newest-first -zeros-left-out -values "$scratch/values"
mapfile -t here < <(source_here | tr ' ' '\n')
opens sprout
: >"$scratch/samples"
samples 0 3
sleep 2
samples 0 6
check "samples that come newest first are put in order" steady 0
check "and keep their values" awk '$1 == "sample" { off = $3 / 1e9 - $7; if (off < 0) off = -off
    if (off > 0.001 + $4 / 1e9) exit 1 }' "$scratch/samples"
check "series that are too short are unknown" awk '$1 == "sample" && $5 >= $6 - 1 { exit 1 }' "$scratch/samples"
probe_down
vcenter_down

# --- a whole recording, by a testbed that names its files relative to itself
vcenter_up -interval 1 -values "$scratch/values"
cat >"$scratch/testbed.xml" <<END
<testbed name="vms" xmlns="urn:vnfault:testbed:1">
  <target name="bono" address="192.0.2.11">
    <source collector="vsphere" url="$url" user="vnfault@vsphere.local" password-file="password" ca-file="certificate.pem"/>
  </target>
  <target name="scscf" address="192.0.2.12">
    <source collector="vsphere" url="$url" user="vnfault@vsphere.local" password-file="password" ca-file="certificate.pem"
            vm="DC0/vm/sprout"/>
  </target>
</testbed>
END
database=$scratch/run/run.sqlite
query() { sqlite3 "$database" "$1"; }
check "two VMs are observed" env VNFAULT_DATA="$top" "$vnfault" observe -o "$scratch/run" --period 1s --duration 8s "$scratch/testbed.xml"
check "both have an observation of each sample" test "$(query "SELECT count(*) FROM (SELECT metric_set_id FROM observation
    GROUP BY metric_set_id HAVING count(*) >= 5)")" = 2
check "none is missed, twice or out of order" equals '' \
    query "SELECT DISTINCT kind FROM monitoring_event WHERE kind IN ('missed', 'duplicate', 'out-of-order', 'changed')"
check "in one session" test "$(grep -c '^Login' "$log")" = 1
check "the database holds no password" bash -c '! grep -qF "ss wörd" "$1"' _ "$database"
vcenter_down
finish
