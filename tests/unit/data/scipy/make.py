#!/usr/bin/python3
"""Reference values of scipy's gaussian_kde for tests/unit/test_kernel_density.c.
usage: make.py FILE [SEED]        (Debian: python3-scipy)

One case after another, each a line 'case NAME' and lines 'NAME COUNT VALUE ...': the points, the
grid (first, step, count along x, then along y), the density on it line by line, the density at
places of their own, and the greatest density at a point."""
import sys

import numpy
from scipy.stats import gaussian_kde


def over(values, count, margin=0.2):
    """An axis of `count` places over the values and a margin: first, step, count."""
    span = values.max() - values.min()
    low, high = values.min() - margin * span, values.max() + margin * span
    return low, (high - low) / (count - 1), count


def cases(seed):
    generator = numpy.random.RandomState(seed)
    x, y = generator.normal(size=(2, 300))
    yield 'independent', x, y, over(x, 31), over(y, 23)
    yield 'correlated', x, 0.97 * x + 0.1 * y, over(x, 40), over(x, 21)
    yield 'against', x, 5 - 0.9 * x + 0.5 * y, over(x, 13), over(5 - x, 37)
    error, calls = generator.lognormal(-6, 1, 250), generator.poisson(2, 250)
    yield 'heavy-tail', error, calls, over(error, 33), over(calls, 20)
    half = numpy.arange(400) < 200
    error = numpy.where(half, 0.01, 0.05) * (1 + 0.1 * generator.normal(size=400))
    calls = numpy.where(half, 1, 250) + generator.poisson(5, 400)
    yield 'two-zones', error, calls, over(error, 30), over(calls, 30)
    yield 'units', x * 1e-9, y * 1e7, over(x * 1e-9, 11), over(y * 1e7, 12)
    yield 'far-away', x + 1000, y - 2000, over(x + 1000, 15), over(y - 2000, 15)
    yield 'triangle', numpy.array([0.0, 1, 0]), numpy.array([0.0, 0, 2]), (-1, 0.5, 7), (-1, 1, 5)
    yield 'inside-a-kernel', x, y, (0.01, 1e-5, 50), (-0.02, 1e-6, 5)
    yield 'fine', x[:20], y[:20], (-4, 0.004, 2001), (0.5, 1, 1)
    yield 'coarse', x, y, (-8.1, 4, 5), (-6, 2.9, 5)
    yield 'beside', x, y, (1.5, 0.2, 30), (2, 0.2, 30)
    yield 'one-place', x, y, (0.3, 1, 1), (0.1, 1, 1)


def write(file, name, values):
    values = numpy.atleast_1d(numpy.asarray(values, float)).ravel()
    file.write(' '.join([name, str(len(values))] + ['%.17g' % value for value in values]) + '\n')


seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
places = numpy.random.RandomState(1000 + seed)
with open(sys.argv[1], 'w') as file:
    for name, x, y, x_axis, y_axis in cases(seed):
        density = gaussian_kde([x, y])
        grid = numpy.meshgrid(*(first + step * numpy.arange(count)
                                for first, step, count in (x_axis, y_axis)))
        at = [places.choice(values, 20) + values.std() * places.normal(size=20)
              for values in (x, y)]
        file.write('case %s\n' % name)
        write(file, 'x', x)
        write(file, 'y', y)
        write(file, 'grid', x_axis + y_axis)
        write(file, 'on-grid', density([axis.ravel() for axis in grid]))
        write(file, 'at-x', at[0])
        write(file, 'at-y', at[1])
        write(file, 'at', density(at))
        write(file, 'greatest', density([x, y]).max())
