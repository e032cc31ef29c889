#!/usr/bin/env bash
# Commands through sudo, with and without a password, against the real sudo.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
if [ ! -x /usr/bin/sudo ]; then
    skip "commands through sudo" "sudo is not installed"
    finish
fi
hosts_or_skip "commands through sudo"

password='a b"$c\d'
by_sudo() { reach user=asked sudo=yes sudo_password=3 "$@" 3<"$scratch/password"; }
owner_and_mode() { stat -c '%U %a' "$1"; }

# Users with a password: asked must give it to sudo, and so must one who may then do nothing.
make_passwords() {
    local hash
    echo "$password" >"$scratch/password"
    echo mistaken >"$scratch/wrong"
    hash=$(perl -e 'print crypt($ARGV[0], q($6$saltsalt$))' "$password")
    for user in asked admin partly plain; do
        sed -i "s|^$user:[*]:|$user:$hash:|" "$scratch/shadow"
    done
}

check_without() {
    check "a user without rights is refused by sudo" fails "sudo refused user 'plain'" \
        reach user=plain sudo=yes run true
    check "a user with rights runs commands as root" prints '^0$' \
        reach user=admin sudo=yes run id -u
    check "without sudo the same user is not root" prints '^4002$' reach user=admin run id -u
    check "a file is written through sudo" \
        reach user=admin sudo=yes put "$scratch/home/by-sudo" 600 <<<"as root"
    check "and belongs to root" equals "root 600" owner_and_mode "$scratch/home/by-sudo"
    check "a user whom sudo asks is refused without a password, with advice" \
        prints "sudo refused user 'asked' .*password" reach user=asked sudo=yes run true
    check "which names the option" prints "by --sudo-password-fd" reach user=asked sudo=yes run true
}

check_with() {
    check "with the password commands run as root" prints '^0$' by_sudo run id -u
    check "the exit status is the command's" prints '^status 5$' by_sudo run sh -c 'exit 5'
    check "sudo's questions are in no output" equals "out"$'\n'"status 0" by_sudo run sh -c 'echo out'
    check "and the command's own errors stay" prints '^err$' by_sudo run sh -c 'echo err >&2'
    check "4 MB of input follow the password, every byte value" prints '^same$' by_sudo echo 4000000
    check "no input is no input" equals "0"$'\n'"status 0" by_sudo pipe "" wc -c
    check "a command that is not there is status 127" prints '^status 127$' by_sudo run no-such-tool
    check "words reach the command unharmed" equals "<a b><it's><\$HOME;\`id\`><>status 0" \
        by_sudo run printf '<%s>' "a b" "it's" '$HOME;`id`' ''
    check "a script is fed to a shell" equals "by root"$'\n'"status 0" \
        script 'echo by $(id -un)'
    check "a file is written" by_sudo put "$scratch/home/asked" 640 <<<"as root"
    check "as it was, by root" equals "as root, root 640" \
        sh -c 'printf "%s, " "$(cat "$1")"; stat -c "%U %a" "$1"' sh "$scratch/home/asked"
    check "a stream is written and read in turn" prints '^<ping>$' by_sudo stream
    check "16 threads with 8 commands each" prints '^all right$' by_sudo timeout=120000 threads 16 8
    check "the clock is measured" by_sudo clock 0
    check "sudo that asks for none is not told it" equals "as user admin"$'\n'"status 0" \
        reach user=admin sudo=yes sudo_password=3 run sh -c 'cat; echo as user $SUDO_USER' 3<"$scratch/password"
    check "input of such a command is not the password" prints '^same$' \
        reach user=admin sudo=yes sudo_password=3 echo 100000 3<"$scratch/password"
    check "without sudo nothing is asked" prints '^4006$' reach user=asked sudo_password=3 run id -u 3<"$scratch/password"
}

# A shell that is given its script and the script's own input on one standard input.
script() { by_sudo pipe "$1" sh -s; }

check_refusals() {
    check "a wrong password is an error" fails "sudo refused the password of user 'asked'" \
        reach user=asked sudo=yes sudo_password=3 run true 3<"$scratch/wrong"
    check "which quotes nobody's password" test -z "$(reach user=asked sudo=yes sudo_password=3 run true 3<"$scratch/wrong" 2>&1 | grep mistaken)"
    check "a user who may nothing is told so after the password" \
        fails "sudo refused user 'plain' .*not in the sudoers file" \
        reach user=plain sudo=yes sudo_password=3 run true 3<"$scratch/password"
    check "one who may only some things, too" fails "sudo refused user 'partly' .*not allowed" \
        reach user=partly sudo=yes sudo_password=3 run true 3<"$scratch/password"
    check "a sudo that does not go on ends at the timeout" fails "sudo did not start 'true' in time" \
        reach port=2202 timeout=1500 user=asked sudo=yes sudo_password=3 run true 3<"$scratch/password"
}

# Nothing of the host sees the password: no command line, no log of sshd or sudo, no environment.
check_secrecy() {
    by_sudo run sh -c 'for p in /proc/[0-9]*; do tr "\0" " " <$p/cmdline; tr "\0" " " <$p/environ; done' \
        >"$scratch/seen" 2>&1
    check "what the host's processes show was read" grep -q SUDO_USER=asked "$scratch/seen"
    check "it is on no command line and in no environment" test -z "$(grep -F "$password" "$scratch/seen")"
    check "and in no log" test -z "$(grep -F "$password" "$scratch"/sshd.*.log)"
}

check_verb() {
    cat >"$scratch/sudo.xml" <<END
<testbed name="sudo" xmlns="urn:vnfault:testbed:1">
  <ssh key="$scratch/key_ed25519" known-hosts="$scratch/known_hosts" port="2201" network-namespace="$network"
       user="asked" sudo="true"/>
  <target name="one" address="127.0.0.1"><source collector="cgroup" cgroup="x" interface="y"/></target>
</testbed>
END
    "$vnfault" --log-level debug check --targets --sudo-password-fd 3 "$scratch/sudo.xml" 3<"$scratch/password" \
        >"$scratch/verb" 2>&1
    check "the verb takes the password" prints '^one +privilege +ok +root' cat "$scratch/verb"
    check "probes for leftovers run by it" prints '^one +leftovers +ok' cat "$scratch/verb"
    check "nothing tells it" test -z "$(grep -F "$password" "$scratch/verb")"
    check "a wrong one is exit status 4" exits_with 4 \
        "$vnfault" check --targets --sudo-password-fd 3 "$scratch/sudo.xml" 3<"$scratch/wrong"
    check "heal takes it, too" prints '^one +clean' \
        "$vnfault" heal --sudo-password-fd 3 "$scratch/sudo.xml" 3<"$scratch/password"
    check "each option has a descriptor of its own" exits_with 64 \
        "$vnfault" heal --sudo-password-fd 3 --passphrase-fd 3 "$scratch/sudo.xml" 3<"$scratch/password"
}

make_passwords
mkdir "$scratch/stuck"
printf '#!/bin/sh\nexec sleep 1000\n' >"$scratch/stuck/sudo"
chmod 755 "$scratch/stuck/sudo"
start_host "$network" 127.0.0.1 2201
start_host "$network" 127.0.0.1 2202 "SetEnv PATH=$scratch/stuck:/usr/sbin:/usr/bin:/sbin:/bin"

check_without
check_with
check_refusals
check_secrecy
check_verb
finish
