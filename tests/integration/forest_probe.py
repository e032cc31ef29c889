"""Runs forest_probe on numpy data."""
import os
import subprocess
import tempfile

import numpy


def run(program, values, positive, train, trees, seed=1, repeats=1):
    """Scores of all rows, and the seconds of fit, sorting and scoring."""
    with tempfile.TemporaryDirectory() as folder:
        data, scores = os.path.join(folder, 'data'), os.path.join(folder, 'scores')
        with open(data, 'wb') as file:
            file.write(numpy.ascontiguousarray(values, 'f8').tobytes())
            file.write(numpy.asarray(positive, 'u1').tobytes())
            file.write(numpy.asarray(train, 'u1').tobytes())
        output = subprocess.run(
            [program, data, str(len(values)), str(values.shape[1]), str(trees), str(seed),
             str(repeats), scores], check=True, stdout=subprocess.PIPE).stdout
        return numpy.fromfile(scores), [float(word) for word in output.split()]
