#!/usr/bin/env bash
# What watching costs: `vnfault detect` on ten targets of a lab, as a share of a core.
# usage: tests/bench/bench_watch.sh [SECONDS]     60 by default, for each detector
. "$(dirname "$0")/../lib.sh"

seconds=${1:-60}
targets=10
lab=bench-$$
hosts=(bono sprout homestead)

"$vnfault" lab up --name "$lab" >/dev/null || exit 1
at_exit "'$vnfault' lab down --force --name '$lab' >/dev/null"
mkdir "$scratch/run"
zstd -q -d "$top/results/reference/quickstart/run.sqlite.zst" -o "$scratch/run/run.sqlite"

# Every target is a host of the lab under another name; its model is trained on sprout's observations.
testbed=$scratch/testbed.xml
{
    sed -n '/<testbed/,/network-namespace/p' "/run/vnfault/labs/$lab/testbed.xml" | sed '/<target/,$d'
    for ((i = 0; i < targets; i++)); do
        host=${hosts[i % 3]}
        echo "<target name=\"target$i\" address=\"198.18.1.11\">
            <source collector=\"cgroup\" cgroup=\"vnfault/$lab/$host\" interface=\"$host\"
                    network-namespace=\"vnfault-$lab-switch\"/></target>"
    done
    echo '</testbed>'
} >"$testbed"

train() { # DETECTOR: the models' paths with commas between
    local i name=sprout models=
    for ((i = 0; i < targets; i++)); do
        sqlite3 "$scratch/run/run.sqlite" "UPDATE target SET name = 'target$i' WHERE name = '$name'"
        name=target$i
        "$vnfault" train "$scratch/run" --target "$name" --detector "$1" -o "$scratch/$name.model" >/dev/null || exit 1
        models+=,$scratch/$name.model
    done
    sqlite3 "$scratch/run/run.sqlite" "UPDATE target SET name = 'sprout' WHERE name = '$name'"
    echo "${models#,}"
}

echo "detect on $targets targets, an observation every 5 s, $seconds s:"
for detector in forest pca autoencoder:epochs=3; do
    models=$(train $detector)
    before=$(awk '{ print $16 + $17 }' /proc/$$/stat)
    "$vnfault" detect "$testbed" --model "$models" --period 5s --duration "${seconds}s" >"$scratch/seen" 2>&1
    after=$(awk '{ print $16 + $17 }' /proc/$$/stat)
    awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" -v seconds="$seconds" -v name=$detector \
        'BEGIN { printf "  %-22s %.2f %% of a core\n", name, 100 * ticks / hertz / seconds }'
    [ "$(grep -c 'observations$' "$scratch/seen")" = $targets ] || { cat "$scratch/seen"; exit 1; }
done
