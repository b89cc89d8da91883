-- Views and macros for the usual questions. They may be replaced by later migrations without a change of the tables.

CREATE VIEW loss_funnel AS
SELECT run_id, name, started_at, step, entries
FROM (
    UNPIVOT (SELECT run_id, name, started_at, seen, stored, unchanged, duplicate, refused, quarantined, deferred FROM runs)
    ON seen, stored, unchanged, duplicate, refused, quarantined, deferred
    INTO NAME step VALUE entries
);
COMMENT ON VIEW loss_funnel IS 'For each run, how many entries it saw and what became of them, a row a step.';

CREATE VIEW coverage_by_feed AS
SELECT
    feeds.feed_id,
    feeds.title,
    feeds.url,
    feeds.status,
    feeds.last_ok_at,
    feeds.last_error,
    count(entries.entry_id)                                      AS entries,    -- ever listed
    count(entries.article_id) FILTER (entries.outcome <> 'duplicate') AS stored, -- of these, in the warehouse
    count(*) FILTER (entries.outcome IN ('refused', 'quarantined') AND entries.article_id IS NULL) AS lost, -- never to come
    count(*) FILTER (entries.outcome = 'deferred')               AS waiting,    -- of these, to be tried again
    max(entries.first_seen_at)                                   AS last_entry_at
FROM feeds LEFT JOIN entries USING (feed_id)
GROUP BY ALL;
COMMENT ON VIEW coverage_by_feed IS 'For each feed, how it is doing and how much of what it listed is in the warehouse.';

CREATE VIEW agency_reach AS
SELECT
    CAST(coalesce(articles.published_at, articles.first_seen_at) AS DATE) AS day,
    copies.agency,
    copies.agency_name,
    count(DISTINCT copies.story_id) AS stories,  -- different texts of the agency
    count(*)                        AS articles, -- articles that ran them
    count(DISTINCT articles.site)   AS outlets
FROM copies JOIN articles USING (article_id)
WHERE copies.agency IS NOT NULL AND NOT copies.contributed
GROUP BY ALL;
COMMENT ON VIEW agency_reach IS 'For each day and agency, how many of its stories ran in how many outlets.';

CREATE VIEW outlet_shares AS
SELECT
    articles.site,
    any_value(articles.outlet)                                                     AS outlet,
    count(*)                                                                       AS articles,
    count(*) FILTER (copies.agency IS NOT NULL AND NOT copies.contributed)         AS agency_articles,
    round(count(*) FILTER (copies.agency IS NOT NULL AND NOT copies.contributed) / count(*), 3) AS agency_share
FROM articles JOIN copies USING (article_id)
GROUP BY articles.site;
COMMENT ON VIEW outlet_shares IS 'For each outlet, how much of what it ran was written by an agency.';

CREATE MACRO stories_on(topic_name, since := TIMESTAMPTZ '1970-01-01') AS TABLE
SELECT
    stories.story_id,
    stories.title,
    stories.first_seen_at,
    stories.articles,
    stories.outlets,
    stories.agency,
    (SELECT list(DISTINCT articles.outlet ORDER BY articles.outlet)
     FROM copies JOIN articles USING (article_id) WHERE copies.story_id = stories.story_id) AS ran_in,
    story_topics.matched
FROM story_topics
JOIN topics USING (topic, version)
JOIN stories USING (story_id)
WHERE topics.current AND story_topics.topic = topic_name AND stories.first_seen_at >= since
ORDER BY stories.articles DESC, stories.first_seen_at, stories.story_id;

CREATE MACRO spread_of(story) AS TABLE
SELECT
    coalesce(articles.published_at, articles.first_seen_at) AS ran_at,
    articles.outlet,
    articles.title,
    copies.role,
    round(copies.containment, 2)      AS kept_from_lead,  -- share of this text that is the lead's
    round(copies.lead_containment, 2) AS of_lead_kept,    -- share of the lead that is in this text
    copies.agency,
    copies.agency_from,
    copies.agency_evidence,
    articles.url
FROM copies JOIN articles USING (article_id)
WHERE copies.story_id = story
ORDER BY ran_at;
COMMENT ON MACRO TABLE stories_on IS 'stories_on(''topic'', since := TIMESTAMPTZ ''…''): the stories on a topic, most reprinted first.';
COMMENT ON MACRO TABLE spread_of IS 'spread_of(story_id): who ran a story when, under which headline, and how much of it.';
