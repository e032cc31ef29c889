#!/usr/bin/env bash
# What a user gets wrong, at the level of `vnfault run`: a clear error, the right exit code, nothing
# done to the testbed. The verbs check and plan have their own tests.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

original=$top/tests/e2e/data/short.xml
lab_up

ended() { # STATUS PATTERN COMMAND ...: ends so and says so
    local expected=$1 pattern=$2 status=0
    shift 2
    "$@" >"$scratch/said" 2>&1 </dev/null || status=$?
    cat "$scratch/said"
    [ "$status" = "$expected" ] || { echo "exit status $status, expected $expected"; return 1; }
    grep -qE -- "$pattern" "$scratch/said" || { echo "no match of '$pattern'"; return 1; }
}

refused() { # STATUS PATTERN CAMPAIGN TESTBED: the run ends so and says so, in the program's name
    rm -rf "$scratch/refused"
    ended "$1" "$2" "$vnfault" run "$3" --testbed "$4" -o "$scratch/refused" || return 1
    grep -qE 'vnfault: |^error' "$scratch/said" || { echo "nothing names the program"; return 1; }
}

check "unknown fault type" refused 64 "did you mean .memory." \
    "$(edited_campaign fault 's/type="memory"/type="memry"/')" "$testbed"
check "a number without its unit" refused 64 "$scratch/unit.xml:[0-9]+.*14.*unit" \
    "$(edited_campaign unit 's/duration="14s"/duration="14"/')" "$testbed"
check "an intensity without its unit" refused 64 "amount.xml:[0-9]+.*unit" \
    "$(edited_campaign amount 's/value="90%"/value="90"/')" "$testbed"
check "an intensity in another unit" refused 64 "other.xml:[0-9]+.*90ms" \
    "$(edited_campaign other 's/value="90%"/value="90ms"/')" "$testbed"
check "unknown target" refused 64 "did you mean .sprout." \
    "$(edited_campaign target 's/<target name="sprout"/<target name="sprut"/')" "$testbed"
check "a campaign that is no XML" refused 64 "cut.xml:[0-9]+" \
    "$(edited_campaign cut '/<reset/,$d')" "$testbed"
check "no scenario folder" refused 64 "no-such-scenario" \
    "$(edited_campaign scenario 's|sipp-scenarios/register-call|no-such-scenario|')" "$testbed"
check "no testbed file" refused 64 "nowhere.xml" "$original" "$scratch/nowhere.xml"

cp -r "$top/sipp-scenarios/register-call" "$scratch/malformed"
echo '<scenario><send>' >"$scratch/malformed/caller.xml"
check "malformed scenario" refused 64 "caller.xml" \
    "$(edited_campaign malformed "s|scenario=\"[^\"]*\"|scenario=\"$scratch/malformed\"|")" "$testbed"

check "unreachable host" refused 4 "sprout.*198.18.1.250" "$original" \
    "$(edited_testbed absent 's/198\.18\.1\.12"/198.18.1.250"/; s/<ssh /<ssh timeout="2s" /')"
ssh-keygen -q -t ed25519 -N '' -f "$scratch/stranger"
sed -E "s|^(sprout,[0-9.,]*) .*|\1 $(cut -d ' ' -f 1,2 "$scratch/stranger.pub")|" \
    "/run/vnfault/labs/$lab/known_hosts" >"$scratch/wrong-hosts"
check "wrong host key" refused 4 "sprout.*host key" "$original" \
    "$(edited_testbed stranger "s|known-hosts=\"[^\"]*\"|known-hosts=\"$scratch/wrong-hosts\"|")"
check "missing key" refused 4 "no-such-key" "$original" \
    "$(edited_testbed keyless "s| key=\"[^\"]*\"| key=\"$scratch/no-such-key\"|")"
check "a key that is not let in" refused 4 "sprout|bono|homestead|load" "$original" \
    "$(edited_testbed other-key "s| key=\"[^\"]*\"| key=\"$scratch/stranger\"|")"

# In the mount namespace of the host, the tool is hidden.
on sprout -- mount --bind /dev/null /usr/bin/stress-ng
check "tool missing on the target" refused 4 "sprout.*stress-ng" "$original" "$testbed"
on sprout umount /usr/bin/stress-ng
on load -- mount --bind /dev/null /usr/bin/sipp
check "SIPp missing on the load host" refused 4 "load.*[Ss][Ii][Pp]p" "$original" "$testbed"
on load umount /usr/bin/sipp

: >"$scratch/file"
check "a results folder that can't be made" ended 64 "$scratch/file" \
    "$vnfault" run "$original" --testbed "$testbed" -o "$scratch/file/run"
mkdir "$scratch/read-only"
read_only() {
    unshare --mount sh -c 'mount -t tmpfs -o ro none "$1"; shift; exec "$@"' _ "$scratch/read-only" \
        "$vnfault" run "$original" --testbed "$testbed" -o "$scratch/read-only/run"
}
check "a results folder that is not writable" ended 64 "read-only/run.*[Rr]ead-only" read_only

check "nothing is left of all that" is_clean sprout

# --- the disk fills up ---
# A file system that is full in the middle of the experiment, seen only by the run; it grows before the run is resumed.
mkdir "$scratch/disk"
cat >"$scratch/on-full-disk" <<'END'
vnfault=$1 campaign=$2 testbed=$3 disk=$4
mount -t tmpfs -o size=2m none "$disk" || exit 99
"$vnfault" run "$campaign" --testbed "$testbed" -o "$disk/run"
echo "full: $?"
"$vnfault" heal "$testbed"
mount -o remount,size=64m "$disk"
"$vnfault" run --resume "$disk/run" --repeat-invalid
echo "resumed: $?"
sqlite3 -readonly "$disk/run/run.sqlite" "SELECT 'valid: ' || count(*) FROM last_attempt WHERE verdict = 'valid'"
END
unshare --mount sh "$scratch/on-full-disk" "$vnfault" "$(edited_campaign one '/type="packet-loss"/d')" "$testbed" "$scratch/disk" \
    >"$scratch/full.log" 2>&1
check "a full disk ends the run with 70" prints '^full: 70$' cat "$scratch/full.log"
check "it is told which file" prints 'disk/run/run\.sqlite: .*full' cat "$scratch/full.log"
check "the run itself had reverted the fault" prints '^sprout +clean$' cat "$scratch/full.log"
check "with space again the run can be completed" prints '^resumed: 0$' cat "$scratch/full.log"
check "its experiment is valid then" prints '^valid: 1$' cat "$scratch/full.log"
check "nothing is left of it" is_clean sprout
finish
