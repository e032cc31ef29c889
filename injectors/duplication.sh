# name: duplication
# summary: packets that go out twice
# unit: %
# range: 0.01..100
# tools: tc|iptables-restore ip unshare
# helpers: delay-line
# parameter: interface name auto "network interface; auto is the one of the default route, or towards the runner"
# parameter: peers addresses any "whom they go to"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure it; auto is the runner or a neighbour"

shape_fault

shape_netem() {
    echo "duplicate $(share_netem "$amount")"
}

shape_line() {
    echo "duplicated=$(share_line "$amount") mark=$((queue_mark))"
}

# The delay line counts them; netem's are seen by the pings that are answered twice.
injector_verify() {
    sent=0 back=0 twice=0
    for burst in 1 2 3; do
        stimulate
        [ $((sent * amount)) -lt 2000000 ] || break
    done
    shape_measure
    if [ "$(shape_noted mechanism)" = nfqueue ]; then
        twice=$(queue_statistic duplicated)
        share_judge "$passed" "${twice:-0}"
    else
        share_judge $sent $twice
    fi
}
