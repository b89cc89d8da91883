-- Events that are decided anew keep their ids, also where that takes more than one run.
CREATE TABLE former_events (
    story_id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL
);
COMMENT ON TABLE former_events IS 'Which event stories were of before they were decided anew (`newsduck regroup`), until all are; empty otherwise.';
COMMENT ON COLUMN former_events.story_id IS 'The story.';
COMMENT ON COLUMN former_events.event_id IS 'The event that it was of.';
COMMENT ON TABLE merged_events IS 'Events that have no stories any more: where to look for an id that is no more.';
