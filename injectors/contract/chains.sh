# iptables chains of an injection's own, for IPv4 and, where the target has it, IPv6. A chain is
# made and removed in one transaction together with the rule that leads to it, and known by its
# name, VNFAULT-LETTER-TOKEN; no other rule is ever touched.

chain_name() { # LETTER: at most 28 characters, so a long token loses its middle
    short=$token
    [ ${#token} -le 18 ] || short=$(echo "$token" | sed 's/^\(.\{9\}\).*\(.\{9\}\)$/\1\2/')
    echo "VNFAULT-$1-$short"
}

# Sets families, the commands to call: iptables, and ip6tables if it works. What an injection began with it
# stays with.
chain_families_read() {
    if [ -f "${record:-}/request" ]; then
        [ -s "$record/families" ] || chain_families_now >"$record/families"
        families=
        while read -r family; do families="$families $family"; done <"$record/families"
    else
        families=$(chain_families_now)
    fi
}

chain_families() {
    chain_families_read
    # shellcheck disable=SC2086 # one command a word
    printf '%s\n' $families
}

chain_families_now() {
    echo iptables
    if command -v ip6tables-restore >/dev/null && ip6tables -w 5 -t filter -S INPUT >/dev/null 2>&1; then
        echo ip6tables
    fi
}

# Addresses of the runner and SSH port of the target, one pair a line, as far as they are known.
control_channels() { # FAMILY
    {
        request_all control
        # As the target itself sees the connection: addresses may be translated on the way.
        set -f
        # shellcheck disable=SC2086 # client address and port, server address and port
        set -- "$1" ${SSH_CONNECTION:-}
        set +f
        [ $# -lt 5 ] || echo "$2,$5"
    } | sed 's/^::ffff:\([0-9.]*,\)/\1/; s/%[^,]*,/,/' | sort -u | while IFS=, read -r address port; do
        is_number "$port" || continue
        case "$1 $address" in
        'ip6tables '*[!0-9a-fA-F:]* | 'iptables '*[!0-9.]* | *' ') ;;
        'ip6tables '*:* | 'iptables '*.*) echo "$address $port" ;;
        esac
    done
}

# Rules that let the control channel through: what is set up and what comes anew, both ways; and
# for IPv6 the neighbour discovery, without which no packet finds its way.
chain_exempt() { # FAMILY CHAIN
    control_channels "$1" | while read -r address port; do
        echo "-A $2 -p tcp -s $address --dport $port -j RETURN"
        echo "-A $2 -p tcp -d $address --sport $port -j RETURN"
    done
    if [ "$1" = ip6tables ]; then
        for type in 133 134 135 136; do
            echo "-A $2 -p ipv6-icmp --icmpv6-type $type -j RETURN"
        done
    fi
}

# Which packets a rule of a built-in chain leads to ours: those of an interface, or of all but the
# loopback.
chain_interface() { # OPTION (-i or -o)
    interface=$(parameter interface)
    case $interface in
    all) echo "! $1 lo" ;;
    *) echo "$1 $interface" ;;
    esac
}

# Does the kernel know the rules? Tried in a network namespace that goes at once.
chain_try() { # FAMILY RULES
    if ! unshare -n true 2>/dev/null; then
        say detail "kernel features could not be tried beforehand"
        return 0
    fi
    message=$(printf '%s\n' "$2" | unshare -n "$1-restore" -n 2>&1) ||
        fail missing-feature "$1 can't do what is needed here: '$(chain_refused "$@")': $message"
}

# The first rule that isn't taken by itself either: the message may tell no more than a line's number.
chain_refused() { # FAMILY RULES
    printf '%s\n' "$2" | grep '^-' | while read -r rule; do
        {
            printf '%s\n' "$2" | grep '^[*:]'
            printf '%s\nCOMMIT\n' "$rule"
        } | unshare -n "$1-restore" -n >/dev/null 2>&1 && continue
        printf '%s\n' "$rule"
        break
    done
}

