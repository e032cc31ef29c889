# Shared by the end-to-end tests: a lab of the test's own and questions to a run's database.
#   lab_up        $lab is its name, $testbed its testbed file; it goes at exit
#   on HOST ...   runs a command on a host of the lab

lab=test-$$
testbed=/run/vnfault/labs/$lab/testbed.xml

lab_up() {
    if ! "$vnfault" lab up --name "$lab" >"$scratch/lab-up" 2>&1; then
        cat "$scratch/lab-up"
        exit 1
    fi
    at_exit "'$vnfault' lab down --force --name '$lab' >/dev/null"
}

on() {
    local host=$1
    shift
    "$vnfault" lab ssh --name "$lab" "$host" "$@"
}

# Copies of the short campaign and of the lab's testbed file, edited by sed; print their paths.
# Paths in the campaign are relative to it.
edited_campaign() { # NAME SED-SCRIPT
    sed -E "s|\.\./\.\./\.\./|$top/|; $2" "$top/tests/e2e/data/short.xml" >"$scratch/$1.xml"
    echo "$scratch/$1.xml"
}
edited_testbed() { # NAME SED-SCRIPT
    sed -E "$2" "$testbed" >"$scratch/$1-testbed.xml"
    echo "$scratch/$1-testbed.xml"
}

# What a busy machine has made invalid in a run that ended with STATUS is tried again, three times at most.
repeat_invalid() { # RUN STATUS
    local status=$2 again
    for again in 1 2 3; do
        [ "$status" = 2 ] || break
        status=0
        "$vnfault" run --resume "$1" --repeat-invalid || status=$?
    done
    return "$status"
}

# query RUN SQL: what plain sqlite3 answers.
query() { sqlite3 -readonly "$1/run.sqlite" "$2"; }

# Waits until a statement on the run gives 1; false if the run, process PID, ends before.
wait_for() { # RUN PID SQL
    wait_until "$2" holds "$1" "$3"
}

holds() { [ "$(query "$1" "$2" 2>/dev/null)" = 1 ]; } # RUN SQL

# True if no fault of vnfault's is on the host: no rule, qdisc, process or folder.
has_no_fault() { # HOST
    local left
    left=$(on "$1" "iptables-save; ip6tables-save; tc qdisc show; pgrep -a 'stress-ng|delay-line'
        ls -d /srv/vnfault-* /var/tmp/vnfault-*" 2>/dev/null |
        grep -E 'VNFAULT|vnfault|netem|stress-ng|delay-line')
    [ -z "$left" ] || { echo "left on $1: $left"; return 1; }
}

# True if no undo record is there either.
is_clean() { # HOST
    local records
    has_no_fault "$1" || return 1
    records=$(on "$1" "ls /run/vnfault 2>/dev/null" | grep -xE '[a-z0-9]{12}')
    [ -z "$records" ] || { echo "undo records on $1: $records"; return 1; }
}
