# name: partition
# summary: nothing comes from and goes to the peers
# unit: %
# range: 100..100
# tools: iptables iptables-restore unshare
# parameter: peers addresses any "who is out of reach; any is everyone but the runner"
# parameter: direction in|out|both both "which packets"
# parameter: interface name all "network interface; all is every one but the loopback"
# parameter: peer address auto "host pinged to see it, if no peers are named; auto is the runner or a neighbour"

rules_fault

rules_effect() { # FAMILY CHAIN
    echo "-A $2 -m comment --comment hit -j DROP"
}
