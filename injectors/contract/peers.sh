# A peer is a host that answers pings over the faulted path, so that a network fault can be measured
# from the target itself. It is looked for before the fault is in.

# Addresses to try, best first: the one asked for, the runner's, neighbours on the interface, the gateway.
peer_candidates() { # INTERFACE ('' for any)
    peer=$(parameter peer)
    if [ "$peer" != auto ]; then
        echo "$peer"
        return
    fi
    {
        for family in iptables ip6tables; do
            control_channels $family | while read -r address port; do
                if [ -z "$1" ] || ip route get "$address" 2>/dev/null | grep -q " dev $1 "; then
                    echo "$address"
                fi
            done
        done
        # A complete entry has flag 2.
        sed -n "s/^\([0-9.]*\)  *0x[0-9a-f]*  *0x2 .* \(${1:-[^ ]*}\)\$/\1/p" /proc/net/arp
        ip route show default ${1:+dev "$1"} 2>/dev/null | sed -n 's/.* via \([^ ]*\).*/\1/p'
    } | head -n 4
}

peer_find() { # INTERFACE: notes the first that answers, and the round trip to it
    command -v ping >/dev/null || return 0
    for peer in $(peer_candidates "$1"); do
        if [ "$(peer_round_trip "$peer" 3 2)" -gt 0 ]; then
            echo "$peer" >"$record/peer"
            peer_round_trip "$peer" 5 2 >"$record/round-trip"
            return 0
        fi
    done
}

peer_noted() {
    cat "$record/peer" 2>/dev/null
}

# The round trip to a peer before the fault, in microseconds; 0 for one to which it was not measured.
peer_round_trip_before() { # PEER
    if [ "$1" = "$(peer_noted)" ]; then cat "$record/round-trip"; else echo 0; fi
}

# The least round trip of COUNT pings in microseconds; 0 if none came back within SECONDS.
peer_round_trip() { # PEER COUNT SECONDS
    least=$(ping -q -c "$2" -i 0.2 -W "$3" "$1" 2>/dev/null | sed -n 's/^r[a-z-]* .* = \([0-9.]*\)\/.*/\1/p')
    if [ -n "$least" ]; then thousandths "$least"; else echo 0; fi
}

# Mean round trip of COUNT pings and its deviation, in microseconds, 'MEAN DEVIATION'; nothing if none
# came back within SECONDS.
peer_round_trips() { # PEER COUNT SECONDS
    figures=$(ping -q -c "$2" -i 0.2 -W "$3" "$1" 2>/dev/null |
        sed -n 's/^r[a-z-]* .* = [0-9.]*\/\([0-9.]*\)\/[0-9.]*\/\([0-9.]*\) .*/\1 \2/p')
    [ -z "$figures" ] || echo "$(thousandths "${figures% *}") $(thousandths "${figures#* }")"
}

# Pings a peer COUNT times, 100 a second; prints 'SENT RECEIVED DUPLICATES'. Too small for a time stamp,
# which might come back damaged.
peer_burst() { # PEER COUNT
    ping -q -c "$2" -i 0.01 -W 1 -s 8 "$1" 2>/dev/null |
        sed -n -e 's/^\([0-9]*\) packets transmitted, \([0-9]*\) .*, +\([0-9]*\) dup.*/\1 \2 \3/p' -e t \
            -e 's/^\([0-9]*\) packets transmitted, \([0-9]*\) .*/\1 \2 0/p'
}

# The same; prints 'SENT EARLY': those that came back before so many microseconds.
peer_early() { # PEER COUNT MICROSECONDS
    early=0
    for time in $(ping -c "$2" -i 0.01 -W 1 "$1" 2>/dev/null | sed -n 's/.* time=\([0-9.]*\) ms.*/\1/p'); do
        [ "$(thousandths "$time")" -ge "$3" ] || early=$((early + 1))
    done
    echo "$2 $early"
}
