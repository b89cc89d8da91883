"""What a person may track: names and queries of topics, checked."""

from extract.errors import BadInput, BadQuery
from extract.tag import queries
from extract.tag.stems import STEMMERS
from extract.tracked import Topic


def check_topic(topic: Topic) -> queries.Query:
    """A topic's query, parsed; raises BadInput, naming what is wrong, where it or its name cannot be used."""
    if not topic.name.strip() or len(topic.name) > 100 or not topic.name.isprintable():
        raise BadInput(f"{topic.name[:100]!r} is no name for a topic: one printable line of 1 to 100 letters is")
    if not all(c.isprintable() or c == "\n" for c in topic.description):
        raise BadInput(f"topic {topic.name!r}: the description holds what cannot be printed")
    return check_query(topic)


def check_query(topic: Topic) -> queries.Query:
    """The same, of a query that has no name yet. Raises BadInput where it cannot be understood."""
    if topic.stem and topic.stem not in STEMMERS:
        raise BadInput(f"no stems of the language {topic.stem!r} are known; there are {', '.join(STEMMERS)}")
    try:
        return queries.parse(topic)
    except BadQuery as error:
        raise BadInput(str(error)) from error
