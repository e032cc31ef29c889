#!/usr/bin/env bash
# Targets by 'kubectl exec'. There is no cluster here: a stand-in for kubectl runs the commands in the
# namespaces and control groups of a real target (target.sh), and answers as kubectl does.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "targets by kubectl"
probe=$build/tests/integration/access_probe

pod() { # NAME PHASE ID [MORE-METADATA]
    echo "{\"metadata\": {\"name\": \"$1\", \"namespace\": \"ims\", \"labels\": {\"app\": \"${1%-*}\"}${4:-}},
        \"status\": {\"containerStatuses\": [
            {\"name\": \"kamailio\", \"containerID\": \"containerd://$3\", \"state\": {\"$2\": {}}},
            {\"name\": \"sidecar\", \"containerID\": \"containerd://${3}s\", \"state\": {\"running\": {}}}]}}"
}
pods() { # ID
    echo "{\"items\": [$(pod bono-0 running "$1"), $(pod sprout-0 waiting dddd),
        $(pod bono-9 running eeee ', "deletionTimestamp": "2026-01-01T00:00:00Z"')]}"
}

make_kubectl() {
    mkdir "$scratch/bin"
    printf '%s\n' "${target_cgroups[@]}" >"$scratch/cgroups"
    cat >"$scratch/bin/kubectl" <<END
#!/bin/bash
echo "\$*" | head -n 1 >>"$scratch/kubectl.log"
[ ! -e "$scratch/no-answer" ] || { echo "The connection to the server was refused" >&2; exit 1; }
while [[ \$1 = --* ]]; do shift; done
case "\$1" in
get) exec cat "$scratch/pods.json" ;;
delete) mv "$scratch/pods.next" "$scratch/pods.json"; echo "pod deleted"; exit ;;
esac
shift
[ "\$1" != -i ] || shift
[ "\$1 \$2 \$3 \$4 \$5 \$6" = "-n ims bono-0 -c kamailio --" ] || { echo 'Error from server (NotFound): pods not found' >&2; exit 1; }
shift 6
while read -r folder; do echo \$\$ >"\$folder/cgroup.procs"; done <"$scratch/cgroups"
new=
[ ! -e "$scratch/another" ] || new="unshare --pid --fork --kill-child --mount-proc"
nsenter -a -t $target_pid \$new env -i PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin "\$@"
status=\$?
[ \$status = 0 ] || echo "command terminated with exit code \$status" >&2
exit \$status
END
    chmod +x "$scratch/bin/kubectl"
    PATH=$scratch/bin:$PATH
}

reach() { "$probe" method=kubectl pod_namespace=ims label=app=bono container=kamailio "$@"; }
fails() { # PATTERN COMMAND ...
    local pattern=$1 text status=0
    shift
    text=$("$@" 2>&1) || status=$?
    [ $status = 4 ] || { echo "exit status $status, expected 4: $text"; return 1; }
    grep -qE -- "$pattern" <<<"$text" || { echo "no match of '$pattern' in: $text"; return 1; }
}

check_commands() {
    check "a command runs in the container" equals "target"$'\n'"status 0" reach run hostname
    check "status and both outputs come back" prints '^status 5$' reach run sh -c 'echo out; echo err >&2; exit 5'
    check "and nothing of kubectl's is in them" equals "err" \
        sh -c '"$@" 2>&1 >/dev/null' sh "$probe" method=kubectl pod_namespace=ims label=app=bono \
        container=kamailio run sh -c 'echo out; echo err >&2; exit 5'
    check "errors without an end of line stay whole" prints '^vnfault-endstatus 1$' \
        sh -c '"$@" 2>&1' sh "$probe" method=kubectl pod_namespace=ims label=app=bono container=kamailio \
        run sh -c 'printf vnfault-end >&2; exit 1'
    check "a signal is 128 and its number" prints '^status 137$' reach run sh -c 'kill -9 $$'
    check "a command that is not there is status 127" prints '^status 127$' reach run no-such-tool
    check "words reach the command unharmed" prints "^<a b><it's><.HOME;.id.><>status 0" \
        reach run printf '<%s>' "a b" "it's" '$HOME;`id`' ''
    check "4 MB through cat and back, every byte value" prints '^same$' reach echo 4000000
    check "input that is not read is no error" prints '^status 0$' reach feed 8000000 true
    check "an endless output is an error" fails "printed more than 16 MB" reach run yes
    check "a stream is written and read in turn" prints '^<ping>$' reach stream
    check "a stop ends a wait at once" prints '^stopped$' reach stop
    check "a command past its timeout is an error" fails "'sleep' did not end within 1s" reach timeout=1000 run sleep 1000
    check "16 threads with 8 commands each" prints '^all right$' reach timeout=120000 threads 16 8
    check "no descriptor is left open" prints '^none left$' reach descriptors
    check "the clock is measured" reach clock 0
    check "nothing is to be exempt from faults" equals "" reach endpoints
    check "it is told what is reached" prints "kubectl exec in ims/bono-0/kamailio, aaaa, first process" reach describe
}

