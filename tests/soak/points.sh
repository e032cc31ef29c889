# The kill points of a soak: each is drawn from the seed and its number alone, so that it is the same
# whoever takes it. Source it.
#   draw SEED POINT   sets fault (its type, intensity and parameters), victim, after, delay and way

faults=(
    "cpu 60"
    "memory 50"
    "memory 50 growth=20MB/s"
    "disk 2 folder=/var/tmp"
    "disk 2 folder=/var/tmp throughput=2MB/s mode=buffered"
    "disk-fill 60 folder=/srv reserve=1MB"
    "packet-loss 30"
    "packet-loss 100 pattern=burst"
    "partition 100"
    "port-block 100 local-ports=8080"
    "connection-reset 100 local-ports=8080"
    "dns-failure 100"
    "latency 80 jitter=20ms"
    "corruption 10"
    "duplication 20"
    "reordering 30"
    "bandwidth 500"
    "process-pause 100 program=PYTHON"
    "process-kill 100 program=PYTHON service=web"
    "service-stop 100 service=web"
    "none 0"
)

# What dies, and after which steps there is something of it to be killed.
victims=(
    "runner start probe arm apply verify revert"
    "session start probe arm apply verify revert"
    "sshd start probe arm apply verify revert"
    "network start probe arm apply verify revert"
    "target start probe arm apply verify revert"
    "step start probe arm apply verify"
    "tool apply verify"
    "guard-1 arm apply verify"
    "guard-2 arm apply verify"
    "runner+guard-1 arm apply verify"
    "runner+guard-2 arm apply verify"
)

number() { # TEXT BOUND: below the bound, the same for the same text
    local hash
    hash=$(sha256sum <<<"$1")
    echo $((0x${hash:0:12} % $2))
}

# Every pair of a fault and a victim comes by turns; only when is by chance.
draw() { # SEED POINT
    local which=$(($2 % ${#faults[@]})) turn=$(($2 / ${#faults[@]})) words
    fault=${faults[which]}
    read -ra words <<<"${victims[(which + turn) % ${#victims[@]}]}"
    victim=${words[0]}
    after=${words[1 + $(number "$1 $2 after" $((${#words[@]} - 1)))]}
    # Two seconds of the fault follow its verification, the other steps take part of one.
    if [ "$after" = verify ]; then
        delay=$(number "$1 $2 delay" 2000)
    else
        delay=$(number "$1 $2 delay" 300)
    fi
    way=$(number "$1 $2 way" 2)
}
