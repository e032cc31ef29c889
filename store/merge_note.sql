-- For each source: what there is.
BEGIN;
INSERT INTO temp.merging_source SELECT * FROM temp.merging_now;
INSERT INTO temp.merging_cell
SELECT now.source, c.cell FROM temp.merging_now AS now, source.shard_cell AS c;
INSERT INTO temp.merging_target
SELECT now.source, t.name, t.role, t.address FROM temp.merging_now AS now, source.target AS t;
INSERT INTO temp.merging_set (source, old, target, collector, metrics)
SELECT now.source, s.id, t.name, s.collector,
    (SELECT group_concat(line, char(10)) FROM
        (SELECT position || ' ' || quote(name) || quote(kind) || quote(resource_group) || quote(layer)
                || quote(unit) AS line
            FROM source.metric WHERE metric_set_id = s.id ORDER BY position))
FROM temp.merging_now AS now, source.metric_set AS s
JOIN source.target AS t ON t.id = s.target_id ORDER BY s.id;
INSERT INTO temp.merging_experiment (source, old, cell, attempt, name, content)
SELECT now.source, e.id, e.cell, e.attempt, e.name,
    e.state || ' ' || e.started_ns || ' ' || quote(e.ended_ns) || quote(e.verdict) || quote(e.reason)
    || quote(e.note) || (SELECT count(*) FROM source.observation WHERE experiment_id = e.id) || ' '
    || (SELECT count(*) FROM source.service_sample WHERE experiment_id = e.id) || ' '
    || (SELECT count(*) FROM source.injection WHERE experiment_id = e.id)
FROM temp.merging_now AS now, source.experiment AS e;
INSERT INTO temp.merging_injection (source, old, experiment)
SELECT now.source, i.id, i.experiment_id FROM temp.merging_now AS now, source.injection AS i;
COMMIT;
