# name: packet-loss
# summary: packets lost as they come in and go out, at random or in bursts
# unit: %
# range: 0.01..100
# tools: iptables iptables-restore unshare
# level-time: 2s
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
    *) loss_rule "$2" "random --probability $(probability "$amount")" ;;
    esac
}

loss_rule() { # CHAIN STATISTIC
    echo "-A $1 -m statistic --mode $2 -m comment --comment hit -j DROP"
}

# In each round so many packets are lost, in bursts that are spread evenly over it. A rule doesn't see what
# those before it lost, so each counts one packet less.
loss_bursts() { # CHAIN
    loss_round
    lost=0
    while [ $lost -lt $losses ]; do
        burst=$((lost / length))
        place=$((burst * round / (losses / length) + lost % length))
        if [ $((round - lost)) -gt 1 ]; then
            loss_rule "$1" "nth --every $((round - lost)) --packet $((place - lost))"
        else
            echo "-A $1 -m comment --comment hit -j DROP"
        fi
        lost=$((lost + 1))
    done
}

# Sets length, round and losses, the packets of a round that are lost: one burst, or as many as it takes to
# meet the share within a hundredth of it. Where less than a packet is left between them they run together.
loss_round() {
    length=$(($(parameter_amount burst-length) / 1000)) losses=0 off=0 round=0
    while [ $((off * 100)) -gt $((round * amount)) ] || [ $losses -eq 0 ]; do
        losses=$((losses + length))
        round=$(((100000 * losses + amount / 2) / amount))
        off=$((100000 * losses - round * amount))
        [ $off -ge 0 ] || off=$((0 - off))
    done
}

rules_share() {
    case $(parameter pattern) in
    burst) loss_round && echo $((10000 * losses / round)) ;;
    *) echo $((amount / 10)) ;;
    esac
}
