-- What store/merge.c keeps while it merges. The run to be read is attached as `source`; merging_now has
-- its index, its shard and its path. Ids of sources become those of the merged run by `old` and `id`.
CREATE TABLE temp.merging_now (source INTEGER, number INTEGER, path TEXT);
CREATE TABLE temp.merging_source (source INTEGER PRIMARY KEY, number INTEGER, path TEXT);
CREATE TABLE temp.merging_cell (source INTEGER, cell INTEGER, PRIMARY KEY (source, cell));
CREATE TABLE temp.merging_target (
    source INTEGER, name TEXT, role TEXT, address TEXT, PRIMARY KEY (source, name)
);
CREATE TABLE temp.merging_set (
    source INTEGER, old INTEGER, target TEXT, collector TEXT, metrics TEXT, id INTEGER,
    PRIMARY KEY (source, old)
);
-- `content` tells two attempts apart: their times, what came of them, and how much was recorded.
CREATE TABLE temp.merging_experiment (
    source INTEGER, old INTEGER, cell INTEGER, attempt INTEGER, name TEXT, content TEXT, id INTEGER,
    PRIMARY KEY (source, old)
);
CREATE TABLE temp.merging_injection (
    source INTEGER, old INTEGER, experiment INTEGER, id INTEGER, PRIMARY KEY (source, old)
);
-- Samples of a source follow on those that are there: `base`.
CREATE TABLE temp.merging_samples (base INTEGER);

-- Those of the source that is attached.
CREATE TEMP VIEW this_set AS
SELECT old, id FROM temp.merging_set WHERE source = (SELECT source FROM temp.merging_now);
CREATE TEMP VIEW this_experiment AS
SELECT old, id FROM temp.merging_experiment WHERE source = (SELECT source FROM temp.merging_now);
CREATE TEMP VIEW this_injection AS
SELECT old, id FROM temp.merging_injection WHERE source = (SELECT source FROM temp.merging_now);
CREATE TEMP VIEW this_target AS
SELECT o.id AS old, n.id FROM source.target AS o JOIN main.target AS n USING (name);
