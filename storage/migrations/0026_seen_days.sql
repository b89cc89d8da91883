-- Counts by day are by the day on which newsduck first saw what is counted, in the calendar's zone: a topic's and a feed's too.
DROP VIEW topic_daily;
DROP VIEW volume_by_feed;

UPDATE story_topics SET day = first.day FROM (
    SELECT topic, version, story_id, min(coalesce(seen_day, CAST(timezone((SELECT zone FROM calendar), first_seen_at) AS DATE))) AS day
    FROM article_topics JOIN articles USING (article_id) WHERE story_id IS NOT NULL GROUP BY ALL
) first WHERE story_topics.topic = first.topic AND story_topics.version = first.version AND story_topics.story_id = first.story_id;
COMMENT ON COLUMN story_topics.day IS 'The first day on which one of its matching articles was seen, as articles.seen_day.';
COMMENT ON COLUMN topic_stories.day IS 'The first day on which one of its matching articles was seen, as articles.seen_day.';
COMMENT ON COLUMN topic_jumps.day IS 'The day, as topic_daily has it.';
COMMENT ON COLUMN articles.published_from IS 'Where that date stood: jsonld, meta, url, text (at the headline), time (in a <time> further down), search (elsewhere in what the page shows), feed or given. A feed''s date goes before one of an address, of a <time> further down, or that was searched for.';

CREATE VIEW topic_daily AS
WITH
tracked AS NOT MATERIALIZED (
    SELECT topic, version, min(day) AS first_day FROM story_topics JOIN topics USING (topic, version) WHERE current AND day IS NOT NULL GROUP BY ALL
),
until AS NOT MATERIALIZED (
    SELECT greatest(
        (SELECT max(day) FROM story_topics),
        (SELECT CAST(timezone((SELECT zone FROM calendar), max(started_at)) AS DATE) FROM runs)
    ) AS last_day
),
days AS NOT MATERIALIZED ( -- every day between the first of a topic that is tracked and the last run
    SELECT topic, version, CAST(unnest(generate_series(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day FROM tracked, until
),
late AS ( -- stories that were days old when they were first seen, as all are that a new feed still lists: no jump
    SELECT story_id FROM articles WHERE story_id IS NOT NULL GROUP BY story_id
    HAVING bool_and(coalesce(published_at < first_seen_at - INTERVAL 2 DAY, false))
),
told AS NOT MATERIALIZED (
    SELECT topic, version, day, count(*) AS stories, sum(articles)::BIGINT AS articles,
        count(*) FILTER (story_id NOT IN (SELECT story_id FROM late)) AS fresh
    FROM story_topics WHERE day IS NOT NULL GROUP BY ALL
),
counts AS NOT MATERIALIZED (
    SELECT days.topic, days.day, coalesce(told.stories, 0) AS stories, coalesce(told.articles, 0) AS articles, coalesce(told.fresh, 0) AS fresh
    FROM days LEFT JOIN told USING (topic, version, day)
),
held AS ( -- all that is kept, by day
    SELECT seen_day AS day, count(*) AS articles FROM articles GROUP BY ALL
),
began AS (SELECT CAST(timezone((SELECT zone FROM calendar), min(started_at)) AS DATE) AS day FROM runs WHERE feeds > 0),
history AS ( -- the four weeks before; days before feeds were first looked at, or of which little is kept, tell nothing
    SELECT counts.topic, counts.day, count(*) AS days, median(before.stories) AS usual, mad(before.stories) * 1.4826 AS spread
    FROM counts
    JOIN (SELECT unnest(range(1, 29)) AS back) ON true
    JOIN counts before ON before.topic = counts.topic AND before.day = counts.day - back::INTEGER
    LEFT JOIN held this ON this.day = counts.day
    LEFT JOIN held then_ ON then_.day = before.day
    WHERE before.day >= coalesce((SELECT day FROM began), before.day)
        AND coalesce(then_.articles, 0) * 4 >= coalesce(this.articles, 0) - counts.articles
    GROUP BY ALL
)
SELECT
    counts.topic,
    counts.day,
    counts.stories,
    counts.articles,
    history.usual,
    round(history.spread, 1) AS spread,
    coalesce(history.days >= 7 AND counts.fresh >= 5
        AND counts.fresh > history.usual + 4 * greatest(history.spread, sqrt(history.usual), 1), false) AS jump
FROM counts LEFT JOIN history USING (topic, day);
COMMENT ON VIEW topic_daily IS 'For each topic as it is now and each day up to the last run, its stories, what was usual in the four weeks before, and whether it jumped.';
COMMENT ON COLUMN topic_daily.topic IS 'The topic.';
COMMENT ON COLUMN topic_daily.day IS 'The day on which newsduck first saw a story on the topic, as articles.seen_day.';
COMMENT ON COLUMN topic_daily.stories IS 'Stories that began on that day; each is of one day, so that days can be summed.';
COMMENT ON COLUMN topic_daily.articles IS 'Articles of these stories, whenever they came.';
COMMENT ON COLUMN topic_daily.usual IS 'Median of the stories of the four weeks before; null where nothing is known of them.';
COMMENT ON COLUMN topic_daily.spread IS 'Their median absolute deviation, as a standard deviation.';
COMMENT ON COLUMN topic_daily.jump IS 'Whether the day has far more stories than usual.';

-- Expected and seen volume by feed and day: expected is the median of the same feed's last 14 days before that day.
CREATE VIEW volume_by_feed AS
WITH days AS (
    SELECT feeds.feed_id, feeds.title, feeds.url, CAST(day AS DATE) AS day
    FROM feeds, generate_series(
        date_trunc('day', timezone((SELECT zone FROM calendar), feeds.added_at)),
        date_trunc('day', timezone((SELECT zone FROM calendar), (SELECT max(started_at) FROM runs))),
        INTERVAL 1 DAY
    ) AS t(day)
),
seen AS (
    SELECT feed_id, CAST(timezone((SELECT zone FROM calendar), first_seen_at) AS DATE) AS day, count(*) AS entries FROM entries GROUP BY ALL
),
looks AS (
    SELECT feed_id, CAST(timezone((SELECT zone FROM calendar), polled_at) AS DATE) AS day, count(*) AS polls,
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
COMMENT ON COLUMN volume_by_feed.feed_id IS 'The feed.';
COMMENT ON COLUMN volume_by_feed.title IS 'Its title.';
COMMENT ON COLUMN volume_by_feed.url IS 'Its address, as in the feed list.';
COMMENT ON COLUMN volume_by_feed.day IS 'The day, in the zone that calendar names.';
COMMENT ON COLUMN volume_by_feed.seen IS 'Entries first seen on that day; can be summed.';
COMMENT ON COLUMN volume_by_feed.expected IS 'Median of the 14 days before; null on its first three days.';
COMMENT ON COLUMN volume_by_feed.polls IS 'Looks at it on that day.';
COMMENT ON COLUMN volume_by_feed.failed IS 'Of these, those that failed.';
COMMENT ON COLUMN volume_by_feed.losses IS 'Of these, those after which entries were probably lost.';
