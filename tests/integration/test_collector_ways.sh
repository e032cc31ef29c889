#!/usr/bin/env bash
# The proc collector by every way that a target is reached: sudo with a pseudo-terminal, a jump host, a user
# without rights.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "ways of the proc collector"
start_host "$network" 127.0.0.1 2201
start_host "$network-far" 192.0.2.2 2202
export VNFAULT_DATA=$top
cat >"$scratch/testbed.xml" <<END
<testbed name="test" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key_ed25519" known-hosts="$scratch/known_hosts" timeout="20s" user="admin" sudo="true"/>
  <jump-host name="gate" address="127.0.0.1"><ssh sudo="false" port="2201" network-namespace="$network"/></jump-host>
  <target name="near" address="127.0.0.1"><ssh port="2201" network-namespace="$network"/><source collector="proc"/></target>
  <target name="far" address="192.0.2.2"><ssh port="2202" jump="gate"/><source collector="proc"/></target>
  <target name="plain" address="127.0.0.1">
    <ssh port="2201" network-namespace="$network" user="plain" sudo="false"/><source collector="proc"/></target>
</testbed>
END
# Three readings.
read_all() {
    printf '\n\n' | "${BUILD:-$top/build}/tests/integration/collector_probe" "$scratch/testbed.xml" \
        near,far,plain stat.ctxt
}
# Only those of this test's hosts, which have PID namespaces of their own, below their first process.
shells() { pgrep -f 'sh -c .* vnfault-proc /proc' | xargs -r -n 1 -I {} readlink /proc/{}/ns/pid; }
no_shell() { ! shells | grep -qxE "$(readlink "/proc/$host_process/ns/pid_for_children")"; }

read_all >"$scratch/read" 2>&1
for target in near far plain; do
    check "three readings of $target" equals 3 grep -c "^$target stat.ctxt [0-9]" "$scratch/read"
done
check "none is missed" equals 0 grep -c missed "$scratch/read"
check "no shell stays on the host behind the jump host" wait_until $host_process no_shell
finish
