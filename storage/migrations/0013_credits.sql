-- An article carries its own story, role and shares; every agency that it credits is a row of `credits`. `copies`, which
-- had both and was found last by whoever asked, stays as a view for one release.
ALTER TABLE articles ADD COLUMN story_id BIGINT;
ALTER TABLE articles ADD COLUMN lead_article_id BIGINT;
ALTER TABLE articles ADD COLUMN role VARCHAR;
ALTER TABLE articles ADD COLUMN containment DOUBLE;
ALTER TABLE articles ADD COLUMN lead_containment DOUBLE;
ALTER TABLE articles ADD COLUMN method INTEGER;
ALTER TABLE articles ADD COLUMN grouped_run_id BIGINT;
UPDATE articles SET
    story_id = copies.story_id,
    lead_article_id = copies.lead_article_id,
    role = copies.role,
    containment = copies.containment,
    lead_containment = copies.lead_containment,
    method = copies.method,
    grouped_run_id = copies.run_id
FROM copies WHERE copies.article_id = articles.article_id;
COMMENT ON COLUMN articles.story_id IS 'The story it is.';
COMMENT ON COLUMN articles.lead_article_id IS 'The article it was likened to: its story''s lead.';
COMMENT ON COLUMN articles.role IS 'original: the story''s lead; copy: nearly all of it stands in the lead; edited: a good part does; update: the same outlet''s newer text.';
COMMENT ON COLUMN articles.containment IS 'Share of this article''s 5-word shingles that stand in the lead, 0 to 1.';
COMMENT ON COLUMN articles.lead_containment IS 'Share of the lead''s 5-word shingles that stand in this article, 0 to 1.';
COMMENT ON COLUMN articles.method IS 'Version of the grouping method.';
COMMENT ON COLUMN articles.grouped_run_id IS 'The run that last grouped it.';

CREATE TABLE credits (
    article_id  BIGINT NOT NULL,
    position    INTEGER NOT NULL,
    agency      VARCHAR NOT NULL,
    agency_name VARCHAR NOT NULL,
    contributed BOOLEAN NOT NULL,
    joint       BOOLEAN NOT NULL,
    inherited   BOOLEAN NOT NULL,
    found_in    VARCHAR NOT NULL,
    evidence    VARCHAR NOT NULL,
    run_id      BIGINT NOT NULL,
    PRIMARY KEY (article_id, agency)
);
COMMENT ON TABLE credits IS 'Every agency that an article is credited to, a row an article and agency.';
COMMENT ON COLUMN credits.article_id IS 'The article.';
COMMENT ON COLUMN credits.position IS '1 for the best credit of the article, and so on: written before contributed.';
COMMENT ON COLUMN credits.agency IS 'Key of the agency, as in agencies.toml; agencies: several that are not named.';
COMMENT ON COLUMN credits.agency_name IS 'What it is called.';
COMMENT ON COLUMN credits.contributed IS 'True where it only contributed ("with material from"); false where it wrote the text.';
COMMENT ON COLUMN credits.joint IS 'True where others wrote with it: a second agency, or the paper''s own people ("By Ann Lee and AP").';
COMMENT ON COLUMN credits.inherited IS 'True where the article itself names nobody: another of its story does, and most of the text is that one''s.';
COMMENT ON COLUMN credits.found_in IS 'Where the words stand: byline, dateline, trailer, copyright, jsonld, meta, site; or inherited from another article of the story.';
COMMENT ON COLUMN credits.evidence IS 'The words that prove it, as printed.';
COMMENT ON COLUMN credits.run_id IS 'The run that last grouped the article.';
INSERT INTO credits
SELECT article_id, 1, agency, coalesce(agency_name, agency), contributed, false, agency_from = 'inherited', agency_from, agency_evidence, run_id
FROM copies WHERE agency IS NOT NULL;

DROP VIEW agency_reach;
DROP VIEW agency_by_outlet;
DROP VIEW outlet_shares;
DROP MACRO TABLE spread_of;
DROP MACRO TABLE stories_on;
DROP TABLE copies;

CREATE VIEW copies AS
SELECT
    articles.article_id,
    articles.story_id,
    articles.lead_article_id,
    articles.role,
    articles.containment,
    articles.lead_containment,
    credits.agency,
    credits.agency_name,
    credits.evidence AS agency_evidence,
    credits.found_in AS agency_from,
    coalesce(credits.contributed, false) AS contributed,
    articles.method,
    articles.grouped_run_id AS run_id
