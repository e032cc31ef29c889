# name: none
# summary: nothing; it tries the runner, and gives the rate of false alarms
# unit: %
# range: 0..0

injector_probe() {
    say mechanism none
}

none_changed() { # what is not as it was
    surroundings >"$record/now"
    surroundings_changes "$record/surroundings" "$record/now"
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
