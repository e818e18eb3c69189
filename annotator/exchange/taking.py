"""Writing what was judged into a project, in bulk: documents, then readings with all that is in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Comment, DocumentLabel, Relation, Span
from annotator.assignments.models import Assignment, Submission
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.exchange import vocabulary
from annotator.exchange.aliases import Aliases
from annotator.exchange.judging import Judged, new_document
from annotator.exchange.readings import Draft
from annotator.exchange.vocabulary import Vocabulary
from annotator.formats.rows import Problem, Reading, Row
from annotator.history.events import record
from annotator.projects.models import Membership, Project

BATCH = 2_000


def hold_seats(project: Project, chunk: Sequence[Row | Problem], aliases: Aliases) -> None:
    """Locks those whose readings these are and then their documents, so that claims wait until the readings are counted.

    In the order in which a claim locks them; a project's row, if any, comes after. Expects a transaction.
    """
    rows = [row for row in chunk if isinstance(row, Row) and row.readings]
    if not rows:
        return
    people = Membership.objects.filter(pk__in=people_in(rows, aliases)).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))
    documents = Document.objects.filter(project=project, external_id__in={row.id for row in rows})
    list(documents.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def people_in(rows: Sequence[Row], aliases: Aliases) -> list[int]:
    """The members here already whose readings or comments are in these rows."""
    names = {reading.annotator for row in rows for reading in row.readings}
    names |= {comment["author"] for row in rows for reading in row.readings for comment in reading.comments}
    found = [aliases.there(name) for name in names]
    return [member.pk for member in found if member]


def take(project: Project, judged: Judged, aliases: Aliases, *, actor: User, now: datetime) -> None:
    """Writes what was judged: documents, then readings with all that is in them. Expects a transaction."""
    new = [new_document(row) for row, is_new, _ in judged.rows if is_new]
    if new:
        texts.add(project, new, actor=actor)
    drafts = [(row, draft) for row, _, found in judged.rows for draft in found]
    if drafts:
        take_readings(project, drafts, aliases, actor=actor, now=now)


def take_readings(
    project: Project, drafts: Sequence[tuple[Row, Draft]], aliases: Aliases, *, actor: User, now: datetime
) -> None:
    names = {row.id for row, _ in drafts}
    documents = dict(
        Document.objects.filter(project=project, external_id__in=names).values_list("external_id", "pk")
    )
    known = vocabulary.of(project)
    sets = [
        new_set(
            project,
            documents[row.id],
            aliases.member(draft.reading.annotator, actor=actor),
            draft.reading,
            now,
        )
        for row, draft in drafts
    ]
    AnnotationSet.objects.bulk_create(sets, batch_size=BATCH)
    pairs = [(found, draft) for found, (_, draft) in zip(sets, drafts, strict=True)]
    spans = take_spans(pairs, known)
    take_relations(pairs, spans, known)
    take_labels(pairs, known)
    take_comments(pairs, spans, aliases, actor=actor, now=now)
    note_course(project, pairs)
    keys = [one.pk for one in sets]
    record(
        "readings_imported", f"project:{project.slug}", actor_id=actor.pk, project_id=project.pk, sets=keys
    )


def new_set(
    project: Project, document: int, member: Membership, reading: Reading, now: datetime
) -> AnnotationSet:
    submitted = moment(reading.submitted_at)
    if submitted is None and reading.state in ("submitted", "accepted"):
        submitted = now
    held = reading.kind == "human" and reading.state == "open" and member.user_id is not None
    return AnnotationSet(
        project=project,
        document_id=document,
        membership=member,
        kind=reading.kind,
        round=reading.round,
        state=reading.state,
        version=1,
        lease_until=now + timedelta(minutes=project.lease_minutes) if held else None,
        active_at=submitted,
        active_seconds=reading.active_seconds,
        submitted_at=submitted,
    )


def moment(given: str | None) -> datetime | None:
    return datetime.fromisoformat(given) if given else None


def take_spans(
    pairs: Sequence[tuple[AnnotationSet, Draft]], known: Vocabulary
) -> dict[tuple[int, UUID], Span]:
    """The new spans, by set and id."""
    spans = [
        Span(
            set=found,
            uid=span["id"],
            version=span["version"],
            fragments=[list(pair) for pair in draft.fragments[span["id"]]],
            start=draft.fragments[span["id"]][0][0],
            end=draft.fragments[span["id"]][-1][1],
            stance_id=known.labels["stance", "", span["stance"]] if span["stance"] else None,
            role_id=known.labels["role", "", span["role"]] if span["role"] else None,
            holder_id=known.holder(span["holder"], found.membership) if span["holder"] else None,
            target_id=known.targets[span["target"]] if span["target"] else None,
            explicit=span["explicit"],
            note=span["note"],
            confidence=span["confidence"],
            guideline=version_of(span, known),
        )
        for found, draft in pairs
        for span in draft.reading.spans
    ]
    Span.objects.bulk_create(spans, batch_size=BATCH)
    return {(span.set_id, span.uid): span for span in spans}


def version_of(mark: Mapping[str, Any], known: Vocabulary) -> int | None:
    """The guideline's version by which the mark was made, where the project has it."""
    version: int | None = mark["guideline"]
    return version if version in known.guidelines else None


