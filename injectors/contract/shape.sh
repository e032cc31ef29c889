# Faults of packets that go out: held back, damaged, sent twice, out of order, at a low rate. Made by tc
# netem where the kernel has it, else by the delay line (contract/netem.sh, contract/delay-line.sh).
#
# A fault type calls shape_fault and says what happens at the intensity in $amount:
#   shape_netem      prints what netem is to do: 'delay 50000us'
#   shape_line       prints the same for the delay line: 'delay=50000'
#   injector_verify  measures it
# and may say for itself how long packets are held (shape_hold, us) and how many may be (shape_limit).

shape_fault() {
    shape_hold() { echo 0; }
    injector_probe() { shape_probe; }
    injector_prepare() { shape_prepare; }
    injector_fingerprint() { shape_fingerprint; }
    injector_apply() { shape_apply; }
    injector_change() { shape_change; }
    injector_count() { shape_measure; }
    injector_alive() { shape_alive; }
    injector_stop() { shape_stop; }
    injector_residue() { shape_residue; }
    shape_limit() { shape_limit_of_hold "$1"; }
}

shape_interface() {
    interface=$(parameter interface)
    if [ "$interface" = auto ]; then
        interface=$(ip route show default 2>/dev/null | shape_devices | head -n 1)
        [ -n "$interface" ] || interface=$(shape_without_default)
    fi
    echo "$interface"
}

# Where a management network leads to the runner, the service's is the other one.
shape_without_default() {
    towards_runner=$(shape_towards_runner)
    interface=$(ip route show 2>/dev/null | shape_devices | grep -vxF "$towards_runner" | head -n 1)
    echo "${interface:-$towards_runner}"
}

shape_devices() { # of routes, but the loopback
    sed -n 's/.* dev \([^ ]*\).*/\1/p' | grep -vx lo
}

shape_towards_runner() {
    for family in iptables ip6tables; do
        control_channels $family | while read -r address port; do
            ip route get "$address" 2>/dev/null
        done
    done | shape_devices | head -n 1
}

shape_mechanism() {
    mechanism=$(parameter mechanism)
    if [ "$mechanism" = auto ]; then
        if netem_works "$(shape_netem)"; then mechanism=netem; else mechanism=nfqueue; fi
    fi
    echo "$mechanism"
}

# What both mechanisms must be able to hold: four times what goes out now, and the link's rate in
# full packets, for as long as they hold it; so that a delay does not silently become loss.
shape_limit_of_hold() { # INTERFACE
    from=$(shape_sent "$1")
    pause 50
    rate=$((($(shape_sent "$1") - from) * 2 * 4))
    speed=$(cat "/sys/class/net/$1/speed" 2>/dev/null)
    if is_number "$speed" && [ $((speed * 1000000 / 12000)) -gt $rate ]; then
        rate=$((speed * 1000000 / 12000))
    fi
    limit=$((rate * ($(shape_hold) / 1000) / 1000))
    [ $limit -gt 10000 ] || limit=10000
    [ $limit -lt 1000000 ] || limit=1000000
    echo $limit
}

shape_sent() { # INTERFACE: packets it has sent so far
    sent=$(sed -n "s/^ *$1: *//p" /proc/net/dev | tr -s ' ' | cut -d ' ' -f 10)
    echo "${sent:-0}"
}

shape_probe() {
    filter_check
    interface=$(shape_interface)
    [ -n "$interface" ] || fail interface "no interface was named and there is no route to tell it from"
    filter_interface_there "$interface" || fail interface "the target has no interface $interface"
    mechanism=$(shape_mechanism)
    case $mechanism in
    netem)
        netem_works "$(shape_netem)" || fail missing-feature "this kernel has no netem, prio or u32"
        command -v ping >/dev/null || {
            hint "install the package that has it on the target"
            fail missing-tool "the target lacks ping, by which the fault is measured"
        }
        netem_refuse_foreign "$interface"
        ;;
    nfqueue)
        queue_works || fail missing-feature "this kernel has neither netem nor NFQUEUE"
        chains_refuse_foreign mangle "$(chain_name q)"
        helper_probe delay-line
        ;;
    esac
    say mechanism "$mechanism"
    say detail "on $interface"
}

shape_noted() { # WHAT: interface, mechanism or limit, as found at arm
    cat "$record/$1" 2>/dev/null
}

