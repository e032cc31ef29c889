# A share of packets that is to be hit: how it is written, and whether as many were hit as chance allows.
# A share in thousandths of a per cent is an intensity ($amount), one in ten-thousandths is counted by.

probability() { # THOUSANDTHS of a per cent: '0.05000' for 5 %
    printf '%d.%05d\n' $(($1 / 100000)) $(($1 % 100000))
}

# How far HIT is from what is to be expected of SEEN. Sets deviation, in ten-thousandths of a packet, and
# variance, of four standard deviations; of many packets a part stands for all, in seen and hit: the
# squares must fit into 63 bits.
share_deviate() { # SEEN HIT SHARE
    seen=$1 hit=$2
    while [ "$seen" -gt 100000 ]; do seen=$((seen / 2)) hit=$((hit / 2)); done
    deviation=$((hit * 10000 - seen * $3))
    [ $deviation -ge 0 ] || deviation=$((0 - deviation))
    variance=$((16 * seen * $3 * (10000 - $3)))
}

# Says what share was hit and whether the fault took hold, as the function PLAUSIBLE judges by the counts.
share_report() { # SEEN HIT PLAUSIBLE
    if [ "$1" -eq 0 ]; then
        say detail "no packet that the fault is for came by"
        say took_hold false
        return
    fi
    say achieved "$(decimal $(($2 * 100000 / $1)))"
    if [ "$2" -gt 0 ] && "$3" "$1" "$2"; then
        say took_hold true
    else
        say detail "$2 of $1 packets were hit"
        say took_hold false
    fi
}
