#!/usr/bin/env bash
# The fault message-drop between two real SIPps: which messages go missing is counted at the other end,
# others aren't touched, the generator is told nothing, and nothing stays behind.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "message-drop"

state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done; ls -A /run' 2>/dev/null
}

# The caller is on the target, 20 calls/s of INVITE, 200, ACK, BYE, 200; the callee at the runner's side.
serve sipp -sn uas -i $runner_address -p 5070 -nostdin >/dev/null 2>"$scratch/uas"
wait_until $! on_runner sh -c 'ss -Hlun sport = :5070 | grep -q .'
on_target mkdir -p /run/vnfault/load-abc-caller /run/vnfault/load-abc-callee
on_target sh -c 'echo 5062 >/run/vnfault/load-abc-caller/port; echo 5064 >/run/vnfault/load-abc-callee/port'
mkdir "$scratch/load"
nsenter -a -t "$target_pid" sh -c "cd '$scratch/load' && exec sipp -sn uac $runner_address:5070 -i $target_address -p 5062 -r 20 -l 9000 \
    -d 0 -fd 1 -f 3600 -trace_stat -stf calls.csv -nostdin -skip_rlimit -watchdog_interval 0 -default_behaviors none" >/dev/null 2>&1 &
at_exit "kill $! 2>/dev/null"
wait_until $! test -s "$scratch/load/calls.csv"

# Counters at the callee, which the injection knows nothing of.
on_runner iptables -A INPUT -p udp --dport 5070 -m string --algo bm --from 28 --to 40 --string "INVITE sip" -m comment --comment invite
on_runner iptables -A INPUT -p udp --dport 5070 -m string --algo bm --from 28 --to 40 --string "ACK sip" -m comment --comment ack
on_runner iptables -A INPUT -p udp --dport 5070 -m string --algo bm --from 28 --to 40 --string "BYE sip" -m comment --comment bye
counted() { # NAME
    on_runner iptables -v -S INPUT | sed -n "s/.*--comment $1 -c \([0-9]*\) .*/\1/p"
}
come() { # NAME LEAST MOST: so many of those messages come in the next two seconds
    local before
    before=$(counted "$1")
    sleep 2
    between "$2" $(($(counted "$1") - before)) "$3"
}
sum() { # COLUMN: SIPp's own sum
    awk -F ';' -v column="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { value = $at[column] } END { print value }' \
        "$scratch/load/calls.csv"
}
inject() { steps "$@" -- probe arm apply verify; }
revert() { steps "$@" -- hold revert prove; }
state >"$scratch/before"
check "before it all messages come" eval 'come invite 25 60 && come ack 25 60'

# --- requests that go out ------------------------------------------------------------------------------
check "ACK: applied" inject message-drop 100 dropack001 30 messages=ACK direction=out
check "ACK: took hold" took_hold
check "ACK: by rules on the host" says '^probe.mechanism iptables u32 on the load host, v'
check "ACK: all were dropped" equals 100.000 figure verify.achieved
check "ACK: none comes to the other end" come ack 0 0
check "ACK: the next calls do" come invite 25 60
check "ACK: SIPp is told nothing" equals 0 sum 'FailedCannotSendMessage(C)'
check "ACK: another level: half of them" steps message-drop 100 dropack001 30 messages=ACK direction=out -- change:50 verify
check "ACK: half took hold" took_hold
check "ACK: half are dropped, as chance allows" between 20 "$(figure verify.achieved)" 80
check "ACK: some come again" come ack 4 40
check "ACK: reverted" revert message-drop 100 dropack001 30 messages=ACK direction=out
check "ACK: all come again" come ack 25 60
check "ACK: nothing is left" unchanged

# --- answers that come in --------------------------------------------------------------------------------
check "answer to INVITE: applied" inject message-drop 100 dropans001 30 messages=200/INVITE direction=in
check "answer to INVITE: took hold" took_hold
sleep 1
check "answer to INVITE: none is acknowledged" come ack 0 0
check "answer to INVITE: INVITE goes out" come invite 25 200
check "answer to INVITE: reverted" revert message-drop 100 dropans001 30 messages=200/INVITE direction=in
check "answer to BYE, which is another: applied" inject message-drop 100 dropans002 30 messages=200/BYE direction=in
check "answer to BYE: took hold" took_hold
check "answer to BYE: those to INVITE come" come ack 25 200
check "answer to BYE: BYE is sent again" come bye 60 1000
check "answer to BYE: reverted" revert message-drop 100 dropans002 30 messages=200/BYE direction=in
check "answers: nothing is left" unchanged

# --- phantoms -----------------------------------------------------------------------------------------------
check "messages that don't occur: run through" steps message-drop 50 dropnone01 30 messages=OPTIONS,4xx -- probe arm apply verify revert prove
check "messages that don't occur: are a phantom" phantom
check "messages that don't occur: that is said" says '^verify.detail no packet that the fault is for came by'
check "the other side's: run through" steps message-drop 50 dropside01 30 side=callee -- probe arm apply verify revert prove
check "the other side's: are a phantom" phantom
on_target sh -c 'for tool in iptables-restore ip6tables-restore; do printf "#!/bin/sh\nexit 0\n" >/run/bin/$tool; chmod +x /run/bin/$tool; done'
check "iptables does nothing: runs through" steps message-drop 50 dropsabo01 30 messages=ACK -- probe arm apply verify revert prove
check "iptables does nothing: it is a phantom" phantom
on_target rm /run/bin/iptables-restore /run/bin/ip6tables-restore
check "phantoms: nothing is left" unchanged

# --- the lease -------------------------------------------------------------------------------------------------
check "lease: applied" inject message-drop 100 droplease1 6 messages=INVITE direction=out
until [ -z "$(on_target iptables -S | grep VNFAULT)" ]; do sleep 0.2; done
check "lease: it is gone by itself, and calls come" come invite 25 200

finish
