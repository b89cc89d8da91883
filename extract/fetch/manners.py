"""How newsduck behaves towards the hosts it asks. Apart from fetching, so that settings need no HTTP library."""

from dataclasses import dataclass

from extract.fetch.guard import WEB_PORTS


@dataclass(frozen=True, slots=True)
class Manners:
    """What a fetch may take, and how long it waits before the next."""

    user_agent: str
    timeout: float = 30.0  # seconds for one document, redirects included, waiting for the host's turn not
    pause: float = 1.0  # seconds between the end of one request to a host and the next
    hosts_at_once: int = 32
    allow_loopback: bool = False
    ports: frozenset[int] = WEB_PORTS
    part: tuple[int, int] | None = None  # which part of how many asks: redirects to another's hosts are left to that
