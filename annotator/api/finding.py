"""Quick-open: projects, pages, documents and one's own readings by a few letters, from one address for all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import StrIndex
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.models import AnnotationSet
from annotator.annotations.search import LONGEST, Word, asked, stands_in
from annotator.api.door import person, query
from annotator.documents.folding import fold
from annotator.documents.models import Document
from annotator.errors import Invalid
from annotator.projects.models import Membership
from annotator.projects.pages import OF_PROJECT, OF_SITE

MOST = 12
MOST_DOCUMENTS = 8
GOES_ON = {"open": "begun by you", "returned": "returned to you"}


@dataclass(frozen=True)
class Place:
    """Somewhere to go: what it is, its name, where it belongs, its address."""

    kind: str
    title: str
    detail: str
    url: str


class PlaceAnswer(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.ChoiceField(choices=["reading", "page", "project", "document"])
    title = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField(help_text="Of the page, on this server.")


class FoundPlaces(serializers.Serializer):  # type: ignore[type-arg]
    results = PlaceAnswer(many=True)


class FindView(APIView):
    """Where the caller may go; `project`, the one they are in, comes first. Nothing here knows of readings of others."""

    @extend_schema(parameters=[OpenApiParameter("q"), OpenApiParameter("project")], responses=FoundPlaces)
    def get(self, request: Request) -> Response:
        given = query(request, {"q", "project"})
        typed = given.get("q", "")
        if len(typed) > LONGEST:
            raise Invalid("too_long", f"A search may have {LONGEST} characters.", attr="q")
        found = places(person(request), asked(typed).words, given.get("project", ""))
        return Response({"results": [asdict(place) for place in found]})


def places(user: User, words: Sequence[Word], here: str) -> list[Place]:
    """The best of all places that have every word, in three queries; without words where one may want to go next."""
    memberships = list(Membership.objects.select_related("project").filter(user=user))
    memberships.sort(key=lambda each: (each.project.slug != here, each.project.name, each.pk))
    found = [*readings(user, words), *fixed(memberships, words, here)]
    if words:
        found += documents(memberships, words, here)
        found.sort(key=lambda place: rank(place.title, words))
    return found[:MOST]


def rank(title: str, words: Sequence[Word]) -> int:
    """The title itself first, then those that begin with the first word, those in which a word does, and all others."""
    name, first = fold(title), words[0]
    if name == " ".join(word[0] for word in words):
        return 0
    if name.startswith(first):
        return 1
    return 2 if any(f" {form}" in name for form in first) else 3


def has(words: Sequence[Word], *said: str) -> bool:
    """Whether each word stands in what is said."""
    whole = fold(" ".join(said))
    return all(any(form in whole for form in word) for word in words)


def readings(user: User, words: Sequence[Word]) -> Iterator[Place]:
    """The caller's own unfinished readings, the last one first."""
    own = AnnotationSet.objects.filter(membership__user=user, kind="human", state__in=GOES_ON)
    rows = own.order_by("-active_at", "-pk").values_list(
        "pk", "state", "document__title", "document__external_id", "project__slug", "project__name"
    )
    for key, state, title, external_id, slug, name in rows[:MOST_DOCUMENTS]:
        if has(words, title, external_id, name):
            url = reverse("web:set", kwargs={"p": slug, "set_id": key})
            yield Place("reading", title or external_id, f"{GOES_ON[state]} · {name}", url)


def fixed(memberships: Sequence[Membership], words: Sequence[Word], here: str) -> Iterator[Place]:
    """Pages and projects: those of the project one is in first; the pages of others only where they are asked for."""
    for each in memberships:
        slug, name = each.project.slug, each.project.name
        for view, title, right, other in OF_PROJECT:
            wanted = has(words, title, other, name) if words else slug == here
            if wanted and may(each.role, right) and view != "web:progress":
                yield Place("page", title, name, reverse(view, kwargs={"p": slug}))
    for each in memberships:
        if has(words, each.project.name, each.project.slug):
            url = reverse("web:progress", kwargs={"p": each.project.slug})
            yield Place("project", each.project.name, f"you are {each.role}", url)
    for view, parts, title, other in OF_SITE:
        if has(words, title, other):
            yield Place("page", title, "", reverse(view, kwargs=parts))


def documents(memberships: Sequence[Membership], words: Sequence[Word], here: str) -> Iterator[Place]:
    """Documents by title and id, those of this project first, then by how early the first word stands."""
    names = {each.project_id: each.project for each in memberships if may(each.role, "see_documents")}
    found = Document.objects.filter(project__in=names)
    for word in words:
        found = found.filter(stands_in("folded__name", word))
    mine = Case(When(project__slug=here, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = found.order_by(mine, StrIndex("folded__name", Value(words[0][0])), "pk")
    for key, title, external_id, project_id in found.values_list("pk", "title", "external_id", "project")[
        :MOST_DOCUMENTS
    ]:
        project = names[project_id]
        url = reverse("web:document", kwargs={"p": project.slug, "document_id": key})
        detail = f"{external_id} · {project.name}" if title else project.name
        yield Place("document", title or external_id, detail, url)
