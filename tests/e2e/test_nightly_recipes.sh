#!/usr/bin/env bash
# The recipes of docs/nightly.md, each as it stands there, on the lab: systemd, cron, GitLab CI, Jenkins. They are run by a
# real systemd in a container, a real cron, bash as GitLab's runner calls it, and Groovy; all in a root of its own over this
# machine's, into which vnfault is installed.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"

recipes=$top/docs/nightly.md
root=$scratch/apart/root

# --- the recipes' text ---
section() { awk -v heading="## $1" '/^## /{ inside = $0 == heading; next } inside' "$recipes"; }
fenced() { section "$1" | awk '/^```/{ inside = !inside; next } inside'; }
indented() { # SECTION NUMBER: of its blocks
    section "$1" | awk -v wanted="$2" '/^    /{ if (!inside) block++; inside = 1; if (block == wanted) print substr($0, 5); next }
        { inside = 0 }'
}

# --- a root of its own ---
# /run is its own too, but for the lab: cron's process number, say, is not this machine's.
make_root() {
    mount --make-rprivate / && mkdir -p "$scratch/apart" && mount -t tmpfs none "$scratch/apart" &&
        mkdir "$scratch/apart/upper" "$scratch/apart/work" "$root" &&
        mount -t overlay none -o "lowerdir=/,upperdir=$scratch/apart/upper,workdir=$scratch/apart/work" "$root" &&
        mount --rbind /proc "$root/proc" && mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev" &&
        mount -t tmpfs none "$root/run" && mkdir -p "$root/run/netns" "$root/run/vnfault" &&
        mount --rbind /run/netns "$root/run/netns" && mount --bind /run/vnfault "$root/run/vnfault" &&
        mkdir -p "$root$scratch" && mount --bind "$scratch" "$root$scratch"
}
export -f make_root
export scratch root
beside() { nsenter -m -t $holder "$@"; } # sees the root from outside
inside() { # FOLDER COMMAND ...
    local folder=$1
    shift
    nsenter -m -t $holder chroot "$root" env -C "$folder" -u VNFAULT "$@"
}
run_of() { inside / sh -c "ls -d $1/2* | tail -n 1"; } # FOLDER: the last night's
holds_night() { inside / sqlite3 -readonly "$(run_of "$1")/run.sqlite" "SELECT state FROM run" | grep -x complete; }

lab_up
unshare -m bash -c 'make_root && touch "$scratch/ready" && exec tail -f /dev/null' 2>"$scratch/no-root" &
holder=$!
at_exit "kill $holder 2>/dev/null; wait $holder"
if ! wait_until $holder test -e "$scratch/ready"; then
    skip "the recipes for the night" "no root of its own: $(cat "$scratch/no-root")"
    finish
fi
install() {
    beside make --silent -C "$top" BUILD="${BUILD:-$top/build}" BINARY="$vnfault" DESTDIR="$root" PREFIX=/usr install &&
        beside cp "$top"/packaging/systemd/* "$root/lib/systemd/system/"
}
check "vnfault is installed" install

# Folders as the recipes have them.
put_files() { # FOLDER
    inside / mkdir -p "$1/testbeds"
    # A longer period than the short campaign's: a busy machine is late now and then.
    edited_campaign core '/type="packet-loss"/d; s/<reset .*/<reset method="none"\/>/; s/period="1s"/period="2s"/
        s/duration="14s"/duration="26s"/; s/start="4s" length="6s"/start="6s" length="10s"/' >/dev/null
    beside cp "$scratch/core.xml" "$root$1/core.xml"
    # The control groups of this machine aren't seen from systemd's container.
    sed -zE 's|<source collector="cgroup"[^>]*>|<source collector="proc"/>|g' "$testbed" |
        beside tee "$root$1/testbeds/core.xml" >/dev/null
    gates 'figure="failed-calls" groups="together" absolute="95%"' "$1"
}
gates() { # ATTRIBUTES FOLDER
    beside tee "$root$2/gates.xml" >/dev/null <<<"<gates xmlns=\"urn:vnfault:gates:1\"><gate $1/></gates>"
}
for folder in /srv/campaigns /root/cron /root/gitlab /root/jenkins; do put_files $folder; done

