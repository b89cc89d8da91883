"""The language of a text."""

from extract.read.blocks import count

LEAST = 20  # words from which a language is concluded
ENOUGH = 600  # letters that are looked at: on 414 real pages the same language as from 4,000


def decide(text: str, claim: str) -> str:
    """The text's language (ISO 639-1): concluded from LEAST words or more, else what the page claims."""
    if count(text) < LEAST:
        return claim
    import py3langid  # with numpy a tenth of a second: for who reads, not for who has others read

    return str(py3langid.classify(text[:ENOUGH])[0])
