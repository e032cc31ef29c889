# Faults made by rules of iptables' table filter. For each direction there are two chains: the first is
# entered by what comes by, lets the control channel through and leads what the filter is for to the
# second, where it is counted and the fault happens.
#
# A fault type calls rules_fault and says what happens:
#   rules_effect FAMILY CHAIN   prints the rules of the second chain; what they hit has the comment 'hit'
#   rules_share                 prints the share of packets that is to be hit, in ten-thousandths
# and may say for itself which sides, hooks and matches there are.

rules_fault() {
    rules_sides() { filter_sides; }
    rules_matches() { filter_matches "$@"; }
    rules_hook() { # SIDE
        case $1 in
        i) echo "INPUT 1 $(chain_interface -i)" ;;
        o) echo "OUTPUT 1 $(chain_interface -o)" ;;
        esac
    }
    rules_counted() { :; } # the match of packets that the share is of, among those that it is for
    rules_share() { echo $((amount / 10)); }
    rules_stimulate() { stimulate; }
    injector_probe() { rules_probe; }
    injector_prepare() { rules_prepare; }
    injector_fingerprint() { rules_fingerprint; }
    injector_apply() { rules_apply; }
    injector_change() { rules_change; }
    injector_verify() { rules_verify; }
    injector_count() { rules_measure; }
    injector_alive() { rules_alive; }
    injector_stop() { rules_stop; }
    injector_residue() { rules_residue; }
}

rules_chain() { # SIDE
    chain_name "$1"
}

rules_effect_chain() { # SIDE: its second chain
    case $1 in
    i) chain_name j ;;
    o) chain_name p ;;
    esac
}

rules_text() { # FAMILY
    echo '*filter'
    for side in $(rules_sides); do
        echo ":$(rules_chain "$side") - [0:0]"
        echo ":$(rules_effect_chain "$side") - [0:0]"
        chain_exempt "$1" "$(rules_chain "$side")"
        rules_matches "$1" "$side" | while read -r match; do
            echo "-A $(rules_chain "$side") $match -g $(rules_effect_chain "$side")"
        done
        echo "-A $(rules_effect_chain "$side") $(rules_counted) -m comment --comment seen"
        rules_effect "$1" "$(rules_effect_chain "$side")"
    done
    for side in $(rules_sides); do
        echo "-I $(rules_hook "$side") -m comment --comment vnfault:$token -j $(rules_chain "$side")"
    done
    echo COMMIT
}

rules_probe() {
    filter_check
    chains_refuse_foreign filter "$(chain_name '[ijop]')"
    for family in $(chain_families); do
        chain_try "$family" "$(rules_text "$family")"
    done
    say mechanism "iptables, $(iptables --version 2>/dev/null | sed 's/^iptables //')"
}

rules_fingerprint() {
    for family in $(chain_families); do
        for chain in INPUT OUTPUT; do
            "$family" -w 5 -t filter -S $chain | sed "s/^/$family /"
        done
    done
}

rules_prepare() {
    rules_make
    rules_find_peer
}

rules_make() {
    for family in $(chain_families); do
        chain_note "$family" 'INPUT\|OUTPUT' "$(rules_text "$family")"
    done
}

rules_find_peer() {
    interface=$(parameter interface)
    [ "$interface" != all ] || interface=
    peer_find "$interface"
}

rules_apply() {
    chain_families_read
    for family in $families; do
        chain_apply "$family"
    done
}

rules_change() {
    rules_make
    rules_stop
    rules_apply
}

# Adds up what the rules of one side counted: sets seen and hit.
rules_count() { # SIDE
    seen=0 hit=0
    chain_families_read
    for family in $families; do
        chain_count "$family" filter "$(rules_effect_chain "$1")"
    done
}

rules_count_all() { # sets seen_all and hit_all
    seen_all=0 hit_all=0
    for side in $(rules_sides); do
        rules_count "$side"
        seen_all=$((seen_all + seen)) hit_all=$((hit_all + hit))
    done
}

rules_measure() {
    for side in $(rules_sides); do
        rules_count "$side"
        [ $seen -gt 0 ] || continue
        name=$(filter_side_name "$side")
        measure "share-$name" "$(decimal $((hit * 100000 / seen)))" %
        measure "packets-$name" $seen packets
    done
}

# Could so many of so many be hit by chance? Within four standard deviations; a packet and a thousandth
# besides, as packets come by while the counters are read.
rules_plausible() { # SEEN HIT
    share_deviate "$1" "$2" "$(rules_share)"
    deviation=$((deviation - 10000 - seen * 10))
    [ "$hit" -gt 0 ] && { [ $deviation -le 0 ] || [ $((deviation * deviation)) -le $variance ]; }
}

# Looks until ten hits are to be expected: ten times at most, three if nothing comes by.
rules_verify() {
    sent=0 back=0 look=0 seen_all=0
    while [ $look -lt 3 ] || { [ $look -lt 10 ] && [ $seen_all -gt 0 ]; }; do
        look=$((look + 1))
        rules_stimulate
        rules_count_all
        [ $((seen_all * $(rules_share))) -lt 100000 ] || break
    done
    if [ $sent -gt 0 ]; then
        measure loss-round-trip "$(decimal $(((sent - back) * 100000 / sent)))" %
    fi
    rules_report
}

rules_report() {
    rules_measure
    rules_count_all
    share_report $seen_all $hit_all rules_plausible
}

rules_alive() {
    for family in $(chain_families); do
        for side in $(rules_sides); do
            "$family" -w 5 -t filter -S 2>/dev/null | grep -q -- "^-A [IO].* -j $(rules_chain "$side")\$" && continue
            say detail "the rule of $family that leads to $(rules_chain "$side") is gone"
            return 1
        done
    done
}

rules_stop() {
    chain_families_read
    for family in $families; do
        chain_undo "$family" filter "$(chain_name '[ijop]')"
    done
}

rules_residue() {
    chain_families_read
    for family in $families; do
        chains_left "$family" filter "$(chain_name '[ijop]')"
    done
}
