# The delay line: where the kernel has no netem, packets leaving the target are queued to the helper
# delay-line, which lets them go on as netem would. When it dies they just pass.
queue_mark=0x76667666 # of packets that it sent a second time

queue_works() {
    command -v iptables-restore >/dev/null || return 1
    (chain_try iptables "$(queue_rules iptables 1 "$(shape_interface)")") >/dev/null 2>&1
}

# A queue number that nobody uses, from the token so that two injections don't meet.
queue_choose() {
    number=$((20000 + $(printf '%s' "$token" | cksum | cut -d ' ' -f 1) % 40000))
    while grep -q "^ *$number " /proc/net/netfilter/nfnetlink_queue 2>/dev/null; do
        number=$((number + 1))
    done
    echo $number
}

queue_rules() { # FAMILY NUMBER INTERFACE
    chain=$(chain_name q)
    echo '*mangle'
    echo ":$chain - [0:0]"
    chain_exempt "$1" "$chain"
    case $(shape_line) in
    *mark=*) echo "-A $chain -m mark --mark $queue_mark -j RETURN" ;;
    esac
    filter_matches "$1" o | while read -r match; do
        echo "-A $chain $match -m comment --comment held -j NFQUEUE --queue-num $2 --queue-bypass"
    done
    # At the end: a packet from the queue does not come back to the rules after this one.
    echo "-A POSTROUTING -o $3 -m comment --comment vnfault:$token -j $chain"
    echo COMMIT
}

queue_apply() { # LIMIT OPTIONS
    number=$(queue_choose)
    rm -f "$record/statistics"
    # shellcheck disable=SC2086 # a list of words
    fault_start "$record/delay-line" "$number" "$1" "$record/statistics" $2
    tries=0
    while [ ! -f "$record/statistics" ]; do
        [ $tries -lt 100 ] || fail delay-line "the delay line did not start: $(fault_output)"
        tries=$((tries + 1))
        pause 3
    done
    processes_note
    interface=$(shape_noted interface)
    for family in $(chain_families); do
        chain_note "$family" POSTROUTING "$(queue_rules "$family" "$number" "$interface")"
        chain_apply "$family"
    done
}

queue_present() {
    iptables -w 5 -t mangle -S 2>/dev/null | grep -q -- "^-A POSTROUTING .* -j $(chain_name q)\$"
}

# Asks the delay line for its counts and prints one of them.
queue_statistic() { # NAME
    sed -n "s/^$1 //p" "$record/statistics" 2>/dev/null
}

queue_statistics_renew() {
    rm -f "$record/statistics"
    # shellcheck disable=SC2046 # one number a word
    kill -USR1 $(fault_processes) 2>/dev/null || return 0
    tries=0
    while [ ! -f "$record/statistics" ] && [ $tries -lt 20 ]; do
        tries=$((tries + 1))
        pause 5
    done
}

# First the rules go, so that nothing more comes in; then the helper lets go what it holds.
queue_remove() {
    for family in $(chain_families); do
        chain_undo "$family" mangle "$(chain_name q)"
    done
    found=$(fault_processes)
    [ -n "$found" ] || return 0
    # shellcheck disable=SC2086 # one number a word
    kill -TERM $found 2>/dev/null
    tries=0
    while [ -n "$(fault_processes)" ] && [ $tries -lt 10 ]; do
        tries=$((tries + 1))
        pause 3
    done
}
