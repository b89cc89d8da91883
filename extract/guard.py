"""Which addresses may be dialled. A feed is a stranger's list of URLs: without this, it chooses what we connect to."""

import ipaddress

import ada_url

from extract.errors import ForbiddenAddress

WEB_PORTS = frozenset({80, 443, 8080, 8443})

# Prefixes that carry an IPv4 address to a translator (NAT64, 6to4, Teredo, IPv4-compatible). `is_global` says True of
# several of them even around 127.0.0.1, and no news site is published under them: refused whole, not unwrapped.
TRANSLATED = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96"))
)


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
    translated = isinstance(ip, ipaddress.IPv6Address) and any(ip in network for network in TRANSLATED)
    if translated or ip.is_multicast or not ip.is_global:
        raise ForbiddenAddress(f"{ip} is not a public address: private and local networks are not fetched")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None
