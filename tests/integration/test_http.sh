#!/usr/bin/env bash
# The HTTP client (runner/http.h) beside a server that behaves and misbehaves.
. "$(dirname "$0")/../lib.sh"
probe=${BUILD:-$top/build}/tests/integration/http_probe

ask() { timeout 60 "$probe" "$@"; }
fails() { # PATTERN WORD ...: exit status 4 and an error that matches
    prints "$1" exits_with 4 ask "${@:2}"
}
rejects() { # PATTERN WORD ...: as wrong input
    prints "$1" exits_with 64 ask "${@:2}"
}

serve() { # PORT WORD [CERTIFICATE KEY ...]: $port is where
    "${inside[@]}" python3 "$top/tests/integration/http_server.py" "$@" >"$scratch/port" 2>"$scratch/server.log" &
    at_exit "kill $!"
    wait_until $! test -s "$scratch/port" || cat "$scratch/server.log"
    port=$(cat "$scratch/port")
    : >"$scratch/port"
}

authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$scratch/$1.key" -out "$scratch/$1.pem" 2>/dev/null
}

certificate() { # NAME AUTHORITY DAYS SUBJECT-NAME
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$scratch/$1.key" -out "$scratch/$1.csr" 2>/dev/null
    openssl x509 -req -in "$scratch/$1.csr" -CA "$scratch/$2.pem" -CAkey "$scratch/$2.key" -CAcreateserial \
        -days "$3" -extfile <(echo "subjectAltName=$4") -out "$scratch/$1.pem" 2>/dev/null
}

serve_tls() { # NAME [AUTHORITY-OF-CLIENTS]
    serve 0 "$1" "$scratch/$1.pem" "$scratch/$1.key" ${2:+"$scratch/$2.pem"}
}

check_answers() {
    check "a page" equals '200 text/plain plain' ask $plain/word
    check "a body is posted, with the headers" equals '200 text/plain POST text/plain some text' ask body='some text' $plain/echo
    check "any status is an answer" equals '503 text/plain no' ask $plain/unavailable
    check "a redirect is not followed" equals '302 text/plain ' ask $plain/redirect
    check "one connection for all of a client's requests" equals 1 \
        distinct $plain/peer-port $plain/peer-port $plain/peer-port
    check "two clients have two" equals 2 distinct $plain/peer-port timeout=9000 $plain/peer-port
    check "a connection that the server closed meanwhile is made anew" prints '^200 text/plain plain$' \
        ask $plain/silently-closing $plain/word
    check "gzip" equals '200 text/plain was compressed' ask $plain/compressed
    check "cookies stay with a client that keeps them" prints '^200 text/plain session=abc$' ask cookies=1 $plain/cookie $plain/cookie
    check "and are forgotten by others" equals '200 text/plain none' last $plain/cookie $plain/cookie
    check "the server's clock is told" equals '200  
its clock is wrong' ask $plain/wrong-clock
    check "unless it can't be" equals '200  ' ask $plain/odd-clock
    check "no proxy of the environment is used" equals '200 text/plain plain' \
        env http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 "$probe" $plain/word
}

distinct() { ask "$@" | sort -u | wc -l; }
last() { ask "$@" | tail -n 1; }

check_hostile() {
    check "a body of the size that is allowed" equals '200 text/plain 1000000 bytes' ask $plain/whole
    check "one byte more" fails 'the answer of http://127.* is larger than 1000000 bytes' $plain/larger
    check "without end" fails 'is larger than 1000000 bytes' $plain/endless
    check "a gzip bomb" fails 'is larger than 1000000 bytes' $plain/bomb
    check "no gzip, though it says so" fails "its answer can't be decompressed" $plain/not-compressed
    check "headers without end" fails '^error: no answer from http' $plain/headers-without-end
    check "an answer drop by drop" fails 'no whole answer from .* within 500ms' timeout=500 $plain/slow
    check "none" fails 'no whole answer from .* within 500ms' timeout=500 $plain/hang
    check "one cut short" fails 'its answer was cut short' $plain/cut
    check "a closed connection" fails 'closed the connection without an answer' $plain/closing
    check "no HTTP" fails "doesn't speak HTTP" $plain/garbage
    check "a client goes on after each of them" prints '^200 text/plain plain$' \
        ask timeout=500 $plain/larger $plain/slow $plain/cut $plain/garbage $plain/not-compressed $plain/word
    check "nobody listens" fails "can't connect to http://127.0.0.1:1/: Connection refused; does the server run" http://127.0.0.1:1/
    check "an unknown host" fails "can't find the address of its host" http://nowhere.invalid/
}

