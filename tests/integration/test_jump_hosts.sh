#!/usr/bin/env bash
# Hosts that are reached by jump hosts: 203.0.113.2 in $network-deep can be reached only from
# $network-far, whose sshd on 192.0.2.2 is the gate.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "jump hosts"

deep=203.0.113.2
gate=(network_namespace="$network" address=192.0.2.2 user=plain)
through=("address=$deep" network_namespace=nowhere)
behind() { reach "${through[@]}" jump "${gate[@]}" "$@"; }

make_deep_network() {
    ip netns add "$network-deep" && at_exit "ip netns delete $network-deep"
    ip -n "$network-deep" link set lo up
    ip -n "$network-far" link add inner type veth peer name deep netns "$network-deep"
    ip -n "$network-far" address add 203.0.113.1/24 dev inner
    ip -n "$network-deep" address add $deep/24 dev deep
    ip -n "$network-far" link set inner up
    ip -n "$network-deep" link set deep up
    ip -n "$network-far" neighbour add 203.0.113.99 lladdr 02:00:00:00:00:99 dev inner nud permanent
}

same_text() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }; }

# connections COMMAND ...: how often somebody logged in to the gate meanwhile.
connections() {
    local before after
    before=$(grep -c 'Accepted publickey for plain' "$scratch/sshd.2201.log")
    "$@" >&2 || return
    after=$(grep -c 'Accepted publickey for plain' "$scratch/sshd.2201.log")
    echo $((after - before))
}

check_commands() {
    check "the target can't be reached directly" fails "no route to $deep" \
        reach address=$deep run true
    check "a command runs by the jump host" prints '^status 5$' behind run sh -c 'exit 5'
    check "on the target, to whom the jump host is the other end" \
        prints "^203\.0\.113\.1 [0-9]+ 203\.0\.113\.2 2201\$" behind endpoints
    check "which is told" prints "^ssh as root; connection 203\.0\.113\.1 .*; by jump host gate\$" behind describe
    check "each has its own user" prints '^0$' behind run id -u
    check "4 MB through cat and back, every byte value" prints '^same$' behind echo 4000000
    check "12 MB of output arrive whole" \
        same_text "$(behind run head -c 12000000 /dev/zero | head -c 12000000 | tr -d '\0' | wc -c)" 0
    check "16 threads with 8 commands each" prints '^all right$' behind timeout=60000 threads 16 8
    check "a slow command holds up no other" prints '^beside each other$' behind beside
    check "a stream is written and read in turn" prints '^<ping>$' behind stream
    check "no descriptor is left open" prints '^none left$' behind descriptors
    check "30 hosts share one connection to the jump host" equals 1 \
        connections behind timeout=60000 crowd 30 true
    check "the clock offset is measured" behind clock 0
}

check_chain() {
    local outer=(jump network_namespace="$network" address=127.0.0.1 user=admin)
    check "a chain of two" prints "; by jump host gate, by outer\$" \
        reach address=127.0.0.1 port=2202 network_namespace=nowhere \
        jump "${gate[@]}" port=2201 network_namespace=nowhere "${outer[@]}" describe
    check "an outer one that refuses is named" fails "jump host outer: .* refused user 'nobody-here'" \
        reach "${through[@]}" jump "${gate[@]}" "${outer[@]}" user=nobody-here run true
    check "an inner one that can't be reached, too" \
        fails "jump host gate: jump host outer can't connect to 192.0.2.2 port 2299" \
        reach "${through[@]}" jump "${gate[@]}" port=2299 "${outer[@]}" port=2201 run true
}

check_host_keys() {
    grep -v "$deep" "$scratch/known_hosts" >"$scratch/without_deep"
    grep "$deep" "$scratch/known_hosts" >"$scratch/only_deep"
    echo "[$deep]:2201 $(cut -d ' ' -f 1,2 "$scratch/other_host_key.pub")" >"$scratch/deep_changed"
    check "the target's key is checked as well" fails "host key of $deep port 2201 is unknown" \
        reach "${through[@]}" known_hosts="$scratch/without_deep" jump "${gate[@]}" run true
    check "a changed one is refused" fails "host key of $deep port 2201 has changed" \
        reach "${through[@]}" known_hosts="$scratch/deep_changed" jump "${gate[@]}" \
        known_hosts="$scratch/known_hosts" run true
    check "the jump host's key is checked" \
        fails "jump host gate: the host key of 192.0.2.2 port 2201 is unknown" \
        reach "${through[@]}" jump "${gate[@]}" known_hosts="$scratch/only_deep" run true
    check "keys of both are added where that is asked for" prints '^status 0$' \
        reach "${through[@]}" accept=yes known_hosts="$scratch/added" jump "${gate[@]}" run true
    check "each under its name" equals "[192.0.2.2]:2201,[$deep]:2201" \
        sh -c 'cut -d " " -f 1 "$1" | paste -sd ,' sh "$scratch/added"
}

