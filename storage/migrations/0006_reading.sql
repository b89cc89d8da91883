-- Where a site keeps its bodies; the lead image's words; by how much a later reading differs.
ALTER TABLE site_pages ADD COLUMN frame VARCHAR DEFAULT '';
ALTER TABLE site_pages ADD COLUMN body VARCHAR DEFAULT '';
ALTER TABLE site_pages ADD COLUMN kept BIGINT[] DEFAULT [];
ALTER TABLE site_pages ADD COLUMN dropped BIGINT[] DEFAULT [];
COMMENT ON COLUMN site_pages.frame IS 'Name of the element around headline and body, where the full reader read the page; else empty.';
COMMENT ON COLUMN site_pages.body IS 'Name of the body''s own element.';
COMMENT ON COLUMN site_pages.kept IS 'Keys of the paths below it whose blocks were of the article.';
COMMENT ON COLUMN site_pages.dropped IS 'Keys of the paths below it whose blocks were not.';

ALTER TABLE articles ADD COLUMN image_caption VARCHAR DEFAULT '';
ALTER TABLE articles ADD COLUMN image_credit VARCHAR DEFAULT '';
COMMENT ON COLUMN articles.image_caption IS 'The words under the lead image.';
COMMENT ON COLUMN articles.image_credit IS 'Whose picture it is, as printed; no credit for the text.';
COMMENT ON COLUMN articles.extractor IS 'What found the text: a library with its version; or place, where it was read at the place learned from the site''s earlier pages.';

ALTER TABLE versions ADD COLUMN words_added INTEGER DEFAULT 0;
ALTER TABLE versions ADD COLUMN words_removed INTEGER DEFAULT 0;
COMMENT ON COLUMN versions.words_added IS 'Words of headline, standfirst and text that the later reading has more.';
COMMENT ON COLUMN versions.words_removed IS 'Words of these that it has no more.';
