# name: cpu
# summary: processors busy for a share of what the target has
# unit: %
# range: 1..100
# tools: stress-ng nproc
# level-time: 3s
# parameter: cores number all "so many processors, each busy for the share; all is what the target has"

injector_probe() {
    stress_mechanism
    cpu_read_faulted
    measure cpu-capacity "$(decimal "$cpu_capacity")" processors
}

# Reads what the target has, and sets cpu_faulted: what of it the intensity is a share of, thousandths of
# a processor.
cpu_read_faulted() {
    cpu_read
    cpu_faulted=$cpu_capacity
    cores=$(parameter cores)
    if [ "$cores" != all ] && [ -n "$cores" ]; then
        cpu_faulted=$((cores * 1000))
        [ "$cores" -gt 0 ] && [ $cpu_faulted -le "$cpu_capacity" ] ||
            fail range "the target has $(decimal "$cpu_capacity") processors, not $cores"
    fi
}

# One worker for each processor, or part of one; all of the same load.
injector_apply() {
    cpu_read_faulted
    workers=$(((cpu_faulted + 999) / 1000))
    load=$(((cpu_faulted * amount / 1000 / workers + 500) / 1000))
    [ $load -gt 0 ] || load=1
    cpu_start
    if [ "$cpu_source" != machine ]; then
        cpu_correct
    fi
}

cpu_start() {
    stress_start --cpu "$workers" --cpu-load "$load" --cpu-method int8
    stress_wait $((workers + 1))
}

# A worker that has to wait for a processor counts the wait as work, and sleeps for it: where others
# of the target take from it, ask for more by what is missing, a quarter at most.
cpu_correct() {
    cpu_measure 50
    if [ "$fault" -gt 0 ] && [ "$fault" -lt $((amount * 92 / 100)) ]; then
        most=$(((load * 5 + 3) / 4))
        load=$(((load * amount + fault - 1) / fault))
        [ $load -le $most ] || load=$most
        [ $load -le 100 ] || load=100
        processes_kill "VNFAULT_FAULT=$token."
        cpu_start
    fi
}

# Measures over a second, and once more if that was short of what was asked for: stress-ng finds its
# load only after a while where others want the processor too.
injector_verify() {
    cpu_read_faulted
    for try in 1 2; do
        cpu_measure 100
        [ "$fault" -lt $((amount * 9 / 10)) ] || break
    done
    measure cpu-fault "$(decimal "$fault")" %
    measure cpu-fault-waiting "$(decimal "$waiting")" %
    measure cpu-target "$(decimal "$used")" %
    say achieved "$(decimal "$fault")"
    if cpu_took_hold; then
        say took_hold true
    else
        if processes_alive; then # else it has said what is gone
            say detail "the fault uses $(decimal "$fault")%, waits for $(decimal "$waiting")%;\
 the target uses $(decimal "$used")% of its processors"
        fi
        say took_hold false
    fi
}

# It has nine tenths of what was asked for. Or all of the target's processors are in use: others of
# the target have the rest, but no more than the fault, and it waits for what they have.
cpu_took_hold() {
    [ "$fault" -lt $((amount * 9 / 10)) ] || return 0
    [ "$used" -ge 90000 ] && [ $((fault * 2)) -ge "$amount" ] &&
        [ $((fault + waiting)) -ge $((amount * 9 / 10)) ]
}

# Sets fault and waiting, in thousandths of a per cent of what the fault is for, and used, of what the
# target has.
cpu_measure() { # HUNDREDTHS of a second
    processes=$(fault_processes)
    pause 30 # the search took of the target's quota, and that must not be missing in the window
    # shellcheck disable=SC2086 # one number a word
    from=$(uptime_now) times=$(processes_cpu_times $processes) target=$(cpu_used)
    pause "$1"
    # shellcheck disable=SC2086
    times_now=$(processes_cpu_times $processes) target=$(($(cpu_used) - target))
    window=$((($(uptime_now) - from) * 10000))
    fault=$(cpu_share $((${times_now% *} - ${times% *})) "$cpu_faulted")
    waiting=$(cpu_share $((${times_now#* } - ${times#* })) "$cpu_faulted")
    used=$(cpu_share $target "$cpu_capacity")
}

cpu_share() { # MICROSECONDS THOUSANDTHS-OF-A-PROCESSOR
    echo $(($1 * 100000 / window * 1000 / $2))
}
