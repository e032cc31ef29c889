#!/usr/bin/env bash
# The LSTM autoencoder against the PyTorch that is installed.
source "$(dirname "$0")/../lib.sh"
build=${BUILD:-$top/build}
python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1

if ! "$python" -c 'import torch' 2>/dev/null; then
    skip 'comparison with PyTorch' 'python3-torch is not installed'
    finish
fi

compare_autoencoders() { # SEED
    "$python" "$top/tests/unit/data/torch/make.py" "$scratch/autoencoder-$1" "$1" &&
        TORCH_AUTOENCODER="$scratch/autoencoder-$1" "$build/tests/unit/test_autoencoder"
}

cd "$top" || exit 70
for seed in 2 3 4; do
    check "passes, gradients and Adam equal PyTorch's, nets of seed $seed" compare_autoencoders "$seed"
done
finish
