#!/usr/bin/env bash
# What is left of an injection whose undo record is gone (a proof whose answer was lost, a reboot) is told from what is
# another's.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../namespaces.sh"
namespaces_or_skip "injections without an undo record"

sweep() { join '' | on_host env PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -s sweep "$1" 2>&1; } # TOKEN
chain() { on_host iptables "$1" VNFAULT-i-"$2"; }

check "nothing is left" prints '^done sweep' sweep sweptoken01
chain -N sweptoken01
check "a chain of its own is left" prints '^error not-clean' sweep sweptoken01
chain -X sweptoken01
chain -N othertoken1
check "a chain of another's is no matter" prints '^done sweep' sweep sweptoken01
chain -X othertoken1

# The handle of a qdisc tells no token.
on_host sh -c 'mkdir -p /run/bin && cat >/run/bin/tc && chmod +x /run/bin/tc' <<'END'
#!/bin/sh
echo "qdisc prio 7666: dev eth0 root refcnt 2 bands 2 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"
END
check "a qdisc of vnfault's is its own where nobody else is there" prints '^error not-clean' sweep sweptoken01
put latency otherlaten1
check "it is another's where that has an undo record" prints '^done sweep' sweep sweptoken01
finish
