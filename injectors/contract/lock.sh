# The lock that keeps two runners apart: the file lock with 'DEADLINE OWNER', on the monotonic
# clock as the lease of an injection is.

lock_left() { # hundredths of a second
    deadline=0
    read -r deadline owner 2>/dev/null <"$root/lock"
    is_number "$deadline" || deadline=0
    echo $((deadline - $(uptime_now)))
}

lock_owner() {
    sed 's/^[0-9]* //' "$root/lock" 2>/dev/null
}

contract_lock() { # LEASE OWNER [DEAD]: the lock of that owner is taken over although it is in force
    is_number "$1" || fail bad-request "the lease is malformed"
    mine=$root/lock.$$
    tries=0
    while [ $tries -lt 10 ]; do
        tries=$((tries + 1))
        why=$({ mkdir -p "$root" && printf '%s %s\n' $(($(uptime_now) + $1)) "$2" >"$mine"; } 2>&1) || continue
        if ln "$mine" "$root/lock" 2>/dev/null; then
            # One that took a stale lock for ours puts it back; who is it in the end?
            pause 5
        elif [ "$(lock_owner)" = "$2" ]; then
            mv "$mine" "$root/lock"
        fi
        rm -f "$mine"
        holder=$(lock_owner)
        if [ "$holder" = "$2" ]; then
            say "done" lock
            return
        fi
        # One that was given up meanwhile has no holder: the next try may get it.
        [ -z "$holder" ] || lock_drop_stale "${3:-}" || lock_refuse "$holder"
    done
    [ -z "$why" ] || fail lock "the lock can't be written: $why"
    fail locked "the target's lock changes hands all the time"
}

lock_refuse() { # HOLDER
    hint "wait for that run to end, or for its lock to lapse in $(($(lock_left) / 100)) s"
    say holder "$1"
    fail locked "the target is in use by $1"
}

# Moves a lock that has run out, or is of that owner, aside; false if it is in force.
lock_drop_stale() { # DEAD
    stale=$root/stale.$$
    before=$(cat "$root/lock" 2>/dev/null)
    [ "$(lock_left)" -le 0 ] || [ "${before#* }" = "$1" ] || return 1
    mv "$root/lock" "$stale" 2>/dev/null || return 0
    # Another runner may have taken the lock between the look and the move.
    [ "$(cat "$stale")" = "$before" ] || ln "$stale" "$root/lock" 2>/dev/null
    rm -f "$stale"
}

# Removes the lock once it has run out, unless it was renewed meanwhile.
lock_outlive() {
    left=$(lock_left)
    [ "$left" -le 0 ] || pause "$left"
    [ "$(lock_left)" -gt 0 ] || rm -f "$root/lock"
    root_drop
}

contract_unlock() { # OWNER
    [ "$(lock_owner)" != "$1" ] || rm -f "$root/lock"
    root_drop
    say "done" unlock
}

contract_holder() { # line 'holder OWNER' of a lock in force
    [ "$(lock_left)" -le 0 ] || say holder "$(lock_owner)"
    say "done" holder
}
