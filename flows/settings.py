"""Settings: read once, at the edge, from newsduck.toml and NEWSDUCK_* variables, into one frozen object."""

import difflib
import os
import re
import tomllib
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Meta

from extract.credit import agencies
from extract.errors import BadInput
from extract.fetch.guard import WEB_PORTS
from extract.fetch.manners import Manners
from extract.poll.schedule import Bounds
from extract.tracked import Topic
from flows.happenings import UNASKED, Event
from flows.topics import check_topic
from storage.store import place

FILE = "newsduck.toml"
try:
    VERSION = metadata.version("newsduck")
except metadata.PackageNotFoundError:  # `doctor` says so
    VERSION = "unknown"
Seconds = Annotated[float, Meta(gt=0, le=3600)]
Minutes = Annotated[float, Meta(gt=0, le=43_200)]
Days = Annotated[int, Meta(ge=0, le=36_500)]
Megabytes = Annotated[float, Meta(gt=0, le=1000)]
Cron = Annotated[str, Meta(pattern=r"^(|(\S+\s+){4}\S+)$")]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: an unknown key in it is an error."""


class Fetch(Section, frozen=True):
    """[fetch]: how hosts are asked."""

    timeout: Seconds = 30.0  # seconds for one document, redirects included
    pause: Annotated[float, Meta(ge=0, le=3600)] = 1.0  # seconds between two requests to one host
    parts: Annotated[int, Meta(ge=1, le=64)] = 1  # processes that hosts are divided among; docs/cluster.md
    elsewhere: bool = False  # parts are run by workers of a pool of their own, on other machines
    hosts_at_once: Annotated[int, Meta(ge=1, le=512)] = 32
    max_feed_mb: Megabytes = 15.0  # MiB, decoded
    max_page_mb: Megabytes = 10.0  # MiB, decoded
    retry_minutes: Annotated[float, Meta(ge=0, le=10_080)] = 60.0  # until a page that did not answer is tried again
    again_hours: Annotated[float, Meta(ge=0, le=8760)] = 24.0  # until an article is looked at once more; 0: never
    ports: tuple[Annotated[int, Meta(ge=1, le=65535)], ...] = ()  # allowed besides 80, 443, 8080 and 8443
    allow_loopback: bool = False  # lets feeds and articles be fetched from this machine: for tests and the demo


class Poll(Section, frozen=True):
    """[poll]: how often feeds are looked at."""

    every_minutes: Minutes = 60.0  # a new feed, until its rhythm is known
    shortest_minutes: Minutes = 15.0
    longest_minutes: Minutes = 1440.0  # thirty days at most: no feed is given up for good


class Read(Section, frozen=True):
    """[read]: the reader processes."""

    workers: Annotated[int, Meta(ge=1, le=64)] = 2
    seconds: Seconds = 20.0  # of processor time for one page
    memory_mb: Annotated[int, Meta(ge=200, le=1_000_000)] = 600  # for one reader
    places: bool = True  # read a body where its site keeps it, once that is known
    scheduler: Annotated[str, Meta(pattern=r"^(|(tcp|tls)://\S+:\d+)$")] = ""  # of a Dask cluster where pages are read


class Group(Section, frozen=True):
    """[group]: which articles may be one story."""

    window_days: Annotated[int, Meta(ge=1, le=3650)] = 14  # between their dates


class Keep(Section, frozen=True):
    """[keep]: what is kept, and how long. `newsduck forget` and the weekly upkeep act by it."""

    articles: Literal["all", "matching"] = "all"  # matching: what is on no topic goes after others_days
    days: Days = 0  # how long a story is kept after the last news of it; 0: for good
    others_days: Annotated[int, Meta(ge=1, le=36_500)] = 7  # with "matching": how long the others are kept


class Schedule(Section, frozen=True):
    """[schedule]: when `newsduck up` runs what; empty: as prefect.yaml has it."""

    timezone: str = ""  # such as Europe/Berlin
    poll: Cron = ""  # minute hour day month weekday
    ingest: Cron = ""
    fetch: Cron = ""  # of each part, where there are several
    upkeep: Cron = ""


class Alerts(Section, frozen=True):
    """[alerts]: who is told of what."""

    urls: tuple[
        Annotated[str, Meta(pattern="^[a-z0-9]+s?://.+")], ...
    ] = ()  # in Apprise's form: mailto://, slack://, ntfy://, json:// …
    on: tuple[Event, ...] = UNASKED
    missing_hours: Annotated[float, Meta(gt=0, le=8760)] = 26.0  # without a finished ingest: the run is missing


class Server(Section, frozen=True):
    """[server]: the Prefect server to use. `server = "http://…"` and `server_auth = "…"` at the top say `url` and `auth`."""

    url: Annotated[str, Meta(pattern="^https?://[^/]+")] = "http://127.0.0.1:4200/api"
    auth: str = ""  # user:password of a server of your own, "none" where it asks none; empty: newsduck's own server
    hosts: tuple[
        Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]+$")], ...
    ] = ()  # names its own is reached by besides localhost


class Share(Section, frozen=True):
    """[share]: who else on this machine may read warehouse and reports; all else in the data folder is its owner's alone."""

    group: str = ""


