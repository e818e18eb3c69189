"""What a file is by its content, where it is no text: so that it is refused by its name and not taken for one."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from annotator.formats import encodings
from annotator.formats.rows import Unreadable

HEAD = 1 << 16
# What the first bytes of a file say of it.
SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF text"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an older Word, Excel or PowerPoint"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
    (b"\x1f\x8b\x08", "a compressed file (gzip)"),
    (b"BZh91AY&SY", "a compressed file (bzip2)"),
    (b"\xfd7zXZ\0", "a compressed file (xz)"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    (b"Rar!\x1a\x07", "an archive (RAR)"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"PAR1\x15", "a Parquet table"),
    (b"\x7fELF", "a program"),
)
# What the first folder or the declared type of a packed document says of it.
OFFICE = {"word/": "a Word document", "xl/": "an Excel sheet", "ppt/": "a PowerPoint presentation"}
DECLARED = {
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text",
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument sheet",
    b"application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation",
    b"application/epub+zip": "an EPUB book",
}
SHEETS = ("an Excel sheet", "an OpenDocument sheet")
TABLES = (*SHEETS, "a database (SQLite)", "a Parquet table")
PACKED = ("a compressed file", "an archive")
# Text has tabs, line ends and the escapes of a terminal or of ISO-2022, hardly anything else below the blank.
CONTROLS = bytes(sorted({*range(32)} - {0, 9, 10, 11, 12, 13, 27}))
# The share of such signs from which on nobody can have meant a text; a short file with a few is a text with a fault.
FEWEST_CONTROLS = 0.05
SHORT = 256


def no_text(file: BinaryIO) -> str | None:
    """What the file is, such as `a PDF`, where it is no text and no ZIP of files; goes back to its beginning."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"PK\3\4"):
        return packed_document(file)
    if head[257:262] == b"ustar":
        return "an archive (tar)"
    return next((kind for mark, kind in SIGNATURES if head.startswith(mark)), None) or unknown(head)


def archive(head: bytes) -> str | None:
    """A ZIP, where one text is expected."""
    return "an archive (ZIP)" if head.startswith(b"PK\3\4") else None


def packed_document(file: BinaryIO) -> str | None:
    """The kind of a document that is a ZIP inside: an office's, by its parts, or one that declares its type."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:1_000]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return DECLARED.get(archive.read("mimetype").strip())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError):
        return None
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for folder, kind in OFFICE.items() if folder_in(folder, names)), "an office document")


def folder_in(folder: str, names: list[str]) -> bool:
    return any(name.startswith(folder) for name in names)


def unknown(head: bytes) -> str | None:
    """`a binary file` where so many control characters stand at its beginning that it is no text in any encoding."""
    if len(head) < SHORT or encodings.marked(head) or encodings.wide_without_mark(head):
        return None
    controls = len(head) - len(head.translate(None, CONTROLS))
    return "a binary file" if controls > FEWEST_CONTROLS * len(head) else None


def refuse(file: BinaryIO) -> None:
    """Raises Unreadable with what the file is and what to do about it, where it is no text."""
    if kind := no_text(file):
        raise Unreadable("not_a_text_file", refusal(kind))


def refusal(kind: str) -> str:
    """What to say of such a file."""
    if kind in SHEETS:
        return f"This is {kind}. Save it as CSV (UTF-8) and upload that."
    if kind in TABLES:
        return f"This is {kind}. Export it as CSV and upload that."
    if kind.startswith(PACKED):
        return f"This is {kind}. Unpack it, and upload the texts or a ZIP of them."
    if kind in ("a picture", "a program", "a binary file"):
        return f"This is {kind}, and holds no text that could be read."
    return f"This is {kind}. Save it as plain text (UTF-8) and upload that."
