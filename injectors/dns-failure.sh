# name: dns-failure
# summary: names that can't be looked up
# unit: %
# range: 0.01..100
# tools: iptables iptables-restore unshare getent
# parameter: action drop|reject drop "queries that get no answer, or an answer that nobody is there"
# parameter: peers addresses any "name servers"

rules_fault

rules_sides() {
    echo o
}

# A name server may be on the target itself.
rules_hook() { # SIDE
    echo "OUTPUT 1"
}

rules_matches() { # FAMILY SIDE
    filter_peers "$1" | while read -r address; do
        [ "$address" != - ] || address=
        echo "${address:+-d $address} -p udp --dport 53"
        echo "${address:+-d $address} -p tcp -m multiport --dports 53,853"
    done
}

rules_effect() { # FAMILY CHAIN
    statistic="-m statistic --mode random --probability $(probability "$amount")"
    case "$(parameter action) $1" in
    drop*) echo "-A $2 $statistic -m comment --comment hit -j DROP" ;;
    *)
        unreachable=icmp-port-unreachable
        [ "$1" != ip6tables ] || unreachable=icmp6-port-unreachable
        echo "-A $2 -p tcp $statistic -m comment --comment hit -j REJECT --reject-with tcp-reset"
        echo "-A $2 -p udp $statistic -m comment --comment hit -j REJECT --reject-with $unreachable"
        ;;
    esac
}

# Look-ups of names that nobody has, side by side: the resolver waits long for each.
rules_stimulate() {
    container_resolver
    for number in 1 2 3 4 5 6 7 8 9 10; do
        timeout 2 getent hosts "vnfault-$look-$number.invalid" >/dev/null 2>&1 &
    done
    wait
}

rules_find_peer() { :; }
