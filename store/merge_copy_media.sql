-- Packets of media, after merge_copy.sql: a run of before version 6 of the database has no table of them.
INSERT INTO main.service_media
SELECT sample_id + base, name, packets FROM source.service_media JOIN temp.merging_samples;
