#!/usr/bin/env bash
# Curves and Random Forest against the scikit-learn that is installed.
source "$(dirname "$0")/../lib.sh"
build=${BUILD:-$top/build}
python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1

if ! "$python" -c 'import sklearn' 2>/dev/null; then
    skip 'comparison with scikit-learn' 'python3-sklearn is not installed'
    finish
fi

compare_curves() { # SEED
    "$python" "$top/tests/unit/data/sklearn/make.py" "$scratch/curves-$1" "$1" &&
        SKLEARN_CURVES="$scratch/curves-$1" "$build/tests/unit/test_curves"
}

cd "$top" || exit 70
for seed in 2 3 4; do
    check "curves equal those of scikit-learn, scores of seed $seed" compare_curves "$seed"
done
for data in cancer wine digits run; do
    check "forest is as good as scikit-learn's on '$data'" \
        "$python" "$top/tests/integration/sklearn_forest.py" "$build/tests/integration/forest_probe" "$data"
done
for data in wine digits faults; do
    check "forest is as good as scikit-learn's on all classes of '$data'" \
        "$python" "$top/tests/integration/sklearn_forest.py" "$build/tests/integration/forest_probe" "$data" classes
done
finish
