#!/usr/bin/env bash
# Hosts reached by IPv6: global and link-local addresses, other ports, by a jump host; and that network
# faults leave a control connection between link-local addresses alone.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "addresses"

global=2001:db8::2
key=$(cut -d ' ' -f 1,2 "$scratch/host_key.pub")
there() { reach known_hosts="$scratch/names" "$@"; }

make_addresses() {
    ip -n "$network" address add 2001:db8::1/64 dev near nodad
    ip -n "$network-far" address add $global/64 dev far nodad
    ip -n "$network" address add fe80::1/64 dev near nodad
    ip -n "$network-far" address add fe80::2/64 dev far nodad
    echo "[$global]:2201,[fe80::2%near]:2201,[fe80::1%far]:2202,$global,fe80::2%near $key" >"$scratch/names"
}

check_ipv6() {
    check "a global address" prints "^2001:db8::1 [0-9]+ $global 2201\$" there address=$global endpoints
    check "and port 22" prints "^2001:db8::1 [0-9]+ $global 22\$" there address=$global port=22 endpoints
    check "a link-local address with its zone" prints "^fe80::[0-9a-f:]+ [0-9]+ fe80::2 2201\$" \
        there address=fe80::2%near endpoints
    check "and port 22, whose name in the known hosts has no brackets" prints '^status 0$' \
        there address=fe80::2%near port=22 run true
    check "16 threads with 8 commands each" prints '^all right$' \
        there address=fe80::2%near timeout=60000 threads 16 8
    check "the key of another zone is not that of this one" fails "host key of fe80::2%near port 2201 is unknown" \
        there address=fe80::2%near known_hosts="$scratch/known_hosts" run true
    check "a new key is added under the name with the zone" prints '^status 0$' \
        there address=fe80::2%near accept=yes known_hosts="$scratch/zone" run true
    check "as OpenSSH writes it" equals "[fe80::2%near]:2201 $key" cat "$scratch/zone"
    check "ssh itself takes it" nsenter --net="/run/netns/$network" ssh -F none -p 2201 \
        -i "$scratch/key_ed25519" -o BatchMode=yes -o UserKnownHostsFile="$scratch/zone" \
        -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none root@fe80::2%near true
    check "a zone that is not there is told" fails "can't find the address of 'fe80::2%nowhere'|no route" \
        there address=fe80::2%nowhere run true
    check "an address without its zone is told" prints "a link-local address needs its zone" \
        there address=fe80::2 run true
    check "a closed port is told" fails "connection to $global port 2299 refused" \
        there address=$global port=2299 run true
}

check_jumps() {
    check "a jump host by its link-local address" prints '^status 0$' \
        there address=$global network_namespace=nowhere \
        jump address=fe80::2%near network_namespace="$network" run true
    check "a link-local address as the jump host sees it" prints "^fe80::[0-9a-f:]+ [0-9]+ fe80::1 2202\$" \
        there address=fe80::1%far port=2202 network_namespace=nowhere \
        jump address=$global port=2201 network_namespace="$network" endpoints
}

# The testbed file's form, and the whole way of the verb.
check_verb() {
    cat >"$scratch/six.xml" <<END
<testbed name="six" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key_ed25519" known-hosts="$scratch/names" port="2201" network-namespace="$network"/>
  <target name="global" address="$global"><source collector="cgroup" cgroup="x" interface="y"/></target>
  <target name="link" address="fe80::2%near"><source collector="cgroup" cgroup="x" interface="y"/></target>
</testbed>
END
    check "the verb reaches both" equals 2 \
        sh -c '"$1" check --targets "$2" | grep -cE "^(global|link) +access +ok"' sh "$vnfault" "$scratch/six.xml"
}

# Packets of the network namespace are dropped at 100 %, but for the connection that says so.
inject() { # STEP ...
    VNFAULT_DATA=$top VNFAULT_HELPERS=${BUILD:-$top/build}/helpers nsenter --net="/run/netns/$network" \
        "${BUILD:-$top/build}/tests/integration/injection_probe" fe80::2%near 2201 "$scratch/key_ed25519" \
        "$scratch/names" packet-loss 100 linklocal1 20 -- "$@"
}
pings() { ip netns exec "$network" ping -c 1 -W 2 $global; }
no() { ! "$@"; }
check_faults() {
    check "before, others get through" pings
    check "100 % loss over a link-local control connection: applied" inject probe arm apply
    check "others do not get through" no pings
    check "a new connection does, and reverts it" inject hold revert prove
    check "after, others get through" pings
}

make_addresses
start_host "$network-far" :: 2201 "Port 22"
start_host "$network" :: 2202

check_ipv6
check_jumps
check_verb
check_faults
finish
