#!/usr/bin/env bash
# vnfault export --numpy: what the numpy that is installed reads is what was observed; hostile
# names, nothing to write, places that can't be written.
. "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run
python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1

sql() { sqlite3 "$1/run.sqlite" "$2" >/dev/null; }

# A copy of the run that SQL has changed.
changed() { # NAME SQL
    cp -r "$scratch/run" "$scratch/$1" && sql "$scratch/$1" "$2"
}

export_numpy() { # RUN ARG ...
    local run=$1
    shift
    "$vnfault" export "$scratch/$run" --numpy -o "$scratch/$run.npz" "$@"
}

agrees_with_csv() { # RUN
    export_numpy "$1" && "$vnfault" export "$scratch/$1" -o "$scratch/$1.csv" &&
        "$python" "$top/tests/integration/numpy_export.py" "$scratch/$1.npz" "$scratch/$1.csv" 1
}

# Runs a program with `data`, the loaded file of a run.
with_numpy() { # RUN PROGRAM
    "$python" -c "
import numpy, sys
data = numpy.load(sys.argv[1], allow_pickle=False)
$2" "$scratch/$1.npz"
}

# The Python blocks of the manual's part on numpy, up to that with pandas or with it.
manual_runs() { # BLOCKS CHECK
    (cd "$scratch" && {
        awk -v blocks="$1" '/^## For numpy/{part = 1} /^## Foreign/{exit}
            part && /^```python/{inside = ++block <= blocks; next} /^```/{inside = 0} inside' \
            "$top/docs/run-database.md"
        echo "$2"
    } | "$python" -)
}

# A zip has the local time of each file in it.
same_bytes_anywhere() {
    export_numpy run && cp "$scratch/run.npz" "$scratch/here.npz" &&
        TZ=Asia/Tokyo export_numpy run && cmp "$scratch/here.npz" "$scratch/run.npz"
}

one_target_alone() {
    cp "$scratch/run.npz" "$scratch/all.npz" && export_numpy run --target sprout
}

refused() { # STATUS PATTERN ARG ...
    local status=$1 pattern=$2
    shift 2
    exits_with "$status" "$vnfault" export "$@" >"$scratch/said" 2>&1 &&
        grep -qE -- "$pattern" "$scratch/said" || { cat "$scratch/said"; false; }
}

check "a run is made" "$make_run" "$scratch/run" 6 15 1
check "an odd run is made" changed odd "
    UPDATE observation SET vector = zeroblob(160) WHERE id % 37 = 0; -- resets of counters
    UPDATE observation SET vector = CAST(substr(vector, 1, 40) ||
        x'000000000000f87f000000000000f07f' || substr(vector, 57) AS BLOB) WHERE id % 11 = 0; -- not a number, infinity
    DELETE FROM observation WHERE id % 29 = 0; -- gaps"

if "$python" -c 'import numpy' 2>/dev/null; then
    check "arrays are what the CSV says" agrees_with_csv run
    check "also with resets, unknown values and gaps" agrees_with_csv odd
    check "that run has all three" with_numpy odd "
values = data['sprout/values']
assert numpy.isnan(values).any() and data['sprout/sequences'][-1] > 6
assert {'ramp', 'cool-down', 'cpu', 'normal'} <= set(data['sprout/labels'])"
    check "one target alone is the same" one_target_alone
    check "and nothing else" with_numpy run "
whole = numpy.load(sys.argv[1].replace('run.npz', 'all.npz'))
assert len(data.files) == 9 and len(whole.files) == 27
for name in data.files:
    assert data[name].tobytes() == whole[name].tobytes()"
    check "the manual's example with numpy runs" manual_runs 1 '
assert values.shape == (len(fault), 20) == (len(groups), 20) and 0 < fault.sum() < len(fault)'
    if "$python" -c 'import pandas' 2>/dev/null; then
        check "the manual's example with pandas runs" manual_runs 2 '