check_urls() {
    check "not a URL" rejects "'not a url' is not a URL of http or https; write it so" 'not a url'
    check "not of HTTP" rejects "'file:///etc/passwd' is not a URL of http" file:///etc/passwd
    check "with a password, which is not shown" rejects 'the URL http://...@127.0.0.1/ holds a user or password' http://me:secret@127.0.0.1/
    check "with a fragment" rejects 'fragment' http://127.0.0.1/a#b
    check "the query is not shown" fails "can't connect to http://127.0.0.1:1/a: Conn" 'http://127.0.0.1:1/a?token=secret'
    check "nor anything that a terminal obeys" rejects "'\?\[31m' is not a URL" $'\e[31m'
}

check_tls() {
    local trust=ca_file=$scratch/trusted.pem
    serve_tls right
    right=https://127.0.0.1:$port
    check "a certificate of the trusted authority" equals '200 text/plain right' ask "$trust" $right/word
    check "of no authority of this system" fails "no answer from $right/word: SSL certificate problem.*'ca-file' names" $right/word
    check "of another authority" fails 'certificate problem' ca_file="$scratch/other.pem" $right/word
    serve_tls wrong-name
    check "for another name" fails "subject name.*127.0.0.1.*the server's must be for its name" "$trust" https://127.0.0.1:$port/word
    serve_tls expired
    check "out of date" fails 'certificate has expired' "$trust" https://127.0.0.1:$port/word
    check "TLS where there is none" fails 'does the server speak TLS there' "$trust" "https${plain#http}/word"
    check "plain where there is TLS" prints '^(error: no answer|4)' ask "http${right#https}/word"
    serve_tls right trusted
    check "a server that asks for a certificate" equals '200 text/plain right' \
        ask "$trust" certificate="$scratch/client.pem" key="$scratch/client.key" https://127.0.0.1:$port/word
    check "gets none" fails '^error: no answer' "$trust" https://127.0.0.1:$port/word
    check "gets one of another authority" fails '^error: no answer' \
        "$trust" certificate="$scratch/stranger.pem" key="$scratch/stranger.key" https://127.0.0.1:$port/word
    openssl ec -in "$scratch/client.key" -aes256 -passout pass:secret -out "$scratch/locked.key" 2>/dev/null
    check "a locked key asks nobody for its passphrase" fails "without a passphrase" \
        "$trust" certificate="$scratch/client.pem" key="$scratch/locked.key" https://127.0.0.1:$port/word
}

check_secrets() {
    local trust=ca_file=$scratch/trusted.pem
    echo good-token >"$scratch/token"
    echo 'pass word' >"$scratch/password"
    printf 'one\ntwo\n' >"$scratch/lines"
    head -c 5000 /dev/zero | tr '\0' x >"$scratch/long"
    mkfifo "$scratch/pipe"
    check "a token from its file" equals '200 text/plain welcome' ask "$trust" token_file="$scratch/token" $right/token
    check "is read anew for each request" equals '200 text/plain Bearer next-token' \
        last "$trust" token_file="$scratch/token" $right/token $right/renew $right/authorization
    check "one that is refused" equals '401 text/plain no' ask "$trust" token_file="$scratch/token" $right/token
    check "a user and a password" equals "200 text/plain Basic $(printf 'me:pass word' | base64)" \
        ask "$trust" user=me password_file="$scratch/password" $right/authorization
    check "neither goes anywhere unasked" equals '200 text/plain none' ask "$trust" $right/authorization
    check "nor over plain HTTP" rejects 'a token would go to .* only sent over https' token_file="$scratch/token" $plain/token
    check "nor after a redirect" equals '302 text/plain ' ask "$trust" token_file="$scratch/token" $right/redirect
    check "a token of two lines" rejects "lines doesn't hold one line of text" token_file="$scratch/lines" $right/token
    check "too long" rejects 'long holds more than 4000 bytes' token_file="$scratch/long" $right/token
    check "of a pipe that nobody writes to" rejects 'pipe is not a regular file' token_file="$scratch/pipe" $right/token
    check "that isn't there" rejects "can't read .*/none: No such file" token_file="$scratch/none" $right/token
    check "an authority that isn't there" rejects "can't read .*/none: No such file" ca_file="$scratch/none" $right/token
    check "a user without a password" rejects 'a user needs a password file' user=me $right/token
    check "a certificate without its key" rejects 'a certificate needs its key' certificate="$scratch/client.pem" $right/token
    check "a token and a user" rejects 'only one can be used' token_file="$scratch/token" user=me password_file="$scratch/password" $right/token
}

