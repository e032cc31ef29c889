#!/usr/bin/env bash
# A fault that can't be undone, not by the run and not by its guards: that is told, until somebody has undone it.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

mkdir "$scratch/injectors"
cat >"$scratch/injectors/sticky.sh" <<'END'
# name: sticky
# summary: a file that stays
# unit: files
# range: 1..1

injector_apply() { touch /srv/sticky; }

injector_verify() {
    say achieved 1
    say took_hold true
}

injector_alive() { [ -e /srv/sticky ]; }

injector_residue() { [ ! -e /srv/sticky ] || echo "the file /srv/sticky"; }
END
export VNFAULT_INJECTORS=$scratch/injectors
campaign=$(edited_campaign sticky '/type="packet-loss"/d
    s|<fault type="memory">.*|<fault type="sticky"><intensity name="one" value="1files"/></fault>|')
lab_up

run() { "$vnfault" run "$campaign" --testbed "$testbed" -o "$scratch/run" >"$scratch/log" 2>&1; }
check "the run ends with 3" exits_with 3 run
check "it says what is left" prints "sticky is not proven gone: .*the file /srv/sticky" cat "$scratch/log"
check "it does not say that the lease has ended it" prints "its guards undo it at the end of its lease, if the target lets them" \
    cat "$scratch/log"
check "heal ends with 3, too" exits_with 3 "$vnfault" heal "$testbed"
check "and says what is left" prints "the file /srv/sticky" "$vnfault" heal "$testbed"
on sprout rm /srv/sticky
check "once somebody has undone it, heal proves it" exits_with 0 "$vnfault" heal "$testbed"
check "and nothing is left" is_clean sprout

finish
