# name: connection-reset
# summary: TCP connections broken by a reset
# unit: %
# range: 0.01..100
# tools: iptables iptables-restore unshare
# parameter: direction in|out|both both "whose packets are answered by a reset: the other ends', the target's"
# parameter: interface name all "network interface; all is every one but the loopback"
# parameter: peers addresses any "the other ends"
# parameter: local-ports ports any "ports of the target"
# parameter: remote-ports ports any "ports of the other ends"
# parameter: peer address auto "host that is called at the remote ports to see it; auto is the runner or a neighbour"

# The intensity is the share of packets of set-up connections that are answered so, instead of going on.
# The resets themselves must get through. What sets a connection up goes on too, but for its third packet:
# that looks like any other.

rules_fault

filter_protocol() {
    echo tcp
}

rules_counted() {
    echo "-p tcp --tcp-flags SYN,RST NONE"
}

rules_stimulate() {
    if [ "$(parameter remote-ports)" = any ]; then
        pause 100
    else
        stimulate_by_connections "$(parameter remote-ports)"
    fi
}

rules_effect() { # FAMILY CHAIN
    echo "-A $2 $(rules_counted) -m statistic --mode random --probability $(probability "$amount")\
 -m comment --comment hit -j REJECT --reject-with tcp-reset"
}
