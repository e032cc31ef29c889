#!/usr/bin/env bash
# The control channel to a real target stays open under every fault at its worst. Faults made by rules of
# iptables: whatever dies they are gone, tools that do nothing are seen through, and what can't be done is refused.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "network safety"

state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        ls -A /run; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}
faulted() { on_target iptables -S | grep -q VNFAULT; }
other=198.18.77.9
on_runner ip addr add $other/24 dev peer0
state >"$scratch/before"

# --- the control channel -----------------------------------------------------------------------------
# While the fault is in: what had to wait for its end did not get through.
new_session() { over_ssh "$1" true && is_in; } # ADDRESS
session_answers() {
    local answer
    echo "are you there" >&"${session[1]}" && read -r answer <&"${session[0]}" &&
        [ "$answer" = "are you there" ] && is_in
}
is_in() { on_target sh -c '[ -f /run/vnfault/*/applied ] && [ ! -f /run/vnfault/*/gone ]'; }
calls_ssh_from() { # ADDRESS
    on_runner python3 -c 'import socket, sys; socket.create_connection((sys.argv[2], 22), None, (sys.argv[1], 0))' \
        "$1" $target_address
}
no() { ! "$@"; }

number=0
for address in $target_address $target_address6; do
    coproc session { exec nsenter -n -t "$runner_pid" "${secure_shell[@]}" "root@$address" cat; } 2>/dev/null
    before=$number
    while read -r fault value parameters; do
        number=$((number + 1)) name="control by $address: $fault $value${parameters:+ $parameters}"
        # shellcheck disable=SC2086 # words
        target_address=$address check "$name: applied" steps "$fault" "$value" "control000$number" 30 $parameters -- probe arm apply
        check "$name: the session that was there goes on" session_answers
        check "$name: a new one is let in" new_session "$address"
        [ "$parameters" != "local-ports=22 action=reject" ] ||
            check "$name: others are not" no calls_ssh_from $other
        # shellcheck disable=SC2086 # words
        target_address=$address check "$name: held, reverted" steps "$fault" "$value" "control000$number" 30 $parameters -- hold revert prove
    done <<'END'
packet-loss 100
packet-loss 100 pattern=burst
partition 100
port-block 100 local-ports=22 action=reject
connection-reset 100
latency 10000
bandwidth 1
cpu 100
memory 97
END
    check "control by $address: each row of the table was tried" equals 9 echo $((number - before))
    closing=$session_PID
    eval "exec ${session[1]}>&-"
    wait "$closing"
done
check "the control channel: nothing is left" unchanged

# --- whatever dies -----------------------------------------------------------------------------------
check "the runner is gone: applied" steps partition 100 deadrunner 4 -- probe arm apply
wait_until "$target_holder" no faulted
check "the runner is gone: the guard undid it" steps partition 100 deadrunner 4 -- revert prove
check "the runner is gone: it says so" says 'undone by guard'

hang() { on_target sh -c 'printf "#!/bin/sh\nexec sleep 600\n" >/run/bin/ip6tables-restore; chmod +x /run/bin/ip6tables-restore'; }
hanging() { on_target pgrep -f '^sleep 600' >/dev/null; }
# Ends a step between the rules of IPv4 and those of IPv6.
cut_short() { # STEP FAULT ...
    hang
    injection "${@:2}" -- "$1" >"$scratch/cut" 2>&1 &
    wait_until $! hanging || return
    on_target pkill -KILL -f "[i]njector.sh $1|^sleep 600"
    wait $!
    on_target rm /run/bin/ip6tables-restore
}
while read -r fault; do
    # shellcheck disable=SC2086 # words
    set -- $fault
    set -- "$1" "$2" halfway001 60 "${@:3}"
    check "apply is cut short: $fault: armed" steps "$@" -- probe arm
    cut_short apply "$@"
    check "apply is cut short: $fault: half of it is there" faulted
    check "apply is cut short: $fault: reverted" steps "$@" -- revert prove
    check "apply is cut short: $fault: nothing is left" unchanged
