#!/usr/bin/env bash
# A night: what is called in which order, and how it ends, with a program in the place of vnfault.
. "$(dirname "$0")/../lib.sh"

# Each call is a line of `calls` and ends with the next line of `statuses`.
cat >"$scratch/vnfault" <<'END'
#!/bin/sh
cd "$(dirname "$0")" || exit 70
echo "$1 $2" >>calls
status=$(head -n 1 statuses)
sed -i 1d statuses
if [ "$status" = wait ]; then
    trap 'echo reverted >>calls; exit 143' TERM
    echo running >>calls
    while :; do sleep 0.1; done
fi
exit "$status"
END
chmod +x "$scratch/vnfault"
export VNFAULT=$scratch/vnfault
prepare() { # STATUS ...: those of the calls
    rm -f "$scratch/calls"
    printf '%s\n' "$@" >"$scratch/statuses"
}
night() { "$top/packaging/nightly" core.xml testbed.xml "$scratch/nights" --most-time 7h; }
calls() { paste -sd, "$scratch/calls"; }

prepare 0 0 0
check "a good night" night
check "is between two proofs" equals 'heal testbed.xml,run core.xml,heal testbed.xml' calls
for status in 3 4; do
    prepare $status
    check "heal's $status before is the night's" exits_with $status night
    check "and nothing is run" equals 'heal testbed.xml' calls
done
for status in 1 2 4 70; do
    prepare 0 $status 0
    check "the run's $status is the night's" exits_with $status night
    check "and the testbed is proven clean" prints ',heal testbed.xml$' calls
done
prepare 0 2 4
check "a host that can't be asked afterwards is not proven clean" exits_with 3 night
prepare 0 0 3
check "nor is one on which a fault stays" exits_with 3 night
check "too few words are refused" exits_with 64 "$top/packaging/nightly" core.xml

for signal in TERM HUP; do
    prepare 0 wait 0
    "$top/packaging/nightly" core.xml testbed.xml "$scratch/nights" 2>"$scratch/killed" &
    night=$!
    wait_until $night grep -qs running "$scratch/calls"
    kill -$signal $night
    wait $night
    check "SIG$signal ends the night with the run's status" equals 143 echo $?
    check "after the revert, and a proof" equals 'heal testbed.xml,run core.xml,running,reverted,heal testbed.xml' calls
done

# Without VNFAULT: the program of the clone, or of the installation, that it is of.
prepare 0 0 0 0 0 0
mkdir -p "$scratch/packaging" "$scratch/usr/libexec/vnfault" "$scratch/usr/bin"
cp "$top/packaging/nightly" "$scratch/packaging"
cp "$top/packaging/nightly" "$scratch/usr/libexec/vnfault"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$scratch/vnfault" >"$scratch/usr/bin/vnfault"
chmod +x "$scratch/usr/bin/vnfault"
for place in packaging usr/libexec/vnfault; do
    check "the program is found from $place" env -u VNFAULT "$scratch/$place/nightly" core.xml testbed.xml "$scratch/nights"
done
check "and called as ever" equals \
    'heal testbed.xml,run core.xml,heal testbed.xml,heal testbed.xml,run core.xml,heal testbed.xml' calls

finish
