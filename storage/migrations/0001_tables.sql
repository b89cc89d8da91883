-- The public tables. Each column says which kind of fact it holds: claimed (by the publisher), measured (by our own
-- clock and sockets) or concluded (by newsduck). No foreign keys and no secondary indexes: they double the file.

CREATE TABLE feeds (
    feed_id        BIGINT PRIMARY KEY,
    url            VARCHAR NOT NULL,
    title          VARCHAR NOT NULL,
    site_url       VARCHAR NOT NULL,
    categories     VARCHAR[] NOT NULL,
    status         VARCHAR NOT NULL CHECK (status IN ('new', 'active', 'failing', 'removed')),
    last_outcome   VARCHAR NOT NULL,
    last_error     VARCHAR NOT NULL,
    failures       INTEGER NOT NULL,
    etag           VARCHAR NOT NULL,
    last_modified  VARCHAR NOT NULL,
    body_hash      BIGINT,
    added_at       TIMESTAMPTZ NOT NULL,
    last_polled_at TIMESTAMPTZ,
    last_ok_at     TIMESTAMPTZ,
    last_new_at    TIMESTAMPTZ,
    next_poll_at   TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE feeds IS 'A feed and how it is doing.';
COMMENT ON COLUMN feeds.feed_id IS 'Key of the feed''s URL.';
COMMENT ON COLUMN feeds.url IS 'Address as the feed list gives it, canonical.';
COMMENT ON COLUMN feeds.title IS 'Name from the feed list, else as the feed names itself (claimed).';
COMMENT ON COLUMN feeds.site_url IS 'The outlet''s home page (claimed).';
COMMENT ON COLUMN feeds.categories IS 'Folders of the feed list it stands in, outermost first.';
COMMENT ON COLUMN feeds.status IS 'new: never answered; active: the last poll got an answer we can read; failing: it did not; removed: no longer on the feed list.';
COMMENT ON COLUMN feeds.last_outcome IS 'Outcome of the last poll: new, unchanged, failed or refused.';
COMMENT ON COLUMN feeds.last_error IS 'Why the last poll failed, in words; empty when it did not.';
COMMENT ON COLUMN feeds.failures IS 'Failed polls in a row.';
COMMENT ON COLUMN feeds.etag IS 'ETag of the last whole answer, sent back with the next poll.';
COMMENT ON COLUMN feeds.last_modified IS 'Last-Modified of the last whole answer, sent back with the next poll.';
COMMENT ON COLUMN feeds.body_hash IS 'Key of the last body''s bytes (measured).';
COMMENT ON COLUMN feeds.added_at IS 'When newsduck first had it on its list.';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked for.';
COMMENT ON COLUMN feeds.last_ok_at IS 'When it last answered with a feed, or that nothing changed.';
COMMENT ON COLUMN feeds.last_new_at IS 'When it last listed an entry not seen before.';
COMMENT ON COLUMN feeds.next_poll_at IS 'It is due from this moment on.';

CREATE TABLE polls (
    run_id       BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL,
    polled_at    TIMESTAMPTZ NOT NULL,
    outcome      VARCHAR NOT NULL CHECK (outcome IN ('new', 'unchanged', 'failed', 'refused')),
    status       INTEGER,
    url          VARCHAR NOT NULL,
    entries_seen INTEGER NOT NULL,
    entries_new  INTEGER NOT NULL,
    left_out     INTEGER NOT NULL,
    overlap      BOOLEAN,
    seconds      DOUBLE NOT NULL,
    bytes        BIGINT NOT NULL,
    error        VARCHAR NOT NULL,
    PRIMARY KEY (run_id, feed_id)
);
COMMENT ON TABLE polls IS 'One look at one feed.';
COMMENT ON COLUMN polls.run_id IS 'The run that looked.';
COMMENT ON COLUMN polls.feed_id IS 'The feed looked at.';
COMMENT ON COLUMN polls.polled_at IS 'When (measured).';
COMMENT ON COLUMN polls.outcome IS 'new: a body to read; unchanged: 304, or the same body again; failed: no usable answer, try later; refused: an answer that is no feed, or an address we do not dial.';
COMMENT ON COLUMN polls.status IS 'HTTP status; null where there was no answer.';
COMMENT ON COLUMN polls.url IS 'Where the feed was found after redirects.';
COMMENT ON COLUMN polls.entries_seen IS 'Entries listed.';
COMMENT ON COLUMN polls.entries_new IS 'Of these, entries never seen before.';
COMMENT ON COLUMN polls.left_out IS 'Entries listed but not kept: beyond the newest 2,000, or too odd to read.';
COMMENT ON COLUMN polls.overlap IS 'Whether anything known was still listed. False: entries were probably lost between two looks. Null: nothing was known, or nothing listed.';
COMMENT ON COLUMN polls.seconds IS 'From the first byte sent to the last received.';
COMMENT ON COLUMN polls.bytes IS 'Bytes of the body, decoded.';
COMMENT ON COLUMN polls.error IS 'Why it failed, in words.';

CREATE TABLE entries (
    entry_id        BIGINT PRIMARY KEY,
    feed_id         BIGINT NOT NULL,
    url             VARCHAR NOT NULL,
    guid            VARCHAR NOT NULL,
    title           VARCHAR NOT NULL,
    summary         VARCHAR USING COMPRESSION zstd NOT NULL,
    authors         VARCHAR[] NOT NULL,
    tags            VARCHAR[] NOT NULL,
    content         VARCHAR USING COMPRESSION zstd NOT NULL,
    published_claim VARCHAR NOT NULL,
    published_at    TIMESTAMPTZ,
    updated_claim   VARCHAR NOT NULL,
    claim_hash      BIGINT NOT NULL,
    first_seen_at   TIMESTAMPTZ NOT NULL,
    last_seen_at    TIMESTAMPTZ NOT NULL,
    outcome         VARCHAR NOT NULL CHECK (outcome IN ('stored', 'unchanged', 'duplicate', 'refused', 'quarantined', 'deferred')),
    reason          VARCHAR NOT NULL,
    article_id      BIGINT,
    attempts        INTEGER NOT NULL,
    run_id          BIGINT NOT NULL
);
COMMENT ON TABLE entries IS 'What a feed claimed about one item, when we first saw it, and what became of it.';
COMMENT ON COLUMN entries.entry_id IS 'Key of the feed and the canonical link (the GUID where there is no link).';
COMMENT ON COLUMN entries.feed_id IS 'The feed that lists it.';
COMMENT ON COLUMN entries.url IS 'The link, canonical; empty where the item has none we fetch.';
COMMENT ON COLUMN entries.guid IS 'The item''s own id (claimed).';
COMMENT ON COLUMN entries.title IS 'Title in the feed (claimed), plain text.';
COMMENT ON COLUMN entries.summary IS 'Summary in the feed (claimed), plain text.';
COMMENT ON COLUMN entries.authors IS 'Authors in the feed (claimed).';
COMMENT ON COLUMN entries.tags IS 'Categories in the feed (claimed).';
COMMENT ON COLUMN entries.content IS 'The whole article as the feed carries it, HTML; kept for when the page cannot be had.';
COMMENT ON COLUMN entries.published_claim IS 'Publication date as printed in the feed.';
COMMENT ON COLUMN entries.published_at IS 'The same as a moment; null where it does not parse or cannot be (before 1995, or more than a day ahead).';
COMMENT ON COLUMN entries.updated_claim IS 'Update date as printed in the feed.';
COMMENT ON COLUMN entries.claim_hash IS 'Key of what the feed says; another one makes the page be fetched again.';
COMMENT ON COLUMN entries.first_seen_at IS 'When a poll first listed it (measured).';
COMMENT ON COLUMN entries.last_seen_at IS 'When a run last dealt with it: a poll listed it, or its page was tried again (measured).';
COMMENT ON COLUMN entries.outcome IS 'What became of it: stored, unchanged, duplicate, refused, quarantined or deferred.';
COMMENT ON COLUMN entries.reason IS 'Why, in words; for stored: empty, or why the feed''s text stands in for the page.';
COMMENT ON COLUMN entries.article_id IS 'The article it led to.';
COMMENT ON COLUMN entries.attempts IS 'How often its page was asked for.';
COMMENT ON COLUMN entries.run_id IS 'The run that last settled it.';

CREATE TABLE articles (
    article_id          BIGINT PRIMARY KEY,
    url                 VARCHAR NOT NULL,
    title               VARCHAR NOT NULL,
    standfirst          VARCHAR NOT NULL,
    byline              VARCHAR NOT NULL,
    authors             VARCHAR[] NOT NULL,
    text                VARCHAR USING COMPRESSION zstd NOT NULL,
    words               INTEGER NOT NULL,
    language            VARCHAR NOT NULL,
    outlet              VARCHAR NOT NULL,
    site                VARCHAR NOT NULL,
    kind                VARCHAR NOT NULL,
    text_from           VARCHAR NOT NULL CHECK (text_from IN ('page', 'feed', 'summary', 'given')),
    published_at        TIMESTAMPTZ,
    published_from      VARCHAR NOT NULL,
    published_precision VARCHAR NOT NULL,
    published_claim     VARCHAR NOT NULL,
    modified_at         TIMESTAMPTZ,
    first_seen_at       TIMESTAMPTZ NOT NULL,
    fetched_at          TIMESTAMPTZ,
    canonical_url       VARCHAR NOT NULL,
    image               VARCHAR NOT NULL,
    section             VARCHAR NOT NULL,
    tags                VARCHAR[] NOT NULL,
    description         VARCHAR USING COMPRESSION zstd NOT NULL,
    free                BOOLEAN,
    extractor           VARCHAR NOT NULL,
    read_version        INTEGER NOT NULL,
    warc_file           VARCHAR NOT NULL,
    warc_offset         BIGINT NOT NULL,
    text_hash           BIGINT NOT NULL,
    run_id              BIGINT NOT NULL
);
COMMENT ON TABLE articles IS 'The newest reading of one URL.';
COMMENT ON COLUMN articles.article_id IS 'Key of the URL.';
COMMENT ON COLUMN articles.url IS 'The URL fetched, after redirects, canonical.';
COMMENT ON COLUMN articles.title IS 'Headline as printed above the article.';
COMMENT ON COLUMN articles.standfirst IS 'The deck under the headline.';
COMMENT ON COLUMN articles.byline IS 'The author line as printed.';
COMMENT ON COLUMN articles.authors IS 'The people named as authors, in order.';
COMMENT ON COLUMN articles.text IS 'The article''s paragraphs, kept apart by a blank line (concluded from the page).';
COMMENT ON COLUMN articles.words IS 'Words of the text; two characters of Chinese, Japanese or Thai count as one.';
COMMENT ON COLUMN articles.language IS 'Language of the text, ISO 639-1 (concluded).';
COMMENT ON COLUMN articles.outlet IS 'The outlet''s name for itself, else its site.';
COMMENT ON COLUMN articles.site IS 'Registered domain of the URL: whose page it is.';
COMMENT ON COLUMN articles.kind IS 'article, live (a live blog) or paywall (only its opening is shown). Other kinds of page do not become articles.';
COMMENT ON COLUMN articles.text_from IS 'Where the text was read: page, feed (carried whole), summary (of the feed) or given (loaded from a file).';
COMMENT ON COLUMN articles.published_at IS 'When it was published, as claimed; null where the claim cannot be.';
COMMENT ON COLUMN articles.published_from IS 'Where that date stood: jsonld, meta, url, text, feed or given.';
COMMENT ON COLUMN articles.published_precision IS 'How exact it is: second, minute or day.';
COMMENT ON COLUMN articles.published_claim IS 'The date as printed.';
COMMENT ON COLUMN articles.modified_at IS 'When it was last changed, as claimed.';
COMMENT ON COLUMN articles.first_seen_at IS 'When newsduck first saw the URL (measured).';
COMMENT ON COLUMN articles.fetched_at IS 'When this reading''s page was fetched, or the article was loaded or taken from the feed (measured).';
COMMENT ON COLUMN articles.canonical_url IS 'The page''s rel=canonical, where it stays within the site (claimed).';
COMMENT ON COLUMN articles.image IS 'URL of the lead image (claimed).';
COMMENT ON COLUMN articles.section IS 'Section of the paper (claimed).';
COMMENT ON COLUMN articles.tags IS 'Keywords (claimed).';
COMMENT ON COLUMN articles.description IS 'The page''s description of itself (claimed).';
COMMENT ON COLUMN articles.free IS 'isAccessibleForFree (claimed); null where the page does not say.';
COMMENT ON COLUMN articles.extractor IS 'Library that found the text, with its version.';
COMMENT ON COLUMN articles.read_version IS 'Version of newsduck''s reader.';
COMMENT ON COLUMN articles.warc_file IS 'Archive file that holds the page, below archive/; empty for articles loaded or taken from the feed.';
COMMENT ON COLUMN articles.warc_offset IS 'Byte of that file where its record begins.';
COMMENT ON COLUMN articles.text_hash IS 'Key of title, standfirst and text.';
COMMENT ON COLUMN articles.run_id IS 'The run that stored this reading.';

CREATE TABLE versions (
    article_id  BIGINT NOT NULL,
    version     INTEGER NOT NULL,
    title       VARCHAR NOT NULL,
    standfirst  VARCHAR NOT NULL,
    text        VARCHAR USING COMPRESSION zstd NOT NULL,
    words       INTEGER NOT NULL,
    fetched_at  TIMESTAMPTZ,
    replaced_at TIMESTAMPTZ NOT NULL,
    changed     VARCHAR[] NOT NULL,
    reason      VARCHAR NOT NULL,
    read_version INTEGER NOT NULL,
    warc_file   VARCHAR NOT NULL,
    warc_offset BIGINT NOT NULL,
    text_hash   BIGINT NOT NULL,
    run_id      BIGINT NOT NULL,
    PRIMARY KEY (article_id, version)
);
COMMENT ON TABLE versions IS 'Every earlier reading whose title, standfirst or text differed: corrections and silent edits.';
COMMENT ON COLUMN versions.article_id IS 'The article.';
COMMENT ON COLUMN versions.version IS '1 for the first reading, and so on; the newest reading stands in articles.';
COMMENT ON COLUMN versions.title IS 'Headline then.';
COMMENT ON COLUMN versions.standfirst IS 'Standfirst then.';
COMMENT ON COLUMN versions.text IS 'Text then.';
COMMENT ON COLUMN versions.words IS 'Words then.';
COMMENT ON COLUMN versions.fetched_at IS 'When that page was fetched.';
COMMENT ON COLUMN versions.replaced_at IS 'When a later reading took its place.';
COMMENT ON COLUMN versions.changed IS 'What the later reading changed: title, standfirst, text.';
COMMENT ON COLUMN versions.reason IS 'publisher: the page changed; reader: it was read by another version of the reader, and may have changed too; given: loaded again.';
COMMENT ON COLUMN versions.read_version IS 'Version of newsduck''s reader then.';
COMMENT ON COLUMN versions.warc_file IS 'Archive file that holds that page.';
COMMENT ON COLUMN versions.warc_offset IS 'Byte of that file where its record begins.';
COMMENT ON COLUMN versions.text_hash IS 'Key of title, standfirst and text then.';
COMMENT ON COLUMN versions.run_id IS 'The run that stored that reading.';

CREATE TABLE stories (
    story_id        BIGINT PRIMARY KEY,
    lead_article_id BIGINT NOT NULL,
    title           VARCHAR NOT NULL,
    first_seen_at   TIMESTAMPTZ NOT NULL,
    articles        INTEGER NOT NULL,
    outlets         INTEGER NOT NULL,
    agency          VARCHAR,
    run_id          BIGINT NOT NULL
);
COMMENT ON TABLE stories IS 'One text, however many outlets ran it.';
COMMENT ON COLUMN stories.story_id IS 'Key; never changes.';
COMMENT ON COLUMN stories.lead_article_id IS 'The article the others are likened to: on the agency''s own site, else the first we saw.';
COMMENT ON COLUMN stories.title IS 'The lead''s headline.';
COMMENT ON COLUMN stories.first_seen_at IS 'When its first article was seen (measured).';
COMMENT ON COLUMN stories.articles IS 'Articles in it.';
COMMENT ON COLUMN stories.outlets IS 'Different sites that ran it.';
COMMENT ON COLUMN stories.agency IS 'Key of the agency that wrote it, where any of its articles proves one.';
COMMENT ON COLUMN stories.run_id IS 'The run that last changed it.';

CREATE TABLE copies (
    article_id       BIGINT PRIMARY KEY,
    story_id         BIGINT NOT NULL,
    lead_article_id  BIGINT NOT NULL,
    role             VARCHAR NOT NULL CHECK (role IN ('original', 'copy', 'edited', 'update')),
    containment      DOUBLE NOT NULL,
    lead_containment DOUBLE NOT NULL,
    agency           VARCHAR,
    agency_name      VARCHAR,
    agency_evidence  VARCHAR,
    agency_from      VARCHAR,
    contributed      BOOLEAN NOT NULL,
    method           INTEGER NOT NULL,
    run_id           BIGINT NOT NULL
);
COMMENT ON TABLE copies IS 'Which articles are which story, and who wrote them. Every article has a row, alone or not.';
COMMENT ON COLUMN copies.article_id IS 'The article.';
COMMENT ON COLUMN copies.story_id IS 'The story it is.';
COMMENT ON COLUMN copies.lead_article_id IS 'The article it was likened to.';
COMMENT ON COLUMN copies.role IS 'original: the story''s lead; copy: nearly all of it stands in the lead; edited: a good part does; update: the same outlet''s newer text.';
COMMENT ON COLUMN copies.containment IS 'Share of this article''s 5-word shingles that stand in the lead, 0 to 1.';
COMMENT ON COLUMN copies.lead_containment IS 'Share of the lead''s 5-word shingles that stand in this article, 0 to 1.';
COMMENT ON COLUMN copies.agency IS 'Key of the agency credited; null where none is.';
COMMENT ON COLUMN copies.agency_name IS 'What that agency is called.';
COMMENT ON COLUMN copies.agency_evidence IS 'The words that prove it, as printed.';
COMMENT ON COLUMN copies.agency_from IS 'Where they stand: byline, dateline, trailer, copyright, jsonld, meta, site; or inherited from another article of the story.';
COMMENT ON COLUMN copies.contributed IS 'True where the agency only contributed ("with material from").';
COMMENT ON COLUMN copies.method IS 'Version of the grouping method.';
COMMENT ON COLUMN copies.run_id IS 'The run that last grouped it.';

CREATE TABLE topics (
    topic      VARCHAR NOT NULL,
    version    INTEGER NOT NULL,
    query      VARCHAR NOT NULL,
    current    BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (topic, version)
);
COMMENT ON TABLE topics IS 'A tracked query and its versions.';
COMMENT ON COLUMN topics.topic IS 'Its name in the settings.';
COMMENT ON COLUMN topics.version IS 'Counts up with each change of the query.';
COMMENT ON COLUMN topics.query IS 'The query as written.';
COMMENT ON COLUMN topics.current IS 'Whether this version is the one in the settings.';
COMMENT ON COLUMN topics.created_at IS 'When newsduck first saw this version.';

CREATE TABLE article_topics (
    topic      VARCHAR NOT NULL,
    version    INTEGER NOT NULL,
    article_id BIGINT NOT NULL,
    score      DOUBLE NOT NULL,
    matched    VARCHAR[] NOT NULL,
    run_id     BIGINT NOT NULL,
    PRIMARY KEY (topic, version, article_id)
);
COMMENT ON TABLE article_topics IS 'Which articles match a topic, and on which words.';
COMMENT ON COLUMN article_topics.topic IS 'The topic.';
COMMENT ON COLUMN article_topics.version IS 'The version of its query that matched.';
COMMENT ON COLUMN article_topics.article_id IS 'The article.';
COMMENT ON COLUMN article_topics.score IS 'How well it matches (BM25); to order by within a topic.';
COMMENT ON COLUMN article_topics.matched IS 'The article''s words and phrases that matched.';
COMMENT ON COLUMN article_topics.run_id IS 'The run that tagged it.';

CREATE TABLE story_topics (
    topic    VARCHAR NOT NULL,
    version  INTEGER NOT NULL,
    story_id BIGINT NOT NULL,
    articles INTEGER NOT NULL,
    score    DOUBLE NOT NULL,
    matched  VARCHAR[] NOT NULL,
    PRIMARY KEY (topic, version, story_id)
);
COMMENT ON TABLE story_topics IS 'Which stories match a topic: a wire story counts once, however many ran it.';
COMMENT ON COLUMN story_topics.topic IS 'The topic.';
COMMENT ON COLUMN story_topics.version IS 'The version of its query that matched.';
COMMENT ON COLUMN story_topics.story_id IS 'The story.';
COMMENT ON COLUMN story_topics.articles IS 'Articles of the story that match.';
COMMENT ON COLUMN story_topics.score IS 'The best of their scores.';
COMMENT ON COLUMN story_topics.matched IS 'All words that matched in any of them.';

CREATE TABLE runs (
    run_id        BIGINT PRIMARY KEY,
    name          VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    prefect_run   VARCHAR NOT NULL,
    started_at    TIMESTAMPTZ NOT NULL,
    finished_at   TIMESTAMPTZ NOT NULL,
    archive_file  VARCHAR NOT NULL,
    newsduck      VARCHAR NOT NULL,
    feeds         INTEGER NOT NULL,
    feeds_failed  INTEGER NOT NULL,
    seen          INTEGER NOT NULL,
    stored        INTEGER NOT NULL,
    unchanged     INTEGER NOT NULL,
    duplicate     INTEGER NOT NULL,
    refused       INTEGER NOT NULL,
    quarantined   INTEGER NOT NULL,
    deferred      INTEGER NOT NULL,
    stories_new   INTEGER NOT NULL,
    copies_new    INTEGER NOT NULL,
    CHECK (seen = stored + unchanged + duplicate + refused + quarantined + deferred)
);
COMMENT ON TABLE runs IS 'One run. Every entry it saw has exactly one outcome: seen = stored + unchanged + duplicate + refused + quarantined + deferred.';
COMMENT ON COLUMN runs.run_id IS 'Key of its name.';
COMMENT ON COLUMN runs.name IS 'Kind and start, as Prefect shows it.';
COMMENT ON COLUMN runs.kind IS 'ingest, load, or recovered (a run that died and was finished by the next).';
COMMENT ON COLUMN runs.prefect_run IS 'Prefect''s id of the flow run; empty for commands that need no server.';
COMMENT ON COLUMN runs.started_at IS 'When it began.';
COMMENT ON COLUMN runs.finished_at IS 'When its transaction was written.';
COMMENT ON COLUMN runs.archive_file IS 'The archive file it wrote, below archive/; empty where it fetched nothing.';
COMMENT ON COLUMN runs.newsduck IS 'Version of newsduck that made it.';
COMMENT ON COLUMN runs.feeds IS 'Feeds polled.';
COMMENT ON COLUMN runs.feeds_failed IS 'Of these, polls that failed or were refused.';
COMMENT ON COLUMN runs.seen IS 'Entries it dealt with: those listed by the feeds it read, and those waiting from earlier runs.';
COMMENT ON COLUMN runs.stored IS 'Entries that led to a new article, or to a new reading of one.';
COMMENT ON COLUMN runs.unchanged IS 'Entries already settled of which nothing changed.';
COMMENT ON COLUMN runs.duplicate IS 'Entries whose URL another entry already brought.';
COMMENT ON COLUMN runs.refused IS 'Entries whose page is none or no article, with the reason in entries.';
COMMENT ON COLUMN runs.quarantined IS 'Entries whose page broke its reader; the page is in the archive.';
COMMENT ON COLUMN runs.deferred IS 'Entries to be tried again by a later run.';
COMMENT ON COLUMN runs.stories_new IS 'Stories first seen in this run.';
COMMENT ON COLUMN runs.copies_new IS 'Articles of this run that joined a story as copy, edited or update.';
