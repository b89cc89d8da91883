-- What a feed is, and when it last answered with a body: one that says "unchanged" for ever is asked for whole.
ALTER TABLE feeds ADD COLUMN format VARCHAR DEFAULT '';
ALTER TABLE feeds ADD COLUMN whole_at TIMESTAMPTZ;
COMMENT ON COLUMN feeds.format IS 'What it is: rss20, atom10, json11, news-sitemap, sitemap-index, sitemap, page (a section page, watched for links to articles).';
COMMENT ON COLUMN feeds.whole_at IS 'When it last answered with a body; newsduck''s own.';

COMMENT ON COLUMN articles.published_from IS 'Where that date stood: jsonld, meta, url, text (at the headline), search (elsewhere in what the page shows), feed or given. A feed''s date goes before one that was searched for.';
