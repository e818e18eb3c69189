"""What there is to choose from and to say in a project, in one query: languages, people, holders, notes and comments."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Substr

from annotator.annotations.models import AnnotationSet, Comment, Relation, Span
from annotator.documents.folding import fold
from annotator.documents.models import Document, FoldedText
from annotator.projects.models import Holder, Membership

Row = tuple[str, int, str, str]


@dataclass(frozen=True)
class Vocabulary:
    """Rows of (kind, key, text, more); of readings only those of the sets it was made from."""

    project: int
    rows: tuple[Row, ...]

    def of(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row[0] == kind]

    @property
    def languages(self) -> list[str]:
        return sorted(row[2] for row in self.of("language") if row[2])

    @property
    def aliases(self) -> list[str]:
        return sorted(row[2] for row in self.of("alias"))

    @cached_property
    def holders(self) -> list[tuple[int, str]]:
        """Holders by key, with their name and slug folded."""
        return [(key, fold(f"{name} {slug}")) for _, key, name, slug in self.of("holder")]

    @cached_property
    def holder_names(self) -> dict[int, str]:
        return {key: name for _, key, name, _ in self.of("holder")}

    @cached_property
    def said(self) -> list[tuple[int, str]]:
        """Notes, comments and quotations of several pieces, folded, with the document they are about."""
        pieces = [(key, " ".join(cut(text, more))) for _, key, text, more in self.of("pieces")]
        return [(key, fold(text)) for key, text in [(row[1], row[2]) for row in self.of("said")] + pieces]

    @cached_property
    def hulls(self) -> dict[int, list[tuple[int, int]]]:
        """From where to where the spans of one piece go, by document."""
        found: dict[int, list[tuple[int, int]]] = {}
        for _, key, start, end in self.of("span"):
            found.setdefault(key, []).append((int(start), int(end)))
        return found

    def documents_saying(self, word: tuple[str, ...]) -> set[int]:
        return {key for key, text in self.said if any(form in text for form in word)}


def cut(hull: str, fragments: str) -> list[str]:
    """The fragments' own texts out of the text from the first one's start to the last one's end."""
    pairs = json.loads(fragments)
    first = pairs[0][0]
    return [hull[start - first : end - first] for start, end in pairs]


def read(
    membership: Membership,
    sets: QuerySet[AnnotationSet],
    *,
    words: bool,
    quotations: QuerySet[FoldedText] | None = None,
) -> Vocabulary:
    """What can be chosen, with `words` what may be searched in, and where spans stand in these texts: one query."""
    project = membership.project_id
    parts: list[QuerySet[Any, Any]] = [
        part(Document.objects.filter(project=project).distinct(), "language", Value(0), "language"),
        part(Membership.objects.filter(project=project), "alias", F("pk"), "alias"),
    ]
    if words:
        here = Q(set__in=sets.order_by().values("pk"), deleted_at=None)
        spans, of_set = spans_of(sets), F("set__document")
        parts += [
            part(Holder.objects.filter(project=project), "holder", F("pk"), "name", F("slug")),
            part(spans.exclude(note=""), "said", of_set, "note"),
            part(Relation.objects.filter(here).exclude(note=""), "said", of_set, "note"),
            part(Comment.objects.filter(here), "said", of_set, "text"),
            part(
                spans.filter(fragments__1__isnull=False),
                "pieces",
                of_set,
                Substr("set__document__text", F("start") + 1, F("end") - F("start")),
                F("fragments"),
            ),
        ]
    if quotations is not None:
        within = sets.filter(document__in=quotations.values("pk"))
        whole = spans_of(within).filter(fragments__1__isnull=True)
        parts.append(part(whole, "span", F("set__document"), "start", F("end")))
    return Vocabulary(project, tuple(parts[0].union(*parts[1:], all=True)))


def spans_of(sets: QuerySet[AnnotationSet]) -> QuerySet[Span]:
    return Span.objects.filter(set__in=sets.order_by().values("pk"), deleted_at=None)


def part(
    rows: QuerySet[Any], kind: str, key: F | Value, text: str | Substr, more: F | None = None
) -> QuerySet[Any, Any]:
    """One part of the union, its columns of the same kinds in all of them."""
    made: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            row_kind=Value(kind, output_field=CharField()),
            row_key=key,
            row_text=Cast(text, TextField()),
            row_more=Cast(more or Value(""), TextField()),
        )
        .values_list("row_kind", "row_key", "row_text", "row_more")
    )
    return made
