#!/usr/bin/python3
"""What tests/integration/forest_probe.c does, with scikit-learn (Debian: python3-sklearn).
usage: peer_sklearn.py FILE ROWS COLUMNS TREES SEED THREADS SCORES BINS CLASSES (bins are
ignored: its splits are exact)"""
import sys
import time

import numpy
from sklearn.ensemble import RandomForestClassifier

SCORE_TIMES = 5
ONE_TIMES = 100


def memory_status(name):
    with open('/proc/self/status') as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))


def reset_memory_peak():
    with open('/proc/self/clear_refs', 'w') as file:
        file.write('5')


path, rows, columns, trees, seed, threads, scores, _, count = sys.argv[1:]
rows, columns, count = int(rows), int(columns), int(count)
with open(path, 'rb') as file:
    values = numpy.fromfile(file, 'f8', rows * columns).reshape(rows, columns)
    classes = numpy.fromfile(file, 'u1', rows)
    train = numpy.fromfile(file, 'u1', rows) > 0
train_values, train_classes = values[train], classes[train]
forest = RandomForestClassifier(int(trees), n_jobs=int(threads), random_state=int(seed))

reset_memory_peak()
before, cpu, elapsed = memory_status('VmRSS'), time.process_time(), time.perf_counter()
forest.fit(train_values, train_classes)
print('fit', time.process_time() - cpu)
print('fit_elapsed', time.perf_counter() - elapsed)
print('memory', memory_status('VmHWM') - before)
start = time.process_time()
for _ in range(SCORE_TIMES):
    result = forest.predict_proba(values)
end = time.process_time()
print('score', (end - start) / SCORE_TIMES)
for row in range(ONE_TIMES):
    forest.predict_proba(values[row:row + 1])
print('one', 1e6 * (time.process_time() - end) / ONE_TIMES)
(result if count > 0 else result[:, 1]).tofile(scores)
