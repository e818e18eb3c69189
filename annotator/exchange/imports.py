"""Importing a file: keeping it, looking at it, taking it over."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction

from annotator.accounts.models import User
from annotator.annotations import blindness
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.exchange import aliases, sources, uploads
from annotator.exchange.models import Import
from annotator.formats import encodings
from annotator.formats.rows import Unreadable, shown
from annotator.history.events import record
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects.models import Membership, Project

OPTIONS: dict[str, type] = {
    "encoding": str, "separator": str, "quoted": bool, "text": str, "id": str, "title": str, "language": str,
    "map": dict, "add_labels": bool,
}  # fmt: skip


# An import in one of these states that nobody goes on with keeps its file for so long.
WAITING = ("received", "previewed", "failed")
KEPT = timedelta(days=30)


class File(Protocol):
    """An uploaded file: its name where it came from, and its bytes piece by piece."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def request(project: Project, file: File, kind: str, options: Mapping[str, Any], *, actor: User) -> Import:
    """Keeps the file and starts the job that looks at it; `kind` is a format or `auto`. Nothing is taken yet.

    Raises Invalid for an unknown format or option, or a file that is too large.
    """
    if kind not in ("auto", *Import.Format.values):
        raise Invalid(
            "unknown_format", f"A format is auto, {', '.join(Import.Format.values)}.", attr="format"
        )
    checked = checked_options(project, options)
    kept = uploads.keep(file.chunks())
    try:
        name = shown((file.name or "").replace("\\", "/").rsplit("/", 1)[-1])[:255] or "file"
        known = recognised(name, kept.path, kind)
        holds_sets = sources.holds_sets(kept.path, known)
        if holds_sets:
            refuse_who_reads(project, actor)
        return enter(project, name, kept, known, holds_sets, checked, actor=actor)
    except BaseException:
        uploads.drop(kept.path)
        raise


def recognised(name: str, path: str, kind: str) -> str:
    """The format: found out where nobody has said it, and where readings would be lost in it as mere columns or files.

    Raises Invalid for what is no text whatever anybody says, and for what nothing tells of.
    """
    try:
        sources.refuse_no_text(name, path, kind)
        if kind in ("jsonl", "zip"):
            return "neutral" if sources.holds_readings(path) else kind
        return sources.recognised(name, path) if kind == "auto" else kind
    except Unreadable as unreadable:
        attr = "format" if unreadable.code == "unknown_format" else "file"
        raise Invalid(unreadable.code, unreadable.detail, attr=attr) from None


def refuse_who_reads(project: Project, actor: User) -> None:
    """Raises Forbidden for who takes part: what is said of a file with readings tells what readings are here."""
    membership = Membership.objects.filter(project=project, user=actor).first()
    if membership is None or blindness.reads(membership):
        raise Forbidden("takes_part", "Readings are imported by a manager who does not take part.")


@transaction.atomic
def enter(
    project: Project,
    name: str,
    kept: uploads.Upload,
    kind: str,
    holds_sets: bool,
    options: dict[str, Any],
    *,
    actor: User,
) -> Import:
    imported = Import.objects.create(
        project=project,
        name=name,
        path=kept.path,
        size=kept.size,
        sha256=kept.sha256,
        format=kind,
        holds_sets=holds_sets,
        options=options,
        created_by=actor,
    )
    record(
        "import_received",
        f"import:{imported.pk}",
        actor_id=actor.pk,
        project_id=project.pk,
        name=name,
        sha256=kept.sha256,
    )
    return look(imported, actor=actor)


def look(imported: Import, *, actor: User) -> Import:
    """Starts the job that looks at the file."""
    imported.preview_job = running.request(
        imported.project, "import_preview", {"import": imported.pk}, actor=actor
    )
    imported.save(update_fields=["preview_job"])
    return imported


