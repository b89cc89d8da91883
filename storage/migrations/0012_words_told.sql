-- Two columns said less than was true of them.
COMMENT ON COLUMN runs.kind IS 'ingest, poll, backfill, upkeep, load, reread, regroup, retag, forget, or recovered (a run that died and was finished by the next).';
COMMENT ON COLUMN polls.overlap IS 'Whether the list joins on to the last one: an entry that was new then still stands in it, or most of it was known. False: entries were probably lost between two looks. Null: the feed''s first list, or an empty one.';
