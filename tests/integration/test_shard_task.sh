#!/usr/bin/env bash
# A task of a job array: which shard it is, and whether it begins or resumes it, with a program in the place of vnfault.
. "$(dirname "$0")/../lib.sh"

cat >"$scratch/vnfault" <<'END'
#!/bin/sh
echo "$@"
exit 2
END
chmod +x "$scratch/vnfault"
export VNFAULT=$scratch/vnfault
unset SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
runs=$scratch/the\ runs
task() { # VARIABLE=VALUE ...
    env "$@" "$top/packaging/shard" 4 core.xml 'test beds' "$runs" --lease 5
}

check "what is no task is refused" exits_with 64 task
check "too few arguments, too" exits_with 64 env SLURM_ARRAY_TASK_ID=1 "$top/packaging/shard" 4 core.xml testbeds
check "which says what is missing" prints '^usage: shard N CAMPAIGN' env SLURM_ARRAY_TASK_ID=1 "$top/packaging/shard"
check "Slurm's third task begins shard 3" equals "run core.xml --shard 3/4 --pool test beds -o $runs/shard-3 --lease 5" task SLURM_ARRAY_TASK_ID=3
check "Kubernetes' index 2 as well" equals "run core.xml --shard 3/4 --pool test beds -o $runs/shard-3 --lease 5" task JOB_COMPLETION_INDEX=2
check "it ends as the run did" exits_with 2 task JOB_COMPLETION_INDEX=0
mkdir -p "$runs/shard-3"
check "a shard that never took a testbed is begun" prints '^run core.xml' task SLURM_ARRAY_TASK_ID=3
touch "$runs/shard-3/run.sqlite"
check "one that began is resumed" equals "run --resume $runs/shard-3 --most-wait 24h --lease 5" task SLURM_ARRAY_TASK_ID=3
check "no other" prints '^run core.xml' task SLURM_ARRAY_TASK_ID=4

finish
