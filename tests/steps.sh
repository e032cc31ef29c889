# Steps of an injection against the target of a test, and what they printed. Source it after target.sh.

# steps FAULT VALUE TOKEN LEASE ... -- STEP ...: keeps what they print for figure and says
steps() { injection "$@" >"$scratch/steps" 2>&1 || { status=$?; cat "$scratch/steps"; return $status; }; }
says() { grep -qE -- "$1" "$scratch/steps" || { cat "$scratch/steps"; return 1; }; }
# Reads a figure of the last steps taken: figure verify.achieved
figure() { sed -n "s/^$1 \([^ ]*\).*/\1/p" "$scratch/steps" | head -n 1; }
between() { awk -v x="$2" -v a="$1" -v b="$3" 'BEGIN { exit !(x >= a && x <= b) }' || { echo "$2 is not in $1 .. $3"; return 1; }; }
took_hold() { says '^verify.took_hold true'; }
phantom() { says '^verify.took_hold false'; }
refused() { exits_with "$1" injection "${@:3}" >"$scratch/steps" 2>&1 && says "$2"; } # STATUS TEXT FAULT ...

# What must be the same before and after an injection: says what of `state` is not as in $scratch/before.
unchanged() {
    state >"$scratch/after"
    diff "$scratch/before" "$scratch/after"
}
