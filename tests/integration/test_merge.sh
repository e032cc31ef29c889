#!/usr/bin/env bash
# vnfault merge: the runs of shards become what one run of the whole campaign is; what doesn't belong together is refused.
source "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run

query() { sqlite3 -readonly "$1/run.sqlite" "$2"; }
change() { sqlite3 "$1/run.sqlite" "$2" >/dev/null; }

# A run of 12 experiments, two of them invalid; then its parts, as the runs of shards would be. The second
# was made on a testbed whose targets are numbered otherwise.
"$make_run" "$scratch/whole" 11 60 2 || exit 1
change "$scratch/whole" "INSERT INTO fact VALUES ('plan', 'experiments', '12');
    INSERT INTO clock_offset SELECT 'sprout', started_ns, cell, 1 FROM experiment;
    INSERT INTO journal (time_ns, experiment_id, host, action, detail, ended_ns, outcome)
        SELECT started_ns, id, 'sprout', 'apply', name, ended_ns, 'ok' FROM experiment;
    INSERT INTO measurement SELECT id, 'verify', 'loss-in', requested, '%' FROM injection;
    INSERT INTO monitoring_event SELECT id, 1, started_ns, 'late', name, 1 FROM experiment;
    INSERT INTO service_response SELECT id, 'invite', id * 1000, NULL FROM service_sample WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO service_media SELECT id, 'rtp-sent', id * 50 FROM service_sample;
    INSERT INTO injection_level SELECT id, 1, requested, achieved, 0, 1, 2, 3, 4, 5, 6 FROM injection"
make_shard() { # FOLDER NUMBER COUNT
    cp -r "$scratch/whole" "$1" && change "$1" "INSERT INTO shard VALUES ($2, $3, 12);
        INSERT INTO shard_cell SELECT cell, $2 FROM experiment WHERE cell % $3 = $2 - 1;
        DELETE FROM experiment WHERE cell NOT IN (SELECT cell FROM shard_cell);
        DELETE FROM injection WHERE experiment_id NOT IN (SELECT id FROM experiment);
        DELETE FROM observation WHERE experiment_id NOT IN (SELECT id FROM experiment);
        DELETE FROM monitoring_event WHERE experiment_id NOT IN (SELECT id FROM experiment);
        DELETE FROM service_sample WHERE experiment_id NOT IN (SELECT id FROM experiment);
        DELETE FROM service_failure WHERE sample_id NOT IN (SELECT id FROM service_sample);
        DELETE FROM service_response WHERE sample_id NOT IN (SELECT id FROM service_sample);
        DELETE FROM service_media WHERE sample_id NOT IN (SELECT id FROM service_sample);
        DELETE FROM journal WHERE experiment_id NOT IN (SELECT id FROM experiment);
        DELETE FROM clock_offset WHERE time_ns NOT IN (SELECT started_ns FROM experiment);
        DELETE FROM measurement WHERE injection_id NOT IN (SELECT id FROM injection);
        DELETE FROM edge WHERE injection_id NOT IN (SELECT id FROM injection);
        DELETE FROM injection_level WHERE injection_id NOT IN (SELECT id FROM injection);
        UPDATE fact SET value = value || ' of testbed $2' WHERE name = 'kernel'; UPDATE run SET testbed_path = 'testbed-$2.xml'"
}
make_shard "$scratch/one" 1 2 && make_shard "$scratch/two" 2 2 || exit 1
change "$scratch/two" "UPDATE target SET id = 14 - id; UPDATE experiment SET target_id = 14 - target_id;
    UPDATE injection SET target_id = 14 - target_id; UPDATE metric_set SET target_id = 14 - target_id, id = id + 20;
    UPDATE metric SET metric_set_id = metric_set_id + 20; UPDATE observation SET metric_set_id = metric_set_id + 20;
    UPDATE monitoring_event SET metric_set_id = metric_set_id + 20; UPDATE target SET address = '198.18.9.' || id;
    UPDATE run SET testbed_xml = '<?xml version=\"1.0\"?><testbed name=\"b\"/>'"

# --- the same as one run
merged=$scratch/merged
before=$(sha256sum "$scratch"/{one,two}/run.sqlite)
check "two shards are merged" "$vnfault" merge "$scratch/two" "$scratch/one/run.sqlite" -o "$merged"
check "which are left as they are" equals "$before" sha256sum "$scratch"/{one,two}/run.sqlite
check "and are files of their own still" equals "run.sqlite" ls "$scratch/two"
same() { # SQL: answered alike by both
    local answer
    answer=$(query "$scratch/whole" "$1") || return 1
    [ "$(wc -l <<<"$answer")" -gt 1 ] || { echo "too little to compare: '$answer'"; return 1; }
    diff <(echo "$answer") <(query "$merged" "$1")
}
check "experiments, with verdicts" same "SELECT e.id, cell, attempt, e.name, t.name, fault_type, intensity, repetition, state, started_ns, measured_from_ns,
    measured_until_ns, ended_ns, verdict, reason, note FROM experiment AS e LEFT JOIN target AS t ON t.id = target_id ORDER BY cell"
