-- What each site's last pages were made of, so that what it prints on many of them can be told from an article's own text.
CREATE TABLE site_pages (
    article_id BIGINT PRIMARY KEY,
    site       VARCHAR NOT NULL,
    title      VARCHAR NOT NULL,
    masks      BIGINT[] NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE site_pages IS 'The last pages read of each site, to learn what it prints on many of them; newsduck''s own.';
COMMENT ON COLUMN site_pages.article_id IS 'The article.';
COMMENT ON COLUMN site_pages.site IS 'Its registered domain.';
COMMENT ON COLUMN site_pages.title IS 'Its headline: pages with one headline are one page.';
COMMENT ON COLUMN site_pages.masks IS 'Keys of the page''s blocks of text, their digits masked.';
COMMENT ON COLUMN site_pages.fetched_at IS 'When the page was fetched.';
COMMENT ON COLUMN versions.reason IS 'publisher: the page changed; reader: the same page was read again, or another page by another version of the reader (it may have changed too); site: what its site prints on many pages became known; given: loaded again.';
