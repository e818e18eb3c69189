"""Who may not know what others read, and how a member gives a reading up (design, promise 4)."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from annotator.accounts.roles import SETS_OF_OTHERS
from annotator.annotations.models import AnnotationSet, Recusal, open_to, reads
from annotator.documents.models import Document
from annotator.errors import Forbidden
from annotator.history.events import record
from annotator.projects.models import Membership

__all__ = ["give_up", "has_seen_others", "reads", "refuse_who_reads", "seen_by"]


def refuse_who_reads(membership: Membership) -> None:
    """Refuses what would tell a reader, by its answer alone, whether or how somebody else read."""
    if reads(membership):
        raise Forbidden("takes_part", "This is for a manager who does not take part in the reading.")


def give_up(membership: Membership, documents: Iterable[int]) -> int:
    """Records that the member has seen readings of these documents, and so is never given one; answers how many are new."""
    known = Recusal.objects.filter(membership=membership).values_list("document", flat=True)
    new = sorted(set(documents) - set(known))
    Recusal.objects.bulk_create(
        [Recusal(document_id=document, membership=membership) for document in new], ignore_conflicts=True
    )
    for document in new:
        record(
            "recused", f"document:{document}", actor_id=membership.user_id, project_id=membership.project_id
        )
    return len(new)


def seen_by(membership: Membership) -> list[int]:
    """The documents of which the member can see readings of others, or could."""
    return list(ever_visible(membership).order_by().values_list("document", flat=True).distinct())


def has_seen_others(membership: Membership, found: AnnotationSet) -> bool:
    """Whether the member has looked, or can look, at what others made of the set's document."""
    if Recusal.objects.filter(membership=membership, document=found.document_id).exists():
        return True
    return ever_visible(membership).filter(document=found.document_id).exists()


def ever_visible(membership: Membership) -> QuerySet[AnnotationSet]:
    """The sets of others that the member can see, or could while they were submitted.

    Searching and lists show a reading and leave no trace, so one that was reopened or returned since counts as seen.
    """
    others = AnnotationSet.objects.filter(project=membership.project_id).exclude(membership=membership)
    states = SETS_OF_OTHERS[membership.role]
    if states == ():
        return others.none()
    if states is not None:
        # A set that was ever submitted keeps the time of it.
        others = others.filter(Q(state__in=states) | Q(submitted_at__isnull=False))
    return others.filter(document__in=Document.objects.filter(open_to(membership)))
