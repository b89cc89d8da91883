"""The errors, in one tree. Whether to try again is `isinstance`, nothing else.

NewsduckError
├── Transient          try later: the network, a busy host, a locked file
│   ├── Unreachable       no answer: name, connection, time-out, cut off
│   │   └── RedirectLoop     more redirects than anybody needs
│   ├── Later             the host asked for patience, or has not answered for a while
│   │   └── Elsewhere         another part of a divided fetch asks for it
│   └── Busy              another process holds the file or the run
├── Refused            never, for the reason given: somebody must change something
│   ├── ForbiddenAddress  not an address we dial: private, another scheme, userinfo, port
│   ├── Disallowed        robots.txt asks that it be left alone
│   ├── TooLarge          more bytes than the limit, once decoded
│   ├── WrongType         a picture, a film, a PDF: no page
│   ├── NotAFeed          the document is no feed we can read
│   ├── BadQuery          a topic's query that does not parse
│   └── BadInput          a setting, file or argument the person gave
├── Poison             the document broke its reader: time, memory or a crash; it is set aside
└── Broken             our fault, or the disk's: stop loudly
"""

from datetime import datetime
from typing import Any

from extract import unseen


class NewsduckError(Exception):
    """Whatever newsduck raises on purpose; its text names the thing and the way out, and holds nothing of what a stranger
    wrote that a terminal would obey."""

    def __str__(self) -> str:
        return unseen.harmless(super().__str__())


class Transient(NewsduckError):
    """May succeed later without anyone's doing."""


class Unreachable(Transient):
    """The host gave no whole answer in time."""


class RedirectLoop(Unreachable):
    """More redirects than are followed."""


class Later(Transient):
    """The host is not to be asked before `until`; where that is None, not in this run."""

    until: datetime | None = None


class Elsewhere(Later):
    """Another part of a divided fetch asks for it: after redirects that led to `led_to` by `hops`, where there were any."""

    led_to: str = ""
    hops: tuple[Any, ...] = ()


class Busy(Transient):
    """Somebody else holds it just now."""


class Refused(NewsduckError):
    """Will not succeed until something changes; the text says what."""


class ForbiddenAddress(Refused):
    """An address newsduck does not dial."""


class Disallowed(Refused):
    """robots.txt asks that it be left alone."""


class TooLarge(Refused):
    """More bytes than the limit."""


class WrongType(Refused):
    """A document of a type that holds no article."""


class NotAFeed(Refused):
    """No feed format we read."""


class BadQuery(Refused):
    """A query that does not parse; the text says where."""


class BadInput(Refused):
    """Something the person gave: a setting, a file, an argument."""


class Poison(NewsduckError):
    """A document that broke its reader: it is quarantined, and its neighbours are not."""


class Broken(NewsduckError):
    """Ours to mend: never retried, never hidden."""
