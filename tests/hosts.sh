# Hosts for the tests of access: real sshd processes, and access_probe against them. Source it after
# lib.sh.
#   hosts_or_skip NAME        makes networks, keys and users, or ends the test with a skip
#   start_host NETWORK ADDRESS PORT [LINE OF sshd_config ...]
#   kill_host PROCESS         as a power failure would
#   reach [NAME=VALUE ...] ACTION [ARG ...]   access_probe with the settings in `good`
#   fails PATTERN COMMAND ...                 exit status 4, and the error matches
#
# Each sshd lives in a network namespace of this test's own, with its own PID and mount namespace
# (so that it ends whole) and its own passwd and sudoers files. 192.0.2.1 in $network and 192.0.2.2 in
# $network-far are neighbours.
probe=${BUILD:-$top/build}/tests/integration/access_probe
network=vnfault-access-$$

make_keys() {
    local type
    for type in ed25519 rsa ecdsa; do
        ssh-keygen -q -t "$type" -N '' -C test -f "$scratch/key_$type"
    done
    ssh-keygen -q -t ed25519 -N secret -C test -f "$scratch/key_locked"
    ssh-keygen -q -t ed25519 -N '' -C test -f "$scratch/key_stranger"
    ssh-keygen -q -t ed25519 -N '' -C test -f "$scratch/host_key"
    ssh-keygen -q -t ed25519 -N '' -C test -f "$scratch/other_host_key"
    ssh-keygen -q -t ecdsa -N '' -C test -f "$scratch/other_type_key"
    cat "$scratch"/key_{ed25519,rsa,ecdsa,locked}.pub >"$scratch/authorized_keys"
    chmod 711 "$scratch"
}

# A file of known hosts for the ports that the test uses, with the given public key.
known_hosts() { # FILE PUBLIC-KEY
    local port
    for port in 2201 2202 2203 2204 2205; do
        echo "[127.0.0.1]:$port $(cat "$2")"
        echo "[192.0.2.2]:$port $(cat "$2")"
    done >"$1"
}

make_users() {
    mkdir "$scratch/home"
    printf '#!/bin/sh\necho welcome\nexec /bin/sh "$@"\n' >"$scratch/noisy-shell"
    printf '#!/bin/sh\necho -e "not available\\033[31m" >&2; exit 1\n' >"$scratch/closed-shell"
    chmod 755 "$scratch"/*-shell
    cat >"$scratch/passwd" <<END
root:x:0:0::$scratch/home:/bin/sh
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
plain:x:4001:4001::$scratch/home:/bin/sh
admin:x:4002:4002::$scratch/home:/bin/sh
noisy:x:4003:4003::$scratch/home:$scratch/noisy-shell
closed:x:4004:4004::$scratch/home:$scratch/closed-shell
shellless:x:4005:4005::$scratch/home:/no/such/shell
asked:x:4006:4006::$scratch/home:/bin/sh
partly:x:4007:4007::$scratch/home:/bin/sh
END
    sed -E 's/^([^:]*):.*/\1:*:19000::::::/' "$scratch/passwd" >"$scratch/shadow"
    printf '%s\n' 'Defaults use_pty' 'root ALL=(ALL) ALL' 'admin ALL=(ALL) NOPASSWD: ALL' 'asked ALL=(ALL) ALL' \
        'partly ALL=(ALL) NOPASSWD: /usr/bin/id' >"$scratch/sudoers"
    chmod 440 "$scratch/sudoers"
}

# Starts an sshd in a network namespace and waits until it listens. Sets host_process.
start_host() { # NETWORK ADDRESS PORT [LINE OF sshd_config ...]
    local network=$1 address=$2 port=$3 config=$scratch/sshd_config.$3 line
    shift 3
    { # of most words the first one holds
        for line in "$@"; do echo "$line"; done
        printf '%s\n' "ListenAddress $address" "Port $port" "HostKey $scratch/host_key" \
            "AuthorizedKeysFile $scratch/authorized_keys" "StrictModes no" "UsePAM no" \
            "PidFile none" "MaxStartups 200"
    } >"$config"
    nsenter --net="/run/netns/$network" unshare --mount --pid --fork --kill-child --mount-proc \
        sh -c 'for file in passwd shadow; do mount --bind "$1/$file" /etc/$file; done
               [ ! -e /etc/sudoers ] || mount --bind "$1/sudoers" /etc/sudoers
               mount -t tmpfs none /run && mkdir /run/sshd
               exec /usr/sbin/sshd -D -e -f "$2"' sh "$scratch" "$config" \
        2>>"$scratch/sshd.$port.log" </dev/null &
    host_process=$!
    at_exit "kill_host $host_process"
    wait_until $host_process listens "$network" "$port" || { cat "$scratch/sshd.$port.log"; return 1; }
}

listens() { nsenter --net="/run/netns/$1" ss -Hltn "sport = :$2" | grep -q .; } # NETWORK PORT

# Ends a host as a power failure would: the first process of its PID namespace goes, and all others.
kill_host() { # PROCESS
    pkill -KILL -P "$1"
    wait "$1" 2>/dev/null
}

make_networks() {
    ip netns add "$network" && at_exit "ip netns delete $network"
    ip netns add "$network-far" && at_exit "ip netns delete $network-far"
    ip -n "$network" link set lo up
    ip -n "$network-far" link set lo up
    ip -n "$network" link add near type veth peer name far netns "$network-far"
    ip -n "$network" address add 192.0.2.1/24 dev near
    ip -n "$network-far" address add 192.0.2.2/24 dev far
    ip -n "$network" link set near up
    ip -n "$network-far" link set far up
    # Nobody has this address, but the neighbour seems to be known: what is sent there is lost.
    ip -n "$network" neighbour add 192.0.2.99 lladdr 02:00:00:00:00:99 dev near nud permanent
}

hosts_or_skip() { # NAME
    if [ "$(id -u)" != 0 ]; then
        skip "$1" "it takes root to make network namespaces"
        finish
    fi
    make_keys
    known_hosts "$scratch/known_hosts" "$scratch/host_key.pub"
    make_users
    make_networks
}

# --- what is checked ----------------------------------------------------------------------------

good=("network_namespace=$network" "port=2201" "key=$scratch/key_ed25519"
    "known_hosts=$scratch/known_hosts")

# reach [NAME=VALUE ...] ACTION [ARG ...]: a later setting beats an earlier one. What hangs is ended
# without the output that a check wants.
reach() { timeout 120 "$probe" "${good[@]}" "$@"; }

# fails PATTERN ...: it exits with 4, and the error matches.
fails() {
    local pattern=$1 text status=0
    shift
    text=$("$@" 2>&1) || status=$?
    [ $status = 4 ] || { echo "exit status $status, expected 4: $text"; return 1; }
    grep -qE -- "$pattern" <<<"$text" || { echo "no match of '$pattern' in: $text"; return 1; }
}

same_text() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }; }
