# tc netem at the egress of an interface. A prio qdisc with our handle at the root has two bands:
# all goes through the second, where netem is, but the control channel and ARP through the first.
netem_handle=7666

# Only what the kernel put there by itself (handle 0:) may make way: it comes back by itself.
netem_refuse_foreign() { # INTERFACE
    found=$(tc qdisc show dev "$1" root 2>/dev/null | head -n 1)
    case $found in
    *" 0: "* | *" $netem_handle: "* | '') return 0 ;;
    esac
    hint "take it away, or inject on another interface: it would be lost"
    fail foreign-qdisc "$1 has a root qdisc of its own: $found"
}

# Is netem there, with all that goes with it? Tried in a network namespace that goes at once.
netem_works() {
    command -v tc >/dev/null || return 1
    unshare -n sh -c "tc qdisc add dev lo root handle $netem_handle: prio &&
        tc qdisc add dev lo parent $netem_handle:2 netem delay 1ms &&
        tc filter add dev lo parent $netem_handle: protocol ip prio 1 u32 match u32 0 0 flowid $netem_handle:1" \
        2>/dev/null
}

netem_apply() { # INTERFACE MICROSECONDS LIMIT
    netem_do qdisc add dev "$1" root handle $netem_handle: prio bands 2 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
    # The way past netem comes first, so that nothing of the control channel is ever held.
    netem_do filter add dev "$1" parent $netem_handle: protocol arp prio 1 u32 match u32 0 0 flowid $netem_handle:1
    netem_exempt "$1" iptables ip 32
    netem_exempt "$1" ip6tables ipv6 128
    netem_do qdisc add dev "$1" parent $netem_handle:2 handle 7667: netem limit "$3" delay "$2us"
}

netem_exempt() { # INTERFACE FAMILY PROTOCOL BITS
    match=ip priority=2
    [ "$3" = ip ] || match=ip6 priority=3
    control_channels "$2" | while read -r address port; do
        netem_do filter add dev "$1" parent $netem_handle: protocol "$3" prio $priority u32 \
            match $match protocol 6 0xff match $match dst "$address/$4" match $match sport "$port" 0xffff \
            flowid $netem_handle:1
    done || exit 1
}

netem_do() { # ARGUMENT ...
    message=$(tc "$@" 2>&1) || fail tc "tc $1 $2 failed: $message"
}

netem_present() { # INTERFACE
    tc qdisc show dev "$1" 2>/dev/null | grep -q "netem 7667: .*delay"
}

netem_remove() { # INTERFACE
    if tc qdisc show dev "$1" root 2>/dev/null | grep -q " $netem_handle: "; then
        tc qdisc del dev "$1" root handle $netem_handle: 2>/dev/null
    fi
}

netem_left() { # INTERFACE: its qdisc with our handle, or that this can't be told
    shown=$(tc qdisc show 2>/dev/null) || { echo "(tc can't read the qdiscs)" && return; }
    printf '%s\n' "$shown" | grep " $netem_handle: dev $1 "
}

# Packets that netem let through, and that it lost because more came than its limit holds.
netem_counts() { # INTERFACE: 'PASSED DROPPED'
    tc -s qdisc show dev "$1" 2>/dev/null | sed -n '/netem 7667:/{n;s/.* bytes \([0-9]*\) pkt (dropped \([0-9]*\),.*/\1 \2/p;}'
}
