-- For each source: all that it recorded, under the new ids.
BEGIN;
INSERT INTO main.shard SELECT number, count, experiments FROM source.shard;
INSERT INTO main.shard_cell SELECT cell, shard FROM source.shard_cell;
INSERT INTO main.merged_run
SELECT now.number, now.path, r.testbed_path, r.testbed_xml, r.version, r.started_ns, r.ended_ns, r.state
FROM temp.merging_now AS now, source.run AS r;
INSERT INTO main.merged_fact
SELECT now.number, f.subject, f.name, f.value FROM temp.merging_now AS now, source.fact AS f;

INSERT INTO main.target (name, role, address)
SELECT name, role, address FROM source.target WHERE true ORDER BY id ON CONFLICT (name) DO NOTHING;
INSERT INTO main.metric_set
SELECT s.id, t.id, s.collector
FROM temp.merging_set AS s
JOIN temp.merging_now AS now ON now.source = s.source
JOIN main.target AS t ON t.name = s.target
WHERE true ORDER BY s.id ON CONFLICT DO NOTHING;
INSERT INTO main.metric
SELECT s.id, m.position, m.name, m.kind, m.resource_group, m.layer, m.unit
FROM source.metric AS m JOIN this_set AS s ON s.old = m.metric_set_id
WHERE true ON CONFLICT DO NOTHING;

INSERT INTO main.experiment
SELECT e.id, x.cell, x.attempt, x.name, x.fault_type, x.intensity, t.id, x.repetition,
    CASE x.state WHEN 'running' THEN 'torn' ELSE x.state END,
    x.started_ns, x.measured_from_ns, x.measured_until_ns, x.ended_ns, x.verdict,
    CASE x.state WHEN 'running' THEN 'not ended when its run was merged' ELSE x.reason END, x.note
FROM source.experiment AS x
JOIN this_experiment AS e ON e.old = x.id
LEFT JOIN this_target AS t ON t.old = x.target_id;
INSERT INTO main.injection
SELECT i.id, e.id, t.id, x.token, x.fault_type, x.intensity, x.requested, x.achieved, x.unit,
    x.mechanism, x.lease_ns, x.state, x.phantom, x.detail
FROM source.injection AS x
JOIN this_experiment AS e ON e.old = x.experiment_id
JOIN this_injection AS i ON i.old = x.id
LEFT JOIN this_target AS t ON t.old = x.target_id;
INSERT INTO main.measurement
SELECT i.id, x.step, x.name, x.value, x.unit
FROM source.measurement AS x JOIN this_injection AS i ON i.old = x.injection_id ORDER BY x.rowid;
INSERT INTO main.edge
SELECT i.id, x.kind, x.target_ns, x.runner_ns, x.offset_ns, x.error_ns
FROM source.edge AS x JOIN this_injection AS i ON i.old = x.injection_id ORDER BY x.rowid;
INSERT INTO main.injection_level
SELECT i.id, x.position, x.requested, x.achieved, x.phantom, x.commanded_ns, x.applied_ns,
    x.applied_target_ns, x.verified_ns, x.offset_ns, x.error_ns
FROM source.injection_level AS x JOIN this_injection AS i ON i.old = x.injection_id;
INSERT INTO main.clock_offset
SELECT host, time_ns, offset_ns, error_ns FROM source.clock_offset WHERE true ON CONFLICT DO NOTHING;

INSERT INTO main.observation (experiment_id, metric_set_id, window_start_ns, time_ns, vector)
SELECT e.id, s.id, x.window_start_ns, x.time_ns, x.vector
FROM source.observation AS x
JOIN this_experiment AS e ON e.old = x.experiment_id
JOIN this_set AS s ON s.old = x.metric_set_id ORDER BY x.id;
INSERT INTO main.monitoring_event
SELECT e.id, s.id, x.time_ns, x.kind, x.detail, x.samples
FROM source.monitoring_event AS x
JOIN this_experiment AS e ON e.old = x.experiment_id
JOIN this_set AS s ON s.old = x.metric_set_id;

DELETE FROM temp.merging_samples;
INSERT INTO temp.merging_samples SELECT coalesce(max(id), 0) FROM main.service_sample;
INSERT INTO main.service_sample
SELECT x.id + base, e.id, x.load_host, x.window_start_ns, x.time_ns, x.offered_rate, x.calls_created,
    x.calls_succeeded, x.calls_failed, x.calls_current, x.retransmissions
FROM source.service_sample AS x
JOIN this_experiment AS e ON e.old = x.experiment_id
JOIN temp.merging_samples ORDER BY x.id;
INSERT INTO main.service_failure
SELECT sample_id + base, cause, calls FROM source.service_failure JOIN temp.merging_samples;
INSERT INTO main.service_response
SELECT sample_id + base, transaction_name, mean_ns, deviation_ns
FROM source.service_response JOIN temp.merging_samples;

INSERT INTO main.journal (time_ns, experiment_id, host, action, detail, ended_ns, outcome)
SELECT x.time_ns, e.id, x.host, x.action, x.detail, x.ended_ns, x.outcome
FROM source.journal AS x LEFT JOIN this_experiment AS e ON e.old = x.experiment_id ORDER BY x.id;
COMMIT;
