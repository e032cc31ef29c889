#!/usr/bin/env bash
# Latency by tc netem, with all that it can be told. By the delay line: test_shaping.sh.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/netem.sh"
netem_guest "netem"
latency_faults
finish
