# What the target has: in a container the limits of its control group, else those of the machine.

# Prints the folder of the target's control group for a controller, and its version: 'v1 FOLDER TOP'.
cgroup_of() { # CONTROLLER
    while IFS=: read -r ignored names path; do
        case ",$names," in
        *",$1,"*)
            for top in "/sys/fs/cgroup/$names" "/sys/fs/cgroup/$1"; do
                [ -d "$top" ] && cgroup_print v1 "$top" "$path" && return
            done
            ;;
        ,,)
            for top in /sys/fs/cgroup /sys/fs/cgroup/unified; do
                grep -qw "$1" "$top/cgroup.controllers" 2>/dev/null &&
                    cgroup_print v2 "$top" "$path" && return
            done
            ;;
        esac
    done <"/proc/${container:-self}/cgroup"
}

cgroup_print() { # VERSION TOP PATH
    folder=$2${3%/}
    # Inside a container the path may be told from outside its own tree.
    [ -d "$folder" ] || folder=$2
    echo "$1 $folder $2"
}

# Calls FUNCTION VERSION FOLDER for that control group and those above it.
cgroup_upwards() { # CONTROLLER FUNCTION
    # shellcheck disable=SC2046 # three words
    set -- "$2" $(cgroup_of "$1")
    [ $# = 4 ] || return 0
    folder=$3
    while :; do
        "$1" "$2" "$folder"
        [ "$folder" != "$4" ] || return 0
        folder=${folder%/*}
    done
}

# --- processors ----------------------------------------------------------------------------------
# Sets cpu_capacity (thousandths of a processor) and cpu_source: where its use is counted.
cpu_read() {
    cpu_capacity=$(($(target_processors) * 1000))
    cpu_source=machine
    cgroup_upwards cpu cpu_limit_read
}

cpu_limit_read() { # VERSION FOLDER
    quota='' period=''
    case $1 in
    v1)
        quota=$(cat "$2/cpu.cfs_quota_us" 2>/dev/null)
        period=$(cat "$2/cpu.cfs_period_us" 2>/dev/null)
        ;;
    v2) read -r quota period 2>/dev/null <"$2/cpu.max" ;;
    esac
    if is_number "$quota" && is_number "$period" && [ $((quota * 1000 / period)) -lt "$cpu_capacity" ]; then
        cpu_capacity=$((quota * 1000 / period))
        cpu_source="$1 $2"
    fi
}

cpu_used() { # microseconds since some start, of the whole target
    # shellcheck disable=SC2086 # a version and a folder
    set -- $cpu_source
    case $1 in
    v1) echo $(($(cat "$2/cpuacct.usage" 2>/dev/null || cat "/sys/fs/cgroup/cpuacct${2#/sys/fs/cgroup/cpu}/cpuacct.usage") / 1000)) ;;
    v2) sed -n 's/^usage_usec //p' "$2/cpu.stat" ;;
    *)
        read -r ignored user nice system ignored ignored irq softirq ignored </proc/stat
        echo $(((user + nice + system + irq + softirq) * 10000))
        ;;
    esac
}

# --- memory --------------------------------------------------------------------------------------
memory_field() { # NAME: bytes, from /proc/meminfo
    echo $(($(sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" /proc/meminfo) * 1024))
}

# Sets memory_limit (bytes) and memory_source: where its use is counted.
memory_read() {
    memory_limit=$(memory_field MemTotal)
    memory_source=machine
    cgroup_upwards memory memory_limit_read
}

memory_limit_read() { # VERSION FOLDER
    case $1 in
    v1) limit=$(cat "$2/memory.limit_in_bytes" 2>/dev/null) ;;
    v2) limit=$(cat "$2/memory.max" 2>/dev/null) ;;
    esac
    if is_number "$limit" && [ "$limit" -lt "$memory_limit" ]; then
        memory_limit=$limit
        memory_source="$1 $2"
    fi
}

memory_used() { # bytes in use that can't just be dropped: without the page cache
    # shellcheck disable=SC2086 # a version and a folder
    set -- $memory_source
    case $1 in
    v1) usage=$(cat "$2/memory.usage_in_bytes") prefix=total_ ;;
    v2) usage=$(cat "$2/memory.current") prefix= ;;
    *)
        echo $(($(memory_field MemTotal) - $(memory_field MemAvailable)))
        return
        ;;
    esac
    cache=0
    # shellcheck disable=SC2013 # a number a line
    for bytes in $(sed -n "s/^${prefix}\(in\)\{0,1\}active_file //p" "$2/memory.stat"); do
        cache=$((cache + bytes))
    done
    echo $((usage - cache))
}

# --- disk ----------------------------------------------------------------------------------------
disk_folder() {
    folder=$(parameter folder)
    case $folder in
    auto)
        folder=/var/tmp
        [ ! -d "$(target_path /srv)" ] || [ ! -w "$(target_path /srv)" ] || folder=/srv
        ;;
    esac
    target_path "$folder"
}

disk_probe() { # sets where, in which a fault writes; used and free
    where=$(disk_folder)
    [ -d "$where" ] && [ -w "$where" ] || fail folder "there is no folder $where to write in"
    disk_read "$where"
}

# df looks for where it is mounted, and doesn't find what is in a container only.
disk_read() { # FOLDER: sets used and free, in kB of its file system
    # shellcheck disable=SC2046 # the folder, size of a block, blocks, free ones, free ones for everybody
    set -- "$1" $(stat -f -c '%S %b %f %a' "$1" 2>/dev/null)
    [ $# = 5 ] || fail folder "stat does not tell what is free in $1"
    used=$((($3 - $4) * ($2 / 512) / 2)) free=$(($5 * ($2 / 512) / 2))
}
