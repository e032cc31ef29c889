#!/usr/bin/env bash
# A whole run with a container among the targets: locked, monitored, faulted, started again as reset.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$top/tests/target.sh"
source "$top/tests/containers.sh"
if [ "$(id -u)" != 0 ]; then
    skip "a run with a container" "it takes root to bring up a lab"
    finish
fi
lab_up
node_up || { echo "not ok 1 - a node is there"; cat "$scratch/target.log"; exit 1; }
if ! box web 198.18.78.11 --label app=web >"$scratch/box" 2>&1; then
    skip "a run with a container" "podman can't run one here: $(tail -n 1 "$scratch/box")"
    finish
fi
for side in runner target; do
    process=${side}_pid
    ip netns attach "vnft-$side-$$" "${!process}"
    at_exit "ip netns delete vnft-$side-$$"
done

# The lab's testbed, and the container beside its hosts.
sed "s|</testbed>||" "$testbed" >"$scratch/testbed.xml"
cat >>"$scratch/testbed.xml" <<END
  <node name="node1" address="$target_address">
    <ssh key="$scratch/key" known-hosts="$scratch/known_hosts" network-namespace="vnft-runner-$$"/>
  </node>
  <target name="web" node="node1" service-processes="httpd">
    <container engine="podman" label="app=web"/>
    <source collector="cgroup" interface="eth0" network-namespace="vnft-target-$$"/>
  </target>
</testbed>
END
campaign=$(edited_campaign web 's/<target name="sprout"/<target name="web"/; s/value="10%"/value="50%"/')
run=("$vnfault" run "$campaign" --testbed "$scratch/testbed.xml")

check "check --targets finds all ready" exits_with 0 "$vnfault" check --targets --testbed "$scratch/testbed.xml" "$campaign"
good=$scratch/good
check "a run ends with 0" exits_with 0 "${run[@]}" -o "$good"
check "both experiments are valid" equals 2 query "$good" "SELECT count(*) FROM experiment WHERE verdict = 'valid'"
check "each fault took hold and is proven gone" equals "memory|proven|1
packet-loss|proven|1" query "$good" "SELECT fault_type, state, achieved BETWEEN requested * 0.5 AND requested * 1.5 FROM injection ORDER BY 1"
check "the container has every observation" equals 15 query "$good" "SELECT min(n) FROM (SELECT count(*) AS n
    FROM observation_label WHERE target = 'web' GROUP BY experiment_id)"
check "the reset had its engine start it again" equals 2 query "$good" "SELECT count(*) FROM journal
    WHERE host = 'web' AND action = 'reboot' AND outcome = 'ok'"
check "its limits are recorded" equals 67108864 query "$good" "SELECT value FROM fact WHERE subject = 'web' AND name LIKE 'cgroup-memory%'"
check "nothing is left on the node" test ! -e "/proc/$target_pid/root/run/vnfault"

# The container is started again by somebody while the fault holds.
torn=$scratch/torn
"${run[@]}" -o "$torn" >"$scratch/log" 2>&1 &
wait_for "$torn" $! "SELECT count(*) = 1 FROM injection WHERE state = 'verified'"
podman restart web >/dev/null 2>&1
check "one that was started again in the middle: the run goes on" exits_with 2 wait $!
check "its experiment is invalid" equals invalid query "$torn" "SELECT verdict FROM experiment ORDER BY id LIMIT 1"
# Whether it was told by the fault's step or by the look at its processes depends on how long podman took.
check "and says why" prints 'started again' query "$torn" "SELECT reason FROM experiment ORDER BY id LIMIT 1"
check "the fault is proven gone" equals proven query "$torn" "SELECT state FROM injection ORDER BY id LIMIT 1"
check "the next one is valid" equals valid query "$torn" "SELECT verdict FROM experiment ORDER BY id DESC LIMIT 1"
check "nothing is left then either" test ! -e "/proc/$target_pid/root/run/vnfault"
finish