check_errors() {
    check "a closed port behind the jump host is told" \
        fails "jump host gate can't connect to $deep port 2299" \
        reach "${through[@]}" port=2299 jump "${gate[@]}" port=2201 run true
    check "a name that only the jump host could know, too" \
        fails "jump host gate can't connect to no.such.invalid" \
        reach "${through[@]}" address=no.such.invalid jump "${gate[@]}" run true
    check "a black hole behind it ends at the timeout" \
        fails "no answer from 203.0.113.99 port 2201 by jump host gate" \
        reach "${through[@]}" address=203.0.113.99 timeout=1500 jump "${gate[@]}" run true
    check "a jump host that is not there is told" \
        fails "jump host gate: connection to 192.0.2.2 port 2299 refused" \
        behind port=2299 run true
    check "one that refuses the user is told" fails "jump host gate: .* refused user 'nobody-here'" \
        behind user=nobody-here run true
    check "one that lets nobody through is told" \
        fails "jump host gate does not let through to 127.0.0.1 port 2201" \
        reach network_namespace=nowhere jump network_namespace="$network" port=2203 run true
    check "the target's own refusal is told without it" fails "^vnfault: probed: $deep port 2201 refused user 'nobody-here'" \
        reach "${through[@]}" user=nobody-here jump "${gate[@]}" user=plain run true
    check "a user who may run nothing there is no obstacle" prints '^status 0$' \
        behind user=closed run true
}

check_losses() {
    check "a jump host whose sshd is killed fails every command at once" \
        prints '^lost 5 after' kill_gate_during pending_behind sleep 99
    check "a target that is killed in the middle, too" prints '^lost 5 after' \
        pending_behind sh -c 'sleep 1; kill -9 $PPID; sleep 99'
    check "the connection comes back once the jump host does" check_reopen
    check "a jump host that falls silent ends at the timeout" \
        fails "'sh' did not end within 3s|is lost" check_cut
}

pending_behind() { reach timeout=60000 "${through[@]}" jump "${gate[@]}" pending 5 "$@"; }

# The gate's processes for the connection die once the probe says that all run.
kill_gate_during() {
    local line connection
    coproc PENDING { "$@" 2>&1; }
    while read -r line <&"${PENDING[0]}" && [ "$line" != started ]; do echo "$line"; done
    for connection in $(pgrep -P "$(pgrep -P "$gate_process")"); do
        pkill -KILL -P "$connection"
        kill -KILL "$connection"
    done
    cat <&"${PENDING[0]}"
}

check_reopen() {
    local answer
    coproc REOPEN { behind timeout=20000 reopen 2>"$scratch/reopen.errors"; }
    read -r answer <&"${REOPEN[0]}"
    [ "$answer" = ready ] || return
    kill_host "$gate_process"
    start_host "$network-far" 192.0.2.2 2201 || return
    gate_process=$host_process
    echo >&"${REOPEN[1]}"
    read -r answer <&"${REOPEN[0]}"
    wait "$REOPEN_PID"
    cat "$scratch/reopen.errors"
    [ "$answer" = reopened ] && grep -q 'is lost' "$scratch/reopen.errors"
}

check_cut() {
    local status=0
    reach timeout=3000 "${through[@]}" jump "${gate[@]}" run sh -c 'echo >"$0"; sleep 100' \
        "$scratch/running" >"$scratch/cut" 2>&1 &
    wait_until $! test -e "$scratch/running"
    ip -n "$network-far" link set far down
    wait $! || status=$?
    ip -n "$network-far" link set far up
    cat "$scratch/cut"
    return $status
}

# The verb, with the testbed file's words.
check_verb() {
    cat >"$scratch/jump.xml" <<END
<testbed name="deep" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key_ed25519" known-hosts="$scratch/verb_hosts" port="2201" jump="inner"/>
  <jump-host name="inner" address="192.0.2.2"><ssh user="plain" jump="outer"/></jump-host>
  <jump-host name="outer" address="127.0.0.1"><ssh user="admin" network-namespace="$network"/></jump-host>
  <target name="one" address="$deep"><source collector="cgroup" cgroup="x" interface="y"/></target>
  <target name="near" address="127.0.0.1">
    <ssh jump="none" network-namespace="$network"/><source collector="cgroup" cgroup="x" interface="y"/>
  </target>
</testbed>
END
    check "the verb reaches both" equals 2 sh -c '"$1" check --targets --accept-new-host-keys "$2" |
        grep -cE "^(one +access +ok .* by jump host inner.*, by outer|near +access +ok)"' sh "$vnfault" "$scratch/jump.xml"
    check "and adds the keys of hosts and jump hosts" equals "[127.0.0.1]:2201,[192.0.2.2]:2201,[$deep]:2201" \
        sh -c 'cut -d " " -f 1 "$1" | sort | paste -sd ,' sh "$scratch/verb_hosts"
}

make_deep_network
for port in 2201 2202; do echo "[$deep]:$port $(cut -d ' ' -f 1,2 "$scratch/host_key.pub")"; done >>"$scratch/known_hosts"
start_host "$network" 127.0.0.1 2201
start_host "$network-deep" $deep 2201
start_host "$network-far" 127.0.0.1 2202
start_host "$network" 127.0.0.1 2203 "AllowTcpForwarding no"
start_host "$network-far" 192.0.2.2 2201
gate_process=$host_process

check_commands
check_chain
check_host_keys
check_errors
check_verb
check_losses
finish
