# A run that something happens to in the middle of an experiment. Source it after lib.sh; $campaign is what is run.
#   run_and_disturb ...   makes the run
#   reason NAME           why its experiment is invalid
#   complete NAME         goes on with it as it advises itself

# Runs the campaign, and the command on the host once the fault is in, or when the statement gives 1.
run_and_disturb() { # NAME HOST COMMAND [EXIT_STATUS [SQL]]
    local run=$scratch/$1 runner status=0
    local instant=${5:-"SELECT count(*) > 0 FROM injection WHERE state = 'verified'"}
    "$vnfault" run "$campaign" --testbed "$testbed" -o "$run" >"$scratch/$1.log" 2>&1 &
    runner=$!
    wait_for "$run" $runner "$instant" ||
        { cat "$scratch/$1.log"; return 1; }
    on "$2" "$3"
    wait $runner || status=$?
    [ "$status" = "${4:-2}" ] || { echo "the run ended with $status"; cat "$scratch/$1.log"; return 1; }
}
reason() { query "$scratch/$1" "SELECT reason FROM experiment WHERE verdict = 'invalid'"; }
complete() {
    local advice
    advice=$(sed -n "s/^ *'vnfault \(.*\)' tries them again$/\1/p" "$scratch/$1.log")
    # shellcheck disable=SC2086 # words of a command
    "$vnfault" $advice
}
