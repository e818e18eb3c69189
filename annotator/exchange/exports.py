"""Exporting a project's documents and readings: by a job, streamed, with counts and a digest."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.accounts.roles import SEES_USERNAMES, may
from annotator.annotations import records
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.errors import Forbidden, Invalid, NotFound
from annotator.exchange.schemes import scheme_json
from annotator.exchange.uploads import full
from annotator.exchange.writers import WRITERS, Writer
from annotator.jobs import running
from annotator.jobs.attempts import Attempt
from annotator.jobs.handlers import handler
from annotator.jobs.models import Job
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership, Project

FOLDER = "exports"
CHUNK_DOCUMENTS = 100
CHUNK_CHARACTERS = 4_000_000
# SQLite takes at most 32,766 values in a query.
CHUNK_SETS = 20_000
MOST_CHOSEN = 10_000
CHOICES = {
    "format": tuple(WRITERS),
    "sets": ("all", "submitted", "gold"),
    "names": ("alias", "username"),
}
DEFAULTS = {"format": "jsonl", "sets": "submitted", "names": "alias"}


def request(project: Project, given: Mapping[str, Any], *, actor: User) -> Job:
    """The job that writes the export; `given` has format, sets, names, and `only` (ids of sets) where some were chosen.

    Raises Invalid for a choice there is not, Forbidden for usernames where the role knows aliases only.
    """
    membership = membership_of(project, actor)
    chosen = {**DEFAULTS, **{name: value for name, value in given.items() if value is not None}}
    for name, value in chosen.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise Invalid("invalid_choice", f"{name} is one of {', '.join(CHOICES[name])}.", attr=name)
        if name not in (*CHOICES, "only"):
            raise Invalid("unknown_key", f"There is no choice {name!r}.", attr=name)
    refuse_bad_choice(chosen.get("only"))
    refuse_without_right(membership, chosen)
    return running.request(project, "export", chosen, actor=actor)


def refuse_bad_choice(only: Any) -> None:
    if only is not None and (not isinstance(only, list) or not all(type(key) is int for key in only)):
        raise Invalid("invalid", "only is a list of numbers of sets.", attr="only")
    if only is not None and len(only) > MOST_CHOSEN:
        raise Invalid("too_many", f"At most {MOST_CHOSEN:,} sets can be chosen one by one.", attr="only")


def membership_of(project: Project, actor: User) -> Membership:
    membership = Membership.objects.select_related("project").filter(project=project, user=actor).first()
    if membership is None:
        raise NotFound("not_found", "There is no such project.")
    return membership


def refuse_without_right(membership: Membership, chosen: Mapping[str, Any]) -> None:
    if not may(membership.role, "export"):
        raise Forbidden("no_right", f"As {membership.role} you may not export.")
    if chosen["names"] == "username" and membership.role not in SEES_USERNAMES:
        raise Forbidden("no_usernames", "Your role knows members by alias.", attr="names")


@handler("export")
def export(attempt: Attempt) -> dict[str, Any]:
    """Writes the file under a name of its own, and gives it its final one once it is whole."""
    chosen = attempt.job.parameters
    # The requester's rights as they are now: they may have changed while the job waited.
    membership = membership_of(attempt.job.project, attempt.job.created_by)
    refuse_without_right(membership, chosen)
    path = f"{FOLDER}/{attempt.job.pk}.{WRITERS[chosen['format']].suffix}"
    part = full(f"{path}.{attempt.token.hex}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    forget_earlier_attempts(part)
    try:
        with part.open("wb") as file:
            writer = WRITERS[chosen["format"]](file)
            try:
                write(attempt, membership, chosen, writer)
            except BaseException:
                writer.abandon()
                raise
            file.flush()
            os.fsync(file.fileno())
        measured = measure(part)
        with transaction.atomic():
            attempt.lock()
            part.replace(full(path))
            Job.objects.filter(pk=attempt.job.pk).update(file=path)
    finally:
        part.unlink(missing_ok=True)
    return {
        **writer.counts,
        **measured,
        "left_out": writer.left_out(),
        "file_name": f"{membership.project.slug}-{chosen['sets']}.{writer.suffix}",
        "others": writer.others,
        "takes_part": membership.takes_part,
        "role": membership.role,
    }


def forget_earlier_attempts(part: Path) -> None:
    """Deletes what attempts at the same job left behind when they were killed; one that still lives has lost the job."""
    for left in part.parent.glob(f"{part.name.split('.')[0]}.*.part"):
        left.unlink(missing_ok=True)


def measure(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def write(attempt: Attempt, membership: Membership, chosen: Mapping[str, Any], writer: Writer) -> None:
    """Sends every document with the chosen readings through the writer; a constant number of queries a chunk."""
    names = names_of(membership.project, chosen["names"])
    documents = chosen_documents(membership, chosen)
    total = documents.count()
    for chunk in chunks(documents):
        attempt.tell(0.98 * writer.counts["documents"] / max(total, 1))
        with snapshot():
            for record, own in chunk_records(chunk, membership, chosen, names):
                writer.add(record)
                writer.others = writer.others or not own
    aliases = [alias for alias, name in names.items() if name in writer.annotators]
    usernames = names if chosen["names"] == "username" else None
    writer.close(scheme_json(membership, aliases, writer.holders, usernames=usernames))


def chosen_documents(membership: Membership, chosen: Mapping[str, Any]) -> QuerySet[Document]:
    """All documents of the project, or those of the readings that were chosen one by one."""
    documents = Document.objects.filter(project=membership.project_id)
    if chosen.get("only") is None:
        return documents
    sets = chosen_sets(membership, chosen)
    return documents.filter(pk__in=sets.values("document"))


def chunks(documents: QuerySet[Document]) -> Iterator[list[int]]:
    """The keys of the documents in their order, up to a hundred at a time, fewer where they are long."""
    last = 0
    while rows := list(
        documents.filter(pk__gt=last).order_by("pk").values_list("pk", "length")[:CHUNK_DOCUMENTS]
    ):
        chunk: list[int] = []
        characters = 0
        for key, length in rows:
            if chunk and characters + length > CHUNK_CHARACTERS:
                yield chunk
                chunk, characters = [], 0
            chunk.append(key)
            characters += length
        yield chunk
        last = rows[-1][0]


@contextmanager
def snapshot() -> Iterator[None]:
    """One look at the database: no span appears between the reading of spans and that of relations.

    A chunk is one look; over a whole export other people go on working. SQLite's transactions are such looks by themselves.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def chunk_records(
    keys: Sequence[int], membership: Membership, chosen: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[tuple[dict[str, Any], bool]]:
    """The neutral records of these documents, each with whether all its readings are the requester's own."""
    documents = list(Document.objects.filter(pk__in=keys).order_by("pk"))
    texts = {document.pk: document.text for document in documents}
    sets = list(
        chosen_sets(membership, chosen).filter(document__in=keys).select_related("membership").order_by("pk")
    )
    scheme = schemes.of(Project.objects.only("pk", "scheme_version").get(pk=membership.project_id))
    marks: dict[int, dict[str, Any]] = {}
    for start in range(0, len(sets), CHUNK_SETS):
        marks |= records.gather(sets[start : start + CHUNK_SETS], texts, scheme=scheme)
    by_document: dict[int, list[AnnotationSet]] = {}
    for found in sets:
        by_document.setdefault(found.document_id, []).append(found)
    for document in documents:
        mine = by_document.get(document.pk, [])
        found_records = [named(records.set_record(found, marks[found.pk]), names) for found in mine]
        own = all(found.membership_id == membership.pk for found in mine)
        yield records.neutral_record(document, found_records, blind=membership.takes_part), own


