-- What each injection of a run did to its target, before (b) and during (d) it: what the injector
-- measured, CPU and memory of the target as its monitor saw them, and the calls of the load. The mean
-- call is that of the report (docs/report.md): each window weighs as much as calls ended in it.
--   zstd -dq run.sqlite.zst; sqlite3 -readonly run.sqlite <injections.sql
.mode markdown
WITH valued AS ( -- cumulated CPU time and momentary memory of the fault's own target, by phase
    SELECT p.injection_id, v.metric, v.time_ns, v.value,
        CASE WHEN v.time_ns BETWEEN p.fault_from_ns AND p.fault_until_ns THEN 'd'
            WHEN v.time_ns < p.ramp_from_ns THEN 'b' END AS phase
    FROM injection_phase AS p
    JOIN target AS t ON t.id = p.target_id
    JOIN observation_value AS v ON v.experiment_id = p.experiment_id AND v.target = t.name
    WHERE v.metric IN ('cpuacct.usage', 'memory.usage_in_bytes')
), target_use AS (
    SELECT injection_id, phase,
        (max(value) FILTER (WHERE metric = 'cpuacct.usage')
            - min(value) FILTER (WHERE metric = 'cpuacct.usage'))
            * 100 / (max(time_ns) - min(time_ns)) AS cpu,
        avg(value) FILTER (WHERE metric = 'memory.usage_in_bytes') / 1048576 AS memory
    FROM valued WHERE phase IS NOT NULL GROUP BY injection_id, phase
), calls AS (
    SELECT injection_id, phase, sum(calls_failed) * 100.0 / sum(ended) AS failed,
        sum(max(ended, 1) * call_response_ns) * 1.0
            / sum(max(ended, 1)) FILTER (WHERE call_response_ns IS NOT NULL) / 1e6 AS response,
        sum(retransmissions) * 1e9 / sum(time_ns - window_start_ns) AS retransmissions
    FROM (
        SELECT e.injection_id, s.*, s.calls_failed + s.calls_succeeded AS ended,
            CASE WHEN s.window_start_ns >= e.applied_ns AND s.time_ns <= e.end_commanded_ns THEN 'd'
                WHEN s.window_start_ns >= x.measured_from_ns AND s.time_ns <= e.start_commanded_ns THEN 'b'
            END AS phase
        FROM injection_edges AS e
        JOIN experiment AS x ON x.id = e.experiment_id
        JOIN service_metric AS s ON s.experiment_id = e.experiment_id)
    WHERE phase IS NOT NULL GROUP BY injection_id, phase
)
SELECT i.fault_type AS fault, e.target, printf('%g %s', i.requested, i.unit) AS asked,
    printf('%.1f', e.achieved) AS achieved,
    printf('%.0f → %.0f %%', ub.cpu, ud.cpu) AS "CPU of a core",
    printf('%.0f → %.0f MB', ub.memory, ud.memory) AS memory,
    printf('%.2f → %.2f %%', cb.failed, cd.failed) AS "failed calls",
    printf('%.1f → %.1f ms', cb.response, cd.response) AS "mean call",
    printf('%.1f → %.1f /s', cb.retransmissions, cd.retransmissions) AS retransmissions
FROM injection AS i
JOIN last_attempt AS x ON x.id = i.experiment_id AND x.verdict = 'valid'
JOIN injection_edges AS e ON e.injection_id = i.id
JOIN target_use AS ub ON ub.injection_id = i.id AND ub.phase = 'b'
JOIN target_use AS ud ON ud.injection_id = i.id AND ud.phase = 'd'
JOIN calls AS cb ON cb.injection_id = i.id AND cb.phase = 'b'
JOIN calls AS cd ON cd.injection_id = i.id AND cd.phase = 'd'
ORDER BY i.fault_type, e.target, i.requested;
