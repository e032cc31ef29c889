#!/usr/bin/env bash
# The run database with plain tools: docs/run-database.md's examples with sqlite3 and Python, the
# CSV export, a read-only file system, a full disk, files that are no run database.
source "$(dirname "$0")/../lib.sh"

# A run of one target with two metrics and one fault, made by sqlite3 alone from the schema.
make_run() { # FOLDER
    mkdir -p "$1"
    sqlite3 "$1/run.sqlite" <"$top/store/schema.sql" &&
        sqlite3 "$1/run.sqlite" <<'SQL'
INSERT INTO run VALUES (1, 'demo', 'c.xml', '<c/>', 't.xml', '<t/>', '1', 1000000000, 2000000000, 1,
    '0.1.0', 1, 99, 'complete');
INSERT INTO target VALUES (1, 'sprout', 'S-CSCF', '198.18.0.3');
INSERT INTO metric_set VALUES (1, 1, 'cgroup');
INSERT INTO metric VALUES (1, 0, 'cpu.usage', 'counter', 'cpu', 'virtual', 'ns'),
    (1, 1, 'memory.usage_in_bytes', 'gauge', 'memory', 'virtual', 'bytes');
INSERT INTO experiment VALUES (1, 0, 1, 'cpu-high-sprout-1', 'cpu', 'high', 1, 1, 'done', 1, 1,
    30000000000, 31000000000, 'valid', NULL, NULL);
INSERT INTO injection VALUES (1, 1, 1, 'token123', 'cpu', 'high', 97, 96.5, '%', 'stress-ng, "vm"',
    1, 'proven', 0, NULL);
INSERT INTO edge VALUES (1, 'start-commanded', 0, 10000000000, 0, 2000000),
    (1, 'applied', 0, 10200000000, 0, 2000000), (1, 'verified', 0, 10500000000, 0, 2000000),
    (1, 'end-commanded', 0, 20000000000, 0, 2000000), (1, 'gone', 0, 20100000000, 0, 2000000);
-- 0.1 and minus infinity
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO observation SELECT i, 1, 1, (i - 1) * 1000000000, i * 1000000000,
    x'9A9999999999B93F000000000000F0FF' FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO service_sample SELECT i, 1, 'load', (i - 1) * 1000000000, i * 1000000000, 100, 100, 99, 1,
    5, 0 FROM n;
INSERT INTO service_response VALUES (1, 'call', 9000000, NULL);
INSERT INTO journal VALUES (1, 1, 1, 'sprout', 'apply', 'cpu', 2, 'ok');
SQL
}

labels() { # the labels of docs/labels.md's example, seconds 9 to 24
    sqlite3 "$1" "SELECT group_concat(label, ' ') FROM
        (SELECT label FROM observation_label WHERE time_ns BETWEEN 9e9 AND 24e9 ORDER BY time_ns)"
}

# The sqlite3 commands of the manual page, each from its indented lines.
examples() {
    echo 'set -e'
    awk '/^    sqlite3 /{inside = 1} !/^    /{inside = 0} inside' "$top/docs/run-database.md"
}

python_example() {
    {
        awk '/^```python/{inside = 1; next} /^```/{inside = 0; exit} inside' \
            "$top/docs/run-database.md"
        echo 'assert len(observations) == 30, len(observations)'
        echo 'assert observations[0][1:] == (1000000000, "normal", "none", 0.1, float("-inf"))'
        echo 'assert observations[14][2:4] == ("cpu", "own"), observations[14]'
    } | (cd "$run" && python3 -)
}

run=$scratch/run
check "the schema makes a database by sqlite3 alone" make_run "$run"
faults=$(printf 'cpu %.0s' {12..19})
check "labels are those of the manual's example" \
    [ "$(labels "$run/run.sqlite")" = \
    "normal ramp ramp ${faults}cool-down cool-down cool-down cool-down normal" ]
check "numbers are decoded by sqlite3 alone" \
    [ "$(sqlite3 "$run/run.sqlite" "SELECT value = 0.1 FROM observation_value
        WHERE observation_id = 1 UNION ALL SELECT value = -9e999 FROM observation_value
        WHERE observation_id = 1 AND position = 1" | tail -n 2 | tr '\n' ' ')" = "0 1 " ]
examples >"$scratch/examples.sh"
check "the manual has examples" grep -q observation_value "$scratch/examples.sh"
check "the manual's examples with sqlite3 run" \
    bash -c "cd '$run' && . '$scratch/examples.sh'"
only_known_parts() {
    (cd "$run" && . "$scratch/examples.sh") >"$scratch/examples.out" && sed -n '/ part /,/^$/p' "$scratch/examples.out" |
        awk -F '│' '/failure_share/ { next } NF > 3 { gsub(/ /, "", $3); if ($3 !~ /^(before|fault|after)$/) exit 1; rows++ } END { exit !rows }'
}
check "its query of failed calls gives before, fault and after" only_known_parts
if command -v python3 >/dev/null; then
    check "the manual's example with Python runs" python_example
else
    skip "the manual's example with Python runs" "python3 is not installed"
fi

check "export writes observations with labels" prints \
    '^cpu-high-sprout-1,0,valid,sprout,14000000000,15000000000,cpu,own,high,sprout,0.10000000000000001,-inf$' \
    "$vnfault" export "$run"
check "export quotes fields" prints ',"stress-ng, ""vm""",' "$vnfault" export "$run" --what injections
check "export writes all tables into a folder" "$vnfault" export "$run" --what all -o "$scratch/csv"
check "each table is there, and nothing else" \
    [ "$(cd "$scratch/csv" && echo *)" = "experiments.csv injections.csv observations.csv service.csv" ]
check "export of an unknown table is a usage error" exits_with 64 "$vnfault" export "$run" --what lies
check "an unknown table gets a suggestion" prints "did you mean 'service'" \
    "$vnfault" export "$run" --what servce
check "a folder without a run is a usage error" exits_with 64 "$vnfault" export "$scratch/csv"
echo 'calls;failed' >"$scratch/other"
check "a file that is no database is a usage error" exits_with 64 "$vnfault" export "$scratch/other"
check "a file that can't be written is a usage error" \
    exits_with 64 "$vnfault" export "$run" -o "$scratch/nowhere/file.csv"

in_mounts() { unshare --mount --propagation private bash -c "$1"; }
if [ "$(id -u)" = 0 ] && in_mounts true 2>/dev/null; then
    check "a run on a read-only file system is read" in_mounts \
        "mount --bind '$run' '$run' && mount -o remount,ro,bind '$run' && '$vnfault' export '$run'"
    check "a full disk is an internal error that says so" in_mounts \
        "mkdir '$scratch/full' && mount -t tmpfs -o size=16k none '$scratch/full' && {
            head -c 99999 /dev/zero >'$scratch/full/filler' 2>/dev/null
            '$vnfault' export '$run' --what observations -o '$scratch/full/file.csv' 2>'$scratch/said'
            [ \$? = 70 ] && grep -q 'No space left' '$scratch/said' &&
            [ \"\$(ls '$scratch/full')\" = filler ] || { head -c 500 '$scratch/said'; false; }; }"
else
    skip "a run on a read-only file system is read" "needs root"
    skip "a full disk is an internal error that says so" "needs root"
fi
finish
