# Which packets a network fault is for, as matches of iptables rules, by the parameters that all of
# them share: direction, interface, peers, protocol, local-ports, remote-ports. 'Local' is the
# target's end.

filter_sides() { # i (comes in), o (goes out)
    case $(parameter direction) in
    in) echo i ;;
    out) echo o ;;
    *) echo i o ;;
    esac
}

filter_side_name() { # SIDE
    if [ "$1" = i ]; then echo in; else echo out; fi
}

# A peer is of one family; none named is every peer of both.
filter_peers() { # FAMILY: addresses and networks, one a line; '-' for any
    peers=$(parameter peers)
    if [ "$peers" = any ] || [ -z "$peers" ]; then
        echo -
        return
    fi
    printf '%s\n' "$peers" | tr ',' '\n' | while read -r address; do
        case "$1 $address" in
        'ip6tables '*:*) echo "$address" ;;
        ip6tables* | 'iptables '*:*) ;;
        *) echo "$address" ;;
        esac
    done
}

filter_protocol() { # a fault type may be for one protocol only
    parameter protocol
}

filter_protocol_match() { # FAMILY: the match, or nothing
    case "$1 $(filter_protocol)" in
    *' any' | *' ') ;;
    'ip6tables icmp') echo "-p ipv6-icmp" ;;
    *) echo "-p $(filter_protocol)" ;;
    esac
}

filter_ports() { # OPTION (--sports or --dports) PORTS: the match, or nothing
    case $2 in
    any | '') ;;
    *) echo "-m multiport $1 $(printf '%s' "$2" | tr '-' ':')" ;;
    esac
}

# One line of matches for each rule that is needed; none if the family has no such packet.
filter_matches() { # FAMILY SIDE
    if [ "$2" = i ]; then
        at=-s local=--dports remote=--sports
    else
        at=-d local=--sports remote=--dports
    fi
    rest="$(filter_protocol_match "$1") $(filter_ports $local "$(parameter local-ports)") \
$(filter_ports $remote "$(parameter remote-ports)")"
    filter_peers "$1" | while read -r address; do
        if [ "$address" = - ]; then echo " $rest"; else echo "$at $address $rest"; fi
    done
}

# Multiport takes 15, and a range for two.
filter_port_count() { # PORTS
    printf '%s' "$1" | tr -c ',-' ' ' | tr -d ' ' | wc -c | tr -d ' '
}

# The target's network may be another than the one that /sys shows.
filter_interface_there() { # NAME
    sed -n 's/^ *\([^:]*\):.*/\1/p' /proc/net/dev | grep -qxF -- "$1"
}

filter_check() { # refuses what can't be matched
    for ports in "$(parameter local-ports)" "$(parameter remote-ports)"; do
        case $ports in any | '') continue ;; esac
        case $(filter_protocol) in
        tcp | udp | sctp) ;;
        *)
            hint "set the parameter protocol to tcp, udp or sctp"
            fail bad-filter "ports are of a protocol"
            ;;
        esac
        [ "$(filter_port_count "$ports")" -lt 15 ] ||
            fail bad-filter "at most 15 ports can be named, and a range counts for two"
    done
    interface=$(parameter interface)
    case $interface in
    all | auto | '') ;;
    *) filter_interface_there "$interface" || fail interface "the target has no interface $interface" ;;
    esac
    families=$(chain_families_now)
    case "$(parameter peers) $families" in
    *:*ip6tables*) ;;
    *:*) fail bad-filter "a peer is of IPv6, for which the target has no ip6tables" ;;
    esac
}
