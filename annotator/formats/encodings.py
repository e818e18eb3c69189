"""From bytes to text: what is marked or valid is known, everything else is a guess that a person confirms.

Nothing is replaced: a byte that the encoding does not have is an error, and so U+FFFD never appears unless it was there.
Newlines stay as they are; a leading byte order mark goes.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer

from annotator.formats.rows import Unreadable

SAMPLE = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a person may choose; Python knows codecs that are no encodings of text.
CHOICES = (
    "utf-8", "utf-16-le", "utf-16-be",
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-9", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16",
    "cp437", "cp850", "cp852", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic",
    "gb18030", "big5", "big5hkscs", "cp949", "cp932", "euc-jp", "euc-kr", "shift_jis", "iso2022_jp",
)  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """An encoding, the length of the mark before the text, and whether it is only a guess."""

    name: str
    mark: int = 0
    guess: bool = False


def chosen(name: str) -> str:
    """The codec of this name, if it is an encoding that may be chosen; raises Unreadable otherwise."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    if found not in {codecs.lookup(choice).name for choice in CHOICES}:
        raise Unreadable("unknown_encoding", f"{name!r} is not an encoding that is read here.")
    return found


def decoded(data: bytes, choice: str | None = None) -> tuple[str, Encoding]:
    """The text of the bytes and how it was encoded; raises Unreadable where it does not fit."""
    encoding = detected(io.BytesIO(data), choice)
    try:
        return data[encoding.mark :].decode(encoding.name), encoding
    except UnicodeDecodeError as error:
        raise misfit(encoding.name, error.start + encoding.mark) from None


def misfit(name: str, at: int) -> Unreadable:
    return Unreadable("wrong_encoding", f"This is not {name}: the byte at {at} does not fit.")


def detected(file: BinaryIO, choice: str | None = None) -> Encoding:
    """The file's encoding: its mark, else the choice, else UTF-8 if all of it is, else a guess.

    Reads the file once and goes back to its beginning.
    """
    head = file.read(SAMPLE)
    try:
        if mark := marked(head):
            return mark
        if choice:
            return Encoding(chosen(choice))
        if wide := wide_without_mark(head):
            return Encoding(wide, guess=True)
        fault = first_fault(head, file)
        return Encoding("utf-8") if fault is None else Encoding(guessed(fault), guess=True)
    finally:
        file.seek(0)


def marked(head: bytes) -> Encoding | None:
    """The encoding that a byte order mark names."""
    return next((Encoding(name, mark=len(mark)) for mark, name in MARKS if head.startswith(mark)), None)


def wide_without_mark(head: bytes) -> str | None:
    """UTF-16 without a mark: in most scripts every other byte is zero somewhere, and UTF-8 text has no zero bytes."""
    sample = head[: len(head) - len(head) % 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) // 2 or not sample:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def first_fault(head: bytes, file: BinaryIO) -> bytes | None:
    """The stretch around the first byte that is not UTF-8, or None where all is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, piece = b"", head
    while piece:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return before[-SAMPLE // 4 :] + piece
        before, piece = piece, file.read(SAMPLE)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return before
    return None


def guessed(data: bytes) -> str:
    """The likeliest encoding; Windows-1252 before its neighbours where it reads as well.

    The statistics cannot tell Western European encodings apart by the few bytes in which they differ.
    """
    best = charset_normalizer.from_bytes(data).best()
    western = charset_normalizer.from_bytes(data, cp_isolation=["cp1252"]).best()
    if western is not None and (best is None or western.chaos <= best.chaos):
        return "cp1252"
    if best is None:
        raise Unreadable("unknown_encoding", "The encoding of this file cannot be told. Choose it.")
    try:
        return chosen(best.encoding)
    except Unreadable:
        raise Unreadable("unknown_encoding", "The encoding of this file cannot be told. Choose it.") from None