# A chain that is there under a name of ours before anything is armed is not ours.
chains_refuse_foreign() { # TABLE PATTERN
    [ ! -f "$record/armed" ] || return 0
    for family in $(chain_families); do
        found=$(chains_named "$family" "$1" "$2")
        [ -z "$found" ] && continue
        hint "vnfault heal removes all that has vnfault's name"
        fail foreign-chain "$family has a chain $(one_line "$found") in the table $1 already"
    done
}

# Notes rules of FAMILY, and those that take them away, so that nothing but putting them in is left for the
# edge: chains of our own, and rules of the built-in ones, 'INPUT\|OUTPUT', that lead to them.
chain_note() { # FAMILY BUILT-IN-CHAINS RULES
    { printf '%s\n' "$3" >"$record/rules.$1"; } 2>/dev/null || record_refuse
    {
        printf '%s\n' "$3" | grep '^[*]'
        printf '%s\n' "$3" | sed -n "s/^-[AI] \($2\) \(1 \)*/-D \1 /p"
        printf '%s\n' "$3" | sed -n 's/^:\([^ ]*\) .*/-F \1/p'
        printf '%s\n' "$3" | sed -n 's/^:\([^ ]*\) .*/-X \1/p'
        echo COMMIT
    } 2>/dev/null >"$record/undo.$1" || record_refuse
}

chain_apply() { # FAMILY
    message=$("$1-restore" -n -w 5 2>&1 <"$record/rules.$1") ||
        fail rules "$1 refused the rules: $message"
}

# Takes the noted rules away all at once; where not all of them are there, what there is of the chains
# whose names match.
chain_undo() { # FAMILY TABLE PATTERN
    [ -s "$record/undo.$1" ] && "$1-restore" -n -w 5 <"$record/undo.$1" >/dev/null 2>&1 ||
        chains_remove "$@"
}

# Removes the chains whose names match, and the rules that lead to them.
chains_remove() { # FAMILY TABLE PATTERN
    rules=$("$1" -w 5 -t "$2" -S 2>/dev/null) || return 1
    rules=$(printf '%s\n' "$rules" | grep -E -- " $3( |\$)") || return 0
    {
        echo "*$2"
        # First the rules that lead there, then what is in, then the chains.
        printf '%s\n' "$rules" | sed -n "s/^-A \(.* -j VNFAULT-\)/-D \1/p" | grep -vE -- "^-D VNFAULT-"
        printf '%s\n' "$rules" | sed -n 's/^-N /-F /p'
        printf '%s\n' "$rules" | sed -n 's/^-N /-X /p'
        echo COMMIT
    } | "$1-restore" -n -w 5 2>/dev/null
}

chains_left() { # FAMILY TABLE PATTERN: their names, or that these can't be told
    chains_named "$@" || echo "($1 can't read the table $2)"
}

chains_named() { # FAMILY TABLE PATTERN: their names; false if they can't be told
    rules=$("$1" -w 5 -t "$2" -S 2>/dev/null) || return 1
    case $rules in
    *VNFAULT-*) printf '%s\n' "$rules" | sed -n 's/^-N //p' | grep -E -- "^$3\$" ;;
    esac
    return 0
}

# Adds what the rules of a chain counted to seen and hit, by their comments. All are read at once, so that
# what comes by meanwhile is not in one of them only.
chain_count() { # FAMILY TABLE CHAIN
    rules=$("$1" -w 5 -t "$2" -v -S "$3" 2>/dev/null)
    while read -r rule; do
        count=${rule##* -c }
        count=${count%% *}
        case $rule in
        *'--comment seen -c '* | *'--comment "seen" -c '*) seen=$((seen + count)) ;;
        *'--comment hit -c '* | *'--comment "hit" -c '*) hit=$((hit + count)) ;;
        esac
    done <<END
$rules
END
}
