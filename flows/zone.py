"""This machine's own time zone, by name: what a new settings file and a schedule without one begin with."""

import os
import zoneinfo
from pathlib import Path


def here() -> str:
    """The name of this machine's own time zone, such as Europe/Berlin; empty where it has none by name."""
    named = os.environ.get("TZ", "").removeprefix(":")
    place = Path("/etc/localtime")
    linked = str(place.resolve()).partition("zoneinfo/")[2] if place.is_symlink() else ""
    return next((zone for zone in (named, linked) if zone in zoneinfo.available_timezones()), "")
