# What of a target faults are made of, whatever the fault type: written down at arm, and compared by prove.
# A fault type's own fingerprint is what it must leave as it was; this tells what changed besides it.

surroundings() {
    for family in iptables ip6tables; do
        for table in filter mangle; do
            command -v $family >/dev/null && $family -w 5 -t $table -S 2>/dev/null | sed "s/^/$family $table /"
        done
    done
    command -v tc >/dev/null && tc qdisc show 2>/dev/null
    cut -d ' ' -f 1-3 "/proc/${container:-self}/mounts" | sed 's/^/mount /'
    find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d 2>/dev/null | sed 's/^/control group /'
    orphan_folders
    return 0
}

# Lines of either file that the other has not.
surroundings_changes() { # BEFORE AFTER
    lines_without "$1" "$2"
    lines_without "$2" "$1"
}

# What bears the injection's own name fails the proof; what somebody else did is told.
surroundings_prove() {
    [ -f "$record/surroundings" ] || return 0
    surroundings >"$record/surroundings.after"
    # The second guard's unit ends with the undo record.
    own=$(grep -F -- "$token" "$record/surroundings.after" | grep -v "^control group .*/vnfault-$token\.service$" | head -n 5)
    [ -z "$own" ] || fail not-clean "still there: $own"
    changes=$(surroundings_changes "$record/surroundings" "$record/surroundings.after")
    [ -z "$changes" ] || say detail "changed meanwhile, not by the injection: $(one_line "$changes")"
}
