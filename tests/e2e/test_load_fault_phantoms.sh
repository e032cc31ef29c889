#!/usr/bin/env bash
# Faults in the load itself that don't take hold: messages that don't occur, and a SIPp that doesn't do what
# it is told.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/load_faults.sh"

lab_up

# --- messages that don't occur ---
silent=$scratch/silent
check "messages that don't occur make the experiment invalid" exits_with 2 \
    "$vnfault" run "$(only message-drop 50% 's/"INVITE"/"OPTIONS"/')" --testbed "$testbed" -o "$silent"
check "it is a phantom" prints 'phantom fault: message-drop did not take hold .no packet that the fault is for came by' \
    query "$silent" "SELECT reason FROM experiment"

# --- a SIPp that doesn't hear ---
on load 'mkdir -p /run/real && cp /usr/bin/sipp /run/real/sipp
    cat >/run/deaf && chmod +x /run/deaf && mount --bind /run/deaf /usr/bin/sipp' <<'END'
#!/bin/sh
case $* in
*caller.xml*) exec /run/real/sipp "$@" -cp 9990 ;;
*) exec /run/real/sipp "$@" ;;
esac
END
deaf=$scratch/deaf
check "a SIPp that does not hear of the rate makes the experiment invalid" exits_with 2 \
    "$vnfault" run "$(only overload 300%)" --testbed "$testbed" -o "$deaf"
check "it is a phantom, with what was reached" prints 'phantom fault: overload did not take hold .the load made (19|20)\.[0-9] calls/s where 60.0 were asked for' \
    query "$deaf" "SELECT reason FROM experiment"
check "and recorded as one" equals "1|1" query "$deaf" "SELECT phantom, abs(achieved - 100) < 5 FROM injection"
check "no observation is labelled by it" equals 0 query "$deaf" "SELECT count(*) FROM observation_label WHERE label <> 'invalid'"
on load umount /usr/bin/sipp

finish
