# tc netem at the egress of an interface. A prio qdisc with our handle at the root has two bands: what
# the fault is for goes through the second, where netem is; the control channel, ARP and what a filter
# leaves out through the first.
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
netem_works() { # NETEM-ARGUMENTS
    command -v tc >/dev/null || return 1
    unshare -n sh -c "tc qdisc add dev lo root handle $netem_handle: prio &&
        tc qdisc add dev lo parent $netem_handle:2 netem $1 &&
        tc filter add dev lo parent $netem_handle: protocol ip prio 1 u32 match u32 0 0 flowid $netem_handle:1" \
        2>/dev/null
}

# Notes what tc is to do, so that nothing but one call of it is left for the edge.
netem_note() { # INTERFACE LIMIT NETEM-ARGUMENTS
    netem_lines "$@" >"$record/netem"
}

netem_apply() { # INTERFACE
    message=$(tc -batch "$record/netem" 2>&1) || {
        netem_refuse_foreign "$1"
        fail tc "tc failed: $message"
    }
}

netem_lines() { # INTERFACE LIMIT NETEM-ARGUMENTS
    band=1
    [ "$(netem_is_filtered)" = no ] || band=0
    echo "qdisc add dev $1 root handle $netem_handle: prio bands 2 priomap" \
        $band $band $band $band $band $band $band $band $band $band $band $band $band $band $band $band
    # The way past netem comes first, so that nothing of the control channel is ever held.
    echo "filter add dev $1 parent $netem_handle: protocol arp prio 1 u32 match u32 0 0 flowid $netem_handle:1"
    netem_exempt "$1" iptables ip 32
    netem_exempt "$1" ip6tables ipv6 128
    [ $band = 1 ] || netem_lead_all "$1"
    echo "qdisc add dev $1 parent $netem_handle:2 handle 7667: netem limit $2 $3"
}

netem_is_filtered() {
    case "$(parameter peers) $(parameter protocol) $(parameter local-ports) $(parameter remote-ports)" in
    'any any any any' | '   ') echo no ;;
    *) echo yes ;;
    esac
}

# Leads what the filters are for to netem: a rule for each peer and each pair of port blocks.
netem_lead_all() { # INTERFACE
    netem_lead "$1" iptables ip ip 4 32
    netem_lead "$1" ip6tables ipv6 ip6 5 128
}

netem_lead() { # INTERFACE FAMILY PROTOCOL MATCH PRIORITY BITS
    number=$(netem_protocol_number "$2")
    filter_peers "$2" | while read -r address; do
        case $address in
        -) peer= ;;
        */*) peer="match $4 dst $address" ;;
        *) peer="match $4 dst $address/$6" ;;
        esac
        netem_port_blocks "$(parameter local-ports)" | while read -r local; do
            netem_port_blocks "$(parameter remote-ports)" | while read -r remote; do
                echo "filter add dev $1 parent $netem_handle: protocol $3 prio $5 u32" \
                    "match u32 0 0 $peer ${number:+match $4 protocol $number 0xff}" \
                    "${local:+match $4 sport $local} ${remote:+match $4 dport $remote}" \
                    "flowid $netem_handle:2"
            done
        done
    done
}

netem_protocol_number() { # FAMILY
    case "$(parameter protocol) $1" in
    tcp*) echo 6 ;;
    udp*) echo 17 ;;
    sctp*) echo 132 ;;
    'icmp iptables') echo 1 ;;
    'icmp ip6tables') echo 58 ;;
    esac
}

# Ports as u32 matches them, 'PORT MASK' a line; an empty line for any.
netem_port_blocks() { # PORTS
    case $1 in any | '')
        echo
        return
        ;;
    esac
    printf '%s\n' "$1" | tr ',' '\n' | while IFS=- read -r from to; do
        to=${to:-$from}
        while [ "$from" -le "$to" ]; do
            size=1
            while [ $((from % (size * 2))) -eq 0 ] && [ $((from + size * 2 - 1)) -le "$to" ]; do
                size=$((size * 2))
            done
            printf '%d 0x%x\n' "$from" $((65536 - size))
            from=$((from + size))
        done
    done
}

netem_exempt() { # INTERFACE FAMILY PROTOCOL BITS
    match=ip priority=2
    [ "$3" = ip ] || match=ip6 priority=3
    control_channels "$2" | while read -r address port; do
        echo "filter add dev $1 parent $netem_handle: protocol $3 prio $priority u32" \
            "match $match protocol 6 0xff match $match dst $address/$4 match $match sport $port 0xffff" \
            "flowid $netem_handle:1"
    done
}

netem_present() { # INTERFACE
    tc qdisc show dev "$1" 2>/dev/null | grep -q "netem 7667: "
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

# What netem let through, and what it lost because more came than its limit holds.
netem_counts() { # INTERFACE: 'BYTES PACKETS DROPPED'
    tc -s qdisc show dev "$1" 2>/dev/null |
        sed -n '/netem 7667:/{n;s/^ *Sent \([0-9]*\) bytes \([0-9]*\) pkt (dropped \([0-9]*\),.*/\1 \2 \3/p;}'
}

netem_backlog() { # INTERFACE: packets that it holds
    tc -s qdisc show dev "$1" 2>/dev/null |
        sed -n '/netem 7667:/{n;n;s/^ *backlog [^ ]* \([0-9]*\)p.*/\1/p;}'
}
