-- Pages out of web archives: how far each file was gone through, and whose clock first saw an article.

ALTER TABLE articles ADD COLUMN seen_by VARCHAR DEFAULT 'newsduck';
COMMENT ON COLUMN articles.seen_by IS 'Whose clock first_seen_at is of (measured): newsduck, or archive where a web archive''s capture was brought in, which then is when it was captured.';
COMMENT ON COLUMN articles.first_seen_at IS 'When the URL was first seen (measured): by newsduck, or by the web archive it was brought in from; seen_by says which.';
COMMENT ON COLUMN articles.seen_day IS 'The day of first_seen_at, in the zone that calendar names: to count by.';

CREATE TABLE imports (
    source      VARCHAR NOT NULL,
    wanted      VARCHAR NOT NULL,
    size        BIGINT NOT NULL,
    mark        VARCHAR NOT NULL,
    reached     BIGINT NOT NULL,
    within      BIGINT NOT NULL,
    records     BIGINT NOT NULL,
    kept        BIGINT NOT NULL,
    skipped     VARCHAR NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    run_id      BIGINT NOT NULL,
    PRIMARY KEY (source, wanted)
);
COMMENT ON TABLE imports IS 'How far `newsduck backfill --from` has gone through each file of a web archive. Every record it looked at was kept or skipped, with one reason.';
COMMENT ON COLUMN imports.source IS 'The file''s path or address; behind an exclamation mark the file within it.';
COMMENT ON COLUMN imports.wanted IS 'What was wanted of it: sites (where they are many, how many and a key of them) and days. Another wish is another going through.';
COMMENT ON COLUMN imports.size IS 'Its bytes.';
COMMENT ON COLUMN imports.mark IS 'What tells it from another file of that name: its ETag, or when it was last written. Where it or the size is another, the file is gone through anew.';
COMMENT ON COLUMN imports.reached IS 'The byte from which it is gone on with: all records before it are done.';
COMMENT ON COLUMN imports.within IS 'Bytes behind that, unpacked, that are done too: where records are packed together.';
COMMENT ON COLUMN imports.records IS 'Records looked at: kept and skipped.';
COMMENT ON COLUMN imports.kept IS 'Records whose page was taken, and what entries says of it came of it.';
COMMENT ON COLUMN imports.skipped IS 'Why the others were not, and how many, as JSON: no answer (a request or the archive''s own notes), no address (of the web), other site, other day, no date, truncated (by the archive), status (not 200), no page (no HTML), revisit (of a page that is not at hand), known (the article is kept, or another capture of its address was taken just before), forgotten (by `newsduck forget`), too large, undecodable (packed in a way that does not hold), damaged.';
COMMENT ON COLUMN imports.started_at IS 'When it was begun.';
COMMENT ON COLUMN imports.finished_at IS 'When its end was reached; null before.';
COMMENT ON COLUMN imports.run_id IS 'The run that wrote this.';
COMMENT ON COLUMN printed.first_seen_at IS 'When it was first seen (measured): as exact as its feed is looked at often; where articles.seen_by says archive, when that captured it.';
