"""The one dict of each thing, for every surface: the API, the page, the files, the agreement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Relation, Span
from annotator.annotations.rules import quote_of
from annotator.documents.models import Document
from annotator.projects.scheme import Scheme

OF_COMMENT = ("set_id", "uid", "version", "text", "created_at")


class SpanRow(NamedTuple):
    """The columns that a span's record is made of: read as they are, for a model's instance costs as much as the rest."""

    set_id: int
    uid: UUID
    version: int
    fragments: Sequence[Sequence[int]]
    start: int
    end: int
    stance_id: int | None
    role_id: int | None
    holder: str | None
    target_id: int | None
    explicit: bool | None
    note: str
    confidence: float | None
    guideline: int | None


class RelationRow(NamedTuple):
    """The columns that a relation's record is made of, its ends by their ids."""

    set_id: int
    uid: UUID
    version: int
    label_id: int
    source: UUID
    to_span: UUID | None
    to_relation: UUID | None
    note: str
    confidence: float | None
    guideline: int | None


# Where a column of the same name would be a number, it is what that number stands for.
SLUGS_AND_IDS = {
    "holder": "holder__slug",
    **{end: f"{end}__uid" for end in ("source", "to_span", "to_relation")},
}


def columns(row: type[SpanRow] | type[RelationRow]) -> list[str]:
    return [SLUGS_AND_IDS.get(name, name) for name in row._fields]


def span_record(span: Span, *, quote: str, scheme: Scheme) -> dict[str, Any]:
    """A span as in design.md section 6; needs its holder at hand (select_related)."""
    known = {name: getattr(span, name) for name in SpanRow._fields if name != "holder"}
    return span_said(SpanRow(**known, holder=span.holder.slug if span.holder else None), quote, scheme)


def span_said(row: SpanRow, quote: str, scheme: Scheme) -> dict[str, Any]:
    return {
        "id": str(row.uid),
        "version": row.version,
        "fragments": [list(fragment) for fragment in row.fragments],
        "start": row.start,
        "end": row.end,
        "quote": quote,
        "stance": scheme.label_slugs.get(row.stance_id) if row.stance_id else None,
        "role": scheme.label_slugs.get(row.role_id) if row.role_id else None,
        "holder": row.holder,
        "target": scheme.target_slugs.get(row.target_id) if row.target_id else None,
        "explicit": row.explicit,
        "note": row.note,
        "confidence": row.confidence,
        "guideline": row.guideline,
    }


def relation_record(relation: Relation, *, scheme: Scheme) -> dict[str, Any]:
    """A relation as in design.md section 6; needs its source and its end at hand."""
    ends: dict[str, Any] = {name: getattr(relation, name) for name in ("source", "to_span", "to_relation")}
    known = {name: getattr(relation, name) for name in RelationRow._fields if name not in ends}
    uids: dict[str, Any] = {name: mark.uid if mark else None for name, mark in ends.items()}
    row = RelationRow(**known, **uids)
    return relation_said(row, scheme)


def relation_said(row: RelationRow, scheme: Scheme) -> dict[str, Any]:
    to = {"span": str(row.to_span)} if row.to_span else {"relation": str(row.to_relation)}
    return {
        "id": str(row.uid),
        "version": row.version,
        "label": scheme.label_slugs[row.label_id],
        "from": {"span": str(row.source)},
        "to": to,
        "note": row.note,
        "confidence": row.confidence,
        "guideline": row.guideline,
    }


def comment_record(comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.uid),
        "version": comment.version,
        "author": comment.author.alias,
        "text": comment.text,
        "span": str(comment.span.uid) if comment.span else None,
        "reply_to": str(comment.reply_to.uid) if comment.reply_to else None,
        "created_at": comment.created_at.isoformat(),
    }


def document_record(document: Document, *, blind: bool) -> dict[str, Any]:
    """A document with its text. Whoever reads it is not shown its source data: an upload may bring others' labels there."""
    return {
        "id": document.pk,
        "external_id": document.external_id,
        "title": document.title,
        "text": document.text,
        "language": document.language,
        "meta": {} if blind else document.meta,
    }


def alive_spans(sets: Iterable[int]) -> Iterator[SpanRow]:
    return map(
        SpanRow._make, Span.objects.filter(set__in=sets, deleted_at=None).values_list(*columns(SpanRow))
    )


def alive_relations(sets: Iterable[int]) -> Iterator[RelationRow]:
    relations = Relation.objects.filter(set__in=sets, deleted_at=None)
    return map(RelationRow._make, relations.values_list(*columns(RelationRow)))


def alive_comments(sets: Iterable[int]) -> Any:
    comments = Comment.objects.filter(set__in=sets, deleted_at=None)
    return comments.select_related("author", "span", "reply_to").only(
        *OF_COMMENT, "author__alias", "span__uid", "reply_to__uid"
    )


def marks_of(found: AnnotationSet, *, text: str, scheme: Scheme) -> dict[str, Any]:
    """Everything that is in one set: four queries, whatever its size."""
    return gather([found], {found.document_id: text}, scheme=scheme)[found.pk]


def gather(
    sets: Iterable[AnnotationSet], texts: Mapping[int, str], *, scheme: Scheme
) -> dict[int, dict[str, Any]]:
    """The marks of many sets at once, by the set's key: four queries; `texts` by the document's key."""
    documents = {found.pk: found.document_id for found in sets}
    marks: dict[int, dict[str, Any]] = {
        key: {"spans": [], "relations": [], "document_labels": {}, "comments": []} for key in documents
    }
    for span in alive_spans(documents):
        quote = quote_of(texts[documents[span.set_id]], span.fragments)
        marks[span.set_id]["spans"].append(span_said(span, quote, scheme))
    for relation in alive_relations(documents):
        marks[relation.set_id]["relations"].append(relation_said(relation, scheme))
    answers = DocumentLabel.objects.filter(set__in=documents)
    for key, group, label in answers.values_list("set_id", "group", "label_id"):
        marks[key]["document_labels"][group] = scheme.label_slugs[label]
    for comment in alive_comments(documents):
        marks[comment.set_id]["comments"].append(comment_record(comment))
    return marks


def set_record(found: AnnotationSet, marks: Mapping[str, Any]) -> dict[str, Any]:
    """A set as it stands in the neutral record (design.md section 7); needs its membership at hand."""
    return {
        "id": found.pk,
        "annotator": found.membership.alias,
        "kind": found.kind,
        "round": found.round,
        "state": found.state,
        "submitted_at": found.submitted_at.isoformat() if found.submitted_at else None,
        "active_seconds": found.active_seconds,
        **marks,
    }


def neutral_record(
    document: Document, sets: Iterable[dict[str, Any]], *, blind: bool = False
) -> dict[str, Any]:
    """A document with its sets as in design.md section 7; without its source data for who is blind to others."""
    return {
        "id": document.external_id,
        "title": document.title,
        "text": document.text,
        "sha256": document.sha256,
        "language": document.language,
        "meta": {} if blind else document.meta,
        "sets": list(sets),
    }
