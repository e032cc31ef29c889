# collector_probe for the shell tests of collectors. Source it after target.sh.
#   read_once TARGETS [NAME ...]     one reading of the sources of $scratch/testbed.xml
#   start_probe TARGETS [NAME ...]   a probe that goes on, each reading with $deadline seconds; prints the first
#   again                            prints the next reading
#   end_probe
#   replace NAME                     a program on the target's PATH, from standard input; restore NAME
export VNFAULT_DATA=$top
read_once() {
    on_runner "$build/tests/integration/collector_probe" "$scratch/testbed.xml" "$@" </dev/null
}

start_probe() {
    coproc probe { DEADLINE=${deadline:-20} on_runner "$build/tests/integration/collector_probe" "$scratch/testbed.xml" "$@"; }
    # Copies, as subshells don't get those of the coprocess.
    exec {probe_in}>&"${probe[1]}" {probe_out}<&"${probe[0]}"
    probe_process=$probe_PID
    eval "exec ${probe[1]}>&- ${probe[0]}<&-"
    next_reading
}
next_reading() {
    local line
    while read -r line <&"$probe_out" && [ "$line" != read ]; do echo "$line"; done
}
again() {
    echo >&"$probe_in"
    next_reading
}
end_probe() {
    exec {probe_in}>&- {probe_out}<&-
    wait "$probe_process"
}

# In a process that goes on by itself, which would keep the probe's input open.
without_probe() { [ -z "${probe_in:-}" ] || eval "exec $probe_in>&- $probe_out>&-"; }

replace() { on_target sh -c "cat >/run/bin/$1 && chmod 755 /run/bin/$1"; }
restore() { on_target rm -f "/run/bin/$1"; }
