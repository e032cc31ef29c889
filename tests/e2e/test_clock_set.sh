#!/usr/bin/env bash
# A target's clock that is set in an experiment: edges stay where they were, or the verdict says so.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/disturb.sh"

campaign=$(edited_campaign brief '/type="packet-loss"/d')
lab_up

# The clock of a target is put an hour ahead: by a date of its own, as the lab's hosts have one clock.
clock_ahead() { # CONDITION in the shell
    echo "cp /usr/bin/date /run/real-date
        printf '%s\n' '#!/bin/sh' 'now=\$(/run/real-date \"\$@\")' '$1 && now=\$((now + 3600000000000))' 'echo \$now' >/run/date
        chmod +x /run/date; mount --bind /run/date /usr/bin/date"
}
check "a clock that is set in a fault: the run passes" run_and_disturb set sprout "$(clock_ahead true)" 0
check "and the edges are where they were" equals 1 query "$scratch/set" \
    "SELECT gone_ns BETWEEN end_commanded_ns AND measured_until_ns FROM injection_edges JOIN experiment ON id = experiment_id"
check "a clock that is another to the fault's steps: the run is inconclusive" \
    run_and_disturb lying sprout "$(clock_ahead '[ -n "$VNFAULT_STEP" ]')" 2 "SELECT count(*) > 0 FROM observation"
check "and the verdict names it" prints "outside of its step by the target's clock" reason lying

finish
