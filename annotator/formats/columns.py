"""Which column of a table is the text, the id, the title, the language: chosen by a person, or guessed by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.formats.rows import Unreadable

TEXT_NAMES = (
    "text", "document", "body", "content", "article", "full_text", "fulltext", "sentence", "texto", "texte", "message",
)  # fmt: skip
ID_NAMES = ("id", "external_id", "document_id", "doc_id", "docid", "uid", "key")
TITLE_NAMES = ("title", "headline", "titel", "titre", "título")
LANGUAGE_NAMES = ("language", "lang", "locale")


@dataclass(frozen=True)
class Columns:
    """The names of the columns; `guessed` says that nobody chose the text's."""

    text: str
    id: str | None
    title: str | None
    language: str | None
    names: tuple[str, ...]
    guessed: bool

    def used(self, record: Mapping[str, Any]) -> set[str]:
        """The columns that do not become meta, since a document has a place for what they hold.

        A value that is not what the place takes stays in meta.
        """
        own = {self.text}
        own |= {name for name in (self.title, self.language) if name and isinstance(record.get(name), str)}
        if self.id and type(record.get(self.id)) in (str, int):
            own.add(self.id)
        return own


def named(names: Sequence[str], sample: Sequence[Mapping[str, str]], options: Mapping[str, Any]) -> Columns:
    """The columns, by the options `text`, `id`, `title` and `language`, the rest guessed; Unreadable for an unknown one."""
    for option in ("text", "id", "title", "language"):
        if options.get(option) and options[option] not in names:
            known = ", ".join(names[:20])
            raise Unreadable("unknown_column", f"There is no column {options[option]!r}. There are: {known}.")
    text = options.get("text") or by_name(names, TEXT_NAMES) or longest(names, sample)
    if text is None:
        raise Unreadable("no_text_column", "No column holds text.")
    return Columns(
        text=text,
        id=options.get("id") or by_name(names, ID_NAMES, text),
        title=options.get("title") or by_name(names, TITLE_NAMES, text),
        language=options.get("language") or by_name(names, LANGUAGE_NAMES, text),
        names=tuple(names),
        guessed=not options.get("text"),
    )


def by_name(names: Sequence[str], known: Sequence[str], taken: str | None = None) -> str | None:
    folded = {name.strip().casefold(): name for name in reversed(names) if name != taken}
    return next((folded[name] for name in known if name in folded), None)


def longest(names: Sequence[str], sample: Sequence[Mapping[str, str]]) -> str | None:
    """The column with most characters in the sample."""
    sizes = {name: sum(len(row.get(name, "")) for row in sample) for name in names}
    best = max(sizes, key=lambda name: sizes[name], default=None)
    return best if best is not None and sizes[best] else None
