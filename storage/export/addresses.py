"""Addresses as they may be handed on: no password, no key. As SQL, for a hundred thousand of them.

    https://me:pw@paper.example/feed?topic=art&key=abc    as a feed's  https://paper.example/feed?topic=art&key=removed
    https://paper.example/feed/5f0c…(32 letters)…/rss     as a feed's  https://paper.example/feed/removed/rss

A feed's address may be its reader's own, so whatever looks like a key goes. An article is found again by its address, so of that
only logins and parameters go that are named as keys.
"""

_NAMES = "access_?token|auth_?token|auth_?key|token|password|passwd|pwd|api_?key|access_?key|secret|jwt|auth|session_?id|sid|phpsessid"
_FEED_NAMES = f"{_NAMES}|pass|passphrase|key|authorization|sig|signature|session|credentials?|email|e?mail"
# What nobody would type: of twenty letters and more, digits among them. Public channels have such names too, and keep them.
_RANDOM = "[A-Za-z0-9_~+=%-]{20,}"
_HARMLESS = "channel_id|playlist_id|channel|url|feed|q|query"
_RANDOM_STEP = "(?:[A-Za-z]+-)?(?:[0-9a-fA-F]{24,}|[A-Za-z0-9_]{32,})"

MACROS = f"""
CREATE TEMP MACRO without_login(address) AS regexp_replace(address, '^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@', '\\1');
CREATE TEMP MACRO article_address(address) AS
    regexp_replace(without_login(address), '([?&;](?:{_NAMES})=)[^&;#]+', '\\1removed', 'gi');
CREATE TEMP MACRO is_key(part) AS NOT regexp_full_match(part, '(?i)(?:{_HARMLESS})=.*') AND (
    regexp_full_match(part, '(?i)(?:[a-z0-9]+[_.-])*(?:{_FEED_NAMES})=.+')
    OR regexp_full_match(part, '(?:[^=]*=)?{_RANDOM}') AND regexp_matches(part, '[0-9][^=]*$'));
CREATE TEMP MACRO open_part(part) AS CASE WHEN NOT is_key(part) THEN part
    WHEN contains(part, '=') THEN regexp_replace(part, '=.*', '=removed') ELSE 'removed' END;
CREATE TEMP MACRO open_step(step) AS
    CASE WHEN regexp_full_match(step, '{_RANDOM_STEP}') AND regexp_matches(step, '[0-9]') THEN 'removed' ELSE step END;
CREATE TEMP MACRO open_path(path) AS array_to_string([open_step(step) FOR step IN string_split(path, '/')], '/');
CREATE TEMP MACRO open_query(parts) AS '?' || array_to_string([open_part(part) FOR part IN string_split(parts, '&')], '&');
CREATE TEMP MACRO open_address(address) AS open_path(split_part(address, '?', 1))
    || CASE WHEN contains(address, '?') THEN open_query(regexp_extract(address, '\\?(.*)$', 1)) ELSE '' END;
CREATE TEMP MACRO feed_address(address) AS CASE WHEN regexp_matches(address, '^[A-Za-z][A-Za-z0-9+.-]*://')
    THEN open_address(split_part(without_login(address), '#', 1)) ELSE address END;
"""
