"""An archive's files in a bucket of S3, or of whatever speaks its language. Library: boto3, whose own ways say which keys, region
and endpoint are used (environment, profile, role; AWS_ENDPOINT_URL_S3). Kept per process, safe among threads."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extract.errors import BadInput, Unreachable
from storage.store import names
from storage.store.place import Held

PART = 256 << 20  # bytes to a request: a file above goes in parts, which S3 puts together at the end
STEP = 8 << 20
DIGEST = "sha256"  # of a file's metadata
WAITS = {"connect_timeout": 10, "read_timeout": 60, "retries": {"mode": "standard", "max_attempts": 3}}
# MD5 is what every server that speaks S3 checks; not every one knows the newer checksums.
PLAIN = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
DENIED = frozenset({"AccessDenied", "403", "Forbidden", "AllAccessDisabled"})
KEYS = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"}
)
WAY_OUT = (
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role (docs/archive.md)"
)


class Bucket:
    """A prefix of a bucket."""

    def __init__(self, bucket: str, prefix: str) -> None:
        """Raises BadInput where the library is not there, or knows no region or keys."""
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self._where = f"s3://{bucket}/{prefix}".rstrip("/")
        try:
            import boto3
            from botocore import config, exceptions
        except ImportError as error:
            raise BadInput(
                f"archive = {self._where!r} needs boto3, which comes with the extra s3: pip install 'newsduck[s3]'"
            ) from error
        self._failed, self._refused = exceptions.BotoCoreError, exceptions.ClientError
        self._no_keys = (
            exceptions.NoCredentialsError,
            exceptions.PartialCredentialsError,
            exceptions.ProfileNotFound,
            exceptions.CredentialRetrievalError,
            exceptions.TokenRetrievalError,
            exceptions.SSOError,
        )
        with self._told("opened"):
            self._client: Any = boto3.session.Session().client("s3", config=config.Config(**WAITS, **PLAIN))

    def names(self, since: str = "") -> list[str]:
        """As Store says."""
        start = {"StartAfter": self._prefix + since} if since else {}
        with self._told("listed (s3:ListBucket)"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix, **start
            )
            found = [one["Key"].removeprefix(self._prefix) for page in pages for one in page.get("Contents", ())]
        return [name for name in found if name.endswith(names.SUFFIX)]

    def read(self, name: str, start: int, size: int) -> bytes:
        """As Store says, by one request. Raises FileNotFoundError, and as Store says."""
        with self._told(f"read: {name} (s3:GetObject)"):
            try:
                found = self._client.get_object(**self._key(name), Range=f"bytes={start}-{start + size - 1}")
            except self._refused as error:
                if _code(error) in ("InvalidRange", "416"):
                    return b""
                if _code(error) in ("NoSuchKey", "404"):
                    raise FileNotFoundError(f"{self._where}/{name}") from error
                raise
            with found["Body"] as body:
                return bytes(body.read())

    def held(self, name: str) -> Held | None:
        """As Store says. What others have put there has no digest of ours, and is read."""
        with self._told(f"asked for: {name} (s3:GetObject)"):
            try:
                found = self._client.head_object(**self._key(name))
            except self._refused as error:
                if _code(error) in ("NoSuchKey", "404"):
                    return None
                raise
        digest = found["Metadata"].get(DIGEST) or self._digest(name)
        return Held(int(found["ContentLength"]), digest)

    def _digest(self, name: str) -> str:
        digest, at = hashlib.sha256(), 0
        while chunk := self.read(name, at, STEP):
            digest.update(chunk)
            at += len(chunk)
        return digest.hexdigest()

    def put(self, path: Path, name: str, held: Held) -> None:
        """As Store says: S3 refuses what does not have the MD5 that is sent with it."""
        metadata = {DIGEST: held.digest}
        with self._told(f"written: {name} (s3:PutObject)"):
            if held.size > PART:
                self._put_in_parts(path, name, metadata)
                return
            with path.open("rb") as file:
                md5 = hashlib.file_digest(file, _md5)
                file.seek(0)
                self._client.put_object(
                    **self._key(name),
                    Body=file,
                    ContentMD5=_base64(md5.digest()),
                    Metadata=metadata,
                )

    def _put_in_parts(self, path: Path, name: str, metadata: dict[str, str]) -> None:
        key = self._key(name)
        parts: list[dict[str, Any]] = []
        upload = self._client.create_multipart_upload(**key, Metadata=metadata)["UploadId"]
        try:
            with path.open("rb") as file:
                while chunk := file.read(PART):
                    number = len(parts) + 1
                    told = self._client.upload_part(
                        **key,
                        UploadId=upload,
                        PartNumber=number,
                        Body=chunk,
                        ContentMD5=_base64(_md5(chunk).digest()),
                    )
                    parts.append({"ETag": told["ETag"], "PartNumber": number})
            self._client.complete_multipart_upload(**key, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            with self._told("tidied"):
                self._client.abort_multipart_upload(**key, UploadId=upload)
            raise

    def drop_older(self, name: str) -> None:
        """As Store says, where the bucket keeps versions."""
        self._drop(name, lambda version: not version["IsLatest"])

    def delete(self, name: str) -> None:
        """As Store says."""
        with self._told(f"deleted: {name} (s3:DeleteObject)"):
            self._client.delete_object(**self._key(name))
        self._drop(name, lambda _: True)

    def _drop(self, name: str, goes: Callable[[dict[str, Any]], bool]) -> None:
        key = self._prefix + name
        rights = "s3:ListBucketVersions, s3:DeleteObjectVersion, and no lock on the object"
        with self._told(f"rid of older versions of {name} ({rights})"):
            try:
                pages = list(
                    self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
                )
            except self._refused as error:
                if _code(error) in ("NotImplemented", "501"):  # a server that keeps none
                    return
                raise
            for page in pages:
                for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    if version["Key"] == key and goes(version):
                        self._client.delete_object(**self._key(name), VersionId=version["VersionId"])

    def _key(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Inside, what the library raises becomes an error of ours, with the way out."""
        try:
            yield
        except self._no_keys as error:
            raise BadInput(f"no keys for {self._where}: {WAY_OUT}") from error
        except self._refused as error:
            code, said = _code(error), error.response.get("Error", {}).get("Message", "")
            if code == "NoSuchBucket":
                raise BadInput(
                    f"{self._where}: there is no such bucket: make it, or set `archive` to another"
                ) from error
            if code in KEYS:
                raise BadInput(f"{self._where} does not know these keys ({code}): {WAY_OUT}") from error
            if code in DENIED:
                raise BadInput(
                    f"{self._where} may not be {doing} by these keys: give them that right (docs/archive.md)"
                ) from error
            raise Unreachable(f"{self._where} could not be {doing}: {code} {said}; try again later") from error
        except self._failed as error:
            raise Unreachable(
                f"{self._where} does not answer ({str(error)[:200]}): is the network there, and AWS_ENDPOINT_URL right?"
            ) from error


def _md5(data: bytes = b"") -> "hashlib._Hash":
    return hashlib.md5(data, usedforsecurity=False)


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
