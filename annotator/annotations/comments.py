"""Putting and deleting comments on a set."""

from datetime import datetime
from uuid import UUID

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations import leases, rules
from annotator.annotations.leases import withdrawing
from annotator.annotations.marks import Deleted, Put, is_known, is_stale, refuse_deleted
from annotator.annotations.models import AnnotationSet, Comment, Span
from annotator.annotations.records import comment_record
from annotator.annotations.sets import Address, Expected, note_change
from annotator.annotations.spans import ANY
from annotator.errors import Forbidden, Invalid, NotFound, Stale
from annotator.history.events import record
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Membership


@withdrawing
def put(
    address: Address,
    uid: UUID,
    draft: rules.CommentDraft,
    *,
    actor: User,
    now: datetime,
    expected: Expected = ANY,
    restore: bool = False,
) -> Put:
    """Makes the comment what the draft says; the set's annotator and its reviewers comment, each their own."""
    locked, author = lock_readable(address, actor)
    keep_seat(locked, author, now)
    stored = find(locked, uid)
    if stored and stored.author_id != author.pk:
        raise Forbidden("not_yours", "Only its author changes a comment.")
    alive = stored is not None and stored.deleted_at is None
    before = comment_record(stored) if stored else None
    wanted = stored or Comment(set=locked, uid=uid, version=0, author=author, created_at=now)
    wanted.text = draft.text
    wanted.span = span_of(locked, draft.span)
    wanted.reply_to = comment_of(locked, draft.reply_to, uid)
    after = comment_record(wanted)
    if before and alive and before == after:
        return Put(before, created=False, set_version=locked.version)
    refuse_deleted(stored is not None and not alive, restore)
    if is_stale(expected, before["version"] if before and alive else None):
        raise Stale(before or {})
    wanted.version += 1
    wanted.deleted_at = None
    wanted.save()
    note_comment(locked, author, now)
    record("comment_put", f"comment:{uid}", actor_id=actor.pk, project_id=locked.project_id, set=locked.pk)
    return Put(comment_record(wanted), created=stored is None, set_version=locked.version)


def keep_seat(locked: AnnotationSet, author: Membership, now: datetime) -> None:
    """A comment on one's own open reading is a save like any other: it needs the seat (promise 3)."""
    if locked.membership_id != author.pk:
        return
    if locked.state == "withdrawn":
        raise leases.withdrawn(locked)
    leases.hold(locked, now=now)


def note_comment(locked: AnnotationSet, author: Membership, now: datetime) -> None:
    """Raises the set's version; a comment on one's own reading also renews the lease."""
    if locked.membership_id == author.pk:
        note_change(locked, now=now)
    else:
        locked.version += 1
        AnnotationSet.objects.filter(pk=locked.pk).update(version=locked.version)


def lock_readable(address: Address, actor: User) -> tuple[AnnotationSet, Membership]:
    """The set, locked, and the actor's membership: their own set, or one they review."""
    memberships = Membership.objects.select_related("project")
    membership = memberships.filter(project__slug=address.project, user=actor.pk).first()
    if membership is None:
        raise NotFound("not_found", "There is no such reading.")
    visible = AnnotationSet.objects.visible_to(membership).filter(pk=address.set_id)
    if not visible.exists():
        raise NotFound("not_found", "There is no such reading.")
    sets = AnnotationSet.objects.select_for_update(of=("self",)).select_related("project")
    locked = sets.get(pk=address.set_id)
    if locked.membership_id != membership.pk and not may(membership.role, "review"):
        raise Forbidden("no_right", "Your role does not comment on the readings of others.")
    refuse_archived(membership.project)
    return locked, membership


def find(locked: AnnotationSet, uid: UUID) -> Comment | None:
    """The set's comment of this id, deleted or not; the id of another mark is refused."""
    comments = Comment.objects.select_related("author", "span", "reply_to")
    return comments.get(set=locked, uid=uid) if is_known("comment", locked, uid) else None


def span_of(locked: AnnotationSet, uid: UUID | None) -> Span | None:
    if uid is None:
        return None
    span = Span.objects.filter(set=locked, uid=uid, deleted_at=None).first()
    if span is None:
        raise Invalid("unknown_span", f"There is no span {uid} in this reading.", attr="span")
    return span


def comment_of(locked: AnnotationSet, uid: UUID | None, own: UUID) -> Comment | None:
    if uid is None:
        return None
    comment = Comment.objects.filter(set=locked, uid=uid, deleted_at=None).exclude(uid=own).first()
    if comment is None:
        raise Invalid("unknown_comment", f"There is no comment {uid} in this reading.", attr="reply_to")
    return comment


@withdrawing
def delete(address: Address, uid: UUID, *, actor: User, now: datetime, expected: Expected = ANY) -> Deleted:
    """Deletes the actor's comment; again is harmless."""
    locked, author = lock_readable(address, actor)
    comment = find(locked, uid)
    if comment is None:
        raise NotFound("not_found", "There is no such comment in this reading.")
    if comment.author_id != author.pk:
        raise Forbidden("not_yours", "Only its author deletes a comment.")
    if comment.deleted_at is not None:
        return Deleted([], [], locked.version)
    keep_seat(locked, author, now)
    if is_stale(expected, comment.version):
        raise Stale(comment_record(comment))
    Comment.objects.filter(pk=comment.pk).update(deleted_at=now)
    note_comment(locked, author, now)
    record(
        "comment_deleted", f"comment:{uid}", actor_id=actor.pk, project_id=locked.project_id, set=locked.pk
    )
    return Deleted([], [], locked.version)
