-- What polling learns of a feed: its rhythm, its wishes, what it lost, where it moved, what waits for the person's word.
-- A CHECK cannot be altered in place, so `feeds` is written anew.
ALTER TABLE feeds RENAME TO feeds_before;

CREATE TABLE feeds (
    feed_id          BIGINT PRIMARY KEY,
    url              VARCHAR NOT NULL,
    address          VARCHAR NOT NULL,
    title            VARCHAR NOT NULL,
    site_url         VARCHAR NOT NULL,
    categories       VARCHAR[] NOT NULL,
    status           VARCHAR NOT NULL CHECK (status IN ('new', 'active', 'failing', 'dead', 'gone', 'paused', 'removed')),
    held             VARCHAR NOT NULL,
    last_outcome     VARCHAR NOT NULL,
    last_error       VARCHAR NOT NULL,
    failures         INTEGER NOT NULL,
    failing_since    TIMESTAMPTZ,
    polls            INTEGER NOT NULL,
    interval_minutes DOUBLE NOT NULL,
    wish_minutes     DOUBLE NOT NULL,
    skip_hours       INTEGER[] NOT NULL,
    skip_days        INTEGER[] NOT NULL,
    window_hours     DOUBLE,
    losses           INTEGER NOT NULL,
    lost_at          TIMESTAMPTZ,
    redirect_to      VARCHAR NOT NULL,
    redirects        INTEGER NOT NULL,
    etag             VARCHAR NOT NULL,
    last_modified    VARCHAR NOT NULL,
    body_hash        BIGINT,
    lying            BOOLEAN NOT NULL,
    added_at         TIMESTAMPTZ NOT NULL,
    last_polled_at   TIMESTAMPTZ,
    last_ok_at       TIMESTAMPTZ,
    last_new_at      TIMESTAMPTZ,
    next_poll_at     TIMESTAMPTZ NOT NULL
);
INSERT INTO feeds BY NAME
SELECT *, '' AS address, '' AS held, CASE WHEN failures > 0 THEN coalesce(last_ok_at, added_at) END AS failing_since,
    (SELECT count(*) FROM polls WHERE polls.feed_id = feeds_before.feed_id)::INTEGER AS polls,
    0 AS interval_minutes, 0 AS wish_minutes, []::INTEGER[] AS skip_hours, []::INTEGER[] AS skip_days,
    (SELECT count(*) FROM polls WHERE polls.feed_id = feeds_before.feed_id AND NOT overlap)::INTEGER AS losses,
    (SELECT max(polled_at) FROM polls WHERE polls.feed_id = feeds_before.feed_id AND NOT overlap) AS lost_at,
    '' AS redirect_to, 0 AS redirects, false AS lying
FROM feeds_before;
DROP TABLE feeds_before;

COMMENT ON TABLE feeds IS 'A feed and how it is doing.';
COMMENT ON COLUMN feeds.feed_id IS 'Key of the feed''s URL.';
COMMENT ON COLUMN feeds.url IS 'Address as the feed list gives it, canonical.';
COMMENT ON COLUMN feeds.address IS 'Where it is asked for since it moved for good within its site, or where you said so; empty: at its url.';
COMMENT ON COLUMN feeds.title IS 'Name from the feed list, else as the feed names itself (claimed).';
COMMENT ON COLUMN feeds.site_url IS 'The outlet''s home page (claimed).';
COMMENT ON COLUMN feeds.categories IS 'Folders of the feed list it stands in, outermost first.';
COMMENT ON COLUMN feeds.status IS 'new: never answered; active: the last poll got an answer we can read; failing: it did not; dead: it has not for 30 days; gone: it answers 410; paused: by the feed list; removed: no longer on the feed list. Failing, dead and gone feeds are asked again, ever more rarely, every 30 days at least.';
COMMENT ON COLUMN feeds.held IS 'What waits for your word: a move to another site or to a home page, entries listed anew under other addresses. Empty: nothing. `newsduck feeds accept` says yes.';
COMMENT ON COLUMN feeds.last_outcome IS 'Outcome of the last poll: new, unchanged, failed or refused.';
COMMENT ON COLUMN feeds.last_error IS 'Why the last poll failed, in words; empty when it did not.';
COMMENT ON COLUMN feeds.failures IS 'Failed polls in a row.';
COMMENT ON COLUMN feeds.failing_since IS 'When the first of them was; null while it answers.';
COMMENT ON COLUMN feeds.polls IS 'How often it was asked for; one poll in a hundred sends no validators.';
COMMENT ON COLUMN feeds.interval_minutes IS 'The interval newsduck keeps, learned from what the feed lists (concluded); 0 before the first look.';
COMMENT ON COLUMN feeds.wish_minutes IS 'The interval the feed asks for by ttl or sy:updatePeriod (claimed); 0: none.';
COMMENT ON COLUMN feeds.skip_hours IS 'Hours of the day, UTC, in which it asks not to be polled (claimed).';
COMMENT ON COLUMN feeds.skip_days IS 'Days of the week, Monday 0, on which it asks not to be polled (claimed).';
COMMENT ON COLUMN feeds.window_hours IS 'Time between the newest entry listed and the oldest but for outliers: what stays away longer may miss some. Null: too few dates.';
COMMENT ON COLUMN feeds.losses IS 'Looks between which entries were probably lost.';
COMMENT ON COLUMN feeds.lost_at IS 'The last of them.';
COMMENT ON COLUMN feeds.redirect_to IS 'Where permanent redirects point; it becomes the address after the third sighting.';
COMMENT ON COLUMN feeds.redirects IS 'Sightings of that in a row.';
COMMENT ON COLUMN feeds.etag IS 'ETag of the last whole answer, sent back with the next poll.';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified of the last whole answer, sent back with the next poll.';
COMMENT ON COLUMN feeds.body_hash IS 'Key of the last body''s bytes (measured).';
COMMENT ON COLUMN feeds.lying IS 'Its validators named a body unchanged that was not: they are not sent any more.';
COMMENT ON COLUMN feeds.added_at IS 'When newsduck first had it on its list.';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked for.';
COMMENT ON COLUMN feeds.last_ok_at IS 'When it last answered with a feed, or that nothing changed.';
COMMENT ON COLUMN feeds.last_new_at IS 'When it last listed an entry not seen before.';
COMMENT ON COLUMN feeds.next_poll_at IS 'It is due from this moment on.';

