#!/usr/bin/env bash
# Access over SSH against real sshd processes: every way a host can fail to be reached, commands
# side by side, lost connections, files, sudo, clocks.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "access over SSH"

# Programs that stand in for the host's own where PATH of a host names the folder first.
make_fakes() {
    mkdir "$scratch"/{shifted,coarse,short}
    printf '#!/bin/sh\necho $(($(/bin/date "$@") + 1500000000))\n' >"$scratch/shifted/date"
    printf '#!/bin/sh\n/bin/date +%%s%%%%N\n' >"$scratch/coarse/date"
    printf '#!/bin/sh\nhead -c 3\n' >"$scratch/short/cat"
    chmod 755 "$scratch"/{shifted/date,coarse/date,short/cat}
}

check_commands() {
    check "status and both outputs come back" \
        prints '^out$' reach run sh -c 'echo out; echo err >&2; exit 5'
    check "the exit status is the command's" \
        prints '^status 5$' reach run sh -c 'echo out; echo err >&2; exit 5'
    check "a signal is 128 and its number" prints '^status 137$' reach run sh -c 'kill -9 $$'
    check "a command that is not there is status 127" prints '^status 127$' reach run no-such-tool
    check "words reach the command unharmed" same_text "$(reach run printf '<%s>' "a b" "it's" \
        '$HOME;`id`' '' $'two\nlines' '*' '\' | grep -v '^status')" \
        "$(printf '<%s>' "a b" "it's" '$HOME;`id`' '' $'two\nlines' '*' '\')status 0"
    check "a failed check quotes what the host said" \
        fails "ended with status 2: no luck" reach check sh -c 'echo no luck >&2; exit 2'
    check "control characters of the host do not reach the terminal" \
        prints 'status 2: x  \[31m' reach check sh -c 'printf "x\a\033[31m" >&2; exit 2'
    check "4 MB through cat and back, every byte value" prints '^same$' reach echo 4000000
    check "no input is fine" prints '^same$' reach echo 0
    check "input that is not read is no error" prints '^status 0$' reach feed 8000000 true
    check "12 MB of output arrive whole" \
        same_text "$(reach run head -c 12000000 /dev/zero | head -c 12000000 | tr -d '\0' | wc -c)" 0
    check "an endless output is an error" fails "printed more than 16 MB" reach run yes
    check "a stream is written and read in turn" prints '^<ping>$' reach stream
    check "a stop ends a wait at once" prints '^stopped$' reach stop
    check "a command past its timeout is an error" \
        fails "'sleep' did not end within 1s" reach timeout=1000 run sleep 1000
    check "no descriptor is left open" prints '^none left$' reach descriptors
    check "the endpoints are as the host sees them" \
        prints '^127\.0\.0\.1 [0-9]+ 127\.0\.0\.1 2201$' reach endpoints
}

check_side_by_side() {
    check "16 threads with 8 commands each, 10 sessions allowed" \
        prints '^all right$' reach timeout=60000 threads 16 8
    check "64 commands at once, 10 sessions allowed" \
        prints '^all right$' reach timeout=60000 threads 64 1
    check "64 commands at once, 100 sessions allowed" \
        prints '^all right$' reach port=2202 timeout=60000 threads 64 1
    check "a slow command holds up no other" prints '^beside each other$' reach beside
    check "no free session is an error with advice" \
        fails "beside the 10 that run" reach timeout=1500 pending 11 sleep 1000
    check "that error names MaxSessions" prints MaxSessions reach timeout=1500 pending 11 sleep 1000
}

check_reachability() {
    check "a closed port is refused" fails "connection to 127.0.0.1 port 2299 refused" \
        reach port=2299 run true
    check "no route is told" fails "no route to 203.0.113.1" reach address=203.0.113.1 run true
    check "a black hole ends at the timeout" \
        fails "no answer from 192.0.2.99 port 2201 within 1s" \
        reach address=192.0.2.99 timeout=1000 run true
    check "a name that does not resolve is told" fails "can't find the address of 'no.such.invalid'" \
        reach address=no.such.invalid run true
    check "a network namespace that is not there is told" \
        fails "can't open the network namespace /run/netns/$network-none" \
        reach network_namespace="$network-none" run true
    check "a path is no name of a network namespace" exits_with 64 \
        reach network_namespace=../../etc run true
    check "an unknown access method is a bad file" exits_with 64 reach method=ssj run true
}

# Servers that are not what they seem: see tests/integration/hostile_server.py.
check_hostile_servers() {
    local manner port=2210
    for manner in http silent closing slow endless garbage cut; do
        port=$((port + 1))
        nsenter --net="/run/netns/$network" "$top/tests/integration/hostile_server.py" $port \
            $manner &
        at_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
        wait_until $! listens "$network" $port
        check "a server of the manner '$manner' is an error in time" \
            fails "(SSH key exchange with .* failed|no answer from .* to the key exchange)" \
            reach port=$port timeout=1500 run true
    done
}

