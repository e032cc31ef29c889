-- The run database: one file a run, written by `vnfault run`, read by the
-- analysis and by anyone with sqlite3. Described for users in docs/run-database.md.
--
-- Instants are integers: nanoseconds since 1970 on the runner's clock unless the column says
-- target_ns. Durations are integers of nanoseconds.

PRAGMA application_id = 0x766e6674; -- 'vnft'
PRAGMA user_version = 6; -- 2 came with injection_level, 3 with faults in the load, 4 with
                         -- monitoring_event, 5 with shard, 6 with service_media; store/upgrade.c

-- The run itself: one row.
CREATE TABLE run (
    id                   INTEGER PRIMARY KEY CHECK (id = 1),
    name                 TEXT NOT NULL,             -- the campaign's name
    campaign_path        TEXT NOT NULL,
    campaign_xml         TEXT NOT NULL,             -- as run, XInclude resolved
    testbed_path         TEXT NOT NULL,
    testbed_xml          TEXT NOT NULL,
    time_scale           TEXT NOT NULL,             -- '1', '1/15'
    monitoring_period_ns INTEGER NOT NULL,          -- after scaling
    cool_down_ns         INTEGER NOT NULL,          -- after scaling; see the view observation_label
    faults               INTEGER NOT NULL,          -- 0 with --no-faults
    version              TEXT NOT NULL,             -- of vnfault
    started_ns           INTEGER NOT NULL,
    ended_ns             INTEGER,
    state                TEXT NOT NULL CHECK (state IN ('running', 'complete', 'interrupted'))
) STRICT;

-- The shards whose experiments this file holds: one in a run of --shard, all in a merged run, none in
-- a run of the whole campaign.
CREATE TABLE shard (
    number      INTEGER PRIMARY KEY,                -- K of K/N, from 1
    count       INTEGER NOT NULL,                   -- N
    experiments INTEGER NOT NULL                    -- of the whole campaign
) STRICT;

-- Which shard a cell is of.
CREATE TABLE shard_cell (
    cell  INTEGER PRIMARY KEY,                      -- as in experiment
    shard INTEGER NOT NULL REFERENCES shard(number)
) STRICT;

-- Of a merged run: the run of each shard, as it was in its own file.
CREATE TABLE merged_run (
    shard        INTEGER PRIMARY KEY REFERENCES shard(number),
    path         TEXT NOT NULL,                     -- as it was given
    testbed_path TEXT NOT NULL,
    testbed_xml  TEXT NOT NULL,
    version      TEXT NOT NULL,                     -- of vnfault
    started_ns   INTEGER NOT NULL,
    ended_ns     INTEGER,
    state        TEXT NOT NULL
) STRICT;

-- Of a merged run: what was found on the machines of each shard. The table fact has the same, of all
-- shards: values that differ one after the other.
CREATE TABLE merged_fact (
    shard   INTEGER NOT NULL REFERENCES shard(number),
    subject TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (shard, subject, name)
) STRICT;

-- What was found on the machines: versions of kernel, SIPp, stress-ng; CPUs, memory. And of the
-- subject 'plan' how many experiments it has, of 'calibration' what it found.
CREATE TABLE fact (
    subject TEXT NOT NULL,                          -- 'runner', or a host's name
    name    TEXT NOT NULL,                          -- 'kernel', 'sipp', 'memory-limit'
    value   TEXT NOT NULL,
    PRIMARY KEY (subject, name)
) STRICT;

CREATE TABLE target (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    role    TEXT NOT NULL,                          -- 'P-CSCF'; '' if not said
    address TEXT NOT NULL
) STRICT;

-- The metrics of one collector for one target. When what a source offers changes, a new set.
CREATE TABLE metric_set (
    id        INTEGER PRIMARY KEY,
    target_id INTEGER NOT NULL REFERENCES target(id),
    collector TEXT NOT NULL                         -- 'cgroup'
) STRICT;

