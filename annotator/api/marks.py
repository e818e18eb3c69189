"""Spans, relations, comments and document labels of one reading."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.annotations import comments, document_labels, relations, rules, spans
from annotator.annotations.marks import Deleted, Put
from annotator.annotations.sets import Address
from annotator.api import answers
from annotator.api.door import body, expected, person, query
from annotator.api.fields import (
    FragmentsField,
    Strict,
    StrictBoolean,
    StrictChar,
    StrictFloat,
    StrictInteger,
    StrictUUID,
)
from annotator.errors import Invalid

NOTE = {"allow_blank": True, "default": "", "max_length": rules.LONGEST_NOTE}
SLUG = {"allow_null": True, "default": None, "max_length": 80}
#: {question: slug or null}, which no serializer class says.
ANSWERS = {"application/json": {"type": "object", "additionalProperties": {"type": ["string", "null"]}}}
RESTORE = OpenApiParameter("restore", bool, description="1 brings a deleted object back.")


class SpanBody(Strict):
    fragments = FragmentsField(required=False, max_length=rules.MOST_FRAGMENTS)
    start = StrictInteger(required=False)
    end = StrictInteger(required=False)
    stance = StrictChar(**SLUG)
    role = StrictChar(**SLUG)
    holder = StrictChar(**SLUG)
    target = StrictChar(**SLUG)
    explicit = StrictBoolean(allow_null=True, default=None)
    note = StrictChar(**NOTE)
    confidence = StrictFloat(allow_null=True, default=None)
    quote = StrictChar(required=False, allow_blank=True)
    id = StrictUUID(required=False)
    version = StrictInteger(required=False)
    guideline = StrictInteger(required=False, allow_null=True)


class RelationEnd(Strict):
    span = StrictUUID(required=False)
    relation = StrictUUID(required=False)


class RelationBody(Strict):
    label = StrictChar(max_length=80)  # type: ignore[assignment]
    to = RelationEnd()
    note = StrictChar(**NOTE)
    confidence = StrictFloat(allow_null=True, default=None)
    id = StrictUUID(required=False)
    version = StrictInteger(required=False)
    guideline = StrictInteger(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": RelationEnd()}


class CommentBody(Strict):
    text = StrictChar(max_length=rules.LONGEST_NOTE)
    span = StrictUUID(allow_null=True, default=None)
    reply_to = StrictUUID(allow_null=True, default=None)
    id = StrictUUID(required=False)
    version = StrictInteger(required=False)
    author = StrictChar(required=False)
    created_at = StrictChar(required=False)


class DocumentLabelsBody(serializers.DictField):
    child = StrictChar(allow_null=True, max_length=80)


def refuse_other_id(given: dict[str, Any], uid: UUID) -> None:
    if given.get("id", uid) != uid:
        raise Invalid("id_mismatch", "The id in the body is not the one in the address.", attr="id")


def span_draft(given: dict[str, Any]) -> rules.SpanDraft:
    fragments = rules.fragments_of(given.get("fragments"), given.get("start"), given.get("end"))
    names = ("stance", "role", "holder", "target", "explicit", "note", "confidence")
    return rules.SpanDraft(fragments, **{name: given[name] for name in names}, quote=given.get("quote"))


def relation_draft(given: dict[str, Any]) -> rules.RelationDraft:
    source, to = given["from"], given["to"]
    if set(source) != {"span"}:
        raise Invalid("bad_end", "A relation comes from a span.", attr="from")
    if len(to) != 1:
        raise Invalid("bad_end", "A relation goes to one span or to one relation.", attr="to")
    return rules.RelationDraft(
        label=given["label"],
        source=source["span"],
        to_span=to.get("span"),
        to_relation=to.get("relation"),
        note=given["note"],
        confidence=given["confidence"],
    )


def answer_put(put: Put, *, version: int | None = None) -> Response:
    """The object as it is, with the set's version and, as its tag, its own (or the one given)."""
    own = put.record["version"] if version is None else version
    headers = {"X-Set-Version": str(put.set_version), "ETag": f'"{own}"'}
    return Response(put.record, status=201 if put.created else 200, headers=headers)


