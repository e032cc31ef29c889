# Packets that a network fault is for, sent to the peers, so that it can be measured where nothing else
# comes by. Adds to sent, back and twice what pings went out, came back, and came back once more.

stimulate() {
    case "$(filter_protocol) $(parameter local-ports) $(parameter remote-ports)" in
    'any any any' | 'icmp '* | '  ') stimulate_by_ping ;;
    'tcp '*' any') pause 100 ;;
    'tcp '*) stimulate_by_connections "$(parameter remote-ports)" ;;
    *) pause 100 ;;
    esac
}

stimulate_peers() { # at most three hosts, of those named or the one that was found
    peers=$(parameter peers)
    case $peers in
    any | '') peer_noted ;;
    *) printf '%s\n' "$peers" | tr ',' '\n' | sed 's|/32$||; s|/128$||' | grep -v / | head -n 3 ;;
    esac
}

stimulate_by_ping() {
    found=
    for peer in $(stimulate_peers); do
        found=yes
        # shellcheck disable=SC2046 # three numbers
        set -- $(peer_burst "$peer" 100) 0 0 0
        sent=$((sent + $1)) back=$((back + $2)) twice=$((${twice:-0} + $3))
    done
    [ -n "$found" ] || pause 100
}

# A shell that knows /dev/tcp, or netcat; without either what comes by has to do.
stimulate_by_connections() { # PORTS
    port=${1%%[,-]*}
    for peer in $(stimulate_peers); do
        for attempt in 1 2 3 4 5; do
            if command -v bash >/dev/null; then
                timeout 1 bash -c '</dev/tcp/$0/$1' "$peer" "$port" 2>/dev/null
            elif command -v nc >/dev/null; then
                nc -z -w 1 "$peer" "$port" </dev/null >/dev/null 2>&1
            fi
        done
    done
    pause 50
}
