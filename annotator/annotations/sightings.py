"""Where the words of a question stand in documents: in the text, and in what was marked in it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, NullIf, StrIndex, Substr

from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Relation, Span
from annotator.annotations.search import Named, Question, Word, named, places_of
from annotator.annotations.vocabulary import Vocabulary
from annotator.documents.folding import fold
from annotator.documents.models import Document
from annotator.projects.scheme import Scheme

# A longer text is not read whole to show a line of it.
WHOLE = 100_000
WINDOW = 4_000
BEFORE, AFTER = 60, 140
# Of a common word no more places are compared.
MOST_PLACES, NEXT = 100, 20

Piece = tuple[str, bool]
Row = tuple[Any, ...]
COLUMNS = ("kind", "document", "set", "alias", "state", "label", "other", "holder", "text", "fragments")


@dataclass(frozen=True)
class Sighting:
    """A place where a word stands: `where` says in what, `pieces` what stands there, each with whether it was asked for."""

    where: str
    pieces: tuple[Piece, ...]
    alias: str = ""
    set: int | None = None


@dataclass
class Seen:
    """A document of a page: the states of its visible readings, and where the words stand."""

    document: Document
    readings: list[tuple[int, str, str]] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)


def read(
    ids: Sequence[int],
    question: Question,
    sets: QuerySet[AnnotationSet],
    scheme: Scheme,
    vocabulary: Vocabulary,
) -> list[Seen]:
    """The documents in this order, in two queries."""
    documents = {each.pk: each for each in shown(ids, question)}
    seen = {key: Seen(documents[key]) for key in ids if key in documents}
    rows = marks(ids, sets, words=bool(question.words) and question.in_annotations)
    # Once for each word, and not for each mark: every holder's name is compared.
    names = [named(word, scheme, vocabulary) for word in question.words] if question.in_annotations else []
    for each in seen.values():
        if question.words and question.in_text:
            each.sightings += in_text(each.document, question)
    for row in rows:
        of = seen[row[1]]
        if row[0] == "set":
            of.readings.append((row[2], row[4], row[3]))
        else:
            of.sightings += in_mark(of.document, row, question, names, scheme, vocabulary)
    return list(seen.values())


def shown(ids: Sequence[int], question: Question) -> QuerySet[Document]:
    """The documents without their source data; where there are words, with the text in which to show them."""
    documents = Document.objects.filter(pk__in=ids).defer("text", "meta")
    if not question.words:
        return documents
    at = place_of(question.words[0])
    long = When(length__gt=WHOLE, then=Greatest(at - 200, Value(1)))
    first = Case(long, default=Value(1), output_field=IntegerField())
    window = Case(
        When(length__gt=WHOLE, then=Value(WINDOW)), default=F("length"), output_field=IntegerField()
    )
    return documents.annotate(begins=first, piece=Substr("text", first, window))


def place_of(word: Word) -> Coalesce:
    """Where the word stands in the folded text, in the first of its forms that does; 0 where none does."""
    found = (NullIf(StrIndex("folded__text", Value(form)), Value(0)) for form in word)
    return Coalesce(*found, Value(0))


def in_text(document: Any, question: Question) -> Iterator[Sighting]:
    """The first place in the title, the id or the text."""
    for where, text in (("title", document.title), ("id", document.external_id), ("text", document.piece)):
        folded = fold(text)
        if places := places_of(question.words, folded):
            yield Sighting(where, cut_out(text, folded, places))
            if where != "id":
                return


def cut_out(text: str, folded: str, places: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """What stands around the place where the most words meet, with all that was asked for in it marked."""
    first, last = places[
        max(range(min(len(places), MOST_PLACES)), key=lambda at: meeting(folded, places, at))
    ]
    start, end = max(first - BEFORE, 0), min(max(first + AFTER, last), len(text))
    start = start and max(text.find(" ", start, first), start - 1) + 1
    end = end if end == len(text) else max(text.rfind(" ", last, end), last)
    pieces: list[Piece] = [("…", False)] if start else []
    at = start
    for begins, ends in places:
        if start <= begins and ends <= end:
            pieces += [(text[at:begins], False), (text[begins:ends], True)]
            at = ends
    pieces.append((text[at:end].rstrip() + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])


def meeting(folded: str, places: Sequence[tuple[int, int]], at: int) -> int:
    """How many different words stand in the stretch that begins with this place."""
    until = places[at][0] + AFTER
    return len({folded[begins:ends] for begins, ends in places[at : at + NEXT] if ends <= until})


def in_mark(
    document: Any,
    row: Row,
    question: Question,
    names: Sequence[Named],
    scheme: Scheme,
    vocabulary: Vocabulary,
) -> Iterator[Sighting]:
    """What of a span, a relation, an answer or a comment was asked for; nothing where nothing was."""
    mark = dict(zip(COLUMNS, row, strict=True))
    quote = quotation(document, mark["fragments"])
    for where, text in told(mark, quote, names, scheme, vocabulary):
        if where in ("label", "holder"):
            rest = ((quote[: BEFORE + AFTER], False),) if quote else ()
            pieces: tuple[Piece, ...] = ((text, True), *rest)
        else:
            folded = fold(text)
            places = places_of(question.words, folded)
            pieces = cut_out(text, folded, places) if places else ()
        if pieces:
            yield Sighting(where, pieces, mark["alias"], mark["set"])
            return


def told(
    mark: dict[str, Any], quote: str, names: Sequence[Named], scheme: Scheme, vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    """What stands in a mark, the most telling first."""
    if mark["kind"] == "span":
        yield "quotation", quote
    given = {mark["label"], mark["other"]}
    for each in names:
        yield from (
            ("label", label.name) for label in scheme.labels if label.pk in given and each.has(label.pk)
        )
        if mark["holder"] in each.holders:
            yield "holder", vocabulary.holder_names[mark["holder"]]
    yield "comment" if mark["kind"] == "comment" else "note", mark["text"]


def quotation(document: Any, fragments: str) -> str:
    """The text of a span, as far as it is at hand."""
    first = document.begins - 1
    pairs = json.loads(fragments) if fragments else []
    held = [(start - first, end - first) for start, end in pairs if start >= first]
    return " ".join(piece for start, end in held if (piece := document.piece[start:end]))


def marks(ids: Iterable[int], sets: QuerySet[AnnotationSet], *, words: bool) -> list[Row]:
    """The visible readings of the documents, and with `words` what is marked in them: one query."""
    ours = sets.filter(document__in=ids).order_by()
    parts = [part(ours, "set", "", state="state")]
    if words:
        within = ours.values("pk")
        spans, relations = (
            rows.filter(set__in=within, deleted_at=None) for rows in (Span.objects, Relation.objects)
        )
        comments = Comment.objects.filter(set__in=within, deleted_at=None)
        parts += [
            part(spans, "span", "set__", label="stance", other="role", holder="holder", text="note",
                 fragments="fragments"),
            part(relations, "relation", "set__", label="label", text="note"),
            part(DocumentLabel.objects.filter(set__in=within), "answer", "set__", label="label"),
            part(comments, "comment", "set__", text="text"),
        ]  # fmt: skip
    rows: list[Row] = list(parts[0].union(*parts[1:], all=True))
    return sorted(rows, key=lambda row: (row[2], row[0] != "set"))


def part(rows: QuerySet[Any], kind: str, path: str, **columns: str) -> QuerySet[Any, Row]:
    """One part of the union, its columns of the same kinds in all of them."""
    always = {"document": f"{path}document", "set": f"{path}pk", "alias": f"{path}membership__alias"}
    found = {f"row_{name}": column(name, (always | columns).get(name)) for name in COLUMNS[1:]}
    every = {"row_kind": Value(kind, output_field=CharField()), **found}
    made: QuerySet[Any, Row] = rows.order_by().annotate(**every).values_list(*every)
    return made


def column(name: str, source: str | None) -> Cast:
    """A column of the union: a key, or text; nothing where this part has none."""
    if name in ("document", "set", "label", "other", "holder"):
        return Cast(F(source) if source else Value(None), IntegerField())
    return Cast(F(source) if source else Value(""), TextField())
