# name: reordering
# summary: packets that overtake others as they go out
# unit: %
# range: 0.01..100
# tools: tc|iptables-restore ip unshare
# helpers: delay-line
# owns: egress
# parameter: delay 1..10000ms 20ms "how long those are held that are overtaken"
# parameter: interface name auto "network interface; auto is the default route's; without one, another than the runner's, if there is one"
# parameter: peers addresses any "whom they go to"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure it; auto is the runner or a neighbour"

# The share of the intensity goes at once, past the others, which are held.

shape_share_fault overtaking

shape_hold() {
    parameter_amount delay
}

shape_netem() {
    echo "delay $(parameter_amount delay)us reorder $(shape_share)"
}

shape_line() {
    echo "delay=$(parameter_amount delay) overtaking=$(probability "$amount")"
}

# Pings that come back at once, among those that take as long as they are held.
shape_look() {
    peer=$(stimulate_peers | head -n 1)
    if [ -z "$peer" ]; then
        pause 200
        return 1
    fi
    # shellcheck disable=SC2046 # two numbers
    set -- $(peer_early "$peer" 100 $(($(peer_round_trip_before "$peer") + $(parameter_amount delay) / 2)))
    sent=$((sent + $1)) early=$((${early:-0} + $2))
}

shape_pings_hit() {
    echo "${early:-0}"
}
