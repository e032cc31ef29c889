#!/usr/bin/python3
"""What curves_probe.c does, with scikit-learn, which has a function for each area.
usage: peer_sklearn_curves.py FILE COUNT"""
import sys
import time

import numpy
from sklearn.metrics import average_precision_score, roc_auc_score

with open(sys.argv[1], 'rb') as file:
    scores = numpy.fromfile(file, 'f8', int(sys.argv[2]))
    positive = numpy.fromfile(file, 'u1', int(sys.argv[2]))
start = time.process_time()
roc = roc_auc_score(positive, scores)
middle = time.process_time()
average_precision = average_precision_score(positive, scores)
end = time.process_time()
print('areas', end - start)
print('roc_alone', middle - start)
print('average_precision_alone', end - middle)
print('roc', roc)
print('average_precision', average_precision)
