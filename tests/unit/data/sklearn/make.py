#!/usr/bin/python3
"""Reference values of scikit-learn's curves for tests/unit/test_curves.c.
usage: make.py FILE [SEED]        (Debian: python3-sklearn)

One case after another, each a line 'case NAME' and lines 'NAME COUNT VALUE ...'. The curves are
in order of falling thresholds, as vnfault has them; scikit-learn gives precision and recall the
other way round."""
import sys

import numpy
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve


def cases(seed):
    generator = numpy.random.RandomState(seed)
    count = 300
    positive = generator.rand(count) < 0.2
    yield 'distinct', generator.normal(positive * 1.0, 1), positive
    yield 'ties', numpy.round(generator.beta(1 + 2 * positive, 3) * 10) / 10, positive
    yield 'all-equal', numpy.full(count, 0.5), positive
    yield 'perfect', positive * 0.75 + generator.rand(count) * 0.25, positive
    yield 'inverted', 1 - (positive * 0.75 + generator.rand(count) * 0.25), positive
    yield 'one-positive', generator.rand(count), numpy.arange(count) == 17
    yield 'one-negative', numpy.round(generator.rand(count), 2), numpy.arange(count) != 5
    yield 'pair', numpy.array([0.25, 0.75]), numpy.array([False, True])


def write(file, name, values):
    values = numpy.atleast_1d(numpy.asarray(values, float))
    file.write(' '.join([name, str(len(values))] + ['%.17g' % value for value in values]) + '\n')


seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
random_weights = numpy.random.RandomState(1000 + seed)
with open(sys.argv[1], 'w') as file:
    for name, scores, positive in cases(seed):
        false_positive, true_positive, thresholds = roc_curve(positive, scores,
                                                              drop_intermediate=False)
        precision, recall, _ = precision_recall_curve(positive, scores)
        file.write('case %s\n' % name)
        write(file, 'scores', scores)
        write(file, 'positive', positive)
        write(file, 'roc-x', false_positive)
        write(file, 'roc-y', true_positive)
        write(file, 'thresholds', thresholds)
        write(file, 'pr-x', recall[::-1])
        write(file, 'pr-y', precision[::-1])
        write(file, 'roc-auc', auc(false_positive, true_positive))
        write(file, 'pr-auc', auc(recall, precision))
        write(file, 'average-precision', average_precision_score(positive, scores))
        weights = random_weights.randint(0, 4, len(scores))
        for which in True, False:
            if weights[positive == which].sum() == 0:
                weights[positive == which] = 1
        false_positive, true_positive, _ = roc_curve(positive, scores, sample_weight=weights)
        precision, recall, _ = precision_recall_curve(positive, scores, sample_weight=weights)
        write(file, 'weights', weights)
        write(file, 'weighted-areas', [auc(false_positive, true_positive), auc(recall, precision),
                                       average_precision_score(positive, scores,
                                                               sample_weight=weights)])