CREATE TABLE metric (
    metric_set_id  INTEGER NOT NULL REFERENCES metric_set(id),
    position       INTEGER NOT NULL,                -- index in the vector, from 0
    name           TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('counter', 'gauge')),
    resource_group TEXT NOT NULL,                   -- 'cpu', 'memory', 'network', 'filesystem', ...
    layer          TEXT NOT NULL,                   -- 'physical', 'virtual'
    unit           TEXT NOT NULL,                   -- 'bytes', 'ns', 'events'; '' for a pure number
    PRIMARY KEY (metric_set_id, position)
) STRICT;

-- One row an attempt at a cell of the matrix. --resume tries a torn cell again as a new attempt.
CREATE TABLE experiment (
    id                INTEGER PRIMARY KEY,
    cell              INTEGER NOT NULL,             -- index in the plan, from 0
    attempt           INTEGER NOT NULL,             -- from 1
    name              TEXT NOT NULL,                -- 'cpu-high-sprout-1'
    fault_type        TEXT,                         -- NULL for a nominal experiment
    intensity         TEXT,
    target_id         INTEGER REFERENCES target(id),
    repetition        INTEGER NOT NULL,             -- from 1
    state             TEXT NOT NULL CHECK (state IN ('running', 'done', 'torn')),
    started_ns        INTEGER NOT NULL,
    measured_from_ns  INTEGER,                      -- end of the warm-up
    measured_until_ns INTEGER,                      -- end of the load
    ended_ns          INTEGER,
    verdict           TEXT CHECK (verdict IN ('valid', 'invalid')),
    reason            TEXT,                         -- of an invalid one, or why it is torn
    note              TEXT,                         -- what else should be known of it
    UNIQUE (cell, attempt)
) STRICT;

CREATE TABLE injection (
    id            INTEGER PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiment(id),
    target_id     INTEGER REFERENCES target(id),    -- NULL of a fault in the load: it reaches all targets
    token         TEXT NOT NULL,                    -- names what the injection makes on the target
    fault_type    TEXT NOT NULL,
    intensity     TEXT NOT NULL,                    -- 'high'
    requested     REAL NOT NULL,
    achieved      REAL,                             -- measured by verify, in the same unit
    unit          TEXT NOT NULL,                    -- '%', 'ms', 'workers'
    mechanism     TEXT,                             -- 'netem', 'nfqueue', 'stress-ng 0.15.06'
    lease_ns      INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN
                      ('planned', 'armed', 'applied', 'verified', 'reverted', 'proven', 'failed')),
    phantom       INTEGER NOT NULL DEFAULT 0,       -- 1: verify found that it did not take hold
    detail        TEXT                              -- what verify or a failed step said
) STRICT;

-- Everything verify and revert measured, beside the one figure in injection.achieved.
CREATE TABLE measurement (
    injection_id INTEGER NOT NULL REFERENCES injection(id),
    step         TEXT NOT NULL,                     -- 'verify', 'revert', ...
    name         TEXT NOT NULL,                     -- 'loss-in', 'qdisc-drops'
    value        REAL NOT NULL,
    unit         TEXT NOT NULL
) STRICT;

-- The five edges of an injection on both clocks. Where the target reported the instant, target_ns
-- is what it said and runner_ns is target_ns - offset_ns; else target_ns is runner_ns + offset_ns.
CREATE TABLE edge (
    injection_id INTEGER NOT NULL REFERENCES injection(id),
    kind         TEXT NOT NULL CHECK (kind IN
                     ('start-commanded', 'applied', 'verified', 'end-commanded', 'gone')),
    target_ns    INTEGER NOT NULL,
    runner_ns    INTEGER NOT NULL,
    offset_ns    INTEGER NOT NULL,                  -- target's clock minus runner's clock
    error_ns     INTEGER NOT NULL,                  -- bound of the offset's error
    PRIMARY KEY (injection_id, kind)
) STRICT;

