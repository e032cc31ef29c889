# The faults of packets that go out, each applied, seen from outside and taken back, by the mechanism in
# $mechanism. Source it after steps.sh; `state` must be defined and $scratch/before be there.
#   latency_faults   latency with all that it can be told
#   packet_faults    corruption, duplication, reordering and bandwidth

shape() { steps "$@" 60 mechanism=$mechanism "${settings[@]}" -- probe arm apply verify; } # FAULT VALUE TOKEN
unshape() { steps "$@" 60 mechanism=$mechanism "${settings[@]}" -- hold revert prove; }
settings=()

# What pings from the runner's side see of what the target sends.
round_trips() { on_runner ping -q -i 0.05 -c 40 -W 3 $target_address; }
mean() { round_trips | sed -n 's/^rtt .* = [0-9.]*\/\([0-9.]*\)\/.*/\1/p'; }
least() { round_trips | sed -n 's/^rtt .* = \([0-9.]*\)\/.*/\1/p'; }
deviation() { round_trips | sed -n 's/^rtt .*\/\([0-9.]*\) ms.*/\1/p'; }
# Without a time stamp, which might come back damaged. Of what is damaged a third arrives all the same: a
# wrong bit of the payload, its checksum or the sender's hardware address is not looked at on this way.
lost() { on_runner ping -q -i 0.01 -c 300 -W 1 -s 8 $target_address | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p'; }
doubles() { on_runner ping -q -s 8 -i 0.02 -c 100 "$1" | sed -n 's/.* +\([0-9]*\) dup.*/\1/p'; }
out_of_order() {
    on_runner ping -i 0.01 -c 300 $target_address | sed -n 's/.*icmp_seq=\([0-9]*\) .*/\1/p' |
        awk '$1 < most { n++ } $1 > most { most = $1 } END { print n + 0 }'
}
# The least round trip of large packets, in ms; those of before may have to go first.
large() {
    on_runner ping -q -c 6 -i 0.5 -s 1400 -W 9 $target_address | sed -n 's/^rtt .* = \([0-9.]*\)\/.*/\1/p'
}
new_session() { over_ssh $target_address true; }

# shaped NAME FAULT VALUE TOKEN: applies it and checks what verify says.
shaped() {
    check "$1: applied" shape "${@:2}"
    check "$1: by $mechanism" says "^probe.mechanism $mechanism"
    check "$1: took hold" took_hold
}
reshaped() { # the same arguments: takes it back
    check "$1: reverted" unshape "${@:2}"
    check "$1: nothing is left" unchanged
}

latency_faults() {
    local nominal
    nominal=$(least)
    settings=(jitter=20ms distribution=normal)
    shaped "latency with jitter" latency 80 jitter0001
    check "latency with jitter: the mean is seen from outside" between 65 "$(mean)" 150
    check "latency with jitter: and that it varies" between 8 "$(deviation)" 40
    reshaped "latency with jitter" latency 80 jitter0001
    settings=(jitter=30ms order=kept)
    shaped "jitter in order" latency 60 jitter0002
    check "jitter in order: no packet overtakes another" equals 0 out_of_order
    reshaped "jitter in order" latency 60 jitter0002
    settings=(jitter=20ms distribution=pareto)
    shaped "jitter with a long tail" latency 80 jitter0003
    check "jitter with a long tail: packets overtake others" between 1 "$(out_of_order)" 300
    reshaped "jitter with a long tail" latency 80 jitter0003
    settings=("peers=$runner_address/32" protocol=icmp)
    shaped "latency of some packets" latency 60 filter0001
    check "latency of some packets: those are held" between 59 "$(least)" 110
    reshaped "latency of some packets" latency 60 filter0001
    settings=(protocol=udp "remote-ports=5060,16384-32767")
    check "latency of others: applied" steps latency 60 filter0002 60 mechanism=$mechanism "${settings[@]}" -- probe arm apply
    check "latency of others: pings are not held" between 0 "$(least)" "$(awk "BEGIN { print $nominal + 30 }")"
    reshaped "latency of others" latency 60 filter0002
    settings=()
    check "latency of 10 s: applied" steps latency 10000 tenseconds 60 mechanism=$mechanism -- probe arm apply
    check "latency of 10 s: a new SSH session is let in" new_session
    reshaped "latency of 10 s" latency 10000 tenseconds
}

packet_faults() {
    settings=()
    shaped "corruption" corruption 30 corrupt001
    check "corruption: what is damaged is lost" between 8 "$(lost)" 45
    reshaped "corruption" corruption 30 corrupt001
    shaped "duplication" duplication 50 duplicate1
    check "duplication: pings are answered twice" between 20 "$(doubles $target_address)" 80
    reshaped "duplication" duplication 50 duplicate1
    settings=(delay=40ms)
    shaped "reordering" reordering 20 reorder001
    check "reordering: packets come out of order" between 20 "$(out_of_order)" 299
    reshaped "reordering" reordering 20 reorder001
    settings=()
    shaped "bandwidth" bandwidth 64 bandwidth1
    check "bandwidth: no more goes out" between 20 "$(figure verify.achieved)" 75
    check "bandwidth: a large packet takes its time" between 170 "$(large)" 600
    reshaped "bandwidth" bandwidth 64 bandwidth1
    settings=(queue=60000ms)
    check "bandwidth of 1 kbit/s: applied" steps bandwidth 1 bandwidth2 60 mechanism=$mechanism "${settings[@]}" -- probe arm apply
    check "bandwidth of 1 kbit/s: a new SSH session is let in" new_session
    reshaped "bandwidth of 1 kbit/s" bandwidth 1 bandwidth2
    settings=()
}
