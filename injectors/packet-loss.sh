# name: packet-loss
# summary: packets lost at random as they come in and go out
# unit: %
# range: 0.01..100
# tools: iptables iptables-restore unshare
# parameter: direction in|out|both both "which packets"
# parameter: interface name all "network interface; all is every one but the loopback"
# parameter: peer address auto "host pinged to measure the loss; auto is the runner or a neighbour"

# An outgoing packet is dropped before it leaves: its sender is told so at once (EPERM).

loss_rules() { # FAMILY
    echo '*filter'
    for side in $(loss_sides); do
        chain=$(chain_name "$side")
        echo ":$chain - [0:0]"
        chain_exempt "$1" "$chain"
        echo "-A $chain -m comment --comment seen"
        echo "-A $chain -m statistic --mode random --probability $(loss_probability) -m comment --comment lost -j DROP"
    done
    for side in $(loss_sides); do
        echo "-I $(loss_hook "$side") -m comment --comment vnfault:$token -j $(chain_name "$side")"
    done
    echo COMMIT
}

loss_sides() {
    case $(parameter direction) in
    in) echo i ;;
    out) echo o ;;
    *) echo i o ;;
    esac
}

loss_hook() { # SIDE
    case $1 in
    i) echo "INPUT 1 $(chain_interface -i)" ;;
    o) echo "OUTPUT 1 $(chain_interface -o)" ;;
    esac
}

loss_probability() {
    printf '%d.%05d' $((amount / 100000)) $((amount % 100000))
}

injector_probe() {
    for family in $(chain_families); do
        chain_try "$family" "$(loss_rules "$family")"
    done
    say mechanism "iptables statistic, $(iptables --version 2>/dev/null | sed 's/^iptables //')"
}

injector_fingerprint() {
    for family in $(chain_families); do
        for chain in INPUT OUTPUT; do
            "$family" -w 5 -t filter -S $chain | sed "s/^/$family /"
        done
    done
}

injector_prepare() {
    interface=$(parameter interface)
    [ "$interface" != all ] || interface=
    peer_find "$interface"
}

injector_apply() {
    for family in $(chain_families); do
        chain_apply "$family" "$(loss_rules "$family")"
    done
}

# Adds up what the rules of one side counted: sets seen and lost.
loss_count() { # SIDE
    seen=0 lost=0
    for family in $(chain_families); do
        count=$(chain_count "$family" filter "$(chain_name "$1")" seen)
        seen=$((seen + ${count:-0}))
        count=$(chain_count "$family" filter "$(chain_name "$1")" lost)
        lost=$((lost + ${count:-0}))
    done
}

loss_count_all() { # sets seen_all and lost_all
    seen_all=0 lost_all=0
    for side in $(loss_sides); do
        loss_count "$side"
        seen_all=$((seen_all + seen)) lost_all=$((lost_all + lost))
    done
}

# Could so many of so many be lost by chance? In ten-thousandths, four standard deviations.
loss_plausible() { # SEEN LOST
    share=$((amount / 10))
    deviation=$(($2 * 10000 - $1 * share))
    [ "$2" -gt 0 ] && [ $((deviation * deviation)) -le $((16 * $1 * share * (10000 - share) + 100000000)) ]
}

# Pings until ten losses are to be expected, at most three seconds long.
injector_verify() {
    peer=$(peer_noted)
    sent=0 back=0
    for burst in 1 2 3; do
        if [ -n "$peer" ]; then
            counted=$(peer_burst "$peer" 100)
            counted=${counted:-0 0}
            sent=$((sent + ${counted% *})) back=$((back + ${counted#* }))
        else
            pause 100
        fi
        loss_count_all
        [ $((seen_all * amount)) -lt 1000000 ] || break
    done
    if [ -n "$peer" ] && [ $sent -gt 0 ]; then
        measure loss-round-trip "$(decimal $(((sent - back) * 100000 / sent)))" %
    fi
    loss_report
}

injector_count() {
    for side in $(loss_sides); do
        loss_count "$side"
        [ $seen -gt 0 ] || continue
        if [ "$side" = i ]; then name=in; else name=out; fi
        measure "loss-$name" "$(decimal $((lost * 100000 / seen)))" %
        measure "packets-$name" $seen packets
    done
}

loss_report() {
    injector_count
    loss_count_all
    if [ $seen_all -eq 0 ]; then
        say detail "no packet came by"
        say took_hold false
        return
    fi
    say achieved "$(decimal $((lost_all * 100000 / seen_all)))"
    if loss_plausible $seen_all $lost_all; then
        say took_hold true
    else
        say detail "$lost_all of $seen_all packets were lost"
        say took_hold false
    fi
}

injector_alive() {
    for side in $(loss_sides); do
        iptables -w 5 -t filter -S 2>/dev/null | grep -q -- "^-A [IO].* -j $(chain_name "$side")\$" && continue
        say detail "the rule that leads to $(chain_name "$side") is gone"
        return 1
    done
}

injector_stop() {
    for family in $(chain_families); do
        chains_remove "$family" filter "$(chain_name '[io]')"
    done
}

injector_residue() {
    for family in $(chain_families); do
        chains_left "$family" filter "$(chain_name '[io]')"
    done
}
