#!/usr/bin/python3
"""Checks a file of `vnfault export --numpy` against the observations that `export --csv` gives.
usage: numpy_export.py FILE.npz OBSERVATIONS.csv PERIOD_SECONDS

For runs with one collector a target. Rates, labels and sequences are worked out anew from the raw
values."""
import csv
import math
import sys

import numpy

LEFT_OUT = {'ramp', 'cool-down', 'elsewhere'}
FIELDS = 10  # before the metrics


def read_observations(path):
    """Header of the metrics, and per target its rows of valid experiments."""
    targets = {}
    with open(path, newline='') as file:
        rows = csv.reader(file)
        header = next(rows)
        place = {name: i for i, name in enumerate(header[:FIELDS])}
        for row in rows:
            kept = targets.setdefault(row[place['target']], [])
            if row[place['verdict']] != 'valid':
                continue
            elsewhere = row[place['scope']] == 'elsewhere'
            kept.append({
                'experiment': row[place['experiment']],
                'cell': int(row[place['cell']]),
                'time': int(row[place['time_ns']]),
                'label': 'elsewhere' if elsewhere else row[place['label']],
                'values': [float(field) if field != '' else math.nan for field in row[FIELDS:]],
            })
    return header[FIELDS:], targets


def rate(last, value, time):
    """As docs/run-database.md says; `last` is the last known value and its time."""
    if last is None or math.isnan(value):
        return math.nan
    seconds = (time - last[1]) / 1e9
    return (value if value < last[0] else value - last[0]) / seconds


def expected_rows(observations, counters, period):
    """Values, and per row label, experiment, time and sequence."""
    values, rows = [], []
    before, last = None, {}
    started = {}
    for row in observations:
        started[row['cell']] = min(row['time'], started.get(row['cell'], row['time']))
    for row in sorted(observations, key=lambda row: (started[row['cell']], row['time'])):
        first = before is None or before['cell'] != row['cell']
        if first:
            last = {}
        line = []
        for i, value in enumerate(row['values']):
            value = value if math.isfinite(value) else math.nan
            line.append(rate(last.get(i), value, row['time']) if counters[i] else value)
            if not math.isnan(value):
                last[i] = (value, row['time'])
        if not first:
            previous = rows[-1] if rows else None
            near = previous is not None and previous[1] == row['experiment'] and \
                row['time'] - previous[2] <= 1.5 * period * 1e9
            sequence = 0 if previous is None else previous[3] + (not near)
            values.append(line)
            rows.append((row['label'], row['experiment'], row['time'], sequence))
        before = row
    return values, rows


def check_target(data, target, metrics, observations, period):
    def array(name, kind, *shape):
        found = data[f'{target}/{name}']
        assert found.dtype.kind == kind and found.dtype.isnative, (name, found.dtype)
        assert found.shape == shape and found.flags.c_contiguous, (name, found.shape, shape)
        return found

    counters = array('counters', 'b', len(metrics))
    values, rows = expected_rows(observations, counters, period)
    count = len(rows)
    found = array('values', 'f', count, len(metrics))
    assert found.dtype == numpy.float64
    expected = numpy.array(values).reshape(count, len(metrics))
    assert numpy.array_equal(found[:, ~counters], expected[:, ~counters], equal_nan=True)
    assert numpy.allclose(found, expected, rtol=1e-12, atol=0, equal_nan=True)
    assert array('metrics', 'U', len(metrics)).tolist() == metrics
    array('resource_groups', 'U', len(metrics))
    labels = array('labels', 'U', count)
    assert labels.tolist() == [row[0] for row in rows]
    assert array('used', 'b', count).tolist() == [row[0] not in LEFT_OUT for row in rows]
    assert array('experiments', 'U', count).tolist() == [row[1] for row in rows]
    assert array('times_ns', 'i', count).tolist() == [row[2] for row in rows]
    assert array('sequences', 'i', count).tolist() == [row[3] for row in rows]
    print(target, found.shape, counters.sum(), 'counters', sorted(set(labels)))


def main():
    metrics, targets = read_observations(sys.argv[2])
    data = numpy.load(sys.argv[1], allow_pickle=False)
    assert len(data.files) == 9 * len(targets), data.files
    for target, observations in targets.items():
        check_target(data, target, metrics, observations, float(sys.argv[3]))


main()
