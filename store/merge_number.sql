-- Once: new ids. Experiments and their injections in the order of the plan; equal metric sets become one.
UPDATE temp.merging_experiment SET id = numbered.id
FROM (SELECT rowid AS place, row_number() OVER (ORDER BY cell, attempt) AS id
    FROM temp.merging_experiment) AS numbered
WHERE numbered.place = merging_experiment.rowid;
UPDATE temp.merging_injection SET id = numbered.id
FROM (SELECT i.rowid AS place, row_number() OVER (ORDER BY e.id, i.old) AS id
    FROM temp.merging_injection AS i
    JOIN temp.merging_experiment AS e ON e.source = i.source AND e.old = i.experiment) AS numbered
WHERE numbered.place = merging_injection.rowid;
UPDATE temp.merging_set SET id = first.id
FROM (SELECT min(rowid) AS id, target, collector, metrics
    FROM temp.merging_set GROUP BY target, collector, metrics) AS first
WHERE first.target = merging_set.target AND first.collector = merging_set.collector
    AND first.metrics IS merging_set.metrics;