def chosen_sets(membership: Membership, chosen: Mapping[str, Any]) -> QuerySet[AnnotationSet]:
    """The readings the requester may see, of those they asked for."""
    sets = AnnotationSet.objects.visible_to(membership)
    if chosen["sets"] == "submitted":
        sets = sets.readings()
    elif chosen["sets"] == "gold":
        sets = sets.filter(kind="gold")
    if chosen.get("only") is not None:
        sets = sets.filter(pk__in=chosen["only"])
    return sets


def names_of(project: Project, which: str) -> dict[str, str]:
    """What each alias is called in the file; a username that is somebody else's alias keeps its alias beside it."""
    members = list(Membership.objects.filter(project=project).select_related("user"))
    if which == "alias":
        return {found.alias: found.alias for found in members}
    aliases = {found.alias for found in members}
    called = {}
    for found in members:
        username = found.user.username if found.user else found.alias
        clash = username in aliases and username != found.alias
        called[found.alias] = f"{username} ({found.alias})" if clash else username
    return called


def named(record: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The set's record with its people called as the export calls them."""
    record["annotator"] = names[record["annotator"]]
    record["comments"] = [{**comment, "author": names[comment["author"]]} for comment in record["comments"]]
    return record


def downloadable(job: Job, membership: Membership) -> bool:
    """Whether this member may have the export's file now: who asked for it, or a manager who is blind to nothing.

    Who asked for it has lost it where they have since been given a role that sees less, or have begun to take part.
    """
    result = job.result or {}
    if job.created_by_id == membership.user_id:
        same = result.get("role") == membership.role and (
            result.get("takes_part") or not membership.takes_part
        )
        return not result.get("others") or bool(same)
    if membership.role != "manager" or membership.takes_part:
        return False
    every = AnnotationSet.objects.filter(project=membership.project_id)
    return not every.exclude(pk__in=AnnotationSet.objects.visible_to(membership).values("pk")).exists()
