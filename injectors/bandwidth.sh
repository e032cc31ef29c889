# name: bandwidth
# summary: packets that go out over a slow line
# unit: kbit/s
# range: 1..10000000
# tools: tc|iptables-restore ip unshare
# helpers: delay-line
# owns: egress
# parameter: queue 1..60000ms 500ms "how long packets may wait for the line; more are lost"
# parameter: interface name auto "network interface; auto is the default route's; without one, another than the runner's, if there is one"
# parameter: peers addresses any "whom they go to"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure it; auto is the runner or a neighbour"

shape_fault

shape_netem() {
    echo "rate $((amount))bit"
}

shape_line() {
    echo "rate=$amount"
}

# Packets of 1500 bytes that the line takes in the time of the queue; two at least.
shape_limit() { # INTERFACE
    limit=$(($(request_get most) * $(parameter_amount queue) / 1000 / 1000 / 12000))
    [ $limit -gt 2 ] || limit=2
    [ $limit -lt 1000000 ] || limit=1000000
    echo $limit
}

# For two seconds more is sent than goes over the line, if pings can do that. What goes over it must not
# be more than its rate; and where packets had to wait, not much less.
injector_verify() {
    shape_measure >/dev/null
    from=$(uptime_now) bytes_before=$bytes passed_before=$passed
    bandwidth_load
    waiting=$(bandwidth_waiting)
    shape_measure
    window=$(($(uptime_now) - from))
    gone=$(((bytes - bytes_before) * 8 * 100 / window)) # bit/s
    say achieved "$(decimal $gone)"
    bandwidth_judge
}

# A packet may be on its way at either end of the window.
bandwidth_judge() {
    slack=$((2 * 12000 * 100 / window + amount / 10))
    if ! shape_alive; then
        say took_hold false
    elif [ "$passed" -eq "$passed_before" ] && [ "${waiting:-0}" -eq 0 ]; then
        say detail "no packet that the fault is for came by"
        say took_hold false
    elif [ $gone -gt $((amount + slack)) ]; then
        say detail "more goes out than the line takes"
        say took_hold false
    elif [ "${waiting:-0}" -gt 0 ] && [ $((gone + slack)) -lt $((amount / 2)) ]; then
        say detail "packets wait, but less goes out than the line takes"
        say took_hold false
    else
        [ "${waiting:-0}" -gt 0 ] || say detail "what is sent stays under the rate of the line"
        say took_hold true
    fi
}

bandwidth_load() {
    peer=$(stimulate_peers | head -n 1)
    if [ -z "$peer" ]; then
        pause 200
        return
    fi
    for stream in 1 2 3 4; do
        ping -q -f -l 200 -s 1400 -w 2 "$peer" >/dev/null 2>&1 &
    done
    wait
}

bandwidth_waiting() { # packets
    case $(shape_noted mechanism) in
    netem) netem_backlog "$(shape_noted interface)" ;;
    *)
        queue_statistics_renew
        queue_statistic held
        ;;
    esac
}
