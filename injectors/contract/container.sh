# A target that is a container. The runner's commands, and so all of this, then run on its node: within
# the container's network, UTS and IPC namespaces, but with the node's tools, files and process
# numbers, so that guards and undo record outlive the container. The runner sets
#   VNFAULT_CONTAINER   what the container is called on its node, and a dot
#   VNFAULT_FIRST       its first process, by the node's number
#   VNFAULT_STARTED     when that was started, in clock ticks since boot
container=${VNFAULT_FIRST:-}

container_lives() { # also true of a target that is no container
    [ -n "$container" ] || return 0
    read -r stat 2>/dev/null <"/proc/$container/stat" || return 1
    # shellcheck disable=SC2086 # the fields after the name, which may hold spaces
    set -- ${stat##*) }
    [ "${20}" = "$VNFAULT_STARTED" ]
}

root_drop() { # the folder of the undo records, if nothing is in it
    if rmdir "$root" 2>/dev/null && [ -n "$container" ]; then
        rmdir "${root%/*}" "${root%/containers/*}" 2>/dev/null
    fi
    return 0
}

# What can't be done to a container without doing it to its node.
container_refuse() { # TEXT
    [ -z "$container" ] || fail container "$1"
}

target_processes() { # their folders in /proc
    if [ -n "$container" ]; then
        # shellcheck disable=SC2046 # version, folder, top
        set -- $(cgroup_of memory)
        find "$2" -name cgroup.procs -exec cat '{}' + 2>/dev/null | sed 's|^|/proc/|'
    else
        printf '%s\n' /proc/[0-9]*
    fi
}

target_processors() { # how many it may use
    if [ -z "$container" ]; then
        nproc
        return
    fi
    count=0
    for range in $(sed -n 's/^Cpus_allowed_list:[^0-9]*//p' "/proc/$container/status" | tr ',' ' '); do
        count=$((count + ${range#*-} - ${range%-*} + 1))
    done
    echo $count
}

target_path() { # PATH: where a path of the target's own files is, as we see it
    echo "${container:+/proc/$container/root}$1"
}

# From here on names are looked up as the container does it: by its name servers, over its network. Only
# we see these mounts, and they end with us.
container_resolver() {
    [ -n "$container" ] || return 0
    cat "$(target_path /etc/resolv.conf)" >"$record/resolv.conf" 2>/dev/null &&
        mount --bind "$record/resolv.conf" "$(readlink -f /etc/resolv.conf)"
    for socket in /run/nscd/socket /run/systemd/resolve/io.systemd.Resolve; do
        [ ! -e $socket ] || mount --bind /dev/null $socket
    done
}

# Marks of ours that are in this target: what is in a container bears its name too.
target_marked() { # MARK
    for process in $(processes_marked "$1"); do
        if [ -n "$container" ]; then
            process_is_marked "$process" "VNFAULT_CONTAINER=$VNFAULT_CONTAINER" && echo "$process"
        else
            process_is_marked "$process" VNFAULT_CONTAINER= || echo "$process"
        fi
    done
}

# Drops the lines that end with the token of an injection that another container of this node has an undo
# record of: the containers of a pod share a network, and may share it with the node.
without_neighbours() {
    theirs=$(for other in /run/vnfault/containers/*/*/injector.sh; do
        other=${other%/*}
        [ "${other%/*}" = "$root" ] || [ ! -d "$other" ] || printf '%s\n' "-${other##*/}"
    done)
    if [ -n "$theirs" ]; then grep -vF -- "$theirs"; else cat; fi
}

# Runs a tool of the fault with the container's limits, and in a process namespace below the container's:
# it ends with the container, and leaves nothing to the container's first process to wait for. Only the
# tool has the mark, so that those who wait for it end by themselves.
container_run() { # PROGRAM ARGUMENT ...
    # shellcheck disable=SC2016 # for the shell within
    exec nsenter -p -t "$container" -- sh -c '
        first=$1 mark=$2
        shift 2
        while IFS=: read -r ignored names path; do
            case $names in
            name=*) top=/sys/fs/cgroup/${names#name=} ;;
            "") top=/sys/fs/cgroup/unified && [ -d "$top" ] || top=/sys/fs/cgroup ;;
            *) top=/sys/fs/cgroup/$names ;;
            esac
            # One that is mounted nowhere holds nobody.
            [ -f "$top$path/cgroup.procs" ] || [ "$path" != / ] || continue
            echo 0 >"$top$path/cgroup.procs" || exit 1
        done <"/proc/$first/cgroup"
        exec unshare --pid --fork --kill-child -- env "VNFAULT_FAULT=$mark" setsid "$@"
    ' sh "$container" "$token." "$@"
}
