# name: service-stop
# summary: a service stopped for a while
# unit: %
# range: 100..100
# parameter: service name kamailio "of systemd, or in /etc/init.d"

injector_probe() {
    container_refuse "a container has no services; pause or kill its processes"
    service_probe "$(parameter service)"
    say mechanism "$(service_manager "$(parameter service)")"
}

injector_apply() {
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
    service_settle "$(parameter service)"
    service_restore "$(parameter service)"
}

injector_residue() {
    service_missing "$(parameter service)"
}
