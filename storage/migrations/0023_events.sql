-- Events are asked by time: what costs (different outlets, the title) is counted for the events that are asked for, and for no other.
CREATE OR REPLACE VIEW events AS
WITH edge AS (SELECT max(first_seen_at) - INTERVAL 6 HOUR AS moment FROM articles),
late AS ( -- outlets of the events that are told of in these hours, each with its first sight of them
    SELECT event_id, site, min(first_seen_at) AS first_seen_at FROM event_stories JOIN articles USING (story_id)
    WHERE event_id IN (SELECT event_id FROM event_stories JOIN articles USING (story_id) WHERE first_seen_at > (SELECT moment FROM edge))
    GROUP BY event_id, site
),
fresh AS (SELECT event_id, count(*) AS joined FROM late WHERE first_seen_at > (SELECT moment FROM edge) GROUP BY event_id),
span AS (
    SELECT
        event_id,
        min(articles.first_seen_at)  AS first_seen_at,
        max(articles.first_seen_at)  AS last_seen_at,
        count(*)                     AS articles,
        any_value(articles.language) AS language
    FROM event_stories JOIN articles USING (story_id) GROUP BY event_id
),
written AS (
    SELECT event_id, count(DISTINCT article_id) AS articles
    FROM credits JOIN articles USING (article_id) JOIN event_stories USING (story_id) WHERE NOT contributed GROUP BY event_id
)
SELECT
    span.event_id,
    told.title,
    span.first_seen_at,
    span.last_seen_at,
    told.stories,
    span.articles,
    ran.outlets,
    coalesce(written.articles, 0)                 AS agency_articles,
    span.articles - coalesce(written.articles, 0) AS own_articles,
    span.language,
    coalesce(joined, 0)                           AS joined,
    span.first_seen_at <= moment AND coalesce(joined, 0) >= 3
        AND joined >= 2 * (outlets - joined) / greatest(epoch(moment - span.first_seen_at) / 21600, 1) AS growing
FROM edge CROSS JOIN span
CROSS JOIN LATERAL (
    SELECT first(stories.title ORDER BY stories.outlets DESC, told_at, story_id) AS title, count(*) AS stories
    FROM event_stories JOIN stories USING (story_id) WHERE event_id = span.event_id
) told
CROSS JOIN LATERAL (
    SELECT count(DISTINCT site) AS outlets FROM event_stories JOIN articles USING (story_id) WHERE event_id = span.event_id
) ran
LEFT JOIN written ON written.event_id = span.event_id
LEFT JOIN fresh ON fresh.event_id = span.event_id;
COMMENT ON VIEW events IS 'What happened, as far as stories tell of it: title, when first and last seen, in how many stories, articles and outlets, own or by agencies, and whether it is growing.';
COMMENT ON COLUMN events.event_id IS 'The event; its id never changes.';
COMMENT ON COLUMN events.title IS 'Headline of the story that most outlets ran.';
COMMENT ON COLUMN events.first_seen_at IS 'When the first of its articles was first seen.';
COMMENT ON COLUMN events.last_seen_at IS 'When the last of them was.';
COMMENT ON COLUMN events.stories IS 'Different texts that tell of it.';
COMMENT ON COLUMN events.articles IS 'Articles that ran them.';
COMMENT ON COLUMN events.outlets IS 'Different sites that did.';
COMMENT ON COLUMN events.agency_articles IS 'Of the articles, those that an agency wrote.';
COMMENT ON COLUMN events.own_articles IS 'Of the articles, those that credit no agency with the text.';
COMMENT ON COLUMN events.language IS 'Its language, ISO 639-1: an event is of one.';
COMMENT ON COLUMN events.joined IS 'Outlets that told of it first in the six hours before the newest article kept.';
COMMENT ON COLUMN events.growing IS 'Whether three outlets or more joined in these hours, and at least twice as many as in the same time before, on the average. An event of these hours alone is new, not growing.';
