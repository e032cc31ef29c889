# name: latency
# summary: packets held back as they go out
# unit: ms
# range: 1..10000
# tools: tc|iptables-restore ip unshare
# helpers: delay-line
# parameter: interface name auto "network interface; auto is the one of the default route, or towards the runner"
# parameter: mechanism auto|netem|nfqueue auto "auto is netem where the kernel has it, else the delay line"
# parameter: peer address auto "host pinged to measure the delay; auto is the runner or a neighbour"

latency_interface() {
    interface=$(parameter interface)
    if [ "$interface" = auto ]; then
        interface=$(ip route show default 2>/dev/null | latency_device)
        [ -n "$interface" ] || interface=$(latency_towards_runner)
    fi
    echo "$interface"
}

latency_device() { # the first device of routes, but the loopback
    sed -n 's/.* dev \([^ ]*\).*/\1/p' | grep -vx lo | head -n 1
}

latency_towards_runner() {
    for family in iptables ip6tables; do
        control_channels $family | while read -r address port; do
            ip route get "$address" 2>/dev/null
        done
    done | latency_device
}

latency_mechanism() {
    mechanism=$(parameter mechanism)
    if [ "$mechanism" = auto ]; then
        if netem_works; then mechanism=netem; else mechanism=nfqueue; fi
    fi
    echo "$mechanism"
}

# What both mechanisms must be able to hold: four times what goes out now, and the link's rate in
# full packets, for as long as the delay; so that a delay does not silently become loss.
latency_limit() { # INTERFACE
    from=$(latency_sent "$1")
    pause 50
    rate=$((($(latency_sent "$1") - from) * 2 * 4))
    speed=$(cat "/sys/class/net/$1/speed" 2>/dev/null)
    if is_number "$speed" && [ $((speed * 1000000 / 12000)) -gt $rate ]; then
        rate=$((speed * 1000000 / 12000))
    fi
    limit=$((rate * (amount / 1000) / 1000))
    [ $limit -gt 10000 ] || limit=10000
    [ $limit -lt 1000000 ] || limit=1000000
    echo $limit
}

latency_sent() { # INTERFACE: packets it has sent so far
    sent=$(sed -n "s/^ *$1: *//p" /proc/net/dev | tr -s ' ' | cut -d ' ' -f 10)
    echo "${sent:-0}"
}

injector_probe() {
    interface=$(latency_interface)
    [ -n "$interface" ] || fail interface "no interface was named and there is no route to tell it from"
    ip link show dev "$interface" >/dev/null 2>&1 || fail interface "the target has no interface $interface"
    mechanism=$(latency_mechanism)
    case $mechanism in
    netem)
        netem_works || fail missing-feature "this kernel has no netem, prio or u32"
        command -v ping >/dev/null || {
            hint "install the package that has it on the target"
            fail missing-tool "the target lacks ping, by which the delay of netem is measured"
        }
        netem_refuse_foreign "$interface"
        ;;
    nfqueue)
        queue_works || fail missing-feature "this kernel has neither netem nor NFQUEUE"
        [ "$(uname -m)" = "$(request_get machine)" ] ||
            fail machine "the delay line is built for $(request_get machine), the target is $(uname -m)"
        say helper delay-line
        ;;
    esac
    say mechanism "$mechanism"
    say detail "on $interface"
}

latency_noted() { # WHAT: interface, mechanism or limit, as found at arm
    cat "$record/$1" 2>/dev/null
}

injector_fingerprint() {
    latency_interface >"$record/interface"
    latency_mechanism >"$record/mechanism"
    case $(latency_noted mechanism) in
    netem) tc qdisc show dev "$(latency_noted interface)" ;;
    nfqueue)
        for family in $(chain_families); do
            "$family" -w 5 -t mangle -S POSTROUTING | sed "s/^/$family /"
        done
        ;;
    esac
}

injector_prepare() {
    latency_limit "$(latency_noted interface)" >"$record/limit"
    peer_find "$(latency_noted interface)"
}

injector_apply() {
    case $(latency_noted mechanism) in
    netem)
        netem_refuse_foreign "$(latency_noted interface)"
        netem_apply "$(latency_noted interface)" "$amount" "$(latency_noted limit)"
        ;;
    nfqueue) queue_apply "$amount" "$(latency_noted limit)" ;;
    esac
}

# The delay is the round trip to the peer less what it was before. Without a peer, the delay line
# says how long it held the packets that came by; netem does not.
injector_verify() {
    peer=$(peer_noted)
    if [ -n "$peer" ]; then
        before=$(cat "$record/round-trip")
        now=$(peer_round_trip "$peer" 5 $((amount / 1000000 + 2)))
        measure round-trip-before "$(decimal "$before")" ms
        measure round-trip "$(decimal "$now")" ms
        delay=$((now - before))
    else
        pause 200
        delay=0
    fi
    latency_measure_mechanism
    if [ -z "$peer" ] && [ "$held" -gt 0 ]; then
        delay=$held
        say detail "no peer answers pings: as the delay line itself measured"
    elif [ -z "$peer" ]; then
        say detail "no peer answers pings, so the delay could not be measured"
    fi
    latency_judge "$delay"
}

latency_judge() { # MICROSECONDS: within a tenth and 5 ms
    deviation=$(($1 - amount))
    [ $deviation -ge 0 ] || deviation=$((0 - deviation))
    say achieved "$(decimal "$1")"
    if [ $deviation -le $((amount / 10 + 5000)) ] && [ "$1" -gt 0 ]; then
        say took_hold true
    else
        say took_hold false
    fi
}

# Says what the mechanism counted; sets held to the mean time it held a packet, 0 if not known.
latency_measure_mechanism() {
    held=0
    case $(latency_noted mechanism) in
    netem)
        counts=$(netem_counts "$(latency_noted interface)")
        counts=${counts:-0 0}
        measure packets-delayed "${counts% *}" packets
        measure qdisc-drops "${counts#* }" packets
        ;;
    nfqueue)
        queue_statistics_renew
        for name in delayed dropped overflow; do
            count=$(queue_statistic $name)
            measure "packets-$name" "${count:-0}" packets
        done
        held=$(queue_statistic mean-delay)
        held=${held:-0}
        ;;
    esac
}

injector_count() {
    latency_measure_mechanism
}

injector_alive() {
    case $(latency_noted mechanism) in
    netem)
        netem_present "$(latency_noted interface)" && return
        say detail "netem is gone from $(latency_noted interface)"
        return 1
        ;;
    *)
        if ! queue_present; then
            say detail "the rule that leads to $(chain_name q) is gone"
            return 1
        fi
        processes_alive
        ;;
    esac
}

injector_stop() {
    case $(latency_noted mechanism) in
    netem) netem_remove "$(latency_noted interface)" ;;
    nfqueue) queue_remove ;;
    esac
}

injector_residue() {
    case $(latency_noted mechanism) in
    netem) netem_left "$(latency_noted interface)" ;;
    nfqueue)
        for family in $(chain_families); do
            chains_left "$family" mangle "$(chain_name q)"
        done
        ;;
    esac
}
