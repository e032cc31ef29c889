# name: disk-fill
# summary: a file system filled up to a share, what is in use already included
# unit: %
# range: 1..100
# tools: stat
# parameter: folder path auto "on which file system; auto is /srv, or /var/tmp where that isn't there"
# parameter: reserve 0..1000000MB 16MB "what stays free in any case"

injector_probe() {
    disk_probe
    measure disk-used $((used * 1024)) bytes
    measure disk-free $((free * 1024)) bytes
    if command -v fallocate >/dev/null; then say mechanism fallocate; else say mechanism dd; fi
}

# What is asked for, but for the reserve.
injector_apply() {
    folder_make "$(disk_folder)"
    disk_read "$(folder_owned)"
    size=$(((used + free) * (amount / 100) / 1000 - used))
    most=$((free - $(parameter_amount reserve) * 1024 / 1000))
    [ $size -lt $most ] || size=$most
    [ $size -gt 0 ] || {
        hint "choose a higher intensity: it counts what is in use already"
        fail range "the file system has that much in use without the fault"
    }
    fallocate -l ${size}k "$(folder_owned)/fill" 2>/dev/null ||
        dd if=/dev/zero of="$(folder_owned)/fill" bs=1024k count=$((size / 1024 + 1)) 2>/dev/null
    echo $size >"$record/size"
}

injector_verify() {
    disk_read "$(folder_owned)"
    measure disk-free $((free * 1024)) bytes
    say achieved "$(decimal $((used * 1000 / ((used + free) / 100 + 1))))"
    if injector_alive; then say took_hold true; else say took_hold false; fi
}

# Nine tenths of it are there: on a file system that is shared others may free and use some.
injector_alive() {
    # shellcheck disable=SC2046 # a size in blocks of 1 kB, and a name
    set -- $(du -k "$(folder_owned)/fill" 2>/dev/null)
    [ "${1:-0}" -lt $(($(cat "$record/size" 2>/dev/null || echo 1) * 9 / 10)) ] || return 0
    say detail "the file that fills is gone, or takes no room"
    return 1
}

injector_change() {
    folder_drop
    injector_apply
}
