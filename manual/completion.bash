# bash completion for vnfault. What verbs, options and operands there are is in the functions
# _vnfault_verbs, _vnfault_options, _vnfault_argument and _vnfault_operand, which the build adds from the verbs' tables.

_vnfault_words() { # WORD ...
    mapfile -t COMPREPLY < <(compgen -W "$*" -- "$word")
}

_vnfault_list() { # WORD ...: several of them may be said, with commas between
    local before=
    [[ $word == *,* ]] && before=${word%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$*" -- "${word##*,}")
    compopt -o nospace 2>/dev/null
}

_vnfault_files() {
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
}

# The targets that the campaign and testbed files on the command line name.
_vnfault_targets() {
    local file names=
    for file in "${COMP_WORDS[@]:1}"; do
        [[ $file == *.xml && -f $file ]] &&
            names+=" $(sed -n 's/.*<target[^>]* name="\([A-Za-z0-9._-]*\)".*/\1/p' "$file" | sort -u | tr '\n' ' ')"
    done
    _vnfault_list "$names"
}

# Sets `verb`, `option` (whose argument is being typed), `position` (of the operand) from the words before the cursor.
_vnfault_look() {
    local i at
    for ((i = 1; i < COMP_CWORD; i++)); do
        at=${COMP_WORDS[i]}
        option=
        if [[ $at == = ]]; then # bash takes it for a word of its own
            continue
        elif [[ -z $verb && $at == --log-level ]] || [[ $takers == *" $at "* ]]; then
            option=$at
            [[ ${COMP_WORDS[i + 1]} == = && $((i + 1)) -le $COMP_CWORD ]] && i=$((i + 1))
            [ $((i + 1)) -lt "$COMP_CWORD" ] && option= && i=$((i + 1))
        elif [[ $at == -* ]]; then
            :
        elif [ -z "$verb" ]; then
            verb=$at
            _vnfault_options
        else
            position=$((position + 1))
        fi
    done
}

_vnfault() {
    local word=${COMP_WORDS[COMP_CWORD]} verb='' option='' options='' takers='' position=0
    COMPREPLY=()
    _vnfault_look
    [[ $word == = ]] && word=
    if [ "$option" = --log-level ] && [ -z "$verb" ]; then
        _vnfault_words error warning info debug
    elif [ -n "$option" ]; then
        _vnfault_argument
    elif [ -z "$verb" ]; then
        _vnfault_words "$(_vnfault_verbs)" --log-level --help --version
    elif [[ $word == -* ]]; then
        _vnfault_words "$options"
    else
        _vnfault_operand
    fi
}
complete -F _vnfault vnfault
