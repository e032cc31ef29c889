#!/usr/bin/env bash
# A shell for the edge that a busy target starts so late that the runner has taken the step by a command meanwhile.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../namespaces.sh"
namespaces_or_skip "a shell that comes late"

# Waits within the edge until it is let go on.
on_host sh -c "mkdir /run/bin && cat >/run/bin/iptables-restore && chmod +x /run/bin/iptables-restore" <<END
#!/bin/sh
[ ! -e /run/hold ] || echo >/run/holds
while [ -e /run/hold ]; do sleep 0.1; done
exec $(command -v iptables-restore) "\$@"
END
check "arm" prints '^done arm' arm_loss lateshell01 6000
on_host touch /run/hold
nsenter -t "$inside" --mount --net --pid env PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh /run/vnfault/lateshell01/injector.sh apply >"$scratch/applied" 2>&1 &
applying=$!
check "the step is under way" wait_until $applying on_host test -e /run/holds
on_host sh /run/vnfault/lateshell01/injector.sh wait </dev/null >"$scratch/late"
check "a shell comes late, to which nobody says anything" grep -q '^done wait' "$scratch/late"
on_host rm /run/hold
wait $applying
check "it does not end the step" prints '^done apply' cat "$scratch/applied"
check "whose fault is in" faulted
check "and is reverted" prints '^done revert' step lateshell01 revert
check "and proven gone" prints '^done prove' step lateshell01 prove
finish