# --- systemd ---
inside / mkdir -p /etc/vnfault /var/lib/prometheus/node-exporter
indented systemd 1 | beside tee "$root/etc/vnfault/core.conf" >/dev/null
# Nothing but the night is started there.
beside sh -c "rm -rf $root/etc/systemd/system/* $root/lib/systemd/system/*.wants/* && mkdir $root/etc/systemd/system/timers.target.wants"
beside tee "$root/etc/systemd/system/commands.service" >/dev/null <<'END'
[Service]
Type=oneshot
ExecStart=/bin/bash /commands
ExecStopPost=/bin/systemctl --no-block exit
StandardOutput=file:/commands.out
StandardError=file:/commands.err
END
# systemd as the first process of a container on the network of this machine; it needs a unit to be in where one runs here.
# What systemd-nspawn keeps of a container while it runs goes with the mount.
boot() { # runs /commands, from standard input
    local unit=--keep-unit
    [ ! -d /run/systemd/system ] || unit=
    beside tee "$root/commands" >/dev/null
    beside unshare -m sh -c 'for folder in proc sys dev run; do umount -R "$0/$folder" || exit; done
        mkdir -p /run/systemd/nspawn && mount -t tmpfs none /run/systemd/nspawn && exec systemd-nspawn "$@"' \
        "$root" -q -D "$root" $unit --register=no --link-journal=no --console=pipe -M "vnfault-$$" --boot --bind=/run/netns \
        --bind=/run/vnfault systemd.unit=commands.service </dev/null
    beside cat "$root/commands.out"
}
night_by_systemd() {
    {
        indented systemd 2
        echo 'echo status $?; systemctl is-enabled vnfault-nightly@core.timer'
        echo 'systemctl show -P NextElapseUSecRealtime vnfault-nightly@core.timer'
        echo 'journalctl -o cat -u vnfault-nightly@core.service >/night.log'
    } | boot >"$scratch/systemd" 2>&1
    cat "$scratch/systemd"
    beside cat "$root/commands.err" "$root/night.log"
}

check "the units are sound" equals "" inside / systemd-analyze verify vnfault-nightly@core.service vnfault-nightly@core.timer
check "systemd: a first night ends with 0, as the commands tell" prints '^0$' night_by_systemd
check "the timer is enabled" grep -x enabled "$scratch/systemd"
check "and goes off at ten" prints ' 22:00:00 ' cat "$scratch/systemd"
check "the run is where it is said to be" holds_night /var/lib/vnfault/core
check "the textfile, too" prints '^vnfault_last_run_exit_status\{campaign="short"\} 0$' inside / cat /var/lib/prometheus/node-exporter/vnfault-core.prom
check "and is what Prometheus reads" inside / sh -c 'promtool check metrics </var/lib/prometheus/node-exporter/vnfault-core.prom'
inside / cp -a "$(run_of /var/lib/vnfault/core)" /srv/campaigns/base

# --- cron ---
indented cron 1 >"$scratch/crontab"
cron_command() { grep -v '^#' "$scratch/crontab" | sed -E 's/^([^ ]+ +){5}//'; }
cron_process() { beside grep . "$root/run/crond.pid" 2>/dev/null; }
# The next minute, in place of ten in the evening.
night_by_cron() {
    { echo HOME=/root/cron; sed 's|^0 22 \* \* 1-5|* * * * *|' "$scratch/crontab"; } | inside / crontab -
    inside / cron -f &
    local cron=$!
    wait_until $cron cron_process
    at_exit "kill $(cron_process) 2>/dev/null"
    wait_until $cron inside / sh -c 'ls /root/cron/nights/2*/run.sqlite 2>/dev/null' >/dev/null
    inside / crontab -r
    wait_until $cron holds_night /root/cron/nights
    local night=$?
    wait_until $cron eval '! inside / pgrep -f "nightly core.xml testbeds/core.xml nights" >/dev/null'
    kill "$(cron_process)"
    return $night
}
check "cron takes the line" inside / crontab -n "$scratch/crontab"
check "and runs the night" night_by_cron
check "whose log says that all is clean" equals 2 inside /root/cron grep -c '^sprout  *clean$' nights.log
check "and nobody got a mail" test ! -e "$scratch/mails"