FROM articles LEFT JOIN credits ON credits.article_id = articles.article_id AND credits.position = 1
WHERE articles.story_id IS NOT NULL;
COMMENT ON VIEW copies IS 'Kept for one release: an article with its story and its first credit. `articles` has the one, `credits` the other.';

CREATE VIEW agency_reach AS
SELECT
    CAST(coalesce(articles.published_at, articles.first_seen_at) AS DATE) AS day,
    credits.agency,
    credits.agency_name,
    count(DISTINCT articles.story_id) AS stories,  -- different texts of the agency
    count(*)                          AS articles, -- articles that ran them
    count(DISTINCT articles.site)     AS outlets,
    count(*) FILTER (credits.joint)   AS joint     -- of the articles, those that others wrote with it
FROM credits JOIN articles USING (article_id)
WHERE NOT credits.contributed
GROUP BY ALL;
COMMENT ON VIEW agency_reach IS 'For each day and agency, how many of its stories ran in how many outlets. An article that two agencies wrote counts for both.';

CREATE VIEW agency_by_outlet AS
SELECT
    CAST(coalesce(articles.published_at, articles.first_seen_at) AS DATE) AS day,
    credits.agency,
    credits.agency_name,
    articles.site,
    any_value(articles.outlet)               AS outlet,
    count(DISTINCT articles.story_id)        AS stories,     -- different texts of the agency that it ran
    count(*)                                 AS articles,    -- articles that ran them
    round(avg(articles.lead_containment), 2) AS lead_kept    -- how much of the lead they kept, on the average
FROM credits JOIN articles USING (article_id)
WHERE NOT credits.contributed
GROUP BY ALL;
COMMENT ON VIEW agency_by_outlet IS 'For each day, agency and outlet, how many of the agency''s stories it ran, and how much of them it kept.';

CREATE VIEW outlet_shares AS
WITH written AS (
    SELECT article_id, bool_and(joint AND agency <> 'agencies') AS joint FROM credits WHERE NOT contributed GROUP BY article_id
)
SELECT
    articles.site,
    any_value(articles.outlet)                              AS outlet,
    count(*)                                                AS articles,
    count(written.article_id)                               AS agency_articles, -- each once, however many agencies wrote it
    round(count(written.article_id) / count(*), 3)          AS agency_share,
    count(*) FILTER (written.joint)                         AS joint_articles   -- of these, those that others wrote with it
FROM articles LEFT JOIN written USING (article_id)
GROUP BY articles.site;
COMMENT ON VIEW outlet_shares IS 'For each outlet, how much of what it ran was written by an agency.';

CREATE MACRO spread_of(story) AS TABLE
SELECT
    coalesce(articles.published_at, articles.first_seen_at) AS ran_at,
    articles.outlet,
    articles.title,
    articles.role,
    round(articles.containment, 2)      AS kept_from_lead,  -- share of this text that is the lead's
    round(articles.lead_containment, 2) AS of_lead_kept,    -- share of the lead that is in this text
    credits.agency,
    credits.found_in AS agency_from,
    credits.evidence AS agency_evidence,
    articles.url
FROM articles LEFT JOIN credits ON credits.article_id = articles.article_id AND credits.position = 1
WHERE articles.story_id = story
ORDER BY ran_at;
COMMENT ON MACRO TABLE spread_of IS 'spread_of(story_id): who ran a story when, under which headline, and how much of it.';

CREATE MACRO stories_on(topic_name, since := TIMESTAMPTZ '1970-01-01') AS TABLE
SELECT
    stories.story_id,
    stories.title,
    stories.first_seen_at,
    stories.articles,
    stories.outlets,
    stories.agency,
    (SELECT list(DISTINCT articles.outlet ORDER BY articles.outlet) FROM articles WHERE articles.story_id = stories.story_id) AS ran_in,
    story_topics.matched,
    story_topics.snippet
FROM story_topics
JOIN topics USING (topic, version)
JOIN stories USING (story_id)
WHERE topics.current AND story_topics.topic = topic_name AND stories.first_seen_at >= since
ORDER BY stories.articles DESC, stories.first_seen_at, stories.story_id;
COMMENT ON MACRO TABLE stories_on IS 'stories_on(''topic'', since := TIMESTAMPTZ ''…''): the stories on a topic, most reprinted first.';

CREATE TABLE schema_version (version INTEGER NOT NULL);
COMMENT ON TABLE schema_version IS 'Version of the tables and views that queries may rely on; a change of it is told in CHANGELOG.md.';
COMMENT ON COLUMN schema_version.version IS 'The version: 2 since articles carry their story and credits have their own table.';
INSERT INTO schema_version VALUES (2);
