"""Who may not know what others read, and how a member gives a reading up (design, promise 4)."""

from collections.abc import Iterable

from annotator.annotations.models import AnnotationSet, Recusal, reads
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
    """The documents of which the member can see readings of others."""
    others = AnnotationSet.objects.visible_to(membership).exclude(membership=membership)
    return list(others.order_by().values_list("document", flat=True).distinct())


def has_seen_others(membership: Membership, found: AnnotationSet) -> bool:
    """Whether the member has looked, or can look, at what others made of the set's document."""
    if Recusal.objects.filter(membership=membership, document=found.document_id).exists():
        return True
    others = AnnotationSet.objects.visible_to(membership).filter(document=found.document_id)
    return others.exclude(membership=membership).exists()
