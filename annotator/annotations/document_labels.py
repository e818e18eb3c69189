"""Answering the questions on the whole document."""

from collections.abc import Mapping
from datetime import datetime

from annotator.accounts.models import User
from annotator.annotations.leases import withdrawing
from annotator.annotations.marks import Put, is_stale
from annotator.annotations.models import DocumentLabel
from annotator.annotations.sets import Address, Expected, lock_own, note_change
from annotator.annotations.spans import ANY
from annotator.errors import Invalid, Stale
from annotator.history.events import record
from annotator.projects import scheme as schemes
from annotator.projects.scheme import Scheme


@withdrawing
def put(
    address: Address,
    answers: Mapping[str, str | None],
    *,
    actor: User,
    now: datetime,
    expected: Expected = ANY,
) -> Put:
    """Makes these the set's answers, by group; a group that is missing or null has none.

    They have no version of their own: If-Match means the set's. Raises Stale with the answers that are stored.
    """
    locked = lock_own(address, actor=actor, now=now)
    scheme = schemes.of(locked.project)
    wanted = checked(answers, scheme)
    stored = {label.group: label.label_id for label in DocumentLabel.objects.filter(set=locked)}
    given = {group: slug for group, slug in answers.items() if slug is not None}
    if wanted == stored:
        return Put(given, created=False, set_version=locked.version)
    if is_stale(expected, locked.version):
        raise Stale({group: scheme.label_slugs[label_id] for group, label_id in stored.items()})
    changed = [group for group, label_id in stored.items() if wanted.get(group) != label_id]
    DocumentLabel.objects.filter(set=locked, group__in=changed).delete()
    DocumentLabel.objects.bulk_create(
        DocumentLabel(set=locked, group=group, label_id=label_id)
        for group, label_id in wanted.items()
        if stored.get(group) != label_id
    )
    note_change(locked, now=now)
    record(
        "document_labels_put",
        f"set:{locked.pk}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        labels=given,
    )
    return Put(given, created=False, set_version=locked.version)


def checked(answers: Mapping[str, str | None], scheme: Scheme) -> dict[str, int]:
    """The labels' keys by group; raises Invalid for a question or an answer that the project does not have."""
    groups = scheme.groups()
    wanted = {}
    for group, slug in answers.items():
        if group not in groups:
            raise Invalid("unknown_group", f"There is no question {group!r} in this project.", attr=group)
        if slug is None:
            continue
        found = scheme.label_ids.get(("document", group, slug))
        if found is None:
            raise Invalid("unknown_label", f"{slug!r} is no answer to {group!r}.", attr=group)
        wanted[group] = found
    return wanted
