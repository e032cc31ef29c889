#!/usr/bin/env bash
# Processes of the IMS that die in an experiment, in a fault or outside of one, on its target or elsewhere: what
# that is to the verdict, and that the campaign can be completed.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/disturb.sh"

lab_up

# sprout comes back without its registrations: calls fail until the reset.
campaign=$(edited_campaign longer '/type="packet-loss"/d; s/duration="14s"/duration="20s"/')
check "kamailio killed: the run is inconclusive" \
    run_and_disturb ims sprout "pkill -KILL kamailio"
check "kamailio killed: the verdict names it" prints "did not recover" reason ims
check "kamailio killed: no fault is left" is_clean sprout
check "kamailio killed: the campaign is completed" exits_with 0 complete ims

# bono comes back at once, and has no state to lose: nothing but its processes tells.
noted() { query "$scratch/$1" "SELECT note FROM experiment WHERE verdict = 'valid'"; }
campaign=$(edited_campaign brief '/type="packet-loss"/d')
check "kamailio killed in a fault on another host: the run passes" \
    run_and_disturb pcscf bono "pkill -KILL kamailio" 0
check "and the experiment has a note of it" \
    prints "kamailio on bono ended within a fault and was started again at [0-9.]+ s" noted pcscf
check "so has the report" prints "kamailio on bono ended within a fault" \
    "$vnfault" report "$scratch/pcscf" --json

# The fault comes late enough that a busy machine kills before it.
campaign=$(edited_campaign late '/type="packet-loss"/d; s|duration="14s"|duration="34s"|; s|start="4s"|start="24s"|')
check "kamailio killed before the fault: the run is inconclusive" \
    run_and_disturb early bono "pkill -KILL kamailio" 2 "SELECT count(*) > 0 FROM observation"
check "kamailio killed before the fault: the verdict names it" \
    prints "kamailio on bono ended outside of a fault" reason early

finish
