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
    echo $size >"$record/size"
    rm -f "$record/filled"
    fault_start sh -c "$fill_script" sh "$(folder_owned)" "$record" $size
    tries=0
    while [ ! -f "$record/filled" ] && [ "$(lease_left)" -gt 100 ]; do
        [ $tries -lt 10 ] || [ -n "$(fault_processes)" ] || break
        tries=$((tries + 1))
        pause 5
    done
    processes_note
}

# The file has no name, and is there as long as its process: so it does not outlive the target either.
# shellcheck disable=SC2016 # for the shell that runs it: folder, undo record, kB
fill_script='
    exec 9>"$1/fill" && rm "$1/fill" || exit
    fallocate -l "$3k" /proc/self/fd/9 2>/dev/null ||
        dd if=/dev/zero of=/proc/self/fd/9 bs=1024k count=$(($3 / 1024 + 1)) 2>/dev/null
    : >"$2/filled"
    exec sleep 2147483647'

injector_verify() {
    disk_read "$(folder_owned)"
    measure disk-free $((free * 1024)) bytes
    say achieved "$(decimal $((used * 1000 / ((used + free) / 100 + 1))))"
    if injector_alive; then say took_hold true; else say took_hold false; fi
}

# Nine tenths of it are there: on a file system that is shared others may free and use some.
injector_alive() {
    for process in $(fault_processes); do
        blocks=$(stat -L -c %b "/proc/$process/fd/9" 2>/dev/null)
        [ "${blocks:-0}" -lt $(($(cat "$record/size") / 10 * 9 * 2)) ] || return 0
    done
    say detail "what fills is gone, or takes no room"
    return 1
}
