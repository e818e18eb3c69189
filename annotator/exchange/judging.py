"""What taking rows of a file into a project would come to, a chunk at a time.

Judging writes nothing, so that a preview and an application find the same. What a chunk costs in queries does not depend on
how many readings and marks are in it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from annotator.annotations import leases, records
from annotator.annotations.models import AnnotationSet
from annotator.documents import texts
from annotator.documents.models import Document, digest_of
from annotator.errors import Invalid
from annotator.exchange import readings
from annotator.exchange.aliases import Aliases
from annotator.exchange.readings import Draft
from annotator.exchange.vocabulary import Vocabulary
from annotator.formats.rows import Problem, Reading, Row
from annotator.projects import scheme as schemes
from annotator.projects.models import Project

LIMITS = {"id": 200, "title": 500, "language": 35}
Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Facts:
    """A document as the project has it, or an earlier row of the file; the meta as a digest, for it can be long."""

    sha256: str
    title: str
    language: str
    meta: str


@dataclass
class Memory:
    """What earlier rows of the file were: documents, and how many readers they have by now, by id; readings by their key."""

    documents: dict[str, Facts] = field(default_factory=dict)
    readings: set[Key] = field(default_factory=set)
    seats: dict[str, int] = field(default_factory=dict)


@dataclass
class Judged:
    """What a chunk comes to: rows to take, each with whether it is a new document and its drafts; problems; counts."""

    rows: list[tuple[Row, bool, list[Draft]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number


@dataclass
class Standing:
    """What the project holds already of the documents of a chunk."""

    facts: dict[str, Facts]
    documents: dict[str, int]
    readings: dict[Key, tuple[str, Mapping[str, Any]]]
    seats: Mapping[str, int]
    wanted: int


def judge(
    project: Project,
    chunk: Sequence[Row | Problem],
    known: Vocabulary,
    aliases: Aliases,
    memory: Memory | None = None,
) -> Judged:
    """What taking these rows would come to. Nothing is written.

    `memory` stands for what an application would have written by now.
    """
    memory = memory or Memory()
    judged = Judged(problems=[found for found in chunk if isinstance(found, Problem)])
    rows = [found for found in chunk if isinstance(found, Row)]
    standing = standing_of(project, rows, aliases)
    for row in rows:
        judge_row(row, standing, known, aliases, memory, judged)
    for name, number in counts_of(judged.problems).items():
        judged.count(name, number)
    for problem in judged.problems:
        count_foreign(problem, judged, taken=problem.taken)
    return judged


def count_foreign(found: Row | Problem, judged: Judged, *, taken: bool) -> None:
    """Counts the annotations of another tool in it, which stay with what is taken."""
    for held in found.held:
        judged.count("foreign_kept" if held.kept and taken else "foreign_left", held.count)


def counts_of(problems: Iterable[Problem]) -> dict[str, int]:
    return dict(Counter("remarks" if problem.taken else "not_taken" for problem in problems))


def judge_row(
    row: Row, standing: Standing, known: Vocabulary, aliases: Aliases, memory: Memory, judged: Judged
) -> None:
    facts = Facts(digest_of(row.text), row.title, row.language, meta_digest(row.meta))
    earlier = standing.facts.get(row.id) or memory.documents.get(row.id)
    try:
        check_row(row)
        if earlier is not None and earlier.sha256 != facts.sha256:
            raise Invalid("document_differs", f"{row.id!r} is already the name of another text.")
    except Invalid as refused:
        judged.problems.append(Problem(row.place, refused.code, refused.detail))
        count_foreign(row, judged, taken=False)
        for reading in row.readings:
            place = f"{row.place}, set of {reading.annotator}"
            judged.problems.append(Problem(place, "document_not_taken", "Its document was not taken."))
        return
    if earlier is not None:
        judged.problems += differences(row, facts, earlier)
    memory.documents[row.id] = earlier or facts
    drafts = [draft_of(row, reading, standing, known, aliases, memory, judged) for reading in row.readings]
    judged.rows.append((row, earlier is None, [draft for draft in drafts if draft]))
    judged.count("documents" if earlier is None else "documents_there")
    if earlier is None:
        count_foreign(row, judged, taken=True)
    if row.guessed:
        judged.count("guessed_encodings")


def differences(row: Row, facts: Facts, earlier: Facts) -> list[Problem]:
    """A remark for each thing that the row says of a document otherwise than it is known; what it does not say is none."""
    said_of_it = {"title": row.title, "language": row.language, "meta": row.meta}
    return [
        Problem(
            row.place, f"{name}_differs", f"{row.id!r} is here with another {name}, which stays.", taken=True
        )
        for name, value in said_of_it.items()
        if value and getattr(facts, name) != getattr(earlier, name)
    ]


def meta_digest(meta: Mapping[str, Any]) -> str:
    return digest_of(json.dumps(dict(meta), sort_keys=True))


def check_row(row: Row) -> None:
    """What the database could not keep."""
    for name, limit in LIMITS.items():
        if len(getattr(row, name)) > limit:
            raise Invalid(f"{name}_too_long", f"The {name} has more than {limit} characters.")
    texts.check(new_document(row))


def new_document(row: Row) -> texts.NewDocument:
    return texts.NewDocument(row.id, row.text, title=row.title, language=row.language, meta=dict(row.meta))


def draft_of(
    row: Row,
    reading: Reading,
    standing: Standing,
    known: Vocabulary,
    aliases: Aliases,
    memory: Memory,
    judged: Judged,
) -> Draft | None:
    """The reading as a draft, or None where it is there already or cannot be taken."""
    place = f"{row.place}, set of {reading.annotator}"
    try:
        key = (row.id, aliases.alias(reading.annotator), reading.kind, reading.round)
        for comment in reading.comments:
            aliases.alias(comment["author"])
        draft = readings.check(reading, row.text, known, aliases.known(reading.annotator))
        if key in memory.readings:
            raise Invalid(
                "set_repeated", f"The file has another reading of {row.id!r} by {reading.annotator} before."
            )
        if key in standing.readings:
            if same(draft, *standing.readings[key]):
                judged.count("sets_there")
                return None
            raise Invalid("set_differs", f"{key[1]} has another reading of {row.id!r} here already.")
    except Invalid as refused:
        judged.problems.append(Problem(place, refused.code, refused.detail))
        return None
    memory.readings.add(key)
    judged.count("sets")
    for name in ("spans", "relations", "comments", "document_labels"):
        judged.count(name, len(getattr(reading, name)))
    judged.problems += remarks(reading, row.id, place, standing, known, memory)
    return draft


def remarks(
    reading: Reading, document: str, place: str, standing: Standing, known: Vocabulary, memory: Memory
) -> Iterator[Problem]:
    """What somebody should know of a reading that is taken."""
    if reading.submitted_at is None and reading.state in ("submitted", "accepted"):
        detail = "It is submitted and does not say when; the time of the import is noted."
        yield Problem(place, "no_submission_time", detail, taken=True)
    versions = (
        {mark["guideline"] for mark in (*reading.spans, *reading.relations)} - known.guidelines - {None}
    )
    if versions:
        named = ", ".join(map(str, sorted(versions)))
        detail = f"It was made by the guideline's version {named}, which is not here; no version is noted."
        yield Problem(place, "unknown_guideline", detail, taken=True)
    if reading.kind == "human" and reading.round == 1 and reading.state != "withdrawn":
        # Counted once where the document is met first: an application writes between its chunks.
        readers = memory.seats.setdefault(document, standing.seats.get(document, 0)) + 1
        memory.seats[document] = readers
        if readers > standing.wanted:
            detail = f"With it {document!r} has {readers} readers; {standing.wanted} are wanted."
            yield Problem(place, "more_readers_than_wanted", detail, taken=True)


def standing_of(project: Project, rows: Sequence[Row], aliases: Aliases) -> Standing:
    """The documents of these rows that the project has, and the readings of them by those whom the rows name."""
    found = list(
        Document.objects.filter(project=project, external_id__in={row.id for row in rows}).defer("text")
    )
    documents = {one.external_id: one.pk for one in found}
    facts = {
        one.external_id: Facts(one.sha256, one.title, one.language, meta_digest(one.meta)) for one in found
    }
    wanted = project.readers_per_document
    if not documents or not any(row.readings for row in rows):
        return Standing(facts, documents, {}, {}, wanted)
    names = list(
        dict.fromkeys(reading.annotator for row in rows if row.id in documents for reading in row.readings)
    )
    standing = standing_readings(project, rows, documents, names, aliases)
    return Standing(facts, documents, standing, seats_of(documents, timezone.now()), wanted)


def seats_of(documents: Mapping[str, int], now: datetime) -> dict[str, int]:
    """How many readers these documents have, those who hold a seat included."""
    sets = AnnotationSet.objects.filter(leases.taken_seats(now), document__in=documents.values())
    counted = Counter(sets.order_by().values_list("document__external_id", flat=True))
    return dict(counted)


def standing_readings(
    project: Project,
    rows: Sequence[Row],
    documents: Mapping[str, int],
    names: Sequence[str],
    aliases: Aliases,
) -> dict[Key, tuple[str, Mapping[str, Any]]]:
    wanted = []
    for name in names:
        try:
            wanted.append(aliases.known(name))
        except Invalid:
            continue
    sets = list(
        AnnotationSet.objects.filter(
            document__in=documents.values(), membership__in=[found for found in wanted if found]
        ).select_related("membership")
    )
    by_key = {key: name for name, key in documents.items()}
    text_of = {documents[row.id]: row.text for row in rows if row.id in documents}
    marks = records.gather(sets, text_of, scheme=schemes.of(fresh(project)))
    return {
        (by_key[one.document_id], one.membership.alias, one.kind, one.round): (one.state, marks[one.pk])
        for one in sets
    }


def fresh(project: Project) -> Project:
    """The project with the present version of its scheme."""
    return Project.objects.only("pk", "scheme_version").get(pk=project.pk)


def same(draft: Draft, state: str, marks: Mapping[str, Any]) -> bool:
    """Whether the stored reading says what the draft says; ids of comments and times aside."""
    reading = draft.reading
    spans = {str(span["id"]): said(span, draft.fragments[span["id"]]) for span in reading.spans}
    stored = {span["id"]: said(span, tuple(map(tuple, span["fragments"]))) for span in marks["spans"]}
    relations = {str(one["id"]): relation_said(one) for one in reading.relations}
    return (
        state == reading.state
        and spans == stored
        and relations == {one["id"]: relation_said(one) for one in marks["relations"]}
        and dict(reading.document_labels) == marks["document_labels"]
        and {one["text"] for one in reading.comments} <= {one["text"] for one in marks["comments"]}
    )


def said(span: Mapping[str, Any], fragments: Any) -> tuple[Any, ...]:
    names = ("stance", "role", "holder", "target", "explicit", "note", "confidence")
    return (fragments, *(span[name] for name in names))


def relation_said(relation: Mapping[str, Any]) -> tuple[Any, ...]:
    [(kind, end)] = relation["to"].items()
    source = str(relation["from"]["span"])
    return (relation["label"], source, kind, str(end), relation["note"], relation["confidence"])
