#!/usr/bin/env bash
# Going on with runs that earlier versions recorded: a refusal leaves their database as it was, to the byte.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

lab_up
campaign=$(edited_campaign one 's/duration="14s"/duration="10s"/; s/start="4s" length="6s"/start="3s" length="3s"/
    /type="packet-loss"/d; s/<reset .*/<reset method="none"\/>/')
testbed=$(edited_testbed own '')
check "a run of this version" "$vnfault" run "$campaign" --testbed "$testbed" -o "$scratch/first"

# The run of an earlier version, all of whose experiments are done and valid, as if it had been of this campaign.
put_version() { # N
    run=$scratch/version-$1
    mkdir -p "$run"
    cp "$top/tests/unit/data/store/version-$1.sqlite" "$run/run.sqlite"
    sqlite3 "$run/run.sqlite" "ATTACH '$scratch/first/run.sqlite' AS first;
        UPDATE run SET (name, campaign_path, campaign_xml, testbed_path, testbed_xml, time_scale) =
            (SELECT name, campaign_path, campaign_xml, testbed_path, testbed_xml, time_scale FROM first.run);
        UPDATE experiment SET verdict = 'valid', reason = NULL"
    cp "$run/run.sqlite" "$scratch/before.sqlite"
}
resume() { "$vnfault" run --resume "$run" "$@"; }
is_as_before() { cmp "$run/run.sqlite" "$scratch/before.sqlite"; }
refuses() { # STATUS WORDS [OPTION ...]
    local status=$1 words=$2
    shift 2
    exits_with "$status" resume "$@" 2>"$scratch/refusal" && prints "$words" cat "$scratch/refusal" && is_as_before
}
version() { query "$run" "PRAGMA user_version"; }

for number in 1 2 3 4 5; do
    put_version $number
    sed -i 's/rate="40calls/rate="41calls/' "$campaign"
    check "version $number: another campaign file is refused" \
        refuses 64 "the campaign file $campaign differs from the one that $run began with"
    sed -i 's/rate="41calls/rate="40calls/' "$campaign"
    check "version $number: another testbed file" \
        refuses 64 "the testbed file .*/other-testbed.xml differs" --testbed "$(edited_testbed other 's/role="[^"]*"/role="other"/')"
    check "version $number: another time scale" refuses 64 "$run began with the time scale 1, not with 2" --time-scale 2
    check "version $number: a shard" refuses 64 "$run began with the whole campaign, not with shard 1/1" --shard 1/1
    check "version $number: other faults" refuses 64 "$run began without --no-faults" --no-faults
    check "version $number: the run goes on, and says that it is upgraded" \
        prints "$run/run.sqlite: run database upgraded from version $number to 6$" resume
    check "version $number: it is of this version then" equals 6 version
    check "version $number: and is gone on with once more without a word of that" equals "" eval "resume 2>&1 >/dev/null || echo refused"
done

put_version 4
sqlite3 "$run/run.sqlite" "UPDATE run SET faults = 0"
cp "$run/run.sqlite" "$scratch/before.sqlite"
check "a run without faults goes on without them" exits_with 0 resume

put_version 4
mv "$testbed" "$scratch/gone"
check "a testbed file that is gone is refused" refuses 64 "own-testbed.xml"
mv "$scratch/gone" "$testbed"
"$vnfault" lab down --name "$lab" >/dev/null
check "a testbed that can't be reached, too" refuses 4 ""

finish
