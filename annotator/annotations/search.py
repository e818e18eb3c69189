"""Finding documents by what stands in them and in the readings that the one who asks may see (design, promise 4).

Nothing here looks at a reading that is not among the sets it is given, and nothing is recorded: what is found by searching
was visible already, and whoever begins to take part gives up all that was, what is reopened or returned by then included
(decision 3).
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from annotator.annotations.models import AnnotationSet, DocumentLabel, Relation, Span
from annotator.annotations.vocabulary import Vocabulary
from annotator.documents.folding import fold, forms
from annotator.documents.models import FoldedText
from annotator.projects.models import Label
from annotator.projects.scheme import Scheme

LONGEST = 200
MOST_WORDS = 8
PHRASE = re.compile(r'"([^"]*)"?|([^\s"]+)')
PLACES = ("everywhere", "text", "annotations")

Word = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """The words that must all be found, each in the forms it may stand in, and where; with those that were too many."""

    words: tuple[Word, ...]
    place: str = "everywhere"
    left_out: tuple[str, ...] = ()

    @property
    def in_text(self) -> bool:
        return self.place != "annotations"

    @property
    def in_annotations(self) -> bool:
        return self.place != "text"


def asked(typed: str, place: str = "everywhere") -> Question:
    """The question somebody typed: words, and phrases between quotation marks."""
    found = [" ".join((phrase or word).split()) for phrase, word in PHRASE.findall(plain(typed))]
    words = [each for each in dict.fromkeys(found) if each]
    kept = tuple(tuple(forms(each)) for each in words[:MOST_WORDS])
    return Question(kept, place if place in PLACES else PLACES[0], tuple(words[MOST_WORDS:]))


def plain(typed: str) -> str:
    """What was typed with straight quotation marks, and no more of it than anybody types."""
    marks = {ord(each): '"' for each in "“”„«»"}
    return typed.replace("\0", "")[:LONGEST].translate(marks)


@dataclass(frozen=True)
class Named:
    """Which labels of which kind, and which holders, a word names: by key."""

    labels: Mapping[str, frozenset[int]]
    holders: frozenset[int] = frozenset()

    def has(self, label: int) -> bool:
        return any(label in keys for keys in self.labels.values())


def named(word: Word, scheme: Scheme, vocabulary: Vocabulary) -> Named:
    """Labels by the beginning of their name or slug; holders by the beginning of any word of theirs."""
    found: dict[str, set[int]] = {}
    for label in scheme.labels:
        if begins(word, label.name) or begins(word, label.slug):
            found.setdefault(label.kind, set()).add(label.pk)
    holders = (key for key, name in vocabulary.holders if any(f" {form}" in f" {name}" for form in word))
    return Named({kind: frozenset(keys) for kind, keys in found.items()}, frozenset(holders))


def begins(word: Word, name: str) -> bool:
    return fold(name).startswith(word)


def condition(question: Question, sets: QuerySet[AnnotationSet], scheme: Scheme, vocabulary: Vocabulary) -> Q:
    """The documents that have every word somewhere, as a condition on Document."""
    quoting = quoted(question, vocabulary) if question.place == "annotations" else {}
    told = Q()
    for word in question.words:
        ways = []
        if question.in_text:
            ways += [stands_in("folded__name", word), stands_in("folded__text", word)]
        if question.in_annotations:
            ways += marked(named(word, scheme, vocabulary), sets)
            ways.append(among("pk", vocabulary.documents_saying(word) | quoting.get(word, set())))
        told &= reduce(or_, ways)
    return told


class Among(Func):
    """Whether a value is one of a JSON list's: one parameter, where a database takes only so many."""

    arity = 2
    output_field = BooleanField()
    arg_joiner = " IN (SELECT value FROM json_each("
    template = "%(expressions)s))"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        joiner = " AS text) IN (SELECT jsonb_array_elements_text(CAST("
        template = "CAST(%(expressions)s AS jsonb)))"
        return self.as_sql(compiler, connection, arg_joiner=joiner, template=template, **context)


def among(field: str, values: Collection[int] | Collection[str]) -> Q:
    """That the field has one of these values, however many they are."""
    return Q(Among(F(field), Value(json.dumps(list(values))))) if values else Q(pk__in=())


def quoted(question: Question, vocabulary: Vocabulary) -> dict[Word, set[int]]:
    """The documents in which a span of one piece quotes each word; those of several are among the vocabulary's sayings.

    Here and not in the database, which would unpack a text once for each of its spans.
    """
    found: dict[Word, set[int]] = {word: set() for word in question.words}
    hulls = vocabulary.hulls
    texts = having(question, vocabulary.project).values_list("pk", "text")
    for key, text in texts.iterator(200):
        for word in question.words:
            if any(text.find(form, start, end) >= 0 for form in word for start, end in hulls.get(key, ())):
                found[word].add(key)
    return found


def quotable(question: Question, project: int) -> QuerySet[FoldedText] | None:
    """The texts whose spans are to be known for the question; None where it does not ask for quotations by themselves."""
    return having(question, project) if question.words and question.place == "annotations" else None


def having(question: Question, project: int) -> QuerySet[FoldedText]:
    """The texts in which any of the words stands."""
    texts = FoldedText.objects.filter(document__project=project)
    return texts.filter(reduce(or_, (stands_in("text", word) for word in question.words)))


def stands_in(field: str, word: Word) -> Q:
    """That a folded text holds one of the word's forms."""
    return reduce(or_, (Q(GreaterThan(StrIndex(F(field), Value(form)), 0)) for form in word))


def marked(names: Named, sets: QuerySet[AnnotationSet]) -> list[Q]:
    """Where a label of that name was given, or a holder of that name holds a stance."""
    within = Q(set__in=sets.order_by().values("pk"))
    fields = {"stance": names.labels.get("stance"), "role": names.labels.get("role"), "holder": names.holders}
    of_span = [Q(**{f"{field}__in": wanted}) for field, wanted in fields.items() if wanted]
    rows: list[QuerySet[Any]] = []
    if of_span:
        rows.append(Span.objects.filter(within, reduce(or_, of_span), deleted_at=None))
    if relations := names.labels.get("relation"):
        rows.append(Relation.objects.filter(within, label__in=relations, deleted_at=None))
    if answers := names.labels.get("document"):
        rows.append(DocumentLabel.objects.filter(within, label__in=answers))
    return [Q(pk__in=found.order_by().values("set__document")) for found in rows]


def labelled(label: Label, sets: QuerySet[AnnotationSet]) -> Q:
    """The documents on which this label was given in one of the sets."""
    return reduce(or_, marked(Named({label.kind: frozenset([label.pk])}), sets))


def places_of(words: Iterable[Word], folded: str) -> list[tuple[int, int]]:
    """Where the words stand in a folded text, in order and without overlaps."""
    alternatives = sorted((form for word in words for form in word), key=len, reverse=True)
    if not alternatives:
        return []
    return [match.span() for match in re.finditer("|".join(map(re.escape, alternatives)), folded)]
