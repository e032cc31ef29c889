# name: disk
# summary: workers that write to the target's disk
# unit: workers
# range: 1..512
# tools: stress-ng stat
# level-time: 2s
# helpers: disk-writer
# parameter: folder path auto "where they write; auto is /srv, or /var/tmp where that isn't there"
# parameter: mode direct|fsync|buffered direct "past the page cache, with an fsync after each write, or neither"
# parameter: throughput 0..100000MB/s 0MB/s "of all workers together; 0 is as fast as they can"

worker_bytes=4194304

injector_probe() {
    disk_probe
    if disk_is_paced; then
        helper_probe disk-writer
        say mechanism disk-writer
    else
        stress_mechanism
    fi
    needed=$((amount / 1000 * worker_bytes / 1024 * 2))
    if [ "$free" -lt "$needed" ]; then
        fail folder "$where has $free kB free, the workers need $needed kB"
    fi
}

disk_is_paced() {
    [ "$(parameter_amount throughput)" -gt 0 ]
}

# Small writes end soon, so that the workers can be ended at once whatever the disk does.
injector_apply() {
    folder_make "$(disk_folder)"
    workers=$((amount / 1000))
    if disk_is_paced; then
        fault_start "$record/disk-writer" "$(folder_owned)" "$workers" $worker_bytes \
            $(($(parameter_amount throughput) * 1000)) "$(parameter mode)"
    else
        case $(parameter mode) in
        direct | fsync) set -- --hdd-opts "$(parameter mode)" ;;
        buffered) set -- ;;
        esac
        stress_start --hdd "$workers" --hdd-bytes $worker_bytes --hdd-write-size 65536 "$@" \
            --temp-path "$(folder_owned)"
    fi
    stress_wait $((workers + 1))
}

injector_verify() {
    from=$(uptime_now) written=$(fault_written)
    pause 150
    written=$(($(fault_written) - written))
    window=$(($(uptime_now) - from))
    workers=$(($(fault_count) - 1))
    measure bytes-written $((written * 100 / window)) bytes/s
    say achieved $((workers > 0 ? workers : 0))
    if [ "$workers" -ge $((amount / 1000)) ] && disk_writes $((written * 100 / window)); then
        say took_hold true
    else
        processes_alive
        say took_hold false
    fi
}

# At the pace that was asked for, within a quarter; it may be less where the disk can't do more. What
# goes to the page cache is counted when it is made dirty.
disk_writes() { # BYTES-A-SECOND
    [ "$1" -gt 0 ] || return 1
    disk_is_paced || return 0
    [ "$1" -le $(($(parameter_amount throughput) * 1250)) ] && return 0
    say detail "$1 bytes/s are written"
    return 1
}
