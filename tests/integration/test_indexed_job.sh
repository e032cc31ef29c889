#!/usr/bin/env bash
# The manifest of the Indexed Job: every field is one that Kubernetes' own client knows, at its place and of its type, and the
# arguments are a task's.
. "$(dirname "$0")/../lib.sh"
manifest=$top/packaging/kubernetes/job.yaml

cat >"$scratch/read.py" <<'END'
import json, sys, types, yaml
from kubernetes.client import ApiClient
given = yaml.safe_load(open(sys.argv[1]))
client = ApiClient()
job = client.deserialize(types.SimpleNamespace(data=json.dumps(given)), "V1Job")
# What the client doesn't know is left out of what it gives back.
assert client.sanitize_for_serialization(job) == given, client.sanitize_for_serialization(job)
assert job.spec.completion_mode == "Indexed"
print(*[job.spec.completions, job.spec.parallelism, *job.spec.template.spec.containers[0].args], sep="\n")
END
arguments() { /usr/bin/python3 "$scratch/read.py" "$1"; }

check "every field is known" arguments "$manifest"
sed 's/completionMode/completionsMode/' "$manifest" >"$scratch/misspelt.yaml"
check "one that isn't would be found" prints AssertionError arguments "$scratch/misspelt.yaml"
mapfile -t said < <(arguments "$manifest")
check "as many shards as there are pods" [ "${said[0]}" = "${said[2]}" ]
cat >"$scratch/vnfault" <<'END'
#!/bin/sh
echo "$@"
END
chmod +x "$scratch/vnfault"
task() { sed "s|/srv/vnfault|$scratch/results|" <<<"$(printf '%s\n' "${said[@]:2}")" | JOB_COMPLETION_INDEX=3 VNFAULT=$scratch/vnfault xargs "$top/packaging/shard"; }
check "the last pod has the last shard" equals \
    "run /etc/vnfault/campaign/core.xml --shard 4/4 --pool /etc/vnfault/testbeds -o $scratch/results/core/shard-4" task

finish
