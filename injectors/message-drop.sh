# name: message-drop
# summary: SIP messages of the load that are lost between the generator and the network
# unit: %
# range: 0.01..100
# tools: iptables iptables-restore unshare od
# parameter: messages messages any "which: requests by their method, answers by their status, 200/INVITE: to that request"
# parameter: direction in|out|both both "messages that the load gets, or that it sends"
# parameter: side caller|callee caller "the end of the calls that loses them"

# It is carried out on a load host: the load's folder there says at which port the generator is. Over UDP a
# message is a packet. The generator is told nothing: a message that it sent counts as sent.

rules_fault

drop_port() {
    cat "$root"/load-*-"$(parameter side)"/port 2>/dev/null || echo 5060
}

# The service may be on the load host itself.
rules_hook() { # SIDE
    case $1 in
    i) echo "INPUT 1" ;;
    o) echo "OUTPUT 1" ;;
    esac
}

rules_matches() { # FAMILY SIDE
    case $2 in
    i) port="--dport $(drop_port)" ;;
    o) port="--sport $(drop_port)" ;;
    esac
    parameter messages | tr ',' '\n' | while read -r message; do
        echo "-p udp $port$(drop_start "$1" "$message")$(drop_answered "$message")"
    done
}

# How a message begins: 'INVITE ' or 'SIP/2.0 200 '; 2xx is each status from 200 to 299.
drop_start() { # FAMILY MESSAGE: the match
    case $2 in
    any) ;;
    [1-6]xx*) drop_bytes "$1" "SIP/2.0 ${2%%xx*}" ;;
    [1-6]*) drop_bytes "$1" "SIP/2.0 ${2%%/*} " ;;
    *) drop_bytes "$1" "$2 " ;;
    esac
}

# The match of packets whose UDP payload begins with TEXT: four bytes are compared at a time. For IPv4 the
# packet says where the payload is; with IPv6 it comes after 48 bytes.
drop_bytes() { # FAMILY TEXT
    bytes=$(printf '%s' "$2" | od -An -v -tx1 | tr -d ' \n')
    at=8 tests=
    [ "$1" = iptables ] || at=48
    while [ -n "$bytes" ]; do
        four=$(printf '%.8s' "$bytes")
        bytes=${bytes#"$four"}
        mask=
        [ ${#four} -eq 8 ] || {
            mask="&0x$(printf '%.8s' "$(printf '%s' "$four" | tr '0-9a-f' 'f')00000000")"
            four=$(printf '%.8s' "${four}00000000")
        }
        place=$at
        [ "$1" != iptables ] || place="0>>22&0x3C@$at"
        tests="${tests:+$tests&&}$place$mask=0x$four"
        at=$((at + 4))
    done
    printf ' -m u32 --u32 "%s"' "$tests"
}

# The request that it answers ends the line of its sequence number, 'CSeq: 3 INVITE'.
drop_answered() { # MESSAGE: the match, or nothing
    case $1 in
    */*) printf ' -m string --algo bm --hex-string "|20|%s|0d0a|"' "${1#*/}" ;;
    esac
}

# A packet that goes out and is dropped by a rule makes sending fail. One for a queue that nobody reads is
# lost silently.
rules_effect() { # FAMILY CHAIN
    case $2 in
    VNFAULT-j-*) how=DROP ;;
    *) how="NFQUEUE --queue-num $(drop_queue)" ;;
    esac
    echo "-A $2 -m statistic --mode random --probability $(probability "$amount") -m comment --comment hit -j $how"
}

drop_queue() {
    number=65535
    while grep -q "^ *$number " /proc/net/netfilter/nfnetlink_queue 2>/dev/null; do
        number=$((number - 1))
    done
    echo $number
}

injector_probe() {
    rules_probe
    say mechanism "iptables u32 on the load host, $(iptables --version 2>/dev/null | sed 's/^iptables //')"
}

# The load itself sends what is counted.
rules_stimulate() {
    pause 100
}

rules_find_peer() { :; }