class OutletSetting(Section, frozen=True):
    """[outlets."SITE"]: what newsduck has not learned rightly of an outlet."""

    name: str = ""
    country: Annotated[str, Meta(pattern="^(|[A-Z]{2})$")] = ""  # ISO 3166
    language: Annotated[str, Meta(pattern="^(|[a-z]{2})$")] = ""  # ISO 639-1


class TopicSetting(Section, frozen=True):
    """[topics.NAME]: a tracked query."""

    query: str
    description: str = ""  # a note for yourself
    stem: str = ""  # a language (ISO 639-1) in whose articles words match by their stems
    keep_days: Days | None = None  # how long its stories are kept; as [keep] has it by default; 0: for good


class Settings(Section, frozen=True):
    """newsduck.toml, with defaults for everything."""

    data: Annotated[str, Meta(min_length=1)] = "data"
    archive: str = (
        ""  # where archive files go once their run is committed: a folder or s3://bucket/prefix; empty: they stay
    )
    feeds: Annotated[str, Meta(min_length=1)] = "feeds.opml"
    agencies: str = ""  # a file of agencies besides the built-in ones, in the form of extract/credit/agencies.toml
    contact: str = ""  # web or mail address that goes into the User-Agent
    database: Annotated[str, Meta(pattern=r"^(|postgres(ql)?(\+asyncpg)?://.+|sqlite\+aiosqlite://.+)$")] = (
        ""  # its own, if not SQLite in the data folder
    )
    fetch: Fetch = Fetch()
    poll: Poll = Poll()
    read: Read = Read()
    group: Group = Group()
    keep: Keep = Keep()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()
    server: Server = Server()
    share: Share = Share()
    outlets: dict[str, OutletSetting] = {}
    groups: dict[str, tuple[str, ...]] = {}  # name → sites: outlets that are asked after together
    topics: dict[str, TopicSetting] = {}
    home: str = "."  # folder of the file: relative paths start there; not a key of the file

    def path(self, name: str) -> Path:
        """A path of the settings, absolute. Raises BadInput where it cannot be one."""
        try:
            return (Path(self.home) / Path(name).expanduser()).resolve()
        except (ValueError, RuntimeError, OSError) as error:
            raise BadInput(f"{name!r} is no usable path: {error}") from error

    @property
    def data_folder(self) -> Path:
        return self.path(self.data)

    @property
    def elsewhere(self) -> str:
        return str(self.path(self.archive)) if self.archive and "://" not in self.archive else self.archive

    @property
    def extra_agencies(self) -> tuple[Path, ...]:
        return (self.path(self.agencies),) if self.agencies else ()

    @property
    def zone(self) -> str:
        """The time zone whose days are counted by."""
        return self.schedule.timezone or "UTC"

    @property
    def bounds(self) -> Bounds:
        poll = self.poll
        return Bounds(
            first=timedelta(minutes=min(max(poll.every_minutes, poll.shortest_minutes), poll.longest_minutes)),
            shortest=timedelta(minutes=poll.shortest_minutes),
            longest=timedelta(minutes=poll.longest_minutes),
        )

    @property
    def manners(self) -> Manners:
        contact = f" (+{self.contact})" if self.contact else ""
        return Manners(
            user_agent=f"newsduck/{VERSION}{contact}",
            timeout=self.fetch.timeout,
            pause=self.fetch.pause,
            hosts_at_once=self.fetch.hosts_at_once,
            allow_loopback=self.fetch.allow_loopback,
            ports=WEB_PORTS | frozenset(self.fetch.ports),
        )


