#!/bin/sh
# What vnfault runs on a load host. It keeps everything in one folder, /run/vnfault/load-TOKEN-SIDE,
# and knows its processes by VNFAULT_LOAD=TOKEN-SIDE in their environment.
#   probe SERVICE         version of SIPp, own address towards the service, two free ports for calls and
#                         two for control
#   subscribers FOLDER FILE COUNT PART PARTS
#       makes SIPp's injection files from that part (from 0) of the subscribers on this host; only checks
#       FILE without FOLDER
#   make FOLDER           makes the folder
#   run FOLDER NAME LEASE COMMAND ...
#       runs SIPp and prints its statistics file NAME.csv while it grows, with lines 'rtp;SENT;ECHOED' of
#       packets between its rows where the scenario has media; ends SIPp when standard input has been
#       silent for LEASE seconds or is closed
#   can_control           fails if rate could do nothing here
#   rate PORT RATE LIMIT  tells the SIPp with that control port to make so many calls per second, with at
#                         most so many open ones
#   stop MARK GRACE       ends the processes of that mark, after GRACE seconds by force, and proves it
#   fetch FOLDER FILE LIMIT   prints a file, the first LIMIT bytes of it
#   remove FOLDER         removes the folder
set -u
umask 077

fail() { # STATUS MESSAGE
    echo "$2" >&2
    exit "$1"
}

# Ports that a socket of this network namespace is bound to, in decimal.
ports_in_use() {
    cat /proc/net/udp /proc/net/udp6 /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk '$2 ~ /:[0-9A-F]+$/ { sub(/.*:/, "", $2); print $2 }' | sort -u |
        while read -r hexadecimal; do echo $((0x$hexadecimal)); done
}

probe() { # SERVICE
    for tool in sipp setsid timeout tail awk ip getent mkfifo; do
        command -v "$tool" >/dev/null || fail 3 "$tool is not installed"
    done
    service=$(getent ahosts "$1" | awk 'NR == 1 { print $1 }')
    [ -n "$service" ] || fail 4 "the address of '$1' can't be found"
    address=$(ip -o route get "$service" 2>/dev/null |
        awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }')
    [ -n "$address" ] || fail 4 "there is no route to $service"
    sipp -v 2>&1 | awk '$1 == "SIPp" { sub(/\.$/, "", $2); print "version", $2; exit }'
    echo "address $address"
    used=$(ports_in_use)
    two_free port 5060 5260
    two_free control 8888 9088
}

# The first two even ports that no socket is bound to.
two_free() { # WORD FROM UNTIL
    port=$2
    found=0
    while [ "$found" -lt 2 ] && [ "$port" -lt "$3" ]; do
        if ! printf '%s\n' "$used" | grep -qx "$port"; then
            echo "$1 $port"
            found=$((found + 1))
        fi
        port=$((port + 2))
    done
}

# SIPp is told by datagrams, which of the shells bash can send.
can_control() {
    command -v bash >/dev/null || fail 3 "bash is not installed"
}

rate() { # PORT RATE LIMIT
    can_control
    for command in "limit $3" "rate $2"; do
        # shellcheck disable=SC2016 # expanded by the inner shell
        bash -c 'printf "cset %s" "$1" >"/dev/udp/127.0.0.1/$2"' bash "$command" "$1" ||
            fail 6 "SIPp can't be told of another rate"
    done
}

# The file has SIPp's own form: SEQUENTIAL, then a line of NUMBER;[authentication ...] for each
# subscriber. The first half calls, the second half is called. Messages quote no line: passwords.
subscribers() { # FOLDER FILE COUNT PART PARTS
    [ -r "$2" ] || fail 5 "there is no file $2 with the subscribers"
    awk -F ';' -v half=$(($3 / 2)) -v folder="$1" -v part="$4" -v parts="$5" '
        function bad(what) { print FILENAME ":" NR ": " what >"/dev/stderr"; failed = 1; exit 1 }
        { sub(/\r$/, "") }
        NR == 1 { if ($0 != "SEQUENTIAL") bad("the first line is not SEQUENTIAL"); next }
        NF != 2 || $1 !~ /^[-+.0-9A-Za-z_]+$/ || $2 !~ /^\[authentication username=[^ ]+ password=[^ ]+\]$/ {
            bad("not NUMBER;[authentication username=NAME password=PASSWORD]") }
        NR <= half + 1 { caller[NR - 1] = $0; next }
        { callee[NR - 1 - half] = $0; number[NR - 1 - half] = $1 }
        NR == 2 * half + 1 { complete = 1; exit }
        END {
            if (failed) exit 1
            if (!complete) { print FILENAME ": has " (NR > 0 ? NR - 1 : 0) " subscribers, not " 2 * half >"/dev/stderr"; exit 1 }
            if (folder == "") exit 0
            print "SEQUENTIAL" >(folder "/callers.csv")
            print "SEQUENTIAL" >(folder "/callees.csv")
            for (i = int(part * half / parts) + 1; i <= int((part + 1) * half / parts); i++) {
                print caller[i] ";" number[i] >(folder "/callers.csv")
                print callee[i] >(folder "/callees.csv")
            }
        }' "$2" || exit 5
}

make() { # FOLDER
    mkdir -p /run/vnfault
    mkdir -m 700 -- "$1" || fail 6 "the folder $1 can't be made"
}

fetch() { # FOLDER FILE LIMIT
    [ ! -e "$1/$2" ] || head -c "$3" "$1/$2"
}

