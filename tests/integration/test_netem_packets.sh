#!/usr/bin/env bash
# Corruption, duplication, reordering and bandwidth by tc netem. By the delay line: test_shaping.sh.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/netem.sh"
netem_guest "netem"
packet_faults
finish
