# name: none
# summary: nothing; it tries the runner, and gives the rate of false alarms
# unit: %
# range: 0..0

# What other fault types change: rules, qdiscs, mounts, folders of ours.
injector_fingerprint() {
    for family in iptables ip6tables; do
        for table in filter mangle; do
            command -v $family >/dev/null && $family -w 5 -t $table -S 2>/dev/null | sed "s/^/$family $table /"
        done
    done
    command -v tc >/dev/null && tc qdisc show 2>/dev/null
    cut -d ' ' -f 1-3 "/proc/${container:-self}/mounts" | sed 's/^/mount /'
    orphan_folders
    return 0
}

injector_probe() {
    say mechanism none
}

none_changed() { # what is not as it was
    injector_fingerprint >"$record/now"
    lines_without "$record/baseline" "$record/now"
    lines_without "$record/now" "$record/baseline"
    [ -z "$(fault_processes)" ] || echo "processes of the fault"
}

injector_alive() {
    changed=$(none_changed)
    [ -z "$changed" ] || say detail "something changed: $changed"
    [ -z "$changed" ]
}

injector_verify() {
    say achieved 0
    if injector_alive; then say took_hold true; else say took_hold false; fi
}
