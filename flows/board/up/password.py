"""The dashboard's password: made once for a data folder, kept where only its owner reads it, and never sent to a stranger.

    data/prefect/password        user:password, as the dashboard asks for it and PREFECT_API_AUTH_STRING takes it
    data/prefect/profiles.toml   the same with the server's address, so that `PREFECT_HOME=data/prefect prefect …` just works

Another user of this machine may listen on the port before our server does. So a server has to prove that it knows the
password before it is sent one: we send it a number made for this one question, it answers with what only the password
makes of that number and of the port it listens on, so that nobody can have another port's server answer for them.
"""

import hashlib
import hmac
import secrets
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from extract.errors import Broken
from storage.files import replace_file

USER = "newsduck"
BITS = 192  # of chance in a password
ASK = "Newsduck-Prove"  # header of a question
PROOF = "Newsduck-Proof"  # header of its answer
PRIVATE = 0o600


def path(home: Path) -> Path:
    """Where the password of the data folder with this Prefect home is."""
    return home / "password"


def of(home: Path) -> str:
    """`user:password` of the data folder with this Prefect home, made where there is none; raises Broken where it can be
    neither read nor written."""
    file = path(home)
    try:
        with suppress(FileNotFoundError):
            if found := file.read_text(encoding="ascii").strip():
                return found
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(file, f"{USER}:{secrets.token_urlsafe(BITS // 8)}\n".encode(), PRIVATE)
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Broken(f"{file} can be neither read nor made ({error}): it holds the dashboard's password") from error


def write_profile(home: Path, api: str, auth: str) -> None:
    """Tell Prefect's own commands, run with this home, which server to ask and how; other profiles there stay.
    Raises Broken where they cannot be read or written."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    file = home / "profiles.toml"
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        profiles = tomlkit.parse(text)
        profiles["active"] = USER
        own = tomlkit.table()
        own["PREFECT_API_URL"] = api
        if auth:
            own["PREFECT_API_AUTH_STRING"] = auth
        profiles.setdefault("profiles", tomlkit.table(is_super_table=True))[USER] = own
        if (fresh := tomlkit.dumps(profiles)) != text:
            replace_file(file, fresh.encode(), PRIVATE)
    except (OSError, TOMLKitError, UnicodeDecodeError) as error:
        raise Broken(
            f"{file} cannot be written ({error}): it tells `prefect` commands the way to the server"
        ) from error


def proof(auth: str, number: str, port: int) -> str:
    """What only somebody who knows the password makes of a number and a port."""
    return hmac.new(auth.encode(), f"{number} {port}".encode(), hashlib.sha256).hexdigest()


def is_known_at(api: str, auth: str, seconds: float = 5.0) -> bool:
    """Whether the server at this address knows the password. It is not told it."""
    number, port = secrets.token_hex(16), urlsplit(api).port or 80
    request = urllib.request.Request(f"{api.rstrip('/')}/health", headers={ASK: number})  # noqa: S310  see server.answers
    try:
        with urllib.request.urlopen(request, timeout=seconds) as reply:  # noqa: S310  see server.answers
            return hmac.compare_digest(reply.headers.get(PROOF, "").encode(), proof(auth, number, port).encode())
    except (OSError, ValueError, urllib.error.URLError):
        return False
