#!/usr/bin/python3
"""Small autoencoders as PyTorch computes them, in double precision, for
tests/unit/test_autoencoder.c.
usage: make.py FILE [SEED]        (Debian: python3-torch)

The stored autoencoder.txt is that of seed 1. For each net, separated by white space: name of the
activation; features, steps, cells of the four layers, rows, windows; values (rows x features);
starts of the windows; weights in the order of analysis/autoencoder.h; output (steps x windows x
features); mean squared error; its gradient; the weights after three steps of Adam."""
import sys

import torch

torch.set_default_dtype(torch.float64)
ACTIVATIONS = {'linear': lambda values: values, 'elu': torch.nn.functional.elu, 'tanh': torch.tanh}


class Autoencoder(torch.nn.Module):
    def __init__(self, features, steps, units, activation):
        super().__init__()
        inputs = [features] + units[:3]
        self.steps = steps
        self.activation = ACTIVATIONS[activation]
        self.layers = torch.nn.ModuleList(torch.nn.LSTM(*size) for size in zip(inputs, units))
        self.output = torch.nn.Linear(units[3], features)
        for layer in self.layers:
            # PyTorch has two biases where one says it all: the second stays 0.
            torch.nn.init.zeros_(layer.bias_hh_l0)
            layer.bias_hh_l0.requires_grad_(False)

    def forward(self, windows):
        hidden = self.layers[1](self.layers[0](windows)[0])[0]
        repeated = hidden[-1:].repeat(self.steps, 1, 1)
        return self.activation(self.output(self.layers[3](self.layers[2](repeated)[0])[0]))

    def weights(self):
        for layer in self.layers:
            yield layer.weight_ih_l0
            yield layer.weight_hh_l0
            yield layer.bias_ih_l0
        yield self.output.weight
        yield self.output.bias


def put(file, tensors):
    for tensor in tensors:
        # Our kernels are (inputs x outputs), PyTorch's the other way.
        numbers = tensor.t() if tensor.dim() == 2 else tensor
        file.write(' '.join('%.9g' % number for number in numbers.flatten().tolist()) + '\n')


def put_net(file, activation, features, steps, units, starts):
    rows = max(starts) + steps
    values = torch.rand(rows, features)
    net = Autoencoder(features, steps, units, activation)
    windows = torch.stack([values[start:start + steps] for start in starts], dim=1)
    adam = torch.optim.Adam([weight for weight in net.parameters() if weight.requires_grad])
    file.write('%s\n%s\n' % (activation, ' '.join(map(str, [features, steps, *units, rows, len(starts)]))))
    put(file, [values.t()])
    file.write(' '.join(map(str, starts)) + '\n')
    put(file, net.weights())
    for step in range(3):
        adam.zero_grad()
        output = net(windows)
        error = torch.nn.functional.mse_loss(output, windows)
        error.backward()
        if step == 0:
            put(file, [output, error.reshape(1)])
            put(file, [weight.grad for weight in net.weights()])
        adam.step()
    put(file, net.weights())


torch.manual_seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
with open(sys.argv[1], 'w') as out:
    put_net(out, 'linear', 3, 5, [4, 2, 3, 5], [0, 1, 2, 4])
    put_net(out, 'elu', 4, 3, [3, 2, 3, 4], [3, 0, 1])
    put_net(out, 'tanh', 2, 4, [9, 3, 6, 2], [0, 2])
    put_net(out, 'linear', 1, 1, [1, 1, 1, 1], [0, 1, 2])
