-- The source that was just noted is the same run as another.
DELETE FROM temp.merging_source WHERE source = (SELECT source FROM temp.merging_now);
DELETE FROM temp.merging_cell WHERE source = (SELECT source FROM temp.merging_now);
DELETE FROM temp.merging_target WHERE source = (SELECT source FROM temp.merging_now);
DELETE FROM temp.merging_set WHERE source = (SELECT source FROM temp.merging_now);
DELETE FROM temp.merging_experiment WHERE source = (SELECT source FROM temp.merging_now);
DELETE FROM temp.merging_injection WHERE source = (SELECT source FROM temp.merging_now);
