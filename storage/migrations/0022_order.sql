-- A claimed day is no midnight: it stands behind the exact times of its day.
CREATE OR REPLACE MACRO spread_of(story) AS TABLE
SELECT * EXCLUDE (story_id, site, article_id)
FROM story_prints
WHERE story_id = (SELECT CASE WHEN EXISTS (SELECT 1 FROM stories WHERE story_id = story) THEN story
    ELSE error('no story has the id ' || story || coalesce((SELECT ': it went into ' || into_story_id FROM merged_stories WHERE story_id = story), '; SELECT story_id FROM articles WHERE url = ''…'' finds one')) END)
ORDER BY CAST(ran_at AS DATE), ran_precision = 'day', ran_at, url;
COMMENT ON MACRO TABLE spread_of IS 'spread_of(story_id): who ran a story when, under which headline, and how much of it, in the order of time; who claims only a day stands behind the exact times of it. Columns of story_prints. An unknown story is an error.';

CREATE OR REPLACE MACRO coverage_of(event) AS TABLE
SELECT * EXCLUDE (event_id, site, article_id)
FROM event_coverage
WHERE event_id = (SELECT CASE WHEN EXISTS (SELECT 1 FROM event_stories WHERE event_id = event) THEN event
    ELSE error('no event has the id ' || event || coalesce((SELECT ': it went into ' || into_event_id FROM merged_events WHERE event_id = event), '; newsduck events lists a day''s')) END)
ORDER BY CAST(ran_at AS DATE), ran_precision = 'day', ran_at, url;
COMMENT ON MACRO TABLE coverage_of IS 'coverage_of(event_id): who told of an event when, under which headline, in its own words or an agency''s, in the order of time; who claims only a day stands behind the exact times of it. Columns of event_coverage. An unknown event is an error.';