check_choice() {
    check "the namespace and context are handed to kubectl" prints "^--context=lab --namespace=ims get pods" \
        sh -c '"$@" >/dev/null 2>&1; cat "$0"' "$scratch/kubectl.log" "$probe" method=kubectl context=lab pod_namespace=ims label=app=bono container=kamailio run true
    check "two containers are an error that names them" fails "2 containers of kubectl are.*" reach container= run true
    check "and both are named" prints "ims/bono-0/kamailio, ims/bono-0/sidecar" reach container= run true
    check "one that only waits is none" fails "no container of kubectl that runs is" reach label=app=sprout run true
    touch "$scratch/no-answer"
    check "a cluster that does not answer is told" fails "'kubectl get' ended with status 1: The connection to the server" reach run true
    rm "$scratch/no-answer"
    check "without kubectl that is told" fails "can't start kubectl" env PATH=/usr/sbin "$probe" method=kubectl label=app=bono run true
}

check_faults() {
    target_address=kubectl:kamailio@
    check "packet loss: all steps" steps packet-loss 100 kubectl001 30 -- probe arm ready apply hold revert prove
    check "packet loss: applied" steps packet-loss 100 kubectl002 30 -- probe arm apply
    check "packet loss: nothing gets through" no ping_target
    check "packet loss: but kubectl does, and reverts it" steps packet-loss 100 kubectl002 30 -- hold revert prove
    check "packet loss: all gets through" ping_target
    check "cpu: all steps" steps cpu 50 kubectl003 30 -- probe arm ready apply verify revert prove
    check "cpu: took hold" took_hold
    check "a fault that nobody holds is gone by the end of its lease" \
        eval 'steps packet-loss 100 kubectl004 3 -- probe arm apply && wait_until $target_holder ping_target'
    check "process 1 can't be stopped from within" refused 4 'bash is process 1, which no signal stops' process-pause 100 kubectl006 20 program=bash -- probe
    check "nor killed" refused 4 'bash is process 1, which SIGKILL does not end' process-kill 100 kubectl007 20 program=bash -- probe
    check "heal: nothing is left" steps none 0 kubectl005 3 -- heal
    check "no record is left" on_target test ! -e /run/vnfault/kubectl004
}
ping_target() { on_runner ping -c 1 -W 2 198.18.77.2; }
no() { ! "$@"; }

make_testbed() {
    cat <<END
<testbed name="pods" xmlns="urn:vnfault:testbed:1">
  <target name="bono"><kubectl context="lab" namespace="ims" label="app=bono" name="kamailio"/>
    <source collector="cgroup" cgroup="x" interface="y"/></target>
</testbed>
END
}

containers() { VNFAULT_DATA=$top "$build/tests/integration/container_probe" "$scratch/pods.xml" bono "$@"; }

check_replaced() {
    make_testbed >"$scratch/pods.xml"
    check "the verb checks it" prints '^bono +leftovers +ok' "$vnfault" check --targets "$scratch/pods.xml"
    coproc TWICE { containers twice true 2>&1; }
    read -r line <&"${TWICE[0]}"
    check "a command runs in it" equals "status 0" echo "$line"
    touch "$scratch/another"
    echo >&"${TWICE[1]}"
    check "a container that was started again is noticed" grep -q "container kamailio of pod bono-0 was started again" <&"${TWICE[0]}"
    rm "$scratch/another"
    pods ffff >"$scratch/pods.next"
    check "a restart deletes the pod and finds its successor" prints "kamailio, ffff" containers restart
    check "without waiting for its end" grep -q "delete pod -n ims bono-0 --wait=false" "$scratch/kubectl.log"
}

pods aaaa >"$scratch/pods.json"
make_kubectl
check_commands
check_choice
check_faults
check_replaced
finish
