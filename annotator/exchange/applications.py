"""Taking over what was previewed, chunk by chunk; each chunk takes effect once, whatever happens to the job."""

from collections import Counter
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.errors import Forbidden, Invalid
from annotator.exchange import imports, judging, previews, sources, taking, uploads, vocabulary
from annotator.exchange.aliases import Aliases
from annotator.exchange.models import Import, ImportProblem
from annotator.formats.rows import Problem, Row, Unreadable
from annotator.history.events import record
from annotator.jobs.attempts import Attempt
from annotator.jobs.handlers import handler
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership, Project


@handler("import_application")
def apply(attempt: Attempt) -> dict[str, Any]:
    """Takes the file's rows from where an earlier attempt has stopped; the result says what was taken and what not."""
    imported = Import.objects.select_related("project").get(pk=attempt.job.parameters["import"])
    if imported.state == Import.State.APPLIED:
        let_go(imported)
        return result_of(imported)
    actor = attempt.job.created_by
    manager(imported.project, actor)
    if imported.holds_sets:
        imports.refuse_who_reads(imported.project, actor)
    memory = judging.Memory()
    aliases = Aliases(imported.project, imported.options.get("map") or {}, assigned_in(imported))
    try:
        with sources.opened(imported) as source:
            if imported.cursor == 0:
                take_scheme(attempt, imported, source.scheme, actor=actor)
            for chunk in previews.chunks(islice(source.rows, imported.cursor, None)):
                attempt.tell(source.share() * 0.99)
                take_chunk(attempt, imported, chunk, aliases, memory, actor=actor, now=timezone.now())
    except Unreadable as unreadable:
        raise Invalid(unreadable.code, unreadable.detail, attr="file") from None
    finish(attempt, imported, actor=actor)
    return result_of(imported)


def assigned_in(imported: Import) -> dict[str, str]:
    """Who each name was said to become when the manager saw the preview."""
    return {
        row["name"]: row["alias"]
        for row in (imported.preview or {}).get("annotators", ())
        if not row["mapped"]
    }


@transaction.atomic
def take_scheme(attempt: Attempt, imported: Import, scheme: Any, *, actor: User) -> None:
    """Notes in what the bundle's scheme differs, and adds what the project has not where that was asked for.

    Again comes to the same: it is done until the first chunk has been taken.
    """
    attempt.lock()
    project = imported.project
    added = vocabulary.additions(project, scheme)
    problems = added.problems
    if imported.options.get("add_labels"):
        problems = vocabulary.extend(project, added, membership=manager(project, actor), actor=actor)
    ImportProblem.objects.filter(imported=imported, phase="application", place="scheme.json").delete()
    previews.keep(imported, "application", problems)
    imported.counts = judging.counts_of(problems)
    Import.objects.filter(pk=imported.pk).update(counts=imported.counts)
    project.refresh_from_db()


def manager(project: Project, actor: User) -> Membership:
    """The membership of who asked for the import, who may still do so."""
    membership = Membership.objects.select_related("project").filter(project=project, user=actor).first()
    if membership is None or not may(membership.role, "import"):
        raise Forbidden("no_right", "Who asked for this import may not import any more.")
    return membership


@transaction.atomic
def take_chunk(
    attempt: Attempt,
    imported: Import,
    chunk: list[Row | Problem],
    aliases: Aliases,
    memory: judging.Memory,
    *,
    actor: User,
    now: datetime,
) -> None:
    """Takes these rows and moves the cursor behind them: both or neither."""
    attempt.lock()
    taking.hold_seats(imported.project, chunk, aliases)
    # Nobody adds documents, labels or members between the judging and the writing.
    refuse_archived(Project.objects.select_for_update().only("pk", "archived_at").get(pk=imported.project_id))
    manager(imported.project, actor)
    judged = judging.judge(imported.project, chunk, vocabulary.of(imported.project), aliases, memory)
    taking.take(imported.project, judged, aliases, actor=actor, now=now)
    counts = Counter(imported.counts)
    counts.update(judged.counts)
    room = (
        previews.PROBLEMS_KEPT - ImportProblem.objects.filter(imported=imported, phase="application").count()
    )
    previews.keep(imported, "application", judged.problems[: max(room, 0)])
    cursor = imported.cursor + len(chunk)
    Import.objects.filter(pk=imported.pk).update(cursor=cursor, counts=dict(counts))
    imported.cursor, imported.counts = cursor, dict(counts)


def finish(attempt: Attempt, imported: Import, *, actor: User) -> None:
    """Marks the import as applied, and then lets go of its file."""
    with transaction.atomic():
        attempt.lock()
        Import.objects.filter(pk=imported.pk).update(state=Import.State.APPLIED)
        record(
            "import_applied",
            f"import:{imported.pk}",
            actor_id=actor.pk,
            project_id=imported.project_id,
            sha256=imported.sha256,
            counts=imported.counts,
        )
    let_go(imported)


def let_go(imported: Import) -> None:
    """Deletes the file of an import that has been taken over; a crash before leaves it to the next attempt."""
    uploads.drop(imported.path)
    Import.objects.filter(pk=imported.pk).update(path="")


def result_of(imported: Import) -> dict[str, Any]:
    """What was taken, and the first of what was not."""
    problems = ImportProblem.objects.filter(imported=imported, phase="application")
    codes = Counter(problems.values_list("code", flat=True))
    shown = [previews.problem_record(problem) for problem in problems[: previews.PROBLEMS_SHOWN]]
    return {
        "import": imported.pk,
        "counts": imported.counts,
        "problem_counts": dict(codes),
        "problems": shown,
    }