-- The levels of an injection whose intensity is a profile, in their order; none for a level that is
-- held. Instants are on the runner's clock but for applied_target_ns.
CREATE TABLE injection_level (
    injection_id      INTEGER NOT NULL REFERENCES injection(id),
    position          INTEGER NOT NULL,             -- from 1
    requested         REAL NOT NULL,                -- in injection.unit
    achieved          REAL,
    phantom           INTEGER NOT NULL,             -- 1: verify found that it did not take hold
    commanded_ns      INTEGER NOT NULL,
    applied_ns        INTEGER,
    applied_target_ns INTEGER,
    verified_ns       INTEGER,
    offset_ns         INTEGER NOT NULL,             -- target's clock minus runner's clock
    error_ns          INTEGER NOT NULL,             -- bound of the offset's error
    PRIMARY KEY (injection_id, position)
) STRICT;

CREATE TABLE clock_offset (
    host      TEXT NOT NULL,
    time_ns   INTEGER NOT NULL,
    offset_ns INTEGER NOT NULL,
    error_ns  INTEGER NOT NULL,
    PRIMARY KEY (host, time_ns)
) STRICT;

-- One target's metrics at one instant. The window of an observation goes from the one before it
-- (window_start_ns) to its own time; counters tell what happened in it.
CREATE TABLE observation (
    id              INTEGER PRIMARY KEY,
    experiment_id   INTEGER NOT NULL REFERENCES experiment(id),
    metric_set_id   INTEGER NOT NULL REFERENCES metric_set(id),
    window_start_ns INTEGER NOT NULL,
    time_ns         INTEGER NOT NULL,               -- when the values were read, or the source's time
    vector          BLOB NOT NULL                   -- little-endian float64 by metric.position
) STRICT;
CREATE INDEX observation_by_experiment ON observation (experiment_id, metric_set_id, time_ns);

-- What happened to a source's samples besides coming one by one and in time; docs/collectors.md.
CREATE TABLE monitoring_event (
    experiment_id INTEGER NOT NULL REFERENCES experiment(id),
    metric_set_id INTEGER NOT NULL REFERENCES metric_set(id),
    time_ns       INTEGER NOT NULL,                 -- of the observation that it concerns; of others, when it was due
    kind          TEXT NOT NULL CHECK (kind IN ('missed', 'late', 'gap', 'duplicate', 'out-of-order',
                      'counter-reset', 'changed')),
    detail        TEXT NOT NULL,
    samples       INTEGER NOT NULL DEFAULT 1,       -- that it happened to at this instant
    PRIMARY KEY (experiment_id, metric_set_id, time_ns, kind)
) STRICT, WITHOUT ROWID;

-- What the load generator saw, per window of about a second. Counts are of the window.
CREATE TABLE service_sample (
    id                   INTEGER PRIMARY KEY,
    experiment_id        INTEGER NOT NULL REFERENCES experiment(id),
    load_host            TEXT NOT NULL,
    window_start_ns      INTEGER NOT NULL,
    time_ns              INTEGER NOT NULL,
    offered_rate         REAL NOT NULL,             -- calls/s asked for
    calls_created        INTEGER NOT NULL,
    calls_succeeded      INTEGER NOT NULL,
    calls_failed         INTEGER NOT NULL,
    calls_current        INTEGER NOT NULL,          -- open at the end of the window
    retransmissions      INTEGER NOT NULL
) STRICT;
CREATE INDEX service_sample_by_experiment ON service_sample (experiment_id, time_ns);

CREATE TABLE service_failure (
    sample_id INTEGER NOT NULL REFERENCES service_sample(id),
    cause     TEXT NOT NULL,                        -- 'timeout-on-receive', 'unexpected-message', ...
    calls     INTEGER NOT NULL,
    PRIMARY KEY (sample_id, cause)
) STRICT;

CREATE TABLE service_response (
    sample_id          INTEGER NOT NULL REFERENCES service_sample(id),
    transaction_name   TEXT NOT NULL,               -- 'register', 'invite', 'update', 'bye', 'call'
    mean_ns            INTEGER NOT NULL,
    deviation_ns       INTEGER,
    PRIMARY KEY (sample_id, transaction_name)
) STRICT;