def take_relations(
    pairs: Sequence[tuple[AnnotationSet, Draft]], spans: Mapping[tuple[int, UUID], Span], known: Vocabulary
) -> None:
    """Stores the relations, wave after wave, so that each finds the one it leads to."""
    waiting: dict[int, list[tuple[AnnotationSet, Mapping[str, Any]]]] = {}
    for found, draft in pairs:
        for relation in draft.reading.relations:
            waiting.setdefault(draft.waves[relation["id"]], []).append((found, relation))
    stored: dict[tuple[int, UUID], Relation] = {}
    for wave in sorted(waiting):
        made = [new_relation(found, one, spans, stored, known) for found, one in waiting[wave]]
        Relation.objects.bulk_create(made, batch_size=BATCH)
        stored |= {(one.set_id, one.uid): one for one in made}


def new_relation(
    found: AnnotationSet,
    relation: Mapping[str, Any],
    spans: Mapping[tuple[int, UUID], Span],
    stored: Mapping[tuple[int, UUID], Relation],
    known: Vocabulary,
) -> Relation:
    to = relation["to"]
    return Relation(
        set=found,
        uid=relation["id"],
        version=relation["version"],
        label_id=cast(int, known.labels["relation", "", relation["label"]]),
        source=spans[found.pk, relation["from"]["span"]],
        to_span=spans[found.pk, to["span"]] if "span" in to else None,
        to_relation=stored[found.pk, to["relation"]] if "relation" in to else None,
        note=relation["note"],
        confidence=relation["confidence"],
        guideline=version_of(relation, known),
    )


def take_labels(pairs: Sequence[tuple[AnnotationSet, Draft]], known: Vocabulary) -> None:
    DocumentLabel.objects.bulk_create(
        [
            DocumentLabel(set=found, group=group, label_id=cast(int, known.labels["document", group, slug]))
            for found, draft in pairs
            for group, slug in draft.reading.document_labels.items()
        ],
        batch_size=BATCH,
    )


def take_comments(
    pairs: Sequence[tuple[AnnotationSet, Draft]],
    spans: Mapping[tuple[int, UUID], Span],
    aliases: Aliases,
    *,
    actor: User,
    now: datetime,
) -> None:
    """Stores the comments; one that replies finds the one before it. Comments are few, so each is a write of its own."""
    for found, draft in pairs:
        stored: dict[UUID, Comment] = {}
        for comment in draft.reading.comments:
            stored[comment["id"]] = made = Comment.objects.create(
                set=found,
                uid=comment["id"],
                version=comment["version"],
                author=aliases.member(comment["author"], actor=actor),
                text=comment["text"],
                span=spans[found.pk, comment["span"]] if comment["span"] else None,
                reply_to=stored[comment["reply_to"]] if comment["reply_to"] else None,
            )
            # The field says "now" by itself.
            Comment.objects.filter(pk=made.pk).update(created_at=moment(comment["created_at"]) or now)


def note_course(project: Project, pairs: Sequence[tuple[AnnotationSet, Draft]]) -> None:
    """For people with a login: the assignments and submissions that their readings would have left here."""
    mine = [found for found, _ in pairs if found.kind == "human" and found.membership.user_id is not None]
    assignments = [course_of(project, found) for found in mine if found.state != "withdrawn"]
    Assignment.objects.bulk_create(assignments, batch_size=BATCH)
    Submission.objects.bulk_create(
        [
            Submission(set=found, actor=found.membership.user, at=found.submitted_at)
            for found in mine
            if found.state in ("submitted", "accepted") and found.submitted_at and found.membership.user
        ],
        batch_size=BATCH,
    )


def course_of(project: Project, found: AnnotationSet) -> Assignment:
    done = found.state in ("submitted", "accepted")
    begun = (
        found.submitted_at - timedelta(seconds=found.active_seconds) if found.submitted_at else timezone.now()
    )
    return Assignment(
        project=project,
        set=found,
        created_at=begun,
        ended_at=found.submitted_at if done else None,
        outcome="submitted" if done else "",
    )
