-- An agency's reach by day and outlet.
CREATE VIEW agency_by_outlet AS
SELECT
    CAST(coalesce(articles.published_at, articles.first_seen_at) AS DATE) AS day,
    copies.agency,
    copies.agency_name,
    articles.site,
    any_value(articles.outlet)             AS outlet,
    count(DISTINCT copies.story_id)        AS stories,     -- different texts of the agency that it ran
    count(*)                               AS articles,    -- articles that ran them
    round(avg(copies.lead_containment), 2) AS lead_kept    -- how much of the lead they kept, on the average
FROM copies JOIN articles USING (article_id)
WHERE copies.agency IS NOT NULL AND NOT copies.contributed
GROUP BY ALL;
COMMENT ON VIEW agency_by_outlet IS 'For each day, agency and outlet, how many of the agency''s stories it ran, and how much of them it kept.';
