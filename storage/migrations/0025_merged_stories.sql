-- Ids of stories that went into one that went too lead all the way, and those that are there again lead nowhere.
DELETE FROM merged_stories WHERE story_id IN (SELECT story_id FROM stories);
WITH RECURSIVE led AS (
    SELECT story_id, into_story_id FROM merged_stories
    UNION
    SELECT led.story_id, m.into_story_id FROM led JOIN merged_stories m ON m.story_id = led.into_story_id
)
UPDATE merged_stories SET into_story_id = led.into_story_id FROM led
WHERE led.story_id = merged_stories.story_id AND led.into_story_id NOT IN (SELECT story_id FROM merged_stories);
