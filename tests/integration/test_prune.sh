#!/usr/bin/env bash
# vnfault prune: rules, what is never removed, links, removals that were cut short, bad input.
. "$(dirname "$0")/../lib.sh"
make_run=${BUILD:-$top/build}/tests/integration/report_run
results=$scratch/results

sql() { sqlite3 "$1/run.sqlite" "$2" >/dev/null; }
# A run of a campaign that ended so many days ago, as its database and its file say.
"$make_run" "$scratch/model" 2 10 0 || exit 1
run_of() { # NAME CAMPAIGN DAYS
    cp -r "$scratch/model" "$results/$1" && sql "$results/$1" "UPDATE run SET name = '$2', ended_ns = (unixepoch() - $3 * 86400) * 1000000000, started_ns = ended_ns - 1000000000;
        UPDATE experiment SET started_ns = (SELECT started_ns FROM run), ended_ns = (SELECT ended_ns FROM run)" && touch -d "$3 days ago" "$results/$1/run.sqlite"
}
afresh() { # nights 1 to 5 of a campaign, one a day, and one of another
    rm -rf "$results" && mkdir "$results" && for day in 1 2 3 4 5; do run_of "night-$day" nightly $day || return 1; done && run_of weekly weekly 40
}
left() { find "$results" -mindepth 1 -maxdepth 1 -printf "%f\n" | sort | paste -sd " "; }
pruned() { "$vnfault" prune "$results" "$@"; } # OPTION ...
leaves() { # RUNS OPTION ...: what is left of a fresh folder
    afresh && pruned "${@:2}" && equals "$1" left
}
says() { # PATTERN OPTION ...
    prints "$1" "$vnfault" prune "$results" "${@:2}"
}
json_holds() { # PYTHON-EXPRESSION over the object `d`, OPTION ...
    pruned "${@:2}" --json >"$scratch/pruned.json" || return 1
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not eval("(" + sys.argv[2] + ")"))' "$scratch/pruned.json" "$1"
}

# --- rules
check "by age" leaves "night-1 night-2" --older-than 3d
check "by age in hours" leaves "night-1" --older-than 30h
check "by number, of each campaign" leaves "night-1 night-2 weekly" --keep 2
check "all rules must say so" leaves "night-1 night-2 night-3 weekly" --older-than 30h --keep 3
check "nothing is larger" leaves "night-1 night-2 night-3 night-4 night-5 weekly" --larger-than 1GB
larger() { afresh && head -c 3000000 /dev/zero >"$results/night-2/sipp-caller.log" && pruned --larger-than 3MB && equals "night-1 night-3 night-4 night-5 weekly" left; }
check "by size" larger
check "a run that is named stays" leaves "night-1 night-4 weekly" --older-than 36h --keep-run "$results/night-4" --keep-run weekly/run.sqlite --keep-run "weekly"
written_late() { afresh && touch "$results/night-5/run.sqlite" && pruned --older-than 3d && equals "night-1 night-2 night-5" left; }
check "an import of old data is as old as its database" written_late
check "the latest are so by what is recorded" eval 'afresh && touch "$results/night-5/run.sqlite" && pruned --keep 1 && equals "night-1 weekly" left'
deep() { afresh && mkdir -p "$results/a/b" && mv "$results/night-5" "$results/a/b/" && pruned --older-than 4d && [ -d "$results/a/b" ] && [ ! -e "$results/a/b/night-5" ]; }
check "a run at any depth" deep

# --- what it says
afresh
check "a dry run says what would go" says 'would go +[0-9.]+ MB +.*/night-4: older than 3d$' --older-than 3d --dry-run
check "and what stays and why" says 'kept +.*/night-1: not older than 3d$' --older-than 3d --dry-run
check "and removes nothing" equals "night-1 night-2 night-3 night-4 night-5 weekly" left
check "JSON of a dry run" json_holds 'd["dry_run"] and d["removed"] == 0 and [r["action"] for r in d["runs"]] == ["kept"] * 2 + ["would go"] * 4' --older-than 60h --dry-run
check "JSON tells what went" json_holds 'd["removed"] == 3 and d["bytes"] == sum(r["bytes"] for r in d["runs"] if r["action"] == "removed") > 100000 and
    {r["campaign"] for r in d["runs"]} == {"nightly", "weekly"} and all(r["why"] for r in d["runs"])' --older-than 84h
