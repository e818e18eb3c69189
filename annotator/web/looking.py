"""What somebody looks for in the list of documents: the words and the menus of its form, from the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from annotator.accounts.roles import SETS_OF_OTHERS, may
from annotator.annotations import search, vocabulary
from annotator.annotations.models import AnnotationSet, open_to
from annotator.annotations.search import Question
from annotator.annotations.vocabulary import Vocabulary
from annotator.assignments import standing
from annotator.documents.models import Document
from annotator.projects import scheme as schemes
from annotator.projects.models import Label, Membership
from annotator.projects.scheme import Scheme
from annotator.reports.models import AgreementReport

ALL = {
    "unread": "Not read by anybody",
    "begun": "Being read",
    "unsubmitted": "No reading submitted",
    "partly": "Some readings submitted",
    "complete": "Read by all",
    "review": "Waiting for a review",
    "returned": "Returned",
    "settled": "Settled",
    "lapsed": "Stuck: begun, and the seat has lapsed",
    "skipped": "Skipped by somebody",
    "flagged": "Flagged",
}
OWN = {
    "unread": "Not read by you",
    "begun": "Begun by you",
    "complete": "Submitted by you",
    "review": "Waiting for a review",
    "returned": "Returned to you",
    "skipped": "Skipped by you",
    "flagged": "Flagged",
}
PLACES = {"everywhere": "Text and annotations", "text": "Text only", "annotations": "Annotations only"}
KINDS = {"stance": "Stance", "role": "Role", "relation": "Relation"}


@dataclass(frozen=True)
class Menu:
    """A choice of the form: (value, words, whether it is chosen), the first one does not narrow."""

    name: str
    title: str
    options: Sequence[tuple[str, str, bool]]

    @property
    def chosen(self) -> str:
        """What was chosen, in words; nothing where it does not narrow."""
        return next((words for value, words, chosen in self.options[1:] if chosen and value), "")


class Search:
    """A member's search: what was typed and chosen, and the documents that it means.

    A choice that the member may not make does not narrow: nothing is told by what comes back.
    """

    def __init__(self, given: QueryDict, membership: Membership, now: datetime) -> None:
        self.membership, self.now = membership, now
        self.given = {name: value.strip() for name, value in given.items() if isinstance(value, str)}
        self.typed = search.plain(self.given.get("q", ""))
        self.question: Question = search.asked(self.typed, self.given.get("in", ""))
        self.visible = AnnotationSet.objects.visible_to(membership)

    @cached_property
    def scheme(self) -> Scheme:
        return schemes.of(self.membership.project)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        quotations = search.quotable(self.question, self.membership.project_id)
        return vocabulary.read(
            self.membership, self.sets, words=bool(self.question.words), quotations=quotations
        )

    @cached_property
    def reader(self) -> str:
        """The one whose readings alone are searched: a member's alias, chosen by who may choose; else nothing."""
        wanted = self.given.get("by", "") if self.chooses_readers else ""
        members = Membership.objects.filter(project=self.membership.project_id)
        return wanted if wanted and wanted in members.values_list("alias", flat=True) else ""

    @property
    def chooses_readers(self) -> bool:
        return self.sees_others and may(self.membership.role, "see_members")

    @property
    def sees_others(self) -> bool:
        return SETS_OF_OTHERS[self.membership.role] != ()

    @cached_property
    def menus(self) -> list[Menu]:
        """The menus in the order of the form; those without a choice are left out."""
        words = ALL if self.sees_others else OWN
        if self.sees_others and self.membership.takes_part:
            words = words | {"unread": "Without a reading you may see"}
        so = [
            (each, words.get(each) or f"{each.partition('-')[0]} submitted")
            for each in standing.askable(self.membership)
        ]
        labels = [(label_key(label), label_words(label)) for label in self.scheme.labels]
        made = [
            self.menu("state", "State", "Any", so),
            self.menu("label", "Label", "Any", labels),
            self.menu("language", "Language", "Any", ((each, each) for each in self.vocabulary.languages)),
        ]
        if self.chooses_readers:
            people = ((each, each) for each in self.vocabulary.aliases)
            made.append(self.menu("by", "Read by", "Anybody", people))
        if may(self.membership.role, "see_agreement"):
            made.append(self.menu("differ", "Agreement", "Any", [("yes", "Readers differ")]))
        return [each for each in made if len(each.options) > 1]

    def menu(self, name: str, title: str, first: str, options: Iterable[tuple[str, str]]) -> Menu:
        wanted = self.given.get(name, "")
        offered = [("", first), *options]
        return Menu(name, title, [(value, words, value == wanted) for value, words in offered])

    def chosen(self, name: str) -> str:
        """What this menu says, where the member has it and what they chose is in it."""
        menu = next((each for each in self.menus if each.name == name), None)
        return next((value for value, _, chosen in menu.options if chosen), "") if menu else ""

    @property
    def narrowed(self) -> list[str]:
        """The choices that narrow, in words."""
        return [f"{menu.title}: {menu.chosen}" for menu in self.menus if menu.chosen]

    @property
    def places(self) -> list[tuple[str, str, bool]]:
        return [(value, words, value == self.question.place) for value, words in PLACES.items()]

    @cached_property
    def sets(self) -> QuerySet[AnnotationSet]:
        """The readings that are searched: the visible ones, or those of one reader among them."""
        return self.visible.filter(membership__alias=self.reader) if self.reader else self.visible

    def documents(self) -> QuerySet[Document]:
        """The documents that are meant, in their order."""
        found = Document.objects.filter(project=self.membership.project_id)
        if self.question.words:
            found = found.filter(search.condition(self.question, self.sets, self.scheme, self.vocabulary))
        if language := self.chosen("language"):
            found = found.filter(language=language)
        if label := self.label():
            found = found.filter(search.labelled(label, self.sets))
        elif self.reader:
            found = found.filter(pk__in=self.sets.order_by().values("document"))
        if self.chosen("differ"):
            found = found.filter(self.differing())
        if so := self.chosen("state"):
            sets = self.sets if so in standing.OF_ONE_READING else self.visible
            found = found.filter(standing.condition(so, sets, membership=self.membership, now=self.now))
        return found.order_by("pk")

    def label(self) -> Label | None:
        wanted = self.chosen("label")
        return next((each for each in self.scheme.labels if wanted and label_key(each) == wanted), None)

    def differing(self) -> Q:
        """Where the newest report found differences, of the documents to whose readings the member is not blind."""
        reports = AgreementReport.objects.filter(project=self.membership.project_id)
        report = reports.exclude(details=None).only("details").first()
        rows = report.details["documents"] if report and report.details else ()
        differ = [row["id"] for row in rows if any(row["differences"].values())]
        return open_to(self.membership) & search.among("external_id", differ)

    def query(self, **other: str | int) -> str:
        """The address's query for this search, with something else in it."""
        names = ("q", "in", *(menu.name for menu in self.menus))
        kept = {name: self.given[name] for name in names if self.given.get(name)}
        return urlencode(kept | other)


def label_key(label: Label) -> str:
    return f"{label.group or label.kind}:{label.slug}"


def label_words(label: Label) -> str:
    return f"{label.group.capitalize() if label.group else KINDS[label.kind]}: {label.name}"
