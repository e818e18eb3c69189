"""The one dict of each thing, for every surface: the API, the page, the files, the agreement."""

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Relation, Span
from annotator.annotations.rules import quote_of
from annotator.documents.models import Document
from annotator.projects.scheme import Scheme

# Columns that a record needs: what is left out of a query is not read, and not put together.
OF_RELATION = ("set_id", "uid", "version", "label_id", "note", "confidence", "guideline")
OF_COMMENT = ("set_id", "uid", "version", "text", "created_at")


def span_record(span: Span, *, quote: str, scheme: Scheme) -> dict[str, Any]:
    """A span as in design.md section 6; needs its holder at hand (select_related)."""
    return {
        "id": str(span.uid),
        "version": span.version,
        "fragments": [list(fragment) for fragment in span.fragments],
        "start": span.start,
        "end": span.end,
        "quote": quote,
        "stance": scheme.label_slugs.get(span.stance_id) if span.stance_id else None,
        "role": scheme.label_slugs.get(span.role_id) if span.role_id else None,
        "holder": span.holder.slug if span.holder else None,
        "target": scheme.target_slugs.get(span.target_id) if span.target_id else None,
        "explicit": span.explicit,
        "note": span.note,
        "confidence": span.confidence,
        "guideline": span.guideline,
    }


def relation_record(relation: Relation, *, scheme: Scheme) -> dict[str, Any]:
    """A relation as in design.md section 6; needs its source and its end at hand."""
    ends: dict[str, Span | Relation | None] = {"span": relation.to_span, "relation": relation.to_relation}
    return {
        "id": str(relation.uid),
        "version": relation.version,
        "label": scheme.label_slugs[relation.label_id],
        "from": {"span": str(relation.source.uid)},
        "to": {kind: str(mark.uid) for kind, mark in ends.items() if mark},
        "note": relation.note,
        "confidence": relation.confidence,
        "guideline": relation.guideline,
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


def alive_spans(sets: Iterable[int]) -> Any:
    return Span.objects.filter(set__in=sets, deleted_at=None).select_related("holder")


def alive_relations(sets: Iterable[int]) -> Any:
    relations = Relation.objects.filter(set__in=sets, deleted_at=None)
    ends = ("source", "to_span", "to_relation")
    return relations.select_related(*ends).only(*OF_RELATION, *(f"{end}__uid" for end in ends))


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
        marks[span.set_id]["spans"].append(span_record(span, quote=quote, scheme=scheme))
    for relation in alive_relations(documents):
        marks[relation.set_id]["relations"].append(relation_record(relation, scheme=scheme))
    for label in DocumentLabel.objects.filter(set__in=documents):
        marks[label.set_id]["document_labels"][label.group] = scheme.label_slugs[label.label_id]
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
