-- What queries may rely on, version 3: every macro stands on a view with its argument as a column, so that tools which attach
-- the file can ask too; every column of a view is explained; counts that cannot be summed say so.
DROP MACRO TABLE stories_on;
DROP MACRO TABLE spread_of;
DROP MACRO TABLE coverage_of;
DROP VIEW events;
DROP VIEW agency_reach;
DROP VIEW topic_daily;

-- Topics ------------------------------------------------------------------------------------------------------------------

CREATE VIEW topic_stories AS
SELECT
    story_topics.topic,
    stories.story_id,
    stories.title,
    stories.first_seen_at,
    story_topics.day,
    stories.articles,
    stories.outlets,
    stories.agency,
    (SELECT list(DISTINCT articles.outlet ORDER BY articles.outlet) FROM articles WHERE articles.story_id = stories.story_id) AS ran_in,
    story_topics.matched,
    story_topics.snippet,
    story_topics.score
FROM story_topics JOIN topics USING (topic, version) JOIN stories USING (story_id)
WHERE topics.current;
COMMENT ON VIEW topic_stories IS 'The stories on each topic as it is now, a row a topic and story.';
COMMENT ON COLUMN topic_stories.topic IS 'The topic.';
COMMENT ON COLUMN topic_stories.story_id IS 'The story.';
COMMENT ON COLUMN topic_stories.title IS 'Headline of its lead.';
COMMENT ON COLUMN topic_stories.first_seen_at IS 'When the first of its articles was first seen.';
COMMENT ON COLUMN topic_stories.day IS 'The first day (UTC) on which one of its matching articles was published, or seen where that is not known.';
COMMENT ON COLUMN topic_stories.articles IS 'Articles that are this story.';
COMMENT ON COLUMN topic_stories.outlets IS 'Different sites that ran it.';
COMMENT ON COLUMN topic_stories.agency IS 'Key of the agency that wrote it; null where none is credited.';
COMMENT ON COLUMN topic_stories.ran_in IS 'The outlets that ran it, by name.';
COMMENT ON COLUMN topic_stories.matched IS 'The words of the query that it has.';
COMMENT ON COLUMN topic_stories.snippet IS 'The passage where most of them stand, each between two asterisks and two asterisks.';
COMMENT ON COLUMN topic_stories.score IS '0 to 1: how much of the query it has, and how often; to order by within a topic.';

CREATE MACRO stories_on(topic_name, since := TIMESTAMPTZ '1970-01-01') AS TABLE
SELECT * EXCLUDE (topic, day, score)
FROM topic_stories
WHERE topic = (SELECT CASE WHEN EXISTS (SELECT 1 FROM topics WHERE current AND topic = topic_name) THEN topic_name
    ELSE error('no topic is called ' || topic_name || '; SELECT topic FROM topics WHERE current lists those that are tracked') END)
    AND first_seen_at >= since
ORDER BY articles DESC, first_seen_at, story_id;
COMMENT ON MACRO TABLE stories_on IS 'stories_on(''topic'', since := TIMESTAMPTZ ''…''): the stories on a topic, most reprinted first; columns of topic_stories. An unknown topic is an error.';

