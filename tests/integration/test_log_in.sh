#!/usr/bin/env bash
# Logging in to a host: keys, certificates, and those of an agent.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "log-in"

check_keys() {
    local type
    for type in ed25519 rsa ecdsa; do
        check "logs in with a key of type $type" \
            prints '^status 0$' reach key="$scratch/key_$type" run true
    done
    check "a missing key is an error" fails "can't find the private key .*nokey" \
        reach key="$scratch/nokey" run true
    check "a folder is no key" fails "is not a file" reach key="$scratch" run true
    mkfifo "$scratch/pipe"
    check "a pipe is no key, and does not block" fails "is not a file" \
        reach key="$scratch/pipe" run true
    check "a public key is no private key" fails "is not a private key" \
        reach key="$scratch/key_rsa.pub" run true
    : >"$scratch/empty"
    check "an empty file is no key" fails "is not a private key" reach key="$scratch/empty" run true
    check "a key the host does not know is refused" \
        fails "refused user 'root' with key .*stranger \(it takes: publickey" \
        reach key="$scratch/key_stranger" run true
    check "a key with a passphrase asks nobody" fails "has a passphrase" \
        env -u SSH_AUTH_SOCK setsid timeout 60 "$probe" "${good[@]}" key="$scratch/key_locked" run true
    check "neither key nor agent is an error" fails "neither a private key nor an SSH agent" \
        env -u SSH_AUTH_SOCK "$probe" "${good[@]}" key= run true
    check "an agent that is gone is an error" fails "can't reach the SSH agent at .*no-agent" \
        env SSH_AUTH_SOCK="$scratch/no-agent" "$probe" "${good[@]}" key= run true
}

check_agent() {
    local agent
    ssh-agent -D -a "$scratch/agent" >/dev/null 2>&1 &
    agent=$!
    at_exit "kill $agent 2>/dev/null; wait $agent 2>/dev/null"
    wait_until $agent test -S "$scratch/agent" || return
    export SSH_AUTH_SOCK=$scratch/agent
    check "an agent without a key is an error" fails "the SSH agent holds no key" \
        reach key= run true
    ssh-add -q "$scratch/key_stranger"
    check "an agent without the right key is refused" fails "refused user 'root' with the keys" \
        reach key= run true
    ssh-add -q "$scratch/key_ed25519"
    check "logs in by the agent" prints '^status 0$' reach key= run true
    ssh-add -q -D
    printf '#!/bin/sh\necho secret\n' >"$scratch/askpass"
    chmod 755 "$scratch/askpass"
    DISPLAY=none SSH_ASKPASS=$scratch/askpass SSH_ASKPASS_REQUIRE=force \
        ssh-add -q "$scratch/key_locked" </dev/null
    check "a key with a passphrase is taken from the agent" prints '^status 0$' \
        reach key="$scratch/key_locked" run true
    kill -STOP $agent
    check "an agent that does not answer ends at the timeout" \
        fails "the SSH agent at .* does not answer" reach timeout=1500 key= run true
    kill -CONT $agent
    unset SSH_AUTH_SOCK
}

# --- passphrases ----------------------------------------------------------------------------------

check_passphrases() {
    unset SSH_AUTH_SOCK
    ssh-keygen -q -t rsa -m PEM -N 'a b"c' -C test -f "$scratch/key_pem"
    ssh-keygen -q -t ecdsa -N other -C test -f "$scratch/key_other"
    cat "$scratch"/key_{pem,other}.pub >>"$scratch/authorized_keys"
    printf 'secret' >"$scratch/one"
    printf 'wrong\n\nsecret\na b"c\nother\n' >"$scratch/several"
    echo wrong >"$scratch/wrong"
    : >"$scratch/nothing"
    check "a passphrase from a descriptor opens a key" prints '^status 0$' \
        reach key="$scratch/key_locked" passphrases=3 run true 3<"$scratch/one"
    check "so does one of several" prints '^status 0$' \
        reach key="$scratch/key_locked" passphrases=3 run true 3<"$scratch/several"
    check "a key in the old form, too" prints '^status 0$' \
        reach key="$scratch/key_pem" passphrases=3 run true 3<"$scratch/several"
    check "keys of two hosts have their own" prints '^status 0$' \
        reach key="$scratch/key_locked" network_namespace=nowhere passphrases=3 \
        jump key="$scratch/key_other" network_namespace="$network" run true 3<"$scratch/several"
    check "one that does not fit is told" fails "key_locked has a passphrase, and none that was given opens it" \
        reach key="$scratch/key_locked" passphrases=3 run true 3<"$scratch/wrong"
    check "a key without one does not mind" prints '^status 0$' reach passphrases=3 run true 3<"$scratch/wrong"
    check "nothing on the descriptor is a bad argument" exits_with 64 \
        reach passphrases=3 run true 3<"$scratch/nothing"
    check "too much on it, too" exits_with 64 reach passphrases=3 run true 3</dev/zero
    check "a descriptor that is not open, too" exits_with 64 reach passphrases=9 run true
    cat >"$scratch/locked.xml" <<END
<testbed name="locked" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key_locked" known-hosts="$scratch/known_hosts" port="2201" network-namespace="$network"/>
  <target name="one" address="127.0.0.1"><source collector="cgroup" cgroup="x" interface="y"/></target>
</testbed>
END
    "$vnfault" --log-level debug check --targets --passphrase-fd 3 "$scratch/locked.xml" 3<"$scratch/several" \
        >"$scratch/verb" 2>&1
    check "the verb takes them" prints '^one +access +ok' cat "$scratch/verb"
    check "and tells nobody" test -z "$(grep -E 'secret|a b"c|wrong$' "$scratch/verb")"
    "$vnfault" heal --passphrase-fd=3 "$scratch/locked.xml" 3<"$scratch/one" >"$scratch/verb" 2>&1
    check "heal does, too" prints '^one +clean' cat "$scratch/verb"
    check "a verb whose descriptor is not open says which option" prints "passphrase-fd: .*file descriptor 9" \
        "$vnfault" check --targets --passphrase-fd 9 "$scratch/locked.xml"
    check "Ctrl-C while it waits for them ends it" exits_with 130 interrupted_while_it_waits INT
    check "SIGTERM does, too" exits_with 143 interrupted_while_it_waits TERM
    check "so does the end of its terminal, as it may be in a fault" exits_with 143 interrupted_while_it_waits HUP
    check "but not under nohup" exits_with 130 ignores_hangup
}

