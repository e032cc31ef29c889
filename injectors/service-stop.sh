# name: service-stop
# summary: a service stopped for a while
# unit: %
# range: 100..100
# parameter: service name kamailio "of systemd, or in /etc/init.d"

injector_probe() {
    container_refuse "a container has no services; pause or kill its processes"
    service=$(parameter service)
    manager=$(service_manager "$service")
    [ -n "$manager" ] || fail service "the target has no service $service"
    service_runs "$service" || fail service "the service $service does not run"
    say mechanism "$manager"
}

injector_apply() {
    : >"$record/began"
    service_do stop "$(parameter service)"
    tries=0
    while [ $tries -lt 100 ] && service_runs "$(parameter service)"; do
        tries=$((tries + 1))
        pause 10
    done
}

injector_alive() {
    service_runs "$(parameter service)" || return 0
    say detail "the service $(parameter service) runs"
    return 1
}

injector_verify() {
    if injector_alive; then
        say achieved 100
        say took_hold true
    else
        say achieved 0
        say took_hold false
    fi
}

injector_stop() {
    [ ! -f "$record/began" ] || service_runs "$(parameter service)" || service_do start "$(parameter service)"
}

injector_residue() {
    [ ! -f "$record/began" ] || service_runs "$(parameter service)" ||
        echo "the service $(parameter service) does not run"
}
