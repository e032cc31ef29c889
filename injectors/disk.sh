# name: disk
# summary: workers that write to the target's disk, past the page cache
# unit: workers
# range: 1..512
# tools: stress-ng df
# parameter: folder path auto "where they write; auto is /srv, or /var/tmp where that isn't there"

worker_bytes=4194304

disk_folder() {
    folder=$(parameter folder)
    case $folder in
    auto) if [ -d /srv ] && [ -w /srv ]; then echo /srv; else echo /var/tmp; fi ;;
    *) echo "$folder" ;;
    esac
}

injector_probe() {
    where=$(disk_folder)
    [ -d "$where" ] && [ -w "$where" ] || fail folder "there is no folder $where to write in"
    stress_mechanism
    # shellcheck disable=SC2046 # device, size, used, free, share, folder
    set -- $(df -Pk "$where" | tail -n 1)
    free=${4:-}
    is_number "$free" || fail folder "df does not tell what is free in $where"
    needed=$((amount / 1000 * worker_bytes / 1024 * 2))
    if [ "$free" -lt "$needed" ]; then
        fail folder "$where has $free kB free, the workers need $needed kB"
    fi
}

# Small writes end soon, so that the workers can be ended at once whatever the disk does.
injector_apply() {
    folder_make "$(disk_folder)"
    workers=$((amount / 1000))
    stress_start --hdd "$workers" --hdd-bytes $worker_bytes --hdd-write-size 65536 \
        --hdd-opts direct --temp-path "$(folder_owned)"
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
    if [ "$workers" -ge $((amount / 1000)) ] && [ "$written" -gt 0 ]; then
        say took_hold true
    else
        processes_alive
        say took_hold false
    fi
}
