# name: corruption
# summary: packets with a wrong bit as they go out
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

# Who gets one finds a wrong checksum and drops it, as a rule.

shape_share_fault damaged

shape_netem() {
    echo "corrupt $(shape_share)"
}

shape_line() {
    echo "damaged=$(probability "$amount")"
}

shape_pings_hit() { # those that did not come back
    echo $((sent - back))
}
