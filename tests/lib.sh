# Shared by the shell tests: TAP output and clean-up. Source it, call `check`, end with `finish`.
#   check NAME COMMAND [ARG ...]   one result: passes if the command does
#   skip NAME WHY                  one result: counted as skipped
#   wait_until PID COMMAND ...     a test waits for what a process does, never longer than it lives
#   at_exit COMMAND                runs at the end, last added first
# $vnfault is the binary, $top the source tree, $scratch a folder of the test's own.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
vnfault=${VNFAULT:-$top/vnfault}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/vnfault-test.XXXXXX")
test_number=0
test_failures=0
clean_up=("rm -rf '$scratch'")

run_clean_up() {
    local i
    for ((i = ${#clean_up[@]} - 1; i >= 0; i--)); do eval "${clean_up[i]}"; done
}
trap run_clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

at_exit() { clean_up+=("$1"); }

check() {
    local name=$1
    shift
    test_number=$((test_number + 1))
    if "$@" >"$scratch/output" 2>&1; then
        echo "ok $test_number - $name"
    else
        echo "not ok $test_number - $name"
        echo "# command: $*"
        sed 's/^/# /' "$scratch/output"
        test_failures=$((test_failures + 1))
    fi
}

# wait_until PID COMMAND ...: waits until the command succeeds; false if the process ends before that.
wait_until() {
    local process=$1
    shift
    until "$@"; do
        if ! kill -0 "$process" 2>/dev/null; then
            "$@" && return
            echo "# process $process ended before: $*"
            return 1
        fi
        sleep 0.1
    done
}

skip() {
    test_number=$((test_number + 1))
    echo "ok $test_number - $1 # SKIP $2"
}

# exits_with STATUS COMMAND ...: true if the command ends with just that exit status.
exits_with() {
    local expected=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" = "$expected" ] || { echo "exit status $status, expected $expected"; return 1; }
}

# equals EXPECTED COMMAND ...: true if the command prints just that.
equals() {
    local expected=$1 text
    shift
    text=$("$@")
    [ "$text" = "$expected" ] || { echo "got '$text', expected '$expected'"; return 1; }
}

# prints PATTERN COMMAND ...: true if what the command prints matches the extended regex.
prints() {
    local pattern=$1 text
    shift
    text=$("$@" 2>&1)
    grep -qE -- "$pattern" <<<"$text" || { echo "no match of '$pattern' in:"; echo "$text"; return 1; }
}

finish() {
    echo "1..$test_number"
    [ "$test_failures" = 0 ]
    exit
}
