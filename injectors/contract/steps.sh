# The steps, as the runner calls them.

tools_missing() { # names of the tools that aren't there; 'a|b' is met by either
    for tool in setsid grep sed head tail cut tr wc date stat sleep mv rm mkdir ln id $(request_all tool); do
        found=
        while [ -n "$tool" ]; do
            command -v "${tool%%|*}" >/dev/null && found=yes
            case $tool in *'|'*) left=${tool#*|} ;; *) left= ;; esac
            [ -n "$found" ] && break
            name=${tool%%|*} tool=$left
        done
        [ -n "$found" ] || printf '%s ' "$name"
    done
}

step_probe() {
    [ "$(id -u)" = 0 ] || {
        hint "log in as root, or set sudo in the testbed file"
        fail missing-privilege "an injection needs root"
    }
    missing=$(tools_missing)
    [ -z "$missing" ] || {
        hint "install the package that has it on the target"
        fail missing-tool "the target lacks ${missing% }"
    }
    injector_probe
}

# What undoing needs is noted as a whole or not at all: where there is no room for it nothing is begun, and what
# was noted before stays.
record_refuse() {
    rm -f "$record"/*.$$
    hint "free some space where ${record%/*} is"
    fail undo-record "the undo record can't be written"
}

record_has_room() {
    room=
    { echo room >"$record/room.$$"; } 2>/dev/null && room=yes
    rm -f "$record/room.$$"
    [ -n "$room" ]
}

# Without a request it was never armed, or only began to be: nothing was touched.
record_begun() {
    [ -s "$record/request" ] || [ -f "$record/applying" ]
}

step_arm() {
    [ -f "$record/armed" ] || {
        { printf '%s' "$request" >"$record/request.$$" && mv "$record/request.$$" "$record/request"; } 2>/dev/null ||
            record_refuse
        injector_fingerprint >"$record/baseline"
        surroundings >"$record/surroundings"
    }
    lease_renew
    guards_start
    record_has_room || record_refuse # else what it is to be compared with may not be whole
    : >"$record/armed"
    [ -f "$record/prepared" ] || injector_prepare
    : >"$record/prepared"
}

refuse_expired() {
    [ -f "$record/armed" ] || fail not-armed "the injection is not armed"
    if [ -f "$record/expired" ] || [ -f "$record/gone" ]; then
        fail expired "its lease ended and the fault was undone by $(cut -d ' ' -f 2- "$record/gone" 2>/dev/null)"
    fi
}

step_apply() {
    refuse_expired
    lease_keep
    if [ ! -s "$record/applied" ]; then
        if [ -f "$record/applying" ]; then # one that was cut short
            injector_stop
            processes_kill "VNFAULT_FAULT=$token."
        fi
        { echo begun >"$record/applying"; } 2>/dev/null || record_refuse
        injector_apply
        instant_read
        { echo "$instant" >"$record/applied"; } 2>/dev/null || record_refuse
    fi
    read -r instant <"$record/applied"
    say instant "$instant"
}

# Another level of the fault that is in: the request says it from now on.
step_change() { # AMOUNT
    refuse_expired
    [ -s "$record/applied" ] || fail not-applied "the injection is not applied"
    is_number "${1:-}" || fail bad-request "the intensity is malformed"
    lease_keep
    amount=$1
    { sed "s/^amount .*/amount $amount/" "$record/request" >"$record/request.$$" && [ -s "$record/request.$$" ] &&
        mv "$record/request.$$" "$record/request"; } 2>/dev/null || record_refuse
    injector_change
    instant_read
    say instant "$instant"
}

step_verify() {
    refuse_expired
    lease_renew
    injector_verify
    say instant "$(instant_now)"
}

# Beside a step that takes longer than the lease.
step_renew() {
    refuse_expired
    lease_renew
    guards_keep
}

# Of a fault that ends the connection, once the target is back; there is no undo record any more.
step_returned() {
    injector_returned
    say instant "$(instant_now)"
}

step_hold() {
    [ -f "$record/expired" ] || { lease_renew && guards_keep; }
    if [ -f "$record/expired" ] || [ -f "$record/gone" ]; then
        say detail "the lease ended and the fault was undone by $(cut -d ' ' -f 2- "$record/gone" 2>/dev/null)"
        say took_hold false
    elif [ ! -s "$record/applied" ]; then
        say detail "not applied yet"
        say took_hold false
    elif injector_alive; then
        say took_hold true
    else
        say took_hold false
    fi
}

# Takes the fault away, whatever there is of it, and notes when it was gone and by whom, once nothing
# is left. Several may do it at once.
undo() { # WHO
    # Beside a shell that waits no other is under way, and it is marked as one itself.
    [ -n "$waiting" ] || processes_kill "VNFAULT_STEP=$token."
    injector_stop
    processes_kill "VNFAULT_FAULT=$token."
    instant_read
    folder_drop
    [ -f "$record/gone" ] || [ -n "$(residue)" ] || gone_note "$instant $1"
}

# The first to note it is the one who undid it. It appears as a whole: others may be reading.
gone_note() { # "INSTANT WHO"
    { echo "$1" >"$record/gone.$$" && ln "$record/gone.$$" "$record/gone"; } 2>/dev/null
    rm -f "$record/gone.$$"
}

