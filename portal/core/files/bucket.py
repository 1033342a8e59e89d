"""Stored contents in a bucket of a server that speaks S3, by the storage of django-storages."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from storages.backends.s3 import S3Storage

from portal.core.busy import FilesAway

from .models import StoredFile

MISSING = {"404", "NoSuchKey"}
PATIENCE = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"max_attempts": 2},
    request_checksum_calculation="when_required",  # not every server knows those that this library would add
    response_checksum_validation="when_required",
)


class BucketStorage(S3Storage):
    """That of the setting `FILES_BUCKET`. No content has a list of readers of its own: the bucket's rule, nobody, holds."""

    def __init__(self, **options: Any):
        super().__init__(default_acl=None, file_overwrite=True, signature_version="s3v4", **options)
        self.client_config: Config = self.client_config.merge(PATIENCE)


class Bucket:
    """The depot of an installation that names a bucket (see `depot`). No address of it is ever given to a reader."""

    @property
    def storage(self) -> Any:
        return default_storage

    def place(self, root: str, sha256: str) -> str:
        return f"s3://{self.storage.bucket_name}/{self._key(root, sha256)}"

    def write(self, root: str, sha256: str, content: bytes) -> None:
        with asked():
            self.storage.save(_name(root, sha256), ContentFile(content))

    def read(self, root: str, sha256: str) -> bytes:
        with asked():
            return self._object(root, sha256).get()["Body"].read()

    def opened(self, root: str, sha256: str) -> BinaryIO | None:
        """Read and compared each time: there is nothing on this machine whose change could be seen."""
        try:
            content = self.read(root, sha256)
        except FileNotFoundError:
            return None
        return io.BytesIO(content) if hashlib.sha256(content).hexdigest() == sha256 else None

    @contextmanager
    def as_path(self, root: str, sha256: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(prefix="stored-") as copy:
            copy.write(self.read(root, sha256))
            copy.flush()
            yield Path(copy.name)

    def is_whole(self, root: str, sha256: str) -> bool:
        return self.opened(root, sha256) is not None

    def holds(self, root: str, sha256: str) -> bool:
        """A bucket that keeps versions holds what was deleted there."""
        with asked():
            return any(True for _ in self._versions(root, sha256).limit(1))

    def remove(self, root: str, sha256: str) -> None:
        with asked():
            for version in self._versions(root, sha256):
                version.delete()

    def everything(self) -> Iterator[tuple[str, str, float]]:
        for root in StoredFile.Root.values:
            start = f"{self._prefix}{root}/"
            with asked():
                for found in self.storage.bucket.objects.filter(Prefix=start):
                    digest = found.key.removeprefix(start).replace("/", "")
                    if found.key == self._key(root, digest):
                        yield root, digest, found.last_modified.timestamp()

    def is_open_to_all(self, root: str, sha256: str) -> bool:
        try:
            found = self._stranger.get_object(Bucket=self.storage.bucket_name, Key=self._key(root, sha256))
            found["Body"].close()
        except ClientError:
            return False
        except BotoCoreError as error:
            raise FilesAway(str(error)) from error
        return True

    @cached_property
    def _stranger(self) -> Any:
        """Asks without a key, as anybody may."""
        options = self.storage.client_config.merge(Config(signature_version=UNSIGNED))
        session = self.storage._create_session()
        return session.client(
            "s3",
            endpoint_url=self.storage.endpoint_url,
            region_name=self.storage.region_name,
            config=options,
        )

    @property
    def _prefix(self) -> str:
        return f"{self.storage.location}/" if self.storage.location else ""

    def _key(self, root: str, sha256: str) -> str:
        return f"{self._prefix}{_name(root, sha256)}"

    def _object(self, root: str, sha256: str) -> Any:
        return self.storage.bucket.Object(self._key(root, sha256))

    def _versions(self, root: str, sha256: str) -> Any:
        """The key is as long as all others of its root, so that it begins no other."""
        return self.storage.bucket.object_versions.filter(Prefix=self._key(root, sha256))


@contextmanager
def asked() -> Iterator[None]:
    """Raises FileNotFoundError for a content that is not there, FilesAway for every other refusal and for silence."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise FileNotFoundError(str(error)) from error
        raise FilesAway(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise FilesAway(str(error)) from error


def _name(root: str, sha256: str) -> str:
    return f"{root}/{sha256[:2]}/{sha256[2:]}"
