# A User-mode Linux guest as a target: a real kernel that has tc netem. Source it after lib.sh.
#   netem_guest NAME   boots it, or ends the test with a skip; the mechanism is netem from then on
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/shaping.sh"
. "$top/tests/guest.sh"

on_guest() { over_ssh $target_address "$@"; }
state() { on_guest 'tc qdisc show; ls -A /run /srv /var/tmp; ps -e -o args= | grep -E "[g]uard|[s]leep [0-9]+\."; true'; }

netem_guest() { # NAME
    guest_or_skip "$1"
    guest_target || { echo "not ok 1 - the guest boots"; cat "$scratch/guest.log"; exit 1; }
    mechanism=netem
    state >"$scratch/before"
}
