# name: reboot
# summary: the target rebooted by the testbed's command; over when it is back
# unit: %
# range: 100..100
# ends: connection

injector_probe() {
    container_refuse "to reboot a container is to reboot its node; kill its processes"
    say remember "$(boot_now)"
    say mechanism "reboot command"
}

# Which boot it is. Hosts that share a kernel differ in their first process.
boot_now() {
    read -r boot </proc/sys/kernel/random/boot_id
    read -r stat </proc/1/stat
    # shellcheck disable=SC2086 # the fields after the name, which may hold spaces
    set -- ${stat##*) }
    echo "$boot ${20}"
}

# A second later, so that the step's answer is not cut off. The runner waits for the target to go, and
# to come back.
injector_apply() {
    fault_start sh -c 'sleep 1; exec sh ./reboot'
}

injector_returned() {
    boot=$(boot_now)
    if [ "$boot" != "$(request_get remembered)" ]; then
        say achieved 100
        say took_hold true
    else
        say achieved 0
        say detail "it is the boot that it was"
        say took_hold false
    fi
}

# It still runs as it did.
injector_verify() {
    say achieved 0
    say detail "the target did not go away; $(fault_output)"
    say took_hold false
}

# It happens once.
injector_alive() { :; }
