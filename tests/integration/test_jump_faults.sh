#!/usr/bin/env bash
# Network faults on a target that is reached by a jump host: the control channel is then the
# connection from the jump host, and stays; whatever dies, the lease holds.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "faults by a jump host"

state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        ls -A /run; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}
faulted() { on_target iptables -S | grep -q VNFAULT; }
gone() { ! faulted; }

# The jump host is at the runner's side, on its loopback.
jump_up() {
    cat >"$scratch/jump_config" <<END
ListenAddress 127.0.0.1
Port 2222
HostKey $scratch/etc/host_key
AuthorizedKeysFile $scratch/key.pub
StrictModes no
UsePAM no
PidFile none
END
    on_runner unshare --mount --pid --fork --kill-child --mount-proc sh -c \
        'mount -t tmpfs none /run && mkdir /run/sshd && exec /usr/sbin/sshd -D -e -f "$1"' sh "$scratch/jump_config" \
        2>"$scratch/jump.log" &
    jump=$!
    at_exit "jump_down"
    wait_until $jump on_runner bash -c '</dev/tcp/127.0.0.1/2222' 2>/dev/null
}
jump_down() {
    pkill -KILL -P "$jump" 2>/dev/null
    wait "$jump" 2>/dev/null
}
# Somebody else of the runner's network, whom nothing exempts. Through a fault no time would do.
other_reaches() { # SECONDS, or None: waits as long as it takes
    on_runner python3 -c 'import socket, sys; socket.create_connection((sys.argv[2], 22), eval(sys.argv[3]), (sys.argv[1], 0))' \
        $other $target_address "$1"
}
no() { ! "$@"; }

echo "[127.0.0.1]:2222 $(cut -d ' ' -f 1,2 "$scratch/etc/host_key.pub")" >>"$scratch/known_hosts"
other=198.18.77.9
on_runner ip addr add $other/24 dev peer0
state >"$scratch/before"
export JUMP_PORT=2222
jump_up

check "others get through before" other_reaches None

number=0
while read -r fault value parameters; do
    number=$((number + 1)) name="$fault $value${parameters:+ $parameters}"
    # shellcheck disable=SC2086 # words
    check "$name: applied, held and reverted by the jump host" \
        steps "$fault" "$value" "jumped0000$number" 20 $parameters -- probe arm ready apply verify hold:2 revert prove
    check "$name: took hold" took_hold
    # shellcheck disable=SC2086 # words
    check "$name: applied" steps "$fault" "$value" "jumped1000$number" 20 $parameters -- probe arm apply
    check "$name: others do not get through" no other_reaches 2
    # shellcheck disable=SC2086 # words
    check "$name: a new connection by the jump host does, and reverts it" \
        steps "$fault" "$value" "jumped1000$number" 20 $parameters -- hold revert prove
    check "$name: nothing is left" unchanged
done <<END
packet-loss 100
partition 100
END
check "each row of the table was tried" equals 2 echo $number

# The jump host dies while a fault is held.
injection packet-loss 100 jumpdies01 4 -- probe arm apply hold:600 >"$scratch/held" 2>&1 &
holder=$!
check "a fault that is held" wait_until $holder faulted
jump_down
status=0
wait $holder || status=$?
check "the runner notices that the jump host died" equals 4 echo $status
check "with an error that says so" prints "is lost" cat "$scratch/held"
check "the fault is gone by the end of its lease" wait_until "$target_holder" gone
jump_up
check "the jump host is back: what is left is healed" steps none 0 jumpheal01 4 -- heal
check "and nothing stays" unchanged
finish
