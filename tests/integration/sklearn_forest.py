#!/usr/bin/python3
"""Compares the Random Forest with scikit-learn's on data sets that come with it.
usage: sklearn_forest.py FOREST_PROBE DATA_SET

Five stratified folds, 10 and 100 trees, exact splits and bins: mean ROC AUC and accuracy must be no further from
scikit-learn's than its own standard deviation over the folds (and a floor for data sets on which
both are near perfect, where that is close to 0)."""
import os
import sys

import numpy
from sklearn import datasets
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'bench'))
import forest_data
import forest_probe

FLOOR = 0.004


def load(name):
    if name == 'run':
        values, fault, _ = forest_data.make(rows=1600)
        return values, fault > 0
    if name == 'digits':
        data = datasets.load_digits()
        return data.data, data.target == 8
    if name == 'wine':
        data = datasets.load_wine()
        return data.data, data.target == 1
    data = datasets.load_breast_cancer()
    return data.data, data.target == 0


def figures(positive, scores):
    return roc_auc_score(positive, scores), accuracy_score(positive, scores >= 0.5)


program, name = sys.argv[1:]
values, positive = load(name)
failed = False
for trees, seeds in (10, 3), (100, 1):
    exact, bins, theirs = [], [], []
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    for fold, (train, test) in enumerate(folds.split(values, positive)):
        for seed in range(seeds):
            marks = numpy.zeros(len(values), bool)
            marks[train] = True
            for ours, most in (exact, 0), (bins, 255):
                scores = forest_probe.run(program, values, positive, marks, trees, seed, most)
                ours.append(figures(positive[test], scores[test]))
            forest = RandomForestClassifier(trees, random_state=seed)
            forest.fit(values[train], positive[train])
            theirs.append(figures(positive[test], forest.predict_proba(values[test])[:, 1]))
    for which, index in ('ROC AUC', 0), ('accuracy', 1):
        means = [numpy.mean(ours, axis=0)[index] for ours in (exact, bins)]
        their = numpy.array(theirs)[:, index]
        near = max(abs(mean - their.mean()) for mean in means) <= max(their.std(), FLOOR)
        failed |= not near
        print('%s, %d trees, %s: %.4f, with bins %.4f, scikit-learn %.4f +- %.4f%s' % (
            name, trees, which, *means, their.mean(), their.std(), '' if near else ' TOO FAR'))
sys.exit(failed)
