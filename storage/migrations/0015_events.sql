-- Above stories stand events: what several stories tell of one happening, whatever their words.
CREATE TABLE event_stories (
    story_id  BIGINT PRIMARY KEY,
    event_id  BIGINT NOT NULL,
    told_at   TIMESTAMPTZ NOT NULL,
    likeness  DOUBLE NOT NULL,
    witnesses VARCHAR[] NOT NULL,
    method    INTEGER NOT NULL,
    run_id    BIGINT NOT NULL
);
COMMENT ON TABLE event_stories IS 'Which event each story is of.';
COMMENT ON COLUMN event_stories.story_id IS 'The story.';
COMMENT ON COLUMN event_stories.event_id IS 'The event; it keeps its id as stories join.';
COMMENT ON COLUMN event_stories.told_at IS 'When the lead was published, where that is known and not after we first saw it; else when we first saw it.';
COMMENT ON COLUMN event_stories.likeness IS 'Cosine of the lead''s words and the event''s centre when it joined, 0 to 1; 1 for the event''s first.';
COMMENT ON COLUMN event_stories.witnesses IS 'The words that carried it, the most telling first.';
COMMENT ON COLUMN event_stories.method IS 'Version of the method.';
COMMENT ON COLUMN event_stories.run_id IS 'The run that decided it.';

CREATE VIEW events AS
SELECT
    e.event_id,
    first(s.title ORDER BY s.outlets DESC, e.told_at, s.story_id)                      AS title,          -- of the story that most outlets ran
    min(a.first_seen_at)                                                           AS first_seen_at,
    max(a.first_seen_at)                                                           AS last_seen_at,
    count(DISTINCT e.story_id)                                                     AS stories,
    count(*)                                                                       AS articles,
    count(DISTINCT a.site)                                                         AS outlets,
    count(*) FILTER (a.article_id IN (SELECT article_id FROM credits WHERE NOT contributed)) AS agency_articles,
    count(*) FILTER (a.article_id NOT IN (SELECT article_id FROM credits WHERE NOT contributed)) AS own_articles,
    any_value(a.language)                                                          AS language         -- an event is of one
FROM event_stories e JOIN stories s USING (story_id) JOIN articles a USING (story_id)
GROUP BY e.event_id;
COMMENT ON VIEW events IS 'What happened, as far as stories tell of it: title, when first and last seen, in how many stories, articles and outlets, own or by agencies.';

CREATE MACRO coverage_of(event) AS TABLE
SELECT
    coalesce(articles.published_at, articles.first_seen_at) AS ran_at,
    articles.outlet,
    articles.title,
    credits.agency,            -- whose text it is; none: the outlet's own
    event_stories.story_id,
    articles.role,
    articles.url
FROM event_stories JOIN articles USING (story_id) LEFT JOIN credits ON credits.article_id = articles.article_id AND credits.position = 1
WHERE event_stories.event_id = event
ORDER BY ran_at, articles.article_id;
COMMENT ON MACRO TABLE coverage_of IS 'coverage_of(event_id): who told of an event when, under which headline, in its own words or an agency''s.';
