# name: memory
# summary: memory in use up to a share of what the target has, what is in use already included
# unit: %
# range: 1..100
# tools: stress-ng

injector_probe() {
    stress_mechanism
    memory_read
    measure memory-limit "$memory_limit" bytes
    measure memory-used "$(memory_used)" bytes
}

memory_share() { # BYTES: in thousandths of a per cent of the limit
    echo $(($1 * 1000 / (memory_limit / 100)))
}

# The stressor's own processes take about 4 MB beside what it is asked to hold.
stressor_size=4000000

# Applied once the memory is resident, or the stressor has given up.
injector_apply() {
    memory_read
    used=$(memory_used)
    bytes=$((memory_limit / 1000 * (amount / 100) - used - stressor_size))
    if [ "$bytes" -lt 1000000 ]; then
        hint "choose a higher intensity: it counts what is in use already"
        fail range "the target has $(decimal "$(memory_share "$used")") % of its memory in use without the fault"
    fi
    echo "$bytes" >"$record/bytes"
    stress_start --vm 1 --vm-bytes "$bytes" --vm-keep --vm-hang 0 --vm-populate --vm-method zero-one --oomable
    tries=0
    while [ "$(fault_resident)" -lt "$bytes" ] && [ "$(lease_left)" -gt 100 ]; do
        [ $tries -lt 10 ] || [ -n "$(fault_processes)" ] || break
        tries=$((tries + 1))
        pause 5
    done
    processes_note
}

injector_verify() {
    memory_read
    resident=$(fault_resident) used=$(memory_used)
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