shape_fingerprint() {
    shape_interface >"$record/interface"
    shape_mechanism >"$record/mechanism"
    case $(shape_noted mechanism) in
    netem) tc qdisc show dev "$(shape_noted interface)" ;;
    nfqueue)
        for family in $(chain_families); do
            "$family" -w 5 -t mangle -S POSTROUTING | sed "s/^/$family /"
        done
        ;;
    esac
}

shape_prepare() {
    shape_limit "$(shape_noted interface)" >"$record/limit"
    shape_make
    peer_find "$(shape_noted interface)"
}

shape_make() { # what can be written down before the edge
    case $(shape_noted mechanism) in
    netem) netem_note "$(shape_noted interface)" "$(shape_noted limit)" "$(shape_netem)" ;;
    esac
}

shape_apply() {
    case $(shape_noted mechanism) in
    netem) netem_apply "$(shape_noted interface)" ;;
    nfqueue) queue_apply "$(shape_noted limit)" "$(shape_line)" ;;
    esac
}

shape_change() {
    shape_make
    shape_stop
    processes_kill "VNFAULT_FAULT=$token."
    shape_apply
}

# Says what the mechanism counted. Sets passed, its packets; held_us, the mean time it held one and
# its deviation, deviation_us; both 0 where it doesn't know; bytes, what went through it.
shape_measure() {
    passed=0 held_us=0 deviation_us=0 bytes=0
    case $(shape_noted mechanism) in
    netem)
        # shellcheck disable=SC2046 # bytes, packets, dropped
        set -- $(netem_counts "$(shape_noted interface)") 0 0 0
        bytes=$1 passed=$2
        measure packets-shaped "$2" packets
        measure qdisc-drops "$3" packets
        ;;
    nfqueue)
        queue_statistics_renew
        for name in delayed dropped overflow; do
            count=$(queue_statistic $name)
            measure "packets-$name" "${count:-0}" packets
        done
        passed=$(queue_statistic arrived) held_us=$(queue_statistic mean-delay)
        deviation_us=$(queue_statistic deviation) bytes=$(queue_statistic bytes)
        passed=${passed:-0} held_us=${held_us:-0} deviation_us=${deviation_us:-0} bytes=${bytes:-0}
        ;;
    esac
}

shape_alive() {
    case $(shape_noted mechanism) in
    netem)
        netem_present "$(shape_noted interface)" && return
        say detail "netem is gone from $(shape_noted interface)"
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

shape_stop() {
    case $(shape_noted mechanism) in
    netem) netem_remove "$(shape_noted interface)" ;;
    nfqueue) queue_remove ;;
    esac
}

shape_residue() {
    case $(shape_noted mechanism) in
    netem) netem_left "$(shape_noted interface)" ;;
    nfqueue)
        for family in $(chain_families); do
            chains_left "$family" mangle "$(chain_name q)"
        done
        ;;
    esac
}

# --- faults that hit a share of the packets ----------------------------------------------------------
# Such a fault type calls shape_share_fault STATISTIC in place of shape_fault: the delay line counts what it
# hit by that name. Of netem's, pings tell: the fault type says how many (shape_pings_hit), and may look
# for them in its own way (shape_look: adds to sent what went out, false if it can't be seen).
shape_share_fault() { # STATISTIC
    shape_statistic=$1
    shape_fault
    shape_look() { stimulate; }
    injector_verify() { shape_share_verify; }
}

shape_share() { # the intensity as netem writes it
    echo "$(decimal "$amount")%"
}

# Looks until twenty pings are to be hit, three times at most.
shape_share_verify() {
    sent=0 back=0 twice=0
    for burst in 1 2 3; do
        shape_look || break
        [ $((sent * amount)) -lt 2000000 ] || break
    done
    shape_measure
    if [ "$(shape_noted mechanism)" = nfqueue ]; then
        counted=$(queue_statistic "$shape_statistic")
        share_report "$passed" "${counted:-0}" shape_plausible
    else
        share_report $sent "$(shape_pings_hit)" shape_plausible
    fi
}

# As much as chance allows (four standard deviations and a packet), and a sixth besides as not every one
# is seen.
shape_plausible() { # SEEN HIT
    share=$((amount / 10))
    share_deviate "$1" "$2" $share
    deviation=$((deviation - seen * share / 6))
    [ $deviation -le 0 ] || [ $((deviation * deviation)) -le $((variance + 100000000)) ]
}
