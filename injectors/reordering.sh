# name: reordering
# summary: packets that overtake others as they go out
# unit: %
# range: 0.01..100
# tools: tc|iptables-restore ip unshare
# helpers: delay-line
# parameter: delay 1..10000ms 20ms "how long those are held that are overtaken"
# parameter: interface name auto "network interface; auto is the one of the default route, or towards the runner"
# parameter: peers addresses any "whom they go to"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure it; auto is the runner or a neighbour"

# The share of the intensity goes at once, past the others, which are held.

shape_fault

shape_hold() {
    parameter_amount delay
}

shape_netem() {
    echo "delay $(parameter_amount delay)us reorder $(share_netem "$amount")"
}

shape_line() {
    echo "delay=$(parameter_amount delay) overtaking=$(share_line "$amount")"
}

# Pings that come back at once, among those that take as long as they are held.
injector_verify() {
    peer=$(stimulate_peers | head -n 1)
    sent=0 early=0
    if [ -n "$peer" ]; then
        before=0
        [ "$peer" != "$(peer_noted)" ] || before=$(cat "$record/round-trip")
        limit=$((before + $(parameter_amount delay) / 2))
        for burst in 1 2 3; do
            # shellcheck disable=SC2046 # two numbers
            set -- $(peer_early "$peer" 100 $limit)
            sent=$((sent + $1)) early=$((early + $2))
            [ $((sent * amount)) -lt 2000000 ] || break
        done
    else
        pause 200
    fi
    shape_measure
    if [ "$(shape_noted mechanism)" = nfqueue ]; then
        early=$(queue_statistic overtaking)
        share_judge "$passed" "${early:-0}"
    else
        share_judge $sent $early
    fi
}
