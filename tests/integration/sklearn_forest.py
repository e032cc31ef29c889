#!/usr/bin/python3
"""Compares the Random Forest with scikit-learn's on data sets that come with it.
usage: sklearn_forest.py FOREST_PROBE DATA_SET [classes]

Of a question (one class or not), or of all classes at once. Five stratified folds, 10 and 100 trees, exact splits and
bins: mean ROC AUC (of classes the mean of each against the rest) and accuracy must be no further from
scikit-learn's than its own standard deviation over the folds (and a floor for data sets on which
both are near perfect, where that is close to 0). So must the ROC AUC of what is not of class 0."""
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
    """Values, the class of each row, and which class is asked for (None: any but 0)."""
    if name == 'run':
        values, fault, _ = forest_data.make(rows=1600)
        return values, fault, None
    if name == 'faults':  # all five of them, on few metrics
        values, fault, _ = forest_data.make(rows=4800, columns=20)
        return values, fault, None
    if name == 'digits':
        data = datasets.load_digits()
        return data.data, data.target, 8
    if name == 'wine':
        data = datasets.load_wine()
        return data.data, data.target, 1
    data = datasets.load_breast_cancer()
    return data.data, data.target, 0


def figures_of_question(positive, scores):
    return (('ROC AUC', roc_auc_score(positive, scores)),
            ('accuracy', accuracy_score(positive, scores >= 0.5)))


def figures_of_classes(classes, scores):
    return (('ROC AUC', roc_auc_score(classes, scores, multi_class='ovr')),
            ('ROC AUC of all but 0', roc_auc_score(classes > 0, 1 - scores[:, 0])),
            ('accuracy', accuracy_score(classes, scores.argmax(axis=1))))


program, name = sys.argv[1:3]
values, classes, asked = load(name)
if sys.argv[3:] == ['classes']:
    count, figures = int(classes.max()) + 1, figures_of_classes
else:
    count, figures = 0, figures_of_question
    classes = classes > 0 if asked is None else classes == asked
failed = False
for trees, seeds in (10, 3), (100, 1):
    exact, bins, theirs = [], [], []
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    for train, test in folds.split(values, classes):
        for seed in range(seeds):
            marks = numpy.zeros(len(values), bool)
            marks[train] = True
            for ours, most in (exact, 0), (bins, 255):
                scores = forest_probe.run(program, values, classes, marks, trees, seed, most, count)
                ours.append(figures(classes[test], scores[test]))
            forest = RandomForestClassifier(trees, random_state=seed)
            forest.fit(values[train], classes[train])
            scores = forest.predict_proba(values[test])
            theirs.append(figures(classes[test], scores if count > 0 else scores[:, 1]))
    for index, (which, _) in enumerate(theirs[0]):
        exact_mean, bins_mean = (numpy.mean([fold[index][1] for fold in ours]) for ours in (exact, bins))
        their = numpy.array([fold[index][1] for fold in theirs])
        near = max(abs(exact_mean - their.mean()), abs(bins_mean - their.mean())) <= max(their.std(), FLOOR)
        failed |= not near
        print('%s, %d trees, %s: %.4f, with bins %.4f, scikit-learn %.4f +- %.4f%s' % (
            name, trees, which, exact_mean, bins_mean, their.mean(), their.std(), '' if near else ' TOO FAR'))
sys.exit(failed)
