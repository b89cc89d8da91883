-- A story's id never changes; where a late original shows several to be one, the younger ones end here.
CREATE TABLE merged_stories (
    story_id      BIGINT PRIMARY KEY,
    into_story_id BIGINT NOT NULL,
    merged_at     TIMESTAMPTZ NOT NULL,
    run_id        BIGINT NOT NULL
);
COMMENT ON TABLE merged_stories IS 'Stories that turned out to be parts of another, which has their articles now.';
COMMENT ON COLUMN merged_stories.story_id IS 'The story that ended.';
COMMENT ON COLUMN merged_stories.into_story_id IS 'The story that has its articles.';
COMMENT ON COLUMN merged_stories.merged_at IS 'When.';
COMMENT ON COLUMN merged_stories.run_id IS 'The run that found out.';