check "what was said is so" equals "night-1 night-2 night-3" left

# --- what never goes
locked() {
    afresh && : >"$results/night-5/lock" && exec 9<"$results/night-5/lock" && flock -x 9 && says 'kept .*/night-5: it is running' --older-than 1h
    local result=$?
    exec 9<&-
    return $result
}
check "a run whose lock is held stays" eval 'locked && equals night-5 left'
check "and goes when it is free" eval 'pruned --older-than 1h && equals "" left'
unended() { afresh && sql "$results/night-5" "UPDATE run SET state = 'running', ended_ns = NULL" && touch -d '5 days ago' "$results/night-5/run.sqlite" && pruned --older-than 108h && equals "night-1 night-2 night-3 night-4 night-5" left; }
check "a run without an end stays where its runner may live" unended
dead_owner() {
    bash -c 'exit' & wait $!
    echo "run, process $! started 1, boot $(cat /proc/sys/kernel/random/boot_id), namespace $(readlink /proc/self/ns/pid | tr -dc 0-9)" >"$results/night-5/lock"
    pruned --older-than 108h && equals "night-1 night-2 night-3 night-4" left
}
check "and goes if that is dead" dead_owner
own_files() { afresh && echo mine >"$results/night-5/notes.txt" && says 'kept .*/night-5: it holds notes.txt, which is not vnfault' --older-than 4d && [ -s "$results/night-5/notes.txt" ]; }
check "a run with files of one's own stays" own_files
check "but not if they are said to go too" eval 'pruned --older-than 4d --all-files && [ ! -e "$results/night-5" ]'
own_report() { afresh && mkdir "$results/night-5/report" && echo mine >"$results/night-5/report/index.html" && pruned --older-than 4d && [ -s "$results/night-5/report/index.html" ]; }
check "so does one with a report that is not vnfault's" own_report
all_of_it() { afresh && touch "$results/night-5/evaluation.json" "$results/night-5/sprout.model" "$results/night-5/sipp-callee-1.log" "$results/night-5/lock" &&
    "$vnfault" report "$results/night-5" --no-evaluation -o "$results/night-5/report" && pruned --older-than 4d && [ ! -e "$results/night-5" ]; }
check "all that vnfault writes goes with a run" all_of_it
nested() { afresh && cp -r "$results/night-1" "$results/night-5/inner" && says 'kept .*/night-5: other runs are in its folder' --older-than 4d --all-files && [ -e "$results/night-5/inner/run.sqlite" ]; }
check "a run with another in it stays" nested
unreadable() {
    afresh && echo half >"$results/night-5/run.sqlite" && mkdir "$results/own" && echo mine >"$results/own/file" && touch -d '9 days ago' "$results/night-5/run.sqlite" &&
        sql "$results/night-4" "PRAGMA user_version = 99" && pruned --older-than 1h --all-files && equals "night-4 night-5 own" left && [ -s "$results/own/file" ]
}
check "what can't be read stays" unreadable

# --- links
outside=$scratch/outside
links() {
    afresh && rm -rf "$outside" && mkdir "$outside" && echo mine >"$outside/file" && mv "$results/night-5" "$outside/run" &&
        ln -s "$outside/run" "$results/night-5" && ln -s "$outside" "$results/out" && pruned --older-than 1h --all-files &&
        equals "night-5 out" left && [ -s "$outside/run/run.sqlite" ] && [ -s "$outside/file" ]
}
check "a link to a run is not followed" links
inner_links() {
    afresh && ln -s "$outside/file" "$results/night-4/sipp-1.log" && ln -s "$outside" "$results/night-5/folder" && ln -s "$outside/file" "$results/night-3/lock" &&
        pruned --older-than 1h && equals "night-3 night-4 night-5" left && pruned --older-than 1h --all-files && equals "night-3" left &&
        [ "$(cat "$outside/file")" = mine ] && [ -d "$outside/run" ]
}
check "nor are links in a run" inner_links
check "a lock that is a link is nobody's" says 'night-3: its lock is not a regular file' --older-than 1h --all-files
pipes() { afresh && mkfifo "$results/night-5/lock" && rm "$results/night-4/run.sqlite" && mkfifo "$results/night-4/run.sqlite" && pruned --older-than 4d --all-files && equals "night-1 night-2 night-3 night-4 night-5" left; }
check "a pipe in a file's place is not waited for" pipes