# Started so that it ignores none of the signals, as a shell's background commands do, but those named.
start_to_wait() { # [SIGNAL TO IGNORE]
    [ -p "$scratch/never" ] || mkfifo "$scratch/never"
    exec 8<>"$scratch/never"
    setsid python3 -c 'import os, signal, sys
for name in "SIGINT", "SIGHUP":
    signal.signal(getattr(signal, name), signal.SIG_IGN if name == sys.argv[1] else signal.SIG_DFL)
os.execv(sys.argv[2], sys.argv[2:])' "${1:-none}" "$vnfault" check --targets --passphrase-fd 8 "$scratch/locked.xml" &
    wait_until $! catches_interrupt $!
}
interrupted_while_it_waits() { # SIGNAL
    start_to_wait
    kill -"$1" $!
    wait $!
}
ignores_hangup() {
    start_to_wait SIGHUP
    kill -HUP $!
    kill -INT $!
    wait $!
}
catches_interrupt() { # PID: bit 1 of the signals that it has a handler for
    [ $((0x$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status") & 2)) = 2 ]
}

# --- certificates ---------------------------------------------------------------------------------
# The host on port 2202 takes certificates of an authority and no plain key.

make_certificates() {
    local type
    ssh-keygen -q -t ed25519 -N '' -C authority -f "$scratch/authority"
    for type in ed25519 rsa ecdsa; do
        cp "$scratch/key_$type" "$scratch/certified_$type"
        cp "$scratch/key_$type.pub" "$scratch/certified_$type.pub"
        sign "certified_$type" -n root
    done
    cp "$scratch/key_ed25519" "$scratch/expired"
    cp "$scratch/key_ed25519.pub" "$scratch/expired.pub"
    sign expired -n root -V 20200101:20210101
}
sign() { ssh-keygen -q -s "$scratch/authority" -I test "${@:2}" "$scratch/$1.pub" 2>/dev/null; } # KEY OPTION ...
by_certificate() { reach port=2202 "$@"; }

check_certificates() {
    local type
    make_certificates
    start_host "$network" 127.0.0.1 2202 "TrustedUserCAKeys $scratch/authority.pub" "AuthorizedKeysFile none" || return
    check "a key alone is refused" fails "refused user 'root' with key" by_certificate run true
    for type in ed25519 rsa ecdsa; do
        check "logs in with a certificate beside a key of type $type" \
            prints '^status 0$' by_certificate key="$scratch/certified_$type" run true
    done
    check "the certificate can be named" prints '^status 0$' \
        by_certificate certificate="$scratch/certified_ed25519-cert.pub" run true
    check "one for another user is refused, with advice" \
        prints "ssh-keygen -L -f .*certified_ed25519-cert.pub shows" \
        by_certificate user=admin key="$scratch/certified_ed25519" run true
    check "one that has expired is refused" fails "refused user 'root' with certificate .*expired-cert.pub or its key" \
        by_certificate key="$scratch/expired" run true
    check "where the key alone is enough it does not matter" prints '^status 0$' \
        reach key="$scratch/expired" run true
    check "one of another key is refused, with advice" prints "ecdsa-cert.pub shows of which key it is" \
        by_certificate certificate="$scratch/certified_ecdsa-cert.pub" run true
    cp "$scratch/key_ed25519" "$scratch/mistaken"
    cp "$scratch/certified_rsa-cert.pub" "$scratch/mistaken-cert.pub"
    check "but the key alone may do" prints '^status 0$' reach key="$scratch/mistaken" run true
    echo "none" >"$scratch/mistaken-cert.pub"
    check "what is beside the key and no certificate is logged" prints "warning: .*mistaken-cert.pub is not a certificate" \
        env ACCESS_LOG=warning "$probe" "${good[@]}" key="$scratch/mistaken" run true
    check "and not used" prints '^status 0$' reach key="$scratch/mistaken" run true
    check "a public key is no certificate" fails "is not a certificate" \
        reach certificate="$scratch/key_rsa.pub" run true
    check "a file that is not there is none" fails "nowhere is not a certificate" \
        reach certificate="$scratch/nowhere" run true
    check_agent_certificates
}

check_agent_certificates() {
    local agent
    ssh-agent -D -a "$scratch/agent2" >/dev/null 2>&1 &
    agent=$!
    at_exit "kill $agent 2>/dev/null; wait $agent 2>/dev/null"
    wait_until $agent test -S "$scratch/agent2" || return
    export SSH_AUTH_SOCK=$scratch/agent2
    for type in ed25519 rsa ecdsa; do
        ssh-add -q -D
        ssh-add -q "$scratch/certified_$type" 2>/dev/null # its certificate goes along
        check "logs in with a certificate of the agent, of type $type" \
            prints '^status 0$' by_certificate key= run true
    done
    unset SSH_AUTH_SOCK
}

start_host "$network" 127.0.0.1 2201

check_keys
check_agent
check_passphrases
check_certificates
finish