def load(environment: Mapping[str, str] = os.environ, *, needed: bool = False) -> Settings:
    """The settings in force: the file NEWSDUCK_CONFIG names, else newsduck.toml here, else defaults; over it NEWSDUCK_*.

    With `needed`, a missing file is an error unless NEWSDUCK_DATA says where the data is. A misspelt key, a value of
    the wrong kind and a query that does not parse are errors that name it.

    Raises BadInput, naming the key and the way out.
    """
    path = file(environment)
    if _is_there(path):
        values, home = _read(path), path.resolve().parent
    elif environment.get("NEWSDUCK_CONFIG"):
        raise BadInput(f"NEWSDUCK_CONFIG names {path}, which does not exist")
    elif needed and not environment.get("NEWSDUCK_DATA"):
        raise BadInput(f"no {FILE} in {Path.cwd()}: `newsduck init` makes one, or set NEWSDUCK_CONFIG to yours")
    else:
        values, home = {}, Path.cwd()
    _spell_out(values, path)
    spoken = {  # key → the variable that has it
        _override(values, name, text): name
        for name, text in environment.items()
        if name.startswith("NEWSDUCK_") and name != "NEWSDUCK_CONFIG"
    }
    try:
        found = msgspec.convert({**values, "home": str(home)}, Settings, strict=False)
    except msgspec.ValidationError as error:
        told = _explain(str(error))
        raise BadInput(f"{spoken.get(told.split(': ')[0], path)}: {told}") from error
    if found.poll.shortest_minutes > found.poll.longest_minutes:
        raise BadInput(f"{path}: poll.shortest_minutes is more than poll.longest_minutes")
    if not _is_address(found.server.url):
        raise BadInput(
            f"{path}: server is no address like http://127.0.0.1:4200/api (a password belongs into server_auth)"
        )
    found = msgspec.structs.replace(found, server=msgspec.structs.replace(found.server, url=_spelt(found.server.url)))
    if found.server.auth not in ("", "none") and ":" not in found.server.auth:
        raise BadInput(f"{path}: server_auth is no user:password, nor 'none' for a server that asks none")
    if found.schedule.timezone and found.schedule.timezone not in zoneinfo.available_timezones():
        raise BadInput(f"{path}: schedule.timezone {found.schedule.timezone!r} is none: one is such as Europe/Berlin")
    _check_sites(found, path)
    if found.agencies:
        agencies.load(*found.extra_agencies)  # a bad file is told before anything is done
    try:
        place.check(found.elsewhere, found.data_folder / "archive")
        for topic in configured_topics(found):
            check_topic(topic)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error
    return found


def _check_sites(found: Settings, path: Path) -> None:
    if found.outlets or found.groups:
        from extract import urls  # knows every public suffix: not for settings that name no site

        for site in (*found.outlets, *(site for sites in found.groups.values() for site in sites)):
            if urls.site(f"http://{site}") != site:
                raise BadInput(f"{path}: {site!r} in [outlets] or [groups] is no site: one is such as foxnews.com")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _spelt(url: str) -> str:
    """The address as we use it. This machine is 127.0.0.1, where our server listens: its name may lead to ::1, where somebody
    else does. Without a path it is the API's, without a port on this machine Prefect's."""
    parts = urlsplit(url)
    where = parts.netloc
    if parts.hostname in ("localhost", "127.0.0.1"):
        where = f"127.0.0.1:{parts.port or 4200}"
    return urlunsplit((parts.scheme, where, parts.path.rstrip("/") or "/api", "", ""))


