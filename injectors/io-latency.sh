# name: io-latency
# summary: reads and writes of a disk that take longer
# unit: ms
# range: 5..2000
# tools: dmsetup dd df
# parameter: folder path auto "on whose disk; auto is /srv, or /var/tmp where that isn't there"
# parameter: operations reads|writes|both both "which are delayed"

# A device of the device mapper (a logical volume) may change its table while it is in use: in place of
# each piece of a disk comes the same piece by way of dm-delay.

injector_probe() {
    container_refuse "the disk of a container is one of its node: delay that"
    disk_probe
    delay_device
    kinds=$(dmsetup table "$device" | cut -d ' ' -f 3 | grep -vx linear)
    [ -z "$kinds" ] || fail device "$device is of the kind $(one_line "$kinds"): only to linear ones a delay can be put"
    dmsetup info "$device" | grep -q '^Tables present: *LIVE$' || fail device "somebody is about to change $device"
    dmsetup targets | grep -q '^delay ' || modprobe -n -q dm-delay 2>/dev/null ||
        fail missing-feature "the kernel has no dm-delay"
    say mechanism dm-delay
}

# The mapped device that has the folder's file system: sets device, its name.
delay_device() {
    number=$(stat -c %d "$where")
    number=$((number >> 8 & 4095)):$(((number & 255) | (number >> 12 & 1048320)))
    read -r device 2>/dev/null <"/sys/dev/block/$number/dm/name" && return
    hint "choose a folder on a logical volume: to other devices a delay can't be put while they are in use"
    fail device "what $where is on ($number, $(df -P "$where" | tail -n 1 | cut -d ' ' -f 1)) is no device of the device mapper"
}

delay_noted() {
    cat "$record/device" 2>/dev/null
}

injector_prepare() {
    where=$(disk_folder)
    delay_device
    folder_make "$where"
    operations=$operations_most
    dd if=/dev/zero of="$(folder_owned)/file" bs=4096 count=$operations conv=fsync 2>/dev/null &&
        dd if="$(folder_owned)/file" of=/dev/null iflag=direct bs=4096 count=1 2>/dev/null ||
        fail device "the disk of $where can't be written, and read past the page cache"
    echo "$device" >"$record/device"
    echo "$(time_of reads) $(time_of writes)" >"$record/times"
}

injector_fingerprint() {
    where=$(disk_folder)
    delay_device
    dmsetup table "$device" | sed "s/^/$device /"
}

# Times direct operations, one after the other. The clock tells hundredths of a second: so many that a
# second or so goes by.
operations_most=50

time_of() { # reads|writes: microseconds that one takes
    from=$(uptime_now)
    case $1 in
    reads) dd if="$(folder_owned)/file" of=/dev/null iflag=direct bs=4096 count="$operations" ;;
    writes) dd if=/dev/zero of="$(folder_owned)/file" oflag=direct conv=notrunc bs=4096 count="$operations" ;;
    esac 2>/dev/null
    echo $((($(uptime_now) - from) * 10000 / operations))
}

delay_operations() {
    case $(parameter operations) in both) echo "reads writes" ;; *) parameter operations ;; esac
}

delay_table() { # what takes the place of the present table
    while read -r start length ignored disk offset; do
        case $(parameter operations) in
        reads) times="$disk $offset $((amount / 1000)) $disk $offset 0" ;;
        writes) times="$disk $offset 0 $disk $offset $((amount / 1000))" ;;
        both) times="$disk $offset $((amount / 1000))" ;;
        esac
        echo "$start $length delay $times"
    done
}

# What is loaded comes in at the next resume, in the kernel at once.
table_put() { # DEVICE: the table is what is read
    dmsetup load "$1" && dmsetup resume --noudevsync --nolockfs "$1"
}

injector_apply() {
    delayed=$(dmsetup table "$(delay_noted)" | delay_table)
    message=$(printf '%s\n' "$delayed" | table_put "$(delay_noted)" 2>&1) || fail device "can't delay $(delay_noted): $message"
}

injector_alive() {
    dmsetup table "$(delay_noted)" 2>/dev/null | grep -q ' delay ' && return
    say detail "the table of $(delay_noted) has been changed"
    return 1
}

injector_verify() {
    # shellcheck disable=SC2046 # two times
    set -- $(cat "$record/times")
    operations=$((1000000 / amount + 3))
    [ $operations -le $operations_most ] || operations=$operations_most
    added=''
    for kind in $(delay_operations); do
        before=$1 took=$(time_of "$kind")
        [ "$kind" = reads ] || before=${2:-$1}
        measure "$kind-before" "$(decimal "$before")" ms
        measure "$kind-now" "$(decimal "$took")" ms
        [ -n "$added" ] && [ "$added" -lt $((took - before)) ] || added=$((took - before))
    done
    say achieved "$(decimal "$added")"
    if injector_alive && [ "$added" -ge $((amount * 9 / 10)) ]; then say took_hold true; else say took_hold false; fi
}

# From the present table, which may have grown since.
injector_stop() {
    device=$(delay_noted)
    [ -n "$(injector_residue)" ] || return 0
    present=$(dmsetup table "$device" 2>/dev/null) &&
        printf '%s\n' "$present" | sed 's/^\([0-9]* [0-9]*\) delay \([^ ]* [0-9]*\) .*/\1 linear \2/' |
        table_put "$device" >/dev/null 2>&1
}

injector_residue() { # also of a table that was loaded and did not come in
    device=$(delay_noted)
    [ -n "$device" ] && grep -sqxF -- "$device" /sys/block/dm-*/dm/name || return 0
    present=$(dmsetup table "$device" 2>/dev/null && dmsetup info "$device" 2>/dev/null) ||
        echo "what can't be read of $device"
    case $present in *' delay '* | *INACTIVE*) echo "a delay of $device" ;; esac
}
