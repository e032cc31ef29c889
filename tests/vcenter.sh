# A vCenter (tests/vcenter) for shell tests, and the vSphere collector on it. Source it after lib.sh.
#   make_certificates                a certificate for 127.0.0.1, in $scratch
#   vcenter_up [OPTION ...]          starts it; $url is where, $log what it was asked
#   vcenter_down                     ends it
#   tell VERB [NAME=VALUE ...]       see tests/vcenter/control.go
#   probe_up NAME=VALUE ... -- VM ... opens the collector; what it says is in $scratch/said
#   ask COMMAND                      has it carry the command out and prints what it says
#   probe_down
build=${BUILD:-$top/build}
probe=$build/tests/integration/vsphere_probe
watched=cpu.usage.average
vcenter_process=
probe_process=

make_certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=vcenter -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$scratch/key.pem" -out "$scratch/certificate.pem" 2>/dev/null
    printf 'p<&>"ss wörd\n' >"$scratch/password"
}

vcenter_up() {
    log=$scratch/requests
    : >"$log"
    : >"$scratch/url" # what an earlier one said
    rm -f "$scratch/life"
    mkfifo "$scratch/life"
    "$build/vcenter" -cert "$scratch/certificate.pem" -key "$scratch/key.pem" -log "$log" \
        -password "$(cat "$scratch/password")" "$@" <"$scratch/life" >"$scratch/url" 2>"$scratch/vcenter.log" &
    vcenter_process=$!
    exec {life}>"$scratch/life"
    wait_until $vcenter_process test -s "$scratch/url" || { cat "$scratch/vcenter.log"; return 1; }
    url=$(cat "$scratch/url")
}

vcenter_down() {
    exec {life}>&-
    wait "$vcenter_process"
}

tell() {
    local arguments=(--data-urlencode "do=$1") argument
    for argument in "${@:2}"; do arguments+=(--data-urlencode "$argument"); done
    curl --silent --show-error --fail --cacert "$scratch/certificate.pem" --get "${url%/sdk}/control" \
        "${arguments[@]}"
}

# What the collector says until it is done; false if it ended.
hear() {
    local line
    while IFS= read -r line <&"$answers"; do
        [ "$line" = "done" ] && return 0
        printf '%s\n' "$line"
    done
    return 1
}

probe_up() {
    rm -f "$scratch/commands" "$scratch/answers"
    mkfifo "$scratch/commands" "$scratch/answers"
    "$probe" "$watched" "$@" <"$scratch/commands" >"$scratch/answers" 2>"$scratch/probe.log" {life}>&- &
    probe_process=$!
    exec {commands}>"$scratch/commands" {answers}<"$scratch/answers"
    hear >"$scratch/said"
}

ask() {
    printf '%s\n' "$*" >&"$commands"
    hear
}

probe_down() {
    exec {commands}>&- {answers}<&-
    wait "$probe_process"
}

# The attributes of a source here, beside those given.
source_here() { echo "url=$url" "user=vnfault@vsphere.local" "password-file=$scratch/password" "ca-file=$scratch/certificate.pem" "$@"; }