step_revert() {
    if [ -f "$record/gone" ]; then
        say detail "undone by $(cut -d ' ' -f 2- "$record/gone")"
    elif [ -s "$record/applied" ]; then
        injector_count
    fi
    undo "the runner"
    if [ -f "$record/gone" ]; then
        read -r instant ignored <"$record/gone"
    else # there may be no room to note it
        left=$(residue)
        [ -z "$left" ] || fail not-clean "still there: $left"
    fi
    say instant "$instant"
}

residue() { # what is still there of the fault
    left=$(processes_marked "VNFAULT_FAULT=$token.")
    [ -z "$left" ] || printf 'processes %s ' "$(one_line "$left")"
    injector_residue
    folder=$(folder_owned)
    [ -z "$folder" ] || [ ! -e "$folder" ] || printf 'folder %s ' "$folder"
}

step_prove() {
    left=$(residue)
    [ -z "$left" ] || fail not-clean "still there: $left"
    # Where the fault was never begun there is nothing that a full target would have to be compared for.
    if [ -f "$record/applying" ] || record_has_room; then record_compare; fi
    record_end
}

record_compare() { # with what the target was
    if [ -f "$record/baseline" ]; then
        injector_fingerprint >"$record/after"
        record_has_room || fail not-clean "there is no room to compare the target with what it was"
        missing=$(lines_without "$record/baseline" "$record/after")
        [ -z "$missing" ] || fail not-as-before "the target is not as before, this is gone: $missing"
    fi
    surroundings_prove
}

# In place of a step that undoes, of an undo record that was not begun.
step_unused() { # revert|prove
    token=${record##*/}
    [ "$1" != prove ] || record_end
    say "done" "$1"
}

record_end() {
    processes_kill "VNFAULT_STEP=$token."
    guards_end || fail not-clean "the guards could not be ended"
    record_drop
}

record_drop() {
    rm -rf "${root:?}/${token:?}"
    root_drop
}

lines_without() { # FILE OTHER: lines that the other has not; not those of another injection
    # The empty line is a pattern that no line meets: some grep takes no file without one.
    { cat "$2" && echo; } | grep -vxF -f - "$1" | while IFS= read -r line; do
        case $line in
        *"$token"*) ;;
        *VNFAULT* | *vnfault*) continue ;;
        esac
        printf '%s; ' "$line"
    done
}

# --- a folder of the fault's own -----------------------------------------------------------------
folder_make() { # WHERE: makes it there; its name is noted first
    folder=$1/vnfault-$token
    { echo "$folder" >"$record/folder"; } 2>/dev/null || record_refuse
    mkdir -m 700 "$folder" 2>/dev/null || [ -d "$folder" ] || fail folder "can't make $folder"
    : >"$folder/.vnfault"
}

folder_owned() {
    # A container that was started again has another first process.
    [ ! -f "$record/folder" ] || sed "s|^/proc/[0-9]*/root/|/proc/$container/root/|" "$record/folder" 2>/dev/null
}

folder_drop() {
    folder=$(folder_owned)
    case $folder in
    */vnfault-"$token") rm -rf "$folder" ;;
    esac
}

# --- the way in ----------------------------------------------------------------------------------
contract_step() { # STEP KEY=VALUE ...
    step=$1
    shift
    case $step in
    probe | arm | returned)
        request_from_arguments "$@"
        set --
        ;;
    apply | change | verify | renew | hold | revert | prove)
        record=${0%/*}
        if [ ! -d "$record" ]; then
            fail no-record "there is no undo record"
        fi
        case $step in
        revert | prove)
            record_begun || {
                step_unused "$step"
                return
            }
            ;;
        esac
        request_from_record
        ;;
    *) fail bad-request "there is no step '$step'" ;;
    esac
    step_"$step" "$@"
    say "done" "$step"
}

# Takes steps as lines 'NUMBER STEP [AMOUNT]' of its input, each in a process of its own, and tells by
# 'over NUMBER STATUS' on a line of its own when one is over. It ends with its input, with the undo record,
# and with a step that was killed: what that started may still run, and a step by command would end it.
contract_wait() {
    waiting=yes
    say "done" wait
    while read -r number step value && [ -d "${0%/*}" ] && container_lives; do
        (contract_step "$step" ${value:+"$value"}) </dev/null
        status=$?
        [ $status -le 1 ] || exit $status
        printf '\nover %s %s\n' "$number" $status
    done
}

contract_main() { # STEP ...
    case ${1:-} in
    guard)
        record=${0%/*}
        contract_guard "$2"
        return
        ;;
    leftovers | heal | sweep | lock | unlock | holder | service)
        service=$1
        shift
        "contract_$service" "$@"
        return
        ;;
    arm | apply | change | verify | hold | wait)
        # Marked, so that the guards can end a step that hangs as the lease ends.
        case ${VNFAULT_STEP:-} in
        '')
            marked=${0%/*}
            VNFAULT_STEP=${marked##*/}.
            # What one whose shell or connection died still does must not go on beside another. A shell that waits
            # ends none: it may come late, when the runner has taken the step by a command already.
            case $1 in apply | change) processes_kill "VNFAULT_STEP=$VNFAULT_STEP" ;; esac
            export VNFAULT_STEP
            exec sh "$0" "$@"
            ;;
        esac
        ;;
    esac
    [ "${1:-}" != wait ] || {
        contract_wait
        return
    }
    contract_step "$@"
}
