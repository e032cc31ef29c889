# stress-ng, as the fault types cpu, memory and disk use it.

stress_mechanism() {
    say mechanism "stress-ng $(stress-ng --version 2>/dev/null | sed -n 's/.*version \([0-9.]*\).*/\1/p')"
}

# Starts it; it ends by itself some time after the injection should have, should all else fail.
stress_start() { # OPTION ...
    seconds=$(request_get length)
    is_number "$seconds" || fail bad-request "the length is malformed"
    fault_start stress-ng --keep-name --quiet --temp-path "$record" \
        --timeout $((seconds + $(request_get lease) / 100 + 60)) "$@"
}

# Waits until it has as many processes as it should, at most three seconds.
stress_wait() { # COUNT
    tries=0
    while [ "$(fault_count)" -lt "$1" ] && [ $tries -lt 60 ]; do
        [ $tries -lt 10 ] || [ -n "$(fault_processes)" ] || break
        tries=$((tries + 1))
        pause 5
    done
    processes_note
}

# A helper of ours in its place: sent along, if it is built for the target's architecture.
helper_probe() { # NAME
    [ "$(uname -m)" = "$(request_get machine)" ] ||
        fail machine "$1 is built for $(request_get machine), the target is $(uname -m)"
    say helper "$1"
}
