-- Whether reading a site goes as well as it did: someone has to be told when a new layout or a wall takes its texts away.
CREATE VIEW reading_by_site AS
WITH latest AS (SELECT max(started_at) AS until FROM runs),
pages AS (
    SELECT regexp_extract(url, '^https?://([^/:?#]+)', 1) AS host, first_seen_at, words, false AS blocked
    FROM articles WHERE text_from = 'page' AND kind = 'article'
    UNION ALL
    SELECT regexp_extract(url, '^https?://([^/:?#]+)', 1), first_seen_at, NULL, true
    FROM entries WHERE article_id IS NULL AND (
        reason LIKE '%a consent wall stands%' OR reason LIKE '%asks for proof%' OR reason LIKE '%no article''s text was found%')
),
weeks AS (
    SELECT host, words, blocked, first_seen_at > until - INTERVAL 7 DAY AS new
    FROM pages, latest WHERE first_seen_at > until - INTERVAL 35 DAY
),
counted AS (
    SELECT host,
        count(*) FILTER (new AND NOT blocked)      AS articles,
        median(words) FILTER (new)                 AS words,
        count(*) FILTER (new AND blocked)          AS blocked,
        count(*) FILTER (NOT new AND NOT blocked)  AS articles_before,
        median(words) FILTER (NOT new)             AS words_before,
        count(*) FILTER (NOT new AND blocked)      AS blocked_before
    FROM weeks GROUP BY host
)
SELECT *,
    CASE
        WHEN articles >= 3 AND articles_before >= 5 AND words < words_before / 2 THEN 'texts are less than half as long as before'
        WHEN blocked >= 3 AND articles_before >= 5 AND blocked > articles
            AND blocked_before * 4 < articles_before THEN 'most pages are walls or without text'
    END AS worse
FROM counted;
COMMENT ON VIEW reading_by_site IS 'For each host, its articles of the last seven days against the 28 days before: how many, their median words, pages that were a wall or held no text (blocked); worse: what has gone bad, else null.';

COMMENT ON COLUMN entries.retry_at IS 'For deferred: not to be asked for before this moment; null: at the next ingest. For stored: when its page is looked at once more.';
COMMENT ON COLUMN entries.reason IS 'Why, in words; for stored: empty, why the feed''s text stands in for the page, or that it was looked at again.';
-- In three steps: with a list as its default, adding the column fetched every row by itself, at 20 ms and more an article.
ALTER TABLE articles ADD COLUMN signed_by VARCHAR[];
ALTER TABLE articles ALTER signed_by TYPE VARCHAR[] USING [];
ALTER TABLE articles ALTER signed_by SET DEFAULT [];
COMMENT ON COLUMN articles.signed_by IS 'Where no person is named: the newsroom or agency that the page gives as its author.';
