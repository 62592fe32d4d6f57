"""Files in an S3 bucket. Wants the optional package boto3 (``pip install lipei[s3]``)."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lipei.kit import clock
from lipei.kit.files.stores import CHUNK, new_file
from lipei.kit.outside import Outage
from lipei.kit.refusal import Refused

MISSING = ("404", "NoSuchKey", "NotFound")
FULL = ("507", "XMinioStorageFull", "QuotaExceeded", "InsufficientStorage")
SPOOLED_BYTES = 8 * 1024 * 1024


class S3Store:
    """A bucket, told as ``s3://bucket/prefix?endpoint=https://…&region=…``.

    Credentials come from where boto3 looks for them, never from the settings.
    """

    def __init__(self, told: str) -> None:
        """Nothing is asked of the bucket yet."""
        parts = urlsplit(told)
        assert parts.scheme == "s3", "LIPEI_FILES_S3 begins with s3://"
        assert parts.hostname, "LIPEI_FILES_S3 names no bucket"
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.bucket, self.prefix = parts.hostname, parts.path.strip("/")
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=query.get("endpoint"),
            region_name=query.get("region"),
            config=Config(
                connect_timeout=3,
                read_timeout=20,
                retries={"max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """See Store. A file on the local disk, until it is adopted."""
        with new_file(Path(tempfile.gettempdir())) as path:
            yield path

    def adopt(self, path: Path, *, key: str) -> None:
        """See Store. One PUT: the bucket shows the object whole or not at all."""
        if self.size(key) == path.stat().st_size:
            return
        with path.open("rb") as file, self._asked():
            self._client.put_object(
                Bucket=self.bucket,
                Key=self._place(key),
                Body=file,
                ContentType="application/octet-stream",
            )

    def size(self, key: str) -> int | None:
        """See Store."""
        try:
            with self._asked():
                found = self._client.head_object(Bucket=self.bucket, Key=self._place(key))
        except FileNotFoundError:
            return None
        return int(found["ContentLength"])

    def open(self, key: str) -> BinaryIO:
        """See Store. Copied to the local disk first, so that it can be read at any place."""
        copy = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115  the caller closes it
        for piece in self._pieces(key, {}):
            copy.write(piece)
        copy.seek(0)
        return cast(BinaryIO, copy)

    def chunks(self, key: str, *, start: int, length: int) -> Iterator[bytes]:
        """See Store."""
        return self._pieces(key, {"Range": f"bytes={start}-{start + length - 1}"})

    def erase(self, key: str) -> None:
        """See Store."""
        with self._asked():
            self._client.delete_object(Bucket=self.bucket, Key=self._place(key))

    def _pieces(self, key: str, more: dict[str, str]) -> Iterator[bytes]:
        with self._asked():
            found = self._client.get_object(Bucket=self.bucket, Key=self._place(key), **more)
        pieces: Iterator[bytes] = found["Body"].iter_chunks(CHUNK)
        return pieces

    def _place(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        """What the bucket answers, in our words: not there, full, or out of reach."""
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in MISSING:
                raise FileNotFoundError(code) from None
            if code in FULL:
                raise Refused("storage_full") from None
            raise self._outage(code) from error
        except BotoCoreError as error:
            raise self._outage(type(error).__name__) from error

    def _outage(self, reason: str) -> Outage:
        return Outage("files", reason=reason, since=clock.now(), in_doubt=False)