done <<'END'
packet-loss 20
partition 100
port-block 100 local-ports=9
connection-reset 20
dns-failure 50
END
halfway=(packet-loss 100 halfway002 60)
check "apply is cut short and taken again: armed" steps "${halfway[@]}" -- probe arm
cut_short apply "${halfway[@]}"
check "apply is cut short and taken again: it is whole then" steps "${halfway[@]}" -- apply verify
check "apply is cut short and taken again: took hold" took_hold
cut_short revert "${halfway[@]}"
check "revert is cut short: half of it is there" on_target sh -c '! iptables -S | grep VNFAULT && ip6tables -S | grep VNFAULT'
check "revert is cut short: and taken again" steps "${halfway[@]}" -- revert prove
check "no undo record: armed" steps port-block 100 norecord01 60 local-ports=9 -- probe arm
cut_short apply port-block 100 norecord01 60 local-ports=9
on_target rm -r /run/vnfault
check "no undo record: applied twice, half and whole" steps partition 100 norecord02 60 -- probe arm apply
on_target rm -r /run/vnfault
check "no undo record: heal finds the chains" steps partition 100 norecord02 60 -- leftovers heal leftovers
check "no undo record: and takes them away" says '^leftovers 0'
check "whatever dies: nothing is left" unchanged

# --- rules that somebody removes -----------------------------------------------------------------------
for rules in "iptables INPUT" "iptables OUTPUT" "ip6tables INPUT" "ip6tables OUTPUT"; do
    steps packet-loss 20 flushed001 30 -- probe arm apply
    # shellcheck disable=SC2086 # words
    on_target ${rules% *} -F ${rules#* }
    check "$rules is flushed: held" steps packet-loss 20 flushed001 30 -- hold
    check "$rules is flushed: that is noticed" says "^hold.detail the rule of ${rules% *} that leads to"
    check "$rules is flushed: as having died early" says '^hold.took_hold false'
    check "$rules is flushed: reverted" steps packet-loss 20 flushed001 30 -- revert prove
done
check "rules that somebody removes: nothing is left" unchanged

# --- sabotage ------------------------------------------------------------------------------------------
on_target sh -c 'for tool in iptables iptables-restore ip6tables ip6tables-restore; do
    printf "#!/bin/sh\nexit 0\n" >/run/bin/$tool; chmod +x /run/bin/$tool; done'
for fault in "packet-loss 10" "packet-loss 10 pattern=burst" "partition 100" "port-block 100 remote-ports=8080 peers=$other" \
    "connection-reset 50 remote-ports=8080 peers=$other" "dns-failure 100"; do
    # shellcheck disable=SC2086 # words
    set -- $fault
    check "iptables does nothing: $fault: runs through" steps "$1" "$2" sabotage01 30 "${@:3}" -- probe arm apply verify revert prove
    check "iptables does nothing: $fault: is a phantom" phantom
done
on_target sh -c 'rm /run/bin/*'

# --- a tool or kernel that lacks something ---------------------------------------------------------------
# iptables finds the libraries of its matches and targets here, all but one.
without_extension() { # NAME
    on_target sh -c 'rm -rf /run/bin/* && cp -r "$0" /run/bin/extensions && rm /run/bin/extensions/"$1"
        for tool in iptables-restore ip6tables-restore; do
            printf "#!/bin/sh\nXTABLES_LIBDIR=/run/bin/extensions exec %s \"\$@\"\n" "$(command -v $tool)" >/run/bin/$tool
            chmod +x /run/bin/$tool
        done' "$extensions" "$1"
}
extensions=$(dirname "$(find /usr/lib -name libxt_statistic.so | head -n 1)")
while IFS='|' read -r file name fault; do
    without_extension "$file"
    # shellcheck disable=SC2086 # words
    set -- $fault
    check "iptables lacks $name: $1 is refused" refused 4 "can.t do what is needed here: '-A VNFAULT-.*$name" "$1" "$2" lacking001 20 "${@:3}" -- probe
done <<'END'
libxt_statistic.so|statistic|packet-loss 5
libxt_multiport.so|multiport|packet-loss 5 protocol=udp remote-ports=5060
libxt_comment.so|comment|partition 100
libipt_REJECT.so|REJECT|port-block 100 remote-ports=80 action=reject
libip6t_REJECT.so|REJECT|port-block 100 remote-ports=80 action=reject
END
on_target sh -c 'rm -r /run/bin/*'
# A kernel without the match: the tool tells a line's number.
on_target sh -c 'printf "#!/bin/sh\nrules=\$(cat)\ncase \$rules in *statistic*) echo iptables-restore: line 13 failed >&2; exit 1 ;; esac
printf \"%%s\\\\n\" \"\$rules\" | %s \"\$@\"\n" "$(command -v iptables-restore)" >/run/bin/iptables-restore; chmod +x /run/bin/iptables-restore'
check "the kernel lacks a match: the rule is named" refused 4 "iptables can.t do what is needed here: .-A VNFAULT-j-lacking002 -m statistic .*line 13" \
    packet-loss 5 lacking002 20 -- probe
check "the kernel lacks a match: what can do without goes on" steps partition 100 lacking003 20 -- probe
on_target sh -c 'rm /run/bin/*; printf "#!/bin/sh\nexit 3\n" >/run/bin/ip6tables; chmod +x /run/bin/ip6tables'
check "no ip6tables: a peer of IPv6 is refused" refused 4 "a peer is of IPv6, for which the target has no ip6tables" \
    partition 100 lacking004 20 peers=$other,$runner_address6 -- probe
check "no ip6tables: one of IPv4 isn't" steps partition 100 lacking004 20 peers=$other -- probe
on_target sh -c 'rm /run/bin/*'

# --- chains that are not ours ------------------------------------------------------------------------------
while read -r family table letter fault; do
    on_target sh -c "$family -t $table -N VNFAULT-$letter-foreign001 && $family -t $table -A VNFAULT-$letter-foreign001 -p tcp --dport 9"
    # shellcheck disable=SC2086 # words
    set -- $fault
    check "a chain -$letter- of $family is there already: $1 is refused" \
        refused 4 "$family has a chain VNFAULT-$letter-foreign001 in the table $table already" "$1" "$2" foreign001 20 "${@:3}" -- probe
    check "a chain -$letter- of $family is there already: it is left alone" on_target sh -c "$family -t $table -S VNFAULT-$letter-foreign001 | grep 'dport 9'"
    on_target sh -c "$family -t $table -F VNFAULT-$letter-foreign001 && $family -t $table -X VNFAULT-$letter-foreign001"
done <<'END'
iptables filter i packet-loss 5
iptables filter j partition 100
ip6tables filter o connection-reset 5
ip6tables filter p dns-failure 5
iptables mangle q latency 50 mechanism=nfqueue
END

# --- bad filters -----------------------------------------------------------------------------------------
while IFS='|' read -r status text fault; do
    # shellcheck disable=SC2086 # words
    set -- $fault
    check "refused: $fault" refused "$status" "$text" "$1" "$2" refused001 20 "${@:3}" -- probe
done <<'END'
64|ports can.t be|packet-loss 5 protocol=tcp remote-ports=0
64|ports can.t be|packet-loss 5 protocol=tcp remote-ports=1-
64|peers can.t be|packet-loss 5 peers=192.0.2.300
64|peers can.t be|partition 100 peers=host
64|protocol can.t be|packet-loss 5 protocol=ipx
64|burst-length|packet-loss 5 pattern=burst burst-length=1packets
64|partition can.t be 50%|partition 50
64|can.t be 101%|connection-reset 101
4|ports are of a protocol|packet-loss 5 remote-ports=80
4|ports are of a protocol|packet-loss 5 protocol=icmp local-ports=80
4|at most 15 ports|packet-loss 5 protocol=tcp remote-ports=1,2,3,4,5,6,7,8,9,10,11,12,13,14-15,16
4|no interface eth9|packet-loss 5 interface=eth9
4|no port is named|port-block 100
END
check "refusals leave nothing" unchanged
finish
