#!/usr/bin/env bash
# What every verb says of itself, and what no verb accepts.
. "$(dirname "$0")/../lib.sh"

verbs=$("$vnfault" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
fits_a_screen() { # VERB
    "$vnfault" "$1" --help >"$scratch/help" &&
        awk 'length > 80 { print "wide: " $0; wide = 1 } END { exit wide || NR > 24 }' "$scratch/help"
}
check "the verbs are listed" [ "$(wc -w <<<"$verbs")" -ge 10 ]
for verb in $verbs; do
    check "$verb --help fits a screen" fits_a_screen "$verb"
    check "$verb --help begins with its usage" prints "^usage: vnfault $verb" "$vnfault" "$verb" --help
    check "and then says what it does" prints '^[A-Z][a-z]+s ' sed -n 3p "$scratch/help"
    check "$verb refuses an unknown option" exits_with 64 "$vnfault" "$verb" --no-such-option
done
check "an unknown verb is refused" exits_with 64 "$vnfault" evalute
check "and the nearest is named" prints "did you mean 'evaluate'" "$vnfault" evalute
check "an unknown level of the log is refused" exits_with 64 "$vnfault" --log-level loud plan x.xml
check "no verb is refused" exits_with 64 "$vnfault"
check "an action of the lab without JSON says so" prints "lab up has no --json" "$vnfault" lab up --json

finish