def checked_options(project: Project, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given; raises Invalid for one that is unknown or cannot be."""
    for name, value in options.items():
        if name not in OPTIONS:
            raise Invalid("unknown_key", f"There is no option {name!r}.", attr=name)
        if value is not None and type(value) is not OPTIONS[name]:
            raise Invalid("invalid", f"{name} is of another type.", attr=name)
    given = {name: value for name, value in options.items() if value is not None}
    if given.get("encoding", sources.AS_GUESSED) != sources.AS_GUESSED:
        try:
            encodings.chosen(given["encoding"])
        except Unreadable as unreadable:
            raise Invalid(unreadable.code, unreadable.detail, attr="encoding") from None
    if len(given.get("separator", ",")) != 1 or given.get("separator") in ("\n", "\r", '"', "\0"):
        raise Invalid("invalid", "A separator is one character.", attr="separator")
    mapped = given.get("map", {})
    if not all(isinstance(part, str) for pair in mapped.items() for part in pair):
        raise Invalid("invalid", "map gives an alias for a name.", attr="map")
    aliases.check_map(project, mapped)
    return given


def find(membership: Membership, key: int) -> Import:
    """The import, if the member may see it.

    Raises NotFound otherwise; Forbidden for their own with readings in it, since they have begun to take part.
    """
    found = (
        Import.objects.visible_to(membership)
        .select_related("project", "preview_job", "application_job")
        .filter(pk=key)
        .first()
    )
    if found is not None:
        return found
    if Import.objects.filter(pk=key, project=membership.project_id, created_by=membership.user_id).exists():
        raise Forbidden("takes_part", "You take part, and readings are in this file.")
    raise NotFound("not_found", "There is no such import.")


@transaction.atomic
def look_again(imported: Import, options: Mapping[str, Any], *, actor: User) -> Import:
    """Looks at the same file with other options, without a second upload; raises Conflict once it is being applied."""
    locked = lock(imported)
    if locked.holds_sets:
        refuse_who_reads(locked.project, actor)
    if locked.state in ("applying", "applied"):
        raise Conflict("import_applied", "This file has been taken over; upload it again for another look.")
    if locked.preview_job and not locked.preview_job.finished:
        raise Conflict(
            "preview_running", "The file is being looked at. Wait for the preview, or cancel its job."
        )
    locked.options = checked_options(locked.project, options)
    locked.state, locked.preview = Import.State.RECEIVED, None
    locked.save(update_fields=["options", "state", "preview"])
    return look(locked, actor=actor)


@transaction.atomic
def apply(imported: Import, *, actor: User, encoding: str | None = None) -> Import:
    """Starts taking over what was previewed; again is harmless, and goes on where a job has failed.

    Raises Conflict before there is a preview, and where the encoding is a guess that nobody has confirmed: `encoding` says
    yes, by the guess's name or by "guess".
    """
    locked = lock(imported)
    if locked.holds_sets:
        refuse_who_reads(locked.project, actor)
    job = locked.application_job
    if locked.state == "applied" or (locked.state == "applying" and job and not job.finished):
        return locked
    if locked.state not in ("previewed", "applying") or locked.preview is None:
        raise Conflict("not_previewed", "There is no preview of this file to apply.")
    confirm(locked, encoding)
    locked.state = Import.State.APPLYING
    locked.application_job = start(locked, actor=actor)
    locked.save(update_fields=["state", "application_job"])
    return locked


def lock(imported: Import) -> Import:
    Import.objects.select_for_update().only("pk").get(pk=imported.pk)
    return Import.objects.select_related("project", "preview_job", "application_job").get(pk=imported.pk)


def start(imported: Import, *, actor: User) -> Job:
    return running.request(imported.project, "import_application", {"import": imported.pk}, actor=actor)


def confirm(imported: Import, encoding: str | None) -> None:
    """Makes sure that somebody has said yes to a guessed encoding."""
    guess = (imported.preview or {}).get("encoding", {})
    if not guess.get("guess"):
        return
    if encoding not in (sources.AS_GUESSED, guess["name"]):
        detail = f"The encoding seems to be {guess['name']}. Confirm it, or preview the file with another."
        raise Conflict("encoding_unconfirmed", detail, attr="encoding")


@transaction.atomic
def discard(imported: Import, *, actor: User) -> None:
    """Forgets a file that was not taken over; raises Conflict for one that is being or has been."""
    locked = lock(imported)
    if locked.state in ("applying", "applied"):
        raise Conflict("import_applied", "This file has been taken over.")
    forget(locked, actor_id=actor.pk)


def forget(locked: Import, *, actor_id: int | None) -> None:
    record(
        "import_discarded",
        f"import:{locked.pk}",
        actor_id=actor_id,
        project_id=locked.project_id,
        name=locked.name,
    )
    path = locked.path
    locked.delete()
    transaction.on_commit(lambda: uploads.drop(path))


def tidy(now: datetime) -> int:
    """Forgets the files that nobody has looked at, applied or discarded for thirty days; answers how many."""
    since = now - KEPT
    waiting = Import.objects.filter(state__in=WAITING, created_at__lt=since)
    left = waiting.exclude(preview_job__created_at__gte=since).values_list("pk", flat=True)
    return sum(forget_if_waiting(key) for key in list(left))


@transaction.atomic
def forget_if_waiting(key: int) -> bool:
    """Forgets the import, unless somebody has begun to apply it, or has discarded it, this very moment."""
    locked = Import.objects.select_for_update().filter(pk=key, state__in=WAITING).first()
    if locked is not None:
        forget(locked, actor_id=None)
    return locked is not None
