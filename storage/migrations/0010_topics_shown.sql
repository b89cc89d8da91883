-- Why an article is on a topic, in words one can read; a topic's days; and the days on which its volume jumped.
ALTER TABLE topics ADD COLUMN stem VARCHAR DEFAULT '';
ALTER TABLE topics ADD COLUMN description VARCHAR DEFAULT '';
ALTER TABLE topics ADD COLUMN superseded_at TIMESTAMPTZ;
COMMENT ON COLUMN topics.stem IS 'Language (ISO 639-1) in whose articles words match by their stems; empty: as written.';
COMMENT ON COLUMN topics.description IS 'The note beside it in the settings.';
COMMENT ON COLUMN topics.superseded_at IS 'When another version took its place, or the topic left the settings; null while it is current. Its matches stay as they were then.';
-- Words are compared without accents from now on, and scores are counted in another way: the next run applies all anew.
UPDATE topics SET whole = false;

ALTER TABLE article_topics ADD COLUMN snippet VARCHAR DEFAULT '';
COMMENT ON COLUMN article_topics.snippet IS 'The passage of the text where most of the words stand, each between two asterisks and two asterisks.';
COMMENT ON COLUMN article_topics.score IS '0 to 1: how much of the query the article has, and how often; to order by within a topic.';
ALTER TABLE story_topics ADD COLUMN snippet VARCHAR DEFAULT '';
COMMENT ON COLUMN story_topics.snippet IS 'That of the article that matches best.';
ALTER TABLE story_topics ADD COLUMN day DATE;
COMMENT ON COLUMN story_topics.day IS 'The first day (UTC) on which one of its matching articles was published, or seen where that is not known.';
UPDATE story_topics SET day = first.day FROM (
    SELECT topic, version, story_id, CAST(min(coalesce(published_at, first_seen_at)) AS DATE) AS day
    FROM article_topics JOIN copies USING (article_id) JOIN articles USING (article_id) GROUP BY ALL
) first WHERE story_topics.topic = first.topic AND story_topics.version = first.version AND story_topics.story_id = first.story_id;

CREATE VIEW topic_daily AS
WITH
days AS ( -- every day between the first and the last of a topic that is tracked
    SELECT topic, version, CAST(unnest(generate_series(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day
    FROM (
        SELECT topic, version, min(day) AS first_day, (SELECT max(day) FROM story_topics) AS last_day
        FROM story_topics JOIN topics USING (topic, version) WHERE current AND day IS NOT NULL GROUP BY ALL
    )
),
counts AS (
    SELECT days.topic, days.version, days.day, count(story_id) AS stories, CAST(coalesce(sum(articles), 0) AS BIGINT) AS articles
    FROM days LEFT JOIN story_topics USING (topic, version, day) GROUP BY ALL
),
held AS ( -- all that is kept, by day
    SELECT CAST(coalesce(published_at, first_seen_at) AS DATE) AS day, count(*) AS articles FROM articles GROUP BY ALL
),
began AS (SELECT CAST(min(started_at) AS DATE) AS day FROM runs WHERE feeds > 0),
history AS ( -- the four weeks before; days before feeds were first looked at, or of which little is kept, tell nothing
    SELECT counts.topic, counts.day, count(*) AS days, median(before.stories) AS usual, mad(before.stories) * 1.4826 AS spread
    FROM counts
    JOIN counts before ON before.topic = counts.topic AND before.day BETWEEN counts.day - 28 AND counts.day - 1
    LEFT JOIN held this ON this.day = counts.day
    LEFT JOIN held then_ ON then_.day = before.day
    WHERE before.day >= coalesce((SELECT day FROM began), before.day)
        AND coalesce(then_.articles, 0) * 4 >= coalesce(this.articles, 0) - counts.articles
    GROUP BY ALL
)
SELECT
    counts.topic,
    counts.day,
    counts.stories,                      -- that began on that day
    counts.articles,                     -- of these stories
    history.usual,                       -- median of the four weeks before
    round(history.spread, 1) AS spread,  -- their median absolute deviation, as a standard deviation
    coalesce(history.days >= 7 AND counts.stories >= 5
        AND counts.stories > history.usual + 4 * greatest(history.spread, sqrt(history.usual), 1), false) AS jump
FROM counts LEFT JOIN history USING (topic, day);
COMMENT ON VIEW topic_daily IS 'For each topic as it is now and each day, its stories, what was usual in the four weeks before, and whether it jumped.';

CREATE TABLE topic_jumps (
    topic      VARCHAR NOT NULL,
    day        DATE NOT NULL,
    version    INTEGER NOT NULL,
    stories    INTEGER NOT NULL,
    usual      DOUBLE NOT NULL,
    spread     DOUBLE NOT NULL,
    noticed_at TIMESTAMPTZ NOT NULL,
    told       BOOLEAN NOT NULL,
    run_id     BIGINT NOT NULL,
    PRIMARY KEY (topic, day)
);
COMMENT ON TABLE topic_jumps IS 'A day on which a topic had far more stories than usual, as it was when a run noticed.';
COMMENT ON COLUMN topic_jumps.topic IS 'The topic.';
COMMENT ON COLUMN topic_jumps.day IS 'The day.';
COMMENT ON COLUMN topic_jumps.version IS 'The version of its query then.';
COMMENT ON COLUMN topic_jumps.stories IS 'Its stories of that day when the run noticed.';
COMMENT ON COLUMN topic_jumps.usual IS 'Median of the four weeks before.';
COMMENT ON COLUMN topic_jumps.spread IS 'Their median absolute deviation, as a standard deviation.';
COMMENT ON COLUMN topic_jumps.noticed_at IS 'When the run noticed.';
COMMENT ON COLUMN topic_jumps.told IS 'Whether its event was sent; the next run sends it where this one was cut off.';
COMMENT ON COLUMN topic_jumps.run_id IS 'The run.';

CREATE OR REPLACE MACRO stories_on(topic_name, since := TIMESTAMPTZ '1970-01-01') AS TABLE
SELECT
    stories.story_id,
    stories.title,
    stories.first_seen_at,
    stories.articles,
    stories.outlets,
    stories.agency,
    (SELECT list(DISTINCT articles.outlet ORDER BY articles.outlet)
     FROM copies JOIN articles USING (article_id) WHERE copies.story_id = stories.story_id) AS ran_in,
    story_topics.matched,
    story_topics.snippet
FROM story_topics
JOIN topics USING (topic, version)
JOIN stories USING (story_id)
WHERE topics.current AND story_topics.topic = topic_name AND stories.first_seen_at >= since
ORDER BY stories.articles DESC, stories.first_seen_at, stories.story_id;
COMMENT ON MACRO TABLE stories_on IS 'stories_on(''topic'', since := TIMESTAMPTZ ''…''): the stories on a topic, most reprinted first.';
