"""Which addresses may be dialled. A feed is a stranger's list of URLs: without this, it chooses what we connect to."""

import ipaddress

import ada_url

from extract.errors import ForbiddenAddress

WEB_PORTS = frozenset({80, 443, 8080, 8443})

# IANA's special-purpose registries, where `ipaddress.is_global` differs between Python versions, says True of an
# address inside a translator's (NAT64, 6to4, Teredo around 127.0.0.1), or leaves multicast out. No news site is here.
SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        ),
    )
)
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that has been given out so far


def check_url(url: str, *, allow_loopback: bool, ports: frozenset[int] = WEB_PORTS) -> None:
    """Raise ForbiddenAddress unless this URL may be asked for. Looks at its words only; names are checked on dialling."""
    try:
        parsed = ada_url.URL(url)
    except ValueError as error:
        raise ForbiddenAddress(f"{url!r} is no URL") from error
    if parsed.protocol not in ("http:", "https:"):
        raise ForbiddenAddress(f"{url}: only http and https are fetched, not {parsed.protocol.rstrip(':')}")
    if parsed.username or parsed.password:
        raise ForbiddenAddress(f"{parsed.protocol}//…@{parsed.host}: a URL with a user name or password is not fetched")
    name = str(parsed.hostname)
    local = name == "localhost" or name.endswith(".localhost")
    if local and not allow_loopback:
        raise ForbiddenAddress(f"{url}: loopback is not fetched unless fetch.allow_loopback is set")
    literal = _address(name)
    if literal is not None:
        check_address(literal, allow_loopback=allow_loopback)
        local = local or literal.is_loopback
    port = int(parsed.port) if parsed.port else (443 if parsed.protocol == "https:" else 80)
    if port not in ports and not (local and allow_loopback):
        raise ForbiddenAddress(f"{url}: port {port} is not fetched unless fetch.ports names it")


def check_address(address: str | ipaddress.IPv4Address | ipaddress.IPv6Address, *, allow_loopback: bool) -> None:
    """Raise ForbiddenAddress unless this IP address is a public host's (or loopback, where that is allowed)."""
    ip = ipaddress.ip_address(str(address).split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback and allow_loopback:
        return
    strange = ip.version == 6 and ip not in GLOBAL_UNICAST
    if strange or ip.is_multicast or not ip.is_global or any(ip in network for network in SPECIAL):
        raise ForbiddenAddress(f"{ip} is not a public address: private and local networks are not fetched")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None