check_shells() {
    check "a user whose shell is missing is told" fails "shellless" reach user=shellless run true
    check "a user who may not run commands is told, without control characters" \
        fails "does not run commands as a POSIX shell: status 1, '.*not available \[31m" \
        reach user=closed run true
    check "a shell that prints a greeting is told" fails "prints text of its own" \
        reach user=noisy run true
    check "an unknown user is refused" fails "refused user 'nobody-here'" \
        reach user=nobody-here run true
}

check_files() {
    local name="$scratch/home/it's a \"\$file\""
    head -c 1000000 /dev/urandom >"$scratch/random"
    check "a file is written" reach put "$name" 750 <"$scratch/random"
    check "as it was" cmp "$name" "$scratch/random"
    check "with its mode" same_text "$(stat -c %a "$name")" 750
    check "an empty file is written" reach put "$scratch/home/empty" 600 </dev/null
    check "and is empty" test -e "$scratch/home/empty" -a ! -s "$scratch/home/empty"
    check "a relative name with a dash is written" reach put -x 600 <<<dash
    check "into the home folder" test -s "$scratch/home/-x"
    check "a folder is not written over" fails "can't write .*is a folder" \
        reach put "$scratch/home" 600 </dev/null
    check "a folder that is not there is an error" fails "can't write /no/such/folder/file" \
        reach put /no/such/folder/file 600 </dev/null
    check "half a file is an error" fails "got 3 of 1000000 bytes" \
        reach port=2203 put "$name" 600 <"$scratch/random"
    check "and the old one stays" cmp "$name" "$scratch/random"
    check "no temporary file is left" same_text "$(find "$scratch/home" -name '*.vnfault-*')" ""
}

check_clocks() {
    check "the clock of this machine is right within the bound" reach clock 0
    check "a clock that is 1.5 s ahead is measured" reach port=2204 clock 1500000000
    check "a date without nanoseconds is an error" fails "does not print nanoseconds" \
        reach port=2205 clock
}

check_losses() {
    check "sshd killed in the middle fails every command at once" \
        prints '^lost 5 after' reach timeout=60000 pending 5 sh -c 'sleep 1; kill -9 $PPID; sleep 99'
    check "a stopped session ends at the timeout" \
        fails "did not (end|start)" reach timeout=1500 run sh -c 'kill -STOP $PPID; sleep 1000'
    check "a cut link ends at the timeout" check_cut_link
    check "a connection comes back after a reboot" check_reboot
    kill -STOP "$(pgrep -P "$host_process" sshd)"
    check "a stopped sshd ends at the timeout" fails "no answer from .* key exchange" \
        reach port=2206 timeout=1500 known_hosts="$scratch/known_hosts" run true
}

check_cut_link() {
    local status=0
    reach address=192.0.2.2 timeout=3000 run sh -c 'echo >"$0"; sleep 100' "$scratch/running" \
        >"$scratch/cut" 2>&1 &
    wait_until $! test -e "$scratch/running"
    ip -n "$network-far" link set far down
    wait $! || status=$?
    ip -n "$network-far" link set far up
    cat "$scratch/cut"
    [ $status = 4 ] && grep -qE "did not end|is lost" "$scratch/cut"
}

# The host dies and comes back on the same port while the probe holds its connection.
check_reboot() {
    local answer
    start_host "$network" 127.0.0.1 2206 || return
    sed 's/:2201/:2206/' "$scratch/known_hosts" >>"$scratch/known_hosts.more"
    cat "$scratch/known_hosts.more" >>"$scratch/known_hosts"
    coproc REOPEN { reach port=2206 timeout=20000 reopen 2>"$scratch/reopen.errors"; }
    read -r answer <&"${REOPEN[0]}"
    [ "$answer" = ready ] || return
    kill_host "$host_process"
    start_host "$network" 127.0.0.1 2206 || return
    echo >&"${REOPEN[1]}"
    read -r answer <&"${REOPEN[0]}"
    wait "$REOPEN_PID"
    [ "$answer" = reopened ] && grep -q 'is lost' "$scratch/reopen.errors"
}

make_fakes
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
start_host "$network" 127.0.0.1 2201
start_host "$network-far" 192.0.2.2 2201
start_host "$network" 127.0.0.1 2202 "MaxSessions 100"
start_host "$network" 127.0.0.1 2203 "SetEnv PATH=$scratch/short:$path"
start_host "$network" 127.0.0.1 2204 "SetEnv PATH=$scratch/shifted:$path"
start_host "$network" 127.0.0.1 2205 "SetEnv PATH=$scratch/coarse:$path"

check_commands
check_side_by_side
check_reachability
check_hostile_servers
check_shells
check_files
check_clocks
check_losses
finish
