"""A text file as one document."""

from __future__ import annotations

import io

from annotator.formats import encodings, kinds, standoff
from annotator.formats.rows import Problem, Row, Unreadable, shown
from annotator.formats.values import Unfit, check_document

# The longest document has 20 million code points, of four bytes each at most.
LARGEST = 80_000_000
NO_TEXT = {
    ".html": "an HTML page", ".htm": "an HTML page", ".pdf": "a PDF", ".docx": "a Word document", ".doc": "a Word document",
    ".odt": "an OpenDocument text", ".rtf": "an RTF text", ".xlsx": "an Excel sheet", ".xls": "an Excel sheet",
    ".ods": "an OpenDocument sheet", ".pptx": "a PowerPoint presentation", ".epub": "an EPUB book",
}  # fmt: skip


def row_or_problem(name: str, data: bytes, encoding: str | None = None) -> list[Row | Problem]:
    """The file as a row, with remarks, or the problem that keeps it from being one."""
    place = shown(name)
    suffix = suffix_of(name)
    if kind := NO_TEXT.get(suffix) or kinds.no_text(io.BytesIO(data)) or kinds.archive(data):
        return [Problem(place, "not_a_text_file", kinds.refusal(kind))]
    if len(data) > LARGEST:
        return [Problem(place, "text_too_long", f"The file is larger than {LARGEST:,} bytes.")]
    if not data:
        return [Problem(place, "empty_text", "The file is empty.")]
    try:
        text, found = encodings.decoded(data, encoding)
        check_document(text)
    except (Unreadable, Unfit) as refused:
        return [Problem(place, refused.code, refused.detail)]
    if held := standoff.held_in_file(name, text):
        return [Problem(place, "annotations_not_read", standoff.refusal(held), held=held)]
    guess = found.name if found.guess else None
    row = Row(place, id=place, text=text, title=title_of(place), guessed=guess)
    return [row, *remarks(place, text), *standoff.remark(place, text)]


def suffix_of(name: str) -> str:
    last = name.rsplit("/", 1)[-1]
    return last[last.rfind(".") :].lower() if "." in last else ""


def title_of(name: str) -> str:
    """The file's name without its folder and its ending."""
    last = name.rsplit("/", 1)[-1]
    return last[: len(last) - len(suffix_of(last))] or last


def remarks(place: str, text: str) -> list[Problem]:
    """What is kept as it is and deserves a look."""
    found = []
    if "\ufffd" in text:
        at = text.find("\ufffd")
        found.append(
            Problem(
                place,
                "replacement_character",
                f"The text already holds a replacement character, at {at}.",
                taken=True,
            )
        )
    if any(sign in text for sign in "\u202d\u202e"):
        found.append(
            Problem(
                place, "direction_override", "The text holds marks that override its direction.", taken=True
            )
        )
    return found
