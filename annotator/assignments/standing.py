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
# What may be asked of a document, in the order in which it comes to pass; then where it is stuck.
STANDINGS = (
    "unread",
    "begun",
    "partly",
    "complete",
    "review",
    "returned",
    "settled",
    "lapsed",
    "skipped",
    "flagged",
)
NEEDS_OPEN = {"begun", "lapsed", "skipped"}


def askable(membership: Membership) -> tuple[str, ...]:
    """What this member can learn of documents: nobody is asked what their role never shows them."""
    states = SETS_OF_OTHERS[membership.role]
    if states == ():
        return tuple(each for each in STANDINGS if each not in ("partly", "lapsed", "settled"))
    hidden = NEEDS_OPEN if states is not None else set()
    if states is not None and "returned" not in states:
        hidden = hidden | {"returned", "review"}
    return tuple(each for each in STANDINGS if each not in hidden)


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
    if standing == "unread":
        return ~Q(pk__in=sets.filter(which["read"]).values("document"))
    if standing in ("partly", "complete"):
        counted = sets.filter(which["finished"]).values("document").annotate(n=Count("pk"))
        enough = counted.filter(n__lt=readers) if standing == "partly" else counted.filter(n__gte=readers)
        return Q(pk__in=enough.values("document"))
    return Q(pk__in=sets.filter(which[standing]).values("document"))


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
    if "unread" in standing:
        standing["unread"] += documents - known
    return Tally(documents, finished, standing)


def stands(row: Mapping[str, int], standing: str, readers: int) -> bool:
    """The same as `condition`, of a row that is at hand."""
    match standing:
        case "unread":
            return not row["n_read"]
        case "partly":
            return 0 < row["n_finished"] < readers
        case "complete":
            return row["n_finished"] >= readers
        case _:
            return row[f"n_{standing}"] > 0
