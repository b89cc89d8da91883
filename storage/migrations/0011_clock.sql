-- How far this machine's clock was off: a wrong one dates everything wrongly, and stops or hurries every feed.
ALTER TABLE runs ADD COLUMN clock_off DOUBLE;
COMMENT ON COLUMN runs.clock_off IS 'Seconds by which this machine''s clock was ahead of those of the hosts asked (median of their Date headers); null where fewer than three told.';