assert list(frame.columns[:3]) == ["label", "time", "cpu.usage"], frame.columns
assert frame["time"].dt.year.eq(2023).all() and len(frame) == len(data["sprout/values"])'
    else
        skip "the manual's example with pandas runs" "python3-pandas is not installed"
    fi
    check "a run with hostile names is made" changed hostile "
        UPDATE target SET name = '../../etc' WHERE id = 1;
        UPDATE target SET name = '..' WHERE id = 2;
        UPDATE target SET name = CAST(x'610a5c3aff62c3a9' AS TEXT) WHERE id = 3;
        UPDATE metric SET name = CAST(x'22270affc3a9' AS TEXT) WHERE position = 0;
        UPDATE metric SET name = '../x' WHERE position = 1;
        INSERT INTO target VALUES (4, '.._.._etc', '', ''), (5, '', '', '')"
    check "names that no folder can have are said" prints \
        "target '\.\./\.\./etc' are named '\.\._\.\._etc/" export_numpy hostile
    check "no name leads out of the file, none is lost" with_numpy hostile "
targets = sorted({name.split('/')[0] for name in data.files})
assert targets == ['.._', '.._.._etc', '.._.._etc_', '_', 'a____b\u00e9'], targets
assert all(name.count('/') == 1 for name in data.files)
for target in ('.._', 'a____b\u00e9'):
    assert data[target + '/metrics'][:2].tolist() == ['\"\'\n\ufffd\u00e9', '../x']
assert data['_/values'].shape == (0, 0) and data['_/labels'].shape == (0,)"
else
    skip "arrays are what the CSV says" "python3-numpy is not installed"
    check "a run is written" export_numpy run
fi
check "the same run gives the same bytes, at any time" same_bytes_anywhere

check "without a file it is a usage error" refused 64 'needs a file: -o' "$scratch/run" --numpy
check "so it is with --csv" refused 64 'exclude each other' "$scratch/run" --numpy --csv -o "$scratch/x"
check "and with --what" refused 64 '--what is for' "$scratch/run" --numpy --what all -o "$scratch/x"
check "and --target without it" refused 64 '--target is for' "$scratch/run" --target sprout
check "an unknown target gets a suggestion" refused 64 "did you mean 'sprout'" \
    "$scratch/run" --numpy --target sprot -o "$scratch/x"
changed empty "DELETE FROM observation"
check "a run without observations is inconclusive" refused 2 'no observation to write:' \
    "$scratch/empty" --numpy -o "$scratch/x"
changed invalid "UPDATE experiment SET verdict = 'invalid'"
check "so is a target whose experiments are all invalid" refused 2 'to write of sprout' \
    "$scratch/invalid" --numpy --target sprout -o "$scratch/x"
check "a place that isn't there is a usage error" refused 64 'No such file' \
    "$scratch/run" --numpy -o "$scratch/nowhere/file.npz"
check "so is a folder" refused 64 'no plain file' "$scratch/run" --numpy -o "$scratch/run"
check "nothing was left of all that" [ ! -e "$scratch/x" ]

in_mounts() { unshare --mount --propagation private bash -c "$1"; }
if [ "$(id -u)" = 0 ] && in_mounts true 2>/dev/null; then
    check "a full disk is an internal error and leaves what was there" in_mounts \
        "mkdir '$scratch/full' && mount -t tmpfs -o size=64k none '$scratch/full' && {
            echo old >'$scratch/full/file.npz'
            '$vnfault' export '$scratch/run' --numpy -o '$scratch/full/file.npz' 2>'$scratch/said'
            [ \$? = 70 ] && grep -q 'No space left' '$scratch/said' &&
            [ \"\$(ls -A '$scratch/full') \$(cat '$scratch/full/file.npz')\" = 'file.npz old' ] || { head -c 500 '$scratch/said'; false; }; }"
else
    skip "a full disk is an internal error and leaves what was there" "needs root"
fi
finish