-- Of media, where the scenario has any: packets that SIPp told of since the sample before.
CREATE TABLE service_media (
    sample_id INTEGER NOT NULL REFERENCES service_sample(id),
    name      TEXT NOT NULL,                        -- 'rtp-sent', 'rtp-echoed'
    packets   INTEGER NOT NULL,
    PRIMARY KEY (sample_id, name)
) STRICT;

-- Every action, written before it is carried out (outcome NULL) and completed after it.
CREATE TABLE journal (
    id            INTEGER PRIMARY KEY,
    time_ns       INTEGER NOT NULL,
    experiment_id INTEGER REFERENCES experiment(id),
    host          TEXT,
    action        TEXT NOT NULL,                    -- 'arm', 'apply', 'reboot', ...
    detail        TEXT NOT NULL,
    ended_ns      INTEGER,
    outcome       TEXT                              -- 'ok', or the error
) STRICT;

CREATE INDEX metric_set_by_target ON metric_set (target_id);
CREATE INDEX injection_by_experiment ON injection (experiment_id);

-- What the view observation_value decodes float64 by, without an extension. A number's exponent
-- field gives the value of its last binary digit, 2^(exponent - 1075); for 0 as for 1 (denormal).
CREATE TABLE float64_exponent (
    exponent INTEGER PRIMARY KEY,                   -- 0 to 2046
    value    REAL NOT NULL
) STRICT;
INSERT INTO float64_exponent
WITH RECURSIVE
    up (exponent, value) AS (
        SELECT 1075, 1.0 UNION ALL SELECT exponent + 1, value * 2.0 FROM up WHERE exponent < 2046),
    down (exponent, value) AS (
        SELECT 1074, 0.5 UNION ALL SELECT exponent - 1, value * 0.5 FROM down WHERE exponent > 1)
SELECT * FROM up UNION ALL SELECT * FROM down UNION ALL SELECT 0, value FROM down WHERE exponent = 1;

CREATE TABLE float64_byte (
    hex   TEXT PRIMARY KEY,                         -- '00' to 'FF'
    value INTEGER NOT NULL                          -- 0 to 255
) STRICT, WITHOUT ROWID;
INSERT INTO float64_byte
WITH RECURSIVE byte (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM byte WHERE value < 255)
SELECT printf('%02X', value), value FROM byte;

-- The experiments that count: the last attempt at each cell.
CREATE VIEW last_attempt AS
SELECT * FROM experiment AS e
WHERE attempt = (SELECT max(attempt) FROM experiment WHERE cell = e.cell);

-- Injections with their edges on the runner's clock in one row; NULL where there is no such edge, and as
-- the target of a fault in the load.
CREATE VIEW injection_edges AS
SELECT i.id AS injection_id, i.experiment_id, e.name AS experiment, i.target_id, t.name AS target,
    i.token, i.fault_type, i.intensity, i.requested, i.achieved, i.unit, i.mechanism, i.lease_ns,
    i.state, i.phantom, i.detail,
    start_commanded.runner_ns AS start_commanded_ns,
    applied.runner_ns AS applied_ns,
    verified.runner_ns AS verified_ns,
    end_commanded.runner_ns AS end_commanded_ns,
    gone.runner_ns AS gone_ns,
    (SELECT coalesce(max(error_ns), 0) FROM edge WHERE injection_id = i.id) AS edge_error_ns
FROM injection AS i
JOIN experiment AS e ON e.id = i.experiment_id
LEFT JOIN target AS t ON t.id = i.target_id
LEFT JOIN edge AS start_commanded
    ON start_commanded.injection_id = i.id AND start_commanded.kind = 'start-commanded'
LEFT JOIN edge AS applied ON applied.injection_id = i.id AND applied.kind = 'applied'
LEFT JOIN edge AS verified ON verified.injection_id = i.id AND verified.kind = 'verified'
LEFT JOIN edge AS end_commanded
    ON end_commanded.injection_id = i.id AND end_commanded.kind = 'end-commanded'