# --- GitLab CI ---
fenced "GitLab CI" >"$scratch/gitlab-ci.yml"
# A job as the runner's shell takes it: all lines of the script in one bash that ends at the first failure, then the
# after_script in another one, then the artefacts are collected; an exit status that may be is a warning.
gitlab() {
    beside rm -rf "$root/root/gitlab/nights" "$root/root/gitlab/gates.junit.xml"
    python3 - "$scratch/gitlab-ci.yml" "$scratch" <<'END'
import sys, yaml
jobs = yaml.safe_load(open(sys.argv[1]))
(job,) = jobs.values()
assert set(job) == {"rules", "resource_group", "tags", "timeout", "script", "after_script", "allow_failure", "artifacts"}, job
assert job["artifacts"]["when"] == "always"
for name in "script", "after_script":
    open(f"{sys.argv[2]}/{name}", "w").write("set -eo pipefail\n" + "\n".join(job[name]) + "\n")
open(f"{sys.argv[2]}/allowed", "w").write("\n".join(map(str, job["allow_failure"]["exit_codes"])))
open(f"{sys.argv[2]}/artefacts", "w").write("\n".join(job["artifacts"]["paths"] + [job["artifacts"]["reports"]["junit"]]) + "\n")
END
    local status=0
    inside /root/gitlab bash "$scratch/script" </dev/null || status=$?
    inside /root/gitlab bash "$scratch/after_script" </dev/null || echo "after_script failed"
    while read -r path; do inside /root/gitlab test -e "$path" && echo "artefact $path"; done <"$scratch/artefacts"
    if [ $status = 0 ]; then echo "job passed"; elif grep -qx $status "$scratch/allowed"; then echo "job warned"; else echo "job failed"; fi
}
junit() { inside "$1" xmllint --xpath "concat(count(//testcase), ' ', count(//failure), ' ', count(//error))" gates.junit.xml; }
gitlab >"$scratch/gitlab" 2>&1
check "GitLab CI: a good night passes" prints '^job passed$' cat "$scratch/gitlab"
check "its artefacts are there" equals "artefact nights/
artefact gates.junit.xml" grep '^artefact' "$scratch/gitlab"
check "and the proof after it" equals 3 grep -c '^sprout  *clean$' "$scratch/gitlab"
check "the JUnit file has a gate, which passed" equals "1 0 0" junit /root/gitlab

# --- Jenkins ---
fenced Jenkins >"$scratch/Jenkinsfile"
jenkins() { inside /root/jenkins groovy "$top/tests/e2e/data/jenkins.groovy" "$scratch/Jenkinsfile" </dev/null; }
# Against a base whose answers came at a millionth of the time every night is a regression.
gates 'figure="response-time" groups="together" relative="900%"' /root/jenkins
inside / sh -c 'cp -a /srv/campaigns/base /srv/campaigns/true-base &&
    sqlite3 /srv/campaigns/base/run.sqlite "UPDATE service_response SET mean_ns = mean_ns / 1000000"'
jenkins >"$scratch/jenkins" 2>&1
check "Jenkins: a regression fails the build" prints '^Finished: FAILURE$' cat "$scratch/jenkins"
check "for that reason" prints '^failure: a regression' cat "$scratch/jenkins"
check "the JUnit file says which" equals "1 1 0" junit /root/jenkins
check "and was read" grep -x 'junit: 1 tests, 1 failed' "$scratch/jenkins"
check "the night is archived" prints '^artefacts: [1-9]' cat "$scratch/jenkins"

# --- nights without time ---
sed -i 's/--most-time 7h/--most-time 1ms/' "$scratch/gitlab-ci.yml" "$scratch/Jenkinsfile"
check "GitLab CI: a night without time is a warning" prints '^job warned$' gitlab
check "Jenkins: such a build is unstable" prints '^Finished: UNSTABLE$' jenkins

# --- a testbed that isn't there ---
"$vnfault" lab down --name "$lab" >/dev/null
# What would send the mail.
beside tee "$root/usr/bin/mail" >/dev/null <<END
#!/bin/sh
{ echo "\$@"; cat; } >"$scratch/mails"
END
beside chmod +x "$root/usr/bin/mail"
check "GitLab CI: without its testbed the job fails" prints '^job failed$' gitlab
check "Jenkins: so does the build" prints '^failure: the night ended with 4$' jenkins
check "systemd: and the service" prints '^4$' night_by_systemd
inside /root/cron sh -c "$(cron_command)"
check "cron: a mail says how it ended" equals "-s night: 4 lab" head -n 1 "$scratch/mails"
check "with the log" prints 'clean' cat "$scratch/mails"

finish
