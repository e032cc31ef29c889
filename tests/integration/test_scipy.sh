#!/usr/bin/env bash
# Kernel density estimates against the scipy that is installed.
source "$(dirname "$0")/../lib.sh"
build=${BUILD:-$top/build}
python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1

if ! "$python" -c 'import scipy.stats' 2>/dev/null; then
    skip 'comparison with scipy' 'python3-scipy is not installed'
    finish
fi

compare_densities() { # SEED
    "$python" "$top/tests/unit/data/scipy/make.py" "$scratch/density-$1" "$1" &&
        SCIPY_DENSITY="$scratch/density-$1" "$build/tests/unit/test_kernel_density"
}

cd "$top" || exit 70
for seed in 2 3 4; do
    check "densities equal those of scipy, points of seed $seed" compare_densities "$seed"
done
finish
