"""What a stranger's list of URLs cannot make us dial."""

from pathlib import Path

import pytest

from extract.errors import ForbiddenAddress
from extract.fetch.guard import check_address, check_url

INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "2001::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
]
URLS = [
    "http://localhost/",
    "http://a.localhost/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://[::ffff:7f00:1]/",
    "http://user:secret@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "http://example.com:22/",
    "https://example.com:6379/",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_address(address, allow_loopback=False)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_a_public_address_passes(address: str) -> None:
    check_address(address, allow_loopback=False)


@pytest.mark.parametrize("url", URLS)
def test_a_forbidden_url_is_refused_and_named(url: str) -> None:
    with pytest.raises(ForbiddenAddress) as told:
        check_url(url, allow_loopback=False)
    assert "secret" not in str(told.value)


def test_loopback_passes_only_when_allowed_and_then_on_any_port() -> None:
    check_url("http://a.localhost:51234/", allow_loopback=True)
    check_url("http://127.0.0.1:51234/", allow_loopback=True)
    with pytest.raises(ForbiddenAddress, match="not a public address"):
        check_url("http://10.0.0.1/", allow_loopback=True)


def test_a_port_passes_when_the_settings_name_it() -> None:
    check_url("http://example.com:8000/", allow_loopback=False, ports=frozenset({8000}))


def test_every_known_trick_is_refused(real: Path) -> None:
    """The collected forms of loopback, link-local and metadata addresses; plain names are left to the resolver's check."""
    rows = [
        r.split("\t")
        for r in (real / "data/hostile/ssrf_urls.tsv").read_text(encoding="utf-8").splitlines()
        if r[:1] != "#"
    ]
    names = {"dns-name-to-loopback", "dns-name-to-metadata", "enclosed-alphanumerics", "single-label-name"}
    for url, kind in rows:
        if kind not in names and "metadata-name" not in kind and "metadata-short" not in kind:
            with pytest.raises(ForbiddenAddress):
                check_url(url, allow_loopback=False)


@pytest.mark.parametrize(
    "address",
    [
        "192.0.0.255",
        "192.88.99.0",
        "192.88.99.255",
        "64:ff9b::",
        "64:ff9b:1:ffff::",
        "2001::",
        "2001:1ff:ffff::1",
        "2001:db8:ffff::1",
        "2002::",
        "2002:ffff::1",
        "3fff::",
        "3fff:fff::1",
        "1fff::1",
        "4000::1",
    ],
)
def test_special_networks_are_refused_to_their_ends(address: str) -> None:
    for loopback in (False, True):
        with pytest.raises(ForbiddenAddress):
            check_address(address, allow_loopback=loopback)


@pytest.mark.parametrize(
    "address", ["192.0.1.0", "192.88.98.255", "192.88.100.0", "2001:200::1", "2001:db9::1", "2003::1", "3fff:1000::1"]
)
def test_their_neighbours_are_public(address: str) -> None:
    check_address(address, allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://example.com/",
        "http://example.com:8080/",
        "http://example.com:8443/",
        "http://example.com:443/",
        "http://93.184.216.34/",
        "http://[2606:2800:220:1::1]/",
        "http://notlocalhost/",
        "http://localhost.example/",
    ],
)
def test_what_anybody_may_ask_for_passes(url: str) -> None:
    check_url(url, allow_loopback=False)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "is no URL"),
        ("http://user@example.com/", "user name or password"),
        ("http://:secret@example.com/", "user name or password"),
        ("http://localhost/", "loopback is not fetched unless"),
        ("http://127.0.0.1/", "not a public address"),
        ("http://example.com:81/", "port 81"),
        ("ws://example.com/", "only http and https"),
    ],
)
def test_a_refusal_says_why(url: str, why: str) -> None:
    with pytest.raises(ForbiddenAddress, match=why):
        check_url(url, allow_loopback=False)


def test_only_loopback_is_asked_at_any_port_and_each_scheme_has_its_own() -> None:
    check_url("http://localhost:51234/", allow_loopback=True)
    check_address("::1", allow_loopback=True)
    with pytest.raises(ForbiddenAddress, match="port 51234"):
        check_url("http://example.com:51234/", allow_loopback=True)
    check_url("https://example.com/", allow_loopback=False, ports=frozenset({443}))
    with pytest.raises(ForbiddenAddress, match="port 80"):
        check_url("http://example.com/", allow_loopback=False, ports=frozenset({443}))
    with pytest.raises(ForbiddenAddress, match="port 443"):
        check_url("https://example.com/", allow_loopback=False, ports=frozenset({80}))
