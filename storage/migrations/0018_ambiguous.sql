-- A claim that fits two days is told from one that is not there; who claims nothing has no rank by claim.

COMMENT ON COLUMN articles.published_precision IS 'How exact it is: second, minute or day; ambiguous where the claim fits two days (03/04/2026) and nothing told which, so that published_at is empty; empty where there is no claim.';

CREATE OR REPLACE VIEW printed AS
WITH first AS (
    SELECT story_id, site, outlet, article_id, title, role, lead_containment, first_seen_at, published_at, published_precision, published_day, url
    FROM articles WHERE story_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY story_id, site ORDER BY first_seen_at, article_id) = 1
)
SELECT
    story_id,
    site,
    outlet,
    title,
    role,
    round(lead_containment, 2) AS of_lead_kept,
    first_seen_at,
    rank() OVER (PARTITION BY story_id ORDER BY date_trunc('minute', first_seen_at)) AS seen_rank,
    first_seen_at - min(first_seen_at) OVER (PARTITION BY story_id) AS seen_lag,
    CASE WHEN published_precision <> 'day' THEN published_at END AS claimed_at,
    published_day AS claimed_day,
    published_precision AS claimed_precision,
    CASE WHEN published_at IS NOT NULL AND published_precision <> 'day' THEN rank() OVER (PARTITION BY story_id, published_at IS NULL OR published_precision = 'day' ORDER BY published_at) END AS claimed_rank,
    CASE WHEN published_precision <> 'day' THEN published_at - min(published_at) OVER (PARTITION BY story_id, published_at IS NULL OR published_precision = 'day') END AS claimed_lag,
    published_day - min(published_day) OVER (PARTITION BY story_id) AS claimed_lag_days,
    url,
    article_id
FROM first;
COMMENT ON VIEW printed IS 'Who had a story first: each outlet''s first article of each story, ranked by when we first saw it and by when it says it was published. A day is no midnight: who claims only a day has no rank by claim.';
COMMENT ON COLUMN printed.story_id IS 'The story.';
COMMENT ON COLUMN printed.site IS 'The outlet''s registered domain.';
COMMENT ON COLUMN printed.outlet IS 'Its name.';
COMMENT ON COLUMN printed.title IS 'Its headline.';
COMMENT ON COLUMN printed.role IS 'As story_prints.role.';
COMMENT ON COLUMN printed.of_lead_kept IS 'Share of the lead that stands in its text, 0 to 1.';
COMMENT ON COLUMN printed.first_seen_at IS 'When newsduck first saw it (measured): as exact as its feed is looked at often.';
COMMENT ON COLUMN printed.seen_rank IS '1 for the first by first_seen_at, to the minute: those seen in one minute share a rank.';
COMMENT ON COLUMN printed.seen_lag IS 'How long after the first of the story that was.';
COMMENT ON COLUMN printed.claimed_at IS 'When it was published, as claimed to the minute or second; null where only a day is claimed, or nothing.';
COMMENT ON COLUMN printed.claimed_day IS 'The day of the claim, in the outlet''s zone.';
COMMENT ON COLUMN printed.claimed_precision IS 'How exact the claim is: second, minute or day; ambiguous where it fits two days and is left empty; empty where there is none.';
COMMENT ON COLUMN printed.claimed_rank IS '1 for the first by claimed_at among those that claim a time.';
COMMENT ON COLUMN printed.claimed_lag IS 'How long after the first of these.';
COMMENT ON COLUMN printed.claimed_lag_days IS 'How many days after the first claimed day of the story.';
COMMENT ON COLUMN printed.url IS 'Its address.';
COMMENT ON COLUMN printed.article_id IS 'The article.';
