# Campaigns of faults in the load itself. Source it after lib.sh.
campaign=$top/tests/e2e/data/load-faults.xml

# The campaign with one fault at one level, edited further by sed; prints its path.
only() { # FAULT VALUE [SED-SCRIPT]
    local other=overload
    [ "$1" != overload ] || other=message-drop
    sed -E "s|\.\./\.\./\.\./|$top/|; /<fault type=\"$other\"/,/<\/fault>/d; /<intensity/d
        s|<profile.*|<intensity name=\"one\" value=\"$2\"/>|; ${3:-}" "$campaign" >"$scratch/$1.xml"
    echo "$scratch/$1.xml"
}
sipp_on_load() { on load 'pgrep -x sipp'; }
nothing_left() {
    local left
    left=$(on load 'pgrep -ax "sipp|timeout|tail"; ls -d /run/vnfault/load-* 2>/dev/null')
    [ -z "$left" ] || { echo "left on the load host: $left"; return 1; }
    is_clean load
}
