#!/usr/bin/env bash
# vnfault check --targets on a lab: what is there, what is missing, what can't be reached.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../e2e/lib.sh"

if [ "$(id -u)" != 0 ]; then
    skip "check --targets" "it takes root to bring up a lab"
    finish
fi

campaign=$top/campaigns/quickstart.xml
on_lab() { "$vnfault" check --targets --testbed "$testbed" "$campaign"; }

# row HOST ITEM STATE PATTERN COMMAND ...: true if the command prints such a row.
row() {
    local pattern="^$1 +$2 +$3 +.*$4"
    shift 4
    prints "$pattern" "$@"
}

lab_up

check "a lab is ready" exits_with 0 "$vnfault" check --targets "$testbed"
check "and for the quick start, too" exits_with 0 on_lab
on_lab >"$scratch/ready"
check "the connection is told" row sprout access ok "ssh as root; connection .* 198\.18\.1\.12 22" cat "$scratch/ready"
check "what a source would give is told by group, and that it has no time stamps" row sprout "source cgroup" ok \
    "[0-9]+ metrics \(cpu [0-9]+, .*memory [0-9]+.*\), [0-9]+ of them counters, [0-9]+ known now, read in [0-9.]+ ms, no time of its own: as of the reading, to [0-9.]+ ms" cat "$scratch/ready"
check "the clock offset is told with its bound" \
    row bono clock ok "[+-][0-9.]+ ms from the runner's, wrong by [0-9.]+ ms at most" cat "$scratch/ready"
check "SIPp is found on the load host" row load sipp ok "SIPp v3" cat "$scratch/ready"
for fault in cpu memory disk packet-loss latency; do
    check "$fault is probed on the target" row sprout "$fault high" ok "[a-z]" cat "$scratch/ready"
done
check "but not on hosts that are no target of the campaign" \
    test -z "$(grep '^bono  *cpu' "$scratch/ready")"
check "--json holds the same rows" python3 -c 'import json, sys
rows = json.load(sys.stdin)["targets_checked"]
assert all(row["ok"] for row in rows) and len(rows) > 20, rows' \
    < <("$vnfault" check --targets --json --testbed "$testbed" "$campaign")

dead=$(edited_testbed dead 's/198\.18\.1\.11"/198.18.1.250"/; s/<ssh /<ssh timeout="2s" /')
check "a host that is not there is exit status 4" exits_with 4 "$vnfault" check --targets "$dead"
check "it is named with the reason" row bono access FAILED "198.18.1.250" \
    "$vnfault" check --targets "$dead"
check "the other hosts are checked all the same" row sprout clock ok "" \
    "$vnfault" check --targets "$dead"

blind=$(edited_testbed blind 's|interface="sprout"|interface="sproot"|')
check "a source that can't be read is told" row sprout "source cgroup" FAILED "no interface sproot" \
    "$vnfault" check --targets "$blind"
: >"$scratch/empty"
stranger=$(edited_testbed stranger "s|known-hosts=\"[^\"]*\"|known-hosts=\"$scratch/empty\"|")
check "an unknown host key is told" row homestead access FAILED "host key .* unknown" \
    "$vnfault" check --targets "$stranger"

check "the processes of the service are found" row bono service ok "kamailio" cat "$scratch/ready"
lacking=$(edited_testbed lacking 's/service-processes="kamailio"/service-processes="kamailio pcscfd"/')
check "one that does not run is told" row bono service FAILED "no process 'pcscfd' runs" \
    "$vnfault" check --targets "$lacking"

on sprout -- mkdir -p /run/vnfault/leftleftleft
on sprout touch /run/vnfault/leftleftleft/injector.sh
check "what a crashed run left is exit status 4" exits_with 4 on_lab
check "and is told" row sprout leftovers FAILED "1 left by vnfault" on_lab
check "with what to do" prints "vnfault heal" on_lab
on sprout -- rm -r /run/vnfault/leftleftleft
on load -- mkdir -p /run/vnfault/load-left-caller
check "what a load left is told without a runner's name" row load leftovers FAILED "1 left by vnfault; load, which nobody keeps" on_lab
on load -- rm -r /run/vnfault/load-left-caller

on sprout "mkdir -p /run/vnfault; echo '99999999999 vnfault run elsewhere:/x' >/run/vnfault/lock"
on_lab >"$scratch/locked"
check "a host that another run uses is told" row sprout lock FAILED "in use by vnfault run elsewhere:/x" cat "$scratch/locked"
check "no fault is probed there" test -z "$(grep '^sprout  *cpu' "$scratch/locked")"
on sprout rm /run/vnfault/lock

# In the mount namespace of the host, stress-ng is hidden.
on sprout -- mount --bind /dev/null /usr/bin/stress-ng
check "a tool that is missing is told" row sprout "cpu high" FAILED "stress-ng" on_lab
check "and is exit status 4" exits_with 4 on_lab
on sprout umount /usr/bin/stress-ng

hypervisor=$(edited_testbed hypervisor 's|</testbed>|<monitoring-host name="kvm" address="198.18.1.12"/></testbed>|')
"$vnfault" check --targets "$hypervisor" >"$scratch/hypervisor" 2>&1
check "a monitoring host is reached" row kvm access ok "198\.18\.1\.12 22" cat "$scratch/hypervisor"
check "and nothing else is asked of it" equals 1 grep -c '^kvm ' "$scratch/hypervisor"

check "nothing is left on a host that was checked" is_clean sprout
finish
