-- A crowd of articles, numbered, each of 400 invented words that are as common as words are: 500 outlets, 5,000 a day,
-- each with its entry; four are a story, each story an event, one in 20 is on one of ten topics. Everything else is as in the rows of rows.toml.

CREATE OR REPLACE TEMP MACRO syllable(n) AS substr('bdfgklmnprstvz', 1 + n % 14, 1) || substr('aeiou', 1 + n // 14 % 5, 1);

CREATE OR REPLACE TEMP TABLE vocabulary AS
SELECT list(syllable(h) || syllable(h // 70) || syllable(h // 4900) || CASE WHEN n % 3 = 0 THEN syllable(h // 343000) ELSE '' END) AS words
FROM (SELECT n, CAST(hash(n) % 24010000 AS BIGINT) AS h FROM range(50000) t(n));

CREATE OR REPLACE TEMP TABLE made AS
SELECT n, n - n % 4 AS lead, TIMESTAMPTZ '2026-10-19 06:00:00+00' - to_seconds(n * 86400 // 5000) AS seen,
    array_to_string([words[1 + CAST(pow(hash(n * 400 + x) % 1000003 / 1000003, 4) * 49999 AS INTEGER)] FOR x IN range(400)], ' ') AS prose
FROM vocabulary, range($first, $first + $count) t(n);

INSERT INTO articles BY NAME
SELECT r.* REPLACE (
    n AS article_id, 'https://outlet' || n % 500 || '.example/' || n AS url, 'Headline ' || n AS title, prose AS text, 400 AS words,
    'outlet' || n % 500 || '.example' AS site, n AS text_hash, seen AS first_seen_at, seen AS published_at, seen AS fetched_at,
    n * 40000 AS warc_offset)
FROM made, (FROM articles WHERE article_id = 1) r;

INSERT INTO entries BY NAME
SELECT r.* REPLACE (
    n AS entry_id, 'https://outlet' || n % 500 || '.example/' || n AS url, 'guid ' || n AS guid, 'Headline ' || n AS title,
    prose[:200] AS summary, n AS claim_hash, seen AS first_seen_at, seen AS last_seen_at, n AS article_id)
FROM made, (FROM entries WHERE entry_id = 1) r;

INSERT INTO copies BY NAME
SELECT r.* REPLACE (n AS article_id, lead AS story_id, lead AS lead_article_id) FROM made, (FROM copies WHERE article_id = 1) r;

UPDATE articles SET story_id = article_id - article_id % 4, lead_article_id = article_id - article_id % 4
WHERE article_id >= $first;

INSERT INTO stories BY NAME
SELECT r.* REPLACE (n AS story_id, n AS lead_article_id, 'Headline ' || n AS title, seen AS first_seen_at, 4 AS articles, 4 AS outlets)
FROM made, (FROM stories WHERE story_id = 1) r WHERE n = lead;

INSERT INTO article_topics BY NAME
SELECT r.* REPLACE ('topic ' || n % 10 AS topic, n AS article_id) FROM made, (FROM article_topics WHERE article_id = 1) r WHERE n % 20 = 0;

INSERT INTO story_topics BY NAME
SELECT r.* REPLACE ('topic ' || n % 10 AS topic, lead AS story_id) FROM made, (FROM story_topics WHERE story_id = 1) r WHERE n % 20 = 0;

INSERT INTO event_stories BY NAME
SELECT r.* REPLACE (n AS story_id, n AS event_id, seen AS told_at) FROM made, (FROM event_stories WHERE story_id = 1) r WHERE n = lead;
