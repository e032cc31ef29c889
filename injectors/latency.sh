# name: latency
# summary: packets held back as they go out, all as long or with jitter
# unit: ms
# range: 1..10000
# tools: tc|iptables-restore ip unshare
# level-time: 1s
# helpers: delay-line
# owns: egress
# parameter: jitter 0..10000ms 0ms "how far the delay varies: half the width if uniform, else the deviation"
# parameter: distribution uniform|normal|pareto uniform "of the jitter"
# parameter: order free|kept free "may packets overtake one another by the jitter?"
# parameter: interface name auto "network interface; auto is the default route's; without one, another than the runner's, if there is one"
# parameter: peers addresses any "whom they go to"
# parameter: protocol any|tcp|udp|sctp|icmp any "protocol of the packets"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure the delay; auto is the runner or a neighbour"

shape_fault

latency_jitter() { # microseconds
    parameter_amount jitter
}

# At most, with the tail of the distribution.
shape_hold() {
    echo $(($(request_get most) + 4 * $(latency_jitter)))
}

shape_netem() {
    jitter=$(latency_jitter) shape=
    if [ "$jitter" -gt 0 ]; then
        shape=" ${jitter}us"
        [ "$(parameter distribution)" = uniform ] || shape="$shape distribution $(parameter distribution)"
        # Behind a rate, however high, a packet goes after the one before it.
        [ "$(parameter order)" != kept ] || shape="$shape rate 100gbit"
    fi
    echo "delay ${amount}us$shape"
}

shape_line() {
    echo "delay=$amount jitter=$(latency_jitter) distribution=$(parameter distribution) order=$(parameter order)"
}

# The delay is the round trip to the peer less what it was before: the least of five, or with jitter the
# mean of twenty. Without a peer, the delay line says how long it held the packets that came by; netem
# does not.
injector_verify() {
    peer=$(latency_peer)
    delay=0 spread=0
    if [ -z "$peer" ]; then
        pause 200
    elif [ "$(latency_jitter)" -gt 0 ]; then
        latency_measure_jitter
    else
        latency_measure
    fi
    shape_measure
    if [ -z "$peer" ] && [ "$held_us" -gt 0 ]; then
        delay=$held_us spread=$deviation_us
        say detail "no peer answers pings: as the delay line itself measured"
    elif [ -z "$peer" ]; then
        say detail "no peer answers pings, so the delay could not be measured"
    fi
    latency_judge
}

latency_peer() { # nothing if pings are not what the fault is for
    case "$(parameter protocol) $(parameter local-ports) $(parameter remote-ports)" in
    'any any any' | 'icmp any any') stimulate_peers | head -n 1 ;;
    esac
}

latency_measure() {
    before=$(peer_round_trip_before "$peer")
    now=$(peer_round_trip "$peer" 5 $((amount / 1000000 + 2)))
    measure round-trip-before "$(decimal "$before")" ms
    measure round-trip "$(decimal "$now")" ms
    delay=$((now - before))
}

latency_measure_jitter() {
    before=$(peer_round_trip_before "$peer")
    figures=$(peer_round_trips "$peer" 20 $(((amount + 4 * $(latency_jitter)) / 1000000 + 2)))
    figures=${figures:-0 0}
    measure round-trip-before "$(decimal "$before")" ms
    measure round-trip "$(decimal "${figures% *}")" ms
    measure round-trip-deviation "$(decimal "${figures#* }")" ms
    delay=$((${figures% *} - before)) spread=${figures#* }
}

# Within a tenth and 5 ms, and with jitter within its deviation; it must vary at least a fifth as far as
# it should (of a distribution with a long tail twenty pings see little).
latency_judge() {
    jitter=$(latency_jitter)
    [ "$(parameter distribution)" != uniform ] || jitter=$((jitter * 577 / 1000))
    off=$((delay - amount))
    [ $off -ge 0 ] || off=$((0 - off))
    say achieved "$(decimal "$delay")"
    if [ $off -le $((amount / 10 + 5000 + jitter)) ] && [ "$delay" -gt 0 ] && [ $((spread * 5)) -ge $jitter ]; then
        say took_hold true
    else
        say took_hold false
    fi
}
