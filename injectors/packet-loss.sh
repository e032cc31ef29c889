# name: packet-loss
# summary: packets lost as they come in and go out, at random or in bursts
# unit: %
# range: 0.01..100
# tools: iptables iptables-restore unshare
# parameter: direction in|out|both both "which packets"
# parameter: interface name all "network interface; all is every one but the loopback"
# parameter: peers addresses any "the other ends"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: pattern random|burst random "each packet by itself, or so many in a row"
# parameter: burst-length 2..100packets 5packets "lost in a row"
# parameter: peer address auto "host pinged to measure the loss; auto is the runner or a neighbour"

# An outgoing packet is dropped before it leaves: its sender is told so at once (EPERM).

rules_fault

rules_effect() { # FAMILY CHAIN
    case $(parameter pattern) in
    burst) loss_bursts "$2" ;;
    *) loss_rule "$2" "random --probability $(printf '%d.%05d' $((amount / 100000)) $((amount % 100000)))" ;;
    esac
}

loss_rule() { # CHAIN STATISTIC
    echo "-A $1 -m statistic --mode $2 -m comment --comment hit -j DROP"
}

# Of so many packets the first ones are lost, in each round. A rule doesn't see what those before it
# lost, so each counts one packet less.
loss_bursts() { # CHAIN
    length=$(loss_burst_length) round=$(loss_round) lost=0
    while [ $lost -lt "$length" ]; do
        if [ $((round - lost)) -gt 1 ]; then
            loss_rule "$1" "nth --every $((round - lost)) --packet 0"
        else
            echo "-A $1 -m comment --comment hit -j DROP"
        fi
        lost=$((lost + 1))
    done
}

loss_burst_length() {
    echo $(($(parameter_amount burst-length) / 1000))
}

loss_round() { # packets of which one burst is lost
    echo $(((100000 * $(loss_burst_length) + amount / 2) / amount))
}