LEFT JOIN edge AS gone ON gone.injection_id = i.id AND gone.kind = 'gone';

-- The times of each commanded injection that labels follow from: ramp from start-commanded to
-- applied, fault to end-commanded, cool-down to the end of the cool-down, each edge widened by its
-- error bound. A missing edge is put at the end of time, so that nothing after it counts as clean.
CREATE VIEW injection_phase AS
SELECT i.id AS injection_id, i.experiment_id, i.target_id, i.fault_type, i.intensity,
    start_commanded.runner_ns AS ramp_from_ns,
    coalesce(applied.runner_ns + applied.error_ns, 9223372036854775807) AS fault_from_ns,
    coalesce(end_commanded.runner_ns - end_commanded.error_ns, gone.runner_ns - gone.error_ns,
        9223372036854775807) AS fault_until_ns,
    coalesce(gone.runner_ns + gone.error_ns + (SELECT cool_down_ns FROM run),
        9223372036854775807) AS cool_down_until_ns
FROM injection AS i
JOIN edge AS start_commanded
    ON start_commanded.injection_id = i.id AND start_commanded.kind = 'start-commanded'
LEFT JOIN edge AS applied ON applied.injection_id = i.id AND applied.kind = 'applied'
LEFT JOIN edge AS end_commanded
    ON end_commanded.injection_id = i.id AND end_commanded.kind = 'end-commanded'
LEFT JOIN edge AS gone ON gone.injection_id = i.id AND gone.kind = 'gone';

-- Which phase of which injection an observation's window overlaps: 3 wholly inside one level of the
-- fault, 2 ramp (also from one level to the next), 1 cool-down; own is 1 where the observed target is
-- the injection's, or the fault is in the load. No row where none is near.
CREATE VIEW observation_phase AS
SELECT o.id AS observation_id, o.experiment_id, p.injection_id,
    CASE
        WHEN o.window_start_ns >= p.fault_from_ns AND o.time_ns <= p.fault_until_ns
            AND NOT EXISTS (SELECT 1 FROM injection_level AS l
                WHERE l.injection_id = p.injection_id AND l.position > 1
                AND o.time_ns >= l.commanded_ns
                AND o.window_start_ns < coalesce(l.applied_ns + l.error_ns, 9223372036854775807))
            THEN 3
        WHEN o.window_start_ns < p.fault_from_ns OR o.time_ns <= p.fault_until_ns THEN 2
        ELSE 1
    END AS phase,
    p.target_id IS NULL OR p.target_id = s.target_id AS own
FROM observation AS o
JOIN metric_set AS s ON s.id = o.metric_set_id
JOIN injection_phase AS p ON p.experiment_id = o.experiment_id
    AND o.time_ns >= p.ramp_from_ns AND o.window_start_ns < p.cool_down_until_ns;

-- The label of each observation: docs/labels.md. Where several injections are near, the highest
-- phase counts, then the observed target's own injection, then the earlier one.
CREATE VIEW observation_label AS
SELECT o.id AS observation_id, o.experiment_id, o.metric_set_id, s.target_id, t.name AS target,
    o.window_start_ns, o.time_ns,
    CASE
        WHEN e.verdict IS NOT 'valid' THEN 'invalid'
        WHEN EXISTS (SELECT 1 FROM monitoring_event AS m
            WHERE m.experiment_id = o.experiment_id AND m.metric_set_id = o.metric_set_id
            AND m.time_ns = o.time_ns AND m.kind = 'gap')
            THEN 'invalid'
        ELSE CASE (SELECT max(phase) FROM observation_phase WHERE observation_id = o.id)
            WHEN 3 THEN i.fault_type
            WHEN 2 THEN 'ramp'
            WHEN 1 THEN 'cool-down'
            ELSE 'normal'
        END
    END AS label,
    CASE
        WHEN i.id IS NULL THEN 'none'
        WHEN i.target_id <> s.target_id THEN 'elsewhere'
        ELSE 'own'
    END AS scope,
    i.intensity,
    coalesce((SELECT l.requested FROM injection_level AS l
        WHERE l.injection_id = i.id AND l.commanded_ns <= o.time_ns
        ORDER BY l.position DESC LIMIT 1), i.requested) AS requested,
    (SELECT name FROM target WHERE id = i.target_id) AS fault_target
