# name: duplication
# summary: packets that go out twice
# unit: %
# range: 0.01..100
# tools: tc|iptables-restore ip unshare
# helpers: delay-line
# owns: egress
# parameter: interface name auto "network interface; auto is the default route's; without one, another than the runner's, if there is one"
# parameter: peers addresses any "whom they go to"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure it; auto is the runner or a neighbour"

shape_share_fault duplicated

shape_netem() {
    echo "duplicate $(shape_share)"
}

shape_line() {
    echo "duplicated=$(probability "$amount") mark=$((queue_mark))"
}

shape_pings_hit() { # those that were answered twice
    echo $twice
}
