# What is left of vnfault on a target, found without a database: by its undo records, and by name
# where there is none (any more).

contract_leftovers() { # lines 'leftover TOKEN FAULT-TYPE live|over OWNER'
    for record in "$root"/*/; do
        record=${record%/}
        token=${record##*/}
        [ -f "$record/injector.sh" ] || continue
        request=$(cat "$record/request" 2>/dev/null)
        state=over
        [ "$(lease_left)" -le 0 ] || state=live
        fault=$(request_get fault)
        say leftover "$token" "${fault:-unknown}" "$state" "$(request_get owner)"
    done
    for token in $(orphans); do
        [ -d "$root/$token" ] || say leftover "$token" unknown over ""
    done
    for load in $(orphan_loads); do
        state=over
        [ -z "$(processes_marked "VNFAULT_LOAD=$load")" ] || state=live
        say leftover "$load" load $state ""
    done
    say "done" leftovers
}

# Tokens of what is there by name. A chain's may be shortened.
orphans() {
    {
        orphan_chains | sed 's/.*-//'
        for process in $(orphan_processes); do
            tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | sed -n -e 's/^VNFAULT_FAULT=\([a-z0-9]*\)\..*/\1/p' \
                -e 's/^VNFAULT_GUARD=\([a-z0-9]*\)\..*/\1/p'
        done
        orphan_folders | sed 's/.*-//'
        orphan_qdiscs | sed 's/.*/qdisc/'
    } | sort -u
}

orphan_chains() { # lines 'FAMILY TABLE CHAIN'
    command -v iptables-restore >/dev/null || return 0
    for family in $(chain_families); do
        for table in filter mangle; do
            chains_named "$family" $table 'VNFAULT-[a-z]-[a-z0-9]*' | sed "s/^/$family $table /"
        done
    done | without_neighbours
}

orphan_processes() {
    target_marked VNFAULT_FAULT=
    target_marked VNFAULT_GUARD=
}

orphan_folders() { # [FOLDER]: where else to look
    files=$(target_path '')
    for folder in "$files"/srv/vnfault-* "$files"/var/tmp/vnfault-* ${1:+"$files$1"/vnfault-*}; do
        [ -f "$folder/.vnfault" ] && echo "$folder"
    done
}

orphan_loads() { # TOKEN-SIDE of what a load keeps on its host, passwords among it
    for folder in "$root"/load-*/; do
        [ ! -d "$folder" ] || basename "$folder" | sed 's/^load-//'
    done
}

orphan_qdiscs() { # interfaces
    command -v tc >/dev/null || return 0
    tc qdisc show 2>/dev/null | sed -n "s/^qdisc prio $netem_handle: dev \([^ ]*\) root .*/\1/p"
}

# Reverts and proves every undo record, then removes what has none. Lines 'action TEXT'.
contract_heal() {
    clean=yes
    for record in "$root"/*/; do
        record=${record%/}
        if [ -f "$record/injector.sh" ]; then
            heal_record "$record" || clean=
        else
            heal_unwritten "$record"
        fi
    done
    heal_orphans
    rm -f "$root"/instant.*
    [ "$(lock_left)" -gt 0 ] || rm -f "$root/lock"
    root_drop
    left=$({ orphans; orphan_loads; } | tr '\n' ' ')
    [ -z "$left" ] || fail not-clean "still there: $left"
    [ -n "$clean" ] || fail not-clean "not all could be reverted and proven"
    say "done" heal
}

# One whose script did not get there whole: nothing was touched. Other folders have something in them.
heal_unwritten() { # FOLDER
    rm -f "$1"/*.vnfault-*
    rmdir "$1" 2>/dev/null && say action "removed the empty record ${1##*/}"
    return 0
}

heal_record() { # RECORD
    token=${1##*/}
    if ! record_begun; then
        rm -rf "${root:?}/${token:?}"
        say action "removed the unused record $token"
        return 0
    fi
    for step in revert prove; do
        answer=$(sh "$1/injector.sh" $step)
        if [ "$(printf '%s\n' "$answer" | tail -n 1)" != "done $step" ]; then
            say action "could not $step $token: $(one_line "$answer")"
            # Nothing is left that could be undone: it has been told, and the next heal starts afresh.
            case $answer in *"error not-as-before "*) (record_end) ;; esac
            return 1
        fi
    done
    say action "reverted $token and proved it"
}

recorded() { # is there any undo record?
    for script in "$root"/*/injector.sh; do
        [ ! -f "$script" ] || return 0
    done
    return 1
}

# Removes what one token names, where there is no undo record: a folder outlives a reboot.
contract_sweep() { # TOKEN [FOLDER]: where the fault's own folder was
    for folder in $(orphan_folders "${2:-}"); do
        [ "${folder##*/}" != "vnfault-$1" ] || rm -rf "$folder"
    done
    left=
    for token in $(orphans); do
        case $token in
        "$1") left=yes ;;
        qdisc*) recorded || left=yes ;; # it has no name of its own
        esac
    done
    [ -z "$left" ] || fail not-clean "there is no undo record, but something of $1 is left"
    say "done" sweep
}

heal_orphans() {
    # The chains of one injection together, as they lead to one another.
    orphan_chains | sed 's/VNFAULT-[a-z]-/VNFAULT-[a-z]-/' | sort -u | while read -r family table chains; do
        chains_remove "$family" "$table" "$chains"
        say action "removed the $family chains $chains"
    done
    for interface in $(orphan_qdiscs); do
        tc qdisc del dev "$interface" root handle "$netem_handle:"
        say action "removed the qdisc $netem_handle: of $interface"
    done
    if [ -n "$(orphan_processes)" ]; then
        processes_end target_marked VNFAULT_FAULT=
        processes_end target_marked VNFAULT_GUARD=
        say action "ended processes of vnfault"
    fi
    orphan_folders | while read -r folder; do
        rm -rf "$folder"
        say action "removed the folder $folder"
    done
    for load in $(orphan_loads); do
        processes_kill "VNFAULT_LOAD=$load"
        rm -rf "${root:?}/load-$load"
        say action "removed what the load $load left"
    done
}
