#!/usr/bin/env bash
# From command to edge on many targets: vnfault beside Ansible and plain ssh in a loop, which do the same
# work with iptables and nothing else; ratios in one run. The targets are namespaces with an sshd each.
# usage: tests/bench/bench_inject.sh INJECT-PROBE [COUNT ...]     3 and 100 by default
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
probe=$(readlink -f "$1")
shift
rounds=3

ssh_files
unshare --net --kill-child --fork sleep infinity &
runner_holder=$!
holders=()
at_exit 'kill -KILL "${holders[@]}" $runner_holder; wait "${holders[@]}" $runner_holder' 2>/dev/null
runner_pid=$(target_child $runner_holder)
on_runner sh -c 'ip link add br0 type bridge; ip addr add 198.18.77.254/24 dev br0; ip link set br0 up; ip link set lo up'
host_key=$(cut -d ' ' -f 1,2 "$scratch/etc/host_key.pub")
addresses=()

add_target() { # NUMBER
    local folder=$scratch/target$1 address=198.18.77.$1 child
    mkdir "$folder"
    cp -r "$scratch/etc" "$scratch/key.pub" "$folder"
    unshare --net --pid --mount --uts --ipc --kill-child --fork --mount-proc --propagation private \
        bash "$top/tests/target-init" "$folder" "$address" "fd00:77::1:$1" >"$folder/log" 2>&1 &
    holders+=($!)
    child=$(target_child $!)
    nsenter -n -t "$runner_pid" ip link add "peer$1" type veth peer name eth0 netns "$child"
    nsenter -n -t "$runner_pid" ip link set "peer$1" master br0 up
    touch "$folder/wired"
    wait_until "${holders[-1]}" on_runner bash -c "</dev/tcp/$address/22" 2>/dev/null
    echo "$address $host_key" >>"$scratch/known_hosts"
    addresses+=("$address")
}

# The rules of packet-loss, as one command of a shell.
rules() { # COMMAND OPTION
    printf '%s' "printf '*filter\n:BENCH-i - [0:0]\n:BENCH-o - [0:0]\n-A BENCH-i -m statistic --mode random --probability 0.1 -j DROP\n-A BENCH-o -m statistic --mode random --probability 0.1 -j DROP\n-I INPUT -p icmp -j BENCH-i\n-I OUTPUT -p icmp -j BENCH-o\nCOMMIT\n' | $1-restore -n"
}
add="$(rules iptables); $(rules ip6tables)"
remove='for f in iptables ip6tables; do $f -F INPUT; $f -F OUTPUT; $f -F BENCH-i; $f -F BENCH-o; $f -X; done'

timed() { # COMMAND ...: milliseconds
    local from=${EPOCHREALTIME/./}
    "$@" >"$scratch/timed" 2>&1 || { cat "$scratch/timed" >&2; return 1; }
    echo $(((${EPOCHREALTIME/./} - from) / 1000))
}
ssh_loop() { for address in "$@"; do over_ssh "$address" "$add" || return; done; }
ssh_undo() { for address in "$@"; do over_ssh "$address" "$remove" || return; done; }
on_ansible() { # FORKS MODULE
    ANSIBLE_PIPELINING=True ANSIBLE_DEPRECATION_WARNINGS=False HOME=$scratch on_runner ansible all -i "$scratch/inventory" \
        -f "$1" -m "$2" -a "$add" --ssh-common-args="-o UserKnownHostsFile=$scratch/known_hosts" \
        --private-key "$scratch/key" -u root
}
least() { sort -n | head -n 1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

[ $# -gt 0 ] || set -- 3 100
for number; do
    while [ ${#addresses[@]} -lt "$number" ]; do add_target $((${#addresses[@]} + 1)); done
    printf '%s\n' "${addresses[@]}" >"$scratch/inventory"
    VNFAULT_DATA=$top VNFAULT_HELPERS=$build/helpers on_runner "$probe" "$scratch/key" "$scratch/known_hosts" \
        $rounds "${addresses[@]}" >"$scratch/ours" || exit 1
    ours=$(sed -n 's/^all //p' "$scratch/ours")
    echo "$number targets: from command to edge, milliseconds, the least of $rounds"
    printf '  %-44s %8s\n' 'vnfault, connections open, on all' "$ours"
    printf '  %-44s %8s\n' 'vnfault, on one of them (median)' "$(sed -n 's/^each //p' "$scratch/ours")"
    printf '  %-44s %8s\n' 'the same until it is gone, on all' "$(sed -n 's/^gone //p' "$scratch/ours")"
    printf '  %-44s %8s\n' 'until it is gone, on one of them (median)' "$(sed -n 's/^each-gone //p' "$scratch/ours")"
    printf '  %-44s %8s\n' 'a command that does nothing, on one' "$(sed -n 's/^command //p' "$scratch/ours")"
    for peer in ssh_loop ansible_shell ansible_raw; do
        if [ $peer != ssh_loop ] && ! command -v ansible >/dev/null; then
            echo "  $peer: ansible is not installed"
            continue
        fi
        times=
        for ((round = 0; round < rounds; round++)); do
            case $peer in
            ssh_loop) times+="$(timed ssh_loop "${addresses[@]}") " || exit 1 ;;
            ansible_*) times+="$(timed on_ansible "$number" "${peer#ansible_}") " || exit 1 ;;
            esac
            timed ssh_undo "${addresses[@]}" >/dev/null || exit 1
        done
        time=$(tr ' ' '\n' <<<"${times% }" | least)
        case $peer in
        ssh_loop) name='ssh in a loop' ;;
        ansible_shell) name='Ansible, module shell, a fork a target' ;;
        ansible_raw) name='Ansible, module raw, connections kept' ;;
        esac
        printf '  %-44s %8s  %s times as long\n' "$name" "$time" "$(ratio "$time" "$ours")"
    done
done
