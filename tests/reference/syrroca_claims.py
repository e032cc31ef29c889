#!/usr/bin/env python3
"""What SYRROCA (2021), section IV-D, says of its three scenarios, computed from a run. Prints TAP; exits with 1
if a claim does not hold, with 2 if the run can't tell.

usage: syrroca_claims.py RUN        RUN holds run.sqlite, and evaluation.json of an autoencoder or of pca

Scenarios are told by their fault types: message-drop, overload, and cpu with a profile. Radiographies are the
P-CSCF's and, as the paper's, of observations above the threshold in the scenario's experiment alone.
"""
import json
import math
import os
import sqlite3
import sys

NOMINAL = 0.01  # of nominal observations are above the threshold, which is their quantile of 99 %
MORE = 2  # times as many as without a fault: more than by chance
DEVIATES = 0.5  # a group does, if so many of the observations inside the fault are above its threshold
STILL = 0.1  # and does not, if no more than so many are
LEAST_POINTS = 20  # fewer observations above the threshold make no radiography
DENSE = 0.5  # of the greatest density: what is in the dense zones
HIGH = 0.5  # of the mean number of calls that fail in the fault: many failed calls
MOST_POINTS = 1500  # of a density, which costs their square


class Missing(Exception):
    """The run can't tell."""


class Run:
    def __init__(self, folder):
        path = os.path.join(folder, "run.sqlite")
        if not os.path.exists(path):
            raise Missing("there is no " + path)
        self.database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        with open(os.path.join(folder, "evaluation.json")) as file:
            self.evaluation = json.load(file)

    def query(self, statement, *values):
        return self.database.execute(statement, values).fetchall()

    def cool_down(self):
        """In seconds."""
        return self.query("SELECT cool_down_ns / 1e9 FROM run")[0][0]

    def targets(self, role):
        """Names of the targets whose role has this word in it."""
        return [name for name, words in self.query("SELECT name, role FROM target") if role in (words or "")]

    def detection(self, target):
        for result in self.evaluation["targets"]:
            for split in result["splits"]:
                if result["target"] == target and split["name"] in ("experiment", "nominal", "run"):
                    detection = split["detection"]
                    if detection and not detection["unavailable"]:
                        return detection
        raise Missing("%s was not evaluated by experiment" % target)

    def fault(self, fault_type, condition="1"):
        """Experiment, id of the injection, applied and gone edge of the first valid one of this type."""
        rows = self.query(
            "SELECT i.experiment, i.injection_id, i.applied_ns / 1e9, i.gone_ns / 1e9 FROM injection_edges AS i "
            "JOIN experiment AS e ON e.id = i.experiment_id WHERE e.verdict = 'valid' AND i.fault_type = ? "
            "AND %s ORDER BY i.injection_id" % condition, fault_type)
        if not rows:
            raise Missing("no valid experiment with " + fault_type)
        return rows[0]

    def ratios(self, target, experiment, group):
        """(time, error as a part of the threshold) of each scored observation."""
        for series in self.detection(target)["series"]:
            if series["experiment"] != experiment:
                continue
            for one in series["groups"]:
                if is_called(one["resource_group"], group):
                    pairs = zip(series["times_s"], one["ratios"])
                    return [(time, ratio) for time, ratio in pairs if ratio is not None]
        raise Missing("no errors of %s on %s in %s" % (group, target, experiment))

    def failed(self, experiment):
        """(start, end, failed calls a second) of each window of the load."""
        return self.query(
            "SELECT s.window_start_ns / 1e9, s.time_ns / 1e9, s.calls_failed * 1e9 / (s.time_ns - s.window_start_ns) "
            "FROM service_sample AS s JOIN experiment AS e ON e.id = s.experiment_id "
            "WHERE e.name = ? AND e.verdict = 'valid' ORDER BY s.time_ns", experiment)

    def feature_set(self, target, experiment, group):
        """Names of the metrics that make 90 % of the group's error inside the fault."""
        for fault in self.detection(target)["faults"]:
            if fault["experiment"] != experiment:
                continue
            for one in fault["groups"]:
                if is_called(one["resource_group"], group):
                    return [metric["metric"] for metric in one["metrics"]]
        raise Missing("no metrics of %s on %s in %s" % (group, target, experiment))


def is_called(group, name):
    """Whether a resource group is called so; of several layers the virtual one is meant."""
    return group in (name, "virtual " + name)


def share_of(ratios):
    """The part of them that is above the threshold."""
    return sum(ratio >= 1 for ratio in ratios) / len(ratios) if ratios else 0.0


def share_above(ratios, start, end):
    inside = [ratio for time, ratio in ratios if start <= time <= end]
    if not inside:
        raise Missing("no observation is inside the fault")
    return share_of(inside)


def median(values):
    if not values:
        raise Missing("there are no observations")
    return sorted(values)[len(values) // 2]


def ranks(values):
    order = sorted(range(len(values)), key=lambda place: values[place])
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + end - 1) / 2
        start = end
    return found


def spearman(left, right):
    left, right = ranks(left), ranks(right)
    middle = (len(left) - 1) / 2
    product = sum((a - middle) * (b - middle) for a, b in zip(left, right))
    squares = sum((a - middle) ** 2 for a in left) * sum((b - middle) ** 2 for b in right)
    return product / math.sqrt(squares) if squares > 0 else 0.0


