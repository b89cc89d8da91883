-- One name an outlet; the days that are counted by and the days that are cited; one article for the forms of one page.
ALTER TABLE articles ADD COLUMN fetched_url VARCHAR;
ALTER TABLE articles ADD COLUMN outlet_claim VARCHAR;
ALTER TABLE articles ADD COLUMN locale VARCHAR;
ALTER TABLE articles ADD COLUMN published_day DATE;
ALTER TABLE articles ADD COLUMN seen_day DATE;
UPDATE articles SET
    fetched_url = CASE WHEN warc_file <> '' THEN url ELSE '' END,
    outlet_claim = CASE WHEN outlet <> site THEN outlet ELSE '' END,
    locale = '',
    published_day = CASE WHEN abs(try_cast(left(published_claim, 10) AS DATE) - CAST(published_at AS DATE)) <= 1
        THEN try_cast(left(published_claim, 10) AS DATE) ELSE CAST(published_at AS DATE) END,
    seen_day = CAST(first_seen_at AS DATE);
COMMENT ON COLUMN articles.article_id IS 'Key of its address.';
COMMENT ON COLUMN articles.url IS 'Its address: the URL fetched, after redirects, canonical; of several forms of one page (AMP, print, mobile) the one that its site calls canonical.';
COMMENT ON COLUMN articles.fetched_url IS 'The URL that this reading was fetched from, after redirects; empty for articles loaded or taken from the feed.';
COMMENT ON COLUMN articles.outlet IS 'The one name of its site, as outlets has it.';
COMMENT ON COLUMN articles.outlet_claim IS 'What the page calls its outlet, without a slogan; empty where it does not say (claimed).';
COMMENT ON COLUMN articles.locale IS 'Language and region as the page declares them, such as en-GB (claimed).';
COMMENT ON COLUMN articles.published_day IS 'The day it was published as the outlet printed it, in the zone of its claim: to cite by.';
COMMENT ON COLUMN articles.seen_day IS 'The day newsduck first saw the URL, in the zone that calendar names: to count by.';

CREATE TABLE calendar (
    zone   VARCHAR NOT NULL,
    run_id BIGINT NOT NULL
);
COMMENT ON TABLE calendar IS 'One row: the time zone whose days are counted by.';
COMMENT ON COLUMN calendar.zone IS 'schedule.timezone of the settings, such as Europe/Berlin; UTC where none is set.';
COMMENT ON COLUMN calendar.run_id IS 'The run that set it; seen_day of all articles is of this zone since.';
INSERT INTO calendar SELECT 'UTC', coalesce(max(run_id), 0) FROM runs;

CREATE TABLE outlets (
    site          VARCHAR PRIMARY KEY,
    name          VARCHAR NOT NULL,
    named_by      VARCHAR NOT NULL,
    country       VARCHAR NOT NULL,
    language      VARCHAR NOT NULL,
    feeds         INTEGER NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at  TIMESTAMPTZ NOT NULL,
    run_id        BIGINT NOT NULL
);
COMMENT ON TABLE outlets IS 'Every site that an article is of, with the one name it goes by.';
COMMENT ON COLUMN outlets.site IS 'Registered domain.';
COMMENT ON COLUMN outlets.name IS 'The name: what most of the site''s pages call their outlet, without slogans.';
COMMENT ON COLUMN outlets.named_by IS 'Where the name is from: settings (a person said so), pages, feed (the title of its feed) or site (its domain, where nothing names it).';
COMMENT ON COLUMN outlets.country IS 'ISO 3166: by its domain, else by what most pages declare (concluded; en-US tells nothing, for publishing systems start with it); empty where neither tells.';
COMMENT ON COLUMN outlets.language IS 'Language that most of its articles are in, ISO 639-1 (concluded).';
COMMENT ON COLUMN outlets.feeds IS 'Feeds that listed articles of it.';
COMMENT ON COLUMN outlets.first_seen_at IS 'When the first of its articles was first seen.';
COMMENT ON COLUMN outlets.last_seen_at IS 'When the last of them was.';
COMMENT ON COLUMN outlets.run_id IS 'The run that last brought an article of it, or named it.';
INSERT INTO outlets
SELECT site, coalesce(mode(outlet ORDER BY outlet) FILTER (outlet <> site), site),
    CASE WHEN bool_or(outlet <> site) THEN 'pages' ELSE 'site' END, '', coalesce(mode(language ORDER BY language), ''),
    count(DISTINCT feed_id), min(articles.first_seen_at), max(articles.first_seen_at), max(articles.run_id)
FROM articles LEFT JOIN entries USING (article_id) GROUP BY site;
UPDATE articles SET outlet = outlets.name FROM outlets WHERE outlets.site = articles.site AND articles.outlet <> outlets.name;

CREATE OR REPLACE VIEW agency_reach AS
SELECT
    articles.seen_day AS day,
    credits.agency,
    credits.agency_name,
    count(DISTINCT articles.story_id) AS stories,  -- different texts of the agency
    count(*)                          AS articles, -- articles that ran them
    count(DISTINCT articles.site)     AS outlets,
    count(*) FILTER (credits.joint)   AS joint     -- of the articles, those that others wrote with it
FROM credits JOIN articles USING (article_id)
WHERE NOT credits.contributed
GROUP BY ALL;
COMMENT ON VIEW agency_reach IS 'For each day (of first sight) and agency, how many of its stories ran in how many outlets. An article that two agencies wrote counts for both.';

CREATE OR REPLACE VIEW agency_by_outlet AS
SELECT
    articles.seen_day AS day,
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
COMMENT ON VIEW agency_by_outlet IS 'For each day (of first sight), agency and outlet, how many of the agency''s stories it ran, and how much of them it kept.';
