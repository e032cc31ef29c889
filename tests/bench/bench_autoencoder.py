"""An epoch of the same autoencoder in PyTorch, one thread; run by bench_autoencoder.
usage: bench_autoencoder.py FILE ROWS FEATURES STEPS UNITS UNITS UNITS UNITS EPOCHS

Prints the least CPU seconds of EPOCHS epochs of training, those of scoring all windows in batches,
those of scoring one window, and the peak of resident memory in KiB; on standard error what PyTorch
this is."""
import resource
import sys
import time

import numpy
import torch

BATCH = 32
SINGLE_WINDOWS = 500


class Autoencoder(torch.nn.Module):
    def __init__(self, features, steps, units):
        super().__init__()
        inputs = [features] + units[:3]
        self.steps = steps
        self.layers = torch.nn.ModuleList(torch.nn.LSTM(*size) for size in zip(inputs, units))
        self.dropout = torch.nn.Dropout(0.2)
        self.output = torch.nn.Linear(units[3], features)

    def forward(self, windows):
        hidden = self.dropout(self.layers[0](windows)[0])
        code = self.layers[1](hidden)[0][-1:]
        hidden = self.dropout(self.layers[2](code.expand(self.steps, -1, -1))[0])
        return self.output(self.layers[3](hidden)[0])


def seconds(action, *arguments):
    start = time.process_time()
    action(*arguments)
    return time.process_time() - start


def train(net, windows, adam):
    net.train()
    order = torch.randperm(len(windows))
    for first in range(0, len(windows), BATCH):
        batch = windows[order[first:first + BATCH]].permute(2, 0, 1).contiguous()
        adam.zero_grad()
        torch.nn.functional.mse_loss(net(batch), batch).backward()
        adam.step()


def score(net, windows, batch_size):
    net.eval()
    with torch.inference_mode():
        for first in range(0, len(windows), batch_size):
            batch = windows[first:first + batch_size].permute(2, 0, 1).contiguous()
            (net(batch)[-1] - batch[-1]).square_()


def main(path, rows, features, steps, units, epochs):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    values = torch.from_numpy(numpy.fromfile(path).reshape(rows, features).astype('f4'))
    windows = values.unfold(0, steps, 1)  # a view: (windows x features x steps)
    net = Autoencoder(features, steps, units)
    adam = torch.optim.Adam(net.parameters())
    epoch = min(seconds(train, net, windows, adam) for _ in range(epochs))
    batches = seconds(score, net, windows, BATCH)
    single = seconds(score, net, windows[:SINGLE_WINDOWS], 1) / SINGLE_WINDOWS
    print(epoch, batches, single, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    print('PyTorch %s, MKL %s, oneDNN %s' % (torch.__version__, torch.backends.mkl.is_available(),
                                             torch.backends.mkldnn.is_available()), file=sys.stderr)


numbers = [int(word) for word in sys.argv[2:]]
main(sys.argv[1], *numbers[:3], numbers[3:7], numbers[7])
