-- How much was printed on each topic, day by day?
SELECT topic, day, stories, articles, usual, jump FROM topic_daily WHERE stories > 0 ORDER BY topic, day;

-- What part of everything was that?
SELECT topic, seen_day, stories, all_stories, share FROM topic_share ORDER BY topic, seen_day;

-- Which agency's stories ran most, and in how many outlets at the most?
SELECT agency_name, count(*) AS stories, sum(articles) AS articles, max(outlets) AS most_outlets
FROM agency_stories GROUP BY agency_name ORDER BY articles DESC, agency_name;

-- How much of each outlet is agency copy?
SELECT outlet, articles, agency_articles, agency_share FROM outlet_shares ORDER BY agency_share DESC, outlet;

-- And how does that change over time?
SELECT seen_day, count(*) AS articles, count(*) FILTER (by_agency) AS agency_articles, round(avg(by_agency::INTEGER), 3) AS agency_share
FROM (SELECT seen_day, article_id IN (SELECT article_id FROM credits WHERE NOT contributed) AS by_agency FROM articles)
GROUP BY seen_day ORDER BY seen_day;

-- Who printed an agency's text first, and how far did each cut it?
SELECT agency_stories.agency_name, agency_stories.title AS story, seen_rank, outlet, of_lead_kept, printed.title AS headline
FROM agency_stories JOIN printed USING (story_id)
WHERE agency_stories.outlets >= 3 ORDER BY agency_stories.outlets DESC, story_id, seen_rank, of_lead_kept DESC LIMIT 12;

-- Who was late: how long after the first that claims a time?
SELECT outlet, count(*) AS stories, count(*) FILTER (claimed_rank = 1) AS first, median(claimed_lag) AS usual_lag
FROM printed WHERE claimed_lag IS NOT NULL AND story_id IN (SELECT story_id FROM stories WHERE outlets > 1)
GROUP BY outlet ORDER BY first DESC, outlet;

-- What did publishers change after they had published it?
SELECT outlet, versions.changed, versions.title AS before, articles.title AS now, words_added, words_removed
FROM versions JOIN articles USING (article_id) WHERE reason = 'publisher' ORDER BY outlet, before;

-- Which stories were reprinted most?
SELECT title, articles, outlets, agency FROM stories ORDER BY outlets DESC, articles DESC, title LIMIT 10;

-- Why is an article on a topic?
SELECT topic, outlet, articles.title, article_topics.matched, article_topics.snippet
FROM article_topics JOIN topics USING (topic, version) JOIN articles USING (article_id)
WHERE current ORDER BY topic, score DESC, outlet LIMIT 8;

-- Own words or an agency's, on each topic?
SELECT topic, sum(articles) AS articles, sum(own_articles) AS own, sum(agency_articles) AS by_agencies FROM topic_origins GROUP BY topic ORDER BY topic;

-- Who covers a topic, and who does not? (By groups: the folders of the feed list, or [groups] in the settings.)
SELECT topic, group_name, count(*) FILTER (stories > 0) AS covering, count(*) AS outlets,
    list(outlet ORDER BY outlet) FILTER (stories = 0) AS had_nothing
FROM topic_coverage GROUP BY topic, group_name ORDER BY topic, group_name;

-- Who told of an event, when, and in whose words?
SELECT ran_at, outlet, agency, title FROM event_coverage
WHERE event_id = (SELECT event_id FROM events ORDER BY outlets DESC, articles DESC, title LIMIT 1) ORDER BY ran_at, outlet;

-- In which languages, and in which sections?
SELECT language, section, count(*) AS articles, count(DISTINCT site) AS outlets FROM articles GROUP BY ALL ORDER BY articles DESC, language, section LIMIT 10;

-- Who writes most?
SELECT author, outlet, count(*) AS articles FROM article_authors JOIN articles USING (article_id)
GROUP BY ALL ORDER BY articles DESC, author LIMIT 10;

-- Which feeds are silent, failing or dead?
SELECT coalesce(nullif(title, ''), url) AS feed, status, last_ok_at, last_error FROM coverage_by_feed
WHERE status IN ('failing', 'dead', 'gone') OR entries = 0 ORDER BY feed;

-- What is missing: entries that were seen and did not become articles?
SELECT outcome, trim(regexp_replace(reason, 'https?://[^ ]+', '', 'g'), ' :') AS why, count(*) AS entries
FROM entries WHERE article_id IS NULL GROUP BY ALL ORDER BY entries DESC, why;
