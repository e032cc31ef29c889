#!/usr/bin/env bash
# Completion in bash: verbs, options, their words, files.
. "$(dirname "$0")/../lib.sh"

completion=${BUILD:-$top/build}/manual/pages/vnfault.bash
cat >"$scratch/complete.sh" <<'END'
# usage: complete.sh COMPLETION WORD ...: what the last word may become, sorted, on one line
. "$1"
shift
COMP_WORDS=(vnfault "$@")
COMP_CWORD=$#
_vnfault
printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ' | sed 's/ $//'
END
complete() { bash "$scratch/complete.sh" "$completion" "$@"; }
options_of() { { "$vnfault" "$1" --help | sed -n 's/^  \(-[^ ]*\) .*/\1/p'; echo --help; } | sort | tr '\n' ' ' | sed 's/ $//'; }
verbs=$("$vnfault" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
mkdir "$scratch/files" && cd "$scratch/files" || exit 70
mkdir folder
cat >one.xml <<'END'
<testbed><target name="sprout"/>
<target name="bono" roles="x"/></testbed>
END

check "nothing typed: every verb" prints "$(sort <<<"$verbs" | xargs)\$" complete ''
check "a verb that has begun" equals 'evaluate' complete ev
check "levels of the log" equals 'debug' complete --log-level d
check "a verb after one" equals 'check' complete --log-level debug chec
for verb in $verbs; do
    check "the options of $verb" equals "$(options_of "$verb")" complete "$verb" -
done
check "files and folders as operand" equals 'folder one.xml' complete run ''
check "files as an argument" equals 'one.xml' complete run --testbed o
check "also joined by =" equals 'one.xml' complete run --testbed = o
check "and with nothing after it" equals 'folder one.xml' complete run --testbed =
check "a number has no completion" equals '' complete run --lease ''
check "an operand after an option with argument" equals 'one.xml' complete run --lease 5 o
check "and with =" equals 'one.xml' complete run --lease = 5 o
check "actions of the lab" equals 'check down reboot ssh status up' complete lab ''
check "hosts of the lab" equals 'sprout' complete lab --name x reboot s
check "splits" equals 'experiment intensity nominal repetition stratified' complete evaluate --split ''
check "detectors" equals 'autoencoder forest pca' complete train --detector ''
check "tables" equals 'all experiments injections observations service' complete export --what ''
check "fault types" equals 'packet-loss partition port-block process-kill process-pause' complete calibrate one.xml --fault p
check "several" equals 'cpu,latency' complete calibrate one.xml --fault cpu,lat
check "targets of the file that is named" equals 'bono sprout' complete calibrate one.xml --target ''
check "no file, no target" equals '' complete calibrate --target ''
check "an unknown verb" equals '' complete nosuch ''
check "bash loads it for vnfault" prints '-F _vnfault vnfault' bash -c ". '$completion' && complete -p vnfault"

finish