check "labels" same "SELECT e.name, t.name, o.time_ns, o.window_start_ns, hex(o.vector), l.label, l.scope, l.intensity, l.fault_target
    FROM observation AS o JOIN experiment AS e ON e.id = o.experiment_id JOIN metric_set AS s ON s.id = o.metric_set_id
    JOIN target AS t ON t.id = s.target_id JOIN observation_label AS l ON l.observation_id = o.id ORDER BY 1, 2, 3"
check "injections and their edges" same "SELECT * FROM (SELECT injection_id, experiment_id, experiment, target, token, fault_type, intensity, requested,
    achieved, unit, mechanism, lease_ns, state, phantom, detail, start_commanded_ns, applied_ns, verified_ns, end_commanded_ns, gone_ns, edge_error_ns
    FROM injection_edges) ORDER BY injection_id"
check "levels" same "SELECT * FROM injection_level ORDER BY 1, 2"
check "measurements" same "SELECT * FROM measurement ORDER BY 1, 2, 3"
check "metrics" same "SELECT t.name, collector, m.position, m.name, kind, resource_group, layer, unit FROM metric AS m
    JOIN metric_set AS s ON s.id = metric_set_id JOIN target AS t ON t.id = target_id ORDER BY 1, 2, 3"
check "what the load generator saw" same "SELECT e.name, x.load_host, x.window_start_ns, x.time_ns, offered_rate, calls_created, calls_succeeded, calls_failed,
    calls_current, retransmissions, (SELECT group_concat(cause || calls) FROM service_failure WHERE sample_id = x.id),
    (SELECT group_concat(transaction_name || mean_ns) FROM service_response WHERE sample_id = x.id),
    (SELECT group_concat(name || packets) FROM service_media WHERE sample_id = x.id)
    FROM service_sample AS x JOIN experiment AS e ON e.id = experiment_id ORDER BY 1, 4"
check "the journal" same "SELECT time_ns, experiment_id, host, action, detail, ended_ns, outcome FROM journal ORDER BY 1"
check "what happened to samples" same "SELECT e.name, t.name, time_ns, kind, detail, samples FROM monitoring_event JOIN experiment AS e ON e.id = experiment_id
    JOIN metric_set AS s ON s.id = metric_set_id JOIN target AS t ON t.id = s.target_id ORDER BY 1, 3"
check "clocks" same "SELECT * FROM clock_offset ORDER BY 1, 2"
check "times and state of the run" equals "$(query "$scratch/whole" "SELECT name, started_ns, ended_ns, state, campaign_xml, version FROM run")" \
    query "$merged" "SELECT name, started_ns, ended_ns, state, campaign_xml, version FROM run"
check "no reference leads nowhere" equals "" query "$merged" "PRAGMA foreign_key_check; SELECT value FROM (SELECT * FROM pragma_integrity_check) AS c(value) WHERE value <> 'ok'"
same_scores() {
    "$vnfault" evaluate "$scratch/whole" --json >"$scratch/whole.json" && "$vnfault" evaluate "$merged" --json >"$scratch/merged.json" || return 1
    [ -s "$scratch/whole.json" ] && cmp "$scratch/whole.json" "$scratch/merged.json"
}
check "detectors score the same on it" same_scores
check "and it is reported" "$vnfault" report "$merged"

# --- where it comes from
check "which shard an experiment is of" equals "1|6
2|6" query "$merged" "SELECT shard, count(*) FROM shard_cell WHERE cell % 2 = shard - 1 GROUP BY shard"
check "which run a shard is" equals "1|$scratch/one/run.sqlite|testbed-1.xml
2|$scratch/two|testbed-2.xml" query "$merged" "SELECT shard, path, testbed_path FROM merged_run ORDER BY shard"
check "what differs stands side by side" equals "6.1.0 of testbed 1 / 6.1.0 of testbed 2" query "$merged" "SELECT value FROM fact WHERE name = 'kernel'"
check "addresses too" equals 2 query "$merged" "SELECT 1 + length(address) - length(replace(address, ', ', ' ')) FROM target WHERE name = 'sprout'"
check "both testbed files are there, as XML" eval 'query "$merged" "SELECT testbed_xml FROM run" | xmllint --noout - && [ "$(query "$merged" "SELECT testbed_xml FROM run" | xmllint --xpath "count(/testbeds/testbed)" -)" = 2 ]'
check "status names the shards" prints "shard 2/2: 6 of 6 experiments done" "$vnfault" status "$merged"
check "a merged run is not gone on with" prints "is a merged run" "$vnfault" run --resume "$merged"
check "the order of the runs changes nothing" eval '"$vnfault" merge "$scratch/one" "$scratch/two" -o "$scratch/other" &&
    diff <(query "$merged" "SELECT id, name, verdict FROM experiment") <(query "$scratch/other" "SELECT id, name, verdict FROM experiment")'
