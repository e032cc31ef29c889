#include "store/statements.h"

const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_SAVEPOINT] = "SAVEPOINT call",
    [STATEMENT_RELEASE] = "RELEASE call",
    [STATEMENT_ROLLBACK_TO] = "ROLLBACK TO call",

    [STATEMENT_PUT_RUN] =
        "INSERT INTO run (id, name, campaign_path, campaign_xml, testbed_path, testbed_xml,"
        " time_scale, monitoring_period_ns, cool_down_ns, faults, version, started_ns, state)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running')",
    [STATEMENT_SET_RUN_STATE] = "UPDATE run SET state = ?, ended_ns = ?",
    [STATEMENT_PUT_FACT] = "INSERT INTO fact (subject, name, value) VALUES (?, ?, ?)"
                           " ON CONFLICT DO UPDATE SET value = excluded.value",
    [STATEMENT_PUT_TARGET] =
        "INSERT INTO target (name, role, address) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET role = excluded.role, address = excluded.address",
    [STATEMENT_TARGET_ID] = "SELECT id FROM target WHERE name = ?",
    [STATEMENT_PUT_METRIC_SET] = "INSERT INTO metric_set (target_id, collector) VALUES (?, ?)",
    [STATEMENT_PUT_METRIC] =
        "INSERT INTO metric (metric_set_id, position, name, kind, resource_group, layer, unit)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_METRIC_SETS_OF_TARGET] =
        "SELECT id FROM metric_set WHERE target_id = ? AND collector = ? ORDER BY id",

    [STATEMENT_BEGIN_EXPERIMENT] =
        "INSERT INTO experiment (cell, attempt, name, fault_type, intensity, target_id,"
        " repetition, state, started_ns)"
        " SELECT ?1, coalesce(max(attempt), 0) + 1, ?2, ?3, ?4, ?5, ?6, 'running', ?7"
        " FROM experiment WHERE cell = ?1",
    [STATEMENT_SET_MEASURED] =
        "UPDATE experiment SET measured_from_ns = ?, measured_until_ns = ? WHERE id = ?",
    [STATEMENT_END_EXPERIMENT] = "UPDATE experiment SET state = 'done', ended_ns = ?,"
                                 " verdict = ?, reason = ?, note = ? WHERE id = ?",
    [STATEMENT_TEAR_EXPERIMENTS] = "UPDATE experiment SET state = 'torn', ended_ns = ?, reason = ?"
                                   " WHERE state = 'running'",

    [STATEMENT_BEGIN_INJECTION] =
        "INSERT INTO injection (experiment_id, target_id, token, fault_type, intensity, requested,"
        " unit, lease_ns, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'planned')",
    [STATEMENT_SET_INJECTION_STATE] =
        "UPDATE injection SET state = ?, detail = coalesce(?, detail) WHERE id = ?",
    [STATEMENT_SET_INJECTION_MECHANISM] = "UPDATE injection SET mechanism = ? WHERE id = ?",
    [STATEMENT_SET_INJECTION_ACHIEVED] = "UPDATE injection SET achieved = ?, phantom = ?,"
                                         " detail = coalesce(?, detail) WHERE id = ?",
    [STATEMENT_PUT_MEASUREMENT] =
        "INSERT INTO measurement (injection_id, step, name, value, unit) VALUES (?, ?, ?, ?, ?)",
    [STATEMENT_PUT_EDGE] =
        "INSERT INTO edge (injection_id, kind, target_ns, runner_ns, offset_ns, error_ns)"
        " VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_PUT_LEVEL] =
        "INSERT OR REPLACE INTO injection_level (injection_id, position, requested, achieved,"
        " phantom, commanded_ns, applied_ns, applied_target_ns, verified_ns, offset_ns, error_ns)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_PUT_CLOCK_OFFSET] =
        "INSERT INTO clock_offset (host, time_ns, offset_ns, error_ns) VALUES (?, ?, ?, ?)",

    [STATEMENT_PUT_OBSERVATION] =
        "INSERT INTO observation (experiment_id, metric_set_id, window_start_ns, time_ns, vector)"
        " VALUES (?, ?, ?, ?, ?)",
    [STATEMENT_PUT_MONITORING_EVENT] =
        "INSERT INTO monitoring_event (experiment_id, metric_set_id, time_ns, kind, detail)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET samples = samples + 1",
    [STATEMENT_PUT_SERVICE_SAMPLE] =
        "INSERT INTO service_sample (experiment_id, load_host, window_start_ns, time_ns,"
        " offered_rate, calls_created, calls_succeeded, calls_failed, calls_current,"
        " retransmissions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_PUT_SERVICE_FAILURE] =
        "INSERT INTO service_failure (sample_id, cause, calls) VALUES (?, ?, ?)",
    [STATEMENT_PUT_SERVICE_RESPONSE] =
        "INSERT INTO service_response (sample_id, transaction_name, mean_ns, deviation_ns)"
        " VALUES (?, ?, ?, ?)",
    [STATEMENT_PUT_SERVICE_MEDIA] =
        "INSERT INTO service_media (sample_id, name, packets) VALUES (?, ?, ?)",
    [STATEMENT_PUT_SHARD] = "INSERT INTO shard (number, count, experiments) VALUES (?, ?, ?)",
    [STATEMENT_PUT_SHARD_CELL] = "INSERT INTO shard_cell (cell, shard) VALUES (?, ?)",
    [STATEMENT_BEGIN_ACTION] = "INSERT INTO journal (time_ns, experiment_id, host, action, detail)"
                               " VALUES (?, ?, ?, ?, ?)",
    [STATEMENT_END_ACTION] = "UPDATE journal SET ended_ns = ?, outcome = ? WHERE id = ?",

    [STATEMENT_RUN] = "SELECT name, campaign_path, campaign_xml, testbed_path, testbed_xml,"
                      " time_scale, version, state, monitoring_period_ns, cool_down_ns,"
                      " started_ns, ended_ns, faults FROM run",
    [STATEMENT_TARGETS] = "SELECT id, name, role, address FROM target ORDER BY id",
    [STATEMENT_FACTS] = "SELECT subject, name, value FROM fact ORDER BY subject, name",
    [STATEMENT_METRIC_SETS] = "SELECT id, target_id, collector FROM metric_set ORDER BY id",
    [STATEMENT_METRICS] = "SELECT position, name, kind, resource_group, layer, unit FROM metric"
                          " WHERE metric_set_id = ? ORDER BY position",
    [STATEMENT_METRIC_COUNT] = "SELECT count(*) FROM metric WHERE metric_set_id = ?",
    [STATEMENT_EXPERIMENTS] =
        "SELECT e.id, e.cell, e.attempt, e.name, e.fault_type, e.intensity, t.name, e.repetition,"
        " e.state, e.started_ns, e.measured_from_ns, e.measured_until_ns, e.ended_ns, e.verdict,"
        " e.reason, e.note FROM last_attempt AS e LEFT JOIN target AS t ON t.id = e.target_id"
        " ORDER BY e.id",
    [STATEMENT_INJECTIONS] =
        "SELECT injection_id, experiment_id, experiment, target, token, fault_type, intensity,"
        " requested, achieved, unit, mechanism, state, phantom, detail, lease_ns,"
        " start_commanded_ns, applied_ns, verified_ns, end_commanded_ns, gone_ns, edge_error_ns,"
        " target_id IS NULL"
        " FROM injection_edges ORDER BY injection_id",
    [STATEMENT_LEVELS] =
        "SELECT injection_id, position, requested, achieved, phantom, commanded_ns,"
        " coalesce(applied_ns, 0), coalesce(applied_target_ns, 0), coalesce(verified_ns, 0),"
        " offset_ns, error_ns FROM injection_level ORDER BY injection_id, position",
    /* Experiment by experiment, so that no more than one experiment's observations are sorted. */
    [STATEMENT_LAST_ATTEMPTS] = "SELECT id, cell FROM last_attempt ORDER BY id",
    [STATEMENT_OBSERVATIONS] =
        "SELECT o.id, o.metric_set_id, o.window_start_ns, o.time_ns, l.label, l.scope,"
        " l.intensity, l.fault_target, o.vector"
        " FROM metric_set AS s CROSS JOIN observation AS o ON o.metric_set_id = s.id"
        " CROSS JOIN observation_label AS l ON l.observation_id = o.id"
        " WHERE s.target_id = ?1 AND o.experiment_id = ?2 ORDER BY o.time_ns, o.id",
    [STATEMENT_SERVICE_SAMPLES] =
        "SELECT id, experiment_id, load_host, window_start_ns, time_ns, offered_rate,"
        " calls_created, calls_succeeded, calls_failed, calls_current, retransmissions"
        " FROM service_sample WHERE experiment_id IN (SELECT id FROM last_attempt)"
        " ORDER BY experiment_id, time_ns, id",
    [STATEMENT_SERVICE_FAILURES] =
        "SELECT cause, calls FROM service_failure WHERE sample_id = ? ORDER BY cause",
    [STATEMENT_SERVICE_RESPONSES] = "SELECT transaction_name, mean_ns, deviation_ns"
                                    " FROM service_response WHERE sample_id = ?"
                                    " ORDER BY transaction_name",
    [STATEMENT_SERVICE_MEDIA] =
        "SELECT name, packets FROM service_media WHERE sample_id = ? ORDER BY name",
    [STATEMENT_CELL_DONE] = "SELECT EXISTS (SELECT 1 FROM last_attempt WHERE cell = ?1"
                            " AND state = 'done' AND (verdict = 'valid' OR NOT ?2))",
    [STATEMENT_SHARDS] =
        "SELECT s.number, s.count, s.experiments,"
        " (SELECT count(*) FROM shard_cell WHERE shard = s.number),"
        " (SELECT count(*) FROM shard_cell AS c JOIN last_attempt AS e USING (cell)"
        " WHERE c.shard = s.number AND e.state = 'done')"
        " FROM shard AS s ORDER BY s.number",
    [STATEMENT_MERGED_RUNS] = "SELECT shard, path, testbed_path, version, started_ns, ended_ns,"
                              " state FROM merged_run ORDER BY shard",

    /* store/merge.c */
    [STATEMENT_MERGE_DIFFERENT] =
        "WITH one AS (SELECT cell, attempt, name, content FROM temp.merging_experiment"
        " WHERE source = ?1),"
        " other AS (SELECT cell, attempt, name, content FROM temp.merging_experiment"
        " WHERE source = ?2)"
        " SELECT name FROM (SELECT * FROM (SELECT * FROM one EXCEPT SELECT * FROM other)"
        " UNION SELECT * FROM (SELECT * FROM other EXCEPT SELECT * FROM one))"
        " ORDER BY cell, attempt LIMIT 1",
    [STATEMENT_MERGE_SAME_CELL] =
        "SELECT 'experiment ' || coalesce((SELECT name FROM temp.merging_experiment"
        " WHERE cell = c.cell LIMIT 1), 'no. ' || (1 + c.cell)) || ' is in shard ' || s.number ||"
        " ' of ' || s.path || ' and in shard ' || o.number || ' of ' || o.path"
        " FROM temp.merging_cell AS c"
        " JOIN temp.merging_cell AS d ON d.cell = c.cell AND d.source > c.source"
        " JOIN temp.merging_source AS s ON s.source = c.source"
        " JOIN temp.merging_source AS o ON o.source = d.source ORDER BY c.cell LIMIT 1",
    [STATEMENT_MERGE_STRANGE_CELL] =
        "SELECT 'experiment ' || e.name || ' is in ' || s.path || ', but not of its shard'"
        " FROM temp.merging_experiment AS e"
        " JOIN temp.merging_source AS s USING (source) WHERE NOT EXISTS (SELECT 1"
        " FROM temp.merging_cell AS c WHERE c.source = e.source AND c.cell = e.cell) LIMIT 1",
    [STATEMENT_MERGE_OTHER_TARGET] =
        "SELECT 'target ' || t.name || ' (' || t.role || ') of ' || s.path || ' is not one of ' ||"
        " o.path FROM temp.merging_target AS t"
        " JOIN temp.merging_source AS s USING (source) JOIN temp.merging_source AS o"
        " WHERE NOT EXISTS (SELECT 1 FROM temp.merging_target AS u WHERE u.source = o.source"
        " AND u.name = t.name AND u.role = t.role) ORDER BY t.source, t.name LIMIT 1",
};
