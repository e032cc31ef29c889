#!/usr/bin/env bash
# Whether as many packets were hit as chance allows (injectors/contract/shares.sh), of few and of very many.
. "$(dirname "$0")/../lib.sh"

judged() { # PLAUSIBLE AMOUNT SEEN HIT
    sh -c 'for part in "$0/contract.sh" "$0"/contract/*.sh; do . "$part"; done
        amount=$2
        rules_share() { echo $((amount / 10)); }
        share_report "$3" "$4" "$1"' "$top/injectors" "$@" | sed -n 's/^took_hold //p'
}
while read -r expected amount seen hit; do
    for plausible in rules_plausible shape_plausible; do
        check "$plausible: $hit of $seen for $amount thousandths of a per cent" equals "$expected" judged $plausible "$amount" "$seen" "$hit"
    done
done <<'END'
false 10000 0 0
false 10000 100 0
true 10000 100 10
false 10000 100 90
true 100000 500 500
false 100000 500 400
true 10000 4000000 400000
false 10000 4000000 2000000
false 10000 3000000000 1
true 10000 3000000000 300000000
END
finish