CREATE VIEW topic_daily AS
WITH
tracked AS NOT MATERIALIZED (
    SELECT topic, version, min(day) AS first_day FROM story_topics JOIN topics USING (topic, version) WHERE current AND day IS NOT NULL GROUP BY ALL
),
until AS NOT MATERIALIZED (
    SELECT greatest((SELECT max(day) FROM story_topics), (SELECT max(CAST(started_at AS DATE)) FROM runs)) AS last_day
),
days AS NOT MATERIALIZED ( -- every day between the first of a topic that is tracked and the last run
    SELECT topic, version, CAST(unnest(generate_series(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day FROM tracked, until
),
told AS NOT MATERIALIZED (
    SELECT topic, version, day, count(*) AS stories, sum(articles)::BIGINT AS articles FROM story_topics WHERE day IS NOT NULL GROUP BY ALL
),
counts AS NOT MATERIALIZED (
    SELECT days.topic, days.day, coalesce(told.stories, 0) AS stories, coalesce(told.articles, 0) AS articles
    FROM days LEFT JOIN told USING (topic, version, day)
),
held AS ( -- all that is kept, by day
    SELECT CAST(coalesce(published_at, first_seen_at) AS DATE) AS day, count(*) AS articles FROM articles GROUP BY ALL
),
began AS (SELECT CAST(min(started_at) AS DATE) AS day FROM runs WHERE feeds > 0),
history AS ( -- the four weeks before; days before feeds were first looked at, or of which little is kept, tell nothing
    SELECT counts.topic, counts.day, count(*) AS days, median(before.stories) AS usual, mad(before.stories) * 1.4826 AS spread
    FROM counts
    JOIN (SELECT unnest(range(1, 29)) AS back) ON true
    JOIN counts before ON before.topic = counts.topic AND before.day = counts.day - back::INTEGER
    LEFT JOIN held this ON this.day = counts.day
    LEFT JOIN held then_ ON then_.day = before.day
    WHERE before.day >= coalesce((SELECT day FROM began), before.day)
        AND coalesce(then_.articles, 0) * 4 >= coalesce(this.articles, 0) - counts.articles
    GROUP BY ALL
)
SELECT
    counts.topic,
    counts.day,
    counts.stories,
    counts.articles,
    history.usual,
    round(history.spread, 1) AS spread,
    coalesce(history.days >= 7 AND counts.stories >= 5
        AND counts.stories > history.usual + 4 * greatest(history.spread, sqrt(history.usual), 1), false) AS jump
FROM counts LEFT JOIN history USING (topic, day);
COMMENT ON VIEW topic_daily IS 'For each topic as it is now and each day up to the last run, its stories, what was usual in the four weeks before, and whether it jumped.';
COMMENT ON COLUMN topic_daily.topic IS 'The topic.';
COMMENT ON COLUMN topic_daily.day IS 'The day (UTC), as story_topics has it.';
COMMENT ON COLUMN topic_daily.stories IS 'Stories that began on that day; each is of one day, so that days can be summed.';
COMMENT ON COLUMN topic_daily.articles IS 'Articles of these stories, whenever they came.';
COMMENT ON COLUMN topic_daily.usual IS 'Median of the stories of the four weeks before; null where nothing is known of them.';
COMMENT ON COLUMN topic_daily.spread IS 'Their median absolute deviation, as a standard deviation.';
COMMENT ON COLUMN topic_daily.jump IS 'Whether the day has far more stories than usual.';

CREATE VIEW topic_share AS
WITH every_day AS (SELECT seen_day, count(DISTINCT story_id) AS all_stories FROM articles WHERE story_id IS NOT NULL GROUP BY seen_day),
found AS (
    SELECT topic, seen_day, count(DISTINCT story_id) AS stories
    FROM story_topics JOIN topics USING (topic, version) JOIN articles USING (story_id) WHERE current GROUP BY ALL
)
SELECT topic, seen_day, coalesce(stories, 0) AS stories, all_stories, round(coalesce(stories, 0) / all_stories, 4) AS share
FROM (SELECT topic FROM topics WHERE current) CROSS JOIN every_day LEFT JOIN found USING (topic, seen_day);
COMMENT ON VIEW topic_share IS 'A topic''s part of everything: for each topic as it is now and each day, the stories on it among all that were printed. Days cannot be summed: a story that runs on two days counts on both.';
COMMENT ON COLUMN topic_share.topic IS 'The topic.';
COMMENT ON COLUMN topic_share.seen_day IS 'The day, as articles.seen_day.';
COMMENT ON COLUMN topic_share.stories IS 'Different stories on the topic of which an article was first seen that day.';
COMMENT ON COLUMN topic_share.all_stories IS 'Different stories of any kind of which one was.';
COMMENT ON COLUMN topic_share.share IS 'The one divided by the other, 0 to 1.';

CREATE VIEW topic_share_by_outlet AS
WITH every_day AS (
    SELECT seen_day, site, any_value(outlet) AS outlet, count(DISTINCT story_id) AS all_stories
    FROM articles WHERE story_id IS NOT NULL GROUP BY seen_day, site
),
found AS (
    SELECT topic, seen_day, site, count(DISTINCT story_id) AS stories
    FROM story_topics JOIN topics USING (topic, version) JOIN articles USING (story_id) WHERE current GROUP BY ALL
)
SELECT topic, seen_day, site, outlet, coalesce(stories, 0) AS stories, all_stories, round(coalesce(stories, 0) / all_stories, 4) AS share
FROM (SELECT topic FROM topics WHERE current) CROSS JOIN every_day LEFT JOIN found USING (topic, seen_day, site);
COMMENT ON VIEW topic_share_by_outlet IS 'A topic''s part of everything that an outlet printed, by day. Neither days nor outlets can be summed: a story counts for each.';
COMMENT ON COLUMN topic_share_by_outlet.topic IS 'The topic.';
COMMENT ON COLUMN topic_share_by_outlet.seen_day IS 'The day, as articles.seen_day.';
COMMENT ON COLUMN topic_share_by_outlet.site IS 'The outlet''s registered domain.';
COMMENT ON COLUMN topic_share_by_outlet.outlet IS 'Its name.';
COMMENT ON COLUMN topic_share_by_outlet.stories IS 'Different stories on the topic of which it had an article that day.';
COMMENT ON COLUMN topic_share_by_outlet.all_stories IS 'Different stories of any kind of which it had one.';
COMMENT ON COLUMN topic_share_by_outlet.share IS 'The one divided by the other, 0 to 1.';

CREATE VIEW topic_origins AS
SELECT
    topic,
    seen_day,
    count(*)                                       AS articles,
    count(*) FILTER (written.article_id IS NOT NULL) AS agency_articles,
    count(*) FILTER (written.article_id IS NULL)     AS own_articles,
    round(count(*) FILTER (written.article_id IS NOT NULL) / count(*), 4) AS agency_share
FROM story_topics JOIN topics USING (topic, version) JOIN articles USING (story_id)
LEFT JOIN (SELECT DISTINCT article_id FROM credits WHERE NOT contributed) written USING (article_id)
WHERE current
GROUP BY topic, seen_day;
COMMENT ON VIEW topic_origins IS 'Own or agency: for each topic as it is now and each day, the articles of its stories by who wrote them. Days can be summed, the share cannot.';
COMMENT ON COLUMN topic_origins.topic IS 'The topic.';
COMMENT ON COLUMN topic_origins.seen_day IS 'The day, as articles.seen_day.';
COMMENT ON COLUMN topic_origins.articles IS 'Articles of stories on the topic that were first seen that day.';
COMMENT ON COLUMN topic_origins.agency_articles IS 'Of these, those that an agency wrote.';
COMMENT ON COLUMN topic_origins.own_articles IS 'Of these, those that credit no agency with the text.';
COMMENT ON COLUMN topic_origins.agency_share IS 'agency_articles divided by articles, 0 to 1.';

-- Groups of outlets -------------------------------------------------------------------------------------------------------

CREATE TABLE outlet_groups (
    group_name VARCHAR NOT NULL,
    site       VARCHAR NOT NULL,
    said_by    VARCHAR NOT NULL,
    run_id     BIGINT NOT NULL,
    PRIMARY KEY (group_name, site)
);
COMMENT ON TABLE outlet_groups IS 'The person''s own groups of outlets, a row a group and site.';
COMMENT ON COLUMN outlet_groups.group_name IS 'Name of the group: a key of [groups] in the settings, or a folder of the feed list.';
COMMENT ON COLUMN outlet_groups.site IS 'Registered domain of an outlet in it.';
COMMENT ON COLUMN outlet_groups.said_by IS 'settings or feeds (a folder of the feed list).';
COMMENT ON COLUMN outlet_groups.run_id IS 'The run that read it.';

CREATE VIEW topic_coverage AS
WITH found AS (
    SELECT topic, site, count(DISTINCT story_id) AS stories, count(*) AS articles, max(seen_day) AS last_day
    FROM story_topics JOIN topics USING (topic, version) JOIN articles USING (story_id) WHERE current GROUP BY ALL
),
held AS (SELECT site, count(DISTINCT story_id) AS all_stories FROM articles GROUP BY site)
SELECT
    topic,
    group_name,
    site,
    outlets.name AS outlet,
    coalesce(stories, 0) AS stories,
    coalesce(articles, 0) AS articles,
    all_stories,
    last_day
FROM (SELECT topic FROM topics WHERE current) CROSS JOIN outlets JOIN held USING (site)
LEFT JOIN outlet_groups USING (site) LEFT JOIN found USING (topic, site);
COMMENT ON VIEW topic_coverage IS 'Who covers a topic and who does not: every topic as it is now with every outlet, also those that had nothing; an outlet of two groups has two rows.';
COMMENT ON COLUMN topic_coverage.topic IS 'The topic.';
COMMENT ON COLUMN topic_coverage.group_name IS 'The person''s group that the outlet is in; null where it is in none.';
COMMENT ON COLUMN topic_coverage.site IS 'The outlet''s registered domain.';
COMMENT ON COLUMN topic_coverage.outlet IS 'Its name.';
COMMENT ON COLUMN topic_coverage.stories IS 'Different stories on the topic that it ran; 0 where it ran none.';
COMMENT ON COLUMN topic_coverage.articles IS 'Its articles of these stories.';
COMMENT ON COLUMN topic_coverage.all_stories IS 'Different stories that it ran of any kind: the whole that `stories` is a part of.';
COMMENT ON COLUMN topic_coverage.last_day IS 'The last day on which an article of it on the topic was first seen; null where none was.';

CREATE VIEW topic_share_by_group AS
WITH every_day AS (
    SELECT seen_day, group_name, count(DISTINCT story_id) AS all_stories, count(DISTINCT site) AS all_outlets
    FROM articles JOIN outlet_groups USING (site) WHERE story_id IS NOT NULL GROUP BY ALL
),
found AS (
    SELECT topic, seen_day, group_name, count(DISTINCT story_id) AS stories, count(DISTINCT site) AS outlets
    FROM story_topics JOIN topics USING (topic, version) JOIN articles USING (story_id) JOIN outlet_groups USING (site)
    WHERE current GROUP BY ALL
)
SELECT topic, seen_day, group_name, coalesce(stories, 0) AS stories, all_stories, round(coalesce(stories, 0) / all_stories, 4) AS share,
    coalesce(outlets, 0) AS outlets, all_outlets
FROM (SELECT topic FROM topics WHERE current) CROSS JOIN every_day LEFT JOIN found USING (topic, seen_day, group_name);
COMMENT ON VIEW topic_share_by_group IS 'A topic''s part of everything that a group of outlets printed, by day. Days and groups cannot be summed: a story counts for each.';
COMMENT ON COLUMN topic_share_by_group.topic IS 'The topic.';
COMMENT ON COLUMN topic_share_by_group.seen_day IS 'The day, as articles.seen_day.';
COMMENT ON COLUMN topic_share_by_group.group_name IS 'The person''s group of outlets.';
COMMENT ON COLUMN topic_share_by_group.stories IS 'Different stories on the topic of which the group had an article that day.';
COMMENT ON COLUMN topic_share_by_group.all_stories IS 'Different stories of any kind of which it had one.';
COMMENT ON COLUMN topic_share_by_group.share IS 'The one divided by the other, 0 to 1.';
COMMENT ON COLUMN topic_share_by_group.outlets IS 'Outlets of the group that had an article on the topic that day.';
COMMENT ON COLUMN topic_share_by_group.all_outlets IS 'Outlets of the group that had any.';

-- Stories -----------------------------------------------------------------------------------------------------------------

CREATE VIEW story_prints AS
SELECT
    articles.story_id,
    coalesce(articles.published_at, articles.first_seen_at) AS ran_at,
    articles.outlet,
    articles.title,
    articles.role,
    round(articles.containment, 2)      AS kept_from_lead,
    round(articles.lead_containment, 2) AS of_lead_kept,
    credits.agency,
    credits.found_in AS agency_from,
    credits.evidence AS agency_evidence,
    articles.url,
    CASE WHEN articles.published_at IS NULL THEN 'seen' ELSE articles.published_precision END AS ran_precision,
    articles.site,
    articles.article_id
FROM articles LEFT JOIN credits ON credits.article_id = articles.article_id AND credits.position = 1
WHERE articles.story_id IS NOT NULL;
COMMENT ON VIEW story_prints IS 'Who ran a story: every article with its story, when it ran, under which headline, and how much of the lead it is.';
COMMENT ON COLUMN story_prints.story_id IS 'The story.';
COMMENT ON COLUMN story_prints.ran_at IS 'When it was published, as claimed; when it was first seen where that is not known.';
COMMENT ON COLUMN story_prints.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN story_prints.title IS 'Its headline.';
COMMENT ON COLUMN story_prints.role IS 'original: the story''s lead; copy: nearly all of it stands in the lead; edited: a good part does; update: the same outlet''s newer text.';
COMMENT ON COLUMN story_prints.kept_from_lead IS 'Share of this text that stands in the lead, 0 to 1.';
COMMENT ON COLUMN story_prints.of_lead_kept IS 'Share of the lead that stands in this text, 0 to 1: how far it was cut.';
COMMENT ON COLUMN story_prints.agency IS 'Key of the agency it is credited to, the best credit; null where none is.';
COMMENT ON COLUMN story_prints.agency_from IS 'Where the credit stands, as credits.found_in.';
COMMENT ON COLUMN story_prints.agency_evidence IS 'The words that prove it, as printed.';
COMMENT ON COLUMN story_prints.url IS 'Its address.';
COMMENT ON COLUMN story_prints.ran_precision IS 'How exact ran_at is: second, minute or day (then it is that day''s midnight) as claimed; seen where it is our first sight.';
COMMENT ON COLUMN story_prints.site IS 'Registered domain.';
COMMENT ON COLUMN story_prints.article_id IS 'The article.';

CREATE MACRO spread_of(story) AS TABLE
SELECT * EXCLUDE (story_id, site, article_id)
FROM story_prints
WHERE story_id = (SELECT CASE WHEN EXISTS (SELECT 1 FROM stories WHERE story_id = story) THEN story
    ELSE error('no story has the id ' || story || coalesce((SELECT ': it went into ' || into_story_id FROM merged_stories WHERE story_id = story), '; SELECT story_id FROM articles WHERE url = ''…'' finds one')) END)
ORDER BY ran_at;
COMMENT ON MACRO TABLE spread_of IS 'spread_of(story_id): who ran a story when, under which headline, and how much of it; columns of story_prints. An unknown story is an error.';

CREATE VIEW printed AS
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
    CASE WHEN published_precision <> 'day' THEN rank() OVER (PARTITION BY story_id, published_at IS NULL OR published_precision = 'day' ORDER BY published_at) END AS claimed_rank,
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
COMMENT ON COLUMN printed.claimed_precision IS 'How exact the claim is: second, minute or day; empty where there is none.';
COMMENT ON COLUMN printed.claimed_rank IS '1 for the first by claimed_at among those that claim a time.';
COMMENT ON COLUMN printed.claimed_lag IS 'How long after the first of these.';
COMMENT ON COLUMN printed.claimed_lag_days IS 'How many days after the first claimed day of the story.';
COMMENT ON COLUMN printed.url IS 'Its address.';
COMMENT ON COLUMN printed.article_id IS 'The article.';

-- Agencies ----------------------------------------------------------------------------------------------------------------

CREATE VIEW agency_stories AS
WITH ran AS (
    SELECT
        credits.agency,
        any_value(credits.agency_name)    AS agency_name,
        articles.story_id,
        min(articles.seen_day)            AS seen_day,
        count(*)                          AS articles,
        count(DISTINCT articles.site)     AS outlets,
        count(*) FILTER (credits.joint)   AS joint
    FROM credits JOIN articles USING (article_id)
    WHERE NOT credits.contributed
    GROUP BY credits.agency, articles.story_id
)
SELECT ran.agency, agency_name, story_id, stories.title, seen_day, ran.articles, ran.outlets, joint FROM ran JOIN stories USING (story_id);
COMMENT ON VIEW agency_stories IS 'Every story that an agency wrote, a row an agency and story: stories and articles can be counted and summed by agency, day or period. An article that two agencies wrote counts for both.';
COMMENT ON COLUMN agency_stories.agency IS 'Key of the agency.';
COMMENT ON COLUMN agency_stories.agency_name IS 'What it is called.';
COMMENT ON COLUMN agency_stories.story_id IS 'The story.';
COMMENT ON COLUMN agency_stories.title IS 'Headline of its lead.';
COMMENT ON COLUMN agency_stories.seen_day IS 'The day on which the first article of it that credits the agency was first seen: a story is of one day.';
COMMENT ON COLUMN agency_stories.articles IS 'Articles that ran it and credit the agency.';
COMMENT ON COLUMN agency_stories.outlets IS 'Different sites that did.';
COMMENT ON COLUMN agency_stories.joint IS 'Of the articles, those that others wrote with it.';

CREATE VIEW agency_reach AS
SELECT
    articles.seen_day AS day,
    credits.agency,
    credits.agency_name,
    count(DISTINCT articles.story_id) AS stories,
    count(*)                          AS articles,
    count(DISTINCT articles.site)     AS outlets,
    count(*) FILTER (credits.joint)   AS joint
FROM credits JOIN articles USING (article_id)
WHERE NOT credits.contributed
GROUP BY ALL;
COMMENT ON VIEW agency_reach IS 'For each day and agency, how many of its stories ran in how many outlets. Stories and outlets cannot be summed over days: one that ran on two counts on both; agency_stories and agency_reach_between count each once. An article that two agencies wrote counts for both.';
COMMENT ON COLUMN agency_reach.day IS 'The day on which the articles were first seen, as articles.seen_day.';
COMMENT ON COLUMN agency_reach.agency IS 'Key of the agency.';
COMMENT ON COLUMN agency_reach.agency_name IS 'What it is called.';
COMMENT ON COLUMN agency_reach.stories IS 'Different texts of the agency of which an article was seen that day.';
COMMENT ON COLUMN agency_reach.articles IS 'Articles that ran them; can be summed over days.';
COMMENT ON COLUMN agency_reach.outlets IS 'Different sites that ran them.';
COMMENT ON COLUMN agency_reach.joint IS 'Of the articles, those that others wrote with it; can be summed.';

CREATE MACRO agency_reach_between(since, until) AS TABLE
SELECT
    credits.agency,
    any_value(credits.agency_name)    AS agency_name,
    count(DISTINCT articles.story_id) AS stories,
    count(*)                          AS articles,
    count(DISTINCT articles.site)     AS outlets,
    count(*) FILTER (credits.joint)   AS joint
FROM credits JOIN articles USING (article_id)
WHERE NOT credits.contributed AND articles.seen_day BETWEEN CAST(since AS DATE) AND CAST(until AS DATE)
GROUP BY credits.agency
ORDER BY stories DESC, articles DESC, credits.agency;
COMMENT ON MACRO TABLE agency_reach_between IS 'agency_reach_between(''2026-11-01'', ''2026-11-30''): for each agency, how many different stories of it ran in how many different outlets in that time, both days included; columns of agency_reach.';

CREATE OR REPLACE VIEW outlet_shares AS
WITH by_agency AS (
    SELECT
        site, outlet,
        article_id IN (SELECT article_id FROM credits WHERE NOT contributed) AS written,
        article_id IN (SELECT article_id FROM credits WHERE NOT contributed AND (NOT joint OR agency = 'agencies')) AS alone
    FROM articles
)
SELECT
    site,
    any_value(outlet)                           AS outlet,
    count(*)                                    AS articles,
    count(*) FILTER (written)                   AS agency_articles,
    round(count(*) FILTER (written) / count(*), 3) AS agency_share,
    count(*) FILTER (written AND NOT alone)     AS joint_articles
FROM by_agency
GROUP BY site;
COMMENT ON VIEW outlet_shares IS 'For each outlet, how much of what it ran was written by an agency.';

COMMENT ON COLUMN agency_by_outlet.day IS 'The day on which the articles were first seen, as articles.seen_day.';
COMMENT ON COLUMN agency_by_outlet.agency IS 'Key of the agency.';
COMMENT ON COLUMN agency_by_outlet.agency_name IS 'What it is called.';
COMMENT ON COLUMN agency_by_outlet.site IS 'The outlet''s registered domain.';
COMMENT ON COLUMN agency_by_outlet.outlet IS 'Its name.';
COMMENT ON COLUMN agency_by_outlet.stories IS 'Different texts of the agency that it ran; cannot be summed over days.';
COMMENT ON COLUMN agency_by_outlet.articles IS 'Its articles that ran them; can be summed.';
COMMENT ON COLUMN agency_by_outlet.lead_kept IS 'How much of the lead they kept, on the average, 0 to 1.';
COMMENT ON COLUMN outlet_shares.site IS 'Registered domain.';
COMMENT ON COLUMN outlet_shares.outlet IS 'Its name.';
COMMENT ON COLUMN outlet_shares.articles IS 'Its articles.';
COMMENT ON COLUMN outlet_shares.agency_articles IS 'Of these, those that an agency wrote, each once, however many agencies did.';
COMMENT ON COLUMN outlet_shares.agency_share IS 'The one divided by the other, 0 to 1.';
COMMENT ON COLUMN outlet_shares.joint_articles IS 'Of agency_articles, those that the paper''s own people wrote too.';

-- Events ------------------------------------------------------------------------------------------------------------------

CREATE TABLE event_decisions (
    story_id   BIGINT PRIMARY KEY,
    event_id   BIGINT NOT NULL,
    decision   VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE event_decisions IS 'What a person has decided of a story''s event, which no run undoes.';
COMMENT ON COLUMN event_decisions.story_id IS 'The story.';
COMMENT ON COLUMN event_decisions.event_id IS 'The event that it is of by that decision.';
COMMENT ON COLUMN event_decisions.decision IS 'split (out of another event) or join (into this one).';
COMMENT ON COLUMN event_decisions.decided_at IS 'When.';

CREATE TABLE merged_events (
    event_id      BIGINT PRIMARY KEY,
    into_event_id BIGINT NOT NULL,
    merged_at     TIMESTAMPTZ NOT NULL,
    run_id        BIGINT NOT NULL
);
COMMENT ON TABLE merged_events IS 'Events whose stories all went into another: where to look for an id that is no more.';
COMMENT ON COLUMN merged_events.event_id IS 'The event that is no more.';
COMMENT ON COLUMN merged_events.into_event_id IS 'Where most of its stories are now.';
COMMENT ON COLUMN merged_events.merged_at IS 'When that was.';
COMMENT ON COLUMN merged_events.run_id IS 'The run that did it.';

CREATE TABLE event_growths (
    event_id   BIGINT PRIMARY KEY,
    outlets    INTEGER NOT NULL,
    joined     INTEGER NOT NULL,
    noticed_at TIMESTAMPTZ NOT NULL,
    told       BOOLEAN NOT NULL,
    run_id     BIGINT NOT NULL
);
COMMENT ON TABLE event_growths IS 'Events that a run found growing, as they were when it first noticed.';
COMMENT ON COLUMN event_growths.event_id IS 'The event.';
COMMENT ON COLUMN event_growths.outlets IS 'Outlets that had told of it by then.';
COMMENT ON COLUMN event_growths.joined IS 'Of these, those that had joined in the six hours before.';
COMMENT ON COLUMN event_growths.noticed_at IS 'When the run noticed.';
COMMENT ON COLUMN event_growths.told IS 'Whether its alert was sent; the next run sends it where this one was cut off.';
COMMENT ON COLUMN event_growths.run_id IS 'The run.';

CREATE VIEW events AS
WITH now_ AS (SELECT max(first_seen_at) AS at FROM articles),
whole AS (
    SELECT
        event_id,
        first(stories.title ORDER BY stories.outlets DESC, told_at, story_id) AS title,
        min(articles.first_seen_at)            AS first_seen_at,
        max(articles.first_seen_at)            AS last_seen_at,
        count(DISTINCT story_id)               AS stories,
        count(*)                               AS articles,
        count(DISTINCT articles.site)          AS outlets,
        count(*) FILTER (article_id IN (SELECT article_id FROM credits WHERE NOT contributed))     AS agency_articles,
        count(*) FILTER (article_id NOT IN (SELECT article_id FROM credits WHERE NOT contributed)) AS own_articles,
        any_value(articles.language)           AS language,
        count(DISTINCT articles.site) FILTER (articles.first_seen_at <= now_.at - INTERVAL 6 HOUR) AS before
    FROM event_stories JOIN stories USING (story_id) JOIN articles USING (story_id), now_ GROUP BY event_id
)
SELECT
    whole.* EXCLUDE (before),
    outlets - before AS joined,
    whole.first_seen_at <= now_.at - INTERVAL 6 HOUR AND outlets - before >= 3
        AND outlets - before >= 2 * before / greatest(epoch(now_.at - INTERVAL 6 HOUR - whole.first_seen_at) / 21600, 1) AS growing
FROM whole, now_;
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

CREATE VIEW event_coverage AS
SELECT
    event_stories.event_id,
    coalesce(articles.published_at, articles.first_seen_at) AS ran_at,
    articles.outlet,
    articles.title,
    credits.agency,
    event_stories.story_id,
    articles.role,
    articles.url,
    CASE WHEN articles.published_at IS NULL THEN 'seen' ELSE articles.published_precision END AS ran_precision,
    articles.site,
    articles.article_id
FROM event_stories JOIN articles USING (story_id) LEFT JOIN credits ON credits.article_id = articles.article_id AND credits.position = 1;
COMMENT ON VIEW event_coverage IS 'Who told of an event: every article with its event, when it ran, under which headline, in whose words.';
COMMENT ON COLUMN event_coverage.event_id IS 'The event.';
COMMENT ON COLUMN event_coverage.ran_at IS 'When it was published, as claimed; when it was first seen where that is not known.';
COMMENT ON COLUMN event_coverage.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN event_coverage.title IS 'Its headline.';
COMMENT ON COLUMN event_coverage.agency IS 'Key of the agency that is credited; null: the outlet''s own words.';
COMMENT ON COLUMN event_coverage.story_id IS 'The story that it ran.';
COMMENT ON COLUMN event_coverage.role IS 'As story_prints.role.';
COMMENT ON COLUMN event_coverage.url IS 'Its address.';
COMMENT ON COLUMN event_coverage.ran_precision IS 'As story_prints.ran_precision.';
COMMENT ON COLUMN event_coverage.site IS 'Registered domain.';
COMMENT ON COLUMN event_coverage.article_id IS 'The article.';

CREATE MACRO coverage_of(event) AS TABLE
SELECT * EXCLUDE (event_id, site, article_id)
FROM event_coverage
WHERE event_id = (SELECT CASE WHEN EXISTS (SELECT 1 FROM event_stories WHERE event_id = event) THEN event
    ELSE error('no event has the id ' || event || coalesce((SELECT ': it went into ' || into_event_id FROM merged_events WHERE event_id = event), '; newsduck events lists a day''s')) END)
ORDER BY ran_at, url;
COMMENT ON MACRO TABLE coverage_of IS 'coverage_of(event_id): who told of an event when, under which headline, in its own words or an agency''s; columns of event_coverage. An unknown event is an error.';

CREATE VIEW event_coverage_by_group AS
WITH sizes AS (SELECT group_name, count(*) AS all_outlets FROM outlet_groups JOIN outlets USING (site) GROUP BY group_name),
told AS (
    SELECT event_id, group_name, count(DISTINCT site) AS outlets, count(*) AS articles
    FROM event_stories JOIN articles USING (story_id) JOIN outlet_groups USING (site) GROUP BY ALL
)
SELECT event_id, group_name, coalesce(outlets, 0) AS outlets, all_outlets, round(coalesce(outlets, 0) / all_outlets, 3) AS share, coalesce(articles, 0) AS articles
FROM (SELECT DISTINCT event_id FROM event_stories) CROSS JOIN sizes LEFT JOIN told USING (event_id, group_name);
COMMENT ON VIEW event_coverage_by_group IS 'For each event and each of the person''s groups of outlets, how many of them told of it, 0 included.';
COMMENT ON COLUMN event_coverage_by_group.event_id IS 'The event.';
COMMENT ON COLUMN event_coverage_by_group.group_name IS 'The group.';
COMMENT ON COLUMN event_coverage_by_group.outlets IS 'Outlets of the group that told of it.';
COMMENT ON COLUMN event_coverage_by_group.all_outlets IS 'Outlets of the group of which anything is kept: the whole that `outlets` is a part of.';
COMMENT ON COLUMN event_coverage_by_group.share IS 'The one divided by the other, 0 to 1.';
COMMENT ON COLUMN event_coverage_by_group.articles IS 'Their articles of it.';

-- Lists, for tools without them -------------------------------------------------------------------------------------------

CREATE VIEW article_authors AS
SELECT article_id, generate_subscripts(authors, 1)::INTEGER AS position, unnest(authors) AS author FROM articles;
COMMENT ON VIEW article_authors IS 'articles.authors as rows, for tools that have no lists.';
COMMENT ON COLUMN article_authors.article_id IS 'The article.';
COMMENT ON COLUMN article_authors.position IS '1 for the first named, and so on.';
COMMENT ON COLUMN article_authors.author IS 'A person named as author.';

CREATE VIEW article_tags AS
SELECT article_id, generate_subscripts(tags, 1)::INTEGER AS position, unnest(tags) AS tag FROM articles;
COMMENT ON VIEW article_tags IS 'articles.tags as rows, for tools that have no lists.';
COMMENT ON COLUMN article_tags.article_id IS 'The article.';
COMMENT ON COLUMN article_tags.position IS '1 for the first, and so on.';
COMMENT ON COLUMN article_tags.tag IS 'A keyword (claimed).';

-- Columns of the older views ----------------------------------------------------------------------------------------------
COMMENT ON COLUMN copies.article_id IS 'The article.';
COMMENT ON COLUMN copies.story_id IS 'The story it is.';
COMMENT ON COLUMN copies.lead_article_id IS 'Its story''s lead.';
COMMENT ON COLUMN copies.role IS 'As articles.role.';
COMMENT ON COLUMN copies.containment IS 'As articles.containment.';
COMMENT ON COLUMN copies.lead_containment IS 'As articles.lead_containment.';
COMMENT ON COLUMN copies.agency IS 'Key of the agency of its first credit; null where it credits none.';
COMMENT ON COLUMN copies.agency_name IS 'What it is called.';
COMMENT ON COLUMN copies.agency_evidence IS 'The words that prove it, as printed.';
COMMENT ON COLUMN copies.agency_from IS 'Where they stand, as credits.found_in.';
COMMENT ON COLUMN copies.contributed IS 'True where the agency only contributed.';
COMMENT ON COLUMN copies.method IS 'Version of the grouping method.';
COMMENT ON COLUMN copies.run_id IS 'The run that last grouped it.';
COMMENT ON COLUMN coverage_by_feed.feed_id IS 'The feed.';
COMMENT ON COLUMN coverage_by_feed.title IS 'Its title.';
COMMENT ON COLUMN coverage_by_feed.url IS 'Its address, as in the feed list.';
COMMENT ON COLUMN coverage_by_feed.status IS 'As feeds.status.';
COMMENT ON COLUMN coverage_by_feed.last_ok_at IS 'When it last answered.';
COMMENT ON COLUMN coverage_by_feed.last_error IS 'What went wrong at the last look that failed.';
COMMENT ON COLUMN coverage_by_feed.entries IS 'Entries it ever listed that are still kept.';
COMMENT ON COLUMN coverage_by_feed.stored IS 'Of these, those whose article is in the warehouse.';
COMMENT ON COLUMN coverage_by_feed.lost IS 'Of these, those that were refused or quarantined and will not come.';
COMMENT ON COLUMN coverage_by_feed.waiting IS 'Of these, those that are to be tried again.';
COMMENT ON COLUMN coverage_by_feed.last_entry_at IS 'When its newest entry was first seen.';
COMMENT ON COLUMN loss_funnel.run_id IS 'The run.';
COMMENT ON COLUMN loss_funnel.name IS 'Its name.';
COMMENT ON COLUMN loss_funnel.started_at IS 'When it started.';
COMMENT ON COLUMN loss_funnel.step IS 'seen, or what became of them: stored, unchanged, duplicate, refused, quarantined, deferred.';
COMMENT ON COLUMN loss_funnel.entries IS 'So many entries; those of the six outcomes add up to those seen.';
COMMENT ON COLUMN reading_by_site.host IS 'The host.';
COMMENT ON COLUMN reading_by_site.articles IS 'Articles of the last seven days read from its pages.';
COMMENT ON COLUMN reading_by_site.words IS 'Their median words.';
COMMENT ON COLUMN reading_by_site.blocked IS 'Its pages of these days that were a wall or held no text.';
COMMENT ON COLUMN reading_by_site.articles_before IS 'Articles of the 28 days before.';
COMMENT ON COLUMN reading_by_site.words_before IS 'Their median words.';
COMMENT ON COLUMN reading_by_site.blocked_before IS 'Pages of these days that were a wall or held no text.';
COMMENT ON COLUMN reading_by_site.worse IS 'What has gone bad, in words; null where nothing has.';
COMMENT ON COLUMN volume_by_feed.feed_id IS 'The feed.';
COMMENT ON COLUMN volume_by_feed.title IS 'Its title.';
COMMENT ON COLUMN volume_by_feed.url IS 'Its address, as in the feed list.';
COMMENT ON COLUMN volume_by_feed.day IS 'The day (UTC).';
COMMENT ON COLUMN volume_by_feed.seen IS 'Entries first seen on that day; can be summed.';
COMMENT ON COLUMN volume_by_feed.expected IS 'Median of the 14 days before; null on its first three days.';
COMMENT ON COLUMN volume_by_feed.polls IS 'Looks at it on that day.';
COMMENT ON COLUMN volume_by_feed.failed IS 'Of these, those that failed.';
COMMENT ON COLUMN volume_by_feed.losses IS 'Of these, those after which entries were probably lost.';

UPDATE schema_version SET version = 3;
COMMENT ON COLUMN schema_version.version IS 'The version: 2 since articles carry their story and credits have their own table; 3 since every macro stands on a view, outlets have one name, and counts are by seen_day.';