json_says() { # PYTHON-EXPRESSION over the object `d`, RUN ...
    "$vnfault" merge "${@:2}" -o "$scratch/json" --json >"$scratch/merge.json" && rm -r "$scratch/json" &&
        python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$scratch/merge.json" "$1"
}
check "JSON" json_says 'd["experiments"] == d["done"] == 12 and d["shards"] == d["present"] == 2 and d["repeated"] == 0' "$scratch/one" "$scratch/two"
cp -r "$scratch/one" "$scratch/copy"
check "a run given twice counts once" json_says 'd["done"] == 12 and d["present"] == 2 and d["repeated"] == 2' "$scratch/one" "$scratch/copy" "$scratch/two" "$scratch/one"

# --- what is refused, and leaves nothing
refused() { # PATTERN RUN ...
    local status=0
    "$vnfault" merge "${@:2}" -o "$scratch/refused" >"$scratch/refusal" 2>&1 || status=$?
    [ $status = 64 ] || { echo "exit status $status"; cat "$scratch/refusal"; return 1; }
    [ ! -e "$scratch/refused" ] || { echo "something is left"; ls -la "$scratch/refused"; return 1; }
    prints "$1" cat "$scratch/refusal"
}
changed() { # SQL: a copy of the second shard, changed
    rm -rf "$scratch/changed" && cp -r "$scratch/two" "$scratch/changed" && change "$scratch/changed" "$1"
}
refuses() { # PATTERN SQL: the second shard changed so
    changed "$2" && refused "$1" "$scratch/one" "$scratch/changed"
}
check "a whole run" refused "whole is not the run of a shard" "$scratch/whole" "$scratch/one"
check "a merged run" refused "is a merged run" "$merged"
check "a missing shard" refused "of 2 shards these are missing: 2" "$scratch/one"
check "but for --incomplete" json_says 'd["done"] == 6 and d["present"] == 1' "$scratch/one" --incomplete
check "no run" refused "no run database at" "$scratch/one" "$scratch/nothing"
check "another campaign" refuses "the campaign of .*/changed is not that of .*/one" "UPDATE run SET name = 'other'"
check "a changed campaign file" refuses "the campaign file of" "UPDATE run SET campaign_xml = '<campaign />'"
check "another time scale" refuses "the time scale of" "UPDATE run SET time_scale = '1/2'"
check "one without faults" refuses "the --no-faults of" "UPDATE run SET faults = 0"
check "another version" refuses "the version of vnfault of" "UPDATE run SET version = '0.0.9'"
check "another division" refuses "the number of shards of" "UPDATE shard SET count = 3"
check "a shard twice, with different content" eval 'changed "UPDATE experiment SET verdict = '\''invalid'\'', reason = '\''x'\'' WHERE cell = 3" &&
    refused "are both shard 2/2 and differ, first in packet-loss-high-sprout-1" "$scratch/one" "$scratch/two" "$scratch/changed"'
check "a shard twice, one with more observations" eval 'changed "DELETE FROM observation WHERE id = (SELECT max(id) FROM observation)" &&
    refused "are both shard 2/2 and differ" "$scratch/one" "$scratch/two" "$scratch/changed"'
check "an experiment in two shards" refuses "experiment disk-high-sprout-1 is in shard 1 of .*/one and in shard 2 of .*/changed" "INSERT INTO shard_cell VALUES (2, 2)"
check "an experiment of no shard" refuses "is in .*/changed, but not of its shard" "DELETE FROM shard_cell WHERE cell = 3"
check "other targets" refuses "target bono \(P-CSCF\) of .*/one is not one of .*/changed" "UPDATE target SET name = 'pcscf' WHERE name = 'bono'"
check "another role" refuses "target bono \(P-CSCF\) of .*/one is not one of .*/changed" "UPDATE target SET role = 'SBC' WHERE name = 'bono'"
check "experiments left" refuses "shard 2/2, has 1 of 6 experiments left" "UPDATE experiment SET state = 'torn' WHERE cell = 5"
check "and says how to go on" prints "vnfault run --resume .*/changed" cat "$scratch/refusal"
left_out() { changed "UPDATE experiment SET state = 'running', ended_ns = NULL, verdict = NULL WHERE cell = 5" && json_says 'd["done"] == 11' "$scratch/one" "$scratch/changed" --incomplete; }
check "with --incomplete one that was not ended is left out" left_out
check "too few experiments" refuses "the shards hold 11 experiments, the campaign has 12" "DELETE FROM experiment WHERE cell = 11; DELETE FROM shard_cell WHERE cell = 11"
check "a folder with a run" exits_with 64 "$vnfault" merge "$scratch/one" "$scratch/two" -o "$merged"
check "whose run is as it was" equals 12 query "$merged" "SELECT count(*) FROM experiment"
check "no folder to write to" exits_with 64 "$vnfault" merge "$scratch/one" "$scratch/two"
check "no runs" exits_with 64 "$vnfault" merge -o "$scratch/refused"

