# name: port-block
# summary: ports that can't be reached
# unit: %
# range: 100..100
# tools: iptables iptables-restore unshare
# parameter: protocol tcp|udp|sctp tcp "protocol of the ports"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: peers addresses any "the other ends"
# parameter: direction in|out|both both "which packets"
# parameter: interface name all "network interface; all is every one but the loopback"
# parameter: action drop|reject drop "silence, or an answer that the port is closed"
# parameter: peer address auto "host that is called at the remote ports to see it; auto is the runner or a neighbour"

rules_fault

injector_probe() {
    [ "$(parameter local-ports) $(parameter remote-ports)" != "any any" ] || {
        hint "set the parameter local-ports, remote-ports or both"
        fail bad-filter "no port is named"
    }
    rules_probe
}

# The resets that it answers with must get out.
rules_counted() {
    case "$(parameter action) $(parameter protocol)" in
    'reject tcp') echo "-p tcp --tcp-flags RST NONE" ;;
    *) echo "-p $(parameter protocol)" ;;
    esac
}

rules_effect() { # FAMILY CHAIN
    echo "-A $2 $(rules_counted) -m comment --comment hit -j $(block_answer "$1")"
}

block_answer() { # FAMILY
    case "$(parameter action) $(parameter protocol) $1" in
    drop*) echo DROP ;;
    'reject tcp '*) echo "REJECT --reject-with tcp-reset" ;;
    *ip6tables) echo "REJECT --reject-with icmp6-port-unreachable" ;;
    *) echo "REJECT --reject-with icmp-port-unreachable" ;;
    esac
}
