"""Data that resemble a run: 30 experiments of 320 observations, 152 metrics of four kinds, ten of
the experiments with an injection that moves some of the metrics for 96 observations. The same on
every machine for the same numpy."""
import numpy


def make(rows=9600, columns=152, seed=1):
    generator = numpy.random.RandomState(seed)
    per_experiment = 320
    experiment = numpy.arange(rows) // per_experiment
    within = numpy.arange(rows) % per_experiment
    faulty = (experiment % 3 == 0) & (within >= 160) & (within < 256)
    fault = numpy.where(faulty, 1 + (experiment // 3) % 5, 0)
    load = 50 + 5 * numpy.sin(within / 20.0) + generator.normal(0, 2, rows)
    values = numpy.empty((rows, columns))
    for column in range(columns):
        kind = column % 4
        noise = generator.normal(0, 1, rows)
        moved = (fault == 1 + column % 5) * (column % 3 == 0) * generator.uniform(0.5, 3)
        if kind == 0:  # a rate that follows the load
            values[:, column] = load * generator.uniform(1, 1000) * (1 + 0.1 * noise + 0.2 * moved)
        elif kind == 1:  # a gauge that drifts within an experiment
            drift = numpy.cumsum(noise.reshape(-1, per_experiment), axis=1).ravel()
            values[:, column] = 1e9 + 4096 * numpy.round(1000 * (drift + 5 * moved))
        elif kind == 2:  # a count of rare events
            values[:, column] = generator.poisson(0.2 + moved, rows) / 15.0
        else:  # a noisy share
            values[:, column] = numpy.clip(0.5 + 0.1 * noise + 0.1 * moved, 0, 1)
    return values, fault, experiment
