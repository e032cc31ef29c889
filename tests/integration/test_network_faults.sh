#!/usr/bin/env bash
# The faults made by rules of iptables on a real target: what they hit is seen from outside, what their
# filters leave out is not hit, and nothing stays behind. What they must not do: test_network_safety.sh.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "network faults"

state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        ls -A /run; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}

# The other ends: a second address at the runner's side, web servers, a name server.
other=198.18.77.9
on_runner ip addr add $other/24 dev peer0
mkdir "$scratch/web"
head -c 3000000 /dev/zero >"$scratch/web/large"
truncate -s 300M "$scratch/web/huge" # more than sockets hold
for port in 8080 8081; do
    serve python3 -m http.server --directory "$scratch/web" --bind 0.0.0.0 $port >"$scratch/web.$port" 2>&1
    wait_until $! on_runner bash -c "</dev/tcp/127.0.0.1/$port" 2>/dev/null
done
nsenter -a -t "$target_pid" python3 -m http.server --directory "$scratch/web" --bind 0.0.0.0 9090 >"$scratch/web.9090" 2>&1 &
at_exit "kill $! 2>/dev/null"
wait_until $! on_target bash -c '</dev/tcp/127.0.0.1/9090' 2>/dev/null
serve dnsmasq --keep-in-foreground --no-resolv --no-hosts --port=53 --listen-address=$runner_address \
    --bind-interfaces --address=/test/192.0.2.7 --pid-file= >"$scratch/dns" 2>&1
echo "nameserver $runner_address
options timeout:1 attempts:1" >"$scratch/resolv.conf"
on_target mount --bind "$scratch/resolv.conf" /etc/resolv.conf
names() { on_target getent ahostsv4 www.test | grep -q 192.0.2.7; }
wait_until $! names

