#!/usr/bin/env bash
# A sweep over detectors and splits as tasks of a job array: each is what one evaluation gives, and is made once.
. "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run

"$make_run" "$scratch/run" 10 40 0
export VNFAULT=$vnfault
unset SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
cat >"$scratch/list" <<'END'
--trees 3 --split experiment
--detector pca:variance=0.9 --split stratified
--detector nosuch
END
task() { env "$@" "$top/packaging/sweep" "$scratch/run" "$scratch/list" "$scratch/sweep"; } # VARIABLE=VALUE

check "the first line" task SLURM_ARRAY_TASK_ID=1
check "the second, by its index" task JOB_COMPLETION_INDEX=1
check "the run has no evaluation of its own by that" test ! -e "$scratch/run/evaluation.json"
"$vnfault" evaluate "$scratch/run" --trees 3 --split experiment >/dev/null
check "the first is what it would be alone" cmp "$scratch/run/evaluation.json" "$scratch/sweep/1.json"
"$vnfault" evaluate "$scratch/run" --detector pca:variance=0.9 --split stratified >/dev/null
check "the second, too" cmp "$scratch/run/evaluation.json" "$scratch/sweep/2.json"
check "a line with an error ends as evaluate does" exits_with 64 task SLURM_ARRAY_TASK_ID=3
check "and leaves nothing" test ! -e "$scratch/sweep/3.json"
echo kept >"$scratch/sweep/1.json"
check "what is done is not made again" task SLURM_ARRAY_TASK_ID=1
check "it stays as it was" equals kept cat "$scratch/sweep/1.json"
check "a line that isn't there is refused" exits_with 64 task SLURM_ARRAY_TASK_ID=4
check "what is no task, too" exits_with 64 task
cp "$scratch/sweep/2.json" "$scratch/sweep/1.json"
cd "$scratch" || exit 70
check "the table of the manual can be made" prints '^sweep/2.json sprout stratified [01]\.[0-9]+$' \
    python3 -c "$(sed -n '/^## A sweep/,/^## /p' "$top/docs/evaluation-file.md" | sed -n 's/^    //p' | sed -n '/^import/,$p')"

finish
