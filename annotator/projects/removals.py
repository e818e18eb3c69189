"""Taking labels and targets out of the scheme, and putting back what was taken out."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from annotator.accounts.models import User
from annotator.errors import Conflict, NotFound
from annotator.history.events import record
from annotator.history.models import Event
from annotator.projects import scheme as schemes
from annotator.projects import studies
from annotator.projects.models import Label, Project, SchemeEntry, Target

REMOVED = "scheme_entry_removed"
LATELY = 20


@transaction.atomic
def remove(entry: SchemeEntry, *, actor: User) -> None:
    """Takes an unused label or target out of the scheme; a used one is refused with Conflict."""
    studies.lock(entry.project)
    subject = f"{entry._meta.model_name}:{getattr(entry, 'slug', entry.pk)}"
    known = entry_record(entry)
    try:
        entry.delete()
    except ProtectedError:
        raise Conflict("in_use", "Somebody has labelled with this, so it stays.") from None
    record(REMOVED, subject, actor_id=actor.pk, project_id=entry.project_id, entry=known)


def entry_record(entry: SchemeEntry) -> dict[str, Any]:
    """What has to be known of an entry to make it again."""
    if isinstance(entry, Label):
        return {**schemes.label_record(entry), "position": entry.position}
    return schemes.target_record(entry) if isinstance(entry, Target) else {}


def removed(project: Project) -> list[Event]:
    """The lines of history of what was taken out lately and is not in the scheme now, the last first."""
    here = {known(schemes.label_record(label)) for label in Label.objects.filter(project=project)}
    here |= {known(schemes.target_record(target)) for target in Target.objects.filter(project=project)}
    found: dict[tuple[str, str, str], Event] = {}
    lines = Event.objects.filter(project_id=project.pk, verb=REMOVED).order_by("-id")[:LATELY]
    for line in lines:
        entry = line.data.get("entry")
        if entry and known(entry) not in here:
            found.setdefault(known(entry), line)
    return list(found.values())


def known(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """What tells an entry from all others."""
    return entry.get("kind", "target"), entry.get("group", ""), entry["slug"]


@transaction.atomic
def put_back(project: Project, line_id: int, *, actor: User) -> SchemeEntry:
    """Makes the entry that was taken out again, without its key where another has it by now; raises NotFound for none."""
    line = next((line for line in removed(project) if line.pk == line_id), None)
    if line is None:
        raise NotFound("not_found", "There is nothing to put back.")
    entry = line.data["entry"]
    if "kind" not in entry:
        return studies.put_target(project, entry, actor=actor)[0]
    if Label.objects.filter(project=project, key=entry["key"]).exists():
        entry = {**entry, "key": ""}
    return studies.put_label(project, entry, actor=actor)[0]