sends_media() { # NAME
    grep -qE '(rtp_stream|play_pcap_[a-z]+|play_dtmf) *=' "$1.xml"
}

echoes_media() { # NAME
    grep -qE '<rtp_echo[^a-z]' "$1.xml"
}

# SIPp counts packets of media on its screens only, which it writes to a file at SIGUSR2: in blocks, so that
# they come whole only with those after them, and without -trace_screen to a descriptor more each time.
ask_for_screens() { # PROCESS NAME
    while [ ! -s "$2.csv" ]; do sleep 0.1; done
    while kill -USR2 "$1" 2>/dev/null; do sleep 0.25; done
}

# Makes lines 'rtp;SENT;ECHOED' of the screens: several counts of each, then the time.
sum_of_screens() {
    sent=0 echoed=0 told=
    grep --line-buffered -aE '^ *([0-9]+ Total ([A-Z]+ |echo )?RTP pckts|Current Time) ' |
        while read -r count _ what; do
            case "$what" in
            echo*) echoed=$((echoed + count)) told=yes ;;
            *pckts*) sent=$((sent + count)) told=yes ;;
            *)
                [ -z "$told" ] || echo "rtp;$sent;$echoed"
                sent=0 echoed=0 told=
                ;;
            esac
        done
}

run() { # FOLDER NAME LEASE COMMAND ...
    folder=$1 name=$2 lease=$3
    shift 3
    cd "$folder" || exit 6
    rm -f "$name.csv" "$name.errors" "$name.output" "$name.pipe" "$name.media" "$name.screens"
    : >"$name.csv"
    : >"$name.media"
    media=
    if sends_media "$name" || echoes_media "$name"; then media=yes; fi
    mkfifo "$name.pipe" || exit 6
    exec 3<&0 4<>"$name.pipe" </dev/null
    # SIPp logs each failed call: the first part of that is enough, all of it would fill the disk.
    { head -c 1000000 >"$name.errors"; cat >/dev/null; } <"$name.pipe" 3<&- 4<&- &
    errors=$!
    if [ -n "$media" ]; then
        ! echoes_media "$name" || set -- "$@" -rtp_echo
        set -- "$@" -trace_screen -screen_file "$name.screens"
        mkfifo "$name.screens" || exit 6
        exec 5<>"$name.screens"
        # In braces: dash keeps what is closed for a function open beside it.
        { sum_of_screens; } <"$name.screens" >"$name.media" 2>/dev/null 3<&- 4<&- 5<&- &
    fi
    setsid "$@" >/dev/null 2>"$name.output" 3<&- 4<&- 5<&- &
    sipp=$!
    if [ -n "$media" ]; then
        { ask_for_screens "$sipp" "$name"; } </dev/null >/dev/null 2>&1 3<&- 4<&- 5<&- &
        media=$!
    fi
    # shellcheck disable=SC2016 # expanded by the inner shell
    setsid sh -c 'while timeout --foreground "$1" sh -c "read -r beat"; do :; done; kill -KILL "-$2"' \
        keeper "$lease" "$sipp" <&3 >/dev/null 2>&1 3<&- 4<&- 5<&- &
    keeper=$!
    exec 3<&-
    tail -q -c +1 -f --pid="$sipp" "$name.csv" "$name.media" 2>/dev/null 4<&- 5<&-
    wait "$sipp"
    status=$?
    [ -z "$media" ] || kill -KILL "$media" 2>/dev/null
    kill -KILL "-$keeper" 2>/dev/null
    exec 4<&- 5<&-
    wait "$errors"
    [ -s "$name.errors" ] || grep -v '^Resolving ' "$name.output" >"$name.errors"
    # Why the last call failed; without failed calls, why SIPp ended.
    { grep -aoE 'Aborting call on .*|receive timeout on message [^ ]+' "$name.errors" ||
        cat "$name.errors"; } | tail -n 1 | tail -c 2000 >&2
    exit "$status"
}

# Processes that carry the mark in their environment.
marked() { # MARK
    grep -lazxF -e "VNFAULT_LOAD=$1" /proc/[0-9]*/environ 2>/dev/null |
        while IFS=/ read -r _ _ process _; do
            case $(cut -d ' ' -f 3 "/proc/$process/stat" 2>/dev/null) in
            '' | Z) ;;
            *) echo "$process" ;;
            esac
        done
}

# Waits up to TENTHS for the marked processes to be gone.
gone() { # MARK TENTHS
    tenths=$2
    while [ -n "$(marked "$1")" ]; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}

# SIGUSR1: no new calls, end after those under way. Only once: at the second one SIPp 3.6.1 hangs.
ask_to_quit() { # MARK
    for process in $(marked "$1"); do
        [ "$(cat "/proc/$process/comm" 2>/dev/null)" != sipp ] || kill -USR1 "$process" 2>/dev/null
    done
}

stop() { # MARK GRACE
    how=absent
    if [ -n "$(marked "$1")" ]; then
        how=quit
        ask_to_quit "$1"
        if ! gone "$1" $(($2 * 10)); then
            how=killed
            marked "$1" | xargs -r kill -KILL 2>/dev/null
            gone "$1" 50 || fail 7 "processes $(marked "$1" | tr '\n' ' ')run on"
        fi
    fi
    echo "$how"
}

remove() { # FOLDER
    rm -rf -- "$1"
    rmdir /run/vnfault 2>/dev/null
    [ ! -e "$1" ] || fail 7 "the folder $1 can't be removed"
}

"$@"
