"""Runs forest_probe, or a program that does the same, on numpy data."""
import os
import subprocess
import tempfile

import numpy


def write(path, values, classes, train):
    with open(path, 'wb') as file:
        file.write(numpy.ascontiguousarray(values, 'f8').tobytes())
        file.write(numpy.asarray(classes, 'u1').tobytes())
        file.write(numpy.asarray(train, 'u1').tobytes())


def run_on_file(command, path, shape, trees, seed=1, threads=1, bins=0, classes=0):
    """Scores of all rows, a column for each of so many classes, and by name what it took."""
    with tempfile.TemporaryDirectory() as folder:
        scores = os.path.join(folder, 'scores')
        output = subprocess.run(
            [*command, path, str(shape[0]), str(shape[1]), str(trees), str(seed), str(threads),
             scores, str(bins), str(classes)], check=True, stdout=subprocess.PIPE, text=True).stdout
        lines = (line.split() for line in output.splitlines())
        found = numpy.fromfile(scores)
        return found.reshape(-1, classes) if classes > 0 else found, {
            name: float(value) for name, value in lines}


def run(program, values, classes, train, trees, seed=1, bins=0, count=0):
    """Scores of all rows, which say yes or no or are of one of `count` classes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'data')
        write(path, values, classes, train)
        return run_on_file([program], path, values.shape, trees, seed, bins=bins, classes=count)[0]
