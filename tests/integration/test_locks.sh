#!/usr/bin/env bash
# The locks of a run's hosts, over real sshd processes: a connection that was lost is made again, by whomever it
# is found; a host that hangs doesn't have the locks of others lapse; heal's lock outlasts it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "locks"

sshd_of() { pgrep -P "$1" sshd; } # HOST-PROCESS
in_host() { nsenter -t "$(sshd_of "$1")" --mount --pid "${@:2}"; } # HOST-PROCESS COMMAND ...
lock_of() { in_host "$1" cat /run/vnfault/lock; }
says() { # TEXT: the probe's next line
    local line
    read -r line <&"${probing[0]}"
    [ "$line" = "$1" ] || { echo "it says '$line', not '$1'"; return 1; }
}
asked() { echo "$1" >&"${probing[1]}" && says "$2"; } # LINE ANSWER

lost_and_taken() { in_host "$first" rm /run/vnfault/lock && asked renew renewed && lock_of "$first"; }

start_host "$network" 127.0.0.1 2201 && first=$host_process
start_host "$network" 127.0.0.1 2202 && second=$host_process
start_host "$network" 127.0.0.1 2203 && third=$host_process
coproc probing { VNFAULT_DATA=$top exec "${BUILD:-$top/build}/tests/integration/lock_probe" "$scratch/known_hosts" \
    "$scratch/key_ed25519" "$network" 2201 2202 2>"$scratch/warnings"; }
probe_process=$probing_PID
check "two hosts are locked" says locked

pkill -KILL -P "$(sshd_of "$first")"
check "a lock is renewed over a new connection where the old one is lost" asked renew renewed

check "a host that another thread has connected to meanwhile is connected" asked reconnect connected

check "a lock that the host has lost is taken anew" lost_and_taken
before=$(lock_of "$second")
pkill -STOP -P "$(sshd_of "$first")" # its commands are started, and answer nothing
renewed() { [ "$(lock_of "$second")" != "$before" ]; }
check "the second host's lock is renewed" wait_until "$probe_process" renewed
check "before the first host, which hangs, is given up" test ! -s "$scratch/warnings"
pkill -CONT -P "$(sshd_of "$first")"

exec {input}>&"${probing[1]}"
eval "exec ${probing[1]}>&-" "{input}>&-"
check "both are unlocked" says unlocked
wait "$probe_process"

# --- heal ------------------------------------------------------------------------------------------------
in_host "$third" sh -c 'mkdir -p /run/vnfault/hangs && cd /run/vnfault/hangs && echo token hangs >request &&
    echo "echo >/run/hangs; exec sleep 2147483647" >injector.sh'
cat >"$scratch/testbed.xml" <<END
<testbed name="one" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key_ed25519" known-hosts="$scratch/known_hosts" port="2203" network-namespace="$network"/>
  <target name="one" address="127.0.0.1"><source collector="cgroup" cgroup="x" interface="y"/></target>
</testbed>
END
"$vnfault" heal "$scratch/testbed.xml" >"$scratch/healed" 2>&1 &
healing=$!
wait_until $healing in_host "$third" test -e /run/hangs
uptime=$(awk '{ printf "%d", $1 * 100 }' /proc/uptime)
check "a heal that hangs, which is given up after 2 min, is locked for longer" \
    test $(($(lock_of "$third" | cut -d ' ' -f 1) - uptime)) -gt 12000
disown; kill -KILL $healing
finish
