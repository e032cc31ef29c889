#!/usr/bin/env bash
# Host keys: known, unknown, changed and revoked ones, and adding those of new hosts.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../hosts.sh"
hosts_or_skip "host keys"

lines() { wc -l <"$1"; }
mode() { stat -c %a "$1"; }
adding() { reach accept=yes "$@"; }

# The host's name in a file of known hosts, and its key.
name='[127.0.0.1]:2201'
key=$(cut -d ' ' -f 1,2 "$scratch/host_key.pub")

check_strict() {
    : >"$scratch/empty"
    known_hosts "$scratch/changed" "$scratch/other_host_key.pub"
    known_hosts "$scratch/other_type" "$scratch/other_type_key.pub"
    check "an unknown host key is an error" \
        fails "host key of .* is unknown: ssh-ed25519 SHA256:.*empty" reach known_hosts="$scratch/empty" run true
    check "a changed host key is another error, with file and line" \
        fails "host key of .* has changed: it is now ssh-ed25519 SHA256:.*changed:1 holds another" \
        reach known_hosts="$scratch/changed" run true
    check "which says what to do" prints "ssh-keygen -f $scratch/changed -R '\[127.0.0.1\]:2201'" \
        reach known_hosts="$scratch/changed" run true
    check "a key of another type than known is a changed key" \
        fails "has changed" reach known_hosts="$scratch/other_type" run true
    check "a missing file of host keys is a third" \
        fails "no file with known host keys: .*/nowhere" \
        reach known_hosts="$scratch/nowhere" run true
    check "which is not made" test ! -e "$scratch/nowhere"
    check "each says what to do" prints 'check --targets --accept-new-host-keys' \
        reach known_hosts="$scratch/empty" run true
    check "nothing is added" test ! -s "$scratch/empty"
}

check_forms() {
    echo "$name $key" >"$scratch/hashed"
    ssh-keygen -q -H -f "$scratch/hashed" >/dev/null 2>&1
    check "a hashed name is known" prints '^status 0$' reach known_hosts="$scratch/hashed" run true
    printf '# text\n\n  *.example,[127.0.0.?]:2201\t%s text\n' "$key" >"$scratch/pattern"
    check "so is a pattern, and white space does not matter" \
        prints '^status 0$' reach known_hosts="$scratch/pattern" run true
    { echo "$name $(cut -d ' ' -f 1,2 "$scratch/other_host_key.pub")"; echo "$name $key"; } >"$scratch/two"
    check "one of two keys is enough" prints '^status 0$' reach known_hosts="$scratch/two" run true
    { echo "$name $key"; echo "@revoked * $key"; } >"$scratch/revoked"
    check "a revoked key is refused, though it is known" \
        fails "ssh-ed25519 SHA256:.* is marked as revoked at .*revoked:2" \
        reach known_hosts="$scratch/revoked" run true
    check "also where new ones are added" fails "marked as revoked" \
        adding known_hosts="$scratch/revoked" run true
    echo "@cert-authority * $key" >"$scratch/authority"
    check "a certificate authority is told to be of no use" \
        prints "certificates of hosts, as .*authority:1 asks for, are not supported" \
        reach known_hosts="$scratch/authority" run true
    echo "$name ssh-ed25519 AAAAdamaged" >"$scratch/damaged"
    check "a damaged key is told" fails "the key at .*damaged:1 can't be read" \
        adding known_hosts="$scratch/damaged" run true
    echo "other $key" >"$scratch/ecdsa"
    ssh-keyscan_line ecdsa >>"$scratch/ecdsa"
    check "the host is asked for the key of the type that is known" \
        prints '^status 0$' reach port=2202 known_hosts="$scratch/ecdsa" run true
    check "a file that is a folder is an error" fails "can't read .*home" \
        reach known_hosts="$scratch/home" run true
}

# The line of the host on port 2202, which has keys of two types.
ssh-keyscan_line() { # TYPE
    nsenter --net="/run/netns/$network" ssh-keyscan -t "$1" -p 2202 127.0.0.1 2>/dev/null
}

