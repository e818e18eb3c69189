"""Documents: the list, adding one or many, one with its text."""

from functools import partial
from typing import Any, ClassVar

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.annotations import search, vocabulary
from annotator.annotations.blindness import reads, refuse_who_reads
from annotator.annotations.models import AnnotationSet
from annotator.annotations.records import document_record
from annotator.api import answers
from annotator.api.door import ProjectView, person, query
from annotator.api.fields import Strict, StrictChar
from annotator.api.paging import Cursor
from annotator.assignments import queue
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.errors import Invalid, NotFound
from annotator.projects import scheme as schemes

MOST_AT_ONCE = 5_000


class DocumentBody(Strict):
    external_id = StrictChar(max_length=200)
    text = StrictChar(max_length=texts.LONGEST)
    title = StrictChar(allow_blank=True, default="", max_length=500)
    language = StrictChar(allow_blank=True, default="", max_length=35)
    meta = serializers.DictField(default=dict)


class DocumentsView(ProjectView):
    """The project's texts; POST takes one object or a list, all or none."""

    rights: ClassVar = {"GET": "see_documents", "POST": "add_documents"}

    @extend_schema(
        parameters=[OpenApiParameter("q"), OpenApiParameter("in", enum=search.PLACES)],
        responses=answers.stretch(answers.DocumentRow),
    )
    def get(self, request: Request, p: str) -> Response:
        given = query(request, {"q", "in"})
        rows = Document.objects.filter(project=self.project).defer("text")
        if words := given.get("q"):
            rows = rows.filter(self.found(words, given.get("in", search.PLACES[0])))
        return self.paged(
            request, rows.order_by("id"), partial(row_record, blind=reads(self.membership)), Cursor()
        )

    def found(self, typed: str, place: str) -> Q:
        """The documents that have all the words, in what the caller may see of them."""
        if len(typed) > search.LONGEST:
            raise Invalid("too_long", f"A search may have {search.LONGEST} characters.", attr="q")
        if place not in search.PLACES:
            raise Invalid("invalid_choice", f"in is one of {', '.join(search.PLACES)}.", attr="in")
        question = search.asked(typed, place)
        if question.left_out:
            raise Invalid(
                "too_many_words", f"A search may have {search.MOST_WORDS} words and phrases.", attr="q"
            )
        sets = AnnotationSet.objects.visible_to(self.membership)
        quotations = search.quotable(question, self.project.pk)
        known = vocabulary.read(self.membership, sets, words=True, quotations=quotations)
        return search.condition(question, sets, schemes.of(self.project), known)

    @extend_schema(
        request=answers.one_or_more(DocumentBody),
        responses={
            200: answers.one_or_more(answers.DocumentRow),
            201: answers.one_or_more(answers.DocumentRow),
        },
    )
    def post(self, request: Request, p: str) -> Response:
        several = isinstance(request.data, list)
        limit: Any = {"max_length": MOST_AT_ONCE} if several else {}
        checked = DocumentBody(data=request.data, many=several, **limit)
        checked.is_valid(raise_exception=True)
        given = checked.validated_data if several else [checked.validated_data]
        added = texts.add(self.project, [new_document(one) for one in given], actor=person(request))
        blind = reads(self.membership)
        records = [row_record(document, blind=blind) for document, _ in added]
        status = 201 if any(created for _, created in added) else 200
        return Response(records if several else records[0], status=status)


def new_document(given: dict[str, Any]) -> texts.NewDocument:
    """The document of a body; a leading byte order mark is no part of its text (promise 1)."""
    return texts.NewDocument(**{**given, "text": given["text"].removeprefix("\ufeff")})


def row_record(document: Document, *, blind: bool) -> dict[str, Any]:
    """A document without its text; whoever reads is not shown its source data, where others' labels may stand."""
    names = ("external_id", "title", "language", "length", "sha256", "created_at")
    record = {"id": document.pk, **{name: getattr(document, name) for name in names}}
    return {**record, "meta": {} if blind else document.meta}


class DocumentView(ProjectView):
    """One text; DELETE takes out one that nobody has read."""

    rights: ClassVar = {"GET": "see_documents", "DELETE": "add_documents"}

    def find(self, key: int) -> Document:
        document = Document.objects.filter(project=self.project, pk=key).first()
        if document is None:
            raise NotFound("not_found", "There is no such document.")
        return document

    @extend_schema(responses=answers.Document)
    def get(self, request: Request, p: str, document_id: int) -> Response:
        document, blind = self.find(document_id), reads(self.membership)
        return Response({**row_record(document, blind=blind), **document_record(document, blind=blind)})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, document_id: int) -> Response:
        document = self.find(document_id)
        refuse_who_reads(self.membership)
        texts.remove(document, actor=person(request))
        return Response(status=204)


class RecusalView(DocumentView):
    """PUT gives up the caller's own reading of the document, to look at those of others."""

    rights: ClassVar = {"PUT": "review"}
    http_method_names = ["put", "options"]

    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, p: str, document_id: int) -> Response:
        queue.recuse(self.membership, self.find(document_id))
        return Response(status=204)