def answer_deleted(deleted: Deleted) -> Response:
    gone = {"spans": deleted.spans, "relations": deleted.relations}
    return Response({"deleted": gone}, headers={"X-Set-Version": str(deleted.set_version)})


def restoring(request: Request) -> bool:
    given = query(request, {"restore"}).get("restore", "0").lower()
    if given not in ("0", "1", "false", "true"):
        raise Invalid("invalid", "restore is 1 or 0.", attr="restore")
    return given in ("1", "true")


class SpanView(APIView):
    """PUT creates, replaces or repeats a span; DELETE takes its relations along."""

    @extend_schema(request=SpanBody, responses={200: answers.Span, 201: answers.Span}, parameters=[RESTORE])
    def put(self, request: Request, p: str, set_id: int, uid: UUID) -> Response:
        given = body(request, SpanBody)
        refuse_other_id(given, uid)
        put = spans.put(
            Address(p, set_id),
            uid,
            span_draft(given),
            actor=person(request),
            now=timezone.now(),
            expected=expected(request),
            restore=restoring(request),
        )
        return answer_put(put)

    @extend_schema(responses={200: answers.Deleted})
    def delete(self, request: Request, p: str, set_id: int, uid: UUID) -> Response:
        deleted = spans.delete(
            Address(p, set_id), uid, actor=person(request), now=timezone.now(), expected=expected(request)
        )
        return answer_deleted(deleted)


class RelationView(APIView):
    """PUT creates, replaces or repeats a relation; DELETE takes those along that lead to it."""

    @extend_schema(
        request=RelationBody, responses={200: answers.Relation, 201: answers.Relation}, parameters=[RESTORE]
    )
    def put(self, request: Request, p: str, set_id: int, uid: UUID) -> Response:
        given = body(request, RelationBody)
        refuse_other_id(given, uid)
        put = relations.put(
            Address(p, set_id),
            uid,
            relation_draft(given),
            actor=person(request),
            now=timezone.now(),
            expected=expected(request),
            restore=restoring(request),
        )
        return answer_put(put)

    @extend_schema(responses={200: answers.Deleted})
    def delete(self, request: Request, p: str, set_id: int, uid: UUID) -> Response:
        deleted = relations.delete(
            Address(p, set_id), uid, actor=person(request), now=timezone.now(), expected=expected(request)
        )
        return answer_deleted(deleted)


class CommentView(APIView):
    """PUT creates or changes one's own comment; DELETE takes it away."""

    @extend_schema(
        request=CommentBody, responses={200: answers.Comment, 201: answers.Comment}, parameters=[RESTORE]
    )
    def put(self, request: Request, p: str, set_id: int, uid: UUID) -> Response:
        given = body(request, CommentBody)
        refuse_other_id(given, uid)
        draft = rules.CommentDraft(given["text"], given["span"], given["reply_to"])
        put = comments.put(
            Address(p, set_id),
            uid,
            draft,
            actor=person(request),
            now=timezone.now(),
            expected=expected(request),
            restore=restoring(request),
        )
        return answer_put(put)

    @extend_schema(responses={200: answers.Deleted})
    def delete(self, request: Request, p: str, set_id: int, uid: UUID) -> Response:
        return answer_deleted(
            comments.delete(
                Address(p, set_id), uid, actor=person(request), now=timezone.now(), expected=expected(request)
            )
        )


class DocumentLabelsView(APIView):
    """PUT replaces the answers to the questions on the whole document: {group: slug or null}."""

    @extend_schema(request=ANSWERS, responses={(200, "application/json"): ANSWERS["application/json"]})
    def put(self, request: Request, p: str, set_id: int) -> Response:
        given = DocumentLabelsBody().run_validation(request.data)
        put = document_labels.put(
            Address(p, set_id), given, actor=person(request), now=timezone.now(), expected=expected(request)
        )
        return answer_put(put, version=put.set_version)