def file(environment: Mapping[str, str] = os.environ) -> Path:
    """The settings' file: the one NEWSDUCK_CONFIG names, else newsduck.toml here; it need not exist."""
    return Path(environment.get("NEWSDUCK_CONFIG") or FILE)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        raise BadInput(f"{str(path)[:100]!r} is no usable path: {error.args[-1]}") from error


def configured_topics(settings: Settings) -> list[Topic]:
    """The topics of the settings, not yet numbered."""
    return [Topic(name, s.query, stem=s.stem, description=s.description) for name, s in settings.topics.items()]


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    if "home" in values:
        raise BadInput(f"{path}: there is no setting 'home'")
    return values


def _spell_out(values: dict[str, Any], path: Path) -> None:
    """`server` and `server_auth` at the top become `url` and `auth` of [server]."""
    told, auth = values.get("server", {}), values.pop("server_auth", None)
    if isinstance(told, str):
        values["server"] = told = {"url": told}
    if auth is not None and isinstance(told, dict):
        if "auth" in told:
            raise BadInput(f"{path}: server_auth and auth in [server] say the same thing: leave one out")
        values["server"] = {**told, "auth": auth}


def _override(values: dict[str, Any], name: str, text: str) -> str:
    """NEWSDUCK_FETCH_PAUSE=2 → fetch.pause; NEWSDUCK_DATA → data; NEWSDUCK_SERVER → server.url. Gives that key."""
    key = name.removeprefix("NEWSDUCK_").lower()
    key = "server_url" if key == "server" else key
    for field in msgspec.structs.fields(Settings):
        if key == field.name and field.name not in ("topics", "home"):
            values[key] = text
            return key
        if key.startswith(field.name + "_") and isinstance(field.type, type) and issubclass(field.type, Section):
            inner = key.removeprefix(field.name + "_")
            if inner in field.type.__struct_fields__:
                section = values.setdefault(field.name, {})
                if not isinstance(section, dict):
                    raise BadInput(f"{name} sets a key of [{field.name}], which is no table in {FILE}")
                section[inner] = _parts(text) if inner in ("ports", "urls", "on", "hosts") else text
                return f"{field.name}.{inner}"
    raise BadInput(
        f"there is no setting {name}: variables are NEWSDUCK_ and a key of {FILE}, such as NEWSDUCK_DATA or NEWSDUCK_FETCH_PAUSE"
    )


def _parts(text: str) -> list[str]:
    """A list in a variable: parted at commas, but not at those within an address."""
    between = r",(?=[a-z0-9]+://)" if "://" in text else ","
    return [part for part in re.split(between, text) if part]


def _explain(message: str) -> str:
    """msgspec's message in the file's own words, with the nearest key for a misspelt one."""
    text, _, place = message.partition(" - at `$")
    where = place.strip("`.").replace("[...]", "") or "the top level"
    if "unknown field `" in text:
        key = text.split("`")[1]
        known = _keys(where)
        near = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
        return f"unknown key {key!r} at {where}; {hint}"
    said = f"{where}: {text[0].lower()}{text[1:]}".replace("`object`", "a table").replace("`array`", "a list")
    return f"{said}; there are {', '.join(_choices(where))}" if text.startswith("Invalid enum value") else said


def _keys(where: str) -> list[str]:
    return [name for name in _section(where).__struct_fields__ if name != "home"]


def _choices(where: str) -> Sequence[str]:
    """What may stand at a key that takes some words only, once or in a list."""
    table, _, key = where.partition("[")[0].rpartition(".")
    kind = next(field.type for field in msgspec.structs.fields(_section(table)) if field.name == key)
    return get_args(get_args(kind)[0] if get_origin(kind) is tuple else kind)


def _section(where: str) -> type[Section]:
    """The table of that name; the file itself where there is none."""
    for field in msgspec.structs.fields(Settings):
        if where == field.name and isinstance(field.type, type) and issubclass(field.type, Section):
            return field.type
    named: dict[str, type[Section]] = {"topics": TopicSetting, "outlets": OutletSetting}
    return named.get(where, Settings)
