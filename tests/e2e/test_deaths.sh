#!/usr/bin/env bash
# What dies in the middle of an experiment gets a named verdict, leaves no fault behind, and the
# campaign can be completed: SIPp, the fault's own tool, the SSH daemon. The IMS: test_service_deaths.sh.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/disturb.sh"

campaign=$(edited_campaign both '')
lab_up

check "SIPp killed: the run is inconclusive" \
    run_and_disturb sipp load "pkill -KILL -x sipp"
check "SIPp killed: the verdict names it" prints "SIPp" reason sipp
check "SIPp killed: the campaign went on with its next cell" equals "invalid
valid" query "$scratch/sipp" "SELECT verdict FROM experiment ORDER BY id"
check "SIPp killed: no fault is left" is_clean sprout
check "SIPp killed: the campaign is completed" exits_with 0 complete sipp

# One experiment is enough for the others.
campaign=$(edited_campaign memory '/type="packet-loss"/d')
check "stress-ng killed: the run is inconclusive" \
    run_and_disturb tool sprout "pkill -KILL stress-ng"
check "stress-ng killed: the verdict names it" prints "ended before its time" reason tool
check "stress-ng killed: no fault is left" is_clean sprout
check "stress-ng killed: the campaign is completed" exits_with 0 complete tool

# Also the session that says so goes.
check "sshd killed: the run is inconclusive" \
    run_and_disturb sshd sprout "pkill -KILL sshd"
check "sshd killed: the verdict names it" prints "connection|SSH" reason sshd
check "sshd killed: no fault is left" is_clean sprout
check "sshd killed: the campaign is completed" exits_with 0 complete sshd

finish
