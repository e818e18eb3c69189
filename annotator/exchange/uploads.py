"""Uploaded files on disk, below the files directory, under names of our own."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from annotator.errors import Invalid

FOLDER = "imports"


@dataclass(frozen=True)
class Upload:
    """A file that has been kept: its path below the files directory, its size and digest."""

    path: str
    size: int
    sha256: str


def keep(pieces: Iterable[bytes]) -> Upload:
    """Writes the pieces to a new file; raises Invalid, and keeps nothing, where they are too many."""
    path = f"{FOLDER}/{uuid.uuid4().hex}"
    found = full(path)
    found.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with found.open("xb") as file:
            for piece in pieces:
                size += len(piece)
                if size > settings.UPLOAD_LIMIT:
                    raise Invalid(
                        "file_too_large", f"A file may have {settings.UPLOAD_LIMIT:,} bytes.", attr="file"
                    )
                digest.update(piece)
                file.write(piece)
    except BaseException:
        found.unlink(missing_ok=True)
        raise
    return Upload(path, size, digest.hexdigest())


def full(path: str) -> Path:
    return Path(settings.FILES) / path


def drop(path: str) -> None:
    """Deletes the file, if it is still there."""
    if path:
        full(path).unlink(missing_ok=True)
