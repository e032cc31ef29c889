# The contract of an injection on its target: what each step prints and how the steps hang together.
# The runner joins this file, contract/*.sh and one fault type into one script (README.md), which
# needs a POSIX shell and the basics of any Linux system, and becomes
# /run/vnfault/TOKEN/injector.sh.
#
#   sh injector.sh probe KEY=VALUE ...   what is there? changes nothing
#   sh injector.sh arm KEY=VALUE ...     undo record, guards, lease
#   sh injector.sh apply | verify | hold | revert | prove
#   sh injector.sh wait                  takes steps as lines of its input, with all of this loaded
#   sh -s returned KEY=VALUE ...         is the target back from what the fault did to it?
#   sh injector.sh change AMOUNT         to another level, in thousandths of the unit
#   sh injector.sh renew                 the lease, beside a step that takes its time
#   sh injector.sh guard NUMBER          reverts when the lease has ended
#   sh -s leftovers | heal | sweep | lock | unlock | holder | service ...   services, sent without a fault type
#
# Each step can be run again, and after one that was cut short. It prints lines 'KEY TEXT' and,
# last, 'done STEP'; a failed one prints 'error CODE TEXT' and exits with 1. What lies between a command
# and its edge starts no more programs than it must: functions that are called there set a variable
# (..._read), as to print it would take a process.
set -u
umask 077
LC_ALL=C
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
# A container's own, on its node (contract/container.sh).
root=/run/vnfault${VNFAULT_CONTAINER:+/containers/${VNFAULT_CONTAINER%.}}
token='' record='' request='' waiting=''

# --- what a step prints ------------------------------------------------------------------------
say() { # KEY TEXT ...
    printf '%s\n' "$*"
}

measure() { # NAME VALUE UNIT
    say measure "$1" "$2" "$3"
}

one_line() { # TEXT: without line ends, for a tool's message
    printf '%s' "$1" | tr '\n\r\t' '   ' | cut -c 1-300
}

fail() { # CODE TEXT
    say error "$1" "$(one_line "$2")"
    exit 1
}

hint() { # TEXT: what to do about the error that follows
    say hint "$1"
}

# --- numbers: whole ones only; quantities are kept in thousandths --------------------------------
decimal() { # THOUSANDTHS: '12.345'
    if [ "$1" -lt 0 ]; then
        printf -- '-%d.%03d' $(((0 - $1) / 1000)) $(((0 - $1) % 1000))
    else
        printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
    fi
}

thousandths() { # DECIMAL: '12.3456' is 12345
    whole=${1%%.*} part=
    case $1 in *.*) part=${1#*.} ;; esac
    part=$(printf '%.3s' "${part}000")
    echo $((${whole:-0} * 1000 + 1$part - 1000))
}

is_number() { # TEXT: digits only
    case $1 in '' | *[!0-9]*) return 1 ;; esac
}

# --- time ----------------------------------------------------------------------------------------
# Leases run on the monotonic clock, so that setting the time of day does not matter to them.
uptime_read() { # sets uptime, hundredths of a second since boot
    read -r seconds ignored </proc/uptime
    uptime=$((${seconds%.*} * 100 + 1${seconds#*.} - 100))
}

uptime_now() {
    uptime_read
    echo $uptime
}

time_read() { # sets now, nanoseconds since 1970 on this machine's clock
    now=$(date +%s%N)
    if ! is_number "$now"; then # a date without %N: take the time of a fresh file
        : >"$root/instant.$$"
        now=$(stat -c '%Y %y' "$root/instant.$$")
        rm -f "$root/instant.$$"
        now=${now%% *}$(echo "$now" | sed 's/.*\.\([0-9]\{9\}\).*/\1/')
    fi
}

time_of_day() {
    time_read
    echo "$now"
}

instant_read() { # sets instant, the same, as it were without the injection's own doing
    time_read
    instant=$now
    ! command -v injector_shift >/dev/null || instant=$((now - $(injector_shift)))
}

instant_now() {
    instant_read
    echo "$instant"
}

pause() { # HUNDREDTHS of a second; whole seconds where sleep knows no others
    tenths=$(($1 % 100 / 10)) rest=$(($1 % 10))
    sleep $(($1 / 100)).$tenths$rest 2>/dev/null || sleep $((($1 + 99) / 100))
}

# --- the request: lines 'KEY VALUE', data and never code -----------------------------------------
request_add() { # KEY=VALUE
    key=${1%%=*} value=${1#*=}
    case $key in '' | *[!a-z0-9._-]*) fail bad-request "a key of the request is malformed" ;; esac
    case $value in *[!A-Za-z0-9\ ._:/,@%+=\|-]*) fail bad-request "the value of $key is malformed" ;; esac
    request="$request$key $value
"
}

request_all() { # KEY: all its values, one a line
    while read -r key value; do
        [ "$key" = "$1" ] && printf '%s\n' "$value"
    done <<END
$request
END
    return 0
}

request_read() { # KEY: sets value; empty if it has none
    while read -r key value; do
        [ "$key" != "$1" ] || break
        value=
    done <<END
$request
END
}

request_get() { # KEY: its value
    request_read "$1"
    printf '%s\n' "$value"
}

parameter() { # NAME: the value of one of the injector's parameters
    request_get "parameter.$1"
}

parameter_amount() { # NAME: one that has a unit, in thousandths of it
    text=$(parameter "$1")
    thousandths "${text%%[!0-9.]*}"
}

request_settle() { # sets token, record and the intensity: amount, in thousandths of its unit
    request_read token
    token=$value
    request_read amount
    amount=$value
    case $token in '' | *[!a-z0-9]* | ?????????????????????*) fail bad-request "the token is malformed" ;; esac
    is_number "$amount" || fail bad-request "the intensity is malformed"
    record=$root/$token
}

request_from_arguments() { # KEY=VALUE ...
    for argument; do request_add "$argument"; done
    request_settle
}

request_from_record() {
    [ -f "$record/request" ] || fail no-record "there is no undo record ${record##*/}"
    request=
    while IFS= read -r line; do
        request="$request$line
"
    done <"$record/request"
    request_settle
}

# --- what a fault type may leave out -------------------------------------------------------------
injector_probe() { :; }        # is all there that it needs? prints 'mechanism TEXT'
injector_prepare() { :; }      # measures what verify compares with; may take its time
injector_fingerprint() { :; }  # prints the state that prove compares
injector_apply() { :; }        # returns when the fault has taken hold
injector_change() {            # to the level that is now in $amount; returns when it has taken hold
    injector_stop
    processes_kill "VNFAULT_FAULT=$token."
    injector_apply
}
injector_verify() { :; }       # prints achieved, took_hold and measures
injector_returned() { :; }     # the same, of a fault that ends the connection
injector_alive() {             # is the fault still in?
    processes_alive
}
injector_count() { :; }        # prints what the mechanism has counted, before it is undone
injector_stop() { :; }         # undoes what is not a process or the folder of its own
# injector_shift               # prints by how many nanoseconds it has moved the clock, if it moves it
injector_residue() { :; }      # prints what is still there of it
