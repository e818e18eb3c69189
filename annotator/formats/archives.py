"""A ZIP of text files, read one file after the other, never unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import BinaryIO

from annotator.formats import foreign, jsonl, kinds, standoff
from annotator.formats.rows import Held, Problem, Rows, Unreadable, shown
from annotator.formats.text_files import LARGEST, NO_TEXT, row_or_problem, suffix_of

MOST_FILES = 200_000
# A file's entry in the directory has 46 bytes and its name.
LARGEST_DIRECTORY = 64 << 20
LARGEST_TOTAL = 4 << 30
# Prose packs to a third or a tenth; what packs beyond this is made to fill a disk.
HIGHEST_RATIO = 200
SMALL = 1 << 20
TEXTS = {".txt", ".text", ".md", ""}
# What other tools keep annotations in: looked into to say how many are left behind.
ANNOTATIONS = {".ann", ".json", ".jsonl", ".tsv", ".xmi"}
ARCHIVES = {".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"}
JUNK = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass
class Seen:
    """The names met so far, and how much has been unpacked."""

    names: set[str] = field(default_factory=set)
    folded: dict[str, str] = field(default_factory=dict)
    unpacked: int = 0


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The archive; raises Unreadable for what is none, or has too many entries to look at."""
    refuse_huge_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise Unreadable("not_a_zip", f"This is not a ZIP that can be read: {error}.") from None
    if len(archive.infolist()) > MOST_FILES:
        raise Unreadable("too_many_files", f"The ZIP has more than {MOST_FILES:,} files.")
    return archive


def refuse_huge_directory(file: BinaryIO) -> None:
    """Looks at the size of the archive's directory before anything reads it into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    file.seek(0)
    if at >= 0 and len(tail) >= at + 22:
        (directory,) = struct.unpack("<L", tail[at + 12 : at + 16])
        if directory > LARGEST_DIRECTORY:
            raise Unreadable("too_many_files", f"The ZIP has more than {MOST_FILES:,} files.")


def rows(file: BinaryIO, encoding: str | None = None) -> Rows:
    """A row for each text file of the ZIP and a problem for everything else in it."""
    seen = Seen()
    with opened(file) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield from entry_rows(archive, entry, seen, encoding)


def entry_rows(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, seen: Seen, encoding: str | None) -> Rows:
    name = name_of(entry)
    problem = name_problem(name, entry) or size_problem(name, entry, seen) or repeated(name, seen)
    if problem:
        yield problem
        return
    try:
        data = content(archive, entry, seen)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        yield Problem(shown(name), "damaged", f"The file cannot be unpacked: {error}.")
        return
    if suffix_of(name) in TEXTS:
        yield from row_or_problem(name, data, encoding_of(data, encoding))
    else:
        yield left_behind(name, data)


def left_behind(name: str, data: bytes) -> Problem:
    """A file of the archive that is no text: with the annotations it holds, as far as they can be told."""
    held = standoff.held_in_file(name, data.decode(errors="replace")) or held_in_lines(data)
    if not held:
        return no_text(name)
    detail = f"{standoff.in_words(held)}. They are not read; the texts beside them are."
    return Problem(shown(name), "annotations_not_read", detail, held=held)


def held_in_lines(data: bytes) -> tuple[Held, ...]:
    """The annotations in a file of JSON objects, one a line or in a list, by their tool and kind, if it can be read."""
    counted: Counter[tuple[str, str]] = Counter()
    try:
        for found in jsonl.objects(io.BytesIO(data)):
            if not isinstance(found, Problem):
                for each in foreign.held_in(found[1], "text"):
                    counted[each.tool, each.what] += each.count
    except Unreadable:
        return ()
    return tuple(
        Held(tool, "the file", what, count, kept=False) for (tool, what), count in sorted(counted.items())
    )


def no_text(name: str) -> Problem:
    detail = (
        f"Of several files, or of a ZIP, only {', '.join(sorted(TEXTS - {''}))} are read. "
        "A table or JSONL is uploaded by itself."
    )
    return Problem(shown(name), "not_a_text_file", detail)


def encoding_of(data: bytes, choice: str | None) -> str | None:
    """A choice for the whole ZIP does not touch its files that are UTF-8 already."""
    if choice and b"\0" not in data and b"\x1b" not in data:
        try:
            data.decode()
        except UnicodeDecodeError:
            return choice
        return "utf-8"
    return choice


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name, read as UTF-8 also where the archive forgot to say that it is."""
    if entry.flag_bits & 0x800:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.orig_filename


def name_problem(name: str, entry: zipfile.ZipInfo) -> Problem | None:
    """Why a file of this name and kind is not read."""
    place = shown(name)
    if name.startswith(("/", "\\")) or DRIVE.match(name) or ".." in re.split(r"[/\\]", name):
        return Problem(place, "unsafe_name", "The name leads out of the archive.")
    if "\\" in name or "\0" in name or not name.strip():
        return Problem(place, "unsafe_name", "The name is not one that every system can keep.")
    if JUNK.search(name):
        return Problem(place, "system_file", "A file that the system made, not a text.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Problem(place, "not_a_text_file", "This is a link.")
    if entry.flag_bits & 0x1:
        return Problem(place, "encrypted", "The file is encrypted.")
    if suffix_of(name) in ARCHIVES:
        return Problem(place, "nested_archive", "An archive within the archive is not opened.")
    if kind := NO_TEXT.get(suffix_of(name)):
        return Problem(place, "not_a_text_file", kinds.refusal(kind))
    return None if suffix_of(name) in TEXTS | ANNOTATIONS else no_text(name)


def size_problem(name: str, entry: zipfile.ZipInfo, seen: Seen) -> Problem | None:
    """Why a file of this size is not unpacked; what the archive says of it is held to by `content`."""
    place = shown(name)
    if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
        detail = f"It would unpack to {entry.file_size:,} bytes from {entry.compress_size:,}."
        return Problem(place, "suspicious_ratio", detail)
    if entry.file_size > LARGEST:
        return Problem(place, "text_too_long", f"The file is larger than {LARGEST:,} bytes.")
    if seen.unpacked + entry.file_size > LARGEST_TOTAL:
        return Problem(
            place, "archive_too_large", f"The archive unpacks to more than {LARGEST_TOTAL:,} bytes."
        )
    return None


def repeated(name: str, seen: Seen) -> Problem | None:
    """Names must differ, and not by case alone: many systems could not keep both."""
    twin = seen.folded.get(name.casefold())
    if name in seen.names:
        return Problem(shown(name), "name_repeated", "The archive has another file of this name before.")
    if twin is not None:
        return Problem(
            shown(name), "name_clash", f"The name differs from {shown(twin)} by case only. Rename one."
        )
    seen.names.add(name)
    seen.folded[name.casefold()] = name
    return None


def content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, seen: Seen) -> bytes:
    """The unpacked file, and no more of it than it declared."""
    with archive.open(entry) as unpacking:
        data = unpacking.read(entry.file_size + 1)
    seen.unpacked += len(data)
    return data