# --- a shard that an earlier version of the database came of
earlier() {
    cp -r "$scratch/two" "$scratch/earlier" && change "$scratch/earlier" "DROP TABLE service_media; PRAGMA user_version = 5" &&
        "$vnfault" merge "$scratch/one" "$scratch/earlier" -o "$scratch/of-two-versions" && equals 12 query "$scratch/of-two-versions" "SELECT count(*) FROM experiment" &&
        equals "$(query "$scratch/one" "SELECT count(*) FROM service_media")" query "$scratch/of-two-versions" "SELECT count(*) FROM service_media"
}
check "one without packets of media is merged, too" earlier

# --- hostile databases: without the constraints of ours, with lies in them
remade() { # TABLE COLUMN-DEFINITIONS: the table without its constraints
    echo "PRAGMA legacy_alter_table = ON; CREATE TABLE copied ($2); INSERT INTO copied SELECT * FROM $1; DROP TABLE $1; ALTER TABLE copied RENAME TO $1;"
}
target_columns="id INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, address TEXT NOT NULL"
check "two targets of one name" refuses "changed: not a sound run database" "$(remade target "$target_columns") INSERT INTO target VALUES (50, 'bono', 'P-CSCF', 'x')"
check "a text for an instant" refuses "changed: not a sound run database" \
    "$(remade clock_offset "host TEXT NOT NULL, time_ns INTEGER NOT NULL, offset_ns INTEGER NOT NULL, error_ns INTEGER NOT NULL, PRIMARY KEY (host, time_ns)") INSERT INTO clock_offset VALUES ('a', 'soon', 1, 1)"
check "a cell of another shard" refuses "the shards hold 11 experiments, the campaign has 12" "UPDATE shard_cell SET shard = 7 WHERE cell = 3"
check "also on its own" refused "not a sound run database: FOREIGN KEY" "$scratch/changed" --incomplete
check "several shards" refuses "it is of several shards" "INSERT INTO shard VALUES (1, 2, 12)"
check "a shard that can't be" refuses "shard 2/-1 of 12 experiments" "UPDATE shard SET count = -1"
check "more shards than experiments" refuses "shard 2/9000000000000000000 of 12" "UPDATE shard SET count = 9000000000000000000"
check "a view for a table" refuses "'shard_cell' is not as it should be" "DROP TABLE shard_cell; CREATE VIEW shard_cell AS SELECT cell, 2 AS shard FROM experiment"
check "which an earlier version can't have either" refuses "'shard_cell' is not as it should be" "PRAGMA user_version = 4; DROP TABLE shard_cell; CREATE VIEW shard_cell AS SELECT cell, 2 AS shard FROM experiment"
check "no database" eval 'rm -rf "$scratch/changed" && mkdir "$scratch/changed" && head -c 5000 /dev/urandom >"$scratch/changed/run.sqlite" && refused "not a run database" "$scratch/one" "$scratch/changed"'
cut_short() { changed "SELECT 1" && truncate -s 50000 "$scratch/changed/run.sqlite" && refused "damaged|not a" "$scratch/one" "$scratch/changed"; }
check "one that is cut short" cut_short
triggered() {
    changed "CREATE TRIGGER mine AFTER INSERT ON experiment BEGIN DELETE FROM run; END" && "$vnfault" merge "$scratch/one" "$scratch/changed" -o "$scratch/triggered" &&
        equals 0 query "$scratch/triggered" "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'" && equals 12 query "$scratch/triggered" "SELECT count(*) FROM experiment"
}
check "triggers stay where they are" triggered
strange() { cp -r "$scratch/two" "$scratch/it's;--" && "$vnfault" merge "$scratch/one" "$scratch/it's;--" -o "$scratch/strange" && equals "$scratch/it's;--" query "$scratch/strange" "SELECT path FROM merged_run WHERE shard = 2"; }
check "a path that looks like SQL" strange
finish