# --- mounts
others=$scratch/others
in_mounts() { unshare --mount --propagation private bash -c "$1"; }
mounted() { # a folder of the same file system is mounted in a run
    afresh && mkdir -p "$results/night-5/a/inner" "$others/deep" && echo mine | tee "$others/file" >"$others/deep/file" && in_mounts "mount --bind '$others' '$results/night-5/a/inner' || exit
        '$vnfault' prune '$results' --older-than 4d --all-files >'$scratch/said'; [ \$? = 70 ]" &&
        grep -q 'failed .*/night-5: .*/a/inner: something is mounted there' "$scratch/said" && [ "$(cat "$others/file" "$others/deep/file")" = "mine
mine" ] && [ ! -e "$results/weekly" ]
}
if [ "$(id -u)" = 0 ] && in_mounts true 2>/dev/null; then
    check "what is mounted in a run stays, though it is on the same file system" mounted
    check "without the mount the rest of the run goes" eval 'pruned --older-than 4d --all-files && equals "night-1 night-2 night-3" left && [ -s "$others/deep/file" ]'
else
    skip "what is mounted in a run stays, though it is on the same file system" "needs root"
    skip "without the mount the rest of the run goes" "needs root"
fi

# --- cut short
half() { afresh && mv "$results/night-5" "$results/.vnfault-removed-12" && rm "$results/.vnfault-removed-12/run.sqlite" && touch "$results/.vnfault-removed-12/lock"; }
check "a removal that was cut short is no run" eval 'half && "$vnfault" report --index "$results" --json | grep -q "its removal was cut short" && ! "$vnfault" report --index "$results" --json | grep -q "removed-12.*campaign"'
check "it is ended, whatever the rule" eval 'pruned --keep 9 && equals "night-1 night-2 night-3 night-4 weekly" left'
foreign_half() { half && echo mine >"$results/.vnfault-removed-12/own" && pruned --keep 9 && [ -s "$results/.vnfault-removed-12/own" ]; }
check "but not with files of one's own in it" foreign_half
fails() {
    afresh && mkdir "$results/.vnfault-removed-$(stat -c %i "$results/night-5")" && touch "$results/.vnfault-removed-$(stat -c %i "$results/night-5")/own" &&
        exits_with 70 "$vnfault" prune "$results" --older-than 4d && [ -s "$results/night-5/run.sqlite" ] && [ ! -e "$results/weekly" ]
}
check "what can't be removed is told, and the others go" fails

# --- bad input
afresh
check "no rule is bad input" exits_with 64 "$vnfault" prune "$results"
check "so is an age without a unit" exits_with 64 "$vnfault" prune "$results" --older-than 3
check "and seconds, which are no age" exits_with 64 "$vnfault" prune "$results" --older-than 3s
check "and a size of another unit" exits_with 64 "$vnfault" prune "$results" --larger-than 3MiB
check "and none to keep" exits_with 64 "$vnfault" prune "$results" --keep 0
check "and a run to keep that is not there" exits_with 64 "$vnfault" prune "$results" --older-than 1h --keep-run nigth-4
check "and one that is elsewhere" exits_with 64 "$vnfault" prune "$results" --older-than 1h --keep-run "$outside/run"
check "and a folder that is not there" exits_with 64 "$vnfault" prune "$scratch/absent" --keep 1
check "and a run in place of the folder" exits_with 64 "$vnfault" prune "$results/night-1" --keep 1
check "nothing has gone" equals "night-1 night-2 night-3 night-4 night-5 weekly" left
check "a name may hold anything" eval 'mv "$results/night-5" "$results/\$(touch owned)
'"'"'x\"" && (cd "$scratch" && pruned --older-than 108h | grep -q "removed .*owned) ") && [ ! -e "$scratch/owned" ] && equals "night-1 night-2 night-3 night-4" left'

finish