check_adding() {
    check "the key of a new host is added" prints '^status 0$' \
        adding known_hosts="$scratch/new" run true
    check "as a line that OpenSSH reads" equals "$name $key" cat "$scratch/new"
    check "to a file that only its user may read" equals 600 mode "$scratch/new"
    check "by which the host is known from then on" prints '^status 0$' \
        reach known_hosts="$scratch/new" run true
    check "it is not added twice" prints '^status 0$' adding known_hosts="$scratch/new" run true
    check "so one line is there" equals 1 lines "$scratch/new"
    check "a key of another host goes below" prints "new host key of \[192.0.2.2\]:2201, ssh-ed25519 SHA256:[^ ]+, added to $scratch/new" \
        adding known_hosts="$scratch/new" address=192.0.2.2 describe
    check "and both are there" equals 2 lines "$scratch/new"
    check "ssh itself takes them" nsenter --net="/run/netns/$network" ssh -F none -p 2201 \
        -i "$scratch/key_ed25519" -o BatchMode=yes -o UserKnownHostsFile="$scratch/new" \
        -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none root@192.0.2.2 true
    check "it is logged" prints "new host key of \[127.0.0.1\]:2201: ssh-ed25519 SHA256:$(fingerprint)" \
        env ACCESS_LOG=warning timeout 60 "$probe" "${good[@]}" accept=yes known_hosts="$scratch/logged" run true
    cp "$scratch/changed" "$scratch/changed.before"
    check "a changed key is refused all the same" fails "has changed: .*changed:1" \
        adding known_hosts="$scratch/changed" run true
    check "and the file stays as it was" cmp "$scratch/changed" "$scratch/changed.before"
    printf '%s' "other $key" >"$scratch/open"
    check "a file without an end of line is mended" prints '^status 0$' \
        adding known_hosts="$scratch/open" run true
    check "so that both lines are whole" equals "other $key"$'\n'"$name $key" cat "$scratch/open"
    ln -s new "$scratch/link"
    check "a link is written through" prints '^status 0$' \
        adding port=2202 known_hosts="$scratch/link" run true
    check "and stays a link" test -L "$scratch/link" -a "$(lines "$scratch/new")" = 3
    check "a folder that is not there is told" fails "can't add the host key to .*/none/known" \
        adding known_hosts="$scratch/none/known" run true
    mkdir "$scratch/nobody"
    check "the user's own file is made with its folder" prints '^status 0$' \
        env HOME="$scratch/nobody" timeout 60 "$probe" "${good[@]}" accept=yes known_hosts= run true
    check "which only the user may enter" equals 700 mode "$scratch/nobody/.ssh"
    check "and is read from then on" prints '^status 0$' \
        env HOME="$scratch/nobody" timeout 60 "$probe" "${good[@]}" known_hosts= run true
}

fingerprint() { ssh-keygen -lf "$scratch/host_key.pub" | sed 's/.*SHA256:\([^ ]*\).*/\1/; s/+/[+]/g'; }

check_addresses() {
    check "a new host with an IPv6 address is added" prints '^status 0$' \
        adding address=2001:db8::2 known_hosts="$scratch/six" run true
    check "under the name OpenSSH uses" equals "[2001:db8::2]:2201 $key" cat "$scratch/six"
    check "and known by it" prints '^status 0$' \
        reach address=2001:db8::2 known_hosts="$scratch/six" run true
    check "a host on port 22 is added without it" prints '^status 0$' \
        adding port=22 address=2001:db8::2 known_hosts="$scratch/plain" run true
    check "by its address alone" equals "2001:db8::2 $key" cat "$scratch/plain"
    check "a name is one whatever its case" prints '^status 0$' \
        adding address=LocalHost known_hosts="$scratch/case" run true
    check "and written in small letters" equals "[localhost]:2201 $key" cat "$scratch/case"
}

# Eight targets, each address twice, that all are new, side by side.
make_testbed() {
    local number
    echo '<testbed name="new" xmlns="urn:vnfault:testbed:1">'
    echo "<ssh key=\"$scratch/key_ed25519\" known-hosts=\"$scratch/many\" port=\"2201\" network-namespace=\"$network\"/>"
    for number in 1 2 3 4 5 6 7 8; do
        echo "<target name=\"t$number\" address=\"192.0.2.2$((number % 4))\">"
        echo '<source collector="cgroup" cgroup="x" interface="y"/></target>'
    done
    echo '</testbed>'
}

check_verb() {
    make_testbed >"$scratch/new.xml"
    check "the option goes with --targets" exits_with 64 \
        "$vnfault" check --accept-new-host-keys "$scratch/new.xml"
    check "without it new hosts are refused" prints 't8 +access +FAILED .* is missing' \
        "$vnfault" check --targets "$scratch/new.xml"
    "$vnfault" check --targets --accept-new-host-keys "$scratch/new.xml" >"$scratch/verb" 2>"$scratch/verb.log"
    check "with it all are reached" equals 8 grep -cE '^t. +access +ok' "$scratch/verb"
    check "each is added once" equals 4 lines "$scratch/many"
    check "and whole" equals "$key" sh -c 'cut -d " " -f 2,3 "$1" | sort -u' sh "$scratch/many"
    check "shown in the row and the log" equals 4 \
        grep -cE "warning: new host key of \[192.0.2.2.\]:2201: ssh-ed25519 SHA256:$(fingerprint)" "$scratch/verb.log"
    check "and in JSON" prints "new host key of \[192.0.2.20\]:2201, ssh-ed25519 SHA256:" \
        sh -c 'rm "$2"; exec "$1" check --targets --json --accept-new-host-keys "$3"' sh \
        "$vnfault" "$scratch/many" "$scratch/new.xml"
    check "strict again it passes" equals 8 \
        sh -c '"$1" check --targets "$2" | grep -cE "^t. +access +ok"' sh "$vnfault" "$scratch/new.xml"
}

ssh-keygen -q -t ecdsa -N '' -C test -f "$scratch/host_key_ecdsa"
for address in 20 21 22 23; do ip -n "$network-far" address add 192.0.2.$address/24 dev far; done
ip -n "$network" address add 2001:db8::1/64 dev near nodad
ip -n "$network-far" address add 2001:db8::2/64 dev far nodad
start_host "$network" 127.0.0.1 2201
start_host "$network" 127.0.0.1 2202 "HostKey $scratch/host_key_ecdsa"
start_host "$network-far" 0.0.0.0 2201 "ListenAddress [::]" "Port 22"

check_strict
check_forms
check_adding
check_addresses
check_verb
finish
