# The kill points of a soak: each is drawn from the seed and its number alone, so that it is the same
# whoever takes it. Source it, and say
#   faults         lines 'TYPE INTENSITY [NAME=VALUE ...]'
#   victims        lines 'VICTIM STEP ...': what dies, and after which steps there is something of it to be killed
#   longest_step   milliseconds that a step takes, or a little less
#   draw SEED POINT   sets fault (its type, intensity and parameters), victim, after, delay and way

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
    # Two seconds of the fault follow its verification.
    if [ "$after" = verify ]; then
        delay=$(number "$1 $2 delay" 2000)
    else
        delay=$(number "$1 $2 delay" "$longest_step")
    fi
    way=$(number "$1 $2 way" 2)
}