check_together() {
    local many=() i
    for ((i = 0; i < 300; i++)); do many+=("$plain/word"); done
    ask together=1 $plain/hang "${many[@]}" >"$scratch/together"
    check "300 answer while one hangs" equals 300 grep -c ': 200 text/plain plain$' "$scratch/together"
    check "which is told last, the first though it is" prints '^0\.0: error: no whole answer from .* within 10s' \
        tail -n 1 "$scratch/together"
    check "each ends at its own timeout" equals 4 own_timeouts
    check "and at the latest at the deadline" prints 'error: no whole answer from .* within 1' \
        ask together=1 deadline=1500 $plain/hang
    check "an error before anything is sent is one of a turn" prints '0\.1: 200' ask together=1 ftp://127.0.0.1/ $plain/word
    check "a stop ends what is under way" prints '0\.1: error: stopped before the answer was there' \
        ask together=1 $plain/stop $plain/hang
    check "connections are kept from round to round" equals 2 rounds_connections
}
own_timeouts() { ask together=2 timeout=500 $plain/hang $plain/slow | grep -c 'error: no whole answer from .* within 500ms'; }
rounds_connections() { ask together=5 $plain/peer-port $plain/peer-port | sed 's/.* //' | sort -u | wc -l; }

# The same address and port in two network namespaces.
check_namespaces() {
    local name near=vnfault-http-$$-a far=vnfault-http-$$-b inside
    if [ "$(id -u)" != 0 ]; then
        skip "network namespaces" "needs root"
        return
    fi
    for name in $near $far; do
        ip netns add "$name" && at_exit "ip netns delete $name"
        ip -n "$name" link set lo up
        inside=(ip netns exec "$name")
        serve 7777 "of $name"
    done
    local url=http://127.0.0.1:7777/word
    check "a server in a network namespace" equals "200 text/plain of $near" ask network_namespace=$near $url
    check "the same address in two of them, at once and on kept connections" equals "$(
        for i in 0 1 2; do echo "$i.0 of $near"; echo "$i.1 of $far"; done
    )" in_both
    check "the runner's own stays as it was" prints "Connection refused" ask network_namespace=$near $url network_namespace= $url
    check "one that isn't there" fails "can't open the network namespace /run/netns/none: No such file or directory; 'ip netns list'" network_namespace=none $url
    check "no name of one" rejects "'../x' is not the name of a network namespace" network_namespace=../x $url
}
# Behind a link whose other end takes all packets and says nothing.
with_silent_name_server() {
    echo 'nameserver 198.51.100.1' >"$scratch/resolv.conf"
    unshare --net --mount bash -c '
        ip link set lo up && ip link add near type veth peer name far && ip link set far up && ip link set near up &&
        ip address add 198.51.100.2/24 dev near &&
        ip neighbour add 198.51.100.1 lladdr 02:00:00:00:00:01 dev near nud permanent &&
        mount --bind "$1/resolv.conf" /etc/resolv.conf && exec "${@:2}"' - "$scratch" "$@"
}

check_names() {
    if [ "$(id -u)" != 0 ]; then
        skip "a name server that doesn't answer" "needs root"
        return
    fi
    check "a name server that doesn't answer is no longer waited for than said" \
        prints 'error: no whole answer from http://name.example/ within 500ms' with_silent_name_server "$probe" timeout=500 http://name.example/
    with_silent_name_server "$probe" together=1 timeout=500 http://name.example/ timeout=9000 http://127.0.0.1:1/ >"$scratch/names"
    check "and holds up nobody else" prints '^0\.1: .*Connection refused' head -n 1 "$scratch/names"
}

in_both() { ask together=3 network_namespace=$near $url network_namespace=$far $url | sed 's/: .*plain//' | sort; }

inside=()
export TOKEN_FILE=$scratch/token
for name in trusted other; do authority $name; done
certificate right trusted 2 IP:127.0.0.1
certificate wrong-name trusted 2 IP:127.0.0.2
certificate expired trusted -1 IP:127.0.0.1
certificate client trusted 2 DNS:client
certificate stranger other 2 DNS:stranger
serve 0 plain
plain=http://127.0.0.1:$port
check_answers
check_hostile
check_urls
check_tls
check_secrets
check_together
check_namespaces
check_names
finish
