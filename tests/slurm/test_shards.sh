#!/usr/bin/env bash
# A campaign as a Slurm job array of two shards, each with a lab of its own, one of whose nodes dies: the merged run is that
# of the whole campaign, which runs beside it on a third lab.
source "$(dirname "$0")/../lib.sh"
source "$top/tests/e2e/lib.sh"
source "$(dirname "$0")/cluster.sh"

cluster_up || { echo "not ok 1 - the cluster is up"; exit 1; }
mkdir "$scratch/pool"
for lab in one-$$ two-$$ whole-$$; do
    testbed=/run/vnfault/labs/$lab/testbed.xml
    lab_up
    [ $lab = whole-$$ ] || ln -s "$testbed" "$scratch/pool/$lab.xml"
done
campaign=$(edited_campaign dozen 's|repetitions="1" order|repetitions="3" order|; s|(<target name=)"sprout"/>|&\1"bono"/>|
    s|period="1s"|period="3s"|; s|duration="14s"|duration="33s"|; s|start="4s" length="6s"|start="7500ms" length="15s"|')
export VNFAULT=$vnfault

"$vnfault" run "$campaign" --testbed "$testbed" -o "$scratch/whole" >"$scratch/whole.out" 2>&1 &
whole=$!
at_exit "kill -TERM $whole 2>/dev/null; wait $whole"
check "the campaign is submitted" slurm sbatch --array=1-2 --output="$scratch/task-%a.out" \
    "$top/packaging/shard" 2 "$campaign" "$scratch/pool" "$scratch/runs"
job=$(sed -n 's/^Submitted batch job //p' "$scratch/output")
node_of() { slurm squeue -h -r -j "${job}_$1" -t running -o %N; }
ended() { local left; left=$(slurm squeue -h -j "$job") && [ -z "$left" ]; }
in_the_middle() {
    holds "$scratch/runs/shard-1" "SELECT count(*) = 3 AND sum(state = 'done') = 2
        AND (SELECT state FROM injection ORDER BY id DESC LIMIT 1) = 'verified' FROM experiment"
}
is_on_a_node() { node=$(node_of 1) && [ -n "$node" ]; }
has_no_runner() { # of the first task; a dead process that nobody has waited for has no environment
    [ -z "$(processes_with SLURM_ARRAY_TASK_ID=1)" ]
}

check "the first task is on a node" wait_until $cluster_process is_on_a_node
check "it gets to the fault of its third experiment" wait_until $cluster_process in_the_middle
check "its node dies" kill_node "$node"
check "and the runner with it" wait_until $cluster_process has_no_runner
check "all tasks come to their end" wait_until $cluster_process ended
restarts() { slurm scontrol -o show job "${job}_$1" | grep -o 'Restarts=[0-9]*'; }
check "the first was begun again" equals Restarts=1 restarts 1
check "the second was not" equals Restarts=0 restarts 2
check "the first went on where it was" prints "^[0-4] valid, [0-4] invalid, 2 done before$" cat "$scratch/task-1.out"
check "with the experiment that was torn" equals "torn, done" query "$scratch/runs/shard-1" \
    "SELECT group_concat(state, ', ') FROM (SELECT * FROM experiment WHERE cell = (SELECT cell FROM experiment WHERE state = 'torn') ORDER BY attempt)"

# What a busy machine made invalid is tried again, twice at most, as anybody would.
all_valid() { holds "$1" "SELECT count(*) = 0 FROM last_attempt WHERE verdict IS NOT 'valid'"; }
again() { # FOLDER COMMAND ...
    local try
    for try in 1 2; do all_valid "$1" || "${@:2}"; done
    all_valid "$1"
}
submit_again() { # K
    slurm sbatch --wait --array="$1" --output="$scratch/again-%a.out" "$top/packaging/shard" 2 "$campaign" "$scratch/pool" "$scratch/runs" --repeat-invalid
}
check "submitted again the first has nothing left to do, or what is invalid" again "$scratch/runs/shard-1" submit_again 1
check "so has the second" again "$scratch/runs/shard-2" submit_again 2
check "a task that is done ends at once" submit_again 1
check "and well" prints "^0 valid, 0 invalid, 6 done before$" cat "$scratch/again-1.out"
wait $whole
check "the campaign was run as a whole, too" again "$scratch/whole" "$vnfault" run --resume "$scratch/whole" --repeat-invalid

check "the shards are merged" "$vnfault" merge "$scratch"/runs/shard-[12] -o "$scratch/all"
# Of each experiment: verdict, and of each target how many observations have which label.
per_experiment() { # RUN
    query "$1" "SELECT e.name, e.verdict, l.target, l.label, l.scope, count(*) FROM last_attempt e
        JOIN observation_label l ON l.experiment_id = e.id GROUP BY e.id, l.target, l.label, l.scope ORDER BY e.cell, l.target, l.label"
}
# Two files of that: the same lines. Counts may differ by three of eleven: on a busy machine an edge is some instants later.
same_but_for_edges() { # FILE FILE
    awk -F '|' '{ key = $1 "|" $2 "|" $3 "|" $4 "|" $5 }
        NR == FNR { count[key] = $6; next }
        !(key in count) || (count[key] - $6) ^ 2 > 9 { print "here " $0 ", there " count[key]; differ = 1 }
        { delete count[key] }
        END { for (key in count) { print "only there: " key; differ = 1 }; exit differ }' "$1" "$2"
}
check "twelve experiments" equals 12 query "$scratch/whole" "SELECT count(*) FROM last_attempt WHERE verdict = 'valid'"
per_experiment "$scratch/whole" >"$scratch/whole.labels"
per_experiment "$scratch/all" >"$scratch/all.labels"
for shard in 1 2; do per_experiment "$scratch/runs/shard-$shard"; done | sort >"$scratch/shards.labels"
check "what the shards have is in the merged run, to the last observation" diff "$scratch/shards.labels" <(sort "$scratch/all.labels")
check "which are in the merged run as in the whole: names, verdicts, labels and how many" same_but_for_edges "$scratch/whole.labels" "$scratch/all.labels"
for lab in one-$$ two-$$ whole-$$; do
    check "nothing is left on $lab" is_clean sprout
    check "nor on its bono" is_clean bono
done
finish