reaches() { on_target ping -q -c 3 -i 0.1 -W 1 "$1" >/dev/null 2>&1; } # ADDRESS
fetches() { on_target curl -s -o /dev/null --noproxy '*' --max-time 5 "http://$1/${2:-}"; } # ADDRESS:PORT [FILE]
fetched_from_target() { on_runner curl -s -o /dev/null --noproxy '*' --max-time 5 http://$target_address:9090; }
new_session() { over_ssh $target_address true; }
no() { ! "$@"; }
# Numbers of pings in a row, between two that were answered, that were not: one run a line.
lost_in_a_row() {
    on_runner ping -i 0.01 -c 400 -W 1 $target_address | sed -n 's/.*icmp_seq=\([0-9]*\) ttl.*/\1/p' |
        awk 'last && $1 > last + 1 { print $1 - last - 1 } { last = $1 }'
}
inject() { steps "$@" -- probe arm apply verify; }
revert() { steps "$@" -- hold revert prove; }
state >"$scratch/before"

# --- packet-loss: filters and bursts -----------------------------------------------------------------
check "loss from one peer: applied" inject packet-loss 100 losspeer01 30 peers=$other
check "loss from one peer: took hold" took_hold
check "loss from one peer: it is out of reach" no reaches $other
check "loss from one peer: another isn't" reaches $runner_address
check "loss from one peer: nor one of the other family" reaches $runner_address6
check "loss from one peer: reverted" revert packet-loss 100 losspeer01 30 peers=$other
check "loss from one peer: nothing is left" unchanged

check "loss of one protocol and port: applied" inject packet-loss 100 lossport01 30 protocol=tcp remote-ports=8080 peer=$other
check "loss of one protocol and port: took hold" took_hold
check "loss of one protocol and port: it is lost" no fetches $other:8080
check "loss of one protocol and port: another port isn't" fetches $other:8081
check "loss of one protocol and port: nor pings" reaches $other
check "loss of one protocol and port: reverted" revert packet-loss 100 lossport01 30 protocol=tcp remote-ports=8080
check "loss in bursts: applied" inject packet-loss 10 lossburst1 40 pattern=burst burst-length=4packets protocol=icmp direction=in
check "loss in bursts: took hold" took_hold
lost_in_a_row >"$scratch/runs"
check "loss in bursts: one packet of ten is lost" between 30 "$(awk '{ n += $1 } END { print n + 0 }' "$scratch/runs")" 50
check "loss in bursts: four in a row each time" equals 4 sort -u "$scratch/runs"
check "loss in bursts: reverted" revert packet-loss 10 lossburst1 40
check "loss in bursts: nothing is left" unchanged
# A share that one burst in a round can't meet; and one at which bursts run together.
for value in 60 90; do
    check "loss of $value% in bursts: applied" inject packet-loss $value lossburst2 40 pattern=burst burst-length=2packets protocol=icmp direction=in
    check "loss of $value% in bursts: took hold" took_hold
    lost_in_a_row >"$scratch/runs"
    check "loss of $value% in bursts: that is the share" between $((value * 4 - 24)) "$(awk '{ n += $1 } END { print n + 0 }' "$scratch/runs")" $((value * 4 + 4))
    check "loss of $value% in bursts: whole bursts each time" equals 0 awk '$1 % 2 { odd++ } END { print odd + 0 }' "$scratch/runs"
    check "loss of $value% in bursts: reverted" revert packet-loss $value lossburst2 40
done
check "a small loss: applied" inject packet-loss 0.5 losssmall1 60
check "a small loss: took hold" took_hold
check "a small loss: looked at for long enough to tell" between 800 "$(figure verify.packets-in | cut -d . -f 1)" 2000
check "a small loss: reverted" revert packet-loss 0.5 losssmall1 60

# --- partition -----------------------------------------------------------------------------------------
check "partition of named peers: applied" inject partition 100 partition1 30 peers=$other,fd00:77::/64
check "partition of named peers: took hold" took_hold
check "partition of named peers: one is out of reach" no reaches $other
check "partition of named peers: one of IPv6 too" no reaches $runner_address6
check "partition of named peers: another isn't" reaches $runner_address
check "partition of named peers: reverted" revert partition 100 partition1 30
check "partition from everyone: applied" inject partition 100 partition2 30
check "partition from everyone: took hold" took_hold
check "partition from everyone: nobody is in reach" no reaches $runner_address
check "partition from everyone: of IPv6 neither" no reaches $runner_address6
check "partition from everyone: a new SSH session is let in" new_session
check "partition from everyone: reverted" revert partition 100 partition2 30
check "partition: nothing is left" unchanged

# --- port-block ------------------------------------------------------------------------------------------
check "port-block: applied" inject port-block 100 portblock1 30 remote-ports=8080 peer=$other
check "port-block: took hold" took_hold
check "port-block: the port is silent" exits_with 28 fetches $other:8080
check "port-block: another isn't" fetches $other:8081
check "port-block: reverted" revert port-block 100 portblock1 30
check "port-block by an answer: applied" inject port-block 100 portblock2 30 remote-ports=8000-8080,9 action=reject peers=$other
check "port-block by an answer: took hold" took_hold
check "port-block by an answer: the port is closed" exits_with 7 fetches $other:8080
check "port-block by an answer: reverted" revert port-block 100 portblock2 30
for direction in in both; do
    name="port-block of the target's port, direction $direction"
    check "$name: applied" steps port-block 100 portblock3 30 local-ports=9090 direction=$direction action=reject -- probe arm apply
    check "$name: closed to others" exits_with 7 fetched_from_target
    check "$name: took hold" eval 'steps port-block 100 portblock3 30 -- verify && took_hold'
    check "$name: reverted" revert port-block 100 portblock3 30
    check "$name: open again" fetched_from_target
done
check "port-block: nothing is left" unchanged

# --- connection-reset --------------------------------------------------------------------------------
# A transfer that is under way as the fault comes in; its process is $transfer.
transfer_from() { # runner|target ADDRESS:PORT
    local by=(nsenter -n -t "$runner_pid")
    [ "$1" = runner ] || by=(nsenter -a -t "$target_pid")
    rm -f "$scratch/got"
    "${by[@]}" curl -s -o "$scratch/got" --noproxy '*' --limit-rate 3M "http://$2/huge" &
    transfer=$!
    wait_until $transfer test -s "$scratch/got"
}
while read -r by direction peer share parameters; do
    name="connection-reset of $share%, direction $direction, of a transfer by the $by"
    transfer_from "$by" "$peer"
    # shellcheck disable=SC2086 # words
    check "$name: applied" steps connection-reset "$share" tcpreset01 40 direction=$direction $parameters -- probe arm apply
    check "$name: it breaks by a reset" exits_with 56 wait $transfer
    # shellcheck disable=SC2086 # words
    check "$name: reverted" revert connection-reset "$share" tcpreset01 40
done <<END
runner in $target_address:9090 100 local-ports=9090
runner both $target_address:9090 20 local-ports=9090
target out $other:8080 100 remote-ports=8080
target both $other:8080 20 peers=$other
END
check "connection-reset: applied" inject connection-reset 40 tcpreset02 30 direction=out remote-ports=8080 peers=$other
check "connection-reset: took hold" took_hold
check "connection-reset: a connection to another port goes on" fetches $other:8081 large
check "connection-reset: reverted" revert connection-reset 40 tcpreset02 30
check "connection-reset: a transfer goes through" fetches $other:8080 large
check "connection-reset: nothing is left" unchanged

# --- dns-failure -------------------------------------------------------------------------------------
check "dns-failure: applied" inject dns-failure 100 dnsfails01 30
check "dns-failure: took hold" took_hold
check "dns-failure: names can't be looked up" no names
check "dns-failure: what is no query goes on" reaches $runner_address
check "dns-failure: reverted" revert dns-failure 100 dnsfails01 30
check "dns-failure: names can be looked up" names
check "dns-failure by an answer: applied" inject dns-failure 100 dnsfails02 30 action=reject
check "dns-failure by an answer: took hold" took_hold
check "dns-failure by an answer: names can't be looked up" no names
check "dns-failure by an answer: reverted" revert dns-failure 100 dnsfails02 30
check "dns-failure: nothing is left" unchanged

# --- another level -----------------------------------------------------------------------------------
check "to another level and back: runs" steps packet-loss 100 change0001 30 protocol=icmp -- probe arm apply change:10 change:100 verify
check "to another level and back: took hold" took_hold
check "to another level and back: it is the last" no reaches $runner_address
check "to another level and back: reverted" revert packet-loss 100 change0001 30
check "to another level: nothing is left" unchanged

finish
