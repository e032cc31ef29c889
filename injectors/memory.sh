# name: memory
# summary: memory in use up to a share of what the target has, what is in use already included
# unit: %
# range: 1..100
# tools: stress-ng
# level-time: 1s
# helpers: memory-leak
# parameter: growth 0..100000MB/s 0MB/s "how fast it comes; 0 is at once"

injector_probe() {
    if memory_grows; then
        helper_probe memory-leak
        say mechanism memory-leak
    else
        stress_mechanism
    fi
    memory_read
    measure memory-limit "$memory_limit" bytes
    measure memory-used "$(memory_used)" bytes
}

memory_grows() {
    [ "$(parameter_amount growth)" -gt 0 ]
}

memory_share() { # BYTES: in thousandths of a per cent of the limit
    echo $(($1 * 1000 / (memory_limit / 100)))
}

# The stressor's own processes take about 4 MB beside what it is asked to hold.
stressor_size=4000000

# Applied once the memory is resident, or the stressor has given up; a leak once it grows.
injector_apply() {
    memory_read
    used=$(memory_used)
    bytes=$((memory_limit / 1000 * (amount / 100) - used - stressor_size))
    if [ "$bytes" -lt 1000000 ]; then
        hint "choose a higher intensity: it counts what is in use already"
        fail range "the target has $(decimal "$(memory_share "$used")") % of its memory in use without the fault"
    fi
    echo "$bytes" >"$record/bytes"
    if memory_grows; then
        fault_start "$record/memory-leak" "$bytes" $(($(parameter_amount growth) * 1000))
        pause 30
        processes_note
        return
    fi
    stress_start --vm 1 --vm-bytes "$bytes" --vm-keep --vm-hang 0 --vm-populate --vm-method zero-one --oomable
    # As long as it grows: three seconds without are the end.
    tries=0 before=0
    while [ $tries -lt 60 ]; do
        resident=$(fault_resident)
        [ "$resident" -lt "$bytes" ] || break
        [ "$resident" -le "$before" ] || tries=0
        [ $tries -lt 10 ] || [ -n "$(fault_processes)" ] || break
        before=$resident tries=$((tries + 1))
        pause 5
    done
    processes_note
}

# The memory of what was ended comes back only a while after it is gone from the list of processes.
injector_change() {
    memory_read
    before=$(memory_used) held=$(fault_resident)
    processes_kill "VNFAULT_FAULT=$token."
    tries=0
    while [ $tries -lt 50 ] && [ "$(memory_used)" -gt $((before - held / 10 * 9)) ]; do
        tries=$((tries + 1))
        pause 10
    done
    injector_apply
}

injector_verify() {
    memory_read
    resident=$(fault_resident)
    if memory_grows; then
        memory_verify_growth
        return
    fi
    used=$(memory_used)
    measure memory-fault "$resident" bytes
    measure memory-limit "$memory_limit" bytes
    measure memory-target "$(decimal "$(memory_share "$used")")" %
    say achieved "$(decimal "$(memory_share "$used")")"
    if [ "$resident" -ge $(($(cat "$record/bytes") / 100 * 98)) ]; then
        say took_hold true
    else
        processes_alive
        say took_hold false
    fi
}

# Over a second, within a quarter; or it is all there already.
memory_verify_growth() {
    from=$(uptime_now)
    pause 100
    grown=$(($(fault_resident) - resident))
    window=$(($(uptime_now) - from))
    rate=$((grown * 100 / window)) asked=$(($(parameter_amount growth) * 1000))
    used=$(memory_used)
    measure memory-growth $rate bytes/s
    measure memory-target "$(decimal "$(memory_share "$used")")" %
    say achieved "$(decimal "$(memory_share "$used")")"
    if [ $((resident + grown)) -ge $(($(cat "$record/bytes") / 100 * 98)) ] ||
        { [ $rate -ge $((asked * 3 / 4)) ] && [ $rate -le $((asked * 5 / 4)) ]; }; then
        say took_hold true
    else
        say detail "it grows by $rate bytes/s"
        say took_hold false
    fi
}
