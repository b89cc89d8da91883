"""Where an archive can be besides the data folder: a bucket of an S3 server on loopback, and a folder. Both can go away and come back."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from extract.records import Ask, Page
from storage.store import place

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


class Elsewhere(Protocol):
    """Such a place."""

    address: str

    def dump(self, to: Path) -> list[str]:
        """Write everything that it keeps, of each object each version, below a folder; gives the names that are current."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Inside, nobody answers there."""


class Server:
    """An S3 server on loopback, which can be stopped and started; its objects stay."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    def start(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        return boto3.session.Session().client("s3", endpoint_url=self.url)


class S3Bucket:
    """A bucket of its own."""

    def __init__(self, server: Server, *, versioned: bool = False) -> None:
        self.server, self.bucket = server, f"bucket-{uuid4().hex[:12]}"
        self.client = server.client()
        self.client.create_bucket(Bucket=self.bucket)
        if versioned:
            self.client.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        self.address = f"s3://{self.bucket}/news/archive"

    def dump(self, to: Path) -> list[str]:
        found = self.client.list_object_versions(Bucket=self.bucket)
        assert not found["IsTruncated"]
        for number, one in enumerate(found.get("Versions", ())):
            path = to / str(number) / one["Key"]
            path.parent.mkdir(parents=True)
            told = self.client.get_object(Bucket=self.bucket, Key=one["Key"], VersionId=one["VersionId"])
            with told["Body"] as body:
                path.write_bytes(body.read())
        return sorted(one["Key"].removeprefix("news/archive/") for one in found.get("Versions", ()) if one["IsLatest"])

    @contextmanager
    def away(self) -> Iterator[None]:
        self.server.stop()
        try:
            yield
        finally:
            self.server.start()


class SharedFolder:
    """A folder, as one on another machine's disk is."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self.path, self.address = path, str(path)

    def dump(self, to: Path) -> list[str]:
        shutil.copytree(self.path, to, dirs_exist_ok=True)
        return sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*") if path.is_file())

    @contextmanager
    def away(self) -> Iterator[None]:
        hidden = self.path.with_name(f"{self.path.name}-away")
        self.path.rename(hidden)
        try:
            yield
        finally:
            hidden.rename(self.path)


@contextmanager
def served() -> Iterator[Server]:
    """A server, and the environment by which it is found, without anybody's own settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            patch.setenv(name, "/dev/null")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        server = Server()
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        try:
            yield server
        finally:
            forget_clients()
            server.stop()


def forget_clients() -> None:
    """Close what was connected."""
    for store in place._stores.values():
        with suppress(AttributeError):
            store._client.close()  # type: ignore[attr-defined]
    place._stores.clear()


def page(number: int, body: bytes) -> Page:
    """A page to put into an archive."""
    url = f"https://herald.example/{number}"
    return Page(Ask(url, "page", url, 10**8), url, 200, (("Content-Type", "text/html"),), body, NOW, 0.1)
