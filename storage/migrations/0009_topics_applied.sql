-- Which versions of a topic have been applied to everything kept, not only to what came since.
ALTER TABLE topics ADD COLUMN whole BOOLEAN DEFAULT false;
COMMENT ON COLUMN topics.whole IS 'Whether this version was applied to everything kept at some time; from then on each run applies it to what is new. A version that is no longer current keeps its matches as they were.';
