#!/usr/bin/env python3
"""A page of metrics as prometheus_client reads it: 'NAME VALUE' a line, sorted.

usage: page_values.py PAGE
"""
import re
import sys

from prometheus_client.parser import text_string_to_metric_families

ESCAPES = {"\\": "\\\\", "\n": "\\n", '"': '\\"'}
with open(sys.argv[1]) as file:
    page = file.read()
written = set(re.findall(r"^([a-zA-Z_:][\w:]*)", page, re.MULTILINE))


def name_of(sample):
    labels = (
        '%s="%s"' % (name, "".join(ESCAPES.get(letter, letter) for letter in value))
        for name, value in sorted(sample.labels.items())
    )
    # It gives every counter's name this ending.
    name = sample.name if sample.name in written else sample.name[: -len("_total")]
    return name + ("{%s}" % ",".join(labels) if sample.labels else "")


print("\n".join(sorted("%s %.17g" % (name_of(sample), sample.value)
                       for family in text_string_to_metric_families(page) for sample in family.samples)))