def densities(points):
    """The Gaussian kernel estimate at each point, up to a factor; bandwidths by Scott's rule."""
    count = len(points)
    scales = []
    for axis in (0, 1):
        mean = sum(point[axis] for point in points) / count
        deviation = math.sqrt(sum((point[axis] - mean) ** 2 for point in points) / count)
        scales.append((deviation or 1.0) * count ** (-1 / 6))
    scaled = [(x / scales[0], y / scales[1]) for x, y in points]
    return [sum(math.exp(-((x - u) ** 2 + (y - v) ** 2) / 2) for u, v in scaled) for x, y in scaled]


def dense_zone(run, target, experiment, group):
    """The most failed calls a second in the dense zones of a radiography; None where there is none."""
    windows = run.failed(experiment)
    points = []
    place = 0
    for time, ratio in run.ratios(target, experiment, group):
        while place < len(windows) and windows[place][1] < time:
            place += 1
        if place < len(windows) and windows[place][0] <= time and ratio >= 1:
            points.append((math.log10(ratio), windows[place][2]))
    if len(points) < LEAST_POINTS:
        return None
    points = points[:: max(1, len(points) // MOST_POINTS)]
    density = densities(points)
    return max(point[1] for point, value in zip(points, density) if value >= DENSE * max(density))


def sees(run, target, experiment, group, applied, gone):
    """Whether a group is above its threshold more often inside the fault than outside and than nominally; and figures.

    Some observations are above it without a fault, too, and calls fail at most times of a fault that lasts a day: a
    radiography of chance alone has its dense zone there.
    """
    ratios = run.ratios(target, experiment, group)
    inside = share_above(ratios, applied, gone)
    over = gone + run.cool_down()
    outside = share_of([ratio for time, ratio in ratios if time < applied or time > over])
    figures = "%.1f %% above the threshold inside the fault, %.1f %% outside" % (100 * inside, 100 * outside)
    return inside >= MORE * max(outside, NOMINAL), figures


def failed_calls(run, claim):
    experiment, _, applied, gone = run.fault("message-drop")
    proxy, registrar = run.targets("P-CSCF")[0], run.targets("S-CSCF")[0]
    inside = [failed for start, end, failed in run.failed(experiment) if applied <= start and end <= gone]
    if not inside:
        raise Missing("no window of the load is inside the fault")
    high = HIGH * sum(inside) / len(inside)
    zones = {}
    for group in ("network", "filesystem"):
        seen, share = sees(run, proxy, experiment, group, applied, gone)
        zone = dense_zone(run, proxy, experiment, group)
        figures = "no dense zone" if zone is None else "up to %.2f failed calls/s, many are %.2f" % (zone, high)
        zones[group] = seen and zone is not None and zone >= high, "%s; %s" % (figures, share)
    claim("scenario 1: the network group's radiography has a dense zone at many failed calls", *zones["network"])
    there, figures = zones["filesystem"]
    claim("scenario 1: the file system group's has none there, but by chance", not there, figures)
    for target in (proxy, registrar):
        names = run.feature_set(target, experiment, "network")
        claim("scenario 1: the feature set names packet counters of " + target,
              any("packets" in name for name in names), ", ".join(names))


def overload(run, claim):
    experiment, _, applied, gone = run.fault("overload")
    proxy = run.targets("P-CSCF")[0]
    for group in ("cpu", "network", "memory"):
        share = share_above(run.ratios(proxy, experiment, group), applied, gone)
        claim("scenario 2: the %s group deviates" % group, share >= DEVIATES, "%.0f %% above the threshold" % (100 * share))
    share = share_above(run.ratios(proxy, experiment, "filesystem"), applied, gone)
    claim("scenario 2: the file system group does not", share <= STILL, "%.0f %% above the threshold" % (100 * share))


def cpu_stress(run, claim):
    experiment, injection, _, gone = run.fault(
        "cpu", "(SELECT count(*) FROM injection_level AS l WHERE l.injection_id = i.injection_id) > 2")
    proxy = run.targets("P-CSCF")[0]
    ratios = run.ratios(proxy, experiment, "cpu")
    levels = run.query("SELECT requested, applied_ns / 1e9, lead(commanded_ns / 1e9) OVER (ORDER BY position) "
                       "FROM injection_level WHERE injection_id = ? ORDER BY position", injection)
    means = []
    for value, start, end in levels:
        end = gone if end is None else end
        share = share_above(ratios, start, end)
        inside = [ratio for time, ratio in ratios if start <= time <= end]
        means.append(sum(inside) / len(inside))
        claim("scenario 3: the step of %g is detected" % value, share >= DEVIATES,
              "%.0f %% above the threshold, error %.3g" % (100 * share, means[-1]))
    figure = spearman([value for value, _, _ in levels], means)
    claim("scenario 3: the error rises with the step", figure >= 0.9, "Spearman %.3f" % figure)
    over = gone + run.cool_down()
    after = median([ratio for time, ratio in ratios if time > over])
    claim("scenario 3: it is below the threshold after the end", after < 1, "median %.3g of the threshold" % after)
    names = run.feature_set(proxy, experiment, "cpu")
    claim("scenario 3: the feature set names the use of the P-CSCF's CPU",
          any("usage" in name or "user" in name for name in names), ", ".join(names))


def main(folder):
    held = []

    def claim(what, holds, figures):
        held.append(holds)
        print("%sok %d - %s # %s" % ("" if holds else "not ", len(held), what, figures))

    missing = 0
    run = Run(folder)
    for scenario in (failed_calls, overload, cpu_stress):
        try:
            scenario(run, claim)
        except Missing as reason:
            missing += 1
            print("# %s: %s" % (scenario.__name__, reason))
    print("1..%d" % len(held))
    return 1 if not all(held) else 2 if missing else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except (Missing, OSError, ValueError) as failure:
        print("# %s" % failure)
        sys.exit(2)