ALTER TABLE entries ADD COLUMN retry_at TIMESTAMPTZ;
ALTER TABLE entries ADD COLUMN idle INTEGER DEFAULT 0;
COMMENT ON COLUMN entries.retry_at IS 'For deferred: not to be asked for before this moment; null: at the next ingest.';
COMMENT ON COLUMN entries.idle IS 'How often in a row its feed said something new of it and the page had not changed; after three, such news no longer makes the page be fetched.';
COMMENT ON COLUMN entries.entry_id IS 'Key of the feed and the canonical link; of the GUID where the link is none or stands for several items, and of title and date where the GUID does too.';
COMMENT ON COLUMN entries.attempts IS 'How often its page was asked for since its feed last said something new of it.';

CREATE TABLE tombstones (
    entry_id     BIGINT PRIMARY KEY,
    feed_id      BIGINT NOT NULL,
    url          VARCHAR NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    removed_at   TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE tombstones IS 'Entries that `newsduck forget` removed: they do not come back while their feed lists them.';
COMMENT ON COLUMN tombstones.entry_id IS 'The entry''s key.';
COMMENT ON COLUMN tombstones.feed_id IS 'The feed that listed it.';
COMMENT ON COLUMN tombstones.url IS 'Its link: another feed''s entry with the same link does not bring it back either.';
COMMENT ON COLUMN tombstones.last_seen_at IS 'When its feed last listed it; a year later the tombstone goes too.';
COMMENT ON COLUMN tombstones.removed_at IS 'When it was removed.';

CREATE TABLE robots (
    origin     VARCHAR PRIMARY KEY,
    verdict    VARCHAR NOT NULL CHECK (verdict IN ('rules', 'none', 'unreachable')),
    status     INTEGER,
    body       VARCHAR USING COMPRESSION zstd NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE robots IS 'The robots.txt of each host whose articles are fetched, as last asked for (RFC 9309).';
COMMENT ON COLUMN robots.origin IS 'Scheme, host and port.';
COMMENT ON COLUMN robots.verdict IS 'rules: there is one, and it is followed; none: there is none (4xx), everything may be fetched; unreachable: the host gave none (5xx or no answer), nothing is fetched until it does.';
COMMENT ON COLUMN robots.status IS 'HTTP status; null where there was no answer.';
COMMENT ON COLUMN robots.body IS 'Its text, 500 KiB at most.';
COMMENT ON COLUMN robots.fetched_at IS 'When it was asked for (measured).';
COMMENT ON COLUMN robots.expires_at IS 'When it is asked for again: a day later; an hour later where it was unreachable.';

-- Expected and seen volume by feed and day: expected is the median of the same feed's last 14 days before that day.
CREATE VIEW volume_by_feed AS
WITH days AS (
    SELECT feeds.feed_id, feeds.title, feeds.url, CAST(day AS DATE) AS day
    FROM feeds, generate_series(date_trunc('day', feeds.added_at), date_trunc('day', (SELECT max(started_at) FROM runs)), INTERVAL 1 DAY) AS t(day)
),
seen AS (
    SELECT feed_id, CAST(first_seen_at AS DATE) AS day, count(*) AS entries FROM entries GROUP BY ALL
),
looks AS (
    SELECT feed_id, CAST(polled_at AS DATE) AS day, count(*) AS polls,
        count(*) FILTER (outcome IN ('failed', 'refused')) AS failed, count(*) FILTER (NOT overlap) AS losses
    FROM polls GROUP BY ALL
)
SELECT
    days.feed_id, days.title, days.url, days.day,
    coalesce(seen.entries, 0)                                    AS seen,      -- entries first seen on that day
    CASE WHEN count(*) OVER before >= 3 THEN median(coalesce(seen.entries, 0)) OVER before END AS expected, -- null on its first three days
    coalesce(looks.polls, 0)                                     AS polls,
    coalesce(looks.failed, 0)                                    AS failed,    -- of these, that failed
    coalesce(looks.losses, 0)                                    AS losses     -- of these, after which entries were probably lost
FROM days LEFT JOIN seen USING (feed_id, day) LEFT JOIN looks USING (feed_id, day)
WINDOW before AS (PARTITION BY days.feed_id ORDER BY days.day ROWS BETWEEN 14 PRECEDING AND 1 PRECEDING);
COMMENT ON VIEW volume_by_feed IS 'For each feed and day, how many entries it listed first, how many were to be expected from the 14 days before, and how its polls went.';
