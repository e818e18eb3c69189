"""What spans and relations have in common: ids unique in their set, versions, tombstones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Relation, Span
from annotator.annotations.sets import Address, Expected, note_change
from annotator.errors import Conflict, Gone
from annotator.history.events import record

Mark = TypeVar("Mark", Span, Relation)


@dataclass(frozen=True)
class Put:
    """What a PUT did: the object as it is now, whether it is new, and the set's version."""

    record: dict[str, Any]
    created: bool
    set_version: int


@dataclass(frozen=True)
class Deleted:
    """What a DELETE took along, by id, and the set's version."""

    spans: list[str]
    relations: list[str]
    set_version: int


TABLES = {"span": "annotations_span", "relation": "annotations_relation", "comment": "annotations_comment"}
KNOWN = " UNION ALL ".join(
    f"SELECT '{kind}' FROM {table} WHERE set_id = %s AND uid = %s" for kind, table in TABLES.items()
)


def is_known(kind: str, locked: AnnotationSet, uid: UUID) -> bool:
    """Whether the set has a mark of this kind and id, deleted or not; raises Conflict where it is one of another kind.

    One statement, which a new mark needs in any case: asking for the mark itself first would be another.
    """
    key = Span._meta.get_field("uid").get_db_prep_value(uid, connection)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [locked.pk, key] * len(TABLES))
        found = [row[0] for row in cursor.fetchall()]
    if found and kind not in found:
        raise Conflict("id_taken", f"This id is already a {found[0]}'s in this reading.")
    return bool(found)


def keep(
    mark: Span | Relation,
    after: dict[str, Any],
    *,
    locked: AnnotationSet,
    guideline: int | None,
    actor: User,
    now: datetime,
) -> Put:
    """Stores the mark, new or changed, as its next version under the present guideline, with its line of history."""
    kind = str(mark._meta.model_name)
    created = mark.pk is None
    mark.version += 1
    mark.guideline = guideline
    mark.deleted_at = None
    mark.save()
    note_change(locked, now=now)
    after = after | {"version": mark.version, "guideline": mark.guideline}
    record(
        f"{kind}_put",
        f"{kind}:{mark.uid}",
        actor_id=actor.pk,
        project_id=locked.project_id,
        set=locked.pk,
        **{kind: after},
    )
    return Put(after, created=created, set_version=locked.version)


def find_deleted(kind: type[Mark], address: Address, uid: UUID, *, actor: User) -> Mark | None:
    """The actor's own mark of this id if it is deleted, whatever state its set is in: deleting it again changes nothing."""
    own = {"set": address.set_id, "set__project__slug": address.project, "set__membership__user": actor.pk}
    deleted = kind._default_manager.filter(uid=uid, deleted_at__isnull=False, **own)
    return deleted.select_related("set").order_by().first()


def refuse_deleted(deleted: bool, restore: bool) -> None:
    if deleted and not restore:
        raise Gone("deleted", "This was deleted. Put it with ?restore=1 to bring it back.")


def is_stale(expected: Expected, version: int | None) -> bool:
    """Whether the writer believes in another version than the stored one (None: nothing is stored)."""
    if expected.absent and version is not None:
        return True
    return expected.version is not None and version != expected.version


def same(record: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two records say the same; version, guideline and what follows from the offsets are no part of it."""
    return all(
        record[key] == other[key] for key in record.keys() - {"version", "guideline", "quote", "created_at"}
    )
