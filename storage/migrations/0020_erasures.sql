-- What was forgotten, without a word of it: for whoever has to show that it was, and for a run that finishes one cut off.
CREATE TABLE erasures (
    run_id   BIGINT NOT NULL,
    asked    VARCHAR NOT NULL CHECK (asked IN ('age', 'person', 'listed')),
    begun_at TIMESTAMPTZ NOT NULL,
    done_at  TIMESTAMPTZ,
    articles INTEGER NOT NULL,
    stories  INTEGER NOT NULL,
    entries  INTEGER NOT NULL,
    pages    INTEGER NOT NULL,
    lists    INTEGER NOT NULL,
    files    VARCHAR[] NOT NULL,
    deleted  VARCHAR[] NOT NULL,
    days     DATE[] NOT NULL
);
COMMENT ON TABLE erasures IS 'Every erasure in numbers: what newsduck forget and [keep] took out, without a word of it.';
COMMENT ON COLUMN erasures.run_id IS 'The run that did it.';
COMMENT ON COLUMN erasures.asked IS 'age: past its time by [keep] or --older-than; person: named by --url, --site or --story; listed: feeds had listed it again.';
COMMENT ON COLUMN erasures.begun_at IS 'When its rows were deleted.';
COMMENT ON COLUMN erasures.done_at IS 'When the last file was rid of it; null while it is not, and in the published file until the run after it.';
COMMENT ON COLUMN erasures.articles IS 'Articles that went.';
COMMENT ON COLUMN erasures.stories IS 'Stories of which nothing stayed.';
COMMENT ON COLUMN erasures.entries IS 'Entries that went; feeds that list them do not bring them back.';
COMMENT ON COLUMN erasures.pages IS 'Documents of theirs that went out of the archive.';
COMMENT ON COLUMN erasures.lists IS 'Archived feed documents that lost an item of theirs, or went whole where it could not be cut out.';
COMMENT ON COLUMN erasures.files IS 'Archive files that were written anew.';
COMMENT ON COLUMN erasures.deleted IS 'Archive files that were deleted whole.';
COMMENT ON COLUMN erasures.days IS 'Days whose pages were written anew.';
