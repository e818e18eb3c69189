"""A bundle: a ZIP of documents.jsonl, scheme.json and manifest.json. The same content gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, BinaryIO

from annotator.formats import archives, neutral
from annotator.formats.rows import Rows, Unreadable
from annotator.formats.values import Unfit, parsed

DOCUMENTS, SCHEME, MANIFEST = "documents.jsonl", "scheme.json", "manifest.json"
# The oldest time a ZIP can say; a real one would make two equal exports differ.
NO_TIME = (1980, 1, 1, 0, 0, 0)
LARGEST_SCHEME = 8 << 20
LARGEST_DOCUMENTS = 4 << 30


def is_bundle(file: BinaryIO) -> bool:
    """Whether the file is a ZIP that holds documents.jsonl; goes back to the beginning."""
    try:
        with archives.opened(file) as archive:
            return DOCUMENTS in archive.namelist()
    except Unreadable:
        return False
    finally:
        file.seek(0)


def scheme(file: BinaryIO) -> Mapping[str, Any]:
    """The bundle's scheme.json, or an empty one where it has none; goes back to the beginning."""
    try:
        with archives.opened(file) as archive:
            entry = archive.getinfo(SCHEME)
            if entry.file_size > LARGEST_SCHEME:
                raise Unreadable("scheme_too_large", f"{SCHEME} has more than {LARGEST_SCHEME:,} bytes.")
            value = parsed(archive.read(entry))
    except KeyError:
        return {}
    except (Unfit, zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
        raise Unreadable("bad_scheme", f"{SCHEME} cannot be read: {error}") from None
    finally:
        file.seek(0)
    if not isinstance(value, dict):
        raise Unreadable("bad_scheme", f"{SCHEME} is not an object.")
    return value


def rows(file: BinaryIO) -> Rows:
    """The rows of the bundle's documents.jsonl, read without unpacking it; raises Unreadable where it does not hold."""
    with archives.opened(file) as archive:
        if DOCUMENTS not in archive.namelist():
            raise Unreadable("not_a_bundle", f"The ZIP holds no {DOCUMENTS}.")
        entry = archive.getinfo(DOCUMENTS)
        if entry.file_size > LARGEST_DOCUMENTS:
            raise Unreadable("archive_too_large", f"{DOCUMENTS} has more than {LARGEST_DOCUMENTS:,} bytes.")
        try:
            with archive.open(entry) as documents:
                yield from neutral.rows(documents)  # type: ignore[arg-type]
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise Unreadable("damaged", f"{DOCUMENTS} cannot be unpacked: {error}.") from None


class Digested:
    """A file that is written to, with the digest and the size of what was."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)

    def record(self) -> dict[str, Any]:
        return {"bytes": self.size, "sha256": self.digest.hexdigest()}


class Bundle:
    """A bundle while it is written: the documents, one line after the other, and at the end scheme and manifest."""

    def __init__(self, file: BinaryIO) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.lines = self.archive.open(entry(DOCUMENTS), "w", force_zip64=True)
        self.documents = Digested(self.lines)

    def add(self, line: bytes) -> None:
        self.documents.write(line)

    def close(self, scheme: Mapping[str, Any], counts: Mapping[str, int]) -> None:
        """Ends the documents, adds the scheme and the manifest with counts and digests."""
        self.lines.close()
        files = {DOCUMENTS: self.documents.record(), SCHEME: self.member(SCHEME, scheme)}
        self.member(
            MANIFEST, {"format": "annotator-bundle", "version": 1, "counts": dict(counts), "files": files}
        )
        self.archive.close()

    def abandon(self) -> None:
        """Lets go of a bundle that will not be finished; what has been written of it is of no use."""
        self.lines.close()
        self.archive.close()

    def member(self, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        data = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"
        with self.archive.open(entry(name), "w") as file:
            written = Digested(file)
            written.write(data)
        return written.record()


def entry(name: str) -> zipfile.ZipInfo:
    """An entry without the time, the system and the rights of the machine that writes it."""
    info = zipfile.ZipInfo(name, NO_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
