"""How a document stands: which of its readings there are, what waits for somebody, where it is stuck."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from annotator.accounts.roles import SETS_OF_OTHERS
from annotator.annotations.models import AnnotationSet, Comment
from annotator.assignments.models import Assignment
from annotator.projects.models import Membership

FLAG = "⚑"
FINISHED = Q(state__in=["submitted", "accepted"])
# What may be asked of a document, in the order in which it comes to pass; then where it is stuck. "partly" is told apart
# by how many readings there are (1-submitted, 2-submitted) where a study wants few.
STANDINGS = (
    "unread",
    "begun",
    "unsubmitted",
    "partly",
    "complete",
    "review",
    "returned",
    "settled",
    "lapsed",
    "skipped",
    "flagged",
)
FEW = 6
# What one reading makes of a document, whoever else reads it.
OF_ONE_READING = {"begun", "review", "returned", "lapsed", "skipped", "flagged"}
# Who sees finished readings alone cannot be told that nobody has begun, or that none was returned.
OF_OWN = {"unread", "begun", "complete", "review", "returned", "skipped", "flagged"}
OF_FINISHED = {"unsubmitted", "partly", "complete", "review", "settled", "flagged"}


def askable(membership: Membership) -> list[str]:
    """What this member can learn of documents: nobody is asked what their role never shows them."""
    states = SETS_OF_OTHERS[membership.role]
    may_ask = set(STANDINGS) if states is None else OF_FINISHED if states else OF_OWN
    partly = [f"{count}-submitted" for count in range(1, readers_for(membership))]
    apart = {"partly": partly if len(partly) < FEW else ["partly"]}
    return [name for each in STANDINGS if each in may_ask for name in apart.get(each, [each])]


def kinds(now: datetime) -> dict[str, Q]:
    """Which readings make a document stand so, as conditions on AnnotationSet."""
    human = Q(kind="human")
    flags = Comment.objects.filter(deleted_at=None, text__startswith=FLAG).order_by()
    skips = Assignment.objects.filter(outcome="skipped").order_by()
    return {
        "read": human & ~Q(state="withdrawn"),
        "finished": human & FINISHED,
        "begun": human & Q(state="open"),
        "review": human & Q(state="submitted"),
        "returned": human & Q(state="returned"),
        "settled": Q(kind="gold") & FINISHED,
        "lapsed": human & Q(state="open", lease_until__lte=now),
        "skipped": human & Q(state="withdrawn", pk__in=skips.values("set")),
        "flagged": Q(pk__in=flags.values("set")),
    }


def condition(standing: str, sets: QuerySet[AnnotationSet], *, membership: Membership, now: datetime) -> Q:
    """The documents that stand so by these readings, as a condition on Document."""
    which, readers = kinds(now), readers_for(membership)
    sets = sets.order_by()
    if standing in ("unread", "unsubmitted"):
        begun = which["read" if standing == "unread" else "finished"]
        return ~Q(pk__in=sets.filter(begun).values("document"))
    if (bounds := bounds_of(standing, readers)) is None:
        return Q(pk__in=sets.filter(which[standing]).values("document"))
    counted = sets.filter(which["finished"]).values("document").annotate(n=Count("pk"))
    return Q(pk__in=counted.filter(n__gte=bounds[0], n__lte=bounds[1]).values("document"))


def bounds_of(standing: str, readers: int) -> tuple[int, int] | None:
    """The least and the most finished readings that are meant; None where it is not about their number."""
    if standing == "partly":
        return 1, readers - 1
    if standing == "complete":
        return readers, 2**31
    count, is_number, _ = standing.partition("-submitted")
    return (int(count), int(count)) if is_number else None


def readers_for(membership: Membership) -> int:
    """How many readings make a document complete for this member; for who sees none but their own, one is all."""
    return 1 if SETS_OF_OTHERS[membership.role] == () else membership.project.readers_per_document


@dataclass(frozen=True)
class Tally:
    """How many documents there are, by finished readings and by each standing."""

    total: int
    finished: Mapping[int, int]
    standing: Mapping[str, int]


def tally(sets: QuerySet[AnnotationSet], *, documents: int, membership: Membership, now: datetime) -> Tally:
    """So many documents counted by the readings they have, in one query: a row for each that has any."""
    counts = {f"n_{name}": Count("pk", filter=which) for name, which in kinds(now).items()}
    rows: QuerySet[AnnotationSet, Any] = sets.order_by().values("document").annotate(**counts)
    readers = readers_for(membership)
    finished = dict.fromkeys(range(readers + 1), 0)
    standing = dict.fromkeys(askable(membership), 0)
    known = 0
    for row in rows:
        known += 1
        finished[min(row["n_finished"], readers)] += 1
        for each in standing:
            standing[each] += stands(row, each, readers)
    finished[0] += documents - known
    for each in standing.keys() & {"unread", "unsubmitted"}:
        standing[each] += documents - known
    return Tally(documents, finished, standing)


def stands(row: Mapping[str, int], standing: str, readers: int) -> bool:
    """The same as `condition`, of a row that is at hand."""
    if standing in ("unread", "unsubmitted"):
        return not row["n_read" if standing == "unread" else "n_finished"]
    if (bounds := bounds_of(standing, readers)) is None:
        return row[f"n_{standing}"] > 0
    return bounds[0] <= row["n_finished"] <= bounds[1]