FROM observation AS o
JOIN experiment AS e ON e.id = o.experiment_id
JOIN metric_set AS s ON s.id = o.metric_set_id
JOIN target AS t ON t.id = s.target_id
LEFT JOIN injection AS i ON i.id = (
    SELECT injection_id FROM observation_phase WHERE observation_id = o.id
    ORDER BY phase DESC, own DESC, injection_id
    LIMIT 1);

-- Observations in long form, one row a value; NULL where a value is not known (NaN). A float64 is
-- sign (1 bit), exponent (11) and fraction (52), the last byte first.
CREATE VIEW observation_value AS
SELECT o.id AS observation_id, o.experiment_id, e.name AS experiment, t.name AS target, o.time_ns,
    m.position, m.name AS metric,
    CASE WHEN b7.value >= 128 THEN -1.0 ELSE 1.0 END * CASE
        WHEN x.exponent > 0 THEN
            x.value * ((1 << 52) + ((b6.value & 15) << 48) + (b5.value << 40) + (b4.value << 32)
                + (b3.value << 24) + (b2.value << 16) + (b1.value << 8) + b0.value)
        WHEN x.exponent = 0 THEN
            x.value * (((b6.value & 15) << 48) + (b5.value << 40) + (b4.value << 32)
                + (b3.value << 24) + (b2.value << 16) + (b1.value << 8) + b0.value)
        WHEN (b6.value & 15) + b5.value + b4.value + b3.value + b2.value + b1.value + b0.value = 0
            THEN 9e999
    END AS value
FROM observation AS o
JOIN experiment AS e ON e.id = o.experiment_id
JOIN metric_set AS s ON s.id = o.metric_set_id
JOIN target AS t ON t.id = s.target_id
JOIN metric AS m ON m.metric_set_id = s.id
JOIN float64_byte AS b0 ON b0.hex = hex(substr(o.vector, 8 * m.position + 1, 1))
JOIN float64_byte AS b1 ON b1.hex = hex(substr(o.vector, 8 * m.position + 2, 1))
JOIN float64_byte AS b2 ON b2.hex = hex(substr(o.vector, 8 * m.position + 3, 1))
JOIN float64_byte AS b3 ON b3.hex = hex(substr(o.vector, 8 * m.position + 4, 1))
JOIN float64_byte AS b4 ON b4.hex = hex(substr(o.vector, 8 * m.position + 5, 1))
JOIN float64_byte AS b5 ON b5.hex = hex(substr(o.vector, 8 * m.position + 6, 1))
JOIN float64_byte AS b6 ON b6.hex = hex(substr(o.vector, 8 * m.position + 7, 1))
JOIN float64_byte AS b7 ON b7.hex = hex(substr(o.vector, 8 * m.position + 8, 1))
LEFT JOIN float64_exponent AS x ON x.exponent = ((b7.value & 127) << 4) + (b6.value >> 4);

-- Service metrics with the share of calls that failed of those that ended, NULL if none ended, and
-- the mean response time of a whole call.
CREATE VIEW service_metric AS
SELECT s.id AS sample_id, s.experiment_id, e.name AS experiment, s.load_host, s.window_start_ns,
    s.time_ns, s.offered_rate, s.calls_created, s.calls_succeeded, s.calls_failed, s.calls_current,
    s.retransmissions,
    CASE WHEN s.calls_succeeded + s.calls_failed > 0
        THEN CAST(s.calls_failed AS REAL) / (s.calls_succeeded + s.calls_failed)
    END AS failure_share,
    r.mean_ns AS call_response_ns
FROM service_sample AS s
JOIN experiment AS e ON e.id = s.experiment_id
LEFT JOIN service_response AS r ON r.sample_id = s.id AND r.transaction_name = 'call';
