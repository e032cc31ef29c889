-- Once, when the row of the run is there. Values that differ stand one after the other, in an order that
-- does not depend on which shard had which testbed.
INSERT INTO main.fact
SELECT subject, name, group_concat(value, ' / ')
FROM (SELECT DISTINCT subject, name, value FROM main.merged_fact WHERE subject <> 'plan'
    ORDER BY subject, name, value)
GROUP BY subject, name;
INSERT INTO main.fact SELECT 'plan', 'experiments', min(experiments) FROM main.shard;

UPDATE main.target SET address = (SELECT group_concat(address, ', ') FROM
    (SELECT DISTINCT address FROM temp.merging_target WHERE name = target.name ORDER BY address));

UPDATE main.run SET
    started_ns = (SELECT min(started_ns) FROM main.merged_run),
    ended_ns = (SELECT max(ended_ns) FROM main.merged_run),
    testbed_path = (SELECT group_concat(testbed_path, ', ') FROM
        (SELECT DISTINCT testbed_path FROM main.merged_run ORDER BY testbed_path)),
    testbed_xml = CASE (SELECT count(DISTINCT testbed_xml) FROM main.merged_run)
        WHEN 1 THEN testbed_xml
        ELSE '<testbeds>' || (SELECT group_concat(body, char(10)) FROM
            (SELECT DISTINCT CASE WHEN substr(testbed_xml, 1, 5) = '<?xml'
                    THEN substr(testbed_xml, instr(testbed_xml, '?>') + 2)
                    ELSE testbed_xml END AS body
                FROM main.merged_run ORDER BY body)) || '</testbeds>' END,
    state = CASE WHEN (SELECT min(experiments) FROM main.shard) =
            (SELECT count(*) FROM main.last_attempt WHERE state = 'done')
        THEN 'complete' ELSE 'interrupted' END;
